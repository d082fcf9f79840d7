"""Degrees, titles and job titles around a person's name, and the name without them.

Letters that are also names (Ma, Do, Ms) count as a degree only behind a comma and in capitals.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.values import has_han

LONGEST = 300  # letters of what can be one name with its degrees; longer texts are not searched

# Where a dot may stand in print: M.D, also MD and M. D.
_SURE = """
    M.D M.D.S Ph.D D.Phil M.Phil Pharm.D D.Pharm B.Pharm M.Pharm R.Ph M.Sc M.Sc.Eng M.S.C.E
    M.S.C.I M.S.C.R M.S.c B.S.c B.Sc D.Sc Sc.D Sc.B M.P.H Dr.P.H D.P.H M.B.B.S M.B.Ch.B M.B.B.Ch
    B.M.B.S B.M.B.Ch M.B B.Ch B.S.N M.S.N D.N.P C.N.P A.P.R.N A.R.N.P C.R.N.P F.N.P N.P R.N B.N
    L.P.N C.C.R.P C.C.R.C C.C.R.N C.R.C C.R.A O.C.N M.H.S M.H.Sc M.H.A M.P.A M.P.P M.B.A M.Ed
    Ed.D M.S.W L.C.S.W D.D.S D.M.D B.D.S D.V.M D.P.T Psy.D P.A-C P.A.C J.D L.L.M D.N.B M.Ch
    F.R.C.P F.R.C.P.C F.R.C.S F.R.C.S.C F.R.C.A F.R.C.R F.R.C.P.C.H F.R.C.O.G F.R.C.Path
    F.R.A.C.P F.R.A.C.S F.R.A.N.Z.C.P F.R.C.Psych M.R.C.P M.R.C.P.C.H M.R.C.S M.R.C.Psych
    F.A.C.C F.A.C.P F.A.C.S F.A.C.G F.A.C.E.P F.A.C.O.G F.A.A.N F.A.A.P F.A.H.A F.A.S.N F.A.S.T
    F.A.A.C.P F.E.S.C F.C.C.P F.C.C.M F.I.D.S.A F.S.C.A.I F.H.R.S F.Med.Sci F.R.S F.R.S.C B.A.Sc
    M.A.Sc M.Med M.Med.Sc Dr.Int.Med Ph.D.c M.C.I M.C.R M.R.e.s A.P.N C.N.S R.D R.D.N P.T.A
    C.P.A D.A.B.R D.Med.Sc
