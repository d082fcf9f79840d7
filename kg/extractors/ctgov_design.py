"""Arms, outcomes, eligibility, subject headings and marks of ClinicalTrials.gov."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kg.extractors.ctgov_text import name, plain, strings, text
from kg.fields import Fields
from kg.model import Arm, Intervention, OutcomeMeasure, Topic
from kg.said import Blank, Codes, Said, Texts, joined
from kg.values import is_placeholder, one_line, paragraphs

# -- arms and interventions -----------------------------------------------------------------------


class Arms(NamedTuple):
    """The arms with the interventions they use, and all interventions."""

    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]


def arms(f: Fields) -> Arms:
    """Arms and interventions; an arm uses what it names and what names it."""
    made: list[Intervention] = []
    named_by: dict[str, list[Intervention]] = {}  # by the label of the arm they name, folded
    known: dict[str, list[Intervention]] = {}  # by name, with and without the type before it
    rows, groups = f.each("interventions"), f.each("armGroups")
    labels_of_arms = {_folded(name(row, "label").label) for row in groups}
    for row in rows:
        labels = strings(row, "armGroupLabels")
        sort = row.concepts("intervention-type", en="type")
        intervention = Intervention(
            name=name(row, "name"),
            sort=sort,
            description=text(row, "description", lines=True),
            other_names=strings(row, "otherNames"),
            told_by=labels,
        )
        made.append(intervention)
        bare = _folded(intervention.name.label)
        kind = _folded(sort.printed.replace("_", " ")) if sort else ""
        for key in (bare, f"{kind}: {bare}"):
            known.setdefault(key, []).append(intervention)
        for label in labels:
            named_by.setdefault(_folded(label.value or ""), []).append(intervention)
            if label.value and _folded(label.value) not in labels_of_arms:
                _unlinked(row, label, "the label of one of the record's arms")
    found = []
    for n, row in enumerate(groups, start=1):
        label_of_arm = name(row, "label")
        names = strings(row, "interventionNames")
        used = {id(i): i for i in named_by.get(_folded(label_of_arm.label), ())}
        for said in names:
            meant = _meant(said.value or "", known)
            # Of several with one name and type, those that name the arm themselves are meant.
            if not any(id(i) in used for i in meant):
                used.update((id(i), i) for i in meant)
            if said.value and not meant:
                _unlinked(row, said, "type and name of one of the record's interventions")
        found.append(
            Arm(
                name=label_of_arm,
                sort=row.concepts("arm-type", en="type"),
                description=text(row, "description", lines=True),
                interventions=tuple(used.values()),
                told_by=names,
                list_position=n,
            )
        )
    return Arms(tuple(found), tuple(made))


def _meant(printed: str, known: dict[str, list[Intervention]]) -> list[Intervention]:
    """The interventions that an arm names: ``Drug: Placebo`` is not ``Device: Placebo``.

    Without the right type only a name that one intervention alone has is certain.
    """
    if found := known.get(_folded(printed)):
        return found
    found = known.get(_folded(printed.partition(": ")[2]), [])
    return found if len(found) == 1 else []


def _unlinked(f: Fields, said: Said[str], expected: str) -> None:
    f.log.report("bad value", said.path, said.line, said.printed, f"expected {expected}")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


# -- outcomes -------------------------------------------------------------------------------------

_OUTCOMES = {
    "primaryOutcomes": "primary",
    "secondaryOutcomes": "secondary",
    "otherOutcomes": "additional",
}


def outcomes(f: Fields) -> Iterator[OutcomeMeasure]:
    """Every outcome measure; the registry's description is the method."""
    n = 0
    for label, kind in _OUTCOMES.items():
        for row in f.each(label):
            n += 1
            measure = name(row, "measure")
            yield OutcomeMeasure(
                name=measure,
                sort=measure.en.but((kind,)) if measure.en else Said((kind,), 0),
                time_point=text(row, "timeFrame", lines=True),
                method=text(row, "description", lines=True),
                list_position=n,
            )


# -- eligibility ----------------------------------------------------------------------------------

