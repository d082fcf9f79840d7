"""Counts that cannot lie: what became of every value that a source prints.

Each leaf of each raw tree is in exactly one column, decided by what is *there* afterwards, not by
what the extractor meant to do: a leaf is ``in graph`` only if a row of the table of lines leads
from a statement back to it. What an extractor read and then forgot shows up as ``lost``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

from kg.said import JOINED
from kg.sources.lines import Line


class Leaf(NamedTuple):
    """One printed value: its path inside the record, the same without indices of lists, and why it
    was left out, if it was.
    """

    path: str
    label: str
    left_out: str | None


@dataclass(slots=True)
class Account:
    """What became of the values under one path of one source; the columns add up to ``values``."""

    values: int = 0
    in_graph: int = 0
    blank: int = 0  # a placeholder such as N/A
    issue: int = 0  # refused, with a row in issues.jsonl
    contact: int = 0  # a telephone, an e-mail, an address: kept out, its kind is in the graph
    left_out: int = 0  # on purpose; ``why`` says why
    unread: int = 0  # nobody knows this field
    lost: int = 0  # read, and yet nowhere: a fault of ours
    statements: int = 0
    why: str = ""

    def add(self, other: Account) -> None:
        """Add the counts of another account of the same path."""
        self.values += other.values
        self.in_graph += other.in_graph
        self.blank += other.blank
        self.issue += other.issue
        self.contact += other.contact
        self.left_out += other.left_out
        self.unread += other.unread
        self.lost += other.lost
        self.statements += other.statements
        self.why = self.why or other.why


Accounts = dict[tuple[str, str], Account]  # by source and path


def account(
    source: str,
    leaves: Iterable[Leaf],
    *,
    read: set[str],
    contacts: set[str],
    refused: set[str],
    lines: Iterable[Line],
    into: Accounts,
) -> Accounts:
    """``into``, with what became of each leaf of one record added to it.

    ``refused`` are the paths that issues name.
    """
    stated: dict[str, int] = {}
    blank: set[str] = set()
    for _, _, _, _, _, joined, state in lines:
        for path in joined.split(JOINED) if JOINED in joined else (joined,):
            if state == "value":
                stated[path] = stated.get(path, 0) + 1
            elif state == "blank":
                blank.add(path)
    for path, label, left_out in leaves:
        row = into.get((source, label))
        if row is None:
            row = into[source, label] = Account()
        row.values += 1
        statements = stated.get(path, 0)
        row.statements += statements
        if path in contacts:
            row.contact += 1
        elif path in refused:
            row.issue += 1
        elif statements:
            row.in_graph += 1
        elif left_out is not None:
            row.left_out += 1
            row.why = left_out
        elif path in blank:
            row.blank += 1
        elif path in read:
            row.lost += 1
        else:
            row.unread += 1
    return into


def merged(into: Accounts, more: Mapping[tuple[str, str], Account]) -> None:
    """Add the accounts of one more record."""
    for key, row in more.items():
        into.setdefault(key, Account()).add(row)


def rows(accounts: Accounts) -> Iterator[str]:
    """The lines of ``accounts.tsv``, sorted by source and path."""
    names = [f.name for f in fields(Account)]
    yield "\t".join(("source", "path", *names)) + "\n"
    for (source, path), row in sorted(accounts.items()):
        cells = [source, path, *(str(getattr(row, name)) for name in names)]
        yield "\t".join(" ".join(cell.split()) for cell in cells) + "\n"
