"""Registration numbers: found by pattern, checked, brought to one normal form.

Patterns: ``ontology/registry-numbers.tsv``. Each row names a registry, how its numbers look in
print, and their normal form (``{1}`` is the first group without a name). Named groups: ``lead``
and ``shape`` make a number certain (a row with one of them, neither of which takes part, is a weak
hit); ``affix`` (JPRN-) and ``tail`` (member state, submission counter) are no part of the number.
``where`` = field: only where an identifier is expected (C000… in prose is a concept of MeSH).
``also``: a further form that is no damage. ``has``: a text without any of these holds no number.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from kg.resources import folder

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_DIGIT = re.compile(r"\d")
_BREAKS = "\t\r\n"
_CERTAIN = ("lead", "shape")
_AROUND = " .;:,-/\\_*()[]'\"。；：，、"
_NAME_BEFORE = re.compile(
    r"(?:nct|isrctn|eudract|ctis|utn|chictr|itmctr|drks|ctri|actrn|anzctr|umin|jrct|irct|kct|tctr"
    r"|slctr|pactr|ntr|who)(?:[ -]?(?:no|number|id))?\b"
)
_FILLING = re.compile(r"(?:version|v)\.? ?[\d.]{0,4}|0+|x{2,}|\?+", re.ASCII)
_ASCENDING = "1234567890" * 2
_DESCENDING = "9876543210" * 2


class Identifier(NamedTuple):
    """A number of one registry in its normal form; ``registry`` is the registry's key."""

    registry: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A number where a text prints it.

    ``printed`` stands at ``start``; ``tail`` is a member state (``PL``) or a submission counter
    (``00``). ``registration`` is False for numbers that no registry gave: UTN, CDE, CCMO.
    ``repaired``: the print is damaged or unusual (a letter swapped, a blank, another dash).
    """

    registry: str
    number: str
    printed: str
    start: int
    end: int
    tail: str = ""
    registration: bool = True
    repaired: bool = False

    @property
    def identifier(self) -> Identifier:
        """The number without its place."""
        return Identifier(self.registry, self.number)


class _Pattern(NamedTuple):
    registry: str
    regex: re.Pattern[str]
    normal: str
    also: str
    case: str
    registration: bool
    field_only: bool
    has: tuple[str, ...]


class _Hit(NamedTuple):
    start: int
    length: int  # negative, so that of hits at one place the longest sorts first
    pattern: _Pattern
    found: re.Match[str]


@cache
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(
            row["registry"],
            re.compile(row["pattern"], re.ASCII),
            row["normal"],
            row["also"],
            row["case"],
            row["kind"] == "registry",
            row["where"] == "field",
            tuple(row["has"].split()),
        )
        for row in _rows("registry-numbers.tsv")
    )


@cache
def _placeholder_words() -> frozenset[str]:
    return frozenset(row["word"] for row in _rows("number-placeholders.tsv"))


@cache
def _signs(expected: bool) -> tuple[tuple[str, int], ...]:
    """What a text holds that may hold a number, and the place of the pattern to try then."""
    return tuple(
        (part, n)
        for n, pattern in enumerate(_patterns())
        if expected or not pattern.field_only
        for part in pattern.has
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (folder("ontology") / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class _PlainTable(dict[int, str]):
    """What stands for a character in ``_plain``; worked out once for each character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = character
        if not character.isascii():
            parts = _HYPHENS.sub("-", unicodedata.normalize("NFKC", character))
            seen = not _UNSEEN.match(character)
            plain = "".join(str(unicodedata.decimal(p, p)) for p in parts) if seen else ""
        self[code] = plain
        return plain


_PLAIN = _PlainTable()


def _plain(text: str) -> str:
    """``text`` with one hyphen, one kind of digit and nothing unseen."""
    return text if text.isascii() else text.translate(_PLAIN)


def _places(text: str) -> Sequence[int]:
    """Where in ``text`` each character of ``_plain(text)`` was."""
    if text.isascii() or all(len(_PLAIN[ord(one)]) == 1 for one in set(text)):
        return range(len(text))
    return [place for place, one in enumerate(text) for _ in _PLAIN[ord(one)]]


def occurrences(text: str, *, expected: bool = False) -> tuple[Occurrence, ...]:
    """Every number in ``text`` where it stands, placeholders left out.

    ``expected``: the text is a field that should hold an identifier, so that forms count which in
    prose are anything (``NL8491``, ``2019-001588-63``, ``1111-1272-2514``).

    >>> found = occurrences("EUCTR2019-026999-01-PL; ISCRTN99999901")
    >>> [(o.number, o.tail, o.repaired) for o in found]
    [('2019-026999-01', 'PL', False), ('ISRCTN99999901', '', True)]
    """
    return tuple(o for o, placeholder in _claims(text, expected) if not placeholder)


