"""``kg resolve``: who is who in a built graph, why, what to decide, how well it is decided."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.counted import counted
from kg.errors import ToolError

if TYPE_CHECKING:
    from kg.outputs.judgements import Judgements

File = click.Path(exists=True, dir_okay=False, path_type=Path)
BUILT = Path("exports", "graph")  # where kg build writes unless told otherwise
OVERRIDES = Path("identity", "overrides.tsv")

graph_option = click.option(
    "-g",
    "--graph",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="The folder that kg build wrote.  [default: exports/graph]",
)
overrides_option = click.option(
    "--overrides",
    type=click.Path(dir_okay=False, path_type=Path),
    default=OVERRIDES,
    show_default=True,
    help="The file that the decision is added to; give it to kg build --overrides.",
)


@click.group(invoke_without_command=True, short_help="Say who is who, why, and what to decide.")
@graph_option
@click.pass_context
def resolve(context: click.Context, folder: Path | None) -> None:
    """Say who is who in a built graph: how many mentions became how many people, hospitals,
    committees and trials, by which rules, what was kept apart and what a person should decide.

    \b
    kg resolve --graph exports/mine
    kg resolve -g exports/mine explain person/5a0e3c09a7d9
    kg resolve -g exports/mine queue --top 20
    """
    context.obj = folder
    if context.invoked_subcommand is None:
        _say(_judgements(context, None).summary())


def _judgements(context: click.Context, folder: Path | None) -> Judgements:
    from kg.outputs.graph import Graph
    from kg.outputs.judgements import Judgements

    return Judgements(Graph(folder or context.obj or BUILT))


def _say(texts: Iterable[str]) -> None:
    for text in texts:  # no control character of a record reaches a terminal
        click.echo("".join(c if c.isprintable() or c == "\t" else " " for c in text))


@resolve.command(short_help="Say why an id is what it is, or why two are one or two.")
@click.argument("name", metavar="ID")
@click.argument("other", metavar="[ID2]", required=False)
@graph_option
@click.pass_context
def explain(context: click.Context, name: str, other: str | None, folder: Path | None) -> None:
    """Show every spelling of ID with file and line, the links that hold it together with their
    rules and reasons, what was refused, and the override that would undo it. With ID2, or for a
    link: why both are one, or why not.

    \b
    kg resolve -g exports/mine explain person/5a0e3c09a7d9
    kg resolve -g exports/mine explain mention/chictr/… mention/ctgov/…
    """
    found = _judgements(context, folder)
    if name.startswith(("link/", "link:")) and other is None:
        row = found.link(name)
        name, other = row.left, row.right
    if other is None:
        _say(found.explained(found.named(name)))
    else:
        _say(found.compared(name, other))


@resolve.command(short_help="List the doubtful pairs, most telling first.")
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True)
@click.option(
    "--format", "fmt", type=click.Choice(["text", "tsv"]), default="text", show_default=True
)
@graph_option
@click.pass_context
def queue(context: click.Context, top: int, fmt: str, folder: Path | None) -> None:
    """List the pairs that a person should decide: the surest first, then those on which most
    mentions hang. As TSV every row ends with the override that accepts it.

    \b
    kg resolve -g exports/mine queue --top 50 --format tsv > queue.tsv
    """
    from kg.namespaces import ID
    from kg.outputs.decisions import decision_row
    from kg.resolve.overrides import COLUMNS

    found = _judgements(context, folder)
    rows = found.queue()
    places = found.places(end for row, _ in rows[:top] for end in (row.left, row.right))
    if fmt == "tsv":
        head = ("link", "rule", "score", "mentions", "kind", "left_label", "right_label")
        click.echo("\t".join((*head, "evidence", "left_source", "right_source", *COLUMNS)))
    for row, effect in rows[:top]:
        link = row.iri.removeprefix(ID)
        asks = row.decision == "possible"
        # What one link alone holds together is right or is to be parted.
        accepted = decision_row(row, accept=asks)
        told = row.evidence if asks else f"this link alone holds a group together: {row.evidence}"
        if fmt == "tsv":
            cells = (link, row.rule, row.score, str(effect), row.kind)
            shown = (row.left_label, row.right_label, told, *(places.get(e, "") for e in row.ends))
            click.echo("\t".join((*cells, *shown, accepted.rstrip("\n"))))
            continue
        _say((f"{link}  {row.rule} {row.score}  {row.kind}, {counted(effect, 'mention')}: {told}",))
        for end, label in zip(row.ends, (row.left_label, row.right_label), strict=True):
            name = ", ".join(filter(None, (label, found.works_at(end))))
            _say((f"    {name}  ({places.get(end, '')}, {end.removeprefix(ID)})",))
        _say(("    " + " ".join(accepted.split("\t")[:4]).replace("  ", " "),))
    if len(rows) > top:
        asked = f"kg resolve -g {found.shown_folder} queue --top {len(rows)}"
        click.echo(f"{len(rows) - top} more; {asked}", err=True)
    elif not rows:
        click.echo("nothing to decide", err=True)


author_option = click.option("--author", required=True, help="Who decides, such as an ORCID iD.")
reason_option = click.option("--reason", required=True, help="Why; no contact, please.")
date_option = click.option(
    "--date",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When, as 2026-09-15.  [default: the graph's as-of]",
)


@resolve.command(short_help="Decide that a doubtful pair is one.")
@click.argument("link")
@author_option
@reason_option
@date_option
@overrides_option
@graph_option
@click.pass_context
def accept(
    context: click.Context, link: str, author: str, reason: str, date: datetime | None,
    overrides: Path, folder: Path | None,
) -> None:  # fmt: skip
    """Add to the overrides that the two ends of LINK are one; every build that reads the file
    obeys. Where a table calls them successor and predecessor, they become that, and stay two.

    \b
    kg resolve -g exports/mine accept link/0a1b2c3d4e5f --author curator --reason "one homepage"
    """
    _decide(context, folder, link, overrides, author, date, reason, accept=True)


@resolve.command(short_help="Decide that a pair is not one.")
@click.argument("link")
@author_option
@reason_option
@date_option
@overrides_option
@graph_option
@click.pass_context
def reject(
    context: click.Context, link: str, author: str, reason: str, date: datetime | None,
    overrides: Path, folder: Path | None,
) -> None:  # fmt: skip
    """Add to the overrides that the two ends of LINK are not one; every build that reads the file
    obeys, whatever rules say. LINK may be a doubtful pair or one that a rule joined.

    \b
    kg resolve -g exports/mine reject link/0a1b2c3d4e5f --author curator --reason "two cities"
    """
    _decide(context, folder, link, overrides, author, date, reason, accept=False)


def _decide(
    context: click.Context, folder: Path | None, link: str, overrides: Path, author: str,
    date: datetime | None, reason: str, *, accept: bool,
) -> None:  # fmt: skip
    from kg.building import ids
    from kg.contacts.masking import masked
    from kg.outputs.decisions import decision_row
    from kg.outputs.graph import Graph

    found = _judgements(context, folder)
    as_of = Graph(folder or context.obj or BUILT).manifest["as_of"] or ""  # no record tells a day
    line = decision_row(
        found.link(link),
        accept=accept,
        author=masked(author),
        date=date.date().isoformat() if date else as_of,
        reason=masked(reason),
    )
    added = ids.add_decision(overrides, line)
    if added:
        click.echo(line, nl=False)
        click.echo(f"added to {overrides}; {_counts(overrides)}", err=True)
    else:
        click.echo(f"{overrides} says so already; {_counts(overrides)}")


def _counts(overrides: Path) -> str:
    """What makes the rows of a file count: a build reads none that it was not led to."""
    from kg.building import ids

    beside = f" or a --ledger beside it ({overrides.parent / 'ids.tsv'})"
    or_ledger = beside if overrides.name == ids.OVERRIDES else ""
    return f"it counts in kg build … --overrides {shlex.quote(str(overrides))}{or_ledger}"


@resolve.command(short_help="Compare who is who in two builds.")
@click.argument("out1", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out2", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True)
def diff(out1: Path, out2: Path, top: int) -> None:
    """Say which groups of OUT1 are merged, split, new or gone in OUT2, and how many ids were kept.

    \b
    kg resolve diff exports/before exports/after
    """
    from kg.namespaces import ID
    from kg.outputs.differences import difference, refers
    from kg.outputs.graph import Graph

    found = difference(refers(Graph(out1)), refers(Graph(out2)))
    for what, groups, arrow in (("merged", found.merged, "←"), ("split", found.split, "→")):
        click.echo(f"{what}: {len(groups)}")
        for name, parts in groups[:top]:
            shown = ", ".join(part.removeprefix(ID) for part in parts)
            click.echo(f"  {name.removeprefix(ID)} {arrow} {shown}")
    click.echo(f"new: {len(found.new)}")
    click.echo(f"gone: {len(found.gone)}")
    share = 100 * found.kept / found.both if found.both else 100.0
    click.echo(f"ids kept: {share:.2f} % of {found.both:,} mentions and records in both")


@resolve.command(short_help="Show how a name is read.")
@click.argument("name")
def parse(name: str) -> None:
    """Show what NAME is read as: surname, given name and Latin spellings of a person; place,
    university, ordinal, type and second names of an organization; host and kind of a committee.

    \b
    kg resolve parse "尉迟示例"
    kg resolve parse "示例市人民医院(示例大学附属医院)"
    """
    from kg.resolve.names.parsing import parsed

    _say(parsed(name))


@resolve.command("import-ror", short_help="Read a dump of ROR for kg build --ror.")
@click.argument("file", type=File)
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("identity", "ror.tsv"),
    show_default=True,
    help="The table to write.",
)
def import_ror(file: Path, out: Path) -> None:
    """Read FILE, a dump from https://ror.org/data (JSON or its zip), into a small table that
    ``kg build --ror`` reads quickly.

    \b
    kg resolve import-ror v1.50-ror-data.zip
    """
    from kg.resolve import ror_dump

    found = ror_dump.imported(file)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        ror_dump.write(found, out)
    except OSError as error:
        raise ToolError(f"{out}: {error.strerror or error}") from None
    click.echo(f"{len(found):,} organizations; next: kg build … --ror {out}", err=True)


@resolve.command(short_help="Measure the resolver on labelled data.")
@click.argument("gold", type=File)
@click.option("--json", "as_json", is_flag=True, help="As JSON, intervals and all.")
@click.option("--ror", type=File, help="A dump of ROR, for affiliations that are labelled with it.")
@click.option("--list", "all_errors", is_flag=True, help="Every error, not only the first twenty.")
@graph_option
@click.pass_context
def evaluate(
    context: click.Context, gold: Path, as_json: bool, ror: Path | None, all_errors: bool,
    folder: Path | None,
) -> None:  # fmt: skip
    """Measure precision and recall, of pairs and B-cubed, on GOLD: mentions with the group that a
    person gave them, or judged pairs, as TSV, CSV or JSON. Its columns say what it is. Pairs that
    name records are judged in the graph that was built of them.

    \b
    kg resolve evaluate people.tsv
    kg resolve evaluate affiliations.json --ror ror.jsonl --json
    kg resolve -g exports/mine evaluate pairs.tsv
    """
    import json

    from kg.resolve.labelled import evaluation, forms
    from kg.resolve.labelled import gold as labels

    columns, _ = forms.read(gold)
    if set(columns) >= labels.GIVEN:
        from kg.resolve.printed import mentions

        found = _judgements(context, folder)
        asked = {frozenset((row.left_entity, row.right_entity)) for row, _ in found.queue()}
        judged = labels.given(gold, mentions(found.store), found.refers, asked)
    else:
        judged = labels.labelled(gold, ror)
    if as_json:
        json.dump(evaluation.measured(judged), sys.stdout, ensure_ascii=False, indent=2)
        click.echo()
        return
    _say(evaluation.table(judged, None if all_errors else evaluation.SHOWN))
