"""X12: the ages that the criteria state, against the age field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.check.parameters import Parameters
from kg.check.rules.age_limits import Bound, Limits, age_limits, statements, widest
from kg.check.texts import LANGUAGES
from kg.check.view import Hit, RecordView
from kg.namespaces import code

_EXCLUSION = re.compile(r"排除标准|\bexclusion criteria\b|\bexclusion\s*:", re.IGNORECASE)
_REGARDLESS = re.compile(
    r"(?:regardless|irrespective) of (?:the |their )?age\b|\b(?:any|all) ages?\b|不论年龄|年龄不限",
    re.IGNORECASE,
)

NO_LIMIT_FROM = 99
"""An upper limit in years that excludes nobody, as a lower one of 0."""


def disagrees(text: Limits, low: float | None, high: float | None) -> bool:
    """Whether the age field (``low`` to ``high``) says something else, or two limits for one."""
    if text.low and (low is None or not _same(text.low, low, +1)):
        return True
    if text.high and (high is None or not _same(text.high, high, -1)):
        return True
    two = not text.several and bool(low) and high is not None and high < NO_LIMIT_FROM
    return two and (text.low is None or text.high is None)


def _told_apart(said: Said, low: float | None, high: float | None) -> bool:
    """Whether the criteria give the ages of the field, and beside them those of a part.

    What stands first, or gives both limits, is about all participants; further ages are those of a
    cohort, of the first few, of donors. Or the ages of all parts together are those of the field.
    """
    if any(_REGARDLESS.search(text) for text, _ in said.parts):
        return True
    single = [one for text, out in said.parts for one in statements(text, exclusion=out)]
    agreeing = [n for n, one in enumerate(single) if not disagrees(one, low, high)]
    if any(n == 0 or (single[n].low and single[n].high) for n in agreeing):
        return True
    return not disagrees(widest(single), low, high)


def _same(bound: Bound, stated: float, next_age: int) -> bool:
    """Forms hold whole years, so above 17 and from 18 are one."""
    years = {bound.years, bound.years + next_age} if bound.open else {bound.years}
    return any(abs(y - stated) < 0.02 for y in years)


class Said(NamedTuple):
    """What the criteria say about ages in one language, and in which field first.

    ``parts`` are the texts that say it, each with whether it tells who is excluded.
    """

    field: str
    limits: Limits
    parts: tuple[tuple[str, bool], ...] = ()


def criteria_ages(view: RecordView) -> Iterator[Said]:
    """The ages that a record's criteria state, by language; nothing where they state none."""
    record = view.record
    for language in LANGUAGES:
        parts: list[tuple[str, str, bool]] = []
        for name, exclusion in (("inclusionCriteria", False), ("exclusionCriteria", True)):
            if text := view.text(record, f"tkg:{name}", language):
                parts.append((name, text, exclusion))
        if text := view.text(record, "tkg:criteriaText", language):
            heads = _EXCLUSION.split(text, maxsplit=1)
            parts += (("criteriaText", half, n == 1) for n, half in enumerate(heads))
        read = [(name, age_limits(text, exclusion=out)) for name, text, out in parts]
        found = [(name, limits) for name, limits in read if limits != Limits()]
        if found:
            low = _first(limits.low for _, limits in found)
            high = _first(limits.high for _, limits in found)
            several = any(limits.several for _, limits in found)
            texts = tuple((text, out) for _, text, out in parts)
            yield Said(f"{found[0][0]}@{language}", Limits(low, high, several), texts)


def _first(bounds: Iterable[Bound | None]) -> Bound | None:
    return next((b for b in bounds if b is not None), None)


def _field(view: RecordView) -> tuple[float | None, float | None] | None:
    """What the age field says; None when it says nothing at all."""
    low, high = (view.value(view.record, f"tkg:{name}") for name in ("minAge", "maxAge"))
    unlimited = view.links(view.record, "tkg:noAgeLimit")
    if low is None and high is None and not unlimited:
        return None
    if low is None and code("age-limit", "no-lower") in unlimited:
        low = "0"
    return (None if low is None else float(low)), (None if high is None else float(high))


def ages_differ(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """X12: the criteria of a record, in either language, against its age field."""
    field = _field(view)
    if field is None:
        return
    for said in criteria_ages(view):
        if disagrees(said.limits, *field) and not _told_apart(said, *field):
            low, high = (None if years is None else Bound(years) for years in field)
            values = {"text": str(said.limits), "stated": str(Limits(low, high))}
            yield Hit(focus=view.record, field=said.field, values=values)
            return


def with_ages(view: RecordView) -> Iterator[str]:
    """X12 applies to records whose age field and whose criteria both state ages."""
    if _field(view) is not None and any(criteria_ages(view)):
        yield view.record


RULES = {"X12": ages_differ}
APPLIES = {"X12": with_ages}
