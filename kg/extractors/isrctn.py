"""Records of the ISRCTN registry: the XML of its interface, and third-party copies as JSON.

Both print the same element names. In XML a record is ``fullTrial``, whose ``trial`` stands beside
its contacts, sponsors and funders, or ``trial`` alone; the copies hold the inside of ``trial``,
without attributes and without the parties. Paths: docs/sources.md, "ISRCTN".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kg import identifiers, values
from kg.extractors.isrctn_design import Design, design, joined_codes, status
from kg.extractors.isrctn_ethics import approvals
from kg.extractors.isrctn_numbers import numbers
from kg.extractors.isrctn_parties import centres, contacts, countries, funding, sponsors
from kg.extractors.isrctn_results import references, results_plan, results_summary
from kg.extractors.isrctn_text import is_nothing, line, numbered, text
from kg.fields import Fields
from kg.model import Condition, Intervention, OutcomeMeasure, Record, Topic, Version
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Raw
from kg.values import iso_day, one_line

TITLE = "ISRCTN, XML and JSON copies"

NAMESPACE = "http://www.67bricks.com/isrctn"
# What a copy without attributes and parties has no place for.
_NOT_IN_COPIES = (
    "WHO-02", "WHO-04", "WHO-05", "WHO-06", "WHO-07", "WHO-07-channel", "WHO-08", "WHO-08-channel",
)  # fmt: skip
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_KEY = "a key of the source"


def knows(item: Item) -> bool:
    """Whether an XML element or a JSON object holds an ISRCTN trial."""
    tree = item.tree
    if item.kind == "xml":
        if item.namespace not in ("", NAMESPACE) or item.name not in ("fullTrial", "trial"):
            return False
        inner = tree.get("trial") if item.name == "fullTrial" else tree
        return isinstance(inner, dict) and "isrctn" in inner
    return item.kind == "json" and "isrctn" in tree and "trialDescription" in tree


def raw(item: Item) -> Raw:
    """The element or object as it stands."""
    return Raw(item.tree, "isrctn")


def record(f: Fields) -> Record:
    """The record of one trial."""
    t = f.inside("trial") if f.has("trial") else f
    number = t.need("isrctn", lambda printed: identifiers.isrctn(printed).number)
    _leave_out(t)
    _compare_numbers(t, number)
    about, participants = t.inside("trialDescription"), t.inside("participants")
    form, results = t.inside("trialDesign"), t.inside("results")
    made, now = design(form), status(form, participants)
    elsewhere = numbers(t.inside("externalRefs"))
    ages = participants.age("lowerAgeLimit"), participants.age("upperAgeLimit")
    outcomes = tuple(_outcomes(about))
    return Record(
        publisher="isrctn",
        issuer="isrctn",
        local_id=number.value or "",
        version=_version(
            t, (*_no_place(f, about), *_in_texts(made, outcomes), *(() if now else ("WHO-18",)))
        ),
        registration_number=number,
        registration_date=_registered(t),
        secondary_identifiers=elsewhere.identifiers,
        study_subject_ids=elsewhere.protocol,
        web_addresses=_page(t),
        public_title=text(about, "title"),
        scientific_title=text(about, "scientificTitle"),
        acronym=text(about, "acronym"),
        objective=text(about, "studyHypothesis", lines=True),
        brief_summary=text(about, "plainEnglishSummary", lines=True),
        phase=_phase(t),
        study_type=form.concepts("study-type", en="primaryStudyDesign"),
        allocation=made.allocation,
        design_model=made.model,
        masking=made.masking,
        masking_description=made.masking_description,
        primary_purpose=made.purpose,
        design_description=made.description,
        recruitment_status=now,
        why_stopped=text(form, "reasonAbandoned", lines=True),
        completion_date=form.date("overallEndDate", iso_day),
        study_start=form.date("overallStartDate", iso_day),
        recruitment_start=participants.date("recruitmentStart", iso_day),
        recruitment_end=participants.date("recruitmentEnd", iso_day),
        target_sample_size=participants.count("targetEnrolment"),
        actual_sample_size=participants.said("totalFinalEnrolment", _final_size),
        inclusion_criteria=text(participants, "inclusion", lines=True),
        exclusion_criteria=text(participants, "exclusion", lines=True),
        min_age=ages[0],
        max_age=ages[1],
        age_as_given=_ages_as_given(participants, ages),
        sex=participants.concepts("sex", en="gender"),
        healthy_volunteers=participants.concepts("answer", en="healthyVolunteersAllowed"),
        study_population=_listed(participants.inside("participantTypes"), "participantType"),
        keywords=(
            *form.inside("trialSettings").items("trialSetting"),
            *(
                said
                for row in t.inside("interventions").each("intervention")
                for said in _study_types(row)
            ),
        ),
        countries=countries(participants),
        sites=tuple(centres(participants)),
        roles=(*sponsors(f), *contacts(f)),
        funding=tuple(funding(f)),
        approvals=approvals(about, _newest_day(t)),
        conditions=tuple(_conditions(t)),
        topics=tuple(_topics(t)),
        interventions=tuple(_interventions(t)),
        outcomes=outcomes,
        ipd_sharing=t.inside("miscellaneous").concepts("answer", en="ipdSharingPlan"),
        ipd_sharing_plan=text(results, "ipdSharingStatement", lines=True),
        ipd_access=_listed(results.inside("dataPolicies"), "dataPolicy"),
        results_summary=results_summary(results),
        references=tuple(references(t)),
        events=tuple(results_plan(results)),
        told_by=(*_printed(results.string("publicationStage")), *made.told_by),
        blanks=(*elsewhere.blanks, *_blank_parts(t)),
    )


def _leave_out(t: Fields) -> None:
    t.skip(
        "@isPublished", "@isVisibleToPublic", "@publicIdentifierType", why="said of every record"
    )
    t.skip("ctrname", "record_last_import", "_id", why="added by whoever made the copy")
    t.skip("parties", why=_KEY)
    t.skip(
        "trialDescription.acknowledgment",
        "trialDescription.@thirdPartyFilesAcknowledgement",
        "results.biomedRelated",
        why="a mark of the registry's form, not of the trial",
    )
    t.skip(
        "participants.lowerAgeLimit.@unit", "participants.lowerAgeLimit.@value",
        "participants.upperAgeLimit.@unit", "participants.upperAgeLimit.@value",
        why="the printed age in parts",
    )  # fmt: skip
    t.skip("participants.totalTarget", why="an older form's second target; targetEnrolment rules")


def _compare_numbers(t: Fields, number: Said[str]) -> None:
    """The number stands twice in XML; the element rules."""
    other = t.string("@publicIdentifierCanonical")
    if other is None or other.value is None:
        return
    if {n.number for n in identifiers.expected(other.value)} - {number.value}:
        why = f"the element isrctn says {number.value}; that is kept"
        t.report("numbers disagree", "@publicIdentifierCanonical", why)
    else:
        t.skip("@publicIdentifierCanonical", why="the number once more")


def _no_place(f: Fields, about: Fields) -> Iterator[str]:
    """The WHO sub-items that this form of the record cannot show."""
    if f.layout == "json" and not f.has("contact"):
        yield from _NOT_IN_COPIES
        if about.has("ethicsCommittees.ethicsCommittee"):
            yield "WHO-21a"
    if about.has("ethicsApproval"):
        yield "WHO-21c"


def _in_texts(made: Design, outcomes: Sequence[OutcomeMeasure]) -> Iterator[str]:
    """What older forms ask for inside a text only: whether it is said there, no field tells."""
    if made.description is not None and made.model is None:
        yield "WHO-15b"
    if made.description is not None and made.masking is None:
        yield "WHO-15c"
    if not any(one.time_point or one.method for one in outcomes):
        yield from ("WHO-19b", "WHO-19c", "WHO-20b", "WHO-20b-method")


def _version(t: Fields, not_printed: tuple[str, ...]) -> Version:
    refreshed = t.date("@lastUpdated", iso_day)
    return Version(
        refreshed=refreshed,
        refreshed_at=t.said("@lastUpdated", values.moment) if refreshed else None,
        printed_label=t.string("@version"),
        not_printed=not_printed,
    )


def _registered(t: Fields) -> Said[values.PartialDate] | None:
    day = t.date("isrctn.@dateAssigned", iso_day)
    other = t.date("@publicIdentifierDateAssigned", iso_day)
    if day is None or other is None or day.value != other.value:
        if day and other:
            why = "the date of the element isrctn; that is kept"
            t.report("numbers disagree", "@publicIdentifierDateAssigned", why)
        return day or other
    return joined(day.value, (day, other))


def _newest_day(t: Fields) -> str:
    """The newest day that the record is known to be of, ``YYYY-MM-DD``; empty where none is told.

    A copy without attributes has the day of its making only.
    """
    for label in ("@lastUpdated", "record_last_import", "isrctn.@dateAssigned"):
        cell = t.cell(label) if t.has(label) else None
        if cell is not None and (found := re.match(r"\d{4}-\d{2}-\d{2}", cell.text, re.ASCII)):
            return found[0]
    return ""


def _page(t: Fields) -> tuple[Said[str], ...]:
    doi = line(t, "externalRefs.doi")
    if doi is None or doi.value is None:
        return ()
    found = re.fullmatch(
        r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[^\s<>\"]+)", doi.value
    )
    if not found:
        t.report("bad value", "externalRefs.doi", "expected a DOI such as 10.1186/ISRCTN99999901")
        return ()
    return (doi.but(f"https://doi.org/{found[1]}"),)


def _final_size(printed: str) -> int | None:
    """The number enrolled; the registry prints 0 until it is known."""
    return values.count(printed) or None


def _ages_as_given(f: Fields, limits: Iterable[Said[Decimal] | None]) -> tuple[Said[str], ...]:
    """The range in words, and limits that no number of years stands for (``24 Hours``)."""
    refused = (said.but(one_line(said.printed)) for said in limits if said and said.refused)
    return (*_printed(f.string("ageRange")), *refused)


def _printed(said: Said[str] | None) -> tuple[Said[str], ...]:
    return (said,) if said else ()


def _listed(f: Fields, label: str) -> Texts | None:
    """The words of a list as one text."""
    found = [said for said in f.items(label) if said.value]
    blank = [said for said in f.items(label) if not said.value]
    if not found:
        return Texts(en=blank[0]) if blank else None
    if all(is_nothing(said.value or "") for said in found):
        return Texts(en=joined(None, tuple(found)))
    return Texts(en=joined("; ".join(said.value or "" for said in found), tuple(found)))


# Texts that would be nodes of their own if they said anything; the list that may stand instead.
_PARTS = {
    "trialDescription.primaryOutcome": ("hasOutcome", "trialDescription.primaryOutcomes"),
    "trialDescription.secondaryOutcome": ("hasOutcome", "trialDescription.secondaryOutcomes"),
    "trialDescription.ethicsApproval": ("hasEthicsApproval", "trialDescription.ethicsCommittees"),
    "trialDescription.trialWebsite": ("hasReference", ""),
    "participants.patientInfoSheet": ("hasReference", ""),
    "results.publicationDetails": ("hasReference", "outputs"),
}


def _blank_parts(t: Fields) -> Iterator[Blank]:
    for label, (name, instead) in _PARTS.items():
        cell = t.cell(label)
        if cell is None or not (is_nothing(cell.text) if cell.text else not t.inside(instead)):
            continue
        yield Blank(name, cell.line, cell.path)


# -- what is studied -------------------------------------------------------------------------------


def _phase(t: Fields) -> Said[Codes] | None:
    rows = t.inside("interventions").each("intervention")
    found = [said for row in rows if (said := row.concepts("phase", en="phase")) is not None]
    printed = [said for said in found if said.printed]
    return joined_codes(printed) if printed else next(iter(found), None)


def _study_types(row: Fields) -> tuple[Said[str], ...]:
    types = row.inside("pharmaceuticalStudyTypes")
    return tuple(said for label in types.labels for said in types.items(label))


def _interventions(t: Fields) -> Iterator[Intervention]:
    """The interventions; one without a drug is named by its description, which describes it too."""
    for row in t.inside("interventions").each("intervention"):
        row.skip("@id", why=_KEY)
        drugs = line(row, "drugNames")
        whole = row.string("description")
        named = drugs if drugs and drugs.value else whole
        sort = row.concepts("intervention-type", en="interventionType")
        if named is None and (sort is None or not sort.value):
            continue
        yield Intervention(
            name=Texts(en=named),
            sort=sort,
            description=text(row, "description", lines=True),
        )


_LONGEST_CONDITION = 100  # characters of a line in a list of conditions


def _conditions(t: Fields) -> Iterator[Condition]:
    """The conditions; a text of short lines that are no sentences lists several."""
    for row in t.inside("conditions").each("condition"):
        row.skip("@id", why=_KEY)
        whole = text(row, "description")
        name = whole.en if whole else None
        cell = row.cell("description")
        rows = numbered(cell.text) if cell else []
        rows = rows if len(rows) > 1 else (cell.text.splitlines() if cell else [])
        names = [one_line(one) for one in rows if one.strip()]
        is_list = all(len(n) <= _LONGEST_CONDITION and n[-1] not in ".,;:" for n in names)
        if name and name.value and len(names) > 1 and is_list:
            yield from (Condition(name=Texts(en=name.but(n, n))) for n in dict.fromkeys(names))
        elif whole:
            yield Condition(name=whole)


def _topics(t: Fields) -> Iterator[Topic]:
    """The registry's own classes of the condition."""
    for row in t.inside("conditions").each("condition"):
        for label in ("diseaseClass1", "diseaseClass2"):
            if (name := text(row, label)) and name.label:
                yield Topic(name=name, sort="disease-class")


