"""Rules about names: F03 (a name that is none), P03 (a person in the funding text)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import permutations

from kg.check.parameters import Parameters
from kg.check.texts import MENTIONS
from kg.check.view import Hit, RecordView
from kg.contacts.masking import masked
from kg.names.person_names import is_person
from kg.namespaces import code
from kg.values import has_han

# Titles that only people carry. "Dr. Reddy's Laboratories" is a company, so words of organizations,
# a genitive or a long name decide against.
_TITLE_BEFORE = re.compile(r"(?:prof(?:essor)?|dr|mrs?|ms)\.?\s+[^\W\d_]", re.IGNORECASE)
_DEGREE_BEHIND = re.compile(
    r",\s*(?:m\.?d\.?|ph\.?\s?d\.?|m\.?b\.?b\.?s\.?)(?:[\s,].*)?$", re.IGNORECASE
)
_HAN_TITLE = re.compile(
    r"[\u3400-\u9fff]{2,4}\s*(?:教授|副教授|主任医师|副主任医师|医师|医生|博士|研究员|院士)"
)
_ORGANIZATION = re.compile(
    r"['’]s\b|\b(?:hospital|clinic|cent(?:er|re)|universit|institut|college|school|laborator|pharma|"
    r"compan|foundation|group|gmbh|inc\b|ltd\b|llc\b|ag\b|co\b|kg\b|s\.?a\b|research|stiftung|trust)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LONGEST_NAME = 5  # words of a person's name with a title

_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 4  # of a Latin name; more would mean too many orders to try
_SHORTEST_NAME = 5  # letters: shorter ones hide in other words
# What may stand beside a Chinese name of two characters, which also occurs inside words.
_BEFORE = r"(?<![\u3400-\u9fff])|(?<=负责人)|(?<=申请人)|(?<=研究者)|(?<=带头人)|(?<=由)"
_BEHIND = r"(?![\u3400-\u9fff])|(?=教授|主任|医生|医师|博士|老师|个人|自筹|自费|课题|团队|的)"

NAMES = 65_536
"""So many names are kept with what they can be: people and sponsors return."""


@lru_cache(maxsize=NAMES)
def is_name(name: str) -> bool:
    """Whether a name can be a person's: letters, no digits, no office, no organization.

    >>> is_name("王甲"), is_name("示例路 1 号"), is_name("Call Center"), is_name("12345")
    (True, False, False, False)
    """
    return is_person(name) and not _DIGIT.search(name)


@lru_cache(maxsize=NAMES)
def is_titled_person(name: str) -> bool:
    """Whether the name of an organization is surely a person's: a title or degree, nothing else.

    >>> is_titled_person("Prof. Jia Wang"), is_titled_person("Dr. Example's Laboratories")
    (True, False)
    """
    if _HAN_TITLE.fullmatch(name.strip()):
        return True
    titled = _TITLE_BEFORE.match(name.strip()) or _DEGREE_BEHIND.search(name)
    return bool(titled) and not _ORGANIZATION.search(name) and len(name.split()) <= _LONGEST_NAME


_INVESTIGATORS = frozenset(
    code("role", role)
    for role in (
        "principal-investigator", "sub-investigator", "study-director", "study-chair",
        "study-official",
    )
)  # fmt: skip


def wrong_names(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """F03: names of people that are none, and people who stand where an organization belongs."""
    leading, people = _leading(view), _people(view)
    settings = _settings(view) if people else frozenset()
    for node, kind in _named(view, leading):
        person = kind == "tkg:PersonMention" or node in leading
        for value in view.values(node, "tkg:nameAsGiven"):
            if kind == "tkg:PersonMention":
                sound = is_name(value.text)
            elif person:
                sound = False  # told by its name when it was read: an office or an organization
            else:
                known = node in settings and _in_order(value.text) in people
                sound = not known and not is_titled_person(value.text)
            if not sound:
                field = f"nameAsGiven@{value.language}" if value.language else "nameAsGiven"
                expected = "person" if person else "organization"
                shown = {"value": masked(value.text)[:60], "expected": expected}
                yield Hit(focus=node, field=field, values=shown)


def _named(view: RecordView, leading: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The mentions, and the offices among those who lead, each with its class."""
    for kind in MENTIONS:
        yield from ((node, kind) for node in view.nodes(kind))
    yield from ((n, "tkg:RoleContact") for n in view.nodes("tkg:RoleContact") if n in leading)


