"""Names made comparable: one script, one width, one way to write numbers.

What is printed stays as printed; these forms exist for comparison only and are never written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from kg.values import without_references

LONGEST = 600  # characters of a name; what is longer is a text, and is not taken to pieces

# Traditional characters that names of hospitals, schools, places and people hold, each followed by
# its simplified form. Not a general converter: what is missing keeps two names apart.
_PAIRS = (
    "醫医院院學学屬属國国華华東东軍军區区縣县廣广門门龍龙馬马臺台灣湾總总綜综復复兒儿婦妇產产科科腫肿"
    "療疗護护衛卫診诊應应驗验實实興兴濟济協协仁仁愛爱聖圣瑪玛麗丽嘉嘉烈烈會会團团隊队鐵铁鋼钢礦矿務务"
    "線线聯联業业藥药劑剂製制貴贵陽阳陰阴陝陕寧宁蘇苏滬沪吳吴無无錫锡鎮镇揚扬連连雲云漢汉紹绍慶庆遼辽"
    "瀋沈長长潯浔蕪芜馬马鞍鞍銅铜陸陆頭头樂乐爾尔濱滨齊齐雞鸡鶴鹤雙双鴨鸭絲丝維维吾吾內内邊边開开關关"
    "張张陳陈劉刘趙赵黃黄孫孙楊杨許许鄧邓馮冯韓韩葉叶閻阎薛薛鄭郑羅罗譚谭鐘钟鍾钟蕭萧盧卢蔣蒋賈贾"
    "賀贺顧顾龔龚錢钱湯汤嚴严溫温賴赖覃覃塗涂萬万譙谯費费賓宾鄔邬鄒邹駱骆歐欧陽阳諸诸葛葛聶聂顏颜莊庄"
    "蘭兰藍蓝簡简紀纪範范穀谷畢毕喬乔譽誉倉仓單单詹詹榮荣衞卫淵渊偉伟傑杰強强鳳凤鵬鹏輝辉瓊琼蓮莲"
    "芬芬蓉蓉靜静穎颖潔洁瑩莹豔艳艷艳娟娟嬌娇嬋婵婷婷賢贤俠侠億亿僑侨儀仪優优兩两冪幂凱凯劍剑勁劲動动"
    "勝胜勞劳勳勋匯汇嘯啸圍围園园圓圆場场堅坚報报壽寿夢梦奧奥妝妆姍姗孌娈寶宝將将專专尋寻對对導导屆届"
    "島岛崗岗嶺岭峽峡巖岩帥帅師师帶带庫库彥彦彌弥彙汇徑径徵征後后從从德德憲宪懷怀憶忆戰战戲戏戶户掃扫"
    "揮挥擇择擴扩擁拥攜携數数斌斌斕斓時时晉晋曉晓暉晖曆历書书條条極极構构樓楼標标樞枢樹树橋桥機机檢检"
    "歡欢歲岁歸归氣气決决況况淚泪淨净測测渦涡滿满漸渐潤润澤泽濤涛濰潍瀾澜災灾煥焕煒炜燁烨燈灯營营爐炉"
    "獎奖獻献瑋玮環环璽玺畫画異异當当疊叠癥症發发盡尽監监眾众確确碩硕禎祯禮礼種种稱称穩稳窮穷筆笔節节"
    "築筑糧粮約约紅红純纯紋纹級级組组細细終终結结給给統统經经綠绿緒绪緣缘練练縱纵績绩織织繼继續续"
    "罰罚義义習习翹翘聲声職职聽听肅肃脈脉腦脑膚肤臨临舉举舊旧艦舰藝艺蘊蕴處处術术補补裝装視视親亲觀观"
    "計计訊讯訓训記记設设訪访評评詠咏試试詩诗話话該该詳详語语誠诚說说課课調调諒谅論论諾诺謝谢謹谨證证"
    "識识譯译議议讀读變变讓让豐丰貝贝財财貢贡質质賴赖贊赞贛赣趨趋車车軒轩軟软載载輔辅輕轻輪轮轉转辦办"
    "農农達达遠远適适選选遙遥還还邁迈鄉乡鄰邻醬酱釋释針针鈞钧鈴铃銀银銘铭鋒锋錄录錦锦鏡镜鑫鑫閃闪閔闵"
    "間间閣阁閩闽闊阔隨随險险際际雜杂離离難难電电靈灵鞏巩韋韦韻韵響响頂顶項项順顺須须預预頤颐領领題题"
    "額额願愿類类風风飛飞養养館馆駐驻駿骏騰腾驊骅驕骄髮发鬱郁魯鲁鮑鲍鯤鲲鳴鸣鴻鸿鷹鹰麥麦點点齡龄"
    "診诊癌癌傳传染染監监獄狱紡纺織织鑛矿澳澳閔闵樸朴裡里裏里峯峰羣群藺蔺闞阚廠厂慈慈繆缪嶽岳祕秘竇窦"
    "呂吕婁娄龐庞鄺邝鈕钮儲储闕阙宮宫賁贲閭闾厲厉郟郏酈郦勵励閆闫綺绮鑒鉴鑑鉴燦灿瑤瑶堯尧嶸嵘崢峥巒峦鎧铠鉅钜鉑铂鏗铿鐸铎鑄铸鎬镐鈺钰錚铮鍵键鏈链韜韬頌颂頻频顯显騫骞驍骁駒驹驥骥鵑鹃鷗鸥"
    "鸞鸾亞亚侖仑倫伦備备僅仅儉俭冊册凍冻則则剛刚創创勻匀喚唤圖图塵尘壘垒壯壮奮奋婭娅媯妫岡冈幹干幾几廬庐彈弹徹彻愷恺憫悯懇恳懸悬攝摄曄晔暢畅朧胧柵栅棟栋棲栖楓枫樺桦檸柠汙污沖冲滄沧漣涟"
    "潛潜澐沄瀟潇灝灏為为爍烁牆墙狀状獅狮瑣琐瓏珑瓔璎畝亩皚皑盤盘礎础積积競竞筍笋簫箫籌筹紐纽紗纱納纳絡络絢绚緋绯綱纲綸纶緯纬縉缙纓缨羨羡膠胶臘腊莖茎蒼苍蓋盖蔭荫蕓芸薈荟薔蔷薺荠蘆芦蘋苹"
    "螢萤蟬蝉覺觉覽览詔诏詢询誕诞誼谊諍诤諧谐諭谕諶谌謀谋謙谦謨谟資资賞赏贇赟躍跃輯辑轅辕進进運运過过遜逊遞递釗钊鈔钞銓铨銳锐鋭锐錕锟鍛锻鎔镕鏑镝鑲镶闖闯陣阵階阶隸隶雋隽霧雾靄霭韌韧頡颉"
    "顥颢飄飘駕驾騏骐髙高魚鱼鮮鲜鯉鲤鳥鸟鴛鸳鵲鹊鷺鹭黨党齋斋龜龟腎肾臟脏膽胆腸肠癲癫癇痫瘍疡瘻瘘聾聋啞哑傷伤燒烧燙烫溝沟灘滩灤滦鄆郓鄲郸瀏浏淥渌漵溆欽钦瀘泸綿绵涼凉壩坝滎荥澠渑欒栾獲获"
    "誌志"
)
_SIMPLE = {ord(a): b for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if a != b}

_BRACKETS = str.maketrans("[]{}〔〕【】「」『』《》〈〉", "()()()()()()()()")
_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = "〇零○0-9一二三四五六七八九十百"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def han(text: str) -> bool:
    """Whether ``text`` holds a Chinese character."""
    return not text.isascii() and any("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in text)


def unified(text: str) -> str:
    """``text`` in NFKC, simplified, with one kind of brackets, without invisible characters.

    >>> unified("Women´s"), unified("Women&#39;s")
    ("Women's", "Women's")
    """
    plain = without_references(text).replace("´", "'")  # NFKC makes it a blank and a mark
    plain = unicodedata.normalize("NFKC", plain)
    plain = _INVISIBLE.sub("", plain)
    return plain.translate(_SIMPLE).translate(_BRACKETS)


def number(numeral: str) -> int:
    """The value of a Chinese, Arabic or mixed numeral; digits stand side by side or with 十, 百.

    >>> number("九0七"), number("十二"), number("二十"), number("一百零三"), number("9")
    (907, 12, 20, 103, 9)
    """
    numeral = numeral.replace("○", "〇")
    if "十" not in numeral and "百" not in numeral:
        return int("".join(c if c.isascii() else str(_NUMERALS[c]) for c in numeral))
    value, digit = 0, 0
    for c in numeral:
        if c in "十百":
            value += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = int(c) if c.isascii() else _NUMERALS[c]
    return value + digit


_HEAD = r"(?:附属|附院|人民医院|中心医院|中医医?院|医院|医学中心|院$)"
_ORDINALS = (
    re.compile(rf"第([{_NUMERAL}]+)"),
    re.compile(rf"(?<![第{_NUMERAL}])([{_NUMERAL}]{{2,}})(?={_HEAD})"),
    re.compile(rf"(?<=[市省县区学])([{_NUMERAL}])(?={_HEAD})"),
)


def with_plain_numbers(text: str) -> str:
    """A Chinese name whose ordinals are written ``第`` and Arabic digits.

    Numerals inside other words stay: 三亚, 九江, 六安.

    >>> with_plain_numbers("三亚市第一人民医院"), with_plain_numbers("解放军九〇七医院")
    ('三亚市第1人民医院', '解放军第907医院')
    >>> with_plain_numbers("示例大学一附院")
    '示例大学第1附院'
    """
    for pattern in _ORDINALS:
        text = pattern.sub(lambda found: f"第{number(found[1])}", text)
    return text


# -- English words --------------------------------------------------------------------------------

_MARKS = re.compile("[\u0300-\u036f]")
# Latin letters that are no letter with a mark.
_SMALL = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h",
    "ß": "ss",
}  # fmt: skip
_LARGE = {c.upper(): s.capitalize() for c, s in _SMALL.items() if not c.upper().isascii()}
_LETTERS = str.maketrans(_SMALL | _LARGE)


def folded(text: str) -> str:
    """``text`` in lower case, its Latin letters without marks; those of other scripts stay.

    >>> folded("Łódź Ø"), folded("서울"), folded("Αθήνα")
    ('lodz o', '서울', 'αθηνα')
    """
    if text.isascii():
        return text.casefold()
    return unmarked(text.casefold())


def unmarked(text: str) -> str:
    """``text`` with its Latin letters without marks.

    >>> unmarked("Møller Groß Łoś")
    'Moller Gross Los'
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def only_words(plain: str) -> str:
    """A text with a blank for whatever is no letter or digit of some script."""
    if plain.isascii():
        return re.sub(r"[^a-z0-9]+", " ", plain)
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain)


