"""ClinicalTrials.gov in older forms: version 1 of the API, legacy XML and its copies in JSON."""

from __future__ import annotations

import csv
import json
import re
from calendar import month_name
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SAMPLES, extracted, later
from ctgov_studies import RECORDS, accounts, changed, places, read
from emptied import made_unaccounted

from kg.extractors import ctgov_legacy
from kg.model import PersonMention, Record
from kg.reading.extraction import Extraction, extractions
from kg.sources import xml_items
from kg.sources.files import Source, sources
from kg.sources.items import Item
from kg.sources.trees import Cell, leaves, text_of
from kg.statements import crossed

V1 = SAMPLES / "ctgov" / "v1-full-studies-answer.json"
V2 = SAMPLES / "ctgov" / "v2-drug-trial-in-four-countries.json"
LEGACY = SAMPLES / "ctgov" / "legacy-clinical-study.xml"
REAL = RECORDS / "ctgov_legacy"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the real records lie outside the project")


def legacy(inner: str, number: str = "NCT09999906") -> Extraction:
    head = f"<id_info><org_study_id>E</org_study_id><nct_id>{number}</nct_id></id_info>"
    text = f"<?xml version='1.0'?><clinical_study>{head}{inner}</clinical_study>"
    (found,) = extracted(text, "x.xml")
    return found


def record(inner: str) -> Record:
    found = legacy(inner).record
    assert found is not None
    return found


def plain(node: Any) -> Any:
    """An XML tree as a copy in JSON has it: one child is an object, a leaf is a string."""
    if isinstance(node, Cell):
        return node.text
    if isinstance(node, dict):
        return {name: plain(inner) for name, inner in node.items()}
    return [plain(inner) for inner in node]


def copied() -> Any:
    with LEGACY.open("rb") as stream:
        (item,) = xml_items.items(stream)
    assert isinstance(item, Item)
    return plain(item.tree)


# -- version 1 -------------------------------------------------------------------------------------


def test_a_study_of_version_1_says_what_the_same_study_of_version_2_says():
    (first,) = (e.record for e in extracted(V1.read_bytes(), V1.name))
    (second,) = (e.record for e in extracted(V2.read_bytes(), V2.name))
    assert first is not None
    assert second is not None
    for name in (
        "public_title", "scientific_title", "brief_summary", "inclusion_criteria",
        "exclusion_criteria", "acronym",
    ):  # fmt: skip
        one, two = getattr(first, name), getattr(second, name)
        assert one.label == two.label, name
    for name in ("recruitment_status", "phase", "masking", "masked_party", "allocation", "sex"):
        assert getattr(first, name).value == getattr(second, name).value, name
    for name in ("registration_date", "recruitment_start", "completion_date", "min_age"):
        assert getattr(first, name).value == getattr(second, name).value, name
    for name in ("arms", "interventions", "outcomes", "conditions", "topics", "roles"):
        assert len(getattr(first, name)) == len(getattr(second, name)), name


# -- the same study under the names and words of version 1


