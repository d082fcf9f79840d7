"""Who tells a command to end: Ctrl-C, who stops processes (SIGTERM), a terminal that is closed.

All three are a KeyboardInterrupt, so that nothing half made stays. A signal that is ignored, as
under ``nohup``, stays ignored.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDS = tuple(
    number
    for name in ("SIGTERM", "SIGHUP")  # Windows knows no SIGHUP
    if (number := getattr(signal, name, None)) is not None
)


class Ended(KeyboardInterrupt):
    """Somebody else than Ctrl-C told this process to end: by the signal ``number``."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def heard() -> None:
    """Let the signals that end a process be heard as Ctrl-C is."""
    if _alone():
        for number in _ENDS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _ended)


def left_to_parent() -> None:
    """In a process that works for another: that one hears Ctrl-C, and ends us by SIGTERM."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ENDS:
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def put_off() -> Iterator[None]:
    """What tells this process to end waits for the end of the block."""
    if not _alone():
        yield
        return
    told: list[int] = []
    before = {
        number: handler
        for number in (signal.SIGINT, *_ENDS)
        if callable(handler := signal.getsignal(number))
    }
    for number in before:
        signal.signal(number, lambda number, _: told.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if told:
        signal.raise_signal(told[0])


def _alone() -> bool:
    """Whether this is the thread that hears signals."""
    return threading.current_thread() is threading.main_thread()


def _ended(number: int, _: FrameType | None) -> None:
    raise Ended(number)
