"""Text of ClinicalTrials.gov: the marks of its light markup are taken off on reading."""

from __future__ import annotations

import re

from kg.contacts.streets import without_street
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


def institution(f: Fields, label: str) -> Texts | None:
    """The name of an institution under a label; a street behind it is no part of it.

    A street in place of a name is a channel, and in no output.
    """
    name = text(f, label)
    if name is None or name.en is None or not name.en.value:
        return name
    bare = without_street(name.en.value)
    if bare == name.en.value:
        return name
    if not bare:
        f.channels(address=label)
        return None
    f.report("contact removed", label, "a street behind a name; it is in no output", value="")
    return Texts(en=name.en.but(bare, bare))


def strings(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The texts of a list, each with its place; what is printed as a placeholder is a blank."""
    return tuple([f.read(cell, _one_line) for cell in f.cells(label)])


def parted(found: tuple[Said[str], ...], field: str) -> tuple[list[Said[str]], tuple[Blank, ...]]:
    """The texts that say something, and the blanks among them as blanks of ``field``."""
    told = [said for said in found if said.value]
    return told, tuple(Blank(field, said.line, said.path) for said in found if said.blank)
