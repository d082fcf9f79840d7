"""The cursor over one raw tree: typed reads that remember, report, and never raise for data.

A tree is a mapping of labels to cells, trees and lists of trees. Every read marks its cell; what
nobody read or skipped on purpose is listed by ``unread``. A bad value becomes an issue with its
line and no value; a label printed without a value ("blank") and a label that is not there
("absent") are different answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kg import values
from kg.codes import Words
from kg.contacts import masked
from kg.errors import RecordError
from kg.issues import Issue, Kind
from kg.said import Blank, Codes, Said, Texts

T = TypeVar("T")


class Cell(NamedTuple):
    """What stands under one label: cleaned text ("" for a blank) and the label's 1-based line."""

    text: str
    line: int


Tree = Mapping[str, "Cell | Tree | Sequence[Tree]"]


class Note(NamedTuple):
    """What the making of a tree already found amiss."""

    kind: Kind
    label: str
    line: int
    value: str
    expected: str


class Raw(NamedTuple):
    """One record as its source prints it: the tree, whose words it uses, and notes on it."""

    tree: Tree
    registry: str
    notes: Sequence[Note] = ()


@dataclass(slots=True)
class Log:
    """What the reading of one record left behind."""

    file: str
    record: str = ""
    issues: list[Issue] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def report(self, kind: Kind, path: str, line: int, value: str, expected: str) -> None:
        """Add an issue. The value is masked and cut at 200 characters (with a mark)."""
        shown = masked(values.one_line(value))
        shown = shown if len(shown) <= 200 else shown[:200] + "…"
        self.issues.append(Issue(self.file, line, self.record, kind, path, shown, expected))


