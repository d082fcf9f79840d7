"""Pages of the aggregator ClinConnect: nothing is invented, neither number nor prose."""

from __future__ import annotations

import pytest
from accounted import faults, pages_without_one_value
from conftest import SAMPLES, extracted

from kg.extractors import page_extractor

PAGE = (SAMPLES / "clinconnect" / "implausible-contact.txt").read_text("utf-8")
EUROPE = (SAMPLES / "clinconnect" / "clean-germany-and-france.txt").read_text("utf-8")


def read(text):
    (found,) = extracted(text)
    return found


def record(text):
    found = read(text).record
    assert found is not None
    return found


def test_it_has_no_number_and_its_identifier_hangs_on_title_and_sponsor():
    found = record(PAGE)
    assert found.registration_number is None
    assert found.issuer is None
    assert found.local_id == record(PAGE.replace("Recruiting", "Completed")).local_id
    assert found.local_id != record(PAGE.replace("Launched by THE", "Launched by A")).local_id


def test_a_number_in_its_prose_is_not_taken():
    text = PAGE.replace("This trial looks", "NCT09999999 looks")
    assert record(text).registration_number is None
    assert not record(text).secondary_identifiers


def test_the_criteria_are_one_text_with_their_lines_and_escapes():
    criteria = record(PAGE).criteria_text.en.value
    assert criteria.startswith("- Inclusion Criteria:\n- • 1. ")
    assert "\\<50" in criteria


def test_people_keep_role_affiliation_and_degree():
    found = [(r.role, r.agent.name.label) for r in record(EUROPE).roles]
    assert found == [
        ("lead-sponsor", "UNIVERSITY HOSPITAL BIRKENFURT"),
        ("public-contact", "Annika Vossbergen"),
        ("principal-investigator", "Annika Vossbergen"),
        ("study-chair", "Étienne Marchandeau"),
    ]
    leader = record(EUROPE).roles[2].agent
    assert leader.degree == "MD"
    assert leader.affiliations[0].name.label == "University Hospital Birkenfurt"


def test_places_are_countries_with_codes_and_cities_as_printed():
    found = record(EUROPE)
    assert [place.code for place in found.countries] == ["DE", "FR"]
    assert found.sites[0].organization is None
    assert [p.name.label for p in found.sites[0].place] == ["Hesse", "Birkenfurt"]


def test_a_state_that_is_also_a_country_stays_a_state():
    text = EUROPE.replace("Birkenfurt, Hesse, Germany", "Atlanta, Georgia, United States")
    site = record(text).sites[0]
    assert [p.code for p in site.place] == [None, None]


def test_not_reported_is_blank_and_a_date_is_read():
    assert record(PAGE).completion_date.value is None
    assert record(EUROPE).completion_date.value.text == "2028-06-30"


def test_the_date_of_the_copy_is_its_version():
    assert record(PAGE).version.refreshed.value.text == "2025-09-12"


def test_an_unknown_status_is_an_issue():
    text = PAGE.replace("\nRecruiting\n", "\nDreaming\n", 1)
    assert record(text).recruitment_status.value is None
    assert "unknown word" in [issue.kind for issue in read(text).issues]


def test_a_cut_page_says_so():
    found = read(PAGE[: PAGE.index("Trial Officials")])
    assert "page cut" in [issue.kind for issue in found.issues]


def test_other_text_with_a_launch_is_not_a_page():
    assert page_extractor("A ship\nLaunched by ITS OWNER · Aug 3, 2023\nand it sank") is None


def test_a_value_at_the_cut_is_left_out():
    cut = PAGE[: PAGE.index("Zhiyuan Wen") + 6]
    assert all(r.role != "principal-investigator" for r in record(cut).roles)
    assert "Zhiyuan" not in str(record(cut))


def test_two_officials_in_one_role_stand_at_two_places_of_the_list():
    text = EUROPE.replace("Study Chair", "Principal Investigator")
    found = [r for r in record(text).roles if r.role == "principal-investigator"]
    assert [r.list_position for r in found] == [1, 2]


def test_a_line_above_the_headings_is_listed_as_unread():
    text = PAGE.replace("\nTrial Information\n", "\nSomething new\nTrial Information\n", 1)
    assert [path for path, _ in read(text).unread] == ["above the headings"]


