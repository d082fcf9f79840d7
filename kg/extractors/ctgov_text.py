"""Text of ClinicalTrials.gov: the marks of its light markup are taken off on reading."""

from __future__ import annotations

import re

from kg.fields import Fields
from kg.said import Said, Texts
from kg.values import one_line, paragraphs

_ESCAPED = re.compile(r"\\([\\<>^*_\[\](){}~#+.!|&=`-])")


def plain(text: str) -> str:
    """``text`` without the backslashes that the registry's markup puts before signs.

    >>> plain(r"Hb \\>= 9 g/dL \\[adults\\]")
    'Hb >= 9 g/dL [adults]'
    """
    return _ESCAPED.sub(r"\1", text)


def text(f: Fields, label: str, *, lines: bool = False) -> Texts | None:
    """The text under a label, its markup taken off; with ``lines`` its line breaks stay."""
    clean = paragraphs if lines else one_line
    said = f.said(label, lambda printed: clean(plain(printed)))
    return None if said is None else Texts(en=said)


def strings(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The texts of a list, each with its place; blanks left out."""
    found = (f.read(cell, lambda printed: one_line(plain(printed))) for cell in f.cells(label))
    return tuple(said for said in found if said.value)
