"""Fetching from registries: paging, faults, resuming, second runs. All on the loopback."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import ending
from registry_server import LOGIN, WALL, cut, page, redirect, serving, status, study

from kg.errors import ToolError
from kg.fetch import fetch, walls
from kg.fetch.asking import Outcome
from kg.fetch.chictr import read_list
from kg.fetch.http import Answer, Refused, Request
from kg.fetch.kept import Kept

NUMBERS = [f"ISRCTN9999990{n}" for n in range(1, 8)]
TRIALS = {f"2026-52699{n}-10-00": "05/01/2026" for n in range(1, 8)}
PROJECTS = {700 + n: f"ChiCTR269999000{n}" for n in range(1, 5)}


class Waits:
    """A clock on which waiting takes no time and is written down."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.long: list[float] = []  # waits of a second and more

    def now(self) -> datetime:
        return datetime(2026, 1, 10, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def ticks(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if seconds >= 1:
            self.long.append(seconds)


def get(server: Any, out: Path, registry: str, *words: str, **options: Any) -> Outcome:
    settings = {"rate": 1e6, "clock": Waits(), "base_url": server.base, **options}
    return fetch(registry, out, *words, **settings)


def studies_in(out: Path) -> list[str]:
    """Trial numbers in the raw pages that kg build would read, each as often as it is there."""
    found = []
    for file in sorted((out / "raw" / "ctgov").glob("[!.]*.json")):
        for one in json.loads(file.read_bytes())["studies"]:
            found.append(one["protocolSection"]["identificationModule"]["nctId"])
    return found


def manifest(out: Path, registry: str = "ctgov") -> list[dict[str, Any]]:
    path = out / "raw" / registry / ".manifest.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# -- ClinicalTrials.gov ---------------------------------------------------------------------------


def test_every_page_is_kept_as_it_came_with_its_line_in_the_manifest(tmp_path):
    import hashlib

    with serving(studies=[study(n) for n in range(25)]) as server:
        outcome = get(server, tmp_path, "ctgov", "cancer", page_size=10)
        (first, *_) = server.asked("/studies")
    assert outcome.complete, outcome.problems
    assert (outcome.announced, outcome.arrived, outcome.new) == (25, 25, 3)
    assert len(set(studies_in(tmp_path))) == len(studies_in(tmp_path)) == 25
    assert "query.term=cancer" in first
    answers = [line for line in manifest(tmp_path) if line["what"] == "answer"]
    for line in answers:
        body = (tmp_path / "raw" / "ctgov" / line["file"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == line["sha256"]
        assert line["status"] == 200
        assert line["time"].startswith("2026-01-10T12:00")
        assert "clinicaltrials.gov" in line["licence"]
        assert line["address"].startswith(f"{server.base}/api/v2/studies?")


def test_requests_say_who_asks_and_keep_the_pace(tmp_path):
    clock = Waits()
    with serving(studies=[study(n) for n in range(30)]) as server:
        get(server, tmp_path, "ctgov", "x", page_size=10, rate=30, clock=clock)
        assert {a.headers["user-agent"].split("/")[0] for a in server.log} == {"trialkg"}
    assert len(clock.long) == 3
    assert clock.seconds >= 3 * 60 / 30 - 0.01


def test_retry_after_is_kept_to_in_seconds_and_as_a_date(tmp_path):
    clock = Waits()
    until = (clock.now() + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", status(429, Retry_After="40"), status(503, Retry_After=until))
        outcome = get(server, tmp_path, "ctgov", "x", clock=clock)
    assert outcome.complete
    assert clock.long[0] == 40
    assert 49 <= clock.long[1] <= 50


def test_waits_double_and_end_after_six_tries(tmp_path):
    clock = Waits()
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", *[status(500)] * 6)
        outcome = get(server, tmp_path, "ctgov", "x", clock=clock)
        assert len(server.asked("/studies")) == 6
        assert clock.long == [2, 4, 8, 16, 32]
        assert "status 500; given up after 6 tries" in outcome.problems[0]
        assert get(server, tmp_path, "ctgov", "x").complete


def test_a_server_that_asks_for_hours_is_left_alone(tmp_path):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", status(429, Retry_After="7200"))
        outcome = get(server, tmp_path, "ctgov", "x")
        assert len(server.asked("/studies")) == 1
    assert "7,200 s of rest" in outcome.problems[0]


@pytest.mark.parametrize(
    "fault",
    [
        cut(0.4),
        lambda given: given._replace(body=given.body[:-9]),
        lambda given: given._replace(body=b""),
        status(502),
    ],
    ids=["connection cut", "JSON cut, length agrees", "empty body", "502"],
)
def test_an_answer_that_is_not_whole_is_asked_for_again(tmp_path, fault):
    with serving(studies=[study(n) for n in range(20)]) as server:
        server.lay("pageToken", fault, fault)
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
        assert len(server.asked("pageToken")) == 3
    assert outcome.complete, outcome.problems
    assert len(studies_in(tmp_path)) == 20


def test_a_total_that_changes_while_pages_come_is_said_and_the_next_run_begins_anew(tmp_path):
    with serving(studies=[study(n) for n in range(20)], totals=[20, 21]) as server:
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
        assert any("changed from 20 to 21" in problem for problem in outcome.problems)
        assert any("21 studies announced, 20 arrived" in problem for problem in outcome.problems)
        assert get(server, tmp_path, "ctgov", "x", page_size=10).complete


def test_fewer_studies_than_announced_is_never_silent(tmp_path):
    with serving(studies=[study(n) for n in range(5)], totals=[9]) as server:
        outcome = get(server, tmp_path, "ctgov", "x")
    assert outcome.problems == ["9 studies announced, 5 arrived: 4 are missing"]


def test_numbers_that_come_on_two_pages_are_counted_once_and_said(tmp_path):
    with serving(studies=[study(n) for n in range(30)], overlap=2) as server:
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
    assert outcome.complete
    assert outcome.arrived == 30
    assert any(remark.startswith("4 studies came more than once") for remark in outcome.remarks)


def test_pages_that_lead_in_a_circle_end_the_fetch(tmp_path):
    def same(given: Any) -> Any:
        told = {**json.loads(given.body), "nextPageToken": "YXQgMTA="}
        return given._replace(body=json.dumps(told).encode())

    with serving(studies=[study(n) for n in range(20)]) as server:
        server.lay("pageToken", *[same] * 9)
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
        assert len(server.asked("/studies")) == 2
    assert any("circle" in problem for problem in outcome.problems)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (page(WALL), "a bot check (a script that sets the cookie acw_sc__v2)"),
        (page(LOGIN), "a login wall"),
        (page(b"<!DOCTYPE html><html><title>Sorry</title>"), "a web page (Sorry) in place of JSON"),
        (page(b"[1]"), "JSON without a list of studies"),
        (status(403), "status 403: this client is not let in"),
        (status(400), "status 400: busy"),
    ],
    ids=["bot check", "login", "web page", "other JSON", "403", "400"],
)
def test_an_answer_that_is_no_page_of_studies_is_one_clear_line_and_not_kept(
    tmp_path, fault, words
):
    with serving(studies=[study(n) for n in range(20)]) as server:
        server.lay("pageToken", fault)
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
        assert len(outcome.problems) == 1
        assert words in outcome.problems[0]
        assert len(studies_in(tmp_path)) == 10
        assert [line["what"] for line in manifest(tmp_path)][-1] == "refused"
        assert get(server, tmp_path, "ctgov", "x", page_size=10).complete
        assert len(server.asked("/studies")) == 3


def test_studies_without_a_number_are_counted_and_said(tmp_path):
    with serving(studies=[study(1), {"protocolSection": {"identificationModule": {}}}]) as server:
        server.studies[1]["protocolSection"]["statusModule"] = {}
        outcome = get(server, tmp_path, "ctgov", "x")
    assert outcome.problems[0].startswith("1 entries without a trial number")


def test_a_second_run_of_an_unchanged_registry_asks_for_no_study(tmp_path):
    with serving(studies=[study(n) for n in range(20)]) as server:
        get(server, tmp_path, "ctgov", "x")
        before = len(server.log)
        outcome = get(server, tmp_path, "ctgov", "x")
        assert [asked.path for asked in server.log[before:]] == ["/api/v2/version"]
    assert outcome.complete
    assert outcome.remarks == ["nothing changed: the registry still stands at 2026-01-10T09:00:00"]


def test_a_second_run_fetches_what_changed_beside_what_is_there(tmp_path):
    with serving(studies=[study(n) for n in range(20)]) as server:
        get(server, tmp_path, "ctgov", "x", page_size=5)
        old = {p.name: p.read_bytes() for p in (tmp_path / "raw" / "ctgov").glob("*.json")}
        server.studies[3] = study(3, "2026-01-12")
        server.studies.append(study(20, "2026-01-11"))
        server.version = "2026-01-12T09:00:00"
        outcome = get(server, tmp_path, "ctgov", "x", page_size=5)
        assert "RANGE%5B2026-01-10%2CMAX%5D" in server.asked("/studies")[-1]
    assert (outcome.complete, outcome.arrived) == (True, 2)
    files = {p.name: p.read_bytes() for p in (tmp_path / "raw" / "ctgov").glob("*.json")}
    assert len(files) == len(old) + 1
    assert {name: files[name] for name in old} == old
    assert len(studies_in(tmp_path)) == 22


def test_a_registry_that_does_not_say_how_fresh_it_is_is_asked_by_our_clock(tmp_path):
    with serving(studies=[study(n) for n in range(4)]) as server:
        for _ in range(2):
            server.lay("/version", status(404))
            assert get(server, tmp_path, "ctgov", "x").complete
        assert "RANGE%5B2026-01-09%2CMAX%5D" in server.asked("/studies")[-1]


def test_numbers_are_asked_for_in_lots_and_missing_ones_are_named(tmp_path):
    numbers = [f"NCT{9999000 + n:08}" for n in range(450)]
    with serving(studies=[study(n) for n in range(449)]) as server:
        outcome = get(server, tmp_path, "ctgov", ids=numbers)
        assert len(server.asked("/studies")) == 3
    assert outcome.arrived == 449
    assert outcome.problems == [f"{numbers[-1]}: ClinicalTrials.gov does not hold it"]


def test_a_study_that_is_asked_for_by_its_former_number_is_not_missing(tmp_path):
    def renamed(given: Any) -> Any:
        told = study(2)
        told["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT09999001"]
        return given._replace(body=json.dumps({"studies": [told], "totalCount": 1}).encode())

    with serving() as server:
        server.lay("/studies", renamed)
        outcome = get(server, tmp_path, "ctgov", ids=["NCT09999001"])
    assert outcome.problems == []


def test_a_cap_is_said_and_a_run_without_it_goes_on_from_there(tmp_path):
    with serving(studies=[study(n) for n in range(30)]) as server:
        first = get(server, tmp_path, "ctgov", "x", page_size=10, most=10)
        assert any("stopped at the cap: 10 of 30 studies" in line for line in first.remarks)
        assert first.complete
        second = get(server, tmp_path, "ctgov", "x", page_size=10)
        assert (second.arrived, second.known, second.new) == (30, 1, 2)


HOSTILE = {
    "a token that is no text": b'{"studies": [], "nextPageToken": "\\ud800"}',
    "a token that is a number": b'{"studies": [], "nextPageToken": 7}',
    "a number of 5,000 digits": b'{"studies": [], "totalCount": ' + b"9" * 5000 + b"}",
    "deep": b"[" * 200_000,
    "studies that are none": b'{"studies": [1, null, {"protocolSection": [1]}], "totalCount": 3}',
    "numbers that are none": b'{"studies": [{"protocolSection": {"identificationModule": '
    b'{"nctId": "../../etc/passwd"}}}], "totalCount": true}',
    "bytes": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_a_problem_and_never_a_fault(tmp_path, name):
    with serving() as server:
        server.lay("/studies", *[lambda given: given._replace(body=HOSTILE[name])] * 6)
        outcome = get(server, tmp_path, "ctgov", "x")
    assert outcome.problems
    assert studies_in(tmp_path) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "-5"},
        {"Retry_After": "Mon, 99 Foo 99999 99:99:99 GMT"},
        {"Retry_After": "1e9"},
        {"Retry_After": ""},
        {"Content_Encoding": "gzip"},
    ],
    ids=str,
)
def test_headers_that_make_no_sense_are_as_good_as_none(tmp_path, headers):
    clock = Waits()
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", status(503, **headers))
        assert get(server, tmp_path, "ctgov", "x", clock=clock).complete
    assert clock.long == [2]


@pytest.mark.parametrize("target", ["http://[", "", "http:///", "javascript:alert(1)"])
def test_a_redirect_that_is_no_address_is_a_problem(tmp_path, target):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", *[redirect(target)] * 9)
        outcome = get(server, tmp_path, "ctgov", "x")
    assert len(outcome.problems) == 1


def test_rows_of_ctis_that_are_no_trials_are_counted_and_said(tmp_path):
    body = (
        b'{"pagination": {"totalRecords": 3}, "data": [1, {"ctNumber": []}, {"ctNumber": "../x"}]}'
    )
    with serving() as server:
        server.lay("/search", lambda given: given._replace(body=body))
        outcome = get(server, tmp_path, "ctis", "x")
    assert outcome.problems[0].startswith("3 entries without a trial number")


# -- resuming -------------------------------------------------------------------------------------


def test_a_half_written_line_is_cut_off_and_only_its_request_is_repeated(tmp_path):
    with serving(studies=[study(n) for n in range(40)]) as server:
        server.lay("pageToken=YXQgMzA", *[status(500)] * 6)
        get(server, tmp_path, "ctgov", "x", page_size=10)
        path = tmp_path / "raw" / "ctgov" / ".manifest.jsonl"
        path.write_bytes(path.read_bytes()[:-30])
        before = len(server.log)
        outcome = get(server, tmp_path, "ctgov", "x", page_size=10)
        again = [asked.path for asked in server.log[before:]]
        assert outcome.complete, outcome.problems
        assert [p.split("pageToken=")[1][:7] for p in again] == ["YXQgMjA", "YXQgMzA"]
    assert any("1 unreadable line in" in remark for remark in outcome.remarks)
    assert [line["what"] for line in manifest(tmp_path)] == ["round", *["answer"] * 4, "end"]
    assert sorted(studies_in(tmp_path)) == sorted(f"NCT{9999000 + n:08}" for n in range(40))


def test_a_raw_file_that_was_changed_or_lost_is_fetched_again(tmp_path):
    with serving(studies=[study(n) for n in range(30)]) as server:
        get(server, tmp_path, "ctgov", "x", page_size=10, most=10)
        (file,) = (tmp_path / "raw" / "ctgov").glob("*.json")
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        assert get(server, tmp_path, "ctgov", "x", page_size=10).complete
        assert file.read_bytes() == whole
        assert len(server.asked("/studies")) == 4


@pytest.mark.parametrize(
    "line",
    [
        b'{"what":"answer","time":"","address":"x","file":"../../outside","sha256":"0"}\n',
        b'{"what":"answer","time":7}\n',
        b"[]\n",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
    ],
    ids=["file outside", "number for text", "list", "bytes", "deep"],
)
def test_a_line_that_kg_did_not_write_is_passed_over_and_said(tmp_path, line):
    folder = tmp_path / "raw" / "ctgov"
    folder.mkdir(parents=True)
    (folder / ".manifest.jsonl").write_bytes(line)
    with serving(studies=[study(1)]) as server:
        outcome = get(server, tmp_path, "ctgov", "x")
    assert outcome.complete
    assert any("1 unreadable line in" in remark for remark in outcome.remarks)


def test_two_fetches_into_one_folder_do_not_mix(tmp_path):
    pytest.importorskip("fcntl")
    from kg.fetch.kept import Kept

    with Kept(tmp_path, "ctgov"), pytest.raises(ToolError, match="another kg fetch"):
        Kept(tmp_path, "ctgov")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "raw").symlink_to(tmp_path / "elsewhere")
    with serving() as server, pytest.raises(ToolError, match="leads out of"):
        get(server, tmp_path / "out", "ctgov", "x")


