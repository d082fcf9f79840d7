"""Annotations for GitHub Actions: ``kg check --format github`` prints them.

GitHub shows ten of each level for a step, so there is one per rule, and one that counts the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.check.findings import Finding, Severity
from kg.check.report.console import verdict_line
from kg.check.report.overview import Overview, RuleResult
from kg.check.report.phrases import clipped, number, title
from kg.counted import counted
from kg.values import one_line

SHOWN = 10  # of a level
_LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "notice"}


def lines(overview: Overview) -> Iterator[str]:
    """One annotation for each rule that found something, worst first, then the sum."""
    failed = [r for r in (*overview.structural, *overview.rules) if r.found]
    for severity, level in _LEVELS.items():
        rules = [r for r in failed if r.rule.severity == severity]
        kept = rules if len(rules) <= SHOWN else rules[: SHOWN - 1]
        for result in kept:
            yield _annotation(level, result, overview)
        if rest := rules[len(kept) :]:
            named = ", ".join(f"{r.rule.id} ({number(r.found)})" for r in rest)
            said = f"{counted(len(rest), 'more rule')} found something: {named}"
            yield f"::{level} title=more rules::{_message(clipped(said, 2000))}\n"
    if overview.errors:
        were = "check" if overview.errors == 1 else "checks"
        said = f"{number(overview.errors)} {were} could not be carried out, which is no pass"
        yield f"::error title=not examined::{said}\n"
    yield f"{verdict_line(overview)}\n"


def _annotation(level: str, result: RuleResult, overview: Overview) -> str:
    f = next(f for _, f in result.findings if not f.waived)
    more = result.found - 1
    said = f"{clipped(f.message_en, 600)} {clipped(f.message_zh, 600)}"
    if f.remedy_en:
        said += f" → {clipped(f.remedy_en, 300)}"
    if more:
        said += f" (+{number(more)} more)"
    heading = f"{result.rule.id} {title(result.rule.name_en)}"
    properties = [*_place(f, overview), f"title={_property(heading)}"]
    return f"::{level} {','.join(properties)}::{_message(said)}\n"


def _place(f: Finding, overview: Overview) -> list[str]:
    if not f.file:
        return []
    place = [f"file={_property(overview.path_of(f.file))}"]
    return [*place, f"line={f.line}"] if f.line else place


def _message(text: str) -> str:
    """Text that ends no command and starts none."""
    return one_line(text).replace("%", "%25")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
