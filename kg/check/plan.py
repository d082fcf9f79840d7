"""What is asked of which records: the shapes of a profile, and what is known of them beforehand.

A shape is not asked of records whose source does not ask for what it is about, nor of those that
its rule leaves alone. Records that are asked the same share one ``Form``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from kg.check.about import About
from kg.check.dated import asks_for_the_day
from kg.check.functions import on_store
from kg.check.profiles import Profile
from kg.check.rulebook import MERGED, Reads, Rulebook, Shape, reads
from kg.check.score import SubItem
from kg.check.tally import Statuses, without_nodes
from kg.check.user_shapes import FILE


class Question(NamedTuple):
    """A shape, and whether it is asked of records of a form."""

    shape: Shape
    collected: bool  # whether their source asks for what the shape is about
    asked: bool  # whether that and the rule is meant for such records


class Ruling(NamedTuple):
    """A rule and the questions that state it."""

    rule: str
    questions: tuple[Question, ...]
    unasked: Statuses  # what counts where a record holds no node to look at


class Form(NamedTuple):
    """What is asked of some records."""

    rulings: tuple[Ruling, ...]
    items: Mapping[str, SubItem]  # the sub-items of a record in which nothing was looked at yet
    asked: frozenset[str]  # IRIs of the shapes that are asked


class Plan:
    """The forms of all records, each worked out when its first record comes."""

    def __init__(self, book: Rulebook, optional_rules: Collection[str]) -> None:
        self._book = book
        self._optional = optional_rules
        self._shapes: dict[str, tuple[Shape, ...]] = {}
        self._forms: dict[tuple[object, ...], Form] = {}

    def shapes(self, profile: Profile) -> tuple[Shape, ...]:
        """The shapes that a profile asks of single records, in reading order."""
        found = self._shapes.get(profile.name)
        if found is None:
            found = self._shapes[profile.name] = tuple(
                s
                for s in self._book.of_files((*profile.files, FILE))
                if s.file != MERGED
                and not on_store(s)
                and self.enabled(s)
                and s.rule not in profile.leaves_out
            )
        return found

    def reads(self, profile: Profile) -> Reads:
        """What the queries of those shapes look at."""
        asked = (s for s in self.shapes(profile) if s.kind == "sparql" or s.kind == "core")
        return reads(tuple(s for s in asked if s.kind == "sparql" or s.applies))

    @cached_property
    def dated(self) -> tuple[Shape, ...]:
        """The shapes of single records, of any profile, that ask for the day of the check."""
        return tuple(
            s
            for shapes in self._book.shapes.values()
            for s in shapes
            if s.file != MERGED and not on_store(s) and self.enabled(s) and asks_for_the_day(s)
        )

    @cached_property
    def dated_reads(self) -> Reads:
        """What their queries look at."""
        return reads(self.dated)

    def enabled(self, shape: Shape) -> bool:
        """Whether the rule of a shape is on."""
        rule = self._book.rules[shape.rule]
        return rule.enabled or rule.id in self._optional

    def form(self, one: About) -> Form:
        """What is asked of a record."""
        kind = (one.profile.name, one.collects, one.not_printed, one.aggregator, one.bilingual)
        found = self._forms.get(kind)
        if found is None:
            found = self._forms[kind] = self._form(one)
        return found

    def _form(self, one: About) -> Form:
        rules = self._book.rules
        by_rule: dict[str, list[Question]] = {}
        items: dict[str, SubItem] = {}
        for shape in self.shapes(one.profile):
            collected = one.collected(shape)
            meant = one.concerned(rules[shape.rule].scope)
            by_rule.setdefault(shape.rule, []).append(
                Question(shape, collected, collected and meant)
            )
            if shape.item is not None:
                items[shape.item] = SubItem(
                    shape.item, rules[shape.rule].severity, shape.order, collected
                )
        rulings = tuple(
            Ruling(rule, tuple(of), without_nodes(any(q.collected for q in of)))
            for rule, of in by_rule.items()
        )
        asked = frozenset(q.shape.iri for r in rulings for q in r.questions if q.asked)
        return Form(rulings, items, asked)