# -- hosts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{port}/api/v2/studies",
        "http://127.0.0.1:1/",
        "https://example.org/",
        "file:///etc/passwd",
        "http://user:secret@127.0.0.1:{port}/",
        "//example.org/x",
    ],
)
def test_a_redirect_to_another_host_is_refused(tmp_path, target):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", redirect(target.format(port=server.base.rsplit(":", 1)[1])))
        outcome = get(server, tmp_path, "ctgov", "x")
        assert len(server.asked("/studies")) == 1
    assert len(outcome.problems) == 1
    assert "secret" not in outcome.problems[0]


def test_a_redirect_on_the_same_host_is_followed_and_endless_ones_are_not(tmp_path):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies$", redirect("/api/v2/studies?n=0"))
        server.lay("/studies[?]format", redirect("/api/v2/studies?pageSize=5&countTotal=true"))
        assert get(server, tmp_path / "1", "ctgov", "x").complete
        server.lay("/studies", *[redirect(f"/api/v2/studies?n={n}") for n in range(9)])
        outcome = get(server, tmp_path / "2", "ctgov", "x")
    assert "more than 5 redirects" in outcome.problems[0]


def test_a_host_at_a_private_address_is_not_talked_to_unless_the_user_named_it():
    from kg.fetch.http import Client, Refused, Request

    with serving() as server:
        port = server.base.rsplit(":", 1)[1]
        for host in ("127.0.0.1", "localhost"):
            with (
                Client(Waits(), 1e6, 5, named_host="clinicaltrials.gov") as client,
                pytest.raises(Refused, match="private or reserved address"),
            ):
                client.ask(Request(f"http://{host}:{port}/api/v2/version"), lambda a: a)
        assert server.log == []


