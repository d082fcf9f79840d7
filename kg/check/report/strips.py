"""Timeline strips: the dates of a record under each other, where rules say that they contradict."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kg.check.findings import SEVERITIES, Finding, Severity
from kg.check.report.overview import RecordResult
from kg.check.terms import Text

WIDTH = 1000  # units of the drawing
_LEAST = 6  # units that a day is drawn wide
_TICKS = 8

# Which dates a rule compares; both are drawn in its colour, and the time between them.
COMPARED: Mapping[str, tuple[str, str]] = {
    "X01": ("recruitment_start", "registered"),
    "X02": ("recruitment_start", "registered"),
    "X03": ("recruitment_start", "approved"),
    "X04": ("study_start", "approved"),
    "X05": ("registered", "approved"),
    "X06": ("recruitment_start", "study_start"),
    "X07": ("study_start", "study_end"),
    "X08": ("recruitment_end", "as_of"),
    "H01": ("recruitment_start", "registered"),
}
_OF_RECRUITMENT = {"X07": ("recruitment_start", "recruitment_end")}

# The rows from above: name, first date, last date.
_ROWS: tuple[tuple[Text, str, str | None], ...] = (
    (Text("Ethics approval", "伦理批准"), "approved", None),
    (Text("Study", "研究实施"), "study_start", "study_end"),
    (Text("Recruitment", "征募"), "recruitment_start", "recruitment_end"),
    (Text("Registration", "注册"), "registered", None),
    (Text("Day of this check", "核查日期"), "as_of", None),
)


class Row(NamedTuple):
    """One kind of date: what the record says, and where it is drawn."""

    name: Text
    said: str
    x: int
    width: int
    severity: Severity | None  # of the worst finding about it


class Band(NamedTuple):
    """The time between two dates that a rule compares."""

    x: int
    width: int
    severity: Severity


class Tick(NamedTuple):
    """The first of January of a year."""

    year: int
    x: int


class Strip(NamedTuple):
    """The drawing of one record."""

    rows: tuple[Row, ...]
    bands: tuple[Band, ...]
    ticks: tuple[Tick, ...]
    findings: tuple[Finding, ...]


def compared(record: RecordResult, as_of: str) -> list[Finding]:
    """The findings that contradict each other's dates and can be drawn."""
    return [f for f, _ in _known(record, as_of)[2]]


def _known(
    record: RecordResult, as_of: str
) -> tuple[dict[str, str], dict[str, tuple[date, date]], list[tuple[Finding, tuple[str, str]]]]:
    """A record's dates as text and as days, and the findings that compare two of them."""
    pairs = [(f, pair) for _, f in record.findings if not f.waived and (pair := _pair(f))]
    if not pairs:
        return {}, {}, []
    dates = {**record.report.dates, "as_of": as_of}
    for f, _ in pairs:
        if f.rule == "X01" and "registered" in f.values:  # it may be the day of submission
            dates["registered"] = f.values["registered"]
    days = {name: span for name, text in dates.items() if (span := _span(text))}
    return dates, days, [(f, p) for f, p in pairs if p[0] in days and p[1] in days]


def strip(record: RecordResult, as_of: str) -> Strip | None:
    """The dates of a record; None where no finding compares two that are known."""
    dates, days, pairs = _known(record, as_of)
    if not pairs:
        return None
    named = {name for _, pair in pairs for name in pair}
    drawn = {name for _, begins, ends in _ROWS for name in (begins, ends) if name}
    shown = {n: days[n] for n in days if n in drawn and (n != "as_of" or n in named)}
    first = min(low for low, _ in shown.values())
    scale = WIDTH / max(1, (max(high for _, high in shown.values()) - first).days + 1)

    def place(low: date, high: date) -> tuple[int, int]:
        width = max(_LEAST, round(((high - low).days + 1) * scale))
        return min(round((low - first).days * scale), WIDTH - width), width

    tones: dict[str, Severity] = {}
    bands = []
    for f, (one, other) in sorted(pairs, key=lambda p: -SEVERITIES.index(p[0].severity)):
        tones[one] = tones[other] = f.severity
        earlier, later = sorted((days[one], days[other]))
        bands.append(Band(*place(earlier[0], later[0]), f.severity))
    rows = []
    for name, begins, ends in _ROWS:
        known = [shown[d] for d in (begins, ends) if d in shown]
        if not known:
            continue
        said = "–".join(dates.get(d, "?") for d in (begins, ends) if d and (d in shown or ends))
        tone = tones.get(begins) or (tones.get(ends) if ends else None)
        low, high = min(low for low, _ in known), max(high for _, high in known)
        rows.append(Row(name, said, *place(low, high), tone))
    ticks = _ticks(first, max(high for _, high in shown.values()), scale)
    return Strip(tuple(rows), tuple(bands), ticks, tuple(f for f, _ in pairs))


def _pair(f: Finding) -> tuple[str, str] | None:
    if f.values.get("part") == "recruitment" and f.rule in _OF_RECRUITMENT:
        return _OF_RECRUITMENT[f.rule]
    return COMPARED.get(f.rule)


def _ticks(first: date, last: date, scale: float) -> tuple[Tick, ...]:
    years = [
        y for y in range(first.year, min(last.year, date.max.year) + 1) if date(y, 1, 1) >= first
    ]
    step = -(-len(years) // _TICKS) or 1
    found = (Tick(y, round((date(y, 1, 1) - first).days * scale)) for y in years[::step])
    return tuple(tick for tick in found if tick.x < WIDTH)


def _span(text: str) -> tuple[date, date] | None:
    """The first and the last day that a date of any precision can mean; None for what is none."""
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            day = date(*numbers)
            return day, day
        if len(numbers) == 2:
            year, month = numbers
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if len(numbers) == 1:
            return date(numbers[0], 1, 1), date(numbers[0], 12, 31)
    except ValueError:
        return None
    return None
