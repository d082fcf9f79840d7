"""Contacts, funders and ethics reviews of a record in WHO interchange XML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kg.contacts.masking import kinds
from kg.fields import Fields
from kg.model import EthicsApproval, Funding, OrganizationMention, PersonMention, RoleAssignment
from kg.said import Blank, Place, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.parties import NOBODY, assignments, employment
from kg.words.who import line, word
from kg.words.who_ethics import Review, approval, silent
from kg.words.who_parts import funder, organization, organizations_of, same_name
from kg.words.wording import gathered, items_of, place_named

# The Chinese registry prints its applicant as the scientific contact, its leader as the public one.
_REVERSED = {"scientific": "public-contact", "public": "principal-investigator"}
_BLANKS = {
    "public-contact": "publicContact@en",
    "scientific-contact": "scientificContact@en",
    "principal-investigator": "principalInvestigator@en",
}
_NAME = ("firstname", "middlename", "lastname")


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts, the names of the people among them, and contacts printed without a name."""

    roles: tuple[RoleAssignment, ...] = ()
    people: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()


def contacts(f: Fields, *, reversed_roles: bool) -> Contacts:
    """Everybody in the list of contacts; one who is printed twice in one role stands once."""
    made: dict[str, list[RoleAssignment]] = {}
    blanks: list[Blank] = []
    for row in f.each("contacts.contact"):
        kind = row.cell("type")
        role = _role(f, kind, reversed_roles=reversed_roles)
        if kind is None or role is None:
            _roleless(row)  # nobody gets a role by default
            continue
        here = made.setdefault(role, [])
        found, missing = _contact(f, row, role, kind, len(here) + 1)
        blanks += missing
        for one in found:
            known = next((n for n, r in enumerate(here) if _same(r, one)), None)
            if known is None:
                here.append(one)
            else:
                here[known] = _merged(here[known], one)
    roles = tuple(role for found in made.values() for role in found)
    people = tuple(r.agent.name.label for r in roles if isinstance(r.agent, PersonMention))
    return Contacts(roles, people, tuple(blanks))


def _role(f: Fields, kind: Cell | None, *, reversed_roles: bool) -> str | None:
    if kind is None:
        return None
    text = line(kind.text).casefold()
    if reversed_roles and text in _REVERSED:
        return _REVERSED[text]
    codes = word(f, "role", kind, text).value
    return codes[0] if codes else None


def _roleless(row: Fields) -> None:
    """Report whom a contact names that has no type, or none that is known."""
    row.string("type")
    place = ("address", "city", "country1")
    row.channels(phone="telephone", e_mail="email", postcode="zip", address=place)
    told = [row.string(label) for label in (*_NAME, "affiliation")]
    row.left_over(*told, why="of a contact whose type is not given or not known")


def _contact(
    f: Fields, row: Fields, role: str, kind: Cell, start: int
) -> tuple[tuple[RoleAssignment, ...], tuple[Blank, ...]]:
    """Whom one contact names; its affiliation lies where its address does."""
    cells = [cell for label in _NAME if (cell := row.cell(label))]
    name = one_line(" ".join(cell.text for cell in cells if not is_placeholder(cell.text)))
    channels = row.channels(phone="telephone", e_mail="email", postcode="zip", address="address")
    employer = row.string("affiliation")
    told = (kind.says(kind.text),)
    title, places = employment(items_of(employer) if employer and employer.value else ())
    if not name:
        row.channels(address=("city", "country1"))
        blanks = [Blank(_BLANKS[role], cell.line, cell.path) for cell in (kind, *cells)]
        if employer and not employer.value:
            blanks.append(Blank("affiliation@en", employer.line, employer.path))
        f.left_over(*(title or ()), why=NOBODY)
        if employer is None or not places:
            return (), tuple(blanks)
        offices = tuple(
            RoleAssignment(
                role=role,
                agent=OrganizationMention(name=Texts(en=one), channels=channels),
                told_by=told,
                list_position=n,
            )
            for n, one in enumerate(places if title else (employer,), start)
        )
        return offices, tuple(blanks[1:])
    said: Said[str] = joined(name, tuple(cell.says(cell.text) for cell in cells))
    works: tuple[OrganizationMention, ...] = ()
    none: tuple[Blank, ...] = ()
    if places:
        where = _places(row)
        works = tuple(OrganizationMention(name=Texts(en=one), place=where) for one in places)
    else:
        row.channels(address=("city", "country1"))
        if employer and not title:
            none = (Blank("affiliation@en", employer.line, employer.path),)
    found = assignments(
        f,
        role,
        Texts(en=said._replace(printed=name)),
        title=title,
        affiliations=works,
        channels=channels,
        told_by=told,
        blanks=none,
        start=start,
    )
    return found, ()