def test_an_answer_larger_than_the_cap_is_refused_and_said(tmp_path, monkeypatch):
    from kg.fetch import http

    monkeypatch.setattr(http, "LARGEST", 1 << 20)
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", lambda given: given._replace(body=b" " * (3 << 20)))
        outcome = get(server, tmp_path, "ctgov", "x")
    assert "an answer of more than 1 MiB" in outcome.problems[0]


def test_an_answer_that_drips_is_left_when_its_time_is_over(tmp_path, monkeypatch):
    """Each byte comes in time, the last one never: no chunk is waited for until it is full."""
    from kg.fetch import http

    monkeypatch.setattr(http, "TRIES", 1)
    monkeypatch.setattr(http, "LONGEST_ANSWER", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            taken, _ = listening.accept()
            with taken, contextlib.suppress(OSError):
                taken.recv(1 << 16)
                taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n")
                for _ in range(300):
                    taken.sendall(b" ")
                    time.sleep(0.05)

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        outcome = fetch("ctgov", tmp_path, "x", rate=1e6, base_url=base)
        dripping.join(timeout=5)
    assert "an answer that took more than 0.3 s" in outcome.problems[0]


# -- ISRCTN and CTIS ------------------------------------------------------------------------------


def test_isrctn_comes_by_pages_and_a_second_run_rewrites_nothing(tmp_path):
    with serving(isrctn=dict.fromkeys(NUMBERS, "Invented"), etags=True) as server:
        first = get(server, tmp_path, "isrctn", "asthma", page_size=3)
        assert (first.complete, first.announced, first.arrived, first.new) == (True, 7, 7, 3)
        second = get(server, tmp_path, "isrctn", "asthma", page_size=3)
        assert (second.complete, second.new, second.unchanged) == (True, 0, 3)
        assert second.bytes == 0
        server.etags = False
        third = get(server, tmp_path, "isrctn", "asthma", page_size=3)
        assert (third.new, third.unchanged) == (0, 3)
    assert len(list((tmp_path / "raw" / "isrctn").glob("*.xml"))) == 3


def test_isrctn_records_come_by_number_and_a_missing_one_is_named(tmp_path):
    with serving(isrctn=dict.fromkeys(NUMBERS, "Invented")) as server:
        outcome = get(server, tmp_path, "isrctn", ids=[*NUMBERS, "ISRCTN99999909"])
        assert outcome.problems == ["ISRCTN99999909: not found (status 404)"]
        assert outcome.arrived == 7
        server.isrctn[NUMBERS[0]] = "Invented, changed"
        second = get(server, tmp_path, "isrctn", ids=NUMBERS)
        assert (second.new, second.unchanged) == (1, 6)
    assert len(list((tmp_path / "raw" / "isrctn").glob(f"{NUMBERS[0]}-*.xml"))) == 2


def test_isrctn_that_announces_more_than_it_gives_is_said(tmp_path):
    with serving(isrctn=dict.fromkeys(NUMBERS, "Invented"), isrctn_total=12) as server:
        outcome = get(server, tmp_path, "isrctn", "asthma", page_size=4)
    assert "12 trials announced, 7 arrived: 5 are missing" in outcome.problems


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><allTrials totalCount="0"/>', "declarations of its own"),
        (b"<feed/>", "XML (feed) that holds no trial"),
        (LOGIN, "a login wall"),
    ],
)
def test_isrctn_answers_that_are_no_trials_are_refused(tmp_path, body, words):
    with serving() as server:
        server.lay("/api/query", lambda given: given._replace(body=body))
        outcome = get(server, tmp_path, "isrctn", "asthma")
    assert words in outcome.problems[0]


