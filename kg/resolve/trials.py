"""Which records are one trial: two records of one registration. An equal title only asks.

Two different numbers of one registry are two trials, whatever their titles say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kg.resolve.clusters import Clusters, Facts, star
from kg.resolve.links import Edge, edge
from kg.resolve.mentions import Mentions, RecordFacts
from kg.resolve.names import han, unified

PORTALS = frozenset({"ictrp"})
AGGREGATORS = frozenset({"clinconnect"})

LEAST_WORDS = 5
LEAST_HAN = 10
_STOP_WORDS = (
    "a an the of for in on to with and or by from at as is are versus vs study trial trials "
    "clinical research evaluation evaluate efficacy safety effect effects patients patient "
    "randomized randomised controlled phase"
)
_STOP = frozenset(_STOP_WORDS.split())
_PREFIX = re.compile(
    r"^(?:cancelled by (?:the )?investigators?|withdrawn|title in english|public title)"
    r"\s*[:;,.-]*\s*",
    re.I,
)
_BOILERPLATE = re.compile(
    r"^(?:a |an )?(?:phase [\w/ ]+ |multicent\w+ |randomi[sz]ed |open.?label |double.?blind "
    r"|clinical )*(?:study|trial|registry)"
    r"(?: of (?:an? )?(?:investigational|study) (?:drug|product|compound))?$"
    r"|[*x]{3,}|test|测试|示范",
    re.I,
)


def title_key(title: str) -> str | None:
    """A title made comparable; None if it says too little to ask about.

    >>> title_key("Cancelled by the investigator Example Drug for Chronic Example Disease, Adults")
    'example drug for chronic example disease adults'
    >>> title_key("A clinical study") is None
    True
    """
    text = _PREFIX.sub("", re.sub(r"\s+", " ", unified(title)).strip()).casefold()
    if _BOILERPLATE.fullmatch(text):
        return None
    if han(text):
        key = re.sub(r"[\W_]+", "", text)
        return key if sum(map(han, key)) >= LEAST_HAN else None
    words = re.sub(r"[\W_]+", " ", text).split()
    told = {word for word in words if word not in _STOP and len(word) > 1}
    return " ".join(words) if len(told) >= LEAST_WORDS else None


def rank(record: RecordFacts) -> tuple[int, str, str]:
    """Leading record first: registries, then portals, then aggregators; then the oldest."""
    if record.publisher in PORTALS:
        first = 1
    elif record.publisher in AGGREGATORS:
        first = 2
    else:
        first = 0
    return (first, *record.order)


class Trials:
    """The trials of all records. ``clusters`` says which records are one."""

    def __init__(self, mentions: Mentions) -> None:
        self._records = sorted(mentions.records.values(), key=lambda r: r.order)
        self._by_iri = mentions.records
        self.clusters = Clusters((r.iri for r in self._records), self._facts).join(
            self._one_registration()
        )
        self.possible = list(self._equal_titles())

    def _facts(self, iri: str) -> Facts:
        record = self._by_iri[iri]
        if record.issuer and record.number:
            return Facts(one={f"number of {record.issuer}": {record.number}})
        return Facts()

    def _one_registration(self) -> Iterator[Edge]:
        """T-A1: two records that print one number of one registry."""
        blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for record in self._records:
            if record.issuer and record.number:
                blocks[record.issuer, record.number].append(record.iri)
        for iris in blocks.values():
            yield from (edge("T-A1", a, b, "registry and number equal") for a, b in star(iris))

    def _equal_titles(self) -> Iterator[Edge]:
        """T-D1: equal titles in two registries, each unique in its own; never a merge."""
        # title -> registry -> trial -> where its oldest record prints it
        blocks: dict[str, dict[str, dict[str, tuple[str, str]]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for record in self._records:
            for title in sorted(record.titles):
                if key := title_key(title.text):
                    where = f"{title.field}@{title.language}" if title.language else title.field
                    of = blocks[key][record.issuer or record.publisher]
                    of.setdefault(self.clusters.root(record.iri), (record.iri, where))
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for of_registry in blocks.values():
            unique = sorted(next(iter(of.values())) for of in of_registry.values() if len(of) == 1)
            for i, (a, where_a) in enumerate(unique):
                for b, where_b in unique[i + 1 :]:
                    if self.clusters.root(a) != self.clusters.root(b):
                        same = where_a == where_b
                        found[a, b].add(
                            f"{where_a} equal" if same else f"{where_a} equals {where_b}"
                        )
        for (a, b), evidence in sorted(found.items()):
            yield edge("T-D1", a, b, "; ".join(sorted(evidence)))
