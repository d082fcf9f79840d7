"""The crossing: a ``Record`` becomes N-Quads text. No other module knows both the model and RDF.

Every class of the model is compiled once into a plan: for each field its predicate, already
written, and the function that writes its value. Text is written straight away; no object stands
for a triple (engines measured: three to five times faster). Laws in ``tests/test_statements.py``
hold the text to what Oxigraph and rdflib read back.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kg import __version__
from kg.contacts import Channel, Mask
from kg.lines import Line
from kg.model import (
    KINDS,
    Named,
    Part,
    Place,
    Record,
    RoleAssignment,
    Said,
    SiteParticipation,
    Texts,
    Version,
)
from kg.namespaces import BASE, ID, code, expand, h8

# -- terms ----------------------------------------------------------------------------------------

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_SPECIAL = re.compile(r'[\\"\n\r]')
_NOT_IN_IRI = re.compile(r"[^A-Za-z0-9._~:/?#@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


def escaped(text: str) -> str:
    """``text`` as it stands between the quotes of a literal in canonical N-Quads.

    https://www.w3.org/TR/rdf12-n-quads/#canonical-quads
    """
    if _SPECIAL.search(text):
        return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text)
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


_LABEL = f" <{expand('rdfs:label')}> "
_TYPE = f" <{expand('rdf:type')}> "
_BLANK = f" <{expand('tkg:blankField')}> "
_RUN = f"<{ID}run/kg-{__version__}>"


# -- what a crossing gives ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """One record version in N-Quads, with what lies beside it."""

    record: str  # IRI
    version: str  # IRI, the name of the graph
    refreshed: str  # day of the last refresh, empty if unknown
    quads: tuple[str, ...]  # lines, sorted, each once
    lines: tuple[Line, ...]
    contacts: tuple[str, ...]  # quads of <version>/contacts; written only with --contacts
    channels: dict[str, tuple[Channel, ...]]  # by mention; for identity, never written
    places: frozenset[str]  # N-Quads of places that no table of ours holds
    masked: tuple[str, ...]  # fields in which a contact was removed


@dataclass(slots=True)
class _Crossing:
    """The state of one crossing."""

    record: str
    mention: str  # start of mention IRIs
    version: str
    mask: Mask
    graph: str = ""  # end of every line
    out: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    named: dict[int, str] = field(default_factory=dict)  # id of a part -> its IRI
    used: set[str] = field(default_factory=set)
    channels: dict[str, tuple[Channel, ...]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)  # mentions whose channels are the field's
    places: set[str] = field(default_factory=set)
    masked: list[str] = field(default_factory=list)

    def clean(self, text: str, name: str) -> str:
        """``text`` without contacts; where one was removed is remembered."""
        cleaned = self.mask(text)
        if cleaned != text:
            self.masked.append(name)
        return cleaned

    def at(self, node: str, name: str, said: Said[Any]) -> None:
        """Remember where a printed field stands."""
        printed = self.mask(said.printed) if said.printed else ""
        if "\n" in printed or "\t" in printed:
            printed = " ".join(printed.split())
        self.lines.append(Line(self.version, node, name, said.line, printed))


def crossed(record: Record) -> Crossed:
    """The statements of one record version."""
    number = safe(record.local_id)
    name = f"{ID}record/{record.publisher}/{number}"
    version = f"{name}/{_stamp(record.version)}"
    c = _Crossing(
        record=name,
        mention=f"{ID}mention/{record.publisher}/{number}/",
        version=version,
        mask=Mask(_all_channels(record)),
        graph=f" <{version}> .\n",
    )
    c.named[id(record)] = name
    _write(record, name, c)
    _write_version(record, c)
    label = record.label
    _write_label(label if label else record.local_id, name, c)
    return Crossed(
        record=name,
        version=version,
        refreshed=_day(record.version),
        quads=tuple(sorted(set(c.out))),
        lines=tuple(sorted(set(c.lines))),
        contacts=tuple(_contacts(c)),
        channels={node: found for node, found in c.channels.items() if node not in c.shared},
        places=frozenset(c.places),
        masked=tuple(c.masked),
    )


def _day(version: Version) -> str:
    said = version.refreshed
    return said.value.text if said and said.value else ""


def _stamp(version: Version) -> str:
    """The last part of a version's IRI: the moment of the last refresh, else its day."""
    moment = version.refreshed_at.value if version.refreshed_at else None
    at = moment[:19] if moment else _day(version)
    stamp = re.sub(r"[-:]", "", at) or "00000000"  # sorts before every date
    label = version.printed_label.value if version.printed_label else None
    return f"{stamp}-{safe(label.lower())}" if label else stamp


