"""The verdict of a report in one sentence, and what a reader has to know beside it."""

from __future__ import annotations

from kg.check.report.overview import IDLE, Overview
from kg.check.report.phrases import number
from kg.check.terms import Text
from kg.counted import counted


def verdict(view: Overview) -> Text:
    """What the check found, for somebody who reads nothing else."""
    found, records = view.sums, len(view.records)
    if not records and not found.found:
        return Text(
            "Nothing was examined: the data holds no record.", "未检查任何内容：数据中没有记录。"
        )
    where = Text(
        f"In {counted(records, 'record', 'records')}", f"在{number(records)}条记录中，"
    ) if records else Text("Across the records", "跨记录检查中，")  # fmt: skip
    if not found.found:
        return Text(f"{where.en}, nothing was found.", f"{where.zh}未发现问题。")
    missing = (
        Text("no required content is missing or impossible", "没有必填内容缺失或不可能成立")
        if not found.violation
        else Text(
            f"required content is missing or impossible in {counted(found.violation, 'place')}",
            f"{number(found.violation)}处必填内容缺失或不可能成立",
        )
    )
    rest = []
    if found.warning:
        needs = "needs" if found.warning == 1 else "need"
        rest.append(
            Text(
                f"{counted(found.warning, 'point')} {needs} a second look",
                f"{number(found.warning)}处需人工核对",
            )
        )
    if found.info:
        more = "1 is a hint" if found.info == 1 else f"{number(found.info)} are hints"
        rest.append(Text(more, f"另有{number(found.info)}条提示"))
    tail_en = ", ".join(t.en for t in rest)
    tail_zh = "，".join(t.zh for t in rest)
    return Text(
        f"{where.en}, {missing.en}{'; ' if rest else ''}{tail_en}.",
        f"{where.zh}{missing.zh}{'；' if rest else ''}{tail_zh}。",
    )


def remarks(view: Overview) -> list[tuple[str, Text]]:
    """Kind (``alarm`` or ``note``) and sentence: faults, errors, waivers, idle rules."""
    found: list[tuple[str, Text]] = []
    if view.faults:
        found.append(
            (
                "alarm",
                Text(
                    f"This software's own output has {counted(view.faults, 'fault')}, listed under "
                    "“Our own output”; results below may be affected.",
                    f"软件自身输出有{number(view.faults)}处错误，见“软件自身输出”，下列结果可能受影响。",
                ),
            )
        )
    if view.errors:
        were = "it is" if view.errors == 1 else "they are"
        found.append(
            (
                "alarm",
                Text(
                    f"{counted(view.errors, 'check')} could not be carried out; {were} counted "
                    "apart, never as passed.",
                    f"{number(view.errors)}项检查未能执行，计为出错，不计为通过。",
                ),
            )
        )
    if view.sums.waived:
        are = "is" if view.sums.waived == 1 else "are"
        found.append(
            (
                "note",
                Text(
                    f"{counted(view.sums.waived, 'further finding')} {are} waived: listed, but not "
                    "in these sums.",
                    f"另有{number(view.sums.waived)}条已豁免，列出但不计入合计。",
                ),
            )
        )
    states = [r.status for r in view.rules]
    idle = sum(s in IDLE for s in states)
    failed, passed = states.count("failed"), states.count("passed")
    found.append(
        (
            "note",
            Text(
                f"{counted(len(states), 'rule')}: {number(failed)} found something, "
                f"{number(passed)} passed, {number(idle)} had nothing to examine (which is not a "
                "pass).",
                f"共{number(len(states))}条规则：{number(failed)}条发现问题，{number(passed)}条通过，"
                f"{number(idle)}条没有可检查的内容（不算通过）。",
            ),
        )
    )
    return found
