"""ISRCTN: free-text ethics approvals, numbers, centres; XML and JSON are one record."""

from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from accounted import faults
from conftest import ROOT, SAMPLES, ending, extracted
from ctgov_studies import changed, places

from kg.extractors.isrctn_addresses import is_address
from kg.extractors.isrctn_approval_parts import several
from kg.extractors.isrctn_approval_text import old_approval
from kg.extractors.isrctn_text import is_nothing, numbered
from kg.reading.intake import read

RECORDS = ROOT.parent / "shared" / "records" / "isrctn"
real = pytest.mark.skipif(
    not RECORDS.is_dir(), reason="the real records lie outside the project and are not here"
)
COPY = json.loads((SAMPLES / "isrctn" / "copy-without-parties.json").read_text("utf-8"))[0]


def record_of(tree, name="x.json"):
    (found,) = extracted(json.dumps(tree).encode(), name)
    return found.record


def approvals(text):
    tree = json.loads(json.dumps(COPY))
    tree["trialDescription"]["ethicsApproval"] = text
    return record_of(tree).approvals


@pytest.mark.parametrize(
    ("text", "name", "day", "number"),
    [
        ("Invented REC, 31/01/2013, ref: 13/XX/9930", "Invented REC", "2013-01-31", "13/XX/9930"),
        (
            "Invented Service (IRES) Committee North 2, Ref: 13/XX/9918, Date: 02/04/2013",
            "Invented Service (IRES) Committee North 2", "2013-04-02", "13/XX/9918",
        ),
        (
            "Invented Ethics Committee, Inventham, ref: EX 9 (4) 03/03/15",
            "Invented Ethics Committee, Inventham", "2015-03-03", "EX 9 (4) 03/03/15",
        ),
        ("Invented IRB, ref: 12/05/13", "Invented IRB", None, "12/05/13"),
        (
            "Ethics Committee of X approved on the 24th October 2006 (ref: 99/2006)",
            "Ethics Committee of X", "2006-10-24", "99/2006",
        ),
        (
            "Approval was granted by the Invented Ethics Board in March 2004",
            "Invented Ethics Board", "2004-03", "",
        ),
        (
            "Invented REC, 15/05/2014, ref. 14/XX/9990; amendment approved 01/01/2015",
            "Invented REC", "2014-05-15", "14/XX/9990",
        ),
        ("Invented Ethics Committee (Spain)", "Invented Ethics Committee", None, ""),
    ],
)  # fmt: skip
def test_date_and_reference_are_sought_each_for_itself(text, name, day, number):
    found = old_approval(text, "2016-12-31")
    assert (found.name, found.date and found.date.text, found.reference) == (name, day, number)


@pytest.mark.parametrize(
    ("text", "decision", "name"),
    [
        ("Rejected by the South REC on 12/03/2010, ref: 10/XX/9901", "not-approved", "South REC"),
        ("South REC, unfavourable opinion, 12/03/2010", "not-approved", "South REC"),
        ("Refused, 12/03/2010, South REC", "not-approved", "South REC"),
        ("Approval was not granted by the South REC (12/03/2010)", "not-approved", "South REC"),
        ("Approval expected from the South REC in March 2010", "pending", "South REC"),
        ("To be reviewed by the Invented Board on 12/03/2010", "pending", "Invented Board"),
        ("Application planned for 12/03/2010 to the South REC", "pending", "South REC"),
        ("Approval will be sought from the South REC in May 2010", "pending", "South REC"),
        ("Approval has not yet been granted by the South REC, 12/03/2010", "pending", "South REC"),
        ("Ethics approval pending at time of registration", "pending", ""),
        ("No ethics approval needed", "not-required", ""),
        ("No ethics approval was required for this survey", "not-required", ""),
        ("The South REC waived review on 12/03/2010", "exempt", "The South REC"),
        ("South REC gave a favourable opinion on 12/03/2010", "approved", "South REC"),
        ("Submitted 01/02/2010, approved 03/04/2010, South REC", "approved", "South REC"),
        ("Reviewed and approved by the South REC, 12/03/2010", "approved", "South REC"),
        ("Approved 12/03/2010, Ethics Review Board of X", "approved", "Ethics Review Board of X"),
        (
            "Committee No. 2 of X, 12/03/2010, no reference number",
            "approved",
            "Committee No. 2 of X",
        ),
    ],
)
def test_what_the_words_of_an_old_approval_decide(text, decision, name):
    found = old_approval(text, "2011-12-31")
    assert (found.decision.codes, found.name) == ((decision,), name)