def test_ctis_is_searched_by_pages_and_only_changed_trials_are_retrieved_again(tmp_path):
    with serving(ctis=dict(TRIALS)) as server:
        first = get(server, tmp_path, "ctis", "asthma", page_size=3)
        assert (first.complete, first.announced, first.arrived) == (True, 7, 7)
        assert json.loads(server.log[0].sent)["searchCriteria"] == {"containAll": "asthma"}
        server.ctis[next(iter(TRIALS))] = "09/01/2026"
        before = len(server.asked("/retrieve/"))
        second = get(server, tmp_path, "ctis", "asthma", page_size=3)
        assert second.complete
        assert server.asked("/retrieve/")[before:] == [
            f"/ctis-public-api/retrieve/{next(iter(TRIALS))}"
        ]
    assert len(list((tmp_path / "raw" / "ctis").glob("[!.]*.json"))) == 8


def test_ctis_that_stops_answering_is_left_and_the_next_run_asks_only_for_the_rest(tmp_path):
    with serving(ctis=dict(TRIALS)) as server:
        for number in list(TRIALS)[2:5]:
            server.lay(f"/retrieve/{number}", *[status(503)] * 6)
        first = get(server, tmp_path, "ctis", "asthma")
        assert first.arrived == 2
        assert "5 records not fetched" in first.problems[-1]
        before = len(server.log)
        second = get(server, tmp_path, "ctis", "asthma")
        assert second.complete
        assert [a.path.rsplit("/", 1)[1] for a in server.log[before:]] == list(TRIALS)[2:]