@cache
def names_of_version_1() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (ROOT / "ontology" / "ctgov-v1-names.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["v2"], []).append(row["v1"])
    return found


def older_name(name: str, above: str) -> str:
    """The name that begins as the one above it: ``description`` of ``ArmGroup``."""
    known = names_of_version_1().get(name, [name])

    def alike(other: str) -> int:
        pairs = zip(other, above, strict=False)
        return next((n for n, (one, two) in enumerate(pairs) if one != two), 99)

    return min(known, key=lambda other: (-alike(other), len(other)))


_WORDS = {
    "TREATMENT": "Treatment", "SAP": "Statistical Analysis Plan (SAP)", "NIH": "NIH",
    "PHASE2": "Phase 2", "PHASE3": "Phase 3", "PARALLEL": "Parallel Assignment",
    "SAMPLES_WITH_DNA": "Samples With DNA", "NOT_YET_RECRUITING": "Not yet recruiting",
    "CTIS": "CTIS", "NETWORK": "Network",
}  # fmt: skip
_WORDED = re.compile(
    r"type|class|role|status\w*|overallStatus|sex|stdAges|studyType|phases|allocation|masking"
    r"|whoMasked|\w+Model|primaryPurpose|retention|ipdSharing|infoTypes"
)


def older_value(value: Any, name: str) -> Any:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not isinstance(value, str):
        return str(value)
    if name.endswith(("date", "Date")) and "T" not in value:
        year, month, *day = map(int, value.split("-"))
        return f"{month_name[month]} {f'{day[0]}, ' if day else ''}{year}"
    if _WORDED.fullmatch(name) and value.isupper():
        return _WORDS.get(value, value.replace("_", " ").title())
    return value


def older(node: Any, name: str = "", above: str = "") -> Any:
    """A study of version 2 as version 1 printed it."""
    if isinstance(node, list):
        return [older(inner, name, above) for inner in node]
    if not isinstance(node, dict):
        return older_value(node, name)
    made = {}
    for label, inner in node.items():
        known = older_name(label, above)
        if isinstance(inner, list):
            made[f"{known}List"] = {known: older(inner, label, known)}
        else:
            made[known] = older(inner, label, known)
    return made


_PROVENANCE = re.compile(r"source(?:File|Sha256|Layout|Place)>")


def statements(found: Extraction) -> set[str]:
    assert found.record is not None
    return {quad for quad in crossed(found.record).quads if not _PROVENANCE.search(quad)}


def test_the_names_and_words_of_version_1_make_no_difference_to_any_statement():
    tree = json.loads(V2.read_text(encoding="utf-8"))
    first = older({name: inner for name, inner in tree.items() if name != "hasResults"})
    assert "ConditionList" in first["ProtocolSection"]["ConditionsModule"]
    assert first["ProtocolSection"]["StatusModule"]["OverallStatus"] == "Recruiting"
    found = read({"FullStudiesResponse": {"FullStudies": [{"Rank": 1, "Study": first}]}})
    assert found.unread == []
    assert found.issues == []
    # Version 1 has no place for the mark that no results are posted.
    marked = {quad for quad in statements(read(tree)) if "feature/results-posted>" in quad}
    assert statements(found) == statements(read(tree)) - marked


def test_a_study_of_version_1_is_whole_if_it_names_the_data_release():
    tree = json.loads(V1.read_text(encoding="utf-8"))
    assert "projected" not in [issue.kind for issue in read(tree).issues]
    study = tree["FullStudiesResponse"]["FullStudies"][0]["Study"]
    del study["DerivedSection"]["MiscInfoModule"]["VersionHolder"]
    assert "projected" in [issue.kind for issue in read(tree).issues]


def of_version_1(status: dict[str, Any], design: dict[str, Any], **more: Any) -> Extraction:
    protocol = {
        "IdentificationModule": {"NCTId": "NCT09999901"},
        "StatusModule": status,
        "DesignModule": {"DesignInfo": design},
    }
    derived = {"MiscInfoModule": {"VersionHolder": "September 15, 2026"}}
    return read({"Study": {"ProtocolSection": protocol, "DerivedSection": derived, **more}})


def test_version_1_lists_observational_models_and_time_perspectives():
    design = {
        "DesignObservationalModelList": {"DesignObservationalModel": ["Cohort", "Case-Control"]},
        "DesignTimePerspectiveList": {"DesignTimePerspective": ["Prospective", "Retrospective"]},
    }
    found = of_version_1({}, design)
    assert found.issues == []
    assert found.record
    assert found.record.design_model
    assert found.record.design_model.value == ("cohort", "case-control")
    assert found.record.time_perspective
    assert found.record.time_perspective.value == ("prospective", "retrospective")


def test_an_unknown_date_of_version_1_is_a_blank():
    event = {"UnpostedEventType": "Unrelease", "UnpostedEventDate": "Unknown"}
    letter = {"ViolationEventType": "Issues in letter addressed; confirmed by FDA."}
    notes = {
        "UnpostedAnnotation": {
            "UnpostedResponsibleParty": "Exampla",
            "UnpostedEventList": {"UnpostedEvent": [event]},
        },
        "ViolationAnnotation": {"ViolationEventList": {"ViolationEvent": [letter]}},
    }
    found = of_version_1(
        {"ResultsFirstSubmitDate": "Unknown"}, {}, AnnotationSection={"AnnotationModule": notes}
    )
    assert found.issues == []
    assert found.unread == []
    assert found.record
    assert all(event.date is None or event.date.blank for event in found.record.events)
    assert "violation-letter-addressed" in [event.sort for event in found.record.events]
    assert not [path for path, row in accounts(found).items() if row.lost]


def test_a_legacy_study_is_always_whole():
    found = legacy("<brief_title>Example</brief_title>")
    assert found.record
    assert found.record.version.not_printed == ()
    assert found.issues == []


def test_a_name_of_version_1_that_no_table_knows_is_listed_as_unread():
    tree = json.loads(V1.read_text(encoding="utf-8"))
    study = tree["FullStudiesResponse"]["FullStudies"][0]["Study"]
    study["ProtocolSection"]["InventedModule"] = {"InventedList": {"Invented": ["a"]}}
    found = read(tree)
    assert found.unread == [("protocolSection.InventedModule.Invented[0]", 0)]


@pytest.mark.parametrize("value", [None, "x", 7, [], {}, {"Study": 1}, [{"a": [[]]}]], ids=repr)
def test_whatever_stands_in_a_study_of_version_1_nothing_raises(value):
    tree = json.loads(V1.read_text(encoding="utf-8"))
    for path in list(places(tree))[::5]:
        extracted(json.dumps(changed(tree, path, value)), "x.json")
        extracted(json.dumps(changed(tree, path[:-1] or path, value)), "x.json")


# -- legacy XML ------------------------------------------------------------------------------------


def test_the_number_rules_and_another_one_in_the_address_is_an_issue():
    url = (
        "<required_header><url>https://clinicaltrials.gov/show/NCT0999990{}</url></required_header>"
    )
    found = legacy(url.format(7))
    assert found.record
    assert found.record.local_id == "NCT09999906"
    assert [(issue.kind, issue.value) for issue in found.issues] == [
        ("numbers disagree", "NCT09999907")
    ]
    assert found.record.web_addresses == ()
    found = legacy(url.format(6))
    assert found.record
    assert found.issues == []
    assert [said.value for said in found.record.web_addresses] == [
        "https://clinicaltrials.gov/show/NCT09999906"
    ]


def test_a_body_in_the_text_of_authorities_is_no_committee():
    text = "<oversight_info><authority>Austria: Ethikkommission</authority></oversight_info>"
    found = legacy(text)
    assert found.record
    assert found.record.approvals == ()
    assert found.left_out == ["oversight_info.authority"]


def test_na_is_the_word_for_no_age_limit():
    ages = "<minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age>"
    found = record(f"<eligibility>{ages}</eligibility>")
    assert found.min_age
    assert found.min_age.value == 18
    assert found.max_age is None
    assert found.no_age_limit
    assert found.no_age_limit.value == ("no-upper",)


def test_masking_with_parties_in_brackets_is_a_word_and_a_list():
    masking = "<masking>Double (Participant, Outcomes Assessor)</masking>"
    found = record(f"<study_design_info>{masking}</study_design_info>")
    assert found.masking
    assert found.masked_party
    assert found.masking.value == ("double",)
    assert found.masked_party.value == ("participant", "outcomes-assessor")
    found = record("<study_design_info><masking>None (Open Label)</masking></study_design_info>")
    assert found.masking
    assert found.masking.value == ("none",)
    assert found.masked_party is None


def test_the_design_of_the_oldest_records_is_one_line_of_named_parts():
    line = "Allocation: Randomized, Masking: Double Blind, Primary Purpose: Treatment"
    found = legacy(f"<study_design>{line}, Endpoint Classification: Safety Study</study_design>")
    made = found.record
    assert made
    for said, code in (
        (made.allocation, "randomized"), (made.masking, "double"),
        (made.primary_purpose, "treatment"),
    ):  # fmt: skip
        assert said
        assert said.value == (code,)
    assert found.left_out == ["study_design.rest"]


def test_a_name_in_parts_is_one_name():
    official = (
        "<overall_official><first_name>Ilse</first_name><middle_name>B.</middle_name>"
        "<last_name>Beispielova</last_name><degrees>MD</degrees><role>Study Chair</role>"
        "</overall_official>"
    )
    (only,) = record(official).roles
    assert isinstance(only.agent, PersonMention)
    assert (only.agent.name.label, only.agent.degree) == ("Ilse B. Beispielova", "MD")


def test_where_an_older_element_stands_beside_its_successor_the_newer_one_counts():
    dates = (
        "<study_first_submitted>May 7, 2015</study_first_submitted>"
        "<firstreceived_date>May 8, 2015</firstreceived_date>"
    )
    found = legacy(dates)
    assert found.record
    assert found.record.registration_date
    assert found.record.registration_date.value
    assert found.record.registration_date.value.text == "2015-05-07"
    assert found.left_out == ["firstreceived_date"]


def test_an_element_that_no_table_moves_keeps_its_name_and_is_listed():
    assert legacy("<invented_element><inner>x</inner></invented_element>").unread == [
        ("invented_element.inner", 1)
    ]


def as_named(node: Any, attributes: str, text: str) -> Any:
    """A copy that keeps attributes in an object of their own and names text otherwise."""
    if isinstance(node, list):
        return [as_named(inner, attributes, text) for inner in node]
    if not isinstance(node, dict):
        return node
    held = {name[1:]: value for name, value in node.items() if name.startswith("@")}
    rest = {
        text if name == "#text" else name: as_named(inner, attributes, text)
        for name, inner in node.items()
        if not name.startswith("@")
    }
    return ({attributes: held} if held else {}) | rest


@pytest.mark.parametrize(
    ("attributes", "text"),
    [("@", "#text"), ("_attributes", "_text"), ("@attributes", "#text"), ("$", "_")],
)
def test_a_copy_in_json_gives_the_statements_of_the_xml(attributes, text):
    (xml,) = extracted(LEGACY.read_bytes(), LEGACY.name)
    tree = copied() if attributes == "@" else as_named(copied(), attributes, text)
    copy = read(tree | {"ctrname": "CTGOV", "record_last_import": "2026-01-01 00:00:00"})
    assert copy.unread == []
    assert {"ctrname", "record_last_import"} <= set(copy.left_out)
    assert [(i.kind, i.value) for i in copy.issues] == [(i.kind, i.value) for i in xml.issues]
    assert statements(copy) == statements(xml)


def test_an_empty_element_is_an_empty_object_in_a_copy_and_a_blank_in_both():
    text = LEGACY.read_text(encoding="utf-8")
    acronym = "<acronym>DEVEX</acronym>"
    assert acronym in text
    (xml,) = extracted(text.replace(acronym, "<acronym/>"), "x.xml")
    copy = read(copied() | {"acronym": {}})
    assert copy.issues[1:] == []
    assert statements(copy) == statements(xml)
    assert any('blankField> "acronym' in quad for quad in statements(copy))


@pytest.mark.parametrize(
    "value", ["zzqq", {"a": "b"}, [[1]], *later("N/A", None, {}, ["x", "y"])], ids=repr
)
def test_whatever_stands_in_a_copy_nothing_raises_and_nothing_is_lost(value):
    tree = copied()
    for path in places(tree):
        found = read(changed(tree, path, value))
        if found.record is not None:
            lost = [where for where, row in accounts(found).items() if row.lost]
            assert not lost, f"{path} = {value!r}"
        if len(path) > 1:
            extracted(json.dumps(changed(tree, path[:-1], value)), "x.json")


def texts(tree: Any) -> Counter[str]:
    """Every word of every leaf of a tree."""
    found: Counter[str] = Counter()
    for _, leaf in leaves(tree):
        text = text_of(leaf)
        found.update(text.replace("(", " ").replace(")", " ").replace(",", " ").split())
    return found


# The names of the parts of a one-line design are no values.
_NAMES_OF_PARTS = {
    "Allocation:", "Masking:", "Intervention", "Observational", "Model:", "Primary", "Purpose:",
    "Time", "Perspective:",
}  # fmt: skip


def moved(tree: Any) -> tuple[Counter[str], Counter[str]]:
    """The words that moving the elements of a study loses, and those that it adds."""
    item = Item("json", tree)
    if not ctgov_legacy.knows(item):
        return Counter(), Counter()
    before, after = texts(tree), texts(ctgov_legacy.raw(item).tree)
    return before - after, after - before


@pytest.mark.parametrize(
    "value",
    ["", {"_text": "c", "#text": "d"}, [{"a": "x"}, "y"],
     {"address": "street", "city": "a", "contacts": "c", "name": {"x": "y"}},
     *later("zzqq", None, 7, {"a": "b"}, ["x", "y"], [["z"]],
            {"name": "n", "last_name": "l", "text": "t", "#text": "u", "date": "d"})],
    ids=repr,
)  # fmt: skip
def test_moving_the_elements_of_a_study_loses_no_word_and_adds_none(value):
    design = {"study_design": "Allocation: Randomized, Masking: Single Blind, Control: Placebo"}
    people = {"overall_contact": {"last_name": "Ilse"}, "overall_contact_backup": {"phone": "0"}}
    for tree in (copied(), copied() | people, copied() | design | {"study_design_info": {}}):
        for path in places(tree):
            for end in range(1, len(path) + 1):
                lost, added = moved(changed(tree, path[:end], value))
                assert set(lost) <= (_NAMES_OF_PARTS if "study_design" in tree else set()), path
                assert not added, path


@pytest.mark.parametrize(
    "inner",
    [
        "<overall_contact>text</overall_contact>",
        "<study_design><a>Allocation: Randomized</a></study_design>",
        "<study_design>Masking: Double Blind, Masking: Open Label</study_design>",
        "<study_design>Treatment, Invented</study_design>",
        "<location><facility><address>text</address></facility></location>",
    ],
)
def test_an_element_of_another_form_is_listed_as_unread(inner):
    found = legacy(inner)
    assert [line for _, line in found.unread] == [1]


@pytest.mark.parametrize(
    "sample",
    later(V1, LEGACY),
    ids=lambda p: p.stem,
)  # fmt: skip
def test_no_value_is_lost_beside_one_that_is_not_given(sample: Path):
    assert made_unaccounted(sample) == {}


@real
def test_moving_the_elements_of_real_records_loses_no_word_and_adds_none():
    seen = 0
    for path in sorted(REAL.glob("*.xml")):
        with path.open("rb") as stream:
            for item in xml_items.items(stream):
                assert isinstance(item, Item)
                if not ctgov_legacy.knows(item):
                    continue
                lost, added = moved(item.tree)
                assert set(lost) <= _NAMES_OF_PARTS, path.name
                assert not added, path.name
                seen += 1
    assert seen >= 14


@real
def test_every_real_value_is_accounted_for_and_95_in_100_are_in_the_graph():
    values = in_graph = 0
    for source in sources([REAL]):
        assert isinstance(source, Source)
        for found in extractions(source):
            if not isinstance(found, Extraction) or found.record is None:
                continue
            for path, row in accounts(found).items():
                assert (row.lost, row.unread) == (0, 0), path
                if not path.startswith("resultsSection"):
                    values += row.values
                    in_graph += row.in_graph
    assert values > 2000
    assert in_graph / values >= 0.95


TEXT = """
      One paragraph of women
      with PMS.

      -  pain that
         lasts

      -  sleep
"""


def test_a_text_block_keeps_its_paragraphs_and_not_the_line_breaks_that_wrap_it():
    found = record(f"<brief_summary><textblock>{TEXT}</textblock></brief_summary>")
    assert found.brief_summary.label == (
        "One paragraph of women with PMS.\n- pain that lasts\n- sleep"
    )
    copy = {
        "id_info": {"nct_id": "NCT09999906"},
        "brief_summary": {"textblock": TEXT},
        "eligibility": {"criteria": {"textblock": TEXT}},
    }
    (other,) = extracted(json.dumps(copy))
    assert other.record.brief_summary.label == found.brief_summary.label
    assert other.record.criteria_text.label == found.brief_summary.label


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        (
            "Interventional",
            "Treatment, Randomized, Open Label, Uncontrolled, Parallel Assignment, "
            "Safety/Efficacy Study",
            (("treatment",), ("randomized",), ("none",), ("parallel",), None),
        ),
        (
            "Observational",
            "Natural History, Convenience Sample, Prospective Study",
            (None, None, None, ("natural-history",), ("prospective",)),
        ),
    ],
)
def test_a_design_of_words_without_names_is_read_by_the_tables(kind, line, expected):
    found = legacy(f"<study_type>{kind}</study_type><study_design>{line}</study_design>")
    made = found.record
    assert made
    parts = (
        made.primary_purpose, made.allocation, made.masking, made.design_model,
        made.time_perspective,
    )  # fmt: skip
    assert tuple(part and part.value for part in parts) == expected
    assert (found.issues, found.unread) == ([], [])


