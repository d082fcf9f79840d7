"""Values as a source prints them: text, dates with their precision, counts, ages.

Every parser keeps what the source knew and raises ``ValueError`` with what would be right;
``kg.fields`` turns that into an issue with its line. Nothing here guesses.
"""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

# C0 and C1 controls, zero-width space and byte-order mark, bidirectional overrides (they can make
# a report read differently from its bytes), lone surrogates and noncharacters (XML forbids them).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufdd0-\ufdef"
    "\ud800-\udfff\ufffe\uffff]"
)
_BLANKS = re.compile(r"\s+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# Words that fill a field without saying anything (WHO data set practice; formats, "Kinds of
# nothing"). A field whose words include one of these reads its code table first.
_NOTHING = (
    "na n/a n.a. n.a null nil none no 无 无。 暂无 没有 不适用 nil_known not_applicable"
    " not_reported not_provided not_available not_specified - -- / . 、 [---]*"  # the last: DRKS
    " [redacted] redacted"  # ClinicalTrials.gov, of a device before its approval
    # A promise to fill the field.
    " tbd tba tbc to_be_determined to_be_decided to_be_announced to_be_confirmed to_be_advised"
    " to_be_added 待定 待补充 待确定 待确认 待公布"
)
PLACEHOLDERS = frozenset(_NOTHING.replace("_", "\u00a0").split(" "))

# Spreadsheets compute what begins with one of these, in Chinese and Japanese the full-width ones
# too. Tables that people open in one put a character before it.
FORMULA_SIGNS = "=+-@＝＋－＠"

_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))


def unprintable(text: str) -> int:
    """How many characters of ``text`` no output may hold (controls, overrides, surrogates)."""
    return len(_UNPRINTABLE.findall(text))


def one_line(text: str) -> str:
    """``text`` without unprintable characters, blanks (also no-break ones) collapsed, trimmed.

    >>> one_line(" a\\u00a0\\n b\\x0b ")
    'a b'
    """
    if text.isascii() and text.isprintable() and "  " not in text:  # most texts: nothing to do
        return text.strip(" ")
    return " ".join(_UNPRINTABLE.sub("", text).split())


_REFERENCE = re.compile(r"&(?:#\d{1,6}|#[xX][0-9A-Fa-f]{1,5}|amp|lt|gt|quot|apos|nbsp);")


def without_references(text: str) -> str:
    """``text`` with the signs that registries escaped once too often (``&#39;``, ``&#32;``).

    >>> without_references("Children&#39;s&#32;Exo &amp; Co"), without_references("R&D; A&B")
    ("Children's Exo & Co", 'R&D; A&B')
    """
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def paragraphs(text: str) -> str:
    """``text`` cleaned like ``one_line``, but with its line breaks kept (blank lines dropped)."""
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


_ITEM = re.compile(r"\s*(?:[-*•·]\s|\(?\d{1,2}[.)]\s)")


def unwrapped(text: str) -> str:
    """A text whose source breaks lines at a fixed width, in its paragraphs, cleaned like them.

    A blank line parts paragraphs there; so does the mark of an item in a list.

    >>> unwrapped("Of women\\n   with PMS.\\n\\n  -  pain\\n  - sleep")
    'Of women with PMS.\\n- pain\\n- sleep'
    """
    found: list[list[str]] = [[]]
    for row in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not row or row.isspace() or _ITEM.match(row):
            found.append([])
        found[-1].append(row)
    return paragraphs("\n".join(" ".join(rows) for rows in found))


def narrow(text: str) -> str:
    """``text`` with full-width ASCII made half-width: ``：`` becomes ``:``, ``２`` ``2``."""
    return text if text.isascii() else text.translate(_WIDE)


def says_none(text: str) -> bool:
    """Whether a word denies: in the place of an arm's intervention it says that the arm has none.

    >>> says_none("None"), says_none("无"), says_none("NA"), says_none("")
    (True, True, False, False)
    """
    return text.strip(" .。;；").lower() in {"none", "no", "nil", "无"}


def is_placeholder(text: str) -> bool:
    """Whether ``text`` fills a field without saying anything: ``N/A``, ``无``, ``None``, ``TBD`` …

    >>> is_placeholder("None"), is_placeholder("Nil  known"), is_placeholder("No masking")
    (True, True, False)
    """
    if len(text) > _LONGEST_PLACEHOLDER:
        # The beginning of a long text says enough, unless it is full of blanks.
        for part in (text[: 4 * _LONGEST_PLACEHOLDER], text):
            if len("".join(part.split())) > _LONGEST_PLACEHOLDER:
                return False
    return _is_placeholder(text)


