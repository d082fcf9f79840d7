"""The ledger of ids: which id each entity got, so that a rebuild keeps it.

One line per id that was ever given, oldest first. An id comes from the mention that founded its
entity (a trial's from its oldest record) and is never given again. Groups that join keep the oldest
id, the others are replaced by it; of a group that splits the part with the founding mention keeps
the id. A replaced id comes back where its founding mention stands apart again. A mention whose
spelling was corrected stands for the old one (``kg/resolve/corrected.py``).
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from kg.counted import counted
from kg.errors import ToolError
from kg.namespaces import ID
from kg.resolve.corrected import NO_NAME, Gone, carried, digests

COLUMNS = (
    "id", "kind", "founder", "created_from", "replaced_by", "derived_from", "members", "names",
)  # fmt: skip
_WITHOUT_NAMES = COLUMNS[:-1]  # a ledger of before: its ids stay, it knows no spelling
_KINDS = ("organization", "committee", "person", "trial")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An id that was given. ``members`` are the mentions that it stood for, the founder too.

    ``created_from`` is the record version that first printed the founder. IRIs throughout.
    ``names`` says what each member is called, in digests, by which a corrected spelling is known:
    one word a member, or nothing at all. One text: there may be a million of these.
    """

    iri: str
    kind: str
    founder: str
    created_from: str
    replaced_by: str = ""
    derived_from: str = ""
    members: tuple[str, ...] = ()
    names: str = ""

    @property
    def called(self) -> dict[str, str]:
        """The names of each member, as far as they are known."""
        return dict(zip(self.members, self.names.split(), strict=bool(self.names)))


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
            rest = " ".join(m.removeprefix(ID) for m in row.members if m != row.founder)
            ours = (row.founder, row.created_from, row.replaced_by, row.derived_from)
            cells = (row.iri.removeprefix(ID), row.kind, *(c.removeprefix(ID) for c in ours))
            yield "\t".join((*cells, rest, row.names)) + "\n"


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
        lines = path.read_text(encoding="utf-8").splitlines()  # CRLF, too
    except (OSError, UnicodeDecodeError) as error:
        raise ToolError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    columns = tuple(lines[0].split("\t")) if lines else ()
    if columns not in (COLUMNS, _WITHOUT_NAMES):
        raise ToolError(f"{path}:1: no ledger; its columns are {' '.join(COLUMNS)}")
    rows: dict[str, Given] = {}
    for n, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(columns) or cells[1] not in _KINDS or not cells[0] or not cells[2]:
            raise ToolError(f"{path}:{n}: expected {len(columns)} cells: {' '.join(columns)}")
        if not re.fullmatch(rf"{cells[1]}/[\w.~%+-]+", cells[0]):
            raise ToolError(f"{path}:{n}: {cells[0]!r} is no id of kind {cells[1]}")
        iri = ID + cells[0]
        if iri in rows:
            raise ToolError(f"{path}:{n}: {cells[0]} was given twice; ids are never given again")
        founder = ID + cells[2]
        members = (founder, *(ID + member for member in cells[6].split()))
        names = cells[7] if len(cells) > 7 else ""
        if names and len(names.split()) != len(members):
            told = f"{counted(len(names.split()), 'name')} of {counted(len(members), 'mention')}"
            raise ToolError(f"{path}:{n}: {told}; one word a mention, or none at all")
        rows[iri] = Given(
            iri=iri,
            kind=cells[1],
            founder=founder,
            created_from=ID + cells[3] if cells[3] else "",
            replaced_by=ID + cells[4] if cells[4] else "",
            derived_from=ID + cells[5] if cells[5] else "",
            members=members,
            names=sys.intern(names),
        )
    for n, row in enumerate(rows.values(), start=2):
        _heir(path, n, row, rows)
    return ledger(rows.values())


def _heir(path: Path, n: int, row: Given, rows: Mapping[str, Given]) -> None:
    """Make sure that who replaced an id is known, and was not replaced by it in turn."""
    passed = {row.iri}
    while row.replaced_by:
        heir = rows.get(row.replaced_by)
        if heir is None or heir.kind != row.kind:
            told = row.replaced_by.removeprefix(ID)
            raise ToolError(
                f"{path}:{n}: replaced by {told}, which is no {row.kind} of this ledger"
            )
        if heir.iri in passed:
            raise ToolError(f"{path}:{n}: {heir.iri.removeprefix(ID)} is replaced by itself")
        passed.add(heir.iri)
        row = heir


