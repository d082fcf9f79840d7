"""From a hit to a finding: state, source line, values, message and remedy in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from sys import intern

from kg.check import shown_ages
from kg.check.about import About
from kg.check.findings import COUNTED, Finding, Remedy, State
from kg.check.messages import (
    Labels,
    days_between,
    filled,
    months_between,
    variables,
)
from kg.check.parameters import Parameters
from kg.check.rulebook import Rulebook, Shape
from kg.check.score import item_of
from kg.check.states import Lines, blank, spellings
from kg.check.terms import Text, terms
from kg.check.texts import clipped
from kg.check.view import Hit, RecordView
from kg.namespaces import BASE, CODE

# Layouts that are text copies of a page: a cell with line breaks may have been lost in copying.
COPIES = ("web", "hv", "pipe", "glued")
AS_OF = "as_of"


class Composer:
    """Turns hits into findings."""

    def __init__(
        self, book: Rulebook, labels: Labels, lines: Lines, parameters: Parameters
    ) -> None:
        self._book = book
        self._labels = labels
        self._lines = lines
        self._parameters = parameters

    def finding(
        self, shape: Shape, hit: Hit, about: About | None, view: RecordView | None
    ) -> Finding:
        """What the shape says about the hit; ``about`` is None on the merged graph."""
        rule = self._book.rules[shape.rule]
        values = dict(hit.values)
        nodes = [n for n in (values.pop("node", None), hit.focus) if n]
        if about is not None and about.record not in nodes:
            nodes.append(about.record)
        fields = [hit.field] if hit.field else list(shape.fields)
        found = blank(view, nodes, fields) if view is not None and missing(shape) else None
        if found:
            nodes.insert(0, found[0])
            fields.insert(0, found[1])
        version = about.version if about else ""
        place = self._lines.place(version, nodes, spellings(fields))
        if place.line is None and view is not None and not missing(shape):
            # A record's finding about its parts, such as sites without a city.
            place = self._lines.first_blank(version, view.subjects(), spellings(fields))
        state: State | None = None
        if missing(shape):
            # A line without a blank: the label stands there with something that is no value.
            state = "blank" if found or place.line is not None else "absent"
        values |= counted(shape, values, self._parameters.as_of)
        copied = bool(
            about and shape.long_text and state == "blank" and about.layout.startswith(COPIES)
        )
        unreadable = state == "blank" and place.refused
        remedy: Remedy | None = "open" if copied or unreadable else rule.remedy
        advice = self._book.remedies.get(remedy or "", Text("", ""))
        name = self._field(shape, hit, about)
        message = {}
        for language in ("en", "zh"):
            sentences = [self._message(shape, hit, values, state, name, language)]
            if copied:
                sentences.append(getattr(self._book.notes["lost-in-copy"], language))
            if unreadable:
                note = getattr(self._book.notes["unreadable"], language)
                sentences.append(
                    filled(
                        note,
                        {"printed": clipped(place.printed or "", 0, 0)},
                        language,
                        self._labels,
                    )
                )
            if state == "absent" and shape.note_absent is not None:
                sentences.append(getattr(shape.note_absent, language))
            # Many records are told the same: one text for all of them, in this process and others.
            message[language] = intern((" " if language == "en" else "").join(sentences))
        return Finding(
            rule=rule.id,
            severity=rule.severity,
            dimension=rule.dimension,
            state=state,
            focus=hit.focus,
            focus_label=self._labels.label(hit.focus, "zh"),
            record=about.record if about else None,
            registry=about.registry if about else None,
            number=about.number if about else None,
            item=item_of(shape.item) if shape.item else None,
            field=hit.field or (found[1] if found else next(iter(shape.fields), None)),
            values={key: _stored(value) for key, value in sorted(values.items())},
            file=about.file if about else None,
            line=place.line,
            printed=place.printed,
            message_en=message["en"],
            message_zh=message["zh"],
            remedy=remedy,
            remedy_en=advice.en,
            remedy_zh=advice.zh,
        )

    def _message(
        self,
        shape: Shape,
        hit: Hit,
        values: Mapping[str, str],
        state: State | None,
        name: Text,
        language: str,
    ) -> str:
        known = dict(values)
        if state is not None:
            known["state"] = state
        template = _template(shape, known, language)
        if shape.kind == "core":  # no query names the values: what is left is the node's own name
            own = self._labels.label(hit.focus, language)
            left = variables(template) | variables(name.en) | variables(name.zh)
            known = {**dict.fromkeys(left - {"field", "days", "months"}, own), **known}
        if shape.rule in shown_ages.RULES:
            known = shown_ages.in_words(known, language)
        known["field"] = filled(getattr(name, language), known, language, self._labels)
        return filled(template, known, language, self._labels)

    def _field(self, shape: Shape, hit: Hit, about: About | None) -> Text:
        """What ``{field}`` is called: the shape's name, or the label of the property meant."""
        if shape.in_place or not hit.field:
            return shape.name
        prop = hit.field.partition("@")[0]
        inside = about is not None and hit.focus.startswith(f"{about.record}/")
        if prop == "label" and inside:
            kind = hit.focus.rsplit("/", 1)[1].partition("-")[0]
            return PART_NAMES.get(kind, terms().label(prop))
        label = terms().label(prop)
        if not inside:
            return label
        own = Text(*(self._labels.label(hit.focus, language) for language in ("en", "zh")))
        return Text(f'{label.en} of "{_plain(own.en)}"', f"“{_plain(own.zh)}”的{label.zh}")


