"""The crossing: a ``Record`` becomes N-Quads text. No other module knows both the model and RDF.

Every class of the model is compiled once into a plan: for each field its predicate, already
written, and the function that writes its value. Text is written straight away; no object stands
for a triple (engines measured: three to five times faster). Laws in ``tests/test_statements.py``
hold the text to what Oxigraph and rdflib read back.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from kg import __version__
from kg.contacts.masking import Channel, Mask
from kg.crossing import BLANK, LABEL, TYPE, Crossing
from kg.model import KINDS, Named, Part, Record, RoleAssignment, SiteParticipation, Version
from kg.names.public_names import public_names
from kg.namespaces import ID, expand, h8
from kg.nquads import literal, safe
from kg.plans import WRITERS, Writer, several
from kg.properties import held
from kg.said import JOINED, Said, Texts
from kg.sources.lines import Line

_NO_VALUES: tuple[()] = ()
_RUN = f"<{ID}run/kg-{__version__}>"


# -- what a crossing gives ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """One record version in N-Quads, with what lies beside it."""

    record: str  # IRI
    version: str  # IRI, the name of the graph
    newest_day: str  # of the last refresh, else of registration and the like; empty if unknown
    quads: tuple[str, ...]  # lines, sorted, each once
    lines: tuple[Line, ...]
    contacts: tuple[str, ...]  # quads of <version>/contacts; written only with --contacts
    channels: dict[str, tuple[Channel, ...]]  # by mention; for identity, never written
    places: frozenset[str]  # N-Quads of places that no table of ours holds
    masked: tuple[str, ...]  # fields in which a contact was removed
    mask: Mask  # what shows a text without the contacts of this record


def crossed(record: Record) -> Crossed:
    """The statements of one record version."""
    number = safe(record.local_id)
    name = f"{ID}record/{record.publisher}/{number}"
    version = f"{name}/{_stamp(record.version)}"
    c = Crossing(
        record=name,
        mention=f"{ID}mention/{record.publisher}/{number}/",
        version=version,
        mask=Mask(_all_channels(record), public_names(record)),
        graph=f" <{version}> .\n",
    )
    c.named[id(record)] = name
    _write(record, name, c)
    _write_version(record, c)
    label = record.label
    _write_label(label if label else record.local_id, name, c)
    _remember_unsaid(record, name, c)
    return Crossed(
        record=name,
        version=version,
        newest_day=_newest_day(record),
        quads=tuple(sorted(set(c.out))),
        lines=tuple(sorted(set(c.lines))),
        contacts=tuple(_contacts(c)),
        channels={node: found for node, found in c.channels.items() if node not in c.shared},
        places=frozenset(c.places),
        masked=tuple(c.masked),
        mask=c.mask,
    )


def _remember_unsaid(record: Record, name: str, c: Crossing) -> None:
    """Say where a placeholder stands that no node of its own tells of."""
    if not record.unsaid:
        return
    known = {path for line in c.lines for path in line.path.split(JOINED)}
    for said in record.unsaid:
        if said.path not in known:
            c.at(name, "unsaid", said)


def _day(version: Version) -> str:
    said = version.refreshed
    return said.value.text if said and said.value else ""


def _newest_day(record: Record) -> str:
    """The last day on which the record is known to have said what it says.

    Planned dates never count: they lie in the future of the record.
    """
    if refreshed := _day(record.version):
        return refreshed
    said = [record.submission_date, record.registration_date, record.status_verified]
    said += [event.date for event in record.events]
    days = [one.value.text for one in said if one and one.value]
    return max((day for day in days if len(day) == len("2026-01-01")), default="")


def _stamp(version: Version) -> str:
    """The last part of a version's IRI: the moment of the last refresh, else its day."""
    moment = version.refreshed_at.value if version.refreshed_at else None
    at = moment[:19] if moment else _day(version)
    stamp = re.sub(r"[-:]", "", at) or "00000000"  # sorts before every date
    label = version.printed_label.value if version.printed_label else None
    return f"{stamp}-{safe(label.lower())}" if label else stamp


def _all_channels(part: Part) -> Iterator[Channel]:
    yield from getattr(part, "channels", ())
    for name, many in held(type(part)):
        value = getattr(part, name)
        if value:
            for inner in value if many else (value,):
                yield from _all_channels(inner)


# -- writing a node -------------------------------------------------------------------------------


def _write(part: Any, node: str, c: Crossing) -> None:
    start = f"<{node}>"
    for kind in part.classes:
        c.out.append(f"{start}{TYPE}<{expand(kind)}>{c.graph}")
    values, writers = _PLANNED[type(part)]
    for value, write in zip(values(part), writers, strict=True):
        # Of no values nothing is written; not to call for them is a matter of time alone.
        if value is not None and value is not _NO_VALUES:
            write(value, node, c)
    for blank in part.blanks:
        c.out.append(f"{start}{BLANK}{literal(blank.field)}{c.graph}")
        c.lines.append(Line(c.version, node, blank.field, blank.line, "", blank.path, "blank"))
    for said in part.told_by:
        c.at(node, "kind", said)


