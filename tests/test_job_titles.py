"""Job titles and titles beside a name: the person stays, the title stands apart. Names invented."""

from __future__ import annotations

import pytest
from conftest import ending

from kg.names.degrees import is_degree, split_degree
from kg.names.job_titles import is_company_like, is_discipline, is_job
from kg.names.person_names import is_person, named


def people(text):
    return [(p.en, p.degree) for p in named(None, text).people]


JOBS_BEHIND = """
Jane Public|MD, Professor of Medicine
Jane Public|Associate Professor of Surgery
Jane Public|Prof. of Surgery
Jane Public|professor of anesthesia
Jane Public|Professor of Anesthesia and Intensive Care
Jane Public|Professor and Head of Department
Jane Public|Professor, Internal Medicine
Jane Public|Professor of Pediatrics and of Medicine
Jane Public|Assistant Lecturer
Jane Public|Ass. Lecturer
Jane Public|lecturer
Jane Public|Lecturer of Physical Therapy
Jane Public|Vice President
Jane Public|VP Clinical
Jane Public|VP Clinical Development
Jane Public|CEO
Jane Public|Chief of Cardiology
Jane Public|Chief Executive Officer
Jane Public|MD, MPH, Senior Investigator
Jane Public|Sr. Director, Clinical Development
Jane Public|MD, Head, Department of Surgery
Jane Public|Head of Department
Jane Public|Internal Medicine
Jane Public|Doctor of Medicine
Jane Public|PhD candidate
Jane Public|MSc in Nursing
Jane Public|consultant cardiologist
Jane Public|operator MD
Jane Public|RN, CPNP
Jane Public|Drs.
Jane Public|M.D., FRCP(C)
Jane Public|PharmD, BCOP
Jane Public|DNP, FNP-BC
Jane Public|MD, Ass.Prof
Jane Public|MD (Example)
Jane Public|OTR/L
Jane Public|MD, and PhD
Jane Public|MD,PhD
Jane Public|AuD
Jane Public|PU-PH
Jane Public|Jefe de Servicio
Jane Public|Directeur de Recherche
"""


@pytest.mark.parametrize("line", JOBS_BEHIND.strip().splitlines())
def test_a_job_behind_a_comma_is_no_second_person_and_no_part_of_the_name(line):
    name, behind = line.split("|")
    assert people(f"{name}, {behind}") == [(name, behind)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Public / Principal Investigator", [("Jane Public", "Principal Investigator")]),
        ("Dr. Jane Q. Public / Director of Research",
         [("Jane Q. Public", "Dr., Director of Research")]),
        ("Jane Public - Medical Director", [("Jane Public", "Medical Director")]),
        ("Medical Director: Jane Public MD", [("Jane Public", "Medical Director, MD")]),
        ("Medical Director, Jane Public MD", [("Jane Public", "Medical Director, MD")]),
        ("Jane Public (Professor of Surgery)", [("Jane Public", "Professor of Surgery")]),
        ("Jane Public, Professor of Surgery and John Doe, PhD",
         [("Jane Public", "Professor of Surgery"), ("John Doe", "PhD")]),
        ("Jane Public and John Doe, Professor of Surgery",
         [("Jane Public", None), ("John Doe", "Professor of Surgery")]),
        ("Public, Jane, and Doe, John", [("Public, Jane", None), ("Doe, John", None)]),
        ("Professor of Surgery, Jane Public", [("Jane Public", "Professor of Surgery")]),
        ("Ass Prof, Jane Public", [("Jane Public", "Ass Prof")]),
        ("Jane Public: Principal Investigator", [("Jane Public", "Principal Investigator")]),
        ("MA, Jia Wang", [("MA, Jia Wang", None)]),
        ("DO, Thi Example, MD", [("DO, Thi Example", "MD")]),
        ("Jane Public, MD, Cardiology", [("Jane Public", "MD, Cardiology")]),
        ("Contact: John Doe", [("John Doe", None)]),
        ("Attn. John Doe", [("Attn. John Doe", None)]),
    ],
)  # fmt: skip
def test_a_person_beside_a_job_is_named(text, expected):
    assert people(text) == expected


def test_an_affiliation_behind_degrees_and_job_is_told_from_them():
    found = named(None, "Jane Public, MD, Head of Cardiology, Invented Hospital")
    assert found.people == ((None, "Jane Public", "MD, Head of Cardiology"),)
    assert found.organizations == ((None, "Invented Hospital"),)


@pytest.mark.parametrize(
    "text",
    [
        "Study Director, Eli Lilly",
        "Eli Lilly, Study Director",
        "Medical Director, Jane Public",  # no degree says that one of the two is a person
        "Medical Director, Medical Monitor",
        "Medical Director: Medical Monitor",
        "Vice President, Clinical Development",
        "Senior Vice President, Invented Bio",
        "Invented Bio, Vice President",
        "Invented Health, Medical Director",
        "Medical Director: Invented Therapeutics",
        "Inventia, Medical Director",
        "Inventia, VP Clinical Development",
        "Professor of Medicine",
        "Consultant Obstetrician and Gynaecologist",
        "Clinical Senior Lecturer",
        "Sr. Director, Clinical Development",
        "Jane Public Study Coordinator",  # nothing divides them
    ],
)
def test_a_job_beside_no_person_stays_an_office(text):
    found = named(None, text)
    assert [o.en for o in found.offices] == [text]
    assert (found.people, found.organizations) == ((), ())


