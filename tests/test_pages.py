"""Page text: labels are found by exact words, values never hold them."""

from __future__ import annotations

import pytest

from kg.extractors.chictr_form import FORM
from kg.sources.page_forms import Block, Form
from kg.sources.pages import scan
from kg.sources.trees import Cell

SMALL = Form(
    "编号:", "Number:", "纳入标准:", "Inclusion criteria", "排除标准:", "Exclusion criteria:",
    "地点:", "Settings:",
    Block("sites", ("地点:", "Settings:"), ("国家:", "医院:", "Institution hospital:")),
    "结束:", "End:", long=frozenset({"排除标准"}),
)  # fmt: skip


def page(*cells: str) -> str:
    return "\n\n".join(cells)


WHOLE = page(
    "编号:", "Number:", "17 ", "纳入标准:", "甲", "Inclusion criteria", "a", "排除标准:", "乙",
    "Exclusion criteria:", "b", "地点:", "Settings:", "国家:", "中国", "医院:", "一院",
    "Institution\nhospital:", "First Hospital", "国家:", "中国", "医院:", "\u00a0",
    "Institution\nhospital:", "Second Hospital", "结束:", "End:", "2026",
)  # fmt: skip


def test_each_label_holds_its_own_value_and_its_line():
    found = scan(WHOLE, SMALL)
    assert found.tree["Number"] == Cell("17", 3)
    assert found.tree["编号"] == Cell("", 1)
    assert found.whole
    assert not found.unknown
    assert not found.misplaced


def test_a_label_over_two_lines_is_one_label():
    assert "Institution hospital" in scan(WHOLE, SMALL).broken


def test_blocks_repeat_and_a_blank_stays_blank():
    sites = scan(WHOLE, SMALL).tree["sites"]
    assert [site["医院"].text for site in sites] == ["一院", ""]
    assert [site["Institution hospital"].text for site in sites] == [
        "First Hospital",
        "Second Hospital",
    ]


def test_a_label_inside_free_text_is_text_and_is_reported():
    text = WHOLE.replace("甲", "甲\n排除标准:\n丙")
    found = scan(text, SMALL)
    assert found.tree["纳入标准"].text == "甲\n排除标准:\n丙"
    assert found.tree["排除标准"].text == "乙"
    assert [label for label, _ in found.misplaced] == ["排除标准"]


def test_a_block_label_outside_its_section_is_text():
    found = scan(WHOLE.replace("甲", "甲\n\n国家:\n\n丙"), SMALL)
    assert found.tree["纳入标准"].text == "甲\n国家:\n丙"
    assert len(found.tree["sites"]) == 2


def test_full_width_colons_and_blanks_in_labels_do_not_matter():
    found = scan(WHOLE.replace("编号:", "编 号 ："), SMALL)
    assert found.tree["编号"] == Cell("", 1)


def test_an_unknown_label_is_reported_with_its_line():
    found = scan(WHOLE.replace("甲", "甲\n\n新栏目:\n\n丁"), SMALL)
    assert found.unknown == (("新栏目", 11),)
    assert found.tree["纳入标准"].text == "甲"
    assert found.tree["新栏目"] == Cell("丁", 11)


def test_an_unknown_label_that_repeats_keeps_every_value():
    text = WHOLE.replace("甲", "甲\n\n新栏目:\n\n丁\n\n新栏目:\n\n戊\n\n别栏目:\n\n己\n\n新栏目:")
    found = scan(text, SMALL)
    assert [cell.text for cell in found.tree["新栏目"]] == ["丁", "戊", ""]
    assert found.tree["别栏目"].text == "己"
    assert [path for path, _ in found.unknown] == ["新栏目[1]", "新栏目[2]", "别栏目", "新栏目[3]"]
    assert [found.text_at(path) for path, _ in found.unknown] == ["丁", "戊", "己", ""]
    assert found.tree["纳入标准"].text == "甲"


@pytest.mark.parametrize("printed", ["地点说明:", "sites:", "Inclusion criteria:"])
def test_an_unknown_label_never_takes_the_place_of_another(printed):
    text = WHOLE.replace("17 ", f"17\n\n{printed}\n\n丁")
    found = scan(text, SMALL)
    assert found.tree["Number"].text == "17"
    assert found.tree["Inclusion criteria"].text.endswith("a")
    assert len(found.tree["sites"]) == 2
    assert "丁" in [found.text_at(path) for path, _ in found.unknown]


def test_a_page_cut_inside_a_repeated_unknown_label_says_nothing_of_the_last():
    text = WHOLE.replace("甲", "甲\n\n新栏目:\n\n丁\n\n新栏目:\n\n戊")
    found = scan(text[: text.index("戊") + 1], SMALL)
    assert [found.text_at(path) for path, _ in found.unknown] == ["丁", ""]


def test_a_heading_in_free_text_stays_text_unless_it_comes_in_both_languages():
    heading = scan(WHOLE.replace("乙", "乙\n\n小标题:\n\n丁"), SMALL)
    assert heading.unknown == ()
    assert heading.tree["排除标准"].text == "乙\n小标题:\n丁"
    pair = scan(WHOLE.replace("乙", "乙\n\n新栏目:\n\n丁\n\nNew field:\n\nd"), SMALL)
    assert [label for label, _ in pair.unknown] == ["新栏目", "New field"]
    assert pair.tree["排除标准"].text == "乙"


def test_a_sentence_that_ends_in_a_colon_inside_a_paragraph_is_no_label():
    found = scan(WHOLE.replace("甲", "符合以下条件:\n1. 甲\n2. 乙"), SMALL)
    assert found.unknown == ()


@pytest.mark.parametrize("end", range(20, len(WHOLE) - 8, 3))
def test_a_cut_page_never_gives_half_a_value(end):
    whole, cut = scan(WHOLE, SMALL), scan(WHOLE[:end], SMALL)
    assert not cut.whole
    for key, cell in cut.tree.items():
        if isinstance(cell, Cell):
            assert cell == whole.tree[key]
        else:
            for mine, other in zip(cell, whole.tree[key], strict=False):
                assert mine.items() <= other.items()


def test_the_keys_of_the_form_are_distinct():
    assert len(set(FORM.keys.values())) == len(FORM.keys)
    for block in FORM.blocks.values():
        assert len(set(block.keys.values())) == len(block.keys)


def test_text_without_any_label_has_no_cells():
    assert scan("nothing here\n", SMALL).tree == {}
