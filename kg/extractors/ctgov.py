"""Records of ClinicalTrials.gov, as version 2 of its API gives them.

Paths are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure; each is read
here or left out with its reason. Posted results stay out as a whole: this graph is about who runs
trials, not about what they found.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg import identifiers
from kg.extractors.ctgov_design import age, arms, eligibility, features, outcomes, topics
from kg.extractors.ctgov_events import certainties, day, events
from kg.extractors.ctgov_people import countries, roles, sites
from kg.extractors.ctgov_references import address, references
from kg.extractors.ctgov_text import strings, text
from kg.fields import Fields, Note, Raw
from kg.items import Item
from kg.model import Condition, Record, SecondaryIdentifier, Specimen, Version
from kg.said import Said, Texts
from kg.wording import place_named

TITLE = "ClinicalTrials.gov, API version 2"

_PROTOCOL = "protocolSection"
_PROJECTED = "the answer was asked for some fields only; what it leaves out is unknown"


def knows(item: Item) -> bool:
    """Whether a JSON object holds a study of version 2 of the API."""
    return item.kind == "json" and _PROTOCOL in item.tree


def raw(item: Item) -> Raw:
    """The study as it stands, with a note where the answer was asked for some fields only."""
    whole = "hasResults" in item.tree or "derivedSection" in item.tree
    notes = () if whole else (Note("projected", _PROTOCOL, item.line, "", _PROJECTED),)
    return Raw(item.tree, "ctgov", notes)


def record(f: Fields) -> Record:
    """The record of one study."""
    f.skip("ctrname", "record_last_import", "_id", why="added by whoever made the copy")
    return read(f)


def read(f: Fields) -> Record:
    """The record of one study in the shape of version 2, in which older forms are brought too."""
    _leave_out(f)
    protocol = f.inside(_PROTOCOL)
    ident, status = protocol.inside("identificationModule"), protocol.inside("statusModule")
    design, about = protocol.inside("designModule"), protocol.inside("descriptionModule")
    info, who = design.inside("designInfo"), protocol.inside("eligibilityModule")
    contacts = protocol.inside("contactsLocationsModule")
    ipd = protocol.inside("ipdSharingStatementModule")
    conditions = protocol.inside("conditionsModule")
    issued = ident.need("nctId", _number)
    submitted = status.date("studyFirstSubmitDate", day)
    certain, told_certain = certainties(status)
    size, wanted, told_size = _size(design.inside("enrollmentInfo"))
    groups = arms(protocol.inside("armsInterventionsModule"))
    criteria = eligibility(who)
    rows = contacts.each("locations")
    yes, no = features(f)
    lowest, highest = age(who, "minimumAge"), age(who, "maximumAge")
    return Record(
        publisher="ctgov",
        issuer="ctgov",
        local_id=issued.value or "",
        version=_version(status),
        registration_number=issued,
        registration_date=submitted,
        submission_date=submitted,
        secondary_identifiers=tuple(_identifiers(ident, status)),
        study_subject_ids=_present(ident.string("orgStudyIdInfo.id")),
        public_title=text(ident, "briefTitle"),
        scientific_title=text(ident, "officialTitle"),
        acronym=text(ident, "acronym"),
        study_type=design.concepts("study-type", en="studyType"),
        phase=design.concepts_of("phase", "phases"),
        design_model=info.concepts("design-model", en="interventionModel")
        or info.concepts("design-model", en="observationalModel"),
        allocation=info.concepts("allocation", en="allocation"),
        masking=info.concepts("masking", en="maskingInfo.masking"),
        masked_party=info.concepts_of("masked-party", "maskingInfo.whoMasked"),
        primary_purpose=info.concepts("primary-purpose", en="primaryPurpose"),
        time_perspective=info.concepts("time-perspective", en="timePerspective"),
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
        recruitment_start=status.date("startDateStruct.date", day),
        primary_completion_date=status.date("primaryCompletionDateStruct.date", day),
        completion_date=status.date("completionDateStruct.date", day),
        actual_dates=certain["actual"],
        estimated_dates=certain["estimated"],
        target_sample_size=wanted,
        actual_sample_size=size,
        inclusion_criteria=criteria.inclusion,
        exclusion_criteria=criteria.exclusion,
        criteria_text=criteria.whole,
        min_age=lowest,
        max_age=highest,
        age_as_given=tuple(
            said.but(said.printed) for said in (lowest, highest) if said and said.value is not None
        ),
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
        countries=countries(rows, contacts),
        former_countries=tuple(
            place_named(Texts(en=said), f.registry)
            for said in strings(f.inside("derivedSection.miscInfoModule"), "removedCountries")
        ),
        roles=roles(ident, protocol.inside("sponsorCollaboratorsModule"), contacts),
        sites=tuple(sites(rows)),
        arms=groups.arms,
        interventions=groups.interventions,
        conditions=tuple(Condition(name=Texts(en=s)) for s in strings(conditions, "conditions")),
        outcomes=tuple(outcomes(protocol.inside("outcomesModule"))),
        specimens=tuple(_specimens(design.inside("bioSpec"))),
        topics=tuple(topics(f.inside("derivedSection"))),
        references=tuple(
            references(
                protocol.inside("referencesModule"), f.inside("documentSection.largeDocumentModule")
            )
        ),
        events=tuple(events(f, status)),
        told_by=(*told_certain, *told_size),
    )


def _leave_out(f: Fields) -> None:
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
    found = identifiers.expected(printed)
    if len(found) != 1 or found[0].registry != "ctgov" or found[0].number != printed.strip():
        raise ValueError("expected a number such as NCT09999901")
    return found[0].number


def _present(said: Said[str] | None) -> tuple[Said[str], ...]:
    return (said,) if said else ()


def _version(status: Fields) -> Version:
    posted = status.date("lastUpdatePostDateStruct.date", day)
    return Version(refreshed=posted or status.date("lastUpdateSubmitDate", day))


def _size(f: Fields) -> tuple[Said[int] | None, Said[int] | None, tuple[Said[str], ...]]:
    """The enrolment as an actual number or a target, and the word that says which."""
    count = f.count("count")
    kind = f.concepts("date-certainty", en="type")
    if kind and kind.value == ("actual",):
        return count, None, (kind.but("actual", kind.printed),)
    told = (kind.but("estimated", kind.printed),) if kind and kind.value else ()
    return None, count, told


def _identifiers(ident: Fields, status: Fields) -> Iterator[SecondaryIdentifier]:
    for said in ident.items("nctIdAliases"):
        if said.value:
            yield SecondaryIdentifier(notation=said, registry="ctgov", relation="alias")
    for row in ident.each("secondaryIdInfos"):
        yield from _secondary(row)
    own = ident.inside("orgStudyIdInfo")
    if own.has("type") or own.has("link"):
        yield from _secondary(own)
    access = status.inside("expandedAccessInfo")
    if (number := access.string("nctId")) and number.value:
        yield SecondaryIdentifier(
            notation=number,
            registry="ctgov",
            relation="expanded-access",
            status=access.concepts("recruitment-status", en="statusForNctId"),
        )


def _secondary(row: Fields) -> Iterator[SecondaryIdentifier]:
    """One identifier; its registry is told by its form, never by the declared type."""
    printed = row.string("id")
    if printed is None or printed.value is None:
        row.skip("type", "domain", "link", why="of an identifier that is not given")
        return
    found = identifiers.expected(printed.value)
    known = found[0] if len(found) == 1 else None
    number = known.number if known else printed.value
    yield SecondaryIdentifier(
        notation=printed.but(number),
        registry=known.registry if known else None,
        as_printed=printed.value if number != printed.value else None,
        sort=row.concepts("identifier-type", en="type"),
        issuer=row.string("domain"),
        links=address(row, "link"),
    )


def _specimens(f: Fields) -> Iterator[Specimen]:
    retention = f.concepts("specimen-retention", en="retention")
    description = text(f, "description", lines=True)
    if retention or description:
        yield Specimen(name=description or Texts(), retention=retention)
