"""What labelled data say beside what the resolver decides: the common form of every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.resolve.metrics import Scores

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What a person decided and what the resolver decides, mention by mention.

    ``gold`` and ``predicted`` are group ids. ``links``: rule, and the two mentions it joined.
    ``wrong``: what was decided otherwise, in words, for whoever reads the errors; ``open_``: what
    the labels do not judge. ``readings``: scores by other ways to count, where the labels leave
    that open.
    """

    what: str
    gold: tuple[str, ...]
    predicted: tuple[str, ...]
    languages: tuple[str, ...]
    links: tuple[tuple[str, int, int], ...] = ()
    wrong: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    unjudged: int = 0
    readings: Mapping[str, Scores] = field(default_factory=dict)
