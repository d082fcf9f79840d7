"""The EU Clinical Trials Register: one form as text, page and copy; one record a member state."""

from __future__ import annotations

import json
import re

import pytest
from accounted import faults, faults_of
from conftest import ROOT, SAMPLES, extracted, later
from ctgov_studies import changed, places

from kg.extractors import page_extractor
from kg.extractors.euctr_form import HEADINGS, ITEMS, squeezed
from kg.issues import Issue
from kg.model import OrganizationMention, PersonMention, RoleContact
from kg.reading.extraction import extractions
from kg.sources.files import Source
from kg.statements import crossed

FOLDER = SAMPLES / "euctr"
TEXT = (FOLDER / "two-member-states.txt").read_text("utf-8")
PAGE = (FOLDER / "member-state-page.html").read_text("utf-8")
COPY = json.loads((FOLDER / "copy-with-results.json").read_text("utf-8"))
REAL = ROOT.parent / "shared" / "records" / "euctr"

needs_records = pytest.mark.skipif(not REAL.is_dir(), reason="the given records are not here")


def records(data, name="page.txt"):
    found = [one.record for one in extracted(data, name)]
    assert all(one is not None for one in found)
    return found


def record(data, name="page.txt"):
    return records(data, name)[0]


def issues(data, name="page.txt"):
    return [issue for found in extracted(data, name) for issue in found.issues]


def copy(**changed):
    return json.dumps({**COPY, **changed})


def agents(found, role):
    return [one.agent for one in found.roles if one.role == role]


# -- one trial, many records -----------------------------------------------------------------------


def test_each_member_state_is_a_record_under_the_number_of_the_trial():
    first, other = records(TEXT)
    assert (first.local_id, other.local_id) == ("2026-099990-10-PL", "2026-099990-10-3rd")
    assert {one.registration_number.value for one in (first, other)} == {"2026-099990-10"}
    assert {(one.publisher, one.issuer) for one in (first, other)} == {("euctr", "euctr")}


def test_the_member_state_comes_from_the_authority_where_no_link_is_printed():
    assert record(PAGE).local_id == "2026-099991-11-SE"
    assert record(PAGE.replace("Sweden - Example", "UK - Example")).local_id.endswith("-GB")


def test_an_unknown_member_state_is_reported_and_never_guessed():
    page = PAGE.replace("Sweden - Example Agency", "Atlantis - Example Agency")
    assert record(page).local_id == "2026-099991-11"
    assert "expected a member state" in " ".join(i.expected for i in issues(page))


def test_two_numbers_in_one_record_are_reported():
    page = PAGE.replace('cellLighterGrey">2026-099991-11', 'cellLighterGrey">2026-099993-13')
    assert [i.kind for i in issues(page)] == ["numbers disagree"]
    assert record(page).registration_number.value == "2026-099991-11"


def test_a_record_without_a_number_is_none():
    text = TEXT.replace("2026-099990-10", "pending")
    assert [found.record for found in extracted(text)] == [None, None]


def test_a_search_page_is_not_a_record():
    shell = "<html><head></head><body><span>EudraCT number</span></body></html>"
    assert page_extractor(shell) is None
    (issue,) = extractions(Source.of("search.html", shell.encode()))
    assert isinstance(issue, Issue)
    assert issue.kind == "not a record"


# -- values broken on purpose ----------------------------------------------------------------------


def test_a_broken_answer_and_a_broken_number_are_refused_where_they_stand():
    found = {i.field: (i.kind, i.value) for i in issues(TEXT) if "JSON" in i.value}
    assert found == {
        "A.7": ("bad value", "JSON_ERROR_HERE"),
        "A.8": ("bad value", "JSON_ERROR_HERE"),
    }
    other = records(TEXT)[1]
    assert "paediatric-plan" not in (other.features.value + other.lacks.value)
    assert not other.secondary_identifiers


def test_a_block_without_its_last_parts_is_cut():
    text = TEXT[: TEXT.index("E.8.1.1 Randomised")]
    assert "page cut" in {i.kind for i in issues(text)}
    assert "page cut" not in {i.kind for i in issues(TEXT)}


# -- the lines of the text -------------------------------------------------------------------------


def test_an_unknown_item_that_ends_in_brackets_is_no_translation():
    text = TEXT.replace("that the form does not have:", "in brackets (es):")
    assert "E.8.99 A question in brackets (es)" in {i.field for i in issues(text)}


def test_a_code_inside_criteria_is_text():
    found = record(TEXT)
    assert found.inclusion_criteria.en.value.endswith("\nE.4 is described below:")
    assert found.exclusion_criteria.en.value.endswith("A.1 Nobody of group A: see the protocol.")


