"""Where each value stands in its source: the side table that lies beside the N-Quads.

One row per printed field: the graph of the record version, the node, the property (with ``@zh``
or ``@en`` for text), the 1-based line of the label (0: the source has no lines), the value as
printed (masked, one line), the path that leads to it inside its record, and its state:
``value``, ``blank``
(nothing or a placeholder) or ``refused`` (there is an issue).
A page that prints a label twice has two rows. Written as ``lines.tsv``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

HEADER = "version\tnode\tfield\tline\tprinted\tpath\tstate\n"


class Line(NamedTuple):
    """One printed field. ``version`` is the named graph; ``printed`` is empty for a blank."""

    version: str
    node: str
    field: str
    line: int
    printed: str
    path: str = ""
    state: str = "value"

    def row(self) -> str:
        """The line of the table; no cell holds a tab or a line break."""
        version, node, name, line, printed, path, state = self
        return f"{version}\t{node}\t{name}\t{line}\t{printed}\t{path}\t{state}\n"


def new_line(cells: tuple[str, str, str, int, str, str, str]) -> Line:
    """``Line(*cells)`` at a third of its cost: every printed field has one."""
    return tuple.__new__(Line, cells)


def write(texts: Iterable[str], path: Path) -> None:
    """Write the table from the rows of each record version, versions and rows sorted."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        file.writelines(texts)


def read(path: Path) -> Iterator[Line]:
    """The rows of a table that ``write`` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        next(file, None)
        yield from parsed(file)


def about(path: Path, wanted: Callable[[bytes], bool]) -> Iterator[Line]:
    """The rows about nodes whose IRIs, in UTF-8, are ``wanted``; of the others nothing is read.

    Of a whole registry the table has hundreds of rows for each record.
    """
    with path.open("rb") as file:
        next(file, None)
        found = (row for row in file if wanted(row.split(b"\t", 2)[1]))
        yield from parsed(row.decode() for row in found)


def parsed(rows: Iterable[str]) -> Iterator[Line]:
    """The lines that rows of the table stand for."""
    for text in rows:
        version, node, field, line, *rest = text.rstrip("\n").split("\t")
        yield Line(version, node, field, int(line), *rest)


def places(path: Path) -> dict[str, tuple[int, int]]:
    """Where the rows of each record version stand in a table: their first byte, their length."""
    found: dict[str, tuple[int, int]] = {}
    with path.open("rb") as file:
        at = len(next(file, b""))
        for row in file:
            version = row.split(b"\t", 1)[0].decode()
            start, size = found.get(version, (at, 0))
            found[version] = start, size + len(row)
            at += len(row)
    return found
