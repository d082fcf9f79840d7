"""Ethics approvals of ISRCTN: rows of committees, or the free text of older records.

The text gives committee, date and reference in any order and in many spellings (``Committee,
31/01/2013, ref: 13/XX/0030``; ``Approved 23/02/2023, Committee (address), ref: …``; ``Committee
approved on the 24th October 2006 (ref: …)``). Date and reference are sought each for itself; the
name is what is left. The text itself stays as a note, without the committee's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg import values
from kg.codes import Words
from kg.contacts import Channel, Sort, kinds
from kg.extractors.isrctn_text import is_nothing, line
from kg.fields import Fields
from kg.model import CommitteeMention, EthicsApproval, RoleAssignment, RoleContact
from kg.said import Said, Texts
from kg.trees import Cell
from kg.values import PartialDate, one_line

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<figures>\d{1,2}([/.-])\d{1,2}\2\d{4})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})"
    rf"|(?P<english>{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
    rf"|(?P<precise_to_month>{_MONTH},?\s+\d{{4}})"
    r"|(?P<short>\d{1,2}/\d{1,2}/\d{2})"
    r")(?![\w/-])",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\bref(?:erence|s)?\b\.?(?:\s*(?:no|nr|numbers?|code|id)\b\.?)?\s*[:#]\s*"
    r"|\bref(?:erence)?\b\.?(?:\s*(?:no|nr|numbers?)\b\.?)?\s+(?=[^\s,;]*\d)"
    r"|\b(?:approval|protocol|registration|application|rec|irb|file)\s+(?:no|nr|number|code|id)\b"
    r"\.?\s*[:#]?\s*(?=[^\s,;]*\d)",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?P<word>not (?:yet )?approved|not (?:yet )?submitted|not required|exempt(?:ed)?"
    r"|pending|submitted|approved|favourable opinion)\b",
    re.IGNORECASE,
)
# What joins a status or a date to the rest, and says nothing by itself.
_JOINTS = re.compile(
    r"\b(?:ethics approval|approval|was|were|has been|have been|given|granted|obtained|received"
    r"|by|from|of|on|the|in|date|dated?|at|and|with)\b",
    re.IGNORECASE,
)
_NOT_PROVIDED = re.compile(
    r"\s*[-\u2013(,;:]*\s*(?:(?:date|ref(?:erence)?|details?)[\w ,]{0,30}\s)?"
    r"not provided at(?: the)? time of registration\)?\.?",
    re.IGNORECASE,
)
_COMMITTEE = re.compile(
    r"ethic|ethik|committee|board|council|commission|REC\b|REB\b|IRB\b|IEC\b|comit|comisi|kommission"
    r"|authority|review|universit|hospital|institut|ministry",
    re.IGNORECASE,
)
_AMENDMENT = re.compile(
    r"[\s;,.(]+(?:substantial )?amend(?:ment|ed)\b.*", re.IGNORECASE | re.DOTALL
)
_ACRONYM = re.compile(r"[A-Z][A-Za-z&/-]{0,3}[A-Z]{1,6}s?")
_EDGES = " .,;:-\u2013()"
_COUNTRIES = {"UK", "USA", "US", "EU", "UAE"}
_CHANNEL = re.compile(r"[@\d]|\baddress|\btel|\bstreet|\broad\b", re.IGNORECASE)
_STREET = re.compile(
    r",\s*\d{1,5}[a-z]?,?\s[\w' .-]{2,40}?\b(?:street|st|road|rd|avenue|ave|lane|drive|square|place"
    r"|way|boulevard|crescent|terrace|hill|park|campus)\b\.?(?:,(?!\s*(?:ref|date|approved)\b)"
    r"\s*[^\d\s,;()][^,;()]{0,30}|,\s*[A-Z]{1,2}\d[\dA-Z]?\s*\d[A-Z]{2})*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=\s))(\d{1,2})[.)]\s+(?=\D)")


class OldApproval(NamedTuple):
    """What one approval in free text says; ``status`` is its word, ``note`` the text as printed.

    ``blank``: the text says that date and reference were not provided. ``contacts``: the text
    holds the committee's address, which ``note`` leaves out.
    """

    name: str
    status: str
    date: PartialDate | None
    reference: str
    note: str
    blank: bool = False
    contacts: bool = False
    bad_date: str = ""  # 31/02/2013


# -- the free text of older records ----------------------------------------------------------------


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


def old_approval(text: str) -> OldApproval:
    """What one approval in free text says.

    >>> found = old_approval("Invented REC, 31/01/2013, ref: 13/XX/9930")
    >>> found.name, found.date.text, found.reference
    ('Invented REC', '2013-01-31', '13/XX/9930')
    >>> old_approval("Invented Committee (IEC) of X approved on the 9th of May 2026").name
    'Invented Committee (IEC) of X'
    """
    note, contacts = _without_contacts(text)
    left, taken = _NOT_PROVIDED.subn("", _AMENDMENT.sub("", note))
    left, reference = _without_reference(left)
    dates = list(_DATE.finditer(left))
    date = _best_date(left, dates)
    if date is None:
        date = _date_inside(reference)
    for found in reversed(dates):
        left = f"{left[: found.start()]}\u241f{left[found.end() :]}"
    status = _STATUS.search(left)
    word = one_line(status["word"]) if status else ""
    return OldApproval(
        name=_name(left, status),
        status=word.casefold(),
        date=date,
        reference=reference if re.search(r"\d", reference) else "",
        note=note,
        blank=bool(taken),
        contacts=contacts,
        bad_date=dates[0][0] if dates and date is None else "",
    )


def _parentheses(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each outermost parenthesis; one that is never closed ends with the text."""
    depth = start = 0
    for place, character in enumerate(text):
        if character == "(":
            depth += 1
            start = place if depth == 1 else start
        elif character == ")" and depth:
            depth -= 1
            if not depth:
                yield start, place + 1
    if depth:
        yield start, len(text)


