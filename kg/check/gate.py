"""When a check makes a pipeline fail: findings at or above a level, more of them than allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.check.findings import SEVERITIES, Finding

Level = Literal["structural", "violation", "warning", "info", "new", "never"]
LEVELS: tuple[Level, ...] = ("structural", "violation", "warning", "info", "new", "never")


class Verdict(NamedTuple):
    """Whether the gate is shut, and why, in one sentence."""

    failed: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What is not accepted. A waived finding never counts."""

    level: Level = "structural"
    new: bool = False  # findings that an earlier check did not have, whatever their severity
    most: int = 0  # so many are let through

    @property
    def needs_baseline(self) -> bool:
        """Whether an earlier check has to be there."""
        return self.new or self.level == "new"

    def verdict(
        self,
        findings: Iterable[tuple[str, Finding]],
        *,
        new: frozenset[str] = frozenset(),
        errors: int = 0,
    ) -> Verdict:
        """What becomes of named findings, ``new`` those of them that an earlier check lacks.

        A check that could not be carried out is no pass: it shuts every gate but ``never``.
        """
        if self.level == "never" and not self.new:
            return Verdict(False, "")
        reasons = []
        counts = self._counts(findings, new)
        for what, count in counts.items():
            if count > self.most:
                allowed = f", {self.most:,} allowed" if self.most else ""
                reasons.append(f"{count:,} {what if count != 1 else _one(what)}{allowed}")
        if errors:
            were = "check" if errors == 1 else "checks"
            reasons.append(f"{errors:,} {were} could not be carried out")
        return Verdict(bool(reasons), "; ".join(reasons))

    def _counts(
        self, findings: Iterable[tuple[str, Finding]], new: frozenset[str]
    ) -> dict[str, int]:
        """How many findings each of the gate's rules is about."""
        at = {"structural": 0, "violation": 1, "warning": 2, "info": 3}.get(self.level)
        severities = SEVERITIES[: at or 0]
        by_level = self.level in ("structural", *SEVERITIES)
        counts: dict[str, int] = {}
        of_level = "faults of our own output" if not at else f"findings at or above {self.level}"
        for name, finding in findings:
            if finding.waived:
                continue
            if by_level and (finding.dimension == "St" or finding.severity in severities):
                counts[of_level] = counts.get(of_level, 0) + 1
            if self.needs_baseline and name in new:
                counts["new findings"] = counts.get("new findings", 0) + 1
        return counts


def _one(what: str) -> str:
    return what.replace("faults", "fault").replace("findings", "finding")
