"""``kg push``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import Folder
from kg.commands.talk import progress

if TYPE_CHECKING:
    from kg.push import Line

PASSWORD = "KG_PUSH_PASSWORD"


@click.command(short_help="Send a graph to a SPARQL store.")
@click.argument("folder", type=Folder)
@click.argument("endpoint")
@click.option("--user", metavar="NAME", help=f"User name; the password is in {PASSWORD}.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 8),
    default=2,
    show_default=True,
    help="Graphs that are sent at once.",
)
@click.option(
    "--piece-size",
    type=click.FloatRange(min=0, min_open=True),
    default=4.0,
    show_default=True,
    metavar="MIB",
    help="Larger graphs are sent in pieces of this size.",
)
@click.option("--gzip", "compress", is_flag=True, help="Compress what is sent.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1),
    default=300.0,
    show_default=True,
    help="Seconds without a byte before a request is tried again.",
)
@click.option("--contacts", is_flag=True, help="Send telephones, e-mails and addresses too.")
@click.option("--restart", is_flag=True, help="Send all anew; without it, only what changed.")
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be sent; send nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
def push(
    folder: Path,
    endpoint: str,
    user: str | None,
    jobs: int,
    piece_size: float,
    compress: bool,
    timeout: float,
    contacts: bool,
    restart: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Make the store at ENDPOINT hold the graphs in FOLDER, by the Graph Store HTTP Protocol.

    FOLDER.push.sqlite remembers what the store has: a second push sends only what changed, one that
    was interrupted goes on, and graphs of ours that are no longer in FOLDER are deleted.

    \b
    kg push exports/mine http://localhost:3030/trials/data
    KG_PUSH_PASSWORD=… kg push exports/mine https://store.example/data --user me
    """
    from kg.push import Settings
    from kg.push import push as send

    login = None
    if user is not None and not dry_run:
        password = os.environ.get(PASSWORD)
        if not password:
            raise click.UsageError(f"--user needs the password in the environment: {PASSWORD}")
        login = (user, password)
    settings = Settings(
        endpoint, login, max(1, int(piece_size * 1024 * 1024)), compress, jobs, timeout
    )
    outcome = send(
        folder,
        settings,
        contacts=contacts,
        restart=restart,
        dry_run=_show if dry_run else None,
        talk=lambda line: click.echo(f"push: {line}", err=True),
        progress=None if quiet else progress,
    )
    if sys.stderr.isatty() and not quiet:
        click.echo(err=True)  # below the line that showed how far it was
    if dry_run:
        return
    for line in outcome.lines(quiet=quiet):
        click.echo(f"push: {line}", err=True)
    if not outcome.complete:
        sys.exit(1)


def _show(line: Line) -> None:
    counts = () if line.statements is None else (str(line.statements), str(line.size))
    click.echo("\t".join((line.what, line.graph, *counts)))
