"""English names of hospitals, read into slots.

Tokens count, not their order: First Affiliated Hospital of X and X First Affiliated Hospital are
one. What no rule knows becomes the proper name, so that it keeps two names apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.resolve import known, places
from kg.resolve.names import english_words, unified
from kg.resolve.slots import Slots

# -- closed vocabulary: the only words whose spelling is repaired ------------------------------

_CLOSED_WORDS = (
    "hospital university affiliated medicine medical traditional chinese western integrated "
    "integrative college center centre general people peoples provincial province municipal "
    "central children childrens maternal women cancer tumor stomatology stomatological "
    "ophthalmology psychiatric infectious diseases pulmonary orthopedics rehabilitation "
    "department institute science technology school health northern southern eastern western "
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
    "infection": "infectious",
    "provincial": "province",
    "municipal": "city",
    "municipality": "city",
    "mens": "mens",
    "theatre": "theater",
    "normal": "normal",
    "colleges": "college",
    "universities": "university",
}

_NAMES_OF_STATES = re.compile(
    r"\b(?<!of )(?<!south )(?<!north )(?<!west )(?<!east )(?<!central )"
    r"(?:p\.?\s?r\.?\s*(?:of\s+)?china|people\s?s republic of china|"
    r"republic of china|mainland china|china|prc|cn|taiwan roc|hong kong sar)$"
)
_DEPARTMENT_WORD = (
    r"(?:departments?|dept|division|section|unit|laborator(?:y|ies)|lab|office|ward|institute|"
    r"center|centre|school|faculty|college|clinic)"
)
_SCHOOLS = re.compile(
    r"\b(?:(?:the )?(?:school|college|faculty|academy) of (?:basic |clinical )?"
    r"medic(?:ine|al sciences)"
    r"|(?:the )?(?:affiliated )?(?:clinical )?medical (?:school|college)(?! hospital)"
    r"|(?:the )?faculty of medical sciences?"
    r"|(?:division|school|faculty|college) of life sciences? and (?:medicine|technology|health))\b"
)
# Medical colleges that are parts of a university, with the university.
_SCHOOL_OF = {
    "tongji medical college": "huazhong university of science and technology",
    "xiangya school of medicine": "central south university",
    "xiangya medical college": "central south university",
    "shanghai medical college": "fudan university",
    "west china school of medicine": "sichuan university",
    "norman bethune health science center": "jilin university",
    "zhongshan school of medicine": "sun yatsen university",
}
_MILITARY = (
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
    (re.compile(r"\bgeneral hospital of (?:the )?pla\b"), "pla general hospital"),
    (re.compile(r"\bpla general hospital\b"), "plageneral hospital"),
    (re.compile(r"\bjoint logistics? (?:support|service)(?: force)?\b"), "jointlogistics"),
)
_TCM = (
    r"(?:traditional chinese medic(?:ine|al)|chinese traditional medicine|chinese medic(?:ine|al)"
    r"|traditional medicine|tcm)"
)
_WM = r"(?:western medicine|wm|western)"
_INTEGRATED = re.compile(
    rf"\b(?:integrated |combination of )?(?:{_TCM}|traditional chinese|chinese)"
    rf"(?: and | with |-| )(?:integrated )?{_WM}(?: medicine)?(?: integrated)?(?: integrated)?\b"
    r"|\bintegrated (?:traditional chinese|chinese|tcm) (?:and |with )?(?:western )?medicine\b"
)
_SPECIALTIES = (
    ("integrated-medicine", re.compile(r"\b(?:integrated medicine|integrated-medicine)\b")),
    ("chinese-medicine", re.compile(rf"\b{_TCM}\b")),
    (
        "maternal-and-child",
        re.compile(
            r"\bmaternal(?: and| &)? childrens(?: health(?: ?care)?| healthcare)?\b"
            r"|\bmch\b|\bwomens and childrens health(?: ?care)?\b"
        ),
    ),
    ("women-and-children", re.compile(r"\b(?:womens and childrens|childrens and womens)\b")),
    ("children", re.compile(r"\b(?:childrens|pediatrics?)\b")),
    ("obstetrics", re.compile(r"\bobstetrics and gynecology\b|\bgynecology and obstetrics\b")),
    ("maternal", re.compile(r"\bmaternal(?: health(?: ?care)?)?\b")),
    ("women", re.compile(r"\bwomens\b")),
    ("cancer", re.compile(r"\bcancer(?: institute| prevention(?: and treatment)?)?\b")),
    ("stomatology", re.compile(r"\bstomatology\b")),
    ("eye-ent", re.compile(r"\b(?:eye and ent|eye ear nose(?: and)? throat|eent)\b")),
    ("eye", re.compile(r"\beye\b")),
    ("chest", re.compile(r"\bchest\b")),
    ("pulmonary", re.compile(r"\b(?:pulmonary|lung)\b")),
    ("mental-health", re.compile(r"\bmental health\b")),
    ("psychiatric", re.compile(r"\b(?:psychiatric|mental(?: diseases)?)\b")),
    ("infectious-diseases", re.compile(r"\binfectious(?: diseases)?\b")),
    ("tuberculosis", re.compile(r"\btuberculosis\b")),
    ("orthopedics", re.compile(r"\borthopedics(?: and traumatology)?\b")),
    ("rehabilitation", re.compile(r"\brehabilitation\b")),
    ("brain", re.compile(r"\bbrain\b")),
    ("geriatric", re.compile(r"\b(?:geriatrics?|gerontology)\b")),
    ("skin", re.compile(r"\b(?:dermatology|skin(?: diseases)?)\b")),
    ("cardiovascular", re.compile(r"\b(?:cardiovascular(?: diseases)?|heart)\b")),
    ("public-health", re.compile(r"\bpublic health(?: clinical| medical| treatment)?\b")),
    ("occupational", re.compile(r"\boccupational diseases\b")),
    ("emergency", re.compile(r"\bemergency\b")),
)
_HEADS = (
    ("hospital", re.compile(r"\bhospital\b")),
    ("medical-center", re.compile(r"\bmedical center\b")),
    ("health-center", re.compile(r"\bhealth ?(?:care )?center\b|\bhealthcare center\b")),
    ("clinical-center", re.compile(r"\bclinical center\b")),
    ("center", re.compile(r"\b(?<!research )center\b")),
    ("infirmary", re.compile(r"\binfirmary\b|\bsanatorium\b")),
    ("clinic", re.compile(r"\bclinics?\b")),
)
_SURE_HEAD = re.compile(
    r"\bhospital\b|\bmedical center\b|\bhealth ?(?:care )?center\b|\bhealthcare center\b"
    r"|\b(?:cancer|eye|stomatology|heart|maternal and childrens?(?: health)?) center\b"
    r"|\bpublic health clinical center\b"
)
_TYPES = (
    ("people", re.compile(r"\b(?:peoples|renmin)\b")),
    ("central", re.compile(r"\bcentral\b")),
    ("general", re.compile(r"\bgeneral\b")),
    ("red-cross", re.compile(r"\bred cross(?: society)?\b")),
    ("pla", re.compile(r"\bpla\b")),
    ("armed-police", re.compile(r"\barmed police(?: forces?)?\b")),
    ("workers", re.compile(r"\bworkers?\b")),
    ("railway", re.compile(r"\brailway\b")),
    ("memorial", re.compile(r"\bmemorial\b")),
)
_AFFILIATION = re.compile(r"\b(affiliated|teaching|clinical)\b")
# Proper names that hospitals of several cities share.
_COMMON_WORDS = (
    "tongji union xiehe zhongshan friendship renji renai boai dongfang oriental orient shuguang "
    "xinhua huashan sunshine hope peace victory guangming concord mercy east west north south "
    "central tongren kangning anning guangji kanghua jiaotong huaxi changzheng jiefang aier "
    "xinqiao nanfang northern southern eastern western puren ren puai taihe minsheng jimin "
    "huimin yangguang kanghui kangfu kangan kangtai china international first affiliated "
    "plageneral hope modern aviation longhua yueyang chaoyang children christian baptist mary saint"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_RANK = re.compile(r"\b(?:city|province)\b")
# Words for a kind of hospital that stand in no other slot: never a proper name.
_KIND_NAMES = (
    "national institute research comprehensive specialized specialist specialty regional "
    "prevention control treatment care health medical medicine community district county new "
    "military army navy naval force air police maternal diseases center hospital group "
    "postgraduate teaching clinical basic public private sanatorium service services"
)
_KIND_WORDS = frozenset(_KIND_NAMES.split())
_DOUBTFUL = frozenset({"chaoyang", "zhongshan", "yueyang", "huangshan", "baoshan"})
_RANK_WORDS = re.compile(
    r"\b(?:city|province|prefecture|autonomous region|autonomous prefecture|autonomous county"
    r"|zhuang|uygur|uyghur|hui|special administrative region)\b"
)
_DROPPED = re.compile(r"\b(?:university|of|and|the|to|with|at|in|for|by|from|on|a|an|s)\b")
_CAMPUS = re.compile(
    r"(?:^|(?<= ))((?:\w+ ){0,2}?\w+) (?:campus|branch(?: hospital| district)?|hospital district)\b"
)
_TWO_HEADS = re.compile(r"\b(?:hospital|medical center)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnglishHospital:
    """A name of a hospital read: its slots, those of second names, and where it says to be."""

    slots: Slots
    second: tuple[Slots, ...] = ()
    beside: tuple[Slots, ...] = ()  # another organization: a joint sponsor
    department: str = ""


def _one_edit(a: str, b: str) -> int:
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


@lru_cache(maxsize=65536)
def repaired(word: str) -> str:
    """A mistyped word of the closed vocabulary as it should be; every other word as it is.

    One edit, two in long words; never a word that is a place.

    >>> repaired("hosptial"), repaired("afflicated"), repaired("shanxi"), repaired("wuhan")
    ('hospital', 'affiliated', 'shanxi', 'wuhan')
    """
    if word in _CLOSED or word in _FOLD or len(word) < 6 or not word.isalpha():
        return word
    if word in known.latin_cities() or word in _PROVINCES or word in _PLAIN_WORDS:
        return word
    most = 2 if len(word) >= 9 else 1
    for length in range(len(word) - 1, len(word) + 2):
        for right in _CLOSED_BY_LENGTH.get(length, ()):
            if right[0] == word[0] and _one_edit(word, right) <= min(most, 1 if length < 10 else 2):
                return right
    return word


# Words of their own that lie one edit from a word of the closed vocabulary.
_PLAIN_WORDS = frozenset(
    [
        "chinas",
        "hospice",
        "medica",
        "medico",
        "medics",
        "tenths",
        "schools",
        "sciences",
        "technologies",
        "children's",
        "healths",
        "institutes",
        "departments",
        "hospitals",
        "colleges",
        "centers",
        "centres",
        "peoples",
        "cancers",
    ]
)
_PROVINCES = {
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
_UNIVERSITY_TAIL = re.compile(
    r"(?:of (?:science and technology|technology|traditional chinese medicine|chinese medicine"
    r"|traditional medicine|tcm|medical sciences|medicine|chinese academy of sciences"
    r"|science and technology of china))"
)
_BEFORE_UNIVERSITY = frozenset(
    [
        "of",
        "affiliated",
        "to",
        "with",
        "the",
        "and",
        "in",
        "at",
        "by",
        "hospital",
        "medicine",
        "center",
        "college",
        "school",
        "clinical",
        "teaching",
        ",",
        "attached",
        "health",
        "institute",
        "from",
    ]
)


def _plain(text: str) -> str:
    """A segment as plain words: lower case, ordinals as digits, repaired and folded."""
    text = re.sub(r"(?<=[a-z])(?=Hospital\b)", " ", text)
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


_GLUE = frozenset(["the", "of", "to", "with", "at", "in", "and", "for", "by", "on"])


@lru_cache(maxsize=65536)
def _kept_words(text: str) -> tuple[str, ...]:
    """``english_words`` with the small words, which say where a name's parts begin."""
    words: list[str] = []
    for piece in re.split(r"(\b(?:the|of|to|with|at|in|and|for|by|on)\b|&)", text, flags=re.I):
        low = piece.casefold()
        if low in _GLUE:
            words.append(low)
        elif piece == "&":
            words.append("and")
        else:
            words += english_words(piece)
    return tuple(words)


