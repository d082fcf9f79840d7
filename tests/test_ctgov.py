"""ClinicalTrials.gov, version 2 of the API: every path, tricky rules, hostile values."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import SAMPLES, extracted, later
from ctgov_studies import FIELDS, RECORDS, accounts, changed, places, read, study
from emptied import made_unaccounted
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, RdfFormat, parse

from kg.codes import Words
from kg.contacts.masking import masked
from kg.model import OrganizationMention, PersonMention, Record, RoleContact
from kg.reading.extraction import Extraction, extractions
from kg.sources.files import Source, sources
from kg.sources.trees import leaves, without_indices
from kg.statements import crossed
from kg.values import one_line

SAMPLE = SAMPLES / "ctgov" / "v2-drug-trial-in-four-countries.json"
REAL = RECORDS / "ctgov_v2"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real records lie outside the project")


def record(**modules: Any) -> Record:
    found = read(study(**modules)).record
    assert found is not None
    return found


# -- every path ------------------------------------------------------------------------------------

_OF_TYPE: dict[str, Any] = {
    "nct": "NCT09999905", "PartialDate": "2026-01", "NormalizedDate": "2026-01-02",
    "DateTimeMinutes": "2026-01-02T10:00", "boolean": True, "number": 3, "integer": 40,
    "long": 4000, "NormalizedTime": "18 Years", "GeoPoint": {"lat": 1.5, "lon": 2.5},
    "DateType": "ACTUAL", "EnrollmentType": "ACTUAL", "UnpostedEventType": "RESET",
    "ViolationEventType": "VIOLATION_IDENTIFIED",
}  # fmt: skip


def everything(rows: list[dict[str, str]]) -> Any:
    """A study with a value at every path of the registry's table."""
    paths = [row["path"] for row in rows]
    tree: dict[str, Any] = {}
    for row in rows:
        path = row["path"]
        if any(other.startswith((f"{path}.", f"{path}[].")) for other in paths):
            continue
        inner = tree
        *above, last = path.split(".")
        for step in above:
            if step.endswith("[]"):
                inner = inner.setdefault(step.removesuffix("[]"), [{}])[0]
            else:
                inner = inner.setdefault(step, {})
        value = _OF_TYPE.get(row["type"].removesuffix("[]"), f"Invented {last}")
        inner[last.removesuffix("[]")] = [value] if last.endswith("[]") else value
    tree["protocolSection"]["identificationModule"]["nctId"] = "NCT09999901"
    return tree


@pytest.mark.skipif(not FIELDS.exists(), reason="the registry's table lies outside the project")
def test_every_path_of_the_registry_s_table_is_read_or_left_out_with_a_reason():
    with FIELDS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = read(everything(rows))
    assert found.unread == []
    told = accounts(found)
    assert len(told) > 300
    assert not [path for path, row in told.items() if row.lost]
    out = {path: row.why for path, row in told.items() if row.left_out}
    assert all(out.values())
    assert {path.split(".")[-1] for path in out if not path.startswith("resultsSection")} == {
        "nPtrsToThisExpAccNctId", "dateUnknown", "versionHolder", "unreleaseDateUnknown",
        "mcpReleaseN",
    }  # fmt: skip


STRANGE = ["N/A", {"a": "b"}, ["x", "y"], *later("zzqq", "1900-01-01", None, 12345)]
# One place of each kind: the first of every list.
LEAVES = {
    tuple(step for step in path if isinstance(step, str)): path
    for path in reversed(list(places(json.loads(SAMPLE.read_text(encoding="utf-8")))))
}


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_whatever_stands_in_place_of_a_value_nothing_raises_and_nothing_is_lost(value):
    tree = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for path in LEAVES.values():
        found = read(changed(tree, path, value))
        if found.record is None:
            assert path[-1] == "nctId"
            continue
        lost = [where for where, row in accounts(found).items() if row.lost]
        assert not lost, f"{path} = {value!r}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_stands_in_place_of_any_nodes_nothing_raises_and_nothing_is_lost(data):
    tree = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 4))):
        way = data.draw(st.sampled_from(list(places(tree))))
        above = way[: data.draw(st.integers(1, len(way)))]
        tree = changed(tree, above, data.draw(JSON))
        if not isinstance(tree.get("protocolSection"), dict):
            break
    found = extracted(json.dumps(tree), "study.json")
    for one in found:
        if one.record is not None:
            assert not [where for where, row in accounts(one).items() if row.lost]


@pytest.mark.parametrize("value", [None, "text", 7, [], ["text"], [[1]], {"a": {"b": []}}])
def test_a_module_that_is_something_else_costs_no_more_than_itself(value):
    tree = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for section in tree:
        if section != "protocolSection":
            assert read(changed(tree, (section,), value)).record
    for module in tree["protocolSection"]:
        found = read(changed(tree, ("protocolSection", module), value)).record
        assert (found is None) == (module == "identificationModule")


def test_a_study_without_a_number_of_this_registry_is_no_record():
    for number in ("", "NCT000001", "ISRCTN99999901", "NCT09999901 NCT09999902", "../NCT09999901"):
        found = read(study(identificationModule={"nctId": number}))
        assert found.record is None
        assert "not a record" in [issue.kind for issue in found.issues]


