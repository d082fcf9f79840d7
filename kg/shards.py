"""One shard read: records crossed to N-Quads on disk, and an index of them in memory.

From file to N-Quads nothing grows with the corpus but this index. Printed contacts never reach the
disk unless they are asked for; identity gets keyed digests of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg import contacts
from kg.accounts import Accounts, account
from kg.contacts import ContactKey
from kg.cutting import Stripe, Task
from kg.errors import ToolError
from kg.extraction import Extraction, extractions
from kg.issues import Issue
from kg.said import JOINED
from kg.sources import Source, sources, unreadable
from kg.statements import Crossed, crossed
from kg.trees import without_indices


class Block(NamedTuple):
    """A piece of a file on disk: UTF-8 text of whole lines."""

    file: str
    start: int
    size: int

    def text(self) -> str:
        """The text. Raises ToolError when the file is gone."""
        if not self.size:
            return ""
        try:
            with Path(self.file).open("rb") as file:
                file.seek(self.start)
                return file.read(self.size).decode()
        except OSError as error:
            raise ToolError(f"{self.file}: {error.strerror}") from None


class Version(NamedTuple):
    """A record version: where it comes from, and where its statements lie."""

    record: str  # IRI
    version: str  # IRI, the name of its graph
    name: str  # "chictr:ChiCTR2699990001"
    newest_day: str
    statements: int
    file: str
    sha256: str
    place: str  # in the file
    quads: Block
    lines: Block  # rows of lines.tsv
    contacts: Block  # quads of the contact graph; empty unless asked for
    keys: Mapping[str, frozenset[ContactKey]]  # by mention
    places: frozenset[str]  # quads of places that no table of ours holds


class FilePart(NamedTuple):
    """What a shard read of one file. ``order`` is the file's place, with its place in archives."""

    order: tuple[int, int]
    file: str
    sha256: str
    records: tuple[tuple[int, str], ...] = ()  # place in the file, name
    values: int = 0
    left_out: int = 0
    unread: int = 0
    reasons: tuple[tuple[int, str], ...] = ()  # place in the file, why it is not built whole


class Unknown(NamedTuple):
    """A field that no extractor reads: where first, by the order of names, and how often."""

    record: str
    line: int
    sha256: str
    file: str
    times: int

    def and_also(self, other: Unknown) -> Unknown:
        """Both, told at the place that comes first whatever the order of files."""
        return min(self, other)._replace(times=self.times + other.times)


def refused(order: tuple[int, int], issue: Issue) -> FilePart:
    """A file that could not be opened."""
    return FilePart(order, issue.file, "", reasons=((0, issue.expected),))


