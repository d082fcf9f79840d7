"""Page text of a form: known labels in a known order, values between them.

A page copied as text keeps its labels and loses its table. ``scan`` finds the labels again, by
exact words only and longest first, also where a label is broken over lines. Three things keep a
label inside free text (criteria may say "排除标准:") from cutting a value in two: a label counts
only as a whole line; one that the form prints once is taken where its neighbours stand; one that
belongs to a repeated block is taken only inside that block's section.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from kg.fields import Cell, Tree
from kg.values import has_han, narrow, one_line, paragraphs

_BLANKS = re.compile(r"\s+")
# a bracket that runs to the end of the label, perhaps unclosed, with brackets inside
_EXPLANATION = re.compile(r"\((?:[^()]|\([^()]*\))*\)?:?$")
_MOST_LINES = 3  # a label is broken over at most three lines


def squeezed(text: str) -> str:
    """``text`` as labels are compared: half-width, without blanks and cell marks."""
    return _BLANKS.sub("", narrow(text)).replace("|", "")


def plain(label: str) -> str:
    """A printed label without its colon and cell marks."""
    return one_line(label).strip(" :：|")


@dataclass(frozen=True)
class Block:
    """Labels that repeat together, such as those of one site; it opens at its first label.

    ``name`` is the key of the list in the tree, ``heads`` are the labels that open its section.
    """

    name: str
    heads: tuple[str, ...]
    labels: tuple[str, ...]

    @cached_property
    def keys(self) -> dict[str, str]:
        """Key of each label by its squeezed text."""
        return {squeezed(label): key_of(label) for label in self.labels}

    @cached_property
    def opener(self) -> str:
        """The squeezed label that opens each block."""
        return squeezed(self.labels[0])


def key_of(label: str) -> str:
    """The short name of a printed label: without its colon and its bracketed explanation.

    >>> key_of("申请单位网址(自愿提供):"), key_of("Gender:"), key_of("研究实施负责(组长)单位:")
    ('申请单位网址', 'Gender', '研究实施负责(组长)单位')
    """
    return _EXPLANATION.sub("", label).strip(" :”")


class Form:
    """A form's labels in order; a ``Block`` stands behind its heads. ``last`` ends a whole page.

    ``long`` names the keys of free-text fields, in which people write headings of their own.
    ``misprints`` tells a label that a page prints wrongly by the label before it: (before, printed)
    and what it stands for.
    """

    def __init__(
        self,
        *parts: str | Block,
        long: frozenset[str] = frozenset(),
        misprints: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> None:
        self.long = long
        self.misprints = {
            (squeezed(before), squeezed(printed)): squeezed(meant)
            for (before, printed), meant in misprints.items()
        }
        labels = [part for part in parts if isinstance(part, str)]
        self.last = squeezed(labels[-1])
        self.order = [squeezed(label) for label in labels]
        self.places = {label: n for n, label in enumerate(self.order)}
        self.keys = {squeezed(label): key_of(label) for label in labels}
        blocks = [part for part in parts if isinstance(part, Block)]
        self.blocks = {squeezed(head): block for block in blocks for head in block.heads}
        self.repeated = {label for block in blocks for label in block.keys}


@dataclass(frozen=True, slots=True)
class Page:
    """What a scan found. ``tree`` holds cells by key, and a list of trees per block."""

    tree: Tree
    before: tuple[str, ...]  # lines above the first label
    labels: int  # how many labels were found
    broken: frozenset[str]  # keys of labels that were broken over lines
    unknown: tuple[tuple[str, int], ...]  # lines that look like labels
    misplaced: tuple[tuple[str, int], ...]  # known labels that were read as text
    whole: bool  # False: the page ends before its form does
    last: tuple[str, int]  # the last label found, and its line


class _Hit(NamedTuple):
    line: int  # index of its first line
    end: int  # index behind its last line
    label: str  # squeezed


class _Label(NamedTuple):
    hit: _Hit
    key: str
    block: str = ""
    opens: bool = False


def scan(text: str, form: Form) -> Page:
    """The cells of a page. Where the page is cut, its last value is left out: it may be half."""
    lines = text.split("\n")
    bare = [squeezed(line) for line in lines]
    hits = _hits(bare, form)
    placed = list(_placed(hits, form))
    labels = [label for label in placed if isinstance(label, _Label)]
    unknown = _unknown(lines, bare, hits, labels, form)
    whole = any(label.hit.label == form.last for label in labels)
    first = labels[0].hit.line if labels else len(lines)
    return Page(
        _tree(sorted([*labels, *unknown]), lines, whole=whole),
        before=tuple(filter(None, map(one_line, lines[:first]))),
        labels=len(labels),
        broken=frozenset(label.key for label in labels if label.hit.end - label.hit.line > 1),
        unknown=tuple((label.key, label.hit.line + 1) for label in unknown),
        misplaced=tuple(
            (plain(lines[hit.line]), hit.line + 1) for hit in placed if isinstance(hit, _Hit)
        ),
        whole=whole,
        last=(labels[-1].key, labels[-1].hit.line + 1) if labels else ("", 0),
    )


def _unknown(
    lines: Sequence[str],
    bare: Sequence[str],
    hits: Sequence[_Hit],
    labels: Sequence[_Label],
    form: Form,
) -> list[_Label]:
    """Lines that must be labels of a newer form: each ends the value above it.

    In free text a heading of the registrant's own looks the same; there only a pair counts, one
    Chinese and one English, as every label of the form is printed.
    """
    taken = {n for hit in hits for n in range(hit.line, hit.end)}
    found: list[_Label] = []
    stops = [*(label.hit.line for label in labels[1:]), len(bare)]
    for label, stop in zip(labels, stops, strict=False):
        here = [
            n for n in range(label.hit.end, stop) if n not in taken and _looks_like_a_label(bare, n)
        ]
        scripts = {has_han(bare[n]) for n in here}
        if label.key not in form.long or len(scripts) == 2:
            found += (_Label(_Hit(n, n + 1, bare[n]), plain(lines[n])) for n in here)
    return found


def _hits(bare: Sequence[str], form: Form) -> list[_Hit]:
    known = form.places.keys() | form.repeated
    longest = max(map(len, known))
    found: list[_Hit] = []
    n = 0
    while n < len(bare):
        end = n
        if bare[n] and len(bare[n]) <= longest:
            joined = ""
            for width, more in enumerate(bare[n : n + _MOST_LINES], start=1):
                if not more:
                    break
                joined += more
                if joined in known:
                    end, label = n + width, joined
        if end > n:
            before = found[-1].label if found else ""
            found.append(_Hit(n, end, form.misprints.get((before, label), label)))
        n = max(end, n + 1)
    return found


def _placed(hits: Sequence[_Hit], form: Form) -> Iterator[_Label | _Hit]:
    """Every hit: as a label of the form where it can be one, else as it is."""
    chosen = _chosen(hits, form)
    block: Block | None = None
    inside: set[str] = set()
    for n, hit in enumerate(hits):
        if chosen.get(hit.label) == n:
            block, inside = form.blocks.get(hit.label), set()
            yield _Label(hit, form.keys[hit.label])
        elif block and hit.label == block.opener:
            inside = {hit.label}
            yield _Label(hit, block.keys[hit.label], block.name, opens=True)
        elif block and inside and hit.label in block.keys and hit.label not in inside:
            inside.add(hit.label)
            yield _Label(hit, block.keys[hit.label], block.name)
        else:
            yield hit


def _chosen(hits: Sequence[_Hit], form: Form) -> dict[str, int]:
    """For each label that the form prints once: which of its hits is the label.

    A label seen once is taken where it stands. Of several hits, the first one counts whose
    nearest certain neighbours stand on the right sides of it in the form.
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
    chosen = {}
    for label, where in seen.items():
        if label in form.repeated:
            where = [n for n in where if _heads_a_section(hits, n, form)]
        if len(where) > 1:
            where = [n for n in where if _fits(n, form.places[label], certain)] or where
        if where:
            chosen[label] = where[0]
    return chosen


