"""Who bears a printed name, and what to write where nobody or more than one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from kg import queries
from kg.errors import ToolError
from kg.exporters.text import plain
from kg.namespaces import DERIVED, ID, IDENTITY, expand
from kg.near import nearest
from kg.outputs.answers import cut
from kg.resolve.names.comparable import folded, only_words, unified

SHOWN = 5  # bearers of one name: a line is to be read
_NEAREST = 3
_WIDTH = 60  # terminal columns of a name: a title fills a screen
_WHERE = 3  # employers and places of one of them
_NAMES = (("skos:prefLabel", IDENTITY), ("skos:altLabel", IDENTITY), ("tkg:publicTitle", DERIVED))
_EMPLOYERS = """
SELECT DISTINCT ?employer { ?m tkg:refersTo $entity ; tkg:affiliation/tkg:refersTo ?employer }
ORDER BY ?employer
"""
# The places of an entity itself, and of the organization that it belongs to.
_PLACES = """
SELECT DISTINCT ?place ?name (LANG(?name) AS ?language) {
  { BIND($entity AS ?placed) } UNION { $entity tkg:committeeOf ?placed }
  UNION { ?person tkg:refersTo $entity ; tkg:affiliation/tkg:refersTo ?placed }
  ?m tkg:refersTo ?placed .
  { ?m dcterms:spatial ?place } UNION { ?site tkg:siteOrganization ?m ; dcterms:spatial ?place }
  ?place rdfs:label ?name }
"""


def bearer(store: Store, name: str, folder: Path | str) -> str:
    """The IRI of the one trial, hospital, committee or person that bears a printed name.

    Any label counts, compared without case, accents, blanks and punctuation. Raises ToolError where
    several bear it, with those to choose from, and where nobody does, with the nearest names;
    ``folder`` is what the error calls the graph.
    """
    if not name.strip():
        raise ToolError("a blank is nobody's name")
    bearers: dict[str, set[str]] = defaultdict(set)
    spelled: dict[str, str] = {}
    for iri, text in _names(store):
        form = comparable(text)
        bearers[form].add(iri)
        spelled[form] = max(text, spelled.get(form, ""))  # which is none in capitals, if there is
    wanted = comparable(name)
    found = sorted(bearers.get(wanted, ()) if wanted else ())
    if not found:
        raise ToolError(
            f"{name}: nobody in {folder} has this id or name{_instead(wanted, spelled)}"
        )
    if len(found) > 1:
        shown = "; ".join(_told(store, iri) for iri in found[:SHOWN])
        more = f"; and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
        raise ToolError(f"{name}: {len(found):,} have this name, write the id: {shown}{more}")
    return found[0]


def comparable(name: str) -> str:
    """A name without what people write differently: case, accents, blanks, punctuation.

    >>> comparable("Hôpital St. Anne") == comparable("HOPITAL  ST ANNE")
    True
    """
    return only_words(folded(unified(name))).replace(" ", "")


def label(store: Store, iri: str) -> str:
    """The names of an entity, the Chinese one first, parted by a stroke; else its IRI."""
    said = store.quads_for_pattern(
        NamedNode(iri), NamedNode(expand("rdfs:label")), None, NamedNode(IDENTITY)
    )
    texts = [quad.object for quad in said if isinstance(quad.object, Literal)]
    ordered = sorted(texts, key=lambda text: (text.language != "zh", text.value))
    return " / ".join(dict.fromkeys(plain(text.value) for text in ordered)) or iri


def shown(store: Store, iri: str) -> str:
    """An entity as a message tells it: its id and its names."""
    return f"{iri.removeprefix(ID)} {cut(label(store, iri), _WIDTH)}"


def _names(store: Store) -> Iterator[tuple[str, str]]:
    """Trials, organizations, committees and people, each with each of its names."""
    trial = NamedNode(expand("tkg:Trial"))
    for prop, graph in _NAMES:
        yield from _said(store, None, prop, graph)
    for quad in store.quads_for_pattern(
        None, NamedNode(expand("rdf:type")), trial, NamedNode(IDENTITY)
    ):
        if isinstance(quad.subject, NamedNode):  # a trial without a title has a label alone
            yield from _said(store, quad.subject, "rdfs:label", IDENTITY)


def _said(
    store: Store, subject: NamedNode | None, prop: str, graph: str
) -> Iterator[tuple[str, str]]:
    for quad in store.quads_for_pattern(subject, NamedNode(expand(prop)), None, NamedNode(graph)):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            yield quad.subject.value, plain(quad.object.value)


def _told(store: Store, iri: str) -> str:
    """An entity among others of its name, with what tells them apart: employers and places."""
    rows = queries.rows(store, queries.text_of(_EMPLOYERS, {"entity": iri}))
    where = [cut(label(store, row["employer"]), _WIDTH) for row in rows] + _places(store, iri)
    if not where:
        return shown(store, iri)
    more = ", …" if len(where) > _WHERE else ""
    return f"{shown(store, iri)} ({', '.join(where[:_WHERE])}{more})"


def _places(store: Store, iri: str) -> list[str]:
    """The towns that records print for an entity; where they print none, provinces or countries."""
    names: dict[str, tuple[bool, str]] = {}
    for row in queries.rows(store, queries.text_of(_PLACES, {"entity": iri})):
        said = (row["language"] != "zh", plain(row["name"]))
        names[row["place"]] = min(said, names.get(row["place"], said))
    towns = {text for place, (_, text) in names.items() if place.startswith(f"{ID}place/x-")}
    return sorted(towns or {text for _, text in names.values()})


def _instead(wanted: str, spelled: Mapping[str, str]) -> str:
    """What to write where nobody has a name: names that hold it, or else the nearest ones."""
    holding = sorted(
        (form for form in spelled if wanted and wanted in form), key=lambda f: (len(f), f)
    )
    near = holding or nearest(wanted, spelled)
    if not near:
        return (
            "; write an id as kg prints it, such as person/0a1b2c3d4e5f or mention/…, "
            "a registration number, or a name as records print it"
        )
    told = " or ".join(spelled[form] for form in near[:_NEAREST])
    more = f" ({len(near) - _NEAREST:,} more hold this)" if len(near) > _NEAREST else ""
    return f". Did you mean {told}?{more}"
