"""How a term is written in Turtle, TriG and JSON-LD.

Terms are given as text, in the canonical form of N-Quads: as Oxigraph writes them, and quicker to
sort, compare and copy than objects. Nearly all literals are the same in Turtle and in JSON.
Escapes: https://www.w3.org/TR/rdf-canon/#canonical-quads, https://www.w3.org/TR/turtle/#sec-escapes
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kg.namespaces import BASE, PREFIXES

XSD = PREFIXES["xsd"]
STRING = XSD + "string"
_LANGUAGE_STRING = PREFIXES["rdf"] + "langString"
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_MEANT = {written[1]: char for char, written in _NAMED.items()}
_ESCAPED_IN_LONG = re.compile(r'[\x00-\x09\x0b-\x1f\x7f\\]|"(?="|\Z)')
_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")

# the forms that come back unchanged from every reader; "+1" or "007" keep quotes and datatype
_BARE = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*", re.ASCII),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])", re.ASCII),
    XSD + "boolean": re.compile(r"true|false"),
}
# narrower than the grammar, so that no reader has to agree about dots, colons and percent signs
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?", re.ASCII)
_RELATIVE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+", re.ASCII)
# of two prefixes for one namespace the later wins: "kind" is shorter than "organization-kind"
_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _NAMED.get(char) or f"\\u{ord(char):04X}"


def _unescape(found: re.Match[str]) -> str:
    number, char = found.groups()
    return chr(int(number, 16)) if number else _MEANT[char]


class Value(NamedTuple):
    """The parts of a literal. ``escaped`` is its text as N-Quads has it between the quotes."""

    escaped: str
    language: str
    kind: str  # the IRI of its datatype

    @property
    def text(self) -> str:
        """The text that is meant."""
        return _ESCAPE.sub(_unescape, self.escaped) if "\\" in self.escaped else self.escaped


def value(term: str) -> Value:
    """A literal in its parts.

    >>> value('"a\\\\tb"@en').text
    'a\\tb'
    """
    end = term.rindex('"')
    rest = term[end + 1 :]
    if not rest:
        return Value(term[1:end], "", STRING)
    if rest[0] == "@":
        return Value(term[1:end], rest[1:], _LANGUAGE_STRING)
    return Value(term[1:end], "", rest[3:-1])


def is_literal(term: str) -> bool:
    """True for text and numbers, False for names and blank nodes."""
    return term[0] == '"'


@lru_cache(maxsize=4096)
def split(iri: str) -> tuple[str, str] | None:
    """Prefix and local name of an IRI, or None if it is written in full.

    >>> split("https://w3id.org/trialkg/ns#Trial"), split("https://example.org/a")
    (('tkg', 'Trial'), None)
    """
    # every namespace ends in one of these, and no local name that is written short holds one
    end = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = _PREFIX_OF.get(iri[:end])
    return (prefix, iri[end:]) if prefix and _LOCAL.fullmatch(iri[end:]) else None


def relative(iri: str) -> str | None:
    """What is left of an IRI of ours below the base, where every reader resolves it alike.

    >>> relative("https://w3id.org/trialkg/id/record/chictr/ChiCTR2699990001")
    'id/record/chictr/ChiCTR2699990001'
    """
    rest = iri[len(BASE) :] if iri.startswith(BASE) else ""
    return rest if _RELATIVE.fullmatch(rest) else None


def turtle_iri(iri: str) -> str:
    """An IRI as a person reads it best: prefixed, else relative to the base, else in full.

    >>> turtle_iri("https://w3id.org/trialkg/code/organization-kind/hospital")
    'kind:hospital'
    """
    if name := split(iri):
        return ":".join(name)
    return f"<{relative(iri) or iri}>"


def turtle_term(term: str) -> str:
    """A term in Turtle: numbers bare, long text in one literal."""
    if term[0] == "<":
        return turtle_iri(term[1:-1])
    return _turtle_literal(term) if is_literal(term) else term


def written_datatype(literal: Value) -> str | None:
    """The datatype that Turtle has to name: none for text and for bare numbers."""
    if literal.language or literal.kind == STRING:
        return None
    bare = _BARE.get(literal.kind)
    return None if bare and bare.fullmatch(literal.text) else literal.kind


def _turtle_literal(term: str) -> str:
    said = value(term)
    kind = written_datatype(said)
    if kind is None and said.kind in _BARE:
        return said.text
    written = f'"{said.escaped}"'
    if "\\n" in said.escaped and "\n" in (text := said.text):
        written = f'"""{_ESCAPED_IN_LONG.sub(_escape, text)}"""'
    if said.language:
        return f"{written}@{said.language}"
    return f"{written}^^{turtle_iri(kind)}" if kind else written


_LANGUAGES = {"zh": "0", "en": "1"}


def reading_order(term: str) -> tuple[int, str, str]:
    """Sorts objects: names before values, Chinese before English before other languages."""
    if not is_literal(term):
        return 0, "", term
    said = value(term)
    rank = _LANGUAGES.get(said.language, f"2{said.language}")
    return 1, f"{rank}{said.kind}", said.text
