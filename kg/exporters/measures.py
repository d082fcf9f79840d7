"""Numbers about the place of a node in its network; nodes are 0, 1, 2 … and edges are pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LARGEST_FOR_COMMUNITIES = 20_000  # edges; Louvain in Python took 150 s at 100,000
SEED = 20260625

Pair = tuple[int, int]


def neighbours(count: int, edges: Iterable[Pair]) -> list[list[int]]:
    """The other ends of each node's edges, sorted: each neighbour once, never the node itself."""
    found: list[set[int]] = [set() for _ in range(count)]
    for a, b in edges:
        if a != b:
            found[a].add(b)
            found[b].add(a)
    return [sorted(ends) for ends in found]


def core_numbers(near: Sequence[Sequence[int]]) -> list[int]:
    """For each node the largest k such that it lies in a part where all have k neighbours.

    Batagelj and Zaveršnik's algorithm, linear in edges: https://arxiv.org/abs/cs/0310049
    """
    degree = [len(ends) for ends in near]
    order = sorted(range(len(near)), key=lambda n: degree[n])
    at = [0] * len(near)
    first = [0] * (max(degree, default=0) + 2)  # where the nodes of each degree begin
    for position, node in enumerate(order):
        at[node] = position
        first[degree[node] + 1] = position + 1
    for d in range(1, len(first)):
        first[d] = max(first[d], first[d - 1])
    for node in order:
        for other in near[node]:
            if degree[other] > degree[node]:
                d = degree[other]
                # swap with the first node of this degree, then let it fall by one
                swapped = order[first[d]]
                order[at[other]], order[first[d]] = swapped, other
                at[swapped], at[other] = at[other], first[d]
                first[d] += 1
                degree[other] -= 1
    return degree


def communities(count: int, weighted: Sequence[tuple[int, int, float]]) -> list[int] | None:
    """The community of each node by Louvain's method, 1 = the largest; None if too many edges."""
    if not weighted or len(weighted) > LARGEST_FOR_COMMUNITIES:
        return None
    import networkx as nx  # slow to load, and the RDF formats do without

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    for a, b, weight in weighted:
        before = graph.edges[a, b]["weight"] if graph.has_edge(a, b) else 0.0
        graph.add_edge(a, b, weight=before + weight)
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    community = [0] * count
    ranked = sorted((-len(nodes), min(nodes), nodes) for nodes in found)
    for number, (_, _, nodes) in enumerate(ranked, start=1):
        for node in nodes:
            community[node] = number
    return community