WORDS = {
    "age-group": "CHILD ADULT OLDER_ADULT",
    "allocation": "RANDOMIZED NON_RANDOMIZED NA",
    "arm-type": "EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION"
    " OTHER",
    "date-certainty": "ACTUAL ESTIMATED",
    "design-model": "SINGLE_GROUP PARALLEL CROSSOVER FACTORIAL SEQUENTIAL COHORT CASE_CONTROL"
    " CASE_ONLY CASE_CROSSOVER ECOLOGIC_OR_COMMUNITY FAMILY_BASED DEFINED_POPULATION"
    " NATURAL_HISTORY OTHER",
    "event-kind": "RESET RELEASE UNRELEASE VIOLATION_IDENTIFIED CORRECTION_CONFIRMED"
    " PENALTY_IMPOSED ISSUES_IN_LETTER_ADDRESSED_CONFIRMED",
    "identifier-type": "NIH FDA VA CDC AHRQ SAMHSA OTHER_GRANT EUDRACT_NUMBER CTIS REGISTRY OTHER",
    "intervention-type": "BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST"
    " DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE RADIATION OTHER",
    "ipd-information": "STUDY_PROTOCOL SAP ICF CSR ANALYTIC_CODE",
    "masked-party": "PARTICIPANT CARE_PROVIDER INVESTIGATOR OUTCOMES_ASSESSOR",
    "masking": "NONE SINGLE DOUBLE TRIPLE QUADRUPLE",
    "organization-kind": "NIH FED OTHER_GOV INDIV INDUSTRY NETWORK AMBIG OTHER UNKNOWN",
    "phase": "NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4",
    "primary-purpose": "TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING"
    " HEALTH_SERVICES_RESEARCH BASIC_SCIENCE DEVICE_FEASIBILITY OTHER",
    "recruitment-status": "ACTIVE_NOT_RECRUITING COMPLETED ENROLLING_BY_INVITATION"
    " NOT_YET_RECRUITING RECRUITING SUSPENDED TERMINATED WITHDRAWN AVAILABLE NO_LONGER_AVAILABLE"
    " TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN",
    "reference-kind": "BACKGROUND RESULT DERIVED",
    "responsible-party-type": "SPONSOR PRINCIPAL_INVESTIGATOR SPONSOR_INVESTIGATOR",
    "role": "STUDY_CHAIR STUDY_DIRECTOR PRINCIPAL_INVESTIGATOR SUB_INVESTIGATOR CONTACT",
    "sampling-method": "PROBABILITY_SAMPLE NON_PROBABILITY_SAMPLE",
    "sex": "FEMALE MALE ALL",
    "specimen-retention": "NONE_RETAINED SAMPLES_WITH_DNA SAMPLES_WITHOUT_DNA",
    "study-type": "EXPANDED_ACCESS INTERVENTIONAL OBSERVATIONAL",
    "time-perspective": "RETROSPECTIVE PROSPECTIVE CROSS_SECTIONAL OTHER",
}


@pytest.mark.parametrize("scheme", WORDS)
def test_every_word_of_the_registry_s_enumerations_is_known(scheme):
    known = Words.load()
    unknown = [w for w in WORDS[scheme].split() if not known.concepts(scheme, "ctgov", w)]
    assert unknown == []


# -- what an answer is -----------------------------------------------------------------------------


def test_an_answer_asked_for_some_fields_only_says_so():
    tree = {"protocolSection": {"identificationModule": {"nctId": "NCT09999901"}}}
    assert [issue.kind for issue in read(tree).issues] == ["projected"]
    assert [issue.kind for issue in read(study()).issues] == []


@pytest.mark.parametrize(
    "more",
    [
        {"hasResults": False},
        {"derivedSection": {}},
        {"derivedSection": {"conditionBrowseModule": {"meshes": [{"term": "Pain"}]}}},
        {"derivedSection": {"miscInfoModule": {"versionHolder": "2026-09-15"}}},
        {"hasResults": False, "derivedSection": {"miscInfoModule": {}}},
    ],
    ids=str,
)
def test_one_field_that_was_asked_for_makes_no_whole_study(more):
    """An answer that was asked for HasResults too was once taken for a whole study."""
    who = {"stdAges": ["CHILD", "ADULT"]}
    tree = {"protocolSection": study(eligibilityModule=who)["protocolSection"], **more}
    found = read(tree)
    assert [issue.kind for issue in found.issues] == ["projected"]
    assert found.record
    assert "WHO-02" in found.record.version.not_printed
    assert found.record.no_age_limit is None


def test_what_an_answer_was_not_asked_for_is_not_missing_from_the_record():
    number = {"nctId": "NCT09999901", "briefTitle": "Example"}
    outcomes = {"primaryOutcomes": [{"measure": "Pain"}]}
    tree = {"protocolSection": {"identificationModule": number, "outcomesModule": outcomes}}
    found = read(tree).record
    assert found
    assert {"WHO-02", "WHO-11", "WHO-14a", "WHO-19b"} <= set(found.version.not_printed)
    assert not {"WHO-01", "WHO-09", "WHO-19a"} & set(found.version.not_printed)
    assert record(identificationModule=number).version.not_printed == ()


def test_the_form_for_expanded_access_asks_for_no_design_no_dates_and_no_outcomes():
    found = record(
        designModule={"studyType": "EXPANDED_ACCESS"}, statusModule={"overallStatus": "AVAILABLE"}
    )
    asked = {"WHO-07", "WHO-08", "WHO-11", "WHO-12", "WHO-14a", "WHO-15a", "WHO-18"}
    not_asked = {"WHO-15b", "WHO-16", "WHO-17a", "WHO-19a", "WHO-20a", "WHO-22", "WHO-24a"}
    assert not_asked <= set(found.version.not_printed)
    assert not asked & set(found.version.not_printed)


