"""Labelled names of organizations, as the build decides on them: for measuring, never for building.

Every name becomes a mention of its own record and goes through ``Organizations``, so what is
measured is what a build does. Formats: the header lines of the files say which columns are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.namespaces import ID
from kg.resolve import ror, ror_dump
from kg.resolve.labelled.forms import Row
from kg.resolve.mentions import Mention, Mentions, RecordFacts
from kg.resolve.names.comparable import han, unified
from kg.resolve.names.english_places import take_universities
from kg.resolve.names.english_spelling import plain_words
from kg.resolve.organizations import Organizations


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Names, the group that a person gave each, and the group that the build gives each."""

    names: tuple[str, ...]
    gold: tuple[str, ...]
    predicted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A pair that a person judged: are they one (``gold``), and does the build join them?"""

    kind: str
    left: str
    right: str
    gold: bool
    predicted: bool


def grouped(names: Sequence[str]) -> list[str]:
    """A group id for each name: names with one id are one organization to a build.

    A department counts as its hospital, as it does to whoever counts a hospital's trials. The id is
    the first name of the group in sorted order, so it does not depend on input order.
    """
    distinct = sorted(set(names))
    wholes = Organizations(_mentions(distinct)).rolled_up()
    first: dict[str, str] = {}
    group: dict[str, str] = {}
    for number, name in enumerate(distinct):
        root = wholes[_iri(number)]
        group[name] = first.setdefault(root, name)
    return [group[name] for name in names]


def _iri(number: int) -> str:
    return f"{ID}mention/x/{number:06d}/lead-sponsor-00000000"


def _mentions(names: Iterable[str]) -> Mentions:
    """Each name printed once, by a record of its own, as its sponsor and without a place."""
    found: dict[str, Mention] = {}
    records: dict[str, RecordFacts] = {}
    for number, name in enumerate(names):
        record = f"{ID}record/x/{number:06d}"
        chinese = han(name)
        iri = _iri(number)
        found[iri] = Mention(
            iri=iri,
            kind="organization",
            record=record,
            slot="lead-sponsor",
            zh=name if chinese else None,
            en=None if chinese else name,
        )
        records[record] = RecordFacts(
            iri=record, publisher="x", issuer=None, number=None, date="", current=record, titles=()
        )
    return Mentions(found, records)


def sponsors(rows: Iterable[Row]) -> Grouping:
    """English sponsor strings (columns labels, name, kind): organizations and their departments.

    A string of several sponsors or of none has no one group and is left out.
    """
    rows = [row for row in rows if row.get("kind", "org") in ("org", "department_of")]
    names = [row["name"] for row in rows]
    return Grouping(
        names=tuple(names),
        gold=tuple(row["labels"] for row in rows),
        predicted=tuple(grouped(names)),
    )


def aliases(rows: Sequence[Row]) -> Grouping:
    """Chinese names that a directory prints as one hospital (group_id, name, source_line).

    The printed line is known to the build as one mention, as a record would print it; the names
    are mentions of their own.
    """
    names = [row["name"] for row in rows]
    together = grouped([*names, *(row["source_line"] for row in rows)])
    return Grouping(
        names=tuple(names),
        gold=tuple(row["group_id"] for row in rows),
        predicted=tuple(together[: len(names)]),
    )


def pairs(rows: Sequence[Row]) -> list[Decision]:
    """Chinese names that differ in an ordinal or a place (columns kind, left, right)."""
    group = grouped([name for row in rows for name in (row["left"], row["right"])])
    return [
        Decision(
            kind=row["kind"],
            left=row["left"],
            right=row["right"],
            gold=False,
            predicted=group[2 * n] == group[2 * n + 1],
        )
        for n, row in enumerate(rows)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An affiliation, the ROR ids that a person gave it, and the one that the code finds.

    ``scope``: those of the person's ids that the dump holds; the rest cannot be found. ``name``: of
    the organization found. ``related``: the dump calls one of the person's ids its relation: a
    hospital's university. ``unjudged``: what was found is none of them, and the label says nothing
    of it: it is related, or names none of the dump while the affiliation prints name and city of
    the one found, letter by letter, or the university that the one found is named after: the label
    may be that university's. A label that names nobody says that there is nobody to find.
    """

    affiliation: str
    gold: tuple[str, ...]
    scope: tuple[str, ...]
    predicted: str | None
    name: str
    related: bool
    unjudged: bool


def affiliations(rows: Iterable[Row], dump: Path) -> list[Matched]:
    """Affiliations (columns affiliation and ror_ids, parted by ``|``) looked up in a dump."""
    dumped = ror_dump.imported(dump)
    index = ror.Index(dumped)
    by_id = {organization.ror: organization for organization in dumped}
    found = []
    for row in rows:
        text = row["affiliation"]
        gold = tuple(filter(None, re.split(r"[|;,\s]+", row["ror_ids"])))
        scope = tuple(i for i in gold if i in by_id)
        match = ror.affiliation(text, index)
        said = by_id[match.ror] if match else None
        related = silent = False
        if said and gold and said.ror not in gold:
            related = any(i in gold for i in said.related)
            silent = related or (not scope and (_prints(text, said) or _owned(text, said)))
        found.append(
            Matched(
                affiliation=text,
                gold=gold,
                scope=scope,
                predicted=said.ror if said else None,
                name=said.names[0] if said else "",
                related=related,
                unjudged=silent,
            )
        )
    return found


def _prints(text: str, organization: ror_dump.Organization) -> bool:
    """Whether an affiliation prints a name of the organization and its city, letter by letter."""
    letters = _letters(text)
    named = any(_letters(name) in letters for name in organization.names if not han(name))
    return named and bool(organization.city) and _letters(organization.city) in letters


def _owned(text: str, organization: ror_dump.Organization) -> bool:
    """Whether an affiliation prints the university that the organization is named after."""
    printed = {key for key, _ in take_universities(plain_words(text))[1]}
    return any(
        key in printed
        for name in organization.names
        if not han(name)
        for key, _ in take_universities(plain_words(name))[1]
    )


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unified(text).casefold())
