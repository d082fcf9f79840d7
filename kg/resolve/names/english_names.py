"""English names of organizations, read: one key for order and punctuation, how much it says.

Two English names are one only if they hold the same words, every ordinal beside the word it
counts, and the proper words in the same order. Likeness is no ground: Shaanxi and Shanxi differ in
one letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat

from kg.names.masked_sites import is_masked_site
from kg.names.site_numbers import without_site_number
from kg.resolve.names import (
    english_places,
    english_slots,
    english_spelling,
    known,
    legal_forms,
    places,
)
from kg.resolve.names.comparable import LONGEST, english_words, folded, ordinals, unified, word_bag
from kg.resolve.names.departments import is_nameless, is_of_a_department
from kg.resolve.names.generic_words import (
    COMMON,
    ELSEWHERE,
    GENERIC,
    NAMESAKES,
    PARTICLES,
    ROYALS,
    SAINTS,
    TELLING,
)
from kg.resolve.names.slots import Level, Slots
from kg.resolve.names.word_forms import one_form

_MASKED = re.compile(
    r"\b(?:research|study|clinical|trial|investigat(?:ional|ive|or))\s+(?:research\s+|trial\s+)?"
    r"(?:site|facility|location)s?\b"
    r"|^\W*(?:local|research|study|clinical|recruiting|investigat(?:ional|ive|or))\s+"
    r"(?:research\s+|trial\s+)?(?:institution|cent(?:er|re)|unit)s?\W*(?:\d.*|,.*)?$"
    r"|\bsite\s*(?:no\.?|number|reference|id|#)?\s*\d|^[\W\d]+$|for additional information",
    re.I,
)
_PAREN = re.compile(r"\s*\(([^()]*)\)")
# The University of York and York University are two; of hospitals the order says nothing.
_UNIVERSITY_OF = re.compile(r"\buniversity of (?:the )?", re.I)
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
    nameless: bool = False  # a department that does not say whose it is
    slots: Slots | None = None
    second: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()  # keys of a company's name without its legal form or its seat


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
    if len(printed) > LONGEST:
        return _text(printed)
    plain = without_site_number(unified(printed))
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
    text = _without_short_forms(_TAIL.sub("", plain))
    text = _UNIVERSITY_OF.sub("UniversityOf ", text)
    words = _weighty(one_form(_initials_joined(english_words(text))))
    proper = tuple(w for w in words if w not in GENERIC and not w.isdigit())
    department = _DEPARTMENT.match(text) or _AT.match(text)
    nameless = is_nameless(words)
    return EnglishName(
        key=" ".join((*word_bag(words), "|", *proper)),
        level="generic" if nameless else _level(words, proper),
        nameless=nameless,
        ordinals=ordinals(words),
        provinces=frozenset(_PROVINCE_WORDS[w] for w in words if w in _PROVINCE_WORDS),
        masked=masked,
        department_of=read(department[1]).key if department and department[1] != text else None,
        firms=tuple(_firms(plain, words)),
    )


def _firms(plain: str, words: tuple[str, ...]) -> Iterator[str]:
    """The keys of a company's name without its seat, else without its legal form.

    None where neither stands behind it, or where the rest says too little to be a name.
    """
    bare = legal_forms.without_seat(plain)
    shorter = [bare] if bare != plain else map(" ".join, legal_forms.without_forms(words))
    for rest in map(read, shorter, repeat(False)):
        if rest.level == "full":
            yield rest.key


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


# "Hospital Santa Maria": its kind stands before its name, or a word of the language is in it.
_ROMANCE = re.compile(
    r"^(?:hospital|clinica|instituto|centro)\s+(?!(?:of|affiliated|for|attached|at|no)\b)[^\W\d]"
    r"|\b(?:de|del|do|dos|das|della|di|du|des|santa|santo|saint|sankt|s[aã]o|und|f[uü]r|van)\b",
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
    if _ROMANCE.search(plain):
        return False
    named = [w for w in slots.university.split() if w not in GENERIC]
    if any(w in _PROVINCE_WORDS or english_places.is_place(w) for w in named):
        return True
    if named and all(len(w) > 3 and _is_pinyin(w) for w in named):
        return True
    # "Ruijin Hospital": one segment, whose own word is spelled as Chinese is; its city may follow.
    behind = re.findall(r"[a-z]+", english_spelling.plain_words(plain.partition(",")[2]))
    return (
        slots.proper not in NAMESAKES
        and _is_pinyin(slots.proper)
        and all(
            english_places.is_place(w) or w in ("city", "province", "china", "pr") for w in behind
        )
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


def _text(printed: str) -> EnglishName:
    """A text that is too long to be a name: it identifies nothing."""
    return EnglishName(
        key=" ".join(printed.casefold().split()),
        level="generic",
        ordinals=frozenset(),
        provinces=frozenset(),
        masked=True,
    )


def _level(words: tuple[str, ...], proper: tuple[str, ...]) -> Level:
    own = tuple(w for w in proper if w not in PARTICLES)
    if not own:
        return "generic"
    if len(words) == 1 and len(words[0]) <= _ONE_OF_MANY and words[0].isascii():
        return "common"
    if SAINTS.issuperset(own) or _of_a_saint(words, own):
        return "common"
    if not _OF_MANY_TOWNS.isdisjoint(words) and all(map(is_of_a_department, own)):
        return "common"  # Pain Clinic, Diabetes Center
    if "universityof" in words or any(w not in COMMON and len(w) > 1 for w in own):
        return "full"
    for word, *following in zip(words, words[1:], (*words[2:], ""), strict=False):
        # Southern Medical University is one; Southern Hospital is not.
        university = following[0] == "university" or following == ["medical", "university"]
        if university and word in COMMON - places.HOMONYM_CITIES:
            return "full"
    return "common"


_ONE_OF_MANY = 4  # letters of an abbreviation alone: TMU is a university in five countries
_HOUSE_WORDS = (
    "hospital hospitals hopital clinic clinica clinique klinik klinikum krankenhaus ospedale "
    "ziekenhuis szpital kbc infirmary medical"
)
_HOUSES = frozenset(_HOUSE_WORDS.split())
_OF_MANY_TOWNS = frozenset(
    ["hospital", "hospitals", "clinic", "clinics", "center", "centers", "associates"]
)
_OF_A_SAINT = 4  # words that such a name has at most: San Juan de Dios


def _of_a_saint(words: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Whether a house is called after a saint or a queen and nothing else: many cities have one."""
    return (
        own[0] in SAINTS | ROYALS
        and len(own) <= _OF_A_SAINT
        and not _HOUSES.isdisjoint(words)
        and TELLING.isdisjoint(words)
    )


