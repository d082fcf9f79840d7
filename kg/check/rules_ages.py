"""X12: the ages that the criteria state, against the age field.

Criteria are prose, so this reads only what surely speaks of the participants' age: a number beside
年龄 or "age", a range or bound that ends in 岁 or "years old". What it cannot read is not judged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from kg.check.parameters import Parameters
from kg.check.texts import LANGUAGES
from kg.check.view import Hit, RecordView
from kg.namespaces import code


class Bound(NamedTuple):
    """An age in years; ``open`` when the age itself lies outside (``>18``)."""

    years: float
    open: bool = False


class Limits(NamedTuple):
    """A lower and an upper age limit; None where there is none.

    ``several``: of groups, not all of which have both.
    """

    low: Bound | None = None
    high: Bound | None = None
    several: bool = False

    def __str__(self) -> str:
        if self.low and self.high and not (self.low.open or self.high.open):
            return f"{_shown(self.low.years)}–{_shown(self.high.years)}"
        low = f"{'>' if self.low.open else '≥'}{_shown(self.low.years)}" if self.low else ""
        high = f"{'<' if self.high.open else '≤'}{_shown(self.high.years)}" if self.high else ""
        return " ".join(filter(None, (low, high))) or "–"


def _shown(years: float) -> str:
    """An age in years, of days and months three figures.

    >>> _shown(18.0), _shown(0.5), _shown(28 / 365.25)
    ('18', '0.5', '0.0767')
    """
    return f"{years:.3g}" if years < 1 else f"{years:g}"


_UNIT = (
    r"(?:周岁|岁|years?[ -]of[ -]age|years?[ -]olds?|years?|yrs?(?: old)?|y/?o\b|"
    r"个?月龄|个月|月|周龄|周|天|(?:month|week|day)s?(?: of age|[ -]olds?)?)"
)
_AGE_UNIT = r"(?:周岁|岁|years?[ -]of[ -]age|[ -]?years?[ -]olds?|yrs? old|y/?o\b)"
_NUMBER = r"(?<![\d.])(\d{1,3}(?:\.\d+)?)(?![\d.]*\d)"
# No dose, weight, share or score; "18-" of a range is cut off by what follows in the pattern.
_OTHER_UNIT = r"(?:[%‰×]|[kmμ]?g\b|m?l\b|[cm]m\b|u/|points?\b|hours?\b|分|次|例)"
_AMOUNT = rf"{_NUMBER}\s*({_UNIT})?(?!\s*{_OTHER_UNIT})"
_AGE = r"(?:年龄|(?<!of )\bage[sd]?\b)"
_TO = r"\s*(?:-|–|—|~|至|到|to|and|和)\s*"
_SIGN = r"([<≤>≥])\s*"
_BETWEEN = (
    r"(?:[\s:,(]|段|范围|要求|限制|应当|应|须|需|必须|在|为|是|介于|"
    r"\b(?:ranging|range|limits?|group|of|is|are|must|should|be|between|from|the)\b)*"
)

# Words become signs, the longer before those that they contain. What can only be said of an age
# ("older than") brings the word with it.
_SIGNS = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"\((?:包?含|包括|inclusive|including)[^()]*\)|\((?:周?岁|years?)\)|\\(?=[<>])", ""),
        (r"not? younger than", "age≥"),
        (r"not? older than", "age≤"),
        (r"older than", "age>"),
        (r"younger than", "age<"),
        (r"年满|已满", "年龄≥"),
        (r"[≧⩾]|> ?/? ?=|=>|大于或?等于|不小于|不低于|至少", "≥"),
        (r"greath?er th[ae]n or equal to|not? less than|at least", "≥"),
        (r"[≦⩽]|< ?/? ?=|=<|小于或?等于|不大于|不高于|不超过", "≤"),
        (r"less than or equal to|not? more than|up to", "≤"),
        (r"大于|超过|高于|(?:greater|more) than|\b(?:over|above)\b(?= ?\d)", ">"),
        (r"小于|低于|不足|未满|不满|less than|\b(?:under|below)\b(?= ?\d)", "<"),
        # "18岁以上", "18 years or older": the bound stands behind its number.
        (rf"{_NUMBER}\s*({_UNIT})?\s*[或及和]?以上", r"≥\1\2"),
        (rf"{_NUMBER}\s*({_UNIT})?\s*[或及和]以下", r"≤\1\2"),
        (rf"{_NUMBER}\s*({_UNIT})?\s*以下", r"<\1\2"),
        (rf"\bage[sd]?\s+{_NUMBER}\s*(?:or|and) (?:older|over|above)", r"age≥\1"),
        (rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) older", r"age≥\1 \2"),
        (rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) younger", r"age≤\1 \2"),
        (rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) (?:over|above)", r"≥\1 \2"),
        (rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) (?:under|below)", r"≤\1 \2"),
    )
)  # fmt: skip

_ENCLOSED = re.compile(rf"{_AMOUNT}\s*{_SIGN}{_AGE}\s*{_SIGN}{_AMOUNT}")
_AGE_RANGE = re.compile(rf"{_AGE}{_BETWEEN}(?:≥\s*)?{_AMOUNT}{_TO}([<≤]\s*)?{_AMOUNT}")
# "Aged 65 to 79 years old, or 20 to 64 years old who …": another group.
_NEXT_RANGE = re.compile(
    rf"[\s,;、]*(?:or|或者?)\s*{_AMOUNT}{_TO}([<≤]\s*)?{_NUMBER}\s*({_AGE_UNIT})"
)
_AGE_BOUND = re.compile(rf"{_AGE}{_BETWEEN}{_SIGN}{_AMOUNT}")
_NEXT_BOUND = re.compile(
    rf"[\s,、]*(?:and|or|或者|或|且|和|并且|及|&)?\s*(?:{_AGE})?\s*{_SIGN}{_AMOUNT}"
)
_BARE_RANGE = re.compile(rf"{_AMOUNT}{_TO}([<≤]\s*)?{_NUMBER}\s*({_AGE_UNIT})")
_BARE_PAIR = re.compile(
    rf"{_SIGN}{_AMOUNT}\s*(?:or|and|或者|或|且|和|,|、)\s*{_SIGN}{_NUMBER}\s*({_AGE_UNIT})"
)
_BARE_BOUND = re.compile(rf"{_SIGN}{_NUMBER}\s*({_AGE_UNIT})")

# A copy that cannot print ≥ and ≤ leaves "=": which way the bound points is lost.
_LOST_SIGN = re.compile(rf"{_AGE}{_BETWEEN}=\s*{_NUMBER}|=\s*{_NUMBER}\s*{_AGE_UNIT}")
# What stands before an age that is somebody else's, an event's, or a condition for a part of them.
_ANOTHER = re.compile(
    r"(?:(?:发病|起病|首发|初潮|绝经|平均|中位|供者|供体|父亲|母亲|父母|配偶|诊断|骨|孕|胎|生理|心理|"
    r"\b(?:gestational|bone|mean|median|average|maternal|paternal|mental|onset|menopausal|"
    r"donors?|mothers?|fathers?|parents?))\s*(?:时|的)?\s*(?:年龄|age)?\s*(?:of|is|at)?"
    r"|\b(?:\w+-)?menopaus\w*[^.;:。]{0,40}\s*$"
    r"|(?:若|如果|对于|针对|\b(?:if|for|when|who are|lansky|karnofsky|ecog)\b)[^.;:。]{0,40})\s*$"
)
_AT_AN_EVENT = re.compile(r"[^.;。]{0,25}\bat (?:the time of )?(?:\w+ )?(?:diagnosis|onset)\b")
# "Women under 50 years old are postmenopausal if …"
_OF_SOME = re.compile(r"[^.;。]{0,60}\b(?:\w+-)?(?:menopaus|amenorrh)")
# One row of a table of laboratory values: "Age: 1 to < 2 years; maximum serum creatinine …".
_IN_A_TABLE = re.compile(r"\s*[;:,]\s*(?:maximum|max\.?|minimum|min\.?|serum|血清)\b")
_OUTSIDE_BEFORE = re.compile(
    r"(?:不在|超出|not (?:between|within|in)|outside(?: of)?)(?: the)?[^\w<>]*$"
)
_OUTSIDE_BEHIND = re.compile(r"\s*(?:范围)?(?:之外|以外)")
_EXCLUSION = re.compile(r"排除标准|\bexclusion criteria\b|\bexclusion\s*:", re.IGNORECASE)

NO_LIMIT_FROM = 99
"""An upper limit in years that excludes nobody, as a lower one of 0."""


@lru_cache(maxsize=16)  # whether the rule applies and what it finds: a text is read for both
def age_limits(text: str, *, exclusion: bool = False) -> Limits:
    """The age limits that a text of criteria states; those of exclusion criteria turned round.

    Of several, as for several groups, the widest; a group without a limit has none.

    >>> str(age_limits("年龄≥18岁")), str(age_limits("20 years old ≤ age ≤ 70 years old"))
    ('≥18', '20–70')
    >>> str(age_limits("年龄<18岁或>80岁", exclusion=True)), str(age_limits("预计生存期>8周"))
    ('18–80', '–')
    """
    lows: list[Bound] = []
    highs: list[Bound] = []
    text = _signed(text)
    if _LOST_SIGN.search(text):
        return Limits()
    for sign, years in _bounds(text, exclusion):
        if exclusion:  # who is below 18 is excluded: from 18
            sign = {"<": "≥", "≤": ">", ">": "≤", "≥": "<"}[sign]
        side = lows if sign in ">≥" else highs
        side.append(Bound(years, sign in "<>"))
    low = min(lows, default=None)
    high = max(highs, key=lambda b: (b.years, not b.open), default=None)
    if low and high and low.years >= high.years:
        return Limits()  # misread, or about several groups
    if low and high and len(set(lows)) > len(highs):
        return Limits(low, None, several=True)
    if low and high and len(set(highs)) > len(lows):
        return Limits(None, high, several=True)
    return Limits(low, high)


def _signed(text: str) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", unescape(text)).casefold())
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text


Found = Iterator[tuple[str, float]]
"""Sign and age in years."""


def _bounds(text: str, exclusion: bool) -> Found:
    """The bounds beside the word age; where there is none, those whose unit says that it is one."""
    beside = list(_beside_age(text, exclusion))
    yield from beside or _by_unit(text, exclusion)


def _beside_age(text: str, exclusion: bool) -> Found:
    for m in _ENCLOSED.finditer(text):
        if not exclusion:
            first, unit, left, right, last, last_unit = m.groups()
            yield {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}[left], _years(first, unit or last_unit)
            yield right, _years(last, last_unit)
    text = _ENCLOSED.sub(";", text)
    for m in _AGE_RANGE.finditer(text):
        if _theirs(m, text):
            yield from _range(m, text, exclusion)
            if second_range := _NEXT_RANGE.match(text, m.end()):
                yield from _range(second_range, text, exclusion)
    for m in _AGE_BOUND.finditer(text):
        if not _theirs(m, text):
            continue
        sign, number, unit = m.groups()
        if _of_gestation(number, unit, text):
            continue
        found = [(sign, number, unit)]
        second = _NEXT_BOUND.match(text, m.end())
        if second and (second[1] in "<≤") != (sign in "<≤"):
            found.append((second[1], second[2], second[3]))
        shared = next((u for *_, u in found if u), None)
        yield from ((s, _years(n, u or shared)) for s, n, u in found)


def _by_unit(text: str, exclusion: bool) -> Found:
    for m in _BARE_RANGE.finditer(text):
        if _theirs(m, text):
            yield from _range(m, text, exclusion)
    for m in _BARE_PAIR.finditer(text):
        if not _theirs(m, text):
            continue
        sign, number, unit, second, last, last_unit = m.groups()
        yield sign, _years(number, unit or last_unit)
        yield second, _years(last, last_unit)
    text = _BARE_PAIR.sub(";", text)
    for m in _BARE_BOUND.finditer(text):
        if _theirs(m, text):
            yield m[1], _years(m[2], m[3])


def _theirs(m: re.Match[str], text: str) -> bool:
    """Whether this is the age of all participants when they enrol."""
    before = text[max(0, m.start() - 60) : m.start()]
    behind = any(p.match(text, m.end()) for p in (_AT_AN_EVENT, _IN_A_TABLE, _OF_SOME))
    return not (_ANOTHER.search(before) or behind)


def _range(m: re.Match[str], text: str, exclusion: bool) -> Found:
    """A range of ages; one that is excluded says nothing unless what lies outside it is meant."""
    outside = bool(
        _OUTSIDE_BEFORE.search(text[: m.start()]) or _OUTSIDE_BEHIND.match(text, m.end())
    )
    if outside == exclusion:
        first, unit, sign, last, last_unit = m.groups()
        low, high = _years(first, unit or last_unit), _years(last, last_unit or unit)
        below = sign is not None and sign.startswith("<")  # "20 to under 45"
        yield ("<" if exclusion else "≥"), low
        yield ("≥" if below else ">") if exclusion else ("<" if below else "≤"), high


def _of_gestation(number: str, unit: str | None, text: str) -> bool:
    """Whether so many weeks are those since conception, in a text that speaks of these."""
    weeks = unit is not None and ("周" in unit or "week" in unit) and "周岁" not in unit
    return weeks and 20 <= float(number) <= 45 and bool(re.search("gestation|孕|胎龄", text))


def _years(number: str, unit: str | None) -> float:
    unit = unit or "岁"
    for word, share in (("岁", 1.0), ("月", 12.0), ("mon", 12.0), ("周", 52.18), ("week", 52.18)):
        if word in unit:
            return float(number) / share
    return float(number) / (365.25 if unit == "天" or "day" in unit else 1.0)


def disagrees(text: Limits, low: float | None, high: float | None) -> bool:
    """Whether the age field (``low`` to ``high``) says something else, or two limits for one."""
    if text.low and (low is None or not _same(text.low, low, +1)):
        return True
    if text.high and (high is None or not _same(text.high, high, -1)):
        return True
    two = not text.several and bool(low) and high is not None and high < NO_LIMIT_FROM
    return two and (text.low is None or text.high is None)


def _same(bound: Bound, stated: float, next_age: int) -> bool:
    """Forms hold whole years, so above 17 and from 18 are one."""
    years = {bound.years, bound.years + next_age} if bound.open else {bound.years}
    return any(abs(y - stated) < 0.02 for y in years)


class Said(NamedTuple):
    """What the criteria say about ages in one language, and in which field first."""

    field: str
    limits: Limits


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
            yield Said(f"{found[0][0]}@{language}", Limits(low, high, several))


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
        if disagrees(said.limits, *field):
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