def _fits(n: int, place: int, certain: Sequence[tuple[int, int]]) -> bool:
    at = bisect_left(certain, (n, -1))
    return (at == 0 or certain[at - 1][1] < place) and (
        at == len(certain) or certain[at][1] > place
    )


def _heads_a_section(hits: Sequence[_Hit], n: int, form: Form) -> bool:
    """Whether a label that a block prints too (干预措施) is the section's head here: the form's
    next label follows at once."""
    follower = form.order[form.places[hits[n].label] + 1]
    return n + 1 < len(hits) and hits[n + 1].label == follower


def _tree(labels: Sequence[_Label], lines: Sequence[str], *, whole: bool) -> Tree:
    tree: dict[str, Cell | Sequence[Tree]] = {}
    lists: dict[str, list[dict[str, Cell]]] = {}
    stops = [*(label.hit.line for label in labels[1:]), len(lines)][: len(labels)]
    for label, stop in zip(labels, stops, strict=True):
        if label.opens:
            lists.setdefault(label.block, []).append({})
        if not whole and stop == len(lines):
            break  # the page was cut inside this value, or inside the label behind it
        cell = Cell(paragraphs("\n".join(lines[label.hit.end : stop])), label.hit.line + 1)
        into = lists[label.block][-1] if label.block else tree
        into.setdefault(label.key, cell)
    return {**tree, **lists}


def _looks_like_a_label(bare: Sequence[str], n: int) -> bool:
    """A short line of its own, between blank lines, that ends in a colon."""
    line = bare[n]
    return (
        2 < len(line) <= 60
        and line.endswith(":")
        and line[0].isalpha()
        and not re.search(r"[。;；,，!?！？]", line)
        and (n == 0 or not bare[n - 1])
        and (n + 1 == len(bare) or not bare[n + 1])
    )