def test_ctis_that_gives_another_record_is_refused(tmp_path):
    with serving(ctis=dict(TRIALS)) as server:
        server.lay("/retrieve/", lambda given: given._replace(body=b"{}"))
        outcome = get(server, tmp_path, "ctis", ids=list(TRIALS)[:2])
    assert outcome.problems == [f"{next(iter(TRIALS))}: JSON that is not the record of "
                                f"{next(iter(TRIALS))}"]  # fmt: skip
    assert outcome.arrived == 1


# -- ChiCTR ---------------------------------------------------------------------------------------


def chictr(server: Any, out: Path, *lines: str, **options: Any) -> Outcome:
    return get(server, out, "chictr", lines=lines, **options)


def test_chictr_pages_come_by_address_and_by_number_looked_up_in_the_search_list(tmp_path):
    with serving(projects=dict(PROJECTS)) as server:
        outcome = chictr(
            server,
            tmp_path,
            "# two ways",
            "https://www.chictr.org.cn/showproj.html?proj=701",
            "",
            "ChiCTR2699990002",
            "ChiCTR2699990009",
        )
        assert server.asked("/showproj") == ["/showproj.html?proj=701", "/showproj.html?proj=702"]
    assert outcome.problems == [
        "ChiCTR2699990009: the registry's search list does not show it (0 results for this number)"
    ]
    files = sorted(p.name for p in (tmp_path / "raw" / "chictr").glob("[!.]*"))
    assert [name[:17] for name in files] == ["showproj-proj-701", "showproj-proj-702"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("https://example.org/showproj.html?proj=1", "line 1: no address of ChiCTR (example.org)"),
        ("NCT09999901", "line 1: neither an address nor a number of ChiCTR"),
        ("ftp://www.chictr.org.cn/x", "line 1: not an http or https address"),
        ("https://www.chictr.org.cn@example.org/x", "carries a user name"),
        ("call 13800000000", "line 1: neither"),
    ],
)
def test_a_line_that_names_no_page_of_chictr_is_said_and_not_asked(tmp_path, line, words):
    with serving() as server:
        outcome = chictr(server, tmp_path, line)
        assert server.log == []
    assert words in outcome.problems[0]
    assert "13800000000" not in outcome.problems[0]