@pytest.mark.parametrize(
    "text",
    [
        "South REC will meet on 12/03/2010",
        "Provisional approval, South REC, 12/03/2010",
        "Reviewed by the South REC, 12/03/2010",
        "South REC never approved it, 12/03/2010",
        "Approved by South REC 12/03/2010, withdrawn 13/03/2010",
        "Approved by REC A 12/03/2010 and pending at the ethics committee of B",
        "South REC, 12/03/2012",  # after the last day that the record knows of
    ],
)
def test_words_that_leave_a_decision_open_are_an_issue_and_no_approval(text):
    tree = json.loads(json.dumps(COPY))
    tree["record_last_import"] = "2011-12-31 10:00:00"
    tree["trialDescription"]["ethicsApproval"] = text
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    (approval,) = found.record.approvals
    assert approval.decision.refused
    assert (approval.decision.value, approval.date) == (None, None)
    assert approval.note.label == text
    assert [i.kind for i in found.issues if i.field.endswith("ethicsApproval")] == ["bad value"]


@pytest.mark.parametrize(
    ("text", "until", "day"),
    [
        ("South REC, 12/05/98", "2004-01-31", "1998-05-12"),
        ("South REC, 12.05.98", "2004-01-31", "1998-05-12"),
        ("South REC, 12th May '03", "2004-01-31", "2003-05-12"),
        ("South REC, 12/05/04", "2004-01-31", None),  # not yet, and not in 1904
        ("South REC, 12/05/98", "", None),
    ],
)
def test_the_century_of_a_year_of_two_digits_is_told_by_the_record_or_not_at_all(text, until, day):
    found = old_approval(text, until)
    assert (found.date and found.date.text) == day
    assert bool(found.bad_date) == (day is None)
    assert found.decision.codes == (("approved",) if day else None)


def test_a_year_of_two_digits_without_a_century_is_an_issue():
    tree = json.loads(json.dumps(COPY))
    tree["record_last_import"] = "2004-01-31"
    tree["trialDescription"]["ethicsApproval"] = "Approved 12/05/98, South REC"
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    assert found.record.approvals[0].date.value.text == "1998-05-12"
    tree["record_last_import"] = ""
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    assert found.record.approvals[0].date is None
    assert ("bad value", "12/05/98") in {(i.kind, i.value) for i in found.issues}


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        (", Old Hall, Level 0, Invented Road, Town, ZZ0 0ZZ, 12/03/2010", ", 12/03/2010"),
        (", Musterplatz 0000, 00000 Musterstadt. Approved 12/03/2010", " Approved 12/03/2010"),
        (" 000 Invented Road Town approved 12/03/2010", " approved 12/03/2010"),
        (", Inventada 7, 00800 Town, approved 12/03/2010", ", approved 12/03/2010"),
        (", Inventada 000, ref: 5", ", ref: 5"),
        (" (Invented Road)", ""),
        (" (Musterweg 0, 00000 Musterstadt, ref: 5)", " ((…), ref: 5)"),
    ],
)
def test_no_street_stands_in_the_note_of_an_approval(address, rest):
    (approval,) = approvals(f"South REC{address}")
    shown = rest if rest.startswith(" ((") else f" (…){rest}"
    assert approval.note.label == f"South REC{shown}"
    assert approval.committee.name.label == "South REC"


