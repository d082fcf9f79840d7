"""Files in, streams out: folders, archives, standard input; told apart by bytes, never by name.

A file that cannot be read is an issue and the others go on. Nothing is held in memory but pages of
text: what an archive holds is unpacked to a temporary file first, and only so far, because
kilobytes can unpack to terabytes. A cap that bites is an issue too.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import os
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, Protocol

from kg.contacts.masking import masked
from kg.counted import counted
from kg.errors import ToolError
from kg.issues import Issue
from kg.sources.cutting import File
from kg.values import one_line

LARGEST = 64 * 1024**3  # bytes of one file
UNSUSPICIOUS = 64 * 1024**2  # bytes that any archive may unpack to
MOST_UNPACKED = 100  # how many times its size an archive may unpack to, beyond that
MOST_MEMBERS = 1_000_000  # of one archive: the largest registry is 600,000; 600 bytes each
DEEPEST = 3  # archives inside archives
IN_MEMORY = 8 * 1024**2  # unpacked bytes that need no file
HEAD = 64 * 1024  # bytes by which a file is told
CHANGED = "changed while it was read; build again"
_BLOCK = 1024 * 1024
# What opening or reading a damaged archive raises. zipfile raises RuntimeError, or a kind of it,
# for a member that needs a password or a way of packing that it does not know.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError,
    OverflowError,
)  # fmt: skip


class Unreadable(Exception):
    """Why a file could not be read, in words."""


class OtherKind(Unreadable):
    """What a file is that no registry's records come in: a picture, a PDF, a letter."""


@dataclass(slots=True)
class Source:
    """One file: its name without folders (``a.zip!b.txt`` in archives), checksum, stream.

    ``stream`` stands at its beginning and can seek; it is closed when the next file is asked for.
    """

    file: str
    stream: IO[bytes]
    size: int
    sha256: str
    head: bytes = field(repr=False)
    begin: float = 0.0  # how much of the file of the input lies before it, 0 to 1
    part: float = 1.0  # how much of it this is

    @property
    def share(self) -> float:
        """How much of the file of the input is read, 0 to 1."""
        return self.begin + self.part * (self.stream.tell() / self.size if self.size else 1.0)

    @staticmethod
    def of(file: str, data: bytes) -> Source:
        """A file whose bytes are at hand."""
        sha256 = hashlib.sha256(data).hexdigest()
        return Source(file, io.BytesIO(data), len(data), sha256, data[:HEAD])

    def data(self, most: int) -> bytes:
        """All bytes of the file. Raises Unreadable when there are more than ``most``."""
        if self.size > most:
            raise Unreadable(f"larger than {most >> 20} MiB, too large for a page of text")
        self.stream.seek(0)
        return self.stream.read()


def sources(
    paths: Iterable[Path | File], stdin: BinaryIO | None = None
) -> Iterator[Source | Issue]:
    """Every file below ``paths``, folders and archives opened; ``-`` is standard input.

    Raises ToolError for a path that does not exist.
    """
    for found in files_below(paths):
        if isinstance(found, Issue):
            yield found
        elif str(found.path) == "-":
            yield from _from_stdin(stdin)
        else:
            yield from _from_disk(found)


def files_below(
    paths: Iterable[Path | File | Issue], apart: Path | None = None
) -> Iterator[File | Issue]:
    """Every file below ``paths``, none opened yet; ``-`` stands for standard input.

    Files and issues among them are handed on. A folder ``apart`` below one of them is left alone.

    Below a folder no link is followed out of it or to another folder: each is an issue. Raises
    ToolError for a path that does not exist.
    """
    for path in paths:
        if not isinstance(path, Path):
            yield path
        elif str(path) == "-" or not path.is_dir():
            if str(path) != "-" and not path.exists():
                raise ToolError(f"{path}: no such file or folder")
            yield File(path)
        else:
            yield from _in_folder(path, apart)


