"""Registration numbers: found where they are, and nowhere else."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ending
from hypothesis import given
from hypothesis import strategies as st

from kg import identifiers
from kg.identifiers import Identifier, compared, expected, find, occurrences, placeholder

ROOT = Path(__file__).parent.parent
RECORDS = ROOT.parent / "shared" / "records"


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "ontology" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = table("registry-numbers.tsv")
EXAMPLES = [(row, example) for row in ROWS for example in row["examples"].split("; ")]


def one(text: str) -> identifiers.Occurrence:
    (found,) = occurrences(text, expected=True)
    return found


@pytest.mark.parametrize(("row", "example"), EXAMPLES, ids=lambda v: v if type(v) is str else "")
def test_an_example_matches_its_own_row_only(row, example):
    matching = [r for r in ROWS if re.search(r["pattern"], example, re.ASCII)]
    assert matching == [row]
    found = one(example)
    assert found.registry == row["registry"]
    assert found.registration == (row["kind"] == "registry")


@pytest.mark.parametrize(("row", "example"), EXAMPLES, ids=lambda v: v if type(v) is str else "")
def test_a_normal_form_is_its_own_normal_form(row, example):
    number = one(example).number
    again = one(number)
    assert (again.number, again.registry, again.repaired) == (number, row["registry"], False)
    assert identifiers.matches(row["registry"], number)


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("ChiCTR-2699990001", "ChiCTR2699990001"),
        ("ChiCTR-ChiCTR2699990001", "ChiCTR2699990001"),
        ("ChiCTR-CTR2699990001", "ChiCTR2699990001"),
        ("Chinese Clinical Trial Register ChiCTR2699990001", "ChiCTR2699990001"),
        ("Chinese Clinical Trial Register 2699990001", "ChiCTR2699990001"),
        ("ChiCTR IOR 26999901", "ChiCTR-IOR-26999901"),
        ("ISCRTN99999901", "ISRCTN99999901"),
        ("ISRTCN 99999901", "ISRCTN99999901"),
        ("NCT–09999901", "NCT09999901"),
        ("NCT−09999901", "NCT09999901"),
        ("NCT 09999901", "NCT09999901"),
        ("NCT0999\t9901", "NCT09999901"),
        ("NCT\u200b09999\u00ad901", "NCT09999901"),
        ("ＮＣＴ０９９９９９０１", "NCT09999901"),
        ("SLCTR/2026 /099", "SLCTR/2026/099"),
    ],
)
def test_a_damaged_print_is_repaired_and_says_so(printed, number):
    found = one(printed)
    assert (found.number, found.repaired) == (number, True)
    assert found.printed == printed


@pytest.mark.parametrize(
    ("printed", "number", "tail"),
    [
        ("EUCTR2019-026999-01-PL", "2019-026999-01", "PL"),
        ("EUCTR2019-026999-01-3rd", "2019-026999-01", "3rd"),
        ("EUCTR2019-026999-01-Outside-EU/EEA", "2019-026999-01", "Outside-EU/EEA"),
        ("2019-026999-01", "2019-026999-01", ""),
        ("2026-526999-37-00", "2026-526999-37", "00"),
        ("CTIS2026-526999-37-02", "2026-526999-37", "02"),
        ("JPRN-UMIN000269999", "UMIN000269999", ""),
        ("C000026999", "UMIN000026999", ""),
        ("JPRN-jRCTs069999001", "jRCTs069999001", ""),
        ("nct09999901", "NCT09999901", ""),
        ("ACTRN12626999900112P", "ACTRN12626999900112p", ""),
    ],
)
def test_a_usual_print_is_not_called_damaged(printed, number, tail):
    found = one(printed)
    assert (found.number, found.tail, found.repaired) == (number, tail, False)


def test_a_tab_behind_a_number_is_no_part_of_it():
    assert one("SLCTR/2026/099\t").number == "SLCTR/2026/099"


@pytest.mark.parametrize(
    "text",
    [
        "NCT00000000", "NCT99999999", "NCT12345678", "NCT87654321", "ISRCTN11111111",
        "ChiCTR1234567890", "2020-000000-00", "U1111-1111-1111", "CTRI/2026/09/000000",
        "ACTRN12345678901234", "KCT0000000",
    ],
)  # fmt: skip
def test_a_number_typed_to_fill_a_field_is_none(text):
    assert expected(text) == []
    assert placeholder(text)
    with pytest.raises(ValueError, match="expected one registration number"):
        identifiers.registration(text)


@pytest.mark.parametrize(
    "text",
    [
        "not applicable", "Not Applicable.", "Nil known", "none", "pending", "NA", "n/a", "N.A.",
        "version 1.0", "V2.1", "isrctn: not applicable", "NCT: pending", "EudraCT number: N/A",
        "无", "不适用", "-", "", "0", "xxx", "???", "ISRCTN",
    ],
)  # fmt: skip
def test_a_word_in_place_of_a_number_is_a_placeholder(text):
    assert placeholder(text)
    assert expected(text) == []


@pytest.mark.parametrize(
    "text", ["AB-269999", "12", "82699990", "NCT09999901", "Grant 269999", "MINT-2026-01", "V-AX"]
)
def test_a_sponsors_own_number_is_no_placeholder(text):
    assert not placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "registered in ChiCTR on 20260301",
        "in the ChiCTR and 20260301 cohorts",
        "take 20 mg per 100-20 ml",
        "Tel. 0000-1111-0000 or 1111-0000-2699",
        "project 2026-026999-01 of the region",
        "grant 2699990001, file 269999/2026",
        "opinion 337.000/2026",
        "CTRI/REF/2026/09/026999",
        "REF/2026/09/026999",
        "NCT0999990, NCT099999011",
        "ChiCTR269999000, ChiCTR26999900011",
        "the NL8 variant, NL 2000 metres",
        "C000026999 is a concept of a thesaurus",
        "C0000737 and D000026999",
        "NTR 12, gene NTR1",
        "RBR is short for ribonucleotide reductase; RBR-abcd",
        "UMIN R000026999",
        "ISRCTN number pending",
        "99999901",
        "CTR20269999 in China",
        "U1111-2699-9900",
        "NL26999.078.26",
        "ACME-PER-026-99-1 and XPER-026-99",
        "SPECTR2699990001",
    ],
)
def test_what_looks_like_a_number_in_prose_is_none(text):
    assert find(text) == []


def test_numbers_of_no_registry_are_kept_apart_from_registrations():
    found = occurrences("U1111-2699-9900, CTR20269999, NL26999.078.26")
    assert [(o.registry, o.registration) for o in found] == [
        ("utn", False), ("cde", False), ("ccmo", False)
    ]  # fmt: skip


def test_the_dossier_of_the_central_committee_is_no_placeholder():
    assert not identifiers.placeholder("NL26999.000.26")
    assert [o.number for o in occurrences("NL26999.000.26")] == ["NL26999.000.26"]


@pytest.mark.parametrize(
    ("weak", "found"),
    [
        ("NL2699", Identifier("ntr", "NL2699")),
        ("2019-026999-01", Identifier("euctr", "2019-026999-01")),
        ("2026-526999-37", Identifier("ctis", "2026-526999-37")),
        ("C000026999", Identifier("umin", "UMIN000026999")),
    ],
)
def test_a_weak_form_counts_only_where_a_number_is_expected(weak, found):
    assert find(weak) == []
    assert expected(weak) == [found]


def test_bare_digits_are_an_isrctn_only_in_that_registrys_own_field():
    assert expected("99999901") == []
    assert identifiers.isrctn("99999901").number == "ISRCTN99999901"
    assert identifiers.isrctn("ISRCTN99999901").number == "ISRCTN99999901"
    for text in ("11111111", "9999990", "NCT09999901", "９９９９９９０１x"):
        with pytest.raises(ValueError, match="expected"):
            identifiers.isrctn(text)


def test_several_numbers_are_found_in_order_each_once():
    text = "见ChiCTR2699990002；NCT09999901、ChiCTR2699990002(EUCTR2019-026999-01-PL)。"
    assert [n.number for n in find(text)] == ["ChiCTR2699990002", "NCT09999901", "2019-026999-01"]


def test_a_registration_is_one_number():
    with pytest.raises(ValueError, match="expected one registration number"):
        identifiers.registration("ChiCTR2699990001, ChiCTR2699990002")


def test_a_number_counted_up_from_zero_is_a_records_own_and_else_a_placeholder():
    assert identifiers.registration("NCT01234567") == Identifier("ctgov", "NCT01234567")
    assert identifiers.matches("ctgov", "NCT01234567")
    assert placeholder("NCT01234567")
    assert find("NCT01234567") == expected("NCT01234567") == []
    with pytest.raises(ValueError, match="expected"):
        identifiers.registration("NCT01234567, NCT09999901 and NCT09999902")


@pytest.mark.parametrize(
    "text",
    [
        "UMIN" + " " * 2_000_000 + "1",
        "CTRI" + " " * 2_000_000 + "1",
        "CTRI/2026" + " " * 2_000_000 + "1",
        "注册号一" * 500_000 + "1",
        "１" * 2_000_000,
        "JPRN-" * 400_000 + "UMIN 1",
        "ChiCTR-" * 280_000 + "1",
        "EudraCT" + " " * 2_000_000 + "-01",
    ],
    ids=lambda text: text[:8],
)
def test_two_million_characters_are_searched_once(text):
    with ending():  # a pattern that goes back takes hours
        assert find(text) == []


def test_numbers_of_equal_digits_of_chimctr_and_itmctr_are_compared_as_one():
    assert compared("chimctr", "ChiMCTR2699990001") == compared("itmctr", "ITMCTR2699990001")
    assert compared("chictr", "ChiCTR2699990001") != compared("itmctr", "ITMCTR2699990001")
    assert compared("clinconnect", "0a1b2c3d") == Identifier("clinconnect", "0a1b2c3d")


def test_a_placeholder_has_not_the_form_of_a_number():
    assert identifiers.matches("ctgov", "NCT09999901")
    assert not identifiers.matches("ctgov", "NCT00000000")


@given(st.lists(st.sampled_from([e for _, e in EXAMPLES] + [" ", "; ", "\t", "–", "x", "1", "㎎"])))
def test_no_two_numbers_share_a_stretch_of_text(parts):
    text = "".join(parts)
    for wanted in (False, True):
        found = occurrences(text, expected=wanted)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert all(text[o.start : o.end] == o.printed for o in found)


@given(
    st.lists(st.sampled_from([e for _, e in EXAMPLES] + [" ", "; ", "-", "n", "x", "1"])),
    st.booleans(),
)
def test_a_pattern_is_passed_over_only_where_it_matches_nothing(parts, expected):
    """What a text has to hold (``has``) is looked for first."""
    plain = identifiers._plain("".join(parts))
    tried = {hit.pattern for hit in identifiers._hits(plain, expected)}
    for pattern in identifiers._patterns():
        if not expected and pattern.field_only:
            assert pattern not in tried
        elif any(part in plain.lower() for part in pattern.has):
            continue
        else:
            assert not pattern.regex.search(plain)


@given(st.text(max_size=200))
def test_no_text_is_refused(text):
    assert all(identifiers.matches(*number) for number in (*find(text), *expected(text)))
    assert placeholder(text) in (True, False)


def test_words_in_place_of_a_number_are_listed_once_in_small_letters():
    words = [row["word"] for row in table("number-placeholders.tsv")]
    assert len(words) == len(set(words)) >= 40
    assert all(word == word.casefold().strip() for word in words)


@pytest.mark.slow
@pytest.mark.skipif(not RECORDS.exists(), reason="the real records lie outside the project")
def test_every_number_in_the_real_records_fits_one_pattern():
    rows = [re.compile(row["pattern"], re.ASCII) for row in ROWS]
    seen = set()
    for path in sorted(RECORDS.rglob("*")):
        if path.is_file() and path.name != "README.md":
            text = path.read_bytes().decode("utf-8", errors="replace")
            seen |= {(o.registry, o.number) for o in occurrences(text)}
    assert len(seen) > 1000
    clashes = [n for _, n in sorted(seen) if sum(bool(r.search(n)) for r in rows) != 1]
    assert clashes == []
