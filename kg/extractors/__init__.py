"""Extractors: one module per registry, from what a file holds to typed records.

A module reads pages of text (``PageExtractor``: it gets the text) or trees (``TreeExtractor``: it
gets one JSON object, XML element or table row at a time). To add a registry, write a module with
the members of one of them and name it in ``PAGES`` or ``TREES``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kg.extractors import (
    chictr,
    clinconnect,
    cris,
    ctgov,
    ctgov_legacy,
    ctgov_v1,
    ctis,
    euctr,
    ictrp,
    interchange,
    isrctn,
)
from kg.fields import Fields
from kg.model import Record
from kg.sources.items import Item
from kg.sources.trees import Raw


class Extractor(Protocol):
    """What every module of this folder has to offer."""

    TITLE: str

    def record(self, f: Fields) -> Record:
        """The record that one raw tree holds. Raises RecordError when it cannot be named."""
        ...


class PageExtractor(Extractor, Protocol):
    """Reads text, or the source of a web page."""

    def recognises(self, text: str) -> bool:
        """Whether the text is one of this source's, told by its content, never by a name."""
        ...

    def raws(self, text: str) -> Iterator[Raw]:
        """The raw tree of each record in the text."""
        ...


class TreeExtractor(Extractor, Protocol):
    """Reads JSON objects, XML elements or rows of tables."""

    def knows(self, item: Item) -> bool:
        """Whether the item is one of this source's, told by its content, never by a name."""
        ...

    def raw(self, item: Item) -> Raw:
        """The raw tree of the item's record; most often the item's own tree."""
        ...


# The first that knows a text or an item reads it.
PAGES: dict[str, PageExtractor] = {
    "chictr": chictr,
    "clinconnect": clinconnect,
    "euctr": euctr,
    "cris": cris,
}
TREES: dict[str, TreeExtractor] = {
    "ctgov": ctgov,
    "ctgov_legacy": ctgov_legacy,
    "ctgov_v1": ctgov_v1,
    "isrctn": isrctn,
    "ctis": ctis,
    "euctr": euctr,
    "cris": cris,
    "ictrp": ictrp,
    "interchange": interchange,
}


def page_extractor(text: str) -> tuple[str, PageExtractor] | None:
    """The extractor that knows this text, with its name."""
    return next(((name, e) for name, e in PAGES.items() if e.recognises(text)), None)


def tree_extractor(item: Item) -> tuple[str, TreeExtractor] | None:
    """The extractor that knows this item, with its name."""
    return next(((name, e) for name, e in TREES.items() if e.knows(item)), None)
