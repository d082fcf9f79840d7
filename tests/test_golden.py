"""What each sample becomes, as a person has read it: issues and unread fields, then quads."""

from __future__ import annotations

import pytest
from conftest import ROOT, SAMPLES

from kg.inspection import golden

ALL = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
GOLDEN = ROOT / "tests" / "golden"


@pytest.mark.parametrize("sample", ALL, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_extraction_is_what_the_golden_file_says(sample):
    expected = GOLDEN / sample.parent.name / f"{sample.stem}.trig"
    command = f"kg golden {sample.relative_to(ROOT)} {expected.relative_to(ROOT)}"
    assert expected.is_file(), command
    assert golden(sample) == expected.read_text(encoding="utf-8"), f"{command} --force"


def test_every_golden_file_has_its_sample():
    found = {f"{p.parent.name}/{p.stem}" for p in GOLDEN.rglob("*.trig")}
    assert found == {f"{p.parent.name}/{p.stem}" for p in ALL}
