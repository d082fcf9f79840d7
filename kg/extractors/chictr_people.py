"""People, organizations and ethics approvals of a Chinese registry page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from kg.contacts.masking import Channel
from kg.fields import Fields
from kg.model import (
    Agent,
    CommitteeMention,
    EthicsApproval,
    OrganizationMention,
    RoleAssignment,
    SiteParticipation,
)
from kg.names.masked_sites import is_masked_site
from kg.said import Blank, Place, Said, Texts
from kg.values import PartialDate, partial_date
from kg.words.parties import agents
from kg.words.wording import gathered, list_of, numbered, place


def _channels(f: Fields, **labels: tuple[str, ...]) -> tuple[Channel, ...]:
    """The printed ways to reach somebody, by sort; a postcode belongs to its address."""
    return f.channels(**{"e_mail" if n == "email" else n: found for n, found in labels.items()})


def _persons(
    f: Fields,
    zh: str,
    en: str,
    channels: tuple[Channel, ...],
    affiliations: tuple[OrganizationMention, ...] = (),
    blanks: tuple[Blank, ...] = (),
) -> Iterator[Agent]:
    names = f.texts(zh=zh, en=en, lines=True)
    yield from agents(f, names, affiliations, channels, blanks=blanks)


def _organization(f: Fields, zh: str, en: str, **more: object) -> OrganizationMention | None:
    name = f.texts(zh=zh, en=en)
    return OrganizationMention(name=name, **more) if name else None  # type: ignore[arg-type]


def _organizations(f: Fields, zh: str, en: str, **more: object) -> list[OrganizationMention]:
    """The organizations of a field: several where both languages number as many (``1. …; 2. …``).

    Where they number different ones, nobody knows which belong together: they stay one.
    """
    name = f.texts(zh=zh, en=en)
    if not name:
        return []
    lists = {n: numbered(said.value) for n, said in enumerate(name) if said and said.value}
    if {len(items) for items in lists.values()} <= {0} or len(set(map(len, lists.values()))) > 1:
        return [OrganizationMention(name=name, **more)]  # type: ignore[arg-type]
    return [
        OrganizationMention(
            name=Texts(
                *(
                    said.but(lists[n][at], lists[n][at]) if said and n in lists else said
                    for n, said in enumerate(name)
                )
            ),
            **more,  # type: ignore[arg-type]
        )
        for at in range(max(map(len, lists.values())))
    ]


_CONTACTS = {
    # role: name, affiliation and channels, Chinese and English labels
    "public-contact": (
        ("申请注册联系人", "Applicant"),
        ("申请人所在单位", "Applicant's institution"),
        {
            "phone": ("申请注册联系人电话",),
            "fax": ("申请注册联系人传真",),
            "email": ("申请注册联系人电子邮件",),
            "web": ("申请单位网址", "Applicant website"),
            "address": ("申请注册联系人通讯地址", "Applicant address"),
            "postcode": ("申请注册联系人邮政编码",),
        },
    ),
    "principal-investigator": (
        ("研究负责人", "Study leader"),
        ("研究负责人所在单位", "Affiliation of the Leader"),
        {
            "phone": ("研究负责人电话",),
            "fax": ("研究负责人传真",),
            "email": ("研究负责人电子邮件",),
            "web": ("研究负责人网址", "Study leader's website"),
            "address": ("研究负责人通讯地址", "Study leader's address"),
            "postcode": ("研究负责人邮政编码",),
        },
    ),
}


def roles(f: Fields, sponsors: list[Fields]) -> Iterator[RoleAssignment]:
    """Contacts, leaders and sponsors of the record, in the order of the page."""
    for role, (names, affiliation, channel_labels) in _CONTACTS.items():
        channels = _channels(f, **channel_labels)
        employers = tuple(_organizations(f, *affiliation))
        unemployed = (
            () if employers else f.blanks("affiliation", zh=affiliation[0], en=affiliation[1])
        )
        mentions = _persons(f, *names, channels, employers, unemployed)
        for n, mention in enumerate(mentions, start=1):
            yield RoleAssignment(role=role, agent=mention, list_position=n)
    addresses = _channels(f, address=("研究实施负责(组长)单位地址", "Primary sponsor's address"))
    leads = _organizations(f, "研究实施负责(组长)单位", "Primary sponsor", channels=addresses)
    for n, lead in enumerate(leads, start=1):
        yield RoleAssignment(role="lead-sponsor", agent=lead, list_position=n)
    for n, s in enumerate(sponsors, start=1):
        sponsor = _organization(
            s,
            "单位",
            "Institution hospital",
            place=_places(s),
            channels=_channels(s, address=("具体地址", "Address")),
        )
        if sponsor:
            yield RoleAssignment(
                role="sponsor", agent=sponsor, told_by=_country(s), list_position=n
            )


def _country(f: Fields) -> tuple[Said[str], ...]:
    """The printed country: a province says it too, and is then what the place is."""
    found = place(f, zh="国家", en="Country")
    return tuple(said for said in found.name if said) if found else ()


def of_nobody(f: Fields, sponsors: list[Fields], built: set[str]) -> tuple[Said[str], ...]:
    """What the page prints beside a name field that names nobody: an employer, a sponsor's place.

    ``built`` are the roles that somebody has.
    """
    found = [
        f.texts(zh=affiliation[0], en=affiliation[1])
        for role, (_, affiliation, _) in _CONTACTS.items()
        if role not in built
    ]
    for s in sponsors:
        if not _organization(s, "单位", "Institution hospital"):
            labels = (*_PLACE, ("单位", "Institution hospital"))
            found += [s.texts(zh=zh, en=en) for zh, en in labels]
    return tuple(said for texts in found if texts is not None for said in texts if said)


T = TypeVar("T")
_PLACE = (("国家", "Country"), ("省", "Province"), ("市", "City"))


def _places(f: Fields) -> tuple[Place, ...]:
    """Province and city; the country only where no province is known."""
    country = place(f, zh="国家", en="Country")
    province = place(f, zh="省", en="Province", within=country)
    city = place(f, zh="市", en="City", within=province or country)
    return gathered((province or country, city))


def site(f: Fields, n: int) -> SiteParticipation:
    """One row of the site list, the ``n``-th from 1."""
    where = _places(f)
    name = f.texts(zh="单位", en="Institution hospital")
    printed = [said.value for said in name or () if said and said.value]
    is_masked = bool(printed) and all(map(is_masked_site, printed))
    return SiteParticipation(
        organization=(
            OrganizationMention(name=name, place=where) if name and not is_masked else None
        ),
        masked_name=name if is_masked else None,
        place=where,
        level=f.concepts("institution-level", zh="单位级别", en="Level of the institution"),
        list_position=n,
        blanks=(
            *f.blanks("city", zh="市", en="City"),
            *f.blanks("province", zh="省", en="Province"),
        ),
    )


# The registries (of 2005 and later) print 1 January 1990 where no day of approval was filled in.
_NO_DAY = "1990-01-01"


def _day_of_approval(text: str) -> PartialDate | None:
    day = partial_date(text)
    return None if day and day.text == _NO_DAY else day


_LISTED = re.compile(r"\s*[;；]\s*")
_IS_COMMITTEE = re.compile(r"伦理|委员会|committee|\bboard\b|\b(?:IRB|IEC|EC|REC)\b", re.IGNORECASE)


def _committees(name: Texts | None, numbers: int) -> tuple[Texts, ...]:
    """The committees that one field names, in as many parts in each language.

    Several that share numbers in no clear way stay one name.
    """
    if name is None:
        return ()
    printed = [_parts(said) for said in name if said and said.value]
    count = len(printed[0]) if printed else 0
    if count < 2 or any(len(parts) != count for parts in printed) or numbers not in (0, count):
        return (name,)
    return tuple(Texts(*(_nth(said, n) for said in name)) for n in range(count))


def _nth(said: Said[str] | None, n: int) -> Said[str] | None:
    return said.but(_parts(said)[n]) if said and said.value else said


def _parts(said: Said[str]) -> list[str]:
    """The parts of a list of committees; one part where any of them is none."""
    parts = [part for part in _LISTED.split(said.value or "") if part]
    return parts if all(map(_IS_COMMITTEE.search, parts)) else [said.value or ""]


def _each(items: Sequence[T], count: int) -> Sequence[T | None]:
    """As many items as are asked for: one stands for all."""
    return items if len(items) == count else [items[0] if items else None] * count


def approvals(f: Fields) -> Iterator[EthicsApproval]:
    """One approval per number, and per committee where several are named; a field without a number
    is one approval if anything is said."""
    decision = f.concepts(
        "ethics-decision", zh="是否获伦理委员会批准", en="Approved by ethic committee"
    )
    numbers = f.strings("伦理委员会批件文号", list_of)
    date = f.date("伦理委员会批准日期", _day_of_approval)
    name = f.texts(zh="批准本研究的伦理委员会名称", en="Name of the ethic committee")
    given = sum(number.value is not None for number in numbers)
    committees = [CommitteeMention(name=one) for one in _committees(name, given) if one]
    channels = _channels(
        f,
        phone=("伦理委员会联系人电话",),
        email=("伦理委员会联系人邮箱",),
        address=("伦理委员会联系地址", "Contact Address of the ethic committee"),
    )
    contacts = tuple(
        RoleAssignment(role="ethics-contact", agent=person, list_position=n)
        for n, person in enumerate(
            _persons(f, "伦理委员会联系人", "Contact Name of the ethic committee", channels),
            start=1,
        )
    )
    said = any(s and s.value for s in (decision, date, *numbers))
    if not (said or committees or contacts):
        if date and date.printed and date.blank:  # 1900-01-01: printed, and says nothing
            f.log.unsaid[date.path] = date
        return
    blanks: tuple[Blank, ...] = ()
    if not committees:
        blanks = f.blanks(
            "committee", zh="批准本研究的伦理委员会名称", en="Name of the ethic committee"
        )
    if not contacts:
        blanks += f.blanks(
            "contactPerson", zh="伦理委员会联系人", en="Contact Name of the ethic committee"
        )
    blanks += f.blanks("ethics-contact.telephone", plain="伦理委员会联系人电话")
    blanks += f.blanks("ethics-contact.e-mail", plain="伦理委员会联系人邮箱")
    count = max(len(numbers), len(committees), 1)
    for number, committee in zip(_each(numbers, count), _each(committees, count), strict=True):
        yield EthicsApproval(
            decision=decision,
            number=number,
            date=date,
            committee=committee,
            roles=contacts,
            blanks=blanks,
        )
