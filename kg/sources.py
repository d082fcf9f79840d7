"""Files in, texts out: folders, archives, standard input; told apart by bytes, never by name.

A file that cannot be read is an issue and the others go on. Sizes are capped, because an archive
of kilobytes can unpack to terabytes; a cap that bites is an issue too.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.contacts import masked
from kg.errors import ToolError
from kg.issues import Issue
from kg.values import one_line, unprintable

LARGEST = 256 * 1024 * 1024  # bytes of one file, unpacked
MOST_MEMBERS = 200_000  # members of one archive
DEEPEST = 3  # archives inside archives


class Source(NamedTuple):
    """The bytes of one file. ``file`` is its name without folders (``a.zip!b.txt`` in archives)."""

    file: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Unreadable(Exception):
    """Why a file could not be read, in words."""


def sources(paths: Iterable[Path], stdin: BinaryIO | None = None) -> Iterator[Source | Issue]:
    """Every file below ``paths``, folders and archives opened; ``-`` is standard input.

    Raises ToolError for a path that does not exist.
    """
    for path in paths:
        if str(path) == "-":
            data = stdin.read(LARGEST + 1) if stdin else b""
            yield from _opened("standard input", data, 0)
        elif path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path)):
                yield from _from_disk(file)
        elif path.exists():
            yield from _from_disk(path)
        else:
            raise ToolError(f"{path}: no such file or folder")


def _hidden(file: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(below).parts)


def _from_disk(path: Path) -> Iterator[Source | Issue]:
    name = masked(one_line(path.name))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        yield _unreadable(name, error.strerror or str(error))
        return
    yield from _opened(name, data, 0)


def _opened(name: str, data: bytes, depth: int) -> Iterator[Source | Issue]:
    if len(data) > LARGEST:
        yield _unreadable(name, f"larger than {LARGEST >> 20} MiB; split it")
    elif data.startswith(b"\x1f\x8b"):
        yield from _unpacked(name, _gunzipped(data), depth)
    elif data.startswith(b"PK\x03\x04"):
        yield from _unpacked(name, _unzipped(data), depth)
    else:
        yield Source(name, data)


def _unpacked(
    name: str, members: Iterator[tuple[str, bytes]], depth: int
) -> Iterator[Source | Issue]:
    if depth == DEEPEST:
        yield _unreadable(name, f"more than {DEEPEST} archives inside each other")
        return
    try:
        for member, data in members:
            yield from _opened(f"{name}!{member}" if member else name, data, depth + 1)
    except (Unreadable, OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        # zipfile raises RuntimeError for a member that needs a password
        yield _unreadable(name, one_line(str(error)) or type(error).__name__)


def _gunzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    with gzip.open(io.BytesIO(data)) as file:
        unpacked = file.read(LARGEST + 1)
    if len(unpacked) > LARGEST:
        raise Unreadable(f"unpacks to more than {LARGEST >> 20} MiB")
    yield "", unpacked


def _unzipped(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if any(m.filename == "[Content_Types].xml" for m in members):
            raise Unreadable("an Office file (such as an Excel workbook); export it as text")
        if len(members) > MOST_MEMBERS:
            raise Unreadable(f"holds more than {MOST_MEMBERS} files")
        for member in sorted(members, key=lambda m: m.filename):
            base = masked(one_line(member.filename.rsplit("/", 1)[-1]))
            if base.startswith(".") or "__MACOSX/" in member.filename:
                continue
            with archive.open(member) as file:  # sizes in the directory may lie: read with a cap
                unpacked = file.read(LARGEST + 1)
            if len(unpacked) > LARGEST:
                raise Unreadable(f"{base} unpacks to more than {LARGEST >> 20} MiB")
            yield base, unpacked


def _unreadable(name: str, why: str) -> Issue:
    return Issue(name, 0, "", "unreadable", "", "", why)


# -- text -----------------------------------------------------------------------------------------

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHINESE_LABEL = "注册号"


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, with ``\\n`` line ends, and its encoding.

    UTF-8 unless a byte-order mark says UTF-16. Bytes that are not UTF-8 are read as GB18030 only
    where that gives the label of a Chinese registry page; bad bytes are never replaced.

    Raises Unreadable for anything else.
    """
    if data.startswith(b"%PDF"):
        raise Unreadable("a PDF; export its text")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
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
    if _CHINESE_LABEL in text:
        return _lines(text), "gb18030"
    raise Unreadable(f"not UTF-8 text ({bad}); save it as UTF-8")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _lines(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise Unreadable(f"not {encoding} text (offset {error.start}); save it as UTF-8") from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


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


# -- strangers ------------------------------------------------------------------------------------

_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")


def stranger(text: str) -> str:
    """What a text is that no extractor reads, in words that say what would be right."""
    start = text[:4096].strip()
    if not start and not text.strip():
        return "an empty file"
    if start.startswith("<"):
        return _markup(text, start)
    if start[0] in "{[":
        return "JSON that no extractor of this version reads"
    if _CHINESE_LABEL in text:
        return (
            "a page of the Chinese registry in a layout that this version does not read (one label "
            "a line, its value below), or without its registration number"
        )
    if len(text) > 1_000_000 and "\n" not in text.strip():
        return f"one line of {len(text) >> 20} million characters: no page text"
    return "text without a registration number that no extractor knows"


def _markup(text: str, start: str) -> str:
    head = text[:65536]
    if re.search(r"<(?:!doctype\s+html|html|head|body|script)\b", head, re.IGNORECASE):
        title = _TITLE.search(head)
        name = f" ({masked(one_line(title[1]))[:60]})" if title and title[1].strip() else ""
        if "left_title" in text:
            return "a ChiCTR page as HTML, which this version does not read; copy its text"
        return f"a web page{name} without a record: a login, error or search page?"
    root = _ROOT.search(head)
    return f"XML ({root[1]}) that no extractor of this version reads" if root else "markup"