def _all_channels(part: Part) -> Iterator[Channel]:
    yield from getattr(part, "channels", ())
    for name, several in _INNER[type(part)]:
        value = getattr(part, name)
        if value:
            for inner in value if several else (value,):
                yield from _all_channels(inner)


# -- writing a node -------------------------------------------------------------------------------

Writer = Callable[[Any, str, _Crossing], None]


def _write(part: Any, node: str, c: _Crossing) -> None:
    start = f"<{node}>"
    for kind in part.classes:
        c.out.append(f"{start}{_TYPE}<{expand(kind)}>{c.graph}")
    for name, write in PLANS[type(part)]:
        value = getattr(part, name)
        if value is not None and value != ():
            write(value, node, c)
    for blank in part.blanks:
        c.out.append(f"{start}{_BLANK}{literal(blank.field)}{c.graph}")
        c.lines.append(Line(c.version, node, blank.field, blank.line, ""))


def _write_label(label: Texts | str, node: str, c: _Crossing, *, blanks: bool = False) -> None:
    """``rdfs:label`` in the languages of the name; with ``blanks`` the name's lines and blanks."""
    start = f"<{node}>{_LABEL}"
    if isinstance(label, str):
        if label:
            c.out.append(f"{start}{literal(c.clean(label, 'label'))}{c.graph}")
        return
    for language, said in (("zh", label.zh), ("en", label.en)):
        if said is None:
            continue
        if said.value:
            text = c.clean(said.value, f"label@{language}")
            c.out.append(f"{start}{literal(text, language=language)}{c.graph}")
        if blanks:
            c.at(node, f"label@{language}", said)
            if not said.value:
                c.out.append(f'<{node}>{_BLANK}"label@{language}"{c.graph}')


def _node(part: Part, c: _Crossing) -> str:
    """The IRI of a part, written when it is met first; one object is one node."""
    known = c.named.get(id(part))
    if known is not None:
        return known
    start = c.record + "/"
    slot = part.SLOT
    if isinstance(part, RoleAssignment):
        slot = f"role-{part.role}"
    node = _fresh(f"{start}{slot}-{h8(part.key)}", c)
    c.named[id(part)] = node
    _finish(part, node, c)
    return node


def _mention(part: Part, slot: str, c: _Crossing) -> str:
    known = c.named.get(id(part))
    if known is not None:
        return known
    node = _fresh(f"{c.mention}{slot}-{h8(part.key)}", c)
    c.named[id(part)] = node
    if channels := getattr(part, "channels", ()):
        c.channels[node] = channels
        if not getattr(part, "alone", True):
            c.shared.add(node)
    for employer in getattr(part, "affiliations", ()):
        _mention(employer, f"{slot}-affiliation", c)
    _finish(part, node, c)
    return node


def _fresh(node: str, c: _Crossing) -> str:
    """``node``, or ``node-2`` … when another part of the record has this IRI."""
    candidate, n = node, 1
    while candidate in c.used:
        n += 1
        candidate = f"{node}-{n}"
    c.used.add(candidate)
    return candidate


def _finish(part: Part, node: str, c: _Crossing) -> None:
    if isinstance(part, RoleAssignment):
        _mention(part.agent, part.role, c)
    elif isinstance(part, SiteParticipation) and part.organization:
        _mention(part.organization, "site", c)
    _write(part, node, c)
    label = part.label
    _write_label(label, node, c, blanks=isinstance(part, Named))
    if not label:
        c.out.append(f"<{node}>{_LABEL}{literal(f'unnamed {part.SLOT}')}{c.graph}")