def _places(row: Fields) -> tuple[Place, ...]:
    """The city, within its country; the country where no city is printed."""
    country, city = row.string("country1"), row.string("city")
    outer = None
    if country and country.value:
        outer = place_named(Texts(en=country), row.registry)
    elif country is not None:
        row.channels(address="country1")
    if city and city.value:
        inner = place_named(Texts(en=city), row.registry, outer)
        return (inner,) if outer is None else (outer, inner)
    if city is not None:
        row.channels(address="city")
    return () if outer is None else (outer,)


def _same(a: RoleAssignment, b: RoleAssignment) -> bool:
    return same_name(a.agent.name.label, b.agent.name.label)


def _merged(a: RoleAssignment, b: RoleAssignment) -> RoleAssignment:
    """One assignment for a name that stands twice in one role, told by both."""
    first, second = a.agent, b.agent
    if not isinstance(first, PersonMention) or not isinstance(second, PersonMention):
        return replace(a, told_by=(*a.told_by, *b.told_by))
    works = {o.name.label: o for o in first.affiliations}
    for other in second.affiliations:
        known = works.get(other.name.label)
        works[other.name.label] = other if known is None else _both(known, other)
    agent = replace(
        first,
        name=Texts(en=_joined(first.name.en, second.name.en)),
        affiliations=tuple(works.values()),
        channels=tuple(dict.fromkeys((*first.channels, *second.channels))),
    )
    agent = replace(agent, channel_kinds=kinds(agent.channels))
    return replace(a, agent=agent, title=_titles(a, b), told_by=(*a.told_by, *b.told_by))


def _titles(a: RoleAssignment, b: RoleAssignment) -> Texts | None:
    """The job titles of both, each once."""
    printed = [one.title.en for one in (a, b) if one.title and one.title.en]
    names = dict.fromkeys(said.value or "" for said in printed)
    return Texts(en=joined("; ".join(names), tuple(printed))) if printed else None


def _both(first: OrganizationMention, second: OrganizationMention) -> OrganizationMention:
    name = Texts(en=_joined(first.name.en, second.name.en))
    return replace(first, name=name, place=gathered((*first.place, *second.place)))


def _joined(first: Said[str] | None, second: Said[str] | None) -> Said[str] | None:
    if first is None or second is None:
        return first or second
    return joined(first.value, (first, second))._replace(printed=first.printed)


def funding(
    f: Fields, roles: Iterable[RoleAssignment]
) -> tuple[tuple[Funding, ...], tuple[Blank, ...]]:
    """What pays for the trial, and the field if it is printed without saying so.

    A text is an organization by its words, or because one in some ``roles`` has its name.
    """
    made, blanks, known = [], [], organizations_of(roles)
    for said in f.items("source_support.source_name"):
        if said.value is None:
            blanks.append(Blank("hasFunding@en", said.line, said.path))
            continue
        by = funder(f, said, known)
        if by is None and (located := organization(f, said)).place:
            by = located  # "Name - Brazil"
        made.append(Funding(as_given=Texts(en=said), funder=by))
    return tuple(made), tuple(blanks)


def reviews(f: Fields, issuer: str) -> tuple[tuple[EthicsApproval, ...], tuple[Blank, ...]]:
    """The ethics reviews, and reviews that are printed without a value."""
    made, blanks = [], []
    for row in f.each("ethics_reviews.ethics_review"):
        row.channels(phone="contact_phone", e_mail="contact_email")
        cells = [row.cell(label) for label in ("status", "approval_date", "contact_name",
                                               "contact_address")]  # fmt: skip
        phone, e_mail = row.cell("contact_phone"), row.cell("contact_email")
        found = approval(
            f,
            Review(
                status=cells[0],
                date=cells[1],
                name=cells[2],
                address=cells[3],
                phone=line(phone.text) if phone and not is_placeholder(phone.text) else "",
                e_mail=line(e_mail.text) if e_mail and not is_placeholder(e_mail.text) else "",
                silent=silent(phone, e_mail),
            ),
            issuer,
        )
        if found is not None:
            made.append(found)
            continue
        blanks += [
            Blank(name, cell.line, cell.path)
            for name, cell in zip(
                ("decision", "approvalDate", "contactPerson@en", "committee@en"), cells, strict=True
            )
            if cell is not None
        ]
    return tuple(made), tuple(blanks)
