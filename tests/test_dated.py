"""On another day a check says the same, where the rules that ask for the day answer the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, Store
from test_check import RECORD, VERSION, added, example, report, without

from kg.building.assembly import assembled
from kg.check.compose import recounted
from kg.check.dated import answers, counts_days
from kg.check.facts import text_of
from kg.check.findings import Finding, Report
from kg.check.parameters import Parameters
from kg.check.plan import Plan
from kg.check.rulebook import rulebook
from kg.check.terms import Text as Words
from kg.namespaces import REFERENCE, code, expand
from kg.reading import intake
from kg.resources import samples

PLAN = Plan(rulebook(), ())
COUNTING = {shape.rule: shape for shape in PLAN.dated if counts_days(shape)}
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
    assert COUNTING.keys() == {"X08", "X09"}
    assert all(len(rulebook().shapes[rule]) == 1 for rule in COUNTING)


@pytest.mark.slow
def test_no_other_rule_says_anything_else_on_another_day():
    """Also none in Python, which is given the day with the other parameters."""
    read = intake.read([samples()])
    versions, _ = intake.kept(read, history=False)
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


@pytest.mark.slow
@given(st.sampled_from(STORES), DAYS, DAYS)
@settings(max_examples=30, deadline=None)
def test_where_they_answer_the_same_all_findings_are_the_same(store, one, other):
    """But for the days that some of them count, which are counted anew."""
    assume(answered(store, one) == answered(store, other))
    found, then = on(store, one), on(store, other)
    again = [
        recounted(f, COUNTING[f.rule], other) if f.rule in COUNTING else f for f in found.findings
    ]
    assert tuple(again) == then.findings
    assert (found.counts, found.records) == (then.counts, then.records)


def counted() -> Finding:
    """What X09 says of the example."""
    (found,) = (f for f in on(example(), "2031-05-01").findings if f.rule == "X09")
    return found


def test_days_are_counted_anew():
    before = counted()
    after = recounted(before, COUNTING["X09"], "2031-05-02")
    assert after is not None
    assert int(after.values["days"]) == int(before.values["days"]) + 1
    assert after.message_en == before.message_en.replace(
        before.values["days"], after.values["days"]
    )
    assert after.key == before.key


def test_where_only_months_are_known_no_days_are_counted():
    before = counted()
    values = {**before.values, "date": before.values["date"][:7]}
    after = recounted(replace(before, values=values), COUNTING["X09"], "2031-05-02")
    assert after is not None
    assert "days" not in after.values
    assert "days" not in after.message_en


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("{field}: {days} days", {}),  # what a finding does not hold
        ("{date}: {days} days", {"date": code("role", "sponsor")}),  # what has a label elsewhere
    ],
)
def test_a_finding_that_tells_more_than_its_values_is_not_counted_anew(said, values):
    shape = replace(COUNTING["X09"], message=Words(said, said))
    before = counted()
    found = replace(before, values={**before.values, **values})
    assert recounted(found, shape, "2031-05-02") is None


def test_a_day_on_which_results_are_due_is_another():
    store = completed()
    months = [
        answered(store, day) for day in ("2026-05-01", "2027-03-14", "2027-03-15", "2027-04-14")
    ]
    assert months[0] == months[1] != months[2] == months[3] != answered(store, "2027-04-15")
    due = [f for f in on(store, "2027-03-15").findings if f.rule == "WHO-23"]
    assert [f.values["months"] for f in due] == ["12"]