def test_a_record_that_the_registry_withholds_is_blamed_for_nothing():
    found = record(
        identificationModule={
            "briefTitle": "[Trial of device that is not approved]",
            "organization": {"fullName": "[Redacted]", "class": "OTHER"},
        },
        statusModule={"overallStatus": "WITHHELD"},
        sponsorCollaboratorsModule={
            "leadSponsor": {"name": "[Redacted]", "class": "OTHER"},
            "responsibleParty": {"oldNameTitle": "[Redacted]", "oldOrganization": "[Redacted]"},
        },
        designModule={"studyType": "N/A", "phases": ["NA"]},
    )
    hidden = {"WHO-05", "WHO-11", "WHO-12", "WHO-14a", "WHO-15a", "WHO-19a"}
    assert hidden <= set(found.version.not_printed)
    assert not {"WHO-09", "WHO-15e", "WHO-18"} & set(found.version.not_printed)
    # All that it hides would be one organization and one person, in all such records.
    assert found.roles == ()
    assert "Redacted" not in "".join(crossed(found).quads)


def test_what_a_record_of_expanded_access_prints_all_the_same_is_not_left_out():
    module = {"studyType": "EXPANDED_ACCESS", "enrollmentInfo": {"count": 40}}
    assert "WHO-17a" not in record(designModule=module).version.not_printed


def test_the_record_is_dated_by_its_last_update():
    posted = {"lastUpdatePostDateStruct": {"date": "2026-09-12"}}
    submitted = {"lastUpdateSubmitDate": "2026-09-10"}
    for status, day in ((posted | submitted, "2026-09-12"), (submitted, "2026-09-10")):
        refreshed = record(statusModule=status).version.refreshed
        assert refreshed
        assert refreshed.value
        assert refreshed.value.text == day
    undated = read(study() | {"derivedSection": {}}).record
    assert undated
    assert undated.version.refreshed is None
    dated = read(study()).record
    assert dated
    assert dated.version.refreshed
    assert dated.version.refreshed.value
    assert dated.version.refreshed.value.text == "2026-09-15"


# -- numbers, dates, sizes -------------------------------------------------------------------------


def test_an_identifier_belongs_to_the_registry_of_its_form_whatever_type_is_declared():
    infos = [
        {"id": "2026-599999-01-00", "type": "EUDRACT_NUMBER"},
        {"id": "2026-099999-16", "type": "OTHER"},
        {"id": "KCT9999901", "type": "REGISTRY", "domain": "CRIS"},
        {"id": "EXA 12", "type": "REGISTRY"},
    ]
    found = record(identificationModule={"secondaryIdInfos": infos}).secondary_identifiers
    assert [i.registry for i in found] == ["ctis", "euctr", "cris", None]
    assert [i.sort.value for i in found if i.sort] == [
        ("eudract-number",), ("other",), ("registry",), ("registry",)
    ]  # fmt: skip
    assert found[2].issuer
    assert found[2].issuer.value == "CRIS"


def test_an_alias_and_an_expanded_access_record_are_not_numbers_of_this_trial():
    found = record(
        identificationModule={"nctIdAliases": ["NCT09999911"]},
        statusModule={
            "expandedAccessInfo": {"nctId": "NCT09999905", "statusForNctId": "AVAILABLE"}
        },
    ).secondary_identifiers
    assert [(i.notation.value, i.relation) for i in found] == [
        ("NCT09999911", "alias"), ("NCT09999905", "expanded-access"),
    ]  # fmt: skip


