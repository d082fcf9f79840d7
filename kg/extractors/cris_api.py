"""Answers of the Korean registry's open API (data.go.kr): the detail of a study, rows of its list.

Both become the tree of the registry's page. The detail prints most texts twice, in Korean
(``…_kr``) and in English (``…_en``); the list has Korean words, and the title in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.extractors.cris_form import (
    BOARD,
    INCLUSION,
    LEADER,
    NUMBER,
    PRIMARY,
    PUBLIC,
    SITE,
    SPONSOR,
    SUPPORT,
)
from kg.fields import Fields
from kg.model import Version
from kg.sources.trees import Tree, is_blank, text_of

REGISTERED_ON = "Date of Registration"
UPDATED_ON = "Date of Last Refreshed"

# What the English page prints nowhere: the day of registration, the countries.
_NOT_ON_THE_PAGE = ("WHO-02", "WHO-11")
_PLAIN = {
    "trial_id": NUMBER,
    "date_registration": REGISTERED_ON,
    "date_updated": UPDATED_ON,
    "target_size": "Target Number of Participant",
    "group_number": "Number of Arms",
    "irb_number": "Board Approval Number",
    "irb_date": "Approval Date",
}
# Keys without their "_en": texts, of which the Korean is left out.
_TEXTS = {
    "public_title": "Public/Brief Title",
    "scientific_title": "Scientific Title",
    "study_summary": "Lay Summary",
    "i_freetext": "Intervention Description",
    "hc_code": "Condition(s)/Problem(s)",
}
# Answers of the form: where the English is missing, the Korean word says the same.
_WORDS = {
    "study_type": "Study Type",
    "primary_purpose": "Study Purpose",
    "phase": "Phase",
    "intervention_model": "Intervention Model",
    "time_perspective": "Time Perspective",
    "blinding_masking": "Blinding/Masking",
    "blinding_masking_target": "Blinded Subject",
    "allocation": "Allocation",
    "i_freetext_type": "Intervention Type",
    "recruitment_status": "Overall Recruitment Status",
    "primary_outcome_type": "Type of Primary Outcome",
    "biospecimen_retention": "Biospecimen Collection & Archiving",
    "irb_status": "Board Approval Status",
}
# A date, and the key of the word for its certainty, which the page prints behind it.
_DATED = {
    "date_enrolment": ("type_enrolment", "Date of First Enrollment"),
    "results_date_completed": ("results_type_date_completed", "Study Completion Date"),
}
# A block, and the keys that stand in it; "_en" is the language that is read.
_BLOCKS = {
    BOARD: {
        "irb_committee_en": "Name",
        "irb_agency_address_en": "Address",
        "irb_agency_address_kr": "Address",
        "irb_phone": "Telephone",
    },
    LEADER: {
        "scientific_name_en": "Name",
        "affiliation_en": "Affiliation",
        "telephone": "Telephone",
    },
    PUBLIC: {"public_name_en": "Name", "public_affiliation_en": "Affiliation"},
    INCLUSION: {"target_age_range": "Age", "target_gender": "Gender"},
}
_LISTS = {
    "sponsor_items": (SPONSOR, {"primary_sponsor_en": "Organization Name"}),
    "funding_items": (SUPPORT, {"source_name_en": "Organization Name"}),
    "research_items": (SITE, {"site_name_en": "Name of Study Site"}),
    "outcome_items": (
        PRIMARY,
        {"primary_outcome_en": "Outcome", "primary_outcome_time_en": "Timepoint"},
    ),
}
_SORT = re.compile("의약품|의료기구|행동요인|기타")
_SORTS = re.compile(f"(?:{_SORT.pattern}){{2,}}")
# The WHO sub-items under the labels that print them; those of the page's other labels are in none
# of the answers: criteria, secondary outcomes, numbers elsewhere, the sharing of data.
_PRINTS = {
    LEADER: ("WHO-08", "WHO-08-affiliation"),
    PUBLIC: ("WHO-07", "WHO-07-affiliation"),
    "Public/Brief Title": ("WHO-09",),
    "Condition(s)/Problem(s)": ("WHO-12", "WHO-12b"),
    "Intervention Description": ("WHO-13", "WHO-13b"),
    INCLUSION: ("WHO-14c", "WHO-14d"),
    "Intervention Model": ("WHO-15b",),
    "Blinding/Masking": ("WHO-15c",),
    "Phase": ("WHO-15e",),
    "Target Number of Participant": ("WHO-17a",),
    "Overall Recruitment Status": ("WHO-18",),
    "Board Approval Status": ("WHO-21a",),
    "Approval Date": ("WHO-21b",),
    BOARD: ("WHO-21c",),
    SPONSOR: ("WHO-05",),
    SUPPORT: ("WHO-04",),
    SITE: ("WHO-11b",),
    PRIMARY: ("WHO-19a", "WHO-19b"),
}
_NEVER = (
    "WHO-03", "WHO-06", "WHO-07-channel", "WHO-08-channel", "WHO-11", "WHO-14a", "WHO-14b",
    "WHO-15d", "WHO-15f", "WHO-17b", "WHO-19c", "WHO-20a", "WHO-20b", "WHO-20b-method",
    "WHO-23", "WHO-24a", "WHO-24b", "WHO-24c",
)  # fmt: skip


def is_answer(tree: Tree) -> bool:
    """Whether a JSON object is a study of the API: the number of the registry and a title."""
    number = tree.get("trial_id")
    return (
        isinstance(number, str)
        and number.strip().startswith("KCT")
        and ("scientific_title_kr" in tree or "scientific_title_en" in tree)
    )


def from_api(tree: Tree) -> dict[str, Any]:
    """The tree of an answer by the labels of the page; keys that it does not use stay."""
    made: dict[str, Any] = {}
    used: set[str] = set()
    for label, key, value in _placed(tree):
        used.add(key)
        if isinstance(label, tuple):
            made.setdefault(label[0], {})[label[1]] = value
        else:
            made[label] = value
    for key, (label, names) in _LISTS.items():
        if isinstance(rows := tree.get(key), list):
            made[label] = [_row(row, names) for row in rows]
            used.add(key)
    for day, (word, label) in _DATED.items():
        if day in tree:
            certainty = [key for key in (f"{word}_en", f"{word}_kr") if not is_blank(tree.get(key))]
            said = [text_of(tree[key]) for key in (day, *certainty[:1])]
            made[label] = " , ".join(said) if any(said) else ""
            used |= {day, *certainty[:1]}
    return {**made, **{key: value for key, value in tree.items() if key not in used}}


def _placed(tree: Tree) -> Iterator[tuple[str | tuple[str, str], str, Any]]:
    """Where the plain values of an answer stand in the page's tree, each with its own key."""
    for key, value in tree.items():
        stem = key.removesuffix("_en").removesuffix("_kr")
        english = key.endswith("_en")
        other = tree.get(f"{stem}_en")
        if key in _PLAIN:
            yield _PLAIN[key], key, value
        elif stem in _TEXTS and english and not _korean_alone(tree, key):
            yield _TEXTS[stem], key, value
        elif stem in _WORDS and (english or is_blank(other)) and not _korean_alone(tree, key):
            yield _WORDS[stem], key, value
        elif key == "i_freetext_kr" and "i_freetext_en" not in tree:
            yield "Intervention Type", key, _sorts(value)  # the list prints it under this name
        else:
            yield from _in_block(tree, key, stem, value)


