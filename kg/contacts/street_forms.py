"""Streets with their house number inside any text: of people's addresses none is in any output.

Only what cannot be read otherwise: a number and words that are written as names, before or behind
a word for a street. What an institution is called (Invented Street Hospital) is no address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = r"(?:(?!(?:And|Or|With|Of|In|For)\s)[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|['’.-]){0,30}\s)"
# Title case writes words for time and amounts like names: "A 12 Week Open Road Study".
_NOT_COUNTED = (
    r"(?!(?:Weeks?|Months?|Days?|Years?|Hours?|Minutes?|Mg|Ml|Patients?|Phase|Arms?|Steps?|Points?"
    r"|Items?|Sites?|Cent(?:er|re)s?)\b)"
)
_INSTITUTION = (
    r"(?!\s(?:Hospital|Clinic|Cent(?:er|re)|Surger|Medical|Health|University|School|College|Practice"
    r"|Institut|Campus|Study|Trial|Project|Program))"
)
_FORMS = (
    # 12 Example Road, 12-14 North Example St.
    rf"(?<![\w.,/-])\d{{1,5}}[A-Za-z]?(?:[-–/]\d{{1,5}}[A-Za-z]?)?,?\s{_NOT_COUNTED}{_NAME}{{1,4}}"
    r"(?:Street|St\b\.?|Road|Rd\b\.?|Avenue|Ave\b\.?|Boulevard|Blvd\b\.?|Lane|Parkway|Highway"
    rf"|Drive|Crescent|Terrace){_INSTITUTION}(?!\w)",
    # Beispielstraße 7a, Beispiel-Str. 7, Voorbeeldlaan 12
    r"(?<!\w)[A-ZÄÖÜ][\w-]{1,40}(?:stra(?:ß|ss)e|[Ss]tr\.|gasse|allee|straat|laan|gracht|gatan|vägen)"
    r"\s?\d{1,4}\s?(?:[a-z]\b)?(?:\s?[-–/]\s?\d{1,4}\b)?(?![\d.,%]\d|\w)",
    # 12 rue de l'Exemple, 5 bis avenue Exemple
    r"(?<![\w.,/-])\d{1,4}(?:\s?(?:bis|ter))?,?"
    r"\s(?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d\.|[Cc]hemin|[Qq]uai)\s(?:d[eu]s?\s|l[ae]s?\s|d['’]|l['’]){0,2}(?:l['’])?[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}"
    r"(?:\s(?:d[eu]s?\s|la\s|d['’])?[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}){0,3}",
    # Calle Ejemplo 7, Avenida do Exemplo, 12, Via Esempio, 7
    r"(?<!\w)(?:(?:[Cc]alle|[Aa]venida|Avda?\.|Av\.|[Rr]ua|[Pp]aseo|Viale|Piazza|Jalan|Jl\.)\s"
    r"(?:d[aeo]s?\s|del\s|la\s|los\s|las\s){0,2}(?:[A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}\s){0,3}"
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,30},?\s"
    r"|Via\s(?:[A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}\s){0,3}[A-ZÀ-ÖØ-Þ][\w'’-]{1,30},\s)"
    r"(?:n\.?\s?[°º]?\s?|[Nn]o\.?\s)?\d{1,5}(?![\d.,%]\d|\w|\s?(?:mg|ml|mL|%|weeks?|days?|months?))",
    # P.O. Box 12, Postfach 12
    r"(?<!\w)(?:P\.?\s?O\.?\s?[Bb]ox|[Pp]ostal [Bb]ox|Postfach|Apartado(?: de [Cc]orreos)?"
    r"|Caixa Postal)"
    r"\s?(?:[Nn]o\.?\s?)?[A-Z]?\d(?:[\d\s-]{0,8}\d)?",
    # 示例路1号2楼; 1丁目2番3号, 3-2-1 Rei-cho
    r"[\u3400-\u9fff]{1,8}(?:路|街|大道|巷|弄|胡同)\s?\d{1,5}(?:[-–]\d{1,4})?\s?[号號](?!院区|医院)"
    r"(?:[\u3400-\u9fff]{0,4}\d{1,4}(?:[号號]?[楼樓室层層栋幢座]|[号號]|单元)){0,4}",
    r"[\u3400-\u9fff]{0,8}\d{1,3}丁目(?:\d{1,4}(?:番地?|号|[-－]))*(?:\d{1,4})?",
    r"(?<![\w.-])\d{1,4}(?:-\d{1,4}){1,3},?\s[A-Z][a-z]{1,20}-(?:ku|cho|machi|dori|shi|gun)\b",
    # 12, Yesi-ro, 12 Yesi-daero; 예시구 예시로 12
    r"(?<![\w.-])\d{1,4}(?:-\d{1,4})?,?\s[A-Z][a-z]{1,20}(?:\d{1,3})?-(?:daero|ro|gil)\b",
    r"[가-힣]{1,8}(?:시|구|군|읍|면|동)\s[가-힣0-9]{1,12}(?:로|길)\s?\d{1,4}(?:-\d{1,4})?(?!\d)",
)
STREET = re.compile("|".join(_FORMS))
# Without one of these no text has such a street: to ask so is far cheaper than the patterns. Words
# that begin with a capital are looked for whole, or every "Study" would hold a "St".
_WORD = re.compile(
    r"(?<![A-Za-z])(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Parkway|Highway|Drive"
    r"|Crescent|Terrace|Rue|Bd|Chemin|Quai|Calle|Avenida|Avda?|Av|Rua|Paseo|Viale|Piazza|Jalan|Jl"
    r"|Via|Box|Postfach|Apartado|Caixa)(?![A-Za-z])"
)
_SIGNS = """
    stra tr. gasse allee laan gracht gatan rue avenue boulevard bd. chemin quai calle avenida rua
    paseo box OBox -ku -cho -machi -dori -shi -gun -daero -ro -gil
"""
_HOLDS = tuple(_SIGNS.split())
_OTHER_LETTERS = ("vägen", "号", "號", "丁目", "로", "길")
_DIGIT = re.compile(r"\d")


def street_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where a text holds a street with its number."""
    if _DIGIT.search(text) and _may_hold(text):
        for found in STREET.finditer(text):
            yield found.span()


def _may_hold(text: str) -> bool:
    return (
        _WORD.search(text) is not None
        or any(map(text.__contains__, _HOLDS))
        or (not text.isascii() and any(map(text.__contains__, _OTHER_LETTERS)))
    )
