"""``kg resolve evaluate`` on labelled data that ship with the tests: what may never get worse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, called

GOLD = Path(__file__).parent / "data" / "gold"


def evaluated(name: str, *more: object) -> dict[str, Any]:
    done = called("resolve", *more, "evaluate", GOLD / name, "--json", "--ror", GOLD / "ror.jsonl")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("name", "mentions", "recall", "f1"),
    [
        ("sites.tsv", 200, 0.97, 0.98),
        ("people.tsv", 70, 0.75, 0.95),
        ("hospital_aliases_zh.tsv", 35, 1.0, 1.0),
        ("hospital_hard_negatives_zh.tsv", 300, 1.0, 1.0),
        ("affiliations.json", 20, 1.0, 1.0),
        ("authors.tsv", 80, 0.6, 0.97),
    ],
)
def test_no_set_is_merged_wrongly_and_recall_stays(name, mentions, recall, f1):
    found = evaluated(name)
    assert found["mentions"] >= mentions
    assert found["pairwise"]["precision"] == 1.0
    assert found["false_merges_per_1000"] == 0
    assert found["pairwise"]["recall"] >= recall
    assert found["b3"]["f1"] >= f1


def test_affiliations_are_also_counted_strictly():
    """The label of one names an organization outside the dump: nobody can say, or it is wrong."""
    found = evaluated("affiliations.json")
    assert found["not_judged"] == 1
    readings = found["readings"]
    assert readings["where_the_dump_has_the_label"]["precision"] == 1.0
    assert readings["unjudged_taken_as_right"]["precision"] == 1.0
    answers = 17
    assert readings["strict"]["precision"] == round((answers - 1) / answers, 4)
    assert readings["label_or_its_relation"]["precision"] == 1.0
    table = called("resolve", "evaluate", GOLD / "affiliations.json", "--ror", GOLD / "ror.jsonl")
    assert "counted strict: precision 0.941, recall 1.000" in table.stdout


def test_an_answer_where_a_person_found_nobody_is_wrong_and_a_list_tells_what_is_open(tmp_path):
    rows = json.loads((GOLD / "affiliations.json").read_text("utf-8"))
    rows += [{"affiliation": "Yueyang No.1 People's Hospital, Yueyang, China", "ror_ids": []}]
    path = tmp_path / "affiliations.json"
    path.write_text(json.dumps(rows), "utf-8")
    found = evaluated(str(path))
    assert found["not_judged"] == 1
    assert found["pairwise"]["precision"] == round(16 / 17, 4)
    done = called("resolve", "evaluate", path, "--ror", GOLD / "ror.jsonl", "--list")
    lines = done.stdout.splitlines()
    assert len([line for line in lines if line.startswith("wrong: Yueyang No.1")]) == 1
    assert len([line for line in lines if "; label: https://ror.org/" in line]) == 1


def test_coauthors_tell_namesakes_apart_and_a_row_without_a_name_is_counted(tmp_path):
    found = evaluated("authors.tsv")
    assert found["by_rule"]["P-C3"] == {"links": 1, "right": 1, "precision": 1.0}
    lines = (GOLD / "authors.tsv").read_text("utf-8").splitlines()
    alone = tmp_path / "alone.tsv"
    alone.write_text("".join(line.rpartition("\t")[0] + "\n" for line in [*lines, "x\tB99\t\t\t"]))
    without = evaluated(str(alone))
    assert "P-C3" not in without["by_rule"]
    assert without["pairwise"]["precision"] == 1.0
    assert without["not_judged"] == 1


def test_pairs_of_records_are_judged_in_their_graph(tmp_path):
    out = tmp_path / "out"
    called("build", SAMPLES / "chictr", "-o", out, "--formats", "nq", "--no-check", "-q")
    found = evaluated("given_record_pairs.tsv", "-g", out)
    assert found["not_judged"] == 0
    assert found["wrong"] == 0
    assert found["mentions"] == 28