def _write_version(record: Record, c: _Crossing) -> None:
    version, start = record.version, f"<{c.version}>"
    day = _day(version) or "undated"
    c.out += (
        f"{start}{_TYPE}<{expand(version.KIND)}>{c.graph}",
        f"{start}{_LABEL}{literal(f'{record.local_id}, {day}')}{c.graph}",
        f"{start} <{expand('tkg:versionOf')}> <{c.record}>{c.graph}",
        f"{start} <{expand('prov:wasGeneratedBy')}> {_RUN}{c.graph}",
        f"{_RUN}{_LABEL}{literal(f'kg {__version__}')}{c.graph}",
    )
    for name, write in PLANS[Version]:
        value = getattr(version, name)
        # A blank stamp is no gap in what the record says of the trial: no blankField for it.
        if value is None or value == () or (isinstance(value, Said) and value.value is None):
            continue
        write(value, c.version, c)


# -- plans ----------------------------------------------------------------------------------------


def _blank_of(predicate: str) -> str:
    """The local name that ``blankField`` and the table of lines use."""
    return predicate.partition(":")[2]


def _text(predicate: str, scheme: str) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Texts, node: str, c: _Crossing) -> None:
        for language, said in (("zh", value.zh), ("en", value.en)):
            if said is None:
                continue
            field_name = f"{name}@{language}"
            c.at(node, field_name, said)
            if said.blank:
                c.out.append(f'<{node}>{_BLANK}"{field_name}"{c.graph}')
            elif said.value is not None:
                text = c.clean(said.value, field_name)
                c.out.append(f"<{node}{middle}{literal(text, language=language)}{c.graph}")

    return write


def _scalar(term: Callable[[Any], str]) -> Callable[[str, str], Writer]:
    """Writers of one typed literal or IRI, which ``term`` gives."""
    return lambda predicate, scheme: _one(predicate, lambda value, c, name: term(value))


def _string(predicate: str, scheme: str) -> Writer:
    return _one(predicate, lambda value, c, name: literal(c.clean(value, name)))


def _one(predicate: str, term: Callable[[Any, _Crossing, str], str]) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Any, node: str, c: _Crossing) -> None:
        if isinstance(value, Said):
            c.at(node, name, value)
            if value.blank:
                c.out.append(f'<{node}>{_BLANK}"{name}"{c.graph}')
            if value.value is None:
                return
            value = value.value
        c.out.append(f"<{node}{middle}{term(value, c, name)}{c.graph}")

    return write


def _several(one: Callable[[str, str], Writer]) -> Callable[[str, str], Writer]:
    def make(predicate: str, scheme: str) -> Writer:
        write_one = one(predicate, scheme)

        def write(value: Iterable[Any], node: str, c: _Crossing) -> None:
            for item in value:
                write_one(item, node, c)

        return write

    return make


def _codes(predicate: str, scheme: str) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Said[tuple[str, ...]], node: str, c: _Crossing) -> None:
        c.at(node, name, value)
        if value.blank:
            c.out.append(f'<{node}>{_BLANK}"{name}"{c.graph}')
        for notation in value.value or ():
            c.out.append(f"<{node}{middle}<{code(scheme, notation)}>{c.graph}")

    return write