def test_a_required_approval_of_which_nothing_is_printed_is_reported():
    tree = json.loads(json.dumps(COPY))
    tree["trialDescription"]["ethicsApproval"] = ""
    tree["trialDescription"]["ethicsCommittees"] = ""
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    assert found.record.approvals == ()
    field = "trialDescription.ethicsApprovalRequired"
    assert field in {i.field for i in found.issues if i.kind == "left out"}


def test_the_note_of_an_approval_holds_no_address_of_the_committee():
    (approval,) = approvals(
        "Approved 12/03/2026, South REC (1 Road, Town, United Kingdom; +44 (0)20 000000; "
        "r@example.org), ref: 9/1"
    )
    note = approval.note.label
    assert note == "Approved 12/03/2026, South REC (…), ref: 9/1"


def test_a_street_between_commas_is_no_part_of_the_committee():
    found = old_approval("South REC, 9999 Invented Road, Town, ref: 9/1, 12/03/2026")
    assert (found.name, found.reference, found.date.text) == ("South REC", "9/1", "2026-03-12")
    assert found.note == "South REC (…), ref: 9/1, 12/03/2026"


def test_no_line_of_the_tables_shows_the_address_inside_an_approval():
    for text in ("REC A (9999 A Road, T; r@example.org)", "REC A, 9999 Old Road, T"):
        (approval,) = approvals(text)
        said = [approval.number, approval.note.en, approval.committee.name.en]
        assert not [one.printed for one in said if one and "9999" in one.printed]


def test_several_approvals_are_told_apart():
    text = "1. Approved 12/03/2026, REC A (UK), ref: 1\n2. Not yet submitted, Ethics Board B"
    first, second = approvals(text)
    assert first.decision.value == ("approved",)
    assert second.decision.value == ("pending",)
    assert [a.committee.name.label for a in (first, second)] == ["REC A", "Ethics Board B"]
    both = several("Ethics Board A, 3 May 2010; University Committee B, ref: 5")
    assert [one.text for one in both] == [
        "Ethics Board A, 3 May 2010", "University Committee B, ref: 5",
    ]  # fmt: skip
    (one,) = several("REC A (Road 1; Town), ref: 1")
    assert one.text == "REC A (Road 1; Town), ref: 1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "1. Invented REC - West (Unit (X), Town), 12/09/2018, ref: 18/XX/9934\n"
            "2. Invented Care Permissions, 03/10/2018",
            [
                ("Invented REC - West", "18/XX/9934", "2018-09-12"),
                ("Invented Care Permissions", None, "2018-10-03"),
            ],
        ),
        (
            "1) Invented REC 4, 16/11/2022, ref: 22/XX/9940\n2) ABC Inventham R&D, 20/12/2022",
            [
                ("Invented REC 4", "22/XX/9940", "2022-11-16"),
                ("ABC Inventham R&D", None, "2022-12-20"),
            ],
        ),
        (
            "Invented REC, 22/11/2012, ref: P.09/12/9977; University of X, 14/12/2012, ref: "
            "AB00577; XYZT, 10/12/2012, ref: 12.98",
            [
                ("Invented REC", "P.09/12/9977", "2012-11-22"),
                ("University of X", "AB00577", "2012-12-14"),
                ("XYZT", "12.98", "2012-12-10"),
            ],
        ),
        (
            "Invented REC, 12/06/2017, ref: 17/XX/9950; XRA approval, 20/06/2017",
            [("Invented REC", "17/XX/9950", "2017-06-12"), ("XRA", None, "2017-06-20")],
        ),
        (
            "Invented REC, 12/06/2017, ref: 17/XX/9950. XRA approval on 20/06/2017",
            [("Invented REC", "17/XX/9950", "2017-06-12"), ("XRA", None, "2017-06-20")],
        ),
        (
            "Ethics approval received from:\n1. REC A on 01/02/2003 (ref: 03/99)\n"
            "2. REC B on 04/05/2003 (ref: 03/98)",
            [("REC A", "03/99", "2003-02-01"), ("REC B", "03/98", "2003-05-04")],
        ),
        (
            "Ethics Committee No. 2. University of X, 12/06/2017, ref: 17/XX/9950",
            [("Ethics Committee No. 2. University of X", "17/XX/9950", "2017-06-12")],
        ),
        (
            "Invented REC, 12/06/2017; ref: 17/XX/9950",
            [("Invented REC", "17/XX/9950", "2017-06-12")],
        ),
    ],
)
def test_each_approval_has_its_own_number_and_date(text, told):
    found = [
        (a.committee.name.label, a.number and a.number.value, a.date.value.text)
        for a in approvals(text)
    ]
    assert found == told


