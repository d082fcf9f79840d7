"""Street addresses: whether a text is one, or holds one. No output may hold a person's street.

A street is told by its words (road, rue, 路) and by numbers that belong to no name. Hospitals are
named after streets and have numbers, too: a word that an institution follows is part of its name.
"""

from __future__ import annotations

import re

from kg.values import narrow, one_line

_LONGEST = 300  # letters; longer texts are neither a name nor an address

# A street with its number, either way round; a post box.
_STREET = (
    r"street|st\.?|road|rd\.?|avenue|ave?\.?|boulevard|blvd\.?|lane|drive|square|highway|rue|via"
    r"|viale|piazza|calle|plaza|rua"
    r"|avenida|allee|weg|platz"
)
_ADDRESS = re.compile(
    rf"\d+\w?,?\s+(?:[\w.'-]+\s+){{0,4}}(?:{_STREET})\b.*"
    rf"|(?:{_STREET})\s+(?:[\w.'-]+\s+){{0,4}}\d+.*"
    r"|\w+(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|straat|laan|vägen|gatan|vej)\s+\d+.*"
    r"|p\.?\s?o\.?\s?box\b.*|.*\d号.*",
    re.IGNORECASE,
)
# A Chinese street without its number. 路 also ends people's names: of four letters only a point of
# the compass tells a street (花园北路), of more any. The divisions of the country tell it, too.
_ZH_STREET = re.compile(
    r"[\u3400-\u9fff]{4,}(?:路|街|巷|弄|街道)|[\u3400-\u9fff]{2}[东西南北中]路"
    r"|[\u3400-\u9fff]{2,}(?:大道|大街|胡同)"
    r"|(?:[\u3400-\u9fff]{2,}?(?:省|自治区|市|自治州|区|县|镇|乡|街道)){2,}"
    r"|[\u3400-\u9fff]{2,}?(?:省|市|区|县|镇|乡)[\u3400-\u9fff]+(?:路|街|巷|弄|村|大厦|小区)"
    r"|.*[\u3400-\u9fff](?:路|街|巷|弄|胡同|大道)\s*[\d一二三四五六七八九十百]+(?:号.*)?"
)

# -- a street inside what may be a name ------------------------------------------------------------

