"""Records one by one: each asked for once a round, conditionally when an earlier one is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from kg.counted import counted
from kg.fetch.asking import Asking, Page
from kg.fetch.http import Answer, Refused, Request, Unanswered
from kg.fetch.kept import record_name
from kg.fetch.manifest import Entry

MOST_FAILURES = 3  # records in a row without an answer before the host is left alone


class Sought(NamedTuple):
    """One record: how it is named to the user, asked for, read and filed."""

    name: str
    request: Request
    read: Callable[[Answer], Page]
    ending: str
    state: str = ""  # what a list says of it; while that stays the same it is not asked for again
    stem: str = ""  # of its file, where that is not the name


def fetch_records(asking: Asking, sought: Sequence[Sought], begun: Entry) -> int:
    """Fetch these records in a round; how many are left for a later run.

    None is left when every record came or was refused. A wall, or three records in a row without an
    answer, stops the round; the user's cap does too.
    """
    outcome = asking.outcome
    sought = list({one.request: one for one in sought}.values())
    capped = list(sought if asking.wanted.most is None else sought[: asking.wanted.most])
    left = failures = 0
    for n, one in enumerate(capped, start=1):
        try:
            if not _still_as_it_was(asking, one):
                asking.answer(begun, one.request, one.read, _namer(one), state=one.state)
            outcome.arrived += 1
            failures = 0
        except Refused as error:
            outcome.problems.append(f"{one.name}: {error}")
            failures = 0
            if error.wall:
                left += len(capped) - n + 1
                _leave(asking, left)
                break
        except Unanswered as error:
            outcome.problems.append(f"{one.name}: {error}")
            left += 1
            failures += 1
            if failures == MOST_FAILURES and n < len(capped):
                left += len(capped) - n
                _leave(asking, left)
                break
        asking.progress(f"of {len(capped):,} records:", n)
    if len(capped) < len(sought):
        outcome.remarks.append(f"stopped at the cap: {len(capped):,} of {len(sought):,} records")
    return left + len(sought) - len(capped)


def fetch_named(asking: Asking, sought: Sequence[Sought]) -> None:
    """Fetch the records that the user named, in a round of their own."""
    begun = records_round(asking, counted(len(sought), "record"))
    if not fetch_records(asking, sought, begun):
        asking.ended(begun, None, asking.outcome.arrived)


def records_round(asking: Asking, words: str) -> Entry:
    """The round that records by number or address belong to: the unfinished one, or a new one."""
    question = asking.question("records")
    return asking.unfinished(question) or asking.begun(question, words)


def _leave(asking: Asking, left: int) -> None:
    asking.outcome.problems.append(
        f"stopped there: {counted(left, 'record')} not fetched; the same command goes on with them "
        "later"
    )


def _still_as_it_was(asking: Asking, one: Sought) -> bool:
    """Whether the list says of a record what it said when the record that is here was fetched."""
    if not one.state or asking.wanted.restart:
        return False
    here = asking.kept.manifest.latest(one.request)
    same = here is not None and here.state == one.state and asking.kept.holds(here)
    asking.outcome.known += same
    return same


def _namer(one: Sought) -> Callable[[bytes, Page], str]:
    return lambda body, _: record_name(one.stem or one.name, body, one.ending)
