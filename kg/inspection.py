"""What people who write extractors look at: one file's records, golden texts, counts."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph

from kg.contacts.masking import Channel, Mask
from kg.issues import Issue
from kg.model import Part
from kg.names.public_names import public_names
from kg.namespaces import BASE, ID, PREFIXES
from kg.reading.extraction import Extraction, extractions
from kg.said import Said
from kg.sources.files import sources
from kg.statements import Crossed, crossed
from kg.values import PartialDate

if TYPE_CHECKING:
    from kg.outputs.graph import Graph


def extracted(file: Path, stdin: BinaryIO, *, contacts: bool) -> tuple[str, list[Issue]]:
    """The records of a file as JSON text, and issues about files that hold none."""
    found: list[dict[str, Any]] = []
    problems: list[Issue] = []
    for source in sources([file], stdin):
        if isinstance(source, Issue):
            problems.append(source)
            continue
        for extraction in extractions(source):
            if isinstance(extraction, Issue):
                problems.append(extraction)
            else:
                found.append(_as_json(extraction, contacts))
    return json.dumps(found, ensure_ascii=False, indent=2), problems


def _as_json(extraction: Extraction, contacts: bool) -> dict[str, Any]:
    record = extraction.record
    mask = Mask() if record is None else Mask(_channels(record), public_names(record))
    return {
        "record": None if record is None else _value(record, mask, contacts),
        "issues": [issue.without_contacts(mask)._asdict() for issue in extraction.issues],
        "unread": [{"field": mask[path], "line": line} for path, line in extraction.unread],
        "left out": [mask[path] for path in extraction.left_out],
    }


def _channels(part: Any) -> list[Channel]:
    if isinstance(part, Channel):
        return [part]
    if isinstance(part, Part):
        part = [getattr(part, f.name) for f in dataclasses.fields(part)]
    if isinstance(part, list | tuple):
        return [channel for item in part for channel in _channels(item)]
    return []


def _value(value: Any, mask: Mask, contacts: bool) -> Any:
    """A value of the model as JSON; contacts only on request."""
    if isinstance(value, Channel):
        return {"kind": value.sort, "value": value.value if contacts else "[not shown]"}
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Said):
        inner = _value(value.value, mask, contacts)
        return {"value": inner, "line": value.line}
    if isinstance(value, str):
        return value if contacts else mask[value]
    if isinstance(value, Decimal):
        return float(value)
    if dataclasses.is_dataclass(value):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {n: _value(v, mask, contacts) for n, v in pairs if v is not None and v != ()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        pairs = value._asdict().items()
        return {n: _value(v, mask, contacts) for n, v in pairs if v is not None}
    if isinstance(value, tuple | list):
        return [_value(item, mask, contacts) for item in value]
    return value


def golden(sample: Path) -> str:
    """What a sample becomes: issues, unread and left-out fields as comments, then its graph."""
    texts = []
    for source in sources([sample]):
        if isinstance(source, Issue):
            texts.append(_comments([source]))
            continue
        found = list(extractions(source))
        texts.append(_comments([one for one in found if isinstance(one, Issue)]))
        for extraction in found:
            if isinstance(extraction, Issue):
                continue
            texts.append(_comments(extraction.issues))
            texts += [f"# unread {path}\n" for path, _ in extraction.unread]
            texts += [f"# left out {path}\n" for path in extraction.left_out]
            if extraction.record is not None:
                made = crossed(extraction.record)
                texts += [f"# contact removed {name}\n" for name in sorted(set(made.masked))]
                texts.append(_trig(made))
    return "".join(texts)


def _comments(issues: Any) -> str:
    return "".join(f"# {str(issue).replace(chr(10), chr(10) + '#')}\n" for issue in issues)


def _trig(made: Crossed) -> str:
    """One record version as TriG, with prefixes made for it so that lines stay short."""
    registry, number = made.record.removeprefix(f"{ID}record/").split("/")
    prefixes = {
        "v": f"{made.record}/",
        "rec": f"{ID}record/{registry}/",
        "m": f"{ID}mention/{registry}/{number}/",
        "run": f"{ID}run/",
        **PREFIXES,
    }
    text = "".join(made.quads)
    used = {name: address for name, address in prefixes.items() if f"<{address}" in text}
    quads = list(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    found = pyoxigraph.serialize(
        quads, format=pyoxigraph.RdfFormat.TRIG, prefixes=used, base_iri=BASE
    )
    return (found or b"").decode()


COLUMNS = ("values", "in_graph", "blank", "issue", "contact", "left_out", "unread", "lost")


def accounts_of(graph: Graph) -> list[dict[str, Any]]:
    """What became of every value, by source and field, as the build wrote it."""
    with (graph.folder / "accounts.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            {name: int(v) if v.isdigit() and name not in TEXTS else v for name, v in row.items()}
            for row in rows
        ]


TEXTS = ("source", "path", "why")


def accounts_table(rows: list[dict[str, Any]], all_fields: bool) -> list[str]:
    """The accounts as lines of text: sums by source, or every field of every source.

    What nobody reads, what was lost and why a field is left out is always named field by field.
    """
    sums: dict[str, Counter[str]] = {}
    for row in rows:
        sums.setdefault(row["source"], Counter()).update(
            {c: row[c] for c in (*COLUMNS, "statements")}
        )
    heads = (*COLUMNS, "statements")
    lines = ["values by source", " " * 16 + "".join(f"{head:>11}" for head in heads)]
    for source, counted in sorted(sums.items()):
        lines.append(f"  {source:<14}" + "".join(f"{counted[head]:>11,}" for head in heads))
        for row in rows:
            if row["source"] == source and (all_fields or row["unread"] or row["lost"]):
                lines.append("".join(f"{row[head]:>11,}" for head in heads) + f"  {row['path']}")
    reasons: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["left_out"]:
            key = (row["source"], row["why"])
            reasons[key] = reasons.get(key, 0) + row["left_out"]
    if reasons:
        lines.append("left out on purpose")
        lines += [
            f"  {source:<14}{number:>11,}  {why}"
            for (source, why), number in sorted(reasons.items())
        ]
    return lines


def statistics(graph: Graph) -> dict[str, dict[str, int]]:
    """Counts of a build: what it read, what it holds, what went wrong, what was found."""
    manifest = graph.manifest
    files = manifest["inputs"]
    read = {
        "files": len(files),
        "files with records": sum(bool(file["records"]) for file in files),
        "values printed in them": sum(file["values"] for file in files),
        "values left out on purpose": sum(file["left_out"] for file in files),
        "values that no extractor reads": sum(file["unread"] for file in files),
    }
    registries = Counter(
        name.split(":")[0] for name in {name for file in files for name in file["records"]}
    )
    by_graph: Counter[str] = Counter()
    for line in graph.nquads():
        name = line[line.rindex(" <") + 2 : -4].removeprefix(BASE)
        by_graph[name if name.startswith("graph/") else "record versions"] += 1
    found = {
        "read": read,
        "records": dict(sorted(registries.items())),
        "graph": dict(manifest["counts"]),
        "statements": dict(sorted(by_graph.items())),
        "issues": dict(manifest["issues"]),
    }
    if manifest["findings"] is not None:
        found["findings"] = dict(manifest["findings"])
    return found
