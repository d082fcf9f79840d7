"""The report as a table for a terminal, worst first; Chinese characters take two columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from textwrap import wrap

from kg.check.findings import Report, Severity
from kg.check.report.overview import Overview, RecordResult, RuleResult, overview
from kg.check.report.phrases import number, percent, since, title, why_idle
from kg.check.report.words import SEVERITY
from kg.counted import counted
from kg.values import one_line

_COLOURS: dict[Severity, str] = {"violation": "\x1b[31m", "warning": "\x1b[33m", "info": "\x1b[34m"}
_FAINT, _PLAIN = "\x1b[2m", "\x1b[0m"
_RECORDS = 5
_SMALLEST = 40
WAIVERS = 10  # that do nothing, named one by one


def table(report: Report | Overview, width: int, color: bool, most: int | None = None) -> str:
    """The rules that found something, the worst records, and the sum on the last line.

    No line is wider than ``width`` columns (40 at least); ``color`` adds ANSI colours; ``most``
    caps the rules shown, and says how many it leaves out.
    """
    view = report if isinstance(report, Overview) else overview(report)
    room = max(width, _SMALLEST)
    blocks = [
        list(_rules(view, room, color, most)),
        list(_records(view, room, color)),
        # Their end may be what helps: which rule a waiver may mean.
        [_cut(line, room) for text in _remarks(view) for line in wrap(text, room)],
    ]
    lines = [line for block in blocks if block for line in (*block, "")]
    return "\n".join([*lines, verdict_line(view)])


def verdict(report: Report | Overview) -> str:
    """The sum in one line: ``5 records, 90 rules: 2 violations, 28 warnings, 62 hints``."""
    return verdict_line(report if isinstance(report, Overview) else overview(report))


def _rules(view: Overview, room: int, color: bool, most: int | None) -> Iterator[str]:
    found = [r for r in view.rules if r.status in ("failed", "error", "waived")]
    rows = found[:most]
    if not rows:
        return
    cells = [(r.rule.id, _share(r), _example(r)) for r in rows]
    ids = max(columns(c[0]) for c in cells)
    shares = max(len("failed"), *(columns(c[1]) for c in cells))
    examples = min(max(len("example"), *(columns(c[2]) for c in cells)), room // 3)
    titles = room - ids - shares - examples - 8
    if titles < 12:  # a narrow terminal goes without examples
        examples, titles = 0, room - ids - shares - 6

    def line(sign: str, id_: str, what: str, share: str, example: str) -> str:
        text = f"{sign} {_fit(id_, ids)}  {_fit(what, titles)}  {share:>{shares}}"
        return f"{text}  {_cut(example, examples)}".rstrip() if examples else text.rstrip()

    yield _painted(line(" ", "rule", "what", "failed", "example"), _FAINT, color)
    for r, (id_, share, example) in zip(rows, cells, strict=True):
        heading = f"{title(r.rule.name_en)} · {title(r.rule.name_zh)}"
        if r.counts.error:
            heading = f"({number(r.counts.error)} not examined) {heading}"
        shown = line(SEVERITY[r.rule.severity].symbol, id_, heading, share, example)
        yield _painted(shown, _COLOURS[r.rule.severity] if r.status == "failed" else _FAINT, color)
    if len(found) > len(rows):
        more = f"… and {counted(len(found) - len(rows), 'more rule')} found something"
        yield _painted(_cut(more, room), _FAINT, color)


def _share(result: RuleResult) -> str:
    counts = result.counts
    waived = f" +{number(counts.waived)} waived" if counts.waived else ""
    return f"{number(counts.failed)}/{number(counts.applicable)}{waived}"


def _example(result: RuleResult) -> str:
    first = next((f for _, f in result.findings if not f.waived), None)
    first = first or next((f for _, f in result.findings), None)
    return one_line(first.number or first.focus_label) if first else ""


def _records(view: Overview, room: int, color: bool) -> Iterator[str]:
    worst = [r for r in view.records if r.sums.found][:_RECORDS]
    if not worst:
        return
    names = min(max(columns(_name(r)) for r in worst), room // 3)
    more = len(view.records) - len(worst)
    head = "record" if not more else f"record (the worst {len(worst)} of {len(view.records)})"
    yield _painted(head, _FAINT, color)
    for r in worst:
        found = "  ".join(
            f"{SEVERITY[severity].symbol} {count:>3}"
            for severity, count in zip(SEVERITY, r.sums[:3], strict=True)
        )
        head = f"{_fit(_name(r), names)}  {found}  {_score(r):<18}"
        rest = room - columns(head) - 2
        heading = one_line(r.report.title_en or r.report.title_zh or "")
        yield _cut(f"{head}  {_cut(heading, rest)}" if rest > 8 else head, room).rstrip()


def _name(result: RecordResult) -> str:
    name = one_line(result.report.number or result.report.record.rsplit("/", 1)[-1])
    # A build server takes a line that begins so for a command.
    return f"·{name}" if name.startswith(("::", "##[")) else name


def _score(result: RecordResult) -> str:
    report = result.report
    if report.completeness is None:
        shown, asked, _ = result.shown
        return f"{shown} of {asked} items shown"
    share = percent(report.numerator, report.denominator)
    return f"{share} {report.band}"


def _remarks(view: Overview) -> Iterator[str]:
    """What became of the rules that found nothing, and what is not about the records."""
    states = [r.status for r in view.rules]
    parts = [
        f"{number(states.count(status))} {words}"
        for status, words in (
            ("passed", "passed"),
            ("not applicable", "not applicable"),
            ("not collected", "not collected"),
            ("switched off", "switched off"),
        )
        if status in states
    ]
    if parts:
        yield f"rules that found nothing: {', '.join(parts)}"
    if view.sums.waived:
        yield f"waived: {counted(view.sums.waived, 'finding')}"
    yield from compared(view)
    if view.errors:
        yield f"not examined because of an error: {counted(view.errors, 'place')}"
    if view.faults:
        ids = ", ".join(r.rule.id for r in view.structural if r.status == "failed")
        yield f"our own output: {counted(view.faults, 'fault')} ({ids})"


def compared(view: Overview) -> Iterator[str]:
    """The waivers that do nothing, and what is new since the check that it is compared with."""
    for note in view.report.waiver_notes[:WAIVERS]:
        yield one_line(f"waiver without effect: {note.rule} {note.about}: {why_idle(note).en}")
    if (more := len(view.report.waiver_notes) - WAIVERS) > 0:
        yield f"… and {counted(more, 'more waiver')} without effect"
    if view.trend:
        yield since(view.trend).en


def verdict_line(view: Overview) -> str:
    """How much was examined, and what was found."""
    found = ", ".join(
        counted(count, sign.one.en, sign.many.en)
        for count, sign in zip(view.sums[:3], SEVERITY.values(), strict=True)
    )
    examined = counted(len(view.records), "record")
    return f"{examined}, {counted(len(view.rules), 'rule')}: {found}"


def columns(text: str) -> int:
    """How many columns a terminal gives ``text``.

    >>> columns("age"), columns("年龄"), columns("e\\u0301")
    (3, 4, 1)
    """
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, room: int) -> str:
    if columns(text) <= room:
        return text
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def _fit(text: str, room: int) -> str:
    cut = _cut(text, room)
    return cut + " " * (room - columns(cut))


def _painted(line: str, colour: str, color: bool) -> str:
    return f"{colour}{line}{_PLAIN}" if color else line
