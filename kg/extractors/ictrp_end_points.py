"""Objectives and end points that the EU register prints in one field of the WHO portal."""

from __future__ import annotations

import re

from kg.fields import Fields
from kg.model import OutcomeMeasure
from kg.said import Said, Texts
from kg.sources.trees import Cell
from kg.values import is_placeholder

_TIME = "timepoint(s) of evaluation of this end point"
_AIMS = {"main objective": "Main Objective", "secondary objective": "Secondary Objective"}
_END_POINTS = {"primary end point(s)": "primary", "secondary end point(s)": "secondary"}
_LABEL = re.compile(
    "(" + "|".join(map(re.escape, (*_AIMS, *_END_POINTS, _TIME))) + r")\s{0,9}:", re.IGNORECASE
)


def is_labelled(text: str) -> bool:
    """Whether a text holds a label of the EU register's form."""
    return bool(_LABEL.search(text))


def says(text: str) -> bool:
    """Whether a text says anything beside placeholders, brackets and the word for a time."""
    plain = re.sub(r"\[[^\]]*\]|time\s?point\s*:", " ", text, flags=re.IGNORECASE)
    if is_placeholder(text.strip(" ;.")):
        return False
    words = [w for w in re.split(r"[\s;.]+", plain) if w]
    return any(not is_placeholder(w) for w in words)


def end_points(
    f: Fields, cell: Cell, text: str
) -> tuple[tuple[Said[str], ...], list[OutcomeMeasure]]:
    """The objectives and the end points of a field; the label says of which kind each is.

    The main objective alone is the objective; beside others each keeps its label. What belongs to
    no label, or a time to no single end point, is an issue.
    """
    before, *parts = _LABEL.split(text)
    told: dict[str, list[str]] = {}
    for label, printed in zip(parts[::2], parts[1::2], strict=True):
        if says(value := printed.strip(" ;\n")):
            told.setdefault(label.casefold(), []).append(value)
    aims = {shown: "\n".join(told[label]) for label, shown in _AIMS.items() if label in told}
    if set(aims) == {"Main Objective"}:
        objectives = [cell.says(aims["Main Objective"])]
    else:
        objectives = [cell.says(f"{shown}: {aim}") for shown, aim in aims.items()]
    found = {sort: "\n".join(told[label]) for label, sort in _END_POINTS.items() if label in told}
    time = "\n".join(told.get(_TIME, ()))
    loose = [before.strip(" ;\n")]
    if len(found) != 1:
        loose.append(time)
    for rest in filter(says, loose):
        why = "stands beside no end point, or beside several"
        f.log.report("left out", cell.path, cell.line, rest, why)
    when = Texts(en=cell.says(time, time)) if time and len(found) == 1 else None
    return tuple(objectives), [
        OutcomeMeasure(
            name=Texts(en=cell.says(name, name)), sort=cell.says((sort,), ""), time_point=when
        )
        for sort, name in found.items()
    ]
