"""Job titles that stand where a registry asks for an organization, and what stands behind them.

"Professor" in an affiliation names no employer: it says what the person is. A title is told by its
words alone, each of which has to be one of a job; "Professor Example University Hospital" is named
after a professor, and stays whole. In a name field the words of a title could be a surname's, and
kg/names/job_titles.py asks for more: a head, and its words in their order.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.names.degrees import LONGEST, is_degree
from kg.names.kinds import told_by_words
from kg.values import narrow, one_line

# The nouns that name a job; each in the singular, for "Example Physicians" may be a company.
_JOB_WORDS = """
    professor prof consultant lecturer reader tutor instructor demonstrator investigator
    co-investigator sub-investigator physician surgeon neurosurgeon doctor resident registrar
    fellow student scholar nurse midwife pharmacist physiotherapist therapist radiographer
    dietitian dietician nutritionist dentist director manager coordinator co-ordinator officer
    scientist researcher specialist head chief chair chairman chairperson dean rector president
    vice-president principal intern trainee statistician epidemiologist assistant associate
    supervisor leader superintendent candidate undergraduate representative practitioner
    sponsor-investigator hod ceo cmo cra crc monitor lead administrator
"""
_JOBS = frozenset(_JOB_WORDS.split())
# Names of specialists: gynaecologist, paediatrician, obstetrician, endodontist, psychiatrist.
_SPECIALIST = re.compile(r"\w{3,}(?:ologist|iatrician|etrician|odontist|iatrist|thetist)")
_RANK_WORDS = """
    senior junior sr jr associate assistant asst assoc ass adjunct visiting honorary hon emeritus
    full clinical site overall principal principle co lead chief post postgraduate post-graduate
    graduate undergraduate pg ug doctoral postdoctoral post-doctoral phd ph.d research medical
    study trial project program programme staff attending deputy vice ex former first second third
    final 1st 2nd 3rd year yr head specialist general executive managing scientific academic
    national international local regional global coordinating sub guest distinguished tenured
    acting technical sponsor additional titular temporary nodal mpt bpt ayu i ii iii iv a b c d e
    f g
"""
_RANKS = frozenset(_RANK_WORDS.split())
_FIELD_WORDS = """
    medicine surgery nursing pharmacy paediatrics pediatrics obstetrics gynaecology gynecology
    anaesthesia anesthesia anaesthesiology anaesthetics orthopaedics orthopedics dentistry
    orthodontics prosthodontics endodontics periodontics physiotherapy rehabilitation psychiatry
    ophthalmology otolaryngology ent radiology radiotherapy oncology pathology physiology anatomy
    biochemistry microbiology pharmacology immunology epidemiology biostatistics statistics
    nutrition dietetics psychology public health community family internal emergency critical
    intensive care sports neonatology ayurveda homoeopathy homeopathy unani yoga department dept
    unit division section oral maxillofacial
