"""``findings.json``: the whole report for programs; ``findings.schema.json`` says what is in it.

One rule, record or finding per line, so that two reports can be compared line by line.
``findings.jsonl`` holds the findings alone, for programs that read a stream.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from kg.check.findings import DATES, SEVERITIES, Finding
from kg.check.report.groups import TITLES
from kg.check.report.overview import Named, Overview, RecordResult, RuleResult
from kg.check.trend import SCHEMA, Known
from kg.namespaces import ID
from kg.values import one_line


def lines(overview: Overview) -> Iterator[str]:
    """The text of the file, piece by piece."""
    yield f'{{"schema": {_text(SCHEMA)},\n"run": {_text(_run(overview))},\n"rules": ['
    rules = (*overview.rules, *overview.structural)
    yield from _array(
        _rule(r) for r in sorted(rules, key=lambda r: (r.rule.structural, r.rule.order, r.rule.id))
    )
    yield '],\n"records": ['
    yield from _array(_record(r) for r in overview.records)
    yield '],\n"groups": ['
    yield from _array(_groups(overview))
    yield '],\n"findings": ['
    yield from _array(_finding(named, overview) for named in overview.findings)
    yield "]}\n"


def finding_lines(overview: Overview) -> Iterator[str]:
    """Each finding on a line of its own, as it stands in ``findings.json``."""
    for named in overview.findings:
        yield f"{_text(_finding(named, overview))}\n"


def _run(overview: Overview) -> dict[str, Any]:
    report = overview.report
    return {
        "as_of": report.as_of,
        "parameters": dict(sorted(report.parameters.items())),
        "versions": dict(sorted(report.versions.items())),
        "records": len(overview.records),
        "rules": len(overview.rules),
        "structural_rules": len(overview.structural),
        "found": {
            "violation": overview.sums.violation,
            "warning": overview.sums.warning,
            "info": overview.sums.info,
            "waived": overview.sums.waived,
            "structural": overview.faults,
            "errors": overview.errors,
        },
        "waivers_without_effect": [
            {
                "rule": note.rule,
                "about": note.about,
                "by": note.by,
                "reason": note.reason,
                "until": note.until,
                "problem": note.problem,
            }
            for note in report.waiver_notes
        ],
        "trend": _trend(overview),
    }


def _trend(overview: Overview) -> dict[str, Any] | None:
    trend = overview.trend
    if trend is None:
        return None
    return {
        "baseline": {
            "as_of": trend.baseline.as_of,
            "versions": dict(sorted(trend.baseline.versions.items())),
        },
        "new": len(trend.new),
        "persisting": trend.persisting,
        "resolved": [_known(known) for known in trend.resolved],
        "no_longer_examined": [_known(known) for known in trend.unexamined],
        "new_records": trend.new_records,
        "other_rules": trend.other_rules,
    }


def _known(known: Known) -> dict[str, Any]:
    return {
        "was": known.key,
        "rule": known.rule,
        "severity": known.severity,
        "record": known.record,
        "about": known.about,
        "text": {"en": known.message.en, "zh": known.message.zh},
    }


def _rule(result: RuleResult) -> dict[str, Any]:
    rule, counts = result.rule, result.counts
    return {
        "id": rule.id,
        "severity": rule.severity,
        "dimension": rule.dimension,
        "order": rule.order,
        "name": {"en": rule.name_en, "zh": rule.name_zh},
        "message": {"en": rule.message_en, "zh": rule.message_zh},
        "remedy": rule.remedy,
        "who_item": rule.who_item,
        "scope": rule.scope,
        "structural": rule.structural,
        "enabled": rule.enabled,
        "status": result.status,
        "counts": {
            "passed": counts.passed,
            "failed": counts.failed,
            "waived": counts.waived,
            "error": counts.error,
            "not_applicable": counts.not_applicable,
            "not_collected": counts.not_collected,
            "applicable": counts.applicable,
        },
        "findings": result.found,
    }


def _record(result: RecordResult) -> dict[str, Any]:
    report = result.report
    shown, asked, not_collected = result.shown
    return {
        "record": report.record,
        "trial": report.trial,
        "registry": report.registry,
        "number": report.number,
        "title": {"en": report.title_en, "zh": report.title_zh},
        "file": report.file,
        "profile": report.profile,
        "dates": {name: report.dates[name] for name in DATES if name in report.dates},
        "items": [
            {
                "item": item.item,
                "state": item.state,
                "passed": round(item.passed, 4),
                "sub_items": item.sub_items,
            }
            for item in sorted(report.items, key=lambda i: int(i.item))
        ],
        "score": None
        if report.completeness is None
        else {
            "numerator": round(report.numerator, 4),
            "denominator": report.denominator,
            "share": round(report.completeness, 4),
            "band": report.band,
        },
        "items_shown": shown,
        "items_asked": asked,
        "items_not_collected": not_collected,
        "found": {
            "violation": result.sums.violation,
            "warning": result.sums.warning,
            "info": result.sums.info,
            "waived": result.sums.waived,
        },
    }


def _groups(overview: Overview) -> Iterator[dict[str, Any]]:
    for kind in TITLES:
        for group in overview.rollups.of(kind).groups:
            found = group.found
            yield {
                "kind": kind,
                "group": group.key or None,
                "name": {"en": group.label.en, "zh": group.label.zh},
                "records": len(group.records),
                "found": {
                    **{severity: found.get(severity, 0) for severity in SEVERITIES},
                    "waived": found.get("waived", 0),
                },
                "completeness": None
                if group.share is None
                else {
                    "numerator": round(group.numerator, 4),
                    "denominator": group.denominator,
                    "share": round(group.share, 4),
                },
            }


def _finding(named: Named, overview: Overview) -> dict[str, Any]:
    f: Finding = named.finding
    trend = overview.trend
    return {
        "id": f"{ID}finding/{named.id}",
        "key": f.key,
        "rule": f.rule,
        "severity": f.severity,
        "dimension": f.dimension,
        "state": f.state,
        "focus": f.focus,
        "focus_label": f.focus_label,
        "record": f.record,
        "registry": f.registry,
        "number": f.number,
        "item": f.item,
        "field": f.field,
        "values": dict(sorted(f.values.items())),
        "file": f.file,
        "line": f.line,
        "printed": f.printed,
        "message": {"en": f.message_en, "zh": f.message_zh},
        "remedy": None
        if f.remedy is None
        else {"code": f.remedy, "en": f.remedy_en, "zh": f.remedy_zh},
        "waived": f.waived,
        "waiver": None
        if f.waiver is None
        else {"reason": f.waiver.reason, "by": f.waiver.by, "until": f.waiver.until},
        "trend": trend.change(named.id, f) if trend else None,
    }


def _array(values: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for position, value in enumerate(values):
        yield f"{',' if position else ''}\n{_text(value)}"


def _text(value: Any) -> str:
    """JSON of ``value``; every text on one line and without control characters."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        return f"{{{', '.join([f'{_quoted(k)}: {_text(v)}' for k, v in value.items()])}}}"
    if isinstance(value, list):
        return f"[{', '.join([_text(v) for v in value])}]"
    if value is None:
        return "null"
    return repr(value) if type(value) in (int, float) else json.dumps(value)


@lru_cache(maxsize=1 << 16)  # most texts of a report are repeated
def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
