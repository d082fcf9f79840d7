"""What an EU CTIS record says of the study: criteria, end points, conditions, products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from kg.fields import Fields
from kg.model import Condition, Intervention, OutcomeMeasure, Topic
from kg.said import Codes, Said, Texts, joined
from kg.values import paragraphs

_CATALOGUE = "an entry of the dictionary of medicinal products"
_FEATURES = {
    "trialCategory.isLowIntervention": "low-intervention",
    "populationOfTrialSubjects.isVulnerablePopulationSelected": "vulnerable-population",
}
_ANSWERS = {"true": "true", "false": "false", "yes": "true", "no": "false"}
_GROUP = re.compile(r"(\d{1,3})\s*(?:-\s*(\d{1,3})|\+)\s*years?", re.IGNORECASE)


def in_order(rows: list[Fields]) -> list[Fields]:
    """The rows of a list by their printed number: the list itself goes 1, 10, 11, 2."""

    def number(row: Fields) -> tuple[int, int]:
        cell = row.cell("number")
        plain = cell.text if cell else ""
        known = plain.isascii() and plain.isdigit()
        return (0, int(plain[:9])) if known else (1, 0)

    return sorted(rows, key=number)


def listed(rows: list[Fields], label: str) -> Texts | None:
    """The texts of numbered rows as one text, a line each."""
    found: list[Said[str]] = []
    lines: list[str] = []
    for row in in_order(rows):
        said, number = row.said(label, paragraphs), row.string("number")
        if said is None or said.value is None:
            row.left_over(number, why="numbers no text")
            continue
        lines.append(f"{number.value}. {said.value}" if number and number.value else said.value)
        found += [number, said] if number and number.value else [said]
    return Texts(en=joined("\n".join(lines), tuple(found))) if found else None


def objective(f: Fields) -> Texts | None:
    """The main objective, then the secondary ones; ``f`` is on ``trialInformation``."""
    inner = f.inside("trialObjective")
    main = inner.said("mainObjective", paragraphs)
    others = listed(inner.each("secondaryObjectives"), "secondaryObjective")
    told = [said for said in (main, others.en if others else None) if said and said.value]
    if not told:
        return Texts(en=main) if main else None
    return Texts(en=joined("\n".join(said.value or "" for said in told), tuple(told)))


def outcomes(f: Fields) -> Iterator[OutcomeMeasure]:
    """The end points in their printed order."""
    for sort in ("primary", "secondary"):
        rows = in_order(f.inside("endPoint").each(f"{sort}EndPoints"))
        for n, row in enumerate(rows, start=1):
            name = row.said("endPoint", paragraphs)
            told = [row.string("number"), row.string("isPrimary")]
            if name is None or name.value is None:
                row.left_over(*told, why="stands beside no end point")
                continue
            yield OutcomeMeasure(
                name=Texts(en=name),
                sort=name.but((sort,)),
                list_position=n,
                told_by=tuple(said for said in told if said),
            )


def conditions(f: Fields) -> Iterator[Condition]:
    """The conditions as the sponsor writes them, with the code of an equal MedDRA term."""
    codes = {
        term.text.casefold(): row.string("classificationCode")
        for row in f.inside("medicalCondition").each("meddraConditionTerms")
        if (term := row.cell("termName")) is not None
    }
    for row in f.inside("medicalCondition").each("partIMedicalConditions"):
        name = row.string("medicalCondition")
        rare = row.string("isConditionRareDisease")
        if name is None or not name.value:
            row.left_over(rare, why="stands beside no condition")
            continue
        yield Condition(
            name=Texts(en=name),
            code=codes.get(name.value.casefold()),
            told_by=(rare,) if rare else (),
        )


def topics(f: Fields) -> Iterator[Topic]:
    """The terms of the medical dictionary that the sponsor chose."""
    for row in f.inside("medicalCondition").each("meddraConditionTerms"):
        row.skip("organClass", why="a key of the dictionary")
        name, code = row.string("termName"), row.string("classificationCode")
        told = [row.string("level"), row.string("version")]
        if name is None or not name.value:
            row.left_over(code, *told, why="stands beside a term without a name")
            continue
        yield Topic(
            name=Texts(en=name),
            sort="condition-meddra",
            code=code,
            told_by=tuple(said for said in told if said),
        )


def features(
    f: Fields, part_i: Fields, root: Fields
) -> tuple[Said[Codes] | None, Said[Codes] | None]:
    """What the trial is and is not, by the yes and no of its form."""
    answers = [(f.cell(label), code) for label, code in _FEATURES.items()]
    answers.append((part_i.cell("includesPaediatricSubjects"), "paediatric-subjects"))
    answers.append((root.cell("resultsFirstReceived"), "results-posted"))
    found: dict[str, list[Said[Codes]]] = {"true": [], "false": []}
    for cell, code in answers:
        answer = _ANSWERS.get(cell.text.casefold()) if cell is not None else None
        if cell is not None and answer is not None:
            found[answer].append(cell.says((code,)))
        elif cell is not None and cell.text:
            f.log.report("bad value", cell.path, cell.line, cell.text, "expected yes or no")
    return _all(found["true"]), _all(found["false"])


def _all(said: list[Said[Codes]]) -> Said[Codes] | None:
    if not said:
        return None
    return joined(tuple(code for one in said for code in one.value or ()), tuple(said))


def sex(f: Fields, root: Fields) -> Said[Codes] | None:
    """The sexes that the population holds, and the root's word for them where it agrees."""
    population = f.inside("populationOfTrialSubjects")
    answers = {
        code: cell
        for code, label in (("female", "isFemaleSubjects"), ("male", "isMaleSubjects"))
        if (cell := population.cell(label)) is not None
    }
    word = root.concepts("sex", en="gender")
    chosen = tuple(code for code, cell in answers.items() if cell.text.casefold() == "true")
    if not chosen:
        said = [cell.says(cell.text) for cell in answers.values()]
        root.left_over(*said, why="says of neither sex that it takes part")
        return word
    codes: Codes = ("all",) if len(chosen) == 2 else chosen
    told: list[Said[Codes]] = [cell.says(codes) for cell in answers.values()]
    if word is not None and word.value == codes:
        told.append(word)
    elif word is not None and word.value:
        why = "the population of part I; that is kept"
        root.log.report("words disagree", word.path, word.line, word.printed, why)
    return joined(codes, tuple(told))


