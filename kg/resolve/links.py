"""Judgements on two mentions or two records: same, different or possible, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from sys import intern
from typing import Literal

from kg.namespaces import ID, digest

Decision = Literal["same", "different", "possible"]
Kind = Literal["person", "organization", "committee", "trial"]

# How sure each rule is of its decision. Measured precision: docs/identity.md; the rules of tier D
# only ask. Tiers (the letter) sort before scores, so a score never lifts a rule over a tier.
RULES: dict[str, tuple[float, str]] = {
    "O-A2": (1.0, "a person's word"),
    "C-A1": (1.0, "a person's word"),
    "P-A2": (1.0, "a person's word"),
    "T-A2": (1.0, "a person's word"),
    "O-A1": (1.0, "one entry of ROR"),
    "O-B1": (1.0, "equal Chinese name"),
    "O-B2": (0.98, "Chinese names agree slot by slot"),
    "O-B3": (0.97, "both names stand in an alias table"),
    "O-C1": (0.95, "equal English name"),
    "O-C2": (0.9, "second name in brackets"),
    "O-C3": (0.85, "former name printed in brackets"),
    "O-C4": (0.9, "a Chinese and an English name fill the same slots"),
    "O-C5": (0.93, "equal name but for the legal form of a company"),
    "O-D2": (0.6, "one took over from the other, says a table"),
    "O-D1": (0.5, "names agree as far as they go"),
    "C-B1": (0.98, "same parent, same kind"),
    "C-C1": (0.9, "same parent, one kind unspecified, approval numbers open alike"),
    "C-D1": (0.5, "same parent, one kind unspecified"),
    "P-A1": (1.0, "one ORCID iD"),
    "P-B1": (0.99, "names agree; one personal mailbox"),
    "P-B2": (0.99, "names agree; one mobile number"),
    "P-C1": (0.98, "one record, equal name, two roles"),
    "P-C2": (0.95, "names agree, same organization; hardly a namesake there"),
    "P-C3": (0.96, "names agree, same organization, a shared colleague"),
    "P-C4": (0.94, "names agree; one telephone or mailbox that others share"),
    "P-C5": (0.93, "names agree; affiliations in nearly the same words"),
    "P-D1": (0.5, "names agree, same organization"),
    "P-D2": (0.4, "Latin name agrees with a Chinese name, same organization"),
    "P-D3": (0.6, "one mistyped letter or initials, same mailbox"),
    "T-A1": (1.0, "two records of one registration"),
    "T-B1": (0.95, "an id field names the other's number"),
    "T-B2": (0.99, "id fields name each other's number"),
    "T-C1": (0.9, "equal number of one sponsor"),
    "T-D1": (0.7, "equal title"),
    "T-D2": (0.4, "free text names the other's number"),
    "T-D3": (0.6, "an id field names the other's number, and something contradicts"),
    "T-D4": (0.5, "a family: an id field names several numbers of one registry"),
    "T-R1": (1.0, "a record states the other as parent, child or related"),
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edge:
    """A proposal that two mentions (or records) are one. ``left`` is the smaller IRI.

    ``support`` lifts the score of a question for what agrees beside the rule.
    """

    rule: str
    left: str
    right: str
    evidence: str
    support: float = 0.0

    def __reduce__(self) -> tuple[Callable[..., Edge], tuple[object, ...]]:
        """An edge is recalled with the sentence that others here have already."""
        return edge, (self.rule, self.left, self.right, self.evidence, self.support)

    @property
    def score(self) -> float:
        """How sure the rule is, 0 to 1."""
        return _score(self.rule, self.support)

    @property
    def tier(self) -> str:
        """A to D: the power of the rule."""
        return self.rule[2]

    @property
    def rank(self) -> tuple[str, float, str, str, str]:
        """Order of power: tier, then score, then names, so that input order never counts."""
        return (self.tier, -self.score, self.left, self.right, self.rule)


@lru_cache(maxsize=256)
def _score(rule: str, support: float) -> float:
    return round(min(RULES[rule][0] + support, 1.0), 2)


def edge(rule: str, a: str, b: str, evidence: str = "", support: float = 0.0) -> Edge:
    """An edge between two IRIs in either order; the evidence defaults to the rule's sentence."""
    left, right = sorted((a, b))
    told = intern(evidence or RULES[rule][1])  # few sentences, many edges
    return Edge(rule=rule, left=left, right=right, evidence=told, support=support)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An edge that was not taken, and why. ``veto`` False: a bound, so the pair is possible."""

    edge: Edge
    reason: str
    veto: bool


_KINDS: dict[str, Kind] = {"O": "organization", "C": "committee", "P": "person", "T": "trial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A stored judgement. Evidence names fields, never the value of a channel."""

    decision: Decision
    rule: str
    score: float
    left: str
    right: str
    evidence: str

    @property
    def kind(self) -> Kind:
        """What the rule is about; its first letter says it."""
        return _KINDS[self.rule[0]]

    @property
    def iri(self) -> str:
        """``id/link/`` and 12 hex digits of left, right and rule."""
        return f"{ID}link/{digest(f'{self.left} {self.right} {self.rule}')}"


def judged(decision: Decision, made: Edge, reason: str = "") -> Link:
    """The link that stores an edge with what became of it."""
    score = 1.0 if decision == "different" else made.score
    return Link(
        decision=decision,
        rule=made.rule,
        score=score,
        left=made.left,
        right=made.right,
        evidence=f"{made.evidence}; {reason}" if reason else made.evidence,
    )


BY_A_PERSON = frozenset({"O-A2", "C-A1", "P-A2", "T-A2"})


def decimal(score: float) -> str:
    """A score as tables show it, with one or two decimals.

    >>> decimal(1.0), decimal(0.95), decimal(0.9)
    ('1.0', '0.95', '0.9')
    """
    return f"{score:.2f}".removesuffix("0")
