"""The form of the Chinese registry as its pages print it: labels in order, repeated blocks.

Seen in the registry's Chinese and English page templates and in its history pages; its sister
registries ITMCTR and AMCTR print the same form.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.fields import Fields
from kg.sources.page_forms import Block, Form

_PLACE = ("国家:", "省(直辖市):", "市(区县):", "Country:", "Province:", "City:", "单位(医院):")

FORM = Form(
    "审核状态:", "Project audit state:",
    "注册号:", "Registration number:",
    "最近更新日期:", "Date of Last Refreshed on:",
    "注册时间:", "Date of Registration:",
    "注册号状态:", "Registration Status:",
    "注册题目:", "Public title:",
    "注册题目简写:", "English Acronym:",
    "研究课题的正式科学名称:", "Scientific title:",
    "研究课题的正式科学名称简写:", "Scientific title acronym:",
    "研究课题代号(代码):", "Study subject ID:",
    "在二级注册机构或其它机构的注册号:",
    "The registration number of the Partner Registry or other register:",
    "申请注册联系人:", "研究负责人:", "Applicant:", "Study leader:",
    "申请注册联系人电话:", "Applicant telephone:",
    "研究负责人电话:", "Study leader's telephone:",
    "申请注册联系人传真:", "Applicant Fax:",
    "研究负责人传真:", "Study leader's fax:",
    "申请注册联系人电子邮件:", "Applicant E-mail:",
    "研究负责人电子邮件:", "Study leader's E-mail:",
    "申请单位网址(自愿提供):", "Applicant website(voluntary supply):",
    "研究负责人网址(自愿提供):", "Study leader's website(voluntary supply):",
    "申请注册联系人通讯地址:", "研究负责人通讯地址:",
    "Applicant address:", "Study leader's address:",
    "申请注册联系人邮政编码:", "Applicant postcode:",
    "研究负责人邮政编码:", "Study leader's postcode:",
    "申请人所在单位:", "Applicant's institution:",
    "研究负责人所在单位:", "Affiliation of the Leader:",
    "是否获伦理委员会批准:", "Approved by ethic committee:",
    "伦理委员会批件文号:", "Approved No. of ethic committee:",
    "伦理委员会批件附件:", "Approved file of Ethical Committee:",
    "批准本研究的伦理委员会名称:", "Name of the ethic committee:",
    "伦理委员会批准日期:", "Date of approved by ethic committee:",
    "伦理委员会联系人:", "Contact Name of the ethic committee:",
    "伦理委员会联系地址:", "Contact Address of the ethic committee:",
    "伦理委员会联系人电话:", "Contact phone of the ethic committee:",
    "伦理委员会联系人邮箱:", "Contact email of the ethic committee:",
    "研究实施负责(组长)单位:", "Primary sponsor:",
    "研究实施负责(组长)单位地址:", "Primary sponsor's address:",
    "试验主办单位(项目批准或申办者):", "Secondary sponsor:",
    Block(
        "sponsors",
        ("试验主办单位(项目批准或申办者):", "Secondary sponsor:"),
        (*_PLACE, "具体地址:", "Institution hospital:", "Address:"),
    ),
    "经费或物资来源:", "Source(s) of funding:",
    "研究疾病:", "Target disease:",
    "研究疾病代码:", "Target disease code:",
    "研究类型:", "Study type:",
    "研究所处阶段:", "Study phase:",
    "研究设计:", "Study design:",
    "研究目的:", "Objectives of Study:",
    "药物成份或治疗方案详述:", "Description for medicine or protocol of treatment in detail:",
    "纳入标准:", "Inclusion criteria",
    "排除标准:", "Exclusion criteria:",
    "研究实施时间:", "Study execute time:",
    "征募观察对象时间:", "Recruiting time:",
    "干预措施:", "Interventions:",
    Block(
        "arms",
        ("干预措施:", "Interventions:"),
        (
            "组别:", "样本量:", "Group:", "Sample size:",
            "干预措施:", "干预措施代码:", "Intervention:", "Intervention code:",
        ),
    ),
    "研究实施地点:", "Countries of recruitment and research settings:",
    Block(
        "sites",
        ("研究实施地点:", "Countries of recruitment and research settings:"),
        (*_PLACE, "单位级别:", "Institution hospital:", "Level of the institution:"),
    ),
    "测量指标:", "Outcomes:",
    Block(
        "outcomes",
        ("测量指标:", "Outcomes:"),
        (
            "指标中文名:", "指标类型:", "Outcome:", "Type:",
            "测量时间点:", "测量方法:", "Measure time point of outcome:", "Measure method:",
        ),
    ),
    "采集人体标本:", "Collecting sample(s) from participants:",
    Block(
        "specimens",
        ("采集人体标本:", "Collecting sample(s) from participants:"),
        (
            "标本中文名:", "组织:", "Sample Name:", "Tissue:",
            "人体标本去向", "说明", "Fate of sample:", "Note:",
        ),
    ),
    "征募研究对象情况:", "Recruiting status:",
    "年龄范围:", "Participant age:",
    "性别:", "Gender:",
    "随机方法(请说明由何人用什么方法产生随机序列):",
    "Randomization Procedure (please state who generates the random number sequence and by "
    "what method):",
    "是否公开试验完成后的统计结果:",
    "Calculated Results after the Study Completed public access:",
    "盲法:", "Blinding:",
    "试验完成后的统计结果(上传文件):", "Calculated Results after the Study Completed(upload file):",
    "是否共享原始数据:", "IPD sharing",
    "共享原始数据的方式(说明:请填入公开原始数据日期和方式,如采用网络平台,需填该网络平台名称和网址):",
    "The way of sharing IPD”(include metadata and protocol, If use web-based public database, "
    "please provide the url):",
    "数据采集和管理(说明:数据采集和管理由两部分组成,一为病例记录表(Case Record Form, CRF),"
    "二为电子采集和管理系统(Electronic Data Capture, EDC),如ResMan即为一种基于互联网的EDC:",
    "Data collection and Management (A standard data collection and management system include "
    "a CRF and an electronic data capture:",
    "数据与安全监察委员会:", "Data and Safety Monitoring Committee:",
    "注册人:", "Name of Registration:",
    misprints={
        # ITMCTR prints the leader's label over the applicant's web site, too.
        ("申请单位网址(自愿提供):", "Study leader's website(voluntary supply):"):
            "Applicant website(voluntary supply):",
        # Copies with cell marks cut the label where the page breaks it.
        ("研究负责人电话:", "Study leader's"): "Study leader's telephone:",
    },
    aliases={  # AMCTR
        "注册号获得时间:": "注册时间:",
        "Date of releasing the registration number:": "Date of Registration:",
        "在其它机构的注册号:": "在二级注册机构或其它机构的注册号:",
        "Secondary ID:": "The registration number of the Partner Registry or other register:",
    },
    taken=frozenset(("版本", "版本创建时间")),  # told by the head of a history page
    long=frozenset((
        "研究目的", "Objectives of Study", "药物成份或治疗方案详述",
        "Description for medicine or protocol of treatment in detail",
        "纳入标准", "Inclusion criteria", "排除标准", "Exclusion criteria",
        "指标中文名", "Outcome", "测量时间点", "Measure time point of outcome",
        "测量方法", "Measure method", "随机方法", "Randomization Procedure",
        "共享原始数据的方式", "The way of sharing IPD",
        "数据采集和管理", "Data collection and Management",
    )),
)  # fmt: skip

# Rows that print both labels and then one value for both languages (coded answers excepted:
# some templates print them under either label).
MERGED = (
    ("注册号", "Registration number"),
    ("最近更新日期", "Date of Last Refreshed on"),
    ("注册时间", "Date of Registration"),
    ("研究课题代号", "Study subject ID"),
    (
        "在二级注册机构或其它机构的注册号",
        "The registration number of the Partner Registry or other register",
    ),
    ("申请注册联系人电话", "Applicant telephone"),
    ("研究负责人电话", "Study leader's telephone"),
    ("申请注册联系人传真", "Applicant Fax"),
    ("研究负责人传真", "Study leader's fax"),
    ("申请注册联系人电子邮件", "Applicant E-mail"),
    ("研究负责人电子邮件", "Study leader's E-mail"),
    ("申请注册联系人邮政编码", "Applicant postcode"),
    ("研究负责人邮政编码", "Study leader's postcode"),
    ("伦理委员会批件文号", "Approved No. of ethic committee"),
    ("伦理委员会批件附件", "Approved file of Ethical Committee"),
    ("伦理委员会批准日期", "Date of approved by ethic committee"),
    ("伦理委员会联系人电话", "Contact phone of the ethic committee"),
    ("伦理委员会联系人邮箱", "Contact email of the ethic committee"),
    ("研究疾病代码", "Target disease code"),
    ("研究实施时间", "Study execute time"),
    ("征募观察对象时间", "Recruiting time"),
    ("年龄范围", "Participant age"),
    ("试验完成后的统计结果", "Calculated Results after the Study Completed"),
    ("注册人", "Name of Registration"),
)

# Labels that head a section and never hold a value of their own.
HEADS = tuple(FORM.keys[head] for head in FORM.blocks)

# The WHO sub-items under the labels that print them, and the labels of the last section.
_PRINTS: dict[str, tuple[str, ...]] = {
    "在二级注册机构或其它机构的注册号": ("WHO-03",),
    "申请注册联系人": ("WHO-07",),
    "申请人所在单位": ("WHO-07-affiliation",),
    "申请注册联系人电话": ("WHO-07-channel",),
    "研究负责人": ("WHO-08",),
    "研究负责人所在单位": ("WHO-08-affiliation",),
    "研究负责人电话": ("WHO-08-channel",),
    "注册题目": ("WHO-09",),
    "研究课题的正式科学名称": ("WHO-10",),
    "是否获伦理委员会批准": ("WHO-21a", "WHO-21b"),
    "伦理委员会联系人": ("WHO-21c",),
    "研究实施负责(组长)单位": ("WHO-05",),
    "试验主办单位": ("WHO-06",),
    "经费或物资来源": ("WHO-04",),
    "研究疾病": ("WHO-12",),
    "研究疾病代码": ("WHO-12b",),
    "研究类型": ("WHO-15a",),
    "研究所处阶段": ("WHO-15e", "WHO-15f"),
    "研究设计": ("WHO-15b",),
    "药物成份或治疗方案详述": ("WHO-13b",),
    "纳入标准": ("WHO-14a",),
    "排除标准": ("WHO-14b",),
    "研究实施时间": ("WHO-22", "WHO-23"),
    "征募观察对象时间": ("WHO-16",),
    "干预措施": ("WHO-13", "WHO-17a", "WHO-17b"),
    "研究实施地点": ("WHO-11", "WHO-11b"),
    "测量指标": ("WHO-19a", "WHO-19b", "WHO-19c", "WHO-20a", "WHO-20b", "WHO-20b-method"),
    "征募研究对象情况": ("WHO-18",),
    "年龄范围": ("WHO-14c",),
    "性别": ("WHO-14d",),
    "随机方法": ("WHO-15d",),
    "盲法": ("WHO-15c",),
    "是否共享原始数据": ("WHO-24a", "WHO-24b", "WHO-24c"),
}
_LAST = ("是否共享原始数据", "数据采集和管理", "数据与安全监察委员会", "注册人")


def below_the_cut(f: Fields) -> Iterator[str]:
    """The sub-items of which a copy that ends before the last section says nothing."""
    if any(map(f.has, _LAST)):
        return
    for label, items in _PRINTS.items():
        if not f.has(label):
            yield from items
