"""The two files of identity beside the data: the ledger of ids and the overrides of people.

The ledger is written with the output or not at all: beside its place while the build runs, moved
there right before the output. A kill between the two costs nothing: the same build gives the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kg.building.output import synced
from kg.errors import ToolError
from kg.issues import Issue
from kg.namespaces import ID
from kg.resolve import Ledger, Override
from kg.resolve import ledger as ledgers
from kg.resolve import overrides as people
from kg.running.locks import locked

OVERRIDES = "overrides.tsv"  # beside the ledger


@dataclass(slots=True)
class Kept:
    """The ledger of a build: ``known`` is what the last one left."""

    path: Path | None
    known: Ledger

    @property
    def _beside(self) -> Path:
        assert self.path is not None
        return self.path.with_name(f".{self.path.name}.new")

    def write(self, made: Ledger) -> None:
        """Write what the next build reads, not yet in its place."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._beside.open("w", encoding="utf-8", newline="") as file:
                file.writelines(made.text())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ToolError(f"{self.path}: {error.strerror or error}") from None

    def publish(self) -> None:
        """Put it in its place, in one step."""
        if self.path is None:
            return
        try:
            self._beside.replace(self.path)
            synced(self.path.parent)  # the output that shows these ids comes next
        except OSError as error:
            raise ToolError(f"{self.path}: {error.strerror or error}") from None


@contextmanager
def kept(path: Path | None) -> Iterator[Kept]:
    """The ledger at ``path``, nobody else's while the block runs; an empty one without a path.

    Raises ToolError where another build has it or the file is no ledger. A block that fails leaves
    the ledger as it was.
    """
    if path is None:
        yield Kept(None, Ledger())
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror or error}") from None
    with locked(path.with_name(f".{path.name}.lock"), f"{path}: "):
        found = Kept(path, ledgers.read(path))
        try:
            yield found
        finally:
            with suppress(OSError):
                found._beside.unlink(missing_ok=True)


def decisions(ledger: Path | None, overrides: Path | None) -> tuple[Override, ...]:
    """The rows of the overrides file that is named, or else lies beside the ledger."""
    if overrides is None:
        if ledger is None or not (ledger.parent / OVERRIDES).is_file():
            return ()
        overrides = ledger.parent / OVERRIDES
    return people.read(overrides)


def issues(gone: Iterable[Override]) -> Iterator[Issue]:
    """An issue for each row whose subject or object is not there: it changes nothing."""
    for made in gone:
        file, _, line = made.where.rpartition(":")
        named = ", ".join(iri.removeprefix(ID) for iri in (made.subject, made.object))
        yield Issue(
            file=file,
            line=int(line),
            record="",
            kind="not there",
            field=made.predicate,
            value=named,
            expected="a mention, record or entity of these records; the row changes nothing",
        )


def add_decision(path: Path, line: str) -> bool:
    """Add a row to the overrides; False where the file says so already.

    The file is made where there is none, and replaced in one step. Raises ToolError where the row
    contradicts another one, naming both.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.with_name(f".{path.name}.lock"), f"{path}: "):
            head = "\t".join(people.COLUMNS) + "\n"
            text = path.read_text(encoding="utf-8") if path.exists() else head
            said = line.split("\t")[:4]
            if any(row.split("\t")[:4] == said for row in text.splitlines()):
                return False
            beside = path.with_name(f".{path.name}.new")
            whole = text if text.endswith("\n") else text + "\n"
            beside.write_text(whole + line, encoding="utf-8")
            try:
                people.checked(people.read(beside, path.name))
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror or error}") from None
    return True
