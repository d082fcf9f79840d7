"""From a file to typed records: each raw tree read by the extractor that knows it.

One broken record stops neither its file nor, where the format allows it, its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

from kg import identifiers
from kg.contacts.masking import masked
from kg.counted import counted
from kg.cursor import Log
from kg.errors import RecordError
from kg.extractors import Extractor, page_extractor, tree_extractor
from kg.fields import Fields
from kg.issues import Issue
from kg.model import Record, Version
from kg.reading.accounts import Leaf
from kg.sources import json_items, table_items, xml_items
from kg.sources.cutting import Stripe
from kg.sources.files import Source, Unreadable, refusal
from kg.sources.forms import Told, told
from kg.sources.items import Broken, Item
from kg.sources.markup import with_letters
from kg.sources.strangers import strange_json, strange_table, strange_xml, stranger
from kg.sources.texts import LONGEST, decoded, removed_characters
from kg.sources.trees import Cell, Raw, is_blank, is_blank_by_name, is_tree, without_indices
from kg.words.mentioned import with_mentioned_numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One raw tree read: its record (None: it cannot be named), and what became of its leaves.

    ``source`` is the extractor's name; ``unread`` are paths and lines of values nobody knows.
    """

    source: str
    record: Record | None
    issues: Sequence[Issue]
    unread: Sequence[tuple[str, int]]
    leaves: Sequence[Leaf]
    log: Log
    is_page: bool
    key: bytes = b""  # under which what it gives may be remembered

    @property
    def name(self) -> str:
        """The record as people name it, "chictr:ChiCTR2699990001"; empty where there is none."""
        return f"{self.record.publisher}:{self.record.local_id}" if self.record else ""

    @property
    def issuer(self) -> str | None:
        """The registry that issued the record's number."""
        return self.record.issuer if self.record else None

    @property
    def number(self) -> str | None:
        """The record's own number."""
        number = self.record.registration_number if self.record else None
        return number.value if number else None

    @property
    def left_out(self) -> list[str]:
        """Paths of values that were left out on purpose."""
        return [leaf.path for leaf in self.leaves if leaf.left_out is not None]