def test_dates_keep_their_precision_and_say_whether_they_are_actual():
    found = record(
        statusModule={
            "startDateStruct": {"date": "2026-02", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2028-05-31", "type": "ESTIMATED"},
            "primaryCompletionDateStruct": {"date": "2027"},
        }
    )
    assert found.recruitment_start
    assert found.recruitment_start.value
    assert found.recruitment_start.value.text == "2026-02"
    assert found.actual_dates == ("tkg:recruitmentStart",)
    assert found.estimated_dates == ("tkg:completionDate",)


def test_an_enrolment_is_actual_only_where_the_registry_says_so():
    for kind, actual, target in (
        ({"type": "ACTUAL"}, 61, None), ({"type": "ESTIMATED"}, None, 61), ({}, None, 61)
    ):  # fmt: skip
        found = record(designModule={"enrollmentInfo": {"count": 61, **kind}})
        size, wanted = found.actual_sample_size, found.target_sample_size
        assert (size and size.value, wanted and wanted.value) == (actual, target)


def test_a_size_beside_a_type_that_is_not_understood_is_neither_actual_nor_a_target():
    found = read(study(designModule={"enrollmentInfo": {"count": 61, "type": "HOPED"}}))
    assert found.record
    assert found.record.actual_sample_size is None
    assert found.record.target_sample_size is None
    assert {(i.kind, i.value) for i in found.issues} == {
        ("unknown word", "HOPED"), ("left out", "61")
    }  # fmt: skip


@pytest.mark.parametrize("printed", ["soon", "N/A", "", None])
def test_a_type_beside_no_date_makes_no_date_actual(printed):
    wrong = {"date": printed, "type": "ACTUAL"}
    found = read(study(statusModule={"startDateStruct": wrong, "lastUpdatePostDateStruct": wrong}))
    assert found.record
    assert found.record.actual_dates == ()
    # A date that cannot be read tells that something happened; a blank tells nothing.
    events = [None] if printed == "soon" else []
    assert [event.certainty for event in found.record.events] == events
    assert [i.value for i in found.issues if i.kind == "left out"] == ["ACTUAL", "ACTUAL"]
    assert not [path for path, row in accounts(found).items() if row.lost]


@pytest.mark.parametrize(
    ("own", "others"),
    [
        ("2026-099990-10", [("euctr", "2026-099990-10")]),
        ("ChiCTR2699990001", [("chictr", "ChiCTR2699990001")]),
        ("2026-599999-01-00", [("ctis", "2026-599999-01")]),
        ("NCT09999901", []),  # its own number again
        ("ABC-2099-01", []),
        ("Part B of 2026-099990-10", []),
        ("20990101", []),
    ],
)
def test_a_sponsor_may_use_the_number_of_another_registry_as_its_own(own, others):
    found = record(identificationModule={"orgStudyIdInfo": {"id": own}})
    told = found.secondary_identifiers
    assert [(one.registry, one.notation.value) for one in told] == others
    assert [said.value for said in found.study_subject_ids] == [own]


def test_age_limits_are_numbers_of_years():
    found = record(eligibilityModule={"minimumAge": "6 Months", "maximumAge": "65 Years"})
    assert found.min_age
    assert found.min_age.value == Decimal("0.5")
    assert found.max_age
    assert found.max_age.value == 65
    assert [said.value for said in found.age_as_given] == ["6 Months", "65 Years"]


def test_a_limit_that_a_whole_study_leaves_out_is_no_limit_where_its_age_groups_agree():
    module = {"minimumAge": "18 Years", "stdAges": ["ADULT", "OLDER_ADULT"]}
    for unlimited, ages in (
        (("no-upper",), module),
        (("no-lower", "no-upper"), {"stdAges": ["CHILD", "ADULT", "OLDER_ADULT"]}),
        (None, {"maximumAge": "65 Years", "stdAges": ["ADULT"]}),
    ):
        said = record(eligibilityModule=ages).no_age_limit
        assert (said and said.value) == unlimited
    number = {"nctId": "NCT09999901"}
    tree = {"protocolSection": {"identificationModule": number, "eligibilityModule": module}}
    projected = read(tree).record
    assert projected
    assert projected.no_age_limit is None


# -- criteria --------------------------------------------------------------------------------------


def criteria(text: str) -> tuple[str, str, str]:
    found = record(eligibilityModule={"eligibilityCriteria": text})
    parts = (found.inclusion_criteria, found.exclusion_criteria, found.criteria_text)
    return tuple(part.label if part else "" for part in parts)  # type: ignore[return-value]


def test_criteria_are_parted_at_two_clear_headings_only():
    clear = "Inclusion Criteria:\n\n* Hb \\>= 9\n\nExclusion Criteria:\n\n* none of it"
    assert criteria(clear) == ("* Hb >= 9", "* none of it", "")
    for unclear in (
        "Adults only",
        "Inclusion Criteria: adults",
        "Donor Inclusion Criteria:\n\n* a\n\nPatient Inclusion Criteria:\n\n* b",
        "Exclusion Criteria:\n\n* a\n\nInclusion Criteria:\n\n* b",
        "First of all.\n\nInclusion Criteria:\n\n* a\n\nExclusion Criteria:\n\n* b",
    ):
        inclusion, exclusion, whole = criteria(unclear)
        assert (inclusion, exclusion) == ("", "")
        assert whole.split() == unclear.split()


# -- arms ------------------------------------------------------------------------------------------


def links(arms: list[Any], interventions: list[Any]) -> dict[str, list[str]]:
    module = {"armGroups": arms, "interventions": interventions}
    found = record(armsInterventionsModule=module)
    return {
        arm.name.label: [i.sort.printed if i.sort else "" for i in arm.interventions]
        for arm in found.arms
    }


def test_an_arm_uses_what_it_names_and_what_names_it():
    assert links(
        [{"label": "A", "interventionNames": ["Drug: X"]}, {"label": "B"}],
        [{"type": "DRUG", "name": "X"}, {"type": "OTHER", "name": "Y", "armGroupLabels": ["B"]}],
    ) == {"A": ["DRUG"], "B": ["OTHER"]}


def test_two_interventions_of_one_name_are_told_apart_by_their_types():
    assert links(
        [{"label": "A", "interventionNames": ["Dietary Supplement: Placebo"]}],
        [{"type": "DRUG", "name": "Placebo"}, {"type": "DIETARY_SUPPLEMENT", "name": "Placebo"}],
    ) == {"A": ["DIETARY_SUPPLEMENT"]}
    low, high = (
        {"type": "DRUG", "name": "X", "armGroupLabels": [label], "description": label}
        for label in ("low", "high")
    )
    arms = [{"label": label, "interventionNames": ["Drug: X"]} for label in ("low", "high")]
    module = {"armGroups": arms, "interventions": [low, high]}
    for arm in record(armsInterventionsModule=module).arms:
        (only,) = arm.interventions
        assert only.description
        assert only.description.label == arm.name.label


def test_a_name_that_links_to_nothing_is_reported():
    arms = [{"label": "A", "interventionNames": ["Drug: Z"]}]
    drugs = [{"type": "DRUG", "name": "X", "armGroupLabels": ["C"]}]
    found = read(study(armsInterventionsModule={"armGroups": arms, "interventions": drugs}))
    assert {(issue.kind, issue.value) for issue in found.issues} == {
        ("bad value", "Drug: Z"), ("bad value", "C")
    }  # fmt: skip


# -- people, organizations, sites ------------------------------------------------------------------


def assigned(found: Record) -> list[tuple[str, str, str]]:
    return [(a.role, type(a.agent).__name__, a.agent.name.label) for a in found.roles]


def test_a_responsible_sponsor_is_the_lead_sponsor_itself():
    found = record(
        sponsorCollaboratorsModule={
            "leadSponsor": {"name": "Exampla Therapeutics", "class": "INDUSTRY"},
            "responsibleParty": {"type": "SPONSOR"},
        }
    )
    lead, responsible = found.roles
    assert (responsible.role, responsible.agent) == ("responsible-party", lead.agent)
    assert responsible.agent is lead.agent
    assert responsible.responsible_as
    assert responsible.responsible_as.value == ("sponsor",)


@pytest.mark.parametrize("kind", ["", "PRINCIPAL_INVESTIGATOR", "SPONSOR_INVESTIGATOR", "ZZ"])
def test_a_sponsor_is_the_responsible_party_only_where_the_type_says_so(kind):
    sponsor = {"name": "Exampla", "class": "INDUSTRY"}
    module = {"leadSponsor": sponsor, "responsibleParty": {"type": kind}}
    found = read(study(sponsorCollaboratorsModule=module))
    assert found.record
    assert [role.role for role in found.record.roles] == ["lead-sponsor"]
    told = accounts(found).get("protocolSection.sponsorCollaboratorsModule.responsibleParty.type")
    assert told is None or told.issue == 1


def test_a_responsible_investigator_has_a_title_and_an_affiliation():
    found = record(
        sponsorCollaboratorsModule={
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Ilse Beispielova",
                "investigatorTitle": "Professor",
                "investigatorAffiliation": "Invented City Hospital",
            }
        }
    )
    (only,) = found.roles
    assert isinstance(only.agent, PersonMention)
    assert only.title
    assert only.title.label == "Professor"
    assert [a.name.label for a in only.agent.affiliations] == ["Invented City Hospital"]


