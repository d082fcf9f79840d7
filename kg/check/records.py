"""The rules for single records, run on a batch of record versions.

``checked`` needs nothing but its argument. Rules run once on all records of a batch that share a
profile.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from pyoxigraph import RdfFormat, parse

from kg.check.about import SubItems
from kg.check.batch import Batch, Checked, Entry, Version, told
from kg.check.compose import Composer
from kg.check.facts import Reader
from kg.check.findings import Finding, RuleError
from kg.check.functions import functions, on_store
from kg.check.graphs import CheckedGraph
from kg.check.messages import Labels, labels_of
from kg.check.parameters import Parameters
from kg.check.rulebook import MERGED, Shape, reads, rulebook
from kg.check.runner import Outcome, Runner, set_of
from kg.check.scan import Seen, scanned
from kg.check.shacl import EngineError
from kg.check.states import Lines
from kg.check.tally import Judged, Tally
from kg.check.together import Asked, Group, OneRecord, shacl_of
from kg.check.user_shapes import FILE, UserShapes
from kg.check.view import Hit
from kg.check.waivers import Waivers
from kg.namespaces import expand

_SHA256 = expand("tkg:sourceSha256")

OPEN = 8
"""So many groups of records wait for more at once."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for cycles, of which a check makes none: it would look through all
    statements again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def checked(batch: Batch) -> Checked:
    """All that the rules for single records say of a batch."""
    with uncollected():
        return _checked(batch)


def _checked(batch: Batch) -> Checked:
    run = _Run(batch)
    found: list[Checked] = [Checked() for _ in batch.versions]
    seen: list[Seen] = []
    reader = Reader()
    waiting: dict[str, list[Group]] = defaultdict(list)
    for n, version in enumerate(batch.versions):
        record = OneRecord(version, reader, batch)
        seen.append(scanned(version.graph, record.text, record=True, keep=batch.keep))
        open_now = waiting[record.about.profile.name]
        group = next((g for g in open_now if g.takes(record)), None)
        if group is None:
            if len(open_now) == OPEN:
                run.group(open_now.pop(0), found)
            group = Group(record.parameters)
            open_now.append(group)
        group.add(n, record)
    for groups in waiting.values():
        for group in groups:
            run.group(group, found)
    whole = Checked()
    for version, one, graph in zip(batch.versions, found, seen, strict=True):
        one.seen = graph
        if batch.cache is not None and version.key:
            one.entries = [(version.key, run.entry(version, one))]
        whole.add(one)
    return whole


@dataclass(slots=True)
class _Answer:
    """What one shape says of a group."""

    applicable: frozenset[str]
    hits: Mapping[str, list[Hit]]
    error: str | None = None


_NONE: Mapping[str, list[Hit]] = {}


