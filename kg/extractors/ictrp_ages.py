"""Age limits in a row of the WHO portal of registers that ask for groups of ages in years."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg.fields import Fields
from kg.said import Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.words import who
from kg.words.who import Ages, Criteria, line

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


# -- groups ----------------------------------------------------------------------------------------

# The EU register's questions on ages, which the portal prints behind the inclusion criteria; it may
# cut them off with the text. Each group: its code, its name, its answer, how many are planned.
_QUESTIONS = re.compile(r"\s*Are the trial subjects under 18\?\s*(?:yes|no)\b.*\Z", re.I | re.S)
_NUMBER = r"Number of subjects for this age range:?[ \t]*(\d+)?"
_GROUPS = tuple(
    (code, name, re.compile(question + r"\s*(yes|no)\b(?:\s*" + number + _NUMBER + ")?", re.I))
    for code, name, question, number in (
        ("child", "under 18", r"Are the trial subjects under 18\?", ""),
        ("adult", "Adults (18-64 years)", r"F\.1\.2 Adults \(18-64 years\)", r"F\.1\.2\.1 "),
        ("older-adult", "Elderly (>=65 years)", r"F\.1\.3 Elderly \(>=65 years\)", r"F\.1\.3\.1 "),
    )
)


class Groups(NamedTuple):
    """The age groups answered with yes, and each as printed with its planned number."""

    codes: Said[Codes] | None = None
    as_given: tuple[Said[str], ...] = ()


def age_groups(printed: Criteria) -> tuple[Criteria, Groups]:
    """Criteria without the questions on ages that the EU register has behind them; the answers."""
    said = printed.inclusion.en if printed.inclusion else None
    found = _QUESTIONS.search(said.value) if said and said.value else None
    if said is None or said.value is None or found is None:
        return printed, Groups()
    codes, names = [], []
    for code, name, pattern in _GROUPS:
        told = pattern.search(found[0])
        if told and told[1].casefold() == "yes":
            codes.append(code)
            names.append(f"{name}: {told[2]} subjects" if told[2] else name)
        elif told and told[2]:
            names.append(f"{name}: {told[2]} subjects")
    return printed._replace(
        inclusion=Texts(en=said.but(said.value[: found.start()] or None))
    ), Groups(
        said.but(tuple(codes) or None, found[0].strip()), tuple(said.but(n, n) for n in names)
    )
