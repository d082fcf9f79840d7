"""ChiCTR: pages of records, one by one and slowly, by address or by registration number.

The address of a page holds a number of another series (``proj=``), so a registration number is
first looked up in the registry's own search list. There is no interface for programs: its
robots.txt is obeyed, and a bot check or login wall ends the fetch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from urllib.robotparser import RobotFileParser

from kg.codes import CHINESE
from kg.contacts.masking import masked
from kg.counted import counted
from kg.fetch.asking import Asking, Page
from kg.fetch.hosts import ForbiddenHost, origin
from kg.fetch.http import Answer, Refused, Request, Unanswered
from kg.fetch.kept import page_name
from kg.fetch.manifest import Entry
from kg.fetch.records import Sought, fetch_records, records_round
from kg.fetch.walls import checked, is_web_page, text_of, title, wall
from kg.identifiers import find
from kg.values import one_line

BASE = "https://www.chictr.org.cn"
RATE = 6.0  # requests a minute
LICENCE = (
    "Chinese Clinical Trial Registry: no licence for reuse is stated that is known to kg; "
    "ask the registry before passing pages on"
)
HOSTS = frozenset({"www.chictr.org.cn", "chictr.org.cn", "www.chictr.org", "chictr.org"})
ROBOT = "trialkg"  # our name in robots.txt
_PROJECT = re.compile(r"showproj(?:EN)?\.html\?proj=([0-9]{1,12})\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_NAMES = re.compile(r"(?:proj|id|regno|path|v)=[A-Za-z0-9.]+")


def _shown(text: str) -> str:
    return masked(one_line(text))[:60]


class _Line(NamedTuple):
    """One line of the user's list: an address below the registry's, or a registration number."""

    name: str
    path: str = ""
    number: str = ""


def fetch(asking: Asking) -> None:
    """Fetch the pages that the lines name; blank lines and lines that begin with # are passed."""
    wanted = list(dict.fromkeys(_lines(asking, asking.wanted.lines)))
    most = asking.wanted.most
    if most is not None and len(wanted) > most:
        asking.outcome.remarks.append(f"stopped at the cap: {most:,} of {len(wanted):,} lines")
    wanted = wanted[:most]
    if not wanted:
        return
    begun = records_round(asking, counted(len(wanted), "page"))
    try:
        rules = _rules(asking)
        sought = list(_sought(asking, begun, wanted, rules))
    except _Closed as closed:
        asking.outcome.problems.append(f"{closed}; the same command goes on later")
        return
    if not fetch_records(asking, sought, begun):
        asking.ended(begun, None, asking.outcome.arrived)


class _Closed(Exception):
    """The host is not to be asked any more now, in words."""


def _lines(asking: Asking, lines: Iterable[str]) -> Iterator[_Line]:
    own = origin(asking.wanted.base)[1]
    for n, line in enumerate(lines, start=1):
        text = line.lstrip("\ufeff").strip()
        if not text or text.startswith("#"):
            continue
        numbers = find(text)
        if "://" in text:
            try:
                host = origin(text)[1]
            except ForbiddenHost as error:
                asking.outcome.problems.append(f"line {n}: {error}")
                continue
            if (host in HOSTS or host == own) and not re.search(r"[\s\x00-\x1f\\]", text):
                parts = urlsplit(text)
                path = parts.path + (f"?{parts.query}" if parts.query else "")
                yield _Line(f"line {n}: {path[:120]}", path)
            else:
                asking.outcome.problems.append(f"line {n}: no address of ChiCTR ({host})")
        elif len(numbers) == 1 and numbers[0].registry == "chictr" and len(text) < 40:
            yield _Line(numbers[0].number, number=numbers[0].number)
        else:
            asking.outcome.problems.append(
                f"line {n}: neither an address nor a number of ChiCTR: {_shown(text)}"
            )


def _sought(
    asking: Asking, begun: Entry, wanted: Sequence[_Line], rules: RobotFileParser
) -> Iterator[Sought]:
    for n, line in enumerate(wanted, start=1):
        path = line.path or _looked_up(asking, begun, line.number, rules)
        asking.progress(f"of {len(wanted):,} lines looked up:", n)
        if not path:
            continue
        request = asking.request(path)
        if not rules.can_fetch(ROBOT, request.address):
            asking.outcome.problems.append(f"{line.name}: robots.txt does not allow it: not asked")
            continue
        yield _page(line, request)


def _page(line: _Line, request: Request) -> Sought:
    def read(answer: Answer) -> Page:
        numbers = read_record(answer)
        # Other numbers on the page are those of other trials that it mentions.
        if line.number and line.number != numbers[0]:
            raise Refused(f"the page of {numbers[0]}, not of this number", answer.status)
        return Page((line.number or numbers[0],))

    parts = urlsplit(request.address)
    file = parts.path.rsplit("/", 1)[-1]
    stem = f"{file.split('.')[0]} {' '.join(_NAMES.findall(parts.query))}"
    ending = "xml" if "xml" in file.lower() else "html"
    return Sought(line.name, request, read, ending, stem=stem)


