"""What two records agree on beside a number: sponsor, title, dates, size. Evidence, never a rule.

Only what both print in one script is compared; silence neither agrees nor contradicts.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date

from kg.resolve.mentions import Mentions, RecordFacts
from kg.resolve.names.comparable import english_words, han, unified
from kg.resolve.names.titles import title_key, told
from kg.resolve.organizations import Organizations

LEAST_SHARED = 0.5  # of the shorter title's content words, for a title to be alike
MOST_DAYS = 366  # between the starts of one trial as two registries print them


class Agreement:
    """Compares records; sponsors by the organizations that they were resolved to."""

    def __init__(self, mentions: Mentions, organizations: Organizations) -> None:
        self._sponsors: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[tuple[str, frozenset[str]]]] = defaultdict(set)
        self._countries: dict[str, set[str]] = defaultdict(set)
        for mention in mentions.of_kind("organization"):
            if mention.country:
                self._countries[mention.record].add(mention.country)
            if mention.slot == "lead-sponsor":
                root = organizations.groups.root(mention.iri)
                self._sponsors[mention.record].add(root)
                self._names[mention.record] |= {_words(text) for text, _ in mention.printed}
        for record in mentions.records.values():
            self._countries[record.iri].update(c.partition("-")[0] for c in record.countries)

    def same_sponsor(self, a: RecordFacts, b: RecordFacts) -> bool:
        """Whether a lead sponsor of each is one organization."""
        return not self._sponsors[a.iri].isdisjoint(self._sponsors[b.iri])

    def evidence(self, a: RecordFacts, b: RecordFacts) -> list[str]:
        """What agrees, in words."""
        found = []
        if self.same_sponsor(a, b):
            found.append("same sponsor")
        elif self._sponsor_alike(a, b):
            found.append("sponsor's name alike")
        if _titles_equal(a, b):
            found.append("title equal")
        elif _titles_alike(a, b):
            found.append("titles alike")
        if a.start and len(a.start) > 4 and a.start == b.start:
            found.append("start equal")
        if a.size and a.size == b.size:
            found.append("size equal")
        if not self._countries[a.iri].isdisjoint(self._countries[b.iri]):
            found.append("country")
        return found

    def contradiction(self, a: RecordFacts, b: RecordFacts) -> str | None:
        """What speaks against one trial: nothing that both print agrees, or starts lie far apart.

        None where sponsor or title agrees, and where there is nothing to compare.
        """
        if far_apart(a.start, b.start):
            return "starts more than a year apart"
        agreed = self.evidence(a, b)
        if {"same sponsor", "sponsor's name alike", "title equal", "titles alike"} & set(agreed):
            return None
        scripts = _scripts(a) & _scripts(b)
        named = {s for s, _ in self._names[a.iri]} & {s for s, _ in self._names[b.iri]}
        if scripts and named:
            return "sponsors and titles differ"
        if scripts or named:
            return "titles differ" if scripts else "sponsors differ"
        return None

    def _sponsor_alike(self, a: RecordFacts, b: RecordFacts) -> bool:
        """Whether the words of one sponsor's name all stand in the other's ("Inc." added)."""
        return any(
            script == other and min(len(ours), len(theirs)) and (ours <= theirs or theirs <= ours)
            for script, ours in self._names[a.iri]
            for other, theirs in self._names[b.iri]
        )


def far_apart(a: str, b: str) -> bool:
    """Whether two starts, at their precision, certainly lie more than a year apart."""
    if not a or not b:
        return False
    early, late = sorted((a, b))
    return (_first_day(late) - _last_day(early)).days > MOST_DAYS


def _first_day(text: str) -> date:
    return date(*(int(part) for part in f"{text}-01-01"[:10].split("-")))


def _last_day(text: str) -> date:
    year, *rest = (int(part) for part in text.split("-"))
    month, *days = rest or (12,)
    return date(year, month, days[0] if days else monthrange(year, month)[1])


def _words(name: str) -> tuple[str, frozenset[str]]:
    if han(name):
        return "Han", frozenset({unified(name)})
    return "Latin", frozenset(english_words(name))


def _scripts(record: RecordFacts) -> set[str]:
    return {"Han" if han(t.text) else "Latin" for t in record.titles if told(t.text)[1]}


def _titles_equal(a: RecordFacts, b: RecordFacts) -> bool:
    ours = {title_key(t.text) for t in a.titles} - {None}
    return not ours.isdisjoint({title_key(t.text) for t in b.titles})


def _titles_alike(a: RecordFacts, b: RecordFacts) -> bool:
    for ours_script, ours in {told(t.text) for t in a.titles}:
        for script, theirs in {told(t.text) for t in b.titles}:
            shorter = min(len(ours), len(theirs))
            if ours_script == script and shorter and len(ours & theirs) / shorter >= LEAST_SHARED:
                return True
    return False