def test_the_organization_that_registers_is_named_once_where_it_is_the_sponsor():
    sponsor = {"leadSponsor": {"name": "Exampla", "class": "OTHER"}}
    for name, roles in (("Exampla", ["lead-sponsor"]), ("Other", ["lead-sponsor", "registrant"])):
        found = record(
            identificationModule={"organization": {"fullName": name, "class": "OTHER"}},
            sponsorCollaboratorsModule=sponsor,
        )
        assert [a.role for a in found.roles] == roles


@pytest.mark.parametrize(
    ("name", "kind", "agent"),
    [
        ("Ilse Beispielova", "INDIV", PersonMention),
        ("Ilse Beispielova, MD", "OTHER", PersonMention),
        ("Beispielova", "OTHER", OrganizationMention),
        ("Exampla Therapeutics", "INDUSTRY", OrganizationMention),
    ],
)
def test_a_sponsor_is_a_person_only_where_its_class_or_a_degree_says_so(name, kind, agent):
    module = {"leadSponsor": {"name": name, "class": kind}}
    (only,) = record(sponsorCollaboratorsModule=module).roles
    assert isinstance(only.agent, agent)


@pytest.mark.parametrize(
    ("name", "kind", "agent"),
    [
        ("Beispielova, Ilse", "OTHER", PersonMention),
        ("Ilse Beispielova", "INDUSTRY", OrganizationMention),
        ("Exampla University", "OTHER", OrganizationMention),
        ("Exampla", "OTHER", OrganizationMention),
    ],
)
def test_a_sponsor_who_is_an_investigator_or_official_of_the_record_is_a_person(name, kind, agent):
    """The registry calls the sponsor-investigator OTHER, like a university."""
    lead = {"leadSponsor": {"name": name, "class": kind}}
    party = {"type": "SPONSOR_INVESTIGATOR", "investigatorFullName": "Ilse Beispielova, MD"}
    officials = [
        {"name": other, "role": "STUDY_CHAIR"} for other in ("Ilse Beispielova", "Exampla")
    ]
    for more in (
        {"sponsorCollaboratorsModule": {**lead, "responsibleParty": party}},
        {
            "sponsorCollaboratorsModule": lead,
            "contactsLocationsModule": {"overallOfficials": officials},
        },
    ):
        found = read(study(**more))
        assert found.record
        assert isinstance(found.record.roles[0].agent, agent)
        assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_job_title_in_place_of_an_affiliation_is_the_title_of_the_official():
    for printed, title, employers in (
        ("Physician", "Physician", []),
        ("Study Principle Investigator", "Study Principle Investigator", []),
        ("Medical Monitor", "Medical Monitor", []),
        (
            "Professor of Surgery, Exampla University",
            "Professor of Surgery",
            ["Exampla University"],
        ),
        ("Exampla University", None, ["Exampla University"]),
    ):
        officials = [{"name": "Ilse Beispielova", "affiliation": printed, "role": "STUDY_CHAIR"}]
        found = read(study(contactsLocationsModule={"overallOfficials": officials}))
        assert found.record
        (role,) = found.record.roles
        assert isinstance(role.agent, PersonMention)
        assert (role.title.label if role.title else None) == title
        assert [of.name.label for of in role.agent.affiliations] == employers
        assert not [path for path, row in accounts(found).items() if row.lost]


@pytest.mark.parametrize("facility", ["Ilse Beispielova", "Beispielova, Ilse，Ph.D"])
def test_a_person_in_place_of_a_facility_is_no_organization(facility):
    site = {"facility": facility, "city": "Alderfurt", "country": "Germany"}
    contact = {"name": "Ilse Beispielova, MD", "role": "CONTACT"}
    for module in (
        {"locations": [{**site, "contacts": [contact]}]},
        {"locations": [site], "overallOfficials": [{"name": "Ilse Beispielova"}]},
    ):
        found = read(study(contactsLocationsModule=module))
        assert found.record
        (only,) = found.record.sites
        assert only.organization is None
        assert only.masked_name
        assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_practice_called_after_somebody_else_stays():
    found = record(contactsLocationsModule={"locations": [{"facility": "Ilse Beispielova, MD"}]})
    assert found.sites[0].organization


