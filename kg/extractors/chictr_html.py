"""The Chinese registry's page as its source: cells in document order.

The markup is broken (tables stand between rows, elements are not closed), so no path through it
means anything. What holds is the order: a label cell, then the cell of its value; a cell inside a
value's cell is a label or a value of a repeated block.
"""

from __future__ import annotations

import html
import re

from kg.sources.markup import LONGEST_VALUE, Event, events
from kg.sources.page_forms import Form, squeezed
from kg.sources.pages import Line
from kg.values import one_line

LAYOUT = "html"

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("li", "ul", "ol", "dl", "dt", "dd"))
_BLOCKS = frozenset(("p", "div", "tbody", "thead", "section", "article", "pre", "hr", "center"))
_ENDS_A_LINE = _HEADINGS | _LISTS | _BLOCKS
_LABEL_CLASS = re.compile(r"""class\s*=\s*["']?[^"'>]*?(?<![\w-])left_title(?![\w-])""", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>|<!--")


def text_behind(source: str, start: int) -> str:
    """The text of the next piece of a page's source, without tags."""
    return html.unescape(_TAG.sub(" ", source[start : start + 3000]))


def lines_of(source: str, form: Form) -> list[Line]:
    """The lines of a page's source: text above the form, then labels and values, in its order."""
    walker = _Cells(form)
    for event in events(source):
        walker.take(event)
    walker.finish()
    return walker.lines


class _Cells:
    """Collects the text of each cell; a cell ends where another begins, at its row's end, or its
    own."""

    def __init__(self, form: Form) -> None:
        self.lines: list[Line] = []
        self._form = form
        self._open: list[bool | None] = []  # cells (True: printed as a label), None for tables
        self._cells = self._tables = 0  # how many of each are open
        self._text: list[list[tuple[str, int]]] = [[]]  # lines of the innermost cell, in pieces
        self._raw: list[tuple[str, int]] = []  # what a script of the page shows in this cell
        self._in_raw = False
        self._has_begun = False

    def take(self, event: Event) -> None:
        """Go on with the next piece of the page."""
        if event.sort == "text":
            self._write(event)
        elif event.text == "textarea":
            self._in_raw = event.sort == "open"
        elif event.text == "table":
            self._flush()
            if event.sort == "open":
                self._open.append(None)
                self._tables += 1
            else:
                self._close(table=True)
        elif event.text in ("td", "th"):
            if event.sort == "open":
                self._end_cell()
            self._flush()
            if event.sort == "open":
                self._open.append(_LABEL_CLASS.search(event.inside, 0, LONGEST_VALUE) is not None)
                self._cells += 1
            else:
                self._close(table=False)
        elif event.text == "tr":
            self._end_cell()
        elif event.text == "br":
            self._break(is_soft=True)
        elif event.text in _ENDS_A_LINE:
            self._break()

    def _write(self, event: Event) -> None:
        text = one_line(event.text)
        if not text:
            self._text[-1].append((" ", 0))
            return
        above = len(event.text) - len(event.text.lstrip())
        number = event.line + event.text.count("\n", 0, above)
        if self._in_raw:
            self._raw.append((text, number))
            return
        left = " " if event.text[:1].isspace() else ""
        right = " " if event.text[-1:].isspace() else ""
        self._text[-1].append((f"{left}{text}{right}", number))

    def finish(self) -> None:
        """Give out what stands in the cell that the end of the page leaves open."""
        self._flush()

    def _end_cell(self) -> None:
        """End the innermost cell if no table was opened in it."""
        if self._open and self._open[-1] is not None:
            self._flush()
            self._close(table=False)

    def _close(self, *, table: bool) -> None:
        """Close the innermost table or cell with all inside it, if one is open."""
        is_open = self._tables if table else self._cells
        while is_open:
            closed = self._open.pop()
            self._cells -= closed is not None
            self._tables -= closed is None
            is_open = (closed is None) is not table

    def _break(self, *, is_soft: bool = False) -> None:
        if is_soft and self._open and self._open[-1]:
            self._text[-1].append((" ", 0))  # a label is broken over lines for its looks
        elif self._text[-1]:
            self._text.append([])

    def _flush(self) -> None:
        """Give out the text gathered since the last cell began or ended."""
        texts = [one_line("".join(text for text, _ in pieces)) for pieces in self._text]
        numbers = [next((n for _, n in pieces if n), 0) for pieces in self._text]
        found = [(text, n) for text, n in zip(texts, numbers, strict=True) if text]
        if self._raw and _run_on(self._raw) != _run_on(found):  # a saved page has it twice
            found = [*self._raw, *found]
        self._text, self._raw = [[]], []
        if not found:
            return
        labels = self._form.labels_in("".join(text for text, _ in found))
        if labels and self._cells:
            self._has_begun = True
            lines = [Line(label, n, "label") for label, n in _numbered(labels, found)]
        elif not self._cells:
            # Text outside the tables: a heading above the form, and nothing of ours behind it.
            lines = [] if self._has_begun else [Line(text, n, "value") for text, n in found]
        elif self._open[-1]:
            self._has_begun = True
            lines = [Line(text, n, "label") for text, n in found]
        elif self._cells > 1 and len(found) == 1:
            # A cell of a block alone may be a label that this form does not have.
            text, n = found[0]
            lines = [Line("", n), Line(text, n), Line("", n)]
        else:
            lines = [Line(text, n, "value") for text, n in found]
        self.lines += lines


def _run_on(found: list[tuple[str, int]]) -> str:
    return squeezed("".join(text for text, _ in found))


def _numbered(labels: tuple[str, ...], found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Each label of a cell with the line on which it begins."""
    numbered, begun = [(labels[0], found[0][1])], 0
    for text, n in found:
        if begun >= len(labels[0]) and len(numbered) < len(labels):
            numbered.append((labels[1], n))
        begun += len(squeezed(text))
    if len(numbered) < len(labels):  # both stand in one line
        numbered.append((labels[1], found[-1][1]))
    return numbered
