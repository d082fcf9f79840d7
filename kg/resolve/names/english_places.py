"""Universities and places in English names of hospitals: found, taken out, told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kg.resolve.names import known, places
from kg.resolve.names.english_spelling import GLUE, PROVINCES, TCM, plain_words

SEGMENT = re.compile(r"\s*[,,、。]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\.\s+(?=The\b)|-(?=[A-Za-z]+ology\b)")

NAMES_OF_STATES = re.compile(
    r"\b(?<!of )(?<!south )(?<!north )(?<!west )(?<!east )(?<!central )"
    r"(?:p\.?\s?r\.?\s*(?:of\s+)?china|people\s?s republic of china|"
    r"republic of china|mainland china|china|prc|cn|taiwan roc|hong kong sar)$"
)

RANK_WORDS = re.compile(
    r"\b(?:city|province|prefecture|autonomous region|autonomous prefecture|autonomous county"
    r"|zhuang|uygur|uyghur|hui|special administrative region)\b"
)

_UNIVERSITY_TAIL = re.compile(
    r"(?:for (?:the )?nationalities"
    r"|of (?:science and technology|technology|traditional chinese medicine|chinese medicine"
    r"|traditional medicine|tcm|medical sciences|medicine|chinese academy of sciences"
    r"|science and technology of china))"
)

_BEFORE = (
    "of affiliated to with the and in at by hospital medicine "
    "center college school clinical teaching , attached health institute from"
)
BEFORE_UNIVERSITY = frozenset(_BEFORE.split())


@lru_cache(maxsize=1)
def _universities() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern of all known university names, and for each its key and city."""
    found: dict[str, tuple[str, str]] = {}
    for university in known.universities():
        for name in university.en:
            found[plain_words(name)] = (university.key, university.city)
    longest = sorted(found, key=lambda name: (-len(name), name))
    names = "|".join(map(re.escape, longest))
    return re.compile(rf"\b(?:the )?({names})\b(?! {_UNIVERSITY_TAIL.pattern})"), found


@lru_cache(maxsize=1)
def _by_words() -> dict[str, tuple[str, str]]:
    """The known universities by their words in any order."""
    return {_bag(name): university for name, university in _universities()[1].items()}


def _bag(name: str) -> str:
    plain = re.sub(rf"\b{TCM}\b", "tcm", name)
    return " ".join(sorted(w for w in plain.split() if w not in GLUE))


def take_universities(plain: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with `` , `` for its universities, and their keys with their cities."""
    found: list[tuple[str, str]] = []
    pattern, table = _universities()

    def take(match: re.Match[str]) -> str:
        # "University of X" behind an unknown word is another: "East China University of …".
        found.append(table[match[1]])
        return " , "

    plain = re.sub(rf"\b{TCM}(?= university\b)", "tcm", pattern.sub(take, plain))
    words = plain.split()
    for at, word in enumerate(words):
        if word != "university" or (at and words[at - 1] == ","):
            continue
        start = at
        while start > 0 and words[start - 1] not in BEFORE_UNIVERSITY:
            if words[start - 1].isdigit():
                break
            start -= 1
        rest = " ".join(words[at + 1 :])
        tail = _UNIVERSITY_TAIL.match(rest)
        end = at + 1 + (len(tail[0].split()) if tail else 0)
        if start == at and not tail:
            if rest.startswith("of "):
                until = re.search(r" (?:,|hospital|affiliated|\d)(?: |$)", rest)
                end = at + 1 + len((rest[: until.start()] if until else rest).split())
            else:
                continue
        if at - start > 4:
            continue
        name = _bag(" ".join(words[start:end]))
        found.append(_by_words().get(name, (name, seat_of(words[start:at]))))
        words[start:end] = [","] * (end - start)
    return " ".join(words), list(dict.fromkeys(found))


def seat_of(words: Iterable[str]) -> str:
    """The city in the name of a university that no table knows."""
    for word in words:
        if word in known.latin_cities():
            return known.city_spellings()[word]
    return ""


def take_places(plain: str) -> tuple[str, list[str], list[str]]:
    """The text without places, with its cities and provinces in order."""
    cities: list[str] = []
    provinces: list[str] = []
    kept: list[str] = []
    words = plain.split()
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        named = word in known.latin_cities() or word in PROVINCES
        named = named and following not in ("district", "county")
        if not named or (word == "central" and following == "china"):
            kept.append(word)
            continue
        if word == "jilin" and following in ("city", ""):
            cities.append("jilin")
        elif word in PROVINCES:
            code = PROVINCES[word]
            (cities if code in places.MUNICIPALITIES else provinces).append(
                word if code in places.MUNICIPALITIES else code
            )
        else:
            cities.append(known.city_spellings()[word])
    return " ".join(kept), cities, provinces


def is_place(word: str) -> bool:
    """Whether a word is a city or province of China."""
    return word in PROVINCES or word in known.latin_cities()


def province_of(place: str) -> str:
    """The code of the province of a city, or of a province; "" where it is not certain.

    >>> province_of("wuhan"), province_of("CN-HB"), province_of("beijing"), province_of("suzhou")
    ('CN-HB', 'CN-HB', 'CN-BJ', '')
    """
    city, _, told = place.partition(" ")
    if told or city.startswith("CN-"):
        return told or city
    if city in PROVINCES:
        return PROVINCES[city]
    of = known.latin_cities().get(city, frozenset())
    return min(of) if len(of) == 1 else ""


def told_apart(place: str, provinces: Iterable[str]) -> tuple[str, bool]:
    """A place with its province where two cities have its Latin name; else whether they do."""
    if place not in places.HOMONYM_CITIES:
        return place, False
    of = known.latin_cities().get(place, frozenset())
    for province in provinces:
        if province in of:
            return f"{place} {province}", False
    return place, True


def is_known(key: str) -> bool:
    """Whether a university is one of the table."""
    return key in _keys()


def is_nationwide(key: str) -> bool:
    """Whether it is an academy of the table without a city: it has institutes in many."""
    return key in _nationwide()


@lru_cache(maxsize=1)
def _nationwide() -> frozenset[str]:
    without = (u.key for u in known.universities() if not u.city)
    return frozenset(key for key in without if not key.endswith("大学"))  # they own hospitals


@lru_cache(maxsize=1)
def _keys() -> frozenset[str]:
    return frozenset(university.key for university in known.universities())


def university(printed: str) -> str | None:
    """The key of the known university that a name consists of, its address aside.

    >>> university("Beijing University of traditional Chinese Medicine, Beijing, China")
    '北京中医药大学'
    """
    segments = [plain for s in SEGMENT.split(printed) if (plain := plain_words(s))]
    rest, found = take_universities(segments[0]) if segments else ("", [])
    if len(found) != 1 or re.search(r"[^ ,]", rest.replace("the ", "")):
        return None
    if not is_known(found[0][0]):
        return None
    for segment in segments[1:]:
        bare, _, _ = take_places(re.sub(NAMES_OF_STATES, "", segment))
        if RANK_WORDS.sub("", bare).strip():
            return None
    return found[0][0]