"""
_ALSO_NAMES = (
    "D.O D.M M.A M.S B.S B.A M.N P.T O.T P.A P.D P.I D.C D.S D.P.M Pr Esq O.B.E C.B.E M.B.E Dr.h.c"
)
_WORDS = r"""
    (?:Associate|Assistant|Adjunct|Full|Emeritus|Asst\.?|Assoc\.?|Ass\.?)\s+Prof(?:essor)?\.?
    Univ(?:ersitäts)?\.?-?\s?Prof(?:essor)?\.?  Prof(?:essor)?\.?a?
    D?Dra?\.?(?:\s?(?:med|rer|nat|dent|phil|habil|h\.c)\.?)*
    PD  Priv\.?-?\s?Doz\.?  Dipl\.?-?\s?(?:Ing|Psych|Biol|Chem)\.?  Dipl\.?  habil\.?
    (?:Medical\s+)?Ph\.?\s?D\.?
    (?:Medical\s+)?Doctor  Master(?:['’]s\s+degree)?  Bachelor  Physician  Specialist  Mme\.?
    Mr\.?  Mrs\.?  Ms\.?  Med\.?
    (?:Senior|Junior|Chief)\s+(?:Resident|Physician|Consultant|Doctor)  Consultant  Resident
    Attending\s+Physician
    (?:Site\s+)?(?:Principal\s+|Sub-?\s?|Co-?\s?|Chief\s+|Lead\s+)?Investigator
    Study\s+(?:Chair|Director|Coordinator)
    (?:Clinical\s+|Clin\.?\s+)?(?:Research|Study|Trial)\s+(?:Coord(?:inator)?|Nurse|Manager)\.?
    (?:Clinical\s+|Clin\.?\s+)?(?:Research|Study|Trial)\s+(?:Assistant|Associate)
    (?:Project|Program)\s+(?:Manager|Director|Coordinator)
    (?:Medical|Scientific)\s+(?:Director|Monitor)  Site\s*\#?\s*\d{1,7}
"""


def _spelt(dotted: str) -> str:
    """A pattern of one degree with and without its dots."""
    # A dot with a letter behind it divides two degrees: MD.PhD.
    return r"(?:\.\s?)?".join(map(re.escape, dotted.split("."))) + r"(?:\.(?!\w))?+"


def _longest_first(table: str) -> str:
    return "|".join(map(_spelt, sorted(table.split(), key=lambda d: (-len(d), d))))


_PHRASES = "|".join(re.split(r"\s{2,}|\n", _WORDS.strip()))
# Atomic, or a long row of titles could be read in exponentially many ways.
_ANY = rf"(?>(?:{_longest_first(_SURE)}|{_PHRASES}|(?-i:{_longest_first(_ALSO_NAMES)}))(?![\w'’-]))"
_BETWEEN = r"(?:[\s,，/;.&+]|\band\b)*+"
_ONLY = re.compile(rf"\s*{_ANY}(?:{_BETWEEN}{_ANY})*[\s.,，]*", re.IGNORECASE)
# Behind a comma, a full stop or an opening bracket anything of the list may follow.
_BEHIND = re.compile(
    rf"(?<=\w)[\s.]*(?:[,，(]|(?<=\w\w)\.\s)[\s(]*({_ANY}(?:{_BETWEEN}{_ANY})*)[\s.,，)]*$",
    re.IGNORECASE,
)
# Behind a blank only what is no name, written the usual way.
_USUAL = (
    r"(?:M\.?D|Ph\.?\s?D|M\.?B\.?B\.?S|M\.?Sc|B\.?Sc|M\.?P\.?H|Pharm\.?D|FRCPC?|FRCS|FACC|FACP"
    r"|FACS|DrPH|RN|BSN"
    r"|PHD|MBA|Jr\.?,? M\.?D)\.?"
)
_BEHIND_BLANK = re.compile(rf"(?<=\w)\.?\s+({_USUAL}(?:{_BETWEEN}{_ANY})*)[\s.,，]*$")
_JOB_BEHIND = re.compile(
    r"\s+((?:Senior|Junior|Chief) Resident|(?:Principal|Sub-?) ?Investigator)$", re.IGNORECASE
)
_TITLE = (
    r"(?:(?:Assoc(?:iate|\.)|Assistant|Asst\.|Ass\.|Adjunct)\s+)?(?:Univ\.?-?\s?)?(?:Prof(?:essor"
    r"|a)?|D?Dra?|Doctor|Mr|Mrs|Ms|Miss"
    r"|Mme|Sir|PD|Priv\.?-?\s?Doz|Doz|Dipl\.?-?\s?(?:Ing|Psych|Biol|Med)|med|rer\.?\s?nat|habil"
    r"|Sra?)"
)
_BEFORE = re.compile(rf"((?:{_TITLE}(?:\.\s*|\s+))+)(?=\w)", re.IGNORECASE)
_JOB_BEFORE = re.compile(
    r"((?:Principal Investigator|PI|Study (?:Director|Coordinator|Contact|Nurse)|Clin(?:ical"
    r"|\.)? Research Coord(?:inator|\.)?"
    r"|Contact(?: person)?|Attn\.?|Attention|Investigator)\s*[:,]\s*)(?=\w)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?:\w|jr|sr)$", re.IGNORECASE)  # an initial or a suffix keeps its dot
_ZH_TITLE = re.compile(
    r"(?<=.{2})\s*[（(]?(主任医师|副主任医师|主治医师|住院医师|主任护师|副主任护师|主任药师|副教授|教授|主任"
    r"|医师|医生|护士|博士|硕士|副研究员|研究员|老师|院士)[)）]?$"
)


@lru_cache(maxsize=256)
def split_degree(name: str) -> tuple[str, str | None]:
    """A name without its titles and degrees, and these as printed.

    >>> split_degree("Jia Wang, MD, PhD"), split_degree("Prof. Jia Wang"), split_degree("王甲 教授")
    (('Jia Wang', 'MD, PhD'), ('Jia Wang', 'Prof.'), ('王甲', '教授'))
    """
    if len(name) > LONGEST:
        return name, None
    found = []
    if before := _BEFORE.match(name) or _JOB_BEFORE.match(name):
        found.append(before[1].strip(" ,:"))
        name = name[before.end() :]
    while behind := (
        _BEHIND.search(name) or _BEHIND_BLANK.search(name) or _JOB_BEHIND.search(name)
    ):
        if _lone(name[: behind.start()], behind[1]):
            break
        found.append(behind[1].strip())
        rest, name = name[behind.start() :], name[: behind.start()]
        if rest.startswith(".") and _SHORT.search(name):
            name += "."
    if has_han(name) and (title := _ZH_TITLE.search(name)):
        found.append(title[1])
        name = name[: title.start()]
    return name.strip(" ,，"), ", ".join(found) or None


def _lone(name: str, degree: str) -> bool:
    """Whether "WANG, MA" is more likely a surname and a given name."""
    bare = degree.replace(".", "").strip()
    return (
        len(name.split()) == 1
        and bare.isalpha()
        and bare.upper() in {d.replace(".", "").upper() for d in _ALSO_NAMES.split()}
    )


@lru_cache(maxsize=256)
def is_degree(text: str) -> bool:
    """Whether a text is degrees and titles and nothing else.

    >>> is_degree("MD, PhD"), is_degree("Professor"), is_degree("Jia Wang"), is_degree("Ma")
    (True, True, False, False)
    """
    return len(text) <= LONGEST and _ONLY.fullmatch(text) is not None
