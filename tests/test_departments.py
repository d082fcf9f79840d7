"""Departments that do not say whose they are: no node may gather those of all hospitals."""

from __future__ import annotations

import pytest
from conftest import ending
from resolve_corpus import Corpus

from kg.resolve.names import chinese_names, english_names

NAMELESS = [
    "Department of Neurology", "Dept. of Psychiatry", "Neurology", "Cardiology Department",
    "School of Nursing", "Faculty of Dentistry", "Division of Endocrinology and Metabolism",
    "Klinik für Neurologie", "Service de Neurologie", "Departamento de Cirugía", "Physiotherapy",
    "Clinical Trials Unit", "Intensive Care Unit", "Research and Development", "Dental School",
    "Department of Shalya Tantra", "Faculdade de Odontologia", "Department of Internal Medicine 3",
]  # fmt: skip
NAMED = [
    "Institute of Psychiatry", "Department of Neurology, Exo University", "Exo School of Nursing",
    "Department of Biotechnology, India", "Oncology Group of Exo", "Cancer Research UK",
    "Medical Research Council", "National Eye Institute", "Centre for Primary Care",
    "Department of Veterans Affairs", "Heart Foundation",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMELESS)
@pytest.mark.parametrize("city", [None, "alderfurt"])
def test_a_department_without_its_house_is_one_in_no_two_records(name, city):
    """ "Department of Neurology" was one organization of all records that print no more."""
    c = Corpus()
    ends = [
        c.organization(
            c.record(f"A{n}", registry="isrctn"), None, name,
            slot="principal-investigator-affiliation", city=city, country="DE",
        )
        for n in (1, 2)
    ]  # fmt: skip
    assert c.apart(*ends)


def test_a_department_is_one_in_its_record():
    c = Corpus()
    record = c.record("A1", registry="isrctn")
    ends = [
        c.organization(record, None, "Department of Neurology", slot=f"{role}-affiliation")
        for role in ("principal-investigator", "public-contact")
    ]
    assert c.one(*ends)


@pytest.mark.parametrize("name", NAMED)
def test_a_name_of_its_own_or_an_institution_is_no_nameless_department(name):
    assert not english_names.read(name).nameless


@pytest.mark.parametrize(
    "name",
    [
        "神经内科",
        "护理学院",
        "心内科",
        "麻醉科",
        "公共卫生学院",
        "药学部",
        "重症医学科",
        "骨外科一病区",
    ],
)
def test_a_chinese_department_without_its_house_is_one_in_no_two_records(name):
    c = Corpus()
    ends = [
        c.organization(c.record(f"A{n}"), name, slot="applicant-affiliation", city="示例")
        for n in (1, 2)
    ]
    assert c.apart(*ends)
    record = c.record("A3")
    here = [
        c.organization(record, name, slot=f"{role}-affiliation")
        for role in ("applicant", "principal-investigator")
    ]
    assert c.one(*here)


@pytest.mark.parametrize(
    "name", ["示例医院神经内科", "示例护理学院", "北京中医学院", "口腔医院", "儿童医院"]
)
def test_a_chinese_name_of_its_own_is_no_nameless_department(name):
    assert not chinese_names.read(name).nameless


def test_a_long_text_is_read_in_no_time():
    with ending():
        assert not chinese_names.read("心血管" * 190 + "甲").nameless


def test_government_is_no_name_of_a_college():
    """Many towns of India have a Government Medical College."""
    c = Corpus()
    ends = [
        c.organization(c.record(f"A{n}", registry="ictrp"), None, "Government Medical College")
        for n in (1, 2)
    ]
    assert c.apart(*ends)
