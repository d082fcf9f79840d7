"""EU CTIS: a search by pages, then each trial's record, when the search shows it changed.

The interface is the one that the public site itself uses; no document describes it. Pages count
from 1: page 0 answers with a total of 0, whatever is asked.
"""

from __future__ import annotations

import hashlib
import json
import re

from kg.fetch.asking import Asking, Page, Stopped, Tally, walk
from kg.fetch.http import Answer, Refused, Request
from kg.fetch.kept import page_name
from kg.fetch.records import Sought, fetch_named, fetch_records
from kg.fetch.walls import json_of

BASE = "https://euclinicaltrials.eu"
RATE = 30.0  # requests a minute
PAGE_SIZE = 100
LICENCE = (
    "EU Clinical Trials Information System, European Medicines Agency; reuse with its source: "
    "https://www.ema.europa.eu/en/about-us/about-website/legal-notice"
)
NUMBER = re.compile(r"20\d{2}-5\d{5}-\d{2}-\d{2}", re.ASCII)
WHAT = "trials"


def fetch(asking: Asking) -> None:
    """Fetch the trials that a search finds, or those with the given numbers."""
    wanted, outcome = asking.wanted, asking.outcome
    if wanted.ids:
        fetch_named(asking, [_sought(asking, number, "") for number in wanted.ids])
        return
    question = asking.question("ctis", wanted.expression)
    begun = asking.unfinished(question) or asking.begun(
        question, wanted.expression or "all", page_size=wanted.page_size or PAGE_SIZE
    )
    tally = Tally()
    states: dict[str, str] = {}

    def request(page: str) -> Request:
        return _search(asking, int(page or "1"), begun.page_size)

    stem = f"search-{question}-r{begun.round}"
    try:
        for entry in walk(
            asking, begun, tally, WHAT, request, read_search,
            lambda n, _: page_name(f"{stem}-p{n:05}", "json", record=False),
        ):  # fmt: skip
            states.update(zip(entry.ids, entry.states, strict=False))
        outcome.problems += tally.problems(WHAT)
        over = True
    except Stopped as stopped:
        over = stopped.over
    outcome.remarks += tally.repeated(WHAT)
    outcome.announced = tally.total
    left = fetch_records(asking, [_sought(asking, n, state) for n, state in states.items()], begun)
    if over and not left:
        asking.ended(begun, tally.total, outcome.arrived)


def _search(asking: Asking, page: int, size: int) -> Request:
    return asking.request(
        "/ctis-public-api/search",
        {
            "pagination": {"page": page, "size": size},
            "sort": {"property": "decisionDate", "direction": "DESC"},
            "searchCriteria": {"containAll": asking.wanted.expression or None},
        },
    )


def read_search(answer: Answer) -> Page:
    """The trial numbers of one page of a search, each with a digest of what the page says of it.

    Raises Cut and Refused as ``json_of``, and Refused for JSON of another shape.
    """
    told = json_of(answer)
    rows = told.get("data") if isinstance(told, dict) else None
    paging = told.get("pagination") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not isinstance(paging, dict):
        raise Refused("JSON that is no page of a search", answer.status)
    found: dict[str, str] = {}
    bad = 0
    for row in rows:
        number = row.get("ctNumber") if isinstance(row, dict) else None
        if isinstance(number, str) and NUMBER.fullmatch(number):
            text = json.dumps(row, sort_keys=True)
            # A row without its date of change would look the same for ever.
            told_when = isinstance(row.get("lastUpdated"), str)
            found[number] = hashlib.sha256(text.encode()).hexdigest()[:16] if told_when else ""
        else:
            bad += 1
    total = paging.get("totalRecords")
    asked = json.loads(answer.request.sent)["pagination"]
    announced = total if isinstance(total, int) and not isinstance(total, bool) else None
    more = paging.get("nextPage")
    if not isinstance(more, bool):
        more = announced is not None and asked["page"] * asked["size"] < announced
    return Page(
        tuple(found),
        announced,
        str(asked["page"] + 1) if more and rows else "",
        bad,
        states=tuple(found.values()),
    )


def _sought(asking: Asking, number: str, state: str) -> Sought:
    def read(answer: Answer) -> Page:
        told = json_of(answer)
        if not isinstance(told, dict) or told.get("ctNumber") != number:
            raise Refused(f"JSON that is not the record of {number}", answer.status)
        if "authorizedApplication" not in told and "authorizedPartI" not in told:
            raise Refused("a record without its application (part I)", answer.status)
        return Page((number,))

    return Sought(
        number, asking.request(f"/ctis-public-api/retrieve/{number}"), read, "json", state
    )