def test_a_question_that_the_form_does_not_have_is_an_unknown_label():
    assert "unknown label" in {i.kind for i in issues(TEXT)}
    assert record(TEXT).data_monitoring_committee.value == ("yes",)


def test_the_note_that_explains_a_question_is_no_answer():
    assert "women-of-childbearing-potential" in record(TEXT).lacks.value


def test_another_language_is_left_out_and_never_the_english_text():
    found = extracted(TEXT)[0]
    assert "A.3 (pl)" in found.left_out
    assert found.record.scientific_title.en.value.startswith("A randomised")


def test_carriage_returns_change_nothing():
    assert [r.local_id for r in records(TEXT.replace("\n", "\r\n"))] == [
        r.local_id for r in records(TEXT)
    ]


# -- what the form says ----------------------------------------------------------------------------


def test_yes_is_a_feature_and_no_is_its_absence_and_no_answer_is_neither():
    found = record(TEXT)
    assert "double-blind" in found.features.value
    assert "open-label" in found.lacks.value
    assert "other-design" not in (*found.features.value, *found.lacks.value)


def test_an_open_and_a_blind_part_are_no_one_masking():
    assert record(TEXT).masking.value == ("double",)
    assert records(TEXT)[1].masking is None


def test_two_phases_are_two_codes():
    assert record(TEXT).phase.value == ("phase-2", "phase-3")


def test_not_randomised_is_said_as_answered():
    assert records(TEXT)[1].allocation.value == ("non-randomized",)


def test_the_size_is_that_of_the_whole_trial():
    assert record(TEXT).target_sample_size.value == 1200


def test_a_national_trial_has_the_size_of_its_member_state():
    assert record(PAGE).target_sample_size.value == 24
    several = PAGE.replace(
        'Member States</td><td class="third"> No ', 'Member States</td><td class="third"> Yes '
    )
    assert record(several).target_sample_size is None


def test_the_opinion_is_an_approval_without_a_committee():
    (approval,) = record(TEXT).approvals
    assert approval.committee is None
    assert (approval.decision.value, approval.date.value.text) == (("approved",), "2026-02-20")


def test_an_unfavourable_opinion_keeps_its_reasons():
    (approval,) = record(PAGE).approvals
    assert approval.decision.value == ("not-approved",)
    assert approval.note.en.value == "The invented virus does not exist"


def test_the_decision_of_the_authority_is_an_event_in_its_country():
    (event,) = record(TEXT).events
    assert event.sort == "competent-authority-decision"
    assert (event.outcome.value, event.date.value.text) == ("Authorised", "2026-03-02")
    assert [place.code for place in event.place] == ["PL"]


def test_countries_of_further_sites_are_read_by_their_whole_names():
    assert [p.code for p in record(TEXT).countries] == ["PL", "KR", "GB"]
    assert [p.code for p in record(copy()).countries] == ["FR", "KR", "GB", "RS"]


def test_a_region_that_is_no_country_is_an_issue():
    bad = copy(e863_trial_sites_planned_in="Serbia and the moon")
    assert [p.code for p in record(bad).countries] == ["FR"]
    assert [i.value for i in issues(bad)] == ["Serbia and the moon"]


def test_the_first_sponsor_leads_and_each_has_its_contact_point():
    found = record(TEXT)
    assert [a.name.label for a in agents(found, "lead-sponsor")] == ["Invented Pharma Ltd"]
    assert [a.name.label for a in agents(found, "sponsor")] == ["Example Medical University"]
    office, person = agents(found, "public-contact")
    assert (type(office), type(person)) == (RoleContact, PersonMention)
    places = [one.list_position for one in found.roles if one.role == "public-contact"]
    assert places == [1, 2]


def test_an_organization_without_a_functional_name_is_the_contact_itself():
    (agent,) = agents(record(PAGE), "public-contact")
    assert isinstance(agent, OrganizationMention)
    assert agent.channel_kinds == ("e-mail-institutional",)


def test_numbers_elsewhere_have_their_registry_and_a_plan_is_only_related():
    found = {i.notation.value: (i.registry, i.relation) for i in record(TEXT).secondary_identifiers}
    assert found == {
        "ISRCTN99999901": ("isrctn", None),
        "NCT09999901": ("ctgov", None),
        "269999": (None, None),
        "P/0000/2026": (None, "related"),
    }


def test_each_substance_of_a_product_is_a_topic_with_its_code():
    found = [t for t in record(TEXT).topics if t.sort == "substance"]
    assert [(t.name.label, t.code.value) for t in found] == [
        ("exampline", "SUB00000"),
        ("inventol", "SUB00001"),
    ]
    product = record(TEXT).interventions[0]
    assert product.description.en.value == (
        "Film-coated tablet; Oral use, Sublingual use; exampline 5 to 10 mg milligram(s) (range)"
    )


