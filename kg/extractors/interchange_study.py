"""Conditions, arms, interventions and outcomes of a record in WHO interchange XML."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.codes import CHINESE
from kg.fields import Fields
from kg.model import Condition, Intervention, OutcomeMeasure
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.who import line, lines, parts_of, word
from kg.words.who_design import timed
from kg.words.who_parts import Arms, arms, lists_arms


def says_nothing(text: str) -> bool:
    """Whether a text fills a field without saying anything; also ``;;`` and ``-: -``."""
    return all(not part.strip(" -:") or is_placeholder(part) for part in re.split("[;:]", text))


# -- conditions, interventions, outcomes -----------------------------------------------------------

_CODE = re.compile(r"[A-Z]\d{1,2}[\d.]*[A-Z]?(?:-[A-Z]\d{1,2}[\d.]*)?|[A-Z]\d{2,4}", re.IGNORECASE)
_CODED = re.compile(r"-?\s*([A-Z]\d{2,4}(?:\.\d)?)\s+(.+)")


def _codes(cells: list[Cell]) -> tuple[list[Cell], list[Cell]]:
    """The cells that hold a code of a classification, and those that hold words."""
    told = [cell for cell in cells if not says_nothing(cell.text)]
    codes = [cell for cell in told if _CODE.fullmatch(one_line(cell.text))]
    return codes, [cell for cell in told if cell not in codes]


def _all(cells: list[Cell]) -> Said[str] | None:
    """The texts of some cells as one."""
    if not cells:
        return None
    texts = dict.fromkeys(one_line(cell.text) for cell in cells)
    return joined("; ".join(texts), tuple(cell.says(one_line(cell.text)) for cell in cells))


def conditions(f: Fields, main: Fields) -> tuple[tuple[Condition, ...], tuple[Said[str], ...]]:
    """The conditions of the free text with the registry's codes for them, and keywords."""
    cell = main.cell("hc_freetext")
    cells = [*f.cells("health_condition_code.hc_code"),
             *f.cells("health_condition_keyword.hc_keyword")]  # fmt: skip
    for one in cells:
        if one.text and says_nothing(one.text):  # some have no condition to hang on
            f.log.unsaid[one.path] = one.says(None)
    codes, words = _codes(cells)
    rows = [row for row in lines(cell.text).splitlines() if not says_nothing(row)] if cell else []
    if cell is None or not rows:
        loose = [*codes, *words]
        return (), tuple(one.says(one_line(one.text)) for one in loose)
    made = []
    for name, code in _named(rows, f.registry, codes):
        said = cell.says(code, code) if code else None
        same = [c for c in codes if one_line(c.text) == code]
        called = [w for w in words if one_line(w.text).casefold() == name.casefold()]
        told = joined(name, (cell.says(name, name), *(w.says(name) for w in called)))
        if same and said:
            said = joined(code, (said, *(c.says(code) for c in same)))
        codes = [c for c in codes if c not in same]
        words = [w for w in words if w not in called]
        made.append(Condition(name=Texts(en=told._replace(printed=name)), code=said))
    if len(made) == 1 and made[0].code is None and codes:
        made = [replace(made[0], code=_all(codes))]
        codes = []
    blank = [c for c in cells if says_nothing(c.text) and made and made[0].code is None]
    if blank:
        made[0] = replace(made[0], code=blank[0].says(None))
    return tuple(made), tuple(one.says(one_line(one.text)) for one in (*codes, *words))


def _named(rows: list[str], registry: str, codes: list[Cell]) -> list[tuple[str, str]]:
    """``-F329 Name`` on a line of its own each; else a name for each line or semicolon.

    Where codes stand beside the field, nobody knows which of several names each belongs to: the
    text stays one condition, which has them all.
    """
    coded = [_CODED.fullmatch(row) for row in rows]
    if all(coded):
        return [(found[2], found[1]) for found in coded if found]
    if registry in CHINESE:  # one text, in which a semicolon divides nothing
        return [(one_line(" ".join(rows)), "")]
    whole = _unwrapped(rows)
    if codes:
        return [("\n".join(whole), "")]
    found = [name for row in whole for name in parts_of(row)]
    return [(name, "") for name in dict.fromkeys(found) if not says_nothing(name)]


