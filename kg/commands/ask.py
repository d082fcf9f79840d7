"""Commands that read a graph that was built: ``query``, ``trace``, ``stats`` and ``export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from kg.commands.options import Folder
from kg.commands.talk import width


@click.command(short_help="Write a graph, or one view of it, in another format.")
@click.argument("folder", type=Folder)
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--view",
    metavar="NAME",
    help="View for GEXF, GraphML, JSON, CSV.  [default: full]",
)
@click.option(
    "--around",
    multiple=True,
    metavar="NAME",
    help="Only what lies around NAME: a printed name, a registration number or an id of kg's.",
)
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many edges away, for --around.  [default: 1]",
)
@click.option(
    "--where",
    multiple=True,
    metavar="CONDITION",
    help="Only what a column says, and who is tied to it: 'start_year>=2020', country=CN, "
    "'status!=withdrawn'. All that are given hold.",
)
@click.option(
    "--min-weight",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only edges with N trials behind them.",
)
@click.option(
    "--min-degree", type=click.IntRange(min=1), metavar="N", help="Only nodes with N edges."
)
@click.option("--component", is_flag=True, help="Only the largest part that hangs together.")
@click.option(
    "--top", type=click.IntRange(min=1), metavar="N", help="Only the N nodes with most edges."
)
@click.option("--excel", is_flag=True, help="CSV that Excel opens well, edges with names.")
@click.option("--same-as", is_flag=True, help="RDF with owl:sameAs where a person said so.")
def export(
    folder: Path,
    files: tuple[Path, ...],
    view: str | None,
    excel: bool,
    same_as: bool,
    **shown: Any,
) -> None:
    """Write the graph in FOLDER to FILES; the ending of each says in which format.

    \b
    kg export exports/mine trials.gexf --view trial-hospital-committee-investigator
    kg export exports/mine ours.gexf --around "Example University Hospital" --depth 2
    kg export exports/mine core.gexf --view hospital-collaboration --where country=CN --top 500

    \b
    Views: full, trial-hospital-committee-investigator, hospital-collaboration,
    ethics-oversight, co-investigator.
    """
    from kg.exporters.formats import IdleOption, files_of
    from kg.exporters.part import Shown
    from kg.outputs.graph import Graph

    given: Shown = {option: said for option, said in shown.items() if said}  # type: ignore[assignment]
    written = Graph(folder).exports(files, view=view, excel=excel, same_as=same_as, **given)
    try:
        for file, remarks in written:
            for remark in remarks:
                click.echo(remark, err=True)
            click.echo(f"wrote {' and '.join(map(str, files_of(file)))}", err=True)
    except IdleOption as idle:
        option = f"--{idle.option.replace('_', '-')}"
        raise click.UsageError(option + idle.message.removeprefix(idle.option)) from None


@click.command(short_help="Ask a graph, by name or in SPARQL.")
@click.argument("folder", type=Folder, required=False)
@click.argument("name", metavar="[NAME]", required=False)
@click.option("-q", "--query", "sparql", help="A SPARQL query.")
@click.option(
    "-f",
    "--file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="A .rq file, or - for standard input.",
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
@click.option("--excel", is_flag=True, help="CSV that Excel opens well.")
@click.option("--list", "list_queries", is_flag=True, help="List the named queries and stop.")
@click.option("--show", metavar="NAME", help="Print a named query as SPARQL and stop.")
def query(
    folder: Path | None,
    name: str | None,
    sparql: str | None,
    file: Path | None,
    named: str | None,
    settings: tuple[str, ...],
    fmt: str,
    excel: bool,
    list_queries: bool,
    show: str | None,
) -> None:
    """Ask the graph in FOLDER: a query of this NAME, or one of yours. Prefixes of ours need no
    declaration.

    \b
    kg query exports/mine trials-per-hospital
    kg query exports/mine -q 'SELECT ?trial { ?trial a tkg:Trial }' --format csv
    kg query exports/mine trial-leaders --format csv --excel > leaders.csv
    """
    from kg import queries
    from kg.outputs import answers
    from kg.outputs.graph import Graph

    if list_queries:
        for known in queries.named().values():
            click.echo(f"{known.name}\n    {known.en}\n    {known.zh}")
            for parameter, meaning in known.parameters.items():
                click.echo(f"    --set {parameter}=…  {meaning}")
        return
    if show is not None:
        click.echo(queries.query_of(show).text, nl=False)
        return
    given = [text for text in (sparql, file, named, name) if text is not None]
    if folder is None or len(given) != 1:
        raise click.UsageError("give a folder and one of NAME, -q SPARQL, -f FILE or --named NAME")
    named = named or name
    if excel and fmt != "csv":
        raise click.UsageError(f"--excel changes nothing in --format {fmt}")
    if file is not None:
        sparql = _text(file)
    parameters: dict[str, str] = {}
    for setting in settings:
        parameter, equals, value = setting.partition("=")
        if not equals:
            raise click.BadParameter(f"{setting!r}: write NAME=VALUE", param_hint="--set")
        parameters[parameter] = value
    text = queries.text_of(sparql or named or "", parameters)
    graph = Graph(folder)  # which keeps its store as it is until the answer is read
    answer = queries.run(graph.store, text)
    with queries.answering():
        columns = width() if sys.stdout.isatty() else None
        told = answers.written(answer, fmt, columns, excel=excel)
    # Excel reads UTF-8 by its mark, whatever the encoding of the terminal is
    click.echo(told.encode() if excel else told, nl=False)


def _text(file: Path) -> str:
    """The text of a query's file."""
    from kg.errors import ToolError

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return data.decode("utf-8-sig")  # editors may begin a file with a mark
    except UnicodeDecodeError as error:
        raise ToolError(f"{_shown(file)}: not in UTF-8, at byte {error.start}") from None
    except OSError as error:
        raise ToolError(f"{_shown(file)}: {error.strerror}") from None


def _shown(file: Path) -> str:
    return "standard input" if str(file) == "-" else str(file)


@click.command(short_help="Show where the statements about a node come from.")
@click.argument("folder", type=Folder)
@click.argument("node")
def trace(folder: Path, node: str) -> None:
    """Show which printed values stand behind NODE: file, place, line, path, field and text.

    NODE is a registration number, a printed name, an IRI, the end of one as queries print it, or
    the key of a finding. A person, an organization or a committee is traced through every record
    that names it, a finding through what it is about.

    \b
    kg trace exports/mine NCT09999901
    kg trace exports/mine person/5a0e3c09a7d9
    """
    from kg.namespaces import ID
    from kg.outputs.graph import Graph
    from kg.outputs.tracing import traces

    for row in traces(Graph(folder), node):
        where = ":".join(str(part) for part in (row.file, row.place, row.line or "") if part)
        shown = row.printed if row.state == "value" else f"[{row.state}] {row.printed}"
        click.echo("\t".join((where, row.path, row.node.removeprefix(ID), row.field, shown)))


@click.command(short_help="Count what a graph holds.")
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

    from kg.inspection import accounts_of, accounts_table, statistics
    from kg.outputs.graph import Graph

    graph = Graph(folder)
    found = statistics(graph)
    ledger = accounts_of(graph)
    if as_json:
        click.echo(json.dumps({**found, "fields": ledger}, ensure_ascii=False, indent=2))
        return
    for heading, rows in found.items():
        click.echo(heading)
        for name, number in rows.items():
            click.echo(f"  {name:<32}{number:>10,}")
    for line in accounts_table(ledger, all_fields):
        click.echo(line)
