"""One pass over the lines of a graph: for structural rules, the checksum and the merged graph.

``Seen`` values of several graphs add up, so graphs may be passed in any order and anywhere.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from typing import NamedTuple

from kg.check.facts import STRING, Statements, literal
from kg.check.terms import terms
from kg.check.view import Hit
from kg.contacts.masking import holds_contact
from kg.namespaces import ID, REFERENCE, TKG, expand
from kg.runs import Runs

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
_NO_TEXT = frozenset(
    f"<{expand(prop)}>" for prop in ("tkg:sourceSha256", "tkg:registrationNumber", "skos:notation")
)

_LABEL = f"<{expand('rdfs:label')}>"
_OTHER_LABEL = f"<{expand('skos:altLabel')}>"
_PINYIN = f"<{expand('tkg:pinyin')}>"
_TYPE = f"<{expand('rdf:type')}>"
_FILE = f"<{expand('tkg:sourceFile')}>"
_STRING_ENDS = f"<{STRING}> ."


class Wanted(NamedTuple):
    """What the merged graph holds: statements with one of some properties, in angle brackets.

    Where ``classes`` are given, of types those alone, and labels of resolved entities alone.
    """

    properties: frozenset[str] = frozenset()
    classes: frozenset[str] | None = None

    def lines(self, statements: Statements) -> str:
        """Those of some lines of N-Triples that belong there."""
        asked = self.properties
        if not asked:
            return ""
        always = asked - {_TYPE, _LABEL} if self.classes is not None else asked
        said = zip(statements.lines, statements.parts, strict=True)
        kept = [
            line
            for line, (subject, prop, rest) in said
            if prop in always or (prop in asked and self.holds(subject, prop, rest))
        ]
        return "\n".join((*kept, "")) if kept else ""

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
    named: set[str] = field(default_factory=set)  # those with one, in graphs that are no records
    tags: list[Hit] = field(default_factory=list)  # ST-05
    misplaced: list[Hit] = field(default_factory=list)  # ST-08
    contacts: list[Hit] = field(default_factory=list)  # ST-13
    users: dict[str, str] = field(default_factory=dict)  # ST-14: term to the smallest user
    total: int = 0  # of the digests of all statements
    kept: list[bytes] = field(default_factory=list)  # what the merged graph holds, ``packed``

    def use(self, terms: Iterable[tuple[str, str]]) -> None:
        """Note who uses terms that are undeclared or retired."""
        for subject, token in terms:
            term, user = _name(token), _name(subject)
            self.users[term] = min(self.users.get(term, user), user)

    def add(self, other: Seen) -> None:
        """Take over what was seen elsewhere."""
        self.nameless |= other.nameless
        self.named |= other.named
        self.tags += other.tags
        self.misplaced += other.misplaced
        self.contacts += other.contacts
        for term, user in other.users.items():
            self.users[term] = min(self.users.get(term, user), user)
        self.total = (self.total + other.total) % MODULUS
        self.kept += other.kept

    def pack(self) -> None:
        """Bring what the merged graph holds into one piece: together it takes less than half."""
        self.kept = [packed("".join(map(unpacked, self.kept)))] if self.kept else []

    def unlabelled(self) -> Iterator[str]:
        """Subjects without a label in their graph, nor in another that is no record."""
        yield from self.nameless - self.named


@dataclass(slots=True)
class Gathered(Seen):
    """What was seen in all graphs, added up once: names wait on disk, sorted."""

    _names: Runs = field(default_factory=Runs)

    def add(self, other: Seen) -> None:
        # A line for each, so that those of one subject come together, labelled ones last.
        said = (*(f"{n}\t\n" for n in other.nameless), *(f"{n}\t+\n" for n in other.named))
        self._names.write("".join(said).encode())
        # By name: a dataclass with slots is made twice, and super() knows the first alone.
        Seen.add(self, replace(other, nameless=set(), named=set()))

    def unlabelled(self) -> Iterator[str]:
        """The same, once."""
        for name, lines in groupby(self._names.lines(), lambda line: line.split(b"\t", 1)[0]):
            if not any(line.endswith(b"+\n") for line in lines):
                yield name.decode()


def packed(text: str) -> bytes:
    """A text that waits: a seventh of its bytes."""
    return zlib.compress(text.encode(), 1)


def unpacked(piece: bytes) -> str:
    """A text that was packed."""
    return zlib.decompress(piece).decode()


def digest_of(line: str, graph: str) -> int:
    """What a statement of a graph, a line of N-Triples, adds to the total."""
    tail = f" <{graph}>" if graph else ""
    return int.from_bytes(hashlib.sha256(f"{line[:-2]}{tail}".encode()).digest(), "big")


def scanned(
    graph: str,
    statements: Statements,
    *,
    record: bool = False,
    derived: bool = False,
    keep: Wanted = NOTHING,
) -> Seen:
    """What stands in the graph ``graph`` ("" for the default graph).

    ``record`` and ``derived`` say which layer it is; ``keep`` is what the merged graph holds.
    """
    seen = Seen(total=_total(graph, statements))
    if kept := keep.lines(statements):
        seen.kept.append(packed(kept))
    if not graph or graph.endswith(CONTACTS):
        return seen
    parts = statements.parts
    subjects = {subject for subject, _, _ in parts}
    labelled = {subject for subject, prop, _ in parts if prop == _LABEL}
    seen.nameless = {_name(s) for s in subjects - labelled}
    seen.nameless |= {s for s in labelled if s.startswith("_:")}
    if not record:
        seen.named = {_name(s) for s in labelled if s[0] == "<"}
    properties = {prop for _, prop, _ in parts}
    typed = [(subject, rest[:-2]) for subject, prop, rest in parts if prop == _TYPE]
    seen.use(_having(parts, {prop for prop in properties if _strange(prop)}))
    seen.use((subject, kind) for subject, kind in typed if _strange(kind))
    texts = [part for part in parts if part[2][0] == '"']
    for subject, prop, rest in texts:
        if _may_be_text(prop, rest) and holds_contact(literal(rest)[0]):
            seen.contacts.append(Hit(focus=_name(subject), field=_local(prop)))
    if graph != REFERENCE:
        seen.tags += _odd_tags(texts)
    if record:
        odd = [*_having(parts, properties & _DERIVED_EDGES)]
        odd += [(subject, kind) for subject, kind in typed if kind in _ENTITY_CLASSES]
        seen.misplaced += [_misplaced(subject, value, graph) for subject, value in odd]
    if derived:
        seen.misplaced += [
            _misplaced(s, p, graph) for s, p, _ in parts if not s.startswith(ENTITIES, 1)
        ]
    return seen


def _odd_tags(texts: Iterable[Sequence[str]]) -> Iterator[Hit]:
    """Texts in another language than zh and en, or several in one; pinyin that is not tagged so."""
    tagged = ((s, prop, rest[rest.rindex('"') + 1 : -2].lower()) for s, prop, rest in texts)
    for (subject, prop, tag), n in Counter(tagged).items():
        if tag[:1] != "@" or prop == _OTHER_LABEL:
            continue
        right = tag == "@zh-latn-pinyin" if prop == _PINYIN else n == 1 and tag in ("@zh", "@en")
        if not right:
            yield Hit(focus=_name(subject), field=_local(prop), values={"tag": tag[1:]})


def _total(graph: str, statements: Statements) -> int:
    """The digests of all statements but the name of the file, added up."""
    text = statements.text
    said = text.encode().split(b" .\n")[:-1]  # which stands at the end of lines and nowhere else
    tail = f" <{graph}>".encode() if graph else b""
    sha256, from_bytes = hashlib.sha256, int.from_bytes
    total = sum([from_bytes(sha256(one + tail).digest(), "big") for one in said])
    if _FILE in text:
        of_files = (line for line in statements.lines if _FILE in line)
        total -= sum(digest_of(line, graph) for line in of_files if line.split(" ", 2)[1] == _FILE)
    return total % MODULUS


def _may_be_text(prop: str, rest: str) -> bool:
    """A literal with another datatype, such as a day, is no text."""
    return prop not in _NO_TEXT and (rest[-3] != ">" or rest.endswith(_STRING_ENDS))


def _having(parts: Iterable[Sequence[str]], properties: Set[str]) -> Iterator[tuple[str, str]]:
    """Subject and property of the statements with one of some properties; hardly ever any."""
    if properties:
        yield from ((subject, prop) for subject, prop, _ in parts if prop in properties)


_DERIVED_EDGES = frozenset(f"<{edge}>" for edge in DERIVED_EDGES)
_ENTITY_CLASSES = frozenset(f"<{kind}>" for kind in ENTITY_CLASSES)


def _local(prop: str) -> str:
    """The name of a property, in angle brackets, without its namespace."""
    return re.split(r"[#/]", prop[1:-1])[-1]


def _name(token: str) -> str:
    return token[1:-1] if token[0] == "<" else token


def _misplaced(subject: str, value: str, graph: str) -> Hit:
    return Hit(focus=_name(subject), values={"value": _name(value), "graph": graph})


@cache
def _strange(token: str) -> bool:
    """Whether a term, in angle brackets, is undeclared or retired."""
    term, known = _name(token), terms()
    return (term.startswith(TKG) and term not in known.declared) or term in known.deprecated
