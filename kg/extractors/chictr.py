"""Records of the Chinese Clinical Trial Registry, as page text.

Four layouts of one form: the public page (``web``) and the history page (``hv``), each in the
Chinese and the English template; all are bilingual. ITMCTR prints the same form. Times are local,
UTC+8. Fields, blocks and words: docs/sources.md, "ChiCTR".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg import identifiers, values
from kg.contacts import Channel, Sort, kinds
from kg.extractors.chictr_form import FORM, HEADS, MERGED
from kg.fields import Cell, Fields, Note, Raw, Tree
from kg.model import (
    Arm,
    Blank,
    CommitteeMention,
    Condition,
    EthicsApproval,
    Funding,
    Intervention,
    OrganizationMention,
    OutcomeMeasure,
    PersonMention,
    Place,
    Record,
    RoleAssignment,
    Said,
    SecondaryIdentifier,
    SiteParticipation,
    Specimen,
    Texts,
    Version,
)
from kg.pages import Page, scan, squeezed
from kg.person_names import people
from kg.wording import is_organization, list_of, place

TITLE = "Chinese Clinical Trial Registry, page text"

_OURS = ("chictr", "itmctr")
_HISTORY = re.compile(
    r"(\S+) 版本(V\d+(?:\.\d+)*) 版本创建时间(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) 中国临床试验注册中心"
)
_NUMBER_LABEL = re.compile(r"^[ \t\u00a0]*注册号[ \t\u00a0]*[:：][ \t\u00a0]*$", re.MULTILINE)


def recognises(text: str) -> bool:
    """Whether a line of the text is the label 注册号, with a number of ours under it."""
    found = _NUMBER_LABEL.search(text)
    if not found:
        return False
    below = text[found.end() : found.end() + 200]
    return any(n.registry in _OURS for n in identifiers.find(below))


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
    for line, where in page.unknown:
        cell = page.tree.get(squeezed(line).rstrip(":"))
        if not (isinstance(cell, Cell) and cell.text):  # one with a value is listed as unread
            label = squeezed(line).rstrip(":")
            yield Note("unknown label", label, where, "", "the form has no such label")
    for line, where in page.misplaced:
        yield Note(
            "label out of place", squeezed(line), where, "", "read as text of the field above it"
        )
    if not page.whole:
        yield Note(
            "page cut", page.last, 0, "", "the page ends here; this field and all below are unknown"
        )


def record(f: Fields) -> Record:
    """The record of one page."""
    f.skip("伦理委员会批件附件", "Approved file of Ethical Committee")  # a button, no value
    issued = f.need("注册号", identifiers.registration)
    assert issued.value is not None
    number = issued.value.number
    recruiting, study = _period(f, "征募观察对象时间"), _period(f, "研究实施时间")
    ages = _ages(f)
    rows, sponsors = f.each("sites"), f.each("sponsors")
    arms = tuple(_arms(f))
    blanks = (
        *f.blanks("hasFunding", zh="经费或物资来源", en="Source(s) of funding"),
        *f.blanks("hasCondition", zh="研究疾病", en="Target disease"),
        *f.blanks("secondaryIdentifier", plain="在二级注册机构或其它机构的注册号"),
    )
    conditions = tuple(_conditions(f))
    if not conditions:
        blanks += f.blanks("conditionCode", plain="研究疾病代码")
    if not sponsors:
        blanks += f.blanks("collaborator", zh="试验主办单位", en="Secondary sponsor")
    f.skip(*HEADS)
    return Record(
        publisher=f.registry,
        issuer=f.registry,
        local_id=number,
        version=_version(f),
        registration_number=Said(number, issued.line, issued.printed),
        number_as_printed=_if_other(issued.printed, number),
        registration_date=f.date("注册时间"),
        declared_timing=f.concepts(
            "registration-timing", zh="注册号状态", en="Registration Status"
        ),
        audit_state=f.concepts("audit-state", zh="审核状态", en="Project audit state"),
        secondary_identifiers=tuple(_secondary_identifiers(f)),
        study_subject_ids=f.strings("研究课题代号", list_of),
        public_title=f.texts(zh="注册题目", en="Public title"),
        scientific_title=f.texts(zh="研究课题的正式科学名称", en="Scientific title"),
        acronym=f.texts(zh="注册题目简写", en="English Acronym")
        or f.texts(zh="研究课题的正式科学名称简写", en="Scientific title acronym"),
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
        roles=tuple(_roles(f, sponsors)),
        sites=tuple(_site(s, n) for n, s in enumerate(rows, start=1)),
        approvals=tuple(_approvals(f)),
        arms=arms,
        interventions=tuple(dict.fromkeys(i for arm in arms for i in arm.interventions)),
        conditions=conditions,
        outcomes=tuple(_outcome(o, n) for n, o in enumerate(f.each("outcomes"), start=1)),
        funding=tuple(_funding(f)),
        specimens=tuple(_specimen(s) for s in f.each("specimens")),
        blanks=blanks,
    )


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
    return Said(start, said.line, said.printed), Said(end, said.line, said.printed)


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
        blank: Said[Decimal] = Said(None, cell.line)
        return _Ages(blank, blank)
    as_given = (Said(values.one_line(cell.text), cell.line, cell.text),)
    limits = _AGE.fullmatch(cell.text)
    if not limits:
        f.report("bad value", "年龄范围", "expected 最小 Min age … years 最大 Max age … years")
        return _Ages(as_given=as_given)
    return _Ages(_age(f, cell, limits[1]), _age(f, cell, limits[2]), as_given)


def _age(f: Fields, cell: Cell, text: str) -> Said[Decimal] | None:
    try:
        return Said(values.age(text), cell.line, text)
    except ValueError as error:
        f.report("bad value", "年龄范围", str(error), text)
        return None


def _secondary_identifiers(f: Fields) -> Iterator[SecondaryIdentifier]:
    for said in f.strings("在二级注册机构或其它机构的注册号", list_of):
        if said.value is None:
            continue
        found = identifiers.find(said.value)
        if len(found) == 1:
            registry, number = found[0]
            printed = said.value if said.value != number else None
            yield SecondaryIdentifier(notation=number, registry=registry, as_printed=printed)
        else:
            yield SecondaryIdentifier(notation=said.value)


def _results_links(f: Fields) -> Iterator[Said[str]]:
    for label in ("试验完成后的统计结果", "Calculated Results after the Study Completed"):
        said = f.string(label)
        if said is None or said.value is None:
            continue
        links = re.findall(r"https?://[^\s;，。；]+", said.value)
        for link in links:
            yield Said(link, said.line, said.printed)
        if not links:
            f.report("left out", label, "the name of an uploaded file has no place in the graph")


# -- people and organizations ---------------------------------------------------------------------


def _channels(f: Fields, **labels: tuple[str, ...]) -> tuple[Channel, ...]:
    """The printed ways to reach somebody, by sort; a postcode belongs to its address."""
    found = []
    for name, places in labels.items():
        sort: Sort = {"email": "e-mail"}.get(name, name)  # type: ignore[assignment]
        for label in places:
            cell = f.cell(label)
            if cell and cell.text and not values.is_placeholder(cell.text):
                found.append(Channel(sort, values.one_line(cell.text)))
    return tuple(found)


def _persons(
    f: Fields,
    zh: str,
    en: str,
    channels: tuple[Channel, ...],
    affiliations: tuple[OrganizationMention, ...] = (),
) -> Iterator[PersonMention]:
    chinese, english = f.cell(zh), f.cell(en)
    printed = [
        None if cell is None or values.is_placeholder(cell.text) else cell.text
        for cell in (chinese, english)
    ]
    found = people(printed[0] or None, printed[1] or None)
    for text in found.rejected:
        f.report("not a person", zh, "a name; the text is kept out of the graph", text)
    if not found.paired:
        f.report("words disagree", en, "as many names as in Chinese; these are left out")
    for person in found.people:
        name = Texts(
            None if chinese is None else Said(person.zh, chinese.line, person.zh or ""),
            None if english is None else Said(person.en, english.line, person.en or ""),
        )
        yield PersonMention(
            name=name,
            affiliations=affiliations,
            degree=person.degree,
            channel_kinds=kinds(channels),
            channels=channels,
            alone=len(found.people) == 1,
        )


def _organization(f: Fields, zh: str, en: str, **more: object) -> OrganizationMention | None:
    name = f.texts(zh=zh, en=en)
    return OrganizationMention(name=name, **more) if name else None  # type: ignore[arg-type]


_CONTACTS = {
    # role: name, affiliation and channels, Chinese and English labels
    "public-contact": (
        ("申请注册联系人", "Applicant"),
        ("申请人所在单位", "Applicant's institution"),
        {
            "phone": ("申请注册联系人电话",),
            "fax": ("申请注册联系人传真",),
            "email": ("申请注册联系人电子邮件",),
            "web": ("申请单位网址", "Applicant website"),
            "address": ("申请注册联系人通讯地址", "Applicant address"),
            "postcode": ("申请注册联系人邮政编码",),
        },
    ),
    "principal-investigator": (
        ("研究负责人", "Study leader"),
        ("研究负责人所在单位", "Affiliation of the Leader"),
        {
            "phone": ("研究负责人电话",),
            "fax": ("研究负责人传真",),
            "email": ("研究负责人电子邮件",),
            "web": ("研究负责人网址", "Study leader's website"),
            "address": ("研究负责人通讯地址", "Study leader's address"),
            "postcode": ("研究负责人邮政编码",),
        },
    ),
}


def _roles(f: Fields, sponsors: list[Fields]) -> Iterator[RoleAssignment]:
    for role, (names, affiliation, channel_labels) in _CONTACTS.items():
        channels = _channels(f, **channel_labels)
        employer = _organization(f, *affiliation)
        mentions = _persons(f, *names, channels, (employer,) if employer else ())
        for n, mention in enumerate(mentions, start=1):
            yield RoleAssignment(role=role, agent=mention, list_position=n)
    addresses = _channels(f, address=("研究实施负责(组长)单位地址", "Primary sponsor's address"))
    lead = _organization(f, "研究实施负责(组长)单位", "Primary sponsor", channels=addresses)
    if lead:
        yield RoleAssignment(role="lead-sponsor", agent=lead, list_position=1)
    for n, s in enumerate(sponsors, start=1):
        sponsor = _organization(
            s,
            "单位",
            "Institution hospital",
            place=_places(s),
            channels=_channels(s, address=("具体地址", "Address")),
        )
        if sponsor:
            yield RoleAssignment(role="sponsor", agent=sponsor, list_position=n)


def _places(f: Fields) -> tuple[Place, ...]:
    """Province and city; the country only where no province is known."""
    country = place(f, zh="国家", en="Country")
    province = place(f, zh="省", en="Province", within=country)
    city = place(f, zh="市", en="City", within=province or country)
    return tuple(p for p in (province or country, city) if p)


def _site(f: Fields, n: int) -> SiteParticipation:
    where = _places(f)
    return SiteParticipation(
        organization=_organization(f, "单位", "Institution hospital", place=where),
        place=where,
        level=f.concepts("institution-level", zh="单位级别", en="Level of the institution"),
        list_position=n,
        blanks=(
            *f.blanks("city", zh="市", en="City"),
            *f.blanks("province", zh="省", en="Province"),
        ),
    )


# -- ethics ---------------------------------------------------------------------------------------


def _approvals(f: Fields) -> Iterator[EthicsApproval]:
    """One approval per number; a field without a number is one approval if anything is said."""
    decision = f.concepts(
        "ethics-decision", zh="是否获伦理委员会批准", en="Approved by ethic committee"
    )
    numbers = f.strings("伦理委员会批件文号", list_of)
    date = f.date("伦理委员会批准日期")
    name = f.texts(zh="批准本研究的伦理委员会名称", en="Name of the ethic committee")
    committee = CommitteeMention(name=name) if name else None
    channels = _channels(
        f,
        phone=("伦理委员会联系人电话",),
        email=("伦理委员会联系人邮箱",),
        address=("伦理委员会联系地址", "Contact Address of the ethic committee"),
    )
    contacts = tuple(
        RoleAssignment(role="ethics-contact", agent=person, list_position=n)
        for n, person in enumerate(
            _persons(f, "伦理委员会联系人", "Contact Name of the ethic committee", channels),
            start=1,
        )
    )
    said = any(s and s.value for s in (decision, date, *numbers))
    if not (said or committee or contacts):
        return
    blanks: tuple[Blank, ...] = ()
    if committee is None:
        blanks = f.blanks(
            "committee", zh="批准本研究的伦理委员会名称", en="Name of the ethic committee"
        )
    blanks += f.blanks("ethics-contact.telephone", plain="伦理委员会联系人电话")
    blanks += f.blanks("ethics-contact.e-mail", plain="伦理委员会联系人邮箱")
    for number in numbers or (None,):
        yield EthicsApproval(
            decision=decision,
            number=number,
            date=date,
            committee=committee,
            roles=contacts,
            blanks=blanks,
        )


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
        a.skip("Sample size", "Intervention code")
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
            name=a.texts(zh="组别", en="Group") or Texts(),
            size=a.count("样本量"),
            interventions=interventions,
            list_position=n,
            blanks=blanks,
        )


def _outcome(f: Fields, n: int) -> OutcomeMeasure:
    return OutcomeMeasure(
        name=f.texts(zh="指标中文名", en="Outcome", lines=True) or Texts(),
        sort=f.concepts("outcome-type", zh="指标类型", en="Type"),
        time_point=f.texts(zh="测量时间点", en="Measure time point of outcome", lines=True),
        method=f.texts(zh="测量方法", en="Measure method", lines=True),
        list_position=n,
    )


def _specimen(f: Fields) -> Specimen:
    return Specimen(
        name=f.texts(zh="标本中文名", en="Sample Name") or Texts(),
        tissue=f.texts(zh="组织", en="Tissue"),
        fate=f.concepts("specimen-fate", zh="人体标本去向", en="Fate of sample"),
        note=f.texts(zh="说明", en="Note"),
    )
