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
_COMMITTEE = re.compile(
    r"ethic|ethik|committee|board|council|commission|REC\b|REB\b|IRB\b|IEC\b|comit|comisi|kommission"
    r"|authority|review\b|universit|hospital|institut|ministry",
    re.IGNORECASE,
)
_AMENDMENT = re.compile(
    r"(?<![\s;,.(])[\s;,.(]+(?:substantial )?amend(?:ment|ed)\b.*", re.IGNORECASE | re.DOTALL
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z&/-]{0,3}[A-Z]{1,6}s?")
# Decisions that no committee need have taken.
NO_COMMITTEE = (("not-required",), ("exempt",))
_EDGES = " .,;:-\u2013()"
_COUNTRIES = {"UK", "USA", "US", "EU", "UAE"}
_CUT = "\u241f"  # stands where a date, a reference or a decision was cut out
_NUMBERED = re.compile(r"(?:^|(?<=\s))(\d{1,2})[.)]\s+(?=\D)")


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


def several(text: str) -> list[str]:
    """The approvals in one text: numbered, on lines of their own, or divided by semicolons.

    >>> several("1. Committee A, ref: 1/26 2. Committee B, 02/03/2026, ref: 2/26")
    ['Committee A, ref: 1/26', 'Committee B, 02/03/2026, ref: 2/26']
    """
    starts = list(_NUMBERED.finditer(text))
    if len(starts) > 1 and [int(s[1]) for s in starts] == list(range(1, len(starts) + 1)):
        ends = [s.start() for s in starts[1:]] + [len(text)]
        before = text[: starts[0].start()]
        parts = [text[s.end() : end] for s, end in zip(starts, ends, strict=True)]
        if not before.strip() and all(_COMMITTEE.search(part) for part in parts):
            return [one_line(part).rstrip(" ;,") for part in parts]
    for parts in (text.splitlines(), _outside(text, ";")):
        parts = [one_line(part) for part in parts if part.strip()]
        if len(parts) > 1 and all(_COMMITTEE.search(part) for part in parts):
            return parts
    return [one_line(text)]


def _outside(text: str, mark: str) -> list[str]:
    """The parts of a text at each mark that stands outside parentheses."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif character == mark and not depth:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


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
    note = without_addresses(plain, _told, _COMMITTEE)
    left, taken = _NOT_PROVIDED.subn("", _AMENDMENT.sub("", _without_change(note)))
    left, reference = _without_reference(_NUMBER_NOT_GIVEN.sub(_CUT, left))
    dates = list(DATE.finditer(left))
    date, bad_date, why = _best_date(left, dates, until)
    if not dates:
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
        reference=reference if re.search(r"\d", reference) else "",
        note=note,
        blank=bool(taken),
        contacts=note != plain,
        bad_date=bad_date,
        why=why,
    )


def _without_change(text: str) -> str:
    """The text without ``Added 12/05/2010:`` at its beginning.

    >>> _without_change("Added 12/05/2010: Invented REC, 3 May 2009")
    'Invented REC, 3 May 2009'
    """
    said = _CHANGED.match(text)
    date = DATE.match(text, said.end()) if said else None
    if date is None:
        return text
    return text[date.end() :].lstrip(" :.;,-") or text


def _told(text: str) -> int:
    """Where a date, a reference or a decision begins in a text; its length where none does."""
    found = [match.start() for match in (DATE.search(text), _REFERENCE.search(text)) if match]
    found += [sign.start for sign in signs(text)[:1]]
    return min(found, default=len(text))


def _without_reference(text: str) -> tuple[str, str]:
    """The text without its reference number, and the number as printed."""
    label = _REFERENCE.search(text)
    if label is None:
        return text, ""
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
    number = text[label.end() : end].strip(" .,;:")
    return f"{text[: label.start()]}{_CUT}{text[end:]}", number


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
    named = [piece for piece in pieces if _COMMITTEE.search(piece)]
    if not named and decision.codes not in NO_COMMITTEE:
        named = pieces
    return _before_parenthesis(named[0]) if named else ""


_BEFORE_NAME = re.compile(
    r"(?:(?:ethic(?:s|al) )?(?:approval|application|clearance|opinion) )?(?:(?:was|is|has been) )?"
    r"(?:(?:given|granted|obtained|received) )?(?:by|from|on|at|to|for|of|dated?|date)\b[\s:]*",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(
    r"(?:(?<![\s,;:(-])[\s,;:(-]*\b(?:on(?: the)?|dated?|was|is|has been|has|in|and|gave|given"
    r"|granted|by|issued|a|its|at|(?:ethic(?:s|al) )?(?:approval|application|opinion))){1,12}$",
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
        if not (_ACRONYM.fullmatch(inside) and inside not in _COUNTRIES and goes_on):
            text = text[:start]
            break
    return one_line(text).strip(_EDGES)
