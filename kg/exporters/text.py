"""Text as graph files can carry it: one line, legal in XML, short where it is drawn."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import accumulate

# XML 1.0, https://www.w3.org/TR/xml/#charsets: one character outside ends Gephi's import
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"\s+")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_ESCAPED = re.compile('[&<>"]')
_NOT_AS_IT_IS = re.compile('[&<>"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')

LABEL_WIDTH = 32  # Latin letters; a Han character is as wide as two


def plain(text: str) -> str:
    """``text`` on one line, without what no XML file may hold.

    >>> plain("first\\x01 line\\n second\\u00a0line ")
    'first line second line'
    """
    return _BLANKS.sub(" ", _ILLEGAL.sub("", text)).strip()


def short(text: str, width: int = LABEL_WIDTH) -> str:
    """The beginning of ``text`` that a drawing has room for, with "…" where it was cut.

    Long Chinese labels make Gephi crawl (gephi#2161).

    >>> short("示例药物联合标准治疗用于慢性示例病患者"), short("示例医院")
    ('示例药物联合标准治疗用于慢性示…', '示例医院')
    """
    if text.isascii():  # each one wide
        return text if len(text) <= width else text[: width - 2].rstrip() + "…"
    if sum(map(_width, text)) <= width:
        return text
    # the ellipsis is drawn wide among Han characters
    ends = accumulate(map(_width, text))
    return text[: sum(end <= width - 2 for end in ends)].rstrip() + "…"


def escaped(text: str) -> str:
    """``text`` for an attribute or an element of XML.

    >>> escaped('A & "B"')
    'A &amp; &quot;B&quot;'
    """
    if not _NOT_AS_IT_IS.search(text):  # nearly always: one look instead of two copies
        return text
    return _ESCAPED.sub(_escape, _ILLEGAL.sub("", text))


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found.group()]


@cache
def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
