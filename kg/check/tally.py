"""Six counts per rule: passed, failed, waived, error, not applicable, not collected.

The unit is the node that a rule looks at. A rule that finds no node to look at in a record counts
once as not applicable there (or as not collected): it never counts as passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from kg.check.findings import Counts
from kg.check.runner import Outcome

Status = Literal["not_applicable", "not_collected", "passed", "waived", "failed", "error"]
# When several shapes of one rule look at one node, the last of these that holds counts.
_RANK: tuple[Status, ...] = (
    "not_applicable", "not_collected", "passed", "waived", "failed", "error",
)  # fmt: skip


class Judged(NamedTuple):
    """What one shape says of one graph, and whether the source asks for it."""

    outcome: Outcome
    collected: bool
    waived: frozenset[str] = frozenset()  # nodes all of whose findings are waived


class Tally:
    """The counts of all rules, as they grow."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._counts: dict[str, Counter[Status]] = {rule: Counter() for rule in rules}

    def add(self, rule: str, judged: Collection[Judged]) -> None:
        """Count the nodes that the shapes of one rule looked at in one graph."""
        statuses: dict[str, Status] = {}
        for one in judged:
            for node, status in _statuses(one).items():
                known = statuses.get(node, "not_applicable")
                statuses[node] = max(known, status, key=_RANK.index)
        if not statuses:
            collected = any(one.collected for one in judged)
            statuses = {"": "not_applicable" if collected else "not_collected"}
        self._counts[rule].update(statuses.values())

    @property
    def counted(self) -> dict[str, Counter[Status]]:
        """How often each status was counted, by rule."""
        return self._counts

    def take(self, counted: Mapping[str, Counter[Status]]) -> None:
        """Add what another tally counted."""
        for rule, n in counted.items():
            self._counts[rule].update(n)

    def counts(self) -> Mapping[str, Counts]:
        """The counts by rule."""
        return {
            rule: Counts(
                passed=n["passed"],
                failed=n["failed"],
                waived=n["waived"],
                error=n["error"],
                not_applicable=n["not_applicable"],
                not_collected=n["not_collected"],
            )
            for rule, n in self._counts.items()
        }


def _statuses(one: Judged) -> dict[str, Status]:
    outcome = one.outcome
    if one.collected and not outcome.hits and outcome.error is None:
        return {
            **dict.fromkeys(outcome.other, "not_applicable"),
            **dict.fromkeys(outcome.applicable, "passed"),
        }
    found: dict[str, Status] = dict.fromkeys(outcome.other, "not_applicable")
    if not one.collected:
        return dict.fromkeys((*outcome.other, *outcome.applicable), "not_collected")
    if outcome.error is not None:
        return {**found, **dict.fromkeys(outcome.applicable or ("",), "error")}
    failed = outcome.failed
    for node in outcome.applicable | failed:
        found[node] = (
            "passed" if node not in failed else "waived" if node in one.waived else "failed"
        )
    return found