# What a line that goes on in the next one ends in.
_GOES_ON = re.compile(
    r"(?:[,(/&-]|\b(?:and|or|of|in|the|with|due|to|for|by|e|de|da|do|em|com))$", re.I
)


def _unwrapped(rows: list[str]) -> list[str]:
    """The lines of a text, those that only wrap joined.

    A line begins anew with a capital or a digit.

    >>> _unwrapped(["Heart Diseases", "Thrombosis"]), _unwrapped(["Anesthesia of a", "molar"])
    (['Heart Diseases', 'Thrombosis'], ['Anesthesia of a molar'])
    """
    found: list[str] = []
    for row in map(one_line, rows):
        if found and (not (row[:1].isupper() or row[:1].isdigit()) or _GOES_ON.search(found[-1])):
            found[-1] += f" {row}"
        else:
            found.append(row)
    return found


def size_of(main: Fields) -> Arms:
    cell = main.cell("target_size")
    if cell is not None and lists_arms(line(cell.text)):
        return arms(main, "target_size", "i_freetext")
    total = main.count("target_size")
    what = main.cell("i_freetext")
    text = lines(what.text) if what else ""
    if what is None or says_nothing(text):
        return Arms((), total)
    return Arms((), total, (Intervention(name=Texts(en=what.says(text))),))


def treated(
    f: Fields, main: Fields, size: Arms
) -> tuple[tuple[Intervention, ...], tuple[Said[str], ...]]:
    """The interventions with their sorts and codes, and the words that stand beside them."""
    sorts, numbers = f.cells("intervention_code.i_code"), f.cells("intervention_keyword.i_keyword")
    codes, words = _codes(numbers)
    told = [cell for cell in sorts if not says_nothing(cell.text)]
    known = [word(f, "intervention-type", c, line(c.text), "rebec") for c in told]
    made = size.interventions
    if len(made) != 1 or size.arms:
        return made, tuple(c.says(one_line(c.text)) for c in (*told, *codes, *words))
    values = tuple(dict.fromkeys(code for one in known for code in one.value or ()))
    sort = joined(values or None, tuple(known)) if known else None
    if sort is not None and not values:
        sort = sort._replace(refused=any(one.refused for one in known))
    one = replace(made[0], sort=sort, code=_all(codes))
    return (one,), tuple(c.says(one_line(c.text)) for c in words)


def outcomes(f: Fields, issuer: str) -> tuple[tuple[OutcomeMeasure, ...], tuple[Blank, ...]]:
    made: list[OutcomeMeasure] = []
    blanks = []
    for label, sort in (
        ("primary_outcome.prim_outcome", "primary"),
        ("secondary_outcome.sec_outcome", "secondary"),
    ):
        for cell in f.cells(label):
            text = lines(cell.text)
            # The Chinese registries end each outcome of a list with a semicolon.
            parts = parts_of(one_line(text)) if issuer in CHINESE else [text]
            here = [part for part in dict.fromkeys(parts) if not says_nothing(part)]
            if not here:
                blanks.append(Blank("hasOutcome@en", cell.line, cell.path))
            for whole in here:
                kind: Said[Codes] = cell.says((sort,), "")
                name, time, how = timed(whole) if issuer == "irct" else (whole, "", "")
                made.append(
                    OutcomeMeasure(
                        name=Texts(en=cell.says(name, name)),
                        sort=kind,
                        time_point=Texts(en=cell.says(time, time)) if time else None,
                        method=Texts(en=cell.says(how, how)) if how else None,
                        list_position=len(made) + 1,
                    )
                )
    return tuple(made), tuple(blanks)
