"""Rules of the user's own: any SHACL file runs beside ours and appears in the same report."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import ROOT, called
from test_check import example

from kg.check import check
from kg.check import report as reports
from kg.check.parameters import Parameters
from kg.check.user_shapes import load
from kg.errors import ToolError
from kg.outputs.graph import Graph

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tkg: <https://w3id.org/trialkg/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/my#> .
"""
MINE = (
    PREFIXES
    + """
ex:Mine a sh:NodeShape ; sh:targetClass tkg:Record ; sh:severity sh:Info ;
  sh:property [ sh:path tkg:acronym ; sh:minCount 1 ; sh:message "No acronym." ] ,
    [ sh:path tkg:publicTitle ; sh:maxLength 5 ; sh:severity sh:Warning ;
      sh:message "Long title."@en , "题目过长。"@zh ] .
ex:Sized a sh:NodeShape ; sh:targetClass tkg:Arm ;
  dcterms:identifier "MY-01" ; sh:name "large arm" ;
  sh:sparql [ sh:message "{?n} people" ; sh:select
    "SELECT $this ?n WHERE { $this tkg:armSize ?n FILTER(?n > 50) }" ] .
ex:Hospital a sh:NodeShape ; sh:targetClass org:Organization ;
  sh:property [ sh:path rdfs:label ; sh:maxLength 3 ] .
ex:Off a sh:NodeShape ; sh:targetClass tkg:Record ; sh:deactivated true ;
  sh:property [ sh:path tkg:nothing ; sh:minCount 1 ] .
"""
)
OWN = {"Mine.acronym", "Mine.publicTitle", "MY-01", "Hospital.label"}


def written(tmp_path: Path, text: str, name: str = "mine.ttl") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path, engine="oxigraph"):
    parameters = Parameters(as_of="2026-11-22")
    return check(example(), lines=(), parameters=parameters, engine=engine, shapes=[path])


def test_shapes_without_our_annotations_become_rules(tmp_path):
    report = found(written(tmp_path, MINE))
    own = [f for f in report.findings if f.rule in OWN]
    told = {(f.rule, f.severity, f.field, f.message_en, f.message_zh) for f in own}
    assert told == {
        ("Mine.acronym", "info", "acronym", "No acronym.", "No acronym."),
        ("Mine.publicTitle", "warning", "publicTitle", "Long title.", "题目过长。"),
        ("MY-01", "violation", None, "60 people", "60 people"),
        (
            "Hospital.label", "violation", "label",
            "label: not as this rule asks.", "名称：不符合该规则的要求。",
        ),
    }  # fmt: skip
    assert report.counts["MY-01"].applicable == 2
    assert not report.errors


@pytest.mark.slow
def test_both_engines_find_the_same(tmp_path):
    path = written(tmp_path, MINE)
    assert found(path).findings == found(path, "pyshacl").findings


def test_the_rules_of_the_book_find_what_they_found(tmp_path):
    parameters = Parameters(as_of="2026-11-22")
    without = check(example(), lines=(), parameters=parameters)
    beside = found(written(tmp_path, MINE))
    assert tuple(f for f in beside.findings if f.rule not in OWN) == without.findings
    assert beside.versions["shapes"] != without.versions["shapes"]


def test_what_blank_nodes_are_called_makes_no_difference(tmp_path):
    head, tail = MINE.split("sh:property [ sh:path tkg:acronym", 1)
    named = f"{head}sh:property _:z , [ sh:path tkg:publicTitle"
    rest = tail.split("[ sh:path tkg:publicTitle", 1)[1]
    acronym = '_:z sh:path tkg:acronym ; sh:minCount 1 ; sh:message "No acronym." .\n'
    other = found(written(tmp_path, named + rest + acronym, "other.ttl"))
    assert Counter(f.key for f in other.findings) == Counter(
        f.key for f in found(written(tmp_path, MINE)).findings
    )


def test_the_same_file_is_the_same_rules(tmp_path):
    path = written(tmp_path, MINE)
    assert load(path) == load(path)  # so that reports are, and an earlier check is recalled
    first, second = (found(path).versions["shapes"] for _ in range(2))
    assert first == second


