"""The 24 items of the WHO data set: their states in one record, and its score.

A sub-item is one concept of ``who-item``. An item's share is the mean, over its sub-items of V and
W, of passed/applicable; a record's score is the sum of the shares of its applicable items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from kg.check.findings import ItemState, Severity, State

ITEMS: tuple[str, ...] = tuple(str(n) for n in range(1, 25))
Band = Literal["full", "mostly", "partly", "thin"]
BANDS: tuple[tuple[Band, Fraction], ...] = (
    ("full", Fraction(95, 100)),
    ("mostly", Fraction(80, 100)),
    ("partly", Fraction(50, 100)),
    ("thin", Fraction(0)),
)


class SubItem(NamedTuple):
    """How one sub-item stands in one record."""

    id: str  # WHO-14a
    severity: Severity
    order: int
    collected: bool
    passed: int = 0
    applicable: int = 0
    blank: bool = False  # a missing value of it stands blank on the page


STATES = 4_096
"""So many states of items are kept: most records share them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A record's items; ``band`` is None where no percentage is given."""

    items: tuple[ItemState, ...]
    numerator: Fraction
    denominator: int
    band: Band | None


@cache
def item_of(sub_item: str) -> str:
    """The item that a sub-item belongs to.

    >>> item_of("WHO-14a"), item_of("WHO-07-channel")
    ('14', '7')
    """
    found = re.match(r"WHO-0*(\d+)", sub_item)
    if not found:
        raise ValueError(f"expected a sub-item such as WHO-14a, not {sub_item}")
    return found[1]


def scored(sub_items: Iterable[SubItem], *, percentage: bool) -> Score:
    """The items and the score; without ``percentage``, how many collected items are shown."""
    by_item: dict[str, list[SubItem]] = {item: [] for item in ITEMS}
    for sub in sub_items:
        by_item[item_of(sub.id)].append(sub)
    states = []
    numerator, denominator, shown = Fraction(0), 0, 0
    full = 0  # items: whole numbers are added as such
    for item in ITEMS:
        shown_as, share = _shown(item, tuple(by_item[item]))
        states.append(shown_as)
        if share is None:
            continue
        denominator += 1
        shown += shown_as.state in ("present", "partial")
        if share == 1:
            full += 1
        elif share:
            numerator += share
    numerator += full
    if not percentage:
        return Score(
            items=tuple(states), numerator=Fraction(shown), denominator=denominator, band=None
        )
    return Score(
        items=tuple(states),
        numerator=numerator,
        denominator=denominator,
        band=band(numerator, denominator),
    )


def band(numerator: Fraction, denominator: int) -> Band | None:
    """The band of a score; None when nothing applies."""
    if not denominator:
        return None
    share = numerator / denominator
    return next(name for name, least in BANDS if share >= least)


@lru_cache(maxsize=STATES)
def _shown(item: str, subs: tuple[SubItem, ...]) -> tuple[ItemState, Fraction | None]:
    """The state of an item, and its share of a score; None where nothing of it applies."""
    state, passed, count = _item(sorted(subs, key=lambda s: (s.order, s.id)))
    shown = ItemState(item=item, state=state, passed=float(passed), sub_items=count)
    return shown, passed / count if count else None


def _item(subs: Sequence[SubItem]) -> tuple[State, Fraction, int]:
    """State, sum of shares and number of the sub-items that apply."""
    collected = [s for s in subs if s.collected]
    if not collected:
        return "not collected", Fraction(0), 0
    weighed = [s for s in collected if s.severity != "info" and s.applicable]
    if not weighed:
        return _rated([s for s in collected if s.severity == "info"], subs), Fraction(0), 0
    passed = sum((Fraction(s.passed, s.applicable) for s in weighed), Fraction(0))
    if passed == len(weighed):
        return "present", passed, len(weighed)
    if passed:
        return "partial", passed, len(weighed)
    return _missing(weighed), passed, len(weighed)


def _rated(hints: Sequence[SubItem], subs: Sequence[SubItem]) -> State:
    """An item with hints only is shown by its first sub-item; others do not apply."""
    if any(s.severity != "info" for s in subs):
        return "not applicable"
    first = next((s for s in hints if s.applicable), None)
    if first is None:
        return "not applicable"
    return "present" if first.passed == first.applicable else _missing([first])


def _missing(subs: Sequence[SubItem]) -> State:
    return "blank" if any(s.blank for s in subs) else "absent"
