"""The graph subject by subject, in reading order, from sorted lines: never a question per subject.

Small graphs are put in order in memory. Of a graph that is larger than one run of lines only one
record is held at a time: its lines come sorted by record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from kg.exporters.order import Place, place, together
from kg.namespaces import expand
from kg.runs import Runs

_POSITION = f"<{expand('tkg:listPosition')}>"
_END = b"\0"  # of a key, which stands before a line


class Subject(NamedTuple):
    """What is said about one subject. Terms are in the form of N-Quads."""

    where: Place
    term: str
    said: dict[str, set[str]]  # objects by predicate


def subjects(write: Callable[[Runs], None]) -> Iterator[Subject]:
    """The subjects of the statements that are written, as N-Triples, in reading order."""
    runs = Runs(key_of)
    write(runs)
    if not runs.spilled:
        yield from ordered(runs.pending().decode().split("\n")[:-1])
        return
    for _, lines in grouped(runs.lines()):
        yield from ordered(line[:-1].decode() for line in lines)


def grouped(lines: Iterable[bytes]) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """Lines that stand behind their key, by key: those of one record, or of one other subject."""
    apart = (line.rpartition(_END) for line in lines)  # a key ends in what no line holds
    for key, of in groupby(apart, key=itemgetter(0)):
        yield key + _END, (line for _, _, line in of)


def value_of(term: str) -> str:
    """The IRI of a name, the label of a blank node."""
    return term[1:-1] if term[0] == "<" else term[2:]


def key_of(line: bytes) -> bytes:
    """What a line is sorted by: where its subject is read."""
    return _key_of(line[: line.index(b" ")])


@lru_cache(maxsize=1024)  # lines of one subject mostly follow each other
def _key_of(subject: bytes) -> bytes:
    return together(value_of(subject.decode())).encode()


def ordered(lines: Iterable[str]) -> list[Subject]:
    """What lines of N-Triples say, without their ends, subject by subject in reading order."""
    said: dict[str, dict[str, set[str]]] = {}
    positions: dict[str, int] = {}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        of_subject = said.get(subject)
        if of_subject is None:
            of_subject = said[subject] = {}
        values = of_subject.get(predicate)
        if values is None:
            of_subject[predicate] = {value}
        else:
            values.add(value)
        if predicate == _POSITION and (position := _position(value)) is not None:
            positions[subject] = min(position, positions.get(subject, position))
    found = [
        Subject(place(value_of(term), positions.get(term, 0)), term, values)
        for term, values in said.items()
    ]
    found.sort(key=lambda subject: subject.where)
    return found


def _position(value: str) -> int | None:
    """The place of a part in the list that its record prints."""
    digits = value[1 : value.rfind('"')] if value[0] == '"' else ""
    return int(digits) if digits.isascii() and digits.isdigit() else None
