"""Record versions that are asked together: each query of the rules runs once for all of them.

The nodes of one record have IRIs of their own, so what a query says of a node it would say of the
record alone. Two versions of one record, or records that speak of one node in different words,
never come together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from pyoxigraph import RdfFormat, Store, parse

from kg.check.about import Reference, about
from kg.check.batch import Batch, Version
from kg.check.facts import (
    Index,
    Reader,
    Statements,
    instances,
    named,
    statements_of,
    text_from,
)
from kg.check.graphs import CheckedGraph, distinct, nodes
from kg.check.parameters import Parameters
from kg.check.plan import Form, Plan
from kg.check.rulebook import Reads, Shape
from kg.check.runner import classes_of, hit
from kg.check.scan import scanned
from kg.check.view import About as Said
from kg.check.view import Hit, RecordView, Value
from kg.namespaces import ID

TOGETHER = 200
"""So many records are asked at once; a query may compare each of them with each."""

_OWN = (f"{ID}record/", f"{ID}mention/")  # of what no other record speaks


class OneRecord:
    """A record version of a batch, read once: what is not needed any more is let go."""

    def __init__(self, version: Version, reader: Reader, batch: Batch, plan: Plan) -> None:
        self.version = version
        statements = self.statements()
        self.said = reader.index(statements)
        self.about = about(self.said, version.graph, batch.reference, version.trial, batch.profile)
        self.parameters = batch.parameters.with_defaults_from(dict(self.about.profile.thresholds))
        self.form = plan.form(self.about)
        self.targets = Targets(self.said)
        self.shared = batch.reference.said_of(statements)
        self.index = Index(self.said)
        self.seen = scanned(version.graph, statements, record=True, keep=batch.keep)
        self.queried = lines_read(statements, plan.reads(self.about.profile))
        self.dated = ""  # what rules that ask for the day read, where that is remembered
        if version.read:
            told = batch.reference.lines_of(self.shared)
            self.dated = "".join((lines_read(statements, plan.dated_reads), *told))
        self._blanks = statements.blanks

    def statements(self) -> Statements:
        """All that the record says."""
        return statements_of(self.version.pieces.statements.text(), self.version.graph)

    def whole(self, reference: Reference) -> CheckedGraph:
        """The record alone, as the reference engine sees it."""
        text = "".join((self.statements().text, *reference.lines_of(self.shared)))
        said = parse(input=text.encode(), format=RdfFormat.N_TRIPLES)
        statements = dict.fromkeys(q.triple for q in said)
        return CheckedGraph((*statements, *self.parameters.statements()))

    @cached_property
    def view(self) -> RecordView:
        """The record as rules in Python read it, with what the reference graph says."""
        said = dict(self.said)
        for node, prop, value in self.shared:
            of = said.get(node, {})
            if value not in (values := of.get(prop, [])):
                said[node] = {**of, prop: [*values, value]}
        return RecordView(named(said) if self._blanks else said)

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


class Targets(dict[tuple[str, ...], frozenset[str]]):
    """The nodes of some classes in a record, subclasses included; found when first asked for."""

    def __init__(self, said: Said) -> None:
        super().__init__()
        self._typed = instances(said)

    def __missing__(self, classes: tuple[str, ...]) -> frozenset[str]:
        typed = self._typed
        found = frozenset(n for c in classes_of(classes) if c in typed for n in typed[c])
        self[classes] = found
        return found


class Group:
    """Records that are asked together."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.records: list[tuple[int, OneRecord]] = []
        self.said: Said = {}
        self._known: dict[tuple[tuple[str, ...], int], frozenset[str]] = {}

    def takes(self, record: OneRecord) -> bool:
        """Whether nothing that the record says is said otherwise by those already here."""
        if len(self.records) == TOGETHER:
            return False
        here = self.said
        for node, said in record.said.items():
            if node in here and not _alike(here[node], said):
                return False
        return True

    def add(self, n: int, record: OneRecord) -> None:
        """Take the ``n``-th record of the batch."""
        self.records.append((n, record))
        self.said.update(record.said)

    def targets(self, shape: Shape) -> frozenset[str]:
        """The target nodes of a shape in the records that it is asked of."""
        forms = [form for form in self._forms.values() if shape.iri in form.asked]
        return frozenset().union(*(self._targets(shape.targets, id(form)) for form in forms))

    @cached_property
    def _forms(self) -> dict[int, Form]:
        return {id(record.form): record.form for _, record in self.records}

    def _targets(self, classes: tuple[str, ...], form: int) -> frozenset[str]:
        found = self._known.get((classes, form))
        if found is None:
            found = self._known[classes, form] = frozenset().union(
                *(r.targets[classes] for _, r in self.records if id(r.form) == form)
            )
        return found


def _alike(one: Mapping[str, list[Value]], other: Mapping[str, list[Value]]) -> bool:
    return one.keys() == other.keys() and all(set(vs) == set(other[p]) for p, vs in one.items())


class Queries:
    """The queries of the rules, asked of all records of a group at once."""

    def __init__(self, group: Group, batch: Batch) -> None:
        self._records = [record for _, record in group.records]
        texts = {text_from(group.parameters.statements())}
        texts.update(line for r in self._records for line in batch.reference.lines_of(r.shared))
        self._added = sorted(texts)

    @cached_property
    def store(self) -> Store:
        store = Store()
        # We wrote it ourselves, so it need not be looked at for errors.
        text = "".join((*self._added, *(r.queried for r in self._records))).encode()
        store.bulk_load(input=text, format=RdfFormat.N_TRIPLES, lenient=True)
        return store

    def applicable(self, shape: Shape, targets: frozenset[str]) -> frozenset[str]:
        """The target nodes of all records that a shape applies to."""
        if shape.applies is None or not targets:
            return targets
        return targets & nodes(self.store, shape.applies)

    def hits(self, shape: Shape, asked: frozenset[str]) -> dict[str, list[Hit]]:
        """Where the query of a shape fires among some nodes, by node."""
        found: dict[str, list[Hit]] = defaultdict(list)
        for row in distinct(self.store, shape.select or "") if asked else ():
            one = hit(dict(row))
            if one.focus in asked:
                found[one.focus].append(one)
        return found


def lines_read(statements: Statements, reads: Reads) -> str:
    """The lines of some statements that queries may look at."""
    if reads.everything:
        return statements.text
    named, links, texts = reads.tokens, reads.links, reads.texts
    kept = [
        line
        for line, (_, prop, rest) in zip(statements.lines, statements.parts, strict=True)
        if prop in named
        or (links and rest[0] != '"')
        or (texts and rest[0] == '"' and "@" in rest[rest.rindex('"') :])
    ]
    return "\n".join((*kept, ""))
