"""Who is who in a built graph, as a curator reads it: why together, why not, what is to decide.

Reads the links, the mentions and their lines of one output folder. No contact is in any of them.
"""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from kg.counted import counted
from kg.errors import ToolError
from kg.namespaces import ID, IDENTITY, expand
from kg.outputs.bearers import label
from kg.outputs.bridges import Row, bridges, rows
from kg.outputs.decisions import decided, decision_row, undo
from kg.outputs.differences import refers
from kg.outputs.graph import Graph
from kg.outputs.naming import iri_of
from kg.resolve import overrides
from kg.resolve.links import BY_A_PERSON
from kg.sources import lines

_REFERS_TO = NamedNode(expand("tkg:refersTo"))

SHOWN = 20  # spellings, links and refusals of one entity: more than a screen explains nothing
KINDS = {
    "person": "people", "organization": "organizations", "committee": "committees",
    "trial": "trials",
}  # fmt: skip


class Spelling(NamedTuple):
    """A printed name of a mention, or a title of a record, and where it stands."""

    mention: str
    text: str
    where: str  # file, place in it and line


class Judgements:
    """The judgements of one output folder."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @property
    def store(self) -> Store:
        """The graph, on disk."""
        return self._graph.store

    @property
    def shown_folder(self) -> str:
        """The folder, as a command that is told can be pasted."""
        return shlex.quote(str(self._graph.folder))

    @cached_property
    def links(self) -> list[Row]:
        """Every judgement, as ``links.tsv`` has them."""
        path = self._graph.folder / "links.tsv"
        if not path.is_file():
            raise ToolError(f"{path}: not here; build {self._graph.folder} anew")
        return rows(path)

    @cached_property
    def refers(self) -> dict[str, str]:
        """The entity of every mention and the trial of every record."""
        return refers(self._graph)

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The mentions of every entity, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for member, entity in sorted(self.refers.items()):
            found[entity].append(member)
        return found

    def members_of(self, entity: str) -> list[str]:
        """The mentions of one entity, sorted; the store is asked for them alone."""
        quads = self.store.quads_for_pattern(
            None, _REFERS_TO, NamedNode(entity), NamedNode(IDENTITY)
        )
        return sorted(quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))

    def named(self, name: str) -> str:
        """The entity that a name stands for: an id, a mention's too, a number, a printed name.

        Raises ToolError for a name that nobody has, and for one that several have.
        """
        return self._graph.entity(name)

    def _objects(self, iri: str, prop: str) -> list[str]:
        try:
            subject = NamedNode(iri)
        except ValueError:
            return []
        quads = self.store.quads_for_pattern(
            subject, NamedNode(expand(prop)), None, NamedNode(IDENTITY)
        )
        return sorted(getattr(quad.object, "value", "") for quad in quads)

    def label(self, entity: str) -> str:
        """The names of an entity, those of several languages parted by a stroke."""
        return label(self.store, entity)

    def link(self, name: str) -> Row:
        """The judgement with this id. Raises ToolError where there is none."""
        wanted = ID + name.removeprefix(ID).replace("link:", "link/")
        wanted = wanted if "/link/" in wanted else f"{ID}link/{name}"
        for row in self.links:
            if row.iri == wanted:
                return row
        asked = f"kg resolve -g {self.shown_folder} queue"
        raise ToolError(f"{name}: no such link in {self._graph.folder}; see {asked}")

    # -- why --------------------------------------------------------------------------------------

    def spellings(self, members: Iterable[str]) -> list[Spelling]:
        """Every printed name of these mentions (titles of records) with file and line."""
        wanted = {member.encode() for member in members}
        files: dict[str, str] = {}
        found = []
        for line in lines.about(self._graph.folder / "lines.tsv", wanted.__contains__):
            if line.state == "value" and _is_name(line.field):
                if line.version not in files:
                    files[line.version] = self._source(line.version)
                where = f"{files[line.version]}:{line.line}" if line.line else files[line.version]
                found.append(Spelling(line.node, line.printed, where))
        return sorted(set(found))

    def places(self, ends: Iterable[str]) -> dict[str, str]:
        """Where each of these mentions and records is printed first: file and line."""
        found: dict[str, str] = {}
        for spelling in self.spellings(ends):
            found.setdefault(spelling.mention, spelling.where)
        return found

    def works_at(self, mention: str) -> str:
        """The affiliations of a person as printed beside the name; "" where there are none."""
        found: dict[str, str] = {}
        for one in self._values(mention, "tkg:affiliation"):
            found.setdefault(one, next(iter(sorted(self._values(one, "tkg:nameAsGiven"))), ""))
        return "; ".join(filter(None, (found[one] for one in sorted(found))))

    def _values(self, subject: str, prop: str) -> set[str]:
        quads = self.store.quads_for_pattern(
            NamedNode(subject), NamedNode(expand(prop)), None, None
        )
        return {getattr(quad.object, "value", "") for quad in quads}

    def _source(self, version: str) -> str:
        parts = (
            value
            for prop in ("tkg:sourceFile", "tkg:sourcePlace")
            for value in sorted(self._values(version, prop))
        )
        return ":".join(filter(None, dict.fromkeys(parts)))

    def explained(self, entity: str) -> Iterator[str]:
        """One screen: spellings with their lines, links with their reasons, what was refused."""
        members = self.members_of(entity)
        kind = entity.removeprefix(ID).partition("/")[0]
        yield f"{entity.removeprefix(ID)}  {self.label(entity)}"
        yield f"{counted(len(members), 'record' if kind == 'trial' else 'mention')}:"
        yield from self._lines_of(members)
        inside = set(members)
        same = [r for r in self.links if r.decision == "same" and r.left in inside]
        yield "held together by:" if same else "nothing holds it together: one mention"
        yield from _capped(text for row in same for text in self._told(row))
        for decision, heading in (
            ("different", "kept apart from:"),
            ("possible", "perhaps the same as:"),
        ):
            rows = [
                row for row in self.links
                if row.decision == decision and (row.left in inside) != (row.right in inside)
            ]  # fmt: skip
            if rows:
                yield heading
                yield from _capped(text for row in rows for text in self._told(row, inside))
        for text, prop in (
            ("elsewhere", "skos:exactMatch"),
            ("was part of", "prov:wasDerivedFrom"),
        ):
            for other in self._objects(entity, prop):
                yield f"{text}: {other.removeprefix(ID)}"
        if same:
            yield from _undoing(same)

    def _told(self, row: Row, inside: set[str] | None = None) -> Iterator[str]:
        """A judgement as a curator reads it."""
        ends = [row.left, row.right]
        if inside is not None and row.left not in inside:
            ends.reverse()
        names = {row.left: row.left_label, row.right: row.right_label}
        score = f" {row.score}" if row.score else ""
        shown = " — ".join(f"{names[end]} ({end.removeprefix(ID)})" for end in ends)
        yield f"  {row.rule}{score}  {shown}: {row.evidence}"

    def compared(self, one: str, other: str) -> Iterator[str]:
        """Why two ids are one entity, or why they are not."""
        ours, theirs = self.named(one), self.named(other)
        if ours == theirs:
            yield f"one {ours.removeprefix(ID)}  {self.label(ours)}"
            start, end = (
                self._member(name, entity) for name, entity in ((one, ours), (other, theirs))
            )
            path = self._path(start, end)
            yield "because:" if path else "both ids name this entity"
            for row in path:
                yield from self._told(row)
            yield from self._lines_of([start, end])
            if path and not any(row.rule in BY_A_PERSON for row in path):
                yield "to part them, add to the overrides and build again:"
                yield f"  {decided(start, end, negated=True)}"
            elif path:
                yield from _undoing(path)
            return
        yield f"two: {ours.removeprefix(ID)}  {self.label(ours)}"
        yield f"     {theirs.removeprefix(ID)}  {self.label(theirs)}"
        ends = {ours, theirs}
        between = [
            row for row in self.links
            if row.left_entity != row.right_entity
            and {row.left_entity, row.right_entity} == ends
        ]  # fmt: skip
        for row in between:
            yield f"{row.decision}:"
            yield from self._told(row)
        if not between:
            yield "no rule asks about them: no name, number or contact brings them together"
        named = [self._member(one, ours), self._member(other, theirs)]
        asked = [end for row in between for end in (row.left, row.right)]
        yield from self._lines_of([*asked, *named])
        if any(row.rule in BY_A_PERSON for row in between):
            yield "a person says so: to undo it, take the row out of the overrides and build again"
        elif asking := [row for row in between if row.decision == "possible"]:
            row = next((r for r in asking if {r.left, r.right} == set(named)), asking[0])
            link = row.iri.removeprefix(ID)
            command = f"kg resolve -g {self.shown_folder}"
            yield f"to decide: {command} accept {link} or {command} reject {link}"
            yield "or add one of these rows to the overrides, and build again:"
            yield "  " + decision_row(row, accept=True).rstrip("\n")
            yield f"  {undo(row)}"
        else:
            yield "to join them, add to the overrides and build again:"
            yield f"  {decided(*named, negated=False)}"

    def _member(self, name: str, entity: str) -> str:
        """The mention that an id names, or the first of an entity."""
        members, iri = self.members_of(entity), iri_of(name)
        return iri if iri in members else members[0]

    def _lines_of(self, members: list[str]) -> Iterator[str]:
        spellings = self.spellings(members)
        for spelling in spellings[:SHOWN]:
            at = self.works_at(spelling.mention)
            told = f"{spelling.text}, {at}" if at else spelling.text
            yield f"  {spelling.mention.removeprefix(ID)}  {told}  ({spelling.where})"
        if len(spellings) > SHOWN:
            yield _more(len(spellings) - SHOWN)

    def _path(self, start: str, end: str) -> list[Row]:
        """The shortest chain of links between two mentions, all links of each step."""
        beside: dict[str, list[Row]] = defaultdict(list)
        (entity,) = self._objects(start, "tkg:refersTo")
        for row in self.links:
            if row.decision == "same" and row.left_entity == entity:
                beside[row.left].append(row)
                beside[row.right].append(row)
        came: dict[str, Row] = {}
        waiting = deque([start])
        while waiting and end not in came:
            here = waiting.popleft()
            for row in beside[here]:
                there = row.other(here)
                if there != start and there not in came:
                    came[there] = row
                    waiting.append(there)
        path: list[Row] = []
        here = end
        while here != start and here in came:
            path.append(came[here])
            here = came[here].other(here)
        steps = [frozenset((row.left, row.right)) for row in path[::-1]]
        return [
            row
            for step in steps
            for row in beside[min(step)]
            if frozenset((row.left, row.right)) == step
        ]

    # -- what is to decide ------------------------------------------------------------------------

    def queue(self) -> list[tuple[Row, int]]:
        """Doubtful pairs with the number of mentions that hang on each, most telling first.

        Behind the questions: links that alone hold a group of several together.
        """
        asked: dict[tuple[str, str, str], Row] = {}
        for row in sorted(
            self.links, key=lambda row: (-float(row.score or 1), row.left, row.right)
        ):
            if row.decision == "possible" and row.left_entity != row.right_entity:
                # Two entities are asked about once for each rule, however many mentions meet.
                one, other = sorted((row.left_entity, row.right_entity))
                asked.setdefault((one, other, row.rule), row)
        found = [
            (row, len(self.members[row.left_entity]) + len(self.members[row.right_entity]))
            for row in asked.values()
        ]
        found += [(row, len(self.members[row.left_entity])) for row in self.bridges]
        return sorted(
            found,
            key=lambda of: (
                of[0].decision != "possible", -float(of[0].score), -of[1], of[0].left, of[0].right,
            ),
        )  # fmt: skip

    @cached_property
    def bridges(self) -> list[Row]:
        """Links of tier C that alone hold the two halves of a group together."""
        return bridges(self.links)

    def summary(self) -> Iterator[str]:
        """What was resolved: mentions to entities, merges of each rule, refusals, the queue."""
        mentions: Counter[str] = Counter()
        for member, entity in self.refers.items():
            mentions[entity.removeprefix(ID).partition("/")[0]] += bool(member)
        entities = Counter(e.removeprefix(ID).partition("/")[0] for e in self.members)
        for kind, plural in KINDS.items():
            what = counted(mentions[kind], "record" if kind == "trial" else "mention")
            number, _, noun = what.partition(" ")
            yield f"{number:>9} {noun} → {counted(entities[kind], kind, plural)}"
        for decision, heading in (
            ("same", "joined"), ("different", "kept apart"), ("possible", "to decide")
        ):  # fmt: skip
            rules = Counter(row.rule for row in self.links if row.decision == decision)
            yield f"{heading}: {sum(rules.values()):,}"
            for rule, n in sorted(rules.items()):
                yield f"  {rule:<6}{n:>9,}"
        if self.bridges:
            yield f"links that alone hold a group together: {len(self.bridges):,}"
        for cut in self._graph.manifest.get("cut", ()):
            yield f"not compared whole: {cut}"


def _undoing(rows: list[Row]) -> Iterator[str]:
    """What a curator writes, or takes out, to part what links join."""
    by_person = [row for row in rows if row.rule in BY_A_PERSON]
    others = dict.fromkeys(undo(row) for row in rows if row.rule not in BY_A_PERSON)
    if by_person:
        yield "a person joined these: to part them, take the row out of the overrides:"
        ends = ((row.left.removeprefix(ID), row.right.removeprefix(ID)) for row in by_person)
        yield from _capped(f"  {left} {overrides.SAME} {right}" for left, right in ends)
    if others:
        yield "to part what a link joins, add its row to the overrides and build again:"
        yield from _capped(f"  {text}" for text in others)


def _is_name(field: str) -> bool:
    return field.partition("@")[0] in ("nameAsGiven", "publicTitle", "registrationNumber")


def _capped(texts: Iterable[str]) -> Iterator[str]:
    shown = 0
    more = 0
    for text in texts:
        if shown < SHOWN:
            shown += 1
            yield text
        else:
            more += 1
    if more:
        yield _more(more)


def _more(number: int) -> str:
    return f"  … and {number:,} more"
