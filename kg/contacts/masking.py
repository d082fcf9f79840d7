"""Ways to reach a person: their kind is published, the address itself is not.

Kinds are read here; addresses go no further than a keyed digest for identity, unless ``--contacts``
asks for them. ``masked`` takes them out of free text, where people also write them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from kg.contacts.forms import MANY_DIGITS, has_sign, may_hold, spans
from kg.contacts.street_forms import street_spans
from kg.contacts.streets import holds_street
from kg.values import has_han, narrow

Sort = Literal["phone", "e-mail", "fax", "address", "postcode", "web"]

WEBMAIL = frozenset(
    [
        "qq.com",
        "vip.qq.com",
        "foxmail.com",
        "163.com",
        "vip.163.com",
        "126.com",
        "vip.126.com",
        "yeah.net",
        "sina.com",
        "sina.cn",
        "vip.sina.com",
        "sohu.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "live.cn",
        "msn.com",
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "yahoo.cn",
        "yahoo.com.cn",
        "aliyun.com",
        "139.com",
        "189.cn",
        "21cn.com",
        "tom.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "mail.com",
        "protonmail.com",
        "proton.me",
        "gmx.de",
        "gmx.net",
        "web.de",
        "naver.com",
        "hanmail.net",
        "mail.ru",
    ]
)

# How else digits, brackets, blanks and dashes are printed; letter for letter, so that places stay.
_PLAIN: dict[str, str] = {
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(chr, (0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x202F)), " "),
    **dict.fromkeys(map(chr, (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63)), "-"),
}
# Few letters of a text are: translating each of them takes seven times as long.
_OTHERWISE = re.compile(f"[{re.escape(''.join(_PLAIN))}]")
MOBILE = re.compile(r"1[3-9]\d{9}")
_NORTH_AMERICAN = re.compile(
    r"\s*\(?(?:\+\s?(?:00)?|00)1[\s().-]*\d{3}"  # +1 301 …, +001 301 …, with its country code
    r"|\s*1[\s.-]{1,2}\(?[2-9]\d{2}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}(?!\d)"  # 1-301-000-0000
    r"|\s*1\s?\([2-9]\d{2}\)[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)"  # 1 (301) 000-0000
    r"|\s*1[2-9]\d{2}[2-9]\d{2}[\s.-]\d{4}(?!\d)"  # 1301200 0000, where + and blanks are lost
)
# It begins where a word does, so that a long word without an @ is looked at once.
_ONE_EMAIL = re.compile(
    r"(?<![^\s@,;，；、/<>()])([^\s@,;，；、/<>()]+)@"
    r"([^\s@,;，；、/<>()]{1,255}\.[^\s@,;，；、/<>()]{1,63})"
)
_PHONE_BREAK = re.compile(r"[;；,，、/]|\bor\b|或")


class Channel(NamedTuple):
    """One printed way to reach somebody. ``value`` is never written without ``--contacts``."""

    sort: Sort
    value: str


def emails(text: str) -> list[str]:
    """The e-mail addresses in a field, lower case.

    >>> emails("A@example.cn; b@qq.com")
    ['a@example.cn', 'b@qq.com']
    """
    return [found[0].casefold().rstrip(".") for found in _ONE_EMAIL.finditer(narrow(text))]


def phones(text: str) -> list[str]:
    """The telephone numbers in a field as digits, without ``+86``, ``0086``, ``+1``, extensions.

    >>> phones("+86 138 0000 0000; 0571-00000001; 1-800-000-0000; +1 (301) 000 0000")
    ['13800000000', '057100000001', '8000000000', '3010000000']
    """
    numbers = []
    for part in _PHONE_BREAK.split(narrow(text)):
        digits = re.sub(r"\D", "", part)
        international = part.strip().lstrip("(").startswith(("+", "00"))
        if _NORTH_AMERICAN.match(part):  # else eleven digits like those of a Chinese mobile
            digits = digits.removeprefix("00").removeprefix("1")
        elif international:
            digits = digits.removeprefix("00").removeprefix("86")
        elif len(digits) == 13 and digits.startswith("86"):
            digits = digits[2:]
        if len(digits) >= 5:
            numbers.append(digits)
    return numbers


def kinds(channels: Iterable[Channel]) -> tuple[str, ...]:
    """The codes of ``channel-kind`` that the channels amount to, sorted.

    >>> kinds([Channel("phone", "+86 138 0000 0000"), Channel("e-mail", "a@qq.com")])
    ('e-mail-webmail', 'phone-mobile')
    """
    found = set()
    for sort, value in channels:
        if sort == "e-mail":
            for address in emails(value):
                webmail = address.rsplit("@", 1)[1] in WEBMAIL
                found.add("e-mail-webmail" if webmail else "e-mail-institutional")
        elif sort == "phone":
            for number in phones(value):
                found.add("phone-mobile" if MOBILE.fullmatch(number) else "phone-landline")
        elif sort == "web":
            found.add("web-page")
        elif sort == "fax":
            found.add("fax")
        elif sort == "address":
            found.add("postal-address")
    return tuple(sorted(found))


class Mask(dict[str, str]):
    """``mask[text]``: the text with contacts replaced by ``[contact removed]``.

    Contacts are whatever looks like one, and what this record prints elsewhere. Each text of a
    record is looked at once: it stands in the graph and in the table of lines.

    A registrant who repeats the office address or a grouped telephone number inside a free-text
    field publishes it there too, so the record's own channel values are masked wherever they stand.
    ``names`` are what the record publishes of institutions: whoever prints one of them where an
    address is asked for has printed no address, and the name stays.
    """

    def __init__(self, channels: Iterable[Channel] = (), names: Iterable[str] = ()) -> None:
        super().__init__()
        numbers: set[str] = set()
        addresses: list[tuple[Sort, str]] = []
        for sort, value in channels:
            if sort in ("phone", "fax"):
                numbers.update(n for n in phones(value) if 7 <= len(n) <= _MOST_DIGITS)
            elif sort in ("address", "web"):
                addresses.append((sort, value))
        public = _plain("\0".join(dict.fromkeys(names))) if addresses else ""
        secrets = (_secret(sort, value, public) for sort, value in addresses)
        words = {piece for secret in secrets for piece in _pieces(secret)}
        self._numbers = sorted(numbers)
        self._words = sorted(word for word in words if _is_telling(word))
        # What every text that holds one of these words holds; most texts hold none of it.
        self._hints = {max(_tokens(_plain(word)), key=len).casefold() for word in self._words}

    @cached_property
    def _any_number(self) -> re.Pattern[str]:
        """Compiled for the few records that repeat a number in a text."""
        return _any_of(map(_grouped, self._numbers))

    @cached_property
    def _any_word(self) -> re.Pattern[str]:
        return _any_of(map(_spaced, self._words))

    def __missing__(self, text: str) -> str:
        found, digits = _looked_at(text)
        if digits and any(number in digits for number in self._numbers):
            found = _without(_found(self._any_number, found), found)
        if self._words:
            folded = _plain(found).casefold()
            if any(hint in folded for hint in self._hints):
                found = _without(_found(self._any_word, found), found)
        # Last, for of an address that the record prints elsewhere more goes than its street.
        found = _without_streets(found)
        self[text] = found
        return found


def _secret(sort: Sort, value: str, public: str) -> str:
    """What of an address no text may hold: all of it, unless a public name says it."""
    if sort == "web":
        is_site = re.search(r"\w\.\w|/", value) is not None
        is_name = not is_site and len(value) <= _LONGEST_PIECE and _holds(public, value)
        return "" if is_name else value
    if not holds_street(value):
        return "" if _holds(public, value) else value
    # "Example Hospital, 12 Example Road": the hospital is public, its street is not.
    parts = re.split("[,，]", value)
    while parts and not holds_street(parts[0]) and _holds(public, parts[0]):
        del parts[0]
    rest = ",".join(parts).strip()
    return rest if _is_telling(rest) else value


# What is looked for at each place of a text costs its length there. No number is so long, and of
# the few addresses that are each piece is looked for by itself.
_MOST_DIGITS = 60
_LONGEST_PIECE = 300  # characters


def _pieces(secret: str) -> list[str]:
    """An address in pieces that a long text can be searched for, cut between words where it may.

    >>> _pieces("12 Example Road"), len(_pieces("12 Example Road, " * 40))
    (['12 Example Road'], 3)
    """
    if len(secret) <= _LONGEST_PIECE:
        return [secret]
    return textwrap.wrap(secret, _LONGEST_PIECE)


def _is_telling(address: str) -> bool:
    """Whether an address is long enough to be looked for in text; fewer letters stand anywhere."""
    return len(address) >= (4 if has_han(address) and holds_street(address) else 6)


def _holds(public: str, text: str) -> bool:
    return re.search(_spaced(text), public, re.IGNORECASE) is not None


def _spaced(text: str) -> str:
    """A pattern of a text however its words are divided."""
    return r"[\s,，]*".join(map(re.escape, _tokens(_plain(text))))


def _tokens(text: str) -> list[str]:
    return re.split(r"[\s,，]+", text.strip(" ,，")) or [text]


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """The longest first, so that an address is taken whole."""
    ordered = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
    return re.compile("|".join(ordered), re.IGNORECASE)


_REMOVED = "[contact removed]"


_BETWEEN_DIGITS = re.compile(r"[\s().-]+")


def _grouped(number: str) -> str:
    return r"(?<!\d)" + r"[\s().-]{0,3}".join(number) + r"(?!\d)"


def masked(text: str) -> str:
    """``text`` without what looks like an e-mail address, a telephone number or a street.

    >>> masked("write to a@example.cn or call 0571-00000001 before 2027-12-31")
    'write to [contact removed] or call [contact removed] before 2027-12-31'
    """
    return _without_streets(_looked_at(text)[0])


def _without_streets(text: str) -> str:
    """``text`` without streets that have their house number."""
    return _short_without_streets(text) if len(text) <= _SHORT else _long_without_streets(text)


def _long_without_streets(text: str) -> str:
    return _without(street_spans(_plain(text)), text)


def holds_contact(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number, as a plain keyboard writes it.

    >>> holds_contact("call 0571-00000001"), holds_contact("before 2027-12-31")
    (True, False)
    """
    return may_hold(text) and any(spans(text))


