"""The text of the EU register's page of one member state, as browsers and crawlers copy it.

A row of the page is one line without anything between code, label and value (``A.2EudraCT
number2026-099901-19``), a text stands on the lines below. Each line becomes the line of the
register's full text (``A.2 EudraCT number: 2026-099901-19``), so that line numbers stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.extractors import euctr_text
from kg.extractors.euctr_form import ITEMS, squeezed
from kg.sources.trees import Raw

LAYOUT = "page-text"

_START = re.compile(r"^[ \t]*EudraCT Number:[ \t]*\S", re.MULTILINE)
_PART_A = re.compile(r"^[ \t]*A\.[12](?:Member State Concerned|EudraCT number)", re.MULTILINE)
_ROW = re.compile(r"(?P<code>[A-HNPX]\.(?:[\d.]*\d)?(?: (?:and|to) [A-Z]\.[\d.]*\d)?)[ \t]*[A-Z].*")
_SPONSOR = re.compile(r"B\.(?:1 )?Sponsor:? ?([0-9]{1,3})")
_RESULTS = re.compile(r"Trial results *((?:View results)?)")
_TRANSLATED = re.compile(r"(?P<text>.+?)\s*\((?P<language>[a-z]{2})\)")
_TITLES = ("A.3", "A.3.1", "A.3.2")  # of which each language is one line
# What is no item and no text of one: links above the form, a heading without a code.
_LINKS = re.compile(r"Index|(?:Expand|Collapse) All(?: +Collapse All)?|The IMP is a:")
_LAST = "P. Global end"  # of the form; below it stand the addresses of the register's own office
_FOOT = re.compile(r"EU Clinical Trials Register Service Desk|For support, Contact us")
_LONGEST_LABEL = 260


def is_page_text(text: str) -> bool:
    """Whether the text has the summary of the page, and part A without a blank behind its codes."""
    return bool(_START.search(text)) and bool(_PART_A.search(text))


def records(text: str) -> Iterator[Raw]:
    """The tree of the page's record."""
    for raw in euctr_text.blocks("\n".join(_lines(text))):
        yield raw._replace(layout=LAYOUT)


def _lines(text: str) -> Iterator[str]:
    key = label = ""  # of the item that the lines stand under
    for printed in text.split("\n"):
        line = printed.strip()
        if key == _LAST or _FOOT.match(line):
            key = _LAST
            yield ""
        elif _LINKS.fullmatch(line):
            yield ""
        elif found := _SPONSOR.fullmatch(line):
            yield f"Sponsor {found[1]}"
        elif found := _RESULTS.fullmatch(line):
            yield f"Trial results: {found[1]}"
        elif row := _divided(line):
            key, label = row.key, row.label
            yield f"{label}: {row.value}".rstrip()
        elif key in _TITLES and (found := _TRANSLATED.fullmatch(line)):
            yield f"{label} ({found['language']}): {found['text']}"
        else:
            yield line


class _Row(NamedTuple):
    """A row of the page: the item that it opens, its code and label, its value."""

    key: str
    label: str
    value: str


def _divided(line: str) -> _Row | None:
    """A line as a row of the page; None for a text.

    >>> _divided("E.7.1Human pharmacology (Phase I) No")
    _Row(key='E.7.1', label='E.7.1 Human pharmacology (Phase I', value='No')
    >>> _divided("E.3 months or more"), _divided("A.1 child")
    (None, None)
    """
    found = _ROW.fullmatch(line)
    if found is None:
        return None
    code = found["code"]
    letters = squeezed(line[:_LONGEST_LABEL])
    shortest = len(squeezed(code))
    end = next((n for n in range(len(letters), shortest, -1) if letters[:n] in ITEMS), 0)
    if not end:
        return None
    at = _after(line, end)
    label = f"{code} {line[len(code) : at].strip()}"
    value = line[at:].lstrip(" )?:")  # what closes the label
    return _Row(ITEMS[letters[:end]].key, label, value)


def _after(line: str, count: int) -> int:
    """The place behind so many letters and digits of a line."""
    for at, letter in enumerate(line):
        count -= bool(squeezed(letter))
        if not count:
            return at + 1
    return len(line)
