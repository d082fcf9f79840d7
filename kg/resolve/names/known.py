"""Facts about hospitals that no likeness of names can tell: universities, cities, aliases.

Tables of ``ontology/``, written from facts, each row with its source. A row says which names are
one hospital, or which hospital took over from which; a record may always print another name.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from kg import resources
from kg.resolve.names.comparable import english_words


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.folder("ontology") / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class University(NamedTuple):
    """A university; ``key`` is its first Chinese name, ``city`` in Latin letters or ""."""

    key: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    city: str


class Hospital(NamedTuple):
    """A hospital with the names it is known under; ``city`` in Latin letters."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    city: str
    source: str


class Succession(NamedTuple):
    """A hospital that took over from another: a rename or a merger, in a year. Never identity."""

    earlier: tuple[str, ...]
    later: tuple[str, ...]
    year: str
    source: str


@lru_cache(maxsize=1)
def universities() -> tuple[University, ...]:
    """The universities of ``ontology/universities.tsv``."""
    return tuple(
        University(names[0], names, tuple(row["en"].split("|")), row["city"])
        for row in _rows("universities")
        for names in [tuple(row["zh"].split("|"))]
    )


@lru_cache(maxsize=1)
def hospitals() -> tuple[Hospital, ...]:
    """The hospitals of ``ontology/hospital-aliases.tsv``."""
    return tuple(
        Hospital(
            tuple(row["zh"].split("|")), tuple(row["en"].split("|")), row["city"], row["source"]
        )
        for row in _rows("hospital-aliases")
    )


@lru_cache(maxsize=1)
def successions() -> tuple[Succession, ...]:
    """The rows of ``ontology/hospital-successors.tsv``."""
    return tuple(
        Succession(
            tuple(f"{row['earlier_zh']}|{row['earlier_en']}".strip("|").split("|")),
            tuple(f"{row['later_zh']}|{row['later_en']}".strip("|").split("|")),
            row["year"],
            row["source"],
        )
        for row in _rows("hospital-successors")
    )


@lru_cache(maxsize=1)
def latin_nations() -> frozenset[tuple[str, ...]]:
    """The names of countries and territories in Latin letters, each as its words.

    >>> ("new", "zealand") in latin_nations(), ("england",) in latin_nations()
    (True, True)
    """
    return frozenset(
        words
        for row in _rows("codes/place")
        if len(row["concept"]) == len("GB") and (words := english_words(row["word"]))
    )


@lru_cache(maxsize=1)
def city_names() -> tuple[tuple[str, ...], ...]:
    """The names of cities outside China in several languages, the English one first."""
    return tuple(tuple(row["names"].split("|")) for row in _rows("city-names"))


@lru_cache(maxsize=1)
def latin_cities() -> dict[str, frozenset[str]]:
    """Provinces in which a city of this Latin name lies; two or more for a homonym."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("cities"):
        for latin in row["latin"].split():
            found[latin].add(row["province"])
    return {latin: frozenset(provinces) for latin, provinces in found.items()}


@lru_cache(maxsize=1)
def cities() -> dict[str, str]:
    """The first Latin name of each city, by its Chinese name."""
    return {row["zh"]: row["latin"].split()[0] for row in _rows("cities")}


@lru_cache(maxsize=1)
def city_spellings() -> dict[str, str]:
    """The first Latin name of the city that a Latin name spells."""
    return {
        latin: row["latin"].split()[0] for row in _rows("cities") for latin in row["latin"].split()
    }
