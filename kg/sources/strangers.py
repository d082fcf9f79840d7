"""What a file is that no extractor reads, in words that say what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.contacts.masking import masked
from kg.sources.texts import CHINESE_LABEL
from kg.values import one_line

_TITLE = re.compile("<title", re.IGNORECASE)
_TITLE_ENDS = re.compile("</title", re.IGNORECASE)
_LIST_PAGE = re.compile(r"""id\s*=\s*["']?data-total""")
_FEEDS = frozenset({"rss", "feed", "RDF"})


def stranger(text: str) -> str:
    """What a page of text is that no extractor reads."""
    start = text[:4096].strip()
    if not start and not text.strip():
        return "an empty file"
    if start.startswith("<"):
        return _page(text)
    if CHINESE_LABEL in text:
        return "a page of the Chinese registry without its registration number"
    if len(text) > 1_000_000 and "\n" not in text.strip():
        return f"one line of {len(text) >> 20} million characters: no page text"
    return "text without a registration number that no extractor knows"


def _page(text: str) -> str:
    head = text[:65536]
    title = _title(head)
    name = f" ({masked(one_line(title)[:300])[:60]})" if title else ""
    if _LIST_PAGE.search(text):
        return f"a list of search results{name}, not a record; open the records it links to"
    if "acw_sc__v2" in text:
        return "a check for robots in place of the page; open it in a browser and save it again"
    if re.search(r"""<input[^>]{0,200}type\s*=\s*["']?password""", text, re.IGNORECASE):
        return f"a login page{name} in place of the record"
    return f"a web page{name} without a record: a login, error or search page?"


def _title(head: str) -> str:
    """What stands in the first title; each end is looked for once, however many titles begin."""
    begins = _TITLE.search(head)
    opened = head.find(">", begins.end()) if begins else -1
    ends = _TITLE_ENDS.search(head, opened) if opened >= 0 else None
    return head[opened + 1 : ends.start()].strip() if ends else ""


def strange_json(tree: Mapping[str, Any]) -> str:
    """What a JSON object is that no extractor reads."""
    if not tree:
        return "an empty answer: no records in it"
    if "error" in tree or "errors" in tree or "message" in tree:
        return "an answer that says an error, not a record"
    labels = ", ".join(masked(one_line(str(label)))[:30] for label in list(tree)[:4])
    return f"a JSON object with {labels}: no registry record that this version knows"


def strange_xml(root: str, name: str) -> str:
    """What an XML element is that no extractor reads."""
    if root in _FEEDS:
        return f"a news feed ({root}): search results, not records; download the records themselves"
    inside = f" in {masked(root)}" if name != root else ""
    return f"XML ({masked(name)}{inside}) that no extractor of this version reads"


def strange_table(columns: tuple[str, ...]) -> str:
    """What a table is that no extractor reads."""
    if not columns:
        return "a table without headings whose columns no extractor knows"
    shown = ", ".join(masked(one_line(column))[:30] for column in columns[:4])
    return f"a table with the columns {shown} …: none of a registry that this version knows"
