"""Names of people made comparable, in Chinese characters and in Latin letters.

In Latin letters the order decides nothing (of names in two words more than a quarter are of two
surnames), nor does joining, a hyphen, a comma or how ü is written. Initials and one mistyped letter
decide nothing either, but speak for less. What is printed stays as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from kg.resolve.names import pinyin
from kg.resolve.names.comparable import han, only_words, unified, unmarked

Agreement = Literal["agree", "unclear", "differ"]

_NOT_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff]+")
_INCOMPLETE = re.compile(
    r".{1,2}(?:某+|先生|女士|小姐|医生|医师|大夫|老师|教授|主任|护士|秘书|博士|同志)"
)
CACHED = 16384  # names lately read that are remembered; rules keep those that they work on
LEAST_LETTERS = 4  # of a Latin name, for it to tell who somebody is
LONGEST = 120  # characters of a person's name; what is longer is a text

# No word that is a syllable of Chinese names: Ma is a surname before it is a degree.
_DEGREE_WORDS = (
    "md phd dr prof professor mph msc bsc ms mr mrs miss mbbs mbchb dds dmd bds pharmd rn np mba "
    "dsc drph mmed facc facs facp fesc frcp frcs frcpc mrcp bsn msn"
)
_DEGREES = frozenset(_DEGREE_WORDS.split())
_RANK = (
    r"(?:assoc(?:iate)?|ass(?:is)?t(?:ant)?|adjunct|chief|deputy|vice|attending|senior|resident"
    r"|principal|visiting|honorary|clinical|full|distinguished)"
)
_TITLE = (
    r"(?:prof(?:essor)?|doctor|dr|physicians?|surgeons?|pharmacist|nurse|lecturer|researcher"
    r"|research fellow|academician|director|dean|president|investigator)"
)
_LEARNED = r"(?:doctor|master|bachelor|postdoc(?:tor)?|doctorate|ma|ba)(?: degree| of [a-z]+)?"
# Before a name of two words, and behind it: after a comma, in brackets, as "associate professor".
_TITLE_BEFORE = re.compile(
    rf"^\W*(?:(?:{_RANK}\b[.\s]*)*{_TITLE}\b[.\s]*)+(?=[A-Za-z][\w'’-]+[\s,]+[A-Za-z])", re.I
)
_TITLE_BEHIND = re.compile(
    rf"(?:[,(]\s*(?:(?:(?:{_RANK}\b[.\s]*)*{_TITLE}\b|{_LEARNED}\b)"
    r"(?: (?:of|in) [a-z]+)?[.\s&/]*)+\)?"
    r"|[,(]\s*(?:[MB]\.?A|R\.?N)\b\.?\)?"
    rf"|\s+(?:{_RANK}\b[.\s]*)+{_TITLE}\b\.?|\s+professor)\s*$",
    re.I,
)
_DEGREE_TAIL = re.compile(r"\b(?:Pharm\.?\s?D|Ph\.?\s?D|M\.?\s?D|M\.?Sc|B\.?Sc)\b\.?", re.I)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STROKES = re.compile(r"[-‐-―'’`´]")
_PLAIN = re.compile(r"[ -Z\\^-z|~]*")  # in which nothing is to be unified or without its mark
_NO_LETTERS = re.compile(r"[^a-z]+")


def han_name(text: str) -> str | None:
    """The Chinese name in ``text``, simplified, without blanks; None unless it can name a person.

    >>> han_name("陳 示例"), han_name("Chen Shili"), han_name("李医生"), han_name("李某某")
    ('陈示例', None, None, None)
    """
    if len(text) > LONGEST or text.isascii():
        return None
    name = _NOT_HAN.sub("", _han_untitled(unified(text)))
    if len(name) < 2 or _INCOMPLETE.fullmatch(name):
        return None
    return name


_HAN_TITLE = (
    r"(?:(?:副|正|特聘|客座)?(?:教授|研究员|主任医师|主任药师|主任护师|主任技师|院长|主任|院士)"
    r"|(?:主治|住院|执业)医师|医师|医生|博士(?:生|后)?|硕士(?:生)?|老师|护士长?|讲师)"
)


def _han_untitled(text: str) -> str:
    """A Chinese name without the title before or behind it.

    Two characters before it are a name, unless they are a surname (欧阳教授) and no more.

    >>> _han_untitled("陈示例教授"), _han_untitled("陈示 (主任医师)"), _han_untitled("李医生")
    ('陈示例', '陈示', '李医生')
    >>> _han_untitled("陈示教授"), _han_untitled("欧阳教授")
    ('陈示', '欧阳教授')
    """
    text = text.strip()
    apart = re.sub(rf"(?:\s+|\s*[(,]\s*){_HAN_TITLE}+\)?$|^{_HAN_TITLE}+[:\s]+", "", text)
    if len(_NOT_HAN.sub("", apart)) < 2:
        return text
    bare = re.sub(rf"(?<=[\u3400-\u9fff]{{2}}){_HAN_TITLE}+$", "", apart)
    return apart if bare in pinyin.surname_table() else bare


def _unmarked(text: str) -> str:
    """A Latin name without marks and degrees; ü of a Chinese syllable is the ``v`` of input
    methods."""
    plain = text
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", unified(text))
        plain = unmarked(re.sub("(?<=[ln])ü|(?<=[LN])Ü", lambda of: "vV"[of[0] == "Ü"], text))
    plain = _DEGREE_TAIL.sub(" ", plain)
    while (rest := _TITLE_BEHIND.sub("", plain.rstrip(" ,;."))) != plain and rest.strip():
        plain = rest
    return _TITLE_BEFORE.sub("", plain)


class Latin(NamedTuple):
    """A name in Latin letters: as printed, its words, one string for all their orders, whether any
    of them is an initial, and whether two words at least are none."""

    text: str
    words: str  # parted by blanks: of half a million names, so many small things count
    key: str
    initials: bool
    whole: bool

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words: lower case, without marks, ü and its spellings written ``u``."""
        return tuple(self.words.split())

    @property
    def forms(self) -> frozenset[str]:
        """The words joined, whichever comes first."""
        tokens = self.words.split()
        return frozenset("".join(tokens[i:] + tokens[:i]) for i in range(len(tokens)))

    @property
    def is_short(self) -> bool:
        """Whether it says too little for any rule but to ask: initials, one syllable."""
        least = LEAST_LETTERS if self.key.isascii() else 2  # a character may be a syllable
        return (self.initials and not self.whole) or len(self.key) < least


