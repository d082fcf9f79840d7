"""A list of any length is read one study at a time, in whatever it is packed."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import later

from kg.issues import Issue
from kg.reading.extraction import Extraction, extractions
from kg.sources.files import Source, sources

MANY = 20_000
# Measured in November 2026: after the first 500, 20,000 small studies raise the peak of the process
# by less than 1 MB; held together they would be 100 MB and more.
MOST_GROWTH = 24 * 1024  # KiB
LARGE = 800
RESULTS = "An invented result of nothing at all. " * 800  # 30 KB: together they are 24 MB
# Measured in November 2026: 5 MB at the peak, 12 MB where an archive is unpacked (8 MB of it in
# memory, the rest in a file).
MOST = 16 * 1024**2

READS_ALL = """
import resource, sys
from pathlib import Path
from kg.reading.extraction import Extraction, extractions
from kg.sources.files import sources

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

before = count = 0
for source in sources([Path(sys.argv[1])]):
    for found in extractions(source):
        assert isinstance(found, Extraction) and found.record is not None
        count += 1
        if count == 500:
            before = peak()
print(count, found.record.local_id, peak() - before)
"""


def study(n: int, results: str = "") -> str:
    return json.dumps(
        {
            "protocolSection": {
                "identificationModule": {"nctId": f"NCT{n:08}", "briefTitle": f"Example {n}"},
            },
            "resultsSection": {"moreInfoModule": {"limitationsAndCaveats": results}},
            "hasResults": False,
        }
    )


def as_list(many: int, results: str = "") -> Iterator[str]:
    yield "["
    for n in range(1, many + 1):
        yield ("," if n > 1 else "") + study(n, results)
    yield "]"


def as_answer(many: int, results: str) -> Iterator[str]:
    yield '{"totalCount": 800, "studies": '
    yield from as_list(many, results)
    yield ', "nextPageToken": "x"}'


def as_lines(many: int, results: str) -> Iterator[str]:
    for n in range(1, many + 1):
        yield study(n, results) + "\n"


def plain(path: Path, text: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(text)


def gzipped(path: Path, text: Iterator[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(text)


def zipped(path: Path, text: Iterator[str]) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("studies.json", "w") as member,
        io.TextIOWrapper(member, encoding="utf-8") as file,
    ):
        file.writelines(text)


@pytest.mark.slow
def test_twenty_thousand_studies_are_never_in_memory_together(tmp_path: Path):
    path = tmp_path / "studies.json"
    plain(path, as_list(MANY))
    done = subprocess.run(
        [sys.executable, "-c", READS_ALL, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    count, last, growth = done.stdout.split()
    assert (int(count), last) == (MANY, f"NCT{MANY:08}")
    assert int(growth) < MOST_GROWTH, f"{int(growth) / 1024:.1f} MB"


@pytest.mark.parametrize(
    ("form", "packed"),
    later((as_answer, zipped), (as_list, plain), (as_list, gzipped), (as_lines, gzipped)),
    ids=["answer-zip", "list", "list-gz", "lines-gz"],
)
def test_large_studies_are_read_one_at_a_time_in_whatever_they_are_packed(
    tmp_path: Path,
    form: Callable[[int, str], Iterator[str]],
    packed: Callable[[Path, Iterator[str]], None],
):
    path = tmp_path / "studies"
    packed(path, form(LARGE, RESULTS))
    last, count = "", 0
    tracemalloc.start()
    try:
        for source in sources([path]):
            assert isinstance(source, Source)
            for found in extractions(source):
                assert isinstance(found, Extraction)
                assert found.record is not None
                last = found.record.local_id
                count += 1
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (count, last) == (LARGE, f"NCT{LARGE:08}")
    assert peak < MOST, f"{peak / 1024**2:.1f} MB"


def read(text: str) -> list[Extraction | Issue]:
    return list(extractions(Source.of("studies.json", text.encode())))


def kinds(found: list[Extraction | Issue]) -> list[str]:
    return [
        (one.record.local_id if one.record else "") if isinstance(one, Extraction) else one.kind
        for one in found
    ]


def test_a_broken_line_of_json_lines_costs_that_line_only():
    lines = [study(1), '{"protocolSection": {"identificationModule": tru', study(2), study(3)]
    found = read("\n".join(lines))
    assert kinds(found) == ["NCT00000001", "unreadable", "NCT00000002", "NCT00000003"]
    (issue,) = (one for one in found if isinstance(one, Issue))
    assert issue.line == 2


def test_broken_lines_before_the_first_record_are_told_each():
    found = read("\n".join(["{broken", "[[too]]", study(1)]))
    assert kinds(found) == ["unreadable", "unreadable", "NCT00000001"]
    assert [one.line for one in found if isinstance(one, Issue)] == [1, 2]


def test_a_file_in_which_no_line_is_json_is_told_once():
    (issue,) = read("[[waive]]\nrule = 1\n\n[[waive]]\nrule = 2\n")
    assert isinstance(issue, Issue)
    assert (issue.kind, issue.line) == ("not a record", 1)
    assert issue.expected.startswith("text that begins as JSON does and is none")


def test_a_list_that_ends_too_early_gives_what_stands_before_its_end():
    text = f"[{study(1)}, {study(2)}, {study(3)[:50]}"
    assert kinds(read(text)) == ["NCT00000001", "NCT00000002", "page cut"]


def test_an_object_that_is_no_study_is_named_and_its_neighbours_are_read():
    text = f'[{study(1)}, {{"error": "not found"}}, {study(2)}]'
    assert kinds(read(text)) == ["NCT00000001", "NCT00000002", "not a record"]


def test_an_answer_without_studies_is_an_empty_answer():
    for text in ('{"studies": []}', "[]", '{"studies": [], "totalCount": 0}'):
        (issue,) = read(text)
        assert isinstance(issue, Issue)
        assert issue.kind == "not a record"
        assert "empty" in issue.expected


def test_a_study_may_bear_a_number_that_was_counted_up_from_zero():
    assert kinds(read(study(1234567))) == ["NCT01234567"]
