"""The rows of an Excel workbook (Office Open XML) as its parts hold them: cells by their column.

Read here and not by a library, because the files are strangers': no size that the file states is
believed, no cell is made that the file does not hold, and a broken cell costs that cell only.
"""

from __future__ import annotations

import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import IO, NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from kg.sources.files import DAMAGE, MOST_UNPACKED, UNSUSPICIOUS
from kg.sources.items import Broken
from kg.sources.worksheets import MOST_CELLS, Row, SheetReader, TextReader, Value, whole
from kg.values import one_line, paragraphs

LARGEST_PART = 512 * 1024 * 1024  # bytes of one unpacked part
MOST_TEXTS = 2_000_000  # texts that the sheets share
LONGEST_TAG = 16 * 1024 * 1024  # bytes of one tag or comment, which the parser holds whole
_BLOCK = 256 * 1024
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[Ee][+-]?[0-9]{1,3})?")
# What the parts of a workbook are, by the last word of the type of their relation.
_KINDS = {"worksheet": "sheet", "sharedStrings": "texts", "styles": "styles"}


class Sheet(NamedTuple):
    """One sheet: its name and where its rows stand."""

    name: str
    part: str


_Start = Callable[[str, dict[str, str]], None]
_Says = Callable[[str], None]  # the end of an element, or text


def _nothing(*_: object) -> None:
    return None


