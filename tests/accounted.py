"""What became of every value of a file, for tests of extractors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conftest import extracted

from kg.extractors import page_extractor
from kg.reading.accounts import account
from kg.reading.extraction import Extraction, _extraction
from kg.said import JOINED
from kg.sources.files import Source
from kg.sources.trees import Cell, Raw
from kg.statements import crossed


def faults(found: Extraction) -> dict[str, str]:
    """The fields that are read by nobody, or read and nowhere."""
    assert found.record is not None
    refused = {path for issue in found.issues for path in issue.field.split(JOINED)}
    accounts = account(
        found.source,
        found.leaves,
        read=found.log.read,
        contacts=found.log.contacts,
        refused=refused,
        lines=crossed(found.record).lines,
        into={},
    )
    return {
        path: "unread" if row.unread else "lost"
        for (_, path), row in accounts.items()
        if row.unread or row.lost
    }


def faults_of(path: Path) -> dict[str, str]:
    """The same for all records of a file."""
    every: dict[str, str] = {}
    for found in extracted(path.read_bytes(), path.name):
        every.update(faults(found))
    return every


def pages_without_one_value(text: str, nothing: str) -> Iterator[tuple[str, Extraction]]:
    """A page read with one value after another replaced by ``nothing``, and which value it was."""
    known = page_extractor(text)
    assert known is not None
    name, extractor = known
    (raw,) = extractor.raws(text)
    for where, tree in _without_one(raw.tree, nothing):
        changed: Raw = raw._replace(tree=tree)
        source = Source.of("page.txt", text.encode())
        yield where, _extraction(name, extractor, changed, source, b"", is_page=True)


def _without_one(node: Any, nothing: str) -> Iterator[tuple[str, Any]]:
    """Every copy of a tree in which one printed value is ``nothing``."""
    if isinstance(node, Cell):
        if node.text:
            yield "", node._replace(text=nothing)
    elif isinstance(node, Mapping):
        for label, inner in node.items():
            for where, changed in _without_one(inner, nothing):
                yield f"{label}.{where}", {**node, label: changed}
    else:
        for n, inner in enumerate(node):
            for where, changed in _without_one(inner, nothing):
                yield f"{n}.{where}", [*node[:n], changed, *node[n + 1 :]]
