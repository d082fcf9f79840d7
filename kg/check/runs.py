"""``runs.jsonl``: one line for each check, kept by whoever asks for it with ``--runs``.

A line holds no time of day: as-of date, checksums and counts. The same check leaves one line
however often it is run. The report shows the lines before it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.check.report.overview import Overview, Run, Sums
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


def read(path: Path) -> list[Run]:
    """The checks of a file in short, the oldest first; none where there is no file.

    Raises ToolError for a line that is none of ``--runs``, with its number.
    """
    found = []
    for number, text in enumerate(_text(path).splitlines(), start=1):
        try:
            told = json.loads(text)
            sums = Sums(**{key: int(told["found"][key]) for key in Sums._fields})
            rules = str(told["versions"]["shapes"])
            found.append(Run(str(told["as_of"]), int(told["records"]), sums, rules))
        except (ValueError, KeyError, TypeError):
            raise ToolError(f"{path}: line {number} is none that --runs wrote") from None
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ToolError(f"{path}: no text; is this a file of --runs?") from error


def append(view: Overview, path: Path) -> bool:
    """Add the check to the file unless its last line says the same; whether it was added.

    Raises ToolError where the file cannot be written or does not end with a whole line.
    """
    made = json.dumps(line(view), ensure_ascii=False, separators=(",", ":")) + "\n"
    known = _text(path)
    if known and not known.endswith("\n"):
        raise ToolError(f"{path}: its last line is cut; is this a file of --runs?")
    if known.split("\n")[-2:-1] == [made[:-1]]:
        return False
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(made)
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from error
    return True
