"""Which mentions of a circle are one organization: equal Chinese names, else equal English ones.

Blocks are keys of names, so that nothing is compared with everything. Within a block a name that
says too little ("First People's Hospital") needs the city beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from kg.resolve import organization_rules as rules
from kg.resolve.circles import MAX_POSSIBLE, Alias, Answer, single
from kg.resolve.clusters import Clusters, Facts, star
from kg.resolve.links import Edge, edge
from kg.resolve.listed_sponsors import listed_name
from kg.resolve.named_organizations import Bearer, Named, Unit, english_slots
from kg.resolve.names import chinese_names, places
from kg.resolve.names.kinds import opposed
from kg.resolve.names.slots import Level
from kg.resolve.overrides import NOTHING, Decided
from kg.resolve.readings import Where, contradictory, exact, ordinals_agree

_TOLD_BY = {"O-C2": "second name", "O-C3": "former name", "O-C5": "name without its legal form"}


class Circle(NamedTuple):
    """Mentions of organizations that may be one, oldest first."""

    bearers: tuple[Bearer, ...]
    decided: Decided = NOTHING

    @property
    def members(self) -> Sequence[str]:
        """The mentions."""
        return tuple(bearer.mention.iri for bearer in self.bearers)

    @property
    def said(self) -> str:
        """All of it as text."""
        return repr((*(bearer.said for bearer in self.bearers), self.decided))

    def answer(self) -> Answer:
        """Which of them are one organization."""
        return _Joining(self).answer()


class _Joining:
    """The rules for organizations, on one circle."""

    def __init__(self, circle: Circle) -> None:
        self._mentions = {bearer.mention.iri: bearer.mention for bearer in circle.bearers}
        self._named = Named(circle.bearers)
        self._possible: list[Edge] = []
        self._claimed: list[Edge] = []  # questions of names that two still claim
        self._settled: set[tuple[str, str]] = set()
        self._alone: dict[str, frozenset[str]] = {}  # one object for each name
        self._learned: dict[str, tuple[str, Alias]] = {}
        self._clusters = Clusters(self._mentions, self._facts, circle.decided, "O-A2")

    def answer(self) -> Answer:
        """Which are one: equal names first, then what these tell of other names."""
        named, join = self._named, self._clusters.join
        join(
            [
                *self._equal_names(),
                *rules.by_slots(named.by_zh, named.read),
                *rules.by_table(named.read),
                *rules.by_external(named.matches),
                *rules.by_printed_id(self._mentions.values()),
            ]
        )
        # A name that two claim is proven for neither, unless the two are found to be one.
        for _ in range(2):
            join(
                [
                    *self._second_names(),
                    *self._second_english_names(),
                    *self._former_names(),
                    *self._firms(),
                ]
            )
        # Which Chinese organization an English name stands beside is known only now.
        self._learned = rules.learned(named.pairings(), named.read)
        join([*self._learned_names(), *self._english_beside_chinese()])
        join(self._across())
        return self._clusters.answer(
            [*self._possible, *self._claimed, *rules.compatible(named.read)],
            learned=((key, *found) for key, found in sorted(self._learned.items())),
        )

    def _facts(self, iri: str) -> Facts:
        mention, found = self._mentions[iri], self._named.read[iri]
        facts = Facts()
        if found.kind in ("hospital", "university", "company"):
            facts.one["kind of organization"] = {found.kind}
        # A pair of names that the slots join may still say two universities.
        if (slots := english_slots(found)) and slots.university:
            facts.one["university of the hospital"] = {slots.university}
        for register, key in rules.printed_ids(mention):
            facts.one[register] = {key}
        if mention.slot == "site":
            facts.listed[mention.record] = self._alone.setdefault(found.key, frozenset({found.key}))
        return facts

    # -- equal names ------------------------------------------------------------------------------

    def _equal_names(self) -> Iterator[Edge]:
        for key, iris in sorted(self._named.by_zh.items()):
            first = self._named.read[iris[0]].zh
            assert first is not None
            what = "equal Chinese name"
            if first.level == "full" and first.located:
                yield from (
                    edge("O-B1", a, b, self._named.how(what, a, b)) for a, b in self._star(iris)
                )
            else:
                yield from self._with_place(
                    "O-B1", what, key, iris, first.level, nameless=first.nameless
                )
        for key, iris in sorted(self._named.only_en.items()):
            english = self._named.read[iris[0]].en
            assert english is not None
            yield from self._with_place(
                "O-C1", "equal English name", key, iris, english.level, nameless=english.nameless
            )

    def _with_place(
        self, rule: str, what: str, key: str, iris: list[str], level: Level, nameless: bool = False
    ) -> Iterator[Edge]:
        """Edges of a block whose name needs its place: within records, then between them.

        A ``nameless`` department is one within a record only: every hospital has one.
        """
        units = list(self._named.units(iris, level))
        for unit in units:
            yield from (
                edge(rule, a, b, self._named.how(f"{what} in one record", a, b))
                for a, b in self._star(unit.members)
            )
        if nameless:
            return
        yield from self._listed(rule, what, units, level)
        if level == "full":
            yield from self._where_not_contradicted(rule, what, units)
            return
        cities: dict[Where, list[str]] = defaultdict(list)
        doubtful: dict[str, list[str]] = defaultdict(list)
        for unit in units:
            if place := exact(unit.where, level):
                cities[place].append(unit.first)
            elif unit.where.province:
                doubtful[unit.where.province].append(unit.first)
        for members in cities.values():
            yield from (edge(rule, a, b, f"{what}; same city") for a, b in self._star(members))
        for members in doubtful.values():
            self._possible += [
                edge("O-D1", a, b, f"{what}; same province, city unknown")
                for a, b in star(members[: MAX_POSSIBLE + 1])
            ]

    def _where_not_contradicted(self, rule: str, what: str, units: list[Unit]) -> Iterator[Edge]:
        """Edges between units whose name says enough, unless their places contradict each other.

        With two places about, a unit without a place could be at either and stays apart.
        """
        if not contradictory({u.where for u in units}):
            yield from (
                edge(rule, a, b, self._named.how(what, a, b))
                for a, b in self._star(u.first for u in units)
            )
            return
        known: dict[Where, list[str]] = defaultdict(list)
        for unit in units:
            if any(unit.where):
                known[unit.where].append(unit.first)
        for members in known.values():
            yield from (edge(rule, a, b, f"{what}; same place") for a, b in self._star(members))

    def _listed(self, rule: str, what: str, units: list[Unit], level: Level) -> Iterator[Edge]:
        """Edges between units that ClinicalTrials.gov lists as sponsors under one name.

        Where they are in two places, those stay apart, and the sponsor without one is neither. The
        town of a record's only site is not its sponsor's.
        """
        lists: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            found = (listed_name(self._mentions[iri], level) for iri in unit.members)
            for name in set(filter(None, found)):
                lists[name].append(unit)
        for same in lists.values():
            places = {unit: self._places(unit) for unit in same}
            nowhere = [unit for unit, printed in places.items() if not printed]
            alike = nowhere if contradictory(set().union(*places.values())) else same
            told = f"{what}; both name a sponsor as ClinicalTrials.gov lists it"
            yield from (edge(rule, a, b, told) for a, b in self._star(u.first for u in alike))

    def _places(self, unit: Unit) -> set[Where]:
        """Where the mentions of a unit themselves say that it is."""
        return {where for iri in unit.members if any(where := self._named.where(iri))}

    def _star(self, iris: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Pairs that make one group of a block, save what is of another kind or university.

        One that the others cannot be joined with is no one's middle.
        """
        sorts: dict[tuple[frozenset[str], ...], list[str]] = defaultdict(list)
        for iri in iris:
            one = self._facts(iri).one
            of = one.get("kind of organization", ()), one.get("university of the hospital", ())
            sorts[tuple(map(frozenset, of))].append(iri)
        for same in sorts.values():
            yield from star(same)
        yield from combinations([same[0] for same in sorts.values()], 2)

    # -- second names -----------------------------------------------------------------------------

    def _second_names(self) -> Iterator[Edge]:
        """O-C2: a second name that another mention has for its own, or that recurs."""
        told = "one prints the other's name as second name in brackets"
        for key, carriers in sorted(self._named.by_second.items()):
            alone = self._named.by_zh.get(key, [])
            if alone or len(carriers) > 1:
                wheres = [self._named.where(iri) for iri in (*carriers, *alone)]
                provinces = {w.province for w in wheres if w.province}
                doubt = "provinces differ" if len(provinces) > 1 else ""
                yield from self._told("O-C2", key, carriers, alone[:1], told, doubt)

    def _second_english_names(self) -> Iterator[Edge]:
        """O-C2: an English second name, in brackets or glued, that another has for its only one."""
        told = "one prints the other's name as its second English name"
        for key, carriers in sorted(self._named.by_second_en.items()):
            alone = self._named.only_en.get(key, [])
            if alone or len(carriers) > 1:
                wheres = [self._named.where(iri) for iri in (*carriers, *alone)]
                doubt = "places differ" if contradictory(wheres) else ""
                yield from self._told("O-C2", key, carriers, alone, told, doubt)

    def _firms(self) -> Iterator[Edge]:
        """O-C5: a company's name with its legal form and without.

        Not where two forms of one name are about: Exo Inc. and Exo Ltd may be two companies.
        """
        told = "equal English name but for the legal form or seat of a company"
        for key, iris in sorted(self._named.by_firm.items()):
            if not (alone := self._named.only_en.get(key)):
                continue
            forms = {self._named.read[iri].key: iri for iri in reversed(iris)}
            carriers = [iri for _, iri in sorted(forms.items())]
            wheres = [self._named.where(iri) for iri in (*carriers, *alone)]
            doubt = "places differ" if contradictory(wheres) else ""
            yield from self._told("O-C5", key, carriers, alone[:1], told, doubt)

    def _former_names(self) -> Iterator[Edge]:
        """O-C3: a name that one prints as its former one (原) and another has for its own.

        Not where several claim it, places differ or another has it today: names are given again.
        """
        told = "one prints the other's name as its former name"
        for key, carriers in sorted(self._named.by_former.items()):
            alone = self._named.by_zh.get(key, [])
            if alone and chinese_names.level(key) != "generic":
                wheres = [self._named.where(iri) for iri in (*carriers, *alone)]
                doubt = "places differ" if contradictory(wheres) else ""
                if self._given_again(key, carriers, alone):
                    doubt = doubt or "another hospital has it today"
                yield from self._told("O-C3", key, carriers, alone[:1], told, doubt)

    def _given_again(self, key: str, carriers: Iterable[str], alone: Iterable[str]) -> bool:
        """Whether another prints a hospital's former name as its second one, or as its own with a
        former name beside: it is a name of today."""
        ours = {self._clusters.root(iri) for iri in carriers}
        renamed = (iri for iri in alone if (zh := self._named.read[iri].zh) and zh.former)
        today = (*self._named.by_second.get(key, ()), *renamed)
        return any(self._clusters.root(iri) not in ours for iri in today)

    def _told(
        self, rule: str, key: str, carriers: list[str], alone: list[str], told: str, doubt: str
    ) -> Iterator[Edge]:
        """Edges to those who have a name from one who tells it; questions while it is doubtful.

        One carrier of each of its spellings is enough, the fullest one first.
        """
        if (rule, key) in self._settled:
            return
        firsts = {self._named.read[iri].key: iri for iri in reversed(carriers)}
        full = {
            k: i for k, i in firsts.items() if (zh := self._named.read[i].zh) and zh.level == "full"
        }
        chosen = [*full.values(), *(i for i in carriers if self._named.read[i].key not in full)]
        target = (alone or carriers)[0]
        joins = [edge(rule, i, target, told) for i in (*chosen, *alone[1:]) if i != target]
        claims = {
            self._clusters.root(iri) for iri in carriers if self._named.read[iri].level != "generic"
        }
        if len({self._named.read[iri].key for iri in carriers}) > 1 and len(claims) > 1:
            doubt = doubt or "claimed by several"
        if doubt:
            what = _TOLD_BY[rule]
            self._claimed += [
                edge("O-D1", e.left, e.right, f"{what}; {doubt}") for e in joins[:MAX_POSSIBLE]
            ]
            return
        self._settled.add((rule, key))
        yield from joins

    # -- learned from what registrants print side by side -----------------------------------------

    def _across(self) -> list[Edge]:
        """O-C4 where the Chinese name is one organization's and nothing contradicts."""
        edges = list(rules.across(self._named.by_zh, self._named.only_en, self._named.read))
        targets: dict[str, list[str]] = defaultdict(list)
        for found in edges:
            for side, other in ((found.left, found.right), (found.right, found.left)):
                if self._named.read[side].zh:
                    targets[other].append(side)
        return [
            found
            for found in edges
            for en in [found.right if self._named.read[found.left].zh else found.left]
            if (zh := self._single(targets[en])) and not self._contradiction(en, zh)
        ]

    def _learned_names(self) -> Iterator[Edge]:
        """O-B3: several registrants print this English name for this Chinese organization."""
        for key, (target, alias) in sorted(self._learned.items()):
            told = f"{alias.registrants} registrants print both names for one organization"
            for iri in self._named.only_en.get(key, []):
                if not self._contradiction(iri, target):
                    yield edge("O-B3", iri, target, told)

    # -- English beside Chinese -------------------------------------------------------------------

    def _english_beside_chinese(self) -> Iterator[Edge]:
        """O-C1: a name in English only, printed elsewhere beside one Chinese organization only."""
        for key, iris in sorted(self._named.only_en.items()):
            beside = [iri for iri in self._named.by_en[key] if self._named.read[iri].zh]
            if not beside:
                continue
            english = self._named.read[iris[0]].en
            everywhere = self._single(beside)
            by_record: dict[str, list[str]] = defaultdict(list)
            for b in beside:
                by_record[self._mentions[b].record].append(b)
            for iri in iris:
                here = by_record.get(self._mentions[iri].record, [])
                target = self._single(here)
                if target is None and not here and english and english.level == "full":
                    target = everywhere
                if not target or self._contradiction(iri, target):
                    continue
                told = "English name printed beside the Chinese name"
                if place := self._branch(iri, target):
                    doubt = f"{told}, which alone says {place}"
                    self._possible.append(edge("O-D1", iri, target, doubt))
                    continue
                yield edge("O-C1", iri, target, told)

    def _branch(self, iri: str, target: str) -> str | None:
        """The place in a company's Chinese name that its English one lacks.

        Registrants print 示例(中国)有限公司 beside the English name of the whole company.
        """
        ours, theirs = self._named.read[iri].en, self._named.read[target]
        if theirs.kind != "company" or theirs.zh is None or ours is None:
            return None
        letters = ours.key.replace(" ", "")
        for place in places.names_in(theirs.zh.key):
            latin = rules.latin_names(place)
            if latin and not any(name in letters for name in latin):
                return place
        return None

    def _single(self, iris: Iterable[str]) -> str | None:
        """The first of the mentions if all are one organization."""
        return single(iris, self._clusters.root)

    def _contradiction(self, iri: str, target: str) -> bool:
        """Whether an English name cannot be the other's: registrants paste wrong ones."""
        ours, theirs = self._named.read[iri], self._named.read[target]
        assert ours.en is not None
        assert theirs.zh is not None
        if opposed(ours.kind, theirs.kind) or self._named.where(iri).against(
            self._named.where(target)
        ):
            return True
        return not ordinals_agree(theirs.zh, ours.en) or (
            bool(ours.en.provinces)
            and bool(theirs.zh.provinces)
            and ours.en.provinces.isdisjoint(theirs.zh.provinces)
        )
