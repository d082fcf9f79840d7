"""Names of organizations outside China: what they say, and when two of them are one."""

from __future__ import annotations

import pytest
from conftest import run_kg
from resolve_corpus import Corpus

from kg.resolve.names import english_names
from kg.resolve.names.kinds import organization_kind
from kg.resolve.names.parsing import parsed
from kg.resolve.names.places import city_key


def level(name: str) -> str:
    return english_names.read(name).level


def key(name: str) -> str:
    return english_names.read(name).key


@pytest.mark.parametrize(
    "name",
    [
        "Klinikum",
        "Universitätsklinikum",
        "Klinik für Kinder- und Jugendmedizin",
        "Hospital Universitario",
        "Hospital das Clínicas",
        "Faculdade de Medicina",
        "Centre Hospitalier Universitaire",
        "CHU",
        "Azienda Ospedaliera Universitaria",
        "Ospedali Riuniti",
        "Universitair Medisch Centrum",
        "Samodzielny Publiczny Szpital Kliniczny Nr 1",
        "Fakultní nemocnice",
        "Universitetssjukhuset",
        "Ministry of Health",
        "Городская клиническая больница № 1",
    ],
)
def test_a_kind_of_hospital_is_no_name_in_any_language(name):
    assert level(name) == "generic"


@pytest.mark.parametrize(
    "name",
    [
        "Hospital San Juan de Dios",
        "Sankt Josef Krankenhaus",
        "Hospital Santa Maria",
        "Santa Casa de Misericórdia",
        "Hôpital Nord",
        "Marienhospital",
        "TMU",
        "Prince of Wales Hospital",
        "Queen Elizabeth Hospital",
        "Mount Sinai Hospital",
        "Royal Victoria Hospital",
    ],
)
def test_a_saint_a_direction_and_an_abbreviation_need_their_city(name):
    assert level(name) == "common"


@pytest.mark.parametrize(
    "name",
    [
        "Universitätsklinikum Musterstadt",
        "Hospital Clínico Universitario de Exemplia",
        "St. Example Children's Research Hospital",
        "Universidade de São Exemplo",
        "Queen Exa Cancer Centre",
        "Shahid Beheshti University",
        "Royal Exa Infirmary",
        "Exa Pain Clinic",
        "University of Victoria",
        "Icahnex School of Medicine at Mount Sinai",
        "예시대학교병원",
        "Пример-Фарма",
    ],
)
def test_a_name_with_a_word_of_its_own_says_enough(name):
    assert level(name) == "full"


def test_two_of_one_kind_somewhere_in_the_world_are_two():
    c = Corpus()
    ends = [
        c.organization(c.record(f"A{n}"), None, name)
        for n, name in enumerate(["Klinikum", "Klinikum", "Hospital Universitario"] * 2)
    ]
    assert c.apart(*ends)


def test_names_in_scripts_without_latin_letters_are_compared_by_their_letters():
    """Else every two of them would be of one name, which is none."""
    c = Corpus()
    record, other = c.record("A1", registry="cris"), c.record("A2", registry="cris")
    hospital = c.organization(record, None, "예시대학교병원")
    ministry = c.organization(record, None, "보건복지부", slot="funder")
    again = c.organization(other, None, "예시대학교병원")
    russian = c.organization(other, None, "Пример", slot="funder")
    assert c.one(hospital, again)
    assert c.apart(hospital, ministry, russian)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M.D. Example Cancer Center", "MD Example Cancer Center"),
        ("M D Example Cancer Center", "MD Example Cancer Center"),
        ("Exemplia S.p.A.", "Exemplia SpA"),
        ("Fundação de Amparo ao Exemplo (FAEX)", "Fundação de Amparo ao Exemplo - FAEX"),
        ("FAEX - Fundação de Amparo ao Exemplo", "Fundação de Amparo ao Exemplo"),
        ("Hospital de Clínicas Exemplo Alegre", "Hospital de Clínicas de Exemplo Alegre"),
        ("Szpital Przykład w Łodzi", "Szpital Przyklad w Lodzi"),
        ("Institute of Examples (IOE)", "Institute of Examples"),
        ("Hôpital St. Exemple", "Hopital Saint-Exemple"),
        ("Universitaetsklinikum Muenster-Exo", "Universitätsklinikum Münster-Exo"),
        ("Exo Univ. Med. Ctr.", "Exo University Medical Center"),
        ("Hosp. Univ. La Exham", "Hospital Universitario La Exham"),
        ("Hospital Universitari Exham", "Hosp. Univ. Exham"),
        ("Mt. Exo Hospital", "Mount Exo Hospital"),
        ("Example´s Clinic", "Example's Clinic"),
        ("Example&#39;s Clinic", "Example's Clinic"),
        (
            "Sample Cancer Centre, University of Exo",
            "Sample Cancer Center of the University of Exo",
        ),
        ("University Hospital of Wrexby", "Wrexby University Hospital"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hospital Universitário (UFXA)", "Hospital Universitário (UFXB)"),
        ("Faculdade de Medicina (USX)", "Faculdade de Medicina (UNEX)"),
        ("HOSPITAL SAN EJEMPLO (CALI)", "HOSPITAL SAN EJEMPLO (LIMA)"),
        ("Hospital das Clínicas - UFXA", "Hospital das Clínicas - UFXB"),
        ("Example Children's Clinic - Orlando", "Example Children's Clinic - Pensacola"),
        ("예시병원", "본보기병원"),
        ("University of Exo", "Exo University"),
        ("Example Clinic, University of Exo", "Example Clinic, Exo University"),
    ],
)
def test_what_stands_in_brackets_or_behind_a_dash_tells_two_apart(one, other):
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Universitätsklinikum Musterstadt", "hospital"),
        ("Universitair Ziekenhuis Voorbeeld", "hospital"),
        ("Fakultní nemocnice Příklad", "hospital"),
        ("Azienda Ospedaliera di Esempio", "hospital"),
        ("Clínica Ejemplo", "hospital"),
        ("Musterhochschule", "university"),
        ("Universität Musterstadt", "university"),
    ],
)
def test_the_kind_is_read_in_the_languages_of_europe(name, kind):
    assert organization_kind(None, name) == kind


