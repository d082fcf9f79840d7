"""Extractors: one module per registry, from decoded text to typed records.

To add a registry, write a module with the members of ``Extractor`` and name it in ``EXTRACTORS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from kg.errors import RecordError
from kg.extractors import chictr, clinconnect
from kg.fields import Fields, Log, Raw
from kg.issues import Issue
from kg.model import Record


class Extractor(Protocol):
    """What a module of this folder has to offer."""

    TITLE: str

    def recognises(self, text: str) -> bool:
        """Whether the text is one of this source's, told by its content, never by a name."""
        ...

    def raws(self, text: str) -> Iterator[Raw]:
        """The raw tree of each record in the text."""
        ...

    def record(self, f: Fields) -> Record:
        """The record that one raw tree holds. Raises RecordError when it cannot be named."""
        ...


EXTRACTORS: dict[str, Extractor] = {"chictr": chictr, "clinconnect": clinconnect}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One raw tree read: its record (None: it cannot be named), issues, and what stayed unread."""

    record: Record | None
    issues: Sequence[Issue]
    unread: Sequence[tuple[str, int]]  # path and line
    left_out: Sequence[str]  # paths with a value that is left out on purpose
    cells: int  # values the source prints


def extractor_of(text: str) -> Extractor | None:
    """The extractor that knows this text."""
    return next((e for e in EXTRACTORS.values() if e.recognises(text)), None)


def extractions(text: str, file: str, sha256: str) -> Iterator[Extraction]:
    """Every record of a text that some extractor recognises; nothing for other text."""
    extractor = extractor_of(text)
    if extractor is None:
        return
    for raw in extractor.raws(text):
        yield _extraction(extractor, raw, file, sha256)


def _extraction(extractor: Extractor, raw: Raw, file: str, sha256: str) -> Extraction:
    log = Log(file)
    for note in raw.notes:
        log.report(note.kind, note.label, note.line, note.value, note.expected)
    f = Fields(raw.tree, registry=raw.registry, log=log)
    record: Record | None = None
    try:
        record = extractor.record(f)
    except RecordError as error:
        log.report("not a record", "", 0, "", str(error))
    unread = tuple(f.unread())
    for path, line in unread:
        log.report("unknown label", path, line, "", "no extractor reads this field yet")
    issues: Sequence[Issue] = log.issues
    if record is not None:
        name = f"{record.publisher}:{record.local_id}"
        issues = [issue._replace(record=name) for issue in log.issues]
        version = replace(
            record.version,
            source_file=file,
            source_sha256=sha256,
            unparsed_labels=_distinct(i.field for i in issues if i.kind == "unknown label"),
            unparsed_words=_distinct(
                f"{i.field}: {i.value}" for i in issues if i.kind == "unknown word"
            ),
        )
        record = replace(record, version=version)
    return Extraction(
        record=record,
        issues=issues,
        unread=unread,
        left_out=tuple(f.skipped()),
        cells=f.printed(),
    )


def _distinct(found: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))
