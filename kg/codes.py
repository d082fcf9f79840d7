"""What a registry's word means: the tables in ``ontology/codes``, one file per code list.

Words are compared in NFKC, with blanks collapsed and Latin case ignored. The registries' own
misspellings (``Epidemilogical research``) are their words and stand in the tables.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from kg.namespaces import folded
from kg.resources import folder

Table = dict[tuple[str, str], tuple[str, ...]]

_ANY = "*"
_UNKNOWN: tuple[str, ...] = ("not asked yet",)
_MOST_KNOWN = 50_000  # answers kept; place names are many, and the memory of a build is bounded
# The registries that print the form of the Chinese registry (``chimctr`` is what ITMCTR was).
CHINESE = frozenset({"chictr", "itmctr", "chimctr", "amctr"})
# These registries use the form of another one; their own rows come first.
_FORM_OF = dict.fromkeys(CHINESE, "chictr")
_HAN = "[\u3400-\u9fff)]"
_SEAM = re.compile(rf"/|(?<={_HAN}) ?(?=[a-z0-9])|(?<=[a-z0-9]) ?(?={_HAN})")


class Words:
    """The tables of all code lists. ``Words.load()`` reads those that travel with the package."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self._tables = tables
        self._known: dict[tuple[str, str, str], tuple[str, ...] | None] = {}

    @staticmethod
    @cache
    def load() -> Words:
        """The tables that travel with the package; read once."""
        return Words.of(folder("ontology") / "codes")

    @staticmethod
    def of(where: Path) -> Words:
        """The tables of a folder, one ``.tsv`` per code list."""
        return Words({path.stem: _table(path) for path in sorted(where.glob("*.tsv"))})

    def concepts(self, scheme: str, registry: str, word: str) -> tuple[str, ...] | None:
        """The codes that a registry's word stands for; None when no row knows it.

        A word printed in two languages (``正在进行 Recruiting``) is known when it has a row of its
        own, or when both halves are known and mean the same. Raises KeyError for a code list that
        has no table.

        >>> words = Words.load()
        >>> words.concepts("phase", "chictr", "2-3")
        ('phase-2', 'phase-3')
        >>> words.concepts("phase", "chictr", "上市后药物 / 4")
        ('phase-4',)
        >>> words.concepts("recruitment-status", "itmctr", "正在进行Recruiting")
        ('recruiting',)
        >>> words.concepts("recruitment-status", "chictr", "正在进行/Completed") is None
        True
        """
        known = self._known.get((scheme, registry, word), _UNKNOWN)
        if known is not _UNKNOWN:
            return known
        found = self._meaning(scheme, registry, word)
        if len(self._known) < _MOST_KNOWN:
            self._known[scheme, registry, word] = found
        return found

    def _meaning(self, scheme: str, registry: str, word: str) -> tuple[str, ...] | None:
        table = self._tables[scheme]
        text = folded(word)
        found = _row(table, registry, text)
        if found is not None:
            return found
        for left, right in _halves(text):
            meant = _row(table, registry, left)
            if meant is not None and meant == _row(table, registry, right):
                return meant
        return None


def _table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["registry"], folded(row["word"])): tuple(row["concept"].split())
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        }


def _row(table: Table, registry: str, text: str) -> tuple[str, ...] | None:
    for source in (registry, _FORM_OF.get(registry, registry), _ANY):
        if (source, text) in table:
            return table[source, text]
    return None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """The two parts at every stroke and at every change between Han and Latin."""
    for seam in _SEAM.finditer(text):
        yield text[: seam.start()].strip(), text[seam.end() :].strip()
