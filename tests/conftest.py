"""What many tests share: the command as a user runs it, and one build of the samples."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kg import cli
from kg.check.findings import Belonging
from kg.check.report.templates import HERE, environment
from kg.reading.extraction import Extraction, extractions
from kg.sources.files import Source

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "kg" / "samples"
AS_OF = "2026-11-22"

# The key of contact digests: tests make one of their own and leave the user's alone.
_STATE = tempfile.TemporaryDirectory(prefix="kg-tests-")
os.environ["XDG_STATE_HOME"] = _STATE.name

# Commands that tests start find kg compiled, as those of users do; processes that tests fork, the
# templates of the report.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
for _template in HERE.glob("*.html"):
    environment({}, Belonging()).get_template(_template.name)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect, and leave what was collected out of every later search for garbage.

    It stays until the end: thousands of tests and all of ``kg``. Searching them again and again
    was a tenth of the work.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)  # as kg itself
        gc.enable()


def extracted(data: str | bytes, name: str = "page.txt") -> list[Extraction]:
    """What the extractors read in a file of these bytes; issues about the file itself left out."""
    raw = data.encode() if isinstance(data, str) else data
    return [found for found in extractions(Source.of(name, raw)) if isinstance(found, Extraction)]


def later(*cases: Any) -> list[Any]:
    """Cases of a test for which the slow run is soon enough; tuples where it takes several."""
    several = (case if isinstance(case, tuple) else (case,) for case in cases)
    return [pytest.param(*case, marks=pytest.mark.slow) for case in several]


Done = subprocess.CompletedProcess[str]


def run_kg(*arguments: object, cwd: Path | None = None, **environment: str) -> Done:
    """Run ``kg`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "100", **environment},
        check=False,
    )


def called(
    *arguments: object, cwd: Path | None = None, stdin: bytes = b"", **environment: str
) -> Done:
    """Run ``kg`` in this process: what a user sees is the same, and it need not load anew.

    What concerns the process itself (signals, memory, limits, locks, hash seeds) takes ``run_kg``.
    """
    command = ["kg", *map(str, arguments)]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        pytest.MonkeyPatch.context() as here,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        hearing_as_before(),
    ):
        here.setattr(sys, "argv", command)
        here.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        here.setattr(sys, "excepthook", sys.excepthook)  # put back afterwards
        for name, value in {"COLUMNS": "100", **environment}.items():
            here.setenv(name, value)
        if cwd:
            here.chdir(cwd)
        with pytest.raises(SystemExit) as left:
            cli.run()
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    return Done(command, int(left.value.code or 0), *said)


@contextlib.contextmanager
def hearing_as_before() -> Iterator[None]:
    """What the tests do when they are told to end is not what the command does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interruptible(command: Sequence[object], **options: Any) -> subprocess.Popen[str]:
    """Begin a process that hears Ctrl-C as in a terminal, and text of its streams.

    Where a shell started the tests in the background they ignore SIGINT, and their children would.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen([*map(str, command)], text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file grows past so many bytes while the block runs, here and in children."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# Takes from root the right to go past the modes of files: then they hold for everybody.
_BOUND = """
import ctypes, os, sys
if not os.geteuid():
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP: from the next exec on
os.execv(sys.executable, [sys.executable, "-c", *sys.argv[1:]])
"""
_CALLS = """
import json, sys
from conftest import called
for call in json.loads(sys.argv[1]):
    done = called(*call)
    print(json.dumps([done.args, done.returncode, done.stdout, done.stderr]))
"""


def bound(*calls: Sequence[object]) -> list[Done]:
    """``kg`` called by a user whom the disk refuses things, again and again in one process."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux takes rights from root")
    told = json.dumps([list(map(str, call)) for call in calls])
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", _BOUND, _CALLS, told],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Done(*json.loads(line)) for line in done.stdout.splitlines()]


def _endless(*_: object) -> None:
    pytest.fail("a minute of work: does this go back over its text again and again?")


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """Fail the block when it works for a minute; waiting for others on the machine is no work.

    Nothing is measured: what is in proportion to its text has done at once, all else takes hours.
    """
    before = signal.signal(signal.SIGPROF, _endless)
    signal.setitimer(signal.ITIMER_PROF, 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, built once."""
    out = tmp_path_factory.mktemp("samples") / "out"
    done = called("build", SAMPLES, "-o", out, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    return out
