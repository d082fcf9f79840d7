"""Who stands in a name field: people, an organization, an office, or nothing that names anybody.

For every extractor: a field's names with the affiliation and channels printed beside them become
role assignments. What is no person never becomes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.contacts.masking import Channel, kinds
from kg.fields import Fields
from kg.names.job_affiliations import job_apart
from kg.names.person_names import Named, named
from kg.parts import Agent, OrganizationMention, PersonMention, RoleAssignment, RoleContact
from kg.said import Blank, Codes, Said, Texts, joined
from kg.values import is_placeholder

NOBODY = "stands beside a name that names nobody"


def assignments(
    f: Fields,
    role: str,
    names: Texts | None,
    *,
    affiliations: tuple[OrganizationMention, ...] = (),
    channels: tuple[Channel, ...] = (),
    title: Texts | None = None,
    responsible_as: Said[Codes] | None = None,
    told_by: tuple[Said[str], ...] = (),
    external_ids: tuple[Said[str], ...] = (),
    blanks: tuple[Blank, ...] = (),
    start: int = 1,
) -> tuple[RoleAssignment, ...]:
    """One assignment of ``role`` (a code) for everybody a name field names, from ``start`` on.

    ``names`` is the field as printed, in its languages; ``told_by`` are printed fields that made
    the assignment what it is (a contact type), ``external_ids`` such as ``orcid:…``. Several
    people of
    one field share its channels, which then prove nothing about any of them. A field that names
    nobody gives an issue and no assignment.
    """
    found = tuple(agents(f, names, affiliations, channels, external_ids, blanks))
    if not found:
        _nobody(f, affiliations, (*(title or ()), *told_by))
    return tuple(
        RoleAssignment(
            role=role,
            agent=agent,
            title=title,
            responsible_as=responsible_as,
            told_by=told_by,
            list_position=n,
        )
        for n, agent in enumerate(found, start)
    )


def _nobody(
    f: Fields, affiliations: tuple[OrganizationMention, ...], more: tuple[Said[str] | None, ...]
) -> None:
    """Report what stands beside a name field that names nobody: it has nothing to hang on."""
    printed = [said for mention in affiliations for said in mention.name]
    f.left_over(*printed, *more, why=NOBODY)


def agents(
    f: Fields,
    names: Texts | None,
    affiliations: tuple[OrganizationMention, ...] = (),
    channels: tuple[Channel, ...] = (),
    external_ids: tuple[Said[str], ...] = (),
    blanks: tuple[Blank, ...] = (),
) -> Iterator[Agent]:
    """Everybody a name field names; see ``assignments``."""
    if not names:
        return
    found = named(_printed(names.zh), _printed(names.en))
    for said, text in ((names.zh, found.junk_zh), (names.en, found.junk_en)):
        for junk in text if said else ():
            assert said is not None
            why = "a name; the text is kept out of the graph"
            f.log.report("not a person", said.path, said.line, junk, why)
    if not found.paired and names.en:
        why = "as many names as in Chinese; these are left out"
        f.log.report("words disagree", names.en.path, names.en.line, names.en.printed, why)
    alone = len(found.people) == 1
    for person in found.people:
        yield PersonMention(
            name=_name(names, person.zh, person.en),
            affiliations=affiliations,
            degree=person.degree,
            external_ids=external_ids if alone else (),
            channel_kinds=kinds(channels),
            channels=channels,
            alone=alone,
            blanks=blanks,
        )
    yield from _others(names, found, affiliations, channels, blanks)


def _others(
    names: Texts,
    found: Named,
    affiliations: tuple[OrganizationMention, ...],
    channels: tuple[Channel, ...],
    blanks: tuple[Blank, ...],
) -> Iterator[Agent]:
    for office in found.offices:
        yield RoleContact(
            name=_name(names, office.zh, office.en),
            affiliations=affiliations,
            channel_kinds=kinds(channels),
            channels=channels,
            blanks=blanks,
        )
    for organization in found.organizations:
        yield OrganizationMention(
            name=_name(names, organization.zh, organization.en),
            channel_kinds=kinds(channels),
            channels=channels,
            told_by=tuple(s for mention in affiliations for s in mention.name if s and s.value),
        )


def employment(printed: Iterable[Said[str]]) -> tuple[Texts | None, tuple[Said[str], ...]]:
    """The job title and the employers of somebody whose affiliations are given.

    A title in their place names no organization, and none before it is part of its name.
    """
    titles: dict[str, Said[str]] = {}
    employers: dict[str, Said[str]] = {}
    for said in printed:
        title, employer = job_apart(said.value or "")
        if title:
            titles.setdefault(title, said.but(title, title))
        if employer:
            employers.setdefault(employer, said.but(employer, employer) if title else said)
    told = joined("; ".join(titles), tuple(titles.values())) if titles else None
    return Texts(en=told) if told else None, tuple(employers.values())


def _printed(said: Said[str] | None) -> str | None:
    text = said.value if said else None
    return None if not text or is_placeholder(text) else text


def _name(names: Texts, zh: str | None, en: str | None) -> Texts:
    """One name in its languages; refused where the field holds names but not this one's."""
    return Texts(_one(names.zh, zh), _one(names.en, en))


def _one(said: Said[str] | None, name: str | None) -> Said[str] | None:
    if said is None:
        return None
    nothing = _printed(said) is None
    return said._replace(
        value=name, printed=name or "", refused=said.refused or (name is None and not nothing)
    )


def organization(name: Texts | None, **more: object) -> OrganizationMention | None:
    """The organization that a field names; None where it names none."""
    if not name:
        return None
    return replace(OrganizationMention(name=name), **more)  # type: ignore[arg-type]
