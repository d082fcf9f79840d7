"""Records of the EU Clinical Trials Information System, as JSON, in two shapes.

Since June 2024 everything authorised stands under ``authorizedApplication``; before, its parts
stand at the root. One part I for the Union, one part II for each member state. No ethics
committee is published: its opinion is inside the decision of the member state.
Paths: docs/sources.md, "EU CTIS".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from kg import identifiers
from kg.errors import RecordError
from kg.extractors.ctis_design import (
    age_limit,
    conditions,
    features,
    interventions,
    listed,
    objective,
    outcomes,
    sex,
    topics,
    without_upper_limit,
)
from kg.extractors.ctis_events import day, documents, events
from kg.extractors.ctis_left_out import leave_out
from kg.extractors.ctis_parties import funding, nameless_contacts, sites, sponsors
from kg.fields import Fields
from kg.model import Record, SecondaryIdentifier, Version
from kg.said import Blank, Codes, Place, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Raw
from kg.values import PartialDate, one_line
from kg.words.secondary import gives_none, secondary_identifier, without_number
from kg.words.wording import gathered, place_named

TITLE = "EU CTIS, JSON in two shapes"

_DATA_SHARING = ("WHO-24a", "WHO-24b", "WHO-24c")
_SECONDARY = "trialDetails.clinicalTrialIdentifiers.secondaryIdentifyingNumbers"


def knows(item: Item) -> bool:
    """Whether a JSON object holds a trial with its part I."""
    tree = item.tree
    if item.kind != "json" or "ctNumber" not in tree:
        return False
    return "authorizedApplication" in tree or "authorizedPartI" in tree


def raw(item: Item) -> Raw:
    """The object as it stands."""
    return Raw(item.tree, "ctis")


def record(f: Fields) -> Record:
    """The record of one trial."""
    number = f.need("ctNumber", _number)
    base = f.inside("authorizedApplication") if f.has("authorizedApplication") else f
    if not base.has("authorizedPartI"):
        raise RecordError("authorizedPartI: a record needs one")
    part_i, parts_ii = base.inside("authorizedPartI"), base.each("authorizedPartsII")
    t = part_i.inside("trialDetails.trialInformation")
    named = part_i.inside("trialDetails.clinicalTrialIdentifiers")
    leave_out(f, part_i, parts_ii)
    elsewhere, no_numbers = _secondary(f, base, part_i)
    has, lacks = features(t, part_i, f)
    duration = t.inside("trialDuration")
    start, (completion, end) = duration.date("estimatedRecruitmentStartDate", day), _ends(duration)
    started, ended = f.date("startDateEU", day), f.date("endDateEU", day)
    if ended and ended.value:
        f.left_over(end, why="the plan; the end itself is printed")
        end = None
    return Record(
        publisher="ctis",
        issuer="ctis",
        local_id=number.value or "",
        version=Version(
            refreshed=f.date("lastUpdated", day),
            printed_label=_counter(f),
            # The older form has no place for it.
            not_printed=() if t.has("individualParticipantData") else _DATA_SHARING,
        ),
        registration_number=number,
        number_as_printed=number.printed if number.printed != number.value else None,
        submission_date=f.date("submissionDate", day),
        secondary_identifiers=elsewhere,
        study_subject_ids=_some(named.string("shortTitle")),
        public_title=_title(named, "publicTitle"),
        scientific_title=_title(named, "fullTitle"),
        # The registry holds interventional trials of medicinal products only (Regulation 536/2014).
        study_type=number.but(("interventional",)),
        phase=_agreed(
            f,
            f.concepts("phase", en="trialPhase"),
            t.concepts("phase", en="trialCategory.trialPhase"),
        ),
        objective=objective(t),
        design_description=t.texts(en="trialCategory.justificationForTrialCategory", lines=True),
        keywords=tuple(
            said for row in part_i.each("therapeuticAreas") if (said := row.string("name"))
        ),
        features=has,
        lacks=lacks,
        recruitment_status=_status(f),
        recruitment_start=start,
        study_start=started,
        study_end=end or ended,
        completion_date=completion,
        estimated_dates=_dated(
            {"completionDate": completion, "recruitmentStart": start, "studyEnd": end}
        ),
        actual_dates=_dated({"studyEnd": ended, "studyStart": started}),
        target_sample_size=f.count("totalNumberEnrolled"),
        inclusion_criteria=listed(
            t.each("eligibilityCriteria.principalInclusionCriteria"), "principalInclusionCriteria"
        ),
        exclusion_criteria=listed(
            t.each("eligibilityCriteria.principalExclusionCriteria"), "principalExclusionCriteria"
        ),
        age_as_given=_some(f.string("ageGroup")),
        min_age=f.said("ageGroup", age_limit(min, upper=False)),
        max_age=_with_value(f.said("ageGroup", age_limit(max, upper=True))),
        no_age_limit=_with_value(f.said("ageGroup", without_upper_limit)),
        sex=sex(t, f),
        study_population=_groups(t),
        countries=_countries(f, part_i, parts_ii),
        sites=tuple(sites(parts_ii)),
        roles=tuple(sponsors(f, part_i)),
        funding=tuple(funding(t)),
        conditions=tuple(conditions(t)),
        topics=tuple(topics(t)),
        interventions=tuple(interventions(part_i)),
        outcomes=tuple(outcomes(t)),
        ipd_sharing=t.concepts("answer", en="individualParticipantData.planToShareIPD"),
        references=tuple(documents(f)),
        events=tuple(events(f, parts_ii)),
        blanks=(*no_numbers, *nameless_contacts(part_i)),
        told_by=(
            *_some(f.string("recruitmentStatus")),
            *_state_codes(f),
        ),
    )


# -- numbers ---------------------------------------------------------------------------------------


def _number(printed: str) -> str:
    return identifiers.registration(printed, "ctis", "2026-599999-01-00").number


def _counter(f: Fields) -> Said[str] | None:
    """The submission counter behind the number: it tells versions, not trials, apart."""

    def read(printed: str) -> str | None:
        found = identifiers.occurrences(printed, expected=True)
        return found[0].tail or None if found else None

    return f.said("ctNumber", read)


class _Number(NamedTuple):
    """A printed number with what stands beside it."""

    said: Said[str] | None
    issuer: Said[str] | None = None
    relation: str | None = None
    told_by: tuple[Said[str], ...] = ()


def _secondary(
    f: Fields, base: Fields, part_i: Fields
) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    """The trial's numbers elsewhere, then those of related trials; blanks where none is given."""
    made: list[SecondaryIdentifier] = []
    blanks: list[Blank] = []
    for number in _numbers(f, base, part_i):
        one = secondary_identifier(number.said)
        if one is None:
            blanks += without_number((number.said,))
            f.left_over(number.issuer, *number.told_by, why="stands beside no number")
            continue
        named = number.issuer if number.issuer and number.issuer.value else None
        made.append(replace(one, issuer=named, relation=number.relation, told_by=number.told_by))
    return tuple(made), tuple(blanks)


