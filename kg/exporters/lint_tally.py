"""What the checks of all formats share: counting problems, opening files, reading values."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_WORDS_FOR_NOTHING = frozenset({"none", "n/a", "nan", "null", "undefined"})


@dataclass(slots=True)
class Tally:
    """Problems by sort: where the first one is, and how many there are."""

    found: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, problem: str, place: str = "") -> None:
        """Count one more ``problem``."""
        first, count = self.found.get(problem, (place, 0))
        self.found[problem] = first, count + 1

    def lines(self) -> list[str]:
        """One line per sort of problem, in the order in which they were met."""
        return [
            problem
            + (f": {first}" if first else "")
            + (f" (and {count - 1} more)" if count > 1 else "")
            for problem, (first, count) in self.found.items()
        ]


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked if its name ends in ``.gz``."""
    if path.suffix.lower() == ".gz":
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def is_integer(text: str) -> bool:
    """True for a whole number in ASCII digits."""
    return _INTEGER.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """True for a finite number in ASCII digits."""
    return _NUMBER.fullmatch(text) is not None


def fits(text: str, kind: str) -> bool:
    """True if ``text`` is a value of the column type ``kind``."""
    match kind:
        case "integer" | "int" | "long" | "short" | "byte":
            return is_integer(text)
        case "double" | "float":
            return is_number(text)
        case "boolean":
            return text in ("true", "false")
        case _:
            return True


def stands_for_nothing(text: str) -> bool:
    """True for words that programs write where there is no value."""
    return text.strip().lower() in _WORDS_FOR_NOTHING


@dataclass(slots=True)
class Ends:
    """Nodes and edges met so far: ids twice, edges twice, ends that are no nodes."""

    tally: Tally
    nodes: set[str] = field(default_factory=set)
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    edge_ids: set[str] = field(default_factory=set)
    awaited: dict[str, str] = field(default_factory=dict)

    def node(self, name: str | None, place: str) -> None:
        """Take note of a node."""
        if not name:
            self.tally.add("node without id", place)
            return
        if name in self.nodes:
            self.tally.add("two nodes with one id", f"{place}, {name!r}")
        if any(char.isspace() for char in name):
            self.tally.add("blank in the id of a node", f"{place}, {name!r}")
        self.nodes.add(name)

    def edge(
        self,
        source: str | None,
        target: str | None,
        kind: str,
        place: str,
        *,
        name: str | None,
        directed: bool,
    ) -> None:
        """Take note of an edge; its ends may be declared later."""
        if name:
            if name in self.edge_ids:
                self.tally.add("two edges with one id", f"{place}, {name!r}")
            self.edge_ids.add(name)
        if not source or not target:
            self.tally.add("edge without source or target", place)
            return
        for end in (source, target):
            if end not in self.nodes:
                self.awaited.setdefault(end, place)
        ends = (source, target) if directed else (min(source, target), max(source, target))
        if (*ends, kind) in self.edges:
            self.tally.add(
                "second edge of one kind between two nodes, which Gephi merges",
                f"{place}, {source} -> {target}",
            )
        self.edges.add((*ends, kind))

    def weight(self, text: str, place: str) -> None:
        """Check a weight that is written."""
        if not is_number(text) or float(text) <= 0:
            self.tally.add(
                "weight that is not greater than 0, with which Gephi drops the edge",
                f"{place}, {text!r}",
            )

    def finish(self) -> None:
        """Report ends that never were nodes, once the whole file is read."""
        for end, place in self.awaited.items():
            if end not in self.nodes:
                self.tally.add("edge to something that is no node", f"{place}, {end!r}")
