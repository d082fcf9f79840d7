"""The age limits that criteria state.

Criteria are prose, so this reads only what surely speaks of the participants' age: a number beside
年龄 or "age", a range or bound that ends in 岁 or "years old". What it cannot read is not judged.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import unescape
from typing import NamedTuple


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
    )
)
# "18岁以上", "18 years or older": the bound stands behind its number. Looked for where one of the
# words stands, as every number has to be looked at.
_SIGNS_BEHIND = tuple(
    (words, re.compile(pattern), sign)
    for words, pattern, sign in (
        (("以上",), rf"{_NUMBER}\s*({_UNIT})?\s*[或及和]?以上", r"≥\1\2"),
        (("以下",), rf"{_NUMBER}\s*({_UNIT})?\s*[或及和]以下", r"≤\1\2"),
        (("以下",), rf"{_NUMBER}\s*({_UNIT})?\s*以下", r"<\1\2"),
        (
            ("older", "above", "over"),
            rf"\bage[sd]? (?:of )?{_NUMBER} ?(?:or|and) (?:older|above|over)",
            r"age≥\1",
        ),
        (("older",), rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) older", r"age≥\1 \2"),
        (("younger",), rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) younger", r"age≤\1 \2"),
        (("over", "above"), rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) (?:over|above)", r"≥\1 \2"),
        (("under", "below"), rf"{_NUMBER}\s*({_UNIT})\s*(?:or|and) (?:under|below)", r"≤\1 \2"),
    )
)

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

# No age is stated without one of these words; most texts of criteria speak of other things.
_OF_AGES = re.compile(r"年龄|[年已]满|岁|\bage|\b(?:old|young)er\b|years?|yrs?\b|y/?o\b")

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
_OF_RELATIVES = re.compile(
    r"[^.;。]{0,25}\bin (?:an? |the |their )?(?:(?:first|second|1st|2nd|close)[- ](?:degree )?)?"
    r"(?:relatives?|famil(?:y|ies)|siblings?|parents?)\b"
)
# "Women under 50 years old are postmenopausal if …"
_OF_SOME = re.compile(r"[^.;。]{0,60}\b(?:\w+-)?(?:menopaus|amenorrh)")
_SECTION = re.compile(r"\b(donors? )?(?:inclusion|exclusion|eligibility) criteria\b")
_WEEKS = re.compile(rf"{_NUMBER}\s*(?:周(?!岁)|weeks?)")
_GESTATION = re.compile("gestation|孕|胎龄")
# One row of a table of laboratory values: "Age: 1 to < 2 years; maximum serum creatinine …".
_IN_A_TABLE = re.compile(r"\s*[;:,]\s*(?:maximum|max\.?|minimum|min\.?|serum|血清)\b")
_OUTSIDE_BEFORE = re.compile(
    r"(?:不在|超出|not (?:between|within|in)|outside(?: of)?)(?: the)?[^\w<>]*$"
)
_OUTSIDE_BEHIND = re.compile(r"\s*(?:范围)?(?:之外|以外)")


@lru_cache(maxsize=16)  # whether the rule applies and what it finds: a text is read for both
def age_limits(text: str, *, exclusion: bool = False) -> Limits:
    """The age limits that a text of criteria states; those of exclusion criteria turned round.

    Of several, as for several groups, the widest; a group without a limit has none.

    >>> str(age_limits("年龄≥18岁")), str(age_limits("20 years old ≤ age ≤ 70 years old"))
    ('≥18', '20–70')
    >>> str(age_limits("年龄<18岁或>80岁", exclusion=True)), str(age_limits("预计生存期>8周"))
    ('18–80', '–')
    """
    if not _OF_AGES.search(_folded(text)):
        return Limits()
    signed = _signed(text)
    if _LOST_SIGN.search(signed):
        return Limits()
    beside = _in_order(_beside_age(signed, exclusion))
    return widest(
        [_limits(found, exclusion) for found in beside or _in_order(_by_unit(signed, exclusion))]
    )


def statements(text: str, *, exclusion: bool = False) -> list[Limits]:
    """The limits that each single statement of a text gives, in the order of the text.

    >>> [str(said) for said in statements("Age <= 30 years. First 3 subjects: age 18 to 30 years")]
    ['≤30', '18–30']
    """
    signed = _signed(text)
    if _LOST_SIGN.search(signed):
        return []
    both = [*_beside_age(signed, exclusion), *_by_unit(signed, exclusion)]
    return [_limits(found, exclusion) for found in _in_order(both)]


def _in_order(found: Found) -> list[Bounds]:
    """The statements in the order of the text; of two readings of one place the first."""
    by_place: dict[int, Bounds] = {}
    for place, bounds in found:
        by_place.setdefault(place, bounds)
    return [by_place[place] for place in sorted(by_place)]


def _limits(bounds: Bounds, exclusion: bool) -> Limits:
    """What one statement says."""
    low = high = None
    for sign, years in bounds:
        if exclusion:  # who is below 18 is excluded: from 18
            sign = {"<": "≥", "≤": ">", ">": "≤", "≥": "<"}[sign]
        if sign in ">≥":
            low = Bound(years, sign == ">")
        else:
            high = Bound(years, sign == "<")
    return Limits(low, high)


def widest(said: list[Limits]) -> Limits:
    """The limits of all groups together."""
    lows = [one.low for one in said if one.low]
    highs = [one.high for one in said if one.high]
    # Children to 17 and adults from 18: neither 17 nor 18 is a limit of them all.
    youngest_end = min((b.years for b in highs), default=math.inf)
    oldest_begin = max((b.years for b in lows), default=-math.inf)
    low = min((b for b in lows if b.years < youngest_end), default=None)
    high = max(
        (b for b in highs if b.years > oldest_begin),
        key=lambda b: (b.years, not b.open),
        default=None,
    )
    # "20 to under 45 … 18 or older": of two ages to begin with, one has none to end with. But
    # "18 to 70 … older than 65 years only if" tells of some of the former.
    inside = _inside((one.low.years, one.high.years) for one in said if one.low and one.high)
    begin, end = ({b for b in bounds if not inside(b.years)} for bounds in (lows, highs))
    if low and len(begin) > len(highs) > 0:
        return Limits(low, several=True)
    if high and len(end) > len(lows) > 0:
        return Limits(high=high, several=True)
    return Limits(low, high)


def _inside(ranges: Iterable[tuple[float, float]]) -> Callable[[float], bool]:
    """Whether an age lies between the ends of one of some ranges, for many ranges and ages."""
    lowers: list[float] = []
    uppers: list[float] = []
    for lower, upper in sorted(ranges):
        if uppers and lower < uppers[-1]:
            uppers[-1] = max(uppers[-1], upper)
        else:
            lowers.append(lower)
            uppers.append(upper)

    def found(years: float) -> bool:
        n = bisect_left(lowers, years) - 1
        return n >= 0 and years < uppers[n]

    return found


def _signed(text: str) -> str:
    text = _folded(text)
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    for words, pattern, sign in _SIGNS_BEHIND:
        if any(word in text for word in words):
            text = pattern.sub(sign, text)
    return text


def _folded(text: str) -> str:
    """A text in one case and width, with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", unescape(text)).casefold().split())


