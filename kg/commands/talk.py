"""How commands talk to a terminal."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from kg.counted import counted

if TYPE_CHECKING:
    from kg.issues import Issue
    from kg.running.stages import Step


def progress(stage: str, done: int) -> None:
    """Show how far a stage is, on one line of a terminal; elsewhere nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r{stage} {done or ''}   ", nl=False, err=True)


@dataclass(slots=True)
class Talk:
    """Says how far a build is: on a terminal on one line, in a log on a line every ten seconds."""

    _began: float = field(default_factory=lambda: time.monotonic())  # the stage
    _said: float = field(default_factory=lambda: time.monotonic())  # a line, of whatever stage
    _stage: str = ""
    _issues: int = 0

    def __call__(self, step: Step) -> None:
        """Say it, if it is time to."""
        now = time.monotonic()
        self._issues = max(self._issues, step.issues)  # later stages find none, and forget none
        step = step._replace(issues=self._issues)
        new = step.stage != self._stage
        if new:
            self._stage, self._began = step.stage, now
        if sys.stderr.isatty():
            if new or now - self._said >= REDRAW:
                self._said = now
                room = width() - 1
                line = told(step, now - self._began)[:room]  # a longer one would leave rests
                click.echo(f"\r{line:<{room}}", nl=False, err=True)
        elif now - self._said >= IN_A_LOG:
            self._said = now
            click.echo(told(step, now - self._began), err=True)

    def clear(self) -> None:
        """Take the line from the terminal: what is said now stands alone."""
        if sys.stderr.isatty() and self._stage:
            self._stage = ""
            click.echo(f"\r{'':<{width() - 1}}\r", nl=False, err=True)


REDRAW = 0.2  # seconds
IN_A_LOG = 10.0


def told(step: Step, seconds: float) -> str:
    """A step in words: how many, how fast, how long to go, what went wrong so far.

    >>> from kg.running.stages import Step
    >>> told(Step("reading records", 12000, 0.25, 3), 60.0)
    'reading records: 12,000, 200/s, 25 %, about 3 min left, 3 issues'
    """
    words = []
    if step.done:
        words.append(f"{step.done:,}")
        if seconds >= 1:
            words.append(f"{step.done / seconds:,.0f}/s")
    if step.share:
        words.append(f"{step.share:.0%}".replace("%", " %"))
        left = seconds * (1 - step.share) / step.share
        if seconds >= 1 and left >= 1:
            words.append(f"about {left / 60:.0f} min left" if left >= 90 else f"{left:.0f} s left")
    if step.issues:
        words.append(counted(step.issues, "issue"))
    return f"{step.stage}: {', '.join(words)}" if words else step.stage


def issue_line(issue: Issue) -> str:
    """An issue on one line."""
    return str(issue).replace("\n  ", " — ")


def coloured() -> bool:
    """Whether standard output is a terminal whose user takes colours (https://no-color.org)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain


def width() -> int:
    """How many columns the terminal shows."""
    return shutil.get_terminal_size((100, 24)).columns
