"""The views: which part of the graph each shows.

To add one, write a function from ``Facts`` to ``Selection`` and name it in ``VIEWS``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from kg.counted import counted
from kg.exporters.facts import Facts
from kg.exporters.parts import Edge
from kg.exporters.relations import NodeType
from kg.namespaces import ID

LARGEST_TRIAL = 200  # members of a trial beyond which it ties nobody to anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a view shows: entities by IRI, and edges between them whose ends are IRIs."""

    nodes: set[str]
    edges: list[Edge]
    directed: bool = True
    notes: tuple[str, ...] = ()


def node_id(iri: str) -> str:
    """The id of an entity in graph files.

    >>> node_id("https://w3id.org/trialkg/id/person/b1c2d3e4f506")
    'person:b1c2d3e4f506'
    """
    return iri[len(ID) :].replace("/", ":", 1) if iri.startswith(ID) else iri


def _full(known: Facts) -> Selection:
    return Selection(nodes=set(known.entities), edges=[*_edges(known)])


def _oversight(known: Facts) -> Selection:
    of_type = {iri: entity.node_type for iri, entity in known.entities.items()}
    shown = {iri for iri, kind in of_type.items() if kind in ("trial", "committee")}
    for _, kind, target in known.edges:
        if kind in ("site", "primarySponsor") and of_type[target] == "hospital":
            shown.add(target)
        if kind == "principalInvestigator":
            shown.add(target)
    kinds = {
        "site",
        "primarySponsor",
        "approvedBy",
        "principalInvestigator",
        "committeeOf",
        "affiliatedWith",
    }
    edges = [
        edge
        for edge in _edges(known)
        if edge.kind in kinds and edge.source in shown and edge.target in shown
    ]
    return Selection(nodes=shown, edges=edges)


def _hospitals(known: Facts) -> Selection:
    return _projection(known, {"site"}, "hospital")


def _ethics(known: Facts) -> Selection:
    """Committees and hospitals, tied by the trials that the one approved and the other runs.

    A record hardly ever says at which of its hospitals an approval holds, so no tie says that a
    committee watches over a hospital: that is ``committeeOf``, which is shown beside it.
    """
    approving, running = _members(known, {"approvedBy"}), _hospitals_of(known)
    tied: Counter[tuple[str, str]] = Counter()
    too_large: list[str] = []
    for trial in sorted(approving):
        if (size := len(running[trial])) > LARGEST_TRIAL:
            too_large.append(f"{node_id(trial)} ({size})")
            continue
        tied.update((c, h) for c in approving[trial] for h in running[trial])
    edges = [Edge(c, h, "approvedTrialsAt", n, None) for (c, h), n in tied.items()]
    edges += [edge for edge in _edges(known) if edge.kind == "committeeOf"]
    committees = {iri for iri, entity in known.entities.items() if entity.node_type == "committee"}
    return Selection(
        nodes=committees.union(edge.target for edge in edges),
        edges=edges,
        notes=_without_ties(too_large),
    )


def _hospitals_of(known: Facts) -> dict[str, set[str]]:
    """The hospitals that run each trial: its sites, and its sponsor where that is one."""
    return _members(known, {"site", "primarySponsor"}, "hospital")


def _investigators(known: Facts) -> Selection:
    return _projection(known, {"principalInvestigator", "siteInvestigator"}, "person")


VIEWS: dict[str, tuple[str, Callable[[Facts], Selection]]] = {
    "full": (
        "临床试验图谱: trials, organizations, ethics committees and people",
        _full,
    ),
    "trial-hospital-committee-investigator": (
        "试验、医院、伦理委员会与研究负责人: trials, hospitals, ethics committees, "
        "principal investigators",
        _oversight,
    ),
    "hospital-collaboration": (
        "医院合作网络: hospitals tied by the trials they run together",
        _hospitals,
    ),
    "ethics-oversight": (
        "伦理监督网络: ethics committees tied to the hospitals whose trials they approved",
        _ethics,
    ),
    "co-investigator": (
        "研究者合作网络: investigators tied by the trials they lead together",
        _investigators,
    ),
}


def _edges(known: Facts) -> Iterator[Edge]:
    for (source, kind, target), records, trials in zip(
        known.edges, known.records, known.trials, strict=True
    ):
        yield Edge(source, target, kind, trials or 1, records or None)


def _projection(known: Facts, kinds: set[str], node_type: NodeType) -> Selection:
    """Members of the same trial, tied by the number of trials they share.

    ``newman_weight`` adds 1/(k-1) for each shared trial of k members, so that a trial of two says
    more than one of fifty: https://arxiv.org/abs/cond-mat/0011144
    """
    members = _members(known, kinds, node_type)
    shared: Counter[tuple[str, str]] = Counter()
    newman: dict[tuple[str, str], float] = defaultdict(float)
    too_large: list[str] = []
    for trial in sorted(members):
        size = len(members[trial])
        if size > LARGEST_TRIAL:
            too_large.append(f"{node_id(trial)} ({size})")
            continue
        for pair in combinations(sorted(members[trial]), 2):
            shared[pair] += 1
            newman[pair] += 1 / (size - 1)
    return Selection(
        nodes=set().union(*members.values()),
        edges=[
            Edge(a, b, "sharedTrials", n, None, round(newman[a, b], 4))
            for (a, b), n in shared.items()
        ],
        directed=False,
        notes=_without_ties(too_large),
    )


def _members(
    known: Facts, kinds: set[str], node_type: NodeType | None = None
) -> dict[str, set[str]]:
    """What some kinds of edges lead to from each trial, of one type of node where one is named."""
    members: dict[str, set[str]] = defaultdict(set)
    for source, kind, target in known.edges:
        if kind in kinds and node_type in (None, known.entities[target].node_type):
            members[source].add(target)
    return members


def _without_ties(too_large: list[str]) -> tuple[str, ...]:
    """What says that very large trials tie nobody, where there are any."""
    if not too_large:
        return ()
    trials = counted(len(too_large), "trial")
    return (
        f"no ties from {trials} with more than {LARGEST_TRIAL} members: {', '.join(too_large)}",
    )
