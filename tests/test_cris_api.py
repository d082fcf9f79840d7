"""The open API of the Korean registry: the detail of a study, and rows of its list."""

from __future__ import annotations

import json

import pytest
from accounted import faults
from conftest import extracted

from kg.model import RoleContact

ROW = {
    "trial_id": "KCT9999904",
    "date_updated": "2026-03-11",
    "date_registration": "2026-02-14",
    "source_name_kr": "가상제약(주)",
    "i_freetext_kr": "의료기구",
    "study_type_kr": "중재연구",
    "date_enrolment": "2026-01-26",
    "results_type_date_completed_kr": "예정",
    "type_enrolment_kr": "실제등록",
    "results_date_completed": "2027-04-30",
    "primary_sponsor_kr": "가상대학교병원",
    "scientific_title_kr": "하품에 관한\r\n가상 연구",
    "scientific_title_en": "An invented trial\r\nof yawning",
    "primary_outcome_1_kr": "하품 횟수",
    "phase_kr": "해당사항없음",
}
DETAIL = {
    "primary_purpose_en": "",
    "primary_purpose_kr": "기타",
    "date_registration": "2026/02/14",
    "public_affiliation_kr": "가상대학교병원",
    "public_affiliation_en": "Example University Hospital",
    "hc_code_en": "",
    "hc_code_kr": "",
    "study_type_kr": "중재연구",
    "study_type_en": "Interventional Study",
    "date_enrolment": "2026-01-26",
    "type_enrolment_en": "Actual",
    "type_enrolment_kr": "실제등록",
    "scientific_name_kr": "김가상",
    "scientific_name_en": "Ga-sang Kim",
    "affiliation_kr": "가상대학교병원",
    "affiliation_en": "Example University Hospital",
    "telephone": "02-000-0001",
    "irb_status": "제출 후 승인",
    "irb_status_en": "  Submitted approval",
    "irb_number": "EXA 2026-01-004",
    "irb_date": "2026-01-21",
    "irb_committee_kr": "가상대학교병원 생명윤리심의위원회",
    "irb_committee_en": "Institutional Review Board of Example University Hospital",
    "irb_agency_address_kr": "서울시 가상구 예시로 1",
    "irb_agency_address_en": "",
    "irb_phone": "02-000-0002",
    "target_gender_kr": "남성",
    "target_gender_en": "Male",
    "target_age_range_kr": "19 세 ~ 50 세",
    "target_age_range_en": "19 Year ~ 50 Year",
    "recruitment_status_en": "Completed",
    "sponsor_items": [
        {"primary_sponsor_kr": "가상제약(주)", "primary_sponsor_en": "Example Pharmaceutical"},
        {"primary_sponsor_kr": "가상대학교병원", "primary_sponsor_en": ""},
    ],
    "funding_items": [
        {"source_name_kr": "가상제약(주)", "source_name_en": "Example Pharmaceutical"}
    ],
    "research_items": [
        {"site_name_kr": "가상대학교병원", "site_name_en": "Example University Hospital"}
    ],
    "outcome_items": [
        {
            "primary_outcome_time_en": "Up to 72 hr",
            "primary_outcome_time_kr": "72시간",
            "primary_outcome_en": "Yawns an hour",
            "primary_outcome_kr": "하품 횟수",
        }
    ],
    "public_title_kr": "하품",
    "public_title_en": "Yawning",
    "public_name_kr": "한예시",
    "public_name_en": "Ye Si Han",
    "scientific_title_en": "An invented trial of yawning",
    "i_freetext_kr": "1군",
    "i_freetext_en": "Group 1 : tablet 10 mg\r\nGroup 2 : tablet 25 mg",
    "i_freetext_type_en": "Drug",
    "primary_outcome_type_en": "Pharmacokinetics",
    "trial_id": "KCT9999905",
    "date_updated": "2026/03/11",
    "results_date_completed": "2026-09-30",
    "results_type_date_completed_en": "",
    "target_size": 12,
    "group_number": "0",
    "arm_items": [],
    "resultCode": "00",
    "resultMsg": "NORMAL_SERVICE",
}


def read(data):
    return extracted(json.dumps(data, ensure_ascii=False))