def _without_contacts(text: str) -> tuple[str, bool]:
    """The text without parentheses that hold an address, a telephone number or a mail.

    A street with its house number that stands between commas goes with the town behind it.
    """
    kept, at = [], 0
    for start, end in _parentheses(text):
        inside = text[start:end]
        is_contact = re.search("[@;,]", inside) and _CHANNEL.search(inside)
        if is_contact and not (_REFERENCE.search(inside) or _DATE.search(inside)):
            kept += [text[at:start], "(\u2026)"]
            at = end
    plain, streets = _STREET.subn(" (\u2026)", one_line("".join([*kept, text[at:]])))
    return plain, bool(at or streets)


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
    return f"{text[: label.start()]}\u241f{text[end:]}", number


def _ends_number(rest: str) -> bool:
    """Whether what follows a comma is no part of a reference number."""
    rest = rest.lstrip()
    return (
        _DATE.match(rest) is not None
        or re.match(r"(?:date|dated|approved|on|amend|substantial|given|and)\b", rest, re.I)
        is not None
        or not re.match(r"[^\s,]*\d", rest)
    )


def _best_date(text: str, dates: list[re.Match[str]]) -> PartialDate | None:
    """The date beside the word "approved" or "date", else the first one."""
    read = [(found, day) for found in dates if (day := _day(found)) is not None]
    for found, day in read:
        before = text[max(0, found.start() - 30) : found.start()]
        if re.search(r"(?:approved|approval|dated?)\b[\s:]*(?:on|in|the)?[\s:the]*$", before, re.I):
            return day
    return read[0][1] if read else None


def _date_inside(reference: str) -> PartialDate | None:
    """The date that a reference ends with; a reference that is a date only is a number."""
    for found in _DATE.finditer(reference):
        rest = reference[: found.start()] + reference[found.end() :]
        if re.search(r"\d", rest):
            return _day(found)
    return None


def _day(found: re.Match[str]) -> PartialDate | None:
    """The date of a match, the day before the month; None for one that is none (31/02/2013)."""
    parts = found.groupdict()
    try:
        if parts["figures"]:
            return values.day_first(parts["figures"])
        if parts["iso"]:
            return values.iso_day(parts["iso"])
        if parts["short"]:
            day, month, year = parts["short"].split("/")
            return values.day_first(f"{day}/{month}/20{year}")
        if parts["day"]:
            return values.english_date(f"{parts['month']} {parts['day']}, {parts['year']}")
        if parts["precise_to_month"]:
            return values.english_date(parts["precise_to_month"].replace(",", ""))
        return values.english_date(
            re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", parts["english"], flags=re.I)
        )
    except ValueError:
        return None


def _name(text: str, status: re.Match[str] | None) -> str:
    """The committee: what is left, up to the first parenthesis that is no acronym."""
    if status is not None:
        before, after = text[: status.start()], text[status.end() :]
        in_before = _COMMITTEE.search(before) or not _COMMITTEE.search(after)
        text = before if in_before and one_line(before).strip(_EDGES) else after
    pieces = [piece for piece in _pieces(text) if _JOINTS.sub("", piece).strip(_EDGES)]
    named = [piece for piece in pieces if _COMMITTEE.search(piece)] or pieces
    return _before_parenthesis(named[0]) if named else ""


