"""Columns of the WHO portal: what its XML, its CSV exports and its full export call them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kg.codes import CHINESE
from kg.sources.trees import Cell, Tree

# The 63 columns of the full export, which has no heading, in their order.
FULL_EXPORT = (
    "TrialID", "Last_Refreshed_on", "SecondaryIDs", "Public_title", "Scientific_title", "url",
    "Public_Contact_Firstname", "Public_Contact_Lastname", "Public_Contact_Address",
    "Public_Contact_Email", "Public_Contact_Tel", "Public_Contact_Affiliation",
    "Scientific_Contact_Firstname", "Scientific_Contact_Lastname", "Scientific_Contact_Address",
    "Scientific_Contact_Email", "Scientific_Contact_Tel", "Scientific_Contact_Affiliation",
    "study_type", "study_design", "phase", "Date_registration", "Date_enrollment", "Target_size",
    "Recruitment_status", "Primary_sponsor", "Secondary_sponsors", "Source_Support", "Countries",
    "Conditions", "Interventions", "Agemin", "Agemax", "Gender", "Inclusion_Criteria",
    "Exclusion_Criteria", "Primary_Outcome", "Secondary_Outcomes", "Bridging_flag", "Bridged_type",
    "Childs", "type_enrolment", "Retrospective_flag", "results_actual_enrollment",
    "results_url_link", "results_summary", "results_date_posted", "results_date_first_publication",
    "results_baseline_char", "results_participant_flow", "results_adverse_events",
    "results_outcome_measures", "results_url_protocol", "results_IPD_plan",
    "results_IPD_description", "results_date_completed", "results_yes_no", "Ethics_Status",
    "Ethics_Approval_Date", "Ethics_Contact_Name", "Ethics_Contact_Address",
    "Ethics_Contact_Phone", "Ethics_Contact_Email",
)  # fmt: skip

# Other names of a column, by the name under which this package reads it.
_ALSO = {
    "trialid": ("trial id",),
    "last refreshed on": ("last refreshed",),
    "web address": ("url",),
    "source register": ("source registry",),
    "date enrollement": ("date enrollment", "date enrolment"),
    "inclusion agemin": ("agemin",),
    "inclusion agemax": ("agemax",),
    "inclusion gender": ("gender",),
    "inclusion criteria": ("inclusion",),
    "exclusion criteria": ("exclusion",),
    "condition": ("conditions",),
    "intervention": ("interventions",),
    "primary outcome": ("primary outcomes",),
    "secondary outcome": ("secondary outcomes",),
    "secondary id": ("secondaryids", "secondary ids", "secondaryid"),
    "secondary sponsor": ("secondary sponsors",),
    "source support": ("source name",),
    "ethics status": ("ethics review status",),
    "ethics approval date": ("ethics review approval date",),
    "ethics contact name": ("ethics review contact name",),
    "ethics contact address": ("ethics review contact address",),
    "ethics contact phone": ("ethics review contact phone",),
    "ethics contact email": ("ethics review contact email",),
    "results actual enrollment": ("results actual enrolment",),
    "prospective registration": ("prospectiveregistration",),
}
_NAMES = {also: name for name, others in _ALSO.items() for also in others}


def plain(label: str) -> str:
    """The name under which this package reads a column.

    >>> plain("Ethics_review_contact_name"), plain("Source Name"), plain("Agemin")
    ('ethics contact name', 'source support', 'inclusion agemin')
    """
    name = " ".join(label.replace("_", " ").casefold().split())
    return _NAMES.get(name, name)


class Columns(dict[str, str]):
    """The printed label of each column, by the name under which it is read.

    A column that is not there has its own name for a label, which no tree holds.
    """

    def __init__(self, labels: Iterable[str]) -> None:
        for label in labels:
            self.setdefault(plain(label), label)

    def __missing__(self, name: str) -> str:
        return name

    def any(self, *names: str) -> bool:
        """Whether one of these columns is there."""
        return any(name in self for name in names)


# What the exports of 2020 have no column for; one of the columns in the same row brings the item.
_ITEMS = {
    "WHO-03": ("secondary id",),
    "WHO-04": ("source support",),
    "WHO-06": ("secondary sponsor",),
    "WHO-20a": ("secondary outcome",),
    "WHO-21a": ("ethics status", "ethics approval date"),
    "WHO-21c": ("ethics contact name", "ethics contact phone", "ethics contact email"),
    "WHO-22": ("results date completed",),
    "WHO-23": ("results url link", "results date posted", "results summary", "results yes no"),
    "WHO-24a": ("results ipd plan",),
    "WHO-24b": ("results ipd description",),
    "WHO-24c": ("results ipd description",),
}
# XML leaves empty elements out: one column of the newer form shows that all were there to fill.
_NEWER = tuple({n for item in ("WHO-03", "WHO-04", "WHO-06", "WHO-20a", "WHO-21a", "WHO-21c",
                               "WHO-24a", "WHO-24b") for n in _ITEMS[item]})  # fmt: skip


def without_column(columns: Columns, layout: str) -> Sequence[str]:
    """The WHO sub-items for which this form of the portal's records has no column."""
    if layout == "xml" and columns.any(*_NEWER, "results date completed"):
        return ()
    return [item for item, names in _ITEMS.items() if not columns.any(*names)]


# What registers ask for and do not send to the portal: there the column stays empty, whatever their
# own page says. A value that is printed counts.
_UNSENT: dict[str, frozenset[str]] = {
    **dict.fromkeys(CHINESE, frozenset({"WHO-22", "WHO-24a"})),
    "ctgov": frozenset({"WHO-22", "WHO-24a"}),
    "ctri": frozenset({"WHO-14c", "WHO-14d", "WHO-22", "WHO-24a"}),
    "irct": frozenset({"WHO-22"}),
    "euctr": frozenset({"WHO-22"}),
    "isrctn": frozenset({"WHO-21c"}),  # inside a free text, with the approval
}


def not_sent(issuer: str) -> frozenset[str]:
    """The WHO sub-items that a register asks for and that the portal shows without a value."""
    return _UNSENT.get(issuer, frozenset())


# The Dutch register sends the paragraphs of its page; the portal's own mark is ``<br>``.
_PARAGRAPH = re.compile(r"</?p>", re.IGNORECASE)
# The portal repeats a list in each of its columns when another one of the record has several
# entries; in criteria the whole text comes again behind a semicolon.
_AGAIN = re.compile(r";(?=(?:\s|<br>){0,99}(?:key )?inclusion criteria\b)", re.IGNORECASE)


def in_lines(tree: Tree) -> Tree:
    """A row with the paragraphs in its texts (``<p>``) ended by the portal's own mark, and criteria
    once where the portal repeats them."""
    return {name: _broken(cell) for name, cell in tree.items()}


def _broken(cell: Any) -> Any:
    if not isinstance(cell, Cell) or "<" not in cell.text:
        return cell
    first, *others = _AGAIN.split(_PARAGRAPH.sub("<br>", cell.text))
    if others and {*map(_plainly, others)} != {_plainly(first)}:
        first = ";".join((first, *others))
    return cell._replace(text=first)


def _plainly(text: str) -> str:
    return "".join(text.replace("<br>", "").split())