@lru_cache(maxsize=1)
def _universities() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """A pattern of all known university names, and for each its key and city."""
    found: dict[str, tuple[str, str]] = {}
    for university in known.universities():
        for name in university.en:
            found[_plain(name)] = (university.key, university.city)
    longest = sorted(found, key=lambda name: (-len(name), name))
    names = "|".join(map(re.escape, longest))
    return re.compile(rf"\b(?:the )?({names})\b(?! {_UNIVERSITY_TAIL.pattern})"), found


@lru_cache(maxsize=1)
def _by_words() -> dict[str, tuple[str, str]]:
    """The known universities by their words in any order."""
    return {_bag(name): university for name, university in _universities()[1].items()}


def _bag(name: str) -> str:
    plain = re.sub(rf"\b{_TCM}\b", "tcm", name)
    return " ".join(sorted(w for w in plain.split() if w not in _GLUE))


def _take_universities(plain: str) -> tuple[str, list[tuple[str, str]]]:
    """The text with `` , `` for its universities, and their keys with their cities."""
    found: list[tuple[str, str]] = []
    pattern, table = _universities()

    def take(match: re.Match[str]) -> str:
        # "University of X" behind an unknown word is another: "East China University of …".
        found.append(table[match[1]])
        return " , "

    plain = pattern.sub(take, plain)
    words = plain.split()
    for at, word in enumerate(words):
        if word != "university" or (at and words[at - 1] == ","):
            continue
        start = at
        while start > 0 and words[start - 1] not in _BEFORE_UNIVERSITY:
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
        found.append(_by_words().get(name, (name, _seat(words[start:at]))))
        words[start:end] = [","] * (end - start)
    return " ".join(words), list(dict.fromkeys(found))


