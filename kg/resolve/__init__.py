"""Who is who: which mentions are one person, organization or committee, which records one trial.

Mentions in, links out. Precision first: a wrong merge is worse than a missed one, so names alone,
contacts alone and likeness of names merge nothing, and vetoes hold between whole groups.
Rules, their ids and their measured precision: docs/identity.md.
"""

from kg.resolve.circles import Answer, Circle
from kg.resolve.entities import Entity
from kg.resolve.identity import Contact, Resolution, resolve
from kg.resolve.identity_quads import placed, quads
from kg.resolve.ledger import Ledger
from kg.resolve.links import Edge, Link, Refusal
from kg.resolve.mentions import Mention, Mentions, RecordFacts, joined
from kg.resolve.overrides import Override
from kg.resolve.printed import READS, mentions
from kg.resolve.readings import Printed, Reading, printed, read_all
from kg.resolve.ror import Index as RorIndex
from kg.resolve.ror import index as ror_index
from kg.resolve.tables import write_aliases, write_links

__all__ = [
    "READS",
    "Answer",
    "Circle",
    "Contact",
    "Edge",
    "Entity",
    "Ledger",
    "Link",
    "Mention",
    "Mentions",
    "Override",
    "Printed",
    "Reading",
    "RecordFacts",
    "Refusal",
    "Resolution",
    "RorIndex",
    "joined",
    "mentions",
    "placed",
    "printed",
    "quads",
    "read_all",
    "resolve",
    "ror_index",
    "write_aliases",
    "write_links",
]
