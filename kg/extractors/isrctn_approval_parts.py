"""Which approvals stand in one free text of ISRCTN: numbered, on lines, between semicolons.

Each part of the text that names who approved and says when, with what number or how it was decided
is an approval of its own. A part that names nobody belongs to the approval before it, if that one
does not say the same already; else nobody knows whose date or number it is, and it is left apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.extractors.isrctn_approval_text import (
    AMENDMENT,
    COMMITTEE,
    OldApproval,
    old_approval,
    when_changed,
)
from kg.values import one_line

_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})[.)]\s*(?=[^\d\s.)])")
_DIVIDES = re.compile(r"_{3,}")
# What stood here before the registrant changed it.
_PREVIOUS = re.compile(
    r"(?:^|(?<=[\n_]))[ \t]{0,9}(?=(?:previous|earlier|original)\s+ethic[^:\n]{0,80}:)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[\d)])\.\s+(?=[A-Z][A-Za-z]{2})")
_STOP = ". "
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")


@dataclass(slots=True)
class Approval:
    """The text of one approval; ``apart`` stands beside it, and nobody knows whose it is.

    ``before`` is what the text said before it was changed.
    """

    text: str
    apart: list[str] = field(default_factory=list)
    before: str = ""

    def read(self, until: str = "") -> OldApproval:
        """What the approval says; its note is all of the text."""
        found = old_approval(self.text, until)
        others = [old_approval(one) for one in (*self.apart, self.before) if one]
        return found._replace(
            note="; ".join((found.note, *(one.note for one in others))),
            contacts=found.contacts or any(one.contacts for one in others),
        )


def several(text: str) -> list[Approval]:
    """The approvals in one text.

    >>> [one.text for one in several("1. REC A, ref: 1/26 2. REC B, 02/03/2026, ref: 2/26")]
    ['REC A, ref: 1/26', 'REC B, 02/03/2026, ref: 2/26']
    >>> several("REC A, 02/03/2026, ref: 1/26; later 03/03/2026")[0].apart
    ['later 03/03/2026']
    """
    head, text = _heading(text.strip())
    cut = _PREVIOUS.search(text)
    before = ""
    if cut and cut.start() > 0:
        before, text = one_line(text[cut.end() :]), text[: cut.start()].rstrip("_ \n")
    made: list[Approval] = []
    for item in _items(text):
        made += _grouped(item)
    made[0].text = one_line(f"{head} {made[0].text}")
    made[-1].before = before
    return made


def _heading(text: str) -> tuple[str, str]:
    """``Current ethics approval as of 12/02/2026:`` in front of a text, and the text."""
    end = when_changed(text)
    return text[:end].strip(), text[end:].strip()


def _items(text: str) -> list[str]:
    """The items of a list numbered from 1; the text itself where it is no such list."""
    free = _free(text)
    starts = [s for s in _NUMBERED.finditer(text) if free[s.start()]]
    if len(starts) > 1 and [int(s[1]) for s in starts] == list(range(1, len(starts) + 1)):
        ends = [s.start() for s in starts[1:]] + [len(text)]
        items = [text[s.end() : end].strip(" \n;,") for s, end in zip(starts, ends, strict=True)]
        before = text[: starts[0].start()].strip()
        if (not before or _opens_list(before)) and all(map(_is_item, items)):
            return [f"{before} {items[0]}".strip(), *items[1:]]
    return [text]


def _opens_list(text: str) -> bool:
    """Whether a text is the heading of a list: "Ethics approval received from:"."""
    found = old_approval(text)
    return text.endswith(":") and not _tells(found) and not COMMITTEE.search(text[:-1].split()[-1])


def _is_item(text: str) -> bool:
    found = old_approval(text)
    says = bool(_tells(found) or found.decision.codes)
    return COMMITTEE.search(text) is not None or (says and bool(found.name))


def _free(text: str) -> list[bool]:
    """Whether each place of a text, and its end, stands outside parentheses."""
    depth = 0
    found = [True]
    for character in text:
        depth = max(0, depth + (character == "(") - (character == ")"))
        found.append(not depth)
    return found


def _grouped(text: str) -> Iterator[Approval]:
    """The approvals of a text without numbers in front of them."""
    for divide in (_lines, _semicolons):
        parts = [one_line(part) for part in divide(text) if part.strip()]
        if len(parts) > 1 and all(COMMITTEE.search(part) for part in parts):
            yield from map(Approval, parts)
            return
    yield from _joined(text)


def _joined(text: str) -> list[Approval]:
    """Each piece that is an approval of its own, with those behind it that belong to it."""
    made: list[Approval] = []
    told: set[str] = set()
    is_named = False
    for joint, piece in _pieces(text):
        found, is_amendment = old_approval(piece), AMENDMENT.match(f" {piece}") is not None
        names = not is_amendment and _is_a_name(found.name)
        tells = set() if is_amendment else _tells(found)
        # "Ethics Committee No. 2. University of X" is one.
        is_new = is_named and names and (told or joint != _STOP)
        is_whole = told == {"date", "number"}
        if not made or (is_new and (tells or found.decision.codes)):
            made.append(Approval(piece))
            told, is_named = tells, names
        elif tells & told or (is_whole and not is_amendment and found.decision.codes):
            made[-1].apart.append(piece)
        else:
            # What stands on the next line is no part of a number.
            made[-1].text += f"{'; ' if 'number' in told and joint == ' ' else joint}{piece}"
            told, is_named = told | tells, is_named or names
    return made or [Approval(one_line(text))]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The stretches of a text between line breaks and semicolons, and what joins each again."""
    for line in _lines(text):
        joint = " "
        for part in _semicolons(line):
            for piece in filter(None, map(one_line, _sentences(part))):
                yield joint, piece
                joint = _STOP
            joint = "; "


def _lines(text: str) -> list[str]:
    return [part for line in _outside(text, "\n") for part in _DIVIDES.split(line)]


def _semicolons(text: str) -> list[str]:
    return _outside(text, ";")


def _sentences(text: str) -> Iterator[str]:
    """The parts of a text at each full stop behind a figure, outside parentheses."""
    start, free = 0, _free(text)
    for stop in _SENTENCE.finditer(text):
        if free[stop.start()]:
            yield text[start : stop.start()]
            start = stop.end()
    yield text[start:]


def _outside(text: str, mark: str) -> list[str]:
    """The parts of a text at each mark that stands outside parentheses."""
    free = _free(text)
    marks = [n for n, character in enumerate(text) if character == mark and free[n]]
    starts = [0, *(n + 1 for n in marks)]
    return [text[start:end] for start, end in zip(starts, [*marks, len(text)], strict=True)]


def _is_a_name(name: str) -> bool:
    """Whether a name is a committee's or, by its letters, an authority's: MHRA."""
    return bool(COMMITTEE.search(name) or _ACRONYM.search(name))


def _tells(found: OldApproval) -> set[str]:
    """What an approval tells that each has one of."""
    told = {"date": bool(found.date or found.bad_date), "number": bool(found.reference)}
    return {name for name, is_told in told.items() if is_told}
