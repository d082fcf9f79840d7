"""An invented crowd: records that name hospitals, and two people of each, as many as asked for.

Half of the hospitals are Chinese, named in both languages by a registry of theirs and in English by
another one; the others are Western. Each is spelled in several ways. Common names are borne by many
people, few hospitals have large staffs and many have small ones, contacts are a person's own or an
office's, and not everything is printed every time. Who each mention is stands beside it. The same
numbers and the same seed give the same crowd.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kg.contacts import digests
from kg.contacts.masking import Channel
from kg.namespaces import ID, h8
from kg.resolve import Contact, Mention, Mentions, RecordFacts
from kg.resolve.mentions import Kind, Title
from kg.resolve.names import known, pinyin

_T = TypeVar("_T")
MENTIONS_A_PERSON = 3
MENTIONS_A_HOSPITAL = 25
_KEY = b"of this crowd"

# The commonest ones come first and are drawn most often.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程"
    "吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万"
)
_CHARACTERS = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉红梅志海波春晓雪琳宇浩然思雨佳欣怡子"
    "涵梓轩博晨曦瑞嘉俊凯天翔鹏飞云龙永康安庆祥林森松柏清源泉江河山峰岩石金银珍珠宝翠莲荷菊竹青蓝紫"
)
_GIVEN_NAMES = (
    "Ada Bruno Clara Davit Elin Farid Greta Hana Ivo Jana Kofi Lena Milo Nora Omar Petra Quinn "
    "Rosa Sven Tara Uma Viktor Wanda Xenia Yara Zeno Anouk Bela Cato Dunja"
)
_GIVEN = tuple(_GIVEN_NAMES.split())
_BEGINNINGS = (
    "Al Bir Ce Dor Ei Fich Gin Ha Iri Juni Kie Lin Moh Nel Oli Pi Quit Rau Sal Tan Ul Vet Wei Zed"
)
_STEMS = tuple(_BEGINNINGS.split())
_ENDINGS = (
    "der ch dar n be te ster sel s per fer den ken ke vik nien ler bei ne mer ly berg wald gaard"
)
_ENDS = tuple(_ENDINGS.split())
_ORDINALS = (("", ""), ("第一", "First"), ("第二", "Second"), ("第三", "Third"), ("第四", "Fourth"))
_SORTS = (
    ("人民医院", "People's Hospital"),
    ("中医院", "Hospital of Traditional Chinese Medicine"),
    ("中心医院", "Central Hospital"),
    ("妇幼保健院", "Maternal and Child Health Hospital"),
    ("肿瘤医院", "Cancer Hospital"),
    ("儿童医院", "Children's Hospital"),
)
_WESTERN = ("General Hospital", "University Hospital", "Medical Center", "Clinic")
_COUNTRIES = ("DE", "FR", "US", "CA", "JP", "BR", "NL", "GB")
_WARDS = ("Cardiology", "Oncology", "Neurology", "Gastroenterology")
_LEADERS = ("principal-investigator", "public-contact")
_OF_SITES = ("site-investigator", "site-contact")


@dataclass(frozen=True, slots=True)
class _Person:
    number: int
    zh: str | None
    spellings: tuple[str, ...]
    email: bool
    mobile: bool


@dataclass(frozen=True, slots=True)
class _Hospital:
    number: int
    zh: str | None
    spellings: tuple[str, ...]
    country: str
    city: str
    staff: list[_Person] = field(default_factory=list)


@dataclass(slots=True)
class Slice:
    """Some records. ``person`` says who each mention of a person is; ``rows`` are what tools that
    read tables get of these mentions, in the same order."""

    mentions: dict[str, Mention] = field(default_factory=dict)
    records: dict[str, RecordFacts] = field(default_factory=dict)
    contacts: dict[str, frozenset[Contact]] = field(default_factory=dict)
    person: dict[str, int] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)

    @property
    def told(self) -> Mentions:
        """What the records name."""
        return Mentions(self.mentions, self.records)

    def add(self, draw: random.Random, number: int, sites: Sequence[_Hospital]) -> None:
        """A record of the registry that the first hospital uses, with these sites."""
        registry = "chictr" if sites[0].zh and draw.random() < 0.6 else "ctgov"
        key = f"{'ChiCTR' if registry == 'chictr' else 'NCT'}{90_000_000 + number}"
        record = f"{ID}record/{registry}/{key}"
        title = f"Inventine-{draw.randrange(4_000)} in adults with disease {number % 97}, {number}"
        self.records[record] = RecordFacts(
            iri=record,
            publisher=registry,
            issuer=registry,
            number=key,
            date=f"{2005 + number % 20}-{1 + number % 12:02}-{1 + number % 28:02}",
            current=f"{record}/20260901",
            titles=(Title("publicTitle", "en", title),),
            countries=tuple(sorted({site.country for site in sites})),
        )
        for place, site in enumerate(sites):
            zh = site.zh if registry == "chictr" else None
            en = _one_of(draw, site.spellings)
            named = {"zh": zh, "en": en, "country": site.country, "city": site.city}
            at = (self._mention(record, "organization", "site", named),)
            first, second = (_one_of(draw, site.staff) for _ in range(2))
            if draw.random() < 0.3:
                second = first  # who leads also answers
            for role, person in zip(_OF_SITES if place else _LEADERS, (first, second), strict=True):
                self._person(draw, record, role, person, site, at, en)

    def _person(
        self, draw: random.Random, record: str, role: str, person: _Person, site: _Hospital,
        at: tuple[str, ...], affiliation: str,
    ) -> None:  # fmt: skip
        zh = person.zh if "/chictr/" in record else None
        en = _one_of(draw, person.spellings)
        iri = self._mention(record, "person", role, {"zh": zh, "en": en, "affiliation": at})
        email = f"p{person.number}@people.example" if person.email and draw.random() < 0.7 else ""
        tel = ""
        if person.mobile and draw.random() < 0.6:
            tel = f"1380{person.number:07}"
        elif draw.random() < 0.5:
            tel = f"+49 0000 {site.number:06}{draw.randrange(1 + len(site.staff) // 20):03}"
        printed = [Channel("e-mail", email)] * bool(email) + [Channel("phone", tel)] * bool(tel)
        if keys := digests.keys(printed, _KEY):
            self.contacts[iri] = keys
        self.person[iri] = person.number
        self.rows.append(
            {"name": en, "han": zh or "", "email": email, "tel": tel, "affiliation": affiliation}
        )

    def _mention(self, record: str, kind: Kind, slot: str, said: Mapping[str, Any]) -> str:
        registry, number = record.removeprefix(f"{ID}record/").split("/")
        first = f"{ID}mention/{registry}/{number}/{slot}-{h8(said['zh'] or said['en'])}"
        iri, n = first, 1
        while iri in self.mentions:
            iri, n = f"{first}-{n + 1}", n + 1
        self.mentions[iri] = Mention(iri=iri, kind=kind, record=record, slot=slot, **said)
        return iri


def slices(sites: int, *, size: int, seed: int = 1) -> Iterator[Slice]:
    """Mentions of so many sites and of twice as many people, ``size`` records at a time."""
    draw = random.Random(seed)
    hospitals = _hospitals(draw, max(20, sites // MENTIONS_A_HOSPITAL))
    for n in range(2 * sites // MENTIONS_A_PERSON):
        hospital = _one_of(draw, hospitals)
        hospital.staff.append(_person(draw, n, chinese=hospital.zh is not None))
    hospitals = [hospital for hospital in hospitals if hospital.staff]
    some, number = Slice(), 0
    while sites:
        count = min(draw.choice((1, 1, 1, 2, 2, 3, 4)), sites)
        some.add(draw, number, [_one_of(draw, hospitals) for _ in range(count)])
        sites, number = sites - count, number + 1
        if len(some.records) == size or not sites:
            yield some
            some = Slice()


def _hospitals(draw: random.Random, count: int) -> list[_Hospital]:
    cities = list(known.cities().items())
    made = []
    for n in range(count):
        if n % 2:
            stem = f"{_STEMS[n // 2 % 24]}{_ENDS[n // 48 % 24]}"
            town = f"{stem}{draw.choice(('furt', 'ville', 'town', 'dorp'))}"
            called = f"{stem} {_WESTERN[n // 1152 % 4]}" + (f" {n // 4608}" if n >= 4608 else "")
            spellings = (called, f"{called}, {town}", f"{town} - {called}", called.upper())
            made.append(_Hospital(n, None, spellings, draw.choice(_COUNTRIES), town))
            continue
        zh, latin = cities[n // 2 % len(cities)]
        ordinal, counted = _ORDINALS[n // 2 // len(cities) % 5]
        sort, called = _SORTS[n // 10 // len(cities) % 6]
        name, city = f"{counted} {called}".strip(), latin.capitalize()
        spellings = (f"{city} {name}", f"The {name} of {city}", f"{name}, {city} City",
                     f"Department of {draw.choice(_WARDS)}, {city} {name}")  # fmt: skip
        made.append(_Hospital(n, f"{zh}市{ordinal}{sort}", spellings, "CN", zh))
    return made


def _person(draw: random.Random, n: int, *, chinese: bool) -> _Person:
    email, mobile = draw.random() < 0.7, chinese and draw.random() < 0.6
    if chinese:
        given = "".join(_one_of(draw, _CHARACTERS) for _ in range(draw.choice((1, 2, 2, 2))))
        zh = _one_of(draw, _SURNAMES) + given
        first, last = (part.capitalize() for part in pinyin.readings(zh)[0])
        return _Person(
            n, zh, (f"{first} {last}", f"{last} {first}", f"{first.upper()} {last}"), email, mobile
        )
    given = " ".join(draw.sample(_GIVEN, draw.choice((1, 1, 2))))
    family = "-".join(
        draw.choice(_STEMS) + draw.choice(_ENDS) for _ in range(draw.choice((1, 1, 1, 2)))
    )
    initial = chr(65 + n % 26)
    spellings = (
        f"{given} {family}", f"{given} {initial}. {family}", f"{family}, {given}",
        f"{given} {family}, MD",
    )  # fmt: skip
    return _Person(n, None, spellings, email, mobile)


def _one_of(draw: random.Random, pool: Sequence[_T]) -> _T:
    """A member of a pool, the first ones more often than the last."""
    return pool[int(len(pool) * draw.random() ** 2)]
