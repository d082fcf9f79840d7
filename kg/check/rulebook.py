"""The rules as the shapes state them: one ``Rule`` per identifier, run by one or several ``Shape``.

``shapes/*.ttl`` is the only place where texts, severities, targets and queries stand.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from rdflib import DCTERMS, RDF, RDFS, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kg.check import user_shapes
from kg.check.findings import Dimension, Remedy, Rule, Severity
from kg.check.rdflib_graphs import as_node, fill, turtle
from kg.check.terms import Text
from kg.check.user_shapes import UserShapes
from kg.errors import ToolError
from kg.namespaces import TKG, expand
from kg.resources import folder

Kind = Literal["core", "sparql", "python", "store"]
STRUCTURAL_ORDER = 9000  # from here on: rules about our own output
MERGED = "identity"  # the file whose shapes run on the merged graph
ENTITIES = frozenset(
    map(expand, ("tkg:Trial", "foaf:Person", "org:Organization", "tkg:EthicsCommittee"))
)

SHAPES = "https://w3id.org/trialkg/shapes/"
PREFIXES_NODE = URIRef("https://w3id.org/trialkg/shapes#prefixes")
_IDENTIFIER = str(DCTERMS.identifier)
SEVERITY: dict[Node, Severity] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}


def tkg(name: str) -> URIRef:
    """A term of ours as rdflib writes it."""
    return URIRef(TKG + name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How one rule, or one part of it, is run and what it says."""

    iri: str
    rule: str
    file: str  # stem of the file: "who"
    kind: Kind  # core and sparql: pySHACL; python: a function; store: a query over all graphs
    targets: tuple[str, ...]  # classes
    select: str | None  # with prefixes; its rows are the values of the findings
    applies: str | None  # with prefixes; the target nodes that the rule applies to
    fields: tuple[str, ...]  # property names, most telling first
    item: str | None  # the WHO sub-item: "WHO-14a"
    needs: str | None  # the sub-item that has to be collected: that one, or what the rule names
    title: Text  # of the rule, without variables
    name: Text
    message: Text
    undated: Text | None  # instead of ``message`` when days cannot be counted
    note_absent: Text | None  # added when the field is absent
    long_text: bool  # a blank may come from copying the page
    days_between: tuple[str, ...]
    months_between: tuple[str, ...]
    dimension: Dimension
    scope: str
    order: int

    @property
    def of_user(self) -> bool:
        """Whether the shape is the user's own."""
        return user_shapes.ORDER < self.order < STRUCTURAL_ORDER

    @property
    def in_place(self) -> bool:
        """Whether ``{field}`` in the message is the name of the shape, not of a property."""
        return self.item is not None or self.dimension == "Cm"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All shapes of some files, as rdflib reads them and as the engine uses them."""

    graph: Graph
    rules: dict[str, Rule]  # by id, in reading order
    shapes: dict[str, tuple[Shape, ...]]  # by rule id
    remedies: dict[str, Text]
    notes: dict[str, Text]  # sentences that the engine adds
    checksum: str
    reads: frozenset[str]  # properties that the shapes of the merged graph look at

    def of_files(self, files: Iterable[str]) -> list[Shape]:
        """The shapes of some files, in reading order."""
        wanted = set(files)
        return [s for rule in self.rules for s in self.shapes[rule] if s.file in wanted]


@cache
def rulebook(extra: tuple[UserShapes, ...] = ()) -> Rulebook:
    """The shapes that travel with the package, and those of the user."""
    return read(sorted(folder("shapes").glob("*.ttl")), extra)


def rules() -> tuple[Rule, ...]:
    """Every rule, structural ones last, in the order in which a report lists them."""
    return tuple(rulebook().rules.values())


def read(paths: Iterable[Path], extra: tuple[UserShapes, ...] = ()) -> Rulebook:
    """The rules that shape files state; ``extra`` are the user's."""
    whole = Graph()
    file_of: dict[Node, str] = {}
    checksum = hashlib.sha256()
    for path in paths:  # read by Oxigraph, in a tenth of the time that rdflib takes
        content = path.read_bytes()
        checksum.update(path.name.encode() + b"\0" + content + b"\0")
        said = turtle(content, SHAPES)
        fill(whole, said)
        file_of |= {as_node(s.subject): path.stem for s in said if s.predicate.value == _IDENTIFIER}
    if extra:
        ids = frozenset(map(str, whole.objects(None, DCTERMS.identifier)))
        theirs = user_shapes.prepared(extra, ids)
        for node in theirs.subjects(DCTERMS.identifier):
            kinds = set(map(str, theirs.objects(node, SH.targetClass)))
            file_of[node] = MERGED if kinds & ENTITIES else user_shapes.FILE
        for file in extra:
            checksum.update(file.name.encode() + b"\0" + file.turtle.encode() + b"\0")
        whole += theirs
    prefixes = _prefixes(whole)
    found = [
        _shape(whole, node, file_of[node], prefixes)
        for node in set(whole.subjects(DCTERMS.identifier))
        if (node, SH.severity, None) in whole
    ]
    by_rule: dict[str, list[Shape]] = {}
    for shape in sorted(found, key=lambda s: (s.order, s.rule, s.iri)):
        by_rule.setdefault(shape.rule, []).append(shape)
    return Rulebook(
        graph=whole,
        rules={rule: _rule(whole, shapes[0]) for rule, shapes in by_rule.items()},
        shapes={rule: tuple(shapes) for rule, shapes in by_rule.items()},
        remedies=_sentences(whole, "Remedy"),
        notes=_sentences(whole, "Note"),
        checksum=checksum.hexdigest(),
        reads=_properties(whole, found),
    )