def _seat(words: Iterable[str]) -> str:
    """The city in the name of a university that no table knows."""
    for word in words:
        if word in known.latin_cities():
            return known.city_spellings()[word]
    return ""


def _take_places(plain: str) -> tuple[str, list[str], list[str]]:
    """The text without places, with its cities and provinces in order."""
    cities: list[str] = []
    provinces: list[str] = []
    kept: list[str] = []
    words = plain.split()
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        named = word in known.latin_cities() or word in _PROVINCES
        if not named or (word == "central" and following == "china"):
            kept.append(word)
            continue
        if word == "jilin" and following in ("city", ""):
            cities.append("jilin")
        elif word in _PROVINCES:
            code = _PROVINCES[word]
            (cities if code in places.MUNICIPALITIES else provinces).append(
                word if code in places.MUNICIPALITIES else code
            )
        else:
            cities.append(known.city_spellings()[word])
    return " ".join(kept), cities, provinces


def _slots(plain: str, around: Slots) -> Slots:
    """The slots of one hospital segment; ``around``: what stands in other segments."""
    plain, part = _take_part(plain)
    school = ""
    for name, university in _SCHOOL_OF.items():
        if re.search(rf"\b{re.escape(_plain(name))}\b", plain):
            school = school or university
            plain = re.sub(rf"\b(?:the )?{re.escape(_plain(name))}\b", ",", plain)
    plain, universities = _take_universities(plain)
    if not universities and school:
        _, universities = _take_universities(_plain(school))
    if not universities and not around.university:
        college = re.search(
            r"\b((?:north |south |east |west )?\w+) medical college\b(?! hospital)", plain
        )
        if college and college[1].split()[-1] not in _BEFORE_UNIVERSITY:
            universities = [(f"{college[1]} medical college", _seat(college[1].split()))]
            plain = plain.replace(college[0], ",")
    plain = _SCHOOLS.sub(",", plain)
    plain = re.sub(r"(?<=hospital) and (?:the )?(?:\w+ ){0,3}?institute\b.*$", "", plain)
    plain = _INTEGRATED.sub(" integrated-medicine ", plain)
    specialties = []
    for name, pattern in _SPECIALTIES:
        plain, n = pattern.subn(" ", plain)
        if n:
            specialties.append(name)
    head = ""
    for name, pattern in _HEADS:
        if pattern.search(plain):
            head = name
            plain = pattern.sub(" ", plain, count=1)
            break
    affiliation = "affiliated" if _AFFILIATION.search(plain) else ""
    plain = _AFFILIATION.sub(" ", plain)
    provincial = bool(re.search(r"\bprovince\b", plain))
    types = []
    for name, pattern in _TYPES:
        plain, n = pattern.subn(" ", plain)
        if n:
            types.append(name)
    plain, cities, provinces = _take_places(plain)
    if cities and cities[0] in _DOUBTFUL:
        # 中山 and 岳阳 are cities and names of hospitals elsewhere.
        elsewhere = len(cities) + len(provinces) > 1 or universities or around.university
        if elsewhere or not (types or specialties or re.search(r"\d", plain)):
            plain = f"{cities.pop(0)} {plain}"
    ranks = plain
    plain = _RANK_WORDS.sub(" ", plain)
    ordinals = tuple(int(w) for w in plain.split() if w.isdigit())
    words = [w for w in _DROPPED.sub(" ", plain).split() if w != "," and not w.isdigit()]
    words = [w for w in words if w not in ("china", "chinese")] or words
    types += sorted({w for w in words if w in _KIND_WORDS})
    words = [w for w in words if w not in _KIND_WORDS]
    if not (words or types or specialties or ordinals) and (ranked := _RANK.search(ranks)):
        types.append("municipal" if ranked[0] == "city" else "provincial")
    proper = "".join(words)
    place = (cities or provinces or [""])[0]
    if provincial and provinces and "jilin" not in cities:
        place = provinces[0] if not cities or "people" in types else place
    university, seat = universities[0] if universities else (around.university, around.seat)
    place, homonym = _told_apart(place, [*provinces, around.province])
    if university:
        proper = _repaired_name(proper, university)
    if proper == "plageneral" and not place:
        place = "beijing"
    return Slots(
        head=head,
        place=place,
        province=(provinces or [""])[0],
        university=university,
        seat=seat,
        affiliation=affiliation,
        ordinals=ordinals,
        specialties=tuple(specialties),
        proper=proper,
        common=bool(words)
        and (
            proper in _COMMON
            or len(proper) < 3
            or all(w in _COMMON or w in known.latin_cities() for w in words)
        ),
        types=tuple(types),
        part=part,
        homonym=homonym,
    )


