"""The form of the EU register: its items by code and printed label, and the groups that repeat.

Text, page and copies print the same form. Each becomes one tree whose labels are the codes of the
form (``A.3``, ``E.8.9.1 years``); what repeats stands in lists: ``sponsors`` with their
``support``, ``products`` with their ``substances``, ``placebos``, ``terms``, ``networks``.
Source: the EudraCT form, https://eudract.ema.europa.eu/docs/technical/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.sources.trees import Cell, Note

# One item a line: its label in the tree, "=", then its code and printed label; "|" stands before
# a further wording. A label in the tree that ends in ">" opens the group named behind it.
_ITEMS = """
[root]
EudraCT Number = EudraCT Number
Protocol Code = Sponsor's Protocol Code Number
Authority = National Competent Authority
Trial Type = Clinical Trial Type | X.4 Clinical Trial Type
Trial Status = Trial Status | X.5 Trial Status
First Entered = Date on which this record was first entered in the EudraCT database | X.6 Date on which this record was first entered in the EudraCT database
Link = Link
Trial results = Trial results
A.1 = A.1 Member State Concerned
A.2 = A.2 EudraCT number
A.3 = A.3 Full title of the trial
A.3.1 = A.3.1 Title of the trial for lay people, in easily understood, i.e. non-technical, language
A.3.2 = A.3.2 Name or abbreviated title of the trial where available
A.4.1 = A.4.1 Sponsor's protocol code number
A.5.1 = A.5.1 ISRCTN (International Standard Randomised Controlled Trial) Number | A.5.1 ISRCTN (International Standard Randomised Controlled Trial) number
A.5.2 = A.5.2 US NCT (ClinicalTrials.gov registry) number
A.5.3 = A.5.3 WHO Universal Trial Reference Number (UTRN)
A.5.4 = A.5.4 Other Identifiers
A.7 = A.7 Trial is part of a Paediatric Investigation Plan
A.8 = A.8 EMA Decision number of Paediatric Investigation Plan
E.1.1 = E.1.1 Medical condition(s) being investigated
E.1.1.1 = E.1.1.1 Medical condition in easily understood language
E.1.1.2 = E.1.1.2 Therapeutic area
E.1.3 = E.1.3 Condition being studied is a rare disease
E.2.1 = E.2.1 Main objective of the trial
E.2.2 = E.2.2 Secondary objectives of the trial
E.2.3 = E.2.3 Trial contains a sub-study
E.2.3.1 = E.2.3.1 Full title, date and version of each sub-study and their related objectives
E.3 = E.3 Principal inclusion criteria
E.4 = E.4 Principal exclusion criteria
E.5.1 = E.5.1 Primary end point(s)
E.5.1.1 = E.5.1.1 Timepoint(s) of evaluation of this end point
E.5.2 = E.5.2 Secondary end point(s)
E.5.2.1 = E.5.2.1 Timepoint(s) of evaluation of this end point
E.6.1 = E.6.1 Diagnosis
E.6.2 = E.6.2 Prophylaxis
E.6.3 = E.6.3 Therapy
E.6.4 = E.6.4 Safety
E.6.5 = E.6.5 Efficacy
E.6.6 = E.6.6 Pharmacokinetic
E.6.7 = E.6.7 Pharmacodynamic
E.6.8 = E.6.8 Bioequivalence
E.6.9 = E.6.9 Dose response
E.6.10 = E.6.10 Pharmacogenetic
E.6.11 = E.6.11 Pharmacogenomic
E.6.12 = E.6.12 Pharmacoeconomic
E.6.13 = E.6.13 Others
E.6.13.1 = E.6.13.1 Other scope of the trial description
E.7.1 = E.7.1 Human pharmacology (Phase I)
E.7.1.1 = E.7.1.1 First administration to humans
E.7.1.2 = E.7.1.2 Bioequivalence study
E.7.1.3 = E.7.1.3 Other
E.7.1.3.1 = E.7.1.3.1 Other trial type description
E.7.2 = E.7.2 Therapeutic exploratory (Phase II)
E.7.3 = E.7.3 Therapeutic confirmatory (Phase III)
E.7.4 = E.7.4 Therapeutic use (Phase IV)
E.8.1 = E.8.1 Controlled
E.8.1.1 = E.8.1.1 Randomised
E.8.1.2 = E.8.1.2 Open
E.8.1.3 = E.8.1.3 Single blind
E.8.1.4 = E.8.1.4 Double blind
E.8.1.5 = E.8.1.5 Parallel group
E.8.1.6 = E.8.1.6 Cross over
E.8.1.7 = E.8.1.7 Other
E.8.1.7.1 = E.8.1.7.1 Other trial design description
E.8.2.1 = E.8.2.1 Other medicinal product(s)
E.8.2.2 = E.8.2.2 Placebo
E.8.2.3 = E.8.2.3 Other
E.8.2.3.1 = E.8.2.3.1 Comparator description
E.8.2.4 = E.8.2.4 Number of treatment arms in the trial
E.8.3 = E.8.3 The trial involves single site in the Member State concerned | E.8.3 Will this trial be conducted at a single site globally? | E.8.3 Single site trial
E.8.4 = E.8.4 The trial involves multiple sites in the Member State concerned | E.8.4 Will this trial be conducted at multiple sites globally? | E.8.4 Multiple sites in Member State | E.8.4.0 Multiple sites globally
E.8.4.1 = E.8.4.1 Number of sites anticipated in Member State concerned
E.8.5 = E.8.5 The trial involves multiple Member States
E.8.5.1 = E.8.5.1 Number of sites anticipated in the EEA
E.8.6.1 = E.8.6.1 Trial being conducted both within and outside the EEA
E.8.6.2 = E.8.6.2 Trial being conducted completely outside of the EEA
E.8.6.3 = E.8.6.3 If E.8.6.1 or E.8.6.2 are Yes, specify the regions in which trial sites are planned | E.8.6.3 Specify the countries outside of the EEA in which trial sites are planned | E.8.6.3 Trial sites planned in
E.8.6.4 = E.8.6.4 Number of sites anticipated outside of the EEA
E.8.7 = E.8.7 Trial has a data monitoring committee
E.8.8 = E.8.8 Definition of the end of the trial and justification where it is not the last visit of the last subject undergoing the trial
E.8.9.1 years = E.8.9.1 In the Member State concerned years
E.8.9.1 months = E.8.9.1 In the Member State concerned months
E.8.9.1 days = E.8.9.1 In the Member State concerned days
E.8.9.2 years = E.8.9.2 In all countries concerned by the trial years
E.8.9.2 months = E.8.9.2 In all countries concerned by the trial months
E.8.9.2 days = E.8.9.2 In all countries concerned by the trial days
F.1.1 = F.1.1 Trial has subjects under 18
F.1.1 number = F.1.1 Number of subjects for this age range
F.1.1.1 = F.1.1.1 In Utero
F.1.1.1.1 = F.1.1.1.1 Number of subjects for this age range
F.1.1.2 = F.1.1.2 Preterm newborn infants (up to gestational age < 37 weeks)
F.1.1.2.1 = F.1.1.2.1 Number of subjects for this age range
F.1.1.3 = F.1.1.3 Newborns (0-27 days)
F.1.1.3.1 = F.1.1.3.1 Number of subjects for this age range
F.1.1.4 = F.1.1.4 Infants and toddlers (28 days-23 months)
F.1.1.4.1 = F.1.1.4.1 Number of subjects for this age range
F.1.1.5 = F.1.1.5 Children (2-11years)
F.1.1.5.1 = F.1.1.5.1 Number of subjects for this age range
F.1.1.6 = F.1.1.6 Adolescents (12-17 years)
F.1.1.6.1 = F.1.1.6.1 Number of subjects for this age range
F.1.2 = F.1.2 Adults (18-64 years)
F.1.2.1 = F.1.2.1 Number of subjects for this age range
F.1.3 = F.1.3 Elderly (>=65 years)
F.1.3.1 = F.1.3.1 Number of subjects for this age range
F.2.1 = F.2.1 Female
F.2.2 = F.2.2 Male
F.3.1 = F.3.1 Healthy volunteers
F.3.2 = F.3.2 Patients
F.3.3 = F.3.3 Specific vulnerable populations
F.3.3.1 = F.3.3.1 Women of childbearing potential not using contraception
F.3.3.2 = F.3.3.2 Women of child-bearing potential using contraception
F.3.3.3 = F.3.3.3 Pregnant women
F.3.3.4 = F.3.3.4 Nursing women
F.3.3.5 = F.3.3.5 Emergency situation
F.3.3.6 = F.3.3.6 Subjects incapable of giving consent personally
F.3.3.6.1 = F.3.3.6.1 Details of subjects incapable of giving consent
F.3.3.7 = F.3.3.7 Others
F.3.3.7.1 = F.3.3.7.1 Details of other specific vulnerable populations
F.4.1 = F.4.1 In the member state
F.4.2.1 = F.4.2.1 In the EEA
F.4.2.2 = F.4.2.2 In the whole clinical trial
F.5 = F.5 Plans for treatment or care after the subject has ended the participation in the trial (if it is different from the expected normal treatment of that condition)
H.4.1 = H.4.1 Third Country in which the trial was first authorised
N. Decision = N. Competent Authority Decision
N. Decision date = N. Date of Competent Authority Decision
N. Opinion = N. Ethics Committee Opinion of the trial application
N. Opinion reasons = N. Ethics Committee Opinion: Reason(s) for unfavourable opinion
N. Opinion date = N. Date of Ethics Committee Opinion
P. Status = P. End of Trial Status
P. Global end = P. Date of the global end of the trial
[sponsors]
Sponsor >sponsors = Sponsor | B.Sponsor | B.1 Sponsor
B.1.1 = B.1.1 Name of Sponsor
B.1.3.4 = B.1.3.4 Country
B.3 = B.3.1 and B.3.2 Status of the sponsor
B.5.1 = B.5.1 Name of organisation
B.5.2 = B.5.2 Functional name of contact point
B.5.3.1 = B.5.3.1 Street Address
B.5.3.2 = B.5.3.2 Town/ city
B.5.3.3 = B.5.3.3 Post code
B.5.3.4 = B.5.3.4 Country
B.5.4 = B.5.4 Telephone number
B.5.5 = B.5.5 Fax number
B.5.6 = B.5.6 E-mail
[support]
B.4.1 >support = B.4.1 Name of organisation providing support
B.4.2 = B.4.2 Country
[products]
D.IMP >products = D.IMP
D.1 = D.1.2 and D.1.3 IMP Role
D.2.1 = D.2.1 IMP to be used in the trial has a marketing authorisation
D.2.1.1.1 = D.2.1.1.1 Trade name
D.2.1.1.2 = D.2.1.1.2 Name of the Marketing Authorisation holder
D.2.1.2 = D.2.1.2 Country which granted the Marketing Authorisation
D.2.5 = D.2.5 The IMP has been designated in this indication as an orphan drug in the Community
D.2.5.1 = D.2.5.1 Orphan drug designation number
D.3.1 = D.3.1 Product name
D.3.2 = D.3.2 Product code
D.3.4 = D.3.4 Pharmaceutical form
D.3.4.1 = D.3.4.1 Specific paediatric formulation
D.3.7 = D.3.7 Routes of administration for this IMP
D.3.11.1 = D.3.11.1 Active substance of chemical origin
D.3.11.2 = D.3.11.2 Active substance of biological/ biotechnological origin (other than Advanced Therapy IMP (ATIMP)
D.3.11.3 = D.3.11.3 Advanced Therapy IMP (ATIMP)
D.3.11.3.1 = D.3.11.3.1 Somatic cell therapy medicinal product
D.3.11.3.2 = D.3.11.3.2 Gene therapy medical product
D.3.11.3.3 = D.3.11.3.3 Tissue Engineered Product
D.3.11.3.4 = D.3.11.3.4 Combination ATIMP (i.e. one involving a medical device)
D.3.11.3.5 = D.3.11.3.5 Committee on Advanced therapies (CAT) has issued a classification for this product
D.3.11.3.5.1 = D.3.11.3.5.1 CAT classification and reference number
D.3.11.4 = D.3.11.4 Combination product that includes a device, but does not involve an Advanced Therapy
D.3.11.5 = D.3.11.5 Radiopharmaceutical medicinal product
D.3.11.6 = D.3.11.6 Immunological medicinal product (such as vaccine, allergen, immune serum)
D.3.11.7 = D.3.11.7 Plasma derived medicinal product
D.3.11.8 = D.3.11.8 Extractive medicinal product
D.3.11.9 = D.3.11.9 Recombinant medicinal product
D.3.11.10 = D.3.11.10 Medicinal product containing genetically modified organisms
D.3.11.11 = D.3.11.11 Herbal medicinal product
D.3.11.12 = D.3.11.12 Homeopathic medicinal product
D.3.11.13 = D.3.11.13 Another type of medicinal product
D.3.11.13.1 = D.3.11.13.1 Other medicinal product type
[substances]
>substances = D.3.8 to D.3.10 IMP Identification Details (Active Substances)
D.3.8 = D.3.8 INN - Proposed INN
D.3.9.1 = D.3.9.1 CAS number
D.3.9.2 = D.3.9.2 Current sponsor code
D.3.9.3 = D.3.9.3 Other descriptive name
D.3.9.4 = D.3.9.4 EV Substance Code
D.3.10.1 = D.3.10.1 Concentration unit
D.3.10.2 = D.3.10.2 Concentration type
D.3.10.3 = D.3.10.3 Concentration number
[placebos]
Placebo >placebos = D.8 Placebo
D.8.1 = D.8.1 Is a Placebo used in this Trial?
D.8.3 = D.8.3 Pharmaceutical form of the placebo
D.8.4 = D.8.4 Route of administration of the placebo
[terms]
>terms = E.1.2 Medical condition or disease under investigation
E.1.2 version = E.1.2 Version
E.1.2 level = E.1.2 Level
E.1.2 code = E.1.2 Classification code
E.1.2 term = E.1.2 Term
E.1.2 organ class = E.1.2 System Organ Class
[networks]
Network >networks = G.4 Investigator Network to be involved in the Trial
G.4.1 = G.4.1 Name of Organisation
G.4.3.4 = G.4.3.4 Network Country
"""  # noqa: E501
# Lines that head a part of the form and hold no value.
_HEADINGS = """
A. Protocol Information
B. Sponsor Information
B.4 Source(s) of Monetary or Material Support for the clinical trial
B.5 Contact point designated by the sponsor for further information on the trial
B.5.3 Address
C. Applicant Identification
D. IMP Identification
D.2 Status of the IMP to be used in the clinical trial
D.3 Description of the IMP
D.3.10 Strength
D.3.11 The IMP contains an
D.8 Information on Placebo
E. General Information on the Trial
E.1 Medical condition or disease under investigation
E.2 Objective of the trial
E.5 End points
E.6 and E.7 Scope of the trial
E.6 Scope of the Trial
E.7 Trial type and phase
E.8 Design of the trial
E.8.2 Comparator of controlled trial
E.8.6 Trial involving sites outside the EEA
E.8.9 Initial estimate of the duration of the trial
F. Population of Trial Subjects
F.1 Age Range
F.2 Gender
F.3 Group of trial subjects
F.4 Planned number of subjects to be included
F.4.2 For a multinational trial
G. Investigator Networks to be involved in the Trial
H.4 Third Country in which the Trial was first authorised
MedDRA Classification
N. Review by the Competent Authority or Ethics Committee in the country concerned
P. End of Trial
"""
_INSIDE = {"support": "sponsors", "substances": "products"}  # groups within groups
_TAKES_SEVERAL = ("A.5.4",)


class Item(NamedTuple):
    """A line of the form: its label in the tree, its group, what it opens, its printed label."""

    key: str
    group: str  # "" for the root
    opens: str
    label: str  # without the code


def squeezed(text: str) -> str:
    """A printed label as labels are compared: letters and digits, also of the copies' keys.

    >>> squeezed("E.1.1 Medical condition(s)"), squeezed("e11_medical_conditions")
    ('e11medicalconditions', 'e11medicalconditions')
    """
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _items() -> Iterator[tuple[str, Item]]:
    group = ""
    for line in _ITEMS.strip().split("\n"):
        if line.startswith("["):
            group = line.strip("[]").removeprefix("root")
            continue
        key, _, printed = line.partition(" = ")
        key, _, opens = key.partition(">")
        for wording in printed.split(" | "):
            code, _, label = wording.partition(" ")
            plain = label if re.match(r"[A-Z]\.", code) else wording
            yield squeezed(wording), Item(key.strip(), group, opens, plain)


ITEMS: dict[str, Item] = dict(_items())
LABELS: dict[str, str] = {}  # the printed label of an item of the root, by its label in the tree
for _item in ITEMS.values():
    if _item.key:
        LABELS.setdefault(_item.key, _item.label)
HEADINGS = frozenset(squeezed(line) for line in _HEADINGS.strip().split("\n"))


class Shelves:
    """Collects the printed items of one record as its tree."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.notes: list[Note] = []
        self._open: dict[str, dict[str, Any]] = {}

    def open(self, group: str) -> dict[str, Any]:
        """Begin a further group of its kind, inside the outer one that is open."""
        outer = self.tree
        if group in _INSIDE:
            outer = self._opened(_INSIDE[group])
        made: dict[str, Any] = {}
        outer.setdefault(group, []).append(made)
        self._open[group] = made
        for inner, whose in _INSIDE.items():
            if whose == group:
                self._open.pop(inner, None)
        return made

    def _opened(self, group: str) -> dict[str, Any]:
        found = self._open.get(group)
        return self.open(group) if found is None else found

    def put(self, item: Item, cell: Cell, language: str = "") -> None:
        """Put a value in its place; an item that repeats begins the next group of its kind."""
        place = self.tree
        if item.opens:
            place = self.open(item.opens)
        elif item.group:
            place = self._opened(item.group)
            again = place.get(item.key)
            if again is not None and again.text != cell.text and not language:
                place = self.open(item.group)
        if item.key:
            self._put(place, f"{item.key} ({language})" if language else item.key, cell)

    def unknown(self, label: str, cell: Cell) -> None:
        """Keep an item that the form does not have under its printed label."""
        self._put(self.tree, label, cell)

    def _put(self, place: dict[str, Any], key: str, cell: Cell) -> None:
        there = place.get(key)
        if there is None:
            place[key] = [cell] if key in _TAKES_SEVERAL else cell
        elif isinstance(there, list):
            there.append(cell)
        elif not there.text:
            place[key] = cell
        elif cell.text and cell.text != there.text:
            why = "printed twice; the first is kept"
            self.notes.append(Note("label out of place", key, cell.line, _shown(key, cell), why))


def _shown(key: str, cell: Cell) -> str:
    """The value as an issue shows it: nothing of what may be an address or a telephone number.

    That is part B, whose labels begin so also in other languages, and what nobody knows.
    """
    known = key.rpartition(" (")[0] if key.endswith(")") else key
    return cell.text if known in LABELS and not key.startswith("B.") else ""
