"""Affiliations of people compared as printed: how many people two wordings may stand for.

For affiliations in English that no name of an organization can be read out of with certainty: "Dept
of Cardiology, Example Univ., Exampleton". What places, kinds and articles are called says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
}  # fmt: skip
_KIND_WORDS = (
    "university department hospital institute college school medicine laboratory science center "
    "technology engineering faculty academy national division section unit key state first 1 2 3 "
    "affiliated medical research computer clinical general people peoples clinic co ltd inc corp "
    "company information sciences health group program provincial city county street road usa "
    "china pr prc republic uk us p r dr"
)
_KINDS = frozenset(_KIND_WORDS.split())
_NATIONS = frozenset(["china", "pr", "prc", "republic", "p", "r", "usa", "uk", "us"])


@lru_cache(maxsize=16384)
def words(text: str) -> frozenset[str]:
    """The words of an affiliation, short forms spelled out.

    >>> sorted(words("Dept. of Cardiology, Example Univ., 310000 Exampleton"))
    ['cardiology', 'department', 'example', 'exampleton', 'university']
    """
    text = re.sub(r"\S+@\S+|\b\d{5,6}\b", " ", text)
    return frozenset(_SHORT.get(word, word) for word in english_words(text))


# What an institution is called, and a part of one. An institute may be either.
_FIRM_WORDS = "university hospital academy company corporation inc ltd corp clinic sanatorium"
_FIRMS = frozenset(_FIRM_WORDS.split())
_PART_WORDS = "department laboratory section unit division institute school faculty center group"
_PARTS = frozenset(_PART_WORDS.split())


class _Read(NamedTuple):
    """An affiliation read: words that tell the institution, those that tell the part of it."""

    whole: frozenset[str]
    part: frozenset[str]


@lru_cache(maxsize=16384)
def _read(text: str) -> _Read:
    """What tells an affiliation from others: a city and a country do not.

    >>> [sorted(of) for of in _read("Dept. of Cardiology, Example Univ., Exampleton, China")]
    [['example'], ['cardiology']]
    """
    segments = [words(segment) for segment in re.split(r"[,;]", text)]
    firms = [of for of in segments if of & _FIRMS]
    parts = [of for of in segments if of & _PARTS and not of & _FIRMS]
    if not firms:
        # Without a university or hospital an institute or a centre is the whole, a department not.
        firms = [of for of in parts if of & {"institute", "center"}] or (
            [] if parts else segments[:1]
        )
        parts = [of for of in parts if of not in firms]
    within = [of - _KINDS for of in firms if of & {"department", "division", "laboratory"}]
    return _Read(
        frozenset().union(*firms) - _KINDS,
        frozenset().union(*parts, *within) - _PARTS - _NATIONS,
    )


def blocks(text: str, *, department: bool) -> Iterator[str]:
    """Keys of which two wordings share one wherever ``staff`` is not 0.

    ``department``: wherever it is that of a department.
    """
    read, numbers = _read(text), "-".join(sorted(_numbers(words(text))))
    for word in sorted(read.whole):
        if not department:
            yield f"{word} {numbers}"
            continue
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
    if not telling or _numbers(words(a)) != _numbers(words(b)):
        return 0
    if ours.whole != theirs.whole and telling <= known.latin_cities().keys():
        return 0  # "Exampleton Hospital" is not Exampleton Friendship Hospital
    held = telling in (ours.whole, theirs.whole)
    if not held and len(telling) / len(ours.whole | theirs.whole) < LEAST_SHARED:
        return 0
    parts = min(ours.part, theirs.part, key=len)
    if parts and len(ours.part & theirs.part) / len(parts) >= LEAST_SHARED:
        return DEPARTMENT
    alike = ours.whole == theirs.whole or len(telling) > 1
    return HOSPITAL if alike else NAMESAKE_HOSPITALS


def _numbers(of: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in of if word.isdigit())
