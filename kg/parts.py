"""The parts of a record: mentions, roles, sites, approvals, arms, outcomes, references.

Each field names its property, as in ``kg.model``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from kg.contacts.masking import Channel
from kg.properties import (
    addresses,
    codes,
    measure,
    notations,
    number,
    part,
    parts,
    places,
    position,
    string,
    strings,
    text,
    when,
)
from kg.said import Blank, Codes, Place, Said, Texts
from kg.values import PartialDate


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A node of a record. ``SLOT`` opens its IRI; ``label`` names it and gives the digest."""

    KIND: ClassVar[str] = ""
    SLOT: ClassVar[str] = ""
    blanks: tuple[Blank, ...] = ()
    # Printed fields that made this node what it is and that no property repeats: the word of a
    # role, the mark that a date is actual. They have their row in the table of lines.
    told_by: tuple[Said[str], ...] = ()

    @property
    def label(self) -> Texts | str:
        """The printed name; a plain string has no language."""
        raise AttributeError(f"{type(self).__name__} has no label")

    @property
    def key(self) -> str:
        """What the record prints and the IRI is made of: never a list position."""
        label = self.label
        return label if isinstance(label, str) else label.label

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes asserted of the node."""
        return (self.KIND,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Part):
    """A part whose name is its label."""

    name: Texts = Texts()

    @property
    def label(self) -> Texts:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationMention(Part):
    """An organization as printed."""

    KIND: ClassVar[str] = "tkg:OrganizationMention"
    SLOT: ClassVar[str] = "organization"

    name: Texts = text("tkg:nameAsGiven")
    place: tuple[Place, ...] = places("dcterms:spatial")
    stated_kind: Said[Codes] | None = codes("tkg:statedKind", "organization-kind")
    external_ids: tuple[Said[str], ...] = strings("tkg:externalIdentifier")  # "ror:…", "ctis:ORG-…"
    channel_kinds: Codes = notations("tkg:channelKind", "channel-kind")
    channels: tuple[Channel, ...] = ()

    @property
    def label(self) -> Texts:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeMention(Part):
    """An ethics committee as printed."""

    KIND: ClassVar[str] = "tkg:CommitteeMention"
    SLOT: ClassVar[str] = "committee"

    name: Texts = text("tkg:nameAsGiven")

    @property
    def label(self) -> Texts:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMention(Part):
    """A person as printed; ``channels`` are the field's, shared by all people of one field."""

    KIND: ClassVar[str] = "tkg:PersonMention"
    SLOT: ClassVar[str] = "person"

    name: Texts = text("tkg:nameAsGiven")
    affiliations: tuple[OrganizationMention, ...] = parts("tkg:affiliation")
    degree: str | None = string("tkg:degree")
    external_ids: tuple[Said[str], ...] = strings("tkg:externalIdentifier")  # "orcid:…"
    channel_kinds: Codes = notations("tkg:channelKind", "channel-kind")
    channels: tuple[Channel, ...] = ()
    alone: bool = True  # False: the field names several people, so its channels prove nothing

    @property
    def label(self) -> Texts:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleContact(Part):
    """An office, a department, a call centre or a job title that stands in a name field.

    Nobody's name and no organization's: it refers to no entity and is never shared by records.
    """

    KIND: ClassVar[str] = "tkg:RoleContact"
    SLOT: ClassVar[str] = "office"

    name: Texts = text("tkg:nameAsGiven")
    affiliations: tuple[OrganizationMention, ...] = parts("tkg:affiliation")
    channel_kinds: Codes = notations("tkg:channelKind", "channel-kind")
    channels: tuple[Channel, ...] = ()

    @property
    def label(self) -> Texts:
        return self.name


