"""The entity that a name stands for, as people write it and as kg prints it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import ID, IDENTITY, expand

_PREFIXES = ("person", "organization", "committee", "trial", "link")
_GRAPH = NamedNode(IDENTITY)
_KINDS = frozenset(
    map(expand, ("tkg:Trial", "org:Organization", "tkg:EthicsCommittee", "foaf:Person"))
)


def iri_of(name: str) -> str:
    """The IRI that kg prints as ``person/0a1b``, ``person:0a1b`` or in full.

    >>> iri_of("person:0a1b") == iri_of("person/0a1b") == iri_of(iri_of("person/0a1b"))
    True
    """
    if "://" in name:
        return name
    prefix, colon, rest = name.partition(":")
    return f"{ID}{prefix}/{rest}" if colon and prefix in _PREFIXES else ID + name


def entity_named(store: Store, name: str) -> str | None:
    """The IRI of a trial, hospital, committee or person; None where the graph holds none.

    ``name``: its own id, that of a mention or record, a registration number as printed or as a
    record's id ends, in capitals or not where one fits, or an id that it had before it became one
    with another.
    """
    found = chain(_found(store, iri_of(name)), _numbered(store, name), _recorded(store, name))
    if (first := next(found, None)) is not None:
        return first
    number = printed_number(store, name.rpartition(":")[2])
    return next(_numbered(store, number), None) if number else None


def printed_number(store: Store, number: str) -> str | None:
    """The registration number of the graph that differs from one in capitals only.

    None where there is none, and where there are several.
    """
    said = NamedNode(expand("tkg:registrationNumber"))
    found = {
        quad.object.value
        for quad in store.quads_for_pattern(None, said, None, None)
        if isinstance(quad.object, Literal) and quad.object.value.lower() == number.lower()
    }
    return found.pop() if len(found) == 1 else None


def _found(store: Store, iri: str) -> Iterator[str]:
    if not _is_iri(iri):
        return
    for prop in ("dcterms:isReplacedBy", "tkg:refersTo"):
        yield from sorted(_leads_to(store, iri, prop))
    if _KINDS.intersection(_leads_to(store, iri, "rdf:type")):
        yield iri


def _numbered(store: Store, number: str) -> Iterator[str]:
    """The trials whose records have a registration number, with its registry before it or not."""
    said = NamedNode(expand("tkg:registrationNumber"))
    for text in (number, number.rpartition(":")[2]):
        for quad in store.quads_for_pattern(None, said, Literal(text), None):
            if isinstance(quad.subject, NamedNode):
                yield from sorted(_leads_to(store, quad.subject.value, "tkg:refersTo"))


def _recorded(store: Store, number: str) -> Iterator[str]:
    """The trials of the records that any registry has under a number."""
    registry = NamedNode(expand("tkg:Registry"))
    quads = store.quads_for_pattern(None, NamedNode(expand("rdf:type")), registry, None)
    codes = {q.subject.value.rpartition("/")[2] for q in quads if isinstance(q.subject, NamedNode)}
    for code in sorted(codes):
        if _is_iri(record := f"{ID}record/{code}/{number}"):
            yield from sorted(_leads_to(store, record, "tkg:refersTo"))


def _leads_to(store: Store, iri: str, prop: str) -> set[str]:
    quads = store.quads_for_pattern(NamedNode(iri), NamedNode(expand(prop)), None, _GRAPH)
    return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
