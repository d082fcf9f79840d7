"""Sponsors, officials, contacts and sites of ClinicalTrials.gov."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kg.extractors.ctgov_text import strings, text
from kg.fields import Fields
from kg.model import OrganizationMention, RoleAssignment, SiteParticipation
from kg.parties import assignments
from kg.said import Place, Said, Texts, joined
from kg.wording import gathered, is_masked_site, place_named


def _organization(f: Fields, name: str, kind: str) -> OrganizationMention | None:
    said = text(f, name)
    if not said:
        return None
    stated = f.concepts("organization-kind", en=kind) if kind else None
    return OrganizationMention(name=said, stated_kind=stated)


def roles(ident: Fields, sponsors: Fields, contacts: Fields) -> tuple[RoleAssignment, ...]:
    """Everybody in a role on the record: sponsors, responsible party, officials, contacts."""
    found: list[RoleAssignment] = []
    lead = _organization(sponsors.inside("leadSponsor"), "name", "class")
    registrant = _organization(ident.inside("organization"), "fullName", "class")
    same = lead and registrant and lead.name.label == registrant.name.label
    if lead:
        told = _told_of(registrant) if same and registrant else ()
        found.append(RoleAssignment(role="lead-sponsor", agent=lead, list_position=1, told_by=told))
    if registrant and not same:
        found.append(RoleAssignment(role="registrant", agent=registrant, list_position=1))
    for n, row in enumerate(sponsors.each("collaborators"), start=1):
        collaborator = _organization(row, "name", "class")
        if collaborator:
            found.append(RoleAssignment(role="collaborator", agent=collaborator, list_position=n))
    found += _responsible(sponsors.inside("responsibleParty"), lead)
    found += _numbered(contacts.each("overallOfficials"), None)
    found += _numbered(contacts.each("centralContacts"), "public-contact")
    return tuple(found)


def _told_of(mention: OrganizationMention) -> tuple[Said[str], ...]:
    """The printed fields of a mention that says again what another one says."""
    name = mention.name.en
    kind = mention.stated_kind
    told = [said for said in (name, kind.but(kind.printed) if kind else None) if said]
    return tuple(told)


def _responsible(f: Fields, lead: OrganizationMention | None) -> Iterator[RoleAssignment]:
    """The responsible party: a named investigator, or the sponsor where nobody is named."""
    if not f:
        return
    kind = f.concepts("responsible-party-type", en="type")
    title = text(f, "investigatorTitle")
    name = text(f, "investigatorFullName") or text(f, "oldNameTitle")
    affiliation = _organization(f, "investigatorAffiliation", "") or _organization(
        f, "oldOrganization", ""
    )
    if name:
        yield from assignments(
            f,
            "responsible-party",
            name,
            affiliations=(affiliation,) if affiliation else (),
            title=title,
            responsible_as=kind,
        )
    elif affiliation or lead:
        yield RoleAssignment(
            role="responsible-party",
            agent=affiliation or lead,  # type: ignore[arg-type]
            title=title,
            responsible_as=kind,
            list_position=1,
        )


def _numbered(rows: list[Fields], role: str | None) -> Iterator[RoleAssignment]:
    """Everybody in these rows, numbered within each role; without ``role`` the row says it."""
    seen: Counter[str] = Counter()
    for row in rows:
        word = row.concepts("role", en="role")
        channels = row.channels(phone="phone", e_mail="email")
        _extension(row)
        codes = (role,) if role else ((word.value if word else None) or ())
        affiliation = _organization(row, "affiliation", "")
        name = _name(row)
        if not codes and name and (word is None or word.blank):
            row.report("unknown word", "role", "an official without a role is left out")
        for code in codes:
            told = (word.but(word.printed),) if word and word.printed else ()
            made = assignments(
                row,
                code,
                name,
                affiliations=(affiliation,) if affiliation else (),
                channels=channels,
                told_by=told,
                start=seen[code] + 1,
            )
            seen[code] += len(made)
            yield from made


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


def countries(rows: list[Fields], contacts: Fields) -> tuple[Place, ...]:
    """Every country of the sites, each once; legacy records list countries without sites too."""
    listed = (place_named(Texts(en=s), contacts.registry) for s in strings(contacts, "countries"))
    return gathered([*listed, *(_place(row, "country") for row in rows)])


def _place(row: Fields, label: str, within: Place | None = None) -> Place | None:
    name = text(row, label)
    return place_named(name, row.registry, within) if name else None


def sites(rows: list[Fields]) -> Iterator[SiteParticipation]:
    """One participation per location, with its place, status and people."""
    for n, row in enumerate(rows, start=1):
        country = _place(row, "country")
        state = _place(row, "state", country)
        city = _place(row, "city", state or country)
        # A state stands behind its city, which lies within it: alone it would pass for a city.
        where = tuple(place for place in (country, city or state) if place)
        name = text(row, "facility")
        masked = name if name and is_masked_site(name.label) else None
        organization = OrganizationMention(name=name, place=where) if name and not masked else None
        yield SiteParticipation(
            organization=organization,
            masked_name=masked,
            place=where,
            postcode=row.string("zip"),
            status=row.concepts("recruitment-status", en="status"),
            latitude=row.number("geoPoint.lat"),
            longitude=row.number("geoPoint.lon"),
            roles=tuple(_numbered(row.each("contacts"), None)),
            list_position=n,
        )
