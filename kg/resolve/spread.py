"""How far a name is spread over the places of a corpus: the second guard against namesakes.

``kg/resolve/namesakes.py`` asks how many of a hospital's thousands may have a name. Here only those
count whom the corpus names: of the people of one name, the share that is to be expected at a place
that has so many of all names. That holds whether the names were chosen or not: where a corpus has
few names, all of them common, each has more places and each place fewer names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from kg.resolve import generic_words, pinyin
from kg.resolve.latin_names import Latin, PersonName
from kg.resolve.namesakes import MOST, common_keys
from kg.resolve.wordings import institution

ENOUGH = 300  # names at places, from which on a corpus says something of a short name
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
        self._names: Counter[str] = Counter()  # by word of an institution's name
        self._pairs = 0
        for key, texts in seen:
            places = {place for text in texts if (place := institution(text))}
            if len(places) > 1:
                self._several[key] = len(places)
            self._pairs += len(places)
            self._names.update(frozenset().union(*places))

    def expected(self, name: Latin, a: str, b: str) -> float | None:
        """How many others of this name the corpus has at the one place that two wordings name.

        None for a name that a large hospital has several of, whatever a corpus shows; where the
        corpus is too small to tell; and where the wordings share no word that only one place has.
        """
        if self._is_untold(name):
            return None
        told = (institution(a) & institution(b)) - _SHARED
        if not told:
            return None
        # The name itself is the one that is added to the others, so nothing is nought.
        places = self._several.get(name.key, 1)
        return places * min(self._names[word] for word in told) / self._pairs

    def telling(self, name: PersonName, text: str) -> frozenset[str]:
        """The words of a wording's institution that tell a place where this name is thin."""
        of = name.latin
        if not of or name.han or self._is_untold(of):
            return frozenset()
        most = MOST * self._pairs / self._several.get(of.key, 1)
        return frozenset(w for w in institution(text) - _SHARED if self._names[w] < most)

    def _is_untold(self, name: Latin) -> bool:
        """Whether the corpus tells nothing of a name."""
        return name.key in common_keys() or (self._pairs < ENOUGH and is_short(name))

    def is_thin(self, ours: PersonName, theirs: PersonName, a: str, b: str) -> bool:
        """Whether hardly two people of a corpus have either name at the place of two wordings.

        Asked of names in Latin letters only; of Chinese ones their characters say more.
        """
        expected = [
            self.expected(name.latin, a, b) if name.latin and not name.han else None
            for name in (ours, theirs)
        ]
        return all(others is not None and others < MOST for others in expected)


def is_short(name: Latin) -> bool:
    """Whether a name has two Chinese syllables: most of these are borne by very many.

    >>> from kg.resolve.latin_names import latin
    >>> [is_short(latin(text)) for text in ("Shi Chen", "Shili Chen", "Ada Alder")]
    [True, False, False]
    """
    parts = [pinyin.syllables(word) for word in name.tokens]
    return all(parts) and sum(len(of) for of in parts if of) <= SHORT


class Workplaces:
    """Organizations that are one place of work of the people of one name, differently worded."""

    def __init__(self) -> None:
        self._same: dict[str, dict[str, str]] = {}

    def join(self, key: str, organizations: Iterable[str]) -> None:
        """Take organizations for one place, as long as people of this name are asked for."""
        known = self._same.setdefault(key, {})
        joined = {known.get(one, one) for one in organizations}
        members = [*joined, *(one for one, of in known.items() if of in joined)]
        known.update(dict.fromkeys(members, min(joined)))

    def of(self, key: str, organizations: Iterable[str]) -> set[str]:
        """The places of work among these organizations, each once."""
        known = self._same.get(key, {})
        return {known.get(one, one) for one in organizations}
