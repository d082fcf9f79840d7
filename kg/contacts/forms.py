"""What looks like an e-mail address or a telephone number, and where it stands in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# At most 64 characters before the sign (RFC 5321): a long run of letters is tried no further.
# Letters with accents count, Chinese ones do not: the word before an address is no part of it.
_LETTERS = "A-Za-z0-9À-ÖØ-öø-ɏЀ-ӿ"
# None of them is a sign that may follow, so that a run is never tried shorter.
_LOCAL = rf"[{_LETTERS}!#$'*+/=?^_`|~.-]{{1,64}}+"
_LABEL = rf"[{_LETTERS}-]+"
# A dot that is mistyped, or has a blank beside it, ends a domain only before a part that ends many.
_MISTYPED = (
    rf"(?:[.,．。]{_LABEL}){{0,3}}(?:\s?[.,．。]\s?(?:com|org|net|edu|gov)"
    r"|[,．。](?:cn|uk|de|fr|it|es|pt|br|nl|ch|jp|kr|in|ir|tr|eg|au|ca))(?![A-Za-z0-9])"
)
_MAILERS = "(?:gmail|hotmail|yahoo|outlook|foxmail|qq|163|126|naver)(?![A-Za-z0-9])"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|Dot|DOT|\.)\s?[)\]}>]\s?|\s(?:dot|Dot|DOT)\s)"
_EMAIL = (
    rf"{_LOCAL}(?:"
    rf"\s?[@＠﹫]\s?(?:{_LABEL}(?:(?:\.{_LABEL})+|{_MISTYPED}|\.[\u3400-\u9fff]{{1,9}})|{_MAILERS})"
    # as people hide it from machines: name (at) host dot org, name at host dot org
    rf"|\s?[(\[{{<]\s?(?:at|At|AT|[@＠])\s?[)\]}}>]\s?{_LABEL}(?:{_DOT}{_LABEL})+"
    rf"|\s(?:at|AT)\s[{_LETTERS}.-]{{1,63}}(?:\s(?:dot|DOT)\s{_LABEL}){{0,3}}"
    rf"\s(?:dot|DOT)\s(?:com|org|net|edu|gov|info|[a-z]{{2}}|COM|ORG|NET|EDU)(?![A-Za-z0-9])"
    rf"|(?:%40|&#64;|&commat;){_LABEL}(?:\.{_LABEL})+)"
)
_SERVICE = "8(?:00|22|33|44|55|66|77|88)"
# Behind a number: no more of it. An extension may follow.
_ENDS = r"(?!(?![xX]\d|ext)[A-Za-z0-9_]|[.-]\d)"
_EXTENSION = (
    r"(?:[\s,(]{0,3}(?:转|轉|分机号?|分機|内線|내선|[Ee]xtn?(?:ension|\.)?(?![A-Za-z])|[xX](?=\s?\d)|#"
    r"|poste|ramal|anexo)[.:：\s]{0,3}\d{1,6}\)?)?"
)
_BEGINS = r"(?<![A-Za-z0-9_.+-])"
_NO_YEAR = r"(?!(?:19|20)\d\d(?!\d))"
# Words of many languages behind which a number is a telephone's, whatever its form.
_WORDS = (
    "电话 手机 传真 微信 联系方式 座机 固话 热线 直线 電話 手機 傳真 聯絡 QQ qq"
    " 전화 전화번호 연락처 휴대폰 핸드폰 팩스 [Тт]ел [Тт]елефон [Фф]акс"
    r" (?<![A-Za-z])[Tt][ée]l TEL [Tt]elf [Tt]el[ée]fono [Tt]eléfonos [Tt]elefon [Tt]elefone"
    r" [Pp]hone [Pp]hones PHONE \b[Pp]h(?=[.:]) [Ff]ax FAX [Ff]aks [Mm]obile MOBILE \b[Mm]ob"
    r" [Mm][óo]vil [Cc]elular [Hh]andy(?=\s?[.:]) [Hh]otline [Pp]ager [Bb]leep"
    " [Ww]hats[Aa]pp [Ww]e[Cc]hat [Vv]iber"
)
# Each alone, for a look behind has one width.
_ANNOUNCED = "|".join(f"(?<={word})" for word in _WORDS.split())
_CALLED = "|".join(
    rf"(?<=\b{words}\s)"
    for words in (
        *("[Cc]all", "[Dd]ial", "[Cc]ontact", "[Cc]ontact:", "[Cc]all us at", "[Cc]all us on"),
        *("[Cc]ontact [Nn]o", "[Cc]ontact [Nn]o[.:]", "[Cc]ontact [Nn]o.:"),
        *("[Cc]ontact [Nn]umber", "[Cc]ontact [Nn]umber:"),
    )
)
_PHONES = (
    # international: +86 571 0000 0001, (+86)571-00000001, 0086-…, +49 30/0000-0001
    r"(?<![A-Za-z0-9_)+])\(?(?:\+{1,2}\s?\d{1,3}|0086|00\s86)\)?(?:[\s().-]{0,3}\d){7,16}",
    r"(?<![A-Za-z0-9_)+])(?=(?:\D{1,4}\d|\d){9})\(?\+{1,2}\s?\d{1,3}\)?"
    r"(?:/|(?:[\s().-]{0,3}\d){1,4}\s?/\s?)\d{2,4}(?:[\s/-]?\d){1,9}",
    # … with 00 or 011 for the +: 0049 30 0000001, 001-301-000-0000
    rf"{_BEGINS}(?:00\s?|011\s)(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)"
    rf"[\s()-]{{1,3}}{_NO_YEAR}(?:\d[\s().-]{{0,3}}){{6,11}}\d{_ENDS}",
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
    rf"{_BEGINS}(?:1[\s.-])?(?:\(?[2-9]\d{{2}}\)?[\s.-]|\([2-9]\d{{2}}\))\d{{3}}[\s.-]\d{{4}}{_ENDS}",
    rf"{_BEGINS}[2-9]\d{{2}}/[2-9]\d{{2}}-(?!(?:19|20)\d\d)\d{{4}}{_ENDS}",
    # as other countries group theirs: 02-0000-0000, 01 00 00 00 00, 8 (495) 000-00-00
    rf"{_BEGINS}0\d-{_NO_YEAR}\d{{3,4}}-\d{{4}}{_ENDS}",
    rf"{_BEGINS}0[1-9](?:(?:\s\d\d){{4}}|(?:\.\d\d){{4}})(?![\s.]\d){_ENDS}",
    rf"{_BEGINS}8\s?\(\d{{3,4}}\)\s?\d{{2,3}}-?\d\d-?\d\d{_ENDS}",
    rf"{_BEGINS}8(?:\s[3-9]\d\d\s\d{{3}}\s\d\d\s|-[3-9]\d\d-\d{{3}}-\d\d-)\d\d{_ENDS}",
    rf"{_BEGINS}0[6-9]\d{{4}}\s\d{{5}}{_ENDS}",
    rf"{_BEGINS}(?<!\d\s)(?<!\d[;,:])(?<!\d[;,:]\s)\([1-9]\d\)\s?{_NO_YEAR}\d{{4,5}}-\d{{4}}{_ENDS}",
    rf"{_BEGINS}\(852\)\s?\d{{4}}[\s-]?\d{{4}}{_ENDS}",
    # … behind an area code in brackets: (02) 9000 0000, (01865) 000000, 0 (212) 000 00 00
    rf"{_BEGINS}(?:0\s?\([1-9]\d\d\)|\(0(?:[1-9]\d{{0,3}})?\))[\s-]{{0,2}}{_NO_YEAR}"
    rf"(?=(?:\d[\s-]?){{6,10}}(?![\s-]?\d))\d{{2,6}}(?:[\s-]?\d{{2,4}}){{0,4}}{_ENDS}",
    # … in groups after a zero: 020 7000 0000, 01865 000 000, 0 212 000 00 00, 0120-000-000
    rf"{_BEGINS}(?=(?:\d\s?){{10,11}}(?!\s?\d))0(?:[1-9]\d{{0,3}}|\s[2-5]\d\d(?=\s\d{{3}}\s\d\d\s))"
    rf"(?=[\d\s]{{1,8}}\d{{3}})(?:\s{_NO_YEAR}\d{{2,6}}){{1,4}}{_ENDS}",
    rf"{_BEGINS}0(?:120|570|800)-\d{{3}}-\d{{3}}{_ENDS}",
    rf"{_BEGINS}1[38]00\s\d{{3}}\s\d{{3}}(?!\s?\d){_ENDS}",
    # North American service numbers spelt with letters: 1-877-INVENTED, 1-800-4-INVENT; without
    # the 1 only with a digit among the letters, for "800-PATIENT STUDY" is no number
    rf"{_BEGINS}(?:\+?1[\s.-]?\(?{_SERVICE}\)?[\s.-]{{1,2}}|\({_SERVICE}\)[\s.-]{{0,2}}"
    rf"|{_SERVICE}-(?=[A-Z-]*\d))(?=[0-9-]{{0,6}}[A-Z])(?:[A-Z0-9]-?){{4,11}}[A-Z0-9](?![A-Za-z0-9_])",
)
_TOLD = (
    # any run of digits that a word announces: 电话:00000001, QQ 00000001, Tel. 0000 0001
    rf"(?=[\s.:：(~\d+号番번群NnSs-])(?:{_ANNOUNCED})"
    r"(?:\.?\s?(?:号码|番号|번호|号|群|[Nn][or]s?\.?|[Nn]umbers?|s))?[\s.:：(~-]{0,4}\+?"
    r"(?!(?:19|20)\d\d[-./]\d\d?[-./]\d)"
    r"(?:\d[\s()./-]{0,3}){6,14}\d",
    rf"(?=\d)(?:{_CALLED})(?=(?:\d[\s-]?){{7}}){_NO_YEAR}\d{{2,12}}(?:[\s-]\d{{3,5}}){{0,2}}"
    rf"(?![\s-]?\d){_ENDS}",
    # the name of an account: 微信号 invented_01, WeChat ID: invented-01
    r"(?:(?<=微信号)|(?<=微信[:：])|(?<=[Ww]e[Cc]hat ID)|(?<=[Ww]e[Cc]hat:))[:：\s]{0,3}"
    r"(?=[A-Za-z-]*[\d_])"
    r"[A-Za-z][A-Za-z0-9_-]{5,19}",
)
# What most letters are, no telephone number begins with: they are tried against one sign alone.
CONTACT = re.compile(
    rf"{_EMAIL}|(?:(?=[\d(\[+])(?:{'|'.join(_PHONES)})|{'|'.join(_TOLD)}){_EXTENSION}"
)
# Every telephone number holds such a run, or the code of one spelt with letters; texts without
# need no closer look.
# Both begin with a digit outside the brackets, so that the search leaps from digit to digit.
MANY_DIGITS = re.compile(r"\d(?:[\d\s()\[\]./+-]{4,}\d|(?<=8)(\d)\1[)\s.-]{1,3}[0-9-]{0,6}[A-Z])")
# Seven digits with little between them, or the code of a service number that is spelt with letters.
_NUMBER_OF_A_PHONE = re.compile(r"\d(?:\D{0,12}\d){6}|8\d\d")
# Signs of addresses that are hidden from machines, and of accounts.
_HIDDEN = (
    rf"[(\[{{<]\s?(?:at|At|AT)\s?[)\]}}>]|\s(?:at|AT)\s[{_LETTERS}.-]{{1,63}}\s(?:dot|DOT)\s"
    r"|%40|&(?:#64|commat);|微信|[Ww]e[Cc]hat"
)
_SIGN_OR_DIGITS = re.compile(f"[@＠﹫]|{_HIDDEN}|{MANY_DIGITS.pattern}")
# Texts without any of these hold no sign: to ask so is far cheaper than the pattern.
_HOLDS_SIGN = ("@", "＠", "﹫", "dot", "DOT", "%40", "#64;", "commat;", "微信", "eChat", "echat")
_IN_BRACKETS = re.compile(r"[(\[{<]\s?(?:at|At|AT)\s?[)\]}>]")
_DOMAIN = re.compile(rf"(?:[\s.,．。()\[\]{{}}<>]{{0,4}}[{_LETTERS}-]+){{0,12}}")
# So much may stand before the sign of an address; before the first digit of a number it is less.
_BEFORE = 66
# Behind the last digit: an extension, or letters that spell the rest of a number, and what ends it.
_BEHIND = 64


def has_sign(text: str) -> bool:
    """Whether a text holds what may be the sign of an address or of an account."""
    return any(map(text.__contains__, _HOLDS_SIGN)) or _IN_BRACKETS.search(text) is not None


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where ``CONTACT`` finds something in a text: the same, one after the other.

    The pattern tries some forty forms at each letter, which of a long text takes milliseconds.
    So it is given what lies around signs of addresses and runs of digits alone; a test holds both
    equal.
    """
    for start, end in _places(text):
        for found in CONTACT.finditer(text, start, end):
            yield found.span()


def _places(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that may hold a contact, apart from each other."""
    start = end = 0
    for found in _SIGN_OR_DIGITS.finditer(text):
        begins, ends = found.start() - _BEFORE, found.end()
        if not found[0][0].isdigit() and (domain := _DOMAIN.match(text, ends)):
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
    return has_sign(text) or bool(MANY_DIGITS.search(text) and _NUMBER_OF_A_PHONE.search(text))