def _claims(text: str, expected: bool) -> list[tuple[Occurrence, bool]]:
    """The numbers in a text, and whether each is a placeholder."""
    hits, places = _apart(text, expected)
    claims = []
    for hit in hits:
        start, end = places[hit.start], places[hit.found.end() - 1] + 1
        claims.append((_occurrence(hit, text, start, end), _invented(hit.found)))
    return claims


def _apart(text: str, expected: bool) -> tuple[list[_Hit], Sequence[int]]:
    """The hits in a text, no two with a character in common; where its plain characters were."""
    plain = _plain(text)
    found = list(_hits(plain, expected))
    if not found and expected and any(one in plain.strip() for one in _BREAKS):
        kept = [n for n, character in enumerate(plain) if character not in _BREAKS]
        found = list(_hits("".join(plain[n] for n in kept), expected))
        if found:
            places = _places(text)
            return _first_of_each(found), [places[n] for n in kept]
    return _first_of_each(found), _places(text) if found else ()


def _first_of_each(found: list[_Hit]) -> list[_Hit]:
    """Of hits that overlap the first, and of those at one place the longest."""
    chosen: list[_Hit] = []
    taken = 0
    for hit in sorted(found, key=lambda h: h[:2]):
        if hit.start >= taken:
            taken = hit.found.end()
            chosen.append(hit)
    return chosen


def _numbers(text: str, expected: bool) -> list[Identifier]:
    """The registrations that a text names, each once, placeholders left out."""
    seen: dict[tuple[str, str], Identifier | None] = {}  # by registry and print
    for hit in _apart(text, expected)[0]:
        printed = (hit.pattern.registry, hit.found[0])
        if printed not in seen:
            real = hit.pattern.registration and not _invented(hit.found)
            number = _number(hit.pattern, hit.found)
            seen[printed] = Identifier(hit.pattern.registry, number) if real else None
    return list(dict.fromkeys(number for number in seen.values() if number is not None))


def _hits(plain: str, expected: bool) -> Iterator[_Hit]:
    if not _DIGIT.search(plain):
        return
    low = plain.lower()
    # Far cheaper than the patterns, and most texts hold no number at all.
    worth_trying = [n for part, n in _signs(expected) if part in low]
    for n in dict.fromkeys(worth_trying):
        pattern = _patterns()[n]
        marks = [name for name in _CERTAIN if name in pattern.regex.groupindex]
        for found in pattern.regex.finditer(plain):
            if expected or not marks or any(found[name] is not None for name in marks):
                yield _Hit(found.start(), found.start() - found.end(), pattern, found)


def _numbered(found: re.Match[str]) -> list[str]:
    """The groups that have no name."""
    named = set(found.re.groupindex.values())
    return [found[n] or "" for n in range(1, found.re.groups + 1) if n not in named]


def _written(template: str, groups: list[str]) -> str:
    return re.sub(r"\{(\d)\}", lambda m: groups[int(m[1]) - 1], template)


def _groups(pattern: _Pattern, found: re.Match[str]) -> list[str]:
    groups = _numbered(found)
    if pattern.case:
        groups = [g.upper() if pattern.case == "upper" else g.lower() for g in groups]
    return groups


def _number(pattern: _Pattern, found: re.Match[str]) -> str:
    return _written(pattern.normal, _groups(pattern, found))


def _occurrence(hit: _Hit, text: str, start: int, end: int) -> Occurrence:
    pattern, found = hit.pattern, hit.found
    groups = _groups(pattern, found)
    number = _written(pattern.normal, groups)
    named = found.groupdict()
    tail = named.get("tail") or ""
    printed = text[start:end]
    core = printed.removesuffix(tail).casefold()
    for name in ("affix", *_CERTAIN):
        core = core.removeprefix((named.get(name) or "").casefold()).lstrip(" :#")
    core = core.removeprefix("-") if number[:1].isdigit() else core
    forms = {_written(template, groups).casefold() for template in (pattern.normal, pattern.also)}
    return Occurrence(
        registry=pattern.registry,
        number=number,
        printed=printed,
        start=start,
        end=end,
        tail=tail.removeprefix("-"),
        registration=pattern.registration,
        repaired=core not in forms,
    )


def _invented(found: re.Match[str]) -> bool:
    """Whether the digits of a number were typed to fill a field: 00000000, 12345678, 87654321."""
    groups = [
        digits
        for group in _numbered(found)
        for part in group.split("-")
        if (digits := part.lstrip("RrSsCc")).isdigit()
    ]
    whole = "".join(groups)
    if any(len(digits) >= 3 and not digits.strip("0") for digits in groups):
        return True
    # Five digits and fewer are counters, in which 1234 and 7777 come up.
    return len(whole) > 5 and (len(set(whole)) == 1 or whole in _ASCENDING or whole in _DESCENDING)


def _from_zero(found: re.Match[str]) -> bool:
    digits = "".join(_numbered(found))
    return digits.startswith("0") and digits in _ASCENDING and len(digits) > 5