def test_labels_of_old_studies_that_newer_ones_replaced():
    found = legacy(
        "<end_date>December 2010</end_date><primary_outcome><measure>Pain</measure>"
        "<safety_issue>No</safety_issue></primary_outcome>"
    )
    assert found.record
    assert str(found.record.completion_date.value.text) == "2010-12"
    assert (found.issues, found.unread) == ([], [])
    both = legacy("<end_date>December 2010</end_date><completion_date>May 2011</completion_date>")
    assert both.record.completion_date.value.text == "2011-05"
    assert (both.issues, both.unread) == ([], [])


def test_an_empty_date_is_no_event_but_a_blank():
    found = legacy("<firstreceived_results_date/><results_first_posted type='Actual'/>").record
    assert found.events == ()
    assert [blank.field for blank in found.blanks] == ["hasEvent", "hasEvent"]


@pytest.mark.parametrize("beside", [{}, {"geocoordinates": {"a": "1"}}])
def test_a_copy_may_keep_the_name_of_its_element(beside):
    inner = {
        "id_info": {"nct_id": "NCT09999906"},
        "enrollment": {"attributes": {"type": "Actual"}, "value": "40"},
        "start_date": {"attributes": {"type": "Actual"}, "value": "May 2015"},
    }
    (found,) = extracted(json.dumps({"clinical_study": inner} | beside))
    made = found.record
    assert made.actual_sample_size.value == 40
    assert made.recruitment_start.value.text == "2015-05"
    assert len(found.unread) == len(beside)


def test_a_type_without_a_text_is_no_blank():
    inner = {"id_info": {"nct_id": "NCT09999906"}, "enrollment": {"type": "Actual", "said": "40"}}
    (found,) = extracted(json.dumps(inner))
    assert (found.record.actual_sample_size, found.record.target_sample_size) == (None, None)
    assert found.unread


def test_a_street_behind_the_name_of_a_site_is_no_part_of_it():
    found = record(
        "<location><facility><name>Invented Clinical Center, 9000 Example Pike</name>"
        "<address><city>Exampleville</city></address></facility></location>"
    )
    (site,) = found.sites
    assert site.organization.name.label == "Invented Clinical Center"
    assert "Pike" not in "".join(crossed(found).quads)
