"""Long rows of one sign, which fields hold by mistake, are looked through in a moment."""

from __future__ import annotations

import pytest
from conftest import ending

from kg.check.rules.merged import without_number
from kg.names.job_titles import is_company_like, is_discipline, is_job

ROWS = ["-", ",", ".", " ", "a-", "a ", "A. ", "a, ", "1 ", "(", "中", "site "]


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("look", [without_number, is_job, is_discipline, is_company_like])
def test_a_long_row_is_looked_through_in_a_moment(look, row):
    with ending():
        look(row * 60_000)
        look(f"Invented {row * 60_000} end")
