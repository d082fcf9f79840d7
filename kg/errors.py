"""Errors a user meets: one line with what, where, and what would be right."""

from __future__ import annotations

import click


class ToolError(click.ClickException):
    """The call, the disk or a file of ours is at fault; the command ends with exit code 2."""

    exit_code = 2


class RecordError(ValueError):
    """A record that cannot be named: it is skipped, counted and reported."""
