"""Texts and numbers as a reader sees them: clipped, rounded honestly, without templates."""

from __future__ import annotations

import re

from kg.check.findings import Problem, WaiverNote
from kg.check.report.words import value_name
from kg.check.terms import Text
from kg.check.trend import Trend
from kg.values import one_line

_TOKEN = re.compile(r"\{([^{}]*)\}")


def sentence(template: str, *, field: Text, chinese: bool) -> list[tuple[str, bool]]:
    """A message template in pieces: text, and names of values (True) that stand for ``{days}``.

    >>> sentence("{field}: {days} days", field=Text("age", "年龄"), chinese=False)
    [('age', False), (': ', False), ('days', True), (' days', False)]
    """
    pieces: list[tuple[str, bool]] = []
    for position, piece in enumerate(_TOKEN.split(template)):
        if position % 2 == 0:
            pieces.append((one_line_kept(piece), False))
        elif piece == "field":
            pieces.append((field.zh if chinese else field.en, False))
        elif piece == "state":
            pieces.append(("留空或无此栏目" if chinese else "blank or absent", True))
        else:
            name = value_name(piece)
            pieces.append((name.zh if chinese else name.en, True))
    return [piece for piece in pieces if piece[0]]


def title(name: str, limit: int = 120) -> str:
    """The name of a rule without the values that its findings put in.

    >>> title('time point of "{outcome}"')
    'time point of "…"'
    """
    return clipped(_TOKEN.sub("…", name), limit)


def one_line_kept(text: str) -> str:
    """``one_line`` that keeps a blank at either end, where a value follows."""
    return (
        " " * text.startswith(" ")
        + one_line(text)
        + " " * (text.endswith(" ") and bool(text.strip()))
    )


def clipped(text: str, limit: int) -> str:
    """``text`` on one line, at most ``limit`` characters, an ellipsis for what was cut."""
    plain = one_line(text[: limit * 4] if len(text) > limit * 8 else text)
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def number(value: float) -> str:
    """A number for people: thousands apart, at most two decimals, no trailing noughts.

    >>> number(12345), number(18.0833), number(19.5)
    ('12,345', '18.08', '19.5')
    """
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(part: float, whole: float) -> str:
    """A share that never rounds something to nothing, nor nearly all to all.

    >>> percent(18.08, 20), percent(0, 7), percent(1, 50_000), percent(9999, 10_000), percent(5, 5)
    ('90.4 %', '0 %', '<0.01 %', '>99.9 %', '100 %')
    """
    if not whole:
        return "–"
    share = part / whole
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    if share < 0.0001:
        return "<0.01 %"
    if share < 0.001:
        return f"{share * 100:.2f} %"
    if 0.9995 <= share < 1:
        return ">99.9 %"
    return f"{share * 100:.1f} %"


_PROBLEMS: dict[Problem, Text] = {
    "expired": Text("expired after {until}", "已于{until}到期"),
    "unknown rule": Text("no rule has this id", "没有此编号的规则"),
    "unknown record": Text("the data holds no such record", "数据中没有此记录"),
    "unused": Text("no finding needs it", "没有与之对应的问题"),
}


def why_idle(note: WaiverNote) -> Text:
    """Why a waiver does nothing."""
    until = one_line(note.until or "")
    known = _PROBLEMS[note.problem]
    near = [one_line(name) for name in note.meant]
    return Text(
        known.en.format(until=until) + (f". Did you mean {' or '.join(near)}?" if near else ""),
        known.zh.format(until=until) + (f"。是否指{'或'.join(near)}？" if near else ""),
    )


def since(trend: Trend) -> Text:
    """What changed since the earlier check, in one sentence."""
    gone = len(trend.unexamined)
    day = one_line(trend.baseline.as_of)
    counts = (len(trend.new), trend.persisting, len(trend.resolved))
    new, stay, resolved = map(number, counts)
    return Text(
        f"since the check as of {day}: {new} new, {stay} persisting, {resolved} resolved"
        + (f", {number(gone)} no longer examined" if gone else "")
        + ("; the rules are not those of then" if trend.other_rules else ""),
        f"与截至{day}的检查相比：新增{new}条，持续{stay}条，已解决{resolved}条"
        + (f"，不再检查{number(gone)}条" if gone else "")
        + ("；规则已与当时不同" if trend.other_rules else ""),
    )
