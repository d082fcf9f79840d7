"""The rules for single records, run on a batch of record versions.

``checked`` needs nothing but its argument. A query runs once for all records of a batch that share
a profile, core shapes and rules in Python record by record; a shape that finds no node to look at
in a record costs nothing there (kg/check/plan.py).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache, cached_property
from typing import NamedTuple

from kg.check.about import SubItems
from kg.check.batch import Batch, Checked, Entry, Version, told
from kg.check.belonging import named_in
from kg.check.compose import Composer
from kg.check.core import Core
from kg.check.dated import Dated, answers
from kg.check.facts import Reader
from kg.check.findings import Finding, RuleError
from kg.check.functions import functions
from kg.check.graphs import CheckedGraph
from kg.check.messages import Labels, labels_of
from kg.check.parameters import Parameters
from kg.check.plan import Plan
from kg.check.recall import Earlier
from kg.check.rulebook import Shape, rulebook
from kg.check.runner import Outcome, Runner, rejected, set_of
from kg.check.scan import Seen
from kg.check.shacl import EngineError, Shacl
from kg.check.states import Lines
from kg.check.tally import Judged, Tally, statuses
from kg.check.together import Group, OneRecord, Queries
from kg.check.user_shapes import UserShapes
from kg.check.view import Hit
from kg.check.waivers import Waivers
from kg.namespaces import expand

_SHA256 = expand("tkg:sourceSha256")

Nodes = frozenset[str]
Ask = Callable[[Shape, Nodes], Outcome]
"""What a shape says of its target nodes in a record."""

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
    run, whole = _Run(batch), Checked()
    tally = Tally(run.rules)
    with closing(Earlier(batch, run.plan)) as earlier:
        known = earlier.found()
        unknown = [v for v, one in zip(batch.versions, known, strict=True) if one is None]
        new = iter(run.found(unknown, earlier))
        for one in known:
            part = next(new) if one is None else one
            tally.take(part.counts)
            whole.add(part)
    whole.counts = tally.counted
    whole.seen.pack()
    return whole


class _Answer(NamedTuple):
    """What one shape says of a group."""

    applicable: frozenset[str]
    hits: Mapping[str, list[Hit]]
    error: str | None = None


_NONE: Mapping[str, list[Hit]] = {}
_NOWHERE: frozenset[str] = frozenset()


class _Run:
    """The rules for single records, ready to be run on groups of records."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._book = rulebook(batch.extra)
        self.plan = Plan(self._book, batch.parameters.optional_rules)
        self._nodes: dict[str, tuple[tuple[str, ...], str]] = {}

    @property
    def rules(self) -> Iterable[str]:
        """The ids of all rules."""
        return self._book.rules

    def found(self, versions: Sequence[Version], earlier: Earlier) -> list[Checked]:
        """What is found in some versions, each with its entry for the cache where it has one."""
        found: list[Checked] = [Checked() for _ in versions]
        seen: list[Seen] = []
        dated: dict[Parameters, dict[str, str]] = defaultdict(dict)
        reader = Reader()
        waiting: dict[str, list[Group]] = defaultdict(list)
        for n, version in enumerate(versions):
            record = OneRecord(version, reader, self._batch, self.plan)
            seen.append(record.seen)
            if version.read:
                dated[record.parameters][record.about.record] = record.dated
            open_now = waiting[record.about.profile.name]
            group = next((g for g in open_now if g.takes(record)), None)
            if group is None:
                if len(open_now) == OPEN:
                    self.group(open_now.pop(0), found)
                group = Group(record.parameters)
                open_now.append(group)
            group.add(n, record)
        for groups in waiting.values():
            for group in groups:
                self.group(group, found)
        answered = self._answered(dated)
        for version, one, graph in zip(versions, found, seen, strict=True):
            one.seen = graph
            if self._batch.cache is not None and (key := earlier.key(version)):
                entry = self._entry(version, one, answered)
                one.entries = [(key, self._batch.cache.sealed(key, entry))]
        return found

    def _answered(self, said: Mapping[Parameters, Mapping[str, str]]) -> dict[str, Dated]:
        """What the rules that ask for the day read of each record, and answer today."""
        day = self._batch.parameters.as_of
        found: dict[str, Dated] = {}
        for parameters, of in said.items():
            now = answers(self.plan.dated, of, parameters)
            found.update((record, Dated(day, of[record], now.get(record, b""))) for record in of)
        return found

    def _entry(self, version: Version, found: Checked, dated: Mapping[str, Dated]) -> Entry:
        """What was found in a version, to be remembered."""
        nodes, sha256 = self._nodes[version.graph]
        known = told(nodes, self._batch.reference, self._batch.labels)
        (record,) = found.abouts
        return Entry(nodes, known, sha256, dated[record], found)

    def group(self, group: Group, found: list[Checked]) -> None:
        """Check the records of a group, each into its place."""
        if self._batch.engine == "pyshacl":
            for n, record in group.records:
                found[n] = self._record(record, self._slowly(record))
            return
        answers = self._answers(group)
        for n, record in group.records:
            found[n] = self._record(record, _OneByOne(self._batch, record, answers).outcome)

    def _answers(self, group: Group) -> dict[str, _Answer]:
        """What the queries say of the records that they are asked of."""
        queries = Queries(group, self._batch)
        answers = {}
        for shape in self.plan.shapes(group.records[0][1].about.profile):
            if shape.kind != "sparql" and (shape.kind == "python" or shape.applies is None):
                continue
            targets = group.targets(shape)
            try:
                applicable = queries.applicable(shape, targets)
                hits = queries.hits(shape, applicable) if shape.kind == "sparql" else _NONE
                answers[shape.iri] = _Answer(applicable, hits)
            except EngineError as error:
                answers[shape.iri] = _Answer(targets, _NONE, str(error))
        return answers

    def _slowly(self, record: OneRecord) -> Ask:
        """The outcomes of the reference: each record alone."""
        data, runner = record.whole(self._batch.reference), _reference(self._batch.extra)
        return lambda shape, targets: runner.outcome(shape, data, record.parameters)

    def _record(self, record: OneRecord, ask: Ask) -> Checked:
        """The findings, counts and score of one record."""
        one, form, batch = record.about, record.form, self._batch
        if batch.cache is not None:
            checksum = record.said[one.version].get(_SHA256, [])
            self._nodes[one.version] = (record.nodes, checksum[0].text if checksum else "")
        lines = Lines(one.version, record.version.pieces.lines)
        labels = Labels(labels_of(record.said, batch.labels))
        composer = Composer(self._book, labels, lines, batch.parameters)
        found = Checked(abouts={one.record: one})
        sub_items = SubItems(form.items)
        of_classes = record.targets
        for rule, questions, unasked in form.rulings:
            judged: list[Judged] = []
            for shape, collected, asked in questions:
                targets = of_classes[shape.targets]
                if not targets:
                    continue
                outcome = ask(shape, targets) if asked else Outcome(shape, _NOWHERE, targets)
                findings = [self._finding(composer, shape, h, record) for h in outcome.hits]
                found.findings += findings
                judged.append(judgement(outcome, findings, one.version, found.errors, collected))
                if shape.item is not None:
                    sub_items.add(shape.item, outcome, findings)
            found.counts[rule] = statuses(judged) if judged else unasked
        found.records.append(sub_items.report(one))
        if groups := named_in(record.said, one.version):
            found.named.append(groups)
        return found

    def _finding(self, composer: Composer, shape: Shape, hit: Hit, record: OneRecord) -> Finding:
        finding = composer.finding(shape, hit, record.about, record.view)
        return waived(finding, self._batch.waivers, self._batch.parameters)


