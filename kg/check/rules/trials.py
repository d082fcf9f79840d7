"""Rules on one trial in several registries: I09 to I13 compare its registrations, I14 its numbers.

Registrations of different registries are compared, each by the registry's own record; a portal's
copy speaks only where that is not loaded, so an older copy never contradicts its original. A value
differs only when nothing that one registration says agrees with anything the other says.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

from kg import identifiers
from kg.check.parameters import Parameters
from kg.check.rules.merged import comparable
from kg.check.view import Hit, RecordView
from kg.identifiers import Identifier
from kg.namespaces import code, expand

# What these rules read, beside what the shapes of identity.ttl name.
READS = frozenset(
    map(
        expand,
        (
            "tkg:refersTo", "tkg:nameAsGiven", "tkg:publishedBy", "tkg:registry",
            "tkg:registrationNumber", "tkg:secondaryIdentifier", "tkg:identifierRelation",
            "skos:notation", "tkg:recruitmentStatus", "tkg:targetSampleSize", "tkg:hasArm",
            "tkg:armSize", "tkg:recruitmentStart", "tkg:completionDate", "tkg:studyEnd",
            "tkg:phase", "tkg:hasRoleAssignment", "tkg:role", "tkg:agent", "tkg:left",
            "tkg:right", "tkg:linkDecision", "tkg:rule", "dcterms:isPartOf",
            "tkg:departmentOf", "tkg:successorOf",
        ),
    )
)  # fmt: skip

_NUMBER = "tkg:registrationNumber"
_TIES = ("dcterms:isPartOf", "tkg:departmentOf", "tkg:successorOf")
_OPEN = frozenset({"recruiting", "enrolling-by-invitation"})
_SILENT = frozenset({"unknown", "other", "authorised"})  # fit every stage
_PHASES = frozenset({"early-phase-1", "phase-1", "phase-2", "phase-3", "phase-4"})
_JOINING = re.compile(r"T-[ABC]\d")  # rules that would have made one trial of two records
_HAN = re.compile("[\u3400-\u9fff]")


class Registration(NamedTuple):
    """A trial's entry in one registry: its number and the records that speak for it."""

    registry: str
    number: str
    records: tuple[str, ...]


Values = Callable[[RecordView, str], Iterator[str]]
Agree = Callable[[RecordView, str, str], bool]


def registrations(view: RecordView) -> dict[str, list[Registration]]:
    """The registrations of each trial that several records tell of, one per registry, sorted."""
    records: dict[str, list[str]] = defaultdict(list)
    for record in view.nodes("tkg:Record"):
        for trial in view.links(record, "tkg:refersTo"):
            records[trial].append(record)
    return {
        trial: list(_registrations(view, found))
        for trial, found in sorted(records.items())
        if len(found) > 1
    }


def _registrations(view: RecordView, records: list[str]) -> Iterator[Registration]:
    by_registry: dict[str, list[tuple[bool, str, str]]] = defaultdict(list)
    for record in records:
        issuer, number = view.value(record, "tkg:registry"), view.value(record, _NUMBER)
        if issuer and number:
            own = identifiers.compared(issuer.rsplit("/", 1)[-1], number)
            copied = view.value(record, "tkg:publishedBy") != issuer
            by_registry[own.registry].append((copied, own.number, record))
    for registry, entries in sorted(by_registry.items()):
        leading = min(entries)
        speaking = sorted(record for copied, _, record in entries if copied == leading[0])
        yield Registration(registry, leading[1], tuple(speaking))


