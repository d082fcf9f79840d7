"""Contacts, sponsors, funders and centres of ISRCTN records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from kg.contacts.masking import kinds
from kg.extractors.isrctn_addresses import is_address
from kg.extractors.isrctn_ethics import channels_of
from kg.extractors.isrctn_text import is_nothing, line
from kg.fields import Fields
from kg.model import (
    Funding,
    OrganizationMention,
    PersonMention,
    RoleAssignment,
    SiteParticipation,
)
from kg.names.masked_sites import is_masked_site
from kg.said import Place, Said, Texts, joined
from kg.words.parties import NOBODY, agents, employment
from kg.words.wording import gathered, place_named

_KEY = "a key of the source"
_ORCID = re.compile(r"(?:https?://)?(?:orcid\.org/)?((?:\d{4}-){3}\d{3}[\dX])", re.IGNORECASE)
_ROR = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[a-z0-9]{8})", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_PAYS_ITSELF = re.compile(
    r"\bself\b|\bown\b|investigator[- ](?:initiated|funded)|\bno (?:external |specific )?fund"
    r"|\bnone\b|\bunfunded\b|\bnot (?:defined|funded)|\bgrants?\b|\bprogramme? of\b",
    re.IGNORECASE,
)


# -- people ----------------------------------------------------------------------------------------


def contacts(f: Fields) -> Iterator[RoleAssignment]:
    """Everybody in each of their roles; one contact is one mention, whatever its roles."""
    seen: Counter[str] = Counter()
    for row in f.each("contact"):
        row.skip("@id", why=_KEY)
        row.skip("privacy", why="says that the registry shows the contact")
        title, names = _given(line(row, "title")), _name_parts(row)
        parts = (*title, *names) if names else ()  # a title alone names nobody
        orcid, roles = _orcid(row), _roles(row)
        channels = channels_of(row.inside("contactDetails"))
        found = tuple(agents(row, _whole(parts), (), channels, orcid))
        if not any(isinstance(agent, PersonMention) and agent.external_ids for agent in found):
            row.left_over(*orcid, why="stands beside no one person")
        if not found:
            row.left_over(*(() if names else title), *(told for _, told in roles), why=NOBODY)
        elif not roles:
            row.left_over(*parts, *orcid, why="a contact without a type")
        for role, told in roles:
            for agent in found:
                seen[role] += 1
                yield RoleAssignment(
                    role=role, agent=agent, told_by=(told,), list_position=seen[role]
                )


def _name_parts(f: Fields) -> tuple[Said[str], ...]:
    """First and last name, as far as they are given."""
    return _given(line(f, "forename"), line(f, "surname"))


def _given(*said: Said[str] | None) -> tuple[Said[str], ...]:
    return tuple(one for one in said if one and one.value)


def _whole(parts: tuple[Said[str], ...]) -> Texts:
    """The parts of a name as one name."""
    whole = " ".join(part.value or "" for part in parts)
    return Texts(en=joined(whole, parts)) if parts else Texts()


def _orcid(f: Fields) -> tuple[Said[str], ...]:
    def read(text: str) -> str:
        found = _ORCID.fullmatch(text.strip().rstrip("/"))
        if not found:
            raise ValueError("expected an ORCID such as 0000-0000-0000-0000")
        return f"orcid:{found[1].upper()}"

    said = f.said("orcid", read)
    return (said,) if said and said.value else ()


def _roles(f: Fields) -> list[tuple[str, Said[str]]]:
    found: dict[str, Said[str]] = {}
    for cell in f.inside("contactTypes").cells("contactType"):
        codes = f.concept_of("role", cell)
        for code in codes.value or ():
            found.setdefault(code, cell.says(cell.text))
    return list(found.items())


# -- sponsors and funders --------------------------------------------------------------------------


def sponsors(f: Fields) -> Iterator[RoleAssignment]:
    """The sponsors: the first leads, as on the registry's page."""
    seen: Counter[str] = Counter()
    for row in f.each("sponsor"):
        row.skip("@id", why=_KEY)
        row.skip("privacy", why="says that the registry shows the sponsor")
        details = row.inside("contactDetails")
        name = line(row, "organisation")
        commercial = row.string("commercialStatus")
        channels = (
            *row.channels(web="website"),
            *details.channels(address="address", postcode="zip", phone="telephone", e_mail="email"),
        )
        place, ids = _places(details), _organization_ids(row)
        kind = row.concepts("organization-kind", en="sponsorType")
        if not name or not name.value:
            row.report("bad value", "organisation", "the name of a sponsor; it is left out")
            where = (said for one in place for said in one.name)
            row.left_over(commercial, kind, *ids, *where, why=NOBODY)
            continue
        role = "sponsor" if seen["lead-sponsor"] else "lead-sponsor"
        seen[role] += 1
        yield RoleAssignment(
            role=role,
            agent=OrganizationMention(
                name=Texts(en=name),
                place=place,
                stated_kind=kind,
                external_ids=ids,
                channel_kinds=kinds(channels),
                channels=channels,
            ),
            told_by=(commercial,) if commercial else (),
            list_position=seen[role],
        )


