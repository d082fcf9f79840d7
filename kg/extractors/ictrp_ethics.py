"""The ethics columns of a row of the WHO portal: six, each a list with one entry a decision."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.contacts.masking import masked
from kg.extractors.ictrp_columns import Columns
from kg.fields import Fields
from kg.model import EthicsApproval
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.who import day, line, word
from kg.words.who_ethics import Review, approval, approved_on, silent

_COLUMNS = ("status", "approval date", "contact name", "contact address", "contact phone",
            "contact email")  # fmt: skip
# Registers that print a free text in these columns.
_TEXT = frozenset({"isrctn"})
_APPROVED_ON = re.compile(
    r"(?<!not )(?<!yet )\bapproved,?\s+(?:on\s+)?(\d{1,2}/\d{1,2}/\d{4})\b", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_OPENS = re.compile(r"\s*[(\[]")
_TELLS = re.compile(r"\bapprov|\bref\b|\d/\d{1,2}/\d{4}", re.IGNORECASE)


class Ethics(NamedTuple):
    """The approvals, and columns printed without a value."""

    approvals: tuple[EthicsApproval, ...] = ()
    blanks: tuple[Blank, ...] = ()


def ethics(f: Fields, at: Columns, issuer: str) -> Ethics:
    """What the ethics columns say."""
    labels = {name: at[f"ethics {name}"] for name in _COLUMNS}
    cells = {name: f.cell(label) for name, label in labels.items()}
    f.channels(phone=labels["contact phone"], e_mail=labels["contact email"])
    if issuer in _TEXT:
        return _free_text(f, cells, issuer)
    made = [
        found
        for entry in _entries(f, cells, labels)
        if (found := approval(f, entry, issuer)) is not None
    ]
    if made:
        return Ethics(tuple(made))
    blanks = [
        Blank(_BLANK[name], cell.line, cell.path)
        for name in _BLANK
        if (cell := cells[name]) is not None
    ]
    return Ethics((), tuple(blanks))


_BLANK = {
    "status": "decision",
    "approval date": "approvalDate",
    "contact name": "contactPerson@en",
    "contact address": "committee@en",
}


def _entries(f: Fields, cells: dict[str, Cell | None], labels: dict[str, str]) -> list[Review]:
    """The decisions. A column is a list only where another one lists as many."""
    parts = {
        name: [one_line(p) for p in line(cell.text).split(";")] if cell else []
        for name, cell in cells.items()
    }
    size = max(len(parts["status"]), len(parts["approval date"]), 1)
    found: dict[str, list[Cell | None]] = {}
    for name, cell in cells.items():
        if cell is None:
            found[name] = [None] * size
        elif len(parts[name]) == size:
            found[name] = [cell._replace(text=part) for part in parts[name]]
        elif size == 1 or len(parts[name]) == 1:
            found[name] = [cell._replace(text=line(cell.text))] * size
        else:
            found[name] = [None] * size
            if name not in ("contact phone", "contact email"):
                why = f"one entry for each of the {size} decisions; these are left out"
                f.report("left out", labels[name], why)
    return [
        Review(
            found["status"][n],
            found["approval date"][n],
            found["contact name"][n],
            found["contact address"][n],
            _text(found["contact phone"][n]),
            _text(found["contact email"][n]),
            silent(found["contact phone"][n], found["contact email"][n]),
        )
        for n in range(size)
    ]


def _text(cell: Cell | None) -> str:
    return "" if cell is None or is_placeholder(cell.text) else cell.text


def _cut(text: str) -> str:
    """A text without its last bracket if that is never closed: the portal cuts long texts there.

    What says more than an address is kept.

    >>> _cut("Example REC (6 Invented Road; Tel: ("), _cut("Example REC (approved 1/5/2026")
    ('Example REC', 'Example REC (approved 1/5/2026')
    """
    opens = _OPENS.search(text, max(text.rfind(")"), text.rfind("]")) + 1)
    if opens is None or _TELLS.search(text, opens.end()):
        return text
    return text[: opens.start()]


def _free_text(f: Fields, cells: dict[str, Cell | None], issuer: str) -> Ethics:
    """One approval with the text as its note, without the addresses that stand in brackets."""
    status, date = cells["status"], cells["approval date"]
    decision: Said[Codes] | None = None
    if status is not None:
        decision = word(f, "ethics-decision", status, line(status.text))
    on = None if date is None else approved_on(f, date, issuer)
    note: Said[str] | None = None
    blanks: list[Blank] = []
    for name in ("contact name", "contact address"):
        cell = cells[name]
        if cell is None:
            continue
        text = line(cell.text)
        if not text or is_placeholder(text):
            blanks.append(Blank(_BLANK[name], cell.line, cell.path))
        elif note is None and "@" not in text.split(" ")[0]:
            for _ in range(9):  # brackets inside each other
                text = _IN_BRACKETS.sub("", text)
            text = _cut(text)
            note = cell.says(masked(text), "")
        else:
            f.log.contacts.add(cell.path)
    told = _APPROVED_ON.search(note.value or "") if note else None
    if note and told and not (decision and decision.value):
        decision = joined(("approved",), tuple(one for one in (decision, note) if one))
        if not (on and on.value):
            on = joined(day(told[1], issuer), tuple(one for one in (on, note) if one))
    if note is None and not (decision and decision.value) and not (on and on.value):
        for name, one in (("decision", decision), ("approvalDate", on)):
            if one is not None and not one.refused:
                blanks.append(Blank(name, one.line, one.path))
        return Ethics((), tuple(blanks))
    texts = Texts(en=note) if note else None
    return Ethics((EthicsApproval(decision=decision, date=on, note=texts, blanks=tuple(blanks)),))
