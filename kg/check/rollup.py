"""The same findings and states seen by registry, hospital, committee, sponsor, province, year …

Every view counts the findings that are not about our own output. A view by ``registry``, ``year``,
``record``, ``dimension`` or ``item`` parts them: its groups add up to its total. A record may have
several hospitals, committees, sponsors and provinces and counts for each: there the total counts it
once, and the sums of the groups are larger. What belongs to no group has the key "".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import fsum
from typing import Literal

from kg.check.findings import (
    SEVERITIES,
    Belonging,
    Finding,
    Kind,
    RecordReport,
    Report,
    Severity,
    State,
)
from kg.check.score import ITEMS
from kg.check.terms import Text

View = Literal["record", "registry", "dimension", "item"] | Kind
VIEWS: tuple[View, ...] = (
    "record", "registry", "hospital", "committee", "sponsor", "province", "year", "dimension",
    "item",
)  # fmt: skip
SHARED: frozenset[View] = frozenset({"hospital", "committee", "sponsor", "province"})
"""The views in which a record may count for several groups."""

_FILLED: tuple[State, ...] = ("present", "partial")
_MISSING: tuple[State, ...] = ("blank", "absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRate:
    """One WHO item over some records: how many are in each state, and how much of it is filled.

    ``numerator`` adds up the share that each record fills, ``denominator`` counts the records in
    which the item applies and is asked for. An item with hints only (3, 6, 20) is filled or not.
    """

    item: str
    states: Mapping[State, int]
    numerator: float
    denominator: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where no record counts: nothing of nothing is no pass."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some records, or some findings, as one.

    ``numerator`` of ``denominator``: of groups of records, the items filled of the items that
    apply, over its scored records; of an item, as in ``ItemRate``; of a dimension, the places that
    passed of the places that its rules examined.
    """

    view: View
    key: str  # IRI, registry, year, dimension, item; "" for what belongs to no group
    label: Text
    records: tuple[RecordReport, ...]
    findings: tuple[Finding, ...]
    numerator: float
    denominator: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing applies."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def found(self) -> Mapping[Severity | Literal["waived"], int]:
        """Findings by severity, waived ones apart."""
        return Counter("waived" if f.waived else f.severity for f in self.findings)

    @property
    def rates(self) -> tuple[ItemRate, ...]:
        """The 24 items over the records of the group."""
        return item_rates(self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """One view: its groups, most findings first, and all of them as one."""

    view: View
    groups: tuple[Group, ...]
    total: Group


def item_rates(records: Iterable[RecordReport]) -> tuple[ItemRate, ...]:
    """The 24 items over some records, in the order of the WHO."""
    states: dict[str, Counter[State]] = {item: Counter() for item in ITEMS}
    shares: dict[str, list[float]] = {item: [] for item in ITEMS}
    for record in records:
        for one in record.items:
            states[one.item][one.state] += 1
            if one.sub_items:
                shares[one.item].append(one.passed / one.sub_items)
            elif one.state in (*_FILLED, *_MISSING):
                shares[one.item].append(float(one.state == "present"))
    return tuple(
        ItemRate(
            item=item,
            states=dict(sorted(states[item].items())),
            numerator=fsum(shares[item]),
            denominator=len(shares[item]),
        )
        for item in ITEMS
    )


def rollup(report: Report, view: View) -> Rollup:
    """One view of a report; the order of the report's parts makes no difference."""
    return Rollups(report).of(view)


class Rollups:
    """The views of one report, each made once, when it is first asked for."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._known: dict[View, Rollup] = {}

    @cached_property
    def _in_order(self) -> Report:
        return _sorted(self._report)

    def of(self, view: View) -> Rollup:
        """One view."""
        if view not in self._known:
            self._known[view] = _rollup(self._in_order, view)
        return self._known[view]


def _rollup(report: Report, view: View) -> Rollup:
    findings = report.findings
    if view == "dimension":
        return _dimensions(report, findings)
    if view == "item":
        return _items(report, findings)
    belongs = _Belongs(report, view)
    records: dict[str, list[RecordReport]] = defaultdict(list)
    found: dict[str, list[Finding]] = defaultdict(list)
    for record in report.records:
        for key in belongs.of_record(record.record):
            records[key].append(record)
    for finding in findings:
        for key in belongs.of_finding(finding):
            found[key].append(finding)
    groups = [
        _group(view, key, belongs.label(key), records[key], found[key])
        for key in sorted({*records, *found})
    ]
    total = _group(view, "", Text("all", "全部"), report.records, findings)
    return Rollup(view=view, groups=_worst_first(groups), total=total)


def _sorted(report: Report) -> Report:
    """The report in a fixed order, without findings about our own output."""
    rules = {rule.id: rule for rule in report.rules}

    def place(f: Finding) -> tuple[object, ...]:
        severity, order = SEVERITIES.index(f.severity), rules[f.rule].order
        return (severity, order, f.rule, f.registry or "", f.number or "", f.focus, f.key)

    return replace(
        report,
        findings=tuple(
            sorted((f for f in report.findings if not rules[f.rule].structural), key=place)
        ),
        records=tuple(sorted(report.records, key=lambda r: (r.registry, r.number or "", r.record))),
    )


class _Belongs:
    """The groups of one view that records and findings belong to."""

    def __init__(self, report: Report, view: View) -> None:
        self._view = view
        self._belonging: Belonging = report.belonging
        self._records = {r.record: r for r in report.records}
        self._entities = {
            key
            for of in self._belonging.of.values()
            for kind, keys in of.items()
            if kind == view
            for key in keys
        }

    def of_record(self, record: str) -> tuple[str, ...]:
        if self._view == "record":
            return (record,)
        if self._view == "registry":
            return (self._records[record].registry,)
        of = self._belonging.of.get(record, {})
        return of.get(self._view, ()) or ("",)

    def of_finding(self, finding: Finding) -> tuple[str, ...]:
        """Its record's groups; of a finding about an entity or a trial, theirs."""
        if finding.record in self._records:
            return self.of_record(finding.record)
        if finding.focus in self._entities:
            return (finding.focus,)
        if self._view in SHARED:
            records = self._belonging.records.get(finding.focus, ())
            groups = {key for r in records if r in self._records for key in self.of_record(r)}
            return tuple(sorted(groups)) or ("",)
        return ("",)

    def label(self, key: str) -> Text:
        if not key:
            return NO_GROUP[self._view]
        if self._view == "record":
            record = self._records[key]
            name = record.number or key.rsplit("/", 1)[-1]
            return Text(record.title_en or name, record.title_zh or name)
        return self._belonging.labels.get(key) or Text(key, key)


NO_GROUP: Mapping[View, Text] = {
    "record": Text("no single record", "不属于单条记录"),
    "registry": Text("no single record", "不属于单条记录"),
    "hospital": Text("no hospital known", "医院不详"),
    "committee": Text("no committee known", "伦理委员会不详"),
    "sponsor": Text("no sponsor known", "申办者不详"),
    "province": Text("no place known", "地区不详"),
    "year": Text("no year of registration", "注册年份不详"),
    "item": Text("no single item", "不属于单个条目"),
}
"""What is said of that which belongs to no group of a view."""


def _group(
    view: View, key: str, label: Text, records: Iterable[RecordReport], findings: Iterable[Finding]
) -> Group:
    records = tuple(records)
    scored = [r for r in records if r.band is not None]
    return Group(
        view=view,
        key=key,
        label=label,
        records=records,
        findings=tuple(findings),
        numerator=fsum(r.numerator for r in scored),
        denominator=sum(r.denominator for r in scored),
    )


def _dimensions(report: Report, findings: tuple[Finding, ...]) -> Rollup:
    rules = [rule for rule in report.rules if not rule.structural]
    groups = []
    for dimension in dict.fromkeys(rule.dimension for rule in rules):
        counts = [report.counts[r.id] for r in rules if r.dimension == dimension]
        groups.append(
            Group(
                view="dimension",
                key=dimension,
                label=Text(dimension, dimension),
                records=report.records,
                findings=tuple(f for f in findings if f.dimension == dimension),
                numerator=sum(c.passed for c in counts),
                denominator=sum(c.applicable for c in counts),
            )
        )
    return _added(report, "dimension", groups, findings)


def _items(report: Report, findings: tuple[Finding, ...]) -> Rollup:
    by_item: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_item[finding.item or ""].append(finding)
    groups = [
        Group(
            view="item",
            key=rate.item,
            label=Text(f"item {rate.item}", f"条目{rate.item}"),
            records=report.records,
            findings=tuple(by_item[rate.item]),
            numerator=rate.numerator,
            denominator=rate.denominator,
        )
        for rate in item_rates(report.records)
    ]
    if by_item[""]:
        other = Group(
            view="item",
            key="",
            label=NO_GROUP["item"],
            records=report.records,
            findings=tuple(by_item[""]),
            numerator=0.0,
            denominator=0,
        )
        groups.append(other)
    return _added(report, "item", groups, findings)


def _added(
    report: Report, view: View, groups: list[Group], findings: tuple[Finding, ...]
) -> Rollup:
    total = Group(
        view=view,
        key="",
        label=Text("all", "全部"),
        records=report.records,
        findings=findings,
        numerator=fsum(g.numerator for g in groups),
        denominator=sum(g.denominator for g in groups),
    )
    return Rollup(view=view, groups=tuple(groups), total=total)


def _worst_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Most violations, then warnings, then hints first; what belongs to no group last."""

    def place(group: Group) -> tuple[object, ...]:
        found = group.found
        counts = tuple(-found.get(s, 0) for s in ("violation", "warning", "info"))
        return (not group.key, *counts, group.key)

    return tuple(sorted(groups, key=place))
