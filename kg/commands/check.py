"""``kg check``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import (
    Folder,
    as_of_option,
    engine_option,
    fail_on_option,
    fails,
    profile_option,
    shapes_option,
)
from kg.commands.talk import width

if TYPE_CHECKING:
    from kg.check.runner import Engine


@click.command(short_help="Say what the records of a graph lack or contradict.")
@click.argument("folder", type=Folder, required=False)
@as_of_option
@profile_option
@engine_option
@shapes_option
@click.option(
    "--waivers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="waivers.toml"
)
@click.option("--list", "list_rules", is_flag=True, help="List the rules and stop.")
@click.option("--no-report", is_flag=True, help="Print the table only; write no files.")
@click.option("--worst", type=click.IntRange(min=1), metavar="N", help="Show the worst N rules.")
@fail_on_option
def check(
    folder: Path | None,
    as_of: str | None,
    profile: str | None,
    engine: Engine,
    shapes: tuple[Path, ...],
    waivers: Path | None,
    list_rules: bool,
    no_report: bool,
    worst: int | None,
    fail_on: str,
) -> None:
    """Check the graph in FOLDER and print a table, worst first.

    Writes FOLDER/report with index.html, findings.csv, findings.json and report.ttl.

    \b
    kg check exports/mine --as-of 2026-11-22 --fail-on violation
    """
    from kg.check import report as reports
    from kg.check import rules
    from kg.graph import Graph

    if list_rules:
        for rule in rules():
            click.echo(
                f"{rule.id}\t{rule.severity}\t{rule.dimension}\t{rule.scope}\t"
                f"{rule.name_en}\t{rule.name_zh}"
            )
        return
    if folder is None:
        raise click.UsageError("name a folder that kg build wrote")
    report = Graph(folder).check(
        as_of=as_of, profile=profile, waivers=waivers, engine=engine, shapes=shapes
    )
    click.echo(reports.table(report, width(), sys.stdout.isatty(), worst))
    if not no_report:
        reports.replace(report, folder / "report")
        click.echo(f"wrote {folder}/report/index.html", err=True)
    if fails(report.findings, fail_on):
        sys.exit(1)