def find(text: str) -> list[Identifier]:
    """Every registration number in ``text``, also in prose, in order, each once.

    Placeholders (``NCT00000000``) and numbers that no registry gave (UTN) are none.

    >>> [tuple(found) for found in find("ChiCTR-2699990001; NCT 09999999")]
    [('chictr', 'ChiCTR2699990001'), ('ctgov', 'NCT09999999')]
    >>> find("NCT00000000, U1111-2699-9900, 2019-026999-01")
    []
    """
    return _numbers(text, expected=False)


def expected(text: str) -> list[Identifier]:
    """Every registration number in a field that should hold one, in order, each once.

    >>> [found.number for found in expected("2019-026999-01 / NL2699 / 1111-2699-9900")]
    ['2019-026999-01', 'NL2699']
    """
    return _numbers(text, expected=True)


def only(text: str) -> Identifier | None:
    """The one number of such a field; None when it holds none, or several."""
    found = expected(text)
    return found[0] if len(found) == 1 else None


def registration(text: str, registry: str = "", example: str = "ChiCTR2699990001") -> Identifier:
    """The one number that a registration-number field holds, of this registry where one is named.

    ``01234567`` is a number that a registry came to when it counted; only where another record
    mentions it was it typed to fill a field.

    Raises ValueError when the field holds none (a placeholder is none), several, or another
    registry's; the message shows ``example``.

    >>> registration("ChiCTR2699990001\\u00a0")
    Identifier(registry='chictr', number='ChiCTR2699990001')
    """
    found = only(text) or _counted(text)
    if found is None or registry not in ("", found.registry):
        raise ValueError(f"expected one registration number such as {example}")
    return found


def _counted(text: str) -> Identifier | None:
    """The one number of a field, all of whose digits are 0, 1, 2 and so on."""
    hits, _ = _apart(text, expected=True)
    if len(hits) != 1 or not hits[0].pattern.registration or not _from_zero(hits[0].found):
        return None
    return Identifier(hits[0].pattern.registry, _number(hits[0].pattern, hits[0].found))


def isrctn(text: str) -> Identifier:
    """The number that ISRCTN's own records give: eight digits, with or without the prefix.

    Only for that registry's own field: eight digits elsewhere are anything. Raises ValueError.

    >>> isrctn("99999901").number
    'ISRCTN99999901'
    """
    digits = text.strip()
    whole = f"ISRCTN{digits}" if re.fullmatch(r"[0-9]{8}", digits) else digits
    return registration(whole, "isrctn", "ISRCTN99999901")


def placeholder(text: str) -> bool:
    """Whether ``text`` fills a number field without giving one.

    >>> [placeholder(t) for t in ("Nil known", "ISRCTN: not applicable", "NCT00000000", "N-26")]
    [True, True, True, False]
    """
    claims = _claims(text, expected=True)
    if claims:
        return all(invented for _, invented in claims)
    plain = re.sub(r"\s+", " ", _plain(text)).casefold().strip(_AROUND)
    # A registry's name before the word: "isrctn: not applicable" once merged strangers.
    rest = _NAME_BEFORE.sub("", plain, count=1).strip(_AROUND)
    return (
        not rest
        or not {plain, rest}.isdisjoint(_placeholder_words())
        or _FILLING.fullmatch(rest) is not None
    )


def matches(registry: str, number: str) -> bool | None:
    """Whether a number has the form that a registry uses; None when its form is not known.

    >>> matches("chictr", "ChiCTR2699990001"), matches("chictr", "26"), matches("clinconnect", "x")
    (True, False, None)
    """
    known = [p for p in _patterns() if p.registry == registry]
    if not known:
        return None
    plain = _plain(number)
    found = [m for p in known if (m := p.regex.fullmatch(plain))]
    return any(not _invented(m) or _from_zero(m) for m in found)


def compared(registry: str, number: str) -> Identifier:
    """The number under which a registration is compared with others.

    A member state and a submission counter are off; ChiMCTRn is ITMCTRn, which is printed on the
    same pages with equal digits. A number without a known form stays as it is.

    >>> compared("chimctr", "ChiMCTR2699990001").number
    'ITMCTR2699990001'
    >>> compared("euctr", "EUCTR2019-026999-01-PL").number
    '2019-026999-01'
    """
    found = [n for n in expected(number) if n.registry == registry]
    known = found[0] if len(found) == 1 else Identifier(registry, number)
    if known.registry == "chimctr":
        return Identifier("itmctr", known.number.replace("ChiMCTR", "ITMCTR"))
    return known


def series(number: Identifier) -> tuple[str, str]:
    """The series that a registry counted a number in: NTR and NL, ChiCTR with letters and without.

    Numbers of two series of one registry may be one registration, those of one series never.

    >>> series(Identifier("chictr", "ChiCTR-IOR-26999901")), series(Identifier("ntr", "NL2699"))
    (('chictr', 'letters'), ('ntr', 'NL'))
    """
    if number.registry == "chictr":
        return ("chictr", "letters" if number.number.startswith("ChiCTR-") else "digits")
    if number.registry == "ntr":
        return ("ntr", number.number.rstrip("0123456789"))
    return (number.registry, "")
