"""What form a file has, its bytes tell; its name never does."""

from __future__ import annotations

import io

import openpyxl
import pytest

from kg.sources.files import Source
from kg.sources.forms import told


def workbook() -> bytes:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    return file.getvalue()


FULL = ",".join(["NCT09999901", *(["x"] * 62)])


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b'{"a": 1}', "json"),
        ("\ufeff [1]".encode(), "json"),
        ("\ufeff{}".encode("utf-16-le"), "json"),
        (b"<?xml version='1.0'?><trials/>", "xml"),
        (b"<clinical_study rank='1'/>", "xml"),
        (b"\n <!DOCTYPE html><html></html>", "page"),
        (b"<HTML><BODY>x", "page"),
        (b"<div class='x'><table>", "page"),
        (b"TrialID,Public_title\n", "csv"),
        (b'\xef\xbb\xbf"TrialID","Public title"\n', "csv"),
        (b"TrialID;Public_title\n", "csv"),
        (FULL.encode(), "csv"),
        (workbook(), "workbook"),
        ("注册号:\nChiCTR2699990001".encode(), "text"),
        (b"One, two, three, four and more words, of a title", "text"),
        (b"", "text"),
    ],
)
def test_the_form_is_told_by_the_bytes(data, form):
    assert told(Source.of("misleading.pdf", data)).form == form


def test_a_table_without_a_heading_is_told_by_its_first_number():
    found = told(Source.of("x", FULL.encode()))
    assert (found.delimiter, found.heading) == (",", False)
    assert told(Source.of("x", b"TrialID;x\n")).delimiter == ";"
