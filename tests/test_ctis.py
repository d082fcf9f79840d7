"""EU CTIS: two shapes of one record, keys, decisions by member state, no ethics committee."""

from __future__ import annotations

import copy
import json

import pytest
from accounted import faults
from conftest import ROOT, SAMPLES, extracted, later
from ctgov_studies import places

from kg.reading.intake import read

RECORDS = ROOT.parent / "shared" / "records" / "ctis"
real = pytest.mark.skipif(
    not RECORDS.is_dir(), reason="the real records lie outside the project and are not here"
)
NEWER = json.loads((SAMPLES / "ctis" / "authorised-application.json").read_text("utf-8"))
OLDER = json.loads((SAMPLES / "ctis" / "before-june-2024.json").read_text("utf-8"))


def extraction(tree):
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    return found


def test_the_submission_counter_belongs_to_the_version():
    record = extraction(NEWER).record
    assert record.local_id == "2026-599999-01"
    assert record.version.printed_label.value == "00"
    assert record.number_as_printed == "2026-599999-01-00"


def test_both_shapes_are_read():
    newer, older = extraction(NEWER).record, extraction(OLDER).record
    assert newer.recruitment_status.value == ("recruiting",)
    assert older.recruitment_status.value == ("not-yet-recruiting",)
    assert newer.version.refreshed.value.text == "2026-08-19"
    assert older.version.refreshed.value.text == "2026-08-03"
    assert [r.role for r in older.roles if "sponsor" in r.role] == ["lead-sponsor", "sponsor"]


def test_no_ethics_approval_is_made_of_a_decision():
    record = extraction(NEWER).record
    assert record.approvals == ()
    decisions = [e for e in record.events if e.sort == "member-state-decision"]
    assert [(e.place[0].code, e.date.value.text) for e in decisions] == [
        ("PL", "2026-04-12"), ("BE", "2026-08-15"), ("BE", "2026-04-15"),
    ]  # fmt: skip


def test_keys_of_organization_and_address_are_told_apart():
    site = extraction(NEWER).record.sites[0]
    keys = [said.value for said in site.organization.external_ids]
    assert keys == ["ctis:ORG-199999905", "ctis:LOC-199999905"]


def test_a_key_printed_twice_is_one():
    tree = copy.deepcopy(NEWER)
    info = tree["authorizedApplication"]["authorizedPartsII"][0]["trialSites"][0]
    info["organisationAddressInfo"]["businessKey"] = "ORG-199999905"
    (key,) = extraction(tree).record.sites[0].organization.external_ids
    assert key.value == "ctis:ORG-199999905"
    assert " + " in key.path


def test_a_masked_site_is_no_organization_and_an_office_no_person():
    site = extraction(NEWER).record.sites[1]
    assert site.organization is None
    assert site.masked_name.label == "Research Site"
    assert [type(role.agent).__name__ for role in site.roles] == ["RoleContact"]


def test_lists_are_put_in_the_order_of_their_numbers():
    record = extraction(NEWER).record
    assert record.inclusion_criteria.label.splitlines() == [
        "1. Invented fever", "2. Adult", "10. Can swallow",
    ]  # fmt: skip
    second = [o.name.label for o in record.outcomes if o.sort.value == ("secondary",)]
    assert second == ["Sleep", "Appetite", "Return to work"]


def test_an_english_translation_takes_the_place_of_a_title_in_another_language():
    record = extraction(NEWER).record
    assert record.scientific_title.label == "A phase II trial of inventamol in invented fever"
    assert record.public_title.label == "Inventamol against invented fever"


def test_age_groups_give_limits():
    newer, older = extraction(NEWER).record, extraction(OLDER).record
    assert (newer.min_age.value, newer.max_age) == (18, None)
    assert newer.no_age_limit.value == ("no-upper",)
    assert (older.min_age.value, older.max_age.value, older.no_age_limit) == (0, 17, None)


def test_an_unknown_notification_is_an_issue_and_no_event():
    found = extraction(NEWER)
    assert "START_OF_INVENTION" in {i.value for i in found.issues if i.kind == "unknown word"}
    assert not [e for e in found.record.events if e.date and e.date.value.text == "2026-06-01"]


