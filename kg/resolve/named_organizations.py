"""Organizations as records print them: their names as read, by every key, and where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kg.resolve import organization_rules as rules
from kg.resolve.mentions import Mention
from kg.resolve.names.slots import Level, Slots
from kg.resolve.readings import Reading, Where, contradictory
from kg.resolve.ror import Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Mentions of one name in one record that are one organization, and where it is."""

    members: tuple[str, ...]
    where: Where

    @property
    def first(self) -> str:
        """The mention that stands for all of them."""
        return self.members[0]


class Bearer(NamedTuple):
    """A mention with its names as read, and what its rules ask of the records around it.

    ``town`` is the place of a record whose organizations are all in one, ``registrant`` who
    registered the record (where the mention prints two names), ``match`` its entry of ROR.
    """

    mention: Mention
    read: Reading
    where: Where
    town: Where | None = None
    registrant: str = ""
    match: Match | None = None

    @property
    def said(self) -> tuple[object, ...]:
        """All of it; how its names are read hangs on the names."""
        return (*self.mention.fields, *self.where, self.town, self.registrant, self.match)


def english_slots(found: Reading) -> Slots | None:
    """The slots of a mention that has an English name only."""
    return found.en.slots if found.en and not found.zh else None


class Names:
    """Mentions of organizations by what they are called.

    Each index leads from a key of a name to the mentions that bear it: ``by_zh`` and ``by_en`` as
    their own name, ``only_en`` without a Chinese one beside it, ``by_second``, ``by_second_en`` and
    ``by_former`` as a further one, ``by_firm`` as theirs without its legal form.
    """

    def __init__(self, read: Mapping[str, Reading]) -> None:
        self.read = read
        self.by_zh: dict[str, list[str]] = defaultdict(list)
        self.by_second: dict[str, list[str]] = defaultdict(list)
        self.by_en: dict[str, list[str]] = defaultdict(list)
        self.only_en: dict[str, list[str]] = defaultdict(list)
        self.by_second_en: dict[str, list[str]] = defaultdict(list)
        self.by_former: dict[str, list[str]] = defaultdict(list)
        self.by_firm: dict[str, list[str]] = defaultdict(list)
        for iri, found in read.items():
            if found.zh:
                self.by_zh[found.zh.key].append(iri)
                for key in found.zh.second:
                    self.by_second[key].append(iri)
                for key in found.zh.former:
                    self.by_former[key].append(iri)
            if found.en and not found.en.masked:
                self.by_en[found.en.key].append(iri)
                for key in found.en.second:
                    self.by_second_en[key].append(iri)
                if not found.zh:
                    self.only_en[found.en.key].append(iri)
                    for key in found.en.firms:
                        self.by_firm[key].append(iri)

    def by_key(self) -> dict[str, list[str]]:
        """The mentions that bear a name as their own, in either script."""
        return {**self.by_en, **self.by_zh}


class Named(Names):
    """The mentions of one circle by what they are called, and where they are."""

    def __init__(self, bearers: Iterable[Bearer]) -> None:
        self._bearers = {bearer.mention.iri: bearer for bearer in bearers}
        super().__init__({iri: bearer.read for iri, bearer in self._bearers.items()})

    @property
    def matches(self) -> dict[str, Match]:
        """The entry of ROR of each mention that has one."""
        return {iri: bearer.match for iri, bearer in self._bearers.items() if bearer.match}

    def where(self, iri: str) -> Where:
        """Where a record or, without a city there, the English name alone puts a mention."""
        return self._bearers[iri].where

    def how(self, what: str, a: str, b: str) -> str:
        """The evidence, saying when the printed forms differ."""
        ours, theirs = self._bearers[a].mention, self._bearers[b].mention
        alike = (ours.zh == theirs.zh) if ours.zh else (ours.en == theirs.en)
        return what if alike else f"{what} in different spellings"

    def units(self, iris: list[str], level: Level) -> Iterator[Unit]:
        """The organizations that one name stands for in each record."""
        records: dict[str, list[str]] = defaultdict(list)
        for iri in iris:
            records[self._bearers[iri].mention.record].append(iri)
        for members in records.values():
            wheres = {where for iri in members if any(where := self.where(iri))}
            sites = sum(self._bearers[iri].mention.slot == "site" for iri in members)
            if contradictory(wheres) or (level == "generic" and sites > 1):
                # Two rows "人民医院" of one site list are two hospitals.
                by_where: dict[Where, list[str]] = defaultdict(list)
                for iri in members:
                    where = self.where(iri)
                    if level != "generic" and any(where):
                        by_where[where].append(iri)
                    else:
                        yield Unit(members=(iri,), where=where)
                for where, same in by_where.items():
                    yield Unit(members=tuple(same), where=where)
                continue
            most = max(wheres, key=lambda w: (sum(map(bool, w)), str(w)), default=None)
            if most is None and level != "full":
                most = self._bearers[members[0]].town
            yield Unit(members=tuple(members), where=most or Where(None, None, None))

    def pairings(self) -> dict[str, list[rules.Pairing]]:
        """By English key, the mentions that print it beside a Chinese name that identifies."""
        found: dict[str, list[rules.Pairing]] = {}
        for key, iris in self.by_en.items():
            beside = [iri for iri in iris if self.read[iri].zh]
            english = self.read[iris[0]].en
            if len(beside) < rules.LEAST_RECORDS or not english or english.level != "full":
                continue
            found[key] = [
                rules.Pairing(iri, bearer.mention.record, bearer.registrant)
                for iri in beside
                for bearer in [self._bearers[iri]]
            ]
        return found
