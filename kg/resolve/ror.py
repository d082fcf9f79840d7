"""ROR ids of organizations, from a dump that the user downloads. Without a dump: none.

A name in the dump is read as every other name is, and an id is given only where exactly one
organization of the dump has the name and nothing contradicts: place, university, ordinal. A name
of the dump that several hospitals have (``Zhongshan Hospital``) counts only with the city.
Successor links of the registry are no identity and are not followed.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import combining

from kg.errors import ToolError
from kg.resolve import chinese_names, english_names, english_places, english_slots, known
from kg.resolve.chinese_names import ChineseName
from kg.resolve.english_names import EnglishName
from kg.resolve.english_spelling import plain_words
from kg.resolve.names import han
from kg.resolve.readings import CHINA, Where

NAMESPACE = "https://ror.org/"
_HEADER = ("ror", "country", "city", "related", "names")
_ACTIVE = "active"
_CHINA = re.compile(r"\b(?:china|taiwan|hong\s?kong|maca[uo])\b", re.I)


class Organization(NamedTuple):
    """An organization of ROR: ``names`` without acronyms, ``related`` ids of its relations."""

    ror: str
    country: str
    city: str
    related: tuple[str, ...]
    names: tuple[str, ...]


class Match(NamedTuple):
    """An id found. ``exact``: the name says its place or university; else only a close match."""

    ror: str
    exact: bool
    evidence: str


# -- reading a dump -----------------------------------------------------------------------------


def imported(path: Path) -> tuple[Organization, ...]:
    """The active organizations of a dump, by id: ROR's JSON (version 1 or 2), its zip, JSON lines,
    or the table that ``write`` makes.

    Raises ToolError, with what would be right, for any other file.
    """
    if not path.is_file():
        raise ToolError(f"{path}: no such file; download a dump from https://ror.org/data")
    try:
        found = sorted(_organizations(path))
    except (UnicodeDecodeError, zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise ToolError(
            f"{path}: not a dump of ROR (JSON, JSON lines or its zip): {error}"
        ) from None
    if not found:
        raise ToolError(f"{path}: holds no active organization; a dump of ROR was expected")
    return tuple(found)


def write(organizations: Iterable[Organization], path: Path) -> None:
    """Write the organizations as a compact table that ``imported`` reads again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(_HEADER) + "\n")
        for row in sorted(organizations):
            cells = (row.ror, row.country, row.city, "|".join(row.related), "|".join(row.names))
            file.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")


def _organizations(path: Path) -> Iterator[Organization]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if n.endswith(".json"))
            if not names:
                raise ToolError(f"{path}: the zip holds no .json file; a dump of ROR was expected")
            # Dumps of 2024 hold both versions; the second says the language of every name.
            chosen = next((n for n in names if "schema_v2" in n), names[0])
            with archive.open(chosen) as file:
                yield from _records(json.load(file), path)
        return
    text = path.read_text(encoding="utf-8")
    if text.startswith("\t".join(_HEADER)):
        for line in text.splitlines()[1:]:
            ror, country, city, related, names_ = line.split("\t")
            yield Organization(
                ror,
                country,
                city,
                tuple(filter(None, related.split("|"))),
                tuple(names_.split("|")),
            )
        return
    if text.lstrip().startswith("["):
        yield from _records(json.loads(text), path)
    else:
        yield from _records((json.loads(line) for line in text.splitlines() if line.strip()), path)


def _records(records: Iterable[Any], path: Path) -> Iterator[Organization]:
    for record in records:
        if not isinstance(record, dict) or not str(record.get("id", "")).startswith(NAMESPACE):
            raise ToolError(f"{path}: a record without an id of {NAMESPACE}; not a dump of ROR")
        if record.get("status", _ACTIVE) == _ACTIVE:
            yield _record(record)


def _record(record: Mapping[str, Any]) -> Organization:
    """One record, whichever version of ROR's schema it follows."""
    if "names" in record:
        names = [n["value"] for n in record["names"] if "acronym" not in n.get("types", ())]
    else:
        names = [record.get("name", ""), *record.get("aliases", ())]
        names += [label["label"] for label in record.get("labels", ())]
    country, city = record.get("country", ""), record.get("city", "")
    if isinstance(country, dict):
        country = country.get("country_code", "")
    for place in record.get("locations", ()):
        details = place.get("geonames_details", {})
        country, city = details.get("country_code", ""), details.get("name", "")
    for address in record.get("addresses", ()):
        city = city or address.get("city", "")
    related = sorted({r["id"] for r in record.get("relationships", ()) if r.get("id")})
    clean = dict.fromkeys(" ".join(str(n).replace("|", " ").split()) for n in names)
    return Organization(
        ror=str(record["id"]),
        country=str(country or ""),
        city=str(city or ""),
        related=tuple(related),
        names=tuple(name for name in clean if name),
    )


