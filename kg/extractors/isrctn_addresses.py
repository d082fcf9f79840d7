"""Street addresses where ISRCTN prints them: in place of a centre's name, or behind a committee's.

The registry has no field for them there, so they are known by their words and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What an organization's name holds in the languages that registrants write names in.
_ORGANIZATION = re.compile(
    r"hospit|h[oô]pital|krankenh|klini|clini|spital|sjukhus|sykehus|ziekenhuis|universi|college|school"
    r"|cent(?:er|re|ro|rum)\b|zentrum|institut|istituto|facult|department|unit\b|trust\b|nhs\b|surgery"
    r"|practice|infirmary|council|ministry|foundation|stiftung|academy|laborator|compan|gmbh|ltd\b"
    r"|health|research|medical|polic|azienda|charit|fundaci|service|network|group\b|society",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:street|st\.|road|rd\.?|avenue|ave?\.|lane|drive|boulevard|blvd|square|crescent|terrace"
    r"|rue|via|viale|piazza|calle|plaza|avenida|rua|jalan|jl\.?|p\.?\s?o\.?\s?box|floor|level)\b"
    r"|c/|(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|straat|laan|gatan|vej|veien|gata)(?:\s|,|$)",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\d{1,5}[a-z]?[ ,].*|\D{3,60}\s\d{1,5}\s?[a-z]?(?:\s*[-,/].*)?", re.IGNORECASE)
# Two figures at least: the committee "Inventham 2" is none.
_HOUSE_NUMBER = re.compile(r"[^\W\d_][^\d,]{2,60}\s\d{2,4}[a-z]?")
# Words of an address that other texts use too: they count beside a number only.
_WITH_NUMBER = re.compile(
    r"\b(?:place|way|court|gardens|mews|close|hill|park|quay|walk|st|ave|house|building|block|wing"
    r"|room|suite|campus|bldg|apartment|via)\b",
    re.IGNORECASE,
)
_BUILDING = re.compile(
    r"[\w' .-]{1,40}\b(?:house|hall|lodge|tower|building|bldg|floor|wing)", re.IGNORECASE
)
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"  # ZZ0 0ZZ
    r"|^(?!(?:19|20)\d\d\b)(?:[A-Z]{1,2}-)?\d{4,6}\s+[^\W\d_]{3}"  # 00000 Musterstadt
    r"|[^\W\d_]{3},?\s+\d{5,6}$"  # Exampletown 00000
)
_NUMBERED_STREET = re.compile(
    r"\b\d{1,5}[a-z]?,?\s[\w' .-]{0,40}?\b(?:street|st|road|rd|avenue|ave|lane|drive|square|place"
    r"|way|boulevard|crescent|terrace|hill|park|campus)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_CHANNEL = re.compile(r"[@\d]|\baddress|\btel", re.IGNORECASE)
_MARK = "(\u2026)"
_MARKS = re.compile(r"\s*(?:\(\u2026\)\s*)+")

Starts = Callable[[str], int]


def is_address(name: str) -> bool:
    """Whether what stands as a centre's name is a street address.

    >>> is_address("Musterstrasse 7"), is_address("Hospital 12 de Enero"), is_address("Ward A")
    (True, False, False)
    """
    if _ORGANIZATION.search(name):
        return False
    has_number = re.search(r"\d", name) is not None
    return has_number and (_STREET.search(name) or _HOUSE.fullmatch(name)) is not None


def _is_part(segment: str) -> bool:
    """Whether what stands between two commas is part of an address."""
    if _HOUSE_NUMBER.fullmatch(segment) and not _ORGANIZATION.search(segment):
        return True
    if _POSTCODE.search(segment) or _STREET.search(segment) or _BUILDING.fullmatch(segment):
        return True
    return re.search(r"\d", segment) is not None and bool(_WITH_NUMBER.search(segment))


def without_addresses(text: str, told: Starts, names: re.Pattern[str]) -> str:
    """The text with ``(…)`` for each address, telephone number and mail.

    ``told`` says where in a stretch of text something stands that is no address (a date, a
    reference, a decision; its length for nowhere), ``names`` what a committee's name holds. With
    a street goes the town behind it.
    """
    kept: list[str] = []
    at = 0
    for start, end in parentheses(text):
        kept += (
            _between_commas(text[at:start], told, names),
            _inside(text[start:end], told, names),
        )
        at = end
    kept.append(_between_commas(text[at:], told, names))
    marked = _MARKS.sub(f" {_MARK} ", "".join(kept))
    return re.sub(r"(?<=\() | (?=[,;.)]|$)", "", marked) if _MARK in marked else text


def _inside(parenthesis: str, told: Starts, names: re.Pattern[str]) -> str:
    """A parenthesis without what reaches somebody."""
    closes = parenthesis.endswith(")")
    inside = parenthesis[1:-1] if closes else parenthesis[1:]
    if told(inside) < len(inside):
        return f"({_between_commas(inside, told, names)}{')' if closes else ''}"
    is_list = re.search("[@;,]", inside) is not None
    if (is_list and _CHANNEL.search(inside)) or any(map(_is_part, re.split("[;,]", inside))):
        return _MARK
    return parenthesis


def _between_commas(text: str, told: Starts, names: re.Pattern[str]) -> str:
    made: list[str] = []
    in_address = may_begin = False
    for mark, segment in _segments(text):
        at = told(segment)
        head, rest = segment[:at], segment[at:]
        if names.search(head):
            found = _NUMBERED_STREET.search(head)
            if found:
                head = f"{head[: found.start()].rstrip()} {_MARK} "
            made.append(f"{mark}{head}{rest}")
            in_address = found is not None and not rest
        elif head.strip() and (in_address or _is_part(head.strip())):
            if may_begin:
                made.pop()  # the house, whose postcode follows
            made.append(f" {_MARK} {rest}")
            in_address = not rest
        else:
            made.append(f"{mark}{segment}")
            in_address = False
        may_begin = made[-1] == f"{mark}{segment}" and not rest and bool(re.search(r"\d", head))
        may_begin = may_begin and not names.search(head)
    return "".join(made)


def _segments(text: str) -> Iterator[tuple[str, str]]:
    """The stretches between commas and semicolons, each with the mark in front of it."""
    mark = ""
    for piece in re.split(r"([,;])", text):
        if piece in (",", ";"):
            mark = piece
        else:
            yield mark, piece


def parentheses(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each outermost parenthesis; one that is never closed ends with the text."""
    depth = start = 0
    for place, character in enumerate(text):
        if character == "(":
            depth += 1
            start = place if depth == 1 else start
        elif character == ")" and depth:
            depth -= 1
            if not depth:
                yield start, place + 1
    if depth:
        yield start, len(text)
