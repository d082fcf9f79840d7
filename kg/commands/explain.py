"""``kg explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.options import shapes_option
from kg.counted import counted

if TYPE_CHECKING:
    from kg.check.findings import Rule
    from kg.check.rulebook import Rulebook

_SEVERITY = {
    "violation": ("violation: required and missing, or impossible", "违规：必填而缺失，或不可能"),
    "warning": (
        "warning: weak or contradictory, a person should look",
        "警告：薄弱或矛盾，应核实",
    ),
    "info": ("hint: optional, or a matter of style", "提示：可选项或书写问题"),
}
_SCOPE = {
    "all": ("every source that asks for it", "所有采集该项的来源"),
    "int": ("interventional studies", "干预性研究"),
    "rnd": ("randomised studies", "随机研究"),
    "bi": ("records in Chinese and English", "中英双语记录"),
    "reg": ("registries, not pages that copy them", "注册平台（不含转载页面）"),
    "agg": ("pages that copy registrations", "转载页面"),
    "chictr": ("ChiCTR and its sister registries", "ChiCTR及同类平台"),
    "2 versions": ("records of which two versions are known", "有两个版本的记录"),
    "merged graph": ("all records together", "全部记录合并后"),
    "structure": ("what this software writes", "本软件的输出"),
}
_LABELS = {
    "severity": ("severity", "级别"),
    "dimension": ("about", "维度"),
    "item": ("WHO item", "WHO条目"),
    "scope": ("asked of", "适用范围"),
    "fires": ("fires when", "触发条件"),
    "message": ("says", "提示内容"),
    "why": ("why", "理由"),
    "remedy": ("what to do", "处理办法"),
    "source": ("source", "依据"),
    "examples": ("found", "已发现"),
    "off": ("switched off unless asked for", "默认关闭"),
}


@click.command(short_help="Say what a rule is about, why it is there, and what to do.")
@click.argument("rule")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
@click.option(
    "--in",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Count what the rule found in the report of a build.",
)
@shapes_option
def explain(rule: str, lang: str, folder: Path | None, shapes: tuple[Path, ...]) -> None:
    """Explain RULE, such as WHO-14a, X04 or ST-13.

    \b
    kg explain X04 --lang zh
    """
    from kg.check.rulebook import rulebook
    from kg.check.user_shapes import load
    from kg.errors import ToolError
    from kg.near import meant

    book = rulebook(tuple(map(load, shapes)))
    known = {one.lower(): one for one in book.rules}
    if rule.lower() not in known:
        raise ToolError(f"no rule {rule!r}.{meant(rule, book.rules)} kg check --list shows all")
    one = book.rules[known[rule.lower()]]
    name = one.name_zh if lang == "zh" else one.name_en
    click.echo(f"{one.id}  {name}")
    for label, text in _lines(book, one, lang, folder):
        click.echo(f"  {_LABELS[label][lang == 'zh']}: {text}")


def _lines(book: Rulebook, rule: Rule, lang: str, folder: Path | None) -> list[tuple[str, str]]:
    from kg.check.reasons import reason
    from kg.check.report.words import DIMENSIONS
    from kg.check.score import item_of

    zh = lang == "zh"
    found = [
        ("severity", _SEVERITY[rule.severity][zh]),
        ("dimension", getattr(DIMENSIONS[rule.dimension], lang)),
    ]
    if rule.who_item:
        found.append(("item", item_of(rule.who_item)))
    known = _SCOPE.get(rule.scope)
    found.append(("scope", known[zh] if known else rule.scope))
    said = reason(book, rule.id)
    if said.fires:
        found.append(("fires", getattr(said.fires, lang)))
    found.append(("message", rule.message_zh if zh else rule.message_en))
    if said.why:
        found.append(("why", getattr(said.why, lang)))
    if rule.remedy:
        found.append(("remedy", getattr(book.remedies[rule.remedy], lang)))
    if said.source:
        found.append(("source", said.source))
    if not rule.enabled:
        found.append(("off", rule.id))
    if folder is not None:
        found.append(("examples", _count(folder, rule.id, zh)))
    return found


def _count(folder: Path, rule: str, zh: bool) -> str:
    """How often the rule fired in a build's report, of how many places that it examined."""
    from kg.check.earlier import parts
    from kg.errors import ToolError

    path = folder / "report" / "findings.json"
    if not path.is_file():
        raise ToolError(f"{folder}: no report here; run kg check first")
    with parts(path) as told:
        rules = (one for name, values in told if name == "rules" for one in values)
        one = next((one for one in rules if one["id"] == rule), None)
        if one is None:
            return "0"
        findings, examined = one["findings"], one["counts"]["applicable"]
    return (
        f"{findings:,}（核查{examined:,}处）"
        if zh
        else f"{findings:,}, {counted(examined, 'place')} examined"
    )
