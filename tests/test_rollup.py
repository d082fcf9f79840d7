"""Roll-ups and worklists: whose the records are, sums that agree in every view, rates of items."""

from __future__ import annotations

import codecs
import csv
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from test_check import VERSION, example

from kg.check import check, graphs
from kg.check.belonging import belonging, named_in
from kg.check.findings import Belonging, ItemState, Report
from kg.check.parameters import Parameters
from kg.check.report import worklists
from kg.check.rollup import SHARED, VIEWS, View, item_rates, rollup
from kg.check.terms import Text
from kg.check.view import values_of
from kg.namespaces import IDENTITY, expand
from kg.outputs.graph import Graph

ID = "https://w3id.org/trialkg/id/"
RECORD = f"{ID}record/chictr/ChiCTR2699990001"
HOSPITAL = f"{ID}organization/a0b1c2d3e4f5"


@pytest.fixture(scope="module")
def report(built: Path) -> Report:
    return Graph(built).check()


# -- whose the records are -------------------------------------------------------------------------


def belongs(store: Store) -> Belonging:
    """Whose the records are that count."""
    statements = ((g, graphs.statements(store, g)) for g in graphs.current_graphs(store))
    found = (named_in(values_of(said), graph.value) for graph, said in statements)
    return belonging(store, [one for one in found if one])


def test_a_record_belongs_to_its_sites_committees_province_and_year():
    store = example()
    found = belongs(store)
    assert found.of[RECORD] == {
        "hospital": (HOSPITAL,),
        "committee": (f"{ID}committee/0f1e2d3c4b5a",),
        "province": (f"{ID}place/CN-ZJ",),
        "year": ("2026",),
    }
    assert found.labels[HOSPITAL] == Text("示例大学附属第一医院", "示例大学附属第一医院")
    assert found.records == {f"{ID}trial/chictr-ChiCTR2699990001": (RECORD,)}


@pytest.mark.parametrize(
    ("said", "province"),
    [
        ("<p/site> <spatial> <id/place/x-1> . <id/place/x-1> <part> <id/place/CN-GD> .", "CN-GD"),
        ("<p/site> <spatial> <id/place/DE> .", "DE"),
        ("<p/site> <spatial> <id/place/x-1> . <id/place/x-1> <part> <id/place/x-1> .", None),
        ("<r> <country> <id/place/CN> . <p/site> <spatial> <id/place/CN-GD> .", "CN-GD"),
        ("<r> <country> <id/place/CN> .", "CN"),
        ("<p/other> <spatial> <id/place/CN-GD> .", None),  # of a mention, not of a site
    ],
)
def test_the_province_of_a_site(said, province):
    terms = {
        "<spatial>": "<http://purl.org/dc/terms/spatial>",
        "<part>": "<http://purl.org/dc/terms/isPartOf>",
        "<country>": "<ns#countryOfRecruitment>",
    }
    for name, iri in terms.items():
        said = said.replace(name, iri)
    store = Store()
    store.load(
        input=f"""@base <https://w3id.org/trialkg/> .
        <v> {{ <v> a <ns#RecordVersion> ; <ns#versionOf> <r> .
               <r> a <ns#Record> ; <ns#hasSiteParticipation> <p/site> . {said} }}""".encode(),
        format=RdfFormat.TRIG,
    )
    found = belongs(store).of
    expected = {"https://w3id.org/trialkg/r": {"province": (f"{ID}place/{province}",)}}
    assert found == (expected if province else {})


def test_older_versions_count_for_nobody():
    store, older = example(), NamedNode(f"{RECORD}/1999")
    record, year = NamedNode(RECORD), Literal("1999-01-01", datatype=NamedNode(expand("xsd:date")))
    for subject, prop, value, graph in (
        (older, "rdf:type", NamedNode(expand("tkg:RecordVersion")), older),
        (older, "tkg:versionOf", record, older),
        (record, "tkg:registrationDate", year, older),
        (record, "tkg:currentVersion", NamedNode(VERSION), NamedNode(IDENTITY)),
    ):
        store.add(Quad(subject, NamedNode(expand(prop)), value, graph))
    assert len(graphs.record_graphs(store)) == 2
    found = check(store, parameters=Parameters(as_of="2026-11-22")).belonging
    assert found.of[RECORD]["year"] == ("2026",)


# -- sums ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_counts_the_same_findings(report: Report, view: View):
    structural = {r.id for r in report.rules if r.structural}
    all_keys = Counter(f.key for f in report.findings if f.rule not in structural)
    found = rollup(report, view)
    assert Counter(f.key for f in found.total.findings) == all_keys
    if view in SHARED:
        assert {f.key for g in found.groups for f in g.findings} == set(all_keys)
        assert {r.record for g in found.groups for r in g.records} == {
            r.record for r in report.records
        }
    else:
        assert Counter(f.key for g in found.groups for f in g.findings) == all_keys
        summed = sum((Counter(g.found) for g in found.groups), Counter())
        assert summed == Counter(found.total.found)


@pytest.mark.parametrize("view", ["record", "registry", "year"])
def test_the_scores_of_the_groups_add_up(report: Report, view: View):
    found = rollup(report, view)
    assert sum(g.denominator for g in found.groups) == found.total.denominator
    assert sum(g.numerator for g in found.groups) == pytest.approx(found.total.numerator)
    assert sum(len(g.records) for g in found.groups) == len(report.records)


