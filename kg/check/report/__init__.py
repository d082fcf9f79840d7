"""A check's result for people and programs: page, workbook, tables, graphs, reports of tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kg.check.findings import Report
from kg.check.report import (
    as_csv,
    as_dqv,
    as_github,
    as_json,
    as_junit,
    as_markdown,
    as_rdf,
    as_sarif,
    as_xlsx,
    page,
    worklists,
)
from kg.check.report.as_rdf import quads
from kg.check.report.console import compared, table, verdict
from kg.check.report.overview import Overview, overview

__all__ = [
    "FILES",
    "STREAMS",
    "Overview",
    "compared",
    "overview",
    "quads",
    "table",
    "verdict",
    "write",
    "write_tables",
    "write_texts",
]

Lines = Callable[[Overview], Iterable[str]]

TEXTS: Mapping[str, Lines] = {
    "index.html": lambda view: [page.html(view)],
    "findings.csv": as_csv.lines,
    "findings.json": as_json.lines,
    "findings.jsonl": as_json.finding_lines,
    "report.md": as_markdown.lines,
    "junit.xml": as_junit.lines,
    "findings.sarif": as_sarif.lines,
    "report.ttl": as_rdf.lines,
    "quality.ttl": as_dqv.lines,
}
WORKBOOK = "findings.xlsx"
WORKLISTS = "worklists"  # a folder
FILES = (*TEXTS, WORKBOOK, WORKLISTS)

# What ``kg check --format`` prints.
STREAMS: Mapping[str, Lines] = {
    "github": as_github.lines,
    "json": as_json.lines,
    "jsonl": as_json.finding_lines,
    "csv": as_csv.lines,
    "markdown": as_markdown.lines,
    "junit": as_junit.lines,
    "sarif": as_sarif.lines,
}


def write(report: Report | Overview, folder: Path) -> list[str]:
    """Write all ``FILES`` into ``folder``, anew; what comes back says what their limits left out.

    Equal reports give equal bytes, whatever the order of their parts.
    """
    view = report if isinstance(report, Overview) else overview(report)
    return [*write_texts(view, folder), *write_tables(view, folder)]


def write_texts(view: Overview, folder: Path) -> list[str]:
    """Write the ``TEXTS``, which have no limits."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in TEXTS.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines(view))
    return []


def write_tables(view: Overview, folder: Path) -> list[str]:
    """Write the workbook and the worklists; what comes back says what their limits left out."""
    folder.mkdir(parents=True, exist_ok=True)
    notes = as_xlsx.write(view, folder / WORKBOOK)
    return [*notes, *worklists.write(view.report, folder / WORKLISTS, rollups=view.rollups)]
