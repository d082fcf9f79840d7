"""What was sent where: a small database beside the build, and the plan of one push drawn from it.

A graph is marked as unconfirmed, on disk, before the first request that changes it goes out, and as
confirmed after the store has taken all of it. So whatever a kill leaves half done is done again.
Names of graphs and checksums are all it holds: no statements, no names of users, no passwords.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import ToolError
from kg.push.grouping import Group

FORMAT = 1
_BATCH = 500  # rows that are read at once
_SCHEMA = """
CREATE TABLE IF NOT EXISTS graphs (
    endpoint TEXT NOT NULL,
    graph TEXT NOT NULL,
    confirmed TEXT NOT NULL,  -- SHA-256 of its N-Triples in the store; '': not known to be whole
    sending TEXT NOT NULL,    -- SHA-256 of what is being sent, '' once confirmed
    taken INTEGER NOT NULL,   -- bytes of it that the store has taken
    PRIMARY KEY (endpoint, graph)
) WITHOUT ROWID
"""
_PLAN = """
CREATE TABLE plan.graphs (
    number INTEGER PRIMARY KEY,
    graph TEXT NOT NULL UNIQUE,
    start INTEGER NOT NULL,
    size INTEGER NOT NULL,
    statements INTEGER NOT NULL,
    sha256 TEXT NOT NULL
)
"""
_CHANGED = """
SELECT p.number, p.graph, p.start, p.size, p.statements, p.sha256,
       CASE WHEN j.sending = p.sha256 THEN j.taken ELSE 0 END AS taken,
       j.graph IS NULL AS new
FROM plan.graphs p LEFT JOIN main.graphs j ON j.endpoint = ? AND j.graph = p.graph
WHERE p.number > ? AND (? OR j.graph IS NULL OR j.confirmed <> p.sha256)
ORDER BY p.number LIMIT ?
"""
_UNCHANGED = """
SELECT COUNT(*) FROM plan.graphs p JOIN main.graphs j
ON j.endpoint = ? AND j.graph = p.graph AND j.confirmed = p.sha256
"""
_GONE = """
SELECT graph FROM main.graphs
WHERE endpoint = ? AND graph > ? AND graph NOT IN (SELECT graph FROM plan.graphs)
ORDER BY graph LIMIT ?
"""


class Task(NamedTuple):
    """A graph to send, and how many bytes of it the store has taken already.

    ``new``: the journal does not know it, so we never tried to put it there.
    """

    group: Group
    taken: int
    new: bool


class Journal:
    """What the store at ``endpoint`` holds of ours; locked while it is open.

    ``path`` None: nothing is known and nothing is kept. ``plan`` is a file for this push only.
    Raises ToolError where the disk refuses, or another push writes here.
    """

    def __init__(self, path: Path | None, endpoint: str) -> None:
        self.path, self.endpoint = path, endpoint
        with self._telling(), ExitStack() as unless_opened:
            self._db = sqlite3.connect(path or ":memory:", timeout=0, isolation_level=None)
            unless_opened.callback(self._db.close)
            self._open()
            unless_opened.pop_all()

    def _open(self) -> None:
        run = self._db.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        (found,) = run("PRAGMA user_version").fetchone()
        if found not in (0, FORMAT):
            raise ToolError(f"{self.path}: a journal of another version of kg")
        with self.saving():  # the first write takes the lock
            run(_SCHEMA)
            run(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise ToolError(f"{self.path}: another kg push is writing here") from None
            raise ToolError(f"{self.path}: {error}") from None

    @contextmanager
    def saving(self) -> Iterator[None]:
        """What is written inside is on the disk when the block ends, all or nothing."""
        with self._telling(), self._db:  # commits, or rolls back what an error stopped
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the plan ---------------------------------------------------------------------------------

    def plan(self, groups: Iterable[Group], file: Path) -> None:
        """Take down what the store is to hold."""
        with self._telling():
            self._db.execute("ATTACH ? AS plan", (str(file),))
            self._db.execute("PRAGMA plan.journal_mode = OFF")  # it is thrown away with its folder
            self._db.execute("PRAGMA plan.synchronous = OFF")
            self._db.execute(_PLAN)
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT INTO plan.graphs (graph, start, size, statements, sha256) "
                "VALUES (?, ?, ?, ?, ?)",
                groups,
            )
            self._db.execute("COMMIT")

    def changed(self, *, anew: bool = False) -> Iterator[Task]:
        """Every graph that is not known to be in the store as it is here, in the plan's order.

        ``anew``: as if nothing were known.
        """
        at = 0
        while rows := self._rows(_CHANGED, at, anew):
            for row in rows:
                at, graph, start, size, statements, sha256, taken, new = row
                group = Group(graph, start, size, statements, sha256)
                yield Task(group, 0 if anew else taken, bool(new))

    def gone(self) -> Iterator[str]:
        """Graphs that we put into the store and that are not to be there any more."""
        at = ""
        while rows := self._rows(_GONE, at):
            for (at,) in rows:
                yield at

    def _rows(self, query: str, *sought: int | str) -> list[tuple[Any, ...]]:
        with self._telling():
            return self._db.execute(query, (self.endpoint, *sought, _BATCH)).fetchall()

    def unchanged(self) -> int:
        """How many graphs are known to be in the store as they are here."""
        with self._telling():
            (found,) = self._db.execute(_UNCHANGED, (self.endpoint,)).fetchone()
        return int(found)

    # -- what happens -----------------------------------------------------------------------------

    def begin(self, graph: str, sha256: str, taken: int = 0) -> None:
        """Say that a graph is about to change: nothing is confirmed of it. '': it is deleted."""
        self._db.execute(
            "INSERT OR REPLACE INTO main.graphs VALUES (?, ?, '', ?, ?)",
            (self.endpoint, graph, sha256, taken),
        )

    def take(self, graph: str, taken: int) -> None:
        """Say that the store has so many bytes of a graph."""
        self._db.execute(
            "UPDATE main.graphs SET taken = ? WHERE endpoint = ? AND graph = ?",
            (taken, self.endpoint, graph),
        )

    def confirm(self, graph: str) -> None:
        """Say that the store has all of a graph."""
        self._db.execute(
            "UPDATE main.graphs SET confirmed = sending, sending = '', taken = 0 "
            "WHERE endpoint = ? AND graph = ?",
            (self.endpoint, graph),
        )

    def forget(self, graph: str) -> None:
        """Say that the store holds no graph of ours by this name."""
        self._db.execute(
            "DELETE FROM main.graphs WHERE endpoint = ? AND graph = ?", (self.endpoint, graph)
        )

    def doubt(self) -> None:
        """Confirm nothing any more; which graphs are ours stays known."""
        with self.saving():
            self._db.execute(
                "UPDATE main.graphs SET confirmed = '', sending = '', taken = 0 WHERE endpoint = ?",
                (self.endpoint,),
            )
