"""Ethics committees, days and periods of a Chinese registry page, as older records print them."""

from __future__ import annotations

import pytest
from test_chictr import CENTRES, changed, read, record

NUMBER = "Approved No. of ethic committee:"
DAY = "Date of approved by ethic committee:"
NAME_ZH, NAME_EN = "批准本研究的伦理委员会名称:", "Name of the ethic committee:"
RECRUITING = "Recruiting time:"


def named(zh, en, numbers):
    text = changed(CENTRES, NAME_ZH, zh)
    return changed(changed(text, NAME_EN, en), NUMBER, numbers)


def decided(text):
    return [
        (a.number.value if a.number else None, a.committee.name.label)
        for a in record(text).approvals
    ]


def test_two_committees_with_two_numbers_are_two_approvals():
    text = named(
        "云溪大学附属医院伦理委员会；泊川市医院医学伦理委员会",
        "Ethics Committee of Yunxi University Hospital; Bochuan Hospital IRB",
        "云伦2025-1；BC-2025-07",
    )
    assert decided(text) == [
        ("云伦2025-1", "云溪大学附属医院伦理委员会"),
        ("BC-2025-07", "泊川市医院医学伦理委员会"),
    ]
    second = record(text).approvals[1].committee.name
    assert second.en.value == "Bochuan Hospital IRB"


def test_two_committees_without_a_number_are_two_approvals():
    text = named("甲医院伦理委员会;乙医院伦理委员会", "", "")
    assert [name for _, name in decided(text)] == ["甲医院伦理委员会", "乙医院伦理委员会"]


@pytest.mark.parametrize(
    ("zh", "en", "numbers"),
    [
        ("甲医院伦理委员会；乙医院伦理委员会", "A IRB; B IRB; C IRB", "1号"),
        ("甲医院伦理委员会；乙医院伦理委员会", "A IRB; B IRB", "甲1号；甲2号；乙1号"),
        ("甲医院；乙医院伦理委员会", "A Hospital; B IRB", "1号"),
        ("甲医院伦理委员会；乙医院伦理委员会", "A IRB; B IRB", "1号"),  # whose it is, nobody says
    ],
)
def test_committees_that_cannot_be_told_apart_stay_one_name(zh, en, numbers):
    assert {name for _, name in decided(named(zh, en, numbers))} == {zh}


def test_the_day_that_the_registry_prints_for_none_is_no_day_of_approval():
    (approval,) = record(changed(CENTRES, DAY, "1990-01-01 00:00:00")).approvals
    assert approval.date.value is None
    assert approval.date.blank


def test_an_end_that_cannot_be_read_leaves_the_start_of_a_period():
    found = read(changed(CENTRES, RECRUITING, "From 2025-06-16 00:00:00 To 2026-13-30 00:00:00"))
    assert found.record.recruitment_start.value.text == "2025-06-16"
    assert found.record.recruitment_end.value is None
    assert [(i.kind, i.field) for i in found.issues] == [("bad value", "征募观察对象时间")]


def test_a_day_of_noughts_is_no_day():
    found = read(changed(CENTRES, RECRUITING, "From 2025-06-16 To 0000-00-00"))
    assert found.record.recruitment_start.value.text == "2025-06-16"
    assert found.record.recruitment_end.value is None
    assert not found.issues


def test_a_period_in_other_words_is_an_issue():
    found = read(changed(CENTRES, RECRUITING, "2025-06-16 onwards"))
    assert found.record.recruitment_start.refused
    assert [(i.kind, i.field) for i in found.issues] == [("bad value", "征募观察对象时间")]
