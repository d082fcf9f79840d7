"""The design of old studies of ClinicalTrials.gov: one line, its words with or without names.

Until about 2010 there were words alone (``Treatment, Randomized, Open Label, Uncontrolled``): the
tables of codes tell which of them is what.
"""

from __future__ import annotations

import re
from typing import Any

from kg.codes import Words
from kg.extractors.ctgov_moves import deep, put
from kg.sources.trees import Cell, text_of
from kg.values import is_placeholder

_DESIGN = ["protocolSection", "designModule"]
_INFO = [*_DESIGN, "designInfo"]
_BRACKETS = re.compile(r"(\w[\w -]*?)\s*\(([^()]*)\)")
_DESIGN_PARTS = {
    "allocation": "allocation",
    "intervention model": "interventionModel",
    "observational model": "observationalModel",
    "primary purpose": "primaryPurpose",
    "time perspective": "timePerspective",
    "masking": "maskingInfo.masking",
}
_NAMED = re.compile(r"(?:^|,\s*)([A-Z][A-Za-z ]+):\s*")
# Where the words of a line without names go, by the code list that knows them.
_UNNAMED = {
    "allocation": "allocation",
    "masking": "maskingInfo.masking",
    "design-model": "interventionModel",
    "primary-purpose": "primaryPurpose",
    "time-perspective": "timePerspective",
}
# What such a line says of control, end points and selection; named, it is "rest", too.
_OLD_WORDS = re.compile(
    r"uncontrolled|(?:placebo|active|historical) control|dose comparison"
    r"|(?:safety|efficacy|safety/efficacy|bio-?availability|bio-?equivalence"
    r"|pharmaco(?:kinetics|dynamics|kinetics/dynamics)) study|(?:random|convenience) sample",
    re.IGNORECASE,
)


def move_design(rest: Any, made: dict[str, Any]) -> None:
    """The old one-line design: ``Allocation: Randomized, Masking: Double Blind (…)``."""
    found = rest.get("study_design")
    if found is None or isinstance(found, dict | list):
        return
    if is_placeholder(text_of(found)):
        if put(made, [*_INFO, "interventionModel"], found):
            del rest["study_design"]
        return
    del rest["study_design"]
    pieces = _NAMED.split(text_of(found))
    others, again = [], []
    for name, value in zip(pieces[1::2], pieces[2::2], strict=False):
        target = _DESIGN_PARTS.get(name.casefold())
        cell = _like(found, value.strip(" ,"))
        if not target:
            others.append(f"{name}: {value}")
        elif not put(made, [*_INFO, *target.split(".")], cell):
            again.append(f"{name}: {value}")
    unknown: list[str] = []
    for word in filter(None, (one.strip() for one in pieces[0].split(","))):
        target = _target(word, made)
        if _OLD_WORDS.fullmatch(word):
            others.append(word)
        elif target is None or not put(made, [*_INFO, *target.split(".")], _like(found, word)):
            (unknown if target is None else again).append(word)
    # What an element of its own says too, and words that nobody knows, are listed as unread.
    parts = {"rest": others, "again": again, "unnamed": unknown}
    for label, texts in parts.items():
        if any(texts):
            put(rest, ["study_design", label], _like(found, ", ".join(texts)))


def _target(word: str, made: dict[str, Any]) -> str | None:
    """Which part of the design a word without a name is."""
    known = Words.load()
    of = next((of for of in _UNNAMED if known.concepts(of, "ctgov", word)), None)
    kind = text_of(deep(made, [*_DESIGN, "studyType"])).casefold()
    if of == "design-model" and kind.startswith("observational"):
        return "observationalModel"
    return _UNNAMED[of] if of else None


def _like(node: Any, text: str) -> Any:
    return Cell(text, node.line) if isinstance(node, Cell) else text


def move_masking(made: dict[str, Any]) -> None:
    """``Double (Participant, Investigator)`` is a word and a list of parties."""
    info = deep(made, [*_INFO, "maskingInfo"])
    found = info.get("masking") if isinstance(info, dict) else None
    parts = _BRACKETS.fullmatch(text_of(found)) if found is not None else None
    if info is not None and parts and "label" not in parts[2].casefold():
        info["masking"] = _like(found, parts[1])
        info["whoMasked"] = [_like(found, one.strip()) for one in parts[2].split(",")]
