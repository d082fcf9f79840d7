"""Graphs for the tests of exporters: one written by hand, one of any size made by rule."""

from __future__ import annotations

import random
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from kg.namespaces import DERIVED, ID, IDENTITY, REFERENCE, code, expand, h8

EXAMPLE = Path(__file__).parent / "data" / "example.trig"
DERIVE = Path(__file__).parent.parent / "ontology" / "derive"

XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(text: str) -> NamedNode:
    return NamedNode(expand(text) if ":" in text and "//" not in text else text)


def say(store: Store, graph: str, s: str, p: str, *objects: NamedNode | Literal) -> None:
    for o in objects:
        store.add(Quad(iri(s), iri(p), o, NamedNode(graph)))


def text(value: str, language: str | None = None) -> Literal:
    return Literal(value, language=language) if language else Literal(value)


def day(value: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + "date"))


def example() -> Store:
    """The record of the vocabulary, with the edges that follow from it by our own rules."""
    store = Store()
    store.load(EXAMPLE.read_bytes(), format=RdfFormat.TRIG)
    derived = [
        Quad(t.subject, t.predicate, t.object, NamedNode(DERIVED))
        for rule in sorted(DERIVE.glob("*.rq"))
        for t in store.query(rule.read_text(encoding="utf-8"))
    ]
    store.extend(derived)
    say(store, REFERENCE, ID + "place/CN-ZJ", "rdfs:label", text("浙江", "zh"))
    say(store, REFERENCE, ID + "place/CN-ZJ", "dcterms:isPartOf", iri(ID + "place/CN"))
    return store


class _Maker:
    def __init__(self, seed: int) -> None:
        self.store = Store()
        self.random = random.Random(seed)

    def entity(self, kind: str, number: int, type_: str, zh: str, en: str) -> str:
        name = f"{ID}{kind}/{number:012x}"
        say(self.store, IDENTITY, name, "rdf:type", iri(type_))
        for p in ("rdfs:label", "skos:prefLabel"):
            say(self.store, IDENTITY, name, p, text(zh, "zh"), text(en, "en"))
        return name

    def edge(self, s: str, p: str, o: str, graph: str = DERIVED) -> None:
        say(self.store, graph, s, f"tkg:{p}", NamedNode(o))

    def mention(self, number: str, slot: str, entity: str) -> str:
        name = f"{ID}mention/chictr/{number}/{slot}-{h8(entity)}"
        say(self.store, IDENTITY, name, "tkg:refersTo", NamedNode(entity))
        return name


