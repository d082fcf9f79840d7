"""What of a view is shown: all of it, what lies around some nodes, what some columns say."""

from __future__ import annotations

from typing import NamedTuple

from kg.exporters.filters import Condition, Strongest


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
