"""The kinds of edges: what they are called, and which mentions of a record they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NodeType = Literal["trial", "hospital", "organization", "committee", "person"]

TYPE_ZH: dict[NodeType, str] = {
    "trial": "临床试验",
    "hospital": "医院",
    "organization": "机构",
    "committee": "伦理委员会",
    "person": "人员",
}
# Okabe and Ito's set: people who see colours differently tell these apart
COLOURS: dict[NodeType, tuple[int, int, int]] = {
    "trial": (0x00, 0x72, 0xB2),
    "hospital": (0xD5, 0x5E, 0x00),
    "organization": (0xCC, 0x79, 0xA7),
    "committee": (0x00, 0x9E, 0x73),
    "person": (0xE6, 0x9F, 0x00),
}
EDGE_COLOUR = (0xB4, 0xB4, 0xB4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A kind of edge. ``slots`` open the names of the mentions that state it in a record."""

    kind: str
    label: str
    label_zh: str
    slots: tuple[str, ...] = ()


# In the order in which a trial looks for the organization that it is drawn beside.
RELATIONS: dict[str, Relation] = {
    r.kind: r
    for r in (
        Relation(
            kind="primarySponsor",
            label="primary sponsor",
            label_zh="组长单位",
            slots=("lead-sponsor",),
        ),
        Relation(kind="site", label="site", label_zh="研究中心", slots=("site",)),
        Relation(
            kind="secondarySponsor",
            label="secondary sponsor",
            label_zh="主办单位",
            slots=("sponsor",),
        ),
        Relation(kind="approvedBy", label="approved by", label_zh="伦理批准", slots=("committee",)),
        Relation(
            kind="collaborator",
            label="collaborator",
            label_zh="合作单位",
            slots=("collaborator",),
        ),
        Relation(kind="funder", label="funder", label_zh="资助单位", slots=("funder",)),
        Relation(
            kind="principalInvestigator",
            label="principal investigator",
            label_zh="研究负责人",
            slots=("principal-investigator",),
        ),
        Relation(
            kind="siteInvestigator",
            label="site investigator",
            label_zh="分中心研究者",
            slots=("principal-investigator", "sub-investigator"),
        ),
        Relation(
            kind="scientificContact",
            label="scientific contact",
            label_zh="科学问题联系人",
            slots=("scientific-contact",),
        ),
        Relation(
            kind="publicContact",
            label="public contact",
            label_zh="注册联系人",
            slots=("public-contact",),
        ),
        Relation(kind="affiliatedWith", label="affiliated with", label_zh="所属单位"),
        Relation(kind="committeeOf", label="committee of", label_zh="所属机构"),
        Relation(kind="contactPerson", label="contact person", label_zh="伦理联系人"),
        Relation(kind="departmentOf", label="department of", label_zh="隶属于"),
        Relation(kind="successorOf", label="successor of", label_zh="前身是"),
        Relation(kind="approvedTrialsAt", label="approved trials at", label_zh="批准的试验开展于"),
        Relation(kind="sharedTrials", label="shared trials", label_zh="共同试验"),
    )
}
