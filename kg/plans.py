"""How the value of each kind of field is written: functions made once per property."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kg.crossing import BLANK, LABEL, TYPE, Crossing
from kg.namespaces import ID, REFERENCE, code, expand, h8
from kg.nquads import escaped, iri, literal
from kg.said import Place, Said, Texts

Writer = Callable[[Any, str, Crossing], None]


def _blank_of(predicate: str) -> str:
    """The local name that ``blankField`` and the table of lines use."""
    return predicate.partition(":")[2]


def _text(predicate: str, scheme: str) -> Writer:
    zh, en = _text_in("zh", predicate), _text_in("en", predicate)

    def write(value: Texts, node: str, c: Crossing) -> None:
        said_zh, said_en = value
        if said_zh is not None:
            zh(said_zh, node, c)
        if said_en is not None:
            en(said_en, node, c)

    return write


def _text_in(language: str, predicate: str) -> Callable[[Said[str], str, Crossing], None]:
    name, middle = f"{_blank_of(predicate)}@{language}", f'> <{expand(predicate)}> "'
    blank, end = f'>{BLANK}"{name}"', f'"@{language}'

    def write(said: Said[str], node: str, c: Crossing) -> None:
        c.at(node, name, said)
        text = said.value
        if text is not None:
            c.out.append(f"<{node}{middle}{escaped(c.clean(text, name))}{end}{c.graph}")
        elif not said.refused:
            c.out.append(f"<{node}{blank}{c.graph}")

    return write


def _scalar(term: Callable[[Any], str]) -> Callable[[str, str], Writer]:
    """Writers of one typed literal or IRI, which ``term`` gives."""
    return lambda predicate, scheme: _one(predicate, term)


def _string(predicate: str, scheme: str) -> Writer:
    return _one(predicate, literal, is_text=True)


def _one(predicate: str, term: Callable[[Any], str], *, is_text: bool = False) -> Writer:
    """A writer of one value; what is text may hold contacts, which are masked."""
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Any, node: str, c: Crossing) -> None:
        if type(value) is Said:
            c.at(node, name, value)
            if value.value is None:
                if not value.refused:
                    c.out.append(f'<{node}>{BLANK}"{name}"{c.graph}')
                return
            value = value.value
        if is_text:
            value = c.clean(value, name)
        c.out.append(f"<{node}{middle}{term(value)}{c.graph}")

    return write


def several(one: Callable[[str, str], Writer]) -> Callable[[str, str], Writer]:
    def make(predicate: str, scheme: str) -> Writer:
        write_one = one(predicate, scheme)

        def write(value: Iterable[Any], node: str, c: Crossing) -> None:
            for item in value:
                write_one(item, node, c)

        return write

    return make


def _codes(predicate: str, scheme: str) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Said[tuple[str, ...]], node: str, c: Crossing) -> None:
        c.at(node, name, value)
        if value.blank:
            c.out.append(f'<{node}>{BLANK}"{name}"{c.graph}')
        for notation in value.value or ():
            c.out.append(f"<{node}{middle}<{code(scheme, notation)}>{c.graph}")

    return write


def _notations(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> "

    def write(value: Iterable[str], node: str, c: Crossing) -> None:
        for notation in (value,) if isinstance(value, str) else value:
            c.out.append(f"<{node}{middle}<{code(scheme, notation)}>{c.graph}")

    return write


def _registry(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> <{ID}registry/"

    def write(value: str, node: str, c: Crossing) -> None:
        c.out.append(f"<{node}{middle}{value}>{c.graph}")

    return write


def _properties(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> "

    def write(value: Iterable[str], node: str, c: Crossing) -> None:
        for name in value:
            c.out.append(f"<{node}{middle}<{expand(name)}>{c.graph}")

    return write


def place_iri(place: Place) -> str:
    """The IRI of a place: by its ISO code, else by its printed name and what it lies within."""
    if place.code:
        return f"{ID}place/{place.code}"
    within = place.within.code or place.within.name.label if place.within else ""
    return _named_place(within, place.name.label)


@lru_cache(maxsize=4096)  # the same cities stand in many records
def _named_place(within: str, label: str) -> str:
    return f"{ID}place/x-{h8(*filter(None, (within, label)))}"


def _places(predicate: str, scheme: str) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Iterable[Place], node: str, c: Crossing) -> None:
        for place in value:
            target = place_iri(place)
            c.out.append(f"<{node}{middle}<{target}>{c.graph}")
            outer: Place | None = place
            while outer is not None:
                for said in filter(None, outer.name):
                    c.at(node, name, said)
                _describe(outer, c)
                outer = outer.within

    return write


def _describe(place: Place, c: Crossing) -> None:
    """The label of a place that no table of ours holds, for the reference graph."""
    if place.code:
        return
    start, end = f"<{place_iri(place)}>", f" <{REFERENCE}> .\n"
    c.places.add(f"{start}{TYPE}<{expand('dcterms:Location')}>{end}")
    for language, said in (("zh", place.name.zh), ("en", place.name.en)):
        if said and said.value:
            text = c.mask[said.value]
            c.places.add(f"{start}{LABEL}{literal(text, language=language)}{end}")
    if place.within:
        target = place_iri(place.within)
        c.places.add(f"{start} <{expand('dcterms:isPartOf')}> <{target}>{end}")


def decimal(value: Decimal) -> str:
    """A number as the store gives it back: without zeros at the end (XSD 1.1, 3.3.3.1).

    >>> decimal(Decimal("48.0")), decimal(Decimal("-0.50"))
    ('"48"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"-0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return literal("0" if text == "-0" else text, datatype="xsd:decimal")


WRITERS: dict[str, Callable[[str, str], Writer]] = {
    "text": _text,
    "string": _string,
    "strings": several(_string),
    "date": _scalar(lambda value: literal(value.text, datatype=value.datatype)),
    "moment": _scalar(lambda value: literal(value, datatype="xsd:dateTime")),
    "integer": _scalar(lambda value: literal(str(value), datatype="xsd:integer")),
    "decimal": _scalar(decimal),
    "position": _scalar(lambda value: literal(str(value), datatype="xsd:integer")),
    "iris": several(_scalar(iri)),
    "codes": _codes,
    "notation": _notations,
    "notations": _notations,
    "registry": _registry,
    "properties": _properties,
    "places": _places,
}