def issues_of(text):
    tree = json.loads(json.dumps(COPY))
    tree["trialDescription"]["ethicsApproval"] = text
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    assert not faults(found)
    return [(i.kind, i.value) for i in found.issues if i.field.endswith("ethicsApproval")]


def test_what_an_approval_said_before_it_was_changed_is_no_approval():
    text = (
        "Current ethics approval as of 01/05/2021:\nApproved 10/02/2021, Invented REC, ref: "
        "21/XX/9952\n_____\nPrevious ethics approval:\nApproval pending, Other REC"
    )
    (approval,) = approvals(text)
    assert (approval.number.value, approval.date.value.text) == ("21/XX/9952", "2021-02-10")
    assert approval.committee.name.label == "Invented REC"
    assert approval.note.label.endswith("Previous ethics approval: Approval pending, Other REC")
    before = "Previous ethics approval: Approval pending, Other REC"
    assert issues_of(text) == [("left out", before)]


def test_a_date_that_is_nobodys_is_reported_and_kept_in_the_note():
    text = "Invented REC, 12/06/2017, ref: 17/XX/9950; more sites on 20/06/2018"
    (approval,) = approvals(text)
    assert (approval.number.value, approval.date.value.text) == ("17/XX/9950", "2017-06-12")
    assert approval.note.label == text
    assert issues_of(text) == [("bad value", "more sites on 20/06/2018")]


def test_a_decision_of_nobody_behind_a_whole_approval_is_reported():
    text = "Invented REC, 02/02/2010, ref: 10/XX/9902\nTrust of Y, approval pending"
    (approval,) = approvals(text)
    assert (approval.number.value, approval.decision.value) == ("10/XX/9902", ("approved",))
    assert issues_of(text) == [("bad value", "Trust of Y, approval pending")]


def test_a_number_that_more_is_glued_to_is_left_out():
    text = "Invented REC, 15/08/2013, ref: 13/XX/9937 2. XHRA"
    (approval,) = approvals(text)
    assert approval.number is None
    assert issues_of(text) == [("bad value", "13/XX/9937 2. XHRA")]


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("Invented East REC, 30/09/2014, 14/XX/9907", "Invented East REC", "14/XX/9907"),
        ("Invented East REC, 14/XX/9907, 30/09/2014", "Invented East REC", "14/XX/9907"),
        ("METC Inventham, approved on 4 October 2012, MEC-2012-931", "METC Inventham",
         "MEC-2012-931"),
        ("Invented REC, 30/09/2014, IRAS-123456", "Invented REC", None),
        ("Invented REC, 30/09/2014, 12/2014", "Invented REC", None),
        ("Inventham (Example Hill) REC gave approval on 3 May 2010 (ref: 11/XX/9900)",
         "Inventham (Example Hill) REC", "11/XX/9900"),
        ("Invented REC (Example Hill), 3 May 2010", "Invented REC", None),
    ],
)  # fmt: skip
def test_a_number_needs_no_word_before_it(text, name, number):
    (approval,) = approvals(text)
    assert approval.committee.name.label == name
    assert (approval.number.value if approval.number else None) == number


