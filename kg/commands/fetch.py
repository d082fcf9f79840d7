"""``kg fetch``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.talk import progress


@click.command(short_help="Fetch records from a registry.")
@click.argument("registry", type=click.Choice(["ctgov", "isrctn", "ctis", "chictr"]))
@click.argument("sought", required=False, metavar="[EXPRESSION|LIST]")
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="Folder.")
@click.option("--ids", metavar="NUMBERS|@FILE", help="Trial numbers, with commas; or a file.")
@click.option("--all", "everything", is_flag=True, help="All records of the registry.")
@click.option("--max", "most", type=click.IntRange(min=1), metavar="N", help="Stop after N.")
@click.option(
    "--rate",
    type=float,
    metavar="N",
    help="Requests a minute. Default: ctgov 50, isrctn and ctis 30, chictr 6.",
)
@click.option("--page-size", type=click.IntRange(min=1), metavar="N", help="Records on a page.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help="Seconds without a byte before a request is tried again.",
)
@click.option("--base-url", metavar="URL", help="Ask this address in place of the registry's own.")
@click.option("--restart", is_flag=True, help="Begin anew; without it an unfinished fetch goes on.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
def fetch(
    registry: str,
    sought: str | None,
    out: Path,
    ids: str | None,
    everything: bool,
    most: int | None,
    rate: float | None,
    page_size: int | None,
    timeout: float,
    base_url: str | None,
    restart: bool,
    quiet: bool,
) -> None:
    """Fetch records from REGISTRY into OUT/raw/REGISTRY, as they come; kg build reads them there.

    EXPRESSION is a search in the registry's own language. For chictr, LIST is a file (or -) with
    the addresses or registration numbers of pages, one a line. A fetch that was interrupted goes on
    with the same command; a complete one asks for what changed.

    \b
    kg fetch ctgov 'AREA[LocationCountry]China AND cancer' -o mine
    kg fetch ctgov --ids NCT09999901,NCT09999902 -o mine
    kg fetch chictr pages.txt -o mine
    """
    from kg.fetch import fetch as get
    from kg.fetch import listed, numbers_of

    lists = registry == "chictr"
    outcome = get(
        registry,
        out,
        "" if lists else sought or "",
        ids=numbers_of(ids) if ids else (),
        everything=everything,
        lines=listed(sought, sys.stdin.buffer) if lists and sought else (),
        base_url=base_url,
        rate=rate,
        most=most,
        page_size=page_size,
        timeout=timeout,
        restart=restart,
        talk=lambda line: click.echo(f"{registry}: {line}", err=True),
        progress=None if quiet else progress,
    )
    if sys.stderr.isatty() and not quiet:
        click.echo(err=True)  # below the line that showed how far it was
    for line in outcome.lines(quiet=quiet):
        click.echo(f"{registry}: {line}", err=True)
    if not outcome.complete:
        sys.exit(1)
    if not quiet:
        click.echo(f"next: kg build {out / 'raw'}", err=True)