def test_word_and_code_of_the_phase_have_to_agree():
    tree = copy.deepcopy(NEWER)
    tree["trialPhase"] = "Therapeutic use (Phase IV)"
    assert extraction(NEWER).record.phase.path.count("+") == 1
    assert extraction(tree).record.phase.value == ("phase-4",)


def test_a_record_without_part_one_is_none():
    tree = {"ctNumber": "2026-599999-03-00", "authorizedApplication": {}}
    found = extraction(tree)
    assert found.record is None
    assert [issue.kind for issue in found.issues] == ["not a record"]


@pytest.mark.parametrize("wrong", ["text", 7, None, [], [[]], {"x": [1]}, ["a", {"b": 2}], True])
def test_wrong_types_never_raise(wrong):
    for label in OLDER:
        if label != "ctNumber":
            extraction({**OLDER, label: wrong})
    base = NEWER["authorizedApplication"]
    for label in base:
        extraction({**NEWER, "authorizedApplication": {**base, label: wrong}})
    part = base["authorizedPartI"]
    for label in part:
        changed = {**base, "authorizedPartI": {**part, label: wrong}}
        extraction({**NEWER, "authorizedApplication": changed})
    inner = part["trialDetails"]["trialInformation"]
    for label in inner:
        details = {**part["trialDetails"], "trialInformation": {**inner, label: wrong}}
        changed = {**base, "authorizedPartI": {**part, "trialDetails": details}}
        extraction({**NEWER, "authorizedApplication": changed})


def test_no_value_of_the_samples_is_lost():
    reading = read([SAMPLES / "ctis"])
    assert {path for path, row in reading.accounts.items() if row.lost or row.unread} == set()


@real
def test_every_value_of_the_real_records_is_accounted_for():
    reading = read([RECORDS])
    assert sum(row.values for row in reading.accounts.values()) > 7000
    assert {path for path, row in reading.accounts.items() if row.lost or row.unread} == set()
    assert not [i for i in reading.issues if i.kind in ("bad value", "unknown word")]


@real
def test_the_real_sites_all_have_a_hospital_with_its_key_and_an_investigator():
    sites = [
        site
        for path in sorted(RECORDS.glob("*.json"))
        for found in extracted(path.read_bytes(), path.name)
        for site in found.record.sites
    ]
    assert len(sites) == 16
    for site in sites:
        assert any("ctis:ORG-" in said.value for said in site.organization.external_ids)
        assert [role.role for role in site.roles] == ["principal-investigator"]


def with_part_i(**changed):
    base = NEWER["authorizedApplication"]
    part_i = {**base["authorizedPartI"], **changed}
    return extraction({**NEWER, "authorizedApplication": {**base, "authorizedPartI": part_i}})


def test_an_unknown_field_beside_products_is_unread():
    """It was once counted as left out: what a product leaves out was said of the whole record."""
    found = with_part_i(newField="anything")
    assert [path for path, _ in found.unread] == ["authorizedApplication.authorizedPartI.newField"]


@pytest.mark.parametrize("groups", ["0-17 years, 18 to 64 years", "In utero, 18-64 years", "old"])
def test_age_groups_that_are_not_all_understood_give_no_limit_and_an_issue(groups):
    found = extraction({**NEWER, "ageGroup": groups})
    assert found.record.min_age.refused
    assert found.record.max_age is None
    assert ("bad value", "ageGroup") in [(i.kind, i.field) for i in found.issues]


def test_a_phase_code_that_contradicts_the_word_is_reported():
    part_i = NEWER["authorizedApplication"]["authorizedPartI"]
    details = copy.deepcopy(part_i["trialDetails"])
    details["trialInformation"]["trialCategory"]["trialPhase"] = "4"
    tree = {**NEWER, "trialPhase": "Therapeutic confirmatory (Phase III)"}
    tree["authorizedApplication"] = {
        **NEWER["authorizedApplication"],
        "authorizedPartI": {**part_i, "trialDetails": details},
    }
    found = extraction(tree)
    assert found.record.phase.value == ("phase-3",)
    assert ("words disagree", "4") in [(i.kind, i.value) for i in found.issues]


