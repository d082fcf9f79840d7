"""English names of hospitals, read into slots.

Tokens count, not their order: First Affiliated Hospital of X and X First Affiliated Hospital are
one. A name is cut into segments; departments, addresses and universities stand around the hospital.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.resolve.names.comparable import LONGEST, unified
from kg.resolve.names.english_places import (
    NAMES_OF_STATES,
    RANK_WORDS,
    SEGMENT,
    is_place,
    province_of,
    take_places,
    take_universities,
    told_apart,
)
from kg.resolve.names.english_segments import SCHOOL_NAMES, SCHOOL_OF, SURE_HEAD, slots_of
from kg.resolve.names.english_spelling import PROVINCES, plain_words
from kg.resolve.names.slots import Slots

_DEPARTMENT_WORD = (
    r"(?:departments?|dept|division|section|unit|laborator(?:y|ies)|lab|office|ward|institute|"
    r"center|centre|school|faculty|college|clinic)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishHospital:
    """A name of a hospital read: its slots, those of second names, and where it says to be."""

    slots: Slots
    second: tuple[Slots, ...] = ()
    beside: tuple[Slots, ...] = ()  # another organization: a joint sponsor
    department: str = ""
    city: str = ""  # that stands beside the name, where the name itself says none


_SEPARATOR = re.compile(r"\s*(?:[;;]|(?<=[a-z)])/(?=[A-Za-z])|(?:^|\s)\d\s?[.、)]\s?(?=[A-Z]))\s*")

_CAMPUS = re.compile(r"((?:\w+ ){0,2}\w+) (?:campus|branch|branch hospital|hospital district)")
# "School and Hospital of Stomatology", "School of Optometry and Eye Hospital": a school is no part
# of the hospital's name.
_SCHOOL_AND = re.compile(
    r"\b(?:School|College|Faculty)\s*(?:/|&|and)\s*(?=(?:the )?Hospital of\b)"
    r"|\b(?:School|College|Faculty)\s+of\s+[\w ]+?\s*(?:&|\band)\s*"
    r"(?=(?:the )?(?:\w+ )?Hospital\b)",
    re.I,
)
# Two names of hospitals in one segment.
_AND = re.compile(
    r"(?<= hospital) and (?:the )?(?=(?:\w+ )*hospital\b)|(?<=\w) and the (?=(?:\w+ )*hospital\b)"
)
# "Example Medical Foundation Keming Hospital": the foundation that runs it.
_FOUNDATION = re.compile(
    r"^(?:\w+ ){1,5}foundation (?=(?:\w+ )*(?:hospital|(?:medical|cancer) center)\b)"
)
_HYPHEN = re.compile(r"\b([A-Z][a-z]+)-([A-Za-z][a-z]+)\b")
_PAREN = re.compile(r"\(([^()]*)\)?")
# "The Fifth Affiliated (Zhuhai) Hospital": the name goes on behind the brackets.
_PAREN_INSIDE = re.compile(r"(?<=[Aa]ffiliated )\(([A-Z]\w+)\)\s*(?=[Hh]ospital\b)")

_ABBREVIATIONS = {
    "hust": "huazhong university of science and technology",
    "csu": "central south university",
}


def read(printed: str) -> EnglishHospital | None:
    """A name of a hospital read; None for a name of anything else.

    >>> a = read("Department of Care, the First Affiliated Hospital of Invented Medical University")
    >>> b = read("Invented Medical University 1st Afflicated Hosptial, Wuhan, China")
    >>> a.slots.key == b.slots.key, a.department
    (True, 'care')
    """
    if len(printed) > LONGEST:
        return None
    text = unified(printed)
    text = re.sub(r"\b([Hh]e|[Hh]u|[Xx]i|[Yy]a|[Hh]uai|[Ll]u|[Tt]ai)['’‘`´](?=[aen])", r"\1", text)
    # "Chia-Yi" is the city of Chiayi.
    text = _HYPHEN.sub(
        lambda found: (
            "".join(found.groups()) if is_place("".join(found.groups()).lower()) else found[0]
        ),
        text,
    )
    # A centre of the army's hospital is part of it, also behind a comma.
    text = re.sub(
        r"(?i)\b(medical cent(?:er|re)),\s*"
        r"(?=(?:the\s)?(?:chinese\s)?(?:pla\b|people'?s liberation))",
        r"\1 of ",
        text,
    )
    text = _SCHOOL_AND.sub("", text)
    names = [name for name in _SEPARATOR.split(text) if name.strip()]
    readings = [found for name in names if (found := _one(name))]
    if not readings:
        return None
    # "National Cancer Center/Cancer Hospital, X": the name that says enough is the name.
    readings.sort(key=lambda r: r.slots.level != "full")
    first = readings[0]
    if len(names) > 1 and len(readings) == 1 and not first.slots.university:
        # "Tongji Hospital of Tongji Medical College; Example University": one name in two parts.
        around = _around([plain_words(name) for name in names[1:]])
        if around.university:
            first = replace(
                first,
                slots=replace(first.slots, university=around.university, seat=around.seat),
            )
    others = [r for r in readings[1:] if r.slots.level == "full"]
    beside, second = list(first.beside), list(first.second)
    for other in others:
        numbered = bool(re.match(r"\s*1\s?[.、)]", text))
        if numbered or other.slots.key == first.slots.key:
            second += [other.slots, *other.second]
        else:
            beside.append(other.slots)
    return replace(
        first,
        second=tuple(s for s in dict.fromkeys(second) if s.key != first.slots.key),
        beside=tuple(dict.fromkeys(beside)),
    )


def _around(segments: Iterable[str]) -> Slots:
    """What segments without a hospital say of the one beside them: university and place."""
    university = seat = school = ""
    cities: list[str] = []
    provinces: list[str] = []
    for plain in segments:
        if named := SCHOOL_NAMES.search(plain):
            school = school or SCHOOL_OF[named[1]]
        rest, found = take_universities(plain)
        if found and not university:
            university, seat = found[0]
        elif not found:
            bare, here, there = take_places(rest)
            bare = RANK_WORDS.sub(" ", bare)
            if not re.sub(r"\b(?:china|of|the|district|county|p r)\b|\W", "", bare):
                cities += here
                provinces += there
    if not university and school:
        university, seat = take_universities(plain_words(school))[1][0]
    return Slots(
        place=(cities or provinces or [""])[0],
        province=(provinces or [""])[0],
        university=university,
        seat=seat,
    )


def _one(name: str) -> EnglishHospital | None:
    """One name without its joint sponsors."""
    name = _PAREN_INSIDE.sub(r"\1 ", name)
    brackets = [found[1] for found in _PAREN.finditer(name)]
    name = _PAREN.sub(" , ", name)
    segments = [part for s in SEGMENT.split(name) for part in _apart(plain_words(s)) if part]
    segments = [re.sub(NAMES_OF_STATES, "", s).strip() or "china" for s in segments]
    segments = [
        " ".join(plain_words(_ABBREVIATIONS[w]) if w in _ABBREVIATIONS else w for w in s.split())
        for s in segments
    ]
    segments = [_FOUNDATION.sub("", s) for s in segments]
    hospitals = [n for n, s in enumerate(segments) if _is_hospital(s)]
    if not hospitals:
        return None
    # "Cancer Center, X Hospital": a centre without a place or university is a department there.
    sure = [n for n in hospitals if re.search(r"\bhospital\b", segments[n])]
    if sure and sure[0] > hospitals[0]:
        hospitals = [n for n in hospitals if n >= sure[0] or _says_whose(segments[n])]
    # A hospital's university and city follow it; what stands before may be a department's.
    order = [*range(hospitals[0], len(segments)), *range(hospitals[0])]
    around = _around(segments[n] for n in order if n not in hospitals)
    department = "; ".join(
        _department(s) for s in segments[: hospitals[0]] if not take_universities(s)[1]
    )
    read_: list[Slots] = []
    for n in hospitals:
        plain, own = _without_department(segments[n])
        department = department or own
        slots = slots_of(plain, around)
        named = slots.proper and not slots.common
        whose = slots.university and slots.level == "full"
        if around.place and not (slots.place or named or whose):
            # The address places a name that does not say where it is.
            place, homonym = told_apart(around.place, [around.province])
            slots = replace(slots, place=place, homonym=homonym)
        read_.append(slots)
    if len(read_) > 1 and _is_center_of(*read_[:2]):
        department = department or segments[hospitals[0]]
        del read_[0], hospitals[0]
    first, *rest = read_
    second: list[Slots] = []
    beside: list[Slots] = []
    part = first.part
    for n, slots in zip(hospitals[1:], rest, strict=True):
        if slots.level == "full" and (slots.named or slots.proper):
            # Printed one behind the other, two names are one hospital's only where one is what a
            # university calls it. Anything else is another hospital: a joint sponsor.
            called = [bool(take_universities(segments[m])[1]) for m in (hospitals[0], n)]
            one = called[0] != called[1] and not _provinces_differ(first, slots)
            if slots.key != first.key:
                (second if one else beside).append(slots)
        elif slots.place and first.place and slots.place != first.place and not slots.university:
            part = part or slots.place  # "… Hospital of Chinese Medicine - Zhuhai Hospital"
    for n in order:
        if n not in hospitals and (campus := _CAMPUS.fullmatch(segments[n])):
            part = part or campus[1].replace(" ", "")
    for content in brackets:
        plain = plain_words(content)
        if _is_hospital(plain):
            slots = slots_of(_without_department(plain)[0], Slots())
            said = slots.place or slots.university or not slots.common
            if slots.level == "full" and said and not _provinces_differ(first, slots):
                second.append(slots)
        elif campus := re.fullmatch(r"(.*?) ?(?:campus|branch|district|section)", plain):
            part = part or campus[1].replace(" ", "")
        elif not first.university:
            inside = _around([plain])
            first = replace(first, university=inside.university, seat=inside.seat)
    first = replace(first, part=part, department=department)
    return EnglishHospital(
        slots=first,
        second=tuple(s for s in dict.fromkeys(second) if s.key != first.key),
        beside=tuple(dict.fromkeys(beside)),
        department=department,
        city="" if around.place in PROVINCES.values() else around.place,
    )


def _apart(plain: str) -> list[str]:
    """A segment, as two where it joins two hospitals that each say whose they are."""
    for found in _AND.finditer(plain):
        left, right = plain[: found.start()], plain[found.end() :]
        if all(_is_hospital(side) and _says_whose(side) for side in (left, right)):
            return [left, right]
    return [plain]


def _is_center_of(first: Slots, second: Slots) -> bool:
    """Whether the first is a centre of the second: both have one proper name and place."""
    named = bool(first.proper) and first.proper == second.proper
    return (
        named
        and first.place == second.place
        and (first.head, second.head) == ("center", "hospital")
    )


def _provinces_differ(a: Slots, b: Slots) -> bool:
    """Whether both lie in known provinces, and these differ."""
    ours, theirs = province_of(a.province or a.placed), province_of(b.province or b.placed)
    return bool(ours and theirs and ours != theirs)


def _says_whose(plain: str) -> bool:
    """Whether a segment names a place or a university."""
    rest, universities = take_universities(plain)
    _, cities, provinces = take_places(rest)
    return bool(universities or cities or provinces)


def _is_hospital(plain: str) -> bool:
    if not SURE_HEAD.search(plain):
        return False
    if "hospital" not in plain and not SURE_HEAD.search(take_universities(plain)[0]):
        return False  # National Defense Medical Center is a university
    return not re.search(
        r"\b(?:co ltd|limited|inc|company|corporation|foundation|group co|pharmaceuticals?"
        r"|diseases control|administration of)\b",
        plain,
    )


def _department(plain: str) -> str:
    return re.sub(rf"^(?:the )?{_DEPARTMENT_WORD} (?:of|for) ", "", plain)


def _without_department(plain: str) -> tuple[str, str]:
    """A segment without the department before its hospital, and the department."""
    head = SURE_HEAD.search(plain)
    assert head is not None
    before = plain[: head.start()]
    at_start = re.match(
        rf"(?:the )?(?:state |key |national )*{_DEPARTMENT_WORD}s? (?:of|for) ", before
    )
    inside = re.match(
        r"(?:\w+ ){1,6}?(?:department|division|ward|laboratory|unit|center) (?:of|at|in) (?:the )?",
        before,
    )
    if at_start:
        cut = [
            m
            for m in re.finditer(r" (?:of|at|in) (?:the )?", before)
            if m.start() >= at_start.end()
        ]
        if cut:
            return plain[cut[-1].end() :], _department(plain[: cut[-1].start()])
    elif inside:
        return plain[inside.end() :], plain[: inside.end()].rsplit(" of", 1)[0].strip()
    return plain, ""
