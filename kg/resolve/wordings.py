"""Affiliations of people compared as printed: how many people two wordings may stand for.

For affiliations in English that no name of an organization can be read out of with certainty: "Dept
of Cardiology, Example Univ., Exampleton". What places, kinds and articles are called says nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolve import known
from kg.resolve.names import english_words
from kg.resolve.namesakes import DEPARTMENT, HOSPITAL

NAMESAKE_HOSPITALS = 4 * HOSPITAL  # staff of all that share one proper name: Tongji, Union
LEAST_SHARED = 0.5  # of all words of both, for two wordings of one department
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


@lru_cache(maxsize=65536)
def words(text: str) -> frozenset[str]:
    """The words of an affiliation, short forms spelled out.

    >>> sorted(words("Dept. of Cardiology, Example Univ., 310000 Exampleton"))
    ['cardiology', 'department', 'example', 'exampleton', 'university']
    """
    text = re.sub(r"\S+@\S+|\b\d{5,6}\b", " ", text)
    return frozenset(_SHORT.get(word, word) for word in english_words(text))


# What a part of an institution is called, and an institution.
_PARTS = frozenset({"department", "laboratory", "section", "unit", "division", "institute"})
_WHOLES = frozenset({
    "university", "hospital", "academy", "company", "corporation", "inc", "ltd", "corp", "clinic",
    "institute", "center", "school",
})  # fmt: skip

_FIRM = frozenset({"university", "hospital", "academy", "institute", "company"})


@lru_cache(maxsize=65536)
def _telling(text: str) -> frozenset[str]:
    """The words that say which institution it is: of a department's and a city's none is."""
    segments = [words(segment) for segment in re.split(r"[,;]", text)]
    named = [of for of in segments if of & _WHOLES and not (of & _PARTS and not of & _FIRM)]
    if not named and not any(of & _PARTS for of in segments):
        named = segments[:1]
    return frozenset().union(*named) - _KINDS


def staff(a: str, b: str) -> int:
    """How many people work at what both wordings name; 0 where they may name two places.

    Numbers must be equal: a missing one is not the first. Wordings with the same telling words, a
    department among them, name one department; where one only adds words to the other, or both add
    some to many that they share, they name one institution.

    >>> staff("Dept of Cardiology, Example Hospital", "Example Hospital, Department of Cardiology")
    100
    >>> staff("Department of Cardiology, Example Hospital", "Example Hospital")
    5000
    >>> staff("First Hospital of Exampleton", "Exampleton Hospital")
    0
    """
    ours, theirs = words(a), words(b)
    shared = ours & theirs
    of_a, of_b = _telling(a), _telling(b)
    telling = of_a & of_b
    if not telling or _numbers(ours) != _numbers(theirs):
        return 0
    if of_a != of_b and telling <= known.latin_cities().keys():
        return 0  # "Exampleton Hospital" is not Exampleton Friendship Hospital
    alone = [(ours - theirs) - _KINDS, (theirs - ours) - _KINDS]
    if not any(alone) and shared & _PARTS:
        return DEPARTMENT
    if len(shared) / len(ours | theirs) >= LEAST_SHARED:
        return HOSPITAL
    if all(alone):
        return 0
    return HOSPITAL if len(telling) > 1 else NAMESAKE_HOSPITALS


def _numbers(of: frozenset[str]) -> frozenset[str]:
    return frozenset(word for word in of if word.isdigit())