@dataclass(slots=True)
class Shard:
    """All that was read of one shard; small beside what lies on disk."""

    versions: list[Version] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[FilePart] = field(default_factory=list)
    accounts: Accounts = field(default_factory=dict)
    unknown: dict[tuple[str, str], Unknown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class How:
    """How to read: the key of contact digests, and whether contacts are written."""

    secret: bytes
    contacts: bool = False


_BUFFER = 1024 * 1024  # bytes of statements that wait to be written
# Issues about a file itself: what they leave behind is less than the file.
_LESS = ("not a record", "unreadable", "page cut", "projected")


def read_shard(
    task: Task,
    into: Path,
    how: How,
    *,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Shard:
    """Read one shard; its statements are written to the file ``into``.

    One bad file or record does not stop the others. ``progress`` hears how many records are read.
    Raises ToolError when the disk refuses.
    """
    shard = Shard()
    try:
        with into.open("wb", buffering=_BUFFER) as file:
            for number, path in task.files:
                stripe = Stripe(task.stripe, task.stripes)
                for n, found in enumerate(sources([path], stdin)):
                    order, at = (number, n), file.tell()
                    part = _Part(shard, order, stripe, file, at, str(into), how, progress)
                    part.read(found)
    except OSError as error:
        raise ToolError(f"{into}: {error.strerror or error}") from None
    return shard


@dataclass(slots=True)
class _Part:
    """The reading of one file, as far as it is this shard's."""

    shard: Shard
    order: tuple[int, int]
    stripe: Stripe
    out: BinaryIO
    at: int  # how many bytes ``out`` holds: asking it takes a call of the system
    into: str
    how: How
    progress: Callable[[int], None] | None

    def read(self, source: Source | Issue) -> None:
        """Read the file; what cannot be read on the way is an issue."""
        if isinstance(source, Issue):
            if self.stripe.first:
                self.shard.issues.append(source)
                self.shard.files.append(refused(self.order, source))
            return
        part = FilePart(self.order, source.file, source.sha256)
        records: list[tuple[int, str]] = []
        reasons: dict[str, int] = {}
        start = self.stripe.seen
        for found in self._extractions(source):
            # What is told of the file stands behind the record that was read before it.
            at = 2 * (self.stripe.seen - start) + isinstance(found, Issue)
            issues = [found] if isinstance(found, Issue) else list(found.issues)
            self.shard.issues += issues
            for issue in issues:
                if issue.kind in _LESS:
                    reasons.setdefault(issue.expected, at)
            if isinstance(found, Issue):
                continue
            part = part._replace(
                values=part.values + len(found.leaves),
                left_out=part.left_out + len(found.left_out),
                unread=part.unread + len(found.unread),
            )
            if found.record is not None:
                records.append((at, self._write(found, source)))
        told = tuple((at, why) for why, at in reasons.items())
        self.shard.files.append(part._replace(records=tuple(records), reasons=told))

    def _extractions(self, source: Source) -> Iterator[Extraction | Issue]:
        """The records of a file; a disk or network that fails on the way ends it, as an issue."""
        found = extractions(source, self.stripe)
        while True:
            try:
                one = next(found, None)
            except (OSError, MemoryError) as error:
                yield unreadable(source.file, f"reading stopped: {type(error).__name__}")
                return
            if one is None:
                return
            yield one

    def _write(self, found: Extraction, source: Source) -> str:
        record = found.record
        assert record is not None
        name = f"{record.publisher}:{record.local_id}"
        made = crossed(record)
        self.shard.issues += _removed(made, name, source.file)
        self.shard.versions.append(
            Version(
                record=made.record,
                version=made.version,
                name=name,
                newest_day=made.newest_day,
                statements=len(made.quads),
                file=source.file,
                sha256=source.sha256,
                place=record.version.source_place or "",
                quads=self._block(made.quads),
                lines=self._block([line.row() for line in made.lines]),
                contacts=self._block(made.contacts if self.how.contacts else ()),
                keys={
                    mention: digests
                    for mention, channels in made.channels.items()
                    if (digests := contacts.keys(channels, self.how.secret))
                },
                places=made.places,
            )
        )
        self._account(found, made, name, source.sha256)
        if self.progress and len(self.shard.versions) % 100 == 0:
            self.progress(len(self.shard.versions))
        return name

    def _block(self, lines: Iterable[str]) -> Block:
        data = "".join(lines).encode()
        start, size = self.at, len(data)
        self.out.write(data)
        self.at += size
        return Block(self.into, start, size)

    def _account(self, found: Extraction, made: Crossed, name: str, sha256: str) -> None:
        log = found.log
        account(
            found.source,
            found.leaves,
            read=log.read,
            contacts=log.contacts,
            refused={path for issue in found.issues for path in issue.field.split(JOINED)},
            lines=made.lines,
            into=self.shard.accounts,
        )
        if found.is_page:
            return
        for path, line in found.unread:
            key = (found.source, without_indices(path))
            one = Unknown(name, line or log.line, sha256, log.file, 1)
            known = self.shard.unknown.get(key)
            self.shard.unknown[key] = one if known is None else known.and_also(one)


def _removed(made: Crossed, name: str, file: str) -> list[Issue]:
    if not made.masked:
        return []
    lines = {line.field: line.line for line in reversed(made.lines)}
    return [
        Issue(
            file, lines.get(field_name, 0), name, "contact removed", field_name, "",
            "an e-mail address, telephone number or address inside text; it is not published",
        )
        for field_name in sorted(set(made.masked))
    ]  # fmt: skip