def _in_folder(folder: Path, apart: Path | None) -> Iterator[File | Issue]:
    """Every file of a folder and the folders in it, in their order; hidden ones are left alone."""
    inside = folder.resolve()
    closed: list[OSError] = []
    files: list[Path] = []
    links: list[Path] = []
    for here, folders, names in os.walk(folder, onerror=closed.append):
        at = Path(here)
        real = inside / at.relative_to(folder)
        folders[:] = [n for n in folders if not n.startswith(".") and real / n != apart]
        if apart is not None and real == apart.parent:  # what kg push keeps beside it
            names = [n for n in names if not n.startswith(f"{apart.name}.push.sqlite")]
        links += [at / name for name in folders if (at / name).is_symlink()]
        files += [at / name for name in names if not name.startswith(".")]
    for error in closed:
        yield unreadable(_name(Path(error.filename)), error.strerror or str(error))
    for path in sorted([*files, *links]):
        if path.is_symlink() and (why := _astray(path, inside)):
            yield unreadable(_name(path), why)
        else:
            yield File(path)


def _astray(link: Path, inside: Path) -> str:
    """Why a link is not followed; "" for one that leads to a file of the same folder."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):  # a loop
        return "a link that leads to no file"
    if not target.is_relative_to(inside):
        return "a link out of the folder; give its target itself"
    return "a link to a folder, which is not followed" if target.is_dir() else ""


def _name(path: Path) -> str:
    return masked(one_line(path.name))


def _from_stdin(stdin: BinaryIO | None) -> Iterator[Source | Issue]:
    name = "standard input"
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        try:
            size, sha256 = _copied(stdin, spool, LARGEST) if stdin else (0, _empty())
        except Unreadable as error:
            yield unreadable(name, str(error))
            return
        yield from _opened(name, spool, size, sha256, 0, _Budget(size))


def _from_disk(given: File) -> Iterator[Source | Issue]:
    path = given.path
    name = given.name or _name(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # Opening a pipe waits for a writer, and some devices never end.
            yield unreadable(name, "a pipe or device, no file; give it as standard input (-)")
            return
        with path.open("rb") as file:
            before = os.fstat(file.fileno())
            digest = hashlib.sha256()
            size = 0
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
            yield from _opened(name, file, size, digest.hexdigest(), 0, _Budget(size))
            after = os.fstat(file.fileno())
            if (before.st_mtime_ns, after.st_size) != (after.st_mtime_ns, size):
                # What was read may be neither the old file nor the new one.
                yield unreadable(name, CHANGED)
    except OSError as error:
        yield unreadable(name, error.strerror or str(error))


def _empty() -> str:
    return hashlib.sha256().hexdigest()


@dataclass(slots=True)
class _Budget:
    """How many bytes an archive of this size may still unpack to, all members together."""

    size: int
    spent: int = 0

    @property
    def left(self) -> int:
        return max(0, UNSUSPICIOUS + MOST_UNPACKED * self.size - self.spent)


def _opened(
    name: str, stream: IO[bytes], size: int, sha256: str, depth: int, budget: _Budget
) -> Iterator[Source | Issue]:
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if size > LARGEST:
        yield unreadable(name, f"larger than {LARGEST >> 30} GiB; split it")
    elif head.startswith(b"\x1f\x8b"):
        yield from _unpacked(name, _gunzipped(stream, budget), depth, budget)
    elif head.startswith(b"PK\x03\x04") and not is_workbook(stream):
        yield from _unpacked(name, _unzipped(stream, budget), depth, budget)
    else:
        stream.seek(0)
        yield Source(name, stream, size, sha256, head)


def is_workbook(stream: IO[bytes]) -> bool:
    """Whether a zip archive is an Excel workbook (Office Open XML, .xlsx)."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except DAMAGE:
        return False


class _Member(NamedTuple):
    """A file in an archive. ``why`` says what is wrong with one that could not be read."""

    name: str
    stream: IO[bytes]
    size: int
    sha256: str
    why: str = ""
    number: int = 0
    of: int = 1  # members of its archive


