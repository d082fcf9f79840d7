"""Laws of identity: the order of anything never matters, and no veto is ever crossed."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_corpus import Corpus

from kg.contacts.digests import Keyed
from kg.resolve import (
    Answer,
    Circle,
    Contact,
    Ledger,
    Mention,
    Mentions,
    Resolution,
    clusters,
    quads,
    resolve,
)
from kg.resolve.clusters import Clusters, Facts
from kg.resolve.committees import Committees
from kg.resolve.groups import Groups
from kg.resolve.links import edge
from kg.resolve.organizations import Organizations
from kg.resolve.people import People
from kg.resolve.tables import rows

HOSPITALS = (
    "示例市人民医院", "示例市人民医院(示例大学附属医院)", "示例大学附属医院", "示例市第一人民医院",
    "人民医院", "同济医院", "示例大学", "示例市人民医院东院区",
)  # fmt: skip
ENGLISH = (None, "Example People's Hospital", "First People's Hospital", "Affiliated Hospital")
# Names, Chinese and English, that other rules look at: slots, tables, wordings.
WORLDS = (
    (HOSPITALS, ENGLISH),
    (
        ("示例大学附属无锡人民医院", "无锡市人民医院", "无锡市第二人民医院"),
        (None, "Wuxi People's Hospital", "Wuxi Second People's Hospital"),
    ),
    (
        ("浙江大学附属第一医院", "郑州大学人民医院", "郑州人民医院"),
        (
            None,
            "First Affiliated Hospital of Zhejiang University",
            "Zhengzhou People's Hospital",
            "People's Hospital of Zhengzhou University",
        ),
    ),
    (
        ("解放军总医院", "解放军301医院"),
        (None, "PLA General Hospital", "301 Hospital", "Kelming Hospital"),
    ),
    (
        ("示例市克明医院",),
        (
            None,
            "Kelming Hospital",
            "Department of Cardiology, Kelming Hospital",
            "Kelming Hospital of Examplecity",
        ),
    ),
    (
        ("示例理工大学",),
        (
            None,
            "Univ. of Kelming, Alderfurt",
            "Dept. of Xs, Kelming University, Alderfurt",
            "Dept. of Ys, Kelming University, Birkenfurt",
            "Alderfurt University",
        ),
    ),
)
PEOPLE = ("陈示例", "陳示例", "王示范", "张伟", None)
LATIN = ("Chen Shili", "Shili Chen", "Wang Shifan", "Chen SL", "Zhang Wei")
ROLES = ("public-contact", "principal-investigator", "ethics-contact")
COMMITTEES = ("示例市人民医院伦理委员会", "示例市人民医院药物临床试验伦理委员会", "伦理委员会")
KEYS = (("e-mail", "a"), ("e-mail", "b"), ("mobile", "c"), ("phone", "d"))
PLACES = ((None, None), ("CN-ZJ", None), ("CN-ZJ", "示例"), ("CN-SH", None))


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    corpus = Corpus()
    chinese, english = draw(st.sampled_from(WORLDS))
    for n in range(draw(st.integers(1, 4))):
        record = corpus.record(f"A{n}", draw(st.sampled_from(["", "2025", "2026-01-01"])))
        homes = []
        for _ in range(draw(st.integers(0, 3))):
            zh = draw(st.sampled_from((*chinese, None)))
            en = draw(st.sampled_from(english if zh else english[1:]))
            place, city = draw(st.sampled_from(PLACES))
            slot = draw(st.sampled_from(["site", "lead-sponsor"]))
            homes.append(corpus.organization(record, zh, en, slot=slot, place=place, city=city))
        committee = corpus.committee(record, draw(st.sampled_from(COMMITTEES)))
        field = []
        for _ in range(draw(st.integers(0, 4))):
            zh = draw(st.sampled_from(PEOPLE))
            role = draw(st.sampled_from(ROLES))
            person = corpus.person(
                record, zh, draw(st.sampled_from(LATIN)), role=role,
                at=draw(st.lists(st.sampled_from(homes), max_size=1)) if homes else (),
                contacts=draw(st.lists(st.sampled_from(KEYS), max_size=2)),
                committee=committee if role == "ethics-contact" else None,
            )  # fmt: skip
            if role == "principal-investigator":
                field.append(person)
        if len(field) > 1 and draw(st.booleans()):
            corpus.field(*field)
    return corpus


def written(resolution: Resolution) -> tuple[list[str], object, object]:
    return list(quads(resolution)), rows(resolution), resolution.refused


@settings(max_examples=60, deadline=None)
@given(corpora(), st.randoms(use_true_random=False))
def test_order_never_matters(corpus: Corpus, shuffle: random.Random):
    mentions = list(corpus.mentions.items())
    records = list(corpus.records.items())
    contacts = list(corpus.contacts.items())
    for things in (mentions, records, contacts):
        shuffle.shuffle(things)  # type: ignore[arg-type]
    again = resolve(Mentions(dict(mentions), dict(records)), dict(contacts))
    assert written(again) == written(corpus.resolved())


@settings(max_examples=60, deadline=None)
@given(corpora())
def test_outputs_do_not_depend_on_the_key_of_the_digests(corpus: Corpus):
    other = {
        iri: frozenset(Contact(c.kind, f"{ord(c.key[0]) * 7919 % 101:03}") for c in found)
        for iri, found in corpus.contacts.items()
    }
    assert written(resolve(corpus.all(), other)) == written(corpus.resolved())


def simplified(name: str | None) -> str:
    return (name or "").replace("陳", "陈")


@settings(max_examples=100, deadline=None)
@given(corpora())
def test_no_entity_holds_what_a_veto_forbids(corpus: Corpus):
    resolution = corpus.resolved()
    assert set(resolution.refers) == {*corpus.mentions, *corpus.records}
    for entity in resolution.of_kind("person"):
        members = [corpus.mentions[m] for m in entity.members]
        assert len({simplified(m.zh) for m in members if m.zh}) <= 1
        for a, b in combinations(members, 2):
            # Two names of a field are two people; one name twice may be one (two telephones).
            same = simplified(a.zh or a.en) == simplified(b.zh or b.en)
            assert same or b.iri not in a.in_field
    for entity in resolution.of_kind("organization"):
        sites: dict[str, set[str]] = {}
        for member in entity.members:
            mention = corpus.mentions[member]
            if mention.slot == "site":
                printed = (mention.zh or mention.en or "").partition("(")[0]
                sites.setdefault(mention.record, set()).add(printed)
        assert all(len(names) == 1 for names in sites.values())
        names = {corpus.mentions[m].zh for m in entity.members}
        assert not ("示例大学" in names and len(names) > 1)
    kinds = {"drug": "药物临床试验", "none": ""}
    for entity in resolution.of_kind("committee"):
        assert len({kinds["drug"] in (corpus.mentions[m].zh or "") for m in entity.members}) == 1
    for link in resolution.links:
        together = resolution.refers[link.left] == resolution.refers[link.right]
        assert together == (link.decision == "same")


def joined(corpus: Corpus) -> list[tuple[Organizations | People, list[str]]]:
    """The kinds that are joined circle by circle, and all mentions of each."""
    mentions = corpus.all()
    organizations = Organizations(mentions)
    committees = Committees(mentions, organizations)
    people = People(mentions, corpus.contacts, organizations, committees)
    of_kind = {"organization": organizations, "person": people}
    return [(of, [m.iri for m in mentions.of_kind(kind)]) for kind, of in of_kind.items()]


def told(groups: Groups) -> tuple[object, ...]:
    return (
        groups.groups(),
        sorted(set(groups.taken)),
        sorted(groups.refused, key=repr),
        sorted(groups.possible),
        sorted(groups.cut),
        groups.learned,
    )


def crowded(corpus: Corpus) -> Corpus:
    """The same records among others, so that names are rare and thin."""
    found = Corpus()
    found.crowd()
    for n in range(60):
        record = found.record(f"D{n:02}", registry="ctgov")
        home = found.organization(record, None, f"Nova{n}berg University Hospital")
        found.person(record, None, f"Ada Invented{n}sen", at=[home])
    for of in ("mentions", "records", "contacts"):
        getattr(found, of).update(getattr(corpus, of))
    return found


@st.composite
def changed(draw: st.DrawFn, corpus: Corpus) -> Corpus:
    """The same records with one mention left out, or said otherwise."""
    found = Corpus()
    found.records, found.contacts = dict(corpus.records), dict(corpus.contacts)
    gone = draw(st.sampled_from(sorted(corpus.mentions)))
    found.mentions = {iri: _without(one, gone) for iri, one in corpus.mentions.items()}
    said = draw(
        st.sampled_from(
            ({}, {"city": "无锡"}, {"place": "CN-JS"}, {"slot": "public-contact"}, {"in_field": ()})
        )
    )
    if said and found.mentions[gone].kind != "committee":
        found.mentions[gone] = replace(found.mentions[gone], **said)
    else:
        del found.mentions[gone]
        found.mentions = {
            iri: replace(one, affiliation=tuple(a for a in one.affiliation if a != gone))
            for iri, one in found.mentions.items()
        }
    return found


def _without(mention: Mention, gone: str) -> Mention:
    """A mention that does not stand beside another one, and is not its contact."""
    return replace(
        mention,
        in_field=tuple(iri for iri in mention.in_field if iri != gone),
        committee=None if mention.committee == gone else mention.committee,
    )


@settings(max_examples=120, deadline=None)
@given(corpora(), st.booleans())
def test_no_rule_reaches_beyond_a_circle(corpus: Corpus, crowd: bool):
    """All mentions as one circle give the answers that their circles give."""
    for of, everyone in joined(crowded(corpus) if crowd else corpus):
        assert told(Groups(everyone, [of.circle(everyone).answer()])) == told(of.groups)


class Remembered:
    """Answers circles; of one that says what an earlier one said, what that was answered."""

    def __init__(self) -> None:
        self.known: dict[str, Answer] = {}

    def __call__(self, circles: Iterable[Circle]) -> Iterator[Answer]:
        for circle in circles:
            yield self.known.setdefault(circle.said, circle.answer())


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(corpora(), st.data())
def test_circles_that_say_the_same_have_the_same_answer(corpus: Corpus, data: st.DataObject):
    """Whatever else stands in the corpus: it is said in the circle, or it does not count."""
    asked = Remembered()
    several = [corpus, crowded(corpus), *(data.draw(changed(corpus)) for _ in range(3))]
    for one in data.draw(st.permutations(several)):
        known = resolve(one.all(), one.contacts, Ledger(), asked=asked)
        assert written(known) == written(one.resolved())


@given(
    st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=12),
    st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("xy")),
    st.randoms(use_true_random=False),
)
def test_groups_never_cross_a_veto_in_any_order(pairs, names, shuffle):
    def facts(member: str) -> Facts:
        return Facts(one={"name": {names[member]}} if member in names else {})

    edges = [edge("P-B1", a, b) for a, b in pairs if a != b]
    groups = list(Clusters("abcdefg", facts).join(edges).groups())
    for group in groups:
        assert len({names[m] for m in group if m in names}) <= 1
    shuffle.shuffle(edges)
    assert list(Clusters("gfedcba", facts).join(edges).groups()) == groups


@given(
    st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=15),
    st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("xy")),
)
def test_it_changes_nothing_whether_what_a_group_holds_is_kept_or_asked_again(pairs, names):
    def facts(member: str) -> Facts:
        one = {"name": {names[member]}} if member in names else {}
        return Facts(one=one, counted={"organizations": {member}}, listed={"r": frozenset(member)})

    edges = [edge(rule, a, b) for a, b in pairs if a != b for rule in ("P-B1", "P-C1")]
    found = []
    for kept in (0, 2, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clusters, "SMALL", kept)
            made = Clusters("abcdefg", facts).join(edges)
        found.append((made.groups(), made.taken, made.refused))
    assert found[0] == found[1] == found[2]


def test_a_tier_c_rule_holds_no_more_than_three_organizations_together():
    def facts(member: str) -> Facts:
        return Facts(counted={"organizations": {member}})

    edges = [edge("P-C1", a, b) for a, b in ("ab", "bc", "cd", "de")]
    joined = Clusters("abcde", facts).join(edges)
    assert [len(group) for group in joined.groups()] == [3, 2]
    assert [r.veto for r in joined.refused] == [False]
    strong = Clusters("abcde", facts).join([edge("P-B1", a, b) for a, b in ("ab", "bc", "cd")])
    assert [len(group) for group in strong.groups()] == [4, 1]


@pytest.mark.slow
def test_a_large_corpus_with_one_famous_hospital_resolves():
    """20,000 mentions with one famous hospital, one busy mailbox and one very common name."""
    corpus = Corpus()
    for n in range(4000):
        record = corpus.record(f"A{n}", "2026-01-01")
        home = corpus.organization(record, "示例市人民医院" if n % 2 else f"示例{n:05}县医院")
        corpus.organization(record, "人民医院", slot="site", place="CN-ZJ")
        corpus.committee(record, "示例市人民医院伦理委员会")
        corpus.person(record, "张伟", "Zhang Wei", at=[home], contacts=[("e-mail", "office")])
        corpus.person(
            record, "王示范" if n % 3 else "陈示例", None, role="public-contact", at=[home],
            contacts=[("e-mail", "office")],
        )  # fmt: skip
    resolution = corpus.resolved()
    assert len(resolution.of_kind("committee")) == 1


def test_without_a_ledger_everything_else_is_the_same():
    corpus = Corpus()
    corpus.crowd()
    kept, alone = corpus.resolved(), resolve(corpus.all(), corpus.contacts)
    assert list(quads(kept)) == list(quads(alone))
    assert len(kept.ledger.rows) == len(kept.entities)
    assert alone.ledger == Ledger()


def test_mentions_of_several_processes_share_their_texts():
    corpus = Corpus()
    for number in ("A1", "A2"):
        corpus.person(corpus.record(number), "陈示例", "Chen Shili", contacts=KEYS[:1])
    first, second = (pickle.loads(pickle.dumps(m)) for m in corpus.mentions.values())
    assert [first, second] == list(corpus.mentions.values())
    assert first.zh is second.zh
    assert first.en is second.en
    ours, theirs = (pickle.loads(pickle.dumps(m)) for m in corpus.records.values())
    assert [ours, theirs] == list(corpus.records.values())
    assert ours.date is theirs.date
    held = Keyed()
    for mention, channels in corpus.contacts.items():
        held.add(mention, pickle.loads(pickle.dumps(sorted(channels))))
    one, other = held.values()
    assert one is other
