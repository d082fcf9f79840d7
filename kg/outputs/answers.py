"""Answers of queries as text: a table to read, CSV, SPARQL JSON, Turtle."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

import pyoxigraph

from kg.counted import counted
from kg.errors import ToolError
from kg.exporters.tables import BYTE_ORDER_MARK, Row, lines
from kg.namespaces import BASE, PREFIXES
from kg.queries import python_value

Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean


def written(answer: Answer, fmt: str, width: int | None = None, *, excel: bool = False) -> str:
    """An answer in the format ``table``, ``csv``, ``json`` or ``ttl``, with its line end.

    ``width`` cuts the cells of a table to fit a terminal; nothing is cut without it. ``excel``: CSV
    that Excel opens well, with a byte-order mark and without formulas, as ``kg export`` writes it.
    Raises ToolError where the kind of answer has no such form.
    """
    if isinstance(answer, pyoxigraph.QueryTriples):
        if fmt not in ("ttl", "table"):
            raise ToolError("a CONSTRUCT or DESCRIBE query gives statements; use --format ttl")
        triples = sorted(answer, key=str)
        turtle = pyoxigraph.serialize(
            triples, format=pyoxigraph.RdfFormat.TURTLE, prefixes=_used_prefixes(triples)
        )
        return (turtle or b"").decode()
    if fmt == "ttl":
        raise ToolError("only a CONSTRUCT or DESCRIBE query gives Turtle; use table, csv or json")
    if isinstance(answer, pyoxigraph.QueryBoolean):
        if fmt == "table":
            return "yes\n" if answer else "no\n"
        if fmt == "csv":
            raise ToolError("an ASK query gives yes or no; use table or json")
        return _serialized(answer, pyoxigraph.QueryResultsFormat.JSON) + "\n"
    if fmt == "csv" and excel:
        return BYTE_ORDER_MARK + "".join(lines(_rows(answer)))
    if fmt == "csv":
        return _serialized(answer, pyoxigraph.QueryResultsFormat.CSV).replace("\r\n", "\n")
    if fmt == "json":
        return _serialized(answer, pyoxigraph.QueryResultsFormat.JSON) + "\n"
    names = [variable.value for variable in answer.variables]
    cells = [[_cell(solution[name]) for name in names] for solution in answer]
    return _table(names, cells, width)


def _rows(answer: pyoxigraph.QuerySolutions) -> Iterator[Row]:
    """The answer, header first: numbers as such, all else as text."""
    names = [variable.value for variable in answer.variables]
    yield [*names]
    for solution in answer:
        yield [_plain(solution[name]) for name in names]


def _plain(term: object) -> Any:
    value = python_value(term)
    return str(value).lower() if isinstance(value, bool) else value  # as SPARQL writes it


def _serialized(
    answer: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean,
    form: pyoxigraph.QueryResultsFormat,
) -> str:
    return (answer.serialize(format=form) or b"").decode()


def _used_prefixes(triples: list[pyoxigraph.Triple]) -> dict[str, str]:
    text = "\n".join(map(str, triples))
    return {prefix: name for prefix, name in PREFIXES.items() if f"<{name}" in text}


def _cell(term: object) -> str:
    """A term as people read it: text bare, our IRIs by their last part."""
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode):
        name = term.value.removeprefix(BASE)
        return name.removeprefix("id/") if name != term.value else f"<{term.value}>"
    if isinstance(term, pyoxigraph.Literal):
        return " ".join(term.value.split())
    return str(term)


def columns_of(text: str) -> int:
    """How many terminal columns a text takes; Chinese characters take two."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` terminal columns, with ``…`` where something is missing."""
    if columns_of(text) <= width:
        return text
    kept, used = "", 1
    for c in text:
        used += columns_of(c)
        if used > width:
            break
        kept += c
    return kept + "…"


def _table(names: list[str], rows: list[list[str]], width: int | None) -> str:
    widths = [max(map(columns_of, column)) for column in zip(names, *rows, strict=True)]
    if width is not None:
        widths = _fitted(widths, width - 2 * (len(widths) - 1))
    lines = []
    for row in (names, ["-" * w for w in widths], *rows):
        cells = [cut(cell, w) for cell, w in zip(row, widths, strict=True)]
        padded = (c + " " * (w - columns_of(c)) for c, w in zip(cells, widths, strict=True))
        lines.append("  ".join(padded).rstrip())
    count = f"({counted(len(rows), 'row')})"
    return "\n".join([*lines, count]) + "\n"


def _fitted(widths: list[int], total: int) -> list[int]:
    """Widths that add up to ``total`` at most: the widest columns give first."""
    fitted = list(widths)
    while sum(fitted) > total and max(fitted) > 8:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted
