"""Circles: mentions that may be one, and all that decides on them; nothing outside counts.

What a rule may look at together (one name at one place, one mailbox) stands in one circle, also
through others. A circle is a value that stands alone: it holds what its rules ask of the rest of
the corpus (how many people may have a name, where an organization is), already answered. So circles
can be joined anywhere and in any order, and one that says the same gets the same answer.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Protocol

from kg.resolve.links import Edge, Refusal

MAX_POSSIBLE = 20  # doubtful pairs kept of one block: a queue of thousands helps nobody


class Alias(NamedTuple):
    """A Chinese and an English name that several registrants print for one organization."""

    zh: str
    en: str
    records: int
    registrants: int
    share: float


class Answer(NamedTuple):
    """Which mentions of a circle are one: groups of several, and what was said for and against.

    ``possible`` are doubtful pairs, ``cut`` the blocks that were not compared whole. ``learned``:
    by English name, a mention of the organization that it was found to stand for.
    """

    groups: tuple[tuple[str, ...], ...] = ()
    taken: tuple[Edge, ...] = ()
    refused: tuple[Refusal, ...] = ()
    possible: tuple[Edge, ...] = ()
    cut: tuple[str, ...] = ()
    learned: tuple[tuple[str, str, Alias], ...] = ()


class Circle(Protocol):
    """Some mentions that may be one."""

    @property
    def members(self) -> Sequence[str]:
        """Their IRIs."""

    @property
    def said(self) -> str:
        """All that the answer hangs on, as text: equal texts have equal answers."""

    def answer(self) -> Answer:
        """Which of them are one."""


Asked = Callable[[Iterable[Circle]], Iterable[Answer]]
"""Who answers circles: their answers, in any order."""


def answered(circles: Iterable[Circle]) -> Iterator[Answer]:
    """The answers of circles, one after the other, here."""
    return (circle.answer() for circle in circles)


class Ties:
    """Which members are tied, also through others; members are numbers in their order."""

    def __init__(self, count: int) -> None:
        self._parents = array("q", range(count))

    def root(self, one: int) -> int:
        """The first member of the circle."""
        parents = self._parents
        while (parent := parents[one]) != one:
            parents[one] = parents[parent]
            one = parents[one]
        return one

    def tie(self, keyed: Iterable[tuple[Hashable, int]]) -> None:
        """Tie members that stand under one key."""
        first: dict[Hashable, int] = {}
        for key, number in keyed:
            one, other = self.root(first.setdefault(key, number)), self.root(number)
            self._parents[max(one, other)] = min(one, other)

    def circles(self, members: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The members that are tied with others, by circle, each in its order."""
        # Of a million members an array is a fifth of a list.
        order = array("q", sorted(range(len(members)), key=self.root))
        for _, same in groupby(order, self.root):
            numbers = tuple(same)
            if len(numbers) > 1:
                yield tuple(members[number] for number in numbers)


def tied(
    members: Sequence[str], keys: Callable[[str], Iterable[Hashable]]
) -> Iterator[tuple[str, ...]]:
    """Members that share a key with another one, also through others; each in its order.

    Those that share none are left out.

    >>> list(tied(["a1", "b2", "c", "b1", "d2"], list))
    [('a1', 'b2', 'b1', 'd2')]
    """
    ties = Ties(len(members))
    ties.tie((key, number) for number, member in enumerate(members) for key in keys(member))
    return ties.circles(members)


def single(iris: Iterable[str], root: Callable[[str], str]) -> str | None:
    """The first of some mentions if all are one; ``root`` stands for the group of each."""
    roots: dict[str, str] = {}
    for iri in iris:
        roots.setdefault(root(iri), iri)
        if len(roots) > 1:
            return None
    return next(iter(roots.values()), None)
