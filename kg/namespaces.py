"""Names shared by everything that speaks RDF: bases, prefixes, graphs, digests.

Patterns of IRIs: docs/model.md, section "IRIs and graphs".
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache

BASE = "https://w3id.org/trialkg/"
TKG = BASE + "ns#"
ID = BASE + "id/"
CODE = BASE + "code/"
SHAPES = BASE + "shapes#"

IDENTITY = BASE + "graph/identity"
DERIVED = BASE + "graph/derived"
REFERENCE = BASE + "graph/reference"
FINDINGS = BASE + "graph/findings"

CODE_SCHEMES = [
    "age-group",
    "age-limit",
    "allocation",
    "answer",
    "arm-type",
    "audit-state",
    "channel-kind",
    "date-certainty",
    "design-model",
    "ethics-decision",
    "event-kind",
    "feature",
    "identifier-relation",
    "identifier-type",
    "institution-level",
    "intervention-type",
    "ipd-information",
    "link-decision",
    "masked-party",
    "masking",
    "organization-kind",
    "outcome-type",
    "phase",
    "primary-purpose",
    "recruitment-status",
    "reference-kind",
    "registration-timing",
    "registry-kind",
    "responsible-party-type",
    "results-public",
    "role",
    "sampling-method",
    "sex",
    "specimen-fate",
    "specimen-retention",
    "study-type",
    "time-perspective",
    "topic-kind",
    "who-item",
]

PREFIXES: dict[str, str] = {
    "tkg": TKG,
    "tks": SHAPES,
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # things
    "trial": ID + "trial/",
    "person": ID + "person/",
    "organization": ID + "organization/",
    "committee": ID + "committee/",
    "link": ID + "link/",
    "place": ID + "place/",
    "registry": ID + "registry/",
    "g": BASE + "graph/",
    # code lists; "kind", "decision" and "status" are short for the three most queried ones
    **{scheme: f"{CODE}{scheme}/" for scheme in CODE_SCHEMES},
    "kind": CODE + "organization-kind/",
    "decision": CODE + "ethics-decision/",
    "status": CODE + "recruitment-status/",
}


@cache
def expand(curie: str) -> str:
    """The full IRI of a term written as ``prefix:name``.

    >>> expand("tkg:Trial")
    'https://w3id.org/trialkg/ns#Trial'
    """
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name


@cache
def code(scheme: str, notation: str) -> str:
    """The IRI of a code of one of our lists.

    >>> code("phase", "phase-4")
    'https://w3id.org/trialkg/code/phase/phase-4'
    """
    return f"{CODE}{scheme}/{notation}"


def folded(text: str) -> str:
    """``text`` in NFKC, case-folded, blanks collapsed: the form that digests are taken of."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.split())


def digest(text: str, length: int = 12) -> str:
    """The first ``length`` hex digits of SHA-256 over the UTF-8 of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def h8(*keys: str) -> str:
    """Eight hex digits that stand for a printed label (several key fields joined by a blank).

    >>> h8("示例大学附属第一医院"), h8("王示例")
    ('e40d0fae', 'e958271e')
    """
    return digest(folded(" ".join(keys)), 8)
