"""Numbers that records state: which registration they name, and how it stands to the record.

Read from the graph in their normal form. What a number is, its pattern says, not the type that a
registry's form gave it; a number without a registry is a sponsor's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from kg import identifiers
from kg.identifiers import Identifier

SAME = "same"
ALIAS = "alias"
PARENT = "parent"
CHILD = "child"

LEAST_PROTOCOL = 4  # characters of a protocol number that can tell trials apart


class StatedNumber(NamedTuple):
    """A registration that an id field of a record names; ``relation``: how it stands to it."""

    registry: str
    number: str
    relation: str = SAME

    @property
    def registration(self) -> Identifier:
        """The number as it is compared."""
        return identifiers.compared(self.registry, self.number)


def stated(notation: str, registry: str | None, relation: str) -> tuple[StatedNumber, ...]:
    """The registrations that one identifier of a record names; several of a field kept whole.

    >>> [n.number for n in stated("ChiCTR2699990001; ChiCTR2699990002", None, SAME)]
    ['ChiCTR2699990001', 'ChiCTR2699990002']
    >>> stated("not applicable", "isrctn", SAME)
    ()
    """
    if identifiers.placeholder(notation):
        return ()
    found = [
        o
        for o in identifiers.occurrences(notation, expected=True)
        if o.registration and (registry or o.printed == notation.strip() or _certain(o.printed))
    ]
    if not found and registry and identifiers.matches(registry, notation) is None:
        return (StatedNumber(registry, notation, relation),)
    return tuple(StatedNumber(o.registry, o.number, relation) for o in found)


def _certain(printed: str) -> bool:
    return bool(identifiers.find(printed))


def protocol_number(text: str) -> str | None:
    """A sponsor's own number as it is compared; None if it is too short to tell trials apart.

    >>> protocol_number("AB-26 9999/C"), protocol_number("C1"), protocol_number("pending")
    ('ab269999c', None, None)
    """
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    if len(plain) < LEAST_PROTOCOL or not re.search(r"\d", plain):
        return None
    return None if identifiers.placeholder(text) else plain


def by_registry(numbers: Iterable[Identifier]) -> dict[str, set[Identifier]]:
    """The numbers of each registry."""
    found: dict[str, set[Identifier]] = {}
    for number in numbers:
        found.setdefault(number.registry, set()).add(number)
    return found
