"""Studies of ClinicalTrials.gov as legacy XML (``clinical_study``), and as its copies in JSON.

Each element is moved to the place that version 2 of the API has for it; lines are those of the
file, paths those of version 2. An element that no row of the table moves keeps its name, so that
it is listed as unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kg import identifiers
from kg.extractors.ctgov import read
from kg.extractors.ctgov_copies import as_xml
from kg.extractors.ctgov_moves import (
    beside,
    deep,
    give_back,
    many,
    put,
    renamed,
    taken,
    with_type,
)
from kg.extractors.ctgov_old_design import move_design, move_masking
from kg.extractors.ctgov_references import address
from kg.fields import Fields
from kg.model import Record
from kg.sources.items import Item
from kg.sources.trees import Cell, Note, Raw, Tree, is_blank, text_of
from kg.values import unwrapped

TITLE = "ClinicalTrials.gov, legacy XML"

_P = "protocolSection"
_STATUS = f"{_P}.statusModule"
_ABOUT = f"{_P}.eligibilityModule"
_DESIGN = f"{_P}.designModule"
# element -> place in version 2; "*" takes the element as a list, "@" an element with its type
_MOVES = {
    "id_info.nct_id": f"{_P}.identificationModule.nctId",
    "id_info.org_study_id": f"{_P}.identificationModule.orgStudyIdInfo.id",
    "id_info.nct_alias*": f"{_P}.identificationModule.nctIdAliases",
    "brief_title": f"{_P}.identificationModule.briefTitle",
    "official_title": f"{_P}.identificationModule.officialTitle",
    "acronym": f"{_P}.identificationModule.acronym",
    "source": f"{_P}.identificationModule.organization.fullName",
    "source_class": f"{_P}.identificationModule.organization.class",
    "overall_status": f"{_STATUS}.overallStatus",
    "last_known_status": f"{_STATUS}.lastKnownStatus",
    "why_stopped": f"{_STATUS}.whyStopped",
    "verification_date": f"{_STATUS}.statusVerifiedDate",
    "delayed_posting": f"{_STATUS}.delayedPosting",
    "has_expanded_access": f"{_STATUS}.expandedAccessInfo.hasExpandedAccess",
    "start_date@": f"{_STATUS}.startDateStruct",
    "primary_completion_date@": f"{_STATUS}.primaryCompletionDateStruct",
    "completion_date@": f"{_STATUS}.completionDateStruct",
    "end_date@": f"{_STATUS}.completionDateStruct",
    "study_first_submitted": f"{_STATUS}.studyFirstSubmitDate",
    "firstreceived_date": f"{_STATUS}.studyFirstSubmitDate",
    "study_first_submitted_qc": f"{_STATUS}.studyFirstSubmitQcDate",
    "study_first_posted@": f"{_STATUS}.studyFirstPostDateStruct",
    "results_first_submitted": f"{_STATUS}.resultsFirstSubmitDate",
    "firstreceived_results_date": f"{_STATUS}.resultsFirstSubmitDate",
    "results_first_submitted_qc": f"{_STATUS}.resultsFirstSubmitQcDate",
    "results_first_posted@": f"{_STATUS}.resultsFirstPostDateStruct",
    "disposition_first_submitted": f"{_STATUS}.dispFirstSubmitDate",
    "firstreceived_results_disposition_date": f"{_STATUS}.dispFirstSubmitDate",
    "disposition_first_submitted_qc": f"{_STATUS}.dispFirstSubmitQcDate",
    "disposition_first_posted@": f"{_STATUS}.dispFirstPostDateStruct",
    "last_update_submitted": f"{_STATUS}.lastUpdateSubmitDate",
    "lastchanged_date": f"{_STATUS}.lastUpdateSubmitDate",
    "last_update_posted@": f"{_STATUS}.lastUpdatePostDateStruct",
    "sponsors.lead_sponsor": f"{_P}.sponsorCollaboratorsModule.leadSponsor",
    "sponsors.collaborator*": f"{_P}.sponsorCollaboratorsModule.collaborators",
    "responsible_party": f"{_P}.sponsorCollaboratorsModule.responsibleParty",
    "oversight_info.has_dmc": f"{_P}.oversightModule.oversightHasDmc",
    "oversight_info.is_fda_regulated_drug": f"{_P}.oversightModule.isFdaRegulatedDrug",
    "oversight_info.is_fda_regulated_device": f"{_P}.oversightModule.isFdaRegulatedDevice",
    "oversight_info.is_unapproved_device": f"{_P}.oversightModule.isUnapprovedDevice",
    "oversight_info.is_ppsd": f"{_P}.oversightModule.isPpsd",
    "oversight_info.is_us_export": f"{_P}.oversightModule.isUsExport",
    "brief_summary.textblock": f"{_P}.descriptionModule.briefSummary",
    "detailed_description.textblock": f"{_P}.descriptionModule.detailedDescription",
    "condition*": f"{_P}.conditionsModule.conditions",
    "keyword*": f"{_P}.conditionsModule.keywords",
    "study_type": f"{_DESIGN}.studyType",
    "phase*": f"{_DESIGN}.phases",
    "patient_registry": f"{_DESIGN}.patientRegistry",
    "target_duration": f"{_DESIGN}.targetDuration",
    "enrollment@": f"{_DESIGN}.enrollmentInfo",
    "biospec_retention": f"{_DESIGN}.bioSpec.retention",
    "biospec_descr.textblock": f"{_DESIGN}.bioSpec.description",
    "expanded_access_info.expanded_access_type_individual":
        f"{_DESIGN}.expandedAccessTypes.individual",
    "expanded_access_info.expanded_access_type_intermediate":
        f"{_DESIGN}.expandedAccessTypes.intermediate",
    "expanded_access_info.expanded_access_type_treatment":
        f"{_DESIGN}.expandedAccessTypes.treatment",
    "study_design_info.allocation": f"{_DESIGN}.designInfo.allocation",
    "study_design_info.intervention_model": f"{_DESIGN}.designInfo.interventionModel",
    "study_design_info.intervention_model_description":
        f"{_DESIGN}.designInfo.interventionModelDescription",
    "study_design_info.observational_model": f"{_DESIGN}.designInfo.observationalModel",
    "study_design_info.primary_purpose": f"{_DESIGN}.designInfo.primaryPurpose",
    "study_design_info.time_perspective": f"{_DESIGN}.designInfo.timePerspective",
    "study_design_info.masking": f"{_DESIGN}.designInfo.maskingInfo.masking",
    "study_design_info.masking_description":
        f"{_DESIGN}.designInfo.maskingInfo.maskingDescription",
    "arm_group*": f"{_P}.armsInterventionsModule.armGroups",
    "intervention*": f"{_P}.armsInterventionsModule.interventions",
    "primary_outcome*": f"{_P}.outcomesModule.primaryOutcomes",
    "secondary_outcome*": f"{_P}.outcomesModule.secondaryOutcomes",
    "other_outcome*": f"{_P}.outcomesModule.otherOutcomes",
    "eligibility.criteria.textblock": f"{_ABOUT}.eligibilityCriteria",
    "eligibility.healthy_volunteers": f"{_ABOUT}.healthyVolunteers",
    "eligibility.gender": f"{_ABOUT}.sex",
    "eligibility.gender_based": f"{_ABOUT}.genderBased",
    "eligibility.gender_description": f"{_ABOUT}.genderDescription",
    "eligibility.minimum_age": f"{_ABOUT}.minimumAge",
    "eligibility.maximum_age": f"{_ABOUT}.maximumAge",
    "eligibility.study_pop.textblock": f"{_ABOUT}.studyPopulation",
    "eligibility.sampling_method": f"{_ABOUT}.samplingMethod",
    "overall_official*": f"{_P}.contactsLocationsModule.overallOfficials",
    "location*": f"{_P}.contactsLocationsModule.locations",
    "location_countries.country*": f"{_P}.contactsLocationsModule.countries",
    "reference*": f"{_P}.referencesModule.references",
    "results_reference*": f"{_P}.referencesModule.resultReferences",
    "link*": f"{_P}.referencesModule.seeAlsoLinks",
    "study_docs.study_doc*": f"{_P}.referencesModule.availIpds",
    "patient_data.sharing_ipd": f"{_P}.ipdSharingStatementModule.ipdSharing",
    "patient_data.ipd_description": f"{_P}.ipdSharingStatementModule.description",
    "patient_data.ipd_info_type*": f"{_P}.ipdSharingStatementModule.infoTypes",
    "patient_data.ipd_time_frame": f"{_P}.ipdSharingStatementModule.timeFrame",
    "patient_data.ipd_access_criteria": f"{_P}.ipdSharingStatementModule.accessCriteria",
    "patient_data.ipd_url": f"{_P}.ipdSharingStatementModule.url",
    "provided_document_section.provided_document*": "documentSection.largeDocumentModule.largeDocs",
    "removed_countries.country*": "derivedSection.miscInfoModule.removedCountries",
    "clinical_results": "resultsSection",
}  # fmt: skip
# names inside the elements that are moved whole
_INNER = {
    "agency": "name", "agency_class": "class",
    "responsible_party_type": "type", "investigator_full_name": "investigatorFullName",
    "investigator_title": "investigatorTitle", "name_title": "oldNameTitle",
    "investigator_affiliation": "investigatorAffiliation", "organization": "oldOrganization",
    "arm_group_label": "label", "arm_group_type": "type",
    "intervention_type": "type", "intervention_name": "name", "other_name": "otherNames",
    "time_frame": "timeFrame",
    "PMID": "pmid", "doc_id": "id", "doc_type": "type", "doc_url": "url", "doc_comment": "comment",
    "document_type": "label", "document_has_protocol": "hasProtocol",
    "document_has_icf": "hasIcf", "document_has_sap": "hasSap", "document_date": "date",
    "document_url": "url",
    "phone_ext": "phoneExt",
}  # fmt: skip
# Elements that newer ones replaced; where a record has both, the newer one counts.
_TWICE = (
    "firstreceived_date",
    "firstreceived_results_date",
    "firstreceived_results_disposition_date",
    "lastchanged_date",
    "end_date",
)
_INDENTED = re.compile(r"\n[ \t]*\r?\n|\n[ \t]+\S")


def knows(item: Item) -> bool:
    """Whether an element or a copy of it in JSON holds a legacy study."""
    if item.kind == "xml":
        return item.name == "clinical_study"
    inside = _study(item).get("id_info")
    return item.kind == "json" and isinstance(inside, dict) and "nct_id" in inside


def _study(item: Item) -> Tree:
    """The study itself: some copies keep the name of its element around it."""
    inside = item.tree.get("clinical_study")
    if not isinstance(inside, dict) or "id_info" in item.tree:
        return item.tree
    return beside(dict(inside), {n: of for n, of in item.tree.items() if n != "clinical_study"})


def raw(item: Item) -> Raw:
    """The study in the shape of version 2, with a note where it gives itself two numbers."""
    rest = as_xml(_study(item))
    if not isinstance(rest, dict):
        rest = {}
    notes = tuple(_notes(rest, item.line))
    made: dict[str, Any] = {}
    for source, target in _MOVES.items():
        kind = source[-1] if source[-1] in "*@" else ""
        found = taken(rest, source.rstrip("*@").split("."))
        if found is None:
            continue
        if kind == "*":
            found = [_inner(one) for one in many(found)]
        elif kind == "@":
            found = with_type(found, "count" if source.startswith("enrollment") else "date")
        else:
            found = _paragraphs(found) if source.endswith(".textblock") else _inner(found)
        if not put(made, target.split("."), found):
            give_back(rest, source.rstrip("*@").split("."), found)
    _move_numbers(rest, made)
    move_design(rest, made)
    move_masking(made)
    _move_interventions(made)
    _move_people(rest, made)
    _move_headings(rest, made)
    return Raw(beside(made, _pruned(rest)), "ctgov", notes)


def record(f: Fields) -> Record:
    """The record of one study."""
    f.skip("required_header", "@rank", "@version", why="of the copy: when it was taken")
    f.skip(*_TWICE, why="an older name of an element that the record has too")
    f.skip("oversight_info.authority", why="names bodies in free text, none of them a committee")
    f.skip("is_fda_regulated", "is_section_801", "oversight_info.is_fda_regulated",
           "oversight_info.is_section_801", why="an old mark that two others replaced")  # fmt: skip
    f.skip("number_of_arms", "number_of_groups", why="counts what is listed")
    f.skip("last_update_submitted_qc", why="the registry's check of an update")
    f.skip("pending_results", why="posted results: out of the scope of this graph")
    f.skip_below("safety_issue".__eq__, why="an old mark of outcomes that nobody asks for any more")
    f.skip("study_design.rest", why="parts of an old form that nobody asks for any more")
    made = read(f, whole=True)  # this form has no way to ask for some fields only
    page = address(f, "required_header.url")
    # The page of another study is an issue, and not an address of this one.
    ours = all(
        found.number == made.local_id
        for said in page
        for found in identifiers.find(said.value or "")
    )
    return replace(made, web_addresses=page) if ours else made


def _notes(study: Tree, line_of_study: int) -> Iterator[Note]:
    """Where the address in the header names another study than the number does."""
    own = identifiers.find(text_of(deep(study, ["id_info", "nct_id"])))
    url = deep(study, ["required_header", "url"])
    printed = identifiers.find(text_of(url))
    if own and printed and own != printed:
        line = url.line if isinstance(url, Cell) else line_of_study
        why = f"the record gives itself the number {own[0].number}, which rules"
        yield Note("numbers disagree", "required_header.url", line, printed[0].number, why)


# -- moving ---------------------------------------------------------------------------------------


def _inner(node: Any) -> Any:
    """A node with the names of version 2 inside it; a text block is its text."""
    if isinstance(node, list):
        return [_inner(one) for one in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"textblock"}:
        return _paragraphs(node["textblock"])
    return renamed({name: _inner(inner) for name, inner in node.items()}, _INNER)


def _paragraphs(node: Any) -> Any:
    """A text block of a copy without the line breaks that only wrap it; XML is read so.

    A copy that kept neither indents nor blank lines has one paragraph on each line.
    """
    if not isinstance(node, str):
        return _inner(node)
    return unwrapped(node) if _INDENTED.search(node) else node


def _move_numbers(rest: Any, made: dict[str, Any]) -> None:
    found = taken(rest, ["id_info", "secondary_id"])
    if found is not None:
        rows = [one if isinstance(one, dict) else {"id": one} for one in many(found)]
        put(made, [_P, "identificationModule", "secondaryIdInfos"], rows)


def _move_interventions(made: dict[str, Any]) -> None:
    rows = deep(made, [_P, "armsInterventionsModule", "interventions"])
    for row in rows or ():
        if isinstance(row, dict) and "label" in row:
            row["armGroupLabels"] = many(row.pop("label"))


def _move_people(rest: Any, made: dict[str, Any]) -> None:
    """Contacts, officials and sites: a name in one field or in parts, an address in parts."""
    module = made.setdefault(_P, {}).setdefault("contactsLocationsModule", {})
    contacts = []
    for name in ("overall_contact", "overall_contact_backup"):
        here = many(rest.pop(name, []))
        contacts += [_person(one) for one in here if isinstance(one, dict)]
        if strange := [one for one in here if not isinstance(one, dict) and not is_blank(one)]:
            rest[name] = strange  # nobody's contact: listed as unread
    if contacts:
        module["centralContacts"] = contacts
    if "overallOfficials" in module:
        module["overallOfficials"] = [_person(one) for one in module["overallOfficials"]]
    if "locations" in module:
        module["locations"] = [_location(one) for one in module["locations"]]


_PERSON = {"last_name": "name", "phone_ext": "phoneExt"}


def _person(node: Any) -> Any:
    """A person with one ``name``: the registry prints it whole in ``last_name``."""
    if not isinstance(node, dict):
        return node
    parts = [node.get(name) for name in ("first_name", "middle_name", "last_name", "degrees")]
    if all(is_blank(part) for part in parts[:2]) and is_blank(parts[3]):
        return renamed(node, _PERSON)
    return dict(node)  # in parts: ``ctgov_people`` joins them


def _location(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    row = dict(node)
    facility = row.pop("facility", None)
    if isinstance(facility, dict):
        inner = dict(facility)
        address = inner.pop("address") if isinstance(inner.get("address"), dict) else {}
        if "name" in inner:
            row["facility"] = inner.pop("name")
        beside(row, address)
        beside(row, {f"facility.{name}": value for name, value in inner.items()})
    elif facility is not None:
        row["facility"] = facility
    people = [_person(row.pop(name, None)) for name in ("contact", "contact_backup")]
    people += [_person(one) for one in many(row.pop("investigator", []))]
    if kept := [one for one in people if one]:
        row = beside({"contacts": kept}, row)
    return row


def _move_headings(rest: Any, made: dict[str, Any]) -> None:
    for of in ("condition", "intervention"):
        found = taken(rest, [f"{of}_browse", "mesh_term"])
        if found is not None:
            rows = [{"term": one} for one in many(found)]
            put(made, ["derivedSection", f"{of}BrowseModule", "meshes"], rows)


def _pruned(tree: Any) -> dict[str, Any]:
    """What was not moved, without the elements that are empty now."""
    found = {}
    for name, node in tree.items():
        kept = _pruned(node) if isinstance(node, dict) else node
        if not is_blank(kept):
            found[name] = kept
    return found
