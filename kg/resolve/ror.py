"""ROR ids of organizations, from a dump that the user downloads. Without a dump: none.

A name in the dump is read as every other name is, and an id is given only where exactly one
organization of the dump has the name and nothing contradicts: place, university, ordinal. A name
of the dump that several hospitals have (``Zhongshan Hospital``) counts only with the city, and one
that counts its organization otherwise than its first name does is taken for another's.
Successor links of the registry are no identity and are not followed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import combining

from kg.resolve.names import (
    chinese_names,
    chinese_slots,
    english_names,
    english_places,
    english_slots,
    known,
    places,
)
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.comparable import han
from kg.resolve.names.english_names import EnglishName
from kg.resolve.names.english_spelling import plain_words
from kg.resolve.names.slots import Slots
from kg.resolve.readings import CHINA, Where
from kg.resolve.ror_dump import Organization, imported

_CHINA = re.compile(r"\b(?:china|taiwan|hong\s?kong|maca[uo])\b", re.I)


class Match(NamedTuple):
    """An id found. ``exact``: the name says its place or university; else only a close match."""

    ror: str
    exact: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name of an organization, read. ``homes``: its city and the place in the name, as names
    of hospitals write them; ``university``: what the name says, and ``universities`` all names;
    ``first``: the name is the one that ROR shows."""

    ror: str
    homes: tuple[str, ...]
    university: str
    universities: frozenset[str]
    first: bool


class _Said(NamedTuple):
    """What a text says of a hospital beside its name proper: the place in the name, the city
    beside it, the university. ``branches``: a university's may lie in another city."""

    place: str
    city: str
    university: str
    branches: bool


class Index:
    """The organizations of a dump by the keys of their names, read when first asked for."""

    def __init__(self, organizations: Iterable[Organization], sha256: str = "") -> None:
        self.organizations = tuple(organizations)
        self.sha256 = sha256
        self.related = {o.ror: o.related for o in self.organizations}
        self._words: set[str] | None = None

    def narrowed(self, printed: Iterable[str]) -> Index:
        """The same for these names only.

        A name of the dump that has a word none of them has cannot be found and is not read, so that
        a dump of the world costs a small build nothing.
        """
        narrow = Index(self.organizations, self.sha256)
        narrow._words = {word for name in printed for word in _words(name)}
        return narrow

    @cached_property
    def _by_key(self) -> dict[str, list[_Entry]]:
        found: dict[str, list[_Entry]] = defaultdict(list)
        for organization in self.organizations:
            city = _city(organization.city)
            province = _province(organization.names, city)
            read = [
                _read(name, organization.country, city, province)
                for name in organization.names
                if organization.country in CHINA
                or self._words is None
                or _words(name) <= self._words
            ]
            universities = frozenset(
                name.slots.university
                for name in read
                if name.slots and english_places.is_known(name.slots.university)
            )
            for name in read:
                if _is_anothers(read[0], name):
                    continue
                homes = dict.fromkeys(
                    (city, name.slots.place.partition(" ")[0] if name.slots else "")
                )
                university = name.slots.university if name.slots else ""
                for key in name.keys:
                    found[key].append(
                        _Entry(
                            organization.ror,
                            tuple(filter(None, homes)),
                            university,
                            universities,
                            name is read[0],
                        )
                    )
        return found

    def __len__(self) -> int:
        return len(self.organizations)

    def matched(
        self,
        zh: ChineseName | None,
        en: EnglishName | None,
        where: Where | None = None,
        *,
        branches: bool = False,
    ) -> Match | None:
        """The id of an organization by its names; the Chinese name decides where both speak.

        A second name helps nothing here: it may be another organization's first. ``branches``: a
        name that says its university is also found where ``where`` is another city.
        """
        city = (where.city if where else None) or ""
        if zh and zh.level != "generic" and not zh.campus_of and not zh.department_of:
            if found := self._one(zh.key, _Said("", "", "", branches), exact=zh.located):
                return found
            return None
        if not en or en.masked or en.department_of or en.beside:
            return None
        if slots := en.slots:
            return self._hospital(en.key, slots, city, branches)
        if en.level == "full":
            return self._one(en.key, _Said("", city, "", branches), exact=True)
        return None

    def _hospital(self, key: str, slots: Slots, city: str, branches: bool) -> Match | None:
        """The entry of an English name of a hospital."""
        place = slots.place.partition(" ")[0]
        if slots.part and english_places.is_place(slots.part):
            # A chain's hospital: "X Hospital, Y Branch" is "Y X Hospital".
            place = slots.part
            key = f"hospital {replace(slots, part='', place=place).key}"
        if slots.level != "full" and (place or city):
            key = f"hospital {slots.core} @{place or city}"
        elif slots.level != "full":
            return None
        said = _Said(place, city, slots.university, branches)
        exact = bool(place or city or slots.university)
        if found := self._one(key, said, exact=exact):
            return found
        if place and english_places.is_nationwide(slots.university) and not slots.affiliation:
            # "Beijing Hospital, Chinese Academy of …": an academy of no city is not its university.
            own = replace(slots, university="")
            return self._one(f"hospital {own.key}", said, exact=exact)
        if not (slots.part and slots.proper):
            return None
        # So is that of a part of a city, where an entry has the name.
        own = replace(slots, part="", proper=f"{slots.part}{slots.proper}", common=False)
        return self._one(f"hospital {own.key}", said, exact=exact)

    def _one(self, key: str, said: _Said, *, exact: bool) -> Match | None:
        """The one organization that has the key and that nothing said contradicts."""
        entries = self._by_key.get(key, ())
        found = {entry.ror for entry in entries if not _contradicted(entry, said)}
        if len(found) != 1:
            return None
        shown = {entry.ror for entry in entries if entry.first}
        if not shown & found and not shown.isdisjoint(self.related[min(found)]):
            return None  # the name of a group of hospitals: a city has several of them
        told = "name and place agree" if exact else "name agrees, place unknown"
        return Match(found.pop(), exact, f"{told} with the entry of ROR")


