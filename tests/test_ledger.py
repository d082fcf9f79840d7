"""Ids that survive updates: batch and increments agree, ids stay, a failed run writes nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SAMPLES, called
from resolve_corpus import Corpus

from kg.errors import ToolError
from kg.resolve import Ledger, Resolution, ledger, resolve
from kg.resolve.mentions import Mentions

HOSPITALS = ("示例市人民医院", "示例市第一人民医院", "示例大学附属医院", "示范市中心医院")


def corpus() -> Corpus:
    """Sixty records whose people, hospitals and committees recur."""
    made = Corpus()
    for n in range(60):
        record = made.record(f"A{n:02}", f"20{10 + n // 5}-01-01")
        home = made.organization(record, HOSPITALS[n % 4])
        made.committee(record, HOSPITALS[n % 4] + "伦理委员会")
        made.person(
            record, f"陈示{'例范本样'[n % 4]}", at=[home], contacts=[("e-mail", f"m{n % 8}")]
        )
    return made


def part(whole: Corpus, records: set[str]) -> Mentions:
    kept = {iri: m for iri, m in whole.mentions.items() if m.record in records}
    return Mentions(kept, {iri: r for iri, r in whole.records.items() if iri in records})


def groups(resolution: Resolution) -> set[frozenset[str]]:
    return {frozenset(entity.members) for entity in resolution.entities}


def through_text(made: Ledger, tmp_path: Path) -> Ledger:
    path = tmp_path / "ids.tsv"
    path.write_text("".join(made.text()), "utf-8")
    return ledger.read(path)


@pytest.mark.parametrize("newest_first", [False, True])
def test_snapshots_in_any_order_give_the_groups_of_one_batch_and_keep_ids(tmp_path, newest_first):
    whole = corpus()
    order = sorted(whole.records, reverse=newest_first)
    known, before, kept, all_ids = Ledger(), {}, 0, 0
    for end in (15, 30, 45, 60):
        step = resolve(part(whole, set(order[:end])), whole.contacts, known)
        kept += sum(step.refers[iri] == was for iri, was in before.items())
        all_ids += len(before)
        known, before = through_text(step.ledger, tmp_path), step.refers
    assert groups(step) == groups(whole.resolved())
    assert kept / all_ids >= 0.99


def test_records_that_are_missing_for_once_lose_no_id(tmp_path):
    whole = corpus()
    all_of_them = whole.resolved()
    half = resolve(part(whole, set(sorted(whole.records)[30:])), whole.contacts, all_of_them.ledger)
    assert all(all_of_them.refers[iri] == now for iri, now in half.refers.items())
    again = whole.resolved(through_text(half.ledger, tmp_path))
    assert again.refers == all_of_them.refers
    assert again.replaced == {}


def test_an_id_is_never_given_twice(tmp_path):
    c = Corpus()
    a, b = c.record("A1", "2025-01-01"), c.record("A2", "2026-01-01")
    ours, theirs = (c.person(r, "陈示例", contacts=[("e-mail", "a1")]) for r in (a, b))
    first = c.resolved()
    del c.mentions[ours]  # the founder is gone, what is left keeps its id
    second = c.resolved(through_text(first.ledger, tmp_path))
    assert second.refers[theirs] == first.refers[ours]
    newcomer = c.person(a, "陈示例")
    assert newcomer == ours
    third = c.resolved(through_text(second.ledger, tmp_path))
    ids = [row.iri for row in third.ledger.rows]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "ids.tsv:1: no ledger"),
        ("id\tkind\n", "ids.tsv:1: no ledger"),
        ("{head}person/1\tperson\n", "ids.tsv:2: expected 8 cells"),
        ("{head}person/1\tperson\tmention/a/b/c\t\t\t\t\tz0 z1\n", "2: 2 names of 1 mention;"),
        ("{head}=cmd()\tperson\tmention/a/b/c\t\t\t\t\t\n", "2: '=cmd()' is no id of kind person"),
        ("{head}person/../x\tperson\tmention/a/b/c\t\t\t\t\t\n", "is no id of kind person"),
        ("{head}trial/1\tperson\tmention/a/b/c\t\t\t\t\t\n", "is no id of kind person"),
        (
            "{head}person/2\tperson\tmention/a/b/c\t\tperson/9\t\t\t\n",
            "2: replaced by person/9, which",
        ),
        (
            "{head}person/2\tperson\tmention/a/b/c\t\tperson/2\t\t\t\n",
            "person/2 is replaced by itself",
        ),
        (
            "{head}person/2\tperson\tmention/a/b/c\t\tperson/3\t\t\t\n"
            "person/3\tperson\tmention/a/b/d\t\tperson/2\t\t\t\n",
            "ids.tsv:2: person/2 is replaced by itself",
        ),
        ("{head}{row}{row}", "ids.tsv:3: person/1 was given twice"),
    ],
)
def test_a_file_that_is_no_ledger_is_refused_with_its_line(tmp_path, text, told):
    path = tmp_path / "ids.tsv"
    head = "\t".join(ledger.COLUMNS) + "\n"
    row = "person/1\tperson\tmention/a/b/c\t\t\t\t\t\n"
    path.write_text(text.replace("{head}", head).replace("{row}", row), "utf-8")
    with pytest.raises(ToolError) as error:
        ledger.read(path)
    assert told in error.value.message


def test_the_ledger_is_written_with_the_output_and_read_by_the_next_build(tmp_path):
    ids, out = tmp_path / "identity" / "ids.tsv", tmp_path / "out"
    call = (
        "build",
        SAMPLES / "chictr",
        "-o",
        out,
        "--formats",
        "nq",
        "--no-check",
        "--ledger",
        ids,
    )
    first = called(*call)
    assert first.returncode == 0
    assert "no ledger yet" in first.stderr
    text, graph = ids.read_bytes(), (out / "graph.nq").read_bytes()
    second = called(*call)
    assert "no ledger yet" not in second.stderr
    assert ids.read_bytes() == text
    assert (out / "graph.nq").read_bytes() == graph
    assert sorted(path.name for path in ids.parent.iterdir()) == ["ids.tsv"]


PAGES = ("clean-single-centre-web-cn.txt", "multicentre-two-leaders-web-en.txt")
# Kills a build when it is about to remove the output that it has replaced.
KILLED_LATE = """
import os, signal, sys
from kg import cli
def watch(event, arguments):
    if event == "shutil.rmtree" and str(arguments[0]).endswith(".out.building/new"):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
