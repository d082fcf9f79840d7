"""The source of a web page as tags, texts and rows of tables, in time proportional to its length.

Python's own parser takes the square of that for unclosed comments and tags, so the source is cut
here. Rows come in document order of their ends: one inside a cell comes before the row around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from kg.values import one_line

_REFERENCE = re.compile(r"&#(?:(\d{3,7})|[xX]([0-9A-Fa-f]{2,6}));")
_SILENT = frozenset(("script", "style", "template", "noscript"))
_PLAIN = "textarea"  # what stands in it is text, whatever it looks like
_ENDS_A_LINE = frozenset(
    ("br", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
)
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_MARKUP = re.compile(r"<(?:!|\?|/?[A-Za-z])")
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
LONGEST_VALUE = 2000  # characters of an attribute that holds ">"


def with_letters(source: str) -> str:
    """A page's source with the letters that it prints as references (``&#27880;``), as programs do
    that save a page in ASCII. What may be markup (ASCII) stays.

    >>> with_letters("&#27880;&#x518C; &#60;b&#62; &lt;")
    '注册 &#60;b&#62; &lt;'
    """
    return _REFERENCE.sub(_letter, source) if "&#" in source else source


def _letter(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return html.unescape(found[0]) if code > 0x9F else found[0]


class Event(NamedTuple):
    """A tag or a piece of text in a page's source, with its line."""

    sort: Literal["open", "close", "text"]
    text: str  # the name of the tag in small letters, or the text with its characters as they are
    line: int
    inside: str = ""  # what an opening tag holds behind its name


def events(source: str) -> Iterator[Event]:
    """The tags and texts of a page's source in its order; comments and scripts left out."""
    at = line = 0
    while at < len(source):
        found = _MARKUP.search(source, at)
        start = found.start() if found else len(source)
        if start > at:
            yield Event("text", html.unescape(source[at:start]), line + 1)
        line += source.count("\n", at, start)
        if found is None:
            return
        at, tag = _tag(source, start)
        name = _NAME.match(tag) if tag else None
        if tag and name:
            word = name[1].lower()
            if tag.startswith("/"):
                yield Event("close", word, line + 1)
            elif word in _SILENT:
                at = _end(source, at, word)
            elif word == _PLAIN:
                begun = at
                at = _end(source, begun, word)
                number = line + 1 + source.count("\n", start, begun)
                yield Event("open", word, line + 1, tag[name.end() :])
                yield Event("text", html.unescape(source[begun:at]), number)
            else:
                yield Event("open", word, line + 1, tag[name.end() :])
        line += source.count("\n", start, at)


def _end(source: str, at: int, word: str) -> int:
    """Where the element ``word`` ends whose content begins at ``at``."""
    found = re.compile(f"</{word}", re.IGNORECASE).search(source, at)
    return found.start() if found else len(source)


def _tag(source: str, start: int) -> tuple[int, str | None]:
    """Where a tag ends, and what stands in it (None: a comment); an open one ends the page."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return (end + 3 if end >= 0 else len(source)), None
    end = source.find(">", start)
    if end < 0:
        return len(source), None
    inside = source[start + 1 : end]
    if inside[:1] in ("!", "?"):
        return end + 1, None
    if inside.count('"') % 2:  # the ">" stands in an attribute's value
        quote = source.find('"', end, end + LONGEST_VALUE)
        further = source.find(">", quote, quote + LONGEST_VALUE) if quote >= 0 else -1
        if further >= 0:
            return further + 1, source[start + 1 : further]
    return end + 1, inside


def attributes(inside: str) -> dict[str, str]:
    """The attributes of an opening tag, by their names in small letters."""
    found = _ATTRIBUTE.findall(inside)
    return {name.lower(): html.unescape(value.strip("\"'")) for name, value in found}


@dataclass(slots=True)
class TableCell:
    """A cell of a table: its own text, and the rows of tables inside it."""

    is_heading: bool  # a ``th``
    classes: tuple[str, ...]
    line: int
    spans: int = 1  # rows that it stands beside
    rows: list[TableRow] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # as printed, of its own text
    _pieces: list[str] = field(default_factory=list)

    def add(self, piece: str) -> None:
        """Add text, or a line break."""
        self._pieces.append(piece)

    @property
    def text(self) -> str:
        """The text on its lines, without empty ones."""
        lines = map(one_line, "".join(self._pieces).split("\v"))
        return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class TableRow:
    """A row of a table."""

    classes: tuple[str, ...]
    line: int
    cells: list[TableCell] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    row: TableRow | None = None
    cell: TableCell | None = None


def table_rows(source: str) -> Iterator[TableRow]:
    """Every row of every table of a page, also of damaged ones, at its end.

    A line break of the source is a blank; ``br`` and blocks break lines.
    """
    tables: list[_Table] = []
    for event in events(source):
        if event.sort == "text":
            if tables and (cell := tables[-1].cell):
                cell.add(event.text.replace("\v", " "))
        elif event.text == "table":
            if event.sort == "open":
                tables.append(_Table())
            elif tables:
                yield from _finished(tables.pop(), tables)
        elif event.text in ("tr", "td", "th"):
            if not tables:
                tables.append(_Table())
            yield from _row_or_cell(event, tables)
        elif tables and (cell := tables[-1].cell):
            if event.text in _ENDS_A_LINE:
                cell.add("\v")
            elif event.text == "a" and (link := attributes(event.inside).get("href")):
                cell.links.append(link)
    while tables:
        yield from _finished(tables.pop(), tables)


def _row_or_cell(event: Event, tables: list[_Table]) -> Iterator[TableRow]:
    table = tables[-1]
    if event.text == "tr":
        yield from _finished(table, tables[-2:-1])
        if event.sort == "open":
            table.row = TableRow(_classes(event.inside), event.line)
        return
    table.cell = None
    if event.sort == "open":
        if table.row is None:
            table.row = TableRow((), event.line)
        told = attributes(event.inside)
        span = told.get("rowspan", "1")
        table.cell = TableCell(
            event.text == "th",
            tuple(told.get("class", "").split()),
            event.line,
            min(int(span), 1000) if span.isascii() and span.isdigit() and len(span) < 6 else 1,
        )
        table.row.cells.append(table.cell)


def _classes(inside: str) -> tuple[str, ...]:
    return tuple(attributes(inside).get("class", "").split()) if inside else ()


def _finished(table: _Table, around: list[_Table]) -> Iterator[TableRow]:
    """The row that ends here, also kept in the cell around it."""
    row, table.row, table.cell = table.row, None, None
    if row is None:
        return
    if around and (cell := around[-1].cell):
        cell.rows.append(row)
    yield row
