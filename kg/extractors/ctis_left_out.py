"""What the EU system prints for its own work: left out on purpose, each with its reason."""

from __future__ import annotations

from kg.fields import Fields

_KEYS = frozenset(
    [
        "id",
        "uuid",
        "addressId",
        "applicationId",
        "clinicalTrialId",
        "countryOrganisationId",
        "eutctId",
        "isoAlpha2Code",
        "isoAlpha3Code",
        "isoNumber",
        "language",
        "mscId",
        "originalApplicationId",
        "partTwoId",
        "partOneConclusionId",
        "part1Id",
        "part2Id",
        "party",
        "preferredLanguage",
        "productPk",
        "substancePk",
        "termId",
        "trialCategoryId",
        "trialScopeId",
        "typeCode",
        "versionNumber",
        "countryCode",
        "intl",
        "associatedEntityId",
    ]
)
_MARKS = frozenset(
    [
        "active",
        "current",
        "expressDecision",
        "isActive",
        "isBusinessKeyValidated",
        "isCreate",
        "isEditable",
        "isClockStopRemovalRequested",
        "isProposedRms",
        "isSave",
        "isWillingAtDayThreeView",
        "hasRecruitmentStarted",
        "organisationLocationStatus",
        "outOfScope",
        "willingAtDayThreeView",
        "clinicalTrialSponsor",
        "businessKeyForDisplay",
    ]
)
# Of the whole record, by path; reasons are printed by ``kg stats``.
_ROOT = {
    "the course of the applications, requests and answers; what was decided stands in part II": (
        "applications", "publicEvaluation", "authorizedApplication.applicationInfo",
        "initialApplicationId", "hasDeferrallApplied", "hasAmendmentApplied",
        "isRmsTacitAssignment", "mscTrialNotificationsInfoList", "correctiveMeasures",
    ),
    "the member states once more; see part II": (
        "memberStatesConcerned", "authorizedApplication.memberStatesConcerned", "decisionDate",
        "trialRegion", "trialRegionCode", "totalPartIISubjectCount",
    ),
    "part I once more": (
        "title", "shortTitle", "sponsorType", "therapeuticAreas", "ageRangeSecondary",
        "trialGlobalEnd",
    ),
    "added by whoever made the copy": ("ctrname", "record_last_import", "_id"),
}  # fmt: skip
_PART_I = {
    "the course of the assessment; what was decided stands in part II": (
        "applicationType", "assessmentOutcome", "assessmentOutcomeDate", "conclusionDate",
        "submissionDate", "contentLabeling",
    ),
    "said once more under trialDetails": (
        "medicalConditions", "partOneTherapeuticAreas", "trialCategoryJustificationComment",
        "isLowIntervention", "rowCountries",
    ),
    "codes whose words the record does not print": (
        "trialCategoryCode", "therapeuticAreas[].code", "therapeuticAreas.code",
        "trialDetails.trialInformation.trialCategory.trialCategory",
        "trialDetails.trialInformation.trialObjective.trialScopes",
        "trialDetails.trialInformation.populationOfTrialSubjects.ageRangeSecondaryIds",
        "trialDetails.trialInformation.populationOfTrialSubjects.ageRanges",
    ),
    "a number of participants outside the Union; the record's own total is kept": (
        "rowSubjectCount",
    ),
    "advice that the sponsor asked for before the application": (
        "trialDetails.scientificAdviceAndPip.scientificAdvices",
    ),
}  # fmt: skip
_PART_II = {
    "the course of the assessment in one member state": (
        "actualApplicationStatusCode", "applicationStatusCode", "applicationStatusDate",
        "conclusionDate", "submissionDate", "decisionDate", "mscInfo.applicationTypeMsc",
        "mscInfo.assessmentOutcome", "mscInfo.assessmentOutcomeDate",
        "mscInfo.clinicalTrialStatusHistory", "mscInfo.fromDate", "mscInfo.toDate",
    ),
    "the member state itself, named by mscName": (
        "mscInfo.organisationInfo", "mscInfo.countryName",
    ),
    "a number of participants in one member state; the record's own total is kept": (
        "recruitmentSubjectCount", "mscInfo.recruitmentSubjectCount",
    ),
}  # fmt: skip


def leave_out(f: Fields, part_i: Fields, parts_ii: list[Fields]) -> None:
    """Mark what is left out of a record; ``part_i`` and ``parts_ii`` are cursors inside ``f``."""
    for cursor, table in ((f, _ROOT), (part_i, _PART_I), *((p, _PART_II) for p in parts_ii)):
        for why, labels in table.items():
            cursor.skip(*labels, why=why)
    f.skip_below(_KEYS.__contains__, why="a key of the system")
    f.skip_below(_MARKS.__contains__, why="a mark of the system's forms")
    f.skip_below(
        lambda label: label.endswith("Translations"),
        why="the same text in another language of the Union",
    )