class Workbook:
    """A workbook whose parts are at hand. Raises Broken where it cannot be read at all."""

    def __init__(self, stream: IO[bytes]) -> None:
        stream.seek(0, 2)
        size = stream.tell()
        self._most = min(LARGEST_PART, UNSUSPICIOUS + MOST_UNPACKED * size)
        try:
            self._archive = zipfile.ZipFile(stream)
        except DAMAGE as error:
            raise Broken(_damaged(error)) from None
        self._epoch = CALENDAR_WINDOWS_1900
        self._parts = {"texts": "", "styles": ""}  # a workbook may hold neither
        self.sheets = self._sheets()
        self._texts = self._shared(self._parts["texts"]) if self._parts["texts"] else []
        self._dates = self._date_styles(self._parts["styles"]) if self._parts["styles"] else {}

    def _parsed(self, part: str, start: _Start, end: _Says, text: _Says) -> Iterator[None]:
        """Read a part block by block. Raises Broken for damage and for what no workbook holds."""
        parser = expat.ParserCreate(namespace_separator=" ")
        events = 0

        def started(tag: str, attributes: dict[str, str]) -> None:
            nonlocal events
            events += 1
            start(tag.rpartition(" ")[2], attributes)

        def ended(tag: str) -> None:
            nonlocal events
            events += 1
            end(tag.rpartition(" ")[2])

        def declared(*_: object) -> None:
            raise Broken(f"{part} declares a document type or entities, which no workbook does")

        parser.buffer_text = True
        parser.StartElementHandler = started
        parser.EndElementHandler = ended
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = declared
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        size = held = seen = 0
        try:
            with self._archive.open(part) as file:
                while block := file.read(_BLOCK):
                    size += len(block)
                    if size > self._most:
                        most = self._most >> 20
                        raise Broken(f"{part} unpacks to more than {most} MiB: a zip bomb?")
                    parser.Parse(block, False)
                    yield
                    held = held + len(block) if events == seen else 0
                    seen = events
                    if held > LONGEST_TAG:
                        raise Broken(f"{part} holds a tag or text of more than 16 MiB")
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code) or "malformed"
            raise Broken(f"{part} is damaged ({what})", error.lineno) from None
        except (KeyError, LookupError) as error:  # no such part, or an unknown encoding
            raise Broken(f"{part}: {one_line(str(error))[:80]}") from None
        except DAMAGE as error:
            raise Broken(_damaged(error)) from None
        yield

    def _sheets(self) -> list[Sheet]:
        """The sheets in their order. Charts and macros are none."""
        parts: dict[str, str] = {}

        def related(tag: str, given: dict[str, str]) -> None:
            kind = _KINDS.get(given.get("Type", "").rpartition("/")[2])
            if tag != "Relationship" or kind is None:
                return
            target = given.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if kind == "sheet":
                parts[given.get("Id", "")] = posixpath.normpath(path)
            else:
                self._parts[kind] = posixpath.normpath(path)

        found: list[Sheet] = []

        def listed(tag: str, given: dict[str, str]) -> None:
            if tag == "workbookPr" and given.get("date1904") in ("1", "true"):
                self._epoch = CALENDAR_MAC_1904
            if tag == "sheet" and len(found) < MOST_CELLS:
                ids = [parts[v] for name, v in given.items() if name.endswith(" id") and v in parts]
                found.extend(Sheet(one_line(given.get("name", ""))[:60], part) for part in ids)

        for _ in self._parsed("xl/_rels/workbook.xml.rels", related, _nothing, _nothing):
            pass
        for _ in self._parsed("xl/workbook.xml", listed, _nothing, _nothing):
            pass
        return found

    def _shared(self, part: str) -> list[str]:
        """The texts that cells share, without the phonetic hints beside them."""
        texts: list[str] = []
        reader = TextReader()

        def end(tag: str) -> None:
            reader.end(tag)
            if tag == "si":
                texts.append(paragraphs(reader.taken()))
                if len(texts) > MOST_TEXTS:
                    raise Broken(f"more than {MOST_TEXTS} texts in one workbook")

        for _ in self._parsed(part, reader.start, end, reader.text):
            pass
        return texts

    def _date_styles(self, part: str) -> dict[int, bool]:
        """The styles that show a number as a date; True for those that show a length of time."""
        codes = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        inside: list[str] = []

        def start(tag: str, given: dict[str, str]) -> None:
            inside.append(tag)
            if tag == "numFmt" and len(codes) < MOST_CELLS:
                codes[whole(given.get("numFmtId", "")) or 0] = given.get("formatCode", "")[:300]
            if tag == "xf" and inside[-2:-1] == ["cellXfs"] and len(styles) < MOST_TEXTS:
                styles.append(whole(given.get("numFmtId", "")) or 0)

        def end(_tag: str) -> None:
            inside.pop()

        for _ in self._parsed(part, start, end, _nothing):
            pass
        shown = {n for n, code in codes.items() if is_date_format(code)}
        return {
            at: is_timedelta_format(codes[style]) for at, style in enumerate(styles)
            if style in shown
        }  # fmt: skip

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a sheet that hold cells. Raises Broken where it cannot be read on."""
        reader = SheetReader(self._value)
        try:
            for _ in self._parsed(sheet.part, reader.start, reader.end, reader.text):
                yield from reader.done
                reader.done.clear()
        except Broken:
            yield from reader.done
            raise

    def _value(self, sort: str, style: str, text: str) -> Value:
        """What a cell that is no formula says."""
        if sort == "s":
            at = whole(text)
            if at is None or at >= len(self._texts):
                return Value("", "points to a text that the workbook does not hold", text)
            return Value(self._texts[at])
        if sort in ("str", "inlineStr") or not text.strip():
            return Value(paragraphs(text))
        if sort == "b":
            flag = {"1": "True", "0": "False", "true": "True", "false": "False"}.get(text.strip())
            return Value(flag) if flag else Value("", "expected 0 or 1", text)
        if sort == "e":
            return Value("", "an error of the workbook in place of a value", text)
        if sort == "d":
            return _shown(text.strip())
        return self._number(style, text.strip())

    def _number(self, style: str, text: str) -> Value:
        if not _NUMBER.fullmatch(text):
            return Value("", "expected a number", text)
        number = float(text)
        if math.isinf(number):
            return Value("", "expected a number", text)
        kind = self._dates.get(whole(style or "0") or 0)
        if kind is None:
            plain = text.removeprefix("+").isdigit()
            if plain or number.is_integer():
                return Value(str(int(text) if plain else int(number)))
            return Value(str(number))
        try:
            shown = from_excel(number, self._epoch, timedelta=kind)
        except (OverflowError, ValueError):
            return Value("", "a number that is no date and is shown as one", text)
        return Value(_of_date(shown))


def _damaged(error: BaseException) -> str:
    what = one_line(str(error))[:120] or type(error).__name__
    return f"not a workbook that can be read ({what})"


def _of_date(shown: object) -> str:
    if isinstance(shown, datetime):
        midnight = shown.time().isoformat() == "00:00:00"
        return shown.date().isoformat() if midnight else shown.isoformat(" ")
    return shown.isoformat() if isinstance(shown, date) else str(shown)


def _shown(text: str) -> Value:
    try:
        return Value(_of_date(datetime.fromisoformat(text)))
    except ValueError:
        return Value("", "expected a date", text)