@lru_cache(maxsize=8192)
def _is_placeholder(text: str) -> bool:
    return _BLANKS.sub("\u00a0", narrow(text).strip().casefold()) in PLACEHOLDERS


_PRECISIONS = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}


class PartialDate(NamedTuple):
    """A date at the precision its source gives: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    text: str

    @property
    def datatype(self) -> str:
        """The XSD datatype that says how much is known."""
        return _PRECISIONS[len(self.text)]


_TIME_BEHIND = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?)?"
_DATE = re.compile(rf"(\d{{4}})(?:([-/.])(\d{{1,2}})(?:\2(\d{{1,2}}){_TIME_BEHIND})?)?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"),
            ("may",), ("jun", "june"), ("jul", "july"), ("aug", "august"),
            ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_ENGLISH_DATE = re.compile(r"([A-Za-z]{3,9})\.?\s+(?:(\d{1,2}),?\s+)?(\d{4})")


def partial_date(text: str) -> PartialDate | None:
    """A date at the precision given; None for what registries print for "none".

    >>> partial_date("1900-01-01"), partial_date("0000-00-00")
    (None, None)
    >>> partial_date("2020-03")
    PartialDate(text='2020-03')
    >>> partial_date("2025-07-22 00:00:00")
    PartialDate(text='2025-07-22')
    >>> partial_date("March 2020")
    Traceback (most recent call last):
    ValueError: expected YYYY, YYYY-MM or YYYY-MM-DD
    """
    found = _DATE.fullmatch(narrow(text).strip())
    if not found or not found[0].isascii():
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, _, month, day = found.groups()
    return _checked(int(year), int(month) if month else None, int(day) if day else None)


def english_date(text: str) -> PartialDate | None:
    """A date written ``June 06, 2025``, ``Aug 3, 2023`` or ``March 2020``.

    >>> english_date("June 06, 2025"), english_date("Mar 2020")
    (PartialDate(text='2025-06-06'), PartialDate(text='2020-03'))
    """
    found = _ENGLISH_DATE.fullmatch(narrow(text).strip())
    month = _MONTHS.get(found[1].casefold()) if found else None
    if not found or month is None:
        raise ValueError("expected a date such as June 6, 2025")
    return _checked(int(found[3]), month, int(found[2]) if found[2] else None)


_ISO_DAY = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)


def iso_day(text: str) -> PartialDate | None:
    """The day of an ISO 8601 date or moment, as printed: the zone is not applied.

    >>> iso_day("2015-11-01T00:00:00.000Z"), iso_day("2026-05-26")
    (PartialDate(text='2015-11-01'), PartialDate(text='2026-05-26'))
    """
    found = _ISO_DAY.fullmatch(narrow(text).strip())
    if not found:
        raise ValueError("expected YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ")
    return _checked(int(found[1]), int(found[2]), int(found[3]))


def day_first(text: str) -> PartialDate | None:
    """A date whose source prints the day before the month: ``31/01/2013``, ``31.01.2013``.

    >>> day_first("02/04/2013")
    PartialDate(text='2013-04-02')
    """
    found = _DAY_FIRST.fullmatch(narrow(text).strip())
    if not found:
        raise ValueError("expected DD/MM/YYYY")
    return _checked(int(found[4]), int(found[3]), int(found[1]))


def moment(text: str) -> str:
    """A moment with its zone, to the second, as an ``xsd:dateTime``.

    >>> moment("2026-05-26T15:09:37.845816062Z")
    '2026-05-26T15:09:37Z'
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found or iso_day(found[1]) is None:
        raise ValueError("expected YYYY-MM-DDThh:mm:ssZ")
    if int(found[2][1:3]) > 23 or int(found[2][4:6]) > 59 or int(found[2][7:9]) > 59:
        raise ValueError("expected a time of day")
    return f"{found[1]}{found[2]}{found[3]}"


_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


def _checked(year: int, month: int | None, day: int | None) -> PartialDate | None:
    if (year, month, day) in ((1900, 1, 1), (0, 0, 0)):
        return None
    if not 1800 <= year <= 2200:
        raise ValueError("expected a year between 1800 and 2200")
    if month is None:
        return PartialDate(f"{year:04}")
    if not 1 <= month <= 12:
        raise ValueError("expected a month between 01 and 12")
    if day is None:
        return PartialDate(f"{year:04}-{month:02}")
    try:
        return PartialDate(date(year, month, day).isoformat())
    except ValueError:
        raise ValueError("expected a day that the month has") from None


