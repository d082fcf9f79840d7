"""How a field of the model names its property: one small function per way of writing a value."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any


def _says(predicate: str, how: str, default: Any, **more: Any) -> Any:
    return field(default=default, metadata={"predicate": predicate, "how": how, **more})


def text(predicate: str) -> Any:
    """Text in zh and en, one literal per language."""
    return _says(predicate, "text", None)


def string(predicate: str) -> Any:
    """A plain string: numbers, stamps, names of files."""
    return _says(predicate, "string", None)


def strings(predicate: str) -> Any:
    """Several plain strings."""
    return _says(predicate, "strings", ())


def when(predicate: str) -> Any:
    """A date at its own precision."""
    return _says(predicate, "date", None)


def moment(predicate: str) -> Any:
    """A moment in the registry's zone (xsd:dateTime)."""
    return _says(predicate, "moment", None)


def number(predicate: str) -> Any:
    """A whole number."""
    return _says(predicate, "integer", None)


def measure(predicate: str) -> Any:
    """A decimal number."""
    return _says(predicate, "decimal", None)


def codes(predicate: str, scheme: str) -> Any:
    """One or several codes of one list."""
    return _says(predicate, "codes", None, scheme=scheme)


def notations(predicate: str, scheme: str) -> Any:
    """Codes that we derive, by notation: the kinds of a contact's channels."""
    return _says(predicate, "notations", (), scheme=scheme)


def addresses(predicate: str) -> Any:
    """Web addresses, as IRIs."""
    return _says(predicate, "iris", ())


def places(predicate: str) -> Any:
    """Places: an ISO code, or a printed name."""
    return _says(predicate, "places", ())


def part(predicate: str) -> Any:
    """One node of its own."""
    return _says(predicate, "part", None)


def parts(predicate: str) -> Any:
    """Several nodes of their own."""
    return _says(predicate, "parts", ())


def position() -> Any:
    """Place in the printed list, from 1."""
    return _says("tkg:listPosition", "position", None)


_HELD: dict[type, tuple[tuple[str, bool], ...]] = {}


def held(kind: type) -> tuple[tuple[str, bool], ...]:
    """The fields of a class of the model that hold parts, and whether they hold several."""
    known = _HELD.get(kind)
    if known is None:
        known = _HELD[kind] = tuple(
            (f.name, f.metadata["how"] == "parts")
            for f in fields(kind)
            if f.metadata.get("how") in ("part", "parts")
        )
    return known
