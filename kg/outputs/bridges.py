"""Judgements as ``links.tsv`` lists them, and those that alone hold a group together.

A chain is as strong as its weakest link: one that nothing goes round is looked at by a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.namespaces import ID, digest
from kg.resolve.names import chinese_names, english_names
from kg.resolve.names.comparable import han

if TYPE_CHECKING:
    from networkx import Graph

LARGE_GROUP = 3


class Row(NamedTuple):
    """A row of ``links.tsv``."""

    decision: str
    rule: str
    score: str
    kind: str
    left_label: str
    right_label: str
    left: str
    right: str
    left_entity: str
    right_entity: str
    evidence: str

    @property
    def iri(self) -> str:
        """The link in the graph."""
        return f"{ID}link/{digest(f'{self.left} {self.right} {self.rule}')}"

    @property
    def ends(self) -> tuple[str, str]:
        """The two mentions or records."""
        return self.left, self.right

    def other(self, end: str) -> str:
        """The other end."""
        return self.right if end == self.left else self.left

    @property
    def in_one_record(self) -> bool:
        """Whether one record prints both ends."""
        left, right = (end.rpartition("/")[0] for end in self.ends)
        return left == right

    @property
    def points(self) -> tuple[str, str]:
        """What stands for both ends where links are counted.

        An organization's name as it is read: whichever two mentions of two names a link joins,
        every other two are joined as well. A person's name is no proof, so there each mention
        stands for itself.
        """
        if self.kind in ("organization", "committee"):
            return _read(self.left_label), _read(self.right_label)
        return self.left, self.right


def rows(path: Path) -> list[Row]:
    """The judgements of a ``links.tsv``."""
    with path.open(encoding="utf-8", newline="\n") as file:
        next(file, None)
        return [Row(*line.rstrip("\n").split("\t")) for line in file]


def _read(label: str) -> str:
    return chinese_names.read(label).key if han(label) else english_names.read(label).key


def bridges(links: Iterable[Row]) -> list[Row]:
    """Links of tier C that alone hold the two halves of a group of more than three together.

    Both halves have two mentions at least, and no one record prints both ends.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in links:
        if row.decision == "same":
            groups[row.left_entity].append(row)
    return [row for _, of in sorted(groups.items()) for row in _of_group(of)]


def _of_group(links: list[Row]) -> list[Row]:
    from networkx import Graph, bridges

    mentions = {
        (point, end)
        for row in links
        for point, end in zip(row.points, (row.left, row.right), strict=True)
    }
    if len(mentions) <= LARGE_GROUP or not any(row.rule[2] == "C" for row in links):
        return []
    weight = Counter(point for point, _ in mentions)
    joined: Graph[str] = Graph()
    joined.add_edges_from(row.points for row in links if row.points[0] != row.points[1])
    alone = {frozenset(pair) for pair in bridges(joined)}
    between = Counter(frozenset(row.points) for row in links)
    found = []
    for row in links:
        pair = frozenset(row.points)
        if row.rule[2] == "C" and pair in alone and between[pair] == 1 and not row.in_one_record:
            half = _half(joined, row.points, weight)
            if 2 <= half <= weight.total() - 2:
                found.append(row)
    return found


def _half(joined: Graph[str], bridge: tuple[str, str], weight: Counter[str]) -> int:
    """How many mentions hang on the one end of a link that nothing goes round."""
    start, other = bridge
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for beside in joined[here]:
            if beside not in seen and {here, beside} != {start, other}:
                seen.add(beside)
                waiting.append(beside)
    return sum(weight[point] for point in seen)
