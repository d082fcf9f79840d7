"""Conditions, interventions and outcomes in a row of the WHO portal, by register.

Which registers list them with semicolons, and what stays one text: docs/sources.md, "WHO ICTRP".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.codes import CHINESE
from kg.extractors.ictrp_end_points import end_points, is_labelled, says
from kg.extractors.ictrp_products import Product, products
from kg.fields import Fields
from kg.model import Condition, Intervention, OutcomeMeasure
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.who import lines, parts_of, word
from kg.words.who_design import METHOD, TIME, timed

# Registers of the Union, which print the labels of one form.
_OF_THE_UNION = frozenset({"euctr", "ctis"})

# -- conditions ------------------------------------------------------------------------------------

_MEDDRA = re.compile(
    r"MedDRA version:\s*[\d.]+\s*Level:\s*(\w+?)\s*Classification code\s*:?\s*(\d*)\s*Term:\s*"
    r"(.*?)\s*(?:System Organ Class:[^;]*?)?(?=;|$|MedDRA version)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[-•]\s*")
_CTRI = re.compile(r"Health Condition \d+:\s*", re.IGNORECASE)
# CTRI prints a code, a range of codes or the letter of a section, and "null" for none.
_CTRI_CODED = re.compile(r"(?:([A-Z]\d{2,5}(?:-[A-Z]\d{2,5})?|[A-Z](?=-\s+[A-Z]))|null)-\s*(.*)")
_ICD = re.compile(r"[A-Z]\d{2}(?:[.-]\d{1,3})?")
_IRCT = re.compile(r"Condition \d+:\s*")
_MEDDRA_CODE = re.compile(r"\d{8}")


def conditions(
    f: Fields, label: str, issuer: str
) -> tuple[tuple[Condition, ...], tuple[Blank, ...]]:
    """The conditions, each once, and the label if it is printed without one."""
    cell = f.cell(label)
    if cell is None:
        return (), ()
    names: dict[str, str] = {}
    codes: dict[str, dict[str, None]] = {}
    for printed, code in _conditions(lines(cell.text), issuer):
        name = code if is_placeholder(printed) or not printed else printed
        if name:
            names.setdefault(name.casefold(), name)
            codes.setdefault(name.casefold(), {}).update({code: None} if code else {})
    if not names:
        return (), (Blank("hasCondition@en", cell.line, cell.path),)
    found = ((name, "; ".join(codes[key])) for key, name in names.items())
    return tuple(
        Condition(
            name=Texts(en=cell.says(name, name)), code=cell.says(code, code) if code else None
        )
        for name, code in found
    ), ()


def _conditions(text: str, issuer: str) -> Iterator[tuple[str, str]]:
    if issuer in CHINESE:  # one text, in which a semicolon divides nothing
        yield one_line(text), ""
    elif issuer == "ctri" and _CTRI.search(text):
        for part in _CTRI.split(one_line(text)):
            coded = _CTRI_CODED.fullmatch(part.strip())
            yield (coded[2], coded[1] or "") if coded else (part.strip(), "")
    elif issuer in _OF_THE_UNION:
        plain = one_line(text)
        coded_terms = [(term, code) for _, code, term in _MEDDRA.findall(plain)]
        first = re.split(r"MedDRA version:|;?\s*Therapeutic area:", text, maxsplit=1)[0].strip(
            " ;\n"
        )
        rows = first.splitlines()
        is_list = len(rows) > 1 and all(_ITEM.match(row) for row in rows)
        yield from ((_ITEM.sub("", row), "") for row in (rows if is_list else [one_line(first)]))
        yield from ((term.strip(" ;"), code) for term, code in coded_terms)
        for area in re.findall(r"Therapeutic area:\s*([^;]+)", plain):
            yield area.strip(), ""
    elif issuer in _CODED_BEHIND and (pairs := _coded(text, _CODED_BEHIND[issuer])):
        yield from pairs
    else:
        for row in text.splitlines():
            parts = parts_of(_IRCT.sub(";", row))
            if issuer != "irct":  # "N95" may be a mask
                yield from ((part, "") for part in parts)
                continue
            # IRCT prints the ICD code behind its name; alone it is all that is known.
            code = parts.pop() if parts and _ICD.fullmatch(parts[-1]) else ""
            yield from ((part.strip(" ."), "") for part in parts[:-1])
            yield (parts[-1].strip(" .") if parts else "", code)


# Registers that print the terms of a coding system, then as many codes.
_CODED_BEHIND = {"drks": _ICD, "omon": _MEDDRA_CODE}


def _coded(text: str, code: re.Pattern[str]) -> list[tuple[str, str]]:
    """The conditions of a list that ends in terms and, in the same order, their codes.

    The German register prints the codes before the terms, too.

    >>> _coded("asthma;J45.0;J46;Allergic asthma;Status;J45.0;J46", _ICD)
    [('asthma', ''), ('Allergic asthma', 'J45.0'), ('Status', 'J46')]
    >>> _coded("asthma;J45.0", _ICD), _coded("J45.0;J46;Status;J45.0;J46", _ICD)
    ([('asthma', 'J45.0')], [])
    """
    parts = [part for row in text.splitlines() for part in parts_of(row)]
    first = next((n for n in range(len(parts), 0, -1) if not code.fullmatch(parts[n - 1])), 0)
    codes = parts[first:]
    terms = parts[max(0, first - len(codes)) : first]
    free = parts[: first - len(terms)]
    if free[len(free) - len(codes) :] == codes:
        free = free[: len(free) - len(codes)]
    if not codes or len(terms) < len(codes) or any(map(code.fullmatch, (*terms, *free))):
        return []
    return [*((one, "") for one in free), *zip(terms, codes, strict=True)]


# -- interventions ---------------------------------------------------------------------------------

_TYPED = re.compile(
    r"(Drug|Biological|Device|Procedure|Radiation|Behavioral|Genetic|Dietary Supplement|"
    r"Combination Product|Diagnostic Test|Other)\s*:\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)
# Registers that write the type of an intervention before it.
_TYPES = frozenset({"ctgov", "cris"})
_ORDINAL = re.compile(r"(?:^|(?<=\s))(?:Control )?Intervention ?\d{1,2} ?: *", re.IGNORECASE)
_NAMED = re.compile(
    r"^(?:Control )?Intervention name {0,9}: {0,9}(.+)$", re.IGNORECASE | re.MULTILINE
)


def _numbered_interventions(text: str) -> list[tuple[str, str]]:
    """``Intervention1: name: description``; of ``Intervention 1: group: …`` all is the name."""
    if not _ORDINAL.match(text):
        return []
    found = []
    for part in _ORDINAL.split(text)[1:]:
        name, _, more = part.strip(" ;\n").partition(": ")
        if not more or len(name) > 120 or "group" in name.casefold():
            name, more = part.strip(" ;\n"), ""
        found.append((name, "" if is_placeholder(more) else more.strip()))
    return found


def _of_parts(cell: Cell, name: str, description: str = "") -> Intervention:
    more = Texts(en=cell.says(description, description)) if description else None
    return Intervention(name=Texts(en=cell.says(name, name)), description=more)


def _of_product(cell: Cell, product: Product) -> Intervention:
    name = Texts(en=cell.says(product.name, product.name)) if product.name else Texts()
    block = product.block
    # A block of one line says no more than the name.
    more = Texts(en=cell.says(block, block)) if "\n" in block or not product.name else None
    return Intervention(
        name=name,
        description=more,
        other_names=tuple(cell.says(one, one) for one in product.others),
    )


def interventions(f: Fields, label: str, issuer: str) -> tuple[Intervention, ...]:
    """The interventions of a register that does not print them arm by arm."""
    cell = f.cell(label)
    if cell is None:
        return ()
    text = lines(cell.text)
    if not text.strip(" ;\n") or is_placeholder(text.strip(" ;\n")):
        return ()
    if issuer in _TYPES:
        return tuple(_typed(f, cell, text))
    if numbered := _numbered_interventions(text):
        return tuple(_of_parts(cell, name, more) for name, more in numbered if says(name))
    if named := _NAMED.findall(text):
        whole = Texts(en=cell.says(text))
        return tuple(
            Intervention(name=Texts(en=cell.says(name, name)), description=None if n else whole)
            for n, name in enumerate(dict.fromkeys(filter(says, map(one_line, named))))
        )
    if issuer == "pactr":
        return tuple(_of_parts(cell, name) for name in dict.fromkeys(parts_of(one_line(text))))
    if issuer in _OF_THE_UNION and (found := products(cell.text)):
        return tuple(_of_product(cell, one) for one in found)
    return (Intervention(name=Texts(en=cell.says(text.strip(" ;\n")))),)


def _typed(f: Fields, cell: Cell, text: str) -> Iterator[Intervention]:
    """``Drug: a;Device: b``; a part without a type belongs to the one before it."""
    parts: list[str] = []
    for part in parts_of(one_line(text)):
        if _TYPED.fullmatch(part) or not parts:
            parts.append(part)
        else:
            parts[-1] += f"; {part}"
    for part in dict.fromkeys(parts):
        found = _TYPED.fullmatch(part)
        if found is None:
            yield Intervention(name=Texts(en=cell.says(part, part)))
        else:
            sort = word(f, "intervention-type", cell, found[1], "ctgov")
            yield Intervention(name=Texts(en=cell.says(found[2], found[2])), sort=sort)


# -- outcomes --------------------------------------------------------------------------------------

# Registers whose outcomes the portal joins with semicolons; those of others are one text.
_LISTED = CHINESE | {"ctgov", "irct", "cris"}
_BRACKETED = frozenset({"anzctr", "tctr"})


class Outcomes(NamedTuple):
    """The outcomes, the objective printed among them, and labels printed without one."""

    outcomes: tuple[OutcomeMeasure, ...] = ()
    objective: Texts | None = None
    blanks: tuple[Blank, ...] = ()


def outcomes(f: Fields, labels: Iterable[tuple[str, str]], issuer: str) -> Outcomes:
    """The outcomes of some columns; ``labels`` are pairs of a column and its outcome-type."""
    made: list[OutcomeMeasure] = []
    blanks = []
    aims: list[Said[str]] = []
    for label, sort in labels:
        cell = f.cell(label)
        if cell is None:
            continue
        text = lines(cell.text)
        if issuer in _OF_THE_UNION and is_labelled(text):
            aim, found = end_points(f, cell, text)
            aims += aim
            if not found:
                blanks.append(Blank("hasOutcome@en", cell.line, cell.path))
            made += [_numbered(one, n) for n, one in enumerate(found, start=len(made) + 1)]
            continue
        if named := _by_labels(text):
            made += [
                _of(cell, name, sort, time, method, n)
                for n, (name, time, method) in enumerate(named, start=len(made) + 1)
            ]
            continue
        parts = list(_entries(one_line(text))) if issuer in _LISTED else _marked(text, issuer)
        here = [_outcome(cell, p, sort, issuer) for p in dict.fromkeys(parts) if says(p)]
        if not here:
            blanks.append(Blank("hasOutcome@en", cell.line, cell.path))
        made += [_numbered(one, n) for n, one in enumerate(here, start=len(made) + 1)]
    objective = joined("\n".join(one.value or "" for one in aims), tuple(aims))
    return Outcomes(tuple(made), Texts(en=objective) if aims else None, tuple(blanks))


# ANZCTR ends each outcome with its time in brackets, CTRI names a time for each.
_ENDS = {
    "anzctr": re.compile(r"(?<=\])\s*;\s*"),
    "ctri": re.compile(r";\s*(?=\S)"),
}


def _marked(text: str, issuer: str) -> list[str]:
    """The outcomes of a text in which each has its own time; else the text itself.

    >>> _marked("Pain[week 1; 2];Sleep [day 2]", "anzctr")
    ['Pain[week 1; 2]', 'Sleep [day 2]']
    >>> _marked("Pain; sleepTimepoint: day 2", "ctri")
    ['Pain; sleepTimepoint: day 2']
    """
    if issuer not in _ENDS:
        return [text]
    parts = _ENDS[issuer].split(text.strip(" ;\n"))
    if issuer == "anzctr":
        each = all(part.endswith("]") and "[" in part for part in parts)
    else:
        each = all(len(TIME.findall(part)) == 1 for part in parts)
    return parts if each else [text]


# "7 points: death": a level of the scale before it.
_LEVEL = re.compile(r"\d{1,2}\s?(?:points?|scores?|分)\s*[:=：]", re.IGNORECASE)
# "0; 0.5; 1.0 and 36 hours post-dose": a time behind a label, among several.
_ANOTHER_TIME = re.compile(r"\d|(?:and|until|then|after|before)\b", re.IGNORECASE)


def _entries(text: str) -> Iterator[str]:
    """The outcomes of a list; not each semicolon divides two.

    >>> list(_entries("A. Timepoint: 0; 0.5; 36 hours. Method of measurement: kit;B"))
    ['A. Timepoint: 0; 0.5; 36 hours. Method of measurement: kit', 'B']
    >>> list(_entries("a scale; 2 points: death; 1 point: alive; pain"))
    ['a scale; 2 points: death; 1 point: alive', 'pain']
    """
    waiting: list[str] = []
    timed = False
    for part in parts_of(text):
        names_time = bool(TIME.search(part))
        goes_on = _LEVEL.match(part) or (timed and _ANOTHER_TIME.match(part) and not names_time)
        if waiting and not goes_on:
            yield "; ".join(waiting)
            waiting, timed = [], False
        waiting.append(part)
        timed = (timed or names_time) and not METHOD.search(part)
    if waiting:
        yield "; ".join(waiting)


# The form of LBCTR: "Name: a;Timepoints: b;Measure: c;Name: …".
_LABEL = re.compile(r";\s*(Timepoints?|Measure):")
_NEXT_NAME = re.compile(r";\s*(?=Name:)")


def _by_labels(text: str) -> list[tuple[str, str, str]]:
    """Name, time point and measure of each outcome whose parts have labels; else none.

    A measure that repeats the time point is said once.

    >>> _by_labels("Name: Pain;Timepoints: day 2;Measure: day 2;Name: Rest;Timepoints: ;Measure: x")
    [('Pain', 'day 2', ''), ('Rest', '', 'x')]
    >>> _by_labels("Name: Pain")
    []
    """
    named = []
    for part in _NEXT_NAME.split(text.strip(" ;\n")):
        name, *rest = _LABEL.split(part)
        told = dict(zip((label[0] for label in rest[::2]), map(one_line, rest[1::2]), strict=True))
        if not name.startswith("Name:") or "T" not in told or len(told) * 2 != len(rest):
            return []
        time, measure = (told[key] if says(told.get(key, "")) else "" for key in "TM")
        same = time.casefold() == measure.casefold()
        named.append(
            (one_line(name.removeprefix("Name:")).strip(" *"), time, "" if same else measure)
        )
    if not all(says(name) for name, *_ in named):
        return []
    return list(dict.fromkeys(named))


def _outcome(cell: Cell, text: str, sort: str, issuer: str) -> OutcomeMeasure:
    name, time, method = timed(text, bracketed=issuer in _BRACKETED)
    return _of(cell, name, sort, time, method)


def _of(
    cell: Cell, name: str, sort: str, time: str, method: str, n: int | None = None
) -> OutcomeMeasure:
    kind: Said[Codes] = cell.says((sort,), "")
    return OutcomeMeasure(
        name=Texts(en=cell.says(name, name)),
        sort=kind,
        time_point=Texts(en=cell.says(time, time)) if time else None,
        method=Texts(en=cell.says(method, method)) if method else None,
        list_position=n,
    )


def _numbered(outcome: OutcomeMeasure, n: int) -> OutcomeMeasure:
    return OutcomeMeasure(
        name=outcome.name,
        sort=outcome.sort,
        time_point=outcome.time_point,
        method=outcome.method,
        list_position=n,
    )
