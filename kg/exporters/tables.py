"""A view as two tables for Gephi's spreadsheet import and for Excel.

Gephi takes ``Type`` for the direction and guesses the type of a column from its first 25 rows, so
rows that decide a type come first and decimal numbers always have a point.

A text that begins with ``=``, ``+``, ``-`` or ``@`` runs as a formula in Excel, whoever opens the
file. Such a text gets a zero-width space in front: it looks the same in Gephi, no spreadsheet
computes it, and no apostrophe appears in the picture. https://cwe.mitre.org/data/definitions/1236.html
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from itertools import islice
from pathlib import Path

from kg.exporters.facts import Scalar
from kg.exporters.parts import Edge, Head, Node
from kg.exporters.source import GraphSource, replacing, write_text
from kg.values import FORMULA_SIGNS

BYTE_ORDER_MARK = "\ufeff"
ZERO_WIDTH_SPACE = "\u200b"
FORMULA_STARTS = tuple(f"{FORMULA_SIGNS}\t\r")
GUESSED_FROM = 25

_TOGETHER = 256  # rows written at a time

Row = list[Scalar | Decimal | None]


def write_csv(source: GraphSource, path: Path) -> None:
    """Write ``nodes.csv`` and ``edges.csv`` into the folder ``path``.

    A path ``trials.csv`` gives ``trials-nodes.csv`` and ``trials-edges.csv`` beside each other.
    """
    nodes_path, edges_path = table_paths(path)
    with ExitStack() as both:  # neither appears before both are complete
        for target, text in ((nodes_path, _nodes(source)), (edges_path, _edges(source))):
            file = both.enter_context(replacing(target))
            for line in text:
                file.write(line.encode())


def write_nodes(source: GraphSource, path: Path) -> None:
    """Write the table of nodes alone."""
    write_text(_nodes(source), path)


def write_edges(source: GraphSource, path: Path) -> None:
    """Write the table of edges alone."""
    write_text(_edges(source), path)


def table_paths(path: Path) -> tuple[Path, Path]:
    """Where the two tables of ``path`` lie."""
    packed = path.suffix if path.suffix.lower() == ".gz" else ""
    bare = path.with_suffix("") if packed else path
    ending = bare.suffix + packed
    if bare.suffix.lower() != ".csv":
        return path / "nodes.csv", path / "edges.csv"
    stem = bare.with_suffix("").name
    return path.with_name(f"{stem}-nodes{ending}"), path.with_name(f"{stem}-edges{ending}")


def node_rows(head: Head, nodes: Sequence[Node]) -> Iterator[Row]:
    """The table of nodes, header first; rows that tell the type of a column lead."""
    names = [c.name for c in head.node_columns]
    yield ["Id", "Label", *names, "x", "y", "size", "color"]

    def rows() -> Iterator[Row]:
        for node in nodes:
            known = map(node.columns.get, names)
            colour = "#{:02X}{:02X}{:02X}".format(*node.colour)
            yield [node.id, node.label, *known, node.x, node.y, node.size, colour]

    yield from _telling_first(rows)


def edge_rows(
    head: Head, edges: Sequence[Edge], titles: Mapping[str, Scalar] | None = None
) -> Iterator[Row]:
    """The table of edges, header first; rows that tell the type of a column lead.

    With ``titles`` of nodes by their ids, the last two columns name both ends.
    """
    names = [c.name for c in head.edge_columns]
    both = [] if titles is None else ["source_title", "target_title"]
    yield ["Source", "Target", "Type", "Kind", "Weight", "Id", "Label", *names, *both]
    direction = "Directed" if head.directed else "Undirected"

    def rows() -> Iterator[Row]:
        for number, edge in enumerate(edges, start=1):
            columns = edge.columns()
            yield [
                edge.source,
                edge.target,
                direction,
                edge.kind,
                float(edge.weight),
                f"e{number}",
                edge.label,
                *(columns.get(name) for name in names),
                *([] if titles is None else [titles[edge.source], titles[edge.target]]),
            ]

    yield from _telling_first(rows)


def _nodes(source: GraphSource) -> Iterator[str]:
    yield BYTE_ORDER_MARK if source.excel else ""
    yield from lines(node_rows(source.drawing.head, source.drawing.nodes))


def _edges(source: GraphSource) -> Iterator[str]:
    """In Excel nobody looks up an id in the other table; Gephi has the titles of its nodes."""
    drawn = source.drawing
    yield BYTE_ORDER_MARK if source.excel else ""
    titles = {node.id: node.columns["title"] for node in drawn.nodes} if source.excel else None
    yield from lines(edge_rows(drawn.head, drawn.edges, titles))


def _telling_first(rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
    """Every row once; the first ones show each column with a value that tells its type.

    Goes through the rows twice and holds none but the first ones.
    """
    untold: list[int] | None = None
    leading: dict[int, Row] = {}
    for number, row in enumerate(rows()):
        asked = range(len(row)) if untold is None else untold
        left = [c for c in asked if (value := row[c]) is None or _misleading(value)]
        if len(left) < len(asked):
            leading[number] = row
        if not left:
            break
        untold = left
    yield from leading.values()
    yield from (row for number, row in enumerate(rows()) if number not in leading)


def _misleading(value: object) -> bool:
    """True for text that looks like a number or a truth value."""
    return isinstance(value, str) and (
        value.lower() in ("true", "false") or not any(char.isalpha() for char in value)
    )


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Rows as CSV, without formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        writer.writerows(map(_cells, some))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cells(row: Row) -> Row:
    """The row without formulas; the csv module writes nothing for None."""
    return [
        ZERO_WIDTH_SPACE + value
        if isinstance(value, str) and value.startswith(FORMULA_STARTS)
        else value
        for value in row
    ]
