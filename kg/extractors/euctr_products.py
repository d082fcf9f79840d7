"""Medicinal products and placebos of an EU register record."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extractors.euctr_answers import (
    Answers,
    all_of,
    answer,
    answers,
    is_yes,
    kept,
    line,
    together,
)
from kg.fields import Fields
from kg.model import Intervention, Topic
from kg.said import Codes, Said, Texts, joined
from kg.values import one_line

_BIOLOGICAL = ("D.3.11.2", "D.3.11.3", "D.3.11.6", "D.3.11.7", "D.3.11.9", "D.3.11.10")
_CHEMICAL = "D.3.11.1"
_TRAITS = (
    "D.3.11.3.1", "D.3.11.3.2", "D.3.11.3.3", "D.3.11.3.4", "D.3.11.3.5", "D.3.11.4", "D.3.11.5",
    "D.3.11.8", "D.3.11.11", "D.3.11.12", "D.3.11.13", "D.3.4.1", "D.2.1",
)  # fmt: skip
_NAMES = ("D.2.1.1.1", "D.3.1", "D.3.2")
_SUBSTANCE = ("D.3.8", "D.3.9.3", "D.3.9.2")


def interventions(f: Fields) -> Iterator[Intervention]:
    """The products, then the placebos."""
    for row in f.each("products"):
        row.skip("D.IMP", why="a running number of the form")
        row.skip(
            "D.2.1.1.2", "D.2.1.2", "D.2.5.1",
            why="who may sell the product, where and as what; not of the trial",
        )  # fmt: skip
        yield from _product(row)
    for row in f.each("placebos"):
        used = answer(row, "D.8.1")
        number = line(row, "Placebo")
        form = together((("", line(row, "D.8.3")), ("", line(row, "D.8.4"))), "; ")
        named = used if used is not None and used.printed else number
        if named is None or (used is not None and used.value == ("no",)):
            row.skip("Placebo", "D.8.1", "D.8.3", "D.8.4", why="no placebo is used")
            continue
        row.skip("Placebo", why="a running number of the form")
        yield Intervention(name=Texts(en=named.but("Placebo")), description=form)


def _product(row: Fields) -> Iterator[Intervention]:
    printed = [line(row, label) for label in _NAMES]
    substances = row.each("substances")
    inner = [line(one, label) for one in substances for label in _SUBSTANCE]
    named = kept(*printed, *inner)
    role = line(row, "D.1")
    flags = [answer(row, label, report=True) for label in (_CHEMICAL, *_BIOLOGICAL, *_TRAITS)]
    told = [
        said.but(said.printed if said.value else None, refused=said.refused)
        for said in (*flags, answer(row, "D.2.5"))
        if said is not None and said.printed
    ]
    description = _description(row, substances)
    if not named:  # the form asks for a trade name, a code or a substance, and may have none
        number = line(row, "D.IMP")
        named = (number.but(f"Product {number.value}"),) if number and number.value else named
    if not named:
        more = description or ()
        row.left_over(role, *told, *more, why="stands beside a product without a name")
        return
    first, others = named[0], named[1:]
    code = line(row, "D.3.2")
    yield Intervention(
        name=Texts(en=first),
        sort=_sort(row),
        description=description,
        other_names=_distinct(first, others),
        code=code if code and code.value else None,
        told_by=(*kept(role), *told),
    )


def _distinct(first: Said[str], others: tuple[Said[str], ...]) -> tuple[Said[str], ...]:
    """Each further name once, told by every field that prints it."""
    found: dict[str, Said[str]] = {}
    for said in others:
        name = said.value or ""
        found[name] = joined(name, (found[name], said)) if name in found else said
    return tuple(found.values())


def _sort(row: Fields) -> Said[Codes] | None:
    """Biological where one of the form's biological kinds is a yes, else a drug of chemistry."""
    biological = [said for label in _BIOLOGICAL if is_yes(said := answer(row, label))]
    chemical = answer(row, _CHEMICAL)
    if biological:
        return all_of(said.but(("biological",)) for said in biological if said is not None)
    return chemical.but(("drug",)) if chemical is not None and is_yes(chemical) else None


def _description(row: Fields, substances: list[Fields]) -> Texts | None:
    """Form, route and strengths."""
    parts = [("", line(row, "D.3.4")), ("", _one_line(row, "D.3.7"))]
    parts += [("", _strength(one)) for one in substances]
    parts += [("", line(row, "D.3.11.13.1")), ("", line(row, "D.3.11.3.5.1"))]
    return together(parts, "; ")


def _one_line(row: Fields, label: str) -> Said[str] | None:
    """The routes, which stand on lines of their own."""
    cell, said = row.cell(label), line(row, label)
    if cell is None or said is None or said.value is None:
        return said
    routes = ", ".join(filter(None, map(one_line, cell.text.split("\n"))))
    return cell.says(routes or None)


def _strength(one: Fields) -> Said[str] | None:
    """Substance, number and unit: ``Exampline 10 mg (equal)``."""
    names = [line(one, label) for label in _SUBSTANCE]
    name = next((said for said in names if said and said.value), None)
    number, unit = line(one, "D.3.10.3"), line(one, "D.3.10.1")
    sort = line(one, "D.3.10.2")
    found = kept(name, number, unit)
    if not kept(number, unit):
        return None
    written = " ".join(said.value or "" for said in found)
    more = f" ({sort.value})" if sort and sort.value else ""
    return joined(written + more, (*found, *kept(sort)))


def substances(f: Fields) -> Iterator[Topic]:
    """The active substances with their code in the Union's dictionary, each once."""
    found: dict[tuple[str, str], Topic] = {}
    for product in f.each("products"):
        for row in product.each("substances"):
            code, cas = line(row, "D.3.9.4"), line(row, "D.3.9.1")
            names = kept(*(line(row, label) for label in _SUBSTANCE), code, cas)
            if not names:
                continue
            key = (names[0].value or "", (code.value if code else None) or "")
            told = (*kept(cas), *_strength_told(row))
            first = found.get(key)
            if first is None:
                found[key] = Topic(
                    name=Texts(en=names[0]),
                    sort="substance",
                    code=code if code and code.value else None,
                    told_by=told,
                )
            else:
                again = (*first.told_by, *told, *kept(names[0], code))
                found[key] = Topic(
                    name=first.name, sort="substance", code=first.code, told_by=again
                )
    yield from found.values()


def _strength_told(row: Fields) -> tuple[Said[str], ...]:
    """A word for a strength that has neither number nor unit."""
    if kept(line(row, "D.3.10.3"), line(row, "D.3.10.1")):
        return ()
    return kept(line(row, "D.3.10.2"))


def orphan(f: Fields) -> Answers:
    """Whether one of the products is an orphan drug for this indication."""
    said = [answers(row, {"D.2.5": "orphan-drug"}) for row in f.each("products")]
    yes = all_of(one.yes for one in said)
    return Answers(yes, None if yes else all_of(one.no for one in said), ())
