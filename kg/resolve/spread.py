"""How far a name is spread over the places of a corpus: the second guard against namesakes.

``kg/resolve/namesakes.py`` asks how many of a hospital's thousands may have a name. Here only those
count whom the corpus names: of the people of one name, the share that is to be expected at a place
that has so many of all names. That holds whether the names were chosen or not: where a corpus has
few names, all of them common, each has more places and each place fewer names.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

from kg.resolve.names import generic_words, pinyin
from kg.resolve.names.latin_names import Latin, PersonName
from kg.resolve.namesakes import common_keys
from kg.resolve.wordings import beside, institution, part

MOST = 0.2  # others of a name that the corpus has at a place, for the place to tell who somebody is
MOST_IN_ONE_PART = 0.3  # the same, where no two departments of it are printed with the name
ENOUGH = 200  # names at places, from which on a corpus says something of a short name
# What hospitals of many cities are called tells none of them: Children's, Union, Klinikum.
_SHARED = (
    generic_words.GENERIC | generic_words.COMMON | generic_words.PARTICLES | generic_words.SAINTS
)
SHORT = 2  # syllables of a name that many Chinese have


class Spread:
    """At how many places each name is seen, and how many names are seen at each."""

    def __init__(self, seen: Iterable[tuple[str, Iterable[str]]]) -> None:
        """``seen``: the key of each name, once, with the affiliations printed with it."""
        self._several: dict[str, int] = {}  # the places of names that are seen at more than one
        self._names: Counter[str] = Counter()  # by word of an institution's name and its places
        self._divided: dict[str, frozenset[str]] = {}  # words of places with several departments
        self._pairs = 0
        for key, among in seen:
            texts = tuple(among)
            wordings = {place for text in texts if (place := institution(text))}
            places = _places(wordings)
            if len(places) > 1:
                self._several[key] = len(places)
            if len(texts) > 1 and (divided := _divided(texts)):
                self._divided[key] = divided
            self._pairs += len(places)
            self._names.update(frozenset().union(*wordings, *map(beside, texts)))

    @property
    def small(self) -> bool:
        """Whether the corpus tells nothing of names that are short."""
        return self._pairs < ENOUGH

    def expected(self, key: str, told: Iterable[str]) -> float | None:
        """How many others of a name the corpus has at the one place that these words tell.

        None where there is no word that only one place has.
        """
        # The name itself is the one that is added to the others, so nothing is nought.
        names = [self._names[word] for word in told if word not in _SHARED]
        return self._several.get(key, 1) * min(names) / self._pairs if names else None

    def telling(self, key: str, texts: Iterable[str]) -> Told:
        """The words of wordings that tell where a name has hardly a namesake.

        Those of towns, too: fewer names are seen at a university's campus than at all of it. Of a
        name that a large hospital has several of, two departments are two people.
        """
        divided = self._divided.get(key, frozenset())
        by_parts = 0.0 if key in common_keys() else MOST
        texts = frozenset(texts)
        of_institutions = frozenset().union(*map(institution, texts))
        return Told(
            self._below(key, of_institutions - divided, MOST_IN_ONE_PART)
            | self._below(key, of_institutions & divided, by_parts),
            self._below(key, frozenset().union(*map(beside, texts)), by_parts),
        )

    def _below(self, key: str, words: frozenset[str], limit: float) -> frozenset[str]:
        """Of these words those that tell a place where fewer others of a name are expected."""
        found = ((word, self.expected(key, (word,))) for word in words)
        return frozenset(word for word, others in found if others is not None and others < limit)


def _places(wordings: set[frozenset[str]]) -> set[frozenset[str]]:
    """The institutions among their wordings: what says more than another names no further one.

    >>> sorted(map(sorted, _places(set(map(frozenset, ("ab", "abc", "cd"))))))
    [['a', 'b'], ['c', 'd']]
    """
    by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
    for of in wordings:
        by_word[min(of)].append(of)  # under one of its words, which what says more has, too
    return {
        of
        for of in wordings
        if not any(other < of for word in of for other in by_word.get(word, ()))
    }


def _divided(texts: Iterable[str]) -> frozenset[str]:
    """The words of institutions of which two departments are named."""
    parts: dict[str, set[frozenset[str]]] = defaultdict(set)
    for text in texts:
        if of := part(text):
            for word in institution(text):
                parts[word].add(of)
    return frozenset(
        word for word, its in parts.items() if any(a.isdisjoint(b) for a, b in combinations(its, 2))
    )


class Told(NamedTuple):
    """Words that tell where a name has hardly a namesake: of institutions, or beside them."""

    institutions: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()


_NOWHERE: Mapping[str, Told] = {}


class Thin(NamedTuple):
    """What a corpus tells of some names: by the key of each, words of institutions where hardly
    two people have it; and whether the corpus is too ``small`` to tell of short ones."""

    words: Mapping[str, Told] = _NOWHERE
    small: bool = False

    def telling(self, name: PersonName, text: str) -> frozenset[str]:
        """The words of a wording's institution and beside it that tell where this name is thin."""
        told = self._of(name)
        return (institution(text) & told.institutions) | (beside(text) & told.beside)

    def at(self, ours: PersonName, theirs: PersonName, a: str, b: str) -> bool:
        """Whether hardly two people of a corpus have either name at the place of two wordings."""
        both = institution(a) & institution(b)
        around = (institution(a) | beside(a)) & (institution(b) | beside(b))
        return bool(both) and not any(
            both.isdisjoint(told.institutions) and around.isdisjoint(told.beside)
            for told in map(self._of, (ours, theirs))
        )

    def _of(self, name: PersonName) -> Told:
        """What is told of a name.

        Nothing in a small corpus of one that is short or that a large hospital has several of.
        Asked of names in Latin letters only; of Chinese ones their characters say more.
        """
        of = name.latin
        if not of or name.han or (self.small and (is_short(of) or of.key in common_keys())):
            return Told()
        return self.words.get(of.key, Told())


def is_short(name: Latin) -> bool:
    """Whether a name has two Chinese syllables: most of these are borne by very many.

    >>> from kg.resolve.names.latin_names import latin
    >>> [is_short(latin(text)) for text in ("Shi Chen", "Shili Chen", "Ada Alder")]
    [True, False, False]
    """
    parts = [pinyin.syllables(word) for word in name.tokens]
    return all(parts) and sum(len(of) for of in parts if of) <= SHORT


class Workplaces:
    """Organizations that are one place of work of the people of one name, differently worded."""

    def __init__(self) -> None:
        self._same: dict[str, dict[int, int]] = {}

    def join(self, key: str, organizations: Iterable[int]) -> None:
        """Take organizations for one place, as long as people of this name are asked for."""
        known = self._same.setdefault(key, {})
        joined = {known.get(one, one) for one in organizations}
        members = [*joined, *(one for one, of in known.items() if of in joined)]
        known.update(dict.fromkeys(members, min(joined)))

    def of(self, key: str, organizations: Iterable[int]) -> set[int]:
        """The places of work among these organizations, each once."""
        known = self._same.get(key, {})
        return {known.get(one, one) for one in organizations}