TITLES_BEFORE = """
A/Prof|A/Professor|Assoc/Prof|Cl/Prof|Clinical A/Prof|Asst Prof|Assoc Prof Dr|Adj Prof|Em Prof
Prof Emeritus|Adjunct Associate Professor|Prof (Dr)|Dr (Prof)|Dr(Mrs)|Dr. (Mrs.)|Prof/Dr|Mr/Dr
Lt Col|Lt. Col. (Dr.)|Wg Cdr|Surg Capt|Col.|Brig Gen|Major General
Mx|Frau|Frau Dr.|Herr|Herr Prof. Dr.
Ass.-Prof.|Mag.|MUDr.|doc. MUDr.|Ing.|Dr.-Ing.|Lic.|Vd|Pr|Pr.|Drs.|mgr|lek.|Op. Dr.|Dott.ssa
dr hab. n. med.|prof. dr hab. n. med.|dr n. med.|Dr. h. c.|Prof. Dr. Dr. h.c. mult.|Dr. rer. nat.
Ao.Univ.-Prof.|o. Univ.-Prof.|Prim. Univ.-Prof. Dr.|Apl. Prof. Dr.
"""


def listed(table):
    return [text for row in table.split("\n") for text in row.split("|") if text]


@pytest.mark.parametrize("title", listed(TITLES_BEFORE))
def test_a_title_before_a_name_is_no_part_of_it(title):
    assert people(f"{title} Jan Example") == [("Jan Example", title)]
    assert is_person(f"{title} Jan Example")


def test_a_title_of_which_the_blank_is_lost_is_one():
    assert split_degree("DrJana Example") == ("Jana Example", "Dr")
    assert split_degree("Drjana Example") == ("Drjana Example", None)


NAMES = """
Dean Example|Ann Dean|Example, Dean|Example Ann, Chief|Ann Chief|Lecturer, Ann|Ann Lecturer
Head Ann|Ann Head|Master Ann|Ann Master|Ann Page|Page, Ann|Pope Ann|Ann Pope|Ann Judge
Marshall Example|Major Example|Ann Major|Fellow, Ann|Ann Fellow|Reader, Ann|Ann Doctor
Prosper Example|Profitt Ann|Professi Ann|Mag Example|Magdalena Example|Ing Example|Lic Example
Col Example|Gen Example|Genia Example|Prim Example|Doc Example|Op Example|Ir Example|Bc Example
Em Example|Hon Wai Example|Ao Example|Adj Example|A Example|Cl Example|Ass Example
Herr Max|Herr, Max|Frau Example|PR Example|P.R. Example|VD Example|MX Example
Med Ali Example|Md Ali Example|Phil Example|Nat Example|Rer Example|H. C. Example|N. Med Example
Ma Jia|Jia Ma|Do Thi Example|Example, Do|Example, MA|Example, VP|Example, CEO|Example, OD
Example, Cen|CEN, Example|WANG, CEN|The Anh Example|The ANH|The NGUYEN|Ngo The Example
Jose Ma. Example|Maria del Prado Example|Juan de la O|Ana da Lead|Luis Director|Ann Care
Ma de Jesus Example|Ma. de Jesus Example|Dean de la Cruz Example|Example, Aud|Ward Fellow
Nguyen Van A|Le Van Resident|Wing Gen Example|Wing Ho Example|Lt Example
Drury Example|Driss Example|Drake Example|Lieutenant Ann|Surgeon Ann
"""


@pytest.mark.parametrize("name", listed(NAMES))
def test_names_that_look_like_titles_stay_as_they_are(name):
    assert people(name) == [(name, None)]


@pytest.mark.parametrize(
    "name",
    [
        "Dr Med Ali Example",
        "Dr. H. C. Example",
        "Dr Phil Example",
        "Dr Fellow",
        "Dr. Leader",
        "Dr. Call",
    ],
)
def test_behind_a_title_stands_a_name_unless_small_letters_go_on_with_it(name):
    title, rest = name.split(" ", 1)
    assert people(name) == [(rest, title)]


@pytest.mark.parametrize("text", ["The EORTC", "The NCIC", "the EORTC"])
def test_an_abbreviation_with_an_article_is_an_organization(text):
    assert named(None, text).organizations == ((None, text),)


@pytest.mark.parametrize("text", ["Ann Head", "Head", "Chief", "Dean", "Medicine", "Jane Public"])
def test_what_may_be_a_name_is_no_job(text):
    assert not is_job(text)
    assert not is_degree(text)


def test_a_field_of_medicine_and_a_firm_are_told_from_a_name():
    assert is_discipline("Critical Care")
    assert not is_discipline("Ann Surgery")
    assert is_company_like("Invented Health")
    assert not is_company_like("Gene Example")


ROWS = """
clinical and |Senior |Professor of |Head of a b c d e |Dr. |Prof (Dr) |A/
Lt Col |director, |MD, |dr n. med.
Associate-|Department of a |Director of x y and Surgery |Prof., |aology |Ass.|dr-
"""


@pytest.mark.parametrize("row", listed(ROWS))
def test_a_long_row_of_jobs_is_read_in_no_time(row):
    """Each word is read in one way only; two ways would double the time with every word."""
    with ending():
        for text in (f"{row * 99}"[:298] + "!", f"Jane Public, {row * 99}"[:298] + "!"):
            named(None, text)
            is_degree(text)
