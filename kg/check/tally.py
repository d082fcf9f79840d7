"""Six counts per rule: passed, failed, waived, error, not applicable, not collected.

The unit is the node that a rule looks at. A rule that finds no node to look at in a record counts
once as not applicable there (or as not collected): it never counts as passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from kg.check.findings import Counts
from kg.check.runner import Outcome

Status = Literal["not_applicable", "not_collected", "passed", "waived", "failed", "error"]
# When several shapes of one rule look at one node, the last of these that holds counts.
_RANK: tuple[Status, ...] = (
    "not_applicable", "not_collected", "passed", "waived", "failed", "error",
)  # fmt: skip

_NA, _PASSED = _RANK[0], _RANK[2]


class Judged(NamedTuple):
    """What one shape says of one graph, and whether the source asks for it."""

    outcome: Outcome
    collected: bool
    waived: frozenset[str] = frozenset()  # nodes all of whose findings are waived


Statuses = Mapping[Status, int]
"""How many nodes have which status."""


class Tally:
    """The counts of all rules, as they grow."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._counts: dict[str, Counter[Status]] = {rule: Counter() for rule in rules}

    def add(self, rule: str, judged: Sequence[Judged]) -> None:
        """Count the nodes that the shapes of one rule looked at in one graph."""
        self.take({rule: statuses(judged)})

    def take(self, counted: Mapping[str, Statuses]) -> None:
        """Add what was counted elsewhere, by rule."""
        for rule, of in counted.items():
            known = self._counts[rule]
            for status, n in of.items():
                known[status] += n

    @property
    def counted(self) -> dict[str, Statuses]:
        """How often each status was counted, by rule."""
        return dict(self._counts)

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


def statuses(judged: Sequence[Judged]) -> Statuses:
    """How the nodes stand that the shapes of one rule looked at in one graph."""
    if len(judged) == 1 and (numbers := _in_numbers(judged[0])):
        return numbers
    of_nodes: dict[str, Status] = {}
    for one in judged:
        for node, status in _of_nodes(one).items():
            known = of_nodes.get(node, "not_applicable")
            of_nodes[node] = max(known, status, key=_RANK.index)
    return Counter(of_nodes.values()) or without_nodes(any(one.collected for one in judged))


def _in_numbers(one: Judged) -> Statuses | None:
    """The same of one shape, where it need not be known which node is which."""
    (_, applicable, other, hits, error), collected, _ = one
    if not collected:
        return _plain(0, 0, len(applicable) + len(other))
    return _plain(len(applicable), len(other), 0) if error is None and not hits else None


def without_nodes(collected: bool) -> Statuses:
    """What counts where a rule finds no node to look at."""
    return _plain(0, int(collected), int(not collected))


@lru_cache(maxsize=4_096)
def _plain(passed: int, not_applicable: int, not_collected: int) -> Statuses:
    """So many nodes, none of which failed; records share what they count."""
    counted: dict[Status, int] = {
        "passed": passed, "not_applicable": not_applicable, "not_collected": not_collected,
    }  # fmt: skip
    return {status: n for status, n in counted.items() if n}


def _of_nodes(one: Judged) -> dict[str, Status]:
    outcome = one.outcome
    if not one.collected:
        return dict.fromkeys((*outcome.other, *outcome.applicable), "not_collected")
    if not outcome.hits and outcome.error is None:
        return dict.fromkeys(outcome.other, _NA) | dict.fromkeys(outcome.applicable, _PASSED)
    found: dict[str, Status] = dict.fromkeys(outcome.other, _NA)
    if outcome.error is not None:
        return {**found, **dict.fromkeys(outcome.applicable or ("",), "error")}
    failed = outcome.failed
    for node in outcome.applicable | failed:
        found[node] = (
            "passed" if node not in failed else "waived" if node in one.waived else "failed"
        )
    return found
