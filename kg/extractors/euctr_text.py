"""The EU register's full text: one block of lines for each member state of each trial.

An item is a line ``E.7.1 Human pharmacology (Phase I): Yes``; its value may go on over lines. A
line opens an item only by a code with its printed label, so that criteria may hold "E.3 …".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extractors.euctr_form import HEADINGS, ITEMS, Item, Shelves, squeezed
from kg.sources.trees import Cell, Note, Raw
from kg.values import one_line

LAYOUT = "text"

_START = re.compile(r"^EudraCT Number:[ \t]*\S", re.MULTILINE)
_PART_A = re.compile(r"^A\.[12] (?:Member State Concerned|EudraCT number):", re.MULTILINE)
_CODE = re.compile(
    r"(?P<code>(?P<part>[A-HNPX])\.(?:IMP\b|[\d.]*\d\b)?(?: (?:and|to) [A-Z]\.[\d.]*\d)?)[ \t:]"
)
_LANGUAGE = re.compile(r"\s*\(([a-z]{2})\)$")
_SPONSOR = re.compile(r"Sponsor ([0-9]{1,3})")
_MARK = re.compile(r"[:?]")
_LONGEST_LABEL = 260
_MOST_MARKS = 6  # colons and question marks that a label may hold
# The form explains two of its questions in brackets, on lines of their own.
_EXPLAINED = ("F.3.3.1", "F.3.3.2")


class _Line(NamedTuple):
    """What a line opens: an item with its value, or nothing (``item`` None) for a heading."""

    item: Item | None
    language: str
    value: str


def is_text(text: str) -> bool:
    """Whether the text has a summary and part A of the form."""
    return bool(_START.search(text)) and bool(_PART_A.search(text))


def blocks(text: str) -> Iterator[Raw]:
    """The tree of each block."""
    lines = text.split("\n")
    starts = [
        n
        for n, line in enumerate(lines)
        if line.strip() == "Summary" and any("EudraCT Number:" in x for x in lines[n + 1 : n + 4])
    ]
    if not starts:
        starts = [next(n for n, line in enumerate(lines) if _START.match(line))]
    several = len(starts) > 1
    for count, (start, end) in enumerate(
        zip(starts, [*starts[1:], len(lines)], strict=True), start=1
    ):
        block = _Block()
        for number, line in enumerate(lines[start:end], start=start + 1):
            block.take(line, number)
        block.finish()
        yield Raw(
            block.shelves.tree,
            "euctr",
            block.shelves.notes,
            line=start + 1,
            where=f"block {count}" if several else "",
            layout=LAYOUT,
        )


class _Block:
    """Reads the lines of one block."""

    def __init__(self) -> None:
        self.shelves = Shelves()
        self._item: Item | None = None
        self._unknown = ""  # the printed label of an item that the form does not have
        self._language = ""
        self._value: list[str] = []
        self._number = 0
        self._part = ""  # the letter of the part that the lines are in
        self._last = 0

    def take(self, line: str, number: int) -> None:
        """Take the next line."""
        text = line.strip()
        if not text or text == "Summary":
            return
        self._last = number
        opened = _opened(text)
        if opened is not None:
            self._end()
            self._item, self._language = opened.item, opened.language
            self._begin(text, opened.value, number)
        elif label := self._strange(text):
            self._end()
            self._unknown = label
            self._begin(text, text[len(label) + 1 :], number)
        elif self._item is not None or self._unknown:
            if self._item is None or self._item.key not in _EXPLAINED:
                self._value.append(text)
        else:
            why = "stands under a heading; no item of the form"
            # A line of part B, or of no part, may be a street: "B.5.3 Address" heads some.
            shown = text if self._part and self._part != "B" else ""
            self.shelves.notes.append(Note("label out of place", "", number, shown, why))

    def _begin(self, text: str, value: str, number: int) -> None:
        self._value = [value] if value.strip() else []
        self._number = number
        if found := _CODE.match(text):
            self._part = found["part"]

    def _strange(self, text: str) -> str:
        """The label of an item that the form does not have; "" for a line of free text.

        Its part is the one that is being read, or a later one: criteria that begin "A.1 …:" are
        text. Before part A every line is a label and a value.
        """
        label, colon, _ = text[:_LONGEST_LABEL].partition(":")
        if not colon:
            return ""
        if not self._part:
            return label
        found = _CODE.match(text)
        if not found or not re.search(r"\d", found["code"]) or found["part"] < self._part:
            return ""
        if not re.match(r"[A-Z]", text[found.end() :].lstrip()):
            return ""
        free = self._item is not None and self._item.key[:3] in ("E.2", "E.3", "E.4", "E.5")
        return "" if free and found["part"] == "E" and not _is_later(found["code"]) else label

    def _end(self) -> None:
        if self._item is not None:
            cell = Cell("\n".join(map(one_line, self._value)), self._number)
            self.shelves.put(self._item, cell, self._language)
        elif self._unknown:
            value = "\n".join(map(one_line, self._value))
            self.shelves.unknown(one_line(self._unknown), Cell(value, self._number))
        self._item, self._unknown, self._value = None, "", []

    def finish(self) -> None:
        """Close the last item; a block that ends before its last parts is cut."""
        self._end()
        if not self._part or self._part < "N":
            why = "the parts N and P of the form are missing"
            self.shelves.notes.append(Note("page cut", "", self._last, "", why))


def _is_later(code: str) -> bool:
    """Whether a code of part E stands behind its free texts."""
    return bool(re.match(r"E\.(?:[6-9]|\d\d)", code))


def _opened(text: str) -> _Line | None:
    """What a line opens; None for a line that goes on with a value."""
    if squeezed(text[:_LONGEST_LABEL]) in HEADINGS and not text.endswith("."):
        return _Line(None, "", "")
    whole = ITEMS.get(squeezed(text[:_LONGEST_LABEL]))
    if whole is not None and whole.opens and not whole.key:
        return _Line(whole, "", "")
    if counted := _SPONSOR.fullmatch(text):
        return _Line(ITEMS["sponsor"], "", counted[1])
    marks = [found.start() for found in _MARK.finditer(text, 0, _LONGEST_LABEL)]
    for at in marks[:_MOST_MARKS]:
        label = text[:at]
        language = ""
        if marked := _LANGUAGE.search(label):
            language, label = marked[1], label[: marked.start()]
        item = ITEMS.get(squeezed(label))
        if item is not None and _is_printed(label, item):
            return _Line(item, language, text[at + 1 :].strip())
    return None


def _is_printed(label: str, item: Item) -> bool:
    """Whether a label is spelt as the form spells it: with its code, or a word of the summary."""
    return bool(_CODE.match(f"{label} ")) or label.casefold() == item.label.casefold()
