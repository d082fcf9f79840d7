"""Who a name field names: people and their degrees, organizations, offices, or nobody.

A registry's name field holds one person, several, a degree, a call centre or a telephone number.
Order inside a Latin name proves nothing and is kept as printed. Degrees: ``kg.names.degrees``; what
is a person: ``kg.names.kinds``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.contacts.streets import is_address
from kg.names.degrees import is_degree, split_degree
from kg.names.job_titles import is_company_like, is_discipline, is_job
from kg.names.kinds import Kind, kind_of, says_nothing, told_by_words
from kg.values import narrow, one_line

__all__ = ["Name", "Named", "Person", "is_person", "named", "split_degree"]

_ZH_BREAK = re.compile(r"[;；、,，/\n]|\s{2,}")
_FIELD_BREAK = re.compile(r"[;；、\n]")
# What became of a separator that a program could not print, never of a letter: "Jia Wang?Yi Chen".
_LOST_BREAK = re.compile(
    r"(?<=[\u3400-\u9fff]{2})\s*[?？\ufffd]+\s*(?=[\u3400-\u9fff]{2})"
    r"|(?<=[a-z][a-z.])[?？\ufffd]+(?=[A-Z][a-z]+[ -][A-Z])"
)
# "A/Prof Jane Roe" is one person with a title.
_EN_BREAK = re.compile(
    r"(?:(?<!\bA)(?<!\bCl)(?<!\bAss)(?<!\bAssoc)(?<!\bAdj)(?<!\bClin)/|/(?!\s*Prof))|&|\band\b",
    re.IGNORECASE,
)
# "Invented Systems, Inc." is one name.
_LEGAL_FORM = re.compile(
    r"\b(?:inc|ltd|llc|corp|co|gmbh|plc|ag|kg|s\.?a|b\.?v|a/s)\b\.?", re.IGNORECASE
)
_COMMA = re.compile(r"(\s*[,，][\s,，]*)")
# "Prof/Dr Jia Wang" is one person.
_TITLE_ONLY = re.compile(r"(?:Prof(?:essor)?|Dr|Doctor|Mrs?|Ms|Miss)\.?", re.IGNORECASE)
_ACADEMIC = re.compile(r"\bprof(?:essor)?\b|\blecturer\b", re.IGNORECASE)
# What somebody is at a firm; beside its name it is an office.
_AT_A_FIRM = re.compile(
    r"director|manager|president|officer|monitor|lead|head|coordinator|contact|(?-i:\b[SEA]?VP\b"
    r"|\bC[EMSOFT]O\b)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


class _Piece(NamedTuple):
    """What stands between two commas, the comma before it, and the degrees and jobs behind it."""

    comma: str
    name: str
    behind: str = ""

    @property
    def text(self) -> str:
        return self.name + self.behind


class Person(NamedTuple):
    """One person as printed in Chinese and in Latin letters, with the degree split off."""

    zh: str | None
    en: str | None
    degree: str | None


class Name(NamedTuple):
    """A printed name in Chinese and in Latin letters."""

    zh: str | None
    en: str | None


class Named(NamedTuple):
    """What a name field names. ``paired``: both languages name as many people.

    ``offices`` are departments, call centres and job titles; ``junk`` names nobody at all.
    """

    people: tuple[Person, ...] = ()
    organizations: tuple[Name, ...] = ()
    offices: tuple[Name, ...] = ()
    junk_zh: tuple[str, ...] = ()
    junk_en: tuple[str, ...] = ()
    paired: bool = True


@dataclass(slots=True)
class _Found:
    """What one language of a field names, in printed order."""

    people: list[tuple[str, str | None]] = field(default_factory=list)
    organizations: list[str] = field(default_factory=list)
    offices: list[str] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)


@lru_cache(maxsize=4096)
def named(zh: str | None, en: str | None) -> Named:
    """What a name field names in its two languages; people are paired by position.

    The Chinese field says how many there are; a comma separates Latin names only if every part
    has two words or the parts are as many as the Chinese ones ("Yan, Zhao" is one person).

    >>> named(None, "Jia Wang, MD").people
    (Person(zh=None, en='Jia Wang', degree='MD'),)
    >>> [p[:2] for p in named("王甲; 陈乙", "Jia Wang, Yi Chen").people]
    [('王甲', 'Jia Wang'), ('陈乙', 'Yi Chen')]
    >>> named(None, "Medical Director").offices
    (Name(zh=None, en='Medical Director'),)
    """
    zh, en = (text and _LOST_BREAK.sub(";", text) for text in (zh, en))
    chinese = _read(_ZH_BREAK.split(zh)) if zh else _Found()
    latin = _read(_latin_parts(en, len(chinese.people))) if en else _Found()
    people, paired = _people(chinese.people, latin.people)
    return Named(
        people=people,
        organizations=_names(chinese.organizations, latin.organizations),
        offices=_names(chinese.offices, latin.offices),
        junk_zh=tuple(chinese.junk),
        junk_en=tuple(latin.junk),
        paired=paired,
    )


def is_person(name: str) -> bool:
    """Whether a name can be a person's: not a number, an address, an office, an organization.

    >>> is_person("王甲"), is_person("Central Contact"), is_person("138 0000 0000")
    (True, False, False)
    """
    text = one_line(name)
    return kind_of(split_degree(text)[0]) == "person" and not is_degree(text)


def _read(parts: Iterable[str]) -> _Found:
    found = _Found()
    for text in filter(None, map(one_line, parts)):
        alone = len(text.split()) == 1 or told_by_words(text) is None  # "PhD", no job title
        if is_degree(text) and alone and found.people:
            name, degree = found.people[-1]  # "Jia Wang, MD; PhD"
            found.people[-1] = (name, ", ".join(filter(None, (degree, text))))
            continue
        whole, (name, degree) = kind_of(text), _divided(text)
        kind: Kind = kind_of(name) if name else whole
        if is_degree(text) or _is_office(name, degree, kind):
            found.offices.append(text)
        elif kind == "person":
            found.people.append((name, degree))
        elif whole == "office":
            found.offices.append(text)
        elif "organization" in (whole, kind):
            found.organizations.append(text)
        elif kind == "office":
            found.offices.append(text)
        else:
            found.junk.append("[address removed]" if is_address(narrow(text)) else text)
    return found


def _divided(text: str) -> tuple[str, str | None]:
    """A name, and its degrees with the field of medicine printed behind it.

    >>> _divided("Ann Example, Internal Medicine")
    ('Ann Example', 'Internal Medicine')
    """
    name, degree = split_degree(text)
    before, _, last = name.rpartition(",")
    if len(before.split()) > 1 and is_discipline(last):
        name, first = _divided(before)  # "Ann Example, MD, Cardiology"
        degree = ", ".join(filter(None, (first, last.strip(), degree)))
    return name, degree


def _is_office(name: str, job: str | None, kind: Kind) -> bool:
    """Whether a job and the name beside it are an office: of a firm, or with no person's name."""
    first = name.partition(",")[0]
    if len(first.split()) > 1 and first != name and is_degree(first):
        return True  # "Senior Vice President, Invented Bio"
    at_a_firm = job is not None and _AT_A_FIRM.search(job) is not None
    # One word beside nothing but a job is a firm as likely as a person.
    is_firm = is_company_like(name) or (len(name.split()) == 1 and is_job(job or ""))
    return at_a_firm and (kind == "organization" or (kind == "person" and is_firm))