class _Comparison(NamedTuple):
    """What one rule compares: the values a record gives, and when two of them agree."""

    values: Values
    agree: Agree

    def pairs(
        self, view: RecordView
    ) -> Iterator[tuple[str, Registration, Registration, list[str], list[str]]]:
        """Trial, two registrations and what each says, where both say something."""
        for trial, entries in registrations(view).items():
            for a, b in combinations(entries, 2):
                ours, theirs = (
                    sorted({v for record in r.records for v in self.values(view, record)})
                    for r in (a, b)
                )
                if ours and theirs and self._comparable(view, ours, theirs):
                    yield trial, a, b, ours, theirs

    def _comparable(self, view: RecordView, ours: list[str], theirs: list[str]) -> bool:
        return self.agree is not _one_organization or bool(
            _scripts(view, ours) & _scripts(view, theirs)
        )

    def hits(self, view: RecordView, prop: str) -> Iterator[Hit]:
        """Where nothing that one registration says agrees with anything the other says."""
        for trial, a, b, ours, theirs in self.pairs(view):
            if not any(self.agree(view, x, y) for x in ours for y in theirs):
                values = {
                    "first": a.number, "second": b.number,
                    "ours": " | ".join(ours), "theirs": " | ".join(theirs),
                }  # fmt: skip
                yield Hit(focus=trial, field=prop, values=values)


# -- what registrations say -----------------------------------------------------------------------


def _statuses(view: RecordView, record: str) -> Iterator[str]:
    for status in view.links(record, "tkg:recruitmentStatus"):
        if _notation(status) not in _SILENT:
            yield status


def _one_stage(view: RecordView, a: str, b: str) -> bool:
    """Whether two statuses may be one stage; "not recruiting" is every stage but recruiting."""
    ours, theirs = _notation(a), _notation(b)
    if "not-recruiting" in (ours, theirs):
        return not {ours, theirs} & _OPEN
    return ours == theirs or {ours, theirs} <= _OPEN


def _sizes(view: RecordView, record: str) -> Iterator[str]:
    """The stated size, else the sum of the arms where every arm has one."""
    if stated := view.value(record, "tkg:targetSampleSize"):
        yield stated
        return
    arms = view.links(record, "tkg:hasArm")
    sizes = [view.value(arm, "tkg:armSize") for arm in arms]
    known = [int(size) for size in sizes if size and size.isascii() and size.isdigit()]
    if arms and len(known) == len(arms):
        yield str(sum(known))


def _starts(view: RecordView, record: str) -> Iterator[str]:
    yield from (v.text for v in view.values(record, "tkg:recruitmentStart"))


def _completions(view: RecordView, record: str) -> Iterator[str]:
    """The day of completion, else the end of the study (WHO item 22)."""
    found = view.values(record, "tkg:completionDate") or view.values(record, "tkg:studyEnd")
    yield from (v.text for v in found)


def _may_be_one_day(view: RecordView, a: str, b: str) -> bool:
    known = min(len(a), len(b))
    return a[:known] == b[:known]


def _phases(view: RecordView, record: str) -> Iterator[str]:
    for phase in view.links(record, "tkg:phase"):
        if _notation(phase) in _PHASES:
            yield phase


def _equal(view: RecordView, a: str, b: str) -> bool:
    return a == b


def _notation(concept: str) -> str:
    return concept.rsplit("/", 1)[-1]


# -- sponsors -------------------------------------------------------------------------------------


def _sponsors(view: RecordView, record: str) -> Iterator[str]:
    lead = code("role", "lead-sponsor")
    for assignment in view.links(record, "tkg:hasRoleAssignment"):
        if lead in view.links(assignment, "tkg:role"):
            for agent in view.links(assignment, "tkg:agent"):
                yield from view.links(agent, "tkg:refersTo")


def _names(view: RecordView, organization: str) -> list[str]:
    return [v.text for v in view.values(organization, "rdfs:label")]


def _scripts(view: RecordView, organizations: Iterable[str]) -> set[str]:
    """Scripts in which organizations are named: one named in Chinese only is not compared with
    one named in English only."""
    return {_script(name) for o in organizations for name in _names(view, o)}


def _script(name: str) -> str:
    return "Han" if _HAN.search(name) else "Latin"


def _one_organization(view: RecordView, a: str, b: str) -> bool:
    """Whether two resolved organizations are one, tied, or named with and without an addition."""
    if a == b or any(
        whole in view.links(part, tie) for part, whole in ((a, b), (b, a)) for tie in _TIES
    ):
        return True
    return any(
        ours <= theirs or theirs <= ours
        for ours in _word_sets(view, a)
        for theirs in _word_sets(view, b)
    )


