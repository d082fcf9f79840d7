"""From files to statements: every source read, every record crossed, one version of each kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.extractors import extractions, extractor_of
from kg.issues import Issue
from kg.sources import Source, Unreadable, decoded, removed_characters, sources, stranger
from kg.statements import Crossed, crossed


class FileRead(NamedTuple):
    """One file of the input: what it gave."""

    file: str
    sha256: str
    records: tuple[str, ...]  # "chictr:ChiCTR2699990001"
    values: int  # values that the source prints
    left_out: int  # values left out on purpose
    unread: int  # values that no extractor reads


class Version(NamedTuple):
    """A record version with where it came from."""

    crossed: Crossed
    name: str  # "chictr:ChiCTR2699990001"
    file: str
    sha256: str


@dataclass(slots=True)
class Reading:
    """All that was read."""

    versions: list[Version] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)

    @property
    def unreadable(self) -> int:
        """Files that could not be opened or decoded."""
        return sum(issue.kind == "unreadable" for issue in self.issues)


Progress = Callable[[str, int], None]


def read(
    paths: Iterable[Path], stdin: BinaryIO | None = None, progress: Progress | None = None
) -> Reading:
    """Every record of every file, with issues. One bad file or record does not stop the others."""
    reading = Reading()
    for n, found in enumerate(sources(paths, stdin), start=1):
        if isinstance(found, Issue):
            reading.issues.append(found)
        else:
            _read_one(found, reading)
        if progress:
            progress("reading", n)
    return reading


def _read_one(source: Source, reading: Reading) -> None:
    file, sha256 = source.file, source.sha256
    names: list[str] = []
    values = left_out = unread = 0
    try:
        text, encoding = decoded(source.data)
    except Unreadable as error:
        reading.issues.append(Issue(file, 0, "", "unreadable", "", "", str(error)))
        reading.files.append(FileRead(file, sha256, (), 0, 0, 0))
        return
    if extractor_of(text) is None:
        reading.issues.append(Issue(file, 0, "", "not a record", "", "", stranger(text)))
    for extraction in extractions(text, file, sha256):
        reading.issues += extraction.issues
        values += extraction.cells
        left_out += len(extraction.left_out)
        unread += len(extraction.unread)
        if extraction.record is None:
            continue
        name = f"{extraction.record.publisher}:{extraction.record.local_id}"
        made = crossed(extraction.record)
        reading.issues += _removed(made, name, file)
        reading.versions.append(Version(made, name, file, sha256))
        names.append(name)
    if names:
        if issue := removed_characters(file, text):
            reading.issues.append(issue._replace(record=names[0]))
        if encoding != "utf-8":
            note = f"read as {encoding}; UTF-8 is safer"
            reading.issues.append(Issue(file, 0, names[0], "other encoding", "", encoding, note))
    reading.files.append(FileRead(file, sha256, tuple(names), values, left_out, unread))


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
        reading.versions, key=lambda v: (-len(v.crossed.quads), v.sha256, v.file)
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
