"""A name of an organization as the resolver reads it, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from kg.resolve.names import chinese_names, chinese_slots, english_names
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.comparable import han
from kg.resolve.names.english_names import EnglishName
from kg.resolve.names.kinds import organization_kind
from kg.resolve.names.slots import Slots


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A name read. ``slots`` is None for what is no hospital; ``key`` is what is compared."""

    printed: str
    kind: str
    slots: Slots | None
    key: str
    level: str
    second: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    part_of: str | None = None
    department_of: str | None = None
    beside: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What was read, one slot or name a line."""
        found = [f"kind: {self.kind}", *(self.slots.lines() if self.slots else ())]
        found += [f"second name: {name}" for name in self.second]
        found += [f"former name: {name}" for name in self.former]
        found += [f"joint sponsor: {name}" for name in self.beside]
        if self.part_of:
            found.append(f"part of: {self.part_of}")
        if self.department_of:
            found.append(f"department of: {self.department_of}")
        says = {"full": "identifies alone", "common": "needs a place", "generic": "needs its city"}
        return [*found, f"compared as: {self.key} ({says[self.level]})"]


def parsed(text: str) -> Parsed:
    """A name of an organization in either language, read.

    >>> parsed("示例市第二人民医院(原:示例市工人医院)").lines()
    ['kind: hospital', 'place: 示例市', 'ordinal: 2', 'type: people hospital', \
'former name: 示例市工人医院', 'compared as: 示例市第2人民医院 (identifies alone)']
    """
    if han(text):
        return _chinese(text, chinese_names.read(text))
    return _english(text, english_names.read(text))


def _chinese(text: str, name: ChineseName) -> Parsed:
    return Parsed(
        printed=text,
        kind=organization_kind(text, None),
        slots=chinese_slots.read(name.campus_of or name.department_of or name.key),
        key=name.key,
        level=name.level,
        second=name.second,
        former=name.former,
        part_of=name.campus_of,
        department_of=name.department_of,
    )


def _english(text: str, name: EnglishName) -> Parsed:
    return Parsed(
        printed=text,
        kind=organization_kind(None, text),
        slots=name.slots,
        key=name.key,
        level=name.level,
        second=name.second,
        part_of=name.part_of,
        department_of=name.department_of,
        beside=name.beside,
    )