def test_what_stands_beside_a_contact_without_a_name_is_reported():
    sponsors = copy.deepcopy(NEWER["authorizedApplication"]["authorizedPartI"]["sponsors"])
    contact = sponsors[0]["publicContacts"][0]
    contact["functionalName"] = ""
    contact["organisation"] = {"name": "Inventa Research BV", "businessKey": "ORG-199999999"}
    found = with_part_i(sponsors=sponsors)
    left = {i.value for i in found.issues if i.kind == "left out"}
    assert left >= {"Inventa Research BV", "ORG-199999999"}


@pytest.mark.parametrize("tree", later(NEWER, OLDER), ids=["newer", "older"])
@pytest.mark.parametrize("nothing", ["", *later("N/A")])
def test_no_value_is_lost_beside_one_that_is_not_given(tree, nothing):
    for way in places(tree):
        changed = copy.deepcopy(tree)
        node = changed
        for step in way[:-1]:
            node = node[step]
        node[way[-1]] = nothing
        found = extraction(changed)
        assert found.record is None or not faults(found), way


def test_a_copy_may_spell_true_and_false_in_capitals():
    plain, copied = extraction(NEWER), extraction(_spelt(NEWER))
    assert [one.role for one in copied.record.roles] == [one.role for one in plain.record.roles]
    assert copied.record.lacks.value == plain.record.lacks.value
    assert copied.record.sex.value == plain.record.sex.value
    assert copied.issues == plain.issues


def _spelt(node):
    if isinstance(node, dict):
        return {label: _spelt(inner) for label, inner in node.items()}
    if isinstance(node, list):
        return [_spelt(inner) for inner in node]
    return str(node).upper() if isinstance(node, bool) else node


@pytest.mark.parametrize("nothing", [None, "", "N/A"])
def test_a_start_that_is_not_given_is_not_called_actual(nothing):
    found = extraction({**NEWER, "startDateEU": nothing})
    assert found.record.actual_dates == ()


def test_one_therapeutic_area_need_not_stand_in_a_list():
    areas = {"code": 4, "name": "Diseases [C] - Invented [C01]"}
    found = with_part_i(therapeuticAreas=areas)
    assert [said.value for said in found.record.keywords] == ["Diseases [C] - Invented [C01]"]
    assert not found.unread


def test_an_end_point_keeps_its_lines():
    details = NEWER["authorizedApplication"]["authorizedPartI"]["trialDetails"]
    information = {
        **details["trialInformation"],
        "endPoint": {"primaryEndPoints": [{"number": 1, "endPoint": "Over a year:\n• pain"}]},
    }
    found = with_part_i(trialDetails={**details, "trialInformation": information})
    assert [one.name.label for one in found.record.outcomes] == ["Over a year:\n• pain"]


def test_the_end_in_the_union_is_an_actual_date():
    found = extraction({**NEWER, "startDateEU": "01/02/2025", "endDateEU": "03/04/2026"})
    assert found.record.study_end.value.text == "2026-04-03"
    assert set(found.record.actual_dates) == {"tkg:studyStart", "tkg:studyEnd"}
    assert "tkg:studyEnd" not in found.record.estimated_dates
    assert not faults(found)


@pytest.mark.parametrize(
    ("word", "code", "status", "agree"),
    [
        ("Authorised", 2, "not-yet-recruiting", True),
        ("Authorised", 4, "recruiting", True),
        ("Authorised", 5, "active-not-recruiting", True),
        ("Authorised", None, "authorised", True),
        ("Halted", 6, "suspended", True),
        ("Authorised", 10, "authorised", False),
        ("Ended", 4, "completed", False),
    ],
)
def test_the_code_says_what_an_authorised_trial_does(word, code, status, agree):
    found = extraction({**NEWER, "ctStatus": word, "ctPublicStatusCode": code})
    assert found.record.recruitment_status.value == (status,)
    kinds = [i.kind for i in found.issues if "tatus" in i.field]
    assert kinds == ([] if agree else ["words disagree"])
