"""Shapes of the user's own, read so that they run and are reported like those of the package.

Every property shape below a node shape with a target becomes a rule of its own, as does what else
the node shape asks. What a shape does not say of itself is filled in: severity, name, message and
id (``dcterms:identifier``, else the local name of its IRI, else those of node shape and property).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Quad, RdfFormat, Store, parse
from rdflib import DCTERMS, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.check.findings import DIMENSIONS, REMEDIES
from kg.errors import ToolError
from kg.namespaces import TKG, expand

FILE = "user"
"""The name under which shapes of the user that look at records are kept."""

ORDER = 8000  # between the rules of the book and those about our own output
_IRI = "https://w3id.org/trialkg/shapes#user-"
_SEVERITIES = {SH.Violation, SH.Warning, SH.Info}
_TARGETS = (SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
# What a node shape may say without asking anything of its nodes.
_SAID = {
    RDF.type, RDFS.label, RDFS.comment, RDFS.seeAlso, SH.targetClass, SH.name, SH.description,
    SH.message, SH.severity, SH.order, SH.group, SH.deactivated, SH.property, DCTERMS.identifier,
    DCTERMS.source, SH.prefixes, SH.ignoredProperties,
}  # fmt: skip
_FORMATS = {"nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


class UserShapes(NamedTuple):
    """One file of shapes. A plain value for any process."""

    name: str
    turtle: str


def load(path: Path) -> UserShapes:
    """The shapes of a file: Turtle, N-Triples, RDF/XML or JSON-LD, told by its ending.

    Raises ToolError for a file that cannot be read or holds no shape that can be run.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from None
    form = _FORMATS.get(path.suffix.lower().lstrip("."), RdfFormat.TURTLE)
    try:
        quads = list(parse(input=content, format=form, base_iri=_IRI))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ToolError(f"{path}: no shapes could be read: {reason}") from None
    shapes = UserShapes(path.name, _text(quads))
    prepared([shapes], frozenset())
    return shapes


def _text(quads: Iterable[Quad]) -> str:
    """N-Triples, the same whenever the file is: the parser calls blank nodes by chance."""
    names: dict[BlankNode, BlankNode] = {}

    def term(found: object) -> object:
        if isinstance(found, BlankNode):
            return names.setdefault(found, BlankNode(f"b{len(names)}"))
        return found

    return "".join(f"{term(q.subject)} {q.predicate} {term(q.object)} .\n" for q in quads)


def prepared(files: Iterable[UserShapes], taken: frozenset[str]) -> Graph:
    """The shapes of some files, complete; ``taken`` are the ids of rules that there are already."""
    whole = Graph()
    used = set(taken)
    order = ORDER
    for file in files:
        graph = Graph().parse(data=file.turtle, format="nt")
        found = _divided(graph, file.name)
        if not found:
            raise ToolError(f"{file.name}: no shape with sh:targetClass")
        for node in found:
            order += 1
            rule = _completed(graph, node, file.name, order)
            if rule in used:
                raise ToolError(f"{file.name}: there is already a rule {rule}")
            used.add(rule)
        whole += graph
    return whole


def _divided(graph: Graph, file: str) -> list[URIRef]:
    """The shapes to run, each with its target class and an IRI, sorted by it."""
    found: set[URIRef] = set()
    for node in sorted(set(graph.subjects(SH.targetClass)), key=_place(graph)):
        if str(graph.value(node, SH.deactivated)) == "true":
            continue
        own = node if isinstance(node, URIRef) else _named(graph, node, URIRef(f"{_IRI}shape"))
        classes = list(graph.objects(own, SH.targetClass))
        parts = sorted(graph.objects(own, SH.property), key=_place(graph))
        for part in parts:
            if str(graph.value(part, SH.deactivated)) == "true":
                continue
            path = graph.value(part, SH.path)
            if path is None:
                raise ToolError(f"{file}: {_local(own)}: a sh:property without sh:path")
            name = _local(path) if isinstance(path, URIRef) else "path"
            named = isinstance(part, URIRef)
            iri = part if named else _named(graph, part, URIRef(f"{own}.{name}"))
            for kind in classes:
                graph.add((iri, SH.targetClass, kind))
            for prop in (SH.severity, SH.message, URIRef(TKG + "dimension")):
                if graph.value(iri, prop) is None:
                    for value in graph.objects(own, prop):
                        graph.add((iri, prop, value))
            found.add(URIRef(str(iri)))
        asks = {p for p in graph.predicates(own) if str(p).startswith(str(SH))} - _SAID
        if asks:
            found.add(URIRef(str(own)))
            for part in parts:  # a rule of its own now
                graph.remove((own, SH.property, part))
    for prop in _TARGETS:
        for node in graph.subjects(prop):
            what = f"sh:{_local(prop)}"
            raise ToolError(f"{file}: {_local(node)}: {what} is not known; use sh:targetClass")
    return sorted(found)


def _place(graph: Graph) -> Callable[[Node], tuple[Any, ...]]:
    """How shapes are ordered: by IRI, or by what they say; never by the name of a blank node."""

    def place(node: Node) -> tuple[Any, ...]:
        if isinstance(node, URIRef):
            return (0, str(node))
        said = sorted(
            f"{p} {'' if isinstance(o, BNode) else o.n3()}"
            for p, o in graph.predicate_objects(node)
        )
        return (1, said)

    return place


