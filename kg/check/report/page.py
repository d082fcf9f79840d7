"""``index.html``: one page, opened from disk, that a person reads from the verdict downwards.

All text goes through Jinja2's autoescape. The page allows itself no network and no script or style
but its own two, named by their checksums, so that nothing printed in a record can ever run.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from markupsafe import Markup

from kg.check.findings import SEVERITIES, Dimension, Severity
from kg.check.report import baselines, first, groups, heat, phrases, strips, words
from kg.check.report.history import history
from kg.check.report.opening import remarks, verdict
from kg.check.report.overview import (
    IDLE,
    STATE_ORDER,
    Named,
    Overview,
    RecordResult,
    RuleResult,
    Sums,
    item_counts,
    optional_items,
    sums,
)
from kg.check.report.templates import HERE, environment
from kg.check.terms import Text

BUDGET = 1_900_000  # bytes of the whole page; browsers and mail stay quick below 2 MB
RECORDS = 200  # records shown
PER_RECORD = (40, 25, 15, 10, 6)  # findings of each: the first that leaves room for …
ENOUGH = 60  # … so many records
IN_FULL = 40  # up to so many records, all 24 items of each are written out
EXAMPLES = (20, 15, 10, 7, 5, 3, 2, 1, 0)  # per rule: the first that fits its share of the budget
EXAMPLES_BUDGET = 550_000
ACROSS = 120  # findings shown that belong to no single record
STRIPS = 12  # records whose dates are drawn
STRUCTURAL = 5  # findings shown of a rule on our own output


class ItemRow(NamedTuple):
    """One of the 24 items over all records."""

    item: str
    name: Text
    counts: list[int]
    optional: bool
    published: tuple[baselines.Baseline, ...]


class Group(NamedTuple):
    """The shown findings of a rule in one registry ("" across records), and how many there are."""

    where: str
    shown: tuple[Named, ...]
    found: int


class Examples(NamedTuple):
    """The findings of a rule that the page shows."""

    result: RuleResult
    shown: tuple[Named, ...]
    groups: tuple[Group, ...]


class Place(NamedTuple):
    """Where a finding counts: its position in the report and its registry ("" across records)."""

    position: int
    where: str
    new: bool = False  # since the check that the report is compared with


class Shown(NamedTuple):
    """What of the findings the page holds."""

    rules: list[Examples]
    structural: list[Examples]
    across: tuple[Named, ...]
    at: dict[str, Place]
    strips: list[tuple[RecordResult, strips.Strip]]
    contradicting: int  # records whose dates contradict each other; the strips are some of them


def html(view: Overview) -> str:
    """The page, below two million bytes however many findings there are."""
    templates = environment({r.id: r for r in view.report.rules}, view.report.belonging)
    parts: Any = templates.get_template("parts.html").module
    at = _places(view)
    contradicting = _contradicting(view)
    shown = Shown(
        rules=_examples(view, parts, at),
        structural=[_shown(r, STRUCTURAL, at) for r in view.structural],
        across=view.across[:ACROSS],
        at=at,
        strips=[
            (r, strip)
            for r in contradicting[:STRIPS]
            if (strip := strips.strip(r, view.report.as_of))
        ],
        contradicting=len(contradicting),
    )
    records = view.records[:RECORDS]
    brief = len(records) > IN_FULL
    drawn = {r.slug: strips.strip(r, view.report.as_of) for r in records}
    examples = {one.id for rule in shown.rules for one in rule.shown}

    def rendered(cards: Sequence[Markup], most: int, number: int) -> str:
        links = {one.id for one in shown.across}
        links.update(one.id for r in records[:number] for one in r.findings[:most])
        return templates.get_template("template.html").render(
            **_context(view, shown),
            cards=cards,
            links=links,
            slugs={r.slug for r in records[:number]},
            inline=len(links | examples),
        )

    # The page without records, but with every link it could have: what is left is for records.
    room = BUDGET - len(rendered((), PER_RECORD[0], RECORDS).encode())
    sizes = [
        (
            len(parts.record(r, (), at, brief, drawn[r.slug]).encode()),
            [len(parts.finding(n, at[n.id]).encode()) for n in r.findings[: PER_RECORD[0]]],
        )
        for r in records
    ]
    most, number = _fitting(sizes, room)
    cards = [parts.record(r, r.findings[:most], at, brief, drawn[r.slug]) for r in records[:number]]
    return rendered(cards, most, number)


def _fitting(sizes: Sequence[tuple[int, list[int]]], room: int) -> tuple[int, int]:
    """Findings per record, and how many records then fit into ``room`` bytes.

    ``sizes`` holds the bytes of each record's frame and of each of its findings.
    """
    for most in PER_RECORD:
        used = accumulate(frame + sum(findings[:most]) for frame, findings in sizes)
        number = sum(1 for size in used if size <= room)
        if number >= min(ENOUGH, len(sizes)):
            break
    return most, number


def _contradicting(view: Overview) -> list[RecordResult]:
    """The records whose dates contradict each other, the worst contradiction first."""
    found = [(r, of) for r in view.records if (of := strips.compared(r, view.report.as_of))]
    return [
        r
        for r, of in sorted(
            found,
            key=lambda pair: (
                min(SEVERITIES.index(f.severity) for f in pair[1]),
                -len(pair[1]),
                pair[0].slug,
            ),
        )
    ]


def _places(view: Overview) -> dict[str, Place]:
    registries = {r.report.record: r.report.registry for r in view.records}
    new = view.trend.new if view.trend else frozenset()
    return {
        one.id: Place(position, registries.get(one.finding.record or "", ""), one.id in new)
        for position, one in enumerate(view.findings)
    }


def _examples(view: Overview, parts: Any, at: dict[str, Place]) -> list[Examples]:
    """The rules, each with as many examples as the budget gives to all alike."""
    sizes = [
        [len(parts.example(one, at[one.id]).encode()) for one in _spread(r, EXAMPLES[0], at)]
        for r in view.rules
    ]
    cap = next(c for c in EXAMPLES if sum(sum(s[:c]) for s in sizes) <= EXAMPLES_BUDGET)
    return [_shown(r, cap, at) for r in view.rules]


def _shown(result: RuleResult, cap: int, at: Mapping[str, Place]) -> Examples:
    """So many findings of a rule, by registry."""
    counts = Counter(at[one.id].where for one in result.findings)
    shown = sorted(_spread(result, cap, at), key=lambda one: at[one.id].position)
    groups = tuple(
        Group(where, tuple(one for one in shown if at[one.id].where == where), counts[where])
        for where in sorted(counts, key=lambda key: (not key, key))
    )
    return Examples(result, tuple(shown), groups)


def _spread(result: RuleResult, cap: int, at: Mapping[str, Place]) -> list[Named]:
    """The first findings of each registry in turn, so that a large one leaves room for others."""
    turns: Counter[str] = Counter()
    placed = []
    for one in result.findings:
        where = at[one.id].where
        turns[where] += 1
        if turns[where] <= cap:
            placed.append((turns[where], at[one.id].position, one))
    return [one for _, _, one in sorted(placed)[:cap]]


def _context(view: Overview, shown: Shown) -> dict[str, Any]:
    report = view.report
    css = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "page.js").read_text(encoding="utf-8")
    records = [r.report for r in view.records]
    scored = [r.completeness for r in records if r.completeness is not None]
    quality = [one for r in view.rules for one in r.findings]
    rules = shown.rules
    return {
        "css": Markup(css),
        "script": Markup(script),
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"style-src 'sha256-{_checksum(css)}'",
                f"script-src 'sha256-{_checksum(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        "view": view,
        "history": history(view),
        "verdict": verdict(view),
        "remarks": remarks(view),
        "severities": list(zip(SEVERITIES, view.sums[:3], strict=True)),
        "registries": _by_registry(view),
        "dimensions": _by_dimension(view),
        "versions": _labelled(report.versions, words.VERSIONS),
        "parameters": _labelled(report.parameters, words.PARAMETERS),
        "items": _items(view),
        "states": STATE_ORDER,
        "published_mean": baselines.beside("mean"),
        "no_sample": baselines.NO_SAMPLE,
        "unknown": baselines.UNKNOWN,
        "scored": len(scored),
        "mean": phrases.percent(sum(scored), len(scored)) if scored else None,
        "bands": [(band, sum(r.band == band for r in records)) for band in words.BANDS],
        "unscored": len(records) - len(scored),
        "open_rules": [e for e in rules if e.result.status in ("failed", "error", "waived")],
        "passed_rules": [e for e in rules if e.result.status == "passed"],
        "idle_rules": [e for e in rules if e.result.status in IDLE],
        "plan": first.plan(view),
        "heat": heat.rows(view),
        "groups": groups.tables(view.rollups),
        "shades": heat.SHADES,
        "strips": shown.strips,
        "contradicting": shown.contradicting,
        "since": phrases.since(view.trend) if view.trend else None,
        "waived": [one for one in view.findings if one.finding.waived],
        "files": tuple(words.FILES.items()),
        "structural": shown.structural,
        "structural_failed": [e for e in shown.structural if e.result.status == "failed"],
        "across": shown.across,
        "at": shown.at,
        "total": len(quality),
        "data": _data(view, quality, shown.at),
    }


def _checksum(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _by_registry(view: Overview) -> list[tuple[str, int, list[str], Sums]]:
    """Registry, records, profiles, sums; the last row, without a key, is across records."""
    rows = []
    for key in view.registries:
        mine = [r for r in view.records if r.report.registry == key]
        profiles = sorted({r.report.profile for r in mine})
        rows.append((key, len(mine), profiles, sums(n for r in mine for n in r.findings)))
    if view.across:
        rows.append(("", 0, [], sums(view.across)))
    return rows


def _by_dimension(view: Overview) -> list[tuple[Dimension, Text, Sums]]:
    """Kind of problem, its name, sums, in the order of the rule book; empty ones left out."""
    rows = []
    for key, name in words.DIMENSIONS.items():
        found = sums(n for r in view.rules if r.rule.dimension == key for n in r.findings)
        if found.found or found.waived:
            rows.append((key, name, found))
    return rows


def _labelled(values: Any, names: dict[str, Text]) -> list[tuple[Text, str]]:
    known = [key for key in names if key in values]
    other = sorted(set(values) - set(names))
    return [(names.get(key) or words.value_name(key), values[key]) for key in (*known, *other)]


def _items(view: Overview) -> list[ItemRow]:
    counts = item_counts(r.report for r in view.records)
    optional = optional_items(view.report.rules)
    return [
        ItemRow(item, name, counts[item], item in optional, baselines.beside(item))
        for item, name in words.ITEMS.items()
    ]


def _data(view: Overview, quality: Sequence[Named], at: dict[str, Place]) -> dict[str, Any]:
    """What the filter counts with: findings per rule and registry, item states per registry.

    A group: rule, registry, severity, kind, findings, waived ones, new ones.
    """
    groups: Counter[tuple[str, str, Severity]] = Counter()
    waived: Counter[tuple[str, str, Severity]] = Counter()
    new: Counter[tuple[str, str, Severity]] = Counter()
    for name, f in quality:
        where = at[name].where
        (waived if f.waived else groups)[f.rule, where, f.severity] += 1
        if view.trend and name in view.trend.new:
            new[f.rule, where, f.severity] += 1
    dimension = {r.rule.id: r.rule.dimension for r in view.rules}
    return {
        "groups": [
            [rule, where, severity, dimension[rule], groups[key], waived[key], new[key]]
            for key in sorted(groups.keys() | waived.keys())
            for rule, where, severity in (key,)
        ],
        "items": {
            key: item_counts(r.report for r in view.records if r.report.registry == key)
            for key in view.registries
        },
    }
