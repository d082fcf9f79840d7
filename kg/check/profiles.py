"""Profiles: which shape files and thresholds a source is checked with (``shapes/profiles.ttl``)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Namespace
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kg.check.parameters import Parameters
from kg.check.rdflib_graphs import fill, turtle
from kg.check.rulebook import SHAPES, tkg
from kg.check.terms import Text
from kg.errors import ToolError
from kg.resources import folder

PROF = Namespace("http://www.w3.org/ns/dx/prof/")
STRUCTURAL = "structural"
DEFAULT = "who"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One profile with all that it takes over from the one it is a profile of."""

    name: str
    title: Text
    files: tuple[str, ...]  # stems of shape files, the structural one first
    registries: tuple[str, ...]  # keys of the registries that choose it
    thresholds: tuple[tuple[str, float], ...]  # by name of the parameter
    leaves_out: frozenset[str]  # ids of rules that one of its own replaces
    scored: bool  # False: no percentage and no band


@cache
def profiles() -> dict[str, Profile]:
    """The profiles that travel with the package, by name."""
    return read(folder("shapes") / "profiles.ttl")


def read(path: Path) -> dict[str, Profile]:
    """The profiles of a file, by name."""
    graph = Graph()
    fill(graph, turtle(path.read_bytes(), SHAPES))
    found = [_profile(graph, node) for node in graph.subjects(RDF.type, PROF.Profile)]
    return {p.name: p for p in sorted(found, key=lambda p: p.name)}


def chosen(registry: str, wanted: str | None = None) -> Profile:
    """The profile ``wanted``, else the one that the registry chooses."""
    known = profiles()
    if wanted is not None:
        if wanted not in known:
            raise ToolError(f"no profile {wanted!r}; known: {', '.join(known)}")
        return known[wanted]
    return next((p for p in known.values() if registry in p.registries), known[DEFAULT])


def _profile(graph: Graph, node: Node) -> Profile:
    files: dict[str, None] = {STRUCTURAL: None}
    thresholds: dict[str, float] = {}
    leaves_out: set[str] = set()
    scored = True
    for step in reversed(_ancestors(graph, node)):
        for resource in graph.objects(step, PROF.hasResource):
            for artifact in graph.objects(resource, PROF.hasArtifact):
                files[str(artifact).rsplit("/", 1)[1].removesuffix(".ttl")] = None
        leaves_out.update(map(str, graph.objects(step, tkg("leavesOut"))))
        for f in fields(Parameters):
            value = graph.value(step, tkg(_camel(f.name)))
            if isinstance(value, RdfLiteral):
                thresholds[f.name] = float(value)
        if (marked := graph.value(step, tkg("scored"))) is not None:
            scored = str(marked) == "true"
    labels = {
        o.language: str(o) for o in graph.objects(node, RDFS.label) if isinstance(o, RdfLiteral)
    }
    return Profile(
        name=str(graph.value(node, PROF.hasToken)),
        title=Text(labels["en"], labels["zh"]),
        files=(STRUCTURAL, *sorted(set(files) - {STRUCTURAL})),
        registries=tuple(
            sorted(str(r).rsplit("/", 1)[1] for r in graph.objects(node, tkg("profileFor")))
        ),
        thresholds=tuple(sorted(thresholds.items())),
        leaves_out=frozenset(leaves_out),
        scored=scored,
    )


def _ancestors(graph: Graph, node: Node) -> list[Node]:
    """A profile and those it is a profile of, nearest first."""
    found = [node]
    while (
        parent := next(
            (
                p
                for p in graph.objects(found[-1], PROF.isProfileOf)
                if (p, RDF.type, PROF.Profile) in graph
            ),
            None,
        )
    ) is not None:
        found.append(parent)
    return found


def _camel(name: str) -> str:
    """The property that sets a parameter: ``grace_days`` is ``graceDays``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
