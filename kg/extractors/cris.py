"""Records of the Korean registry CRIS: its English page, copies as JSON, answers of its open API.

Paths: docs/sources.md, "CRIS".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from kg import identifiers, values
from kg.extractors import cris_api, cris_page
from kg.extractors.cris_form import (
    ARM,
    COHORT,
    INCLUSION,
    NUMBER,
    PRIMARY,
    REGISTERED,
    REGISTRIES,
    SECONDARY,
    from_copy,
)
from kg.extractors.cris_parties import approvals, contacts, first_day, funding, sites, sponsors
from kg.fields import Fields
from kg.model import (
    Arm,
    Condition,
    Intervention,
    OutcomeMeasure,
    Record,
    Reference,
    SecondaryIdentifier,
    Specimen,
)
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.items import Item
from kg.sources.trees import Cell, Raw
from kg.values import one_line
from kg.words.secondary import secondary_identifier, without_number

TITLE = "CRIS, page, JSON copies and open API"

_FLAGS = {
    "MFDS Regulated Study": "mfds-regulated",
    "IND/IDE Protocol": "investigational-new-drug",
    "Rare Disease": "rare-disease",
}
_NOTHING = re.compile(r"not provided at time of registration|no data", re.IGNORECASE)
_CODED = re.compile(r"[*\s]*(?:\((?P<code>[A-Z]\d{2}[A-Z0-9.-]*)\)\s*)?(?P<name>.*)")
_AGE = re.compile(
    r"(?P<low>[^~]*?)\s*~\s*(?P<high>[^~]*?)", re.DOTALL
)  # "45 Year ~ 79 Year"; "No Limit" at either end
_CENTRES = re.compile(r"\(\s*Number of centers?\s*:\s*([0-9]{1,4})\s*\)", re.IGNORECASE)
_NO_LIMIT = re.compile(r"no limit", re.IGNORECASE)


def recognises(text: str) -> bool:
    """Whether a text is the source of the registry's English page."""
    return cris_page.is_page(text)


def raws(text: str) -> Iterator[Raw]:
    """The tree of the page's record."""
    yield from cris_page.records(text)


def knows(item: Item) -> bool:
    """Whether a JSON object is a copy of a record, or an answer of the open API."""
    return item.kind == "json" and (
        "cris_registration_number" in item.tree or cris_api.is_answer(item.tree)
    )


def raw(item: Item) -> Raw:
    """The object by the labels of the page."""
    if cris_api.is_answer(item.tree):
        return Raw(cris_api.from_api(item.tree), "cris", layout="api")
    return Raw(from_copy(item.tree), "cris", layout="json")


def record(f: Fields) -> Record:
    """The record of one trial."""
    number = f.need(NUMBER, _number)
    start, finish = first_day(f, "Date of First Enrollment"), first_day(f, "Study Completion Date")
    primary = first_day(f, "Primary Completion Date")
    dated = {
        "tkg:recruitmentStart": start,
        "tkg:primaryCompletionDate": primary,
        "tkg:completionDate": finish,
    }
    has, lacks = _features(f)
    ages = _ages(f)
    elsewhere, without = _elsewhere(f)
    f.skip("Healthcare Benefit Approval Status", why="a state of the health insurance")
    f.skip("Number of Arms", "Cohort/Group Number", why="the arms are listed")
    f.skip("Number of Publication", why="the publications are listed")
    return Record(
        publisher="cris",
        issuer="cris",
        local_id=number.value or "",
        version=cris_api.version(f),
        registration_number=number,
        number_as_printed=number.printed if number.printed != number.value else None,
        registration_date=f.date(cris_api.REGISTERED_ON),
        secondary_identifiers=elsewhere,
        study_subject_ids=_some(f.string("Unique Protocol ID")),
        public_title=f.texts(en="Public/Brief Title"),
        scientific_title=f.texts(en="Scientific Title"),
        acronym=f.texts(en="Acronym"),
        study_type=f.concepts("study-type", en="Study Type"),
        phase=_several(f, "phase", "Phase"),
        design_model=_first(
            f.concepts("design-model", en="Intervention Model"),
            f.concepts("design-model", en="Observational Study Model"),
        ),
        allocation=f.concepts("allocation", en="Allocation"),
        masking=f.concepts("masking", en="Blinding/Masking"),
        masked_party=_several(f, "masked-party", "Blinded Subject"),
        primary_purpose=_several(f, "primary-purpose", "Study Purpose"),
        time_perspective=f.concepts("time-perspective", en="Time Perspective"),
        brief_summary=f.texts(en="Lay Summary", lines=True),
        design_description=_centre_count(f),
        features=has,
        lacks=lacks,
        recruitment_status=f.concepts("recruitment-status", en="Overall Recruitment Status"),
        recruitment_start=start.day,
        primary_completion_date=primary.day,
        completion_date=finish.day,
        actual_dates=tuple(name for name, said in dated.items() if said.is_certainly("actual")),
        estimated_dates=tuple(
            name for name, said in dated.items() if said.is_certainly("estimated")
        ),
        target_sample_size=f.count("Target Number of Participant"),
        actual_sample_size=f.count("Final Enrollment Number"),
        inclusion_criteria=f.inside(INCLUSION).texts(en="Description", lines=True),
        exclusion_criteria=f.texts(en="Exclusion Criteria", lines=True),
        min_age=ages.low,
        max_age=ages.high,
        no_age_limit=ages.no_limit,
        age_as_given=ages.printed,
        sex=f.inside(INCLUSION).concepts("sex", en="Gender"),
        healthy_volunteers=f.concepts("answer", en="Healthy Volunteers"),
        data_monitoring_committee=f.concepts("answer", en="Data Monitoring Committee"),
        results_posted=f.date("Date of Posting Results"),
        results_summary=f.texts(en="Brief Summary", lines=True),
        ipd_sharing=_sharing(f),
        ipd_time_frame=f.texts(en="Time of Sharing", lines=True),
        ipd_access=f.texts(en="Way of Sharing", lines=True),
        roles=(*sponsors(f), *contacts(f)),
        sites=tuple(sites(f)),
        approvals=tuple(approvals(f)),
        arms=tuple(_arms(f)),
        interventions=tuple(_interventions(f)),
        conditions=tuple(_conditions(f)),
        outcomes=tuple(_outcomes(f)),
        funding=tuple(funding(f)),
        specimens=tuple(_specimens(f)),
        references=tuple(_references(f)),
        blanks=(*without, *f.blanks("hasCondition", en="Condition(s)/Problem(s)")),
        told_by=(
            *_some(f.string(REGISTRIES)),
            *(said for one in dated.values() for said in one.told_by),
        ),
    )