@pytest.mark.parametrize(("body", "words"), [(WALL, "a bot check"), (LOGIN, "a login wall")])
def test_a_wall_at_chictr_ends_the_fetch_and_the_next_run_goes_on(tmp_path, body, words):
    lines = [f"https://www.chictr.org.cn/showproj.html?proj={proj}" for proj in PROJECTS]
    with serving(projects=dict(PROJECTS)) as server:
        server.lay("proj=702", page(body))
        outcome = chictr(server, tmp_path, *lines)
        assert server.asked("/showproj") == ["/showproj.html?proj=701", "/showproj.html?proj=702"]
        assert words in outcome.problems[0]
        assert "3 records not fetched" in outcome.problems[1]
        assert len(list((tmp_path / "raw" / "chictr").glob("[!.]*"))) == 1
        again = chictr(server, tmp_path, *lines)
        assert again.complete
        assert server.asked("proj=701") == ["/showproj.html?proj=701"]


def test_a_chictr_page_without_a_record_is_said_and_the_others_come(tmp_path):
    lines = [f"https://www.chictr.org.cn/showproj.html?proj={proj}" for proj in (999, 701)]
    with serving(projects=dict(PROJECTS)) as server:
        outcome = chictr(server, tmp_path, *lines)
        assert "without a registration number" in outcome.problems[0]
        assert outcome.arrived == 1
        second = chictr(server, tmp_path, *lines)
        assert second.unchanged == 1


