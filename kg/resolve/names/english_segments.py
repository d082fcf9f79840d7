"""One segment of an English name that names a hospital, read into slots.

What no rule knows becomes the proper name, so that it keeps two names apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolve.names import known
from kg.resolve.names.english_places import (
    BEFORE_UNIVERSITY,
    RANK_WORDS,
    seat_of,
    take_places,
    take_universities,
    told_apart,
)
from kg.resolve.names.english_spelling import GLUE, TCM, edits, plain_words
from kg.resolve.names.slots import Slots

_SCHOOLS = re.compile(
    r"\b(?:(?:the )?(?:school|college|faculty|academy) of (?:basic |clinical )?"
    r"medic(?:ine|al sciences)"
    r"|(?:the )?(?:affiliated )?(?:clinical )?medical (?:school|college)(?! hospital)"
    r"|(?:the )?faculty of medical sciences?"
    r"|(?:division|school|faculty|college) of life sciences? and (?:medicine|technology|health))\b"
)

# Medical colleges that are parts of a university, with the university.
SCHOOL_OF = {
    "tongji medical college": "huazhong university of science and technology",
    "xiangya school of medicine": "central south university",
    "xiangya medical college": "central south university",
    "shanghai medical college": "fudan university",
    "west china school of medicine": "sichuan university",
    "norman bethune health science center": "jilin university",
    "zhongshan school of medicine": "sun yatsen university",
}

SCHOOL_NAMES = re.compile(rf"\b(?:the )?({'|'.join(SCHOOL_OF)})\b")
_WM = r"(?:western medicine|wm|western)"

_INTEGRATED = re.compile(
    rf"\b(?:integrated |combination of )?(?:{TCM}|traditional chinese|chinese)"
    rf"(?: and | with |-| )(?:integrated )?{_WM}(?: medicine)?(?: integrated)?(?: integrated)?\b"
    r"|\bintegrated (?:traditional chinese|chinese|tcm) (?:and |with )?(?:western )?medicine\b"
)

_SPECIALTIES = (
    ("integrated-medicine", re.compile(r"\b(?:integrated medicine|integrated-medicine)\b")),
    ("chinese-medicine", re.compile(rf"\b{TCM}\b")),
    (
        "maternal-and-child",
        re.compile(
            r"\bmaternal(?: and| &)? childrens(?: health(?: ?care)?| healthcare| care)?\b"
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
    ("public-health", re.compile(r"\bpublic health(?: clinical| medical| treatment)*(?= )")),
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

SURE_HEAD = re.compile(
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
    "academy institution area zone unit postgraduate teaching clinical basic public "
    "private sanatorium service services"
)

_KIND_WORDS = frozenset(_KIND_NAMES.split())

_DOUBTFUL = frozenset(["chaoyang", "zhongshan", "yueyang", "huangshan", "baoshan", "tongren"])

_DROPPED = re.compile(r"\b(?:university|of|and|the|to|with|at|in|for|by|from|on|s)\b")

_CAMPUS = re.compile(
    r"(?:^|(?<= ))((?:(?!hospital|of|the|affiliated|university)\w+ ){0,2}?"
    r"(?!hospital|of|university)\w+) (?:campus|branch(?: hospital| district)?|hospital district)\b"
)

_ALSO_CALLED = re.compile(
    r"(\b\d+ affiliated hospital) and (?:the )?(?:(?!hospital|university|of|affiliated)\w+ ){1,3}"
    r"hospital(?= (?:of|affiliated to) )"
)
_TWO_HEADS = re.compile(r"\b(?:hospital|medical center)\b")


def slots_of(plain: str, around: Slots, *, repair: bool = True) -> Slots:
    """The slots of one hospital segment; ``around``: what stands in other segments."""
    plain, part = _take_part(plain)
    found = SCHOOL_NAMES.search(plain)
    school = SCHOOL_OF[found[1]] if found else ""
    plain = SCHOOL_NAMES.sub(",", plain)
    plain, universities = take_universities(plain)
    if not universities and school:
        _, universities = take_universities(plain_words(school))
    if not universities and not around.university:
        college = re.search(
            r"\b((?:north |south |east |west )?\w+) medical college\b(?! hospital)", plain
        )
        if college and college[1].split()[-1] not in BEFORE_UNIVERSITY:
            universities = [(f"{college[1]} medical college", seat_of(college[1].split()))]
            plain = plain.replace(college[0], ",")
    plain = _SCHOOLS.sub(",", plain)
    plain = re.sub(r"(?<=hospital) and (?:the )?(?:\w+ ){0,3}?institute\b.*$", "", plain)
    plain, n = _INTEGRATED.subn(" integrated-medicine ", plain)
    if n:
        plain = re.sub(r"\bintegrated\b(?!-)", " ", plain)
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
    plain, cities, provinces = take_places(plain)
    if cities and cities[0] in _DOUBTFUL:
        # 中山 and 岳阳 are cities and names of hospitals elsewhere.
        elsewhere = (
            len(cities) + len(provinces) > 1
            or universities
            or around.university
            or (around.place and not _holds(around.place, cities[0]))
        )
        if elsewhere or not (types or specialties or re.search(r"\d", plain)):
            plain = f"{cities.pop(0)} {plain}"
    # One hospital lies in one city: a second one is a name (Beijing Tongren Hospital).
    plain = " ".join((*dict.fromkeys(c for c in cities[1:] if c != cities[0]), plain))
    ranks = plain
    plain = RANK_WORDS.sub(" ", plain)
    ordinals = tuple(int(w) for w in plain.split() if w.isdigit())
    words = [w for w in _DROPPED.sub(" ", plain).split() if w != "," and not w.isdigit()]
    named = [w for w in words if w not in ("china", "chinese")]
    words = named if named or types or specialties or ordinals else words
    types += sorted({w for w in words if w in _KIND_WORDS})
    words = [w for w in words if w not in _KIND_WORDS]
    ranked = _RANK.search(ranks)
    if ranked and not (
        words or types or specialties or ordinals or (cities and ranked[0] != "city")
    ):
        # "Taizhou Hospital of Zhejiang Province" says where Taizhou is.
        types.append("municipal" if ranked[0] == "city" else "provincial")
    proper = "".join(words)
    if any(n >= 100 for n in ordinals) and {"pla", "military"} & {*types, proper}:
        # The army numbers its hospitals throughout the country: the number is the name.
        words, proper, types = ["pla"], "pla", []
    place = (cities or provinces or [""])[0]
    if provincial and provinces and "jilin" not in cities:
        place = provinces[0] if not cities or "people" in types else place
    university, seat = universities[0] if universities else (around.university, around.seat)
    place, homonym = told_apart(place, [*provinces, around.province])
    if university and repair:
        proper = _repaired_name(proper, university)
    if proper in ("plageneral", "navygeneral", "airforcegeneral") and not place:
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
            or "district" in types  # 鼓楼区 is a district of four cities
            or len(proper) < 3
            or all(w in _COMMON or w in known.latin_cities() for w in words)
        ),
        types=tuple(types),
        part=part,
        homonym=homonym,
    )


def _holds(place: str, city: str) -> bool:
    """Whether a place, a city or the code of a province, is a city or holds it."""
    return place == city or place in known.latin_cities().get(city, frozenset())


@lru_cache(maxsize=1)
def _names_by_university() -> dict[str, tuple[str, ...]]:
    """The proper names of the known hospitals of each university."""
    found: dict[str, set[str]] = {}
    for hospital in known.hospitals():
        for name in hospital.en:
            slots = slots_of(plain_words(name), Slots(), repair=False)
            if slots.university and slots.proper:
                found.setdefault(slots.university, set()).add(slots.proper)
    return {university: tuple(sorted(names)) for university, names in found.items()}


def _repaired_name(proper: str, university: str) -> str:
    """A mistyped name of a known hospital of this university: the vocabulary is closed.

    >>> _repaired_name("rujin", "上海交通大学"), _repaired_name("rujin", "复旦大学")
    ('ruijin', 'rujin')
    """
    names = _names_by_university().get(university, ())
    if len(proper) < 5 or proper in names or proper in known.latin_cities():
        return proper
    near = [n for n in names if len(n) > 5 and n[0] == proper[0] and edits(proper, n) == 1]
    return near[0] if len(near) == 1 else proper


def _take_part(plain: str) -> tuple[str, str]:
    """The text of the whole, and the campus or branch that the name says to be of it."""
    if (found := _CAMPUS.search(plain)) and SURE_HEAD.search(
        plain[: found.start()] + plain[found.end() :]
    ):
        words = [w for w in found[1].split() if w not in GLUE and w not in ("hospital", ",")]
        rest = plain[: found.start()] + " " + plain[found.end() :]
        return re.sub(r"^\s*(?:of|,)\s+", "", rest.strip()), "".join(words)
    # "The Second Affiliated Hospital and Invented Children's Hospital of X University": both names
    # are one hospital's, and the university is that of the first too.
    plain = _ALSO_CALLED.sub(r"\1", plain)
    heads = list(_TWO_HEADS.finditer(plain))
    if len(heads) == 2:
        between = plain[heads[0].end() : heads[1].start()]
        after = plain[heads[0].end() :]
        if joined := re.match(r" (?:of|affiliated to|affiliated with|at|in) (?:the )?", after):
            own = plain[: heads[0].end()]
            whole = after[joined.end() :]
            if "university" not in between.split()[:3] or "hospital" in whole:
                return whole, "".join(w for w in own.split() if w not in GLUE and w != "hospital")
        elif between.strip() and "university" not in between and "of" not in between.split():
            return plain[: heads[0].end()], "".join(between.split())
    return plain, ""
