"""One round of questions to one registry: ask what is not here yet, keep it, count it.

A round is one pass over what the user asked for. It goes on where an interrupted one stopped: an
answer that is on disk, with its bytes as they came, is not asked for again.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from kg.counted import counted
from kg.fetch.hosts import joined
from kg.fetch.http import Answer, Client, Refused, Request, Unanswered, path_of
from kg.fetch.kept import Kept
from kg.fetch.manifest import Entry

MOST_PROBLEMS = 50  # lines on a screen
MOST_EMPTY = 3  # pages in a row without a new trial number before a list is left


class Page(NamedTuple):
    """What an answer holds: trial numbers, the announced total, what names the page after it."""

    ids: tuple[str, ...]
    total: int | None = None
    next: str = ""
    bad: int = 0  # entries without a trial number
    also: tuple[str, ...] = ()  # former numbers of these trials
    states: tuple[str, ...] = ()  # beside ids, where the list tells when a record changed


class Stopped(Exception):
    """The round does not go on; why stands in the outcome. ``over``: resuming would not help."""

    def __init__(self, *, over: bool = False):
        super().__init__()
        self.over = over


@dataclass
class Outcome:
    """What a fetch came to. ``problems`` are lines for the user; none means complete."""

    registry: str
    folder: Path
    announced: int | None = None  # by the registry, of what was asked for in this round
    arrived: int = 0  # distinct trial numbers in this round
    new: int = 0  # answers that were not here before, or changed
    unchanged: int = 0  # asked again, with the same answer
    known: int = 0  # answers of this round that an earlier run had fetched
    requests: int = 0
    bytes: int = 0
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return not self.problems

    def lines(self, *, quiet: bool = False) -> Iterator[str]:
        """What the user is told: remarks, counts, problems; problems only when ``quiet``."""
        if not quiet:
            yield from self.remarks
            told = "" if self.announced is None else f"{self.announced:,} announced, "
            yield (
                f"{told}{self.arrived:,} arrived; answers: {self.new:,} new, "
                f"{self.unchanged:,} unchanged, {self.known:,} here already; "
                f"{counted(self.requests, 'request')}, {counted(self.bytes, 'byte')}; "
                f"kept in {self.folder}"
            )
        yield from self.problems[:MOST_PROBLEMS]
        if len(self.problems) > MOST_PROBLEMS:
            yield f"… and {counted(len(self.problems) - MOST_PROBLEMS, 'more problem')}"
        if self.problems:
            yield "not complete"


@dataclass
class Wanted:
    """What the user asks a registry for, and how: all of it where no field says less."""

    base: str
    expression: str = ""
    ids: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()  # of a list of addresses and numbers
    most: int | None = None  # studies, then stop
    page_size: int = 0
    restart: bool = False


class Asking:
    """One registry at one address, with its folder; see ``Round`` for the questions."""

    def __init__(
        self,
        wanted: Wanted,
        kept: Kept,
        client: Client,
        outcome: Outcome,
        licence: str,
        progress: Callable[[str, int], None] | None,
    ) -> None:
        self.wanted, self.kept, self.client = wanted, kept, client
        self.outcome, self.licence = outcome, licence
        self._progress = progress

    def progress(self, what: str, done: int) -> None:
        """Tell a waiting user how far this is."""
        if self._progress is not None:
            self._progress(what, done)

    def time(self) -> str:
        return self.client.clock.now().isoformat(timespec="seconds")

    def request(self, path: str, sent: object = None) -> Request:
        """A request to a path (with its query) below the registry's address."""
        body = b"" if sent is None else json.dumps(sent, sort_keys=True).encode()
        return Request(joined(self.wanted.base, path), body)

    def question(self, *what: object) -> str:
        """A short key of what is asked for: the same words, the same key."""
        text = json.dumps([self.wanted.base, *what], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:10]

    def unfinished(self, question: str) -> Entry | None:
        """The round of a question that an earlier run left unfinished, unless told to restart."""
        begun = self.kept.manifest.last_round(question)
        if begun is None or self.kept.manifest.end_of(begun) or self.wanted.restart:
            return None
        self.outcome.remarks.append(f"going on with the fetch begun {begun.time}")
        return begun

    def begun(
        self, question: str, words: str, *, version: str = "", since: str = "", page_size: int = 0
    ) -> Entry:
        """A new round of a question, written to the manifest."""
        last = self.kept.manifest.last_round(question)
        entry = Entry(
            "round",
            self.time(),
            question,
            last.round + 1 if last else 1,
            words,
            version=version,
            since=since,
            page_size=page_size,
            licence=self.licence,
        )
        self.kept.manifest.add(entry)
        return entry

    def ended(self, begun: Entry, total: int | None, arrived: int) -> None:
        """Write that a round is over; it is complete when there was no problem."""
        entry = Entry("end", self.time(), begun.question, begun.round, total=total, arrived=arrived)
        self.kept.manifest.add(replace(entry, complete=self.outcome.complete))

    def answer(
        self,
        begun: Entry,
        request: Request,
        read: Callable[[Answer], Page],
        name: Callable[[bytes, Page], str],
        *,
        state: str = "",
    ) -> Entry:
        """The line of an answer of this round: what is here already, or what comes now.

        An earlier answer makes the request conditional, and its file stays where the bytes are
        the same. Raises Refused and Unanswered; a refusal is written down.
        """
        here = self.kept.manifest.of_round(begun, request)
        if here and here.what == "answer" and self.kept.holds(here):
            self.outcome.known += 1
            return here
        if here and here.what == "refused" and here.final:
            raise Refused(here.why, here.status, final=True)
        old = self.kept.manifest.latest(request)
        if old is not None and not self.kept.holds(old):
            old = None
        try:
            came, page = self.client.ask(request, read, _validators(old))
        except Refused as error:
            self._write(
                Entry("refused", "", status=error.status, why=str(error), final=error.final),
                begun,
                request,
            )
            raise
        if page is None:  # 304: what is here is still so
            assert old is not None
            held = old
            self.outcome.unchanged += 1
        else:
            held = self._held(came.body, page, old, name)
        entry = replace(
            held,
            status=came.status,
            state=state,
            licence=self.licence,
            etag=came.headers.get("etag", "") or held.etag,
            modified=came.headers.get("last-modified", "") or held.modified,
        )
        return self._write(entry, begun, request)

    def _write(self, entry: Entry, begun: Entry, request: Request) -> Entry:
        """The line of what a request of this round came to, now in the manifest."""
        written = replace(
            entry,
            time=self.time(),
            question=begun.question,
            round=begun.round,
            method=request.method,
            address=request.address,
            sent=request.sent.decode(),
        )
        self.kept.manifest.add(written)
        return written

    def _held(
        self, body: bytes, page: Page, old: Entry | None, name: Callable[[bytes, Page], str]
    ) -> Entry:
        """What came, put on the disk unless it is there already: its file and what it holds."""
        sha256 = hashlib.sha256(body).hexdigest()
        if old is not None and old.sha256 == sha256:
            file = old.file
            self.outcome.unchanged += 1
        else:
            file = name(body, page)
            self.kept.write(file, body)
            self.outcome.new += 1
        return Entry(
            "answer", "",
            sha256=sha256, size=len(body), file=file,
            ids=page.ids, also=page.also, states=page.states,
            total=page.total, next=page.next, bad=page.bad,
        )  # fmt: skip


