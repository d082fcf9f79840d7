"""One graph of clinical trials, hospitals, ethics committees and people from registry records.

    import kg

    kg.build(["records/"], out="exports/mine", as_of="2026-11-22")
    g = kg.open("exports/mine")
    for row in g.query("trials-per-hospital"):
        ...
    network = g.networkx("trial-hospital-committee-investigator")

Nothing heavy is imported until it is needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.outputs.graph import Graph

__version__ = "0.1.0"
__all__ = ["__version__", "build", "open"]


def build(
    paths: str | PathLike[str] | Iterable[str | PathLike[str]],
    out: str | PathLike[str],
    **options: Any,
) -> Graph:
    """Build a graph from files, folders, archives and URLs of such, and open it.

    ``paths`` is one of them or several. ``options`` are the fields of ``kg.pipeline.Options``:
    ``as_of``, ``formats``, ``check``, ``profile``, ``waivers``, ``history``, ``force`` …; formats
    also as the command line takes them (``"gexf,csv"``), files by name. Raises
    ``kg.errors.ToolError`` when there is nothing to build.
    """
    from kg.errors import ToolError
    from kg.pipeline import Options
    from kg.pipeline import build as make
    from kg.sources.remote import Remote, place

    given = [place(path) for path in _several(paths)]
    to = place(fspath(out))
    if isinstance(to, Remote):
        raise ToolError(f"{to.shown}: only a folder of this machine can be opened; kg build -o URL")
    for name in _FILES & options.keys():
        options[name] = None if options[name] is None else Path(options[name])
    if "shapes" in options:
        options["shapes"] = tuple(map(Path, _several(options["shapes"])))
    if isinstance(formats := options.get("formats", ()), str):
        options["formats"] = tuple(filter(None, map(str.strip, formats.split(","))))
    return open(make(given, to, Options(**options)).out)


_FILES = {"waivers", "baseline", "ledger", "overrides", "ror"}  # options that are one file


def _several(paths: str | PathLike[str] | Iterable[str | PathLike[str]]) -> list[str]:
    """One path or several: a text is one, for going through it would name its letters."""
    if isinstance(paths, str | PathLike):
        return [fspath(paths)]
    return [fspath(path) for path in paths]


def open(folder: str | PathLike[str]) -> Graph:
    """A graph that ``kg build`` wrote. Raises ``kg.errors.ToolError`` when there is none."""
    from kg.outputs.graph import Graph

    return Graph(Path(folder))
