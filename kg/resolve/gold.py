"""Labelled data for identity, read: each format known by its columns, each judged by the resolver.

What a build would decide is asked of the functions that a build uses: people become mentions of
records with keyed contacts and go through ``resolve``, organizations through ``Organizations``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kg import contacts
from kg.contacts import Channel
from kg.errors import ToolError
from kg.namespaces import ID, digest, h8
from kg.resolve import labelled_organizations, pinyin
from kg.resolve.identity import Contact, resolve
from kg.resolve.latin_names import names_agree, person_name
from kg.resolve.mentions import Mention, Mentions, RecordFacts
from kg.resolve.names import han

Row = Mapping[str, str]
Ends = frozenset[str]
GIVEN = frozenset({"type", "label", "left", "left_source", "right", "right_source"})
_KEY = b"labelled data"  # contacts are compared in memory only; no output depends on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What a person decided and what the resolver decides, mention by mention.

    ``gold`` and ``predicted`` are group ids. ``links``: rule, and the two mentions it joined.
    ``wrong``: what was decided otherwise, in words, for whoever reads the errors.
    """

    what: str
    gold: tuple[str, ...]
    predicted: tuple[str, ...]
    languages: tuple[str, ...]
    links: tuple[tuple[str, int, int], ...] = ()
    wrong: tuple[str, ...] = ()
    unjudged: int = 0


