"""The graphs that rules run on: one record's statements, or all records flattened into one.

Each is held three ways, made when first needed: a small Oxigraph store for queries, a plain rdflib
graph for pySHACL (which is slow and wrong on an Oxigraph-backed one), a view for rules in Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any

import rdflib
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

from kg.check.compact import CompactView, said_in
from kg.check.facts import Index, Reader, Statements, text_from, text_of
from kg.check.messages import LABELS
from kg.check.rdflib_graphs import fill
from kg.check.scan import CONTACTS, ENTITIES, Wanted, packed, unpacked
from kg.check.shacl import EngineError
from kg.check.terms import terms
from kg.check.view import About, RecordView
from kg.namespaces import DERIVED, FINDINGS, IDENTITY, expand

TYPE = NamedNode(expand("rdf:type"))
VERSION_OF = NamedNode(expand("tkg:versionOf"))
REFERS_TO = NamedNode(expand("tkg:refersTo"))
CURRENT_VERSION = NamedNode(expand("tkg:currentVersion"))

Rows = list[dict[str, str]]
SharedLabels = dict[str, dict[str, set[tuple[str, str]]]]  # by node and property
_Term = NamedNode | BlankNode | Literal


class CheckedGraph:
    """Statements that rules run on, without the names of their graphs."""

    def __init__(self, statements: Iterable[Triple]) -> None:
        self.statements = tuple(statements)

    @cached_property
    def store(self) -> Store:
        """The statements in the default graph of a store of their own."""
        store = Store()
        store.extend(Quad(t.subject, t.predicate, t.object) for t in self.statements)
        return store

    @cached_property
    def view(self) -> RecordView:
        """The statements as rules in Python read them."""
        return RecordView(self.statements)

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The statements as pySHACL reads them; strings carry no datatype there."""
        graph = PreparedGraph()
        fill(graph, self.statements)
        return graph

    @cached_property
    def instances(self) -> dict[str, set[str]]:
        """The nodes of each class, as typed."""
        found: dict[str, set[str]] = defaultdict(set)
        for t in self.statements:
            if t.predicate == TYPE and isinstance(t.object, NamedNode):
                found[t.object.value].add(name(t.subject))
        return found

    def nodes(self, query: str) -> set[str]:
        """What a query with one variable, ``$this``, finds."""
        return nodes(self.store, query)

    @cached_property
    def index(self) -> Index:
        """The statements by subject and property, blank nodes too."""
        return Index(Reader().index(Statements(text_from(self.statements).split("\n"))))

    def all_rows(self, query: str) -> dict[str, Rows]:
        """The rows of a rule's query by node."""
        return by_node(rows(self.store, query))

    def rows(self, query: str, this: str) -> Rows:
        """The rows of a rule's query for one node."""
        return rows(self.store, query, {Variable("this"): NamedNode(this)})


