"""The table of links: one row per judgement, for people who read it in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from kg.resolve.identity import Resolution
from kg.resolve.links import BY_A_PERSON, decimal
from kg.values import FORMULA_SIGNS

COLUMNS = (
    "decision",
    "rule",
    "score",
    "kind",
    "left_label",
    "right_label",
    "left",
    "right",
    "left_entity",
    "right_entity",
    "evidence",
)


def rows(resolution: Resolution) -> list[tuple[str, ...]]:
    """The links as text, sorted: same, possible, different; then rule and pair."""
    order = {"same": 0, "possible": 1, "different": 2}
    names, refers = resolution.names, resolution.refers
    return [
        (
            link.decision,
            link.rule,
            "" if link.rule in BY_A_PERSON else decimal(link.score),
            link.kind,
            _cell(names.get(link.left, "")),
            _cell(names.get(link.right, "")),
            link.left,
            link.right,
            refers[link.left],
            refers[link.right],
            _cell(link.evidence),
        )
        for link in sorted(
            resolution.links, key=lambda k: (order[k.decision], k.rule, k.left, k.right)
        )
    ]


def write_links(resolution: Resolution, path: Path) -> None:
    """Write the links as tab-separated text with a head line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in (COLUMNS, *rows(resolution)):
            file.write("\t".join(row) + "\n")


def write_aliases(resolution: Resolution, path: Path) -> None:
    """Write the pairs of names that the records teach: who prints them how often side by side."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("zh\ten\trecords\tregistrants\tshare\n")
        for alias in resolution.aliases:
            counts = (str(alias.records), str(alias.registrants), decimal(alias.share))
            file.write("\t".join((_cell(alias.zh), _cell(alias.en), *counts)) + "\n")


_FORMULA_STARTS = tuple(FORMULA_SIGNS)


def _cell(text: str) -> str:
    """A text on one line; one that a spreadsheet would compute begins with a zero-width space."""
    plain = " ".join(text.split())
    return f"\u200b{plain}" if plain.startswith(_FORMULA_STARTS) else plain
