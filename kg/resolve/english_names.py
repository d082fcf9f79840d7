"""English names of organizations, read: one key for order and punctuation, how much it says.

Two English names are one only if they hold the same words, every ordinal beside the word it
counts, and the proper words in the same order. Likeness is no ground: Shaanxi and Shanxi differ in
one letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.masked_sites import is_masked_site
from kg.resolve import english_places, english_slots, english_spelling, known, places
from kg.resolve.names import english_words, ordinals, unified, word_bag
from kg.resolve.slots import Level, Slots

_GENERIC_WORDS = (
    "hospital hospitals peoples people medical university universities college school faculty "
    "medicine affiliated affiliate attached teaching clinical center centre central general "
    "childrens children child womens women woman maternal maternity obstetrics gynecology "
    "health healthcare care cancer tumor tumour oncology traditional chinese western tcm "
    "integrated integrative combined provincial province municipal municipality city county "
    "district regional region national state local department division section unit institute "
    "institution institutional research clinic clinics branch campus science sciences "
    "technology public infectious diseases disease mental psychiatric chest thoracic eye "
    "ophthalmology ophthalmic dental stomatology stomatological orthopedic orthopaedic "
    "orthopedics rehabilitation memorial community service services academy pharmaceutical "
    "pharmaceuticals pharma co ltd limited company corporation inc foundation group "
    "international number hospitalier hopital centro and first specialized specialist "
    "comprehensive system site trial investigational investigator private red cross railway "
    "workers worker staff military army armed police forces air force navy prevention control "
    "cdc veterans affairs va royal laboratory key a an"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
# Proper words that organizations of several cities share, directions, saints, and Latin names
# that stand for two or more cities of China.
_COMMON_WORDS = (
    "tongji union xiehe zhongshan renmin friendship renji renai boai dongfang oriental shuguang "
    "xinhua huashan sunshine hope peace victory guangming concord mercy saint st mary marys "
    "joseph josephs john johns luke lukes good samaritan north south east west northern "
    "southern eastern western northeast northwest southeast southwest new old main christian "
    "baptist methodist presbyterian sacred heart trinity holy memorial"
)
_COMMON = places.HOMONYM_CITIES | frozenset(_COMMON_WORDS.split())
_MASKED = re.compile(
    r"\b(?:research|study|clinical|trial|investigat(?:ional|ive|or))\s+(?:research\s+|trial\s+)?"
    r"(?:site|facility|location)s?\b"
    r"|^\W*(?:local|research|study|clinical|recruiting|investigat(?:ional|ive|or))\s+"
    r"(?:research\s+|trial\s+)?(?:institution|cent(?:er|re)|unit)s?\W*(?:\d.*|,.*)?$"
    r"|\bsite\s*(?:no\.?|number|reference|id|#)?\s*\d|^[\W\d]+$|for additional information",
    re.I,
)
# The number that a sponsor gave a site stands behind its name and is no part of it. Without
# brackets or a word for "number" it may be a campus ("Hospital Site 2") and stays.
_SITE_NUMBER = re.compile(
    r"[\s,-]*(?:\(\s*site\s*(?:(?:no|number|id)\b\.?)?[\s:#-]*\d[\w-]*\s*\)"
    r"|\bsite\s*(?:no\b\.?|number|id\b)[\s:#-]*\d[\w-]*)\s*$",
    re.I,
)
_PAREN = re.compile(r"\s*\(([^()]*)\)")
_TAIL = re.compile(
    r"[\s;.]*,\s*(?:p\.?\s?r\.?\s*(?:of\s+)?china|people'?s republic of china|china|prc)[\s.]*$",
    re.I,
)
_DEPARTMENT = re.compile(
    r"^(?:(?:the\s+)?(?:department|dept\.?|division|section|unit|laboratory|lab|office)s?\s+(?:of|for)\b"
    r"|[^,]{0,60}\b(?:department|dept\.?|division|ward|laboratory)\b)[^,]*?\s*"
    r"(?:,|\b(?:at|of)\s+(?=the\b))\s*(.*(?:hospital|university|institute|college|center|centre).*)$",
    re.I,
)
_AT = re.compile(
    r"^[A-Z][\w\s&-]{2,50}?\s+at\s+(?:the\s+)?"
    r"(.*\b(?:hospital|university|institutes?|college|center|centre|clinic)\b.*)$",
    re.I,
)
_PROVINCE_WORDS = {latin: code for code, (_, latin) in places.PROVINCES.items()} | {
    "mongolia": "CN-NM",
    "tibet": "CN-XZ",
    "macao": "CN-MO",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishName:
    """A name read. ``masked``: it hides the organization and never identifies ("Research Site")."""

    key: str
    level: Level
    ordinals: frozenset[int]
    provinces: frozenset[str]
    masked: bool = False
    department_of: str | None = None
    part_of: str | None = None
    slots: Slots | None = None
    second: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


@lru_cache(maxsize=16384)
def read(printed: str, chinese: bool = True) -> EnglishName:
    """An English name of an organization, read; ``chinese``: it may be one of China.

    >>> a = read("The First Affiliated Hospital, Example University School of Medicine")
    >>> b = read("first affiliated hospital of Example University (School of Medicine)")
    >>> a.key == b.key, a.level, read("First People’s Hospital").level
    (True, 'full', 'generic')
    >>> read("Research Site, Leeds").masked, read("Invented Clinic ( Site 2706)").masked
    (True, False)
    """
    plain = _SITE_NUMBER.sub("", unified(printed))
    masked = is_masked_site(printed) or bool(_MASKED.search(plain))
    if (
        chinese
        and not masked
        and (hospital := english_slots.read(plain))
        and in_china(hospital.slots, plain)
    ):
        return _hospital(hospital)
    if university := english_places.university(plain):
        return EnglishName(
            key=f"university {university}",
            level="full",
            ordinals=frozenset(),
            provinces=frozenset(),
            masked=masked,
        )
    text = _TAIL.sub("", plain)
    text = _PAREN.sub(lambda found: "" if _is_short_form(found[1]) else f" {found[1]} ", text)
    words = english_words(text)
    proper = tuple(w for w in words if w not in _GENERIC and not w.isdigit())
    department = _DEPARTMENT.match(text) or _AT.match(text)
    return EnglishName(
        key=" ".join((*word_bag(words), "|", *proper)),
        level=_level(words, proper),
        ordinals=ordinals(words),
        provinces=frozenset(_PROVINCE_WORDS[w] for w in words if w in _PROVINCE_WORDS),
        masked=masked,
        department_of=read(department[1]).key if department and department[1] != text else None,
    )


_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])(?:i?ao|i?ang|i?an|iong|ong|uang|uan|uai|ian|ing|eng|ang|"
    r"ai|ei|ui|ou|iu|ie|ue|ve|er|in|en|un|an|ia|ua|uo|a|o|e|i|u|v)|ang|ai|an|ao|er|en|ei|ou|a|e)"
)
_LONGEST_PINYIN = 20
_PINYIN = re.compile(rf"(?:{_SYLLABLE})+")
_CHINA = re.compile(
    r"\bpla\b|\btheat(?:er|re) command\b|\b(?:ea|we)stern theat(?:er|re)\b|\bliberation army\b"
    r"|\b(?:north|south)ern theat(?:er|re)\b|\bcentral theat(?:er|re)\b"
    r"|\bjoint logistics? support force|\b(?:navy|air force) general hospital\b"
    r"|\btaiwan\b|\bhong\s?kong\b",
    re.I,
)


def in_china(slots: Slots, plain: str) -> bool:
    """Whether a name says that its hospital is in China: slots are made for those."""
    if (
        slots.place
        or slots.seat
        or english_places.is_known(slots.university)
        or _CHINA.search(plain)
    ):
        return True
    named = [w for w in slots.university.split() if w not in _GENERIC]
    if any(w in _PROVINCE_WORDS or english_places.is_place(w) for w in named):
        return True
    if named and all(len(w) > 3 and _is_pinyin(w) for w in named):
        return True
    # "Ruijin Hospital": one segment, whose own word is spelled as Chinese is; its city may follow.
    behind = re.findall(r"[a-z]+", english_spelling.plain_words(plain.partition(",")[2]))
    return _is_pinyin(slots.proper) and all(
        english_places.is_place(w) or w in ("city", "province", "china", "pr") for w in behind
    )


def _is_pinyin(word: str) -> bool:
    """Whether a word falls into Chinese syllables; a long one, with its many ways to, does not."""
    return 0 < len(word) <= _LONGEST_PINYIN and bool(_PINYIN.fullmatch(word))


def _hospital(read_: english_slots.EnglishHospital) -> EnglishName:
    """The name of a hospital of China, by its slots."""
    slots = read_.slots
    key = f"hospital {slots.key}"
    digits = [int(n) for n in re.findall(r"\d+", slots.part)]
    provinces = {slots.province} if slots.province else known.latin_cities().get(slots.place, set())
    whole = f"hospital {replace(slots, part='', department='').key}"
    beside = tuple(f"hospital {other.key}" for other in read_.beside)
    if beside:  # two sponsors in one field are neither of them
        key = " + ".join((key, *beside))
    elif read_.department:
        key = f"{key} : {read_.department}"
    return EnglishName(
        key=key,
        level=slots.level,
        ordinals=frozenset((*slots.ordinals, *digits)),
        provinces=frozenset(provinces) if len(provinces) == 1 else frozenset(),
        department_of=f"hospital {slots.key}" if read_.department and not beside else None,
        part_of=whole if slots.part and not read_.department and not beside else None,
        slots=slots,
        second=tuple(f"hospital {second.key}" for second in read_.second if not beside),
        beside=beside,
    )


def of_hospital(read_: english_slots.EnglishHospital) -> EnglishName:
    """The hospital of a name without the department before it."""
    return _hospital(replace(read_, department=""))


def _level(words: tuple[str, ...], proper: tuple[str, ...]) -> Level:
    if not proper:
        return "generic"
    if any(w not in _COMMON and len(w) > 1 for w in proper):
        return "full"
    for word, *following in zip(words, words[1:], (*words[2:], ""), strict=False):
        # Southern Medical University is one; Southern Hospital is not.
        university = following[0] == "university" or following == ["medical", "university"]
        if university and word in _COMMON - places.HOMONYM_CITIES:
            return "full"
    return "common"


def _is_short_form(content: str) -> bool:
    """Whether brackets hold an abbreviation: no name of its own ("EXMPL")."""
    words = content.split()
    return len(words) == 1 and len(content) <= 12 and content == content.upper()
