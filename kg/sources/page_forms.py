"""A printed form: its labels in order, and those that repeat together in a block.

Labels are compared squeezed: half-width, without blanks, since pages break and pad them anyhow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from kg.values import narrow, one_line

_BLANKS = re.compile(r"\s+")
# a bracket that runs to the end of the label, perhaps unclosed, with brackets inside
_EXPLANATION = re.compile(r"\((?:[^()]|\([^()]*\))*\)?:?$")


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

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each squeezed label stands in the block, from 0."""
        return {label: n for n, label in enumerate(self.keys)}


def key_of(label: str) -> str:
    """The short name of a printed label: without its colon and its bracketed explanation.

    >>> key_of("申请单位网址(自愿提供):"), key_of("Gender:"), key_of("研究实施负责(组长)单位:")
    ('申请单位网址', 'Gender', '研究实施负责(组长)单位')
    """
    return _EXPLANATION.sub("", label).strip(" :”")


class Form:
    """A form's labels in order; a ``Block`` stands behind its heads. ``last`` ends a whole page.

    ``long`` names the keys of free-text fields, in which people write headings of their own,
    ``taken`` the keys that the source adds to the tree itself.
    ``misprints`` tells a label that a page prints wrongly by the label before it: (before, printed)
    and what it stands for. ``aliases`` are labels that a sister registry prints for one of these.
    """

    def __init__(
        self,
        *parts: str | Block,
        long: frozenset[str] = frozenset(),
        taken: frozenset[str] = frozenset(),
        misprints: Mapping[tuple[str, str], str] = MappingProxyType({}),
        aliases: Mapping[str, str] = MappingProxyType({}),
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
        self.aliases = {squeezed(k): squeezed(meant) for k, meant in aliases.items()}
        self.known = self.places.keys() | self.repeated | self.aliases.keys()
        repeated = [label for block in blocks for label in block.labels]
        self.printed = tuple(dict.fromkeys([*labels, *repeated, *aliases]))
        self.longest = max(map(len, self.known))
        self.taken = taken | {*self.keys.values(), *(block.name for block in blocks)}

    def key_of_unknown(self, printed: str) -> str:
        """The key of a label that this form does not have; no key of the form ends in a colon."""
        key = plain(printed) or one_line(printed)
        return f"{key}:" if key in self.taken else key

    def meant(self, before: str, printed: str) -> str | None:
        """The label that a squeezed text stands for behind another label; None for no label."""
        if (before, printed) in self.misprints:
            return self.misprints[before, printed]
        return self.aliases.get(printed, printed) if printed in self.known else None

    def labels_in(self, text: str) -> tuple[str, ...]:
        """The one or two squeezed labels that a whole text is, such as a cell with both languages;
        none where it is anything else."""
        whole = squeezed(text)
        if not whole or len(whole) > 2 * self.longest:
            return ()
        if whole in self.known:
            return (whole,)
        for cut in range(len(whole) - 1, 0, -1):
            first = whole[:cut]
            if first in self.known and (second := self.meant(first, whole[cut:])):
                return first, second
        return ()
