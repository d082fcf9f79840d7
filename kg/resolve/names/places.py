"""Places that names hold: provinces and prefecture-level cities of China, and English homonyms.

Codes: ISO 3166-2:CN. Cities: GB/T 2260, prefecture level, without their suffix 市.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.resolve.names import known
from kg.resolve.names.comparable import folded

PROVINCES: dict[str, tuple[str, str]] = {
    "CN-AH": ("安徽", "anhui"),
    "CN-BJ": ("北京", "beijing"),
    "CN-CQ": ("重庆", "chongqing"),
    "CN-FJ": ("福建", "fujian"),
    "CN-GD": ("广东", "guangdong"),
    "CN-GS": ("甘肃", "gansu"),
    "CN-GX": ("广西", "guangxi"),
    "CN-GZ": ("贵州", "guizhou"),
    "CN-HA": ("河南", "henan"),
    "CN-HB": ("湖北", "hubei"),
    "CN-HE": ("河北", "hebei"),
    "CN-HI": ("海南", "hainan"),
    "CN-HK": ("香港", "hongkong"),
    "CN-HL": ("黑龙江", "heilongjiang"),
    "CN-HN": ("湖南", "hunan"),
    "CN-JL": ("吉林", "jilin"),
    "CN-JS": ("江苏", "jiangsu"),
    "CN-JX": ("江西", "jiangxi"),
    "CN-LN": ("辽宁", "liaoning"),
    "CN-MO": ("澳门", "macau"),
    "CN-NM": ("内蒙古", "neimenggu"),
    "CN-NX": ("宁夏", "ningxia"),
    "CN-QH": ("青海", "qinghai"),
    "CN-SC": ("四川", "sichuan"),
    "CN-SD": ("山东", "shandong"),
    "CN-SH": ("上海", "shanghai"),
    "CN-SN": ("陕西", "shaanxi"),
    "CN-SX": ("山西", "shanxi"),
    "CN-TJ": ("天津", "tianjin"),
    "CN-TW": ("台湾", "taiwan"),
    "CN-XJ": ("新疆", "xinjiang"),
    "CN-XZ": ("西藏", "xizang"),
    "CN-YN": ("云南", "yunnan"),
    "CN-ZJ": ("浙江", "zhejiang"),
}
MUNICIPALITIES = frozenset({"CN-BJ", "CN-SH", "CN-TJ", "CN-CQ", "CN-HK", "CN-MO"})

# The first city of a province is its capital.
_CITIES = {
    "CN-HE": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水",
    "CN-SX": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "CN-NM": "呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布",
    "CN-LN": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛",
    "CN-JL": "长春 吉林 四平 辽源 通化 白山 松原 白城",
    "CN-HL": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化",
    "CN-JS": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁",
    "CN-ZJ": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水",
    "CN-AH": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "CN-FJ": "福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德",
    "CN-JX": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "CN-SD": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "CN-HA": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 "
    "周口 驻马店 济源",
    "CN-HB": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施",
    "CN-HN": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底",
    "CN-GD": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 "
    "中山 潮州 揭阳 云浮",
    "CN-GX": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左",
    "CN-HI": "海口 三亚 三沙 儋州",
    "CN-SC": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 "
    "巴中 资阳",
    "CN-GZ": "贵阳 六盘水 遵义 安顺 毕节 铜仁",
    "CN-YN": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧",
    "CN-XZ": "拉萨 日喀则 昌都 林芝 山南 那曲",
    "CN-SN": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "CN-GS": "兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南",
    "CN-QH": "西宁 海东",
    "CN-NX": "银川 石嘴山 吴忠 固原 中卫",
    "CN-XJ": "乌鲁木齐 克拉玛依 吐鲁番 哈密",
    "CN-TW": "台北 高雄 台中 台南 新北 桃园 基隆 新竹 嘉义",
}
PROVINCE_OF_CITY = {city: code for code, names in _CITIES.items() for city in names.split()}
CAPITALS = {code: names.split()[0] for code, names in _CITIES.items()}
PROVINCE_BY_NAME = {zh: code for code, (zh, _) in PROVINCES.items()}

# 吉林 is a province and a city; 朝阳, 中山, 岳阳 also name hospitals elsewhere (北京朝阳医院).
# Their suffix tells them apart and stays; without 市 they prove no city.
DOUBTFUL_CITIES = frozenset({"吉林", "朝阳", "中山", "岳阳", "黄山", "保山"})

# One Latin spelling, two or more cities: without its province such a name is no place.
_HOMONYMS = (
    "fuzhou suzhou taizhou yichun yulin jining jinzhou lishui wuzhou hezhou chaoyang jian "
    "huaiyin shanxi"
)
HOMONYM_CITIES = frozenset(_HOMONYMS.split())


def _longest_first(names: list[str]) -> str:
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_PROVINCE = _longest_first([zh for zh, _ in PROVINCES.values() if zh not in DOUBTFUL_CITIES])
_CITY = _longest_first(
    [c for c in PROVINCE_OF_CITY if c not in DOUBTFUL_CITIES]
    + [PROVINCES[code][0] for code in MUNICIPALITIES]
)
_REGION = re.compile(
    r"(广西|内蒙古|宁夏|新疆|西藏)(?:壮族|回族|维吾尔)?自治区|(香港|澳门)特别行政区"
)
# A prefecture or county is the same with its peoples and without: 恩施土家族苗族自治州 is 恩施州.
_PEOPLES = (
    "朝鲜族 土家族 苗族 白族 彝族 藏族 羌族 傣族 景颇族 傈僳族 哈尼族 壮族 布依族 侗族 回族 "
    "蒙古族? 哈萨克族? 柯尔克孜族? 满族 瑶族 畲族 黎族 土族 仡佬族 仫佬族 毛南族 水族 佤族 拉祜族 "
    "纳西族 布朗族 撒拉族 东乡族 保安族 裕固族 锡伯族? 达斡尔族 独龙族 怒族 普米族 各族 塔吉克族?"
)
_AUTONOMOUS = re.compile(
    rf"(?<=[\u4e00-\u9fff]{{2}})(?:{'|'.join(_PEOPLES.split())}){{0,6}}自治(?=[州县])"
)
_PROVINCE_SUFFIX = re.compile(rf"({_PROVINCE})省(?!立)")
_CITY_SUFFIX = re.compile(rf"({_CITY})市(?!立)")
_ANY = re.compile(_longest_first([*PROVINCE_OF_CITY, *PROVINCE_BY_NAME]))
_PROVINCE_THEN_TOWN = re.compile(
    rf"^({_longest_first(list(PROVINCE_BY_NAME))})省?"
    r"(?=((?:(?![医院学校人民附属第省])[\u4e00-\u9fff]){2,5}?)(?:自治[县州]|[市县]))"
)
_PROVINCE_THEN_CITY = re.compile(rf"^({_PROVINCE})(?=({_CITY}))")
_BARE = re.compile(
    rf"({_longest_first([*PROVINCE_OF_CITY, *PROVINCE_BY_NAME])})(?:省|市)?"
    rf"(?:({_longest_first(list(PROVINCE_OF_CITY))})市?)?"
)


def shortened(name: str) -> str:
    """A Chinese name without the parts of its places that registrants may leave out.

    The suffix goes only where the place is known and unmistakable; a province goes before a town.

    >>> shortened("江苏省苏州市示例医院"), shortened("吉林省中医院"), shortened("长沙县人民医院")
    ('苏州示例医院', '吉林省中医院', '长沙县人民医院')
    """
    name = _AUTONOMOUS.sub("", _REGION.sub(lambda m: m[1] or m[2], name))
    if before := _PROVINCE_THEN_TOWN.match(name):
        code = PROVINCE_BY_NAME[before[1]]
        if code not in MUNICIPALITIES and PROVINCE_OF_CITY.get(before[2], code) == code:
            name = name[before.end() :]
    name = _PROVINCE_SUFFIX.sub(r"\1", name)
    name = _CITY_SUFFIX.sub(r"\1", name)
    if (both := _PROVINCE_THEN_CITY.match(name)) and (
        PROVINCE_OF_CITY.get(both[2]) == PROVINCE_BY_NAME[both[1]]
    ):
        name = name[both.end() :]
    return name


def named_in(name: str) -> frozenset[str]:
    """Codes of the provinces that a Chinese name mentions, itself or by a city."""
    found = _ANY.findall(name)
    return frozenset(PROVINCE_BY_NAME.get(n) or PROVINCE_OF_CITY[n] for n in found)


def names_in(name: str) -> tuple[str, ...]:
    """The provinces and cities that a Chinese name mentions, and the country.

    >>> names_in("示例苏州制药有限公司"), names_in("示例(中国)有限公司")
    (('苏州',), ('中国',))
    """
    return (*_ANY.findall(name), *re.findall("中国", name))


def alone(text: str) -> str | None:
    """The city or province that ``text`` consists of, without suffixes; None if it is no place.

    >>> alone("江苏省苏州市"), alone("上海"), alone("东院区")
    ('苏州', '上海', None)
    """
    found = _BARE.fullmatch(text)
    return (found[2] or found[1]) if found else None


def opens(name: str) -> bool:
    """Whether a Chinese name begins with a place that tells where it is."""
    found = _ANY.match(name)
    if not found:
        return False
    return found[0] not in DOUBTFUL_CITIES or name[found.end() : found.end() + 1] in ("省", "市")


def city_key(label: str) -> str:
    """The printed name of a city, for comparison: ``Hangzhou City`` is ``hangzhou``.

    >>> city_key("杭州市"), city_key("Hangzhou City")
    ('杭州', 'hangzhou')
    >>> city_key("São Paulo"), city_key("St. Louis"), city_key("The Bronx")
    ('saopaulo', 'saintlouis', 'bronx')
    >>> city_key("Köln"), city_key("Koeln"), city_key("Lyon Cedex 08"), city_key("Seongnam-si")
    ('cologne', 'cologne', 'lyon', 'seongnam')
    """
    key = _city(label)
    return _same_cities().get(key, key)


@lru_cache(maxsize=1)
def _same_cities() -> dict[str, str]:
    """The key of the English name of a city, by those of its other names."""
    return {_city(name): _city(names[0]) for names in known.city_names() for name in names}


def _city(label: str) -> str:
    text = re.sub(r"[\s.'’-]+", " ", folded(label)).strip()
    text = re.sub(r"^the (?=.)", "", text)
    text = re.sub(r"\bst(?= .)", "saint", text)
    text = re.sub(r"\b(?:city|municipality|shi|cedex(?: \d+)?)$", "", text).strip()
    text = re.sub(r"(?<=\w{3}) si$", "", text)  # a city of Korea
    return re.sub(r"(?<=..)市$", "", text).replace(" ", "")
