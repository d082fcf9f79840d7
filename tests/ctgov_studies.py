"""Invented studies of ClinicalTrials.gov, and what became of every value that they print."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from conftest import ROOT, extracted

from kg.reading.accounts import Account, account
from kg.reading.extraction import Extraction
from kg.said import JOINED
from kg.statements import crossed

RECORDS = ROOT.parent / "shared" / "records"
FIELDS = ROOT.parent / "shared" / "reference" / "ctgov_v2_fields.tsv"
Step = str | int


def study(**modules: Any) -> dict[str, Any]:
    """A study of version 2 with these modules of its protocol; always whole, never a projection."""
    number = {"nctId": "NCT09999901", **modules.pop("identificationModule", {})}
    return {
        "protocolSection": {"identificationModule": number, **modules},
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-09-15"}},
        "hasResults": False,
    }


def read(tree: Any) -> Extraction:
    """What is read of one JSON object."""
    (found,) = extracted(json.dumps(tree), "study.json")
    return found


def accounts(found: Extraction) -> dict[str, Account]:
    """What became of each value, by path."""
    assert found.record is not None
    return {
        path: row
        for (_, path), row in account(
            found.source,
            found.leaves,
            read=found.log.read,
            contacts=found.log.contacts,
            refused={path for issue in found.issues for path in issue.field.split(JOINED)},
            lines=crossed(found.record).lines,
            into={},
        ).items()
    }


def places(node: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The way to every leaf of a JSON object."""
    if isinstance(node, dict | list):
        for step, inner in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(inner, (*path, step))
    else:
        yield path


def changed(tree: Any, path: tuple[Step, ...], value: Any) -> Any:
    """A JSON object with another value at one place; the rest is shared with the given one."""
    made = copy.copy(tree)
    inner = made
    for step in path[:-1]:
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    inner[path[-1]] = value
    return made
