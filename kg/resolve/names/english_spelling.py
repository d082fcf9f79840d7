"""English words of hospitals' names: the closed vocabulary, its repair, one form for each word."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kg.resolve.names import known, places
from kg.resolve.names.comparable import english_words

_CLOSED_WORDS = (
    "hospital university affiliated medicine medical traditional chinese western integrated "
    "integrative college center centre general people peoples provincial province municipal "
    "central children childrens maternal women cancer tumor stomatology stomatological "
    "ophthalmology psychiatric infectious diseases pulmonary orthopedics rehabilitation "
    "department institute science technology school health northern southern eastern western "
    "military "
    "second third fourth fifth sixth seventh eighth ninth tenth"
)

_CLOSED = frozenset(_CLOSED_WORDS.split())

_CLOSED_BY_LENGTH: dict[int, tuple[str, ...]] = {
    n: tuple(sorted(w for w in _CLOSED if len(w) == n)) for n in range(4, 16)
}

_COUNTED_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"

_COUNTED = {word: str(i) for i, word in enumerate(_COUNTED_WORDS.split(), start=1)}

_FOLD = {
    "centre": "center",
    "centers": "center",
    "centres": "center",
    "hospitals": "hospital",
    "people": "peoples",
    "children": "childrens",
    "child": "childrens",
    "infants": "childrens",
    "infant": "childrens",
    "woman": "womens",
    "women": "womens",
    "tumour": "cancer",
    "tumor": "cancer",
    "tumors": "cancer",
    "oncology": "cancer",
    "oncological": "cancer",
    "dental": "stomatology",
    "stomatological": "stomatology",
    "oral": "stomatology",
    "ophthalmic": "eye",
    "ophthalmology": "eye",
    "thoracic": "chest",
    "orthopaedic": "orthopedics",
    "orthopaedics": "orthopedics",
    "orthopedic": "orthopedics",
    "obstetric": "obstetrics",
    "gynaecology": "gynecology",
    "maternity": "maternal",
    "mother": "maternal",
    "attached": "affiliated",
    "affiliate": "affiliated",
    "integrative": "integrated",
    "integration": "integrated",
    "integrating": "integrated",
    "combined": "integrated",
    "combination": "integrated",
    "disease": "diseases",
    "veteran": "veterans",
    "infection": "infectious",
    "provincial": "province",
    "municipal": "city",
    "municipality": "city",
    "mens": "mens",
    "theatre": "theater",
    "normal": "normal",
    "colleges": "college",
    "universities": "university",
    "univ": "university",
    "hosp": "hospital",
    "affil": "affiliated",
    "aff": "affiliated",
    "med": "medical",
    "ctr": "center",
    "prov": "province",
    "dept": "department",
    "inst": "institute",
    "acad": "academy",
    "sci": "sciences",
}

_MILITARY: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\b(?:chinese )?peoples liberation army\b"), "pla"),
    (re.compile(r"\bliberation army\b"), "pla"),
    (re.compile(r"\b(?:chinese|china) pla\b"), "pla"),
    (re.compile(r"\bplagh\b"), "pla general hospital"),
    (
        re.compile(
            r"\b(\d{1,2}) medical center (?:of )?(?:the )?(?:pla general hospital"
            r"|general hospital of (?:the )?pla|chinese general hospital|pla)"
            r"(?: general hospital)?\b"
        ),
        r"\1 medical center of pla general hospital",
    ),
    # The navy's and the air force's own general hospitals are not the army's.
    (
        re.compile(
            r"\b(?:pla )?(?:the )?(navy|air ?force|rocket force) general hospital"
            r"(?: (?:of )?(?:the )?pla)?\b"
            r"|\bgeneral hospital of (?:the )?(?:pla )?(navy|air ?force|rocket force)"
            r"(?: (?:of )?(?:the )?pla)?\b"
        ),
        lambda found: (found[1] or found[2]).replace(" ", "") + "general hospital",
    ),
    (re.compile(r"\bgeneral hospital of (?:the )?pla\b"), "pla general hospital"),
    (re.compile(r"\bpla general hospital\b"), "plageneral hospital"),
    (
        re.compile(
            r"\b(?:pla )?(?:joint )?(?:logistics?|service) support forces?"
            r"(?: of (?:the )?(?:chinese )?pla)?\b"
        ),
        "pla",
    ),
    (re.compile(r"\bcenter hospital\b"), "central hospital"),
    (re.compile(r"\bmedical treatment center\b"), "medical center"),
    (re.compile(r"\baffiliated (?=of )"), "affiliated hospital "),
)

TCM = (
    r"(?:traditional chinese medic(?:ine|al)|chinese traditional medicine|chinese medic(?:ine|al)"
    r"|traditional medicine|tcm)"
)


def edits(a: str, b: str) -> int:
    """Edits between two words, a swap of neighbours counting one; 3 stands for more than two."""
    if abs(len(a) - len(b)) > 2:
        return 3
    previous2: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(previous[j] + 1, row[-1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, previous2[j - 2] + 1)
            row.append(cost)
        previous2, previous = previous, row
    return min(previous[-1], 3)


@lru_cache(maxsize=16384)
def repaired(word: str) -> str:
    """A mistyped word of the closed vocabulary as it should be; every other word as it is.

    One edit, two in long words; never a word that is a place.

    >>> repaired("hosptial"), repaired("afflicated"), repaired("shanxi"), repaired("wuhan")
    ('hospital', 'affiliated', 'shanxi', 'wuhan')
    """
    if word in _CLOSED or word in _FOLD or len(word) < 6 or not word.isalpha():
        return word
    if word in known.latin_cities() or word in PROVINCES or word in _PLAIN_WORDS:
        return word
    most = 2 if len(word) >= 9 else 1
    for right in _CLOSED_BY_LENGTH.get(len(word), ()):
        if right[0] == word[0] and right[-1] == word[-1] and sorted(right) == sorted(word):
            return right  # hostipal: two letters changed places
    for length in range(len(word) - 1, len(word) + 2):
        for right in _CLOSED_BY_LENGTH.get(length, ()):
            if right[0] == word[0] and edits(word, right) <= min(most, 1 if length < 10 else 2):
                return right
    return word


# Words of their own that lie one edit from a word of the closed vocabulary.
_PLAIN = (
    "chinas hospice medica medico medics tenths schools sciences technologies "
    "children's healths institutes departments hospitals colleges centers centres peoples cancers"
)
_PLAIN_WORDS = frozenset(_PLAIN.split())

PROVINCES = {
    latin: code for code, (_, latin) in places.PROVINCES.items() if latin != "neimenggu"
} | {"innermongolia": "CN-NM", "tibet": "CN-XZ", "macao": "CN-MO", "neimenggu": "CN-NM"}

_JOINED_PLACES = (
    (re.compile(r"\binner mongolia\b"), "innermongolia"),
    (re.compile(r"\bnei mongol\b"), "innermongolia"),
    (re.compile(r"\bhong kong\b"), "hongkong"),
    (re.compile(r"\bhe nan\b"), "henan"),
    (re.compile(r"\bhu nan\b"), "hunan"),
    (re.compile(r"\bhu bei\b"), "hubei"),
    (re.compile(r"\bxi an\b"), "xian"),
    (re.compile(r"\byan an\b"), "yanan"),
    (re.compile(r"\bpeking\b"), "beijing"),
    (re.compile(r"\bwest china\b"), "westchina"),
    (re.compile(r"\bsun yat ?sen\b"), "sunyatsen"),
    (re.compile(r"\bjiao tong\b"), "jiaotong"),
    (re.compile(r"\bu(?:yghu|ygu|ighu)r\b"), "uygur"),
    (re.compile(r"\bxizang\b"), "tibet"),
)

GLUE = frozenset(["the", "of", "to", "with", "at", "in", "and", "for", "by", "on"])


@lru_cache(maxsize=16384)
def _kept_words(text: str) -> tuple[str, ...]:
    """``english_words`` with the small words, which say where a name's parts begin."""
    words: list[str] = []
    for piece in re.split(r"(\b(?:the|of|to|with|at|in|and|for|by|on)\b|&)", text, flags=re.I):
        low = piece.casefold()
        if low in GLUE:
            words.append(low)
        elif piece == "&":
            words.append("and")
        else:
            words += english_words(piece)
    return tuple(words)


