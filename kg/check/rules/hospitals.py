"""I06: the lead sponsor is one hospital, the leader works at another.

Two spellings that the identity stage left apart are no two hospitals: names of which one holds all
telling words of the other are not held against a record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kg.check.parameters import Parameters
from kg.check.view import Hit, RecordView
from kg.namespaces import code, expand

READS = frozenset(
    map(
        expand,
        (
            "tkg:refersTo", "tkg:hasRoleAssignment", "tkg:role", "tkg:agent", "tkg:affiliation",
            "tkg:organizationKind", "dcterms:isPartOf", "tkg:departmentOf", "tkg:successorOf",
            "rdfs:label",
        ),
    )
)  # fmt: skip

_LEAD = code("role", "lead-sponsor")
_LEADER = code("role", "principal-investigator")
_HOSPITAL = code("organization-kind", "hospital")
_TIES = ("dcterms:isPartOf", "tkg:departmentOf", "tkg:successorOf")

# Words that many hospitals bear; what is left tells them apart.
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        "the of and for at de du des di da la le les los und von hospital hospitals clinic "
        "clinical center centre centro medical medicine health healthcare university universitari "
        "universitaria universitario affiliated institute institution research foundation trust "
        "nhs school college hopital hopitaux hospitalier hospitalo regional universitaire city "
        "province china",
    )
)
_ORDINALS = re.compile(r"\d+(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|no")
_SAME_START = 6  # letters: "assistance", "assistant"


def leader_elsewhere(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I06: sponsor and leader's hospital differ, without a tie and by more than their spelling."""
    found = set()
    for trial, sponsor, workplace in _pairs(view):
        if sponsor == workplace or _tied(view, sponsor, workplace):
            continue
        names = [view.text(one, "rdfs:label", "en") or "" for one in (sponsor, workplace)]
        if not alike(*names):
            found.add((trial, sponsor, workplace))
    for trial, sponsor, workplace in sorted(found):
        yield Hit(focus=trial, values={"a": sponsor, "b": workplace})


def trials_of_hospitals(view: RecordView) -> Iterator[str]:
    """I06 applies to the trials whose sponsor and whose leader's affiliation are hospitals."""
    yield from dict.fromkeys(trial for trial, _, _ in _pairs(view))


def alike(one: str, other: str) -> bool:
    """Whether one English name holds every telling word of the other, with the same numbers.

    >>> alike("Example Street Hospital", "Example Street Hospital for Children NHS Trust")
    True
    >>> alike("Sample First Hospital of Example", "Sample Third Hospital of Example")
    False
    >>> alike("Example Hospital", "Children's Hospital of Example City")
    False
    """
    a, b = sorted((_telling(one), _telling(other)), key=len)
    if len(a) < 2 or _numbers(a) != _numbers(b):
        return False
    return all(any(_one_word(x, y) for y in b) for x in a)


def _telling(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return frozenset(w for w in words if w not in _GENERIC and (len(w) > 1 or w.isdigit()))


def _numbers(words: frozenset[str]) -> set[str]:
    return {w for w in words if _ORDINALS.fullmatch(w)}


def _one_word(x: str, y: str) -> bool:
    return x == y or (min(len(x), len(y)) > _SAME_START and x[:_SAME_START] == y[:_SAME_START])


def _pairs(view: RecordView) -> Iterator[tuple[str, str, str]]:
    """Trial, sponsoring hospital and leader's hospital, as each record has them."""
    for record in view.nodes("tkg:Record"):
        sponsors, workplaces = [], []
        for role in view.links(record, "tkg:hasRoleAssignment"):
            roles, agents = view.links(role, "tkg:role"), view.links(role, "tkg:agent")
            if _LEAD in roles:
                sponsors += [h for agent in agents for h in _hospitals(view, agent)]
            if _LEADER in roles:
                for agent in agents:
                    for mention in view.links(agent, "tkg:affiliation"):
                        workplaces += _hospitals(view, mention)
        for trial in view.links(record, "tkg:refersTo") if sponsors and workplaces else ():
            yield from ((trial, a, b) for a in sponsors for b in workplaces)


def _hospitals(view: RecordView, mention: str) -> list[str]:
    return [
        one
        for one in view.links(mention, "tkg:refersTo")
        if _HOSPITAL in view.links(one, "tkg:organizationKind")
    ]


def _tied(view: RecordView, one: str, other: str) -> bool:
    return any(y in view.links(x, tie) for x, y in ((one, other), (other, one)) for tie in _TIES)


RULES = {"I06": leader_elsewhere}
APPLIES = {"I06": trials_of_hospitals}
