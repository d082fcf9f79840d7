"""What the ontology says about our terms: labels, subclasses, which terms exist."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.namespaces import PREFIXES, TKG, expand
from kg.resources import folder

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


class Terms(NamedTuple):
    """The terms of an ontology file."""

    labels: dict[str, Text]  # by IRI
    parents: dict[str, frozenset[str]]  # class to its direct superclasses
    declared: frozenset[str]
    deprecated: frozenset[str]
    version: str

    def label(self, name: str) -> Text:
        """The label of a property, by its local name (``timePoint``) or its IRI.

        An undeclared term gets its own name in words, so that a report stays readable.
        """
        iri = name if "//" in name else term_iri(name)
        return self.labels.get(iri) or Text(*[words(re.split(r"[#/]", iri)[-1])] * 2)

    def below(self, iri: str) -> frozenset[str]:
        """A class and all its subclasses."""
        found = {iri}
        while more := {c for c, up in self.parents.items() if c not in found and up & found}:
            found |= more
        return frozenset(found)


def words(name: str) -> str:
    """A camel-case or hyphenated name in words.

    >>> words("approvalNumber"), words("e-mail-webmail")
    ('approval number', 'e mail webmail')
    """
    return _HUMP.sub(" ", name).replace("-", " ").lower()


def term_iri(name: str) -> str:
    """The IRI that a field name stands for: ``label`` is ``rdfs:label``, ``city`` a place."""
    outside = {"label": "rdfs:label", "city": "dcterms:spatial", "spatial": "dcterms:spatial"}
    if ":" in name and name.partition(":")[0] in PREFIXES:
        return expand(name)
    return expand(outside[name]) if name in outside else TKG + name


@cache
def terms() -> Terms:
    """The terms of ``ontology/trial.ttl``; empty where that file is missing."""
    return read(folder("ontology") / "trial.ttl")


def read(path: Path) -> Terms:
    """The terms of an ontology file."""
    texts: dict[str, dict[str, str]] = {}
    parents: dict[str, set[str]] = {}
    declared: set[str] = set()
    deprecated: set[str] = set()
    version = ""
    for t in parse(path=str(path), format=RdfFormat.TURTLE) if path.exists() else ():
        if not isinstance(t.subject, NamedNode):
            continue
        subject, predicate = t.subject.value, t.predicate.value
        if predicate == expand("rdf:type"):
            declared.add(subject)
        elif predicate == expand("rdfs:subClassOf") and isinstance(t.object, NamedNode):
            parents.setdefault(subject, set()).add(t.object.value)
        elif isinstance(t.object, Literal):
            if predicate == expand("rdfs:label"):
                texts.setdefault(subject, {})[t.object.language or "en"] = t.object.value
            elif predicate == expand("owl:deprecated") and t.object.value == "true":
                deprecated.add(subject)
            elif predicate == expand("owl:versionInfo"):
                version = t.object.value
    labels = {
        iri: Text(found.get("en") or next(iter(found.values())), found.get("zh") or found["en"])
        for iri, found in texts.items()
        if "en" in found or "zh" in found
    }
    return Terms(
        labels=labels,
        parents={c: frozenset(up) for c, up in parents.items()},
        declared=frozenset(declared),
        deprecated=frozenset(deprecated),
        version=version,
    )