# -- short forms ----------------------------------------------------------------------------------


def _without_short_forms(text: str) -> str:
    """A name without the abbreviation of itself, in brackets or parted by a dash.

    >>> _without_short_forms("National Example Institute (NEI)"), _without_short_forms("A (UFX)")
    ('National Example Institute', 'A UFX ')
    """
    bare = _PAREN.sub("", text)
    text = _PAREN.sub(lambda found: "" if _abbreviates(found[1], bare) else f" {found[1]} ", text)
    for pattern in (_SHORT_BEHIND, _SHORT_BEFORE):
        if (found := pattern.search(text)) and _abbreviates(found[1], found[2]):
            return found[2]
    return text


# "Fundação de Amparo – FAPESP", "FAPESP - Fundação …"
_SHORT_BEHIND = re.compile(r"^(?=.*[-–—]\s*([A-Za-z]{3,12})$)(.*?)\s*[-–—]\s*[A-Za-z]{3,12}$")
_SHORT_BEFORE = re.compile(r"^([A-Za-z]{3,12})\s+[-–—]\s+(.+)$")


def _abbreviates(short: str, name: str) -> bool:
    """Whether ``short`` is put together from beginnings of the words of ``name``, in their order.

    >>> _abbreviates("EXIN", "Example Institute"), _abbreviates("LIMA", "Example Hospital")
    (True, False)
    """
    short = short.strip()
    letters = re.sub(r"[^a-z0-9]", "", folded(short))
    if len(short.split()) != 1 or len(short) > _LONGEST_SHORT or sum(map(str.isupper, short)) < 2:
        return False
    reached = {0}
    for word in re.findall(r"[a-z0-9]+", folded(name)):
        for start in tuple(reached):
            for at, letter in enumerate(word, start=start):
                if letters[at : at + 1] != letter:
                    break
                reached.add(at + 1)
    return len(letters) > 1 and len(letters) in reached


_LONGEST_SHORT = 12


def _initials_joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words with single letters in a row as one: M.D. Anderson is MD Anderson.

    >>> _initials_joined(("m", "d", "example")), _initials_joined(("example", "s", "a"))
    (('md', 'example'), ('example', 'sa'))
    """
    found: list[str] = []
    letters = ""
    for word in (*words, ""):
        if len(word) == 1 and word.isalpha():
            letters += word
            continue
        if letters:
            found.append(letters)
            letters = ""
        if word:
            found.append(word)
    return tuple(found)


def _weighty(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the articles and prepositions of the language that the name is in."""
    if ELSEWHERE.isdisjoint(words):
        return words
    return tuple(w for w in words if w not in PARTICLES)
