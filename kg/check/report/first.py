"""What to fix first: the few rules whose repair helps most, and where to begin."""

from __future__ import annotations

from typing import NamedTuple

from kg.check.findings import SEVERITIES, Severity
from kg.check.report.overview import Named, Overview, RuleResult

MOST = 6


class First(NamedTuple):
    """A rule that comes first: how much of it there is, in how many records, where to begin."""

    result: RuleResult
    records: int
    registries: tuple[str, ...]
    example: Named


class Plan(NamedTuple):
    """The rules that come first, and how much of what they are of they hold."""

    rules: tuple[First, ...]
    held: int  # findings of these rules
    severities: tuple[Severity, ...]  # of these rules
    whole: int  # all findings of these severities


def plan(view: Overview) -> Plan | None:
    """Violations before warnings, what concerns most records first; None without any of them.

    A rule whose findings nobody can correct any more (registered late) stands behind the others.
    """
    failed = [r for r in view.rules if r.found and r.rule.severity != "info"]
    if not failed:
        return None
    firsts = [_first(r) for r in failed]
    firsts.sort(
        key=lambda f: (
            SEVERITIES.index(f.result.rule.severity),
            f.result.rule.remedy == "retro",
            -f.records,
            -f.result.found,
            f.result.rule.order,
            f.result.rule.id,
        )
    )
    rules = tuple(firsts[:MOST])
    severities = tuple(s for s in SEVERITIES if any(f.result.rule.severity == s for f in rules))
    return Plan(
        rules=rules,
        held=sum(f.result.found for f in rules),
        severities=severities,
        whole=sum(r.found for r in failed if r.rule.severity in severities),
    )


def _first(result: RuleResult) -> First:
    open_ = [one for one in result.findings if not one.finding.waived]
    return First(
        result=result,
        records=len({one.finding.record for one in open_ if one.finding.record}),
        registries=tuple(sorted({one.finding.registry for one in open_ if one.finding.registry})),
        example=open_[0],
    )