_COUNTED = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
)
_ORDINAL_WORDS = {word: str(i) for i, word in enumerate(_COUNTED.split(), start=1)}
_STOP_WORDS = "the of to with at in and for by on"
_STOP = frozenset(_STOP_WORDS.split())


@lru_cache(maxsize=16384)
def english_words(text: str) -> tuple[str, ...]:
    """The words of an English name: folded, ordinals as ``1``, without articles and prepositions.

    >>> english_words("The First Affiliated Hospital, Example University")
    ('1', 'affiliated', 'hospital', 'example', 'university')
    >>> english_words("Example No.1 people’s Hospital"), english_words("1st Hospital of Xi'an")
    (('example', '1', 'peoples', 'hospital'), ('1', 'hospital', 'xian'))
    >>> english_words("서울대학교병원"), english_words("ОКБ №1")
    (('서울대학교병원',), ('окб', '1'))
    """
    plain = folded(unified(text))
    plain = re.sub(r"\s*['’‘`´]\s*(?=s\b)", "", plain)
    plain = re.sub(r"['’‘`´]", "", plain).replace("&", " and ")
    plain = re.sub(r"\b(?:no|number|num)\b\.?\s*(?=\d)", "", plain)
    plain = re.sub(r"\bno\.?\s*(?=\d)", "", plain)
    words = only_words(plain).split()
    found = []
    for word in words:
        if word in _STOP:
            continue
        if counted := re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word):
            word = counted[1]
        found.append(_ORDINAL_WORDS.get(word, word))
    return tuple(found)


def ordinals(words: tuple[str, ...]) -> frozenset[int]:
    """The numbers among the words of an English name."""
    return frozenset(int(w) for w in words if w.isdigit())


def word_bag(words: tuple[str, ...]) -> list[str]:
    """The words sorted, each number tied to the word it counts: ``1`` ``affiliated``.

    So the second hospital of a first university is not the first hospital of a second one.
    """
    tied = []
    for word, following in pairwise((*words, "")):
        tied.append(f"{word}:{following}" if word.isdigit() and following else word)
    return sorted(tied)