def read(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of a labelled file: TSV, CSV, JSON (a list) or JSON Lines, by content.

    Raises ToolError for a file that is none of these.
    """
    text = path.read_text(encoding="utf-8-sig")
    start = text.lstrip()[:1]
    try:
        if start == "[":
            found = json.loads(text)
        elif start == "{":
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            head = text.partition("\n")[0]
            tabs = "\t" in head
            lines = text.splitlines()
            rows = (
                csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if tabs
                else csv.DictReader(lines)
            )
            found = [{k: v or "" for k, v in row.items() if isinstance(k, str)} for row in rows]
    except (json.JSONDecodeError, csv.Error) as error:
        raise ToolError(f"{path}: neither a table nor JSON: {error}") from None
    if not found or not all(isinstance(row, dict) for row in found):
        raise ToolError(f"{path}: no rows; expected labelled data, one mention or pair a row")
    return tuple(found[0]), found


def labelled(path: Path, ror: Path | None = None) -> Labelled:
    """A labelled file with what the resolver says of it. Raises ToolError for unknown columns."""
    columns, rows = read(path)
    for wanted, judge in _FORMATS:
        if wanted <= set(columns):
            return judge(path, rows)
    if {"affiliation", "ror_ids"} <= set(columns):
        if ror is None:
            raise ToolError(f"{path}: affiliations are judged against a ROR dump: give --ror FILE")
        return _affiliations(path, ror)
    if author := _author_columns(columns):
        return _authors(rows, *author)
    raise ToolError(f"{path}: no format of labelled data has the columns {', '.join(columns)}")


# -- people ---------------------------------------------------------------------------------------


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
            registry="gold",
            slot=slot,
            role=slot.removesuffix("-affiliation"),
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
            if link.kind == "person" and link.decision == "same"
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


def _people(_path: Path, rows: list[Row]) -> Labelled:
    """Contact mentions with name, e-mail, telephone and affiliation, as a registry prints them."""
    made, people, gold = _Made(), [], []
    fields: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        iri = made.person(row["trial"], row["name"], [row.get("affiliation", "")])
        number = row["tel"].lstrip("+")
        channels = [Channel("e-mail", row["email"])]
        channels += [Channel("phone", f"+{number}")] if number else []
        if keys := contacts.keys(channels, _KEY):
            made.contacts[iri] = keys
        if row["n_in_field"].isdigit() and int(row["n_in_field"]) > 1:
            fields[row["mention"].partition("#")[0]].append(iri)
        people.append(iri)
        gold.append(row["person"])
    for listed in fields.values():
        if len(listed) > 1:
            made.field(listed)
    return made.judged("people", people, gold)


_PERSON_COLUMNS = (
    "person", "person_id", "author_id", "cluster", "cluster_id", "label", "entity", "entity_id",
    "true_id", "gold", "group", "group_id", "author",
)  # fmt: skip
_NAME_COLUMNS = ("name", "author_name", "full_name", "fullname", "author")
_AFFILIATION_COLUMNS = ("affiliation", "affiliations", "organization", "org", "institution")
_MENTION_COLUMNS = ("record", "paper", "paper_id", "trial", "doc", "document")


def _author_columns(columns: Iterable[str]) -> tuple[str, str, str] | None:
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


def _authors(rows: list[Row], name: str, affiliation: str, person: str) -> Labelled:
    """Mentions with a name and affiliations only; several are listed or parted by ``|``."""
    made, people, gold = _Made(), [], []
    column = next((c for c in _MENTION_COLUMNS if c in rows[0]), None)
    for n, row in enumerate(rows):
        printed = row[affiliation]
        several = printed if isinstance(printed, list) else str(printed or "").split("|")
        number = digest(str(row[column])) if column else f"{n:07}"
        if not str(row[name] or "").strip():
            continue
        iri = made.person(number, str(row[name]), [str(text).strip() for text in several])
        people.append(iri)
        gold.append(str(row[person]))
    return made.judged("authors", people, gold)


def _surnames(_path: Path, rows: list[Row]) -> Labelled:
    """Readings of surnames: each reading is a member, its group the surname or none."""
    gold, predicted, wrong = [], [], []
    for row in rows:
        wanted = row["readings_first_is_preferred"].split("|")
        found = pinyin.surname_readings(row["surname"])
        if found[0] != wanted[0] or not set(wanted) <= set(found):
            wrong.append(f"{row['surname']}: {'|'.join(found)} for {'|'.join(wanted)}")
        for reading in wanted:
            gold += [f"{row['surname']} {reading}"] * 2
            accepted = reading in found
            predicted += [f"{row['surname']} {reading}", f"{row['surname']} {reading} {accepted}"]
            if accepted:
                predicted[-1] = predicted[-2]
    return Labelled(
        what="surname readings",
        gold=tuple(gold),
        predicted=tuple(predicted),
        languages=("zh",) * len(gold),
        wrong=tuple(wrong),
    )


# -- pairs ----------------------------------------------------------------------------------------


def of_pairs(
    what: str, pairs: Iterable[tuple[str, str, bool, bool]], *, unjudged: int = 0
) -> Labelled:
    """Judged pairs (left, right, are one, are joined) as groups of two, each for itself."""
    gold: list[str] = []
    predicted: list[str] = []
    languages: list[str] = []
    wrong: list[str] = []
    for n, (left, right, one, joined) in enumerate(pairs):
        gold += [f"{n}", f"{n}" if one else f"{n} other"]
        predicted += [f"{n}", f"{n}" if joined else f"{n} other"]
        languages += ["zh" if han(left + right) else "en"] * 2
        if one != joined:
            wrong.append(f"{left} | {right}: {'apart' if one else 'joined'}")
    return Labelled(
        what=what,
        gold=tuple(gold),
        predicted=tuple(predicted),
        languages=tuple(languages),
        wrong=tuple(wrong),
        unjudged=unjudged,
    )


def _negatives(path: Path, _rows: list[Row]) -> Labelled:
    decided = labelled_organizations.pairs(path)
    return of_pairs("pairs of hospitals", ((d.left, d.right, d.gold, d.predicted) for d in decided))


def _bench(_path: Path, rows: list[Row]) -> Labelled:
    """Pairs of names of people and companies: do the names agree, for themselves?"""
    companies = [row for row in rows if row["schema"] != "Person"]
    names = [name for row in companies for name in (row["name1"], row["name2"])]
    groups = dict(zip(names, labelled_organizations.grouped(names), strict=True))
    pairs = []
    for row in rows:
        left, right, one = row["name1"], row["name2"], row["is_match"].casefold() == "true"
        if row["schema"] == "Person":
            joined = names_agree(person_name((left,)), person_name((right,))) == "agree"
        else:
            joined = groups[left] == groups[right]
        pairs.append((left, right, one, joined))
    return of_pairs("pairs of names", pairs)


# -- organizations --------------------------------------------------------------------------------


def _grouping(what: str, found: labelled_organizations.Grouping) -> Labelled:
    return Labelled(
        what=what,
        gold=found.gold,
        predicted=found.predicted,
        languages=tuple("zh" if han(name) else "en" for name in found.names),
    )


def _sponsors(path: Path, _rows: list[Row]) -> Labelled:
    return _grouping("sponsor strings", labelled_organizations.sponsors(path))


def _aliases(path: Path, _rows: list[Row]) -> Labelled:
    return _grouping("hospital names", labelled_organizations.aliases(path))


def _affiliations(path: Path, dump: Path) -> Labelled:
    """Affiliations looked up in a dump of ROR: pairs of an affiliation and an id, right or wrong.

    What the labels say nothing of is counted apart.
    """
    found = labelled_organizations.affiliations(path, dump)
    pairs: list[tuple[str, str, bool, bool]] = []
    for one in found:
        right = one.predicted in one.gold
        if one.predicted and not one.unjudged:
            pairs.append((one.affiliation, one.predicted, right, True))
        if one.scope and not right:
            pairs.append((one.affiliation, one.scope[0], True, False))
    return of_pairs("affiliations", pairs, unjudged=sum(one.unjudged for one in found))


# -- the records of a built graph -----------------------------------------------------------------


def given(path: Path, found: Mentions, refers: Mapping[str, str], asked: set[Ends]) -> Labelled:
    """Pairs that a person judged (type, label, left, left_source, right …), as a build decided.

    ``asked`` are the ends of the questions in the queue, as entities. A name that is no mention of
    the records is judged by itself where it names an organization, and else not at all.
    """
    pairs: list[tuple[str, str, bool, bool]] = []
    unjudged = 0
    for row in read(path)[1]:
        kind = {"org": "organization"}.get(row["type"], row["type"])
        sides = [_printed(found, kind, row[s], row[f"{s}_source"]) for s in ("left", "right")]
        entities = [{refers[iri] for iri in side} for side in sides]
        if all(entities):
            joined = not entities[0].isdisjoint(entities[1])
        elif kind == "organization":
            names = [_names(row[side])[0] for side in ("left", "right")]
            joined = len(set(labelled_organizations.grouped(names))) == 1
        else:
            unjudged += 1
            continue
        one = row["label"] == "same"
        if row["label"] == "successor":
            ends = {frozenset((a, b)) for a in entities[0] for b in entities[1]}
            one = not joined and not ends & asked  # told as wrong: it stands in no queue
        pairs.append((row["left"], row["right"], one, joined))
    return of_pairs("pairs of the records", pairs, unjudged=unjudged)


def _names(text: str) -> list[str]:
    """A name as labelled: whole, its parts in two scripts, without what brackets add."""
    parts = [text, *(part.strip() for part in text.split(" / "))]
    bare = re.sub(r"\s*[(（][^()（）]*[)）]\s*", "", text).strip()
    return [bare or text, *parts] if bare != text and not han(text) else [*parts, bare]


def _printed(found: Mentions, kind: str, text: str, source: str) -> list[str]:
    """The mentions of a name in the records that the source names; of all where it names none."""
    numbers = re.findall(r"[A-Z][A-Za-z]+\d{6,}", source)
    names = {name.casefold() for name in _names(text)}
    return [
        mention.iri
        for mention in found
        if mention.kind == kind
        and (not numbers or any(number in mention.record for number in numbers))
        and names & {printed.casefold() for printed, _ in mention.printed}
    ]


_FORMATS: tuple[tuple[frozenset[str], Callable[[Path, list[Row]], Labelled]], ...] = (
    (frozenset({"mention", "trial", "name", "n_in_field", "email", "tel", "person"}), _people),
    (frozenset({"surname", "readings_first_is_preferred"}), _surnames),
    (frozenset({"schema", "name1", "name2", "is_match"}), _bench),
    (frozenset({"group_id", "name", "source_line"}), _aliases),
    (frozenset({"kind", "left", "right"}), _negatives),
    (frozenset({"kind", "labels", "name"}), _sponsors),
)
