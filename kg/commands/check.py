"""``kg check``."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import (
    LEVELS,
    Folder,
    as_of_option,
    baseline_option,
    engine_option,
    fail_on_new_option,
    fail_on_option,
    gate_of,
    jobs_option,
    profile_option,
    shapes_option,
    shut,
    waivers_option,
)
from kg.commands.streams import Enough
from kg.commands.talk import Talk, coloured, width

if TYPE_CHECKING:
    from kg.check.gate import Level
    from kg.check.runner import Engine

FORMATS = ("table", "github", "json", "jsonl", "csv", "markdown", "junit", "sarif")
AnyPath = click.Path(path_type=Path)


@click.command(short_help="Say what the records of a graph lack or contradict.")
@click.argument("folder", type=Folder, required=False)
@as_of_option
@profile_option
@engine_option
@shapes_option
@jobs_option
@waivers_option
@baseline_option
@fail_on_new_option
@fail_on_option(*LEVELS)
@click.option(
    "--format",
    "shown",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option(
    "--runs",
    type=AnyPath,
    metavar="FILE",
    help="Append this run's counts, runs.jsonl; the report shows them.",
)
@click.option(
    "--below",
    metavar="FOLDER",
    default="",
    help="The folder of the records, put before their names for github and sarif.",
)
@click.option("--list", "list_rules", is_flag=True, help="List the rules and stop.")
@click.option("--no-report", is_flag=True, help="Print only; write no files.")
@click.option("--worst", type=click.IntRange(min=1), metavar="N", help="Show the worst N rules.")
def check(
    folder: Path | None,
    as_of: str | None,
    profile: str | None,
    engine: Engine,
    shapes: tuple[Path, ...],
    jobs: int,
    waivers: Path | None,
    baseline: Path | None,
    fail_on_new: bool,
    fail_on: Level,
    most: int,
    shown: str,
    runs: Path | None,
    below: str,
    list_rules: bool,
    no_report: bool,
    worst: int | None,
) -> None:
    """Check the graph in FOLDER and print a table, worst first.

    Writes FOLDER/report: index.html to read, findings as CSV, XLSX, JSON and SARIF, JUnit,
    Markdown and Turtle.

    \b
    kg check exports/mine --as-of 2026-11-22 --fail-on violation
    kg check exports/mine --baseline exports/last --fail-on-new
    """
    from kg.building import output
    from kg.check import report as reports
    from kg.check import rules, trend
    from kg.check.runs import append
    from kg.check.runs import read as read_runs
    from kg.outputs.graph import Graph
    from kg.running.stages import Step

    if list_rules:
        for rule in rules():
            click.echo(
                f"{rule.id}\t{rule.severity}\t{rule.dimension}\t{rule.scope}\t"
                f"{rule.name_en}\t{rule.name_zh}"
            )
        return
    if folder is None:
        raise click.UsageError("name a folder that kg build wrote")
    gate = gate_of(fail_on, fail_on_new, most, baseline)
    earlier = trend.read(baseline) if baseline else None
    before = read_runs(runs) if runs else ()
    graph = Graph(folder)
    with output.held(folder, writing=not no_report):
        talk = Talk()
        try:
            report = graph.check(
                as_of=as_of,
                profile=profile,
                waivers=waivers,
                engine=engine,
                shapes=shapes,
                jobs=jobs,
                progress=lambda n, of: talk(Step("checking", n, n / of if of else 0)),
            )
        finally:
            talk.clear()
        view = reports.overview(report, earlier, before, below=below)
        if not no_report:
            with output.replacing_part(folder / "report", reports.FILES) as making:
                notes = reports.write(view, making)
            for note in notes:
                click.echo(note, err=True)
    with suppress(Enough):  # the gate has its word all the same
        if shown == "table":
            click.echo(reports.table(view, width(), coloured(), worst))
        else:
            for piece in reports.STREAMS[shown](view):
                click.echo(piece, nl=False)
    if runs is not None:
        append(view, runs)
    if not no_report:
        click.echo(f"wrote {folder}/report/index.html", err=True)
    new = view.trend.new if view.trend else frozenset()
    if shut(gate.verdict(view.findings, new=new, errors=view.errors)):
        sys.exit(1)
