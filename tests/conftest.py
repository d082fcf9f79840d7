"""What many tests share: the command as a user runs it, and one build of the samples."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.extraction import Extraction, extractions
from kg.sources import Source

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "kg" / "samples"
AS_OF = "2026-11-22"

# The key of contact digests: tests make one of their own and leave the user's alone.
_STATE = tempfile.TemporaryDirectory(prefix="kg-tests-")
os.environ["XDG_STATE_HOME"] = _STATE.name


def extracted(data: str | bytes, name: str = "page.txt") -> list[Extraction]:
    """What the extractors read in a file of these bytes; issues about the file itself left out."""
    raw = data.encode() if isinstance(data, str) else data
    return [found for found in extractions(Source.of(name, raw)) if isinstance(found, Extraction)]


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


@pytest.fixture(scope="session")
def kg_command() -> Callable[..., Done]:
    return run_kg


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, built once."""
    out = tmp_path_factory.mktemp("samples") / "out"
    done = run_kg("build", SAMPLES, "-o", out, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    return out