class Naming:
    """Gives ids to groups, kind by kind, and keeps what the next ledger says.

    ``known`` None: nobody wants a ledger, and none is kept. ``order`` sorts mentions and records,
    oldest first; ``version`` is what printed one; which earlier spellings are ``accepted`` for it:
    ``kg.resolve.corrected``.
    """

    def __init__(
        self,
        known: Ledger | None,
        order: Callable[[str], tuple[str, ...]],
        version: Callable[[str], str],
        accepted: Callable[[str], frozenset[str]],
    ) -> None:
        self._keeps = known is not None
        self._known = known or Ledger()
        self._order = order
        self._version = version
        self._accepted = accepted
        self._rows: dict[str, Given] = {row.iri: row for row in self._known.rows}
        self._held: dict[str, list[Given]] = defaultdict(list)
        for row in self._known.rows:
            self._held[row.kind].append(row)

    def names(
        self,
        kind: str,
        groups: Sequence[tuple[str, ...]],
        mint: Callable[[str], str],
        spelled: Callable[[str], str] = lambda _: NO_NAME,
    ) -> list[str]:
        """The id of each group: the oldest that its mentions had, else a new one.

        How a mention is ``spelled``: ``kg.resolve.corrected``.
        """
        held = self._held[kind]
        # A million mentions: nobody asks where they are while nothing was known and none is kept.
        asked = enumerate(groups) if self._keeps else ()
        group_of = {member: n for n, group in asked for member in group}
        came_from = {member: row for row in reversed(held) for member in row.members}
        came_from |= (bearers := borne_by(held))
        stands_for = corrected(bearers, group_of, came_from, self._accepted)
        came_from |= {m: self._known.by_iri[old.entity] for m, old in stands_for.items()}
        claims, asleep = self._claims(held, bearers, group_of, stands_for)
        names = [self._kept(claims.get(n, []), asleep.get(n, [])) for n in range(len(groups))]
        taken = {row.iri for row in held}
        founders = [min(group, key=self._order) for group in groups]
        for n in sorted(range(len(groups)), key=lambda n: self._order(founders[n])):
            if names[n]:
                continue
            founder = founders[n]
            iri = mint(founder)
            # An id is never given again, also not to a part of a split group.
            while iri in taken:
                iri = mint(f"{founder} {iri}")
            taken.add(iri)
            names[n] = iri
            if not self._keeps:
                continue
            before = came_from.get(founder)
            self._rows[iri] = Given(
                iri=iri,
                kind=kind,
                founder=founder,
                created_from=self._version(founder),
                derived_from=before.iri if before else "",
            )
        if self._keeps:
            self._remember(groups, group_of, names, stands_for, spelled)
        return names

    def _claims(
        self,
        held: Iterable[Given],
        bearers: Mapping[str, Given],
        group_of: Mapping[str, int],
        stands_for: Mapping[str, Gone],
    ) -> tuple[dict[int, list[Given]], dict[int, list[Given]]]:
        """The ids that each group may keep, oldest first, and the replaced ones founded in it.

        An id goes with its founder, else with its oldest mention that is here, else with what
        stands for these.
        """
        heirs: dict[str, list[str]] = defaultdict(list)
        for mention, old in stands_for.items():
            heirs[old.entity].append(mention)
        claims: dict[int, list[Given]] = defaultdict(list)
        asleep: dict[int, list[Given]] = defaultdict(list)
        for row in held:
            if row.replaced_by:
                if row.founder in group_of:
                    asleep[group_of[row.founder]].append(row)
                continue
            own = [m for m in row.members if m in group_of and bearers[m] is row]
            if row.founder in own:
                own = [row.founder]
            founding = [m for m in heirs[row.iri] if stands_for[m].mention == row.founder]
            if here := own or founding or heirs[row.iri]:
                claims[group_of[min(here, key=self._order)]].append(row)
        return claims, asleep

    def _remember(
        self,
        groups: Sequence[tuple[str, ...]],
        group_of: Mapping[str, int],
        names: Sequence[str],
        stands_for: Mapping[str, Gone],
        spelled: Callable[[str], str],
    ) -> None:
        """Write down what every id stands for now, and what was printed before or elsewhere."""
        moved: dict[str, dict[str, str]] = defaultdict(dict)
        left: dict[str, set[str]] = defaultdict(set)
        for mention, old in stands_for.items():
            name = names[group_of[mention]]
            moved[name][old.mention] = self._known.by_iri[old.entity].called[old.mention]
            if name != old.entity:
                left[old.entity].add(old.mention)
        for name, group in zip(names, groups, strict=True):
            row = self._rows[name]
            called = row.called | moved.get(name, {})
            gone = left.get(name, ())
            elsewhere = (m for m in row.members if m not in group_of and m not in gone)
            rest = sorted({*group, *elsewhere, *moved.get(name, ())} - {row.founder})
            members = (row.founder, *rest)
            words = [spelled(m) if m in group_of else called.get(m, NO_NAME) for m in members]
            told = " ".join(words) if set(words) != {NO_NAME} else ""
            # Of most groups the founder is the first one: the same members, held once.
            members = group if members == group else members
            self._rows[name] = replace(row, members=members, names=told)

    def _kept(self, claims: list[Given], asleep: list[Given]) -> str:
        """The oldest id of a group, the others replaced by it; "" where it has none yet."""
        if claims:
            first = claims[0]
            for row in claims[1:]:
                self._rows[row.iri] = replace(row, replaced_by=first.iri)
            return first.iri
        if asleep:
            self._rows[asleep[0].iri] = replace(asleep[0], replaced_by="", members=(), names="")
            return asleep[0].iri
        return ""

    def ledger(self) -> Ledger:
        """The ledger that the next build reads: what was given before, then what is new."""
        return Ledger(tuple(self._rows.values()), self._rows)

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


def borne_by(held: Iterable[Given]) -> dict[str, Given]:
    """Which id each mention bears, or bore when it was last printed.

    The founder of an id whose correction went into another group has gone with it.
    """
    found: dict[str, Given] = {}
    for row in held:
        if not row.replaced_by:
            for member in row.members:
                if member != row.founder or member not in found:
                    found[member] = row
    return found


def corrected(
    bearers: Mapping[str, Given],
    here: Mapping[str, Hashable],
    known: Container[str],
    accepted: Callable[[str], frozenset[str]],
) -> dict[str, Gone]:
    """The mentions that stand for an old one, whose spelling their record has corrected.

    ``bearers`` are the ids given before, by mention; ``here`` the mentions of today with their
    group, ``known`` those that ever had an id.
    """
    if not bearers:
        return {}
    new = {mention: group for mention, group in here.items() if mention not in known}
    if not new:
        return {}
    called: dict[str, frozenset[str]] = {}
    gone = []
    for member, row in bearers.items():
        if member not in here and row.names:
            if row.iri not in called:
                called[row.iri] = digests(row.names)
            gone.append(Gone(member, row.iri, called[row.iri]))
    return carried(gone, new, accepted)
