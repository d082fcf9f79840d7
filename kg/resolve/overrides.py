"""A person's word on who is who: a table in the form of SSSOM, stronger than every rule and veto.

One row is one decision: two things are the same, are not the same, or one is successor, part or
department of the other. Things are mentions, records, entities or ids of other registers. An entity
stands for the mention that founded it, so a row says no more than it says, and taking it out brings
back what was before.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

from kg.contacts.masking import masked
from kg.errors import ToolError
from kg.namespaces import ID, PREFIXES, expand

COLUMNS = (
    "subject_id", "predicate_id", "predicate_modifier", "object_id", "mapping_justification",
    "author_id", "mapping_date", "confidence", "comment",
)  # fmt: skip
SAME = "skos:exactMatch"
LONGEST_COMMENT = 500  # characters of a comment that are shown with each link
JUSTIFICATION = "semapv:ManualMappingCuration"
RELATIONS = {
    "tkg:successorOf": "successorOf",
    "dcterms:isPartOf": "isPartOf",
    "tkg:departmentOf": "departmentOf",
}
_NEEDED = COLUMNS[:4]
_OUTSIDE = {
    "ror:": "https://ror.org/",
    "orcid:": "https://orcid.org/",
    "https://ror.org/": "https://ror.org/",
    "https://orcid.org/": "https://orcid.org/",
}

_OUTSIDE_ID = {
    "https://ror.org/": re.compile(r"0[a-z0-9]{6}[0-9]{2}"),
    "https://orcid.org/": re.compile(r"(?:[0-9]{4}-){3}[0-9]{3}[0-9X]"),
}


class Override(NamedTuple):
    """One row. ``subject`` and ``object`` are IRIs, of ours or of ROR and ORCID."""

    where: str  # file and line
    subject: str
    predicate: str
    negated: bool
    object: str
    author: str
    date: str
    comment: str

    @property
    def evidence(self) -> str:
        """Who says it and why, in words; a contact in a comment is taken out."""
        said = masked(" ".join(self.comment.split()))
        if len(said) > LONGEST_COMMENT:
            said = f"{said[:LONGEST_COMMENT]}…"
        by = ", ".join(filter(None, (masked(self.author), self.date)))
        return f"a person's word{f' ({by})' if by else ''}{f': {said}' if said else ''}"


def read(path: Path, name: str = "") -> tuple[Override, ...]:
    """The rows of an overrides file; errors call it ``name``.

    Raises ToolError, with the line, for a row nobody can mean.
    """
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    lines = [
        (n, line.split("\t"))
        for n, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")  # SSSOM files begin with metadata in comments
    ]
    if not lines:
        return ()
    head = [name.strip() for name in lines[0][1]]
    if missing := [name for name in _NEEDED if name not in head]:
        raise ToolError(
            f"{path}:{lines[0][0]}: no column {', '.join(missing)}; "
            f"the columns are {' '.join(COLUMNS)}, parted by tabs"
        )
    return tuple(
        _row(f"{name}:{n}", dict(zip(head, [c.strip() for c in cells], strict=False)))
        for n, cells in lines[1:]
    )


def _row(where: str, row: Mapping[str, str]) -> Override:
    predicate, modifier = row.get("predicate_id", ""), row.get("predicate_modifier", "")
    if predicate != SAME and predicate not in RELATIONS:
        known = ", ".join((SAME, *RELATIONS))
        raise ToolError(f"{where}: predicate {predicate!r}; known are {known}")
    if modifier not in ("", "Not"):
        raise ToolError(f"{where}: predicate_modifier {modifier!r}; it is empty or Not")
    sides = [_iri(where, row.get(name, "")) for name in ("subject_id", "object_id")]
    if sides[0] == sides[1]:
        raise ToolError(f"{where}: subject and object are one and the same, {row['subject_id']}")
    if all(map(is_outside, sides)):
        raise ToolError(f"{where}: both ids are of other registers; one must be of this graph")
    if predicate != SAME and any(map(is_outside, sides)):
        raise ToolError(f"{where}: {predicate} joins organizations or trials of this graph")
    return Override(
        where=where,
        subject=sides[0],
        predicate=predicate,
        negated=modifier == "Not",
        object=sides[1],
        author=row.get("author_id", ""),
        date=row.get("mapping_date", ""),
        comment=row.get("comment", ""),
    )


def _iri(where: str, text: str) -> str:
    for start, base in _OUTSIDE.items():
        if text.startswith(start):
            if not _OUTSIDE_ID[base].fullmatch(text.removeprefix(start)):
                raise ToolError(f"{where}: {text!r} is no id of {base}")
            return base + text.removeprefix(start)
    if text.startswith(ID):
        return text
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PREFIXES and not rest.startswith("//"):
        return expand(f"{prefix}:{rest}")
    kinds = ("mention/", "record/", "person/", "organization/", "committee/", "trial/")
    if text.startswith(kinds):
        return ID + text
    raise ToolError(
        f"{where}: {text!r} is no id; write one as kg prints it (mention/…, record/…, person/…, "
        "organization/…, committee/…, trial/…), ror:… or orcid:…"
    )


def is_outside(iri: str) -> bool:
    """Whether an id is of ROR or ORCID."""
    return iri.startswith(("https://ror.org/", "https://orcid.org/"))


def row(left: str, right: str, *, same: bool, author: str, date: str, reason: str) -> str:
    """The line of the file that says of two ids that they are one, or that they are not."""
    return line(left, SAME, right, negated=not same, author=author, date=date, reason=reason)


def line(
    subject: str, predicate: str, other: str, *, negated: bool, author: str, date: str, reason: str
) -> str:
    """One row with its line end; no cell holds a tab or a line break."""
    cells = (
        subject.removeprefix(ID), predicate, "Not" if negated else "", other.removeprefix(ID),
        JUSTIFICATION, author, date, "1.0", reason,
    )  # fmt: skip
    return "\t".join(" ".join(cell.split()) for cell in cells) + "\n"


class Pair(NamedTuple):
    """Two mentions (or two records) and the row that speaks of them."""

    left: str
    right: str
    override: Override


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided, of mentions and records that are there.

    ``same`` joins, ``apart`` keeps apart, ``relations`` are subject, property, object; ``denied``
    likewise but said not to hold. ``outside`` gives mentions an id of another register. ``gone``
    are the rows whose subject or object is not there.
    """

    same: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()
    relations: tuple[tuple[str, str, str, Override], ...] = ()
    denied: tuple[tuple[str, str, str, Override], ...] = ()
    outside: tuple[tuple[str, str, Override], ...] = ()
    gone: tuple[Override, ...] = ()


