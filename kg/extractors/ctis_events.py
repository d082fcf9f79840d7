"""Decisions of member states, notifications of the sponsor and documents of EU CTIS records."""

from __future__ import annotations

from collections.abc import Iterator

from kg.fields import Fields
from kg.model import RecordEvent, Reference
from kg.said import Place, Said, Texts, joined
from kg.values import PartialDate, day_first, iso_day
from kg.words.wording import place_named

_NOTIFICATIONS = {
    "START_OF_TRIAL": "study-started",
    "END_OF_TRIAL": "study-ended",
    "START_OF_RECRUITMENT": "recruitment-started",
    "END_OF_RECRUITMENT": "recruitment-ended",
    "RESTART_OF_RECRUITMENT": "recruitment-restarted",
    "TEMPORARY_HALT": "study-halted",
    "RESTART_OF_TRIAL": "study-restarted",
    "GLOBAL_END_OF_TRIAL": "study-ended-globally",
}
_PERIODS = {
    "trialPeriod": (("trialStartDate", "study-started"), ("trialEndDate", "study-ended")),
    "trialRecruitmentPeriod": (
        ("recruitmentStartDate", "recruitment-started"),
        ("recruitmentEndDate", "recruitment-ended"),
    ),
}


def day(text: str) -> PartialDate | None:
    """A date of either shape: ``19/08/2025`` since June 2024, ISO before and in the parts."""
    return day_first(text) if "/" in text else iso_day(text)


def events(f: Fields, parts_ii: list[Fields]) -> Iterator[RecordEvent]:
    """What happened to the record and, by member state, to the trial."""
    yield from _published(f)
    for label in ("decisionDateOverall", "authorizationDate"):
        if (said := f.date(label, day)) and said.value:
            yield RecordEvent(sort="first-decision", date=said)
    for part in parts_ii:
        yield from _decision(part.inside("mscInfo"))
    states = f.inside("events").each("trialEvents")
    for state in states:
        yield from _notified(state)
    for part in parts_ii:
        inner = part.inside("mscInfo")
        inner.skip(
            "activeTrialPeriod", "activeTrialRecruitmentPeriod",
            why="the last of the periods once more",
        )  # fmt: skip
        if states:
            inner.skip(*_PERIODS, why="earlier notifications; events holds those in force")
        else:
            yield from _periods(inner)


def _published(f: Fields) -> Iterator[RecordEvent]:
    stamp, other = f.date("publishDate", iso_day), f.date("lastPublicationUpdate", day)
    if stamp and other and stamp.value == other.value:
        yield RecordEvent(sort="last-update-posted", date=joined(stamp.value, (stamp, other)))
        return
    for said in (stamp, other):
        if said and said.value:
            yield RecordEvent(sort="last-update-posted", date=said)


def state(f: Fields) -> tuple[Place, ...]:
    """The member state of a block."""
    said = f.string("mscName")
    return (place_named(Texts(en=said), f.registry),) if said and said.value else ()


def _decision(f: Fields) -> Iterator[RecordEvent]:
    """The decision of one member state: the ethics opinion is inside it, its committee nowhere."""
    first, decided = f.date("firstDecisionDate", day), f.date("decisionDate", day)
    told = [f.string("decision"), f.string("reportingStatusCode"), f.string("trialStatus")]
    words = [said for said in told if said and said.value]
    same = first is not None and decided is not None and first.value == decided.value
    date = joined(first.value, (first, decided)) if same and first else decided or first
    place = state(f)
    if (date is None or not date.value) and not words:
        return
    yield RecordEvent(
        sort="member-state-decision",
        date=date,
        outcome=words[0] if words else None,
        place=place,
        told_by=tuple(words[1:]),
    )
    if not same and first is not None and first.value and date is not first:
        yield RecordEvent(sort="member-state-decision", date=first, place=place)


def _notified(f: Fields) -> Iterator[RecordEvent]:
    f.skip("mscName", why="a member state without a known notification")
    place = state(f)
    for row in f.each("events"):
        kind = row.string("notificationType")
        date = row.date("date", day)
        known = _NOTIFICATIONS.get(kind.value or "") if kind else None
        if kind is None or known is None:
            why = "one of: " + ", ".join(sorted(_NOTIFICATIONS))
            for label in ("notificationType", "date"):
                row.report("unknown word", label, why)
            continue
        yield RecordEvent(sort=known, date=date, place=place, told_by=(kind,))


def _periods(f: Fields) -> Iterator[RecordEvent]:
    place = state(f)
    for label, dates in _PERIODS.items():
        for row in f.each(label):
            row.skip("fromDate", "toDate", why="when the notification was filed")
            for date_label, sort in dates:
                if (date := row.date(date_label, day)) and date.value:
                    yield RecordEvent(sort=sort, date=date, place=place)


def documents(f: Fields) -> Iterator[Reference]:
    """The published documents: title, kind and version; the files are not named."""
    for row in f.each("documents"):
        row.skip(
            "documentType", "fileType", "systemVersion",
            why="how the system keeps the file",
        )  # fmt: skip
        title, kind = row.string("title"), row.string("documentTypeLabel")
        version = row.string("manualVersion")
        if title is None or not title.value:
            row.left_over(kind, version, why="stands beside a document without a title")
            continue
        notes: list[Said[str]] = [said for said in (kind, version) if said and said.value]
        yield Reference(name=Texts(en=title), sort=title.but(("document",)), notes=tuple(notes))
