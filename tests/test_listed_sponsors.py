"""Sponsors as ClinicalTrials.gov lists them: one in all records, also without a city."""

from __future__ import annotations

import pytest
from resolve_corpus import Corpus


def sponsor(
    c: Corpus, n: int, name: str, *, slot: str = "lead-sponsor", kind: str | None = None,
    registry: str = "ctgov",
) -> str:  # fmt: skip
    record = c.record(f"NCT{n:08}", registry=registry, issuer="ctgov")
    return c.organization(record, None, name, slot=slot, stated_kind=kind)


@pytest.mark.parametrize("name", ["National Cancer Institute (NCI)", "Children's Group", "EXA"])
def test_a_sponsor_without_a_word_of_its_own_is_one(name):
    """Without it the largest sponsor of a registry is one node in each of its records."""
    c = Corpus()
    lead = sponsor(c, 1, name)
    again = sponsor(c, 2, name, registry="ictrp")
    known = sponsor(c, 3, name, slot="collaborator", kind="network")
    assert c.one(lead, again, known)
    told = {link.evidence for link in c.resolved().links if link.rule == "O-C1"}
    assert told == {
        "equal English name; both name a sponsor as ClinicalTrials.gov lists it",
    }


def test_a_collaborator_that_the_registry_has_no_class_for_is_not_of_its_list():
    c = Corpus()
    ends = [sponsor(c, n, "National Institute", slot="collaborator") for n in (1, 2)]
    assert c.apart(*ends)


@pytest.mark.parametrize(
    "name", ["University Hospital", "Ministry of Health", "St. Mary's Hospital"]
)
def test_what_every_town_or_country_has_is_not_told_by_a_list(name):
    c = Corpus()
    assert c.apart(*(sponsor(c, n, name, kind="government") for n in (1, 2)))


def test_another_registry_has_no_such_list():
    c = Corpus()
    ends = [
        c.organization(c.record(f"ISRCTN{n}", registry="isrctn"), None, "National Institute (NI)")
        for n in (1, 2)
    ]
    assert c.apart(*ends)


def test_a_sponsor_with_houses_in_two_towns_is_one_and_none_of_them():
    c = Corpus()
    sponsors = [sponsor(c, n, "Exo Clinic") for n in (1, 2)]
    houses = [
        c.organization(
            c.record(f"NCT{n:08}", registry="ctgov"), None, "Exo Clinic",
            slot="site", city=city, country="US",
        )
        for n, city in ((3, "alderfurt"), (4, "birkenau"))
    ]  # fmt: skip
    assert c.one(*sponsors)
    assert c.apart(sponsors[0], *houses)


def test_the_town_of_a_record_is_not_its_sponsors():
    """Two studies with one site each, in two towns, are sponsored by one body."""
    c = Corpus()
    sponsors = []
    for n, city in ((1, "alderfurt"), (2, "birkenau")):
        sponsors.append(sponsor(c, n, "National Cancer Institute (NCI)"))
        record = c.mentions[sponsors[-1]].record
        c.organization(record, None, f"Exo {n} Clinic", slot="site", city=city, country="US")
    assert c.one(*sponsors)
