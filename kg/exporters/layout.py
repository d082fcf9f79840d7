"""Where each node is drawn: hospitals and committees by forces, the rest packed round them.

The core (organizations and committees) is laid out by the method of Fruchterman and Reingold with
a grid, so that a step costs as much as there are nodes; trials and people then sit round their
anchor like the seeds of a sunflower. Linear in nodes and edges for a fixed number of steps.

No randomness, and in the steps that build on each other only + - * / and square roots, which
every CPU rounds alike: the same graph gives the same picture everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum, sqrt

from kg.exporters.forces import COS, SIN, Pair, Point, arranged, spiral, untangle

_GAP = 6.0  # empty space round a node; in small pictures more, for labels
_LABELS = 600.0  # this much more, shared by all nodes
_CLOSE = 4.0  # how much more an edge between hubs ties than something drawn round one of them
_SEATS = 64  # free seats that a satellite chooses from
LARGEST_FOR_FORCES = 20_000  # nodes; forces took 5 ms a node, and Gephi has its own


def positions(
    core: Sequence[bool], near: Sequence[Sequence[int]], sizes: Sequence[float]
) -> list[Point]:
    """Coordinates of nodes 0, 1, 2 …, rounded to two decimals.

    ``core`` says which nodes attract others. ``near`` lists neighbours, the best anchor first;
    ``sizes`` are radii. Of more than ``LARGEST_FOR_FORCES`` nodes the hubs lie by size only, the
    largest in the middle.
    """
    anchors = _anchors(core, near)
    satellites: dict[int, list[int]] = defaultdict(list)
    for node, anchor in enumerate(anchors):
        if anchor not in (node, _NONE):
            satellites[anchor].append(node)
    hubs = [node for node, anchor in enumerate(anchors) if anchor == node]
    roomy = _GAP + min(30.0, _LABELS / max(1, len(core)))
    sizes = [size + roomy / 2 for size in sizes]
    if len(core) > LARGEST_FOR_FORCES:
        return _rounded(_by_size(hubs, satellites, sizes), anchors, sizes)
    index = {node: i for i, node in enumerate(hubs)}
    links = _links(anchors, near, index)
    discs = [_disc_radius(sizes[h], [sizes[s] for s in satellites[h]]) for h in hubs]
    placed = arranged(discs, links)

    at: dict[int, Point] = dict(zip(hubs, placed, strict=True))
    seated: dict[int, Point] = {}
    for hub in hubs:
        seated.update(_satellites(hub, satellites[hub], anchors, near, sizes, at))
    at.update(seated)
    return _rounded(at, anchors, sizes)


def _rounded(at: dict[int, Point], anchors: Sequence[int], sizes: Sequence[float]) -> list[Point]:
    """The places of all nodes, in their order; what has no edge lies below."""
    alone = [node for node, anchor in enumerate(anchors) if anchor == _NONE]
    at.update(_below(alone, sizes, at))
    return [(round(x, 2) + 0.0, round(y, 2) + 0.0) for x, y in (at[n] for n in range(len(sizes)))]


_NONE = -1


def _anchors(core: Sequence[bool], near: Sequence[Sequence[int]]) -> list[int]:
    """The node that each node is drawn round: itself for the core, -1 without any edge."""
    anchors = [_NONE] * len(core)
    waiting: list[int] = []
    for node, is_core in enumerate(core):
        if is_core and near[node]:
            anchors[node] = node
    for node, ends in enumerate(near):
        if anchors[node] == _NONE and ends:
            anchors[node] = next((e for e in ends if core[e]), _NONE)
            if anchors[node] != _NONE:
                waiting.append(node)
    # what touches no core node follows the neighbours that do
    rest = [n for n, ends in enumerate(near) if ends and anchors[n] == _NONE]
    for start in (_NONE, *sorted(rest, key=lambda n: (-len(near[n]), n))):
        if start != _NONE:
            if anchors[start] != _NONE:
                continue
            anchors[start] = start  # a part without core: its best connected node stands in
            waiting = [start]
        while waiting:
            following: list[int] = []
            for node in waiting:
                for other in near[node]:
                    if anchors[other] == _NONE:
                        anchors[other] = anchors[node]
                        following.append(other)
            waiting = following
    return anchors


def _links(
    anchors: Sequence[int], near: Sequence[Sequence[int]], index: dict[int, int]
) -> dict[Pair, float]:
    """How strongly two hubs are tied: by an edge, or by what is drawn round one of them."""
    links: dict[Pair, float] = defaultdict(float)
    for node, ends in enumerate(near):
        if anchors[node] == _NONE:
            continue
        here = index[anchors[node]]
        hubs = {e for e in ends if anchors[e] == e} if anchors[node] == node else set()
        for there in {anchors[e] for e in ends} - {anchors[node]}:
            pair = min(here, index[there]), max(here, index[there])
            links[pair] += _CLOSE if there in hubs else 0.5
    return dict(sorted(links.items()))


def _by_size(
    hubs: Sequence[int], satellites: Mapping[int, Sequence[int]], sizes: Sequence[float]
) -> dict[int, Point]:
    """Hubs like the seeds of a sunflower, each with its satellites round it in the same way."""
    wide: dict[int, float] = {}
    around: dict[int, list[tuple[int, Point]]] = {}
    for hub in hubs:
        members = [hub, *sorted(satellites[hub], key=lambda s: (-sizes[s], s))]
        seats, wide[hub] = _sunflower([sizes[m] for m in members])
        around[hub] = list(zip(members, seats, strict=True))
    ordered = sorted(hubs, key=lambda h: (-wide[h], h))
    centres, _ = _sunflower([wide[hub] for hub in ordered])
    return {
        member: (x + centre_x, y + centre_y)
        for hub, (centre_x, centre_y) in zip(ordered, centres, strict=True)
        for member, (x, y) in around[hub]
    }


def _sunflower(radii: Sequence[float]) -> tuple[list[Point], float]:
    """Centres of discs round the first, each as far out as those before it need room."""
    points: list[Point] = []
    x, y = 1.0, 0.0
    area = reach = 0.0
    for number, radius in enumerate(radii):
        # half a seat farther out, but for the first: two discs of one size then only touch
        distance = sqrt(area + 2 * radius * radius) if number else 0.0
        points.append((x * distance, y * distance))
        reach = max(reach, distance + radius)
        area += 2.5 * radius * radius
        x, y = x * COS - y * SIN, x * SIN + y * COS
    return points, reach


def _disc_radius(size: float, satellites: Sequence[float]) -> float:
    if not satellites:
        return 1.8 * size  # else a dense network would be a wall of circles
    area = size * size + fsum(s * s for s in satellites)
    return max(_ring(size, satellites, len(satellites)) + max(satellites), 1.2 * sqrt(area))


def _ring(size: float, satellites: Sequence[float], number: int) -> float:
    """How far from a hub the satellite of this number (1 …) sits."""
    apart = 2 * (fsum(satellites) / len(satellites))
    inner = (size + max(satellites)) / apart  # seeds that the hub itself covers
    return apart * sqrt(inner * inner + (number - 1) * 0.95)


def _satellites(
    hub: int,
    around: Sequence[int],
    anchors: Sequence[int],
    near: Sequence[Sequence[int]],
    sizes: Sequence[float],
    at: dict[int, Point],
) -> dict[int, Point]:
    """Seats round a hub. Those with edges elsewhere look that way; the others fill the gaps."""
    if not around:
        return {}
    radii = [sizes[s] for s in around]
    centre_x, centre_y = at[hub]
    seats: list[Point] = []
    x, y = spiral(hub % 97 + 1, 1.0)[-1] if hub % 97 else (1.0, 0.0)
    length = sqrt(x * x + y * y)
    x, y = x / length, y / length
    for number in range(1, len(around) + 1):
        distance = _ring(sizes[hub], radii, number)
        seats.append((x * distance, y * distance))
        x, y = x * COS - y * SIN, x * SIN + y * COS
    placed: dict[int, Point] = {}
    for node in sorted(around, key=lambda s: (-len(near[s]), s)):
        aim_x = aim_y = 0.0
        for other in near[node]:
            point = placed.get(other) or (at.get(anchors[other]) if anchors[other] != hub else None)
            if point is not None:
                aim_x += point[0] - centre_x
                aim_y += point[1] - centre_y
        length = sqrt(aim_x * aim_x + aim_y * aim_y)
        chosen = 0
        if length:
            # the free seat farthest in that direction, of the outer ones
            first = max(0, len(seats) - _SEATS)
            along = [round((x * aim_x + y * aim_y) / length, 6) for x, y in seats[first:]]
            chosen = first + along.index(max(along))
        x, y = seats.pop(chosen)
        placed[node] = (centre_x + x, centre_y + y)
    # seats are equally wide, satellites are not
    members = [hub, *placed]
    xs, ys = [centre_x], [centre_y]
    for point in placed.values():
        xs.append(point[0])
        ys.append(point[1])
    untangle(xs, ys, [sizes[m] for m in members])
    return dict(zip(members, zip(xs, ys, strict=True), strict=True))


def _below(alone: Sequence[int], sizes: Sequence[float], at: dict[int, Point]) -> dict[int, Point]:
    """Nodes without any edge, in one disc of their own under the picture."""
    if not alone:
        return {}
    apart = 2 * max(sizes[n] for n in alone) + _GAP
    radius = apart * sqrt(len(alone))
    lowest = min((y - sizes[n] for n, (_, y) in at.items()), default=0.0)
    middle = lowest - radius - 4 * _GAP if at else 0.0
    return {
        node: (x, middle + y) for node, (x, y) in zip(alone, spiral(len(alone), apart), strict=True)
    }
