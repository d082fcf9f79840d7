"""What a record says, typed and immutable; each field names its property.

An extractor fills a ``Record``; ``kg.statements`` turns it into quads. Neither guesses: a field is
``None`` when the source does not print its label, ``Said(None, …)`` when the label stands there
without a value, and ``Said(value, …)`` else. Meaning of each property: ``ontology/trial.ttl``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from kg.contacts import Channel
from kg.properties import (
    addresses,
    codes,
    measure,
    moment,
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
    channel_kinds: Codes = field(
        default=(),
        metadata={"predicate": "tkg:channelKind", "how": "notations", "scheme": "channel-kind"},
    )
    channels: tuple[Channel, ...] = ()
    alone: bool = True  # False: the field names several people, so its channels prove nothing

    @property
    def label(self) -> Texts:
        return self.name


Mention = OrganizationMention | CommitteeMention | PersonMention


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssignment(Part):
    """Somebody in a role: on a record, on a site, or on an approval (ethics contact)."""

    KIND: ClassVar[str] = "tkg:RoleAssignment"
    SLOT: ClassVar[str] = "role"

    role: str = field(
        metadata={"predicate": "tkg:role", "how": "notation", "scheme": "role"}, default=""
    )
    agent: PersonMention | OrganizationMention = part("tkg:agent")
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
    place: tuple[Place, ...] = places("dcterms:spatial")
    level: Said[Codes] | None = codes("tkg:institutionLevel", "institution-level")
    status: Said[Codes] | None = codes("tkg:siteStatus", "recruitment-status")
    latitude: Said[Decimal] | None = measure("geo:lat")
    longitude: Said[Decimal] | None = measure("geo:long")
    roles: tuple[RoleAssignment, ...] = parts("tkg:hasRoleAssignment")
    list_position: int | None = position()

    @property
    def label(self) -> Texts | str:
        if self.organization:
            return self.organization.name
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
    code: Said[str] | None = string("tkg:interventionCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm(Named):
    """A group of participants."""

    KIND: ClassVar[str] = "tkg:Arm"
    SLOT: ClassVar[str] = "arm"

    size: Said[int] | None = number("tkg:armSize")
    sort: Said[Codes] | None = codes("tkg:armType", "arm-type")
    interventions: tuple[Intervention, ...] = parts("tkg:usesIntervention")
    list_position: int | None = position()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Named):
    """A disease or health condition under study."""

    KIND: ClassVar[str] = "tkg:Condition"
    SLOT: ClassVar[str] = "condition"

    code: Said[str] | None = string("tkg:conditionCode")


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
    note: Texts | None = text("skos:note")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondaryIdentifier(Part):
    """A number that another registry or organization gave the trial."""

    KIND: ClassVar[str] = "adms:Identifier"
    SLOT: ClassVar[str] = "identifier"

    notation: str = string("skos:notation")
    registry: str | None = field(
        default=None, metadata={"predicate": "tkg:registry", "how": "registry"}
    )
    as_printed: str | None = string("skos:altLabel")

    @property
    def label(self) -> str:
        return self.notation


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One dated state of the record; its IRI is its named graph's."""

    KIND: ClassVar[str] = "tkg:RecordVersion"

    refreshed: Said[PartialDate] | None = when("tkg:lastRefreshed")
    refreshed_at: Said[str] | None = moment("tkg:refreshedAt")
    submitted_at: Said[str] | None = moment("tkg:submittedAt")
    created_at: Said[str] | None = moment("dcterms:created")
    printed_label: Said[str] | None = string("tkg:versionLabel")
    layout: str | None = string("tkg:sourceLayout")
    source_file: str | None = string("tkg:sourceFile")
    source_sha256: str | None = string("tkg:sourceSha256")
    unparsed_labels: tuple[str, ...] = strings("tkg:unparsedLabel")
    unparsed_words: tuple[str, ...] = strings("tkg:unparsedWord")


