"""Options that several commands take, and how they tell the verdict of the gate."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from kg.check.gate import Gate, Level, Verdict
    from kg.sources.remote import Remote

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Place(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions only
    """A path of this machine, ``-``, or a URL."""

    name = "path"
    _path = click.Path(allow_dash=True, path_type=Path)

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | Remote:
        """What was named, as a path or a URL."""
        from kg.sources.remote import is_url, place

        if isinstance(value, str) and is_url(value):
            return place(value)
        return Path(os.fsdecode(self._path.convert(value, param, ctx)))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Files and folders."""
        return self._path.shell_complete(ctx, param, incomplete)


Folder = click.Path(exists=True, file_okay=False, path_type=Path)


def _as_of(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from kg.check.parameters import assessment_day
    from kg.errors import ToolError

    try:
        return assessment_day(value)
    except ToolError as error:
        raise click.BadParameter(error.message) from None


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
jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    help="Processes that share the work.  [default: one for each core]",
)
shapes_option = click.option(
    "--shapes",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="SHACL shapes of your own, run and reported beside ours; may be repeated.",
)
waivers_option = click.option(
    "--waivers",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Accepted findings, waivers.toml.",
)
baseline_option = click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Compare with an earlier check: its folder, or its findings.json.",
)
fail_on_new_option = click.option(
    "--fail-on-new", is_flag=True, help="Leave with code 1 when a finding is new."
)
LEVELS = ("structural", "violation", "warning", "info", "new", "never")


def fail_on_option(*levels: str) -> Callable[[_Command], _Command]:
    """``--fail-on`` with these levels, and ``--max``."""

    def options(command: _Command) -> _Command:
        most = click.option(
            "--max",
            "most",
            type=click.IntRange(min=0),
            default=0,
            metavar="N",
            help="Accept N findings at or above --fail-on.  [default: 0]",
        )
        level = click.option(
            "--fail-on",
            type=click.Choice(levels),
            default="structural",
            show_default=True,
            help="Leave with code 1 when there is a finding at or above this.",
        )
        return level(most(command))

    return options


def gate_of(level: Level, new: bool, most: int, baseline: Path | None) -> Gate:
    """The gate of a command; one that asks for new findings needs an earlier check."""
    from kg.check.gate import Gate

    gate = Gate(level=level, new=new, most=most)
    if baseline is None and gate.needs_baseline:
        raise click.UsageError("new since when? Add --baseline FOLDER, an earlier check")
    return gate


def shut(verdict: Verdict) -> bool:
    """Whether a gate is shut; why is said on standard error."""
    if verdict.failed:
        click.echo(f"failed: {verdict.reason}", err=True)
    return verdict.failed
