"""WHO interchange XML: ReBEC, REPEC, ChiCTR's download; who is whom, and hostile elements."""

from __future__ import annotations

from pathlib import Path

import pytest
from accounted import faults
from conftest import ROOT, SAMPLES, extracted
from emptied import made_unaccounted

from kg.model import OrganizationMention, Record
from kg.reading.extraction import Extraction
from kg.reading.intake import read

RECORDS = ROOT.parent / "shared" / "records"
REAL = (
    [
        RECORDS / "rebec" / "rebec-ictrp-2011-12-12.xml",
        RECORDS / "repec" / "repec_1995.xml",
        RECORDS / "chictr" / "ChiCTR2000034346.xml",
    ]
    if RECORDS.is_dir()
    else []
)
real = pytest.mark.skipif(not REAL, reason="the real records lie outside the project")


def element(number: str = "RBR-9zzzz9", main: str = "", rest: str = "") -> Extraction:
    text = f"<trials><trial><main><trial_id>{number}</trial_id>{main}</main>{rest}</trial></trials>"
    (found,) = extracted(f"<?xml version='1.0'?>{text}", "x.xml")
    return found


def record(number: str = "RBR-9zzzz9", main: str = "", rest: str = "") -> Record:
    found = element(number, main, rest).record
    assert found is not None
    return found


def contact(kind: str, name: str, **more: str) -> str:
    fields = {"type": kind, "firstname": name, "lastname": "", **more}
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in fields.items())
    return f"<contact>{inner}</contact>"


def roles(found: Record) -> list[tuple[str, str]]:
    return [(a.role, a.agent.name.label) for a in found.roles]


def test_the_number_says_whose_record_it_is():
    for number, registry in (
        ("RBR-9zzzz9", "rebec"), ("PER-999-26", "repec"), ("ChiCTR2699990063", "chictr"),
        ("IRCT20269999000000N1", "irct"),
    ):  # fmt: skip
        found = record(number)
        assert (found.publisher, found.issuer, found.local_id) == (registry, registry, number)


def test_the_files_of_the_brazilian_registry_have_a_root_of_their_own():
    main = "<trial_id>RBR-9zzzz9</trial_id><study_type>Intervention</study_type>"
    text = f"<root><trials><trial><main>{main}</main></trial></trials></root>"
    (found,) = extracted(f"<?xml version='1.0'?>{text}", "x.xml")
    assert found.record is not None
    assert found.record.study_type is not None
    assert found.record.study_type.value == ("interventional",)
    assert not found.issues


def test_an_element_without_a_number_is_no_record():
    for number in ("", "unknown", "RBR-9zzzz9 and PER-999-26"):
        found = element(number)
        assert found.record is None
        assert "not a record" in [issue.kind for issue in found.issues]


def test_the_chinese_registry_prints_its_applicant_as_the_scientific_contact():
    both = contact("Scientific", "Qian Er") + contact("Public", "Zhao Yi")
    rest = f"<contacts>{both}</contacts>"
    chinese = record("ChiCTR2699990063", rest=rest)
    assert roles(chinese) == [("public-contact", "Qian Er"), ("principal-investigator", "Zhao Yi")]
    brazilian = record(rest=rest)
    assert roles(brazilian) == [("scientific-contact", "Qian Er"), ("public-contact", "Zhao Yi")]


def test_a_name_that_stands_twice_in_one_role_is_one_contact():
    twice = contact("public", "Ana Exemplo", affiliation="A") + contact(
        "PUBLIC", "Ana Exemplo", affiliation="A", email="ana@example.org"
    )
    found = record(rest=f"<contacts>{twice}</contacts>")
    assert roles(found) == [("public-contact", "Ana Exemplo")]
    (only,) = found.roles
    assert only.agent.name.en
    assert " + " in only.agent.name.en.path
    assert [c.sort for c in only.agent.channels] == ["e-mail"]


def test_a_contact_of_an_unknown_type_gets_no_role():
    found = element(rest=f"<contacts>{contact('updating', 'Rui Exemplo')}</contacts>")
    assert found.record
    assert found.record.roles == ()
    assert [issue.kind for issue in found.issues] == ["unknown word", "left out"]
    assert faults(found) == {}


