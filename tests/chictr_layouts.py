"""One Chinese registry page in the layouts that copies of it have: what tests compare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.cursor import Log
from kg.extractors import chictr
from kg.extractors.chictr_form import FORM, MERGED
from kg.fields import Fields
from kg.sources.page_forms import key_of, squeezed
from kg.sources.trees import Tree
from kg.statements import crossed
from kg.values import narrow

HISTORY = "版本V1.0 版本创建时间2026/01/05 09:00:00 中国临床试验注册中心"
LAYOUTS = ("web-CN", "web-EN", "hv-CN", "hv-EN", "pipe", "pipe-unlined", "pipe-rows", "glued")
# The English template leaves these Chinese labels out, with their values.
NOT_IN_ENGLISH = ("研究疾病",)
# What says where a statement was read, and the history header that only some layouts have.
PROVENANCE = re.compile(
    r"(?:sourceLayout|sourceFile|sourceSha256|unparsedLabel|versionLabel|purl.org/dc/terms/created"
    r"|purl.org/dc/terms/source)>"
)

_MERGED = dict(MERGED)
_ENGLISH = frozenset(_MERGED.values())
# Both labels in one cell, and one answer for both, which the tree keeps under the English label.
_ANSWERED = {
    "征募研究对象情况": "Recruiting status",
    "是否公开试验完成后的统计结果": "Calculated Results after the Study Completed public access",
    "是否共享原始数据": "IPD sharing",
    "数据与安全监察委员会": "Data and Safety Monitoring Committee",
}
_BROKEN = {
    "Study leader's telephone:": "Study leader's\ntelephone:",
    "Institution hospital:": "Institution\nhospital:",
    "Collecting sample(s) from participants:": "Collecting sample(s)\nfrom participants:",
}
_Printed = tuple[tuple[str, ...], str | None]  # the labels of one cell; its value, None for a head


def cells(tree: Tree) -> Iterator[_Printed]:
    """The cells of the form as the registry lays them out: labels, and the value behind them."""
    printed = {
        FORM.keys[squeezed(label)]: label for label in FORM.printed if squeezed(label) in FORM.keys
    }
    seen: set[str] = set()
    for key, label in printed.items():
        block = FORM.blocks.get(squeezed(label))
        if block is not None:
            if block.name in seen:
                continue
            seen.add(block.name)
            yield block.heads, None
            for row in tree.get(block.name, ()):
                for inner in block.labels:
                    yield (inner,), row[key_of(inner)].text if key_of(inner) in row else ""
        elif key in _MERGED:
            if key in tree:
                yield (label, printed[_MERGED[key]]), tree[key].text
        elif key in _ANSWERED:
            yield (label, printed[_ANSWERED[key]]), tree[_ANSWERED[key]].text
        elif key not in _ENGLISH and key not in _ANSWERED.values() and key in tree:
            yield (label,), tree[key].text


def rendered(tree: Tree, layout: str) -> str:
    """The text of a page in one of ``LAYOUTS``, half-width as all copies are."""
    kind = layout.partition("-")[0]
    write = {"web": _lines, "hv": _lines, "pipe": _pipe, "glued": _glued}[kind]
    return narrow(write(list(cells(tree)), tree, layout))


def _lines(printed: Sequence[_Printed], tree: Tree, layout: str) -> str:
    number, title = tree["注册号"].text, "注册题目" if layout.endswith("CN") else "Public title"
    found = [f"{number} {HISTORY}" if layout.startswith("hv") else tree[title].text]
    for labels, value in printed:
        for label in labels:
            if layout.endswith("CN") or label == "Institution hospital:":
                label = _BROKEN.get(label, label)
            if not (layout.endswith("EN") and label.rstrip(":") in NOT_IN_ENGLISH):
                found.append(label)
        if value and not (layout.endswith("EN") and labels[0].rstrip(":") in NOT_IN_ENGLISH):
            found.append(value)
        elif value == "":
            found.append("\u00a0")
    return "\n\n".join(found) + "\n"


def _rows(printed: Sequence[_Printed]) -> str:
    """Rows of a Markdown table, as what makes Markdown of pages writes them."""
    found = []
    for n, (labels, value) in enumerate(printed):
        made = ["<br>".join(labels), "" if value is None else value]
        found.append("| " + " | ".join(cell.replace("\n", "<br>") for cell in made) + " |")
        if n == 0:
            found.append("| --- | :---: |")
    return "\n".join(found) + "\n"


def _pipe(printed: Sequence[_Printed], tree: Tree, layout: str) -> str:
    if layout == "pipe-rows":
        return _rows(printed)
    lined = layout == "pipe"
    found = ["|"] if lined else []
    for labels, value in printed:
        label = " ".join(labels)
        if "Study leader's telephone:" in labels:
            label = "研究负责人电话:\nStudy leader's"
        found.append(f"{label} |")
        if value is not None:
            found.append(f"{value} |" if value else "||")
        if lined:
            found.append("|")
    return "\n".join(found) + "\n"


def _glued(printed: Sequence[_Printed], tree: Tree, layout: str) -> str:
    found = ""
    for n, (labels, value) in enumerate(printed):
        found += "\n".join(labels) if n % 3 else "".join(labels)
        if value:
            found += f"\n{value}" + ("" if n % 4 else " ")
    return found


def statements(tree: Tree, registry: str) -> set[str]:
    """What the record of a tree says, provenance apart, in half-width characters.

    Text copies lose the full-width characters of the page, so they cannot be told apart from
    half-width ones; everything else has to be equal.
    """
    found = chictr.record(Fields(tree, registry=registry, log=Log("page")))
    made = crossed(found)
    return {
        narrow(quad).replace(made.version, "urn:version")
        for quad in made.quads
        if not PROVENANCE.search(quad)
    }


def without(tree: Tree, *keys: str) -> Tree:
    """The tree without some of its labels."""
    return {key: found for key, found in tree.items() if key not in keys}
