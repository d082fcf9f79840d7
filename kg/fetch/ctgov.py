"""ClinicalTrials.gov, API v2: pages by token; later only what its own dates call changed.

Address and parameters: https://clinicaltrials.gov/data-api/api
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from kg.counted import counted
from kg.fetch.asking import Asking, Page, Stopped, Tally, walk
from kg.fetch.http import Answer, Refused, Request, Unanswered
from kg.fetch.kept import page_name
from kg.fetch.manifest import Entry
from kg.fetch.walls import json_of

BASE = "https://clinicaltrials.gov"
RATE = 50.0  # requests a minute
PAGE_SIZE = 1000  # the most that the API gives
LICENCE = (
    "ClinicalTrials.gov, U.S. National Library of Medicine; terms (attribution, no endorsement, "
    "parts under rights of others): https://clinicaltrials.gov/about-site/terms-conditions"
)
NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
WHAT = "studies"
IDS_AT_ONCE = 200  # trial numbers in one address
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T0-9:.Z+-]{0,30}", re.ASCII)
_TOKEN = re.compile(r"[\x21-\x7e]{0,4096}")


def fetch(asking: Asking) -> None:
    """Fetch what is asked for, or what changed of it since the last complete round."""
    wanted, outcome = asking.wanted, asking.outcome
    question = asking.question("ctgov", wanted.expression, sorted(set(wanted.ids)))
    begun = asking.unfinished(question) or _new_round(asking, question)
    if begun is None:
        return
    came: set[str] = set()
    announced: list[int | None] = []
    over = True
    for n in range(0, len(wanted.ids) or 1, IDS_AT_ONCE):
        lot = wanted.ids[n : n + IDS_AT_ONCE]
        stem = f"{WHAT}-{question}-r{begun.round}-{n // IDS_AT_ONCE + 1}"
        tally = Tally()
        try:
            for entry in walk(
                asking, begun, tally, WHAT, _asker(asking, begun, lot), read_page, _namer(stem)
            ):
                came.update(entry.ids)
                came.update(entry.also)
            outcome.problems += tally.problems(WHAT)
        except Stopped as stopped:
            over = stopped.over
        outcome.remarks += tally.repeated(WHAT)
        outcome.arrived += len(tally.times)
        announced.append(tally.total)
        if not over:
            break
    outcome.announced = sum(total or 0 for total in announced) if any(announced) else announced[0]
    if not over:
        return
    if not begun.since:
        outcome.problems += [
            f"{number}: ClinicalTrials.gov does not hold it"
            for number in wanted.ids
            if number not in came
        ]
    asking.ended(begun, outcome.announced, outcome.arrived)


def _new_round(asking: Asking, question: str) -> Entry | None:
    """A new round, or None where the registry says that nothing changed since the last one."""
    wanted, manifest = asking.wanted, asking.kept.manifest
    try:
        version = _version(asking)
    except Unanswered as error:
        asking.outcome.problems.append(f"/api/v2/version: {error}")
        return None
    last = manifest.last_round(question)
    end = manifest.end_of(last) if last else None
    since = ""
    if last and end and end.complete and not wanted.restart:
        if version and version == last.version:
            asking.outcome.remarks.append(
                f"nothing changed: the registry still stands at {version}"
            )
            manifest.add(Entry("unchanged", asking.time(), question, last.round, version=version))
            return None
        since = _since(last)
        asking.outcome.remarks.append(f"only what was updated on {since} or later")
    size = min(wanted.page_size or PAGE_SIZE, PAGE_SIZE, wanted.most or PAGE_SIZE)
    words = wanted.expression or (counted(len(wanted.ids), "number") if wanted.ids else "all")
    return asking.begun(question, words, version=version, since=since, page_size=size)


def _version(asking: Asking) -> str:
    """The moment that the registry's data stand at (UTC, by its word); empty when it says none."""

    def read(answer: Answer) -> str:
        told = json_of(answer)
        stamp = told.get("dataTimestamp") if isinstance(told, dict) else None
        return stamp if isinstance(stamp, str) and _STAMP.fullmatch(stamp) else ""

    try:
        _, stamp = asking.client.ask(asking.request("/api/v2/version"), read)
    except Refused as error:
        asking.outcome.remarks.append(f"the registry does not say how fresh it is: {error}")
        return ""
    return stamp or ""


def _since(last: Entry) -> str:
    """The first day whose updates the last round may have missed."""
    if last.version:
        return last.version[:10]
    # Our clock and the registry's calendar may be a day apart.
    return (date.fromisoformat(last.time[:10]) - timedelta(days=1)).isoformat()


def _asker(asking: Asking, begun: Entry, ids: Sequence[str]) -> Callable[[str], Request]:
    asked = {"format": "json", "countTotal": "true", "pageSize": str(begun.page_size)}
    if asking.wanted.expression:
        asked["query.term"] = asking.wanted.expression
    if ids:
        asked["filter.ids"] = ",".join(ids)
    if begun.since:
        asked["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{begun.since},MAX]"

    def request(token: str) -> Request:
        following = {"pageToken": token} if token else {}
        return asking.request(f"/api/v2/studies?{urlencode({**asked, **following})}")

    return request


def _namer(stem: str) -> Callable[[int, Page], str]:
    return lambda number, page: page_name(f"{stem}-p{number:05}", "json", record=bool(page.ids))


def read_page(answer: Answer) -> Page:
    """The studies of one page. Raises Cut and Refused as ``json_of``, and for other JSON."""
    told = json_of(answer)
    studies = told.get("studies") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(studies, list):
        raise Refused("JSON without a list of studies", answer.status)
    numbers: list[str] = []
    former: list[str] = []
    for study in studies:
        module = _inner(_inner(study, "protocolSection"), "identificationModule")
        number = module.get("nctId")
        if isinstance(number, str) and NUMBER.fullmatch(number):
            numbers.append(number)
            aliases = module.get("nctIdAliases")
            known = aliases if isinstance(aliases, list) else []
            former += [a for a in known if isinstance(a, str) and NUMBER.fullmatch(a)]
    total, token = told.get("totalCount"), told.get("nextPageToken") or ""
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise Refused("a page whose nextPageToken is none", answer.status)
    return Page(
        tuple(numbers),
        total if isinstance(total, int) and not isinstance(total, bool) else None,
        token,
        len(studies) - len(numbers),
        tuple(former),
    )


def _inner(value: object, name: str) -> dict[str, object]:
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}
