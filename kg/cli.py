"""The command ``kg``: its commands together, its help, and how it leaves.

Data goes to standard output, talk to standard error. Exit codes: 0 fine, 1 data problems, 2 usage
or tool error, 130 interrupted, 143 terminated. Modules that load rdflib or Oxigraph are imported
inside commands: help stays quick.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from types import TracebackType

import click

from kg import __version__
from kg.commands import streams
from kg.commands.ask import export, query, stats, trace
from kg.commands.build import build, demo
from kg.commands.check import check
from kg.commands.explain import explain
from kg.commands.extract import extract, golden
from kg.commands.fetch import fetch
from kg.commands.push import push
from kg.commands.resolve import resolve
from kg.running.processes import one_heap
from kg.running.signals import Ended, heard


def run() -> None:
    """Run the command line and leave with its exit code."""
    sys.excepthook = _bug
    # Most of what a build makes stays or goes without a cycle: fewer searches for them save a tenth
    # of a small build and cost no memory.
    gc.set_threshold(10_000, 20, 20)
    one_heap()
    streams.prepare()
    heard()
    try:
        code = main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.Abort as error:
        by = error.__cause__
        click.echo("terminated" if isinstance(by, Ended) else "interrupted", err=True)
        code = 128 + (by.number if isinstance(by, Ended) else signal.SIGINT)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except OSError as error:  # the disk, or a file that somebody took away
        where = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
        click.echo(f"Error: {where}{error.strerror or error}", err=True)
        code = 2
    sys.exit(code or 0)


def _bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show a traceback and leave with 2: code 1 is for problems of the data."""
    click.echo("kg met a fault of its own; please report it with what follows", err=True)
    sys.__excepthook__(kind, error, trace)
    sys.stderr.flush()
    os._exit(2)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    no_args_is_help=False,
)
@click.version_option(__version__, prog_name="kg", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Clinical-trial registry records in, one knowledge graph out: trials, hospitals, ethics
    committees and people, for SPARQL, Gephi and data-quality reports.

    \b
    kg demo                                   build the packaged samples into ./demo
    kg build records/ -o exports/mine         build a graph from your own files
    kg query exports/mine trial-leaders
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


COMMANDS = (
    fetch, build, check, explain, resolve, export, push, query, extract, trace, stats, demo,
    golden,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)
