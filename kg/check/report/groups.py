"""Whose records they are: findings and completeness by hospital, committee, sponsor, year …"""

from __future__ import annotations

from typing import NamedTuple

from kg.check.findings import Kind
from kg.check.report.overview import Sums
from kg.check.report.worklists import KINDS, file_of, with_files
from kg.check.rollup import SHARED, Group, Rollups
from kg.check.terms import Text

MOST = 15  # groups of a kind that a page shows

TITLES: dict[Kind, Text] = {
    "hospital": Text("Hospitals", "医院"),
    "committee": Text("Ethics committees", "伦理委员会"),
    "sponsor": Text("Sponsors", "申办者"),
    "province": Text("Provinces and countries", "省份与国家"),
    "year": Text("Years of registration", "注册年份"),
}


class Row(NamedTuple):
    """One group: how many records it has, what was found in them, how full they are."""

    key: str  # "" for records that belong to no group of the kind
    label: Text
    records: int
    sums: Sums
    numerator: float
    denominator: int
    file: str | None  # its worklist


class Table(NamedTuple):
    """The groups of one kind, worst first; a year table is in the order of the years."""

    kind: Kind
    title: Text
    rows: tuple[Row, ...]
    more: int  # groups that are not shown
    shared: bool  # a record may count in several groups
    file: str | None  # the worklist of all groups


def tables(rollups: Rollups, most: int = MOST) -> tuple[Table, ...]:
    """A table for each kind of group of which the records name one."""
    found = []
    for kind, title in TITLES.items():
        groups = [g for g in rollups.of(kind).groups if g.records or g.findings]
        if not any(g.key for g in groups):
            continue
        files = {g.key for g in with_files(groups)} if kind in KINDS else set()
        named = [g for g in groups if g.key]
        rest = [g for g in groups if not g.key]
        shown = named[:most]
        if kind == "year":
            shown = sorted(named, key=lambda g: g.key)[-most:]
        rows = tuple(
            _row(g, f"worklists/{file_of(g)}" if g.key in files else None) for g in (*shown, *rest)
        )
        whole = f"worklists/{kind}.csv" if kind in KINDS else None
        more = len(named) - len(shown)
        found.append(Table(kind, title, rows, more, kind in SHARED, whole))
    return tuple(found)


def _row(group: Group, file: str | None) -> Row:
    found = group.found
    return Row(
        key=group.key,
        label=group.label,
        records=len(group.records),
        sums=Sums(
            found.get("violation", 0),
            found.get("warning", 0),
            found.get("info", 0),
            found.get("waived", 0),
        ),
        numerator=group.numerator,
        denominator=group.denominator,
        file=file,
    )
