"""Name fields: how many people, in which languages, and whether at all. All names are invented."""

from __future__ import annotations

import csv

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from kg.names.degrees import is_degree, split_degree
from kg.names.kinds import kind_of
from kg.names.person_names import is_person, named

BENCH = ROOT.parent / "shared" / "identity" / "name_bench_cases.csv"


def names(zh, en):
    return [(p.zh, p.en) for p in named(zh, en).people]


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("王甲", "Jia Wang", [("王甲", "Jia Wang")]),
        ("王甲; 陈乙", "Jia Wang, Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        ("王甲；陈乙", "Jia Wang; Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        (
            "赵甲一、钱乙二、孙丙",
            "Zhao JY, Qian YE, Sun B",
            [("赵甲一", "Zhao JY"), ("钱乙二", "Qian YE"), ("孙丙", "Sun B")],
        ),
        ("王甲 / 陈乙", "Jia Wang and Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        ("王甲", "Jia, Wang", [("王甲", "Jia, Wang")]),
        (None, "Jia, Wang", [(None, "Jia, Wang")]),
        (None, "Prof. Jia Wang; Dr. Yi Chen", [(None, "Jia Wang"), (None, "Yi Chen")]),
        ("王甲", None, [("王甲", None)]),
        ("王甲;王甲", None, [("王甲", None)]),
        (None, "Jia Wang, MD, PhD", [(None, "Jia Wang")]),
        (None, "Jia Wang, MD; PhD", [(None, "Jia Wang")]),
        (None, "Jia Wang, MD/PhD", [(None, "Jia Wang")]),
        (None, "Jia Wang, MD / Yi Chen, MD", [(None, "Jia Wang"), (None, "Yi Chen")]),
        (None, "Jia Wang, MD, Yi Chen, PhD", [(None, "Jia Wang"), (None, "Yi Chen")]),
        (None, "Jan Example, Jr., MD", [(None, "Jan Example, Jr.")]),
        (None, "Jan Example, III", [(None, "Jan Example, III")]),
        ("王甲?陈乙", "Jia Wang?Yi Chen", [("王甲", "Jia Wang"), ("陈乙", "Yi Chen")]),
        ("王甲？陈乙", None, [("王甲", None), ("陈乙", None)]),
        (None, "Jia Wang\ufffdYi Chen", [(None, "Jia Wang"), (None, "Yi Chen")]),
        (None, "Jos? Ejemplo", [(None, "Jos? Ejemplo")]),
        (None, "Ana Jos? Ejemplo Mar?a", [(None, "Ana Jos? Ejemplo Mar?a")]),
        (None, "ANA FRAN?OIS EXEMPLE", [(None, "ANA FRAN?OIS EXEMPLE")]),
        (None, "Liu AB, Wang SA", [(None, "Liu AB"), (None, "Wang SA")]),
        (None, "Jia Wang; MD.PhD", [(None, "Jia Wang")]),
    ],
)
def test_people_are_told_apart_and_paired(zh, en, expected):
    assert names(zh, en) == expected


def test_languages_that_disagree_on_the_number_are_not_paired():
    found = named("王甲; 陈乙", "Jia Wang")
    assert [(p.zh, p.en) for p in found.people] == [("王甲", None), ("陈乙", None)]
    assert not found.paired


