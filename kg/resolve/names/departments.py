"""Names of departments that do not say whose they are: "Department of Neurology", "Physiotherapy".

Every hospital and university has one, so such a name tells nothing beyond its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.resolve.names.generic_words import PARTICLES

_PARTS = """
    abteilung departamento departement departements department dept dipartimento division escola
    escuela faculdade facultad faculte faculty fakultat klinik lab laboratory office practice
    program school section sektion service services servicio team unidad unit ward
"""
_FIELDS = """
    a academic activity acupuncture acute adolescent adolescents adult adults agada allergy allied
    ambulatory an anatomy anestesia animation applied arts audiology ayurveda balroga basic
    behavioral behavioural bhaishajya biochemistry biological biology biomedical biostatistics
    blood bone burn burns cancer cardiac cardiothoracic cardiovascular care cell chest child
    childrens chinese chirurgia chirurgie ciencias cirugia cirurgia clinical clinics community
    complementary conservative control critical data dental dentistry dermatology development
    developmental diabetes diagnostic dietetics digestive disease diseases disorders dravyaguna
    ear education emergency endocrine endodontics enfermagem enfermeria ent epidemiology exercise
    experimental eye family fetal fitness forensic gastrointestinal general genetics geriatric
    geriatrics gynecology hand head health hearing hepatobiliary homeopathy human humans hygiene
    imaging immunology implantology infection infectious innere integrated integrative intensive
    interna internal interventional jugendmedizin kalpana kaumarbhritya kayachikitsa kidney kinder
    kinderheilkunde kinesiology language life liver marrow massage maternal maternity
    maxillofacial medecine medica medical medicina medicine medizin mental metabolic metabolism
    microbiology midwifery molecular movement neck neonatal nephrology neuro neurological
    neuroscience neurosciences neurosurgery newborn nose nuclear nursing nutrition obesity
    obstetrics occupational oncology operative ophthalmic ophthalmology optometry oral
    orthodontics orthopedic orthopedics pain palliative panchakarma pathology pediatric pediatrics
    pedodontics periodontics perioperative pharmaceutical pharmacy physical physiology
    physiotherapy plastic population prasuti prevention preventive primary prosthodontics
    psychiatric psychology public pulmonary radiation radiology radiotherapy rasa rasashastra
    reconstructive rehabilitation renal reproductive research respiratory restorative
    resuscitation rheumatic roga salud saude science sciences sexual shalakya shalya shastra skin
    sleep social speech spine sport sports statistics stem stomatology stri surgery surgical
    swasthavritta tantra technology therapies therapy thoracic throat toxicology traditional
    training translational transplant transplantation trauma trial trials tropical tuina tumor
    unani urologic vascular western women womens yoga
"""
_ALLOWED = frozenset(_PARTS.split()) | frozenset(_FIELDS.split()) | PARTICLES
_SPECIALTY = re.compile(
    r"\w{3,}(?:ology|ologie|ologia|ologi|iatry|iatrics|iatrie|iatria|iatrik|iatrija|etrics"
    r"|odontics|odontia|esia|esie|terapia|therapie)"
)


_CHINESE_FIELDS = (
    "神经 心血管 心脏 心 脑 呼吸 危重症 危重 消化 胃肠 肝胆 胰 肝 胆 内分泌 代谢 "
    "肾脏 肾 血液 风湿 免疫 感染 传染 肿瘤 放疗 化疗 普通 普 骨 关节 脊柱 创伤 手 "
    "烧伤 整形 美容 泌尿 男 胸 血管 甲状腺 乳腺 肛肠 疝 妇产 妇 产 生殖 儿 新生儿 "
    "小儿 眼 耳鼻咽喉 耳鼻喉 头颈 口腔 皮肤 性病 中医 中西医结合 针灸 推拿 康复 理疗 "
    "麻醉 疼痛 重症 急诊 急救 放射 影像 超声 核医学 检验 病理 药学 药剂 药物 临床 "
    "护理 公共卫生 营养 体育 心理 精神 老年 全科 保健 医学 基础 科研 科教 教学 介入 "
    "内 外 综合 门诊 输血 体检 预防 运动 睡眠 流行病 统计 "
)
_CHINESE = re.compile(
    rf"(?:{'|'.join(sorted(_CHINESE_FIELDS.split(), key=lambda word: (-len(word), word)))})++"
    r"(?:学)?(?:科|部|室|系|学院|学系|教研室|病区)[\d一二三四五六七八九十]*(?:科|病区|组)?"
)


def is_nameless_in_chinese(name: str) -> bool:
    """The same of a Chinese name without blanks.

    >>> is_nameless_in_chinese("神经内科"), is_nameless_in_chinese("护理学院")
    (True, True)
    >>> is_nameless_in_chinese("示例医院神经内科"), is_nameless_in_chinese("示例护理学院")
    (False, False)
    """
    return _CHINESE.fullmatch(name) is not None


def is_nameless(words: Iterable[str]) -> bool:
    """Whether the words of a name say a kind of department and nothing else.

    >>> is_nameless(("department", "neurology")), is_nameless(("physiotherapy",))
    (True, True)
    >>> is_nameless(("department", "neurology", "exo")), is_nameless(("institute", "psychiatry"))
    (False, False)
    """
    return all(word.isdigit() or is_of_a_department(word) for word in words)


def is_of_a_department(word: str) -> bool:
    """Whether a word says a field of medicine or a part of a house."""
    return word in _ALLOWED or _SPECIALTY.fullmatch(word) is not None
