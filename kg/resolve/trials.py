"""Which records are one trial: one registration, stated numbers, a sponsor's own number.

Titles and numbers in free text only ask. Two different numbers of one registry are two trials
whatever else is said, also through a third record; so are a trial and what it states as its parent,
child or relative. Rules, vetoes and families: docs/identity.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from math import fsum

from kg import identifiers
from kg.identifiers import Identifier
from kg.resolve.agreement import Agreement
from kg.resolve.clusters import Clusters, Facts, star
from kg.resolve.groups import Groups
from kg.resolve.links import Edge, Refusal, edge
from kg.resolve.mentions import Mentions, RecordFacts
from kg.resolve.names.titles import title_key
from kg.resolve.numbers import CHILD, PARENT
from kg.resolve.organizations import Organizations
from kg.resolve.registrations import AGGREGATORS, PORTALS, Claim, Registrations, rank

__all__ = ["AGGREGATORS", "PORTALS", "Trials", "rank", "title_key"]

MOST_USES = 2  # trials that may share a sponsor's number before it names a programme
SUPPORT = {"same sponsor": 0.15, "start equal": 0.05, "size equal": 0.05}  # of an equal title


class Trials:
    """The trials of all records. ``groups`` says which records are one.

    ``relations``: record, property, record, for trials that stand beside each other.
    """

    def __init__(self, mentions: Mentions, organizations: Organizations) -> None:
        self._records = sorted(mentions.records.values(), key=lambda r: r.order)
        self._by_iri = mentions.records
        self._agreement = Agreement(mentions, organizations)
        self._registrations = Registrations(self._records)
        self._claims = list(self._registrations.claims())
        members = (r.iri for r in self._records)
        self._clusters = Clusters(members, self._facts, mentions.decided, "T-A2").join(
            [*self._one_registration(), *self._stated_numbers()]
        )
        self._clusters.join(list(self._sponsors_numbers()))
        self._clusters.refused += self._stated_as_two()
        self.relations = list(self._registrations.relations())
        possible = (
            asked
            for asked in chain(
                self._doubtful_claims(), self._mentioned_numbers(), self._equal_titles()
            )
            if not self._clusters.veto(asked.left, asked.right)
        )
        self.groups = Groups(self._by_iri, [self._clusters.answer(possible)])

    def _facts(self, iri: str) -> Facts:
        number = self._registrations.of(iri)
        facts = Facts()
        if self._registrations.is_numbered(iri):
            facts.one[f"number of {number.registry}"] = {number.number}
        for pair in self._registrations.apart_with(number):
            facts.sides[" ".join(n.number for n in sorted(pair))] = number.number
        return facts

    def _edge(self, rule: str, claim: Claim, evidence: str) -> Edge:
        agreed = self._agreement.evidence(self._by_iri[claim.left], self._by_iri[claim.right])
        return edge(rule, claim.left, claim.right, "; ".join([evidence, *agreed]))

    # -- one registration -------------------------------------------------------------------------

    def _one_registration(self) -> Iterator[Edge]:
        """T-A1: records of one registration; a known alias; an EU trial that moved to CTIS."""
        for _, iris in self._registrations.numbered():
            for a, b in star(iris):
                yield edge("T-A1", a, b, self._one_number(self._by_iri[a], self._by_iri[b]))
        for claim in self._claims:
            if claim.what == "transition":
                yield self._edge("T-A1", claim, "the CTIS record prints its EudraCT number")

    def _one_number(self, a: RecordFacts, b: RecordFacts) -> str:
        if (a.issuer, a.number) == (b.issuer, b.number):
            return "registry and number equal"
        own = [identifiers.compared(r.issuer or "", r.number or "") for r in (a, b)]
        if own[0] != own[1]:
            return "known alias of the number"
        return "number equal" if a.issuer == b.issuer else "two names of one number"

    # -- stated numbers ---------------------------------------------------------------------------

    def _stated_numbers(self) -> Iterator[Edge]:
        """T-B1, T-B2: id fields name the number; a number of the own registry meets the veto."""
        for claim in self._claims:
            if claim.what == "both":
                yield self._edge("T-B2", claim, f"both name the other's {claim.registry} number")
            elif claim.what == "one" and not self._contradiction(claim):
                yield self._edge("T-B1", claim, f"id field names the {claim.registry} number")
            elif claim.what == "own registry":
                yield edge("T-B1", claim.left, claim.right, f"names a {claim.registry} number")

    def _contradiction(self, claim: Claim) -> str | None:
        return self._agreement.contradiction(self._by_iri[claim.left], self._by_iri[claim.right])

    def _doubtful_claims(self) -> Iterator[Edge]:
        """T-D3: something speaks against a stated number. T-D4: a family."""
        for claim in self._claims:
            if claim.what == "several":
                yield self._edge("T-D4", claim, f"a family of {claim.registry} numbers")
            elif claim.what == "contradicted":
                what = f"id field names the {claim.registry} number, which names another"
                yield self._edge("T-D3", claim, what)
            elif claim.what == "one" and (reason := self._contradiction(claim)):
                what = f"id field names the {claim.registry} number, but {reason}"
                yield self._edge("T-D3", claim, what)

    def _stated_as_two(self) -> Iterator[Refusal]:
        """T-R1: what a record states as parent, child or related is another trial."""
        kinds = {PARENT: "parent", CHILD: "child", "expanded-access": "expanded access"}
        sameness = ("one", "both", "several", "contradicted", "transition", "own registry")
        for claim in self._claims:
            if claim.what not in sameness:
                what = f"id field states the other as {kinds.get(claim.what, 'related')}"
                found = edge("T-R1", claim.left, claim.right, what)
                yield Refusal(edge=found, reason="", veto=True)

    # -- a sponsor's own number -------------------------------------------------------------------

    def _sponsors_numbers(self) -> Iterator[Edge]:
        """T-C1: one number of one sponsor in two trials of two registries, and in no third."""
        blocks: dict[str, dict[str, list[RecordFacts]]] = defaultdict(lambda: defaultdict(list))
        for record in sorted(self._records, key=rank):
            for number in record.protocol_numbers:
                blocks[number][self._clusters.root(record.iri)].append(record)
        for _, trials in sorted(blocks.items()):
            if len(trials) == MOST_USES:
                ours, theirs = trials.values()
                pairs = [
                    (a, b)
                    for a in ours
                    for b in theirs
                    if a.issuer and b.issuer and a.issuer != b.issuer
                    and self._agreement.same_sponsor(a, b)
                ]  # fmt: skip
                if pairs and not self._agreement.contradiction(*pairs[0]):
                    a, b = pairs[0]
                    agreed = self._agreement.evidence(a, b)
                    yield edge("T-C1", a.iri, b.iri, "; ".join(["sponsor's number equal", *agreed]))

    # -- questions --------------------------------------------------------------------------------

    def _mentioned_numbers(self) -> Iterator[Edge]:
        """T-D2: free text names the number of a registration that is loaded."""
        for record in self._records:
            for number in sorted(self._numbers(record.mentioned)):
                for target in self._registrations.entries(number)[:1]:
                    if self._clusters.root(target) != self._clusters.root(record.iri):
                        yield edge("T-D2", record.iri, target)

    def _numbers(self, mentioned: tuple[str, ...]) -> set[Identifier]:
        return {
            self._registrations.standing_for(identifiers.compared(*found))
            for text in mentioned
            for found in identifiers.expected(text)
        }

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
                    of.setdefault(self._clusters.root(record.iri), (record.iri, where))
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for of_registry in blocks.values():
            unique = sorted(next(iter(of.values())) for of in of_registry.values() if len(of) == 1)
            for i, (a, where_a) in enumerate(unique):
                for b, where_b in unique[i + 1 :]:
                    if self._clusters.root(a) != self._clusters.root(b):
                        same = where_a == where_b
                        found[a, b].add(
                            f"{where_a} equal" if same else f"{where_a} equals {where_b}"
                        )
        for (a, b), evidence in sorted(found.items()):
            agreed = self._agreement.evidence(self._by_iri[a], self._by_iri[b])
            support = fsum(SUPPORT.get(what, 0.0) for what in agreed)
            words = [*sorted(evidence), *(w for w in agreed if not w.startswith("title"))]
            yield edge("T-D1", a, b, "; ".join(words), support)
