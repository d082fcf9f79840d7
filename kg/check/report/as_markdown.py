"""``report.md``: the summary of a report, short enough for the summary page of a build job.

What records print is escaped: no mark-up, no link and no image comes from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.check.report.opening import remarks, verdict
from kg.check.report.overview import Overview, RuleResult, item_counts, sums
from kg.check.report.phrases import clipped, number, percent, since, title, why_idle
from kg.check.report.words import ITEMS, SEVERITY, registry_name
from kg.counted import counted
from kg.values import one_line

RULES = 20
RECORDS = 10
WAIVERS = 20
RESOLVED = 10
MOST = 1_048_576  # bytes that GitHub takes as the summary of a job; this stays far below

# What Markdown, with GitHub's additions, reads as mark-up; ":" and "." make bare addresses links.
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+!|~&@$:])|(?<=www)(\.)", re.IGNORECASE)


def lines(overview: Overview) -> Iterator[str]:
    """The text of the file, piece by piece."""
    report = overview.report
    said = verdict(overview)
    yield f"# Quality of trial records, as of {_plain(report.as_of, 10)}\n\n"
    yield f"**{said.en}**\n\n{said.zh}\n\n"
    yield from (f"* {text.en}\n" for _, text in remarks(overview))
    if overview.trend:
        yield f"* {_capital(since(overview.trend).en)}.\n"
    yield from _registries(overview)
    yield from _rules(overview)
    yield from _records(overview)
    yield from _items(overview)
    yield from _trend(overview)
    yield from _waivers(overview)
    yield "\n## What was examined\n\n| | |\n|---|---|\n"
    for values in (report.versions, report.parameters):
        for name, value in sorted(values.items()):
            yield f"| {_plain(name, 60)} | {_plain(value, 80)} |\n"
    yield "\nAll findings, with source file and line: findings.csv, findings.xlsx, index.html.\n"


def _registries(overview: Overview) -> Iterator[str]:
    yield "\n## Records and findings\n\n"
    yield "| registry | records | ■ violations | ▲ warnings | ● hints |\n|---|--:|--:|--:|--:|\n"
    for key in overview.registries:
        mine = [r for r in overview.records if r.report.registry == key]
        found = sums(n for r in mine for n in r.findings)
        yield _row(_plain(registry_name(key).en, 60), len(mine), *found[:3])
    if overview.across:
        yield _row("across records", "–", *sums(overview.across)[:3])
    yield _row("**all**", len(overview.records), *overview.sums[:3])


def _rules(overview: Overview) -> Iterator[str]:
    found = [r for r in overview.rules if r.status in ("failed", "error")]
    yield f"\n## Rules, worst first\n\n{'No rule found anything.' if not found else ''}\n"
    if not found:
        return
    yield "| | rule | what | failed of examined | for example | what to do |\n"
    yield "|---|---|---|--:|---|---|\n"
    for result in found[:RULES]:
        rule, counts = result.rule, result.counts
        what = f"{_plain(title(rule.name_en), 120)} · {_plain(title(rule.name_zh), 80)}"
        share = f"{number(counts.failed)} of {number(counts.applicable)}"
        if counts.error:
            share += f", {number(counts.error)} not examined"
        remedy = _plain(result.findings[0].finding.remedy_en, 200) if result.findings else ""
        sign = SEVERITY[rule.severity]
        yield _row(f"{sign.symbol} {sign.one.en}", rule.id, what, share, _example(result), remedy)
    if len(found) > RULES:
        left = found[RULES:]
        yield f"\n… and {counted(len(left), 'more rule')} with "
        yield f"{counted(sum(r.found for r in left), 'finding')}.\n"


def _example(result: RuleResult) -> str:
    f = next((f for _, f in result.findings if not f.waived), None)
    if f is None:
        return ""
    place = f"{f.file}:{f.line}" if f.file and f.line else f.file or f.focus_label
    return f"{_plain(place, 160)}: {_plain(f.message_en, 300)}"


def _records(overview: Overview) -> Iterator[str]:
    worst = [r for r in overview.records if r.sums.found][:RECORDS]
    if not worst:
        return
    yield "\n## Records, worst first\n\n"
    yield "| record | title | ■ | ▲ | ● | completeness |\n|---|---|--:|--:|--:|--:|\n"
    for r in worst:
        report = r.report
        name = _plain(report.number or report.record.rsplit("/", 1)[-1], 60)
        heading = _plain(report.title_en or report.title_zh or "", 120)
        shown, asked, _ = r.shown
        score = (
            f"{number(report.numerator)} of {report.denominator} = "
            f"{percent(report.numerator, report.denominator)}"
            if report.completeness is not None
            else f"{shown} of {asked} items shown"
        )
        yield _row(name, heading, *r.sums[:3], score)
    if (more := len(overview.records) - len(worst)) > 0:
        yield f"\n… and {counted(more, 'more record')}.\n"


def _items(overview: Overview) -> Iterator[str]:
    yield "\n## The 24 items of the WHO data set\n\n"
    yield "| # | item | present of applicable | share |\n|--:|---|--:|--:|\n"
    counts = item_counts(r.report for r in overview.records)
    for item, name in ITEMS.items():
        present, applicable = counts[item][0], sum(counts[item][:4])
        share = percent(present, applicable) if applicable else "not examined"
        yield _row(item, name.en, f"{number(present)} of {number(applicable)}", share)


def _trend(overview: Overview) -> Iterator[str]:
    trend = overview.trend
    if trend is None:
        return
    yield f"\n## Trend\n\n{_capital(since(trend).en)}.\n\n"
    new = [one.finding for one in overview.findings if one.id in trend.new]
    for word, total, shown in (
        ("New", len(new), [(f.rule, f.number or f.focus_label, f.message_en) for f in new]),
        (
            "Resolved",
            len(trend.resolved),
            [(k.rule, k.about, k.message.en) for k in trend.resolved],
        ),
    ):
        for rule, about, message in shown[:RESOLVED]:
            yield f"* {word}: {_plain(rule, 40)}, {_plain(about, 100)}: {_plain(message, 200)}\n"
        if total > RESOLVED:
            yield f"* … and {number(total - RESOLVED)} more that are {word.lower()}\n"


def _waivers(overview: Overview) -> Iterator[str]:
    notes = overview.report.waiver_notes
    waived = [f for _, f in overview.findings if f.waiver]
    if not notes and not waived:
        return
    yield "\n## Waivers\n\n"
    for f in waived[:WAIVERS]:
        assert f.waiver is not None
        about = _plain(f.number or f.focus_label, 100)
        until = f", until {_plain(f.waiver.until, 10)}" if f.waiver.until else ""
        reason = f"{_plain(f.waiver.reason, 200)} ({_plain(f.waiver.by, 80)}{until})"
        yield f"* Waived: {f.rule}, {about}: {reason}\n"
    if len(waived) > WAIVERS:
        yield f"* … and {counted(len(waived) - WAIVERS, 'more waived finding')}\n"
    for note in notes[:WAIVERS]:
        yield f"* Without effect: {_plain(note.rule, 40)}, {_plain(note.about, 120)}: "
        yield f"{why_idle(note).en}\n"
    if len(notes) > WAIVERS:
        yield f"* … and {counted(len(notes) - WAIVERS, 'more waiver')} without effect\n"


def _row(*cells: object) -> str:
    return f"| {' | '.join(number(c) if isinstance(c, int) else str(c) for c in cells)} |\n"


def _plain(text: str | None, limit: int) -> str:
    """A text of a record, clipped, that Markdown shows as it is.

    >>> _plain("<b>a|b</b> [x](http://y)", 40)
    '\\\\<b\\\\>a\\\\|b\\\\</b\\\\> \\\\[x\\\\]\\\\(http\\\\://y\\\\)'
    """
    return _MARKS.sub(r"\\\1\2", clipped(one_line(text or ""), limit))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
