"""ISRCTN, its XML interface: a search by pages, or single records by number.

Address and parameters: https://www.isrctn.com/page/faqs#usingISRCTN (API documentation). The query
language has no reliable "changed since", so a second run asks for all pages again, conditionally.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from urllib.parse import urlencode

from kg.fetch.asking import Asking, Page, Stopped, Tally, walk
from kg.fetch.http import Answer, Cut, Refused, Request
from kg.fetch.kept import page_name
from kg.fetch.records import Sought, fetch_named
from kg.fetch.walls import checked

BASE = "https://www.isrctn.com"
RATE = 30.0  # requests a minute
PAGE_SIZE = 100
LICENCE = "ISRCTN registry, BMC (Springer Nature); terms: https://www.isrctn.com/page/terms"
NUMBER = re.compile(r"ISRCTN\d{8}", re.ASCII)
WHAT = "trials"


def fetch(asking: Asking) -> None:
    """Fetch the trials that a search finds, or those with the given numbers."""
    wanted = asking.wanted
    if wanted.ids:
        fetch_named(asking, [_sought(asking, number) for number in wanted.ids])
        return
    question = asking.question("isrctn", wanted.expression)
    size = min(wanted.page_size or PAGE_SIZE, wanted.most or PAGE_SIZE)
    begun = asking.unfinished(question) or asking.begun(
        question, wanted.expression or "all", page_size=size
    )
    tally = Tally()
    over = True
    stem = f"{WHAT}-{question}-r{begun.round}"
    try:
        for _ in walk(
            asking,
            begun,
            tally,
            WHAT,
            _asker(asking, begun.page_size),
            read_page,
            lambda n, page: page_name(f"{stem}-p{n:05}", "xml", record=bool(page.ids)),
        ):
            pass
        asking.outcome.problems += tally.problems(WHAT)
    except Stopped as stopped:
        over = stopped.over
    asking.outcome.remarks += tally.repeated(WHAT)
    asking.outcome.announced, asking.outcome.arrived = tally.total, len(tally.times)
    if over:
        asking.ended(begun, tally.total, len(tally.times))


def _asker(asking: Asking, size: int) -> Callable[[str], Request]:
    def request(offset: str) -> Request:
        asked = {"q": asking.wanted.expression, "limit": size, "offset": offset or "0"}
        return asking.request(f"/api/query/format/default?{urlencode(asked)}")

    return request


def _sought(asking: Asking, number: str) -> Sought:
    def read(answer: Answer) -> Page:
        page = _read(answer)
        if number not in page.ids:
            raise Refused(f"an answer that holds no {number}", answer.status)
        return page

    return Sought(number, asking.request(f"/api/trial/{number}/format/default"), read, "xml")


def read_page(answer: Answer) -> Page:
    """The trials of one page of a search, and the offset of the next page.

    Raises Cut where the XML ends too early, and Refused for anything but a list of trials.
    """
    page = _read(answer)
    if page.total is None:
        raise Refused("XML without an announced total", answer.status)
    offset = int((re.findall(r"[?&]offset=(\d+)", answer.request.address) or ["0"])[-1])
    reached = offset + len(page.ids) + page.bad
    more = reached > offset and reached < page.total
    return page._replace(next=str(reached) if more else "")


def _read(answer: Answer) -> Page:
    body = checked(answer, "XML")
    if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body:
        raise Refused("XML with declarations of its own, not read", answer.status)
    try:
        root = ET.fromstring(body)
    except ET.ParseError as error:
        raise Cut(f"an answer of {len(body):,} bytes that is no whole XML ({error})") from None
    total = root.get("totalCount", "")
    trials = [e for e in root.iter() if _local(e) == "trial"]
    numbers = [f"ISRCTN{text}" for e in trials if (text := _number(e))]
    announced = int(total) if re.fullmatch(r"[0-9]{1,9}", total) else None
    if announced is None and not trials:
        raise Refused(f"XML ({_local(root)[:40]}) that holds no trial", answer.status)
    return Page(tuple(numbers), announced, "", len(trials) - len(numbers))


def _local(element: ET.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _number(trial: ET.Element) -> str:
    texts = (e.text for e in trial if _local(e) == "isrctn")
    plain = (next(texts, "") or "").strip().upper().removeprefix("ISRCTN")
    return plain if re.fullmatch(r"[0-9]{8}", plain) else ""
