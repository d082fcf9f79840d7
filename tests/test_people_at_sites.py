"""People of a site: who has a role there works there."""

from __future__ import annotations

import json

from conftest import called
from ctgov_studies import study
from resolve_corpus import Corpus

from kg.outputs.graph import Graph
from kg.outputs.judgements import Judgements
from kg.resolve.clusters import TWO_PEOPLE

NAME = "Adelheid Musterfrau"


def crowded() -> Corpus:
    c = Corpus()
    c.crowd()
    return c


def test_a_contact_of_a_site_is_who_is_investigator_there():
    c = crowded()
    record, other = c.record("A1", registry="ctgov"), c.record("A2", registry="ctgov")
    site = c.organization(record, None, "Invented Kelming Hospital", slot="site")
    again = c.organization(other, None, "Invented Kelming Hospital", slot="site")
    there = c.person(record, None, NAME, role="site-contact", site=site)
    leads = c.person(
        record, None, NAME, at=[c.organization(record, None, "Invented Kelming Hospital")]
    )
    at_site = c.person(record, None, NAME, site=site)
    elsewhere = c.person(other, None, NAME, role="site-contact", site=again)
    assert c.one(there, leads, at_site)
    asked = [k for k in c.resolved().links if elsewhere in (k.left, k.right)]
    assert [(k.decision, k.rule) for k in asked] == [("possible", "P-D1")]


def test_two_of_one_name_in_one_role_at_one_site_may_be_namesakes():
    """Among a few names nobody knows how rare one is, so the place alone joins nobody."""
    c = Corpus()
    record = c.record("A1", registry="ctgov")
    site = c.organization(record, None, "Invented Kelming Hospital", slot="site")
    one, two = (c.person(record, None, NAME, role="site-contact", site=site) for _ in "12")
    assert c.apart(one, two)
    assert ("possible", "P-D1") in c.links()


def test_a_contact_of_two_hospitals_proves_neither_a_place():
    c = crowded()
    record = c.record("A1", registry="ctgov")
    sites = [
        c.organization(record, None, f"Invented {n} Hospital", slot="site")
        for n in ("Kelming", "Belming")
    ]
    ends = [c.person(record, None, NAME, role="site-contact", site=site) for site in sites]
    assert c.apart(*ends)


def test_a_masked_site_says_nothing():
    c = crowded()
    ends = []
    for n in (1, 2):
        record = c.record(f"A{n}", registry="ctgov")
        site = c.organization(record, None, "Research Site", slot="site")
        ends.append(c.person(record, None, NAME, role="site-contact", site=site))
    assert c.apart(*ends)


def test_the_site_is_read_from_the_record(tmp_path):
    place = {
        "facility": "Invented Kelming Hospital",
        "city": "Musterstadt",
        "country": "Austria",
        "contacts": [
            {"name": NAME, "role": "CONTACT"},
            {"name": NAME, "role": "PRINCIPAL_INVESTIGATOR"},
        ],
    }
    made = study(
        identificationModule={"nctId": "NCT09999901", "briefTitle": "Invented study"},
        contactsLocationsModule={"locations": [place]},
    )
    (tmp_path / "1.json").write_text(json.dumps(made), "utf-8")
    done = called("build", tmp_path / "1.json", "-o", tmp_path / "out", "--formats", "nq", "-q")
    assert done.returncode == 0, done.stderr
    found = Judgements(Graph(tmp_path / "out"))
    people = [members for entity, members in found.members.items() if "/person/" in entity]
    assert [len(members) for members in people] == [2]
    assert [row.rule for row in found.links if row.kind == "person"] == ["P-C1"]


def vetoed(*names: str) -> str | None:
    """Why the people of one field are never one, not even with one ORCID iD."""
    c = Corpus()
    record, orcid = c.record("A1", registry="ctgov"), ("orcid:0000-0002-1825-0097",)
    c.field(*(c.person(record, None, n, role="site-contact", external=orcid) for n in names))
    return next((refusal.reason for refusal in c.resolved().refused), None)


def test_one_name_twice_in_a_field_may_be_one_person_and_two_names_never():
    """A site prints its contact with two telephones."""
    assert vetoed(NAME, NAME.upper()) is None
    assert vetoed(NAME, "Bertha Beispiel") == TWO_PEOPLE
    assert vetoed("Wei Li", "Li Wei") == TWO_PEOPLE  # the order of a list of names tells
    assert vetoed("李伟", "李卫") is not None
