"""Names of departments that do not say whose they are: "Department of Neurology", "Physiotherapy".

Every hospital and university has one, so such a name tells nothing beyond its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.resolve.generic_words import PARTICLES

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


def is_nameless(words: Iterable[str]) -> bool:
    """Whether the words of a name say a kind of department and nothing else.

    >>> is_nameless(("department", "neurology")), is_nameless(("physiotherapy",))
    (True, True)
    >>> is_nameless(("department", "neurology", "exo")), is_nameless(("institute", "psychiatry"))
    (False, False)
    """
    return all(
        word in _ALLOWED or word.isdigit() or _SPECIALTY.fullmatch(word) is not None
        for word in words
    )
