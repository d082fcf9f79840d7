"""The plain words of a report, in English and Chinese: severities, states, items, names of values.

Texts of rules, messages and remedies are not here: they come with the findings, from the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from kg.check.findings import Dimension, Severity, State
from kg.check.terms import Text, read, terms, words
from kg.namespaces import BASE, ID
from kg.resources import folder
from kg.values import one_line


class Sign(NamedTuple):
    """A severity as a person sees it: never colour alone."""

    symbol: str
    one: Text
    many: Text
    meaning: Text


SEVERITY: dict[Severity, Sign] = {
    "violation": Sign(
        "■",
        Text("violation", "严重"),
        Text("violations", "严重"),
        Text("required and missing, or impossible", "必填而缺失，或内容不可能成立"),
    ),
    "warning": Sign(
        "▲",
        Text("warning", "警示"),
        Text("warnings", "警示"),
        Text("weak or contradictory: a person should look", "薄弱或前后矛盾，需人工核对"),
    ),
    "info": Sign(
        "●",
        Text("hint", "提示"),
        Text("hints", "提示"),
        Text("optional, or a matter of style", "可选填，或属书写规范"),
    ),
}


class Condition(NamedTuple):
    """A state of an item: its symbol, its word and what it means."""

    symbol: str
    name: Text
    meaning: Text


STATES: dict[State, Condition] = {
    "present": Condition(
        "✓",
        Text("present", "已填写"),
        Text("every part of the item is filled", "该条目各部分均已填写"),
    ),
    "partial": Condition(
        "◐", Text("partial", "部分填写"), Text("some parts are filled", "仅填写了一部分")
    ),
    "blank": Condition(
        "○",
        Text("blank", "留空"),
        Text(
            "the label is printed without a value, or with a stand-in such as NA or None",
            "印有栏目而无内容，或仅填 NA、无 等占位文字",
        ),
    ),
    "absent": Condition(
        "∅",
        Text("absent", "无此栏目"),
        Text(
            "the registry asks for it, but this page does not show the label",
            "平台采集该项，但此页面未显示该栏目",
        ),
    ),
    "not applicable": Condition(
        "–",
        Text("not applicable", "不适用"),
        Text("the item does not concern this trial, or is not due yet", "与本研究无关或尚未到期"),
    ),
    "not collected": Condition(
        "·",
        Text("not collected", "该平台不采集"),
        Text(
            "this registry never asks for it: not a gap of the record", "平台从不采集，非记录缺漏"
        ),
    ),
}

COUNTS: dict[str, Condition] = {
    "passed": Condition(
        "✓", Text("passed", "通过"), Text("examined, nothing found", "已检查，无问题")
    ),
    "failed": Condition(
        "✗", Text("failed", "未通过"), Text("examined, something found", "已检查，有问题")
    ),
    "waived": Condition(
        "~",
        Text("waived", "已豁免"),
        Text("found, and accepted by a named person", "有问题，但已由指定人员认可"),
    ),
    "error": Condition(
        "!",
        Text("error", "出错"),
        Text("could not be examined; never a pass", "未能检查，不计为通过"),
    ),
    "not_applicable": Condition(
        "–",
        Text("not applicable", "不适用"),
        Text("the rule does not concern this place", "规则与该处无关"),
    ),
    "not_collected": Condition(
        "·",
        Text("not collected", "不采集"),
        Text("the registry never asks for it", "该平台不采集"),
    ),
}

STATUS: dict[str, Text] = {
    "failed": Text("found something", "有问题"),
    "error": Text("could not be examined", "未能检查"),
    "waived": Text("found and waived", "已豁免"),
    "passed": Text("passed", "通过"),
    "not applicable": Text("not applicable: examined nothing", "不适用：未检查任何内容"),
    "not collected": Text("not collected: examined nothing", "平台不采集：未检查任何内容"),
    "switched off": Text("switched off: examined nothing", "未启用：未检查任何内容"),
}

DIMENSIONS: dict[Dimension, Text] = {
    "Cm": Text("Completeness", "完整性"),
    "Cf": Text("Form", "格式规范"),
    "Pl": Text("Consistency of fields and dates", "字段与日期一致性"),
    "Ti": Text("Timeliness", "及时性"),
    "Hi": Text("History", "变更历史"),
    "Bi": Text("Two languages", "中英文对应"),
    "Id": Text("Identity", "身份一致性"),
    "Pr": Text("Privacy", "隐私"),
    "St": Text("Our own output", "软件自身输出"),
}

SCOPES: dict[str, Text] = {
    "all": Text("every record whose source asks for it", "采集该项的所有记录"),
    "int": Text("interventional trials", "干预性研究"),
    "rnd": Text("randomised trials", "随机对照研究"),
    "bi": Text("registries that ask for Chinese and English", "要求中英文双语的平台"),
    "reg": Text("registry records, not copies on other sites", "注册平台记录（不含转载页面）"),
    "agg": Text("pages of aggregators, which copy from registries", "转载平台页面"),
    "2 versions": Text("records loaded in two or more versions", "载入两个以上版本的记录"),
    "merged graph": Text(
        "people, organizations and trials across all records", "跨记录的人员、机构与研究"
    ),
    "structure": Text("what this software writes, not the records", "软件自身输出，而非注册记录"),
}

BANDS: dict[str, Text] = {
    "full": Text("full", "完整"),
    "mostly": Text("mostly filled", "大部分填写"),
    "partly": Text("partly filled", "部分填写"),
    "thin": Text("thin", "填写较少"),
}

PROFILES: dict[str, Text] = {
    "who": Text("WHO data set", "WHO 数据集"),
    "chictr": Text("ChiCTR, both languages", "中国临床试验注册中心（双语）"),
    "ctgov": Text("ClinicalTrials.gov", "ClinicalTrials.gov"),
    "fdaaa": Text("FDAAA, 21 days of grace", "FDAAA（21 天宽限）"),
    "icmje": Text("ICMJE journals", "ICMJE 期刊"),
    "portal": Text("portal", "门户平台"),
    "aggregator": Text("aggregator, no score", "转载平台（不评分）"),
}

VERSIONS: dict[str, Text] = {
    "kg": Text("software", "软件版本"),
    "ontology": Text("ontology", "本体版本"),
    "shapes": Text("rules, checksum", "规则校验值"),
    "data": Text("data, checksum", "数据校验值"),
}

PARAMETERS: dict[str, Text] = {
    "grace_days": Text("days of grace for late registration", "补注册宽限天数"),
    "stale_days": Text("days until a running record counts as stale", "进行中记录视为过期的天数"),
    "max_primary": Text("primary outcomes accepted without a hint", "主要指标数量上限"),
    "results_due_months": Text("months until results are due", "结果公布期限（月）"),
    "size_change": Text("change of sample size that is reported", "样本量变化报告阈值"),
    "ratio_min_length": Text(
        "characters of Chinese from which lengths are compared", "双语长度比较的最少汉字数"
    ),
    "ratio_low": Text("lowest length of English to Chinese", "英中文本长度比下限"),
    "ratio_high": Text("highest length of English to Chinese", "英中文本长度比上限"),
    "optional_rules": Text("optional rules switched on", "启用的可选规则"),
    "profile": Text("profile", "检查方案"),
}

FILES: dict[str, Text] = {
    "findings.csv": Text("one row per finding, for spreadsheets", "每条问题一行，供表格软件使用"),
    "findings.xlsx": Text("the same as a workbook", "同上，Excel 工作簿"),
    "findings.json": Text("the whole report, for programs", "完整报告，供程序读取"),
    "findings.jsonl": Text("one finding per line, for streams", "每行一条问题，供流式处理"),
    "report.md": Text("summary for build jobs and mail", "摘要，供构建任务与邮件使用"),
    "junit.xml": Text("one test per rule, for build servers", "每条规则一个测试，供构建服务器"),
    "findings.sarif": Text("findings at file and line, for editors", "按文件与行号，供编辑器使用"),
    "report.ttl": Text("findings as a graph", "问题图谱"),
    "quality.ttl": Text("shares as measurements", "比例的度量数据"),
}

# WHO Trial Registration Data Set, version 1.3.1
ITEMS: dict[str, Text] = {
    "1": Text("Primary registry and number", "注册机构与注册号"),
    "2": Text("Date of registration", "注册时间"),
    "3": Text("Secondary identifying numbers", "其他注册号"),
    "4": Text("Sources of monetary or material support", "经费或物资来源"),
    "5": Text("Primary sponsor", "主要申办者"),
    "6": Text("Secondary sponsors", "次要申办者"),
    "7": Text("Contact for public queries", "公共联系人"),
    "8": Text("Contact for scientific queries", "科学问题联系人"),
    "9": Text("Public title", "公众题目"),
    "10": Text("Scientific title", "科学题目"),
    "11": Text("Countries of recruitment", "征募国家"),
    "12": Text("Health conditions studied", "研究疾病"),
    "13": Text("Interventions", "干预措施"),
    "14": Text("Key inclusion and exclusion criteria", "纳入与排除标准"),
    "15": Text("Study type", "研究类型"),
    "16": Text("Date of first enrolment", "首例入组日期"),
    "17": Text("Sample size", "样本量"),
    "18": Text("Recruitment status", "征募状态"),
    "19": Text("Primary outcomes", "主要结局"),
    "20": Text("Key secondary outcomes", "次要结局"),
    "21": Text("Ethics review", "伦理审查"),
    "22": Text("Completion date", "完成日期"),
    "23": Text("Summary results", "结果摘要"),
    "24": Text("IPD sharing statement", "数据共享声明"),
}

# Names that rules give to the values of a finding, in the order in which they are shown; others
# come last, as they are.
VALUES: dict[str, Text] = {
    "name": Text("name", "名称"),
    "contact": Text("contact", "联系人"),
    "role": Text("role", "角色"),
    "kinds": Text("kinds", "类型"),
    "arm": Text("arm", "组别"),
    "outcome": Text("outcome", "指标"),
    "part": Text("part", "部分"),
    "field": Text("field", "栏目"),
    "state": Text("state", "状态"),
    "given": Text("given in", "已有语言"),
    "missing": Text("missing in", "缺少语言"),
    "declared": Text("declared", "声明"),
    "computed": Text("from the dates", "按日期"),
    "start": Text("start", "开始"),
    "end": Text("end", "结束"),
    "from": Text("study from", "研究开始"),
    "to": Text("study to", "研究结束"),
    "approved": Text("ethics approval", "伦理批准"),
    "registered": Text("registered", "注册"),
    "date": Text("date", "日期"),
    "days": Text("days", "天数"),
    "months": Text("months", "月数"),
    "old": Text("before", "改前"),
    "new": Text("now", "改后"),
    "min": Text("lowest", "下限"),
    "max": Text("highest", "上限"),
    "text": Text("in the text", "文中"),
    "stated": Text("in the field", "栏目中"),
    "n": Text("count", "数量"),
    "m": Text("out of", "总数"),
    "total": Text("total", "总数"),
    "sum": Text("sum of arms", "各组之和"),
    "number": Text("number", "编号"),
    "year": Text("year", "年份"),
    "country": Text("country", "国家"),
    "affiliation": Text("affiliation", "单位"),
    "host": Text("host", "所属单位"),
    "registry": Text("registry", "平台"),
    "a": Text("one", "其一"),
    "b": Text("the other", "其二"),
    "left": Text("one", "其一"),
    "right": Text("the other", "其二"),
    "rule": Text("rule", "规则"),
    "graph": Text("graph", "图"),
    "tag": Text("language", "语言"),
    "expected": Text("expected", "应为"),
    "value": Text("value", "内容"),
    "values": Text("values", "内容"),
    "detail": Text("detail", "详情"),
}
_ORDER = {key: position for position, key in enumerate(VALUES)}
# Values that are words of ours rather than of a record.
_OWN_WORDS = {
    "en": Text("English", "英文"),
    "zh": Text("Chinese", "中文"),
    "by registry": Text("by registry", "按平台选定"),
}
# Said in the message already, or a node of the graph that no reader knows.
_UNTOLD = ("field", "state", "part")


def told(values: Mapping[str, str]) -> list[tuple[Text, str]]:
    """The values of a finding that a page shows, named and in order."""
    keys = sorted(values, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))
    return [
        (value_name(key), values[key])
        for key in keys
        if key not in _UNTOLD and values[key] and not values[key].startswith(BASE)
    ]


def own_word(value: str) -> Text | None:
    """A value that is a word of ours, in both languages; None for what a record printed."""
    return _OWN_WORDS.get(value)


def value_name(key: str) -> Text:
    """What a value of a finding is called; an unknown name in words of its own."""
    return VALUES.get(key) or Text(*[words(one_line(key)).replace("_", " ")] * 2)


def field_name(field: str) -> Text | None:
    """The label of the property that a finding is about; None where it would tell nothing."""
    name = field.partition("@")[0]
    label = terms().label(name)
    return None if name in ("label", "nameAsGiven") or label.en == label.zh else label


@cache
def _registries() -> dict[str, Text]:
    path = folder("ontology") / "registries.ttl"
    return read(path).labels if path.exists() else {}


def registry_name(key: str) -> Text:
    """The name of a registry; its key where the ontology does not know it."""
    return _registries().get(f"{ID}registry/{key}") or Text(key, key)
