"""What a record of ClinicalTrials.gov points to: publications, pages, data sets, documents."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extractors.ctgov_events import day
from kg.extractors.ctgov_text import name
from kg.fields import Fields
from kg.model import Reference
from kg.said import Codes, Said, joined
from kg.values import one_line


def references(f: Fields, documents: Fields) -> Iterator[Reference]:
    """Publications first, then their retractions, pages, data sets and uploaded documents."""
    for row in f.each("references"):
        pmid = _prefixed(row, "pmid", "pmid")
        yield Reference(
            name=name(row, "citation"),
            sort=row.concepts("reference-kind", en="type"),
            identifiers=pmid,
        )
        if row.has("retractions"):
            yield from _retractions(row)
    for row in f.each("resultReferences"):  # legacy records list them apart
        yield Reference(
            name=name(row, "citation"),
            sort=_kind("result"),
            identifiers=_prefixed(row, "pmid", "pmid"),
        )
    for row in f.each("seeAlsoLinks"):
        yield Reference(
            name=name(row, "label" if row.has("label") else "description"),
            sort=_kind("see-also"),
            links=address(row, "url"),
        )
    for row in f.each("availIpds"):
        yield Reference(
            name=name(row, "type"),
            sort=_kind("ipd"),
            identifiers=_notes(row, "id"),
            links=address(row, "url"),
            notes=_notes(row, "comment"),
        )
    for row in documents.each("largeDocs"):
        yield Reference(
            name=name(row, "label"),
            sort=_document(row),
            date=row.date("date", day),
            links=address(row, "url"),
            notes=_notes(row, "typeAbbrev", "filename", "size", "uploadDate"),
        )


_HOLDS = {"hasProtocol": "protocol", "hasSap": "sap", "hasIcf": "icf"}


def _document(row: Fields) -> Said[Codes]:
    """The kind of an uploaded document, and what the marks beside it say that it holds."""
    marks = {kind: row.concepts("answer", en=mark) for mark, kind in _HOLDS.items()}
    told = {kind: said for kind, said in marks.items() if said is not None and said.value}
    held = (kind for kind, said in told.items() if said.value == ("yes",))
    return joined(("document", *held), tuple(told.values()))


def _retractions(row: Fields) -> Iterator[Reference]:
    for inner in row.each("retractions"):
        yield Reference(
            name=name(inner, "source"),
            sort=_kind("retraction"),
            identifiers=_prefixed(inner, "pmid", "pmid"),
        )


def address(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The web address under a label; one without a scheme is refused."""
    said = f.said(label, _address)
    return (said,) if said else ()


def _address(printed: str) -> str:
    found = one_line(printed)
    if not found.lower().startswith(("http://", "https://", "ftp://")) or " " in found:
        raise ValueError("expected a web address such as https://example.org/page")
    return found


def _prefixed(f: Fields, label: str, prefix: str) -> tuple[Said[str], ...]:
    said = f.string(label)
    return (said.but(f"{prefix}:{said.value}" if said.value else None),) if said else ()


def _notes(f: Fields, *labels: str) -> tuple[Said[str], ...]:
    return tuple(said for label in labels if (said := f.string(label)))


def _kind(code: str) -> Said[Codes]:
    return Said((code,), 0)