@lru_cache(maxsize=16384)
def plain_words(text: str) -> str:
    """A segment as plain words: lower case, ordinals as digits, repaired and folded."""
    text = re.sub(r"(?<=[a-z])(?=Hospital\b)", " ", text)
    text = re.sub(r"(?i)\bt\.\s?c\.\s?m\b\.?", "TCM", text)
    text = re.sub(r"(?i)(?<=university of )cm\b", "TCM", text)
    words = []
    for word in _kept_words(text):
        word = repaired(word)
        word = _FOLD.get(word, word)
        words.append(_COUNTED.get(word, word))
    plain = " ".join(words)
    for pattern, joined in _JOINED_PLACES:
        plain = pattern.sub(joined, plain)
    plain = re.sub(r"\bchina 3 gorges\b", "china three gorges", plain)
    if "theater" in words:
        plain = re.sub(
            r"\b(?:of )?(?:the )?(?:chinese )?(?:pla|peoples liberation army)\b", " ", plain
        )
        plain = re.sub(r"\b(\w+) theater(?: command)?\b", r"\1theater", plain)
        plain = re.sub(
            r"\bgeneral hospital\s+(?:of )?(?:the )?(\w+theater)\b", r"\1 general hospital", plain
        )
    for pattern, said in _MILITARY:
        plain = pattern.sub(said, plain)
    return re.sub(r"\s+", " ", plain).strip()
