"""What became of every value of a file, for tests of extractors."""

from __future__ import annotations

from pathlib import Path

from conftest import extracted

from kg.accounts import account
from kg.extraction import Extraction
from kg.said import JOINED
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
