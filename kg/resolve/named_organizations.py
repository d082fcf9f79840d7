"""Organizations as records print them: their names as read, by every key, and where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kg.resolve import known
from kg.resolve import organization_rules as rules
from kg.resolve.mentions import Mentions
from kg.resolve.readings import Printed, Reading, Where, contradictory, read_once
from kg.resolve.ror import Index, Match
from kg.resolve.slots import Level, Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Mentions of one name in one record that are one organization, and where it is."""

    members: tuple[str, ...]
    where: Where

    @property
    def first(self) -> str:
        """The mention that stands for all of them."""
        return self.members[0]


class Named:
    """The mentions of organizations by what they are called; nothing is joined here.

    Each index leads from a key of a name to the mentions that bear it: ``by_zh`` and ``by_en`` as
    their own name, ``only_en`` without a Chinese one beside it, ``by_second``, ``by_second_en`` and
    ``by_former`` as a further one.
    """

    def __init__(self, mentions: Mentions, known: Mapping[Printed, Reading]) -> None:
        """``known`` are names that have been read already."""
        self.mentions = mentions
        self.read = read_once(mentions.of_kind("organization"), known)
        self.by_zh: dict[str, list[str]] = defaultdict(list)
        self.by_second: dict[str, list[str]] = defaultdict(list)
        self.by_en: dict[str, list[str]] = defaultdict(list)
        self.only_en: dict[str, list[str]] = defaultdict(list)
        self.by_second_en: dict[str, list[str]] = defaultdict(list)
        self.by_former: dict[str, list[str]] = defaultdict(list)
        for iri, found in self.read.items():
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
        records = {mentions.by_iri[iri].record for iri in self.read}
        self.cities = {record: self._one_city(self.in_record(record)) for record in records}

    def in_record(self, record: str) -> list[str]:
        """The organizations that a record names."""
        return [iri for iri in self.mentions.in_record.get(record, ()) if iri in self.read]

    def slots(self, found: Reading) -> Slots | None:
        """The slots of a mention that has an English name only."""
        return found.en.slots if found.en and not found.zh else None

    def where(self, iri: str) -> Where:
        """Where a record or, without a city there, the English name alone puts a mention."""
        mention = self.mentions.by_iri[iri]
        cities = known.cities()
        city = cities.get(mention.city or "", mention.city)
        province = mention.place
        slots = self.slots(self.read[iri])
        if slots and slots.place and not slots.homonym and not city:
            provinces = known.latin_cities().get(slots.place, frozenset())
            if provinces or slots.place.islower():
                city = slots.place
            province = (
                province or slots.province or (min(provinces) if len(provinces) == 1 else None)
            )
        return Where(mention.country, province or None, city)

    def _one_city(self, iris: Iterable[str]) -> Where | None:
        """The place of a record whose organizations are all in one city."""
        printed = {where for iri in iris if any(where := self.where(iri))}
        return next(iter(printed)) if len(printed) == 1 else None

    def matched(self, dump: Index) -> dict[str, Match]:
        """The ROR id of each mention that has one."""
        printed = {text for iri in self.read for text, _ in self.mentions.by_iri[iri].printed}
        index = dump.narrowed(sorted(printed))
        known_: dict[tuple[str, str, Where], Match | None] = {}
        found: dict[str, Match] = {}
        for iri, names in self.read.items():
            where = self.where(iri)
            key = (names.zh.key if names.zh else "", names.en.key if names.en else "", where)
            if key not in known_:
                known_[key] = index.matched(names.zh, names.en, where)
            if match := known_[key]:
                found[iri] = match
        return found

    def how(self, what: str, a: str, b: str) -> str:
        """The evidence, saying when the printed forms differ."""
        ours, theirs = self.mentions.by_iri[a], self.mentions.by_iri[b]
        alike = (ours.zh == theirs.zh) if ours.zh else (ours.en == theirs.en)
        return what if alike else f"{what} in different spellings"

    def units(self, iris: list[str], level: Level) -> Iterator[Unit]:
        """The organizations that one name stands for in each record."""
        records: dict[str, list[str]] = defaultdict(list)
        for iri in iris:
            records[self.mentions.by_iri[iri].record].append(iri)
        for record, members in records.items():
            wheres = {where for iri in members if any(where := self.where(iri))}
            sites = sum(self.mentions.by_iri[iri].slot == "site" for iri in members)
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
                most = self.cities[record]
            yield Unit(members=tuple(members), where=most or Where(None, None, None))

    def pairings(self) -> dict[str, list[rules.Pairing]]:
        """By English key, the mentions that print it beside a Chinese name that identifies."""
        registrants = self.registrants()
        found: dict[str, list[rules.Pairing]] = {}
        for key, iris in self.by_en.items():
            beside = [iri for iri in iris if self.read[iri].zh]
            english = self.read[iris[0]].en
            if len(beside) < rules.LEAST_RECORDS or not english or english.level != "full":
                continue
            found[key] = [
                rules.Pairing(iri, record, registrants.get(record, record))
                for iri in beside
                for record in [self.mentions.by_iri[iri].record]
            ]
        return found

    def registrants(self) -> dict[str, str]:
        """Who registered each record: the names of its contact, else of its lead sponsor."""
        found: dict[str, str] = {}
        for slots in (("lead-sponsor",), ("public-contact", "applicant", "registrant")):
            for mention in self.mentions:
                if mention.slot in slots:
                    name = " / ".join(text for text, _ in mention.printed)
                    known_ = found.get(mention.record)
                    if slots[0] != "lead-sponsor" or known_ is None or name < known_:
                        found[mention.record] = name.casefold()
        return found

    def by_key(self) -> dict[str, list[str]]:
        return {**self.by_en, **self.by_zh}
