"""Page text of a form: known labels in a known order, values between them.

A page copied as text keeps its labels and loses its table. ``scan`` finds the labels again, by
exact words only and longest first, also where a label is broken over lines. Three things keep a
label inside free text (criteria may say "排除标准:") from cutting a value in two: a label counts
only as a whole line; one that the form prints once is taken where its neighbours stand; one that
belongs to a repeated block is taken only inside that block's section. A source that knows more
than its lines tell (a table cell is a label or a value) says so in its ``Line``s.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.sources.page_forms import Block, Form, plain, squeezed
from kg.sources.trees import Cell, Tree
from kg.values import has_han, one_line, paragraphs

_INDEXED = re.compile(r"(.+)\[(\d+)\]", re.DOTALL)
MOST_LINES = 6  # a label is broken over at most so many lines, blank ones left out


class Line(NamedTuple):
    """One line of a page, with its 1-based number in the file.

    ``sort`` says what the source knows of it: ``label``, ``value``, ``heading`` (a label if any
    form has it), or nothing. ``joins``: it goes on where the line before it ended, without a break.
    """

    text: str
    number: int
    sort: Literal["", "label", "value", "heading"] = ""
    joins: bool = False


def lines_of(text: str) -> list[Line]:
    """The lines of a text, about which nothing more is known."""
    return [Line(line, n) for n, line in enumerate(text.split("\n"), start=1)]


@dataclass(frozen=True, slots=True)
class Page:
    """What a scan found. ``tree`` holds cells by key, and a list of trees per block.

    An unknown label that stands on the page several times is a list of cells.
    """

    tree: Tree
    before: tuple[str, ...]  # lines above the first label
    labels: int  # how many labels were found
    broken: frozenset[str]  # keys of labels that were broken over lines
    unknown: tuple[tuple[str, int], ...]  # paths and lines of what looks like a label
    misplaced: tuple[tuple[str, int], ...]  # known labels that were read as text
    whole: bool  # False: the page ends before its form does
    last: tuple[str, int]  # the last label found, and its line

    def text_at(self, path: str) -> str:
        """What stands under an unknown label; nothing where the page was cut inside it."""
        found: object = self.tree.get(path)
        if found is None and (one := _INDEXED.fullmatch(path)):
            several = self.tree.get(one[1], ())
            found = several[int(one[2]) - 1] if int(one[2]) <= len(several) else None
        return found.text if isinstance(found, Cell) else ""


class _Hit(NamedTuple):
    line: int  # index of its first line
    end: int  # index behind its last line
    label: str  # squeezed


class _Label(NamedTuple):
    hit: _Hit
    key: str
    block: str = ""
    opens: bool = False
    unknown: bool = False


def scan(text: str | Sequence[Line], form: Form, *, strict: bool = False) -> Page:
    """The cells of a page. Where the page is cut, its last value is left out: it may be half.

    ``strict``: labels were found inside lines, so that only the form's order tells a label from the
    same words in free text.
    """
    lines = lines_of(text) if isinstance(text, str) else text
    bare = ["" if line.sort == "value" else squeezed(line.text) for line in lines]
    hits = _hits(lines, bare, form)
    placed = list(_placed(hits, form, strict))
    labels = [label for label in placed if isinstance(label, _Label)]
    unknown = _unknown(lines, bare, hits, labels, form)
    whole = any(label.hit.label == form.last for label in labels)
    first = labels[0].hit.line if labels else len(lines)
    return Page(
        _tree(sorted([*labels, *unknown]), lines, whole=whole),
        before=tuple(filter(None, (one_line(line.text) for line in lines[:first]))),
        labels=len(labels),
        broken=frozenset(label.key for label in labels if label.hit.end - label.hit.line > 1),
        unknown=tuple(_paths(unknown, lines)),
        misplaced=tuple(
            (plain(lines[hit.line].text), lines[hit.line].number)
            for hit in placed
            if isinstance(hit, _Hit)
        ),
        whole=whole,
        last=(labels[-1].key, lines[labels[-1].hit.line].number) if labels else ("", 0),
    )


def _unknown(
    lines: Sequence[Line],
    bare: Sequence[str],
    hits: Sequence[_Hit],
    labels: Sequence[_Label],
    form: Form,
) -> list[_Label]:
    """Lines that must be labels of a newer form: each ends the value above it.

    In free text a heading of the registrant's own looks the same; there only a pair counts, one
    Chinese and one English, as every label of the form is printed. A line that its source knows as
    a label always counts.
    """
    taken = {n for hit in hits for n in range(hit.line, hit.end)}
    found: list[_Label] = []
    stops = [*(label.hit.line for label in labels[1:]), len(bare)]
    for label, stop in zip(labels, stops, strict=False):
        here = [
            n
            for n in range(label.hit.end, stop)
            if n not in taken and _looks_like_a_label(lines, bare, n)
        ]
        if label.key in form.long and len({has_han(bare[n]) for n in here}) < 2:
            here = [n for n in here if lines[n].sort == "label"]
        found += (
            _Label(_Hit(n, n + 1, bare[n]), form.key_of_unknown(lines[n].text), unknown=True)
            for n in here
        )
    return found


def _paths(unknown: Sequence[_Label], lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Where each unknown label stands in the tree, and its line."""
    many = Counter(label.key for label in unknown)
    seen: Counter[str] = Counter()
    for label in unknown:
        seen[label.key] += 1
        index = f"[{seen[label.key]}]" if many[label.key] > 1 else ""
        yield label.key + index, lines[label.hit.line].number


