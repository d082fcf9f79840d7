"""One pass over the lines of a graph: for structural rules, the checksum and the merged graph.

``Seen`` values of several graphs add up, so graphs may be passed in any order and anywhere.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from kg.check.facts import LANG_STRING, STRING, Reader
from kg.check.terms import terms
from kg.check.view import Hit
from kg.contacts import holds_contact
from kg.namespaces import ID, TKG, expand

CONTACTS = "/contacts"
MODULUS = 2**256

# Classes and edges that only resolve and derive write.
ENTITY_CLASSES = frozenset(
    map(expand, ("tkg:Trial", "foaf:Person", "org:Organization", "tkg:EthicsCommittee"))
)
_EDGES = (
    "refersTo record primarySponsor secondarySponsor collaborator site funder "
    "principalInvestigator siteInvestigator publicContact scientificContact approvedBy "
    "primaryOutcome secondaryOutcome computedTiming affiliatedWith contactPerson"
)
DERIVED_EDGES = frozenset(TKG + edge for edge in _EDGES.split())
ENTITIES = tuple(ID + kind + "/" for kind in ("trial", "person", "organization", "committee"))
"""How the IRIs of resolved entities begin."""

# Literals that are no text of a source: digests, and numbers of registries, which have a form.
_NO_TEXT = frozenset(map(expand, ("tkg:sourceSha256", "tkg:registrationNumber", "skos:notation")))
_TEXT = frozenset((STRING, LANG_STRING))
# An e-mail has its sign, a telephone number seven digits with little between them (twice as much
# where line breaks are escaped), or the code of a service number that is spelt with letters: a text
# without needs no closer look.
_MAY_BE_CONTACT = re.compile(r"[@＠]|\d(?:\D{0,12}\d){6}|8\d\d")

_LABEL = f"<{expand('rdfs:label')}>"
_TYPE = f"<{expand('rdf:type')}>"
_FILE = f"<{expand('tkg:sourceFile')}>"
_STRING_ENDS = f"<{STRING}> ."


class Wanted(NamedTuple):
    """What the merged graph holds: statements with one of some properties, in angle brackets.

    Where ``classes`` are given, of types those alone, and labels of resolved entities alone.
    """

    properties: frozenset[str] = frozenset()
    classes: frozenset[str] | None = None

    def holds(self, subject: str, prop: str, rest: str) -> bool:
        """Whether a line of N-Triples belongs there."""
        if prop not in self.properties:
            return False
        if self.classes is None:
            return True
        if prop == _TYPE:
            return rest[:-2] in self.classes
        return prop != _LABEL or subject.startswith(ENTITIES, 1)


NOTHING = Wanted()


@dataclass(slots=True)
class Seen:
    """What was seen in some graphs."""

    nameless: set[str] = field(default_factory=set)  # subjects without a label in their graph
    misplaced: list[Hit] = field(default_factory=list)  # ST-08
    contacts: list[Hit] = field(default_factory=list)  # ST-13
    users: dict[str, str] = field(default_factory=dict)  # ST-14: term to the smallest user
    total: int = 0  # of the digests of all statements
    kept: list[bytes] = field(default_factory=list)  # N-Triples that the merged graph holds

    def add(self, other: Seen) -> None:
        """Take over what was seen elsewhere."""
        self.nameless |= other.nameless
        self.misplaced += other.misplaced
        self.contacts += other.contacts
        for term, user in other.users.items():
            self.users[term] = min(self.users.get(term, user), user)
        self.total = (self.total + other.total) % MODULUS
        self.kept += other.kept


def digest_of(line: str, graph: str) -> int:
    """What a statement of a graph, a line of N-Triples, adds to the total."""
    tail = f" <{graph}>" if graph else ""
    return int.from_bytes(hashlib.sha256(f"{line[:-2]}{tail}".encode()).digest(), "big")


def scanned(
    graph: str,
    text: str,
    *,
    record: bool = False,
    derived: bool = False,
    keep: Wanted = NOTHING,
) -> Seen:
    """What stands in the graph ``graph`` ("" for the default graph), given as N-Triples.

    ``record`` and ``derived`` say which layer it is; ``keep`` is what the merged graph holds.
    """
    seen = Seen()
    kept: list[str] = []
    tail = f" <{graph}>".encode() if graph else b""
    looked_at = bool(graph) and not graph.endswith(CONTACTS)
    properties = keep.properties
    sha256, from_bytes, total = hashlib.sha256, int.from_bytes, 0
    subjects: set[str] = set()
    labelled: set[str] = set()
    strange = _strange()
    reader = Reader()
    for line in text.split("\n"):
        if not line:
            continue
        subject, prop, rest = line.split(" ", 2)
        if prop != _FILE:
            total += from_bytes(sha256(line[:-2].encode() + tail).digest(), "big")
        if prop in properties and keep.holds(subject, prop, rest):
            kept.append(line)
        if not looked_at:
            continue
        subjects.add(subject)
        if prop == _LABEL:
            labelled.add(subject)
        first = rest[0]
        if first == '"':
            # A literal with a datatype, such as a day, is no text.
            may_be_text = rest[-3] != ">" or rest.endswith(_STRING_ENDS)
            if may_be_text and _MAY_BE_CONTACT.search(rest):
                _look(seen, reader, line)
        elif prop == _TYPE:
            kind = rest[:-2]
            if strange.get(kind) is not False:
                _used(seen, strange, kind, subject)
            if record and kind[1:-1] in ENTITY_CLASSES:
                _misplaced(seen, subject, kind[1:-1], graph)
        if strange.get(prop) is not False:
            _used(seen, strange, prop, subject)
        if record and prop in _DERIVED_EDGES:
            _misplaced(seen, subject, prop[1:-1], graph)
        if derived and not subject[1:].startswith(ENTITIES):
            _misplaced(seen, subject, prop[1:-1], graph)
    if kept:  # as bytes, which take a third of what so many strings take
        seen.kept.append("".join(f"{line}\n" for line in kept).encode())
    seen.total = total % MODULUS
    seen.nameless = {_name(s) for s in subjects - labelled}
    seen.nameless |= {s for s in labelled if s.startswith("_:")}
    return seen


_DERIVED_EDGES = frozenset(f"<{edge}>" for edge in DERIVED_EDGES)


def _name(token: str) -> str:
    return token[1:-1] if token[0] == "<" else token


def _misplaced(seen: Seen, subject: str, value: str, graph: str) -> None:
    seen.misplaced.append(Hit(focus=_name(subject), values={"value": value, "graph": graph}))


def _look(seen: Seen, reader: Reader, line: str) -> None:
    for subject, prop, value in reader.facts(line):
        if value.datatype in _TEXT and prop not in _NO_TEXT and holds_contact(value.text):
            seen.contacts.append(Hit(focus=subject, field=re.split(r"[#/]", prop)[-1]))


@cache
def _strange() -> dict[str, bool]:
    """What is known of terms, in angle brackets: whether they are undeclared or retired."""
    return {}


def _used(seen: Seen, strange: dict[str, bool], token: str, subject: str) -> None:
    term = _name(token)
    known = terms()
    strange[token] = (term.startswith(TKG) and term not in known.declared) or (
        term in known.deprecated
    )
    if strange[token]:
        user = _name(subject)
        seen.users[term] = min(seen.users.get(term, user), user)
