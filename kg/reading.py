"""From files to statements: every source read, every record crossed, one version of each kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from kg.accounts import Accounts, account
from kg.extraction import Extraction, extractions
from kg.issues import Issue
from kg.said import JOINED
from kg.sources import Source, sources
from kg.statements import Crossed, crossed
from kg.trees import without_indices

State = Literal["built", "partly built", "refused"]


class FileRead(NamedTuple):
    """One file of the input: what it gave, and why not more."""

    file: str
    sha256: str
    records: tuple[str, ...]  # "chictr:ChiCTR2699990001"
    values: int  # values that the source prints
    left_out: int  # values left out on purpose
    unread: int  # values that no extractor reads
    state: State
    reasons: tuple[str, ...]  # why it is refused or built in part


class Version(NamedTuple):
    """A record version with where it came from."""

    crossed: Crossed
    name: str  # "chictr:ChiCTR2699990001"
    file: str
    sha256: str
    place: str  # in the file


@dataclass(slots=True)
class Reading:
    """All that was read."""

    versions: list[Version] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    accounts: Accounts = field(default_factory=dict)
    unknown: dict[tuple[str, str], _Unknown] = field(default_factory=dict)

    @property
    def unreadable(self) -> int:
        """Files that could not be opened or decoded."""
        return sum(issue.kind == "unreadable" for issue in self.issues)


@dataclass(slots=True)
class _Unknown:
    """A field that no extractor reads: how often, and where first."""

    file: str
    record: str
    line: int
    count: int = 0


Progress = Callable[[str, int], None]
# Issues about a file itself: what they leave behind is less than the file.
_LESS = ("not a record", "unreadable", "page cut", "projected")


def read(
    paths: Iterable[Path], stdin: BinaryIO | None = None, progress: Progress | None = None
) -> Reading:
    """Every record of every file, with issues. One bad file or record does not stop the others."""
    reading = Reading()
    for n, found in enumerate(sources(paths, stdin), start=1):
        if isinstance(found, Issue):
            reading.issues.append(found)
            reading.files.append(
                FileRead(found.file, "", (), 0, 0, 0, "refused", (found.expected,))
            )
        else:
            _read_one(found, reading, progress)
        if progress:
            progress("reading", n)
    reading.issues += _unknown_fields(reading)
    return reading


def _read_one(source: Source, reading: Reading, progress: Progress | None) -> None:
    names: list[str] = []
    values = left_out = unread = 0
    reasons: dict[str, None] = {}
    for found in extractions(source):
        issues = [found] if isinstance(found, Issue) else list(found.issues)
        reading.issues += issues
        reasons.update(dict.fromkeys(i.expected for i in issues if i.kind in _LESS))
        if isinstance(found, Issue):
            continue
        values += len(found.leaves)
        left_out += len(found.left_out)
        unread += len(found.unread)
        if found.record is None:
            continue
        name = f"{found.record.publisher}:{found.record.local_id}"
        made = crossed(found.record)
        reading.issues += _removed(made, name, source.file)
        place = found.record.version.source_place or ""
        reading.versions.append(Version(made, name, source.file, source.sha256, place))
        names.append(name)
        _account(found, made, name, reading)
        if progress and len(names) % 100 == 0:
            progress("reading records", len(reading.versions))
    state: State = "refused" if not names else "partly built" if reasons else "built"
    reading.files.append(
        FileRead(
            source.file,
            source.sha256,
            tuple(names),
            values,
            left_out,
            unread,
            state,
            tuple(reasons),
        )
    )


def _account(found: Extraction, made: Crossed, name: str, reading: Reading) -> None:
    log = found.log
    refused = {path for issue in found.issues for path in issue.field.split(JOINED)}
    account(
        found.source,
        found.leaves,
        read=log.read,
        contacts=log.contacts,
        refused=refused,
        lines=made.lines,
        into=reading.accounts,
    )
    if not found.is_page:
        for path, line in found.unread:
            key = (found.source, without_indices(path))
            reading.unknown.setdefault(key, _Unknown(log.file, name, line or log.line)).count += 1


def _unknown_fields(reading: Reading) -> list[Issue]:
    """One issue for each field of a JSON, XML or table source that nobody reads, with its count."""
    return [
        Issue(
            first.file, first.line, first.record, "unknown label", path, f"{first.count} times",
            f"no extractor reads this field of {source} yet",
        )
        for (source, path), first in sorted(reading.unknown.items())
    ]  # fmt: skip


def _removed(made: Crossed, name: str, file: str) -> list[Issue]:
    lines = {line.field: line.line for line in reversed(made.lines)}
    return [
        Issue(
            file, lines.get(field_name, 0), name, "contact removed", field_name, "",
            "an e-mail address, telephone number or address inside text; it is not published",
        )
        for field_name in sorted(set(made.masked))
    ]  # fmt: skip


def kept(reading: Reading, *, history: bool) -> tuple[list[Version], list[Issue]]:
    """One reading of each record version, and with ``history`` all versions, else the newest.

    Of several files with the same version the one that says most is kept (then the smallest
    checksum): a cut copy never replaces a whole one, and the order of files does not matter.
    """
    issues = []
    best: dict[str, Version] = {}
    for version in sorted(
        reading.versions, key=lambda v: (-len(v.crossed.quads), v.sha256, v.place, v.file)
    ):
        first = best.setdefault(version.crossed.version, version)
        if first is not version:
            issues.append(
                Issue(
                    version.file, 0, version.name, "second copy", "", "",
                    f"{first.file} gives the same record version and says at least as much",
                )
            )  # fmt: skip
    newest: dict[str, Version] = {}
    for version in sorted(best.values(), key=lambda v: v.crossed.version):
        newest[version.crossed.record] = version
    if history:
        return sorted(best.values(), key=lambda v: v.crossed.version), issues
    for version in best.values():
        latest = newest[version.crossed.record]
        if latest is not version:
            issues.append(
                Issue(
                    version.file, 0, version.name, "older version", "", "",
                    f"{latest.file} holds a newer one; --history keeps both",
                )
            )  # fmt: skip
    return sorted(newest.values(), key=lambda v: v.crossed.version), issues


def sorted_issues(issues: Sequence[Issue]) -> list[Issue]:
    """Issues by record, line and field: an order that does not hang on file names."""
    return sorted(set(issues), key=lambda i: (i.record, i.line, i.field, *i[3:], i.file))


def by_kind(issues: Iterable[Issue]) -> dict[str, int]:
    """How many issues of each kind, sorted by kind."""
    return dict(sorted(Counter(issue.kind for issue in issues).items()))