def _told_apart(place: str, provinces: Iterable[str]) -> tuple[str, bool]:
    """A place with its province where two cities have its Latin name; else whether they do."""
    if place not in places.HOMONYM_CITIES:
        return place, False
    of = known.latin_cities().get(place, frozenset())
    for province in provinces:
        if province in of:
            return f"{place} {province}", False
    return place, True


@lru_cache(maxsize=1)
def _names_by_university() -> dict[str, tuple[str, ...]]:
    """The proper names of the known hospitals of each university."""
    found: dict[str, set[str]] = {}
    for hospital in known.hospitals():
        for name in hospital.en:
            reading = _one(name)
            if reading and reading.slots.university and reading.slots.proper:
                found.setdefault(reading.slots.university, set()).add(reading.slots.proper)
    return {university: tuple(sorted(names)) for university, names in found.items()}


def _repaired_name(proper: str, university: str) -> str:
    """A mistyped name of a known hospital of this university: the vocabulary is closed.

    >>> _repaired_name("rujin", "上海交通大学"), _repaired_name("rujin", "复旦大学")
    ('ruijin', 'rujin')
    """
    if len(proper) < 5 or proper in known.latin_cities() or _READING_TABLES:
        return proper
    _READING_TABLES.append(university)
    try:
        names = _names_by_university().get(university, ())
    finally:
        _READING_TABLES.clear()
    if proper in names:
        return proper
    near = [n for n in names if len(n) > 5 and n[0] == proper[0] and _one_edit(proper, n) == 1]
    return near[0] if len(near) == 1 else proper