def _people(
    han: list[tuple[str, str | None]], latin: list[tuple[str, str | None]]
) -> tuple[tuple[Person, ...], bool]:
    """The people of both languages as one list; False where they are not as many."""
    if not han or not latin:
        only = [Person(n, None, d) for n, d in han] + [Person(None, n, d) for n, d in latin]
        return tuple(dict.fromkeys(only)), True
    if len(han) != len(latin):
        return tuple(dict.fromkeys(Person(n, None, d) for n, d in han)), False
    pairs = zip(han, latin, strict=True)
    return tuple(dict.fromkeys(Person(z, e, zd or ed) for (z, zd), (e, ed) in pairs)), True


def _names(han: list[str], latin: list[str]) -> tuple[Name, ...]:
    """Offices or organizations of both languages: paired when as many, else each by itself."""
    if len(han) == len(latin):
        return tuple(dict.fromkeys(map(Name, han, latin)))
    return tuple(dict.fromkeys([*(Name(n, None) for n in han), *(Name(None, n) for n in latin)]))


def _latin_parts(text: str, chinese: int) -> list[str]:
    """The names that a Latin field lists, each still with its degrees."""
    parts = []
    for part in filter(None, map(one_line, _FIELD_BREAK.split(text))):
        pieces = _pieces(part)
        name = ", ".join(_divided(piece.text)[0] for piece in pieces)
        told = told_by_words(narrow(name))
        if is_degree(part) or says_nothing(part):
            parts.append(part)
        elif told == "office":
            parts.append(_job_first(pieces) or part)
        elif told == "organization":
            parts += _before_organization(pieces) or [part]
        else:
            for listed in _cut(pieces):
                parts += _by_comma(listed, chinese)
    return parts


