"""The Korean registry: page and copy of one form; sub-labels, dates with a word, blocks."""

from __future__ import annotations

import json
import re

import pytest
from accounted import faults, faults_of
from conftest import ROOT, SAMPLES, extracted
from ctgov_studies import changed, places

from kg.extractors import page_extractor
from kg.model import RoleContact
from kg.statements import crossed

FOLDER = SAMPLES / "cris"
PAGE = (FOLDER / "record-page.html").read_text("utf-8")
COPY = json.loads((FOLDER / "copy.json").read_text("utf-8"))
REAL = ROOT.parent / "shared" / "records" / "cris"

needs_records = pytest.mark.skipif(not REAL.is_dir(), reason="the given records are not here")


def record(data=PAGE):
    (found,) = extracted(data)
    assert found.record is not None
    return found.record


def copy(**changed):
    return json.dumps({**COPY, **changed})


def issues(data):
    (found,) = extracted(data)
    return [(i.kind, i.value) for i in found.issues]


def agents(found, role):
    return [one.agent for one in found.roles if one.role == role]


def test_only_a_page_with_the_label_of_the_number_is_one_of_the_registry():
    assert page_extractor(PAGE)[0] == "cris"
    assert page_extractor(PAGE.replace("CRIS Registration Number", "Number")) is None


def test_a_page_without_a_number_of_the_registry_is_no_record():
    (found,) = extracted(PAGE.replace("KCT9999901", "NCT09999903"))
    assert found.record is None


def test_a_script_on_the_page_says_nothing():
    assert record().registration_number.value == "KCT9999901"


def test_a_sub_label_belongs_to_the_heading_above_it():
    found = record()
    (approval,) = found.approvals
    assert approval.committee.name.label == "Example University Hospital IRB"
    assert approval.number.value == "2026-000-01"
    assert [a.name.label for a in agents(found, "public-contact")] == ["Ye-si Kim"]


def test_a_sub_label_without_a_heading_belongs_to_the_last_plain_label():
    (one,) = record().secondary_identifiers
    assert (one.notation.value, one.registry) == ("NCT09999903", "ctgov")


def test_a_second_registry_is_a_second_number():
    row = PAGE[PAGE.index("- Name of Registry") - 80 :]
    row = row[row.index("<tr") : row.index("</tr>", row.index("NCT09999903")) + 5]
    again = row.replace("NCT09999903", "ISRCTN99999903")
    found = record(PAGE.replace(row, f"{row}\n{again}"))
    assert [i.notation.value for i in found.secondary_identifiers] == [
        "NCT09999903",
        "ISRCTN99999903",
    ]


def test_the_office_of_the_board_has_its_channels():
    (approval,) = record().approvals
    (role,) = approval.roles
    assert isinstance(role.agent, RoleContact)
    assert role.agent.channel_kinds == ("phone-landline", "postal-address")


def test_a_name_that_breaks_over_lines_is_one_name_and_leads_the_trial():
    found = record()
    assert [a.name.label for a in agents(found, "principal-investigator")] == ["Min-ho Invented"]
    assert [a.name.label for a in agents(found, "scientific-contact")] == ["Min-ho Invented"]


def test_a_contact_that_is_a_dash_is_nobody():
    assert agents(record(), "record-contact") == []


def test_a_date_has_its_word_behind_it():
    found = record()
    assert found.recruitment_start.value.text == "2026-02-14"
    assert found.actual_dates == ("tkg:recruitmentStart",)
    assert found.primary_completion_date.value.text == "2027-03"
    assert found.estimated_dates == ("tkg:primaryCompletionDate",)


def test_a_date_that_cannot_be_told_is_refused_and_marks_nothing():
    assert ("bad value", "31/12/2027") in issues(PAGE)
    assert record().completion_date.value is None


def test_an_unknown_word_behind_a_date_is_an_issue():
    changed = PAGE.replace("2027-03 , Anticipated", "2027-03 , Hoped")
    assert ("unknown word", "Hoped") in issues(changed)
    assert record(changed).estimated_dates == ()


def test_a_site_has_its_status_and_its_first_day():
    first, second, masked = record().sites
    assert first.status.value == ("recruiting",)
    assert second.recruitment_start.value.text == "2026-09-01"
    assert second.start_certainty.value == ("estimated",)
    assert masked.organization is None
    assert masked.masked_name.label == "Clinical Research Site 03"


