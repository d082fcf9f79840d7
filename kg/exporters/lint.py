"""What is wrong with a graph file, whoever made it: GEXF, GraphML or CSV.

Each check names something that a tool drops, refuses or misreads without saying so.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from kg.errors import ToolError
from kg.exporters import lint_csv, lint_gexf, lint_graphml
from kg.exporters.lint_tally import Tally

CHECKS: dict[str, Callable[[Path, Tally], None]] = {
    ".gexf": lint_gexf.check,
    ".graphml": lint_graphml.check,
    ".csv": lint_csv.check,
}


def problems(path: Path) -> list[str]:
    """One line per sort of problem, with its first place and a count; empty for a clean file."""
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    ending = bare.suffix.lower()
    if ending not in CHECKS:
        raise ToolError(f"{path.name}: no checks for {bare.suffix!r}; known: {', '.join(CHECKS)}")
    tally = Tally()
    try:
        CHECKS[ending](path, tally)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ToolError(f"{path}: cannot be read: {reason}") from error
    return tally.lines()
