"""An ethics review as the WHO platform and its registries exchange it.

The registry decides whom the "contact name" names: a person (ChiCTR), the committee (most), or
nobody; where the name holds an e-mail address or nothing, the address holds whoever it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.codes import CHINESE
from kg.contacts.forms import CONTACT
from kg.contacts.masking import Channel, kinds
from kg.fields import Fields
from kg.model import CommitteeMention, EthicsApproval, RoleAssignment, RoleContact
from kg.names.person_names import is_person
from kg.said import Blank, Codes, Said, Texts
from kg.sources.trees import Cell
from kg.values import PartialDate, is_placeholder
from kg.words.parties import assignments
from kg.words.who import day, without_address, word

# Registries that print 1 January 1990 where they know no date.
_NO_DATE = {"umin": "1990-01-01"}
_COMMITTEE = re.compile(
    r"ethic|ethik|é?tica|éthique|bioeth|committ?e+|commity|comit[éeê]|board\b|\b(?:IRB|IEC|HREC|REC|ERC|"
    r"REB|CEIC?|CEP|CPP|CRB)\b|kommission|commission|review|council",
    re.IGNORECASE,
)
_ORGANIZATION = re.compile(r"hospital|universit|institut|cent(?:er|re)|college|clinic|school", re.I)


_LONGEST_NAME = 1_000  # characters


class Review(NamedTuple):
    """The fields of one review; None where a field is not there.

    ``silent`` are the fields of channels that are printed without a value, by their kind.
    """

    status: Cell | None
    date: Cell | None
    name: Cell | None
    address: Cell | None
    phone: str = ""
    e_mail: str = ""
    silent: tuple[tuple[str, Cell], ...] = ()


def silent(phone: Cell | None, e_mail: Cell | None) -> tuple[tuple[str, Cell], ...]:
    """The fields of channels that are printed without a value."""
    return tuple(
        (kind, cell)
        for kind, cell in (("telephone", phone), ("e-mail", e_mail))
        if cell is not None and (not cell.text.strip() or is_placeholder(cell.text))
    )


def approval(f: Fields, entry: Review, issuer: str) -> EthicsApproval | None:
    """What one review says of its decision, its committee and its contact; None if nothing."""
    decision: Said[Codes] | None = None
    if entry.status is not None:
        decision = word(f, "ethics-decision", entry.status, entry.status.text, "ictrp")
    date = None if entry.date is None else approved_on(f, entry.date, issuer)
    committee, person, leftover = _who(entry, issuer)
    for cell in leftover:
        f.log.contacts.add(cell.path)
    channels = [
        Channel(sort, text)  # type: ignore[arg-type]
        for sort, text in (("phone", entry.phone), ("e-mail", entry.e_mail))
        if text
    ]
    if not channels and entry.name and "@" in entry.name.text:
        channels = [Channel("e-mail", entry.name.text)]
    roles: tuple[RoleAssignment, ...] = ()
    if person is not None:
        roles = assignments(f, "ethics-contact", Texts(en=person), channels=tuple(channels))
    elif channels and committee is not None:
        # Its office has channels, and no name but the committee's.
        office = RoleContact(
            name=committee.name, channel_kinds=kinds(channels), channels=tuple(channels)
        )
        roles = (RoleAssignment(role="ethics-contact", agent=office, list_position=1),)
    said = any(s and (s.value or s.refused) for s in (decision, date))
    if not (said or committee or roles):
        return None
    blanks: list[Blank] = []
    for name, blank, missing in (
        ("committee@en", entry.address, committee is None),
        ("contactPerson@en", entry.name, not roles),
    ):
        if blank is None or (blank.text and not is_placeholder(blank.text)):
            continue
        if missing:
            blanks.append(Blank(name, blank.line, blank.path))
        else:
            f.log.contacts.add(blank.path)
    if roles:
        blanks += (
            Blank(f"ethics-contact.{kind}", cell.line, cell.path) for kind, cell in entry.silent
        )
    return EthicsApproval(
        decision=decision, date=date, committee=committee, roles=roles, blanks=tuple(blanks)
    )


def approved_on(f: Fields, cell: Cell, issuer: str) -> Said[PartialDate]:
    """The date of a review; what a registry prints for none is a blank."""
    said = f.read(cell, lambda text: day(text, issuer))
    if said.value and said.value.text == _NO_DATE.get(issuer):
        return said.but(None)
    return said


def _who(
    entry: Review, issuer: str
) -> tuple[CommitteeMention | None, Said[str] | None, list[Cell]]:
    """The committee, the contact person, and cells that hold nothing but ways to reach them."""
    committee: Said[str] | None = None
    person: Said[str] | None = None
    contacts: list[Cell] = []
    for cell in (entry.name, entry.address):
        if cell is None or not cell.text or is_placeholder(cell.text):
            continue
        text = cell.text
        if "@" in text or not any(c.isalpha() for c in text):
            contacts.append(cell)
        elif cell is entry.address and _names(entry.name):
            contacts.append(cell)  # the name column names whoever it is: this is where they are
        elif issuer in CHINESE:  # their "contact name" names a person
            if person is None and (cell is entry.name or is_person(text)):
                person = cell.says(text)
            else:
                contacts.append(cell)
        elif _COMMITTEE.search(text) or _ORGANIZATION.search(text):
            committee = cell.says(_name(text), _name(text))
        elif is_person(text) and cell is entry.name and len(text.split()) <= 4:
            person = cell.says(text)
        else:
            committee = cell.says(_name(text), _name(text))
    mention = CommitteeMention(name=Texts(en=committee)) if committee else None
    return mention, person, contacts


def _names(cell: Cell | None) -> bool:
    return bool(cell and cell.text and not is_placeholder(cell.text) and "@" not in cell.text)


def _name(text: str) -> str:
    """A committee's name without the telephone numbers that registrants add to it."""
    # Longer texts are no names; the crossing takes contacts out of every text.
    plain = CONTACT.sub("", text) if len(text) <= _LONGEST_NAME else text
    return without_address(plain).strip(" ,;:") or text