def test_an_affiliation_that_repeats_a_person_is_no_organization():
    for sponsor, name, place, organizations in (
        ("Beispielova, Ilse Ana", "Ilse Ana Beispielova", "Beispielova, Ilse Ana", 0),
        ("Exampla", "Ilse Ana Beispielova", "Ilse Ana Beispielova", 0),
        ("Beispielova, Ilse Ana", "Ilse Ana Beispielova", "Beispielova Clinic", 1),
    ):
        party = {"investigatorFullName": name, "investigatorAffiliation": place}
        lead = {"name": sponsor, "class": "OTHER" if sponsor == "Exampla" else "INDIV"}
        found = read(
            study(sponsorCollaboratorsModule={"leadSponsor": lead, "responsibleParty": party})
        )
        assert found.record
        (of,) = [one.agent for one in found.record.roles if one.role == "responsible-party"]
        assert isinstance(of, PersonMention)
        assert len(of.affiliations) == organizations
        assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_street_is_no_part_of_an_institution():
    module = {
        "leadSponsor": {"name": "Exampla University, 42 Invented St. SE", "class": "OTHER"},
        "responsibleParty": {
            "investigatorFullName": "Ilse Beispielova",
            "investigatorAffiliation": "Exampla Clinic, Musterstraße 7, Musterstadt",
        },
    }
    sites = [{"facility": "42 Invented Center Drive", "city": "Exampleville"}]
    found = read(
        study(sponsorCollaboratorsModule=module, contactsLocationsModule={"locations": sites})
    )
    assert found.record
    lead, party = found.record.roles
    assert lead.agent.name.label == "Exampla University"
    assert isinstance(party.agent, PersonMention)
    assert [of.name.label for of in party.agent.affiliations] == ["Exampla Clinic"]
    (site,) = found.record.sites
    assert site.organization is None
    said = "".join(crossed(found.record).quads)
    assert not re.search("Invented St|Musterstr|Center Drive", said)
    # What is cut off is told, without what it was.
    assert [(i.kind, i.value) for i in found.issues] == [("contact removed", "")] * 2
    assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_registrant_who_is_one_person_is_a_person():
    for name, kind, sponsor, expected in (
        ("Ilse Beispielova", "INDIV", "Exampla",
         [("lead-sponsor", "OrganizationMention"), ("registrant", "PersonMention")]),
        ("Ilse Beispielova, MD", "INDIV", "Ilse Beispielova, MD",
         [("lead-sponsor", "PersonMention")]),
        ("Ilse Beispielova", "INDIV", "Ilse Beispielova",
         [("lead-sponsor", "OrganizationMention"), ("registrant", "PersonMention")]),
    ):  # fmt: skip
        found = read(
            study(
                identificationModule={"organization": {"fullName": name, "class": kind}},
                sponsorCollaboratorsModule={"leadSponsor": {"name": sponsor, "class": "OTHER"}},
            )
        )
        assert found.record
        assert [(role, agent) for role, agent, _ in assigned(found.record)] == expected
        assert not [path for path, row in accounts(found).items() if row.lost]


def test_call_centres_and_job_titles_are_offices_and_never_people():
    officials = [
        {"name": "Medical Director", "affiliation": "Exampla", "role": "STUDY_DIRECTOR"},
        {"name": "Ilse Beispielova, MD, PhD", "affiliation": "Exampla", "role": "STUDY_CHAIR"},
        {"name": "Call 1-800-000-0000", "affiliation": "Exampla", "role": "STUDY_DIRECTOR"},
    ]
    found = record(contactsLocationsModule={"overallOfficials": officials})
    assert [(role, kind) for role, kind, _ in assigned(found)] == [
        ("study-director", "RoleContact"), ("study-chair", "PersonMention"),
        ("study-director", "RoleContact"),
    ]  # fmt: skip
    assert [a.list_position for a in found.roles] == [1, 1, 2]


def test_an_official_without_a_role_is_an_official():
    for role in ({}, {"role": "N/A"}, {"role": "ROLE_OF_TOMORROW"}):
        officials = [{"name": "Ilse Beispielova", "affiliation": "Exampla", **role}]
        found = read(study(contactsLocationsModule={"overallOfficials": officials}))
        assert found.record
        assert assigned(found.record) == [("study-official", "PersonMention", "Ilse Beispielova")]
        unknown = [issue.value for issue in found.issues if issue.kind == "unknown word"]
        assert unknown == [word for word in role.values() if word != "N/A"]


def test_a_person_of_a_site_whose_role_is_not_understood_has_none():
    row = {"name": "Ilse Beispielova", "role": "ROLE_OF_TOMORROW", "phone": "0000"}
    place = {"facility": "Invented City Hospital", "contacts": [row]}
    found = read(study(contactsLocationsModule={"locations": [place]}))
    assert found.record
    assert found.record.sites[0].roles == ()
    assert {i.kind for i in found.issues} == {"unknown word", "left out"}
    assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_telephone_number_in_the_field_for_affiliations_is_a_channel():
    row = {
        "name": "Exampla Cares",
        "affiliation": "1-800-000-0000 (EXA)",
        "role": "STUDY_CHAIR",
    }
    found = read(study(contactsLocationsModule={"overallOfficials": [row]}))
    assert found.record
    (only,) = found.record.roles
    assert not getattr(only.agent, "affiliations", ())
    told = accounts(found)
    assert (
        told["protocolSection.contactsLocationsModule.overallOfficials[].affiliation"].contact == 1
    )


def test_a_central_contact_is_public_and_a_site_s_contact_is_the_site_s():
    person = {"name": "Jonas Muster", "role": "CONTACT", "email": "jonas@example.org"}
    site = {"facility": "Invented City Hospital", "city": "Birkenfurt", "country": "Germany"}
    leader = {"name": "Lena Vorlage", "role": "PRINCIPAL_INVESTIGATOR"}
    found = record(
        contactsLocationsModule={
            "centralContacts": [person], "locations": [site | {"contacts": [person, leader]}]
        }
    )  # fmt: skip
    assert [a.role for a in found.roles] == ["public-contact"]
    assert [a.role for a in found.sites[0].roles] == ["site-contact", "principal-investigator"]
    quads = "".join(crossed(found).quads)
    assert "jonas@example.org" not in quads