@pytest.mark.parametrize("kind", ["<type/>", "<type>N/A</type>", ""])
def test_a_contact_without_a_type_is_an_issue(kind: str):
    inner = "<firstname>Rui</firstname><lastname>Exemplo</lastname><email>r@example.org</email>"
    found = element(rest=f"<contacts><contact>{kind}{inner}</contact></contacts>")
    assert found.record
    assert found.record.roles == ()
    told = [(issue.kind, issue.value) for issue in found.issues]
    assert told == [("left out", "Rui"), ("left out", "Exemplo")]
    assert faults(found) == {}


@pytest.mark.parametrize("number", ["ChiCTR2699990063", "ITMCTR2026269999", "ChiMCTR2699990001"])
def test_a_chinese_design_says_how_participants_are_allocated(number: str):
    for text, model, allocation in (
        ("随机平行对照", ("parallel",), ("randomized",)),
        ("Single arm", ("single-arm",), ("not-applicable",)),
    ):
        found = record(number, f"<study_design>{text}</study_design>")
        assert found.design_model
        assert found.design_model.value == model
        assert found.allocation
        assert found.allocation.value == allocation
    assert record(main="<study_design>Parallel</study_design>").allocation is None


def test_a_kind_of_enrolment_beside_no_date_is_reported():
    kind = "<type_enrolment>Anticipated</type_enrolment>"
    dated = record(main=f"<date_enrolment>01/02/2026</date_enrolment>{kind}")
    assert dated.estimated_dates == ("tkg:recruitmentStart",)
    found = element(main=f"<date_enrolment>01/01/1900</date_enrolment>{kind}")
    assert [(i.kind, i.value) for i in found.issues] == [("left out", "Anticipated")]
    assert faults(found) == {}


def test_both_acronyms_are_told():
    both = "<acronym>EX: Example</acronym><scientific_acronym>SCI</scientific_acronym>"
    found = record(main=both)
    assert found.acronym
    assert found.acronym.label == "EX: Example"
    assert found.scientific_acronym
    assert found.scientific_acronym.label == "SCI"
    twice = "<scientific_acronym>A</scientific_acronym><Scientific_acronym>B</Scientific_acronym>"
    assert [(i.kind, i.value) for i in element(main=twice).issues] == [("left out", "B")]


def test_a_country_behind_a_dash_is_the_place_of_an_organization():
    main = "<primary_sponsor>Universidade Exemplo - Brazil</primary_sponsor>"
    (sponsor,) = (a.agent for a in record(main=main).roles)
    assert isinstance(sponsor, OrganizationMention)
    assert (sponsor.name.label, [p.code for p in sponsor.place]) == ("Universidade Exemplo", ["BR"])
    main = "<primary_sponsor>Centro Exemplo - Pesquisa</primary_sponsor>"
    (sponsor,) = (a.agent for a in record(main=main).roles)
    assert sponsor.name.label == "Centro Exemplo - Pesquisa"


def test_placeholders_beside_the_name_of_a_registry_are_no_identifiers():
    rest = (
        "<secondary_ids><secondary_id><sec_id>N.A.</sec_id><issuing_authority>EUDRACT"
        "</issuing_authority></secondary_id><secondary_id><sec_id>NCT09999909</sec_id>"
        "<issuing_authority>clinicaltrials.gov</issuing_authority></secondary_id></secondary_ids>"
    )
    found = record(main="<utrn>U1111-2699-9909</utrn>", rest=rest)
    told = [(i.registry, i.notation.value, i.sort and i.sort.value) for i in
            found.secondary_identifiers]  # fmt: skip
    assert told == [(None, "U1111-2699-9909", ("utn",)), ("ctgov", "NCT09999909", None)]


def test_a_condition_takes_the_code_and_the_name_that_the_registry_repeats():
    rest = (
        "<health_condition_code><hc_code>F999</hc_code></health_condition_code>"
        "<health_condition_keyword><hc_keyword>Invented sadness</hc_keyword>"
        "</health_condition_keyword>"
    )
    main = "<hc_freetext>-F999 Invented sadness</hc_freetext>"
    found = record("PER-999-26", main, rest)
    (condition,) = found.conditions
    assert condition.name.label == "Invented sadness"
    assert condition.code
    assert condition.code.value == "F999"
    assert found.keywords == ()


def test_the_declared_encoding_is_used():
    data = (SAMPLES / "repec" / "interchange-latin1.xml").read_bytes()
    (found,) = extracted(data, "x.xml")
    assert found.record
    assert ("scientific-contact", "José Inventado") in roles(found.record)


