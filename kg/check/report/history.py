"""Checks before this one, as the page draws them: how many findings each record had."""

from __future__ import annotations

from typing import NamedTuple

from kg.check.findings import SEVERITIES
from kg.check.report.overview import Overview, Run

MOST = 24  # checks that the page shows


class Bar(NamedTuple):
    """A part of a bar, in hundredths of the longest bar."""

    severity: str
    x: float
    width: float


class Row(NamedTuple):
    """One check."""

    run: Run
    each: float | None  # findings a record; None without a record
    bars: tuple[Bar, ...]
    other_rules: bool  # than those of the check before it


class History(NamedTuple):
    """The checks that are shown, the oldest first, this one last."""

    rows: tuple[Row, ...]
    left_out: int


def history(view: Overview) -> History | None:
    """This check after those before it; None where there is none before it."""
    runs = list(view.runs)
    if runs[-1:] != [view.run]:
        runs.append(view.run)
    if len(runs) < 2:
        return None
    longest = max(_each(run, run.sums.found) or 0.0 for run in runs[-MOST:])
    rows = [_row(run, before, longest) for before, run in zip([runs[0], *runs], runs, strict=False)]
    return History(tuple(rows[-MOST:]), len(runs) - len(rows[-MOST:]))


def _row(run: Run, before: Run, longest: float) -> Row:
    bars = []
    x = 0.0
    for severity, found in zip(SEVERITIES, run.sums[:3], strict=True):
        width = 100 * (_each(run, found) or 0.0) / longest if longest else 0.0
        bars.append(Bar(severity, round(x, 2), round(width, 2)))
        x += width
    each = _each(run, run.sums.found)
    return Row(run, each, tuple(bars), run.rules != before.rules)


def _each(run: Run, found: int) -> float | None:
    return found / run.records if run.records else None