def _write_label(label: Texts | str, node: str, c: Crossing, *, blanks: bool = False) -> None:
    """``rdfs:label`` in the languages of the name; with ``blanks`` the name's lines and blanks."""
    start = f"<{node}>{LABEL}"
    if isinstance(label, str):
        if label:
            c.out.append(f"{start}{literal(c.clean(label, 'label'))}{c.graph}")
        return
    for language, said in zip(("zh", "en"), label, strict=True):
        if said is None:
            continue
        if said.value:
            text = c.clean(said.value, f"label@{language}")
            c.out.append(f"{start}{literal(text, language=language)}{c.graph}")
        if blanks:
            c.at(node, f"label@{language}", said)
            if not said.value:
                c.out.append(f'<{node}>{BLANK}"label@{language}"{c.graph}')


def _node(part: Part, c: Crossing) -> str:
    """The IRI of a part, written when it is met first; one object is one node."""
    known = c.named.get(id(part))
    if known is not None:
        return known
    start = c.record + "/"
    slot = part.SLOT
    if isinstance(part, RoleAssignment):
        slot = f"role-{part.role}"
    node = c.fresh(f"{start}{slot}-{h8(part.key)}")
    c.named[id(part)] = node
    _finish(part, node, c)
    return node


def _mention(part: Part, slot: str, c: Crossing) -> str:
    known = c.named.get(id(part))
    if known is not None:
        return known
    node = c.fresh(f"{c.mention}{slot}-{h8(part.key)}")
    c.named[id(part)] = node
    if channels := getattr(part, "channels", ()):
        c.channels[node] = channels
        if not getattr(part, "alone", True):
            c.shared.add(node)
    for employer in getattr(part, "affiliations", ()):
        _mention(employer, f"{slot}-affiliation", c)
    _finish(part, node, c)
    return node


def _finish(part: Part, node: str, c: Crossing) -> None:
    if isinstance(part, RoleAssignment):
        _mention(part.agent, part.role, c)
    elif isinstance(part, SiteParticipation) and part.organization:
        _mention(part.organization, "site", c)
    _write(part, node, c)
    label = part.label
    _write_label(label, node, c, blanks=isinstance(part, Named))
    if not label:
        c.out.append(f"<{node}>{LABEL}{literal(f'unnamed {part.SLOT}')}{c.graph}")


def _write_version(record: Record, c: Crossing) -> None:
    version, start = record.version, f"<{c.version}>"
    day = _day(version) or "undated"
    c.out += (
        f"{start}{TYPE}<{expand(version.KIND)}>{c.graph}",
        f"{start}{LABEL}{literal(f'{record.local_id}, {day}')}{c.graph}",
        f"{start} <{expand('tkg:versionOf')}> <{c.record}>{c.graph}",
        f"{start} <{expand('prov:wasGeneratedBy')}> {_RUN}{c.graph}",
        f"{_RUN}{LABEL}{literal(f'kg {__version__}')}{c.graph}",
    )
    for name, write in PLANS[Version]:
        value = getattr(version, name)
        # A blank stamp is no gap in what the record says of the trial: no blankField for it.
        if value is None or value == () or (isinstance(value, Said) and value.value is None):
            continue
        write(value, c.version, c)


def _part(predicate: str, scheme: str) -> Writer:
    middle = f"> <{expand(predicate)}> <"
    slot = _SLOTS.get(predicate)

    def write(value: Part, node: str, c: Crossing) -> None:
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

_ALL_WRITERS = WRITERS | {"part": _part, "parts": several(_part)}


def _plan(kind: type) -> tuple[tuple[str, Writer], ...]:
    plan = []
    for f in dataclasses.fields(kind):
        if predicate := f.metadata.get("predicate"):
            make = _ALL_WRITERS[f.metadata["how"]]
            plan.append((f.name, make(predicate, f.metadata.get("scheme", ""))))
    return tuple(plan)


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) < 2:  # attrgetter gives a bare value for one name
        return lambda part: tuple(getattr(part, name) for name in names)
    return attrgetter(*names)


# How to write each field of each class of the model, compiled once.
PLANS: dict[type, tuple[tuple[str, Writer], ...]] = {kind: _plan(kind) for kind in KINDS}

# The same, split: all values of a part in one call, and their writers in the same order.
_PLANNED: dict[type, tuple[Callable[[Any], tuple[Any, ...]], tuple[Writer, ...]]] = {
    kind: (_getter([name for name, _ in plan]), tuple(write for _, write in plan))
    for kind, plan in PLANS.items()
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


def _contacts(c: Crossing) -> Iterator[str]:
    """The printed channels of each mention, in a graph of their own."""
    end = f" <{c.version}/contacts> .\n"
    lines = {
        f"<{node}> <{expand(_VCARD[sort])}> {literal(value)}{end}"
        for node, channels in c.channels.items()
        for sort, value in channels
    }
    yield from sorted(lines)
