"""The affiliations of people as they are printed in Latin letters: who has which, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations, groupby
from typing import NamedTuple

from kg.resolve.mentions import Mention, Mentions
from kg.resolve.names.latin_names import PersonName
from kg.resolve.wordings import blocks

LONGEST = 2000  # characters of an affiliation; what is longer is a text
MAX_WORDINGS = 100  # of affiliations of one name that share a word

Town = tuple[str, str]
"""A country and a town, as a record prints them; "" for what it does not."""


class Wording(NamedTuple):
    """An affiliation as printed with a person: its place as a circle counts it, and its town."""

    text: str
    place: int
    town: Town


class Printed(NamedTuple):
    """Where a wording stands: the mention of the person, and the rest of the affiliation."""

    person: str
    place: int
    town: Town


def by_wording(said: Iterable[tuple[str, Iterable[Wording]]]) -> dict[str, list[Printed]]:
    """Where each wording stands that is printed with some mentions of people."""
    found: dict[str, list[Printed]] = defaultdict(list)
    for person, wordings in said:
        for text, place, town in wordings:
            found[text].append(Printed(person, place, town))
    return found


def towns(worded: Mapping[str, Iterable[Printed]]) -> dict[str, set[Town]]:
    """Where the organizations of these wordings are, as far as records say."""
    return {text: {of.town for of in where} - {("", "")} for text, where in worded.items()}


class Affiliations:
    """What records print as affiliations of people."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions

    def of(self, iri: str) -> Iterator[tuple[str, Mention]]:
        """The wordings printed with one person, each with the mention of the organization."""
        for affiliation in self._mentions.by_iri[iri].affiliation:
            mention = self._mentions.by_iri.get(affiliation)
            if mention and (en := mention.by_script[1]) and len(en) <= LONGEST:
                yield en, mention

    def of_names(self, names: Mapping[str, PersonName]) -> Iterator[tuple[str, set[str]]]:
        """The wordings printed with each of these names, by mention, that is of Latin letters."""
        latin = [
            iri
            for iri, name in names.items()
            if name.latin and not name.han and not name.latin.is_short
        ]
        latin.sort(key=lambda iri: names[iri].key)  # of a million people a set a name is large
        for key, same in groupby(latin, lambda iri: names[iri].key):
            yield key, {text for iri in same for text, _ in self.of(iri)}


def alike(
    texts: Iterable[str], within: Callable[[str], Collection[str]] | None = None
) -> tuple[list[tuple[str, str]], list[int]]:
    """Pairs of wordings that may name one place.

    ``within``: one department of it, or a place that one of these words of a wording tells. With
    the pairs the sizes of blocks of which only the first ``MAX_WORDINGS`` were paired.
    """
    by_word: dict[str, list[str]] = defaultdict(list)
    for text in sorted(texts):
        for block in blocks(text, within and within(text)):
            by_word[block].append(text)
    pairs: set[tuple[str, str]] = set()
    for same in by_word.values():
        pairs.update(combinations(same[:MAX_WORDINGS], 2))
    return sorted(pairs), [len(same) for same in by_word.values() if len(same) > MAX_WORDINGS]
