"""Sponsors, third parties, contacts, funders and sites of EU CTIS records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kg.contacts.masking import kinds
from kg.fields import Fields
from kg.model import Funding, OrganizationMention, RoleAssignment, SiteParticipation
from kg.names.masked_sites import is_masked_site
from kg.said import Blank, Place, Said, Texts, joined
from kg.values import one_line
from kg.words.parties import NOBODY, assignments
from kg.words.wording import gathered, place_named

_OFFICES = {"publicContacts": "public-contact", "scientificContacts": "scientific-contact"}


def _organization(f: Fields, at: Fields | None = None) -> OrganizationMention | None:
    """The organization under ``organisation`` of ``f``; ``at`` is where its address stands."""
    where = f if at is None else at
    inner = f.inside("organisation")
    # Not a channel: the registry types an organization's place, and it is no person's address.
    inner.skip("acronym", why="the name once more")
    inner.skip("commercial", why="a mark of the system's list of organizations")
    name = inner.string("name")
    address = where.inside("address")
    channels = where.channels(phone="phone", e_mail="email")
    _street(address)
    place = _places(address)
    ids = _keys(inner, where)
    if name is None or name.value is None:
        where_it_is = (said for one in place for said in one.name)
        told = (inner.string("type"), *ids, *where_it_is)
        inner.left_over(*told, why="of an organization without a name")
        return None
    return OrganizationMention(
        name=Texts(en=name),
        place=place,
        stated_kind=inner.concepts("organization-kind", en="type"),
        external_ids=ids,
        channel_kinds=kinds(channels),
        channels=channels,
    )


def _street(address: Fields) -> None:
    address.channels(
        address=("addressLine1", "addressLine2", "addressLine3", "addressLine4", "oneLine")
    )
    address.skip("country", why="a key of the country, which is named beside it")


def _places(address: Fields) -> tuple[Place, ...]:
    """Country and city of an address."""
    found: list[Place] = []
    for label in ("countryName", "city"):
        said = address.string(label)
        if said and said.value:
            found.append(
                place_named(Texts(en=said), address.registry, found[-1] if found else None)
            )
    return gathered(found)


def _keys(inner: Fields, where: Fields) -> tuple[Said[str], ...]:
    """The organization's key (ORG-…) and the key of its address (LOC-…, else ORG-… again)."""

    def key(text: str) -> str:
        if not text.startswith(("ORG-", "LOC-")):
            raise ValueError("expected a key such as ORG-100000000")
        return f"ctis:{text}"

    own = inner.said("businessKey", key)
    other = where.said("businessKey", key) if where is not inner else None
    found = [said for said in (own, other) if said and said.value]
    if len(found) == 2 and found[0].value == found[1].value:
        return (joined(found[0].value, tuple(found)),)
    return tuple(found)


# -- sponsors --------------------------------------------------------------------------------------


def sponsors(f: Fields, part_i: Fields) -> Iterator[RoleAssignment]:
    """The sponsors with their contacts and third parties.

    Records from before June 2024 name them at the root again; a co-sponsor that part I does not
    name is taken from there.
    """
    rows = part_i.each("sponsors")
    named = {_key_of(row) for row in rows}
    for label in ("primarySponsor", "coSponsors"):
        others = [row for row in f.each(label) if _key_of(row) not in named]
        rows += others
        named |= {_key_of(row) for row in others}
        f.skip(label, why="the sponsors of part I once more")
    seen: Counter[str] = Counter()
    for row in rows:
        yield from _sponsor(row, seen)


def _key_of(row: Fields) -> str:
    cell = row.cell("organisation.businessKey") or row.cell("organisation.name")
    return cell.text if cell else ""


def _sponsor(row: Fields, seen: Counter[str]) -> Iterator[RoleAssignment]:
    row.skip(
        "contactPointForUnion", "legalRepresentative", "contactPointResp",
        "legislationComplianceResp", "article77ComplianceResp", "fromDate",
        why="the sponsor's representatives before the authorities",
    )  # fmt: skip
    addresses = row.each("addresses")
    for other in addresses:
        other.skip("organisation", why="the sponsor once more")
    organization = _organization(row, addresses[0] if addresses else None)
    for other in addresses[1:]:
        other.skip("address", "businessKey", "email", "phone", why="a further address")
    if addresses:
        addresses[0].inside("address").skip("postcode", why="part of the sponsor's address")
    primary = row.cell("primary")
    role = (
        "lead-sponsor" if primary is not None and primary.text.casefold() == "true" else "sponsor"
    )
    told = (row.string("primary"), row.string("isCommercial"), row.string("commercial"))
    if organization is None:
        row.report("bad value", "organisation", "the name of a sponsor; it is left out")
        row.left_over(*told, why=NOBODY)
    else:
        seen[role] += 1
        yield RoleAssignment(
            role=role,
            agent=organization,
            told_by=tuple(said for said in told if said),
            list_position=seen[role],
        )
    for label, contact_role in _OFFICES.items():
        for contact in row.each(label):
            yield from _contact(contact, contact_role, organization, seen)
    for third in row.each("thirdParties"):
        yield from _third_party(third, seen)


