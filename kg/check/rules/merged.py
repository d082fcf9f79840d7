"""Rules on the merged graph that compare folded text or follow ties: I01, I02, I03, I05, I07, I08.

Printed forms are compared after NFKC, case, blanks and apostrophes are folded; word order is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from kg.check.parameters import Parameters
from kg.check.view import Hit, RecordView
from kg.names.site_numbers import without_site_number
from kg.namespaces import code, expand, folded

# What these rules read, beside what the shapes of identity.ttl name.
READS = frozenset(
    map(
        expand,
        (
            "tkg:refersTo", "tkg:nameAsGiven", "tkg:publishedBy", "tkg:registrationNumber",
            "tkg:secondaryIdentifier", "skos:notation", "tkg:identifierRelation",
            "tkg:publicTitle", "tkg:scientificTitle",
            "tkg:hasRoleAssignment", "tkg:role", "tkg:agent", "tkg:hasEthicsApproval",
            "tkg:committee", "tkg:approvalNumber", "tkg:left", "tkg:right", "tkg:linkDecision",
            "tkg:committeeOf", "tkg:hasSiteParticipation", "tkg:siteOrganization",
            "tkg:affiliation", "dcterms:isPartOf", "tkg:departmentOf", "tkg:successorOf",
        ),
    )
)  # fmt: skip

# The classes whose nodes rules on the merged graph look for, beside the targets of their shapes.
KINDS = frozenset(map(expand, ("tkg:Record", "tkg:EthicsApproval", "tkg:Link")))

LEAST_TITLE_WORDS = 5  # shorter titles are shared by strangers

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))


NAMES = 16_384
"""So many printed names are kept as they are compared: hospitals and people return."""

_NO_LETTER = re.compile(r"[\W_]+")


@lru_cache(maxsize=NAMES)
def comparable(text: str) -> str:
    """A printed name as it is compared.

    >>> comparable("First  People’s Hospital") == comparable("FIRST people's hospital")
    True
    """
    return folded(text.translate(_APOSTROPHES)).translate(_APOSTROPHES)


def several_english_names(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I01: an organization that records print with several English names.

    Commas, blanks and dots between the same letters make no other name.
    """
    yield from _several(view, "org:Organization", letters=True)


