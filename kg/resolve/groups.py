"""Groups: which mentions are one, as the answers of all circles of a kind say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.resolve.circles import Alias, Answer
from kg.resolve.links import Edge, Refusal


class Groups:
    """The mentions of a kind in groups, with the edges that hold them together and those refused.

    ``possible`` are doubtful pairs, ``cut`` the blocks that were not compared whole, ``learned``
    what English names were found to stand for. The order of answers never matters.
    """

    def __init__(self, members: Iterable[str], answers: Iterable[Answer]) -> None:
        self._root = {member: member for member in members}
        # Of groups of several only: most mentions stay alone, and there may be a million of them.
        self._members: dict[str, tuple[str, ...]] = {}
        self.taken: list[Edge] = []
        self.refused: list[Refusal] = []
        self.possible: list[Edge] = []
        self.cut: list[str] = []
        self.learned: dict[str, tuple[str, Alias]] = {}
        for answer in answers:
            self._take(answer)

    def _take(self, answer: Answer) -> None:
        self.taken += map(self._held, answer.taken)
        self.possible += map(self._held, answer.possible)
        self.refused += (replace(r, edge=self._held(r.edge)) for r in answer.refused)
        self.cut += answer.cut
        self.learned |= {key: (mention, alias) for key, mention, alias in answer.learned}
        for group in answer.groups:
            members = tuple(self._root[member] for member in group)
            root = min(members)
            self._members[root] = members
            self._root |= dict.fromkeys(members, root)

    def _held(self, made: Edge) -> Edge:
        """An edge between the names that are held here: one that is recalled brings its own."""
        left, right = self._root[made.left], self._root[made.right]
        if left is made.left and right is made.right:
            return made
        return replace(made, left=left, right=right)

    def root(self, member: str) -> str:
        """The member that stands for the group: its smallest IRI."""
        return self._root[member]

    def groups(self) -> list[tuple[str, ...]]:
        """The members of each group, groups and members sorted."""
        alone = ((member,) for member, root in self._root.items() if member == root
                 and member not in self._members)  # fmt: skip
        return sorted([*alone, *self._members.values()])

    def __contains__(self, member: str) -> bool:
        return member in self._root
