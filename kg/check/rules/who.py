"""Rules on one record that read text: WHO-01b, WHO-15f, WHO-24c and, for aggregator pages, AG-02.

They are hints drawn from words. Words that look alike and mean something else (a cell phone, a
database lock) are left out by name, so that a finding is worth a look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kg import identifiers
from kg.check.parameters import Parameters
from kg.check.view import Hit, RecordView
from kg.namespaces import code

# -- WHO-01b: the form of the number --------------------------------------------------------------


def _number(view: RecordView) -> tuple[str, str] | None:
    """The registry that issued the number, as an IRI, and the number."""
    registry = view.value(view.record, "tkg:registry")
    number = view.value(view.record, "tkg:registrationNumber")
    return (registry, number) if registry and number else None


def _has_form(registry: str, number: str) -> bool | None:
    return identifiers.matches(registry.rsplit("/", 1)[-1], number)


def number_of_another_form(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """WHO-01b: a number that its registry does not issue in this form."""
    found = _number(view)
    if found and _has_form(*found) is False:
        registry, number = found
        yield Hit(
            focus=view.record,
            field="registrationNumber",
            values={"registry": registry, "value": number},
        )


def with_number_of_known_form(view: RecordView) -> Iterator[str]:
    """WHO-01b applies where the form of the registry's numbers is known."""
    found = _number(view)
    if found and _has_form(*found) is not None:
        yield view.record


# -- WHO-15f: a product in a study "without phase" -------------------------------------------------

_PRODUCT_TYPES = frozenset(code("intervention-type", kind) for kind in ("drug", "biological"))
# What the source itself calls something else is none by its words: vitamin capsules, a cell sorter.
_OTHER_TYPES = frozenset(
    code("intervention-type", kind)
    for kind in ("behavioral", "device", "diagnostic-test", "dietary-supplement", "radiation")
)
_PROCEDURE = code("intervention-type", "procedure")
_TRANSPLANTATION = re.compile(r"\bcells?\b[\s-]*(?:\w+[\s-]+){0,2}?transplant|细胞移植")
# Not products: a cytology, a cell count, a cell phone, a tablet computer, a capsule endoscopy.
_PRODUCT = re.compile(
    r"细胞(?!学|因子|计数|检测|分析|角蛋白)|单抗|单克隆抗体|疫苗|注射液|注射用|注射剂|片剂|颗粒剂|口服液"
    r"|胶囊(?!内镜|胃镜|肠镜)|缓释片|肠溶片|分散片|滴丸|滴眼液|吸入剂|软膏|乳膏"
    r"|\bcells?\b(?![\s-]*(?:phones?|counts?|cultures?|analys|sav|free))|\bcar[\s-]?t\b"
    r"|\w{3}mab\b|\bmonoclonal\b|\bvaccines?\b|\bgranules\b|\bointment\b|\beye drops\b"
    r"|\btablets?\b(?![\s-]*(?:computers?|pcs?|devices?|apps?|based))"
    r"|\bcapsules?\b(?![\s-]*endoscop)|\b(?:oral|inhaled|injectable) (?:solution|suspension)\b",
    re.ASCII,
)


def _interventions(view: RecordView) -> list[str]:
    found = set(view.links(view.record, "tkg:hasIntervention"))
    for arm in view.links(view.record, "tkg:hasArm"):
        found.update(view.links(arm, "tkg:usesIntervention"))
    return sorted(found)


def _printed(view: RecordView, node: str, prop: str) -> str:
    """A text in both its languages: ``示例 / example``."""
    texts = {v.language or "": v.text for v in view.values(node, prop)}
    return " / ".join(dict.fromkeys(texts[tag] for tag in sorted(texts, reverse=True)))


def _is_product(view: RecordView, intervention: str) -> bool:
    stated = set(view.links(intervention, "tkg:interventionType"))
    if stated & _PRODUCT_TYPES:
        return True
    if stated & _OTHER_TYPES:
        return False
    names = [_folded(v.text) for v in view.values(intervention, "rdfs:label")]
    if _PROCEDURE in stated:
        names = [_TRANSPLANTATION.sub(" ", name) for name in names]
    return any(map(_PRODUCT.search, names))


