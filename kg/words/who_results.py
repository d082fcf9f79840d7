"""Results and data sharing as the WHO platform and its registries exchange them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from kg import values
from kg.fields import Fields
from kg.model import RecordEvent, Reference
from kg.said import Blank, Codes, Said, Texts
from kg.values import PartialDate, is_placeholder
from kg.words.who import day, line, text_in, web_addresses, word

# Columns of posted results, which are no part of a registration.
TABLES = (
    "results baseline char",
    "results participant flow",
    "results adverse events",
    "results outcome measures",
)


class Results(NamedTuple):
    """When the trial ended, what was published of it, and whether its data are shared."""

    completed: Said[PartialDate] | None = None
    posted: Said[PartialDate] | None = None
    enrolled: Said[int] | None = None
    summary: Texts | None = None
    links: tuple[Said[str], ...] = ()
    references: tuple[Reference, ...] = ()
    events: tuple[RecordEvent, ...] = ()
    sharing: Said[Codes] | None = None
    plan: Texts | None = None
    blanks: tuple[Blank, ...] = ()


def results(f: Fields, at: Mapping[str, str], issuer: str) -> Results:
    """The results of a record; ``at`` gives the label of each column by its plain name."""
    f.skip(
        *(at[name] for name in TABLES),
        why="results of the trial; that they are posted is in the graph",
    )

    def parse(text: str) -> PartialDate | None:
        return day(text, issuer)

    published = f.date(at["results date first publication"], parse)
    events: tuple[RecordEvent, ...] = ()
    blanks: list[Blank] = []
    if published is not None and published.value:
        events = (RecordEvent(sort="results-published", date=published),)
    elif published is not None and not published.refused:
        blanks.append(Blank("eventDate", published.line, published.path))
    protocols = web_addresses(f, at["results url protocol"])
    references = tuple(
        Reference(links=(link,), sort=link.but(("protocol",), "")) for link in protocols
    )
    for label, name in (
        (at["results url link"], "resultsLink"),
        (at["results url protocol"], "hasReference"),
    ):
        blanks += f.blanks(name, plain=label)
    return Results(
        completed=f.date(at["results date completed"], parse),
        posted=f.date(at["results date posted"], parse),
        enrolled=f.said(at["results actual enrollment"], _enrolled),
        summary=text_in(f, at["results summary"], long=True),
        links=web_addresses(f, at["results url link"]),
        references=references,
        events=events,
        sharing=_sharing(f, at["results ipd plan"]),
        plan=text_in(f, at["results ipd description"], long=True),
        blanks=tuple(blanks),
    )


def _enrolled(text: str) -> int | None:
    """How many were enrolled; registers print 0 until they know."""
    return values.count(text) or None


_ANSWER = re.compile(r"(yes|no|undecided)\s*(?:$|[-–—:;,(]|\.(?:$|\s+[^\W\d]))", re.IGNORECASE)


def _sharing(f: Fields, label: str) -> Said[Codes] | None:
    """Whether data are shared: a word alone, or before a mark (``Yes - There is a plan …``).

    The first word of a sentence is no answer: "No later than 2027 we will share".
    """
    cell = f.cell(label)
    if cell is None:
        return None
    text = line(cell.text)
    answer = _ANSWER.match(text)
    if not answer and (not text or is_placeholder(text)):
        return cell.says(None)
    return word(f, "answer", cell, answer[1] if answer else text, "ictrp")
