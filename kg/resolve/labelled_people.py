"""Labelled people: contacts of a registry, authors with names and affiliations only.

Rows become mentions of records, as a build would read them, and go through ``resolve``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg import contact_keys
from kg.contacts import Channel
from kg.namespaces import ID, digest, h8
from kg.resolve.identity import Contact, resolve
from kg.resolve.labelled import Labelled, Row
from kg.resolve.mentions import Mention, Mentions, RecordFacts
from kg.resolve.names import han

_KEY = b"labelled data"  # contacts are compared in memory only; no output depends on it


class _Made:
    """Mentions made from rows of a table, each in its record."""

    def __init__(self) -> None:
        self.mentions: dict[str, Mention] = {}
        self.records: dict[str, RecordFacts] = {}
        self.contacts: dict[str, frozenset[Contact]] = {}

    def _iri(self, number: str, slot: str, name: str) -> str:
        start = f"{ID}mention/gold/{number}/{slot}-{h8(name)}"
        iri, n = start, 1
        while iri in self.mentions:
            n += 1
            iri = f"{start}-{n}"
        return iri

    def record(self, number: str) -> str:
        iri = f"{ID}record/gold/{number}"
        self.records[iri] = RecordFacts(
            iri=iri, publisher="gold", issuer="gold", number=number, date="", current=f"{iri}/1",
            titles=(),
        )  # fmt: skip
        return iri

    def add(self, number: str, kind: str, slot: str, name: str, at: Iterable[str] = ()) -> str:
        iri = self._iri(number, slot, name)
        self.mentions[iri] = Mention(
            iri=iri,
            kind="person" if kind == "person" else "organization",
            record=self.record(number),
            slot=slot,
            zh=name if han(name) else None,
            en=None if han(name) else name,
            affiliation=tuple(at),
        )
        return iri

    def person(self, number: str, name: str, affiliations: Iterable[str]) -> str:
        at = [
            self.add(number, "organization", "principal-investigator-affiliation", text)
            for text in affiliations
            if text
        ]
        return self.add(number, "person", "principal-investigator", name, at)

    def field(self, people: Iterable[str]) -> None:
        """These people stand in one field."""
        listed = sorted(people)
        for iri in listed:
            facts = {name: getattr(self.mentions[iri], name) for name in Mention.__slots__}
            facts["in_field"] = tuple(other for other in listed if other != iri)
            self.mentions[iri] = Mention(**facts)

    def judged(self, what: str, people: list[str], gold: list[str]) -> Labelled:
        """What ``resolve`` makes of these people."""
        found = resolve(Mentions(self.mentions, self.records), self.contacts)
        place = {iri: n for n, iri in enumerate(people)}
        links = [
            (link.rule, place[link.left], place[link.right])
            for link in found.links
            if link.kind == "person"
            and link.decision == "same"
            and link.left in place
            and link.right in place
        ]
        names = [next(text for text, _ in self.mentions[iri].printed) for iri in people]
        return Labelled(
            what=what,
            gold=tuple(gold),
            predicted=tuple(found.refers[iri] for iri in people),
            languages=tuple("zh" if han(name) else "en" for name in names),
            links=tuple(links),
            wrong=tuple(
                f"{rule} joins {names[a]} and {names[b]}"
                for rule, a, b in links
                if gold[a] != gold[b]
            ),
        )


def people(rows: list[Row]) -> Labelled:
    """Contact mentions with name, e-mail, telephone and affiliation, as a registry prints them.

    Needed are name, person and one of e-mail and telephone. ``trial`` is the record, or what stands
    before ``#`` in ``mention``; without both each row is a record of its own.
    """
    made, people, gold = _Made(), [], []
    fields: dict[str, list[str]] = defaultdict(list)
    unjudged = 0
    for n, row in enumerate(rows):
        if not row["name"]:
            unjudged += 1
            continue
        record = row.get("trial") or row.get("mention", "").partition("#")[0] or f"{n:07}"
        iri = made.person(record, row["name"], [row.get("affiliation", "")])
        number = row.get("tel", "").lstrip("+")
        channels = [Channel("e-mail", row.get("email", ""))]
        channels += [Channel("phone", f"+{number}")] if number else []
        if keys := contact_keys.keys(channels, _KEY):
            made.contacts[iri] = keys
        several = row.get("n_in_field", "")
        if several.isdecimal() and int(several) > 1:
            fields[record].append(iri)
        people.append(iri)
        gold.append(row["person"])
    for listed in fields.values():
        if len(listed) > 1:
            made.field(listed)
    return replace(made.judged("people", people, gold), unjudged=unjudged)


_PERSON_COLUMNS = (
    "person", "person_id", "author_id", "cluster", "cluster_id", "label", "entity", "entity_id",
    "true_id", "gold", "group", "group_id", "author",
)  # fmt: skip
_NAME_COLUMNS = ("name", "author_name", "full_name", "fullname", "author")
_AFFILIATION_COLUMNS = ("affiliation", "affiliations", "organization", "org", "institution")
_COAUTHOR_COLUMNS = ("coauthors", "co_authors", "coauthor", "colleagues")
_MENTION_COLUMNS = ("record", "paper", "paper_id", "trial", "doc", "document")


def author_columns(columns: Iterable[str]) -> tuple[str, str, str] | None:
    """The columns of mentions that hold a name, an affiliation and who it is."""
    known = {column.casefold(): column for column in columns}
    found = [
        next((known[name] for name in names if name in known), None)
        for names in (_NAME_COLUMNS, _AFFILIATION_COLUMNS, _PERSON_COLUMNS)
    ]
    name, affiliation, person = found
    if name and affiliation and person and name != person:
        return name, affiliation, person
    return None


def authors(rows: list[Row], name: str, affiliation: str, person: str) -> Labelled:
    """Mentions with a name and affiliations only; several are parted by ``|``.

    ``coauthors``, where there are any, are names parted by ``;`` or ``|``: colleagues who
    are no mentions to be judged. A row without a name is counted as not judged.
    """
    made, people, gold = _Made(), [], []
    unjudged = 0
    column = next((c for c in _MENTION_COLUMNS if c in rows[0]), None)
    beside = next((c for c in _COAUTHOR_COLUMNS if c in rows[0]), None)
    for n, row in enumerate(rows):
        number = digest(row[column]) if column else f"{n:07}"
        if not row[name]:
            unjudged += 1
            continue
        iri = made.person(number, row[name], [text.strip() for text in row[affiliation].split("|")])
        people.append(iri)
        gold.append(row[person])
        listed = re.split(r"[;|]", row[beside]) if beside else ()
        names = [text for one in listed if (text := one.strip()) and text != row[name]]
        if names:
            made.field([iri, *(made.person(number, text, ()) for text in names)])
    return replace(made.judged("authors", people, gold), unjudged=unjudged)
