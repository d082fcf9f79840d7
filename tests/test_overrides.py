"""A person's word: what it joins and keeps apart, what it may not say, and how it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from resolve_corpus import Corpus

from kg.errors import ToolError
from kg.namespaces import ID
from kg.resolve import overrides, quads
from kg.resolve.overrides import COLUMNS, Override

HOSPITAL, ANOTHER = "示例市人民医院", "示范市中心医院"
MAIL = ("e-mail", "a1")


def said(tmp_path: Path, *rows: tuple[str, str, str, str]) -> tuple[Override, ...]:
    """Rows (subject, predicate, modifier, object) as a file gives them."""
    path = tmp_path / "overrides.tsv"
    cells = [
        "\t".join((*row, "semapv:ManualMappingCuration", "curator", "2026-11-22", "1.0", "seen"))
        for row in rows
    ]
    path.write_text("\n".join(["# a set of mappings", "\t".join(COLUMNS), *cells]) + "\n", "utf-8")
    return overrides.read(path)


@pytest.fixture
def two() -> tuple[Corpus, str, str]:
    corpus = Corpus()
    return corpus, corpus.record("A1", "2025-01-01"), corpus.record("A2", "2026-01-01")


def test_a_person_joins_what_no_rule_may_and_taking_it_back_restores_every_byte(two, tmp_path):
    c, a, b = two
    ours, theirs = c.person(a, "陈示例"), c.person(b, "陈示列")
    before = c.resolved()
    rows = said(tmp_path, (ours, "skos:exactMatch", "", theirs))
    joined = c.resolved(before.ledger, rows)
    assert joined.refers[ours] == joined.refers[theirs] == before.refers[ours]
    assert joined.replaced == {before.refers[theirs]: before.refers[ours]}
    (link,) = [link for link in joined.links if link.rule == "P-A2"]
    assert link.decision == "same"
    assert link.evidence == "a person's word (curator, 2026-11-22): seen"
    assert not any("P-A2" in line and "score" in line for line in quads(joined))
    again = c.resolved(joined.ledger)
    assert list(quads(again)) == list(quads(before))
    assert list(again.ledger.text()) == list(before.ledger.text())


def test_a_row_changes_nothing_else(two, tmp_path):
    c, a, b = two
    ours, theirs = c.person(a, "陈示例"), c.person(b, "陈示列")
    others = [c.person(r, "王示范", role="x", contacts=[MAIL]) for r in (a, b)]
    before = c.resolved()
    after = c.resolved(None, said(tmp_path, (ours, "skos:exactMatch", "", theirs)))
    changed = {iri for iri in before.refers if before.refers[iri] != after.refers[iri]}
    assert changed == {theirs}
    assert after.refers[others[0]] == after.refers[others[1]]


def test_not_beats_every_rule_also_through_a_third(two, tmp_path):
    c, a, b = two
    ours, theirs = (c.person(r, "陈示例", contacts=[MAIL]) for r in (a, b))
    third = c.person(c.record("A3"), "陈示例", contacts=[MAIL])
    assert c.one(ours, theirs, third)
    rows = said(tmp_path, (ours, "skos:exactMatch", "Not", theirs))
    refers = c.resolved(None, rows).refers
    assert refers[ours] != refers[theirs]
    assert refers[third] in (refers[ours], refers[theirs])
    different = [k for k in c.resolved(None, rows).links if k.decision == "different"]
    assert ("P-A2", ours, theirs) in [(k.rule, k.left, k.right) for k in different]
    assert any(k.evidence.endswith("a person says that they are two") for k in different)


def test_entities_stand_for_their_founders(two, tmp_path):
    c, a, b = two
    ours, theirs = c.organization(a, HOSPITAL), c.organization(b, ANOTHER)
    refers = c.resolved().refers
    short = [refers[iri].removeprefix(ID) for iri in (ours, theirs)]
    rows = said(tmp_path, (short[0], "skos:exactMatch", "", short[1]))
    after = c.resolved(None, rows)
    assert after.refers[ours] == after.refers[theirs]
    assert {k.rule for k in after.links} == {"O-A2"}


def test_two_committees_and_two_trials_join_by_a_persons_word(two, tmp_path):
    c, a, b = two
    ours, theirs = (c.committee(a, HOSPITAL + "伦理委员会"), c.committee(b, ANOTHER + "伦理委员会"))
    rows = said(
        tmp_path,
        (ours, "skos:exactMatch", "", theirs),
        (a, "skos:exactMatch", "", b),
    )
    after = c.resolved(None, rows)
    assert after.refers[ours] == after.refers[theirs]
    assert after.refers[a] == after.refers[b]
    assert {k.rule for k in after.links} == {"C-A1", "T-A2"}


@pytest.mark.parametrize(
    ("predicate", "relation"),
    [
        ("tkg:successorOf", "successorOf"),
        ("dcterms:isPartOf", "isPartOf"),
        ("tkg:departmentOf", "departmentOf"),
    ],
)
def test_relations_keep_two_nodes(two, tmp_path, predicate, relation):
    c, a, b = two
    ours, theirs = c.organization(a, HOSPITAL), c.organization(b, ANOTHER)
    after = c.resolved(None, said(tmp_path, (ours, predicate, "", theirs)))
    assert after.refers[ours] != after.refers[theirs]
    (entity,) = [e for e in after.of_kind("organization") if ours in e.members]
    assert dict(entity.relations) == {relation: after.refers[theirs]}
    assert {k.decision for k in after.links} == {"different"}


def test_a_question_that_a_person_answered_is_asked_no_more(two, tmp_path):
    c, a, b = two
    ours, theirs = (c.organization(r, "第一人民医院", place="CN-ZJ") for r in (a, b))
    assert ("possible", "O-D1") in c.links()
    after = c.resolved(None, said(tmp_path, (theirs, "skos:exactMatch", "Not", ours)))
    assert {(k.decision, k.rule) for k in after.links} == {("different", "O-A2")}


def test_ids_of_other_registers_join_and_are_exported(two, tmp_path):
    c, a, b = two
    ours, theirs = c.organization(a, HOSPITAL), c.organization(b, ANOTHER)
    rows = said(
        tmp_path,
        (ours, "skos:exactMatch", "", "ror:05abcde00"),
        (theirs, "skos:exactMatch", "", "https://ror.org/05abcde00"),
    )
    after = c.resolved(None, rows)
    assert after.refers[ours] == after.refers[theirs]
    matches = [line for line in quads(after) if "exactMatch" in line]
    assert len(matches) == 1
    assert "<https://ror.org/05abcde00>" in matches[0]


def test_rows_that_contradict_each_other_are_named(two, tmp_path):
    c, a, b = two
    people = [c.person(r, "陈示例") for r in (a, b, c.record("A3"))]
    rows = said(
        tmp_path,
        (people[0], "skos:exactMatch", "", people[1]),
        (people[1], "skos:exactMatch", "", people[2]),
        (people[2], "skos:exactMatch", "Not", people[0]),
    )
    with pytest.raises(ToolError) as error:
        c.resolved(None, rows)
    for row in ("overrides.tsv:3", "overrides.tsv:4", "overrides.tsv:5"):
        assert row in error.value.message
    assert error.value.exit_code == 2


def test_a_successor_is_not_the_same_thing_too(two, tmp_path):
    c, a, b = two
    ours, theirs = c.organization(a, HOSPITAL), c.organization(b, ANOTHER)
    rows = said(
        tmp_path,
        (ours, "skos:exactMatch", "", theirs),
        (theirs, "tkg:successorOf", "", ours),
    )
    with pytest.raises(ToolError, match=r"overrides.tsv:4 calls two things what overrides.tsv:3"):
        c.resolved(None, rows)


def test_a_row_about_nothing_that_is_there_is_told_and_changes_nothing(two, tmp_path):
    c, a, _b = two
    ours = c.person(a, "陈示例")
    rows = said(tmp_path, (ours, "skos:exactMatch", "", "mention/chictr/Z9/x-00000000"))
    after = c.resolved(None, rows)
    assert after.refers == c.resolved().refers
    assert [row.where for row in after.gone] == ["overrides.tsv:3"]
    assert next(iter(overrides.told(after.gone))).startswith("overrides.tsv:3: not among these")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("x", "skos:exactMatch", "", "record/chictr/A1"), "is no id"),
        (("record/chictr/A1", "owl:sameAs", "", "record/chictr/A2"), "predicate 'owl:sameAs'"),
        (("record/chictr/A1", "skos:exactMatch", "no", "record/chictr/A2"), "empty or Not"),
        (("record/chictr/A1", "skos:exactMatch", "", "record/chictr/A1"), "one and the same"),
        (("ror:05abcde00", "skos:exactMatch", "", "orcid:0000-0002-1825-0097"), "other registers"),
        (("record/chictr/A1", "tkg:successorOf", "", "ror:05abcde00"), "of this graph"),
    ],
)
def test_a_row_nobody_can_mean_is_refused_with_its_line(tmp_path, row, told):
    with pytest.raises(ToolError, match=r"overrides\.tsv:3") as error:
        said(tmp_path, row)
    assert told in error.value.message


def test_things_of_two_kinds_are_never_one(two, tmp_path):
    c, a, b = two
    rows = said(
        tmp_path, (c.person(a, "陈示例"), "skos:exactMatch", "", c.organization(b, HOSPITAL))
    )
    with pytest.raises(ToolError, match="are never one"):
        c.resolved(None, rows)


def test_a_file_without_its_columns_says_which(tmp_path):
    path = tmp_path / "o.tsv"
    path.write_text("subject_id\tobject_id\n", "utf-8")
    with pytest.raises(ToolError, match="no column predicate_id, predicate_modifier"):
        overrides.read(path)


def test_contacts_in_a_comment_are_taken_out(two, tmp_path):
    c, a, b = two
    ours, theirs = c.person(a, "陈示例"), c.person(b, "陈示列")
    (row,) = said(tmp_path, (ours, "skos:exactMatch", "", theirs))
    row = row._replace(comment="ask someone@example.org\tor 138 0000 0000")
    (link,) = c.resolved(None, [row]).links
    assert "@" not in link.evidence
    assert "0000" not in link.evidence


@pytest.mark.parametrize("relation", ["tkg:successorOf", "dcterms:isPartOf", "tkg:departmentOf"])
def test_relations_that_go_round_in_a_circle_are_named(two, tmp_path, relation):
    c, a, b = two
    ends = [
        c.organization(record, name, slot=slot)
        for record, name, slot in (
            (a, HOSPITAL, "x"),
            (b, ANOTHER, "x"),
            (b, "示样市人民医院", "y"),
        )
    ]
    around = [(ends[n], relation, "", ends[(n + 1) % 3]) for n in range(3)]
    assert c.resolved(None, said(tmp_path, *around[:2]))
    with pytest.raises(ToolError, match=r"tsv:3 and .*tsv:4 and .*tsv:5 go round in a circle"):
        c.resolved(None, said(tmp_path, *around))
    with pytest.raises(ToolError, match=r"tsv:3 and .*tsv:4 go round in a circle"):
        c.resolved(
            None, said(tmp_path, around[0], (ends[1], "dcterms:isPartOf", "", ends[0]))
            if relation == "tkg:departmentOf"
            else said(tmp_path, around[0], (ends[1], relation, "", ends[0])),
        )  # fmt: skip


def test_a_relation_is_not_stated_and_denied(two, tmp_path):
    c, a, b = two
    ends = c.organization(a, HOSPITAL), c.organization(b, ANOTHER)
    rows = [(ends[0], "tkg:successorOf", modifier, ends[1]) for modifier in ("", "Not")]
    with pytest.raises(ToolError, match=r"tsv:4 denies what .*tsv:3 says"):
        c.resolved(None, said(tmp_path, *rows))


@pytest.mark.parametrize(
    "text", ["ror:0x", "ror:https://ror.org/012345678", "orcid:1", "orcid:x y"]
)
def test_an_id_of_another_register_looks_like_one(two, tmp_path, text):
    c, a, _ = two
    with pytest.raises(ToolError, match="is no id of https"):
        said(tmp_path, (c.organization(a, HOSPITAL), "skos:exactMatch", "", text))


def test_a_comment_is_shown_as_far_as_a_screen_goes(two, tmp_path):
    c, a, b = two
    ours, theirs = c.person(a, "陈示例"), c.person(b, "陈示列")
    rows = [
        made._replace(comment="long " * 100_000)
        for made in said(tmp_path, (ours, "skos:exactMatch", "", theirs))
    ]
    (link,) = [link for link in c.resolved(None, rows).links if link.rule == "P-A2"]
    assert len(link.evidence) < 600
    assert link.evidence.endswith("…")