_READING_TABLES: list[str] = []  # while the table itself is read nothing is repaired by it


def _take_part(plain: str) -> tuple[str, str]:
    """The text of the whole, and the campus or branch that the name says to be of it."""
    if (found := _CAMPUS.search(plain)) and _SURE_HEAD.search(
        plain[: found.start()] + plain[found.end() :]
    ):
        words = [w for w in found[1].split() if w not in _GLUE and w not in ("hospital", ",")]
        rest = plain[: found.start()] + " " + plain[found.end() :]
        return re.sub(r"^\s*(?:of|,)\s+", "", rest.strip()), "".join(words)
    heads = list(_TWO_HEADS.finditer(plain))
    if len(heads) == 2:
        between = plain[heads[0].end() : heads[1].start()]
        after = plain[heads[0].end() :]
        if joined := re.match(r" (?:of|affiliated to|affiliated with|at|in) (?:the )?", after):
            own = plain[: heads[0].end()]
            whole = after[joined.end() :]
            if "university" not in between.split()[:3] or "hospital" in whole:
                return whole, "".join(w for w in own.split() if w not in _GLUE and w != "hospital")
        elif between.strip() and "university" not in between and "of" not in between.split():
            return plain[: heads[0].end()], "".join(between.split())
    return plain, ""


