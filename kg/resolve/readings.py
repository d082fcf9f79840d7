"""What one mention of an organization says: its names read, and where the record puts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.resolve.mentions import Mention
from kg.resolve.names import chinese_names, english_names
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.english_names import EnglishName
from kg.resolve.names.kinds import organization_kind
from kg.resolve.names.places import MUNICIPALITIES
from kg.resolve.names.slots import Level

CHINA = frozenset({"CN", "HK", "MO", "TW"})  # hospitals there are read into slots


class Where(NamedTuple):
    """Where a record says that an organization is."""

    country: str | None
    province: str | None
    city: str | None

    def against(self, other: Where) -> bool:
        """Whether both name a place of one rank and the places differ."""
        return contradictory((self, other))


def contradictory(places: Iterable[Where]) -> bool:
    """Whether these name two countries, two provinces or two cities."""
    return any(len(set(filter(None, rank))) > 1 for rank in zip(*places, strict=True))


class Reading(NamedTuple):
    """The names of one mention, read."""

    zh: ChineseName | None
    en: EnglishName | None
    kind: str

    @property
    def key(self) -> str:
        """The key of the name that identifies: the Chinese one where there is one."""
        return self.zh.key if self.zh else self.en.key if self.en else ""

    @property
    def level(self) -> Level:
        """How much that name says."""
        return self.zh.level if self.zh else self.en.level if self.en else "generic"


class Printed(NamedTuple):
    """What a mention prints as its names, and whether it is outside China: all that is read."""

    zh: str | None
    en: str | None
    abroad: bool


def printed(mention: Mention) -> Printed:
    """The names of a mention."""
    abroad = mention.country is not None and mention.country not in CHINA
    return Printed(*mention.by_script, abroad)


def reading(mention: Mention) -> Reading:
    """A mention's names, read."""
    return read(printed(mention))


@lru_cache(maxsize=4096)
def read(names: Printed) -> Reading:
    """Names, read."""
    zh, en, abroad = names
    return Reading(
        chinese_names.read(zh) if zh else None,
        english_names.read(en, not abroad) if en else None,
        organization_kind(zh, en),
    )


def read_all(names: Sequence[Printed]) -> list[Reading]:
    """Each of some names, read."""
    return [read(one) for one in names]


def read_once(mentions: Iterable[Mention], known: Mapping[Printed, Reading]) -> dict[str, Reading]:
    """The names of each mention, read; one object for all that print the same."""
    all_read = dict(known)
    found: dict[str, Reading] = {}
    for mention in mentions:
        names = printed(mention)
        if names not in all_read:
            all_read[names] = read(names)
        found[mention.iri] = all_read[names]
    return found


def ordinals_agree(zh: ChineseName, en: EnglishName) -> bool:
    """Whether the numbers of an English name are those of one of the Chinese names.

    A missing number is no first one: 示例市人民医院 is not Example First People's Hospital.
    """
    of_second = {chinese_names.numbers(key) for key in zh.second}
    return en.ordinals in {zh.ordinals, *of_second}


def exact(where: Where, level: Level) -> Where | None:
    """The city, as far as a name of this level needs it; None if it is not known."""
    if where.city:
        return where
    if level == "common" and where.province in MUNICIPALITIES:
        return where
    return None