"""
_FIELDS = frozenset(_FIELD_WORDS.split())
_SPECIALTY = re.compile(r"\w{3,}(?:ology|iatrics|iatry|etrics|opaedics|opedics|odontics|esia)")
# Adjectives of specialties: paediatric, cardiac, orthopaedic, surgical, neonatal.
_OF_A_FIELD = re.compile(
    r"(?:paediatric|pediatric|obstetric|orthop(?:a?e)dic|cardiac|cardiothoracic|vascular|surgical"
    r"|neonatal|anaesthetic|anesthetic|psychiatric|dental|respiratory|renal|thoracic|geriatric"
    r"|neuro|plastic|gyna?ecological|\w+ological)"
)
_OPEN = frozenset(["program", "programme", "project"])  # words that no title ends in
_JOINTS = frozenset(["and", "of", "in", "the", "for", "to", "&", "/", "-", "–"])
_WORD = re.compile(r"[^\W_](?:[\w'’-]|\.(?=\w{1,2}\b))*|[&/–-]")

# What opens the name of a part of an organization: what stands before it is no part of its name.
_UNIT = re.compile(
    r"(?:the\s+)?(?:dep(?:artmen)?t\b\.?|division|faculty|school|section|unit|institute|cent(?:er|re)"
    r"|college|clinic|hospital)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:dep(?:artmen)?t\b\.?|division|faculty|school)\b", re.IGNORECASE)
# "Chair of Nursing" is a department, and a head with a neck is no job.
_NO_TITLE = re.compile(r"chair\s+(?:of|and)\b|head\s*(?:,|and|&)\s*neck\b", re.IGNORECASE)
# Behind these a hospital may follow without a comma: none is named after an assistant professor.
_RANKED = re.compile(
    r"(?:assistant|associate|ass(?:t|oc)?\.?|additional|senior|junior|consultant)\s+\w",
    re.IGNORECASE,
)
_JOINED = re.compile(r"(?:\s+(?:at|of|in|the|and|&))+$", re.IGNORECASE)
_PART = re.compile(rf"(?<!\bof\s)(?<!\bthe\s)\b{_OPENS.pattern}", re.IGNORECASE)
_BREAK = re.compile(r"\s*[,，;]\s*|\s+[-–—]\s+|\s+at\s+(?=(?:the\s+)?[^\W\d_])")
_EDGES = " ,;-–—"
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")


class Job(NamedTuple):
    """A job title and what stands beside it; both as printed, either may be empty."""

    title: str
    rest: str


@lru_cache(maxsize=256)
def job_apart(text: str) -> Job:
    """The job title that opens a text, and the organization behind it.

    A title behind which nothing names an organization takes the whole text.

    >>> job_apart("Senior Lecturer"), job_apart("Example Clinic")
    (Job(title='Senior Lecturer', rest=''), Job(title='', rest='Example Clinic'))
    >>> job_apart("Professor and Head, Department of Example, College Y")
    Job(title='Professor and Head', rest='Department of Example, College Y')
    >>> job_apart("Assistant Professor Department of Example, Institute Y").rest
    'Department of Example, Institute Y'
    """
    plain = one_line(text)
    if len(plain) > LONGEST or _NO_TITLE.match(plain):
        return Job("", plain)
    if is_job(plain) or _opens_with_job(plain):
        return Job(plain.strip(_EDGES), "")
    start = _end_of_titles(plain)
    if not start:
        *_, last = (0, *(mark.end() for mark in _BREAK.finditer(plain)))
        if last and is_job(plain[last:]):
            return Job(plain[last:], plain[:last].strip(_EDGES))
        return Job("", plain)
    title, rest = plain[:start].strip(_EDGES), plain[start:].lstrip(_EDGES)
    return Job(_JOINED.sub("", title), rest) if _names_organization(rest) else Job(plain, "")


def is_job(text: str) -> bool:
    """Whether a text is a job title and nothing else.

    >>> is_job("Consultant Obstetrician and Gynaecologist"), is_job("Head of Department")
    (True, True)
    >>> is_job("Consultants Clinic"), is_job("Department of Surgery"), is_job("Research Institute")
    (False, False, False)
    """
    words = _words(text)
    return (
        any(map(_is_noun, words))
        and all(map(_is_of_a_job, words))
        and words[-1] not in _OPEN
        and not _NO_TITLE.match(text)
        and not _PART.search(text)
    )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(narrow(text))]


def _is_noun(word: str) -> bool:
    bare = word.removeprefix("ex-").removeprefix("co-")
    return bare in _JOBS or _SPECIALIST.fullmatch(word) is not None


def _is_of_a_job(word: str) -> bool:
    return (
        _is_noun(word)
        or word in _RANKS
        or word in _JOINTS
        or word in _FIELDS
        or bool(_SPECIALTY.fullmatch(word) or _OF_A_FIELD.fullmatch(word))
        or (len(word) > 1 and is_degree(word.upper()))
    )


def _end_of_titles(text: str) -> int:
    """Where the titles that open a text end; 0 where none does."""
    end = 0
    for mark in _BREAK.finditer(text):
        part = text[end : mark.start()]
        if not (is_job(part) or _opens_with_job(part)):
            break
        end = mark.end()
    for word in _WORD.finditer(text, end):
        before = text[end : word.start()]
        if is_job(before) and (
            _OPENS.match(text, word.start()) or _stands_before(before, text[word.start() :])
        ):
            return word.start()
        if not _is_of_a_job(word[0].casefold()):
            break
    return end


def _stands_before(title: str, rest: str) -> bool:
    """Whether a title with its rank stands before an organization without a comma."""
    first = _WORD.match(rest)
    return bool(
        first
        and _RANKED.match(title)
        and not _is_of_a_job(first[0].casefold())
        and (_ACRONYM.match(rest) or (" " in rest and _has_word(rest)))
    )


def _opens_with_job(text: str) -> bool:
    """Whether a text is a job in a field whatever its name: "Professor of Example"."""
    if _NO_TITLE.match(text):
        return False
    joint = re.search(r"\s(?:of|in)\s", text)
    if joint is None:
        return False
    head, field = text[: joint.start()], text[joint.end() :]
    return is_job(head) and not (
        _OPENS.search(head) or _UNIT.search(field) or "," in field or _has_word(field)
    )


def _names_organization(text: str) -> bool:
    return bool(_UNIT.match(text) or _ACRONYM.search(text)) or _has_word(text)


def _has_word(text: str) -> bool:
    """Whether the words of a part between commas are an organization's."""
    return any(told_by_words(part) == "organization" for part in text.split(","))
