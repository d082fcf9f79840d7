"""The WHO portal: every form of its exports, each register's habits, hostile rows."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from accounted import faults
from conftest import ROOT, SAMPLES, extracted, later
from emptied import made_unaccounted

from kg.cursor import Log
from kg.extractors.ictrp_columns import FULL_EXPORT, Columns
from kg.fields import Fields
from kg.issues import Issue
from kg.model import EthicsApproval, Record
from kg.reading.extraction import Extraction, extractions
from kg.reading.intake import read
from kg.sources.files import Source
from kg.sources.trees import Cell
from kg.words.who import ages, day, either_order, lines, parts_of, without_address
from kg.words.who_parts import arms, lists_arms

RECORDS = ROOT.parent / "shared" / "records" / "ictrp"
HERE = SAMPLES / "ictrp"
real = pytest.mark.skipif(not RECORDS.is_dir(), reason="the real records lie outside the project")


def row(**columns: str) -> Extraction:
    """What is read of one CSV row; blanks in names are underscores here."""
    wanted = {"TrialID": "CTRI/2026/07/269999", "Public_title": "T", **columns}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(wanted)
    writer.writerow(wanted.values())
    (found,) = extracted(text.getvalue(), "x.csv")
    return found


def record(**columns: str) -> Record:
    found = row(**columns).record
    assert found is not None
    return found


def kinds(found: Extraction) -> list[str]:
    return sorted(issue.kind for issue in found.issues)


def names(found: Record, role: str) -> list[str]:
    return [a.agent.name.label for a in found.roles if a.role == role]


# -- forms -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "layout", "numbers"),
    [
        ("portal-2020-cut-off.xml", "xml", ["ChiCTR2699990061", "NCT09999906", "NCT09999907"]),
        ("portal-2020.csv", "csv", ["2026-026999-10", "UMIN000269999"]),
        (
            "portal-2026.csv",
            "csv",
            ["CTRI/2026/07/269999", "ISRCTN99999906", "ITMCTR2026269999"],
        ),
        ("portal-2026-workbook.xlsx", "xlsx", ["KCT0269999"]),
        (
            "full-export-without-heading.csv",
            "full-export",
            ["jRCTs031269999", "2026-026998-39", "ChiCTR2699990062"],
        ),
    ],
)
def test_every_form_of_the_portal_is_read(name: str, layout: str, numbers: list[str]):
    found = [f.record for f in extracted((HERE / name).read_bytes(), name) if f.record]
    assert [r.registration_number.value for r in found if r.registration_number] == numbers
    assert {r.version.layout for r in found} == {layout}
    assert {r.publisher for r in found} == {"ictrp"}


def test_columns_are_told_by_name_in_any_spelling_and_order():
    assert Columns(["trialid", "Source_Name"])["source support"] == "Source_Name"
    shuffled = {"Public title": "B", "date_registration": "02/01/2026", "TRIALID": "NCT09999906"}
    text = ",".join(shuffled) + "\n" + ",".join(shuffled.values())
    text = text.replace("TRIALID", "TrialID")
    (found,) = extracted(text, "x.csv")
    assert found.record
    assert found.record.registration_date
    assert found.record.registration_date.value.text == "2026-01-02"
    assert found.record.registration_date.path == "date_registration"


def test_the_full_export_has_the_63_columns_of_its_description():
    assert len(FULL_EXPORT) == len(set(FULL_EXPORT)) == 63


def test_a_first_row_without_headings_may_hold_line_breaks():
    text = (HERE / "full-export-without-heading.csv").read_text(encoding="utf-8")
    assert "\n" in next(csv.reader(io.StringIO(text)))[8]
    assert len(extracted(text, "x.csv")) == 3


def test_an_xml_file_cut_anywhere_gives_all_whole_trials_before_the_cut():
    data = (HERE / "portal-2020-cut-off.xml").read_bytes()
    rng = random.Random(26)
    for at in sorted(rng.sample(range(120, len(data)), 120)):
        part = data[:at]
        found = list(extractions(Source.of("x.xml", part)))
        whole = part.count(b"</Trial>")
        assert sum(isinstance(f, Extraction) for f in found) == whole
        cut = [f for f in found if isinstance(f, Issue)]
        assert [f.kind for f in cut] == ["page cut" if whole else "unreadable"], at


def test_a_row_without_a_known_number_is_no_record():
    found = row(TrialID="ABC-1")
    assert found.record is None
    assert kinds(found) == ["not a record"]


# -- numbers and dates -----------------------------------------------------------------------------


def test_the_member_state_stands_in_the_identifier_and_not_in_the_number():
    found = record(TrialID="EUCTR2026-026999-10-PL")
    assert found.local_id == "2026-026999-10-PL"
    assert found.registration_number
    assert found.registration_number.value == "2026-026999-10"
    assert found.issuer == "euctr"
    assert found.number_as_printed == "EUCTR2026-026999-10-PL"


@pytest.mark.parametrize(
    ("issuer", "text", "expected"),
    [
        ("chictr", "2026-02-17", "2026-02-17"),
        ("ctri", "01-02-2026", "2026-02-01"),
        ("ctgov", "20/5/2026", "2026-05-20"),
        ("japiccti", "01/6/2026", "2026-06-01"),
        ("umin", "2026/02/20", "2026-02-20"),
        ("irct", "Feb  1 2026 12:00AM", "2026-02-01"),
        ("chictr", "17/02/2026", "2026-02-17"),
    ],
)
def test_a_date_is_read_as_its_register_prints_it(issuer: str, text: str, expected: str):
    read_as = day(text, issuer)
    assert read_as
    assert read_as.text == expected


def test_a_date_that_two_readings_fit_is_refused():
    with pytest.raises(ValueError, match="not certain"):
        day("03/04/2026", "chictr")
    found = row(TrialID="NCT09999906", Date_enrollement="03/04/2026")
    assert kinds(found) == ["bad value"]
    assert found.record
    assert found.record.recruitment_start
    assert found.record.recruitment_start.refused


def test_the_first_of_january_1900_is_no_date():
    found = record(Ethics_Status="Approved", Ethics_Approval_Date="Jan  1 1900 12:00AM")
    (approval,) = found.approvals
    assert approval.date
    assert approval.date.blank


def test_the_sortable_date_rules_and_a_disagreement_is_reported():
    found = row(Date_registration="05/02/2026", Date_registration3="  20260209")
    assert kinds(found) == ["bad value"]
    assert found.record
    assert found.record.registration_date
    assert found.record.registration_date.value.text == "2026-02-09"
    assert either_order("02/01/2026") == {"2026-01-02", "2026-02-01"}
    assert kinds(row(Date_registration="02/01/2026", Date_registration3="20260102")) == []


def test_the_eu_register_prints_an_authorisation_where_others_print_the_first_enrolment():
    found = record(TrialID="EUCTR2026-026999-10-PL", Date_enrollement="18/02/2026")
    assert found.recruitment_start is None
    assert [(e.sort, e.date and e.date.value.text) for e in found.events] == [
        ("study-authorised", "2026-02-18")
    ]
    assert "WHO-16" in found.version.not_printed


# -- people ----------------------------------------------------------------------------------------


def test_a_list_names_everybody_once_and_keeps_what_stands_beside_each():
    found = record(
        TrialID="NCT09999906",
        Contact_Firstname=" ; ; ",
        Contact_Lastname="Ada Example, MD;Ben Invented;Ada Example, MD",
        Contact_Email="ada@example.org;ben@example.org;",
        Contact_Affiliation="Example Hospital;;",
    )
    assert names(found, "public-contact") == ["Ada Example", "Ben Invented"]
    first, second = (a.agent for a in found.roles if a.role == "public-contact")
    assert [o.name.label for o in first.affiliations] == ["Example Hospital"]  # type: ignore[union-attr]
    assert [c.value for c in first.channels] == ["ada@example.org"]
    assert [c.value for c in second.channels] == ["ben@example.org"]
    assert first.alone
    assert second.alone


@pytest.mark.parametrize(
    "affiliations", ["Example Hospital;", "Example Hospital", "Example Hospital;;"]
)
def test_officials_come_first_in_the_list_of_clinicaltrials_gov(affiliations: str):
    columns = {
        "Lastname": "Ada Example, MD;Ben Invented;Eve Example",
        "Email": ";ben@example.org;eve@example.org",
        "Tel": ";000 0000;000 0001",
        "Affiliation": affiliations,
    }
    for prefixes in (("Contact",), ("Public_Contact", "Scientific_Contact")):
        found = row(
            TrialID="NCT09999906",
            **{f"{prefix}_{part}": text for prefix in prefixes for part, text in columns.items()},
        )
        assert found.record
        assert names(found.record, "public-contact") == ["Ben Invented", "Eve Example"]
        assert names(found.record, "scientific-contact") == ["Ada Example"]
        (leader,) = (a.agent for a in found.record.roles if a.role == "scientific-contact")
        assert [o.name.label for o in leader.affiliations] == ["Example Hospital"]  # type: ignore[union-attr]
        assert not leader.channels  # type: ignore[union-attr]
        assert kinds(found) == []


def test_an_official_who_is_the_contact_too_is_both():
    found = record(
        TrialID="NCT09999906",
        Contact_Lastname="Ada Example, MD;Ada Example, MD;Ben Invented",
        Contact_Email=";ada@example.org;ben@example.org",
        Contact_Affiliation="Example Hospital;;",
    )
    assert names(found, "public-contact") == ["Ada Example", "Ben Invented"]
    assert names(found, "scientific-contact") == ["Ada Example"]


def test_a_contact_whose_name_is_repeated_without_a_channel_is_no_official():
    found = record(
        TrialID="NCT09999906",
        Contact_Lastname="Ada Example, MD;Ben Invented;Ben Invented",
        Contact_Email=";ben@example.org;",
        Contact_Affiliation="Example Hospital;",
    )
    assert names(found, "scientific-contact") == ["Ada Example"]
    assert names(found, "public-contact") == ["Ben Invented"]


def test_a_list_of_officials_alone_stays_as_printed():
    found = record(
        TrialID="NCT09999906",
        Contact_Lastname="Ada Example, MD;Ben Invented",
        Contact_Affiliation="Example Hospital;Example College",
    )
    assert names(found, "public-contact") == ["Ada Example", "Ben Invented"]


def test_a_degree_between_semicolons_is_nobody():
    found = record(TrialID="NCT09999906", Contact_Lastname="Ada Example, MD; PHD")
    assert names(found, "public-contact") == ["Ada Example"]


def test_channels_printed_without_a_value_are_blank():
    found = record(Contact_Firstname="Ada Example", Contact_Email="", Contact_Tel="NA")
    (contact,) = found.roles
    assert [b.field for b in contact.agent.blanks] == ["channelKind"]  # type: ignore[union-attr]
    reached = record(Contact_Firstname="Ada Example", Contact_Email="", Contact_Tel="000 0000")
    assert [b.field for b in reached.roles[0].agent.blanks] == []  # type: ignore[union-attr]


def test_columns_that_do_not_line_up_are_nobodys_in_particular():
    found = row(
        TrialID="NCT09999906",
        Contact_Lastname="Ada Example;Ben Invented;Eve Example",
        Contact_Email="ada@example.org;ben@example.org",
        Contact_Affiliation="Example Hospital;",
    )
    assert found.record
    agents = [a.agent for a in found.record.roles]
    assert not any(agent.alone for agent in agents)  # type: ignore[union-attr]
    assert not any(agent.affiliations for agent in agents)  # type: ignore[union-attr]
    assert kinds(found) == ["left out"]


def test_one_contact_stands_for_the_public_and_the_scientific_one():
    found = record(Contact_Firstname="Ada Example")
    assert [a.role for a in found.roles] == ["public-contact"]
    assert {"WHO-08", "WHO-08-channel"} <= set(found.version.not_printed)


def test_a_sponsor_who_is_named_as_a_contact_is_a_person():
    found = record(Primary_sponsor="Dr Example Ada", Contact_Firstname="Ada Example")
    (sponsor,) = (a.agent for a in found.roles if a.role == "lead-sponsor")
    assert type(sponsor).__name__ == "PersonMention"
    other = record(Primary_sponsor="1. Eli Example; 2. Ben Example Ltd", Contact_Firstname="Ada E")
    assert names(other, "lead-sponsor") == ["Eli Example", "Ben Example Ltd"]


def test_what_refers_to_the_sponsors_is_no_funding():
    found = record(Source_Support="Please refer to primary and secondary sponsors")
    assert found.funding == ()
    assert [b.field for b in found.blanks if b.field.startswith("hasFunding")] == ["hasFunding@en"]


# -- ethics ----------------------------------------------------------------------------------------


def approvals(issuer_number: str, **columns: str) -> tuple[EthicsApproval, ...]:
    columns = {f"Ethics_{name}": value for name, value in columns.items()}
    return record(TrialID=issuer_number, **columns).approvals


def test_the_register_says_whom_the_ethics_contact_names():
    of_person = {"Status": "Approved", "Contact_Name": "Zhao Yi", "Contact_Address": "A hospital"}
    (chinese,) = approvals("ChiCTR2699990061", **of_person)
    assert chinese.committee is None
    assert [r.agent.name.label for r in chinese.roles] == ["Zhao Yi"]
    board = {"Status": "Approval", "Contact_Name": "Example Review Board"}
    (japanese,) = approvals("JPRN-jRCTs031269999", **board)
    assert japanese.committee
    assert japanese.committee.name.label == "Example Review Board"
    assert japanese.roles == ()


def test_a_name_column_that_holds_a_mail_address_leaves_the_name_to_the_address_column():
    told = {"Status": "Approved", "Contact_Name": "board@example.org"}
    (committee,) = approvals("KCT0269999", Contact_Address="Example IRB", **told)
    assert committee.committee
    assert committee.committee.name.label == "Example IRB"
    (person,) = approvals("ChiCTR2699990061", Contact_Address="Zhao Yi", **told)
    assert [r.agent.name.label for r in person.roles] == ["Zhao Yi"]


def test_lists_of_several_decisions_line_up_over_the_columns():
    found = approvals(
        "CTRI/2026/07/269999",
        Status="Approved;Submitted",
        Approval_Date="28/05/2026;30/05/2026",
        Contact_Name=";",
        Contact_Address="Ethics Committee A;Ethics Committee B, 5 Invented Road",
    )
    told = [
        (a.committee.name.label, a.decision.value, a.date.value.text)  # type: ignore[union-attr]
        for a in found
    ]
    assert told == [
        ("Ethics Committee A", ("approved",), "2026-05-28"),
        ("Ethics Committee B", ("pending",), "2026-05-30"),
    ]


def test_a_column_that_lists_another_number_of_decisions_is_reported():
    found = row(
        Ethics_Status="Approved;Approved",
        Ethics_Approval_Date="28/05/2026;30/05/2026",
        Ethics_Contact_Address="Committee A;Committee B;Committee C",
    )
    assert kinds(found) == ["left out"]
    assert found.record
    assert len(found.record.approvals) == 2


def test_free_text_about_ethics_is_a_note_without_addresses():
    text = "Approved 01/05/2026, Example REC (6 Invented Road; rec@example.org), ref: 1"
    (approval,) = approvals("ISRCTN99999906", Contact_Address=text)
    assert approval.note
    assert approval.note.en
    assert approval.note.en.value == "Approved 01/05/2026, Example REC, ref: 1"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Approved 01/05/2026, Example REC (Office, 6 Invented Mews, Exampleton; Tel: +00 (",
         "Approved 01/05/2026, Example REC"),
        ("Pending, Example REC [Office in Exampleton", "Pending, Example REC"),
        ("Example REC (Exampleton, approved 01/05/2026, ref: 1",
         "Example REC (Exampleton, approved 01/05/2026, ref: 1"),
    ],
)  # fmt: skip
def test_an_address_that_the_portal_cuts_off_is_left_out_too(text, note):
    (approval,) = approvals("ISRCTN99999906", Contact_Address=text)
    assert approval.note
    assert approval.note.en
    assert approval.note.en.value == note


def test_the_street_behind_a_name_is_cut_off():
    for street in ("12 Example Road", "3rd Floor", "Exampleville-000000", "near the Example Gate"):
        assert without_address(f"Example Committee, {street}, Exampleville") == "Example Committee"
    for name in ("The 306th Hospital, Beijing", "IRB No. 2", "Example University, College 1"):
        assert without_address(name).startswith(name.split(",")[0])


# -- the study -------------------------------------------------------------------------------------


def of_arms(size: str, what: str) -> tuple[list[tuple[str, int | None, list[str]]], int | None]:
    tree = {"size": Cell(size, 1, "size"), "what": Cell(what, 1, "what")}
    found = arms(Fields(tree, registry="ictrp", log=Log("x")), "size", "what")
    told = [
        (a.name.label, a.size.value if a.size else None, [i.name.label for i in a.interventions])
        for a in found.arms
    ]
    return told, found.total.value if found.total else None


def test_arms_and_their_sizes_are_told_by_both_lists():
    assert of_arms("A; low:30;B:1,000;", "A; low:5 g; daily;B:Nil;") == (
        [("A; low", 30, ["5 g; daily"]), ("B", 1000, [])],
        1030,
    )


def test_sizes_add_up_only_if_every_arm_has_one():
    assert of_arms("A:30;B:", "")[1] is None
    assert lists_arms("Group 1:30;Group 2:30;")
    assert lists_arms("1:30;2:30")
    assert not lists_arms("120")
    assert not lists_arms("about 40")


def test_a_text_that_does_not_name_the_arms_in_order_is_one_intervention():
    tree = {"size": Cell("A:3;B:4;", 1), "what": Cell("B:tea;A:coffee;", 1)}
    found = arms(Fields(tree, registry="ictrp", log=Log("x")), "size", "what")
    assert [i.name.label for i in found.interventions] == ["B:tea;A:coffee;"]
    assert all(not arm.interventions for arm in found.arms)


def test_an_arm_that_is_said_to_have_nothing_beside_one_that_has_is_untreated_by_design():
    def sorts(size: str, what: str) -> list[tuple[object, bool]]:
        tree = {"size": Cell(size, 1), "what": Cell(what, 1)}
        found = arms(Fields(tree, registry="ictrp", log=Log("x")), "size", "what").arms
        return [(arm.sort and arm.sort.value, bool(arm.blanks)) for arm in found]

    assert sorts("A:3;B:4;", "A:tea;B:None;") == [(None, False), (("no-intervention",), False)]
    assert sorts("A:3;B:4;", "A:tea;B:NA;") == [(None, False), (None, True)]
    assert sorts("A:3;", "A:None;") == [(None, True)]


def test_a_list_that_the_portal_cuts_has_no_half_arm_and_no_total():
    names = [f"Group of people number {n:02}" for n in range(9)]
    size = "".join(f"{name}:20;" for name in names)[:254]
    log = Log("x")
    tree = {"size": Cell(size, 1), "what": Cell("".join(f"{n}:tea;" for n in names), 1)}
    found = arms(Fields(tree, registry="ictrp", log=log), "size", "what")
    assert [arm.size.value for arm in found.arms if arm.size] == [20] * len(found.arms)
    assert found.total is None
    assert [issue.expected for issue in log.issues] == ["the list is cut here"]


@pytest.mark.parametrize(
    ("issuer", "low", "high", "expected"),
    [
        ("chictr", "18", "80", ("18", "80", None)),
        ("ctgov", "6 Months", "N/A", ("0.5", None, ("no-upper",))),
        ("cris", "19(Year)", "No Limit", ("19", None, ("no-upper",))),
        ("jrct", ">= 20age old", "< 80age old", ("20", "80", None)),
        ("umin", "20years-old", "Not applicable", ("20", None, ("no-upper",))),
        ("pactr", "19 Year(s)", "44 Year(s)", ("19", "44", None)),
        ("rebec", "40Y", "0Y", ("40", None, None)),
        ("rebec", "3M", "/", ("0.25", None, None)),
        ("irct", "no limit", "no maximum age", (None, None, ("no-lower", "no-upper"))),
    ],
)
def test_ages_are_read_as_each_register_prints_them(
    issuer: str, low: str, high: str, expected: tuple[str | None, str | None, object]
):
    log = Log("x")
    tree = {"low": Cell(low, 1), "high": Cell(high, 1)}
    found = ages(Fields(tree, registry="ictrp", log=log), "low", "high", issuer)
    told = [str(said.value) if said and said.value is not None else None for said in found[:2]]
    assert (*told, found.none.value if found.none else None) == expected
    assert log.issues == []


def test_an_age_without_a_unit_is_refused_where_a_register_prints_units():
    log = Log("x")
    tree = {"low": Cell("18", 1, "low"), "high": Cell("", 1, "high")}
    found = ages(Fields(tree, registry="ictrp", log=log), "low", "high", "ctri")
    assert found.low
    assert found.low.refused
    assert [issue.kind for issue in log.issues] == ["bad value"]


def test_the_eu_register_says_yes_and_no_line_by_line():
    found = record(
        TrialID="EUCTR2026-026999-10-PL",
        Phase="Human pharmacology (Phase I): noTherapeutic exploratory (Phase II): yes",
        Inclusion_gender="<br> Female: yes<br> Male: no<br>",
        Study_design="Randomised: yes<br>Open: no<br>Double blind: yes<br>Cross over: yes",
        Primary_outcome="Main Objective: To see;Primary end point(s): Survival",
    )
    assert found.phase
    assert found.phase.value == ("phase-2",)
    assert found.sex
    assert found.sex.value == ("female",)
    assert found.masking
    assert found.masking.value == ("double",)
    assert found.design_model
    assert found.design_model.value == ("cross-over",)
    assert [o.name.label for o in found.outcomes] == ["Survival"]
    assert found.objective
    assert found.objective.label == "To see"


def test_a_product_keeps_its_block_and_all_its_names():
    block = (
        "Trade Name: EXAMPLO<br>Product Name: Example tablets<br>Product Code: EX-1<br>"
        "Pharmaceutical Form: Tablet<br>INN or Proposed INN: exampline<br>CAS Number: 0-0-0<br>"
        "INN or Proposed INN: samplone<br>Current Sponsor code: EX-1<br>Concentration number: {}-"
    )
    nameless = "Pharmaceutical Form: Infusion<br>CAS Number: 0-0-1"
    found = record(
        TrialID="EUCTR2026-026999-10-PL",
        Intervention="<br>".join(
            (block.format(40), "", block.format(80), "", "Trade Name: Otro", "", nameless)
        ),
    )
    first, second, third = found.interventions
    assert first.name.label == "Example tablets"
    assert [said.value for said in first.other_names] == [
        "EXAMPLO",
        "exampline",
        "samplone",
        "EX-1",
    ]
    assert first.description
    assert first.description.label.count("INN or Proposed INN: samplone") == 2
    assert "Concentration number: 80-" in first.description.label
    assert (second.name.label, second.other_names) == ("Otro", ())
    assert third.name.label == ""
    assert third.description
    assert "0-0-1" in third.description.label


def test_a_product_begins_where_a_label_of_the_form_comes_again():
    text = "Product Name: A\nPharmaceutical Form: T\nTrade Name: B\nPharmaceutical Form: T"
    found = record(TrialID="EUCTR2026-026999-10-PL", Intervention=text)
    assert [(i.name.label, i.other_names) for i in found.interventions] == [("A", ()), ("B", ())]


@pytest.mark.parametrize(
    "number",
    ["ChiCTR2699990061", "ITMCTR2026269999", "ChiMCTR2699990001", "AMCTR-TRC-26999999"],
)
def test_every_chinese_register_writes_one_condition_and_lists_outcomes(number: str):
    found = record(TrialID=number, Condition="pain; fever", Primary_outcome="a;b;")
    assert [c.name.label for c in found.conditions] == ["pain; fever"]
    assert [o.name.label for o in found.outcomes] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes", ("yes",)), ("No.", ("no",)), ("Undecided", ("undecided",)), ("No, never", ("no",)),
        ("Yes - There is a plan to make this available", ("yes",)), ("NULL", None),
        ("No later than 2027 we will share", None), ("No. 5 of the plan says", None),
        ("Yes and no", None),
    ],
)  # fmt: skip
def test_the_first_word_of_a_sentence_is_no_answer(text: str, answer: tuple[str, ...] | None):
    found = row(results_IPD_plan=text)
    assert found.record
    assert found.record.ipd_sharing
    assert found.record.ipd_sharing.value == answer
    refused = answer is None and text != "NULL"
    assert found.record.ipd_sharing.refused is refused
    assert kinds(found) == (["unknown word"] if refused else [])


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [("Yes", ("results-posted",), None), ("No", None, ("results-posted",)), ("NULL", None, None),
     ("maybe", None, None)],
)  # fmt: skip
def test_the_portal_says_whether_results_are_posted(text: str, has: object, lacks: object):
    found = row(results_yes_no=text, Bridged_type="child")
    assert found.record
    assert (found.record.features and found.record.features.value) == has
    assert (found.record.lacks and found.record.lacks.value) == lacks
    assert kinds(found) == (["unknown word"] if text == "maybe" else [])
    assert found.left_out == ["Bridged_type"]


@pytest.mark.parametrize("number", ["CTRI/2026/07/269999", "EUCTR2026-026999-10-PL"])
def test_a_kind_of_enrolment_beside_no_date_is_reported(number: str):
    found = row(TrialID=number, Date_enrollement="", type_enrolment="Anticipated")
    assert [(i.kind, i.value) for i in found.issues] == [("left out", "Anticipated")]
    assert found.record
    assert found.record.estimated_dates == ()


def test_a_cancelled_trial_keeps_its_title_and_the_reason():
    found = record(
        TrialID="ChiCTR2699990061",
        Public_title="Cancelled due to lack of patients          A study of tea",
        Recruitment_Status="Not Recruiting",
    )
    assert found.public_title
    assert found.public_title.label == "A study of tea"
    assert found.why_stopped
    assert found.why_stopped.label == "Cancelled due to lack of patients"
    assert found.recruitment_status
    assert found.recruitment_status.value == ("withdrawn",)
    assert found.last_known_status
    assert found.last_known_status.value == ("not-recruiting",)


@pytest.mark.parametrize(
    ("printed", "concept"),
    [
        ("Complete: follow-up complete", "completed"),
        ("Complete: follow-up continuing", "active-not-recruiting"),
        ("Main results already published", "completed"),
        ("Closed to recruitment: follow up complete", "completed"),
        ("Open to recruitment: actively recruiting participa", "recruiting"),
        ("Temporarily closed", "suspended"),
        ("Recruitment completed", "active-not-recruiting"),
        ("Data analysis completed", "completed"),
        ("Finished", "completed"),
        ("No longer available", "other"),
    ],
)
def test_the_words_of_registries_that_the_portal_passes_on_are_statuses(printed, concept):
    found = row(TrialID="JPRN-UMIN000099999", Recruitment_Status=printed)
    assert found.issues == []
    assert found.record
    assert found.record.recruitment_status
    assert found.record.recruitment_status.value == (concept,)


@pytest.mark.parametrize(
    ("column", "printed", "field", "concepts"),
    [
        ("Study_type", "Others,meta-analysis etc", "study_type", ("other",)),
        ("Study_type", "PMS", "study_type", ("observational",)),
        ("Study_type", "Observational non invasive", "study_type", ("observational",)),
        ("Phase", "Phase-3", "phase", ("phase-3",)),
        ("Phase", "PMS", "phase", ("phase-4",)),
        ("Phase", "I+II (Phase I+Phase II)", "phase", ("phase-1", "phase-2")),
        ("Phase", "Pilot clinical trial", "phase", ("exploratory",)),
        ("Inclusion_gender", "male/female", "sex", ("all",)),
    ],
)
def test_types_phases_and_sexes_of_registries_are_read(column, printed, field, concepts):
    found = row(**{column: printed})
    assert found.issues == []
    assert getattr(found.record, field).value == concepts


def test_a_cancel_note_in_the_scientific_title_is_the_reason_too():
    note = "Cancelled due to lack of patients"
    title = f"{note}          A study of tea"
    for public in ("A study of tea", title):
        found = record(
            TrialID="ChiCTR2699990061", Public_title=public, Scientific_title=title,
            Recruitment_Status="Not Recruiting",
        )  # fmt: skip
        assert found.scientific_title
        assert found.scientific_title.label == "A study of tea"
        assert found.why_stopped
        assert found.why_stopped.label == note
        assert found.recruitment_status
        assert found.recruitment_status.value == ("withdrawn",)


def test_a_code_that_stands_for_a_condition_is_kept():
    for number, text, expected in (
        ("IRCT20269999000000N1", "Fatty liver. <br>Example disease;K76.0",
         [("Fatty liver", None), ("Example disease", "K76.0")]),
        ("IRCT20269999000000N1", "Pain. <br>Pain;R52-0", [("Pain", "R52-0")]),
        ("IRCT20269999000000N1", "K76.0", [("K76.0", "K76.0")]),
        ("NCT09999906", "Coronavirus;N95;E11", [("Coronavirus", None), ("N95", None),
                                                ("E11", None)]),
    ):  # fmt: skip
        found = record(TrialID=number, Condition=text)
        told = [(c.name.label, c.code and c.code.value) for c in found.conditions]
        assert told == expected


def test_conditions_of_the_indian_register_stand_behind_a_code_a_range_or_null():
    text = (
        "Health Condition 1: N00-N99- Diseases of the exampleHealth Condition 2: null- sore thumb"
        "Health Condition 3: null- Health Condition 4: O- Medical and Surgical<br/ ><br>"
        "Health Condition 5: F419- Example disorder, unspecifiedHealth Condition 6: N-type pain"
    )
    found = row(Condition=text)
    assert [(c.name.label, c.code and c.code.value) for c in found.record.conditions] == [
        ("Diseases of the example", "N00-N99"),
        ("sore thumb", None),
        ("Medical and Surgical", "O"),
        ("Example disorder, unspecified", "F419"),
        ("N-type pain", None),
    ]
    (blank,) = [b for b in record(Condition="Health Condition 1: null-").blanks
                if b.field.startswith("hasCondition")]  # fmt: skip
    assert blank.field == "hasCondition@en"


def test_objectives_keep_their_labels_and_end_points_their_kinds():
    found = row(
        TrialID="EUCTR2026-026999-10-PL",
        Primary_outcome="Main Objective: To see;Secondary Objective: To hear;"
        "Primary end point(s): Survival;Timepoint(s) of evaluation of this end point: Day 1",
        Secondary_outcome="Words;Secondary end point(s): Pain;Primary end point(s): Sleep;"
        "Timepoint(s) of evaluation of this end point: Day 2",
    )
    made = found.record
    assert made
    assert made.objective
    assert made.objective.label == "Main Objective: To see\nSecondary Objective: To hear"
    assert [(o.name.label, o.sort and o.sort.value, o.time_point and o.time_point.label)
            for o in made.outcomes] == [
        ("Survival", ("primary",), "Day 1"), ("Sleep", ("primary",), None),
        ("Pain", ("secondary",), None),
    ]  # fmt: skip
    assert [i.value for i in found.issues if i.kind == "left out"] == ["Words", "Day 2"]


def test_both_criteria_in_one_field_are_divided_at_the_second_heading():
    text = "<br> Inclusion Criteria:<br><br> - Adults<br> Exclusion Criteria:<br> - Children"
    found = record(TrialID="NCT09999906", Inclusion_Criteria=text)
    assert found.inclusion_criteria
    assert found.inclusion_criteria.label == "- Adults"
    assert found.exclusion_criteria
    assert found.exclusion_criteria.label == "- Children"
    assert lines("a<br/ ><br>b<BR />c") == "a\nb\nc"


def test_criteria_of_several_groups_stay_whole():
    text = "Inclusion Criteria for a case:<br>ill<br>Exclusion Criteria for a case:<br>well"
    found = record(TrialID="NCT09999906", Inclusion_Criteria=text)
    assert found.criteria_text
    assert found.criteria_text.label.endswith("well")
    assert found.inclusion_criteria is None
    assert found.exclusion_criteria is None


@pytest.mark.parametrize(
    ("text", "decision", "on"),
    [
        ("Current approval: Approved 17/06/2026, Example IRB. Before: pending, Example IRB",
         ("approved",), "2026-06-17"),
        ("Approval pending, Example IRB", None, None),
        ("Not yet approved, meeting on 17/06/2026", None, None),
    ],
)  # fmt: skip
def test_a_free_text_that_says_when_it_was_approved_is_an_approval(text, decision, on):
    (found,) = approvals("ISRCTN99999906", Status="NA", Contact_Address=text)
    told = record(TrialID="ISRCTN99999906", Ethics_Status="NA", Ethics_Contact_Address=text)
    assert "WHO-21c" in told.version.not_printed
    assert (found.decision.value if found.decision else None) == decision
    assert (found.date.value.text if found.date and found.date.value else None) == on


def test_a_committee_is_reached_by_what_stands_beside_it():
    (found,) = approvals(
        "JPRN-jRCTs031269999",
        Status="Approval",
        Contact_Name="board@example.org",
        Contact_Address="Example Review Board",
        Contact_Phone="000 0000",
        Contact_Email="board@example.org",
    )
    (office,) = found.roles
    assert type(office.agent).__name__ == "RoleContact"
    assert office.agent.name.label == "Example Review Board"
    assert sorted(c.value for c in office.agent.channels) == ["000 0000", "board@example.org"]  # type: ignore[union-attr]


def test_a_channel_of_the_committee_printed_without_a_value_is_blank():
    (found,) = approvals(
        "ChiCTR2699990061",
        Status="Approved",
        Contact_Name="Zhao Yi",
        Contact_Phone="000 0000",
        Contact_Email="NA",
    )
    assert [b.field for b in found.blanks] == ["ethics-contact.e-mail"]


def test_a_sponsor_who_is_none_leaves_the_label_blank():
    found = record(TrialID="ChiCTR2699990061", Primary_sponsor="Cancelled")
    assert [b.field for b in found.blanks if b.field.startswith("primarySponsor")] == [
        "primarySponsor@en"
    ]


def test_records_that_the_portal_ties_to_this_one_are_the_same_trial():
    found = record(
        TrialID="EUCTR2026-026998-39-DK",
        SecondaryIDs="NCT09999909;Nil known;EX-1",
        Bridging_flag="NCT09999909",
        Bridged_type="child",
        Childs="NULL",
    )
    told = [(i.notation.value, i.relation) for i in found.secondary_identifiers]
    assert told == [("NCT09999909", "same"), ("EX-1", None)]
    assert found.secondary_identifiers[0].notation.path == "SecondaryIDs + Bridging_flag"


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        (
            "Level. Timepoint: 0; 0.5; 1.0 and 36 hours. Method of measurement: HPLC;"
            "Pain. Timepoint: 1 day. Method of measurement: VAS",
            ["Level", "Pain"],
        ),
        ("Days to recovery;A scale;2 points: death;1 point: home", ["Days to recovery",
         "A scale; 2 points: death; 1 point: home"]),
        ("7-day mortality;28-day mortality", ["7-day mortality", "28-day mortality"]),
    ],
)  # fmt: skip
def test_a_semicolon_inside_an_outcome_divides_nothing(text: str, outcomes: list[str]):
    for number in ("IRCT20260101269999N1", "ChiCTR2699990061"):
        found = record(TrialID=number, Primary_outcome=text)
        assert [o.name.label for o in found.outcomes] == outcomes


def test_exclusion_criteria_may_stand_behind_a_heading_with_a_note():
    text = (
        "<br> Inclusion Criteria:<br><br> 1. Adult<br><br> Exclusion Criteria (a subject is not"
        " eligible if any of<br> the following is met):<br><br> 1. Pregnant"
    )
    found = record(TrialID="NCT09999906", Inclusion_Criteria=text, Exclusion_Criteria="NULL")
    assert found.inclusion_criteria
    assert found.exclusion_criteria
    assert found.inclusion_criteria.en.value == "1. Adult"  # type: ignore[union-attr]
    assert found.exclusion_criteria.en.value == "1. Pregnant"  # type: ignore[union-attr]


def test_what_an_export_of_2020_has_no_column_for_is_said():
    found = record(Primary_sponsor="A")
    assert {"WHO-03", "WHO-04", "WHO-06", "WHO-20a", "WHO-21a"} <= set(found.version.not_printed)
    newer = record(Secondary_ID="", Source_Name="", Ethics_Status="")
    assert not {"WHO-03", "WHO-04", "WHO-21a"} & set(newer.version.not_printed)


@pytest.mark.parametrize(
    ("number", "items"),
    [
        ("NCT09999906", {"WHO-22", "WHO-24a"}),
        ("ChiCTR2699990061", {"WHO-22", "WHO-24a"}),
        ("CTRI/2026/07/269999", {"WHO-14c", "WHO-14d", "WHO-22", "WHO-24a"}),
        ("IRCT20260101269999N1", {"WHO-22"}),
        ("JPRN-UMIN000269999", set()),
    ],
)
def test_what_a_register_does_not_send_to_the_portal_is_said(number: str, items: set[str]):
    some = {"WHO-14c", "WHO-14d", "WHO-22", "WHO-24a"}
    empty = record(
        TrialID=number, Agemin="NULL", Gender="NA", results_IPD_plan="", results_date_completed=""
    )
    assert some & set(empty.version.not_printed) == items
    filled = record(
        TrialID=number,
        Agemin="18 Years" if "CTRI/" in number else "18",
        Gender="Both",
        results_IPD_plan="Yes",
        results_date_completed="2026-01-31",
    )
    assert not some & set(filled.version.not_printed)


def test_masking_that_is_not_applicable_to_one_group_is_not_asked_for():
    design = "{} Method of generating randomization sequence:Not Applicable Blinding and masking:{}"
    one = record(Study_design=design.format("Single Arm Study", "Not Applicable"))
    assert "WHO-15c" in one.version.not_printed
    for head, answer in (
        ("Single Arm Study", ""),
        ("Randomized, Parallel Group Trial", "Not Applicable"),
    ):
        other = record(Study_design=design.format(head, answer))
        assert "WHO-15c" not in other.version.not_printed


def test_a_semicolon_inside_brackets_divides_nothing():
    assert parts_of("a (b; c); d [e; f];") == ["a (b; c)", "d [e; f]"]
    assert parts_of("a (b; c; d") == ["a (b", "c", "d"]


# -- hostile rows ----------------------------------------------------------------------------------

HOSTILE = (
    "", ";", ";;;;;;", "(" * 5000, "a;" * 500, "<br>" * 2000, "\u202e\u0000x", "NULL", "-1e999",
    ":" * 3000, "Intervention1: " * 500, "(Phase I): yes" * 500, "MedDRA version: 1" * 500,
    "Timepoint: " * 500, "99/99/9999", "@" * 2000, "A" * 20_000, "A " * 2_000, "1" * 4000,
    "Main Objective:" * 400, "Allocation: " * 400, "=1+1", "' OR 1=1 --", "[" * 3000 + "]" * 3000,
)  # fmt: skip


@pytest.mark.parametrize(
    "number",
    [
        "NCT09999906",
        *later(
            "EUCTR2026-026999-10-PL", "ChiCTR2699990061", "CTRI/2026/07/269999", "ISRCTN99999906",
            "KCT0269999",
        ),
    ],
)  # fmt: skip
def test_hostile_values_in_every_column_never_raise(number: str):
    columns = [c for c in FULL_EXPORT if c != "TrialID"]
    for n, value in enumerate(HOSTILE):
        shifted = {c: HOSTILE[(n + i) % len(HOSTILE)] for i, c in enumerate(columns)}
        assert row(**{**shifted, "TrialID": number, "Public_title": value}).record is not None


@pytest.mark.parametrize(
    "sample",
    later(*(HERE / f for f in ("portal-2026.csv", "portal-2020-cut-off.xml", "portal-2020.csv",
                               "full-export-without-heading.csv"))),
    ids=lambda p: p.stem,
)  # fmt: skip
def test_no_value_is_lost_beside_one_that_is_not_given(sample: Path):
    assert made_unaccounted(sample) == {}


# -- the real exports ------------------------------------------------------------------------------


@cache
def records(name: str) -> tuple[Extraction, ...]:
    found = extractions(Source.of(name, (RECORDS / name).read_bytes()))
    return tuple(f for f in found if isinstance(f, Extraction))


@real
def test_all_578_trials_of_the_xml_are_read_with_their_dates():
    found = [f.record for f in records("ICTRP-Results_18Mar2020.xml")]
    assert len(found) == 578
    assert all(found)
    made = [r for r in found if r]
    assert Counter(r.issuer for r in made) == {"chictr": 476, "ctgov": 102}
    assert all(r.registration_date and r.registration_date.value for r in made)
    assert all(r.recruitment_start and r.recruitment_start.value for r in made)
    refreshed = {r.version.refreshed.value.text[:4] for r in made if r.version.refreshed}
    assert refreshed == {"2015", "2019", "2020"}  # as Last_Refreshed_on prints them
    assert sum(bool(r.why_stopped) for r in made) == 37


@real
def test_every_date_of_the_full_export_is_what_its_maker_computed():
    path = RECORDS / "worcjamessmith_ictrp_main_sample.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    found = [f.record for f in records(path.name)]
    assert len(rows) == len(found) == 125
    for printed, made in zip(rows, found, strict=True):
        assert made
        assert made.registration_date
        assert made.registration_date.value.text == printed["Date_registration_format"]
        start = made.recruitment_start or made.events[0].date
        expected = printed["Date_enrollment_format"]
        if printed["Day_inferred"] == "TRUE":
            expected = expected[:7]
        assert start and start.value.text == expected, printed["TrialID"]  # noqa: PT018


@real
def test_no_contact_of_the_real_exports_stands_twice_and_no_1900_is_left():
    for name in ("ICTRP-Results_18Mar2020.xml", "worcjamessmith_ictrp_main_sample.csv"):
        for one in records(name):
            assert one.record
            for role in ("public-contact", "scientific-contact"):
                told = [n.casefold() for n in names(one.record, role)]
                assert len(told) == len(set(told)), one.record.local_id
            for approval in one.record.approvals:
                assert not (approval.date and approval.date.value
                            and approval.date.value.text.startswith("1900"))  # fmt: skip


@real
@pytest.mark.parametrize("path", sorted(RECORDS.glob("*")) if RECORDS.is_dir() else [Path("x")],
                         ids=lambda p: p.name)  # fmt: skip
def test_every_value_of_the_real_exports_is_accounted_for(path: Path):
    found = read([path]).accounts
    assert found
    assert {key: row for key, row in found.items() if row.lost or row.unread} == {}


@real
def test_no_word_of_the_real_exports_is_unknown():
    for path in sorted(RECORDS.glob("*")):
        for one in records(path.name):
            assert [i for i in one.issues if i.kind == "unknown word"] == []


# -- references and numbered lists -----------------------------------------------------------------


def test_a_reference_of_html_divides_no_list():
    """It stays as printed, and rule F01 reports it."""
    found = record(TrialID="ChiCTR2699990101", Primary_outcome="throat&#32;swab;saliva &lt; 1;")
    assert [one.name.label for one in found.outcomes] == ["throat&#32;swab", "saliva &lt; 1"]


def test_a_reference_to_a_blank_alone_is_a_blank():
    found = row(Condition="&nbsp;")
    assert found.record.conditions == ()
    assert not faults(found)


@pytest.mark.parametrize("mark", [".", ". ", ") ", "、"])
def test_a_numbered_list_names_several_organizations(mark):
    text = f"1{mark}First Invented Hospital; 2{mark}Second Invented Hospital"
    found = record(
        TrialID="ChiCTR2699990101",
        Primary_sponsor=text,
        Contact_Firstname="Wang Shili",
        Contact_Affiliation=text,
    )
    both = ["First Invented Hospital", "Second Invented Hospital"]
    assert names(found, "lead-sponsor") == both
    (contact,) = (one.agent for one in found.roles if one.role == "public-contact")
    assert [one.name.label for one in contact.affiliations] == both


def test_an_affiliation_of_parts_without_numbers_stays_one():
    text = "Invented Hospital; Invented University"
    found = record(Contact_Firstname="Wang Shili", Contact_Affiliation=text)
    (contact,) = (one.agent for one in found.roles if one.role == "public-contact")
    assert [one.name.label for one in contact.affiliations] == [text]


def test_a_diagnostic_trial_has_two_tests():
    found = record(
        TrialID="ChiCTR2699990101",
        Target_size="Target condition:80;Difficult condition:0",
        Intervention="Gold Standard:Biopsy; frozen;Index test:Exhaled&#32;breath;",
    )
    assert [one.name.label for one in found.interventions] == [
        "Gold Standard: Biopsy; frozen",
        "Index test: Exhaled&#32;breath",
    ]


@pytest.mark.parametrize("name", ["TRIALID", "trialid", "trial_id", "Trial ID"])
def test_a_heading_is_told_whatever_its_case(name):
    (found,) = extracted(f"{name},public_title\nCTRI/2026/07/269999,T\n", "x.csv")
    assert found.name == "ictrp:CTRI/2026/07/269999"


def test_full_width_digits_are_digits():
    found = record(
        TrialID="ChiCTR2699990101", Inclusion_agemin="１８岁", Date_enrollement="２０２６-０１-０２"
    )
    assert found.recruitment_start.value.text == "2026-01-02"


# -- words and lists of the registers --------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "printed", "codes"),
    [
        (
            "JPRN-jRCTs039999999",
            "randomized controlled trial, open(masking not used), active control, parallel "
            "assignment, treatment purpose",
            ("randomized", "parallel", "none", "treatment"),
        ),
        ("JPRN-UMIN000099999", "Single arm Non-randomized", ("non-randomized", "single-arm")),
        ("TCTR20269999001", "Randomized controlled trial", ("randomized",)),
        (
            "PACTR202699999999999",
            "Factorial: allocated to either no, one, some or all,Randomised,Coin,Envelopes",
            ("randomized", "factorial"),
        ),
        ("JPRN-jRCTs039999999", "single blind study of other words", ()),
    ],
)
def test_a_design_of_words_without_labels_is_read_word_by_word(number, printed, codes):
    found = record(TrialID=number, Study_design=printed)
    fields = (found.allocation, found.design_model, found.masking, found.primary_purpose)
    assert tuple(code for said in fields if said for code in said.value) == codes
    assert found.design_description.label == printed


@pytest.mark.parametrize(
    ("number", "printed", "names_and_times"),
    [
        ("KCT0099999", "Blood flow;Survival;", [("Blood flow", ""), ("Survival", "")]),
        (
            "ACTRN12699000423112",
            "Pain[At 1; 2 weeks (end( ];Sleep; rest [Day 3]",
            [("Pain", "At 1; 2 weeks (end("), ("Sleep; rest", "Day 3")],
        ),
        (
            "CTRI/2026/07/269999",
            "PainTimepoint: Day 90;SleepTimepoint: Day 21",
            [("Pain", "Day 90"), ("Sleep", "Day 21")],
        ),
        ("CTRI/2026/07/269999", "Pain; sleepTimepoint: Day 90", [("Pain; sleep", "Day 90")]),
        (
            "LBCTR2026079999",
            "Name: *Pain ;Timepoints: 6 months;Measure: 6 months;Name: Sleep; rest;Timepoints: "
            "Day 2;Measure: scale",
            [("Pain", "6 months"), ("Sleep; rest", "Day 2")],
        ),
        ("LBCTR2026079999", "Name: Pain;Timepoints: ;Measure: ", [("Pain", "")]),
        ("LBCTR2026079999", "Name: Pain; Name: Sleep", [("Name: Pain; Name: Sleep", "")]),
    ],
)
def test_outcomes_are_divided_where_the_register_divides_them(number, printed, names_and_times):
    found = record(TrialID=number, Secondary_outcome=printed).outcomes
    told = [(o.name.label, o.time_point.label if o.time_point else "") for o in found]
    assert told == names_and_times
    assert [one.list_position for one in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("text", ["17-Feb-2026", "17 Feb 2026", "2026-02-17T00:00:00.000Z"])
def test_dates_of_spreadsheets_and_copies_are_read(text):
    found = record(TrialID="ChiCTR2699990101", Date_enrollement=text)
    assert found.recruitment_start.value.text == "2026-02-17"


def test_an_age_may_be_printed_in_chinese():
    found = record(TrialID="ChiCTR2699990101", Inclusion_agemin="18岁", Inclusion_agemax="７０周岁")
    assert (found.min_age.value, found.max_age.value) == (18, 70)


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("Phase 1 / Phase 2", ("phase-1", "phase-2")),
        ("II-III", ("phase-2", "phase-3")),
        ("IIb", ("phase-2",)),
        ("[---]*", None),
    ],
)
def test_phases_are_read_in_the_spelling_of_each_register(printed, codes):
    found = row(TrialID="DRKS00099999", Phase=printed)
    assert found.record.phase.value == codes
    assert found.issues == []


# -- registers of the Union, of Germany and of the Netherlands ------------------------------------


def test_an_eu_ctis_row_is_read_by_the_labels_of_its_form():
    found = record(
        TrialID="CTIS2026-526999-37-00",
        Inclusion_agemin="18",
        Inclusion_agemax="65+",
        Inclusion_gender="Female: yes Male: yes",
        Study_design="Controlled: no Randomised: yes Open: yes Single blind: no",
        Phase="Human pharmacology (Phase I): no Therapeutic exploratory (Phase II): yes",
        Condition="-Invented pain\n-Invented itch <br>MedDRA version: 20.0Level: PT"
        "Classification code: 10099901Term: PainSystem Organ Class: 100000009999 <br>"
        "MedDRA version: 20.0Level: LLTClassification code: 10099902Term: Itch"
        "System Organ Class: 100000009998;"
        "Therapeutic area: Diseases [C] - Pain [C99]",
        Intervention="Product Name: INV-1,Product Code: PRD1,Pharmaceutical Form: LIQUID,"
        "Other descriptive name: ,Strength: A 7mg, B 3.5mg,Current Sponsor code: INV-ONE",
        Primary_outcome="Main Objective:To see whether it helps;"
        "Primary end point(s):Pain: • week 1",
        Secondary_outcome="Secondary end point(s):Itch",
        Ethics_review_status="Authorized",
        Ethics_review_approval_date="16/04/2026",
    )
    assert (found.min_age.value, found.max_age) == (18, None)
    assert found.no_age_limit.value == ("no-upper",)
    assert (found.allocation.value, found.masking.value) == (("randomized",), ("none",))
    assert found.objective.en.value == "To see whether it helps"
    assert [one.name.label for one in found.outcomes] == ["Pain: • week 1", "Itch"]
    assert {one.name.label: one.code and one.code.value for one in found.conditions} == {
        "Invented pain": None,
        "Invented itch": None,
        "Pain": "10099901",
        "Itch": "10099902",
        "Diseases [C] - Pain [C99]": None,
    }
    (product,) = found.interventions
    assert product.name.label == "INV-1"
    assert [one.value for one in product.other_names] == ["PRD1", "INV-ONE"]
    assert "Strength: A 7mg, B 3.5mg" in product.description.en.value.splitlines()
    assert found.approvals[0].decision.value == ("approved",)


@pytest.mark.parametrize(
    ("number", "low", "high", "expected"),
    [
        ("CTIS2026-526999-37-00", "0", "17", (0, 17, None)),
        ("NL-OMON99999", "18", "99", (18, 99, None)),
        ("CTIS2026-526999-37-00", "2 Years", "65+", (2, None, None)),
        ("CTRI/2026/07/269999", "18", "65+", (None, None, None)),
    ],
)
def test_only_registers_of_age_groups_print_years_without_their_name(number, low, high, expected):
    found = record(TrialID=number, Inclusion_agemin=low, Inclusion_agemax=high)
    limits = [limit and limit.value for limit in (found.min_age, found.max_age)]
    assert (*limits, found.no_age_limit and found.no_age_limit.value) == expected


def test_each_meddra_term_of_the_eu_register_is_a_condition():
    term = (
        "<br>MedDRA version: 20.0\nLevel: LLT\nClassification code {}\nTerm: {}\n"
        "System Organ Class: 1\n"
    )
    text = "Invented\npain" + term.format(10099901, "A") + term.format(10099902, "B")
    found = record(TrialID="EUCTR2026-026999-10-PL", Condition=text).conditions
    assert [(one.name.label, one.code and one.code.value) for one in found] == [
        ("Invented pain", None), ("A", "10099901"), ("B", "10099902")
    ]  # fmt: skip


def test_codes_that_the_german_and_the_dutch_register_print_belong_to_conditions():
    def coded(number, text):
        found = record(TrialID=number, Condition=text).conditions
        return [(one.name.label, one.code and one.code.value) for one in found]

    text = "a long text, with a comma <br>J45.0 <br>J46;Allergic asthma;Status;J45.0;J46"
    expected = [
        ("a long text, with a comma", None),
        ("Allergic asthma", "J45.0"),
        ("Status", "J46"),
    ]
    assert coded("DRKS00099999", text) == expected
    assert coded("NL-OMON99999", " <br>Invented pain;10099901") == [("Invented pain", "10099901")]
    assert coded("DRKS00099999", "asthma;J45.0;x") == [
        ("asthma", None),
        ("J45.0", None),
        ("x", None),
    ]


def test_a_purpose_of_the_german_register_keeps_its_whole_label():
    text = "Allocation: ; Masking: ; Control: ; Assignment: ; Study design purpose: screening"
    found = row(TrialID="DRKS00099999", Study_design=text)
    assert found.record.primary_purpose.value == ("screening",)
    assert found.record.design_model is None or found.record.design_model.value is None
    assert not found.issues


def test_paragraphs_of_the_dutch_register_are_lines():
    found = record(
        TrialID="NL-OMON99999",
        Inclusion_Criteria="Inclusion criteria: <p>1. Adult;<br />\n2. p<0.05</p>\n<br>",
        Secondary_ID="NL26999.000.26",
    )
    assert found.inclusion_criteria.en.value == "1. Adult;\n2. p<0.05"
    assert [one.notation.value for one in found.secondary_identifiers] == ["NL26999.000.26"]


@pytest.mark.parametrize(
    ("answers", "codes", "given"),
    [
        (
            "no<br>Number of subjects for this age range: <br>F.1.2 Adults (18-64 years) yes<br>"
            "F.1.2.1 Number of subjects for this age range 70<br>F.1.3 Elderly (>=65 years) yes<br>"
            "F.1.3.1 Number of subjects for this age range <br>",
            ("adult", "older-adult"),
            ["Adults (18-64 years): 70 subjects", "Elderly (>=65 years)"],
        ),
        (
            "yes<br>Number of subjects for this age range: 50<br>F.1.2 Adults (18-64 years) no<br>"
            "F.1.2.1 Number of subjects for this age range 9<br>F.1.3 Elderly (>=65 ye",
            ("child",),
            ["under 18: 50 subjects", "Adults (18-64 years): 9 subjects"],
        ),
        ("no<br>Number of subjects", None, []),
    ],
)
def test_the_eu_register_prints_age_groups_behind_its_criteria(answers, codes, given):
    asked = "Are the trial subjects under 18?"
    text = f"Inclusion criteria: <br>1. Pain<br>2. Age > 17<br>{asked} {answers}"
    found = record(
        TrialID="EUCTR2026-026999-10-PL", Inclusion_Criteria=text, Exclusion_Criteria="None",
        Inclusion_agemin="", Inclusion_agemax="",
    )  # fmt: skip
    assert found.inclusion_criteria.en.value == "1. Pain\n2. Age > 17"
    assert found.age_groups.value == codes
    assert [one.value for one in found.age_as_given] == given


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("A trial of x - NIL      ", "A trial of x"),
        ("A trial of x - nil", "A trial of x"),
        ("A trial - of x - N/A", "A trial - of x"),
        ("A trial of x - NILE", "A trial of x - NILE"),
        (" - NIL", "- NIL"),
        ("Cancelled by the investigator   A trial - NIL", "A trial"),
    ],
)
def test_a_title_goes_without_the_word_for_no_acronym(printed, title):
    assert record(Scientific_title=printed).scientific_title.en.value == title


def test_criteria_that_the_portal_repeats_are_read_once():
    text = (
        "\r<br>   Inclusion Criteria:\r<br>\r<br> - pain; itch\r<br>  Exclusion Criteria:\r<br>"
        " - none of it\r<br>"
    )
    found = record(TrialID="NCT09999999", Inclusion_Criteria=";".join([text, f" {text}", text]))
    assert found.inclusion_criteria.en.value == "- pain; itch"
    assert found.exclusion_criteria.en.value == "- none of it"
    other = text.replace("itch", "fever")
    assert record(Inclusion_Criteria=f"{text};{other}").criteria_text.en.value.count("pain") == 2


@pytest.mark.parametrize(
    ("printed", "title", "works"),
    [
        ("Professor", "Professor", []),
        ("Consultant Obstetrician and Gynaecologist",) * 2 + ([],),
        ("Senior Lecturer and Specialist Physician",) * 2 + ([],),
        ("Professor of Inventology",) * 2 + ([],),
        ("Assistant Professor Department of Inventology, Invented Institute",
         "Assistant Professor", ["Department of Inventology, Invented Institute"]),
        ("Professor and Head, Department of Inventology, Invented College",
         "Professor and Head", ["Department of Inventology, Invented College"]),
        ("Additional Professor, Department of X, Invented Institute", "Additional Professor",
         ["Department of X, Invented Institute"]),
        ("Prof.and Head", "Prof.and Head", []),
        ("Consultant Inventologist Invented Hospital", "Consultant Inventologist",
         ["Invented Hospital"]),
        ("Medical Research Fellow Program", None, ["Medical Research Fellow Program"]),
        ("Ex-Resident, Invented Institute of Inventology", "Ex-Resident",
         ["Invented Institute of Inventology"]),
        ("Associate Professor at Invented University", "Associate Professor",
         ["Invented University"]),
        ("Professor Ada Example University Hospital", None,
         ["Professor Ada Example University Hospital"]),
        ("Consultants Clinic", None, ["Consultants Clinic"]),
        ("Department of Surgery", None, ["Department of Surgery"]),
        ("Chair of Nursing, Invented University", None, ["Chair of Nursing, Invented University"]),
    ],
)  # fmt: skip
def test_a_job_title_in_place_of_an_affiliation_is_the_persons(printed, title, works):
    found = row(Contact_Firstname="Ada Example", Contact_Affiliation=printed)
    (contact,) = found.record.roles
    assert (contact.title.label if contact.title else None) == title
    assert [one.name.label for one in contact.agent.affiliations] == works
    assert not faults(found)


def test_each_person_of_a_list_has_the_title_beside_the_name():
    found = record(
        TrialID="PACTR202699999999999",
        Contact_Firstname="Ada;Ben",
        Contact_Lastname="Example;Sample",
        Contact_Affiliation="Overall Principal Investigator;Site Principal Investigator",
    )
    titles = [one.title.label for one in found.roles]
    assert titles == ["Overall Principal Investigator", "Site Principal Investigator"]
    assert not any(one.agent.affiliations for one in found.roles)


def test_a_job_title_that_is_nobodys_is_reported():
    found = row(Contact_Affiliation="Principal Investigator", Contact_Tel="0")
    assert not found.record.roles
    assert kinds(found) == ["left out"]


@pytest.mark.parametrize(
    "name",
    [
        "Universidade Inventada de X", "Université Inventée", "Exampla-Stiftung", "Examplo Co.",
        "Dr Example Memorial Hospital, Town", "University of Example Town",
        "Invented Agency for Medical Research and Development", "Fundação Inventada",
        "Invented Trust", "Example Pharma K.K.", "Uniwersytet Przykładowy",
        "Conselho Inventado", "Bundesministerium für Beispiele", "Faculdade de Exemplo",
    ],
)  # fmt: skip
def test_an_organization_of_any_language_is_a_funder(name):
    (one,) = record(Source_Support=name).funding
    assert one.funder.name.label == name


@pytest.mark.parametrize(
    "text",
    [
        "Institutional budget, university",
        "Self-funded",
        "EXAMP",
        "Government",
        "Grant 12",
        "Dr Jane Example, Example College",
    ],
)
def test_a_text_that_names_no_organization_is_no_funder(text):
    (one,) = record(Source_Support=text).funding
    assert one.funder is None
    assert one.as_given.label == text


def test_an_organization_of_the_record_is_one_as_a_funder_too():
    found = record(
        TrialID="RBR-9zzzz9",
        Primary_sponsor="EXAMP - Brazil",
        Secondary_Sponsor="Sampler Labs",
        Contact_Firstname="Ada Example",
        Contact_Affiliation="INVENT",
        Source_Support="EXAMP - Brazil;Sampler labs;INVENT;Ada Example",
    )
    funders = [one.funder.name.label if one.funder else None for one in found.funding]
    assert funders == ["EXAMP", "Sampler labs", "INVENT", None]


def test_a_person_who_is_the_sponsor_is_no_organization_as_a_funder():
    found = record(
        Primary_sponsor="Ada Example",
        Contact_Firstname="Dr Ada Example",
        Source_Support="Ada Example",
    )
    assert [one.funder for one in found.funding] == [None]
