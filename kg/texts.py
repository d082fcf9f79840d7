"""The text of a file: decoded strictly, never guessed, never with bad bytes replaced."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from kg.issues import Issue
from kg.sources import Unreadable
from kg.values import unprintable

LONGEST = 256 * 1024 * 1024  # bytes of one page of text
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.I)
CHINESE_LABEL = "注册号"
_BLOCK = 1024 * 1024


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a page, with ``\\n`` line ends, and its encoding.

    UTF-8 unless a byte-order mark or the page's own ``<meta charset>`` says otherwise. Bytes that
    are not UTF-8 are read as GB18030 only where that gives the label of a Chinese registry page;
    bad bytes are never replaced.

    Raises Unreadable for anything else.
    """
    if data.startswith(b"%PDF"):
        raise Unreadable("a PDF; export its text")
    encoding = _declared(data)
    if encoding:
        mark = next((mark for mark, _ in _BOMS if data.startswith(mark)), b"")
        return _strictly(data[len(mark) :], encoding), encoding
    if b"\x00" in data[:65536]:
        raise Unreadable("a binary file")
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


def _declared(data: bytes) -> str:
    """The encoding that a byte-order mark or a ``<meta charset>`` declares; "" for none."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    found = _CHARSET.search(data[:4096])
    if not found:
        return ""
    try:
        return codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return ""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _lines(data.decode(encoding))
    except (UnicodeDecodeError, LookupError) as error:
        where = f" (offset {error.start})" if isinstance(error, UnicodeDecodeError) else ""
        raise Unreadable(f"not {encoding} text{where}; save it as UTF-8") from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def streamed(stream: IO[bytes]) -> Iterator[str]:
    """The text of a large file, block by block: UTF-8, or UTF-16 by its byte-order mark.

    Raises Unreadable at the first byte that does not fit.
    """
    stream.seek(0)
    head = stream.read(4)
    mark, encoding = next(((m, e) for m, e in _BOMS if head.startswith(m)), (b"", "utf-8"))
    stream.seek(len(mark))
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = len(mark)
    while True:
        block = stream.read(_BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
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
