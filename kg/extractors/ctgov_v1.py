"""Studies of ClinicalTrials.gov as version 1 of its API gave them, until June 2024.

The structure is that of version 2 under other names, with a list inside an object of its own
(``ConditionList.Condition[]``); ``ontology/ctgov-v1-names.tsv`` gives the names. Paths are those
of version 2. No study of this version was at hand: names and structure are the registry's own
tables of both versions.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

from kg.extractors.ctgov import read
from kg.extractors.ctgov_projection import WHOLE_V1, is_whole, note
from kg.fields import Fields
from kg.model import Record
from kg.resources import folder
from kg.sources.items import Item
from kg.sources.trees import Raw, Tree

TITLE = "ClinicalTrials.gov, API version 1"


def knows(item: Item) -> bool:
    """Whether a JSON object holds a study of version 1 of the API."""
    return item.kind == "json" and (
        "ProtocolSection" in item.tree or "ProtocolSection" in _study(item.tree)
    )


def raw(item: Item) -> Raw:
    """The study under the names of version 2; a name that no table knows stays as it is."""
    study = item.tree if "ProtocolSection" in item.tree else _study(item.tree)
    tree = _renamed(study)
    return Raw(tree, "ctgov", () if is_whole(tree, WHOLE_V1) else (note(item.line),))


def record(f: Fields) -> Record:
    """The record of one study."""
    return read(f, whole=is_whole(f, WHOLE_V1))


def _study(tree: Tree) -> Tree:
    study = tree.get("Study")
    return study if isinstance(study, dict) else {}


@cache
def _names() -> dict[str, str]:
    path = folder("ontology") / "ctgov-v1-names.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["v1"]: row["v2"] for row in rows}


def _renamed(node: Any) -> Any:
    if isinstance(node, list):
        return [_renamed(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for name, value in node.items():
        label: str = name
        if name.endswith("List") and isinstance(value, dict) and len(value) == 1:
            ((label, value),) = value.items()
        made[_names().get(label, label)] = _renamed(value)
    return made
