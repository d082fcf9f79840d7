"""The command ``kg``: each command reads its arguments, calls, and prints.

Data goes to standard output, talk to standard error. Exit codes: 0 fine, 1 data problems, 2 usage
or tool error, 130 interrupted. Modules that load rdflib or Oxigraph are imported inside commands:
help stays quick.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.errors import ToolError

if TYPE_CHECKING:
    from kg.check.runner import Engine
    from kg.pipeline import Built

FORMATS = "trig,ttl,jsonld,gexf,graphml,csv"
SHOWN_FILES = 50  # of those that are not built whole
FAIL_ON = ("structural", "violation", "warning", "info", "never")
DEMO_AS_OF = "2026-11-22"
Folder = click.Path(exists=True, file_okay=False, path_type=Path)


def run() -> None:
    """Run the command line and leave with its exit code."""
    sys.excepthook = _bug
    try:
        code = main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.Abort:
        click.echo("interrupted", err=True)
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:  # the reader of our output has enough: no error
        sys.stderr.close()
        code = 0
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
    kg query exports/mine --named trial-leaders
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _as_of(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    from datetime import date

    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write YYYY-MM-DD") from None


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
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="structural",
    show_default=True,
    help="Leave with code 1 when there is a finding at or above this.",
)


@main.command(short_help="Fetch records from a registry.")
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
        progress=None if quiet else _progress,
    )
    if sys.stderr.isatty() and not quiet:
        click.echo(err=True)  # below the line that showed how far it was
    for line in outcome.lines(quiet=quiet):
        click.echo(f"{registry}: {line}", err=True)
    if not outcome.complete:
        sys.exit(1)
    if not quiet:
        click.echo(f"next: kg build {out / 'raw'}", err=True)


@main.command(short_help="Build a graph from registry records.")
@click.argument("inputs", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("exports", "graph"),
    show_default=True,
    help="Output folder.",
)
@click.option(
    "--formats",
    default=FORMATS,
    show_default=True,
    help="What to write beside graph.nq and the store.",
)
@as_of_option
@profile_option
@engine_option
@click.option("--no-check", is_flag=True, help="Leave the quality report out.")
@click.option("--history", is_flag=True, help="Keep older versions of a record too.")
@click.option(
    "--contacts",
    is_flag=True,
    help="Write telephones, e-mails and addresses, in graphs of their own.",
)
@click.option("--force", is_flag=True, help="Replace a folder that kg did not write.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, no summary.")
@fail_on_option
def build(
    inputs: tuple[Path, ...],
    out: Path,
    formats: str,
    as_of: str | None,
    profile: str | None,
    engine: Engine,
    no_check: bool,
    history: bool,
    contacts: bool,
    force: bool,
    quiet: bool,
    fail_on: str,
) -> None:
    """Build a graph from INPUTS: files, folders, .zip and .gz, or - for standard input.

    What each file is, its content tells; its name does not matter.

    \b
    kg build records/ more.zip -o exports/mine --as-of 2026-11-22
    """
    from kg.pipeline import NothingBuilt, Options
    from kg.pipeline import build as make

    options = Options(
        as_of=as_of,
        formats=tuple(name.strip() for name in formats.split(",") if name.strip()),
        check=not no_check,
        profile=profile,
        engine=engine,
        contacts=contacts,
        history=history,
        force=force,
    )
    try:
        made = make(
            inputs, out, options, stdin=sys.stdin.buffer, progress=None if quiet else _progress
        )
    except NothingBuilt as error:
        for issue in error.issues:
            click.echo(_one_line(issue), err=True)
        raise
    if not quiet:
        _summary(made)
    if made.unreadable or (made.report and _fails(made.report.findings, fail_on)):
        sys.exit(1)


def _progress(stage: str, done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{stage} {done or ''}   ", nl=False, err=True)


def _one_line(issue: Any) -> str:
    return str(issue).replace("\n  ", " — ")


def _summary(made: Built) -> None:
    """What was built, on standard error: counts, what went wrong, where to look next."""
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    _files(made)
    counts: Any = made.manifest["counts"]
    words = ("trials", "records", "organizations", "ethics committees", "people", "statements")
    click.echo(", ".join(f"{counts[word]:,} {word}" for word in words), err=True)
    issues: Any = made.manifest["issues"]
    if issues:
        click.echo("issues: " + ", ".join(f"{n} {kind}" for kind, n in issues.items()), err=True)
    if made.report is not None:
        from kg.check.report import verdict

        click.echo(verdict(made.report), err=True)
    click.echo(f"wrote {made.out}; next: kg query {made.out} --list", err=True)


def _files(made: Built) -> None:
    """What became of the files: those that are not built whole, each with its reason."""
    states = [file.state for file in made.files]
    less = [file for file in made.files if file.state != "built"]
    for file in less[:SHOWN_FILES]:
        click.echo(f"{file.file}: {file.state}: {'; '.join(file.reasons)}", err=True)
    if len(less) > SHOWN_FILES:
        more = len(less) - SHOWN_FILES
        click.echo(f"… and {more} more; all files are in {made.out}/files.tsv", err=True)
    if less:
        counts = (f"{states.count(s)} {s}" for s in ("built", "partly built", "refused"))
        click.echo(f"{len(states)} files: {', '.join(counts)}", err=True)


def _fails(findings: Any, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    if fail_on == "structural":
        return any(f.dimension == "St" and not f.waived for f in findings)
    allowed = FAIL_ON[1 : FAIL_ON.index(fail_on) + 1]
    return any((f.severity in allowed or f.dimension == "St") and not f.waived for f in findings)


@main.command(short_help="Say what the records of a graph lack or contradict.")
@click.argument("folder", type=Folder, required=False)
@as_of_option
@profile_option
@engine_option
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
    report = Graph(folder).check(as_of=as_of, profile=profile, waivers=waivers, engine=engine)
    click.echo(reports.table(report, _width(), sys.stdout.isatty(), worst))
    if not no_report:
        reports.replace(report, folder / "report")
        click.echo(f"wrote {folder}/report/index.html", err=True)
    if _fails(report.findings, fail_on):
        sys.exit(1)


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns


@main.command(short_help="Write a graph, or one view of it, in another format.")
@click.argument("folder", type=Folder)
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--view", default="full", show_default=True, help="View for GEXF, GraphML, CSV.")
@click.option("--excel", is_flag=True, help="CSV that Excel opens well.")
def export(folder: Path, files: tuple[Path, ...], view: str, excel: bool) -> None:
    """Write the graph in FOLDER to FILES; the ending of each says in which format.

    \b
    kg export exports/mine trials.gexf --view trial-hospital-committee-investigator
    """
    from kg.graph import Graph

    graph = Graph(folder)
    for file in files:
        for remark in graph.export(file, view=view, excel=excel):
            click.echo(remark, err=True)
        click.echo(f"wrote {file}", err=True)


@main.command(short_help="Ask a graph, by name or in SPARQL.")
@click.argument("folder", type=Folder, required=False)
@click.option("-q", "--query", "sparql", help="A SPARQL query.")
@click.option(
    "-f", "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A .rq file."
)
@click.option("-n", "--named", help="A named query; --list shows them.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A query's parameter.")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["table", "csv", "json", "ttl"]),
    default="table",
    show_default=True,
)
@click.option("--list", "list_queries", is_flag=True, help="List the named queries and stop.")
def query(
    folder: Path | None,
    sparql: str | None,
    file: Path | None,
    named: str | None,
    settings: tuple[str, ...],
    fmt: str,
    list_queries: bool,
) -> None:
    """Ask the graph in FOLDER. Prefixes of ours need no declaration.

    \b
    kg query exports/mine --named trials-per-hospital
    kg query exports/mine -q 'SELECT ?trial { ?trial a tkg:Trial }' --format csv
    """
    from kg import answers, queries
    from kg.graph import Graph

    if list_queries:
        for known in queries.named().values():
            click.echo(f"{known.name}\n    {known.en}\n    {known.zh}")
        return
    given = [text for text in (sparql, file, named) if text is not None]
    if folder is None or len(given) != 1:
        raise click.UsageError("name a folder and one of -q SPARQL, -f FILE or --named NAME")
    if file is not None:
        sparql = file.read_text(encoding="utf-8")
    parameters = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.BadParameter(f"{setting!r}: write NAME=VALUE", param_hint="--set")
        parameters[name] = value
    text = queries.text_of(named or sparql or "", parameters)
    answer = queries.run(Graph(folder).store, text)
    click.echo(answers.written(answer, fmt, _width() if sys.stdout.isatty() else None), nl=False)


@main.command(short_help="Show one file's records as typed JSON.")
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
        click.echo(_one_line(issue), err=True)
    if found == "[]":
        sys.exit(1)


@main.command(short_help="Show where the statements about a node come from.")
@click.argument("folder", type=Folder)
@click.argument("node")
def trace(folder: Path, node: str) -> None:
    """Show which printed values stand behind NODE: file, place, line, path, field and text.

    NODE is a registration number, an IRI, or the end of one as queries print it. A person, an
    organization or a committee is traced through every record that names it.

    \b
    kg trace exports/mine NCT09999901
    kg trace exports/mine person/5a0e3c09a7d9
    """
    from kg.graph import Graph
    from kg.namespaces import ID
    from kg.tracing import traces

    for row in traces(Graph(folder), node):
        where = ":".join(str(part) for part in (row.file, row.place, row.line or "") if part)
        shown = row.printed if row.state == "value" else f"[{row.state}] {row.printed}"
        click.echo("\t".join((where, row.path, row.node.removeprefix(ID), row.field, shown)))


@main.command(short_help="Count what a graph holds.")
@click.argument("folder", type=Folder)
@click.option("--json", "as_json", is_flag=True, help="As JSON, every field included.")
@click.option("--fields", "all_fields", is_flag=True, help="Every field of every source.")
def stats(folder: Path, as_json: bool, all_fields: bool) -> None:
    """Count what went into the graph in FOLDER and what it holds.

    Every value that a source prints is in one column: in the graph, blank, an issue, a contact,
    left out on purpose, read by nobody, or lost (which is a fault of kg). The columns add up.

    \b
    kg stats exports/mine
    """
    import json

    from kg.graph import Graph
    from kg.inspection import accounts_of, accounts_table, statistics

    found = statistics(Graph(folder))
    known = Graph(folder)
    ledger = accounts_of(known)
    if as_json:
        click.echo(json.dumps({**found, "fields": ledger}, ensure_ascii=False, indent=2))
        return
    for heading, rows in found.items():
        click.echo(heading)
        for name, number in rows.items():
            click.echo(f"  {name:<32}{number:>10,}")
    for line in accounts_table(ledger, all_fields):
        click.echo(line)


@main.command(short_help="Build the packaged samples into ./demo.")
@click.argument("folder", type=click.Path(path_type=Path), default="demo")
def demo(folder: Path) -> None:
    """Build the packaged samples, all invented, into FOLDER and say what to look at.

    \b
    kg demo
    """
    from kg.pipeline import Options
    from kg.pipeline import build as make
    from kg.resources import samples

    made = make([samples()], folder, Options(as_of=DEMO_AS_OF))
    _summary(made)
    assert made.report is not None
    for finding in [f for f in made.report.findings if f.file][:3]:
        where = f"{finding.file}:{finding.line}" if finding.line else str(finding.file)
        click.echo(f"{where} {finding.rule} {finding.message_en}")
    for path in ("graph.gexf", "graph.ttl", "report/index.html"):
        click.echo(folder / path)


@main.command(short_help="Write the golden file of a sample.", hidden=True)
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
