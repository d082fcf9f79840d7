"""A check beside an earlier one: what is new, what stays, what is gone; and when that fails."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from invented_reports import ACCEPTED, NUMBERS, A, B, C, finding, large, small

from kg.check import report as reports
from kg.check import trend
from kg.check.findings import Report
from kg.check.gate import Gate
from kg.check.report.overview import Overview, overview
from kg.check.runs import append
from kg.errors import ToolError


def saved(report: Report, folder: Path) -> Path:
    reports.write(report, folder / "report")
    return folder


def beside(report: Report, earlier: Report, folder: Path) -> Overview:
    return overview(report, trend.read(saved(earlier, folder)))


def with_findings(*findings, **changes) -> Report:
    return replace(small(), findings=findings, **changes)


def test_an_unchanged_report_has_nothing_new(tmp_path):
    view = beside(small(), small(), tmp_path)
    assert view.trend is not None
    assert view.trend.new == frozenset()
    assert view.trend.persisting == view.sums.found
    assert (view.trend.resolved, view.trend.unexamined) == ((), ())


def test_new_and_persisting_together_are_all_that_is_found(tmp_path):
    earlier = with_findings(*small().findings[:4])
    view = beside(small(), earlier, tmp_path)
    assert view.trend is not None
    assert view.trend.persisting == 4
    assert len(view.trend.new) + view.trend.persisting == view.sums.found


def test_a_finding_that_is_gone_is_resolved_and_told(tmp_path):
    view = beside(with_findings(*small().findings[1:]), small(), tmp_path)
    assert view.trend is not None
    (gone,) = view.trend.resolved
    assert (gone.rule, gone.about, gone.severity) == ("WHO-14a", A, "violation")
    assert gone.message.zh == "纳入标准：未填写（留空）。"


def test_days_that_pass_make_no_finding_new(tmp_path):
    old = finding("X04", B, values={"days": "51", "start": "2025-10-01"})
    now = finding("X04", B, values={"days": "52", "start": "2025-10-01"}, line=99, file="b.txt")
    moved = finding("X04", B, values={"days": "51", "start": "2025-10-02"})
    assert beside(with_findings(now), with_findings(old), tmp_path / "a").trend.new == frozenset()
    changed = beside(with_findings(moved), with_findings(old), tmp_path / "b").trend
    assert (changed.new, len(changed.resolved)) == ({moved.key}, 1)


def test_another_copy_of_a_page_makes_no_missing_value_new(tmp_path):
    blank = finding("WHO-14a", A, item="14", field="inclusionCriteria@zh", state="blank")
    absent = replace(blank, field="criteriaText", state="absent", line=None, file="other.html")
    assert blank.key == absent.key
    assert blank.key != replace(blank, values={"part": "date"}).key
    field = finding("X20", A, field="objective@zh", state="blank")  # not one of the 24 items
    assert field.key == replace(field, field="objective@en").key
    assert field.key != replace(field, field="resultsPublic@zh").key
    wrong = finding("X04", A, field="startDate")  # nothing is missing: the field tells it apart
    assert wrong.key != replace(wrong, field="endDate").key


def test_of_equal_findings_as_many_persist_as_there_were(tmp_path):
    one, other = finding("WHO-03", A), finding("WHO-03", A, line=99)
    view = beside(with_findings(one, other), with_findings(one), tmp_path / "a")
    assert view.trend.new == {f"{one.key}-2"}
    fewer = beside(with_findings(one), with_findings(one, other), tmp_path / "b").trend
    assert (fewer.persisting, len(fewer.resolved), fewer.new) == (1, 1, frozenset())


def test_what_went_with_its_record_or_rule_is_not_called_resolved(tmp_path):
    fewer = tuple(r for r in small().records if r.number != A)
    gone = tuple(f for f in small().findings if f.number != A and f.rule != "I01")
    rules = tuple(replace(r, enabled=r.id != "I01" and r.enabled) for r in small().rules)
    view = beside(with_findings(*gone, records=fewer, rules=rules), small(), tmp_path)
    assert view.trend.resolved == ()
    assert sorted(k.rule for k in view.trend.unexamined) == ["I01", "WHO-03", "WHO-14a", "WHO-19b"]


def test_records_that_are_new_are_counted(tmp_path):
    earlier = replace(small(), records=small().records[1:])
    assert beside(small(), earlier, tmp_path).trend.new_records == 1


def test_a_waived_finding_is_neither_new_nor_persisting(tmp_path):
    accepted = finding("WHO-14a", A, waiver=ACCEPTED)
    view = beside(with_findings(accepted), with_findings(), tmp_path / "a")
    assert (view.trend.new, view.trend.persisting) == (frozenset(), 0)
    plain = with_findings(finding("WHO-14a", A))
    view = beside(with_findings(accepted), plain, tmp_path / "b")
    assert (view.trend.persisting, view.trend.resolved) == (0, ())


def test_faults_of_our_own_output_are_not_compared(tmp_path):
    faulty = with_findings(finding("ST-13", A))
    view = beside(with_findings(), faulty, tmp_path / "a")
    assert (view.trend.resolved, view.trend.unexamined) == ((), ())
    assert beside(faulty, with_findings(), tmp_path / "b").trend.new == frozenset()


def test_other_rules_than_then_are_told(tmp_path):
    older = replace(small(), versions={**small().versions, "shapes": "00000000"})
    view = beside(small(), older, tmp_path)
    assert view.trend.other_rules
    assert "; the rules are not those of then" in reports.table(view, 200, False)
    assert "may be new because its rule is" in "".join(reports.TEXTS["index.html"](view))
    assert not beside(small(), small(), tmp_path / "same").trend.other_rules


def test_every_output_tells_the_trend(tmp_path):
    earlier = with_findings(*small().findings[1:], finding("WHO-22", C))
    view = beside(small(), earlier, tmp_path)
    said = "since the check as of 2026-11-22: 1 new, 8 persisting, 1 resolved"
    assert said in reports.table(view, 100, False)
    assert said.capitalize() in "".join(reports.STREAMS["markdown"](view))
    content = json.loads("".join(reports.STREAMS["json"](view)))
    told = content["run"]["trend"]
    assert (told["new"], told["persisting"], len(told["resolved"])) == (1, 8, 1)
    assert told["resolved"][0]["was"] == finding("WHO-22", C).key
    changes = [f["trend"] for f in content["findings"]]
    assert (changes.count("new"), changes.count("persisting"), changes.count(None)) == (1, 8, 1)
    (run,) = json.loads("".join(reports.STREAMS["sarif"](view)))["runs"]
    assert [r.get("baselineState") for r in run["results"]].count("new") == 1
    rows = "".join(reports.STREAMS["csv"](view)).split("\r\n")
    assert sum(row.endswith(",new") for row in rows) == 1


# --- reading the earlier check


def test_a_file_or_a_folder_names_the_earlier_check(tmp_path):
    folder = saved(small(), tmp_path / "out")
    read = [
        trend.read(path)
        for path in (folder, folder / "report", folder / "report" / "findings.json")
    ]
    assert read[0] == read[1] == read[2]
    assert (read[0].as_of, len(read[0].findings)) == ("2026-11-22", len(small().findings))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        ("", "no findings.json of kg check: the file ends in the middle of its JSON"),
        ("[1]", "no findings.json of kg check: expected {, found '['"),
        ("{}", "names no schema"),
        ('{"schema": []}', "names no schema"),
        (
            f'{{"schema": "{trend.SCHEMA}", "rules": [], "records": [], "findings": [], '
            '"run": []}',
            "no findings.json of kg check",
        ),
        (
            '{"schema": "https://w3id.org/trialkg/schema/findings/0"}',
            "findings/0, this kg compares",
        ),
        (f'{{"schema": "{trend.SCHEMA}"}}', "no findings.json of kg check: 'rules'"),
        (
            f'{{"schema": "{trend.SCHEMA}", "rules": [], "records": [], "findings": [{{}}], '
            '"run": {"as_of": "x", "versions": {}}}',
            "a finding without key",
        ),
        ("[" * 200_000, "no findings.json of kg check"),
        (
            f'{{"schema": "{trend.SCHEMA}", "findings": '
            '[{"key": 1, "rule": 1, "severity": "bad", "message": {}}]}',
            "unknown severity",
        ),
        ("\xff", "no findings.json of kg check"),
    ],
)
def test_what_is_no_earlier_check_is_one_clear_line(content, said, tmp_path):
    path = tmp_path / "findings.json"
    if content is not None:
        path.write_text(content, encoding="latin-1")
    with pytest.raises(ToolError) as error:
        trend.read(path)
    assert said in error.value.message
    assert str(path) in error.value.message
    assert "\n" not in error.value.message
    assert error.value.exit_code == 2


def test_a_report_that_another_program_wrote_anew_says_the_same(tmp_path):
    folder = saved(small(), tmp_path / "out")
    before = trend.read(folder)
    file = folder / "report" / "findings.json"
    told = json.loads(file.read_text("utf-8"))
    for order in (sorted(told), sorted(told, reverse=True)):
        file.write_text(json.dumps({k: told[k] for k in order}, indent=2), "utf-8")
        assert trend.read(folder) == before


def test_a_folder_without_a_report_is_said_to_have_none(tmp_path):
    with pytest.raises(ToolError, match=r"no report to compare with \(no report/findings.json\)"):
        trend.read(tmp_path)


@pytest.mark.parametrize(("findings", "records"), NUMBERS)
def test_a_large_report_is_compared(findings, records, tmp_path):
    report = large(findings, records)
    view = beside(report, replace(report, findings=report.findings[:-7]), tmp_path)
    assert (len(view.trend.new), view.trend.persisting) == (7, findings - 7)


# --- the gate


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (Gate(), ""),
        (Gate(level="violation"), "2 findings at or above violation"),
        (Gate(level="violation", most=2), ""),
        (Gate(level="warning", most=5), "6 findings at or above warning, 5 allowed"),
        (Gate(level="info", most=8), "9 findings at or above info, 8 allowed"),
        (Gate(level="info", most=9), ""),
        (Gate(level="new"), "1 new finding"),
        (Gate(level="new", most=1), ""),
        (Gate(level="never"), ""),
        (Gate(level="never", new=True), "1 new finding"),
        (Gate(level="violation", new=True), "2 findings at or above violation; 1 new finding"),
    ],
)
def test_the_gate_counts_what_is_at_or_above_its_level(gate, reason):
    view = overview(small())
    verdict = gate.verdict(view.findings, new=frozenset({small().findings[0].key}))
    assert (verdict.failed, verdict.reason) == (bool(reason), reason)


@pytest.mark.parametrize("level", ["structural", "violation", "warning", "info"])
def test_a_fault_of_our_own_output_shuts_every_level(level):
    view = overview(with_findings(finding("ST-13", A)))
    assert Gate(level=level).verdict(view.findings).failed


@pytest.mark.parametrize("level", ["structural", "violation", "info", "new"])
def test_a_check_that_could_not_be_carried_out_is_no_pass(level):
    verdict = Gate(level=level, most=99).verdict((), errors=2)
    assert (verdict.failed, verdict.reason) == (True, "2 checks could not be carried out")
    assert not Gate(level="never").verdict((), errors=2).failed


# --- runs.jsonl


def test_a_run_leaves_one_line_however_often_it_is_made(tmp_path):
    path = tmp_path / "runs.jsonl"
    assert append(overview(small()), path)
    assert not append(overview(small()), path)
    assert append(overview(with_findings()), path)
    assert append(overview(small()), path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 3
    assert lines[0] == lines[2]
    assert lines[0]["as_of"] == "2026-11-22"
    assert lines[0]["versions"]["data"] == "5b1e0c77"
    assert lines[0]["found"] == {"violation": 2, "warning": 4, "info": 3, "waived": 1}
    assert lines[0]["rules"]["WHO-14a"] == {
        "passed": 2,
        "failed": 2,
        "waived": 0,
        "error": 0,
        "not_applicable": 0,
        "not_collected": 0,
    }


@pytest.mark.parametrize("content", [b'{"as_of": "20', b"\xff\n"])
def test_what_is_no_file_of_runs_is_left_as_it_is(content, tmp_path):
    path = tmp_path / "runs.jsonl"
    path.write_bytes(content)
    with pytest.raises(ToolError, match="is this a file of --runs"):
        append(overview(small()), path)
    assert path.read_bytes() == content


def test_runs_that_cannot_be_written_are_one_clear_line(tmp_path):
    with pytest.raises(ToolError, match=r"runs\.jsonl: No such file or directory"):
        append(overview(small()), tmp_path / "none" / "runs.jsonl")
