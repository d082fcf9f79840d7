"""What the day of a check changes: the answers of the few rules that ask for it.

The day moves with every refreshed record. What else a check says of a record stays as it is, so an
earlier one still holds where these rules answer what they answered then.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pyoxigraph import RdfFormat, Store

from kg.check.compose import AS_OF
from kg.check.facts import text_from
from kg.check.graphs import distinct, nodes
from kg.check.parameters import Parameters
from kg.check.rulebook import Shape
from kg.check.shacl import EngineError

_DAY = "assessmentDate"  # the property that holds it


class Dated(NamedTuple):
    """What such rules read of a record version, as N-Triples, and what they answered on a day."""

    as_of: str
    lines: str
    answers: bytes  # a digest; empty where they could not be asked


def asks_for_the_day(shape: Shape) -> bool:
    """Whether what a shape says may be otherwise on another day."""
    return _DAY in f"{shape.select}{shape.applies}" or counts_days(shape)


def counts_days(shape: Shape) -> bool:
    """Whether what a shape finds is told in days or months up to that of the check."""
    return AS_OF in (*shape.days_between, *shape.months_between)


def answers(
    shapes: Iterable[Shape], said: Mapping[str, str], parameters: Parameters
) -> dict[str, bytes]:
    """What such shapes answer of some records, by record: a digest of nodes and rows.

    ``said`` is what they read of each. Nothing comes back where an engine refuses a query.
    """
    store = Store()
    text = "".join((text_from(parameters.statements()), *said.values()))
    store.bulk_load(input=text.encode(), format=RdfFormat.N_TRIPLES, lenient=True)
    found: dict[str, list[object]] = defaultdict(list)
    try:
        for shape in shapes:
            for node in sorted(nodes(store, shape.applies)) if shape.applies else ():
                found[_record_of(node, said)].append((shape.iri, node))
            for row in sorted(distinct(store, shape.select)) if shape.select else ():
                found[_record_of(dict(row)["this"], said)].append((shape.iri, row))
    except EngineError:
        return {}
    shared = repr(found[""])  # of nodes that are no record's own: they count for each
    return {
        record: hashlib.blake2b(f"{found[record]}{shared}".encode(), digest_size=16).digest()
        for record in said
    }


def _record_of(node: str, records: Mapping[str, str]) -> str:
    """The record that a node is part of; "" for one that others may speak of too."""
    while node and node not in records:
        node = node.rpartition("/")[0]
    return node
