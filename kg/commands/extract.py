"""Commands on one file, for whoever writes an extractor: ``extract`` and ``golden``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.commands.talk import issue_line
from kg.errors import ToolError


@click.command(short_help="Show one file's records as typed JSON.")
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--contacts", is_flag=True, help="Show telephones, e-mails and addresses too.")
def extract(file: Path, contacts: bool) -> None:
    """Show what the extractor reads in FILE: records as typed JSON, issues, unread fields.

    The tool for whoever writes an extractor.

    \b
    kg extract records/page.txt
    """
    from kg.inspection import extracted

    found, problems = extracted(file, sys.stdin.buffer, contacts=contacts)
    click.echo(found)
    for issue in problems:
        click.echo(issue_line(issue), err=True)
    if found == "[]":
        sys.exit(1)


@click.command(short_help="Write the golden file of a sample.", hidden=True)
@click.argument("sample", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("golden_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite; the difference is the review.")
def golden(sample: Path, golden_file: Path, force: bool) -> None:
    """Write what SAMPLE becomes, with issues and unread fields on top, to GOLDEN_FILE.

    \b
    kg golden kg/samples/chictr/clean.txt tests/golden/chictr/clean.trig
    """
    from kg.inspection import golden as golden_text

    if golden_file.exists() and not force:
        raise ToolError(f"{golden_file} exists; --force overwrites it")
    golden_file.parent.mkdir(parents=True, exist_ok=True)
    golden_file.write_text(golden_text(sample), encoding="utf-8")
