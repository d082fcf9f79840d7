"""Findings that somebody accepted, with a reason: ``waivers.toml``.

A waived finding stays in the report with its reason and is counted as waived; it changes no score.
A waiver that does nothing (expired, of no known rule or record, or needed by no finding) is told.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kg.check.findings import Acceptance, Finding, Problem, RecordReport, WaiverNote
from kg.errors import ToolError
from kg.namespaces import ID
from kg.near import nearest

_KEYS = {"rule", "record", "focus", "reason", "by", "until"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One accepted finding; ``record`` is ``chictr:ChiCTR2600127123``, or ``focus`` is an IRI."""

    rule: str
    record: str | None = None
    focus: str | None = None
    reason: str
    by: str
    until: str | None = None  # the last day on which it holds

    def covers(self, finding: Finding) -> bool:
        """Whether this waiver speaks of the finding."""
        if self.rule != finding.rule:
            return False
        if self.focus is not None:
            return self.focus == finding.focus
        return self.record is not None and self.record in record_keys(finding)

    def expired(self, as_of: str) -> bool:
        """Whether the waiver held only until a day before ``as_of``."""
        return self.until is not None and self.until < as_of


@dataclass(frozen=True, slots=True)
class Waivers:
    """All waivers of one file."""

    waivers: tuple[Waiver, ...] = ()

    def accepted(self, finding: Finding, as_of: str) -> Acceptance | None:
        """Why the finding is waived; None where no waiver that still holds covers it."""
        for w in _by_rule(self.waivers).get(finding.rule, ()):
            if w.covers(finding) and not w.expired(as_of):
                return Acceptance(reason=w.reason, by=w.by, until=w.until)
        return None

    def notes(
        self,
        findings: Iterable[Finding],
        records: Iterable[RecordReport],
        rules: Collection[str],
        as_of: str,
    ) -> tuple[WaiverNote, ...]:
        """The waivers that do nothing, each with the first reason that holds."""
        if not self.waivers:
            return ()
        by_rule: dict[str, list[Finding]] = defaultdict(list)
        for finding in findings:
            by_rule[finding.rule].append(finding)
        known = {key for r in records for key in _keys(r.record, r.registry, r.number)}
        notes = []
        for w in self.waivers:
            problem: Problem
            meant: list[str] = []
            if w.rule not in rules:
                problem, meant = "unknown rule", nearest(w.rule, rules)
            elif w.expired(as_of):
                problem = "expired"
            elif w.record is not None and w.record not in known:
                problem, meant = "unknown record", _same_number(w.record, known)
            elif not any(w.covers(f) for f in by_rule[w.rule]):
                problem = "unused"
            else:
                continue
            notes.append(
                WaiverNote(
                    rule=w.rule,
                    about=w.focus or w.record or "",
                    by=w.by,
                    reason=w.reason,
                    until=w.until,
                    problem=problem,
                    meant=tuple(meant),
                )
            )
        return tuple(sorted(notes, key=lambda n: (n.rule, n.about, n.problem, n.reason, n.by)))


def _same_number(record: str, known: Iterable[str]) -> list[str]:
    """The records with the number of one that nobody has, however its registry and case are put.

    A number that is only like it would be another trial's.
    """
    number = record.rpartition(":")[2].lower()
    return sorted(key for key in known if key.rpartition(":")[2].lower() == number)[:3]


@cache
def _by_rule(waivers: tuple[Waiver, ...]) -> Mapping[str, tuple[Waiver, ...]]:
    found: dict[str, list[Waiver]] = defaultdict(list)
    for w in waivers:
        found[w.rule].append(w)
    return {rule: tuple(of) for rule, of in found.items()}


def record_keys(finding: Finding) -> set[str]:
    """The ways to name a finding's record: ``registry:number`` as printed and as in its IRI."""
    if finding.record is None:
        return set()
    return _keys(finding.record, finding.registry, finding.number)


def _keys(record: str, registry: str | None, number: str | None) -> set[str]:
    of_iri, _, local = record.removeprefix(ID + "record/").partition("/")
    return {f"{of_iri}:{local}", f"{registry}:{number}"}


def read(path: Path) -> Waivers:
    """The waivers of a file; what cannot be read is the caller's error, with the place named."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ToolError(f"{path}: not UTF-8; save it as UTF-8") from None
    except RecursionError:
        raise ToolError(f"{path}: lists inside each other, too deep") from None
    except tomllib.TOMLDecodeError as error:
        raise ToolError(f"{path}: {error}") from error
    if unknown := sorted(set(content) - {"waive"}):
        raise ToolError(f"{path}: unknown table {unknown[0]!r}; expected [[waive]]")
    rows = content.get("waive", [])
    if not isinstance(rows, list):
        raise ToolError(f"{path}: expected [[waive]] with two brackets")
    return Waivers(tuple(_waiver(row, f"{path}: waiver {n}") for n, row in enumerate(rows, 1)))


def _waiver(row: Any, place: str) -> Waiver:
    if not isinstance(row, dict):
        raise ToolError(f"{place}: expected a table [[waive]]")
    if unknown := sorted(set(row) - _KEYS):
        raise ToolError(f"{place}: unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}")
    texts: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, date):
            texts[key] = value.isoformat()[:10]
        elif isinstance(value, str) and value.strip():
            texts[key] = value.strip()
        else:
            raise ToolError(f"{place}: {key} is not a text")
    if missing := sorted({"rule", "reason", "by"} - set(texts)):
        raise ToolError(f"{place}: {missing[0]} is missing")
    if ("record" in texts) == ("focus" in texts):
        raise ToolError(f"{place}: name either a record (chictr:ChiCTR…) or a focus (an IRI)")
    if until := texts.get("until"):
        try:
            texts["until"] = date.fromisoformat(until).isoformat()
        except ValueError as error:
            raise ToolError(f"{place}: until is not a day such as 2026-12-31") from error
    return Waiver(**texts)
