"""``junit.xml``: one test case per rule, for the test views of build servers.

A rule that examined nothing is skipped, never passed; a rule that could not be run is an error. No
times: the clock is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from kg.check.report.overview import IDLE, Overview, RuleResult
from kg.check.report.phrases import clipped, number, title
from kg.check.report.words import DIMENSIONS, STATUS
from kg.counted import counted
from kg.values import one_line

EXAMPLES = 20  # findings written out in the text of a test case


def lines(overview: Overview) -> Iterator[str]:
    """The text of the file, piece by piece; a suite for each kind of problem."""
    rules = (*overview.rules, *overview.structural)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites name={_attribute('kg check')}{_sums(rules)}>\n"
    order = list(DIMENSIONS)
    by_kind = sorted(rules, key=lambda r: (order.index(r.rule.dimension), r.rule.order, r.rule.id))
    for kind, group in groupby(by_kind, key=lambda r: r.rule.dimension):
        results = list(group)
        yield f"<testsuite name={_attribute(DIMENSIONS[kind].en)}{_sums(results)}>\n"
        yield "<properties>"
        yield _property("as_of", overview.report.as_of)
        for name, value in sorted(overview.report.versions.items()):
            yield _property(name, value)
        yield "</properties>\n"
        for result in results:
            yield _case(result, f"kg.check.{kind}")
        yield "</testsuite>\n"
    yield "</testsuites>\n"


def _sums(results: tuple[RuleResult, ...] | list[RuleResult]) -> str:
    states = [r.status for r in results]
    skipped = sum(s in IDLE for s in states)
    return (
        f' tests="{len(states)}" failures="{states.count("failed")}"'
        f' errors="{states.count("error")}" skipped="{skipped}"'
    )


def _case(result: RuleResult, group: str) -> str:
    rule = result.rule
    name = f"{rule.id} {title(rule.name_en)} · {title(rule.name_zh)}"
    opened = f"<testcase classname={_attribute(group)} name={_attribute(name)}>"
    return f"{opened}{_outcome(result)}</testcase>\n"


def _outcome(result: RuleResult) -> str:
    counts = result.counts
    if result.status == "failed":
        said = (
            f"{counted(result.found, 'finding')} in {counted(counts.applicable, 'place')} examined"
        )
        body = "\n".join((_advice(result), *_examples(result)))
        kind = _attribute(result.rule.severity)
        return f"<failure message={_attribute(said)} type={kind}>{_body(body)}</failure>"
    if result.status == "error":
        said = f"{number(counts.error)} of {number(counts.applicable)} could not be examined"
        return f'<error message={_attribute(said)} type="error"/>'
    if result.status in IDLE:
        return f"<skipped message={_attribute(STATUS[result.status].en)}/>"
    if result.status == "waived":
        body = "\n".join(
            (f"{counted(len(result.findings), 'finding')}, all waived", *_examples(result))
        )
        return f"<system-out>{_body(body)}</system-out>"
    return ""


def _advice(result: RuleResult) -> str:
    remedy = result.findings[0].finding.remedy_en if result.findings else ""
    return f"What to do: {one_line(remedy)}" if remedy else ""


def _examples(result: RuleResult) -> Iterator[str]:
    for _, f in result.findings[:EXAMPLES]:
        place = f"{f.file}:{f.line}" if f.file and f.line else f.file or f.focus_label
        because = f" (waived by {f.waiver.by}: {f.waiver.reason})" if f.waiver else ""
        yield clipped(f"{place}: {f.message_en} · {f.message_zh}{because}", 600)
    more = len(result.findings) - EXAMPLES
    if more > 0:
        yield f"… and {number(more)} more in findings.csv"


def _property(name: str, value: str) -> str:
    return f"<property name={_attribute(name)} value={_attribute(value)}/>"


def _attribute(text: str) -> str:
    return quoteattr(one_line(text))


def _body(text: str) -> str:
    return escape("\n".join(one_line(line) for line in text.split("\n")))