def test_what_the_older_form_has_no_place_for_is_said():
    assert {"WHO-21a", "WHO-22", "WHO-24a"} <= set(record().version.not_printed)
    newer = record(main="<results_IPD_plan/>", rest="<ethics_reviews/>")
    assert not {"WHO-21a", "WHO-24a"} & set(newer.version.not_printed)


def test_the_type_of_study_is_not_asked_of_the_older_form_of_rebec():
    empty = "<study_type></study_type>"
    assert "WHO-15a" in record(main=empty).version.not_printed
    assert "WHO-15a" not in record(main=empty, rest="<ethics_reviews/>").version.not_printed
    assert "WHO-15a" not in record("PER-999-26", main=empty).version.not_printed
    told = record(main="<study_type>Interventional</study_type>")
    assert "WHO-15a" not in told.version.not_printed


@pytest.mark.parametrize(
    "rest",
    [
        "<contacts>text</contacts>",
        "<contacts><contact>text</contact></contacts>",
        "<contacts><contact><type><a/></type></contact></contacts>",
        "<criteria>text</criteria>" * 2,
        "<secondary_ids><secondary_id>1</secondary_id><secondary_id/></secondary_ids>",
        "<ethics_reviews>x<ethics_review/><ethics_review>y</ethics_review></ethics_reviews>",
        "<countries><country2><x>1</x></country2></countries>",
    ],
)
def test_elements_of_the_wrong_kind_never_raise(rest: str):
    element(rest=rest)


@pytest.mark.parametrize(
    "sample",
    [SAMPLES / "rebec" / "interchange.xml", SAMPLES / "repec" / "interchange-latin1.xml",
     SAMPLES / "chictr" / "downloaded.xml"],
    ids=lambda p: p.stem,
)  # fmt: skip
def test_no_value_is_lost_beside_one_that_is_not_given(sample: Path):
    assert made_unaccounted(sample) == {}


@real
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.name)
def test_every_value_of_the_real_files_is_accounted_for(path: Path):
    found = read([path]).accounts
    assert found
    assert {key: row for key, row in found.items() if row.lost or row.unread} == {}


@real
def test_all_real_records_are_read_with_their_dates():
    found = [f.record for path in REAL for f in extracted(path.read_bytes(), path.name)]
    assert len(found) == 59
    assert all(found)
    assert all(r and r.registration_date and r.registration_date.value for r in found)
    repec = next(r for r in found if r and r.issuer == "repec")
    assert repec.recruitment_start
    assert repec.recruitment_start.blank


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Invented sadness\nInvented pain", ["Invented sadness", "Invented pain"]),
        ("Invented sadness; invented pain", ["Invented sadness", "invented pain"]),
        ("Invented sadness of a\nlong kind", ["Invented sadness of a long kind"]),
        ("Sadness in the\nInvented people", ["Sadness in the Invented people"]),
    ],
)
def test_conditions_stand_on_lines_of_their_own(text, names):
    found = record(main=f"<hc_freetext>{text}</hc_freetext>")
    assert [one.name.label for one in found.conditions] == names


def test_conditions_that_share_codes_stay_one_text_on_its_lines():
    found = record(
        main="<hc_freetext>Invented sadness\nInvented pain</hc_freetext>",
        rest="<health_condition_code><hc_code>C99</hc_code></health_condition_code>",
    )
    (one,) = found.conditions
    assert one.name.label == "Invented sadness\nInvented pain"
    assert one.code.value == "C99"


def test_a_numbered_list_names_several_organizations():
    text = "1.First Example Hospital; 2.Second Example Hospital"
    both = ["First Example Hospital", "Second Example Hospital"]
    people = contact("Scientific", "Wang Shili", affiliation=text)
    found = record(
        "ChiCTR2699990063",
        f"<primary_sponsor>{text}</primary_sponsor>",
        f"<contacts>{people}</contacts>",
    )
    assert [name for role, name in roles(found) if role == "lead-sponsor"] == both
    (person,) = (one.agent for one in found.roles if one.role == "public-contact")
    assert [one.name.label for one in person.affiliations] == both


