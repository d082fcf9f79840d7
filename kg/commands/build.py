"""``kg build`` and ``kg demo``: the same building, of one's own files or the packaged samples."""

from __future__ import annotations

import shlex
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.options import (
    LEVELS,
    Place,
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
from kg.commands.talk import Talk, issue_line
from kg.counted import counted

if TYPE_CHECKING:
    from kg.check.gate import Level
    from kg.check.runner import Engine
    from kg.pipeline import Built
    from kg.sources.remote import Remote

FORMATS = "trig,ttl,jsonld,gexf,graphml,csv"
COMMANDLINE = click.core.ParameterSource.COMMANDLINE
SHOWN_FILES = 50  # of those that are not built whole
COUNTED = {
    "trials": "trial", "records": "record", "organizations": "organization",
    "ethics committees": "ethics committee", "people": "person", "statements": "statement",
}  # fmt: skip
NAMED_FILES = 3  # of those that could not be read, in the line that says why a build failed
DEMO_AS_OF = "2026-11-22"


@click.command(short_help="Build a graph from registry records.")
@click.argument("inputs", nargs=-1, required=True, type=Place())
@click.option(
    "-o",
    "--out",
    type=Place(),
    default=Path("exports", "graph"),
    show_default=True,
    help="Output folder, or the URL of one.",
)
@click.option(
    "--formats",
    default=FORMATS,
    show_default=True,
    help="What to write beside graph.nq and the store; also nt and json.",
)
@as_of_option
@profile_option
@engine_option
@shapes_option
@waivers_option
@baseline_option
@click.option("--no-check", is_flag=True, help="Leave the quality report out.")
@click.option("--history", is_flag=True, help="Keep older versions of a record too.")
@click.option(
    "--contacts",
    is_flag=True,
    help="Write telephones, e-mails and addresses, in graphs of their own.",
)
@jobs_option
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Read and check on the workers of this Dask scheduler, such as tcp://host:8786.",
)
@click.option(
    "--ledger",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep ids from build to build in this file, such as identity/ids.tsv.",
)
@click.option(
    "--overrides",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A person's word on who is who.  [default: overrides.tsv beside the ledger]",
)
@click.option(
    "--cache/--no-cache",
    default=True,
    show_default=True,
    help="Do the work for what changed since the last build into this folder.",
)
@click.option(
    "--ror",
    type=click.Path(path_type=Path),
    help="A dump of ROR: ids of organizations (https://ror.org/data).",
)
@click.option("--web", is_flag=True, help="Fetch http:// and https:// INPUTS; else refused.")
@click.option("--force", is_flag=True, help="Replace a folder that kg did not write.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no summary.")
@fail_on_new_option
@fail_on_option(*LEVELS)
def build(
    inputs: tuple[Path | Remote, ...],
    out: Path | Remote,
    formats: str,
    as_of: str | None,
    profile: str | None,
    engine: Engine,
    shapes: tuple[Path, ...],
    waivers: Path | None,
    baseline: Path | None,
    no_check: bool,
    history: bool,
    contacts: bool,
    jobs: int,
    scheduler: str | None,
    ledger: Path | None,
    overrides: Path | None,
    cache: bool,
    ror: Path | None,
    web: bool,
    force: bool,
    quiet: bool,
    fail_on_new: bool,
    fail_on: Level,
    most: int,
) -> None:
    """Build a graph from INPUTS: files, folders, .zip and .gz, or - for standard input.

    What each file is, its content tells; its name does not matter. INPUTS and the output may be
    URLs that fsspec knows, such as s3://bucket/records (docs/scale.md).

    \b
    kg build records/ more.zip -o exports/mine --as-of 2026-11-22
    """
    if scheduler and jobs:
        raise click.UsageError("--jobs counts processes of this machine: leave it, or --scheduler")
    gate = gate_of(fail_on, fail_on_new, most, baseline)
    if no_check and (told := _of_checks()):
        raise click.UsageError(f"--no-check leaves nothing that {' or '.join(told)} speaks of")
    from kg.pipeline import NothingBuilt, Options
    from kg.pipeline import build as make

    options = Options(
        as_of=as_of,
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        check=not no_check,
        profile=profile,
        engine=engine,
        shapes=shapes,
        waivers=waivers,
        baseline=baseline,
        contacts=contacts,
        history=history,
        jobs=jobs,
        scheduler=scheduler,
        ledger=ledger,
        overrides=overrides,
        cache=cache and isinstance(out, Path),  # elsewhere nothing can lie beside it
        ror=ror,
        web=web,
        force=force,
    )
    if ledger is not None and not ledger.exists() and not quiet:
        click.echo(f"{ledger}: no ledger yet, so every id is new; keep it with your data", err=True)
    talk = Talk()
    try:
        with _output(out, force=force) as folder:
            made = make(
                inputs, folder, options, stdin=sys.stdin.buffer, progress=None if quiet else talk
            )
    except NothingBuilt as error:
        talk.clear()
        for issue in error.issues:
            click.echo(issue_line(issue), err=True)
        raise
    finally:  # an error has a line of its own
        talk.clear()
    for issue in made.issues:
        if issue.kind == "not there":
            click.echo(issue_line(issue), err=True)
    if not quiet:
        _summary(made, out)
    failed = False
    if (view := made.overview) is not None:
        new = view.trend.new if view.trend else frozenset()
        failed = shut(gate.verdict(view.findings, new=new, errors=view.errors))
    if _damaged(made, out) or failed:
        sys.exit(1)


