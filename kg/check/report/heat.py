"""The heat map: how many records of each registry fill each of the 24 items."""

from __future__ import annotations

from typing import NamedTuple

from kg.check.report.overview import Overview, item_counts
from kg.check.report.phrases import percent
from kg.check.report.words import ITEMS

# The least share, in percent, of each shade from the darkest down.
SHADES = (95, 80, 50, 20, 0)


class Cell(NamedTuple):
    """One item in one registry."""

    present: int
    applicable: int
    shade: int | None  # position in SHADES; None where the item applies to no record

    @property
    def share(self) -> str:
        """The share of records in which the item is present."""
        return percent(self.present, self.applicable)


class HeatRow(NamedTuple):
    """One item in all registries."""

    item: str
    cells: tuple[Cell, ...]


def rows(view: Overview) -> tuple[HeatRow, ...]:
    """A row for each item, a cell for each registry of ``view``."""
    counts = [
        item_counts(r.report for r in view.records if r.report.registry == key)
        for key in view.registries
    ]
    return tuple(HeatRow(item, tuple(_cell(of[item]) for of in counts)) for item in ITEMS)


def _cell(states: list[int]) -> Cell:
    present, applicable = states[0], sum(states[:4])
    if not applicable:
        return Cell(present, applicable, None)
    shade = next(n for n, least in enumerate(SHADES) if present * 100 >= least * applicable)
    return Cell(present, applicable, shade)
