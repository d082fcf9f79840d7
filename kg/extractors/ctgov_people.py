"""Sponsors, officials, contacts and sites of ClinicalTrials.gov."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from kg.contacts.masking import masked
from kg.extractors.ctgov_text import institution, parted, strings, text
from kg.fields import Fields
from kg.model import (
    Agent,
    OrganizationMention,
    PersonMention,
    RoleAssignment,
    SiteParticipation,
)
from kg.names.masked_sites import is_masked_site
from kg.names.person_names import is_person, split_degree
from kg.said import Blank, Codes, Place, Said, Texts, joined
from kg.words.parties import NOBODY, assignments, employment
from kg.words.who_parts import same_name, words_of
from kg.words.wording import gathered, place_named

_INDIVIDUAL = "INDIV"  # the registry's class of a sponsor that is one person
_MARK = "[contact removed]"


def roles(ident: Fields, sponsors: Fields, contacts: Fields) -> tuple[RoleAssignment, ...]:
    """Everybody in a role on the record: sponsors, responsible party, officials, contacts."""
    people = _people(sponsors, contacts)
    found = list(_sponsor(sponsors.inside("leadSponsor"), "lead-sponsor", 1, people))
    lead = found[0].agent if found else None
    registrant = ident.inside("organization")
    registrants = list(_sponsor(registrant, "registrant", 1, people, name="fullName"))
    if lead and len(registrants) == 1 and _says_again(registrants[0].agent, lead):
        found[0] = replace(found[0], told_by=(*found[0].told_by, *_told_of(registrants[0])))
    else:
        found += registrants
    for n, row in enumerate(sponsors.each("collaborators"), start=1):
        found += _sponsor(row, "collaborator", n, people)
    found += _responsible(sponsors.inside("responsibleParty"), lead)
    found += _numbered(contacts.each("overallOfficials"), "study-official")
    found += _numbered(contacts.each("centralContacts"), "public-contact", fixed=True)
    return tuple(found)


def nobody(ident: Fields, sponsors: Fields, contacts: Fields) -> tuple[Blank, ...]:
    """The fields for names on the record that are printed without a name."""
    rows = [
        (ident, "organization.fullName"),
        (sponsors, "leadSponsor.name"),
        (sponsors, "responsibleParty.investigatorFullName"),
        (sponsors, "responsibleParty.oldNameTitle"),
        *((row, "name") for row in sponsors.each("collaborators")),
        *((row, "name") for row in contacts.each("overallOfficials")),
        *((row, "name") for row in contacts.each("centralContacts")),
    ]
    return tuple(
        blank for row, label in rows for blank in row.blanks("hasRoleAssignment", plain=label)
    )


People = frozenset[frozenset[str]]  # names, each as the words that it is compared by


def _people(sponsors: Fields, contacts: Fields) -> People:
    """Who is named as investigator of the sponsor or as an official: one of them may sponsor."""
    party = text(sponsors.inside("responsibleParty"), "investigatorFullName")
    return _compared((party, *map(_name, contacts.each("overallOfficials"))))


def _compared(names: Iterable[Texts | None]) -> People:
    return frozenset(chain.from_iterable(words_of(name.label) for name in names if name))


def _sponsor(
    f: Fields, role: str, n: int, people: People, *, name: str = "name"
) -> Iterator[RoleAssignment]:
    """A sponsor or registrant: an organization, or a person.

    A person is who has the class or a degree of one, or is an investigator or official of the
    record whom the registry has no other class for.
    """
    said, kind = institution(f, name), f.concepts("organization-kind", en="class")
    if not said:
        f.left_over(kind, why=NOBODY)
        return
    plain, degree = split_degree(said.label)
    told = (kind and kind.printed.upper() == _INDIVIDUAL) or (degree and is_person(plain))
    if not told and (kind is None or kind.value in (None, ("unknown",))):
        told = _is_one_of(said, people)
    if told:
        by = (kind.but(kind.printed),) if kind and kind.printed else ()
        yield from assignments(f, role, said, told_by=by, start=n)
    else:
        agent = OrganizationMention(name=said, stated_kind=kind)
        yield RoleAssignment(role=role, agent=agent, list_position=n)


def _is_one_of(name: Texts, people: People) -> bool:
    """Whether a name is that of one of these people, and of a person: Neuronex may be a company."""
    if words_of(name.label).isdisjoint(people):
        return False
    plain = split_degree(name.label)[0]
    return " " in plain and is_person(plain)


def _says_again(registrant: Agent, lead: Agent) -> bool:
    """Whether the registrant is the lead sponsor; what makes it a person is never given away."""
    same = registrant.name.label == lead.name.label
    return same and (not isinstance(registrant, PersonMention) or isinstance(lead, PersonMention))


def _told_of(assignment: RoleAssignment) -> tuple[Said[str], ...]:
    """The printed fields of an assignment that says again what another one says."""
    agent = assignment.agent
    kind = agent.stated_kind if isinstance(agent, OrganizationMention) else None
    told = (agent.name.en, kind.but(kind.printed) if kind else None, *assignment.told_by)
    return tuple(said for said in told if said)


# name, title and affiliation of a responsible party; before 2011 one field held name and title
_PARTIES = (
    ("investigatorFullName", "investigatorTitle", "investigatorAffiliation"),
    ("oldNameTitle", "", "oldOrganization"),
)


def _responsible(f: Fields, lead: Agent | None) -> Iterator[RoleAssignment]:
    """The responsible party: a named investigator, or the sponsor where the type says so."""
    kind = f.concepts("responsible-party-type", en="type")
    made: list[RoleAssignment] = []
    for name_label, title_label, place_label in _PARTIES:
        name, place = text(f, name_label), _affiliation(f, place_label)
        title = text(f, title_label) if title_label else None
        told: tuple[Said[str], ...] = ()
        if place and _is_somebody(place, lead, name):
            told, place = tuple(filter(None, (place.name.en,))), None
        if name or (title and not place):
            made += assignments(
                f,
                "responsible-party",
                name,
                affiliations=(place,) if place else (),
                title=title,
                responsible_as=kind,
                told_by=told,
                blanks=f.blanks("affiliation", en=place_label),
                start=len(made) + 1,
            )
        elif place:
            made.append(_party(place, title, kind))
    if not made and lead and kind and kind.value == ("sponsor",):
        made.append(_party(lead, None, kind))
    if not made and kind and kind.value:
        f.report("left out", "type", NOBODY)
    yield from made


def _is_somebody(place: OrganizationMention, lead: Agent | None, name: Texts | None) -> bool:
    """Whether an affiliation repeats a person: the sponsor that is one, or the investigator."""
    people = [lead.name.label] if isinstance(lead, PersonMention) else []
    people += [name.label] if name else []
    return any(same_name(place.name.label, person) for person in people)


def _party(agent: Agent, title: Texts | None, kind: Said[Codes] | None) -> RoleAssignment:
    return RoleAssignment(
        role="responsible-party", agent=agent, title=title, responsible_as=kind, list_position=1
    )


def _numbered(rows: list[Fields], usual: str, *, fixed: bool = False) -> Iterator[RoleAssignment]:
    """Everybody in these rows, numbered within each role.

    ``usual`` is the role of a row that prints none, or no known one; with ``fixed`` of every row,
    because the list says it: a central contact is printed as ``CONTACT`` like a site's. A person
    of a site whose role is not understood is left out: nobody knows what that person does there.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        word = row.concepts("role", en="role")
        channels = row.channels(phone="phone", e_mail="email")
        _extension(row)
        affiliation = _affiliation(row, "affiliation")
        if word and word.refused and usual == "site-contact":
            named = _name(row)
            row.left_over(*(named or ()), *(affiliation.name if affiliation else ()),
                          why="stands beside a role that is not understood")  # fmt: skip
            continue
        title, affiliation = _job_apart(affiliation)
        told = (word.but(word.printed or None),) if word and not word.refused else ()
        codes = (word.value if word and not fixed else None) or (usual,)
        for code in codes:
            made = assignments(
                row,
                code,
                _name(row),
                affiliations=(affiliation,) if affiliation else (),
                channels=channels,
                title=title,
                told_by=told,
                blanks=row.blanks("affiliation", en="affiliation"),
                start=seen[code] + 1,
            )
            seen[code] += len(made)
            yield from made


