"""Chinese names of hospitals, read into slots, from the comparable form of the primary name."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolve.names import known, places
from kg.resolve.names.comparable import with_plain_numbers
from kg.resolve.names.slots import Slots

_HEADS = (
    "妇幼保健院 保健院 医学中心 医疗中心 卫生中心 保健中心 防治中心 卫生服务中心 急救中心 防治院 "
    "防治所 疗养院 卫生院 医院 中心 院"
)
_HEAD = re.compile("(" + "|".join(_HEADS.split()) + ")$")
_UNIVERSITY = re.compile(
    r"^([\u4e00-\u9fff\d]{2,12}?(?:医科大学|中医药大学|大学|医学院|中医学院|医学高等专科学校|学院))"
    r"(?=[\u4e00-\u9fff\d第]*(?:院|中心)$)"
)
_SCHOOL = re.compile(
    r"^[\u4e00-\u9fff]{0,6}?(?:医学院|医学部|临床医学院|医学中心|临床学院)(?=附属|附设|[\u4e00-\u9fff]*第?\d*[\u4e00-\u9fff]*医院)"
)
_AFFILIATED = re.compile(r"附属|附设|直属|教学|非直属|临床(?=医院)")
_SPECIALTIES = (
    ("integrated-medicine", "中西医结合|中西结合"),
    ("chinese-medicine", "中医药|中医医|中医|国医"),
    ("maternal-and-child", "妇幼保健|妇幼"),
    ("women-and-children", "妇女儿童|妇儿"),
    ("children", "儿童|儿科"),
    ("obstetrics", "妇产科|妇产"),
    ("women", "妇女|妇科|妇婴"),
    ("cancer", "肿瘤防治|肿瘤|癌症"),
    ("stomatology", "口腔病防治|口腔"),
    ("eye-ent", "眼耳鼻喉科|五官科"),
    ("eye", "眼科|眼病"),
    ("chest", "胸科|胸部"),
    ("pulmonary", "肺科"),
    ("mental-health", "精神卫生"),
    ("psychiatric", "精神病|精神|心理"),
    ("infectious-diseases", "传染病|传染|感染"),
    ("tuberculosis", "结核病|结核"),
    ("orthopedics", "骨伤科|骨伤|骨科"),
    ("rehabilitation", "康复"),
    ("brain", "脑科"),
    ("geriatric", "老年病|老年"),
    ("skin", "皮肤病|皮肤|性病"),
    ("cardiovascular", "心血管病|心血管"),
    ("public-health", "公共卫生"),
)
_TYPES = (
    ("people", "人民"),
    ("central", "中心"),
    ("general", "总"),
    ("red-cross", "红十字会|红十字"),
    ("pla", "解放军"),
    ("armed-police", "武警"),
    ("workers", "职工|工人"),
    ("railway", "铁路"),
    ("provincial", "省立|省"),
    ("municipal", "市立"),
)
_SPECIALTY_PATTERNS = tuple((name, re.compile(words)) for name, words in _SPECIALTIES)
_TYPE_PATTERNS = tuple((name, re.compile(words)) for name, words in _TYPES)
_TOWN = re.compile(r"^((?:[\u4e00-\u9fff]{1,6}?(?:自治州|自治县|市|县|区|州|盟|旗))+)(?=.)")
_COMMON_WORDS = (
    "同济 协和 中山 友谊 仁济 仁爱 博爱 和平 东方 长城 阳光 新华 华山 胜利 光明 友好 慈济 慈爱 "
    "惠民 康宁 安宁 爱心 济民 同仁 同心 广济 仁和 仁康 民生 平安 幸福 解放 建设 长江 黄河 现代 "
    "中华 华夏 东风 南方 北方 西南 西北 东北 华东 华南 华中 华北 中南 海军 空军 陆军 玛丽 泰山 "
    "长海 中原 江南 江北 国际 东 西 南 北 瑞金 华西 朝阳 曙光 龙华"
)
_COMMON = frozenset(_COMMON_WORDS.split())


@lru_cache(maxsize=1)
def _university_names() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """The known universities with key and the Chinese name of their city."""
    by_latin = {latin: zh for zh, latin in reversed(list(known.cities().items()))}
    by_latin |= {
        places.PROVINCES[code][1]: places.PROVINCES[code][0] for code in places.MUNICIPALITIES
    }
    table = {
        with_plain_numbers(name): (university.key, by_latin.get(university.city, ""))
        for university in known.universities()
        for name in university.zh
    }
    longest = sorted(table, key=lambda name: (-len(name), name))
    return re.compile(rf"^({'|'.join(longest)})"), table


@lru_cache(maxsize=65536)
def read(key: str) -> Slots | None:
    """The slots of a comparable name (``chinese_names.comparable``); None if it is no hospital's.

    >>> read("南京医科大学附属无锡人民医院").key == read("无锡人民医院").key
    True
    >>> read("示例大学附属第1医院").lines()
    ['university: 示例大学', 'affiliation: affiliated', 'ordinal: 1', 'type: hospital']
    """
    found = _HEAD.search(key)
    if not found:
        return None
    head = "hospital" if found[1] in ("医院", "院") else found[1]
    rest = key
    university = seat = ""
    pattern, table = _university_names()
    named = pattern.match(rest) or _UNIVERSITY.match(rest)
    if named and named.end() < found.start():
        university, seat = table.get(named[1], (named[1], ""))
        rest = rest[named.end() :]
        rest = _SCHOOL.sub("", rest)
    affiliated = bool(_AFFILIATED.search(rest))
    rest = _AFFILIATED.sub("", rest)
    place, rest = _place(rest)
    rest = rest.removesuffix(found[1]) if rest.endswith(found[1]) else rest
    ordinals = tuple(int(n) for n in re.findall(r"第?(\d+)", rest))
    rest = re.sub(r"第?\d+", "", rest)
    specialties, rest = _taken(_SPECIALTY_PATTERNS, rest)
    types, rest = _taken(_TYPE_PATTERNS, rest)
    return Slots(
        head=head,
        place=place,
        university=university,
        seat=seat,
        affiliation="affiliated" if affiliated else "",
        ordinals=ordinals,
        specialties=specialties,
        proper=rest,
        common=rest in _COMMON or len(rest) == 1,
        types=types,
    )


def _taken(
    patterns: tuple[tuple[str, re.Pattern[str]], ...], text: str
) -> tuple[tuple[str, ...], str]:
    found = []
    for name, pattern in patterns:
        text, n = pattern.subn("", text)
        if n:
            found.append(name)
    return tuple(found), text


def _place(text: str) -> tuple[str, str]:
    """The place that a name opens with, and the rest of the name."""
    place = ""
    while opened := _OPENING.match(text):
        name = opened[1]
        if not text[opened.end() :] or (name in places.DOUBTFUL_CITIES and not opened[2]):
            break
        # 大理州 holds 大理市, and 吉林市 lies in 吉林省: they have hospitals of the same kinds.
        told = opened[2] if opened[2] == "州" or name == "吉林" else ""
        place, text = f"{name}{told or ''}", text[opened.end() :]
    if town := _TOWN.match(text):
        place, text = f"{place}{town[1]}", text[town.end() :]
    return place, text


_OPENING = re.compile(
    "^("
    + "|".join(
        sorted(
            {*known.cities(), *places.PROVINCE_OF_CITY, *places.PROVINCE_BY_NAME},
            key=lambda n: (-len(n), n),
        )
    )
    + r")(省(?!立)|市(?!立)|地区|州)?"
)
