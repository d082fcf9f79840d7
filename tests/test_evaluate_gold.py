"""``kg resolve evaluate`` on labelled data that ship with the tests: what may never get worse."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, called

from kg.resolve.labelled.forms import read

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


FORMS = {
    "csv": lambda columns, rows: as_table(columns, rows, ","),
    "tsv with a BOM, CRLF and blank rows": lambda columns, rows: (
        "\ufeff" + as_table(columns, rows, "\t", "\r\n").replace("\r\n", "\r\n\r\n\t\t\r\n")
    ),
    "columns turned": lambda columns, rows: as_table(columns[::-1], rows, "\t"),
    "json": lambda columns, rows: json.dumps(as_objects(rows)),
    "json lines": lambda columns, rows: "\n".join(map(json.dumps, as_objects(rows))),
}


def as_table(columns, rows, delimiter, end="\n"):
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, columns, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def as_objects(rows):
    """Without what is empty, numbers as numbers."""
    return [
        {k: int(v) if v.isdecimal() and len(v) < 3 else v for k, v in row.items() if v}
        for row in rows
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name",
    [
        "sites.tsv",
        "people.tsv",
        "hospital_aliases_zh.tsv",
        "hospital_hard_negatives_zh.tsv",
        "authors.tsv",
    ],
)
def test_labels_are_read_alike_from_every_form_of_a_table(name, form, tmp_path):
    columns, rows = read(GOLD / name)
    made = tmp_path / "gold"
    made.write_text(FORMS[form](list(columns), rows), "utf-8", newline="")
    found, again = read(made)
    assert [{c: row.get(c, "") for c in columns} for row in again] == rows
    assert set(found) <= set(columns)


@pytest.mark.parametrize(
    "name", ["sites.tsv", "hospital_aliases_zh.tsv", "hospital_hard_negatives_zh.tsv",
             "affiliations.json"],
)  # fmt: skip
def test_a_csv_is_judged_as_its_labels_are(name, tmp_path):
    columns, rows = read(GOLD / name)
    made = tmp_path / "gold.csv"
    made.write_text("\ufeff" + as_table(columns, rows, ",", "\r\n"), "utf-8", newline="")
    assert evaluated(str(made)) == evaluated(name)


def test_people_need_a_name_an_id_and_one_channel_only(tmp_path):
    """Without the number of people in a field every row is one; no e-mail is passed over."""
    _, rows = read(GOLD / "people.tsv")
    kept = ("name", "email", "person")
    made = tmp_path / "people.tsv"
    alone = [{k: row[k] for k in kept} for row in rows if row["n_in_field"] == "1"]
    made.write_text(as_table(kept, [*alone, dict.fromkeys(kept, "") | {"person": "x"}], "\t"))
    found = evaluated(str(made))
    assert found["pairwise"]["precision"] == 1.0
    assert "P-B1" in found["by_rule"]
    assert found["not_judged"] == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no rows"),
        (b"name\tperson\n\t\n", "no rows"),
        ("name\temail\tperson\n".encode("utf-16"), "cannot be read as UTF-8"),
        (b"[1, 2]", "neither a table nor JSON objects"),
        (b"[" * 100_000, "neither a table nor JSON"),
        (b"left\tright\nx\ty\n", "no format of labelled data has the columns left, right"),
    ],
)
def test_what_is_no_labelled_data_is_told_in_one_line(content, told, tmp_path):
    made = tmp_path / "gold"
    made.write_bytes(content)
    done = called("resolve", "evaluate", made)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: {made}: ")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