def _number(printed: str) -> str:
    return identifiers.registration(printed, "cris", "KCT9999900").number


def _some(said: Said[str] | None) -> tuple[Said[str], ...]:
    return (said,) if said is not None and said.printed else ()


def _first(*answers: Said[Codes] | None) -> Said[Codes] | None:
    """The first answer that says something, else the first there is."""
    found = [said for said in answers if said is not None]
    return next((said for said in found if said.value), found[0] if found else None)


def _several(f: Fields, scheme: str, label: str) -> Said[Codes] | None:
    """The codes of a word, or of several with commas between them."""
    cell = f.cell(label)
    if cell is None:
        return None
    whole = f.concepts(scheme, en=label, report=False)
    words = [one_line(word) for word in cell.text.split(",") if word.strip()]
    if whole is None or whole.value or not whole.refused or len(words) < 2:
        return f.concepts(scheme, en=label)
    found = [f.concept_of(scheme, Cell(word, cell.line, cell.path)) for word in words]
    codes = dict.fromkeys(code for said in found for code in said.value or ())
    return cell.says(tuple(codes) or None, refused=not codes)


def _centre_count(f: Fields) -> Texts | None:
    """The number of centres, printed in brackets: ``Multi-center (Number of center : 15)``."""
    said = f.string("Study Site")
    found = _CENTRES.search(said.value) if said and said.value else None
    if said is None or found is None:
        return None
    return Texts(en=said.but(f"Number of centers: {found[1]}"))


def _elsewhere(f: Fields) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    """Numbers in other registries, and blanks where none is given."""
    made: list[SecondaryIdentifier] = []
    blanks: list[Blank] = []
    for row in f.each(REGISTERED):
        issuer = row.string("Name of Registry")
        said = row.string("Registration Number")
        one = secondary_identifier(said)
        if one is not None:
            made.append(replace(one, issuer=issuer if issuer and issuer.value else None))
            continue
        row.left_over(issuer, why="a registry without a number")
        if said is not None and said.value:  # a blank one is told among the parts
            blanks += without_number((said,))
    return tuple(made), tuple(blanks)


# -- design and population -------------------------------------------------------------------------


def _features(f: Fields) -> tuple[Said[Codes] | None, Said[Codes] | None]:
    """What the trial is and is not: yes and no, one centre or several, what the outcome is for."""
    found: dict[str, list[Said[Codes]]] = {"yes": [], "no": []}
    for label, code in _FLAGS.items():
        said = f.concepts("answer", en=label)
        if said is not None and said.value and said.value[0] in found:
            found[said.value[0]].append(said.but((code,)))
        else:
            f.left_over(said, why="neither yes nor no")
    for said in (_centres(f), f.concepts("feature", en="Type of Primary Outcome")):
        if said is not None and said.value:
            found["yes"].append(said)
    return _together(found["yes"]), _together(found["no"])


def _together(said: list[Said[Codes]]) -> Said[Codes] | None:
    codes = dict.fromkeys(code for one in said for code in one.value or ())
    return joined(tuple(codes), tuple(said)) if codes else None


def _centres(f: Fields) -> Said[Codes] | None:
    """One centre or several; the number of centres stands in brackets behind the word."""
    cell = f.cell("Study Site")
    if cell is None or not cell.text:
        return None
    word = one_line(cell.text.partition("(")[0])
    said = f.concept_of("feature", Cell(word, cell.line, cell.path))
    return said._replace(printed=cell.text)


class _Ages(NamedTuple):
    low: Said[Decimal] | None
    high: Said[Decimal] | None
    no_limit: Said[Codes] | None
    printed: tuple[Said[str], ...]


