"""Titles made comparable. An equal title asks a question; it never answers one."""

from __future__ import annotations

import re
from itertools import pairwise

from kg.resolve.names.comparable import han, unified

LEAST_WORDS = 5
LEAST_HAN = 10
_STOP_WORDS = (
    "a an the of for in on to with and or by from at as is are versus vs study trial trials "
    "clinical research evaluation evaluate efficacy safety effect effects patients patient "
    "randomized randomised controlled phase"
)
_STOP = frozenset(_STOP_WORDS.split())
_PREFIX = re.compile(
    r"^(?:cancell?ed(?: by (?:the )?investigators?|,? due to [^:;.]{3,60}?(?=\s{3}|[:;.]))?"
    r"|withdrawn|title in english|public title)"
    r"\s*[:;,.-]*\s*",
    re.I,
)
_ADJECTIVE = r"(?:multicent\w+ |randomi[sz]ed |open.?label |double.?blind |clinical )"
_PHASE = r"phase (?:[\w/]+ )+"
_HYPHENED = r"(?:open[^\w/ ]label |double[^\w/ ]blind )"
# Each word can be read in one way only, or a title of a hundred phases would never be read.
_BOILERPLATE = re.compile(
    rf"^(?:a |an )?{_ADJECTIVE}*(?:{_PHASE}(?:{_HYPHENED}{_ADJECTIVE}*(?:{_PHASE})?)*)?"
    r"(?:study|trial|registry)"
    r"(?: of (?:an? )?(?:investigational|study) (?:drug|product|compound))?$"
    r"|[*x]{3,}|test|测试|示范",
    re.I,
)


def _plain(title: str) -> str:
    text = _PREFIX.sub("", unified(title).strip())
    return re.sub(r"\s+", " ", text).strip().casefold()


def title_key(title: str) -> str | None:
    """A title made comparable; None if it says too little to ask about.

    >>> title_key("Cancelled by the investigator Example Drug for Chronic Example Disease, Adults")
    'example drug for chronic example disease adults'
    >>> title_key("A clinical study") is None
    True
    """
    text = _plain(title)
    if _BOILERPLATE.fullmatch(text):
        return None
    if han(text):
        key = re.sub(r"[\W_]+", "", text)
        return key if sum(map(han, key)) >= LEAST_HAN else None
    words = re.sub(r"[\W_]+", " ", text).split()
    told = {word for word in words if word not in _STOP and len(word) > 1}
    return " ".join(words) if len(told) >= LEAST_WORDS else None


def told(title: str) -> tuple[str, frozenset[str]]:
    """Script and content words of a title: words in Latin script, pairs of characters in Chinese.

    >>> sorted(told("Example Drug for the Treatment of Example Disease")[1])
    ['disease', 'drug', 'example', 'treatment']
    """
    text = _plain(title)
    if han(text):
        plain = re.sub(r"[\W_]+", "", text)
        return "Han", frozenset(a + b for a, b in pairwise(plain))
    words = re.sub(r"[\W_]+", " ", text).split()
    return "Latin", frozenset(word for word in words if word not in _STOP and len(word) > 1)
