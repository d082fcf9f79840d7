"""Ages as a reader says them: the graph counts in years, records print days and months, too."""

from __future__ import annotations

import re
from collections.abc import Mapping

RULES = frozenset({"X11", "X12"})
"""The rules whose messages speak of ages."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Parts of a year, and how far from a whole number three figures of a decimal may lead.
_PARTS = ((12, 0.01, "month", "个月"), (365.25, 0.2, "day", "天"))


def in_words(values: Mapping[str, str], language: str) -> dict[str, str]:
    """The values of a finding with ages below years in months or days; whole years stay as they
    are where nothing else is told.

    >>> in_words({"min": "18", "max": "75"}, "en")
    {'min': '18', 'max': '75'}
    >>> in_words({"text": "0.5–3", "stated": "≤0.2738"}, "en")
    {'text': '6 months–3 years', 'stated': '≤100 days'}
    >>> in_words({"min": "0", "max": "0.0833"}, "zh")
    {'min': '0', 'max': '1个月'}
    """
    if not any("." in number for text in values.values() for number in _NUMBER.findall(text)):
        return dict(values)

    def shown(found: re.Match[str]) -> str:
        return _shown(found[0], language)

    return {name: _NUMBER.sub(shown, text) for name, text in values.items()}


def _shown(years: str, language: str) -> str:
    if "." not in years:
        return years if years == "0" else _counted(int(years), "year", "岁", language)
    for parts, off, en, zh in _PARTS:
        count = float(years) * parts
        if round(count) and abs(count - round(count)) <= off:
            return _counted(round(count), en, zh, language)
    return years


def _counted(count: int, en: str, zh: str, language: str) -> str:
    return f"{count}{zh}" if language == "zh" else f"{count} {en}{'s' if count > 1 else ''}"
