"""What stands in a name: a person, an organization, an office, or nothing that names anybody.

Registries print call centres, departments, job titles and companies where a person is meant. The
words that tell are listed here; each counts as a whole word only, for people are called Call, Head
and Data. A brand that is also a surname (Roche, Merck) counts only by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from kg.contacts.streets import is_address
from kg.names.degrees import LONGEST
from kg.names.masked_sites import is_masked_site
from kg.values import has_han, has_letter, is_placeholder, narrow, one_line

Kind = Literal["person", "organization", "office", "junk"]

_MOST_LETTERS = 60  # of a person's name
_MOST_WORDS = 10

_JUNK = re.compile(
    r"\S+@\S+|(?:https?://|www\.)\S+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|n/?a\.?|null|nil|none|unknown"
    r"|cancell?ed(?: by .*)?|anonymous|not (?:applicable|available|provided|known|yet .*|given"
    r"|specified)"
    r"|withheld|redacted|confidential|test(?: test)?|x{2,}"
    r"|未定|未知|不详|匿名|保密|某+",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"[\d\W_]+|(?:\+?\d[\d().\s-]*)?(?:\d{3}-?[A-Z0-9]{4,8}|\d{3}-\d-[A-Z]{4,8})\W*[\d\W]*"
)

_JOBS = (
    r"directors?|monitors?|managers?|coordinators?|co-ordinators?|coord|officers?|leaders?"
    r"|physicians?|chairs?|chairman"
    r"|responsible|lead|representatives?|administrators?|secretar(?:y|iat)|nurses?|assistants?"
    r"|associates?|specialists?"
    r"|investigators?|expert|advisor|scientist|contacts?|head|team|group|staff|personnel|resident"
)
_ABOUT = (
    r"study|studies|(?:clinical\s+)?trials?|clinical|medical|project|program(?:me)?|research"
    r"|scientific|site|regulatory|principal|sub"
    r"|global|safety|drug|development|central|recruitment|product|data|general|executive|managing"
    r"|senior|deputy|regional|therapeutic"
    r"|public|patient|associate|vice|local|primary|responsible|corporate|operations?|affairs|r&d"
)
_OFFICE = re.compile(
    rf"""
    \b(?:
      call(?:\s*-?\s*cent(?:er|re)|\s+(?:toll|us|for|1|\+|\d)) | cent(?:er|re)\s+d['’]?\s?appels?
    | (?:use|see|via|to|please|for|e-?mail)\s+(?:the\s+)?(?:central\s+)?contact\b
    | (?:e-?mail|central|study|public|main|overall|sponsor|site|general|first|primary)\s+contacts?
    | contact(?!o)\s+(?:(?:person|us|the|for|information|details|point|at|via|cent(?:er|re)
      |clinical|medical|\d|\+).*|\w+\s+(?:clinical|medical|trials?).*)
    | contacts?$ | ^contact:? | ^e-?mail\b | toll[\s-]?free | help\s?(?:line|desk) | hot\s?line
    | info(?:rmation)?\s+(?:line|desk|cent(?:er|re)|service|office|support) | support\s+line
    | (?:for\s+)?(?:more|further|additional)\s+information | information$ | ^info(?:rmation)?$
    | enquir(?:y|ies) | inquir(?:y|ies)
    | clinical\s?-?trials?(?!ist)(?:\.gov)? | clin\.?\s+trials?
    | clinical\s+(?:stud(?:y|ies)|operations?|sciences?\s+(?:&|and)\s+operations?|development
      |research(?!\s+(?:inc|ltd|llc|institut|foundation|cent|network|group|council|compan|corp
      |organi))|affairs|science)\b
    | trials?\s+(?:registry|registration|information|transparency|disclosure|office|desk
      |management|contact|unit|support|inquir\w+|manager|team|recruitment) | stud(?:y
      |ies)\s+(?:information|id|office|registry|team|recruitment|support)
    | (?:results?|data|public|trial)\s+disclosure | disclosures?$ | transparency
    | regist(?:ry|ration)\s+(?:office|desk|team|group|contact) | (?:data\s+)?registry$
    | (?:(?:{_ABOUT})[\s&,/-]+)+(?:{_JOBS}) | (?:{_JOBS})\s+(?:of|for)\s+\w+
    | (?:patient|volunteer|subject|participant)s?\s+(?:recruit\w*|relations?|information
      |services?|support|care|advocacy|enrol\w*|experience)
    | recruit(?:ment|ing)(?:\s+\w+)?$ | (?:customer|consumer)\s+(?:service|care|relations?)s?
    | dep(?:artmen)?t\.?\s+(?:of|for|de)?\b | dept\b | departments?\b | départment | département
    | departamento | abteilung | division\b | section\s+of | unit$ | offices?\b | secretariat
    | (?:medical|regulatory|scientific|public|government|external)\s+(?:affairs|information
      |communications?|relations|services?) | regulatory | pharmacovigilance | quality\s+assurance
    | r\s?&\s?d\b | drci\b(?!\s+h) | drc\b | communications?\s+cent(?:er|re)
    | (?:contact|information|resource)\s+cent(?:er|re) | (?:study|trial)\s+connect
    | (?:institutional|ethics?)\s+(?:review\s+)?(?:board|committee) | irb\b
    | ethics\s+(?:office|board|committee|commission) | review\s+board | ethics?$
    | (?:first\s+line\s+of|must\s+contain) | grants?\s+(?:office|management)
    | technology\s+transfer | legal\s+(?:affairs|department|representative)
    | sponsor(?:'s)?(?:\s+(?:contact|representative|office))?$ | (?:not\s+)?disclosed
    | operations$ | management$ | administration$ | service\s?line
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ALONE_WORDS = """
    pi cra crc sponsor contact contacts recruitment recruiter information info investigator
    investigators coordinator manager director physician doctor dr prof professor nurse office
    secretary secretariat administrator administration department registry research researcher
    responsible enquiries inquiries pharmacist monitor chair chairman staff team trials trial
    study site resident hotline helpline reception webmaster support service services centrala
    personnel patient patients
"""
_ALONE = frozenset(_ALONE_WORDS.split())
_SITE = re.compile(r"\b(?:site|institution|location|facility)", re.IGNORECASE)
_BRANDS_OFFICE = re.compile(r"\bcares$|\bconnect$|\btrials$|\bhotline\b", re.IGNORECASE)

_ORGANIZATION = re.compile(
    r"""
    \b(?:
      hospitals? | hosp\b\.? | h[ôo]pit(?:al|aux) | hospices? | hospitalier\w* | hospitali\w+
      | ospedal\w+ | azienda | krankenhaus | \w*klinik(?:um|en)? | \w*spital | szpital\w*
      | nemocnice
    | hastanesi | sykehus\w* | sjukhus\w* | sygehus\w* | hospitaals? | ziekenhu\w+
    | k[óo]rh[áa]z\w* | bolnica | bolnišnica | больниц\w+ | институт\w* | университет\w* | центр
    | клиник\w*
    | clinics? | clinique | cl[íi]nica | universi\w+ | univ\.? | üniversite\w* | egyetem\w*
    | uniwersytet\w* | yliopisto\w* | polyclinic\w* | policlinico | infirmary
    | colleges? | coll[eè]ge | institut\w* | istituto | inst\b\.? | academ(?:y|ies|ic) | akademie
    | faculty | facult[ée] | school | schools | cent(?:er|re)s? | centro | centrum | zentrum
    | compan(?:y|ies) | corp(?:oration)?\b\.? | inc\b\.? | incorporated | ltd\b\.? | ltda\b\.?
    | limited | llc | llp | l\.l\.c\.? | plc | p\.l\.c\.? | pty | gmbh | g\.m\.b\.h\.? | mbh
    | kgaa | jsc | \w*gesellschaft | s\.\s?a\.? | s\.a\.s\.? | sarl | s\.a\.r\.l\.? | s\.p\.a\.?
    | s\.r\.l\.?
    | b\.v\.? | n\.v\.? | a/s | aps$ | oyj$ | k\.k\.? | kft | sp\.?\s*z\s*o\.?\s*o\.?
    | s\.l\.u?\.? | s\.r\.o\.? | a\.s\. | co\.(?=$|,|\s*ltd|\s*inc|\s*kg)
    | (?-i:(?<=[a-z)]\s)(?:SA|AG|AB|AS|SE|SAS|KK|BV|NV|SpA|SRL|Srl|OY|Oy))$ | e\.\s?v\.$ | ооо
    | зао | оао | общество
    | pharma\b | pharmaceuticals? | pharmacy | pharma\w{3,} | biopharma\w* | therapeutics
    | biosciences? | biotech\w* | biologics | biomedic\w+ | biolog\w+ | oncology | diagnostics
    | genomics | immunotherap\w+ | life\s?sciences?
    | laborator(?:y|ies|ios?|ium|oires?) | labs? | vaccines? | healthcare
    | health\s+(?:care|system|service|authority|trust|board|sciences|department|cent\w+)\w*
    | medicines | medical\s+(?:group|systems?|devices?|research) | technolog(?:y|ies)
    | industries | holdings? | enterprises? | solutions | partners | ventures | international$
    | foundation | fondation | fondazione | fundaci[óo]n? | funda[çc][ãa]o | stichting | stiftung
    | trust | nhs | association | associazione | asociaci[óo]n | society | soci[ée]t[ée]
    | consortium | network | cooperative | group$ | groupe | gruppo | grupo | gruppe | federation
    | organi[sz]ations? | fund | nations | systems | world\s+bank | alliance | council | committee
    | agency | agence | ministry | minist[èe]re | bureau | government | authority
    | assistance\s+publique | aphp | ap-hp
    | (?:chu|ghu)\s+(?:de|du|des|d['’]|la|h[ôo]pital\w*)\b\w* | chru | chuv | irccs | inserm
    | cnrs | nih\b | fda\b | nci\b | national\s+institutes? | veterans\s+affairs | va\s+medical
    | department\s+of\s+(?:health|veterans|defen[sc]e) | army | navy | m\.?\s?d\.?\s+anderson
    | mayo\s+clinic | memorial | cro\b
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
# Names of companies that a record prints by themselves; some are surnames too, so only alone,
# before an office, or with a country.
_BRAND_NAMES = r"""
    novartis  pfizer  gsk  glaxo\s?smith\s?kline  astra\s?zeneca
    sanofi(?:[\s-]aventis|[\s-]pasteur)?  genzyme  hoffmann[\s-]la[\s-]roche  roche
    merck(?:\s+sharp\s+(?:&|and)\s+dohme)?  msd  bayer  (?:eli\s+)?lilly
    bristol[\s-]myers[\s-]squibb  bms  janssen(?:[\s-]cilag)?  johnson\s*&\s*johnson  abbvie
    abbott  amgen  takeda  astellas  daiichi[\s-]sankyo  eisai  boehringer(?:[\s-]ingelheim)?
    novo[\s-]nordisk  gilead  biogen(?:\s+idec)?  ucb  teva  servier  ipsen  allergan  celgene
    genentech  regeneron  vertex  alexion  moderna  biontech  csl\s+behring  shire  baxter
    baxalta  medtronic  otsuka  shionogi  kyowa\s+(?:hakko\s+)?kirin  chugai
    (?:h\.?\s+)?lundbeck  grifols  tibotec  proqr  alcon  actelion  incyte  jazz  mylan  viatris
    organon  schering[\s-]plough  wyeth  cephalon  medimmune  millennium  onyx  exelixis  seagen
    beigene  hengrui  sinovac  sinopharm  fresenius  octapharma  galderma  leo\s+pharma
    almirall  menarini  chiesi  zambon  orion  ferring  nektar  vifor  idorsia
"""
_BRANDS = "|".join(_BRAND_NAMES.split())
_BRAND = re.compile(
    rf"(?:{_BRANDS})(?:\s+(?:usa?|uk|japan|china|canada|korea|india|europe|france|germany|italy"
    r"|spain|brazil|(?-i:[A-Z]{2})))?",
    re.IGNORECASE,
)
_BRAND_THEN = re.compile(rf"\b(?:{_BRANDS})\b", re.IGNORECASE)

_ZH_ORGANIZATION = re.compile(
    r"(?:医院|大学|学院|研究院|研究所|中心|保健院|防治院|公司|集团|基金会|科学院|协会|学会|总院|分院|卫生院|疗养院|药厂|药业|卫健委|委员会|股份|制药)$"
)
_ZH_OFFICE = re.compile(
    r"办公室|伦理|委员会|机构办|项目组|课题组|呼叫中心|热线|联系人|负责人|秘书|客服|招募|部门|科室"
    r"|(?:科研|科教|教学|教育|医务|医学|临床|研究|试验|药物|管理|项目|质控|信息|护理|门诊|急诊|药剂|检验"
    r"|影像|放射|病理|康复|麻醉|肿瘤|血液|感染|呼吸|消化|内分泌|神经|泌尿|心内|心血管|外科|内科|儿科|妇科|产科|骨科|眼科"
    r"|口腔|皮肤|针灸|中医|重症)[^ ]{0,4}[科处部室组]$"
    r"|^(?:外|内|儿|妇|产|骨|眼|皮肤|妇产|耳鼻喉)科$|.{5,}[科处部室]$"
    # A title or a job and no name before it.
    r"|^(?:科|系|室|院|所|组|部门?|中心|机构)?(?:副|正|特聘|客座)?(?:教授|主任(?:[医药护技]师)?|院长|所长|处长|组长|院士|经理)$"
    r"|^(?:主治|住院|执业|责任|副主任|主管)?[医药护技]师$|^(?:医生|护士长?|博士|硕士|老师|讲师|副?研究员|研究护士)$"
    r"|^(?:主要|合作|责任|项目)?(?:研究者|申请人|申办[者方]|注册人|资助者)$"
    r"|^(?:项目|临床|医学|产品|研究|数据|医学事务|临床运营)(?:经理|总监|协调员|监[查察]员|专员|助理)$"
    r"|^临床(?:研究|试验)?(?:协调员|监[查察]员|助理|专员|护士)$|^医学(?:部|事务部?)$"
)


@lru_cache(maxsize=256)  # a field is cut in several ways, and asked about its parts in each
def kind_of(name: str) -> Kind:
    """What one name, without its degree, stands for.

    >>> [kind_of(n) for n in ("Jia Wang", "Novartis Pharmaceuticals", "GSK Clinical Trials", "N/A")]
    ['person', 'organization', 'office', 'junk']
    >>> [kind_of(n) for n in ("王甲", "示例大学附属医院", "临床试验机构办公室", "138 0000 0000")]
    ['person', 'organization', 'office', 'junk']
    """
    if len(name) > LONGEST:
        return "junk"
    printed = one_line(narrow(name)).strip(" ,;:-*")
    text = printed.strip(" .")
    if says_nothing(text) or _NUMBERS.fullmatch(text):
        return "junk"
    if told := told_by_words(printed):
        return told
    if is_address(text) or "@" in text or any(c.isdigit() for c in text):
        return "junk"
    if len(text) > _MOST_LETTERS or len(text.split()) > _MOST_WORDS:
        return "office"  # a sentence: an instruction to the reader, nobody's name
    return "person"


def says_nothing(text: str) -> bool:
    """Whether a text fills a name field without a name: N/A, TBD, Cancelled, an e-mail address."""
    return not has_letter(text) or is_placeholder(text) or _JUNK.fullmatch(text) is not None


@lru_cache(maxsize=256)
def told_by_words(text: str) -> Literal["organization", "office"] | None:
    """What the words of a name say it is, if they say so: an office before an organization."""
    if len(text) > LONGEST:
        return None
    if any(map(str.isalpha, text)) and _SITE.search(text) and is_masked_site(text):
        return "office"
    if has_han(text):
        if _ZH_OFFICE.search(text):
            return "office"
        if _ZH_ORGANIZATION.search(text):
            return "organization"
    if text.strip(" .").casefold() in _ALONE or _OFFICE.search(text) or _is_abbreviation(text):
        return "office"
    if _BRAND_THEN.search(text) and _BRANDS_OFFICE.search(text):
        return "office"
    if _THE.fullmatch(text):
        return "organization"
    bare = _INITIALS_FIRST.sub("", text)
    if _SURNAME_FIRST.fullmatch(text) or not (_ORGANIZATION.search(bare) or _BRAND.fullmatch(bare)):
        return None
    return "organization"


# Initials look like legal forms. In front of a name they are none: S.A. Khan. Behind one they are
# none where the name is a common surname: Liu AB.
_INITIALS_FIRST = re.compile(r"(?!M\.\s?D\.)(?:[A-Z]\.\s?){2,4}(?=[A-Z][\w'’-]+$)")
_SURNAMES = """
    An Bai Bao Cai Cao Chan Chang Chen Cheng Cheung Chow Chu Cui Dai Deng Ding Dong Du Duan Fan Fang
    Feng Fu Gao Ge Gong Gu Guo Han Hao He Ho Hong Hou Hsu Hu Huang Huo Ji Jia Jiang Jiao Jin Kang
    Kong Lai Lam Lau Lei Leung Li Liang Liao Lin Ling Liu Long Lu Luo Lv Ma Mao Mei Meng Miao Mo Ni
    Nie Niu Ouyang Pan Pang Peng Qi Qian Qiao Qin Qiu Qu Ren Ruan Shao Shen Shi Song Su Sun Tan Tang
    Tao Tian Tong Tsai Tu Wan Wang Wei Wen Weng Wong Wu Xi Xia Xiang Xiao Xie Xin Xing Xiong Xu Xue
    Yan Yang Yao Ye Yi Yin Ying You Yu Yuan Yue Zeng Zha Zhai Zhan Zhang Zhao Zheng Zhong Zhou Zhu
    Zhuang Zou Zuo
    Bae Cho Choi Chung Hwang Jang Jeon Jeong Jung Kim Kwon Lee Lim Moon Oh Park Seo Shin Yoon
    Ahmad Ahmed Akhtar Ali Begum Chowdhury Das Desai Gupta Hasan Hassan Hossain Hussain Iqbal Islam
    Iyer Jain Joshi Khan Kumar Mehta Mishra Nair Patel Rahman Rao Reddy Shah Sharma Singh Verma
    Yadav Ito Kato Kobayashi Nakamura Sato Suzuki Tanaka Watanabe Yamada Yamamoto
    Nguyen Tran Pham Hoang Phan Vu Dang Bui
"""
_INITIALLED = rf"(?:{'|'.join(_SURNAMES.split())}),?\s+(?:[A-Z][\s.-]{{0,2}}){{1,3}}"
_SURNAME_FIRST = re.compile(rf"{_INITIALLED}(?:[,;]\s*{_INITIALLED})*")
# "The EORTC", but Thế is a given name: "The ANH", "The NGUYEN" are syllables of Vietnamese.
_THE = re.compile(
    r"[Tt]he (?!(?:[BCDĐGHKLMNPQRSTVX]|CH|GH|GI|KH|NG|NGH|NH|PH|QU|TH|TR)?[AEIOUY]{1,3}"
    r"(?:C|CH|M|N|NG|NH|P|T)?$)[A-Z]{3,}"
)
_VOWEL = re.compile("[AEIOUYÀ-ÖØ-Ý]")


def _is_abbreviation(text: str) -> bool:
    """Whether a text is one word of capitals that nobody can say: GCT-SU, CTRG."""
    first = re.split("[-/]", text)[0]
    return (
        " " not in text
        and len(first) > 2
        and first.isascii()
        and first.isalpha()
        and first.isupper()
        and not _VOWEL.search(first)
    )
