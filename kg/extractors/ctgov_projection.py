"""Answers of ClinicalTrials.gov that were asked for some fields only: what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator

from kg.fields import Fields
from kg.model import Record
from kg.trees import Tree


def is_projected(study: Tree | Fields) -> bool:
    """Whether a study lacks what every whole one has."""
    has = study.has if isinstance(study, Fields) else study.__contains__
    return not (has("hasResults") or has("derivedSection"))


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
        "WHO-12b": any(condition.same_as for condition in made.conditions),
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
        "WHO-20b": {"time", "method"} <= measures["secondary"],
        "WHO-22": made.completion_date is not None,
        "WHO-23": made.results_posted is not None,
        "WHO-24a": made.ipd_sharing is not None,
        "WHO-24b": made.ipd_sharing_plan is not None,
        "WHO-24c": bool(made.ipd_links),
    }
    yield from (item for item, is_shown in shown.items() if not is_shown)


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