def _named(graph: Graph, node: Node, wanted: URIRef) -> URIRef:
    """Give a blank node an IRI."""
    iri, n = wanted, 1
    while (iri, None, None) in graph:
        n += 1
        iri = URIRef(f"{wanted}-{n}")
    for p, o in list(graph.predicate_objects(node)):
        graph.remove((node, p, o))
        graph.add((iri, p, o))
    for s, p in list(graph.subject_predicates(node)):
        graph.remove((s, p, node))
        graph.add((s, p, iri))
    return iri


def _completed(graph: Graph, node: URIRef, file: str, order: int) -> str:
    """Add what a shape does not say of itself; what comes back is its id."""
    given = graph.value(node, DCTERMS.identifier)
    rule = str(given) if given is not None else _local(node).removeprefix("user-")
    if not re.fullmatch(r"[\w.-]{1,80}", rule):
        raise ToolError(f"{file}: {rule[:80]!r} is no id of a rule: letters, digits, '.', '-', '_'")
    graph.set((node, DCTERMS.identifier, Literal(rule)))
    severity = graph.value(node, SH.severity) or SH.Violation
    if severity not in _SEVERITIES:
        raise ToolError(f"{file}: {rule}: sh:severity is sh:Violation, sh:Warning or sh:Info")
    graph.set((node, SH.severity, severity))
    constraints = list(graph.objects(node, SH.sparql))
    if len(constraints) > 1:
        raise ToolError(f"{file}: {rule}: one sh:sparql for each shape")
    names = _texts(graph, node, SH.name) or _texts(graph, node, RDFS.label)
    said = _texts(graph, node, SH.message)
    if not said and constraints:
        said = _texts(graph, constraints[0], SH.message)
    _say(graph, node, SH.name, names or {"en": rule, "zh": rule})
    plain = {"en": "{field}: not as this rule asks.", "zh": "{field}：不符合该规则的要求。"}
    _say(graph, node, SH.message, said or plain)
    for prop, value in (("dimension", "Cf"), ("scope", "all")):
        if graph.value(node, URIRef(TKG + prop)) is None:
            graph.add((node, URIRef(TKG + prop), Literal(value)))
    coded(graph, node, f"{file}: {rule}")
    graph.set((node, SH.order, Literal(order)))
    for constraint in constraints:
        _asked(graph, constraint, file, rule)
    return rule


def coded(graph: Graph, node: Node, where: str) -> None:
    """Raise ToolError where a shape names a dimension or a remedy that reports do not know."""
    for prop, known in (("dimension", DIMENSIONS), ("remedyCode", REMEDIES)):
        for value in sorted(map(str, graph.objects(node, URIRef(TKG + prop)))):
            if value not in known:
                told = ", ".join(known)
                raise ToolError(f"{where}: tkg:{prop} {value[:80]!r} is none of: {told}")


def _texts(graph: Graph, node: Node, prop: URIRef) -> dict[str, str]:
    """The texts of a property by language; one without a language stands for those that lack."""
    found: dict[str, str] = {}
    for value in sorted(graph.objects(node, prop), key=str):
        if isinstance(value, Literal):
            found.setdefault((value.language or "").split("-")[0], str(value))
    if not found:
        return {}
    other = found.get("") or found.get("en") or found[min(found)]
    return {tag: found.get(tag, other) for tag in ("en", "zh")}


def _say(graph: Graph, node: Node, prop: URIRef, texts: dict[str, str]) -> None:
    graph.remove((node, prop, None))
    for tag, text in texts.items():
        plain = re.sub(r"\{[?$](\w+)\}", r"{\1}", text)
        graph.add((node, prop, Literal(plain, lang=tag)))


def _asked(graph: Graph, constraint: Node, file: str, rule: str) -> None:
    """Check a query now: its prefixes are put before it, as the engine of the book has its own."""
    select = graph.value(constraint, SH.select)
    if select is None:
        raise ToolError(f"{file}: {rule}: a sh:sparql without sh:select")
    text = str(select)
    if not re.search(r"\bSELECT\b[^{]*[$?]this\b", text, re.IGNORECASE | re.DOTALL):
        raise ToolError(f"{file}: {rule}: the query has to select $this")
    declared = "".join(
        f"PREFIX {graph.value(d, SH.prefix)}: <{graph.value(d, SH.namespace)}>\n"
        for source in graph.objects(constraint, SH.prefixes)
        for d in graph.objects(source, SH.declare)
    )
    own = "".join(sorted(set(declared.splitlines(keepends=True))))
    known = set(re.findall(r"PREFIX\s+([\w-]*):", own + text, re.IGNORECASE))
    ours = "".join(
        f"PREFIX {name}: <{expand(name + ':')}>\n"
        for name in ("tkg", "rdf", "rdfs", "skos", "dcterms", "xsd", "sh", "org", "foaf")
        if name not in known
    )
    whole = ours + own + text
    try:
        Store().query(whole)
    except SyntaxError as error:
        reason = " ".join(str(error).split())
        raise ToolError(f"{file}: {rule}: the query does not parse: {reason}") from None
    graph.remove((constraint, SH.prefixes, None))
    graph.set((constraint, SH.select, Literal(whole)))


def _local(node: Node) -> str:
    return re.split(r"[#/:]", str(node).rstrip("#/"))[-1]
