"""Records of the EU Clinical Trials Register: full text, page, and third-party copies as JSON.

One record for each member state of a trial; all carry the EudraCT number of the trial. No ethics
committee is named: an opinion and its date are. Paths: docs/sources.md, "EU Clinical Trials
Register".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kg import identifiers
from kg.extractors import euctr_copies, euctr_glued, euctr_page, euctr_results, euctr_text
from kg.extractors.euctr_answers import all_of, answer, kept, line, text
from kg.extractors.euctr_design import (
    age_groups,
    ages_as_given,
    allocation,
    conditions,
    details,
    features,
    further,
    masking,
    model,
    objective,
    outcomes,
    phase,
    population,
    sex,
    target,
    topics,
)
from kg.extractors.euctr_form import LABELS
from kg.extractors.euctr_parties import State, countries, funding, roles, state
from kg.extractors.euctr_products import interventions, orphan, substances
from kg.fields import Fields
from kg.model import (
    EthicsApproval,
    Record,
    RecordEvent,
    RoleAssignment,
    SecondaryIdentifier,
    Version,
)
from kg.said import Blank, Codes, Place, Said, joined
from kg.sources.items import Item
from kg.sources.trees import Raw
from kg.values import PartialDate, one_line
from kg.words.secondary import secondary_identifier, without_number

TITLE = "EU Clinical Trials Register, full text, page, page text and JSON copies"

_PAGE = re.compile(
    r"https?://www\.clinicaltrialsregister\.eu/ctr-search/trial/([0-9-]+)/([A-Za-z0-9]{2,3})/?\S*"
)
_NUMBERS = {"A.5.1": "isrctn", "A.5.2": "ctgov", "A.5.3": "utn", "A.5.4": ""}
_RESULTS = {"isrctnIdentifier": "A.5.1", "usctnIdentifier": "A.5.2", "whoIdentifier": "A.5.3"}


def recognises(text: str) -> bool:
    """Whether a text is the register's full text, the source of its page, or the page's text."""
    return any(
        known(text) for known in (euctr_page.is_page, euctr_text.is_text, euctr_glued.is_page_text)
    )


def raws(text: str) -> Iterator[Raw]:
    """The tree of each member state's record."""
    if euctr_page.is_page(text):
        yield from euctr_page.records(text)
    else:
        yield from (euctr_text.blocks if euctr_text.is_text(text) else euctr_glued.records)(text)


def knows(item: Item) -> bool:
    """Whether a JSON object is a copy of a record."""
    return item.kind == "json" and euctr_copies.is_copy(item.tree)


def raw(item: Item) -> Raw:
    """The object by the codes of the form."""
    return Raw(euctr_copies.form(item.tree), "euctr", layout=euctr_copies.LAYOUT)


def record(f: Fields) -> Record:
    """The record of one member state."""
    number = _own_number(f)
    own = state(f)
    _leave_out(f)
    asked, drugs = features(f), orphan(f)
    phases, other_phases = phase(f)
    ages, other_ages = age_groups(f)
    sexes, other_sexes = sex(f)
    completion, told_end = _end(f)
    elsewhere, no_numbers = _secondary(f)
    return Record(
        publisher="euctr",
        issuer="euctr",
        local_id=f"{number.value}{_suffix(f, own)}",
        version=Version(),
        registration_number=number,
        number_as_printed=number.printed if number.printed != number.value else None,
        registration_date=f.date("First Entered"),
        secondary_identifiers=elsewhere,
        study_subject_ids=_protocol(f),
        web_addresses=_address(f),
        public_title=text(f, "A.3.1"),
        scientific_title=text(f, "A.3"),
        acronym=text(f, "A.3.2"),
        study_type=_study_type(f, number),
        phase=phases,
        design_model=model(f),
        allocation=allocation(f),
        masking=masking(f),
        objective=objective(f),
        detailed_description=further(f),
        design_description=details(f),
        keywords=kept(line(f, "E.1.1.1")),
        features=all_of((asked.yes, drugs.yes, _posted(f))),
        lacks=all_of((asked.no, drugs.no)),
        recruitment_status=_status(f),
        completion_date=completion,
        actual_dates=("tkg:completionDate",) if completion and completion.value else (),
        results_links=_results_address(f),
        results_summary=euctr_results.summary(f),
        target_sample_size=target(f),
        inclusion_criteria=text(f, "E.3"),
        exclusion_criteria=text(f, "E.4"),
        age_groups=ages,
        age_as_given=ages_as_given(f),
        sex=sexes,
        healthy_volunteers=answer(f, "F.3.1"),
        study_population=population(f),
        data_monitoring_committee=answer(f, "E.8.7"),
        countries=countries(f, own),
        roles=_numbered((*roles(f), *euctr_results.contacts(f))),
        approvals=tuple(_opinion(f)),
        interventions=tuple(interventions(f)),
        conditions=tuple(conditions(f)),
        outcomes=tuple(outcomes(f)),
        funding=tuple(funding(f)),
        topics=(*topics(f), *substances(f)),
        events=(*_decisions(f, own), *euctr_results.events(f)),
        told_by=(
            *kept(own.printed),
            *asked.blank,
            *other_phases,
            *other_ages,
            *other_sexes,
            *told_end,
        ),
        blanks=(*no_numbers, *_absent_parts(f)),
    )