def test_the_date_of_a_submission_is_no_date_of_approval():
    (approval,) = approvals("Submitted 01/02/2026, Invented Ethics Committee")
    assert approval.decision.value == ("pending",)
    assert approval.date is None


def test_a_name_alone_is_no_decision():
    (approval,) = approvals("Local ethics committee")
    assert approval.decision
    assert approval.decision.blank


def test_what_was_not_provided_at_registration_is_blank():
    (approval,) = approvals("Invented Ethics Committee - not provided at time of registration")
    assert approval.committee.name.label == "Invented Ethics Committee"
    assert approval.date.blank
    assert approval.number.blank
    assert approvals("Not provided at time of registration") == ()


def test_a_day_that_the_month_has_not_is_an_issue():
    tree = json.loads(json.dumps(COPY))
    tree["trialDescription"]["ethicsApproval"] = "Ethics Board, 31/02/2013, ref: 5"
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    assert ("bad value", "31/02/2013") in {(i.kind, i.value) for i in found.issues}
    assert found.record.approvals[0].date is None


def test_texts_that_say_nothing_are_told_from_those_that_do():
    for text in (
        "Nil known",
        "Not provided at time of registration",
        "No secondary outcome measures",
    ):
        assert is_nothing(text), text
    for text in ("Not available to children", "No pain at day 3", "Unknown origin of fever"):
        assert not is_nothing(text), text


def test_an_address_in_place_of_a_centre_is_no_organization():
    for name in ("Av. Inventada 0000 - 202", "Musterweg 7", "12 The Crescent"):
        assert is_address(name), name
    for name in ("Hospital 12 de Enero", "Invented Trials Unit", "Hôpital Inventé 2", "St Example"):
        assert not is_address(name), name
    tree = json.loads(json.dumps(COPY))
    tree["participants"]["trialCentres"]["trialCentre"]["name"] = "Musterstrasse 0000"
    (site,) = record_of(tree).sites
    assert site.organization is None
    assert site.masked_name is None
    assert site.place[0].code == "IE"


def test_one_number_in_two_fields_is_one_identifier():
    record = record_of(COPY)
    (identifier,) = record.secondary_identifiers
    assert identifier.registry == "euctr"
    assert identifier.notation.path == (
        "externalRefs.eudraCTNumber + externalRefs.secondaryNumbers.secondaryNumber[0]"
    )
    assert [said.value for said in record.study_subject_ids] == ["EAR-01"]


def test_one_child_and_several_are_read_alike():
    tree = json.loads(json.dumps(COPY))
    centre = tree["participants"]["trialCentres"]["trialCentre"]
    tree["participants"]["trialCentres"]["trialCentre"] = [centre, {"name": "58 other sites"}]
    tree["participants"]["recruitmentCountries"]["country"] = ["United Kingdom", "England"]
    record = record_of(tree)
    assert [site.masked_name and site.masked_name.label for site in record.sites] == [
        None, "58 other sites",
    ]  # fmt: skip
    assert [place.code for place in record.countries] == ["GB"]


def test_the_status_is_never_worked_out_from_dates():
    assert record_of(COPY).recruitment_status is None
    assert "WHO-18" in record_of(COPY).version.not_printed


def test_a_lone_trial_element_is_a_record():
    xml = (
        '<trial xmlns="http://www.67bricks.com/isrctn"><isrctn>99999904</isrctn>'
        "<trialDescription><title>Alone</title></trialDescription></trial>"
    )
    (found,) = extracted(xml.encode(), "x.xml")
    assert found.record.local_id == "ISRCTN99999904"


@pytest.mark.parametrize("wrong", ["text", 7, None, [], [[]], {"x": [1]}, ["a", {"b": 2}], True])
def test_wrong_types_never_raise(wrong):
    for label in COPY:
        if label != "isrctn":
            list(
                extracted(json.dumps({**COPY, "trialDescription": {}, label: wrong}).encode(), "x")
            )
    for outer in ("trialDescription", "participants", "externalRefs", "results", "trialDesign"):
        for inner in COPY[outer]:
            tree = {**COPY, outer: {**COPY[outer], inner: wrong}}
            list(extracted(json.dumps(tree).encode(), "x.json"))