class Fields:
    """A cursor on one tree. ``registry`` chooses the words of the code tables."""

    def __init__(self, tree: Tree, *, registry: str, log: Log, path: str = "") -> None:
        self._tree = tree
        self._read: set[str] = set()
        self._skipped: set[str] = set()
        self._children: list[Fields] = []
        self._path = path
        self.registry = registry
        self.log = log

    # -- cells ---------------------------------------------------------------------------------

    def cell(self, label: str) -> Cell | None:
        """The cell under a label as it stands; None when the label is absent."""
        found = self._tree.get(label)
        if found is None:
            return None
        if not isinstance(found, Cell):
            raise TypeError(f"{self._where(label)} is not a cell")
        self._read.add(label)
        return found

    def said(self, label: str, parse: Callable[[str], T | None]) -> Said[T] | None:
        """What a label says, read by ``parse``, which raises ValueError for what it refuses.

        A placeholder ("N/A", "无") is a blank. A refused value is an issue: the source did say
        something, so it is not blank, and nobody knows what, so it has no value.
        """
        cell = self.cell(label)
        if cell is None:
            return None
        if not cell.text or values.is_placeholder(cell.text):
            return Said(None, cell.line, cell.text)
        try:
            return Said(parse(cell.text), cell.line, cell.text)
        except ValueError as error:
            self.report("bad value", label, str(error))
            return Said(None, cell.line, cell.text, refused=True)

    def report(self, kind: Kind, label: str, expected: str, value: str | None = None) -> None:
        """Add an issue about a label of this tree."""
        found = self._tree.get(label)
        cell = found if isinstance(found, Cell) else Cell("", 0)
        self.log.report(
            kind, self._where(label), cell.line, cell.text if value is None else value, expected
        )

    def _where(self, label: str) -> str:
        return f"{self._path}.{label}" if self._path else label

    # -- typed reads ---------------------------------------------------------------------------

    def need(self, label: str, parse: Callable[[str], T | None]) -> Said[T]:
        """What names the record. Raises RecordError when it is not there or refused."""
        found = self.said(label, parse)
        if found is None or found.value is None:
            raise RecordError(f"{label}: a record needs one")
        return found

    def string(self, label: str) -> Said[str] | None:
        """A plain string on one line."""
        return self.said(label, values.one_line)

    def strings(self, label: str, split: Callable[[str], Iterable[str]]) -> tuple[Said[str], ...]:
        """Several plain strings of one field; a blank field gives one blank."""
        found = self.said(label, values.one_line)
        if found is None:
            return ()
        if found.value is None:
            return (found,)
        return tuple(Said(item, found.line, found.printed) for item in split(found.value))

    def texts(
        self, *, zh: str | None = None, en: str | None = None, lines: bool = False
    ) -> Texts | None:
        """One text in the languages of its labels; with ``lines`` its line breaks stay."""
        clean = values.paragraphs if lines else values.one_line
        said = Texts(
            self.said(zh, clean) if zh else None,
            self.said(en, clean) if en else None,
        )
        return None if said.zh is None and said.en is None else said

    def date(self, label: str) -> Said[values.PartialDate] | None:
        """A date at its own precision."""
        return self.said(label, values.partial_date)

    def stamp(self, label: str) -> Said[str] | None:
        """A moment, as xsd:dateTime in the registry's zone."""
        return self.said(label, values.stamp)

    def count(self, label: str) -> Said[int] | None:
        """A whole number of participants."""
        return self.said(label, values.count)

    def age(self, label: str) -> Said[Decimal] | None:
        """An age limit in years."""
        return self.said(label, values.age)

    def concepts(
        self, scheme: str, *, zh: str | None = None, en: str | None = None, report: bool = True
    ) -> Said[Codes] | None:
        """The codes that one answer, printed in one or two languages, stands for.

        A word pair of the table decides first, then the Chinese word, then the English one. Words
        that no table knows are issues; a table word may be a placeholder elsewhere ("None" is a
        word of ``masking``), so tables are asked before placeholders.
        """
        cells = [(label, cell) for label in (zh, en) if label and (cell := self.cell(label))]
        if not cells:
            return None
        printed = [(label, cell) for label, cell in cells if cell.text]
        words = Words.load()
        if len(printed) == 2:
            both = "/".join(cell.text for _, cell in printed)
            if pair := words.concepts(scheme, self.registry, both):
                return Said(pair, printed[0][1].line, both)
        found: Said[Codes] | None = None
        blank = True
        for label, cell in printed:
            codes = words.concepts(scheme, self.registry, cell.text)
            if codes is None and values.is_placeholder(cell.text):
                continue
            blank = False
            if codes is None:
                if report:
                    self.report("unknown word", label, f"add a row to ontology/codes/{scheme}.tsv")
            elif found is None:
                found = Said(codes, cell.line, cell.text)
            elif found.value != codes:
                self.report(
                    "words disagree",
                    label,
                    f"the other language says {found.printed}; that is kept",
                )
        if found is None:
            printed_at = cells[0] if blank else printed[0]
            return Said(None, printed_at[1].line, printed_at[1].text, refused=not blank)
        return found

    # -- structure -----------------------------------------------------------------------------

    def each(self, name: str) -> list[Fields]:
        """A cursor on each tree of a list; none when it is absent."""
        found = self._tree.get(name, ())
        if isinstance(found, Cell | Mapping):
            raise TypeError(f"{self._where(name)} is not a list")
        self._read.add(name)
        cursors = [
            Fields(tree, registry=self.registry, log=self.log, path=f"{self._where(name)}[{n}]")
            for n, tree in enumerate(found, start=1)
        ]
        self._children += cursors
        return cursors

    def blanks(self, name: str, **labels: str) -> tuple[Blank, ...]:
        """``name@language`` for each of these labels that is printed without a value.

        For nodes that do not exist because nothing names them: ``f.blanks("hasFunding", zh=…)``.
        The language "plain" gives the bare name.
        """
        found = []
        for language, label in labels.items():
            cell = self.cell(label)
            if cell is not None and (not cell.text or values.is_placeholder(cell.text)):
                suffix = "" if language == "plain" else f"@{language}"
                found.append(Blank(name + suffix, cell.line))
        return tuple(found)

    def skip(self, *labels: str) -> None:
        """Leave these labels out on purpose. Their values are counted, not shown."""
        self._skipped.update(labels)

    def skipped(self) -> Iterator[str]:
        """Paths with a value that were left out on purpose."""
        for label in self._tree:
            found = self._tree[label]
            if label in self._skipped and isinstance(found, Cell) and found.text:
                yield self._where(label)
        for child in self._children:
            yield from child.skipped()

    def printed(self) -> int:
        """How many values the tree holds, read or not."""
        own = sum(1 for found in self._tree.values() if isinstance(found, Cell) and found.text)
        return own + sum(child.printed() for child in self._children)

    def unread(self) -> Iterator[tuple[str, int]]:
        """Path and line of every label with a value that nobody read or skipped."""
        for label, found in self._tree.items():
            if label in self._read or label in self._skipped:
                continue
            if isinstance(found, Cell):
                if found.text:
                    yield self._where(label), found.line
            elif found:
                yield self._where(label), 0
        for child in self._children:
            yield from child.unread()
