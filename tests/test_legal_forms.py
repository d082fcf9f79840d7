"""Companies with their legal form and without: when they are one."""

from __future__ import annotations

import pytest
from resolve_corpus import Corpus


def sponsors(c: Corpus, *names: str) -> list[str]:
    return [c.organization(c.record(f"A{n}"), None, name) for n, name in enumerate(names)]


@pytest.mark.parametrize(
    "names",
    [
        ("Exapharm", "Exapharm Inc.", "EXAPHARM, INC"),
        ("Exapharm Corporation", "Exapharm Corp."),
        ("Exo Therapeutics", "Exo Therapeutics, Inc."),
        ("Exapharm & Co., Inc.", "Exapharm & Co.", "Exapharm and Company"),
        ("Exapharm A/S", "Exapharm"),
        ("Laboratorios Exa, S.A. de C.V.", "Laboratorios Exa S.A. de C.V.", "Laboratorios Exa"),
        ("Exapharm Sp. z o.o.", "Exapharm"),
        ("Exapharm Technology Private Limited", "Exapharm Technology Pvt Ltd"),
        ("Exapharm KGaA, Alderfurt, Germany", "Exapharm KGaA"),
        ("Exham Hospital", "Exham Hospital NHS Trust", "Exham Hospital NHS Foundation Trust"),
    ],
)
def test_a_legal_form_makes_no_second_company(names):
    """The largest sponsors are printed with it and without."""
    c = Corpus()
    assert c.one(*sponsors(c, *names))


def test_with_two_forms_the_bare_name_is_asked_about():
    c = Corpus()
    assert c.apart(*sponsors(c, "Exapharm", "Exapharm Pty Ltd", "Exapharm, Inc."))
    asked = [link for link in c.resolved().links if link.decision == "possible"]
    assert {link.evidence for link in asked} == {
        "name without its legal form; claimed by several",
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Merck & Co., Inc.", "Merck"),  # another house in Europe
        ("Merck KGaA", "Merck"),
        ("Exapharm Germany GmbH", "Exapharm"),
        ("Exapharm GmbH, Vienna, Austria", "Exapharm GmbH, Hamburg, Germany"),
        ("Hope Ltd", "Hope"),
        ("Exo NHS Trust", "Exo"),
        ("Medical Research Co., Ltd.", "Medical Research"),
        ("Exapharm Ltd, a company of Exa", "Exapharm Ltd"),
    ],
)
def test_what_is_more_than_a_legal_form_is_another_name(one, other):
    c = Corpus()
    assert c.apart(*sponsors(c, one, other))


def test_the_reason_names_the_legal_form():
    c = Corpus()
    sponsors(c, "Exapharm", "Exapharm Inc.")
    told = {(link.rule, link.evidence) for link in c.resolved().links}
    assert told == {("O-C5", "equal English name but for the legal form or seat of a company")}
