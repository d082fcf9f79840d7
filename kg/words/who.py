"""What the WHO platform and its registries exchange: values as they are printed there.

The portal (ICTRP) and the interchange files of the registries print one set of fields, each
registry in its own way: dates, ages, arms with their sizes, lists that a semicolon divides.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from kg import values
from kg.codes import CHINESE, Words
from kg.fields import Fields
from kg.said import Codes, Said, Texts, joined
from kg.sources.trees import Cell
from kg.values import PartialDate, is_placeholder, one_line

# -- texts -----------------------------------------------------------------------------------------

_BREAK = re.compile(r"<\s*/?\s*br\s*/?\s*/?\s*>", re.IGNORECASE)
_HEAD = re.compile(
    r"\s*(?:key\s+)?(?:inclusion|exclusion)\s+criteria\s*(?::|(?=\n))\s*", re.IGNORECASE
)
# "Exclusion Criteria (one of which keeps out):" may run over two lines.
_EXCLUSION = re.compile(
    r"^[ \t]*(?:key )?exclusion criteria[ \t]*(?:[:.]?[ \t]*$|\([^()]{1,200}\)[ \t]*:[ \t]*$)",
    re.I | re.M,
)
# "Exclusion Criteria for a contact:", as where each group has criteria of its own.
_ANY_EXCLUSION = re.compile(r"^[ \t]*(?:key )?exclusion criteria\b[^.;]{0,60}:[ \t]*$", re.I | re.M)


def lines(text: str) -> str:
    """``text`` with its literal ``<br>`` (also ``<br/ >``) as line breaks.

    >>> lines("1. a<br/ ><br>2. b")
    '1. a\\n2. b'
    """
    return values.paragraphs(_BREAK.sub("\n", text))


def line(text: str) -> str:
    """``text`` on one line, a literal ``<br>`` as a blank."""
    return one_line(_BREAK.sub(" ", text))


def text_in(f: Fields, label: str, *, long: bool = False) -> Texts | None:
    """The English text under a label."""
    said = f.said(label, lines if long else line)
    if said is None:
        return None
    return Texts(en=said.but(None) if said.value == "" else said)


class Criteria(NamedTuple):
    """Inclusion and exclusion criteria; ``whole`` where one field holds both undivided."""

    inclusion: Texts | None = None
    exclusion: Texts | None = None
    whole: Texts | None = None


def criteria(f: Fields, inclusion: str, exclusion: str) -> Criteria:
    """The criteria of two labels, without the heading that the field repeats.

    A first field that holds both under their headings is divided at the second heading; one that
    does so for several groups stays whole.
    """
    first = f.said(inclusion, lines)
    second = f.said(exclusion, lines)
    if first and first.value and not (second and second.value):
        parts = _EXCLUSION.split(first.value)
        if len(parts) == 2 and parts[0].strip() and parts[1].strip():
            blank = second if second else None
            other = first.but(_bare(parts[1]))
            if blank is not None:
                other = joined(other.value, (first, blank))
            return Criteria(_texts(first.but(_bare(parts[0]))), _texts(other))
        if len(parts) > 2 or (len(parts) == 1 and _ANY_EXCLUSION.search(first.value)):
            return Criteria(
                whole=_texts(first if second is None else joined(first.value, (first, second)))
            )
    return Criteria(_texts(_headless(first)), _texts(_headless(second)))


def _headless(said: Said[str] | None) -> Said[str] | None:
    return said and said.but(_bare(said.value or ""), refused=said.refused)


def _bare(text: str) -> str | None:
    bare = values.paragraphs(_HEAD.sub("", text, count=1)) if _HEAD.match(text) else text.strip()
    return None if not bare or is_placeholder(bare) else bare


def _texts(said: Said[str] | None) -> Texts | None:
    return None if said is None else Texts(en=said)


_STREET = re.compile(
    r"\d|\b(?:road|rd|street|st\.|marg|avenue|ave|lane|nagar|floor|room|building|bldg|plot|sector|block"
    r"|drive|suite|post ?box|p\.?o\.? ?box|pin ?code|campus|near|opp(?:osite)?|behind|rua|calle|"
    r"stra(?:ss|ß)e)\b",
    re.IGNORECASE,
)
# Where a street begins inside a name that no comma divides from it.
_BEGINS = re.compile(
    r"[\s,;-]+(?:\d+(?:st|nd|rd|th)\s+floor|room\s+no|plot\s+no|s\.\s?no|road\s+no|\d+/\d+\b"
    r"|\d{2,5}\s*\(|\d{5,6}\b)"
    r"|(?<=\.)\d{3,6}\s"
    r"|\s\d{1,5}\s+(?:[\w.]{1,30}\s+){0,3}(?:road|street|drive|avenue|lane)\b"
    r"|(?<=\w\s)[\w.]{1,30}\s+(?:road|street|marg)\b"
    r"(?!.{0,80}(?:hospital|clinic|school|institut|college|surgery|cent(?:er|re)|health))",
    re.IGNORECASE,
)


def without_address(text: str) -> str:
    """A name without the street that registrants write behind it; streets are in no output.

    >>> without_address("Ethics Committee, Example Hospital, 12 Example Road, Exampleville-000000")
    'Ethics Committee, Example Hospital'
    >>> without_address("Invented Medical College 3rd Floor Room No. 1"), without_address("IRB 2")
    ('Invented Medical College', 'IRB 2')
    >>> without_address("Invented Eye Institute Example Road Exampleville")
    'Invented Eye Institute'
    >>> without_address("Invented Street Hospital for Children")
    'Invented Street Hospital for Children'
    """
    first, *rest = one_line(text).split(",")
    if not any(_STREET.search(part) for part in (first, *rest)):
        return one_line(text)
    begins = _BEGINS.search(first)
    if begins and begins.start():
        return first[: begins.start()].strip(" .,;-") or first.strip()
    kept = [first]
    for part in rest:
        if _STREET.search(part):
            break
        kept.append(part)
    return ",".join(kept).strip(" ,;")


# A semicolon that ends a reference of HTML (``throat&#32;swab``) divides nothing.
_REFERENCE = r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos|nbsp)"
_ENDS_REFERENCE = re.compile(_REFERENCE + r"\Z")


def _ends_reference(text: str, at: int) -> bool:
    return _ENDS_REFERENCE.search(text, max(0, at - 12), at) is not None


def parts_of(text: str, mark: str = ";") -> list[str]:
    """The parts of a text at each mark outside brackets, trimmed, empty ones left out.

    >>> parts_of("a (b; c);d;"), parts_of("a&#32;b;c")
    (['a (b; c)', 'd'], ['a&#32;b', 'c'])
    """
    every: list[int] = []
    outside: list[int] = []
    depth = 0
    for at, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(0, depth - 1)
        elif character == mark and not _ends_reference(text, at):
            every.append(at)
            if depth == 0:
                outside.append(at)
    # Brackets that never close say nothing about the marks behind them.
    marks = every if depth else outside
    starts, ends = [0, *(at + 1 for at in marks)], [*marks, len(text)]
    found = [one_line(text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [part for part in found if part]


def web_addresses(f: Fields, label: str) -> tuple[Said[str], ...]:
    """The web addresses that stand under a label; what is none is an issue."""
    said = f.said(label, line)
    if said is None or said.value is None:
        return ()
    found = re.findall(r"https?://[^\s<>\"{}|\\^`;]+", said.value)
    if not found:
        f.report("bad value", label, "expected a web address such as https://example.org/1")
    return tuple(said.but(address.rstrip(".,)")) for address in dict.fromkeys(found))


# -- words -----------------------------------------------------------------------------------------


_LONGEST_WORD = 400  # characters; longer texts are no words of a list


def word(
    f: Fields, scheme: str, cell: Cell, text: str, *others: str, report: bool = True
) -> Said[Codes]:
    """The codes of a word that is part of a cell, by the table of the source, then of ``others``.

    A word that none of them knows is an issue.
    """
    table = Words.load()
    for registry in (f.registry, *others) if len(text) <= _LONGEST_WORD else ():
        codes = table.concepts(scheme, registry, text)
        if codes is not None:
            return cell.says(codes, text)
    if not text or is_placeholder(text):
        return cell.says(None, text)
    if report:
        expected = f"add a row to ontology/codes/{scheme}.tsv"
        f.log.report("unknown word", cell.path, cell.line, text, expected)
    return cell.says(None, text, refused=True)


def chinese_design(f: Fields, cell: Cell) -> dict[str, Said[Codes]]:
    """The design of a Chinese registry, one word that may say how participants are allocated."""
    text = line(cell.text)
    found = {"design-model": word(f, "design-model", cell, text, "chictr")}
    allocation = word(f, "allocation", cell, text, "chictr", report=False)
    return found | ({"allocation": allocation} if allocation.value else {})


# -- dates -----------------------------------------------------------------------------------------

# Registries whose dates the exchange prints as YYYY-MM-DD; all others print the day first.
_ISO = CHINESE | {"irct", "cris"}
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})", re.ASCII)
_STAMP = re.compile(
    r"([A-Za-z]{3} \d{1,2},? \d{4})(?: \d{1,2}:\d{2}(?::\d{2}(?:[:.]\d{3})?)? ?[AP]M)?"
)


def day(text: str, issuer: str = "", *, day_first: bool | None = None) -> PartialDate | None:
    """A date as the exchange prints it for a registry; None for 1 January 1900.

    ``day_first`` says how ``03/04/2020`` is meant; by default the registry does, and where it
    prints other forms such a date is refused, unless only one reading is a date.

    >>> day("2020-02-17"), day("20200217"), day("27/01/2020", "ctri")
    (PartialDate(text='2020-02-17'), PartialDate(text='2020-02-17'), PartialDate(text='2020-01-27'))
    >>> day("17 February 2020"), day("Feb  1 2019 12:00AM"), day("January 1996")
    (PartialDate(text='2020-02-17'), PartialDate(text='2019-02-01'), PartialDate(text='1996-01'))
    >>> day("Jan  1 1900 12:00AM") is None
    True
    """
    plain = values.narrow(one_line(text))
    if found := _EIGHT.fullmatch(plain):
        return values.partial_date("-".join(found.groups()))
    if found := _NUMBERS.fullmatch(plain):
        first = issuer not in _ISO if day_first is None else day_first
        return _numbers(found, first)
    if found := _WRITTEN.fullmatch(plain):
        return values.english_date(f"{found[2]} {found[1]}, {found[3]}")
    if found := _STAMP.fullmatch(plain):
        return values.english_date(found[1])
    if plain[:1].isalpha():
        return values.english_date(plain)
    return values.partial_date(plain)


def _numbers(found: re.Match[str], day_first: bool) -> PartialDate | None:
    first, second, year = found[1], found[3], found[4]
    if day_first:
        return values.day_first(f"{first}/{second}/{year}")
    if int(first) <= 12 and int(second) <= 12 and int(first) != int(second):
        raise ValueError("expected YYYY-MM-DD; which of the two is the month is not certain")
    if int(first) <= 12:
        first, second = second, first
    return values.day_first(f"{first}/{second}/{year}")


def either_order(text: str) -> set[str]:
    """Both readings of a date of three numbers, as YYYY-MM-DD; empty for other forms."""
    found = _NUMBERS.fullmatch(one_line(text))
    if not found:
        return set()
    readings = ((found[1], found[3]), (found[3], found[1]))
    return {f"{found[4]}-{int(month):02}-{int(d):02}" for d, month in readings}


# -- ages and sex ----------------------------------------------------------------------------------

_AGE = re.compile(
    r"(?:>=?|<=?|=|≥|≤)?\s*(\d{1,3}(?:\.\d+)?)\s*\(?\s*"
    r"(years?|year\(s\)|yrs?|y|周?岁|months?|month\(s\)|m|weeks?|week\(s\)|w|days?|day\(s\)|d|hours?|h)?\s*\)?"
    r"[\s-]*(?:age)?[\s-]*(?:old)?",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(
    r"no\s*(?:age\s*)?limit|not applicable|no (?:maximum|minimum|upper|lower) (?:age|limit)"
    r"(?: limit)?|none|without limit|unlimited",
    re.IGNORECASE,
)
# Registries whose forms ask for years and for nothing else.
_YEARS_ONLY = CHINESE | {"japiccti"}
# Registries in whose records N/A says that there is no limit.
_NA_IS_NO_LIMIT = frozenset({"ctgov"})
_UNITS = {"岁": "years", "周": "years", "y": "years", "m": "months", "w": "weeks", "d": "days"}


class Ages(NamedTuple):
    """Age limits in years, which of them do not exist, and both as printed."""

    low: Said[Decimal] | None = None
    high: Said[Decimal] | None = None
    none: Said[Codes] | None = None
    as_given: tuple[Said[str], ...] = ()


def ages(f: Fields, low: str, high: str, issuer: str) -> Ages:
    """The age limits of two labels.

    >>> from kg.cursor import Log
    >>> f = Fields({"a": Cell(">= 20age old", 1), "b": Cell("no limit", 2)}, registry="ictrp",
    ...            log=Log("x"))
    >>> found = ages(f, "a", "b", "jrct")
    >>> found.low.value, found.high, found.none.value
    (Decimal('20'), None, ('no-upper',))
    """
    limits: list[Said[Decimal] | None] = []
    absent: list[tuple[str, Said[str]]] = []
    as_given = []
    for label, code in ((low, "no-lower"), (high, "no-upper")):
        cell = f.cell(label)
        if cell is None:
            limits.append(None)
            continue
        text = line(cell.text)
        if _is_no_limit(values.narrow(text), issuer):
            absent.append((code, cell.says(text)))
            limits.append(None)
            as_given.append(cell.says(text))
            continue
        limit = _limit(f, cell, values.narrow(text), issuer, upper=label == high)
        limits.append(limit)
        if text and not is_placeholder(text):
            as_given.append(cell.says(text))
    none: Said[Codes] | None = None
    if absent:
        none = joined(tuple(code for code, _ in absent), tuple(said for _, said in absent))
    return Ages(limits[0], limits[1], none, tuple(as_given))


def _is_no_limit(text: str, issuer: str) -> bool:
    if text.casefold() == "n/a":
        return issuer in _NA_IS_NO_LIMIT
    return bool(_NO_LIMIT.fullmatch(text)) and text.casefold() != "none"


def _limit(f: Fields, cell: Cell, text: str, issuer: str, *, upper: bool) -> Said[Decimal]:
    # A highest age of 0 is what forms hold where nobody gave one.
    if not text or is_placeholder(text) or (upper and re.fullmatch(r"0\s*Y?", text, re.I)):
        return cell.says(None)
    found = _AGE.fullmatch(text)
    why = "expected a number and a unit such as 18 Years"
    if found and not found[2]:
        if "age" in text.casefold() or "old" in text.casefold() or issuer in _YEARS_ONLY:
            return cell.says(Decimal(found[1]))
        if found[1] == "0":
            return cell.says(Decimal(0))
        why = "expected a unit: years, months, weeks or days"
    elif found:
        unit = _UNITS.get(found[2][0].casefold())
        if unit:
            return cell.says(values.age(f"{found[1]} {unit}"))
        if found[1] == "0":
            return cell.says(Decimal(0))
        why = "expected years, months, weeks or days"
    f.log.report("bad value", cell.path, cell.line, text, why)
    return cell.says(None, refused=True)
