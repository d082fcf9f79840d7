"""Numbers that an ISRCTN record gives the trial elsewhere: registries, grants, protocols.

The typed fields (``eudraCTNumber``, ``clinicalTrialsGovNumber`` …) and the list
``secondaryNumbers`` repeat each other; one number is one identifier, told by all its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from kg import identifiers
from kg.fields import Fields
from kg.model import SecondaryIdentifier
from kg.said import Blank, Said, joined
from kg.values import one_line
from kg.words.secondary import secondary_identifier
from kg.words.wording import list_of

_TYPED = ("eudraCTNumber", "clinicalTrialsGovNumber", "irasNumber")
_ISSUERS = {"irasNumber": "IRAS"}


class Numbers(NamedTuple):
    """The identifiers, the sponsor's protocol numbers, and the fields that hold none."""

    identifiers: tuple[SecondaryIdentifier, ...]
    protocol: tuple[Said[str], ...]
    blanks: tuple[Blank, ...]


class _Printed(NamedTuple):
    """One printed number and the word for its type."""

    number: Said[str]
    sort: Said[str] | None = None

    @property
    def is_protocol(self) -> bool:
        """Whether nothing says that it is more than a protocol number."""
        return self.sort is None or "protocol" in (self.sort.value or "").casefold()


def numbers(f: Fields) -> Numbers:
    """Every number below ``externalRefs``, each once."""
    printed = list(_printed(f))
    listed = f.said("protocolSerialNumber", _some)
    told = [one for one in printed if one.number.value]
    sorts = {(one.sort.value or "").casefold(): one.number.value for one in told if one.sort}
    parts = [_bare(p, sorts) for p in (list_of(listed.value) if listed and listed.value else [])]
    typed = {one.number.value for one in told if not one.is_protocol}
    own = [p for p in parts if p not in typed and len(identifiers.find(p)) != 1]
    if listed is not None:
        told += [_Printed(listed.but(part)) for part in parts if part not in own]
    repeats = {
        part: [one for one in told if one.is_protocol and one.number.value == part] for part in own
    }
    taken = {id(one) for group in repeats.values() for one in group}
    nothing = [one.number for one in printed if one.number.blank and one.number.printed]
    if listed is not None and listed.blank and listed.printed:
        nothing.append(listed)
    return Numbers(
        identifiers=tuple(_identifiers(one for one in told if id(one) not in taken)),
        protocol=tuple(
            joined(part, (listed, *_all(group)))._replace(printed=listed.printed)
            for part, group in repeats.items()
            if listed is not None
        ),
        blanks=tuple(Blank("secondaryIdentifier", said.line, said.path) for said in nothing),
    )


def _bare(part: str, sorts: Mapping[str, str | None]) -> str:
    """The number of ``CPMS: 49999`` where the typed list has it with that word for its type."""
    word, _, number = part.partition(":")
    known = sorts.get(word.strip().casefold())
    return known if known and known == number.strip() else part


def _some(text: str) -> str | None:
    return None if identifiers.placeholder(text) else one_line(text)


def _printed(f: Fields) -> Iterator[_Printed]:
    """Each number, the typed fields first."""
    for label in _TYPED:
        said = f.said(label, _some)
        if said is not None:
            issuer = _ISSUERS.get(label)
            yield _Printed(said, said.but(issuer) if issuer and said.value else None)
    inner = f.inside("secondaryNumbers")
    cells = inner.cells("secondaryNumber")
    if not cells or not all(cell.path.endswith("#text") for cell in cells):
        yield from (_Printed(inner.read(cell, _some)) for cell in cells)
        return
    for row in inner.each("secondaryNumber"):
        row.skip("@id", why="a key of the source")
        row.skip("@canonicalSecondaryNumber", why="the number once more, with its type before it")
        said = row.said("#text", _some)
        sort = row.string("@numberType")
        if said is None or said.value is None:
            row.left_over(sort, why="the kind of a number that is not given")
        if said is not None:
            yield _Printed(said, sort)


def _all(group: list[_Printed]) -> Iterator[Said[str] | None]:
    for one in group:
        yield from (one.number, one.sort)


def _identifiers(printed: Iterable[_Printed]) -> Iterator[SecondaryIdentifier]:
    grouped: dict[str, list[tuple[SecondaryIdentifier, _Printed]]] = {}
    for one in printed:
        made = secondary_identifier(one.number)
        if made is not None:
            grouped.setdefault(made.notation.value or "", []).append((made, one))
    for number, group in grouped.items():
        sorts = [one.sort for _, one in group if one.sort is not None and one.sort.value]
        yield replace(
            group[0][0],
            notation=joined(number, tuple(one.number for _, one in group)),
            issuer=joined(sorts[0].value, tuple(sorts)) if sorts else None,
        )