def test_a_term_that_names_the_condition_gives_it_its_code():
    found = [(c.name.label, c.code.value) for c in record(TEXT).conditions]
    assert found == [("Invented fatigue", "10000000"), ("Example tiredness", "10000002")]


def test_a_placeholder_for_an_end_point_is_blank_and_no_outcome():
    found = record(TEXT)
    assert [o.name.label for o in found.outcomes] == ["Change of the example score"]
    assert [b.field for b in found.blanks] == ["hasOutcome"]


# -- pages and copies ------------------------------------------------------------------------------


def test_a_script_on_the_page_says_nothing():
    assert "99" not in record(PAGE).registration_number.value[-2:]


def test_the_link_to_results_is_an_address_of_the_register():
    (link,) = record(PAGE).results_links
    assert link.value.endswith("/ctr-search/trial/2026-099991-11/results")
    elsewhere = PAGE.replace(
        'href="/ctr-search/trial/2026-099991-11/results"', 'href="//evil.example.org/"'
    )
    assert record(elsewhere).results_links == ()


def test_a_heading_that_a_copy_swallowed_is_no_value():
    assert all(
        i.notation.value != "B. Sponsor Information" for i in record(copy()).secondary_identifiers
    )
    joined = copy(
        a8_ema_decision_number_of_paediatric_investigation_plan="P/0000/2026 B. Sponsor Information"
    )
    assert "P/0000/2026" in {i.notation.value for i in record(joined).secondary_identifiers}


def test_posted_results_give_dates_contacts_and_numbers():
    found = record(copy())
    assert {e.sort for e in found.events} == {"competent-authority-decision", "recruitment-started"}
    assert found.completion_date.value.text == "2026-05-20"
    assert [a.name.label for a in agents(found, "scientific-contact")][1] == "Claude Inventeur"
    assert "NCT09999902" in {i.notation.value for i in found.secondary_identifiers}
    assert found.results_summary.en.value == "Posted results: final analysis, 2026-05-25"


def test_the_three_forms_of_one_block_say_the_same():
    text = record(TEXT)
    page = "<html><body><table>"
    for code, label, value in (
        ("A.1", "Member State Concerned", "Poland - Example Office"),
        ("A.2", "EudraCT number", "2026-099990-10"),
        ("A.3", "Full title of the trial", text.scientific_title.en.value),
        ("E.7.2", "Therapeutic exploratory (Phase II)", "Yes"),
        ("E.7.3", "Therapeutic confirmatory (Phase III)", "Yes"),
        ("F.4.2.2", "In the whole clinical trial", "1,200"),
    ):
        page += f"<tr class='tricell'><td>{code}</td><td>{label}</td><td>{value}</td></tr>"
    form = {
        "a1_member_state_concerned": "Poland - Example Office",
        "a2_eudract_number": "2026-099990-10",
        "a3_full_title_of_the_trial": text.scientific_title.en.value,
        "e72_therapeutic_exploratory_phase_ii": "Yes",
        "e73_therapeutic_confirmatory_phase_iii": "Yes",
        "f422_in_the_whole_clinical_trial": "1,200",
    }
    for other in (record(page + "</table>"), record(json.dumps(form))):
        assert other.local_id == text.local_id
        assert other.scientific_title.label == text.scientific_title.label
        assert other.phase.value == text.phase.value
        assert other.target_sample_size.value == text.target_sample_size.value


def test_every_printed_label_of_the_form_is_told_from_every_other():
    assert not set(ITEMS) & HEADINGS
    assert squeezed("E.8.1.1 Randomised") in ITEMS


# -- hostile input, and accounts -------------------------------------------------------------------

WRONG = [
    None,
    True,
    7,
    "text",
    [],
    [[]],
    [None],
    {},
    {"a": {"b": ["c"]}},
    [{"b11_name_of_sponsor": []}],
]


@pytest.mark.parametrize("key", sorted(COPY))
def test_a_copy_with_a_value_of_the_wrong_type_never_raises(key):
    for value in WRONG:
        list(extracted(json.dumps({**COPY, key: value}), "copy.json"))


@pytest.mark.parametrize("data", [TEXT, PAGE], ids=["text", "page"])
def test_a_damaged_text_never_raises(data):
    lines = data.split("\n")
    for n in range(0, len(lines), 7):
        list(extracted("\n".join(lines[n:])))
        list(extracted("\n".join(lines[:n])))
        list(
            extracted("\n".join([*lines[:n], "<table><tr><td>", "E.3 x: y", ":", "?", *lines[n:]]))
        )


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda p: p.name)
def test_every_value_of_a_sample_is_accounted_for(path):
    strange = faults_of(path)
    assert set(strange) <= {"E.8.99 A question that the form does not have"}


