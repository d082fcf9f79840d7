"""People and organizations of a row of the WHO portal: contacts, sponsors, funders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.contacts.masking import Channel, Sort
from kg.extractors.ictrp_columns import Columns
from kg.fields import Fields
from kg.model import Funding, OrganizationMention, PersonMention, RoleAssignment
from kg.names.degrees import is_degree
from kg.names.person_names import split_degree
from kg.said import Blank, Said, Texts
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line
from kg.words.parties import NOBODY, assignments, employment
from kg.words.who import line, without_address
from kg.words.who_parts import funder, listed, organizations_of
from kg.words.wording import numbered

# What the portal prints where a register asks for no funder.
_SEE_SPONSORS = re.compile(r"please refer to primary (?:and|or) secondary sponsors?\.?", re.I)
_ROLES = {
    "contact": "public-contact",
    "public contact": "public-contact",
    "scientific contact": "scientific-contact",
}
_BLANKS = {"public-contact": "publicContact", "scientific-contact": "scientificContact"}


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts, the names of the people among them, and fields printed without a value."""

    roles: tuple[RoleAssignment, ...] = ()
    people: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()


@dataclass(slots=True)
class _Listed:
    """One contact of a list: every person once, however often the list repeats the name."""

    name: str
    affiliations: list[str] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    reachable: set[bool] = field(default_factory=set)  # of each entry: has it a channel?


def contacts(f: Fields, at: Columns, issuer: str) -> Contacts:
    """Everybody in the contact columns.

    The portal prints one contact, whom it takes from the registry's public and scientific ones;
    the full export prints both.
    """
    found = [
        _of(f, at, prefix, role, issuer) for prefix, role in _ROLES.items() if _there(at, prefix)
    ]
    roles = tuple(role for one in found for role in one.roles)
    return Contacts(
        roles,
        tuple(r.agent.name.label for r in roles if isinstance(r.agent, PersonMention)),
        tuple(blank for one in found for blank in one.blanks),
    )


def _there(at: Columns, prefix: str) -> bool:
    return at.any(f"{prefix} firstname", f"{prefix} lastname", f"{prefix} affiliation")


def _of(f: Fields, at: Columns, prefix: str, role: str, issuer: str) -> Contacts:
    label = {
        part: at[f"{prefix} {part}"]
        for part in ("firstname", "lastname", "affiliation", "address", "email", "tel")
    }
    f.channels(phone=label["tel"], e_mail=label["email"], address=label["address"])
    names = [cell for part in ("firstname", "lastname") if (cell := f.cell(label[part]))]
    works_at = f.cell(label["affiliation"])
    for cell in names:
        if cell.text and all(_is_nothing(part) for part in cell.text.split(";")):
            f.log.unsaid[cell.path] = cell.says(None)
    people, aligned = _listed(f, label, names, issuer)
    apart = (
        issuer == "ctgov" and aligned and {True, False} <= {r for p in people for r in p.reachable}
    )
    unreachable = _unreachable(f, label)
    employers: dict[str, OrganizationMention] = {}
    made: list[RoleAssignment] = []
    titled = False
    for one in people:
        told = (
            names[0].says(one.name, one.name)._replace(path=" + ".join(cell.path for cell in names))
        )
        works = [
            part
            for a in one.affiliations
            if not _is_nothing(a) and "@" not in a
            for part in numbered(a) or (a,)
        ]
        title, places = employment(works_at.says(a, a) for a in works if works_at)
        titled = titled or title is not None
        affiliations = tuple(
            employers.setdefault(one.value or "", OrganizationMention(name=Texts(en=one)))
            for one in places
        )
        blanks = unreachable
        if works_at and not affiliations and _is_nothing(works_at.text.strip("; ")):
            blanks += (Blank("affiliation@en", works_at.line, works_at.path),)
        for one_role in _roles(one, prefix, role) if apart else (role,):
            made += assignments(
                f,
                one_role,
                Texts(en=told),
                title=title,
                affiliations=affiliations,
                channels=()
                if apart and one_role == "scientific-contact"
                else tuple(dict.fromkeys(one.channels)),
                blanks=blanks,
                start=len(made) + 1,
            )
    if (
        apart
        and employers
        and not any(isinstance(one.agent, PersonMention) and one.agent.affiliations for one in made)
    ):
        f.skip(label["affiliation"], why="of officials, who stand in the scientific contact too")
    if not aligned and len(people) > 1:
        made = [_shared(assignment) for assignment in made]
    if works_at and not (employers or titled) and not _is_nothing(works_at.text.strip("; ")):
        made += _unplaced(f, role, works_at, made, people, label["affiliation"])
    return Contacts(tuple(made), (), tuple(_blanks(names, works_at, made, role)))