_HEADING = r"^\W*(?:(?:key|main|general|participant|patient)\s+)?{}(?:\s+criteria)?\W*$"
_INCLUSION = re.compile(_HEADING.format("inclusion"), re.I | re.M)
_EXCLUSION = re.compile(_HEADING.format("exclusion"), re.I | re.M)
_NO_LIMIT = re.compile(r"n/?a(?: \(no limit\))?|no limit", re.I)
_LIMITS = (("minimumAge", "no-lower", "CHILD"), ("maximumAge", "no-upper", "OLDER_ADULT"))


class Criteria(NamedTuple):
    """The criteria in parts where clear headings part them, else as one text."""

    inclusion: Texts | None = None
    exclusion: Texts | None = None
    whole: Texts | None = None


def eligibility(f: Fields) -> Criteria:
    """The criteria, parted at one heading line for each kind, inclusion first.

    >>> from kg.cursor import Log
    >>> printed = "Inclusion Criteria:\\n\\n* adults\\n\\nExclusion Criteria:\\n\\n* pregnancy"
    >>> f = Fields({"eligibilityCriteria": printed}, registry="ctgov", log=Log("f"))
    >>> found = eligibility(f)
    >>> found.inclusion.label, found.exclusion.label, found.whole
    ('* adults', '* pregnancy', None)
    """
    said = f.said("eligibilityCriteria", lambda printed: plain(printed).strip())
    if said is None or said.value is None:
        return Criteria(whole=None if said is None else Texts(en=said))
    printed = said.value
    inside = list(_INCLUSION.finditer(printed))
    outside = list(_EXCLUSION.finditer(printed))
    if len(inside) == len(outside) == 1 and inside[0].end() <= outside[0].start():
        before = printed[: inside[0].start()].strip()
        first = printed[inside[0].end() : outside[0].start()].strip()
        second = printed[outside[0].end() :].strip()
        if first and second and not before:
            return Criteria(Texts(en=_part(said, first)), Texts(en=_part(said, second)))
    return Criteria(whole=Texts(en=_part(said, printed)))


def _part(said: Said[str], text_of_part: str) -> Said[str]:
    value = paragraphs(text_of_part)
    return said.but(None if is_placeholder(value) else value, one_line(value))


class Ages(NamedTuple):
    """The age limits in years, the limits that there are none of, and the limits as printed."""

    lowest: Said[Decimal] | None
    highest: Said[Decimal] | None
    unlimited: Said[Codes] | None
    as_given: tuple[Said[str], ...]


def ages(f: Fields, *, whole: bool = True) -> Ages:
    """The age limits; ``N/A`` is the registry's word for "no limit", which version 2 leaves out.

    There the groups that the registry derives from the limits say so: a ``whole`` study without a
    lower limit that is open to children has none, nor has one without an upper limit that is open
    to older adults.

    >>> from kg.cursor import Log
    >>> printed = {"minimumAge": "6 Months", "maximumAge": "N/A (No limit)"}
    >>> found = ages(Fields(printed, registry="ctgov", log=Log("f")))
    >>> found.lowest.value, found.highest, found.unlimited.value
    (Decimal('0.5'), None, ('no-upper',))
    """
    limits: list[Said[Decimal] | None] = []
    without: list[Said[Codes]] = []
    open_to = {cell.text.upper().replace(" ", "_"): cell for cell in f.cells("stdAges")}
    groups = open_to if whole else {}
    for label, code, group in _LIMITS:
        cell = f.cell(label) if f.has(label) else groups.get(group)
        if cell is not None and (not f.has(label) or _NO_LIMIT.fullmatch(cell.text)):
            without.append(cell.says((code,)))
            limits.append(None)
        else:
            limits.append(f.age(label))
    codes = tuple(code for said in without for code in said.value or ())
    lowest, highest = limits
    as_given = [said for said in limits if said is not None and said.value is not None]
    return Ages(
        lowest,
        highest,
        joined(codes, tuple(without)) if codes else None,
        tuple(said.but(one_line(said.printed)) for said in as_given),
    )


# -- subject headings -----------------------------------------------------------------------------

_MESH = re.compile(r"([CD])(?:(\d{6})|(\d{9}))", re.ASCII)
# The registry prints every MeSH number with nine digits. MeSH counted on when it went from six to
# nine in 2013 (NLM Technical Bulletin 391, e1) and left older numbers as they were: numbers up to
# the first bound have six digits, those from the second on nine, and between them nobody knows.
_SIX_DIGITS = {"D": 66298, "C": 582435}
_NINE_DIGITS = {"D": 67000, "C": 594000}
_HEADINGS = {
    "meshes": ("mesh", "id", "term"),
    "ancestors": ("ancestor", "id", "term"),
    "browseLeaves": ("leaf", "id", "name"),
    "browseBranches": ("branch", "abbrev", "name"),
}


