"""The organizations of all records: who may be one, and what a name stands for in a record.

The rules stand in ``kg/resolve/organization_circles.py`` and ``organization_rules.py``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from kg.resolve import organization_rules as rules
from kg.resolve.bearers import Bearers
from kg.resolve.circles import Alias, Asked, answered, single, tied
from kg.resolve.groups import Groups
from kg.resolve.mentions import Mentions
from kg.resolve.named_organizations import Names, english_slots
from kg.resolve.names import chinese_names
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.english_names import EnglishName
from kg.resolve.organization_circles import Circle
from kg.resolve.overrides import Pairs
from kg.resolve.readings import Printed, Reading, ordinals_agree
from kg.resolve.ror import Index


class Organizations:
    """The organizations of all records. ``groups`` says which mentions are one."""

    def __init__(
        self,
        mentions: Mentions,
        ror: Index | None = None,
        known: Mapping[Printed, Reading] = MappingProxyType({}),
        asked: Asked = answered,
    ) -> None:
        self._mentions = mentions
        self._bearers = Bearers(mentions, known, ror)
        self.read = self._bearers.read
        self._names = Names(self.read)
        self._decided = Pairs(mentions.decided)
        circles = map(self.circle, tied(list(self.read), self._ties()))
        self.groups = Groups(self.read, asked(circles))
        self.groups.possible += rules.successors(self._names.by_key())

    def _ties(self) -> Callable[[str], Iterator[Hashable]]:
        """What ties a mention to others: names, ids, a person's word."""
        matches = self._bearers.matches
        of_names: dict[int, tuple[Hashable, ...]] = {}  # by the one object of all that print them

        def ties(iri: str) -> Iterator[Hashable]:
            read = self.read[iri]
            if id(read) not in of_names:
                of_names[id(read)] = tuple(rules.ties(read))
            yield from of_names[id(read)]
            yield from rules.printed_ids(self._mentions.by_iri[iri])
            if (match := matches.get(iri)) and match.exact:
                yield "entry of ROR", match.ror
            yield from self._decided.ties(iri)

        return ties

    def circle(self, iris: Sequence[str]) -> Circle:
        """Some mentions, oldest first, as a value that stands alone."""
        return Circle(tuple(map(self._bearers.bearer, iris)), self._decided.among(iris))

    def external(self, members: Iterable[str]) -> tuple[str, bool] | None:
        """The ROR id of a group and whether it is certain; None for none and for several."""
        found = [self._bearers.matches[iri] for iri in members if iri in self._bearers.matches]
        certain = {match.ror for match in found if match.exact}
        ids = certain or {match.ror for match in found}
        return (min(ids), bool(certain)) if len(ids) == 1 else None

    def aliases(self) -> list[Alias]:
        """The pairs of names that the records teach, as printed most often, in order."""
        found = []
        for key, (_, alias) in self.groups.learned.items():
            zh: Counter[str] = Counter()
            en: Counter[str] = Counter()
            for iri in self._names.by_en[key]:
                chinese, english = self._mentions.by_iri[iri].by_script
                if chinese and english and self.read[iri].key == alias.zh:
                    zh[chinese] += 1
                    en[english] += 1
            found.append(alias._replace(zh=_commonest(zh), en=_commonest(en)))
        return sorted(found)

    # -- for people and committees ----------------------------------------------------------------

    def find(self, record: str, zh: ChineseName | None, en: EnglishName | None) -> str | None:
        """A mention of the one organization that a name stands for, as ``record`` uses it."""
        here = self._bearers.in_record(record)
        if zh:
            for of in (
                lambda r: r.zh and r.zh.key == zh.key,
                lambda r: r.zh and zh.key in r.zh.second,
            ):
                if found := self._chosen(here, of):
                    return found
            if zh.level == "full":
                for index in (self._names.by_zh, self._names.by_second):
                    if iris := index.get(zh.key):
                        return self._single(iris)
        if en and not en.masked:
            if found := self._chosen(here, lambda r: r.en and r.en.key == en.key):
                return found if self._may_be(found, zh, en) else None
            if en.level == "full" and (iris := self._names.by_en.get(en.key)):
                found = self._single(iris)
                return found if found and self._may_be(found, zh, en) else None
        return None

    def _may_be(self, found: str, zh: ChineseName | None, en: EnglishName) -> bool:
        theirs = self.read[found].zh
        if theirs is None:
            return True
        return ordinals_agree(theirs, en) and (zh is None or zh.ordinals == theirs.ordinals)

    def _single(self, iris: Iterable[str]) -> str | None:
        return single(iris, self.groups.root)

    def _chosen(self, iris: list[str], wanted: Callable[[Reading], object]) -> str | None:
        return self._single(iri for iri in iris if wanted(self.read[iri]))

    def parents(self, members: Iterable[str]) -> dict[str, str]:
        """What a group is part of: ``departmentOf`` or ``isPartOf`` to a mention of the whole.

        Only where every mention says so and the whole is one known organization.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for iri in members:
            record, names = self._mentions.by_iri[iri].record, self.read[iri]
            relation, whole = "", None
            if names.zh and (key := names.zh.department_of or names.zh.campus_of):
                relation = "departmentOf" if names.zh.department_of else "isPartOf"
                whole = self.find(record, chinese_names.read(key), None)
            elif not names.zh and names.en and (key := _whole(names.en)):
                relation = "departmentOf" if names.en.department_of else "isPartOf"
                whole = self._single(self._names.by_en.get(key, []))
            if not whole or self.groups.root(whole) == self.groups.root(iri):
                return {}
            if self._universities_differ(names, self.read[whole]):
                return {}  # a hospital of this name that is another university's
            found[relation].add(self.groups.root(whole))
        if len(found) != 1:
            return {}
        relation, wholes = next(iter(found.items()))
        return {relation: next(iter(wholes))} if len(wholes) == 1 else {}

    def _universities_differ(self, ours: Reading, theirs: Reading) -> bool:
        both = [s.university for found in (ours, theirs) if (s := english_slots(found))]
        return len(set(filter(None, both))) > 1

    def rolled_up(self) -> dict[str, str]:
        """For each mention the organization that it is or that its department belongs to.

        A department whose hospital nobody names alone still belongs to it: then it is that key.
        """
        found: dict[str, str] = {}
        for members in self.groups.groups():
            whole = self.parents(members).get("departmentOf")
            root = self.groups.root(whole or members[0])
            for iri in members:
                names = self.read[iri]
                part_of = names.en.department_of if names.en and not names.zh else None
                slots = english_slots(names)
                owner = f" %{slots.university}" if slots and slots.university else ""
                found[iri] = root if whole or not part_of else part_of + owner
        return found


def _commonest(counted: Counter[str]) -> str:
    """The most frequent text; of equals the shortest, then the first in order."""
    return min(counted, key=lambda text: (-counted[text], len(text), text))


def _whole(name: EnglishName) -> str | None:
    return name.department_of or name.part_of