_BEFORE_NAME = re.compile(
    r"(?:(?:ethics )?approval )?(?:(?:was|has been) )?(?:(?:given|granted|obtained|received) )?"
    r"(?:by|from|on|dated?|date)\b[\s:]*",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(
    r"(?:[\s,;:(-]*\b(?:on(?: the)?|dated?|was|has been|in|and|gave|given|granted|by"
    r"|(?:ethics )?approval))+$",
    re.IGNORECASE,
)


def _pieces(text: str) -> Iterator[str]:
    """The stretches of text between what was cut out."""
    for piece in text.split("\u241f"):
        plain = piece.strip(_EDGES)
        if joint := _BEFORE_NAME.match(plain):
            plain = plain[joint.end() :]
        plain = _BEHIND_NAME.sub("", plain).removeprefix("the ").strip(_EDGES)
        if plain:
            yield plain


def _before_parenthesis(text: str) -> str:
    for start, end in _parentheses(text):
        inside = text[start:end].strip("() ")
        goes_on = text[end:].strip(" .,;:)")
        if not (_ACRONYM.fullmatch(inside) and inside not in _COUNTRIES and goes_on):
            text = text[:start]
            break
    return one_line(text).strip(_EDGES)


# -- approvals -------------------------------------------------------------------------------------


def approvals(f: Fields) -> tuple[EthicsApproval, ...]:
    """The approvals of a record; ``f`` is the cursor on ``trialDescription``."""
    required = f.string("ethicsApprovalRequired")
    told = (required,) if required and required.value else ()
    found = [
        *(_row(row, told) for row in f.inside("ethicsCommittees").each("ethicsCommittee")),
        *_old(f, told),
    ]
    decision = f.concepts("ethics-decision", en="ethicsApprovalRequired", report=False)
    if not found and decision and decision.value:
        return (EthicsApproval(decision=decision),)
    return tuple(found)


def _old(f: Fields, told: tuple[Said[str], ...]) -> Iterator[EthicsApproval]:
    cell = f.cell("ethicsApproval")
    if cell is None or not cell.text or is_nothing(cell.text):
        return
    for part in several(cell.text):
        found = old_approval(part)
        # What is told by this field is shown as the note: the text may hold an address.
        yield _from_text(f, cell._replace(text=found.note), found, told)


def _from_text(
    f: Fields, cell: Cell, found: OldApproval, told: tuple[Said[str], ...]
) -> EthicsApproval:
    if not found.name:
        why = "the name of a committee; the text is kept as a note"
        f.log.report("bad value", cell.path, cell.line, found.note, why)
    if found.bad_date:
        f.log.report("bad value", cell.path, cell.line, found.bad_date, "a day that the month has")
    cell = cell._replace(text=found.note)  # what is shown as printed holds no address either
    decision = _decision(f, cell, found)
    approved = decision is not None and decision.value == ("approved",)
    nothing: Said[str] = cell.says(None, "")
    return EthicsApproval(
        decision=decision,
        number=cell.says(found.reference) if found.reference else nothing if found.blank else None,
        date=cell.says(found.date)
        if found.date and approved
        else cell.says(None, "")
        if found.blank
        else None,
        committee=CommitteeMention(name=Texts(en=cell.says(found.name))) if found.name else None,
        note=Texts(en=cell.says(found.note)),
        told_by=told,
    )


def _decision(f: Fields, cell: Cell, found: OldApproval) -> Said[tuple[str, ...]] | None:
    """What the status word says; a date in this field is the date of approval."""
    if found.status:
        codes = Words.load().concepts("ethics-decision", f.registry, found.status)
        if codes is None:
            f.log.report(
                "unknown word", cell.path, cell.line, found.status,
                "add a row to ontology/codes/ethics-decision.tsv",
            )  # fmt: skip
            return cell.says(None, refused=True)
        return cell.says(codes)
    return cell.says(("approved",)) if found.date else None


def _row(f: Fields, told: tuple[Said[str], ...]) -> EthicsApproval:
    """One committee of the newer form, with its status and the contact of its office."""
    f.skip("@id", why="a key of the source")
    name = line(f, "committeeName")
    decision = f.concepts("ethics-decision", en="@approvalStatus")
    approved = decision is not None and decision.value == ("approved",)
    day = f.date("@statusDate", values.iso_day)
    other = f.string("@statusDate") if day and day.value and not approved else None
    committee = CommitteeMention(name=Texts(en=name)) if name and name.value else None
    return EthicsApproval(
        decision=decision,
        number=line(f, "committeeReference"),
        date=day if approved else None,
        committee=committee,
        roles=tuple(_office(f.inside("contactDetails"), name)),
        told_by=(*told, *((other,) if other else ())),
    )


_CONTACT_LABELS: dict[Sort, tuple[str, ...]] = {
    "address": ("address",),
    "postcode": ("zip",),
    "phone": ("telephone",),
    "e-mail": ("email",),
}


def channels_of(f: Fields) -> tuple[Channel, ...]:
    """The ways to reach somebody that a block ``contactDetails`` prints."""
    # Not channels: what a channel prints is taken out of every text of the record.
    f.skip("city", "state", "country", why="part of the contact's postal address")
    labels = {sort.replace("-", "_"): found for sort, found in _CONTACT_LABELS.items()}
    return f.channels(**labels)


def _office(f: Fields, name: Said[str] | None) -> Iterator[RoleAssignment]:
    """The office of the committee: it has channels, and no name but the committee's."""
    channels = channels_of(f)
    if channels and name and name.value:
        office = RoleContact(name=Texts(en=name), channel_kinds=kinds(channels), channels=channels)
        yield RoleAssignment(role="ethics-contact", agent=office, list_position=1)
