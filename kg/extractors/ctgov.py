"""Records of ClinicalTrials.gov, as version 2 of its API gives them.

Paths are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure; each is read
here or left out with its reason. Posted results stay out as a whole: this graph is about who runs
trials, not about what they found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg import identifiers
from kg.extractors.ctgov_design import ages, arms, eligibility, features, outcomes, topics
from kg.extractors.ctgov_events import certainties, day, events, study_dates
from kg.extractors.ctgov_people import countries, nobody, roles, sites
from kg.extractors.ctgov_projection import is_whole, not_asked, not_shown, note
from kg.extractors.ctgov_references import address, references
from kg.extractors.ctgov_text import name, parted, strings, text
from kg.fields import Fields
from kg.model import Condition, Record, RecordEvent, SecondaryIdentifier, Specimen, Topic, Version
from kg.namespaces import folded
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Raw
from kg.words.secondary import secondary_identifier, without_number
from kg.words.wording import place_named

TITLE = "ClinicalTrials.gov, API version 2"

_PROTOCOL = "protocolSection"


def knows(item: Item) -> bool:
    """Whether a JSON object holds a study of version 2 of the API."""
    return item.kind == "json" and _PROTOCOL in item.tree


def raw(item: Item) -> Raw:
    """The study as it stands, with a note where the answer was asked for some fields only."""
    return Raw(item.tree, "ctgov", () if is_whole(item.tree) else (note(item.line),))


def record(f: Fields) -> Record:
    """The record of one study."""
    return read(f, whole=is_whole(f))


def read(f: Fields, *, whole: bool) -> Record:
    """The record of one study in the shape of version 2, in which older forms are brought too.

    ``whole`` says that the study shows everything that the registry has.
    """
    _leave_out(f)
    protocol = f.inside(_PROTOCOL)
    ident, status = protocol.inside("identificationModule"), protocol.inside("statusModule")
    design, about = protocol.inside("designModule"), protocol.inside("descriptionModule")
    info, who = design.inside("designInfo"), protocol.inside("eligibilityModule")
    contacts = protocol.inside("contactsLocationsModule")
    sponsors = protocol.inside("sponsorCollaboratorsModule")
    ipd = protocol.inside("ipdSharingStatementModule")
    conditions = protocol.inside("conditionsModule")
    issued = ident.need("nctId", _number)
    aliases, no_alias = parted(ident.items("nctIdAliases"), "secondaryIdentifier")
    submitted = status.date("studyFirstSubmitDate", day)
    dates = study_dates(status)
    certain, told_certain = certainties(status, dates)
    size, wanted, told_size = _size(design.inside("enrollmentInfo"))
    groups = arms(protocol.inside("armsInterventionsModule"))
    criteria = eligibility(who)
    rows = contacts.each("locations")
    lands, no_land = countries(rows, contacts)
    yes, no, no_answer = features(f)
    limits = ages(who, whole=whole)
    headings = tuple(topics(f.inside("derivedSection")))
    happened = tuple(events(f, status))
    diseases, no_disease = parted(strings(conditions, "conditions"), "hasCondition")
    left, not_left = parted(
        strings(f.inside("derivedSection.miscInfoModule"), "removedCountries"), "formerCountry"
    )
    made = Record(
        publisher="ctgov",
        issuer="ctgov",
        local_id=issued.value or "",
        version=_version(status, f),
        registration_number=issued,
        registration_date=submitted,
        submission_date=submitted,
        secondary_identifiers=tuple(_identifiers(ident, aliases, status)),
        study_subject_ids=_present(ident.string("orgStudyIdInfo.id")),
        public_title=text(ident, "briefTitle"),
        scientific_title=text(ident, "officialTitle"),
        acronym=text(ident, "acronym"),
        study_type=design.concepts("study-type", en="studyType"),
        phase=design.concepts_of("phase", "phases"),
        design_model=_models(info),
        allocation=info.concepts("allocation", en="allocation"),
        masking=info.concepts("masking", en="maskingInfo.masking"),
        masked_party=info.concepts_of("masked-party", "maskingInfo.whoMasked"),
        primary_purpose=info.concepts("primary-purpose", en="primaryPurpose"),
        time_perspective=info.concepts_of("time-perspective", "timePerspective"),
        brief_summary=text(about, "briefSummary", lines=True),
        detailed_description=text(about, "detailedDescription", lines=True),
        design_description=text(info, "interventionModelDescription", lines=True),
        masking_description=text(info, "maskingInfo.maskingDescription", lines=True),
        follow_up_duration=design.string("targetDuration"),
        keywords=strings(conditions, "keywords"),
        features=yes,
        lacks=no,
        recruitment_status=status.concepts("recruitment-status", en="overallStatus"),
        last_known_status=status.concepts("recruitment-status", en="lastKnownStatus"),
        why_stopped=text(status, "whyStopped", lines=True),
        status_verified=status.date("statusVerifiedDate", day),
        recruitment_start=dates["startDateStruct"],
        primary_completion_date=dates["primaryCompletionDateStruct"],
        completion_date=dates["completionDateStruct"],
        actual_dates=certain["actual"],
        estimated_dates=certain["estimated"],
        target_sample_size=wanted,
        actual_sample_size=size,
        inclusion_criteria=criteria.inclusion,
        exclusion_criteria=criteria.exclusion,
        criteria_text=criteria.whole,
        min_age=limits.lowest,
        max_age=limits.highest,
        no_age_limit=limits.unlimited,
        age_as_given=limits.as_given,
        sex=who.concepts("sex", en="sex"),
        gender_description=text(who, "genderDescription", lines=True),
        age_groups=who.concepts_of("age-group", "stdAges"),
        healthy_volunteers=who.concepts("answer", en="healthyVolunteers"),
        study_population=text(who, "studyPopulation", lines=True),
        sampling_method=who.concepts("sampling-method", en="samplingMethod"),
        results_posted=status.date("resultsFirstPostDateStruct.date", day),
        ipd_sharing=ipd.concepts("answer", en="ipdSharing"),
        ipd_sharing_plan=text(ipd, "description", lines=True),
        ipd_information=ipd.concepts_of("ipd-information", "infoTypes"),
        ipd_time_frame=text(ipd, "timeFrame", lines=True),
        ipd_access=text(ipd, "accessCriteria", lines=True),
        ipd_links=address(ipd, "url"),
        data_monitoring_committee=protocol.inside("oversightModule").concepts(
            "answer", en="oversightHasDmc"
        ),
        countries=lands,
        former_countries=tuple(place_named(Texts(en=said), f.registry) for said in left),
        roles=roles(ident, sponsors, contacts),
        sites=tuple(sites(rows, contacts)),
        arms=groups.arms,
        interventions=groups.interventions,
        conditions=tuple(_conditions(diseases, headings)),
        outcomes=tuple(outcomes(protocol.inside("outcomesModule"))),
        specimens=tuple(_specimens(design.inside("bioSpec"))),
        topics=headings,
        references=tuple(
            references(
                protocol.inside("referencesModule"), f.inside("documentSection.largeDocumentModule")
            )
        ),
        events=tuple(one for one in happened if isinstance(one, RecordEvent)),
        told_by=(*told_certain, *told_size),
        blanks=(
            *no_alias,
            *no_answer,
            *_no_identifiers(ident),
            *status.blanks("secondaryIdentifier", plain="expandedAccessInfo.nctId"),
            *no_disease,
            *not_left,
            *no_land,
            *nobody(ident, sponsors, contacts),
            *(one for one in happened if isinstance(one, Blank)),
        ),
    )
    missing = tuple(sorted(not_asked(made) if whole else not_shown(made)))
    return replace(made, version=replace(made.version, not_printed=missing)) if missing else made


def _leave_out(f: Fields) -> None:
    f.skip("ctrname", "record_last_import", "_id", why="added by whoever made the copy")
    f.skip("resultsSection", why="posted results: out of the scope of this graph")
    f.skip(
        "derivedSection.miscInfoModule.modelPredictions",
        why="a guess of the registry's own model",
    )
    f.skip(
        "derivedSection.miscInfoModule.versionHolder",
        why="the day of the registry's data release, the same for all its records",
    )
    f.skip(
        "protocolSection.designModule.nPtrsToThisExpAccNctId",
        why="a count of other records that the registry keeps",
    )


def _number(printed: str) -> str:
    found = identifiers.registration(printed, "ctgov", "NCT09999901")
    if found.number != printed.strip():
        raise ValueError("expected a number such as NCT09999901")
    return found.number


def _present(said: Said[str] | None) -> tuple[Said[str], ...]:
    return (said,) if said else ()


def _version(status: Fields, f: Fields) -> Version:
    """The state of the record, dated by its last update; by the data release where none is told."""
    for where, label in (
        (status, "lastUpdatePostDateStruct.date"),
        (status, "lastUpdateSubmitDate"),
        (f, "derivedSection.miscInfoModule.versionHolder"),
    ):
        said = where.date(label, day) if where.has(label) else None
        if said is not None and said.value is not None:
            return Version(refreshed=said)
    return Version()


def _conditions(diseases: list[Said[str]], headings: tuple[Topic, ...]) -> Iterator[Condition]:
    """The conditions; one that is worded as a MeSH heading the registry found in it is that."""
    known: dict[str, tuple[Said[str], ...]] = {}
    for heading in headings:
        if heading.sort == "condition-mesh":
            known.setdefault(folded(heading.name.label), heading.same_as)
    for said in diseases:
        yield Condition(name=Texts(en=said), same_as=known.get(folded(said.value or ""), ()))


def _models(f: Fields) -> Said[Codes] | None:
    """The interventional or the observational model; a record that prints both has both."""
    # Version 1 lists observational models, as it lists time perspectives.
    labels = ("interventionModel", "observationalModel")
    found = [said for label in labels if (said := f.concepts_of("design-model", label))]
    told = [said for said in found if said.value]
    if len(told) < 2:
        return next(iter(told or found), None)
    return joined(tuple(code for said in told for code in said.value or ()), tuple(told))


def _size(f: Fields) -> tuple[Said[int] | None, Said[int] | None, tuple[Said[str], ...]]:
    """The enrolment as an actual number or a target, and the word that says which.

    Without a type it is a target; beside a type that is not understood it is neither.
    """
    count = f.count("count")
    kind = f.concepts("date-certainty", en="type")
    if kind is None:
        return None, count, ()
    if kind.refused:
        f.left_over(count, why="whether it is actual or a target is not understood")
        return None, None, ()
    told = kind.but("; ".join(kind.value or ()) or None, refused=kind.refused)
    return (count, None, (told,)) if kind.value == ("actual",) else (None, count, (told,))


def _identifiers(
    ident: Fields, aliases: list[Said[str]], status: Fields
) -> Iterator[SecondaryIdentifier]:
    for said in aliases:
        yield SecondaryIdentifier(notation=said, registry="ctgov", relation="alias")
    for row in ident.each("secondaryIdInfos"):
        yield from _secondary(row)
    own = ident.inside("orgStudyIdInfo")
    if own.has("type") or own.has("link") or _of_another_registry(own):
        yield from _secondary(own)
    access = status.inside("expandedAccessInfo")
    number = access.string("nctId")
    state = access.concepts("recruitment-status", en="statusForNctId")
    if number and number.value:
        yield SecondaryIdentifier(
            notation=number, registry="ctgov", relation="expanded-access", status=state
        )
    else:
        access.left_over(state, why="of a record that is not named")


def _of_another_registry(own: Fields) -> bool:
    """Whether a sponsor's own number is the one that another registry gave the trial."""
    said = own.string("id")
    text = (said.value if said else None) or ""
    found = identifiers.occurrences(text, expected=True)
    return len(found) == 1 and found[0].printed == text and found[0].registry != "ctgov"


def _no_identifiers(ident: Fields) -> Iterator[Blank]:
    """The identifiers that are printed as a placeholder."""
    return without_number(row.string("id") for row in ident.each("secondaryIdInfos"))


def _secondary(row: Fields) -> Iterator[SecondaryIdentifier]:
    """One identifier; its registry is told by its form, never by the declared type."""
    made = secondary_identifier(row.string("id"))
    if made is None:
        row.skip("type", "domain", "link", why="of an identifier that is not given")
        return
    sort = row.concepts("identifier-type", en="type")
    if made.sort is not None:  # a UTN, which the registry calls REGISTRY or OTHER
        sort = joined(made.sort.value, (made.sort, sort))
    yield replace(made, sort=sort, issuer=row.string("domain"), links=address(row, "link"))


def _specimens(f: Fields) -> Iterator[Specimen]:
    retention = f.concepts("specimen-retention", en="retention")
    description = text(f, "description")
    if retention is not None or description is not None:
        yield Specimen(name=name(f, "description"), retention=retention)
