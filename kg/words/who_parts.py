"""Parts of a record as the WHO platform and its registries exchange them: lists in one field.

Arms with their sizes, secondary numbers, sponsors, countries: a semicolon divides them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from kg.fields import Fields
from kg.model import (
    Agent,
    Arm,
    Intervention,
    OrganizationMention,
    RoleAssignment,
    SecondaryIdentifier,
)
from kg.names.kinds import kind_of
from kg.names.person_names import split_degree
from kg.said import Blank, Codes, Place, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import is_placeholder, one_line, says_none
from kg.words.parties import agents
from kg.words.secondary import secondary_identifier
from kg.words.who import line, lines, parts_of
from kg.words.wording import gathered, is_organization, numbered, place_named

NO_INTERVENTION = "no-intervention"

# -- arms ------------------------------------------------------------------------------------------


class Arms(NamedTuple):
    """The arms, how many participants all of them make up, and their interventions."""

    arms: tuple[Arm, ...] = ()
    total: Said[int] | None = None
    interventions: tuple[Intervention, ...] = ()


_MOST_PARTS = 12  # of the name of one arm
_MOST_LETTERS = 250  # of a list; the portal cuts longer ones off
_SIZED = re.compile(r"(.*\S)\s*[:：]\s*(\d[\d,]*)?\s*", re.DOTALL)


def lists_arms(text: str) -> bool:
    """Whether a target size lists arms: ``arm:n;arm:n;``."""
    return bool(re.search(r"\S\s*[:：]\s*\d*\s*(?:;|$)", text))


def arms(f: Fields, size: str, intervention: str) -> Arms:
    """The arms that two lists ``arm:n;arm:n;`` and ``arm:text;arm:text;`` print.

    All sizes make up the total only if every arm has one. A text that does not name the arms in
    their order is one intervention.
    """
    sizes, treatments = f.cell(size), f.cell(intervention)
    named = _sized(f, sizes) if sizes else []
    cut = bool(
        sizes and named and named[-1][1] is None and len(one_line(sizes.text)) >= _MOST_LETTERS
    )
    if sizes and cut:
        f.log.report("bad value", sizes.path, sizes.line, named[-1][0], "the list is cut here")
        named.pop()
    texts = _by_arm([name for name, _ in named], treatments.text if treatments else "")
    treated = any(not is_placeholder(line(text)) for text in texts)
    made: list[Arm] = []
    used: dict[str, Intervention] = {}
    for n, (name, count) in enumerate(named, start=1):
        assert sizes is not None
        told: tuple[Intervention, ...] = ()
        blanks: tuple[Blank, ...] = ()
        sort: Said[Codes] | None = None
        if treatments and n <= len(texts):
            what = line(texts[n - 1])
            if what and not is_placeholder(what):
                told = (
                    used.setdefault(what, Intervention(name=Texts(en=treatments.says(what, what)))),
                )
            elif treated and says_none(what):
                sort = treatments.says((NO_INTERVENTION,), what)
            else:
                blanks = (Blank("usesIntervention@en", treatments.line, treatments.path),)
        made.append(
            Arm(
                name=Texts(en=sizes.says(name, name)),
                sort=sort,
                size=sizes.says(count, "" if count is None else str(count)),
                interventions=told,
                list_position=n,
                blanks=blanks,
            )
        )
    whole = list(used.values())
    if treatments and not texts:
        what = lines(treatments.text)
        if what and not is_placeholder(what.strip(" ;")):
            each = _tests(what) or (what,)
            whole = [Intervention(name=Texts(en=treatments.says(one, one))) for one in each]
    if treatments and treatments.text and not whole and not any(arm.blanks for arm in made):
        f.log.unsaid[treatments.path] = treatments.says(None)
    counts = [count for _, count in named]
    total: Said[int] | None = None
    if sizes and named and None not in counts and not cut:
        total = sizes.says(sum(count for count in counts if count is not None))
    return Arms(tuple(made), total, tuple(whole))


def _sized(f: Fields, cell: Cell) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    waiting: list[str] = []
    for part in one_line(cell.text).split(";"):
        if not part.strip():
            continue
        waiting.append(part)
        if len(waiting) > _MOST_PARTS:
            found.append((one_line(waiting.pop(0)), None))
        # A name may hold semicolons itself; its size ends it.
        if sized := _SIZED.fullmatch(";".join(waiting)):
            name = one_line(sized[1])
            count = int(sized[2].replace(",", "")) if sized[2] else None
            found.append((name, count))
            waiting = []
    if waiting:
        rest = one_line(";".join(waiting))
        if any(c.isalpha() for c in rest):
            found.append((rest, None))
        else:
            f.log.report("bad value", cell.path, cell.line, rest, "expected arm:size;arm:size;")
    return found


def _by_arm(names: list[str], text: str) -> list[str]:
    """What ``arm:text;arm:text;`` says of each arm; empty where it does not name them in order."""
    if not names:
        return []
    plain = one_line(text)
    starts: list[tuple[int, int]] = []
    at = 0
    for name in names:
        pattern = re.compile(rf"(?:^|;)\s*{re.escape(name)}\s*[:：]", re.IGNORECASE)
        found = pattern.search(plain, at)
        if not found or (not starts and found.start() > 0):
            return []
        starts.append((found.start(), found.end()))
        at = found.end() - 1  # the colon: arms whose text is empty follow at once
    ends = [start for start, _ in starts[1:]] + [len(plain)]
    return [plain[s[1] : e].strip(" ;") for s, e in zip(starts, ends, strict=True)]


_TESTS = re.compile(
    r"(gold standard)\s*[:：](.*?);\s*(index test)\s*[:：](.*)", re.IGNORECASE | re.DOTALL
)


def _tests(text: str) -> tuple[str, ...]:
    """The two tests of a diagnostic trial, each behind its label; none where a text has no such.

    >>> _tests("Gold Standard:Biopsy; frozen;Index test:Breath;")
    ('Gold Standard: Biopsy; frozen', 'Index test: Breath')
    """
    found = _TESTS.fullmatch(text)
    if not found:
        return ()
    said = ((found[1], found[2].strip(" ;\n")), (found[3], found[4].strip(" ;\n")))
    return tuple(f"{label}: {test}" for label, test in said if not is_placeholder(test) and test)


# -- numbers ---------------------------------------------------------------------------------------


def secondary_identifiers(
    said: Iterable[Said[str]], relation: str | None = None
) -> Iterator[SecondaryIdentifier]:
    """One identifier for each text that holds a number; placeholders give none."""
    for one in said:
        made = secondary_identifier(one)
        if made is not None:
            yield replace(made, relation=relation)


def once(found: Iterable[SecondaryIdentifier]) -> tuple[SecondaryIdentifier, ...]:
    """Each number once, told by all the fields that print it."""
    known: dict[tuple[str | None, str], SecondaryIdentifier] = {}
    for one in found:
        key = (one.registry, one.notation.value or "")
        first = known.get(key)
        if first is None:
            known[key] = one
            continue
        notation = joined(first.notation.value, (first.notation, one.notation))
        known[key] = SecondaryIdentifier(
            notation=notation,
            registry=first.registry,
            as_printed=first.as_printed or one.as_printed,
            relation=first.relation or one.relation,
            issuer=_both(first.issuer, one.issuer),
            sort=first.sort or one.sort,
            told_by=(*first.told_by, *one.told_by),
        )
    return tuple(known.values())


def _both(first: Said[str] | None, second: Said[str] | None) -> Said[str] | None:
    if first is None or second is None:
        return first or second
    texts = dict.fromkeys(one.value for one in (first, second) if one.value)
    return joined("; ".join(texts) or None, (first, second))


# -- places and parties ----------------------------------------------------------------------------


def countries(f: Fields, said: Iterable[Said[str]]) -> tuple[Place, ...]:
    """The countries of a list, each once."""
    return gathered(
        place_named(Texts(en=one), f.registry) for one in said if one.value and one.value.strip()
    )


def same_name(a: str, b: str) -> bool:
    """Whether two printed names have the same words, in any order, without titles and degrees.

    >>> same_name("Muster, Eva", "Dr Eva Muster"), same_name("Wang Shi-li", "Shili WANG")
    (True, True)
    """
    return not words_of(a).isdisjoint(words_of(b))


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[frozenset[str]]:
    """The words of a name as names are compared; with a hyphen, once as two words and once as one.

    >>> words_of("Dr Eva Muster") == words_of("Muster, Eva")
    True
    """
    plain = split_degree(one_line(name))[0].casefold()
    ways = (frozenset(re.findall(r"\w+", way)) for way in (plain, plain.replace("-", "")))
    return frozenset(filter(None, ways))


_SUFFIX = re.compile(r"(.*\S) - ([A-Z][A-Za-z .'()-]{2,40})")


def organization(f: Fields, said: Said[str]) -> OrganizationMention:
    """The organization of a text; ``Name - Country`` gives its country."""
    found = _SUFFIX.fullmatch(said.value or "")
    if found:
        where = place_named(Texts(en=said.but(found[2], found[2])), f.registry)
        if where.code:
            return OrganizationMention(name=Texts(en=said.but(found[1], found[1])), place=(where,))
    return OrganizationMention(name=Texts(en=said))


def organizations_of(roles: Iterable[RoleAssignment]) -> frozenset[str]:
    """The names of the organizations in some roles and of those people in roles work at."""
    found: set[str] = set()
    for one in roles:
        if isinstance(one.agent, OrganizationMention):
            found.add(_plain(one.agent.name.label))
        else:
            found |= {_plain(each.name.label) for each in one.agent.affiliations}
    return frozenset(found - {""})


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def funder(f: Fields, said: Said[str], known: frozenset[str]) -> OrganizationMention | None:
    """The organization that a funding text names, by its words or by one of the ``known`` names."""
    mention = organization(f, said)
    told = is_organization(Texts(en=said)) or _plain(mention.name.label) in known
    return mention if told else None


def sponsors(
    f: Fields, role: str, said: Iterable[Said[str]], people: Iterable[str], issuer: str = ""
) -> tuple[RoleAssignment, ...]:
    """One assignment for each sponsor of a list.

    A sponsor is a person where the record names that person elsewhere (``people``), or where the
    registry names the responsible doctor in this field (specified trials of jRCT).
    """
    made: list[Agent] = []
    for one in said:
        name = one.value
        if not name or is_placeholder(name):
            continue
        if kind_of(name) == "junk":
            f.log.report("bad value", one.path, one.line, name, "expected the name of a sponsor")
            continue
        texts = Texts(en=one)
        mention = organization(f, one)
        plain = mention.name.label
        is_person = any(same_name(plain, other) for other in people) or (
            issuer == "jrct-specified" and bool(re.fullmatch(r"[^\W\d]+ [^\W\d]+", plain))
        )
        if is_person and not is_organization(texts):
            who = list(agents(f, mention.name))
            made += who if who else [mention]
        else:
            made.append(mention)
    return tuple(
        RoleAssignment(role=role, agent=agent, list_position=n)
        for n, agent in enumerate(made, start=1)
    )


def listed(said: Said[str] | None) -> tuple[Said[str], ...]:
    """The items of a list that a semicolon divides (``a;b``, ``1. a; 2. b``), each once."""
    if said is None or said.value is None:
        return ()
    found = numbered(said.value) or parts_of(said.value)
    return tuple(said.but(part, part) for part in dict.fromkeys(found))