@needs_records
@pytest.mark.parametrize("name", sorted(p.name for p in REAL.glob("*")) if REAL.is_dir() else [])
def test_every_value_of_a_given_record_is_accounted_for(name):
    assert faults_of(REAL / name) == {}


@needs_records
def test_the_given_text_holds_two_trials_in_ten_blocks():
    path = next(REAL.glob("*.txt"))
    found = extracted(path.read_bytes(), path.name)
    assert len(found) == 10
    assert len({one.record.registration_number.value for one in found}) == 2
    refused = [i for one in found for i in one.issues]
    assert [(i.kind, i.field, i.value) for i in refused] == [
        ("bad value", "A.7", "JSON_ERROR_HERE"),
        ("bad value", "A.8", "JSON_ERROR_HERE"),
    ]
    assert all(not faults(one) for one in found)


# -- what stands beside a value that is not given --------------------------------------------------

_LINE = re.compile(r"^[A-Z][^:?\n]*[:?][ \t]*(\S.*)$", re.MULTILINE)
_CELL = re.compile(
    r'<td (?:class="third"|width="90%"|class="cellLighterGrey")>\s*([^<>]*[^<>\s][^<>]*)</td>'
)


@pytest.mark.parametrize(
    ("data", "value"), [*later((TEXT, _LINE)), (PAGE, _CELL)], ids=["text", "page"]
)
@pytest.mark.parametrize("nothing", ["", *later("N/A", "Information not present in EudraCT")])
def test_no_value_is_lost_beside_one_that_is_not_given(data, value, nothing):
    usual = {path for found in extracted(data) for path in faults(found)}
    values = list(value.finditer(data, data.index("EudraCT Number:")))
    assert len(values) > 40
    for one in values:
        for found in extracted(data[: one.start(1)] + nothing + data[one.end(1) :]):
            assert found.record is None or set(faults(found)) <= usual, one[0]


@pytest.mark.parametrize("nothing", ["", *later("N/A", "Information not present in EudraCT")])
def test_no_value_of_a_copy_is_lost_beside_one_that_is_not_given(nothing):
    for way in places(COPY):
        for found in extracted(json.dumps(changed(COPY, way, nothing)), "copy.json"):
            assert found.record is None or not faults(found), way


def test_a_term_without_name_and_code_is_reported():
    terms = [{"e12_version": "21.1", "e12_level": "PT"}]
    (found,) = extracted(copy(e12_meddra_classification=terms), "copy.json")
    assert {i.value for i in found.issues if i.kind == "left out"} == {"21.1", "PT"}


def test_two_sexes_answered_with_no_are_an_issue_and_no_sex():
    neither = copy(f21_female="No", f22_male="No")
    found = record(neither)
    assert (found.sex.value, found.sex.refused) == (None, True)
    assert [(i.field, i.value) for i in issues(neither)] == [("F.2.1", "No"), ("F.2.2", "No")]


def test_an_unknown_type_of_trial_is_an_issue_and_no_study_type():
    text = TEXT.replace("Clinical Trial Type: EEA CTA", "Clinical Trial Type: Seance")
    assert ("unknown word", "Seance") in {(i.kind, i.value) for i in issues(text)}
    assert (record(text).study_type.value, record(text).study_type.refused) == (None, True)
    without = TEXT.replace("Clinical Trial Type: EEA CTA\n", "")
    assert record(without).study_type.value == ("interventional",)


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("B.5.3 Address\n", "Hidden Lane 0000"),
        ("B. Sponsor Information\n", "Hidden Lane 0000"),
        ("B.5.3.1 Street Address: 0000 Example Street\n",
         "B.5.3.1 Street Address: Hidden Lane 0000"),
        ("B.5.3.1 Street Address: 0000 Example Street\n",
         "B.5.3.1 Street Address (pl): A\nB.5.3.1 Street Address (pl): Hidden Lane 0000"),
        ("B.5.3.1 Street Address: 0000 Example Street\n",
         "B.5.9 Street of the office: A\nB.5.9 Street of the office: Hidden Lane 0000"),
    ],
)  # fmt: skip
def test_a_street_is_in_no_issue_and_in_no_statement(before, line):
    for found in extracted(TEXT.replace(before, f"{before}{line}\n", 1)):
        made = crossed(found.record)
        assert "Hidden" not in str([*found.issues, *made.quads, *made.lines])
