"""What labelled data say beside what the resolver decides: the common form of every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import ToolError
from kg.resolve.labelled.metrics import Scores

Row = Mapping[str, str]


def read(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of a labelled file: TSV, CSV, JSON (a list) or JSON Lines, by content.

    A row without any value is none. Raises ToolError for a file that is none of these.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = _objects(text) if text.lstrip()[:1] in ("[", "{") else _table(text)
    except UnicodeDecodeError as error:
        raise ToolError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    except (json.JSONDecodeError, csv.Error, RecursionError) as error:
        raise ToolError(f"{path}: neither a table nor JSON: {error}") from None
    if not all(isinstance(row, dict) for row in found):
        raise ToolError(f"{path}: neither a table nor JSON objects, one mention or pair each")
    rows = [cells for row in found if any((cells := _cells(row)).values())]
    if not rows:
        raise ToolError(f"{path}: no rows; expected labelled data, one mention or pair a row")
    # JSON leaves out what is empty: a column is what any row has.
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    return columns, [{column: row.get(column, "") for column in columns} for row in rows]


def _objects(text: str) -> list[dict[str, object]]:
    if text.lstrip().startswith("["):
        return list(json.loads(text))
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def _table(text: str) -> list[dict[str, object]]:
    lines = io.StringIO(text, newline="")
    if "\t" in text.partition("\n")[0]:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return list(csv.DictReader(lines))


def _cells(row: Mapping[str, object]) -> dict[str, str]:
    """The named cells of a row as text without blanks around it; a list is parted by ``|``."""
    return {name.strip(): _text(cell) for name, cell in row.items() if isinstance(name, str)}


def _text(cell: object) -> str:
    if isinstance(cell, list):
        return "|".join(filter(None, (_text(one).replace("|", "/") for one in cell)))
    return "" if cell is None else str(cell).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What a person decided and what the resolver decides, mention by mention.

    ``gold`` and ``predicted`` are group ids. ``links``: rule, and the two mentions it joined.
    ``wrong``: what was decided otherwise, in words, for whoever reads the errors; ``open_``: what
    the labels do not judge. ``readings``: scores by other ways to count, where the labels leave
    that open.
    """

    what: str
    gold: tuple[str, ...]
    predicted: tuple[str, ...]
    languages: tuple[str, ...]
    links: tuple[tuple[str, int, int], ...] = ()
    wrong: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    unjudged: int = 0
    readings: Mapping[str, Scores] = field(default_factory=dict)
