"""The README's commands run and print what it shows; its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import refresh
from conftest import called

README = (refresh.ROOT / "README.md").read_text(encoding="utf-8")
CI = (refresh.ROOT / ".ci" / "run").read_text(encoding="utf-8")


def kg(*arguments: str, cwd: Path) -> str:
    """What a command prints on a terminal: data, then talk."""
    done = called(*arguments, cwd=cwd)
    assert done.returncode in (0, 1), done.stderr
    return refresh.said(done)


def test_console_blocks_show_what_the_commands_print():
    assert refresh.BLOCK.search(README)
    assert refresh.readme(README, kg) == README, "python -m tests.refresh"


def test_ci_runs_the_readmes_two_commands_literally():
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    assert len(commands) == 2
    assert all(f"\n{command}\n" in CI for command in commands)


def test_links_lead_to_files_of_the_project():
    documents = [*refresh.ROOT.glob("*.md"), *refresh.ROOT.glob("docs/**/*.md")]
    assert len(documents) > 8
    for path in documents:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
