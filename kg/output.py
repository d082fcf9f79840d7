"""The folder that a build writes: made beside its place, moved there when it is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kg.errors import ToolError

MANIFEST = "manifest.json"


@contextmanager
def replacing(out: Path, *, force: bool = False) -> Iterator[Path]:
    """An empty folder that takes the place of ``out`` when the block ends without an error.

    Readers see the old folder or the new one. Raises ToolError where ``out`` holds anything that
    no build wrote (unless ``force``), and where the disk refuses.
    """
    out = Path(os.path.abspath(out))
    making, old = (out.with_name(f".{out.name}.{word}") for word in ("new", "old"))
    try:
        if not out.exists() and old.exists():  # a build was killed between its two moves
            old.rename(out)
        may_replace(out, force)
        for left in (making, old):
            shutil.rmtree(left, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        making.mkdir()
    except OSError as error:
        raise ToolError(f"{out}: {error.strerror}") from None
    try:
        yield making
        if out.exists():
            out.rename(old)
        making.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ToolError(f"{out}: {error.strerror or error}") from None
    finally:  # gone already when all went well
        shutil.rmtree(making, ignore_errors=True)


def may_replace(out: Path, force: bool) -> None:
    """Raise ToolError where ``out`` holds anything that no build wrote, unless ``force``."""
    if not out.exists() or force:
        return
    if not out.is_dir():
        raise ToolError(f"{out} is a file; name a folder")
    if any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise ToolError(f"{out} holds files that kg did not write; name another folder or --force")


def write_lines(lines: Iterable[str], path: Path) -> None:
    """Write a text file of these lines, each with its line end."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def write_json(value: Any, path: Path) -> None:
    """Write JSON that people can read: sorted keys, two blanks, a line end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def json_line(value: Any) -> str:
    """One line of JSON, keys in the order given, with its line end."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def read_json(path: Path) -> Any:
    """What ``write_json`` wrote."""
    return json.loads(path.read_text(encoding="utf-8"))
