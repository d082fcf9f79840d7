"""Registration numbers: found by pattern, brought to one normal form.

Patterns: ``ontology/registry-numbers.tsv``; each row names a registry, how its numbers look in
print and their normal form. A number keeps its printed form beside the normal one.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from kg.resources import folder

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


class Identifier(NamedTuple):
    """A number of one registry in its normal form; ``registry`` is the registry's key."""

    registry: str
    number: str


class _Pattern(NamedTuple):
    registry: str
    regex: re.Pattern[str]
    normal: str
    case: str
    is_registry: bool


@cache
def _patterns() -> tuple[_Pattern, ...]:
    with (folder("ontology") / "registry-numbers.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            _Pattern(
                row["registry"],
                re.compile(row["pattern"]),
                row["normal"],
                row["case"],
                row["kind"] == "registry",
            )
            for row in rows
        )


def _plain(text: str) -> str:
    return _HYPHENS.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def find(text: str) -> list[Identifier]:
    """Every registry number in ``text``, in order, each once.

    >>> [tuple(found) for found in find("ChiCTR-2699990001; NCT 09999999")]
    [('chictr', 'ChiCTR2699990001'), ('ctgov', 'NCT09999999')]
    """
    plain = _plain(text)
    hits: list[tuple[int, Identifier]] = []
    for pattern in _patterns():
        if pattern.is_registry:
            hits += [(m.start(), _identifier(pattern, m)) for m in pattern.regex.finditer(plain)]
    return list(dict.fromkeys(number for _, number in sorted(hits)))


def _identifier(pattern: _Pattern, found: re.Match[str]) -> Identifier:
    groups = [g or "" for g in found.groups()]
    if pattern.case:
        groups = [g.upper() if pattern.case == "upper" else g.lower() for g in groups]
    number = re.sub(r"\{(\d)\}", lambda m: groups[int(m[1]) - 1], pattern.normal)
    return Identifier(pattern.registry, number)


def registration(text: str) -> Identifier:
    """The one number that a registration-number field holds.

    Raises ValueError when the field holds none, several, or more than the number.

    >>> registration("ChiCTR2699990001\\u00a0")
    Identifier(registry='chictr', number='ChiCTR2699990001')
    """
    found = find(text)
    if len(found) != 1:
        raise ValueError("expected one registration number such as ChiCTR2699990001")
    return found[0]


def matches(registry: str, number: str) -> bool | None:
    """Whether a number has the form that a registry uses; None when its form is not known.

    >>> matches("chictr", "ChiCTR2699990001"), matches("chictr", "26"), matches("clinconnect", "x")
    (True, False, None)
    """
    known = [p for p in _patterns() if p.registry == registry]
    if not known:
        return None
    return any(p.regex.fullmatch(_plain(number)) for p in known)
