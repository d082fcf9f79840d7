"""Completeness and findings of each trial, for the node columns of pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg.check.findings import Report
from kg.exporters.view import Quality
from kg.output import read_json


class _Row(NamedTuple):
    trial: str | None
    completeness: float | None  # 0 to 1; None for a record without a score
    violations: int
    warnings: int


def of_report(report: Report) -> dict[str, Quality]:
    """The quality of each trial, by its IRI."""
    found: Counter[tuple[str | None, str]] = Counter(
        (f.record, f.severity) for f in report.findings if not f.waived
    )
    return _by_trial(
        _Row(
            r.trial,
            r.completeness,
            found[r.record, "violation"],
            found[r.record, "warning"],
        )
        for r in report.records
    )


def of_file(path: Path) -> dict[str, Quality] | None:
    """The same from a ``findings.json``; None where there is no such file."""
    if not path.is_file():
        return None
    return _by_trial(
        _Row(
            r["trial"],
            r["score"]["share"] if r["score"] else None,
            r["found"]["violation"],
            r["found"]["warning"],
        )
        for r in read_json(path)["records"]
    )


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