PEOPLE = """
王甲|欧阳甲乙|李科|Jia-Yi Wang|WANG JIA|jia wang|O'Example Ann
D'Angelo-Example Ann|Ann van der Example
Ann de la Example
Example, Ann|A. B. Example|A|Wang|Éric ÉXAMPLE|Ngọc Exâmple
Łucja Żexample|Иванов Пример|김예시|さとう
佐藤 例子|Ann McCall
Ann Mc Call|Patrick Roche|Ann Merck|Ann Bayer|Ann Lilly|Ann Head
Rina Data|Ann Sá|Maria de Sa
Chu Example|Ann Price|Ann Chu
S.A. Khan|S. A. Khan|B.V. Kumar|Liu AB|Khan SA|Khan S.A.|Rao N.V.|Wang, A. S.|N.V. Example-Rao
王路|陈小路|王街|陈教授|任主任|项经理
Ann Contactos|Ann Hospitale|Ann Sitez|Ann Marketer
"""
OFFICES = """
Medical Director|Medical Monitor|Medical Responsible|Study Director
Study Coordinator|Study Contact
Central Contact|Clinical Trials
Use Central Contact|Contact Us|Contact Novartis|Please contact the sponsor
Call 1-877-INVENTED (1-877-000-0000) or 1-317-000-0000
Clinical Trials Call Center|GSK Clinical Trials|Novartis Patient Recruitment
Pfizer CT.gov Call Center|Gilead Study Director
Dept. of Medicine|Department of Clinical Trials|Clinical Trials Office
Invented Cancer Center Clinical Trials Office
Invented Co., Ltd. Clinical trials information
Research & Development, LLC Clinical Trial
Clin Trial Reg & Results Disclosure
Clinical Sciences & Operations|Trial Transparency Team|Toll Free Number
Clinical Trials Information Desk|Clinical Project Manager
Head of Clinical Development|Regulatory Affairs|Invented Pharma Medical Information
Ethics Committee|Institutional Review Board
For more information at the Invented Center contact the Office of Recruitment
First line of the email MUST contain the NCT#
Study Director, GlaxoSmithKline|UCB Cares|Sponsor|PI|Investigator
Professor|Site 201|Research Site
Local Institution - 0012
Invented Data Registry|R&D Planning Department
International Clinical Trials Unit|CTRG
Customer Service
临床试验机构办公室|科研处|示例医院科研处|血液科|伦理委员会|项目负责人|示例医院伦理委员会办公室
教授|主任|副主任医师|科主任|护士长|研究者|主要研究者|申办方|项目经理|临床监查员|医学部
"""
ORGANIZATIONS = """
M.D. Anderson Cancer Center|Novartis Pharmaceuticals|Novartis|Roche
Eli Lilly|Bristol-Myers Squibb
Merck KGaA|Sanofi-Aventis|Pfizer
Invented Therapeutics, Inc.|Invented Systems, Inc.|Invented Co., Ltd.
Invented GmbH|Invented S.p.A.
Invented A/S|Invented AG
Invented S.A.|Invented AB|Example Liu AB|Invented S.A. de C.V.|Invented N.V.
Invented B.V.|Invented sp. z o.o.|Invented Aktiengesellschaft|Invented Biosciences
Invented City Hospital|Hôpital de l'Exemple
Ospedale Esempio|Universitätsklinikum Beispiel|Invented University
Universidad de Ejemplo
CHU de l'Exemple|Invented Foundation
Assistance Publique - Exemple|National Institutes of Example
World Example Organization
Invented Research Institute|Example Clinic
示例大学附属第一医院|示例医药有限公司|示例基金会
"""
JUNK = """
138 0000 0000|+86 571 0000 0001|someone@example.cn|N/A|NA|TBD
To be determined|Cancelled|NULL|---|;
1-877-INVENTED|12 Main Street
Beispielstrasse 7|www.example.org|0000000a-0000-0000-0000-000000000001|无|待定|某某
"""


def listed(table):
    return [name for line in table.strip().splitlines() for name in line.split("|")]


@pytest.mark.parametrize("name", listed(PEOPLE))
def test_a_person_is_a_person_whatever_the_script_case_and_order(name):
    assert is_person(name)
    han = any("\u3400" <= c <= "\u9fff" for c in name)
    found = named(name if han else None, None if han else name)
    assert [p.zh or p.en for p in found.people] == [name]
    assert (found.offices, found.organizations, found.junk_zh, found.junk_en) == ((), (), (), ())


@pytest.mark.parametrize("text", listed(OFFICES))
def test_an_office_a_job_title_or_a_call_centre_is_no_person_and_stays_whole(text):
    han = any("\u3400" <= c <= "\u9fff" for c in text)
    found = named(text if han else None, None if han else text)
    assert [o.zh or o.en for o in found.offices] == [text]
    assert (found.people, found.organizations) == ((), ())


@pytest.mark.parametrize("text", listed(ORGANIZATIONS))
def test_an_organization_is_no_person_and_stays_whole(text):
    han = any("\u3400" <= c <= "\u9fff" for c in text)
    found = named(text if han else None, None if han else text)
    assert [o.zh or o.en for o in found.organizations] == [text]
    assert (found.people, found.offices) == ((), ())


@pytest.mark.parametrize("text", listed(JUNK))
def test_what_names_nobody_is_said_to_name_nobody(text):
    assert kind_of(text) == "junk"
    found = named(None, text)
    assert (found.people, found.offices, found.organizations) == ((), (), ())


def test_a_street_is_not_handed_on():
    assert named(None, "Beispielstrasse 7").junk_en == ("[address removed]",)


@pytest.mark.parametrize(
    "street",
    [
        "示例市示例区示例北路",
        "示例北路",
        "示例区示例路",
        "示例示例路",
        "示例大道",
        "示例省示例市",
        "示例路十二号",
        "示例市示例区示例街道",
        "示例县示例镇示例村",
    ],
)
def test_a_chinese_street_without_a_number_is_no_person_and_not_handed_on(street):
    found = named(street, None)
    assert found.junk_zh == ("[address removed]",)
    assert not found.people


def test_a_field_may_name_a_person_an_office_and_an_organization():
    found = named(None, "Ann Example, Prof. MD.;Clinical Study Manager;The Invented University")
    assert found.people == ((None, "Ann Example", "Prof. MD."),)
    assert found.offices == ((None, "Clinical Study Manager"),)
    assert found.organizations == ((None, "The Invented University"),)


