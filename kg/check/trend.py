"""What changed since an earlier check: findings that are new, that stay, that are gone.

Findings are told apart by their key, which holds no version of a record and no count of days. Only
findings about records are compared, not those about our own output.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast, get_args

from kg.check.earlier import FILE, Parts, parts
from kg.check.findings import Counts, Finding, Report, Severity
from kg.check.terms import Text
from kg.errors import ToolError

SCHEMA = "https://w3id.org/trialkg/schema/findings/1"
Change = Literal["new", "persisting"]


class Known(NamedTuple):
    """A finding of an earlier check, as far as a comparison tells it."""

    key: str
    rule: str
    severity: Severity
    record: str | None
    about: str  # the record's number, or the label of what the finding is about
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """An earlier check, read from its ``findings.json``."""

    as_of: str
    versions: Mapping[str, str]
    records: frozenset[str]
    findings: tuple[Known, ...]  # not those of structural rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A check beside an earlier one. ``new`` and ``persisting`` leave out waived findings."""

    baseline: Baseline
    new: frozenset[str]  # names of findings in the report
    persisting: int
    resolved: tuple[Known, ...]
    unexamined: tuple[Known, ...]  # gone with their record, or with their rule: nobody mended them
    new_records: int  # records that the earlier check did not have
    other_rules: bool  # the rules, or the software that runs them, are not those of then

    def change(self, name: str, finding: Finding) -> Change | None:
        """What became of a finding; None for one that is waived or about our own output."""
        if finding.waived or finding.dimension == "St":
            return None
        return "new" if name in self.new else "persisting"


def compared(baseline: Baseline, report: Report, named: Iterable[tuple[str, Finding]]) -> Trend:
    """How the named findings of ``report`` stand beside an earlier check.

    Of several findings with one key, as many persist as there were.
    """
    left = Counter(known.key for known in baseline.findings)
    new, persisting = set(), 0
    for name, finding in named:
        if finding.dimension == "St":
            continue
        key = finding.key
        stays = left[key] > 0
        left[key] -= stays
        if not finding.waived:
            persisting += stays
            if not stays:
                new.add(name)
    gone: list[Known] = []
    for known in reversed(baseline.findings):  # the last of equal ones are those that are gone
        if left[known.key] > 0:
            left[known.key] -= 1
            gone.append(known)
    gone.reverse()
    examined = _examined(report)
    records = {r.record for r in report.records}
    unexamined = tuple(
        k for k in gone if k.rule not in examined or (k.record and k.record not in records)
    )
    kept = set(map(id, unexamined))
    return Trend(
        baseline=baseline,
        new=frozenset(new),
        persisting=persisting,
        resolved=tuple(k for k in gone if id(k) not in kept),
        unexamined=unexamined,
        new_records=len(records - baseline.records),
        other_rules=any(
            baseline.versions.get(name) != report.versions.get(name) for name in ("kg", "shapes")
        ),
    )


def _examined(report: Report) -> set[str]:
    """The rules that were run without an error."""
    optional = report.parameters.get("optional_rules", "").split(", ")
    counts = report.counts
    return {
        r.id
        for r in report.rules
        if (r.enabled or r.id in optional) and not counts.get(r.id, Counts()).error
    }


def read(path: Path) -> Baseline:
    """The earlier check of a ``findings.json``, or of a folder that holds one.

    Raises ToolError, on one line, for a file that is missing, broken or of another schema.
    """
    file = path
    if path.is_dir():
        places = (path / "report" / FILE, path / FILE)
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise ToolError(f"{path}: no report to compare with (no report/{FILE})")
        file = found
    with parts(file) as told:
        return _baseline(told, file)


def _baseline(told: Parts, file: Path) -> Baseline:
    found: dict[str, Any] = {}
    for name, values in told:
        match name:
            case "schema":
                found[name] = next(values, None)
                _known_schema(found[name], file)
            case "run":
                found[name] = next(values, None)
            case "rules":
                found[name] = {rule["id"] for rule in values if rule["structural"]}
            case "records":
                found[name] = frozenset(record["record"] for record in values)
            case "findings":
                found[name] = [_known(one) for one in values]
    _known_schema(found.get("schema"), file)
    structural, run = found["rules"], found["run"]
    return Baseline(
        as_of=str(run["as_of"]),
        versions={str(k): str(v) for k, v in run["versions"].items()},
        records=found["records"],
        findings=tuple(one for one in found["findings"] if one.rule not in structural),
    )


def _known_schema(schema: object, file: Path) -> None:
    if schema != SCHEMA:
        said = f"has the schema {schema}" if isinstance(schema, str) else "names no schema"
        raise ToolError(
            f"{file}: {said}, this kg compares with {SCHEMA}; check the older data again with it"
        )


def _known(value: Mapping[str, Any]) -> Known:
    """A finding without what no comparison needs: a large report stays small in memory."""
    if not {"key", "rule", "severity", "message"} <= value.keys():
        raise TypeError("a finding without key, rule or message")
    message, severity = value["message"], value["severity"]
    if severity not in get_args(Severity):
        raise ValueError("a finding of unknown severity")
    return Known(
        key=str(value["key"]),
        rule=str(value["rule"]),
        severity=cast(Severity, severity),
        record=value.get("record"),
        about=str(value.get("number") or value.get("focus_label") or value.get("focus")),
        message=Text(str(message["en"]), str(message["zh"])),
    )
