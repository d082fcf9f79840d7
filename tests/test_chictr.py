"""Pages of the Chinese registry: what each label gives. Samples, one value changed at a time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from accounted import faults, pages_without_one_value
from conftest import SAMPLES, extracted, later
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extractors import page_extractor
from kg.statements import crossed

CLEAN = (SAMPLES / "chictr" / "clean-single-centre-web-cn.txt").read_text("utf-8")
CENTRES = (SAMPLES / "chictr" / "multicentre-two-leaders-web-en.txt").read_text("utf-8")
HISTORY = (SAMPLES / "chictr" / "history-v1.1-hv-cn.txt").read_text("utf-8")
# One sample of each template, with every block of the form; the others differ in their layout.
SAMPLES_BLANKED = (
    "clean-single-centre-web-cn.txt",
    "many-defects-cell-therapy-web-cn.txt",
    "multicentre-two-leaders-web-en.txt",
    "observational-two-approvals-hv-en.txt",
    "amctr-cancelled-pipe.txt",
    "repeated-sites-glued.txt",
    "repeated-sites-html.html",
)


def read(text):
    (found,) = extracted(text)
    return found


def changed(text, label, value):
    """The page with another value below the line that is ``label``."""
    lines = text.split("\n")
    at = lines.index(label)
    end = next(
        (n for n in range(at + 1, len(lines)) if lines[n].rstrip().endswith(":")), len(lines)
    )
    return "\n".join([*lines[: at + 1], "", value, "", *lines[end:]])


def record(text):
    found = read(text).record
    assert found is not None
    return found


def same_but_for_the_file(record):
    return replace(record, version=replace(record.version, source_file=None, source_sha256=None))


def kinds(text):
    return [(i.kind, i.field) for i in read(text).issues]


def test_the_clean_sample_has_no_issue_and_nothing_unread():
    found = read(CLEAN)
    assert not found.issues
    assert not found.unread


def test_every_value_knows_its_line():
    lines = CLEAN.split("\n")
    title = record(CLEAN).public_title
    assert lines[title.zh.line - 1] == "注册题目:"
    assert lines[title.en.line - 1] == "Public title:"


def test_ages_keep_their_units():
    page = changed(CLEAN, "Participant age:", "最小 Min age 6 months\n最大 Max age 18 years")
    found = record(page)
    assert (found.min_age.value, found.max_age.value) == (Decimal("0.5"), Decimal(18))


def test_an_age_without_a_number_is_blank_and_not_no_limit():
    page = changed(CLEAN, "Participant age:", "最小 Min age years\n最大 Max age years")
    found = record(page)
    assert found.min_age.value is None
    assert found.max_age.value is None
    assert found.no_age_limit is None


def test_two_approval_numbers_are_two_approvals_of_one_committee():
    page = changed(CLEAN, "Approved No. of ethic committee:", "202301-105-02；202301-105-01")
    first, second = record(page).approvals
    assert {first.number.value, second.number.value} == {"202301-105-02", "202301-105-01"}
    assert first.committee is second.committee


def test_a_number_with_a_comma_and_a_bracket_is_one_number():
    page = changed(CLEAN, "Approved No. of ethic committee:", "KY-A，第（1）号")
    assert len(record(page).approvals) == 1


def test_a_date_that_no_calendar_has_is_an_issue_and_no_value():
    page = changed(CLEAN, "Date of approved by ethic committee:", "2025-02-30 00:00:00")
    date = record(page).approvals[0].date
    assert date.value is None
    assert date.refused
    assert ("bad value", "伦理委员会批准日期") in kinds(page)


def test_a_date_that_means_nothing_is_blank():
    page = changed(CLEAN, "Date of approved by ethic committee:", "1900-01-01 00:00:00")
    assert record(page).approvals[0].date.value is None
    assert not read(page).issues


def test_a_month_stays_a_month():
    page = changed(CLEAN, "Recruiting time:", "From 2026-05 To 2027")
    found = record(page)
    assert found.recruitment_start.value.text == "2026-05"
    assert found.recruitment_end.value.text == "2027"


def test_a_word_no_table_knows_is_an_issue_and_no_value():
    page = changed(changed(CLEAN, "研究类型:", "占卜"), "Study type:", "Divination")
    assert record(page).study_type.value is None
    assert not record(page).study_type.blank
    assert [kind for kind, _ in kinds(page)] == ["unknown word", "unknown word"]
    assert record(page).version.unparsed_words


def test_words_that_disagree_are_reported_and_the_chinese_one_counts():
    page = changed(CLEAN, "Study type:", "Observational study")
    assert record(page).study_type.value == ("interventional",)
    assert ("words disagree", "Study type") in kinds(page)


@pytest.mark.parametrize(
    ("zh", "en", "codes"),
    [
        ("上市后药物", "4", ("phase-4",)),
        ("其它", "N/A", ("not-applicable",)),
        ("Ⅱ-Ⅲ期临床试验", "2-3", ("phase-2", "phase-3")),
        ("探索性研究/预试验", "0", ("exploratory",)),
    ],
)
def test_phases(zh, en, codes):
    page = changed(changed(CLEAN, "研究所处阶段:", zh), "Study phase:", en)
    assert record(page).phase.value == codes


def test_one_english_design_word_has_two_meanings_and_the_chinese_word_tells():
    page = changed(changed(CLEAN, "研究设计:", "连续入组"), "Study design:", "Sequential")
    assert record(page).design_model.value == ("consecutive",)
    assert not read(page).issues


def test_a_funding_text_is_an_organization_only_when_it_is_one():
    texts = {"示例大学附属医院": True, "自选课题(自筹)": False, "示例基金项目": False}
    for text, is_one in texts.items():
        assert bool(record(changed(CLEAN, "经费或物资来源:", text)).funding[0].funder) is is_one


def test_several_leaders_share_the_fields_contacts_but_not_each_others_identity():
    leaders = [r.agent for r in record(CENTRES).roles if r.role == "principal-investigator"]
    assert len(leaders) == 2
    assert len({p.name.label for p in leaders}) == 2
    assert not any(p.alone for p in leaders)
    assert all(p.name.en.value for p in leaders)


def test_sites_and_secondary_sponsors_are_told_apart():
    found = record(CENTRES)
    assert len(found.sites) == 4
    assert [r.role for r in found.roles].count("sponsor") >= 1
    assert all(site.level is not None for site in found.sites)


def test_the_history_page_gives_its_version_and_when_it_was_made():
    version = record(HISTORY).version
    assert version.layout.startswith("hv-")
    assert version.printed_label.value == "V1.1"
    assert version.created_at.value.endswith("+08:00")


def test_the_last_field_is_a_moment_and_never_a_person():
    found = record(CLEAN)
    assert "T" in found.version.submitted_at.value
    assert all(r.agent.name.label != found.version.submitted_at.value for r in found.roles)


def test_a_cut_page_asks_for_nothing_below_the_cut():
    whole, cut = read(CLEAN).record, read(CLEAN[: CLEAN.index("纳入标准")]).record
    assert whole.version.not_printed == ()
    assert {"WHO-14a", "WHO-16", "WHO-24a"} <= set(cut.version.not_printed)
    assert not {"WHO-05", "WHO-12", "WHO-15a"} & set(cut.version.not_printed)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.8, 0.95])
def test_a_cut_page_is_read_to_the_cut_and_says_so(share):
    cut = CLEAN[: int(len(CLEAN) * share)]
    found = read(cut)
    assert found.record is not None
    assert "page cut" in [issue.kind for issue in found.issues]
    whole = record(CLEAN)
    assert {r.agent.name.label for r in found.record.roles} <= {
        r.agent.name.label for r in whole.roles
    }
    assert {s.key for s in found.record.sites} <= {s.key for s in whole.sites}


def test_a_page_without_a_number_is_no_record():
    assert page_extractor(CLEAN.replace("ChiCTR26999900", "no number ")) is None


def test_an_invented_number_elsewhere_in_the_text_makes_no_record():
    assert page_extractor("See NCT09999999 and 注册号 of ChiCTR2699990001.") is None


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    (found,) = extracted(("\ufeff" + CLEAN.replace("\n", "\r\n")).encode())
    assert same_but_for_the_file(found.record) == same_but_for_the_file(record(CLEAN))


def test_full_width_colons_change_nothing():
    import re

    wide = re.sub(r"^([^\n:]{2,20}):$", r"\1：", CLEAN, flags=re.MULTILINE)
    assert wide != CLEAN
    assert same_but_for_the_file(record(wide)) == same_but_for_the_file(record(CLEAN))


@pytest.mark.parametrize(
    "note",
    [
        "Cancelled by the investigator",
        "Cancelled by investigator",
        "Cancelled due to lack of participants",
        "Cancelled, due to modify the protocol",
    ],
)
def test_a_note_in_front_of_the_title_withdraws_the_trial_and_keeps_the_printed_status(note):
    page = changed(CLEAN, "Public title:", f"{note}   An invented title")
    found = record(page)
    assert found.recruitment_status.value == ("withdrawn",)
    assert found.why_stopped.en.value == note
    assert found.last_known_status == record(CLEAN).recruitment_status
    assert found.public_title.en.value == f"{note} An invented title"


def test_a_title_about_cancelled_operations_withdraws_nothing():
    page = changed(CLEAN, "Public title:", "Cancelled operations in invented hospitals")
    assert record(page).recruitment_status == record(CLEAN).recruitment_status
    assert record(page).why_stopped is None


def test_secondary_identifiers_are_told_apart_by_their_registry():
    label = "The registration number of the Partner Registry or other register:"
    page = changed(CLEAN, label, "ITMCTR2699990009 ; ChiCTR-2699990009；YX-0000-7")
    found = [(i.registry, i.notation.value) for i in record(page).secondary_identifiers]
    assert found == [
        ("itmctr", "ITMCTR2699990009"),
        ("chictr", "ChiCTR2699990009"),
        (None, "YX-0000-7"),
    ]


def test_every_value_of_a_repeated_unknown_label_is_an_issue_of_its_own():
    more = "\n\n示例栏目:\n\n甲\n\n示例栏目:\n\n乙\n\n示例栏目:\n\n\n研究目的:"
    found = read(CLEAN.replace("\n研究目的:", more, 1))
    assert [(i.kind, i.field) for i in found.issues] == [
        ("unknown label", "示例栏目[3]"),
        ("unknown label", "示例栏目[1]"),
        ("unknown label", "示例栏目[2]"),
    ]
    assert found.record.objective.label == record(CLEAN).objective.label


def test_a_code_without_a_name_is_not_lost():
    page = changed(CLEAN, "研究疾病:", "")
    page = changed(changed(page, "Target disease:", ""), "Target disease code:", "Z99.9")
    assert [c.code.value for c in record(page).conditions] == ["Z99.9"]


def test_what_a_saved_page_prints_below_the_form_is_no_part_of_its_last_field():
    found = read(CLEAN.rstrip() + "\n返回列表\nExample footer\n")
    assert found.record.version.submitted_at == record(CLEAN).version.submitted_at
    assert not found.issues


def test_a_sentence_with_the_label_and_a_number_is_no_record():
    text = "本文报告一项随机试验(注册号: ChiCTR2699990001),结果如下。"
    assert page_extractor(text) is None


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_reading_a_damaged_page_never_raises(data):
    lines = data.draw(st.sampled_from([CLEAN, CENTRES, HISTORY])).split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        how = data.draw(st.sampled_from(["drop", "repeat", "swap", "noise"]))
        if how == "drop":
            del lines[at]
        elif how == "repeat":
            lines.insert(at, lines[data.draw(st.integers(0, len(lines) - 1))])
        elif how == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = data.draw(st.text(max_size=12))
    for found in extracted("\n".join(lines)):
        if found.record is not None:
            crossed(found.record)


@pytest.mark.parametrize("name", SAMPLES_BLANKED)
@pytest.mark.parametrize("nothing", ["", *later("N/A")])
def test_no_value_is_lost_beside_one_that_is_not_given(name, nothing):
    text = (SAMPLES / "chictr" / name).read_text("utf-8")
    for where, found in pages_without_one_value(text, nothing):
        assert found.record is None or not faults(found), where


def arm_cells(size, sample_size):
    """The clean page with these values under both labels of the first arm's size."""
    lines = CLEAN.split("\n")
    for label, value in (("样本量:", size), ("Sample size:", sample_size)):
        at = lines.index(label)
        end = next(n for n in range(at + 1, len(lines)) if lines[n].rstrip().endswith(":"))
        lines[at + 1 : end] = ["", value, ""]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("size", "sample_size", "expected"),
    [("40", "", 40), ("", "40", 40), ("40", "40", 40), ("40", "41", 40), ("N/A", "41", 41)],
)
@pytest.mark.parametrize("is_named", [True, False], ids=["named", "unnamed"])
def test_the_size_of_an_arm_counts_under_either_label(size, sample_size, expected, is_named):
    text = arm_cells(size, sample_size)
    if not is_named:
        text = changed(changed(text, "组别:", ""), "Group:", "")
    found = read(text)
    assert found.record.arms[0].size.value == expected
    assert not faults(found)
    disagree = {i.value for i in found.issues if i.kind == "words disagree"}
    assert disagree == ({"41"} if (size, sample_size) == ("40", "41") else set())


