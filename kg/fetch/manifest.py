"""The manifest of a fetch: one line of JSON per round, answer and refusal, in order of time.

A line is on the disk before the next request goes out. A line that a kill left half written is cut
off when the file is opened again: its request is asked again, nothing else is.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import BinaryIO

from kg.errors import ToolError
from kg.fetch.http import Request

NAME = ".manifest.jsonl"  # hidden: kg build reads no hidden file
_FILE = re.compile(r"\.?[A-Za-z0-9][A-Za-z0-9.-]*")  # names that this package gives


@dataclass(frozen=True)
class Entry:
    """One line. Fields that say nothing are left out of the file.

    ``what``: ``round`` (a fetch began), ``answer``, ``refused`` (no record came), ``end`` (the
    round is over; ``total`` announced, ``arrived`` counted), ``unchanged`` (nothing new to ask).
    """

    what: str
    time: str  # UTC
    question: str = ""  # key of what was asked for
    round: int = 0
    words: str = ""  # the question as the user put it
    version: str = ""  # state of the registry when the round began, by its own word
    since: str = ""  # the round asks only for what changed since this day
    page_size: int = 0
    method: str = ""
    address: str = ""
    sent: str = ""  # what a POST sent, as text
    status: int = 0
    sha256: str = ""
    size: int = 0  # bytes
    file: str = ""
    ids: tuple[str, ...] = ()  # trial numbers in the answer
    also: tuple[str, ...] = ()  # former numbers of these trials
    states: tuple[str, ...] = ()  # beside ids: what a list says of each, changed when it changes
    total: int | None = None  # as announced
    arrived: int | None = None  # distinct trial numbers
    next: str = ""  # what names the page that follows
    bad: int = 0  # entries of a page without a trial number
    state: str = ""  # of a record, as the list said it when the record was asked for
    etag: str = ""
    modified: str = ""  # Last-Modified
    why: str = ""
    final: bool = False  # asking again would not change a refusal
    complete: bool = False  # all that was announced arrived
    licence: str = ""

    @property
    def request(self) -> Request:
        return Request(self.address, self.sent.encode())


_DEFAULTS = {f.name: f.default for f in fields(Entry) if f.default is not MISSING}
_LISTS = ("ids", "also", "states")
_TYPES = {
    **{f.name: (str,) for f in fields(Entry)},
    **dict.fromkeys(("round", "page_size", "status", "size", "bad"), (int,)),
    **dict.fromkeys(("total", "arrived"), (int, type(None))),
    **dict.fromkeys(("final", "complete"), (bool,)),
    **dict.fromkeys(_LISTS, (list,)),
}


def _entry(line: bytes) -> Entry | None:
    """A line as it was written; None for a line that is damaged or of another program."""
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            return None
        known = {name: value for name, value in row.items() if name in _TYPES}
        if not all(isinstance(value, _TYPES[name]) for name, value in known.items()):
            return None
        known |= {name: tuple(map(str, known.get(name, ()))) for name in _LISTS}
        found = Entry(**known)
    except (ValueError, TypeError, RecursionError):
        return None
    return found if not found.file or _FILE.fullmatch(found.file) else None


class Manifest:
    """What one registry's folder knows of its past requests; locked while it is open.

    Raises ToolError where the disk refuses or another fetch writes here.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.damaged = 0  # lines that could not be read, the half-written last one included
        self._rounds: dict[str, Entry] = {}
        self._ends: dict[tuple[str, int], Entry] = {}
        self._of_round: dict[tuple[str, int, Request], Entry] = {}
        self._latest: dict[Request, Entry] = {}
        self._by_sha: dict[str, Entry] = {}
        try:
            self._file: BinaryIO = path.open("a+b")
            _lock(self._file, path)
            self._load()
        except OSError as error:
            raise ToolError(f"{path}: {error.strerror or error}") from None

    def close(self) -> None:
        self._file.close()

    def _load(self) -> None:
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                self.damaged += 1
                break
            whole += len(line)
            entry = _entry(line)
            if entry is None:
                self.damaged += 1
            else:
                self._take(entry)
        self._file.truncate(whole)

    def _take(self, entry: Entry) -> None:
        of_round = (entry.question, entry.round)
        if entry.what == "round":
            self._rounds[entry.question] = entry
        elif entry.what == "end":
            self._ends[of_round] = entry
        elif entry.what == "answer":
            self._of_round[(*of_round, entry.request)] = entry
            self._latest[entry.request] = entry
            self._by_sha[entry.sha256] = entry
        elif entry.what == "refused":
            self._of_round[(*of_round, entry.request)] = entry

    def add(self, entry: Entry) -> None:
        """Write one line; it is on the disk when this returns."""
        row = {k: v for k, v in asdict(entry).items() if k not in _DEFAULTS or v != _DEFAULTS[k]}
        try:
            self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise ToolError(f"{self.path}: {error.strerror or error}") from None
        self._take(entry)

    def last_round(self, question: str) -> Entry | None:
        """The line that began the last round of a question."""
        return self._rounds.get(question)

    def end_of(self, begun: Entry) -> Entry | None:
        """The line that ended a round; None while it is unfinished."""
        return self._ends.get((begun.question, begun.round))

    def of_round(self, begun: Entry, request: Request) -> Entry | None:
        """What a round already has for a request: an answer or a refusal."""
        return self._of_round.get((begun.question, begun.round, request))

    def latest(self, request: Request) -> Entry | None:
        """The last answer to a request, in whatever round."""
        return self._latest.get(request)

    def holding(self, sha256: str) -> Entry | None:
        """An answer that had these bytes."""
        return self._by_sha.get(sha256)


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # no such lock on this system: two fetches at once are the user's care
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ToolError(f"{path.parent}: another kg fetch is writing here") from None
