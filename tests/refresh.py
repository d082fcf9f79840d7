"""Writes anew what is committed but made by the software: ``exports/samples`` and README blocks.

Run ``python -m tests.refresh`` from the project's folder after a change of samples or outputs; the
tests ``test_exports.py`` and ``test_readme.py`` say when.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-22"
# What of a build is committed: what people read. The store and long lists are left out.
COMMITTED = ("graph.ttl", "graph.gexf", "nodes.csv", "edges.csv", "links.tsv", "issues.jsonl")
PROGRESS = re.compile(
    r"^(?:reading|resolving|deriving|loading|checking|writing|remembering)\b.*\n", re.MULTILINE
)
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def kg(*arguments: str, cwd: Path) -> str:
    """What a command prints on a terminal: data, then talk."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "COLUMNS": "100", "LANG": "C.UTF-8"},
    )
    assert done.returncode in (0, 1), done.stderr
    return said(done)


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Data, then talk, without the lines that tell every ten seconds how far a slow machine is."""
    return done.stdout + PROGRESS.sub("", done.stderr)


def block(text: str, cwd: Path, kg: Callable[..., str] = kg) -> str:
    """A console block with the output that its commands have now."""
    lines = []
    for line in text.split("\n"):
        if line.startswith("$ kg "):
            import shlex

            lines.append(line)
            lines.append(kg(*shlex.split(line[5:]), cwd=cwd).rstrip("\n"))
    return "\n".join(lines) + "\n"


def readme(text: str, kg: Callable[..., str] = kg) -> str:
    """The README with the output that its commands have now; ``kg`` runs them."""
    with tempfile.TemporaryDirectory() as folder:
        cwd = Path(folder)
        (cwd / "records").symlink_to(ROOT / "kg" / "samples")
        kg("demo", cwd=cwd)
        return BLOCK.sub(lambda m: f"```console\n{block(m[1], cwd, kg)}```", text)


def exports(target: Path) -> None:
    """Build the samples and keep what is committed of it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "samples"
        kg("build", str(ROOT / "kg" / "samples"), "-o", str(out), "--as-of", AS_OF, cwd=ROOT)
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in COMMITTED:
            shutil.copy(out / name, target / name)


if __name__ == "__main__":
    exports(ROOT / "exports" / "samples")
    path = ROOT / "README.md"
    path.write_text(readme(path.read_text(encoding="utf-8")), encoding="utf-8")
