"""Worklists: what every hospital, committee and sponsor has to look at, as CSV.

``worklists/<kind>.csv`` holds all of a kind, one row per finding and group; the groups with most
findings have a file of their own beside it, to be handed on, and so has what belongs to none.

In UTF-8 with a byte-order mark: who gets one opens it in Excel, which takes it for Latin without.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.check.findings import Finding, Kind, Report
from kg.check.report.as_csv import cell
from kg.check.rollup import Group, Rollups
from kg.counted import counted

KINDS: tuple[Kind, ...] = ("hospital", "committee", "sponsor")
LARGEST = 50
"""So many groups of a kind have a file of their own."""
NONE = "none"  # the name of the file of what belongs to no group; ids are hex digits

# fmt: off
COLUMNS = (
    "group_zh", "group_en", "rule", "severity", "registry", "number", "title_zh", "title_en",
    "message_zh", "message_en", "remedy_zh", "remedy_en", "printed", "file", "line", "waived",
    "key", "group",
)
# fmt: on


def write(
    report: Report, folder: Path, largest: int = LARGEST, rollups: Rollups | None = None
) -> list[str]:
    """Write the worklists into ``folder``; what comes back says whose have no file of their own.

    ``rollups`` are those of the report, where they are known already.
    """
    rollups = rollups or Rollups(report)
    titles = {r.record: (r.title_zh, r.title_en) for r in report.records}
    notes = []
    for kind in KINDS:
        groups = [g for g in rollups.of(kind).groups if g.findings]
        folder.mkdir(parents=True, exist_ok=True)
        _table(folder / f"{kind}.csv", groups, titles)
        own = with_files(groups, largest)
        for group in own:
            (folder / kind).mkdir(exist_ok=True)
            _table(folder / file_of(group), [group], titles)
        if left := len(groups) - len(own):
            named = sum(bool(g.key) for g in groups)
            notes.append(
                f"worklists: {counted(left, 'more group')} of kind {kind} without a file of its "
                f"own; {kind}.csv holds all {named:,}"
            )
    return notes


def with_files(groups: Iterable[Group], largest: int = LARGEST) -> list[Group]:
    """The groups that have a worklist of their own: those with most findings, and the nameless."""
    found = [g for g in groups if g.findings]
    named = sorted((g for g in found if g.key), key=lambda g: (-len(g.findings), g.key))
    return [*named[:largest], *(g for g in found if not g.key)]


def file_of(group: Group) -> str:
    """The worklist of a group, below the folder of the worklists."""
    return f"{group.view}/{group.key.rsplit('/', 1)[-1] or NONE}.csv"


def _table(
    path: Path, groups: Iterable[Group], titles: dict[str, tuple[str | None, str | None]]
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for group in groups:
            writer.writerows(_rows(group, titles))


def _rows(
    group: Group, titles: dict[str, tuple[str | None, str | None]]
) -> Iterator[tuple[str, ...]]:
    for f in group.findings:
        zh, en = titles.get(f.record or "", (None, None))
        yield tuple(map(cell, _cells(group, f, zh, en)))


def _cells(group: Group, f: Finding, zh: str | None, en: str | None) -> tuple[str, ...]:
    return (
        group.label.zh,
        group.label.en,
        f.rule,
        f.severity,
        f.registry or "",
        f.number or "",
        zh or "",
        en or "",
        f.message_zh or "",
        f.message_en or "",
        f.remedy_zh or "",
        f.remedy_en or "",
        f.printed or "",
        f.file or "",
        "" if f.line is None else str(f.line),
        "yes" if f.waived else "no",
        f.key,
        group.key,
    )
