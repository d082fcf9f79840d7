"""Samples with one value after another blanked: no other value may become unaccounted for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

from accounted import faults
from conftest import extracted
from ctgov_studies import changed, places

NOTHING = ("", "N/A")


def _json(data: bytes) -> Iterator[tuple[str, bytes]]:
    tree = json.loads(data)
    for way in places(tree):
        for nothing in NOTHING:
            yield f"{way} = {nothing!r}", json.dumps(changed(tree, way, nothing)).encode()


def _xml(data: bytes) -> Iterator[tuple[str, bytes]]:
    for found in re.finditer(rb">([^<>]*[^<>\s][^<>]*)<", data):
        for nothing in NOTHING:
            made = data[: found.start(1)] + nothing.encode() + data[found.end(1) :]
            yield f"{found[1]!r} = {nothing!r}", made


def _csv(data: bytes) -> Iterator[tuple[str, bytes]]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    heading = 1 if "TrialID" in rows[0] else 0
    for n, row in enumerate(rows[heading:], start=heading):
        for at, cell in enumerate(row):
            for nothing in NOTHING if cell.strip() else ():
                made = io.StringIO()
                kept = [*row[:at], nothing, *row[at + 1 :]]
                csv.writer(made).writerows([*rows[:n], kept, *rows[n + 1 :]])
                yield f"row {n}, column {at} = {nothing!r}", made.getvalue().encode()


_HOW = {".json": _json, ".xml": _xml, ".csv": _csv}


def made_unaccounted(sample: Path) -> dict[str, set[str]]:
    """What becomes lost or unread beside each value that is blanked, by that value."""

    def told(data: bytes) -> set[str]:
        read_here = [e for e in extracted(data, sample.name) if e.record is not None]
        return {f"{path} {fault}" for e in read_here for path, fault in faults(e).items()}

    before = told(sample.read_bytes())
    after = (
        (place, told(data) - before) for place, data in _HOW[sample.suffix](sample.read_bytes())
    )
    return {place: paths for place, paths in after if paths}
