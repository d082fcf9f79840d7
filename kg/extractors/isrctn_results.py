"""Publications, files and results of ISRCTN records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extractors.isrctn_text import is_nothing, line, text
from kg.fields import Fields
from kg.model import RecordEvent, Reference
from kg.said import Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import iso_day, one_line, paragraphs

_ADDRESS = re.compile(r"https?://[^\s<>\"|\\^`{}]+", re.IGNORECASE)
# Kinds of output, letters only: "Results article" and "resultsarticle" are one.
_KINDS: dict[str, Codes] = {
    "resultsarticle": ("result",),
    "interimresultsarticle": ("result",),
    "basicresults": ("result",),
    "thesisresults": ("result",),
    "bookresults": ("result",),
    "preprint": ("result",),
    "preprintresults": ("result",),
    "funderreportresults": ("result",),
    "funderreport": ("result",),
    "abstract": ("result",),
    "abstractresults": ("result",),
    "posterresults": ("result",),
    "plainenglishresults": ("result",),
    "protocolarticle": ("background",),
    "protocolpreprint": ("background",),
    "protocolfile": ("document",),
    "participantinformationsheet": ("document",),
    "pis": ("document",),
    "statisticalanalysisplan": ("document",),
    "otherfiles": ("document",),
    "dataset": ("ipd",),
    "otherpublications": ("derived",),
    # The page of the British authority about the study, written before it has results.
    "hraresearchsummary": ("see-also",),
    "hrasummary": ("see-also",),
    "trialwebsite": ("see-also",),
    "studywebsite": ("see-also",),
}
_YEAR = re.compile(r"(?:\d{4} )?([A-Za-z ]+?) (?:in|from) https?://")


def references(t: Fields) -> Iterator[Reference]:
    """Publications, output files, web sites and attached files."""
    results = t.inside("results")
    details = results.cell("publicationDetails")
    if details is not None and details.text and not is_nothing(details.text):
        yield from _publications(details)
    yield from _outputs(t)
    site = line(t, "trialDescription.trialWebsite")
    if site is not None and site.value:
        yield Reference(name=Texts(en=site), links=_links(site), sort=site.but(("see-also",)))
    sheet = line(t, "participants.patientInfoSheet")
    if sheet is not None and sheet.value:
        yield Reference(name=Texts(en=sheet), links=_links(sheet), sort=sheet.but(("document",)))
    yield from _files(t)


def _publications(cell: Cell) -> Iterator[Reference]:
    """One reference for each line of the list."""
    for item in dict.fromkeys(paragraphs(cell.text).split("\n")):
        said = cell.says(item)
        kind = _YEAR.match(item)
        codes = _KINDS.get(kind[1].replace(" ", "").casefold()) if kind else None
        yield Reference(
            name=Texts(en=said), links=_links(said), sort=said.but(codes) if codes else None
        )


def _links(said: Said[str]) -> tuple[Said[str], ...]:
    found = _ADDRESS.findall(said.value or "")
    return tuple(said.but(address.rstrip(".,;)")) for address in dict.fromkeys(found))


def _outputs(t: Fields) -> Iterator[Reference]:
    rows = t.inside("outputs").each("output")
    if not any(_says_what(row) for row in rows):
        t.skip(
            "outputs",
            why="words without a file or an address, which the copy drops; see publicationDetails",
        )
        return
    for row in rows:
        yield _output(row)


def _says_what(row: Fields) -> bool:
    return row.has("@outputType") or row.has("externalLink.@url") or row.has("localFile.@fileId")


def _output(row: Fields) -> Reference:
    row.skip("@id", "@createdBy", why="a key of the source")
    row.skip("@dateUploaded", "@artefactType", why="how the registry keeps the file")
    file = row.inside("localFile")
    row.skip("localFile", why="keys of the stored file")
    kind = row.string("@outputType")
    name = row.string("description")
    link = row.said("externalLink.@url", _address)
    told = [kind, row.string("@peerReviewed"), row.string("@patientFacing")]
    words = [file.string("@originalFilename"), row.string("productionNotes")]
    notes = [said for said in words if said and said.value]
    letters = re.sub(r"[^a-z]", "", (kind.value or "").casefold()) if kind else ""
    codes = _KINDS.get(letters)
    if kind is not None and kind.value and codes is None:
        row.report("unknown word", "@outputType", "a kind of output that no one has listed yet")
    return Reference(
        name=Texts(en=name) if name and name.value else Texts(),
        sort=kind.but(codes) if kind and codes else None,
        links=(link,) if link and link.value else (),
        date=row.date("@dateCreated", iso_day),
        notes=tuple(notes),
        told_by=tuple(said for said in told if said),
    )


def _address(printed: str) -> str:
    if not _ADDRESS.fullmatch(one_line(printed)):
        raise ValueError("expected a web address")
    return one_line(printed)


def _files(t: Fields) -> Iterator[Reference]:
    for row in t.inside("attachedFiles").each("attachedFile"):
        row.skip(
            "id", "length", "md5sum", "mimeType", "public", "@mimeType", "@id",
            why="how the registry keeps the file",
        )  # fmt: skip
        link = row.said("@downloadUrl", _address)
        file, name = row.string("name"), row.string("description")
        named = name if name and name.value else file
        if named is None or not named.value:
            row.left_over(link, why="a file without a name")
            continue
        yield Reference(
            name=Texts(en=named),
            sort=named.but(("document",)),
            links=(link,) if link and link.value else (),
            notes=(file,) if file and file.value and file is not named else (),
        )


def results_summary(f: Fields) -> Texts | None:
    """The results in the registry's own fields."""
    found = [text(f, label, lines=True) for label in ("basicReport", "plainEnglishReport")]
    said = tuple(one.en for one in found if one and one.en)
    written = tuple(one for one in said if one.value)
    if written:
        return Texts(en=joined("\n".join(one.value or "" for one in written), written))
    return Texts(en=said[0]) if said else None


def results_plan(f: Fields) -> Iterator[RecordEvent]:
    """When and how the results are to be published."""
    day, plan = f.date("intentToPublish", iso_day), line(f, "publicationPlan")
    if (day and day.value) or (plan and plan.value):
        yield RecordEvent(
            sort="results-planned", date=day, outcome=plan if plan and plan.value else None
        )
