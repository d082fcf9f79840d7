"""Records of the WHO search portal (ICTRP): its XML, its CSV and Excel exports, its full export.

The portal describes registrations of other registries; one row is one registration. Columns are
read by name, in whichever of their spellings; what each register does to them, and what is left
out: docs/sources.md, "WHO ICTRP".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from kg import identifiers
from kg.errors import RecordError
from kg.extractors import ictrp_design, ictrp_study
from kg.extractors.ictrp_ages import age_groups, ages
from kg.extractors.ictrp_columns import (
    FULL_EXPORT,
    Columns,
    in_lines,
    not_sent,
    plain,
    without_column,
)
from kg.extractors.ictrp_dates import Start, registered, start
from kg.extractors.ictrp_ethics import ethics
from kg.extractors.ictrp_parties import contacts, funding, sponsor_names
from kg.fields import Fields
from kg.identifiers import Occurrence
from kg.model import Intervention, Record, SecondaryIdentifier, Version
from kg.said import Blank, Codes, Place, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Cell, Raw
from kg.values import is_placeholder
from kg.words.who import criteria, day, line, text_in, web_addresses, word
from kg.words.who_parts import (
    Arms,
    arms,
    countries,
    listed,
    lists_arms,
    once,
    secondary_identifiers,
    sponsors,
)
from kg.words.who_results import results
from kg.words.wording import cancel_note

TITLE = "WHO ICTRP search portal, XML, CSV, Excel and full export"

_LEAST_COLUMNS = len(FULL_EXPORT) - 3
# Sub-items without a column of their own: the record is asked for them where a text tells them.
_IN_TEXTS = (
    "WHO-12b", "WHO-13b", "WHO-15b", "WHO-15c", "WHO-15d", "WHO-17b", "WHO-19b", "WHO-19c",
    "WHO-20b", "WHO-20b-method",
)  # fmt: skip


def knows(item: Item) -> bool:
    """Whether an item is a row of the portal: by its root, its headings, or its first field."""
    if item.kind == "xml":
        return item.root == "Trials_downloaded_from_ICTRP" or (
            item.name == "Trial" and "TrialID" in item.tree
        )
    if item.kind != "row":
        return False
    if item.columns:
        names = {plain(label) for label in item.columns}
        return "trialid" in names and bool(names & {"public title", "scientific title"})
    first = item.tree.get("1")
    return len(item.tree) >= _LEAST_COLUMNS and bool(
        first and identifiers.expected(str(first.text))
    )


def raw(item: Item) -> Raw:
    """The row as printed; the columns of the full export, which has no heading, get their names."""
    if item.kind == "xml":
        return Raw(in_lines({name: _leaf(node) for name, node in item.tree.items()}), "ictrp")
    if item.columns:
        return Raw(in_lines(item.tree), "ictrp")
    tree = {
        FULL_EXPORT[int(label) - 1] if int(label) <= len(FULL_EXPORT) else label: cell
        for label, cell in item.tree.items()
    }
    return Raw(in_lines(tree), "ictrp", layout="full-export")


def _leaf(node: Any) -> Any:
    """An element without the attribute ``xml:space``, which says nothing of the trial."""
    if isinstance(node, dict) and set(node) <= {"@space", "#text"}:
        return node.get("#text") or Cell("", node["@space"].line)
    return node


def record(f: Fields) -> Record:
    """The record of one row. Raises RecordError when its TrialID is no registration number."""
    at = Columns(f.labels)
    number, found = _number(f, at["trialid"])
    issuer = found.registry
    _leave_out(f, at)
    who = contacts(f, at, issuer)
    design = ictrp_design.design(f, at["study design"], issuer)
    size = _size(f, at, issuer)
    conditions, no_condition = ictrp_study.conditions(f, at["condition"], issuer)
    told = ictrp_study.outcomes(
        f, ((at["primary outcome"], "primary"), (at["secondary outcome"], "secondary")), issuer
    )
    approved = ethics(f, at, issuer)
    status = _status(f, at, issuer)
    limits = ages(f, at["inclusion agemin"], at["inclusion agemax"], issuer)
    for_whom, grouped = age_groups(criteria(f, at["inclusion criteria"], at["exclusion criteria"]))
    begun = start(f, at, issuer)
    elsewhere, no_identifier = _identifiers(f, at)
    where, nowhere = _countries(f, at["countries"])
    lead = sponsors(
        f, "lead-sponsor", sponsor_names(f, at["primary sponsor"]), who.people, _kind(found)
    )
    others = sponsors(
        f, "sponsor", sponsor_names(f, at["secondary sponsor"]), who.people, _kind(found)
    )
    funders, unfunded = funding(f, at["source support"], (*lead, *others, *who.roles))
    found_out = results(f, at, issuer)
    posted = _word(f, "answer", at["results yes no"], issuer)
    made = Record(
        publisher="ictrp",
        issuer=issuer,
        local_id=f"{found.number}-{found.tail}" if found.tail else found.number,
        version=Version(refreshed=f.date(at["last refreshed on"], lambda text: day(text))),
        registration_number=number,
        number_as_printed=number.printed if number.printed != found.number else None,
        registration_date=registered(f, at, issuer),
        secondary_identifiers=elsewhere,
        web_addresses=web_addresses(f, at["web address"]),
        public_title=_title(f, at["public title"]),
        scientific_title=_title(f, at["scientific title"]),
        acronym=text_in(f, at["acronym"]),
        study_type=_word(f, "study-type", at["study type"], issuer),
        phase=ictrp_design.phase(f, at["phase"], issuer),
        design_model=design.codes.get("design-model"),
        allocation=design.codes.get("allocation"),
        masking=design.codes.get("masking"),
        masked_party=design.codes.get("masked-party"),
        primary_purpose=design.codes.get("primary-purpose"),
        time_perspective=design.codes.get("time-perspective"),
        randomization_method=design.randomization,
        objective=told.objective,
        masking_description=design.masking_description,
        design_description=design.description,
        recruitment_status=status.now,
        last_known_status=status.before,
        why_stopped=status.why,
        recruitment_start=begun.date,
        actual_dates=begun.actual,
        estimated_dates=begun.estimated,
        completion_date=found_out.completed,
        target_sample_size=size.total,
        actual_sample_size=found_out.enrolled,
        criteria_text=for_whom.whole,
        inclusion_criteria=for_whom.inclusion,
        exclusion_criteria=for_whom.exclusion,
        min_age=limits.low,
        max_age=limits.high,
        no_age_limit=limits.none,
        age_as_given=(*limits.as_given, *grouped.as_given),
        age_groups=grouped.codes,
        sex=ictrp_design.sex(f, at["inclusion gender"]),
        results_posted=found_out.posted,
        results_links=found_out.links,
        results_summary=found_out.summary,
        features=_marked(posted, "yes"),
        lacks=_marked(posted, "no"),
        ipd_sharing=found_out.sharing,
        ipd_sharing_plan=found_out.plan,
        countries=where,
        roles=(*lead, *others, *who.roles),
        approvals=approved.approvals,
        arms=size.arms,
        interventions=size.interventions,
        conditions=conditions,
        outcomes=told.outcomes,
        funding=funders,
        references=found_out.references,
        events=(*begun.events, *found_out.events),
        told_by=tuple(_told(f, at, begun)),
        blanks=(
            *who.blanks,
            *unfunded,
            *no_condition,
            *told.blanks,
            *approved.blanks,
            *no_identifier,
            *nowhere,
            *found_out.blanks,
            *(() if posted is None or not posted.blank
              else (Blank("hasFeature", posted.line, posted.path),)),
            *(() if lead else _if_blank(f, "primarySponsor@en", at["primary sponsor"])),
            *(() if others else f.blanks("secondarySponsor", en=at["secondary sponsor"])),
            *(() if size.interventions or size.arms
              else _if_blank(f, "hasIntervention@en", at["intervention"])),
        ),
    )  # fmt: skip
    return _with_missing_items(made, at, f.layout)


def _number(f: Fields, label: str) -> tuple[Said[str], Occurrence]:
    """The number of the registration. Raises RecordError when the field holds none, or several."""
    cell = f.cell(label)
    text = cell.text if cell else ""
    found = [o for o in identifiers.occurrences(text, expected=True) if o.registration]
    if cell is None or len(found) != 1:
        raise RecordError(f"{label}: a record needs one registration number of a known registry")
    return cell.says(found[0].number), found[0]


def _kind(found: Occurrence) -> str:
    """The registry; the specified trials of jRCT, whose sponsor is a doctor, by their own name."""
    specified = found.registry == "jrct" and found.number.startswith("jRCTs")
    return "jrct-specified" if specified else found.registry


def _leave_out(f: Fields, at: Columns) -> None:
    f.skip(
        *(at[n] for n in ("retrospective flag", "prospective registration")),
        why="computed by the portal, in some files against its name; dates say it",
    )
    f.skip(
        *(at[n] for n in ("other records", "bridging flag truefalse", "bridged type")),
        why="computed by the portal: that it knows other records of the trial, which are in the "
        "graph, and which of them it lists first",
    )
    f.skip(at["export date"], why="when the file was made")
    f.skip(at["internal number"], why="a key of the portal")
    f.skip(
        *(at[n] for n in ("date registration format", "date enrollment format", "day inferred",
                          "trial prefix")),
        why="added by whoever made the file from the portal's",
    )  # fmt: skip
    if "last refreshed on" not in at and "unknown" in at:
        at["last refreshed on"] = at["unknown"]  # a copy whose maker did not know the column


def _told(f: Fields, at: Columns, begun: Start) -> Iterator[Said[str]]:
    said = f.string(at["source register"])
    if said is not None and said.value:
        yield said
    yield from begun.told_by


def _marked(posted: Said[Codes] | None, answer: str) -> Said[Codes] | None:
    """The mark that results are posted, where that is what the answer says."""
    return posted.but(("results-posted",)) if posted and posted.value == (answer,) else None


def _if_blank(f: Fields, name: str, label: str) -> tuple[Blank, ...]:
    cell = f.cell(label)
    return (Blank(name, cell.line, cell.path),) if cell is not None else ()


def _word(f: Fields, scheme: str, label: str, issuer: str) -> Said[Codes] | None:
    """The codes of the word in a field: the portal's, else the register's own."""
    cell = f.cell(label)
    return None if cell is None else word(f, scheme, cell, line(cell.text), issuer)


# -- titles and status -----------------------------------------------------------------------------


def _title(f: Fields, label: str) -> Texts | None:
    """A title without the note in front of it that the trial was cancelled, and without the word
    for no acronym behind it (``… - NIL``): the portal joins the two."""
    found = text_in(f, label)
    said = found.en if found else None
    if not said or not said.value:
        return found
    rest = said.value
    if note := cancel_note(rest):
        rest = rest[len(note) :].strip(" .,;:-")
    title, dash, acronym = rest.rpartition(" - ")
    if dash and is_placeholder(acronym):
        rest = title.rstrip()
    return Texts(en=said.but(rest)) if rest and rest != said.value else found


class _Status(NamedTuple):
    now: Said[Codes] | None = None
    before: Said[Codes] | None = None
    why: Texts | None = None


def _status(f: Fields, at: Columns, issuer: str) -> _Status:
    """The status as printed; ``withdrawn`` where a title says that the trial was cancelled."""
    printed = _word(f, "recruitment-status", at["recruitment status"], issuer)
    notes: list[Said[str]] = []
    for label in (at["public title"], at["scientific title"]):
        title = f.said(label, line)
        note = cancel_note(title.value) if title and title.value else None
        if title and note:
            notes.append(title.but(note, note))
    if not notes:
        return _Status(printed)
    why = "; ".join(dict.fromkeys(one.printed for one in notes))
    now: Said[Codes] = joined(("withdrawn",), tuple(notes))
    return _Status(now, printed, Texts(en=joined(why, tuple(notes))))


# -- size, countries, numbers, shared data ---------------------------------------------------------


def _size(f: Fields, at: Columns, issuer: str) -> Arms:
    """Arms with their sizes where the target size lists them, else the target size alone."""
    label, how = at["target size"], at["intervention"]
    cell = f.cell(label)
    if cell is not None and lists_arms(line(cell.text)):
        return arms(f, label, how)
    total = f.count(label)
    treated: tuple[Intervention, ...] = ictrp_study.interventions(f, how, issuer)
    return Arms((), total, treated)


def _countries(f: Fields, label: str) -> tuple[tuple[Place, ...], tuple[Blank, ...]]:
    said = f.said(label, line)
    if said is None:
        return (), ()
    found = countries(f, listed(said))
    return found, () if found else (Blank("countryOfRecruitment", said.line, said.path),)


def _identifiers(
    f: Fields, at: Columns
) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    """Other numbers of the trial, and those of records that the portal knows to be the same one."""
    said = f.said(at["secondary id"], line)
    parts = listed(said)
    found = list(secondary_identifiers(parts))
    blanks = []
    if said is not None and not found:
        blanks.append(Blank("secondaryIdentifier", said.line, said.path))
    for name in ("bridging flag", "childs"):
        bridged = f.said(at[name], line)
        if bridged is None:
            continue
        numbers = list(secondary_identifiers(listed(bridged), relation="same"))
        found += numbers
        if not numbers:
            blanks.append(Blank("secondaryIdentifier", bridged.line, bridged.path))
    return once(found), tuple(blanks)


# -- what this form has no place for ---------------------------------------------------------------


def _said(value: Said[Any] | None) -> bool:
    return value is not None and value.value is not None


def _masks_nobody(made: Record) -> bool:
    """Whether masking is called not applicable where one group has nothing to be masked from."""
    alone = made.design_model is not None and made.design_model.value == ("single-arm",)
    answer = made.masking.printed if made.masking is not None and not made.masking.value else None
    return alone and (answer or "").casefold() == "not applicable"


def _with_missing_items(made: Record, at: Columns, layout: str) -> Record:
    missing = list(without_column(at, layout))
    if "scientific contact firstname" not in at:
        missing += ["WHO-08", "WHO-08-affiliation", "WHO-08-channel"]  # one stands for both
    primary, secondary = (
        [one for one in made.outcomes if one.sort and one.sort.value == (sort,)]
        for sort in ("primary", "secondary")
    )
    told = {
        "WHO-12b": any(condition.code for condition in made.conditions),
        "WHO-15b": made.design_model is not None,
        "WHO-15c": made.masking is not None,
        "WHO-15d": made.randomization_method is not None,
        "WHO-13b": any(one.description for one in made.interventions),
        "WHO-17b": bool(made.arms),
        "WHO-19b": any(one.time_point for one in primary),
        "WHO-19c": any(one.method for one in primary),
        "WHO-20b": any(one.time_point for one in secondary),
        "WHO-20b-method": any(one.method for one in secondary),
    }
    if made.issuer == "euctr":
        missing.append("WHO-16")  # it prints when the trial was authorised
    given = {
        "WHO-14c": _said(made.min_age) or _said(made.max_age) or _said(made.no_age_limit),
        "WHO-14d": _said(made.sex),
        "WHO-22": _said(made.completion_date),
        "WHO-24a": _said(made.ipd_sharing),
    }
    missing += [item for item in not_sent(made.issuer or "") if not given.get(item)]
    if _masks_nobody(made):
        missing.append("WHO-15c")
    missing += [item for item in _IN_TEXTS if not told[item]]
    return replace(made, version=replace(made.version, not_printed=tuple(sorted(set(missing)))))
