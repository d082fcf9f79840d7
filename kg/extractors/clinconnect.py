"""Pages of ClinConnect, an aggregator that copies trials without their registration number.

One value a line, in a fixed order of headings. The summary is machine prose and is not mined; the
contact may have nothing to do with the trial and is kept apart from officials and places.
Headings: docs/sources.md, "ClinConnect".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

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
from kg.names.kinds import told_by_words
from kg.namespaces import h8
from kg.said import Place, Texts
from kg.sources.trees import Cell, Note, Raw, Tree
from kg.words.parties import assignments, organization
from kg.words.wording import distinct, place_named

TITLE = "ClinConnect, page text"

_LAUNCHED = re.compile(r"Launched by (.+?)(?: · ([A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}))?")
_CURRENT = re.compile(r"Current as of (.+)")
_HEADINGS = (
    "Trial Information", "Keywords", "ClinConnect Summary", "Gender", "Eligibility criteria",
    "About", "Contacts", "Locations", "Patients applied", "Trial Officials", "Timeline",
)  # fmt: skip
_ABOVE = "above the headings"  # nothing stands there on the pages seen: read by nobody, so listed
_UNDIVIDED = " not told apart"
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
                tree["Status" if "Status" not in tree else f"{heading}: {text}"] = Cell(text, n)
    elif heading in ("Contacts", "Trial Officials"):
        blocks, undivided = _officials(below) if heading == "Trial Officials" else _contacts(below)
        tree[heading] = blocks
        tree[f"{heading}{_UNDIVIDED}"] = [{"Line": Cell(text, n)} for text, n in undivided]
        tree[f"{heading} heading"] = Cell("", line)
    elif heading == "Locations":
        tree[heading] = [{"Location": Cell(text, n)} for text, n in below]
    else:
        tree[heading] = Cell("\n".join(text for text, _ in below), line)


Block = dict[str, Cell]


def _officials(below: Lines) -> tuple[list[Block], Lines]:
    """Name, role and affiliation of each official, and the lines that cannot be told apart.

    A known role divides the lines; without one only their number does, if it fits.
    """
    blocks: list[Block] = []
    undivided: Lines = []
    roles = [n for n, (text, _) in enumerate(below) if text.casefold() in _ROLES]
    # Where each official with a known role begins: at the name above the role, if there is one.
    starts = [
        role - (role > 0 and role - 1 not in roles and not _closes(below, role, roles))
        for role in roles
    ]
    for start, end in pairwise([0, *starts, len(below)]):
        part = below[start:end]
        if start in starts and part:
            names = ("Name", "Role", "Affiliation") if start not in roles else _UNNAMED
            blocks.append(_block(names, part))
            part = part[len(names) :]
        if len(part) % 3 == 0:
            blocks += [_block(_OFFICIAL, part[at : at + 3]) for at in range(0, len(part), 3)]
        else:
            undivided += part
    return blocks, undivided


_OFFICIAL = ("Name", "Role", "Affiliation")
_UNNAMED = ("Role", "Affiliation")


def _closes(below: Lines, role: int, roles: list[int]) -> bool:
    """Whether the line above a role is the affiliation of the official before: its name lacks."""
    is_only_line = role - 2 in roles
    return is_only_line and told_by_words(below[role - 1][0]) is not None


def _contacts(below: Lines) -> tuple[list[Block], Lines]:
    """Name and affiliation of each contact, and the lines that cannot be told apart."""
    told = [told_by_words(text) is not None for text, _ in below]
    pairs = list(zip(told[::2], told[1::2], strict=False))
    if len(below) % 2 == 0 and not any(name and not works for name, works in pairs):
        return [_block(_CONTACT, below[n : n + 2]) for n in range(0, len(below), 2)], []
    blocks: list[Block] = []
    undivided: Lines = []
    for n, (line, is_organization) in enumerate(zip(below, told, strict=True)):
        if not is_organization:
            blocks.append(_block(_CONTACT, [line]))
        elif n and not told[n - 1]:
            blocks[-1] |= _block(("Affiliation",), [line])
        else:
            undivided.append(line)
    return blocks, undivided


_CONTACT = ("Name", "Affiliation")


def _block(names: Sequence[str], lines: Lines) -> Block:
    return {name: Cell(text, n) for name, (text, n) in zip(names, lines, strict=False)}


def _timeline(below: Lines, tree: dict[str, Cell | Tree | Sequence[Tree]]) -> None:
    """Cells of the timeline; what stands above its labels is read by nobody, so listed."""
    label, at, value = "above the timeline", 0, list[str]()
    for text, n in below:
        if text in _TIMELINE and text not in tree and text != label:
            tree[label] = Cell("\n".join(value), at)
            label, at, value = text, n, []
        else:
            at = at or n
            value.append(text)
    tree[label] = Cell("\n".join(value), at)


def record(f: Fields) -> Record:
    """The record of one page; it has no registration number and none is sought in its prose."""
    # Machine prose, the sponsor's advertisement, and a date whose meaning the page does not state.
    f.skip("ClinConnect Summary", "About", "Keywords", why="written by a machine or by the sponsor")
    f.skip("Launched", *_TIMELINE[:-1], why="a date whose meaning the page does not state")
    f.skip("Patients applied", why="what happens at the aggregator, not in the trial")
    f.skip("Contacts heading", "Trial Officials heading", why="the heading of a section")
    for heading in ("Contacts", "Trial Officials"):
        for row in f.each(heading + _UNDIVIDED):
            why = "a name, a role or an affiliation: which one is not certain"
            row.left_over(row.string("Line"), why=why)
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
        works_at = f.texts(en="Affiliation")
        affiliation = organization(works_at)
        if role is None:
            why = "an official without a role that we know is left out"
            f.left_over(*(names or ()), *(works_at or ()), why=why)
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
