"""The record that a check is about: who published it, what that source asks for, its profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from kg.check.facts import BLANK, Fact, Statements
from kg.check.findings import Finding, RecordReport
from kg.check.graphs import name
from kg.check.profiles import Profile, chosen
from kg.check.rulebook import Shape
from kg.check.runner import Outcome
from kg.check.score import SubItem, scored
from kg.check.view import About as Said
from kg.check.view import Value
from kg.namespaces import ID, REFERENCE, code, expand

_PLACE_OR_REGISTRY = (f"{ID}place/", f"{ID}registry/")
_KIND = expand("tkg:registryKind")
_COLLECTS = expand("tkg:collects")
# Expanded access gives a product to patients and studies nothing: no form asks how many will be
# enrolled, from when to when, in which design, for which outcome.
_ACCESS = code("study-type", "expanded-access")
_NOT_OF_ACCESS = frozenset(
    (
        "WHO-15b", "WHO-15c", "WHO-15d", "WHO-15e", "WHO-15f", "WHO-16", "WHO-17a", "WHO-17b",
        "WHO-19a", "WHO-19b", "WHO-19c", "WHO-20a", "WHO-20b", "WHO-20b-method", "WHO-22", "WHO-23",
    )
)  # fmt: skip
_OF_INTEREST = frozenset((_KIND, expand("dcterms:isPartOf")))


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
    not_printed: frozenset[str]  # sub-items that this form of the source's records leaves out,
    # or that nobody asks of this kind of record
    aggregator: bool
    dates: Mapping[str, str]  # by name of DATES
    bilingual: bool  # whether it holds text in Chinese and in English

    def collected(self, shape: Shape) -> bool:
        """Whether the source asks for what the shape is about, and this form of it shows it."""
        if shape.needs in self.not_printed:
            return False
        return shape.needs is None or self.collects is None or shape.needs in self.collects

    def concerned(self, scope: str) -> bool:
        """Whether rules of a scope are meant for such records."""
        return not (self.aggregator and scope == "reg") and (self.bilingual or scope != "bi")


class Reference:
    """What the reference graph says of registries and places, as plain values."""

    def __init__(self, store: Store) -> None:
        graph = NamedNode(REFERENCE)
        self._said: dict[str, list[Fact]] = defaultdict(list)
        self._kinds: dict[str, frozenset[str]] = {}
        self._items: dict[str, frozenset[str]] = {}
        self.digests: dict[str, bytes] = {}  # of what is told of a node, as far as asked
        collected: dict[str, set[str]] = defaultdict(set)
        for q in store.quads_for_pattern(None, NamedNode(_COLLECTS), None, graph):
            collected[name(q.subject)].add(name(q.object).rsplit("/", 1)[1])
        self._items = {registry: frozenset(items) for registry, items in collected.items()}
        for prop in sorted(_OF_INTEREST):
            for q in store.quads_for_pattern(None, NamedNode(prop), None, graph):
                subject = name(q.subject)
                if isinstance(q.object, NamedNode) and subject.startswith(_PLACE_OR_REGISTRY):
                    fact = (subject, prop, Value(q.object.value, None, None))
                    self._said[subject].append(fact)
        self._values = {f"<{node}> .": node for node in self._said}  # as lines of N-Triples end

    def kinds(self, registry: str) -> set[str]:
        """The kinds that a registry is of."""
        return {v.text for _, prop, v in self._said.get(registry, ()) if prop == _KIND}

    def items(self, registry: str) -> frozenset[str]:
        """The sub-items that a registry asks for; none where it is not known."""
        return self._items.get(registry, frozenset())

    def said_of(self, statements: Statements) -> list[Fact]:
        """What is said of the registry and the places that a record names, and of theirs."""
        known = self._values
        return self.said_of_nodes(known[v] for _, _, v in statements.parts if v in known)

    def said_of_nodes(self, nodes: Iterable[str]) -> list[Fact]:
        """What is said of these registries and places, and of theirs; of other nodes, nothing."""
        known = self._said
        waiting = [node for node in nodes if node in known]
        found: dict[Fact, None] = {}
        while waiting:
            more = [f for node in waiting for f in known[node] if f not in found]
            found.update(dict.fromkeys(more))
            waiting = [v.text for _, _, v in more if v.text in known]
        return list(found)

    @staticmethod
    def lines_of(facts: Iterable[Fact]) -> list[str]:
        """Such facts as N-Triples."""
        return [f"<{node}> <{prop}> <{value.text}> .\n" for node, prop, value in facts]


def about(
    said: Said, graph: str, reference: Reference, trial: str | None, profile: str | None
) -> About:
    """What is known of the record that the version ``graph`` states."""

    def values(node: str, prop: str) -> list[Value]:
        found = said.get(node, {}).get(expand(prop), ())
        return sorted((v for v in found if v.datatype != BLANK), key=lambda v: v.text)

    def one(node: str, prop: str) -> str | None:
        return next((v.text for v in values(node, prop)), None)

    def text(node: str, language: str) -> str | None:
        for prop in ("tkg:publicTitle", "tkg:scientificTitle", "rdfs:label"):
            for v in values(node, prop):
                if v.language == language:
                    return v.text
        return None

    record = one(graph, "tkg:versionOf") or ""
    publisher = one(record, "tkg:publishedBy") or ""
    registry = publisher.rsplit("/", 1)[-1]
    items = reference.items(publisher)
    issuer = one(record, "tkg:registry") or publisher
    if issuer != publisher and (asked := reference.items(issuer)):
        items &= asked  # a portal cannot show what the registry behind it never asked for
    return About(
        record=record,
        version=graph,
        registry=registry,
        number=one(record, "tkg:registrationNumber"),
        title_en=text(record, "en"),
        title_zh=text(record, "zh"),
        file=one(graph, "tkg:sourceFile") or "",
        layout=one(graph, "tkg:sourceLayout") or "",
        trial=trial,
        profile=chosen(registry, profile),
        collects=items or None,
        not_printed=frozenset(v.text.rsplit("/", 1)[1] for v in values(graph, "tkg:notPrinted"))
        | (_NOT_OF_ACCESS if one(record, "tkg:studyType") == _ACCESS else frozenset()),
        aggregator=code("registry-kind", "aggregator") in reference.kinds(publisher),
        dates=_dates(said, record, graph),
        bilingual=_languages(said) >= {"zh", "en"},
    )


def _dates(said: Said, record: str, version: str) -> dict[str, str]:
    """The days of a record that rules compare: the earliest beginning, the latest end."""

    def decided(approval: str) -> set[str]:
        return {v.text for v in said.get(approval, {}).get(expand("tkg:decision"), ())}

    approvals = [
        v.text
        for v in said.get(record, {}).get(expand("tkg:hasEthicsApproval"), ())
        if decided(v.text) <= {code("ethics-decision", "approved")}
    ]
    places = {
        "approved": (approvals, "tkg:approvalDate"),
        "study_start": ([record], "tkg:studyStart"),
        "study_end": ([record], "tkg:studyEnd"),
        "recruitment_start": ([record], "tkg:recruitmentStart"),
        "recruitment_end": ([record], "tkg:recruitmentEnd"),
        "registered": ([record], "tkg:registrationDate"),
        "refreshed": ([version], "tkg:lastRefreshed"),
    }
    found: dict[str, str] = {}
    for which, (nodes, prop) in places.items():
        days = [v.text for node in nodes for v in said.get(node, {}).get(expand(prop), ())]
        if days:
            found[which] = max(days) if which.endswith("_end") else min(days)
    return found


def _languages(said: Said) -> set[str | None]:
    """The languages of a record's texts."""
    return {value.language for of in said.values() for values in of.values() for value in values}


class SubItems:
    """How the sub-items stand in one record, shape by shape."""

    def __init__(self, items: Mapping[str, SubItem]) -> None:
        """``items`` are those of a record in which nothing was looked at."""
        self._found = dict(items)

    def add(self, item: str, outcome: Outcome, findings: Sequence[Finding]) -> None:
        """Count what a shape of a sub-item says; several shapes of one sub-item add up."""
        known = self._found[item]
        applicable = len(outcome.applicable)
        if outcome.error is not None:  # an error is no pass: the node stays in the denominator
            passed = 0
        elif outcome.hits:
            passed = len(outcome.applicable - outcome.failed)
        else:
            passed = applicable
        self._found[item] = SubItem(
            known.id,
            known.severity,
            known.order,
            known.collected,
            known.passed + passed,
            known.applicable + applicable,
            known.blank or (bool(findings) and any(f.state == "blank" for f in findings)),
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
            dates=about.dates,
        )