def _prefixes(graph: Graph) -> str:
    lines = [
        f"PREFIX {graph.value(d, SH.prefix)}: <{graph.value(d, SH.namespace)}>\n"
        for d in graph.objects(PREFIXES_NODE, SH.declare)
    ]
    return "".join(sorted(lines))


def _shape(graph: Graph, node: Node, file: str, prefixes: str) -> Shape:
    rule = str(graph.value(node, DCTERMS.identifier))

    def text(predicate: URIRef) -> Text | None:
        by_language = {
            o.language: str(o)
            for o in graph.objects(node, predicate)
            if isinstance(o, RdfLiteral) and o.language
        }
        if not by_language:
            return None
        if missing := {"en", "zh"} - set(by_language):
            raise ToolError(f"{file}.ttl: {rule}: {predicate} has no text in {missing.pop()}")
        return Text(by_language["en"], by_language["zh"])

    def query(value: Node | None) -> str | None:
        return None if value is None else prefixes + str(value)

    def strings(name: str) -> tuple[str, ...]:
        return tuple(
            w for text in sorted(map(str, graph.objects(node, tkg(name)))) for w in text.split()
        )

    constraint = graph.value(node, SH.sparql)
    stored = graph.value(node, tkg("select"))
    off = str(graph.value(node, SH.deactivated)) == "true"
    kind: Kind = (
        "store" if stored is not None
        else "python" if off
        else "sparql" if constraint is not None
        else "core"
    )  # fmt: skip
    name, message = text(SH.name), text(SH.message)
    order, scope = graph.value(node, SH.order), graph.value(node, tkg("scope"))
    dimension = graph.value(node, tkg("dimension"))
    if name is None or message is None or order is None or dimension is None or scope is None:
        needed = "sh:name, sh:message, sh:order, tkg:dimension and tkg:scope are needed"
        raise ToolError(f"{file}.ttl: {rule}: {needed}")
    user_shapes.coded(graph, node, f"{file}.ttl: {rule}")
    parents = list(graph.subjects(SH.property, node))
    item = graph.value(node, tkg("whoItem"))
    needs = graph.value(node, tkg("needsItem")) or item
    return Shape(
        iri=str(node),
        rule=rule,
        file=file,
        kind=kind,
        targets=tuple(
            sorted(str(c) for n in (node, *parents) for c in graph.objects(n, SH.targetClass))
        ),
        select=query(stored if constraint is None else graph.value(constraint, SH.select)),
        applies=query(graph.value(node, tkg("appliesWhen"))),
        fields=strings("fieldName") or _path_names(graph, node),
        item=None if item is None else str(item).rsplit("/", 1)[1],
        needs=None if needs is None else str(needs).rsplit("/", 1)[1],
        title=text(RDFS.label) or name,
        name=name,
        message=message,
        undated=text(tkg("messageUndated")),
        note_absent=text(tkg("messageAbsent")),
        long_text=str(graph.value(node, tkg("longText"))) == "true",
        days_between=strings("daysBetween"),
        months_between=strings("monthsBetween"),
        dimension=str(dimension),  # type: ignore[arg-type]
        scope=str(scope),
        order=int(str(order)),
    )


def _path_names(graph: Graph, node: Node) -> tuple[str, ...]:
    """The local names of a shape's path: what it looks at when ``tkg:fieldName`` does not say."""
    path = graph.value(node, SH.path)
    if path is None:
        return ()
    alternatives = graph.value(path, SH.alternativePath)
    steps = [path] if alternatives is None else list(graph.items(alternatives))
    return tuple(re.split(r"[#/]", str(s))[-1] for s in steps if isinstance(s, URIRef))


