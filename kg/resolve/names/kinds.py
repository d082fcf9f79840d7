"""What sort of organization a name tells of. Words only: no list of organizations."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.resolve.names.comparable import LONGEST, han, unified

# Chinese names end with their head noun, so the last of these words in a name decides; where two
# begin at the same place the longer one does ("医学科学院", not "学院").
_CHINESE = {
    "hospital": (
        "医院 卫生院 保健院 保健所 医学中心 医疗中心 防治院 防治所 防治站 疗养院 诊所 门诊部 "
        "急救中心 院区 卫生服务中心 精神卫生中心 妇幼健康 妇幼保健 卫生中心 卫生所 卫生室 "
        "康复中心 国家癌症中心 病院 防治中心 防治研究所 保健中心 救援中心 救治中心 控制中心附院 "
        "收容所 医疗集团"
    ),
    "university": ("大学 学院 医学部 高等专科学校 职业技术学校 卫校 学校 党校"),
    "research-institute": ("研究所 研究院 科学院 实验室 研究中心 医学科学院 研究室 科学中心"),
    "company": ("公司 集团 药业 制药厂 药厂 生物科技 企业 制药 有限合伙 事务所 株式会社"),
    "government": (
        "卫生健康委员会 卫生健康委 卫健委 卫生计生委 卫计委 卫生厅 卫生局 卫生部 "
        "疾病预防控制中心 疾控中心 疾病控制中心 疾病预防控制局 科技部 科学技术部 科技厅 "
        "科学技术厅 科技局 科学技术局 科学技术委员会 科委 人民政府 管理局 中医药局 教育部 "
        "教育厅 教育局 财政部 财政厅 财政局 发展和改革委员会 自然科学基金委员会 保健局 监督所 "
        "血液中心"
    ),
    "foundation": ("基金会 基金 慈善总会"),
    "network": ("协作组 协作网 联盟 协作中心 学组 研究组 合作组"),
    "other": ("学会 协会 委员会 红十字会 中心 出版社 杂志社"),
}
_CHINESE_WORDS = sorted(
    ((word, kind) for kind, words in _CHINESE.items() for word in words.split()),
    key=lambda row: (-len(row[0]), row[0]),
)
_WORD = re.compile("|".join(word for word, _ in _CHINESE_WORDS))
_KIND_OF_WORD = dict(_CHINESE_WORDS)

# English puts the head noun anywhere: the first of these that matches decides. No pattern begins
# with any letters, which would be read from every letter on, and twice as long.
_ENGLISH = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (
            "company",
            r"\b(?:co\.?,?\s*ltd|ltd|limited|inc|incorporated|corp|corporation|llc|l\.l\.c|gmbh|plc|s\.?p\.?a"
            r"|b\.?v|n\.?v|k\.?k|s\.?a\.?s|a/s|pty|kgaa|sarl|sprl|s\.?r\.?l)\b\.?|\b(?:pharmaceuticals?|pharma|biotech\w*"
            r"|biopharma\w*|therapeutics|biosciences?|biologics|laboratories)\s*$|\bcompany\b",
        ),
        (
            "government",
            r"\bcent(?:er|re)s?\s+for\s+disease\s+(?:control|prevention)|\bcdc\b|\bministry\b"
            r"|\b(?:health|planning)\s+(?:commission|bureau)\b|\bcommission of\b|\bbureau\b"
            r"|\bgovernment\b(?!.*\b(?:hospitals?|college|university|school)\b)"
            r"|\bminist(?:erio|erium|[eè]re|ero)\b|ministerium\b|\bsecretar[ií]a (?:de|municipal)\b"
            r"|\bfood and drug administration\b|\bagency\b|\bpublic health england\b"
            r"|\bdepartment of (?:health|science and technology|education|veterans)\b"
            r"|\bnational institutes of health\b"
            r"|\bnational (?:natural )?science foundation of china\b"
            r"|\bmunicipal (?:health|science)\b",
        ),
        (
            "hospital",
            r"\bhospitals?\b|\bhosptial\b|\bmedical\s+cent(?:er|re)\b|\bhealth\s*care\s+cent(?:er|re)\b"
            r"|\bhealth\s+cent(?:er|re)\b|\bclinics?\b|\binfirmary\b|\bcancer\s+cent(?:er|re)\b"
            r"|\buniversity health\b(?!\s+sciences?\b)|\bhealth\s+systems?\b|\bhosp\b"
            r"|\bsanatorium\b|\bh[oô]pita(?:l|ux)\b|kranken(?:haus|anstalt)\b|klinik(?:um|en)?\b"
            r"|spital\b|\bhospitalier\b|\bospedal\w+|\bazienda\s+(?:ospedaliera|usl|sanitaria)"
            r"|\bpolicl[ií]nic\w+|\bcl[ií]nicas?\b|\bcliniques?\b|\bch[ru]?u\b|ziekenhui\w"
            r"|\bmedisch\s+centrum\b|\bszpital\w*|\bnemocnic[ea]\b|(?:sjukhus|sjukehus|sygehus|sykehus)(?:et)?\b"
            r"|hospitalet\b|sairaala\b|\bk[oó]rh[aá]z\w*|\bbolni(?:ca|šnica)\b|\bspitalul\b"
            r"|universit(?:ä|ae|a)tsmedizin\b|umc\b|\buz\s+(?:gent|leuven|brussel)\b"
            r"|\bhospices\b|\bap-?hp\b|\bassistance publique\b|\bc\.h\.u\b|\bhospitalari[oa]\b"
            r"|\b(?:aou|asst|ausl|irccs|arcispedale|spedali)\b|\bsanta casa de miseric[oó]rdia\b"
            r"|\bhastanesi\b|\bnhs\s+(?:foundation\s+)?trust\b|\binternational peace maternity\b",
        ),
        (
            "research-institute",
            r"\binstitut(?:e|es|o|ul)?\b|\bistitut[oi]\b|\binstytut\w*|\bint[eé]zet\w*"
            r"|\bacademy\s+of\s+(?:\w+\s+)*sciences?\b|\blaborator(?:y|ies)\b"
            r"|\bresearch\s+cent(?:er|re)\b|\bacademy of chinese medic\w+\b|\binserm\b|\bcnrs\b",
        ),
        (
            "university",
            r"\buniversi[td]\w*\b|\b[üu]niversites\w+|\begyetem\w*|\bfak[üu]ltesi\b|\buniwersytet\w*"
            r"|hochschule\b|\bfacul(?:dade|tad)\b|\bcollege\b|\bfaculty\b|\bschool\s+of\b"
            r"|\bmedical\s+school\b|\bacademy\b",
        ),
        (
            "foundation",
            r"\bfoundation\b|\bfund\b|\btrust\b|\bstiftung\b|\bcharity\b|\bfondazione\b"
            r"|\bfondation\b|\bfundaci[oó]n?\b|\bfunda[cç][aã]o\b|\bstichting\b",
        ),
        (
            "network",
            r"\bnetwork\b|\bconsortium\b|\balliance\b|\bcollaborative\b|\b(?:study|oncology|cooperative"
            r"|trials?|research|cancer)\s+group\b|\bintergroupe?\b|\barbeitsgemeinschaft\b"
            r"|\b(?:gruppo|grupo)\s+(?:italiano|espa[nñ]ol|cooperativo|brasileiro)\b",
        ),
        (
            "other",
            r"\bsociety\b|\bassociation\b|\bcouncil\b|\bcommittee\b|\bcent(?:er|re)\b"
            r"|\bassocia(?:zione|ção|cao)\b|\basociaci[oó]n\b|\bcons(?:elho|ejo)\b|\be\.\s?v\.",
        ),
        # Letters that are a legal form only where no word says anything else.
        (
            "company",
            r"\b(?:pharmaceuticals?|pharma|biopharma\w*)\b"
            r"|(?-i:(?<=[\w.,)]\s)(?:AG|AB|SE|SA|AS|ASA|Oyj?|S\.\s?A\.|BVBA|ApS|Ltda\.?|Lda\.?))"
            r"(?:\s+de\s+c\.?\s?v\.?)?\s*$",
        ),
    )
)

# A hospital with a legal form is one, unless its name says what else the company sells.
_HOUSE = re.compile(
    r"\bhospitals?\b|klinik(?:um|en)\b|kranken(?:haus|anstalt)\b|\bmedical\s+cent(?:er|re)\b", re.I
)
_TRADE = re.compile(
    r"\bmanagement\b|\bpharma|\bdevices?\b|\bequipment\b|\bsuppl\w+|\bsoftware\b|\btechnolog\w+"
    r"|\bconsult\w+|\bsolutions\b|\benterprises?\b|\binvest\w*|\bholdings?\b|\bservices?\b"
    r"|\bbiotech\w*|\binformation\b|\bproducts\b",
    re.I,
)
# It is a hospital's word and a company's: what the record states decides.
_DOUBTFUL = re.compile(r"\bhealth\s?care\b", re.I)


_UNKNOWN = "unknown"


def organization_kind(
    chinese: str | None, english: str | None, stated: Iterable[str | None] = ()
) -> str:
    """The code of ``organization-kind`` that a name's words tell; Chinese decides where both do.

    Where they tell none, that which its records have ``stated``, if these agree.

    >>> organization_kind("示例大学附属医院", None), organization_kind(None, "Example University")
    ('hospital', 'university')
    >>> organization_kind("示例医院管理有限公司", None), organization_kind(None, "Example")
    ('company', 'unknown')
    >>> organization_kind(None, "Exampla", ["company", None, "unknown"])
    'company'
    >>> organization_kind(None, "Exa Healthcare"), organization_kind(None, "Exa Hospital, Inc.")
    ('hospital', 'hospital')
    """
    told = _of_words(chinese, english)
    said = {kind for kind in stated if kind and kind != _UNKNOWN}
    if told == _UNKNOWN and len(said) == 1:
        return said.pop()
    if told == _UNKNOWN and english and _DOUBTFUL.search(english[:LONGEST]):
        return "hospital"
    return told


def _of_words(chinese: str | None, english: str | None) -> str:
    if len(chinese or "") > LONGEST or len(english or "") > LONGEST:
        return _UNKNOWN
    if chinese and han(chinese) and (kind := _chinese_kind(unified(chinese))):
        return kind
    plain = unified(english) if english else ""
    if _HOUSE.search(plain) and not _TRADE.search(plain):
        return "hospital"
    return next((kind for kind, pattern in _ENGLISH if pattern.search(plain)), _UNKNOWN)


def _chinese_kind(name: str) -> str | None:
    # A second name in brackets is another sort as often as not: 示例医院(示例大学).
    name = re.sub(r"(?<=.)(?:\([^()]*\))+$", "", name)
    found = None
    start = 0
    while hit := _WORD.search(name, start):
        # 中心 alone says little: it never overrules a clearer word before it (医院体检中心).
        if hit[0] != "中心" or found is None:
            found = _KIND_OF_WORD[hit[0]]
        start = hit.end()
    return found


def opposed(a: str, b: str) -> bool:
    """Whether two kinds can never be one organization: a hospital is not its university."""
    return {a, b} == {"hospital", "university"} or (
        "company" in (a, b) and not {a, b} & {_UNKNOWN, "other"} and a != b
    )
