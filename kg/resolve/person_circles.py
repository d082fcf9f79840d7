"""Which mentions of a circle are one person: a name that agrees, and a mailbox, a mobile, a record
or a place.

Never a name alone, a mailbox alone or a telephone alone. A contact seen with two names that cannot
be one person's belongs to an office: it says where somebody works and no more. A place tells who
somebody is only where it has hardly a namesake (``kg/resolve/namesakes.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, combinations
from typing import Literal, NamedTuple

from kg.contacts.digests import ContactKey
from kg.resolve.affiliations import alike, by_wording, towns
from kg.resolve.circles import MAX_POSSIBLE, Answer
from kg.resolve.clusters import FIELD, Clusters, Facts, star
from kg.resolve.links import Edge, edge
from kg.resolve.names.latin_names import PersonName, may_agree, names_agree
from kg.resolve.namesakes import DEPARTMENT, HOSPITAL, OFFICE
from kg.resolve.overrides import NOTHING, Decided
from kg.resolve.person_contacts import Person
from kg.resolve.spread import Thin, Workplaces
from kg.resolve.wordings import staff as staff_of

MAX_BLOCK = 500  # spellings at one contact that are compared with each other


class Circle(NamedTuple):
    """Mentions of people who may be one, oldest first. The first ``committees`` of the places that
    they name are committees; ``thin`` says where their names have hardly a namesake."""

    people: tuple[Person, ...]
    committees: int = 0
    thin: Thin = Thin()
    decided: Decided = NOTHING

    @property
    def members(self) -> Sequence[str]:
        """The mentions."""
        return tuple(person.iri for person in self.people)

    @property
    def said(self) -> str:
        """All of it as text."""
        thin = sorted((name, *map(sorted, told)) for name, told in self.thin.words.items())
        around = (self.committees, thin, self.thin.small, self.decided)
        return repr((*map(tuple, self.people), *around))

    def answer(self) -> Answer:
        """Which of them are one person."""
        return _Joining(self).answer()


class _Joining:
    """The rules for people, on one circle."""

    def __init__(self, circle: Circle) -> None:
        self._of = {person.iri: person for person in circle.people}
        self._names = {person.iri: person.name for person in circle.people}
        self._own = {person.iri: person.own for person in circle.people}
        self._committees = circle.committees
        self._thin = circle.thin
        self._cut: list[str] = []
        self._possible: list[Edge] = []
        self._workplaces = Workplaces()
        self._clusters = Clusters(self._of, self.facts, circle.decided, "P-A2")

    def answer(self) -> Answer:
        """Which are one: certain rules first, then those that ask what these have joined."""
        join = self._clusters.join
        join(chain(self._one_orcid(), self._one_record(), self._one_contact()))
        join(chain(self._one_office(), self._one_place(), self._one_wording()))
        self._latin_only()
        return self._clusters.answer(filter(self._is_open, self._possible), self._cut)

    def facts(self, iri: str) -> Facts:
        """What a mention holds that may stand against joining it with another."""
        person = self._of[iri]
        name = person.name
        facts = Facts()
        if name.han:
            facts.one["Han name"] = {name.han}
        if person.orcid:
            facts.one["ORCID"] = {person.orcid}
        if person.listed:
            printed = name.han or (name.latin.words if name.latin else "")
            facts.listed[f"{FIELD}{person.listed}"] = frozenset({printed})
        # One person may speak for many sites; being employed by many is a chain of namesakes.
        at = (place for place in person.places if place >= self._committees)
        employers = self._workplaces.of(name.key, at) if person.employed else ()
        facts.counted = {
            "organizations": set(map(str, employers)),
            "mailboxes": {c.key for c in self._own[iri] if c.kind == "e-mail"},
        }
        return facts

    # -- rules ------------------------------------------------------------------------------------

    def _one_orcid(self) -> Iterator[Edge]:
        """P-A1: one ORCID iD."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for person in self._of.values():
            if person.orcid:
                blocks[person.orcid].append(person.iri)
        for iris in blocks.values():
            yield from (edge("P-A1", a, b) for a, b in star(iris))

    def _one_record(self) -> Iterator[Edge]:
        """P-C1: one record prints an equal name in two roles; in Latin letters at one place.

        A role of the whole trial and the same one at a site are two. Who stands at no place, such
        as a sponsor in person, is the one that the record names so, if all so named are at one.
        """
        blocks: dict[tuple[str, str, int], list[str]] = defaultdict(list)
        for iri, person in sorted(self._of.items()):
            name = person.name
            if name.han:
                blocks[person.record, name.han, -1].append(iri)
            elif name.latin and not name.latin.is_short and person.places:
                blocks[person.record, name.key, min(person.places)].append(iri)
        for (_, _, place), iris in blocks.items():
            # Twice in one role: they may be namesakes, so it does not say which is meant.
            if len({self._of[iri].role for iri in iris}) == len(iris):
                told = "one record, equal name, two roles, one organization" if place >= 0 else ""
                yield from (edge("P-C1", a, b, told) for a, b in star(iris))
        yield from self._at_no_place()

    def _at_no_place(self) -> Iterator[Edge]:
        named: dict[tuple[str, str], list[Person]] = defaultdict(list)
        for _, person in sorted(self._of.items()):
            if not person.name.han and person.name.latin and not person.name.latin.is_short:
                named[person.record, person.name.key].append(person)
        for people in named.values():
            bare = [one for one in people if not one.places]
            placed = [one for one in people if one.places]
            roles = {one.role for one in bare}
            one_in_each = len(roles) == len(bare) and roles.isdisjoint(one.role for one in placed)
            if one_in_each and len({min(one.places) for one in placed}) <= 1:
                told = "one record, equal name, two roles"
                pairs = star(one.iri for one in (*placed[:1], *bare))
                yield from (edge("P-C1", a, b, told) for a, b in pairs)

    def _one_contact(self) -> Iterator[Edge]:
        """P-B1, P-B2: names agree and a mailbox or mobile is one person's. P-D3: nearly agree."""
        blocks: dict[ContactKey, list[str]] = defaultdict(list)
        for person in self._of.values():
            for contact in self._own[person.iri]:
                blocks[contact].append(person.iri)
        for contact, iris in blocks.items():
            rule = "P-B1" if contact.kind == "e-mail" else "P-B2"
            channel = "one personal mailbox" if contact.kind == "e-mail" else "one mobile number"
            for a, b in self._agreeing(iris, "spellings of names at one contact"):
                yield edge(rule, a, b, f"{self._same_name(a, b)}; {channel}")
            for a, b in combinations(self._spellings(iris)[:MAX_POSSIBLE], 2):
                latin = self._names[a].latin and self._names[b].latin
                if latin and names_agree(self._names[a], self._names[b]) == "unclear":
                    self._possible.append(edge("P-D3", a, b))

    def _one_office(self) -> Iterator[Edge]:
        """P-C4: names agree and an office's telephone or mailbox is printed with both."""
        blocks: dict[ContactKey, list[Person]] = defaultdict(list)
        for person in self._of.values():
            for contact, _ in person.contacts:
                blocks[contact].append(person)
        for contact, people in blocks.items():
            if all(contact in self._own[person.iri] for person in people):
                continue
            iris = [person.iri for person in people]
            for a, b in self._agreeing(iris, "names at one telephone"):
                if self._alone(a, b, OFFICE):
                    yield edge("P-C4", a, b, f"{self._same_name(a, b)}; one office's contact")

    def _one_place(self) -> Iterator[Edge]:
        """P-C2, P-C3: names agree at one organization; P-D1 where there may be namesakes."""
        blocks: dict[tuple[int, str], list[str]] = defaultdict(list)
        for person in self._of.values():
            if tells_at_a_place(person.name):
                for place in person.places:
                    blocks[place, person.name.key].append(person.iri)
        for (place, _), iris in sorted(blocks.items()):
            yield from self._of_one_name(iris, is_committee=place < self._committees)

    def _of_one_name(self, iris: list[str], *, is_committee: bool) -> Iterator[Edge]:
        """The edges between mentions of one name at one place."""
        where = "one committee's contact" if is_committee else "one organization"
        told = f"{self._same_name(iris[0], iris[0])}; {where}"
        # A committee's office is a handful of people: no two of them have one name.
        if is_committee or self._alone(iris[0], iris[0], HOSPITAL):
            enough = told if is_committee else f"{told}; hardly a namesake there"
            yield from (edge("P-C2", a, b, enough) for a, b in star(iris))
            return
        yield from self._with_colleagues(iris, told)
        apart = {self._clusters.root(iri): iri for iri in reversed(iris)}
        if len(apart) > 1:
            doubt = f"{told}; others there may have this name"
            firsts = set(apart.values())
            self._ask("P-D1", (iri for iri in iris if iri in firsts), doubt)

    def _with_colleagues(self, iris: list[str], told: str) -> Iterator[Edge]:
        """P-C3: both records name one more person alike, of the same organization."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for iri in iris:
            for other in self._beside(self._of[iri]):
                blocks[other].append(iri)
        for same in blocks.values():
            for a, b in star(same):
                if self._of[a].record != self._of[b].record:  # one record's people all are
                    yield edge("P-C3", a, b, f"{told}; a shared colleague")

    def _beside(self, person: Person) -> set[str]:
        """Names of the others whom a mention's list or record prints at the same organization."""
        return {
            other.key
            for other in person.colleagues
            if names_agree(person.name, other) == "differ"
        }  # fmt: skip

    def _one_wording(self) -> Iterator[Edge]:
        """P-C5: names agree and the affiliations are printed in nearly the same words."""
        blocks: dict[str, list[Person]] = defaultdict(list)
        for person in self._of.values():
            latin = person.name.latin
            if latin and not latin.is_short:
                blocks[person.name.key].append(person)
        for key, people in sorted(blocks.items()):
            yield from self._worded(key, people)

    def _worded(self, key: str, people: list[Person]) -> Iterator[Edge]:
        """The edges between mentions of one name by the wordings of their affiliations."""
        worded = by_wording((person.iri, person.wordings) for person in people)
        where = towns(worded)
        one = people[0].iri
        told = self._same_name(one, one)

        def alone(a: str, b: str, ours: str, theirs: str) -> str:
            return self._alone_at(a, b, ours, theirs, several=len(where[ours] | where[theirs]) > 1)

        for text, (first, *others) in worded.items():
            for other in others:
                a, b = first.person, other.person
                if not set(self._of[a].places).isdisjoint(self._of[b].places) and (
                    self._clusters.root(a) == self._clusters.root(b) or self._alone(a, b, HOSPITAL)
                ):
                    continue  # one place: they are one already, or P-C2 has joined them
                if why := alone(a, b, text, text):
                    self._workplaces.join(key, (first.place, other.place))
                    yield edge("P-C5", a, b, f"{told}; affiliations in equal words; {why}")
        for ours, theirs in self._worded_alike(key, one, worded) if len(worded) > 1 else ():
            first, other = worded[ours][0], worded[theirs][0]
            a, b = first.person, other.person
            if why := alone(a, b, ours, theirs):
                self._workplaces.join(key, (first.place, other.place))
                if a != b:  # who prints both is one already
                    worded_so = "affiliations in nearly the same words"
                    yield edge("P-C5", a, b, f"{told}; {worded_so}; {why}")

    def _worded_alike(
        self, key: str, one: str, texts: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Pairs of wordings of one name's affiliations that may name one place."""
        # A name with namesakes at every hospital is told by its department, or where it is thin.
        rare = self._alone(one, one, HOSPITAL)
        within = None if rare else partial(self._thin.telling, self._names[one])
        pairs, cut = alike(texts, within)
        self._cut += [f"{size} affiliations of one name ({key})" for size in cut]
        yield from pairs

    def _latin_only(self) -> None:
        """P-D2: a Latin name that agrees with a Chinese one at the same organization."""
        root = self._clusters.root
        # Of the many spellings that a Chinese name may have, only those that stand alone somewhere.
        names = set(self._names.values())
        printed = {key for name in names if not name.han for key in name.latin_keys}
        if not printed or not any(name.han for name in names):
            return
        keys = {name: met for name in names if (met := tuple(printed & name.latin_keys))}
        blocks: dict[tuple[int, str], list[str]] = defaultdict(list)
        for person in self._of.values():
            for key in keys.get(person.name, ()):
                for place in person.places:
                    blocks[place, key].append(person.iri)
        for _, iris in sorted(blocks.items()):
            alone = {root(iri): iri for iri in reversed(iris) if not self._names[iri].han}
            chinese = {root(iri): iri for iri in reversed(iris) if self._names[iri].han}
            if alone:
                for iri in list(chinese.values())[:MAX_POSSIBLE]:
                    told = "Latin name agrees; one organization"
                    self._ask("P-D2", (iri, *alone.values()), told)

    # -- asking -----------------------------------------------------------------------------------

    def _spellings(self, iris: Iterable[str]) -> list[str]:
        """The first mention of each spelling of a name."""
        found: dict[PersonName, str] = {}
        for iri in iris:
            if self._names[iri].key:
                found.setdefault(self._names[iri], iri)
        return list(found.values())

    def _agreeing(self, iris: list[str], what: str) -> Iterator[tuple[str, str]]:
        """Pairs of mentions whose names agree: equal spellings as a star, the others each."""
        equal: dict[PersonName, list[str]] = defaultdict(list)
        for iri in iris:
            if self._names[iri].key:
                equal[self._names[iri]].append(iri)
        for name, same in equal.items():
            if name.han or (name.latin and not name.latin.is_short):
                yield from star(same)
        distinct = [same[0] for same in equal.values()]
        if len(distinct) > MAX_BLOCK:
            self._cut.append(f"{len(distinct)} {what}")
        for a, b in combinations(distinct[:MAX_BLOCK], 2):
            ours, theirs = self._names[a], self._names[b]
            if may_agree(ours, theirs) and names_agree(ours, theirs) == "agree":
                yield a, b

    def _alone(self, a: str, b: str, staff: int) -> bool:
        """Whether among so many people hardly another one has the name of both.

        A Latin name alone says too little against a Chinese one, whoever else is there.
        """
        ours, theirs = self._of[a], self._of[b]
        if staff == 0 or bool(ours.name.han) != bool(theirs.name.han):
            return False
        if staff == DEPARTMENT:
            return True  # of the commonest name of all, 0.03 are expected in one
        return staff <= min(ours.staff, theirs.staff)

    def _alone_at(self, a: str, b: str, ours: str, theirs: str, *, several: bool) -> str:
        """Why at the place that two wordings name hardly another one has the name of both, or "".

        What the corpus shows of a place counts where no record says that there are ``several``.
        """
        staff = staff_of(ours, theirs)
        if self._alone(a, b, staff):
            return "one department" if staff == DEPARTMENT else "hardly a namesake there"
        if not 0 < staff <= HOSPITAL or several:
            return ""
        thin = self._thin.at(self._names[a], self._names[b], ours, theirs)
        return "hardly a namesake among those named there" if thin else ""

    def _same_name(self, a: str, b: str) -> str:
        both = self._names[a].han and self._names[b].han
        return "Han name equal" if both else "Latin names agree"

    def _ask(self, rule: Literal["P-D1", "P-D2"], iris: Iterable[str], evidence: str) -> None:
        chosen = list(iris)
        if len(chosen) > MAX_POSSIBLE + 1:
            self._cut.append(f"{len(chosen)} people of one name at one organization")
        self._possible += [edge(rule, a, b, evidence) for a, b in star(chosen[: MAX_POSSIBLE + 1])]

    def _is_open(self, asked: Edge) -> bool:
        """Whether a doubtful pair is still two people whose names do not contradict each other."""
        a, b = asked.left, asked.right
        agreement = names_agree(self._names[a], self._names[b])
        wanted = "unclear" if asked.rule == "P-D3" else "agree"
        return agreement == wanted and self._clusters.root(a) != self._clusters.root(b)


def tells_at_a_place(name: PersonName) -> bool:
    """Whether a name may say who somebody is, given the place: initials do not."""
    return bool(name.key) and not (name.latin and not name.han and name.latin.is_short)
