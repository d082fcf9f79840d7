"""How far a build is, as a terminal and a log show it."""

from __future__ import annotations

import io
import sys

import pytest

from kg.commands import talk
from kg.commands.talk import Talk
from kg.running.stages import Step

LONG = Step("reading records", 1_200_000, 0.25, 3)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds, to be set."""
    now = [1000.0]
    monkeypatch.setattr(talk.time, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_in_ten_seconds_though_every_stage_is_shorter(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    tell = Talk()
    for n in range(10):
        clock[0] += 4
        tell(Step(f"stage {n}"))
    assert sys.stderr.getvalue() == "stage 2\nstage 5\nstage 8\n"


def test_issues_are_shown_to_the_end_and_the_rate_is_that_of_the_stage(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    tell = Talk()
    tell(Step("reading records", 5, 1.0, 3))
    clock[0] += 100
    tell(Step("checking"))
    clock[0] += 20
    tell(Step("checking", 40, 0.5))
    assert sys.stderr.getvalue().splitlines() == [
        "checking: 3 issues",
        "checking: 40, 2/s, 50 %, 20 s left, 3 issues",
    ]


def test_a_line_never_outgrows_the_terminal(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "40")
    tell = Talk()
    tell(LONG)
    clock[0] += 60
    tell(LONG)
    assert [len(line) for line in sys.stderr.getvalue().split("\r")] == [0, 39, 39]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_colours_are_for_terminals_whose_user_takes_them(name, value, found, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert talk.coloured() is found
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert not talk.coloured()


def test_what_is_said_afterwards_stands_alone(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "20")
    tell = Talk()
    tell.clear()
    assert sys.stderr.getvalue() == ""
    tell(Step("checking"))
    tell.clear()
    assert sys.stderr.getvalue() == f"\r{'checking':<19}\r{'':<19}\r"
