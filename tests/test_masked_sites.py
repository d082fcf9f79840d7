"""Names of sites that are none. All names are invented or say nothing."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT, ending
from hypothesis import given
from hypothesis import strategies as st

from kg.names.masked_sites import is_masked_site

CTGOV = ROOT.parent / "shared" / "records" / "ctgov_v2"

MASKED = """
Research Site|Research Site 12|Research Site, Exampleton
Researchsite 4|Research Facility
Research Center|Recruiting Site
Local Institution|Local Institution - 0012|Local Institution (0012)
(Local Institution)
Local Institution - Site 23
Investigational Site|Investigative Site|Investigator 12|Site 101
Facility #1|Site Number : 8400012
Clinical Study Site|Study Site
Investigational Site Number :2500001|Invented Investigational Site Number 8400012
Novartis Investigative Site|GSK Investigational Site
Pfizer Investigational Site|1234.5.01001 Invented Ingelheim Investigational Site
Invented Clinical Site|Invented Site 12
Lilly Study Locations|Site Reference ID/Investigator# 12345
As0006 101|Zz0012 23|na|N/A|---|12
For additional information regarding sites of this trial, contact 1-877-INVENTED (1-877-000-0000)
Please contact the study sponsor|See central contact
Call for information|Contact Invented Pharma
58 other sites|12 sites|23 GP practices|Multiple locations
multiple centres|Many facilities|Various
Various hospitals
several hospitals in Exampleton|Multiple NHS Trusts|Sites in the UK
other hospitals|Hospital
Private practice|Unnamed site
多中心|研究中心1|其他医院
"""
NAMED = """
Invented City Hospital|The Research Site of Invented Hospital
University Hospital, Research Site 3
Hospital 5 ( Site 0805)
Invented Clinical Research Center|Invented Research Centre|Invented Trial Center
Clinical Research Center of Invented
Invented State University Clinical Center|Invented Cancer Institute ( Site 2726)
Invented Cancer Center-Site Number:8400001
Center 5 Hospital|920th Hospital of Invented|Hospital No. 6|Hospital 12 de Enero
Call Memorial Hospital|Contact Lens Clinic
Multiple Sclerosis Center|Multiple Myeloma Clinic
Many Farms Health Center|Various Hospital
Site Santé Exemple|Sitesearch Clinic
Invented Clinical Trials|Clinical Site Partners|Invented Group
Ambulatory Research Facility|示例市人民医院
示例研究中心
"""


def listed(table):
    return [name for line in table.strip().splitlines() for name in line.split("|")]


@pytest.mark.parametrize("text", listed(MASKED))
def test_a_name_that_is_kept_back_is_masked(text):
    assert is_masked_site(text)


@pytest.mark.parametrize("text", listed(NAMED))
def test_a_real_place_is_not_masked_whatever_words_stand_beside_it(text):
    assert not is_masked_site(text)


@given(st.text(max_size=80))
def test_no_text_raises(text):
    is_masked_site(text)


def test_a_long_text_is_read_in_no_time():
    with ending():
        for bit in ("1", "1 ", "research ", "site ", "12 other ", "-"):
            is_masked_site(bit * (290 // len(bit)) + "!")
            is_masked_site(bit * 100_000 + "!")


def test_masked_sites_of_real_records_hold_no_word_of_a_hospital():
    if not CTGOV.exists():
        pytest.skip(f"no {CTGOV}")
    found = set()
    for path in sorted(CTGOV.glob("*.json")):
        found |= set(_facilities(json.loads(path.read_text(encoding="utf-8"))))
    masked = {name for name in found if is_masked_site(name)}
    assert len(masked) > 10
    assert not [name for name in masked if "hospital" in name.casefold()]
    assert len(masked) < len(found) / 2


def _facilities(tree):
    if isinstance(tree, dict):
        if isinstance(tree.get("facility"), str):
            yield tree["facility"]
        for inner in tree.values():
            yield from _facilities(inner)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _facilities(inner)
