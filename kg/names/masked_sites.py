"""Names of sites that are none: what registrants write where a name is kept back or not yet known.

Such a name must never become an organization: thousands of unrelated sites are called so.
"""

from __future__ import annotations

import re

from kg.values import has_han, has_letter, is_placeholder, narrow, one_line

_LONGEST = 300  # letters; longer texts are no names and are not searched

# A text with one of these words names a real place, whatever stands beside it.
_REAL = re.compile(
    r"\b(?:hospitals?|h[ôo]pital|hosp\b|ospedale|krankenhaus|\w*klinik(?:um|en)?|szpital"
    r"|clinics?\b|cl[íi]nicas?\b|clinique"
    r"|universi\w+|univ\b|college|schools?\b|institut\w*|foundation|cent(?:er|re)s?\b|centro"
    r"|academy|health\w*|memorial"
    r"|infirmary|cancer|chu\b)",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\s*[-–:#,(]*\s*(?:site|number|no\b\.?|nr\b\.?|id|reference|ref\b\.?|[#:/.-]|\s)*\s*"
    r"[a-z]{0,4}[-.]?\d[\w./-]*\)?)"
)
_WHOSE = (
    r"(?:clinical|research|study|trial|investigat(?:ional|ive|ions?|or(?:'?s|s')?)|recruiting"
    r"|participating|local|unnamed"
    r"|undisclosed|selected|test|sponsor)"
)
_WHAT = r"(?:sites?|institutions?|facilit(?:y|ies)|locations?|cent(?:er|re)s?|units?)"
_GENERIC = rf"(?:the\s+|a\s+)?(?:{_WHOSE}[\s-]*)+{_WHAT}"
_ALONE = re.compile(
    rf"{_GENERIC}{_NUMBER}?(?:\s*,?\s+[a-z]{{0,2}}\d[\w-]*)*"
    rf"|(?:site|cent(?:er|re)|facility|institution|location|investigator)s?{_NUMBER}"
    r"|sites?\s+reference\s+id.*"
    r"|(?:a\s+|private\s+|medical\s+|general\s+|local\s+)*(?:hospital|clinic|practice|office"
    r"|university|cent(?:er|re))"
    r"|(?:[a-z]{0,4}\d[\w.-]*(?:\s[\s-]*|$))+"  # codes: every word holds a digit
    r"|various|multiple|undisclosed|confidential|withheld|not\s+(?:yet\s+)?(?:disclosed|specified"
    r"|selected|known)"
    r"|to\s+be\s+(?:determined|decided|announced|confirmed)|tb[dac]|unknown|unnamed",
    re.IGNORECASE,
)
# A company's name or a town beside it: true only where no word tells a real place.
_BESIDE = re.compile(
    rf".{{1,60}}?[\s,-]+(?:{_WHOSE}[\s-]+)+(?:sites?|locations?){_NUMBER}?"
    rf"|{_GENERIC}{_NUMBER}?\s*[,(-]\s*[^\d]{{1,40}}"
    rf"|(?:[\w&.'-]+\s+){{1,3}}sites?{_NUMBER}"
    r"|(?:please\s+)?(?:contact|call|see|e-?mail|refer\s+to)\s+.*",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?:and\s+|at\s+)?(?:(?:\d+|multiple|many|various|several|numerous|other|additional|all"
    r"|different)\s+)+"
    r"(?!sclerosis|myeloma|births?)(?:[\w-]+\s+){0,2}(?:sites|locations|cent(?:er|re)s|hospitals"
    r"|facilities|clinics|practices"
    r"|institutions|institutes|trusts|units|places|countries|surgeries|departments|schools"
    r"|universities|cities)"
    r"(?:\s+(?:in|across|throughout|within|around|of|worldwide|nationwide)\b.*)?"
    r"|(?:study\s+)?(?:sites|cent(?:er|re)s|hospitals|locations)\s+(?:in|across|throughout|within"
    r"|around|worldwide)\b.*",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"for\s+(?:additional|more|further)\s+information.*|.*\b(?:call|contact|phone|tel)\b.*\d{3}.*"
    r"|(?:please\s+)?(?:contact|call|see|e-?mail|refer\s+to)\b.*\b(?:sponsor|contacts?|information"
    r"|investigators?)\b.*",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"(?:研究|试验|临床试验)?(?:中心|单位|机构)\s*[\d一二三四五六七八九十]*|多家?(?:中心|医院)|其他(?:中心|医院|单位)"
)


def is_masked_site(text: str) -> bool:
    """Whether a site's name is none: a placeholder, a number, a count, a call for information.

    >>> is_masked_site("Research Site"), is_masked_site("Local Institution - 0012")
    (True, True)
    >>> is_masked_site("Invented City Hospital"), is_masked_site("Hospital 5 ( Site 0805)")
    (False, False)
    """
    if len(text) > _LONGEST:
        return False
    name = one_line(narrow(text)).strip(" .,;()[]*-")
    if not has_letter(name) or is_placeholder(name):
        return True
    if has_han(name):
        return _ZH.fullmatch(name) is not None
    if _ALONE.fullmatch(name) or _MANY.fullmatch(name) or _ASKING.fullmatch(name):
        return True
    return _REAL.search(name) is None and _BESIDE.fullmatch(name) is not None
