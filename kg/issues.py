"""Issues: what the reading could not use, each with where it stands and what would be right.

Issues are about reading; findings are what shapes say about a record. The words do not mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Kind = Literal[
    "bad value",  # a value that its parser refuses: the statement is left out
    "unknown word",  # no row in ontology/codes/*.tsv
    "unknown label",  # a label that no extractor maps
    "label out of place",  # a known label where the form cannot print it: read as text
    "words disagree",  # the two languages of one answer say different things
    "not a person",  # a name field that holds something else
    "contact removed",  # free text that held an e-mail address or a telephone number
    "other encoding",  # text that is not UTF-8
    "characters removed",  # control characters and the like
    "page cut",  # the page, or the file, ends too early
    "projected",  # an answer that was asked for some fields only
    "number repaired",  # a misprinted registration number, read as what it must be
    "numbers disagree",  # a record that gives itself several numbers
    "left out",  # a value that has no place in the graph, on purpose
    "not a record",  # a file or text without a trial, of whatever kind
    "unreadable",  # a file that is damaged, or could not be opened or decoded
    "second copy",  # a record version that another file gives too
    "not there",  # a row of the overrides that speaks of nothing that was read
    "older version",  # a record version that a newer one replaces
]


class Issue(NamedTuple):
    """One row of ``issues.jsonl``. ``line`` is 1-based, 0: none."""

    file: str
    line: int
    record: str  # "chictr:ChiCTR2699990001", empty before the number is known
    kind: Kind
    field: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}" if self.field else ""
        value = f" {self.value!r}" if self.value else ""
        return f"{where}{field}: {self.kind}{value}\n  {self.expected}"

    def without_contacts(self, mask: Mapping[str, str]) -> Issue:
        """The issue with its texts as ``mask`` shows them: labels are people's words, too."""
        _, _, _, _, field, value, expected = self
        shown = mask[field], mask[value], mask[expected]
        if shown == (field, value, expected):
            return self
        return self._replace(field=shown[0], value=shown[1], expected=shown[2])
