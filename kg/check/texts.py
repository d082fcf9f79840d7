"""The texts of a record: every value that stands in the Chinese or the English field of something.

``rdfs:label`` is a text of its own only where it is the printed name of a part; everywhere else it
repeats a title, a name or a funding text. The shapes of language.ttl choose in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.check.view import RecordView
from kg.namespaces import expand

NAMED = ("tkg:Arm", "tkg:Intervention", "tkg:Condition", "tkg:OutcomeMeasure", "tkg:Specimen")
MENTIONS = ("tkg:PersonMention", "tkg:OrganizationMention", "tkg:CommitteeMention")
HOLDERS = ("tkg:Record", *NAMED, "tkg:Funding", *MENTIONS)
"""The classes whose nodes hold texts."""

LANGUAGES = ("zh", "en")
_LABEL = expand("rdfs:label")
_UNNAMED = "unnamed "  # opens the label that we give to a part whose name is printed blank
_LAST_STEP = re.compile(r"[#/]")
_BLANKS = re.compile(r"\s+")
_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；]*", re.IGNORECASE)


class Text(NamedTuple):
    """One property of one node in the languages that it is given in; None where it is not."""

    node: str
    field: str  # "method"; "label" for the name of a part
    zh: str | None
    en: str | None

    def given(self) -> Iterator[tuple[str, str]]:
        """Language and value, Chinese first."""
        for language, value in (("zh", self.zh), ("en", self.en)):
            if value is not None:
                yield language, value


def texts(view: RecordView, kinds: tuple[str, ...] = HOLDERS) -> Sequence[Text]:
    """The texts of all nodes of some classes, by node and property."""
    found: tuple[Text, ...] | None = view.memo.get(kinds)
    if found is None:
        found = view.memo[kinds] = tuple(_texts(view, kinds))
    return found


def _texts(view: RecordView, kinds: tuple[str, ...]) -> Iterator[Text]:
    named = {node for kind in NAMED for node in view.nodes(kind)}
    for node in sorted({node for kind in kinds for node in view.nodes(kind)}):
        for prop, values in view.said(node):
            if len(values) == 1 and values[0].language is None:  # as most
                continue
            if prop == _LABEL and node not in named:
                continue
            by_language = {v.language: v.text for v in reversed(values)}
            zh, en = (by_language.get(language) for language in LANGUAGES)
            if prop == _LABEL and en is not None and en.startswith(_UNNAMED):
                en = None
            if zh is not None or en is not None:
                yield Text(node, _LAST_STEP.split(prop)[-1], zh, en)


def plain(text: str) -> str:
    """``text`` in NFKC with blanks collapsed; case stays.

    >>> plain("１）甲　乙\\n")
    '1)甲 乙'
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def without_addresses(text: str) -> str:
    """``text`` without web addresses, which belong to no language."""
    return _WEB_ADDRESS.sub("", text)


def clipped(text: str, start: int, end: int, limit: int = 60) -> str:
    """At most ``limit`` characters of ``text`` around the place ``start`` to ``end``, on one line.

    >>> clipped("one two three four", 8, 13, 9)
    '… three …'
    """
    if len(text) <= limit:
        return _BLANKS.sub(" ", text).strip()
    room = limit - 2  # an ellipsis at either side
    middle = (start + min(end, start + room)) // 2
    first = max(0, min(middle - room // 2, len(text) - room))
    cut = text[first : first + room]
    before, after = "…" * (first > 0), "…" * (first + room < len(text))
    return before + _BLANKS.sub(" ", cut) + after
