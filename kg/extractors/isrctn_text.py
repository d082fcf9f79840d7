"""How ISRCTN prints texts: its words for "nothing", and lists numbered 1., 2., 3. inside a text."""

from __future__ import annotations

import re

from kg.fields import Fields
from kg.said import Said, Texts
from kg.values import is_placeholder, one_line, paragraphs

_NOT_PROVIDED = re.compile(
    r"(?:[\w ]{0,60}\b)?not (?:yet )?(?:provided|known|available|specified|applicable)"
    r"(?: at(?: the)? time of registration| at registration| in (?:web|paper) format\b.*)?\.?"
    r"|no (?:primary |secondary )?(?:outcomes?|endpoints?|measures?)(?: measures?)?\.?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^[ \t]*(\d{1,2})[.)](?!\d)[ \t]*", re.MULTILINE)


def is_nothing(text: str) -> bool:
    """Whether a text only says that nothing was given.

    >>> is_nothing("Not provided at time of registration"), is_nothing("Nil known")
    (True, True)
    >>> is_nothing("Not provided with placebo")
    False
    """
    line = one_line(text)
    return is_placeholder(line) or _NOT_PROVIDED.fullmatch(line) is not None


def _some_paragraphs(text: str) -> str | None:
    return None if is_nothing(text) else paragraphs(text)


def _some_line(text: str) -> str | None:
    return None if is_nothing(text) else one_line(text)


def line(f: Fields, label: str) -> Said[str] | None:
    """A text on one line; blank where it says that nothing was given."""
    return f.said(label, _some_line)


def text(f: Fields, label: str, *, lines: bool = False) -> Texts | None:
    """An English text; blank where it says that nothing was given."""
    said = f.said(label, _some_paragraphs if lines else _some_line)
    return None if said is None else Texts(en=said)


def numbered(text: str) -> list[str]:
    """The items of a text that is a list numbered from 1; else the text itself.

    >>> numbered("1. Pain\\n2. Sleep at 1. and 2. week"), numbered("Pain at 1. and 2. week")
    (['Pain', 'Sleep at 1. and 2. week'], ['Pain at 1. and 2. week'])
    """
    starts = list(_NUMBERED.finditer(text))
    numbers = [int(found[1]) for found in starts]
    if len(numbers) < 2 or starts[0].start() != 0 or numbers != list(range(1, len(numbers) + 1)):
        return [paragraphs(text)]
    ends = [found.start() for found in starts[1:]] + [len(text)]
    items = [paragraphs(text[found.end() : end]) for found, end in zip(starts, ends, strict=True)]
    return [item for item in items if item]