def test_the_rates_of_an_item_add_up_over_registries(report: Report):
    whole = item_rates(report.records)
    parts = [g.rates for g in rollup(report, "registry").groups]
    for n, rate in enumerate(whole):
        assert sum(p[n].denominator for p in parts) == rate.denominator
        assert sum(p[n].numerator for p in parts) == pytest.approx(rate.numerator)
        assert sum(rate.states.values()) == len(report.records)


@pytest.mark.parametrize("view", VIEWS)
def test_the_order_of_a_reports_parts_does_not_matter(report: Report, view: View):
    def told(one: Report) -> list[object]:
        return [
            (g.key, g.numerator, g.denominator, dict(g.found), [r.record for r in g.records])
            for g in rollup(one, view).groups
        ]

    rng = random.Random(6)
    other = replace(
        report,
        findings=tuple(rng.sample(report.findings, len(report.findings))),
        records=tuple(rng.sample(report.records, len(report.records))),
    )
    assert told(other) == told(report)


def test_nothing_of_nothing_is_no_pass(report: Report):
    record = replace(
        report.records[0],
        band=None,
        items=(ItemState(item="21", state="not collected", passed=0.0, sub_items=0),),
    )
    alone = replace(report, records=(record,), findings=(), belonging=Belonging())
    rate = next(r for r in item_rates([record]) if r.item == "21")
    assert (rate.numerator, rate.denominator, rate.share) == (0.0, 0, None)
    assert rollup(alone, "registry").total.share is None
    assert rollup(alone, "item").total.share is None


def test_an_item_with_hints_only_is_filled_or_not(report: Report):
    def record(state):
        return replace(
            report.records[0],
            items=(ItemState(item="3", state=state, passed=0.0, sub_items=0),),
        )

    states = ("present", "blank", "absent", "not collected", "not applicable")
    rate = next(r for r in item_rates(map(record, states)) if r.item == "3")
    assert (rate.numerator, rate.denominator) == (1.0, 3)


def test_a_finding_about_an_entity_or_a_trial_counts_where_it_belongs():
    store = example()
    made = check(store, lines=(), parameters=Parameters(as_of="2026-11-22"))
    one = next(f for f in made.findings if f.record == RECORD)
    about_hospital = replace(one, record=None, focus=HOSPITAL)
    about_trial = replace(one, record=None, focus=f"{ID}trial/chictr-ChiCTR2699990001")
    about_other = replace(one, record=None, focus=f"{ID}person/b1c2d3e4f506")
    given = replace(made, findings=(about_hospital, about_trial, about_other))

    def where(view: View) -> dict[str, int]:
        return {g.key: len(g.findings) for g in rollup(given, view).groups if g.findings}

    assert where("hospital") == {HOSPITAL: 2, "": 1}
    assert where("committee") == {f"{ID}committee/0f1e2d3c4b5a": 1, "": 2}
    assert where("record") == {"": 3}


def test_a_dimension_counts_the_places_that_its_rules_examined(report: Report):
    rules = [r.id for r in report.rules if r.dimension == "Bi" and not r.structural]
    group = next(g for g in rollup(report, "dimension").groups if g.key == "Bi")
    assert group.numerator == sum(report.counts[r].passed for r in rules)
    assert group.denominator == sum(report.counts[r].applicable for r in rules) > 0


# -- worklists -------------------------------------------------------------------------------------


def table(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(codecs.BOM_UTF8)  # else Excel garbles Chinese
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_worklist_holds_every_finding_of_its_group(report: Report, tmp_path: Path):
    assert worklists.write(report, tmp_path) == []
    for kind in worklists.KINDS:
        rows = table(tmp_path / f"{kind}.csv")
        groups = [g for g in rollup(report, kind).groups if g.findings]
        assert Counter(r["group"] for r in rows) == {g.key: len(g.findings) for g in groups}
        names = [g.key.rsplit("/")[-1] or "none" for g in groups]
        assert [r for name in names for r in table(tmp_path / kind / f"{name}.csv")] == rows


def test_what_no_hospital_is_known_of_is_in_the_worklist_too(report: Report, tmp_path: Path):
    worklists.write(report, tmp_path, largest=0)
    (path,) = (tmp_path / "hospital").iterdir()
    rows = table(path)
    assert rows
    assert {(r["group"], r["group_en"], r["group_zh"]) for r in rows} == {
        ("", "no hospital known", "医院不详")
    }
    assert {r["key"] for r in table(tmp_path / "hospital.csv")} == {
        f.key for f in rollup(report, "hospital").total.findings
    }


def test_a_cap_on_files_is_told_and_loses_no_row(report: Report, tmp_path: Path):
    notes = worklists.write(report, tmp_path, largest=2)
    groups = [g for g in rollup(report, "hospital").groups if g.key and g.findings]
    files = {path.name for path in (tmp_path / "hospital").iterdir()}
    assert len(files - {"none.csv"}) == 2
    assert f"{len(groups) - 2} more groups of kind hospital" in notes[0]
    assert notes[0].endswith(f"hospital.csv holds all {len(groups)}")
    assert len({r["group"] for r in table(tmp_path / "hospital.csv")} - {""}) == len(groups)


def test_a_formula_in_a_title_stays_text(report: Report, tmp_path: Path):
    records = tuple(replace(r, title_en='=HYPERLINK("x")') for r in report.records)
    worklists.write(replace(report, records=records), tmp_path)
    titles = {r["title_en"] for r in table(tmp_path / "hospital.csv")}
    assert titles <= {'\'=HYPERLINK("x")', ""}
    assert '\'=HYPERLINK("x")' in titles
