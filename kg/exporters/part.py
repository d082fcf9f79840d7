"""What of a view is shown: all, what lies around some nodes, what columns say, the strongest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypedDict

from kg.errors import ToolError
from kg.exporters.filters import Condition, Strongest, condition


class Part(NamedTuple):
    """A part of a view; unless told otherwise all of it.

    ``centres`` are IRIs, around which everything up to ``steps`` edges away is shown. The graph is
    narrowed by the conditions of ``where`` before the view is made of it.
    """

    centres: tuple[str, ...] = ()
    steps: int = 1
    where: tuple[Condition, ...] = ()
    strongest: Strongest = Strongest()


WHOLE = Part()


class Shown(TypedDict, total=False):
    """Which part of a view is asked for; what is left out asks for nothing.

    ``around``: names, registration numbers or ids, what lies up to ``depth`` edges (1) from them.
    ``where``: conditions on the columns of nodes, such as ``start_year>=2020`` or ``country=CN``.
    ``min_weight``: trials behind an edge. ``min_degree``: edges of a node. ``component``: the
    largest part that hangs together. ``top``: so many nodes, those with most edges.
    """

    around: str | Iterable[str]
    depth: int
    where: str | Iterable[str]
    min_weight: int
    min_degree: int
    component: bool
    top: int


def listed(said: str | Iterable[str]) -> list[str]:
    """One text, or some, as a list."""
    return [said] if isinstance(said, str) else [*said]


def part(centres: Iterable[str], shown: Shown) -> Part:
    """What is asked for, around these IRIs. Raises ToolError for what cannot be asked."""
    for option, least in (("depth", 0), ("min_weight", 1), ("min_degree", 1), ("top", 1)):
        if (n := shown.get(option, least)) < least:  # type: ignore[operator]
            raise ToolError(f"{option}: a whole number from {least}, not {n}")
    return Part(
        centres=tuple(centres),
        steps=shown.get("depth", 1),
        where=tuple(map(condition, listed(shown.get("where", ())))),
        strongest=Strongest(
            min_weight=shown.get("min_weight", 1),
            min_degree=shown.get("min_degree", 0),
            component=shown.get("component", False),
            top=shown.get("top"),
        ),
    )
