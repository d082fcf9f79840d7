"""Chinese names of people in Latin letters: every legal reading, one key for all spellings of one.

The table ``ontology/surname-readings.tsv`` says how surnames are read that the dictionary reads
wrong or in several ways; it holds for the head of a name only. Given names keep all readings of
their characters, for only who bears a name knows how it is read.
"""

from __future__ import annotations

import csv
import os
from functools import cache, lru_cache
from itertools import islice, product

from kg.resources import folder

MAX_READINGS = 48  # of one name; more only where several characters have many readings each

# What the combination of an initial and a final never gives: "bv", "jong". By initial, all legal
# finals; from the syllable table of Hanyu Pinyin (GB/T 16159).
_LEGAL = {
    "b": "a o ai ei ao an en ang eng i ie iao ian in ing u",
    "p": "a o ai ei ao ou an en ang eng i ie iao ian in ing u",
    "m": "a o e ai ei ao ou an en ang eng i ie iao iu ian in ing u",
    "f": "a o ei ou an en ang eng u",
    "d": "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian ing u uo ui uan un",
    "t": "a e ai ao ou an ang eng ong i ie iao ian ing u uo ui uan un",
    "n": "a e ai ei ao ou an en ang eng ong i ie iao iu ian in iang ing u uo uan ue",
    "l": "a o e ai ei ao ou an ang eng ong i ia ie iao iu ian in iang ing u uo uan un ue ui",
    "g": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "k": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "h": "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "j": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "q": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "x": "i ia ie iao iu ian in iang ing iong u ue uan un",
    "zh": "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "ch": "a e i ai ao ou an en ang eng ong u ua uo uai ui uan un uang",
    "sh": "a e i ai ei ao ou an en ang eng u ua uo uai ui uan un uang",
    "r": "e i ao ou an en ang eng ong u ua uo ui uan un",
    "z": "a e i ai ei ao ou an en ang eng ong u uo ui uan un",
    "c": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "s": "a e i ai ao ou an en ang eng ong u uo ui uan un",
    "y": "a o e ao ou an ang ong i in ing u ue uan un",
    "w": "a o ai ei an en ang eng u",
    "": "a o e ai ei ao ou an en ang eng er",
}
SYLLABLES = frozenset(
    initial + final for initial, finals in _LEGAL.items() for final in finals.split()
)


@cache
def surname_table() -> dict[str, tuple[str, ...]]:
    """The readings of surnames that a dictionary reads wrong, and of compound surnames."""
    with (folder("ontology") / "surname-readings.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["surname"]: tuple(row["readings"].split("|")) for row in rows}


def surname_readings(surname: str) -> tuple[str, ...]:
    """How a surname is read, the usual reading first, ü as it is printed in passports and before.

    >>> surname_readings("单"), surname_readings("吕")
    (('shan',), ('lyu', 'lv', 'lu', 'lui'))
    >>> surname_readings("尉迟"), surname_readings("陈")
    (('yuchi',), ('chen',))
    """
    return surname_table().get(surname) or _readings(surname)


def split(name: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name in simplified characters.

    >>> split("欧阳示例"), split("陈示例"), split("单于")
    (('欧阳', '示例'), ('陈', '示例'), ('单', '于'))
    """
    for length in (4, 3, 2):
        if len(name) > length and name[:length] in surname_table():
            return name[:length], name[length:]
    return name[:1], name[1:]


@lru_cache(maxsize=16384)
def readings(name: str) -> tuple[tuple[str, str], ...]:
    """Surname and given name in Latin letters, every legal pair, the usual one first.

    >>> readings("曾重")[0], ("zeng", "zhong") in readings("曾重")
    (('zeng', 'zhong'), True)
    """
    surname, given = split(name)
    pairs = product(surname_readings(surname), _spelt(given))
    return tuple(dict.fromkeys(islice(pairs, MAX_READINGS)))


def _spelt(given: str) -> tuple[str, ...]:
    parts = [_readings(character) for character in given]
    return tuple("".join(of) for of in islice(product(*parts), MAX_READINGS))


@lru_cache(maxsize=16384)
def _readings(character: str) -> tuple[str, ...]:
    """The readings of a character without tones; itself where no dictionary has it."""
    # Only characters are asked for. Its dictionary of phrases takes 45 MB and a second to load.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=len(character) == 1, v_to_u=False)
    if len(found) == 1:
        return tuple(dict.fromkeys(found[0]))
    return ("".join(of[0] for of in found),)


@lru_cache(maxsize=16384)
def syllables(word: str) -> tuple[str, ...] | None:
    """The syllables of a word of pinyin without tones, as few as there can be; None if it is none.

    >>> syllables("shili"), syllables("xian"), syllables("smith")
    (('shi', 'li'), ('xian',), None)
    """
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        chosen: tuple[str, ...] | None = None
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or word[start:end] not in SYLLABLES:
                continue
            if chosen is None or len(before) + 1 < len(chosen):
                chosen = (*before, word[start:end])
        best.append(chosen)
    return best[-1] or None