@pytest.mark.parametrize("name", ["Research Site", "Local Institution - 0012", "Site 101"])
def test_a_site_whose_name_is_none_is_no_organization(name):
    row = {"facility": name, "city": "Springfield", "state": "Illinois", "country": "United States"}
    other = row | {"state": "Missouri"}
    found = record(contactsLocationsModule={"locations": [row, other]})
    assert [site.organization for site in found.sites] == [None, None]
    assert [site.masked_name and site.masked_name.label for site in found.sites] == [name, name]
    one, two = (tuple(p.within and p.within.name.label for p in s.place) for s in found.sites)
    assert one != two  # two Springfields are two places


@pytest.mark.parametrize(
    ("city", "state", "country"),
    [("Lebanon", "New Hampshire", "United States"), ("Hong Kong", "Hksar", "China")],
)
def test_a_city_within_a_state_without_a_code_is_no_country(city, state, country):
    row = {"facility": "Invented Clinic", "city": city, "state": state, "country": country}
    [site] = record(contactsLocationsModule={"locations": [row]}).sites
    assert [p.name.label for p in site.place] == [country, city]
    assert site.place[1].code is None


def test_a_site_has_its_place_its_status_and_its_point_on_the_map():
    (site,) = record(
        contactsLocationsModule={
            "locations": [
                {
                    "facility": "Invented City Hospital", "status": "RECRUITING",
                    "city": "Tbilisi", "country": "Georgia", "zip": "0001",
                    "geoPoint": {"lat": 41.69, "lon": 44.83},
                }
            ]
        }
    ).sites  # fmt: skip
    assert [(p.code, p.name.label) for p in site.place] == [("GE", "Georgia"), (None, "Tbilisi")]
    assert site.latitude
    assert site.latitude.value == Decimal("41.69")
    assert site.status
    assert site.status.value == ("recruiting",)


# -- headings, marks, references -------------------------------------------------------------------


def test_a_condition_worded_as_a_mesh_heading_is_that_heading():
    tree = study(conditionsModule={"conditions": ["anemia", "Example Disease"]})
    meshes = [{"id": "D000000740", "term": "Anemia"}]
    tree["derivedSection"] = {"conditionBrowseModule": {"meshes": meshes}}
    found = read(tree).record
    assert found
    assert [[said.value for said in c.same_as] for c in found.conditions] == [
        ["http://id.nlm.nih.gov/mesh/D000740"], []
    ]  # fmt: skip


def test_marks_are_set_denied_or_unknown():
    found = record(oversightModule={"isFdaRegulatedDrug": True, "isFdaRegulatedDevice": False})
    assert found.features
    assert found.features.value == ("fda-regulated-drug",)
    assert found.lacks
    assert found.lacks.value == ("fda-regulated-device", "results-posted")
    assert found.data_monitoring_committee is None


@pytest.mark.parametrize("answer", [None, "N/A", ""])
def test_a_mark_without_an_answer_is_blank_and_not_denied(answer):
    found = read(study(oversightModule={"isFdaRegulatedDrug": answer}))
    assert found.record
    assert found.issues == []
    assert found.record.lacks
    assert "fda-regulated-drug" not in (found.record.lacks.value or ())
    assert "hasFeature" in [blank.field for blank in found.record.blanks]


def test_a_publication_keeps_its_number_its_kind_and_its_retraction():
    row = {
        "pmid": "1", "type": "RESULT", "citation": "Muster J. Examples. 2025.",
        "retractions": [{"pmid": "2", "source": "Invented J. 2026."}],
    }  # fmt: skip
    found = record(referencesModule={"references": [row]}).references
    assert [(r.sort and r.sort.value, [i.value for i in r.identifiers]) for r in found] == [
        (("result",), ["pmid:1"]), (("retraction",), ["pmid:2"])
    ]  # fmt: skip


def test_a_document_is_of_the_kinds_that_its_marks_name():
    row = {"label": "Plan", "hasProtocol": True, "hasSap": True, "hasIcf": False}
    found = read(study() | {"documentSection": {"largeDocumentModule": {"largeDocs": [row]}}})
    assert found.record
    (document,) = found.record.references
    assert document.sort
    assert document.sort.value == ("document", "protocol", "sap")
    assert document.told_by == ()
    told = accounts(found)
    assert told["documentSection.largeDocumentModule.largeDocs[].hasIcf"].in_graph == 1


def test_posted_results_are_left_out_as_a_whole_and_counted():
    tree = study() | {"resultsSection": {"moreInfoModule": {"pointOfContact": {"title": "Dr X"}}}}
    found = read(tree)
    assert found.left_out == [
        "derivedSection.miscInfoModule.versionHolder",
        "resultsSection.moreInfoModule.pointOfContact.title",
    ]


@pytest.mark.parametrize(
    "sample",
    [SAMPLES / "ctgov" / "v2-answer-with-two-studies.json",
     *later(SAMPLES / "ctgov" / "v2-drug-trial-in-four-countries.json")],
    ids=lambda p: p.stem,
)  # fmt: skip
def test_no_value_is_lost_beside_one_that_is_not_given(sample: Path):
    assert made_unaccounted(sample) == {}


# -- real records ----------------------------------------------------------------------------------


def studies() -> Iterator[tuple[Extraction, Any]]:
    """What is read of every real study, with its JSON."""
    for source in sources([REAL]):
        assert isinstance(source, Source)
        text = source.data(1 << 30)
        tree = json.loads(text)
        trees = tree if isinstance(tree, list) else tree.get("studies", [tree])
        read_here = [e for e in extractions(source) if isinstance(e, Extraction)]
        assert len(read_here) == len(trees)
        yield from zip(read_here, trees, strict=True)


@pytest.fixture(scope="module")
def found() -> list[tuple[Extraction, Any]]:
    return [(e, tree) for e, tree in studies() if e.record is not None]


