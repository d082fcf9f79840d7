"""What looks like an e-mail address or a telephone number, and where it stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# At most 64 characters before the sign (RFC 5321): a long run of letters is tried no further.
_EMAIL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}\s?[@＠]\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_SERVICE = "8(?:00|22|33|44|55|66|77|88)"
# Behind a number: no more of it. An extension may follow.
_ENDS = r"(?!(?![xX]\d|ext)[A-Za-z0-9_]|[.-]\d)"
_EXTENSION = (
    r"(?:[\s,(]{0,3}(?:转|分机号?|[Ee]xt(?:ension)?\b|[xX](?=\s?\d)|#)[.:\s]{0,3}\d{1,6}\)?)?"
)
_BEGINS = r"(?<![A-Za-z0-9_.+-])"
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
_PHONES = (
    # international: +86 571 0000 0001, (+86)571-00000001, 0086-…, +49 30/0000-0001
    r"(?<![A-Za-z0-9_)+])\(?(?:\+{1,2}\s?\d{1,3}|0086|00\s86)\)?(?:[\s().-]{0,3}\d){7,13}",
    r"(?<![A-Za-z0-9_)+])\(?\+{1,2}\s?\d{1,3}\)?(?:/|(?:[\s().-]{0,3}\d){1,4}\s?/\s?)\d{2,4}"
    r"(?:[\s/-]?\d){4,9}",
    # … with 00 or 011 for the +: 0049 30 0000001, 001-301-000-0000
    rf"{_BEGINS}(?:00\s?|011\s)(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)"
    rf"[\s()-]{{1,3}}{_NO_YEAR}(?:\d[\s().-]{{0,3}}){{7,11}}\d{_ENDS}",
    # mainland mobile, also in groups: 138 0000 0000
    rf"{_BEGINS}(?:\(?86\)?[\s-]?)?1[3-9]\d(?:(?:[\s./-]?\d{{4}}){{2}}|\s\d{{3}}\s?\d{{5}}"
    rf"|\d\d\s\d{{3}}\s?\d{{3}}){_ENDS}",
    # mainland landline with its area code: 0571-00000001-8001, (0571)00000001/00000002
    rf"{_BEGINS}[(\[]?0\d{{2,3}}[)\]]?(?:[\s-]{{0,2}}|[./]{_NO_YEAR})(?:\d{{7,8}}-\d{{1,5}}"
    rf"|\d{{3,4}}[\s-]?\d{{4}})(?:\s?[/、]\s?(?!(?:19|20)\d{{6}})\d{{7,8}}(?!\d))*{_ENDS}",
    # … behind its country: 86-571-00000001, (86)571 0000 0001
    rf"{_BEGINS}\(?86\)?[\s-]{{0,2}}\(?0?[1-9]\d{{1,2}}\)?[\s-]{{1,2}}\d{{3,4}}[\s-]?\d{{4}}{_ENDS}",
    # service numbers: 400-000-0000, and North American ones: 1-800-000-0000, (301) 000-0000
    rf"{_BEGINS}[48]00[\s-](?:\d{{3}}[\s-]?\d{{4}}|\d{{4}}[\s-]\d{{3}}){_ENDS}",
    rf"{_BEGINS}(?:1[\s.-])?\(?[2-9]\d{{2}}\)?[\s.-]\d{{3}}[\s.-]\d{{4}}{_ENDS}",
    rf"{_BEGINS}[2-9]\d{{2}}/[2-9]\d{{2}}-(?!(?:19|20)\d\d)\d{{4}}{_ENDS}",
    # as other countries group theirs: 02-0000-0000, 01 00 00 00 00, 8 (495) 000-00-00
    rf"{_BEGINS}0\d-{_NO_YEAR}\d{{3,4}}-\d{{4}}{_ENDS}",
    rf"{_BEGINS}0[1-9](?:(?:\s\d\d){{4}}|(?:\.\d\d){{4}})(?![\s.]\d){_ENDS}",
    rf"{_BEGINS}8\s?\(\d{{3,4}}\)\s?\d{{2,3}}-\d\d-\d\d{_ENDS}",
    rf"{_BEGINS}0[6-9]\d{{4}}\s\d{{5}}{_ENDS}",
    rf"{_BEGINS}\(\d\d\)\s?9\d{{4}}-\d{{4}}{_ENDS}",
    # North American service numbers spelt with letters: 1-877-INVENTED, 1-800-4-INVENT; without
    # the 1 only with a digit among the letters, for "800-PATIENT STUDY" is no number
    rf"{_BEGINS}(?:\+?1[\s.-]?\(?{_SERVICE}\)?[\s.-]{{1,2}}|\({_SERVICE}\)[\s.-]{{0,2}}"
    rf"|{_SERVICE}-(?=[A-Z-]*\d))(?=[0-9-]{{0,6}}[A-Z])(?:[A-Z0-9]-?){{4,11}}[A-Z0-9](?![A-Za-z0-9_])",
    # any run of digits that a word announces: 电话:00000001, QQ 00000001, Tel. 0000 0001
    r"(?:(?<=电话)|(?<=手机)|(?<=传真)|(?<=微信)|(?<=联系方式)|(?<=座机)|(?<=固话)|(?<=热线)|(?<=QQ)"
    r"|(?<=[Tt]el)|(?<=TEL)|(?<=[Pp]hone)|(?<=PHONE)|(?<=[Ff]ax)|(?<=FAX)|(?<=[Mm]obile)"
    r"|(?<=[Hh]otline)|(?<=[Ww]hats[Aa]pp)|(?<=[Ww]e[Cc]hat))"
    r"(?:号码|号|\sNo\.?|\s[Nn]umber)?[\s.:：(]{0,3}(?:\d[\s()-]{0,2}){6,14}\d",
)
CONTACT = re.compile(f"{_EMAIL}|(?:{'|'.join(_PHONES)}){_EXTENSION}")
# Every telephone number holds such a run, or the code of one spelt with letters; texts without
# need no closer look.
# Both begin with a digit outside the brackets, so that the search leaps from digit to digit.
MANY_DIGITS = re.compile(r"\d(?:[\d\s()\[\]./+-]{4,}\d|(?<=8)(\d)\1[)\s.-]{1,3}[0-9-]{0,6}[A-Z])")
# Seven digits with little between them, or the code of a service number that is spelt with letters.
_NUMBER_OF_A_PHONE = re.compile(r"\d(?:\D{0,12}\d){6}|8\d\d")
_SIGN_OR_DIGITS = re.compile(f"[@＠]|{MANY_DIGITS.pattern}")
_DOMAIN = re.compile(r"\s?[A-Za-z0-9.-]*")
# So much may stand before the sign of an address; before the first digit of a number it is less.
_BEFORE = 66
# Behind the last digit: an extension, or letters that spell the rest of a number, and what ends it.
_BEHIND = 64


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where ``CONTACT`` finds something in a text: the same, one after the other.

    The pattern tries eighteen forms at each letter, which of a long text takes a millisecond. So it
    is given what lies around signs of addresses and runs of digits alone; a test holds both equal.
    """
    for start, end in _places(text):
        for found in CONTACT.finditer(text, start, end):
            yield found.span()


def _places(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that may hold a contact, apart from each other."""
    start = end = 0
    for found in _SIGN_OR_DIGITS.finditer(text):
        begins, ends = found.start() - _BEFORE, found.end()
        if found[0] in "@＠" and (domain := _DOMAIN.match(text, ends)):
            ends = domain.end()
        if begins > end:
            if end:
                yield start, end
            start = begins
        end = max(end, ends + _BEHIND)
    if end:
        yield start, end


def may_hold(text: str) -> bool:
    """Whether a text may hold a contact, told by a look that most texts do not stand."""
    return (
        "@" in text
        or "＠" in text
        or bool(MANY_DIGITS.search(text) and _NUMBER_OF_A_PHONE.search(text))
    )