def test_an_unknown_status_of_a_site_is_an_issue_and_no_status():
    assert ("unknown word", "Paused for lunch") in issues(PAGE)
    assert record().sites[2].status.value is None


def test_several_words_with_commas_are_several_codes():
    found = record()
    assert found.masked_party.value == ("participant", "investigator")
    assert found.interventions[0].sort.value == ("drug", "behavioral")


def test_no_limit_of_age_is_said_and_never_a_number():
    found = record()
    assert (found.min_age.value, found.max_age) == (19, None)
    assert found.no_age_limit.value == ("no-upper",)


def test_a_code_in_front_of_a_condition_is_its_code():
    found = [(c.name.label, c.code.value) for c in record().conditions]
    assert found == [("Invented symptoms", "R00-R99"), ("Hiccups", "R06.6")]


def test_a_label_that_the_form_does_not_have_is_reported():
    assert "Something new" in {i.field for i in extracted(PAGE)[0].issues}


def test_a_copy_loses_the_traces_of_its_making():
    found = record(copy())
    assert found.phase.value == ("not-applicable",)
    assert found.arms[0].name.label == "BREATHING"
    assert found.sites[0].organization.name.label == "Invented St. Mary's Hospital"
    assert found.inclusion_criteria.label == "1. Yawns <40 a minute"
    assert [a.name.label for a in agents(found, "principal-investigator")] == ["Ye-si Invented"]


def test_a_supporter_under_the_keys_of_a_site_is_a_supporter():
    (one,) = record(copy()).funding
    assert one.as_given.label == "Invented Agency for Disease Control"
    assert (one.funder.stated_kind.value, one.grant_number.value) == (("government",), "HI26C0000")
    assert len(record(copy()).sites) == 1


def test_a_call_centre_is_an_office():
    assert all(isinstance(a, RoleContact) for a in agents(record(copy()), "public-contact"))


def test_an_observational_study_has_groups_and_specimens():
    found = record(
        copy(
            study_type="Observational Study,",
            observational_study_model="Cohort,",
            time_perspective="Prospective,",
            arm=[],
            **{"Biospecimen Collection & Archiving": "Collect & Archive- Sample with DNA"},
        )
    )
    assert found.study_type.value == ("observational",)
    assert found.time_perspective.value == ("prospective",)
    assert found.specimens[0].retention.value == ("with-dna",)


WRONG = [None, True, 7, "text", [], [[]], [None], {}, {"a": {"b": ["c"]}}, [{"name": []}]]


@pytest.mark.parametrize("key", sorted(COPY))
def test_a_copy_with_a_value_of_the_wrong_type_never_raises(key):
    for value in WRONG:
        list(extracted(json.dumps({**COPY, key: value}), "copy.json"))


def test_a_damaged_page_never_raises():
    lines = PAGE.split("\n")
    for n in range(0, len(lines), 11):
        list(extracted("\n".join(lines[n:])))
        list(extracted("\n".join(lines[:n])))
        list(extracted("\n".join([*lines[:n], "<table><tr><th rowspan=9999999>", *lines[n:]])))


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda p: p.name)
def test_every_value_of_a_sample_is_accounted_for(path):
    assert set(faults_of(path)) <= {"Something new"}


@needs_records
@pytest.mark.parametrize("name", sorted(p.name for p in REAL.glob("*")) if REAL.is_dir() else [])
def test_every_value_of_a_given_record_is_accounted_for(name):
    assert faults_of(REAL / name) == {}


@needs_records
def test_the_given_page_and_its_copy_say_the_same():
    page, other = (extracted(p.read_bytes(), p.name)[0].record for p in sorted(REAL.iterdir()))
    assert page.registration_number.value == other.registration_number.value
    assert len(page.sites) == len(other.sites) == 15
    for name in ("roles", "funding", "arms", "outcomes", "sites"):
        mine = [one.key for one in getattr(page, name)]
        assert mine == [one.key for one in getattr(other, name)]
    assert page.target_sample_size.value == other.target_sample_size.value == 2062


def row(*cells):
    return "<tr>" + "".join(cells) + "</tr>"