def _validators(old: Entry | None) -> dict[str, str]:
    if old is None:
        return {}
    given = {"If-None-Match": old.etag, "If-Modified-Since": old.modified}
    return {name: value for name, value in given.items() if value}


class Tally:
    """What the pages of a round brought together, and whether it is what was announced."""

    def __init__(self) -> None:
        self.times: Counter[str] = Counter()  # how often each trial number came
        self.totals: list[int] = []  # announced, each change once
        self.pages = self.bad = 0

    def take(self, entry: Entry) -> int:
        """Count a page in; how many trial numbers on it are new."""
        before = len(self.times)
        self.times.update(entry.ids)
        self.pages += 1
        self.bad += entry.bad
        if entry.total is not None and self.totals[-1:] != [entry.total]:
            self.totals.append(entry.total)
        return len(self.times) - before

    @property
    def total(self) -> int | None:
        return self.totals[-1] if self.totals else None

    def problems(self, what: str) -> Iterable[str]:
        """Lines that say what does not agree; ``what`` names the things counted."""
        arrived = len(self.times)
        if self.bad:
            yield f"{self.bad:,} entries without a trial number came; they are in the raw pages"
        if len(self.totals) > 1:
            told = " to ".join(f"{total:,}" for total in self.totals)
            yield f"the announced total changed from {told} {what} while pages came: run it again"
        if self.total is None:
            yield f"no total was announced; {arrived:,} {what} arrived, nobody can say if all"
        elif arrived < self.total:
            missing = self.total - arrived
            yield f"{self.total:,} {what} announced, {arrived:,} arrived: {missing:,} are missing"
        elif arrived > self.total:
            yield f"{self.total:,} {what} announced, but {arrived:,} arrived"

    def repeated(self, what: str) -> Iterable[str]:
        """A remark where trial numbers came on more than one page or twice on one."""
        twice = sum(times > 1 for times in self.times.values())
        if twice:
            yield f"{twice:,} {what} came more than once; kg build keeps one state of each"


def walk(
    asking: Asking,
    begun: Entry,
    tally: Tally,
    what: str,
    request: Callable[[str], Request],
    read: Callable[[Answer], Page],
    name: Callable[[int, Page], str],
) -> Iterator[Entry]:
    """Every page of a list, from the first to the one that names no next; counted in ``tally``.

    ``request`` makes the request of a page from what names it ("" for the first). Raises Stopped
    at the user's cap, when a page cannot be had, and when pages lead in a circle.
    """
    at, seen, empty = "", {""}, 0
    outcome, most = asking.outcome, asking.wanted.most
    for number in count(1):
        asked = request(at)
        try:
            entry = asking.answer(begun, asked, read, partial(_named, name, number))
        except (Refused, Unanswered) as error:
            anew = (
                "; --restart begins at page 1" if number > 1 and isinstance(error, Refused) else ""
            )
            outcome.problems.append(
                f"page {number} ({path_of(asked.address)[:200]}): {error}{anew}"
            )
            raise Stopped from None
        empty = 0 if tally.take(entry) else empty + 1
        asking.progress(f"of {_number(tally.total)} {what}:", len(tally.times))
        yield entry
        if not entry.next:
            return
        if most is not None and len(tally.times) >= most:
            outcome.remarks.append(
                f"stopped at the cap: {len(tally.times):,} of {_number(tally.total)} {what}; "
                f"the same command without --max goes on from here"
            )
            raise Stopped
        if entry.next in seen or empty == MOST_EMPTY:
            outcome.problems.append(f"page {number} leads in a circle: it brought nothing new")
            raise Stopped(over=True)
        at = entry.next
        seen.add(at)


def _named(name: Callable[[int, Page], str], number: int, _: bytes, page: Page) -> str:
    return name(number, page)


def _number(total: int | None) -> str:
    return "an unknown number of" if total is None else f"{total:,}"
