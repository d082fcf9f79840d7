"""The check: every rule on every record, on the merged graph and on the store as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

import kg
from kg.check import graphs, structural
from kg.check.about import About, Reference
from kg.check.batch import Batch, Checked, Version
from kg.check.belonging import belonging
from kg.check.compose import Composer
from kg.check.findings import SEVERITIES, Finding, Report
from kg.check.functions import functions, on_store
from kg.check.messages import Labels
from kg.check.parameters import Parameters
from kg.check.pieces import Pieces, Stored, rows_of
from kg.check.plan import Plan
from kg.check.profiles import STRUCTURAL, chosen
from kg.check.recall import Recall
from kg.check.records import checked, judgement, uncollected, waived
from kg.check.rulebook import MERGED, Rulebook, Shape, rulebook
from kg.check.rules import hospitals, merged, trials
from kg.check.runner import Engine, Outcome, Runner, classes_of, hit, set_of
from kg.check.scan import Gathered, Seen, Wanted
from kg.check.shacl import EngineError, Shacl
from kg.check.states import Lines
from kg.check.tally import Judged, Tally
from kg.check.terms import terms
from kg.check.user_shapes import UserShapes, load
from kg.check.waivers import Waivers
from kg.running.processes import Workers, in_order, processes, side_by_side
from kg.sources.lines import Line

__all__ = ["MERGED", "check", "functions", "on_store"]

BATCH = 200
"""So many records go to a process at once."""


def check(
    store: Store,
    *,
    lines: Iterable[Line] = (),
    pieces: Mapping[str, Pieces] | None = None,
    parameters: Parameters,
    profile: str | None = None,
    waivers: Waivers | None = None,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine = "oxigraph",
    jobs: int = 1,
    workers: Workers | None = None,
    size: int = BATCH,
    recall: Recall | None = None,
    shapes: Iterable[Path] = (),
    beside: Mapping[str, Path] | None = None,
) -> Report:
    """What the shapes say about every current record version in ``store``, and about the whole.

    ``profile`` overrides the one that each registry chooses. The same input gives the same report,
    whatever the order of records and lines, however many processes (``jobs``, or ``workers``
    elsewhere) share the records, ``size`` at a time, and whatever the ``engine``: ``oxigraph`` runs
    the queries of the rules itself, many times faster than ``pyshacl``, the reference. Tests hold
    both to the same findings.
    ``lines`` are rows of lines.tsv. ``pieces`` say instead where the statements and rows of each
    version lie on disk: those of a batch are then read where it is checked. ``beside`` are files
    that hold the statements of other graphs, as N-Triples.
    What ``recall`` knows of a record is not found again. ``shapes`` are files with rules of the
    user's own, which are run and reported beside ours.
    """
    extra = tuple(map(load, shapes))
    if profile:
        parameters = parameters.with_defaults_from(dict(chosen("", profile).thresholds))
    current = graphs.current_graphs(store)
    if pieces is None:
        pieces = Stored(store, rows_of(lines, {graph.value for graph in current}))
    run = _Run(store, current, pieces, parameters, waivers or Waivers(), engine, extra)
    done = 0
    pieces_of_work: Iterator[Batch | structural.Part] = chain(
        run.batches(profile, size, recall), run.other_graphs(beside or {})
    )
    shared = workers or processes(jobs)
    for part in in_order(shared, _looked_at, pieces_of_work):
        if progress and part.records:
            progress(done, len(current))
        if recall is not None:
            recall.take(part)
        run.add(part)
        done = len(run)
    if progress:
        progress(len(current), len(current))
    with uncollected():
        run.beyond_records(1 if shared.far else shared.count)
    return run.report({"profile": profile or "by registry", **parameters.printed()})


def _looked_at(piece: Batch | structural.Part) -> Checked:
    """What is found in some records, or in a part of another graph."""
    if isinstance(piece, Batch):
        return checked(piece)
    with uncollected():
        return Checked(seen=structural.looked_through(piece))


class _Run:
    """One check, as its findings grow."""

    def __init__(
        self,
        store: Store,
        current: list[NamedNode],
        pieces: Mapping[str, Pieces],
        parameters: Parameters,
        waivers: Waivers,
        engine: Engine,
        extra: tuple[UserShapes, ...],
    ) -> None:
        self._store = store
        self._current = current
        self._pieces = pieces
        self._parameters = parameters
        self._waivers = waivers
        self._engine: Engine = engine
        self._extra = extra
        self._book = rulebook(extra)
        self._plan = Plan(self._book, parameters.optional_rules)
        self._composer = Composer(self._book, Labels(store), Lines(), parameters)
        self._tally = Tally(self._book.rules)
        self._found = Checked(seen=Gathered())
        self._keep = merged_graph(self._book, extra)

    def batches(self, profile: str | None, size: int, recall: Recall | None) -> Iterator[Batch]:
        """The record versions, ``size`` at a time, as values that stand alone."""
        asked = Batch(
            versions=(),
            reference=Reference(self._store),
            labels=graphs.shared_labels(self._store, self._current),
            parameters=self._parameters,
            profile=profile,
            waivers=self._waivers,
            engine=self._engine,
            extra=self._extra,
            keep=self._keep,
            cache=recall.cache if recall else None,
        )
        read = recall.read if recall else {}
        for at in range(0, len(self._current), size):
            versions = tuple(
                Version(
                    graph=graph.value,
                    pieces=self._pieces[graph.value],
                    trial=graphs.trial_of(self._store, graph),
                    read=read.get(graph.value),
                )
                for graph in self._current[at : at + size]
            )
            yield replace(asked, versions=versions)

    def __len__(self) -> int:
        """How many records are checked."""
        return len(self._found.records)

    def add(self, part: Checked) -> None:
        """Take over what was found in the records that follow."""
        self._tally.take(part.counts)
        self._found.add(part)

    def _files(self) -> set[str]:
        return {STRUCTURAL}.union(*(a.profile.files for a in self._found.abouts.values()))

    def other_graphs(self, beside: Mapping[str, Path]) -> Iterator[structural.Part]:
        """The graphs that are no current record version, in parts."""
        own = set(self._current)
        others = [g for g in structural.all_graphs(self._store) if g not in own]
        yield from structural.parts(self._store, others, self._keep, beside)

    def beyond_records(self, jobs: int) -> None:
        """Rules that look at more than one record, with ``jobs`` 2 in two processes."""
        # The merged graph is let go with the process that holds it.
        _, outcomes = side_by_side(jobs, [self._whole_store, self._merged])
        self._found.seen.kept = []
        for outcome in outcomes:
            self._tally.add(outcome.shape.rule, [self._judged(outcome, "merged graph")])

    def _merged(self) -> list[Outcome]:
        """What the rules about who is who say of all current records and the identity graph."""
        runner = Runner(Shacl(self._book.graph), functions(), self._engine)
        # Of what the rules in Python read, the queries see what they name.
        asked = graphs.wanted(self._book.reads).properties
        data = graphs.MergedGraph(self._found.seen.kept, asked)
        return [
            runner.outcome(shape, data, self._parameters)
            for shape in self._book.of_files(self._files() & {MERGED})
            if self._plan.enabled(shape)
        ]

    def _whole_store(self) -> list[Outcome]:
        """Rules that compare named graphs: structure, versions of one record. None is left over."""
        by_rule: dict[str, list[Shape]] = defaultdict(list)
        for shape in filter(on_store, self._book.of_files(self._files())):
            by_rule[shape.rule].append(shape)
        histories = graphs.histories(self._store, self._parameters.statements())
        instances = graphs.Instances(self._store)
        for rule, shapes in by_rule.items():  # one by one: each outcome names every node
            if rule in structural.IN_PARTS:
                for shape in shapes:
                    for outcome in outcomes_in_parts(shape, self._store):
                        self._tally.add(rule, [self._judged(outcome, "store")])
                continue
            self._tally.add(rule, [self._on_store(shape, histories, instances) for shape in shapes])
        return []

    def _on_store(self, shape: Shape, histories: Store, instances: graphs.Instances) -> Judged:
        try:
            outcome = store_outcome(shape, self._store, histories, self._found.seen, instances)
        except EngineError as error:
            outcome = Outcome(shape=shape, applicable=frozenset(), error=str(error))
        return self._judged(outcome, "store")

    def _judged(self, outcome: Outcome, graph: str) -> Judged:
        abouts: Mapping[str, About] = self._found.abouts
        findings = [
            waived(
                self._composer.finding(outcome.shape, h, abouts.get(h.focus), None),
                self._waivers,
                self._parameters,
            )
            for h in outcome.hits
        ]
        self._found.findings += findings
        return judgement(outcome, findings, graph, self._found.errors)

    def report(self, parameters: Mapping[str, str]) -> Report:
        """All that was found, sorted."""
        as_of = self._parameters.as_of
        found = self._found
        return Report(
            as_of=as_of,
            parameters=parameters,
            versions={
                "kg": kg.__version__,
                "ontology": terms().version,
                "shapes": self._book.checksum,
                "data": f"{found.seen.total:064x}",
            },
            rules=tuple(self._book.rules.values()),
            counts=self._tally.counts(),
            records=tuple(
                sorted(found.records, key=lambda r: (r.registry, r.number or "", r.record))
            ),
            findings=tuple(sorted(found.findings, key=self._order)),
            waiver_notes=self._waivers.notes(
                found.findings, found.records, self._book.rules, as_of
            ),
            errors=tuple(sorted(found.errors, key=lambda e: (e.rule, e.graph, e.reason))),
            belonging=belonging(self._store, found.named),
        )

    def _order(self, f: Finding) -> tuple[Any, ...]:
        """Severity, rule, registry, number, focus; then what tells findings of one node apart."""
        return (
            SEVERITIES.index(f.severity),
            self._book.rules[f.rule].order,
            f.rule,
            f.registry or "",
            f.number or "",
            f.focus,
            f.field or "",
            sorted(f.values.items()),
        )


def merged_graph(book: Rulebook, extra: tuple[UserShapes, ...] = ()) -> Wanted:
    """What the rules on the merged graph read; shapes of a user may look at any class."""
    reads = book.reads.union(hospitals.READS, merged.READS, trials.READS)
    if extra:
        return graphs.wanted(reads)
    targets = {c for shape in book.of_files({MERGED}) for c in classes_of(shape.targets)}
    return graphs.wanted(reads, {*reads, *targets, *merged.KINDS})


def outcomes_in_parts(shape: Shape, store: Store) -> Iterator[Outcome]:
    """What a shape whose nodes are each of one record says of them, some at a time."""
    none = True
    for nodes, hits in structural.IN_PARTS[shape.rule](store):
        yield Outcome(shape=shape, applicable=nodes, hits=set_of(hits))
        none = False
    if none:
        yield Outcome(shape=shape, applicable=frozenset())


def store_outcome(
    shape: Shape,
    store: Store,
    histories: Store,
    seen: Seen | None = None,
    instances: graphs.Instances | None = None,
) -> Outcome:
    """What a shape says of named graphs: structure of the whole store, or versions of records.

    ``seen`` is what a pass over all graphs saw; without it, they are passed now.
    """
    within = store if shape.dimension == "St" else histories
    targets = (graphs.Instances(store) if instances is None else instances)[shape.targets]
    if shape.applies is not None:
        applicable = frozenset(graphs.nodes(within, shape.applies, union=True))
    else:
        applicable = targets if shape.targets else frozenset(structural.examined(store))
    hits = (
        structural.RULES[shape.rule](
            store, seen or structural.seen_in(store, structural.all_graphs(store))
        )
        if shape.kind == "python"
        else (hit(dict(row)) for row in graphs.distinct(within, shape.select or "", union=True))
    )
    return Outcome(
        shape=shape, applicable=applicable, other=targets - applicable, hits=set_of(hits)
    )


def checksum(store: Store) -> str:
    """A digest of the statements of a store: neither their order nor names of files matter."""
    return f"{structural.seen_in(store, structural.all_graphs(store)).total:064x}"
