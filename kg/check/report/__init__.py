"""A check's result for people and programs: page, spreadsheet, JSON, Turtle, console table."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from kg.check.findings import Report
from kg.check.report import as_csv, as_json, as_rdf, page
from kg.check.report.as_rdf import FINDINGS, quads
from kg.check.report.console import table, verdict
from kg.check.report.overview import overview

__all__ = ["FINDINGS", "quads", "replace", "table", "verdict", "write"]


def write(report: Report, folder: Path) -> None:
    """Write index.html, findings.csv, findings.json and report.ttl into ``folder``.

    Equal reports give equal bytes, whatever the order of their parts.
    """
    view = overview(report)
    folder.mkdir(parents=True, exist_ok=True)
    texts: dict[str, Iterable[str]] = {
        "index.html": [page.html(view)],
        "findings.csv": as_csv.lines(view),
        "findings.json": as_json.lines(view),
        "report.ttl": as_rdf.lines(view),
    }
    for name, pieces in texts.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)


def replace(report: Report, folder: Path) -> None:
    """``write`` over an older report: its files stay whole until all the new ones are."""
    making = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    try:
        write(report, making)
        folder.mkdir(exist_ok=True)
        for file in sorted(making.iterdir()):
            os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(making, ignore_errors=True)
