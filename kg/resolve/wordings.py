"""Affiliations of people compared as printed: how many people two wordings may stand for.

For affiliations in English that no name of an organization can be read out of with certainty: "Dept
of Cardiology, Example Univ., Exampleton". What places, kinds and articles are called says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.resolve.names import generic_words, known
from kg.resolve.names.comparable import english_words
from kg.resolve.namesakes import DEPARTMENT, HOSPITAL

NAMESAKE_HOSPITALS = 4 * HOSPITAL  # staff of all that share one proper name: Tongji, Union
LEAST_SHARED = 0.5  # of the telling words of both
_SHORT = {
    "univ": "university", "dept": "department", "depart": "department", "hosp": "hospital",
    "inst": "institute", "coll": "school", "college": "school", "sch": "school", "med": "medicine",
    "lab": "laboratory", "sci": "science", "sciences": "science", "tech": "technology",
    "eng": "engineering", "ctr": "center", "centre": "center", "natl": "national",
    "acad": "academy", "comput": "computer", "dep": "department", "fac": "faculty",
    "technol": "technology", "labs": "laboratory", "res": "research", "nat": "national",
    "inf": "information", "info": "information", "polytech": "polytechnic", "electr": "electrical",
    "technological": "technology", "int": "international", "intl": "international",
    "universitat": "university", "universitaet": "university", "universiteit": "university",
    "universite": "university", "universita": "university", "universidad": "university",
    "universidade": "university", "universitet": "university", "universitetet": "university",
    "technische": "technical", "grad": "graduate", "applic": "applications", "instn": "institution",
    "telecommun": "telecommunications", "econ": "economics",
    "commun": "communications", "communication": "communications", "electron": "electronic",
    "aeronaut": "aeronautics", "astronaut": "astronautics", "distrib": "distributed",
    "process": "processing", "mech": "mechanical", "autom": "automation", "syst": "systems",
    "system": "systems", "appl": "applied", "environ": "environmental", "ind": "industrial",
    "biol": "biology", "chem": "chemistry", "pharm": "pharmacy", "agric": "agricultural",
    "theor": "theoretical", "astron": "astronomy", "observ": "observatory", "stat": "statistics",
    "psychol": "psychology", "educ": "education", "softw": "software",
    "math": "mathematics", "phys": "physics", "laboratories": "laboratory", "sc": "science",
}  # fmt: skip
_UNIVERSITY_WORD = "university"
_UNIVERSITY = re.compile(r"\bU(?:\.\s+|\s+|\.?$|\.?(?=[,;]))(?![A-Z]\b)")  # no "U. S."
_LEGAL_FORM = re.compile(r",\s*(?=(?:Inc|Ltd|Corp|Co)\b)", re.IGNORECASE)
_KIND_WORDS = (
    "university department hospital institute college school medicine laboratory science center "
    "technology engineering faculty academy national division section unit key state first 1 2 3 "
    "affiliated medical research computer clinical general people peoples clinic co ltd inc corp "
    "company information sciences health group program provincial city county street road usa "
    "china pr prc republic uk us p r dr"
)
_KINDS = frozenset(_KIND_WORDS.split())
_NATIONS = frozenset(["china", "pr", "prc", "republic", "p", "r", "usa", "uk", "us"])
# What tells universities of one place apart: Example State University, Example University.
_MARKS = frozenset(["state", "technology", "science", "medical", "medicine", "engineering"])
# Fields so wide that a department is not told by them alone.
_WIDE = frozenset(["science", "technology", "engineering", "medicine", "medical", "research"])


def _words(text: str) -> tuple[str, ...]:
    """The words of an affiliation as they stand, short forms spelled out.

    >>> _words("Dept. of Cardiology, Example Univ., 310000 Exampleton")
    ('department', 'cardiology', 'example', 'university', 'exampleton')
    """
    text = _UNIVERSITY.sub("University ", re.sub(r"\S+@\S+|\b\d{5,6}\b", " ", text))
    return tuple(_spelled_out(word) for word in english_words(text))


def _spelled_out(word: str) -> str:
    """A short form as the word it stands for, and "Univeristy" as what was meant."""
    if len(word) == len(_UNIVERSITY_WORD) and sorted(word) == sorted(_UNIVERSITY_WORD):
        return _UNIVERSITY_WORD
    return _SHORT.get(word, word)


# What an institution is called, and a part of one. An institute may be either.
_FIRM_WORDS = "university hospital academy company corporation inc ltd corp clinic sanatorium"
_FIRMS = frozenset(_FIRM_WORDS.split())
_PART_WORDS = "department laboratory section unit division institute school faculty center group"
_PARTS = frozenset(_PART_WORDS.split())


# Kinds of parts that are an institution where a name stands before: Invented Labs.
_CALLED = frozenset(["laboratory", "school", "group", "center"])
_NEVER_WHOLE = frozenset(["department", "section", "unit", "division", "faculty"])


class _Read(NamedTuple):
    """An affiliation read: words that tell the institution, those that tell the part of it.

    ``marks`` tell universities of one place apart (None where none is named), ``numbers`` are
    those of the institution's name. ``beside`` are the words printed around it: of them ``towns``
    and ``nations`` may name where it is.
    """

    whole: frozenset[str]
    part: frozenset[str]
    marks: frozenset[str] | None
    numbers: frozenset[str]
    beside: frozenset[str]
    towns: frozenset[str]
    nations: frozenset[str]


# Of one name some wordings are compared with each other, then those of the next.
@lru_cache(maxsize=4096)
def _read(text: str) -> _Read:
    """What tells an affiliation from others: a city and a country do not.

    >>> [sorted(of) for of in _read("Dept. of Cardiology, Example Univ., Exampleton, China")[:2]]
    [['example'], ['cardiology']]
    """
    text = _LEGAL_FORM.sub(" ", text)
    segments = [
        of for segment in re.split(r"[,;]", text) for of in _apart_from_part(_words(segment)) if of
    ]
    firms = [of for of in segments if not _FIRMS.isdisjoint(of)]
    parts = [of for of in segments if not _PARTS.isdisjoint(of) and of not in firms]
    named = [of for of in firms if "university" in of]
    if not firms:
        # Without a university or hospital an institute or a centre is the whole, a department not.
        plain = [of for of in segments[:1] if of not in parts]
        firms = [of for of in parts if _is_whole(of)] or plain or [*filter(_is_called, parts)][:1]
        parts = [of for of in parts if of not in firms]
        named = firms
    within = [
        set(of) - _KINDS
        for of in firms
        if not _FIRMS.isdisjoint(of) and not {"department", "division", "laboratory"}.isdisjoint(of)
    ]
    whole = frozenset().union(*firms)
    others = [of for of in segments if of not in firms and of not in parts]
    # What is printed before an institution is hardly its town, unless it is known as one.
    first = min((segments.index(of) for of in firms), default=0)
    after = [of for of in others if of not in segments[:first] or _is_city(of)]
    marks = frozenset(_marks(named)) if named else None
    return _Read(
        # The University of Science and Technology has no name but that.
        whole=whole - _KINDS
        or frozenset(["-".join(sorted(marks))] if marks and len(marks) > 1 else []),
        part=frozenset().union(*parts, *within) - _PARTS - _NATIONS,
        marks=marks,
        numbers=_numbers(whole),
        beside=_places(others),
        towns=_places(of for of in after if not _is_nation(of)),
        nations=_places(filter(_is_nation, others)),
    )


def _places(segments: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """The words of segments that may name a place: no abbreviations of states, no numbers."""
    found = frozenset().union(*segments) - _KINDS
    return frozenset(word for word in found if len(word) > 2 and word.isalpha())


def _is_nation(segment: tuple[str, ...]) -> bool:
    """Whether a segment is a country's name, which contradicts no town."""
    return tuple(word for word in segment if not word.isdigit()) in known.latin_nations()


