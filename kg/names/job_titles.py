"""Job titles as they stand beside a name: "Professor of Medicine", "VP Clinical Development".

A job title is a head (professor, director, lecturer), words of rank and field before it, and what
it is of behind it. No word of it is looked for inside a name: a whole piece of print has to be one.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["JOB", "LONE_JOBS", "is_company_like", "is_discipline", "is_job"]


def _any(words: str) -> str:
    return "|".join(words.split())


_RANK = _any(
    r"""
    senior sr junior jr post pg associate assoc assistant asst ass adjunct adj deputy vice co sub
    acting interim former ex emeritus emerita visiting honorary hon full clinical clin principal
    lead leading chief executive exec general global national international regional local managing
    attending staff consultant resident physician specialist head nurse registered certified
    chartered licensed postdoctoral post-doctoral doctoral predoctoral graduate undergraduate
    tenured distinguished phd ph\.d m\.?sc master(?:['’]s)? doctorate teaching academic university
    hospital departmental faculty board responsible first second overall
    """
)
_FIELD = _any(
    r"""
    medical clinical scientific research study studies trials? site project program(?:me)?s? drug
    product portfolio development operations? operational regulatory safety data quality assurance
    affairs strategy strategic innovation technical technology information digital business
    corporate commercial marketing discovery early late translational department dept division
    section unit service institute center centre laboratory lab group team public global
    patient community family internal critical intensive emergency preventive primary palliative
    physical occupational speech respiratory pulmonary cardiac cardiovascular thoracic vascular
    abdominal hepatobiliary colorectal breast gastrointestinal digestive renal endocrine metabolic
    orthop(?:ae|e)dics? plastic reconstructive general oral maxillofacial dental restorative
    conservative p(?:ae|e)diatric neonatal adult geriatric maternal fetal reproductive women['’]?s
    child mental pain sports? radiation nuclear molecular cellular experimental applied basic
    infectious diseases? tropical sciences? education management informatics imaging diagnostics
    [\w-]*ologic(?:al)? policy engineering physics chemistry economics obs gyn(?:ae)? obgyn
    ent icu ob-?gyn
    """
)
_STRONG = (
    r"[\w-]*(?:ology|iatrics|iatry|surg(?:ery|ical)|medicine|nursing|dentistry"
    r"|pharmacy|rehabilitation|an(?:a?esthesia|a?esthetics)|obstetrics|dontics|genetics|statistics"
    r"|nutrition|dietetics|biochemistry|therapy|therapeutics|health|care|orthop(?:ae|e)dics)"
)
# Heads that stand alone behind a whole name; none of them is a given name.
_HEADS = _any(
    r"""
    lecturer instructor demonstrator researcher scientist academician director directeur directora?
    manager coord co-?ordinator officer president chairman chairwoman chairperson chair leader
    investigator physicians? surgeon consultant resident registrar specialist fellow nurse midwife
    pharmacist dentist therapist physiotherapist an(?:a?esthetist) obstetrician dietitian dietician
    nutritionist statistician biostatistician technician technologist optometrist radiographer
    geneticist practitioner hygienist student candidate trainee postdoc operator administrator
    advis(?:o|e)r founder supervisor educator trialist intern representative monitor
    \w+ologist \w+iatrist \w+iatrician \w+dontist professeur profesora? m[ée]decin m[ée]dic[oa]
    oberarzt oberärztin chefarzt chefärztin facharzt fachärztin assistenzarzt assistenzärztin
    """
)
# Behind one word these are more likely a given name's letters than a job: "Example, VP".
LONE_JOBS = re.compile(r"(?:ing|mag|lic|ir|[SEA]?VP|C[EMSOFT]O|HOD)\.?", re.IGNORECASE)
# Heads that are names too, or too little alone: only with a rank or a field, or with what they
# are of ("Chief of Cardiology", never "Ann Chief" or "Example, Dean").
_NAMES_TOO = _any(
    "dean chief head provost chancellor rector reader associate assistant lead member secretary"
    " expert owner author responsible"
)
_ABBREVIATED = r"(?-i:CEO|CMO|CSO|COO|CFO|CTO|S?VP|EVP|AVP|HOD)"
_PROFESSOR = r"prof(?:essor)?(?:ship)?"
_LEARNED = (
    r"(?:doctor|doctorate|master(?:['’]?s)?|bachelor(?:['’]?s)?|diploma|fellowship|licentiate"
    r"|ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|m\.?a|m\.?s)\.?(?:\s+degree)?"
)
_WORD = r"(?!(?:and|dr|drs|prof|professor|mr|mrs|ms|m\.?d|ph\.?d)\b)[^\W\d_][\w'’.-]*"
_GAP = r"(?>\.\s*|\s*[/&-]\s*|\s+and\s+|\s+)"
# Each word and each tail is taken whole or not at all, or a long row could be read in many ways;
# each list stands here as seldom as may be, or the patterns take seconds to compile.
_FIELD_WORD = rf"(?>(?:{_FIELD}|{_STRONG})(?![\w'’]))"
_UNIT_OF = r"(?:department|dept|division|section|unit|service)\.?\s+(?:of|for)\s+"
# What somebody is head of: any words, and behind "and" only words of a field, for there may stand
# the next person.
_BEHIND = (
    rf"(?>(?:\.?\s+(?:of|for|in|at)\s+(?:the\s+)?|\s*[,:-]?\s*{_UNIT_OF}){_WORD}"
    rf"(?:\s+(?:of\s+)?{_WORD}){{0,6}}"
    rf"|(?:\.?\s*[,:/&-]\s*|\.?\s+(?:and\s+)?(?:of\s+)?){_FIELD_WORD}"
    r"|\.?\s+(?:emerit(?:us|a)|i{1,3}|candidate|student|fellow)\b)"
)
JOB = (
    # "de" goes on with a name too: "Dean de la Cruz", "Ma de Jesus".
    rf"(?:(?:direct(?:eur|ora?)|profesora?|professeur|chef|jef[ea])\s+de(?:\s+{_WORD}){{1,5}}"
    r"|investigat?(?:eur|or|dora?) principal"
    rf"|(?:(?:(?>(?:{_RANK}|{_FIELD}|{_STRONG})(?![\w'’])){_GAP})+"
    rf"(?:{_HEADS}|{_PROFESSOR}|doctor|{_ABBREVIATED}|{_NAMES_TOO})"
    rf"|{_HEADS}|{_PROFESSOR}|doctor|{_ABBREVIATED}"
    rf"|(?:{_NAMES_TOO})(?=\.?\s+(?:of|for|in|at)\s|\s*[,:-]?\s*{_UNIT_OF})"
    rf"|{_LEARNED}(?=\s+(?:of|in|student|candidate|fellow)\b))(?![\w'’]){_BEHIND}*+)\.?"
)


_LONGEST = 300  # letters; longer texts are no title, and a row of hyphens would take seconds


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    """A pattern compiled when it is asked for: few names are long enough to need it."""
    return re.compile(pattern, re.IGNORECASE)


_DISCIPLINE = rf"(?=(?:.*[\s/&.-])?{_STRONG}(?![\w'’])){_FIELD_WORD}(?:{_GAP}{_FIELD_WORD})*+"

# Words of firms and of programmes that nobody is called.
_COMPANY_LIKE = re.compile(
    r"\b(?:health|bio|biopharm\w*|pharma\w*|sciences?|labs?|global|cell|genetics|clinical|vision"
    r"|medical|research|surgical|devices?|cancer|heart|stud(?:y|ies)|trials?|europe|usa|japan"
    r"|worldwide|ophthalmics?|nutrition|dental|neuro\w*sciences?|medicine|consumer|products?"
    r"|brands?|therapies|care|wellness|digital|[\w-]{0,40}(?:thera|biotics?|pharm|immune|zyme))\b|[&+]",
    re.IGNORECASE,
)


def is_job(text: str) -> bool:
    """Whether a text is one job title and nothing else.

    >>> is_job("Head of Department"), is_job("Lecturer"), is_job("Ann Head"), is_job("Head")
    (True, True, False, False)
    """
    return len(text) <= _LONGEST and _whole(JOB).fullmatch(text) is not None


def is_discipline(text: str) -> bool:
    """Whether a text is the name of a field of medicine and nothing else.

    >>> is_discipline("Internal Medicine"), is_discipline("Cardiology"), is_discipline("Ann Care")
    (True, True, False)
    """
    bare = text.strip(" .")
    return len(bare) <= _LONGEST and _whole(_DISCIPLINE).fullmatch(bare) is not None


def is_company_like(name: str) -> bool:
    """Whether what stands beside a job is more likely a firm or a programme than a person.

    >>> is_company_like("Invented Health"), is_company_like("Ann Example")
    (True, False)
    """
    return _COMPANY_LIKE.search(name) is not None
