"""What a record says, typed and immutable; each field names its property.

An extractor fills a ``Record``; ``kg.statements`` turns it into quads. Neither guesses: a field is
``None`` when the source does not print its label, ``Said(None, …)`` when the label stands there
without a value, and ``Said(value, …)`` else. Meaning of each property: ``ontology/trial.ttl``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from kg.parts import (
    Agent,
    Arm,
    CommitteeMention,
    Condition,
    EthicsApproval,
    Funding,
    Intervention,
    Mention,
    Named,
    OrganizationMention,
    OutcomeMeasure,
    Part,
    PersonMention,
    RecordEvent,
    Reference,
    RoleAssignment,
    RoleContact,
    SecondaryIdentifier,
    SiteParticipation,
    Specimen,
    Topic,
)
from kg.properties import (
    addresses,
    codes,
    measure,
    moment,
    notations,
    number,
    parts,
    places,
    string,
    strings,
    text,
    when,
)
from kg.said import Codes, Place, Said, Texts
from kg.values import PartialDate

__all__ = [
    "KINDS",
    "STUDY_CLASSES",
    "Agent",
    "Arm",
    "CommitteeMention",
    "Condition",
    "EthicsApproval",
    "Funding",
    "Intervention",
    "Mention",
    "Named",
    "OrganizationMention",
    "OutcomeMeasure",
    "Part",
    "PersonMention",
    "Record",
    "RecordEvent",
    "Reference",
    "RoleAssignment",
    "RoleContact",
    "SecondaryIdentifier",
    "SiteParticipation",
    "Specimen",
    "Topic",
    "Version",
]


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
    source_place: str | None = string("tkg:sourcePlace")  # studies[17], row 3
    # WHO sub-items that this form of the registry's records has no place for (an older export).
    not_printed: Codes = notations("tkg:notPrinted", "who-item")
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
    unsaid: tuple[Said[Any], ...] = ()  # fields with a placeholder, of whatever node they would be
    version: Version = field(default_factory=Version)

    registration_number: Said[str] | None = string("tkg:registrationNumber")
    number_as_printed: str | None = string("skos:altLabel")
    registration_date: Said[PartialDate] | None = when("tkg:registrationDate")
    submission_date: Said[PartialDate] | None = when("tkg:submissionDate")
    declared_timing: Said[Codes] | None = codes("tkg:declaredTiming", "registration-timing")
    audit_state: Said[Codes] | None = codes("tkg:auditState", "audit-state")
    secondary_identifiers: tuple[SecondaryIdentifier, ...] = parts("tkg:secondaryIdentifier")
    study_subject_ids: tuple[Said[str], ...] = strings("tkg:studySubjectId")
    mentioned_numbers: tuple[str, ...] = strings("tkg:mentionedNumber")  # found in free text
    web_addresses: tuple[Said[str], ...] = addresses("tkg:recordPage")

    public_title: Texts | None = text("tkg:publicTitle")
    scientific_title: Texts | None = text("tkg:scientificTitle")
    acronym: Texts | None = text("tkg:acronym")
    scientific_acronym: Texts | None = text("tkg:scientificAcronym")
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
    brief_summary: Texts | None = text("tkg:briefSummary")
    detailed_description: Texts | None = text("tkg:detailedDescription")
    design_description: Texts | None = text("tkg:designDescription")
    masking_description: Texts | None = text("tkg:maskingDescription")
    follow_up_duration: Said[str] | None = string("tkg:followUpDuration")
    keywords: tuple[Said[str], ...] = strings("tkg:keyword")
    features: Said[Codes] | None = codes("tkg:hasFeature", "feature")
    lacks: Said[Codes] | None = codes("tkg:lacksFeature", "feature")
    treatment_description: Texts | None = text("tkg:treatmentDescription")
    data_management: Texts | None = text("tkg:dataManagement")

    recruitment_status: Said[Codes] | None = codes("tkg:recruitmentStatus", "recruitment-status")
    last_known_status: Said[Codes] | None = codes("tkg:lastKnownStatus", "recruitment-status")
    why_stopped: Texts | None = text("tkg:whyStopped")
    status_verified: Said[PartialDate] | None = when("tkg:statusVerified")
    recruitment_start: Said[PartialDate] | None = when("tkg:recruitmentStart")
    recruitment_end: Said[PartialDate] | None = when("tkg:recruitmentEnd")
    study_start: Said[PartialDate] | None = when("tkg:studyStart")
    study_end: Said[PartialDate] | None = when("tkg:studyEnd")
    primary_completion_date: Said[PartialDate] | None = when("tkg:primaryCompletionDate")
    completion_date: Said[PartialDate] | None = when("tkg:completionDate")
    actual_dates: tuple[str, ...] = field(
        default=(), metadata={"predicate": "tkg:actualDate", "how": "properties"}
    )
    estimated_dates: tuple[str, ...] = field(
        default=(), metadata={"predicate": "tkg:estimatedDate", "how": "properties"}
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
    age_groups: Said[Codes] | None = codes("tkg:ageGroup", "age-group")
    gender_description: Texts | None = text("tkg:genderDescription")
    study_population: Texts | None = text("tkg:studyPopulation")
    sampling_method: Said[Codes] | None = codes("tkg:samplingMethod", "sampling-method")

    results_public: Said[Codes] | None = codes("tkg:resultsPublic", "results-public")
    results_posted: Said[PartialDate] | None = when("tkg:resultsPosted")
    results_links: tuple[Said[str], ...] = addresses("tkg:resultsLink")
    results_summary: Texts | None = text("tkg:resultsSummary")
    ipd_sharing: Said[Codes] | None = codes("tkg:ipdSharing", "answer")
    ipd_sharing_plan: Texts | None = text("tkg:ipdSharingPlan")
    ipd_information: Said[Codes] | None = codes("tkg:ipdInformation", "ipd-information")
    ipd_time_frame: Texts | None = text("tkg:ipdTimeFrame")
    ipd_access: Texts | None = text("tkg:ipdAccess")
    ipd_links: tuple[Said[str], ...] = addresses("tkg:ipdLink")
    data_monitoring_committee: Said[Codes] | None = codes("tkg:dataMonitoringCommittee", "answer")

    countries: tuple[Place, ...] = places("tkg:countryOfRecruitment")
    former_countries: tuple[Place, ...] = places("tkg:formerCountry")
    roles: tuple[RoleAssignment, ...] = parts("tkg:hasRoleAssignment")
    sites: tuple[SiteParticipation, ...] = parts("tkg:hasSiteParticipation")
    approvals: tuple[EthicsApproval, ...] = parts("tkg:hasEthicsApproval")
    arms: tuple[Arm, ...] = parts("tkg:hasArm")
    interventions: tuple[Intervention, ...] = parts("tkg:hasIntervention")
    conditions: tuple[Condition, ...] = parts("tkg:hasCondition")
    outcomes: tuple[OutcomeMeasure, ...] = parts("tkg:hasOutcome")
    funding: tuple[Funding, ...] = parts("tkg:hasFunding")
    specimens: tuple[Specimen, ...] = parts("tkg:hasSpecimen")
    topics: tuple[Topic, ...] = parts("tkg:hasTopic")
    references: tuple[Reference, ...] = parts("tkg:hasReference")
    events: tuple[RecordEvent, ...] = parts("tkg:hasEvent")

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
    RoleContact,
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
    Topic,
    Reference,
    RecordEvent,
)
