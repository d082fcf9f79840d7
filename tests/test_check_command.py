"""``kg check`` as a pipeline runs it: formats, baseline, gate, exit codes, lock, full disk."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, SAMPLES, bound, called, files_up_to, later
from junitparser import JUnitXml
from lxml import html

from kg.building import output
from kg.check import report as reports
from kg.check.gate import LEVELS
from kg.check.profiles import profiles
from kg.check.report import FILES
from kg.commands import options as command_options
from kg.commands.build import build
from kg.commands.check import FORMATS, check

ONE = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
OTHER = next(p for p in sorted(ONE.parent.glob("*web-cn.txt")) if p != ONE)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two records, built and checked."""
    out = tmp_path_factory.mktemp("first") / "out"
    done = called("build", ONE, OTHER, "-o", out, "--as-of", "2026-11-22", "--formats", "ttl")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def out(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "out")
    return tmp_path / "out"


def findings(folder: Path) -> list[dict[str, str]]:
    with (folder / "report" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_check_writes_every_file_and_the_build_the_same_bytes(out, first):
    done = called("check", out)
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (out / "report").iterdir()} == set(FILES)
    assert contents(out / "report") == contents(first / "report")
    assert sorted(p.name for p in out.parent.iterdir()) == ["out"]


@pytest.mark.parametrize(
    ("form", "reads"),
    [
        ("json", json.loads),
        ("jsonl", lambda text: [json.loads(line) for line in text.splitlines()]),
        ("csv", lambda text: list(csv.DictReader(text.splitlines()))),
        ("sarif", lambda text: json.loads(text)["runs"][0]["results"]),
        ("junit", lambda text: list(JUnitXml.fromstring(text.encode()))),
        ("markdown", lambda text: text.index("# Quality of trial records")),
        ("github", lambda text: [line.index("::") for line in text.splitlines()[:-1]]),
    ],
)
def test_a_format_goes_to_standard_output_and_talk_elsewhere(form, reads, out):
    done = called("check", out, "--no-report", "--format", form)
    assert done.returncode == 0, done.stderr
    assert reads(done.stdout) is not None
    assert done.stderr == ""


def test_the_schema_of_the_package_accepts_the_json(out):
    from kg.check import report

    schema = json.loads((Path(report.__file__).parent / "findings.schema.json").read_text("utf-8"))
    content = json.loads((out / "report" / "findings.json").read_text("utf-8"))
    jsonschema.validate(content, schema)


