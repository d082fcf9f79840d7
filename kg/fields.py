"""The cursor over one raw tree: typed reads that remember, report, and never raise for data.

A label is read by its path (``statusModule.startDateStruct.date``). Every read is
remembered, so that afterwards each leaf of the tree is accounted for (``kg.accounts``): in the
graph, blank, an issue, a contact, left out on purpose, or read by nobody. A bad value becomes an
issue with its place and no value; a label printed without a value ("blank") and a label that is
not there ("absent") are different answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from kg import values
from kg.codes import Words
from kg.contacts import Channel, Sort, masked
from kg.errors import RecordError
from kg.issues import Issue, Kind
from kg.said import Blank, Codes, Said, Texts, new_said
from kg.trees import Cell, Tree, is_blank, is_tree, leaves, text_of, without_indices

T = TypeVar("T")


@dataclass(slots=True)
class Log:
    """What the reading of one record left behind. Paths lead to leaves inside the record."""

    file: str
    record: str = ""
    line: int = 0  # where the record begins: for leaves that have no line of their own
    issues: list[Issue] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    unsaid: dict[str, Said[Any]] = field(default_factory=dict)  # placeholders, by path
    # What is left out on purpose: the cursor's path -> labels below it, without indices -> why.
    skipped: dict[str, dict[str, str]] = field(default_factory=dict)

    def report(self, kind: Kind, path: str, line: int, value: str, expected: str) -> None:
        """Add an issue. The value is masked and cut at 200 characters (with a mark)."""
        shown = masked(values.one_line(value))
        shown = shown if len(shown) <= 200 else shown[:200] + "…"
        self.issues.append(
            Issue(self.file, line or self.line, self.record, kind, path, shown, expected)
        )


_ABSENT = object()
_LISTS = (list, tuple)


def _cell_of(text: str, line: int, path: str) -> Cell:
    """``Cell(…)`` at a third of its cost."""
    return tuple.__new__(Cell, (text, line, path))


class Fields:
    """A cursor on one tree. ``registry`` chooses the words of the code tables.

    ``layout`` says how the source prints the record (``web-CN``, ``json``).
    """

    __slots__ = ("_path", "_tree", "first", "layout", "log", "registry")

    def __init__(
        self,
        tree: Tree,
        *,
        registry: str,
        log: Log,
        path: str = "",
        first: int = 1,
        layout: str = "",
    ) -> None:
        self._tree = tree
        self._path = path
        self.registry = registry
        self.log = log
        self.first = first
        self.layout = layout

    def __bool__(self) -> bool:
        return bool(self._tree)

    @property
    def path(self) -> str:
        """The path of this tree inside its record; empty at the root."""
        return self._path

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of this tree in their order."""
        return tuple(self._tree)

    # -- finding -------------------------------------------------------------------------------

    def _where(self, label: str) -> str:
        return f"{self._path}.{label}" if self._path else label

    def _found(self, label: str) -> Any:
        """The node under a label or dotted path; ``_ABSENT`` when it is not there."""
        found = self._tree.get(label, _ABSENT)
        if found is not _ABSENT or "." not in label:
            return found
        node: Any = self._tree
        for step in label.split("."):
            if type(node) is not dict and not is_tree(node):
                return _ABSENT
            node = node.get(step, _ABSENT)
            if node is _ABSENT:
                return _ABSENT
        return node

    def has(self, label: str) -> bool:
        """Whether the label is there at all, with or without a value."""
        return self._found(label) is not _ABSENT

    def cell(self, label: str) -> Cell | None:
        """The cell under a label as it stands; None when the label is absent.

        Where a list or an object stands instead, that is an issue and there is no cell; a list of
        one is its item.
        """
        found = self._found(label)
        if found is _ABSENT:
            return None
        path = f"{self._path}.{label}" if self._path else label
        if type(found) is str:  # most leaves are: they are read without another call
            self.log.read.add(path)
            return _cell_of(found.strip(), 0, path)
        if isinstance(found, _LISTS) and not isinstance(found, Cell):
            if not found:
                self.log.read.add(path)
                return Cell("", 0, path)
            if len(found) == 1:
                found, path = found[0], f"{path}[{self.first}]"
        return self._cell(found, path)

    def _cell(self, found: Any, path: str) -> Cell | None:
        if isinstance(found, str):
            self.log.read.add(path)
            return _cell_of(found.strip(), 0, path)
        if isinstance(found, Cell):
            self.log.read.add(path)
            return _cell_of(found.text, found.line, path)
        if is_tree(found):
            if "#text" in found:  # an XML element with attributes
                return self._cell(found["#text"], f"{path}.#text")
            self.log.report("bad value", path, 0, "", "expected a value, found an object")
            return None
        if isinstance(found, _LISTS):
            self.log.report("bad value", path, 0, "", "expected one value, found a list")
            return None
        self.log.read.add(path)
        return _cell_of(text_of(found), 0, path)

    def cells(self, label: str) -> list[Cell]:
        """The cells of a list, or the one cell that stands in its place; blanks included."""
        found = self._found(label)
        if found is _ABSENT:
            return []
        path = self._where(label)
        if isinstance(found, Cell) or not isinstance(found, _LISTS):
            cell = self._cell(found, path)
            return [] if cell is None else [cell]
        made = [self._cell(item, f"{path}[{n}]") for n, item in enumerate(found, self.first)]
        return [cell for cell in made if cell is not None]

    def said(self, label: str, parse: Callable[[str], T | None]) -> Said[T] | None:
        """What a label says, read by ``parse``, which raises ValueError for what it refuses.

        A placeholder ("N/A", "无") is a blank. A refused value is an issue: the source did say
        something, so it is not blank, and nobody knows what, so it has no value.
        """
        found = self._found(label)
        if found is _ABSENT:
            return None
        if type(found) is str:  # most leaves are: no cell is made for them
            path = f"{self._path}.{label}" if self._path else label
            self.log.read.add(path)
            return self._read(found.strip(), 0, path, parse)
        cell = self.cell(label)
        return None if cell is None else self._read(*cell, parse)

    def read(self, cell: Cell, parse: Callable[[str], T | None]) -> Said[T]:
        """What a cell of this tree says, read by ``parse``; see ``said``."""
        return self._read(*cell, parse)

    def _read(self, text: str, line: int, path: str, parse: Callable[[str], T | None]) -> Said[T]:
        if not text:
            return new_said(None, line, text, False, path)
        if values.is_placeholder(text):
            said: Said[T] = new_said(None, line, text, False, path)
            self.log.unsaid[path] = said
            return said
        try:
            return new_said(parse(text), line, text, False, path)
        except ValueError as error:
            self.log.report("bad value", path, line, text, str(error))
            return new_said(None, line, text, True, path)

    def _says_nothing(self, cell: Cell) -> bool:
        """Whether a cell is blank or a placeholder; what is printed so is remembered."""
        if not cell.text:
            return True
        if not values.is_placeholder(cell.text):
            return False
        self.log.unsaid[cell.path] = cell.says(None)
        return True

    def report(self, kind: Kind, label: str, expected: str, value: str | None = None) -> None:
        """Add an issue about a label of this tree."""
        found = self._found(label)
        cell = found if isinstance(found, Cell) else Cell("", 0)
        is_leaf = found is not _ABSENT and not isinstance(found, Mapping)
        shown = text_of(found) if value is None and is_leaf else value
        self.log.report(kind, self._where(label), cell.line, shown or "", expected)

    # -- typed reads ---------------------------------------------------------------------------

    def need(self, label: str, parse: Callable[[str], T | None]) -> Said[T]:
        """What names the record. Raises RecordError when it is not there or refused."""
        found = self.said(label, parse)
        if found is not None and found.refused:
            raise RecordError(f"{label}: {masked(found.printed)[:40]!r} names no record")
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
        return tuple(found.but(item) for item in split(found.value))

    def items(self, label: str) -> tuple[Said[str], ...]:
        """The plain strings of a list of values, each with its own path; blanks included."""
        return tuple(self.read(cell, values.one_line) for cell in self.cells(label))

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

    def each_text(self, label: str) -> tuple[Texts, ...]:
        """The English texts of a list of values, blanks left out."""
        return tuple(Texts(en=said) for said in self.items(label) if said.value)

    def date(
        self,
        label: str,
        parse: Callable[[str], values.PartialDate | None] = values.partial_date,
    ) -> Said[values.PartialDate] | None:
        """A date at its own precision."""
        return self.said(label, parse)

    def stamp(self, label: str) -> Said[str] | None:
        """A moment, as xsd:dateTime in the registry's zone."""
        return self.said(label, values.stamp)

    def count(self, label: str) -> Said[int] | None:
        """A whole number of participants."""
        return self.said(label, values.count)

    def age(self, label: str) -> Said[Decimal] | None:
        """An age limit in years."""
        return self.said(label, values.age)

    def number(self, label: str) -> Said[Decimal] | None:
        """A decimal number, such as a latitude."""
        return self.said(label, values.decimal)

    def concepts(
        self, scheme: str, *, zh: str | None = None, en: str | None = None, report: bool = True
    ) -> Said[Codes] | None:
        """The codes that one answer, printed in one or two languages, stands for.

        A word pair of the table decides first, then the Chinese word, then the English one. Words
        that no table knows are issues; a table word may be a placeholder elsewhere ("None" is a
        word of ``masking``), so tables are asked before placeholders.
        """
        if report and not (zh and en):
            alone = self.cell(zh or en or "")
            return None if alone is None else self.concept_of(scheme, alone)
        cells = [cell for label in (zh, en) if label and (cell := self.cell(label))]
        if not cells:
            return None
        printed = [cell for cell in cells if cell.text]
        words = Words.load()
        if len(printed) == 2:
            both = "/".join(cell.text for cell in printed)
            if pair := words.concepts(scheme, self.registry, both):
                paths = " + ".join(cell.path for cell in printed)
                return Said(pair, printed[0].line, both, path=paths)
        found: Said[Codes] | None = None
        blank = True
        for cell in printed:
            codes = words.concepts(scheme, self.registry, cell.text)
            if codes is None and self._says_nothing(cell):
                continue
            blank = False
            if codes is None:
                if report:
                    self._unknown(scheme, cell)
            elif found is None:
                found = cell.says(codes)
            elif found.value != codes:
                self.log.report(
                    "words disagree",
                    cell.path,
                    cell.line,
                    cell.text,
                    f"the other language says {found.printed}; that is kept",
                )
            else:
                found = found._replace(path=f"{found.path} + {cell.path}")
        if found is None:
            at = cells[0] if blank else printed[0]
            return at.says(None, refused=not blank)
        return found

    def concept_of(self, scheme: str, cell: Cell) -> Said[Codes]:
        """The codes that the word in one cell stands for; see ``concepts``."""
        codes = Words.load().concepts(scheme, self.registry, cell.text) if cell.text else None
        if codes is None and not self._says_nothing(cell):
            self._unknown(scheme, cell)
            return cell.says(None, refused=True)
        return cell.says(codes)

    def concepts_of(self, scheme: str, label: str) -> Said[Codes] | None:
        """The codes of all the words in a list of values, as one answer; None when it is absent."""
        said = [self.concept_of(scheme, cell) for cell in self.cells(label)]
        if not said:
            return None
        codes = dict.fromkeys(code for one in said for code in one.value or ())
        first = said[0]
        return Said(
            tuple(codes) or None,
            first.line,
            "; ".join(one.printed for one in said if one.printed),
            refused=not codes and any(one.refused for one in said),
            path=" + ".join(one.path for one in said),
        )

    def _unknown(self, scheme: str, cell: Cell) -> None:
        expected = f"add a row to ontology/codes/{scheme}.tsv"
        self.log.report("unknown word", cell.path, cell.line, cell.text, expected)

    def channels(self, **labels: str | Sequence[str]) -> tuple[Channel, ...]:
        """The printed ways to reach somebody: ``f.channels(phone="tel", e_mail="mail")``.

        Keyword names are the sorts of ``kg.contacts.Channel`` (``e_mail`` for ``e-mail``). Their
        leaves count as contacts; the values are never written without ``--contacts``.
        """
        found = []
        for name, places in labels.items():
            sort: Sort = "e-mail" if name == "e_mail" else name  # type: ignore[assignment]
            for label in (places,) if isinstance(places, str) else places:
                for cell in self.cells(label):
                    self.log.contacts.add(cell.path)
                    if cell.text and not values.is_placeholder(cell.text):
                        found.append(Channel(sort, values.one_line(cell.text)))
        return tuple(dict.fromkeys(found))

    def left_over(self, *said: Said[Any] | None, why: str) -> None:
        """Report printed values that stand beside something that names nothing."""
        for one in said:
            if one is not None and not one.refused and one.printed and one.value is not None:
                self.log.report("left out", one.path, one.line, one.printed, why)

    # -- structure -----------------------------------------------------------------------------

    def inside(self, label: str) -> Fields:
        """A cursor on the object under a label; on nothing when it is absent.

        A value in its place is an issue.
        """
        found = self._found(label)
        path = self._where(label)
        if isinstance(found, _LISTS) and not isinstance(found, Cell) and len(found) == 1:
            found, path = found[0], f"{path}[{self.first}]"
        if type(found) is not dict and not is_tree(found):
            if found is not _ABSENT and found is not None and not is_blank(found):
                self.log.report("bad value", path, 0, "", "expected an object")
            found = {}
        return self._child(found, path)

    def each(self, label: str) -> list[Fields]:
        """A cursor on each object of a list; none when it is absent.

        One object in place of the list is a list of one; values in it are issues.
        """
        found = self._found(label)
        if found is _ABSENT or found is None or is_blank(found):
            return []
        path = self._where(label)
        if is_tree(found):
            return [self._child(found, path)]
        if isinstance(found, Cell) or not isinstance(found, _LISTS):
            self.log.report("bad value", path, 0, "", "expected a list of objects")
            return []
        cursors = []
        for n, item in enumerate(found, start=self.first):
            if is_tree(item):
                cursors.append(self._child(item, f"{path}[{n}]"))
            elif not is_blank(item):
                self.log.report("bad value", f"{path}[{n}]", 0, "", "expected an object")
        return cursors

    def _child(self, tree: Tree, path: str) -> Fields:
        return Fields(
            tree,
            registry=self.registry,
            log=self.log,
            path=path,
            first=self.first,
            layout=self.layout,
        )

    def blanks(self, name: str, **labels: str) -> tuple[Blank, ...]:
        """``name@language`` for each of these labels that is printed without a value.

        For nodes that do not exist because nothing names them: ``f.blanks("hasFunding", zh=…)``.
        The language "plain" gives the bare name.
        """
        found = []
        for language, label in labels.items():
            cell = self.cell(label)
            if cell is not None and self._says_nothing(cell):
                suffix = "" if language == "plain" else f"@{language}"
                found.append(Blank(name + suffix, cell.line, cell.path))
        return tuple(found)

    def skip(self, *labels: str, why: str) -> None:
        """Leave these labels, and all below them, out on purpose; ``why`` is printed by ``stats``.

        Said of this tree alone, not of its neighbours in a list. Their values are counted, not
        shown.
        """
        for label in labels:
            self.log.skipped.setdefault(self._path, {})[label] = why

    def skip_below(self, which: Callable[[str], bool], *, why: str) -> None:
        """Leave out every label for which ``which`` holds, wherever it stands below here."""
        skipped = self.log.skipped.setdefault(self._path, {})
        for path, _ in leaves(self._tree, first=self.first):
            steps = without_indices(path).split(".")
            for n, step in enumerate(steps, start=1):
                if which(step.removesuffix("[]")):
                    skipped.setdefault(".".join(steps[:n]), why)
                    break
