"""The rules that are written in Python, and what each kind of shape has to see."""

from __future__ import annotations

from functools import cache

from kg.check import (
    rules_ages,
    rules_hospitals,
    rules_merged,
    rules_names,
    rules_text,
    rules_trials,
    rules_who,
)
from kg.check.profiles import STRUCTURAL
from kg.check.rulebook import Shape
from kg.check.runner import Chooser, Finder, Functions

MODULES = (
    rules_who,
    rules_ages,
    rules_text,
    rules_names,
    rules_merged,
    rules_hospitals,
    rules_trials,
)


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
