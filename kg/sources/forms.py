"""In which form a file holds its records, told by its bytes: text, web page, JSON, XML, table."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal, NamedTuple

from kg import identifiers
from kg.sources.files import Source, is_workbook

Form = Literal["text", "page", "json", "xml", "csv", "workbook"]

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|script|p|meta|br)\b", re.I)
_XML = re.compile(rb"^\s*<\?xml", re.I)
_HEADINGS = frozenset({"trialid", "trial id", "trial_id", "nct number", "nctnumber"})
_FULL_EXPORT = 63  # columns of the portal's full export, which has no heading
_DELIMITERS = (",", ";", "\t")


class Told(NamedTuple):
    """The form of a file; for a table its delimiter and whether its first row is a heading."""

    form: Form
    delimiter: str = ""
    heading: bool = True


def told(source: Source) -> Told:
    """In which form a file holds its records. Nothing is decided by its name."""
    head = source.head
    if head.startswith(b"PK\x03\x04") and is_workbook(source.stream):
        return Told("workbook")
    for mark in _BOMS:
        head = head.removeprefix(mark)
    start = head.replace(b"\x00", b"").lstrip()
    if start.startswith(b"<"):
        is_page = not _XML.match(start) and _HTML.search(start[:8192])
        return Told("page" if is_page or b"<html" in start[:2048].lower() else "xml")
    if start[:1] in (b"{", b"["):
        return Told("json")
    if table := _table(start.decode("utf-8", "replace")):
        return table
    return Told("text")


def _table(start: str) -> Told | None:
    """A table, if the first row names a trial number's column or begins with a trial number."""
    for delimiter in _DELIMITERS:
        try:
            # All of it: a first row without headings may hold line breaks inside quotes.
            row = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        names = {" ".join(name.split()).casefold() for name in row}
        if len(row) > 1 and names & _HEADINGS:
            return Told("csv", delimiter)
        if len(row) >= _FULL_EXPORT - 3 and identifiers.expected(row[0]):
            return Told("csv", delimiter, heading=False)
    return None
