"""Laws of the crossing: the text we write is what independent readers read back."""

from __future__ import annotations

import random
from decimal import Decimal

import pyoxigraph
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.contacts.masking import Channel
from kg.model import (
    Arm,
    CommitteeMention,
    Condition,
    EthicsApproval,
    Funding,
    Intervention,
    OrganizationMention,
    OutcomeMeasure,
    PersonMention,
    Record,
    RoleAssignment,
    SecondaryIdentifier,
    SiteParticipation,
    Version,
)
from kg.namespaces import TKG, expand
from kg.nquads import escaped, iri, literal
from kg.plans import decimal
from kg.said import Place, Said, Texts
from kg.statements import crossed
from kg.values import PartialDate, one_line

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
# Most of a record is drawn from a short list: generating text is what makes such tests slow.
NASTY = st.one_of(
    st.sampled_from(
        [
            '"',
            "\\",
            "a\nb",
            "\r",
            "\t",
            "<>{}|^`",
            "\u00a0",
            "\u2028",
            "中",
            "示例医院",
            "a@b.cn",
            "x",
        ]
    ),
    ANY_TEXT,
)
LINES = st.integers(1, 9999)


def made_of(kind, *strategies):
    """A strategy for named tuples (``builds`` tries to resolve their generic fields)."""
    return st.tuples(*strategies).map(lambda values: kind(*values))


def said(values):
    return st.one_of(st.none(), made_of(Said, st.one_of(st.none(), values), LINES, NASTY))


TEXT = said(NASTY)
TEXTS = made_of(Texts, TEXT, TEXT)
DATES = said(st.dates().map(lambda d: PartialDate(d.isoformat().rjust(10, "0"))))
COUNTS = said(st.integers(0, 10**12))
AGES = said(st.decimals(0, 120, places=4, allow_nan=False).map(Decimal))
PLACES = st.lists(
    made_of(Place, st.sampled_from([None, "CN-ZJ", "CN", "FR"]), TEXTS), max_size=2
).map(tuple)
CHANNELS = st.lists(
    made_of(Channel, st.sampled_from(["phone", "e-mail", "address", "fax", "web"]), NASTY),
    max_size=2,
).map(tuple)
ORGANIZATIONS = st.builds(OrganizationMention, name=TEXTS, place=PLACES, channels=CHANNELS)
PEOPLE = st.builds(
    PersonMention,
    name=TEXTS,
    affiliations=st.lists(ORGANIZATIONS, max_size=2).map(tuple),
    channels=CHANNELS,
    alone=st.booleans(),
)
ROLES = st.builds(
    RoleAssignment,
    role=st.sampled_from(["public-contact", "principal-investigator", "lead-sponsor"]),
    agent=st.one_of(PEOPLE, ORGANIZATIONS),
    list_position=st.integers(1, 9),
)


def several(values):
    return st.lists(values, max_size=2).map(tuple)


INTERVENTIONS = st.builds(Intervention, name=TEXTS, code=TEXT)
RECORDS = st.builds(
    Record,
    publisher=st.sampled_from(["chictr", "clinconnect"]),
    issuer=st.sampled_from([None, "chictr"]),
    local_id=st.from_regex(r"[A-Za-z0-9/ 中]{1,12}", fullmatch=True),
    version=st.builds(Version, refreshed=DATES, printed_label=TEXT),
    registration_number=TEXT,
    registration_date=DATES,
    public_title=st.one_of(st.none(), TEXTS),
    objective=st.one_of(st.none(), TEXTS),
    target_sample_size=COUNTS,
    min_age=AGES,
    secondary_identifiers=several(
        st.builds(
            SecondaryIdentifier,
            notation=NASTY.map(lambda text: Said(text, 1, text)),
            registry=st.none(),
        )
    ),
    study_subject_ids=several(made_of(Said, st.one_of(st.none(), NASTY), LINES, NASTY)),
    results_links=several(made_of(Said, NASTY.map(lambda t: "https://e.org/" + t), LINES)),
    roles=several(ROLES),
    sites=several(st.builds(SiteParticipation, organization=ORGANIZATIONS, place=PLACES)),
    approvals=several(
        st.builds(
            EthicsApproval,
            number=TEXT,
            date=DATES,
            committee=st.builds(CommitteeMention, name=TEXTS),
            roles=several(ROLES),
        )
    ),
    arms=several(st.builds(Arm, name=TEXTS, size=COUNTS, interventions=several(INTERVENTIONS))),
    conditions=several(st.builds(Condition, name=TEXTS)),
    outcomes=several(st.builds(OutcomeMeasure, name=TEXTS, method=TEXTS)),
    funding=several(st.builds(Funding, as_given=TEXTS, funder=ORGANIZATIONS)),
)


def parsed(made):
    return list(pyoxigraph.parse("".join(made.quads).encode(), format=pyoxigraph.RdfFormat.N_QUADS))


