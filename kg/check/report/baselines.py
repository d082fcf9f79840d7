"""Published shares to print beside ours, each with its source and number of trials.

They come from other samples with definitions of their own; the report says so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.check.terms import Text


class Source(NamedTuple):
    """Where a number was published."""

    citation: str
    link: str | None = None


class Baseline(NamedTuple):
    """A published number that belongs to items or to rules of ours."""

    about: tuple[str, ...]  # "21" is WHO item 21, "X01" a rule, "mean" the mean over items
    what: Text
    value: str  # as published, with its unit
    trials: Text
    n: int | None  # None: the source behind our table gives none
    source: str
    comparable: bool = True  # a share of records or trials in which the item is filled

    @property
    def mark(self) -> float | None:
        """Where the number stands on a bar of shares; None for what no bar can show."""
        share = re.fullmatch(r"([\d.]+) %", self.value)
        return float(share[1]) if share and self.comparable else None


SOURCES: dict[str, Source] = {
    "bmjopen-2019": Source("BMJ Open 2019;9:e025218, table 5"),
    "jme-2011": Source("J Med Ethics 2011;37:144"),
    "trials-2021": Source("Trials 2021", "https://doi.org/10.1186/s13063-021-05113-y"),
    "plosone-2014": Source("PLoS ONE 2014;9:e84727"),
    "bmjopen-2020": Source("BMJ Open 2020;10:e037262"),
    "bmjopen-2023": Source("BMJ Open 2023;13:e069553"),
    "trials-2024": Source("Trials 2024;25:189"),
    "trials-2019": Source("Trials 2019", "https://doi.org/10.1186/s13063-019-3408-2"),
    "pmc5841737": Source("PMC5841737"),
    "pgph-0000617": Source("PLOS Glob Public Health, pgph.0000617"),
}

_TCM = Text("ChiCTR, TCM trials", "ChiCTR 中医药试验")
_CTGOV = Text("ClinicalTrials.gov", "ClinicalTrials.gov")
_OTHER = Text("other registries", "其他注册平台")
_EARLY = Text("ChiCTR to 2009", "ChiCTR（至 2009 年）")
_EPIDEMIC = Text("TCM trials in COVID-19 and H1N1", "新冠与甲流中医药试验")
_COVID = Text("TCM trials in COVID-19", "新冠中医药试验")
_ICTRP = Text("ICTRP sample", "ICTRP 样本")
_ITSELF = Text("", "")  # the number is about the item as a whole

BASELINES: tuple[Baseline, ...] = (
    Baseline(("mean",), _ITSELF, "91.3 %", _TCM, 1200, "bmjopen-2019"),
    Baseline(("mean",), _ITSELF, "80.3 %", _CTGOV, 1013, "bmjopen-2019"),
    Baseline(("mean",), _ITSELF, "87.9 %", _OTHER, None, "bmjopen-2019"),
    Baseline(
        ("mean",),
        Text("all items complete", "全部条目完整"),
        "0 %",
        Text("TCM trials", "中医药试验"),
        2955,
        "bmjopen-2019",
        comparable=False,
    ),
    Baseline(("3",), _ITSELF, "8.8 %", _TCM, 1200, "bmjopen-2019"),
    Baseline(("3",), _ITSELF, "2 %", _EARLY, 428, "jme-2011"),
    Baseline(("4",), _ITSELF, "96.1 %", _TCM, 1200, "bmjopen-2019"),
    Baseline(
        ("4",),
        Text("not collected", "不采集"),
        "0 %",
        _CTGOV,
        1013,
        "bmjopen-2019",
        comparable=False,
    ),
    Baseline(("6",), _ITSELF, "60.2 %", _TCM, 1200, "bmjopen-2019"),
    Baseline(("6",), _ITSELF, "59 %", _EARLY, 428, "jme-2011"),
    Baseline(
        ("7",),
        Text("contacts, 7 and 8", "联系人（7、8）"),
        "74.8–88.5 %",
        _CTGOV,
        1013,
        "bmjopen-2019",
    ),
    Baseline(("7",), Text("contact name", "联系人姓名"), "85.5 %", _ICTRP, 400, "plosone-2014"),
    Baseline(
        ("7",), Text("e-mail or telephone", "邮箱或电话"), "74.9 %", _ICTRP, 400, "plosone-2014"
    ),
    Baseline(
        ("7",),
        Text("lacking a name or role", "缺姓名或角色"),
        "12 %",
        _CTGOV,
        35121,
        "trials-2019",
        comparable=False,
    ),
    Baseline(
        ("13",),
        Text("intervention detail", "干预措施详情"),
        "46.6 %",
        _EPIDEMIC,
        136,
        "trials-2021",
    ),
    Baseline(
        ("13",),
        Text("full intervention detail", "干预措施完整"),
        "51.9 %",
        _ICTRP,
        400,
        "plosone-2014",
    ),
    Baseline(
        ("13", "WHO-13b"),
        Text("dose; duration", "剂量；疗程"),
        "15.5; 4.7 %",
        _COVID,
        129,
        "trials-2021",
    ),
    Baseline(("14", "WHO-14c"), Text("age", "年龄"), "84.5 %", _COVID, 129, "trials-2021"),
    Baseline(("15", "WHO-15c"), Text("masking", "盲法"), "35.7 %", _COVID, 129, "trials-2021"),
    Baseline(
        ("18",),
        Text("completion status differs between two registries", "两平台完成状态不一致"),
        "16.2 %",
        Text("trials in two registries", "双平台注册试验"),
        10492,
        "pmc5841737",
        comparable=False,
    ),
    Baseline(
        ("19",),
        Text("primary outcome detail", "主要结局详情"),
        "37.7 %",
        _EPIDEMIC,
        136,
        "trials-2021",
    ),
    Baseline(
        ("19", "WHO-19b"),
        Text("primary outcome with time frame", "主要结局含时间点"),
        "57.6 %",
        _ICTRP,
        400,
        "plosone-2014",
    ),
    Baseline(
        ("19", "WHO-19c"),
        Text("measurement of the primary outcome", "主要结局测量方法"),
        "1.6 %",
        _COVID,
        129,
        "trials-2021",
    ),
    Baseline(("20",), _ITSELF, "76 %", _EARLY, 428, "jme-2011"),
    Baseline(
        ("20",),
        Text("secondary outcome detail", "次要结局详情"),
        "18.4 %",
        _EPIDEMIC,
        136,
        "trials-2021",
    ),
    Baseline(("21",), _ITSELF, "96.4 %", _TCM, 1200, "bmjopen-2019"),
    Baseline(
        ("21",),
        Text("not collected", "不采集"),
        "0 %",
        _CTGOV,
        1013,
        "bmjopen-2019",
        comparable=False,
    ),
    Baseline(("21",), _ITSELF, "61.3 %", _OTHER, None, "bmjopen-2019"),
    Baseline(
        ("24",),
        Text("data sharing: yes", "同意共享数据"),
        "5 %",
        Text("Chinese-sponsored, 2009–2018", "中国申办，2009–2018 年"),
        32557,
        "bmjopen-2020",
        comparable=False,
    ),
    Baseline(
        ("X01",),
        Text("registered before recruitment", "前瞻性注册"),
        "61 %",
        Text("TCM trials", "中医药试验"),
        3339,
        "bmjopen-2019",
        comparable=False,
    ),
    Baseline(
        ("X01",),
        Text("registered before recruitment (world: 45 %)", "前瞻性注册（全球 45 %）"),
        "63 %",
        Text("Chinese-sponsored, 2009–2018", "中国申办，2009–2018 年"),
        32557,
        "bmjopen-2020",
        comparable=False,
    ),
    Baseline(
        ("X01",),
        Text("registered late", "补注册"),
        "53.7 %",
        Text("German academic trials", "德国学术性试验"),
        1927,
        "bmjopen-2023",
        comparable=False,
    ),
    Baseline(
        ("H01",),
        Text("start moved after registration", "注册后更改开始日期"),
        "2.0 %",
        Text("trials with history", "有变更历史的试验"),
        11908,
        "trials-2024",
        comparable=False,
    ),
    Baseline(
        ("F03",),
        Text("investigator “names” that are no people", "研究者姓名并非人名"),
        "17 %",
        _CTGOV,
        71359,
        "trials-2019",
        comparable=False,
    ),
    Baseline(
        ("X14", "I07"),
        Text("which committee approved which site is unclear", "批准单位与研究单位的对应关系不清"),
        "about 30 kinds of problem",
        Text("CTRI", "CTRI"),
        1359,
        "pgph-0000617",
    ),
)

UNKNOWN = Text(
    "No published share of recruitment or study start before ethics approval in ChiCTR is known to "
    "us: X03 and X04 over a full export would be a first.",
    "ChiCTR 中征募或研究开始早于伦理批准的比例，尚未见公开报道：X03 与 X04 的全库统计将属首次。",
)
NO_SAMPLE = Text(
    "A chosen set of records is no random sample: the shares of this report describe these records "
    "only. The published numbers come from other samples and other definitions; read them as "
    "orders of size.",
    "人为选取的记录不是随机样本，本报告的比例仅描述这些记录。已发表数据来自其他样本与定义，仅供量级参考。",
)


def beside(about: str) -> tuple[Baseline, ...]:
    """The published numbers that stand beside an item ("21"), a rule ("X01") or the mean.

    >>> [b.value for b in beside("3")]
    ['8.8 %', '2 %']
    """
    return tuple(b for b in BASELINES if about in b.about)


def position(source: str) -> int:
    """The number of a source in the list below the table, from 1."""
    return list(SOURCES).index(source) + 1
