"""Which mentions are one person: a name that agrees, and a mailbox, a mobile, a record or a place.

Never a name alone, a mailbox alone or a telephone alone. A contact seen with two names that cannot
be one person's belongs to an office and loses its power.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from kg.contacts import ContactKey
from kg.resolve.clusters import Clusters, Facts, star
from kg.resolve.committees import Committees
from kg.resolve.links import Edge, edge
from kg.resolve.mentions import Mention, Mentions
from kg.resolve.names import Agreement, han, han_name, latin_agreement, latin_key
from kg.resolve.organizations import MAX_POSSIBLE, Organizations

# Names that several people of one large hospital have: the expected number of namesakes among
# 5,000 staff is above one third (identity: homonym guard). With them a hospital is not enough.
_COMMON_NAMES = (
    "张伟 王伟 王芳 李伟 李娜 张敏 李静 王静 刘伟 王秀英 张丽 李秀英 王丽 张静 张秀英 李强 王敏 "
    "李敏 王磊 刘洋 王艳 王勇 李军 张勇 李杰 张杰 张磊 王强 李娟 王军 张艳 张涛 王涛 李明 李艳 "
    "王超 李勇 王娟 刘杰 王秀兰 李霞 刘敏 张霞 李丽 王杰 张强 张军 王平 刘芳 陈静 王鹏 李刚 "
    "王刚 刘静 刘军 李平 陈伟 张鹏 李鹏 王莉 张莉 李莉 王辉 张辉 李辉 杨洋 陈杰 张丹 王丹 李丹 "
    "刘涛 李涛 张超 刘强 刘勇 张宇 王宇 李宁 王宁 张宁 王浩 张浩 李斌 王斌 张斌"
)
COMMON_NAMES = frozenset(_COMMON_NAMES.split())


class _Names:
    """The names of one mention, comparable."""

    __slots__ = ("han", "latin")

    def __init__(self, mention: Mention) -> None:
        texts = [text for text, _ in mention.printed]
        self.han = next((name for text in texts if (name := han_name(text))), None)
        self.latin = next((text for text in texts if not han(text) and latin_key(text)), None)

    @property
    def key(self) -> str:
        """One string for all spellings that may be compared by rules; "" when there is none."""
        return self.han or (latin_key(self.latin) if self.latin else "")


def names_agree(a: _Names, b: _Names) -> Agreement:
    """Han names decide where both have one, else the Latin names do."""
    if a.han and b.han:
        return "agree" if a.han == b.han else "differ"
    if a.latin and b.latin:
        return latin_agreement(a.latin, b.latin)
    return "unclear"


class People:
    """The people of all records. ``clusters`` says which mentions are one."""

    def __init__(
        self,
        mentions: Mentions,
        contacts: Mapping[str, frozenset[ContactKey]],
        organizations: Organizations,
        committees: Committees,
    ) -> None:
        self._mentions = mentions
        self._order = [m.iri for m in mentions.of_kind("person")]
        self._names = {iri: _Names(mentions.by_iri[iri]) for iri in self._order}
        self._organizations = organizations
        self._places = {iri: self._work_places(iri, committees) for iri in self._order}
        self.cut: list[str] = []
        self._personal = self._personal_contacts(contacts)
        self.possible: list[Edge] = []
        self.clusters = Clusters(self._order, self._facts)
        self.clusters.join([*self._one_record(), *self._one_contact()])
        # Whether namesakes at one hospital are told apart by their mailboxes is known only now.
        self.clusters.join(list(self._one_organization()))
        self._latin_only()
        self.possible = [e for e in self.possible if self._is_open(e)]

    def _facts(self, iri: str) -> Facts:
        mention, names = self._mentions.by_iri[iri], self._names[iri]
        facts = Facts()
        if names.han:
            facts.one["Han name"] = {names.han}
        if mention.in_field:
            field = min(iri, *mention.in_field)
            facts.apart = {f"{mention.role} {field}"}
        facts.counted = {
            "organizations": {p for p in self._places[iri] if not p.startswith("committee ")},
            "mailboxes": {c.key for c in self._personal.get(iri, ()) if c.kind == "e-mail"},
        }
        return facts

    def _work_places(self, iri: str, committees: Committees) -> frozenset[str]:
        """Organizations that a mention is of: its affiliations, what these are parts of, and for
        an ethics contact the committee (a committee's secretary need not be the ward's doctor)."""
        mention = self._mentions.by_iri[iri]
        root = self._organizations.clusters.root
        found = {root(a) for a in mention.affiliation if a in self._organizations.read}
        for affiliation in sorted(found):
            found.update(self._organizations.parents([affiliation]).values())
        if mention.committee and mention.committee in committees.read:
            found.add(f"committee {committees.clusters.root(mention.committee)}")
        return frozenset(found)

    # -- contacts ---------------------------------------------------------------------------------

    def _personal_contacts(
        self, contacts: Mapping[str, frozenset[ContactKey]]
    ) -> dict[str, frozenset[ContactKey]]:
        """The mailboxes and mobiles of each mention that are one person's.

        Not those of fields with several people, landlines, telephones of ethics contacts, and
        what is seen with two names that cannot be one person's.
        """
        holders: dict[ContactKey, list[str]] = defaultdict(list)
        for iri in self._order:
            if not self._mentions.by_iri[iri].in_field:
                for contact in contacts.get(iri, ()):
                    if contact.kind != "phone":
                        holders[contact].append(iri)
        found: dict[str, set[ContactKey]] = defaultdict(set)
        for contact, iris in holders.items():
            if self._is_shared(iris):
                continue
            for iri in iris:
                if contact.kind == "e-mail" or self._mentions.by_iri[iri].role != "ethics-contact":
                    found[iri].add(contact)
        return {iri: frozenset(mine) for iri, mine in found.items()}

    def _is_shared(self, iris: list[str]) -> bool:
        """Whether the names seen with a contact cannot all be one person's."""
        chinese = {self._names[iri].han for iri in iris} - {None}
        if len(chinese) > 1:
            return True
        latin = sorted({name for iri in iris if (name := self._names[iri].latin)})
        # A person with one Chinese name may be spelt in many ways; only the others are compared.
        alone = sorted({n.latin for iri in iris if not (n := self._names[iri]).han and n.latin})
        if len(alone) > MAX_POSSIBLE:
            return True
        return any(latin_agreement(a, b) == "differ" for a in alone for b in latin if a != b)

    # -- rules ------------------------------------------------------------------------------------

    def _one_record(self) -> Iterator[Edge]:
        """P-C1: one record prints an equal Chinese name in two roles."""
        blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri in self._order:
            if name := self._names[iri].han:
                blocks[self._mentions.by_iri[iri].record, name].append(iri)
        for iris in blocks.values():
            by_role: dict[str, list[str]] = defaultdict(list)
            for iri in iris:
                by_role[self._mentions.by_iri[iri].role].append(iri)
            # Twice in one role: the two may be namesakes, so the role does not say which is meant.
            once = [same[0] for same in by_role.values() if len(same) == 1]
            if len(once) == len(by_role):
                yield from (edge("P-C1", a, b) for a, b in star(once))

    def _one_contact(self) -> Iterator[Edge]:
        """P-B1, P-B2: names agree and a mailbox or mobile is one person's. P-D3: nearly agree."""
        blocks: dict[ContactKey, list[str]] = defaultdict(list)
        for iri in self._order:
            for contact in self._personal.get(iri, ()):
                blocks[contact].append(iri)
        for contact, iris in blocks.items():
            rule = "P-B1" if contact.kind == "e-mail" else "P-B2"
            channel = "one personal mailbox" if contact.kind == "e-mail" else "one mobile number"
            spellings: dict[tuple[str | None, str | None], str] = {}
            for iri in iris:
                names = self._names[iri]
                known = spellings.setdefault((names.han, names.latin), iri)
                if known != iri and names.key:
                    yield edge(rule, known, iri, f"{self._same_name(known, iri)}; {channel}")
            distinct = list(spellings.values())[:MAX_POSSIBLE]
            for i, a in enumerate(distinct):
                for b in distinct[i + 1 :]:
                    agreement = names_agree(self._names[a], self._names[b])
                    if agreement == "agree":
                        yield edge(rule, a, b, f"{self._same_name(a, b)}; {channel}")
                    elif agreement == "unclear" and self._names[a].latin and self._names[b].latin:
                        self.possible.append(edge("P-D3", a, b))

    def _same_name(self, a: str, b: str) -> str:
        both = self._names[a].han and self._names[b].han
        return "Han name equal" if both else "Latin names agree"

    def _one_organization(self) -> Iterator[Edge]:
        """P-C2: equal Chinese name at one organization; P-D1 where two people could be meant.

        Groups whose mailboxes or mobiles are known and differ may be namesakes; then also a mention
        without any could be either.
        """
        blocks: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        reached: dict[str, set[ContactKey]] = defaultdict(set)
        for iri in self._order:
            root = self.clusters.root(iri)
            reached[root] |= self._personal.get(iri, frozenset())
            if name := self._names[iri].han:
                for place in self._places[iri]:
                    blocks[name, place].setdefault(root, iri)
        for (name, place), of in sorted(blocks.items()):
            with_contact = [iri for root, iri in of.items() if reached[root]]
            doubt = ""
            if len(with_contact) > 1:
                doubt = "personal contacts differ"
            elif name in COMMON_NAMES:
                doubt = "a very common name"
            where = (
                "one committee's contact" if place.startswith("committee ") else "one organization"
            )
            if doubt:
                self._ask("P-D1", of.values(), f"Han name equal; {where}; {doubt}")
            else:
                yield from (
                    edge("P-C2", a, b, f"Han name equal; {where}") for a, b in star(of.values())
                )

    def _latin_only(self) -> None:
        """P-D1, P-D2: a Latin name that agrees with another one at the same organization."""
        root = self.clusters.root
        blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for iri in self._order:
            if latin := self._names[iri].latin:
                for place in self._places[iri]:
                    blocks[latin_key(latin), place].append(iri)
        for _, iris in sorted(blocks.items()):
            alone = [iri for iri in iris if not self._names[iri].han]
            if not alone:
                continue
            of = {root(iri): iri for iri in reversed(alone)}
            self._ask("P-D1", of.values(), "Latin names agree; one organization")
            chinese = {root(iri): iri for iri in reversed(iris) if self._names[iri].han}
            for iri in list(chinese.values())[:MAX_POSSIBLE]:
                self._ask("P-D2", (iri, *of.values()), "Latin name agrees; one organization")

    def _ask(self, rule: Literal["P-D1", "P-D2"], iris: Iterable[str], evidence: str) -> None:
        chosen = list(iris)
        if len(chosen) > MAX_POSSIBLE + 1:
            self.cut.append(f"{len(chosen)} people of one name at one organization")
        self.possible += [edge(rule, a, b, evidence) for a, b in star(chosen[: MAX_POSSIBLE + 1])]

    def _is_open(self, asked: Edge) -> bool:
        """Whether a doubtful pair is still two people whose names do not contradict each other."""
        a, b = asked.left, asked.right
        agreement = names_agree(self._names[a], self._names[b])
        wanted = "unclear" if asked.rule == "P-D3" else "agree"
        return agreement == wanted and self.clusters.root(a) != self.clusters.root(b)
