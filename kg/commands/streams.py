"""Standard streams as commands find them: closed, read by nobody any more, in a narrow encoding."""

from __future__ import annotations

import io
import os
import sys

import click


class Enough(click.exceptions.Exit):
    """The reader of standard output has enough, as ``head`` has: the command ends, code 0."""


class _Pipe(io.TextIOWrapper):
    """A stream whose reader may leave: from then on nothing of it reaches anybody.

    What its encoding lacks is written as ``\\uXXXX``.
    """

    gone: type[OSError] = OSError  # also a log on a disk that is full: nobody can be told

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(
            stream.buffer,
            encoding=stream.encoding,
            errors="backslashreplace",
            line_buffering=stream.line_buffering,
        )

    def write(self, text: str, /) -> int:
        """Write it, where anybody hears."""
        try:
            return super().write(text)
        except self.gone:
            self._left()
            return len(text)

    def flush(self) -> None:
        """Bring it to the reader, where there is one."""
        try:
            super().flush()
        except self.gone:
            self._left()

    def _left(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


class _Output(_Pipe):
    """Where a reader that leaves ends the command: ``Enough``."""

    gone = BrokenPipeError  # a disk that is full is an error: the data are what was asked for

    def _left(self) -> None:
        super()._left()
        raise Enough(0)


def prepare() -> None:
    """Make the standard streams such that no command need think of them.

    One that is closed reads and writes nothing. Talk that nobody hears stops nothing: a build whose
    log is cut short goes on.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # until the program ends
    for name, kind in (("stdout", _Output), ("stderr", _Pipe)):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper) and _is_file(stream):
            setattr(sys, name, kind(stream))


def _is_file(stream: io.TextIOWrapper) -> bool:
    try:
        return stream.fileno() >= 0
    except io.UnsupportedOperation:  # memory: whoever runs this in a program of theirs
        return False