def _contradicted(entry: _Entry, said: _Said) -> bool:
    """Whether place or university of a hospital is another than that of the entry."""
    if said.university and entry.university and said.university != entry.university:
        return True
    if said.place:
        if entry.homes and not any(_places_agree(said.place, home) for home in entry.homes):
            return True
        # Xi'an behind it says that the hospital is Shaanxi's, whatever Shanxi the name writes.
        far = said.city and entry.homes
        return bool(far) and not any(_near(said.city, home) for home in entry.homes)
    if said.city and entry.homes:
        if any(_places_agree(said.city, home) for home in entry.homes):
            return False
        own = said.branches and said.university and said.university == entry.university
        return not own or not any(_one_side(said.city, home) for home in entry.homes)
    # Hospitals of one name have each its own university, where no city tells them apart.
    known_ = said.university and english_places.is_known(said.university)
    return bool(known_ and entry.universities) and said.university not in entry.universities


def _words(name: str) -> set[str]:
    """The longer words of a name, which its key holds as they are."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not combining(c))
    return set(re.findall(r"[a-z]{5,}", re.sub(r"['’‘`´]", "", plain)))


def _places_agree(asked: str, has: str) -> bool:
    """Whether a hospital may lie where its name says. A province (``CN-ZJ``) holds its cities."""
    if "CN-" in (asked[:3], has[:3]):
        return _near(asked, has)
    return asked == has or not english_places.is_place(has)


def _near(a: str, b: str) -> bool:
    """Whether two places are not certainly in two provinces."""
    ours, theirs = english_places.province_of(a), english_places.province_of(b)
    return not ours or not theirs or ours == theirs


def _one_side(a: str, b: str) -> bool:
    """Whether two places lie on one side of the strait, or that is not known: both have a China
    Medical University."""
    taiwan = [english_places.province_of(place) == "CN-TW" for place in (a, b)]
    return taiwan[0] == taiwan[1]


def _city(printed: str) -> str:
    """The city of a record as names of hospitals write it: ``Xi'an`` is ``xian``."""
    word = re.sub(r"[^a-z]", "", plain_words(printed))
    word = re.sub(r"(?<=..)(?:shi|city)$", "", word) if word not in known.latin_cities() else word
    return known.city_spellings().get(word, word)


class _Name(NamedTuple):
    """A name of the dump, read: the keys under which it is found, and a hospital's slots."""

    keys: tuple[str, ...]
    slots: Slots | None


def _province(names: Iterable[str], city: str) -> str:
    """The province of a city, where two have its Latin name and a Chinese name tells which."""
    if city not in places.HOMONYM_CITIES:
        return ""
    told = {code for name in names if han(name) for code in chinese_names.read(name).provinces}
    told &= known.latin_cities().get(city, frozenset())
    return places.PROVINCES[told.pop()][1] if len(told) == 1 else ""