def _looked_at(text: str) -> tuple[str, str]:
    """``text`` masked, and what is left of it with its digits together where they are many."""
    return _short_looked_at(text) if len(text) <= _SHORT else _long_looked_at(text)


def _long_looked_at(text: str) -> tuple[str, str]:
    plain = _plain(text)
    if not has_sign(plain) and not MANY_DIGITS.search(plain):
        return text, ""
    found = _freed(text)
    if found != text:
        plain = _plain(found)
    return found, _BETWEEN_DIGITS.sub("", plain) if MANY_DIGITS.search(plain) else ""


def _freed(text: str) -> str:
    """``text`` without contacts, looked at again until there is none: beside one stood another."""
    while True:
        found = _without(spans(_plain(text)), text)
        if not text.isascii():  # as it stands it may hold what its plain print does not
            found = _without(spans(found), found)
        if found == text:
            return text
        text = found


# Dates, codes, words of lists, places and checksums of files stand in many records.
_SHORT = 64  # letters
_short_looked_at = lru_cache(maxsize=16_384)(_long_looked_at)
_short_without_streets = lru_cache(maxsize=16_384)(_long_without_streets)


def _plain(text: str) -> str:
    """``text`` with its digits, brackets, blanks and dashes as a plain keyboard writes them."""
    return text if text.isascii() else _OTHERWISE.sub(lambda found: _PLAIN[found[0]], text)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Where a pattern finds something in a text, however it is printed."""
    return (found.span() for found in pattern.finditer(_plain(text)))


def _without(spans: Iterable[tuple[int, int]], text: str) -> str:
    """``text`` without some of its parts."""
    kept: list[str] = []
    at = 0
    for start, end in spans:
        kept += (text[at:start], _REMOVED)
        at = end
    return "".join((*kept, text[at:])) if kept else text