def _is_city(segment: tuple[str, ...]) -> bool:
    """Whether a segment is a city's name that the tables hold."""
    return "".join(segment) in known.latin_cities()


def _is_whole(part: tuple[str, ...]) -> bool:
    """Whether a part may be an institution of its own: an institute, a laboratory of two names."""
    telling = set(part) - _KINDS
    return not {"institute", "center"}.isdisjoint(part) or (
        "laboratory" in part and len(telling) > 1
    )


def _is_called(segment: tuple[str, ...]) -> bool:
    """Whether a name stands before its kind: Invented Labs, Example College, not College of Xs."""
    return (
        segment[0] not in _KINDS | generic_words.GENERIC
        and not _CALLED.isdisjoint(segment[1:])
        and _NEVER_WHOLE.isdisjoint(segment)
    )


def _apart_from_part(segment: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A part printed before a university without a comma, and the university; or all as it is.

    >>> list(_apart_from_part(("department", "xs", "university", "nova")))
    [('department', 'xs'), ('university', 'nova')]
    """
    at = segment.index("university") if "university" in segment[:-1] else 0
    if _PARTS.isdisjoint(segment[:at]):
        at = 0
    yield from (segment[:at], segment[at:])


def _marks(named: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The marks in names of universities; of a department printed before one none."""
    for of in named:
        parts = [n for n, word in enumerate(of) if word in _PARTS] if "university" in of else []
        yield from _MARKS.intersection(of[max(parts, default=0) :])


def institution(text: str) -> frozenset[str]:
    """The words that tell an affiliation's institution from others.

    >>> sorted(institution("Dept. of Cardiology, Invented Example Univ., Exampleton"))
    ['example', 'invented']
    """
    return _read(text).whole


def beside(text: str) -> frozenset[str]:
    """The words that are printed beside an affiliation's institution: its places, mostly.

    None where it tells no institution.

    >>> sorted(beside("Dept. of Cardiology, Invented Example Univ., Exampleton"))
    ['exampleton']
    """
    read = _read(text)
    return read.beside if read.whole else frozenset()


def part(text: str) -> frozenset[str]:
    """The words that tell the part of its institution from others; none where none is named.

    >>> sorted(part("Dept. of Cardiology, Invented Example Univ., Exampleton"))
    ['cardiology']
    """
    return _read(text).part - _WIDE


def blocks(text: str, within: Collection[str] | None = None) -> Iterator[str]:
    """Keys of which two wordings share one wherever ``staff`` is not 0.

    ``within``: wherever it is that of a department, or one of these words tells the institution
    or the place around it.
    """
    read = _read(text)
    numbers = "-".join(sorted(read.numbers))
    placed = within is None or not read.beside.isdisjoint(within)
    for word in sorted(read.whole):
        if placed or word in (within or ()):
            yield f"{word} {numbers}"
        if within is not None:
            for part in sorted(read.part):
                yield f"{word} {part} {numbers}"


def staff(a: str, b: str) -> int:
    """How many people work at what both wordings name; 0 where they may name two places.

    Numbers must be equal: a missing one is not the first. One institution is named where the
    telling words of one hold those of the other, or they share half of them; one department where
    half of the words of its shorter name agree too.

    >>> staff("Dept of Cardiology, Example Hospital", "Example Hospital, Department of Cardiology")
    100
    >>> staff("Department of Cardiology, Example Hospital", "Example Hospital of X University")
    20000
    >>> staff("First Hospital of Exampleton", "Exampleton Hospital")
    0
    """
    ours, theirs = _read(a), _read(b)
    telling = ours.whole & theirs.whole
    if not telling or ours.numbers != theirs.numbers or _apart(ours, theirs):
        return 0
    if ours.whole != theirs.whole and telling <= known.latin_cities().keys():
        return 0  # "Exampleton Hospital" is not Exampleton Friendship Hospital
    held = telling in (ours.whole, theirs.whole)
    if not held and len(telling) / len(ours.whole | theirs.whole) < LEAST_SHARED:
        return 0
    parts = min(ours.part, theirs.part, key=len)
    shared = ours.part & theirs.part
    if shared - _WIDE - telling and len(shared) / len(parts) >= LEAST_SHARED:
        return DEPARTMENT
    both = (ours.whole | ours.beside) & (theirs.whole | theirs.beside)
    alike = ours.whole == theirs.whole or len(both) > 1
    return HOSPITAL if alike else NAMESAKE_HOSPITALS


def _apart(ours: _Read, theirs: _Read) -> bool:
    """Whether two wordings name two universities of one place, or one name in two places."""
    if None not in (ours.marks, theirs.marks) and ours.marks != theirs.marks:
        return True
    return any(
        bool(here and there)
        and here.isdisjoint(there | theirs.whole)
        and there.isdisjoint(here | ours.whole)
        for here, there in (
            (ours.towns, theirs.towns),
            (ours.nations, theirs.nations),
        )
    )


def _numbers(of: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in of if word.isdigit())
