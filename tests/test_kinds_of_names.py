"""Kinds of names that records of all provinces print: each pair is one, or is two.

Written as kinds, not as rows: autonomous regions and prefectures, the army, traditional
characters, words for "affiliated", abbreviations, titles and degrees, rare surnames.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from conftest import called
from resolve_corpus import Corpus

from kg.resolve.labelled import organizations
from kg.resolve.names.latin_names import (
    han_agreement,
    han_name,
    latin_agreement,
    names_agree,
    person_name,
)

with (Path(__file__).parent / "data" / "kinds_of_hospital_names.tsv").open(
    encoding="utf-8"
) as file:
    PAIRS = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]


@pytest.mark.parametrize(("decision", "left", "right"), PAIRS)
def test_two_names_are_one_hospital_or_two(decision, left, right):
    assert len(set(organizations.grouped([left, right]))) == (decision != "same") + 1


@pytest.mark.parametrize(
    "printed",
    [
        "Dr. Chen Shili", "Prof Shili Chen", "Assoc. Prof. Chen Shili",
        "Chief Physician Chen Shili",
        "Chen Shili, MD, PhD", "Shili Chen M.D., Ph.D.", "Chen Shili, Master",
        "Chen Shili (Professor)",
        "Chen Shili, R.N.", "Chen Shili PharmD", "Chen Shili, associate professor", "CHEN SHILI",
        "Chen, Shi-Li", "ChenShili", "Chen Shili, Doctor of Medicine", "Dr.Chen Shili",
        "Chen Shili, MA",
    ],
)  # fmt: skip
def test_titles_degrees_order_and_case_are_no_part_of_a_name(printed):
    assert latin_agreement(printed, "Chen Shili") == "agree"


def test_a_surname_is_not_taken_for_a_degree_nor_a_name_for_a_title():
    """Ma and Ba are surnames before they are degrees; Dean and Chief are names without a rank."""
    assert latin_agreement("Ma Shili", "Ba Shili") != "agree"
    assert latin_agreement("Shili Ma", "Ma Shili, MD") == "agree"
    assert han_agreement("马示例", "Ma Shili") == "agree"
    assert han_agreement("马晟", "Ma Sheng") == "agree"
    assert latin_agreement("Dean Alder", "Bruno Alder") != "agree"


@pytest.mark.parametrize(
    ("han", "latin"),
    [
        ("欧阳示例", "Ouyang Shili"), ("司马示例", "Shili Sima"), ("诸葛示例", "Zhuge Shi-li"),
        ("尉迟示例", "Yuchi Shili"), ("单示例", "Shan Shili"), ("解示例", "Xie Shili"),
        ("仇示例", "Qiu Shili"), ("区示例", "Ou Shili"), ("查示例", "Zha Shili"),
        ("曾示例", "Zeng Shili"), ("盖示例", "Ge Shili"), ("盖示例", "Gai Shili"),
        ("呂示例", "Lyu Shili"), ("吕示例", "LV Shili"), ("吕示例", "Lu Shili"),
        ("艾尔肯·示例提", "Aierken Shiliti"), ("龐示例", "Pang Shili"),
    ],
)  # fmt: skip
def test_a_surname_is_read_as_its_bearers_read_it(han, latin):
    assert han_agreement(han_name(han) or "", latin) == "agree"


@pytest.mark.parametrize("latin", ["Dan Shili", "Chou Shili"])
def test_another_reading_is_another_name(latin):
    wrong = {"Dan Shili": "单示例", "Chou Shili": "仇示例"}[latin]
    assert han_agreement(wrong, latin) == "differ"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("陈示例教授", "陈示例"), ("陈示例 主任医师", "陈示例"), ("陈示 (副教授)", "陈示"),
        ("教授 陈示例", "陈示例"), ("陈示例博士", "陈示例"), ("呂示例", "吕示例"),
        ("婁示例", "娄示例"),
        ("艾尔肯·示例提", "艾尔肯示例提"), ("艾尔肯.示例提", "艾尔肯示例提"), ("李医生", None),
        ("陈示教授", "陈示"), ("欧阳教授", None), ("欧阳示主任医师", "欧阳示"), ("陈主任", None),
    ],
)  # fmt: skip
def test_a_chinese_name_is_read_without_its_title(printed, name):
    assert han_name(printed) == name


def test_one_person_with_and_without_title_is_one_name():
    ours = person_name(("陈示例教授", "Prof. Chen Shili"))
    assert names_agree(ours, person_name(("陈示例",))) == "agree"
    assert names_agree(ours, person_name(("陳示例",))) == "agree"
    assert names_agree(ours, person_name(("陈示列",))) == "differ"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("1st Affiliated Hosp. of Xinjiang Medical Univ.", "ordinal: 1"),
        ("恩施土家族苗族自治州中心医院", "place: 恩施州"),
        ("大理市人民医院", "place: 大理"),
        ("中国人民解放军联勤保障部队第九〇〇医院", "ordinal: 900"),
    ],
)
def test_parse_shows_how_it_is_read(name, told):
    assert told in called("resolve", "parse", name).stdout


# -- names with initials, letters of other alphabets -----------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("Ann B. Example", "Ann B Example", "agree"),
        ("Example, Ann B.", "Ann B Example", "agree"),
        ("Ann BC Example", "Ann B.C. Example", "unclear"),
        ("Ann B. Example", "Ann C. Example", "unclear"),
        ("Ann Example", "Ann B. Example", "unclear"),
        ("A. Example", "A Example", "unclear"),
        ("Chen SL", "Chen S.L.", "unclear"),
        ("Müller Hans", "Hans Muller", "agree"),
        ("Rasmus Møller", "Rasmus Moller", "agree"),
        ("Groß Eva", "Eva Gross", "agree"),
        ("LÜ Shili", "Lu Shili", "agree"),
        ("O'Example Pat", "Pat OExample", "agree"),
        ("D’Example, Ann", "Ann D'Example", "agree"),
        ("Nü Shili", "Nyu Shili", "agree"),
        ("예시민", "예시민", "agree"),
        ("예시민", "예시문", "differ"),
    ],
)
def test_a_letter_of_another_alphabet_is_no_initial_and_equal_initials_agree(one, other, agreement):
    assert latin_agreement(one, other) == agreement


def test_a_middle_initial_printed_alike_does_not_keep_a_person_apart():
    c = Corpus()
    c.crowd()
    record = c.record("A1", registry="ctgov")
    place = c.organization(record, None, "Invented Kelming University")
    mail = [("e-mail", "k1")]
    one = c.person(record, None, "Ann B. Kelming", role="public-contact", at=[place], contacts=mail)
    two = c.person(record, None, "Ann B Kelming", role="site-contact", at=[place])
    three = c.person(c.record("A2"), None, "Ann B Kelming", contacts=mail)
    short = c.person(c.record("A3"), None, "Ann Kelming", contacts=mail)
    assert c.one(one, two, three)
    assert not c.one(one, short)
    assert ("possible", "P-D3") in c.links()


@pytest.mark.parametrize("name", ["A" * 100_000, "ab " * 50_000, "张" * 100_000, "Lü-" * 50_000])
def test_a_text_is_no_name_of_a_person(name):
    """Reading one would take the square of its length."""
    read = person_name((name,))
    assert read.key == ""
    assert not read.latin_keys
    assert names_agree(read, read) == "unclear"
