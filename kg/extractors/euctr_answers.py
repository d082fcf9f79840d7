"""Answers of the EU register's form: yes and no, texts, and what stands for neither."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from kg.codes import Words
from kg.fields import Fields
from kg.said import Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line, paragraphs

_NOTHING = "information not present in eudract"


class Answers(NamedTuple):
    """Answers to several yes-or-no questions, as codes; ``blank`` are those without an answer."""

    yes: Said[Codes] | None
    no: Said[Codes] | None
    blank: tuple[Said[str], ...]


def is_nothing(text: str) -> bool:
    """Whether the register prints that it holds no answer."""
    return one_line(text).casefold() == _NOTHING


def line(f: Fields, label: str) -> Said[str] | None:
    """A text on one line."""
    return _said(f, label, one_line)


def text(f: Fields, label: str) -> Texts | None:
    """A text with its lines. The items without a language mark are in English."""
    said = _said(f, label, paragraphs)
    return None if said is None else Texts(en=said)


def _said(f: Fields, label: str, clean: Callable[[str], str]) -> Said[str] | None:
    cell = f.cell(label)
    if cell is None:
        return None
    return _unsaid(f, cell) if is_nothing(cell.text) else f.read(cell, clean)


def _unsaid(f: Fields, cell: Cell) -> Said[Any]:
    """The blank of a field in which the register prints that it holds nothing; remembered."""
    said: Said[Any] = cell.says(None)
    if cell.text:
        f.log.unsaid[cell.path] = said
    return said


def answer(f: Fields, label: str, *, report: bool = False) -> Said[Codes] | None:
    """Yes or no, as a code of ``answer``; any other word is refused.

    ``report``: it is an issue too. Several fields of the record hang on one answer; one reports.
    """
    cell = f.cell(label)
    if cell is None:
        return None
    codes = Words.load().concepts("answer", f.registry, cell.text)  # "No" is a word here
    if codes is None and (is_nothing(cell.text) or is_placeholder(cell.text) or not cell.text):
        return _unsaid(f, cell)
    if codes is None and report:
        f.log.report("bad value", cell.path, cell.line, cell.text, "expected Yes or No")
    return cell.says(codes, refused=codes is None)


def is_yes(said: Said[Codes] | None) -> bool:
    """Whether an answer is yes."""
    return said is not None and said.value == ("yes",)


def answers(f: Fields, table: Mapping[str, str]) -> Answers:
    """The answers to the questions of a table from label to code, each told by its field."""
    found: dict[str, list[Said[Codes]]] = {"yes": [], "no": []}
    blank: list[Said[str]] = []
    for label, code in table.items():
        said = answer(f, label, report=True)
        if said is not None and said.value:
            found[said.value[0]].append(said.but((code,)))
        elif said is not None and said.printed:
            blank.append(said.but(None, refused=said.refused))
    return Answers(all_of(found["yes"]), all_of(found["no"]), tuple(blank))


def all_of(said: Iterable[Said[Codes] | None]) -> Said[Codes] | None:
    """Several answers as one, each code once."""
    found = [one for one in said if one is not None and one.value]
    if not found:
        return None
    codes = dict.fromkeys(code for one in found for code in one.value or ())
    return joined(tuple(codes), tuple(found))


def kept(*said: Said[str] | None) -> tuple[Said[str], ...]:
    """Those that say something."""
    return tuple(one for one in said if one is not None and one.value)


def together(parts: Iterable[tuple[str, Said[str] | None]], between: str = "\n") -> Texts | None:
    """Several fields as one text; each has a word in front ("" for none)."""
    found = [(word, said) for word, said in parts if said is not None and said.value]
    if not found:
        return None
    written = between.join(f"{word}{said.value}" for word, said in found)
    return Texts(en=joined(written, tuple(said for _, said in found)))
