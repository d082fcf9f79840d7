"""Which mentions are one person: a name that agrees, and a mailbox, a mobile, a record or a place.

Never a name alone, a mailbox alone or a telephone alone. A contact seen with two names that cannot
be one person's belongs to an office: it says where somebody works and no more. A place tells who
somebody is only where it has hardly a namesake (``kg/resolve/namesakes.py``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, combinations
from typing import Literal

from kg.contact_keys import ContactKey
from kg.resolve.affiliations import Affiliations, Towns, alike
from kg.resolve.clusters import FIELD, Clusters, Facts, star
from kg.resolve.committees import Committees
from kg.resolve.latin_names import PersonName, may_agree, names_agree, person_name
from kg.resolve.links import Edge, edge
from kg.resolve.mentions import Mention, Mentions
from kg.resolve.namesakes import DEPARTMENT, HOSPITAL, MOST, OFFICE, Namesakes
from kg.resolve.orcid import orcid_of
from kg.resolve.organizations import MAX_POSSIBLE, Organizations
from kg.resolve.spread import Spread, Workplaces
from kg.resolve.wordings import staff as staff_of

MAX_BLOCK = 500  # spellings at one contact that are compared with each other
MAX_SHARERS = 20  # names seen with one contact, from which on it is a switchboard


class People:
    """The people of all records. ``clusters`` says which mentions are one.

    ``possible`` are the doubtful pairs, ``cut`` the blocks that were not compared whole.
    """

    def __init__(
        self,
        mentions: Mentions,
        contacts: Mapping[str, Collection[ContactKey]],
        organizations: Organizations,
        committees: Committees,
    ) -> None:
        self._mentions = mentions
        self._order = [m.iri for m in mentions.of_kind("person")]
        self._names = dict(_read_once(mentions.by_iri[iri] for iri in self._order))
        self._organizations = organizations
        self._committees = committees
        self._shared_places: dict[frozenset[str], frozenset[str]] = {}
        self._places = {iri: self._work_places(iri) for iri in self._order}
        self._namesakes = Namesakes(
            (self._names[iri], min(self._places[iri], default=iri)) for iri in self._order
        )
        self._affiliations = Affiliations(mentions)
        self._spread = Spread(self._affiliations.of_names(self._names))
        self.cut: list[str] = []
        self._contacts = contacts
        self._at: dict[str, list[str]] = defaultdict(list)  # who works at each place
        for iri in self._order:
            for place in self._places[iri]:
                self._at[place].append(iri)
        self._personal = self._personal_contacts()
        self._workplaces = Workplaces()
        self.possible: list[Edge] = []
        self.clusters = Clusters(self._order, self._facts, mentions.decided, "P-A2")
        self.clusters.join(chain(self._one_orcid(), self._one_record(), self._one_contact()))
        self.clusters.join(chain(self._one_office(), self._one_place(), self._one_wording()))
        self._latin_only()
        self.possible = [e for e in self.possible if self._is_open(e)]
        self.clusters.settle()

    def _facts(self, iri: str) -> Facts:
        mention, name = self._mentions.by_iri[iri], self._names[iri]
        facts = Facts()
        if name.han:
            facts.one["Han name"] = {name.han}
        if orcid := orcid_of(mention):
            facts.one["ORCID"] = {orcid}
        if mention.in_field:
            field = min(iri, *mention.in_field)
            printed = name.han or (name.latin.words if name.latin else "")
            facts.listed[f"{FIELD}{mention.role} {field}"] = frozenset({printed})
        facts.counted = {
            # One person may speak for many sites; being employed by many is a chain of namesakes.
            "organizations": (
                self._workplaces.of(
                    name.key, (p for p in self._places[iri] if not p.startswith("committee "))
                )
                if mention.affiliation
                else set()
            ),
            "mailboxes": {c.key for c in self._own(iri) if c.kind == "e-mail"},
        }
        return facts

    def _in_record(self, record: str) -> list[str]:
        """The people whom a record names."""
        return [iri for iri in self._mentions.in_record[record] if iri in self._names]

    def _work_places(self, iri: str) -> frozenset[str]:
        """Organizations that a mention is of: its affiliations, the one at whose site it has a
        role, what these are parts of, and for an ethics contact the committee (a committee's
        secretary need not be the ward's doctor)."""
        mention = self._mentions.by_iri[iri]
        root = self._organizations.clusters.root
        at = (*mention.affiliation, *((mention.site,) if mention.site else ()))
        found = {root(a) for a in at if a in self._organizations.read}
        for affiliation in sorted(found):
            found.update(root(a) for a in self._organizations.parents([affiliation]).values())
        if mention.committee and mention.committee in self._committees.read:
            found.add(f"committee {self._committees.clusters.root(mention.committee)}")
        places = frozenset(found)
        return self._shared_places.setdefault(places, places)  # one object for all who work there

    # -- contacts ---------------------------------------------------------------------------------

    def _personal_contacts(self) -> set[ContactKey]:
        """The mailboxes and mobiles that are one person's.

        Not what is only seen in fields with several people, landlines, and what is seen with two
        names that cannot be one person's.
        """
        holders: dict[ContactKey, list[str]] = defaultdict(list)
        for iri in self._order:
            if not self._mentions.by_iri[iri].in_field:
                for contact in self._contacts.get(iri, ()):
                    if contact.kind != "phone":
                        holders[contact].append(iri)
        return {contact for contact, iris in holders.items() if not self._is_shared(iris)}

    def _own(self, iri: str) -> list[ContactKey]:
        """The contacts of a mention that are its own.

        A field of several people says not whose they are, an ethics contact's telephone is the
        committee's.
        """
        mention = self._mentions.by_iri[iri]
        if mention.in_field:
            return []
        own = [c for c in self._contacts.get(iri, ()) if c in self._personal]
        return [c for c in own if c.kind == "e-mail" or mention.role != "ethics-contact"]

    def _is_shared(self, iris: list[str]) -> bool:
        """Whether the names seen with a contact cannot all be one person's."""
        names = {self._names[iri] for iri in iris}
        if len({name.han for name in names} - {None}) > 1:
            return True
        # A person with one Chinese name may be spelt in many ways; only the others are compared.
        alone = [name for name in names if not name.han and name.latin]
        if len(alone) > MAX_POSSIBLE:
            return True
        return any(names_agree(a, b) == "differ" for a in alone for b in names)

    # -- rules ------------------------------------------------------------------------------------

    def _one_orcid(self) -> Iterator[Edge]:
        """P-A1: one ORCID iD."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for iri in self._order:
            if orcid := orcid_of(self._mentions.by_iri[iri]):
                blocks[orcid].append(iri)
        for iris in blocks.values():
            yield from (edge("P-A1", a, b) for a, b in star(iris))

    def _one_record(self) -> Iterator[Edge]:
        """P-C1: one record prints an equal name in two roles; in Latin letters at one place.

        A role of the whole trial and the same one at a site are two.
        """
        for record in self._mentions.in_record:
            blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
            for iri in self._in_record(record):
                name = self._names[iri]
                if name.han:
                    blocks[name.han, ""].append(iri)
                elif name.latin and not name.latin.is_short and self._places[iri]:
                    blocks[name.key, min(self._places[iri])].append(iri)
            for (_, place), iris in blocks.items():
                roles = {(m.role, m.site) for m in map(self._mentions.by_iri.__getitem__, iris)}
                # Twice in one role: they may be namesakes, so it does not say which is meant.
                if len(roles) == len(iris):
                    told = "one record, equal name, two roles, one organization" if place else ""
                    yield from (edge("P-C1", a, b, told) for a, b in star(iris))

    def _one_contact(self) -> Iterator[Edge]:
        """P-B1, P-B2: names agree and a mailbox or mobile is one person's. P-D3: nearly agree."""
        blocks: dict[ContactKey, list[str]] = defaultdict(list)
        for iri in self._order:
            for contact in self._own(iri):
                blocks[contact].append(iri)
        for contact, iris in blocks.items():
            rule = "P-B1" if contact.kind == "e-mail" else "P-B2"
            channel = "one personal mailbox" if contact.kind == "e-mail" else "one mobile number"
            for a, b in self._agreeing(iris, "spellings of names at one contact"):
                yield edge(rule, a, b, f"{self._same_name(a, b)}; {channel}")
            for a, b in combinations(self._spellings(iris)[:MAX_POSSIBLE], 2):
                latin = self._names[a].latin and self._names[b].latin
                if latin and names_agree(self._names[a], self._names[b]) == "unclear":
                    self.possible.append(edge("P-D3", a, b))

    def _one_office(self) -> Iterator[Edge]:
        """P-C4: names agree and an office's telephone or mailbox is printed with both."""
        blocks: dict[ContactKey, list[str]] = defaultdict(list)
        for iri in self._order:
            for contact in self._contacts.get(iri, ()):
                blocks[contact].append(iri)
        for contact, iris in blocks.items():
            if all(contact in self._own(iri) for iri in iris):
                continue
            if len({self._names[iri].key for iri in iris}) <= MAX_SHARERS:
                for a, b in self._agreeing(iris, "names at one telephone"):
                    if self._alone(a, b, OFFICE):
                        yield edge("P-C4", a, b, f"{self._same_name(a, b)}; one office's contact")

    def _one_place(self) -> Iterator[Edge]:
        """P-C2, P-C3: names agree at one organization; P-D1 where there may be namesakes."""
        for place, here in sorted(self._at.items()):
            blocks: dict[str, list[str]] = defaultdict(list)
            for iri in here:
                name = self._names[iri]
                if name.key and not (name.latin and not name.han and name.latin.is_short):
                    blocks[name.key].append(iri)
            for iris in blocks.values():
                yield from self._of_one_name(iris, place)

    def _of_one_name(self, iris: list[str], place: str) -> Iterator[Edge]:
        """The edges between mentions of one name at one place."""
        is_committee = place.startswith("committee ")
        where = "one committee's contact" if is_committee else "one organization"
        told = f"{self._same_name(iris[0], iris[0])}; {where}"
        # A committee's office is a handful of people: no two of them have one name.
        if is_committee or self._alone(iris[0], iris[0], HOSPITAL):
            yield from (edge("P-C2", a, b, told) for a, b in star(iris))
            return
        yield from self._with_colleagues(iris, told)
        apart = {self.clusters.root(iri): iri for iri in reversed(iris)}
        if len(apart) > 1:
            doubt = f"{told}; others there may have this name"
            self._ask("P-D1", sorted(apart.values(), key=self._mentions.order), doubt)

    def _with_colleagues(self, iris: list[str], told: str) -> Iterator[Edge]:
        """P-C3: both records name one more person alike, of the same organization."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for iri in iris:
            for other in self._beside(iri):
                blocks[other].append(iri)
        record = {iri: self._mentions.by_iri[iri].record for iri in iris}
        for same in blocks.values():
            for a, b in star(same):
                if record[a] != record[b]:  # one record's people are all colleagues
                    yield edge("P-C3", a, b, f"{told}; a shared colleague")

    def _beside(self, iri: str) -> set[str]:
        """Names of the people whom a mention's field or record prints at the same organization."""
        name = self._names[iri]
        return {
            self._names[other].key
            for other in self._in_record(self._mentions.by_iri[iri].record)
            if names_agree(name, self._names[other]) == "differ"
            and (
                self._places[other] & self._places[iri]
                or other in self._mentions.by_iri[iri].in_field
            )
        }

    def _one_wording(self) -> Iterator[Edge]:
        """P-C5: names agree and the affiliations are printed in nearly the same words."""
        blocks: dict[str, list[str]] = defaultdict(list)
        for iri in self._order:
            latin = self._names[iri].latin
            if latin and not latin.is_short:
                blocks[self._names[iri].key].append(iri)
        for key, iris in sorted(blocks.items()):
            yield from self._worded(key, iris)

    def _worded(self, key: str, iris: list[str]) -> Iterator[Edge]:
        """The edges between mentions of one name by the wordings of their affiliations."""
        worded = self._affiliations.by_wording(iris)
        towns = self._affiliations.towns(worded)
        root = self._organizations.clusters.root
        told = self._same_name(iris[0], iris[0])
        for text, (first, *others) in worded.items():
            for other in others:
                a, b = first.person, other.person
                if self._places[a] & self._places[b] and (
                    self.clusters.root(a) == self.clusters.root(b) or self._alone(a, b, HOSPITAL)
                ):
                    continue  # one place: they are one already, or P-C2 has joined them
                if self._alone_at(a, b, text, text, towns):
                    self._workplaces.join(key, (root(first.organization), root(other.organization)))
                    yield edge("P-C5", a, b, f"{told}; affiliations in equal words")
        for ours, theirs in self._worded_alike(key, iris[0], worded) if len(worded) > 1 else ():
            one, other = worded[ours][0], worded[theirs][0]
            if self._alone_at(one.person, other.person, ours, theirs, towns):
                self._workplaces.join(key, (root(one.organization), root(other.organization)))
                if one.person != other.person:  # who prints both is one already
                    how = f"{told}; affiliations in nearly the same words"
                    yield edge("P-C5", one.person, other.person, how)

    def _worded_alike(
        self, key: str, one: str, texts: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Pairs of wordings of one name's affiliations that may name one place."""
        # A name with namesakes at every hospital is told by its department, or where it is thin.
        rare = self._alone(one, one, HOSPITAL)
        within = None if rare else partial(self._spread.telling, self._names[one])
        pairs, cut = alike(texts, within)
        self.cut += [f"{size} affiliations of one name ({key})" for size in cut]
        yield from pairs

    def _latin_only(self) -> None:
        """P-D2: a Latin name that agrees with a Chinese one at the same organization."""
        root = self.clusters.root
        # Of the many spellings that a Chinese name may have, only those that stand alone somewhere.
        names = set(self._names.values())
        printed = {key for name in names if not name.han for key in name.latin_keys}
        keys = {name: met for name in names if (met := tuple(printed & name.latin_keys))}
        del names
        for _, here in sorted(self._at.items()):
            blocks: dict[str, list[str]] = defaultdict(list)
            for iri in here:
                for key in keys.get(self._names[iri], ()):
                    blocks[key].append(iri)
            for iris in blocks.values():
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
            self.cut.append(f"{len(distinct)} {what}")
        for a, b in combinations(distinct[:MAX_BLOCK], 2):
            ours, theirs = self._names[a], self._names[b]
            if may_agree(ours, theirs) and names_agree(ours, theirs) == "agree":
                yield a, b

    def _alone(self, a: str, b: str, staff: int) -> bool:
        """Whether among so many people hardly another one has the name of both.

        A Latin name alone says too little against a Chinese one, whoever else is there.
        """
        ours, theirs = self._names[a], self._names[b]
        if staff == 0 or bool(ours.han) != bool(theirs.han):
            return False
        if staff == DEPARTMENT:
            return True  # of the commonest name of all, 0.03 are expected in one
        return all(self._namesakes.expected(name, staff) < MOST for name in (ours, theirs))

    def _alone_at(self, a: str, b: str, ours: str, theirs: str, towns: Towns) -> bool:
        """Whether at the place that two wordings name hardly another one has the name of both.

        What the corpus shows of a place counts where no record says that there are two of it.
        """
        staff = staff_of(ours, theirs)
        return self._alone(a, b, staff) or (
            0 < staff <= HOSPITAL
            and len(towns[ours] | towns[theirs]) <= 1
            and self._spread.is_thin(self._names[a], self._names[b], ours, theirs)
        )

    def _same_name(self, a: str, b: str) -> str:
        both = self._names[a].han and self._names[b].han
        return "Han name equal" if both else "Latin names agree"

    def _ask(self, rule: Literal["P-D1", "P-D2"], iris: Iterable[str], evidence: str) -> None:
        chosen = list(iris)
        if len(chosen) > MAX_POSSIBLE + 1:
            self.cut.append(f"{len(chosen)} people of one name at one organization")
        self.possible += [edge(rule, a, b, evidence) for a, b in star(chosen[: MAX_POSSIBLE + 1])]

    def _is_open(self, asked: Edge) -> bool:
        """Whether a doubtful pair is still two people whose names do not contradict each other."""
        a, b = asked.left, asked.right
        agreement = names_agree(self._names[a], self._names[b])
        wanted = "unclear" if asked.rule == "P-D3" else "agree"
        return agreement == wanted and self.clusters.root(a) != self.clusters.root(b)


def _read_once(mentions: Iterable[Mention]) -> Iterator[tuple[str, PersonName]]:
    """The name of each mention; one object for all that print the same."""
    known: dict[tuple[str, ...], PersonName] = {}
    for mention in mentions:
        texts = tuple(text for text, _ in mention.printed)
        if texts not in known:
            known[texts] = person_name(texts)
        yield mention.iri, known[texts]
