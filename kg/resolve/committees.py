"""Which mentions are one ethics committee: the same parent and the same kind.

A committee's name is its parent's name and words for its kind. One hospital may run several
committees, so the kind counts; a name without a parent identifies nothing and stays in its record.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kg.resolve.circles import MAX_POSSIBLE
from kg.resolve.clusters import Clusters, Facts, star
from kg.resolve.groups import Groups
from kg.resolve.links import Edge, edge
from kg.resolve.mentions import Mentions
from kg.resolve.names import chinese_names, english_names
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.comparable import LONGEST, unified
from kg.resolve.names.english_names import EnglishName
from kg.resolve.names.kinds import organization_kind
from kg.resolve.organizations import Organizations

UNSPECIFIED = ""

# What a committee is for, by the words before 伦理; the first that matches decides. Medical,
# biomedical, institutional, independent are no kinds: every committee is that.
_CHINESE_KINDS = (
    ("animal", r"动物"),
    ("reproduction", r"生殖"),
    ("transplantation", r"移植"),
    ("stem-cells", r"干细胞"),
    ("technology", r"(?:医疗|医学|临床)?新?技术|技术临床应用"),
    ("drug-trials", r"药物|药品|临床药理|GCP"),
    ("device-trials", r"器械"),
    ("drug-trials", r"临床试验"),
    ("clinical-research", r"IIT|研究者(?:发起|自?发起)|临床(?:医学)?研究|临床科研"),
    ("research", r"科研|科学研究|医学研究|人体研究|研究"),
)
_ENGLISH_KINDS = (
    ("animal", r"\banimal"),
    ("reproduction", r"\breproducti"),
    ("transplantation", r"\btransplant"),
    ("stem-cells", r"\bstem cell"),
    ("technology", r"\btechnolog(?:y|ies)\b(?! of china)"),
    ("device-trials", r"\bdevice"),
    ("drug-trials", r"\bdrugs?\b|\bgcp\b|\bclinical trials?\b|\bpharmaceutical trial"),
    ("clinical-research", r"\bclinical (?:medical )?research\b|\biit\b|\binvestigator.initiated"),
    ("research", r"\bresearch\b"),
)
_CHINESE_WORDS = re.compile(
    r"((?:[-—(]?(?:IIT|GCP|IRB|IEC|EC|医学|生物|生命|科学|科技|科研|临床|药物|药品|器械|医疗|新|技术|应用|试验|研究|研究者|发起的?|人体|人类"
    r"|机构|独立|涉及人的|涉及人|干细胞|生殖|辅助|移植|器官|动物|实验|实验动物|项目|学术|道德|与|和|及|及其|的|[()()、/—-])+)?)"
    r"伦理(?:学)?(?:与?[\u4e00-\u9fff]{0,6}?)?(?:审查|审评|评审|专家|专业|学术|分|工作|管理)*"
    r"(?:委员会|委|小组|组|办公室|办|审查会|部)?(?:分会|办公室|秘书处|办|分委会|专委会)*"
)
_ENGLISH_CORE = (
    r"(?:institutional\s+review\s+boards?|ethic(?:s|al)?\s+(?:review\s+)?(?:committees?|commission|commitee"
    r"|committe|boards?|panel|review\s+board)|(?:committees?|boards?)\s+(?:of|on|for)\s+(?:\w+\s+)?ethics"
    r"|review\s+boards?|ethic(?:s|al)?\s+review|irb|iec|ethics?)"
)
_ENGLISH_WORDS = (
    r"(?:(?:independent|institutional|medical|medicine|clinical|clinical\s+trials?|drugs?|biomedical|bio-?medical"
    r"|biological|life|scientific|science|research|human|humans|subjects?|investigator.initiated|iit|gcp|trials?"
    r"|animal|reproductive|stem\s+cell|new\s+technology|technology|devices?|involving|and|for|on|in|of|"
    r"experiments?|expert|affiliated|local|central)\s+)*?"
)
_ENGLISH = re.compile(
    rf"\b(?:the\s+)?((?:{_ENGLISH_WORDS}){_ENGLISH_CORE}(?:\s*\((?:irb|iec|ec|rec)\))?"
    r"(?:\s+(?:for|on)\s+(?:(?:clinical|drug|medical|biomedical|human|scientific)\s+)*"
    r"(?:research|trials?|studies|experiments?|subjects?)(?:\s+involving\s+humans?)?)?)",
    re.I,
)


class CommitteeName(NamedTuple):
    """A committee's name, read: its parent's name in both languages, and its kind."""

    zh: ChineseName | None
    en: EnglishName | None
    kind: str
    parent: str  # a key for parents that no organization mention names; "" without a parent


@lru_cache(maxsize=65536)
def read(chinese: str | None, english: str | None) -> CommitteeName:
    """What the two names of a committee say; the Chinese one decides where both speak.

    >>> a = read("示例市人民医院IIT伦理审查委员会", None)
    >>> a.zh.key, a.kind
    ('示例市人民医院', 'clinical-research')
    >>> read(None, "IRB of Example People's Hospital").en.key
    'example hospital peoples | example'
    >>> read("医学伦理委员会", "Ethics Committee").parent
    ''
    """
    if len(chinese or "") > LONGEST or len(english or "") > LONGEST:
        return CommitteeName(None, None, UNSPECIFIED, "")  # a text, and no name
    zh_parent, zh_kind = _chinese(chinese) if chinese else ("", UNSPECIFIED)
    en_parent, en_kind = _english(english) if english else ("", UNSPECIFIED)
    zh = chinese_names.read(zh_parent) if zh_parent else None
    en = english_names.read(en_parent) if en_parent else None
    if zh and zh.level == "full" and _is_organization(zh_parent, None):
        parent = zh.key
    elif not zh and en and en.level == "full" and _is_organization(None, en_parent):
        parent = en.key
    else:
        parent = ""
    return CommitteeName(zh, en, zh_kind if chinese else en_kind, parent)


def is_committee(name: str) -> bool:
    """Whether a name says that it is an ethics committee's.

    >>> is_committee("IRB of Example Hospital"), is_committee("示例医院"), is_committee("Birbeck")
    (True, False, False)
    """
    return bool(_CHINESE_WORDS.search(name) or _ENGLISH.search(unified(name)))


def _is_organization(chinese: str | None, english: str | None) -> bool:
    """Whether a rest of a name names an organization, and not a city or a word of the kind."""
    return organization_kind(chinese, english) not in ("unknown", "other", "network")


def _chinese(name: str) -> tuple[str, str]:
    """Parent and kind of a Chinese name; without the word 伦理 all of it is the parent."""
    text = re.sub(r"\s+", "", unified(name))
    text = re.sub(r"\((?:IRB|IEC|EC|REC|伦理办公室|[A-Z]{2,8})\)", "", text, flags=re.I)
    found = list(_CHINESE_WORDS.finditer(text))
    if not found:
        return text, UNSPECIFIED
    last = found[-1]
    words = last[1]
    parent = text[: last.start()]
    behind = text[last.end() :].strip("()")
    # "医学院", "研究院" begin with words of the kind only when these follow the parent's own noun.
    if re.fullmatch(r"(?:药物|药品|.{0,4}临床(?:试验|研究))?机构?", parent):
        words, parent = parent + words, ""
    return re.sub(r"^[-—,、/]+|[-—,、/]+$", "", parent), _kind(words + behind, _CHINESE_KINDS)


def _english(name: str) -> tuple[str, str]:
    """Parent and kind of an English name; without a word for such a committee all is the parent."""
    text = re.sub(r"\s+", " ", unified(name)).strip(" .,;")
    text = re.sub(r"\s*\((?:irb|iec|ec|rec|erb|erc|hrec)\)", "", text, flags=re.I)
    found = _ENGLISH.search(text)
    if not found:
        return text, UNSPECIFIED
    before, behind = text[: found.start()], text[found.end() :]
    behind = re.sub(
        r"^\s*(?:,|-|:)?\s*(?:of|at|in|for|affiliated (?:to|with))?\s*(?:the\s+)?",
        "",
        behind,
        flags=re.I,
    )
    before = re.sub(r"(?:[\s,;:-]|'s?|\b(?:of|the|for|and)\b)+$", "", before, flags=re.I)
    behind = re.sub(r"^\(?(?:irb|iec|ec)\)?\s*(?:of\s+)?(?:the\s+)?", "", behind, flags=re.I)
    parent = f"{before}, {behind}" if before and behind else before or behind
    return parent.strip(" ,.;-"), _kind(found[1], _ENGLISH_KINDS)


def _kind(words: str, kinds: tuple[tuple[str, str], ...]) -> str:
    for kind, pattern in kinds:
        if re.search(pattern, words, re.I):
            return kind
    return UNSPECIFIED


LEAST_PREFIX = 4  # characters before the first digit of an approval number that name a committee


def prefix(number: str) -> str | None:
    """What opens an approval number before its first digit; None if that is too little to tell.

    >>> prefix("示例一院伦审2026研第7号"), prefix("XMPLIRB- K2026200-2"), prefix("KY2026-7")
    ('示例一院伦审', 'xmplirbk', None)
    """
    told = re.sub(r"[\W_]", "", re.split(r"\d", unified(number), maxsplit=1)[0]).casefold()
    return told if len(told) >= LEAST_PREFIX and told != unified(number).casefold() else None


def _by_prefix(mentions: Mentions, blocks: dict[tuple[str, str], list[str]]) -> Iterator[Edge]:
    """C-C1: of one parent, one of no stated kind numbers its approvals as one other committee does.

    Where two kinds number alike the prefix is the hospital's and tells nothing.
    """
    parents: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for (parent, kind), iris in sorted(blocks.items()):
        parents[parent][kind] = iris
    for kinds in parents.values():
        if UNSPECIFIED not in kinds:
            continue
        used: dict[str, dict[str, str]] = defaultdict(dict)
        for kind, iris in kinds.items():
            for iri in iris:
                for number in mentions.by_iri[iri].approvals:
                    if told := prefix(number):
                        used[told].setdefault(kind, iri)
        for of in used.values():
            others = [iri for kind, iri in of.items() if kind != UNSPECIFIED]
            if UNSPECIFIED in of and len(others) == 1:
                yield edge("C-C1", of[UNSPECIFIED], others[0])


class Committees:
    """The committees of all records and the organizations that run them."""

    def __init__(self, mentions: Mentions, organizations: Organizations) -> None:
        self._organizations = organizations
        self.read = {m.iri: read(*m.by_script) for m in mentions.of_kind("committee")}
        self._parent: dict[str, str] = {}
        blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri, name in self.read.items():
            found = organizations.find(mentions.by_iri[iri].record, name.zh, name.en)
            if found:
                self._parent[iri] = organizations.groups.root(found)
            record = mentions.by_iri[iri].record
            rest = [part.key for part in (name.zh, name.en) if part]
            own = f"{record} {rest}" if rest else iri  # "Ethics Committee" is nobody's name
            blocks[self._parent.get(iri) or name.parent or own, name.kind].append(iri)
        edges = [edge("C-B1", a, b) for iris in blocks.values() for a, b in star(iris)]
        clusters = Clusters(self.read, self._facts, mentions.decided, "C-A1")
        clusters.join([*edges, *_by_prefix(mentions, blocks)])
        self.groups = Groups(self.read, [clusters.answer(self._one_unspecified(blocks))])

    def _facts(self, iri: str) -> Facts:
        kind = self.read[iri].kind
        return Facts(one={"kind of committee": {kind}}) if kind else Facts()

    def _one_unspecified(self, blocks: dict[tuple[str, str], list[str]]) -> list[Edge]:
        """C-D1: a committee of unspecified kind beside others of the same parent."""
        parents: dict[str, dict[str, str]] = defaultdict(dict)
        for (parent, kind), iris in sorted(blocks.items()):
            parents[parent][kind] = iris[0]
        return [
            edge("C-D1", of[UNSPECIFIED], iri)
            for of in parents.values()
            if UNSPECIFIED in of
            for kind, iri in list(of.items())[: MAX_POSSIBLE + 1]
            if kind != UNSPECIFIED
        ]

    def parent(self, members: list[str]) -> str | None:
        """A mention of the organization that runs a committee; None unless exactly one is known."""
        root = self._organizations.groups.root
        found = {root(self._parent[iri]) for iri in members if iri in self._parent}
        return next(iter(found)) if len(found) == 1 else None