def _word_sets(view: RecordView, organization: str) -> list[frozenset[str]]:
    sets = []
    for name in _names(view, organization):
        plain = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in comparable(name))
        if words := frozenset(plain.split()):
            sets.append(words)
    return sets


# -- the rules ------------------------------------------------------------------------------------

COMPARED: dict[str, tuple[tuple[str, _Comparison], ...]] = {
    "I09": (("recruitmentStatus", _Comparison(_statuses, _one_stage)),),
    "I10": (("targetSampleSize", _Comparison(_sizes, _equal)),),
    "I11": (
        ("recruitmentStart", _Comparison(_starts, _may_be_one_day)),
        ("completionDate", _Comparison(_completions, _may_be_one_day)),
    ),
    "I12": (("primarySponsor", _Comparison(_sponsors, _one_organization)),),
    "I13": (("phase", _Comparison(_phases, _equal)),),
}


def _differing(rule: str) -> Callable[[RecordView, Parameters], Iterator[Hit]]:
    def found(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
        for prop, comparison in COMPARED[rule]:
            yield from comparison.hits(view, prop)

    return found


def _compared(rule: str) -> Callable[[RecordView], Iterator[str]]:
    """Applies to the trials of which two registrations say something."""

    def chosen(view: RecordView) -> Iterator[str]:
        for _, comparison in COMPARED[rule]:
            yield from (trial for trial, *_ in comparison.pairs(view))

    return chosen


def several_numbers(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I14: one field states several numbers of a registry, or a veto kept two records apart."""
    told: list[set[str]] = []
    for record in view.nodes("tkg:Record"):
        by_series: dict[tuple[str, str], set[str]] = defaultdict(set)
        for number in _stated(view, record):
            by_series[identifiers.series(number)].add(number.number)
        for _, numbers in sorted(by_series.items()):
            if len(numbers) > 1:
                told.append(numbers)
                yield Hit(focus=record, values={"values": " | ".join(sorted(numbers))})
    for a, b in sorted(_kept_apart(view)):
        numbers = {view.value(record, _NUMBER) or record for record in (a, b)}
        if not any(numbers <= known for known in told):
            yield Hit(focus=a, values={"values": " | ".join(sorted(numbers))})


def stating_numbers(view: RecordView) -> Iterator[str]:
    """I14 applies to the records that state a number beside their own, or were kept apart."""
    for record in view.nodes("tkg:Record"):
        if len(_stated(view, record)) > (1 if view.value(record, _NUMBER) else 0):
            yield record
    yield from (record for pair in _kept_apart(view) for record in pair)


def _stated(view: RecordView, record: str) -> set[Identifier]:
    """The record's own number and those that its id fields call numbers of its trial."""
    found: set[Identifier] = set()
    nodes = view.links(record, "tkg:secondaryIdentifier")
    if not nodes:
        return found
    own, issuer = view.value(record, _NUMBER), view.value(record, "tkg:registry")
    if own and issuer:
        found.add(identifiers.compared(issuer.rsplit("/", 1)[-1], own))
    for node in nodes:
        if _notation(view.value(node, "tkg:identifierRelation") or "same") == "same":
            for notation in view.values(node, "skos:notation"):
                registered = bool(view.links(node, "tkg:registry"))
                numbers = (identifiers.expected if registered else identifiers.find)(notation.text)
                found |= {identifiers.compared(*number) for number in numbers}
    return found


def _kept_apart(view: RecordView) -> set[tuple[str, str]]:
    different = code("link-decision", "different")
    found = set()
    for link in view.nodes("tkg:Link"):
        rule = view.value(link, "tkg:rule") or ""
        if different in view.links(link, "tkg:linkDecision") and _JOINING.fullmatch(rule):
            ends = view.links(link, "tkg:left") + view.links(link, "tkg:right")
            found.add((min(ends), max(ends)))
    return found


RULES = {**{rule: _differing(rule) for rule in COMPARED}, "I14": several_numbers}
APPLIES = {**{rule: _compared(rule) for rule in COMPARED}, "I14": stating_numbers}
