"""Posted results beside the form, in copies: identifiers, dates and contacts; no tables."""

from __future__ import annotations

from collections.abc import Iterator

from kg.contacts.masking import kinds
from kg.extractors.euctr_answers import kept, line
from kg.fields import Fields
from kg.model import OrganizationMention, RecordEvent, RoleAssignment
from kg.said import Said, Texts, joined
from kg.values import PartialDate, iso_day
from kg.words.parties import assignments

_TABLES = (
    "subjectDisposition", "baselineCharacteristics", "endPoints", "trialChanges",
    "subjectAnalysisSets", "adverseEvents",
)  # fmt: skip
_OFFICES = {"publicContact": "public-contact", "scientificContact": "scientific-contact"}


def leave_out(f: Fields) -> None:
    """Mark what is left out of posted results."""
    f.skip(*_TABLES, why="tables of posted results")
    f.skip("eudractNumber", "sponsor", why="the form once more")
    inner = f.inside("trialInformation")
    inner.skip(
        "fullTitle", "partOfPIP", "mainObjective", "idmcInvolvement",
        why="the form once more, in the words of the results",
    )  # fmt: skip
    inner.skip(
        "art45Related", "art46Related",
        "analysisForPrimaryCompletion", "isGlobalEndOfTrialReached", "globalEndOfTrialPremature",
        "longTermFollowUpPlanned", "subjectsProtection", "countrySubjectCounts",
        "populationAgeGroup", "actualStartDate", "backgroundTherapy", "evidenceForComparator",
        "primaryCompletionDate", "longTermFollowUpDuration", "longTermFollowUpRationale",
        why="the posted results themselves",
    )  # fmt: skip


def stage(f: Fields) -> Said[str] | None:
    """The stage of the analysis that the posted results are of: ``final``, ``interim``."""
    said = f.inside("trialInformation").string("analysisStage.value")
    if said is None or said.value is None:
        return said
    return said.but(said.value.rpartition(".")[2])


def summary(f: Fields) -> Texts | None:
    """What is posted, in one sentence; the tables stay in the register."""
    told, day = stage(f), f.inside("trialInformation").date("analysisStageDate", iso_day)
    if told is None or told.value is None:
        f.inside("trialInformation").skip("analysisStageDate", why="of an analysis without a name")
        return None
    if day is None or day.value is None:
        return Texts(en=told.but(f"Posted results: {told.value} analysis"))
    written = f"Posted results: {told.value} analysis, {day.value.text}"
    return Texts(en=joined(written, (told, day)))


def end_day(f: Fields) -> Said[PartialDate] | None:
    """The day on which the trial ended everywhere."""
    return f.inside("trialInformation").date("globalEndOfTrialDate", iso_day)


def events(f: Fields) -> Iterator[RecordEvent]:
    """The start of recruitment; the form itself has no such date."""
    day = f.inside("trialInformation").date("recruitmentStartDate", iso_day)
    if day is not None:
        yield RecordEvent(sort="recruitment-started", date=day)


def contacts(f: Fields) -> Iterator[RoleAssignment]:
    """The contacts that the results name."""
    for row in f.inside("trialInformation.sponsors").each("sponsor"):
        row.skip("organisationName", why="the form once more, in the words of the results")
        row.channels(
            address=("address.streetAddress", "address.townCity"), postcode="address.postCode"
        )
        row.inside("address").skip("country", why="a key of the country")
        for label, role in _OFFICES.items():
            yield from _contact(row.inside(label), role)


def _contact(row: Fields, role: str) -> Iterator[RoleAssignment]:
    channels = row.channels(
        e_mail="emailAddress",
        phone=("telephoneNumber.number", "telephoneNumber.countryCode"),
        fax=("faxNumber.number", "faxNumber.countryCode"),
    )
    row.inside("telephoneNumber").skip("extension", why="part of a telephone number")
    name = line(row, "functionalContactName")
    organization = kept(line(row, "organisationName"))
    if name is not None and name.value:
        at = tuple(OrganizationMention(name=Texts(en=said)) for said in organization)
        yield from assignments(row, role, Texts(en=name), affiliations=at, channels=channels)
    else:
        for said in organization:
            agent = OrganizationMention(
                name=Texts(en=said), channel_kinds=kinds(channels), channels=channels
            )
            yield RoleAssignment(role=role, agent=agent)


def numbers(f: Fields) -> dict[str, Said[str] | None]:
    """Identifiers that the results print, by their labels."""
    inner = f.inside("trialInformation")
    plain = ("usctnIdentifier", "whoIdentifier", "isrctnIdentifier")
    return {label: inner.string(label) for label in plain}


def plans(f: Fields) -> tuple[Said[str], ...]:
    """Numbers of paediatric investigation plans."""
    inner = f.inside("trialInformation")
    if not inner.inside("pipnumbers"):
        return ()
    return tuple(
        said
        for row in inner.each("pipnumbers.pipnumber")
        if (said := row.string("number")) is not None and said.value
    )


def protocol(f: Fields) -> Said[str] | None:
    """The sponsor's number of the protocol once more."""
    return f.inside("trialInformation").string("sponsorProtocolCode")