def test_no_value_of_the_samples_is_lost():
    reading = read([SAMPLES / "isrctn"])
    found = {path for path, row in reading.accounts.items() if row.lost or row.unread}
    assert found == set()


@real
def test_every_value_of_the_real_records_is_accounted_for():
    reading = read([RECORDS])
    rows = reading.accounts.values()
    assert sum(row.values for row in rows) > 400
    assert {path for path, row in reading.accounts.items() if row.lost or row.unread} == set()


@real
def test_the_eight_old_approvals_name_a_committee_and_seven_a_date():
    files = sorted(RECORDS.glob("*.json"))
    about = [json.loads(path.read_text("utf-8"))["trialDescription"] for path in files]
    texts = [tree["ethicsApproval"] for tree in about if "ethicsApproval" in tree]
    found = [old_approval(text, "2026-03-08") for text in texts]
    assert len(found) == 8
    assert all(one.name for one in found)
    assert sum(one.date is not None for one in found) == 7
    assert sum(bool(one.reference) for one in found) == 6
    assert sum(one.contacts for one in found) == 1


XML = (SAMPLES / "isrctn" / "two-trials.xml").read_text("utf-8")
_TEXT_OF_AN_ELEMENT = re.compile(r">([^<>\n]*[^<>\s][^<>]*)<")
_ATTRIBUTE = re.compile(r'(?<= )(?!xmlns|version="1.0"|encoding)[\w:]+="([^"]+)"')


def test_a_name_that_is_not_given_takes_nothing_with_it():
    for way in places(COPY):
        for nothing in ("", "N/A"):
            (found,) = extracted(json.dumps(changed(COPY, way, nothing)).encode(), "x.json")
            assert found.record is None or not faults(found), way


@pytest.mark.slow
def test_no_value_of_the_xml_is_lost_beside_one_that_is_not_given():
    start = XML.index("<fullTrial")
    for pattern in (_TEXT_OF_AN_ELEMENT, _ATTRIBUTE):
        values = list(pattern.finditer(XML, start))
        assert len(values) > 50
        for one in values:
            for nothing in ("", "N/A"):
                xml = XML[: one.start(1)] + nothing + XML[one.end(1) :]
                for found in extracted(xml.encode(), "x.xml"):
                    assert found.record is None or not faults(found), (one[0], faults(found))


@pytest.mark.parametrize("title", ["Prof", ""])
def test_what_stands_beside_a_contact_without_a_name_is_reported(title):
    start = XML.index("<fullTrial")
    xml = XML[:start] + XML[start:].replace(">Ada<", "><", 1).replace(">Example<", "><", 1)
    xml = xml.replace("<title>Prof</title>", f"<title>{title}</title>")
    found = extracted(xml.encode(), "x.xml")[0]
    assert not faults(found)
    left = {i.value for i in found.issues if i.kind == "left out"}
    assert left >= {"https://orcid.org/0000-0000-0000-0000", "Scientific"}


def test_the_orcid_of_two_people_in_one_field_is_reported():
    xml = XML.replace("<surname>Example</surname>", "<surname>Example; Eva Exampel</surname>")
    assert not faults(extracted(xml.encode(), "x.xml")[0])


def test_a_sponsor_without_a_name_takes_nothing_with_it():
    xml = XML.replace("<organisation>Invented University of Examplia<", "<organisation><")
    found = extracted(xml.encode(), "x.xml")[0]
    left = {i.value for i in found.issues if i.kind == "left out"}
    assert left >= {"University/education", "https://ror.org/0zzzzzz00", "Non-commercial"}


