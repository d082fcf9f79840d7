"""Numbers that others gave a trial, as the fields for them print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg import identifiers
from kg.model import SecondaryIdentifier
from kg.said import Blank, Said
from kg.values import is_placeholder


def secondary_identifier(said: Said[str] | None) -> SecondaryIdentifier | None:
    """The number a field holds, in its normal form; None where the field gives none.

    Its form alone tells its registry, or that it is a UTN; a type or a name printed beside it
    does not. A text of no known form, or with several numbers in it, stays as printed.
    """
    if said is None or gives_none(said):
        return None
    text = said.value or ""
    known = identifiers.only(text)
    if known is not None:
        return SecondaryIdentifier(
            notation=said.but(known.number),
            registry=known.registry,
            as_printed=text if text != known.number else None,
        )
    found = [o for o in identifiers.occurrences(text, expected=True) if o.registry == "utn"]
    if len(found) == 1 and found[0].printed == text:
        return SecondaryIdentifier(
            notation=said.but(found[0].number),
            sort=said.but(("utn",), ""),
            as_printed=text if text != found[0].number else None,
        )
    return SecondaryIdentifier(notation=said.but(text))


def gives_none(said: Said[str]) -> bool:
    """Whether a field for a number is blank or holds a placeholder (``NCT00000000``)."""
    text = said.value
    return not text or is_placeholder(text) or identifiers.placeholder(text)


def without_number(said: Iterable[Said[str] | None]) -> Iterator[Blank]:
    """The blanks of the fields that are printed and give no number."""
    for one in said:
        if one is not None and not one.refused and gives_none(one):
            yield Blank("secondaryIdentifier", one.line, one.path)
