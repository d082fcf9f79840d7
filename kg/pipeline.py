"""START HERE: the stages of a build, in order.

    files ─read─▶ records ─cross─▶ quads ─resolve─▶ ─derive─▶ ─check─▶ export, report, store

Each stage is one call below. Until ``kept`` a record is known by its file; after ``assembled``
everything is quads.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from kg import __version__, resolve, store
from kg.building import filling, ids, left, output, writing
from kg.building.assembly import Graph, assembled, counts
from kg.check import check, trend, waivers
from kg.check import report as reports
from kg.check.batch import Read
from kg.check.findings import Report
from kg.check.parameters import NO_DAY, Parameters, assessment_day
from kg.check.recall import Recall
from kg.check.runner import Engine
from kg.check.user_shapes import load as load_shapes
from kg.counted import counted
from kg.errors import ToolError
from kg.exporters.bodies import NOTHING_KNOWN
from kg.exporters.formats import formats_named
from kg.issues import Issue
from kg.reading import accounts, intake, shards
from kg.running.cache import Cache, Shelf, contact_key, keep
from kg.running.cluster import cluster
from kg.running.processes import Workers, cores, processes
from kg.running.stages import Progress, Stages
from kg.sources import remote
from kg.sources.cutting import File

# What a build writes unless --formats chooses: graph.nq is always written, checks and later
# exports start from it.
DEFAULT_FORMATS = ("trig", "ttl", "jsonld", "gexf", "graphml", "csv")
RUN = "run.json"  # how long it took: the one file, beside the store, that differs from run to run
_WORK = ".work"  # below the folder that is made: what is read lies there until the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build. ``as_of`` None: the day of the newest refresh, or else registration; where no
    record tells one, only a build without a check needs none."""

    as_of: str | None = None
    formats: tuple[str, ...] = DEFAULT_FORMATS
    check: bool = True
    profile: str | None = None
    engine: Engine = "oxigraph"
    shapes: tuple[Path, ...] = ()  # files with rules of the user's own
    waivers: Path | None = None  # findings that somebody accepted
    baseline: Path | None = None  # an earlier check that the report is compared with
    contacts: bool = False
    history: bool = False
    force: bool = False
    jobs: int = 0  # processes that share the work; 0: one for each core
    scheduler: str | None = None  # address of a Dask scheduler whose workers read and check
    ledger: Path | None = None  # ids given before; written anew with the output
    overrides: Path | None = None  # a person's word; None: beside the ledger, where there is one
    cache: bool = True  # do the work for what changed only
    ror: Path | None = None  # a dump of ROR, for the ids of organizations
    web: bool = False  # whether http and https addresses are fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made."""

    out: Path
    manifest: Mapping[str, object]
    issues: tuple[Issue, ...]
    report: Report | None
    overview: reports.Overview | None  # the report with what it is compared with
    files: tuple[intake.FileRead, ...]
    notes: tuple[str, ...] = ()  # what a limit of a format left out