@lru_cache(maxsize=CACHED)
def latin(text: str) -> Latin:
    """A name in Latin letters, read; a text that is too long for one has no words."""
    if len(text) > LONGEST:
        return Latin(text, "", "", initials=False, whole=False)
    plain = _unmarked(text)
    apart = _CAMEL.sub(" ", _STROKES.sub("", plain))
    words = _NO_LETTERS.sub(" ", apart.casefold()).split()
    if not words and not han(apart):  # another script: its letters as they are
        words = re.sub(r"\d+", " ", only_words(apart.casefold())).split()
    tokens = [plain_u(word) for word in words if word not in _DEGREES]
    key = _turned("".join(tokens))
    return Latin(text, " ".join(tokens), key, *_initials(re.sub("['’‘`´]", "", plain)))


def _initials(plain: str) -> tuple[bool, bool]:
    """Whether a name holds initials, and whether two of its words are none."""
    words = [w for w in re.findall(r"[A-Za-z]+", plain) if w.casefold() not in _DEGREES]
    initials = sum(
        len(w) == 1 or (len(w) <= 3 and w.isupper() and not re.search("[AEIOUV]", w)) for w in words
    )
    return initials > 0, len(words) - initials >= 2


def latin_tokens(text: str) -> tuple[str, ...]:
    """The words of a Latin name: lower case, without marks, ü and its spellings written ``u``.

    >>> latin_tokens("Lyu Shili"), latin_tokens("LÜ Shili")
    (('lu', 'shili'), ('lu', 'shili'))
    >>> latin_tokens("Chen Shi-li"), latin_tokens("ChenYi")
    (('chen', 'shili'), ('chen', 'yi'))
    """
    return latin(text).tokens


def plain_u(word: str) -> str:
    """``lyu``, ``lv`` and ``lu`` are one spelling (GB/T 28039-2011); ``nyu``, ``nv``, ``nu`` too.

    >>> plain_u("lyu"), plain_u("lve"), plain_u("nyu"), plain_u("shenyu")
    ('lu', 'lue', 'nu', 'shenyu')
    """
    if "v" not in word and "yu" not in word:
        return word
    return re.sub(r"(l)(?:yu|v)|(^n)yu|(n)v", lambda of: of[0][0] + "u", word)


def _turned(joined: str) -> str:
    """One string for all rotations of a string: of two words in either order."""
    return min((joined[i:] + joined[:i] for i in range(len(joined))), default="")


def latin_key(text: str) -> str:
    """One string for all orders and joinings of a Latin name; for blocks, not proof.

    >>> latin_key("Wang Xiao Bo") == latin_key("Xiaobo Wang") == latin_key("wangxiaobo")
    True
    """
    return latin(text).key


@lru_cache(maxsize=CACHED)
def han_keys(name: str) -> frozenset[str]:
    """The Latin keys that a Chinese name can have.

    >>> latin_key("Lv Shili") in han_keys("吕示例"), latin_key("Zeng Yi") in han_keys("曾一")
    (True, True)
    """
    return frozenset(_turned(form) for form in _han_forms(name))


@lru_cache(maxsize=CACHED)
def _han_forms(name: str) -> frozenset[str]:
    """Both orders of every reading, joined."""
    found = set()
    for surname, given in pinyin.readings(name):
        ours, theirs = plain_u(surname), plain_u(given)
        found |= {ours + theirs, theirs + ours}
    return frozenset(found)


def is_initials(text: str) -> bool:
    """Whether a Latin name holds initials: "Chen SL", "S. Chen"."""
    return latin(text).initials


