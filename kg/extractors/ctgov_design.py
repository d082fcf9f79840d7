"""Arms, outcomes, eligibility, subject headings and marks of ClinicalTrials.gov."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from kg.extractors.ctgov_text import plain, strings, text
from kg.fields import Fields
from kg.model import Arm, Intervention, OutcomeMeasure, Topic
from kg.said import Codes, Said, Texts, joined
from kg.values import one_line, paragraphs

# -- arms and interventions -----------------------------------------------------------------------


class Arms(NamedTuple):
    """The arms with the interventions they use, and all interventions."""

    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]


def arms(f: Fields) -> Arms:
    """Arms and interventions; an arm uses what it names and what names it."""
    made: list[Intervention] = []
    uses: dict[str, list[Intervention]] = {}  # by label of the arm, folded
    by_name: dict[str, Intervention] = {}
    for row in f.each("interventions"):
        labels = strings(row, "armGroupLabels")
        intervention = Intervention(
            name=text(row, "name") or Texts(),
            sort=row.concepts("intervention-type", en="type"),
            description=text(row, "description", lines=True),
            other_names=strings(row, "otherNames"),
            told_by=labels,
        )
        made.append(intervention)
        by_name.setdefault(_folded(intervention.name.label), intervention)
        for label in labels:
            uses.setdefault(_folded(label.value or ""), []).append(intervention)
    found = []
    for n, row in enumerate(f.each("armGroups"), start=1):
        name = text(row, "label") or Texts()
        named = strings(row, "interventionNames")
        used = {id(i): i for i in uses.get(_folded(name.label), ())}
        for said in named:
            # "Drug: Aspirin": the type stands before the name.
            bare = (said.value or "").partition(": ")[2] or said.value or ""
            known = by_name.get(_folded(bare)) or by_name.get(_folded(said.value or ""))
            if known:
                used.setdefault(id(known), known)
        found.append(
            Arm(
                name=name,
                sort=row.concepts("arm-type", en="type"),
                description=text(row, "description", lines=True),
                interventions=tuple(used.values()),
                told_by=named,
                list_position=n,
            )
        )
    return Arms(tuple(found), tuple(made))


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
            yield OutcomeMeasure(
                name=text(row, "measure") or Texts(),
                sort=Said((kind,), 0),
                time_point=text(row, "timeFrame", lines=True),
                method=text(row, "description", lines=True),
                list_position=n,
            )


# -- eligibility ----------------------------------------------------------------------------------

_INCLUSION = re.compile(
    r"^\W*(?:key |main |general |participant |patient )?inclusion(?: criteria)?\W*$", re.I | re.M
)
_EXCLUSION = re.compile(
    r"^\W*(?:key |main |general |participant |patient )?exclusion(?: criteria)?\W*$", re.I | re.M
)


class Criteria(NamedTuple):
    """The criteria in parts where clear headings part them, else as one text."""

    inclusion: Texts | None = None
    exclusion: Texts | None = None
    whole: Texts | None = None


def eligibility(f: Fields) -> Criteria:
    """The criteria, parted at one heading line for each kind, inclusion first.

    >>> from kg.fields import Log
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
    return said.but(value, one_line(value))


def age(f: Fields, label: str) -> Said[Decimal] | None:
    """An age limit in years; ``N/A`` is a blank, for it may be no limit or no answer."""
    return f.age(label)


# -- subject headings -----------------------------------------------------------------------------

_MESH = re.compile(r"[CD]\d{6,9}", re.ASCII)
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
        for label, (kind, code, name) in _HEADINGS.items():
            for row in module.each(label):
                number = row.string(code)
                address = _address(number)
                yield Topic(
                    name=text(row, name) or Texts(),
                    sort=f"{of}-{kind}",
                    code=number,
                    same_as=(address,) if address and kind != "branch" else (),
                    found_as=row.string("asFound") if kind == "leaf" else None,
                    relevance=row.string("relevance") if kind == "leaf" else None,
                )


def _address(number: Said[str] | None) -> Said[str] | None:
    """The address of a MeSH descriptor or supplementary concept; leaves print ``M…``: none."""
    if number is None or number.value is None or not _MESH.fullmatch(number.value):
        return None
    return number.but(f"http://id.nlm.nih.gov/mesh/{number.value}")


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


def features(f: Fields) -> tuple[Said[Codes] | None, Said[Codes] | None]:
    """The marks that the record sets, and those that it denies."""
    found: dict[str, list[tuple[str, Said[Codes]]]] = {"yes": [], "no": []}
    for label, code in _FLAGS.items():
        said = f.concepts("answer", en=label)
        for answer in (said.value if said else None) or ():
            if answer in found and said is not None:
                found[answer].append((code, said))
    yes, no = (_gathered(marks) for marks in found.values())
    return yes, no


def _gathered(marks: list[tuple[str, Said[Codes]]]) -> Said[Codes] | None:
    if not marks:
        return None
    return joined(tuple(code for code, _ in marks), tuple(said for _, said in marks))
