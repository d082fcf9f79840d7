"""The page of a report in a real browser: counts, languages, filter, and no script but ours."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from conftest import later
from invented_reports import MANY, MOST, A, hostile, large, small
from lxml import html
from lxml.html import HtmlElement

from kg.check import report as reports
from kg.check import trend
from kg.check.report.overview import overview

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class Loaded(NamedTuple):
    """A page after its script ran, and what the browser's console said."""

    root: HtmlElement
    console: list[str]

    def number(self, key: str) -> int:
        """A count that the filter maintains; the same wherever it is shown."""
        (number,) = {n.text for n in self.root.xpath(f'//*[@data-k="{key}"]')}
        return int(number)

    def visible(self, path: str) -> list[HtmlElement]:
        return [n for n in self.root.xpath(path) if not n.xpath("ancestor-or-self::*[@hidden]")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    reports.write(small(), folder / "small")
    reports.write(hostile(), folder / "hostile")
    earlier = replace(small(), findings=small().findings[2:], waiver_notes=())
    reports.write(earlier, folder / "earlier")
    view = overview(small(), trend.read(folder / "earlier"))
    reports.write(view, folder / "compared")
    return {name: folder / name / "index.html" for name in ("small", "hostile", "compared")}


def load(page: Path, tmp_path: Path, query: str = "") -> Loaded:
    """Open a page from disk in a fresh profile, without a network: the proxy does not exist."""
    command = [
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--no-first-run", "--proxy-server=127.0.0.1:9", "--enable-logging=stderr"),
        f"--user-data-dir={tmp_path / 'profile'}",
        *("--virtual-time-budget=3000", "--dump-dom", page.as_uri() + query),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        dom, said = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    console = [line for line in said.decode("utf-8", "replace").splitlines() if "CONSOLE" in line]
    return Loaded(html.document_fromstring(dom.decode("utf-8")), console)


@pytest.mark.parametrize("name", ["hostile", *later("small", "compared")])
def test_only_our_script_runs_and_nothing_is_complained_of(name, pages, tmp_path):
    loaded = load(pages[name], tmp_path)
    assert loaded.console == []
    assert loaded.root.xpath("//title/text()") == [
        "Quality of trial records · 临床试验记录质量报告 · 2026-11-22"
    ]
    # the filter is hidden in the file and shown by the script
    assert loaded.visible('//*[@id="filter"]')
    assert len(loaded.root.xpath("//img | //iframe")) == 0


def test_the_counts_after_loading_are_those_of_the_file(pages, tmp_path):
    before = html.document_fromstring(pages["small"].read_text(encoding="utf-8"))
    loaded = load(pages["small"], tmp_path)

    def counts(root: HtmlElement) -> list[tuple[str, str]]:
        return [(n.get("data-k"), n.text) for n in root.xpath("//*[@data-k]")]

    assert counts(loaded.root) == counts(before)
    assert loaded.number("all") == 9


def test_an_address_chooses_the_language(pages, tmp_path):
    chinese = load(pages["small"], tmp_path, "?lang=zh").root
    assert chinese.get("lang") == "zh"
    assert load(pages["small"], tmp_path / "again").root.get("lang") == "en"


@pytest.mark.slow
def test_a_link_to_a_rule_opens_it_and_the_fold_around_it(pages, tmp_path):
    root = load(pages["small"], tmp_path, "#rule-WHO-01").root
    opened = [d.get("id") for d in root.xpath("//details[@open]")]
    assert opened == ["rules-passed", "rule-WHO-01"]


@pytest.mark.slow
def test_a_link_to_a_finding_opens_its_record(pages, tmp_path):
    root = load(pages["small"], tmp_path, f"#f-{small().findings[0].key}").root
    assert [d.get("id") for d in root.xpath("//details[@open]")] == [f"record-chictr-{A}"]


@pytest.mark.parametrize(
    ("query", "violations", "warnings", "hints"),
    [
        ("?registry=chictr&severity=warning,info", 0, 2, 2),
        *later(
            ("?severity=violation", 2, 0, 0),
            ("?q=%E7%BA%B3%E5%85%A5%E6%A0%87%E5%87%86", 2, 0, 0),
            ("?registry=clinconnect", 0, 2, 0),
            ("?registry=", 0, 0, 1),
            (f"?q={A}", 1, 1, 1),
            ("?q=ethics+51", 0, 1, 0),
            ("?q=nothing-like-this", 0, 0, 0),
        ),
    ],
)
def test_sums_agree_under_every_filter(query, violations, warnings, hints, pages, tmp_path):
    loaded = load(pages["small"], tmp_path, query)
    expected = {"violation": violations, "warning": warnings, "info": hints}
    total = sum(expected.values())
    assert loaded.number("all") == total
    for severity, count in expected.items():
        assert loaded.number(f"s:{severity}") == count
    for scope in ("r", "d", "g"):
        cells = loaded.root.xpath(f'//*[starts-with(@data-k, "{scope}:")]')
        assert sum(int(cell.text) for cell in cells) == total, scope
    shown = loaded.visible('//section[@id="records"]//li[@data-f]')
    assert len([li for li in shown if "waived" not in li.get("class")]) == total
    in_cards = loaded.root.xpath('//*[starts-with(@data-k, "c:")]')
    across = [li for li in shown if not li.xpath("ancestor::details")]
    assert sum(int(cell.text) for cell in in_cards) + len(across) == total
    rules = loaded.visible('//section[@id="rules"]//details[@data-rule]//li[@data-f]')
    assert len({li.get("data-f") for li in rules}) == len({li.get("data-f") for li in shown})
    assert loaded.console == []


@pytest.mark.parametrize(
    "query",
    [
        "People's Clinic-1 Zurich 'ABC'",
        *later("PEOPLE’S clinic–1 Zürich ʼABC′", "people‘s Clinic‐1 zu\u0308rich ＡＢＣ"),
    ],
)
def test_signs_that_no_keyboard_has_are_found_by_those_that_it_has(query, tmp_path):
    title = "The People’s Clinic–1, Zürich, ‘ＡＢＣ’"
    records = [replace(r, title_en=title) if r.number == A else r for r in small().records]
    reports.write(replace(small(), records=tuple(records)), tmp_path / "report")
    page = tmp_path / "report" / "index.html"
    loaded = load(page, tmp_path, f"?q={quote(query)}")
    cards = [d.get("id") for d in loaded.visible('//details[contains(@class, "record")]')]
    assert cards == [f"record-chictr-{A}"]
    assert loaded.console == []


def test_the_items_follow_the_registry(pages, tmp_path):
    loaded = load(pages["small"], tmp_path, "?registry=clinconnect")
    (row,) = loaded.root.xpath('//tr[@id="item-22"]')
    cells = [td.text_content() for td in row.xpath('./td[starts-with(@class, "r c")]')]
    assert cells == ["0", "0", "1", "0", "0", "0"]
    assert re.sub(r"\s+", " ", row.xpath('./td[@class="r share"]')[0].text_content()) == "0 % 0/1"


def test_records_without_a_match_are_hidden(pages, tmp_path):
    loaded = load(pages["small"], tmp_path, f"?q={A}")
    cards = [d.get("id") for d in loaded.visible('//details[contains(@class, "record")]')]
    assert cards == [f"record-chictr-{A}"]


@pytest.mark.slow
def test_only_what_is_new_can_be_shown(pages, tmp_path):
    loaded = load(pages["compared"], tmp_path, "?new")
    assert [loaded.number(key) for key in ("all", "s:violation", "s:warning", "s:info")] == [
        2,
        2,
        0,
        0,
    ]
    for scope in ("r", "d", "g", "c"):
        cells = loaded.root.xpath(f'//*[starts-with(@data-k, "{scope}:")]')
        assert sum(int(cell.text) for cell in cells) == 2, scope
    shown = loaded.visible('//section[@id="records"]//li[@data-f]')
    assert len(shown) == 2
    both = load(pages["compared"], tmp_path / "again", f"?new&q={A}")
    assert both.number("all") == 1
    assert loaded.console == both.console == []


def test_a_heading_without_a_finding_below_it_is_hidden(pages, tmp_path):
    loaded = load(pages["small"], tmp_path, "?registry=clinconnect")
    groups = loaded.visible('//section[@id="rules"]//div[@class="group"]')
    assert groups
    assert all([li for li in group.xpath(".//li") if li.get("hidden") is None] for group in groups)


@pytest.mark.slow
def test_the_bars_of_the_items_follow_the_registry(pages, tmp_path):
    loaded = load(pages["small"], tmp_path, "?registry=chictr")
    (row,) = loaded.root.xpath('//tr[@id="item-14"]')
    widths = [float(rect.get("width")) for rect in row.xpath(".//rect")]
    assert widths == [33.33, 33.33, 0, 33.33]


def test_nothing_is_fetched(pages):
    """Every address in the page is one that a reader may choose to follow."""
    for page in pages.values():
        root = html.document_fromstring(page.read_text(encoding="utf-8"))
        assert not root.xpath("//@src | //link | //object | //embed | //@srcset | //@poster")
        assert "url(" not in root.xpath("string(//style)")


@pytest.mark.slow
@pytest.mark.parametrize(("findings", "records"), [MANY, MOST])
def test_many_findings_open_and_are_filtered(findings, records, tmp_path):
    report = large(findings, records)
    view = overview(report)
    (tmp_path / "page").mkdir()
    page = tmp_path / "page" / "index.html"
    page.write_text("".join(reports.TEXTS["index.html"](view)), encoding="utf-8")
    assert page.stat().st_size < 2_000_000
    loaded = load(page, tmp_path, "?severity=violation")
    assert loaded.console == []
    assert loaded.root.xpath('//*[@data-k="all"]')[0].text == f"{(findings + 5) // 6:,}"
    shown = loaded.visible('//section[@id="records"]//li[@data-f]')
    assert shown
    assert all("violation" in li.get("class") for li in shown)
