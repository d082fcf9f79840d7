"""``findings.sarif``: SARIF 2.1.0, for code scanning and editors.

A finding stands at its source file and line. At most ``RESULTS`` results, worst first; a
notification says how many more there are, since viewers refuse or cut longer files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from kg.check.findings import Finding, Severity
from kg.check.report.overview import Named, Overview, RuleResult
from kg.check.report.phrases import clipped, title
from kg.check.report.words import DIMENSIONS
from kg.counted import counted
from kg.values import one_line

RESULTS = 5000
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
HOME = "https://w3id.org/trialkg/"
MERGED = (
    "graph.nq"  # where findings across records are found; GitHub refuses results without a file
)
_LEVELS: dict[Severity, str] = {"violation": "error", "warning": "warning", "info": "note"}
_LONGEST = 1000


def lines(overview: Overview) -> Iterator[str]:
    """The text of the file, piece by piece."""
    rules = sorted(
        (*overview.rules, *overview.structural),
        key=lambda r: (r.rule.structural, r.rule.order, r.rule.id),
    )
    position = {r.rule.id: n for n, r in enumerate(rules)}
    shown = overview.findings[:RESULTS]
    driver = {
        "name": "trialkg",
        "informationUri": HOME,
        "version": one_line(overview.report.versions.get("kg", "0")),
        "rules": [_rule(r) for r in rules],
    }
    yield f'{{"$schema": {_text(SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n'
    yield f'"tool": {{"driver": {_text(driver)}}},\n'
    yield f'"columnKind": "unicodeCodePoints",\n"invocations": [{_text(_invocation(overview))}],\n'
    yield f'"properties": {_text(_about(overview))},\n"results": ['
    for n, one in enumerate(shown):
        yield f"{',' if n else ''}\n{_text(_result(one, position, overview))}"
    yield "]}]}\n"


def _invocation(overview: Overview) -> dict[str, Any]:
    more = len(overview.findings) - RESULTS
    told = []
    if more > 0:
        are = "is" if more == 1 else "are"
        told.append(
            f"{counted(more, 'more finding')} {are} not in this file; all are in findings.csv and "
            "findings.json"
        )
    if overview.errors:
        told.append(f"{counted(overview.errors, 'check')} could not be carried out")
    notes = [{"level": "note", "message": {"text": text}} for text in told]
    return {"executionSuccessful": not overview.errors, "toolExecutionNotifications": notes}


def _about(overview: Overview) -> dict[str, Any]:
    report = overview.report
    return {
        "asOf": one_line(report.as_of),
        "records": len(overview.records),
        "findings": len(overview.findings),
        "versions": {one_line(k): one_line(v) for k, v in sorted(report.versions.items())},
    }


def _rule(result: RuleResult) -> dict[str, Any]:
    rule = result.rule
    remedy = next((f.remedy_en for _, f in result.findings if f.remedy_en), "")
    meaning = f"{title(rule.message_en, 400)} · {title(rule.message_zh, 400)}"
    about: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": title(rule.name_en) or rule.id},
        "fullDescription": {"text": meaning},
        "help": {"text": clipped(remedy, 400) or meaning},
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.enabled},
        "properties": {
            "tags": [DIMENSIONS[rule.dimension].en],
            "nameZh": title(rule.name_zh),
            "passed": result.counts.passed,
            "applicable": result.counts.applicable,
        },
    }
    return about


def _result(one: Named, position: dict[str, int], overview: Overview) -> dict[str, Any]:
    f = one.finding
    made: dict[str, Any] = {
        "ruleId": f.rule,
        "ruleIndex": position[f.rule],
        "level": _LEVELS[f.severity],
        "message": {"text": f"{clipped(f.message_en, _LONGEST)} {clipped(f.message_zh, _LONGEST)}"},
        "locations": [_location(f, overview)],
        "partialFingerprints": {"trialkgFinding/v1": one.id},
    }
    if f.waiver:
        reason = one_line(f"{f.waiver.by}: {f.waiver.reason}")
        made["suppressions"] = [{"kind": "external", "justification": reason}]
    if overview.trend and (change := overview.trend.change(one.id, f)):
        made["baselineState"] = "new" if change == "new" else "unchanged"
    return made


def _location(f: Finding, overview: Overview) -> dict[str, Any]:
    uri = _uri(overview.path_of(f.file)) if f.file else MERGED
    place: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if f.file and f.line:
        place["region"] = {"startLine": f.line}
    name = one_line(f.number or f.focus_label or f.focus)
    return {
        "physicalLocation": place,
        "logicalLocations": [{"name": clipped(name, 200), "fullyQualifiedName": one_line(f.focus)}],
    }


def _uri(file: str) -> str:
    """A file as a relative reference: what it holds can name no scheme and no host."""
    return quote(one_line(file).encode("utf-8", "replace"), safe="/!").lstrip("/") or MERGED


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