# Texts that would be nodes of their own if they said anything.
_PARTS = {"E.5.1": "hasOutcome", "E.5.2": "hasOutcome", "E.1.1": "hasCondition"}


def _absent_parts(f: Fields) -> Iterator[Blank]:
    for label, name in _PARTS.items():
        said = line(f, label)
        if said is not None and said.blank:
            yield Blank(name, said.line, said.path)


def _leave_out(f: Fields) -> None:
    translated = [x for x in f.labels if x.endswith(")") and x.rpartition(" (")[0] in LABELS]
    f.skip(*translated, why="the same text in another language of the Union")
    f.skip("ctrname", "record_last_import", "_id", why="added by whoever made the copy")
    f.skip(
        "H.4.1", why="where a trial outside the Union was first authorised; no state of this record"
    )
    euctr_results.leave_out(f)


# -- numbers ---------------------------------------------------------------------------------------


def _own_number(f: Fields) -> Said[str]:
    """The number of the trial, printed in part A and in the summary.

    Raises RecordError where neither prints one.
    """
    label = "A.2" if (cell := f.cell("A.2")) and cell.text else "EudraCT Number"
    number = f.need(label, _number)
    other = f.said("EudraCT Number", one_line) if label == "A.2" else None
    if other is None or other.value is None:
        return number
    if {n.number for n in identifiers.expected(other.value)} != {number.value}:
        why = f"part A says {number.value}; that is kept"
        f.report("numbers disagree", "EudraCT Number", why)
        return number
    return joined(number.value, (number, other))._replace(printed=number.printed)


def _number(printed: str) -> str:
    return identifiers.registration(printed, "euctr", "2026-099990-10").number


def _suffix(f: Fields, own: State) -> str:
    """The member state of the record's own name: ``-PL``, ``-3rd`` outside the Union."""
    cell = f.cell("Link")
    if cell is not None and (found := _PAGE.fullmatch(one_line(cell.text))):
        return f"-{found[2]}"
    if own.is_outside:
        return "-3rd"
    if own.place is not None and own.place.code is not None:
        return f"-{own.place.code}"
    f.report("bad value", "A.1", "expected a member state; the record is named by its number only")
    return ""


def _address(f: Fields) -> tuple[Said[str], ...]:
    def address(printed: str) -> str:
        if not _PAGE.fullmatch(printed):
            raise ValueError("expected a page of www.clinicaltrialsregister.eu")
        return printed

    return kept(f.said("Link", address))


def _protocol(f: Fields) -> tuple[Said[str], ...]:
    """The sponsor's number of the protocol, once for each spelling."""
    found: dict[str, list[Said[str]]] = {}
    for said in (
        line(f, "A.4.1"), line(f, "Protocol Code"), euctr_results.protocol(f)
    ):  # fmt: skip
        if said is not None and said.value:
            found.setdefault(said.value, []).append(said)
    return tuple(joined(number, tuple(group)) for number, group in found.items())


def _secondary(f: Fields) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    """Numbers elsewhere, each once, and those of paediatric investigation plans."""
    printed: dict[str, list[tuple[SecondaryIdentifier, Said[str]]]] = {}
    blanks: list[Blank] = []
    results = euctr_results.numbers(f)
    issuers: dict[str, Said[str]] = {}
    for label in _NUMBERS:
        said = [f.read(cell, one_line) for cell in f.cells(label)]
        said = [_without_name(one, issuers) for one in said]
        said += [one for key, one in results.items() if _RESULTS[key] == label and one is not None]
        for one in said:
            made = _identifier(one, label)
            if made is not None:
                printed.setdefault(made.notation.value or "", []).append((made, one))
            elif one.printed:
                blanks += without_number((one,))
    found = [
        replace(
            group[0][0],
            notation=joined(number, tuple(one for _, one in group)),
            issuer=issuers.get(group[0][1].value or ""),
        )
        for number, group in printed.items()
    ]
    plans: dict[str, list[Said[str]]] = {}
    for one in (*kept(f.said("A.8", _plan)), *euctr_results.plans(f)):
        plans.setdefault(one.value or "", []).append(one)
    found += [
        SecondaryIdentifier(notation=joined(number, tuple(group)), relation="related")
        for number, group in plans.items()
    ]
    return tuple(found), tuple(blanks)


