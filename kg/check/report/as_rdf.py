"""``report.ttl`` and the findings graph: the report as a plain ``sh:ValidationReport``.

No blank nodes; every node has a label. Written line by line, since a report may hold a million
statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.check.findings import Report, Severity
from kg.check.report.overview import Named, Overview, overview
from kg.check.report.phrases import clipped
from kg.namespaces import FINDINGS, ID, PREFIXES, SHAPES, expand
from kg.values import one_line

REPORT = ID + "report"

_SEVERITY: dict[Severity, str] = {"violation": "Violation", "warning": "Warning", "info": "Info"}
# A result has to name a kind of constraint. Rules are core shapes, queries or functions, and a
# finding does not tell which; each of them can be stated as a query.
_COMPONENT = "sh:SPARQLConstraintComponent"
_LABEL_LENGTH = 200
_USED = ("rdfs", "sh", "tkg", "tks", "xsd")


class Term(NamedTuple):
    """The object of a statement: an IRI, or a literal with its language or datatype."""

    text: str
    language: str | None = None
    datatype: str | None = None
    is_iri: bool = False


def iri(curie: str, namespaces: Mapping[str, str] = PREFIXES) -> Term:
    """The IRI of a term written as ``prefix:name``."""
    prefix, _, name = curie.partition(":")
    return Term(namespaces[prefix] + name, is_iri=True)


def statements(view: Overview) -> Iterator[tuple[str, list[tuple[str, Term]]]]:
    """Each subject with its properties and objects, sorted."""
    as_of = one_line(view.report.as_of)
    about: list[tuple[str, Term]] = [
        ("rdf:type", iri("sh:ValidationReport")),
        ("rdfs:label", Term(f"Quality report as of {as_of}", "en")),
        ("rdfs:label", Term(f"质量报告（截至 {as_of}）", "zh")),
        ("sh:conforms", Term("false" if _violated(view) else "true", datatype="xsd:boolean")),
        ("tkg:assessmentDate", Term(as_of, datatype="xsd:date")),
    ]
    names = sorted(one.id for one in view.findings)
    about += [("sh:result", Term(f"{ID}finding/{name}", is_iri=True)) for name in names]
    yield REPORT, about
    for one in sorted(view.findings):
        yield f"{ID}finding/{one.id}", _result(one)


def _violated(view: Overview) -> bool:
    return any(f.severity == "violation" and not f.waived for _, f in view.findings)


def _result(named: Named) -> list[tuple[str, Term]]:
    f = named.finding
    messages = [(one_line(f.message_en), "en"), (one_line(f.message_zh), "zh")]
    labels = [(clipped(f"{f.rule}: {text}", _LABEL_LENGTH), lang) for text, lang in messages]
    about = [
        ("rdf:type", iri("sh:ValidationResult")),
        *(("rdfs:label", Term(text, language)) for text, language in labels),
        ("sh:focusNode", Term(f.focus, is_iri=True)),
        *(("sh:resultMessage", Term(text, language)) for text, language in messages),
        ("sh:resultSeverity", iri(f"sh:{_SEVERITY[f.severity]}")),
        ("sh:sourceConstraintComponent", iri(_COMPONENT)),
        ("sh:sourceShape", Term(SHAPES + f.rule, is_iri=True)),
    ]
    value = f.values.get("value") or next(iter(f.values.values()), "") * (len(f.values) == 1)
    if value := one_line(value):
        about.append(("sh:value", Term(value, is_iri=value.startswith(ID))))
    if f.record:
        about.append(("tkg:findingRecord", Term(f.record, is_iri=True)))
    if f.waived:
        about.append(("tkg:waived", Term("true", datatype="xsd:boolean")))
    return about


def lines(view: Overview) -> Iterator[str]:
    """The text of ``report.ttl``, piece by piece."""
    for prefix in _USED:
        yield f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for subject, about in statements(view):
        yield turtle(subject, about)


def turtle(
    subject: str,
    about: Sequence[tuple[str, Term]],
    used: Sequence[str] = _USED,
    namespaces: Mapping[str, str] = PREFIXES,
) -> str:
    """A subject with its properties in Turtle; ``used`` are the prefixes that the file declares."""
    parts: list[str] = []
    last = ""
    for name, term in about:
        if name == last:
            parts.append(f" ,\n        {_turtle(term, used, namespaces)}")
        else:
            verb = "a" if name == "rdf:type" else name
            parts.append(f"{' ;' if last else ''}\n    {verb} {_turtle(term, used, namespaces)}")
        last = name
    # the type stands on the line of its subject
    return f"\n<{_safe(subject)}>{''.join(parts).replace(chr(10) + '    a ', ' a ', 1)} .\n"


def quads(report: Report) -> Iterator[str]:
    """The same statements as lines of N-Quads in the graph of findings, for the store.

    With them, of each record that has a score, how complete it is, 0 to 1.
    """
    for subject, about in statements(overview(report)):
        for name, term in about:
            yield f"<{_safe(subject)}> <{expand(name)}> {_full(term)} <{FINDINGS}> .\n"
    for record in report.records:
        if record.completeness is not None:
            share = Term(f"{record.completeness:.4f}", datatype="xsd:decimal")
            yield (
                f"<{_safe(record.record)}> <{expand('tkg:completeness')}> {_full(share)} "
                f"<{FINDINGS}> .\n"
            )


_LOCAL = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")


def _turtle(term: Term, used: Sequence[str], namespaces: Mapping[str, str]) -> str:
    if not term.is_iri:
        if term.datatype == "xsd:boolean":
            return term.text
        return _quoted(term) + (f"^^{term.datatype}" if term.datatype else "")
    for prefix in used:
        namespace = namespaces[prefix]
        if term.text.startswith(namespace) and _LOCAL.fullmatch(term.text, len(namespace)):
            return f"{prefix}:{term.text[len(namespace) :]}"
    return f"<{_safe(term.text)}>"


def _full(term: Term) -> str:
    if term.is_iri:
        return f"<{_safe(term.text)}>"
    return _quoted(term) + (f"^^<{expand(term.datatype)}>" if term.datatype else "")


def _quoted(term: Term) -> str:
    plain = term.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"@{term.language}' if term.language else f'"{plain}"'


_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\x7f-\x9f\ud800-\udfff]')


def _safe(iri: str) -> str:
    """``iri`` with what no IRI may hold written in per cent."""
    if not _NOT_IN_IRI.search(iri):
        return iri
    return _NOT_IN_IRI.sub(
        lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode("utf-8", "replace")), iri
    )
