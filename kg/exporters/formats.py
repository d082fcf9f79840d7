"""Formats that the graph is written in.

To add one, write a function from ``GraphSource`` and ``Path`` and name it in ``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import ToolError
from kg.exporters.gexf import write_gexf
from kg.exporters.graphml import write_graphml
from kg.exporters.graphology import write_graphology
from kg.exporters.jsonld import write_jsonld
from kg.exporters.part import Shown
from kg.exporters.rdf import write_nquads, write_ntriples
from kg.exporters.source import GraphSource
from kg.exporters.tables import table_paths, write_csv, write_edges, write_nodes
from kg.exporters.turtle import write_trig, write_turtle


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write the graph. ``keeps`` says what a reader of the file can still know."""

    name: str
    suffix: str
    write: Callable[[GraphSource, Path], None]
    description: str
    keeps: str
    takes_view: bool = False
    file: str = "graph"  # the name that a build gives it, before the suffix


_ALL = "every statement"
_VIEW = "trials and entities of one view, with their direct edges"

FORMATS = (
    Format(
        name="nquads",
        suffix=".nq",
        write=write_nquads,
        description="N-Quads, one sorted line per statement: for triple stores and diff",
        keeps=f"{_ALL}, with the record version that makes it",
    ),
    Format(
        name="trig",
        suffix=".trig",
        write=write_trig,
        description="TriG, short names, graph by graph: for people",
        keeps=f"{_ALL}, with the record version that makes it",
    ),
    Format(
        name="turtle",
        suffix=".ttl",
        write=write_turtle,
        description="Turtle, short names, in reading order: for people",
        keeps=f"{_ALL} once, without the record version that makes it",
    ),
    Format(
        name="ntriples",
        suffix=".nt",
        write=write_ntriples,
        description="N-Triples, one sorted line per statement",
        keeps=f"{_ALL} once, without the record version that makes it",
    ),
    Format(
        name="jsonld",
        suffix=".jsonld",
        write=write_jsonld,
        description="JSON-LD 1.1, indented, with its context inside",
        keeps=f"{_ALL}, with the record version that makes it",
    ),
    Format(
        name="gexf",
        suffix=".gexf",
        write=write_gexf,
        description="GEXF 1.3, placed and coloured: for Gephi and Gephi Lite",
        keeps=_VIEW,
        takes_view=True,
    ),
    Format(
        name="graphml",
        suffix=".graphml",
        write=write_graphml,
        description="GraphML: for Cytoscape, igraph, yEd, Gephi",
        keeps=_VIEW,
        takes_view=True,
    ),
    Format(
        name="graphology",
        suffix=".json",
        write=write_graphology,
        description="JSON of graphology: for Gephi Lite and sigma",
        keeps=_VIEW,
        takes_view=True,
    ),
)


CSV = Format(
    name="csv",
    suffix=".csv",
    write=write_csv,
    description="two tables, nodes and edges: for Gephi's spreadsheet import and Excel",
    keeps=_VIEW,
    takes_view=True,
)
TABLES = (
    replace(CSV, file="nodes", write=write_nodes, description="CSV, one row per node"),
    replace(CSV, file="edges", write=write_edges, description="CSV, one row per edge"),
)


# What serves those who ask for files of these endings.
_SPREADSHEET = "for a spreadsheet write .csv with --excel; "
_DRAWN = "for a picture open a .gexf in Gephi, which draws it; "
_INSTEAD = dict.fromkeys((".xlsx", ".xls", ".ods", ".tsv"), _SPREADSHEET)
_INSTEAD |= dict.fromkeys((".png", ".svg", ".pdf", ".jpg"), _DRAWN)


class IdleOption(ToolError):
    """An option changes nothing in what is asked for: who gave it meant something else."""

    def __init__(self, option: str, what: str) -> None:
        super().__init__(f"{option} changes nothing in {what}")
        self.option = option


def refuse_idle(
    paths: Sequence[Path],
    *,
    view: bool,
    shown: Shown,
    excel: bool,
    same_as: bool,
) -> None:
    """Raise IdleOption for an option that is given and changes none of the files at ``paths``."""
    formats = [format_of(path) for path in paths]
    files = ", ".join(map(str, paths))
    pictures = any(one.takes_view for one in formats)
    for option, given, told in (
        ("view", view, pictures),
        *((option, bool(given), pictures) for option, given in shown.items()),
        ("excel", excel, any(one.suffix == CSV.suffix for one in formats)),
        ("same_as", same_as, not all(one.takes_view for one in formats)),
    ):
        if given and not told:
            raise IdleOption(option, files)
    refuse_idle_depth(shown, files)


def refuse_idle_depth(shown: Shown, what: str) -> None:
    """Raise IdleOption for a depth around nothing."""
    if "depth" in shown and not shown.get("around"):
        raise IdleOption("depth", f"{what} without around")


def format_named(name: str) -> Format:
    """The format of that name."""
    known = (*FORMATS, CSV)
    for one in known:
        if one.name == name:
            return one
    raise ToolError(f"no format {name!r}; known formats: {', '.join(f.name for f in known)}")


def format_of(path: Path) -> Format:
    """The format that the ending of a file name asks for; ``.gz`` after it means compressed.

    ``nodes.csv`` and ``edges.csv`` are one table each, any other ``.csv`` stands for both. Endings
    may be in capitals.
    """
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    for one in (*FORMATS, *TABLES, CSV):
        if one.suffix == bare.suffix.lower() and (one not in TABLES or one.file == bare.stem):
            return one
    endings = ", ".join(f.suffix for f in (*FORMATS, CSV))
    instead = _INSTEAD.get(bare.suffix.lower(), "")
    raise ToolError(
        f"{path.name}: no exporter for {bare.suffix!r}; {instead}known endings: {endings}"
    )


def files_of(path: Path) -> tuple[Path, ...]:
    """The files that are written where ``path`` is asked for."""
    return table_paths(path) if format_of(path) is CSV else (path,)


def formats_named(name: str) -> tuple[Format, ...]:
    """The formats that a word of ``--formats`` stands for: ``csv`` is two tables.

    Raises ToolError for a word that names none.
    """
    if name.lower() == "csv":
        return TABLES
    found = [f for f in FORMATS if f.suffix == f".{name.lower()}"]
    if not found:
        known = ", ".join(["csv", *(f.suffix[1:] for f in FORMATS)])
        raise ToolError(f"no format {name!r}; known formats: {known}")
    return (found[0],)