def several_romanised_names(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I02: a person whom records print with several romanised names."""
    yield from _several(view, "foaf:Person")


def _several(view: RecordView, kind: str, *, letters: bool = False) -> Iterator[Hit]:
    for entity, known in _names(view, kind, "en").items():
        names = known
        if letters:
            names = {}
            for key, printed in known.items():
                names.setdefault(_NO_LETTER.sub("", key), printed)
        if len(names) > 1:
            values = {"name": entity, "n": str(len(names)), "values": _listed(names.values())}
            yield Hit(focus=entity, values=values)


def _named_in_english(kind: str) -> Callable[[RecordView], Iterator[str]]:
    """Applies to the entities that some record names in English."""

    def chosen(view: RecordView) -> Iterator[str]:
        yield from _names(view, kind, "en")

    return chosen


def one_name_for_several(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I03: one English name that stands for organizations with different Chinese names."""
    chinese = _names(view, "org:Organization", "zh")
    bearers: dict[str, dict[str, str]] = defaultdict(dict)
    for entity, names in _names(view, "org:Organization", "en").items():
        for key, printed in names.items():
            if entity in chinese:
                bearers[key][entity] = printed
    for by_entity in bearers.values():
        different = {frozenset(chinese[entity]) for entity in by_entity}
        if len(different) > 1 and not frozenset.intersection(*different):
            first = min(by_entity)
            their = {min(chinese[entity].values()) for entity in by_entity}
            yield Hit(focus=first, values={"name": by_entity[first], "values": _listed(their)})


def possibly_one_trial(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I05: two records of different registries, of two trials, that a number or title links."""
    records = view.nodes("tkg:Record")
    by_key: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for record in records:
        for key in (*_numbers(view, record), *_titles(view, record)):
            by_key[key].add(record)
    for key, found in list(by_key.items()):
        registries = [view.value(record, "tkg:publishedBy") for record in found]
        if key[0] == "title" and len(registries) != len(set(registries)):
            del by_key[key]  # a title that one registry holds twice proves nothing
    judged = _judged_different(view)
    for a, b in sorted({p for found in by_key.values() for p in combinations(sorted(found), 2)}):
        publishers = [view.links(r, "tkg:publishedBy") for r in (a, b)]
        trials = [view.links(r, "tkg:refersTo") for r in (a, b)]
        if publishers[0] != publishers[1] and trials[0] != trials[1] and (a, b) not in judged:
            yield Hit(focus=a, values={"a": _number(view, a), "b": _number(view, b)})


_TIES = ("dcterms:isPartOf", "tkg:departmentOf", "tkg:successorOf")


def uninvolved_host(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I07: a committee approved the trial whose host takes no other part in it.

    Taking part: as site, in a role, as the affiliation of somebody in a role; or by a tie (campus,
    department, successor) to an organization that does.
    """
    tied: dict[str, set[str]] = defaultdict(set)
    for organization in view.nodes("org:Organization"):
        for other in _followed(view, [organization], *_TIES):
            tied[organization].add(other)
            tied[other].add(organization)
    for trial, records in _records_of_trials(view).items():
        hosts = set(_hosts(view, records))
        if not hosts:
            continue
        agents = _each(view, records, "tkg:hasRoleAssignment", "tkg:agent")
        sites = _each(view, records, "tkg:hasSiteParticipation", "tkg:siteOrganization")
        affiliations = _each(view, agents, "tkg:affiliation")
        taking = set(_each(view, [*agents, *sites, *affiliations], "tkg:refersTo"))
        for host in sorted(hosts):
            if not taking & {host, *tied[host]}:
                yield Hit(focus=trial, values={"host": host})


def with_hosts(view: RecordView) -> Iterator[str]:
    """I07 applies to the trials that a committee with a known host approved."""
    for trial, records in _records_of_trials(view).items():
        if any(_hosts(view, records)):
            yield trial


def _hosts(view: RecordView, records: Iterable[str]) -> list[str]:
    mentions = _each(view, records, "tkg:hasEthicsApproval", "tkg:committee")
    return _each(view, mentions, "tkg:refersTo", "tkg:committeeOf")


def _records_of_trials(view: RecordView) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for record in view.nodes("tkg:Record"):
        for trial in view.links(record, "tkg:refersTo"):
            found[trial].append(record)
    return found


def _followed(view: RecordView, nodes: Iterable[str], *props: str) -> list[str]:
    """What any of the properties leads to."""
    return [other for node in nodes for prop in props for other in view.links(node, prop)]


def _each(view: RecordView, nodes: Iterable[str], *path: str) -> list[str]:
    """What the properties lead to, one after the other."""
    found = list(nodes)
    for prop in path:
        found = _followed(view, found, prop)
    return found


def one_approval_two_trials(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """I08: one committee and approval number in two trials.

    A trial is told by the number of its record that claims the approval: titles may be alike.
    """
    claims: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    printed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for record in view.nodes("tkg:Record"):
        for approval in view.links(record, "tkg:hasEthicsApproval"):
            number = view.value(approval, "tkg:approvalNumber")
            for mention in view.links(approval, "tkg:committee") if number else ():
                for committee in view.links(mention, "tkg:refersTo"):
                    key = committee, comparable(number or "").replace(" ", "")
                    printed[key].add(number or "")
                    for trial in view.links(record, "tkg:refersTo"):
                        claims[key][trial].add(_number(view, record))
    for key, trials in claims.items():
        first, *others = (min(trials[trial]) for trial in sorted(trials))
        for other in others:
            values = {"number": min(printed[key]), "a": first, "b": other}
            yield Hit(focus=key[0], values=values)


def with_approvals(view: RecordView) -> Iterator[str]:
    """I08 applies to the committees that some approval with a number names."""
    for approval in view.nodes("tkg:EthicsApproval"):
        if view.value(approval, "tkg:approvalNumber"):
            for mention in view.links(approval, "tkg:committee"):
                yield from view.links(mention, "tkg:refersTo")


def _names(view: RecordView, kind: str, language: str) -> dict[str, dict[str, str]]:
    """The printed names of each entity of a class in one language, by folded form."""
    key = ("names", kind, language)
    known: dict[str, dict[str, str]] | None = view.memo.get(key)
    if known is None:
        known = view.memo[key] = _names_of(view, kind, language)
    return known


def _names_of(view: RecordView, kind: str, language: str) -> dict[str, dict[str, str]]:
    entities = set(view.nodes(kind))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for mention, entity in _referring(view):
        if entity in entities:
            for value in view.values(mention, "tkg:nameAsGiven"):
                if value.language == language:
                    printed = without_site_number(value.text).rstrip(" .") or value.text
                    found[entity].setdefault(comparable(printed), printed)
    return {entity: found[entity] for entity in sorted(found)}


def _referring(view: RecordView) -> list[tuple[str, str]]:
    """Each mention and record with what it refers to."""
    known: list[tuple[str, str]] | None = view.memo.get("refersTo")
    if known is None:
        known = view.memo["refersTo"] = [
            (node, entity)
            for node in view.subjects()
            for entity in view.links(node, "tkg:refersTo")
        ]
    return known


def _listed(names: Iterable[str]) -> str:
    return " | ".join(sorted(names))


def _numbers(view: RecordView, record: str) -> Iterator[tuple[str, ...]]:
    own = view.value(record, "tkg:registrationNumber")
    others = [
        view.value(identifier, "skos:notation")
        for identifier in view.links(record, "tkg:secondaryIdentifier")
        if not view.value(identifier, "tkg:identifierRelation")  # parent, child: another trial
        or (view.value(identifier, "tkg:identifierRelation") or "").endswith("/same")
    ]
    for number in (own, *others):
        if number:
            yield "number", comparable(number)


def _titles(view: RecordView, record: str) -> Iterator[tuple[str, ...]]:
    for prop in ("tkg:publicTitle", "tkg:scientificTitle"):
        for title in view.values(record, prop):
            plain = _plain(title.text)
            if len(plain.split()) >= LEAST_TITLE_WORDS or len(plain) >= 4 * LEAST_TITLE_WORDS:
                for sponsor in _sponsors(view, record):
                    yield "title", plain, sponsor


def _plain(text: str) -> str:
    """A title without punctuation."""
    kept = (c if unicodedata.category(c)[0] in "LNZ" else " " for c in comparable(text))
    return " ".join("".join(kept).split())


def _sponsors(view: RecordView, record: str) -> Iterator[str]:
    """The lead sponsors: as resolved and as printed."""
    lead = code("role", "lead-sponsor")
    for assignment in view.links(record, "tkg:hasRoleAssignment"):
        if lead in view.links(assignment, "tkg:role"):
            for agent in view.links(assignment, "tkg:agent"):
                yield from view.links(agent, "tkg:refersTo")
                yield from (comparable(v.text) for v in view.values(agent, "tkg:nameAsGiven"))


def _judged_different(view: RecordView) -> set[tuple[str, str]]:
    different = code("link-decision", "different")
    found = set()
    for link in view.nodes("tkg:Link"):
        if different in view.links(link, "tkg:linkDecision"):
            ends = view.links(link, "tkg:left") + view.links(link, "tkg:right")
            found.add((min(ends), max(ends)))
    return found


def _number(view: RecordView, record: str) -> str:
    return view.value(record, "tkg:registrationNumber") or record


RULES = {
    "I01": several_english_names,
    "I02": several_romanised_names,
    "I03": one_name_for_several,
    "I05": possibly_one_trial,
    "I07": uninvolved_host,
    "I08": one_approval_two_trials,
}
APPLIES = {
    "I01": _named_in_english("org:Organization"),
    "I02": _named_in_english("foaf:Person"),
    "I03": _named_in_english("org:Organization"),
    "I07": with_hosts,
    "I08": with_approvals,
}
