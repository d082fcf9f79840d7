"""Degrees, titles and job titles around a person's name, and the name without them.

Letters that are also names (Ma, Do, Ms) count as a degree only behind a comma and in capitals.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.names.job_titles import JOB, LONE_JOBS, is_job
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
    C.P.A D.A.B.R D.Med.Sc F.R.C.P.I F.R.C.S.I F.R.C.P.E F.R.C.E.M F.R.A.C.G.P F.R.A.N.Z.C.O.G
    F.R.A.N.Z.C.R F.A.N.Z.C.A F.C.I.C.M F.F.I.C.M F.F.A.R.C.S.I M.R.C.G.P M.R.C.O.G F.C.P.S M.C.P.S
    F.A.A.F.P F.A.C.R F.A.C.H.E F.A.P.T.A F.A.S.C.R.S F.A.C.C.P F.A.S.H.P F.S.S.O M.M.Sc M.M.S
    C.S.c Dr.Sc D.N.Sc D.S.N M.S.P.H M.S.H.S M.S.P.T B.P.T M.P.T B.A.M.S B.H.M.S B.U.M.S M.N.A.M.S
    C.P.N.P C.P.N.P-P.C C.P.N.P-A.C F.N.P-B.C F.N.P-C N.P-C P.N.P P.N.P-B.C A.C.N.P A.C.N.P-B.C
    A.G.N.P A.G.A.C.N.P A.G.A.C.N.P-B.C A.G.P.C.N.P-B.C P.M.H.N.P P.M.H.N.P-B.C W.H.N.P W.H.N.P-B.C
    A.N.P-B.C A.N.P-C R.N-B.C C.N.M C.R.N.A A.O.C.N.P A.O.C.N.S C.P.H.O.N C.P.O.N B.M.T.C.N
    B.C.P.S B.C.O.P B.C.P.P B.C.A.C.P B.C.C.C.P B.C.I.D.P B.C.N.S.P B.C.P.P.S C.P.P L.M.F.T L.P.C
    L.C.P.C L.I.C.S.W L.M.S.W C.D.C.E.S C.C.C-S.L.P O.T.R/L O.T.D C.H.T P.U-P.H M.C.U-P.H
    A.B.P.P B.C.B.A B.C.B.A-D
"""
# Only behind a comma and in capitals.
_ALSO_NAMES = (
    "D.O D.M M.A M.S B.S B.A M.N P.T O.T P.A P.D P.I D.C D.S D.P.M Pr Esq O.B.E C.B.E M.B.E Dr.h.c"
    " A.N.P C.E.N C.D.E C.S.O A.O.C.N O.T.R A.T.C S.L.P Au.D O.D N.D L.D B.A.O B.A.Ch M.D.S"
)
_PROFESSOR = (
    r"(?:(?:Associate|Assistant|Adjunct|Full|Emeritus|Visiting|Honorary|Clinical|Asst|Assoc|Ass"
    r"|Adj|Em|Hon|Clin|Cl|A|ao|apl|o)\b\.?[\s/-]*){0,3}+(?:Univ(?:ersitäts)?\.?-?\s?)?"
    r"Prof(?:essor|essora|essa|\.?ssa|a)?(?:\.?\s+Emerit(?:us|a))?"
)
# What follows "Dr." in small letters, or with a dot: "Dr. rer. nat.", "dr hab. n. med."; "Dr. H. C.
# Example" has initials, "Dr. Med Example" a given name.
_DOCTOR = (
    r"(?:D(?:ott|r)\.?ssa|D?Dra?|Dott|(?:MU|MV|MD|RN|Ph|JU|Paed|Pharm|Th)Dr)"
    r"(?:\.?\s?(?:(?-i:med|rer|nat|dent|phil|habil|hab|sc|vet|univ|hum|mult|medic|biol|inż|h\.?\s?c"
    r"|et|n(?=\.\s?[a-z]))\b|(?:med|rer|nat|dent|habil)(?=\.)))*+"
)
_WORDS = r"""
    Drs\.?  (?:Ing|Mag|Lic|Ir)\.  F\.?R\.?C\.?[PS]\.?\s?\(C\)  Pharm\.?\s?D\.?\s?\(c\)
    (?:Ph\.?\s?D|M\.?Sc)\.?\s?(?:\(?c(?:and)?\.?\)|student|candidate)
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


_PHRASES = "|".join(
    [*re.split(r"\s{2,}|\n", _WORDS.strip()), rf"{_PROFESSOR}\.?", rf"{_DOCTOR}\.?"]
)
# Atomic, or a long row of titles could be read in exponentially many ways.
_DEGREE = (
    rf"(?>(?:{_longest_first(_SURE)}|{_PHRASES}|(?-i:{_longest_first(_ALSO_NAMES)}))"
    r"(?![\w'’-])(?:\s?\([^\W\d_]{1,14}\.?\))?)"
)
_ANY = rf"(?>(?:{JOB})(?![\w'’-])|{_DEGREE})"  # "Prof" is both, and read once
_BETWEEN = r"(?:[\s,，/;.&+]|\band\b)*+"
# Said once in each pattern, for it is long.
_ROW = rf"(?:{_BETWEEN}{_ANY})+"
_ONLY = re.compile(rf"{_ROW}[\s.,，]*", re.IGNORECASE)
# Behind a comma, a full stop or an opening bracket anything of the list may follow; a job also
# behind a stroke.
_BEHIND = re.compile(
    rf"(?<=\w)[\s.]*(?:[,，(/|:]|(?<=\w\w)\.\s|\s[-–—]\s)[\s(]*({_ROW})[\s.,，)]*$",
    re.IGNORECASE,
)
# Behind a blank only what is no name, written the usual way.
_USUAL = (
    r"(?:M\.?D|Ph\.?\s?D|M\.?B\.?B\.?S|M\.?Sc|B\.?Sc|M\.?P\.?H|Pharm\.?D|FRCPC?|FRCS|FACC|FACP"
    r"|FACS|DrPH|RN|BSN"
    r"|PHD|MBA|Jr\.?,? M\.?D)\.?"
)
_BEHIND_BLANK = re.compile(rf"(?<=\w)\.?\s+({_USUAL}(?:{_BETWEEN}{_DEGREE})*)[\s.,，]*$")
_JOB_BEHIND = re.compile(
    r"\s+((?:Senior|Junior|Chief) Resident|(?:Principal|Sub-?) ?Investigator)$", re.IGNORECASE
)
_RANKS = (  # of an army, in which most hospitals of some countries have theirs
    r"(?:(?:Lt|Lieutenant|Maj|Major|Brig)\.?\s?(?:Col(?:onel)?|Gen(?:eral)?|Cdr|Commander)"
    r"|(?:Wg|Wing)\.?\s?(?:Cdr|Commander)|(?:Gp|Group)\.?\s?Capt(?:ain)?|Sqn\.?\s?Ldr"
    r"|Flt\.?\s?Lt|Surg(?:eon)?\.?\s?(?:Capt(?:ain)?|Cdr|Commander|Lt)"
    r"|(?:Col|Capt|Maj|Brig|Cdr|Gen|Lt)(?=\.))"
)
# Names too without their dot: Ing, Mag, Doc.
_DOTTED = (
    r"(?:Ing|Lic|Mag|Doc|Doç|Prim|Dhr|Mevr|Mtr[ao]|Psic|Enf|Op|Uzm|Yrd|Öğr|Arş|lek|Bc|Ir)(?=\.)"
)
_TITLE = (
    rf"(?:{_PROFESSOR}|{_DOCTOR}|{_RANKS}|{_DOTTED}|Doctor|Mr|Mrs|Ms|Miss|Mme|Sir|Sra?|Drs|Mgr"
    r"|(?-i:Mx|Pr|Vd)|PD|Priv\.?-?\s?Doz|Doz|Dipl\.?-?\s?(?:Ing|Psych|Biol|Med)|OÄ|OA(?=\.?\s+Dr)"
    # Surnames too: before a title, or before a given name and a surname.
    r"|(?:Herrn?|Frau)(?=\s+[\w.'’-]+\s+\w))"
)
_BEFORE = re.compile(
    rf"((?:[(\[]?{_TITLE}(?:\.?[)\]]\s*|\.[\s,-]*|\s*/\s*|\s+|(?=[(\[]))"
    # A title of which the blank is lost.
    r"|(?-i:Dr|Prof)(?-i:(?=[A-Z][a-z]{2})))+)(?=\w)",
    re.IGNORECASE,
)
# Behind a title and alone these are surnames: Dr. Fellow.
_TITLED_NAME = re.compile(
    r"(?:(?:Prof|Dr|Mr|Mrs|Ms|Miss)(?:\.\s*|\s+))+"
    r"(?:Fellow|Leader|President|Surgeon|Student|Officer|Intern)",
    re.IGNORECASE,
)
# "Contact:" says what the field is for, and nothing of the person.
_LABEL = re.compile(r"(?:(?:study )?contact(?: person)?|attn\.?|attention)\s*[:,]\s*(?=\w)", re.I)
_JOB_BEFORE = re.compile(
    r"((?:Principal Investigator|PI|Study (?:Director|Coordinator|Nurse)|Clin(?:ical|\.)? Research"
    r" Coord(?:inator|\.)?|Investigator)\s*[:,]\s*)(?=\w)",
    re.IGNORECASE,
)
# Any job before a colon or a stroke, and two words at least behind it.
_STROKE = re.compile(r"\s*:\s*|\s[-–—/]\s")
_TWO_WORDS = re.compile(r"[^\W\d_][\w.'’-]*\s+\w")
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
    if label := _LABEL.match(name):
        name = name[label.end() :]
    while upto := _before(name):
        found.append(name[:upto].strip(" ,:/-–—"))
        name = name[upto:]
    while behind := (
        _BEHIND.search(name) or _BEHIND_BLANK.search(name) or _JOB_BEHIND.search(name)
    ):
        if _lone(name[: behind.start()], behind[1]):
            break
        found.append(behind[1].strip(" ;/&+"))
        rest, name = name[behind.start() :], name[: behind.start()]
        if rest.startswith(".") and _SHORT.search(name):
            name += "."
    if has_han(name) and (title := _ZH_TITLE.search(name)):
        found.append(title[1])
        name = name[: title.start()]
    return name.strip(" ,，"), ", ".join(found) or None


def _before(name: str) -> int:
    """How many letters of a text are titles or a job before a name."""
    if before := _JOB_BEFORE.match(name) or _BEFORE.match(name):
        return before.end()
    stroke = _STROKE.search(name)
    if (
        stroke
        and _TWO_WORDS.match(name, stroke.end())
        and is_job(name[: stroke.start()])
        and not is_degree(name[stroke.end() :])  # "Medical Director: Medical Monitor"
    ):
        return stroke.end()
    return 0


def _lone(name: str, degree: str) -> bool:
    """Whether "WANG, MA" is more likely a surname and a given name."""
    bare = degree.replace(".", "").strip()
    if len(name.split()) != 1:
        return False
    return LONE_JOBS.fullmatch(bare) is not None or (
        bare.isalpha() and bare.upper() in {d.replace(".", "").upper() for d in _ALSO_NAMES.split()}
    )


@lru_cache(maxsize=256)
def is_degree(text: str) -> bool:
    """Whether a text is degrees and titles and nothing else.

    >>> is_degree("MD, PhD"), is_degree("Professor"), is_degree("Jia Wang"), is_degree("Ma")
    (True, True, False, False)
    """
    if len(text) > LONGEST or _TITLED_NAME.fullmatch(text):
        return False
    return _ONLY.fullmatch(text) is not None