def _notations(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> "

    def write(value: Iterable[str], node: str, c: _Crossing) -> None:
        for notation in (value,) if isinstance(value, str) else value:
            c.out.append(f"<{node}{middle}<{code(scheme, notation)}>{c.graph}")

    return write


def _registry(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> <{ID}registry/"

    def write(value: str, node: str, c: _Crossing) -> None:
        c.out.append(f"<{node}{middle}{value}>{c.graph}")

    return write


def _properties(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> "

    def write(value: Iterable[str], node: str, c: _Crossing) -> None:
        for name in value:
            c.out.append(f"<{node}{middle}<{expand(name)}>{c.graph}")

    return write


def place_iri(place: Place) -> str:
    """The IRI of a place: by its ISO code, else by its printed name and what it lies within."""
    if place.code:
        return f"{ID}place/{place.code}"
    within = place.within.code or place.within.name.label if place.within else ""
    return f"{ID}place/x-{h8(*filter(None, (within, place.name.label)))}"


def _places(predicate: str, scheme: str) -> Writer:
    name, middle = _blank_of(predicate), f"> <{expand(predicate)}> "

    def write(value: Iterable[Place], node: str, c: _Crossing) -> None:
        for place in value:
            target = place_iri(place)
            c.out.append(f"<{node}{middle}<{target}>{c.graph}")
            for said in filter(None, place.name):
                c.at(node, name, said)
            outer: Place | None = place
            while outer is not None:
                _describe(outer, c)
                outer = outer.within

    return write


def _describe(place: Place, c: _Crossing) -> None:
    """The label of a place that no table of ours holds, for the reference graph."""
    if place.code:
        return
    start, end = f"<{place_iri(place)}>", f" <{BASE}graph/reference> .\n"
    c.places.add(f"{start}{_TYPE}<{expand('dcterms:Location')}>{end}")
    for language, said in (("zh", place.name.zh), ("en", place.name.en)):
        if said and said.value:
            text = c.mask(said.value)
            c.places.add(f"{start}{_LABEL}{literal(text, language=language)}{end}")
    if place.within:
        target = place_iri(place.within)
        c.places.add(f"{start} <{expand('dcterms:isPartOf')}> <{target}>{end}")


def _part(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> <"
    slot = _SLOTS.get(predicate)

    def write(value: Part, node: str, c: _Crossing) -> None:
        target = _mention(value, slot, c) if slot else _node(value, c)
        c.out.append(f"<{node}{middle}{target}>{c.graph}")

    return write


# Properties that lead to mentions, with the slot of their IRIs. Agents and affiliations are named
# by their role before these writers meet them.
_SLOTS = {
    "tkg:agent": "agent",
    "tkg:affiliation": "affiliation",
    "tkg:siteOrganization": "site",
    "tkg:committee": "committee",
    "tkg:fundedBy": "funder",
}

_WRITERS: dict[str, Callable[[str, str], Writer]] = {
    "text": _text,
    "string": _string,
    "strings": _several(_string),
    "date": _scalar(lambda value: literal(value.text, datatype=value.datatype)),
    "moment": _scalar(lambda value: literal(value, datatype="xsd:dateTime")),
    "integer": _scalar(lambda value: literal(str(value), datatype="xsd:integer")),
    "decimal": _scalar(lambda value: literal(f"{value:f}", datatype="xsd:decimal")),
    "position": _scalar(lambda value: literal(str(value), datatype="xsd:integer")),
    "iris": _several(_scalar(iri)),
    "codes": _codes,
    "notation": _notations,
    "notations": _notations,
    "registry": _registry,
    "properties": _properties,
    "places": _places,
    "part": _part,
    "parts": _several(_part),
}


def _plan(kind: type) -> tuple[tuple[str, Writer], ...]:
    return tuple(
        (f.name, _WRITERS[f.metadata["how"]](f.metadata["predicate"], f.metadata.get("scheme", "")))
        for f in dataclasses.fields(kind)
        if "predicate" in f.metadata
    )


# How to write each field of each class of the model, compiled once.
PLANS: dict[type, tuple[tuple[str, Writer], ...]] = {kind: _plan(kind) for kind in KINDS}

# The fields of each class that hold parts, and whether they hold several.
_INNER: dict[type, tuple[tuple[str, bool], ...]] = {
    kind: tuple(
        (f.name, f.metadata["how"] == "parts")
        for f in dataclasses.fields(kind)
        if f.metadata.get("how") in ("part", "parts")
    )
    for kind in KINDS
}


# -- contacts -------------------------------------------------------------------------------------

_VCARD = {
    "phone": "vcard:tel",
    "fax": "vcard:fax",
    "e-mail": "vcard:email",
    "address": "vcard:street-address",
    "postcode": "vcard:postal-code",
    "web": "vcard:url",
}


def _contacts(c: _Crossing) -> Iterator[str]:
    """The printed channels of each mention, in a graph of their own."""
    end = f" <{c.version}/contacts> .\n"
    lines = {
        f"<{node}> <{expand(_VCARD[sort])}> {literal(value)}{end}"
        for node, channels in c.channels.items()
        for sort, value in channels
    }
    yield from sorted(lines)
