"""The command line as a user runs it: exit codes, bad input, one line per trouble."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from itertools import product

import networkx
import pytest
from click.testing import CliRunner
from conftest import AS_OF, ROOT, SAMPLES, called, later

from kg.cli import main
from kg.errors import ToolError
from kg.namespaces import ID
from kg.pipeline import build
from kg.running.stages import Step

CLEAN = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
HOSTILE = SAMPLES / "chictr" / "hostile-text-web-cn.txt"

# Nothing in these is a trial. The words are those of the one line that says why.
NO_RECORDS = {
    "empty.txt": (b"", "an empty file"),
    "binary.bin": (b"\x00\x01\x02\xff" * 999, "a binary file"),
    "login.html": ("<html><title>用户登录</title></html>".encode(), "a web page (用户登录)"),
    "latin1.txt": (b"Universit\xe9 de r\xe9f\xe9rence", "not UTF-8 text"),
    "letter.txt": (b"Dear colleague, the number is not here.", "without a registration number"),
    "list.json": (b'{"studies": []}', "empty answer"),
    "broken.zip": (b"PK\x03\x04 and no more", "zip"),
}


@pytest.mark.parametrize("name", NO_RECORDS)
def test_a_file_without_a_record_is_named_with_its_reason_and_nothing_is_built(name, tmp_path):
    data, words = NO_RECORDS[name]
    (tmp_path / name).write_bytes(data)
    done = called("build", tmp_path / name, "-o", tmp_path / "out")
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.split("\n") if line.startswith(name)]
    assert words in line
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_one_line_of_fifty_megabytes_is_named_and_the_others_are_built(tmp_path):
    (tmp_path / "long.txt").write_bytes(b"x" * 50_000_000)
    (tmp_path / "page.txt").write_bytes(CLEAN.read_bytes())
    done = called("build", tmp_path, "-o", tmp_path / "out", "--no-check", "--formats", "ttl")
    assert done.returncode == 0, done.stderr
    assert "long.txt: refused" in done.stderr
    assert "1 trial, 1 record, " in done.stderr


def test_good_files_among_bad_ones_are_built(tmp_path):
    for name, (data, _) in NO_RECORDS.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "page.txt").write_bytes(CLEAN.read_bytes())
    out = tmp_path / "out"
    done = called("build", tmp_path, "-o", out, "--no-check", "--formats", "ttl")
    assert "1 trial, 1 record, " in done.stderr
    issues = [json.loads(line) for line in (out / "issues.jsonl").read_text("utf-8").splitlines()]
    assert {i["file"] for i in issues} >= set(NO_RECORDS)


# What lies beside records in a folder of them, and is worth no failed build.
OTHER_KINDS = {
    "scan.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
    "photo.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "protocol.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "letter.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "letter.txt": b"Dear colleague, the number is not here.",
    "waivers.toml": b'[[waive]]\nrule = "F01"\n\n[[waive]]\nrule = "F02"\n',
    "places.json": b'[[8.5, 47.4],\n[8.6, 47.5],\n["a"]]',
    "empty.txt": b"",
}


def _office(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")


@pytest.mark.parametrize("talk", [(), ("-q",)], ids=["", "quiet"])
def test_files_of_another_kind_are_named_and_left_alone(tmp_path, talk):
    given = tmp_path / "records"
    given.mkdir()
    for name, data in OTHER_KINDS.items():
        (given / name).write_bytes(data)
    _office(given / "letter.docx")
    (given / "page.txt").write_bytes(CLEAN.read_bytes())
    out = tmp_path / "out"
    done = called("build", given, "-o", out, "--no-check", "--formats", "nq", *talk)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in (out / "files.tsv").read_text("utf-8").splitlines()[1:]]
    assert {row[0]: row[1] for row in rows} == {
        **dict.fromkeys([*OTHER_KINDS, "letter.docx"], "refused"),
        "page.txt": "built",
    }
    assert all(row[3] for row in rows if row[1] == "refused")
    issues = [json.loads(line) for line in (out / "issues.jsonl").read_text("utf-8").splitlines()]
    told = [i["file"] for i in issues if i["file"] != "page.txt"]
    assert sorted(told) == sorted([*OTHER_KINDS, "letter.docx"])  # one line each
    if talk:
        assert done.stderr == ""
    else:
        assert all(f"{name}: refused: " in done.stderr for name in OTHER_KINDS)


DAMAGED = {
    "cut.json": b'{"protocolSection": {"identificationModule": {"nctId": "NCT0',
    "damaged.json": b'{"protocolSection": {\n"identificationModule": {\n"nctId": tru,\n}}}',
    "latin1.txt": b"Universit\xe9 de r\xe9f\xe9rence",
    "zeros.txt": "注册号：ChiCTR2699990001\n".encode() + bytes(512),
    "damaged.xml": b"<?xml version='1.0'?><Trial><a></b></Trial>",
    "broken.zip": b"PK\x03\x04 and no more",
}


@pytest.mark.parametrize("name", DAMAGED)
@pytest.mark.parametrize("options", [(), ("-q", "--fail-on", "never")], ids=["", "quiet"])
def test_a_damaged_file_fails_a_build_with_a_line_that_says_so(tmp_path, name, options):
    given = tmp_path / "records"
    given.mkdir()
    (given / name).write_bytes(DAMAGED[name])
    (given / "page.txt").write_bytes(CLEAN.read_bytes())
    done = called("build", given, "-o", tmp_path / "out", "--formats", "nq", *options)
    assert done.returncode == 1
    *_, line = done.stderr.splitlines()
    assert line.startswith(f"failed: 1 file could not be read whole: {name} (")
    assert line.endswith(f"; see {tmp_path / 'out'}/files.tsv")
    assert len(done.stderr.splitlines()) == 1 or not options
    assert (tmp_path / "out" / "graph.nq").is_file()


def test_of_many_damaged_files_some_are_named_and_all_are_counted(tmp_path):
    for name, data in DAMAGED.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "page.txt").write_bytes(CLEAN.read_bytes())
    done = called("build", tmp_path, "-o", tmp_path / "out", "-q", "--no-check", "--formats", "nq")
    (line,) = done.stderr.splitlines()
    assert line.startswith("failed: 6 files could not be read whole: broken.zip (")
    assert " and 3 more; see " in line


def test_files_are_counted_where_nothing_was_built_and_each_has_one_line(tmp_path):
    """Twenty-seven lines of one file of waivers were "27 files" once."""
    text = '[[waive]]\nrule = "F01"\n"quoted" = 1\n' * 60
    (tmp_path / "waivers.toml").write_text(text)
    done = called("build", tmp_path / "waivers.toml", "-o", tmp_path / "out")
    told, end = done.stderr.splitlines()
    assert told.startswith("waivers.toml:1: ")
    assert end == "Error: nothing was built: no record in 1 file"
    (tmp_path / "letter.txt").write_bytes(b"Dear colleague")
    done = called("build", tmp_path, "-o", tmp_path / "out")
    assert done.stderr.endswith("no record in 2 files\n")


def test_a_page_in_gb18030_is_read_and_said(tmp_path):
    (tmp_path / "page.txt").write_bytes(CLEAN.read_text("utf-8").encode("gb18030"))
    out = tmp_path / "out"
    done = called("build", tmp_path / "page.txt", "-o", out, "--no-check", "--formats", "ttl")
    assert done.returncode == 0, done.stderr
    assert "gb18030" in (out / "issues.jsonl").read_text("utf-8")


def test_standard_input_is_built(tmp_path):
    done = called("build", "-", "-o", tmp_path / "out", "--no-check", stdin=CLEAN.read_bytes())
    assert done.returncode == 0, done.stderr


def test_a_folder_that_kg_did_not_write_is_left_alone(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.doc").write_text("mine")
    done = called("build", CLEAN, "-o", out)
    assert done.returncode == 2
    assert "kg did not write" in done.stderr
    assert (out / "thesis.doc").read_text() == "mine"


@pytest.mark.parametrize(
    "option", ["--profile=who", "--fail-on=violation", "--max=3", "--shapes=x.ttl", "--waivers=x"]
)
def test_what_speaks_of_checks_is_refused_where_none_is_made(option, tmp_path):
    done = called("build", CLEAN, "-o", tmp_path / "out", "--no-check", option)
    assert done.returncode == 2
    assert f"--no-check leaves nothing that {option.partition('=')[0]} speaks of" in done.stderr


def test_what_to_run_next_can_be_pasted(tmp_path):
    done = called("build", CLEAN, "-o", tmp_path / "my graph", "--no-check", "--formats", "nq")
    assert f"kg query '{tmp_path}/my graph' --list" in done.stderr


def test_a_missing_input_is_an_error_of_the_call(tmp_path):
    done = called("build", tmp_path / "nowhere", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "no such file or folder" in done.stderr


def test_an_unknown_format_names_the_known_ones(tmp_path):
    done = called("build", CLEAN, "-o", tmp_path / "out", "--formats", "doc", "--no-check")
    assert done.returncode == 2
    assert "known formats: csv, nq" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_bad_date_says_how_to_write_one(tmp_path):
    done = called("build", CLEAN, "-o", tmp_path / "out", "--as-of", "22/11/2026")
    assert done.returncode == 2
    assert "YYYY-MM-DD" in done.stderr


def test_where_no_record_tells_a_day_it_is_asked_for_before_the_work_begins(tmp_path):
    said = {"nctId": "NCT09999999", "briefTitle": "An Invented Study Without Any Date"}
    study = {"protocolSection": {"identificationModule": said}}
    (tmp_path / "NCT09999999.json").write_text(json.dumps(study))
    done = called("build", tmp_path, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("give --as-of DATE")
    assert not (tmp_path / "out").exists()
    steps: list[Step] = []
    with pytest.raises(ToolError, match="--as-of"):
        build([tmp_path], tmp_path / "out", progress=steps.append)
    assert {step.stage for step in steps} == {"reading records"}


def test_a_build_without_a_check_needs_no_day(tmp_path):
    said = {"nctId": "NCT09999999", "briefTitle": "An Invented Study Without Any Date"}
    study = {"protocolSection": {"identificationModule": said}}
    (tmp_path / "NCT09999999.json").write_text(json.dumps(study))
    out = tmp_path / "out"
    done = called("build", tmp_path, "-o", out, "--no-check", "--formats", "ttl")
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "manifest.json").read_text())["as_of"] is None
    done = called("check", out, "--no-report")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.endswith("give --as-of DATE\n")
    assert called("check", out, "--no-report", "--as-of", AS_OF).returncode == 0
    done = called("build", tmp_path, "-o", tmp_path / "out", "--as-of", AS_OF, "--formats", "nq")
    assert done.returncode == 0, done.stderr


def test_a_rebuild_replaces_the_whole_folder(tmp_path):
    out = tmp_path / "out"
    called("build", CLEAN, "-o", out, "--no-check", "--formats", "ttl,csv")
    assert (out / "nodes.csv").exists()
    called("build", CLEAN, "-o", out, "--no-check", "--formats", "ttl")
    assert not (out / "nodes.csv").exists()
    assert not (out / "report").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out.cache.sqlite", "out"]


def test_every_help_text_has_an_example_and_no_command_prints_usage_as_data():
    for name, command in main.commands.items():
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0
        assert re.search(rf"^\s+kg {name}\b", shown.output, re.MULTILINE), name
        assert command.help


def test_no_command_shows_the_help():
    shown = CliRunner().invoke(main, [])
    assert shown.exit_code == 0
    assert "kg demo" in shown.output


def test_extract_shows_typed_json_with_issues_and_unread_fields():
    done = called("extract", HOSTILE)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert found["record"]["registration_number"]["line"] > 0
    assert {issue["kind"] for issue in found["issues"]} >= {"unknown word", "bad value"}
    assert found["unread"]
    assert not re.search(r"[\w.]+@[\w-]+\.\w+", done.stdout)


def test_extract_of_a_stranger_says_so():
    done = called("extract", SAMPLES.parent / "values.py")
    assert done.returncode == 1
    assert done.stdout == "[]\n"
    assert "not a record" in done.stderr


def test_stats_sum_up(built):
    found = json.loads(called("stats", built, "--json").stdout)
    assert found["graph"]["records"] == sum(found["records"].values())
    assert sum(found["statements"].values()) == found["graph"]["statements"]


@pytest.mark.parametrize("fmt", ["table", "csv", "json"])
def test_query_answers_in_each_format(built, fmt):
    done = called("query", built, "--named", "trial-leaders", "--format", fmt)
    assert done.returncode == 0, done.stderr
    if fmt == "csv":
        assert len(list(csv.DictReader(io.StringIO(done.stdout)))) > 1
    elif fmt == "json":
        assert json.loads(done.stdout)["results"]["bindings"]
    else:
        assert re.search(r"\(\d+ rows?\)\n$", done.stdout)


def test_excel_reads_the_table_of_a_query_and_computes_no_cell_of_it(built):
    """As it reads what ``kg export --excel`` writes; without the option it is plain SPARQL CSV."""
    cells = "'=1+1' '@name' '-x' '云溪' -7 -2.5 true tkg:Trial"
    names = [f"?c{n}" for n in range(len(cells.split()))]
    asked = f"SELECT * {{ VALUES ({' '.join(names)} ?none) {{ ({cells} UNDEF) }} }}"
    done = called("query", built, "-q", asked, "--format", "csv", "--excel")
    assert done.stdout.startswith("\ufeffc0,")
    _, row = csv.reader(io.StringIO(done.stdout))
    zero = "\u200b"
    plain = ["云溪", "-7", "-2.5", "true", "https://w3id.org/trialkg/ns#Trial", ""]
    assert row == [f"{zero}=1+1", f"{zero}@name", f"{zero}-x", *plain]
    done = called("query", built, "-q", asked, "--format", "csv")
    assert list(csv.reader(io.StringIO(done.stdout)))[1] == ["=1+1", "@name", "-x", *plain]


@pytest.mark.parametrize("fmt", ["table", "json", "ttl"])
def test_a_query_refuses_excel_where_it_changes_nothing(built, fmt):
    done = called("query", built, "-n", "trial-leaders", "--excel", "--format", fmt)
    assert done.returncode == 2
    assert f"--excel changes nothing in --format {fmt}" in done.stderr


def test_query_gives_turtle_for_statements(built):
    text = "CONSTRUCT { ?t a tkg:Trial } WHERE { ?t a tkg:Trial }"
    done = called("query", built, "-q", text, "--format", "ttl")
    assert "a tkg:Trial" in done.stdout


def test_query_reads_a_file(built, tmp_path):
    (tmp_path / "q.rq").write_text("ASK { ?t a tkg:Trial }")
    assert called("query", built, "-f", tmp_path / "q.rq").stdout == "yes\n"


@pytest.mark.parametrize("asked", ["trial-leaders", "SELECT (1 AS ?one) {}"])
def test_a_query_needs_no_option_before_it(built, asked):
    option = ["--named"] if asked == "trial-leaders" else ["-q"]
    plain, told = called("query", built, asked), called("query", built, *option, asked)
    assert plain.returncode == 0, plain.stderr
    assert plain.stdout == told.stdout != ""
    both = called("query", built, asked, "--named", "trial-leaders")
    assert (both.returncode, both.stdout) == (2, "")


def test_a_named_query_is_shown_and_can_be_changed(built, tmp_path):
    shown = called("query", "--show", "trials-per-hospital")
    (tmp_path / "mine.rq").write_text(shown.stdout)
    rows = called("query", built, "-f", tmp_path / "mine.rq", "--format", "csv").stdout
    assert rows == called("query", built, "-n", "trials-per-hospital", "--format", "csv").stdout
    unknown = called("query", "--show", "trial-per-hospital")
    assert unknown.returncode == 2
    assert "Did you mean trials-per-hospital" in unknown.stderr


def test_the_list_of_queries_says_what_they_ask_for():
    listed = called("query", "--list").stdout
    assert "condition-across-registries\n" in listed
    assert re.search(r"^    --set \w+=…  \w", listed, re.MULTILINE)


def test_a_parameter_takes_an_id_as_queries_print_it(built):
    shown = "SELECT ?version ?trial { ?r tkg:refersTo ?trial ; tkg:currentVersion ?version }"
    version, trial = called("query", built, "-q", shown).stdout.splitlines()[2].split()
    same = ["--named", "version-difference", "--set", f"A={version}", "--set", f"B={version}"]
    assert called("query", built, *same).stdout.endswith("(0 rows)\n")
    text = "ASK { $one a tkg:Trial }"
    for given in (trial, f"{ID}{trial}"):
        assert called("query", built, "-q", text, "--set", f"one={given}").stdout == "yes\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-q", "SELECT ?x WHERE {\n ?x a }"], "does not parse at line 2"),
        (["--named", "no-such"], "no query named 'no-such'"),
        (["--named", "trial-leader"], "'trial-leader'. Did you mean trial-leaders"),
        (["-f", "-"], "the query is empty"),
        ([], "-q SPARQL, -f FILE or --named NAME"),
        (["--named", "version-difference"], "--set"),
    ],
)
def test_a_query_that_cannot_run_says_why_in_one_line(built, arguments, words):
    done = called("query", built, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-q", "SELECT ?x { ?x a nosuch:T }"], "at line 1, column 26: Prefix not found"),
        (["-q", ""], "the query is empty"),
        (["-q", "INSERT DATA { <a:b> <a:c> <a:d> }"], "SELECT, ASK, CONSTRUCT or DESCRIBE"),
        (["-q", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"], "another endpoint"),
        (["-q", "ASK { ?x a ?y FILTER(<http://example.org/f>(?y)) }"], "cannot be answered"),
        (
            ["--named", "version-difference", "--set", "A=the first", "--set", "B=record/x/1/2"],
            "A=the first: not the earlier record version (an IRI, or record/…/…",
        ),
        (["--named", "trial-leaders", "--set", "x=1"], "x: the query has no $x"),
        (["-q", "ASK { ?x a $y }", "--set", "y=http://a b"], "y=http://a b: no IRI"),
    ],
)
def test_what_a_query_asks_in_vain_is_one_line(built, arguments, words):
    done = called("query", built, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_of_an_editor_is_read_and_one_in_no_utf_8_is_told(built, tmp_path):
    (tmp_path / "q.rq").write_bytes("\ufeffASK { ?t a tkg:Trial }".encode())
    assert called("query", built, "-f", tmp_path / "q.rq").stdout == "yes\n"
    (tmp_path / "q.rq").write_bytes(b"ASK { ?t a \xff }")
    done = called("query", built, "-f", tmp_path / "q.rq")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "q.rq: not in UTF-8, at byte 11" in done.stderr
    done = called("query", built, "-f", "-", stdin=b"\xff")
    assert "standard input: not in UTF-8, at byte 0" in done.stderr


def test_a_query_with_a_mark_of_an_editor_is_asked_wherever_it_stands(built):
    text = "\ufeffASK { ?t a tkg:Trial }"
    assert called("query", built, "-q", text).stdout == "yes\n"
    assert called("query", built, "-f", "-", stdin=text.encode()).stdout == "yes\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ASK FROM <http://example.org/nothing> { ?s ?p ?o }", "no"),
        ("ASK FROM NAMED <http://example.org/nothing> { GRAPH ?g { ?s ?p ?o } }", "no"),
        ("ASK { ?s ?p ?o } # FROM <http://example.org/nothing>", "yes"),
        ("ASK { ?from ?p ?o FILTER(STR(?o) != 'FROM SERVICE \\' ') }", "yes"),
    ],
)
def test_a_query_is_asked_of_the_graphs_that_it_names(built, text, found):
    assert called("query", built, "-q", text).stdout == f"{found}\n"


def test_query_of_a_folder_without_a_graph_says_what_to_run(tmp_path):
    done = called("query", tmp_path, "-q", "ASK {}")
    assert done.returncode == 2
    assert "run kg build first" in done.stderr


def test_check_prints_worst_first_and_writes_the_report_again(built):
    done = called("check", built, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d+ records, \d+ rules: \d+ violations", done.stdout)
    assert (built / "report" / "index.html").exists()


def test_check_fails_on_what_it_is_told_to(built):
    assert called("check", built, "--no-report", "--fail-on", "violation").returncode == 1
    assert called("check", built, "--no-report", "--fail-on", "never").returncode == 0


def test_check_lists_its_rules():
    done = called("check", "--list")
    rules = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rules) > 80
    assert all(len(rule) == 6 for rule in rules)


def test_export_writes_by_ending(built, tmp_path):
    files = [tmp_path / name for name in ("a.ttl", "a.gexf", "a.graphml", "a.nq", "a.jsonld")]
    done = called("export", built, *files)
    assert done.returncode == 0, done.stderr
    assert all(file.stat().st_size > 1000 for file in files)


def test_endings_and_formats_may_be_in_capitals(built, tmp_path):
    files = [tmp_path / name for name in ("h.GEXF", "h.CSV.GZ", "H.Ttl")]
    done = called("export", built, *files)
    assert done.returncode == 0, done.stderr
    names = {"h.GEXF", "h-nodes.CSV.GZ", "h-edges.CSV.GZ", "H.Ttl"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert (tmp_path / "h.GEXF").read_bytes() == (built / "graph.gexf").read_bytes()
    packed = (tmp_path / "h-nodes.CSV.GZ").read_bytes()
    assert gzip.decompress(packed) == (built / "nodes.csv").read_bytes()
    out = tmp_path / "out"
    done = called("build", CLEAN, "-o", out, "--formats", "GEXF,Csv", "--no-check", "-q")
    assert done.returncode == 0, done.stderr
    assert (out / "graph.gexf").is_file()
    assert (out / "nodes.csv").is_file()


@pytest.mark.parametrize("typed", ["chictr2699990001", "chictr:CHICTR2699990001"])
def test_a_number_is_found_however_its_letters_are_typed(built, tmp_path, typed):
    for name, number in (("a", "ChiCTR2699990001"), ("b", typed)):
        done = called("export", built, tmp_path / f"{name}.gexf", "--around", number)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.gexf").read_bytes() == (tmp_path / "b.gexf").read_bytes()
    traced = [called("trace", built, n) for n in ("ChiCTR2699990001", "chictr2699990001")]
    assert traced[0].stdout == traced[1].stdout != ""


def test_a_picture_of_the_strongest_ties_says_what_it_left_out(built, tmp_path):
    asked = ("--where", "year>=2000", "--min-degree", "2", "--component", "--top", "3")
    done = called("export", built, tmp_path / "core.gexf", *asked)
    assert done.returncode == 0, done.stderr
    shown = "nodes with 2 edges or more, the largest part that hangs together, the 3 nodes with"
    assert f"view full, {shown} most edges: 3 nodes, " in done.stderr
    assert re.search(r"where year>=2000: \d+ of \d+ nodes of the graph stay", done.stderr)
    assert len(networkx.read_gexf(tmp_path / "core.gexf")) == 3


def test_export_names_the_files_that_it_wrote(built, tmp_path):
    done = called("export", built, tmp_path / "net.csv.gz")
    assert f"wrote {tmp_path}/net-nodes.csv.gz and {tmp_path}/net-edges.csv.gz" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["net-edges.csv.gz", "net-nodes.csv.gz"]


@pytest.mark.parametrize(
    ("files", "options", "words"),
    [
        (["a.ttl"], ["--view", "co-investigator"], "--view changes nothing in"),
        (["a.ttl"], ["--around", "NCT09999901"], "--around changes nothing in"),
        (["a.ttl"], ["--where", "country=CN"], "--where changes nothing in"),
        (["a.ttl"], ["--min-weight", "2"], "--min-weight changes nothing in"),
        (["a.gexf"], ["--where", "colour=red"], "'colour=red': write 'COLUMN=VALUE'"),
        (["a.gexf"], ["--depth", "2"], "--depth changes nothing in"),
        (["a.gexf"], ["--around", "person/nobody"], "person/nobody: nobody in "),
        (["a.gexf"], ["--around", "a b"], "a b: nobody in "),
        (["a.gexf"], ["--excel"], "--excel changes nothing in"),
        (["a.gexf"], ["--same-as"], "--same-as changes nothing in"),
        (["a.gexf", "b.xyz"], [], "no exporter for '.xyz'"),
    ],
)
def test_an_export_that_is_asked_for_what_cannot_be_writes_nothing(
    built, tmp_path, files, options, words
):
    done = called("export", built, *(tmp_path / file for file in files), *options)
    assert done.returncode == 2
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "file"),
    [
        *product(("stats",), ("graph.nq", "manifest.json")),
        *product(("trace", "export", "check"), ("store",)),
        ("check", "manifest.json"),
    ],
)
def test_a_graph_that_lost_a_file_is_one_line(command, file, tmp_path):
    manifest = {"inputs": [], "counts": {"statements": 1}, "as_of": AS_OF}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "lines.tsv").touch()
    if file == "manifest.json":
        (tmp_path / "manifest.json").write_bytes(b"\xff{")
    more = {"export": ["x.ttl"], "trace": ["NCT09999901"], "check": ["--no-report"]}
    done = called(command, tmp_path, *more.get(command, ()))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path}/{file}: " in done.stderr


def test_export_of_an_unknown_ending_names_the_known_ones(built, tmp_path):
    done = called("export", built, tmp_path / "trials.doc")
    assert done.returncode == 2
    assert ".gexf" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["query", "-q", "SELECT * { ?s ?p ?o }", "--format", "csv"], 0),
        *later(
            (["check", "--no-report", "--fail-on", "violation"], 1),  # the gate has its word
            (["stats"], 0),
            (["trace", "NCT09999901"], 0),
            (["check", "--no-report", "--fail-on", "never"], 0),
        ),
    ],
)
def test_a_reader_that_has_enough_is_no_error(built, arguments, code):
    command, *rest = arguments
    done = shell(f"kg {command} {built} {shlex.join(rest)} | true; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr


def test_a_help_that_nobody_reads_is_no_error():
    assert shell("kg --help | true; exit ${PIPESTATUS[0]}").returncode == 0


@pytest.mark.slow
def test_a_build_goes_on_when_nobody_reads_its_log(tmp_path):
    done = shell(f"kg build {CLEAN} -o {tmp_path}/out 2>&1 | true; exit ${{PIPESTATUS[0]}}")
    assert done.returncode == 0
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_an_error_of_the_data_and_none_of_the_log(built, tmp_path):
    done = shell(f"kg build {CLEAN} -o {tmp_path}/out 2> /dev/full")
    assert done.returncode == 0
    assert (tmp_path / "out" / "manifest.json").is_file()
    done = shell(f"kg stats {built} > /dev/full")
    assert (done.returncode, done.stderr) == (2, "Error: No space left on device\n")


@pytest.mark.slow
def test_closed_streams_and_narrow_encodings_stop_nothing(built, tmp_path):
    done = shell(f"kg build {CLEAN} -o {tmp_path}/out <&- >&- 2>&-")
    assert done.returncode == 0
    assert (tmp_path / "out" / "manifest.json").is_file()
    told = tmp_path / "told"
    done = shell(f"PYTHONIOENCODING=latin-1 kg query {built} --named organization-names > {told}")
    assert (done.returncode, done.stderr) == (0, "")
    assert b"\\u533b\\u9662" in told.read_bytes()


def shell(command):
    """Run a line of bash in which ``kg`` is ours."""
    ours = f'kg() {{ {shlex.quote(sys.executable)} -m kg "$@"; }}'
    return subprocess.run(
        ["bash", "-c", f"{ours}\n{command}"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


def test_a_cap_on_the_table_is_printed(built):
    done = called("check", built, "--no-report", "--worst", "2")
    assert re.search(r"… and \d+ more rules found something", done.stdout)


def test_history_keeps_older_versions_and_compares_them(tmp_path):
    versions = sorted((SAMPLES / "chictr").glob("history-*.txt"))
    for arguments, graphs in (((), 1), (("--history",), 2)):
        out = tmp_path / str(graphs)
        done = called("build", *versions, "-o", out, "--as-of", AS_OF, *arguments)
        assert "1 trial, 1 record, " in done.stderr
        rules = {row["rule"] for row in csv.DictReader((out / "report" / "findings.csv").open())}
        assert bool({"H01", "H02", "H03"} <= rules) is (graphs == 2)
        text = (out / "graph.nq").read_text("utf-8")
        assert text.count("> <https://w3id.org/trialkg/ns#versionOf> <") == graphs


def test_without_an_output_folder_a_build_goes_to_exports(tmp_path):
    done = called("build", CLEAN, "--no-check", "--formats", "ttl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "exports" / "graph" / "graph.ttl").exists()


def test_a_disk_that_refuses_leaves_the_old_output_whole(tmp_path):
    from kg.building import output
    from kg.errors import ToolError

    out = tmp_path / "out"
    with output.replacing(out) as folder:
        output.write_json({"first": True}, folder / output.MANIFEST)

    def refused_halfway():
        with output.replacing(out) as folder:
            (folder / "half").write_text("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(ToolError, match="No space left"):
        refused_halfway()
    assert output.read_json(out / output.MANIFEST) == {"first": True}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_a_build_killed_between_its_two_moves_is_healed(tmp_path):
    from kg.building import output

    out = tmp_path / "out"
    with output.replacing(out) as folder:
        output.write_json({}, folder / output.MANIFEST)
    beside = tmp_path / ".out.building"
    (beside / "new").mkdir(parents=True)
    (beside / output.MARK).touch()
    out.rename(beside / "old")
    with output.replacing(out) as folder:
        output.write_json({"second": True}, folder / output.MANIFEST)
    assert output.read_json(out / output.MANIFEST) == {"second": True}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]