def _numbers(f: Fields, base: Fields, part_i: Fields) -> Iterator[_Number]:
    for where, label in ((base, "eudraCt"), (f, "eudraCtInfo")):
        inner = where.inside(label)
        inner.skip("hasVhp", why="a mark of an earlier procedure")
        said = inner.string("eudraCtCode")
        if said is None or gives_none(said):
            inner.skip("isTransitioned", why="said without a number")
            yield _Number(said)
        else:
            yield _Number(said, told_by=_some(inner.string("isTransitioned")))
    inner = part_i.inside(_SECONDARY)
    for name in ("nctNumber", "isrctnNumber", "whoUniversalTrialNumber"):
        yield _Number(_plain_or_inside(inner, name))
    for row in inner.each("additionalRegistries"):
        row.skip("ctRegistryCode", why="a code of the registry, which is named beside it")
        yield _Number(row.string("number"), issuer=row.string("otherRegistryName"))
    plan = part_i.inside("trialDetails.scientificAdviceAndPip")
    for row in plan.each("paediatricInvestigationPlan"):
        yield _Number(row.string("paediatricInvestigationNumber"), relation="related")
    for row in part_i.each("trialDetails.associatedClinicalTrials"):
        row.skip(
            "hasDocument", "sponsorAgreementOption", "sponsorAgreementOptionName",
            why="an agreement between sponsors",
        )  # fmt: skip
        title = row.string("fullTitle")
        yield _Number(row.string("ctNumber"), relation="related", told_by=_some(title))


