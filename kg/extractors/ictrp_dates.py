"""Dates in a row of the WHO portal: when the trial was registered, when enrolment began."""

from __future__ import annotations

from typing import NamedTuple

from kg.extractors.ictrp_columns import Columns
from kg.fields import Fields
from kg.model import RecordEvent
from kg.said import Codes, Said, joined
from kg.values import PartialDate
from kg.words.who import day, either_order, word


def registered(f: Fields, at: Columns, issuer: str) -> Said[PartialDate] | None:
    """The registration date: the sortable column rules, the register's own form has to agree."""
    sortable = f.date(at["date registration3"], lambda text: day(text, issuer))
    if sortable is None or sortable.value is None:
        printed = f.date(at["date registration"], lambda text: day(text, issuer))
        return printed if printed is not None else sortable
    cell = f.cell(at["date registration"])
    if cell is None or not cell.text:
        return sortable
    told = sortable.value.text
    try:
        own = day(cell.text, issuer)
    except ValueError:
        own = None
    if (own and own.text == told) or told in either_order(cell.text):
        return joined(sortable.value, (sortable, cell.says(sortable.value)))
    why = f"{at['date registration3']} says {told}; that is kept"
    f.report("bad value", at["date registration"], why)
    return sortable


class Start(NamedTuple):
    """When enrolment began, how certain that is, and what else the columns tell."""

    date: Said[PartialDate] | None = None
    actual: tuple[str, ...] = ()
    estimated: tuple[str, ...] = ()
    events: tuple[RecordEvent, ...] = ()
    told_by: tuple[Said[str], ...] = ()


def start(f: Fields, at: Columns, issuer: str) -> Start:
    """When the first participant was enrolled; the EU register prints the authorisation there."""
    day_first = False if issuer == "ctgov" else None
    date = f.date(at["date enrollement"], lambda text: day(text, issuer, day_first=day_first))
    kind = f.string(at["type enrolment"])
    told = (kind,) if kind and kind.value else ()
    if told and not (date and date.value):
        f.left_over(kind, why="stands beside a date that is not given")
        told = ()
    if issuer == "euctr":
        event = RecordEvent(sort="study-authorised", date=date, told_by=told)
        return Start(None, events=(event,) if date else ())
    certainty: Said[Codes] | None = None
    if kind and kind.value:
        cell = f.cell(at["type enrolment"])
        assert cell is not None
        certainty = word(f, "date-certainty", cell, kind.value)
    names = ("tkg:recruitmentStart",) if date and date.value else ()
    codes = (certainty.value if certainty else None) or ()
    return Start(
        date,
        actual=names if "actual" in codes else (),
        estimated=names if "estimated" in codes else (),
        told_by=told,
    )
