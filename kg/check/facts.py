"""Statements as plain text and plain values: what a batch of records is cut into.

N-Triples as Oxigraph writes them are read here by hand: a line is three steps apart by blanks. That
is the one form which can be handed to another process, loaded into a store, and indexed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, serialize

from kg.check.view import About, Value
from kg.namespaces import expand

STRING = expand("xsd:string")
LANG_STRING = expand("rdf:langString")
TYPE = expand("rdf:type")
BLANK = "_:"
"""The "datatype" of a value that is a blank node, whose text begins with it."""

Fact = tuple[str, str, Value]

_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def text_of(store: Store, graph: NamedNode | DefaultGraph) -> str:
    """The statements of one named graph, a line each."""
    return (store.dump(from_graph=graph, format=RdfFormat.N_TRIPLES) or b"").decode()


class Statements:
    """The statements of one graph as lines of N-Triples, each taken apart once."""

    def __init__(self, lines: Iterable[str], blanks: bool = True) -> None:
        """``blanks``: whether there may be a blank node among them."""
        self.blanks = blanks
        self.lines = [line for line in lines if line]
        # Subject, property, and the value with the blank and the full stop behind it.
        self.parts = [line.split(" ", 2) for line in self.lines]

    @property
    def text(self) -> str:
        """The lines, each with its line break."""
        return "\n".join((*self.lines, ""))


def statements_of(text: str, graph: str) -> Statements:
    """Statements of one graph, each once, without its name, from N-Quads or N-Triples."""
    # A line break ends a statement and stands nowhere else.
    lines = text.replace(f" <{graph}> .\n", " .\n").split("\n")
    return Statements(dict.fromkeys(lines), BLANK in text)


def text_from(statements: Iterable[Triple]) -> str:
    """Statements that are not in a store, a line each."""
    return (serialize(statements, format=RdfFormat.N_TRIPLES) or b"").decode()


class Reader:
    """Reads statements; terms that it has seen are read once."""

    def __init__(self) -> None:
        self._nodes: dict[str, str] = {}
        self._values: dict[str, Value] = {}

    def index(self, statements: Statements, about: About | None = None) -> About:
        """The values by subject and property, in no order, added to ``about`` where it is given.

        Statements about statements are left out.
        """
        if about is None:
            about = {}
        nodes, values = self._nodes, self._values
        for subject, prop, rest in statements.parts:
            value = values.get(rest) or self._value(rest)
            if value is None:
                continue
            s = nodes.get(subject) or self._node(subject)
            p = nodes.get(prop) or self._node(prop)
            said = about.get(s)
            if said is None:
                about[s] = {p: [value]}
            elif p in said:
                said[p].append(value)
            else:
                said[p] = [value]
        return about

    def _node(self, token: str) -> str:
        found = self._nodes[token] = token[1:-1] if token[0] == "<" else token
        return found

    def _value(self, rest: str) -> Value | None:
        first = rest[0]
        if first == '"':
            found = literal_value(rest)
        elif first == "<":
            if rest.startswith("<<"):
                return None
            found = _value(rest[1:-3], None, None)
        else:
            found = _value(rest[:-2], None, BLANK)
        self._values[rest] = found
        return found


def literal_value(rest: str) -> Value:
    """The value of a line of N-Triples that ends with a literal, from where that begins."""
    text, tail = literal(rest)
    if not tail:
        return _value(text, None, STRING)
    if tail[0] == "@":
        return _value(text, tail[1:], LANG_STRING)
    return _value(text, None, tail[3:-1])


def _value(text: str, language: str | None, datatype: str | None) -> Value:
    """``Value(text, language, datatype)`` in half the time: there are hundreds in a record."""
    return tuple.__new__(Value, (text, language, datatype))


def literal(rest: str) -> tuple[str, str]:
    """The text of a literal and what follows its last quotation mark, without the full stop."""
    end = rest.rindex('"')
    written = rest[1:end]
    return _ESCAPED.sub(_character, written) if "\\" in written else written, rest[end + 1 : -2]


def _character(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        return chr(int(code, 16))
    return _ESCAPES.get(found[3], found[3])


class Index:
    """Statements by subject and property, by class, and by value."""

    def __init__(self, about: About) -> None:
        self.about = about
        self._into: dict[str, dict[str, set[str]]] = {}

    def into(self, prop: str) -> Mapping[str, set[str]]:
        """The subjects that a property leads from, by the node that it leads to."""
        found = self._into.get(prop)
        if found is None:
            found = defaultdict(set)
            for node, said in self.about.items():
                if prop not in said:
                    continue
                for value in said[prop]:
                    if value.datatype is None or value.datatype == BLANK:
                        found[value.text].add(node)
            self._into[prop] = found
        return found


def instances(about: About) -> dict[str, set[str]]:
    """The nodes of each class, as typed."""
    found: dict[str, set[str]] = defaultdict(set)
    for node, said in about.items():
        for kind in said.get(TYPE, ()):
            if kind.datatype is None:
                found[kind.text].add(node)
    return found


def named(about: About) -> About:
    """The same without blank nodes, which rules in Python do not see."""
    if not any(
        node.startswith(BLANK) or any(v.datatype == BLANK for vs in said.values() for v in vs)
        for node, said in about.items()
    ):
        return about
    kept: About = {}
    for node, said in about.items():
        if not node.startswith(BLANK):
            less = {p: [v for v in vs if v.datatype != BLANK] for p, vs in said.items()}
            if found := {p: vs for p, vs in less.items() if vs}:
                kept[node] = found
    return kept
