"""What a record of ClinicalTrials.gov cannot show: an answer that was asked for some fields only,
or the form for expanded access, which asks for less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from kg.fields import Fields
from kg.model import Record
from kg.said import Said
from kg.sources.trees import Note, Tree

_RELEASE = "derivedSection.miscInfoModule.versionHolder"
# What every whole study has. No single one of them tells: an answer may have been asked for
# ``HasResults``, or for a subject heading, which stands in the same section as the data release.
WHOLE = ("hasResults", _RELEASE)
WHOLE_V1 = (_RELEASE,)  # version 1 prints no ``hasResults``
# The form for expanded access has no groups, design, dates, size, outcomes and data sharing:
# https://clinicaltrials.gov/policy/expanded-access-definitions
_OTHER_THAN_EXPANDED_ACCESS = (
    "13 15b 15c 15e 15f 16 17a 19a 19b 19c 20a 20b 20b-method 22 23 24a 24b 24c"
)
_NOT_OF_EXPANDED_ACCESS = {f"WHO-{item}" for item in _OTHER_THAN_EXPANDED_ACCESS.split()}
_WITHHELD = "WITHHELD"  # the registry's word for the status of such a record
_PROJECTED = "the answer was asked for some fields only; what it leaves out is unknown"


def is_whole(study: Tree | Fields, needed: tuple[str, ...] = WHOLE) -> bool:
    """Whether a study has all the fields that every whole one has."""
    if isinstance(study, Fields):
        return all(map(study.has, needed))
    return all(_has(study, path) for path in needed)


def _has(tree: Tree, path: str) -> bool:
    node: Any = tree
    for step in path.split("."):
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True


def note(line: int) -> Note:
    """The note on a study that starts at ``line`` and is not whole."""
    return Note("projected", "protocolSection", line, "", _PROJECTED)


def not_shown(made: Record) -> Iterator[str]:
    """The WHO sub-items of which a projected record holds nothing.

    The registry may know them, so that their absence says nothing about the registrant.
    """
    roles = {assignment.role for assignment in made.roles}
    measures = {kind: _measures(made, kind) for kind in ("primary", "secondary")}
    shown = {
        "WHO-02": made.registration_date is not None,
        "WHO-03": any(number.relation is None for number in made.secondary_identifiers),
        "WHO-05": "lead-sponsor" in roles,
        "WHO-06": "collaborator" in roles,
        "WHO-07": "public-contact" in roles,
        "WHO-07-channel": _reachable(made, "public-contact"),
        "WHO-08": bool(roles & {"principal-investigator", "study-director", "study-chair"}),
        "WHO-08-affiliation": any(
            getattr(assignment.agent, "affiliations", ()) for assignment in made.roles
        ),
        "WHO-09": made.public_title is not None,
        "WHO-10": made.scientific_title is not None,
        "WHO-11": bool(made.countries),
        "WHO-11b": any(len(site.place) > 1 for site in made.sites),
        "WHO-12": bool(made.conditions),
        "WHO-13": bool(made.interventions),
        "WHO-13b": any(one.description for one in made.interventions)
        or any(arm.description for arm in made.arms),
        "WHO-14a": made.inclusion_criteria is not None or made.criteria_text is not None,
        "WHO-14b": made.exclusion_criteria is not None or made.criteria_text is not None,
        "WHO-14c": made.min_age is not None or made.max_age is not None,
        "WHO-14d": made.sex is not None,
        "WHO-15a": made.study_type is not None,
        "WHO-15b": made.design_model is not None,
        "WHO-15c": made.masking is not None,
        "WHO-15e": made.phase is not None,
        "WHO-15f": made.phase is not None and bool(made.interventions),
        "WHO-16": made.recruitment_start is not None,
        "WHO-17a": made.target_sample_size is not None or made.actual_sample_size is not None,
        "WHO-18": made.recruitment_status is not None,
        "WHO-19a": "name" in measures["primary"],
        "WHO-19b": "time" in measures["primary"],
        "WHO-19c": "method" in measures["primary"],
        "WHO-20a": "name" in measures["secondary"],
        "WHO-20b": "time" in measures["secondary"],
        "WHO-20b-method": "method" in measures["secondary"],
        "WHO-22": made.completion_date is not None,
        "WHO-23": made.results_posted is not None,
        "WHO-24a": made.ipd_sharing is not None,
        "WHO-24b": made.ipd_sharing_plan is not None,
        "WHO-24c": bool(made.ipd_links),
    }
    yield from (item for item, is_shown in shown.items() if not is_shown)


def not_asked(made: Record) -> Iterator[str]:
    """The WHO sub-items that a whole record has no place for and does not print all the same.

    Expanded access has a form of its own; of a device before its approval the registry withholds
    nearly everything.
    """
    status, kind = made.recruitment_status, made.study_type
    if status is not None and status.printed.upper() == _WITHHELD:
        yield from not_shown(_without_blanks(made))
    elif kind is not None and kind.value == ("expanded-access",):
        yield from (item for item in not_shown(made) if item in _NOT_OF_EXPANDED_ACCESS)


def _without_blanks(made: Record) -> Record:
    """The record without the fields that are printed blank: there, too, the registry withholds."""
    said = {field.name: getattr(made, field.name) for field in fields(made)}
    blank: dict[str, Any] = dict.fromkeys(
        n for n, one in said.items() if isinstance(one, Said) and one.blank
    )
    return replace(made, **blank)


def _reachable(made: Record, role: str) -> bool:
    return any(one.agent.channel_kinds for one in made.roles if one.role == role)


def _measures(made: Record, kind: str) -> set[str]:
    """Which parts of its outcome measures of one kind a record shows."""
    found: set[str] = set()
    for outcome in made.outcomes:
        if outcome.sort is not None and outcome.sort.value == (kind,):
            found.add("name")
            found |= {"time"} if outcome.time_point is not None else set()
            found |= {"method"} if outcome.method is not None else set()
    return found