def _hits(lines: Sequence[Line], bare: Sequence[str], form: Form) -> list[_Hit]:
    found: list[_Hit] = []
    n = 0
    while n < len(bare):
        end, label = n, ""
        before = found[-1].label if found else ""
        joined = ""
        width = 0
        for last in range(n, min(n + 2 * MOST_LINES, len(bare))):
            if last > n and (lines[n].sort or lines[last].sort):
                break  # what the source tells apart is not one label
            if not bare[last]:
                if last == n:
                    break
                continue
            width += 1
            joined += bare[last]
            if width > MOST_LINES or len(joined) > form.longest:
                break
            if meant := form.meant(before, joined):
                end, label = last + 1, meant
        if end > n:
            found.append(_Hit(n, end, label))
        n = max(end, n + 1)
    return found


def _placed(hits: Sequence[_Hit], form: Form, strict: bool) -> Iterator[_Label | _Hit]:
    """Every hit: as a label of the form where it can be one, else as it is."""
    chosen = _chosen(hits, form, strict)
    block: Block | None = None
    inside: set[str] = set()
    furthest = 0
    for n, hit in enumerate(hits):
        if chosen.get(hit.label) == n:
            block, inside = form.blocks.get(hit.label), set()
            yield _Label(hit, form.keys[hit.label])
        elif block and hit.label == block.opener and (not strict or _opens(hits, n, block)):
            inside, furthest = {hit.label}, 0
            yield _Label(hit, block.keys[hit.label], block.name, opens=True)
        elif (
            block
            and inside
            and hit.label in block.keys
            and hit.label not in inside
            and not (strict and block.places[hit.label] < furthest)
        ):
            inside.add(hit.label)
            furthest = block.places[hit.label]
            yield _Label(hit, block.keys[hit.label], block.name)
        else:
            yield hit


def _opens(hits: Sequence[_Hit], n: int, block: Block) -> bool:
    """Whether a block begins here: its second label follows, or the page ends."""
    return n + 1 == len(hits) or block.places.get(hits[n + 1].label) == 1