def detail(**changed):
    (found,) = read({**DETAIL, **changed})
    assert found.record is not None
    return found.record


def test_the_list_of_the_api_is_a_record_for_each_row():
    second = {**ROW, "trial_id": "KCT9999906"}
    found = read({"resultCode": "00", "totalCount": 2, "items": [ROW, second]})
    assert [one.record.local_id for one in found if one.record] == ["KCT9999904", "KCT9999906"]


def test_a_row_tells_its_korean_words_and_the_title_in_english():
    (found,) = read(ROW)
    made = found.record
    assert not found.issues
    assert made.scientific_title.en.value == "An invented trial of yawning"
    assert (made.study_type.value, made.phase.value) == (("interventional",), ("not-applicable",))
    assert made.interventions[0].sort.value == ("device",)
    assert made.registration_date.value.text == "2026-02-14"
    assert made.version.refreshed.value.text == "2026-03-11"
    assert made.actual_dates == ("tkg:recruitmentStart",)
    assert made.estimated_dates == ("tkg:completionDate",)


def test_a_row_prints_several_sorts_without_anything_between_them():
    (found,) = read({**ROW, "i_freetext_kr": "의료기구행동요인"})
    assert found.record.interventions[0].sort.value == ("device", "behavioral")
    (found,) = read({**ROW, "i_freetext_kr": "의료기구처음"})
    assert [(i.kind, i.value) for i in found.issues] == [("unknown word", "의료기구처음")]


@pytest.mark.parametrize("odd", [None, 0, ["text"], [[{}]], {"a": [1]}])
def test_an_answer_of_another_shape_is_read_or_reported_and_never_raises(odd):
    for key in DETAIL.keys() - {"trial_id"}:
        (found,) = read({**DETAIL, key: odd})
        assert found.record is not None
        assert "lost" not in faults(found).values(), key


def test_what_a_row_says_in_korean_alone_is_no_gap_of_the_record():
    (found,) = read(ROW)
    assert {"WHO-04", "WHO-05", "WHO-19a", "WHO-21a"} <= set(found.record.version.not_printed)
    assert "WHO-02" not in found.record.version.not_printed


def test_every_value_of_both_answers_has_its_account():
    for data in (ROW, DETAIL):
        (found,) = read(data)
        assert faults(found) == {}


def test_the_detail_names_its_leader_and_its_contact():
    roles = [(one.role, one.agent.name.label) for one in detail().roles]
    assert ("principal-investigator", "Ga-sang Kim") in roles
    assert ("public-contact", "Ye Si Han") in roles


def test_the_board_has_number_day_and_an_office_without_a_printed_channel():
    (approval,) = detail().approvals
    assert approval.number.value == "EXA 2026-01-004"
    assert approval.date.value.text == "2026-01-21"
    assert approval.decision.value == ("approved",)
    (office,) = approval.roles
    assert isinstance(office.agent, RoleContact)
    assert office.agent.channel_kinds == ("phone-landline", "postal-address")


def test_a_korean_word_stands_in_for_a_blank_english_one():
    assert detail().primary_purpose.value == ("other",)


def test_a_sponsor_without_an_english_name_is_left_out():
    found = [one for one in detail().roles if one.role in ("lead-sponsor", "sponsor")]
    assert [one.agent.name.label for one in found] == ["Example Pharmaceutical"]


def test_a_condition_that_is_blank_in_both_languages_is_blank():
    assert "hasCondition@en" in [one.field for one in detail().blanks]


def test_a_detail_has_sites_outcomes_ages_and_dates():
    made = detail()
    assert [one.organization.name.label for one in made.sites] == ["Example University Hospital"]
    (outcome,) = made.outcomes
    assert (outcome.name.label, outcome.time_point.label) == ("Yawns an hour", "Up to 72 hr")
    assert (made.min_age.value, made.max_age.value, made.sex.value) == (19, 50, ("male",))
    assert made.registration_date.value.text == "2026-02-14"
    assert made.completion_date.value.text == "2026-09-30"
    assert made.target_sample_size.value == 12


def test_a_number_of_another_registry_is_no_study_of_this_one():
    assert [one.record for one in read({**ROW, "trial_id": "NCT09999904"})] == []
