"""The record that a check is about: who published it, what that source asks for, its profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.check.findings import Finding, RecordReport, Rule
from kg.check.graphs import name
from kg.check.profiles import Profile, chosen
from kg.check.rulebook import Shape
from kg.check.runner import Outcome
from kg.check.score import SubItem, scored
from kg.namespaces import ID, IDENTITY, REFERENCE, code, expand

_PLACE_OR_REGISTRY = (f"{ID}place/", f"{ID}registry/")
_OF_INTEREST = frozenset((expand("tkg:registryKind"), expand("dcterms:isPartOf")))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The record that findings are about."""

    record: str
    version: str
    registry: str
    number: str | None
    title_en: str | None
    title_zh: str | None
    file: str
    layout: str
    trial: str | None
    profile: Profile
    collects: frozenset[str] | None  # None: the source does not say, so everything
    not_printed: frozenset[str]  # sub-items that this form of the source's records leaves out
    aggregator: bool

    def collected(self, shape: Shape) -> bool:
        """Whether the source asks for what the shape is about, and this form of it shows it."""
        if shape.item in self.not_printed:
            return False
        return shape.item is None or self.collects is None or shape.item in self.collects


def about(store: Store, graph: NamedNode, said: Iterable[Triple], profile: str | None) -> About:
    """What is known of the record that the version ``graph`` states."""
    values: dict[tuple[str, str], list[Literal | NamedNode]] = defaultdict(list)
    for t in said:
        if isinstance(t.object, Literal | NamedNode):
            values[name(t.subject), t.predicate.value].append(t.object)

    def one(node: str, prop: str) -> str | None:
        return min((v.value for v in values[node, expand(prop)]), default=None)

    def text(node: str, language: str) -> str | None:
        for prop in ("tkg:publicTitle", "tkg:scientificTitle", "rdfs:label"):
            for v in values[node, expand(prop)]:
                if isinstance(v, Literal) and v.language == language:
                    return v.value
        return None

    record = one(graph.value, "tkg:versionOf") or ""
    publisher = one(record, "tkg:publishedBy") or ""
    registry = publisher.rsplit("/", 1)[-1]
    items = _collected(store, publisher)
    issuer = one(record, "tkg:registry") or publisher
    if issuer != publisher and (asked := _collected(store, issuer)):
        items &= asked  # a portal cannot show what the registry behind it never asked for
    kinds = objects(store, publisher, "tkg:registryKind", REFERENCE)
    return About(
        record=record,
        version=graph.value,
        registry=registry,
        number=one(record, "tkg:registrationNumber"),
        title_en=text(record, "en"),
        title_zh=text(record, "zh"),
        file=one(graph.value, "tkg:sourceFile") or "",
        layout=one(graph.value, "tkg:sourceLayout") or "",
        trial=min(objects(store, record, "tkg:refersTo", IDENTITY), default=None),
        profile=chosen(registry, profile),
        collects=items or None,
        not_printed=frozenset(
            v.value.rsplit("/", 1)[1] for v in values[graph.value, expand("tkg:notPrinted")]
        ),
        aggregator=code("registry-kind", "aggregator") in kinds,
    )


def _collected(store: Store, registry: str) -> frozenset[str]:
    found = objects(store, registry, "tkg:collects", REFERENCE)
    return frozenset(iri.rsplit("/", 1)[1] for iri in found)


def objects(store: Store, subject: str, prop: str, graph: str) -> list[str]:
    """The values of one property in one graph."""
    if not subject:
        return []
    found = store.quads_for_pattern(
        NamedNode(subject), NamedNode(expand(prop)), None, NamedNode(graph)
    )
    return [name(q.object) for q in found]


def reference(store: Store, said: Iterable[Triple]) -> set[Triple]:
    """What the reference graph says of the registry and the places that a record names."""
    found: set[Triple] = set()
    waiting = {t.object for t in said if isinstance(t.object, NamedNode)}
    while waiting:
        more = {
            q.triple
            for node in waiting
            if node.value.startswith(_PLACE_OR_REGISTRY)
            for q in store.quads_for_pattern(node, None, None, NamedNode(REFERENCE))
            if q.predicate.value in _OF_INTEREST
        } - found
        found |= more
        waiting = {t.object for t in more if isinstance(t.object, NamedNode)}
    return found


class SubItems:
    """How the sub-items stand in one record, shape by shape."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._found: dict[str, SubItem] = {}

    def add(
        self, shape: Shape, outcome: Outcome, collected: bool, findings: Iterable[Finding]
    ) -> None:
        """Count what a shape of a sub-item says; several shapes of one sub-item add up."""
        if shape.item is None:
            return
        known = self._found.get(shape.item)
        # An error is no pass: the node stays in the denominator.
        passed = 0 if outcome.error else len(outcome.applicable - outcome.failed)
        self._found[shape.item] = SubItem(
            id=shape.item,
            severity=self._rules[shape.rule].severity,
            order=shape.order,
            collected=collected,
            passed=passed + (known.passed if known else 0),
            applicable=len(outcome.applicable) + (known.applicable if known else 0),
            blank=any(f.state == "blank" for f in findings) or bool(known and known.blank),
        )

    def report(self, about: About) -> RecordReport:
        """The record's items and score."""
        score = scored(self._found.values(), percentage=about.profile.scored)
        return RecordReport(
            record=about.record,
            trial=about.trial,
            registry=about.registry,
            number=about.number,
            title_en=about.title_en,
            title_zh=about.title_zh,
            file=about.file,
            profile=about.profile.name,
            items=score.items,
            numerator=float(score.numerator),
            denominator=score.denominator,
            band=score.band,
        )