def test_the_code_of_an_intervention_counts_under_the_english_label_too():
    text = changed(changed(CLEAN, "干预措施代码:", ""), "Intervention code:", "Z99")
    arms = record(text).arms
    assert [a.interventions[0].code.value for a in arms[:1]] == ["Z99"]


@pytest.mark.parametrize(
    ("zh", "en", "is_masked"),
    [
        ("研究中心1", "Research Site 1", True),
        ("多中心", "Multiple centers", True),
        ("其他医院", "", True),
        ("示例市示例医院", "Research Site", False),
        ("研究中心", "Invented City Hospital", False),
    ],
)
def test_a_site_whose_name_is_kept_back_is_no_organization(zh, en, is_masked):
    site = record(CLEAN).sites[0].organization.name
    text = CLEAN[CLEAN.index("研究实施地点:") :]
    text = text.replace(site.zh.value, zh).replace(site.en.value, en)
    found = read(CLEAN[: CLEAN.index("研究实施地点:")] + text)
    site = found.record.sites[0]
    assert (site.organization is None) is is_masked
    assert (site.masked_name is not None) is is_masked
    named = site.masked_name or site.organization.name
    assert (named.zh.value, named.en.value or "") == (zh, en)
    assert not faults(found)


def test_a_numbered_field_names_several_organizations():
    several = changed(CLEAN, "研究实施负责(组长)单位:", "1. 甲示例医院；2. 乙示例医院")
    several = changed(several, "Primary sponsor:", "1.Example A Hospital, 2.Example B Hospital")
    several = changed(several, "研究负责人所在单位:", "1、甲示例医院；2、乙示例大学")
    several = changed(several, "Affiliation of the Leader:", "")
    found = record(several)
    leads = [one.agent.name for one in found.roles if one.role == "lead-sponsor"]
    assert [(name.zh.value, name.en.value) for name in leads] == [
        ("甲示例医院", "Example A Hospital"),
        ("乙示例医院", "Example B Hospital"),
    ]
    (leader,) = (one.agent for one in found.roles if one.role == "principal-investigator")
    assert [one.name.zh.value for one in leader.affiliations] == ["甲示例医院", "乙示例大学"]
    assert not faults(read(several))


def test_a_field_that_is_numbered_in_one_language_only_stays_one_organization():
    text = changed(CLEAN, "研究实施负责(组长)单位:", "1. 甲示例医院；2. 乙示例医院")
    (lead,) = (one.agent for one in record(text).roles if one.role == "lead-sponsor")
    assert lead.name.zh.value == "1. 甲示例医院；2. 乙示例医院"
