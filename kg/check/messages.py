"""Messages in plain words, zh and en, filled from the values that a rule names.

Codes and entities appear under their labels; an engine's own messages are never shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Store

from kg.check.facts import BLANK
from kg.check.terms import Text, terms, words
from kg.check.view import About
from kg.namespaces import BASE, CODE, expand

STATES: dict[str, Text] = {
    "blank": Text("blank", "留空"),
    "absent": Text("absent", "无此栏目"),
}
LANGUAGES: dict[str, Text] = {"zh": Text("Chinese", "中文"), "en": Text("English", "英文")}

# The keys that rules put into ``?part``; "name" after "公共联系人" reads 公共联系人姓名.
PARTS: dict[str, Text] = {
    "name": Text("name", "姓名"),
    "affiliation": Text("affiliation", "单位"),
    "channel": Text("way to reach them", "联系方式"),
    "number": Text("number", "文号"),
    "date": Text("date", "日期"),
    "committee": Text("committee", "委员会名称"),
    "telephone": Text("telephone", "电话"),
    "e-mail": Text("e-mail", "电子邮箱"),
    "time point": Text("time point", "测量时间点"),
    "method": Text("method", "测量方法"),
    "recruitment": Text("Recruitment", "征募"),
    "study": Text("The study", "研究"),
}
# What a name should have been (F03).
EXPECTED: dict[str, Text] = {
    "person": Text("name of a person", "人名"),
    "organization": Text("name of an organization", "机构名称"),
}
# What differs between two texts (L04): the first word of ``{detail}``.
DETAILS: dict[str, Text] = {
    "items": Text("items", "条目数"),
    "length": Text("length", "长度比"),
}
TABLES = {
    "state": STATES,
    "part": PARTS,
    "given": LANGUAGES,
    "missing": LANGUAGES,
    "expected": EXPECTED,
}
LISTS = frozenset(
    {"values", "kinds", "ours", "theirs"}
)  # values that hold several, parted by " | "
NONE = "–"

TEMPLATES = 1_024
"""So many templates are kept with the names of their values."""

_VARIABLE = re.compile(r"\{(\w+)\}")
# The part of a message that counts days or months, for when they cannot be counted.
_COUNTED = re.compile(
    r"\s?\(\{(?:days|months)\} (?:days|months)[^()]*\)|\{(?:days|months)\} (?:days|months)\s?"
    r"|（\{(?:days|months)\}(?:天|个月)[^（）]*）|\{(?:days|months)\}(?:天|个月)"
)


LABELS = (expand("skos:prefLabel"), expand("rdfs:label"))
"""The properties that name a node, the preferred one first."""

Labelled = Mapping[str, Mapping[str, Collection[tuple[str, str]]]]
"""Language ("" without a tag) and text by node and property."""

LabelsOf = Callable[[str, str], Iterable[tuple[str, str]]]
"""Language and text of a node's labels by one property."""


def _in_store(store: Store) -> LabelsOf:
    def labels(iri: str, prop: str) -> Iterator[tuple[str, str]]:
        for q in store.quads_for_pattern(NamedNode(iri), NamedNode(prop), None, None):
            if isinstance(q.object, Literal):
                yield q.object.language or "", q.object.value

    return labels


def labels_of(said: About, shared: Labelled) -> LabelsOf:
    """The labels that a record gives its nodes, and those that other graphs give them."""

    def labels(iri: str, prop: str) -> Iterator[tuple[str, str]]:
        for value in said.get(iri, {}).get(prop, ()):
            if value.datatype is not None and value.datatype != BLANK:
                yield value.language or "", value.text
        if (others := shared.get(iri)) is not None:
            yield from others.get(prop, ())

    return labels


class Labels:
    """What a graph calls its codes and entities."""

    def __init__(self, of: Store | LabelsOf) -> None:
        self._of = _in_store(of) if isinstance(of, Store) else of
        self._known: dict[str, dict[str, str]] = {}

    def label(self, iri: str, language: str) -> str:
        """The label of a node in a language, else in another one, else its name in words."""
        known = self.texts(iri)
        if language in known:
            return known[language]
        other = next((known[tag] for tag in sorted(known, reverse=True)), None)
        return other or words(iri.rsplit("/", 1)[-1])

    def texts(self, iri: str) -> dict[str, str]:
        """The labels of a node by language ("" without a tag); the preferred ones first."""
        if iri not in self._known:
            found: dict[str, str] = {}
            for prop in LABELS:
                for language, text in sorted(self._of(iri, prop)):
                    found.setdefault(language, text)
            self._known[iri] = found
        return self._known[iri]

    def shown(self, value: str, language: str) -> str:
        """A value as a reader wants it: codes and entities under their labels."""
        if value.startswith((CODE, BASE + "id/", BASE + "ns#")):
            if value.startswith(BASE + "ns#"):
                return getattr(terms().label(value), language, value)
            return self.label(value, language)
        return value


def filled(template: str, values: Mapping[str, str], language: str, labels: Labels) -> str:
    """A template with its variables replaced, and without counts that are not known."""
    if not {"days", "months"} & set(values):
        template = _COUNTED.sub("", template)
    for name in ("days", "months"):
        if values.get(name) == "1":
            template = template.replace(f"{{{name}}} {name}", f"{{{name}}} {name[:-1]}")

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in values:
            return NONE
        text = values[name]
        known = TABLES.get(name, {}).get(text)
        if known is not None:
            return str(getattr(known, language))
        first, blank, rest = text.partition(" ")
        if name == "detail" and first in DETAILS:
            return f"{getattr(DETAILS[first], language)}{blank}{rest}"
        items = [
            labels.shown(item, language)
            for item in (text.split(" | ") if name in LISTS else (text,))
        ]
        between = "、" if language == "zh" else "; " if any("," in i for i in items) else ", "
        return between.join(items)

    return _VARIABLE.sub(value, template)


@lru_cache(maxsize=TEMPLATES)
def variables(template: str) -> frozenset[str]:
    """The names of the values that a template asks for."""
    return frozenset(_VARIABLE.findall(template))


def days_between(a: str, b: str) -> int | None:
    """The days between two full dates, without a sign; None when a day is not known.

    >>> days_between("2025-10-28", "2026-06-25"), days_between("2025-10", "2026-06-25")
    (240, None)
    """
    if len(a) != 10 or len(b) != 10:
        return None
    return abs((date.fromisoformat(b) - date.fromisoformat(a)).days)


def months_between(a: str, b: str) -> int | None:
    """The whole months between two dates; None when a month is not known.

    >>> months_between("2025-01-31", "2026-02-28"), months_between("2025-01", "2026-02-28")
    (12, 13)
    """
    a, b = sorted((a, b))
    if len(a) < 7 or len(b) < 7:
        return None
    months = (int(b[:4]) - int(a[:4])) * 12 + int(b[5:7]) - int(a[5:7])
    return months - 1 if len(a) == len(b) == 10 and b[8:] < a[8:] else months
