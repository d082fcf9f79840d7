"""Completeness and findings for the node columns of pictures.

Of trials, and of the hospitals, committees and sponsors that the report sums up: with its figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg.check.earlier import parts
from kg.check.findings import Kind, Report
from kg.check.rollup import Rollups
from kg.exporters.view import Quality

# Views of the report that nodes take their figures from. A hospital's sum holds the trials that it
# sponsors as well as those that it takes part in, so it comes last and counts.
_GROUPS: tuple[Kind, ...] = ("sponsor", "committee", "hospital")


class _Row(NamedTuple):
    trial: str | None
    completeness: float | None  # 0 to 1; None for a record without a score
    violations: int
    warnings: int


def of_report(report: Report, rollups: Rollups | None = None) -> dict[str, Quality]:
    """The quality of each trial, hospital, committee and sponsor, by its IRI."""
    found: Counter[tuple[str | None, str]] = Counter(
        (f.record, f.severity) for f in report.findings if not f.waived
    )
    made = _by_trial(
        _Row(
            r.trial,
            r.completeness,
            found[r.record, "violation"],
            found[r.record, "warning"],
        )
        for r in report.records
    )
    rollups = rollups or Rollups(report)
    for kind in _GROUPS:
        for group in rollups.of(kind).groups:
            if group.key:
                made[group.key] = Quality(
                    completeness=None if group.share is None else round(group.share, 4),
                    violations=group.found.get("violation", 0),
                    warnings=group.found.get("warning", 0),
                )
    return made


def of_file(path: Path) -> dict[str, Quality] | None:
    """The same from a ``findings.json``; None where there is no such file.

    Raises ToolError where it is something else.
    """
    if not path.is_file():
        return None
    made: dict[str, Quality] = {}
    groups: dict[str, dict[str, Quality]] = {kind: {} for kind in _GROUPS}
    with parts(path) as told:
        for name, values in told:
            if name == "records":
                made = _by_trial(
                    _Row(
                        r["trial"],
                        r["score"]["share"] if r["score"] else None,
                        r["found"]["violation"],
                        r["found"]["warning"],
                    )
                    for r in values
                )
            if name == "groups":
                for group in values:
                    if group["kind"] in groups and group["group"]:
                        groups[group["kind"]][group["group"]] = Quality(
                            completeness=group["completeness"] and group["completeness"]["share"],
                            violations=group["found"]["violation"],
                            warnings=group["found"]["warning"],
                        )
            if made and any(groups.values()):
                break  # findings are most of the file
    for kind in _GROUPS:
        made |= groups[kind]
    return made


def _by_trial(rows: Iterable[_Row]) -> dict[str, Quality]:
    """Findings of all records of a trial, and the completeness of its fullest scored record."""
    made: dict[str, Quality] = {}
    for row in rows:
        if row.trial is None:
            continue
        known = made.get(row.trial)
        earlier = known.completeness if known else None
        scores = [s for s in (row.completeness, earlier) if s is not None]
        made[row.trial] = Quality(
            completeness=round(max(scores), 4) if scores else None,
            violations=row.violations + (known.violations if known else 0),
            warnings=row.warnings + (known.warnings if known else 0),
        )
    return made
