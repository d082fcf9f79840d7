"""Registrations: which records are entries of one number, and what their id fields say of others.

Two numbers of one registry are two registrations, save known aliases: a number that the registry's
own record prints as its alias, the two series of a registry that numbered its trials anew, ChiMCTR
and ITMCTR numbers of equal digits. An id field that names several numbers of one registry, and a
number that several registrations of one registry claim, say *family*, never *same*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from kg.identifiers import Identifier, compared, series
from kg.resolve.mentions import RecordFacts
from kg.resolve.numbers import ALIAS, CHILD, PARENT, SAME, by_registry

PORTALS = frozenset({"ictrp"})
AGGREGATORS = frozenset({"clinconnect"})


def rank(record: RecordFacts) -> tuple[int, str, str]:
    """Leading record first: registries, then portals, then aggregators; then the oldest."""
    if record.publisher in PORTALS:
        first = 1
    elif record.publisher in AGGREGATORS:
        first = 2
    else:
        first = 0
    return (first, *record.order)


class Claim(NamedTuple):
    """What one record says of another. ``left`` states it; both are IRIs of records."""

    left: str
    right: str
    what: str  # how ids name each other (``_sameness``), or the relation that is stated
    registry: str  # that issued the number


def groups(pairs: Iterable[tuple[Identifier, Identifier]]) -> list[set[Identifier]]:
    """The numbers that pairs tie together."""
    group: dict[Identifier, set[Identifier]] = {}
    for a, b in pairs:
        joined = group.get(a, {a}) | group.get(b, {b})
        group.update(dict.fromkeys(joined, joined))
    return [members for number, members in sorted(group.items()) if number == min(members)]


class Registrations:
    """The registrations of all records. A record without a number stands for itself."""

    def __init__(self, records: Iterable[RecordFacts]) -> None:
        self._records = sorted(records, key=rank)
        self._own: dict[str, Identifier] = {
            r.iri: compared(r.issuer, r.number) for r in self._records if r.issuer and r.number
        }
        self._first = self._aliases()  # alias -> the number that stands for the registration
        self._entries: dict[Identifier, list[str]] = defaultdict(list)
        for record in self._records:
            self._entries[self.of(record.iri)].append(record.iri)
        # registration -> relation -> the other registrations its id fields name
        self._named: dict[Identifier, dict[str, set[Identifier]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._states: dict[tuple[Identifier, Identifier], str] = {}  # -> the record that says so
        for record in self._records:
            mine = self.of(record.iri)
            for stated in record.stated:
                other = self.standing_for(stated.registration)
                if other != mine and stated.relation != ALIAS:
                    self._named[mine][stated.relation].add(other)
                    self._states.setdefault((mine, other), record.iri)
        self._apart: dict[Identifier, set[frozenset[Identifier]]] = defaultdict(set)
        for mine, relations in self._named.items():
            for relation, others in relations.items():
                for other in others if relation != SAME else ():
                    for number in (mine, other):
                        self._apart[number].add(frozenset((mine, other)))

    def of(self, record: str) -> Identifier:
        """The registration that a record is an entry of."""
        own = self._own.get(record)
        return self.standing_for(own) if own else Identifier("", record)

    def standing_for(self, number: Identifier) -> Identifier:
        """The number that stands for a registration and its aliases."""
        return self._first.get(number, number)

    def is_numbered(self, record: str) -> bool:
        """Whether a record prints a number of a registry."""
        return record in self._own

    def apart_with(self, number: Identifier) -> list[frozenset[Identifier]]:
        """The pairs of a registration with each one that is stated as its parent, child or kin."""
        return sorted(self._apart.get(number, ()), key=sorted)

    def entries(self, number: Identifier) -> list[str]:
        """The records of a registration, the leading one first; none where it is not loaded."""
        return list(self._entries.get(number, ()))

    def numbered(self) -> Iterator[tuple[Identifier, list[str]]]:
        """Every registration with its records."""
        yield from ((n, iris) for n, iris in sorted(self._entries.items()) if n.registry)

    # -- known aliases ----------------------------------------------------------------------------

    def _aliases(self) -> dict[Identifier, Identifier]:
        printed = self._joined(self._printed_aliases)
        both = self._joined(self._other_series)
        for group in groups(both):
            # Three numbers hold two of one series, which are never one registration.
            if len(group) > len({series(number) for number in group}):
                both -= {pair for pair in both if group & set(pair)}
        return {n: min(group) for group in groups(printed | both) for n in group}

    def _joined(
        self, aliases: Callable[[RecordFacts], Iterator[Identifier]]
    ) -> set[tuple[Identifier, Identifier]]:
        """Numbers with their aliases, without those that two registrations call theirs."""
        claimed: dict[Identifier, set[Identifier]] = defaultdict(set)
        for record in self._records:
            if record.iri in self._own:
                own = self._own[record.iri]
                for alias in aliases(record):
                    claimed[alias].add(own)
        return {
            (own, alias)
            for alias, owners in claimed.items()
            for own in owners
            if len(owners) == 1 and own != alias
        }

    def _printed_aliases(self, record: RecordFacts) -> Iterator[Identifier]:
        """Obsolete numbers that the registry's own record prints, not a portal's copy."""
        if record.publisher not in PORTALS | AGGREGATORS:
            for stated in record.stated:
                number = stated.registration
                if stated.relation == ALIAS and number.registry == record.issuer:
                    yield number

    def _other_series(self, record: RecordFacts) -> Iterator[Identifier]:
        """The number of the registry's other series, where the record prints exactly one."""
        own = self._own[record.iri]
        found = {
            s.registration
            for s in record.stated
            if s.relation in (SAME, ALIAS) and s.registration.registry == own.registry
        } - {own}
        if len(found) == 1 and series(own) != series(next(iter(found))):
            yield from found

    # -- what id fields say -----------------------------------------------------------------------

    def claims(self) -> Iterator[Claim]:
        """What the records say of each other, for registrations that are loaded."""
        for mine, relations in sorted(self._named.items()):
            for relation, others in sorted(relations.items()):
                for other in sorted(others):
                    if self._entries.get(other):
                        yield self._claim(mine, other, relation)

    def _claim(self, mine: Identifier, other: Identifier, relation: str) -> Claim:
        what = relation if relation != SAME else self._sameness(mine, other)
        return Claim(self._states[mine, other], self._entries[other][0], what, other.registry)

    def _sameness(self, mine: Identifier, other: Identifier) -> str:
        if other.registry == mine.registry:
            return "own registry"
        back = self._same_of(other, mine.registry) if mine.registry else set()
        if self._same_of(mine, other.registry) != {other} or len(back) > 1:
            return "several"
        if back:
            return "both" if back == {mine} else "contradicted"
        if mine.registry and len(self._claimants(mine.registry, other)) > 1:
            return "several"
        return "transition" if (mine.registry, other.registry) == ("ctis", "euctr") else "one"

    def _same_of(self, number: Identifier, registry: str) -> set[Identifier]:
        """The numbers of a registry that the id fields of ``number`` call its own."""
        named = self._named.get(number, {})
        return by_registry(named.get(SAME, ())).get(registry, set())

    def _claimants(self, registry: str, other: Identifier) -> set[Identifier]:
        """The registrations of one registry that name ``other``."""
        return self._naming.get((registry, other), set())

    @cached_property
    def _naming(self) -> dict[tuple[str, Identifier], set[Identifier]]:
        found: dict[tuple[str, Identifier], set[Identifier]] = defaultdict(set)
        for mine, relations in self._named.items():
            for other in relations.get(SAME, ()):
                found[mine.registry, other].add(mine)
        return found

    def relations(self) -> Iterator[tuple[str, str, str]]:
        """Record, property, record: wholes and kin. Each the part of the other: kin only."""
        wholes: set[tuple[Identifier, Identifier]] = set()
        related: set[tuple[Identifier, Identifier]] = set()
        for mine, by_relation in self._named.items():
            for relation, others in by_relation.items():
                for other in others:
                    if not self._entries.get(other):
                        continue
                    if relation == PARENT:
                        wholes.add((mine, other))
                    elif relation == CHILD:
                        wholes.add((other, mine))
                    elif relation != SAME or self._sameness(mine, other) in (
                        "several", "own registry"
                    ):  # fmt: skip
                        related.add((mine, other))
        for a, b in sorted(wholes | related):
            whole = (a, b) in wholes and (b, a) not in wholes
            if whole or (a, b) in related or (b, a) in wholes:
                prop = "dcterms:isPartOf" if whole else "dcterms:relation"
                yield self._entries[a][0], prop, self._entries[b][0]
