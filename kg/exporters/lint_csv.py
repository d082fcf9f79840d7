"""Checks of a table of nodes or edges against Gephi's spreadsheet import and Excel."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from kg.exporters.lint_tally import Ends, Tally, is_integer, is_number, opened, stands_for_nothing
from kg.exporters.tables import FORMULA_STARTS, GUESSED_FROM

_SEPARATORS = ",;\t"


def check(path: Path, tally: Tally) -> None:
    """Add what is wrong with the file to ``tally``; edges need the table of nodes beside them."""
    rows = _rows(path, tally)
    header = next(rows, None)
    if header is None:  # unreadable, and told so
        return
    if not header[1]:
        tally.add("no header")
        return
    names = [name.strip().lower() for name in header[1]]
    for name in sorted({n for n in names if names.count(n) > 1}):
        tally.add("two columns that Gephi takes for one", repr(name))
    ends = Ends(tally)
    if {"source", "target"} <= set(names):
        _edges(names, rows, ends)
        beside = path.with_name(path.name.replace("edges", "nodes"))
        if beside != path and beside.is_file():
            ends.nodes.update(_ids(beside))
            ends.finish()
    elif "id" in names:
        for place, cells in _checked(names, rows, tally):
            ends.node(cells[names.index("id")], place)
    else:
        tally.add("neither a column Id nor columns Source and Target", ", ".join(header[1][:6]))


def _edges(names: list[str], rows: Iterator[tuple[int, list[str]]], ends: Ends) -> None:
    directions: set[str] = set()

    def cell(cells: list[str], name: str) -> str:
        return cells[names.index(name)] if name in names else ""

    for place, cells in _checked(names, rows, ends.tally):
        direction = cell(cells, "type").lower()
        if direction and direction not in ("directed", "undirected"):
            ends.tally.add(
                'a Type that is no direction: put the relation into "Kind"',
                f"{place}, {direction!r}",
            )
        directions.add(direction)
        ends.edge(
            cell(cells, "source"),
            cell(cells, "target"),
            cell(cells, "kind"),
            place,
            name=cell(cells, "id"),
            directed=direction != "undirected",
        )
        if weight := cell(cells, "weight"):
            ends.weight(weight, place)
    if {"directed", "undirected"} <= directions:
        ends.tally.add("directed and undirected edges in one file")


def _checked(
    names: list[str], rows: Iterator[tuple[int, list[str]]], tally: Tally
) -> Iterator[tuple[str, list[str]]]:
    """The rows of the right width, each cell looked at."""
    guesses: list[set[str]] = [set() for _ in names]
    for count, (number, cells) in enumerate(rows):
        place = f"line {number}"
        if len(cells) != len(names):
            tally.add("row with more or fewer cells than the header", place)
            continue
        for name, cell, kinds in zip(names, cells, guesses, strict=True):
            here = f"{place}, {name} = {cell[:60]!r}"
            if not cell:
                continue
            if any(char < " " and char not in "\t\n\r" for char in cell):
                tally.add("control character", here)
            if cell.startswith(FORMULA_STARTS) and not is_number(cell):
                tally.add("text that Excel runs as a formula", here)
            if stands_for_nothing(cell):
                tally.add("a word for nothing, read as data: leave it out", here)
            if count < GUESSED_FROM:
                kinds.add(_kind(cell))
            elif not _read_as(_kind(cell), kinds):
                tally.add(
                    f"value that does not fit the first {GUESSED_FROM} rows, from which Gephi "
                    "guesses the type of a column",
                    here,
                )
        yield place, cells


def _kind(cell: str) -> str:
    if is_integer(cell):
        return "integer"
    if is_number(cell):
        return "number"
    return "boolean" if cell.lower() in ("true", "false") else "text"


def _read_as(kind: str, seen: set[str]) -> bool:
    """True if Gephi, having seen values of these kinds first, keeps one of this kind."""
    if seen <= {"integer", "number"}:
        return kind in seen or (kind == "integer" and "number" in seen)
    return "text" in seen or kind in seen


def _rows(path: Path, tally: Tally) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row; what cannot be read is a problem and ends the reading."""
    with opened(path) as raw:
        decoder = codecs.getreader("utf-8-sig")(raw)
        try:
            first = decoder.readline()
            separator = max(_SEPARATORS, key=first.count)
            header = next(csv.reader(io.StringIO(first, newline=""), delimiter=separator), [])
            yield 1, header
            reader = csv.reader(decoder, delimiter=separator)
            for cells in reader:
                if cells:
                    yield reader.line_num + 1, cells
        except UnicodeDecodeError as error:
            tally.add(f"not UTF-8: {error.reason}")
        except csv.Error as error:
            tally.add(f"not a table: {error}")


def _ids(path: Path) -> Iterator[str]:
    rows = _rows(path, Tally())
    header = next(rows, None)
    names = [name.strip().lower() for name in header[1]] if header else []
    if "id" in names:
        at = names.index("id")
        yield from (cells[at] for _, cells in rows if len(cells) > at)