_SEPARATOR = re.compile(r"\s*(?:[;;]|(?<=[a-z)])/(?=[A-Za-z])|(?:^|\s)\d\s?[.、)]\s?(?=[A-Z]))\s*")
_PAREN = re.compile(r"\(([^()]*)\)?")
_SEGMENT = re.compile(r"\s*[,,、。]\s*|\s+[-–—]\s*|\s*[-–—]\s+|\.\s+(?=The\b)")
_ABBREVIATIONS = {
    "hust": "huazhong university of science and technology",
    "csu": "central south university",
}


def read(printed: str) -> EnglishHospital | None:
    """A name of a hospital read; None for a name of anything else.

    >>> a = read("Department of Care, the First Affiliated Hospital of Invented Medical University")
    >>> b = read("Invented Medical University 1st Afflicated Hosptial, Wuhan, China")
    >>> a.slots.key == b.slots.key, a.department
    (True, 'care')
    """
    text = unified(printed)
    text = re.sub(r"\b([Hh]e|[Hh]u|[Xx]i|[Yy]a|[Hh]uai|[Ll]u|[Tt]ai)['’‘`´](?=[aen])", r"\1", text)
    # A centre of the army's hospital is part of it, also behind a comma.
    text = re.sub(
        r"(?i)\b(medical cent(?:er|re)),\s*"
        r"(?=(?:the\s)?(?:chinese\s)?(?:pla\b|people'?s liberation))",
        r"\1 of ",
        text,
    )
    names = [name for name in _SEPARATOR.split(text) if name.strip()]
    readings = [found for name in names if (found := _one(name))]
    if not readings:
        return None
    # "National Cancer Center/Cancer Hospital, X": the name that says enough is the name.
    readings.sort(key=lambda r: r.slots.level != "full")
    first = readings[0]
    if len(names) > 1 and len(readings) == 1 and not first.slots.university:
        # "Tongji Hospital of Tongji Medical College; Example University": one name in two parts.
        around = _around([_plain(name) for name in names[1:]])
        if around.university:
            first = replace(
                first,
                slots=replace(first.slots, university=around.university, seat=around.seat),
            )
    others = [r for r in readings[1:] if r.slots.level == "full"]
    beside, second = [], list(first.second)
    for other in others:
        numbered = bool(re.match(r"\s*1\s?[.、)]", text))
        if numbered or other.slots.key == first.slots.key:
            second += [other.slots, *other.second]
        else:
            beside.append(other.slots)
    return replace(
        first,
        second=tuple(s for s in dict.fromkeys(second) if s.key != first.slots.key),
        beside=tuple(dict.fromkeys(beside)),
    )


def _around(segments: Iterable[str]) -> Slots:
    """What segments without a hospital say of the one beside them: university and place."""
    university = seat = school = ""
    cities: list[str] = []
    provinces: list[str] = []
    for plain in segments:
        for name, of in _SCHOOL_OF.items():
            if of and _plain(name) in plain:
                school = school or of
        rest, found = _take_universities(plain)
        if found and not university:
            university, seat = found[0]
        elif not found:
            bare, here, there = _take_places(rest)
            bare = _RANK_WORDS.sub(" ", bare)
            if not re.sub(r"\b(?:china|of|the|district|county|p r)\b|\W", "", bare):
                cities += here
                provinces += there
    if not university and school:
        university, seat = _take_universities(_plain(school))[1][0]
    return Slots(
        place=(cities or provinces or [""])[0],
        province=(provinces or [""])[0],
        university=university,
        seat=seat,
    )