NOTHING = Decided()


class Pairs:
    """What people called one or two, by either end."""

    def __init__(self, said: Decided) -> None:
        self._said = said
        self._by_end: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for pair in (*said.same, *said.apart):
            for end in (pair.left, pair.right):
                self._by_end[end].append((pair.left, pair.right))

    def ties(self, member: str) -> Sequence[tuple[str, str]]:
        """What a member is tied to others by: the pairs that name it."""
        return self._by_end.get(member, ())

    def among(self, members: Sequence[str]) -> Decided:
        """What was said of some members, which hold both ends of every pair or none."""
        if self._by_end.keys().isdisjoint(members):
            return NOTHING
        here = set(members)
        return Decided(
            same=tuple(pair for pair in self._said.same if pair.left in here),
            apart=tuple(pair for pair in self._said.apart if pair.left in here),
        )


def decided(
    overrides: Sequence[Override], kinds: Mapping[str, str], founders: Mapping[str, str]
) -> Decided:
    """The rows applied to what is there.

    ``kinds``: the kind of every mention and record; ``founders``: the mention or record that an
    entity's id stands for. Raises ToolError where rows contradict each other, naming them.
    """
    same: list[Pair] = []
    apart: list[Pair] = []
    relations: list[tuple[str, str, str, Override]] = []
    denied: list[tuple[str, str, str, Override]] = []
    outside: list[tuple[str, str, Override]] = []
    gone: list[Override] = []
    by_outside: dict[str, list[tuple[str, Override]]] = defaultdict(list)
    not_outside: dict[str, list[tuple[str, Override]]] = defaultdict(list)
    for made in overrides:
        ends = [
            side if is_outside(side) else founders.get(side, side)
            for side in (made.subject, made.object)
        ]
        if any(not is_outside(end) and end not in kinds for end in ends):
            gone.append(made)
            continue
        if any(map(is_outside, ends)):
            inside, outer = sorted(ends, key=is_outside)
            (not_outside if made.negated else by_outside)[outer].append((inside, made))
            continue
        left, right = ends
        if kinds[left] != kinds[right]:
            raise ToolError(f"{made.where}: a {kinds[left]} and a {kinds[right]} are never one")
        if made.predicate in RELATIONS:
            if kinds[left] not in ("organization", "trial"):
                raise ToolError(f"{made.where}: {made.predicate} is said of organizations, trials")
            relation = (left, made.predicate, right, made)
            (denied if made.negated else relations).append(relation)
            if not made.negated:
                apart.append(Pair(left, right, made))
        else:
            (apart if made.negated else same).append(Pair(left, right, made))
    for outer, having in sorted(by_outside.items()):
        outside += [(inside, outer, made) for inside, made in having]
        for (a, _), (b, made) in pairwise(having):
            if a != b:
                same.append(Pair(a, b, made))
    for outer, without in sorted(not_outside.items()):
        for (a, _), (b, made) in (
            (have, lack) for have in by_outside.get(outer, ()) for lack in without
        ):
            apart.append(Pair(a, b, made))
    found = Decided(
        same=tuple(same),
        apart=tuple(apart),
        relations=tuple(relations),
        denied=tuple(denied),
        outside=tuple(outside),
        gone=tuple(gone),
    )
    _check(found)
    return found


