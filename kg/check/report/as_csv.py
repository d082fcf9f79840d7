"""``findings.csv``: one row per finding, safe to open in a spreadsheet.

RFC 4180 in UTF-8 without a byte-order mark. A text that a spreadsheet would run as a formula gets
a leading apostrophe (CWE-1236); control characters and line breaks are gone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import lru_cache

from kg.check.report.overview import Named, Overview
from kg.values import FORMULA_SIGNS, one_line

# fmt: off
COLUMNS = (
    "rule", "severity", "dimension", "registry", "number", "item", "state", "field", "values",
    "printed", "file", "line", "message_en", "message_zh", "remedy_en", "remedy_zh", "key",
    "focus", "waived", "waived_because", "trend",
)
# fmt: on

_SIGNS = frozenset(FORMULA_SIGNS)
# What a spreadsheet may skip before the sign: marks without width that ``one_line`` keeps.
_IGNORED = " \u00ad\u034f\u061c\u180e\u200c\u200d\u2061\u2062\u2063\u2064"


def lines(overview: Overview) -> Iterator[str]:
    """The header and one line per finding, in the order of the report."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in overview.findings:
        writer.writerow(map(cell, cells(one, overview)))
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def cells(one: Named, overview: Overview) -> tuple[str, ...]:
    """The texts of a finding's row, as they are printed: a file of its own makes them safe."""
    f = one.finding
    return (
        f.rule,
        f.severity,
        f.dimension,
        line(f.registry),
        line(f.number),
        f.item or "",
        f.state or "",
        line(f.field),
        line("; ".join(f"{name}: {value}" for name, value in sorted(f.values.items()))),
        line(f.printed),
        line(f.file),
        "" if f.line is None else str(f.line),
        line(f.message_en),
        line(f.message_zh),
        line(f.remedy_en),
        line(f.remedy_zh),
        one.id,
        line(f.focus),
        "yes" if f.waived else "no",
        line(f.waiver.reason) if f.waiver else "",
        (overview.trend.change(one.id, f) if overview.trend else None) or "",
    )


def line(value: str | None) -> str:
    """A text on one line, without control characters; "" for none."""
    return _one_line(value) if value else ""


_one_line = lru_cache(maxsize=1 << 16)(one_line)  # most texts of a report are repeated


def text(value: str) -> str:
    """A cell that is text and stays text.

    >>> text("=cmd()|' /C calc'!A0"), text("  @SUM(A1)"), text("a\\tb\\x07"), text("2-3")
    ("'=cmd()|' /C calc'!A0", "'@SUM(A1)", 'a b', '2-3')
    """
    plain = one_line(value)
    return f"'{plain}" if plain.lstrip(_IGNORED)[:1] in _SIGNS else plain


cell = lru_cache(maxsize=1 << 16)(text)