def _pieces(part: str) -> list[_Piece]:
    """What commas divide, each with what is no name behind it.

    >>> [p.text for p in _pieces("Jane Public, MD, Head, Department of Surgery, Ann Example")]
    ['Jane Public, MD, Head, Department of Surgery', 'Ann Example']
    """
    first, *rest = _COMMA.split(part)
    if not rest:
        return [_Piece("", part)]
    printed = [_Piece("", first), *map(_Piece, rest[::2], rest[1::2])]
    pieces: list[_Piece] = []
    at = 0
    while at < len(printed):
        # "Head" alone may be a name, "Head, Department of Surgery" is none.
        upto = next((at + n for n in (3, 2, 1) if _no_name(_printed(printed[at : at + n]))), at)
        more = printed[at : max(upto, at + 1)]
        if pieces and upto > at:
            pieces[-1] = _with(pieces[-1], more)
        else:
            pieces.append(_Piece(more[0].comma, _printed(more)))
        at += len(more)
    return pieces


def _printed(pieces: Sequence[_Piece]) -> str:
    """Pieces as they stood in print."""
    return "".join(piece.comma + piece.text for piece in pieces)[len(pieces[0].comma) :]


def _with(piece: _Piece, behind: Sequence[_Piece]) -> _Piece:
    more = "".join(one.comma + one.text for one in behind)
    return piece._replace(behind=piece.behind + more)


def _no_name(printed: str) -> bool:
    """Whether a piece is degrees, jobs, a suffix or a field of medicine ("and PhD")."""
    suffix = _SUFFIX.fullmatch(printed)
    return is_degree(printed) or suffix is not None or is_discipline(printed)


def _cut(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Lists joined by strokes or "and", never inside degrees ("MD/PhD") and jobs."""
    lists: list[list[_Piece]] = [[]]
    for piece in pieces:
        names = _cut_name(piece.name)
        if len(names) > 1 and lists[-1] and is_degree(names[0]):  # "…, Professor and Yi Chen"
            lists[-1][-1] = _with(lists[-1][-1], [_Piece(piece.comma, names[0])])
            lists.append([])
            del names[0]
        if lists[-1] and _EN_BREAK.match(piece.name):  # "Wang, Jia, and Chen, Yi"
            lists.append([])
        lists[-1].append(piece._replace(name=names[0], behind=""))
        lists += [[_Piece("", name)] for name in names[1:]]
        lists[-1][-1] = lists[-1][-1]._replace(behind=piece.behind)
    return lists


def _cut_name(text: str) -> list[str]:
    cut: list[str] = []
    start = 0
    for found in [*_EN_BREAK.finditer(text), None]:
        piece = text[start : found.start() if found else None].strip()
        if cut and is_degree(text[start:]):
            cut[-1] = f"{cut[-1]}/{text[start:].strip()}"
            break
        no_name = is_degree(piece) or not any(map(str.isalpha, piece))
        title_cut = start and text[start - 1] == "/" and cut and _TITLE_ONLY.fullmatch(cut[-1])
        if cut and piece and (no_name or title_cut):
            cut[-1] = f"{cut[-1]}/{piece}"
        elif piece:
            cut.append(piece)
        start = found.end() if found else len(text)
    return cut or [text]


def _by_comma(pieces: list[_Piece], chinese: int) -> list[str]:
    whole = _printed(pieces)
    if kind_of(pieces[0].name) == "office" or is_degree(pieces[0].name):
        return [_job_first(pieces) or whole]
    names = [_divided(piece.text)[0] for piece in pieces]
    whole_names = all(len(name.split()) >= 2 for name in names)
    if len(pieces) > 1 and (whole_names or len(pieces) == chinese):
        return [piece.text for piece in pieces]
    return [whole]


def _job_first(pieces: list[_Piece]) -> str | None:
    """ "Medical Director, Jia Wang, MD" with the person first.

    A degree says that a person is named, or an academic title, for firms have none.
    """
    job = pieces[0].name
    if len(pieces) != 2 or pieces[0].behind or not is_degree(job):
        return None
    name, degree = split_degree(pieces[1].text)
    academic = _ACADEMIC.search(job) is not None
    # "MA, Jia Wang, MD" begins with a surname.
    is_told = academic or (degree is not None and len(job.split()) > 1)
    is_named = is_told and len(name.split()) > 1 and kind_of(name) == "person"
    return f"{pieces[1].text}, {job}" if is_named else None


def _before_organization(pieces: list[_Piece]) -> list[str]:
    """ "Jia Wang, Example University" names both; "Example University, Exampleton" only one."""
    first, *rest = pieces
    name = split_degree(first.text)[0]
    named_first = kind_of(name) == "person" and len(first.name.split()) in (2, 3, 4)
    if rest and named_first and kind_of(_LEGAL_FORM.sub("", _printed(rest))) == "organization":
        return [first.text, _printed(rest)]
    return []
