"""A graph of people: no telephone, e-mail, fax or street address is in any output or message."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import AS_OF, SAMPLES, called, extracted

from kg.contacts.forms import CONTACT
from kg.contacts.masking import Channel, emails, phones
from kg.statements import crossed

_CONTACT_LABEL = re.compile(
    r"^(?!共享|数据采集|The way|Data coll).*"
    r"(电话|传真|邮件|邮箱|通讯地址|联系地址|单位地址|具体地址|邮政编码|网址|"
    r"telephone|Fax|fax|E-mail|email|address|Address|postcode|website|phone)[^:：]*[:：]\s*$"
)


@cache
def channel_values() -> dict[str, set[str]]:
    """What the samples print under contact labels, by sort: digits of numbers, e-mails, words."""
    found: dict[str, set[str]] = {"digits": set(), "emails": set(), "words": set()}
    for path in sorted(SAMPLES.rglob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for n, line in enumerate(lines):
            if not _CONTACT_LABEL.match(line):
                continue
            value = next((v.strip() for v in lines[n + 1 : n + 3] if v.strip()), "")
            if not value or value.endswith((":", "：")) or value.startswith("Study leader's"):
                continue  # a blank, and the label below it
            found["emails"].update(emails(value))
            found["digits"].update(p for p in phones(value) if len(p) >= 8)
            if not emails(value) and not phones(value) and len(value) > 7:
                found["words"].add(value)
    for path in sorted(p for p in SAMPLES.rglob("*") if p.is_file()):
        for channel in channels_read(path.read_bytes(), path.name):
            found["emails"].update(emails(channel.value))
            if channel.sort in ("phone", "fax"):
                found["digits"].update(p for p in phones(channel.value) if len(p) >= 8)
            elif channel.sort == "address" and len(channel.value) > 7:
                found["words"].add(channel.value)
        if path.suffix != ".xlsx":
            printed = path.read_text(encoding="utf-8", errors="replace")
            found["emails"].update(e for e in emails(printed) if "example" in e or "0000" in e)
    return found


def channels_read(data: bytes, name: str) -> Iterator[Channel]:
    """Every channel that the extractors read in a file."""
    for found in extracted(data, name):
        if found.record is not None:
            for channels in crossed(found.record).channels.values():
                yield from channels


def held(data: str, wanted: dict[str, set[str]]) -> set[str]:
    """Which of the wanted values a text holds, digits in any grouping."""
    folded = data.casefold()
    digits = re.sub(r"(?<=\d)[\s().-]{1,3}(?=\d)", "", data)
    return (
        {e for e in wanted["emails"] if e in folded}
        | {w for w in wanted["words"] if w.casefold() in folded}
        | wanted["digits"].intersection(numbers_in(digits))
    )


def numbers_in(text: str) -> Iterator[str]:
    """The numbers of a text, not those inside a checksum; with and without the country's."""
    for run in set(re.findall(r"[0-9a-f]{8,}", text)):
        if run.isdecimal():
            yield from (run, run.removeprefix("86"), run.removeprefix("0086"))


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def text_of(path: Path) -> str:
    """What a file says; a workbook is unpacked."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            parts = (book.read(name).decode("utf-8") for name in book.namelist())
            return "\n".join(re.sub(r"<[^>]+>", "\n", part) for part in parts)
    return path.read_bytes().decode("utf-8", "replace")


def test_the_samples_print_contacts_of_every_sort():
    wanted = channel_values()
    assert all(len(values) >= 5 for values in wanted.values()), wanted


def test_no_file_of_a_build_holds_a_contact(built):
    wanted = channel_values()
    names = {path.name for path in files(built)}
    assert names >= {"findings.xlsx", "findings.sarif", "junit.xml", "report.md", "hospital.csv"}
    for path in files(built):
        assert not held(text_of(path), wanted), path


def test_no_text_of_a_build_looks_like_a_contact(built):
    for path in files(built):
        if "store" in path.parts or path.name in ("links.tsv", "lines.tsv", "manifest.json"):
            continue  # identifiers and checksums, checked by value above
        if path.suffix in (".ttl", ".csv", ".jsonl", ".md", ".xml", ".sarif", ".html", ".xlsx"):
            for line in text_of(path).split("\n"):
                bare = re.sub(r"https?://\S+|<[^>]*>|[0-9a-f]{8,64}", "", line)
                assert not re.search(r"[\w.]+@[\w-]+\.\w+", bare), (path, line)


@pytest.mark.parametrize(
    "arguments",
    [
        ("stats", "OUT"),
        ("check", "OUT", "--no-report"),
        *(
            ("check", "OUT", "--no-report", "--format", form)
            for form in ("github", "json", "markdown", "junit", "sarif")
        ),
        ("query", "OUT", "--named", "organization-names", "--format", "csv"),
        ("query", "OUT", "-q", "SELECT * { ?s ?p ?o }", "--format", "csv"),
    ],
)
def test_no_command_prints_a_contact(built, arguments):
    done = called(*(built if a == "OUT" else a for a in arguments))
    assert done.returncode == 0, done.stderr
    assert not held(done.stdout + done.stderr, channel_values())


STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT09999911",
            "briefTitle": "Invented study",
            "call 0571-00000001": {"someone@example.org": "a word"},
        },
        "designModule": {"studyType": "write to someone@example.org"},
        "someone@example.org": ["another word"],
    }
}


def test_labels_and_what_would_be_right_hold_no_contact(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "study.json").write_text(json.dumps(STUDY))
    strange = {"someone@example.org": [{"a": 1}, {"a": 2}]}
    (tmp_path / "in" / "strange.json").write_text(json.dumps(strange))
    (tmp_path / "in" / "table.csv").write_text(
        "TrialID,Public_title,Source_Register,someone@example.org,Tel 0571-00000001\n"
        "KCT0269998,Invented study,CRIS,a word,another\n"
    )
    (tmp_path / "in" / "page.txt").write_text(
        "Summary\nEudraCT Number: 2026-099999-10\n"
        "National Competent Authority: Poland - Office, someone@example.org\n"
        "A. Protocol Information\n"
        "A.1 Member State Concerned: Poland - Other Office, call 0571-00000001\n"
        "A.2 EudraCT number: 2026-099999-10\n"
    )
    out = tmp_path / "out"
    done = called("build", tmp_path / "in", "-o", out, "--as-of", AS_OF)
    assert "Traceback" not in done.stderr
    issues = (out / "issues.jsonl").read_text()
    assert "identificationModule.call [contact removed]" in issues
    assert "A.1 says Poland - Other Office, call [contact removed]" in issues
    said = [done.stdout, done.stderr]
    for path in (tmp_path / "in").iterdir():
        shown = called("extract", path)
        said += (shown.stdout, shown.stderr)
    assert "unread" in "".join(said)
    cache = tmp_path / ".out.cache.sqlite"
    said += [path.read_bytes().decode("utf-8", "replace") for path in (*files(out), cache)]
    for text in said:
        assert "someone@" not in text
        assert "0571-0" not in text


def test_an_address_of_the_record_is_in_no_issue(tmp_path):
    """The record's own channels are known when all of it is read; an issue shows values before."""
    street = "Invented Lane near the Market"
    row = {
        "TrialID": "KCT0269997",
        "Public_title": "Invented study",
        "Source_Register": "CRIS",
        "Contact_Firstname": "Jia Wang",
        "Contact_Address": street,
        "Recruitment_Status": f"see {street}",
        "Target_size": street,
    }
    text = io.StringIO()
    csv.writer(text).writerows([row, row.values()])
    (tmp_path / "x.csv").write_text(text.getvalue())
    out = tmp_path / "out"
    called("build", tmp_path / "x.csv", "-o", out, "--as-of", AS_OF)
    assert "bad value" in (out / "issues.jsonl").read_text()
    for path in files(out):
        assert street not in text_of(path), path
    assert street not in called("extract", tmp_path / "x.csv").stdout