def test_rules_of_the_users_own_reach_every_file(out, tmp_path):
    shapes = tmp_path / "mine.ttl"
    shapes.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/my#> .
        @prefix tkg: <https://w3id.org/trialkg/ns#> .
        ex:Mine a sh:NodeShape ; sh:targetClass tkg:Record ; sh:property [ sh:path tkg:acronym ;
            sh:minCount 1 ; sh:message "No <b>acronym</b>." ] .""",
        "utf-8",
    )
    done = called("check", out, "--shapes", shapes, "--baseline", out)
    assert done.returncode == 0, done.stderr
    assert "the rules are not those of then" in done.stdout
    (rule,) = {row["rule"] for row in findings(out) if row["trend"] == "new"}
    report = out / "report"
    schema = json.loads((Path(reports.__file__).parent / "findings.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads((report / "findings.json").read_text("utf-8")), schema)
    (run,) = json.loads((report / "findings.sarif").read_text("utf-8"))["runs"]
    assert rule in {r["id"] for r in run["tool"]["driver"]["rules"]}
    suites = JUnitXml.fromstring((report / "junit.xml").read_bytes())
    assert rule in {case.name.split()[0] for suite in suites for case in suite}
    page = html.document_fromstring((report / "index.html").read_text("utf-8"))
    assert page.xpath(f'//*[@id="rule-{rule}"]')
    assert "No <b>acronym</b>." in page.text_content()
    assert rule in (report / "quality.ttl").read_text("utf-8")


def test_nothing_is_new_beside_the_check_before(out, first):
    done = called("check", out, "--baseline", first, "--fail-on-new")
    assert done.returncode == 0, done.stderr
    assert "since the check as of 2026-11-22: 0 new" in done.stdout
    assert {row["trend"] for row in findings(out)} == {"persisting"}


def test_its_own_report_can_be_the_baseline(out):
    done = called("check", out, "--baseline", out, "--fail-on", "new")
    assert done.returncode == 0, done.stderr
    assert "0 new" in done.stdout


def test_a_new_finding_fails_where_that_was_asked(out, tmp_path):
    path = out / "report" / "findings.json"
    content = json.loads(path.read_text("utf-8"))
    gone = content["findings"].pop()
    baseline = tmp_path / "before.json"
    baseline.write_text(json.dumps(content), "utf-8")
    for options in (
        ["--fail-on-new"],
        ["--fail-on", "new"],
        ["--fail-on", "never", "--fail-on-new"],
    ):
        done = called("check", out, "--baseline", baseline, *options)
        assert done.returncode == 1, options
        assert "failed: 1 new finding" in done.stderr
    (new,) = [row for row in findings(out) if row["trend"] == "new"]
    assert new["key"] == gone["id"].rsplit("/", 1)[1]
    passed = called("check", out, "--baseline", baseline, "--fail-on-new", "--max", "1")
    assert passed.returncode == 0


def test_as_many_as_allowed_are_let_through(out):
    warnings = sum(row["severity"] in ("violation", "warning") for row in findings(out))
    assert warnings > 1
    for most, code in ((warnings - 1, 1), (warnings, 0)):
        done = called("check", out, "--no-report", "--fail-on", "warning", "--max", most)
        assert done.returncode == code, done.stderr
    assert f"failed: {warnings}" not in done.stderr


def test_a_build_has_the_same_gate(tmp_path):
    build_one = ("build", OTHER, "-o", tmp_path / "out", "--formats", "ttl", "--fail-on", "info")
    done = called(*build_one)
    assert done.returncode == 1
    assert "at or above info" in done.stderr
    assert called(*build_one, "--max", "999").returncode == 0
    assert called(*build_one[:-1], "new").returncode == 2  # new since when?


@pytest.mark.slow
def test_a_build_compares_and_accepts_as_a_check_does(tmp_path):
    built = ("build", OTHER, "-o", tmp_path / "out", "--formats", "ttl")
    assert called(*built).returncode == 0
    path = tmp_path / "out" / "report" / "findings.json"
    content = json.loads(path.read_text("utf-8"))
    gone = content["findings"].pop()
    baseline = tmp_path / "before.json"
    baseline.write_text(json.dumps(content), "utf-8")
    done = called(*built, "--baseline", baseline, "--fail-on-new")
    assert done.returncode == 1
    assert "failed: 1 new finding" in done.stderr
    assert "1 new" in done.stderr
    (new,) = [row for row in findings(tmp_path / "out") if row["trend"] == "new"]
    assert new["key"] == gone["id"].rsplit("/", 1)[1]
    # What was just built is a baseline too, though its folder is replaced.
    assert called(*built, "--baseline", tmp_path / "out", "--fail-on", "new").returncode == 0

    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        f'[[waive]]\nrule = "{gone["rule"]}"\nfocus = "{gone["focus"]}"\nreason = "seen"\n'
        'by = "me"\n[[waive]]\nrule = "X99"\nfocus = "urn:x"\nreason = "typing"\nby = "me"\n',
        "utf-8",
    )
    # The findings of the build before are remembered; a waiver counts all the same.
    done = called(*built, "--waivers", waivers)
    assert done.returncode == 0, done.stderr
    assert "waiver without effect: X99 urn:x: no rule has this id" in done.stderr
    waived = {row["key"]: row["waived_because"] for row in findings(tmp_path / "out")}
    assert waived[new["key"]] == "seen"
    checked = tmp_path / "out" / "report"
    before = {name: (checked / name).read_bytes() for name in FILES if (checked / name).is_file()}
    assert called("check", tmp_path / "out", "--waivers", waivers).returncode == 0
    assert {name: (checked / name).read_bytes() for name in before} == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fail-on-new",), "new since when? Add --baseline FOLDER"),
        (("--waivers", "nowhere.toml"), "nowhere.toml: No such file or directory"),
        (("--baseline", "nowhere.json"), "nowhere.json: No such file or directory"),
        (("--no-check", "--waivers", "x.toml"), "--no-check leaves nothing"),
    ],
)
def test_a_wrong_build_is_said_before_anything_is_read(options, said, tmp_path):
    done = called("build", OTHER, "-o", tmp_path / "out", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fail-on-new",), "new since when? Add --baseline FOLDER"),
        (("--fail-on", "new"), "new since when? Add --baseline FOLDER"),
        (("--baseline", "nowhere.json"), "nowhere.json: No such file or directory"),
        (("--waivers", "nowhere.toml"), "nowhere.toml: No such file or directory"),
        (("--max", "-1"), "-1"),
        (("--profile", "none"), "no profile 'none'; known: "),
        (("--format", "pdf"), "pdf"),
    ],
)
def test_a_wrong_call_is_said_and_leaves_with_two(options, said, out):
    before = (out / "report" / "index.html").stat().st_mtime_ns
    done = called("check", out, *options)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (out / "report" / "index.html").stat().st_mtime_ns == before


def test_waivers_are_told_with_their_reason_and_idle_ones_too(out, tmp_path):
    row = next(row for row in findings(out) if row["number"])
    waivers = tmp_path / "waivers.toml"
    key = f"{row['registry']}:{row['number']}"
    waivers.write_text(
        f'[[waive]]\nrule = "{row["rule"]}"\nrecord = "{key}"\nreason = "seen"\nby = "me"\n'
        f'[[waive]]\nrule = "X99"\nrecord = "{key}"\nreason = "typing error"\nby = "me"\n',
        "utf-8",
    )
    done = called("check", out, "--waivers", waivers)
    assert done.returncode == 0, done.stderr
    assert f"waiver without effect: X99 {key}: no rule has this id. Did you mean X" in done.stdout
    waived = [r for r in findings(out) if r["waived"] == "yes"]
    assert {r["waived_because"] for r in waived} == {"seen"}
    assert {r["rule"] for r in waived} == {row["rule"]}


def test_a_waiver_that_misspells_its_rule_or_record_is_told_what_it_may_mean(out, tmp_path):
    row = next(row for row in findings(out) if row["number"].startswith("ChiCTR"))
    number = row["number"]
    named = (("who-14a", f"chictr:{number}"), ("WHO-14a", number.lower()), ("WHO-14a", "chictr:Q"))
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        "".join(
            f'[[waive]]\nrule = "{rule}"\nrecord = "{record}"\nreason = "r"\nby = "me"\n'
            for rule, record in named
        ),
        "utf-8",
    )
    shown = called("check", out, "--waivers", waivers, "--no-report", COLUMNS="60").stdout
    told = " ".join(shown.split())  # however narrow the terminal, the end is there
    assert "no rule has this id. Did you mean WHO-14a?" in told
    assert f"holds no such record. Did you mean chictr:{number}?" in told
    # A number like it would be another trial's.
    assert re.search(r" chictr:Q: the data holds no such record(?!\.)", told)


def test_runs_are_appended_only_where_asked(out, tmp_path):
    runs = tmp_path / "runs.jsonl"
    for _ in range(2):
        assert called("check", out, "--no-report", "--runs", runs).returncode == 0
    (line,) = runs.read_text("utf-8").splitlines()
    assert json.loads(line)["records"] == 2
    assert not list(out.rglob("runs.jsonl"))


def test_the_report_shows_the_checks_before_it(out, tmp_path):
    runs = tmp_path / "runs.jsonl"
    page = out / "report" / "index.html"
    assert called("check", out, "--runs", runs).returncode == 0
    assert "Check by check" not in page.read_text("utf-8")  # there was none before it
    (line,) = runs.read_text("utf-8").splitlines()
    now = json.loads(line)
    rules = {**now["versions"], "shapes": "0" * 64}
    found = {"violation": 1, "warning": 30, "info": 0, "waived": 2}
    before = {**now, "as_of": "2026-10-01", "records": 1, "found": found, "versions": rules}
    older = [{**before, "as_of": f"2025-{month:02}-01"} for month in range(1, 13)] * 2
    told = [*map(json.dumps, [*older, before]), line]
    runs.write_text("".join(f"{text}\n" for text in told), "utf-8")
    assert called("check", out, "--runs", runs).returncode == 0
    assert len(runs.read_text("utf-8").splitlines()) == 26  # the last line said the same
    section = page.read_text("utf-8").split('<section id="runs">')[1].split("</section>")[0]
    assert "2 earlier checks are not shown" in section
    rows = section.split("<tr>")[2:]
    assert len(rows) == 24
    assert all(text in rows[-2] for text in ("2026-10-01", ">31.0<"))
    assert "other rules" not in rows[-2]
    assert all(text in rows[-1] for text in (now["as_of"], "other rules"))
    widths = [float(w) for w in re.findall(r'width="([\d.]+)"', rows[-2])]
    assert sum(widths) == pytest.approx(100)  # the longest bar


@pytest.mark.parametrize("text", ["[]", '{"as_of": "2026-01-01"}', "x", '{"found": 3}'])
def test_a_file_that_no_run_wrote_is_refused_before_anything_is_written(out, tmp_path, text):
    runs = tmp_path / "runs.jsonl"
    runs.write_text(f"{text}\n", "utf-8")
    done = called("check", out, "--runs", runs)
    assert done.returncode == 2
    assert done.stderr == f"Error: {runs}: line 1 is none that --runs wrote\n"
    assert runs.read_text("utf-8") == f"{text}\n"


# --- the documents


DOCUMENT = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")


def test_the_document_names_every_file_format_and_level():
    for name in FILES:
        assert f"`{name}" in DOCUMENT, name
    assert f"`--format {'|'.join(reports.STREAMS)}`" in DOCUMENT
    for level in LEVELS:
        assert f"`{level}`" in DOCUMENT, level
    for name in profiles():
        assert f"| `{name}` |" in DOCUMENT, name


def test_the_command_offers_all_levels_and_formats():
    assert command_options.LEVELS == LEVELS
    assert ("table", *reports.STREAMS) == FORMATS


def test_every_command_and_option_of_the_document_is_there():
    known = {
        command: {flag for option in made.params for flag in option.opts}
        for command, made in (("check", check), ("build", build))
    }
    said = re.sub(r"\n\s+--", " --", DOCUMENT)  # a command over several lines
    called = re.findall(r"^\s*(?:- run: |run: >\s+)?kg (check|build) ([^#\n]*)", said, re.MULTILINE)
    assert len(called) >= 8
    for command, rest in called:
        options = set(re.findall(r"--[\w-]+", rest))
        assert options <= known[command], (command, options)


# --- one at a time, and never half a report


def test_a_folder_that_is_being_built_is_not_checked(out):
    before = (out / "report" / "index.html").stat().st_mtime_ns
    with output.held(out):
        for options in ((), ("--no-report",)):
            done = called("check", out, *options)
            (line,) = done.stderr.splitlines()
            assert done.returncode == 2
            assert "another kg is writing here" in line
    assert (out / "report" / "index.html").stat().st_mtime_ns == before
    assert called("check", out).returncode == 0


def test_what_others_put_into_the_report_stays(out):
    (out / "report" / "notes").mkdir()
    (out / "report" / "notes" / "mine.txt").write_text("mine")
    (out / "report" / "index.html").write_text("old")
    done = called("check", out)
    assert done.returncode == 0, done.stderr
    assert (out / "report" / "notes" / "mine.txt").read_text() == "mine"
    assert (out / "report" / "index.html").read_text("utf-8") != "old"


def test_a_check_killed_between_its_two_moves_is_healed(out):
    (out / "report").rename(out / ".report.old")
    (out / ".report.new").mkdir()
    assert called("check", out).returncode == 0
    assert sorted(p.name for p in out.iterdir() if "report" in p.name) == ["report"]


@pytest.mark.parametrize("limit", [0, 1_000, 20_000, 60_000])
def test_a_disk_that_refuses_is_one_line_and_the_old_report_stays(limit, out):
    before = contents(out / "report")
    with files_up_to(limit):
        done = called("check", out)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert "File too large" in line
    assert contents(out / "report") == before
    assert sorted(p.name for p in out.iterdir() if p.name.startswith(".")) == []


@pytest.mark.parametrize("closed", ["out", *later(".")])
def test_a_place_without_permission_is_one_line(closed, out):
    folder = out.parent / closed
    folder.chmod(0o555)
    try:
        refused, done = bound(("check", out), ("check", out, "--no-report"))
        (line,) = refused.stderr.splitlines()
        assert refused.returncode == 2
        assert "Permission denied" in line
        assert done.returncode == 0, done.stderr
        assert "records" in done.stdout
    finally:
        folder.chmod(0o755)
