"""How many people of one name a hospital may have: the guard against merging namesakes.

λ is the expected number of namesakes among the staff. The share of a name is not counted (most
names are seen once) but put together from the shares of its parts among the different names of the
corpus: of the surname and of each character or syllable of the given name. The name itself is the
one that is added to the others, so no share is nought; on a small corpus λ comes out high, and the
rules that ask for it stay shut: that is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from math import prod

from kg.resolve.names import pinyin
from kg.resolve.names.latin_names import Latin, PersonName, han_keys

HOSPITAL = 5000  # staff, unless known
DEPARTMENT = 100
OFFICE = 50  # people behind one telephone or mailbox
MOST = 0.05  # namesakes expected at most, for a place to tell who somebody is
COUNTED_WHOLE = 5000  # names seen, from which on the count of a whole name says something

# Names of which a large hospital has several, whatever a corpus shows (identity: homonym guard).
_COMMON_NAMES = (
    "张伟 王伟 王芳 李伟 李娜 张敏 李静 王静 刘伟 王秀英 张丽 李秀英 王丽 张静 张秀英 李强 王敏 "
    "李敏 王磊 刘洋 王艳 王勇 李军 张勇 李杰 张杰 张磊 王强 李娟 王军 张艳 张涛 王涛 李明 李艳 "
    "王超 李勇 王娟 刘杰 王秀兰 李霞 刘敏 张霞 李丽 王杰 张强 张军 王平 刘芳 陈静 王鹏 李刚 "
    "王刚 刘静 刘军 李平 陈伟 张鹏 李鹏 王莉 张莉 李莉 王辉 张辉 李辉 杨洋 陈杰 张丹 王丹 李丹 "
    "刘涛 李涛 张超 刘强 刘勇 张宇 王宇 李宁 王宁 张宁 王浩 张浩 李斌 王斌 张斌"
)
COMMON_NAMES = frozenset(_COMMON_NAMES.split())
_COMMON_SHARE = 1e-4  # of people, at least, in Chinese characters and in Latin letters


class Namesakes:
    """Shares of names in a corpus. ``expected`` is the λ of a name among a number of people."""

    def __init__(self, names: Iterable[tuple[PersonName, object]]) -> None:
        """``names``: each name with the place where it is seen; a pair counts once.

        The parts of a name count once for all places, for these may be spellings of one place.
        """
        self._chinese, self._latin = _Chinese(), _Latin()
        chinese: dict[str, set[object]] = {}
        latin: dict[str, tuple[Latin, set[object]]] = {}
        for name, place in names:
            if name.han:
                chinese.setdefault(name.han, set()).add(place)
            if name.latin:
                spelt, places = latin.get(name.latin.key, (name.latin, set()))
                places.add(place)
                latin[name.latin.key] = (min(spelt, name.latin), places)
        for printed, places in chinese.items():
            self._chinese.add(printed, len(places))
        for spelt, places in latin.values():
            self._latin.add(spelt, len(places))

    def expected(self, name: PersonName, staff: int) -> float:
        """How many others of this name there are among ``staff`` people."""
        if name.han:
            return staff * self._chinese.share(name.han)
        if name.latin:
            return staff * self._latin.share(name.latin)
        return float(staff)


class _Chinese:
    def __init__(self) -> None:
        self._names = 0
        self._seen = 0  # names, once for each place
        self._whole: Counter[str] = Counter()
        self._surnames: Counter[str] = Counter()
        self._single: Counter[str] = Counter()  # given names of one character
        self._characters: Counter[str] = Counter()  # in longer given names

    def add(self, name: str, places: int) -> None:
        surname, given = pinyin.split(name)
        self._names += 1
        self._seen += places
        self._whole[name] = places
        self._surnames[surname] += 1
        if len(given) == 1:
            self._single[given] += 1
        else:
            self._characters.update(given)

    def share(self, name: str) -> float:
        surname, given = pinyin.split(name)
        found = _more(self._surnames, surname, self._names)
        if len(given) == 1:
            found *= _more(self._single, given, self._names)
        else:
            total = self._characters.total()
            found *= prod(_more(self._characters, c, total) for c in given)
        if name in COMMON_NAMES:
            found = max(found, _COMMON_SHARE)
        return max(found, _whole(self._whole[name], self._seen))


class _Latin:
    def __init__(self) -> None:
        self._names = 0
        self._seen = 0  # names, once for each place
        self._whole: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        self._syllables: Counter[str] = Counter()  # in words of several

    def add(self, name: Latin, places: int) -> None:
        words = name.tokens
        self._names += 1
        self._seen += places
        self._whole[name.key] = places
        self._words.update(set(words))
        for word in words:
            parts = pinyin.syllables(word)
            if parts and len(parts) > 1:
                self._syllables.update(parts)

    def share(self, name: Latin) -> float:
        words = name.tokens
        if not all(map(pinyin.syllables, words)):
            # Of other languages nothing is known but how often a word is seen: two of them count.
            told = [word for word in words if len(word) > 1] or words
            shares = sorted((_more(self._words, word, self._names) for word in told), reverse=True)
            found = prod(shares[:2])
        elif len(words) == 2:
            found = prod(map(self._word, words))
        else:
            found = self._joined(words)
        if name.key in common_keys():
            found = max(found, _COMMON_SHARE)
        return max(found, _whole(self._whole[name.key], self._seen))

    def _word(self, word: str) -> float:
        parts = pinyin.syllables(word)
        if not parts or len(parts) == 1:
            return _more(self._words, word, self._names)
        # As seen with other names, or put together: the larger one.
        return max((self._words[word] - 1) / max(self._names, 1), self._together(parts))

    def _together(self, parts: Iterable[str]) -> float:
        total = self._syllables.total()
        return prod(_more(self._syllables, part, total) for part in parts)

    def _joined(self, words: tuple[str, ...]) -> float:
        """A name in one word or in many: the surname may be its first part or its last."""
        parts = [part for word in words for part in pinyin.syllables(word) or ()]
        if len(parts) < 2:
            return 1.0
        heads = ((parts[0], parts[1:]), (parts[-1], parts[:-1]))
        return max(self._word(head) * self._rest(rest) for head, rest in heads)

    def _rest(self, rest: list[str]) -> float:
        return self._word(rest[0]) if len(rest) == 1 else self._together(rest)


def _more(counted: Counter[str], what: str, total: int) -> float:
    """The share of a part among the others and the name itself."""
    return max(counted[what], 1) / max(total, 1)


def _whole(seen: int, of: int) -> float:
    return (seen - 1) / of if of >= COUNTED_WHOLE and seen > 1 else 0.0


@cache
def common_keys() -> frozenset[str]:
    """The Latin keys of the names that a large hospital has several of."""
    return frozenset(key for name in COMMON_NAMES for key in han_keys(name))
