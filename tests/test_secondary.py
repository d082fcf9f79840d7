"""One way, for all sources, from a field for another number to an identifier or to a blank."""

from __future__ import annotations

import pytest
from accounted import faults
from conftest import SAMPLES, extracted

from kg.said import Said
from kg.words.secondary import secondary_identifier, without_number

# A sample, and the number of another registry in a field of its own.
PRINTED = {
    "chictr": ("chictr/clean-single-centre-web-cn.txt", "NCT09999901"),
    "ctgov": ("ctgov/v2-drug-trial-in-four-countries.json", "ISRCTN99999901"),
    "ctis": ("ctis/authorised-application.json", "NCT09999902"),
    "cris": ("cris/record-page.html", "NCT09999903"),
    "euctr": ("euctr/two-member-states.txt", "NCT09999901"),
}
UTN = "U1111-2699-9903"


def record_with(source, number):
    sample, printed = PRINTED[source]
    text = (SAMPLES / sample).read_text("utf-8")
    assert printed in text
    found = next(one for one in extracted(text.replace(printed, number), sample) if one.record)
    assert not faults(found)
    return found.record


@pytest.mark.parametrize("source", PRINTED)
def test_a_placeholder_is_a_blank_and_no_identifier(source):
    found = record_with(source, "NCT00000000")
    numbers = [one.notation.value for one in found.secondary_identifiers]
    assert "NCT00000000" not in numbers
    assert "secondaryIdentifier" in [blank.field for blank in found.blanks]


@pytest.mark.parametrize("source", PRINTED)
def test_a_utn_is_of_no_registry_and_known_by_its_form(source):
    found = record_with(source, UTN)
    (one,) = [i for i in found.secondary_identifiers if i.notation.value == UTN]
    assert one.registry is None
    assert one.sort is not None
    assert one.sort.value == ("utn",)


@pytest.mark.parametrize(
    ("text", "number", "registry", "as_printed"),
    [
        ("NCT09999901", "NCT09999901", "ctgov", None),
        ("nct 09999901", "NCT09999901", "ctgov", "nct 09999901"),
        ("1111-2699-9903", UTN, None, "1111-2699-9903"),
        ("EXAMPLE-26", "EXAMPLE-26", None, None),
        ("NCT09999901, NCT09999902", "NCT09999901, NCT09999902", None, None),
    ],
)
def test_a_number_is_given_in_its_normal_form(text, number, registry, as_printed):
    found = secondary_identifier(Said(text, 7, text))
    assert found is not None
    assert (found.notation.value, found.registry) == (number, registry)
    assert found.as_printed == as_printed
    assert found.notation.line == 7


@pytest.mark.parametrize("text", ["", "Nil known", "NCT00000000", "ISRCTN: not applicable"])
def test_what_gives_no_number_is_blank(text):
    said = Said(text or None, 3, text, path="a.b")
    assert secondary_identifier(said) is None
    assert [(b.field, b.line, b.path) for b in without_number((said,))] == [
        ("secondaryIdentifier", 3, "a.b")
    ]


def test_a_refused_value_is_an_issue_already():
    refused = Said(None, 3, "?", refused=True)
    assert secondary_identifier(refused) is None
    assert not list(without_number((refused, None)))
