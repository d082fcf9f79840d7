"""The README's commands run and print what it shows; links lead somewhere; files have a line."""

from __future__ import annotations

import re
from pathlib import Path

import refresh
from conftest import called

from kg.exporters.formats import CSV, FORMATS
from kg.exporters.views import VIEWS

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


def test_links_lead_to_files_of_the_project_and_to_their_headings():
    documents = [*refresh.ROOT.glob("*.md"), *refresh.ROOT.glob("docs/**/*.md")]
    assert len(documents) > 8
    for path in documents:
        for link in re.findall(r"\]\(([^):]+)\)", path.read_text(encoding="utf-8")):
            target, _, anchor = link.partition("#")
            file = path.parent / target if target else path
            assert file.exists(), f"{path.name}: {link}"
            assert not anchor or anchor in anchors(file), f"{path.name}: {link}"


def anchors(file: Path) -> set[str]:
    """What stands behind # in links to the headings of a document, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_file_of_a_build_is_named_where_they_are_told(built):
    told = (refresh.ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    names = {path.name + "/" * path.is_dir() for path in built.iterdir()}
    assert {name for name in names if f"`{name}`" not in told} == set()
    told = (refresh.ROOT / "docs" / "checking.md").read_text(encoding="utf-8")
    names = {path.name + "/" * path.is_dir() for path in (built / "report").iterdir()}
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_views_and_formats_are_told_in_help_and_documents():
    told = (refresh.ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    helped = " ".join(called("export", "--help").stdout.split())
    for view in VIEWS:
        assert f"`{view}`" in told
        assert view in helped
    for ending in (f.suffix for f in (*FORMATS, CSV)):
        assert f"`{ending}`" in told
