"""Text of ClinicalTrials.gov: the marks of its light markup are taken off on reading."""

from __future__ import annotations

import re

from kg.fields import Fields
from kg.said import Blank, Said, Texts
from kg.values import one_line, paragraphs

_ESCAPED = re.compile(r"\\([\\<>^*_\[\](){}~#+.!|&=`-])")


def plain(text: str) -> str:
    """``text`` without the backslashes that the registry's markup puts before signs.

    >>> plain(r"Hb \\>= 9 g/dL \\[adults\\]")
    'Hb >= 9 g/dL [adults]'
    """
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _one_line(printed: str) -> str:
    return one_line(plain(printed))


def _paragraphs(printed: str) -> str:
    return paragraphs(plain(printed))


def text(f: Fields, label: str, *, lines: bool = False) -> Texts | None:
    """The text under a label, its markup taken off; with ``lines`` its line breaks stay."""
    said = f.said(label, _paragraphs if lines else _one_line)
    return None if said is None else Texts(en=said)


def name(f: Fields, label: str) -> Texts:
    """The text that names a part: a placeholder is kept as a blank, an absent label is no text."""
    found = text(f, label)
    return Texts() if found is None else found


_STREET = re.compile(
    r",\s*\d{1,5}[A-Za-z]?\s+(?:[\w.'-]+\s+){1,4}"
    r"(?:street|st|road|rd|avenue|ave|boulevard|blvd|drive|dr|lane|ln|pike|parkway|pkwy|highway|hwy"
    r"|square|terrace|place|court|circle|way)\.?(?:,.*)?",
    re.IGNORECASE | re.DOTALL,
)


def without_street(name: str) -> str:
    """The name of a place without the street that some registrants write behind it.

    >>> without_street("Invented Center, 9000 Example Pike"), without_street("A, 2nd Clinic")
    ('Invented Center', 'A, 2nd Clinic')
    """
    found = _STREET.search(name)
    return name[: found.start()] if found and found.end() == len(name) else name


def strings(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The texts of a list, each with its place; what is printed as a placeholder is a blank."""
    return tuple([f.read(cell, _one_line) for cell in f.cells(label)])


def parted(found: tuple[Said[str], ...], field: str) -> tuple[list[Said[str]], tuple[Blank, ...]]:
    """The texts that say something, and the blanks among them as blanks of ``field``."""
    told = [said for said in found if said.value]
    return told, tuple(Blank(field, said.line, said.path) for said in found if said.blank)