def test_a_page_of_another_trial_is_not_taken_for_the_number_asked_for(tmp_path):
    with serving(projects=dict(PROJECTS)) as server:
        server.lay("/showproj", page(b"<html>" + "注册号 left_title ChiCTR2699990008".encode()))
        outcome = chictr(server, tmp_path, "ChiCTR2699990001")
    assert outcome.problems == [
        "ChiCTR2699990001: the page of ChiCTR2699990008, not of this number"
    ]


def test_a_page_that_only_mentions_the_number_asked_for_is_that_of_another_trial(tmp_path):
    text = "注册号 left_title ChiCTR2699990008, an extension of ChiCTR2699990001"
    with serving(projects=dict(PROJECTS)) as server:
        server.lay("/showproj", page(f"<html>{text}".encode()))
        outcome = chictr(server, tmp_path, "ChiCTR2699990001")
    assert outcome.problems == [
        "ChiCTR2699990001: the page of ChiCTR2699990008, not of this number"
    ]


def test_robots_txt_is_obeyed(tmp_path):
    clock = Waits()
    robots = "User-agent: *\nCrawl-delay: 30\nDisallow: /hv\n"
    with serving(projects=dict(PROJECTS), robots=robots) as server:
        outcome = chictr(
            server,
            tmp_path,
            "https://www.chictr.org.cn/hvshowproject.html?id=1",
            "https://www.chictr.org.cn/showproj.html?proj=701",
            "https://www.chictr.org.cn/showproj.html?proj=702",
            clock=clock,
        )
        assert len(server.asked("/robots.txt")) == 1
        assert server.asked("/hv") == []
    assert len(outcome.problems) == 1
    assert "robots.txt does not allow it: not asked" in outcome.problems[0]
    assert clock.long[-1:] == [pytest.approx(30)]