def test_an_age_in_no_known_unit_stays_as_printed():
    found = extracted(XML.replace(">18 Years<", ">24 Moons<").encode(), "x.xml")[0]
    assert found.record.min_age.refused
    assert [said.value for said in found.record.age_as_given] == ["Mixed", "24 Moons"]
    assert [i.value for i in found.issues if "lowerAgeLimit" in i.field] == ["24 Moons"]
    found = extracted(XML.replace(">18 Years<", ">24 Hours<").encode(), "x.xml")[0]
    assert found.record.min_age.value == Decimal("0.00273785")


@pytest.mark.parametrize("piece", [";", ", ", "(", ".", "- ", "on, ", "1/1/98 ", "(1 Road, a) "])
def test_a_hostile_approval_is_read_in_time_that_grows_with_its_length(piece):
    with ending():
        old_approval(piece * 20_000 + "x", "2016-12-31")


@pytest.mark.parametrize("piece", ["1. a ", "___\n", "(1) x\n", "REC A, 1/2/2010; ", "REC 1. Abc "])
def test_hostile_approvals_are_told_apart_in_time_that_grows_with_their_length(piece):
    with ending():
        several(piece * 5_000 + "x")


def test_an_outcome_that_is_no_list_keeps_its_lines():
    text = "These are measured:\n1. Pain\n2. Sleep\n\nAt 3 months"
    assert numbered(text) == ["These are measured:\n1. Pain\n2. Sleep\nAt 3 months"]
    assert numbered("1. Pain\nat rest\n2. Sleep") == ["Pain\nat rest", "Sleep"]


@pytest.mark.parametrize(
    ("text", "name", "date", "reference"),
    [
        (
            "Added 12/05/2010: Approved by the committee of Invented University on March 12, 2009 "
            "(AZ A 123/08)",
            "committee of Invented University", "2009-03-12", "A 123/08",
        ),
        ("Added as of 03/02/2009: Cork REC, 12/11/2008, ref: 12", "Cork REC", "2008-11-12", "12"),
        (
            "Current ethics approval as of 12/02/2009: Cork REC gave approval on 1 March 2008",
            "Cork REC", "2008-03-01", "",
        ),
        ("Invented Review Board on 5 May 2010 (IRB#1234)", "Invented Review Board", "2010-05-05",
         "1234"),
    ],
)  # fmt: skip
def test_when_the_text_was_changed_is_no_date_of_the_approval(text, name, date, reference):
    found = old_approval(text)
    assert (found.name, found.date.text, found.reference) == (name, date, reference)
    assert found.note == text


def test_no_committee_is_made_of_the_words_around_a_date():
    found = old_approval("Approval pending as of 01/02/2008")
    assert found.name == ""
    assert found.decision.codes == ("pending",)


@pytest.mark.parametrize("field", ["phase", "interventionType"])
def test_not_specified_is_a_blank(field):
    data = {
        "isrctn": "99999990",
        "trialDescription": {"title": "T"},
        "interventions": {"intervention": {"drugNames": "Exampline", field: "Not Specified"}},
    }
    (found,) = extracted(json.dumps(data))
    assert found.issues == []
    assert found.record.phase is None or found.record.phase.blank


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (
            "Invented pain\n Invented itch (chronic) \n",
            ["Invented pain", "Invented itch (chronic)"],
        ),
        ("1. Pain\n2. Itch", ["Pain", "Itch"]),
        ("Invented pain,\nalso at night", ["Invented pain, also at night"]),
        ("Pain in people who\nwere treated.", ["Pain in people who were treated."]),
        ("Invented pain", ["Invented pain"]),
    ],
)
def test_conditions_on_lines_of_their_own_are_several(printed, names):
    tree = json.loads(json.dumps(COPY))
    tree["conditions"] = {"condition": {"description": printed}}
    assert [one.name.label for one in record_of(tree).conditions] == names


