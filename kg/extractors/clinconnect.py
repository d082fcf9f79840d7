"""Pages of ClinConnect, an aggregator that copies trials without their registration number.

One value a line, in a fixed order of headings. The summary is machine prose and is not mined; the
contact may have nothing to do with the trial and is kept apart from officials and places.
Headings: docs/sources.md, "ClinConnect".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from kg import values
from kg.errors import RecordError
from kg.fields import Fields
from kg.model import (
    OrganizationMention,
    Record,
    RoleAssignment,
    SiteParticipation,
    Version,
)
from kg.namespaces import h8
from kg.parties import assignments, organization
from kg.said import Place, Texts
from kg.trees import Cell, Note, Raw, Tree
from kg.wording import distinct, place_named

TITLE = "ClinConnect, page text"

_LAUNCHED = re.compile(r"Launched by (.+?)(?: · ([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}))?")
_CURRENT = re.compile(r"Current as of (.+)")
_HEADINGS = (
    "Trial Information", "Keywords", "ClinConnect Summary", "Gender", "Eligibility criteria",
    "About", "Contacts", "Locations", "Patients applied", "Trial Officials", "Timeline",
)  # fmt: skip
_ABOVE = "above the headings"  # nothing stands there on the pages seen: read by nobody, so listed
_TIMELINE = ("First submit", "Trial launched", "Trial updated", "Estimated completion")
_ESCAPED = re.compile(r"\\([<>^*_\[\]~#])")


def recognises(text: str) -> bool:
    """Whether line 2 says who launched the trial and a line heads the site's summary."""
    head = [line.strip() for line in text[:100_000].split("\n")]
    head = [line for line in head if line][:2]
    return (
        len(head) == 2
        and _LAUNCHED.fullmatch(values.one_line(head[1])) is not None
        and re.search(r"^\s*(ClinConnect Summary|Trial Information)\s*$", text, re.MULTILINE)
        is not None
    )


def raws(text: str) -> Iterator[Raw]:
    """The one record of a page."""
    lines = [(values.one_line(line), n) for n, line in enumerate(text.split("\n"), start=1)]
    lines = [(line, n) for line, n in lines if line]
    (title, title_line), (launched, launched_line), *rest = lines
    found = _LAUNCHED.fullmatch(launched)
    assert found is not None
    tree: dict[str, Cell | Tree | Sequence[Tree]] = {
        "Title": Cell(title, title_line),
        "Sponsor": Cell(found[1], launched_line),
        "Launched": Cell(found[2] or "", launched_line),
    }
    notes = []
    if _TIMELINE[-1] not in (line for line, _ in rest):
        why = "the page ends before its timeline does; its last line is left out"
        notes.append(Note("page cut", "Timeline", lines[-1][1], "", why))
        rest = rest[:-1]  # the page may be cut inside it
    for heading, line, below in _sections(rest):
        if heading == "Timeline":
            _timeline(below, tree)
        else:
            _section(heading, line, below, tree)
    yield Raw(tree, "clinconnect", tuple(notes))


Lines = list[tuple[str, int]]


def _sections(lines: Lines) -> Iterator[tuple[str, int, Lines]]:
    """Headings in their fixed order, each with its line and the lines below it."""
    expected = 0
    heading, at, below = _ABOVE, 0, []  # type: tuple[str, int, Lines]
    for line, n in lines:
        name = "About" if line.startswith("About ") else line
        if name in _HEADINGS[expected:]:
            yield heading, at, below
            expected = _HEADINGS.index(name) + 1
            heading, at, below = name, n, []
        else:
            below.append((line, n))
    yield heading, at, below


def _section(
    heading: str, line: int, below: Lines, tree: dict[str, Cell | Tree | Sequence[Tree]]
) -> None:
    if heading == "Trial Information":
        for text, n in below:
            if current := _CURRENT.fullmatch(text):
                tree["Current as of"] = Cell(current[1], n)
            else:
                tree["Status" if "Status" not in tree else text] = Cell(text, n)
    elif heading in ("Contacts", "Trial Officials"):
        size = 2 if heading == "Contacts" else 3
        names = ("Name", "Affiliation") if size == 2 else ("Name", "Role", "Affiliation")
        tree[heading] = [
            {
                key: Cell(text, n)
                for key, (text, n) in zip(names, below[at : at + size], strict=False)
            }
            for at in range(0, len(below), size)
        ]
        tree[f"{heading} heading"] = Cell("", line)
    elif heading == "Locations":
        tree[heading] = [{"Location": Cell(text, n)} for text, n in below]
    else:
        tree[heading] = Cell("\n".join(text for text, _ in below), line)


