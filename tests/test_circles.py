"""Circles of mentions that may be one: joined again only where a record changed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import pytest
from conftest import ROOT
from resolve_corpus import Corpus

from kg import resolve as resolving
from kg.building import slices
from kg.resolve import Ledger, Mention, Resolution, organization_circles, person_circles
from kg.resolve.committees import Committees
from kg.resolve.named_organizations import Bearer
from kg.resolve.organizations import Organizations
from kg.resolve.overrides import SAME, Decided, Override, Pair
from kg.resolve.people import People
from kg.resolve.person_contacts import Person
from kg.resolve.readings import Where
from kg.resolve.spread import Thin, Told
from kg.running.cache import Cache, Shelf, keep


def test_a_new_record_has_those_circles_joined_anew_that_it_touches(tmp_path):
    cache = Cache(tmp_path / "cache.sqlite", b"k" * 32)
    corpus = Corpus()
    for n in range(240):
        record = corpus.record(f"A{n}", registry="ctgov")
        home = corpus.organization(record, None, f"Invented{n // 2}berg University Hospital")
        contacts = [("e-mail", f"k{n // 2}")]
        corpus.person(record, None, f"Ada Invented{n // 2}sen", at=[home], contacts=contacts)

    def resolved() -> tuple[Resolution, int, int]:
        """Who is who; how many slices of circles were known, and how many were not."""
        shelf = Shelf(cache, tmp_path / "new")
        asked = partial(slices.answers, shelf=shelf)
        found = resolving.resolve(corpus.all(), corpus.contacts, Ledger(), asked=asked)
        shelf.close()
        new = shelf.file.is_file()
        keep(cache, [shelf.file] if new else [], shelf.used)
        shelf.file.unlink(missing_ok=True)
        assert found == corpus.resolved()
        return found, shelf.found, len(shelf.used) - shelf.found

    first, known, new = resolved()
    assert known == 0
    assert new > 10
    assert len(first.of_kind("person")) == len(first.of_kind("organization")) == 120
    assert resolved()[1:] == (new, 0)
    record = corpus.record("A900", registry="ctgov")
    corpus.person(record, None, "Ada Invented7sen", contacts=[("e-mail", "k7")])
    again, known, anew = resolved()
    assert (known, anew) == (new - 1, 1), "the slice of the one whom it names, and no other"
    assert len(again.of_kind("person")) == 120


def circles_of(corpus: Corpus) -> tuple[person_circles.Circle, organization_circles.Circle]:
    """One circle of people, and one of organizations."""
    mentions = corpus.all()
    organizations = Organizations(mentions)
    committees = Committees(mentions, organizations)
    people = People(mentions, corpus.contacts, organizations, committees)
    return (
        people.circle([m.iri for m in mentions.of_kind("person")]),
        organizations.circle([m.iri for m in mentions.of_kind("organization")]),
    )


def two_records() -> Corpus:
    corpus = Corpus()
    for n in range(2):
        record = corpus.record(f"A{n}", registry="ctgov")
        home = corpus.organization(record, "示例市人民医院", "Invented Kelming Hospital")
        corpus.person(record, None, "Ada Alder", at=[home], contacts=[("e-mail", "a")])
    return corpus


OTHER: dict[str, object] = {"where": Where("XX", None, None)}


@pytest.mark.parametrize("name", Person._fields)
def test_all_that_a_circle_holds_of_a_person_is_said(name):
    circle, _ = circles_of(two_records())
    first, *others = circle.people
    changed = circle._replace(people=(first._replace(**{name: OTHER}), *others))
    assert changed.said != circle.said


@pytest.mark.parametrize("name", sorted({*Bearer._fields} - {"mention", "read"}))
def test_all_that_a_circle_holds_of_an_organization_is_said(name):
    _, circle = circles_of(two_records())
    first, *others = circle.bearers
    changed = circle._replace(
        bearers=(first._replace(**{name: OTHER.get(name, "other")}), *others)
    )  # fmt: skip
    assert changed.said != circle.said


@pytest.mark.parametrize("name", Mention.__slots__)
def test_all_that_a_mention_prints_is_said(name):
    """How its names are read hangs on them, and on the code, which is part of every key."""
    _, circle = circles_of(two_records())
    first, *others = circle.bearers
    changed = replace(first.mention, **{name: "other"})
    assert circle._replace(bearers=(first._replace(mention=changed), *others)).said != circle.said


def test_what_is_asked_of_a_circle_as_a_whole_is_said():
    of_people, of_organizations = circles_of(two_records())
    a, b = of_people.members
    decided = Decided(apart=(Pair(a, b, Override("o:2", a, SAME, True, b, "", "", "")),))
    thin = Thin({"ada alder": Told(frozenset({"kelming"}))}, of_people.thin.small)
    small = of_people.thin._replace(small=not of_people.thin.small)
    said = [
        of_people.said,
        *(of_people._replace(**{"thin": of}).said for of in (thin, small)),
        of_people._replace(committees=1).said,
        of_people._replace(decided=decided).said,
        of_organizations.said,
        of_organizations._replace(decided=decided).said,
    ]
    assert len(set(said)) == len(said)


@pytest.mark.slow
def test_what_is_said_does_not_hang_on_the_order_of_sets():
    """The same circle in processes whose hashes differ."""
    program = (
        "import sys; sys.path[:0] = ['tests', '.']\n"
        "from test_circles import circles_of, two_records\n"
        "print([circle.said for circle in circles_of(two_records())])"
    )
    said = set()
    for seed in ("1", "2", "3"):
        env = {**os.environ, "PYTHONHASHSEED": seed}
        told = subprocess.check_output([sys.executable, "-c", program], env=env, cwd=ROOT)
        said.add(told)
    assert len(said) == 1
