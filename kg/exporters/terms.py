"""How a term is written in Turtle, TriG and N-Quads.

Escapes: https://www.w3.org/TR/rdf-canon/#canonical-quads for N-Quads, and
https://www.w3.org/TR/turtle/#sec-escapes for the other two.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from kg.namespaces import BASE, PREFIXES

Term = NamedNode | BlankNode | Literal | Triple
Name = NamedNode | BlankNode

XSD = PREFIXES["xsd"]
_NAMED = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPED_IN_LONG = re.compile(r'[\x00-\x09\x0b-\x1f\x7f\\]|"(?="|\Z)')

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
_LONGEST_FIRST = sorted(_PREFIX_OF, key=lambda namespace: (-len(namespace), namespace))


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _NAMED.get(char) or f"\\u{ord(char):04X}"


def quoted(text: str) -> str:
    """``text`` between quotes, on one line."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def nquads_term(term: Term | DefaultGraph) -> str:
    """The canonical form of a term in N-Quads; nothing for the default graph.

    >>> nquads_term(Literal("a\\tb", language="en"))
    '"a\\\\tb"@en'
    """
    match term:
        case NamedNode():
            return f"<{term.value}>"
        case BlankNode():
            return f"_:{term.value}"
        case Literal():
            text = quoted(term.value)
            if term.language:
                return f"{text}@{term.language}"
            kind = term.datatype.value
            return text if kind == XSD + "string" else f"{text}^^<{kind}>"
        case DefaultGraph():
            return ""
        case _:
            raise TypeError(f"a statement about a statement is never part of our graph: {term}")


@lru_cache(maxsize=4096)
def split(iri: str) -> tuple[str, str] | None:
    """Prefix and local name of an IRI, or None if it is written in full.

    >>> split("https://w3id.org/trialkg/ns#Trial"), split("https://example.org/a")
    (('tkg', 'Trial'), None)
    """
    for namespace in _LONGEST_FIRST:
        if iri.startswith(namespace):
            local = iri[len(namespace) :]
            return (_PREFIX_OF[namespace], local) if _LOCAL.fullmatch(local) else None
    return None


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


def turtle_term(term: Term) -> str:
    """A term in Turtle: numbers bare, long text in one literal."""
    match term:
        case NamedNode():
            return turtle_iri(term.value)
        case Literal():
            return _turtle_literal(term)
        case _:
            return nquads_term(term)


def written_datatype(literal: Literal) -> str | None:
    """The datatype that Turtle has to name: none for text and for bare numbers."""
    kind = literal.datatype.value
    if literal.language or kind == XSD + "string":
        return None
    bare = _BARE.get(kind)
    return None if bare and bare.fullmatch(literal.value) else kind


def _turtle_literal(literal: Literal) -> str:
    text, kind = literal.value, written_datatype(literal)
    if kind is None and literal.datatype.value in _BARE:
        return text
    written = f'"""{_ESCAPED_IN_LONG.sub(_escape, text)}"""' if "\n" in text else quoted(text)
    if literal.language:
        return f"{written}@{literal.language}"
    return f"{written}^^{turtle_iri(kind)}" if kind else written


_LANGUAGES = {"zh": "0", "en": "1"}


def reading_order(term: Term) -> tuple[int, str, str]:
    """Sorts objects: names before values, Chinese before English before other languages."""
    if isinstance(term, Literal):
        language = term.language or ""
        rank = _LANGUAGES.get(language, f"2{language}")
        return 1, f"{rank}{term.datatype.value}", term.value
    return 0, "", nquads_term(term)