def test_an_affiliation_behind_a_name_is_told_from_it():
    found = named(None, "Jia Wang, Invented University")
    assert [p.en for p in found.people] == ["Jia Wang"]
    assert [o.en for o in found.organizations] == ["Invented University"]


def test_an_office_in_two_languages_is_one():
    found = named("科研处", "Research Department")
    assert found.offices == (("科研处", "Research Department"),)


@pytest.mark.parametrize(
    ("printed", "name", "degree"),
    [
        ("Jia Wang, PhD", "Jia Wang", "PhD"),
        ("Jia Wang, M.D., Ph.D.", "Jia Wang", "M.D., Ph.D."),
        ("Jia Wang, M. D., Ph. D.", "Jia Wang", "M. D., Ph. D."),
        ("Jia Wang, MD PhD FACS", "Jia Wang", "MD PhD FACS"),
        ("Jia Wang,MD", "Jia Wang", "MD"),
        ("Jia Wang MD", "Jia Wang", "MD"),
        ("Jia Wang, MD.PhD", "Jia Wang", "MD.PhD"),
        ("Jia Wang,M.D.Ph.D.", "Jia Wang", "M.D.Ph.D."),
        ("Jia Wang, MD.MPH.PhD.", "Jia Wang", "MD.MPH.PhD."),
        ("Jia Wang. M.D., Ph.D", "Jia Wang", "M.D., Ph.D"),
        ("Jia Wang，PhD", "Jia Wang", "PhD"),
        ("Jia Wang, MBBS, FRCP", "Jia Wang", "MBBS, FRCP"),
        ("Jia Wang, RN, BSN, OCN", "Jia Wang", "RN, BSN, OCN"),
        ("Jia Wang, PharmD", "Jia Wang", "PharmD"),
        ("Jia Wang, DrPH", "Jia Wang", "DrPH"),
        ("Jia Wang, MPH", "Jia Wang", "MPH"),
        ("Jia Wang, Doctor", "Jia Wang", "Doctor"),
        ("Jia Wang, professor", "Jia Wang", "professor"),
        ("Jia Wang, ass. prof.", "Jia Wang", "ass. prof."),
        ("Jia Wang, Prof. Dr. med.", "Jia Wang", "Prof. Dr. med."),
        ("Jia Wang, Principal Investigator", "Jia Wang", "Principal Investigator"),
        ("Jia Wang, Site 111", "Jia Wang", "Site 111"),
        ("Clin Research Coord, Jia Wang", "Jia Wang", "Clin Research Coord"),
        ("Dr. Jia Wang", "Jia Wang", "Dr."),
        ("Dr.Jia Wang", "Jia Wang", "Dr."),
        ("Dr. Call", "Call", "Dr."),
        ("Prof. Dr. med. Jia Wang", "Jia Wang", "Prof. Dr. med."),
        ("Univ.-Prof. Dr. Jia Wang", "Jia Wang", "Univ.-Prof. Dr."),
        ("Wang J., MD", "Wang J.", "MD"),
        ("Jia Wang", "Jia Wang", None),
        ("王甲教授", "王甲", "教授"),
        ("王甲（主任医师）", "王甲", "主任医师"),
        ("Ma Jia", "Ma Jia", None),
        ("WANG, MA", "WANG, MA", None),
        ("Ma, Do", "Ma, Do", None),
        ("Jia Ma", "Jia Ma", None),
        ("Drake Example", "Drake Example", None),
        ("Medina Example", "Medina Example", None),
    ],
)
def test_degrees_are_split_off(printed, name, degree):
    assert split_degree(printed) == (name, degree)


def test_the_degree_goes_with_its_person():
    (person,) = named(None, "Jia Wang, Doctor").people
    assert person == (None, "Jia Wang", "Doctor")


def test_a_long_row_of_titles_is_read_in_no_time():
    """A pattern that can read one text in many ways would not end within this century."""
    for text in ("Dr. med. " * 33 + "!", "MD. " * 70 + "!", "1" * 290 + "!", "12 site " * 30000):
        assert not is_degree(text)
        split_degree(text)
        kind_of(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_raises_and_nothing_is_named_twice(zh, en):
    found = named(zh, en)
    assert len(set(found.people)) == len(found.people)


def test_nearly_all_people_of_the_name_bench_are_people():
    if not BENCH.exists():
        pytest.skip(f"no {BENCH}")
    with BENCH.open(encoding="utf-8-sig", newline="") as file:
        people = {
            row[side]
            for row in csv.DictReader(file)
            if row["schema"] == "Person"
            for side in ("name1", "name2")
        }
    refused = {name for name in people if not is_person(name)}
    assert len(people) > 500
    assert len(refused) <= 5, refused  # two hold digits, two a company's ending


@pytest.mark.parametrize("printed", ["María García-López, Dra.", "Dra. María García-López"])
def test_a_title_in_spanish_is_no_part_of_the_name(printed):
    assert split_degree(printed) == ("María García-López", "Dra.")