class _Run:
    """The rules for single records, ready to be run on groups of records."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._book = rulebook(batch.extra)
        self._functions = functions()
        self._nodes: dict[str, tuple[tuple[str, ...], str]] = {}

    def entry(self, version: Version, found: Checked) -> bytes:
        """What was found in a version, sealed for the cache."""
        batch = self._batch
        assert batch.cache is not None
        nodes, sha256 = self._nodes[version.graph]
        known = told(nodes, batch.reference, batch.labels)
        return batch.cache.sealed(version.key, Entry(nodes, known, sha256, found))

    def group(self, group: Group, found: list[Checked]) -> None:
        """Check the records of a group, each into its place."""
        profile = group.records[0][1].about.profile
        shapes = [
            s
            for s in self._book.of_files((*profile.files, FILE))
            if s.file != MERGED
            and not on_store(s)
            and self._enabled(s)
            and s.rule not in profile.leaves_out
        ]
        fast = self._batch.engine == "oxigraph"
        answers = self._answers(group, shapes) if fast else {}
        for n, record in group.records:
            if fast:
                outcomes = [self._outcome(s, record, answers) for s in shapes]
            else:
                outcomes = list(self._slowly(shapes, record))
            found[n] = self._record(record, outcomes)

    def _enabled(self, shape: Shape) -> bool:
        rule = self._book.rules[shape.rule]
        return rule.enabled or rule.id in self._batch.parameters.optional_rules

    def _answers(self, group: Group, shapes: Sequence[Shape]) -> dict[str, _Answer]:
        queries = tuple(s for s in shapes if s.kind == "sparql")
        applied = tuple(s for s in shapes if s.kind == "core" and s.applies)
        asked = Asked(group, self._batch, reads((*queries, *applied)))
        answers = {}
        for shape in shapes:
            if shape.kind == "python":
                continue
            targets = frozenset().union(*(r.targets(shape.targets) for _, r in group.records))
            try:
                applicable = asked.applicable(shape, targets)
                answers[shape.iri] = _Answer(applicable, asked.hits(shape, applicable))
            except EngineError as error:
                answers[shape.iri] = _Answer(targets, _NONE, str(error))
        return answers

    def _outcome(self, shape: Shape, record: OneRecord, answers: Mapping[str, _Answer]) -> Outcome:
        targets = record.targets(shape.targets)
        applies = self._functions.applies.get(shape.rule)
        if applies is not None:
            applicable = frozenset(applies(record.view))
        elif shape.kind == "python":
            applicable = targets
        else:
            answer = answers[shape.iri]
            if answer.error is not None:
                return Outcome(shape=shape, applicable=targets, error=answer.error)
            applicable = targets & answer.applicable
        hits: Iterable[Hit] = ()
        if shape.kind != "python":
            if answer.hits:
                hits = (h for node in applicable for h in answer.hits.get(node, ()))
        elif applicable:
            if shape.rule not in self._functions.rules:
                error = f"{shape.rule}: no function has this name"
                return Outcome(shape=shape, applicable=targets, error=error)
            hits = self._functions.rules[shape.rule](record.view, record.parameters)
        return Outcome(
            shape=shape, applicable=applicable, other=targets - applicable, hits=set_of(hits)
        )

    def _slowly(self, shapes: Iterable[Shape], record: OneRecord) -> Iterator[Outcome]:
        """The outcomes of the reference: each record alone."""
        text = "".join((record.text, *self._batch.reference.lines_of(record.shared)))
        said = parse(input=text.encode(), format=RdfFormat.N_TRIPLES)
        statements = {q.triple: None for q in said}
        data = CheckedGraph((*statements, *record.parameters.statements()))
        for shape in shapes:
            yield _reference(self._batch.extra).outcome(shape, data, record.parameters)

    def _record(self, record: OneRecord, outcomes: Iterable[Outcome]) -> Checked:
        """The findings, counts and score of one record."""
        one, batch = record.about, self._batch
        if batch.cache is not None:
            checksum = record.said[one.version].get(_SHA256, [])
            self._nodes[one.version] = (record.nodes, checksum[0].text if checksum else "")
        lines = Lines(one.version, record.version.pieces.lines.text())
        labels = Labels(labels_of(record.said, batch.labels))
        composer = Composer(self._book, labels, lines, batch.parameters)
        whole = Checked(abouts={one.record: one})
        judged: dict[str, list[Judged]] = defaultdict(list)
        sub_items = SubItems(self._book.rules)
        for outcome in outcomes:
            shape = outcome.shape
            scope = self._book.rules[shape.rule].scope
            if (one.aggregator and scope == "reg") or (not one.bilingual and scope == "bi"):
                outcome = Outcome(shape=shape, applicable=frozenset(), other=outcome.looked_at)
            collected = one.collected(shape)
            findings = [
                waived(
                    composer.finding(shape, h, one, record.view), batch.waivers, batch.parameters
                )
                for h in (outcome.hits if collected else ())
            ]
            whole.findings += findings
            judged[shape.rule].append(
                judgement(outcome, findings, one.version, whole.errors, collected)
            )
            sub_items.add(shape, outcome, collected, findings)
        tally = Tally(judged)
        for rule, of in judged.items():
            tally.add(rule, of)
        whole.counts = tally.counted
        whole.records.append(sub_items.report(one))
        return whole


def waived(finding: Finding, waivers: Waivers, parameters: Parameters) -> Finding:
    """The finding, marked where a waiver that still holds covers it."""
    accepted = waivers.accepted(finding, parameters.as_of)
    return replace(finding, waiver=accepted) if accepted else finding


def judgement(
    outcome: Outcome,
    findings: Sequence[Finding],
    graph: str,
    errors: list[RuleError],
    collected: bool = True,
) -> Judged:
    """What counts of an outcome: which of its nodes failed with waived findings only."""
    if outcome.error is not None:
        errors.append(RuleError(rule=outcome.shape.rule, graph=graph, reason=outcome.error))
    if not outcome.hits:
        return Judged(outcome, collected)
    waived: dict[str, bool] = {}
    for h, finding in zip(outcome.hits, findings, strict=collected):
        for node in outcome.nodes_of(h):
            waived[node] = waived.get(node, True) and finding.waived
    return Judged(outcome, collected, frozenset(n for n, all_of in waived.items() if all_of))


@cache
def _reference(extra: tuple[UserShapes, ...]) -> Runner:
    return Runner(shacl_of(extra), functions(), "pyshacl")
