"""How commands talk to a terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kg.issues import Issue


def progress(stage: str, done: int) -> None:
    """Show how far a stage is, on one line of a terminal; elsewhere nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r{stage} {done or ''}   ", nl=False, err=True)


def issue_line(issue: Issue) -> str:
    """An issue on one line."""
    return str(issue).replace("\n  ", " — ")


def width() -> int:
    """How many columns the terminal shows."""
    return shutil.get_terminal_size((100, 24)).columns
