"""What printed words amount to, for every extractor: lists, organizations, places."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.codes import Words
from kg.fields import Fields
from kg.names.kinds import told_by_words
from kg.said import Place, Said, Texts, joined
from kg.values import narrow, one_line

_LIST_BREAK = re.compile(r"[;；、，,]|\s{2,}")
_ZH_ORGANIZATION = re.compile(
    r"(医院|大学|学院|研究院|研究所|研究中心|医学中心|医疗中心|中心|保健院|防治院|公司|集团|基金会|委员会|基金委|"
    r"卫健委|科技局|科技厅|卫生局|卫生厅|科学院|协会|学会|总院|分院|卫生院|疗养院|药厂|药业)$"
)
_EN_ORGANIZATION = re.compile(
    r"\b(hospitals?|universit\w+|colleges?|institutes?|academy|cent(?:er|re)|clinic|compan(?:y|ies)|"
    r"corporation|foundation|association|society|council|ministry|bureau|department of|"
    r"ltd|inc|llc|gmbh|pharmaceuticals?|commission|laborator(?:y|ies)|"
    r"faculdade|facultad|conselho|consejo|minist[eé]rio|\w*ministerium|forschungsgemeinschaft)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\s*(?:dr|prof|mr|mrs|ms)\b\.?\s*\w", re.IGNORECASE)
# Words that tell an organization as part of its name, and name none by themselves.
_COMMON = frozenset(
    ["government", "school", "faculty", "oncology", "pharmacy", "laboratory", "lab", "network",
     "partners", "systems", "international", "group", "alliance", "consortium", "trust", "army",
     "agency", "authority", "committee", "healthcare", "industries", "technology", "pharma"]
)  # fmt: skip
# Words of grants, programmes and self-financing: such a text is not an organization itself.
_A_GRANT = re.compile(
    r"自选|自筹|项目|课题|计划|专项|经费|资助|人才|工程|编号|[\d]{3}|self|fund(?:s|ed|ing)?\b(?!ation)|"
    r"\bgrant|project|program|talent|support|budget|\bown\b",
    re.IGNORECASE,
)


def list_of(text: str) -> list[str]:
    """The items of a field that may list several numbers.

    Separators are those people type; a text is only cut where every part holds a digit, because
    one number may hold any of them.

    >>> list_of("202301-105-02；202301-105-01"), list_of("KY-A, 2025 (1)")
    (['202301-105-02', '202301-105-01'], ['KY-A, 2025 (1)'])
    """
    parts = [part for part in map(one_line, _LIST_BREAK.split(text)) if part]
    if len(parts) > 1 and all(re.search(r"\d", part) for part in parts):
        return list(dict.fromkeys(parts))
    return [one_line(text)]


_ITEM = re.compile(r"(?:^|[;；,，。\s])\s*[(（]?(\d{1,2})[.)）、．](?![\d.])\s*")


def numbered(text: str) -> list[str]:
    """The items of a list numbered from 1 in a text of one line; none where it is no such list.

    >>> numbered("1.First Hospital; 2. Second, Hospital"), numbered("1、甲医院；2、乙医院")
    (['First Hospital', 'Second, Hospital'], ['甲医院', '乙医院'])
    >>> numbered("First; 2. Second"), numbered("1. Only"), numbered("1. A; 3. B")
    ([], [], [])
    """
    marks = list(_ITEM.finditer(text))
    known = [int(mark[1]) for mark in marks]
    if len(marks) < 2 or marks[0].start() or known != list(range(1, len(marks) + 1)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found = [text[m.end() : end].strip(" ;；,，。") for m, end in zip(marks, ends, strict=True)]
    return found if all(found) else []


def items_of(said: Said[str]) -> tuple[Said[str], ...]:
    """The items of a numbered list, each with the place of the field; else the field itself."""
    return tuple(said.but(one, one) for one in numbered(said.value or "")) or (said,)


def is_organization(text: Texts) -> bool:
    """Whether a funding text *is* an organization, and not a grant, a programme or "self funding".

    The Chinese text decides where there is one.
    """
    zh = text.zh.value if text.zh else None
    if zh:
        plain = one_line(narrow(zh))
        return bool(_ZH_ORGANIZATION.search(plain)) and not _A_GRANT.search(plain)
    en = (text.en.value if text.en else None) or ""
    first, comma, _ = en.partition(",")
    if comma and _TITLED.match(first) and not told_by_words(one_line(first)):
        return False  # "Dr Jane Example, Example College": a person, and where to find them
    told = bool(_EN_ORGANIZATION.search(en)) or (
        told_by_words(one_line(en)) == "organization" and en.strip(" .").casefold() not in _COMMON
    )
    return told and not _A_GRANT.search(en)


def place(f: Fields, *, zh: str, en: str, within: Place | None = None) -> Place | None:
    """The place that two labels name; None for a blank.

    A word of the place table gives its ISO code; another name stays as printed.
    """
    name = f.texts(zh=zh, en=en)
    if not name:
        return None
    return place_named(name, f.registry, within)


def place_named(name: Texts, registry: str, within: Place | None = None) -> Place:
    """The place of a printed name: its ISO code if the table knows one that lies ``within``.

    Georgia in the United States is not the country, nor is Lebanon in New Hampshire, and 吉林 as a
    city is not its province; only a municipality is city and province at once.
    """
    words = Words.load()
    for said in name:
        for code in (said and said.value and words.concepts("place", registry, said.value)) or ():
            if _lies_within(code, _coded(within)):
                return Place(code, name, within)
    return Place(None, name, within)


def _coded(place: Place | None) -> str | None:
    """The code of a place, or of the nearest place around it that has one."""
    while place is not None and place.code is None:
        place = place.within
    return place.code if place else None


_MUNICIPALITIES = ("CN-BJ", "CN-SH", "CN-TJ", "CN-CQ")


def _lies_within(code: str, outer: str | None) -> bool:
    if outer is None:
        return True
    return code.startswith(f"{outer}-") or (code == outer and code in _MUNICIPALITIES)


def distinct(places: Iterable[Place | None]) -> tuple[Place, ...]:
    """Each place once, in the order given; None left out."""
    found: dict[tuple[str | None, str], Place] = {}
    for one in places:
        if one is not None:
            found.setdefault((one.code, "" if one.code else one.name.label), one)
    return tuple(found.values())


def gathered(places: Iterable[Place | None]) -> tuple[Place, ...]:
    """Each place once, in the order given, with every field that names it (England, UK)."""
    found: dict[tuple[str | None, str], Place] = {}
    for one in places:
        if one is None:
            continue
        key = (one.code, "" if one.code else one.name.label)
        known = found.get(key)
        found[key] = one if known is None else known._replace(name=_both(known.name, one.name))
    return tuple(found.values())


def _both(first: Texts, second: Texts) -> Texts:
    """The first name, told by the fields of both."""
    made = [
        joined(a.value, (a, b)) if a and b and b.value else a or b
        for a, b in zip(first, second, strict=True)
    ]
    return Texts(*made)


# What the Chinese registry writes in front of the title of a withdrawn trial. "Cancelled" alone
# proves nothing: trials study cancelled operations.
_CANCEL_NOTE = re.compile(
    r"cancell?ed\s*(?:by\s+(?:the\s+)?investigators?|,?\s*due\s+to\s+(?:the\s+)?"
    r"(?:lack\s+of\s+(?:patient|participant)s?|modif(?:y|ication\s+of)\s+the\s+protocol))\b",
    re.IGNORECASE,
)


def cancel_note(title: str) -> str | None:
    """The note in front of a title that the trial was cancelled; None where there is none.

    >>> cancel_note("Cancelled, due to modify the protocol   Example Drug for Example Disease")
    'Cancelled, due to modify the protocol'
    >>> cancel_note("Cancelled operations in an example hospital") is None
    True
    """
    found = _CANCEL_NOTE.match(one_line(title))
    return found[0] if found else None
