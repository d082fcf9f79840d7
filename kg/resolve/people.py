"""The people of all records: who may be one, and what the corpus says of their names.

The rules stand in ``kg/resolve/person_circles.py``. Here is found what they ask of all records: how
many people may have a name, how far it is spread, who works where and beside whom.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product

from kg.contacts.digests import ContactKey
from kg.resolve import wordings
from kg.resolve.affiliations import Affiliations, Wording
from kg.resolve.circles import Asked, Ties, answered
from kg.resolve.committees import Committees
from kg.resolve.groups import Groups
from kg.resolve.mentions import Mention, Mentions
from kg.resolve.names.latin_names import PersonName, person_name
from kg.resolve.namesakes import HOSPITAL, MOST, OFFICE, Namesakes
from kg.resolve.orcid import orcid_of
from kg.resolve.organizations import Organizations
from kg.resolve.overrides import Pairs
from kg.resolve.person_circles import Circle, tells_at_a_place
from kg.resolve.person_contacts import Channel, Contacts, Person
from kg.resolve.spread import Spread, Thin

_COMMITTEE = "committee "  # opens the name of a place that is one
_STAFFS = (wordings.NAMESAKE_HOSPITALS, HOSPITAL, OFFICE)  # among which rules ask for namesakes


class People:
    """The people of all records. ``groups`` says which mentions are one."""

    def __init__(
        self,
        mentions: Mentions,
        contacts: Mapping[str, Collection[ContactKey]],
        organizations: Organizations,
        committees: Committees,
        asked: Asked = answered,
    ) -> None:
        self._mentions = mentions
        self._order = [m.iri for m in mentions.of_kind("person")]
        self._names = dict(_read_once(mentions.by_iri[iri] for iri in self._order))
        self._organizations = organizations
        self._committees = committees
        self._contacts = contacts
        self._shared_places: dict[frozenset[str], frozenset[str]] = {}
        self._places = {iri: self._work_places(iri) for iri in self._order}
        self._affiliations = Affiliations(mentions)
        self._namesakes = Namesakes(
            (self._names[iri], min(self._places[iri], default=iri)) for iri in self._order
        )
        self._spread = Spread(self._affiliations.of_names(self._names))
        self._decided = Pairs(mentions.decided)
        self._seen = Contacts(
            (self._names[iri], bool(mentions.by_iri[iri].in_field), contacts.get(iri, ()))
            for iri in self._order
        )
        circles = map(self.circle, self._ties().circles(self._order))
        self.groups = Groups(self._order, asked(circles))

    # -- circles ----------------------------------------------------------------------------------

    def _ties(self) -> Ties:
        """Which mentions rules may look at together."""
        ties = Ties(len(self._order))
        ties.tie(self._across_names())
        ties.tie(self._in_two_scripts())
        # Name by name, so that what ties the mentions of one is let go before the next.
        names = [self._names[iri].key for iri in self._order]
        for key, same in groupby(
            sorted(range(len(names)), key=names.__getitem__), names.__getitem__
        ):
            if key and len(numbers := tuple(same)) > 1:
                ties.tie(self._of_one_name(numbers))
                if len({ties.root(number) for number in numbers}) > 1:
                    ties.tie(self._in_like_words(numbers))
        return ties

    def _across_names(self) -> Iterator[tuple[Hashable, int]]:
        """One mailbox or mobile of a person, one ORCID iD, a person's word."""
        for number, iri in enumerate(self._order):
            for channel in self._channels(iri):
                if channel.personal:
                    yield channel.key, number
            if orcid := orcid_of(self._mentions.by_iri[iri]):
                yield orcid, number
            for pair in self._decided.ties(iri):
                yield pair, number

    def _of_one_name(self, numbers: Iterable[int]) -> Iterator[tuple[Hashable, int]]:
        """One record, one place, one office's telephone."""
        for number in numbers:
            iri = self._order[number]
            yield self._mentions.by_iri[iri].record, number
            yield from ((place, number) for place in self._places[iri])
            yield from ((channel.key, number) for channel in self._channels(iri))

    def _in_like_words(self, numbers: Iterable[int]) -> Iterator[tuple[Hashable, int]]:
        """Affiliations of one name that share a word of their institutions."""
        for number in numbers:
            latin = self._names[self._order[number]].latin
            if latin and not latin.is_short:
                for text, _ in self._affiliations.of(self._order[number]):
                    yield from ((block, number) for block in wordings.blocks(text))

    def _in_two_scripts(self) -> Iterator[tuple[Hashable, int]]:
        """A Chinese name and a Latin one that may be its spelling, at one place."""
        # Of the many spellings that a Chinese name may have, only those that stand alone somewhere.
        alone = {k for name in self._names.values() if not name.han for k in name.latin_keys}
        chinese: set[Hashable] = set()
        for number, iri in enumerate(self._order):
            name = self._names[iri]
            if name.han and self._places[iri]:
                for tie in product(alone & name.latin_keys, self._places[iri]):
                    chinese.add(tie)
                    yield tie, number
        for number, iri in enumerate(self._order):
            name = self._names[iri]
            if not name.han:
                for tie in product(name.latin_keys, self._places[iri]):
                    if tie in chinese:
                        yield tie, number

    def circle(self, iris: Sequence[str]) -> Circle:
        """Some mentions, oldest first, as a value that stands alone."""
        places = sorted({place for iri in iris for place in self._places[iri]}, key=_rank)
        numbers = {place: number for number, place in enumerate(places)}
        committees = sum(_is_committee(place) for place in places)
        staffs = {name: self._staff(name) for name in {self._names[iri] for iri in iris}}
        doubtful = self._doubtful(iris, staffs)
        return Circle(
            tuple(
                self._person(iri, numbers, staffs, self._beside(iri) if iri in doubtful else ())
                for iri in iris
            ),
            committees,
            self._thin(iris),
            self._decided.among(iris),
        )

    def _person(
        self,
        iri: str,
        numbers: Mapping[str, int],
        staffs: Mapping[PersonName, int],
        colleagues: Iterable[PersonName],
    ) -> Person:
        mention, name = self._mentions.by_iri[iri], self._names[iri]
        root = self._organizations.groups.root
        return Person(
            iri=iri,
            record=mention.record,
            role=(mention.role, mention.site),
            name=name,
            orcid=orcid_of(mention),
            places=tuple(sorted(numbers[place] for place in self._places[iri])),
            employed=bool(mention.affiliation),
            contacts=self._channels(iri),
            listed=f"{mention.role} {min(iri, *mention.in_field)}" if mention.in_field else "",
            wordings=tuple(
                Wording(text, numbers[root(at.iri)], (at.country or "", at.city or ""))
                for text, at in self._affiliations.of(iri)
            ),
            staff=staffs[name],
            colleagues=tuple(colleagues),
        )

    def _channels(self, iri: str) -> tuple[Channel, ...]:
        """The contacts of a mention that tell something."""
        return self._seen.channels(self._contacts.get(iri, ()))

    def _staff(self, name: PersonName) -> int:
        """The largest staff among which hardly another one has this name; 0 for none."""
        return next((s for s in _STAFFS if self._namesakes.expected(name, s) < MOST), 0)

    def _thin(self, iris: Iterable[str]) -> Thin:
        """Where the names of these mentions have hardly a namesake, of those seen at several."""
        texts: dict[str, set[str]] = defaultdict(set)
        for iri in iris:
            name = self._names[iri]
            if name.latin and not name.han and not name.latin.is_short:
                texts[name.key].update(text for text, _ in self._affiliations.of(iri))
        words = {key: self._spread.telling(key, of) for key, of in texts.items()}
        return Thin({key: told for key, told in words.items() if any(told)}, self._spread.small)

    def _doubtful(self, iris: Iterable[str], staffs: Mapping[PersonName, int]) -> set[str]:
        """The mentions beside others of their name at an organization that may have namesakes."""
        blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri in iris:
            name = self._names[iri]
            if staffs[name] < HOSPITAL and tells_at_a_place(name):
                for place in self._places[iri]:
                    if not _is_committee(place):
                        blocks[place, name.key].append(iri)
        return {iri for same in blocks.values() if len(same) > 1 for iri in same}

    def _beside(self, iri: str) -> Iterable[PersonName]:
        """The names of those whom a mention's list or record prints at the same organization."""
        mention, places = self._mentions.by_iri[iri], self._places[iri]
        beside = (
            other
            for other in self._mentions.in_record[mention.record]
            if other in self._names and other != iri
            and (other in mention.in_field or not places.isdisjoint(self._places[other]))
        )  # fmt: skip
        return dict.fromkeys(self._names[other] for other in beside)

    def _work_places(self, iri: str) -> frozenset[str]:
        """Organizations that a mention is of: its affiliations, the one at whose site it has a
        role, what these are parts of, and for an ethics contact the committee (a committee's
        secretary need not be the ward's doctor)."""
        mention = self._mentions.by_iri[iri]
        root = self._organizations.groups.root
        at = (*mention.affiliation, *((mention.site,) if mention.site else ()))
        found = {root(a) for a in at if a in self._organizations.read}
        for affiliation in sorted(found):
            found.update(root(a) for a in self._organizations.parents([affiliation]).values())
        if mention.committee and mention.committee in self._committees.read:
            found.add(f"{_COMMITTEE}{self._committees.groups.root(mention.committee)}")
        places = frozenset(found)
        return self._shared_places.setdefault(places, places)  # one object for all who work there


def _is_committee(place: str) -> bool:
    return place.startswith(_COMMITTEE)


def _rank(place: str) -> tuple[bool, str]:
    """Committees first."""
    return not _is_committee(place), place


def _read_once(mentions: Iterable[Mention]) -> Iterator[tuple[str, PersonName]]:
    """The name of each mention; one object for all that print the same."""
    known: dict[tuple[str, ...], PersonName] = {}
    for mention in mentions:
        texts = tuple(text for text, _ in mention.printed)
        if texts not in known:
            known[texts] = person_name(texts)
        yield mention.iri, known[texts]