def test_chictr_whose_robots_txt_cannot_be_had_is_not_asked(tmp_path):
    with serving(projects=dict(PROJECTS)) as server:
        server.lay("/robots.txt", *[status(500)] * 6)
        outcome = chictr(server, tmp_path, "ChiCTR2699990001")
        assert server.asked("proj") == []
    assert outcome.problems[0].startswith("robots.txt: status 500")


# -- hostile pages, and two fetches at once --------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"<!---->" * 600,
        b"<!-- " + b"--> " * 1000,
        b"<input " * 400_000,
        b"<input>" * 400_000,
        b"<input " + b"type " * 400_000,
        b"<title" * 400_000,
        b"<title>" * 400_000,
        b"<" * 2_000_000,
        b'id="data-total"' * 200_000,
        b"<tr" + b"<a " * 500_000,
    ],
    ids=range(10),
)
def test_a_hostile_page_is_looked_at_in_time_that_grows_with_its_length(body):
    with ending():
        assert not walls.is_web_page(body) or body.startswith(b"<title")
        assert walls.wall(body.decode()) == ""
        assert walls.title(body.decode()) == ""
        with pytest.raises(Refused):
            read_list(Answer(Request("https://www.chictr.org.cn/"), 200, {}, body))


def test_comments_before_a_page_are_passed():
    assert walls.is_web_page(b"<!-- a --> \n<!-- b --><!DOCTYPE  html>")
    assert not walls.is_web_page(b"<!-- a --><fullTrial>")
    assert not walls.is_web_page(b"<!-- <html>")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("<input name=x><input name=p type = 'password'>", True),
        ("<INPUT TYPE=password", True),
        ("<input name=x> type=password", False),
        ("<inputs type=password>", False),
    ],
)
def test_a_form_that_asks_for_a_password_is_a_wall(text, asks):
    assert ("login" in walls.wall(text)) is asks


def test_a_second_fetch_leaves_what_the_first_is_writing(tmp_path):
    with Kept(tmp_path, "ctgov") as first:
        part = first.folder / ".part-1"
        part.write_bytes(b"half")
        with pytest.raises(ToolError, match="another kg fetch"):
            Kept(tmp_path, "ctgov")
        assert part.exists()
    with Kept(tmp_path, "ctgov"):
        assert not part.exists()
