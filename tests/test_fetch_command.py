"""``kg fetch`` as a user runs it: killed and resumed, its exit codes and its words."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from conftest import called, interruptible
from registry_server import WALL, Registries, page, serving, status, study

STUDIES = 5000
FAST = ("--rate", "1000000")


def numbers_in(out: Path) -> Counter[str]:
    """How often each trial number stands in the raw files that kg build would read."""
    found: Counter[str] = Counter()
    for file in (out / "raw" / "ctgov").glob("[!.]*.json"):
        for one in json.loads(file.read_bytes())["studies"]:
            found[one["protocolSection"]["identificationModule"]["nctId"]] += 1
    return found


def stored(out: Path) -> set[str]:
    """Paths of the requests whose answers the manifest holds in whole lines."""
    file = out / "raw" / "ctgov" / ".manifest.jsonl"
    if not file.exists():
        return set()
    lines = file.read_bytes().split(b"\n")[:-1]
    rows = [json.loads(line) for line in lines]
    return {row["address"].split("/", 3)[3] for row in rows if row["what"] == "answer"}


class Killer:
    """Kills the running fetch at chosen requests, each at another moment of the answer."""

    def __init__(self, server: Registries) -> None:
        self.victim: subprocess.Popen[str] | None = None
        self.lock = threading.Lock()
        self.plan = {
            4: ("before", 0.0),
            13: ("halfway", 0.0),
            22: ("after", 0.0),
            34: ("after", 0.003),
            45: ("after", 0.012),
        }
        server.halfway = lambda n: self.strike(n, "halfway")
        server.after = lambda n: self.strike(n, "after")
        inner = server.before
        server.before = lambda n, given: (self.strike(n, "before"), inner(n, given))[1]

    def strike(self, n: int, moment: str) -> None:
        with self.lock:
            if self.plan.get(n, ("", 0))[0] == moment:
                time.sleep(self.plan.pop(n)[1])
                assert self.victim is not None
                self.victim.kill()


@pytest.mark.slow
def test_a_fetch_of_5000_studies_killed_five_times_ends_with_each_once_and_repeats_nothing(
    tmp_path,
):
    with serving(studies=[study(n) for n in range(STUDIES)]) as server:
        killer = Killer(server)
        command = [sys.executable, "-m", "kg", "fetch", "ctgov", "--all", "-o", str(tmp_path)]
        command += ["--base-url", server.base, "--page-size", "100", *FAST]
        killed = 0
        held: list[tuple[int, set[str]]] = []  # length of the log, answers on disk by then
        for _ in range(7):
            killer.victim = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            _, said = killer.victim.communicate(timeout=60)
            if killer.victim.returncode != -signal.SIGKILL:
                break
            killed += 1
            held.append((len(server.log), stored(tmp_path)))
        asked = [asked.path.lstrip("/") for asked in server.log]
    assert killed == 5
    assert killer.victim.returncode == 0, said
    assert "5,000 announced, 5,000 arrived" in said
    numbers = numbers_in(tmp_path)
    assert len(numbers) == STUDIES
    assert set(numbers.values()) == {1}
    assert any(answers for _, answers in held)
    for length, answers in held:
        assert not answers & set(asked[length:])
    assert len(asked) <= 50 + 2 + killed  # pages, versions, and at most one in flight for each kill


def test_an_interrupted_fetch_leaves_with_130_and_goes_on(tmp_path):
    with serving(studies=[study(n) for n in range(40)]) as server:
        server.before = lambda n, given: status(429, Retry_After="60")(given) if n == 4 else given
        command = [sys.executable, "-m", "kg", "fetch", "ctgov", "x", "-o", str(tmp_path)]
        command += ["--base-url", server.base, "--page-size", "10"]
        fetching = interruptible([*command, *FAST], stderr=subprocess.PIPE)
        assert fetching.stderr
        for line in fetching.stderr:
            if "status 429" in line:  # it waits now
                break
        fetching.send_signal(signal.SIGINT)
        _, said = fetching.communicate(timeout=20)
        assert fetching.returncode == 130, said
        assert "Traceback" not in said
        done = called(*command[3:], *FAST)
        assert done.returncode == 0, done.stderr
        assert "going on with the fetch begun" in done.stderr
        assert len(server.asked("/studies")) == 4 + 1  # pages, and the answer that was none


def test_a_complete_fetch_says_what_it_did_and_what_comes_next(tmp_path):
    with serving(studies=[study(n) for n in range(3)]) as server:
        done = called("fetch", "ctgov", "x", "-o", tmp_path, "--base-url", server.base, *FAST)
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        assert "ctgov: 3 announced, 3 arrived; answers: 1 new" in done.stderr
        assert f"next: kg build {tmp_path / 'raw'}" in done.stderr
        again = called("fetch", "ctgov", "x", "-o", tmp_path, "--base-url", server.base, *FAST)
        assert again.returncode == 0
        assert "nothing changed" in again.stderr


def test_an_incomplete_fetch_leaves_with_1(tmp_path):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", page(WALL))
        done = called("fetch", "ctgov", "x", "-o", tmp_path, "--base-url", server.base, *FAST)
    assert done.returncode == 1
    assert "a bot check" in done.stderr
    assert "not complete" in done.stderr
    assert "next: kg build" not in done.stderr


def test_a_list_comes_from_standard_input_and_numbers_from_a_file(tmp_path):
    (tmp_path / "ids.txt").write_text("# mine\nISRCTN99999901, ISRCTN99999902\n")
    with serving(
        projects={701: "ChiCTR2699990001"},
        isrctn={f"ISRCTN9999990{n}": "Invented" for n in (1, 2)},
    ) as server:
        options = ["-o", str(tmp_path), "--base-url", server.base, *FAST]
        done = called("fetch", "chictr", "-", *options, stdin=b"ChiCTR2699990001\n")
        assert done.returncode == 0, done.stderr
        done = called("fetch", "isrctn", "--ids", f"@{tmp_path / 'ids.txt'}", *options)
        assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "raw" / "isrctn").glob("[!.]*.xml"))) == 2
    assert len(list((tmp_path / "raw" / "chictr").glob("[!.]*.html"))) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ctgov"], "give one of: a search expression, --ids, --all"),
        (["ctgov", "x", "--all"], "give one of"),
        (["ctgov", "--ids", "ISRCTN99999901"], "no number of ctgov: ISRCTN99999901"),
        (["chictr"], "give a list of addresses or registration numbers"),
        (["chictr", "nowhere.txt"], "nowhere.txt: No such file or directory"),
        (["isrctn", "--ids", "@nowhere.txt"], "nowhere.txt: No such file or directory"),
        (["ctgov", "x", "--rate", "0"], "a rate is more than 0"),
        (["ctgov", "x", "--base-url", "file:///etc"], "not an http or https address"),
        (["ctgov", "x", "--base-url", "http://a:b@localhost"], "user name or password"),
        (["who", "x"], "'who' is not one of"),
    ],
)
def test_a_wrong_call_is_one_line_and_leaves_with_2(tmp_path, arguments, words):
    done = called("fetch", *arguments, "-o", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_disk_that_refuses_is_one_line_and_leaves_with_2(tmp_path):
    (tmp_path / "raw").write_text("a file where a folder should be")
    with serving(studies=[study(1)]) as server:
        done = called("fetch", "ctgov", "x", "-o", tmp_path, "--base-url", server.base, *FAST)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Error:" in done.stderr


@pytest.mark.slow
def test_a_wait_that_the_server_asks_for_is_said(tmp_path):
    with serving(studies=[study(1)]) as server:
        server.lay("/studies", status(429, Retry_After="1"))
        done = called("fetch", "ctgov", "x", "-o", tmp_path, "--base-url", server.base, *FAST)
    assert done.returncode == 0
    assert "ctgov: status 429; try 2 of 6 in 2 s" in done.stderr


def test_kg_build_goes_on_from_the_raw_folder(tmp_path):
    if importlib.util.find_spec("kg.extractors.ctgov") is None:
        pytest.skip("this version does not read ClinicalTrials.gov")
    with serving(studies=[study(n) for n in range(25)]) as server:
        options = ["-o", str(tmp_path), "--base-url", server.base, "--page-size", "10", *FAST]
        called("fetch", "ctgov", "x", *options)
    done = called("build", tmp_path / "raw", "-o", tmp_path / "g", "--no-check", "--formats", "ttl")
    assert done.returncode == 0, done.stderr
    assert "25 trials, 25 records" in done.stderr
    assert "not a record" not in done.stderr
