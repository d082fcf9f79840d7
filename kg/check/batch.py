"""A batch of record versions, checked as one: a plain value in, a plain value out.

``checked`` needs nothing but its argument, so batches can be checked anywhere and in any order;
``Checked`` values of neighbouring batches add up. Rules run once on all records of a batch that
share a profile: the nodes of one record have IRIs of their own, so what a query says of a node it
would say of the record alone. Two versions of one record, or records that speak of one node in
different words, never come together.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import NamedTuple

from pyoxigraph import RdfFormat, Store, parse

from kg.cache import Cache
from kg.check.about import About, Reference, SubItems, about
from kg.check.compose import Composer
from kg.check.core import Core
from kg.check.facts import Index, Reader, indexed, instances, named, text_from, triples
from kg.check.findings import Finding, RecordReport, RuleError
from kg.check.functions import functions, on_store
from kg.check.graphs import CheckedGraph, Rows, by_node, rows
from kg.check.messages import Labelled, Labels, labels_of
from kg.check.parameters import Parameters
from kg.check.pieces import Pieces
from kg.check.rulebook import MERGED, Reads, Shape, reads, rulebook
from kg.check.runner import Engine, Outcome, Runner, classes_of, hit, rejected, set_of
from kg.check.scan import Seen, Wanted, scanned
from kg.check.shacl import EngineError, Failure, Shacl
from kg.check.states import Lines
from kg.check.tally import Judged, Status, Tally
from kg.check.user_shapes import FILE, UserShapes
from kg.check.view import About as Said
from kg.check.view import Hit, RecordView, Value
from kg.check.waivers import Waivers
from kg.namespaces import ID, expand

TOGETHER = 200
"""So many records are asked at once; a query may compare each of them with each."""

_SHA256 = expand("tkg:sourceSha256")

OPEN = 8
"""So many groups of records wait for more at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One record version: its graph, and where its statements and rows of lines.tsv lie."""

    graph: str
    pieces: Pieces
    trial: str | None
    key: bytes = b""  # under which what is found may be remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Record versions and all that a check of them needs."""

    versions: tuple[Version, ...]
    reference: Reference
    labels: Labelled  # of nodes that other graphs name too
    parameters: Parameters
    profile: str | None
    waivers: Waivers
    engine: Engine
    extra: tuple[UserShapes, ...] = ()
    keep: Wanted  # of the merged graph
    cache: Cache | None = None


@dataclass(slots=True, kw_only=True)
class Checked:
    """What was found so far; a later part is added with ``add``."""

    findings: list[Finding] = field(default_factory=list)
    records: list[RecordReport] = field(default_factory=list)
    errors: list[RuleError] = field(default_factory=list)
    counts: dict[str, Counter[Status]] = field(default_factory=dict)
    abouts: dict[str, About] = field(default_factory=dict)  # by record
    seen: Seen = field(default_factory=Seen)
    entries: list[tuple[bytes, bytes]] = field(default_factory=list)  # for the cache

    def add(self, other: Checked) -> None:
        """Take over what was found in the records that follow."""
        self.findings += other.findings
        self.records += other.records
        self.errors += other.errors
        self.abouts |= other.abouts
        self.seen.add(other.seen)
        self.entries += other.entries
        for rule, counted in other.counts.items():
            self.counts.setdefault(rule, Counter()).update(counted)


class Entry(NamedTuple):
    """What was found in one record version, to be remembered.

    It holds as long as ``told`` is what other graphs tell of ``nodes``.
    """

    nodes: tuple[str, ...]
    told: bytes
    sha256: str  # of the file
    checked: Checked


def told(nodes: Iterable[str], reference: Reference, labels: Labelled) -> bytes:
    """A digest of all that other graphs than a record's tell a check of these nodes."""
    made = hashlib.blake2b(digest_size=16)
    for node in nodes:
        made.update(_told_of(node, reference, labels))
    return made.digest()


