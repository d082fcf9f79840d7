"""The study as a Chinese registry page prints it: status, periods, ages, arms, outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeVar

from kg import values
from kg.fields import Fields
from kg.model import (
    Arm,
    Condition,
    Funding,
    Intervention,
    OrganizationMention,
    OutcomeMeasure,
    SecondaryIdentifier,
    Specimen,
)
from kg.said import Blank, Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.words.secondary import secondary_identifier, without_number
from kg.words.wording import cancel_note, is_organization, list_of

NO_INTERVENTION = "no-intervention"
T = TypeVar("T")


def period(
    f: Fields, label: str
) -> tuple[Said[values.PartialDate] | None, Said[values.PartialDate] | None]:
    """Start and end of ``从 From … 至 To …``; None for what is not printed.

    An end that cannot be read takes nothing from the start, nor the other way round.
    """
    cell = f.cell(label)
    ends = values.ends_of(cell.text) if cell else None
    if cell is None or ends is None:
        said = f.said(label, _no_period)
        return said, said
    start, end = (
        f.read(Cell(part, cell.line, cell.path), values.partial_date)._replace(printed=cell.text)
        for part in ends
    )
    return start, end


def _no_period(_: str) -> values.PartialDate | None:
    raise ValueError("expected From YYYY-MM-DD To YYYY-MM-DD")


_UNIT = re.compile(r"\s*(?:岁|年|个?月|周|天|日)?\s*((?:year|month|week|day)s?)\s*", re.I)
_AGE = re.compile(r"最小\s*Min age\s*(.*?)\s*最大\s*Max age\s*(.*)", re.DOTALL)


class _Ages(NamedTuple):
    low: Said[Decimal] | None = None
    high: Said[Decimal] | None = None
    as_given: tuple[Said[str], ...] = ()


def ages(f: Fields) -> _Ages:
    """The limits in years and the row as printed."""
    cell = f.cell("年龄范围")
    if cell is None:
        return _Ages()
    if not cell.text:
        blank: Said[Decimal] = cell.says(None)
        return _Ages(blank, blank)
    limits = _AGE.fullmatch(cell.text)
    shown = f"最小 Min age {_limit(limits[1])} 最大 Max age {_limit(limits[2])}" if limits else ""
    as_given = (cell.says(values.one_line(shown or cell.text)),)
    if not limits:
        f.report("bad value", "年龄范围", "expected 最小 Min age … years 最大 Max age … years")
        unread: Said[Decimal] = cell.says(None, refused=True)
        return _Ages(unread, unread, as_given)
    return _Ages(_age(f, cell, limits[1]), _age(f, cell, limits[2]), as_given)


def _limit(text: str) -> str:
    """One printed limit. Some copies lose the Chinese unit beside the English one."""
    return _UNIT.sub(r" \1", text)


def _age(f: Fields, cell: Cell, text: str) -> Said[Decimal] | None:
    try:
        return cell.says(values.age(text), text)
    except ValueError as error:
        f.report("bad value", "年龄范围", str(error), text)
        return cell.says(None, text, refused=True)


class _Status(NamedTuple):
    now: Said[Codes] | None
    before: Said[Codes] | None = None
    why: Texts | None = None


def status(f: Fields, title: Texts | None) -> _Status:
    """What became of recruitment. The registry has no word for a withdrawn trial.

    A trial is withdrawn by a note in front of its title; the status printed beside it is then the
    last one known.
    """
    printed = f.concepts("recruitment-status", zh="征募研究对象情况", en="Recruiting status")
    for said in title or ():
        note = cancel_note(said.value) if said and said.value else None
        if said and note:
            why = said.but(note, note)
            return _Status(
                said.but(("withdrawn",), note),
                printed,
                Texts(zh=why) if values.has_han(note) else Texts(en=why),
            )
    return _Status(printed)


def secondary_identifiers(
    f: Fields,
) -> tuple[tuple[SecondaryIdentifier, ...], tuple[Blank, ...]]:
    """One identifier per number of the field, and a blank where it gives none."""
    listed = f.strings("在二级注册机构或其它机构的注册号", list_of)
    found = (secondary_identifier(said) for said in listed)
    return tuple(one for one in found if one is not None), tuple(without_number(listed))


def results_links(f: Fields) -> Iterator[Said[str]]:
    """The web addresses of uploaded results; the name of a file is reported."""
    for label in ("试验完成后的统计结果", "Calculated Results after the Study Completed"):
        said = f.string(label)
        if said is None or said.value is None:
            continue
        links = re.findall(r"https?://[^\s;，。；]+", said.value)
        for link in links:
            yield said.but(link)
        if not links:
            f.report("left out", label, "the name of an uploaded file has no place in the graph")


def conditions(f: Fields) -> Iterator[Condition]:
    """The condition under study, with its code."""
    name = f.texts(zh="研究疾病", en="Target disease")
    code = f.string("研究疾病代码")
    if name or (code and code.value):
        yield Condition(name=name or Texts(), code=code)


def funding(f: Fields) -> Iterator[Funding]:
    """The source of money; an organization where the text is one."""
    text = f.texts(zh="经费或物资来源", en="Source(s) of funding")
    if text:
        funder = OrganizationMention(name=text) if is_organization(text) else None
        yield Funding(as_given=text, funder=funder)


def arms(f: Fields) -> Iterator[Arm]:
    """The groups in order; equal interventions are one."""
    rows = f.each("arms")
    names = [a.texts(zh="干预措施", en="Intervention") for a in rows]
    shared: dict[tuple[str | None, str | None, str | None], Intervention] = {}
    for n, (a, name) in enumerate(zip(rows, names, strict=True), start=1):
        code = _either(a, "干预措施代码", "Intervention code", values.one_line)
        interventions: tuple[Intervention, ...] = ()
        blanks = a.blanks("usesIntervention", zh="干预措施", en="Intervention")
        if name or (code and code.value):
            given = name or Texts()
            key = (
                given.zh.value if given.zh else None,
                given.en.value if given.en else None,
                code.value if code else None,
            )
            interventions = (shared.setdefault(key, Intervention(name=given, code=code)),)
            blanks = ()
        sort = _untreated(a) if not interventions and any(names) else None
        yield Arm(
            name=_name(a, "组别", "Group"),
            sort=sort,
            size=_either(a, "样本量", "Sample size", values.count),
            interventions=interventions,
            list_position=n,
            blanks=() if sort else blanks,
        )


def _untreated(a: Fields) -> Said[Codes] | None:
    """That an arm has no intervention by design, as 无 says beside arms that have one."""
    cells = [cell for label in ("干预措施", "Intervention") if (cell := a.cell(label))]
    denied = next((cell for cell in cells if values.says_none(cell.text)), None)
    return denied and denied.says((NO_INTERVENTION,), denied.text)


def _either(f: Fields, zh: str, en: str, parse: Callable[[str], T]) -> Said[T] | None:
    """One value for both languages: most pages print it under the Chinese label, some copies under
    the English one."""
    first, second = f.said(zh, parse), f.said(en, parse)
    if second is None or second.value is None:
        return second if first is None else first
    if first is None or first.value is None:
        return second
    if first.value == second.value:
        return joined(first.value, (first, second))._replace(printed=first.printed)
    why = f"the other language says {first.printed}; that is kept"
    f.log.report("words disagree", second.path, second.line, second.printed, why)
    return first


def design(f: Fields) -> tuple[Said[Codes] | None, Said[Codes] | None]:
    """The model of the design, and the allocation: not every word of a design tells both."""
    zh, en = "研究设计", "Study design"
    model = f.concepts("design-model", zh=zh, en=en)
    allocation = f.concepts("allocation", zh=zh, en=en, report=False)
    return model, None if allocation and allocation.refused else allocation


def _name(f: Fields, zh: str, en: str) -> Texts:
    """The name of a part, with its blanks."""
    found = f.texts(zh=zh, en=en)
    return Texts() if found is None else found


def outcome(f: Fields, n: int) -> OutcomeMeasure:
    """The ``n``-th outcome, from 1."""
    return OutcomeMeasure(
        name=_name(f, "指标中文名", "Outcome"),
        sort=f.concepts("outcome-type", zh="指标类型", en="Type"),
        time_point=f.texts(zh="测量时间点", en="Measure time point of outcome"),
        method=f.texts(zh="测量方法", en="Measure method"),
        list_position=n,
    )


def specimen(f: Fields) -> Specimen:
    """One sample taken from participants."""
    return Specimen(
        name=_name(f, "标本中文名", "Sample Name"),
        tissue=f.texts(zh="组织", en="Tissue"),
        fate=f.concepts("specimen-fate", zh="人体标本去向", en="Fate of sample"),
        note=f.texts(zh="说明", en="Note"),
    )
