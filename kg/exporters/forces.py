"""Discs on a plane: tied ones close together, none on top of another.

Only + - * / and square roots build on each other here, which every CPU rounds alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import ceil, fsum, sqrt

Point = tuple[float, float]
Pair = tuple[int, int]

# cosine and sine of the golden angle, 137.5 degrees: a spiral without trigonometry
COS, SIN = -0.7373688780783197, 0.6754902942615238

_WORK = 60_000  # steps times discs: a bound on the time
_STEPS = 300
_UNTANGLING = 60
_STRONGEST = 8.0
_REPULSION = 0.7
_GRAVITY = 0.05
_WEAKEST = 1.5


def spiral(count: int, apart: float) -> list[Point]:
    """Points like the seeds of a sunflower, the first in the middle."""
    points: list[Point] = []
    x, y = 1.0, 0.0
    for number in range(count):
        distance = apart * sqrt(number)
        points.append((x * distance, y * distance))
        x, y = x * COS - y * SIN, x * SIN + y * COS
    return points


def arranged(discs: Sequence[float], links: dict[Pair, float]) -> list[Point]:
    """Centres of discs with these radii. Parts that nothing ties lie beside each other."""
    placed: list[Point] = [(0.0, 0.0)] * len(discs)
    parts = _parts(len(discs), links)
    where: dict[int, int] = {disc: n for n, part in enumerate(parts) for disc in part}
    inside: list[dict[Pair, float]] = [{} for _ in parts]
    rank = {disc: n for part in parts for n, disc in enumerate(part)}
    for (a, b), weight in links.items():
        inside[where[a]][rank[a], rank[b]] = weight
    known: dict[object, tuple[list[Point], Point]] = {}  # many small parts are alike
    shapes: list[list[Point]] = []
    frames: list[Point] = []
    for part, ties in zip(parts, inside, strict=True):
        radii = [discs[d] for d in part]
        alike = (*radii, *ties.items())
        if alike not in known:
            known[alike] = _framed(_forces(radii, ties), radii)
        shape, frame = known[alike]
        shapes.append(shape)
        frames.append(frame)
    for part, shape, corner in zip(parts, shapes, _rows(frames), strict=True):
        for disc, (x, y) in zip(part, shape, strict=True):
            placed[disc] = (x + corner[0], y + corner[1])
    return placed


def _parts(count: int, links: dict[Pair, float]) -> list[list[int]]:
    """Discs that links connect, each part sorted, the largest part first."""
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in links:
        near[a].append(b)
        near[b].append(a)
    seen = [False] * count
    parts: list[list[int]] = []
    for start in range(count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for disc in part:
            for other in near[disc]:
                if not seen[other]:
                    seen[other] = True
                    part.append(other)
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _framed(shape: list[Point], discs: Sequence[float]) -> tuple[list[Point], Point]:
    """The same points measured from the upper left corner of their frame; width and height."""
    left = min(x - r for (x, _), r in zip(shape, discs, strict=True))
    right = max(x + r for (x, _), r in zip(shape, discs, strict=True))
    low = min(y - r for (_, y), r in zip(shape, discs, strict=True))
    high = max(y + r for (_, y), r in zip(shape, discs, strict=True))
    return [(x - left, y - high) for x, y in shape], (right - left, high - low)


def _rows(frames: Sequence[Point]) -> list[Point]:
    """Upper left corners: frames in rows, the first on top, the higher ones before the lower."""
    wide = max(
        max((width for width, _ in frames), default=0.0),
        1.2 * sqrt(fsum(width * height for width, height in frames)),
    )
    corners = [(0.0, 0.0)] * len(frames)
    x = y = row = 0.0
    for n in sorted(range(len(frames)), key=lambda n: (n > 0, -frames[n][1], n)):
        width, height = frames[n]
        if x > 0.0 and x + width > wide:
            x, y, row = 0.0, y - row, 0.0
        corners[n] = (x, y)
        x += width
        row = max(row, height)
    return corners


def _forces(discs: Sequence[float], links: dict[Pair, float]) -> list[Point]:
    """Centres of the discs of one part."""
    count = len(discs)
    if count < 2:
        return [(0.0, 0.0)] * count
    ideal = 2.2 * fsum(discs) / count
    ties = [0] * count
    for a, b in links:
        ties[a] += 1
        ties[b] += 1
    # the best connected begin in the middle
    start = spiral(count, ideal * 0.8)
    xs, ys = [0.0] * count, [0.0] * count
    for point, node in zip(start, sorted(range(count), key=lambda n: (-ties[n], n)), strict=True):
        xs[node], ys[node] = point
    # the best connected stay in the middle
    most = max(1, *ties)
    crowd = max(1.0, sum(ties) / count / 6)  # among many ties each pulls less, or all would touch
    links = {pair: min(_WEAKEST + weight, _STRONGEST) / crowd for pair, weight in links.items()}
    gravity = [_GRAVITY * (1 + 3 * t / most) for t in ties]
    steps = max(30, min(_STEPS, ceil(_WORK / count)))
    for step in range(steps):
        heat = ideal * (1 - step / steps)
        _step(xs, ys, discs, links, gravity, ideal, heat)
    untangle(xs, ys, discs)
    return list(zip(xs, ys, strict=True))


def _cells(
    nodes: Iterable[int], xs: Sequence[float], ys: Sequence[float], side: float
) -> dict[Point, list[int]]:
    """Nodes by the cell of a grid that they lie in."""
    cells: dict[Point, list[int]] = defaultdict(list)
    for node in nodes:
        cells[xs[node] // side, ys[node] // side].append(node)
    return cells


def _close_pairs(cells: dict[Point, list[int]]) -> Iterator[Pair]:
    """Pairs in one cell or in two that touch; each pair once."""
    for (column, row), here in cells.items():
        if len(here) > 1:
            yield from combinations(here, 2)
        for beside in (
            (column + 1, row),
            (column, row + 1),
            (column + 1, row + 1),
            (column + 1, row - 1),
        ):
            if beside in cells:
                yield from product(here, cells[beside])


def _step(
    xs: list[float],
    ys: list[float],
    discs: Sequence[float],
    links: dict[Pair, float],
    gravity: Sequence[float],
    ideal: float,
    heat: float,
) -> None:
    count = len(xs)
    dx, dy = [0.0] * count, [0.0] * count
    for a, b in _close_pairs(_cells(range(count), xs, ys, 1.5 * ideal)):
        x, y = xs[a] - xs[b], ys[a] - ys[b]
        if x == 0.0 and y == 0.0:
            x = 0.01 * (1 + a)  # two in one place: any direction will do, the same each time
        force = _REPULSION * (discs[a] + discs[b]) * ideal / (x * x + y * y)
        x *= force
        y *= force
        dx[a] += x
        dy[a] += y
        dx[b] -= x
        dy[b] -= y
    for (a, b), weight in links.items():
        x, y = xs[a] - xs[b], ys[a] - ys[b]
        distance = sqrt(x * x + y * y)
        beyond = distance - (discs[a] + discs[b])
        if beyond > 0:
            pull = weight * beyond / (ideal + distance)
            dx[a] -= x * pull
            dy[a] -= y * pull
            dx[b] += x * pull
            dy[b] += y * pull
    for node in range(count):
        x = dx[node] - gravity[node] * xs[node]
        y = dy[node] - gravity[node] * ys[node]
        length = sqrt(x * x + y * y)
        if length > heat:
            x, y = x * heat / length, y * heat / length
        xs[node] += x
        ys[node] += y


def untangle(xs: list[float], ys: list[float], discs: Sequence[float]) -> None:
    """Move discs until none overlaps, as far as a fixed number of rounds allows."""
    usual = sorted(discs)[len(discs) * 9 // 10]
    small = [n for n, radius in enumerate(discs) if radius <= usual]
    large = [n for n, radius in enumerate(discs) if radius > usual]
    for _ in range(_UNTANGLING):
        # A few large discs do not make everything a neighbour.
        pairs = _close_pairs(_cells(small, xs, ys, 2 * usual))
        moved = _pushed_apart(pairs, xs, ys, discs)
        if large:
            moved |= _pushed_apart(_reached(large, xs, ys, discs, 2 * usual), xs, ys, discs)
        if not moved:
            return


def _reached(
    large: Sequence[int],
    xs: Sequence[float],
    ys: Sequence[float],
    discs: Sequence[float],
    side: float,
) -> Iterator[Pair]:
    """Pairs of a large disc with one that it may overlap; each pair once."""
    cells = _cells(range(len(discs)), xs, ys, side)
    largest, all_large = max(discs), set(large)
    for a in large:
        reach = discs[a] + largest
        for column in range(int((xs[a] - reach) // side), int((xs[a] + reach) // side) + 1):
            for row in range(int((ys[a] - reach) // side), int((ys[a] + reach) // side) + 1):
                for b in cells.get((column, row), ()):
                    if a < b or b not in all_large:
                        yield a, b


def _pushed_apart(
    pairs: Iterable[Pair], xs: list[float], ys: list[float], discs: Sequence[float]
) -> bool:
    """Move the discs of each pair apart where they overlap; True if any did."""
    any_overlap = False
    for a, b in pairs:
        x, y = xs[a] - xs[b], ys[a] - ys[b]
        wide = discs[a] + discs[b]
        square = x * x + y * y
        if square >= wide * wide:
            continue
        distance = sqrt(square)
        if distance < 0.01:
            x, y, distance = 1.0, 0.0, 1.0
            square = 0.0
        move = (wide - sqrt(square)) / distance * 1.02
        share = discs[b] * discs[b] / (discs[a] * discs[a] + discs[b] * discs[b])  # large ones stay
        xs[a] += x * move * share
        ys[a] += y * move * share
        xs[b] -= x * move * (1 - share)
        ys[b] -= y * move * (1 - share)
        any_overlap = True
    return any_overlap
