"""Dates in the free text of ISRCTN: in figures, in words, to the month, with two digits a year."""

from __future__ import annotations

import re

from kg import values
from kg.values import PartialDate

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<figures>\d{1,2}([/.-])\d{1,2}\2\d{4})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})"
    rf"|(?P<english>{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
    rf"|(?P<precise_to_month>{_MONTH},?\s+\d{{4}})"
    r"|(?P<short>\d{1,2}(?P<mark>[/.-])\d{1,2}(?P=mark)\d{2})"
    rf"|(?P<short_day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<short_month>{_MONTH}),?\s+"
    r"(?P<short_year>'?\d{2})"
    r")(?![\w/-])(?!\.\d)",
    re.IGNORECASE,
)
# How long before the newest date of its record an approval may have been given, in years.
_OLDEST = 40
NO_CENTURY = "a year of four digits: nothing in the record tells the century of this one"
NO_SUCH_DAY = "a day that the month has"


def day(found: re.Match[str], until: str = "") -> PartialDate:
    """The date of a match of ``DATE``, the day before the month.

    ``until`` is the newest day that the record knows of (``YYYY-MM-DD``): a year of two digits is
    read in the one century that puts the date into the forty years before it. Raises ValueError
    with what would be right for a day that the month has not (31/02/2013), and for a year of two
    digits where no century does.

    >>> day(DATE.search("on 12/05/98"), "2004-01-31"), day(DATE.search("3 May 2010"))
    (PartialDate(text='1998-05-12'), PartialDate(text='2010-05-03'))
    """
    parts = found.groupdict()
    if parts["short"]:
        in_month, month, year = re.split("[/.-]", parts["short"])
        return _of_two_digits(f"{in_month}/{month}/", year, until)
    if parts["short_year"]:
        name = parts["short_month"].rstrip(".")
        return _of_two_digits(
            f"{name} {parts['short_day']}, ", parts["short_year"].lstrip("'"), until
        )
    try:
        read = _of_four_digits(parts)
    except ValueError:
        raise ValueError(NO_SUCH_DAY) from None
    if read is None:
        raise ValueError(NO_SUCH_DAY)
    return read


def _of_four_digits(parts: dict[str, str]) -> PartialDate | None:
    if parts["figures"]:
        return values.day_first(parts["figures"])
    if parts["iso"]:
        return values.iso_day(parts["iso"])
    if parts["day"]:
        return values.english_date(f"{parts['month']} {parts['day']}, {parts['year']}")
    if parts["precise_to_month"]:
        return values.english_date(parts["precise_to_month"].replace(",", ""))
    return values.english_date(re.sub(r"(?<=\d)(?:st|nd|rd|th)", "", parts["english"], flags=re.I))


def _of_two_digits(before: str, year: str, until: str) -> PartialDate:
    """The date in the one century that fits; ``before`` is what stands before the year."""
    read = values.day_first if "/" in before else values.english_date
    centuries = []
    for century in ("19", "20"):
        try:
            made = read(f"{before}{century}{year}")
        except ValueError:
            continue  # 29/02/99
        if made is not None:
            centuries.append(made)
    if not centuries:
        raise ValueError(NO_SUCH_DAY)
    newest = until[:4]
    fitting = [
        made
        for made in centuries
        if newest.isdigit() and made.text <= until and int(made.text[:4]) >= int(newest) - _OLDEST
    ]
    if len(fitting) != 1:
        raise ValueError(NO_CENTURY)
    return fitting[0]