def _told_of(node: str, reference: Reference, labels: Labelled) -> bytes:
    known = reference.digests.get(node)
    if known is None:
        facts = sorted(reference.said_of_nodes((node,)), key=repr)
        about = sorted({node, *(value.text for _, _, value in facts)})
        named = [(n, p, sorted(of)) for n in about for p, of in sorted(labels.get(n, {}).items())]
        items = [sorted(reference.items(n)) for n in about]
        said = repr((node, facts, named, items)).encode()
        known = reference.digests[node] = hashlib.blake2b(said, digest_size=16).digest()
    return known


_OWN = (f"{ID}record/", f"{ID}mention/")  # of what no other record speaks


class _Record:
    """A record version of a batch, read."""

    def __init__(self, version: Version, reader: Reader, batch: Batch) -> None:
        self.version = version
        self.text = triples(version.pieces.statements.text(), version.graph)
        self.said = indexed(reader.facts(self.text))
        self.about = about(self.said, version.graph, batch.reference, version.trial, batch.profile)
        self.parameters = batch.parameters.with_defaults_from(dict(self.about.profile.thresholds))
        self.instances = instances(self.said)
        self.shared = batch.reference.said_of(self.said)
        self._targets: dict[tuple[str, ...], frozenset[str]] = {}

    @cached_property
    def view(self) -> RecordView:
        """The record as rules in Python read it, with what the reference graph says."""
        if not self.shared:
            return RecordView(named(self.said))
        said = {node: {p: list(vs) for p, vs in of.items()} for node, of in self.said.items()}
        for node, prop, value in self.shared:
            values = said.setdefault(node, {}).setdefault(prop, [])
            if value not in values:
                values.append(value)
        return RecordView(named(said))

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes of which other graphs may speak too."""
        iris = {
            v.text
            for of in self.said.values()
            for vs in of.values()
            for v in vs
            if v.datatype is None
        }
        return tuple(sorted(n for n in iris.union(self.said) if not n.startswith(_OWN)))

    def targets(self, classes: tuple[str, ...]) -> frozenset[str]:
        """The nodes of some classes, subclasses included."""
        found = self._targets.get(classes)
        if found is None:
            typed = self.instances
            found = frozenset(n for c in classes_of(classes) for n in typed.get(c, ()))
            self._targets[classes] = found
        return found


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
    waiting: dict[str, list[_Group]] = defaultdict(list)
    for n, version in enumerate(batch.versions):
        record = _Record(version, reader, batch)
        seen.append(scanned(version.graph, record.text, record=True, keep=batch.keep))
        open_now = waiting[record.about.profile.name]
        group = next((g for g in open_now if g.takes(record)), None)
        if group is None:
            if len(open_now) == OPEN:
                run.group(open_now.pop(0), found)
            group = _Group(record.parameters)
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


class _Group:
    """Records that are asked together."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.records: list[tuple[int, _Record]] = []
        self.said: Said = {}
        self.shared: set[str] = set()

    def takes(self, record: _Record) -> bool:
        """Whether nothing that the record says is said otherwise by those already here."""
        if len(self.records) == TOGETHER:
            return False
        here = self.said
        for node, said in record.said.items():
            if node in here and not _alike(here[node], said):
                return False
        return True

    def add(self, n: int, record: _Record) -> None:
        self.records.append((n, record))
        self.said.update(record.said)


def _alike(one: Mapping[str, list[Value]], other: Mapping[str, list[Value]]) -> bool:
    return one.keys() == other.keys() and all(set(vs) == set(other[p]) for p, vs in one.items())