@real
def test_every_real_value_is_accounted_for_and_95_in_100_are_in_the_graph(found):
    values = in_graph = 0
    for extraction, _ in found:
        for path, row in accounts(extraction).items():
            assert (row.lost, row.unread) == (0, 0), path
            if not path.startswith("resultsSection"):
                values += row.values
                in_graph += row.in_graph
    assert values > 30_000
    assert in_graph / values >= 0.95


# Values that become codes, marks or places; the accounts hold them. Criteria and people's names,
# whose degrees are split off, are compared word by word.
_CODED = re.compile(
    r"(?:type|class|role|status|\w*Status|sex|phases|allocation|\w*Model|masking|whoMasked|stdAges"
    r"|primaryPurpose|timePerspective|\w*[mM]ethod|ipdSharing|infoTypes|retention|has[A-Z]\w*"
    r"|is[A-Z]\w*|individual|intermediate|treatment|oversightHasDmc|fdaaa801Violation"
    r"|delayedPosting|healthyVolunteers|patientRegistry|genderBased|country|removedCountries"
    r"|studyType|pmid|interventionNames|armGroupLabels)"
)
_IN_WORDS = re.compile(
    r"contactsLocationsModule\..*\.(?:name|city|state)|leadSponsor\.name|\.investigatorFullName"
    r"|\.oldNameTitle|\.eligibilityCriteria"
)
_HEADINGS = {"inclusion", "exclusion", "criteria", "key", ""}


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.split(r"[\W_]+", text)}


@real
def test_ten_real_records_say_in_the_graph_what_their_json_says(found):
    """Every text, number and date of the JSON is a literal of the graph, however it was read."""
    whole = [(e, tree) for e, tree in found if "derivedSection" in tree]
    chosen = sorted(whole, key=lambda p: hashlib.sha256(p[0].record.local_id.encode()).hexdigest())
    compared = 0
    for extraction, tree in chosen[:10]:
        record = extraction.record
        assert record is not None
        quads = list(parse("".join(crossed(record).quads).encode(), format=RdfFormat.N_QUADS))
        literals = {one_line(q.object.value) for q in quads if isinstance(q.object, Literal)}
        literals |= {q.object.value for q in quads if not isinstance(q.object, Literal)}
        literals |= {p.name.label for site in record.sites for p in site.place}
        literals |= {p.within.name.label for s in record.sites for p in s.place if p.within}
        said = words(" ".join(literals)) | _HEADINGS
        for path, value in leaves(tree, first=0):
            bare = without_indices(path).removesuffix("[]")
            out = extraction.log.contacts | set(extraction.left_out)
            text = one_line(re.sub(r"\\([^\w\s])", r"\1", str(value)))
            if path in out or value == "" or masked(text) != text:
                continue
            if _IN_WORDS.search(bare):
                assert words(text) <= said, f"{record.local_id} {path}: {words(text) - said}"
            elif not _CODED.fullmatch(bare.rpartition(".")[2]):
                assert text in literals, f"{record.local_id} {path}: {text[:80]}"
                compared += 1
        protocol = tree["protocolSection"]
        arms = protocol.get("armsInterventionsModule", {})
        sites = protocol.get("contactsLocationsModule", {}).get("locations", [])
        assert len(record.sites) == len(sites)
        assert len(record.arms) == len(arms.get("armGroups", []))
        for arm, printed in zip(record.arms, arms.get("armGroups", []), strict=True):
            assert len(arm.interventions) == len(printed.get("interventionNames", []))
        sponsors = protocol["sponsorCollaboratorsModule"]
        assert [a.agent.name.label for a in record.roles if a.role == "collaborator"] == [
            one["name"] for one in sponsors.get("collaborators", [])
        ]
    assert compared > 1000


@real
def test_no_call_centre_job_title_or_masked_site_is_a_person_or_a_hospital(found):
    never = re.compile(
        r"^call\b|\d{3}|medical director|study (?:coordinator|director|contact)|clinical trials?$"
        r"|research site|local institution|investigational site|site contact|^PI$",
        re.IGNORECASE,
    )
    people = offices = masked_sites = 0
    for extraction, _ in found:
        record = extraction.record
        assert record is not None
        everybody = [*record.roles, *(a for site in record.sites for a in site.roles)]
        for assignment in everybody:
            if isinstance(assignment.agent, PersonMention):
                people += 1
                assert not never.search(assignment.agent.name.label)
            offices += isinstance(assignment.agent, RoleContact)
        for site in record.sites:
            masked_sites += site.masked_name is not None
            if site.organization:
                name = site.organization.name.label
                assert not re.match(r"research site|local institution|investigational", name, re.I)
    assert people > 500
    assert offices > 100
    assert masked_sites > 200


def test_no_break_blanks_part_words_as_blanks_do():
    criteria = "Inclusion\u00a0Criteria:\n\n* adults\n\nExclusion\u00a0Criteria:\n\n* pregnancy"
    (found,) = extracted(
        json.dumps(
            {
                "protocolSection": {
                    "identificationModule": {"nctId": "NCT09999901"},
                    "eligibilityModule": {
                        "eligibilityCriteria": criteria,
                        "minimumAge": "18\u00a0Years",
                    },
                }
            }
        )
    )
    assert found.record.inclusion_criteria.label == "* adults"
    assert [said.value for said in found.record.age_as_given] == ["18 Years"]


def test_none_behind_a_heading_is_a_blank():
    criteria = "Inclusion Criteria:\n\n* adults\n\nExclusion Criteria:\n\nNone"
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT09999901"},
            "eligibilityModule": {"eligibilityCriteria": criteria},
        }
    }
    (found,) = extracted(json.dumps(study))
    assert found.record.inclusion_criteria.label == "* adults"
    assert found.record.exclusion_criteria.en.blank
