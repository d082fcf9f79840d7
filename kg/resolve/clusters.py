"""Groups from edges: strongest first, and never across a veto. Pure; order of input never matters.

A veto is asked of whole groups: once a group holds a Chinese name, no member with another one
comes in, also not through a third. What a small group holds is asked of its members each time, for
there are very many of these; of a large one it is kept, and sets are joined small into large, so a
group of many thousand mentions costs no more per edge than one of two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.resolve.circles import Alias, Answer
from kg.resolve.links import Edge, Refusal, edge
from kg.resolve.overrides import NOTHING, Decided

# A tier-C rule may not hold together more than this (identity: bounds against chains).
MAX_ORGANIZATIONS = 3
MAX_MAILBOXES = 6
BY_A_PERSON = "a person says that they are two"
TWO_PEOPLE, TWO_SITES = "two people of one field", "one record lists both as different sites"
FIELD = "field "  # opens the name of a list of people
_WORD = "a person: "


@dataclass(slots=True, kw_only=True)
class Facts:
    """What a group holds that may stand against joining it with another.

    ``one``: by kind of fact, values of which a group may hold only one ("Han name").
    ``listed``: by list (a record's sites, the people of a field), the names under which it prints
    members of the group; two names of one list are two things, one name twice may be one.
    ``sides``: by pair that a record states as two things, the side on which the group is.
    ``counted``: by kind of fact, values whose number bounds rules of tier C.
    """

    one: dict[str, set[str]] = field(default_factory=dict)
    listed: dict[str, frozenset[str]] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    counted: dict[str, set[str]] = field(default_factory=dict)

    def veto(self, other: Facts) -> str | None:
        """Why this group and another can never be one; None if nothing is known against it."""
        for name, values in self.one.items():
            if values and (theirs := other.one.get(name)) and values.isdisjoint(theirs):
                return f"{name} differs"
        few, many = sorted((self.listed, other.listed), key=len)
        for source, names in few.items():
            if source in many and names != many[source]:
                return TWO_PEOPLE if source.startswith(FIELD) else TWO_SITES
        few_sides, many_sides = sorted((self.sides, other.sides), key=len)
        for pair, side in few_sides.items():
            if many_sides.get(pair, side) != side:
                return BY_A_PERSON if pair.startswith(_WORD) else "a record states them as two"
        return None

    def bound(self, other: Facts, limits: Mapping[str, int]) -> str | None:
        """Which limit of tier C the joined group would break."""
        for name, limit in limits.items():
            values = self.counted.get(name, set()) | other.counted.get(name, set())
            if len(values) > limit:
                return f"more than {limit} {name} in one group"
        return None

    def take(self, other: Facts) -> None:
        """Add the facts of another group to this one."""
        for ours, theirs in ((self.one, other.one), (self.counted, other.counted)):
            for name, values in theirs.items():
                ours.setdefault(name, set()).update(values)
        for source, names in other.listed.items():
            self.listed[source] = known | names if (known := self.listed.get(source)) else names
        self.sides.update(other.sides)


SMALL = 8  # members of a group whose facts are not kept
LIMITS = {"organizations": MAX_ORGANIZATIONS, "mailboxes": MAX_MAILBOXES}


class Clusters:
    """Which mentions are one, with the edges that hold them together and those refused."""

    def __init__(
        self,
        members: Iterable[str],
        facts: Callable[[str], Facts],
        decided: Decided = NOTHING,
        rule: str = "",
    ) -> None:
        """``decided``: a person's word on these members, under the name of a rule."""
        self._root = {member: member for member in members}
        self._make = facts
        # Of groups of several only: most mentions stay alone, and there may be a million of them.
        self._members: dict[str, list[str]] = {}
        self._facts: dict[str, Facts] = {}  # of large groups
        self._sides: dict[str, dict[str, str]] = defaultdict(dict)  # of members, by a person
        self.taken: list[Edge] = []
        self.refused: list[Refusal] = []
        self._obey(decided, rule)

    def _obey(self, decided: Decided, rule: str) -> None:
        """Join and keep apart what a person says, before any rule and over every veto."""
        for pair in decided.apart:
            if pair.left in self._root:
                name = f"{_WORD}{pair.left} {pair.right}"
                for member, side in ((pair.left, "left"), (pair.right, "right")):
                    self._sides[member][name] = side
                found = edge(rule, pair.left, pair.right, pair.override.evidence)
                self.refused.append(Refusal(edge=found, reason="", veto=True))
        for pair in sorted(decided.same):
            if pair.left in self._root:
                self._take(edge(rule, pair.left, pair.right, pair.override.evidence))

    def join(self, edges: Iterable[Edge]) -> Clusters:
        """Take edges, strongest first (by their ``rank``); refuse what a veto or a bound forbids.

        May be called again when a later rule asks what the earlier ones have joined.
        """
        of_power: dict[tuple[str, float], set[Edge]] = defaultdict(set)
        for found in edges:
            of_power[found.tier, -found.score].add(found)
        for power in sorted(of_power):
            for found in sorted(of_power.pop(power), key=lambda e: (e.left, e.right, e.rule)):
                self._join_one(found)
        return self

    def _join_one(self, found: Edge) -> None:
        a, b = self.root(found.left), self.root(found.right)
        if a == b:
            self.taken.append(found)
            return
        ours, theirs = self._facts_of(a), self._facts_of(b)
        if veto := ours.veto(theirs):
            self.refused.append(Refusal(edge=found, reason=veto, veto=True))
            return
        if found.tier == "C" and (bound := ours.bound(theirs, LIMITS)):
            self.refused.append(Refusal(edge=found, reason=bound, veto=False))
            return
        self._take(found)

    def _take(self, found: Edge) -> None:
        """Join the groups of an edge's ends, small into large."""
        self.taken.append(found)
        a, b = self.root(found.left), self.root(found.right)
        if a == b:
            return
        if len(self._members.get(a, ())) < len(self._members.get(b, ())):
            a, b = b, a
        ours, theirs = self._members.get(a, [a]), self._members.get(b, [b])
        if len(ours) + len(theirs) > SMALL:
            self._facts[a] = _together(self._facts_of(a), self._facts_of(b))
        self._root[b] = a
        self._members[a] = ours
        ours += theirs
        self._members.pop(b, None)
        self._facts.pop(b, None)

    def _facts_of(self, root: str) -> Facts:
        kept = self._facts.get(root)
        return kept or _together(*map(self._told, self._members.get(root, (root,))))

    def _told(self, member: str) -> Facts:
        facts = self._make(member)
        facts.sides.update(self._sides.get(member, ()))
        return facts

    def root(self, member: str) -> str:
        """A member that stands for the group; which one may change when groups join."""
        root = self._root
        while (parent := root[member]) != member:
            root[member] = root[parent]
            member = root[member]
        return member

    def veto(self, a: str, b: str) -> str | None:
        """Why the groups of two members can never be one; None if nothing is known against it."""
        return self._facts_of(self.root(a)).veto(self._facts_of(self.root(b)))

    def groups(self) -> list[tuple[str, ...]]:
        """The members of each group, groups and members sorted."""
        alone = ((member,) for member, root in self._root.items() if member == root
                 and member not in self._members)  # fmt: skip
        return sorted([*alone, *(tuple(sorted(of)) for of in self._members.values())])

    def answer(
        self,
        possible: Iterable[Edge] = (),
        cut: Iterable[str] = (),
        learned: Iterable[tuple[str, str, Alias]] = (),
    ) -> Answer:
        """What was found of these members, with what was asked beside; nothing is joined any more.

        Who tells the facts mostly holds the clusters too; let go, neither waits in memory until
        Python looks for what holds only each other.
        """
        possible = tuple(possible)  # they may ask for a veto yet
        del self._make
        return Answer(
            groups=tuple(tuple(sorted(of)) for of in self._members.values()),
            taken=tuple(self.taken),
            refused=tuple(self.refused),
            possible=possible,
            cut=tuple(cut),
            learned=tuple(learned),
        )


def _together(facts: Facts, *others: Facts) -> Facts:
    """The first one with what the others hold."""
    for other in others:
        facts.take(other)
    return facts


def star(members: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of the first member with every other one: a block needs no more to become a group."""
    rest = iter(members)
    first = next(rest, "")
    for member in rest:
        yield first, member
