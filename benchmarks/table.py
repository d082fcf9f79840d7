"""The tables of the results, made anew: ``benchmarks/results/table.md``, and the README's.

    python -m benchmarks.table

Every target has its line, whether it was met, missed or not measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.kept import RESULTS, ROOT, TARGETS, records_of, results, shown

README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- benchmarks: made by python -m benchmarks\.table -->\n).*?(<!-- end -->)",
                   re.DOTALL)  # fmt: skip


def table(kept: Sequence[dict[str, Any]]) -> str:
    """What is wanted beside what was measured, and below it where and when."""
    found = {
        key: one | {"records": records_of(result["settings"])}
        for result in kept
        for key, one in result["measured"].items()
    }
    lines = ["| what | against | wanted | measured | met | how |", "|---|---|---|---|---|---|"]
    for target in TARGETS:
        one = found.get(target.key)
        value = None if one is None else one["value"]
        cells = (
            target.what,
            target.against,
            target.wanted,
            "not measured" if value is None else shown(value, target.form),
            "" if one is None else target.verdict(one["value"], one["records"]),
            "" if one is None else one["note"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_where(kept), ""])


def _where(kept: Sequence[dict[str, Any]]) -> list[str]:
    if not kept:
        return []
    by_place: dict[str, list[str]] = {}
    for result in kept:
        its = result["machine"]
        load = f"load {its['load_at_start']} at the start"
        place = (
            f"{its['cpu']}, {its['cores']} cores, {its['memory_gib']} GiB, shared with other work"
        )
        by_place.setdefault(f"{place}; {result['date']}", []).append(
            f"{result['benchmark']} ({result['commit']}, {load})"
        )
    versions = kept[0]["versions"]
    ran = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    return [
        *(f"{place}: {', '.join(ones)}." for place, ones in sorted(by_place.items())),
        f"Versions: {ran}. Ratios are medians of the rounds named; the rounds themselves stand in",
        "[benchmarks/results](benchmarks/results).",
    ]


def own(kept: Sequence[dict[str, Any]]) -> str:
    """The table as it stands beside the results."""
    return table(kept).replace("(benchmarks/results)", "(.)")


def readme(text: str, kept: Sequence[dict[str, Any]]) -> str:
    """The README with the table that the results give."""
    assert BLOCK.search(text), "the README has no place for the table"
    return BLOCK.sub(lambda m: f"{m[1]}{table(kept)}{m[2]}", text)


def main() -> None:
    """Write both."""
    kept = results()
    Path(RESULTS, "table.md").write_text(own(kept), encoding="utf-8")
    README.write_text(readme(README.read_text(encoding="utf-8"), kept), encoding="utf-8")


if __name__ == "__main__":
    main()