def test_a_number_is_told_once_however_the_record_prints_it():
    page = (SAMPLES / "isrctn" / "two-trials.xml").read_text("utf-8")
    before = "<protocolSerialNumber>BX-2026-1, GRANT 9999/26</protocolSerialNumber>"
    assert page.count(before) == 1
    page = page.replace(before, before.replace("BX", "CPMS: 99901, BX"))
    typed = 'numberType="cpms" canonicalSecondaryNumber="CPMS99901">99901</secondaryNumber>'
    page = page.replace(
        "<secondaryNumbers>", f'<secondaryNumbers><secondaryNumber id="0" {typed}', 1
    )
    found = extracted(page.encode(), "x.xml")[0]
    assert "unknown label" not in {issue.kind for issue in found.issues}
    told = {one.notation.value: one.issuer and one.issuer.value
            for one in found.record.secondary_identifiers}  # fmt: skip
    assert told["99901"] == "cpms"
    assert not [n for n in told if ":" in n]
    assert [one.value for one in found.record.study_subject_ids] == ["BX-2026-1"]


@pytest.mark.parametrize(
    ("printed", "name", "left"),
    [
        ("Consultant Paediatric Inventologist", None, "Consultant Paediatric Inventologist"),
        ("Consultant Physician, Invented Hospital", "Invented Hospital", "Consultant Physician"),
        ("Consultants Clinic", "Consultants Clinic", None),
    ],
)
def test_a_job_title_in_place_of_a_centre_is_no_organization(printed, name, left):
    tree = json.loads(json.dumps(COPY))
    tree["participants"]["trialCentres"]["trialCentre"]["name"] = printed
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    (site,) = found.record.sites
    assert (site.organization.name.label if site.organization else None) == name
    assert site.masked_name is None
    issues = [i for i in found.issues if "trialCentre" in i.field]
    assert [(i.kind, i.value) for i in issues] == ([("left out", left)] if left else [])


def test_an_outcome_that_the_older_text_says_again_stands_once():
    one = {"variable": "Lactate concentration in the example cortex", "method": "scan"}
    tree = json.loads(json.dumps(COPY))
    about = tree["trialDescription"]
    about["primaryOutcomes"] = {"outcomeMeasure": [one]}
    about["primaryOutcome"] = (
        "1. Change in lactate concentration in the cortex of the example using a scan\n"
        "2. Sleep in the example cortex\n"
        "3. Sleep in the example cortex"
    )
    (found,) = extracted(json.dumps(tree).encode(), "x.json")
    primary = [o for o in found.record.outcomes if o.sort.value == ("primary",)]
    assert [o.name.label for o in primary] == [
        one["variable"],
        *["Sleep in the example cortex"] * 2,
    ]
    assert [o.list_position for o in primary] == [1, 2, 3]
    assert primary[0].told_by[0].value.startswith("Change in lactate")
    assert not faults(found)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("pis", "document"), ("hrasummary", "see-also"), ("trialwebsite", "see-also")],
)
def test_each_kind_of_output_is_known(kind, code):
    found = extracted(XML.replace('outputType="trialwebsite"', f'outputType="{kind}"').encode(),
                      "x.xml")  # fmt: skip
    assert not [i for one in found for i in one.issues if i.field.endswith("@outputType")]
    sorts = [r.sort.value for r in found[0].record.references if r.sort and r.sort.printed == kind]
    assert sorts == [(code,)]


@pytest.mark.parametrize("drugs", ["", "Exampline"])
def test_what_is_done_is_described_also_where_no_drug_names_it(drugs):
    tree = json.loads(json.dumps(COPY))
    told = "Faster feeding (30 ml/kg a day).\nSlower feeding (18 ml/kg a day)."
    row = {"description": told, "interventionType": "Other", "drugNames": drugs}
    tree["interventions"] = {"intervention": row}
    (found,) = record_of(tree).interventions
    assert found.name.en.value == (drugs or told.replace("\n", " "))
    assert found.description.en.value == told
