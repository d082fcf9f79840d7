"""Circles of mentions that may be one: joined anywhere, and again only where a record changed."""

from __future__ import annotations

from functools import partial

from resolve_corpus import Corpus

from kg import resolve as resolving
from kg import slices
from kg.cache import Cache, Shelf, keep
from kg.processes import processes
from kg.resolve import Ledger, Resolution


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
        asked = partial(slices.answers, workers=processes(2), size=20, shelf=shelf)
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
