"""A report in the order in which every format shows it: named findings, rules worst first, sums."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.check.findings import (
    SEVERITIES,
    Counts,
    Finding,
    RecordReport,
    Report,
    Rule,
    Severity,
    State,
)
from kg.check.rollup import Rollups
from kg.check.trend import Baseline, Trend, compared

Status = Literal[
    "failed", "error", "waived", "passed", "not applicable", "not collected", "switched off"
]
STATUSES: tuple[Status, ...] = (
    "failed",
    "error",
    "waived",
    "passed",
    "not applicable",
    "not collected",
    "switched off",
)
IDLE: tuple[Status, ...] = ("not applicable", "not collected", "switched off")
_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Named(NamedTuple):
    """A finding with the name that is its own in this report: its key, or its key and ``-2``."""

    id: str
    finding: Finding


class Sums(NamedTuple):
    """Findings by severity; waived ones are counted apart."""

    violation: int = 0
    warning: int = 0
    info: int = 0
    waived: int = 0

    @property
    def found(self) -> int:
        """All that is not waived."""
        return self.violation + self.warning + self.info


class Run(NamedTuple):
    """A check in numbers. ``rules`` is the checksum of the rules that it asked."""

    as_of: str
    records: int
    sums: Sums
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """A rule, its six counts and its findings."""

    rule: Rule
    counts: Counts
    findings: tuple[Named, ...]

    @property
    def found(self) -> int:
        """Findings that are not waived."""
        return sum(not named.finding.waived for named in self.findings)

    @property
    def status(self) -> Status:
        """What became of the rule. One that examined nothing has not passed."""
        c = self.counts
        if c.failed or self.found:
            return "failed"
        if c.error:
            return "error"
        if c.waived or self.findings:
            return "waived"
        if c.passed:
            return "passed"
        if not self.rule.enabled:
            return "switched off"
        return "not collected" if c.not_collected and not c.not_applicable else "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResult:
    """A record's 24 items and its findings. ``slug`` is its permalink."""

    report: RecordReport
    findings: tuple[Named, ...]
    sums: Sums
    slug: str

    @property
    def shown(self) -> tuple[int, int, int]:
        """Items that show something, items asked for, items the source never asks for."""
        states = Counter(item.state for item in self.report.items)
        return (
            states["present"] + states["partial"],
            states.total() - states["not collected"] - states["not applicable"],
            states["not collected"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything that the formats share. Sums leave out structural rules, which have their own."""

    report: Report
    findings: tuple[Named, ...]  # all, also structural ones
    rules: tuple[RuleResult, ...]  # of the record's quality, worst first
    structural: tuple[RuleResult, ...]
    records: tuple[RecordResult, ...]  # worst first
    across: tuple[Named, ...]  # quality findings that belong to no single record
    sums: Sums
    faults: int  # structural findings, not waived
    errors: int  # places that could not be examined, over all rules
    trend: Trend | None  # beside an earlier check, where one was given
    rollups: Rollups  # by hospital, committee, sponsor …
    runs: tuple[Run, ...] = ()  # checks before this one, the oldest first, where they were given
    below: str = ""  # the folder that the sources lie in, for tools that open them

    def path_of(self, file: str) -> str:
        """Where a tool finds a source."""
        return f"{self.below.rstrip('/')}/{file}" if self.below else file

    @property
    def run(self) -> Run:
        """This check in numbers."""
        report = self.report
        return Run(report.as_of, len(self.records), self.sums, report.versions["shapes"])

    @property
    def registries(self) -> tuple[str, ...]:
        """The registries of the records, sorted."""
        return tuple(sorted({r.report.registry for r in self.records}))


def overview(
    report: Report,
    baseline: Baseline | None = None,
    runs: Iterable[Run] = (),
    *,
    below: str = "",
) -> Overview:
    """``report`` sorted, named and summed; the order of its parts makes no difference.

    ``baseline`` is a check that it is compared with, ``runs`` are all before it in short, ``below``
    is the folder that the sources lie in.
    """
    rules = {rule.id: rule for rule in report.rules}
    findings = named(report.findings, rules)
    by_rule: dict[str, list[Named]] = defaultdict(list)
    by_record: dict[str | None, list[Named]] = defaultdict(list)
    known = {r.record for r in report.records}
    for one in findings:
        by_rule[one.finding.rule].append(one)
        if not rules[one.finding.rule].structural:
            by_record[one.finding.record if one.finding.record in known else None].append(one)
    results = sorted(
        (
            RuleResult(
                rule=rule,
                counts=report.counts.get(rule.id, Counts()),
                findings=tuple(by_rule[rule.id]),
            )
            for rule in rules.values()
        ),
        key=lambda r: (
            STATUSES.index(r.status),
            _RANK[r.rule.severity],
            -r.found,
            r.rule.order,
            r.rule.id,
        ),
    )
    quality = tuple(r for r in results if not r.rule.structural)
    return Overview(
        report=report,
        findings=findings,
        rules=quality,
        structural=tuple(r for r in results if r.rule.structural),
        records=_records(report.records, by_record),
        across=tuple(by_record[None]),
        sums=sums(one for r in quality for one in r.findings),
        faults=sum(r.found for r in results if r.rule.structural),
        errors=sum(r.counts.error for r in results),
        trend=compared(baseline, report, findings) if baseline else None,
        rollups=Rollups(report),
        runs=tuple(runs),
        below=below,
    )


def named(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> tuple[Named, ...]:
    """The findings by severity, rule, registry, number, focus; equal keys get ``-2``, ``-3`` …"""

    def place(f: Finding) -> tuple[object, ...]:
        rule = rules[f.rule]
        return (
            _RANK[f.severity],
            rule.order,
            f.rule,
            f.registry or "",
            f.number or "",
            f.focus,
            f.field or "",
            sorted(f.values.items()),
            f.file or "",
            f.line or 0,
            f.printed or "",
            f.message_en,
            f.message_zh,
            f.record or "",
            f.waived,
            f.state or "",
            f.focus_label,
        )

    seen: Counter[str] = Counter()
    result = []
    for finding in sorted(findings, key=place):
        key = finding.key
        seen[key] += 1
        result.append(Named(key if seen[key] == 1 else f"{key}-{seen[key]}", finding))
    return tuple(result)


def sums(findings: Iterable[Named]) -> Sums:
    """How many findings of each severity, waived ones apart."""
    count = Counter("waived" if f.waived else f.severity for _, f in findings)
    return Sums(count["violation"], count["warning"], count["info"], count["waived"])


def _records(
    reports: Iterable[RecordReport], findings: Mapping[str | None, list[Named]]
) -> tuple[RecordResult, ...]:
    taken: Counter[str] = Counter()
    results = []
    for report in sorted(reports, key=lambda r: (r.registry, r.number or "", r.record)):
        slug = _slug(report)
        taken[slug] += 1
        mine = tuple(findings.get(report.record, ()))
        results.append(
            RecordResult(
                report=report,
                findings=mine,
                sums=sums(mine),
                slug=slug if taken[slug] == 1 else f"{slug}-{taken[slug]}",
            )
        )
    return tuple(
        sorted(results, key=lambda r: (-r.sums.violation, -r.sums.warning, -r.sums.info, r.slug))
    )


_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")


def _slug(report: RecordReport) -> str:
    """``record-chictr-ChiCTR2699990001``; without a number, the last part of the record's IRI."""
    name = report.number or report.record.rsplit("/", 1)[-1]
    return "-".join(("record", _UNSAFE.sub("-", report.registry), _UNSAFE.sub("-", name)))


STATE_ORDER: tuple[State, ...] = (
    "present",
    "partial",
    "blank",
    "absent",
    "not applicable",
    "not collected",
)


def item_counts(records: Iterable[RecordReport]) -> dict[str, list[int]]:
    """For each item, how many records are in each state of ``STATE_ORDER``."""
    table: dict[str, list[int]] = {str(n): [0] * len(STATE_ORDER) for n in range(1, 25)}
    for record in records:
        for item in record.items:
            table[item.item][STATE_ORDER.index(item.state)] += 1
    return table


def optional_items(rules: Iterable[Rule]) -> frozenset[str]:
    """Items whose every rule is a mere hint: rates only, never in a score (3, 6, 20)."""
    severities: dict[str, set[Severity]] = defaultdict(set)
    for rule in rules:
        if rule.who_item:
            severities[item_of(rule.who_item)].add(rule.severity)
    return frozenset(item for item, found in severities.items() if found == {"info"})


def item_of(sub_item: str) -> str:
    """The item of a sub-item.

    >>> item_of("WHO-14a"), item_of("WHO-03")
    ('14', '3')
    """
    digits = re.match(r"WHO-(\d+)", sub_item)
    return str(int(digits[1])) if digits else ""
