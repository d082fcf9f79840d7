"""On another day a check says the same, where the rules that ask for the day answer the same."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, Store
from test_check import RECORD, VERSION, added, example, report, without

from kg import reading
from kg.assembly import assembled
from kg.check.dated import answers, counts_days
from kg.check.facts import text_of
from kg.check.findings import Report
from kg.check.parameters import Parameters
from kg.check.plan import Plan
from kg.check.rulebook import rulebook
from kg.namespaces import REFERENCE, code, expand
from kg.resources import samples

PLAN = Plan(rulebook(), ())
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31)).map(str)


def completed() -> Store:
    """The example, completed and without results."""
    store = without(without(example(), "tkg:recruitmentStatus"), "tkg:estimatedDate")
    status = NamedNode(code("recruitment-status", "completed"))
    day = Text("2026-03-15", datatype=NamedNode(expand("xsd:date")))
    return added(
        without(store, "tkg:completionDate"),
        (RECORD, "tkg:recruitmentStatus", status),
        (RECORD, "tkg:completionDate", day),
    )


STORES = [example(), completed()]


def answered(store: Store, day: str) -> bytes:
    said = "".join(text_of(store, NamedNode(graph)) for graph in (VERSION, REFERENCE))
    return answers(PLAN.dated, {RECORD: said}, Parameters(as_of=day))[RECORD]


def on(store: Store, day: str) -> Report:
    return report(store, parameters=Parameters(as_of=day))


def test_the_rules_that_ask_for_the_day_are_queries():
    assert {shape.rule for shape in PLAN.dated} == {"X08", "X09", "WHO-23"}
    assert all(shape.kind == "sparql" for shape in PLAN.dated)
    assert {shape.rule for shape in PLAN.dated if counts_days(shape)} == {"X08", "X09"}


def test_no_other_rule_says_anything_else_on_another_day():
    """Also none in Python, which is given the day with the other parameters."""
    read = reading.read([samples()])
    versions, _ = reading.kept(read, history=False)
    graph = assembled(versions)
    dated = {shape.rule for shape in PLAN.dated}
    one, other = (
        [
            found
            for found in report(
                graph.store, *graph.lines(), parameters=Parameters(as_of=day)
            ).findings
            if found.rule not in dated
        ]
        for day in ("2001-01-01", "2031-12-31")
    )
    assert len(one) > 200
    assert one == other


@given(st.sampled_from(STORES), DAYS, DAYS)
@settings(max_examples=30, deadline=None)
def test_where_they_answer_the_same_all_findings_are_the_same(store, one, other):
    assume(answered(store, one) == answered(store, other))
    counting = {shape.rule for shape in PLAN.dated if counts_days(shape)}
    found, then = on(store, one), on(store, other)
    assert [f for f in found.findings if f.rule not in counting] == [
        f for f in then.findings if f.rule not in counting
    ]
    assert {f.rule for f in found.findings} == {f.rule for f in then.findings}
    assert (found.counts, found.records) == (then.counts, then.records)


def test_a_day_on_which_results_are_due_is_another():
    store = completed()
    months = [
        answered(store, day) for day in ("2026-05-01", "2027-03-14", "2027-03-15", "2027-04-14")
    ]
    assert months[0] == months[1] != months[2] == months[3] != answered(store, "2027-04-15")
    due = [f for f in on(store, "2027-03-15").findings if f.rule == "WHO-23"]
    assert [f.values["months"] for f in due] == ["12"]
