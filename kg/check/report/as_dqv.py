"""``quality.ttl``: the shares of a report as measurements of the W3C Data Quality Vocabulary.

One measurement for each rule and each of the 24 items over all records, for each item and registry,
and one for the completeness of each record, hospital, committee, sponsor, place and year: always
with numerator and denominator. What applied
nowhere has no measurement: nought of nought is no share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.check.findings import Dimension
from kg.check.report.as_rdf import Term, iri, turtle
from kg.check.report.groups import TITLES
from kg.check.report.overview import Overview, item_counts
from kg.check.report.phrases import clipped, title
from kg.check.report.words import DIMENSIONS, ITEMS, registry_name
from kg.check.terms import Text
from kg.namespaces import BASE, ID, PREFIXES, SHAPES
from kg.values import one_line

QUALITY = BASE + "quality/"
DATA = ID + "data"  # the records as a whole
USED = ("dcat", "dcterms", "dqv", "rdfs", "skos", "tkg", "tks", "xsd")
NAMESPACES = {**PREFIXES, "dqv": "http://www.w3.org/ns/dqv#"}

# The categories of Kahn et al. (eGEMs 2016;4:1244), which the OHDSI tools use.
_CATEGORIES: dict[str, Text] = {
    "completeness": Text("Completeness", "完整性"),
    "conformance": Text("Conformance", "符合性"),
    "plausibility": Text("Plausibility", "合理性"),
}
_CATEGORY: dict[Dimension, str] = {
    "Cm": "completeness",
    "Cf": "conformance",
    "Pl": "plausibility",
    "Ti": "plausibility",
    "Hi": "plausibility",
    "Bi": "conformance",
    "Id": "plausibility",
    "Pr": "conformance",
    "St": "conformance",
}
_NAMES: dict[Dimension, str] = {
    "Cm": "completeness",
    "Cf": "form",
    "Pl": "consistency",
    "Ti": "timeliness",
    "Hi": "history",
    "Bi": "languages",
    "Id": "identity",
    "Pr": "privacy",
    "St": "output",
}
About = list[tuple[str, Term]]


def lines(view: Overview) -> Iterator[str]:
    """The text of the file, piece by piece."""
    for prefix in USED:
        yield f"@prefix {prefix}: <{NAMESPACES[prefix]}> .\n"
    for subject, about in _statements(view):
        yield turtle(subject, about, USED, NAMESPACES)


def _statements(view: Overview) -> Iterator[tuple[str, About]]:
    report = view.report
    yield (
        DATA,
        [
            ("rdf:type", _term("dcat:Dataset")),
            *_labels(Text("the records that were checked", "所检查的记录")),
            ("dcterms:identifier", Term(one_line(report.versions.get("data", "")))),
            ("tkg:assessmentDate", Term(one_line(report.as_of), datatype="xsd:date")),
        ],
    )
    for key, name in _CATEGORIES.items():
        yield f"{QUALITY}category/{key}", [("rdf:type", _term("dqv:Category")), *_labels(name)]
    for code, name in DIMENSIONS.items():
        yield (
            _dimension(code),
            [
                ("rdf:type", _term("dqv:Dimension")),
                *_labels(name),
                ("dqv:inCategory", _node(f"{QUALITY}category/{_CATEGORY[code]}")),
                ("skos:notation", Term(code)),
            ],
        )
    yield from _rules(view)
    yield from _items(view)
    yield from _records(view)
    yield from _groups(view)


def _rules(view: Overview) -> Iterator[tuple[str, About]]:
    rules = (*view.rules, *view.structural)
    for result in sorted(rules, key=lambda r: (r.rule.structural, r.rule.order, r.rule.id)):
        rule, counts = result.rule, result.counts
        name = Text(
            f"{rule.id}, {title(rule.name_en)}: share passed",
            f"{rule.id}，{title(rule.name_zh)}：通过比例",
        )
        metric = f"{QUALITY}rule/{rule.id}"
        yield metric, _metric(name, rule.dimension, [("dcterms:source", _node(SHAPES + rule.id))])
        if counts.applicable:
            yield _measured(f"{metric}/data", name, metric, DATA, counts.passed, counts.applicable)


def _items(view: Overview) -> Iterator[tuple[str, About]]:
    everywhere = item_counts(r.report for r in view.records)
    by_registry = {
        key: item_counts(r.report for r in view.records if r.report.registry == key)
        for key in view.registries
    }
    for item, words in ITEMS.items():
        name = Text(
            f"WHO item {item}, {words.en}: share present", f"WHO 条目 {item}，{words.zh}：填写比例"
        )
        metric = f"{QUALITY}item/{item}"
        yield metric, _metric(name, "Cm")
        rows = [("data", DATA, name, everywhere[item])]
        for key, counts in by_registry.items():
            of = registry_name(key)
            both = Text(f"{name.en}, {of.en}", f"{name.zh}，{of.zh}")
            rows.append((f"registry/{key}", f"{ID}registry/{key}", both, counts[item]))
        for last, on, label, states in rows:
            if applicable := sum(states[:4]):  # present, partial, blank, absent
                yield _measured(f"{metric}/{last}", label, metric, on, states[0], applicable)


def _records(view: Overview) -> Iterator[tuple[str, About]]:
    metric = f"{QUALITY}completeness"
    name = Text("completeness of a record", "记录完整度")
    yield metric, _metric(name, "Cm")
    for report in sorted((r.report for r in view.records), key=lambda r: r.record):
        if report.completeness is not None:
            about = clipped(report.number or report.record, 120)
            label = Text(f"completeness of {about}", f"{about}的完整度")
            yield _measured(
                f"{metric}/{report.record.removeprefix(ID)}",
                label,
                metric,
                report.record,
                round(report.numerator, 4),
                report.denominator,
            )


def _groups(view: Overview) -> Iterator[tuple[str, About]]:
    """The completeness of the records of each hospital, committee, sponsor, place and year."""
    for kind, title_of in TITLES.items():
        metric = f"{QUALITY}completeness-by-{kind}"
        name = Text(
            f"completeness of records, {title_of.en.lower()}", f"记录完整度（{title_of.zh}）"
        )
        yield metric, _metric(name, "Cm")
        for group in sorted(view.rollups.of(kind).groups, key=lambda g: g.key):
            if group.key and group.denominator:
                last = group.key.removeprefix(ID)
                label = Text(f"completeness, {group.label.en}", f"{group.label.zh}的完整度")
                on = group.key if group.key.startswith(ID) else f"{QUALITY}{kind}/{last}"
                if on != group.key:
                    kind_of = ("rdf:type", _term("dcat:Dataset"))
                    records = Text(f"records of {group.label.en}", f"{group.label.zh}年的记录")
                    yield on, [kind_of, *_labels(records)]
                yield _measured(
                    f"{metric}/{last}",
                    label,
                    metric,
                    on,
                    round(group.numerator, 4),
                    group.denominator,
                )


def _metric(name: Text, dimension: Dimension, more: Iterable[tuple[str, Term]] = ()) -> About:
    return [
        ("rdf:type", _term("dqv:Metric")),
        *_labels(name),
        *more,
        ("dqv:expectedDataType", _term("xsd:decimal")),
        ("dqv:inDimension", _node(_dimension(dimension))),
    ]


def _measured(
    subject: str, name: Text, metric: str, on: str, part: float, whole: int
) -> tuple[str, About]:
    return subject, [
        ("rdf:type", _term("dqv:QualityMeasurement")),
        *_labels(name),
        ("dqv:computedOn", _node(on)),
        ("dqv:isMeasurementOf", _node(metric)),
        ("dqv:value", _decimal(part / whole)),
        ("tkg:denominator", Term(str(whole), datatype="xsd:integer")),
        ("tkg:numerator", _decimal(part)),
    ]


def _labels(name: Text) -> About:
    return [
        ("rdfs:label", Term(one_line(name.en), "en")),
        ("rdfs:label", Term(one_line(name.zh), "zh")),
    ]


def _decimal(value: float) -> Term:
    return Term(f"{value:.6f}".rstrip("0").rstrip("."), datatype="xsd:decimal")


def _dimension(code: Dimension) -> str:
    return f"{QUALITY}dimension/{_NAMES[code]}"


def _node(name: str) -> Term:
    return Term(name, is_iri=True)


def _term(curie: str) -> Term:
    return iri(curie, NAMESPACES)
