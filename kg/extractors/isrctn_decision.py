"""What the free text of an ISRCTN approval decides: approved, refused, pending, not required.

The words stand in ``ontology/codes/ethics-decision.tsv`` as rows that end in ``…``; in them, and in
the text, "has been", "the", "ethics" and the like count for nothing. A text whose words leave the
decision open decides nothing: it is never read as an approval.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.codes import Words
from kg.said import Codes

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SAYS_NOTHING = re.compile(
    r"a|an|the|has|have|had|was|were|is|are|been|being|ethics|"
    r"ethical|formal|formally",
    re.IGNORECASE,
)
_MOST_WORDS = 4  # of one row
# "Submitted 01/02/2026, approved 03/04/2026": a step on the way to the other word.
_STEP = "submitted"
# Words that leave open, or turn round, what stands beside them.
_DOUBT = re.compile(
    r"not|no|never|without|nor|neither|cannot|will|shall|would|should|could|might"
    r"|if|once|until|unless|subject|conditional|conditionally|provisional|provisionally|"
    r"principle|planned|plan|plans|planning|scheduled|due|withdrawn|withdrew|revoked|"
    r"suspended|deferred|postponed|resubmit|resubmitted|resubmission|revision|revisions|"
    r"appeal|progress|soon|forthcoming|intended|intend",
    re.IGNORECASE,
)
# Words of the way to a decision: no doubt about one that is told, but a date beside them is theirs.
_ON_THE_WAY = re.compile(
    r"meeting|apply|applied|applying|application|applications|seek|seeking|sought|"
    r"request|requested|reviewed|discussed|considered|consider|review|reviewing|process|"
    r"before|prior|later|next|meet|meets",
    re.IGNORECASE,
)
_NAMES_A_BOARD = re.compile(
    r"\b(?:research |ethics |ethical |institutional |scientific |independent )?review(?=\s+(?:board"
    r"|committee|panel|council|group|unit|service|body|ethics))|\b(?:research )?ethics review\b"
    r"|\bhuman subjects?\b|\b(?:appeal|meeting|process)s?(?=\s+(?:board|committee))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\bno\b(?=\.?\s*:?\s*\d)", re.IGNORECASE)  # Committee No. 2


class Sign(NamedTuple):
    """A row of the table met in a text, and where."""

    start: int
    end: int
    phrase: str
    codes: Codes


class Decision(NamedTuple):
    """The codes of a decision (None: none is told) and, where words leave it open, these words."""

    codes: Codes | None
    doubt: str = ""


def signs(text: str, registry: str = "isrctn") -> list[Sign]:
    """The decisions that the words of a text tell, the longest row at each place.

    >>> [(one.phrase, one.codes) for one in signs("was not yet approved by the committee")]
    [('not yet approved', ('pending',))]
    """
    found = [one for one in _WORD.finditer(text) if not _SAYS_NOTHING.fullmatch(one[0])]
    told: list[Sign] = []
    at = 0
    while at < len(found):
        sign = _sign(text, found[at : at + _MOST_WORDS], registry)
        told += [sign] if sign else []
        at += len(sign.phrase.split()) if sign else 1
    return told


def _sign(text: str, words: Sequence[re.Match[str]], registry: str) -> Sign | None:
    table = Words.load()
    for size in range(len(words), 0, -1):
        first, last = words[0], words[size - 1]
        if re.search(r"[^\w\s'-]", text[first.start() : last.end()]):
            continue  # the words of a row stand in one sentence
        phrase = " ".join(word[0].casefold() for word in words[:size])
        if codes := table.concepts("ethics-decision", registry, f"{phrase} \u2026"):
            return Sign(first.start(), last.end(), phrase, codes)
    return None


def decided(text: str, told: Sequence[Sign], *, is_dated: bool) -> Decision:
    """What a text decides, ``told`` being its signs; a date alone is the date of approval.

    >>> decided("approved by the committee", signs("approved by the committee"), is_dated=False)
    Decision(codes=('approved',), doubt='')
    >>> text = "the chair will have approved it"
    >>> decided(text, signs(text), is_dated=True)
    Decision(codes=None, doubt='approved; will')
    """
    doubt = _doubt(text, told)
    codes = {sign.codes for sign in told}
    if ("approved",) in codes:
        codes = {sign.codes for sign in told if sign.phrase != _STEP}
    if len(codes) > 1:
        return Decision(None, "; ".join(dict.fromkeys(sign.phrase for sign in told)))
    if not codes and not is_dated:
        return Decision(None)
    (found,) = codes or {("approved",)}
    if found == ("pending",) or not doubt:
        return Decision(found)
    return Decision(None, "; ".join(dict.fromkeys((*(sign.phrase for sign in told), *doubt))))


def without_doubt(text: str, mark: str) -> str:
    """The text with ``mark`` for each word that leaves a decision open, but not for one in a name.

    >>> without_doubt("the REC will meet", "|"), without_doubt("Will County REC", "|")
    ('the REC | |', 'Will County REC')
    """
    return _WORD.sub(lambda found: mark if _is_plain_doubt(found) else found[0], text)


def _is_plain_doubt(found: re.Match[str]) -> bool:
    rest = found.string[found.end() :].lstrip()
    in_a_name = found[0][:1].isupper() and (found.start() > 0 or rest[:1].isupper())
    return not in_a_name and bool(_DOUBT.fullmatch(found[0]) or _ON_THE_WAY.fullmatch(found[0]))


def _doubt(text: str, told: Sequence[Sign]) -> list[str]:
    """The words outside the signs that leave the decision open."""
    left = text
    for sign in told:
        left = left[: sign.start] + " " * (sign.end - sign.start) + left[sign.end :]
    left = _NUMBER.sub(" ", _NAMES_A_BOARD.sub(" ", left))
    words = [found[0].casefold() for found in _WORD.finditer(left)]
    words = list(dict.fromkeys(words))
    doubt = [word for word in words if _DOUBT.fullmatch(word)]
    return doubt if told else doubt + [word for word in words if _ON_THE_WAY.fullmatch(word)]