def read_record(answer: Answer) -> list[str]:
    """The registration numbers on a record's page, its own first. Raises Refused for other pages.

    A record prints its number under the label ``注册号``; the answer to an unknown address, the
    firewall's script and search lists do not.
    """
    text = text_of(answer.body)
    label = text.find("注册号")
    form = "left_title" in text or "hvshowproject" in answer.request.address
    numbers = [n.number for n in find(text[max(label, 0) :]) if n.registry in CHINESE]
    if answer.status == 200 and is_web_page(answer.body):
        if label >= 0 and form and numbers:
            return numbers
        if "data-total" in text:
            raise Refused("a search list, no record", 200, final=True)
        if wall(text):
            raise Refused(f"{wall(text)} in place of a record", 200, wall=True)
        raise Refused(
            f"a page{title(text)} of {len(answer.body):,} bytes without a registration number", 200,
            final=True,
        )  # fmt: skip
    checked(answer, "a record")
    if not numbers:
        raise Refused("an answer without a registration number", answer.status, final=True)
    return numbers


def _looked_up(asking: Asking, begun: Entry, number: str, rules: RobotFileParser) -> str:
    """The path of a number's page, from the search list; empty when the list does not show it."""
    request = asking.request(f"/searchproj.html?{urlencode({'regno': number, 'btngo': 'btn'})}")
    known = asking.kept.manifest.latest(request)
    if known is None or number not in known.ids or not asking.kept.holds(known):
        if not rules.can_fetch(ROBOT, request.address):
            asking.outcome.problems.append(f"{number}: robots.txt does not allow the search list")
            return ""
        try:
            known = asking.answer(
                begun,
                request,
                read_list,
                lambda _body, _page: page_name(
                    f"search-{number}-r{begun.round}", "html", record=False
                ),
            )
        except (Refused, Unanswered) as error:
            if isinstance(error, Unanswered) or error.wall:
                raise _Closed(f"search for {number}: {error}") from None
            asking.outcome.problems.append(f"{number}: the search list: {error}")
            return ""
    if number not in known.ids:
        asking.outcome.problems.append(
            f"{number}: the registry's search list does not show it "
            f"({known.total or 0:,} results for this number)"
        )
        return ""
    project = known.states[known.ids.index(number)]
    return f"/showproj.html?{urlencode({'proj': project})}"


def read_list(answer: Answer) -> Page:
    """The registration numbers of one page of the search list, with the ``proj`` of each.

    Raises Refused for a page that is no search list.
    """
    text = text_of(answer.body)
    total = re.search(r"""id=["']data-total(?:EN)?["'][^<>]{0,300}>\s*([0-9]{1,9})\b""", text)
    if answer.status != 200 or total is None:
        if wall(text):
            raise Refused(f"{wall(text)} in place of the search list", answer.status, wall=True)
        if answer.status == 200:
            raise Refused(f"a page{title(text)} that is no search list", 200)
        checked(answer, "the search list")
        raise Refused("an answer that is no search list", answer.status)
    found = {}
    for row in re.split(r"<tr\b", text):
        project = _PROJECT.search(row)
        numbers = [n.number for n in find(_TAG.sub(" ", row)) if n.registry == "chictr"]
        if project and numbers:
            found[numbers[0]] = project[1]
    return Page(tuple(found), int(total[1]), states=tuple(found.values()))


def _rules(asking: Asking) -> RobotFileParser:
    """The registry's robots.txt; its Crawl-delay slows the client down.

    No such file (any 4xx) forbids nothing; a host that cannot answer is not asked (RFC 9309).
    """
    rules = RobotFileParser()
    request = Request(asking.request("/robots.txt").address)

    def read(answer: Answer) -> list[str]:
        text = text_of(answer.body[:512_000])
        if wall(text):
            raise Refused(f"{wall(text)} in place of robots.txt", answer.status, wall=True)
        plain = answer.status == 200 and not is_web_page(answer.body)
        if not plain and not 200 <= answer.status < 500:
            raise Refused(f"status {answer.status} for robots.txt", answer.status, wall=True)
        return text.splitlines() if plain else []

    try:
        _, lines = asking.client.ask(request, read)
    except (Refused, Unanswered) as error:
        raise _Closed(f"robots.txt: {error}") from None
    rules.parse(lines or [])
    if not rules.can_fetch(ROBOT, asking.request("/showproj.html").address):
        asking.outcome.remarks.append("robots.txt keeps programs away from pages of records")
    delay = rules.crawl_delay(ROBOT)
    if delay is not None and float(delay) > asking.client.pause:
        asking.client.pause = float(delay)
        asking.outcome.remarks.append(f"robots.txt asks for {float(delay):g} s between requests")
    return rules
