"""Reports made by hand for the tests of ``kg.check.report``: invented trials, people and faults."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from conftest import later

from kg.check.findings import (
    Acceptance,
    Belonging,
    Counts,
    Finding,
    ItemState,
    RecordReport,
    Report,
    Rule,
    State,
)
from kg.check.terms import Text

ID = "https://w3id.org/trialkg/id/"

# What a page, a spreadsheet, a terminal or a graph file could take for something else.
HOSTILE = (
    "<script>document.title='taken'</script>",
    "<img src=x onerror=\"document.title='taken'\">",
    "</script><script>alert(1)</script>",
    "=cmd()|' /C calc'!A0",
    "  @SUM(1+1)*cmd|' /C calc'!A0",
    '"quoted", with; commas\r\nand a second line',
    "a\x00b\x07c\x1b[31md\x9be\ud800f\ufffe",
    "\u202egnippils\u202c שלום עולם",
    "\\ backslash \\u0041 {{ 7*7 }} {% raw %} <!-- --> ]]> &amp;",
    "长文字" * 4000,
    "w" * 9000,
)


def rule(id_: str, severity: str, order: int, en: str, zh: str, **changes: object) -> Rule:
    """A rule about a field that is missing, unless ``changes`` say otherwise."""
    made = Rule(
        id=id_,
        severity=severity,  # type: ignore[arg-type]
        dimension="Cm",
        order=order,
        name_en=en,
        name_zh=zh,
        message_en="{field}: not given ({state}).",
        message_zh="{field}：未填写（{state}）。",
        remedy="fill",
        who_item=id_ if id_.startswith("WHO") else None,
        scope="all",
        structural=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


RULES = (
    rule("WHO-01", "violation", 10, "registration number", "注册号"),
    rule("WHO-03", "info", 30, "secondary identifying number", "其他机构注册号"),
    rule("WHO-14a", "violation", 141, "inclusion criteria", "纳入标准"),
    rule("WHO-19b", "warning", 192, 'time point of "{outcome}"', "“{outcome}”的测量时间点"),
    rule("WHO-22", "warning", 220, "completion date", "研究完成日期"),
    rule("WHO-23", "warning", 230, "results are due", "结果应公布", dimension="Ti", scope="due"),
    rule(
        "X04",
        "warning",
        1004,
        "study starts before ethics approval",
        "研究早于伦理批准",
        dimension="Pl",
        message_en="The study starts {days} days before ethics approval ({start}, {approved}).",
        message_zh="研究开始（{start}）早于伦理批准（{approved}）{days}天。",
        remedy="date",
    ),
    rule(
        "X20", "info", 1020, "many primary outcomes", "主要指标过多", dimension="Pl", remedy="ask"
    ),
    rule("P02", "info", 2202, "private contact channel", "个人联系方式", dimension="Pr"),
    rule("AG-01", "warning", 2401, "no registration number", "无注册号", scope="agg"),
    rule(
        "I01",
        "info",
        3001,
        "several English names",
        "多个英文名称",
        dimension="Id",
        message_en="{name}: {n} English names: {values}.",
        message_zh="{name}有{n}种英文名称：{values}。",
        remedy="name",
        scope="merged graph",
    ),
    rule("I04", "info", 3004, "no external id", "无外部标识", dimension="Id", enabled=False),
    rule(
        "ST-13",
        "violation",
        9013,
        "no contact data",
        "无联系方式",
        dimension="St",
        message_en="No text holds a telephone number.",
        message_zh="任何文字不得含电话号码。",
        remedy=None,
        scope="structure",
        structural=True,
    ),
)
_RULES = {r.id: r for r in RULES}
_REMEDIES = {
    "fill": ("Complete the field in the registry entry.", "在注册平台补填该项。"),
    "date": ("Check against protocol and approval letter.", "对照方案与伦理批件核对。"),
    "name": ("Use one official name everywhere.", "各处统一使用官方名称。"),
}


ACCEPTED = Acceptance(reason="no second number exists", by="a curator", until="2027-01-31")


def iri(number: str, registry: str = "chictr") -> str:
    return f"{ID}record/{registry}/{number}"


def finding(id_: str, number: str | None, /, **changes: object) -> Finding:
    """A finding of a rule in a ChiCTR record; ``number`` None is the merged graph."""
    r = _RULES[id_]
    remedy = _REMEDIES.get(r.remedy or "", ("", ""))
    made = Finding(
        rule=id_,
        severity=r.severity,
        dimension=r.dimension,
        state="blank" if "{state}" in r.message_en else None,
        focus=iri(number) if number else f"{ID}organization/a0b1c2d3e4f5",
        focus_label=number or "示例大学附属第一医院",
        record=iri(number) if number else None,
        registry="chictr" if number else None,
        number=number,
        item=None,
        field=None,
        values={},
        file=f"{number}.txt" if number else None,
        line=27 if number else None,
        printed=None,
        message_en=f"{r.name_en}: not given (blank).",
        message_zh=f"{r.name_zh}：未填写（留空）。",
        remedy=r.remedy,
        remedy_en=remedy[0],
        remedy_zh=remedy[1],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


HOSPITAL = f"{ID}organization/a0b1c2d3e4f5"
_COMMITTEE = f"{ID}committee/0f1e2d3c4b5a"
_PROVINCE = f"{ID}place/CN-ZJ"
BELONGING = Belonging(
    of={
        iri("ChiCTR2699990001"): {
            "hospital": (HOSPITAL,),
            "committee": (_COMMITTEE,),
            "sponsor": (HOSPITAL,),
            "province": (_PROVINCE,),
            "year": ("2026",),
        },
        iri("ChiCTR2699990002"): {"hospital": (HOSPITAL,), "year": ("2026",)},
    },
    labels={
        HOSPITAL: Text("First Hospital of Example University", "示例大学附属第一医院"),
        _COMMITTEE: Text("Committee of the First Hospital", "第一医院伦理委员会"),
        _PROVINCE: Text("Zhejiang", "浙江"),
    },
)


def items(**states: tuple[State, float, int]) -> tuple[ItemState, ...]:
    """24 items, present unless named as ``i14=("partial", 1.0, 2)``."""
    found = {str(n): ("present", 1.0, 1) for n in range(1, 25)}
    found.update({name[1:]: state for name, state in states.items()})
    return tuple(
        ItemState(item=item, state=state, passed=passed, sub_items=parts)  # type: ignore[arg-type]
        for item, (state, passed, parts) in found.items()
    )


def record(number: str, /, **changes: object) -> RecordReport:
    made = RecordReport(
        record=iri(number),
        trial=f"{ID}trial/chictr-{number}",
        registry="chictr",
        number=number,
        title_en="An invented drug for an invented disease",
        title_zh="虚构药物治疗虚构疾病",
        file=f"{number}.txt",
        profile="chictr",
        items=items(i23=("not applicable", 0.0, 0)),
        numerator=19.0,
        denominator=19,
        band="full",
        dates={
            "approved": "2025-11-21",
            "study_start": "2025-10-01",
            "study_end": "2027-12",
            "recruitment_start": "2025-12-01",
            "recruitment_end": "2027",
            "registered": "2026-01-15",
        },
    )
    return replace(made, **changes)  # type: ignore[arg-type]


A, B, C = "ChiCTR2699990001", "ChiCTR2699990002", "ChiCTR2699990003"
PAGE = "0a1b2c3d"  # an aggregator page without a number
_PAGE_ITEMS = items(
    **{
        f"i{n}": ("not collected", 0.0, 0)
        for n in range(1, 25)
        if n not in (5, 7, 8, 9, 11, 14, 18, 22)
    },
    i22=("blank", 0.0, 1),
)


def counted(findings: tuple[Finding, ...], **changes: Counts) -> dict[str, Counts]:
    """Six counts per rule for four records; every finding is a place of its own."""
    failed = Counter(f.rule for f in findings if not f.waived)
    waived = Counter(f.rule for f in findings if f.waived)
    counts = {
        r.id: Counts(
            passed=max(0, 4 - failed[r.id] - waived[r.id]), failed=failed[r.id], waived=waived[r.id]
        )
        for r in RULES
    }
    return {**counts, **changes}


def small() -> Report:
    """Three ChiCTR records and an aggregator page: 2 violations, 4 warnings, 3 hints, 1 waived."""
    page = {"focus": iri(PAGE, "clinconnect"), "record": iri(PAGE, "clinconnect")}
    page |= {"registry": "clinconnect", "focus_label": "Invented page", "file": "page.txt"}
    findings = (
        finding("WHO-14a", A, item="14", field="inclusionCriteria@zh"),
        finding("WHO-14a", B, item="14", field="inclusionCriteria@zh", state="absent", line=None),
        finding(
            "WHO-19b",
            A,
            focus=iri(A) + "/outcome-1",
            values={"outcome": "总有效率"},
            message_en='time point of "总有效率": not given (blank).',
            message_zh="“总有效率”的测量时间点：未填写（留空）。",
        ),
        finding(
            "X04",
            B,
            values={"days": "51", "start": "2025-10-01", "approved": "2025-11-21"},
            printed="2025-11-21 00:00:00",
            message_en="The study starts 51 days before ethics approval (2025-10-01, 2025-11-21).",
            message_zh="研究开始（2025-10-01）早于伦理批准（2025-11-21）51天。",
        ),
        finding("WHO-22", None, **page),
        finding("AG-01", None, **page),
        finding("WHO-03", A),
        finding("WHO-03", B),
        finding("WHO-03", C, waiver=ACCEPTED),
        finding("I01", None, values={"name": "示例大学附属第一医院", "n": "2", "values": "A; B"}),
    )
    counts = counted(
        findings,
        **{
            "WHO-01": Counts(passed=3, not_collected=1),
            "WHO-23": Counts(not_applicable=4),
            "P02": Counts(passed=2, error=1, not_collected=1),
            "I04": Counts(),
            "ST-13": Counts(passed=400),
        },
    )
    records = (
        record(C),
        record(
            A,
            items=items(i14=("partial", 2.0, 3), i3=("blank", 0.0, 0)),
            numerator=18.0833,
            denominator=20,
            band="mostly",
        ),
        record(B, items=items(i14=("absent", 0.0, 1)), numerator=19.0, denominator=20),
        record(
            PAGE,
            record=iri(PAGE, "clinconnect"),
            trial=None,
            registry="clinconnect",
            number=None,
            title_zh=None,
            file="page.txt",
            profile="aggregator",
            items=_PAGE_ITEMS,
            numerator=7.0,
            denominator=8,
            band=None,
        ),
    )
    return Report(
        as_of="2026-11-22",
        parameters={"grace_days": "0", "stale_days": "365"},
        versions={"kg": "0.1.0", "ontology": "1.0.0", "shapes": "9f3c4e71", "data": "5b1e0c77"},
        rules=RULES,
        counts=counts,
        records=records,
        findings=findings,
        belonging=BELONGING,
    )


def hostile() -> Report:
    """``small`` where every text of a finding or record is something dangerous."""
    report = small()
    findings = tuple(
        finding(
            "X04",
            A,
            # a store holds no lone surrogates, so neither field nor value can
            values={"value": text.replace("\ud800", ""), "start": "2025-10-01"},
            printed=text,
            file=text,
            focus_label=text,
            message_en=text,
            message_zh=text,
            remedy_en=text,
            remedy_zh=text,
            field=text.replace("\ud800", ""),
        )
        for text in HOSTILE
    )
    records = tuple(
        replace(r, title_en=HOSTILE[n], title_zh=HOSTILE[n + 1], file=HOSTILE[n])
        for n, r in enumerate(report.records)
    )
    rules = tuple(
        replace(r, name_en=HOSTILE[0], name_zh=HOSTILE[1]) if r.id == "X20" else r
        for r in report.rules
    )
    belonging = replace(
        BELONGING,
        labels={key: Text(HOSTILE[n], HOSTILE[n + 3]) for n, key in enumerate(BELONGING.labels)},
    )
    return replace(
        report,
        findings=(*report.findings, *findings),
        records=records,
        rules=rules,
        belonging=belonging,
    )


# Two sizes of reports (findings, records): both are beyond all that a page or a list shows.
MANY = (9_000, 360)
MOST = (100_000, 4_000)
# Where their number changes nothing but the time.
NUMBERS = [(900, 36), *later(MANY, MOST)]


def large(findings: int = 100_000, records: int = 4000) -> Report:
    """Many findings in many records, all different."""
    numbers = [f"ChiCTR26{n:08}" for n in range(records)]
    ids = ("WHO-14a", "X04", "WHO-19b", "WHO-03", "P02", "X20")
    made = tuple(
        finding(
            ids[n % len(ids)],
            numbers[n // len(ids) % records],
            focus=f"{iri(numbers[n // len(ids) % records])}/outcome-{n}",
            line=n % 300 + 1,
            values={"n": str(n)},
            printed=f"原文第{n}行：入组时未签署知情同意书者，合并严重示例病者",
        )
        for n in range(findings)
    )
    return replace(
        small(),
        records=tuple(record(number) for number in numbers),
        findings=made,
        counts=counted(made),
    )
