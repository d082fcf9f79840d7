"""Products as the EU register prints them in one field of the WHO portal: a block for each.

A block is lines ``label: value``. A product may hold several substances, and several products may
have one name (one drug in two strengths).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.values import is_placeholder
from kg.words.who import lines

# Labels that a product has once, in the order of the form.
_ONCE = ("trade name", "product name", "product code", "pharmaceutical form")
# Labels that name a product, the best name first.
_NAMES = (
    "product name",
    "trade name",
    "inn or proposed inn",
    "product code",
    "current sponsor code",
    "other descriptive name",
)
# EU CTIS prints the lines of a block behind each other: ``Product Name: a,Product Code: b``.
_RUN_ON = re.compile(
    r",\s?(?=(?:"
    + "|".join((*_ONCE, *_NAMES[2:], "strength", "ev substance code", "cas number"))
    + r")\s?:)",
    re.IGNORECASE,
)
_EMPTY_LINE = re.compile(r"(?:<\s*/?\s*br[\s/]*>|\n)\s*(?:<\s*/?\s*br[\s/]*>|\n)", re.IGNORECASE)


class Product(NamedTuple):
    """One product: its best name ("" where none is printed), other names, and all of its block."""

    name: str
    others: tuple[str, ...]
    block: str


def products(text: str) -> list[Product]:
    """The products of a field; none where it is not printed in blocks.

    >>> text = "Trade Name: A<br>INN or Proposed INN: b<br><br>Product Name: C"
    >>> [(p.name, p.others, p.block) for p in products(text)]
    [('A', ('b',), 'Trade Name: A\\nINN or Proposed INN: b'), ('C', (), 'Product Name: C')]
    """
    found: dict[str, Product] = {}
    blocks = _blocks(_RUN_ON.sub("\n", text))
    if not any(label in _NAMES for block in blocks for label, _ in map(_parted, block)):
        return []
    for block in blocks:
        here = _product(block)
        key = (here.name or here.block).casefold()
        known = found.get(key)
        found[key] = here if known is None else _merged(known, here)
    return list(found.values())


def _parted(row: str) -> tuple[str, str]:
    label, colon, value = row.partition(":")
    return (label.strip().casefold(), value.strip()) if colon else ("", row)


def _blocks(text: str) -> list[list[str]]:
    """The lines of each product, parted at empty lines, and where a label comes once more."""
    blocks: list[list[str]] = []
    last = len(_ONCE)  # the place in the form of the last label that a product has once
    for piece in _EMPTY_LINE.split(text):
        if any(_parted(row)[0] in _ONCE for row in lines(piece).splitlines()):
            last = len(_ONCE)
        for row in lines(piece).splitlines():
            label, _ = _parted(row)
            at = _ONCE.index(label) if label in _ONCE else None
            if not blocks or (at is not None and at <= last):
                blocks.append([])
            last = at if at is not None else last
            blocks[-1].append(row)
    return blocks


def _product(block: list[str]) -> Product:
    told = [_parted(row) for row in block]
    names = [
        value
        for wanted in _NAMES
        for label, value in told
        if label == wanted and value and not is_placeholder(value)
    ]
    each = {name.casefold(): name for name in reversed(names)}
    name = names[0] if names else ""
    others = (one for key, one in reversed(each.items()) if key != name.casefold())
    return Product(name, tuple(others), "\n".join(block))


def _merged(first: Product, second: Product) -> Product:
    """Two products of one name: each block once, with all their other names."""
    blocks = dict.fromkeys((*first.block.split("\n\n"), second.block))
    others = {one.casefold(): one for one in reversed((*first.others, *second.others))}
    return Product(first.name, tuple(reversed(others.values())), "\n\n".join(blocks))
