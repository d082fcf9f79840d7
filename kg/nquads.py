"""Terms in canonical N-Quads: one escaping function for everything that is written as text."""

from __future__ import annotations

import re
from urllib.parse import quote

from kg.namespaces import expand

_NOT_IN_IRI = re.compile(r"[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def escaped(text: str) -> str:
    """``text`` as it stands between the quotes of a literal in canonical N-Quads.

    https://www.w3.org/TR/rdf12-n-quads/#canonical-quads
    """
    if "\\" in text:  # first, for the others are written with it
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    if "\n" in text:
        text = text.replace("\n", "\\n")
    if "\r" in text:
        text = text.replace("\r", "\\r")
    return text


def literal(text: str, *, language: str = "", datatype: str = "") -> str:
    """A literal in N-Quads; ``datatype`` as ``xsd:date``."""
    if language:
        return f'"{escaped(text)}"@{language}'
    if datatype:
        return f'"{escaped(text)}"^^<{expand(datatype)}>'
    return f'"{escaped(text)}"'


def iri(address: str) -> str:
    """An IRI in N-Quads; what no IRI may hold is percent-encoded (RFC 3987, section 2.2)."""
    before, mark, fragment = address.partition("#")
    fragment = fragment.replace("#", "%23")
    return f"<{_NOT_IN_IRI.sub(_percent, before + mark + fragment)}>"


def _percent(found: re.Match[str]) -> str:
    return quote(found[0].encode("utf-8", "replace"), safe="")


def safe(number: str) -> str:
    """A registration number as part of an IRI: other characters become ``_``.

    >>> safe("CTRI/2020/01/000123")
    'CTRI_2020_01_000123'
    """
    return _UNSAFE.sub("_", number)