# Comparing two makes of one product in healthy people belongs to no phase; registries print the
# kind of study in that field, or nothing.
_EQUIVALENCE = re.compile(r"bio-?\s?equivalen|生物等效")


def _compares_makes(view: RecordView) -> bool:
    titles = (
        v for p in ("publicTitle", "scientificTitle") for v in view.values(view.record, f"tkg:{p}")
    )
    return any(_EQUIVALENCE.search(_folded(title.text)) for title in titles)


def product_without_phase(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """WHO-15f: a drug or biological product, though the phase is "not applicable"."""
    if view.record not in with_phase_not_applicable(view):
        return
    products = [i for i in _interventions(view) if _is_product(view, i)]
    names = sorted({_printed(view, product, "rdfs:label") for product in products})
    if names:
        yield Hit(focus=view.record, field="phase", values={"value": " | ".join(names)})


def with_phase_not_applicable(view: RecordView) -> Iterator[str]:
    """WHO-15f applies to interventional records of this phase that name an intervention."""
    if (
        view.record in view.nodes("tkg:InterventionalRecord")
        and not _compares_makes(view)
        and code("phase", "not-applicable") in view.links(view.record, "tkg:phase")
        and _interventions(view)
    ):
        yield view.record


# -- WHO-24c: a platform without an address -------------------------------------------------------

# "After the database is locked" tells when data are shared, not where.
_PLATFORM = re.compile(
    r"platform|repositor(?:y|ies)|\bdatabases?\b(?!(?:\s+\w+){0,2}\s+lock)|data\s*cent(?:er|re)"
    r"|平台|(?<!锁定)数据库(?!锁|关闭)|数据中心"
)
_ADDRESS = re.compile(r"http|www\.")


def platform_without_address(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """WHO-24c: a data sharing plan that names a platform, and in no language its address."""
    plans = view.values(view.record, "tkg:ipdSharingPlan")
    if any(_ADDRESS.search(_folded(plan.text)) for plan in plans):
        return
    for plan in sorted(plans, key=lambda p: p.language or "", reverse=True):
        if _PLATFORM.search(_folded(plan.text)):
            field = f"ipdSharingPlan@{plan.language}" if plan.language else "ipdSharingPlan"
            yield Hit(focus=view.record, field=field)
            return


def with_plan(view: RecordView) -> Iterator[str]:
    """WHO-24c applies where a plan is given."""
    if view.values(view.record, "tkg:ipdSharingPlan"):
        yield view.record


# -- AG-02: a contact from elsewhere --------------------------------------------------------------

_OFFICIALS = frozenset(
    code("role", role)
    for role in (
        "principal-investigator", "sub-investigator", "study-director", "study-chair",
        "responsible-party", "scientific-contact",
    )
)  # fmt: skip
_SPONSORS = frozenset(code("role", role) for role in ("lead-sponsor", "sponsor", "collaborator"))
_CONTACT = frozenset((code("role", "public-contact"),))

_LATIN = re.compile(r"[a-z]{2,}|\d{3,}")
_HAN = re.compile("[\u3400-\u9fff]{2,}")
_SEGMENT = re.compile(r"[^,;()/]+")
_SMALL_WORDS = "a an and at by de del der des di du et for in la le of on the to und"
_SMALL = frozenset(_SMALL_WORDS.split())
# Words that any two institutions may share.
_GENERIC_WORDS = """
    academic academy affiliated affiliate associate associated branch center centers centre
    centres central city clinic clinical clinics college co company corporation department dept
    division doctor dr faculty first second third fourth fifth sixth general government group
    health healthcare hospital hospitals inc institute institutes institution international
    investigator limited llc ltd medical medicine municipal national office peoples phd pharma
    pharmaceutical pharmaceuticals professor program project province provincial public regional
    research school science sciences service services state study teaching trial trials unit
    university unnamed
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_GENERIC_HAN = re.compile(
    "医科大学|大学|学院|附属|医院|医疗|医学|中心|研究所|研究院|研究|卫生|健康|科室|人民|国家|有限|公司|集团|临床|中医"
    "|第[一二三四五六七八九十]+"
)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> set[str]:
    """The words of a name that tell it from others, initials, pairs of Chinese characters.

    >>> sorted(_words("Ward 7 at the National Institute of Example Diseases (NIED), Exampleton"))
    ['diseases', 'example', 'exampleton', 'nied', 'ward', 'wnied']
    >>> sorted(_words("示例市大学附属医院"))
    ['例市', '示例']
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub("['’]", "", _folded(bare))
    found = {w for w in _LATIN.findall(plain) if w not in _GENERIC and w not in _SMALL}
    for segment in _SEGMENT.findall(plain):
        initials = "".join(w[0] for w in _LATIN.findall(segment) if w not in _SMALL)
        if len(initials) > 2:
            found.add(initials)
    for run in _HAN.findall(_GENERIC_HAN.sub(" ", plain)):
        found.update(run[n : n + 2] for n in range(len(run) - 1))
    return found


def _agents(view: RecordView, roles: frozenset[str]) -> list[str]:
    return sorted(
        agent
        for assignment in view.links(view.record, "tkg:hasRoleAssignment")
        if roles.intersection(view.links(assignment, "tkg:role"))
        for agent in view.links(assignment, "tkg:agent")
    )


def _names(view: RecordView, nodes: list[str], prop: str = "tkg:nameAsGiven") -> set[str]:
    return {v.text for node in nodes for v in view.values(node, prop) if not v.is_iri}


def _trial_names(view: RecordView) -> set[str]:
    """What the page calls sponsors, officials and their institutions, sites and places."""
    officials = _agents(view, _OFFICIALS)
    employers = [a for person in officials for a in view.links(person, "tkg:affiliation")]
    sites = view.links(view.record, "tkg:hasSiteParticipation")
    organizations = [o for site in sites for o in view.links(site, "tkg:siteOrganization")]
    places = view.links(view.record, "tkg:countryOfRecruitment")
    places += [place for site in sites for place in view.links(site, "dcterms:spatial")]
    named = [*_agents(view, _SPONSORS), *officials, *employers, *organizations]
    return _names(view, named) | _names(view, [*sites, *places], "rdfs:label")


def _outside_employers(view: RecordView) -> list[str]:
    """The institutions of contacts who are not officials of the trial themselves."""
    officials = {_folded(name) for name in _names(view, _agents(view, _OFFICIALS))}
    return sorted(
        employer
        for contact in _agents(view, _CONTACT)
        if not officials & {_folded(name) for name in _names(view, [contact])}
        for employer in view.links(contact, "tkg:affiliation")
    )


def contact_from_elsewhere(view: RecordView, parameters: Parameters) -> Iterator[Hit]:
    """AG-02: a contact whose institution shares no telling word with anything of the trial."""
    known = {word for name in _trial_names(view) for word in _words(name)}
    for employer in _outside_employers(view) if known else ():
        words = {word for name in _names(view, [employer]) for word in _words(name)}
        if words and not words & known:
            value = _printed(view, employer, "tkg:nameAsGiven")
            values = {"node": employer, "value": value}
            yield Hit(focus=view.record, field="nameAsGiven", values=values)


def with_contact_institution(view: RecordView) -> Iterator[str]:
    """AG-02 applies where a contact's institution and something to compare it with are given."""
    if _outside_employers(view) and any(_words(name) for name in _trial_names(view)):
        yield view.record


RULES = {
    "WHO-01b": number_of_another_form,
    "WHO-15f": product_without_phase,
    "WHO-24c": platform_without_address,
    "AG-02": contact_from_elsewhere,
}
APPLIES = {
    "WHO-01b": with_number_of_known_form,
    "WHO-15f": with_phase_not_applicable,
    "WHO-24c": with_plan,
    "AG-02": with_contact_institution,
}