def checked(overrides: Sequence[Override]) -> None:
    """Raise ToolError where rows contradict each other as they stand, whatever was read."""
    ours = {side for made in overrides for side in (made.subject, made.object)}
    kinds = {iri: iri.removeprefix(ID).partition("/")[0] for iri in ours}
    mentions = {iri: "organization" for iri, kind in kinds.items() if kind == "mention"}
    records = {iri: "trial" for iri, kind in kinds.items() if kind == "record"}
    decided(overrides, kinds | mentions | records, {})


def _check(found: Decided) -> None:
    """Raise ToolError where what one row keeps apart others join, also through others."""
    beside: dict[str, list[Pair]] = defaultdict(list)
    for pair in found.same:
        beside[pair.left].append(pair)
        beside[pair.right].append(pair)
    for pair in found.apart:
        if path := _path(pair.left, pair.right, beside):
            rows = " and ".join(dict.fromkeys(step.override.where for step in path))
            what = "keeps apart" if pair.override.predicate == SAME else "calls two things"
            raise ToolError(
                f"{pair.override.where} {what} what {rows} says is one "
                f"({pair.left.removeprefix(ID)}, {pair.right.removeprefix(ID)}): take one out"
            )
    _check_relations(found)
    for (inside, outer, ours), (other, theirs_outer, theirs) in combinations(found.outside, 2):
        alike = outer.rpartition("/")[0] == theirs_outer.rpartition("/")[0]
        if alike and outer != theirs_outer and (inside == other or _path(inside, other, beside)):
            raise ToolError(
                f"{ours.where} and {theirs.where} give one thing two ids, {outer} and "
                f"{theirs_outer}: take one out"
            )


def _check_relations(found: Decided) -> None:
    """Raise ToolError where a relation is stated and denied, or where relations go in a circle."""
    denied = {of[:3]: of[3] for of in found.denied}
    later: dict[tuple[str, bool], list[tuple[str, Override]]] = defaultdict(list)
    for subject, predicate, other, made in found.relations:
        if against := denied.get((subject, predicate, other)):
            raise ToolError(
                f"{against.where} denies what {made.where} says ({subject.removeprefix(ID)} "
                f"{predicate} {other.removeprefix(ID)}): take one out"
            )
        later[subject, predicate == "tkg:successorOf"].append((other, made))
    for subject, predicate, other, made in found.relations:
        # A department of a part is a part, too; succession is another matter.
        came: dict[str, tuple[str, Override]] = {other: (subject, made)}
        waiting = deque([other])
        while waiting and subject not in came:
            here = waiting.popleft()
            for there, by in later.get((here, predicate == "tkg:successorOf"), ()):
                if there not in came:
                    came[there] = (here, by)
                    waiting.append(there)
        if subject not in came:
            continue
        rows: list[str] = []
        here = subject
        while not rows or here != subject:
            here, by = came[here]
            rows.append(by.where)
        told = " and ".join(sorted(rows, key=lambda where: (len(where), where)))
        raise ToolError(f"{told} go round in a circle ({predicate}): take one out")


def _path(start: str, end: str, beside: Mapping[str, list[Pair]]) -> list[Pair]:
    """The rows that join two things, one after the other; empty where none do."""
    if start == end:
        return []
    came: dict[str, Pair] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for pair in beside.get(here, ()):
            there = pair.right if pair.left == here else pair.left
            if there != start and there not in came:
                came[there] = pair
                waiting.append(there)
    path: list[Pair] = []
    here = end
    while here != start:
        if here not in came:
            return []
        path.append(came[here])
        here = came[here].left if came[here].right == here else came[here].right
    return path[::-1]


def told(gone: Iterable[Override]) -> Iterator[str]:
    """A line for each row that speaks of what is not there."""
    for made in gone:
        ends = f"{made.subject.removeprefix(ID)}, {made.object.removeprefix(ID)}"
        yield f"{made.where}: not among these records, so it changes nothing: {ends}"