def test_a_job_title_in_place_of_an_affiliation_is_the_persons():
    both = contact("public", "Ada Example", affiliation="Associate Professor", city="Exampleton")
    more = contact("public", "Ada Example", affiliation="Professor, Invented Hospital")
    found = element(rest=f"<contacts>{both}{more}</contacts>")
    (one,) = found.record.roles
    assert one.title.label == "Associate Professor; Professor"
    assert [each.name.label for each in one.agent.affiliations] == ["Invented Hospital"]
    assert not faults(found)


def test_a_job_title_beside_no_name_names_nobody():
    found = element(rest=f"<contacts>{contact('public', '', affiliation='Professor')}</contacts>")
    assert not found.record.roles
    assert [issue.kind for issue in found.issues] == ["left out"]
    assert not faults(found)


def test_the_sponsor_of_a_record_is_an_organization_as_a_funder_too():
    names = "<source_name>EXAMP</source_name><source_name>Other</source_name>"
    found = record(
        main="<primary_sponsor>EXAMP</primary_sponsor>",
        rest=f"<source_support>{names}</source_support>",
    )
    assert [one.funder.name.label if one.funder else None for one in found.funding] == [
        "EXAMP", None,
    ]  # fmt: skip


def test_labels_inside_the_texts_of_the_iranian_register_are_read():
    design = "Randomization: Randomized, Blinding: Double blinded, Assignment: Parallel, Purpose: "
    outcome = "Example score. Timepoint: week 24. Method of measurement: a scale."
    found = element(
        "IRCT20269999000000N1",
        main=f"<study_design>{design}Treatment.</study_design><i_freetext>Tea</i_freetext>",
        rest=f"<primary_outcome><prim_outcome>{outcome}</prim_outcome></primary_outcome>"
        "<intervention_code><i_code>Treatment - Drugs</i_code></intervention_code>",
    )
    record = found.record
    assert record.design_model.value == ("parallel",)
    assert record.allocation.value == ("randomized",)
    assert record.masking.value == ("double",)
    assert record.primary_purpose.value == ("treatment",)
    assert record.design_description.label.startswith("Randomization: Randomized")
    (one,) = record.outcomes
    assert one.name.label == "Example score"
    assert (one.time_point.label, one.method.label) == ("week 24", "a scale")
    (tea,) = record.interventions
    assert tea.sort.value == ("drug",)
    assert not found.issues


def test_labels_of_other_registers_stay_in_the_text():
    text = "Example score. Timepoint: week 24."
    outcome = f"<primary_outcome><prim_outcome>{text}</prim_outcome></primary_outcome>"
    (one,) = record(rest=outcome).outcomes
    assert one.name.label == text


def test_the_dump_of_the_platform_has_names_of_its_own():
    text = """<trials><trial><main><trial_id>ISRCTN99999906</trial_id>
      <last_updated>3 November 2009</last_updated><Primary_sponsor>Example University
      </Primary_sponsor><Public_Title>A study</Public_Title><Date_enrolement>Apr  1 2007
      </Date_enrolement><Target_size>20</Target_size></main>
      <Countries><Country>France</Country></Countries>
      <Contacts><Firstname>Ada</Firstname><Lastname>Example</Lastname></Contacts>
      <Eligibility_criteria><Inclusion_criteria>Adults</Inclusion_criteria>
      </Eligibility_criteria>
      <Health_condition><Condition_FreeText>Trauma</Condition_FreeText></Health_condition>
      <Primary_outcome><Outcome_Name>Death</Outcome_Name></Primary_outcome>
      <Secondary_IDs><SecondaryID>NCT09999906</SecondaryID><SecondaryID>NCT09999907</SecondaryID>
      </Secondary_IDs><Source_support><Source_Name>Example Trust</Source_Name></Source_support>
      </trial></trials>"""
    (found,) = extracted(text, "x.xml")
    made = found.record
    assert made.public_title.label == "A study"
    assert made.version.refreshed.value.text == "2009-11-03"
    assert made.recruitment_start.value.text == "2007-04-01"
    assert made.target_sample_size.value == 20
    assert roles(made) == [("lead-sponsor", "Example University")]
    assert [one.name.label for one in made.conditions] == ["Trauma"]
    assert [one.name.label for one in made.outcomes] == ["Death"]
    assert len(made.secondary_identifiers) == 2
    assert [one.as_given.label for one in made.funding] == ["Example Trust"]
    assert {issue.kind for issue in found.issues} == {"left out"}  # a contact without a type
    assert not faults(found)