cli.run()
"""


def test_no_output_shows_an_id_that_the_ledger_does_not_know_wherever_it_was_killed(tmp_path):
    """The next build would not know that the id was given, and could let another one stand."""
    ids, out = tmp_path / "ids.tsv", tmp_path / "out"
    pages = [SAMPLES / "chictr" / name for name in PAGES]
    call = ("-o", out, "--formats", "nq", "--no-check", "--jobs", "1", "--ledger", ids)
    assert called("build", pages[0], *call).returncode == 0
    command = [sys.executable, "-c", KILLED_LATE, *map(str, ("build", *pages, *call))]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    shown = set(re.findall(r"/id/((?:person|trial)/[\w-]+)>", (out / "graph.nq").read_text()))
    known = ids.read_text()
    assert len(shown) > 3
    assert not [iri for iri in shown if iri not in known]


def test_a_failed_build_leaves_the_ledger_as_it_was(tmp_path):
    ids, out = tmp_path / "ids.tsv", tmp_path / "out"
    call = ("-o", out, "--formats", "nq", "--no-check", "--ledger", ids)
    assert called("build", SAMPLES / "chictr", *call).returncode == 0
    text = ids.read_bytes()
    bad = tmp_path / "overrides.tsv"  # lies beside the ledger, so it counts
    bad.write_text("subject_id\n", "utf-8")
    failed = called("build", SAMPLES, *call)
    assert failed.returncode == 2
    assert "no column predicate_id" in failed.stderr
    assert ids.read_bytes() == text
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert called("build", nothing, *call).returncode != 0
    assert ids.read_bytes() == text


@pytest.mark.slow
def test_what_was_replaced_and_split_off_is_told_and_breaks_no_rule_of_the_graph(tmp_path):
    ids, first, second = tmp_path / "ids.tsv", tmp_path / "first", tmp_path / "second"
    call = ("--formats", "nq", "-q", "--ledger", ids)
    assert called("build", SAMPLES, "-o", first, *call).stderr.count("Traceback") == 0
    links = [line.split("\t") for line in (first / "links.tsv").read_text("utf-8").splitlines()]
    asked = next(row for row in links if row[0] == "possible" and row[3] == "person")
    joined = next(row for row in links if row[:2] == ["same", "O-B1"])
    rows = ["subject_id\tpredicate_id\tpredicate_modifier\tobject_id"]
    rows.append(f"{asked[6]}\tskos:exactMatch\t\t{asked[7]}")
    rows.append(f"{joined[6]}\tskos:exactMatch\tNot\t{joined[7]}")
    (tmp_path / "overrides.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    called("build", SAMPLES, "-o", second, *call)
    graph = (second / "graph.nq").read_text("utf-8")
    assert graph.count("isReplacedBy> <https://w3id.org/trialkg/id/person/") == 1
    assert graph.count("wasDerivedFrom> <https://w3id.org/trialkg/id/organization/") == 1
    findings = (second / "report" / "findings.csv").read_text("utf-8").splitlines()
    assert [line for line in findings if line.startswith("ST-")] == []
    kept = called("resolve", "diff", first, second).stdout
    assert "merged: 1" in kept
    assert "split: 1" in kept