def test_extract_shows_kinds_of_channels_and_no_values():
    wanted = channel_values()
    for path in sorted(p for p in SAMPLES.rglob("*") if p.is_file())[::3]:
        done = called("extract", path)
        assert not held(done.stdout + done.stderr, wanted), path
        assert not CONTACT.search(re.sub(r"[0-9a-f]{64}", "", done.stdout)), path


@pytest.mark.slow
def test_on_request_contacts_are_in_graphs_of_their_own_and_nowhere_else(tmp_path):
    out = tmp_path / "out"
    done = called("build", SAMPLES, "-o", out, "--as-of", AS_OF, "--contacts")
    assert done.returncode == 0, done.stderr
    wanted = channel_values()
    lines = (out / "graph.nq").read_text(encoding="utf-8").split("\n")
    inside = "\n".join(line for line in lines if line.endswith("/contacts> ."))
    outside = "\n".join(line for line in lines if not line.endswith("/contacts> ."))
    shown = held(inside, wanted)
    assert all(len(shown & wanted[sort]) >= 5 for sort in wanted), shown
    assert not held(outside, wanted)
    for path in files(out):
        keeps_graphs = path.name in ("graph.nq", "graph.trig", "graph.jsonld")
        if not keeps_graphs and "store" not in path.parts:
            text = path.read_bytes().decode("utf-8", "replace")
            assert not held(text, wanted), path
