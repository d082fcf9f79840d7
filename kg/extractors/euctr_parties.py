"""Sponsors, supporters, contact point, networks and countries of an EU register record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from kg.contacts.masking import kinds
from kg.extractors.euctr_answers import line
from kg.fields import Fields
from kg.model import Funding, OrganizationMention, RoleAssignment
from kg.said import Codes, Place, Said, Texts, joined
from kg.words.parties import assignments
from kg.words.wording import distinct, place_named

_RUNNING = "a running number of the form"
_NOWHERE = "stands beside an organization that is not named"
_OUTSIDE = re.compile(r"outside\s+(?:the\s+)?(?:EU|EEA)\b.*", re.IGNORECASE)


class State(NamedTuple):
    """The member state of a record: its place (None: outside the Union) and what prints it."""

    place: Place | None
    is_outside: bool
    printed: Said[str] | None


def state(f: Fields) -> State:
    """The member state, printed with its authority (``Spain - AEMPS``)."""
    found = [said for label in ("A.1", "Authority") if (said := line(f, label)) and said.value]
    if not found:
        # A page of a trial outside the Union names no authority; its sort of trial says so.
        sort = line(f, "Trial Type")
        is_outside = sort is not None and bool(_OUTSIDE.fullmatch(sort.value or ""))
        return State(None, is_outside, None)
    first = found[0]
    for other in found[1:]:
        if other.value != first.value:
            why = f"{first.path} says {first.printed}; that is kept"
            f.log.report("words disagree", other.path, other.line, other.printed, why)
    same = tuple(said for said in found if said.value == first.value)
    printed: Said[str] = joined(first.value, same)
    if _OUTSIDE.fullmatch(first.value or ""):
        return State(None, True, printed)
    name = re.split(r"\s+[-\u2013]\s*", first.value or "", maxsplit=1)[0]
    return State(place_named(Texts(en=printed.but(name)), f.registry), False, printed)


def countries(f: Fields, own: State) -> tuple[Place, ...]:
    """The member state, then the countries in which further sites are planned."""
    return distinct([own.place, *_planned(f)])


def _planned(f: Fields) -> Iterator[Place]:
    """The countries of E.8.6.3: a line each; the copies print them behind each other."""
    cell, said = f.cell("E.8.6.3"), line(f, "E.8.6.3")
    if cell is None or said is None or said.value is None:
        return
    for row in cell.text.split("\n"):
        names = _country_names(row, f.registry)
        if not names:
            why = "expected names of countries"
            f.log.report("bad value", cell.path, cell.line, row, why)
        for name in names:
            yield place_named(Texts(en=cell.says(name, row)), f.registry)


def _country_names(text: str, registry: str) -> list[str]:
    """The names of countries that a line is made of; none where a word is left over.

    The longest name counts at each word: Korea, Republic of; United Kingdom.
    """
    words = text.split()
    found: list[str] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + 6), at, -1):
            name = " ".join(words[at:end]).rstrip(";")
            if place_named(Texts(en=Said(name, 0, name)), registry).code:
                found.append(name)
                at = end
                break
        else:
            return []
    return found


# -- sponsors --------------------------------------------------------------------------------------


def roles(f: Fields) -> Iterator[RoleAssignment]:
    """The sponsors, each with its contact point, and the networks of investigators."""
    for n, row in enumerate(f.each("sponsors"), start=1):
        row.skip("Sponsor", why=_RUNNING)
        yield from _sponsor(row, n)
        yield from _contact_point(row)
    for row in f.each("networks"):
        row.skip("Network", why=_RUNNING)
        if not (name := _name(row, "G.4.1")):
            row.skip("G.4.3.4", why=_NOWHERE)
        else:
            yield RoleAssignment(
                role="collaborator",
                agent=OrganizationMention(name=name, place=_country(row, "G.4.3.4")),
            )


def _sponsor(row: Fields, n: int) -> Iterator[RoleAssignment]:
    """The first sponsor leads; the register numbers them and says no more."""
    name = _name(row, "B.1.1")
    kind, word = _kind(row)
    place = _country(row, "B.1.3.4")
    if name is None:
        row.skip("B.1.3.4", "B.3", why=_NOWHERE)
        return
    yield RoleAssignment(
        role="lead-sponsor" if n == 1 else "sponsor",
        agent=OrganizationMention(
            name=name, place=place, stated_kind=kind, told_by=(word,) if word else ()
        ),
        list_position=n,
    )


def _kind(row: Fields) -> tuple[Said[Codes] | None, Said[str] | None]:
    """The kind that the status tells; "Non-Commercial" is a hospital as well as a university."""
    said = line(row, "B.3")
    if said is not None and said.value and re.fullmatch(r"non.?commercial", said.value, re.I):
        return None, said
    return row.concepts("organization-kind", en="B.3"), None


def _contact_point(row: Fields) -> Iterator[RoleAssignment]:
    """The one contact point, for the public and for scientific questions alike."""
    channels = row.channels(
        phone="B.5.4", fax="B.5.5", e_mail="B.5.6", address=("B.5.3.1", "B.5.3.2"),
        postcode="B.5.3.3",
    )  # fmt: skip
    name, organization = line(row, "B.5.2"), _name(row, "B.5.1")
    place = _country(row, "B.5.3.4")
    for role in ("public-contact", "scientific-contact"):
        if name is None or not name.value:
            if organization is not None:
                agent = OrganizationMention(
                    name=organization, place=place, channel_kinds=kinds(channels), channels=channels
                )
                yield RoleAssignment(role=role, agent=agent)
            else:
                row.skip("B.5.3.4", why=_NOWHERE)
            continue
        at = (OrganizationMention(name=organization, place=place),) if organization else ()
        made = assignments(row, role, Texts(en=name), affiliations=at, channels=channels)
        yield from (_at_home(role, place) for role in made)
        if not made or not at:
            row.skip("B.5.3.4", why=_NOWHERE)


def _at_home(role: RoleAssignment, place: tuple[Place, ...]) -> RoleAssignment:
    """An organization that stands as its own contact is where the contact point is."""
    if isinstance(role.agent, OrganizationMention):
        return replace(role, agent=replace(role.agent, place=place))
    return role


def funding(f: Fields) -> Iterator[Funding]:
    """The organizations that give money or material; the form asks for their names."""
    for sponsor in f.each("sponsors"):
        for row in sponsor.each("support"):
            place = _country(row, "B.4.2")
            if not (name := _name(row, "B.4.1")):
                row.skip("B.4.2", why=_NOWHERE)
            else:
                yield Funding(as_given=name, funder=OrganizationMention(name=name, place=place))


def _name(row: Fields, label: str) -> Texts | None:
    said = line(row, label)
    return Texts(en=said) if said is not None and said.value else None


def _country(row: Fields, label: str) -> tuple[Place, ...]:
    said = line(row, label)
    if said is None or not said.value:
        return ()
    return (place_named(Texts(en=said), row.registry),)
