"""Dates of ClinicalTrials.gov: which are actual, and what happened to the record when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.fields import Fields
from kg.model import RecordEvent
from kg.said import Blank, Said
from kg.values import PartialDate, english_date, partial_date

# Dates of the study whose type the registry prints, with the property that holds each.
_STRUCTS = {
    "startDateStruct": "tkg:recruitmentStart",
    "primaryCompletionDateStruct": "tkg:primaryCompletionDate",
    "completionDateStruct": "tkg:completionDate",
}
_NO_DATE = "stands beside a date that is not given"
_EVENTS = {
    "studyFirstSubmitQcDate": "first-submitted-qc",
    "resultsFirstSubmitDate": "results-first-submitted",
    "resultsFirstSubmitQcDate": "results-first-submitted-qc",
    "dispFirstSubmitDate": "disposition-first-submitted",
    "dispFirstSubmitQcDate": "disposition-first-submitted-qc",
    "lastUpdateSubmitDate": "last-update-submitted",
}
_EVENT_STRUCTS = {
    "studyFirstPostDateStruct": "first-posted",
    "resultsFirstPostDateStruct": "results-first-posted",
    "dispFirstPostDateStruct": "disposition-first-posted",
    "lastUpdatePostDateStruct": "last-update-posted",
}
_VIOLATION = {
    "creationDate": "violation-created",
    "issuedDate": "violation-issued",
    "releaseDate": "violation-released",
    "postedDate": "violation-posted",
}
_SUBMISSION = {
    "releaseDate": "results-released",
    "unreleaseDate": "results-unreleased",
    "resetDate": "results-reset",
}


def day(text: str) -> PartialDate | None:
    """A date as either version prints it: ``2019-05-17``, ``2015-01``, ``May 17, 2019``.

    ``Unknown`` is version 1's word for a date that the registry does not know.

    >>> day("May 17, 2019"), day("2015-01"), day("Unknown")
    (PartialDate(text='2019-05-17'), PartialDate(text='2015-01'), None)
    """
    if text.casefold() == "unknown":
        return None
    return english_date(text) if text[:1].isalpha() else partial_date(text)


def study_dates(status: Fields) -> dict[str, Said[PartialDate] | None]:
    """The dates of the study, by the label of the object that holds date and type."""
    return {label: status.date(f"{label}.date", day) for label in _STRUCTS}


def certainties(
    status: Fields, dates: Mapping[str, Said[PartialDate] | None]
) -> tuple[dict[str, tuple[str, ...]], tuple[Said[str], ...]]:
    """The date properties that the record calls actual and estimated, and the words that say so.

    A type beside no date says nothing of any date: it is an issue.
    """
    found: dict[str, list[str]] = {"actual": [], "estimated": []}
    told = []
    for label, name in _STRUCTS.items():
        said = status.concepts("date-certainty", en=f"{label}.type")
        if said is None:
            continue
        if not _given(dates[label]):
            status.left_over(said, why=_NO_DATE)
            continue
        for code in said.value or ():
            found[code].append(name)
        told.append(said.but("; ".join(said.value or ()) or None, refused=said.refused))
    return {code: tuple(names) for code, names in found.items()}, tuple(told)


def _given(date: Said[PartialDate] | None) -> bool:
    return date is not None and date.value is not None


def events(f: Fields, status: Fields) -> Iterator[RecordEvent | Blank]:
    """What happened to the record: submissions, postings, releases, violations.

    A label printed without a date is a blank: forms print the label of what never happened, too.
    """
    for label, kind in _EVENTS.items():
        yield from _event(status, kind, label)
    for label, kind in _EVENT_STRUCTS.items():
        yield from _event(status, kind, f"{label}.date", f"{label}.type")
    tracking = f.inside("derivedSection.miscInfoModule.submissionTracking")
    yield from _event(tracking, "results-expected", "estimatedResultsFirstSubmitDate")
    first = "firstMcpInfo.postDateStruct"
    yield from _event(tracking, "mcp-posted", f"{first}.date", f"{first}.type")
    tracking.skip("submissionInfos.mcpReleaseN", why="a counter of the registry's review")
    for row in tracking.each("submissionInfos"):
        for label, kind in _SUBMISSION.items():
            yield from _event(row, kind, label)
        row.skip("unreleaseDateUnknown", "mcpReleaseN", why="a mark of the registry's review")
    annotations = f.inside("annotationSection.annotationModule")
    yield from _annotations(annotations)


def _event(
    f: Fields, kind: str, label: str, type_label: str = "", **more: object
) -> Iterator[RecordEvent | Blank]:
    date = f.date(label, day)
    if date is None:
        return
    certainty = f.concepts("date-certainty", en=type_label) if type_label else None
    if not _given(date):
        f.left_over(certainty, why=_NO_DATE)
        certainty = None
    if date.blank:
        yield Blank("hasEvent", date.line, date.path)
        return
    yield RecordEvent(sort=kind, date=date, certainty=certainty, **more)  # type: ignore[arg-type]


def _annotations(f: Fields) -> Iterator[RecordEvent | Blank]:
    unposted = f.inside("unpostedAnnotation")
    party = unposted.string("unpostedResponsibleParty")
    used = False
    for row in unposted.each("unpostedEvents"):
        kind = row.concepts("event-kind", en="type")
        row.skip("dateUnknown", why="says again that there is no date")
        date = row.date("date", day)
        if kind is not None and kind.blank:
            row.report("left out", "type", "an event of no kind")
        if kind is None or not kind.value:
            row.left_over(date, why="the day of an event of no known kind")
        for code in (kind.value if kind else None) or ():
            assert kind is not None
            told = (kind.but(code, kind.printed),)
            used = True
            yield RecordEvent(sort=code, date=date, outcome=party, told_by=told)
    if party is not None and party.value and not used:
        why = "stands beside no event"
        unposted.report("left out", "unpostedResponsibleParty", why)
    for row in f.inside("violationAnnotation").each("violationEvents"):
        kind = row.concepts("event-kind", en="type")
        description = row.string("description")
        if kind is not None and kind.blank:
            row.report("left out", "type", "an event of no kind")
        for code in (kind.value if kind else None) or ():
            assert kind is not None
            told = (kind.but(code, kind.printed),)
            yield RecordEvent(sort=code, outcome=description, told_by=told)
        if description is not None and description.value and not (kind and kind.value):
            row.report("left out", "description", "stands beside no event")
        for label, code in _VIOLATION.items():
            yield from _event(row, code, label)
