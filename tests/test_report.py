"""The files of a report: spreadsheet, JSON, Turtle, console table. The page has its own tests."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pyoxigraph
import pytest
import rdflib
from invented_reports import ACCEPTED, A, B, C, finding, hostile, iri, small
from rdflib.namespace import RDF, RDFS, SH

from kg.check import findings as dataclasses
from kg.check import report as reports
from kg.check.findings import Counts, Report
from kg.check.report.console import columns
from kg.check.report.overview import Overview, item_of, overview

FILES = (
    "findings.csv",
    "findings.json",
    "findings.jsonl",
    "findings.sarif",
    "findings.xlsx",
    "index.html",
    "junit.xml",
    "quality.ttl",
    "report.md",
    "report.ttl",
    "worklists/committee.csv",
    "worklists/committee/0f1e2d3c4b5a.csv",
    "worklists/committee/none.csv",
    "worklists/hospital.csv",
    "worklists/hospital/a0b1c2d3e4f5.csv",
    "worklists/hospital/none.csv",
    "worklists/sponsor.csv",
    "worklists/sponsor/a0b1c2d3e4f5.csv",
    "worklists/sponsor/none.csv",
)
PACKAGE = Path(reports.__file__).parent
TKG = rdflib.Namespace("https://w3id.org/trialkg/ns#")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def written(report: Report, folder: Path) -> dict[str, bytes]:
    reports.write(report, folder)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def texts(files: dict[str, bytes]) -> dict[str, str]:
    """The text of each file; of a workbook, that of its parts but the day of making."""
    found = {}
    for name, content in files.items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for part in book.namelist():
                    text = book.read(part).decode("utf-8")
                    found[f"{name}/{part}"] = re.sub(r"http://[^\s\"]*|1980-01-01", "", text)
        else:
            found[name] = content.decode("utf-8")
    return found


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


# --- all files


def test_all_files_are_written(tmp_path):
    assert set(written(small(), tmp_path / "report")) == set(FILES)


@pytest.mark.parametrize("make", [small, hostile])
def test_the_order_of_the_parts_makes_no_difference(make, tmp_path):
    report, shuffle = make(), random.Random(4)
    mixed = replace(
        report,
        findings=tuple(shuffle.sample(report.findings, len(report.findings))),
        records=tuple(shuffle.sample(report.records, len(report.records))),
        rules=tuple(shuffle.sample(report.rules, len(report.rules))),
        counts=dict(reversed(report.counts.items())),
        versions=dict(reversed(report.versions.items())),
    )
    assert written(report, tmp_path / "one") == written(mixed, tmp_path / "two")


@pytest.mark.slow
def test_another_hash_seed_gives_the_same_bytes(tmp_path):
    code = (
        "import sys; from pathlib import Path; from invented_reports import hostile;"
        "from kg.check.report import write; write(hostile(), Path(sys.argv[1]))"
    )
    here = Path(__file__).parent
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{here.parent}:{here}"},
        )
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_no_file_says_more_than_the_findings(tmp_path):
    """No clock, no path, no contact pattern: nothing that a finding or record did not bring."""
    for name, text in texts(written(small(), tmp_path / "report")).items():
        assert str(tmp_path) not in text, name
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w{2,}", text), name
        assert not re.search(r"(?<![\w.-])(\+86[ -]?)?1[3-9]\d{9}(?![\w.-])", text), name
        assert set(re.findall(r"\b20\d\d-\d\d-\d\d\b", text)) <= {
            "2026-11-22",
            "2025-10-01",
            "2025-11-21",
            "2027-01-31",
            *small().records[0].dates.values(),
        }, name


def test_equal_findings_get_names_of_their_own():
    twice = (finding("WHO-03", A), finding("WHO-03", A), finding("WHO-03", A, line=99))
    view = overview(replace(small(), findings=twice))
    key = twice[0].key
    assert [named.id for named in view.findings] == [key, f"{key}-2", f"{key}-3"]


def test_findings_are_sorted_by_severity_rule_registry_number():
    view = overview(small())
    assert [(n.finding.rule, n.finding.number) for n in view.findings] == [
        ("WHO-14a", A),
        ("WHO-14a", B),
        ("WHO-19b", A),
        ("WHO-22", None),
        ("X04", B),
        ("AG-01", None),
        ("WHO-03", A),
        ("WHO-03", B),
        ("WHO-03", C),
        ("I01", None),
    ]


def test_sums_leave_out_what_is_waived_or_structural():
    faulty = replace(small(), findings=(*small().findings, finding("ST-13", A)))
    view = overview(faulty)
    assert (view.sums, view.faults) == ((2, 4, 3, 1), 1)
    assert sum(r.sums.found for r in view.records) + len(view.across) == view.sums.found


def status(view: Overview) -> dict[str, str]:
    return {r.rule.id: r.status for r in (*view.rules, *view.structural)}


def test_a_rule_that_examined_nothing_has_not_passed():
    found = status(overview(small()))
    assert found["WHO-23"] == "not applicable"
    assert found["I04"] == "switched off"
    assert found["WHO-01"] == "passed"
    uncollected = replace(small(), counts={"WHO-01": Counts(not_collected=4)})
    assert status(overview(uncollected))["WHO-01"] == "not collected"


def test_a_rule_with_an_error_has_not_passed():
    assert status(overview(small()))["P02"] == "error"


def test_sub_items_belong_to_their_items():
    assert [item_of(s) for s in ("WHO-01b", "WHO-14a", "WHO-24c")] == ["1", "14", "24"]


# --- findings.csv


def test_the_spreadsheet_has_one_row_per_finding(tmp_path):
    report = hostile()
    table = rows(written(report, tmp_path)["findings.csv"])
    assert Counter(row["rule"] for row in table) == Counter(f.rule for f in report.findings)
    assert len({row["key"] for row in table}) == len(table)


def test_a_row_says_what_where_and_what_to_do(tmp_path):
    table = rows(written(small(), tmp_path)["findings.csv"])
    row = next(row for row in table if row["rule"] == "X04")
    assert row == {
        "rule": "X04",
        "severity": "warning",
        "dimension": "Pl",
        "registry": "chictr",
        "number": B,
        "item": "",
        "state": "",
        "field": "",
        "values": "approved: 2025-11-21; days: 51; start: 2025-10-01",
        "printed": "2025-11-21 00:00:00",
        "file": f"{B}.txt",
        "line": "27",
        "message_en": "The study starts 51 days before ethics approval (2025-10-01, 2025-11-21).",
        "message_zh": "研究开始（2025-10-01）早于伦理批准（2025-11-21）51天。",
        "remedy_en": "Check against protocol and approval letter.",
        "remedy_zh": "对照方案与伦理批件核对。",
        "key": small().findings[3].key,
        "focus": iri(B),
        "waived": "no",
        "waived_because": "",
        "trend": "",
    }


def test_no_cell_is_a_formula_or_holds_control_characters(tmp_path):
    content = written(hostile(), tmp_path)["findings.csv"]
    cells = [cell for row in rows(content) for cell in row.values()]
    assert not [c for c in cells if c.lstrip()[:1] in tuple("=+-@＝＋－＠") and c]
    assert not [c for c in cells if CONTROL.search(c) or "\n" in c or "\t" in c]
    assert "'=cmd()|' /C calc'!A0" in cells
    assert "'@SUM(1+1)*cmd|' /C calc'!A0" in cells
    assert '"quoted", with; commas and a second line' in cells


def test_the_spreadsheet_is_rfc_4180_without_a_mark(tmp_path):
    content = written(hostile(), tmp_path)["findings.csv"]
    assert content.startswith(b"rule,severity,dimension,registry,number,item,state,field,values,")
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert len(lines) == len(hostile().findings) + 2


def test_a_spreadsheet_without_findings_has_its_header(tmp_path):
    content = written(replace(small(), findings=()), tmp_path)["findings.csv"]
    assert content.count(b"\r\n") == 1


# --- findings.json


SCHEMA = json.loads((PACKAGE / "findings.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def wrong(content: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(content)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("make", [small, hostile])
def test_the_json_is_as_its_schema_says(make, tmp_path):
    content = json.loads(written(make(), tmp_path)["findings.json"])
    assert wrong(content) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.pop("run"),
        lambda c: c.update(schema="findings/2"),
        lambda c: c["findings"][0].update(severity="bad"),
        lambda c: c["findings"][0].update(extra=1),
        lambda c: c["findings"][0].update(line=0),
        lambda c: c["records"][0].update(score={}),
        lambda c: c["rules"][0]["counts"].update(passed=-1),
        lambda c: c["rules"][0].update(order="10"),
    ],
)
def test_the_schema_refuses_what_is_wrong(change, tmp_path):
    content = json.loads(written(small(), tmp_path)["findings.json"])
    change(content)
    assert wrong(content)


def test_the_schema_lists_the_words_of_the_dataclasses():
    part = SCHEMA["$defs"]["finding"]["properties"]
    assert part["severity"]["enum"] == list(get_args(dataclasses.Severity))
    assert part["dimension"]["enum"] == list(get_args(dataclasses.Dimension))
    assert set(part["state"]["enum"]) == {*get_args(dataclasses.State), None}
    codes = part["remedy"]["anyOf"][1]["properties"]["code"]["enum"]
    assert codes == list(get_args(dataclasses.Remedy))


def test_the_json_tells_scores_counts_and_sums(tmp_path):
    content = json.loads(written(small(), tmp_path)["findings.json"])
    assert content["run"]["found"] == {
        "violation": 2,
        "warning": 4,
        "info": 3,
        "waived": 1,
        "structural": 0,
        "errors": 1,
    }
    by_number = {r["number"]: r for r in content["records"]}
    assert by_number[A]["score"] == {
        "numerator": 18.0833,
        "denominator": 20,
        "share": 0.9042,
        "band": "mostly",
    }
    page = by_number[None]
    assert page["score"] is None
    assert (page["items_shown"], page["items_asked"], page["items_not_collected"]) == (7, 8, 16)
    rule = next(r for r in content["rules"] if r["id"] == "P02")
    assert rule["status"] == "error"
    assert rule["counts"]["applicable"] == 3


# --- report.ttl


@pytest.mark.parametrize("make", [small, hostile])
def test_two_readers_agree_on_the_turtle_and_on_the_quads(make, tmp_path):
    report = make()
    content = written(report, tmp_path)["report.ttl"]
    oxigraph = {str(t) for t in pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE)}
    by_rdflib = rdflib.Graph().parse(data=content, format="turtle").serialize(format="nt")
    again = pyoxigraph.parse(by_rdflib, pyoxigraph.RdfFormat.N_TRIPLES)
    assert {str(t) for t in again} == oxigraph
    quads = list(pyoxigraph.parse("".join(reports.quads(report)), pyoxigraph.RdfFormat.N_QUADS))
    # The graph of findings says beside them how complete each record with a score is.
    shares = {
        q.subject.value: q.object.value for q in quads if q.predicate.value == f"{TKG}completeness"
    }
    assert shares == {
        r.record: f"{r.completeness:.4f}" for r in report.records if r.completeness is not None
    }
    findings = [q for q in quads if q.predicate.value != f"{TKG}completeness"]
    assert {str(q.triple) for q in findings} == oxigraph
    assert {q.graph_name.value for q in quads} == {"https://w3id.org/trialkg/graph/findings"}
    assert len(findings) == len(oxigraph)


def graph(report: Report, folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written(report, folder)["report.ttl"], format="turtle")


def test_each_result_says_all_that_the_standard_asks(tmp_path):
    report = small()
    g = graph(report, tmp_path)
    results = set(g.subjects(RDF.type, SH.ValidationResult))
    assert len(results) == len(report.findings)
    assert set(g.objects(rdflib.URIRef("https://w3id.org/trialkg/id/report"), SH.result)) == results
    for one in results:
        for name in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape):
            assert len(list(g.objects(one, name))) == 1, name
        languages = {text.language for text in g.objects(one, SH.resultMessage)}
        assert languages == {"en", "zh"}
        assert len(list(g.objects(one, SH.value))) <= 1


def test_a_result_names_rule_record_and_value(tmp_path):
    g = graph(small(), tmp_path)
    one = next(f for f in small().findings if f.rule == "WHO-19b")
    node = rdflib.URIRef(f"https://w3id.org/trialkg/id/finding/{one.key}")
    assert g.value(node, SH.sourceShape) == rdflib.URIRef("https://w3id.org/trialkg/shapes#WHO-19b")
    assert g.value(node, SH.resultSeverity) == SH.Warning
    assert g.value(node, TKG.findingRecord) == rdflib.URIRef(iri(A))
    assert str(g.value(node, SH.value)) == "总有效率"


def test_no_blank_nodes_and_a_label_on_every_node(tmp_path):
    g = graph(hostile(), tmp_path)
    for node in set(g.subjects()):
        assert isinstance(node, rdflib.URIRef)
        assert {label.language for label in g.objects(node, RDFS.label)} == {"en", "zh"}


@pytest.mark.parametrize(
    ("keep", "answer"),
    [
        (lambda f: True, False),
        (lambda f: f.severity != "violation", True),
        (lambda f: False, True),
    ],
)
def test_only_violations_are_held_against_the_data(keep, answer, tmp_path):
    report = replace(small(), findings=tuple(filter(keep, small().findings)))
    assert [o.toPython() for o in graph(report, tmp_path).objects(None, SH.conforms)] == [answer]


def test_a_waived_violation_is_not_held_against_the_data(tmp_path):
    report = replace(small(), findings=(finding("WHO-14a", A, waiver=ACCEPTED),))
    g = graph(report, tmp_path)
    assert [o.toPython() for o in g.objects(None, SH.conforms)] == [True]
    assert [o.toPython() for o in g.objects(None, TKG.waived)] == [True]


# --- console


def test_the_table_shows_the_worst_first_and_ends_with_the_sum():
    lines = reports.table(small(), 100, False).splitlines()
    shown = [line.split()[1] for line in lines[1:9]]
    assert shown == ["WHO-14a", "WHO-19b", "WHO-22", "X04", "AG-01", "WHO-03", "I01", "P02"]
    assert lines[1].split()[0] == "■"
    assert "2/4" in lines[1]
    assert A in lines[1]
    assert lines[-1] == "4 records, 12 rules: 2 violations, 4 warnings, 3 hints"
    assert lines[-1] == reports.verdict(small())


def test_the_table_names_waived_unexamined_and_faulty_things():
    faulty = replace(small(), findings=(*small().findings, finding("ST-13", A)))
    text = reports.table(faulty, 100, False)
    assert "waived: 1 finding" in text
    assert "not examined because of an error: 1 place" in text
    assert "our own output: 1 fault (ST-13)" in text
    assert "rules that found nothing: 2 passed, 1 not applicable, 1 switched off" in text


def test_the_table_shows_the_worst_records():
    text = reports.table(small(), 100, False)
    record = next(line for line in text.splitlines() if line.startswith(A))
    assert "■   1  ▲   1  ●   1  90.4 % mostly" in record
    assert "7 of 8 items shown" in text


@pytest.mark.parametrize("width", [10, 60, 80, 133])
@pytest.mark.parametrize("make", [small, hostile])
def test_no_line_is_wider_than_the_terminal(make, width):
    for line in reports.table(make(), width, False).splitlines()[:-1]:
        assert columns(line) <= max(width, 40), line


def test_chinese_characters_take_two_columns():
    assert [columns(text) for text in ("abc", "年龄", "■ A", "e\u0301", "ａ")] == [3, 4, 3, 1, 2]


def test_colour_only_where_asked_and_never_from_the_data():
    assert "\x1b" not in reports.table(hostile(), 100, False)
    painted = reports.table(hostile(), 100, True)
    assert re.sub(r"\x1b\[(0|2|31|33|34)m", "", painted) == reports.table(hostile(), 100, False)
    assert painted.count("\x1b[0m") * 2 == painted.count("\x1b")


def test_an_empty_report_is_said_to_be_empty():
    empty = replace(small(), records=(), findings=(), counts={})
    assert reports.verdict(empty) == "0 records, 12 rules: 0 violations, 0 warnings, 0 hints"
