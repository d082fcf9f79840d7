"""What a record says under its labels: typed reads that remember, report, never raise for data.

A bad value becomes an issue with its place and no value; a label printed without a value ("blank")
and a label that is not there ("absent") are different answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from kg import values
from kg.codes import Words
from kg.contacts.masking import Channel, Sort, masked
from kg.cursor import ABSENT, Cursor
from kg.errors import RecordError
from kg.said import Blank, Codes, Said, Texts, new_said
from kg.sources.trees import Cell, is_blank_by_name

T = TypeVar("T")


class Fields(Cursor):
    """A cursor on one tree, and what its cells mean."""

    __slots__ = ()

    def said(self, label: str, parse: Callable[[str], T | None]) -> Said[T] | None:
        """What a label says, read by ``parse``, which raises ValueError for what it refuses.

        A placeholder ("N/A", "无") is a blank. A refused value is an issue: the source did say
        something, so it is not blank, and nobody knows what, so it has no value.
        """
        found = self.node(label)
        if found is ABSENT:
            return None
        if type(found) is str:  # most leaves are: no cell is made for them
            path = f"{self._path}.{label}" if self._path else label
            self.log.read.add(path)
            text = "" if is_blank_by_name(found) else found.strip()
            return self._read(text, 0, path, parse)
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

        Keyword names are the sorts of ``kg.contacts.masking.Channel`` (``e_mail`` for ``e-mail``).
        Their leaves count as contacts; the values are never written without ``--contacts``.
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