def _roles(one: _Listed, prefix: str, role: str) -> tuple[str, ...]:
    """What a person of ClinicalTrials.gov's list is, of whom the column ``prefix`` speaks.

    The list joins the officials of a study, who stand there without a channel, and its contacts,
    who have one; the full export prints all of it in both columns.
    """
    roles = {False: "scientific-contact", True: "public-contact"}
    told = tuple(roles[reachable] for reachable in sorted(one.reachable))
    return told if prefix == "contact" else tuple(r for r in told if r == role)


def _unreachable(f: Fields, label: dict[str, str]) -> tuple[Blank, ...]:
    """The first channel column, where all that are there are blank."""
    cells = [cell for part in ("email", "tel", "address") if (cell := f.cell(label[part]))]
    if not cells or any(not _is_nothing(part) for cell in cells for part in cell.text.split(";")):
        return ()
    return (Blank("channelKind", cells[0].line, cells[0].path),)


def _blanks(
    names: list[Cell], works_at: Cell | None, made: list[RoleAssignment], role: str
) -> Iterator[Blank]:
    for cell in names:
        if not made and all(_is_nothing(part) for part in cell.text.split(";")):
            yield Blank(f"{_BLANKS[role]}@en", cell.line, cell.path)
    # Organizations have no affiliation of their own to say that it is blank.
    anybody = any(not isinstance(r.agent, OrganizationMention) for r in made)
    if works_at and not anybody and _is_nothing(works_at.text.strip("; ")):
        yield Blank("affiliation@en", works_at.line, works_at.path)


def _unplaced(
    f: Fields,
    role: str,
    works_at: Cell,
    made: list[RoleAssignment],
    people: list[_Listed],
    label: str,
) -> list[RoleAssignment]:
    """An affiliation that belongs to nobody of the list: the contact itself where nobody is one."""
    told = [a for a in map(one_line, works_at.text.split(";")) if not _is_nothing(a)]
    if all("@" in a for a in told):
        f.log.contacts.add(works_at.path)
        return []
    if not made:
        title, places = employment(works_at.says(a, a) for a in told if "@" not in a)
        f.left_over(*(title or ()), why=NOBODY)
        return [
            RoleAssignment(
                role=role, agent=OrganizationMention(name=Texts(en=one)), list_position=n
            )
            for n, one in enumerate(places, start=1)
        ]
    why = f"one affiliation for each of the {len(people)} names; whose these are is not certain"
    f.report("left out", label, why)
    return []


def _shared(assignment: RoleAssignment) -> RoleAssignment:
    agent = assignment.agent
    if isinstance(agent, PersonMention):
        return replace(assignment, agent=replace(agent, alone=False))
    return assignment


def _is_nothing(text: str) -> bool:
    return not text.strip() or is_placeholder(text)