class _OneByOne:
    """What the shapes say of one record, when the queries have said what they say of its group."""

    def __init__(self, batch: Batch, record: OneRecord, answers: Mapping[str, _Answer]) -> None:
        self._batch = batch
        self._record = record
        self._answers = answers

    def outcome(self, shape: Shape, targets: Nodes) -> Outcome:
        """What a shape says of its target nodes."""
        if shape.kind == "python":
            return self._of_function(shape, targets)
        answer = self._answers.get(shape.iri)
        if answer is None:
            return self._of_core(shape, targets, _NOWHERE)
        if answer.error is not None:
            return Outcome(shape, targets, error=answer.error)
        applicable = targets & answer.applicable
        other = targets - applicable
        if shape.kind == "core":
            return self._of_core(shape, applicable, other)
        hits = answer.hits
        if not hits or applicable.isdisjoint(hits):
            return Outcome(shape, applicable, other)
        fired = set_of(h for node in applicable for h in hits.get(node, ()))
        return Outcome(shape, applicable, other, fired)

    def _of_core(self, shape: Shape, applicable: Nodes, other: Nodes) -> Outcome:
        extra = self._batch.extra
        core = core_of(extra)
        try:
            failures = (
                shacl_of(extra).failures(shape.iri, self._whole.graph, applicable)
                if shape.of_user and not core.knows(shape.iri)
                else core.failures(shape.iri, self._record.index, applicable)
            )
        except EngineError as error:
            return Outcome(shape, applicable | other, error=str(error))
        hits = set_of(rejected(shape, f) for f in failures) if failures else ()
        return Outcome(shape, applicable, other, hits)

    @cached_property
    def _whole(self) -> CheckedGraph:
        """All statements, for constraints of the user that only the reference knows."""
        return self._record.whole(self._batch.reference)

    def _of_function(self, shape: Shape, targets: Nodes) -> Outcome:
        record = self._record
        rules, applies = functions()
        chosen = applies.get(shape.rule)
        applicable = targets if chosen is None else frozenset(chosen(record.view))
        hits: Iterable[Hit] = ()
        if applicable:
            if shape.rule not in rules:
                error = f"{shape.rule}: no function has this name"
                return Outcome(shape, targets, error=error)
            hits = rules[shape.rule](record.view, record.parameters)
        return Outcome(shape, applicable, targets - applicable, set_of(hits))


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
    for h, finding in zip(outcome.hits, findings, strict=True):
        for node in outcome.nodes_of(h):
            waived[node] = waived.get(node, True) and finding.waived
    return Judged(outcome, collected, frozenset(n for n, all_of in waived.items() if all_of))


@cache
def core_of(extra: tuple[UserShapes, ...]) -> Core:
    """Core shapes, with those of the user."""
    return Core(rulebook(extra).graph)


@cache
def shacl_of(extra: tuple[UserShapes, ...]) -> Shacl:
    """The reference, with shapes of the user's own."""
    return Shacl(rulebook(extra).graph)


@cache
def _reference(extra: tuple[UserShapes, ...]) -> Runner:
    return Runner(shacl_of(extra), functions(), "pyshacl")
