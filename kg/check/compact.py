"""Statements about many nodes, held close together: taken apart where a rule looks at them.

A third of the memory that an index by property takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from kg.check.facts import BLANK, TYPE, literal_value
from kg.check.view import RecordView, Value, in_order
from kg.namespaces import expand

Said = dict[str, tuple[str, ...]]
"""Property, value, property, value … by node; a literal as N-Triples write it, else an IRI."""


def said_in(pieces: Iterable[Sequence[Sequence[str]]]) -> Said:
    """What lines of N-Triples, taken apart, say of which node.

    Blank nodes, which rules in Python do not see, and statements about statements are left out.
    """
    terms: dict[str, str] = {}
    one = terms.setdefault
    found: Said = {}
    for parts in pieces:
        here: dict[str, list[str]] = {}
        for subject, prop, rest in parts:
            if subject[0] != "<" or rest.startswith((BLANK, "<<")):
                continue
            node, value = subject[1:-1], rest[:-2] if rest[0] == '"' else rest[1:-3]
            here.setdefault(node, []).extend((one(prop, prop), one(value, value)))
        for node, said in here.items():
            node = one(node, node)
            found[node] = (*found.get(node, ()), *said)
    return found


class CompactView(RecordView):
    """The same view of statements that are held close together."""

    def __init__(self, said: Said) -> None:
        super().__init__({})
        self._held = said
        kind = f"<{TYPE}>"
        for node in sorted(said):
            of = said[node]
            if kind in of:
                for one in _of(of, kind):
                    self._kinds[one].append(node)

    def subjects(self) -> list[str]:
        return sorted(self._held)

    def said(self, node: str) -> list[tuple[str, Sequence[Value]]]:
        of = self._held.get(node, ())
        return [(prop[1:-1], _read(_of(of, prop))) for prop in sorted(set(of[::2]))]

    def values(self, node: str, prop: str) -> Sequence[Value]:
        return _read(_of(self._held.get(node, ()), _token(prop)))

    def links(self, node: str, prop: str) -> list[str]:
        return [v for v in _of(self._held.get(node, ()), _token(prop)) if v[:1] != '"']


def _of(said: Sequence[str], prop: str) -> list[str]:
    """The values of one property, sorted, each once."""
    found = [value for one, value in zip(said[::2], said[1::2], strict=True) if one == prop]
    return found if len(found) < 2 else sorted(set(found))


def _read(values: Iterable[str]) -> list[Value]:
    found = [literal_value(f"{v} .") if v[:1] == '"' else Value(v, None, None) for v in values]
    if len(found) > 1:
        found.sort(key=in_order)
    return found


@cache
def _token(prop: str) -> str:
    return f"<{expand(prop)}>"
