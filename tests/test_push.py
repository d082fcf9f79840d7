"""Pushing to a store: content, resuming, faults. The store is a real one on the loopback."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import AS_OF, SAMPLES, run_kg
from graph_store import CUT_AFTER, CUT_BEFORE, GraphStore, quads_of, serving, status
from pyoxigraph import NamedNode, Quad, Store
from test_fetch import Waits

from kg.errors import ToolError
from kg.push import Line, Outcome, Settings, grouping, push

BASE = "https://w3id.org/trialkg/"
IDENTITY, DERIVED = BASE + "graph/identity", BASE + "graph/derived"
PIECE = 2000  # bytes: the larger graphs of these tests go in pieces


def record(n: int) -> str:
    return f"{BASE}id/record/ctgov/NCT{9999000 + n:08}/20260105"


def statement(graph: str, n: int, value: str = "") -> str:
    return (
        f'<{BASE}id/x/{n:05}> <{BASE}ns#p> "value {n} {value} \\"<in> .\\" 示例"@en <{graph}> .\n'
    )


def written(out: Path, *, records: int = 30, large: int = 100, changed: int = -1) -> Path:
    """A folder with an invented graph.nq, sorted: not by graph. ``changed``: a record of today."""
    lines = [
        statement(record(n), k, "new" if n == changed else "")
        for n in range(records)
        for k in range(n, n + 5)
    ]
    lines += [statement(graph, k) for graph in (IDENTITY, DERIVED) for k in range(large)]
    lines += [statement(record(1) + "/contacts", k) for k in range(3)]
    out.mkdir(exist_ok=True)
    (out / "graph.nq").write_text("".join(sorted(lines)), encoding="utf-8")
    return out


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return written(tmp_path / "mine")


def sent(out: Path, server: GraphStore, **options: object) -> Outcome:
    """The outcome of a push in this process; waiting takes no time."""
    names = ("login", "piece", "gzip", "jobs", "timeout")
    chosen = {name: options.pop(name) for name in names if name in options}
    settings = Settings(server.endpoint, **{"piece": PIECE, **chosen})
    return push(out, settings, **{"clock": Waits(), **options})


def same(out: Path, server: GraphStore, *, contacts: bool = False) -> bool:
    return server.quads() == quads_of(out / "graph.nq", contacts=contacts)


# -- content --------------------------------------------------------------------------------------


def test_after_a_push_the_store_holds_the_graphs_and_a_second_push_sends_nothing(out):
    with serving() as server:
        outcome = sent(out, server)
        assert outcome.complete, outcome.problems
        assert same(out, server)
        assert (outcome.sent, outcome.unchanged, outcome.deleted) == (32, 0, 0)
        assert outcome.statements == 30 * 5 + 200
        assert len(server.asked("PUT")) == 32
        requests = len(server.log)
        again = sent(out, server)
        assert len(server.log) == requests
    assert (again.sent, again.unchanged, again.bytes) == (0, 32, 0)


def test_a_large_graph_goes_in_pieces_the_first_replaces_the_others_add(out):
    with serving() as server:
        sent(out, server, jobs=1)
        pieces = server.asked("graph/identity")
        assert pieces == [f"PUT {IDENTITY}"] + [f"POST {IDENTITY}"] * (len(pieces) - 1)
        assert len(pieces) > 3
        assert max(len(asked.sent) for asked in server.log) <= PIECE
        assert all(asked.sent.endswith(b" .\n") for asked in server.log)
        assert {asked.headers["content-type"] for asked in server.log} == {"application/n-triples"}
        assert {a.headers["user-agent"].split("/")[0] for a in server.log} == {"trialkg"}


def test_records_go_before_what_is_concluded_from_them(out):
    with serving() as server:
        sent(out, server, jobs=1)
        large = [n for n, told in enumerate(server.asked()) if "/graph/" in told]
        assert large == list(range(30, len(server.log)))


def test_a_line_longer_than_a_piece_goes_as_one(tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    lines = [statement(record(1), n, "long " * 50) for n in range(4)]
    (out / "graph.nq").write_text("".join(lines), encoding="utf-8")
    with serving() as server:
        assert sent(out, server, piece=1).complete
        assert same(out, server)
        assert len(server.log) == 4


def test_compressed_pieces_arrive_too(out):
    with serving() as server:
        outcome = sent(out, server, gzip=True)
        assert same(out, server)
        assert {asked.headers["content-encoding"] for asked in server.log} == {"gzip"}
        assert outcome.bytes == sum(len(asked.sent) for asked in server.log)


def test_graphs_of_others_are_left_alone_and_ours_are_deleted_when_they_are_gone(out):
    theirs = Quad(*[NamedNode(f"https://example.org/{word}") for word in "spog"])
    same_kind = Quad(*[NamedNode(f"https://example.org/{w}") for w in "spo"], NamedNode(record(77)))
    with serving() as server:
        server.store.extend([theirs, same_kind])
        sent(out, server)
        written(out, records=28)
        done = len(server.log)
        outcome = sent(out, server)
        assert sorted(server.asked()[done:]) == [f"DELETE {record(n)}" for n in (28, 29)]
        assert server.quads() == quads_of(out / "graph.nq") | {theirs, same_kind}
        assert (outcome.deleted, outcome.unchanged) == (2, 30)
        server.log.clear()
        assert sent(out, server).deleted == 0
        assert not server.log


def test_a_graph_that_is_gone_from_the_store_already_counts_as_deleted(out):
    with serving() as server:
        sent(out, server)
        server.store.remove_graph(NamedNode(record(29)))
        written(out, records=29)
        assert sent(out, server).complete


def test_a_graph_comes_back_after_it_was_deleted(out):
    with serving() as server:
        sent(out, server)
        sent(written(out, records=29), server)
        server.log.clear()
        sent(written(out, records=30), server)
        assert server.asked() == [f"PUT {record(29)}"]
        assert same(out, server)


def test_each_store_is_remembered_by_its_own_address(out):
    with serving() as first, serving() as second:
        sent(out, first)
        assert sent(out, second).sent == 32
        assert sent(out, first).unchanged == 32
        assert same(out, first)
        assert same(out, second)


def test_restart_sends_all_anew(out):
    with serving() as server:
        sent(out, server)
        server.store.clear()
        assert sent(out, server).sent == 0  # the journal cannot know
        assert sent(out, server, restart=True).sent == 32
        assert same(out, server)


def test_contacts_are_sent_only_when_asked_for_and_taken_away_when_not(out):
    with serving() as server:
        outcome = sent(out, server)
        assert outcome.left_out == 3
        assert not server.asked("/contacts")
        assert sent(out, server, contacts=True).sent == 1
        assert same(out, server, contacts=True)
        server.log.clear()
        assert sent(out, server).deleted == 1
        assert server.asked() == [f"DELETE {record(1)}/contacts"]
        assert same(out, server)


def test_a_change_of_one_record_sends_the_graphs_that_differ_and_no_others(tmp_path):
    records, out = tmp_path / "records", tmp_path / "mine"
    shutil.copytree(SAMPLES, records)
    chosen = next(
        file
        for file in sorted((records / "ctgov").glob("*.json"))
        if "protocolSection" in json.loads(file.read_bytes())
    )
    build = ("build", records, "-o", out, "--as-of", AS_OF, "--no-check", "--formats", "", "-q")
    assert run_kg(*build).returncode == 0
    before = quads_of(out / "graph.nq")
    with serving() as server:
        assert sent(out, server, piece=50_000).complete
        assert same(out, server)
        study = json.loads(chosen.read_bytes())
        study["protocolSection"]["identificationModule"]["briefTitle"] = "Another invented title"
        chosen.write_text(json.dumps(study), encoding="utf-8")
        assert run_kg(*build).returncode == 0
        after = quads_of(out / "graph.nq")
        server.log.clear()
        outcome = sent(out, server, piece=50_000)
        assert same(out, server)
        differ = {quad.graph_name.value for quad in before ^ after}
        assert {asked.graph for asked in server.log} == differ
    assert 1 <= len(differ) < 5
    assert outcome.unchanged == len({q.graph_name for q in after}) - len(differ)


# -- grouping -------------------------------------------------------------------------------------


def test_many_runs_merged_in_several_rounds_give_the_same_graphs(out, tmp_path, monkeypatch):
    def groups(name: str) -> tuple[list[grouping.Group], bytes]:
        (tmp_path / name).mkdir()
        made = grouping.Grouping(out / "graph.nq", tmp_path / name, contacts=False)
        found = list(made.groups())
        assert [path.name for path in (tmp_path / name).iterdir()] == ["grouped"]
        return found, made.file.read_bytes()

    whole = groups("whole")
    monkeypatch.setattr(grouping, "CHUNK", 1000)
    monkeypatch.setattr(grouping, "MOST_RUNS", 3)
    assert groups("small") == whole
    assert len(whole[0]) == 32


def test_the_order_of_lines_and_lines_that_come_twice_change_nothing(out):
    with serving() as server:
        sent(out, server)
        lines = (out / "graph.nq").read_text(encoding="utf-8").split("\n")[:-1]
        turned = "\n".join([*reversed(lines), lines[0]]) + "\n"
        (out / "graph.nq").write_text(turned, encoding="utf-8")
        assert sent(out, server).sent == 0


@pytest.mark.parametrize(
    "line",
    [
        "<https://example.org/s> <https://example.org/p> <https://example.org/o> .",
        '<https://example.org/s> <https://example.org/p> "a <b> " .',
        "_:b <https://example.org/p> <https://example.org/o> <https://example.org/g> .",
        "<https://example.org/s> <https://example.org/p> _:b <https://example.org/g> .",
        "<https://example.org/s> <https://example.org/p> <https://example.org/o> _:g .",
        "<https://example.org/s> <https://example.org/p> <https://exam",
    ],
    ids=["no graph", "no graph, literal", "blank subject", "blank object", "blank graph", "cut"],
)
def test_a_line_that_kg_does_not_write_is_refused_before_anything_is_sent(out, line):
    with (out / "graph.nq").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with serving() as server:
        with pytest.raises(ToolError, match=r"graph\.nq:354: no statement"):
            sent(out, server)
        assert not server.log


# -- faults ---------------------------------------------------------------------------------------


def test_retry_after_is_kept_to_by_all_workers_and_said(out):
    clock, said = Waits(), []
    with serving() as server:
        server.lay("PUT", status(429, Retry_After="40"), status(503))
        outcome = sent(out, server, clock=clock, talk=said.append)
        assert same(out, server)
    assert outcome.complete
    assert clock.seconds >= 40
    assert any("status 429; try 2 of 6 in 40 s" in line for line in said)


def test_a_store_that_asks_for_hours_is_left_alone(out):
    with serving() as server:
        server.lay("PUT", status(429, Retry_After="7200"))
        outcome = sent(out, server, jobs=1)
        assert len(server.log) == 1
    assert "7,200 s of rest" in outcome.problems[0]


def test_waits_double_and_end_after_six_tries_and_the_next_push_goes_on(out):
    clock = Waits()
    with serving() as server:
        server.lay("NCT09999003", *[status(500)] * 6)
        outcome = sent(out, server, jobs=1, clock=clock)
        assert "status 500; given up after 6 tries" in outcome.problems[0]
        assert outcome.problems[0].startswith(record(3))
        assert 62 <= clock.seconds < 63
        assert len(server.asked("NCT09999003")) == 6
        server.log.clear()
        outcome = sent(out, server, jobs=1)
        assert outcome.complete
        assert outcome.unchanged == 3
        assert not server.asked("NCT0999900[012]/")
        assert same(out, server)


@pytest.mark.parametrize("fault", [CUT_BEFORE, CUT_AFTER], ids=["before", "after"])
def test_cut_connections_before_and_after_the_deed_lose_and_double_nothing(out, fault):
    with serving() as server:
        for pattern in ("PUT .*NCT09999004", "PUT .*identity", "POST .*identity", "POST .*derived"):
            server.lay(pattern, fault, fault)
        outcome = sent(out, server)
        assert outcome.complete, outcome.problems
        assert same(out, server)
        assert len(server.asked("NCT09999004")) == 3
        sent(written(out, records=29), server)
        server.lay("DELETE", fault)
        assert sent(written(out, records=28), server).complete
        assert same(out, server)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "not what a Graph Store answers"),
        (403, "forbids"),
        (404, "no Graph Store at this address"),
        (405, "takes no PUT"),
        (413, "--piece-size"),
        (202, "not what a Graph Store answers"),
        (302, "redirect"),
    ],
)
def test_a_refusal_is_one_line_and_ends_the_push(out, code, words):
    with serving() as server:
        server.lay("", status(code))
        outcome = sent(out, server, jobs=1)
        assert len(server.log) == 1
    (problem,) = outcome.problems
    assert words in problem
    assert "\n" not in problem
    assert not outcome.complete


def test_a_redirect_is_not_followed_to_another_host_with_the_password(out):
    with serving() as server, serving() as other:
        server.lay("", status(307, Location=f"{other.endpoint}?graph=x"))
        outcome = sent(out, server, jobs=1, login=("me", "secret"))
        assert "another host" in outcome.problems[0]
        assert not other.log


def test_a_graph_in_pieces_that_stopped_midway_goes_on_where_it_was(out):
    with serving() as server:
        sent(written(out, large=1), server)
        written(out, large=100)
        # The store takes two pieces and refuses the third.
        server.lay("POST .*identity", status(413))
        server.faults.insert(0, ("POST .*identity", CUT_AFTER))
        assert not sent(out, server, jobs=1).complete
        taken = server.asked("identity")
        server.log.clear()
        outcome = sent(out, server, jobs=1, piece=PIECE // 2)  # of another size, even
        assert outcome.complete
        assert outcome.resumed == 1
        assert server.asked("PUT .*identity") == []
        assert taken.count(f"PUT {IDENTITY}") == 2  # the small one, and the first piece
        assert same(out, server)


def test_a_graph_that_stopped_midway_and_then_changed_or_went_back_begins_anew(out):
    with serving() as server:
        sent(written(out, large=50), server)
        server.lay("POST .*identity", status(413))
        assert not sent(written(out, large=100), server, jobs=1).complete
        # Back to what was confirmed once: the store no longer has it.
        server.log.clear()
        outcome = sent(written(out, large=50), server)
        assert outcome.complete
        assert f"PUT {IDENTITY}" in server.asked()
        assert same(out, server)


def test_nothing_is_deleted_before_all_the_rest_is_there(out):
    with serving() as server:
        sent(out, server)
        server.lay("PUT .*NCT09999002", status(403))
        assert not sent(written(out, records=20, changed=2), server).complete
        assert not server.asked("DELETE")
        assert sent(out, server).deleted == 10
        assert same(out, server)


def test_no_more_requests_at_once_than_jobs(out):
    with serving() as server:
        server.before = lambda _n: time.sleep(0.005)
        sent(out, server, jobs=3)
        assert server.most_at_once == 3


# -- the command ----------------------------------------------------------------------------------


def test_the_password_comes_from_the_environment_and_is_written_nowhere(out):
    with serving(login=("示例", "geheim:ß")) as server:
        done = run_kg("push", out, server.endpoint)
        assert done.returncode == 1
        assert "401" in done.stderr
        assert "--user NAME, KG_PUSH_PASSWORD" in done.stderr
        done = run_kg("push", out, server.endpoint, "--user", "示例", KG_PUSH_PASSWORD="falsch")
        assert done.returncode == 1
        assert "does not accept this name and password" in done.stderr
        assert "falsch" not in done.stderr
        done = run_kg("push", out, server.endpoint, "--user", "示例", KG_PUSH_PASSWORD="geheim:ß")
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
    done = run_kg("push", out, *arguments, KG_PUSH_PASSWORD="")
    assert done.returncode == 2
    assert words in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (out.parent / "mine.push.sqlite").exists()


def test_a_folder_without_a_graph_is_code_2(tmp_path):
    done = run_kg("push", tmp_path, "http://127.0.0.1:1/data")
    assert done.returncode == 2
    assert "run kg build first" in done.stderr


def test_a_dry_run_prints_what_would_be_sent_and_sends_nothing(out):
    with serving() as server:
        done = run_kg("push", out, server.endpoint, "--dry-run")
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


def test_two_pushes_of_one_build_at_once_are_refused(out):
    with serving() as server:
        hold, arrived = threading.Event(), threading.Event()
        server.before = lambda _n: (arrived.set(), hold.wait(20))[0]
        first = subprocess.Popen([sys.executable, "-m", "kg", "push", str(out), server.endpoint])
        assert arrived.wait(20)
        done = run_kg("push", out, server.endpoint)
        hold.set()
        assert first.wait(20) == 0
        assert done.returncode == 2
        assert "another kg push is writing here" in done.stderr
        assert same(out, server)


def test_a_journal_that_is_none_is_code_2_and_left_as_it_is(out):
    journal = out.parent / "mine.push.sqlite"
    journal.write_bytes(b"something of the user's" * 100)
    done = run_kg("push", out, "http://127.0.0.1:1/data")
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
        assert run_kg(*command[3:]).returncode == 0
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
        assert run_kg(*command[3:]).returncode == 0
        assert same(out, server)


def test_an_interrupted_push_leaves_with_130_though_the_store_asks_for_rest(out):
    with serving() as server:
        arrived = threading.Event()
        server.after = lambda n: arrived.set() if n == 8 else None
        server.lay("NCT09999007", status(429, Retry_After="600"))
        command = [sys.executable, "-m", "kg", "push", str(out), server.endpoint]
        pushing = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert arrived.wait(20)
        time.sleep(0.3)
        pushing.send_signal(signal.SIGINT)
        _, said = pushing.communicate(timeout=20)
        assert pushing.returncode == 130, said
        assert "Traceback" not in said
        assert len(server.log) <= 9  # the other worker rested too
        assert run_kg(*command[3:]).returncode == 0
        assert same(out, server)
    assert not (out.parent / ".mine.push").exists()


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
    while first.stdout.readline().strip() != "20":
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

_MEASURE = """
import sys
from pathlib import Path
from kg.push import Settings, grouping, push
grouping.CHUNK = 1 << 20
push(Path(sys.argv[1]), Settings(sys.argv[2], piece=1 << 18))
told = Path("/proc/self/status").read_text()
print(told.split("VmHWM:")[1].split()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="measured by /proc/self/status")
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