def stamp(text: str, zone: str = "+08:00") -> str:
    """A moment as an ``xsd:dateTime`` in the registry's zone (ChiCTR: UTC+8).

    >>> stamp("2026-06-25 09:40:03"), stamp("2023/05/03 20:01:22")
    ('2026-06-25T09:40:03+08:00', '2023-05-03T20:01:22+08:00')
    """
    try:
        moment = datetime.strptime(narrow(text).strip().replace("/", "-"), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        raise ValueError("expected YYYY-MM-DD HH:MM:SS") from None
    return moment.isoformat() + zone


_PERIOD = re.compile(r"(?:从\s*)?From\s*(.*?)\s*(?:至\s*)?To(?![A-Za-z])\s*(.*)", re.IGNORECASE)


def ends_of(text: str) -> tuple[str, str] | None:
    """What ``From … To …`` prints on either side; None for anything else.

    >>> ends_of("从 From 2025-06-01 00:00:00 至 To "), ends_of("2025-06-01")
    (('2025-06-01 00:00:00', ''), None)
    """
    found = _PERIOD.fullmatch(one_line(text))
    return (found[1], found[2]) if found else None


_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def count(text: str) -> int:
    """A whole number of participants, 0 or more.

    >>> count("75"), count("1,200"), count("１２")
    (75, 1200, 12)
    """
    plain = narrow(text).strip().removesuffix("例").removesuffix("人").strip()
    if not plain.isascii() or not _COUNT.fullmatch(plain):
        raise ValueError("expected a whole number such as 120")
    return int(plain.replace(",", ""))


def decimal(text: str) -> Decimal:
    """A decimal number as printed, such as a latitude.

    >>> decimal("-33.8688")
    Decimal('-33.8688')
    """
    plain = narrow(text).strip()
    if not re.fullmatch(r"[+-]?\d{1,12}(?:\.\d{1,18})?", plain, re.ASCII):
        raise ValueError("expected a decimal number such as 51.5072")
    return Decimal(plain)


_UNIT_IN_YEARS = {"year": Decimal(1), "month": Decimal(12), "week": Decimal("52.18")}
_UNIT_IN_YEARS["day"] = Decimal("365.25")
_UNIT_IN_YEARS["hour"] = 24 * _UNIT_IN_YEARS["day"]
_UNIT_IN_YEARS["minute"] = 60 * _UNIT_IN_YEARS["hour"]
_UNITS = {
    "岁": "year", "年": "year", "月": "month", "个月": "month", "周": "week", "天": "day",
    "日": "day", "小时": "hour", "分钟": "minute",
}  # fmt: skip
_AGE = re.compile(
    rf"(\d{{1,6}}(?:\.\d+)?)?\s*({'|'.join(_UNITS)})?\s*({'|'.join(_UNIT_IN_YEARS)})?s?", re.I
)
_OLDEST = 999  # years, for which three digits are enough


def age(text: str) -> Decimal | None:
    """An age limit in years (months / 12, weeks / 52.18, days / 365.25); None without a number.

    A number without a unit is refused: 18 may be months. Four decimals, eight of hours and minutes.

    >>> age("18 years"), age("6 Months"), age("years"), age("80 岁 years")
    (Decimal('18'), Decimal('0.5'), None, Decimal('80'))
    >>> age("36 Hours"), age("1095 Days")
    (Decimal('0.00410678'), Decimal('2.9979'))
    """
    found = _AGE.fullmatch(narrow(one_line(text)))
    if not found:
        raise ValueError("expected a number and a unit such as 18 years")
    number, han, latin = found.groups()
    if number is None:
        return None
    if not han and not latin:
        raise ValueError("expected a unit: years, months, weeks or days")
    unit = latin.casefold() if latin else _UNITS[han]
    years = Decimal(number) / _UNIT_IN_YEARS[unit]
    if years > _OLDEST:
        raise ValueError("expected an age such as 18 years")
    if unit == "year":
        return Decimal(number)
    step = Decimal("0.00000001" if unit in ("hour", "minute") else "0.0001")
    return years.quantize(step).normalize() + 0


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")


def has_han(text: str) -> bool:
    """Whether ``text`` holds a Chinese character."""
    return not text.isascii() and _HAN.search(text) is not None


def has_letter(text: str) -> bool:
    """Whether ``text`` holds a letter of any script."""
    return any(unicodedata.category(c).startswith("L") for c in text)
