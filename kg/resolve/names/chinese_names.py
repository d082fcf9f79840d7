"""Chinese names of organizations, read: what identifies, what is a second name, what is neither.

Registrants add to a name what is none of it: a second or former name in brackets, the campus, the
owner, a city, the department, "lead unit". Only the primary name identifies; a second name may
lead to another mention; the rest does neither. What is not understood stays in the key, so that
it keeps two names apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.resolve.names import chinese_slots, places
from kg.resolve.names.comparable import LONGEST, han, unified, with_plain_numbers
from kg.resolve.names.departments import is_nameless_in_chinese
from kg.resolve.names.slots import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseName:
    """A name read. ``key`` identifies; ``second`` are keys of second names that are full names.

    ``campus_of`` and ``department_of`` are keys of the organization that this is a part of.
    ``located``: the name itself says where its organization is, or to which university it belongs.
    """

    key: str
    level: Level
    located: bool
    second: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    campus_of: str | None = None
    department_of: str | None = None
    nameless: bool = False  # a department that does not say whose it is

    @property
    def ordinals(self) -> frozenset[int]:
        """The numbers in the primary name."""
        return numbers(self.key)

    @property
    def provinces(self) -> frozenset[str]:
        """Provinces that the name mentions, itself or by a city."""
        return places.named_in(self.key)


def numbers(key: str) -> frozenset[int]:
    """The numbers in a comparable name."""
    return frozenset(int(n) for n in re.findall(r"\d+", key))


_FORMER = re.compile(
    r"^(?:原(?!子)|曾用名|曾名|前身|旧称|旧名|历史名|formerly|former|previous|ex-)", re.I
)
_FORMER_LABEL = re.compile(r"^(?:原名?称?(?:为)?|曾用名|曾名|前身(?:为|是)?|旧称|旧名)[::]?")
_NO_NAME = re.compile(
    r"(?:民营|公立|私立|公办|民办|国营|非?营利性?|综合|专科|三甲|[一二三]级[甲乙丙]?等?(?:医院)?"
    r"|筹|筹建|筹备|筹建中|在建|暂定名?|暂名"
    r"|.{0,6}(?:组长|牵头|负责|主办|申办|参与|参加|合作|协作|主要|承担|实施)(?:单位|中心|医院)"
    r"|(?:主|分|总)中心|中心编号.*|第?\d+中心|\d+号?中心|本部|院本部|医院本部|总院|总部|主院区|本院)"
)
_CAMPUS = re.compile(
    r"(?:[^()]{0,12}?(?:院区|校区|分院|分部|分中心|病区|门诊部|新院|老院|新区)|[^()]{0,3}[东西南北中]"
    r"[院区部])"
)
_DEPARTMENT = re.compile(r".{1,20}(?:科|室|系|组|处|办|中心|办公室|实验室|教研室|研究室|病房|团队)")
_HEADS = (
    "医院|保健院|卫生院|医学中心|医疗中心|卫生中心|保健中心|服务中心|控制中心|血液中心|急救中心|防治中心"
    "|防治院|防治所|防治站|疗养院|保健所|研究所|研究院|科学院|大学|学院|医学部|公司|集团|诊所|卫生所|医院.{0,6}分院"
)
_INSTITUTION = re.compile(rf".{{2,}}(?:{_HEADS})")
_SAYS_SECOND = re.compile(
    r"^(?:又名|又称|亦称|也称|亦名|简称|别名|加挂|挂牌|增挂|同时挂牌|即|暨|第[一二三1-3]名称"
    r"|第[一二三1-3]冠名|冠名)(?:为)?[::]?"
)
_BREAK = re.compile(r"[、,,;;/]|〓")
_CAMPUS_IN_NAME = re.compile(
    r"(.+?(?:医院|医学中心|保健院|医疗中心))([^医院]{0,8}?院区|[东西南北新老]院|[东西南北]区|本部)"
)
_DEPARTMENT_IN_NAME = re.compile(
    r"(.+(?:医院|保健院|院区|(?:大学|学院|附属)\S*医学中心))"
    r"([^院]{2,16}?(?:科|室|教研室|办公室|病区|病房|实验室|研究室|研究所|研究中心|诊疗中心|体检中心"
    r"|临床中心|试验中心|科研处|科研部|医务部|医务处|护理部))"
)

# Words that many organizations have in their names; what is left after them is the proper part.
_GENERIC_WORDS = (
    "医院 人民 中心 中医院 中医 中医药 中西医 中西医结合 结合 妇幼 保健 保健院 妇女 儿童 妇产 "
    "妇产科 肿瘤 癌症 口腔 胸科 胸部 精神 精神病 心理 卫生 卫生院 传染病 感染 感染病 结核病 "
    "康复 老年 老年病 眼科 耳鼻喉 骨科 骨伤 皮肤病 皮肤 性病 心血管 心血管病 脑科 肝病 肛肠 "
    "肾病 血液病 糖尿病 职业病 地方病 慢性病 综合 专科 总医院 总 附属 附设 临床 教学 实习 "
    "医学院 医科大学 大学 学院 学校 医学 医学部 医学中心 中医药大学 省立 市立 县立 省 市 县 区 "
    "镇 乡 街道 自治区 自治州 自治县 立 直属 分院 院区 院 社区 服务 健康 服务站 研究 研究所 "
    "研究院 科学 科学院 计划生育 计生 疾病 预防 控制 疾病预防控制 疾控 防治 防治院 防治所 "
    "防治站 门诊 门诊部 诊所 职工 工人 铁路 武警 部队 急救 血液 血站 红十字 红十字会 慈善 医疗 "
    "集团 有限 责任 股份 公司 医药 制药 药业 生物 科技 技术 健康管理 管理 委员会 卫健委 所 站 "
    "科 部 东院 西院 南院 北院 东区 西区 南区 北区 新院 本部 民族 华侨 公安 监狱 第 号 国家 "
    "国际 医"
)
_GENERIC = re.compile(
    "|".join(sorted(_GENERIC_WORDS.split(), key=lambda word: (-len(word), word))) + r"|\d+|[()·\-]"
)
# Proper parts that hospitals of several cities share.
_COMMON_WORDS = (
    "同济 协和 中山 友谊 仁济 仁爱 博爱 和平 东方 长城 阳光 新华 华山 胜利 光明 友好 慈济 慈爱 "
    "惠民 康宁 康复 安宁 爱心 济民 济仁 济众 同仁 同心 广济 仁和 仁康 民生 平安 幸福 解放 建设 "
    "长江 黄河 现代 中华 华夏 东风 人民路 中德 中美 朝阳 岳阳 曙光 龙华 新桥 南方 北方 西南 "
    "西北 东北 华东 华南 华中 华北 中南 海军 空军 陆军 圣心 圣玛丽 玛丽 燕山 泰山 长海 中原 "
    "江南 江北 城东 城西 城南 城北 东城 西城 第三方 基督教 教会 福音 普济 普爱 弘济 博济"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,4}(?:(?<!地)区|镇|乡|街道|村|社区)")
_UNIVERSITY = re.compile(r"[\u4e00-\u9fff\d]{2,}(?:大学|学院|科学院)")


_ONE_IN_THE_COUNTRY = re.compile(
    r"(?:海军|空军|火箭军|武警|[东西南北中]部战区(?:海军|空军)?)总医院"
)


def _proper(key: str) -> str:
    return _GENERIC.sub("", key)


def _level(key: str) -> tuple[Level, bool]:
    """How much a name says, and whether it says where (a place or a university)."""
    proper = _proper(key)
    if _ONE_IN_THE_COUNTRY.fullmatch(key):
        return "full", False
    if is_nameless_in_chinese(key):
        return "generic", False
    if not proper or key == "解放军医院":
        # A number of four digits and more is a factory's or the army's own: it names.
        return ("full" if any(n >= 1000 for n in numbers(key)) else "generic"), False
    if places.opens(key):
        return "full", True
    if _UNIVERSITY.match(key) and proper not in _COMMON:
        return "full", True
    if proper in _COMMON:
        # 中山大学附属第一医院 is one hospital, 中山医院 is several.
        return ("full", True) if _UNIVERSITY.match(key) else ("common", False)
    if re.match(r"[\u4e00-\u9fff]{1,6}(?:[市县州盟旗]|地区)", key):
        return "full", True
    if len(proper) < 2 or _DISTRICT.match(key):
        return "common", False
    return "full", False


def level(key: str) -> Level:
    """How much a comparable name says."""
    return _level(key)[0]


@lru_cache(maxsize=65536)
def read(printed: str) -> ChineseName:
    """A Chinese name of an organization, read.

    >>> read("示例市人民医院(示例医科大学附属示例市人民医院)").second
    ('示例医科大学附属示例市人民医院',)
    >>> read("示例市第一人民医院(东院区)").campus_of, read("第一人民医院").level
    ('示例市第1人民医院', 'generic')
    """
    text = re.sub(r"\s+", "", unified(printed))
    if len(text) > LONGEST:  # a text: equal to itself, and to no name
        return ChineseName(key=text, level="generic", located=False)
    text = re.sub(r"^[。.,;、:*#—-]+|[。.,;、:*#—-]+$", "", text)
    while text.endswith("(") or (text.endswith(")") and text.count(")") > text.count("(")):
        text = text[:-1]
    text = re.sub(r"^中国[,、]|,中国$", "", text)
    text = _INSIDE.sub("", re.sub(r"\(\(+", "(", text))
    former = [
        name for found in _FORMER_INSIDE.finditer(text) for name in _told(found[1], text).former
    ]
    text = _FORMER_INSIDE.sub("", text)
    names = [part for piece in re.split(r"〓|(?<=院)/", text) for part in _unglued(piece) if part]
    primary = names[0] if names else text
    others = [read(name) for name in names[1:]]
    second = [key for other in others for key in (other.key, *other.second)]
    former += [key for other in others for key in other.former]
    campus = department = ""
    while inner := re.search(r"^(.*[^(])\(([^()]*)\)$", primary):
        primary, content = inner[1], inner[2]
        told = _told(content, primary)
        second += told.second
        former += told.former
        campus = told.campus + campus
        department = told.department or department
        if told.place:
            primary = told.place + primary
        if told.unknown:
            primary += told.unknown
            break
    key = comparable(primary)
    campus_of = department_of = None
    if campus:
        campus_of, key = key, comparable(primary + campus)
    elif found := _CAMPUS_IN_NAME.fullmatch(key):
        if found[2] == "本部":
            key = found[1]
        else:
            campus_of = found[1]
    if department:
        department_of, key = key, key + department
    elif found := _DEPARTMENT_IN_NAME.fullmatch(key):
        department_of = found[1]
    level, located = _level(campus_of or department_of or key)
    return ChineseName(
        key=key,
        level=level,
        located=located,
        second=tuple(dict.fromkeys(s for s in second if s != key and _level(s)[0] == "full")),
        former=tuple(dict.fromkeys(former)),
        campus_of=campus_of,
        department_of=department_of,
        nameless=is_nameless_in_chinese(key),
    )


# Brackets inside a name: the form of a company, another name of the university,
# the department or place beside what identifies already.
_INSIDE = re.compile(
    r"\((?:集团|[\u4e00-\u9fff]{2,10}(?:大学|医学院)|[\u4e00-\u9fff]{1,4}科)\)(?=[\u4e00-\u9fff])"
    r"|(?<=附属)\([\u4e00-\u9fff]{2,4}\)(?=医院)"
)
_FORMER_INSIDE = re.compile(r"\((原[::][^()]*)\)(?=[\u4e00-\u9fff])")
LONGEST_GLUED = 200  # characters in which names are looked for that are glued together
_NAME_END = re.compile(
    r"(?:医院|保健院|防治院|防治所|医学中心|医疗中心|卫生中心|康复中心|急救中心|防治中心|卫生院|研究院"
    r"|保健中心|服务中心|关爱中心|分院|院区|二部|骨伤医院)(?=[\u4e00-\u9fff]{4,})"
)
_OWN_NAME = re.compile(
    r"(?:[\u4e00-\u9fff]{1,6}?(?:省|市|县|区|州|盟|旗)|[\u4e00-\u9fff]{2,6}自治区"
    r"|[\u4e00-\u9fff]{2,8}?(?:大学|学院)(?:附属|第))"
    r"[\u4e00-\u9fff\d()]{1,20}?(?:医院|保健院|防治院|防治所|中心|卫生院|研究院|病院)"
)
_BRANCH = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:分院|院区|门诊部)")
_SHORT_NAME = re.compile(r"[\u4e00-\u9fff\d]{4,14}(?:医院|保健院|卫生院)(?:\(.*)?")
_TOWN = re.compile(r"[\u4e00-\u9fff]{1,4}?(?:市|县|旗)")


def _unglued(text: str) -> list[str]:
    """Full names printed one behind the other without a sign: 示例市第二医院示例市儿童医院.

    The second one has to open with the place that opens the first, or with a province, a known
    city or a university; else it is a branch (中山大学附属第三医院粤东医院) and stays where it is.

    >>> _unglued("示例市第二医院示例市儿童医院"), _unglued("示例市人民医院示例分院")
    (['示例市第二医院', '示例市儿童医院'], ['示例市人民医院示例分院'])
    >>> _unglued("南京市示例医院扬州分院扬州市儿童医院")
    ['南京市示例医院扬州分院', '扬州市儿童医院']
    >>> _unglued("新疆维吾尔自治区示例医院新疆维吾尔自治区儿童医院")
    ['新疆维吾尔自治区示例医院', '新疆维吾尔自治区儿童医院']
    """
    body = text.partition("(")[0] if len(text) <= LONGEST_GLUED else ""
    for end in _NAME_END.finditer(body):
        first, rest = text[: end.end()], text[end.end() :]
        placed = places.opens(rest) or _TOWN.match(rest)
        named = _OWN_NAME.match(rest) or (placed and _SHORT_NAME.fullmatch(rest))
        if not named or _BRANCH.match(rest):
            continue
        same_place = _OWN_NAME.match(rest) and rest.startswith(first[:2])
        if same_place or (placed and _says_kind(rest)) or _UNIVERSITY.match(rest):
            return [first, *_unglued(rest)]
    return [text]


def _says_kind(name: str) -> bool:
    """Whether a name says more than a city: 北京儿童医院郑州医院 is a branch in 郑州."""
    slots = chinese_slots.read(comparable(name.partition("(")[0]))
    return slots is None or slots.named or bool(slots.place and slots.place[-1] in "区县")


@dataclass(slots=True)
class _Told:
    """What the content of one pair of brackets says."""

    second: list[str]
    former: list[str]
    campus: str = ""
    department: str = ""
    place: str = ""
    unknown: str = ""


def _told(content: str, primary: str) -> _Told:
    """What brackets behind a name say of it."""
    told = _Told([], [])
    if not content or not han(content) or _NO_NAME.fullmatch(content):
        return told  # an abbreviation, the owner, a part in the trial: nothing that identifies
    was = False
    for piece in filter(None, _BREAK.split(content)):
        if _FORMER.match(piece):
            was = True
        if was:
            told.former.append(comparable(_FORMER_LABEL.sub("", piece)))
            continue
        part = _SAYS_SECOND.sub("", piece)
        if _NO_NAME.fullmatch(part):
            continue
        if place := places.alone(part):
            told.place = _where(place, primary)
        elif _CAMPUS.fullmatch(part) and "医院" not in part:
            told.campus += part
        elif _INSTITUTION.fullmatch(part) and _proper(comparable(part)):
            told.second.append(comparable(part))
        elif _DEPARTMENT.fullmatch(part):
            told.department = part
        elif _INSTITUTION.fullmatch(part):
            continue  # "(人民医院)": a kind of hospital, no name
        else:
            told.unknown += part
    return told


def _where(place: str, primary: str) -> str:
    """The place in brackets, unless the name says it already or it is where the name belongs."""
    if place in primary:
        return ""
    code = places.PROVINCE_BY_NAME.get(place)
    named = places.named_in(primary)
    if code and code in named:
        return ""
    city_of = places.PROVINCE_OF_CITY.get(place)
    if city_of in named and places.CAPITALS.get(city_of or "") == place:
        return ""
    return place


# 中医院 and 中医医院 are one kind; 汉中医院 is a hospital of 汉中.
_CHINESE_MEDICINE = re.compile(r"(?<=[市县区省州旗盟立属\d])中医院$")
_OF_THE_ARMY = re.compile(r"^解放军(?=(?:海军|空军|火箭军|陆军|[东西南北中]部战区|战略支援部队))")


def _military(key: str) -> str:
    """One spelling for what the army's hospitals put before their number or name.

    >>> _military("中国人民解放军联勤保障部队第900医院"), _military("中国人民解放军海军总医院")
    ('解放军第900医院', '海军总医院')
    """
    key = key.replace("中国人民解放军", "解放军")
    key = re.sub(r"(?:解放军)?联勤保障部队(?=第?\d)", "解放军", key)
    key = re.sub(r"(?:中国)?(?:人民)?武装警察(?:部队)?|武警部队", "武警", key)
    return _OF_THE_ARMY.sub("", key)


def comparable(name: str) -> str:
    """One spelling for all that differ only in script, numerals and parts of places left out.

    >>> comparable("中国人民解放军第九0七医院"), comparable("解放军907医院")
    ('解放军第907医院', '解放军第907医院')
    >>> comparable("示例大学第一附属医院"), comparable("示例大学附属第一医院")
    ('示例大学附属第1医院', '示例大学附属第1医院')
    """
    key = with_plain_numbers(re.sub(r"\s+", "", unified(name)))
    key = re.sub(r"['’‘\"“”.。·•_‐-―-]", "", key)
    key = _military(key.replace("附院", "附属医院"))
    key = _CHINESE_MEDICINE.sub("中医医院", key).replace("妇幼保健医院", "妇幼保健院")
    key = re.sub(r"第(\d+)附属医院", r"附属第\1医院", key)
    key = re.sub(r"附属第(\d+)附属医院", r"附属第\1医院", key)
    key = places.shortened(key)
    if key.endswith("中医院") and places.alone(key.removesuffix("中医院")):
        key = key.removesuffix("中医院") + "中医医院"
    return key