def latin_agreement(a: str, b: str) -> Agreement:
    """Whether two Latin names can be one person's: order and joining do not count.

    One mistyped letter decides nothing, nor do initials, unless both print the same ones beside
    two words at least.

    >>> latin_agreement("Chen Shili", "Shi-li Chen"), latin_agreement("Lv Yi", "Lyu Yi")
    ('agree', 'agree')
    >>> latin_agreement("Chen SL", "Chen Shili"), latin_agreement("Chen Yi", "Wang Yi")
    ('unclear', 'differ')
    >>> latin_agreement("Ann B. Example", "Ann B Example"), latin_agreement("A Exo", "A. Exo")
    ('agree', 'unclear')
    """
    return _latin_agreement(latin(a), latin(b))


def _latin_agreement(a: Latin, b: Latin) -> Agreement:
    if not a.words or not b.words:
        return "unclear"
    if not (a.initials or b.initials) and _far_apart(a.key, b.key):
        return "differ"
    if a.initials and b.initials and a.whole and sorted(a.tokens) == sorted(b.tokens):
        return "agree"
    return _compared((a.tokens, a.forms, a.initials), (b.tokens, b.forms, b.initials))


def _far_apart(a: str, b: str) -> bool:
    """Whether more than one letter is between the keys of two names: quickly told, and mostly so.

    One that is typed wrong takes one letter away and brings another.
    """
    return abs(len(a) - len(b)) > 1 or (_letters(a) ^ _letters(b)).bit_count() > 2


@lru_cache(maxsize=CACHED)
def _letters(key: str) -> int:
    """A bit for each letter of a key; letters of other scripts share some."""
    found = 0
    for letter in key:
        found |= 1 << (ord(letter) & 63)
    return found


_Side = tuple[tuple[str, ...], frozenset[str], bool]


def _compared(ours: _Side, theirs: _Side) -> Agreement:
    initials = ours[2] or theirs[2]
    if not initials and ours[1] & theirs[1]:
        return "agree"
    if initials:
        return "unclear" if set(ours[0]) & set(theirs[0]) or ours[1] & theirs[1] else "differ"
    if any(_one_edit(x, y) for x in ours[1] for y in theirs[1]):
        return "unclear"
    return "differ"


def han_agreement(name: str, printed: str) -> Agreement:
    """Whether a Latin name can be that of a Chinese one.

    >>> han_agreement("陈示例", "Shili Chen"), han_agreement("吕一", "LYU Yi")
    ('agree', 'agree')
    >>> han_agreement("陈示例", "S Chen"), han_agreement("陈示例", "Wang Shili")
    ('unclear', 'differ')
    """
    return _han_agreement(name, latin(printed))


def _han_agreement(name: str, of: Latin) -> Agreement:
    if not of.words:
        return "unclear"
    if not of.initials and all(_far_apart(key, of.key) for key in han_keys(name)):
        return "differ"
    words = tuple(plain_u(word) for pair in pinyin.readings(name) for word in pair)
    return _compared((words, _han_forms(name), False), (of.tokens, of.forms, of.initials))


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter typed wrong, left out, added or swapped turns ``a`` into ``b``."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1 or len(a) < 5:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) == len(b):
        rest_a, rest_b = a[start:], b[start:]
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    return a[start:] == b[start + 1 :]


class PersonName(NamedTuple):
    """A person's printed names, read: in Chinese characters, simplified, and in Latin letters."""

    han: str | None
    latin: Latin | None

    @property
    def key(self) -> str:
        """One string for all spellings that rules may compare; "" when there is none."""
        return self.han or (self.latin.key if self.latin else "")

    @property
    def latin_keys(self) -> frozenset[str]:
        """Keys under which Latin spellings of this name may be found; initials give none."""
        keys = set(han_keys(self.han)) if self.han else set()
        if self.latin and not self.latin.initials:
            keys.add(self.latin.key)
        return frozenset(keys)


@lru_cache(maxsize=CACHED)
def person_name(texts: tuple[str, ...]) -> PersonName:
    """The names of one person as printed in several scripts, read."""
    chinese = next((name for text in texts if (name := han_name(text))), None)
    read = [of for text in texts if not han(text) and (of := latin(text)).key]
    other = next((of for of in read if of.key.isascii()), read[0] if read else None)
    return PersonName(chinese, other)


def names_agree(a: PersonName, b: PersonName) -> Agreement:
    """Han names decide where both have one; else a Latin name of each, else Latin against Han."""
    if a.han and b.han:
        return "agree" if a.han == b.han else "differ"
    verdicts = {
        *((_latin_agreement(a.latin, b.latin),) if a.latin and b.latin else ()),
        *((_han_agreement(a.han, b.latin),) if a.han and b.latin else ()),
        *((_han_agreement(b.han, a.latin),) if b.han and a.latin else ()),
    }
    if "agree" in verdicts:
        return "agree"
    return "unclear" if "unclear" in verdicts or not verdicts else "differ"


def may_agree(a: PersonName, b: PersonName) -> bool:
    """Whether two names that agree could have these keys: quickly told, and mostly not."""
    return bool(a.han) != bool(b.han) or a.key == b.key