class Known(Protocol):
    """What is known of a record that was read before: as much as a neighbour of it may ask."""

    @property
    def name(self) -> str: ...
    @property
    def issuer(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...


# Asked before a raw tree is read by the extractor of this name: what is known of it, else the key
# under which it may be remembered.
Recall = Callable[[str, Raw], Known | bytes]


def extractions(source: Source, stripe: Stripe | None = None) -> Iterator[Extraction | Issue]:
    """Every record of a file, and issues about the file itself, in its order.

    With a ``stripe`` only the records that are its own; the first one tells of the file itself.
    """
    for one in recalled(source, stripe or Stripe(), lambda name, raw: b""):
        assert isinstance(one, Extraction | Issue)  # nothing else is known here
        yield one


def recalled(
    source: Source, stripe: Stripe, recall: Recall
) -> Iterator[Extraction | Known | Issue]:
    """The same, with what is known already in the place of what need not be read again."""
    before = stripe.seen
    alone: Extraction | Known | None = None
    for one in _read(source, told(source), stripe, recall):
        if not isinstance(one, Issue):
            alone = one
        yield one
    if alone is not None and alone.name and stripe.seen == before + 1:
        yield from _named_otherwise(source.file, alone)


def _named_otherwise(file: str, record: Extraction | Known) -> Iterator[Issue]:
    """The issue that a file of one record bears the number of another one in its name."""
    named = [n.number for n in identifiers.find(file) if n.registry == record.issuer]
    own = record.number
    if own and named and own not in named:
        yield Issue(
            file, 0, record.name, "numbers disagree", "", named[0],
            f"the file is named after another number; the record's own, {own}, rules",
        )  # fmt: skip


def _read(
    source: Source, form: Told, stripe: Stripe, recall: Recall
) -> Iterator[Extraction | Known | Issue]:
    try:
        if form.form in ("text", "page"):
            if stripe.mine():  # a page is one piece of work, whatever it holds
                yield from _of_page(source, recall)
        elif form.form == "json":
            yield from _of_items(source, json_items.items(source.stream), stripe, recall)
        elif form.form == "xml":
            yield from _of_items(source, xml_items.items(source.stream), stripe, recall)
        elif form.form == "workbook":
            rows = table_items.workbook_items(source.stream)
            yield from _of_items(source, rows, stripe, recall)
        else:
            rows = table_items.csv_items(source.stream, form.delimiter, heading=form.heading)
            yield from _of_items(source, rows, stripe, recall)
    except Unreadable as error:
        if stripe.first or form.form in ("text", "page"):
            yield refusal(source.file, error)


def _of_page(source: Source, recall: Recall) -> Iterator[Extraction | Known | Issue]:
    text, encoding = decoded(source.data(LONGEST))
    if text[:4096].lstrip().startswith("<"):
        text = with_letters(text)
    known = page_extractor(text)
    if known is None:
        yield Issue(source.file, 0, "", "not a record", "", "", stranger(text))
        return
    name, extractor = known
    first = ""
    for raw in extractor.raws(text):
        one = _one(name, extractor, raw, source, recall, is_page=True)
        first = first or one.name
        yield one
    if not first:
        return
    if issue := removed_characters(source.file, text):
        yield issue._replace(record=first)
    if encoding != "utf-8":
        note = f"read as {encoding}; UTF-8 is safer"
        yield Issue(source.file, 0, first, "other encoding", "", encoding, note)


def _of_items(
    source: Source, items: Iterator[Item | Broken], stripe: Stripe, recall: Recall
) -> Iterator[Extraction | Known | Issue]:
    strangers: Counter[str] = Counter()
    where: dict[str, tuple[str, int]] = {}
    found = broken = 0
    for item in items:
        if isinstance(item, Broken):
            broken += 1
            kind = "page cut" if item.cut and found else "unreadable"
            if item.foreign and not found:
                kind = "not a record"
            if stripe.first:
                yield Issue(source.file, item.line, "", kind, "", "", _stopped(item, found))  # type: ignore[arg-type]
            continue
        found += 1
        known = tree_extractor(item)
        if known is None:
            why = _strange(item)
            strangers[why] += 1
            where.setdefault(why, (item.where, item.line))
            continue
        if not stripe.mine():
            continue
        name, extractor = known
        raw = extractor.raw(item)
        raw = raw._replace(
            notes=(*item.notes, *raw.notes),
            line=raw.line or item.line,
            where=raw.where or item.where,
            layout=raw.layout or item.layout,
            first=item.first,
        )
        yield _one(name, extractor, raw, source, recall, is_page=False)
    if not stripe.first:
        return
    for why, times in strangers.items():
        at, line = where[why]
        place = masked(at)  # labels of a file lead there
        shown = f"{place} and {times - 1} more" if times > 1 else place
        yield Issue(source.file, line, "", "not a record", shown, "", why)
    if not found and not broken:
        yield Issue(source.file, 0, "", "not a record", "", "", "an empty answer: no records in it")


def _stopped(broken: Broken, found: int) -> str:
    are = "is" if found == 1 else "are"
    if broken.cut:
        return f"the file ends inside record {found + 1}; {found} before it {are} read ({broken})"
    return f"{broken}; {counted(found, 'record')} before it {are} read" if found else str(broken)


def _strange(item: Item) -> str:
    if item.kind == "json":
        return strange_json(item.tree)
    if item.kind == "xml":
        return strange_xml(item.root, item.name)
    return strange_table(item.columns)


def _one(
    name: str, extractor: Extractor, raw: Raw, source: Source, recall: Recall, *, is_page: bool
) -> Extraction | Known:
    found = recall(name, raw)
    if isinstance(found, bytes):
        return _extraction(name, extractor, raw, source, found, is_page=is_page)
    return found


def _extraction(
    name: str, extractor: Extractor, raw: Raw, source: Source, key: bytes, *, is_page: bool
) -> Extraction:
    log = Log(source.file, line=raw.line)
    for note in raw.notes:
        log.report(note.kind, note.label, note.line, note.value, note.expected)
    f = Fields(raw.tree, registry=raw.registry, log=log, first=raw.first, layout=raw.layout)
    record: Record | None = None
    try:
        record = extractor.record(f)
    except RecordError as error:
        log.report("not a record", raw.where, raw.line, "", str(error))
    printed = printed_leaves(raw, log)
    unread = [
        (leaf.path, line)
        for leaf, line in printed
        if leaf.left_out is None and leaf.path not in log.read
    ]
    if is_page:
        for path, line in unread:
            log.report("unknown label", path, line, "", "no extractor reads this field yet")
    issues: Sequence[Issue] = log.issues
    if record is not None:
        known = f"{record.publisher}:{record.local_id}"
        issues = [issue._replace(record=known) for issue in log.issues]
        record = replace(
            record,
            unsaid=tuple(log.unsaid.values()),
            version=_with_provenance(record.version, issues, raw, source),
        )
        record = with_mentioned_numbers(record)
    return Extraction(
        source=name,
        record=record,
        issues=issues,
        unread=unread,
        leaves=[leaf for leaf, _ in printed],
        log=log,
        is_page=is_page,
        key=key,
    )


def printed_leaves(raw: Raw, log: Log) -> list[tuple[Leaf, int]]:
    """Every leaf that holds a value, with its line and why it was left out, if it was."""
    walk = _Walk(log.skipped, raw.first)
    labels = log.skipped.get("")
    walk.below(
        raw.tree, "", "", () if labels is None else ((_reasons(tuple(labels.items())), 0, None),)
    )
    return walk.found


# What a cursor left out: why, by the labels below it and by whatever leads to one of them (None).
_Reasons = dict[str, str | None]
# Such labels, where they begin in a path without indices, and the reason found for the label
# looked at.
_Scope = tuple[_Reasons, int, str | None]


@lru_cache(maxsize=256)  # most records of a registry leave out the same
def _reasons(labels: tuple[tuple[str, str], ...]) -> _Reasons:
    """The labels that were left out and why, with all that leads to them.

    >>> _reasons((("b[].c", "why"),))
    {'b': None, 'b[]': None, 'b[].c': 'why'}
    """
    found: _Reasons = {}
    for label, _ in labels:
        found.update((label[:n], None) for n, sign in enumerate(label) if sign in ".[")
    found.update(labels)
    return found


@dataclass(slots=True)
class _Walk:
    """The leaves of one tree, as they are found. ``generic`` is a path without indices."""

    skipped: dict[str, dict[str, str]]
    first: int
    found: list[tuple[Leaf, int]] = field(default_factory=list)

    def below(self, node: Any, path: str, generic: str, scopes: tuple[_Scope, ...]) -> None:
        """All leaves below a node."""
        if is_tree(node):
            for label, inner in node.items():
                if path:
                    self._at(inner, f"{path}.{label}", f"{generic}.{label}", scopes)
                else:
                    self._at(inner, label, label, scopes)
        elif isinstance(node, list | tuple) and not isinstance(node, Cell):
            for n, inner in enumerate(node, start=self.first):
                self._at(inner, f"{path}[{n}]", f"{generic}[]", scopes)
        elif not is_blank(node):
            self._leaf(path, generic, scopes, node.line if isinstance(node, Cell) else 0)

    def _at(self, node: Any, path: str, generic: str, scopes: tuple[_Scope, ...]) -> None:
        """The leaves below one label or item; of what is left out, the nearest reason counts."""
        if scopes:
            scopes = _narrowed(scopes, generic)
        if path in self.skipped:
            reasons = _reasons(tuple(self.skipped[path].items()))
            scopes += ((reasons, len(generic) + 1, None),)
        if type(node) is not str:
            self.below(node, path, generic, scopes)
        elif node and not node.isspace() and not is_blank_by_name(node):
            # Most leaves: found without another call.
            self._leaf(path, generic, scopes, 0)

    def _leaf(self, path: str, generic: str, scopes: tuple[_Scope, ...], line: int) -> None:
        why = next((why for _, _, why in scopes if why is not None), None) if scopes else None
        self.found.append((tuple.__new__(Leaf, (path, generic, why)), line))


def _narrowed(scopes: tuple[_Scope, ...], generic: str) -> tuple[_Scope, ...]:
    """What of these scopes concerns a path: that which has a reason for it, or leads to one."""
    kept = []
    for reasons, start, why in scopes:
        below = generic[start:]
        if below in reasons:
            kept.append((reasons, start, reasons[below] or why))
        elif why is not None:
            kept.append((reasons, start, why))
    return tuple(kept)


def _with_provenance(
    version: Version, issues: Sequence[Issue], raw: Raw, source: Source
) -> Version:
    return replace(
        version,
        layout=version.layout or raw.layout or None,
        source_file=source.file,
        source_sha256=source.sha256,
        source_place=raw.where or None,
        unparsed_labels=_distinct(i.field for i in issues if i.kind == "unknown label"),
        unparsed_words=_distinct(
            f"{without_indices(i.field)}: {i.value}" for i in issues if i.kind == "unknown word"
        ),
    )


def _distinct(found: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(found)))