def _timeline(below: Lines, tree: dict[str, Cell | Tree | Sequence[Tree]]) -> None:
    """Cells of the timeline."""
    label, at, value = "", 0, [""]
    for text, n in [*below, ("", 0)]:
        if text in _TIMELINE or not n:
            if label:
                tree[label] = Cell("\n".join(filter(None, value)), at)
            label, at, value = text, n, [""]
        else:
            value.append(text)


def record(f: Fields) -> Record:
    """The record of one page; it has no registration number and none is sought in its prose."""
    # Machine prose, the sponsor's advertisement, and a date whose meaning the page does not state.
    f.skip("ClinConnect Summary", "About", "Keywords", why="written by a machine or by the sponsor")
    f.skip("Launched", why="a date whose meaning the page does not state")
    f.skip(
        "Patients applied", "First submit", "Trial launched", "Trial updated", why="never a value"
    )
    f.skip("Contacts heading", "Trial Officials heading", why="the heading of a section")
    title = f.texts(en="Title")
    sponsor = f.texts(en="Sponsor")
    if not title or not sponsor:
        raise RecordError("a ClinConnect page needs a title and a sponsor")
    officials, rows = f.each("Trial Officials"), f.each("Locations")
    return Record(
        publisher="clinconnect",
        local_id=h8(title.label, sponsor.label),
        version=Version(refreshed=f.said("Current as of", values.english_date), layout="text"),
        public_title=title,
        recruitment_status=f.concepts("recruitment-status", en="Status"),
        sex=f.concepts("sex", en="Gender"),
        criteria_text=_criteria(f),
        completion_date=f.said("Estimated completion", values.english_date),
        countries=distinct(parts[0] for s in rows if (parts := _parts(s))),
        sites=tuple(_site(s, n) for n, s in enumerate(rows, start=1)),
        roles=(
            RoleAssignment(
                role="lead-sponsor", agent=OrganizationMention(name=sponsor), list_position=1
            ),
            *_people((row, "public-contact") for row in f.each("Contacts")),
            *_people((row, _role_of(row)) for row in officials),
        ),
    )


def _criteria(f: Fields) -> Texts | None:
    """The criteria as printed; the escapes of the copy stay, a rule reports them."""
    return f.texts(en="Eligibility criteria", lines=True)


_ROLES = {
    "principal investigator": "principal-investigator",
    "study chair": "study-chair",
    "study director": "study-director",
    "sub-investigator": "sub-investigator",
}


def _role_of(f: Fields) -> str | None:
    cell = f.cell("Role")
    if cell is None:
        name = f.cell("Name") or Cell("", 0)
        f.report("unknown word", "Name", "an official without a role is left out", name.text)
        return None
    role = _ROLES.get(cell.text.casefold())
    if role is None:
        f.report("unknown word", "Role", "expected one of: " + ", ".join(sorted(_ROLES)))
    return role


def _people(rows: Iterable[tuple[Fields, str | None]]) -> Iterator[RoleAssignment]:
    """Everybody named in these rows, numbered within each role."""
    seen: Counter[str] = Counter()
    for f, role in rows:
        names = f.texts(en="Name")
        affiliation = organization(f.texts(en="Affiliation"))
        if role is None:
            continue
        told = f.string("Role")
        made = assignments(
            f,
            role,
            names,
            affiliations=(affiliation,) if affiliation else (),
            told_by=(told,) if told else (),
            start=seen[role] + 1,
        )
        seen[role] += len(made)
        yield from made


def _parts(f: Fields) -> list[Place]:
    """City, state and country of a row, the widest first."""
    said = f.string("Location")
    if said is None or said.value is None:
        return []
    found: list[Place] = []
    for name in reversed([part.strip() for part in said.value.split(",") if part.strip()]):
        text = Texts(en=said.but(name, name))
        found.append(place_named(text, f.registry, found[-1] if found else None))
    return found


def _site(f: Fields, n: int) -> SiteParticipation:
    parts = _parts(f)
    return SiteParticipation(place=distinct(parts[1:] or parts), list_position=n)