def _listed(
    f: Fields, label: dict[str, str], names: list[Cell], issuer: str
) -> tuple[list[_Listed], bool]:
    """The people of the name columns, and whether the channels stand beside them one by one."""
    others = (f.cell(label[part]) for part in ("affiliation", "email", "tel"))
    sizes = {len(cell.text.split(";")) for cell in others if cell is not None}
    columns = [_names(line(cell.text), sizes) for cell in names]
    most = max((len(column) for column in columns), default=0)
    if len({len(column) for column in columns if any(column)}) > 1:
        columns = [[" ".join(p for p in column if p)] for column in columns]
        most = 1
    full = [" ".join(filter(None, row)) for row in _rows(columns, most)]
    if not any(full):
        return [], True
    beside: list[tuple[str, list[str]]] = []
    aligned = True
    for part, sort in (("affiliation", ""), ("email", "e-mail"), ("tel", "phone"),
                       ("address", "address")):  # fmt: skip
        cell = f.cell(label[part])
        told = [one_line(p) for p in cell.text.split(";")] if cell else []
        if not sort and issuer == "ctgov":
            told = _of_officials(f, label, told, len(full))
        if len(full) > 1 and len(told) == len(full):
            beside.append((sort, told))
        elif any(not _is_nothing(t) for t in told):
            # A column that is not one entry for each name is everybody's, save the affiliation.
            assert cell is not None
            whole = one_line(cell.text.strip(" ;"))
            # ClinicalTrials.gov's list says nothing of who works where; elsewhere it is one field.
            each = whole if sort or _one(full) or issuer != "ctgov" else ""
            beside.append((sort, [each] * len(full)))
            aligned = aligned and (not sort or _one(full))
    found: dict[frozenset[str], _Listed] = {}
    reached = False
    for n, name in enumerate(full):
        if not name:
            continue
        one = found.setdefault(_key(name), _Listed(name))
        # The contacts come last: a name behind the first channel is no official's.
        reached = reached or any(sort and not _is_nothing(told[n]) for sort, told in beside)
        one.reachable.add(reached)
        for sort, told in beside:
            if _is_nothing(told[n]):
                continue
            if not sort:
                if told[n] not in one.affiliations:
                    one.affiliations.append(told[n])
            else:
                one.channels.append(Channel(_sort(sort), told[n]))
    return list(found.values()), aligned


def _names(text: str, sizes: set[int]) -> list[str]:
    """The entries of a list of names.

    A degree between semicolons belongs to the name before it, unless one of the lists beside it,
    whose ``sizes`` are given, has an entry for it.
    """
    parts = [_part(p) for p in text.split(";")]
    if len(parts) in sizes:
        return parts
    found: list[str] = []
    for part in parts:
        if part and found and found[-1] and is_degree(part):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
    return found


def _of_officials(f: Fields, label: dict[str, str], told: list[str], size: int) -> list[str]:
    """Affiliations of ClinicalTrials.gov's list of ``size`` names, one entry for each name.

    Its officials come first, with an affiliation and no channel; its contacts follow, with a
    channel and no affiliation, for which the list has one entry or none.
    """
    given = [one for one in told if not _is_nothing(one)]
    channels = [f.cell(label[part]) for part in ("email", "tel")]
    lists = [[one_line(p) for p in cell.text.split(";")] for cell in channels if cell]
    known = [one for one in lists if any(map(str.strip, one))]
    fits = (
        len(told) != size
        and given == told[: len(given)]
        and all(len(one) == size for one in known)
        and not any(one[n].strip() for one in known for n in range(min(len(given), size)))
    )
    return given + [""] * (size - len(given)) if fits and known and len(given) < size else told


def _sort(name: str) -> Sort:
    return name  # type: ignore[return-value]


def _one(names: list[str]) -> bool:
    """Whether a list names one person, however often."""
    return len({_key(name) for name in names if name}) == 1


def _rows(columns: list[list[str]], most: int) -> Iterator[list[str]]:
    for n in range(most):
        yield [column[n] for column in columns if n < len(column)]


def _part(text: str) -> str:
    plain = one_line(text)
    return "" if is_placeholder(plain) else plain


def _key(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", split_degree(name)[0].casefold()))


def funding(
    f: Fields, label: str, roles: Iterable[RoleAssignment]
) -> tuple[tuple[Funding, ...], tuple[Blank, ...]]:
    """What pays for the trial, and the label if it is printed without saying so.

    A text is an organization by its words, or because one in some ``roles`` has its name.
    """
    said = f.said(label, line)
    if said is None:
        return (), ()
    if said.value is None or _SEE_SPONSORS.fullmatch(said.value):
        return (), (Blank("hasFunding@en", said.line, said.path),)
    made, known = [], organizations_of(roles)
    for one in map(_bare, listed(said)):
        if _is_nothing(one.value or "") or _SEE_SPONSORS.fullmatch(one.value or ""):
            continue
        by = funder(f, one, known)
        made.append(Funding(as_given=Texts(en=one), funder=by))
    return tuple(made), () if made else (Blank("hasFunding@en", said.line, said.path),)


def sponsor_names(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The sponsors of a field, each once."""
    return tuple(map(_bare, listed(f.said(label, line))))


def _bare(said: Said[str]) -> Said[str]:
    """A name without the street behind it, also as printed: streets are in no output."""
    name = without_address(said.value or "")
    return said.but(name, name)
