"""An earlier report, ``findings.json``, read one rule, record or finding at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import ToolError
from kg.sources.files import Unreadable
from kg.sources.items import Broken
from kg.sources.json_items import members

FILE = "findings.json"

Parts = Iterator[tuple[str, Iterator[Any]]]
"""``run``, ``rules``, ``records``, ``groups``, ``findings``, each with its rows."""


@contextmanager
def parts(file: Path) -> Iterator[Parts]:
    """The parts of a report in their order; what the block does not take costs no memory.

    Raises ToolError, on one line, for a file that is missing or broken, and where the block finds
    that something in it is of another form (a KeyError, TypeError, AttributeError or ValueError).
    """
    try:
        with file.open("rb") as stream:
            yield members(stream)
    except OSError as error:
        raise ToolError(f"{file}: {error.strerror}") from error
    except (Broken, Unreadable, KeyError, TypeError, AttributeError, ValueError) as error:
        said = " ".join(str(error).split())
        raise ToolError(f"{file}: no {FILE} of kg check: {said}") from error
