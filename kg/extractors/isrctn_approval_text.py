"""The free text in which older ISRCTN records print an ethics approval.

It gives committee, date and reference in any order and in many spellings (``Committee,
31/01/2013, ref: 13/XX/0030``; ``Approved 23/02/2023, Committee (address), ref: …``; ``Committee
approved on the 24th October 2006 (ref: …)``). Date and reference are sought each for itself; the
name is what is left. The text itself stays as a note, without the committee's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.extractors.isrctn_addresses import parentheses, without_addresses
from kg.extractors.isrctn_dates import DATE, day
from kg.extractors.isrctn_decision import Decision, Sign, decided, signs, without_doubt
from kg.values import PartialDate, one_line

_REFERENCE = re.compile(
    r"\bref(?:erence|s)?\b\.?(?:\s*(?:no|nr|numbers?|code|id)\b\.?)?\s*[:#]\s*"
    r"|\bref(?:erence)?\b\.?(?:\s*(?:no|nr|numbers?)\b\.?)?\s+(?=[^\s,;]*\d)"
    r"|\b(?:approval|protocol|registration|application|rec|irb|file)\s+(?:no|nr|number|code|id)\b"
    r"\.?\s*[:#]?\s*(?=[^\s,;]*\d)"
    r"|\birb\s*#\s*(?=[^\s,;]*\d)|\b(?:az|aktenzeichen)\b[.:]*\s*(?=[^,;]{0,12}\d)",
    re.IGNORECASE,
)
# Figures and letters that strokes join, alone between commas: 14/XX/9907, MEC-2014-907. Numbers of
# registries and of the British application system are none of a committee.
_BARE = re.compile(
    r"(?<=,)\s*(?!(?:IRAS|NCT|ISRCTN|EudraCT|U1111|IND|CTIS|Grant)\b)(?=[^\s,;]*[A-Z])(?=[^\s,;]*\d)"
    r"([A-Z0-9]{1,10}(?:[/.-][A-Za-z0-9]{1,10}){1,5})\s*(?=$|[,;.](?:\s|$))"
)
# "13/XX/9907 2. Authority", or a sentence: more than a number, and nobody knows where it ends.
_MORE_THAN_A_NUMBER = re.compile(r"\s\d{1,2}[.)]\s*[^\W\d_]|_{2,}|(?:\b[a-z]{3,}\b\W*){4}")
# An address that was left out, or the next sentence.
_BEHIND_NUMBER = re.compile(r"\(\u2026\)|(?<=\d)(?<!\s\d)(?<!\s\d\d)\.\s+(?=[A-Z][A-Za-z]{2})")
# When the registry changed the text, said before it: no date of the approval.
_CHANGED = re.compile(
    r"(?:(?:[a-z]{1,15} ){0,3}(?:added|updated|amended|changed|modified)\b(?: as of| on)?"
    r"|(?:current|previous) [a-z ]{1,30}?\bas of)\b:?\s*",
    re.IGNORECASE,
)
# What joins a status or a date to the rest, and says nothing by itself.
_JOINTS = re.compile(
    r"\b(?:(?:at )?(?:the )?time of registration|ethics|ethical|approval|application"
    r"|clearance|opinion|is|are|a|an|to|for|was|were|has been|have been|given|granted|obtained"
    r"|received|by|from|of|on|the|in|date|dated?|at|and|with|as)\b",
    re.IGNORECASE,
)
_NOT_PROVIDED = re.compile(
    r"(?:(?<![\s\u2013(,;:-])[\s\u2013(,;:-]+)?(?:(?:date|ref(?:erence)?|details?)[\w ,]{0,30}\s)?"
    r"not provided at(?: the)? time of registration\)?\.?",
    re.IGNORECASE,
)
# What is not given of a number is no doubt about the decision.
_NUMBER_NOT_GIVEN = re.compile(
    r"\bno (?:further )?(?:ref(?:erence)?|approval number|number)\b\.?(?: numbers?\b| no\b)?"
    r"(?: (?:was |is )?(?:given|issued|assigned|provided|available))?"
    r"|\b(?:ref(?:erence)?|details?|numbers?|date)\b\.?(?: numbers?\b| no\b)? (?:is |was |are )?"
    r"not (?:yet )?(?:available|known|given|provided|applicable|issued|assigned)\b",
    re.IGNORECASE,
)
COMMITTEE = re.compile(
    r"ethic|ethik|committee|board|council|commission|REC\b|REB\b|IRB\b|IEC\b|comit|comisi|kommission"
    r"|authority|review\b|universit|hospital|institut|ministry",
    re.IGNORECASE,
)
AMENDMENT = re.compile(
    r"(?<![\s;,.(])[\s;,.(]+(?:substantial )?amend(?:ment|ed)\b.*", re.IGNORECASE | re.DOTALL
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z&/-]{0,3}[A-Z]{1,6}s?")
# Decisions that no committee need have taken.
NO_COMMITTEE = (("not-required",), ("exempt",))
_MOST_WORDS = 3  # of the place in the name of a committee
_EDGES = " .,;:-\u2013()"
_COUNTRIES = {"UK", "USA", "US", "EU", "UAE"}
_CUT = "\u241f"  # stands where a date, a reference or a decision was cut out


class OldApproval(NamedTuple):
    """What one approval in free text says; ``note`` is the text as printed.

    ``blank``: the text says that date and reference were not provided. ``contacts``: the text
    holds the committee's address, which ``note`` leaves out. ``bad_date`` is a date that is none,
    ``why`` what would be right in its place.
    """

    name: str
    decision: Decision
    date: PartialDate | None
    reference: str
    note: str
    blank: bool = False
    contacts: bool = False
    bad_date: str = ""  # 31/02/2013
    why: str = ""
    bad_number: str = ""  # what stands behind "ref:" and is more than a number


def old_approval(text: str, until: str = "") -> OldApproval:
    """What one approval in free text says; ``until`` is the newest day that its record knows of.

    >>> found = old_approval("Invented REC, 31/01/2013, ref: 13/XX/9930")
    >>> found.name, found.date.text, found.reference
    ('Invented REC', '2013-01-31', '13/XX/9930')
    >>> old_approval("Invented Committee (IEC) of X approved on the 9th of May 2026").name
    'Invented Committee (IEC) of X'
    >>> old_approval("Rejected by the Invented REC, 31/01/2013").decision.codes
    ('not-approved',)
    """
    plain = one_line(text)
    note = without_addresses(plain, _told, COMMITTEE)
    left, taken = _NOT_PROVIDED.subn("", AMENDMENT.sub("", _without_change(note)))
    left, reference = _without_reference(_NUMBER_NOT_GIVEN.sub(_CUT, left))
    bad_number = reference if _MORE_THAN_A_NUMBER.search(reference) else ""
    dates = list(DATE.finditer(left))
    date, bad_date, why = _best_date(left, dates, until)
    if not dates and not bad_number:
        date = _date_inside(reference, until)
    for found in reversed(dates):
        left = f"{left[: found.start()]}{_CUT}{left[found.end() :]}"
    told = signs(left)
    decision = decided(left, told, is_dated=date is not None)
    if not told and date is not None and until and date.text > until:
        decision = Decision(None, date.text)  # of what is to come
    return OldApproval(
        name=_name(left, told, decision),
        decision=decision,
        date=date,
        reference=reference if re.search(r"\d", reference) and not bad_number else "",
        note=note,
        blank=bool(taken),
        contacts=note != plain,
        bad_date=bad_date,
        why=why,
        bad_number=bad_number,
    )


def _without_change(text: str) -> str:
    """The text without ``Added 12/05/2010:`` at its beginning.

    >>> _without_change("Added 12/05/2010: Invented REC, 3 May 2009")
    'Invented REC, 3 May 2009'
    """
    return text[when_changed(text) :]


def when_changed(text: str) -> int:
    """Where ``Added 12/05/2010:`` at the beginning of a text ends; 0 where it says nothing else."""
    said = _CHANGED.match(text)
    date = DATE.match(text, said.end()) if said else None
    if date is None:
        return 0
    rest = text[date.end() :].lstrip(" :.;,-\n")
    return len(text) - len(rest) if rest else 0


def _told(text: str) -> int:
    """Where a date, a reference or a decision begins in a text; its length where none does."""
    found = [match.start() for match in (DATE.search(text), _REFERENCE.search(text)) if match]
    found += [sign.start for sign in signs(text)[:1]]
    return min(found, default=len(text))


def _without_reference(text: str) -> tuple[str, str]:
    """The text without its reference number, and the number as printed."""
    label = _REFERENCE.search(text)
    if label is None:
        return _without_bare(text)
    depth, end = 0, len(text)
    for place in range(label.end(), len(text)):
        character = text[place]
        if character == "(":
            depth += 1
        elif character == ")" and not depth:
            end = place
            break
        elif character == ")":
            depth -= 1
        elif character == ";" or (character == "," and _ends_number(text[place + 1 :])):
            end = place
            break
    if other := _BEHIND_NUMBER.search(text, label.end(), end):
        end = other.start()
    number = text[label.end() : end].strip(" .,;:")
    if _MORE_THAN_A_NUMBER.search(number):
        return text, number
    return f"{text[: label.start()]}{_CUT}{text[end:]}", number


def _without_bare(text: str) -> tuple[str, str]:
    """The text without a number that no word announces, where one stands alone between commas.

    >>> _without_bare("Invented REC, 30/09/2014, 14/XX/9907")[1]
    '14/XX/9907'
    >>> _without_bare("REC A, 14/XX/9907, 15/XX/9908")[1], _without_bare("REC A, IRAS-12345")[1]
    ('', '')
    """
    found = list(_BARE.finditer(text))
    if len(found) != 1:
        return text, ""
    return f"{text[: found[0].start()]}{_CUT}{text[found[0].end() :]}", found[0][1]


def _ends_number(rest: str) -> bool:
    """Whether what follows a comma is no part of a reference number."""
    rest = rest.lstrip()
    return (
        DATE.match(rest) is not None
        or re.match(r"(?:date|dated|approved|on|amend|substantial|given|and)\b", rest, re.I)
        is not None
        or not re.match(r"[^\s,]*\d", rest)
    )


def _best_date(
    text: str, dates: list[re.Match[str]], until: str
) -> tuple[PartialDate | None, str, str]:
    """The date beside the word "approved" or "date", else the first one.

    Where none can be read: the first one as printed, and what would be right.
    """
    read: list[tuple[re.Match[str], PartialDate]] = []
    refused: list[tuple[str, str]] = []
    for found in dates:
        try:
            read.append((found, day(found, until)))
        except ValueError as error:
            refused.append((found[0], str(error)))
    for found, one in read:
        before = text[max(0, found.start() - 30) : found.start()]
        if re.search(r"(?:approved|approval|dated?)\b[\s:]*(?:on|in|the)?[\s:the]*$", before, re.I):
            return one, "", ""
    if read:
        return read[0][1], "", ""
    return (None, *refused[0]) if refused else (None, "", "")


def _date_inside(reference: str, until: str) -> PartialDate | None:
    """The date that a reference ends with; a reference that is a date only is a number."""
    for found in DATE.finditer(reference):
        rest = reference[: found.start()] + reference[found.end() :]
        if re.search(r"\d", rest):
            try:
                return day(found, until)
            except ValueError:
                return None  # the number itself is kept as it stands
    return None


def _name(text: str, told: Sequence[Sign], decision: Decision) -> str:
    """The committee: what is left, up to the first parenthesis that is no acronym."""
    for sign in reversed(told):
        text = f"{text[: sign.start]}{_CUT}{text[sign.end :]}"
    if decision.doubt:
        text = without_doubt(text, _CUT)
    pieces = [piece for piece in _pieces(text) if _JOINTS.sub("", piece).strip(_EDGES)]
    named = [piece for piece in pieces if COMMITTEE.search(piece)]
    if not named and decision.codes not in NO_COMMITTEE:
        named = pieces
    return _before_parenthesis(named[0]) if named else ""


_BEFORE_NAME = re.compile(
    r"(?:(?:ethic(?:s|al) )?(?:approval|application|clearance|opinion) )?(?:(?:was|is|has been) )?"
    r"(?:(?:given|granted|obtained|received) )?(?:by|from|on|at|to|for|of|dated?|date)\b[\s:]*",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(
    r"(?:(?<![\s,;:(-])[\s,;:(-]*\b(?:on(?: the)?|dated?|was|is|has been|has|in|and|gave"
    r"|given|granted|by|issued|(?-i:a)|its|at"
    r"|(?:ethic(?:s|al) )?(?:approval|application|opinion))){1,12}$",
    re.IGNORECASE,
)


def _pieces(text: str) -> Iterator[str]:
    """The stretches of text between what was cut out."""
    for piece in text.split(_CUT):
        plain = piece.strip(_EDGES)
        if joint := _BEFORE_NAME.match(plain):
            plain = plain[joint.end() :]
        plain = _BEHIND_NAME.sub("", plain).removeprefix("the ").strip(_EDGES)
        if plain:
            yield plain


def _before_parenthesis(text: str) -> str:
    for start, end in parentheses(text):
        inside = text[start:end].strip("() ")
        goes_on = text[end:].strip(" .,;:)")
        is_acronym = _ACRONYM.fullmatch(inside) and inside not in _COUNTRIES and goes_on
        if not (is_acronym or _goes_on(text[:start], inside, goes_on)):
            text = text[:start]
            break
    return one_line(text).strip(_EDGES)


def _goes_on(before: str, inside: str, behind: str) -> bool:
    """Whether a name goes on behind a place in parentheses: London (Example) REC."""
    return (
        not COMMITTEE.search(before)
        and COMMITTEE.search(behind) is not None
        and inside.replace(" ", "").isalpha()
        and len(inside.split()) <= _MOST_WORDS
    )
