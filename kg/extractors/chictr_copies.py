"""Copies of a Chinese registry page that lost its lines: with cell marks, and glued together.

``pipe``: every cell ends in ``|``, both labels of a merged row stand in one cell. ``glued``: a
value and the next label stand in one line. Both are cut into the lines that
``kg.sources.pages.scan`` reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kg.sources.page_forms import Form, squeezed
from kg.sources.pages import MOST_LINES, Line, lines_of
from kg.values import narrow

_LEAST_GLUED = 3  # labels inside lines; one or two may stand in free text
_LINES_A_CELL = 3  # free text has several lines in a cell, all else one


def layout_of(text: str, form: Form) -> tuple[str, Sequence[Line]]:
    """``pipe``, ``glued`` or "" (a label is a line) and the lines of a page text."""
    printed = [line.rstrip() for line in text.split("\n") if line.strip()]
    if sum(line.endswith("|") for line in printed) * _LINES_A_CELL > len(printed):
        return "pipe", list(_pipe(_cells(text), form))
    plain = lines_of(text)
    if _is_glued(text, plain, form):
        return "glued", list(_glued(text, form))
    return "", plain


# -- cell marks -----------------------------------------------------------------------------------

_Cell = list[tuple[str, int]]  # its lines with their numbers
# A row of a Markdown table: "| label | value |", with "<br>" for the lines of a cell.
_ROW = re.compile(r"\|(.*[^|\\\s].*\|.*[^\\])\|")
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*:?-{3,}:?\s*")  # between the head of the table and its rows
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def _cells(text: str) -> Iterator[_Cell]:
    """What stands before each cell mark at the end of a line; the last cell may lack its mark."""
    held: list[tuple[str, int]] = []
    for n, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if row := _ROW.fullmatch(bare):
            yield held
            held = []
            for cell in _BAR.split(row[1]):
                if not _RULE.fullmatch(cell):
                    yield [(part, n) for part in _BREAK.split(cell) if part.strip()]
            continue
        if not bare.endswith("|"):
            if bare:
                held.append((line, n))
            continue
        inside = bare.strip("|").strip()
        if inside:
            held.append((inside, n))
        yield held
        held = []
    yield held


def _pipe(cells: Iterator[_Cell], form: Form) -> Iterator[Line]:
    for rest in cells:
        labels: list[Line] = []
        while rest and (found := _labels_at_the_start(rest, form)):
            labels += found[0]
            rest = rest[found[1] :]
        yield from labels
        if len(rest) == 1 and not labels:
            text, n = rest[0]
            # One line alone may be a label that this form does not have.
            yield from (Line("", n), Line(text, n), Line("", n))
        else:
            yield from (Line(text, n, "" if labels else "value") for text, n in rest)


def _labels_at_the_start(
    lines: Sequence[tuple[str, int]], form: Form
) -> tuple[list[Line], int] | None:
    """The labels that the first lines of a cell are, and how many lines they take."""
    for width in range(min(MOST_LINES, len(lines)), 0, -1):
        found = form.labels_in("".join(text for text, _ in lines[:width]))
        if found:
            return [Line(label, lines[0][1], "label") for label in found], width
    return None


# -- labels inside lines --------------------------------------------------------------------------


def _is_glued(text: str, lines: Sequence[Line], form: Form) -> bool:
    """Whether several labels of the form are found inside lines and nowhere as lines."""
    bare = [bare for line in lines if (bare := squeezed(line.text))]
    whole: set[str] = set()
    for n in range(len(bare)):
        joined = ""
        for more in bare[n : n + MOST_LINES]:
            joined += more
            if len(joined) > form.longest:
                break
            whole.add(joined)
    inside = {squeezed(found[0]) for found in _labels(form).finditer(narrow(text))}
    missed = {label for label in inside - whole if label in form.places}
    return len(missed) >= _LEAST_GLUED


@cache
def _labels(form: Form) -> re.Pattern[str]:
    """Every label of the form, longest first, however its blanks are printed."""
    printed = sorted(form.printed, key=lambda label: (-len(label), label))
    first = "".join(sorted({re.escape(label[0]) for label in printed}))
    return re.compile(f"(?=[{first}])(?:{'|'.join(map(_loose, printed))})")


def _loose(label: str) -> str:
    parts = [re.escape(part) for part in label.removesuffix(":").split()]
    return r"\s*".join(parts) + (r"\s*:" if label.endswith(":") else "")


def _glued(text: str, form: Form) -> Iterator[Line]:
    number, at = 1, 0
    before = ""
    for found in _labels(form).finditer(narrow(text)):
        label = squeezed(found[0])
        # A label without a colon is a word of free text, too: in a block it stands behind its
        # neighbour only.
        if (
            not label.endswith(":")
            and label not in form.places
            and not _follows(before, label, form)
        ):
            continue
        yield from _between(text[at : found.start()], number, at)
        number += text.count("\n", at, found.start())
        joins = found.start() > 0 and text[found.start() - 1] != "\n"
        yield Line(found[0], number, "label", joins)
        number += found[0].count("\n")
        at, before = found.end(), label
    yield from _between(text[at:], number, at)


def _follows(before: str, label: str, form: Form) -> bool:
    blocks = form.blocks.values()
    return any(
        label in block.places and block.places.get(before, -1) == block.places[label] - 1
        for block in blocks
    )


def _between(text: str, number: int, at: int) -> Iterator[Line]:
    for n, line in enumerate(text.split("\n")):
        joins = n == 0 and at > 0
        is_heading = not joins and squeezed(line).endswith(":")
        yield Line(line, number + n, "heading" if is_heading else "value", joins)
