"""What a check says: rules, findings, counts, states and scores.

Plain values, filled by ``kg.check``, written by ``kg.check.report``. Words: docs/model.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from kg.check.terms import Text
from kg.namespaces import digest, folded

Severity = Literal["violation", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
Dimension = Literal["Cm", "Cf", "Pl", "Ti", "Hi", "Bi", "Id", "Pr", "St"]
State = Literal["present", "partial", "blank", "absent", "not collected", "not applicable"]
Remedy = Literal[
    "fill", "open", "date", "retro", "status", "ask", "ethics", "name", "source", "office", "tool"
]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
REMEDIES: tuple[Remedy, ...] = get_args(Remedy)
Problem = Literal["expired", "unknown rule", "unknown record", "unused"]  # of a waiver

# The days of a record that rules compare, in the order in which they should come.
DATES = (
    "approved",
    "study_start",
    "study_end",
    "recruitment_start",
    "recruitment_end",
    "registered",
    "refreshed",
)

# Values that the engine counts from two others; ``as_of`` is the day of the check.
COUNTED = frozenset({"days", "months", "as_of"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the rule book, as its shape states it."""

    id: str
    severity: Severity
    dimension: Dimension
    order: int
    name_en: str
    name_zh: str
    message_en: str
    message_zh: str
    remedy: Remedy | None
    who_item: str | None  # the sub-item, which is the rule's id for WHO rules
    scope: str  # "all", "int", "rnd", "bi", "reg", "agg", "2 versions", "merged graph", "structure"
    structural: bool  # about our output (ST-…), not about the source record
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Why a finding is waived, by whom, and up to which day."""

    reason: str
    by: str
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says about one node; no value holds a telephone number or an e-mail."""

    rule: str
    severity: Severity
    dimension: Dimension
    state: State | None  # for rules about missing values: "blank" or "absent"
    focus: str  # IRI
    focus_label: str
    record: str | None  # IRI; None on the merged graph
    registry: str | None
    number: str | None
    item: str | None  # WHO item "1" … "24"
    field: str | None  # property, or property@language
    values: Mapping[str, str]
    file: str | None
    line: int | None
    printed: str | None  # the text as printed at that line
    message_en: str
    message_zh: str
    remedy: Remedy | None
    remedy_en: str
    remedy_zh: str
    waiver: Acceptance | None = None

    @property
    def waived(self) -> bool:
        """Whether somebody accepted the finding."""
        return self.waiver is not None

    @property
    def key(self) -> str:
        """Sixteen hex digits that stay the same while the finding does, over record versions.

        Counts of days and months do not enter: those up to the as-of date grow every day. Of a
        value that is missing, neither does the label under which a page would have printed it:
        another copy of the page shows another one, or none.
        """
        values = "\u001f".join(
            f"{k}={folded(v)}" for k, v in sorted(self.values.items()) if k not in COUNTED
        )
        field = self.field or ""
        if self.state is not None:
            field = "" if self.item else field.partition("@")[0]
        return digest("\u001e".join((self.rule, self.focus, field, values)), 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often a rule was examined. ``applicable`` = passed + failed + waived + error."""

    passed: int = 0
    failed: int = 0
    waived: int = 0
    error: int = 0
    not_applicable: int = 0
    not_collected: int = 0

    @property
    def applicable(self) -> int:
        return self.passed + self.failed + self.waived + self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """One of the 24 WHO items in one record."""

    item: str
    state: State
    passed: float  # sum over its V and W sub-items of passed/applicable
    sub_items: int  # V and W sub-items that apply


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport:
    """A record's 24 items and its score; an aggregator page has no percentage and no band."""

    record: str
    trial: str | None
    registry: str
    number: str | None
    title_en: str | None
    title_zh: str | None
    file: str
    profile: str
    items: tuple[ItemState, ...]
    numerator: float
    denominator: int
    band: Literal["full", "mostly", "partly", "thin"] | None
    dates: Mapping[str, str] = field(default_factory=dict)  # by name of DATES, as precise as given

    @property
    def completeness(self) -> float | None:
        """Share of applicable items that are filled, 0 to 1; None without a score."""
        if self.band is None or not self.denominator:
            return None
        return self.numerator / self.denominator


Kind = Literal["hospital", "committee", "sponsor", "province", "year"]
"""Whose a record is: what the graph says beside its registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """Whose records they are. Groups are IRIs of entities and places, or years."""

    of: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """By record and ``Kind``."""
    labels: Mapping[str, Text] = field(default_factory=dict)  # by IRI of a group
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by trial


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverNote:
    """A waiver that does nothing: it has expired, names nothing we know, or no finding needs it."""

    rule: str
    about: str  # a record (chictr:ChiCTR…) or the IRI of a node
    by: str
    reason: str
    until: str | None
    problem: Problem
    meant: tuple[str, ...] = ()  # what it may have meant to name


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleError:
    """A rule that could not be run on a graph; its nodes count as errors, not as passed."""

    rule: str
    graph: str  # a record version, or "merged graph", or "store"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that a check found, sorted: findings by severity, rule, registry, number, focus."""

    as_of: str
    parameters: Mapping[str, str]
    versions: Mapping[str, str]  # kg, ontology, shapes (checksum), data (checksum)
    rules: tuple[Rule, ...]
    counts: Mapping[str, Counts]  # by rule id
    records: tuple[RecordReport, ...]
    findings: tuple[Finding, ...]
    waiver_notes: tuple[WaiverNote, ...] = ()
    errors: tuple[RuleError, ...] = ()
    belonging: Belonging = Belonging()
