"""Small invented corpora of mentions, for tests of identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.namespaces import ID, h8
from kg.resolve import Contact, Ledger, Mention, Mentions, RecordFacts, Resolution, resolve
from kg.resolve.mentions import Title
from kg.resolve.names.pinyin import readings
from kg.resolve.numbers import StatedNumber
from kg.resolve.overrides import Override


class Corpus:
    """Records and what they name; ``resolved`` says who is who."""

    def __init__(self) -> None:
        self.mentions: dict[str, Mention] = {}
        self.records: dict[str, RecordFacts] = {}
        self.contacts: dict[str, frozenset[Contact]] = {}

    def record(
        self,
        number: str,
        date: str = "2026-01-01",
        *,
        registry: str = "chictr",
        issuer: str | None = "",
        registration: str | None = "",
        titles: Iterable[tuple[str, str, str]] = (),
        states: Iterable[tuple[str, ...]] = (),
        **facts: object,
    ) -> str:
        """A record. ``states``: registrations its id fields name (registry, number, relation)."""
        iri = f"{ID}record/{registry}/{number}"
        self.records[iri] = RecordFacts(
            iri=iri,
            publisher=registry,
            issuer=registry if issuer == "" else issuer,
            number=number if registration == "" else registration,
            date=date,
            current=f"{iri}/20260101",
            titles=tuple(Title(*title) for title in titles),
            stated=tuple(StatedNumber(*number) for number in states),
            **facts,  # type: ignore[arg-type]
        )
        return iri

    def _add(self, record: str, kind: str, slot: str, **facts: object) -> str:
        registry, number = record.removeprefix(f"{ID}record/").split("/")
        label = facts.get("zh") or facts.get("en") or facts.get("plain") or ""
        start = f"{ID}mention/{registry}/{number}/{slot}-{h8(str(label))}"
        iri, n = start, 1
        while iri in self.mentions:
            n += 1
            iri = f"{start}-{n}"
        self.mentions[iri] = Mention(
            iri=iri,
            kind=kind,  # type: ignore[arg-type]
            record=record,
            slot=slot,
            **facts,  # type: ignore[arg-type]
        )
        return iri

    def organization(
        self, record: str, zh: str | None = None, en: str | None = None, *,
        slot: str = "lead-sponsor", place: str | None = None, city: str | None = None,
        country: str | None = None, external: tuple[str, ...] = (), stated_kind: str | None = None,
    ) -> str:  # fmt: skip
        country = country or (place.partition("-")[0] if place else None)
        return self._add(
            record, "organization", slot, zh=zh, en=en, place=place, city=city, country=country,
            external=external, stated_kind=stated_kind,
        )  # fmt: skip

    def person(
        self, record: str, zh: str | None = None, en: str | None = None, *,
        role: str = "principal-investigator", at: Sequence[str] = (),
        contacts: Iterable[tuple[str, str]] = (), committee: str | None = None,
        external: tuple[str, ...] = (), site: str | None = None,
    ) -> str:  # fmt: skip
        iri = self._add(
            record, "person", role, zh=zh, en=en, affiliation=tuple(at),
            committee=committee, external=external, site=site,
        )  # fmt: skip
        found = frozenset(Contact(kind, key) for kind, key in contacts)  # type: ignore[arg-type]
        if found:
            self.contacts[iri] = found
        return iri

    def field(self, *people: str) -> None:
        """These people stand in one field of their record."""
        for iri in people:
            mention = self.mentions[iri]
            others = tuple(sorted(set(people) - {iri}))
            facts = {name: getattr(mention, name) for name in Mention.__slots__}
            self.mentions[iri] = Mention(**{**facts, "in_field": others})

    def committee(
        self, record: str, zh: str | None = None, en: str | None = None, *approvals: str
    ) -> str:
        return self._add(record, "committee", "committee", zh=zh, en=en, approvals=approvals)

    def crowd(self) -> None:
        """Sixty other people, so that shares of names can be told; nobody joins anybody."""
        parts = ("赵钱孙李周吴郑冯褚卫", "甲乙丙丁戊己", "子丑寅卯")
        for n in range(60):
            name = parts[0][n % 10] + parts[1][n // 10] + parts[2][n % 4]
            surname, given = readings(name)[0]
            self.person(self.record(f"C{n:02}"), name, f"{surname} {given}")

    def all(self) -> Mentions:
        return Mentions(self.mentions, self.records)

    def resolved(
        self, known: Ledger | None = None, overrides: Sequence[Override] = ()
    ) -> Resolution:
        return resolve(self.all(), self.contacts, known or Ledger(), overrides)

    def one(self, *iris: str) -> bool:
        """Whether all these are one entity."""
        refers = self.resolved().refers
        return len({refers[iri] for iri in iris}) == 1

    def apart(self, *iris: str) -> bool:
        """Whether no two of these are one entity."""
        refers = self.resolved().refers
        return len({refers[iri] for iri in iris}) == len(iris)

    def links(self) -> set[tuple[str, str]]:
        """Decision and rule of every link."""
        return {(link.decision, link.rule) for link in self.resolved().links}