def _unpacked(
    name: str, members: Iterator[_Member], depth: int, budget: _Budget
) -> Iterator[Source | Issue]:
    if depth == DEEPEST:
        yield unreadable(name, f"more than {DEEPEST} archives inside each other")
        return
    try:
        for member in members:
            inner = f"{name}!{member.name}" if member.name else name
            if member.why:
                yield unreadable(inner, member.why)
            else:
                for found in _opened(
                    inner, member.stream, member.size, member.sha256, depth + 1, budget
                ):
                    if isinstance(found, Source):
                        found.begin = (member.number + found.begin) / member.of
                        found.part /= member.of
                    yield found
    except OtherKind as error:
        yield refusal(name, error)
    except (Unreadable, *DAMAGE) as error:
        yield unreadable(name, _said(error))


def _said(error: BaseException) -> str:
    return masked(one_line(str(error)))[:200] or type(error).__name__


def _gunzipped(stream: IO[bytes], budget: _Budget) -> Iterator[_Member]:
    with (
        tempfile.SpooledTemporaryFile(IN_MEMORY) as spool,
        gzip.GzipFile(fileobj=stream, mode="rb") as file,
    ):
        size, sha256 = _copied(file, spool, budget.left)
        budget.spent += size
        yield _Member("", spool, size, sha256)


def _unzipped(stream: IO[bytes], budget: _Budget) -> Iterator[_Member]:
    with zipfile.ZipFile(stream) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        if any(m.filename == "[Content_Types].xml" for m in members):
            raise OtherKind("an Office file that is no Excel workbook; export it as text")
        if len(members) > MOST_MEMBERS:
            raise Unreadable(f"holds more than {MOST_MEMBERS:,} files; split it")
        for n, member in enumerate(sorted(members, key=lambda m: m.filename)):
            base = masked(one_line(member.filename.rsplit("/", 1)[-1]))
            if base.startswith(".") or "__MACOSX/" in member.filename:
                continue
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
                try:
                    with archive.open(member) as file:  # sizes in the directory may lie
                        size, sha256 = _copied(file, spool, budget.left)
                except Unreadable as error:
                    behind = len(members) - n - 1
                    are = "is" if behind == 1 else "are"
                    more = f"; {counted(behind, 'file')} behind it {are} not read" if behind else ""
                    raise Unreadable(f"{base} {error}{more}") from None
                except DAMAGE as error:
                    # Its neighbours are read; what it unpacked to counts all the same.
                    budget.spent += spool.tell()
                    yield _Member(base, spool, 0, "", _said(error))
                    continue
                budget.spent += size
                yield _Member(base, spool, size, sha256, number=n, of=len(members))


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def _copied(read: _Readable, into: IO[bytes], most: int) -> tuple[int, str]:
    """Copy a stream, at most ``most`` bytes of it: size and checksum."""
    digest = hashlib.sha256()
    size = 0
    while block := read.read(_BLOCK):
        size += len(block)
        if size > most:
            raise Unreadable(f"unpacks to more than {most >> 20} MiB: a zip bomb?")
        digest.update(block)
        with _room():
            into.write(block)
    with _room():
        into.seek(0)
    return size, digest.hexdigest()


@contextmanager
def _room() -> Iterator[None]:
    """A disk without room to unpack is no damage of the archive: the build stops."""
    try:
        yield
    except OSError as error:
        where = tempfile.gettempdir()
        raise ToolError(f"{where}: {error.strerror}; archives are unpacked there") from None


def unreadable(name: str, why: str) -> Issue:
    """The issue that a file could not be opened or decoded."""
    return Issue(name, 0, "", "unreadable", "", "", why)


def refusal(name: str, error: Unreadable) -> Issue:
    """The issue that a file is not read: it is damaged, or of another kind."""
    if isinstance(error, OtherKind):
        return Issue(name, 0, "", "not a record", "", "", str(error))
    return unreadable(name, str(error))