class MergedGraph(CheckedGraph):
    """Statements given as packed pieces of N-Triples; of equal ones, one."""

    def __init__(self, pieces: Iterable[bytes], asked: Collection[str] | None = None) -> None:
        """``asked`` are the properties, in angle brackets, that queries name; None: all."""
        self._pieces = tuple(pieces)
        self._asked = asked

    @cached_property
    def statements(self) -> tuple[Triple, ...]:  # type: ignore[override]
        """The statements as terms, which only the reference asks for."""
        said = parse(input="".join(map(unpacked, self._pieces)), format=RdfFormat.N_TRIPLES)
        return tuple(dict.fromkeys(q.triple for q in said))

    @cached_property
    def store(self) -> Store:
        store = Store()
        asked = self._asked
        text = "".join(
            f"{line}\n"
            for piece in map(unpacked, self._pieces)
            for line in piece.split("\n")
            if line and (asked is None or line.split(" ", 2)[1] in asked)
        )
        store.bulk_load(input=text.encode(), format=RdfFormat.N_TRIPLES)
        return store

    @cached_property
    def index(self) -> Index:
        reader = Reader()
        about: About = {}
        for piece in map(unpacked, self._pieces):
            reader.index(Statements(piece.split("\n")), about)
        for said in about.values():
            for prop, values in said.items():
                if len(values) > 1:
                    said[prop] = list(dict.fromkeys(values))
        return Index(about)

    @cached_property
    def view(self) -> CompactView:
        taken = (Statements(piece.split("\n")) for piece in map(unpacked, self._pieces))
        return CompactView(said_in(statements.parts for statements in taken))

    @cached_property
    def instances(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        kind = f" {TYPE} <"
        for line in (x for piece in map(unpacked, self._pieces) for x in piece.split("\n")):
            if kind in line:  # most are no types
                subject, prop, rest = line.split(" ", 2)
                if prop == f"<{TYPE.value}>":
                    found[rest[1:-3]].add(subject[1:-1] if subject[0] == "<" else subject)
        return found


class PreparedGraph(rdflib.Graph):
    """A graph that parses each query text once: pySHACL asks the same text of every node."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:
        return super().query(prepared(query_object), *args, **kwargs)


@cache
def prepared(text: str) -> Query:
    """A parsed query; the texts are those of the shapes, so few."""
    return prepareQuery(text)


Row = tuple[tuple[str, str], ...]  # variable and text


def rows(store: Store, query: str, substitutions: Mapping[Variable, _Term] | None = None) -> Rows:
    """The distinct rows of a SELECT as text by variable, sorted; unbound variables are left out."""
    return [dict(row) for row in sorted(distinct(store, query, substitutions))]


def distinct(
    store: Store,
    query: str,
    substitutions: Mapping[Variable, _Term] | None = None,
    *,
    union: bool = False,
) -> set[Row]:
    """The same in no order; ``union`` asks all graphs as one."""
    with _asked(store, query, substitutions, union) as found:
        variables = [v.value for v in found.variables]
        return {
            tuple(
                (v, name(term)) for v, term in zip(variables, row, strict=True) if term is not None
            )
            for row in found
        }


def nodes(store: Store, query: str, *, union: bool = False) -> set[str]:
    """What a SELECT finds as ``$this``."""
    with _asked(store, query, None, union) as found:
        return {name(term) for row in found if (term := row["this"]) is not None}


@contextmanager
def _asked(
    store: Store, query: str, substitutions: Mapping[Variable, _Term] | None, union: bool
) -> Iterator[QuerySolutions]:
    """The solutions of a SELECT, worked out while they are read."""
    given: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {**(substitutions or {})}
    try:
        found = store.query(query, substitutions=given, use_default_graph_as_union=union)
        if not isinstance(found, QuerySolutions):
            raise EngineError("a rule's query is a SELECT")
        yield found
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:  # all that pyoxigraph raises
        raise EngineError(str(error)) from error


def by_node(found: Iterable[dict[str, str]]) -> dict[str, Rows]:
    """Rows by the node that they are about, in the order given."""
    by: dict[str, Rows] = {}
    for row in found:
        by.setdefault(row["this"], []).append(row)
    return by


def name(term: Any) -> str:
    """A term as text: an IRI, the value of a literal, ``_:b`` for a blank node."""
    text: str = term.value
    return f"_:{text}" if isinstance(term, BlankNode) else text


def record_graphs(store: Store) -> list[NamedNode]:
    """The named graphs that are record versions, sorted."""
    kind = NamedNode(expand("tkg:RecordVersion"))
    found = {q.graph_name for q in store.quads_for_pattern(None, TYPE, kind, None)}
    named = [g for g in found if isinstance(g, NamedNode) and not g.value.endswith(CONTACTS)]
    return sorted(named, key=lambda g: g.value)


def current_graphs(store: Store) -> list[NamedNode]:
    """The record versions that count: the current ones, or all where nothing is resolved."""
    current = {
        q.object for q in store.quads_for_pattern(None, CURRENT_VERSION, None, NamedNode(IDENTITY))
    }
    return [g for g in record_graphs(store) if not current or g in current]


def trial_of(store: Store, graph: NamedNode) -> str | None:
    """The trial that the record of a version was resolved to."""
    record = min(store.quads_for_pattern(graph, VERSION_OF, None, graph), key=str, default=None)
    if record is None or not isinstance(record.object, NamedNode):
        return None
    found = store.quads_for_pattern(record.object, REFERS_TO, None, NamedNode(IDENTITY))
    return min((name(q.object) for q in found), default=None)


def shared_labels(
    store: Store, current: Iterable[NamedNode]
) -> dict[str, dict[str, set[tuple[str, str]]]]:
    """The labels of nodes that a record shares with other graphs: codes, places, older versions."""
    # Those of entities, links and findings are many, and no record shares them.
    left_out = {*current, *map(NamedNode, (IDENTITY, DERIVED, FINDINGS))}
    found: SharedLabels = {}
    others = [g for g in store.named_graphs() if g not in left_out]
    for prop in LABELS:
        quads = [q for g in others for q in store.quads_for_pattern(None, NamedNode(prop), None, g)]
        quads += store.quads_for_pattern(None, NamedNode(prop), None, DefaultGraph())
        for q in quads:
            node = name(q.subject)
            if isinstance(q.object, Literal) and not node.startswith(ENTITIES):
                of = found.setdefault(node, {}).setdefault(prop, set())
                of.add((q.object.language or "", q.object.value))
    return found


class Instances(dict[tuple[str, ...], frozenset[str]]):
    """The nodes of some classes in any graph, subclasses included; found when first asked for."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def __missing__(self, classes: tuple[str, ...]) -> frozenset[str]:
        below = {NamedNode(c) for target in classes for c in terms().below(target)}
        quads = (q for c in below for q in self._store.quads_for_pattern(None, TYPE, c, None))
        found = self[classes] = frozenset(name(q.subject) for q in quads)
        return found


def statements(store: Store, graph: NamedNode | DefaultGraph) -> Iterator[Triple]:
    """The statements of one named graph."""
    for q in store.quads_for_pattern(None, None, None, graph):
        yield Triple(q.subject, q.predicate, q.object)


def histories(store: Store, added: Iterable[Triple]) -> Store:
    """The records of which several versions are kept, each version in its graph.

    ``added`` stands in the default graph.
    """
    of_record: dict[str, list[NamedNode]] = defaultdict(list)
    for graph in record_graphs(store):
        for q in store.quads_for_pattern(graph, VERSION_OF, None, graph):
            of_record[name(q.object)].append(graph)
    found = Store()
    found.extend(Quad(t.subject, t.predicate, t.object) for t in added)
    for versions in of_record.values():
        for graph in versions if len(versions) > 1 else ():
            found.extend(store.quads_for_pattern(None, None, None, graph))
    return found


def wanted(properties: Iterable[str], classes: Iterable[str] | None = None) -> Wanted:
    """What the merged graph holds; ``classes`` are the only ones that are asked for.

    Without ``classes`` it holds every type and label.
    """
    named = frozenset(f"<{p}>" for p in {*properties, TYPE.value, expand("rdfs:label")})
    return Wanted(named, None if classes is None else frozenset(f"<{c}>" for c in classes))


def merged(store: Store, current: Iterable[NamedNode], keep: Wanted) -> CheckedGraph:
    """What the merged graph holds of the current record versions and the identity graph."""
    texts = (text_of(store, graph) for graph in (*current, NamedNode(IDENTITY)))
    lines = (line for text in texts for line in text.split("\n") if line)
    kept = (line for line in lines if keep.holds(*line.split(" ", 2)))
    return MergedGraph([packed("".join(f"{line}\n" for line in kept))])
