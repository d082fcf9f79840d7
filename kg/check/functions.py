"""The rules that are written in Python, and what each kind of shape has to see."""

from __future__ import annotations

from functools import cache

from kg.check.profiles import STRUCTURAL
from kg.check.rulebook import Shape
from kg.check.rules import ages, hospitals, merged, names, text, trials, who
from kg.check.runner import Chooser, Finder, Functions

MODULES = (who, ages, text, names, merged, hospitals, trials)


@cache
def functions() -> Functions:
    """The rules that are written in Python."""
    rules: dict[str, Finder] = {}
    applies: dict[str, Chooser] = {}
    for module in MODULES:
        rules.update(module.RULES)
        applies.update(module.APPLIES)
    return Functions(rules=rules, applies=applies)


def on_store(shape: Shape) -> bool:
    """Whether a shape needs the named graphs side by side."""
    return shape.kind == "store" or (shape.file == STRUCTURAL and shape.kind == "python")