# -- looking up -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name of an organization, read. ``place``: its city as names of hospitals write it."""

    ror: str
    place: str
    university: str


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
            place = _city(organization.city)
            for name in organization.names:
                everywhere = organization.country in CHINA or self._words is None
                if not everywhere and not _words(name) <= (self._words or set()):
                    continue
                for key, university in _keys(name, organization.country, place):
                    found[key].append(_Entry(organization.ror, place, university))
        return found

    def __len__(self) -> int:
        return len(self.organizations)

    def matched(
        self, zh: ChineseName | None, en: EnglishName | None, where: Where | None = None
    ) -> Match | None:
        """The id of an organization by its names; the Chinese name decides where both speak.

        A second name helps nothing here: it may be another organization's first.
        """
        city = (where.city if where else None) or ""
        if zh and zh.level != "generic" and not zh.campus_of and not zh.department_of:
            if found := self._one(zh.key, "", "", exact=zh.located):
                return found
            return None
        if not en or en.masked or en.department_of or en.beside:
            return None
        if slots := en.slots:
            place = slots.place.partition(" ")[0] or city
            key = en.key
            if slots.part and english_places.is_place(slots.part):
                # A chain's hospital: "X Hospital, Y Branch" is "Y X Hospital".
                place = slots.part
                key = f"hospital {replace(slots, part='', place=place).key}"
            if slots.level != "full" and place:
                key = f"hospital {slots.core} @{place}"
            elif slots.level != "full":
                return None
            stated = bool(place or slots.university)
            return self._one(key, place, slots.university, exact=stated, seat=slots.seat)
        if en.level == "full":
            return self._one(en.key, city, "", exact=True)
        return None

    def _one(
        self, key: str, place: str, university: str, *, exact: bool, seat: str = ""
    ) -> Match | None:
        """The one organization that has the key and whose city and university do not contradict."""
        found = {
            entry.ror
            for entry in self._by_key.get(key, ())
            if _places_agree(place or seat, entry.place, stated=bool(place))
            and not (university and entry.university and university != entry.university)
        }
        if len(found) != 1:
            return None
        told = "name and place agree" if exact else "name agrees, place unknown"
        return Match(found.pop(), exact, f"{told} with the entry of ROR")


def _words(name: str) -> set[str]:
    """The longer words of a name, which its key holds as they are."""
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not combining(c))
    return set(re.findall(r"[a-z]{5,}", re.sub(r"['’‘`´]", "", plain)))


def _places_agree(asked: str, has: str, *, stated: bool) -> bool:
    """Whether a hospital may lie where its name says.

    A province (``CN-ZJ``) holds its cities. A university's own city is a hint: it owns hospitals in
    other cities, so it contradicts nothing.
    """
    if not asked or not has or not stated:
        return True
    if asked.startswith("CN-"):
        provinces = known.latin_cities().get(has)
        return provinces is None or asked in provinces
    return asked == has or has not in known.latin_cities()


def _city(printed: str) -> str:
    """The city of a record as names of hospitals write it: ``Xi'an`` is ``xian``."""
    word = re.sub(r"[^a-z]", "", plain_words(printed))
    word = re.sub(r"(?<=..)(?:shi|city)$", "", word) if word not in known.latin_cities() else word
    return known.city_spellings().get(word, word)


def _keys(name: str, country: str, place: str) -> Iterator[tuple[str, str]]:
    """The keys under which a name of the dump is found, with the university it says."""
    if han(name):
        zh = chinese_names.read(name)
        if zh.level == "full" and zh.located and not zh.campus_of and not zh.department_of:
            yield zh.key, ""
        return
    hospital = english_slots.read(name) if country in CHINA else None
    if hospital and hospital.slots.place not in ("", place) and english_places.is_place(place):
        # "Zhongshan Ophthalmic Center" in Guangzhou: a name that is also a city's.
        hospital = english_slots.read(f"{name}, {place}") or hospital
    if hospital and hospital.beside:
        return
    en = english_names.of_hospital(hospital) if hospital else english_names.read(name, False)
    if en.masked or en.department_of:
        return
    slots = en.slots
    if slots is None:
        if en.level == "full":
            yield en.key, ""
        return
    # Of two cities of one Latin name a proper name tells which.
    told = slots.homonym and bool(slots.proper) and not slots.common
    for key in (en.key, f"hospital {slots.core} @{place}" if not slots.place or told else ""):
        # A bare name that several hospitals have is found only together with its city.
        bare = slots.level != "full" and key == en.key and not told
        own = slots.proper or not key.endswith(f"@{place}") or "people" in slots.types
        if key and not bare and (own or (not slots.university and slots.named)):
            yield key, slots.university


def index(path: Path) -> Index:
    """The organizations of a dump, to be looked up. Raises ToolError for what is no dump."""
    organizations = imported(path)
    with path.open("rb") as file:
        return Index(organizations, hashlib.file_digest(file, "sha256").hexdigest())


def affiliation(text: str, among: Index) -> Match | None:
    """The id of the hospital that an affiliation names, or of the university where it names none.

    The department before and the address behind are no part of the name.

    >>> among = Index([Organization(NAMESPACE + "x", "CN", "Wuhan", (), ("Invented Hospital",))])
    >>> affiliation("Department of Care, Invented Hospital, Wuhan, China", among).ror
    'https://ror.org/x'
    """
    hospital = english_slots.read(text)
    if hospital and not (english_names.in_china(hospital.slots, text) or _CHINA.search(text)):
        return None  # Princess Margaret Hospital, Toronto, is not the one of Hong Kong
    if hospital and not hospital.beside:
        # A university's hospital may have a branch in another city; of any other its city decides.
        where = Where(None, None, None if hospital.slots.university else hospital.city or None)
        return among.matched(None, english_names.of_hospital(hospital), where)
    if hospital:
        return None
    for part in re.split(r"\s*[,;]\s*", text):
        if english_places.university(part):
            return among.matched(None, english_names.read(part))
    return None
