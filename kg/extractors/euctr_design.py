"""Design, population, end points and conditions of an EU register record."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.codes import Words
from kg.extractors.euctr_answers import (
    Answers,
    all_of,
    answer,
    answers,
    is_yes,
    kept,
    line,
    text,
    together,
)
from kg.extractors.euctr_form import LABELS
from kg.fields import Fields
from kg.model import Condition, OutcomeMeasure, Topic
from kg.said import Codes, Said, Texts, joined

_FEATURES = {
    "A.7": "paediatric-plan",
    "E.1.3": "rare-disease",
    "E.2.3": "has-substudy",
    "E.6.1": "scope-diagnosis",
    "E.6.2": "scope-prophylaxis",
    "E.6.3": "scope-therapy",
    "E.6.4": "scope-safety",
    "E.6.5": "scope-efficacy",
    "E.6.6": "scope-pharmacokinetic",
    "E.6.7": "scope-pharmacodynamic",
    "E.6.8": "scope-bioequivalence",
    "E.6.9": "scope-dose-response",
    "E.6.10": "scope-pharmacogenetic",
    "E.6.11": "scope-pharmacogenomic",
    "E.6.12": "scope-pharmacoeconomic",
    "E.6.13": "scope-other",
    "E.7.1.1": "first-in-human",
    "E.7.1.2": "bioequivalence",
    "E.7.1.3": "other-phase-1-trial",
    "E.8.1": "controlled",
    "E.8.1.1": "randomised",
    "E.8.1.2": "open-label",
    "E.8.1.3": "single-blind",
    "E.8.1.4": "double-blind",
    "E.8.1.5": "parallel-group",
    "E.8.1.6": "cross-over",
    "E.8.1.7": "other-design",
    "E.8.2.1": "comparator-medicinal-product",
    "E.8.2.2": "comparator-placebo",
    "E.8.2.3": "comparator-other",
    "E.8.3": "single-centre",
    "E.8.4": "multicentre",
    "E.8.5": "multiple-member-states",
    "E.8.6.1": "outside-eu",
    "E.8.6.2": "only-outside-eu",
    "E.8.7": "data-monitoring-committee",
    "F.3.1": "healthy-volunteers",
    "F.3.2": "patients",
    "F.3.3": "vulnerable-population",
    "F.3.3.1": "women-of-childbearing-potential",
    "F.3.3.2": "women-using-contraception",
    "F.3.3.3": "pregnant-women",
    "F.3.3.4": "nursing-women",
    "F.3.3.5": "emergency-situation",
    "F.3.3.6": "incapable-of-consent",
    "F.3.3.7": "other-vulnerable-population",
}
_PHASES = ("E.7.1", "E.7.2", "E.7.3", "E.7.4")
_MASKING = ("E.8.1.2", "E.8.1.3", "E.8.1.4")
_MODELS = {"E.8.1.5": "parallel", "E.8.1.6": "cross-over", "E.8.1.7": "other"}
_AGES = {
    "F.1.1": "child",
    "F.1.1.1": "in-utero",
    "F.1.1.2": "preterm-newborn",
    "F.1.1.3": "newborn",
    "F.1.1.4": "infant",
    "F.1.1.5": "young-child",
    "F.1.1.6": "adolescent",
    "F.1.2": "adult",
    "F.1.3": "older-adult",
}
_SIZES = {label: f"{label}.1" for label in _AGES} | {"F.1.1": "F.1.1 number"}


def features(f: Fields) -> Answers:
    """What the trial is and is not, by the yes and no of the form."""
    return answers(f, _FEATURES)


def phase(f: Fields) -> tuple[Said[Codes] | None, tuple[Said[str], ...]]:
    """The phases answered with yes, and the answers that are no."""
    return _chosen(f, "phase", _PHASES)


def masking(f: Fields) -> Said[Codes] | None:
    """The masking answered with yes; an open and a blind part in one trial are no one masking."""
    found, _ = _chosen(f, "masking", _MASKING)
    return found if found is not None and len(found.value or ()) == 1 else None


def _chosen(
    f: Fields, scheme: str, labels: tuple[str, ...]
) -> tuple[Said[Codes] | None, tuple[Said[str], ...]]:
    """The codes of the lines that say yes, by their printed labels, and the other answers."""
    yes: list[Said[Codes]] = []
    others: list[Said[str]] = []
    for label in labels:
        said = answer(f, label, report=scheme == "phase")
        if is_yes(said) and said is not None:
            yes.append(said.but(Words.load().concepts(scheme, f.registry, LABELS[label])))
        elif said is not None and said.printed:
            others.append(said.but(said.printed if said.value else None, refused=said.refused))
    return all_of(yes), tuple(others)


def allocation(f: Fields) -> Said[Codes] | None:
    """Randomised or not, as answered."""
    said = answer(f, "E.8.1.1")
    if said is None or said.value is None:
        return said
    return said.but(("randomized",) if is_yes(said) else ("non-randomized",))


def model(f: Fields) -> Said[Codes] | None:
    """The one design answered with yes; None for several, which remain features.

    "Other" beside one of the others adds to it (more visits, a part without control).
    """
    found = [said.but((code,)) for label, code in _MODELS.items() if is_yes(said := _yes(f, label))]
    named = [said for said in found if said.value != ("other",)]
    one = named or found
    return one[0] if len(one) == 1 else None


def _yes(f: Fields, label: str) -> Said[Codes]:
    return answer(f, label) or Said(None, 0)


def objective(f: Fields) -> Texts | None:
    """The main objective, then the secondary ones."""
    main = text(f, "E.2.1")
    others = text(f, "E.2.2")
    return together((("", main.en if main else None), ("", others.en if others else None))) or main


def details(f: Fields) -> Texts | None:
    """What the form asks in words or numbers about the design, each with its question."""
    return together(
        (
            ("", _text(f, "E.6.13.1")),
            ("", _text(f, "E.7.1.3.1")),
            ("", _text(f, "E.8.1.7.1")),
            ("Comparator: ", _text(f, "E.8.2.3.1")),
            ("Treatment arms: ", line(f, "E.8.2.4")),
            ("Sites planned in the member state: ", line(f, "E.8.4.1")),
            ("Sites planned in the EEA: ", line(f, "E.8.5.1")),
            ("Sites planned outside the EEA: ", line(f, "E.8.6.4")),
            ("Planned duration in the member state: ", _duration(f, "E.8.9.1")),
            ("Planned duration in all countries: ", _duration(f, "E.8.9.2")),
            ("End of the trial: ", _text(f, "E.8.8")),
        )
    )


def further(f: Fields) -> Texts | None:
    """Sub-studies, and the care after the trial."""
    return together(
        (("Sub-studies: ", _text(f, "E.2.3.1")), ("Care after the trial: ", _text(f, "F.5")))
    )


def _text(f: Fields, label: str) -> Said[str] | None:
    found = text(f, label)
    return found.en if found else None


def _duration(f: Fields, label: str) -> Said[str] | None:
    parts = [
        (said, unit)
        for unit in ("years", "months", "days")
        if (said := line(f, f"{label} {unit}")) is not None and said.value
    ]
    if not parts:
        return None
    written = " ".join(f"{said.value} {unit}" for said, unit in parts)
    return joined(written, tuple(said for said, _ in parts))


# -- population ------------------------------------------------------------------------------------


def age_groups(f: Fields) -> tuple[Said[Codes] | None, tuple[Said[str], ...]]:
    """The age groups answered with yes, and the answers that are no."""
    found = answers(f, _AGES)
    return found.yes, (*((found.no.but("No"),) if found.no else ()), *found.blank)


def ages_as_given(f: Fields) -> tuple[Said[str], ...]:
    """The groups answered with yes by their printed names, with the planned number of subjects."""
    made = []
    for label, size in _SIZES.items():
        number = line(f, size)
        said = answer(f, label)
        if said is not None and is_yes(said):
            name = LABELS[label]
            if number is not None and number.value:
                made.append(joined(f"{name}: {number.value} subjects", (said, number)))
            else:
                made.append(said.but(name))
        elif number is not None and number.value:
            made.append(number.but(f"{LABELS[label]}: {number.value} subjects"))
    return tuple(made)


def sex(f: Fields) -> tuple[Said[Codes] | None, tuple[Said[str], ...]]:
    """The sexes answered with yes, and the answers that are no; two of these are an issue."""
    found = answers(f, {"F.2.1": "female", "F.2.2": "male"})
    if found.no is not None and len(found.no.value or ()) == 2:
        why = "expected Yes for one sex at least"
        for label in ("F.2.1", "F.2.2"):
            f.report("bad value", label, why)
        return found.no.but(None, refused=True), found.blank
    others = (*((found.no.but("No"),) if found.no else ()), *found.blank)
    if found.yes is not None and len(found.yes.value or ()) == 2:
        return found.yes.but(("all",)), others
    return found.yes, others


def population(f: Fields) -> Texts | None:
    """The vulnerable groups in words."""
    return together((("", _text(f, "F.3.3.6.1")), ("", _text(f, "F.3.3.7.1"))))


def target(f: Fields) -> Said[int] | None:
    """The planned number of subjects in the whole trial.

    Where the form prints none, the trial has one member state whose number is the whole's.
    """
    whole = f.count("F.4.2.2")
    national = answer(f, "E.8.5")
    outside = [answer(f, label) for label in ("E.8.6.1", "E.8.6.2")]
    why = "subjects in one part of the world; the number of the whole trial is kept"
    is_national = national is not None and national.value == ("no",)
    if (whole is None or whole.blank) and is_national and not any(map(is_yes, outside)):
        f.skip("F.4.2.1", why=why)
        return f.count("F.4.1")
    f.skip("F.4.1", "F.4.2.1", why=why)
    return whole


# -- end points and conditions ---------------------------------------------------------------------


def outcomes(f: Fields) -> Iterator[OutcomeMeasure]:
    """The primary and the secondary end points, a text each, as the form has them."""
    for code, sort in (("E.5.1", "primary"), ("E.5.2", "secondary")):
        printed, when = text(f, code), text(f, f"{code}.1")
        name = printed.en if printed else None
        named = name if name and name.value else when.en if when else None
        if named is None or not named.value:
            continue
        yield OutcomeMeasure(
            name=Texts(en=named),
            sort=named.but((sort,)),
            time_point=when if named is name else None,
            list_position=1,
        )


def conditions(f: Fields) -> Iterator[Condition]:
    """The condition as the sponsor writes it, and the terms of the medical dictionary."""
    said = line(f, "E.1.1")
    own = Texts(en=said) if said is not None else None
    rows = f.each("terms")
    terms = [row for row in rows if _term(row)]
    for row in rows:
        if not _term(row):
            row.left_over(*_of_term(row), why="stands beside no term of the dictionary")
    written = own.label.casefold() if own else ""
    same = [row for row in terms if _term(row).casefold() == written]
    if own:
        yield Condition(
            name=own,
            code=line(same[0], "E.1.2 code") if same else None,
            told_by=tuple(said for row in same for said in _of_term(row, named=True)),
        )
    seen: dict[tuple[str, str], Condition] = {}
    for row in terms:
        if row in same:
            continue
        code = line(row, "E.1.2 code")
        (name,) = kept(line(row, "E.1.2 term"), code)[:1]
        key = (_term(row), (code.value or "") if code else "")
        told = _of_term(row)
        if key in seen:
            told = (*seen[key].told_by, *told, *kept(name, code))
        first = seen.get(key)
        seen[key] = Condition(
            name=first.name if first else Texts(en=name),
            code=first.code if first else code,
            told_by=told,
        )
    yield from seen.values()


def _term(row: Fields) -> str:
    """The term, or its code where no term is printed."""
    found = kept(line(row, "E.1.2 term"), line(row, "E.1.2 code"))
    return (found[0].value or "") if found else ""


def _of_term(row: Fields, *, named: bool = False) -> tuple[Said[str], ...]:
    labels = ["E.1.2 version", "E.1.2 level", "E.1.2 organ class"]
    labels += ["E.1.2 term", "E.1.2 code"] if named else []
    return kept(*(line(row, label) for label in labels))


_LONGEST_AREA = 500
_AREA = re.compile(r"(?P<name>.*?)\s*\[(?P<code>[A-Z]\d*)\]\s*(?:-\s*|$)")


def topics(f: Fields) -> Iterator[Topic]:
    """The therapeutic area: a heading of the register's thesaurus, its code in brackets."""
    said = line(f, "E.1.1.2")
    if said is None or not said.value:
        return
    # ``Diseases [C] - Nervous System Diseases [C10]``: the last heading is the area. The copies
    # lost the brackets, so that nothing tells the code from the name.
    found = list(_AREA.finditer(said.value[:_LONGEST_AREA]))
    name, code = (found[-1]["name"], found[-1]["code"]) if found else (said.value, None)
    yield Topic(
        name=Texts(en=said.but(name)),
        sort="disease-class",
        code=said.but(code) if code else None,
    )
