"""The five records this project starts from, built as a user builds them. Skips without them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

import kg

GIVEN = Path(__file__).parent.parent.parent / "shared" / "records" / "given"
pytestmark = pytest.mark.skipif(
    not GIVEN.is_dir(), reason="the given records lie outside the project and are not here"
)
A, B, C, D = "ChiCTR2600127123", "ChiCTR2600122712", "ChiCTR2500105227", "ChiCTR2600120525"
AS_OF = "2026-11-22"


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given") / "out"
    done = run("build", GIVEN, "-o", folder, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def graph(out):
    return kg.open(out)


def test_counts(graph):
    counts = graph.manifest["counts"]
    expected = {
        "trials": 5,
        "records": 5,
        "people": 12,
        "organizations": 15,
        "ethics committees": 3,
        "ethics approvals": 4,
        "sites": 14,
        "arms": 7,
        "outcomes": 14,
        "specimens": 8,
        "person mentions": 15,
    }
    assert {name: counts[name] for name in expected} == expected


def test_the_four_registration_numbers(graph):
    rows = graph.query("SELECT ?n { ?r tkg:registrationNumber ?n } ORDER BY ?n")
    assert [row["n"] for row in rows] == sorted([A, B, C, D])


def test_one_committee_approved_two_trials(graph):
    rows = graph.query(
        "SELECT ?committee (COUNT(DISTINCT ?trial) AS ?n) { ?trial tkg:approvedBy ?committee } "
        "GROUP BY ?committee ORDER BY ?n"
    )
    assert [row["n"] for row in rows] == [1, 1, 2]


def test_every_hospital_of_the_multicentre_trial_has_names_province_and_level(graph):
    rows = list(
        graph.query(
            "SELECT DISTINCT ?site ?zh ?en ?province ?level { "
            f"?r tkg:registrationNumber ?n ; tkg:hasSiteParticipation ?site "
            f'FILTER(?n IN ("{B}", "{D}")) '
            "?site tkg:siteOrganization ?m ; dcterms:spatial ?province ; "
            "tkg:institutionLevel ?level . ?m tkg:nameAsGiven ?zh, ?en "
            'FILTER(LANG(?zh)="zh" && LANG(?en)="en") }'
        )
    )
    assert len(rows) == 11
    assert {row["level"].rsplit("/", 1)[1] for row in rows} == {"tertiary-a"}
    assert len({row["province"] for row in rows}) == 8


def test_sample_sizes(graph):
    rows = graph.query(
        "SELECT ?n ?size { ?r tkg:registrationNumber ?n ; tkg:hasArm ?arm "
        "OPTIONAL { ?arm tkg:armSize ?size } }"
    )
    sizes = Counter((row["n"], row["size"]) for row in rows)
    assert sizes == {(A, 75): 2, (B, 52): 2, (C, 60): 1, (D, 150): 1, (D, None): 1}


def test_the_hospital_printed_most_is_one_with_all_its_spellings(graph):
    rows = list(graph.query("organization-names"))
    most, _ = Counter(row["organization"] for row in rows).most_common(1)[0]
    spellings = {row["name"] for row in rows if row["organization"] == most}
    assert len({s for s in spellings if re.search("[一-鿿]", s)}) == 1
    assert len(spellings) >= 3
    assert all(row["version"] for row in rows)


def test_first_and_second_hospital_of_a_university_are_apart(graph):
    rows = list(
        graph.query(
            "SELECT DISTINCT ?org ?name { ?m tkg:refersTo ?org ; tkg:nameAsGiven ?name "
            'FILTER(REGEX(?name, "附属第[一二]医院$")) }'
        )
    )
    names = {}
    for row in rows:
        names.setdefault(row["org"], set()).add(row["name"][-5:])
    assert sorted(map(len, names.values())) == [1, 1]
    assert len(set.union(*names.values())) == 2


def test_nothing_is_unread_and_every_word_is_known(out):
    issues = [json.loads(line) for line in (out / "issues.jsonl").read_text().splitlines()]
    assert not [i for i in issues if i["kind"] != "left out"], issues


def test_the_clinconnect_page(graph):
    (row,) = graph.query(
        "SELECT ?r ?status ?criteria ?date { ?r tkg:publishedBy registry:clinconnect ; "
        "tkg:recruitmentStatus ?status ; tkg:criteriaText ?criteria . "
        "?v tkg:versionOf ?r ; tkg:lastRefreshed ?date "
        "FILTER NOT EXISTS { ?r tkg:registrationNumber ?n } }"
    )
    assert row["status"].endswith("/recruiting")
    assert row["date"] == "2025-06-06"
    assert "\n" in row["criteria"]
    (leader,) = graph.query(
        "SELECT DISTINCT ?name ?where { ?r tkg:publishedBy registry:clinconnect ; "
        "tkg:hasRoleAssignment ?a . ?a tkg:role role:principal-investigator ; tkg:agent ?m . "
        "?m tkg:nameAsGiven ?name ; tkg:affiliation/tkg:nameAsGiven ?where }"
    )
    assert leader["name"] == "Ming Shi"
    assert leader["where"].startswith("the Fifth Medical Center")


def contacts_of_the_given_records() -> set[str]:
    """Phones (digits), e-mails and addresses that the given pages print, however grouped."""
    found = set()
    for path in GIVEN.glob("*.txt"):
        lines = path.read_text(encoding="utf-8").split("\n")
        text = "\n".join(lines)
        found |= set(re.findall(r"[\w.]+@[\w.]+", text))
        found |= {
            digits
            for phone in re.findall(r"\+86[ 0-9]{7,}", text)
            if len(digits := re.sub(r"\D", "", phone)[2:]) >= 8
        }
        for n, line in enumerate(lines):
            if re.search(r"(地址|[Aa]ddress)[^:]*:$", line):
                value = next((v for v in lines[n + 1 : n + 3] if v.strip()), "")
                if value and not value.rstrip().endswith(":"):
                    found.add(value.strip())
    return found


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_no_contact_is_anywhere_below_out(out):
    wanted = contacts_of_the_given_records()
    assert len(wanted) > 20
    for path in files(out):
        text = path.read_bytes().decode("utf-8", "replace")
        digits = re.sub(r"(?<=\d)[\s().-]{0,3}(?=\d)", "", text)
        for contact in wanted:
            assert contact not in text, (path, contact)
            if contact.isdigit():
                assert not re.search(rf"(?<!\d)(?:(?:00)?86)?{contact}(?!\d)", digits), (
                    path,
                    contact,
                )


def test_contacts_on_request_are_in_graphs_of_their_own(tmp_path):
    folder = tmp_path / "out"
    done = run("build", GIVEN, "-o", folder, "--as-of", AS_OF, "--contacts")
    assert done.returncode == 0, done.stderr
    wanted = contacts_of_the_given_records()
    emails = {c for c in wanted if "@" in c}
    lines = (folder / "graph.nq").read_text(encoding="utf-8").split("\n")
    inside = [line for line in lines if "/contacts> ." in line]
    outside = "\n".join(line for line in lines if "/contacts> ." not in line)
    assert all(any(e in line for line in inside) for e in emails)
    assert not any(c in outside for c in wanted if not c.isdigit())
    turtle = (folder / "graph.ttl").read_text(encoding="utf-8")
    assert not any(e in turtle for e in emails)


def text_of(path: Path) -> str:
    """A file as text, Markdown without its escapes; of a workbook, its parts one by one."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8").replace("\\", "")
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def test_a_build_is_the_same_bytes_again_in_any_order_and_from_a_renamed_copy(out, tmp_path):
    given = sorted(GIVEN.glob("*.txt"))
    again, renamed, copies = tmp_path / "again", tmp_path / "renamed", tmp_path / "copies"
    reverse = [str(p) for p in reversed(given)]
    done = run("build", *reverse, "-o", again, "--as-of", AS_OF, PYTHONHASHSEED="77")
    assert done.returncode == 0, done.stderr
    copies.mkdir()
    names = {}
    for n, path in enumerate(given):
        names[path.name] = f"{'zyxwv'[n]}.page"
        (copies / names[path.name]).write_bytes(path.read_bytes())
    done = run("build", copies, "-o", renamed, "--as-of", AS_OF, PYTHONHASHSEED="3")
    assert done.returncode == 0, done.stderr
    relative = [p.relative_to(out) for p in files(out) if "store" not in p.parts]
    assert relative == [p.relative_to(again) for p in files(again) if "store" not in p.parts]
    relative.remove(Path("run.json"))  # how long it took
    for path in relative:
        assert (out / path).read_bytes() == (again / path).read_bytes(), path
        text = text_of(out / path)
        for old, new in names.items():
            text = text.replace(old, new)
        assert text == text_of(renamed / path), path
