"""The check as a whole: counts, states, lines, scores, waivers, profiles, engines."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.building import assembly
from kg.check import check, engine, graphs, rules
from kg.check.findings import Acceptance, Finding, Report
from kg.check.graphs import CheckedGraph
from kg.check.messages import Labels, filled
from kg.check.parameters import Parameters
from kg.check.profiles import chosen
from kg.check.report import quads
from kg.check.rulebook import rulebook
from kg.check.runner import Functions, Runner
from kg.check.score import ITEMS, SubItem, band, scored
from kg.check.shacl import Shacl
from kg.check.tally import Judged, Tally
from kg.check.waivers import Waiver, Waivers
from kg.check.waivers import read as read_waivers
from kg.errors import ToolError
from kg.exporters.statements import Statements
from kg.namespaces import FINDINGS, REFERENCE, code, expand
from kg.reading import intake
from kg.resources import folder, samples
from kg.sources.lines import Line

EXAMPLE = Path(__file__).parent / "data" / "example.trig"
GIVEN = Path(__file__).parent.parent.parent / "shared" / "records" / "given"
ID = "https://w3id.org/trialkg/id/"
RECORD = f"{ID}record/chictr/ChiCTR2699990001"
VERSION = f"{RECORD}/20260210T101500"
PARAMETERS = Parameters(as_of="2026-11-22")


def example() -> Store:
    """The invented record of the vocabulary, with what the reference graph says."""
    store = Store()
    store.load(path=str(EXAMPLE), format=RdfFormat.TRIG)
    for name in ("codes.ttl", "places.ttl", "registries.ttl"):
        for q in parse(
            path=str(folder("ontology") / name),
            format=RdfFormat.TURTLE,
            base_iri="https://w3id.org/trialkg/",
        ):
            store.add(Quad(q.subject, q.predicate, q.object, NamedNode(REFERENCE)))
    return store


def added(store: Store, *statements: tuple[str, str, NamedNode | Text]) -> Store:
    for subject, prop, value in statements:
        store.add(Quad(NamedNode(subject), NamedNode(expand(prop)), value, NamedNode(VERSION)))
    return store


def without(store: Store, prop: str) -> Store:
    for q in list(store.quads_for_pattern(None, NamedNode(expand(prop)), None, NamedNode(VERSION))):
        store.remove(q)
    return store


def collecting(store: Store, *items: str) -> Store:
    """The same store, where ChiCTR asks for these sub-items only."""
    registry, collects = NamedNode(f"{ID}registry/chictr"), NamedNode(expand("tkg:collects"))
    graph = NamedNode(REFERENCE)
    for q in list(store.quads_for_pattern(registry, collects, None, graph)):
        store.remove(q)
    for item in items:
        store.add(Quad(registry, collects, NamedNode(code("who-item", item)), graph))
    return store


def report(store: Store, *lines: Line, **options) -> Report:
    options = {"parameters": PARAMETERS, **options}
    return check(store, lines=lines, **options)


def finding(found: Report, rule: str) -> Finding:
    (one,) = [f for f in found.findings if f.rule == rule]
    return one


# Counts


def test_every_rule_is_counted_and_the_four_outcomes_add_up_to_what_applies():
    found = report(example())
    assert set(found.counts) == {rule.id for rule in rules()}
    for rule, n in found.counts.items():
        assert n.applicable == n.passed + n.failed + n.waived + n.error, rule
    assert not found.errors


def test_failed_counts_nodes_and_not_findings():
    store = example()
    approval = f"{RECORD}/ethics-4e037a43"
    for prop in ("tkg:approvalNumber", "tkg:approvalDate"):
        without(store, prop)
    found = report(store)
    assert [f.focus for f in found.findings if f.rule == "WHO-21b"] == [approval, approval]
    assert found.counts["WHO-21b"].failed == 1


def test_a_structural_rule_counts_the_nodes_that_are_not_well_formed():
    strange = f"{RECORD}/arm-strange"
    found = report(added(example(), (strange, "tkg:armSize", Text(3))))
    assert finding(found, "ST-01").focus == strange
    assert found.counts["ST-01"].failed == 1


def test_ages_below_a_year_are_told_as_months_and_days():
    """100 days are 0.2738 years in the graph; nobody finds that number in a record."""
    decimal = NamedNode(expand("xsd:decimal"))
    store = without(without(example(), "tkg:minAge"), "tkg:maxAge")
    limits = (("tkg:minAge", "0.5"), ("tkg:maxAge", "0.2738"))
    found = report(added(store, *((RECORD, p, Text(v, datatype=decimal)) for p, v in limits)))
    impossible = finding(found, "X11")
    assert impossible.message_en == "Impossible age limits: 6 months–100 days."
    assert impossible.message_zh == "年龄范围有误：6个月–100天。"
    assert impossible.values == {"max": "0.2738", "min": "0.5"}


def test_a_rule_without_a_node_is_not_applicable_and_never_passed():
    n = report(example()).counts["WHO-19b"]  # the record has no primary outcome
    assert (n.applicable, n.not_applicable) == (0, 1)


def test_what_a_source_never_asks_is_counted_and_not_found():
    found = report(collecting(example(), "WHO-05", "WHO-14a"))
    assert "WHO-14b" not in {f.rule for f in found.findings}
    n = found.counts["WHO-14b"]
    assert (n.not_collected, n.applicable) == (1, 0)
    states = {item.item: item.state for item in found.records[0].items}
    assert states["5"] == "absent"
    assert states["14"] == "blank"
    assert {state for item, state in states.items() if item not in ("5", "14")} == {"not collected"}


def test_a_portal_is_not_blamed_for_what_the_registry_behind_it_never_asks():
    store = example()
    issuer, portal = (NamedNode(f"{ID}registry/{key}") for key in ("ctgov", "ictrp"))
    record, graph = NamedNode(RECORD), NamedNode(VERSION)
    for prop, value in (("tkg:publishedBy", portal), ("tkg:registry", issuer)):
        without(store, prop)
        store.add(Quad(record, NamedNode(expand(prop)), value, graph))
    collects, reference = NamedNode(expand("tkg:collects")), NamedNode(REFERENCE)
    for registry, items in ((portal, ("WHO-14a", "WHO-21a")), (issuer, ("WHO-14a",))):
        for item in items:
            store.add(Quad(registry, collects, NamedNode(code("who-item", item)), reference))
    for prop in ("tkg:decision", "tkg:inclusionCriteria"):
        without(store, prop)
    found = report(store)
    assert {f.rule for f in found.findings} & {"WHO-14a", "WHO-21a"} == {"WHO-14a"}
    assert found.counts["WHO-21a"].not_collected == 1


def test_expanded_access_is_not_asked_for_size_and_outcomes():
    store = example()
    for prop in ("tkg:targetSampleSize", "tkg:studyType"):
        without(store, prop)
    assert "WHO-19a" in {f.rule for f in report(store).findings}
    sort = NamedNode(code("study-type", "expanded-access"))
    store.add(Quad(NamedNode(RECORD), NamedNode(expand("tkg:studyType")), sort, NamedNode(VERSION)))
    found = report(store)
    assert not {f.rule for f in found.findings} & {"WHO-17a", "WHO-19a", "WHO-20a", "WHO-22"}
    assert found.counts["WHO-19a"].not_collected == 1


def test_a_source_of_which_nothing_is_known_is_taken_to_ask_everything():
    store = Store()
    store.load(path=str(EXAMPLE), format=RdfFormat.TRIG)
    assert sum(n.not_collected for n in report(store).counts.values()) == 0


def test_a_rule_that_cannot_run_is_an_error_and_no_pass():
    shape = rulebook().shapes["WHO-24c"][0]
    runner = Runner(Shacl(rulebook().graph), Functions(rules={}, applies={}))
    store = example()
    data = CheckedGraph(graphs.statements(store, NamedNode(VERSION)))
    outcome = runner.outcome(shape, data, PARAMETERS)
    assert outcome.error
    tally = Tally(["WHO-24c"])
    tally.add("WHO-24c", [Judged(outcome, True)])
    n = tally.counts()["WHO-24c"]
    assert (n.error, n.passed, n.failed) == (1, 0, 0)


def test_a_rejected_node_without_a_row_is_an_error():
    shape = rulebook().shapes["WHO-19a"][0]  # the example has no primary outcome
    strange = replace(shape, select=(shape.select or "").replace("!BOUND", "BOUND"))
    runner = Runner(Shacl(rulebook().graph), engine.functions())
    data = CheckedGraph(graphs.statements(example(), NamedNode(VERSION)))
    assert runner.outcome(shape, data, PARAMETERS).hits
    assert "no row" in (runner.outcome(strange, data, PARAMETERS).error or "")


def test_a_query_that_is_no_query_is_an_error():
    shape = replace(rulebook().shapes["WHO-24b"][0], applies="SELECT nonsense")
    runner = Runner(Shacl(rulebook().graph), engine.functions())
    data = CheckedGraph(graphs.statements(example(), NamedNode(VERSION)))
    assert runner.outcome(shape, data, PARAMETERS).error


# States, lines, texts


def test_a_printed_label_without_a_value_is_blank_and_a_missing_label_absent():
    found = report(example())
    assert finding(found, "WHO-14a").state == "blank"
    assert finding(found, "WHO-14b").state == "absent"
    assert finding(found, "WHO-14b").line is None


def test_a_finding_has_the_line_of_the_label_and_the_text_as_printed():
    lines = (
        Line(VERSION, RECORD, "inclusionCriteria@zh", 331, ""),
        Line(VERSION, RECORD, "inclusionCriteria@en", 333, ""),
        Line(VERSION, RECORD, "registrationDate", 15, "2026-02-10 00:00:00"),
    )
    found = report(example(), *lines)
    blank, late = finding(found, "WHO-14a"), finding(found, "X01")
    assert (blank.field, blank.line, blank.printed) == ("inclusionCriteria@zh", 331, None)
    assert (late.line, late.printed) == (15, "2026-02-10 00:00:00")
    assert {blank.file, late.file} == {"ChiCTR2699990001.txt"}


def test_a_long_text_that_is_blank_in_a_text_copy_asks_to_look_at_the_page_first():
    copied = finding(report(example()), "WHO-14a")
    assert copied.remedy == "open"
    assert copied.message_en.startswith("inclusion criteria: not given (blank). The copy may")
    assert "转成文本时可能丢失" in copied.message_zh
    store = without(example(), "tkg:sourceLayout")
    original = finding(report(added(store, (VERSION, "tkg:sourceLayout", Text("html")))), "WHO-14a")
    assert original.remedy == "fill"
    assert original.message_en == "inclusion criteria: not given (blank)."


def test_days_are_counted_between_full_dates_only():
    late = finding(report(example()), "X01")
    assert late.values == {"days": "71", "registered": "2026-02-10", "start": "2025-12-01"}
    assert late.message_zh == "征募开始（2025-12-01）后71天才注册（2026-02-10）。"
    month = NamedNode(expand("xsd:gYearMonth"))
    store = added(
        without(example(), "tkg:recruitmentStart"),
        (RECORD, "tkg:recruitmentStart", Text("2025-12", datatype=month)),
    )
    late = finding(report(store), "X01")
    assert "days" not in late.values
    assert late.message_en == "Registered after recruitment began (2025-12, 2026-02-10)."
    assert "天" not in late.message_zh


def test_codes_appear_under_their_labels_and_lists_in_the_manner_of_the_language():
    labels = Labels(example())
    values = {
        "role": code("role", "principal-investigator"),
        "kinds": f"{code('channel-kind', 'fax')} | {code('channel-kind', 'phone-mobile')}",
    }
    assert filled("{role}：{kinds}", values, "zh", labels) == "研究负责人：传真、手机"
    assert ", " in filled("{kinds}", values, "en", labels)


def test_one_day_is_no_days():
    labels = Labels(example())
    for count, told in (("1", "1 day late, 1 Tag"), ("21", "21 days late, 21 Tag")):
        assert filled("{days} days late, {days} Tag", {"days": count}, "en", labels) == told
    assert filled("{months} months later", {"months": "1"}, "en", labels) == "1 month later"


def test_the_key_of_a_finding_outlives_versions_and_days():
    first = finding(report(example()), "X01")
    later = replace(first, values={**first.values, "days": "72"}, line=99, printed="x")
    other = replace(first, values={**first.values, "start": "2025-12-02"})
    assert first.key == later.key != other.key
    assert len(first.key) == 16


def test_another_as_of_date_is_another_verdict():
    assert "X08" not in {f.rule for f in report(example()).findings}
    found = report(example(), parameters=Parameters(as_of="2027-07-01"))
    assert "X08" in {f.rule for f in found.findings}


# Items and score


def sub(rule: str, passed: int, applicable: int, **more) -> SubItem:
    known = {"severity": "warning", "order": 1, "collected": True, "blank": False}
    return SubItem(id=rule, passed=passed, applicable=applicable, **{**known, **more})


def test_an_item_is_the_mean_of_its_sub_items():
    score = scored([sub("WHO-17a", 1, 1), sub("WHO-17b", 1, 2)], percentage=True)
    item = score.items[ITEMS.index("17")]
    assert (item.state, item.passed, item.sub_items) == ("partial", 1.5, 2)
    assert (score.numerator, score.denominator, score.band) == (Fraction(3, 4), 1, "partly")


def test_the_score_of_a_record_is_the_sum_over_its_applicable_items():
    subs = [
        sub("WHO-14a", 0, 1, blank=True), sub("WHO-14b", 1, 1), sub("WHO-14c", 0, 1),
        sub("WHO-14d", 1, 1), sub("WHO-19a", 1, 1), sub("WHO-19b", 0, 3), sub("WHO-19c", 0, 3),
        sub("WHO-15d", 0, 0), sub("WHO-03", 0, 1, severity="info", blank=True),
        sub("WHO-20a", 0, 1, severity="info", order=201),
        sub("WHO-20b", 0, 0, severity="info", order=202), sub("WHO-21a", 0, 1, collected=False),
    ]  # fmt: skip
    score = scored(subs, percentage=True)
    states = {item.item: item.state for item in score.items}
    assert (score.numerator, score.denominator) == (Fraction(2, 4) + Fraction(1, 3), 2)
    assert states["14"] == states["19"] == "partial"
    assert (states["3"], states["20"]) == ("blank", "absent")
    assert (states["15"], states["21"]) == ("not applicable", "not collected")


def test_without_a_percentage_the_score_says_how_many_items_are_shown():
    subs = [sub("WHO-05", 1, 1), sub("WHO-14a", 0, 1), sub("WHO-14b", 1, 1), sub("WHO-22", 0, 1)]
    score = scored(subs, percentage=False)
    assert (score.numerator, score.denominator, score.band) == (2, 3, None)


@pytest.mark.parametrize(
    ("numerator", "name"),
    [("19", "full"), ("18.99", "mostly"), ("16", "mostly"), ("15.99", "partly"), ("9.99", "thin")],
)
def test_the_bands(numerator, name):
    assert band(Fraction(numerator), 20) == name


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=24))
def test_a_score_lies_between_nothing_and_all(parts):
    subs = [sub(f"WHO-{n:02}a", min(a, b), max(a, b)) for n, (a, b) in enumerate(parts, start=1)]
    score = scored(subs, percentage=True)
    assert 0 <= score.numerator <= score.denominator <= len(parts)


# Waivers


def waiver(**more) -> Waiver:
    known = {
        "rule": "X01",
        "reason": "known",
        "by": "a reader",
        "record": "chictr:ChiCTR2699990001",
    }
    return Waiver(**{**known, **more})


def test_a_waived_finding_stays_is_counted_apart_and_changes_no_score():
    plain = report(example())
    accepted = Waivers((waiver(), waiver(rule="WHO-14a", record=None, focus=RECORD)))
    found = report(example(), waivers=accepted)
    assert finding(found, "X01").waiver == Acceptance(reason="known", by="a reader")
    assert finding(found, "WHO-14a").waived
    assert len(found.findings) == len(plain.findings)
    assert (found.counts["X01"].waived, found.counts["X01"].failed) == (1, 0)
    assert found.counts["X01"].applicable == plain.counts["X01"].applicable
    assert found.records == plain.records
    assert found.waiver_notes == ()


def test_an_expired_or_unused_waiver_is_reported_and_waives_nothing():
    old = waiver(until="2026-11-21")
    unused = waiver(rule="X03")
    found = report(
        example(), waivers=Waivers((old, unused, waiver(rule="X04", until="2026-11-22")))
    )
    assert not finding(found, "X01").waived
    assert [(n.rule, n.problem) for n in found.waiver_notes] == [
        ("X01", "expired"),
        ("X03", "unused"),
        ("X04", "unused"),
    ]


def test_a_waiver_of_nothing_known_is_told():
    waivers = (waiver(rule="X99"), waiver(record="chictr:ChiCTR2699999999"))
    found = report(example(), waivers=Waivers(waivers))
    assert [(n.rule, n.problem) for n in found.waiver_notes] == [
        ("X01", "unknown record"),
        ("X99", "unknown rule"),
    ]


def test_a_waiver_holds_on_its_last_day():
    found = report(example(), waivers=Waivers((waiver(until="2026-11-22"),)))
    assert finding(found, "X01").waived


def test_waivers_are_read_from_toml(tmp_path):
    path = tmp_path / "waivers.toml"
    path.write_text(
        '[[waive]]\nrule = "X01"\nrecord = "chictr:ChiCTR2699990001"\nreason = "known"\n'
        'by = "a reader"\nuntil = 2026-12-31\n',
        encoding="utf-8",
    )
    assert read_waivers(path).waivers == (waiver(until="2026-12-31"),)


def test_waivers_of_windows_editors_are_read(tmp_path):
    path = tmp_path / "waivers.toml"
    text = '[[waive]]\r\nrule = "X01"\r\nfocus = "x"\r\nreason = "已知"\r\nby = "y"\r\n'
    path.write_bytes(text.encode("utf-8-sig"))
    assert [w.reason for w in read_waivers(path).waivers] == ["已知"]
    path.write_bytes(text.encode("gbk"))
    with pytest.raises(ToolError, match="not UTF-8"):
        read_waivers(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[waive]\n", "waivers.toml: "),
        ('[[waiver]]\nrule = "X01"\n', "unknown table 'waiver'; expected [[waive]]"),
        ('[waive]\nrule = "X01"\n', "expected [[waive]] with two brackets"),
        ("waive = [1]\n", "waiver 1: expected a table [[waive]]"),
        ("waive = " + "[" * 5000, "too deep"),
        ('[[waive]]\nrule = "X01"\nwhy = "x"\n', "waiver 1: unknown key 'why'"),
        ('[[waive]]\nrule = "X01"\nreason = "x"\n', "waiver 1: by is missing"),
        ('[[waive]]\nrule = "X01"\nreason = "x"\nby = "y"\n', "name either a record"),
        ('[[waive]]\nrule = "X01"\nreason = 3\nby = "y"\n', "waiver 1: reason is not a text"),
        (
            '[[waive]]\nrule = "X01"\nreason = "x"\nby = "y"\nfocus = "z"\nuntil = "soon"\n',
            "until is not a day such as 2026-12-31",
        ),
    ],
)
def test_a_waiver_that_cannot_be_read_says_where_and_why(tmp_path, text, said):
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ToolError) as error:
        read_waivers(path)
    assert said in error.value.message


# Profiles and parameters


def test_the_registry_chooses_the_profile_and_a_caller_may_override_it():
    expected = {"chictr": "chictr", "itmctr": "chictr", "ctgov": "ctgov", "isrctn": "who"}
    assert {key: chosen(key).name for key in expected} == expected
    assert chosen("ictrp").name == "portal"
    assert chosen("clinconnect").scored is False
    assert report(example(), profile="who").records[0].profile == "who"
    with pytest.raises(ToolError, match="no profile 'best'; known: aggregator, chictr"):
        report(example(), profile="best")


def test_every_profile_names_shape_files_that_exist():
    files = {path.stem for path in folder("shapes").glob("*.ttl")}
    for name in ("who", "chictr", "ctgov", "fdaaa", "icmje", "portal", "aggregator"):
        assert set(chosen("", name).files) <= files


def test_a_profile_sets_thresholds_that_nobody_set_by_hand():
    found = report(example(), profile="fdaaa")
    assert found.parameters["grace_days"] == "21"
    assert finding(found, "X01").values["days"] == "71"
    by_hand = Parameters(as_of="2026-11-22", grace_days=80)
    found = report(example(), profile="fdaaa", parameters=by_hand)
    assert found.parameters["grace_days"] == "80"
    assert "X01" not in {f.rule for f in found.findings}


def icmje(store: Store) -> Report:
    """The example checked as a journal would; it recruits from 2025-12-01."""
    kind = NamedNode(expand("tkg:InterventionalRecord"))
    return report(added(store, (RECORD, "rdf:type", kind)), profile="icmje")


def test_journals_ask_for_registration_by_the_first_enrolment():
    found = icmje(example())
    late = finding(found, "IC-01")
    assert (late.severity, late.values["days"], late.focus) == ("violation", "71", RECORD)
    # The same is told once: IC-01 stands in the place of X01.
    assert found.counts["X01"].applicable == 0
    assert "X01" in {f.rule for f in report(example()).findings}
    assert found.counts["IC-03"].passed == 1


def test_journals_ask_for_a_data_sharing_plan_where_the_registry_does():
    bare = finding(icmje(example()), "IC-02")
    assert (bare.severity, bare.state, bare.field) == ("violation", "absent", "ipdSharing")
    answer = NamedNode(code("answer", "no"))
    assert icmje(added(example(), (RECORD, "tkg:ipdSharing", answer))).counts["IC-02"].passed == 1
    asked = icmje(collecting(example(), "WHO-01", "WHO-16"))
    assert (asked.counts["IC-02"].applicable, asked.counts["IC-02"].not_collected) == (0, 1)


def test_no_registry_chooses_what_journals_ask_for():
    counts = report(example()).counts
    assert [counts[f"IC-0{n}"].applicable for n in (1, 2, 3)] == [0, 0, 0]


def test_a_rule_that_is_off_by_default_can_be_switched_on():
    assert report(example()).counts["I04"].applicable == 0
    on = Parameters(as_of="2026-11-22", optional_rules=("I04",))
    assert report(example(), parameters=on).counts["I04"].failed == 1


def test_the_rules_for_registries_do_not_apply_to_an_aggregator():
    store = example()
    graph, kind = NamedNode(REFERENCE), NamedNode(expand("tkg:registryKind"))
    registry = NamedNode(f"{ID}registry/chictr")
    for q in list(store.quads_for_pattern(registry, kind, None, graph)):
        store.remove(q)
    store.add(Quad(registry, kind, NamedNode(code("registry-kind", "aggregator")), graph))
    found = report(store)
    assert "X01" not in {f.rule for f in found.findings}
    assert (found.counts["X01"].applicable, found.counts["X01"].not_applicable) == (0, 1)


def test_the_rules_for_two_languages_do_not_apply_to_a_copy_in_one():
    store = example()
    for q in list(store):
        if isinstance(q.object, Text) and q.object.language == "zh":
            store.remove(q)
    found = report(store)
    assert not {f.rule for f in found.findings} & {"L01", "L02", "L03", "L04"}
    assert found.counts["L01"].applicable == 0 < found.counts["L01"].not_applicable
    assert report(example()).counts["L01"].applicable > 0


# Graphs


def test_only_current_versions_are_checked_and_contact_graphs_never():
    store = example()
    old, contacts = NamedNode(f"{RECORD}/20250101"), NamedNode(f"{VERSION}/contacts")
    for q in list(store.quads_for_pattern(None, None, None, NamedNode(VERSION))):
        subject = old if q.subject == NamedNode(VERSION) else q.subject
        store.add(Quad(subject, q.predicate, q.object, old))
    store.add(
        Quad(NamedNode(RECORD), NamedNode(expand("vcard:note")), Text("a@example.cn"), contacts)
    )
    found = report(store)
    assert [r.record for r in found.records] == [RECORD]
    assert "ST-13" not in {f.rule for f in found.findings}
    assert found.counts["H03"].applicable == 1  # which compares the two versions


def test_without_an_identity_graph_every_version_is_checked():
    store = example()
    store.remove_graph(NamedNode("https://w3id.org/trialkg/graph/identity"))
    found = report(store)
    assert len(found.records) == 1
    assert found.counts["ST-09"].applicable == 0
    assert found.counts["I01"].applicable == 0


def test_the_order_of_statements_and_lines_does_not_matter():
    quads = list(example())
    lines = [Line(VERSION, RECORD, "inclusionCriteria@zh", n, "") for n in (331, 7)]
    expected = report(example(), *lines)
    shuffled = random.Random(7).sample(quads, len(quads))
    store = Store()
    for q in shuffled:
        store.add(q)
    assert report(store, *reversed(lines)) == expected


def test_both_engines_say_the_same():
    for store in (example(), without(example(), "tkg:nameAsGiven")):
        assert report(store, engine="oxigraph") == report(store, engine="pyshacl")


def test_the_merged_graph_holds_what_its_rules_read():
    store = example()
    everything = {q.predicate.value for q in store}
    current = graphs.current_graphs(store)
    runner = Runner(Shacl(rulebook().graph), engine.functions())
    less = graphs.merged(store, current, engine.merged_graph(rulebook()))
    more = graphs.merged(store, current, graphs.wanted(everything))
    assert len(less.statements) < len(more.statements)
    for shape in rulebook().of_files([engine.MERGED]):
        assert runner.outcome(shape, less, PARAMETERS) == runner.outcome(shape, more, PARAMETERS)


def test_the_checksum_of_the_data_does_not_depend_on_order_but_on_content():
    one, other = example(), Store()
    for q in reversed(list(one)):
        other.add(q)
    assert engine.checksum(one) == engine.checksum(other)
    added(other, (RECORD, "tkg:acronym", Text("INVENTED", language="en")))
    assert engine.checksum(one) != engine.checksum(other)


def test_the_example_is_well_formed():
    broken = {f.rule: f.field for f in report(example()).findings if f.dimension == "St"}
    assert broken == {"ST-02": "sourceSha256"}  # the example is shortened


def test_all_records_are_told_to_be_checked_before_rules_look_beyond_them(monkeypatch):
    steps: list[tuple[int, int]] = []
    told: list[tuple[int, int]] = []
    beyond = engine._Run.beyond_records

    def watched(run: engine._Run, jobs: int) -> None:
        told.append(steps[-1])
        beyond(run, jobs)

    monkeypatch.setattr(engine._Run, "beyond_records", watched)
    report(example(), progress=lambda done, total: steps.append((done, total)))
    assert told == [(1, 1)]


def test_progress_is_told_record_by_record():
    steps = []
    report(example(), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(0, 1), (1, 1)]


# The five given records and the packaged samples, read as a build reads them


def checked(folder: Path, *, history: bool = False, **options) -> Report:
    read = intake.read([folder])
    versions, _ = intake.kept(read, history=history)
    graph = assembly.assembled(versions)
    return report(graph.store, *graph.lines(), **options)


@pytest.fixture(scope="module")
def given_report() -> Report:
    if not GIVEN.is_dir():
        pytest.skip("the given records lie outside the project and are not here")
    return checked(GIVEN)


LETTER = {
    "ChiCTR2600127123": "A", "ChiCTR2600122712": "B", "ChiCTR2500105227": "C",
    "ChiCTR2600120525": "D",
}  # fmt: skip
# Rule book, section 4: the findings of each record, M on the merged graph.
EXPECTED = """
WHO-14a AC|WHO-13b BC|WHO-14c C|WHO-15c C|WHO-17b D|WHO-19b CCC|WHO-19c CCC|WHO-22 E|X01 ABCD|X04 AC
X08 C|X13 A|X18 ABD|L01 ABD|AG-01 E|AG-02 E|WHO-03 ABCD|WHO-12b ABCD|WHO-11b ABD|WHO-15f C|WHO-20a C
WHO-20b BB|WHO-21c C|WHO-24c D|X09 CE|X12 B|X14 BD|X15 ABCD|X16 ABCD|X17 BC|X19 C|X20 D|X22 AD
L04 DDDDD|F01 ABDE|P02 AABBBCCDDD|P03 D|I01 MMM|I02 MM|I06 M
"""


def letter(f: Finding) -> str:
    return LETTER.get(f.number or "", "E") if f.record else "M"


def test_the_given_records_yield_the_findings_of_the_rule_book(given_report):
    expected = {
        rule: sorted(letters)
        for row in EXPECTED.split("\n")
        for part in row.split("|")
        if part
        for rule, letters in (part.split(),)
    }
    found: dict[str, list[str]] = {}
    for f in given_report.findings:
        found.setdefault(f.rule, []).append(letter(f))
    assert {rule: sorted(letters) for rule, letters in found.items()} == expected
    assert not given_report.errors


def test_the_given_records_yield_two_violations_28_warnings_and_62_hints(given_report):
    counted = Counter((letter(f), f.severity[0]) for f in given_report.findings)
    table = {k: tuple(counted[k, severity] for severity in "vwi") for k in "ABCDEM"}
    assert table == {
        "A": (1, 5, 9), "B": (0, 4, 14), "C": (1, 12, 12), "D": (0, 4, 19), "E": (0, 3, 2),
        "M": (0, 0, 6),
    }  # fmt: skip


def test_the_given_records_differ_by_the_days_of_the_rule_book(given_report):
    days = {
        (f.rule, letter(f)): f.values["days"] for f in given_report.findings if "days" in f.values
    }
    assert days == {
        ("X01", "A"): "240", ("X01", "B"): "224", ("X01", "C"): "398", ("X01", "D"): "153",
        ("X04", "A"): "51", ("X04", "C"): "142", ("X08", "C"): "357", ("X09", "C"): "509",
        ("X09", "E"): "534",
    }  # fmt: skip


def test_the_scores_of_the_given_records_are_those_of_the_rule_book(given_report):
    scores = {
        LETTER.get(r.number or "", "E"): (round(r.numerator, 2), r.denominator, r.band)
        for r in given_report.records
    }
    assert scores == {
        "A": (18.75, 19, "full"), "B": (19.5, 20, "full"), "C": (18.08, 20, "mostly"),
        "D": (18.75, 19, "full"), "E": (7, 8, None),
    }  # fmt: skip


def test_the_items_of_the_given_records_are_those_of_the_rule_book(given_report):
    states = {
        LETTER.get(r.number or "", "E"): {i.item: (i.state, i.passed, i.sub_items) for i in r.items}
        for r in given_report.records
    }
    short = {
        record: {item: state[0] for item, state in items.items() if state[0] != "present"}
        for record, items in states.items()
    }
    late = {"3": "blank", "23": "not applicable"}
    assert short["A"] == {**late, "13": "not applicable", "14": "partial"}
    assert short["B"] == {**late, "13": "partial"}
    assert short["C"] == {
        **late, "13": "partial", "14": "partial", "15": "partial", "19": "partial", "20": "absent",
    }  # fmt: skip
    assert short["D"] == {**late, "13": "not applicable", "17": "partial"}
    shown = {"5", "7", "8", "9", "11", "14", "18"}
    assert short["E"] == {
        item: "blank" if item == "22" else "not collected" for item in ITEMS if item not in shown
    }
    assert states["C"]["19"] == ("partial", 1.0, 3)
    assert states["D"]["17"] == ("partial", 1.5, 2)


def test_every_finding_about_a_printed_field_has_its_line(given_report):
    lost = {
        f.rule for f in given_report.findings if f.record and f.line is None and f.state != "absent"
    }
    # A number that is not on the page, outcomes counted, an affiliation joined from two lines.
    assert lost <= {"AG-01", "AG-02", "X20"}


def test_both_engines_say_the_same_of_the_given_records(given_report):
    assert checked(GIVEN, engine="pyshacl") == given_report


SAMPLES_GOLDEN = Path(__file__).parent / "golden" / "findings.tsv"
UPDATE = "python -m tests.test_check"
# No source of the samples states a total beside its arms, or the country of an affiliation.
IDLE = {"X10", "X21"}


def table(found: Report) -> str:
    """Findings of records and entities, one a line, without IRIs that are minted."""
    rows = [
        (f.rule, f.severity, f.registry, f.number, f.state, f.field, f.file, f.line, f.message_en)
        for f in found.findings
    ]
    return "".join(
        "\t".join("" if cell is None else str(cell) for cell in row) + "\n"
        for row in sorted(rows, key=str)
    )


def test_findings_of_a_check_before_are_no_part_of_the_graph():
    """A store that is changed holds them while it is checked, counted and written."""
    read = intake.read([samples()])
    versions, _ = intake.kept(read, history=False)
    graph = assembly.assembled(versions)
    store, lines = graph.store, tuple(graph.lines())
    found, counted = report(store, *lines), assembly.counts(store)
    written = list(Statements(store).quads())
    store.load(input="".join(quads(found)).encode(), format=RdfFormat.N_QUADS)
    assert NamedNode(FINDINGS) in set(store.named_graphs())
    assert report(store, *lines) == found
    assert assembly.counts(store) == counted
    assert list(Statements(store).quads()) == written


@pytest.fixture(scope="module")
def samples_report() -> Report:
    return checked(samples())


def test_the_samples_yield_the_findings_of_the_golden_table(samples_report):
    assert table(samples_report) == SAMPLES_GOLDEN.read_text(encoding="utf-8"), UPDATE


def test_trials_that_claim_one_approval_are_told_by_their_numbers(samples_report):
    (found,) = [f for f in samples_report.findings if f.rule == "I08"]
    claimed = "Approval 云一药伦2025-036 is claimed by ChiCTR2699990005 and ChiCTR2699990006."
    assert found.message_en == claimed


def test_well_formed_samples_have_no_structural_finding(samples_report):
    assert not [f for f in samples_report.findings if f.dimension == "St"]
    assert not samples_report.errors


def test_every_rule_looks_at_some_node_of_the_samples():
    on = replace(PARAMETERS, optional_rules=("I04",))
    found = checked(samples(), history=True, parameters=on, engine="oxigraph")
    icmje = checked(samples(), parameters=on, engine="oxigraph", profile="icmje")
    idle = {
        rule
        for rule, n in found.counts.items()
        if not n.applicable and not icmje.counts[rule].applicable
    }
    assert idle <= IDLE
    assert {"H01", "H02", "H03"} <= {f.rule for f in found.findings}


if __name__ == "__main__":
    SAMPLES_GOLDEN.write_text(table(checked(samples())), encoding="utf-8")
