"""Who a name field names: people and their degrees, organizations, offices, or nobody.

A registry's name field holds one person, several, a degree, a call centre or a telephone number.
Order inside a Latin name proves nothing and is kept as printed. Degrees: ``kg.degrees``; what is a
person: ``kg.name_kinds``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.degrees import is_degree, split_degree
from kg.name_kinds import Kind, kind_of, says_nothing, told_by_words
from kg.streets import is_address
from kg.values import narrow, one_line

__all__ = ["Name", "Named", "Person", "is_person", "named", "split_degree"]

_ZH_BREAK = re.compile(r"[;；、,，/\n]|\s{2,}")
_FIELD_BREAK = re.compile(r"[;；、\n]")
# What became of a separator that a program could not print, never of a letter: "Jia Wang?Yi Chen".
_LOST_BREAK = re.compile(
    r"(?<=[\u3400-\u9fff]{2})\s*[?？\ufffd]+\s*(?=[\u3400-\u9fff]{2})"
    r"|(?<=[a-z][a-z.])[?？\ufffd]+(?=[A-Z][a-z]+[ -][A-Z])"
)
_EN_BREAK = re.compile(r"[/&]|\band\b", re.IGNORECASE)
# "Invented Systems, Inc." is one name.
_LEGAL_FORM = re.compile(
    r"\b(?:inc|ltd|llc|corp|co|gmbh|plc|ag|kg|s\.?a|b\.?v|a/s)\b\.?", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


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


@dataclass(slots=True)
class _Found:
    """What one language of a field names, in printed order."""

    people: list[tuple[str, str | None]] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)


@lru_cache(maxsize=4096)
def named(zh: str | None, en: str | None) -> Named:
    """What a name field names in its two languages; people are paired by position.

    The Chinese field says how many there are; a comma separates Latin names only if every part
    has two words or the parts are as many as the Chinese ones ("Yan, Zhao" is one person).

    >>> named(None, "Jia Wang, MD").people
    (Person(zh=None, en='Jia Wang', degree='MD'),)
    >>> [p[:2] for p in named("王甲; 陈乙", "Jia Wang, Yi Chen").people]
    [('王甲', 'Jia Wang'), ('陈乙', 'Yi Chen')]
    >>> named(None, "Medical Director").offices
    (Name(zh=None, en='Medical Director'),)
    """
    zh, en = (text and _LOST_BREAK.sub(";", text) for text in (zh, en))
    chinese = _read(_ZH_BREAK.split(zh)) if zh else _Found()
    latin = _read(_latin_parts(en, len(chinese.people))) if en else _Found()
    people, paired = _people(chinese.people, latin.people)
    return Named(
        people=people,
        organizations=_names(chinese.organizations, latin.organizations),
        offices=_names(chinese.offices, latin.offices),
        junk_zh=tuple(chinese.junk),
        junk_en=tuple(latin.junk),
        paired=paired,
    )


def is_person(name: str) -> bool:
    """Whether a name can be a person's: not a number, an address, an office, an organization.

    >>> is_person("王甲"), is_person("Central Contact"), is_person("138 0000 0000")
    (True, False, False)
    """
    return kind_of(split_degree(one_line(name))[0]) == "person"


def _read(parts: Iterable[str]) -> _Found:
    found = _Found()
    for text in filter(None, map(one_line, parts)):
        alone = len(text.split()) == 1 or told_by_words(text) is None  # "PhD", no job title
        if is_degree(text) and alone and found.people:
            name, degree = found.people[-1]  # "Jia Wang, MD; PhD"
            found.people[-1] = (name, ", ".join(filter(None, (degree, text))))
            continue
        whole, name, degree = kind_of(text), *split_degree(text)
        kind: Kind = kind_of(name) if name else whole
        if kind == "person" and not is_degree(text):
            found.people.append((name, degree))
        elif whole == "office" or is_degree(text):
            found.offices.append(text)
        elif "organization" in (whole, kind):
            found.organizations.append(text)
        elif kind == "office":
            found.offices.append(text)
        else:
            found.junk.append("[address removed]" if is_address(narrow(text)) else text)
    return found


def _people(
    han: list[tuple[str, str | None]], latin: list[tuple[str, str | None]]
) -> tuple[tuple[Person, ...], bool]:
    """The people of both languages as one list; False where they are not as many."""
    if not han or not latin:
        only = [Person(n, None, d) for n, d in han] + [Person(None, n, d) for n, d in latin]
        return tuple(dict.fromkeys(only)), True
    if len(han) != len(latin):
        return tuple(dict.fromkeys(Person(n, None, d) for n, d in han)), False
    pairs = zip(han, latin, strict=True)
    return tuple(dict.fromkeys(Person(z, e, zd or ed) for (z, zd), (e, ed) in pairs)), True


def _names(han: list[str], latin: list[str]) -> tuple[Name, ...]:
    """Offices or organizations of both languages: paired when as many, else each by itself."""
    if len(han) == len(latin):
        return tuple(dict.fromkeys(map(Name, han, latin)))
    return tuple(dict.fromkeys([*(Name(n, None) for n in han), *(Name(None, n) for n in latin)]))


def _latin_parts(text: str, chinese: int) -> list[str]:
    """The names that a Latin field lists, each still with its degrees."""
    parts = []
    for part in filter(None, map(one_line, _FIELD_BREAK.split(text))):
        name = split_degree(part)[0]
        if is_degree(part) or says_nothing(part) or told_by_words(narrow(name)) == "office":
            parts.append(part)
        elif told_by_words(narrow(name)) == "organization":
            parts += _before_organization(part)
        else:
            for piece in _cut(part):
                parts += _by_comma(piece, chinese)
    return parts


def _cut(part: str) -> list[str]:
    """A list joined by strokes or "and", never inside degrees ("MD/PhD")."""
    cut: list[str] = []
    for piece in filter(None, map(str.strip, _EN_BREAK.split(part))):
        if cut and (is_degree(piece) or not any(map(str.isalpha, piece))):
            cut[-1] = f"{cut[-1]}/{piece}"
        else:
            cut.append(piece)
    return cut


def _by_comma(part: str, chinese: int) -> list[str]:
    pieces: list[str] = []
    for piece in filter(None, map(one_line, re.split("[,，]", part))):
        if pieces and (is_degree(piece) or _SUFFIX.fullmatch(piece)):
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.append(piece)
    if kind_of(pieces[0]) == "office":
        return [part]  # a job title, and who has it
    names = [split_degree(piece)[0] for piece in pieces]
    whole_names = all(len(name.split()) >= 2 for name in names)
    if len(pieces) > 1 and (whole_names or len(pieces) == chinese):
        return pieces
    return [part]


def _before_organization(part: str) -> list[str]:
    """ "Jia Wang, Example University" names both; "Example University, Exampleton" only one."""
    first, comma, rest = part.partition(",")
    named_first = kind_of(split_degree(first)[0]) == "person" and len(first.split()) in (2, 3, 4)
    if comma and named_first and kind_of(_LEGAL_FORM.sub("", rest)) == "organization":
        return [first, rest]
    return [part]