@pytest.mark.slow
def test_every_format_of_the_report_holds_them(built, tmp_path):
    report = Graph(built).check(shapes=[written(tmp_path, MINE)])
    reports.write(report, tmp_path / "report")
    for name in ("index.html", "findings.csv", "findings.json", "report.ttl"):
        assert "Mine.acronym" in (tmp_path / "report" / name).read_text("utf-8"), name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ex:broken a", "no shapes could be read"),
        (PREFIXES, "no shape with sh:targetClass"),
        (PREFIXES + "ex:A sh:targetClass tkg:Record ; sh:property [ sh:minCount 1 ] .", "sh:path"),
        (PREFIXES + "ex:A sh:targetNode ex:b ; sh:nodeKind sh:IRI .", "sh:targetNode is not known"),
        (
            PREFIXES + "ex:A sh:targetClass tkg:Record ; sh:targetNode ex:b ; sh:nodeKind sh:IRI .",
            "sh:targetNode is not known",
        ),
        (
            PREFIXES + 'ex:A sh:targetClass tkg:Record ; sh:sparql [ sh:select "SELECT * {" ] .',
            "select $this",
        ),
        (
            PREFIXES
            + 'ex:A sh:targetClass tkg:Record ; sh:sparql [ sh:select "SELECT ?this {" ] .',
            "does not parse",
        ),
        (
            PREFIXES + 'ex:A sh:targetClass tkg:Record ; sh:nodeKind sh:IRI ;'
            ' dcterms:identifier "X04" .',
            "already a rule X04",
        ),
        (
            PREFIXES + "ex:A sh:targetClass tkg:Record ; sh:nodeKind sh:IRI ; sh:severity ex:Bad .",
            "sh:severity is",
        ),
        (
            PREFIXES + "ex:A sh:targetClass tkg:Record ; sh:nodeKind sh:IRI ;"
            ' tkg:dimension "Form" .',
            "mine.ttl: A: tkg:dimension 'Form' is none of: Cm, Cf",
        ),
        (
            PREFIXES + "ex:A sh:targetClass tkg:Record ; sh:nodeKind sh:IRI ;"
            ' tkg:remedyCode "call" .',
            "mine.ttl: A: tkg:remedyCode 'call' is none of: fill, open",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_run_says_why_in_one_line(tmp_path, text, said):
    with pytest.raises(ToolError, match=said.replace("$", r"\$")) as error:
        found(written(tmp_path, text))
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ToolError, match=r"absent\.ttl"):
        load(tmp_path / "absent.ttl")


def test_the_command_takes_shapes(built, tmp_path):
    path = written(tmp_path, MINE)
    done = called("check", built, "--shapes", path, "--no-report", "--fail-on", "never")
    assert done.returncode == 0, done.stderr
    assert "Mine.acronym" in done.stdout
    bad = called("check", built, "--shapes", written(tmp_path, "x", "bad.ttl"), "--no-report")
    assert bad.returncode == 2
    assert bad.stderr.count("\n") == 1
    assert "Traceback" not in bad.stderr


# -- kg explain ------------------------------------------------------------------------------------


def test_explain_says_what_a_rule_is_about():
    done = called("explain", "x04")
    assert done.returncode == 0
    for words in ("X04  study start before", "fires when:", "why:", "what to do:", "source:"):
        assert words in done.stdout


def test_explain_speaks_chinese():
    done = called("explain", "WHO-14a", "--lang", "zh")
    assert "WHO-14a  纳入标准" in done.stdout
    assert "理由:" in done.stdout
    assert "WHO条目: 14" in done.stdout


def test_explain_counts_in_a_report(built):
    done = called("explain", "X16", "--in", built)
    assert "places examined" in done.stdout


def test_explain_knows_rules_of_the_user(tmp_path):
    done = called("explain", "MY-01", "--shapes", written(tmp_path, MINE))
    assert "MY-01  large arm" in done.stdout


def test_explain_of_an_unknown_rule_names_those_that_were_meant():
    done = called("explain", "WHO-14x")
    assert done.returncode == 2
    assert "Did you mean" in done.stderr
    assert re.search(r"\bWHO-14[a-d]\b", done.stderr)
    assert done.stderr.count("\n") == 1


# --- the document


DOCUMENT = (ROOT / "docs" / "checking.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_examples_of_the_document_are_what_the_commands_print(built, tmp_path):
    (mine,) = re.findall(r"```turtle\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "mine.ttl").write_text(mine, "utf-8")
    (tmp_path / "demo").symlink_to(built)
    shown = re.findall(r"```\n\$ kg (explain [^\n]*)\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(shown) == 2
    for command, printed in shown:
        done = called(*command.split(), cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, printed), command
    options = ("--shapes", "mine.ttl", "--format", "csv", "--no-report")
    done = called("check", "demo", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "No short title." in done.stdout
    near = called("explain", "X4").stderr
    assert re.search(r"`(no rule 'X4'[^`]*)`", DOCUMENT)[1] in near
