"""The check: every rule on every record, on the merged graph and on the store as a whole."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pyoxigraph import NamedNode, Store

import kg
from kg.check import (
    graphs,
    rules_ages,
    rules_merged,
    rules_names,
    rules_text,
    rules_trials,
    rules_who,
    structural,
)
from kg.check.about import About, SubItems, about, reference
from kg.check.compose import Composer
from kg.check.findings import SEVERITIES, Finding, RecordReport, Report, RuleError
from kg.check.graphs import CheckedGraph
from kg.check.messages import Labels
from kg.check.parameters import Parameters
from kg.check.profiles import STRUCTURAL, chosen
from kg.check.rulebook import Shape, rulebook
from kg.check.runner import Chooser, Engine, Finder, Functions, Outcome, Runner, hit, set_of
from kg.check.shacl import EngineError, Shacl
from kg.check.states import Lines
from kg.check.tally import Judged, Tally
from kg.check.terms import terms
from kg.check.waivers import Waivers
from kg.lines import Line
from kg.namespaces import expand

MODULES = (rules_who, rules_ages, rules_text, rules_names, rules_merged, rules_trials)
MERGED = "identity"  # the file whose shapes run on the merged graph


def functions() -> Functions:
    """The rules that are written in Python."""
    rules: dict[str, Finder] = {}
    applies: dict[str, Chooser] = {}
    for module in MODULES:
        rules.update(module.RULES)
        applies.update(module.APPLIES)
    return Functions(rules=rules, applies=applies)


def check(
    store: Store,
    *,
    lines: Iterable[Line],
    parameters: Parameters,
    profile: str | None = None,
    waivers: Waivers | None = None,
    progress: Callable[[int, int], None] | None = None,
    engine: Engine = "oxigraph",
) -> Report:
    """What the shapes say about every current record version in ``store``, and about the whole.

    ``profile`` overrides the one that each registry chooses. The same input gives the same report,
    whatever the order of records and lines, and whatever the ``engine``: ``oxigraph`` runs the
    queries of the rules itself, several times faster than ``pyshacl``, the reference. Tests hold
    both to the same findings.
    """
    if profile:
        parameters = parameters.with_defaults_from(dict(chosen("", profile).thresholds))
    run = _Run(store, Lines(lines), parameters, waivers or Waivers(), engine)
    current = graphs.current_graphs(store)
    abouts: dict[str, About] = {}
    for n, graph in enumerate(current):
        if progress:
            progress(n, len(current))
        one = run.record(graph, profile)
        abouts[one.record] = one
    files = {STRUCTURAL}.union(*(a.profile.files for a in abouts.values()))
    run.merged(current, files, abouts)
    run.whole_store(files, abouts)
    if progress:
        progress(len(current), len(current))
    return run.report({"profile": profile or "by registry", **parameters.printed()})


class _Run:
    """One check, as its findings grow."""

    def __init__(
        self,
        store: Store,
        lines: Lines,
        parameters: Parameters,
        waivers: Waivers,
        engine: Engine,
    ) -> None:
        self._store = store
        self._parameters = parameters
        self._waivers = waivers
        self._book = rulebook()
        self._composer = Composer(self._book, Labels(store), lines, parameters)
        self._runner = Runner(Shacl(self._book.graph), functions(), engine)
        self._tally = Tally(self._book.rules)
        self._findings: list[Finding] = []
        self._records: list[RecordReport] = []
        self._errors: list[RuleError] = []

    def record(self, graph: NamedNode, profile: str | None) -> About:
        """Check one record version."""
        said = list(graphs.statements(self._store, graph))
        one = about(self._store, graph, said, profile)
        parameters = self._parameters.with_defaults_from(dict(one.profile.thresholds))
        data = CheckedGraph((*said, *parameters.statements(), *reference(self._store, said)))
        judged: dict[str, list[Judged]] = defaultdict(list)
        sub_items = SubItems(self._book.rules)
        for shape in self._book.of_files(one.profile.files):
            if shape.file == MERGED or on_store(shape) or not self._enabled(shape):
                continue
            outcome = self._runner.outcome(shape, data, parameters)
            if one.aggregator and self._book.rules[shape.rule].scope == "reg":
                outcome = Outcome(shape=shape, applicable=frozenset(), other=outcome.looked_at)
            collected = one.collected(shape)
            findings = [
                self._waived(self._composer.finding(shape, h, one, data.view))
                for h in (outcome.hits if collected else ())
            ]
            judged[shape.rule].append(self._judged(outcome, findings, one.version, collected))
            sub_items.add(shape, outcome, collected, findings)
        for rule, outcomes in judged.items():
            self._tally.add(rule, outcomes)
        self._records.append(sub_items.report(one))
        return one

    def merged(
        self, current: list[NamedNode], files: set[str], abouts: Mapping[str, About]
    ) -> None:
        """Rules about who is who, on all current records and the identity graph as one."""
        shapes = [s for s in self._book.of_files(files & {MERGED}) if self._enabled(s)]
        data = graphs.merged(
            self._store, current, self._book.reads | rules_merged.READS | rules_trials.READS
        )
        for shape in shapes:
            outcome = self._runner.outcome(shape, data, self._parameters)
            findings = self._about_entities(outcome, abouts)
            self._tally.add(shape.rule, [self._judged(outcome, findings, "merged graph")])

    def whole_store(self, files: set[str], abouts: Mapping[str, About]) -> None:
        """Rules that compare named graphs: structure, versions of one record."""
        by_rule: dict[str, list[Judged]] = defaultdict(list)
        histories = graphs.histories(self._store, self._parameters.statements())
        for shape in filter(on_store, self._book.of_files(files)):
            try:
                outcome = store_outcome(shape, self._store, histories)
            except EngineError as error:
                outcome = Outcome(shape=shape, applicable=frozenset(), error=str(error))
            findings = self._about_entities(outcome, abouts)
            by_rule[shape.rule].append(self._judged(outcome, findings, "store"))
        for rule, judged in by_rule.items():
            self._tally.add(rule, judged)

    def _enabled(self, shape: Shape) -> bool:
        rule = self._book.rules[shape.rule]
        return rule.enabled or rule.id in self._parameters.optional_rules

    def _about_entities(self, outcome: Outcome, abouts: Mapping[str, About]) -> list[Finding]:
        return [
            self._waived(self._composer.finding(outcome.shape, h, abouts.get(h.focus), None))
            for h in outcome.hits
        ]

    def _waived(self, finding: Finding) -> Finding:
        waived = self._waivers.waived(finding, self._parameters.as_of)
        return replace(finding, waived=True) if waived else finding

    def _judged(
        self, outcome: Outcome, findings: list[Finding], graph: str, collected: bool = True
    ) -> Judged:
        """Keep what a shape found, and which of its nodes failed with waived findings only."""
        self._findings += findings
        if outcome.error is not None:
            self._errors.append(
                RuleError(rule=outcome.shape.rule, graph=graph, reason=outcome.error)
            )
        waived: dict[str, bool] = {}
        for h, finding in zip(outcome.hits, findings, strict=collected):
            for node in outcome.nodes_of(h):
                waived[node] = waived.get(node, True) and finding.waived
        return Judged(outcome, collected, frozenset(n for n, all_of in waived.items() if all_of))

    def report(self, parameters: Mapping[str, str]) -> Report:
        """All that was found, sorted."""
        as_of = self._parameters.as_of
        return Report(
            as_of=as_of,
            parameters=parameters,
            versions={
                "kg": kg.__version__,
                "ontology": terms().version,
                "shapes": self._book.checksum,
                "data": checksum(self._store),
            },
            rules=tuple(self._book.rules.values()),
            counts=self._tally.counts(),
            records=tuple(
                sorted(self._records, key=lambda r: (r.registry, r.number or "", r.record))
            ),
            findings=tuple(sorted(self._findings, key=self._order)),
            waiver_notes=self._waivers.notes(self._findings, as_of),
            errors=tuple(sorted(self._errors, key=lambda e: (e.rule, e.graph, e.reason))),
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


def on_store(shape: Shape) -> bool:
    """Whether a shape needs the named graphs side by side."""
    return shape.kind == "store" or (shape.file == STRUCTURAL and shape.kind == "python")


def store_outcome(shape: Shape, store: Store, histories: Store) -> Outcome:
    """What a shape says of named graphs: structure of the whole store, or versions of records."""
    within = store if shape.dimension == "St" else histories
    targets = graphs.instances(store, shape.targets)
    if shape.applies is not None:
        applicable = frozenset(r["this"] for r in graphs.rows(within, shape.applies, union=True))
    else:
        applicable = targets if shape.targets else frozenset(structural.examined(store))
    hits = (
        structural.RULES[shape.rule](within)
        if shape.kind == "python"
        else map(hit, graphs.rows(within, shape.select or "", union=True))
    )
    return Outcome(
        shape=shape, applicable=applicable, other=targets - applicable, hits=set_of(hits)
    )


def checksum(store: Store) -> str:
    """A digest of the statements of a store: neither their order nor names of files matter."""
    name_of_file = NamedNode(expand("tkg:sourceFile"))
    total = sum(
        int.from_bytes(hashlib.sha256(str(quad).encode()).digest(), "big")
        for quad in store
        if quad.predicate != name_of_file
    )
    return f"{total % 2**256:064x}"
