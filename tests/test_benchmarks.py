"""Benchmarks run, at a size that proves nothing; the README shows what they kept."""

from __future__ import annotations

import importlib

import pytest
from conftest import later

pytest.importorskip("orjson", reason="orjson is not installed: pip install -e '.[benchmarks]'")

from benchmarks import corpus, table
from benchmarks.kept import ROOT, TARGETS, Measured, Target, results

TINY = {
    "extract": {"records": 6, "rounds": 1},
    "check": {"records": 3, "many": 6, "rounds": 1},
    "export": {"edges": 400, "few": 200, "rounds": 1},
    "query": {"studies": 6, "rounds": 1},
    "build": {"records": 100, "rounds": 1},
    "identity_scale": {"sites": 40},
    "growth": {"few": 4, "many": 8, "rounds": 1, "read_few": 2, "read_many": 4},
}
# A peer in an environment of its own, and more bytes than one process reads alone.
NOT_TINY = {"extract.morph", "extract.two"}


LONG = {"build", "growth", "check", "query", "export"}  # some seconds each


@pytest.mark.parametrize(
    "name", [*(n for n in TINY if n not in LONG), *later(*(n for n in TINY if n in LONG))]
)
def test_each_finds_all_of_its_targets(name, tmp_path, capsys):
    measured = importlib.import_module(f"benchmarks.{name}").measure(**TINY[name])
    wanted = {t.key for t in TARGETS if t.key.startswith(f"{name}.")} - NOT_TINY
    assert measured.rounds.keys() == wanted
    measured.print()
    assert len(capsys.readouterr().out.splitlines()) == len(wanted)
    measured.keep(tmp_path)
    (kept,) = results(tmp_path)
    assert kept["measured"].keys() == wanted
    text = table.table([kept])
    assert text.count("not measured") == len(TARGETS) - len(wanted)
    assert all(kept["measured"][key]["note"] in text for key in wanted)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["extract", "check"])
def test_records_of_ones_own_are_measured_and_not_kept(name, tmp_path, capsys):
    benchmark = importlib.import_module(f"benchmarks.{name}")
    corpus.write(tmp_path / "own", 4, seed=7, per_file=2)
    measured = benchmark.measure(of=str(tmp_path / "own"), rounds=1)
    assert measured.settings["records"] == 4
    measured.print()
    assert "4 records" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="only what invented records gave"):
        measured.keep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_a_folder_without_json_is_said(tmp_path):
    with pytest.raises(SystemExit, match=r"ends in \.json"):
        importlib.import_module("benchmarks.extract").measure(of=str(tmp_path))


def test_every_target_belongs_to_a_benchmark():
    assert {target.key.partition(".")[0] for target in TARGETS} == TINY.keys()


def test_what_was_missed_is_said():
    (floor, *_) = TARGETS
    made = Measured("extract", {})
    made.found(floor.key, [1 / 41, 1 / 40, 1 / 7], "three rounds")
    kept = {"measured": {floor.key: {"value": 1 / 40, "note": "three rounds"}}}
    line = next(x for x in table.table([kept | WHERE]).splitlines() if floor.what in x)
    assert line.endswith("| ≥ 1/8 | 1/40 | **no** | three rounds |")
    better = {"measured": {floor.key: {"value": 1 / 5, "note": ""}}}
    assert "| 1/5 | yes |" in table.table([better | WHERE])


WHERE = {
    "benchmark": "extract",
    "date": "2026-11-25",
    "commit": "0000000",
    "machine": {"cpu": "one", "cores": 2, "memory_gib": 24, "load_at_start": 0.1},
    "versions": {"python": "3.11"},
    "settings": {"records": 1000},
}


def test_the_readmes_table_is_that_of_the_results():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert table.readme(text, results()) == text, "python -m benchmarks.table"
    own = (ROOT / "benchmarks" / "results" / "table.md").read_text(encoding="utf-8")
    assert own == table.own(results())


def test_results_name_no_machine_and_no_path():
    import platform

    for path in (ROOT / "benchmarks" / "results").iterdir():
        text = path.read_text(encoding="utf-8")
        assert platform.node() not in text
        assert "/tmp/" not in text
        assert "/home/" not in text


def test_a_good_number_of_too_few_records_is_not_called_met():
    wanted = Target("growth.cost", "", "", 15, "percent", most=True, size=200_000)
    assert wanted.verdict(12, 600) == "not shown: of too few records"
    assert wanted.verdict(12, 200_000) == "yes"
    assert wanted.verdict(16, 600) == "**no**"
