"""What a registry's word means: the tables in ``ontology/codes``, one file per concept.

Words are compared after NFKC, with blanks collapsed and Latin case ignored. The registries'
misspellings are their words.
"""

from __future__ import annotations

import csv
import re
from functools import cache

from kg.namespaces import folded
from kg.resources import folder

_ANY = "*"
_SAME_WORDS_AS = {"itmctr": "chictr", "amctr": "chictr"}
_HALVES = re.compile(r"\s*/\s*|(?<=[\u3400-\u9fff])\s*(?=[A-Za-z])")


class Words:
    """The tables. ``Words.load()`` reads them once."""

    def __init__(self, tables: dict[str, dict[tuple[str, str], tuple[str, ...]]]) -> None:
        self._tables = tables

    @staticmethod
    @cache
    def load() -> Words:
        """The tables that travel with the package."""
        tables = {}
        for path in sorted((folder("ontology") / "codes").glob("*.tsv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                tables[path.stem] = {
                    (row["registry"], folded(row["word"])): tuple(row["concept"].split())
                    for row in rows
                }
        return Words(tables)

    def concepts(self, scheme: str, registry: str, word: str) -> tuple[str, ...] | None:
        """The codes that a word stands for; None when no table knows it.

        A word printed in two languages (``是/Yes``, ``是Yes``) counts as known when both halves
        mean the same.

        >>> Words.load().concepts("phase", "chictr", "2-3")
        ('phase-2', 'phase-3')
        >>> Words.load().concepts("phase", "chictr", "PHASE5") is None
        True
        """
        return self._known(scheme, registry, word)

    def _known(self, scheme: str, registry: str, word: str) -> tuple[str, ...] | None:
        found = self._one(scheme, registry, word)
        if found is None:
            halves = [half for half in _HALVES.split(word.strip(), maxsplit=1) if half]
            if len(halves) == 2:
                left, right = (self._one(scheme, registry, half) for half in halves)
                found = left if left == right else None
        return found

    def _one(self, scheme: str, registry: str, word: str) -> tuple[str, ...] | None:
        table = self._tables.get(scheme, {})
        key = folded(word)
        for source in (registry, _SAME_WORDS_AS.get(registry, registry), _ANY):
            if (source, key) in table:
                return table[(source, key)]
        return None
