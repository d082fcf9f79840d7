"""What the records name: every mention of a person, organization or committee, and the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Any, Literal, NamedTuple

from kg.resolve.names.comparable import han
from kg.resolve.numbers import StatedNumber
from kg.resolve.overrides import NOTHING, Decided

Kind = Literal["person", "organization", "committee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person, organization or committee as one record prints it.

    ``slot`` opens the IRI ("site", "principal-investigator-affiliation").
    ``place`` is a province (CN-ZJ) or an American state (US-illinois), ``country`` an ISO 3166-1
    code, ``city`` a comparable name.
    ``in_field`` are the mentions printed beside this one in the same field. ``committee`` is the
    committee whose contact a person is, ``site`` the organization at whose site a person has a
    role. ``external`` are ids of other registers ("orcid:…").
    """

    iri: str
    kind: Kind
    record: str
    slot: str
    zh: str | None = None
    en: str | None = None
    plain: str | None = None
    affiliation: tuple[str, ...] = ()
    place: str | None = None
    country: str | None = None
    city: str | None = None
    in_field: tuple[str, ...] = ()
    committee: str | None = None
    site: str | None = None
    external: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()  # of a committee: the numbers of what it approved
    stated_kind: str | None = None  # of an organization, where its record tells it

    @property
    def role(self) -> str:
        """What it is in the record: of an affiliation, the role of who is affiliated."""
        return self.slot.removesuffix("-affiliation")

    @property
    def printed(self) -> tuple[tuple[str, str], ...]:
        """The printed names with their languages, "" where none is given."""
        names = []
        if self.zh:
            names.append((self.zh, "zh"))
        if self.en:
            names.append((self.en, "en"))
        if self.plain:
            names.append((self.plain, ""))
        return tuple(names)

    @property
    def by_script(self) -> tuple[str | None, str | None]:
        """The name in Chinese characters and the one without; the script decides, not the field."""
        if not self.plain and not (self.en and han(self.en)) and (not self.zh or han(self.zh)):
            return self.zh or None, self.en or None  # as in most records
        zh = next((text for text, _ in self.printed if han(text)), None)
        latin = sorted(self.printed, key=lambda name: name[1] != "en")
        return zh, next((text for text, _ in latin if not han(text)), None)

    @property
    def fields(self) -> tuple[object, ...]:
        """All that it says."""
        return tuple(getattr(self, name) for name in _FIELDS)

    def __reduce__(self) -> tuple[Callable[..., Mention], tuple[object, ...]]:
        """A mention comes from another process with the texts that others here have already."""
        return _sent, self.fields


_FIELDS: tuple[str, ...] = Mention.__slots__
_OWN = frozenset({"iri", "record"})  # texts that no other record has


def _sent(*said: object) -> Mention:
    return Mention(**_held_once(_FIELDS, said, own=_OWN))


def _held_once(
    names: Iterable[str], said: Iterable[object], *, own: frozenset[str]
) -> dict[str, Any]:
    """What fields hold, by name; a text that other records have, too, is one object here."""
    return {
        name: intern(value) if isinstance(value, str) and name not in own else value
        for name, value in zip(names, said, strict=True)
    }


class Title(NamedTuple):
    """A printed title: where it stands (``publicTitle``), its language, its text."""

    field: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What identity asks of a record. ``current`` is its newest version, ``date`` may be empty.

    ``stated`` are registrations that its id fields name, ``protocol_numbers`` the sponsor's own
    numbers as they are compared, ``mentioned`` numbers of registrations in its free text. ``start``
    is the date of first enrolment at its printed precision, ``size`` the target sample size.
    """

    iri: str
    publisher: str
    issuer: str | None
    number: str | None
    date: str
    current: str
    titles: tuple[Title, ...]
    stated: tuple[StatedNumber, ...] = ()
    protocol_numbers: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    start: str = ""
    size: str = ""
    countries: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, str]:
        """Older records first; those without a date last; then by IRI."""
        return (self.date or "9999", self.iri)

    def __reduce__(self) -> tuple[Callable[..., RecordFacts], tuple[object, ...]]:
        """As of a mention."""
        return _sent_record, tuple(getattr(self, name) for name in _FACTS)


_FACTS: tuple[str, ...] = RecordFacts.__slots__
_OWN_FACTS = frozenset({"iri", "number", "current"})


def _sent_record(*said: object) -> RecordFacts:
    return RecordFacts(**_held_once(_FACTS, said, own=_OWN_FACTS))


@dataclass(frozen=True)
class Mentions:
    """All mentions and records, by IRI."""

    by_iri: Mapping[str, Mention]
    records: Mapping[str, RecordFacts]
    decided: Decided = NOTHING  # a person's word on them

    def __iter__(self) -> Iterator[Mention]:
        return iter(self.by_iri.values())

    def __len__(self) -> int:
        return len(self.by_iri)

    def of_kind(self, kind: Kind) -> list[Mention]:
        """The mentions of one kind, oldest first: the order in which they found entities."""
        return self._sorted[kind]

    def order(self, iri: str) -> tuple[str, str, str]:
        """Older records first, then the IRIs of record and mention. Also takes a record's IRI."""
        mention = self.by_iri.get(iri)
        record = mention.record if mention else iri
        facts = self.records.get(record)
        return (*(facts.order if facts else ("9999", record)), iri)

    @cached_property
    def in_record(self) -> Mapping[str, tuple[str, ...]]:
        """The mentions of each record, by IRI."""
        found: dict[str, list[str]] = defaultdict(list)
        for iri in sorted(self.by_iri):
            found[self.by_iri[iri].record].append(iri)
        return {record: tuple(iris) for record, iris in found.items()}

    @cached_property
    def _sorted(self) -> dict[Kind, list[Mention]]:
        found: dict[Kind, list[Mention]] = {"person": [], "organization": [], "committee": []}
        for mention in sorted(self, key=lambda m: self.order(m.iri)):
            found[mention.kind].append(mention)
        return found


def joined(parts: Iterable[Mentions]) -> Mentions:
    """All mentions and records of several parts, in the order of names."""
    by_iri: dict[str, Mention] = {}
    records: dict[str, RecordFacts] = {}
    for part in parts:
        by_iri.update(part.by_iri)
        records.update(part.records)
    return Mentions(
        {iri: by_iri[iri] for iri in sorted(by_iri)},
        {iri: records[iri] for iri in sorted(records)},
    )
