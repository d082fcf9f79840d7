"""How far the reading is: in one large file too, which every process reads a part of."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from conftest import later

from benchmarks import corpus
from kg.reading import intake
from kg.reading.far import AllShards, Note, Told
from kg.running.stages import Step
from kg.sources import cutting


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 240 studies, 2 MB."""
    folder = tmp_path_factory.mktemp("studies")
    corpus.write(folder, 240, per_file=240)
    (file,) = folder.iterdir()
    return file


@pytest.mark.parametrize("packed", later("zip", "", "gz"))
@pytest.mark.parametrize("jobs", [2, *later(1)])
def test_a_large_file_tells_how_far_it_is(packed, jobs, study, tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "SMALL", 1000)
    monkeypatch.setattr(intake, "WORTH_IT", 1000)
    monkeypatch.setattr(intake, "LOOK", 0.001)
    file = tmp_path / "all"
    if packed == "zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.write(study, "a.json")
            archive.write(study, "b.json")
    else:
        data = study.read_bytes()
        file.write_bytes(gzip.compress(data) if packed else data)
    said: list[Step] = []
    read = intake.read([file], None, said.append, jobs=jobs)
    shares = [step.share for step in said]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert said[-1].done == len(read.versions)
    assert any(0 < step.share < 1 and 0 < step.done < len(read.versions) for step in said)


def test_shards_at_work_and_those_over_add_up():
    said: list[Step] = []
    far = AllShards("reading", [300, 100], said.append)
    far.inside(0, Told(5, 0.5, 1))
    far.past(1, 7, 0)
    far.past(0, 10, 2)
    assert said == [
        Step("reading", 5, 0.375, 1),
        Step("reading", 12, 0.625, 1),
        Step("reading", 17, 1.0, 2),
    ]


def test_a_note_that_is_not_there_or_half_written_is_none(tmp_path):
    note = Note(tmp_path / "told")
    assert note.read() is None
    note(Told(12, 0.25, 3))
    assert note.read() == Told(12, 0.25, 3)
    note.file.write_text("12 0.2")
    assert note.read() is None