def _outcomes(f: Fields) -> Iterator[OutcomeMeasure]:
    """The outcomes, also of a record that prints them in the list and in the older text."""
    for sort in ("primary", "secondary"):
        made = []
        for row in f.inside(f"{sort}Outcomes").each("outcomeMeasure"):
            row.skip("@id", why=_KEY)
            name = line(row, "variable")
            made.append(
                OutcomeMeasure(
                    name=Texts(en=name),
                    sort=name.but((sort,)) if name else None,
                    method=text(row, "method", lines=True),
                    time_point=text(row, "timepoints", lines=True),
                )
            )
        listed, older = len(made), f.cell(f"{sort}Outcome")
        if older is not None and older.text and not is_nothing(older.text):
            for item in numbered(older.text):
                said = older.says(item)
                again = [n for n, one in enumerate(made[:listed]) if _says_again(item, one)]
                if again:
                    one = made[again[0]]
                    made[again[0]] = replace(one, told_by=(*one.told_by, said))
                else:
                    made.append(OutcomeMeasure(name=Texts(en=said), sort=said.but((sort,))))
        yield from (replace(one, list_position=n) for n, one in enumerate(made, start=1))


def _says_again(item: str, one: OutcomeMeasure) -> bool:
    """Whether a text says again what the list has: every long word of what is measured."""
    name = "" if one.name.en is None or one.told_by else one.name.en.value or ""
    words = set(_LONG_WORD.findall(name.casefold()))
    return len(words) > 1 and words <= set(_LONG_WORD.findall(item.casefold()))
