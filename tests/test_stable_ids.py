"""Ids stay when a record corrects how it spells a name, and what becomes of them is told.

A slot (a role in a record) holds one mention; which one it is tells a snapshot from the next,
whatever it prints there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import run_kg
from hypothesis import given, settings
from hypothesis import strategies as st
from resolve_corpus import Corpus

from benchmarks import corpus as invented
from kg.namespaces import ID
from kg.outputs.differences import difference, refers
from kg.outputs.graph import Graph
from kg.resolve import Ledger, Resolution, ledger, resolve
from kg.resolve import overrides as people

# Each row: spellings of one name, any of which a record may correct into any other.
PEOPLE = (
    ("Lv Shili", "Lyu Shili", "Shili LÜ", "Lü Shi-li, MD", "SHILI LU"),
    ("单示范", "單示範"),
    ("Ada B. Alder-Birch", "Alder-Birch, Ada B.", "Dr. Ada B. Alder Birch"),
)
HOSPITALS = (
    ("示例市第一人民医院", "示例市第1人民醫院", "示例市第一人民医院 "),
    ("无锡市示例医院", "无锡示例医院"),
    ("The First Affiliated Hospital, Zhejiang University School of Medicine",
     "The FIrst Affiliated Hospital, College of Medicine, Zhejiang University"),
)  # fmt: skip
COMMITTEES = (
    ("示例市第一人民医院医学伦理委员会", "示例市第1人民医院伦理委员会"),
    ("Ethics Committee of Wuxi People's Hospital", "IRB of Wuxi People’s Hospital"),
)
ROLES = ("principal-investigator", "public-contact")
Printed = tuple[int, int]  # which name, which spelling of it
State = Mapping[tuple[int, str], Printed]  # by record and slot


def printed(state: State) -> tuple[Corpus, dict[tuple[int, str], str]]:
    """The records of a snapshot, with the mention of every slot."""
    made, mentions = Corpus(), {}
    for number in sorted({n for n, _ in state}):
        record = made.record(f"A{number}", f"202{number}-01-01")
        home = []
        if (number, "sponsor") in state:
            name, how = state[number, "sponsor"]
            text = HOSPITALS[name][how % len(HOSPITALS[name])]
            zh, en = (text, None) if text[0] > "z" else (None, text)
            home = [made.organization(record, zh, en)]
            mentions[number, "sponsor"] = home[0]
        if (number, "committee") in state:
            name, how = state[number, "committee"]
            text = COMMITTEES[name % 2][how % len(COMMITTEES[name % 2])]
            zh, en = (text, None) if text[0] > "z" else (None, text)
            mentions[number, "committee"] = made.committee(record, zh, en)
        for role in ROLES:
            if (number, role) in state:
                name, how = state[number, role]
                text = PEOPLE[name][how % len(PEOPLE[name])]
                zh, en = (text, None) if text[0] > "z" else (None, text)
                mentions[number, role] = made.person(
                    record, zh, en, role=role, at=home, contacts=[("e-mail", f"m{name}")]
                )
    return made, mentions


def same(slot: tuple[int, str], a: State, b: State) -> bool:
    """Whether two snapshots print one name in a slot, if perhaps spelled otherwise."""
    modulo = len(COMMITTEES) if slot[1] == "committee" else len(PEOPLE)
    return a[slot][0] % modulo == b[slot][0] % modulo


SLOTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.sampled_from((*ROLES, "sponsor", "committee"))),
    st.tuples(st.integers(0, 2), st.integers(0, 4)),
    min_size=1,
    max_size=14,
)


def through_text(made: Ledger, folder: Path) -> Ledger:
    path = folder / "ids.tsv"
    path.write_text("".join(made.text()), "utf-8")
    return ledger.read(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("ledger")


def groups(found: Resolution) -> set[frozenset[str]]:
    return {frozenset(entity.members) for entity in found.entities}


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.lists(SLOTS, min_size=2, max_size=5))
def test_records_added_removed_and_corrected_in_any_way_leave_a_trail(folder, states):
    known, before, rows = Ledger(), {}, ()
    shown: State = {}
    for state in states:
        made, mentions = printed(state)
        found = resolve(made.all(), made.contacts, known)
        assert groups(found) == groups(made.resolved())
        now = {slot: found.refers[mention] for slot, mention in mentions.items()}
        alive = {entity.iri for entity in found.entities}
        told = found.replaced.keys() | alive
        for slot, was in before.items():
            if slot in state and same(slot, state, shown):  # at most a corrected spelling
                assert was in told, "an id whose mention is still printed is alive or replaced"
                if now[slot] not in (was, found.replaced.get(was)):
                    assert now[slot] in before.values() or found.derived.get(now[slot])
            elif slot in state and was in alive:
                assert now[slot] != was or any(
                    now.get(s) == w for s, w in before.items() if w == was and s != slot
                ), "another name in the same place is somebody else"
        assert [row.iri for row in found.ledger.rows[: len(rows)]] == [row.iri for row in rows]
        assert len({row.iri for row in found.ledger.rows}) == len(found.ledger.rows)
        known, before, shown = through_text(found.ledger, folder), now, state
        assert known == found.ledger
        rows = known.rows


@settings(max_examples=80, deadline=None)
@given(SLOTS, st.lists(st.integers(0, 4), min_size=14, max_size=14))
def test_corrections_alone_change_no_id(folder, state, hows):
    made, mentions = printed(state)
    first = made.resolved()
    corrected = {
        slot: (state[slot][0], how) for slot, how in zip(sorted(state), hows, strict=False)
    }
    later, again = printed(corrected)
    second = resolve(later.all(), later.contacts, through_text(first.ledger, folder))
    slots = {mention: slot for slot, mention in mentions.items()}
    slots |= {mention: slot for slot, mention in again.items()}

    def of_slots(found: Resolution) -> set[frozenset[object]]:
        return {frozenset(slots.get(m, m) for m in e.members) for e in found.entities}

    if of_slots(first) == of_slots(second):  # who is who is as it was: so are the ids
        assert second.replaced == first.replaced == {}
        assert {s: second.refers[m] for s, m in again.items()} == {
            s: first.refers[m] for s, m in mentions.items()
        }


# What a spelling says is in another order, case or width; who is meant stays.
def _respelled(name: str) -> str:
    given, _, family = name.removesuffix(", MD").rpartition(" ")
    return f"{family.upper()}, {given}"


def snapshot(folder: Path, count: int, changed: float, respelled: int) -> Path:
    """``count`` studies, a share refreshed; every ``respelled``-th spells its names otherwise."""
    for path in invented.write(folder, count, per_file=100, changed=changed):
        pages = json.loads(path.read_text("utf-8"))
        for study in pages["studies"][::respelled] if respelled else []:
            protocol = study["protocolSection"]
            places = protocol["contactsLocationsModule"]
            people = places["centralContacts"] + places["overallOfficials"]
            people += [p for place in places["locations"] for p in place.get("contacts", [])]
            for person in people:
                person["name"] = _respelled(person["name"])
            for place in places["locations"]:
                place["facility"] = place["facility"].replace(
                    " General Hospital", "  GENERAL-Hospital"
                )
            sponsor = protocol["sponsorCollaboratorsModule"]["leadSponsor"]
            sponsor["name"] = sponsor["name"].replace("Therapeutics", "Therapeutics,")
        path.write_text(json.dumps(pages, ensure_ascii=False), "utf-8")
    return folder


@pytest.mark.slow
def test_four_snapshots_keep_their_ids_and_end_as_one_batch(tmp_path):
    """Of an invented register: it grows, records change, and names are spelled otherwise."""
    outs = []
    for n, (count, changed, respelled) in enumerate(
        [(150, 0.0, 0), (200, 0.05, 11), (250, 0.1, 7), (300, 0.2, 5)]
    ):
        records, out = (
            snapshot(tmp_path / f"in{n}", count, changed, respelled),
            tmp_path / f"out{n}",
        )
        call = ("build", records, "-o", out, "--formats", "nq", "--no-check", "-q")
        assert run_kg(*call, "--ledger", tmp_path / "ids.tsv").returncode == 0
        outs.append(refers(Graph(out)))
    assert run_kg(*call[:2], "-o", tmp_path / "batch", *call[4:]).returncode == 0

    def of(found: Mapping[str, str]) -> set[frozenset[str]]:
        groups = defaultdict(set)
        for member, entity in found.items():
            groups[entity].add(member)
        return {frozenset(group) for group in groups.values()}

    assert of(outs[-1]) == of(refers(Graph(tmp_path / "batch")))
    for before, after in pairwise(outs):
        step = difference(before, after)
        assert step.kept / step.both >= 0.99
        # Nobody leaves this register, so whoever had an id has it still, however spelled.
        assert len(set(before.values()) - set(after.values())) <= 0.01 * len(set(before.values()))
        assert len(set(before) - set(after)) > 50  # mentions that were spelled anew


def one(name: str, *, en: bool = False, kind: str = "person") -> tuple[Corpus, str]:
    made = Corpus()
    record = made.record("A1")
    zh, latin = (None, name) if en else (name, None)
    if kind == "person":
        return made, made.person(record, zh, latin)
    return made, made.organization(record, zh, latin)


@pytest.mark.parametrize(
    ("kind", "was", "now", "stays"),
    [
        ("person", "Lv Shili", "Shili Lyu", True),
        ("person", "陳示例", "陈示例", True),
        ("person", "陈示例", "陈示列", False),  # another name is another person
        ("person", "Chen Shili", "Chen Shilin", False),
        ("organization", "示例市第一人民医院", "示例市第1人民醫院", True),
        ("organization", "无锡市人民医院", "无锡市第二人民医院", False),
        ("organization", "Wuxi people’s Hospital", "Wuxi People's Hosptial", True),
        ("organization", "Wuxi People's Hospital", "Wuxi Fifth People's Hospital", False),
    ],
)
def test_a_corrected_spelling_keeps_the_id_where_the_names_agree(folder, kind, was, now, stays):
    before, old = one(was, en=was.isascii() or "’" in was, kind=kind)
    after, new = one(now, en=now.isascii(), kind=kind)
    first = before.resolved()
    second = after.resolved(through_text(first.ledger, folder))
    assert new != old
    assert (second.refers[new] == first.refers[old]) == stays
    assert second.replaced == second.derived == {}


def test_a_corrected_spelling_that_joins_another_leaves_its_id_as_replaced(folder):
    def printed_as(name: str) -> tuple[Corpus, str, str]:
        made = Corpus()
        mine = made.organization(made.record("A1", "2025-01-01"), "示例市第一人民医院")
        return made, mine, made.organization(made.record("A2", "2026-01-01"), name)

    apart, mine, other = printed_as("示例第一人民医院院")
    first = apart.resolved()
    assert first.refers[mine] != first.refers[other]
    together, mine, other = printed_as("示例市第一人民医院")
    second = together.resolved(through_text(first.ledger, folder))
    assert second.refers[other] == first.refers[mine]  # a name that differs is nobody's heir

    def at_two_places(zh: str | None) -> tuple[Corpus, str, str]:
        made = Corpus()
        record = made.record("B1")
        roles = {"public-contact": "Exampla Hospital", "principal-investigator": "Other Hospital"}
        a, b = (
            made.person(record, zh, "Lv Shili", role=role, at=[made.organization(record, en=place)])
            for role, place in roles.items()
        )
        return made, a, b

    crossed, a, b = at_two_places(None)
    before = crossed.resolved()
    assert before.refers[a] != before.refers[b]
    corrected, c, d = at_two_places("吕示例")
    after = corrected.resolved(through_text(before.ledger, folder))
    assert after.refers[c] == after.refers[d]
    assert {after.refers[c], *after.replaced} == {before.refers[a], before.refers[b]}


def test_what_stood_apart_after_a_correction_is_told_to_come_from_the_whole(folder):
    def two(second: str) -> tuple[Corpus, str, str]:
        made = Corpus()
        mails = [("e-mail", "m1")]
        one = made.person(made.record("A1", "2025"), None, "Lv Shili", contacts=mails)
        return (
            made,
            one,
            made.person(
                made.record("A2", "2026"), None, second, contacts=mails if second[0] == "L" else ()
            ),
        )

    whole, a, b = two("Lyu Shili")
    first = whole.resolved()
    assert first.refers[a] == first.refers[b]
    parted, a, c = two("Shili Lv")
    second = parted.resolved(through_text(first.ledger, folder))
    assert second.refers[a] == first.refers[a]
    assert second.derived == {second.refers[c]: first.refers[a]}


def test_where_two_may_be_the_old_one_neither_is_taken_for_it(folder):
    before = Corpus()
    record = before.record("A1")
    before.organization(record, "示例市示范区人民医院", slot="site")
    first = before.resolved()
    after = Corpus()
    record = after.record("A1")
    sites = [
        after.organization(record, name, slot="site")
        for name in ("示例市示范區人民医院", "示例市示范区人民醫院")
    ]
    found = after.resolved(through_text(first.ledger, folder))
    assert (first.refers.keys() & found.refers.keys()) == {record}
    assert len({found.refers[site] for site in sites}) == 1  # they are one, so it is no question
    assert found.refers[sites[0]] in first.refers.values()


def test_a_ledger_without_names_keeps_its_ids(folder):
    made, mention = one("陈示例")
    first = made.resolved()
    path = folder / "old.tsv"
    lines = "".join(first.ledger.text()).splitlines()
    path.write_text("".join(line.rpartition("\t")[0] + "\n" for line in lines), "utf-8")
    again = made.resolved(ledger.read(path))
    assert again.refers == first.refers
    assert again.ledger == first.ledger
    other, corrected = one("陳示例")
    assert other.resolved(ledger.read(path)).refers[corrected] != first.refers[mention]


def test_a_persons_word_on_an_id_outlives_the_spelling_of_its_founder(folder):
    def two(name: str) -> tuple[Corpus, str, str]:
        made = Corpus()
        one = made.person(made.record("A1", "2025"), None, name)
        return made, one, made.person(made.record("A2", "2026"), "王示范", "Wang Shifan")

    made, a, b = two("Lv Shili")
    first = made.resolved()
    rows = [folder / "overrides.tsv"]
    ends = (first.refers[a].removeprefix(ID), first.refers[b].removeprefix(ID))
    rows[0].write_text(
        "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\n"
        f"{ends[0]}\tskos:exactMatch\t\t{ends[1]}\n", "utf-8",
    )  # fmt: skip
    later, c, d = two("Shili Lyu")
    found = later.resolved(through_text(first.ledger, folder), people.read(rows[0]))
    assert found.gone == ()
    assert found.refers[c] == found.refers[d] == first.refers[a]
