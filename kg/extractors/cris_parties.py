"""Sponsors, supporters, contacts, sites and the review board of a CRIS record, with its dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.contacts.masking import kinds
from kg.extractors.cris_form import (
    BOARD,
    LEADER,
    PUBLIC,
    SITE,
    SPONSOR,
    SUPPORT,
    UPDATING,
)
from kg.fields import Fields
from kg.model import (
    CommitteeMention,
    EthicsApproval,
    Funding,
    OrganizationMention,
    RoleAssignment,
    RoleContact,
    SiteParticipation,
)
from kg.names.masked_sites import is_masked_site
from kg.said import Blank, Codes, Said, Texts
from kg.sources.trees import Cell
from kg.values import PartialDate, one_line, partial_date
from kg.words.parties import NOBODY, assignments

_DATED = re.compile(r"(?P<day>[^,]*?)\s*(?:,\s*(?P<word>[^,]*))?", re.DOTALL)
# The leader answers scientific questions; who updates the record is a role of the registry's own.
_ROLES = {
    LEADER: ("principal-investigator", "scientific-contact"),
    PUBLIC: ("public-contact",),
    UPDATING: ("record-contact",),
}


class Dated(NamedTuple):
    """A date with the word for its certainty, which stands behind it."""

    day: Said[PartialDate] | None
    certainty: Said[Codes] | None

    def is_certainly(self, code: str) -> bool:
        """Whether a date is there that is ``actual`` or ``estimated``."""
        said = self.certainty
        has_day = self.day is not None and self.day.value is not None
        return has_day and said is not None and said.value == (code,)

    @property
    def told_by(self) -> tuple[Said[str], ...]:
        """A word without a date."""
        if self.certainty is None or (self.day is not None and self.day.value is not None):
            return ()
        return (self.certainty.but(self.certainty.printed),)


def first_day(f: Fields, label: str) -> Dated:
    """A date printed as ``2009-05-14 , Actual``."""
    cell = f.cell(label)
    if cell is None:
        return Dated(None, None)
    found = _DATED.fullmatch(one_line(cell.text))
    if not found:
        return Dated(f.date(label), None)
    day = f.read(Cell(found["day"], cell.line, cell.path), partial_date)
    word = found["word"]
    certainty = f.concept_of("date-certainty", Cell(word, cell.line, cell.path)) if word else None
    return Dated(day._replace(printed=cell.text), certainty)


def sponsors(f: Fields) -> Iterator[RoleAssignment]:
    """The sponsors; the registry numbers them, and the first leads."""
    for n, row in enumerate(f.each(SPONSOR), start=1):
        organization = _organization(row)
        if organization is not None:
            yield RoleAssignment(
                role="lead-sponsor" if n == 1 else "sponsor", agent=organization, list_position=n
            )


def _organization(row: Fields) -> OrganizationMention | None:
    name, kind = (
        row.string("Organization Name"),
        row.concepts("organization-kind", en="Organization Type"),
    )
    if name is None or name.value is None:
        row.left_over(kind, why=NOBODY)
        return None
    return OrganizationMention(name=Texts(en=name), stated_kind=kind)


def funding(f: Fields) -> Iterator[Funding]:
    """The supporters, each with the number of the project."""
    for row in f.each(SUPPORT):
        organization, number = _organization(row), row.string("Project ID")
        if organization is None:
            row.left_over(number, why=NOBODY)
        else:
            yield Funding(as_given=organization.name, funder=organization, grant_number=number)


def contacts(f: Fields) -> Iterator[RoleAssignment]:
    """The principal investigator and the contacts."""
    for block, roles in _ROLES.items():
        row = f.inside(block)
        channels = row.channels(phone="Telephone", address="Address", e_mail="E-mail", fax="Fax")
        place = row.texts(en="Affiliation")
        at = (OrganizationMention(name=place),) if place else ()
        name, title = row.texts(en="Name"), row.texts(en="Title")
        blanks = () if channels else _unreachable(row)
        for role in roles:
            yield from assignments(
                row,
                role,
                name,
                affiliations=at,
                channels=channels,
                title=title if title else None,
                blanks=blanks,
            )


def _unreachable(row: Fields, field: str = "channelKind") -> tuple[Blank, ...]:
    """The first channel label, where it is printed and nothing stands there."""
    cells = (row.cell(label) for label in ("Telephone", "E-mail", "Address"))
    first = next((cell for cell in cells if cell is not None), None)
    return (Blank(field, first.line, first.path),) if first else ()


def sites(f: Fields) -> Iterator[SiteParticipation]:
    """The sites in their printed order; one that is printed twice is there twice."""
    for n, row in enumerate(f.each(SITE), start=1):
        name = row.texts(en="Name of Study Site")
        start = first_day(row, "Date of First Enrollment")
        status = row.concepts("recruitment-status", en="Recruitment Status")
        if not name:
            for label in ("Recruitment Status", "Date of First Enrollment"):
                if (cell := row.cell(label)) and cell.text:
                    row.report("left out", label, "stands beside a site without a name")
            continue
        masked = is_masked_site(name.label)
        yield SiteParticipation(
            organization=None if masked else OrganizationMention(name=name),
            masked_name=name if masked else None,
            status=status,
            recruitment_start=start.day,
            start_certainty=start.certainty,
            list_position=n,
        )


def approvals(f: Fields) -> Iterator[EthicsApproval]:
    """The decision of the review board; its channels are those of its office."""
    decision = f.concepts("ethics-decision", en="Board Approval Status")
    number, day = f.string("Board Approval Number"), f.date("Approval Date")
    board = f.inside(BOARD)
    channels = board.channels(phone="Telephone", address="Address")
    name = board.texts(en="Name")
    office: tuple[RoleAssignment, ...] = ()
    if name and channels:
        agent = RoleContact(name=name, channel_kinds=kinds(channels), channels=channels)
        office = (RoleAssignment(role="ethics-contact", agent=agent, list_position=1),)
    said = (decision, number, day, name.en if name else None)
    if any(one is not None and (one.value or one.refused) for one in said):
        yield EthicsApproval(
            decision=decision,
            number=number,
            date=day,
            committee=CommitteeMention(name=name) if name else None,
            roles=office,
            blanks=() if channels else _unreachable(board, "contactPerson"),
        )