STUDY_CLASSES: dict[str, str] = {
    "interventional": "tkg:InterventionalRecord",
    "treatment": "tkg:InterventionalRecord",
    "observational": "tkg:ObservationalRecord",
    "epidemiological": "tkg:ObservationalRecord",
    "prognostic": "tkg:ObservationalRecord",
    "etiological": "tkg:ObservationalRecord",
    "related-factors": "tkg:ObservationalRecord",
    "diagnostic": "tkg:OtherRecord",
    "prevention": "tkg:OtherRecord",
    "screening": "tkg:OtherRecord",
    "health-services": "tkg:OtherRecord",
    "basic-science": "tkg:OtherRecord",
    "expanded-access": "tkg:OtherRecord",
    "other": "tkg:OtherRecord",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Part):
    """A trial's entry in one registry, portal or aggregator: everything the source says of it."""

    KIND: ClassVar[str] = "tkg:Record"

    publisher: str = field(metadata={"predicate": "tkg:publishedBy", "how": "registry"}, default="")
    issuer: str | None = field(
        default=None, metadata={"predicate": "tkg:registry", "how": "registry"}
    )
    local_id: str = ""  # the number, or what stands for it where the source prints none
    version: Version = field(default_factory=Version)

    registration_number: Said[str] | None = string("tkg:registrationNumber")
    number_as_printed: str | None = string("skos:altLabel")
    registration_date: Said[PartialDate] | None = when("tkg:registrationDate")
    submission_date: Said[PartialDate] | None = when("tkg:submissionDate")
    declared_timing: Said[Codes] | None = codes("tkg:declaredTiming", "registration-timing")
    audit_state: Said[Codes] | None = codes("tkg:auditState", "audit-state")
    secondary_identifiers: tuple[SecondaryIdentifier, ...] = parts("tkg:secondaryIdentifier")
    study_subject_ids: tuple[Said[str], ...] = strings("tkg:studySubjectId")

    public_title: Texts | None = text("tkg:publicTitle")
    scientific_title: Texts | None = text("tkg:scientificTitle")
    acronym: Texts | None = text("tkg:acronym")
    study_type: Said[Codes] | None = codes("tkg:studyType", "study-type")
    phase: Said[Codes] | None = codes("tkg:phase", "phase")
    design_model: Said[Codes] | None = codes("tkg:designModel", "design-model")
    allocation: Said[Codes] | None = codes("tkg:allocation", "allocation")
    masking: Said[Codes] | None = codes("tkg:masking", "masking")
    masked_party: Said[Codes] | None = codes("tkg:maskedParty", "masked-party")
    primary_purpose: Said[Codes] | None = codes("tkg:primaryPurpose", "primary-purpose")
    time_perspective: Said[Codes] | None = codes("tkg:timePerspective", "time-perspective")
    randomization_method: Texts | None = text("tkg:randomizationMethod")
    objective: Texts | None = text("tkg:objective")
    treatment_description: Texts | None = text("tkg:treatmentDescription")
    data_management: Texts | None = text("tkg:dataManagement")

    recruitment_status: Said[Codes] | None = codes("tkg:recruitmentStatus", "recruitment-status")
    recruitment_start: Said[PartialDate] | None = when("tkg:recruitmentStart")
    recruitment_end: Said[PartialDate] | None = when("tkg:recruitmentEnd")
    study_start: Said[PartialDate] | None = when("tkg:studyStart")
    study_end: Said[PartialDate] | None = when("tkg:studyEnd")
    primary_completion_date: Said[PartialDate] | None = when("tkg:primaryCompletionDate")
    completion_date: Said[PartialDate] | None = when("tkg:completionDate")
    actual_dates: tuple[str, ...] = field(
        default=(), metadata={"predicate": "tkg:actualDate", "how": "properties"}
    )
    target_sample_size: Said[int] | None = number("tkg:targetSampleSize")
    actual_sample_size: Said[int] | None = number("tkg:actualSampleSize")

    inclusion_criteria: Texts | None = text("tkg:inclusionCriteria")
    exclusion_criteria: Texts | None = text("tkg:exclusionCriteria")
    criteria_text: Texts | None = text("tkg:criteriaText")
    min_age: Said[Decimal] | None = measure("tkg:minAge")
    max_age: Said[Decimal] | None = measure("tkg:maxAge")
    no_age_limit: Said[Codes] | None = codes("tkg:noAgeLimit", "age-limit")
    age_as_given: tuple[Said[str], ...] = strings("tkg:ageAsGiven")
    sex: Said[Codes] | None = codes("tkg:sex", "sex")
    healthy_volunteers: Said[Codes] | None = codes("tkg:healthyVolunteers", "answer")

    results_public: Said[Codes] | None = codes("tkg:resultsPublic", "results-public")
    results_posted: Said[PartialDate] | None = when("tkg:resultsPosted")
    results_links: tuple[Said[str], ...] = addresses("tkg:resultsLink")
    results_summary: Texts | None = text("tkg:resultsSummary")
    ipd_sharing: Said[Codes] | None = codes("tkg:ipdSharing", "answer")
    ipd_sharing_plan: Texts | None = text("tkg:ipdSharingPlan")
    data_monitoring_committee: Said[Codes] | None = codes("tkg:dataMonitoringCommittee", "answer")

    countries: tuple[Place, ...] = places("tkg:countryOfRecruitment")
    roles: tuple[RoleAssignment, ...] = parts("tkg:hasRoleAssignment")
    sites: tuple[SiteParticipation, ...] = parts("tkg:hasSiteParticipation")
    approvals: tuple[EthicsApproval, ...] = parts("tkg:hasEthicsApproval")
    arms: tuple[Arm, ...] = parts("tkg:hasArm")
    interventions: tuple[Intervention, ...] = parts("tkg:hasIntervention")
    conditions: tuple[Condition, ...] = parts("tkg:hasCondition")
    outcomes: tuple[OutcomeMeasure, ...] = parts("tkg:hasOutcome")
    funding: tuple[Funding, ...] = parts("tkg:hasFunding")
    specimens: tuple[Specimen, ...] = parts("tkg:hasSpecimen")

    @property
    def label(self) -> Texts | str:
        if self.public_title:
            return self.public_title
        return self.scientific_title or self.local_id

    @property
    def classes(self) -> tuple[str, ...]:
        kinds = {self.KIND}
        if self.issuer and self.registration_number and self.registration_number.value:
            kinds.add("tkg:Registration")
        for code in (self.study_type.value if self.study_type else None) or ():
            kinds.add(STUDY_CLASSES[code])
        if self.allocation and {"randomized", "cluster-randomized"} & set(
            self.allocation.value or ()
        ):
            kinds.add("tkg:RandomizedRecord")
        return tuple(sorted(kinds))


KINDS: tuple[type, ...] = (
    Record,
    Version,
    OrganizationMention,
    CommitteeMention,
    PersonMention,
    RoleAssignment,
    SiteParticipation,
    EthicsApproval,
    Intervention,
    Arm,
    Condition,
    OutcomeMeasure,
    Funding,
    Specimen,
    SecondaryIdentifier,
)