def _organization_ids(f: Fields) -> tuple[Said[str], ...]:
    def ror(text: str) -> str:
        found = _ROR.fullmatch(text.strip().rstrip("/"))
        if not found:
            raise ValueError("expected a ROR identifier such as https://ror.org/0xxxxxxxx")
        return f"ror:{found[1].lower()}"

    found = (f.said("rorId", ror), f.said("gridId", lambda text: f"grid:{text.strip()}"))
    return tuple(said for said in found if said and said.value)


def funding(f: Fields) -> Iterator[Funding]:
    """The funders; the registry keeps a list of organizations, registrants also write "self"."""

    def doi(text: str) -> str:
        found = _DOI.fullmatch(text.strip())
        if not found:
            raise ValueError("expected a Funder Registry address such as 10.13039/…")
        return f"doi:{found[1].lower()}"

    for row in f.each("funder"):
        row.skip("@id", why=_KEY)
        name = line(row, "name")
        reference = row.said("fundRef", doi)
        ids = (reference,) if reference and reference.value else ()
        if not name or not name.value:
            row.report("bad value", "name", "the name of a funder; it is left out")
            row.left_over(*ids, why=NOBODY)
            continue
        known = bool(ids) or not _PAYS_ITSELF.search(name.value)
        funder = OrganizationMention(name=Texts(en=name), external_ids=ids) if known else None
        yield Funding(as_given=Texts(en=name), funder=funder)


# -- centres ---------------------------------------------------------------------------------------


def centres(f: Fields) -> Iterator[SiteParticipation]:
    """The centres; what stands as a name may be an address or ``58 other sites``."""
    for n, row in enumerate(f.inside("trialCentres").each("trialCentre"), start=1):
        row.skip("@id", why=_KEY)
        row.channels(address="address")
        places = _places(row)
        name = row.cell("name")
        printed = row.string("name")
        organization, masked = None, None
        if name is not None and printed is not None and printed.value:
            if is_masked_site(printed.value) or is_nothing(printed.value):
                masked = Texts(en=printed)
            elif is_address(printed.value):
                row.channels(address="name")
            else:
                title, named = employment((printed,))
                row.left_over(*(title or ()), why="a job title and no organization")
                if named:
                    organization = OrganizationMention(
                        name=Texts(en=named[0]), place=places, external_ids=_rts(row)
                    )
        if organization is None:
            row.skip("rtsId", why="the key of an organization that the record does not name")
        postcode = row.string("zip")
        if not (organization or masked or places):
            row.left_over(postcode, why="of a centre that is not named")
        else:
            yield SiteParticipation(
                organization=organization,
                masked_name=masked,
                place=places,
                postcode=postcode,
                list_position=n,
            )


def _rts(f: Fields) -> tuple[Said[str], ...]:
    """The organization's key in the British reference terminology: ``<key>@<list>``."""
    said = f.said("rtsId", lambda text: f"rts:{text.partition('@')[0].strip()}")
    return (said,) if said and said.value else ()


def _places(f: Fields) -> tuple[Place, ...]:
    """Country, state and city of a block, the widest first."""
    found: list[Place] = []
    for label in ("country", "state", "city"):
        said = line(f, label)
        if said and said.value:
            found.append(place_named(Texts(en=said), f.registry, found[-1] if found else None))
    return gathered(found)


def countries(f: Fields) -> tuple[Place, ...]:
    """The countries of recruitment; England and United Kingdom are one place."""
    cells = f.inside("recruitmentCountries").items("country")
    return gathered(place_named(Texts(en=said), f.registry) for said in cells if said.value)