def _identifier(said: Said[str], label: str) -> SecondaryIdentifier | None:
    """The number of a field; in ISRCTN's own field the digits alone are a number."""
    if label == "A.5.1" and re.fullmatch(r"[0-9]{8}", said.value or ""):
        made = secondary_identifier(said.but(f"ISRCTN{said.value}"))
        return replace(made, as_printed=said.value) if made else None
    return secondary_identifier(said)


_NAMED = re.compile(r"Name:\s*(?P<name>.*?)\s*Number:\s*(?P<number>.+)", re.IGNORECASE)


def _without_name(said: Said[str], issuers: dict[str, Said[str]]) -> Said[str]:
    """The number of ``Name: … Number: …``; who gave it goes into ``issuers``."""
    found = _NAMED.fullmatch(said.value or "")
    if not found:
        return said
    if found["name"]:
        issuers[found["number"]] = said.but(found["name"])
    return said.but(found["number"])


def _plan(printed: str) -> str:
    """The decision on a paediatric investigation plan: ``P/0000/2026``, ``EMEA-…-PIP01-26``."""
    plain = one_line(printed)
    if not re.search(r"\d", plain):
        raise ValueError("expected the number of a decision such as P/0000/2026")
    return plain


# -- what the record says of the trial's course ----------------------------------------------------


def _study_type(f: Fields, number: Said[str]) -> Said[Codes]:
    """Interventional where none is printed: the register holds such trials only (2001/20/EC)."""
    sort = f.concepts("study-type", en="Trial Type")
    return number.but(("interventional",)) if sort is None or sort.blank else sort


def _posted(f: Fields) -> Said[Codes] | None:
    """Whether results are posted: the page links them, a copy holds them."""
    found = (line(f, "Trial results"), euctr_results.stage(f))
    return all_of(said.but(("results-posted",)) for said in kept(*found))


def _results_address(f: Fields) -> tuple[Said[str], ...]:
    return tuple(
        said for said in kept(line(f, "Trial results")) if (said.value or "").startswith("https:")
    )


def _numbered(found: tuple[RoleAssignment, ...]) -> tuple[RoleAssignment, ...]:
    """The assignments with their place among those of their role: each sponsor has a contact."""
    counts: Counter[str] = Counter()
    made = []
    for one in found:
        counts[one.role] += 1
        made.append(replace(one, list_position=counts[one.role]))
    return tuple(made)


def _status(f: Fields) -> Said[Codes] | None:
    """The status of the trial in the member state, printed in the summary and in part P."""
    first = f.concepts("recruitment-status", en="Trial Status")
    other = f.concepts("recruitment-status", en="P. Status")
    if first is None or first.value is None:
        return other or first
    if other is None or other.value is None:
        return first
    if other.value != first.value:
        why = f"the summary says {first.printed}; that is kept"
        f.report("words disagree", "P. Status", why)
        return first
    return joined(first.value, (first, other))


def _end(f: Fields) -> tuple[Said[PartialDate] | None, tuple[Said[str], ...]]:
    """The day of the global end, told by the form and by posted results; the form rules."""
    form, results = f.date("P. Global end"), euctr_results.end_day(f)
    if form is None or form.value is None:
        return results or form, ()
    if results is None or results.value is None:
        return form, ()
    if results.value == form.value:
        return joined(form.value, (form, results)), ()
    why = f"part P says {form.printed}; that is kept"
    f.report("bad value", "trialInformation.globalEndOfTrialDate", why)
    return form, ()


def _decisions(f: Fields, own: State) -> Iterator[RecordEvent]:
    """The decision of the competent authority."""
    outcome, day = line(f, "N. Decision"), f.date("N. Decision date")
    if not kept(outcome) and (day is None or day.value is None):
        return
    places: tuple[Place, ...] = (own.place,) if own.place else ()
    yield RecordEvent(sort="competent-authority-decision", date=day, outcome=outcome, place=places)


def _opinion(f: Fields) -> Iterator[EthicsApproval]:
    """The opinion of the ethics committee, which the register does not name."""
    decision, day = f.concepts("ethics-decision", en="N. Opinion"), f.date("N. Opinion date")
    reasons = text(f, "N. Opinion reasons")
    said = (decision, day, reasons.en if reasons else None)
    if any(one is not None and (one.value is not None or one.refused) for one in said):
        yield EthicsApproval(decision=decision, date=day, note=reasons if reasons else None)
