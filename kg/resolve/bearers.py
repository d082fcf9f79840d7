"""Where organizations are and who prints their names: what their rules ask of whole records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.resolve.mentions import Mention, Mentions
from kg.resolve.named_organizations import Bearer, english_slots
from kg.resolve.names import known
from kg.resolve.readings import Printed, Reading, Where, read_once
from kg.resolve.ror import Index, Match


class Bearers:
    """The mentions of organizations of all records. ``read``: their names, read, oldest first."""

    def __init__(
        self, mentions: Mentions, known_ones: Mapping[Printed, Reading], dump: Index | None
    ) -> None:
        """``known_ones`` are names that have been read already."""
        self._mentions = mentions
        self.read = read_once(mentions.of_kind("organization"), known_ones)
        self.matches = self._matched(dump) if dump else {}
        records = {mentions.by_iri[iri].record for iri in self.read}
        self._towns = {record: self._one_town(self.in_record(record)) for record in records}
        self._registrants = self._registered_by()

    def bearer(self, iri: str) -> Bearer:
        """A mention with all that its rules ask."""
        mention, read = self._mentions.by_iri[iri], self.read[iri]
        record = mention.record
        registrant = self._registrants.get(record, record) if read.zh and read.en else ""
        match = self.matches.get(iri)
        return Bearer(mention, read, self.where(iri), self._towns[record], registrant, match)

    def in_record(self, record: str) -> list[str]:
        """The organizations that a record names."""
        return [iri for iri in self._mentions.in_record.get(record, ()) if iri in self.read]

    def where(self, iri: str) -> Where:
        """Where a record or, without a city there, the English name alone puts a mention."""
        return where(self._mentions.by_iri[iri], self.read[iri])

    def _one_town(self, iris: Iterable[str]) -> Where | None:
        """The place of a record whose organizations are all in one city."""
        printed = {at for iri in iris if any(at := self.where(iri))}
        return next(iter(printed)) if len(printed) == 1 else None

    def _matched(self, dump: Index) -> dict[str, Match]:
        """The ROR id of each mention that has one."""
        printed = {text for iri in self.read for text, _ in self._mentions.by_iri[iri].printed}
        index = dump.narrowed(sorted(printed))
        found_before: dict[tuple[str, str, Where], Match | None] = {}
        found: dict[str, Match] = {}
        for iri, names in self.read.items():
            at = self.where(iri)
            key = (names.zh.key if names.zh else "", names.en.key if names.en else "", at)
            if key not in found_before:
                found_before[key] = index.matched(names.zh, names.en, at)
            if match := found_before[key]:
                found[iri] = match
        return found

    def _registered_by(self) -> dict[str, str]:
        """Who registered each record: the names of its contact, else of its lead sponsor."""
        found: dict[str, str] = {}
        for slots in (("lead-sponsor",), ("public-contact", "applicant", "registrant")):
            for mention in self._mentions:
                if mention.slot in slots:
                    name = " / ".join(text for text, _ in mention.printed)
                    known_ = found.get(mention.record)
                    if slots[0] != "lead-sponsor" or known_ is None or name < known_:
                        found[mention.record] = name.casefold()
        return found


def where(mention: Mention, read: Reading) -> Where:
    """Where a record or, without a city there, the English name alone puts a mention."""
    cities = known.cities()
    city = cities.get(mention.city or "", mention.city)
    province = mention.place
    slots = english_slots(read)
    if slots and slots.place and not slots.homonym and not city:
        provinces = known.latin_cities().get(slots.place, frozenset())
        if provinces or slots.place.islower():
            city = slots.place
        province = province or slots.province or (min(provinces) if len(provinces) == 1 else None)
    return Where(mention.country, province or None, city)