def _read(name: str, country: str, city: str, province: str) -> _Name:
    """A name of an organization of this country and city, read; ``province`` if it is in doubt."""
    if han(name):
        zh = chinese_names.read(name)
        sure = zh.level == "full" and zh.located and not zh.campus_of and not zh.department_of
        return _Name((zh.key,) if sure else (), _in_latin(chinese_slots.read(zh.key)))
    whole = f"{name}, {province}" if province else name
    hospital = english_slots.read(whole) if country in CHINA else None
    place = hospital.slots.place if hospital else ""
    if hospital and place not in ("", city) and english_places.is_place(place):
        # "Zhongshan Ophthalmic Center" in Guangzhou: a name that is also a city's.
        hospital = english_slots.read(f"{name}, {city}") or hospital
    if hospital and hospital.beside:
        return _Name((), None)
    en = english_names.of_hospital(hospital) if hospital else english_names.read(name, False)
    if en.masked or en.department_of:
        return _Name((), None)
    slots = en.slots
    if slots is None:
        return _Name((en.key,) if en.level == "full" else (), None)
    # Of two cities of one Latin name a proper name tells which.
    told = slots.homonym and bool(slots.proper) and not slots.common
    found = []
    for key in (en.key, f"hospital {slots.core} @{city}" if not slots.place or told else ""):
        # A bare name that several hospitals have is found only together with its city.
        bare = slots.level != "full" and key == en.key and not told
        own = slots.proper or not key.endswith(f"@{city}") or "people" in slots.types
        if key and not bare and (own or (not slots.university and slots.named)):
            found.append(key)
    return _Name(tuple(found), slots)


def _in_latin(slots: Slots | None) -> Slots | None:
    """The slots of a Chinese name with its place as English names have it."""
    if slots is None:
        return None
    code = places.PROVINCE_BY_NAME.get(slots.place, "")
    place = places.PROVINCES[code][1] if code in places.MUNICIPALITIES else code
    return replace(slots, place=place or known.cities().get(slots.place, slots.place))


def _is_anothers(shown: _Name, further: _Name) -> bool:
    """Whether a further name of an entry is another organization's, by the name that ROR shows.

    A hospital is not its university. A missing ordinal is not "first": a university numbers its own
    hospitals and names others after their places, and a province has a people's hospital and a
    second one. A specialty tells as much as a number, so one name may have the one, one the other.
    """
    first, other = shown.slots, further.slots
    if other and any(key.startswith("university ") for key in shown.keys):
        return True
    if not first or not other or first.ordinals == other.ordinals:
        return False
    if first.specialties != other.specialties:
        return False
    if first.university or other.university:
        return first.university == other.university
    same = first.place == other.place and first.types == other.types
    return bool(first.place) and same and first.proper == other.proper


def index(path: Path) -> Index:
    """The organizations of a dump, to be looked up. Raises ToolError for what is no dump."""
    organizations = imported(path)
    with path.open("rb") as file:
        return Index(organizations, hashlib.file_digest(file, "sha256").hexdigest())


def affiliation(text: str, among: Index) -> Match | None:
    """The id of the hospital that an affiliation names, or of the university where it names none.

    The department before and the address behind are no part of the name.

    >>> among = Index([Organization("ror.org/x", "CN", "Wuhan", (), ("Invented Hospital",))])
    >>> affiliation("Department of Care, Invented Hospital, Wuhan, China", among).ror
    'ror.org/x'
    """
    hospital = english_slots.read(text)
    if hospital and not (english_names.in_china(hospital.slots, text) or _CHINA.search(text)):
        return None  # Princess Margaret Hospital, Toronto, is not the one of Hong Kong
    if hospital and not hospital.beside:
        where = Where(None, None, hospital.city or None)
        # A hospital printed with two names may be in the dump under the second only.
        for slots in (hospital.slots, *hospital.second):
            name = english_names.of_hospital(replace(hospital, slots=slots))
            if found := among.matched(None, name, where, branches=True):
                return found
        return None
    if hospital:
        return None
    for part in re.split(r"\s*[,;]\s*", text):
        if english_places.university(part):
            return among.matched(None, english_names.read(part))
    return None
