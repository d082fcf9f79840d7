"""The ledger of ids: which id each entity got, so that a rebuild keeps it.

One line per id that was ever given, oldest first. An id comes from the mention that founded its
entity (a trial's from its oldest record) and is never given again. Groups that join keep the oldest
id, the others are replaced by it; of a group that splits the part with the founding mention keeps
the id. A replaced id comes back where its founding mention stands apart again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.errors import ToolError
from kg.namespaces import ID

COLUMNS = ("id", "kind", "founder", "created_from", "replaced_by", "derived_from", "members")
_KINDS = ("organization", "committee", "person", "trial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An id that was given. ``members`` are the mentions that it stood for, the founder too.

    ``created_from`` is the record version that first printed the founder. IRIs throughout.
    """

    iri: str
    kind: str
    founder: str
    created_from: str
    replaced_by: str = ""
    derived_from: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """All ids that were given, oldest first."""

    rows: tuple[Given, ...] = ()
    by_iri: Mapping[str, Given] = field(default_factory=dict)

    def founders(self) -> dict[str, str]:
        """The founding mention or record of every id."""
        return {row.iri: row.founder for row in self.rows}

    def text(self) -> Iterator[str]:
        """The lines of the file."""
        yield "\t".join(COLUMNS) + "\n"
        for row in self.rows:
            rest = (m.removeprefix(ID) for m in row.members if m != row.founder)
            ours = (row.founder, row.created_from, row.replaced_by, row.derived_from)
            cells = (row.iri.removeprefix(ID), row.kind, *(c.removeprefix(ID) for c in ours))
            yield "\t".join((*cells, " ".join(rest))) + "\n"


def ledger(rows: Iterable[Given]) -> Ledger:
    """A ledger of these rows."""
    kept = tuple(rows)
    return Ledger(kept, {row.iri: row for row in kept})


def read(path: Path) -> Ledger:
    """The ledger in a file; an empty one where there is no file.

    Raises ToolError, with the line, for a file that is no ledger: an id lost is never found again.
    """
    if not path.exists():
        return Ledger()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise ToolError(f"{path}:1: no ledger; its columns are {' '.join(COLUMNS)}")
    rows: dict[str, Given] = {}
    for n, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS) or cells[1] not in _KINDS or not cells[0] or not cells[2]:
            raise ToolError(f"{path}:{n}: expected {len(COLUMNS)} cells: {' '.join(COLUMNS)}")
        iri = ID + cells[0]
        if iri in rows:
            raise ToolError(f"{path}:{n}: {cells[0]} was given twice; ids are never given again")
        founder = ID + cells[2]
        rows[iri] = Given(
            iri=iri,
            kind=cells[1],
            founder=founder,
            created_from=ID + cells[3] if cells[3] else "",
            replaced_by=ID + cells[4] if cells[4] else "",
            derived_from=ID + cells[5] if cells[5] else "",
            members=(founder, *(ID + member for member in cells[6].split())),
        )
    return ledger(rows.values())


class Naming:
    """Gives ids to groups, kind by kind, and keeps what the next ledger says.

    ``order`` sorts mentions and records, oldest first; ``version`` is what printed one.
    """

    def __init__(
        self,
        known: Ledger,
        order: Callable[[str], tuple[str, ...]],
        version: Callable[[str], str],
    ) -> None:
        self._known = known
        self._order = order
        self._version = version
        self._rows: dict[str, Given] = dict(known.by_iri)
        self._held: dict[str, list[Given]] = defaultdict(list)
        for row in known.rows:
            self._held[row.kind].append(row)

    def names(
        self, kind: str, groups: Sequence[Sequence[str]], mint: Callable[[str], str]
    ) -> list[str]:
        """The id of each group: the oldest that its mentions had, else a new one."""
        group_of = {member: n for n, group in enumerate(groups) for member in group}
        claims: dict[int, list[Given]] = defaultdict(list)
        asleep: dict[int, list[Given]] = defaultdict(list)
        for row in self._held[kind]:
            if row.replaced_by:
                if row.founder in group_of:
                    asleep[group_of[row.founder]].append(row)
            elif (found := self._claimed(row, group_of)) is not None:
                claims[found].append(row)
        names = [self._kept(claims[n], asleep[n], groups[n]) for n in range(len(groups))]
        came_from = {member: row for row in reversed(self._held[kind]) for member in row.members}
        taken = set(self._rows)
        founders = [min(group, key=self._order) for group in groups]
        for n in sorted(range(len(groups)), key=lambda n: self._order(founders[n])):
            if names[n]:
                continue
            founder = founders[n]
            iri = mint(founder)
            while iri in taken:  # an id is never given again, also not to a part of a split group
                iri = mint(f"{founder} {iri}")
            taken.add(iri)
            names[n] = iri
            before = came_from.get(founder)
            self._rows[iri] = Given(
                iri=iri,
                kind=kind,
                founder=founder,
                created_from=self._version(founder),
                derived_from=before.iri if before else "",
            )
        for name, group in zip(names, groups, strict=True):
            elsewhere = (m for m in self._rows[name].members if m not in group_of)
            members = (self._rows[name].founder, *sorted({*group, *elsewhere}))
            self._rows[name] = replace(self._rows[name], members=tuple(dict.fromkeys(members)))
        return names

    def _claimed(self, row: Given, group_of: Mapping[str, int]) -> int | None:
        """The group that holds the founder of an id, else its oldest mention that is here."""
        if row.founder in group_of:
            return group_of[row.founder]
        here = [member for member in row.members if member in group_of]
        return group_of[min(here, key=self._order)] if here else None

    def _kept(self, claims: list[Given], asleep: list[Given], group: Sequence[str]) -> str:
        """The oldest id of a group, the others replaced by it; "" where it has none yet."""
        if claims:
            first = claims[0]
            for row in claims[1:]:
                self._rows[row.iri] = replace(row, replaced_by=first.iri)
            return first.iri
        if asleep:
            self._rows[asleep[0].iri] = replace(asleep[0], replaced_by="", members=())
            return asleep[0].iri
        return ""

    def ledger(self) -> Ledger:
        """The ledger that the next build reads: what was given before, then what is new."""
        new = [row for iri, row in self._rows.items() if iri not in self._known.by_iri]
        old = (self._rows[row.iri] for row in self._known.rows)
        return ledger((*old, *new))

    def replaced(self, alive: set[str]) -> dict[str, str]:
        """Ids that are no more, with the entity of this build that took their place."""
        found = {}
        for iri, row in self._rows.items():
            last = row
            while last.replaced_by:
                last = self._rows[last.replaced_by]
            if last.iri != iri and last.iri in alive:
                found[iri] = last.iri
        return dict(sorted(found.items()))

    def derived(self, alive: set[str]) -> dict[str, str]:
        """Ids of this build that were split off, with the id that they were split off from."""
        here = alive | self.replaced(alive).keys()
        return {
            iri: row.derived_from
            for iri, row in sorted(self._rows.items())
            if row.derived_from in here and iri in alive
        }