def _leading(view: RecordView) -> frozenset[str]:
    """Who investigates, directs or chairs: registries ask for a person there.

    A contact may be an office.
    """
    return frozenset(
        agent
        for assignment in view.nodes("tkg:RoleAssignment")
        if _INVESTIGATORS.intersection(view.links(assignment, "tkg:role"))
        for agent in view.links(assignment, "tkg:agent")
    )


def _settings(view: RecordView) -> frozenset[str]:
    """The committees and the organizations of sites; who sponsors or pays may do so in person."""
    sites = (
        node
        for site in view.nodes("tkg:SiteParticipation")
        for node in view.links(site, "tkg:siteOrganization")
    )
    return frozenset((*sites, *view.nodes("tkg:CommitteeMention")))


def _people(view: RecordView) -> frozenset[str]:
    """The names of the record's people, each in one order of its words."""
    return frozenset(
        _in_order(value.text)
        for node in view.nodes("tkg:PersonMention")
        for value in view.values(node, "tkg:nameAsGiven")
        if is_name(value.text)
    )


def _in_order(name: str) -> str:
    return "".join(name.split()) if has_han(name) else " ".join(sorted(_words(name)))


def with_name(view: RecordView) -> Iterator[str]:
    """F03 applies to mentions with a name, and to offices that lead a trial."""
    for node, _ in _named(view, _leading(view)):
        if view.values(node, "tkg:nameAsGiven"):
            yield node


def names_person(text: str, name: str) -> bool:
    """Whether a text names a person, in any order of the words of a Latin name.

    >>> names_person("示例计划（王示例）", "王示例"), names_person("由高新技术区资助", "高新")
    (True, False)
    >>> names_person("Example plan (Shi-Li Wang)", "Wang Shili")
    True
    """
    if has_han(name):
        plain = "".join(name.split())
        if len(plain) < 2:
            return False
        edges = (_BEFORE, _BEHIND) if len(plain) == 2 else ("", "")
        return bool(re.search(f"(?:{edges[0]}){re.escape(plain)}(?:{edges[1]})", text))
    words = _words(name)
    if not 2 <= len(words) <= _MOST_WORDS or sum(map(len, words)) < _SHORTEST_NAME:
        return False
    orders = {"".join(order) for order in permutations(words)}
    said = _words(text)
    # A given name may be written in one word or in two, so runs of other lengths are joined too.
    return any(
        "".join(said[at : at + n]) in orders
        for n in range(2, _MOST_WORDS + 2)
        for at in range(len(said) - n + 1)
    )


def _words(text: str) -> list[str]:
    """The words of a Latin text without accents and case."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _LETTERS.findall("".join(c for c in plain if not unicodedata.combining(c)))


def person_in_funding(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """P03: a person of the record in a funding text that is not the name of an organization."""
    names = {
        value.text
        for node in view.nodes("tkg:PersonMention")
        for value in view.values(node, "tkg:nameAsGiven")
    }
    for node in _funding_texts(view):
        for value in view.values(node, "tkg:fundingAsGiven"):
            if any(names_person(value.text, name) for name in names):
                field = f"fundingAsGiven@{value.language}" if value.language else "fundingAsGiven"
                yield Hit(focus=view.record, field=field, values={"node": node})
                return


def _funding_texts(view: RecordView) -> Iterator[str]:
    for node in view.nodes("tkg:Funding"):
        if not view.links(node, "tkg:fundedBy"):
            yield node


def with_funding_text(view: RecordView) -> Iterator[str]:
    """P03 applies to records with such a text and with people."""
    if any(_funding_texts(view)) and view.nodes("tkg:PersonMention"):
        yield view.record


RULES = {"F03": wrong_names, "P03": person_in_funding}
APPLIES = {"F03": with_name, "P03": with_funding_text}