def _rule(graph: Graph, shape: Shape) -> Rule:
    node = URIRef(shape.iri)
    remedy = graph.value(node, tkg("remedyCode"))
    code: Remedy | None = None if remedy is None else str(remedy)  # type: ignore[assignment]
    return Rule(
        id=shape.rule,
        severity=SEVERITY[graph.value(node, SH.severity) or SH.Violation],
        dimension=shape.dimension,
        order=shape.order,
        name_en=shape.title.en,
        name_zh=shape.title.zh,
        message_en=shape.message.en,
        message_zh=shape.message.zh,
        remedy=code,
        who_item=None if shape.item is None else shape.rule,
        scope=shape.scope,
        structural=shape.dimension == "St",
        enabled=str(graph.value(node, tkg("optional"))) != "true",
    )


def _sentences(graph: Graph, kind: str) -> dict[str, Text]:
    found: dict[str, dict[str, str]] = {}
    for node in graph.subjects(RDF.type, tkg(kind)):
        key = str(graph.value(node, DCTERMS.identifier))
        for o in graph.objects(node, tkg("sentence")):
            if isinstance(o, RdfLiteral) and o.language:
                found.setdefault(key, {})[o.language] = str(o)
    return {key: Text(texts["en"], texts["zh"]) for key, texts in found.items()}


_NAME = re.compile(r"(?<![\w<])(?:PREFIX\s+)?([a-z][\w-]*:[A-Za-z][\w-]*)")


_FREE = re.compile(r"(?:\$this|\?\w+)\s+\?(\w+)\s+\?(\w+)")


@dataclass(frozen=True, slots=True)
class Reads:
    """The statements that queries may look at."""

    properties: frozenset[str]  # named
    links: bool = False  # every statement whose value is a node
    texts: bool = False  # every statement whose value is a text in a language
    everything: bool = False

    @property
    def tokens(self) -> frozenset[str]:
        """The properties that are named, in angle brackets."""
        return frozenset(f"<{prop}>" for prop in self.properties)


@cache
def reads(shapes: tuple[Shape, ...]) -> Reads:
    """What the queries of some shapes look at; a property that is a variable may be any."""
    named: set[str] = {str(RDF.type)}
    links = texts = everything = False
    for query in (q for s in shapes for q in (s.select, s.applies) if q):
        prefixes = dict(re.findall(r"PREFIX (\S*): <([^>]*)>\n", query))
        body = re.sub(r"PREFIX .*\n", "", query)
        for prefix, _, name in (c.partition(":") for c in _NAME.findall(body)):
            if prefix in prefixes:
                named.add(prefixes[prefix] + name)
        named.update(re.findall(r"<([^>\s]*)>", body))
        patterns = re.sub(r"SELECT[^{]*\{|GROUP BY[^}]*", " ", body)
        for prop, value in _FREE.findall(patterns):
            if re.search(rf"\?{prop} IN \(", body):
                continue  # one of those it names
            if re.search(rf"\?{value} [a-z]+:", body):
                links = True
            elif f"LANG(?{value})" in body:
                texts = True
            else:
                everything = True
    return Reads(frozenset(named), links, texts, everything)


def _properties(graph: Graph, shapes: Iterable[Shape]) -> frozenset[str]:
    """The IRIs that the shapes on the merged graph name: all that graph has to hold."""
    namespaces = {
        str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace))
        for d in graph.objects(PREFIXES_NODE, SH.declare)
    }
    named = {
        curie
        for shape in shapes
        if shape.file == MERGED
        for text in (shape.select, shape.applies)
        for curie in _NAME.findall(text or "")
    }
    own = [s for s in shapes if s.file == MERGED and s.order > user_shapes.ORDER]
    of_user = {iri for shape in own for iri in _mentioned(graph, URIRef(shape.iri))}
    of_user |= {iri for shape in own for iri in re.findall(r"<([^>\s]+)>", shape.select or "")}
    return frozenset(of_user) | frozenset(
        namespaces[prefix] + name
        for prefix, _, name in (curie.partition(":") for curie in named)
        if prefix in namespaces
    )


def _mentioned(graph: Graph, node: Node) -> set[str]:
    """The IRIs that a shape names, through its blank nodes."""
    found: set[str] = set()
    waiting, done = [node], set()
    while waiting:
        at = waiting.pop()
        done.add(at)
        for value in graph.objects(at, None):
            if isinstance(value, URIRef):
                found.add(str(value))
            elif isinstance(value, BNode) and value not in done:
                waiting.append(value)
    return found