def _damaged(made: Built, out: Path | Remote) -> bool:
    """Whether a file could not be read whole, which is said whatever else is not.

    Records may be lost in it; a file of another kind has none to lose.
    """
    why: dict[str, str] = {}
    for issue in sorted(made.issues, key=lambda i: (i.file, i.line)):
        if issue.kind == "unreadable":
            why.setdefault(issue.file, issue.expected)
    if not why:
        return False
    named = ", ".join(f"{file} ({reason})" for file, reason in list(why.items())[:NAMED_FILES])
    more = f" and {len(why) - NAMED_FILES} more" if len(why) > NAMED_FILES else ""
    files = f"{counted(len(why), 'file')} could not be read whole"
    click.echo(f"failed: {files}: {named}{more}; see {_shown(out)}/files.tsv", err=True)
    return True


def _of_checks() -> list[str]:
    """The options of this call that say something of the check."""
    context = click.get_current_context()
    names = ("profile", "engine", "shapes", "waivers", "baseline", "fail_on_new", "fail_on", "most")
    given = {name for name in names if context.get_parameter_source(name) is COMMANDLINE}
    return [option.opts[-1] for option in context.command.params if option.name in given]


def _output(out: Path | Remote, *, force: bool) -> AbstractContextManager[Path]:
    """The folder to build into, which is uploaded afterwards where the output is elsewhere."""
    if isinstance(out, Path):
        return nullcontext(out)
    from kg.building.upload import uploading

    return uploading(out, force=force)


def _summary(made: Built, out: Path | Remote) -> None:
    """What was built, on standard error: counts, what went wrong, where to look next."""
    _files(made, out)
    counts: Any = made.manifest["counts"]
    told = (counted(counts[many], one, many) for many, one in COUNTED.items())
    click.echo(", ".join(told), err=True)
    issues: Any = made.manifest["issues"]
    if issues:
        click.echo("issues: " + ", ".join(f"{n} {kind}" for kind, n in issues.items()), err=True)
    cut: Any = made.manifest.get("cut", ())
    for what in cut:
        click.echo(f"not compared whole, too many: {what}", err=True)
    if made.overview is not None:
        from kg.check.report import compared, verdict

        click.echo(verdict(made.overview), err=True)
        for line in compared(made.overview):
            click.echo(line, err=True)
    for note in made.notes:
        click.echo(note, err=True)
    click.echo(f"wrote {_shown(out)}{_next(made, out)}", err=True)


def _next(made: Built, out: Path | Remote) -> str:
    """What people do then with an output that lies here."""
    if not isinstance(out, Path):
        return ""
    page = "" if made.overview is None else f"open {out / 'report' / 'index.html'}, or "
    return f"; next: {page}kg query {shlex.quote(str(out))} --list"


def _shown(out: Path | Remote) -> str:
    return str(out) if isinstance(out, Path) else out.shown


def _files(made: Built, out: Path | Remote) -> None:
    """What became of the files: those that are not built whole, each with its reason."""
    states = [file.state for file in made.files]
    less = [file for file in made.files if file.state != "built"]
    for file in less[:SHOWN_FILES]:
        click.echo(f"{file.file}: {file.state}: {'; '.join(file.reasons)}", err=True)
    if len(less) > SHOWN_FILES:
        more = len(less) - SHOWN_FILES
        click.echo(f"… and {more} more; all files are in {_shown(out)}/files.tsv", err=True)
    if less:
        counts = (f"{states.count(s)} {s}" for s in ("built", "partly built", "refused"))
        click.echo(f"{counted(len(states), 'file')}: {', '.join(counts)}", err=True)


@click.command(short_help="Build the packaged samples into ./demo.")
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
def demo(folder: Path) -> None:
    """Build the packaged samples, all invented, into FOLDER and say what to look at.

    \b
    kg demo
    """
    from kg.pipeline import Options
    from kg.pipeline import build as make
    from kg.resources import samples

    made = make([samples()], folder, Options(as_of=DEMO_AS_OF, cache=False))
    _summary(made, folder)
    assert made.report is not None
    for finding in [f for f in made.report.findings if f.file][:3]:
        where = f"{finding.file}:{finding.line}" if finding.line else str(finding.file)
        click.echo(f"{where} {finding.rule} {finding.message_en}")
    for path in ("graph.gexf", "graph.ttl", "report/index.html"):
        click.echo(folder / path)
