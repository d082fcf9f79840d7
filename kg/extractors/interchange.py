"""Records as registries send them to the WHO: interchange XML of ReBEC, REPEC, ChiCTR and others.

A record is an element with a child ``main``. The registry is that of its ``trial_id``. In the files
of the Chinese registry the contact ``Scientific`` is the applicant and ``Public`` the leader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from kg import identifiers
from kg.codes import CHINESE
from kg.errors import RecordError
from kg.extractors import interchange_study
from kg.extractors.interchange_dump import renamed
from kg.extractors.interchange_parties import contacts, funding, reviews
from kg.extractors.interchange_study import says_nothing
from kg.fields import Fields
from kg.model import (
    Record,
    RoleAssignment,
    SecondaryIdentifier,
    Version,
)
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Raw, text_of
from kg.values import PartialDate
from kg.words.who import ages, chinese_design, criteria, day, line, text_in, web_addresses, word
from kg.words.who_design import Design, labelled
from kg.words.who_parts import (
    countries,
    once,
    secondary_identifiers,
    sponsors,
)
from kg.words.who_results import results
from kg.words.wording import items_of

TITLE = "WHO interchange XML of the registries (ReBEC, REPEC, ChiCTR and others)"

# What the interchange has no place for, and what only a text of it may tell.
_NO_PLACE = ("WHO-11b", "WHO-13b", "WHO-19b", "WHO-19c", "WHO-20b", "WHO-20b-method", "WHO-21b")
_RESULTS = {
    "results actual enrollment": "results_actual_enrolment",
    "results date completed": "results_date_completed",
    "results url link": "results_url_link",
    "results summary": "results_summary",
    "results date posted": "results_date_posted",
    "results date first publication": "results_date_first_publication",
    "results url protocol": "results_url_protocol",
    "results ipd plan": "results_IPD_plan",
    "results ipd description": "results_IPD_description",
    "results baseline char": "results_baseline_char",
    "results participant flow": "results_participant_flow",
    "results adverse events": "results_adverse_events",
    "results outcome measures": "results_outcome_measures",
}


def knows(item: Item) -> bool:
    """Whether an XML element has a child ``main`` with a ``trial_id``."""
    main = item.tree.get("main")
    return item.kind == "xml" and isinstance(main, dict) and "trial_id" in main


def raw(item: Item) -> Raw:
    """The element as it stands, in the words of the registry that issued its number."""
    main = item.tree["main"]
    found = identifiers.expected(text_of(main.get("trial_id")) if isinstance(main, dict) else "")
    return Raw(renamed(item.tree), found[0].registry if len(found) == 1 else "ictrp")


def record(f: Fields) -> Record:
    """The record of one element. Raises RecordError when ``trial_id`` is no number."""
    main = f.inside("main")
    number = main.need("trial_id", lambda text: identifiers.registration(text).number)
    if number.value is None or f.registry == "ictrp":
        raise RecordError("main.trial_id: expected one registration number")
    issuer = f.registry
    who = contacts(f, reversed_roles=issuer in CHINESE)
    size = interchange_study.size_of(main)
    treated, more_words = interchange_study.treated(f, main, size)
    conditions, words = interchange_study.conditions(f, main)
    outcomes, no_outcome = interchange_study.outcomes(f, issuer)
    approved, unreviewed = reviews(f, issuer)
    limits = ages(f, "criteria.agemin", "criteria.agemax", issuer)
    for_whom = criteria(f, "criteria.inclusion_criteria", "criteria.exclusion_criteria")
    elsewhere, no_number = _identifiers(f, main)
    start = main.date("date_enrolment", lambda text: day(text, issuer))
    certainty = _certainty(main)
    found = results(main, _RESULTS, issuer)
    lead = _sponsors(f, "lead-sponsor", main, "primary_sponsor", who.people)
    others = _sponsors(f, "sponsor", f, "secondary_sponsor.sponsor_name", who.people)
    funded, unfunded = funding(f, (*lead, *others, *who.roles))
    names = ("tkg:recruitmentStart",) if start and start.value else ()
    design = _design(f, main, issuer)
    made = Record(
        publisher=issuer,
        issuer=issuer,
        local_id=number.value,
        version=Version(refreshed=main.date("last_updated", lambda text: day(text))),
        registration_number=number,
        number_as_printed=number.printed if number.printed != number.value else None,
        registration_date=main.date("date_registration", lambda text: day(text, issuer)),
        secondary_identifiers=elsewhere,
        web_addresses=web_addresses(main, "url"),
        public_title=text_in(main, "public_title"),
        scientific_title=text_in(main, "scientific_title"),
        acronym=_acronym(main, "acronym"),
        scientific_acronym=_acronym(main, "scientific_acronym", "Scientific_acronym"),
        study_type=_word(main, "study-type", "study_type"),
        phase=_word(main, "phase", "phase"),
        design_model=design.codes.get("design-model"),
        allocation=design.codes.get("allocation"),
        masking=design.codes.get("masking"),
        masked_party=design.codes.get("masked-party"),
        primary_purpose=design.codes.get("primary-purpose"),
        time_perspective=design.codes.get("time-perspective"),
        randomization_method=design.randomization,
        masking_description=design.masking_description,
        design_description=design.description,
        recruitment_status=_word(main, "recruitment-status", "recruitment_status"),
        recruitment_start=start,
        actual_dates=names if "actual" in certainty else (),
        estimated_dates=names if "estimated" in certainty else (),
        completion_date=found.completed,
        target_sample_size=size.total,
        actual_sample_size=found.enrolled,
        inclusion_criteria=for_whom.inclusion,
        exclusion_criteria=for_whom.exclusion,
        min_age=limits.low,
        max_age=limits.high,
        no_age_limit=limits.none,
        age_as_given=limits.as_given,
        sex=_word(f, "sex", "criteria.gender"),
        keywords=(*words, *more_words),
        results_posted=found.posted,
        results_links=found.links,
        results_summary=found.summary,
        ipd_sharing=found.sharing,
        ipd_sharing_plan=found.plan,
        countries=countries(f, f.items("countries.country2")),
        roles=(*lead, *others, *who.roles),
        approvals=approved,
        arms=size.arms,
        interventions=treated,
        conditions=conditions,
        outcomes=outcomes,
        funding=funded,
        references=found.references,
        events=found.events,
        told_by=tuple(_told(main, start)),
        blanks=(
            *who.blanks,
            *no_outcome,
            *unfunded,
            *unreviewed,
            *no_number,
            *found.blanks,
            *_no_codes(f),
            *_blank_parts(f, made_of={
                "primarySponsor@en": bool(lead),
                "secondarySponsor@en": bool(others),
                "hasCondition@en": bool(conditions),
                "hasIntervention@en": bool(treated or size.arms),
                "countryOfRecruitment": False,
            }),
        ),
    )  # fmt: skip
    missing = tuple(sorted(_missing(f, made)))
    return replace(made, version=replace(made.version, not_printed=missing))


# Registries that print the labels of their form in front of the words of the design.
_LABELLED = frozenset({"irct"})


def _design(f: Fields, main: Fields, issuer: str) -> Design:
    cell = main.cell("study_design")
    if cell is not None and issuer in CHINESE:
        return Design(chinese_design(f, cell))
    description = text_in(main, "study_design", long=True)
    if cell is None or description is None or not description.label or issuer not in _LABELLED:
        return Design({}, description)
    return labelled(f, cell, line(cell.text), "ictrp", description)


_PRINTED_AS = {
    "primarySponsor@en": "main.primary_sponsor",
    "secondarySponsor@en": "secondary_sponsor.sponsor_name",
    "hasCondition@en": "main.hc_freetext",
    "hasIntervention@en": "main.i_freetext",
    "countryOfRecruitment": "countries.country2",
}


def _blank_parts(f: Fields, made_of: dict[str, bool]) -> Iterator[Blank]:
    """Fields printed without a value whose node therefore does not exist."""
    for name, label in _PRINTED_AS.items():
        if not made_of[name]:
            for cell in f.cells(label):
                if says_nothing(cell.text):
                    yield Blank(name, cell.line, cell.path)


def _no_codes(f: Fields) -> Iterator[Blank]:
    """Codes of interventions that are nothing but semicolons, one for each arm."""
    for label in ("intervention_code.i_code", "intervention_keyword.i_keyword"):
        for cell in f.cells(label):
            if says_nothing(cell.text):
                yield Blank("interventionCode", cell.line, cell.path)


def _told(main: Fields, start: Said[PartialDate] | None) -> Iterator[Said[str]]:
    registry, kind = main.string("reg_name"), main.string("type_enrolment")
    if registry is not None and registry.value:
        yield registry
    if start is None or not start.value:
        main.left_over(kind, why="stands beside a date that is not given")
    elif kind is not None and kind.value:
        yield kind


def _acronym(main: Fields, *labels: str) -> Texts | None:
    """The acronym under one of these labels, which are spellings of one."""
    said = [one for label in labels if (one := main.said(label, _acronym_of)) is not None]
    first = next((one for one in said if one.value), None)
    if first is None:
        return Texts(en=joined(None, tuple(said))) if said else None
    others = (one for one in said if one.value not in (None, first.value))
    main.left_over(*others, why="another acronym stands under the other spelling of this label")
    return Texts(en=joined(first.value, tuple(one for one in said if one.value == first.value)))


def _acronym_of(text: str) -> str | None:
    """``ABC: What it stands for``; nothing where both halves say nothing (``-: -``)."""
    return None if says_nothing(text) else line(text)


def _word(f: Fields, scheme: str, label: str) -> Said[Codes] | None:
    """The codes of the word in a field: the registry's, else the portal's."""
    cell = f.cell(label)
    return None if cell is None else word(f, scheme, cell, line(cell.text), "ictrp")


def _certainty(main: Fields) -> tuple[str, ...]:
    cell = main.cell("type_enrolment")
    if cell is None or not cell.text:
        return ()
    return word(main, "date-certainty", cell, line(cell.text), "ictrp").value or ()


def _missing(f: Fields, made: Record) -> Iterator[str]:
    """The WHO sub-items that this form of the record cannot show."""
    yield from _NO_PLACE
    told = {
        "WHO-12b": any(condition.code for condition in made.conditions)
        or f.has("health_condition_code"),
        # The older form of ReBEC has the element and never fills it.
        "WHO-15a": made.publisher != "rebec"
        or f.has("ethics_reviews")
        or bool(made.study_type and made.study_type.value),
        "WHO-15b": made.design_model is not None,
        "WHO-15c": made.masking is not None,
        "WHO-15d": made.randomization_method is not None,
        "WHO-17b": bool(made.arms),
        "WHO-21a": f.has("ethics_reviews"),
        "WHO-21c": f.has("ethics_reviews"),
        "WHO-22": f.has("main.results_date_completed"),
        "WHO-23": f.has("main.results_url_link") or f.has("main.results_date_posted"),
        "WHO-24a": f.has("main.results_IPD_plan"),
        "WHO-24b": f.has("main.results_IPD_description"),
        "WHO-24c": f.has("main.results_IPD_description"),
    }
    yield from (item for item, is_told in told.items() if not is_told)


# -- sponsors and numbers --------------------------------------------------------------------------


def _sponsors(
    f: Fields, role: str, at: Fields, label: str, people: tuple[str, ...]
) -> tuple[RoleAssignment, ...]:
    said = [one.but(line(one.value).rstrip(" ,;")) for one in at.items(label) if one.value]
    return sponsors(f, role, [item for one in said for item in items_of(one)], people)


def _identifiers(
    f: Fields, main: Fields
) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    found: list[SecondaryIdentifier] = []
    blanks: list[Blank] = []
    for label in ("utrn", "UTRN"):
        said = main.said(label, line)
        if said is not None:
            found += secondary_identifiers((said,))
            if not said.value:
                blanks.append(Blank("secondaryIdentifier", said.line, said.path))
    for row in f.each("secondary_ids.secondary_id"):
        said, authority = row.said("sec_id", line), row.string("issuing_authority")
        made = list(secondary_identifiers((said,) if said else ()))
        if not made:
            blanks += [
                Blank("secondaryIdentifier", one.line, one.path) for one in (said, authority) if one
            ]
        for one in made:
            known = authority and authority.value
            sort = one.sort
            if known and sort is None and _ETHICS.search(known):
                assert authority is not None
                sort = authority.but(("ethics",), "")
            found.append(replace(one, issuer=authority if known else None, sort=sort))
            if authority and not known:
                blanks.append(Blank("schemaAgency", authority.line, authority.path))
    return once(found), tuple(blanks)


_ETHICS = re.compile(r"\b(?:CEP|CONEP|CAAE|SISNEP|COEP|IRB|IEC)\b|[ée]tica|ethic", re.IGNORECASE)
