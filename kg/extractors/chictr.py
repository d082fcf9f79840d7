"""Records of the Chinese Clinical Trial Registry, as a web page or as its text.

One form in many layouts: the page's source (``html``), the text of the public page (``web``) and of
the history page (``hv``), each in the Chinese and the English template, and copies that lost their
lines (``pipe``, ``glued``); all are bilingual. ITMCTR and AMCTR print the same form. Times are
local, UTC+8. Fields, blocks and words: docs/sources.md, "ChiCTR".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from kg import identifiers, values
from kg.codes import CHINESE
from kg.extractors import chictr_html, chictr_people, chictr_study
from kg.extractors.chictr_copies import layout_of
from kg.extractors.chictr_form import FORM, HEADS, MERGED, below_the_cut
from kg.fields import Fields
from kg.model import (
    Record,
    Version,
)
from kg.said import Blank
from kg.sources.pages import Line, Page, scan
from kg.sources.trees import Cell, Note, Raw, Tree
from kg.words.wording import list_of, place

TITLE = "Chinese Clinical Trial Registry, web page and page text"

_HISTORY = re.compile(
    r"(?:\S+ )?版本 ?(V\d+(?:\.\d+)*) 版本创建时间 ?(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)(?: .{0,40})?"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?!\d)")
# 注册号 as the end of another label is no record's number.
_NUMBER_LABEL = re.compile(r"(?<!的)注册号\s{0,9}[:：]")
_IN_A_TAG = re.compile(r"注册号\s{0,9}[:：](?:\s|&nbsp;){0,200}<")
_BEHIND = re.compile(
    r"(?:[\s|]|<br ?/?>)*(Registration\s{1,9}number\s{0,9}[:：])?(?:[\s|]|<br ?/?>)*"
)
# The registry's site escapes some characters of its cells twice: "Children&amp;#39;s Hospital".
_PLAIN = r"#(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]);"  # those that a keyboard has
_TWICE, _ONCE = re.compile(f"&amp;({_PLAIN})"), re.compile(f"&{_PLAIN}")
_TRIES = 20  # how often the label may stand in other text before the one with the number
# AMCTR prints its own code before a coded answer.
_ITS_CODE = re.compile(r"^\d{7} (?=\S)")
_CODED = frozenset((
    "注册号状态", "Registration Status", "研究类型", "Study type", "研究所处阶段", "Study phase",
    "研究设计", "Study design", "征募研究对象情况", "Recruiting status", "性别", "Gender", "盲法",
    "Blinding", "是否获伦理委员会批准", "Approved by ethic committee", "是否共享原始数据",
    "IPD sharing", "是否公开试验完成后的统计结果",
    "Calculated Results after the Study Completed public access", "数据与安全监察委员会",
    "Data and Safety Monitoring Committee", "审核状态", "Project audit state",
))  # fmt: skip


def recognises(text: str) -> bool:
    """Whether the label 注册号 stands in the text with a number of ours behind it.

    The English label has to stand between them, or 注册号 in a line of its own: prose may say
    "注册号:" and a number.
    """
    if "注册号" not in text:
        return False  # at once, however long the text is
    is_source = _is_source(text)
    for found in islice(_NUMBER_LABEL.finditer(text), _TRIES):
        end = found.end()
        behind = chictr_html.text_behind(text, end) if is_source else text[end : end + 300]
        gap = _BEHIND.match(behind)
        assert gap is not None
        number = identifiers.occurrences(behind[gap.end() : gap.end() + 60])
        if not number or number[0].start or number[0].registry not in CHINESE:
            continue
        if gap[1] or _is_a_line(text, found.start(), end):
            return True
    return False


def _is_source(text: str) -> bool:
    """Whether this is a page's source: markup at its start, and behind the label of the number."""
    return text[:4096].lstrip().startswith("<") and _IN_A_TAG.search(text) is not None


def _is_a_line(text: str, start: int, end: int) -> bool:
    line = text[text.rfind("\n", 0, start) + 1 : start] + text[end : text.find("\n", end)]
    return not line.strip(" \t\u00a0|")


def raws(text: str) -> Iterator[Raw]:
    """The one record of a page."""
    lines: Sequence[Line]
    if _is_source(text):
        layout, lines = chictr_html.LAYOUT, chictr_html.lines_of(_TWICE.sub(r"&\1", text), FORM)
    else:
        layout, lines = layout_of(_ONCE.sub(lambda found: html.unescape(found[0]), text), FORM)
    page = scan(lines, FORM, strict=layout == "glued")
    tree = dict(page.tree)
    for chinese, english in MERGED:
        _merge(tree, chinese, english)
    history = next(filter(None, map(_HISTORY.fullmatch, page.before)), None)
    if history:
        tree["版本"] = Cell(history[1], 1)
        tree["版本创建时间"] = Cell(history[2], 1)
    number = tree.get("注册号")
    found = identifiers.find(number.text) if isinstance(number, Cell) else []
    registry = next((f.registry for f in found if f.registry in CHINESE), "chictr")
    if registry == "amctr":
        tree |= {
            label: cell._replace(text=_ITS_CODE.sub("", cell.text))
            for label, cell in tree.items()
            if label in _CODED and isinstance(cell, Cell)
        }
    # What a saved page prints below the form is no part of its last field.
    last = tree.get("注册人")
    if isinstance(last, Cell) and (moment := _MOMENT.match(last.text)):
        tree["注册人"] = last._replace(text=moment[0])
    yield Raw(tree, registry, tuple(_notes(page)), layout=layout or _template(page, history))