def topics(derived: Fields) -> Iterator[Topic]:
    """The subject headings that the registry derives for conditions and interventions."""
    for of in ("condition", "intervention"):
        module = derived.inside(f"{of}BrowseModule")
        for label, (kind, code, term) in _HEADINGS.items():
            for row in module.each(label):
                number = row.string(code)
                address = _address(number)
                yield Topic(
                    name=name(row, term),
                    sort=f"{of}-{kind}",
                    code=number,
                    same_as=(address,) if address and kind != "branch" else (),
                    found_as=row.string("asFound") if kind == "leaf" else None,
                    relevance=row.string("relevance") if kind == "leaf" else None,
                )


def _address(number: Said[str] | None) -> Said[str] | None:
    found = mesh_number(number.value) if number and number.value else None
    return number.but(f"http://id.nlm.nih.gov/mesh/{found}") if number and found else None


def mesh_number(printed: str) -> str | None:
    """The number of a MeSH descriptor or supplementary concept as MeSH itself writes it.

    None for other numbers (leaves of the registry's own tree print ``M…`` and ``T…``).

    >>> mesh_number("D000009369"), mesh_number("D000077062"), mesh_number("M12005")
    ('D009369', 'D000077062', None)
    """
    found = _MESH.fullmatch(printed)
    if not found:
        return None
    letter, six, nine = found.groups()
    if six:
        return printed
    number = int(nine)
    if number <= _SIX_DIGITS[letter]:
        return f"{letter}{number:06}"
    return printed if number >= _NINE_DIGITS[letter] else None


# -- marks ----------------------------------------------------------------------------------------

_FLAGS = {
    "protocolSection.oversightModule.isFdaRegulatedDrug": "fda-regulated-drug",
    "protocolSection.oversightModule.isFdaRegulatedDevice": "fda-regulated-device",
    "protocolSection.oversightModule.isUnapprovedDevice": "unapproved-device",
    "protocolSection.oversightModule.isPpsd": "pediatric-postmarket",
    "protocolSection.oversightModule.isUsExport": "us-export",
    "protocolSection.oversightModule.fdaaa801Violation": "fdaaa801-violation",
    "protocolSection.statusModule.delayedPosting": "delayed-posting",
    "protocolSection.statusModule.resultsWaived": "results-waived",
    "protocolSection.statusModule.expandedAccessInfo.hasExpandedAccess": "expanded-access",
    "protocolSection.designModule.patientRegistry": "patient-registry",
    "protocolSection.designModule.expandedAccessTypes.individual": "expanded-access-individual",
    "protocolSection.designModule.expandedAccessTypes.intermediate": "expanded-access-intermediate",
    "protocolSection.designModule.expandedAccessTypes.treatment": "expanded-access-treatment",
    "protocolSection.eligibilityModule.genderBased": "gender-based",
    "documentSection.largeDocumentModule.noSap": "no-sap",
    "hasResults": "results-posted",
}


class Features(NamedTuple):
    """The marks that the record sets, those that it denies, and those printed without an answer."""

    yes: Said[Codes] | None
    no: Said[Codes] | None
    blanks: tuple[Blank, ...]


def features(f: Fields) -> Features:
    """The marks of the record; a null is neither yes nor no."""
    blanks = []
    found: dict[str, list[tuple[str, Said[Codes]]]] = {"yes": [], "no": []}
    for label, code in _FLAGS.items():
        said = f.concepts("answer", en=label)
        if said is None or said.refused:
            continue
        if said.blank:
            blanks.append(Blank("hasFeature", said.line, said.path))
        for answer in said.value or ():
            if answer in found:
                found[answer].append((code, said))
            else:
                f.log.report("bad value", said.path, said.line, said.printed, "expected yes or no")
    yes, no = (_gathered(marks) for marks in found.values())
    return Features(yes, no, tuple(blanks))


def _gathered(marks: list[tuple[str, Said[Codes]]]) -> Said[Codes] | None:
    if not marks:
        return None
    return joined(tuple(code for code, _ in marks), tuple(said for _, said in marks))
