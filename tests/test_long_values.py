"""Long rows of one sign, which fields hold by mistake, are looked through in a moment."""

from __future__ import annotations

import pytest
from conftest import ending

from kg.names.job_titles import is_company_like, is_discipline, is_job
from kg.names.site_numbers import without_site_number

ROWS = ["-", ",", ".", " ", "a-", "a ", "A. ", "a, ", "1 ", "(", "中", "site "]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("look", [without_site_number, is_job, is_discipline, is_company_like])
def test_a_long_row_is_looked_through_in_a_moment(look, row):
    with ending():
        look(row * 60_000)
        look(f"Invented {row * 60_000} end")


@pytest.mark.parametrize("begins", ["Exo (site", "Site", "Exo site", "Exo site no", "Exo /ID"])
@pytest.mark.parametrize("row", [" ", " :", "-", "1"])
def test_a_site_that_is_followed_by_a_long_row_is_too(begins, row):
    with ending():
        without_site_number(f"{begins}{row * 60_000}!")