def _affiliation(f: Fields, label: str) -> OrganizationMention | None:
    """The organization under a label; a telephone number there is a channel and no organization."""
    said = institution(f, label)
    if not said:
        return None
    rest = masked(said.label)
    if rest != said.label and sum(map(str.isalpha, rest.replace(_MARK, ""))) < 8:
        f.channels(phone=label)
        return None
    return OrganizationMention(name=said)


def _job_apart(
    place: OrganizationMention | None,
) -> tuple[Texts | None, OrganizationMention | None]:
    """The job title that stands in place of an affiliation or before it, and the rest of it."""
    if place is None or place.name.en is None:
        return None, place
    title, employers = employment((place.name.en,))
    if title is None:
        return None, place
    return title, OrganizationMention(name=Texts(en=employers[0])) if employers else None


def _name(row: Fields) -> Texts | None:
    """The name as printed: in one field, or in a legacy record's parts."""
    whole = text(row, "name")
    parts = ("first_name", "middle_name", "last_name")
    if whole or not any(row.has(part) for part in parts):
        return whole
    said = [row.string(part) for part in parts]
    degrees = row.string("degrees")
    name = " ".join(one.value for one in said if one and one.value)
    if degrees and degrees.value:
        name = f"{name}, {degrees.value}"
    return Texts(en=joined(name or None, (*said, degrees)))


