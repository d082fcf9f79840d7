"""Affiliations of people compared as printed: how many people two wordings may stand for.

For affiliations in English that no name of an organization can be read out of with certainty: "Dept
of Cardiology, Example Univ., Exampleton". What places, kinds and articles are called says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.resolve import known
from kg.resolve.names import english_words
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
    "math": "mathematics", "phys": "physics", "laboratories": "laboratory", "sc": "science",
}  # fmt: skip
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
    return tuple(_SHORT.get(word, word) for word in english_words(text))


# What an institution is called, and a part of one. An institute may be either.
_FIRM_WORDS = "university hospital academy company corporation inc ltd corp clinic sanatorium"
_FIRMS = frozenset(_FIRM_WORDS.split())
_PART_WORDS = "department laboratory section unit division institute school faculty center group"
_PARTS = frozenset(_PART_WORDS.split())


class _Read(NamedTuple):
    """An affiliation read: words that tell the institution, those that tell the part of it.

    ``marks`` tell universities of one place apart (None where none is named), ``numbers`` are
    those of the institution's name, ``beside`` the words of places around it.
    """

    whole: frozenset[str]
    part: frozenset[str]
    marks: frozenset[str] | None
    numbers: frozenset[str]
    beside: frozenset[str]


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
        firms = [of for of in parts if _is_whole(of)] or ([] if parts else segments[:1])
        parts = [of for of in parts if of not in firms]
        named = firms
    within = [
        set(of) - _KINDS
        for of in firms
        if not _FIRMS.isdisjoint(of) and not {"department", "division", "laboratory"}.isdisjoint(of)
    ]
    whole = frozenset().union(*firms)
    around = frozenset().union(*(of for of in segments if of not in firms and of not in parts))
    return _Read(
        whole=whole - _KINDS,
        part=frozenset().union(*parts, *within) - _PARTS - _NATIONS,
        marks=frozenset(_marks(named)) if named else None,
        numbers=_numbers(whole),
        beside=frozenset(word for word in around - _KINDS if len(word) > 2 and word.isalpha()),
    )


def _is_whole(part: tuple[str, ...]) -> bool:
    """Whether a part may be an institution of its own: an institute, a laboratory of two names."""
    telling = set(part) - _KINDS
    return not {"institute", "center"}.isdisjoint(part) or (
        "laboratory" in part and len(telling) > 1
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


def part(text: str) -> frozenset[str]:
    """The words that tell the part of its institution from others; none where none is named.

    >>> sorted(part("Dept. of Cardiology, Invented Example Univ., Exampleton"))
    ['cardiology']
    """
    return _read(text).part - _WIDE


def blocks(text: str, within: Collection[str] | None = None) -> Iterator[str]:
    """Keys of which two wordings share one wherever ``staff`` is not 0.

    ``within``: wherever it is that of a department, or one of these words tells the institution.
    """
    read = _read(text)
    numbers = "-".join(sorted(read.numbers))
    for word in sorted(read.whole):
        if within is None or word in within:
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
    if not ours.beside or not theirs.beside:
        return False
    return ours.beside.isdisjoint(theirs.beside | theirs.whole) and theirs.beside.isdisjoint(
        ours.beside | ours.whole
    )


def _numbers(of: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in of if word.isdigit())
