"""The text of a file: decoded strictly, never guessed, never with bad bytes replaced."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from kg.issues import Issue
from kg.sources.files import OtherKind, Unreadable
from kg.values import unprintable

LONGEST = 256 * 1024 * 1024  # bytes of one page of text
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
# The encodings that a page or an XML file may declare, by Python's names. GB2312 and GBK are read
# as GB18030, which holds both; so do browsers. Others are no text (rot13) or hide it (utf-7).
_CHINESE = frozenset({"gb2312", "gbk", "gb18030"})
_READ = frozenset(
    {"utf-8", "ascii", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949"}
    | {"koi8-r", "koi8-u", "cp874"}
    | {f"iso8859-{n}" for n in range(1, 17)}
    | {f"cp125{n}" for n in range(9)}
)
CHINESE_LABEL = "注册号"
_BLOCK = 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a page, with ``\\n`` line ends, and its encoding.

    UTF-8 unless a byte-order mark or the page's own ``<meta charset>`` says otherwise. Bytes that
    are not UTF-8 are read as GB18030 only where that gives the label of a Chinese registry page;
    bad bytes are never replaced.

    Raises OtherKind for what is no text, and Unreadable for a text that cannot be read.
    """
    if data.startswith(b"%PDF"):
        raise OtherKind("a PDF; export its text")
    if data.startswith(_OLD_OFFICE):
        raise OtherKind("an old Office file (.doc, .xls); save it as text or as .xlsx")
    encoding = _declared(data)
    if encoding:
        mark = next((mark for mark, _ in _BOMS if data.startswith(mark)), b"")
        return _strictly(data[len(mark) :], encoding), encoding
    if b"\x00" in data[:65536]:
        if _is_text(data[:65536].replace(b"\x00", b"")):
            why = "a text with zero bytes: damaged, or UTF-16 without a mark"
            raise Unreadable(f"{why}; save it as UTF-8")
        raise OtherKind("a binary file")
    try:
        return _lines(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as error:
        bad = f"byte 0x{data[error.start]:02x} at offset {error.start}"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if CHINESE_LABEL in text:
        return _lines(text), "gb18030"
    raise Unreadable(f"not UTF-8 text ({bad}); save it as UTF-8")


def _is_text(head: bytes) -> bool:
    """Whether the beginning of a file is UTF-8 without control characters."""
    try:
        text = codecs.getincrementaldecoder("utf-8")("strict").decode(head)
    except UnicodeDecodeError:
        return False
    return not unprintable(text)


def readable(label: str) -> str:
    """Python's name of the encoding that a file calls ``label``; "" where nobody knows it.

    Raises Unreadable for an encoding that is not read.

    >>> readable("GBK"), readable("UTF8"), readable("undefined")
    ('gb18030', 'utf-8', '')
    """
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    if name == "undefined":  # what a script writes for nothing; to Python it is a codec
        return ""
    if name in _CHINESE:
        return "gb18030"
    if name in _READ or name.startswith("utf-16"):
        return name
    raise Unreadable(f"declares the encoding {label}, which is not read; save it as UTF-8")


def _declared(data: bytes) -> str:
    """The encoding that a byte-order mark or a ``<meta charset>`` declares; "" for none.

    A page that says UTF-16 in single bytes is not UTF-16; the HTML standard reads it as UTF-8.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    found = _CHARSET.search(data[:4096])
    name = readable(found[1].decode("ascii")) if found else ""
    return "" if name.startswith("utf-16") else name


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _lines(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise Unreadable(f"not {encoding} text (offset {error.start}); save it as UTF-8") from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def streamed(stream: IO[bytes], encoding: str = "utf-8") -> Iterator[str]:
    """The text of a large file, block by block, in an encoding or by its byte-order mark.

    Raises Unreadable at the first byte that does not fit, once what stands before it is given.
    """
    stream.seek(0)
    head = stream.read(4)
    mark, encoding = next(((m, e) for m, e in _BOMS if head.startswith(m)), (b"", encoding))
    stream.seek(len(mark))
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = len(mark)
    while True:
        block = stream.read(_BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            yield error.object[: error.start].decode(encoding)
            at = offset + error.start
            raise Unreadable(f"not {encoding} text (near offset {at}); save it as UTF-8") from None
        offset += len(block)
        if text:
            yield text
        if not block:
            return


class TextStream(io.TextIOBase):
    """What ``streamed`` gives, as lines: for the ``csv`` module. ``longest`` caps one line."""

    def __init__(self, stream: IO[bytes], longest: int) -> None:
        self._blocks = streamed(stream)
        self._rest = ""
        self._longest = longest

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        for block in self._blocks:
            self._rest += block
            *lines, self._rest = self._rest.split("\n")
            for line in lines:
                yield line + "\n"
            if len(self._rest) > self._longest:
                raise Unreadable(f"a line of more than {self._longest >> 20} MiB")
        if self._rest:
            yield self._rest
            self._rest = ""


def removed_characters(file: str, text: str) -> Issue | None:
    """The issue that a text holds control characters and the like, at the first such line."""
    found = unprintable(text)
    if not found:
        return None
    line = next(n for n, t in enumerate(text.split("\n"), start=1) if unprintable(t))
    return Issue(
        file, line, "", "characters removed", "", str(found),
        "control or invisible characters; the text is read without them",
    )  # fmt: skip
