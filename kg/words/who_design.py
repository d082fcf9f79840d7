"""The design of a trial as the WHO platform and its registries exchange it: labels in one text.

``Randomization: Randomized, Blinding: Double blinded, …``: the words behind the labels are looked
up in the code lists; the text itself stays the description of the design. Outcomes of the same
registries name their time point and method by labels too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.fields import Fields
from kg.said import Codes, Said, Texts
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.who import word

# Labels inside the design text, by the code list whose words follow them.
_LABELS = {
    "allocation": "allocation",
    "randomization": "allocation",
    "intervention model": "design-model",
    "observational model": "design-model",
    "assignment": "design-model",
    "primary purpose": "primary-purpose",
    "purpose": "primary-purpose",
    "study design purpose": "primary-purpose",
    "masking": "masking",
    "blinding": "masking",
    "blinding/masking": "masking",
    "blinding and masking": "masking",
    "blinding target": "masked-party",
    "time perspective": "time-perspective",
    "method of generating randomization sequence": "randomization method",
    "randomization description": "randomization method",
    "blinding description": "masking description",
    # labels whose values stay in the text
    "method of allocation concealment": "",
    "placebo": "",
    "endpoint classification": "",
    "type of endpoint": "",
    "control": "",
}
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[\s.,;]))(" + "|".join(sorted(map(re.escape, _LABELS), key=len, reverse=True))
    + r")\s*:\s*",
    re.IGNORECASE,
)  # fmt: skip
_TAIL = re.compile(r"(.*?)\s*\(([^()]*)\)")


class Design(NamedTuple):
    """What the design text says in the words of the code lists, and the whole of it."""

    codes: dict[str, Said[Codes]]
    description: Texts | None = None
    randomization: Texts | None = None
    masking_description: Texts | None = None


def labelled(f: Fields, cell: Cell, text: str, issuer: str, description: Texts) -> Design:
    """The design that a text of one line tells behind its labels."""
    codes: dict[str, Said[Codes]] = {}
    methods: dict[str, Texts] = {}
    starts = list(_LABEL.finditer(text))
    if issuer == "ctri":
        head = text[: starts[0].start()] if starts else text
        _add(codes, "design-model", word(f, "design-model", cell, head.strip(" .,;"), issuer))
        allocated = word(f, "allocation", cell, head.strip(" .,;"), report=False)
        if allocated.value:
            codes["allocation"] = allocated
    ends = [found.start() for found in starts[1:]] + [len(text)]
    for found, end in zip(starts, ends, strict=False):
        scheme = _LABELS[found[1].casefold()]
        value = text[found.end() : end].strip(" .,;")
        if scheme in ("randomization method", "masking description"):
            blank = is_placeholder(value) or value.casefold() == "not applicable"
            methods[scheme] = Texts(en=cell.says(None if blank else value, value))
        elif scheme == "masked-party":
            _add(codes, scheme, _parties(f, cell, value, issuer))
        elif scheme == "masking":
            _masking(f, cell, value, issuer, codes)
        elif scheme and value:
            _add(codes, scheme, word(f, scheme, cell, value, issuer, "ctgov"))
    return Design(
        codes, description, methods.get("randomization method"), methods.get("masking description")
    )


def _add(codes: dict[str, Said[Codes]], scheme: str, said: Said[Codes]) -> None:
    if said.value or scheme not in codes:
        codes[scheme] = said


def _masking(f: Fields, cell: Cell, value: str, issuer: str, codes: dict[str, Said[Codes]]) -> None:
    """``Double (Participant, Investigator)``: a word, and in brackets who is masked."""
    found = _TAIL.fullmatch(value)
    whole = word(f, "masking", cell, value, issuer, "ctgov", report=not found)
    if whole.value or not found:
        _add(codes, "masking", whole)
        told = word(f, "masked-party", cell, value, report=False)
        if told.value:
            _add(codes, "masked-party", told)
        return
    _add(codes, "masking", word(f, "masking", cell, found[1], issuer, "ctgov"))
    _add(codes, "masked-party", _parties(f, cell, found[2], issuer))


def _parties(f: Fields, cell: Cell, text: str, issuer: str) -> Said[Codes]:
    said = [
        word(f, "masked-party", cell, part, issuer, "ctgov")
        for part in map(one_line, text.split(","))
        if part
    ]
    codes = dict.fromkeys(code for one in said for code in one.value or ())
    return cell.says(tuple(codes) or None, text, refused=not codes and bool(said))


# -- outcomes --------------------------------------------------------------------------------------

TIME = re.compile(r"\bTime\s?(?:point|frame)s?\s{0,9}:|(?<=[a-z])Timepoint\s{0,9}:", re.IGNORECASE)
METHOD = re.compile(r"\bMethod of measurement\s{0,9}:", re.IGNORECASE)


def timed(text: str, *, bracketed: bool = False) -> tuple[str, str, str]:
    """Name, time point and method of an outcome; the last two empty where the text is undivided."""
    times = list(TIME.finditer(text))
    if len(times) == 1:
        name = text[: times[0].start()].strip(" .;,\n")
        rest = one_line(text[times[0].end() :])
        how = METHOD.search(rest)
        time = rest[: how.start()] if how else rest
        if name:
            return name, time.strip(" .;,"), rest[how.end() :].strip(" .") if how else ""
    if bracketed and text.endswith("]") and text.count("[") == 1:
        name, _, time = text[:-1].partition("[")
        time = re.sub(r"time\s?frame\s*:?\s*", "", one_line(time), count=1, flags=re.IGNORECASE)
        if name.strip():
            return name.strip(), time, ""
    return text, "", ""