Bounds = tuple[tuple[str, float], ...]
"""Sign and age in years of one statement: a bound or two."""
Found = Iterable[tuple[int, Bounds]]
"""Statements and where they begin."""


def _blanked(m: re.Match[str]) -> str:
    return ";".ljust(len(m[0]))


def _beside_age(text: str, exclusion: bool) -> Found:
    """The bounds beside the word age."""
    if "age" not in text and "年龄" not in text:
        return
    for m in _ENCLOSED.finditer(text):
        if not exclusion:
            first, unit, left, right, last, last_unit = m.groups()
            turned = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}[left]
            yield (
                m.start(),
                (
                    (turned, _years(first, unit or last_unit)),
                    (right, _years(last, last_unit)),
                ),
            )
    text = _ENCLOSED.sub(_blanked, text)
    for m in _AGE_RANGE.finditer(text):
        if _theirs(m, text):
            yield from _range(m, text, exclusion)
            if second_range := _NEXT_RANGE.match(text, m.end()):
                yield from _range(second_range, text, exclusion)
    for m in _AGE_BOUND.finditer(text):
        if not _theirs(m, text):
            continue
        sign, number, unit = m.groups()
        found = [(sign, number, unit)]
        second = _NEXT_BOUND.match(text, m.end())
        if second and (second[1] in "<≤") != (sign in "<≤"):
            found.append((second[1], second[2], second[3]))
        shared = next((u for *_, u in found if u), None)
        yield m.start(), tuple((s, _years(n, u or shared)) for s, n, u in found)


