"""Entities: groups of mentions with an opaque id, their printed names, and what they are.

An id is minted once from the founding mention (the smallest of the oldest record) and holds
neither a name nor anything of a contact. Earlier ids are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kg.names.site_numbers import without_site_number
from kg.namespaces import ID, digest
from kg.nquads import safe
from kg.resolve.links import Kind
from kg.resolve.mentions import Mention, RecordFacts
from kg.values import without_references

Name = tuple[str, str]  # text, language ("" where none is given)


_NONE: Mapping[str, str] = MappingProxyType({})  # one for all: most have no relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A trial, person, organization or committee. ``labels``: one per language.

    ``relations``: local names of properties (``committeeOf``, ``departmentOf``, ``isPartOf``) with
    the IRI of an organization. ``exact`` are IRIs of the same thing in other registers;
    ``external``: its ROR id and whether it is certain.
    """

    iri: str
    kind: Kind
    members: tuple[str, ...]
    labels: tuple[Name, ...]
    alternatives: tuple[Name, ...] = ()
    organization_kind: str | None = None
    exact: tuple[str, ...] = ()
    relations: Mapping[str, str] = field(default_factory=lambda: _NONE)
    external: tuple[str, bool] | None = None


def labels(members: Iterable[Mention]) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """The name of a group in each language, and its other spellings.

    The most frequent printed form without the number of a site; one in capitals or small letters
    throughout only where no other is printed. Of equally frequent ones that of the fewest letters,
    then the one with accents and apostrophes (Children's, Hôpital), then the first in order.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    printed: dict[str, set[str]] = defaultdict(set)
    for mention in members:
        for text, language in mention.printed:
            counted[language][_bare(text) if mention.kind == "organization" else text] += 1
            printed[language].add(text)
    preferred: list[Name] = []
    others: list[Name] = []
    for language, texts in sorted(counted.items(), key=lambda item: (item[0] != "zh", item[0])):
        best = min(texts, key=lambda text: (_one_case(text), -texts[text], *_plainness(text)))
        preferred.append((best, language))
        others += [(text, language) for text in sorted(printed[language]) if text != best]
    return tuple(preferred), tuple(others)


def _bare(name: str) -> str:
    return without_site_number(without_references(name))


def _plainness(name: str) -> tuple[int, int, int, str]:
    """How many letters a name has, and how few of the signs that careful writers give them."""
    letters = sum(map(str.isalnum, name))
    signs = sum(c in "'’" or (c.isalpha() and not c.isascii()) for c in name)
    return letters, -signs, len(name), name


def _one_case(name: str) -> bool:
    """Whether several words are written in capitals throughout, or in small letters."""
    return " " in name and (name.isupper() or name.islower())


def minted(kind: Kind, founder: str) -> str:
    """The IRI of a new entity: 12 hex digits of SHA-256 of its founding mention's IRI."""
    return f"{ID}{kind}/{digest(founder)}"


def trial_iri(record: RecordFacts) -> str:
    """The IRI of a trial: registry and number of its oldest record."""
    if record.issuer and record.number:
        return f"{ID}trial/{record.issuer}-{safe(record.number)}"
    registry, _, number = record.iri.removeprefix(f"{ID}record/").partition("/")
    return f"{ID}trial/{registry}-{number}"