def th(label, more=""):
    return f'<th scope="row" class="number ctlt"{more}>{label}</th>'


def with_acronym_row(new):
    old = PAGE[PAGE.index(th("Acronym")) : PAGE.index("</tr>", PAGE.index(th("Acronym")))]
    return PAGE.replace(old, new.removeprefix("<tr>").removesuffix("</tr>"))


def test_two_labels_in_one_row_have_each_their_value():
    new = row(th("Acronym"), "<td>HICCUP-K</td>", th("Lay Summary"), "<td>Breathe in.</td>")
    found = record(with_acronym_row(new))
    assert found.acronym.label == "HICCUP-K"
    assert found.brief_summary.label.startswith("Breathe in.")


def test_several_values_behind_one_label_are_kept():
    found = record(with_acronym_row(row(th("Acronym"), "<td>HICCUP</td>", "<td>K</td>")))
    assert found.acronym.label == "HICCUP K"


def test_labels_beside_the_name_of_a_block_belong_to_it():
    beside = th("Arm 9", ' rowspan="1"') + th("Arm Label")
    new = row(th("Acronym"), "<td>A</td>") + row(beside, "<td>Ninth</td>")
    assert "Ninth" in [arm.name.label for arm in record(with_acronym_row(new)).arms]


def test_a_value_without_a_label_is_reported_and_not_shown():
    for stray in (row("<td>0000 Example-ro</td>"), row(th(""), "<td>0000 Example-ro</td>")):
        found = issues(with_acronym_row(row(th("Acronym"), "<td>A</td>") + stray))
        assert ("label out of place", "") in found
        assert "0000 Example-ro" not in str(found)


@pytest.mark.parametrize("label", ["- Address", "- Address in detail", "Address"])
def test_a_second_address_is_in_no_issue(label):
    at = PAGE.index("</tr>", PAGE.index("- Address")) + 5
    again = row(th(label), "<td>0000-2 Hidden-gil</td>") + row(th(label), "<td>9 Hidden-gil</td>")
    (found,) = extracted(PAGE[:at] + again + PAGE[at:])
    made = crossed(found.record)
    quads = (*made.quads, *made.lines)
    assert "Hidden" not in str([*found.issues, *quads])
    assert set(faults(found)) <= {i.field for i in found.issues}


_VALUE = re.compile(r'<td class="kline"[^>]*>\s*([^<>]*[^<>\s][^<>]*)</td>')


@pytest.mark.slow
def test_no_value_of_the_page_is_lost_beside_one_that_is_not_given():
    usual = set(faults(extracted(PAGE)[0]))
    values = list(_VALUE.finditer(PAGE))
    assert len(values) > 70
    for one in values:
        for nothing in ("", "N/A"):
            for found in extracted(PAGE[: one.start(1)] + nothing + PAGE[one.end(1) :]):
                assert found.record is None or set(faults(found)) <= usual, one[0]


def test_no_value_of_a_copy_is_lost_beside_one_that_is_not_given():
    for way in places(COPY):
        for nothing in ("", "N/A"):
            for found in extracted(json.dumps(changed(COPY, way, nothing)), "copy.json"):
                assert found.record is None or not faults(found), way


def test_what_stands_beside_a_supporter_or_a_sponsor_without_a_name_is_reported():
    page = PAGE.replace("Invented Agency for Disease Control&nbsp;", "&nbsp;")
    left = {i.value for i in extracted(page)[0].issues if i.kind == "left out"}
    assert left >= {"Government", "HI26C0000"}


def test_channels_printed_without_a_value_are_blank():
    silent = re.sub(r"(- (?:Telephone|Address)</th>\s*<td[^>]*>)[^<]*", r"\1&nbsp;", PAGE)
    assert [b.field for b in agents(record(silent), "public-contact")[0].blanks] == ["channelKind"]
    assert not agents(record(), "public-contact")[0].blanks
    assert [b.field for b in record(silent).approvals[0].blanks] == ["contactPerson"]


def test_a_stated_absence_of_a_lower_limit_is_no_blank():
    found = record(PAGE.replace("19 Year", "No Limit"))
    assert "no-lower" in found.no_age_limit.value
    assert found.min_age is None