class _Asked:
    """The queries and core shapes of a group, each run once."""

    def __init__(self, group: _Group, batch: Batch, reads: Reads) -> None:
        reference = batch.reference
        self._extra = batch.extra
        self._core = _core(batch.extra)
        texts = {text_from(group.parameters.statements())}
        texts.update(line for _, r in group.records for line in reference.lines_of(r.shared))
        self._added = sorted(texts)
        self._texts = [*texts, *(_read(r.text, reads) for _, r in group.records)]
        self._whole = [r.text for _, r in group.records]
        self.index = Index(group.said)

    @cached_property
    def store(self) -> Store:
        store = Store()
        store.bulk_load(input="".join(self._texts).encode(), format=RdfFormat.N_TRIPLES)
        return store

    def applicable(self, shape: Shape, targets: frozenset[str]) -> frozenset[str]:
        if shape.applies is None or not targets:
            return targets
        return targets.intersection(row["this"] for row in rows(self.store, shape.applies))

    def hits(self, shape: Shape, nodes: frozenset[str]) -> dict[str, list[Hit]]:
        found: dict[str, list[Hit]] = defaultdict(list)
        if not nodes:
            return found
        if shape.kind == "core":
            for failure in self._failures(shape, nodes):
                found[failure.focus].append(rejected(shape, failure))
        else:
            for focus, of in self._rows(shape, nodes).items():
                found[focus] = [hit(row) for row in of]
        return found

    def _failures(self, shape: Shape, nodes: frozenset[str]) -> Iterable[Failure]:
        if shape.of_user and not self._core.knows(shape.iri):
            return _shacl(self._extra).failures(shape.iri, self._graph.graph, nodes)
        return self._core.failures(shape.iri, self.index, nodes)

    @cached_property
    def _graph(self) -> CheckedGraph:
        """All statements, for constraints of the user that only the reference knows."""
        text = "".join((*self._added, *self._whole))
        return CheckedGraph(
            q.triple for q in parse(input=text.encode(), format=RdfFormat.N_TRIPLES)
        )

    def _rows(self, shape: Shape, nodes: frozenset[str]) -> dict[str, Rows]:
        return by_node(r for r in rows(self.store, shape.select or "") if r["this"] in nodes)


def _read(text: str, reads: Reads) -> str:
    """The lines of a text that queries may look at."""
    if reads.everything:
        return text
    named = reads.properties
    kept = []
    for line in text.split("\n"):
        if not line:
            continue
        _, prop, rest = line.split(" ", 2)
        if (
            prop[1:-1] in named
            or (reads.links and rest[0] != '"')
            or (reads.texts and rest[0] == '"' and "@" in rest[rest.rindex('"') :])
        ):
            kept.append(line)
    return "\n".join((*kept, ""))


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

    def group(self, group: _Group, found: list[Checked]) -> None:
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

    def _answers(self, group: _Group, shapes: Sequence[Shape]) -> dict[str, _Answer]:
        queries = tuple(s for s in shapes if s.kind == "sparql")
        applied = tuple(s for s in shapes if s.kind == "core" and s.applies)
        asked = _Asked(group, self._batch, reads((*queries, *applied)))
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

    def _outcome(self, shape: Shape, record: _Record, answers: Mapping[str, _Answer]) -> Outcome:
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

    def _slowly(self, shapes: Iterable[Shape], record: _Record) -> Iterator[Outcome]:
        """The outcomes of the reference: each record alone."""
        text = "".join((record.text, *self._batch.reference.lines_of(record.shared)))
        said = parse(input=text.encode(), format=RdfFormat.N_TRIPLES)
        statements = {q.triple: None for q in said}
        data = CheckedGraph((*statements, *record.parameters.statements()))
        for shape in shapes:
            yield _reference(self._batch.extra).outcome(shape, data, record.parameters)

    def _record(self, record: _Record, outcomes: Iterable[Outcome]) -> Checked:
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
def _core(extra: tuple[UserShapes, ...]) -> Core:
    return Core(rulebook(extra).graph)


@cache
def _shacl(extra: tuple[UserShapes, ...]) -> Shacl:
    return Shacl(rulebook(extra).graph)


@cache
def _reference(extra: tuple[UserShapes, ...]) -> Runner:
    return Runner(_shacl(extra), functions(), "pyshacl")
