"""The page of a report, read without a browser: order, words, sums, safety, size."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import later
from invented_reports import MANY, MOST, A, B, finding, hostile, large, small
from lxml import html
from lxml.html import HtmlElement

from kg.check import report as reports
from kg.check.findings import Belonging, Counts, Report
from kg.check.report import page, templates
from kg.check.report.baselines import BASELINES, SOURCES
from kg.check.report.overview import overview

STYLE = (Path(page.__file__).parent / "style.css").read_text(encoding="utf-8")


def source(report: Report) -> str:
    return page.html(overview(report))


def tree(report: Report) -> HtmlElement:
    return html.document_fromstring(source(report))


def words(node: HtmlElement, language: str = "en") -> str:
    """What a reader of one language sees: the spans of the other one left out."""
    other = "zh" if language == "en" else "en"
    parts = []

    def walk(e: HtmlElement) -> None:
        if e.tag == "span" and e.get("lang") == other:
            return
        if isinstance(e.tag, str) and e.tag not in ("script", "style"):
            parts.append(e.text or "")
            for child in e:
                walk(child)
                parts.append(child.tail or "")

    walk(node)
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def by_id(root: HtmlElement, name: str) -> HtmlElement:
    (found,) = root.xpath(f'//*[@id="{name}"]')
    return found


def test_the_verdict_comes_first_and_findings_before_scores():
    root = tree(small())
    sections = [s.get("id") for s in root.xpath("//main/section")]
    assert sections == [
        "verdict",
        "examined",
        "first",
        "items",
        "heat",
        "groups",
        "dates",
        "rules",
        "records",
        "waivers",
        "output",
        "reading",
        "appendix",
    ]
    card = words(by_id(root, f"record-chictr-{A}").xpath('./div[@class="body"]')[0])
    assert card.index("Findings") < card.index("The 24 items") < card.index("Completeness")


@pytest.mark.parametrize(
    ("language", "verdict"),
    [
        (
            "en",
            "In 4 records, required content is missing or impossible in 2 places; "
            "4 points need a second look, 3 are hints.",
        ),
        ("zh", "在4条记录中，2处必填内容缺失或不可能成立；4处需人工核对，另有3条提示。"),
    ],
)
def test_the_verdict_is_one_sentence_in_either_language(language, verdict):
    assert words(tree(small()).xpath("//h1")[0], language) == verdict


def test_a_report_on_nothing_claims_nothing():
    empty = replace(small(), records=(), findings=(), counts={})
    text = words(tree(empty).xpath("//h1")[0])
    assert text == "Nothing was examined: the data holds no record."


def test_a_report_without_findings_says_so():
    clean = replace(small(), findings=(), counts={"WHO-01": Counts(passed=4)})
    root = tree(clean)
    assert words(root.xpath("//h1")[0]) == "In 4 records, nothing was found."
    assert "11 had nothing to examine (which is not a pass)" in words(by_id(root, "verdict"))


def test_errors_waivers_and_faults_stand_beside_the_verdict():
    faulty = replace(
        small(),
        findings=(*small().findings, finding("ST-13", A)),
        counts={**small().counts, "ST-13": Counts(passed=399, failed=1)},
    )
    root = tree(faulty)
    text = words(by_id(root, "verdict"))
    assert "This software's own output has 1 fault" in text
    assert "1 check could not be carried out" in text
    assert "1 further finding is waived" in text
    assert "■ 2" in text.replace("  ", " ")
    assert "ST-13" in words(by_id(root, "output"))


def test_what_was_examined_is_said():
    text = words(by_id(tree(small()), "examined"))
    for part in ("2026-11-22", "5b1e0c77", "9f3c4e71", "0.1.0", "days of grace", "365"):
        assert part in text
    assert "aggregator, no score" in text


def test_the_item_table_counts_records_by_state():
    row = by_id(tree(small()), "item-14")
    cells = [words(td) for td in row.xpath("./td")]
    assert cells[2:9] == ["2", "1", "0", "1", "0", "0", "50.0 % 2/4"]
    registration = by_id(tree(small()), "item-2")
    assert [words(td) for td in registration.xpath("./td")][2:9] == [
        *("3", "0", "0", "0", "0", "1"),
        "100 % 3/3",
    ]


def test_items_of_hints_only_are_marked_as_optional():
    root = tree(small())
    marked = [tr.get("data-i") for tr in root.xpath("//tr[@data-i][.//small[@class='opt']]")]
    assert marked == ["3"]


def test_published_numbers_stand_beside_with_source_and_number_of_trials():
    root = tree(small())
    section = words(by_id(root, "items"))
    assert "8.8 % ChiCTR, TCM trials, n = 1,200 [1]" in section.replace("\u00a0", " ")
    assert "A chosen set of records is no random sample" in section
    assert words(by_id(root, "source-1")).startswith("BMJ Open 2019;9:e025218, table 5")
    assert {b.source for b in BASELINES} == set(SOURCES)
    assert "a full export would be a first" in section


def test_published_numbers_of_rules_stand_in_the_rule():
    report = replace(
        small(), rules=tuple(replace(r, id="X01") if r.id == "X20" else r for r in small().rules)
    )
    text = words(by_id(tree(report), "rule-X01")).replace("\u00a0", " ")
    assert "63 % registered before recruitment (world: 45 %)" in text
    assert "n = 32,557" in text


def test_all_rules_are_listed_worst_first():
    root = tree(small())
    listed = [d.get("data-rule") for d in root.xpath('//section[@id="rules"]//details[@data-rule]')]
    assert listed == [
        *("WHO-14a", "WHO-19b", "WHO-22", "X04", "AG-01", "WHO-03", "I01", "P02"),
        *("WHO-01", "X20"),
        *("WHO-23", "I04"),
    ]
    passed = by_id(root, "rules-passed").xpath(".//@data-rule")
    idle = by_id(root, "rules-idle").xpath(".//@data-rule")
    assert (passed, idle) == (["WHO-01", "X20"], ["WHO-23", "I04"])


def test_a_rule_shows_its_six_counts():
    six = by_id(tree(small()), "rule-P02").xpath('.//summary//span[@class="six"]/span')
    assert [words(span) for span in six] == [
        *("passed 2", "failed 0", "waived 0", "error 1", "not applicable 0", "not collected 1"),
    ]


def test_a_rule_that_examined_nothing_is_never_called_passed():
    summary = words(by_id(tree(small()), "rule-WHO-23").xpath("./summary")[0])
    assert "not applicable: examined nothing" in summary
    assert "finding" not in summary


def test_a_rule_explains_itself_with_names_for_values():
    text = words(by_id(tree(small()), "rule-X04"))
    assert "The study starts days days before ethics approval (start, ethics approval)." in text
    assert "Consistency of fields and dates" in text
    chinese = words(by_id(tree(small()), "rule-X04"), "zh")
    assert "研究开始（开始）早于伦理批准（伦理批准）天数天。" in chinese


def test_the_name_of_a_rule_shows_no_template():
    summary = words(by_id(tree(small()), "rule-WHO-19b").xpath("./summary")[0])
    assert 'time point of "…" “…”的测量时间点' in summary
    assert "{" not in words(tree(small()).body)


def test_examples_are_capped_and_the_rest_is_counted():
    many = tuple(finding("WHO-14a", A, focus=f"https://example.org/{n}") for n in range(55))
    rule = by_id(tree(replace(small(), findings=many)), "rule-WHO-14a")
    assert len(rule.xpath(".//ol/li")) == 20
    assert "20 of 55 findings shown; 35 more in findings.csv" in words(rule)


def test_a_finding_shows_place_print_values_and_remedy():
    text = words(by_id(tree(small()), f"f-{small().findings[3].key}"))
    for part in (
        f"{B}.txt:27",
        "2025-11-21 00:00:00",
        "start 2025-10-01",
        "ethics approval 2025-11-21",
        "days 51",
        "→ Check against protocol and approval letter.",
    ):
        assert part in text
    gap = words(by_id(tree(small()), f"f-{small().findings[0].key}"))
    assert "纳入标准" in gap  # the Chinese label, also for readers of English


def test_values_are_shown_in_order_and_words_of_ours_in_both_languages():
    odd = finding(
        "X04",
        A,
        values={
            "zzz": "last",
            "days": "51",
            "missing": "zh",
            "start": "2025-10-01",
            "arm": "https://w3id.org/trialkg/id/record/chictr/x/arm-1",
        },
    )
    row = by_id(tree(replace(small(), findings=(odd,))), f"f-{odd.key}")
    (values,) = row.xpath("./div/dl")
    assert words(values) == "missing in Chinese start 2025-10-01 days 51 zzz last"
    assert words(values, "zh").startswith("缺少语言 中文")
    assert "arm-1" not in words(row)


def test_an_absent_label_has_no_line():
    text = words(by_id(tree(small()), f"f-{small().findings[1].key}"))
    assert f"{B}.txt label not on this page" in text


def test_a_record_shows_24_items_and_its_score_with_its_parts():
    card = by_id(tree(small()), f"record-chictr-{A}")
    grid = card.xpath('.//ol[@class="grid"]/li')
    assert len(grid) == 24
    assert words(grid[13]) == "14 Key inclusion and exclusion criteria ◐ partial 2/3"
    assert "Completeness 18.08 of 20 = 90.4 % · mostly filled" in words(card)


def test_an_aggregator_page_has_neither_percentage_nor_band():
    card = by_id(tree(small()), "record-clinconnect-0a1b2c3d")
    for language, text in (
        ("en", "7 of 8 items shown, 16 not collected"),
        ("zh", "8项中显示7项，另有16项该平台不采集"),
    ):
        shown = words(card, language)
        assert text in shown
        assert "%" not in shown


def test_sums_agree_in_every_view():
    report = small()
    root = tree(report)

    def numbers(path: str) -> list[int]:
        return [int(node.text) for node in root.xpath(path)]

    expected = Counter(f.severity for f in report.findings if not f.waived)
    for severity, count in expected.items():
        assert numbers(f'//*[@data-k="s:{severity}"]') == [count, count]
        for scope in ("d:", "g:"):
            cells = f'//td[starts-with(@data-k, "{scope}") and contains(@data-k, ":{severity}")]'
            assert sum(numbers(cells)) == count
        in_cards = numbers(f'//*[starts-with(@data-k, "c:") and contains(@data-k, ":{severity}")]')
        across = sum(f.severity == severity for f in report.findings if not f.record)
        assert sum(in_cards) + across == count
    assert sum(numbers('//*[starts-with(@data-k, "r:")]')) == expected.total()
    data = json.loads(by_id(root, "data").text)
    assert sum(group[4] for group in data["groups"]) == expected.total()
    shown = root.xpath('//section[@id="records"]//li[@data-f]')
    assert len(shown) == len(report.findings)


def test_every_name_is_given_once_and_every_link_leads_somewhere():
    root = tree(hostile())
    names = Counter(root.xpath("//@id"))
    assert [name for name, count in names.items() if count > 1] == []
    targets = {href[1:] for href in root.xpath("//a/@href") if href.startswith("#")}
    assert targets - set(names) == set()
    files = {h for h in root.xpath("//a/@href") if not h.startswith(("#", "https://"))}
    named = set(reports.TEXTS) | {reports.WORKBOOK}
    assert {f for f in files if not f.startswith("worklists/")} == named - {"index.html"}
    assert {f for f in files if f.startswith("worklists/")} == {
        *("worklists/hospital/a0b1c2d3e4f5.csv", "worklists/sponsor/a0b1c2d3e4f5.csv"),
        "worklists/committee/0f1e2d3c4b5a.csv",
        *(f"worklists/{kind}/none.csv" for kind in ("hospital", "committee", "sponsor")),
    }


def test_both_languages_are_there_and_marked():
    root = tree(small())
    languages = Counter(root.xpath("//span/@lang"))
    assert languages["en"] == languages["zh"] > 500
    han = re.compile("[\u4e00-\u9fff]")
    for node in root.xpath("//body//*[text()]"):
        if node.tag in ("script", "option", "legend") or not han.search(node.text or ""):
            continue
        if node.xpath('ancestor::*[contains(@class, "message")]'):
            continue  # a message may quote the record
        near = node.xpath("ancestor-or-self::*[@lang][1]/@lang")
        # names that both languages share, and labels of controls, stand in a neutral place
        assert near == ["zh"] or "hide" in node.get("class", ""), html.tostring(node)


def test_a_layman_meets_no_jargon():
    root = tree(small())
    appendix = by_id(root, "appendix")
    assert "SHACL" in words(appendix)
    appendix.getparent().remove(appendix)
    text = (words(root.body) + words(root.body, "zh")).casefold()
    for word in ("mincount", "focus node", "conforms", "shacl", "constraint", "literal"):
        assert word not in text, word


# --- safety


@pytest.mark.parametrize("make", [small, hostile])
def test_the_policy_allows_our_style_and_script_and_nothing_else(make):
    text = source(make())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(
        part.split(" ", 1) for part in html.fromstring(f"<p>{policy}</p>").text.split("; ")
    )

    def checksum(name: str) -> str:
        (content,) = re.findall(rf"<{name}>(.*?)</{name}>", text, flags=re.DOTALL)
        return (
            "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"
        )

    assert rules == {
        "default-src": "'none'",
        "style-src": checksum("style"),
        "script-src": checksum("script"),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_printed_in_a_record_becomes_part_of_the_page():
    root, plain = tree(hostile()), tree(small())
    for tag in ("script", "style", "img", "iframe", "object", "link", "base", "form"):
        assert len(root.xpath(f"//{tag}")) == len(plain.xpath(f"//{tag}")), tag
    attributes = {name for node in root.iter("*") for name in node.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src")}
    assert "{{ 7*7 }}" in root.text_content()
    assert root.xpath("//title/text()") == plain.xpath("//title/text()")


def test_the_page_loads_nothing():
    text = source(hostile())
    assert "url(" not in text
    assert "@import" not in text
    loading = {*html.document_fromstring(text).xpath("//@src | //link/@href")}
    assert loading == set()


def test_control_characters_and_endless_words_stay_out():
    text = source(hostile())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff\ufffe]", text)
    assert "w" * 401 not in text
    assert "w" * 100 in text


# --- looks


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_that_wcag_aa_asks(theme):
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]
    named = colours(light) | (colours(dark) if theme else {})
    pairs = [
        (ink, ground)
        for ink in ("ink", "soft", "accent", "violation", "warning", "info", "good")
        for ground in ("ground", "paper", "raised")
    ]
    pairs += [(tone, f"{tone}-tint") for tone in ("violation", "warning", "info")]
    pairs += [("paper", "accent")]
    pairs += [("ink", f"heat-{n}") for n in range(5)]
    for ink, ground in pairs:
        light_one, dark_one = sorted(map(luminance, (named[ink], named[ground])), reverse=True)
        assert (light_one + 0.05) / (dark_one + 0.05) >= 4.5, (ink, ground)


def test_severity_is_told_by_shape_and_word_besides_colour():
    for severity, shape in (("violation", "■"), ("warning", "▲"), ("info", "●")):
        assert f'.sev.{severity}::before, .chip.{severity}::before {{ content: "{shape}"' in STYLE
    signs = tree(small()).xpath('//*[contains(@class, "sev ")]')
    assert all(words(sign) for sign in signs)


# --- size


@pytest.mark.parametrize(("findings", "records"), later(MANY, MOST))
def test_many_findings_fit_into_two_megabytes(findings, records, tmp_path):
    report = large(findings, records)
    reports.write(report, tmp_path)
    content = (tmp_path / "index.html").read_bytes()
    assert len(content) < 2_000_000
    root = html.document_fromstring(content.decode("utf-8"))
    cards = root.xpath('//details[contains(@class, "record")]')
    assert len(cards) >= page.ENOUGH
    text = words(by_id(root, "records"))
    assert f"{len(cards)} of {records:,} records are shown, worst first" in text
    assert re.search(r"\d+ of 30 findings of this record are shown, worst first", words(cards[0]))
    assert by_id(root, "rule-X04").xpath(".//*[@data-k]")[0].text == f"{(findings + 4) // 6:,}"
    on_page = len(set(root.xpath("//@data-f")))
    assert f"{on_page:,} findings on this page; {findings - on_page:,} more" in words(
        by_id(root, "text-note")
    )
    with (tmp_path / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in file) == findings + 1


@pytest.mark.parametrize(
    ("findings", "records"),
    [
        *((10_000, n) for n in (1, 40, 41)),
        *later((20_000, 10_000)),
    ],
)
def test_the_budget_holds_for_few_and_for_many_records(findings, records):
    report = large(findings, records)
    assert len(source(report).encode()) < 2_000_000


def compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a process that finds these compiled templates compiles one itself."""
    cache = templates._Compiled()
    cache.directory = str(folder)
    monkeypatch.setattr(templates, "_COMPILED", cache)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    templates.environment({}, Belonging()).get_template("parts.html")
    return bool(cache.kept)


def test_templates_are_compiled_once_and_where_nothing_may_be_written_each_time(
    tmp_path, monkeypatch
):
    assert [compiled(tmp_path, monkeypatch) for _ in range(2)] == [True, False]
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-9])
    assert [compiled(tmp_path, monkeypatch) for _ in range(2)] == [True, False], "damaged"
    assert [compiled(tmp_path / "missing", monkeypatch) for _ in range(2)] == [True, True]