def test_one_odd_mention_does_not_keep_the_others_of_its_name_apart():
    """Its words say university, its slots hospital: it stands alone, and the rest together."""
    c = Corpus()
    odd = c.organization(c.record("A0"), None, "The First Affiliated of Nanjing University")
    rest = [
        c.organization(
            c.record(f"A{n}"), None, "The First Affiliated Hospital of Nanjing University"
        )
        for n in (1, 2, 3)
    ]
    assert c.one(*rest)
    assert not c.one(odd, rest[0])


def test_a_city_is_one_in_its_spellings():
    c = Corpus()
    name = "Hospital Universitário"
    ends = [
        c.organization(c.record(f"A{n}"), None, name, country="BR", city=city, slot="site")
        for n, city in enumerate(map(city_key, ["São Paulo", "Sao Paulo City", "Natal"]))
    ]
    assert c.one(*ends[:2])
    assert not c.one(ends[0], ends[2])


def test_a_company_is_not_its_branch_where_the_english_name_leaves_out_the_place():
    c = Corpus()
    c.organization(c.record("A1"), "示例苏州制药有限公司", "Example and Company", slot="funder")
    other = c.organization(c.record("B1"), None, "Example and Company")
    branch = c.organization(
        c.record("B2"), "示例苏州制药有限公司", "Example Suzhou Pharma Co., Ltd"
    )
    assert not c.one(other, branch)
    asked = [
        k for k in c.resolved().links if k.decision == "possible" and other in (k.left, k.right)
    ]
    assert [k.rule for k in asked] == ["O-D1"]
    assert asked[0].evidence.endswith("which alone says 苏州")
    named = c.organization(c.record("B3"), None, "Example Suzhou Pharma Co., Ltd")
    assert c.one(named, branch)


@pytest.mark.parametrize("name", ["Hospital, " * 200_000, "附属" * 500_000, "()" * 500_000])
def test_a_text_is_no_name(name):
    assert next(parsed(name)).startswith(f"no name: {len(name):,} characters")
    assert english_names.read(name).masked
    c = Corpus()
    same = [c.organization(c.record(f"A{n}"), None, name) for n in (1, 2)]
    assert c.apart(*same)


def test_parse_says_when_there_is_no_name_and_knows_a_committee():
    assert run_kg("resolve", "parse", " =1+ ").stdout == "no name: it holds no letter\n"
    told = run_kg("resolve", "parse", "IRB of Example People's Hospital").stdout
    assert told.startswith("ethics committee\n  kind: unspecified\n  host: example hospital")


KINDS = """
hospital: Exo University Health Network|Exo and Vale University Health Board|Exo Hospital, Inc
hospital: Exo Hospitals Pvt. Ltd|Exo Klinikum Alderfurt GmbH|Universitätsmedizin Exo|AOU Exo
hospital: Government Medical College and Hospital|Hosp. Univ. Exo|Fondazione IRCCS Exo|Exo UMC
hospital: Hospices Civils de Exo|Santa Casa de Misericórdia de Exo|Haukexo Universitetssjukehus
hospital: Exo Health System
university: Exo University Health Sciences Center|Government Medical College, Exo
university: Exo Üniversitesi|Exo Egyetem|University of Exo, SA
company: Exo AG|Exo AB|Exo S.A.|Exo Norge AS|Exo Biopharma SPRL|Exo Orphan Pharmaceuticals AG
company: Exo KGaA|Laboratorios Exo S.A. de C.V.|Exo Hospital Management Co., Ltd.
company: Exo Healthcare Corporation
foundation: Fundação de Amparo à Exo|Fundación Exo|Fondazione Exo|Stichting Exo
government: Ministerio de Salud, Exo|Ministère de la Santé|Agency for Healthcare Exo
research-institute: Istituto Exo|Orszagos Exo Intezet|Narodowy Instytut Exo
network: Gruppo Italiano Exo|Spanish Exo Cancer Group|Arbeitsgemeinschaft Exo
unknown: Exo|Sasa Exa|Exo Basin
"""


@pytest.mark.parametrize("line", KINDS.strip().splitlines())
def test_words_tell_the_kind_in_other_languages_and_with_legal_forms(line):
    kind, _, names = line.partition(": ")
    told = {name: organization_kind(None, name) for name in names.split("|")}
    assert told == dict.fromkeys(names.split("|"), kind)


def test_healthcare_is_of_hospitals_and_of_companies():
    assert organization_kind(None, "Exo Healthcare", ["company"]) == "company"
    assert organization_kind(None, "Children's Healthcare of Exo", ["unknown"]) == "hospital"