def _by_unit(text: str, exclusion: bool) -> Found:
    """The bounds whose unit says that they are ages."""
    for m in _BARE_RANGE.finditer(text):
        if _theirs(m, text):
            yield from _range(m, text, exclusion)
    for m in _BARE_PAIR.finditer(text):
        if not _theirs(m, text):
            continue
        sign, number, unit, second, last, last_unit = m.groups()
        yield (
            m.start(),
            (
                (sign, _years(number, unit or last_unit)),
                (second, _years(last, last_unit)),
            ),
        )
    text = _BARE_PAIR.sub(_blanked, text)
    for m in _BARE_BOUND.finditer(text):
        if _theirs(m, text):
            yield m.start(), ((m[1], _years(m[2], m[3])),)


def _theirs(m: re.Match[str], text: str) -> bool:
    """Whether this is the age of all participants when they enrol."""
    before = text[max(0, m.start() - 60) : m.start()]
    behind = (_AT_AN_EVENT, _IN_A_TABLE, _OF_RELATIVES, _OF_SOME)
    return not (
        _ANOTHER.search(before)
        or any(pattern.match(text, m.end()) for pattern in behind)
        or _of_gestation(m[0], text)
        or _of_donors(m.start(), text)
    )


def _of_gestation(said: str, text: str) -> bool:
    """Whether so many weeks are those since conception, in a text that speaks of these."""
    weeks = (float(number) for number in _WEEKS.findall(said))
    return any(20 <= number <= 45 for number in weeks) and _speaks_of_gestation(text)


@lru_cache(maxsize=2)  # asked of every age in a text
def _speaks_of_gestation(text: str) -> bool:
    return bool(_GESTATION.search(text))


def _of_donors(place: int, text: str) -> bool:
    """Whether the section of the criteria that an age stands in is about donors."""
    begins, of_donors = _sections(text)
    n = bisect_right(begins, place) - 1
    return n >= 0 and of_donors[n]


@lru_cache(maxsize=2)  # asked of every age in a text
def _sections(text: str) -> tuple[list[int], list[bool]]:
    """Where the sections of a text begin, behind their headings, and which are about donors."""
    found = list(_SECTION.finditer(text))
    return [m.end() for m in found], [bool(m[1]) for m in found]


def _range(m: re.Match[str], text: str, exclusion: bool) -> Found:
    """A range of ages; one that is excluded says nothing unless what lies outside it is meant."""
    before = text[max(0, m.start() - 60) : m.start()]
    outside = bool(_OUTSIDE_BEFORE.search(before) or _OUTSIDE_BEHIND.match(text, m.end()))
    if outside == exclusion:
        first, unit, sign, last, last_unit = m.groups()
        low, high = _years(first, unit or last_unit), _years(last, last_unit or unit)
        below = "<" if sign and sign.startswith("<") else "≤"  # "20 to under 45"
        if exclusion:
            yield m.start(), (("<", low), ("≥" if below == "<" else ">", high))
        else:
            yield m.start(), (("≥", low), (below, high))


def _years(number: str, unit: str | None) -> float:
    unit = unit or "岁"
    for word, share in (("岁", 1.0), ("月", 12.0), ("mon", 12.0), ("周", 52.18), ("week", 52.18)):
        if word in unit:
            return float(number) / share
    return float(number) / (365.25 if unit == "天" or "day" in unit else 1.0)