def _contact(
    f: Fields, role: str, sponsor: OrganizationMention | None, seen: Counter[str]
) -> Iterator[RoleAssignment]:
    """A contact point: a person, or a call centre, of the sponsor or of another organization."""
    cell = f.cell("organisation.name")
    same = sponsor is not None and cell is not None and one_line(cell.text) == sponsor.name.label
    if same:
        f.skip("organisation", why="the sponsor once more")
    employer = sponsor if same else _organization(f)
    told = f.string("type")
    name = f.string("functionalName")
    if name is None or name.value is None:
        f.skip("type", why="the word for a contact that names nobody")
        f.channels(phone="telephone", e_mail="functionalEmailAddress")
        if employer is not None and not same:
            _left_over(f, employer, NOBODY)
        return
    made = assignments(
        f,
        role,
        Texts(en=name),
        affiliations=(employer,) if employer else (),
        channels=f.channels(phone="telephone", e_mail="functionalEmailAddress"),
        told_by=(told,) if told else (),
        start=seen[role] + 1,
    )
    seen[role] += len(made)
    yield from made


def nameless_contacts(part_i: Fields) -> Iterator[Blank]:
    """The contacts whose name is printed blank."""
    names = {"publicContacts": "publicContact", "scientificContacts": "scientificContact"}
    for row in part_i.each("sponsors"):
        for label, name in names.items():
            for contact in row.each(label):
                yield from contact.blanks(name, plain="functionalName")


def _third_party(f: Fields, seen: Counter[str]) -> Iterator[RoleAssignment]:
    """An organization that took over some of the sponsor's duties."""
    f.channels(phone="phoneNumber", e_mail="email")
    where = f.inside("organisationAddress")
    where.inside("address").skip("postcode", why="part of the organization's address")
    organization = _organization(where)
    duties = f.each("sponsorDuties")
    words = [said for row in duties if (said := row.string("value")) and said.value]
    codes = [said for row in duties if (said := row.string("code")) and said.value]
    if organization is None:
        f.left_over(*words, *codes, why=NOBODY)
        return
    seen["service-provider"] += 1
    yield RoleAssignment(
        role="service-provider",
        agent=organization,
        title=Texts(en=joined("; ".join(w.value or "" for w in words), tuple(words)))
        if words
        else None,
        told_by=tuple(codes),
        list_position=seen["service-provider"],
    )


def funding(f: Fields) -> Iterator[Funding]:
    """The sources of money; the form asks for the name of an organization."""
    for row in f.each("sourceOfMonetarySupport"):
        name = row.string("organisationName")
        if name is not None and name.value:
            text = Texts(en=name)
            yield Funding(as_given=text, funder=OrganizationMention(name=text))


def _left_over(
    f: Fields, organization: OrganizationMention, why: str, *, named: bool = True
) -> None:
    """Report what is printed of an organization that has no place in the graph."""
    names = organization.name if named else ()
    f.left_over(*names, organization.stated_kind, *organization.external_ids, why=why)


# -- sites -----------------------------------------------------------------------------------------


def sites(parts_ii: list[Fields]) -> Iterator[SiteParticipation]:
    """The sites of all member states, numbered through."""
    n = 0
    for part in parts_ii:
        for row in part.each("trialSites"):
            n += 1
            yield _site(row, n)


def _site(f: Fields, n: int) -> SiteParticipation:
    where = f.inside("organisationAddressInfo")
    organization = _organization(where)
    masked = None
    if organization is not None and is_masked_site(organization.name.label):
        masked = organization.name
        _left_over(f, organization, "of a site whose name is kept back", named=False)
        organization = None
    address = where.inside("address")
    investigators = _investigator(f, organization)
    department = f.string("departmentName")
    return SiteParticipation(
        organization=organization,
        masked_name=masked,
        place=_places(address),
        postcode=address.string("postcode"),
        roles=investigators,
        told_by=(department,) if department and not investigators else (),
        list_position=n,
    )


def _investigator(f: Fields, site: OrganizationMention | None) -> tuple[RoleAssignment, ...]:
    """The site's principal investigator; the department is the title of the role."""
    person = f.inside("personInfo")
    person.skip("title", why="a code for Mr, Ms or Dr whose words the record does not print")
    parts = [said for label in ("firstName", "lastName") if (said := person.string(label))]
    printed = [said for said in parts if said.value]
    channels = person.channels(phone="telephone", e_mail="email")
    if not printed:
        return ()
    department = f.string("departmentName")
    return assignments(
        person,
        "principal-investigator",
        Texts(en=joined(" ".join(said.value or "" for said in printed), tuple(printed))),
        affiliations=(site,) if site else (),
        channels=channels,
        title=Texts(en=department) if department else None,
    )