Mention = OrganizationMention | CommitteeMention | PersonMention
Agent = PersonMention | OrganizationMention | RoleContact


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment(Part):
    """Somebody in a role: on a record, on a site, or on an approval (ethics contact)."""

    KIND: ClassVar[str] = "tkg:RoleAssignment"
    SLOT: ClassVar[str] = "role"

    role: str = field(
        metadata={"predicate": "tkg:role", "how": "notation", "scheme": "role"}, default=""
    )
    agent: Agent = part("tkg:agent")
    title: Texts | None = text("tkg:roleTitle")
    responsible_as: Said[Codes] | None = codes("tkg:responsiblePartyType", "responsible-party-type")
    list_position: int | None = position()

    @property
    def label(self) -> str:
        return f"{self.role.replace('-', ' ')}: {self.agent.key}"

    @property
    def key(self) -> str:
        return self.agent.key


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteParticipation(Part):
    """One row of the site list."""

    KIND: ClassVar[str] = "tkg:SiteParticipation"
    SLOT: ClassVar[str] = "site"

    organization: OrganizationMention | None = part("tkg:siteOrganization")
    # The printed name where it is none: "Research Site", "Local Institution - 0012".
    masked_name: Texts | None = text("tkg:maskedSiteName")
    place: tuple[Place, ...] = places("dcterms:spatial")
    postcode: Said[str] | None = string("tkg:sitePostcode")
    level: Said[Codes] | None = codes("tkg:institutionLevel", "institution-level")
    status: Said[Codes] | None = codes("tkg:siteStatus", "recruitment-status")
    recruitment_start: Said[PartialDate] | None = when("tkg:siteRecruitmentStart")
    start_certainty: Said[Codes] | None = codes("tkg:dateCertainty", "date-certainty")
    latitude: Said[Decimal] | None = measure("geo:lat")
    longitude: Said[Decimal] | None = measure("geo:long")
    roles: tuple[RoleAssignment, ...] = parts("tkg:hasRoleAssignment")
    list_position: int | None = position()

    @property
    def label(self) -> Texts | str:
        if self.organization:
            return self.organization.name
        if self.masked_name:
            return self.masked_name
        return ", ".join(p.name.label or p.code or "" for p in self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class EthicsApproval(Part):
    """One decision of one committee."""

    KIND: ClassVar[str] = "tkg:EthicsApproval"
    SLOT: ClassVar[str] = "ethics"

    decision: Said[Codes] | None = codes("tkg:decision", "ethics-decision")
    number: Said[str] | None = string("tkg:approvalNumber")
    date: Said[PartialDate] | None = when("tkg:approvalDate")
    committee: CommitteeMention | None = part("tkg:committee")
    note: Texts | None = text("skos:note")  # the sentence that an old record prints instead
    roles: tuple[RoleAssignment, ...] = parts("tkg:hasRoleAssignment")

    @property
    def label(self) -> Texts | str:
        if self.number and self.number.value:
            return self.number.value
        return self.committee.name if self.committee else "ethics approval"

    @property
    def key(self) -> str:
        committee = self.committee.key if self.committee else ""
        number = (self.number.value if self.number else None) or ""
        return f"{committee} {number}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention(Named):
    """A treatment, procedure or exposure."""

    KIND: ClassVar[str] = "tkg:Intervention"
    SLOT: ClassVar[str] = "intervention"

    sort: Said[Codes] | None = codes("tkg:interventionType", "intervention-type")
    description: Texts | None = text("tkg:interventionDescription")
    other_names: tuple[Said[str], ...] = strings("tkg:otherName")
    code: Said[str] | None = string("tkg:interventionCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm(Named):
    """A group of participants."""

    KIND: ClassVar[str] = "tkg:Arm"
    SLOT: ClassVar[str] = "arm"

    size: Said[int] | None = number("tkg:armSize")
    sort: Said[Codes] | None = codes("tkg:armType", "arm-type")
    description: Texts | None = text("tkg:armDescription")
    interventions: tuple[Intervention, ...] = parts("tkg:usesIntervention")
    list_position: int | None = position()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Named):
    """A disease or health condition under study."""

    KIND: ClassVar[str] = "tkg:Condition"
    SLOT: ClassVar[str] = "condition"

    code: Said[str] | None = string("tkg:conditionCode")
    same_as: tuple[Said[str], ...] = addresses("skos:exactMatch")  # MeSH, MedDRA, ICD addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Named):
    """A subject heading that the registry derives from what the registrant wrote."""

    KIND: ClassVar[str] = "tkg:Topic"
    SLOT: ClassVar[str] = "topic"

    sort: str = field(
        metadata={"predicate": "tkg:topicKind", "how": "notation", "scheme": "topic-kind"},
        default="",
    )
    code: Said[str] | None = string("tkg:topicCode")
    same_as: tuple[Said[str], ...] = addresses("skos:exactMatch")
    found_as: Said[str] | None = string("tkg:topicFoundAs")
    relevance: Said[str] | None = string("tkg:topicRelevance")

    @property
    def key(self) -> str:
        return f"{self.sort} {self.name.label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeMeasure(Named):
    """What is measured, when and how."""

    KIND: ClassVar[str] = "tkg:OutcomeMeasure"
    SLOT: ClassVar[str] = "outcome"

    sort: Said[Codes] | None = codes("tkg:outcomeType", "outcome-type")
    time_point: Texts | None = text("tkg:timePoint")
    method: Texts | None = text("tkg:method")
    list_position: int | None = position()

    @property
    def classes(self) -> tuple[str, ...]:
        found = self.sort.value if self.sort else None
        more = {"primary": "tkg:PrimaryOutcome", "secondary": "tkg:SecondaryOutcome"}
        return (self.KIND, *(more[c] for c in found or () if c in more))


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Part):
    """A source of money or material."""

    KIND: ClassVar[str] = "tkg:Funding"
    SLOT: ClassVar[str] = "funding"

    as_given: Texts = text("tkg:fundingAsGiven")
    funder: OrganizationMention | None = part("tkg:fundedBy")
    grant_number: Said[str] | None = string("tkg:grantNumber")

    @property
    def label(self) -> Texts:
        return self.as_given


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen(Named):
    """A sample taken from participants."""

    KIND: ClassVar[str] = "tkg:Specimen"
    SLOT: ClassVar[str] = "specimen"

    tissue: Texts | None = text("tkg:tissue")
    fate: Said[Codes] | None = codes("tkg:specimenFate", "specimen-fate")
    retention: Said[Codes] | None = codes("tkg:specimenRetention", "specimen-retention")
    note: Texts | None = text("skos:note")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryIdentifier(Part):
    """A number that another registry or organization gave the trial."""

    KIND: ClassVar[str] = "adms:Identifier"
    SLOT: ClassVar[str] = "identifier"

    notation: Said[str] = string("skos:notation")
    registry: str | None = field(
        default=None, metadata={"predicate": "tkg:registry", "how": "registry"}
    )
    as_printed: str | None = string("skos:altLabel")
    relation: str | None = field(
        default=None,
        metadata={
            "predicate": "tkg:identifierRelation",
            "how": "notation",
            "scheme": "identifier-relation",
        },
    )  # None: it is a number of this trial
    sort: Said[Codes] | None = codes("tkg:identifierType", "identifier-type")
    issuer: Said[str] | None = string("adms:schemaAgency")
    links: tuple[Said[str], ...] = addresses("tkg:link")
    status: Said[Codes] | None = codes("tkg:identifierStatus", "recruitment-status")

    @property
    def label(self) -> str:
        return self.notation.value or self.notation.printed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Part):
    """A publication, a web page or a document that the record points to; named by its citation."""

    KIND: ClassVar[str] = "tkg:Reference"
    SLOT: ClassVar[str] = "reference"

    name: Texts = text("tkg:citation")
    sort: Said[Codes] | None = codes("tkg:referenceKind", "reference-kind")
    identifiers: tuple[Said[str], ...] = strings("tkg:externalIdentifier")  # "pmid:…", "doi:…"
    links: tuple[Said[str], ...] = addresses("tkg:link")
    date: Said[PartialDate] | None = when("tkg:eventDate")
    notes: tuple[Said[str], ...] = strings("skos:note")

    @property
    def label(self) -> Texts | str:
        if self.name:
            return self.name
        told = [*self.identifiers, *self.links, *self.notes]
        return next((said.value for said in told if said.value), "reference")

    @property
    def key(self) -> str:
        label = self.label
        told = [said.value or "" for said in (*self.identifiers, *self.links)]
        return " ".join(filter(None, (label if isinstance(label, str) else label.label, *told)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent(Part):
    """Something that happened to the record or its approval on a day: submitted, decided …"""

    KIND: ClassVar[str] = "tkg:RecordEvent"
    SLOT: ClassVar[str] = "event"

    sort: str = field(
        metadata={"predicate": "tkg:eventKind", "how": "notation", "scheme": "event-kind"},
        default="",
    )
    date: Said[PartialDate] | None = when("tkg:eventDate")
    certainty: Said[Codes] | None = codes("tkg:dateCertainty", "date-certainty")
    outcome: Said[str] | None = string("tkg:eventOutcome")
    place: tuple[Place, ...] = places("dcterms:spatial")

    @property
    def label(self) -> str:
        where = ", ".join(p.name.label or p.code or "" for p in self.place)
        return f"{self.sort.replace('-', ' ')}{': ' if where else ''}{where}"

    @property
    def key(self) -> str:
        when = self.date.value.text if self.date and self.date.value else ""
        return f"{self.label} {when}".strip()
