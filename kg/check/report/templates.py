"""The templates of the page, and what they may say of a finding, a rule and a record."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from kg.check.findings import Belonging, Finding, ItemState, Rule
from kg.check.report import baselines, groups, phrases, strips, words
from kg.check.report.overview import STATE_ORDER, RuleResult, item_of
from kg.check.report.worklists import KINDS
from kg.check.terms import Text
from kg.values import has_han

HERE = Path(__file__).parent
OWNERS = 8  # hospitals, committees or sponsors named in a record's card


class _Compiled(FileSystemBytecodeCache):
    """The templates as they were compiled once, kept like modules of Python and beside them.

    It takes longer than everything else in the report of a few records.
    """

    def __init__(self) -> None:
        super().__init__(str(HERE / "__pycache__"), "template-%s.cache")
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.kept.get(bucket.key):
            bucket.bytecode_from_string(code)
        else:
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()
        if not sys.dont_write_bytecode:
            with suppress(OSError):  # where nothing may be written it is compiled each time
                super().dump_bytecode(bucket)


_COMPILED = _Compiled()


def environment(rules: Mapping[str, Rule], belonging: Belonging) -> Environment:
    """The templates, with the words of these rules and of whose each record is."""
    made = Environment(
        loader=FileSystemLoader(HERE),
        bytecode_cache=_COMPILED,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        clip=phrases.clipped,
        title=phrases.title,
        n=phrases.number,
        language=lambda text: "zh" if has_han(text) else "en",
    )
    made.globals.update(
        SEVERITY=words.SEVERITY,
        STATES=words.STATES,
        COUNTS=words.COUNTS,
        STATUS=words.STATUS,
        DIMENSIONS=words.DIMENSIONS,
        SCOPES=words.SCOPES,
        BANDS=words.BANDS,
        ITEMS=words.ITEMS,
        PROFILES=words.PROFILES,
        in_order=_in_order,
        states_in_order=STATE_ORDER,
        item_of=item_of,
        percent=phrases.percent,
        told=words.told,
        own_word=words.own_word,
        registry_name=words.registry_name,
        label_of=lambda f: _label(rules[f.rule], f),
        meaning=_meaning,
        printed_language=_printed_language,
        beside=baselines.beside,
        SOURCES=baselines.SOURCES,
        WIDTH=strips.WIDTH,
        belongs=lambda record: _belongs(belonging, record),
        why_idle=phrases.why_idle,
        source_number=baselines.position,
    )
    return made


def _belongs(belonging: Belonging, record: str) -> list[tuple[Text, list[Text]]]:
    """Whose a record is: its hospitals, committees and sponsors, by the names of these kinds."""
    of = belonging.of.get(record, {})
    found = []
    for kind in KINDS:
        labels = [belonging.labels.get(key) or Text(key, key) for key in of.get(kind, ())]
        if labels:
            found.append((groups.TITLES[kind], labels[:OWNERS]))
    return found


def _in_order(items: Sequence[ItemState]) -> list[ItemState]:
    return sorted(items, key=lambda item: int(item.item))


def _meaning(result: RuleResult, chinese: bool) -> list[tuple[str, bool]]:
    """What a rule says when it fires, with names in the place of values."""
    rule = result.rule
    template = rule.message_zh if chinese else rule.message_en
    field = Text(phrases.title(rule.name_en), phrases.title(rule.name_zh))
    return phrases.sentence(template, field=field, chinese=chinese)


def _label(rule: Rule, f: Finding) -> Text | None:
    """What the form calls the field: the rule's own name where the rule is about a field."""
    own = rule.who_item or rule.dimension == "Cm"
    if own and "{" not in rule.name_zh + rule.name_en:
        return Text(phrases.clipped(rule.name_en, 80), phrases.clipped(rule.name_zh, 80))
    return words.field_name(f.field) if f.field else None


def _printed_language(f: Finding) -> str:
    """The language of a printed text: that of its field, else as its characters tell."""
    language = (f.field or "").partition("@")[2]
    return language if language in ("zh", "en") else "zh" if has_han(f.printed or "") else "en"