def counted(shape: Shape, values: Mapping[str, str], as_of: str) -> dict[str, str]:
    """Days and months between two values of a finding, where both dates are full.

    ``as_of``, the day of the check, may be one of them.
    """
    known = {AS_OF: as_of, **values}
    found: dict[str, str] = {}
    for name, pair, between in (
        ("days", shape.days_between, days_between),
        ("months", shape.months_between, months_between),
    ):
        if len(pair) == 2 and all(p in known for p in pair):
            count = between(known[pair[0]], known[pair[1]])
            if count is not None:
                found[name] = str(count)
    return found


def recounted(finding: Finding, shape: Shape, as_of: str) -> Finding | None:
    """The same finding on another day, with days and months up to that of the check counted anew.

    None where its message tells more than what stands in its values.
    """
    fixed = {key: value for key, value in finding.values.items() if key not in COUNTED}
    values = fixed | counted(shape, fixed, as_of)
    templates = {language: _template(shape, values, language) for language in ("en", "zh")}
    told = frozenset[str]().union(*map(variables, templates.values())) - {"days", "months"}
    if not told <= values.keys() or any(value.startswith(BASE) for value in values.values()):
        return None
    if AS_OF in finding.values:
        return None
    nothing = Labels(lambda iri, prop: ())
    message = {
        language: intern(filled(template, values, language, nothing))
        for language, template in templates.items()
    }
    return replace(
        finding,
        values=dict(sorted(values.items())),
        message_en=message["en"],
        message_zh=message["zh"],
    )


def _template(shape: Shape, values: Mapping[str, str], language: str) -> str:
    """The message of a shape: that without counts where a day of theirs is not known."""
    template: str = getattr(shape.message, language)
    counts = {"days", "months"} & variables(template)
    if counts and not counts <= values.keys() and shape.undated is not None:
        template = getattr(shape.undated, language)
    return template


# What the name of a part is called; the key opens the last step of the part's IRI.
PART_NAMES = {
    "arm": Text("name of an arm", "组别名称"),
    "condition": Text("health condition", "研究疾病"),
    "funding": Text("source of funding", "经费或物资来源"),
    "intervention": Text("intervention", "干预措施"),
    "outcome": Text("outcome", "指标名称"),
    "site": Text("site", "研究单位"),
    "specimen": Text("specimen", "标本名称"),
}


def missing(shape: Shape) -> bool:
    """Whether the shape is about a value that is not there, so that blank and absent differ."""
    return "state" in variables(shape.message.en)


def _plain(text: str) -> str:
    """A printed text that stands inside a template: its braces are not variables."""
    return text.replace("{", "(").replace("}", ")")


def _stored(value: str) -> str:
    """A value as a finding keeps it: codes by their notation."""
    return " | ".join(
        item.rsplit("/", 1)[1] if item.startswith(CODE) else item for item in value.split(" | ")
    )
