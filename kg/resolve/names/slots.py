"""The slots of a hospital's name, in either language, and when two names fill them alike.

Two names are one hospital iff all slots that both fill agree and enough is filled: a proper name,
or a place or university with one of ordinal, type, specialty. A missing ordinal is not "first".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# How much a name needs beside itself to say which organization it is.
#   full: nothing ("示例市人民医院") · common: the city, several hospitals have it ("同济医院")
#   generic: the city, and it is a kind of hospital rather than a name ("第一人民医院")
Level = Literal["full", "common", "generic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What a name of a hospital says. Empty: the name does not say it.

    ``place``: city or, without one, province. ``seat``: the city of the university, which places a
    common name ("Tongji Hospital") but is no part of it. ``affiliation`` is weak: it never decides.
    ``part``: campus or branch, which makes it another organization that is part of the whole.
    """

    head: str = ""
    place: str = ""
    province: str = ""
    university: str = ""
    seat: str = ""
    affiliation: str = ""
    ordinals: tuple[int, ...] = ()
    specialties: tuple[str, ...] = ()
    proper: str = ""
    common: bool = False
    types: tuple[str, ...] = ()
    part: str = ""
    department: str = ""
    homonym: bool = False  # two cities are written as ``place`` is, and no province tells which

    @property
    def placed(self) -> str:
        """Where it is as far as the name tells: its own place, else the city of its university."""
        return self.place or self.seat

    @property
    def owned_by_place(self) -> bool:
        """Whether the place names the hospital and a university only adds itself.

        A numbered people's hospital (第六人民医院) is always a place's; one without a number may be
        its university's own.
        """
        if self.homonym:
            return False
        numbered = "people" in self.types and bool(self.ordinals)
        return bool(self.place and self.named) or (numbered and bool(self.placed))

    @property
    def named(self) -> bool:
        """Whether ordinal, specialty or type says which hospital of a place or university."""
        return bool(self.ordinals or self.specialties or self.types)

    @property
    def core(self) -> str:
        """What has to be equal for two names to be one: all but place, university and affiliation.

        A proper name says more than the kinds of hospital beside it are able to; they stay in,
        so that a hospital and the children's hospital of one name are two.
        """
        return " ".join(
            (
                self.head,
                *map(str, self.ordinals),
                "/",
                *self.specialties,
                "/",
                *self.types,
                "/",
                self.proper,
                "/",
                self.part,
            )
        )

    @property
    def level(self) -> Level:
        """How much the name says."""
        if self.homonym and not self.university:
            return "common"
        if self.proper and not self.common:
            return "full"
        if self.proper:
            return "full" if self.placed else "common"
        if self.place or self.university:  # "Beijing Hospital" is all of its name
            return "full"
        return "generic"

    @property
    def key(self) -> str:
        """Equal for names that fill the deciding slots alike; an own proper name needs no place."""
        if self.proper and not self.common:
            return self.core
        if self.proper:
            return f"{self.core} @{self.placed}"
        if self.owned_by_place:
            return f"{self.core} @{self.placed}"
        return f"{self.core} @{self.place} %{self.university}"

    @property
    def placed_key(self) -> str | None:
        """As ``key``, and a proper name needs its place too; None where too little is filled."""
        if self.level != "full" or not (self.placed or self.university):
            return None
        whose = self.university and (self.place or self.affiliation)
        if not (self.proper or self.named or whose):
            return None
        return f"{self.core} @{self.placed}" if self.proper else self.key

    def told(self) -> str:
        """The slots that decide, in words: evidence."""
        shown = (
            ("place", self.place),
            ("university", self.university),
            ("ordinal", " ".join(map(str, self.ordinals))),
            ("specialty", " ".join(self.specialties)),
            ("proper name", self.proper),
            ("type", " ".join(self.types)),
            ("part", self.part),
        )
        return ", ".join(f"{name} {value}" for name, value in shown if value)

    def lines(self) -> list[str]:
        """The filled slots, one a line."""
        shown = (
            ("place", self.place),
            ("university", self.university),
            ("university is in", self.seat),
            ("affiliation", self.affiliation),
            ("ordinal", " ".join(map(str, self.ordinals))),
            ("specialty", " ".join(self.specialties)),
            ("proper name", self.proper + (" (several hospitals)" if self.common else "")),
            ("type", " ".join((*self.types, self.head)).strip()),
            ("campus or branch", self.part),
            ("department", self.department),
        )
        return [f"{name}: {value}" for name, value in shown if value]


def vetoed(a: Slots, b: Slots) -> str | None:
    """Which slot keeps two names apart; None if none does."""
    if a.part != b.part:
        return "campus or branch differs"
    if a.ordinals != b.ordinals:
        return "ordinal differs"
    if a.specialties != b.specialties:
        return "specialty differs"
    if a.university and b.university and a.university != b.university:
        return "university differs"
    if a.place and b.place and a.place != b.place:
        return "place differs"
    return None