def _extension(row: Fields) -> None:
    for cell in row.cells("phoneExt"):
        row.log.contacts.add(cell.path)


def countries(rows: list[Fields], contacts: Fields) -> tuple[tuple[Place, ...], tuple[Blank, ...]]:
    """Every country of the sites, each once; legacy records list countries without sites too.

    With the blanks among those listed.
    """
    printed, blanks = parted(strings(contacts, "countries"), "countryOfRecruitment")
    listed = (place_named(Texts(en=said), contacts.registry) for said in printed)
    return gathered([*listed, *(_place(row, "country") for row in rows)]), blanks


def _place(row: Fields, label: str, within: Place | None = None) -> Place | None:
    name = text(row, label)
    return place_named(name, row.registry, within) if name else None


def sites(rows: list[Fields], contacts: Fields) -> Iterator[SiteParticipation]:
    """One participation per location, with its place, status and people.

    A person of the record who stands in place of the facility is no organization: the site is then
    as good as masked.
    """
    listed = (*contacts.each("overallOfficials"), *contacts.each("centralContacts"))
    officials = _compared(map(_name, listed))
    for n, row in enumerate(rows, start=1):
        people = row.each("contacts")
        country = _place(row, "country")
        state = _place(row, "state", country)
        city = _place(row, "city", state or country)
        # A state stands behind its city, which lies within it: alone it would pass for a city.
        where = tuple(place for place in (country, city or state) if place)
        name = institution(row, "facility")
        here = officials | _compared(map(_name, people))
        masked = name if name and (is_masked_site(name.label) or _is_one_of(name, here)) else None
        organization = OrganizationMention(name=name, place=where) if name and not masked else None
        yield SiteParticipation(
            organization=organization,
            masked_name=masked,
            place=where,
            postcode=row.string("zip"),
            status=row.concepts("recruitment-status", en="status"),
            latitude=row.number("geoPoint.lat"),
            longitude=row.number("geoPoint.lon"),
            roles=tuple(_numbered(people, "site-contact")),
            list_position=n,
            blanks=(
                *row.blanks("siteOrganization", plain="facility"),
                *row.blanks("city", en="city"),
                *row.blanks("province", en="state"),
                *row.blanks("country", en="country"),
                *(
                    blank
                    for one in people
                    for blank in one.blanks("hasRoleAssignment", plain="name")
                ),
            ),
        )
