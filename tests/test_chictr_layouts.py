"""One page of the Chinese registry in all its layouts: the same statements, provenance apart."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from chictr_layouts import LAYOUTS, NOT_IN_ENGLISH, rendered, statements, without
from conftest import AS_OF, ROOT, SAMPLES, called, ending, extracted
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.extractors import chictr, chictr_html, page_extractor
from kg.extractors.chictr_form import FORM
from kg.sources.pages import scan
from kg.sources.trees import Raw
from kg.statements import crossed

SHARED = ROOT.parent / "shared" / "records"
REAL = SHARED / "chictr" / "ChiCTR2400084905_showproj.html"
SAMPLE = SAMPLES / "chictr" / "repeated-sites-html.html"
SOURCE = SAMPLE.read_text(encoding="utf-8")
GLUED = (SAMPLES / "chictr" / "repeated-sites-glued.txt").read_text(encoding="utf-8")
PIPE = (SAMPLES / "chictr" / "repeated-sites-pipe.txt").read_text(encoding="utf-8")
AMCTR = (SAMPLES / "chictr" / "amctr-cancelled-pipe.txt").read_text(encoding="utf-8")
CENTRES = (SAMPLES / "chictr" / "multicentre-two-leaders-web-en.txt").read_text(encoding="utf-8")

needs_the_real_page = pytest.mark.skipif(
    not REAL.is_file(), reason="the real page lies outside the project and is not here"
)
PAGES = [
    pytest.param(SAMPLE, id="sample"),
    pytest.param(REAL, id="real", marks=needs_the_real_page),
]
COPIES = [
    pytest.param(path, id=path.name) for path in sorted((SHARED / "chictr_excerpts").glob("*.txt"))
]


def raw_of(text: str) -> Raw:
    (raw,) = chictr.raws(text)
    return raw


def read(text: str):
    (found,) = extracted(text)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("page", PAGES)
def test_every_layout_of_one_page_gives_the_same_statements(page: Path, layout: str) -> None:
    raw = raw_of(page.read_text(encoding="utf-8"))
    text = rendered(raw.tree, layout)
    assert page_extractor(text) is not None
    copy = raw_of(text)
    assert copy.layout == layout.removesuffix("-unlined").removesuffix("-rows")
    # The English template has no place for these, the public page none for its version.
    there = without(raw.tree, *NOT_IN_ENGLISH) if layout.endswith("EN") else raw.tree
    here = without(copy.tree, "版本", "版本创建时间")
    expected = statements(there, raw.registry)
    assert len(expected) > 100
    assert statements(here, copy.registry) == expected
    assert not [note for note in copy.notes if note.kind == "page cut"]


def test_the_samples_of_one_page_are_copies_of_it() -> None:
    tree = raw_of(SOURCE).tree
    assert (rendered(tree, "glued"), rendered(tree, "pipe")) == (GLUED, PIPE)


def test_line_ends_inside_a_cell_of_the_source_mean_nothing() -> None:
    spread = re.sub(r"(?<=[\u4e00-\u9fff])</p>", "\n      </p>", SOURCE)
    assert spread != SOURCE
    assert statements(raw_of(spread).tree, "chictr") == statements(raw_of(SOURCE).tree, "chictr")


def test_what_the_site_escapes_twice_is_one_character() -> None:
    """Else one hospital is two, and a semicolon cuts a name."""
    plain = SOURCE.replace("Chengjiang Example", "Chengjiang Children's")
    twice = plain.replace("Children's", "Children&amp;#39;s").replace("Cen X", "Cen&amp;#32;X")
    assert twice.count("&amp;#") > 1
    expected = statements(raw_of(plain).tree, "chictr")
    assert statements(raw_of(twice).tree, "chictr") == expected
    copy = rendered(raw_of(plain).tree, "web-CN").replace("Children's", "Children&#39;s")
    assert statements(raw_of(copy.replace("Cen X", "Cen&#32;X")).tree, "chictr") == expected


def test_every_label_of_the_source_knows_its_line() -> None:
    lines = SOURCE.split("\n")
    tree = raw_of(SOURCE).tree
    assert "注册题目：" in lines[tree["注册题目"].line - 1]
    assert "Recruiting status" in lines[tree["Recruiting status"].line - 1]
    assert [lines[site["国家"].line - 1].count("国家") for site in tree["sites"]] == [1] * 4


def test_the_source_is_told_by_its_content_and_its_cells() -> None:
    assert page_extractor(SOURCE) is not None
    assert page_extractor(SOURCE.replace("ChiCTR2699990040", "none")) is None
    assert raw_of(SOURCE.replace(' class="left_title"', "")).tree == raw_of(SOURCE).tree


def test_what_stands_in_scripts_and_comments_is_not_read() -> None:
    hidden = SOURCE.replace("</tbody>", "<!-- <td>性别：</td><td>女性</td> --></tbody>")
    assert hidden != SOURCE
    assert statements(raw_of(hidden).tree, "chictr") == statements(raw_of(SOURCE).tree, "chictr")


CRITERIA = SOURCE[SOURCE.index('<p class="cn brRep">1. 年龄') :].partition("</td>")[0]


@pytest.mark.parametrize(
    "shown", [pytest.param("", id="as sent"), pytest.param(CRITERIA, id="saved by a browser")]
)
def test_a_value_that_a_script_of_the_page_shows_is_read_once(shown: str) -> None:
    text = re.sub(r"<[^>]+>\s*", "\n", CRITERIA)
    raw = f'<textarea style="display:none;" class="raw-content">\n {text}\n </textarea>{shown}'
    assert SOURCE.count(CRITERIA) == 1
    page = SOURCE.replace(CRITERIA, f'{raw}<p class="cn brRep" id="handleText"></p>')
    assert statements(raw_of(page).tree, "chictr") == statements(raw_of(SOURCE).tree, "chictr")


def test_what_a_script_shows_beside_something_else_is_kept_with_it() -> None:
    page = SOURCE.replace(CRITERIA, f"<textarea>BMI<18 &amp; more</textarea>{CRITERIA}")
    assert raw_of(page).tree["纳入标准"].text.startswith("BMI<18 & more\n1. 年龄")


def test_a_new_label_of_the_source_is_reported_and_never_part_of_a_value() -> None:
    row = '<tr><td class="left_title"><p>新栏目</p><p>New field</p></td><td>一</td></tr>\n'
    at = SOURCE.index(
        '                            <tr class="cn">', SOURCE.index("注册号状态") - 400
    )
    found = read(SOURCE[:at] + row + SOURCE[at:])
    assert {i.field for i in found.issues if i.kind == "unknown label"} == {"新栏目", "New field"}
    assert found.record.registration_date == read(SOURCE).record.registration_date._replace()


def test_a_label_in_a_value_cell_is_text() -> None:
    criteria = read(SOURCE).record.inclusion_criteria.zh.value
    assert "排除标准：" in criteria
    assert not read(SOURCE).issues


def test_a_label_in_glued_free_text_is_text_and_reported() -> None:
    found = read(GLUED)
    assert "排除标准:" in found.record.inclusion_criteria.zh.value
    assert [(i.kind, i.field) for i in found.issues] == [("label out of place", "排除标准")]


@pytest.mark.parametrize(
    "words", ["性别:不限。", "国家:不限。", "Type: any. ", "Note: see below. "]
)
def test_words_of_the_form_in_glued_criteria_move_no_field(words: str) -> None:
    tree = raw_of(SOURCE).tree
    cell = tree["Exclusion criteria"]
    spoken = {**tree, "Exclusion criteria": cell._replace(text=f"{cell.text} {words}{cell.text}")}
    copy = raw_of(rendered(spoken, "glued"))
    assert statements(copy.tree, "chictr") == statements(spoken, "chictr")


def test_a_glued_copy_in_one_line_is_read_too() -> None:
    flat = " ".join(GLUED.split())
    assert statements(raw_of(flat).tree, "chictr") == statements(raw_of(GLUED).tree, "chictr")


def test_a_label_that_the_cell_mark_cuts_off_is_known() -> None:
    assert "研究负责人电话:\nStudy leader's |" in PIPE
    found = read(PIPE)
    assert not found.issues
    assert not found.unread


def test_words_of_free_text_do_not_make_a_page_glued() -> None:
    assert raw_of(CENTRES).layout == "web-EN"
    noisy = CENTRES.replace("1. 年龄", "性别: 不限; 盲法: 无; 1. 年龄", 1)
    assert noisy != CENTRES
    assert raw_of(noisy).layout == "web-EN"


def test_amctr_prints_its_code_before_an_answer_and_it_is_dropped() -> None:
    found = read(AMCTR)
    assert not found.issues
    record = found.record
    assert (record.publisher, record.local_id) == ("amctr", "AMCTR-IOR-26999901")
    assert record.declared_timing.value == ("retrospective",)
    assert record.study_type.value == ("interventional",)
    assert record.registration_date.value.text == "2026-03-04"
    (other,) = record.secondary_identifiers
    assert (other.registry, other.notation.value) == ("chictr", "ChiCTR2699990041")


def test_an_unlined_form_without_a_sponsor_loses_nothing() -> None:
    record = read(AMCTR).record
    assert [r.role for r in record.roles].count("sponsor") == 0
    assert {said.value for said in record.told_by} >= {"中国", "China", "广东", "Guangdong"}


@pytest.mark.parametrize("text", [SOURCE, GLUED, PIPE], ids=["html", "glued", "pipe"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
def test_a_cut_copy_is_read_to_the_cut_and_says_so(text: str, share: float) -> None:
    whole, cut = read(text).record, read(text[: int(len(text) * share)])
    assert "page cut" in [issue.kind for issue in cut.issues]
    assert {s.key for s in cut.record.sites} <= {s.key for s in whole.sites}
    assert {r.key for r in cut.record.roles} <= {r.key for r in whole.roles}


@needs_the_real_page
def test_the_real_page_gives_32_hospitals_of_43_rows_and_loses_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = called("build", REAL, "-o", out, "--no-check", "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    graph = kg.open(out)
    (row,) = graph.query(
        "SELECT (COUNT(DISTINCT ?site) AS ?sites) (COUNT(DISTINCT ?org) AS ?hospitals) { "
        "?r tkg:hasSiteParticipation ?site . ?site tkg:siteOrganization/tkg:refersTo ?org }"
    )
    assert (row["sites"], row["hospitals"]) == (43, 32)
    (row,) = graph.query(
        "SELECT (COUNT(DISTINCT ?c) AS ?committees) (COUNT(DISTINCT ?n) AS ?numbers) "
        "(COUNT(DISTINCT ?arm) AS ?arms) { ?r tkg:hasEthicsApproval ?e ; tkg:hasArm ?arm . "
        "?e tkg:approvalNumber ?n ; tkg:committee/tkg:refersTo ?c }"
    )
    assert (row["committees"], row["numbers"], row["arms"]) == (1, 2, 4)
    assert_nothing_is_lost(out)
    assert (out / "issues.jsonl").read_text(encoding="utf-8") == ""


def assert_nothing_is_lost(out: Path) -> None:
    with (out / "accounts.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert rows
    assert [row["path"] for row in rows if int(row["lost"]) or int(row["unread"])] == []


def test_nothing_of_the_samples_is_lost(tmp_path: Path) -> None:
    out = tmp_path / "out"
    files = [SAMPLE, *sorted((SAMPLES / "chictr").glob("*-pipe.txt"))]
    files += sorted((SAMPLES / "chictr").glob("*-glued.txt"))
    done = called("build", *files, "-o", out, "--no-check", "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    assert_nothing_is_lost(out)


@pytest.mark.skipif(not COPIES, reason="the real excerpts lie outside the project")
@pytest.mark.parametrize("path", COPIES)
def test_a_real_excerpt_is_read_up_to_its_cut(path: Path) -> None:
    number, kind = path.stem.split("_")[:2]
    layouts = {"hv": "hv-CN", "hvEN": "hv-EN", "web": "web-CN", "itmctr": "web-EN"}
    found = read(path.read_text(encoding="utf-8"))
    assert found.record.local_id == number
    expected = layouts.get(kind, kind.removeprefix("amctr-"))
    assert found.record.version.layout == expected
    assert [issue.kind for issue in found.issues] == ["page cut"]
    assert not found.unread
    assert len(found.record.roles) == 2
    assert found.record.declared_timing.value


def test_a_list_of_search_results_is_no_record() -> None:
    page = '<html><table class="table1"><tr><td>注册号：</td><td>ChiCTR2699990001</td></tr></table>'
    assert page_extractor(page.replace("：", "")) is None


HOSTILE = ["<", "<!--", "<table>", "<td>", "<table><td>", "</td></table>", '<a b="', "<script>"]


@pytest.mark.parametrize("piece", [*HOSTILE, "<![CDATA[", "</", "<?", "&", "<td class=", "\n"])
def test_a_hostile_page_takes_time_in_proportion_to_its_length(piece: str) -> None:
    head = SOURCE[: SOURCE.index("注册号状态")]
    with ending():
        found = read(head + piece * 50_000)
    assert found.record.local_id == "ChiCTR2699990040"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_reading_a_damaged_copy_never_raises(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([SOURCE, GLUED, PIPE, AMCTR]))
    for _ in range(data.draw(st.integers(1, 5))):
        at, end = sorted(data.draw(st.integers(0, len(text))) for _ in range(2))
        text = text[:at] + data.draw(st.text(max_size=8)) + text[min(end, at + 300) :]
    for found in extracted(text):
        if found.record is not None:
            crossed(found.record)


@given(st.text(alphabet="<>/!-\"'= tdrableps\n注册号：:|", max_size=200))
def test_cutting_a_source_into_lines_keeps_to_its_lines(text: str) -> None:
    count = text.count("\n") + 1
    assert all(1 <= line.number <= count for line in chictr_html.lines_of(text, FORM))
    scan(chictr_html.lines_of(text, FORM), FORM)
