"""Pushing to a store: content, resuming, faults. The store is a real one on the loopback."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from conftest import AS_OF, SAMPLES, called
from graph_store import CUT_AFTER, CUT_BEFORE, quads_of, serving, status
from pushed_builds import IDENTITY, PIECE, record, same, sent, statement, written
from pyoxigraph import NamedNode, Quad
from test_fetch import Waits

from kg.errors import ToolError
from kg.push import grouping


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return written(tmp_path / "mine")


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


@pytest.mark.slow
def test_a_change_of_one_record_sends_the_graphs_that_differ_and_no_others(tmp_path):
    records, out = tmp_path / "records", tmp_path / "mine"
    shutil.copytree(SAMPLES, records)
    chosen = next(
        file
        for file in sorted((records / "ctgov").glob("*.json"))
        if "protocolSection" in json.loads(file.read_bytes())
    )
    build = ("build", records, "-o", out, "--as-of", AS_OF, "--no-check", "--formats", "", "-q")
    assert called(*build).returncode == 0
    before = quads_of(out / "graph.nq")
    with serving() as server:
        assert sent(out, server, piece=50_000).complete
        assert same(out, server)
        study = json.loads(chosen.read_bytes())
        study["protocolSection"]["identificationModule"]["briefTitle"] = "Another invented title"
        chosen.write_text(json.dumps(study), encoding="utf-8")
        assert called(*build).returncode == 0
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
        (304, "not what a Graph Store answers"),
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


def test_a_graph_that_the_store_never_took_is_not_deleted_as_ours(out):
    theirs = Quad(*[NamedNode(f"https://example.org/{w}") for w in "spo"], NamedNode(record(29)))
    with serving() as server:
        server.store.add(theirs)
        server.lay("NCT09999029", status(403))
        assert not sent(out, server).complete
        assert not server.asked("graph/identity")
        assert sent(written(out, records=29), server).complete
        assert not server.asked("DELETE")
        assert server.quads() == quads_of(out / "graph.nq") | {theirs}