def age_limit(which: Callable[[list[int]], int], *, upper: bool) -> Callable[[str], Decimal | None]:
    """How to read a limit from age groups (``65+ years, 18-64 years``); None without one.

    A list with a group that is not understood gives no limit; the reader of the lower one raises
    ValueError for it.
    """

    def read(text: str) -> Decimal | None:
        known = _groups(text)
        if not known and not upper:
            raise ValueError("expected groups such as 18-64 years; no limit is made of it")
        if not known or (upper and any(group[2] is None for group in known)):
            return None
        return Decimal(which([int(group[2 if upper else 1]) for group in known]))

    return read


def without_upper_limit(text: str) -> Codes | None:
    """Whether one of the age groups is open (``65+ years``)."""
    return ("no-upper",) if any(group[2] is None for group in _groups(text)) else None


def _groups(text: str) -> list[re.Match[str]]:
    """The groups of a list; none when one is not understood, for the others give no limit then."""
    found = [_GROUP.fullmatch(part.strip()) for part in text.split(",")]
    return [group for group in found if group] if all(found) else []


# -- products --------------------------------------------------------------------------------------


def interventions(part_i: Fields) -> Iterator[Intervention]:
    """The products, each with its part in the trial (test, comparator, placebo)."""
    groups = part_i.each("productRoleGroupInfos")
    if groups:
        part_i.skip("products", why="the products of the groups once more")
    for group in groups:
        group.skip(
            "comments", "productRoleCode", "miaNumber", "justificationNotImpdCode",
            why="the products below once more, and papers of the application",
        )  # fmt: skip
        for row in group.each("products"):
            yield from _product(row, group)
    for row in [] if groups else part_i.each("products"):
        yield from _product(row, None)


def _product(f: Fields, group: Fields | None) -> Iterator[Intervention]:
    dictionary = f.inside("productDictionaryInfo")
    role = group.string("productRoleName") if group else None
    name = _first(
        f.string("productName"), dictionary.string("prodName"), f.string("nameDisplay"),
        f.string("jsonActiveSubstanceNames"), dictionary.string("activeSubstanceName"), role,
    )  # fmt: skip
    others = [
        f.string("jsonActiveSubstanceNames"), dictionary.string("activeSubstanceName"),
        dictionary.string("sponsorProductCode"),
    ]  # fmt: skip
    f.skip_below(_is_catalogue, why=_CATALOGUE)
    form = _form_and_dose(f)
    if name is None:
        told = (*others, form.en if form else None)
        f.left_over(*told, why="stands beside a product without a name")
        return
    yield Intervention(
        name=Texts(en=name),
        sort=name.but(("drug",)),
        description=form,
        other_names=tuple(_distinct(others, name)),
        code=_first(dictionary.string("atcCode"), f.string("evCode")),
        told_by=(role,) if role and role is not name else (),
    )


_KEPT = frozenset(
    [
        "productName",
        "jsonActiveSubstanceNames",
        "pharmaceuticalFormDisplay",
        "routes",
        "maxDailyDoseAmount",
        "doseUom",
        "maxTotalDoseAmount",
        "doseUomTotal",
    ]
)


def _is_catalogue(label: str) -> bool:
    return label not in _KEPT


def _first(*said: Said[str] | None) -> Said[str] | None:
    return next((one for one in said if one is not None and one.value), None)


def _distinct(said: list[Said[str] | None], name: Said[str]) -> Iterator[Said[str]]:
    """Other names, each once whatever its case, told by all its fields."""
    found: dict[str, list[Said[str]]] = {}
    for one in said:
        if one is not None and one.value and one.path != name.path:
            found.setdefault(one.value.casefold(), []).append(one)
    for same in found.values():
        yield joined(same[0].value, tuple(same))


def _form_and_dose(f: Fields) -> Texts | None:
    """Pharmaceutical form, routes and the largest doses as one text."""
    parts: list[tuple[str, list[Said[str]]]] = []
    for said in (f.string("pharmaceuticalFormDisplay"), *f.items("routes")):
        if said is not None and said.value:
            parts.append((said.value, [said]))
    for word, amount_label, unit_label in (
        ("daily", "maxDailyDoseAmount", "doseUom"),
        ("total", "maxTotalDoseAmount", "doseUomTotal"),
    ):
        amount, unit = f.string(amount_label), f.string(unit_label)
        if amount and amount.value and unit and unit.value:
            parts.append((f"largest {word} dose {amount.value} {unit.value}", [amount, unit]))
        else:
            f.left_over(amount, unit, why="a dose without its amount or its unit")
    if not parts:
        return None
    told = tuple(said for _, group in parts for said in group)
    return Texts(en=joined("; ".join(text for text, _ in parts), told))
