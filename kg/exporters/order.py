"""In which order a reader meets the graph: from trials to records, from records to terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from kg.namespaces import BASE, DERIVED, IDENTITY, REFERENCE

_SECTIONS = (
    ("Trials", "id/trial/"),
    ("Organizations", "id/organization/"),
    ("Ethics committees", "id/committee/"),
    ("People", "id/person/"),
    ("Records", "id/record/"),
    ("Records", "id/mention/"),
    ("Links", "id/link/"),
    ("Registries", "id/registry/"),
    ("Places", "id/place/"),
    ("Codes", "code/"),
    ("Vocabulary", "ns"),
    ("Shapes", "shapes"),
    ("Runs and other things", ""),
)
_OTHERS = "Others"
_HEADINGS = [*dict.fromkeys(title for title, _ in _SECTIONS), _OTHERS]
_RECORDS = _HEADINGS.index("Records")
_PARTS = (
    "role",
    "site",
    "ethics",
    "arm",
    "intervention",
    "condition",
    "outcome",
    "funding",
    "specimen",
    "identifier",
)
_RECORD, _VERSION, _PART, _MENTION = range(4)


class Place(NamedTuple):
    """Where a subject stands: compares as the file is read."""

    section: int
    registry: str = ""
    number: str = ""
    rank: int = 0
    part: int = 0
    position: int = 0
    iri: str = ""

    @property
    def heading(self) -> str:
        """The section, or the record that it belongs to."""
        title = _HEADINGS[self.section]
        return f"Record {self.number} ({self.registry})" if title == "Records" else title


def place(iri: str, position: int = 0) -> Place:
    """Where the subject ``iri`` stands; ``position`` is its place in a printed list, if any.

    >>> arm = place("https://w3id.org/trialkg/id/record/chictr/ChiCTR2699990001/arm-985cddbf", 1)
    >>> arm.heading
    'Record ChiCTR2699990001 (chictr)'
    """
    rest = iri[len(BASE) :] if iri.startswith(BASE) else None
    if rest is None:
        return Place(len(_HEADINGS) - 1, iri=iri)
    title, start = next((t, s) for t, s in _SECTIONS if rest.startswith(s))
    section = _HEADINGS.index(title)
    if title != "Records":
        return Place(section, iri=iri)
    registry, _, tail = rest[len(start) :].partition("/")
    number, _, name = tail.partition("/")
    if start == "id/mention/":
        return Place(section, registry, number, _MENTION, iri=iri)
    if not name:
        return Place(section, registry, number, _RECORD, iri=iri)
    if name[0].isdigit():
        return Place(section, registry, number, _VERSION, iri=iri)
    kind = name.partition("-")[0]
    part = _PARTS.index(kind) if kind in _PARTS else len(_PARTS)
    return Place(section, registry, number, _PART, part, position, iri)


def together(iri: str) -> str:
    """Sorts subjects as ``place`` does, those of one record alike: their order needs positions.

    Four fields, each with a NUL after it, which no IRI holds.
    """
    where = place(iri)
    own = "" if where.section == _RECORDS else where.iri
    return f"{where.section:02}\0{where.registry}\0{where.number}\0{own}\0"


def graph_order(iris: Iterable[str]) -> list[str]:
    """Graphs as a reader wants them: derived, identity, record versions, reference, others."""
    first = {DERIVED: 0, IDENTITY: 1, REFERENCE: 3}
    records = BASE + "id/record/"
    return sorted(iris, key=lambda i: (first.get(i, 2 if i.startswith(records) else 4), i))


def is_contacts(graph: NamedNode | BlankNode | DefaultGraph) -> bool:
    """True for a contact graph.

    Formats that keep graph names write these graphs if the store has any, so that they can be
    told and dropped whole; formats without graph names and views never do.
    """
    return isinstance(graph, NamedNode) and graph.value.endswith("/contacts")
