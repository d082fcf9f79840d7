"""Design, phase and sex in a row of the WHO portal: words inside texts, by register."""

from __future__ import annotations

import re

from kg.codes import CHINESE, Words
from kg.fields import Fields
from kg.said import Codes, Said, Texts
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.who import chinese_design, lines, word
from kg.words.who_design import Design, labelled

# -- design ----------------------------------------------------------------------------------------

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
    return labelled(f, cell, one_line(text), issuer, description)


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