@settings(max_examples=20, deadline=None)
@given(RECORDS)
def test_oxigraph_reads_back_every_line_and_would_write_the_same_text(record):
    made = crossed(record)
    quads = parsed(made)
    assert len(quads) == len(made.quads)
    rewritten = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    ours = [line for line in made.quads if "\\" not in line and "\t" not in line]
    theirs = {f"{line}\n" for line in rewritten.split("\n")}
    assert all(line in theirs for line in ours)
    assert set(parsed(made)) == set(
        pyoxigraph.parse(rewritten.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    )


@settings(max_examples=15, deadline=None)
@given(RECORDS)
def test_rdflib_reads_the_same_number_of_statements(record):
    made = crossed(record)
    dataset = rdflib.Dataset()
    dataset.parse(data="".join(made.quads), format="nquads")
    assert len(list(dataset.quads())) == len(made.quads)


@settings(max_examples=20, deadline=None)
@given(RECORDS)
def test_every_subject_has_a_label_a_class_and_no_blank_node(record):
    quads = parsed(crossed(record))
    subjects = {q.subject for q in quads}
    assert all(isinstance(s, pyoxigraph.NamedNode) for s in subjects)
    labelled = {q.subject for q in quads if q.predicate.value == expand("rdfs:label")}
    typed = {q.subject.value for q in quads if q.predicate.value == expand("rdf:type")}
    assert subjects == labelled
    assert {s.value for s in subjects if "/id/run/" not in s.value} == typed


@settings(max_examples=20, deadline=None)
@given(RECORDS)
def test_one_language_has_one_value_per_property(record):
    seen = set()
    for q in parsed(crossed(record)):
        if isinstance(q.object, pyoxigraph.Literal) and q.object.language:
            key = (q.subject, q.predicate, q.object.language)
            assert key not in seen
            seen.add(key)


@settings(max_examples=20, deadline=None)
@given(RECORDS)
def test_every_blank_has_its_line_and_no_value(record):
    made = crossed(record)
    rows = {(line.node, line.field) for line in made.lines}
    quads = parsed(made)
    valued = {
        (q.subject.value, q.predicate.value.removeprefix(TKG) + f"@{q.object.language}")
        for q in quads
        if isinstance(q.object, pyoxigraph.Literal) and q.object.language
    }
    for q in quads:
        if q.predicate.value == expand("tkg:blankField"):
            field = q.object.value
            assert (q.subject.value, field) in rows
            assert (q.subject.value, field) not in valued


@given(NASTY)
def test_a_literal_comes_back_as_it_was(text):
    line = f"<http://e.org/s> <http://e.org/p> {literal(text)} <http://e.org/g> .\n"
    (quad,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert quad.object.value == text
    assert "\n" not in escaped(text)


@given(NASTY)
def test_any_text_makes_a_legal_iri(text):
    line = f"<http://e.org/s> <http://e.org/p> {iri('https://e.org/' + text)} .\n"
    (quad,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert quad.object.value.isascii()


@settings(max_examples=15, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_part_iris_do_not_hang_on_list_positions(record, shuffle: random.Random):
    import dataclasses

    distinct = {o.key: o for o in record.outcomes}
    outcomes = list(distinct.values())
    shuffled = outcomes[:]
    shuffle.shuffle(shuffled)
    one, two = (
        dataclasses.replace(record, outcomes=tuple(order), arms=(), sites=())
        for order in (outcomes, shuffled)
    )
    kind = f"<{expand('tkg:OutcomeMeasure')}>"
    assert {line for line in crossed(one).quads if kind in line} == {
        line for line in crossed(two).quads if kind in line
    }


def test_digests_are_those_of_the_vocabulary():
    person = PersonMention(name=Texts(zh=Said("王示例", 1), en=Said("Wang Shili", 2)))
    record = Record(
        publisher="chictr",
        local_id="ChiCTR2699990001",
        roles=(RoleAssignment(role="principal-investigator", agent=person),),
        approvals=(
            EthicsApproval(
                number=Said("示伦审2025研第001号", 3),
                committee=CommitteeMention(
                    name=Texts(zh=Said("示例大学附属第一医院伦理委员会", 4))
                ),
            ),
        ),
    )
    text = "".join(crossed(record).quads)
    assert "ChiCTR2699990001/principal-investigator-e958271e>" in text
    assert "ChiCTR2699990001/role-principal-investigator-e958271e>" in text
    assert "ChiCTR2699990001/ethics-4e037a43>" in text
    assert "ChiCTR2699990001/committee-6665d18c>" in text


def test_two_equal_labels_are_two_nodes():
    masked = OrganizationMention(name=Texts(en=Said("Research Site", 1)))
    other = OrganizationMention(name=Texts(en=Said("Research Site", 2)))
    record = Record(
        publisher="chictr",
        local_id="x",
        sites=(SiteParticipation(organization=masked), SiteParticipation(organization=other)),
    )
    text = "".join(crossed(record).quads)
    assert text.count(f"<{expand('tkg:SiteParticipation')}>") == 2
    assert "-2>" in text


def test_contacts_stay_out_of_the_graph_and_of_the_table_of_lines():
    channels = (Channel("phone", "+86 571 0000 0001"), Channel("address", "示例路1号 2楼"))
    person = PersonMention(name=Texts(zh=Said("王示例", 1)), channels=channels)
    plan = "请致电 0571-00000001，或到示例路1号2楼，或写信 someone@example.cn"
    record = Record(
        publisher="chictr",
        local_id="x",
        roles=(RoleAssignment(role="public-contact", agent=person),),
        ipd_sharing_plan=Texts(zh=Said(plan, 7, plan)),
    )
    made = crossed(record)
    everything = "".join(made.quads) + "".join(line.row() for line in made.lines)
    for forbidden in ("571", "example.cn", "示例路"):
        assert forbidden not in everything
    assert made.masked == ("ipdSharingPlan@zh",)
    assert sum("+86 571 0000 0001" in line for line in made.contacts) == 1


def test_one_line_is_a_fixed_point():
    assert one_line(one_line(" a\u0007\u200b  b ")) == "a b"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-999, max_value=999))
def test_a_decimal_comes_back_from_the_store_as_it_was_written(number):
    written = decimal(number)
    store = pyoxigraph.Store()
    line = f"<x:s> <x:p> {written} <x:g> ."
    store.load(line.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert str(next(iter(store)).object) == written
