"""One trial across registries: what joins records, what only asks, what keeps them apart."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store
from resolve_corpus import Corpus

from kg.identifiers import Identifier
from kg.resolve import Mentions, mentions, quads, resolve
from kg.resolve.agreement import far_apart
from kg.resolve.names.titles import title_key
from kg.resolve.numbers import StatedNumber
from kg.resolve.registrations import Registrations
from kg.resolve.tables import rows

CHI1, CHI2 = "ChiCTR2699990001", "ChiCTR2699990002"
NCT1, NCT2 = "NCT09999901", "NCT09999902"
ISR = "ISRCTN99999901"
EU, CTIS = "2019-026999-01", "2026-526999-37"
TITLE = [("publicTitle", "en", "Exampline for chronic invented disease in older adults at home")]
OTHER = [("publicTitle", "en", "Music and balance after surgery of an imaginary joint, a cohort")]


def linked(c: Corpus) -> set[tuple[str, str]]:
    return {(link.decision, link.rule) for link in c.resolved().links if link.kind == "trial"}


def related(c: Corpus) -> set[tuple[str, str, str]]:
    short = {"dcterms:isPartOf": "part of", "dcterms:relation": "beside"}
    return {
        (a.rpartition("-")[2], short[p], b.rpartition("-")[2]) for a, p, b in c.resolved().related
    }


@pytest.mark.parametrize("title", ["Phase 1 " * 10_000, "open label " * 10_000, "a phase " * 9_000])
def test_a_title_that_says_little_at_length_is_read(title):
    assert title_key(f"{title}study") is None
    assert title_key(f"{title}of Exampline for chronic invented disease in older adults!")


@pytest.mark.parametrize(
    "title",
    [
        "A clinical trial",
        "Phase 2/3 study",
        "An open-label phase 1 study of an investigational drug",
        "Phase II randomized double-blind multicentre trial",
        "***",
    ],
)
def test_a_title_of_the_form_alone_says_nothing(title):
    assert title_key(title) is None


# -- T-A1 -----------------------------------------------------------------------------------------


def test_the_country_records_of_one_eudract_number_are_one_trial():
    c = Corpus()
    records = [
        c.record(f"{EU}-{country}", registry="euctr", registration=f"EUCTR{EU}-{country}")
        for country in ("DE", "ES", "PL")
    ]
    portal = c.record(f"EUCTR{EU}-PL", registry="ictrp", issuer="euctr", registration=EU)
    assert c.one(*records, portal)
    assert linked(c) == {("same", "T-A1")}


def test_itmctr_and_chimctr_numbers_of_equal_digits_are_one_registration():
    c = Corpus()
    ours = c.record("ITMCTR2699990001", registry="itmctr")
    theirs = c.record("ChiMCTR2699990001", registry="chimctr")
    assert c.one(ours, theirs)
    assert linked(c) == {("same", "T-A1")}


def test_a_page_of_itmctr_that_names_a_chictr_number_is_one_trial_with_its_portal_record():
    c = Corpus()
    page = c.record(
        "ITMCTR2600009901", registry="itmctr",
        titles=[*TITLE, ("publicTitle", "zh", "示例治疗老年慢性虚构疾病的研究")],
        states=[("chictr", CHI1), ("chimctr", "ChiMCTR2600009901")],
    )  # fmt: skip
    portal = c.record(CHI1, registry="ictrp", issuer="chictr", titles=TITLE)
    assert c.one(page, portal)
    (link,) = [link for link in c.resolved().links if link.kind == "trial"]
    assert (link.decision, link.rule) == ("same", "T-B1")
    assert link.evidence == "id field names the chictr number; title equal"


def test_an_obsolete_number_that_the_registrys_record_prints_is_an_alias():
    c = Corpus()
    ours = c.record(NCT1, registry="ctgov", states=[("ctgov", NCT2, "alias")])
    old = c.record(NCT2, registry="ictrp", issuer="ctgov")
    assert c.one(ours, old)
    assert c.resolved().links[0].evidence == "known alias of the number"


def test_an_alias_that_only_a_portal_prints_joins_nothing():
    c = Corpus()
    ours = c.record(NCT1, registry="ictrp", issuer="ctgov", states=[("ctgov", NCT2, "alias")])
    assert c.apart(ours, c.record(NCT2, registry="ctgov"))


def test_a_number_that_two_registrations_call_their_alias_joins_neither():
    c = Corpus()
    records = [
        c.record(number, registry="ctgov", states=[("ctgov", "NCT09999903", "alias")])
        for number in (NCT1, NCT2)
    ]
    assert c.apart(*records, c.record("NCT09999903", registry="ctgov"))


def test_the_two_series_of_one_registry_are_one_registration_where_a_record_prints_both():
    c = Corpus()
    new = c.record(CHI1, states=[("chictr", "ChiCTR-IOR-26999901")])
    old = c.record("ChiCTR-IOR-26999901")
    other = c.record("ChiCTR-IOR-26999902")
    assert c.one(new, old)
    assert c.apart(new, other)


def test_two_new_numbers_do_not_meet_in_an_old_one():
    c = Corpus()
    old = c.record("ChiCTR-IOR-26999901", states=[("chictr", CHI1)])
    assert c.apart(old, c.record(CHI1), c.record(CHI2, states=[("chictr", "ChiCTR-IOR-26999901")]))


def test_an_eu_trial_that_moved_to_ctis_is_one_trial():
    c = Corpus()
    ctis = c.record(CTIS, registry="ctis", states=[("euctr", EU)], titles=OTHER)
    euctr = c.record(f"{EU}-DE", registry="euctr", registration=EU, titles=TITLE)
    assert c.one(ctis, euctr)
    assert linked(c) == {("same", "T-A1")}


# -- T-B1, T-B2 -----------------------------------------------------------------------------------


def test_an_id_field_that_names_the_other_joins_where_nothing_contradicts():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)])
    theirs = c.record(NCT1, registry="ctgov", titles=TITLE)
    assert c.one(ours, theirs)
    assert linked(c) == {("same", "T-B1")}


def test_a_stated_number_only_asks_where_titles_and_sponsors_differ():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)], titles=TITLE)
    theirs = c.record(NCT1, registry="ctgov", titles=OTHER)
    c.organization(ours, en="Example Invented University")
    c.organization(theirs, en="Sample Imaginary Institute of Music")
    assert c.apart(ours, theirs)
    assert linked(c) == {("possible", "T-D3")}


def test_one_sponsor_is_enough_for_a_stated_number_with_another_title():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)], titles=TITLE)
    theirs = c.record(NCT1, registry="ctgov", titles=OTHER)
    for record in (ours, theirs):
        c.organization(record, en="Zhejiang Invented University of Examples")
    assert c.one(ours, theirs)


def test_starts_years_apart_keep_a_stated_number_a_question():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)], titles=TITLE, start="2021-03")
    theirs = c.record(NCT1, registry="ctgov", titles=TITLE, start="2026-03-01")
    assert c.apart(ours, theirs)
    assert ("possible", "T-D3") in linked(c)


def test_two_records_that_name_each_other_are_one_trial_whatever_their_titles():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)], titles=TITLE)
    theirs = c.record(NCT1, registry="ctgov", states=[("chictr", CHI1)], titles=OTHER)
    assert c.one(ours, theirs)
    assert linked(c) == {("same", "T-B2")}


def test_a_number_that_names_another_back_only_asks():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1)])
    theirs = c.record(NCT1, registry="ctgov", states=[("chictr", CHI2)])
    assert c.apart(ours, theirs)
    assert linked(c) == {("possible", "T-D3")}


def test_a_stated_number_whose_record_is_not_loaded_makes_nothing():
    c = Corpus()
    c.record(CHI1, states=[("ctgov", NCT1), ("isrctn", ISR, "parent")])
    resolution = c.resolved()
    assert (len(resolution.entities), resolution.links, resolution.related) == (1, (), ())


# -- the veto -------------------------------------------------------------------------------------


def test_two_numbers_of_one_registry_in_one_field_stay_two_trials():
    c = Corpus()
    page = c.record(
        "ITMCTR2600009901", registry="itmctr", titles=TITLE,
        states=[("chictr", CHI1), ("chictr", CHI2)],
    )  # fmt: skip
    first, second = c.record(CHI1, titles=TITLE), c.record(CHI2, titles=TITLE)
    assert c.apart(page, first, second)
    assert linked(c) == {("possible", "T-D4")}
    assert related(c) == {
        ("ITMCTR2600009901", "beside", CHI1), ("ITMCTR2600009901", "beside", CHI2)
    }  # fmt: skip


def test_a_family_stays_a_family_when_a_member_names_it_back():
    c = Corpus()
    page = c.record(ISR, registry="isrctn", states=[("ctgov", NCT1), ("ctgov", NCT2)])
    first = c.record(NCT1, registry="ctgov", states=[("isrctn", ISR)])
    second = c.record(NCT2, registry="ctgov")
    assert c.apart(page, first, second)


def test_a_number_that_two_registrations_of_one_registry_claim_joins_neither():
    c = Corpus()
    claimed = c.record(ISR, registry="isrctn")
    claimants = [c.record(n, registry="ctgov", states=[("isrctn", ISR)]) for n in (NCT1, NCT2)]
    assert c.apart(claimed, *claimants)
    assert linked(c) == {("possible", "T-D4")}


def test_the_claimant_that_is_named_back_is_the_one():
    c = Corpus()
    claimed = c.record(ISR, registry="isrctn", states=[("ctgov", NCT2)])
    first, second = (c.record(n, registry="ctgov", states=[("isrctn", ISR)]) for n in (NCT1, NCT2))
    assert c.one(claimed, second)
    assert c.apart(claimed, first)


def test_another_number_of_the_own_registry_is_refused_and_the_refusal_stored():
    c = Corpus()
    ours = c.record(CHI1, states=[("chictr", CHI2)], titles=TITLE)
    theirs = c.record(CHI2, titles=TITLE)
    assert c.apart(ours, theirs)
    assert linked(c) == {("different", "T-B1")}
    assert related(c) == {(CHI1, "beside", CHI2)}
    (link,) = c.resolved().links
    assert link.evidence == "names a chictr number; number of chictr differs"


def test_two_numbers_of_one_registry_do_not_meet_in_a_third_record():
    c = Corpus()
    a = c.record(NCT1, registry="ctgov", states=[("isrctn", ISR)])
    middle = c.record(ISR, registry="isrctn", states=[("ctgov", NCT1), ("euctr", EU)])
    far = c.record(EU, registry="euctr", states=[("ctgov", NCT2), ("isrctn", ISR)])
    b = c.record(NCT2, registry="ctgov", states=[("euctr", EU)])
    assert c.apart(a, b)
    assert c.one(a, middle)
    assert ("different", "T-B2") in linked(c)
    assert len(c.resolved().of_kind("trial")) == 2
    assert c.one(far, b) or c.one(far, middle)


# -- parent, child, related -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "edge"),
    [
        ("parent", (CHI1, "part of", NCT1)),
        ("child", (NCT1, "part of", CHI1)),
        ("related", (CHI1, "beside", NCT1)),
        ("expanded-access", (CHI1, "beside", NCT1)),
    ],
)
def test_a_relation_is_an_edge_between_trials_and_never_sameness(relation, edge):
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1, relation)], titles=TITLE)
    theirs = c.record(NCT1, registry="ctgov", titles=TITLE)
    assert c.apart(ours, theirs)
    assert related(c) == {edge}
    assert linked(c) == {("different", "T-R1")}
    what = relation.replace("-", " ")
    assert c.resolved().links[0].evidence == f"id field states the other as {what}"


def test_parent_and_child_do_not_meet_in_a_third_record():
    c = Corpus()
    ours = c.record(CHI1, states=[("ctgov", NCT1, "parent"), ("isrctn", ISR)])
    portal = c.record(CHI1, registry="ictrp", issuer="chictr")
    parent = c.record(NCT1, registry="ctgov", states=[("isrctn", ISR)])
    third = c.record(ISR, registry="isrctn")
    assert c.one(ours, portal)
    assert c.apart(ours, parent)
    assert third


def test_each_the_part_of_the_other_is_only_a_relation():
    c = Corpus()
    c.record(CHI1, states=[("ctgov", NCT1, "parent")])
    c.record(NCT1, registry="ctgov", states=[("chictr", CHI1, "parent")])
    assert related(c) == {(CHI1, "beside", NCT1), (NCT1, "beside", CHI1)}


# -- T-C1 -----------------------------------------------------------------------------------------


def protocol(c: Corpus, *numbers: tuple[str, str], sponsor: str = "示例大学附属医院") -> list[str]:
    found = []
    for registry, number in numbers:
        record = c.record(number, registry=registry, protocol_numbers=("ab269999",))
        c.organization(record, zh=sponsor)
        found.append(record)
    return found


def test_one_number_of_one_sponsor_in_two_registries_is_one_trial():
    c = Corpus()
    assert c.one(*protocol(c, ("chictr", CHI1), ("ctgov", NCT1)))
    assert ("same", "T-C1") in linked(c)


def test_one_number_of_two_sponsors_is_two_trials():
    c = Corpus()
    a = protocol(c, ("chictr", CHI1))
    b = protocol(c, ("ctgov", NCT1), sponsor="样本大学附属医院")
    assert c.apart(*a, *b)
    assert linked(c) == set()


def test_a_number_in_three_trials_names_a_programme():
    c = Corpus()
    assert c.apart(*protocol(c, ("chictr", CHI1), ("ctgov", NCT1), ("isrctn", ISR)))


def test_a_grant_of_two_trials_of_one_registry_says_nothing():
    c = Corpus()
    assert c.apart(*protocol(c, ("chictr", CHI1), ("chictr", CHI2)))
    assert linked(c) == set()


# -- T-D1, T-D2 -----------------------------------------------------------------------------------


def test_sponsor_and_dates_lift_the_score_of_an_equal_title_and_join_nothing():
    c = Corpus()
    facts = {"titles": TITLE, "start": "2026-02-01", "size": "120", "countries": ("CN",)}
    ours = c.record(CHI1, **facts)
    theirs = c.record(NCT1, registry="ctgov", **facts)
    (plain,) = c.resolved().links
    for record in (ours, theirs):
        c.organization(record, zh="示例大学附属医院")
    assert c.apart(ours, theirs)
    (link,) = [link for link in c.resolved().links if link.kind == "trial"]
    assert (plain.score, link.score) == (0.8, 0.95)
    assert link.decision == "possible"
    assert link.evidence == ("publicTitle@en equal; same sponsor; start equal; size equal; country")


def test_an_equal_title_of_an_aggregator_asks_with_title_and_country():
    c = Corpus()
    c.record("0a1b2c3d", registry="clinconnect", issuer=None, registration=None, titles=TITLE,
             countries=("CN",))  # fmt: skip
    c.record(NCT1, registry="ctgov", titles=TITLE, countries=("CN",))
    (link,) = c.resolved().links
    assert (link.decision, link.rule) == ("possible", "T-D1")
    assert link.evidence == "publicTitle@en equal; country"


def test_a_number_in_free_text_only_asks():
    c = Corpus()
    ours = c.record(CHI1, mentioned=(NCT1,))
    theirs = c.record(NCT1, registry="ctgov")
    assert c.apart(ours, theirs)
    assert linked(c) == {("possible", "T-D2")}


def test_a_number_of_the_own_registry_in_free_text_asks_nothing():
    c = Corpus()
    c.record(CHI1, mentioned=(CHI2,))
    c.record(CHI2)
    assert linked(c) == set()


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("2024-01-01", "2026-01-01", True), ("2024", "2025-12-31", False), ("2023", "2026", True), ("2024", "2026", False),  # noqa: E501
        ("2024-12", "2025-11-30", False), ("", "2026", False),
    ],
)  # fmt: skip
def test_starts_are_compared_at_their_precision(a, b, apart):
    assert far_apart(a, b) == far_apart(b, a) == apart


# -- laws -----------------------------------------------------------------------------------------

LOADED = [
    ("chictr", CHI1), ("chictr", CHI2), ("ctgov", NCT1), ("ctgov", NCT2), ("isrctn", ISR),
    ("euctr", EU), ("ctis", CTIS), ("chictr", "ChiCTR-IOR-26999901"),
]  # fmt: skip
RELATIONS = ["same", "same", "same", "alias", "parent", "child", "related"]


@st.composite
def families(draw: st.DrawFn) -> Corpus:
    c = Corpus()
    for registry, number in draw(st.lists(st.sampled_from(LOADED), unique=True, min_size=2)):
        facts = {
            "states": draw(
                st.lists(
                    st.tuples(st.sampled_from(LOADED), st.sampled_from(RELATIONS)).map(
                        lambda s: (*s[0], s[1])
                    ),
                    max_size=3,
                )
            ),
            "titles": draw(st.sampled_from([[], TITLE, OTHER])),
            "mentioned": tuple(draw(st.lists(st.sampled_from([n for _, n in LOADED]), max_size=1))),
            "protocol_numbers": tuple(draw(st.lists(st.just("ab269999"), max_size=1))),
        }
        for portal in {False, draw(st.booleans())}:
            where = {"registry": "ictrp", "issuer": registry} if portal else {"registry": registry}
            record = c.record(number, draw(st.sampled_from(["", "2026-01-01"])), **where, **facts)
            if draw(st.booleans()):
                c.organization(record, zh="示例大学附属医院")
    return c


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_records_never_matters(c: Corpus, shuffle: random.Random):
    found, records = list(c.mentions.items()), list(c.records.items())
    shuffle.shuffle(found)
    shuffle.shuffle(records)
    again, once = resolve(Mentions(dict(found), dict(records)), {}), c.resolved()
    assert list(quads(again)) == list(quads(once))
    assert rows(again) == rows(once)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(families())
def test_two_numbers_of_one_registry_meet_only_as_known_aliases(c: Corpus):
    refers = c.resolved().refers
    registrations = Registrations(c.records.values())
    for a, b in combinations(c.records.values(), 2):
        if refers[a.iri] == refers[b.iri] and a.issuer == b.issuer and a.number != b.number:
            assert registrations.of(a.iri) == registrations.of(b.iri)
            stated = {s for r in c.records.values() for s in r.stated}
            printed = any(s.relation == "alias" and s.registry == a.issuer for s in stated)
            assert printed or "IOR" in f"{a.number} {b.number}"


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(families())
def test_what_is_stated_as_two_is_never_one(c: Corpus):
    refers = c.resolved().refers
    registrations = Registrations(c.records.values())
    for record in c.records.values():
        for stated in record.stated:
            other = registrations.standing_for(stated.registration)
            if stated.relation in ("parent", "child", "related"):
                for entry in registrations.entries(other):
                    if registrations.of(record.iri) != other:
                        assert refers[entry] != refers[record.iri]


# -- from the graph -------------------------------------------------------------------------------

GRAPH = """
@base <https://w3id.org/trialkg/> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tkg: <https://w3id.org/trialkg/ns#> .
<id/record/chictr/A1/20250101> {
  <id/record/chictr/A1/20250101> tkg:versionOf <id/record/chictr/A1> .
  <id/record/chictr/A1> a tkg:Record ; tkg:secondaryIdentifier <id/record/chictr/A1/old> .
  <id/record/chictr/A1/old> a adms:Identifier ; skos:notation "NCT09999905" .
}
<id/record/chictr/A1/20260101> {
  <id/record/chictr/A1/20260101> tkg:versionOf <id/record/chictr/A1> .
  <id/record/chictr/A1> a tkg:Record ; tkg:registry <id/registry/chictr> ;
    tkg:registrationNumber "ChiCTR2699990001" ; tkg:studySubjectId "AB-269999" , "pending" ;
    tkg:mentionedNumber "ISRCTN99999901" ; tkg:recruitmentStart "2026-02" ;
    tkg:targetSampleSize 60 ;
    tkg:countryOfRecruitment <id/place/CN> ;
    tkg:secondaryIdentifier <id/record/chictr/A1/i1> , <id/record/chictr/A1/i2> ,
      <id/record/chictr/A1/i3> , <id/record/chictr/A1/i4> .
  <id/record/chictr/A1/i1> a adms:Identifier ; skos:notation "NCT09999901" ;
    tkg:registry <id/registry/ctgov> .
  <id/record/chictr/A1/i2> a adms:Identifier ; skos:notation "NCT09999902" ;
    tkg:identifierRelation <code/identifier-relation/parent> .
  <id/record/chictr/A1/i3> a adms:Identifier ; skos:notation "isrctn: not applicable" .
  <id/record/chictr/A1/i4> a adms:Identifier ; skos:notation "U1111-2699-9900" .
}
"""


def test_a_record_states_its_numbers_in_its_newest_version():
    store = Store()
    store.load(GRAPH.encode(), format=RdfFormat.TRIG)
    (record,) = mentions(store).records.values()
    assert record.stated == (
        StatedNumber("ctgov", NCT1, "same"), StatedNumber("ctgov", NCT2, "parent")
    )  # fmt: skip
    assert record.protocol_numbers == ("ab269999", "u111126999900")
    assert record.mentioned == (ISR,)
    assert (record.start, record.size, record.countries) == ("2026-02", "60", ("CN",))


def test_registrations_are_compared_by_number_and_not_by_print():
    c = Corpus()
    iri = c.record(f"{EU}-DE", registry="euctr", registration=f"EUCTR{EU}-DE")
    assert Registrations(c.records.values()).of(iri) == Identifier("euctr", EU)