def _ages(f: Fields) -> _Ages:
    """The limits of age, printed as ``45 Year ~ 79 Year``."""
    inner = f.inside(INCLUSION)
    low = inner.said("Age", _age_limit("low"))
    high = None if low is None or low.refused else inner.said("Age", _age_limit("high"))
    printed = inner.string("Age")
    free: list[str] = []
    found = _AGE.fullmatch(printed.value) if printed and printed.value else None
    if found:
        free += ["no-lower"] if _NO_LIMIT.fullmatch(found["low"]) else []
        free += ["no-upper"] if _NO_LIMIT.fullmatch(found["high"]) else []
    return _Ages(
        low=None if "no-lower" in free else low,
        high=high if high and high.value is not None else None,
        no_limit=printed.but(tuple(free)) if printed and free else None,
        printed=(printed,) if printed and printed.value else (),
    )


def _age_limit(end: str) -> Callable[[str], Decimal | None]:
    def limit(printed: str) -> Decimal | None:
        found = _AGE.fullmatch(one_line(printed))
        if not found:
            raise ValueError("expected two ages such as 18 Year ~ 75 Year")
        text = found[end]
        return None if not text or _NO_LIMIT.fullmatch(text) else values.age(text)

    return limit


def _sharing(f: Fields) -> Said[Codes] | None:
    """Whether data are shared; a plan that was not asked for yet says nothing."""
    said = f.string("Sharing Statement")
    if said is not None and said.value and _NOTHING.fullmatch(said.value):
        return said.but(None)
    return f.concepts("answer", en="Sharing Statement")


# -- what is studied -------------------------------------------------------------------------------


def _arms(f: Fields) -> Iterator[Arm]:
    """The arms of a trial, or the groups of an observational study."""
    for block in (ARM, COHORT):
        for n, row in enumerate(f.each(block), start=1):
            name = _first_text(row, f"{block} Label", f"{block} Description")
            size = row.count("Target Number of Participant")
            sort = row.concepts("arm-type", en=f"{block} Type")
            if name is None:
                row.left_over(size, sort, why="stands beside an arm without a name")
                continue
            description = row.texts(en=f"{block} Description", lines=True)
            yield Arm(
                name=Texts(en=name),
                size=size,
                sort=sort,
                description=description,
                list_position=n,
            )


def _first_text(row: Fields, *labels: str) -> Said[str] | None:
    """The first of several texts that says something; each is read, so that none is unread."""
    said = [row.string(label) for label in labels]
    return next((one for one in said if one and one.value), None)


def _interventions(f: Fields) -> Iterator[Intervention]:
    """The intervention as described; its first line names it."""
    sort = _several(f, "intervention-type", "Intervention Type")
    name = f.string("Intervention Description")
    if name is not None and name.value:
        yield Intervention(
            name=Texts(en=name),
            sort=sort,
            description=f.texts(en="Intervention Description", lines=True),
        )
    elif sort is not None and sort.value:
        yield Intervention(name=Texts(en=sort.but(one_line(sort.printed))), sort=sort)


def _conditions(f: Fields) -> Iterator[Condition]:
    """The conditions, a line each; newer records print the code of the disease in front."""
    cell, said = f.cell("Condition(s)/Problem(s)"), f.string("Condition(s)/Problem(s)")
    if cell is None or said is None or said.value is None:
        return
    seen: set[str] = set()
    for printed in cell.text.split("\n"):
        found = _CODED.fullmatch(printed.strip())
        name = one_line(found["name"]) if found else ""
        if not name or name in seen or found is None or values.is_placeholder(name):
            continue
        seen.add(name)
        code = found["code"]
        yield Condition(name=Texts(en=cell.says(name)), code=cell.says(code) if code else None)


def _outcomes(f: Fields) -> Iterator[OutcomeMeasure]:
    for block, sort in ((PRIMARY, "primary"), (SECONDARY, "secondary")):
        for n, row in enumerate(f.each(block), start=1):
            name = _first_text(row, "Outcome", "Timepoint")
            if name is None:
                continue
            yield OutcomeMeasure(
                name=Texts(en=name),
                sort=name.but((sort,)),
                time_point=row.texts(en="Timepoint", lines=True),
                list_position=n,
            )


def _specimens(f: Fields) -> Iterator[Specimen]:
    """What is kept of the participants of an observational study."""
    name, note = f.string("Biospecimen Collection & Archiving"), f.string("Biospecimen Description")
    if name is not None and name.value:
        more = Texts(en=note) if note and note.value else None
        yield Specimen(
            name=Texts(en=name),
            retention=f.concepts("specimen-retention", en="Biospecimen Collection & Archiving"),
            note=more,
        )
    else:
        f.left_over(note, why="stands beside no specimen")


def _references(f: Fields) -> Iterator[Reference]:
    """Publications and the protocol."""
    for label, sort in (("Publications", "result"), ("Protocol URL or File Upload", "protocol")):
        said = f.string(label)
        if said is not None and said.value:
            yield Reference(name=Texts(en=said), sort=said.but((sort,)))
