"""Design, phase and sex in a row of the WHO portal: words inside texts, by register."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.codes import CHINESE, Words
from kg.fields import Fields
from kg.said import Codes, Said, Texts
from kg.trees import Cell
from kg.values import is_placeholder, one_line
from kg.who import chinese_design, lines, word

# -- design ----------------------------------------------------------------------------------------

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
_YES_NO = re.compile(r"([A-Z][A-Za-z ]{1,60}?)\s{0,9}:\s{0,9}(yes|no)\b", re.IGNORECASE)
# What a line of the EU register that says yes means; other lines stay in the text.
_EU = {
    "randomised": ("allocation", "randomized"),
    "open": ("masking", "none"),
    "single blind": ("masking", "single"),
    "double blind": ("masking", "double"),
    "parallel group": ("design-model", "parallel"),
    "cross over": ("design-model", "cross-over"),
}


_LONGEST_WORD = 80  # characters


class Design(NamedTuple):
    """What the design text says in the words of the code lists, and the whole of it."""

    codes: dict[str, Said[Codes]]
    description: Texts | None = None
    randomization: Texts | None = None
    masking_description: Texts | None = None


def design(f: Fields, label: str, issuer: str) -> Design:
    """The design of a row; words are looked up where a label or the register's form holds one."""
    cell = f.cell(label)
    if cell is None:
        return Design({})
    text = lines(cell.text)
    if not text or is_placeholder(text):
        return Design({}, Texts(en=cell.says(None)))
    description = Texts(en=cell.says(text))
    if issuer in ("euctr", "ctis"):
        return Design(_eu(cell, text), description)
    if issuer in CHINESE:
        return Design(chinese_design(f, cell))
    if issuer in _WORDS_ALONE:
        return Design(_unlabelled(cell, one_line(text), issuer), description)
    return _labelled(f, cell, one_line(text), issuer, description)


# Registers that print words of their form without labels, divided by commas if by anything.
_WORDS_ALONE = frozenset({"jrct", "umin", "tctr", "pactr"})
_SCHEMES = ("allocation", "design-model", "masking", "primary-purpose")


def _unlabelled(cell: Cell, text: str, issuer: str) -> dict[str, Said[Codes]]:
    """``single arm study, open(masking not used), …``: each word says by itself what it is of.

    Behind a colon stands what the form explains the word with.
    """
    found: dict[str, Said[Codes]] = {}
    words = Words.load()
    for part in (text, *text.split(",")):
        plain = part.partition(":")[0].strip(" .")
        for scheme in _SCHEMES if len(plain) <= _LONGEST_WORD else ():
            codes = words.concepts(scheme, issuer, plain)
            if codes is not None and scheme not in found:
                found[scheme] = cell.says(codes, plain)
    return found


def _labelled(f: Fields, cell: Cell, text: str, issuer: str, description: Texts) -> Design:
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


def _eu(cell: Cell, text: str) -> dict[str, Said[Codes]]:
    found: dict[str, Said[Codes]] = {}
    for name, answer in _YES_NO.findall(text.partition("If controlled")[0]):
        meant = _EU.get(one_line(name).casefold())
        if meant and answer.casefold() == "yes" and meant[0] not in found:
            found[meant[0]] = cell.says((meant[1],), f"{one_line(name)}: {answer}")
    return found


_EU_PHASE = re.compile(r"\(Phase (I{1,3}|IV)\)\s*:\s*(yes|no)", re.IGNORECASE)
_ROMAN = {"I": "phase-1", "II": "phase-2", "III": "phase-3", "IV": "phase-4"}


def phase(f: Fields, label: str, issuer: str) -> Said[Codes] | None:
    """The phase; the EU register prints four lines that say yes or no."""
    cell = f.cell(label)
    if cell is None:
        return None
    text = one_line(lines(cell.text))
    if marked := _EU_PHASE.findall(text):
        codes = [_ROMAN[roman.upper()] for roman, answer in marked if answer.casefold() == "yes"]
        return cell.says(tuple(dict.fromkeys(codes)) or None, text)
    return word(f, "phase", cell, text, issuer) if text else cell.says(None)


def sex(f: Fields, label: str) -> Said[Codes] | None:
    """Which sexes take part; the EU register prints a line for each."""
    cell = f.cell(label)
    if cell is None:
        return None
    text = one_line(lines(cell.text))
    marked = {name.casefold(): answer.casefold() == "yes" for name, answer in _YES_NO.findall(text)}
    if marked.keys() & {"female", "male"}:
        female, male = marked.get("female"), marked.get("male")
        code = "all" if female and male else "female" if female else "male" if male else None
        return cell.says((code,) if code else None, text)
    return word(f, "sex", cell, text) if text else cell.says(None)
