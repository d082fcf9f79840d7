"""Labelled data for identity, read: each format known by its columns, each judged by the resolver.

What a build would decide is asked of the functions that a build uses: people become mentions of
records with keyed contacts and go through ``resolve``, organizations through ``Organizations``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from kg.errors import ToolError
from kg.resolve.labelled import metrics, organizations, people
from kg.resolve.labelled.forms import Labelled, Row, read
from kg.resolve.labelled.metrics import Scores
from kg.resolve.mentions import Mentions
from kg.resolve.names import pinyin
from kg.resolve.names.comparable import han
from kg.resolve.names.latin_names import names_agree, person_name

Ends = frozenset[str]
GIVEN = frozenset({"type", "label", "left", "right"})


def labelled(path: Path, ror: Path | None = None) -> Labelled:
    """A labelled file with what the resolver says of it. Raises ToolError for unknown columns."""
    columns, rows = read(path)
    for wanted, judge in _FORMATS:
        if wanted <= set(columns):
            return judge(rows)
    if {"affiliation", "ror_ids"} <= set(columns):
        if ror is None:
            raise ToolError(f"{path}: affiliations are judged against a ROR dump: give --ror FILE")
        return _affiliations(rows, ror)
    if author := people.author_columns(columns):
        return people.authors(rows, author)
    known = "; ".join(" ".join(sorted(wanted)) for wanted, _ in _FORMATS)
    raise ToolError(
        f"{path}: no format of labelled data has the columns {', '.join(columns)}; "
        f"known are, each with more beside it: {known}; affiliation ror_ids; "
        f"name affiliation person{_lacking(columns)}"
    )


def _lacking(columns: Iterable[str]) -> str:
    """What to add to names and affiliations that do not say who it is, for the message."""
    if people.author_columns((*columns, "person")):
        return " (no column says who it is: person, author_id, cluster_id, label …)"
    return ""


# -- surnames and pairs ------------------------------------------------------------------------


def _surnames(rows: list[Row]) -> Labelled:
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


def _negatives(rows: list[Row]) -> Labelled:
    decided = organizations.pairs(rows)
    return of_pairs("pairs of hospitals", ((d.left, d.right, d.gold, d.predicted) for d in decided))


def _bench(rows: list[Row]) -> Labelled:
    """Pairs of names of people and companies: do the names agree, for themselves?"""
    companies = [row for row in rows if row["schema"] != "Person"]
    names = [name for row in companies for name in (row["name1"], row["name2"])]
    groups = dict(zip(names, organizations.grouped(names), strict=True))
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


def _grouping(what: str, found: organizations.Grouping) -> Labelled:
    return Labelled(
        what=what,
        gold=found.gold,
        predicted=found.predicted,
        languages=tuple("zh" if han(name) else "en" for name in found.names),
    )


def _sponsors(rows: list[Row]) -> Labelled:
    return _grouping("sponsor strings", organizations.sponsors(rows))


def _aliases(rows: list[Row]) -> Labelled:
    return _grouping("hospital names", organizations.aliases(rows))


def _affiliations(rows: list[Row], dump: Path) -> Labelled:
    """Affiliations looked up in a dump of ROR: pairs of an affiliation and an id, right or wrong.

    What the labels say nothing of is counted apart; ``readings`` hold the other ways to count:
    strictly, where every answer that is no label is wrong, also one that a label of the university
    leaves open; with the label or what the dump relates to it as right; among the affiliations
    whose label the dump holds; with the open ones as right.
    """
    found = organizations.affiliations(rows, dump)
    pairs: list[tuple[str, str, bool, bool]] = []
    for one in found:
        right = one.predicted in one.gold
        if one.predicted and not one.unjudged:
            said = f"{one.name} ({one.predicted})"
            pairs.append((one.affiliation, said, right, True))
        if one.scope and not right:
            pairs.append((one.affiliation, one.scope[0], True, False))
    answers = [one for one in found if one.predicted]
    in_dump = [one for one in answers if one.scope]
    hits = sum(one.predicted in one.gold for one in answers)
    open_ = [one for one in answers if one.unjudged]
    related = sum(one.related for one in answers)
    unjudged = len(open_)
    wanted = sum(bool(one.scope) for one in found)
    return replace(
        of_pairs("affiliations", pairs, unjudged=unjudged),
        open_=tuple(
            f"{one.affiliation} | {one.name} ({one.predicted}); label: {', '.join(one.gold)}"
            for one in open_
        ),
        readings={
            "strict": _share(hits, len(answers), wanted),
            "label_or_its_relation": metrics.scores(
                (hits + related) / len(answers) if answers else 1.0,
                hits / wanted if wanted else 1.0,
            ),
            "where_the_dump_has_the_label": _share(hits, len(in_dump), wanted),
            "unjudged_taken_as_right": metrics.scores(
                (hits + unjudged) / len(answers) if answers else 1.0,
                hits / wanted if wanted else 1.0,
            ),
        },
    )


def _share(right: int, said: int, wanted: int) -> Scores:
    return metrics.scores(right / said if said else 1.0, right / wanted if wanted else 1.0)


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
        sides = [
            _printed(found, kind, row[s], row.get(f"{s}_source", "")) for s in ("left", "right")
        ]
        entities = [{refers[iri] for iri in side} for side in sides]
        if all(entities):
            joined = not entities[0].isdisjoint(entities[1])
        elif kind == "organization":
            names = [_names(row[side])[0] for side in ("left", "right")]
            joined = len(set(organizations.grouped(names))) == 1
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


_FORMATS: tuple[tuple[frozenset[str], Callable[[list[Row]], Labelled]], ...] = (
    (frozenset({"name", "email", "person"}), people.people),
    (frozenset({"name", "tel", "person"}), people.people),
    (frozenset({"surname", "readings_first_is_preferred"}), _surnames),
    (frozenset({"schema", "name1", "name2", "is_match"}), _bench),
    (frozenset({"group_id", "name", "source_line"}), _aliases),
    (frozenset({"kind", "left", "right"}), _negatives),
    (frozenset({"labels", "name"}), _sponsors),
)