def _chosen(hits: Sequence[_Hit], form: Form, strict: bool) -> dict[str, int]:
    """For each label that the form prints once: which of its hits is the label.

    A label seen once is taken where it stands (``strict``: where the others leave it a place). Of
    several hits, the first one counts whose nearest certain neighbours stand on the right sides of
    it in the form.
    """
    seen: dict[str, list[int]] = {}
    for n, hit in enumerate(hits):
        if hit.label in form.places:
            seen.setdefault(hit.label, []).append(n)
    certain = sorted(
        (where[0], form.places[label])
        for label, where in seen.items()
        if len(where) == 1 and label not in form.repeated
    )
    if strict:
        certain = _in_order(certain)
    chosen = {}
    for label, where in seen.items():
        if label in form.repeated:
            where = [n for n in where if _heads_a_section(hits, n, form)]
        if len(where) > 1 or strict:
            fitting = [n for n in where if _fits(n, form.places[label], certain)]
            where = fitting if strict else fitting or where
        if where:
            chosen[label] = where[0]
    return chosen


def _in_order(certain: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most of these hits whose places in the form ascend."""
    ends: list[int] = []  # smallest last place of an ascending run, by its length
    runs: list[int] = []  # index of the hit that ends it
    before: list[int] = []
    for n, (_, place) in enumerate(certain):
        at = bisect_left(ends, place)
        before.append(runs[at - 1] if at else -1)
        ends[at : at + 1], runs[at : at + 1] = [place], [n]
    kept = []
    at = runs[-1] if runs else -1
    while at >= 0:
        kept.append(certain[at])
        at = before[at]
    return kept[::-1]


def _fits(n: int, place: int, certain: Sequence[tuple[int, int]]) -> bool:
    at = bisect_left(certain, (n, -1))
    after = at + (at < len(certain) and certain[at][0] == n)  # it is certain itself
    return (at == 0 or certain[at - 1][1] < place) and (
        after == len(certain) or certain[after][1] > place
    )


def _heads_a_section(hits: Sequence[_Hit], n: int, form: Form) -> bool:
    """Whether a label that a block prints too (干预措施) is the section's head here: the form's
    next label follows at once."""
    follower = form.order[form.places[hits[n].label] + 1]
    return n + 1 < len(hits) and hits[n + 1].label == follower


def _tree(labels: Sequence[_Label], lines: Sequence[Line], *, whole: bool) -> Tree:
    tree: dict[str, Cell | Sequence[Cell] | Sequence[Tree]] = {}
    lists: dict[str, list[dict[str, Cell]]] = {}
    repeated: dict[str, list[Cell]] = {}
    many = Counter(label.key for label in labels if label.unknown)
    stops = [*(label.hit.line for label in labels[1:]), len(lines)][: len(labels)]
    for label, stop in zip(labels, stops, strict=True):
        if label.opens:
            lists.setdefault(label.block, []).append({})
        if not whole and stop == len(lines):
            break  # the page was cut inside this value, or inside the label behind it
        text = "".join(
            line.text if line.joins else f"\n{line.text}" for line in lines[label.hit.end : stop]
        )
        cell = Cell(paragraphs(text), lines[label.hit.line].number)
        if label.unknown and many[label.key] > 1:
            tree[label.key] = repeated.setdefault(label.key, [])
            repeated[label.key].append(cell)
        elif label.block:
            lists[label.block][-1][label.key] = cell
        else:
            tree[label.key] = cell
    return {**tree, **lists}


def _looks_like_a_label(lines: Sequence[Line], bare: Sequence[str], n: int) -> bool:
    """A short line of its own, between blank lines, that ends in a colon."""
    sort, line = lines[n].sort, bare[n]
    if sort == "label":
        return bool(line)
    return (
        2 < len(line) <= 60
        and line.endswith(":")
        and line[0].isalpha()
        and not re.search(r"[。;；,，!?！？]", line)
        and (
            sort == "heading"
            or ((n == 0 or not bare[n - 1]) and (n + 1 == len(bare) or not bare[n + 1]))
        )
    )
