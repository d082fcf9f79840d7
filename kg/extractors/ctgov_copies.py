"""Copies of legacy studies in JSON, brought to the shape in which their XML is read."""

from __future__ import annotations

from typing import Any

from kg.extractors.ctgov_moves import beside

# How converters name an element's attributes and its text beside them.
_ATTRIBUTES = ("_attributes", "@attributes", "$")
_TEXTS = ("_text", "$t", "_")


def as_xml(node: Any) -> Any:
    """A copy of a node; attributes become ``@name``, text ``#text``, an empty element a blank.

    >>> as_xml({"date": {"_attributes": {"type": "Actual"}, "_text": "May 2015"}, "acronym": {}})
    {'date': {'@type': 'Actual', '#text': 'May 2015'}, 'acronym': ''}
    """
    if isinstance(node, list):
        return [as_xml(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    if set(node) == {"attributes", "value"}:  # plain words: only together do they tell a copy
        node = {"@attributes": node["attributes"], "_text": node["value"]}
    made: dict[str, Any] = {}
    for name, inner in node.items():
        if name in _ATTRIBUTES and isinstance(inner, dict):
            beside(made, {f"@{attribute}": as_xml(value) for attribute, value in inner.items()})
        else:
            beside(made, {"#text" if name in _TEXTS else name: as_xml(inner)})
    if not made:
        return ""
    return made["#text"] if set(made) == {"#text"} else made
