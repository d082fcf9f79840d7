"""Name fields: how many people, in which languages, and whether at all. All names are invented."""

from __future__ import annotations

import pytest

from kg.person_names import is_person, people, split_degree


def names(zh, en):
    return [(p.zh, p.en) for p in people(zh, en).people]


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("王甲", "Jia Wang", [("王甲", "Jia Wang")]),
        ("王甲; 陈乙", "Jia Wang, Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        ("王甲；陈乙", "Jia Wang; Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        (
            "赵甲一、钱乙二、孙丙",
            "Zhao JY, Qian YE, Sun B",
            [("赵甲一", "Zhao JY"), ("钱乙二", "Qian YE"), ("孙丙", "Sun B")],
        ),
        ("王甲 / 陈乙", "Jia Wang and Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        ("王甲", "Jia, Wang", [("王甲", "Jia, Wang")]),
        (None, "Jia, Wang", [(None, "Jia, Wang")]),
        (None, "Prof. Jia Wang; Dr. Yi Chen", [(None, "Jia Wang"), (None, "Yi Chen")]),
        ("王甲", None, [("王甲", None)]),
        ("王甲;王甲", None, [("王甲", None)]),
        (None, "Jia Wang, MD, PhD", [(None, "Jia Wang")]),
    ],
)
def test_people_are_told_apart_and_paired(zh, en, expected):
    assert names(zh, en) == expected


def test_languages_that_disagree_on_the_number_are_not_paired():
    found = people("王甲; 陈乙", "Jia Wang")
    assert [(p.zh, p.en) for p in found.people] == [("王甲", None), ("陈乙", None)]
    assert not found.paired


@pytest.mark.parametrize(
    "text",
    ["138 0000 0000", "Central Contact", "Clinical Trials Call Center", "someone@example.cn",
     "示例大学附属医院", "Example Pharma Co., Ltd", "Study Director"],
)  # fmt: skip
def test_what_is_no_person_is_rejected_and_said(text):
    found = people(None, text)
    assert found.people == ()
    assert found.rejected == (text,)


@pytest.mark.parametrize(
    "name", ["王甲", "欧阳甲乙", "Jia-Yi Wang", "WANG JIA", "O'Neil Ann", "李中心"[:2]]
)
def test_people_pass(name):
    assert is_person(name)


@pytest.mark.parametrize(
    ("printed", "name", "degree"),
    [
        ("Jia Wang, PhD", "Jia Wang", "PhD"),
        ("Jia Wang, M.D., Ph.D.", "Jia Wang", "M.D., Ph.D."),
        ("Dr. Jia Wang", "Jia Wang", "Dr."),
        ("Jia Wang", "Jia Wang", None),
        ("王甲教授", "王甲", "教授"),
        ("Ma Jia", "Ma Jia", None),
    ],
)
def test_degrees_are_split_off(printed, name, degree):
    assert split_degree(printed) == (name, degree)
