"""The registries that can be fetched from, each with its address, pace and terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from kg.errors import ToolError
from kg.fetch import chictr, ctgov, ctis, isrctn
from kg.fetch.asking import Asking


class Registry(NamedTuple):
    """One registry. ``rate``: requests a minute; ``number``: None where a list is asked for."""

    name: str
    base: str
    rate: float
    licence: str
    number: re.Pattern[str] | None
    fetch: Callable[[Asking], None]

    def check(
        self, expression: str, numbers: tuple[str, ...], everything: bool, lines: tuple[str, ...]
    ) -> None:
        """Raise ToolError unless exactly one thing is asked for, as the registry takes it."""
        if self.number is None:
            if expression or numbers or everything or not lines:
                raise ToolError(f"{self.name}: give a list of addresses or registration numbers")
            return
        if lines or bool(expression) + bool(numbers) + everything != 1:
            raise ToolError(f"{self.name}: give one of: a search expression, --ids, --all")
        wrong = [number for number in numbers if not self.number.fullmatch(number)]
        if wrong:
            more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
            raise ToolError(f"no number of {self.name}: {', '.join(wrong[:3])}{more}")


REGISTRIES = (
    Registry("ctgov", ctgov.BASE, ctgov.RATE, ctgov.LICENCE, ctgov.NUMBER, ctgov.fetch),
    Registry("isrctn", isrctn.BASE, isrctn.RATE, isrctn.LICENCE, isrctn.NUMBER, isrctn.fetch),
    Registry("ctis", ctis.BASE, ctis.RATE, ctis.LICENCE, ctis.NUMBER, ctis.fetch),
    Registry("chictr", chictr.BASE, chictr.RATE, chictr.LICENCE, None, chictr.fetch),
)


def known(name: str) -> Registry:
    """The registry of this name. Raises ToolError that names the known ones."""
    for registry in REGISTRIES:
        if registry.name == name:
            return registry
    names = ", ".join(registry.name for registry in REGISTRIES)
    raise ToolError(f"{name}: no registry to fetch from; known: {names}")
