"""The form of the Korean registry: its labels, the blocks that repeat, and the keys of copies.

Page and copies become one tree whose labels are those of the English page; repeated blocks stand
in lists under the name of the block without its number.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from kg.sources.trees import Tree

NUMBER = "CRIS Registration Number"
BOARD = "Institutional Review Board"
LEADER = "Contact Person for Principal Investigator / Scientific Queries"
PUBLIC = "Contact Person for Public Queries"
UPDATING = "Contact Person for Updating Information"
SITE = "Recruitment Status by Participating Study Site"
SUPPORT = "Source of Monetary/Material Support"
SPONSOR = "Sponsor Organization"
PRIMARY = "Primary Outcome(s)"
SECONDARY = "Secondary Outcome(s)"
ARM = "Arm"
COHORT = "Cohort/Group"
INCLUSION = "Inclusion Criteria"
REGISTRIES = "Registered at Other Registry"
REGISTERED = "Registries"  # the page has no word for the block of numbers elsewhere

# Blocks that stand once: their labels lead to one object, all others to a list.
ONCE = (BOARD, LEADER, PUBLIC, UPDATING, INCLUSION)

_CONTACT = {
    "name": "Name",
    "title": "Title",
    "telephone": "Telephone",
    "affiliation": "Affiliation",
    "address": "Address",
}
# Keys of a copy and labels of the page; an object or a list has the name of its block.
_KEYS: dict[str, str] = {
    "cris_registration_number": NUMBER,
    "unique_protocol_id": "Unique Protocol ID",
    "public_or_brief_title": "Public/Brief Title",
    "scientific_title": "Scientific Title",
    "acronym": "Acronym",
    "mfds_regulated_study": "MFDS Regulated Study",
    "ind_ide_protocol": "IND/IDE Protocol",
    "registered_at_other_registry": REGISTRIES,
    "board_approval_status": "Board Approval Status",
    "board_approval_number": "Board Approval Number",
    "approval_date": "Approval Date",
    "institutional_review_board": BOARD,
    "data_monitoring_committee": "Data Monitoring Committee",
    "contact_for_scientific_queries": LEADER,
    "contact_for_public_queries": PUBLIC,
    "contact_for_updating_information": UPDATING,
    "study_site": "Study Site",
    "overall_recruitment_status": "Overall Recruitment Status",
    "date_of_first_enrollment": "Date of First Enrollment",
    "target_number_of_participants": "Target Number of Participant",
    "target_number_of_participant": "Target Number of Participant",
    "primary_completion_date": "Primary Completion Date",
    "study_completion_date": "Study Completion Date",
    "sites": SITE,
    "name_of_study_site": "Name of Study Site",
    "recruitment_status": "Recruitment Status",
    "source_of_monetary_or_material_support": SUPPORT,
    "sponsor_organisation": SPONSOR,
    "sponsor_organization": SPONSOR,
    "organization_name": "Organization Name",
    "organization_type": "Organization Type",
    "project_id": "Project ID",
    "lay_summary": "Lay Summary",
    "study_type": "Study Type",
    "study_purpose": "Study Purpose",
    "phase": "Phase",
    "intervention_model": "Intervention Model",
    "observational_study_model": "Observational Study Model",
    "time_perspective": "Time Perspective",
    "blinding_or_masking": "Blinding/Masking",
    "blinded_subject": "Blinded Subject",
    "allocation": "Allocation",
    "intervention_type": "Intervention Type",
    "intervention_description": "Intervention Description",
    "number_of_arms": "Number of Arms",
    "arm": ARM,
    "arm_label": "Arm Label",
    "arm_type": "Arm Type",
    "arm_description": "Arm Description",
    "conditions_problems": "Condition(s)/Problem(s)",
    "rare_disease": "Rare Disease",
    "inclusion_criteria": INCLUSION,
    "gender": "Gender",
    "age": "Age",
    "description": "Description",
    "exclusion_criteria": "Exclusion Criteria",
    "healthy_volunteers": "Healthy Volunteers",
    "type_of_primary_outcome": "Type of Primary Outcome",
    "primary_outcome": PRIMARY,
    "secondary_outcome": SECONDARY,
    "outcome": "Outcome",
    "timepoint": "Timepoint",
    "sharing_statement": "Sharing Statement",
    "time_of_sharing": "Time of Sharing",
    "way_of_sharing": "Way of Sharing",
    **_CONTACT,
}
# Labels of contacts: what stands below them is never shown.
CHANNELS = frozenset(("Address", "Telephone", "E-mail", "Fax"))
LABELS = frozenset(_KEYS.values()) - CHANNELS
# The copies print a supporter under the keys of a site.
_SUPPORTER = {
    "name_of_study_site": "Organization Name",
    "recruitment_status": "Organization Type",
    "date_of_first_enrollment": "Project ID",
}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([ntr]))")


def from_copy(tree: Tree) -> dict[str, Any]:
    """The tree of a copy by the labels of the page; unknown keys and shapes stay."""
    return {_KEYS.get(key.lower(), key): _value(key, value) for key, value in tree.items()}


def _value(key: str, value: Any) -> Any:
    names = _KEYS | _SUPPORTER if key.startswith("source_of_monetary") else _KEYS
    if isinstance(value, list):
        return [_row(item, names) for item in value]
    return _row(value, names)


def _row(item: Any, names: Mapping[str, str]) -> Any:
    if isinstance(item, Mapping):
        return {names.get(key.lower(), key): _text(value) for key, value in item.items()}
    return _text(item)


def _text(value: Any) -> Any:
    r"""A value without the traces of its copying: ``\n\t`` spelt out, entities, a last comma."""
    if not isinstance(value, str):
        return value
    plain = html.unescape(_ESCAPE.sub(_unescaped, value)).strip()
    return plain.removesuffix(",").rstrip()


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return "\n" if found[2] in "nr" else " "
