"""Labelled people: contacts of a registry, authors with names and affiliations only.

Rows become mentions of records, as a build would read them, and go through ``resolve``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from kg.contacts import digests
from kg.contacts.masking import Channel
from kg.namespaces import ID, digest, h8
from kg.resolve.identity import Contact, resolve
from kg.resolve.labelled.forms import Labelled, Row
from kg.resolve.mentions import Mention, Mentions, RecordFacts
from kg.resolve.names.comparable import han

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
        if keys := digests.keys(channels, _KEY):
            made.contacts[iri] = keys
        several = row.get("n_in_field", "")
        if several.isdecimal() and int(several) > 1:
            fields[record].append(iri)
        if row["person"]:
            people.append(iri)
            gold.append(row["person"])
        else:
            unjudged += 1  # a mention like the others, but nobody says who it is
    for listed in fields.values():
        if len(listed) > 1:
            made.field(listed)
    return replace(made.judged("people", people, gold), unjudged=unjudged)


_PERSON_COLUMNS = (
    "person", "person_id", "author_id", "cluster", "cluster_id", "label", "entity", "entity_id",
    "true_id", "gold", "gold_id", "group", "group_id", "person_label", "author_label",
    "true_person", "true_cluster", "author",
)  # fmt: skip
_NAME_COLUMNS = ("name", "author_name", "full_name", "fullname", "person_name", "author")
_GIVEN_COLUMNS = ("first_name", "first", "firstname", "given_name", "given", "forename")
_MIDDLE_COLUMNS = ("middle_name", "middle", "middlename")
_FAMILY_COLUMNS = ("last_name", "last", "lastname", "family_name", "family", "surname")
_AFFILIATION_COLUMNS = (
    "affiliation", "affiliations", "author_affiliation", "author_affiliations", "organization",
    "organisation", "org", "institution", "institutions", "institute",
)  # fmt: skip
_COAUTHOR_COLUMNS = ("coauthors", "co_authors", "coauthor", "colleagues")
_MENTION_COLUMNS = ("record", "paper", "paper_id", "publication_id", "trial", "doc", "document")


class Columns(NamedTuple):
    """The columns of author mentions, as the file calls them; a name may stand in several."""

    name: tuple[str, ...]
    affiliation: str
    person: str
    record: str | None
    beside: str | None


def author_columns(columns: Iterable[str]) -> Columns | None:
    """The columns of mentions that hold a name, an affiliation and who it is.

    None where one of these lacks. Capitals, blanks and hyphens in their names do not count.
    """
    known = {re.sub(r"[\s-]+", "_", column.casefold()): column for column in columns}

    def first(names: Iterable[str]) -> str | None:
        return next((known[name] for name in names if name in known), None)

    whole, given, family = first(_NAME_COLUMNS), first(_GIVEN_COLUMNS), first(_FAMILY_COLUMNS)
    name = (whole,) if whole else (given, first(_MIDDLE_COLUMNS), family) if family else ()
    affiliation, person = first(_AFFILIATION_COLUMNS), first(_PERSON_COLUMNS)
    if not name or not affiliation or not person or person in name:
        return None
    told = tuple(column for column in name if column)
    return Columns(told, affiliation, person, first(_MENTION_COLUMNS), first(_COAUTHOR_COLUMNS))


def authors(rows: list[Row], columns: Columns) -> Labelled:
    """Mentions with a name and affiliations only; several are parted by ``|``.

    ``coauthors``, where there are any, are names parted by ``;`` or ``|``: colleagues who
    are no mentions to be judged. A row without a name, and one that does not say who it is, is
    counted as not judged; the latter is a mention like the others.
    """
    made, people, gold = _Made(), [], []
    unjudged = 0
    for n, row in enumerate(rows):
        number = digest(row[columns.record]) if columns.record else f"{n:07}"
        name = " ".join(filter(None, (row[column] for column in columns.name)))
        if not name:
            unjudged += 1
            continue
        at = [text.strip() for text in row[columns.affiliation].split("|")]
        iri = made.person(number, name, at)
        if row[columns.person]:
            people.append(iri)
            gold.append(row[columns.person])
        else:
            unjudged += 1
        listed = re.split(r"[;|]", row[columns.beside]) if columns.beside else ()
        names = [text for one in listed if (text := one.strip()) and text != name]
        if names:
            made.field([iri, *(made.person(number, text, ()) for text in names)])
    return replace(made.judged("authors", people, gold), unjudged=unjudged)