def _plain_or_inside(f: Fields, label: str) -> Said[str] | None:
    """A number that stands as a value, or as ``number`` inside an object."""
    return f.string(f"{label}.number" if f.has(f"{label}.number") else label)


# -- titles, status, dates -------------------------------------------------------------------------


def _title(f: Fields, label: str) -> Texts | None:
    """A title; where it is in another language and an English translation stands by, that one."""
    for row in f.each(f"{label}Translations"):
        language = row.cell("languageDescription")
        if language is not None and language.text.casefold() == "english":
            english = row.said("attributeTranslation", one_line)
            if english is not None and english.value:
                f.skip(label, why="in another language; its English translation is kept")
                return Texts(en=english)
    return f.texts(en=label)


def _agreed(f: Fields, first: Said[Codes] | None, second: Said[Codes] | None) -> Said[Codes] | None:
    """Word and code of one answer; where they differ the word is kept, and the code reported."""
    if first is None or second is None or not second.value:
        return first or second
    if first.value in (None, second.value):
        return joined(second.value, (first, second))
    why = f"the word says {first.printed}; that is kept"
    f.log.report("words disagree", second.path, second.line, second.printed, why)
    return first


# What an authorised trial may be.
_AUTHORISED = (("not-yet-recruiting",), ("recruiting",), ("active-not-recruiting",))


def _status(f: Fields) -> Said[Codes] | None:
    """The status; "Authorised" is a coarse word for what the code beside it says exactly."""
    word = f.concepts("recruitment-status", en="ctStatus")
    code = f.concepts("recruitment-status", en="ctPublicStatusCode")
    if word and code and word.value == ("authorised",) and code.value in _AUTHORISED:
        return joined(code.value, (word, code))
    return _agreed(f, word, code)


def _ends(f: Fields) -> tuple[Said[PartialDate] | None, Said[PartialDate] | None]:
    """The end of the trial everywhere and, where it differs, its end in the Union."""
    union, everywhere = f.date("estimatedEndDate", day), f.date("estimatedGlobalEndDate", day)
    if everywhere is None or not everywhere.value:
        return union, None
    if union is None or union.value == everywhere.value:
        return joined(everywhere.value, (everywhere, union)), None
    return everywhere, union


def _dated(dates: dict[str, Said[PartialDate] | None]) -> tuple[str, ...]:
    """The properties of the dates that are given."""
    return tuple(f"tkg:{name}" for name, said in dates.items() if said and said.value)


# -- population and places -------------------------------------------------------------------------


def _some(said: Said[str] | None) -> tuple[Said[str], ...]:
    return (said,) if said is not None else ()


T = TypeVar("T")


def _with_value(said: Said[T] | None) -> Said[T] | None:
    return said if said is not None and said.value is not None else None


def _groups(t: Fields) -> Texts | None:
    rows = t.each("populationOfTrialSubjects.clinicalTrialGroups")
    t.skip("populationOfTrialSubjects.clinicalTrialGroups.code", why="the word once more")
    for row in rows:
        row.skip("code", why="the word for it stands beside it")
    names = [said for row in rows if (said := row.string("name")) and said.value]
    return (
        Texts(en=joined("; ".join(n.value or "" for n in names), tuple(names))) if names else None
    )


def _countries(f: Fields, part_i: Fields, parts_ii: list[Fields]) -> tuple[Place, ...]:
    """The member states, then the countries outside the Union."""
    found: list[Place] = []
    for part in parts_ii:
        said = part.string("mscInfo.mscName")
        if said and said.value:
            found.append(place_named(Texts(en=said), f.registry))
    for cell in f.cells("trialCountries"):
        name, _, _ = cell.text.partition(":")
        if len(name) > 2:
            found.append(place_named(Texts(en=cell.says(one_line(name))), f.registry))
    for row in part_i.each("rowCountriesInfo"):
        said = row.string("name")
        if said and said.value:
            found.append(place_named(Texts(en=said), f.registry))
    return gathered(found)


def _state_codes(f: Fields) -> tuple[Said[str], ...]:
    """``DE:Authorised, not started``: the code of a state whose name stands in part II."""
    cells = [cell for cell in f.cells("trialCountries") if cell.text]
    return tuple(c.says(c.text) for c in cells if len(c.text.partition(":")[0]) <= 2)