_INSTITUTION = (
    r"hospi|ospedal|h[ôo]pit|klini|clini|cl[íi]nic|spital|szpital|sjukhus|sykehus|sygehus|ziekenhu"
    r"|krankenh|universi|colleg|coll[èe]ge|institut|istitut|cent(?:er|re|ro|rum)\b|zentrum|school"
    r"|facult|academ|foundation|fondation|fundaci|health|medical|infirmary|surgery\b|practice\b"
    r"|laborator|compan|department|больниц|клиник|институт|университет|центр"
    r"|医院|大学|学院|研究|中心|诊所|卫生|门诊|保健|社区|公司|分院|院区|总院"
)
_HAS_INSTITUTION = re.compile(_INSTITUTION, re.IGNORECASE)
_NUMBERED = re.compile(
    rf"\b\d+\w?,?\s+(?:[\w.'-]+\s+){{0,4}}(?:{_STREET})(?!\w)|\d号", re.IGNORECASE
)
_STREET_WORD = re.compile(
    r"\b(?:street|road|rd|avenue|ave|boulevard|blvd|lane|drive|square|highway|rue|via|viale|piazza"
    r"|calle|plaza|rua|avenida|allee|weg|platz|jalan|ulica|ul\.|marg|nagar|colony|plot|sector|block"
    r"|floor|room|suite|flat|near|opposite|behind|lu|jie|dadao|dajie|pin ?code)\b|\bst\.?$"
    r"|p\.?\s?o\.?\s?box\b|\w{3,}(?:stra(?:ß|ss)e|str\.|gasse|straat|laan|vägen|gatan)(?!\w)"
    r"|(?:(?:路|街|巷|弄|胡同|大道)(?=$|[\s\d(]|[一二三四五六七八九十百甲乙丙]+号)|(?<=[东西南北中一二三四五])路)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_ORDINAL = re.compile(r"(?:\bno\.?|\bnr\.?|\bn[°º]|№|#)\s*$", re.IGNORECASE)
_HOUSE = re.compile(r"(?<!第)[\d一二三四五六七八九十百]+\s*(?:号|弄|室|楼|层|栋|幢|单元|房)")


def is_address(text: str) -> bool:
    """Whether a text is a street, in Chinese also without its number; no output may hold one.

    >>> is_address("12 Example Road"), is_address("示例市示例区示例北路"), is_address("王路")
    (True, True, False)
    """
    if len(text) > _LONGEST:
        return False
    return any(street.fullmatch(text) for street in (_ADDRESS, _ZH_STREET))


def holds_street(text: str) -> bool:
    """Whether a text holds a street, a post box, or a number that is part of no name.

    >>> holds_street("Example University Hospital"), holds_street("Invented Street Hospital")
    (False, False)
    >>> holds_street("No. 5 Invented People's Hospital"), holds_street("示例市南京路医院")
    (False, False)
    >>> holds_street("Example Hospital, 12 Example Road"), holds_street("示例市示例北路49号")
    (True, True)
    """
    bare = narrow(text)
    if len(bare) > _LONGEST or _NUMBERED.search(bare):
        return True
    parts = re.split("[,;、\n]", bare)
    return any(_is_of_a_street(one_line(part)) for part in parts)


def _is_of_a_street(part: str) -> bool:
    if _HOUSE.search(part):
        return True
    if any(not _names_it(part[word.end() :]) for word in _STREET_WORD.finditer(part)):
        return True
    return any(not _is_of_a_name(part, number) for number in _NUMBER.finditer(part))


def _names_it(behind: str) -> bool:
    """Whether a street's word goes on as an institution's name: Invented Street Hospital."""
    return _HAS_INSTITUTION.search(behind) is not None


def _is_of_a_name(part: str, number: re.Match[str]) -> bool:
    """Whether a number belongs to an institution: 301 Hospital, City Hospital No. 1."""
    before, behind = part[: number.start()], part[number.end() :]
    if _HAS_INSTITUTION.search(behind):
        return True
    is_numbered = not behind and _ORDINAL.search(before) is not None
    return is_numbered and _HAS_INSTITUTION.search(before) is not None


# -- a street behind a name ------------------------------------------------------------------------

_WORDS = r"(?:[\w.'’-]+\s+)"
# A street with its number, as people write it in one part of a text, up to the end of the part.
_TAIL = re.compile(
    rf"""
    (?:
      (?:\b(?:no|nr)\.?\s*)?\b\d{{1,5}}(?:[-/]\d{{1,4}})*[A-Za-z]?\s+{_WORDS}{{1,4}}?
      (?:street|str?|road|rd|avenue|ave|boulevard|blvd|drive|dr|lane|ln|pike|parkway|pkwy|highway
        |hwy|square|terrace|place|plaza|court|circle|way)\.?
      (?:\s+(?:[ns]\.?\s?[ew]?\.?|[ew]\.?|(?:suite|ste|unit|floor|room|rm|apt|bldg|box)\b.*|\#.*))?
    | \b\d{{1,5}}\s?(?:bis|ter|[a-z])?\s+(?:rue|avenue|av\.|boulevard|bd\.?|chemin|all[ée]e|quai
        |impasse|via|viale|calle|rua|avenida)\s+\S.*
    | \b(?:via|viale|piazza|piazzale|corso|calle|c/|avenida|avda?\.|avenue|rua|rue|paseo|ul\.|ulica
        |jalan|jl\.)\s+{_WORDS}{{0,4}}[\w.'’-]+\s+(?:n[.°º]?\s?)?\d{{1,5}}[A-Za-z]?
    | (?:\b(?:dr|prof|st)\.?\s+)?(?:\b[\w.'’-]+\s+|\b\w+)
      (?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee|straat|laan|singel|plein|kade|gracht|dreef
        |steenweg|vägen|gatan|vej|veien|gata)
      \s+\d{{1,5}}\s?[A-Za-z]?(?:\s?[-–/]\s?\d+\s?[A-Za-z]?)?
    | \bp\.?\s?o\.?\s?box\b.*
    | \b\d{{1,4}}(?:-\d{{1,4}}){{0,3}}\s+[\w-]+-(?:ku|cho|machi|dori|shi|gun|ro|gil|daero|dong|gu)
    | \b\w+-(?:ku|cho|machi|dori|ro|gil|daero)\s+\d{{1,4}}(?:-\d{{1,4}}){{0,3}}
    | (?:^|(?<=[院校所心学司\s]))(?:(?!医院|大学|学院|中心|诊所|公司|研究)[\u3400-\u9fff]){{1,12}}
      \d{{1,5}}\s*[号弄].*
    )[\s.]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Far cheaper than the pattern: without any of these in it no text has such a street. "_": a blank.
_IN_STREETS = """
    _st str. rd road ave av. boul bd blvd drive dr lane ln pike parkway pkwy highway hwy
    square terrace place plaza court circle way rue chemin allée quai impasse via calle rua
    piazza corso c/ avda avenida paseo ul. ulica jalan jl. straße strasse weg gasse platz
    allee straat laan singel plein kade gracht dreef vägen gatan vej veien gata box -ku -cho
    -machi -dori -shi -gun -ro -gil -daero -dong -gu 号 弄
"""
_SIGNS = tuple(sign.replace("_", " ") for sign in _IN_STREETS.split())
_HOUSE_BEFORE = re.compile(
    r"(?:^|(?<=[,;(]))(\s*(?:no\.?\s*)?\d{1,5}[A-Za-z]?),(?=\s)", re.IGNORECASE
)
_HOUSE_BEHIND = re.compile(r"([^,;()]+),(\s*\d{1,5}[A-Za-z]?)(?=\s*(?:$|[,;)]))")
_PARTS = re.compile(r"(\s*[,;]\s*)")


def without_street(name: str) -> str:
    """The name of an institution without the street that people write beside it; "" for a street.

    Of what stands behind a street only what names an institution is kept.

    >>> without_street("Invented Center, 9000 Example Pike"), without_street("A, 2nd Clinic")
    ('Invented Center', 'A, 2nd Clinic')
    >>> without_street("Department of Neurology 42 Example St. SE, Box 486 Exampleville")
    'Department of Neurology'
    >>> without_street("Clinic W (12 Main Street)"), without_street("Unit 5, St. Example Hospital")
    ('Clinic W', 'Unit 5, St. Example Hospital')
    >>> without_street("16 Medical Center Drive"), without_street("Musterstraße 5, Klinik Muster")
    ('', 'Klinik Muster')
    """
    if len(name) > _LONGEST or not any(map(str.isdigit, name)):
        return name
    low = name.lower()
    if not any(sign in low for sign in _SIGNS):
        return name
    bare = re.sub(r"\s*\(([^()]*)\)", lambda m: "" if _TAIL.search(m[1]) else m[0], name)
    pieces = _PARTS.split(_HOUSE_BEFORE.sub(r"\1", _HOUSE_BEHIND.sub(_beside, bare)))
    kept: list[str] = []
    cut = False
    for before, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if found := _TAIL.search(piece):
            cut = True
            piece = piece[: found.start()].rstrip(" -–:")
        elif cut and not _HAS_INSTITUTION.search(piece):
            continue
        if piece:
            kept.append(before + piece)
    return "".join(kept).strip(" ,;") if cut else bare


def _beside(found: re.Match[str]) -> str:
    """A part and the number behind its comma: one part where they are a street."""
    joined = found[1] + found[2]
    return joined if _TAIL.search(joined) else found[0]
