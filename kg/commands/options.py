"""Options that several commands take, and the verdict on findings that they share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kg.check.findings import Finding

FAIL_ON = ("structural", "violation", "warning", "info", "never")
Folder = click.Path(exists=True, file_okay=False, path_type=Path)


def _as_of(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write YYYY-MM-DD") from None


as_of_option = click.option(
    "--as-of",
    metavar="DATE",
    callback=_as_of,
    help="The day the checks stand for. Default: when the newest record was refreshed.",
)
profile_option = click.option("--profile", help="Rules to check by, for every registry.")
engine_option = click.option(
    "--engine",
    type=click.Choice(["oxigraph", "pyshacl"]),
    default="oxigraph",
    show_default=True,
    help="What runs the queries of the rules; pyshacl is the reference, and slower.",
)
shapes_option = click.option(
    "--shapes",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="SHACL shapes of your own, run and reported beside ours; may be repeated.",
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="structural",
    show_default=True,
    help="Leave with code 1 when there is a finding at or above this.",
)


def fails(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether a finding that is not waived stands at or above ``fail_on``."""
    if fail_on == "never":
        return False
    if fail_on == "structural":
        return any(f.dimension == "St" and not f.waived for f in findings)
    allowed = FAIL_ON[1 : FAIL_ON.index(fail_on) + 1]
    return any((f.severity in allowed or f.dimension == "St") and not f.waived for f in findings)
