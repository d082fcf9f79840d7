"""Hostile files beside a good one: each refused in words, the good one built, memory bounded."""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import AS_OF, SAMPLES

pytestmark = pytest.mark.slow  # one build of everything hostile, and it is large

GOOD = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
SECRET = "root-secret-outside-the-input"

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE clinical_study [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(8))
    + "]><clinical_study><id_info><nct_id>NCT09999901</nct_id></id_info>"
    + "<brief_title>&i;</brief_title></clinical_study>"
)


def bomb() -> bytes:
    """A zip archive of 5 MB that unpacks to 1 GB."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("huge.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(1024):
            member.write(b"0" * 1024**2)
    return file.getvalue()


def workbook_of_formulas() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["TrialID", "Public title"])
    book.active.append(["NCT09999902", '=WEBSERVICE("http://127.0.0.1:9/")'])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def files(folder: Path) -> dict[str, bytes]:
    (folder.parent / "outside.txt").write_text(SECRET)
    external = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{folder.parent}/outside.txt">]>'
    study = '{"protocolSection": {"identificationModule": {"nctId": "../../NCT09999903"}}}'
    return {
        "entities.xml": ENTITIES.encode(),
        "external.xml": f"{external}<clinical_study><a>&x;</a></clinical_study>".encode(),
        "bomb.zip": bomb(),
        "deep.json": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "deep.xml": b"<trials>" + b"<a>" * 100_000,
        "field.csv": b'TrialID,Public_title\nNCT09999904,"' + b"x" * 20_000_000 + b'"\n',
        "formulas.xlsx": workbook_of_formulas(),
        "climbing.json": study.encode(),
        "line.txt": b"x" * 100_000_000,
        "nested.gz": gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x")))),
        "wrong-types.json": b'{"protocolSection": {"identificationModule": ["NCT09999905"]}}',
        "page.html": b"<html><title>Sign in</title><input type='password'></html>",
        "binary.bin": bytes(range(256)) * 100,
        "empty.txt": b"",
        "halves.json": rb'{"protocolSection": {"identificationModule": {"nctId": "NCT09999906",'
        rb' "briefTitle": "half \ud800 a word"}, "\udfffModule": {"\ud800": "x"}},'
        rb' "derivedSection": {"miscInfoModule": {"versionHolder": "2026-09-15"}},'
        rb' "hasResults": false}',
        "hidden.xml": b'<?xml version="1.0" encoding="utf-7"?><trials/>',
        "undefined.html": b'<meta charset="undefined"><title>Search</title>',
        "elements.xml": b"<clinical_study>" + b"<a/>" * 1_100_000 + b"</clinical_study>",
        "open.csv": b'TrialID,Public_title\n"NCT09999907,x\nNCT09999908,y\n',
        "lists.json": b'{"a": [' + b"[]," * 3_000_000 + b"[]]}",
    }


@pytest.fixture(scope="module")
def done(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.CompletedProcess[str], Path, int]:
    folder = tmp_path_factory.mktemp("hostile") / "in"
    folder.mkdir()
    for name, data in files(folder).items():
        (folder / name).write_bytes(data)
    shutil.copy(GOOD, folder / "good.txt")
    os.mkfifo(folder / "pipe")
    (folder / "itself").symlink_to(folder / "itself")
    out = folder.parent / "out"
    code = (
        "import sys\n"
        "from kg.running.stages import peak_memory\n"
        "sys.argv = ['kg', 'build', *sys.argv[1:]]\n"
        "import atexit\n"
        "peak = lambda: print('PEAK', peak_memory() * 1024)\n"
        "atexit.register(peak)\n"
        "from kg.cli import run\n"
        "run()\n"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(folder), "-o", str(out), "--as-of", AS_OF],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
        check=False,
    )
    peak = int(re.search(r"PEAK (\d+)", made.stdout)[1])  # type: ignore[index]
    return made, out, peak


def states(out: Path) -> dict[str, tuple[str, str]]:
    with (out / "files.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["file"].partition("!")[0]: (row["state"], row["reason"]) for row in rows}


def test_the_good_file_is_built_and_no_traceback_is_shown(done):
    made, out, _ = done
    assert made.returncode == 1, made.stderr
    assert "Traceback" not in made.stderr
    assert states(out)["good.txt"] == ("built", "")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("entities.xml", "entities"),
        ("external.xml", "entities"),
        ("bomb.zip", "zip bomb"),
        ("deep.json", "deep"),
        ("deep.xml", "deep"),
        ("field.csv", "larger than"),
        ("line.txt", "one line"),
        ("nested.gz", "inside each other"),
        ("page.html", "login"),
        ("binary.bin", "binary"),
        ("empty.txt", "empty"),
        ("climbing.json", "names no record"),
        ("wrong-types.json", "number|nctId"),
        ("hidden.xml", "utf-7"),
        ("undefined.html", "web page"),
        ("elements.xml", "1000000 elements"),
        ("open.csv", "never closed"),
        ("lists.json", "objects and lists"),
        ("pipe", "pipe or device"),
        ("itself", "leads to no file"),
    ],
)
def test_each_hostile_file_is_refused_with_its_reason(done, name, words):
    _, out, _ = done
    state, reason = states(out)[name]
    assert state == "refused"
    assert re.search(words, reason), reason


def test_halves_of_characters_are_left_out_of_a_graph_that_is_built(done):
    _, out, _ = done
    assert states(out)["halves.json"][0] == "built"
    assert "characters removed" in (out / "issues.jsonl").read_text(encoding="utf-8")


def test_a_formula_is_no_title(done):
    _, out, _ = done
    graph = (out / "graph.nq").read_text(encoding="utf-8")
    assert "WEBSERVICE" not in graph
    assert "formula" in (out / "issues.jsonl").read_text(encoding="utf-8")


def test_nothing_outside_the_input_is_read_or_written(done):
    _, out, _ = done
    for path in out.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()
    assert sorted(p.name for p in out.parent.iterdir()) == [
        ".out.cache.sqlite",
        "in",
        "out",
        "outside.txt",
    ]


def test_memory_stays_bounded(done):
    _, _, peak = done
    assert peak < 900 * 1024  # KiB; a bomb, a deep tree and a long line would need gigabytes
