"""Parts of the page: what to fix first, registries beside each other, dates, trend, waivers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from invented_reports import ACCEPTED, A, B, C, finding, hostile, iri, record, small
from lxml import html
from lxml.html import HtmlElement
from test_report_page import by_id, tree, words

from kg.check import report as reports
from kg.check import trend
from kg.check.findings import Belonging, Counts, Report, WaiverNote
from kg.check.report import first, heat, page, strips
from kg.check.report.baselines import BASELINES
from kg.check.report.overview import overview
from kg.check.terms import Text


def with_findings(*findings, **changes) -> Report:
    return replace(small(), findings=findings, **changes)


# --- what to fix first


def test_violations_come_first_and_what_concerns_most_records():
    plan = first.plan(overview(small()))
    assert plan is not None
    assert [f.result.rule.id for f in plan.rules] == [
        "WHO-14a",
        "WHO-19b",
        "WHO-22",
        "X04",
        "AG-01",
    ]
    assert (plan.held, plan.whole, plan.severities) == (6, 6, ("violation", "warning"))
    assert [f.records for f in plan.rules] == [2, 1, 1, 1, 1]


def test_what_nobody_can_correct_any_more_comes_last():
    rules = tuple(
        replace(r, remedy="retro") if r.id in ("WHO-14a", "WHO-19b") else r for r in small().rules
    )
    plan = first.plan(overview(replace(small(), rules=rules)))
    ids = [f.result.rule.id for f in plan.rules]
    assert ids == ["WHO-14a", "WHO-22", "X04", "AG-01", "WHO-19b"]


def test_a_report_of_hints_has_nothing_to_fix_first():
    hints = with_findings(*(f for f in small().findings if f.severity == "info"))
    assert first.plan(overview(hints)) is None
    assert not tree(hints).xpath('//*[@id="first"]')


def test_each_rule_that_comes_first_says_how_many_what_to_do_and_where_to_begin():
    rows = by_id(tree(small()), "first").xpath(".//ol/li")
    assert words(rows[0]) == (
        "violation WHO-14a inclusion criteria · 2 findings in 2 records (Chinese Clinical Trial "
        f"Registry) → Complete the field in the registry entry. Begin with {A}, {A}.txt:27"
    )
    assert "2条记录，2条问题" in words(rows[0], "zh")


# --- registries beside each other


def test_the_heat_map_has_a_row_for_each_item_and_a_column_for_each_registry():
    table = by_id(tree(small()), "heat").xpath(".//table")[0]
    assert len(table.xpath("./tbody/tr")) == 24
    assert len(table.xpath("./thead/tr/th")) == 2 + 2
    row = table.xpath("./tbody/tr")[13]
    assert [words(td) for td in row.xpath("./td")[1:]] == ["33.3 % 1/3", "100 % 1/1"]
    assert [td.get("class").split()[-1] for td in row.xpath("./td")[1:]] == ["h3", "h0"]


def test_what_a_registry_does_not_ask_for_is_a_dash_and_no_shade():
    rows = heat.rows(overview(small()))
    cell = rows[0].cells[1]  # item 1 of the aggregator
    assert (cell.applicable, cell.shade) == (0, None)
    assert words(by_id(tree(small()), "heat").xpath(".//tbody/tr[1]/td[last()]")[0]) == "–"


def test_one_registry_is_not_compared_with_itself():
    alone = replace(small(), records=tuple(r for r in small().records if r.registry == "chictr"))
    root = tree(alone)
    assert not root.xpath('//*[@id="heat"]')
    assert not root.xpath('//nav/a[@href="#heat"]')


# --- whose records they are


def test_hospitals_committees_sponsors_places_and_years_have_a_table_each():
    section = by_id(tree(small()), "groups")
    assert [t.get("id") for t in section.xpath(".//table")] == [
        *("by-hospital", "by-committee", "by-sponsor", "by-province", "by-year"),
    ]
    rows = by_id(section, "by-hospital").xpath("./tbody/tr")
    assert [[words(cell) for cell in row.xpath("./*")] for row in rows] == [
        ["First Hospital of Example University", "2", "2", "2", "3", "92.7 % 37.08/40", "CSV"],
        ["no hospital known", "2", "0", "2", "0", "100 % 19/19", "CSV"],
    ]
    assert rows[1].xpath(".//a/@href") == ["worklists/hospital/none.csv"]
    for kind, listed in (("hospital", True), ("sponsor", True), ("province", False)):
        head = [words(th) for th in by_id(section, f"by-{kind}").xpath("./thead/tr/th")]
        assert ("worklist" in head) is listed
        for row in by_id(section, f"by-{kind}").xpath("./tbody/tr"):
            assert len(row.xpath("./*")) == len(head)
    assert words(rows[0].xpath("./th")[0], "zh") == "示例大学附属第一医院"


def test_groups_beyond_those_shown_are_counted_and_in_the_worklist():
    keys = [f"https://w3id.org/trialkg/id/organization/{n:012}" for n in range(40)]
    belonging = Belonging(
        of={iri(A): {"hospital": tuple(keys)}}, labels={key: Text(key, key) for key in keys}
    )
    section = by_id(tree(replace(small(), belonging=belonging)), "groups")
    assert len(section.xpath(".//tbody/tr")) == 15 + 1
    (more,) = section.xpath('.//p[@class="more"]')
    assert "25 more in worklists/hospital.csv" in words(more)
    assert more.xpath("./a/@href") == ["worklists/hospital.csv"]


def test_places_beyond_those_shown_are_in_a_file_that_is_a_link():
    keys = [f"Place {n}" for n in range(20)]
    belonging = Belonging(
        of={iri(A): {"province": tuple(keys)}}, labels={key: Text(key, key) for key in keys}
    )
    (more,) = tree(replace(small(), belonging=belonging)).xpath(
        '//*[@id="groups"]//p[@class="more"]'
    )
    assert words(more) == "5 more in findings.json"
    assert more.xpath("./a/@href") == ["findings.json"]


def test_a_record_names_those_it_belongs_to():
    card = by_id(tree(small()), f"record-chictr-{A}")
    assert words(card.xpath('.//dl[@class="belongs"]')[0]) == (
        "Hospitals First Hospital of Example University "
        "Ethics committees Committee of the First Hospital "
        "Sponsors First Hospital of Example University"
    )


# --- dates


def drawn(*findings, **changes) -> strips.Strip | None:
    report = with_findings(*findings, records=(record(B, **changes),))
    return strips.strip(overview(report).records[0], "2026-11-22")


LATE = finding("X04", B, values={"start": "2025-10-01", "approved": "2025-11-21"})


def test_the_dates_of_a_contradiction_are_drawn_with_the_time_between_them():
    strip = drawn(LATE)
    assert strip is not None
    rows = {row.name.en: row for row in strip.rows}
    assert list(rows) == ["Ethics approval", "Study", "Recruitment", "Registration"]
    assert rows["Study"].said == "2025-10-01–2027-12"
    assert rows["Recruitment"].said == "2025-12-01–2027"
    assert (rows["Study"].severity, rows["Recruitment"].severity) == ("warning", None)
    (band,) = strip.bands
    assert band.x == rows["Study"].x == 0
    assert band.x + band.width == pytest.approx(rows["Ethics approval"].x, abs=6)
    assert [tick.year for tick in strip.ticks] == [2026, 2027]
    assert all(0 <= row.x <= row.x + row.width <= strips.WIDTH for row in strip.rows)


def test_an_imprecise_date_is_as_long_as_it_may_be():
    strip = drawn(LATE, dates={"approved": "2026", "study_start": "2025-07"})
    rows = {row.name.en: row for row in strip.rows}
    year, month = rows["Ethics approval"].width, rows["Study"].width
    assert 10 < year / month < 13


@pytest.mark.parametrize(
    "dates",
    [
        {},
        {"approved": "2025-11-21"},
        {"approved": "2025-13-21", "study_start": "2025-10-01"},
        {"approved": "soon", "study_start": "2025-10-01"},
        {"approved": "0000", "study_start": "2025-10-01"},
    ],
)
def test_dates_that_are_not_known_are_not_drawn(dates):
    assert drawn(LATE, dates=dates) is None


@pytest.mark.parametrize(
    "years", [("9999-12-31", "0001-01-01"), ("9999", "9999-12"), ("2025", "2025")]
)
def test_extreme_dates_fit_into_the_drawing(years):
    strip = drawn(LATE, dates={"approved": years[0], "study_start": years[1]})
    assert strip is not None
    assert all(0 <= row.x <= row.x + row.width <= strips.WIDTH for row in strip.rows)
    assert len(strip.ticks) <= 9


def test_a_record_without_a_contradiction_has_no_strip():
    assert drawn(finding("WHO-03", B)) is None
    assert drawn(replace(LATE, waiver=ACCEPTED)) is None


def test_strips_stand_in_the_section_and_in_the_record():
    root = tree(small())
    (figure,) = by_id(root, "dates").xpath(".//figure")
    assert f"{B} warning The study starts 51 days before" in words(figure)
    assert "Ethics approval 2025-11-21" in words(figure)
    assert by_id(root, f"record-chictr-{B}").xpath('.//div[@class="strip"]')
    assert not by_id(root, f"record-chictr-{A}").xpath('.//div[@class="strip"]')
    for drawing in root.xpath("//svg"):
        hidden = drawing.xpath("ancestor-or-self::*/@aria-hidden")
        assert hidden == ["true"]  # the text beside it says the same


# --- bars beside published shares


def test_published_shares_are_marks_on_the_bar():
    bar = by_id(tree(small()), "item-3").xpath(".//svg")[0]
    assert [path.get("d") for path in bar.xpath("./path")] == ["M8.8 0v12", "M2.0 0v12"]
    widths = [float(rect.get("width")) for rect in bar.xpath("./rect")]
    assert sum(widths) == pytest.approx(100, abs=0.1)


def test_what_is_no_share_of_filled_items_is_no_mark():
    assert {b.value for b in BASELINES if b.mark is None} >= {
        *("74.8–88.5 %", "12 %", "16.2 %", "53.7 %", "about 30 kinds of problem"),
    }
    assert {b.mark for b in BASELINES if b.about == ("21",)} == {96.4, 61.3, None}


# --- rule, group, record, line


def test_the_findings_of_a_rule_stand_by_registry():
    page_of = {
        "focus": "https://w3id.org/trialkg/id/record/clinconnect/0a1b2c3d",
        "record": "https://w3id.org/trialkg/id/record/clinconnect/0a1b2c3d",
        "registry": "clinconnect",
    }
    many = tuple(finding("WHO-14a", A, focus=f"https://example.org/{n}") for n in range(60))
    rule = by_id(tree(with_findings(*many, finding("WHO-14a", None, **page_of))), "rule-WHO-14a")
    groups = rule.xpath('.//div[@class="group"]')
    assert [words(g.xpath("./h4")[0]) for g in groups] == [
        "Chinese Clinical Trial Registry 60 findings",
        "ClinConnect 1 finding",
    ]
    assert [len(g.xpath(".//li")) for g in groups] == [19, 1]
    assert "20 of 61 findings shown" in words(rule)


# --- trend and waivers


def compared(report: Report, earlier: Report, folder: Path) -> HtmlElement:
    reports.write(earlier, folder)
    view = overview(report, trend.read(folder))
    return html.document_fromstring(page.html(view))


def test_the_page_tells_what_is_new_what_stays_and_what_is_resolved(tmp_path):
    earlier = with_findings(*small().findings[1:], finding("WHO-22", C))
    root = compared(small(), earlier, tmp_path)
    section = by_id(root, "trend")
    figures = [words(f) for f in section.xpath('.//span[@class="figure"]')]
    assert figures == ["1", "8", "1"]
    assert f"{C} WHO-22 completion date: not given (blank)." in words(section)
    new = root.xpath("//*[@data-new]")
    assert {li.get("data-f") for li in new} == {"0"}
    assert all("new" in words(li) for li in new)
    data = json.loads(by_id(root, "data").text)
    assert sum(group[6] for group in data["groups"]) == 1


def test_without_an_earlier_check_nothing_is_said_of_a_trend():
    root = tree(small())
    assert not root.xpath('//*[@id="trend"] | //*[@id="see-new"] | //*[@data-new]')


def test_waivers_are_shown_with_their_reason_and_idle_ones_with_theirs():
    notes = (
        WaiverNote(
            rule="X03",
            about=f"chictr:{A}",
            by="a curator",
            reason="<b>known</b>",
            until="2026-01-01",
            problem="expired",
        ),
    )
    section = by_id(tree(replace(small(), waiver_notes=notes)), "waivers")
    text = words(section)
    cells = [words(cell) for cell in section.xpath(".//tbody/tr/*")]
    assert cells == ["X03", f"chictr:{A}", "expired after 2026-01-01", "a curator"]
    assert f"{C} WHO-03" in text
    assert "Waived by a curator until 2027-01-31: no second number exists" in text
    row = by_id(tree(small()), f"f-{small().findings[8].key}")
    assert "no second number exists" in words(row)


def test_parts_of_hostile_reports_hold_no_mark_up(tmp_path):
    waiver = replace(ACCEPTED, reason="<script>alert(1)</script>", by="<img src=x>")
    report = replace(
        hostile(),
        findings=tuple(
            replace(f, waiver=waiver) if f.rule == "WHO-03" else f for f in hostile().findings
        ),
        waiver_notes=(
            WaiverNote(
                rule="<b>", about="<i>", by="<u>", reason="<s>", until="<p>", problem="expired"
            ),
        ),
    )
    root = compared(report, replace(hostile(), findings=hostile().findings[3:]), tmp_path)
    assert len(root.xpath("//script")) == 2
    assert not root.xpath("//img | //u | //s | //p[text()='<p>']")
    assert not root.xpath("//@style | //@onerror | //@src")


def test_a_report_without_records_has_no_parts_to_compare():
    empty = replace(
        small(), records=(), findings=(), counts={"WHO-01": Counts()}, belonging=Belonging()
    )
    root = tree(empty)
    for name in ("groups", "first", "heat", "dates", "waivers", "trend"):
        assert not root.xpath(f'//*[@id="{name}"]'), name
