"""``runs.jsonl``: one line for each check, kept by whoever asks for it with ``--runs``.

A line holds no time of day: as-of date, checksums and counts. The same check leaves one line
however often it is run.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.check.report.overview import Overview
from kg.errors import ToolError


def line(view: Overview) -> dict[str, Any]:
    """What a check found, in numbers: six counts per rule, as in ``findings.json``."""
    report = view.report
    return {
        "as_of": report.as_of,
        "versions": dict(sorted(report.versions.items())),
        "parameters": dict(sorted(report.parameters.items())),
        "records": len(view.records),
        "found": view.sums._asdict(),
        "rules": {
            r.rule.id: {
                "passed": r.counts.passed,
                "failed": r.counts.failed,
                "waived": r.counts.waived,
                "error": r.counts.error,
                "not_applicable": r.counts.not_applicable,
                "not_collected": r.counts.not_collected,
            }
            for r in sorted((*view.rules, *view.structural), key=lambda r: r.rule.id)
        },
    }


def append(view: Overview, path: Path) -> bool:
    """Add the check to the file unless its last line says the same; whether it was added.

    Raises ToolError where the file cannot be written or does not end with a whole line.
    """
    made = json.dumps(line(view), ensure_ascii=False, separators=(",", ":")) + "\n"
    try:
        known = path.read_text(encoding="utf-8") if path.exists() else ""
        if known and not known.endswith("\n"):
            raise ToolError(f"{path}: its last line is cut; is this a file of --runs?")
        if known.split("\n")[-2:-1] == [made[:-1]]:
            return False
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(made)
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ToolError(f"{path}: no text; is this a file of --runs?") from error
    return True