def officials(*lines):
    start, end = EUROPE.index("Annika Vossbergen, MD"), EUROPE.index("Timeline")
    return EUROPE[:start] + "".join(f"{line}\n" for line in lines) + EUROPE[end:]


def people(text):
    return [
        (r.role, r.agent.name.label, [a.name.label for a in getattr(r.agent, "affiliations", ())])
        for r in record(text).roles[2:]
    ]


HOSPITAL = "Invented City Hospital"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("Ann Example", "Study Chair", "Ben Example", "Study Director", HOSPITAL),
            [("study-chair", "Ann Example", []), ("study-director", "Ben Example", [HOSPITAL])],
        ),
        (
            ("Ann Example", "Study Chair", HOSPITAL, "Study Director", HOSPITAL),
            [("study-chair", "Ann Example", [HOSPITAL])],
        ),
        (
            ("Study Chair", HOSPITAL, "Ben Example", "Study Director"),
            [("study-director", "Ben Example", [])],
        ),
        (
            ("Ann Example", "Chief Dreamer", HOSPITAL, "Ben Example", "Study Chair", HOSPITAL),
            [("study-chair", "Ben Example", [HOSPITAL])],
        ),
        (
            ("Ann Example", HOSPITAL, "Ben Example", "Study Chair", HOSPITAL),
            [("study-chair", "Ben Example", [HOSPITAL])],
        ),
        (("Ann Example", HOSPITAL), []),
    ],
)
def test_officials_are_told_apart_by_their_roles_not_by_counting(lines, expected):
    text = officials(*lines)
    assert people(text) == expected
    assert not faults(read(text))
    told = {line for line in lines if line in str(record(text))}
    told |= {issue.value for issue in read(text).issues}
    assert told == set(lines)


def contacts(*lines):
    start = EUROPE.index("Annika Vossbergen\nSleep")
    return EUROPE[:start] + "".join(f"{line}\n" for line in lines) + EUROPE[EUROPE.index("Loc") :]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Ann Example", HOSPITAL, "Ben Example", "Novexa"), {"Ann Example", "Ben Example"}),
        (("Ann Example", "Ben Example", HOSPITAL), {"Ann Example", "Ben Example"}),
        ((HOSPITAL, "Ann Example"), {"Ann Example"}),
        (("Ann Example", HOSPITAL, HOSPITAL), {"Ann Example"}),
    ],
)
def test_contacts_without_an_affiliation_do_not_shift_the_others(lines, expected):
    text = contacts(*lines)
    found = {r.agent.name.label for r in record(text).roles if r.role == "public-contact"}
    assert found == expected
    assert not faults(read(text))
    values = {issue.value for issue in read(text).issues}
    assert all(line in str(record(text)) or line in values for line in lines)


def test_an_unknown_role_is_told_with_the_name_and_affiliation_it_leaves_out():
    found = read(EUROPE.replace("Study Chair", "Chief Dreamer"))
    told = {(issue.kind, issue.value) for issue in found.issues}
    assert told == {
        ("unknown word", "Chief Dreamer"),
        ("left out", "Étienne Marchandeau, PhD"),
        ("left out", "Clairbourg University Hospital"),
    }


def test_values_of_the_timeline_are_left_out_with_their_reason():
    text = PAGE.replace("First submit\n", "First submit\nMay 1, 2025\n")
    found = read(text.replace("Patients applied\n", "Patients applied\n12\n"))
    why = {leaf.path: leaf.left_out for leaf in found.leaves if leaf.left_out}
    assert "meaning" in why["First submit"]
    assert "never" not in " ".join(why.values())
    assert "Patients applied" in why


def test_no_line_of_the_timeline_takes_the_place_of_another():
    found = read(PAGE.replace("First submit\n", "Something\nFirst submit\nFirst submit\n"))
    assert [path for path, _ in found.unread] == ["above the timeline"]
    assert not found.record.completion_date.value
    again = read(PAGE.replace("\nRecruiting\n", "\nRecruiting\nTitle\n", 1))
    assert again.record.public_title == record(PAGE).public_title
    assert [path for path, _ in again.unread] == ["Trial Information: Title"]


@pytest.mark.parametrize("text", [PAGE, EUROPE], ids=["implausible", "europe"])
@pytest.mark.parametrize("nothing", ["", "N/A"])
def test_no_value_is_lost_beside_one_that_is_not_given(text, nothing):
    for where, found in pages_without_one_value(text, nothing):
        assert found.record is None or not faults(found), where