def _sorts(value: Any) -> Any:
    """The sorts of a row, which its list prints without anything between them."""
    printed = text_of(value)
    return ", ".join(_SORT.findall(printed)) if _SORTS.fullmatch(printed) else value


def _in_block(
    tree: Tree, key: str, stem: str, value: Any
) -> Iterator[tuple[tuple[str, str], str, Any]]:
    for block, names in _BLOCKS.items():
        label = names.get(key) or (names.get(stem) if key.endswith("_en") else None)
        if label and not _korean_alone(tree, key) and not (key.endswith("_kr") and is_blank(value)):
            yield (block, label), key, value


def _korean_alone(tree: Tree, key: str) -> bool:
    """Whether an English text is blank beside a Korean one: it is no gap of the record."""
    korean = f"{key.removesuffix('_en')}_kr"
    return key.endswith("_en") and is_blank(tree[key]) and not is_blank(tree.get(korean))


def _row(row: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {
        names[key] if key in names and not _korean_alone(row, key) else key: value
        for key, value in row.items()
    }


def version(f: Fields) -> Version:
    """The state of a record, with the sub-items that its form has no place for."""
    if not f.has(REGISTERED_ON):
        return Version(not_printed=_NOT_ON_THE_PAGE)
    f.skip("resultCode", "resultMsg", why="whether the API answered")
    why = "Korean; the graph keeps the English and the Chinese of a record"
    f.skip("irb_status", why=why)  # beside irb_status_en
    f.skip_below(lambda label: label.endswith("_kr"), why=why)
    lacks = [item for label, items in _PRINTS.items() if not f.has(label) for item in items]
    return Version(refreshed=f.date(UPDATED_ON), not_printed=tuple(sorted({*_NEVER, *lacks})))
