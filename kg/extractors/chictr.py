"""Records of the Chinese Clinical Trial Registry, as page text.

Four layouts of one form: the public page (``web``) and the history page (``hv``), each in the
Chinese and the English template; all are bilingual. ITMCTR prints the same form. Times are local,
UTC+8. Fields, blocks and words: docs/sources.md, "ChiCTR".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg import identifiers, values
from kg.extractors import chictr_people
from kg.extractors.chictr_form import FORM, HEADS, MERGED
from kg.fields import Cell, Fields, Note, Raw, Tree
from kg.model import (
    Arm,
    Condition,
    Funding,
    Intervention,
    OrganizationMention,
    OutcomeMeasure,
    Record,
    SecondaryIdentifier,
    Specimen,
    Version,
)
from kg.pages import Page, scan
from kg.said import Blank, Said, Texts
from kg.wording import is_organization, list_of, place

TITLE = "Chinese Clinical Trial Registry, page text"

_OURS = ("chictr", "itmctr")
_HISTORY = re.compile(
    r"(\S+) 版本(V\d+(?:\.\d+)*) 版本创建时间(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) 中国临床试验注册中心"
)
_NUMBER_LABEL = re.compile(r"^[ \t\u00a0]*注册号[ \t\u00a0]*[:：][ \t\u00a0]*$", re.MULTILINE)


# Copies that glue a value and the next label into one line are another layout.
_GLUED = re.compile(
    r"\S[ \t]*(?:注册号状态|注册题目|Registration Status|Date of Registration|Public title|"
    r"Applicant)[ \t]*:"
)


def recognises(text: str) -> bool:
    """Whether a line of the text is the label 注册号, with a number of ours under it.

    A page whose labels stand inside lines is refused: its values would hold the next labels.
    """
    found = _NUMBER_LABEL.search(text)
    if not found:
        return False
    below = text[found.end() : found.end() + 200]
    if not any(n.registry in _OURS for n in identifiers.find(below)):
        return False
    return len(set(_GLUED.findall(text))) < 2


def raws(text: str) -> Iterator[Raw]:
    """The one record of a page."""
    page = scan(text, FORM)
    tree = dict(page.tree)
    for chinese, english in MERGED:
        _merge(tree, chinese, english)
    layout = _layout(page)
    tree["layout"] = Cell(layout, 0)
    if history := next(filter(None, map(_HISTORY.fullmatch, page.before)), None):
        tree["版本"] = Cell(history[2], 1)
        tree["版本创建时间"] = Cell(history[3], 1)
    number = tree.get("注册号")
    found = identifiers.find(number.text) if isinstance(number, Cell) else []
    yield Raw(tree, found[0].registry if found else "chictr", tuple(_notes(page)))


def _merge(tree: dict[str, Cell | Tree | Sequence[Tree]], chinese: str, english: str) -> None:
    """One cell for a row that prints both labels before one value."""
    cells = [tree.pop(label) for label in (chinese, english) if label in tree]
    found = [cell for cell in cells if isinstance(cell, Cell)]
    if found:
        text = "\n".join(dict.fromkeys(cell.text for cell in found if cell.text))
        tree[chinese] = Cell(text, found[0].line)


def _layout(page: Page) -> str:
    """``web-CN`` …: by the history header, and by what only one template does.

    The Chinese template breaks ``Study leader's telephone:``; a page without this label is told by
    the language of its title line.
    """
    history = any(_HISTORY.fullmatch(line) for line in page.before)
    phone = "Study leader's telephone"
    title = page.tree.get("注册题目")
    chinese_title = isinstance(title, Cell) and title.text in page.before
    chinese = phone in page.broken if phone in page.tree else chinese_title
    return f"{'hv' if history else 'web'}-{'CN' if chinese else 'EN'}"


def _notes(page: Page) -> Iterator[Note]:
    for label, line in page.unknown:
        cell = page.tree.get(label)
        if not (isinstance(cell, Cell) and cell.text):  # one with a value is listed as unread
            yield Note("unknown label", label, line, "", "the form has no such label")
    for label, line in page.misplaced:
        yield Note("label out of place", label, line, "", "read as text of the field above it")
    if not page.whole:
        label, line = page.last
        why = "the page ends here; this field and all below it are unknown"
        yield Note("page cut", label, line, "", why)


def record(f: Fields) -> Record:
    """The record of one page."""
    f.skip("伦理委员会批件附件", "Approved file of Ethical Committee", why="a button, no value")
    issued = f.need("注册号", identifiers.registration)
    assert issued.value is not None
    number = issued.value.number
    recruiting, study = _period(f, "征募观察对象时间"), _period(f, "研究实施时间")
    ages = _ages(f)
    rows, sponsors = f.each("sites"), f.each("sponsors")
    arms = tuple(_arms(f))
    conditions = tuple(_conditions(f))
    roles = tuple(chictr_people.roles(f, sponsors))
    approvals = tuple(chictr_people.approvals(f))
    outcomes = tuple(_outcome(o, n) for n, o in enumerate(f.each("outcomes"), start=1))
    funding = tuple(_funding(f))
    specimens = tuple(_specimen(s) for s in f.each("specimens"))
    identifiers_printed = tuple(_secondary_identifiers(f))
    built = {role.role for role in roles}
    missing = {
        "hasFunding": not funding,
        "hasCondition": not conditions,
        "conditionCode": not conditions,
        "hasOutcome": not outcomes,
        "hasArm": not arms,
        "hasIntervention": not any(arm.interventions for arm in arms),
        "hasSpecimen": not specimens,
        "countryOfRecruitment": not rows,
        "hasEthicsApproval": not approvals,
        "primarySponsor": "lead-sponsor" not in built,
        "collaborator": "sponsor" not in built,
        "publicContact": "public-contact" not in built,
        "principalInvestigator": "principal-investigator" not in built,
        "secondaryIdentifier": not identifiers_printed,
    }
    return Record(
        publisher=f.registry,
        issuer=f.registry,
        local_id=number,
        version=_version(f),
        registration_number=issued.but(number),
        number_as_printed=_if_other(issued.printed, number),
        registration_date=f.date("注册时间"),
        declared_timing=f.concepts(
            "registration-timing", zh="注册号状态", en="Registration Status"
        ),
        audit_state=f.concepts("audit-state", zh="审核状态", en="Project audit state"),
        secondary_identifiers=identifiers_printed,
        study_subject_ids=f.strings("研究课题代号", list_of),
        public_title=f.texts(zh="注册题目", en="Public title"),
        scientific_title=f.texts(zh="研究课题的正式科学名称", en="Scientific title"),
        acronym=_acronym(f),
        study_type=f.concepts("study-type", zh="研究类型", en="Study type"),
        phase=f.concepts("phase", zh="研究所处阶段", en="Study phase"),
        design_model=f.concepts("design-model", zh="研究设计", en="Study design"),
        allocation=f.concepts("allocation", zh="研究设计", en="Study design", report=False),
        masking=f.concepts("masking", zh="盲法", en="Blinding"),
        randomization_method=f.texts(zh="随机方法", en="Randomization Procedure"),
        objective=f.texts(zh="研究目的", en="Objectives of Study", lines=True),
        treatment_description=f.texts(
            zh="药物成份或治疗方案详述",
            en="Description for medicine or protocol of treatment in detail",
            lines=True,
        ),
        data_management=f.texts(
            zh="数据采集和管理", en="Data collection and Management", lines=True
        ),
        recruitment_status=f.concepts(
            "recruitment-status", zh="征募研究对象情况", en="Recruiting status"
        ),
        recruitment_start=recruiting[0],
        recruitment_end=recruiting[1],
        study_start=study[0],
        study_end=study[1],
        inclusion_criteria=f.texts(zh="纳入标准", en="Inclusion criteria", lines=True),
        exclusion_criteria=f.texts(zh="排除标准", en="Exclusion criteria", lines=True),
        min_age=ages.low,
        max_age=ages.high,
        age_as_given=ages.as_given,
        sex=f.concepts("sex", zh="性别", en="Gender"),
        results_public=f.concepts(
            "results-public",
            zh="是否公开试验完成后的统计结果",
            en="Calculated Results after the Study Completed public access",
        ),
        results_links=tuple(_results_links(f)),
        ipd_sharing=f.concepts("answer", zh="是否共享原始数据", en="IPD sharing"),
        ipd_sharing_plan=f.texts(zh="共享原始数据的方式", en="The way of sharing IPD", lines=True),
        data_monitoring_committee=f.concepts(
            "answer", zh="数据与安全监察委员会", en="Data and Safety Monitoring Committee"
        ),
        countries=tuple(dict.fromkeys(p for s in rows if (p := place(s, zh="国家", en="Country")))),
        roles=roles,
        sites=tuple(chictr_people.site(s, n) for n, s in enumerate(rows, start=1)),
        approvals=approvals,
        arms=arms,
        interventions=tuple(dict.fromkeys(i for arm in arms for i in arm.interventions)),
        conditions=conditions,
        outcomes=outcomes,
        funding=funding,
        specimens=specimens,
        blanks=tuple(_blanks(f, missing)),
    )


# Where the page prints what leads to a node, for nodes that do not exist: blankField is said of the
# record then.
_PRINTED_AS = {
    "hasFunding": {"zh": "经费或物资来源", "en": "Source(s) of funding"},
    "hasCondition": {"zh": "研究疾病", "en": "Target disease"},
    "conditionCode": {"plain": "研究疾病代码"},
    "hasOutcome": {"plain": "测量指标"},
    "hasArm": {"plain": "干预措施"},
    "hasIntervention": {"plain": "干预措施"},
    "hasSpecimen": {"plain": "采集人体标本"},
    "countryOfRecruitment": {"plain": "研究实施地点"},
    "hasEthicsApproval": {"plain": "是否获伦理委员会批准"},
    "primarySponsor": {"zh": "研究实施负责(组长)单位", "en": "Primary sponsor"},
    "collaborator": {"zh": "试验主办单位", "en": "Secondary sponsor"},
    "publicContact": {"zh": "申请注册联系人", "en": "Applicant"},
    "principalInvestigator": {"zh": "研究负责人", "en": "Study leader"},
    "secondaryIdentifier": {"plain": "在二级注册机构或其它机构的注册号"},
}


def _blanks(f: Fields, missing: Mapping[str, bool]) -> Iterator[Blank]:
    for name, labels in _PRINTED_AS.items():
        if missing[name]:
            yield from f.blanks(name, **labels)
    f.skip(*HEADS, why="the heading of a section")


def _if_other(printed: str, normal: str) -> str | None:
    plain = values.one_line(printed)
    return plain if plain != normal else None


def _version(f: Fields) -> Version:
    refreshed = f.said("最近更新日期", values.partial_date)
    moment = f.stamp("最近更新日期") if refreshed and len(refreshed.printed) > 10 else None
    # The page prints under 注册人 the moment of submission, never a person.
    return Version(
        refreshed=refreshed,
        refreshed_at=moment,
        submitted_at=f.stamp("注册人"),
        created_at=f.stamp("版本创建时间"),
        printed_label=f.string("版本"),
        layout=(f.cell("layout") or Cell("", 0)).text,
    )


def _period(
    f: Fields, label: str
) -> tuple[Said[values.PartialDate] | None, Said[values.PartialDate] | None]:
    said = f.said(label, values.period)
    if said is None:
        return None, None
    start, end = said.value or (None, None)
    return (
        said.but(start, refused=said.refused),
        said.but(end, refused=said.refused),
    )


_AGE = re.compile(r"最小\s*Min age\s*(.*?)\s*最大\s*Max age\s*(.*)", re.DOTALL)


class _Ages(NamedTuple):
    low: Said[Decimal] | None = None
    high: Said[Decimal] | None = None
    as_given: tuple[Said[str], ...] = ()


def _ages(f: Fields) -> _Ages:
    cell = f.cell("年龄范围")
    if cell is None:
        return _Ages()
    if not cell.text:
        blank: Said[Decimal] = cell.says(None)
        return _Ages(blank, blank)
    as_given = (cell.says(values.one_line(cell.text)),)
    limits = _AGE.fullmatch(cell.text)
    if not limits:
        f.report("bad value", "年龄范围", "expected 最小 Min age … years 最大 Max age … years")
        unread: Said[Decimal] = cell.says(None, refused=True)
        return _Ages(unread, unread, as_given)
    return _Ages(_age(f, cell, limits[1]), _age(f, cell, limits[2]), as_given)


def _age(f: Fields, cell: Cell, text: str) -> Said[Decimal] | None:
    try:
        return cell.says(values.age(text), text)
    except ValueError as error:
        f.report("bad value", "年龄范围", str(error), text)
        return cell.says(None, text, refused=True)


def _secondary_identifiers(f: Fields) -> Iterator[SecondaryIdentifier]:
    for said in f.strings("在二级注册机构或其它机构的注册号", list_of):
        if said.value is None:
            continue
        found = identifiers.find(said.value)
        if len(found) == 1:
            registry, number = found[0]
            printed = said.value if said.value != number else None
            yield SecondaryIdentifier(
                notation=said.but(number), registry=registry, as_printed=printed
            )
        else:
            yield SecondaryIdentifier(notation=said)


def _results_links(f: Fields) -> Iterator[Said[str]]:
    for label in ("试验完成后的统计结果", "Calculated Results after the Study Completed"):
        said = f.string(label)
        if said is None or said.value is None:
            continue
        links = re.findall(r"https?://[^\s;，。；]+", said.value)
        for link in links:
            yield said.but(link)
        if not links:
            f.report("left out", label, "the name of an uploaded file has no place in the graph")


# -- the study ------------------------------------------------------------------------------------


def _conditions(f: Fields) -> Iterator[Condition]:
    name = f.texts(zh="研究疾病", en="Target disease")
    code = f.string("研究疾病代码")
    if name:
        yield Condition(name=name, code=code)


def _funding(f: Fields) -> Iterator[Funding]:
    text = f.texts(zh="经费或物资来源", en="Source(s) of funding")
    if text:
        funder = OrganizationMention(name=text) if is_organization(text) else None
        yield Funding(as_given=text, funder=funder)


def _arms(f: Fields) -> Iterator[Arm]:
    shared: dict[tuple[str | None, str | None, str | None], Intervention] = {}
    for n, a in enumerate(f.each("arms"), start=1):
        # The English cells of size and code span the Chinese row and never hold a value.
        a.skip("Sample size", "Intervention code", why="spans the Chinese cell, never a value")
        name = a.texts(zh="干预措施", en="Intervention")
        code = a.string("干预措施代码")
        interventions: tuple[Intervention, ...] = ()
        blanks = a.blanks("usesIntervention", zh="干预措施", en="Intervention")
        if name:
            key = (
                name.zh.value if name.zh else None,
                name.en.value if name.en else None,
                code.value if code else None,
            )
            interventions = (shared.setdefault(key, Intervention(name=name, code=code)),)
            blanks = ()
        yield Arm(
            name=_name(a, "组别", "Group"),
            size=a.count("样本量"),
            interventions=interventions,
            list_position=n,
            blanks=blanks,
        )


def _acronym(f: Fields) -> Texts | None:
    """The short title; ITMCTR prints one of the scientific title besides."""
    public = f.texts(zh="注册题目简写", en="English Acronym")
    scientific = f.texts(zh="研究课题的正式科学名称简写", en="Scientific title acronym")
    return scientific if scientific and not public else public


def _name(f: Fields, zh: str, en: str) -> Texts:
    """The name of a part, with its blanks."""
    found = f.texts(zh=zh, en=en)
    return Texts() if found is None else found


def _outcome(f: Fields, n: int) -> OutcomeMeasure:
    return OutcomeMeasure(
        name=_name(f, "指标中文名", "Outcome"),
        sort=f.concepts("outcome-type", zh="指标类型", en="Type"),
        time_point=f.texts(zh="测量时间点", en="Measure time point of outcome", lines=True),
        method=f.texts(zh="测量方法", en="Measure method", lines=True),
        list_position=n,
    )


def _specimen(f: Fields) -> Specimen:
    return Specimen(
        name=_name(f, "标本中文名", "Sample Name"),
        tissue=f.texts(zh="组织", en="Tissue"),
        fate=f.concepts("specimen-fate", zh="人体标本去向", en="Fate of sample"),
        note=f.texts(zh="说明", en="Note"),
    )