def _merge(tree: dict[str, Cell | Tree | Sequence[Tree]], chinese: str, english: str) -> None:
    """One cell for a row that prints both labels before one value."""
    cells = [tree.pop(label) for label in (chinese, english) if label in tree]
    found = [cell for cell in cells if isinstance(cell, Cell)]
    if found:
        text = "\n".join(dict.fromkeys(cell.text for cell in found if cell.text))
        tree[chinese] = Cell(text, found[0].line)


def _template(page: Page, history: re.Match[str] | None) -> str:
    """``web-CN`` …: by the history header, and by what only one template does.

    The Chinese template breaks ``Study leader's telephone:``; a page without this label is told by
    the language of its title line.
    """
    phone = "Study leader's telephone"
    title = page.tree.get("注册题目")
    chinese_title = isinstance(title, Cell) and title.text in page.before
    chinese = phone in page.broken if phone in page.tree else chinese_title
    return f"{'hv' if history else 'web'}-{'CN' if chinese else 'EN'}"


def _notes(page: Page) -> Iterator[Note]:
    for path, line in page.unknown:
        if not page.text_at(path):  # one with a value is listed as unread
            yield Note("unknown label", path, line, "", "the form has no such label")
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
    recruiting, study = (
        chictr_study.period(f, "征募观察对象时间"),
        chictr_study.period(f, "研究实施时间"),
    )
    ages = chictr_study.ages(f)
    model, allocation = chictr_study.design(f)
    title = f.texts(zh="注册题目", en="Public title")
    status = chictr_study.status(f, title)
    rows, sponsors = f.each("sites"), f.each("sponsors")
    arms = tuple(chictr_study.arms(f))
    conditions = tuple(chictr_study.conditions(f))
    roles = tuple(chictr_people.roles(f, sponsors))
    approvals = tuple(chictr_people.approvals(f))
    outcomes = tuple(chictr_study.outcome(o, n) for n, o in enumerate(f.each("outcomes"), start=1))
    funding = tuple(chictr_study.funding(f))
    specimens = tuple(chictr_study.specimen(s) for s in f.each("specimens"))
    elsewhere, without_number = chictr_study.secondary_identifiers(f)
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
        secondary_identifiers=elsewhere,
        study_subject_ids=f.strings("研究课题代号", list_of),
        public_title=title,
        scientific_title=f.texts(zh="研究课题的正式科学名称", en="Scientific title"),
        acronym=f.texts(zh="注册题目简写", en="English Acronym"),
        scientific_acronym=f.texts(zh="研究课题的正式科学名称简写", en="Scientific title acronym"),
        study_type=f.concepts("study-type", zh="研究类型", en="Study type"),
        phase=f.concepts("phase", zh="研究所处阶段", en="Study phase"),
        design_model=model,
        allocation=allocation,
        masking=f.concepts("masking", zh="盲法", en="Blinding"),
        randomization_method=f.texts(zh="随机方法", en="Randomization Procedure"),
        objective=f.texts(zh="研究目的", en="Objectives of Study"),
        treatment_description=f.texts(
            zh="药物成份或治疗方案详述",
            en="Description for medicine or protocol of treatment in detail",
        ),
        data_management=f.texts(
            zh="数据采集和管理", en="Data collection and Management", lines=True
        ),
        recruitment_status=status.now,
        last_known_status=status.before,
        why_stopped=status.why,
        recruitment_start=recruiting[0],
        recruitment_end=recruiting[1],
        study_start=study[0],
        study_end=study[1],
        inclusion_criteria=f.texts(zh="纳入标准", en="Inclusion criteria"),
        exclusion_criteria=f.texts(zh="排除标准", en="Exclusion criteria"),
        min_age=ages.low,
        max_age=ages.high,
        age_as_given=ages.as_given,
        sex=f.concepts("sex", zh="性别", en="Gender"),
        results_public=f.concepts(
            "results-public",
            zh="是否公开试验完成后的统计结果",
            en="Calculated Results after the Study Completed public access",
        ),
        results_links=tuple(chictr_study.results_links(f)),
        ipd_sharing=f.concepts("answer", zh="是否共享原始数据", en="IPD sharing"),
        ipd_sharing_plan=f.texts(zh="共享原始数据的方式", en="The way of sharing IPD"),
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
        told_by=chictr_people.of_nobody(f, sponsors, built),
        blanks=(*without_number, *_blanks(f, missing)),
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
        layout=f.layout,
        not_printed=tuple(sorted(below_the_cut(f))),
    )
