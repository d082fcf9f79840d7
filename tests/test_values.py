"""Cleaning of printed values: what is done quickly for most texts is what would be done for all."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import values
from kg.namespaces import folded
from kg.values import PLACEHOLDERS, is_placeholder, narrow, one_line, unprintable

TEXTS = st.text(max_size=40) | st.lists(
    st.sampled_from(
        [
            *" \t\n\x0b\x1c\x85\u00a0\u3000\u200baÉﬁ１无。",
            "N/A",
            "none",
            "Not",
            "applicable",
            "Ｎ／Ａ",
        ]
    ),
    max_size=30,
).map("".join)


def blanks_collapsed(text, blank=" "):
    return re.sub(r"\s+", blank, text)


@given(TEXTS)
def test_one_line_collapses_every_blank(text):
    printable = "".join(c for c in text if not unprintable(c))
    assert one_line(text) == blanks_collapsed(printable).strip()


@given(TEXTS)
def test_the_form_of_digests_is_folded_and_collapsed(text):
    plain = unicodedata.normalize("NFKC", text).casefold()
    assert folded(text) == blanks_collapsed(plain).strip()


@pytest.mark.parametrize("text", ["TBD", "tba", "To be  determined", "TO BE CONFIRMED", "待定"])
def test_a_promise_to_fill_a_field_does_not_fill_it(text):
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["To be determined by the investigator", "see above", "同上", "TBD Pharma"]
)
def test_what_refers_to_something_or_says_more_fills_its_field(text):
    assert not is_placeholder(text)


@given(TEXTS | st.sampled_from(sorted(PLACEHOLDERS)).map(lambda word: f" {word.upper()}\n"))
def test_a_placeholder_is_a_word_of_the_table_however_long_its_blanks_are(text):
    plain = blanks_collapsed(narrow(text).strip().casefold(), "\u00a0")
    assert is_placeholder(text) == (plain in PLACEHOLDERS)


def test_a_placeholder_may_be_padded():
    assert is_placeholder("not" + " " * 500 + "applicable")
    assert not is_placeholder("not" + " " * 500 + "applicable to this trial")


def test_dates_and_stamps_may_be_full_width():
    assert values.stamp("2026－06－25 09：40：03") == "2026-06-25T09:40:03+08:00"
    assert values.iso_day("２０２６-０６-２５").text == "2026-06-25"
    assert values.day_first("２５/０６/２０２６").text == "2026-06-25"
    assert values.english_date("June ２, ２０２６").text == "2026-06-02"
