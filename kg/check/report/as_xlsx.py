"""``findings.xlsx``: the findings as a workbook whose cells are all text.

No cell is a formula, a number, a date or a link, whatever a record printed. Rows go to disk as they
are written; the day of making is fixed, so that equal reports give equal bytes.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kg.check.report.as_csv import COLUMNS, cells
from kg.check.report.overview import Overview
from kg.check.report.words import COUNTS
from kg.values import one_line

if TYPE_CHECKING:
    from xlsxwriter import Workbook

ROWS = 1_048_576  # of a sheet, the header among them
LONGEST = 32_767  # characters of a cell
_MADE = datetime(1980, 1, 1)
_WIDE = {"message_en": 60, "message_zh": 45, "remedy_en": 40, "remedy_zh": 40, "printed": 30}
_RULES = ("rule", "severity", "dimension", "name_en", "name_zh", "findings", *COUNTS)


def write(overview: Overview, path: Path, rows: int = ROWS) -> list[str]:
    """Write the workbook; what comes back says what its limits left out.

    Sheets: findings, rules with their six counts, what was examined.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    left_out = max(0, len(overview.findings) - (rows - 1))
    with TemporaryDirectory(dir=path.parent, prefix=".xlsx-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        try:
            with Workbook(str(path), options) as book:
                short = _written(overview, book, rows, left_out)
        except FileCreateError as error:  # the disk refused: say so as for every other file
            raise OSError(*_reason(error)) from error
    notes = []
    if left_out:
        notes.append(
            f"findings.xlsx holds the first {rows - 1:,} findings, as many rows as a sheet has; "
            f"{left_out:,} more are in findings.csv"
        )
    if short:
        were = "cell was" if short == 1 else "cells were"
        notes.append(
            f"findings.xlsx: {short:,} {were} cut after {LONGEST:,} characters, "
            "as many as a cell holds; findings.csv has them whole"
        )
    return notes


def _reason(error: Exception) -> tuple[int, str]:
    """What the disk said when the workbook could not be made."""
    said = error.__cause__ or (error.args[0] if error.args else None)
    if isinstance(said, OSError) and said.errno is not None:
        return said.errno, said.strerror or str(said)
    return errno.EIO, str(error)


def _written(overview: Overview, book: Workbook, rows: int, left_out: int) -> int:
    """Write the sheets; how many cells were too long."""
    book.use_zip64()
    book.set_properties({"title": "Quality of trial records", "created": _MADE})
    short = _sheet(
        book,
        "findings",
        COLUMNS,
        (cells(one, overview) for one in overview.findings[: rows - 1]),
        tuple(_WIDE.get(name, 14) for name in COLUMNS),
    )
    _sheet(book, "rules", _RULES, _rules(overview), (10, 12, 10, 45, 35, *[12] * 7))
    _sheet(book, "examined", ("what", "value"), _examined(overview, left_out), (34, 70))
    return short


def _sheet(
    book: Workbook,
    name: str,
    columns: Iterable[str],
    rows: Iterable[Iterable[str]],
    widths: Iterable[int],
) -> int:
    """Write a sheet of texts; how many cells were too long."""
    sheet = book.add_worksheet(name)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading, bold)
    short = 0
    last = 0
    for row, values in enumerate(rows, 1):
        last = row
        for column, text in enumerate(values):
            if not text:
                continue
            if len(text) > LONGEST:
                text, short = text[: LONGEST - 1] + "…", short + 1
            sheet.write_string(row, column, text)
    sheet.autofilter(0, 0, last, column if last else 0)
    return short


def _rules(overview: Overview) -> Iterator[tuple[str, ...]]:
    for result in (*overview.rules, *overview.structural):
        rule, counts = result.rule, result.counts
        yield (
            rule.id,
            rule.severity,
            rule.dimension,
            one_line(rule.name_en),
            one_line(rule.name_zh),
            str(result.found),
            *(str(getattr(counts, name)) for name in COUNTS),
        )


def _examined(overview: Overview, left_out: int) -> Iterator[tuple[str, str]]:
    report = overview.report
    yield "as of", one_line(report.as_of)
    yield "records", str(len(overview.records))
    yield "findings", str(len(overview.findings))
    if left_out:
        yield "findings that did not fit into this workbook, see findings.csv", str(left_out)
    for values in (report.versions, report.parameters):
        for name, value in sorted(values.items()):
            yield one_line(name), one_line(value)
