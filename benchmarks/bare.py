"""The least that a crossing owes to each value, without a model: what Python itself takes for it.

Every value of a study is walked to by its path, looked at for contacts and placeholders, written as
one statement, told as one line of the table of lines, and counted. There are no records, no types,
no words, no names of people and nothing that speaks of more than one value: it is no crossing, only
what each value costs before there is one. Written plainly; that nothing is quicker is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from kg.contacts.forms import MANY_DIGITS, has_sign
from kg.namespaces import ID, TKG
from kg.nquads import escaped
from kg.values import is_placeholder


def crossed(pages: Iterable[bytes], folder: Path) -> int:
    """Write ``bare.nq`` and ``bare.tsv`` of pages of studies; how many statements there are."""
    found = 0
    with (folder / "bare.nq").open("w") as quads, (folder / "bare.tsv").open("w") as lines:
        for page in pages:
            for study in orjson.loads(page)["studies"]:
                number = study["protocolSection"]["identificationModule"]["nctId"]
                one = _Study(f"{ID}record/ctgov/{number}")
                one.walk(study, "", one.name)
                quads.writelines(sorted(set(one.quads)))
                lines.writelines("\t".join(line) for line in sorted(set(one.lines)))
                found += len(one.quads)
    return found


class _Study:
    """What is written of one study."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.quads: list[str] = []
        self.lines: list[tuple[str, str, str, str, str]] = []
        self.counted: set[str] = set()
        self._end = f" <{name}/1> .\n"

    def walk(self, tree: Any, path: str, node: str) -> None:
        """All values below a node of the raw tree."""
        labels = tree.items() if type(tree) is dict else enumerate(tree)
        for label, inner in labels:
            at = f"{path}.{label}" if path else f"{label}"
            if type(inner) in (dict, list):
                below = f"{node}/{label}"
                self.quads.append(f"<{node}> <{TKG}has> <{below}>{self._end}")
                self.walk(inner, at, below)
                continue
            text = str(inner).strip()
            self.counted.add(at)
            state = "blank"
            if text and not is_placeholder(text):
                state = "value"
                if has_sign(text) or MANY_DIGITS.search(text):
                    text = "[contact removed]"
                self.quads.append(f'<{node}> <{TKG}{label}> "{escaped(text)}"@en{self._end}')
            self.lines.append((self.name, node, at, text, f"{state}\n"))
