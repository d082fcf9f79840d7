"""``kg push`` as a user runs it: its words, its exit codes, killed and resumed, its memory."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import called, interruptible
from graph_store import quads_of, serving, status
from pushed_builds import PIECE, record, same, sent, written
from pyoxigraph import Store

from kg.push import Line, push


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return written(tmp_path / "mine")


# -- the command ----------------------------------------------------------------------------------


def test_the_password_comes_from_the_environment_and_is_written_nowhere(out):
    with serving(login=("示例", "geheim:ß")) as server:
        done = called("push", out, server.endpoint)
        assert done.returncode == 1
        assert "401" in done.stderr
        assert "--user NAME, KG_PUSH_PASSWORD" in done.stderr
        done = called("push", out, server.endpoint, "--user", "示例", KG_PUSH_PASSWORD="falsch")
        assert done.returncode == 1
        assert "does not accept this name and password" in done.stderr
        assert "falsch" not in done.stderr
        done = called("push", out, server.endpoint, "--user", "示例", KG_PUSH_PASSWORD="geheim:ß")
        assert done.returncode == 0, done.stderr
        assert same(out, server)
    for path in out.parent.rglob("*"):
        if path.is_file():
            assert not any(word.encode() in path.read_bytes() for word in ("geheim", "falsch"))
    assert not any(path.name.startswith(".") for path in out.parent.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["http://me:secret@127.0.0.1:1/data"], "carries a user name or password"),
        (["ftp://127.0.0.1/data"], "not an http or https address"),
        (["http://127.0.0.1:1/data?graph=x"], "without ?, #"),
        (["http://127.0.0.1:1/data", "--user", "me"], "KG_PUSH_PASSWORD"),
        (["http://127.0.0.1:1/data", "--jobs", "50"], "--jobs"),
    ],
)
def test_a_wrong_call_is_code_2_and_one_line_and_sends_nothing(out, arguments, words):
    done = called("push", out, *arguments, KG_PUSH_PASSWORD="")
    assert done.returncode == 2
    assert words in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (out.parent / "mine.push.sqlite").exists()


def test_a_folder_without_a_graph_is_code_2(tmp_path):
    done = called("push", tmp_path, "http://127.0.0.1:1/data")
    assert done.returncode == 2
    assert "run kg build first" in done.stderr


def test_a_dry_run_prints_what_would_be_sent_and_sends_nothing(out):
    with serving() as server:
        done = called("push", out, server.endpoint, "--dry-run")
        assert done.returncode == 0, done.stderr
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        assert len(rows) == 32
        assert rows[0][:3] == ["PUT", record(0), "5"]
        assert not (out.parent / "mine.push.sqlite").exists()
        assert not server.log
        sent(out, server)
        server.log.clear()
        written(out, records=29, changed=7)
        shown: list[Line] = []
        push(out, server.endpoint, dry_run=shown.append)
        assert [(line.what, line.graph) for line in shown] == [
            ("PUT", record(7)),
            ("DELETE", record(29)),
        ]
        shown.clear()
        push(out, server.endpoint, dry_run=shown.append, restart=True)
        assert len(shown) == 32
        assert not server.log
        assert sent(out, server).sent == 1  # a dry run changed nothing in the journal


def test_a_dry_run_whose_reader_has_enough_says_no_word(tmp_path):
    out = written(tmp_path / "mine", records=3000, large=1)
    command = [sys.executable, "-m", "kg", "push", str(out), "http://127.0.0.1:1/data", "-n"]
    pushing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert pushing.stdout
    assert pushing.stderr
    pushing.stdout.readline()
    pushing.stdout.close()
    said = pushing.stderr.read()
    pushing.stderr.close()
    assert pushing.wait(20) == 0
    assert not said


def test_a_dry_run_before_the_first_push_takes_nothing_from_it(out):
    with serving() as server:

        def pushed(_line: Line) -> None:
            if not server.log:
                assert sent(out, server).complete

        push(out, server.endpoint, dry_run=pushed)
        assert same(out, server)
    assert sorted(path.name for path in out.parent.iterdir()) == ["mine", "mine.push.sqlite"]


def test_two_pushes_of_one_build_at_once_are_refused(out):
    with serving() as server:
        hold, arrived = threading.Event(), threading.Event()
        server.before = lambda _n: (arrived.set(), hold.wait(20))[0]
        first = subprocess.Popen([sys.executable, "-m", "kg", "push", str(out), server.endpoint])
        assert arrived.wait(20)
        done = called("push", out, server.endpoint)
        hold.set()
        assert first.wait(20) == 0
        assert done.returncode == 2
        assert "another kg push is writing here" in done.stderr
        assert same(out, server)


def test_a_journal_that_is_none_is_code_2_and_left_as_it_is(out):
    journal = out.parent / "mine.push.sqlite"
    journal.write_bytes(b"something of the user's" * 100)
    done = called("push", out, "http://127.0.0.1:1/data")
    assert done.returncode == 2
    assert "mine.push.sqlite" in done.stderr
    assert "Traceback" not in done.stderr
    assert journal.read_bytes() == b"something of the user's" * 100


# -- kills ----------------------------------------------------------------------------------------


def confirmed(out: Path) -> set[str]:
    """Graphs that the journal holds for confirmed."""
    db = sqlite3.connect(out.parent / f"{out.name}.push.sqlite")
    try:
        rows = db.execute("SELECT graph FROM graphs WHERE confirmed <> ''").fetchall()
    except sqlite3.OperationalError:  # killed before it was laid out
        rows = []
    finally:
        db.close()
    return {graph for (graph,) in rows}


@pytest.mark.slow
def test_a_push_killed_many_times_ends_whole_and_sends_nothing_confirmed_again(tmp_path):
    """Killed in small graphs and between pieces, before and after the store did it."""
    out = written(tmp_path / "mine", records=60, large=200)
    plan = {5: "before", 17: "after", 30: "before", 55: "after", 63: "before", 70: "after"}
    plan |= {74: "before", 78: "after", 83: "before"}
    with serving() as server:
        victim: list[subprocess.Popen[bytes]] = []

        def strike(n: int, moment: str) -> None:
            if plan.get(n) == moment:
                del plan[n]
                victim[-1].kill()
                victim[-1].wait()

        server.before = lambda n: strike(n, "before")
        server.after = lambda n: strike(n, "after")
        command = [sys.executable, "-m", "kg", "push", str(out), server.endpoint]
        command += ["--piece-size", str(PIECE / 1024 / 1024), "-q"]
        killed = 0
        for _ in range(15):
            known, begun = confirmed(out) if killed else set(), len(server.log)
            victim.append(subprocess.Popen(command))
            code = victim[-1].wait(60)
            assert not known & {asked.graph for asked in server.log[begun:]}
            if code != -signal.SIGKILL:
                break
            killed += 1
        assert code == 0
        assert killed == 9
        assert not plan
        assert same(out, server)
        undisturbed = 60 + 2 * -(-200 * 92 // PIECE)
        # What was under way at a kill, at most a piece for each of two workers, and its neighbour.
        assert len(server.log) <= undisturbed + 4 * killed
        server.log.clear()
        assert called(*command[3:]).returncode == 0
        assert not server.log
    assert not (tmp_path / ".mine.push").exists()


def test_a_push_killed_while_it_deletes_goes_on(out):
    with serving() as server:
        sent(out, server)
        written(out, records=10)
        done = len(server.log)
        victim: list[subprocess.Popen[bytes]] = []

        def strike(n: int) -> None:
            if n == done + 5:
                victim[0].kill()
                victim[0].wait()

        server.after = strike
        command = [sys.executable, "-m", "kg", "push", str(out), server.endpoint]
        victim.append(subprocess.Popen(command))
        assert victim[0].wait(60) == -signal.SIGKILL
        # What was being deleted comes back before the push goes on: it must be sent.
        written(out, records=30)
        assert called(*command[3:]).returncode == 0
        assert same(out, server)


def test_an_interrupted_push_leaves_with_130_though_the_store_asks_for_rest(out):
    with serving() as server:
        arrived = threading.Event()
        server.after = lambda n: arrived.set() if n == 8 else None
        server.lay("NCT09999007", status(429, Retry_After="600"))
        command = [sys.executable, "-m", "kg", "push", str(out), server.endpoint]
        pushing = interruptible(command, stderr=subprocess.PIPE)
        assert arrived.wait(20)
        time.sleep(0.3)
        pushing.send_signal(signal.SIGINT)
        _, said = pushing.communicate(timeout=20)
        assert pushing.returncode == 130, said
        assert "Traceback" not in said
        assert len(server.log) <= 12  # the other worker rested too
        assert called(*command[3:]).returncode == 0
        assert same(out, server)
    assert not (out.parent / ".mine.push").exists()


@pytest.mark.slow
def test_a_store_that_is_killed_and_comes_back_gets_all(out, tmp_path):
    folder = tmp_path / "store"

    def started(port: int) -> tuple[subprocess.Popen[str], int]:
        script = Path(__file__).with_name("graph_store.py")
        process = subprocess.Popen(
            [sys.executable, script, folder, str(port)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        return process, int(process.stdout.readline())

    first, port = started(0)
    command = [sys.executable, "-m", "kg", "push", str(out)]
    command += [f"http://127.0.0.1:{port}/trials/data", "--piece-size", str(PIECE / 1024 / 1024)]
    pushing = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert first.stdout
    while int(first.stdout.readline()) < 20:
        pass
    first.kill()
    first.wait()
    second, _ = started(port)
    _, said = pushing.communicate(timeout=60)
    second.kill()
    second.wait()
    assert pushing.returncode == 0, said
    assert "try 2 of 6 in 2 s" in said
    assert frozenset(Store(str(folder))) == quads_of(out / "graph.nq")


# -- memory ---------------------------------------------------------------------------------------

# What Python holds at most, pieces and buffers being a 32nd of what they are in earnest. Resident
# memory tells also how threads happened to run: 36 to 42 MiB for one push on a busy machine.
_MEASURE = """
import sys, tracemalloc
from pathlib import Path
from kg.push import Settings, grouping, push
grouping.CHUNK, grouping._BUFFER = 1 << 20, 1 << 13
tracemalloc.start()
push(Path(sys.argv[1]), Settings(sys.argv[2], piece=1 << 18))
print(tracemalloc.get_traced_memory()[1] // 1024)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_corpus(tmp_path):
    def peak(times: int) -> int:
        out = written(tmp_path / f"mine{times}", records=100 * times, large=10_000 * times)
        with serving() as server:
            done = subprocess.run(
                [sys.executable, "-c", _MEASURE, out, server.endpoint],
                capture_output=True,
                text=True,
                check=True,
            )
            assert len(server.quads()) == 20_500 * times
        return int(done.stdout)

    small, large = peak(1), peak(8)  # KiB; 2 and 16 MiB of statements
    assert large < small * 1.15
