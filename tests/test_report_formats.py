"""The files of a report that other tools read, read by readers that we did not write."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
import rdflib
from invented_reports import ACCEPTED, HOSTILE, NUMBERS, A, B, finding, hostile, large, small
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase
from rdflib import RDF, RDFS

from kg.check import report as reports
from kg.check.findings import Report, WaiverNote
from kg.check.report import as_github, as_markdown, as_sarif, as_xlsx
from kg.check.report.overview import overview

BOTH = pytest.mark.parametrize("make", [small, hostile])
SARIF = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"  # of OASIS, errata 01
DQV = rdflib.Namespace("http://www.w3.org/ns/dqv#")
TKG = rdflib.Namespace("https://w3id.org/trialkg/ns#")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text(report: Report, form: str) -> str:
    return "".join(reports.STREAMS[form](overview(report)))


# --- workbook


def book(report: Report, folder: Path, rows: int = as_xlsx.ROWS) -> openpyxl.Workbook:
    as_xlsx.write(overview(report), folder / "findings.xlsx", rows)
    return openpyxl.load_workbook(folder / "findings.xlsx")


def test_the_workbook_has_a_row_for_each_finding(tmp_path):
    made = book(small(), tmp_path)
    assert made.sheetnames == ["findings", "rules", "examined"]
    header, *rows = made["findings"].iter_rows(values_only=True)
    assert header[:4] == ("rule", "severity", "dimension", "registry")
    assert len(rows) == len(small().findings)
    first = dict(zip(header, rows[4], strict=True))
    assert (first["rule"], first["line"], first["number"]) == ("X04", "27", B)
    waived = dict(zip(header, rows[8], strict=True))
    assert (waived["waived"], waived["waived_because"]) == ("yes", ACCEPTED.reason)
    assert made["rules"].max_row == len(small().rules) + 1


@BOTH
def test_every_cell_of_the_workbook_is_text(make, tmp_path):
    made = book(make(), tmp_path)
    for sheet in made:
        assert list(sheet.merged_cells.ranges) == []
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.value is not None:
                    assert cell.data_type == "s", (sheet.title, cell.coordinate, cell.value)
                    assert not CONTROL.search(cell.value)
    assert made.defined_names.keys() <= {"_xlnm._FilterDatabase"}


def test_formulas_stand_in_the_workbook_as_they_were_printed(tmp_path):
    values = {
        cell.value
        for row in book(hostile(), tmp_path)["findings"].iter_rows()
        for cell in row
        if cell.value
    }
    assert "=cmd()|' /C calc'!A0" in values
    assert "<img src=x onerror=\"document.title='taken'\">" in values


def test_a_cell_that_is_too_long_is_cut_and_told(tmp_path):
    long = replace(small(), findings=(finding("X04", A, printed="字" * 40_000),))
    notes = as_xlsx.write(overview(long), tmp_path / "findings.xlsx")
    assert notes == [
        "findings.xlsx: 1 cell was cut after 32,767 characters, as many as a cell holds; "
        "findings.csv has them whole"
    ]
    sheet = openpyxl.load_workbook(tmp_path / "findings.xlsx")["findings"]
    assert sheet["J2"].value == "字" * 32_766 + "…"


def test_rows_beyond_the_limit_of_a_sheet_are_counted(tmp_path):
    notes = as_xlsx.write(overview(small()), tmp_path / "findings.xlsx", 5)
    assert notes == [
        "findings.xlsx holds the first 4 findings, as many rows as a sheet has; "
        "6 more are in findings.csv"
    ]
    made = openpyxl.load_workbook(tmp_path / "findings.xlsx")
    assert made["findings"].max_row == 5
    told = {row[0]: row[1] for row in made["examined"].iter_rows(values_only=True)}
    assert told["findings that did not fit into this workbook, see findings.csv"] == "6"


def test_the_workbook_leaves_nothing_beside_it(tmp_path):
    as_xlsx.write(overview(small()), tmp_path / "findings.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["findings.xlsx"]


# --- JUnit


def cases(report: Report) -> dict[str, TestCase]:
    suites = JUnitXml.fromstring(text(report, "junit").encode())
    return {case.name.split()[0]: case for suite in suites for case in suite}


def test_there_is_one_test_case_for_each_rule():
    suites = JUnitXml.fromstring(text(small(), "junit").encode())
    assert set(cases(small())) == {rule.id for rule in small().rules}
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (13, 7, 1, 2)
    assert sum(suite.tests for suite in suites) == suites.tests


def test_what_examined_nothing_is_skipped_and_what_could_not_is_an_error():
    found = cases(small())
    assert isinstance(found["WHO-23"].result[0], Skipped)
    assert isinstance(found["I04"].result[0], Skipped)
    assert isinstance(found["P02"].result[0], Error)
    assert found["WHO-01"].result == []


def test_a_failure_says_how_often_where_and_what_to_do():
    (failure,) = cases(small())["WHO-14a"].result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("violation", "2 findings in 4 places examined")
    assert failure.text.split("\n")[:2] == [
        "What to do: Complete the field in the registry entry.",
        f"{A}.txt:27: inclusion criteria: not given (blank). · 纳入标准：未填写（留空）。",
    ]


def test_a_rule_with_waived_findings_only_passes_and_tells_why():
    waived = replace(small(), findings=(finding("WHO-14a", A, waiver=ACCEPTED),), counts={})
    case = cases(waived)["WHO-14a"]
    assert case.result == []
    assert "waived by a curator: no second number exists" in case.system_out


@BOTH
def test_junit_holds_no_mark_up_from_records(make):
    content = text(make(), "junit")
    assert not CONTROL.search(content)
    tags = set(re.findall(r"<(\w+)", content))
    assert tags <= {
        *("testsuites", "testsuite", "testcase", "properties", "property"),
        *("failure", "error", "skipped", "system"),
    }


# --- SARIF


@cache
def sarif_schema() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads(SARIF.read_text(encoding="utf-8")))


def sarif(report: Report, **view: Any) -> Any:
    return json.loads("".join(as_sarif.lines(overview(report, **view))))


@BOTH
def test_sarif_is_as_its_schema_says(make):
    content = sarif(make())
    assert [e.message for e in sarif_schema().iter_errors(content)] == []
    content["runs"][0]["results"][0]["level"] = "bad"
    assert list(sarif_schema().iter_errors(content))


def test_a_result_stands_at_its_file_and_line():
    (run,) = sarif(small())["runs"]
    result = run["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": f"{A}.txt"}, "region": {"startLine": 27}}
    assert (result["ruleId"], result["level"]) == ("WHO-14a", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "WHO-14a"
    assert result["partialFingerprints"] == {"trialkgFinding/v1": small().findings[0].key}
    levels = [r["level"] for r in run["results"]]
    assert levels == ["error"] * 2 + ["warning"] * 4 + ["note"] * 4
    across = run["results"][-1]
    assert across["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": "graph.nq"}}
    (waived,) = [r for r in run["results"] if "suppressions" in r]
    assert waived["suppressions"][0]["justification"] == f"a curator: {ACCEPTED.reason}"


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("记录/a b.txt", "%E8%AE%B0%E5%BD%95/a%20b.txt"),
        ("more.zip!in/a.txt", "more.zip!in/a.txt"),
        ("//host/x", "host/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("/", "graph.nq"),
    ],
)
def test_a_file_is_a_relative_reference_without_scheme_or_host(file, uri):
    (run,) = sarif(replace(small(), findings=(finding("X04", A, file=file),)))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


def test_results_are_capped_and_the_rest_is_counted():
    (run,) = sarif(large(findings=6000, records=100))["runs"]
    assert len(run["results"]) == 5000
    (note,) = run["invocations"][0]["toolExecutionNotifications"][:1]
    assert note["message"]["text"].startswith("1,000 more findings are not in this file")


# --- GitHub


def test_there_is_one_annotation_for_each_rule_that_found_something():
    shown = text(small(), "github").splitlines()
    assert shown[0] == (
        f"::error file={A}.txt,line=27,title=WHO-14a inclusion criteria::"
        "inclusion criteria: not given (blank). 纳入标准：未填写（留空）。 "
        "→ Complete the field in the registry entry. (+1 more)"
    )
    assert [line.split()[0] for line in shown] == [
        *["::error"],
        *["::warning"] * 4,
        *["::notice"] * 2,
        *["::error", "4"],
    ]
    assert shown[-2] == (
        "::error title=not examined::1 check could not be carried out, which is no pass"
    )
    assert shown[-1] == "4 records, 12 rules: 2 violations, 4 warnings, 3 hints"


@pytest.mark.parametrize("below", ["records", "records/"])
def test_tools_that_open_a_file_are_told_where_it_lies(below):
    view = overview(small(), below=below)
    assert next(iter(as_github.lines(view))).startswith(f"::error file=records/{A}.txt,line=27,")
    (run,) = json.loads("".join(as_sarif.lines(view)))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"records/{A}.txt"
    across = run["results"][-1]["locations"][0]["physicalLocation"]
    assert across["artifactLocation"]["uri"] == "graph.nq", "of no file"


def test_more_rules_than_github_shows_are_named_in_the_last_annotation():
    rules = [replace(small().rules[1], id=f"WHO-{n:02}", order=n) for n in range(1, 16)]
    findings = tuple(
        replace(finding("WHO-03", A), rule=rule.id, focus=f"https://example.org/{n}")
        for rule in rules
        for n in range(3)
    )
    shown = text(
        replace(small(), rules=tuple(rules), findings=findings, counts={}), "github"
    ).splitlines()
    assert len(shown) == 11
    assert shown[9].startswith(
        "::notice title=more rules::6 more rules found something: WHO-10 (3)"
    )


def test_no_value_of_a_record_starts_or_ends_a_command():
    evil = "a\r\n::error::taken %0A::set-env name=x::y,title=z::"
    report = replace(
        small(),
        findings=(finding("X04", A, file=evil, message_en=evil, message_zh=evil, remedy_en=evil),),
    )
    shown = text(report, "github").splitlines()
    assert len(shown) == 3
    properties, _, message = shown[0].removeprefix("::warning ").partition("::")
    assert properties.split(",")[1:] == ["line=27", "title=X04 study starts before ethics approval"]
    assert "%250A" in message
    for line in text(hostile(), "github").splitlines()[:-1]:
        assert re.match(r"::(error|warning|notice) ", line)
        assert not CONTROL.search(line)


def test_no_row_of_the_table_is_a_command():
    evil = "::error::taken"
    records = tuple(replace(r, number=evil, title_en=evil) for r in small().records)
    report = replace(small(), records=records)
    notes = (WaiverNote(rule=evil, about=evil, by="x", reason="y", until=None, problem="unused"),)
    for line in reports.table(replace(report, waiver_notes=notes), 100, False).splitlines():
        assert not line.lstrip().startswith(("::", "##["))


# --- Markdown


def test_the_summary_says_verdict_rules_records_and_items():
    content = text(small(), "markdown")
    for part in (
        "# Quality of trial records, as of 2026-11-22",
        "required content is missing or impossible in 2 places",
        "2处必填内容缺失或不可能成立",
        f"| ■ violation | WHO-14a | inclusion criteria · 纳入标准 | 2 of 4 | {A}.txt\\:27",
        f"| {A} | An invented drug for an invented disease | 1 | 1 | 1 | 18.08 of 20 = 90.4 % |",
        "| 14 | Key inclusion and exclusion criteria | 2 of 4 | 50.0 % |",
        f"* Waived: WHO-03, ChiCTR2699990003: {ACCEPTED.reason} (a curator, until 2027-01-31)",
    ):
        assert part in content, part


def test_the_summary_stays_below_a_mebibyte_and_counts_what_it_leaves_out():
    rules = [replace(small().rules[1], id=f"R-{n:03}", order=n) for n in range(150)]
    findings = tuple(
        replace(finding("WHO-03", A), rule=rule.id, message_en="文" * 5000, waiver=waiver)
        for rule in rules
        for waiver in (None, ACCEPTED)
    )
    report = replace(small(), rules=tuple(rules), findings=findings, counts={})
    content = text(report, "markdown")
    assert len(content.encode()) < as_markdown.MOST
    assert "… and 130 more rules with 130 findings." in content
    assert "… and 130 more waived findings" in content


def test_what_records_print_is_no_mark_up():
    content = text(hostile(), "markdown")
    assert not CONTROL.search(content.replace("\n", ""))
    for line in content.splitlines():
        bare = re.sub(r"\\.", "", line)
        assert "<" not in bare
        assert "](" not in bare
        if line.startswith("|"):
            assert bare.endswith("|")
    image = "![x](http://example.org/x.png) @someone #1 www.example.org `code` | **b**"
    shown = text(replace(small(), findings=(finding("X04", A, message_en=image),)), "markdown")
    assert (
        "\\!\\[x\\]\\(http\\://example.org/x.png\\) \\@someone \\#1 www\\.example.org "
        "\\`code\\` \\| \\*\\*b\\*\\*"
    ) in shown


# --- measurements


@BOTH
def test_measurements_carry_numerator_and_denominator(make, tmp_path):
    reports.write(make(), tmp_path)
    g = rdflib.Graph().parse(tmp_path / "quality.ttl", format="turtle")
    measured = set(g.subjects(RDF.type, DQV.QualityMeasurement))
    assert measured
    for one in measured:
        (value,) = g.objects(one, DQV.value)
        (part,) = g.objects(one, TKG.numerator)
        (whole,) = g.objects(one, TKG.denominator)
        assert 0 <= float(part) <= int(whole)
        assert float(value) == pytest.approx(float(part) / int(whole), abs=1e-6)
        (metric,) = g.objects(one, DQV.isMeasurementOf)
        (dimension,) = g.objects(metric, DQV.inDimension)
        assert (dimension, RDF.type, DQV.Dimension) in g
        assert len(list(g.objects(one, DQV.computedOn))) == 1
    for node in set(g.subjects()):
        assert {label.language for label in g.objects(node, RDFS.label)} == {"en", "zh"}


def test_what_applies_nowhere_is_not_measured(tmp_path):
    reports.write(small(), tmp_path)
    g = rdflib.Graph().parse(tmp_path / "quality.ttl", format="turtle")
    base = "https://w3id.org/trialkg/quality/rule/"
    assert (rdflib.URIRef(base + "WHO-23"), RDF.type, DQV.Metric) in g
    assert (rdflib.URIRef(base + "WHO-23/data"), None, None) not in g
    (share,) = g.objects(rdflib.URIRef(base + "WHO-14a/data"), DQV.value)
    assert float(share) == 0.5


# --- streams


def test_a_stream_holds_the_findings_as_the_json_does():
    whole = json.loads(text(small(), "json"))
    lines = text(small(), "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == whole["findings"]


@pytest.mark.parametrize(("findings", "records"), NUMBERS)
def test_many_findings_are_written_in_every_format(findings, records, tmp_path):
    report = large(findings, records)
    assert reports.write(report, tmp_path) == []
    assert {p.name for p in tmp_path.iterdir()} == set(reports.FILES)
    sheet = openpyxl.load_workbook(tmp_path / "findings.xlsx", read_only=True)["findings"]
    assert sum(1 for _ in sheet.iter_rows(values_only=True)) == findings + 1
    assert (tmp_path / "report.md").stat().st_size < as_markdown.MOST
    with (tmp_path / "findings.jsonl").open(encoding="utf-8") as file:
        assert sum(1 for _ in file) == findings
    assert (tmp_path / "findings.sarif").stat().st_size < 10_000_000


def test_every_hostile_text_reaches_the_formats():
    """The tests above would pass on formats that leave the messages out."""
    plain = [t for t in HOSTILE if t.isascii() and t.isprintable() and len(t) < 200]
    assert len(plain) >= 4
    stream = [json.loads(line) for line in text(hostile(), "jsonl").splitlines()]
    assert {t.strip() for t in plain} <= {one["message"]["en"] for one in stream}