def build(
    paths: Iterable[Path | remote.Remote],
    out: Path,
    options: Options = Options(),
    *,
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build ``out`` from every record below ``paths``.

    Raises ToolError when there is nothing to build, with the reason for each file in its issues,
    and where ``out`` would take the place of what is read.
    """
    paths = tuple(paths)
    if options.as_of is not None:
        options = replace(options, as_of=assessment_day(options.as_of))
    output.may_read(paths, out)
    for name in options.formats:
        formats_named(name)
    for file in options.shapes:
        load_shapes(file)  # a fault of theirs is told before anything is read
    beside = _Beside(
        waivers=waivers.read(options.waivers) if options.waivers else None,
        # It may lie in the folder that is going to be replaced.
        baseline=trend.read(options.baseline) if options.baseline else None,
    )
    with (
        ids.kept(options.ledger) as ledger,
        # An id that is shown and forgotten could be given up without a word.
        output.replacing(out, force=options.force, before=ledger.publish) as folder,
    ):
        # Nobody else builds here now.
        cache = _cache(out, options)
        with _workers(options, folder) as workers:
            made = _built(
                paths, out, folder, options, beside, ledger, stdin, progress, cache, workers
            )
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What a check is told beside the records, read before anything else."""

    waivers: waivers.Waivers | None
    baseline: trend.Baseline | None


def _workers(options: Options, folder: Path) -> AbstractContextManager[Workers | None]:
    """The workers of a cluster, where one is asked for."""
    return cluster(options.scheduler, folder) if options.scheduler else nullcontext()


def _cache(out: Path, options: Options) -> Cache | None:
    """What earlier builds of ``out`` know; nothing where contacts are asked for: it holds none."""
    if not options.cache or options.contacts:
        return None
    secret = contact_key()
    # Absolute: workers may stand in another folder.
    return Cache(output.companion(out, "cache.sqlite").absolute(), secret) if secret else None


def _built(
    paths: Sequence[Path | remote.Remote],
    out: Path,
    folder: Path,
    options: Options,
    beside: _Beside,
    ledger: ids.Kept,
    stdin: BinaryIO | None,
    progress: Progress | None,
    cache: Cache | None,
    workers: Workers | None,
) -> Built:
    stages = Stages(progress)
    decisions = ids.decisions(options.ledger, options.overrides)  # a bad row stops before the work
    index = resolve.ror_index(options.ror) if options.ror else None
    work = folder / _WORK
    work.mkdir()
    given = _here(paths, work / "fetched", options, stages)
    with stages.stage(intake.STAGE):
        read = intake.read(
            given,
            stdin,
            progress,
            work=work,
            apart=Path(os.path.realpath(out)),
            jobs=options.jobs,
            workers=workers,
            contacts=options.contacts,
            cache=cache,
        )
        versions, dropped = intake.kept(read, history=options.history)
    issues = intake.sorted_issues([*read.issues, *dropped])
    if not versions:
        raise NothingBuilt(issues, len(read.files))
    as_of = options.as_of or _newest_day(versions)
    if as_of is None and options.check:
        raise ToolError(NO_DAY)  # at once, before the work
    shared = workers or processes(options.jobs or cores())
    shelf = Shelf(cache, work / "whole-cache") if cache else None
    graph = assembled(
        versions,
        stages,
        folder / store.STORE,
        work,
        index,
        known=ledger.known if options.ledger else None,
        overrides=decisions,
        workers=shared,
        shelf=shelf,
        earlier=left.earlier(cache, out) if cache else None,
    )
    issues = intake.sorted_issues([*issues, *ids.issues(graph.resolution.gone)])
    report = None
    recall = _recall(shelf, versions, options)
    if options.check and as_of is not None:
        with stages.stage("checking"):
            report = check(
                graph.store,
                pieces=graph.pieces(),
                beside=graph.filling.laid_out,
                parameters=Parameters(as_of=as_of),
                profile=options.profile,
                engine=options.engine,
                shapes=options.shapes,
                waivers=beside.waivers,
                workers=shared,
                progress=stages.far("checking"),
                recall=recall,
            )
    manifest = _manifest(read, versions, graph, issues, report, as_of)
    view = reports.overview(report, beside.baseline) if report else None
    remembered = writing.Remembered(cache, out, work) if cache else None
    files = writing.Files(
        graph=graph,
        view=view,
        issues=issues,
        folder=folder,
        memory=remembered or NOTHING_KNOWN,
    )
    notes = files.write(options.formats, stages, 1 if shared.far else shared.count)
    output.write_lines(accounts.rows(read.accounts), folder / "accounts.tsv")
    output.write_lines(_files(read), folder / "files.tsv")
    held, found = filling.held(graph.texts()), graph.filling.findings
    ids_given = graph.resolution.ledger
    del graph, files  # nobody holds a file of the store when it moves
    if index:
        manifest["ror"] = {"organizations": len(index), "sha256": index.sha256}
    output.write_json(manifest, folder / output.MANIFEST)
    ledger.write(ids_given)
    run: dict[str, object] = {}
    if shelf is not None:
        with stages.stage("remembering"):
            leave = partial(left.leave, shelf, folder, held, found)
            run["cache"] = _remembered(shelf, leave, read, recall, remembered)
    shutil.rmtree(work)
    run |= stages.report(records=len(versions), jobs=shared.count)
    output.write_json(run, folder / RUN)
    return Built(
        out=out,
        manifest=manifest,
        issues=tuple(issues),
        report=report,
        overview=view,
        files=tuple(sorted(read.files, key=lambda f: (f.state, f.file, f.sha256))),
        notes=tuple(notes),
    )


def _here(
    paths: Sequence[Path | remote.Remote], into: Path, options: Options, stages: Stages
) -> Sequence[Path | File | Issue]:
    """The input, with what lies elsewhere fetched."""
    near = [path for path in paths if isinstance(path, Path)]
    if len(near) == len(paths):
        return near
    with stages.stage("fetching"):
        return remote.fetched(
            paths,
            into,
            web=options.web,
            progress=stages.far("fetching"),
        )


def _recall(shelf: Shelf | None, versions: list[shards.Version], options: Options) -> Recall | None:
    """What is known of checks. With older versions kept, records speak of the nodes of others."""
    if shelf is None or options.history:
        return None
    return Recall(shelf, {v.version: Read(v.cached, v.file, v.sha256) for v in versions})


def _remembered(
    shelf: Shelf,
    leave: Callable[[], None],
    read: intake.Reading,
    recall: Recall | None,
    files: writing.Remembered | None,
) -> dict[str, object]:
    """Keep for the next build what was read and found; what of it was known already.

    ``leave`` puts on the shelf what is told of the store. A disk that refuses costs the next build
    time, and this one nothing.
    """
    told: dict[str, object] = {
        "records_read_before": read.recalled,
        "records_checked_before": recall.found if recall else 0,
    }
    try:
        leave()
        shelf.close()
        new = (*read.new, *(files.new() if files else ()), shelf.file)
        keep(shelf.cache, filter(Path.is_file, new), (*read.used, *shelf.used))
    except (OSError, sqlite3.Error) as error:
        told["not_kept"] = " ".join(str(error).split())
    return told


def _files(read: intake.Reading) -> Iterator[str]:
    """The lines of ``files.tsv``: every file of the input, what became of it, and why."""
    yield "file\tstate\trecords\treason\n"
    # By checksum, not by name: the same files under other names give the same order.
    for file in sorted(read.files, key=lambda f: (f.state, f.sha256, f.file)):
        cells = (file.file, file.state, str(len(file.records)), "; ".join(file.reasons))
        yield "\t".join(" ".join(cell.split()) for cell in cells) + "\n"


class NothingBuilt(ToolError):
    """No file held a record. ``issues`` says why, file by file; the old output stays."""

    exit_code = 1

    def __init__(self, issues: list[Issue], files: int) -> None:
        super().__init__(f"nothing was built: no record in {counted(files, 'file')}")
        self.issues = issues


def _newest_day(versions: list[shards.Version]) -> str | None:
    return max((version.newest_day for version in versions if version.newest_day), default=None)


def _manifest(
    read: intake.Reading,
    versions: list[shards.Version],
    graph: Graph,
    issues: list[Issue],
    report: Report | None,
    as_of: str | None,
) -> dict[str, object]:
    """What was built from what. No time, no path of this machine: same input, same bytes."""
    return {
        "kg": __version__,
        "as_of": as_of,
        "inputs": [file._asdict() for file in sorted(read.files, key=lambda f: (f.sha256, f.file))],
        "counts": counts(graph.store) | {"record versions": len(versions)},
        "issues": intake.by_kind(issues),
        **({"cut": list(graph.resolution.cut)} if graph.resolution.cut else {}),
        "findings": dict(Counter(f.severity for f in report.findings)) if report else None,
    }