def _one(name: str) -> EnglishHospital | None:
    """One name without its joint sponsors."""
    brackets = [found[1] for found in _PAREN.finditer(name)]
    name = _PAREN.sub(" , ", name)
    segments = [plain for s in _SEGMENT.split(name) if (plain := _plain(s))]
    segments = [re.sub(_NAMES_OF_STATES, "", s).strip() or "china" for s in segments]
    segments = [
        " ".join(_plain(_ABBREVIATIONS[w]) if w in _ABBREVIATIONS else w for w in s.split())
        for s in segments
    ]
    hospitals = [n for n, s in enumerate(segments) if _is_hospital(s)]
    if not hospitals:
        return None
    # "Cancer Center, X Hospital": a centre without a place or university is a department there.
    sure = [n for n in hospitals if re.search(r"\bhospital\b", segments[n])]
    if sure and sure[0] > hospitals[0]:
        hospitals = [n for n in hospitals if n >= sure[0] or _says_whose(segments[n])]
    around = _around(s for n, s in enumerate(segments) if n not in hospitals)
    department = "; ".join(
        _department(s) for s in segments[: hospitals[0]] if not _take_universities(s)[1]
    )
    read_: list[Slots] = []
    for n in hospitals:
        plain, own = _without_department(segments[n])
        department = department or own
        slots = _slots(plain, around)
        if slots.place and around.place and not slots.province:
            pass
        elif not slots.place and around.place and not (slots.proper and not slots.common):
            # The place in the address places a name that does not say where it is.
            if slots.university == "" or slots.level != "full":
                place, homonym = _told_apart(around.place, [around.province])
                slots = replace(slots, place=place, homonym=homonym)
        read_.append(slots)
    first, *rest = read_
    second: list[Slots] = []
    part = first.part
    for slots in rest:
        if slots.level == "full" and (slots.named or slots.proper):
            second.append(slots)
        elif slots.place and first.place and slots.place != first.place and not slots.university:
            part = part or slots.place  # "… Hospital of Chinese Medicine - Zhuhai Hospital"
    for content in brackets:
        plain = _plain(content)
        if _is_hospital(plain):
            slots = _slots(_without_department(plain)[0], Slots())
            if slots.level == "full" and (slots.place or slots.university or not slots.common):
                second.append(slots)
        elif campus := re.fullmatch(
            r"(.*?) ?(?:campus|branch|hospital district|district|section)", plain
        ):
            part = part or campus[1].replace(" ", "")
        elif not first.university:
            around = _around([plain])
            first = replace(first, university=around.university, seat=around.seat)
    first = replace(first, part=part, department=department)
    return EnglishHospital(
        slots=first,
        second=tuple(s for s in dict.fromkeys(second) if s.key != first.key),
        department=department,
    )


def _says_whose(plain: str) -> bool:
    """Whether a segment names a place or a university."""
    rest, universities = _take_universities(plain)
    _, cities, provinces = _take_places(rest)
    return bool(universities or cities or provinces)


def _is_hospital(plain: str) -> bool:
    if not _SURE_HEAD.search(plain):
        return False
    return not re.search(
        r"\b(?:co ltd|limited|inc|company|corporation|foundation|group co|pharmaceuticals?"
        r"|diseases control|administration of)\b",
        plain,
    )


def _department(plain: str) -> str:
    return re.sub(rf"^(?:the )?{_DEPARTMENT_WORD} (?:of|for) ", "", plain)


def _without_department(plain: str) -> tuple[str, str]:
    """A segment without the department before its hospital, and the department."""
    head = _SURE_HEAD.search(plain)
    assert head is not None
    before = plain[: head.start()]
    at_start = re.match(
        rf"(?:the )?(?:state |key |national )*{_DEPARTMENT_WORD}s? (?:of|for) ", before
    )
    inside = re.match(
        r"(?:\w+ ){1,6}?(?:department|division|ward|laboratory|unit|center) (?:of|at|in) (?:the )?",
        before,
    )
    if at_start:
        cut = [
            m
            for m in re.finditer(r" (?:of|at|in) (?:the )?", before)
            if m.start() >= at_start.end()
        ]
        if cut:
            return plain[cut[-1].end() :], _department(plain[: cut[-1].start()])
    elif inside:
        return plain[inside.end() :], plain[: inside.end()].rsplit(" of", 1)[0].strip()
    return plain, ""


def university(printed: str) -> str | None:
    """The key of the known university that a name consists of, its address aside.

    >>> university("Beijing University of traditional Chinese Medicine, Beijing, China")
    '北京中医药大学'
    """
    segments = [plain for s in _SEGMENT.split(printed) if (plain := _plain(s))]
    rest, found = _take_universities(segments[0]) if segments else ("", [])
    if len(found) != 1 or re.search(r"[^ ,]", rest.replace("the ", "")):
        return None
    if not is_known(found[0][0]):
        return None
    for segment in segments[1:]:
        bare, _, _ = _take_places(re.sub(_NAMES_OF_STATES, "", segment))
        if _RANK_WORDS.sub("", bare).strip():
            return None
    return found[0][0]


def is_known(key: str) -> bool:
    """Whether a university is one of the table."""
    return key in _keys()


@lru_cache(maxsize=1)
def _keys() -> frozenset[str]:
    return frozenset(university.key for university in known.universities())


def folded(text: str) -> str:
    """The words of a text as names of hospitals are compared: one string, lower case."""
    return _plain(text)
