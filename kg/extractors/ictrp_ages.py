"""Age limits in a row of the WHO portal of registers that ask for groups of ages in years."""

from __future__ import annotations

import re
from decimal import Decimal

from kg import who
from kg.fields import Fields
from kg.said import Said, joined
from kg.trees import Cell
from kg.who import Ages, line

# EU CTIS and the Dutch register print where the youngest group begins and the oldest one ends.
_OF_GROUPS = frozenset({"ctis", "omon"})
_YEARS = re.compile(r"(\d{1,3})\s?(\+?)")


def ages(f: Fields, low: str, high: str, issuer: str) -> Ages:
    """The age limits of two labels; the group ``65+`` has no upper one."""
    lowest, highest = f.cell(low), f.cell(high)
    if (
        issuer not in _OF_GROUPS
        or lowest is None
        or highest is None
        or not (_years(lowest) and _years(highest))
        or "+" in lowest.text
    ):
        return who.ages(f, low, high, issuer)
    given = tuple(cell.says(line(cell.text)) for cell in (lowest, highest))
    if "+" in highest.text:
        return Ages(_limit(lowest), None, joined(("no-upper",), given[1:]), given)
    return Ages(_limit(lowest), _limit(highest), None, given)


def _years(cell: Cell) -> re.Match[str] | None:
    return _YEARS.fullmatch(line(cell.text))


def _limit(cell: Cell) -> Said[Decimal]:
    found = _years(cell)
    return cell.says(Decimal(found[1]) if found else None)
