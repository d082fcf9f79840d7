"""Rules about what a text looks like: L02, L04 (two languages), F01 (damage)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from kg.check.parameters import Parameters
from kg.check.texts import MENTIONS, NAMED, Text, clipped, plain, texts, without_addresses
from kg.check.view import Hit, RecordView
from kg.contacts.masking import masked
from kg.namespaces import folded
from kg.values import narrow

SAME_TEXT_FROM = 20  # characters: shorter texts (an abbreviation, a product) may well be equal

# L04. A marker opens a text or follows a blank or punctuation; "3.0T" is no marker.
_BEFORE = r"(?:^|(?<=[\s;。.,:]))"
_MARKERS = {
    "(1)": re.compile(r"\(\d{1,2}\)"),
    "1)": re.compile(_BEFORE + r"\d{1,2}\)"),
    "1.": re.compile(_BEFORE + r"\d{1,2}[.、](?!\d)"),
}

_BARE_NUMBER = re.compile(r"(?:^|(?<=[\s;。.]))(\d{1,2})\s(?=\D)")

# F01.
_LIST_NUMBER = re.compile(r"(?P<before>[。.;\s])(?P<number>\d{1,2})[.)、]$")
_SENTENCE_END = re.compile(r"(?:[。;!?)]|(?<!\d)\.)\s*$")
_DECIMAL = re.compile(r"\d\.$")  # "below 3.4."
_LIST_ENDS = (".", ")", "、")
_ESCAPE = re.compile(r"\\[<>^*_\[\]~#]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_CAPITALS = re.compile(r"(?<![^\W\d_])[A-Z]{2}[a-z]{2,}(?![^\W\d_])")
# Names that are spelt so.
_SPELT_SO = frozenset(
    ("EMatologiche", "UMass", "UPenn", "UConn", "UHealth", "UMich", "VUmc", "AUmc", "LUmc")
)


def same_text(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """L02: equal text of 20 characters or more in both languages; web addresses do not count."""
    for text in _in_both(view):
        zh, en = (folded(without_addresses(value)) for _, value in text.given())
        if zh == en and len(zh) >= SAME_TEXT_FROM:
            yield Hit(focus=text.node, field=text.field)


def different_content(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """L04: translations that differ in length or in the number of list items."""
    for text in _in_both(view, ("tkg:Record", "tkg:Funding", *NAMED)):
        detail = difference(text.zh or "", text.en or "", parameters)
        if detail:
            yield Hit(focus=text.node, field=text.field, values={"detail": detail})


def difference(zh: str, en: str, parameters: Parameters) -> str:
    """How two translations differ, empty if they do not: ``length 1.32, items 4/2``.

    Length is English characters per Chinese one; items are Chinese, then English.
    """
    found = []
    zh, en = plain(zh), plain(en)
    if len(zh) >= parameters.ratio_min_length:
        ratio = len(en) / len(zh)
        if not parameters.ratio_low <= ratio <= parameters.ratio_high:
            found.append(f"length {ratio:.2f}")
    items = items_of(zh), items_of(en)
    if items[0] != items[1] and max(items) >= 2:
        found.append(f"items {items[0]}/{items[1]}")
    return ", ".join(found)


def markers(text: str) -> dict[str, int]:
    """How often each style of list marker occurs.

    >>> markers("1. 甲：(1)乙；（2）丙。 2. 3.0T")
    {'(1)': 2, '1)': 0, '1.': 2}
    """
    text = plain(text)
    found = {style: list(pattern.finditer(text)) for style, pattern in _MARKERS.items()}
    return {style: len(marks) - _ends_of_sentences(text, marks) for style, marks in found.items()}


def _before(text: str, place: int) -> str:
    """The last character before a place that is no blank; no sentence is torn by more than ten."""
    return text[max(0, place - 10) : place].rstrip()[-1:]


def _ends_of_sentences(text: str, marks: list[re.Match[str]]) -> int:
    """How many of the marks end a sentence: behind a word, while the list goes on without them.

    >>> items_of("1. a; 2. b; 3. see Appendix 2. 4. c"), items_of("1. a 2. b 3. c")
    (4, 3)
    """
    numbers = [int(re.sub(r"\D", "", one[0])) for one in marks]
    last = ends = 0
    for n, (mark, number) in enumerate(zip(marks, numbers, strict=True)):
        goes_on = n + 1 < len(numbers) and numbers[n + 1] == last + 1
        if 1 < number <= last and goes_on and _before(text, mark.start()).isalpha():
            ends += 1
        else:
            last = number
    return ends


def items_of(text: str) -> int:
    """The list items of a text: the largest count of one style of marker.

    A list may have bare numbers, told by their order.

    >>> items_of("1. 甲 2. 乙 3. 丙"), items_of("1 甲 2 乙 3 丙"), items_of("分级 2 至 3")
    (3, 3, 0)
    """
    return max(markers(text).values()) or _bare_numbers(plain(text))


def _bare_numbers(text: str) -> int:
    longest = run = last = 0
    for found in _BARE_NUMBER.finditer(text):
        number = int(found[1])
        if run and number == last + 1:
            run, last = run + 1, number
        elif not run or longest < 2:
            run, last = 1, number
        longest = max(longest, run)
    return longest if longest > 1 else 0


class Damage(NamedTuple):
    """Where a text is damaged."""

    start: int
    end: int


def damage(text: str, *, name: bool = False) -> Damage | None:
    """The first sign of damage in a text: escapes, a bare list number at its end, and in a ``name``
    capitals such as in ``FIrst``.

    >>> damage("X\\\\<50"), damage("甲乙。2."), damage("grade 2")
    (Damage(start=1, end=3), Damage(start=3, end=5), None)
    >>> damage("FIrst Hospital", name=True)
    Damage(start=0, end=5)
    """
    text = (text if text.isascii() else narrow(text)).rstrip()
    found = []
    if "\\" in text and (escape := _ESCAPE.search(text)):
        found.append(escape.span())
    if text.endswith(_LIST_ENDS) and (number := _LIST_NUMBER.search(text, max(0, len(text) - 4))):
        found += [(number.start("number"), number.end())] if _is_bare(text, number) else []
    if "&" in text:
        found += [m.span() for m in _ENTITY.finditer(text) if _is_entity(m[0])]
    if name:
        found += [m.span() for m in _CAPITALS.finditer(text) if m[0] not in _SPELT_SO]
    return Damage(*min(found)) if found else None


def _is_bare(text: str, found: re.Match[str]) -> bool:
    """Whether a number at the end opens a list item that is missing.

    It stands behind the end of a sentence or line, or it is the next number of a list in the text.
    A sentence may end with a number itself: "CTCAE version 5.0.", "from week 1 to week 15."

    >>> [damage(t) is not None for t in ("CTCAE 5.0.", "until week 15.", "1. age 18 2. sex 3.")]
    [False, False, True]
    >>> [damage(t) is not None for t in ("1. adult. 2. ECOG 0 to 2.", "甲。2.", "adults.\\n3.")]
    [False, True, True]
    """
    begin = found.start("number")
    if _DECIMAL.search(text, max(0, begin - 2), begin):
        return False
    if _SENTENCE_END.search(text, 0, found.start("number")):
        return True
    style = _MARKERS["1." if found[0][-1] in ".、" else "1)"]
    before = {int(m[0].rstrip(".、)")) for m in style.finditer(text, 0, found.start("number"))}
    number = int(found["number"])
    return number - 1 in before and number not in before


def _is_entity(printed: str) -> bool:
    return printed.startswith("&#") or printed[1:] in html5


def damaged_text(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """F01: damaged texts, each once however often the record prints it."""
    names = {node for kind in MENTIONS for node in view.nodes(kind)}
    seen = set()
    for text in texts(view):
        for language, value in text.given():
            if value in seen:
                continue
            found = damage(value, name=text.node in names)
            if found:
                seen.add(value)
                shown = clipped(masked(value), *found)
                yield Hit(
                    focus=text.node, field=f"{text.field}@{language}", values={"value": shown}
                )


def _in_both(view: RecordView, kinds: tuple[str, ...] | None = None) -> Iterator[Text]:
    for text in texts(view, kinds) if kinds else texts(view):
        if text.zh is not None and text.en is not None:
            yield text


def with_both_languages(view: RecordView) -> Iterator[str]:
    """L02 applies to nodes with a text in both languages."""
    yield from (text.node for text in _in_both(view))


def comparable_nodes(view: RecordView) -> Iterator[str]:
    """L04 applies to the same nodes, mentions excepted: names are no translations."""
    yield from (text.node for text in _in_both(view, ("tkg:Record", "tkg:Funding", *NAMED)))


def with_text(view: RecordView) -> Iterator[str]:
    """F01 applies to nodes with a text."""
    yield from (text.node for text in texts(view))


RULES = {"L02": same_text, "L04": different_content, "F01": damaged_text}
APPLIES = {"L02": with_both_languages, "L04": comparable_nodes, "F01": with_text}