def synthetic(trials: int, hospitals: int | None = None, seed: int = 1) -> Store:
    """``trials`` trials of one to nine centres, with hospitals, committees and people."""
    m = _Maker(seed)
    count = hospitals or max(2, trials // 6)
    places = ["CN-ZJ", "CN-BJ", "CN-SH", "CN-GD", "CN-SC"]
    for place, name in zip(places, ["浙江", "北京", "上海", "广东", "四川"], strict=True):
        say(m.store, REFERENCE, f"{ID}place/{place}", "rdfs:label", text(name, "zh"))
    sites, boards = [], []
    for i in range(count):
        hospital = m.entity(
            "organization",
            i,
            "org:Organization",
            f"示例市第{i}人民医院",
            f"Example City No. {i} People's Hospital",
        )
        m.edge(hospital, "organizationKind", code("organization-kind", "hospital"), IDENTITY)
        board = m.entity(
            "committee",
            i,
            "tkg:EthicsCommittee",
            f"示例市第{i}人民医院伦理委员会",
            f"Ethics Committee of Example City No. {i} People's Hospital",
        )
        m.edge(board, "committeeOf", hospital, IDENTITY)
        sites.append(hospital)
        boards.append(board)
    company = m.entity("organization", 4096, "org:Organization", "示例制药", "Example Pharma")
    m.edge(company, "organizationKind", code("organization-kind", "company"), IDENTITY)
    for i in range(trials):
        _trial(m, i, sites, boards, company, places)
    return m.store


def _trial(
    m: _Maker, i: int, sites: list[str], boards: list[str], company: str, places: list[str]
) -> None:
    number = f"ChiCTR26{i:08d}"
    trial, record = f"{ID}trial/chictr-{number}", f"{ID}record/chictr/{number}"
    version = f"{record}/20260{1 + i % 9}10T101500"
    zh, en = f"示例药物{i}治疗慢性示例病的随机对照研究", f"INFLIXIMAB <{i}> & INF-γ for disease"
    say(m.store, IDENTITY, trial, "rdf:type", iri("tkg:Trial"))
    say(m.store, IDENTITY, trial, "rdfs:label", text(zh, "zh"))
    say(m.store, DERIVED, trial, "tkg:publicTitle", text(zh, "zh"), text(en, "en"))
    say(m.store, DERIVED, trial, "tkg:registrationDate", day(f"20{20 + i % 7}-02-10"))
    if i % 3:
        say(m.store, DERIVED, trial, "tkg:recruitmentStart", day(f"20{19 + i % 7}-12-01"))
    m.edge(trial, "studyType", code("study-type", "interventional"))
    m.edge(trial, "recruitmentStatus", code("recruitment-status", "recruiting"))
    m.edge(trial, "phase", code("phase", f"phase-{1 + i % 4}"))
    say(m.store, IDENTITY, record, "tkg:refersTo", NamedNode(trial))
    say(m.store, IDENTITY, record, "tkg:currentVersion", NamedNode(version))
    say(m.store, IDENTITY, record, "tkg:recordRank", Literal(1))
    say(m.store, version, record, "tkg:registrationNumber", text(number))
    say(m.store, version, version, "tkg:lastRefreshed", day(f"2026-0{1 + i % 9}-10"))
    # few hospitals run most trials, as in life
    centres = min(len(sites), 1 if m.random.random() < 0.6 else m.random.randint(2, 9))
    mine: set[int] = set()
    while len(mine) < centres:
        mine.add(int(len(sites) * m.random.random() ** 2))
    chosen = sorted(mine, key=lambda s: m.random.random())
    for s in chosen:
        m.edge(trial, "site", sites[s])
        mention = m.mention(number, "site", sites[s])
        place = NamedNode(f"{ID}place/{places[s % len(places)]}")
        say(m.store, version, mention, "dcterms:spatial", place)
    lead = chosen[0]
    m.edge(trial, "primarySponsor", sites[lead])
    m.mention(number, "lead-sponsor", sites[lead])
    if m.random.random() < 0.95:
        m.edge(trial, "approvedBy", boards[lead])
        m.mention(number, "committee", boards[lead])
    if i % 11 == 0:
        m.edge(trial, "funder", company)
        m.mention(number, "funder", company)
    person = lead * 8 + m.random.randint(0, 3)
    leader = m.entity("person", person, "foaf:Person", f"示例{person}", f"Shili {person}")
    m.edge(trial, "principalInvestigator", leader)
    leading = m.mention(number, "principal-investigator", leader)
    m.edge(leader, "affiliatedWith", sites[lead])
    employer = m.mention(number, "principal-investigator-affiliation", sites[lead])
    say(m.store, version, leading, "tkg:affiliation", NamedNode(employer))
    for s in chosen[1:3]:
        partner = m.entity("person", s * 8, "foaf:Person", f"示例{s * 8}", f"Shili {s * 8}")
        m.edge(trial, "siteInvestigator", partner)
        there = m.mention(number, "sub-investigator", partner)
        m.edge(partner, "affiliatedWith", sites[s])
        employer = m.mention(number, "sub-investigator-affiliation", sites[s])
        say(m.store, version, there, "tkg:affiliation", NamedNode(employer))
    contact = lead * 8 + 4 + i % 2
    other = m.entity("person", contact, "foaf:Person", f"示例{contact}", f"Shili {contact}")
    m.edge(trial, "publicContact", other)
    asked = m.mention(number, "public-contact", other)
    m.edge(other, "affiliatedWith", sites[lead])
    employer = m.mention(number, "public-contact-affiliation", sites[lead])
    say(m.store, version, asked, "tkg:affiliation", NamedNode(employer))
