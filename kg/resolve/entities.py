"""Entities: groups of mentions with an opaque id, their printed names, and what they are.

An id is minted once from the founding mention (the smallest of the oldest record) and holds
neither a name nor anything of a contact. Earlier ids are kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kg.namespaces import ID, digest
from kg.nquads import safe
from kg.resolve.links import Kind
from kg.resolve.mentions import Mention, Mentions, RecordFacts

Name = tuple[str, str]  # text, language ("" where none is given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A trial, person, organization or committee. ``labels``: one per language.

    ``relations``: local names of properties (``committeeOf``, ``departmentOf``, ``isPartOf``) with
    the IRI of an organization. ``external``: its ROR id and whether it is certain.
    """

    iri: str
    kind: Kind
    members: tuple[str, ...]
    labels: tuple[Name, ...]
    alternatives: tuple[Name, ...] = ()
    organization_kind: str | None = None
    relations: Mapping[str, str] = field(default_factory=dict)
    external: tuple[str, bool] | None = None


def labels(members: Iterable[Mention]) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """The name of a group in each language, and its other spellings.

    The most frequent printed form; of equally frequent ones the shortest, then the first in order.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in members:
        for text, language in mention.printed:
            counted[language][text] += 1
    preferred: list[Name] = []
    others: list[Name] = []
    for language, texts in sorted(counted.items(), key=lambda item: (item[0] != "zh", item[0])):
        best = min(texts, key=lambda text: (-texts[text], len(text), text))
        preferred.append((best, language))
        others += [(text, language) for text in sorted(texts) if text != best]
    return tuple(preferred), tuple(others)


def minted(kind: Kind, founder: str) -> str:
    """The IRI of a new entity: 12 hex digits of SHA-256 of its founding mention's IRI."""
    return f"{ID}{kind}/{digest(founder)}"


def trial_iri(record: RecordFacts) -> str:
    """The IRI of a trial: registry and number of its oldest record."""
    if record.issuer and record.number:
        return f"{ID}trial/{record.issuer}-{safe(record.number)}"
    registry, _, number = record.iri.removeprefix(f"{ID}record/").partition("/")
    return f"{ID}trial/{registry}-{number}"


def named(
    groups: Sequence[Sequence[str]],
    mentions: Mentions,
    mint: Callable[[str], str],
    previous: Mapping[str, str],
) -> list[str]:
    """An IRI for each group: an earlier one of its members', else a new one.

    ``previous`` says which entity each mention or record referred to. An earlier IRI stays with the
    group that holds the mention that founded it; else with the group that holds its oldest mention
    today. Of several earlier ones a group keeps that of its oldest mention.
    """
    oldest = [min(group, key=mentions.order) for group in groups]
    claims: dict[str, tuple[int, tuple[str, str, str], int]] = {}
    for number, group in enumerate(groups):
        for member in group:
            if known := previous.get(member):
                claim = (0 if mint(member) == known else 1, mentions.order(member), number)
                claims[known] = min(claim, claims.get(known, claim))
    kept: dict[int, tuple[tuple[str, str, str], str]] = {}
    for iri, (_, order, number) in sorted(claims.items()):
        kept[number] = min((order, iri), kept.get(number, (order, iri)))
    taken = {iri for _, iri in kept.values()} | set(claims)
    names = []
    for number, founder in enumerate(oldest):
        if number in kept:
            names.append(kept[number][1])
            continue
        iri = mint(founder)
        while iri in taken:  # an id is never reused, also not by the part of a split group
            iri = mint(f"{founder} {iri}")
        taken.add(iri)
        names.append(iri)
    return names
