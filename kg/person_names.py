"""People in a name field: how many, in which languages, with which degree, and whether at all.

A registry's name field holds one person, several, a degree, a call centre or a telephone number.
Order inside a Latin name proves nothing and is kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.values import has_han, has_letter, narrow, one_line

_ZH_BREAK = re.compile(r"[;；、,，/\n]|\s{2,}")
_EN_BREAK = re.compile(r"[;；/、\n&]|\band\b", re.IGNORECASE)
_DEGREE = (
    r"(?:M\.?D\.?|Ph\.?\s?D\.?|Dr\.?\s?med\.?|M\.?Sc\.?|M\.?S\.?|B\.?Sc\.?|M\.?P\.?H\.?|M\.?B\.?B\.?S\.?"
    r"|M\.?B\.?|B\.?S\.?|D\.?O\.?|R\.?N\.?|F\.?A\.?C\.?[SPC]\.?|F\.?R\.?C\.?[SP]\.?|Pharm\.?\s?D\.?"
    r"|M\.?B\.?A\.?|M\.?A\.?|Doctor|Master|Bachelor|Prof(?:essor)?\.?)"
)
_DEGREES_BEHIND = re.compile(
    rf"(?:\s*[,，]\s*|\s+(?=(?:MD|PhD|M\.D|Ph\.D)))({_DEGREE}(?:[\s,/]+{_DEGREE})*)$"
)
_TITLE_BEFORE = re.compile(
    r"^((?:(?:Prof(?:essor)?|Dr|Mr|Mrs|Ms|Miss)\.?\s+)+|(?:(?:Prof|Dr)\.)+)", re.IGNORECASE
)
_ZH_TITLE = re.compile(
    r"(?<=.{2})\s*(主任医师|主任护师|副主任医师|教授|副教授|主任|医师|医生|博士|研究员|老师|院士)$"
)
_NOT_A_PERSON = re.compile(
    r"@|\d{4}|\b(?:call\s?cent|contact|clinical trial|study (?:director|physician|team)|medical "
    r"(?:monitor|director|responsible)|department|hospital|universit|institut|cent(?:er|re)\b|"
    r"compan|committee|office|gmbh|inc\b|ltd\b|llc\b|co\.|pharma|laborator|tbd\b|cancelled)"
    r"|医院|大学|公司|中心|委员会|办公室|研究所|研究院|科室|集团|部门|基金会",
    re.IGNORECASE,
)


class Person(NamedTuple):
    """One person as printed in Chinese and in Latin letters, with the degree split off."""

    zh: str | None
    en: str | None
    degree: str | None


class Name(NamedTuple):
    """A printed name in Chinese and in Latin letters."""

    zh: str | None
    en: str | None


class Named(NamedTuple):
    """What a name field names. ``paired``: both languages name as many people.

    ``offices`` are departments, call centres and job titles; ``junk`` names nobody at all.
    """

    people: tuple[Person, ...] = ()
    organizations: tuple[Name, ...] = ()
    offices: tuple[Name, ...] = ()
    junk_zh: tuple[str, ...] = ()
    junk_en: tuple[str, ...] = ()
    paired: bool = True


def named(zh: str | None, en: str | None) -> Named:
    """What a name field names in its two languages.

    >>> named(None, "Jia Wang, MD").people
    (Person(zh=None, en='Jia Wang', degree='MD'),)
    """
    found = people(zh, en)
    return Named(people=found.people, junk_en=found.rejected, paired=found.paired)


class People(NamedTuple):
    """The people of one field, what in it is none, and whether both languages name as many."""

    people: tuple[Person, ...]
    rejected: tuple[str, ...]
    paired: bool


def people(zh: str | None, en: str | None) -> People:
    """The people that a field names in its two languages, paired by position.

    The Chinese field says how many there are; a comma separates Latin names only if every part
    has two words or the parts are as many as the Chinese ones ("Yan, Zhao" is one person).

    >>> [p[:2] for p in people("王甲; 陈乙", "Jia Wang, Yi Chen").people]
    [('王甲', 'Jia Wang'), ('陈乙', 'Yi Chen')]
    >>> people(None, "Yan, Zhao").people
    (Person(zh=None, en='Yan, Zhao', degree=None),)
    """
    rejected: list[str] = []
    chinese = [_person(part, rejected) for part in _ZH_BREAK.split(zh or "")]
    han = [p for p in chinese if p]
    latin = [p for p in (_person(part, rejected) for part in _latin_parts(en or "", len(han))) if p]
    if not han or not latin:
        names = han or latin
        zh_only = bool(han)
        return People(
            _distinct(Person(n if zh_only else None, None if zh_only else n, d) for n, d in names),
            tuple(rejected),
            True,
        )
    if len(han) != len(latin):
        return People(_distinct(Person(n, None, d) for n, d in han), tuple(rejected), False)
    pairs = zip(han, latin, strict=True)
    return People(
        _distinct(Person(z, e, zd or ed) for (z, zd), (e, ed) in pairs), tuple(rejected), True
    )


def _distinct(found: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(dict.fromkeys(found))


def _latin_parts(text: str, chinese: int) -> list[str]:
    parts = []
    for part in _EN_BREAK.split(text):
        bare = split_degree(one_line(part))[0]
        commas = [one_line(p) for p in bare.split(",") if one_line(p)]
        whole_names = all(len(p.split()) >= 2 for p in commas)
        if len(commas) > 1 and (whole_names or len(commas) == chinese):
            parts += commas
        else:
            parts.append(one_line(part))
    return parts


def split_degree(name: str) -> tuple[str, str | None]:
    """A name without its titles and degrees, and these.

    >>> split_degree("Jia Wang, MD, PhD"), split_degree("Prof. Jia Wang"), split_degree("王甲 教授")
    (('Jia Wang', 'MD, PhD'), ('Jia Wang', 'Prof.'), ('王甲', '教授'))
    """
    found = []
    if before := _TITLE_BEFORE.match(name):
        found.append(before[1].strip())
        name = name[before.end() :]
    if behind := _DEGREES_BEHIND.search(name):
        found.append(behind[1].strip())
        name = name[: behind.start()]
    if has_han(name) and (title := _ZH_TITLE.search(name)):
        found.append(title[1])
        name = name[: title.start()]
    return name.strip(" ,，"), ", ".join(found) or None


def is_person(name: str) -> bool:
    """Whether a name can be a person's: not a number, an address, an office, an organization.

    >>> is_person("王甲"), is_person("Central Contact"), is_person("138 0000 0000")
    (True, False, False)
    """
    return has_letter(name) and len(name) <= 60 and not _NOT_A_PERSON.search(narrow(name))


def _person(part: str, rejected: list[str]) -> tuple[str, str | None] | None:
    text = one_line(part)
    if not text:
        return None
    name, degree = split_degree(text)
    if not name or not is_person(name):
        rejected.append(text)
        return None
    return name, degree
