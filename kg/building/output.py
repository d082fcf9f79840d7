"""The folder that a build writes: made beside its place, moved there when it is whole.

Beside ``graph`` lie, while a build runs, ``.graph.lock`` and ``.graph.building``: a mark that says
whose folder it is, ``new`` where the build writes, and for a moment ``old``. A build that is killed
leaves both; the next one removes them. An output whose store somebody still reads stays below
``.graph.read`` until a build finds nobody there.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from kg.errors import ToolError
from kg.running.locks import locked, unread
from kg.store import STORE

MANIFEST = "manifest.json"
MARK = "made-by-kg"  # in the folder beside the output: ours to remove

_ATTEMPTS = 10

# Linux: swaps two names in one step. From fcntl.h and linux/fs.h.
_HERE, _EXCHANGE = -100, 2
# What a filesystem or kernel answers that cannot swap.
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


@contextmanager
def replacing(
    out: Path, *, force: bool = False, before: Callable[[], None] = lambda: None
) -> Iterator[Path]:
    """An empty folder that takes the place of ``out`` when the block ends without an error.

    ``before`` it does so is what has to be there when anybody sees it.

    Wrap the whole build: from the first line on nobody else builds here. Readers see the old folder
    or the new one; so does who comes after a kill or a power cut. Raises ToolError where another
    process builds into ``out``, where it holds anything that no build wrote (unless ``force``),
    and where the disk refuses.
    """
    place = Path(os.path.realpath(out))  # a link or another spelling is the same folder
    if os.path.ismount(place):  # cannot be renamed; said now, not after hours
        raise ToolError(f"{out} is where a disk is mounted; name a folder in it")
    beside = companion(out, "building")
    making = beside / "new"
    above: list[Path] = []
    try:
        above += (folder for folder in place.parents if not folder.exists())
        may_replace(place, force, out)  # a folder of others gets no lock file beside it
        place.parent.mkdir(parents=True, exist_ok=True)
        with locked(place.with_name(f".{place.name}.lock"), f"{out}: "):
            _heal(place, beside)
            _may_remove(place, out)
            _forgotten(companion(out, "read"))
            may_replace(place, force, out)  # again: it may have changed before the lock held
            try:
                _begun(beside)
                yield making
                _flushed(making)
                before()
                _swapped(making, place, beside / "old")
            finally:
                with suppress(OSError):  # the next build tries again, and says so
                    _brought_back(place, beside)
                    _removed(beside)
    except OSError as error:
        raise ToolError(_told(error, place, making, out)) from None
    except ToolError as error:  # in the words of the call: it knows no folder beside the output
        if str(making) not in error.message:
            raise
        raise ToolError(error.message.replace(str(making), str(out))) from error.__cause__
    finally:
        with suppress(OSError):  # those of a build that failed, as far as they are empty
            for folder in above:
                folder.rmdir()


@contextmanager
def held(out: Path, *, writing: bool = True) -> Iterator[None]:
    """Nobody builds or checks ``out`` while the block runs.

    Raises ToolError where another process does, and where the lock file beside ``out`` cannot be
    made; without ``writing`` a place that takes no file is read as it is.
    """
    place = Path(os.path.realpath(out))
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(place.with_name(f".{place.name}.lock"), f"{out}: "))
        except OSError as error:
            if writing:
                said = error.strerror or str(error)
                raise ToolError(f"{place.parent}: no lock can be made here: {said}") from None
        yield


@contextmanager
def replacing_part(folder: Path, ours: Collection[str]) -> Iterator[Path]:
    """An empty folder that takes the place of ``folder`` when the block ends without an error.

    For a part of an output whose lock is held. Readers see the old folder or the new one. What
    others put into the old one is taken over; ``ours`` are the names that we write there. Raises
    ToolError where the disk refuses.
    """
    making = folder.with_name(f".{folder.name}.new")
    old = folder.with_name(f".{folder.name}.old")
    try:
        try:
            if not os.path.lexists(folder) and old.is_dir():  # killed between two moves
                old.rename(folder)
            _gone(making, old)
            making.mkdir()
            yield making
            for other in sorted(folder.iterdir()) if folder.is_dir() else ():
                if other.name not in ours and not os.path.lexists(making / other.name):
                    _copied(other, making / other.name)
            _flushed(making)
            _swapped(making, folder, old)
        finally:
            with suppress(OSError):  # the next check tries again, and says so
                if not os.path.lexists(folder) and old.is_dir():
                    old.rename(folder)
                _gone(making, old)
    except OSError as error:
        said = " ".join((error.strerror or str(error)).split())
        raise ToolError(f"{folder}: {said}; the old report is as it was") from None


def _gone(*folders: Path) -> None:
    for folder in folders:
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)


def _copied(one: Path, other: Path) -> None:
    if one.is_dir() and not one.is_symlink():
        shutil.copytree(one, other, symlinks=True)
    else:
        shutil.copy2(one, other, follow_symlinks=False)


def companion(out: Path, what: str) -> Path:
    """The hidden file beside an output folder that goes with it: ``.mine.cache.sqlite``."""
    place = Path(os.path.realpath(out))
    return place.with_name(f".{place.name}.{what}")


def may_replace(place: Path, force: bool, out: Path | None = None) -> None:
    """Raise ToolError where ``place`` holds anything that no build wrote, unless ``force``.

    ``out`` is how the user spells it.
    """
    out = out or place
    if not place.exists() or force:
        return
    if not place.is_dir():
        raise ToolError(f"{out} is a file; name a folder")
    if any(place.iterdir()) and not (place / MANIFEST).is_file():
        raise ToolError(f"{out} holds files that kg did not write; name another folder or --force")


def may_read(paths: Iterable[object], out: Path) -> None:
    """Raise ToolError where the output ``out`` would take the place of one of ``paths``.

    It may lie below one of them where nothing stands or a build wrote it.
    """
    place = Path(os.path.realpath(out))
    for path in paths:
        if not isinstance(path, Path) or str(path) == "-":
            continue
        read = Path(os.path.realpath(path))
        if read.is_relative_to(place):
            raise ToolError(f"{path} is read, and {out} would take its place; name another folder")
        if place.is_relative_to(read):
            may_replace(place, False, out)  # files of others there are records, whatever --force


def _heal(place: Path, beside: Path) -> None:
    """Undo what a killed build left: its folder, and an output that it had moved away."""
    if not os.path.lexists(beside):
        return
    if not _ours(beside):
        raise ToolError(f"{beside} is in the way and not of kg; move it elsewhere")
    _brought_back(place, beside)
    try:
        _removed(beside)
    except OSError as error:
        why = error.strerror or error
        raise ToolError(f"{beside} was left by a build and cannot be removed: {why}") from None


def _may_remove(place: Path, out: Path) -> None:
    """Raise ToolError where the old output could not be moved or removed: now, not after hours."""
    for here, _, _ in os.walk(place):
        if not os.access(here, os.W_OK | os.X_OK):
            folder = out / Path(here).relative_to(place)
            raise ToolError(f"{folder} is write-protected, so no build can replace it")


def _brought_back(place: Path, beside: Path) -> None:
    """Put the old output in its place again where a build ended between two moves."""
    if not os.path.lexists(place) and os.path.lexists(beside / "old"):
        (beside / "old").rename(place)


def _begun(beside: Path) -> None:
    beside.mkdir()
    (beside / MARK).touch()
    (beside / "new").mkdir()


def _flushed(folder: Path) -> None:
    """Bring every file and folder to the disk: a swap never outruns what it shows."""
    for here, _, names in os.walk(folder, topdown=False, onerror=_raised):
        for name in names:
            synced(Path(here, name))
        synced(Path(here))


def _raised(error: OSError) -> None:
    raise error


def synced(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    if os.name != "posix":  # no folder can be opened there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT:  # some filesystems cannot flush a folder
            raise
    finally:
        os.close(handle)


def _swapped(making: Path, place: Path, old: Path) -> None:
    """Put ``making`` in its place; what stood there is left for removal beside it."""
    if not place.exists():
        making.rename(place)
    elif not exchanged(making, place):
        place.rename(old)
        making.rename(place)
    synced(place.parent)  # before the old output goes


def exchanged(one: Path, other: Path) -> bool:
    """Whether two names of one disk were swapped in one step; False where that cannot be done.

    Raises OSError where the disk refuses.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):  # another C library
        return False
    names = (ctypes.c_char_p(os.fsencode(path)) for path in (one, other))
    first, second = names
    if swap(_HERE, first, _HERE, second, ctypes.c_uint(_EXCHANGE)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _removed(beside: Path) -> None:
    """Remove what lies beside the output, the mark last: what is left stays recognisable."""
    for name in ("new", "old"):
        path = beside / name
        if path.is_dir() and not path.is_symlink():
            if not _let_go(path):
                _put_by(path, beside.with_name(beside.name.removesuffix("building") + "read"))
        else:
            path.unlink(missing_ok=True)
    (beside / MARK).unlink(missing_ok=True)
    if beside.is_dir():
        beside.rmdir()


def _let_go(folder: Path) -> bool:
    """Remove an output; False where somebody reads its store."""
    with unread(folder / STORE) as free:
        if free:
            _emptied(folder)
    return free


def _emptied(folder: Path) -> None:
    """Remove a folder, also one of a build that broke off: threads of RocksDB may write there yet.

    They stop where they find no folder, so each attempt may be the last one.
    """
    for left in reversed(range(_ATTEMPTS)):
        try:
            shutil.rmtree(folder)
            return
        except OSError:  # a file came, or went, while the folder was emptied
            if not left:
                raise


def _put_by(folder: Path, read: Path) -> None:
    """Keep an output for those who read it: no file of a store may go before it was opened."""
    if os.path.lexists(read) and not _ours(read):  # nothing is put there
        shutil.rmtree(folder)
        return
    read.mkdir(exist_ok=True)
    (read / MARK).touch()
    numbers = (n for n in count() if not os.path.lexists(read / str(n)))
    folder.rename(read / str(next(numbers)))


def _forgotten(read: Path) -> None:
    """Remove the outputs that nobody reads any more."""
    if not _ours(read):
        return
    for folder in sorted(read.iterdir()):
        if folder.name.isdecimal():
            _let_go(folder)
    if {path.name for path in read.iterdir()} <= {MARK}:
        (read / MARK).unlink(missing_ok=True)
        read.rmdir()


def _ours(beside: Path) -> bool:
    """Whether a folder beside an output is of kg; an empty one is: a kill may come so early."""
    if not beside.is_dir() or beside.is_symlink():
        return False
    return (beside / MARK).is_file() or not any(beside.iterdir())


def _told(error: OSError, place: Path, making: Path, out: Path) -> str:
    """What the disk said, on one line, with the file where it is known."""
    said = " ".join((error.strerror or str(error)).replace(str(making), str(out)).split())
    if error.filename is None:
        return f"{out}: {said}"
    file = Path(os.fsdecode(error.filename))
    if file.is_relative_to(making):
        return f"{out / file.relative_to(making)}: {said}"
    beside = file.parent == place.parent and file.name.startswith(f".{place.name}.")
    if beside or place in (file, *file.parents) or file in place.parents:
        return f"{out}: {said}" + (f": {file}" if file.name != out.name else "")
    return f"{file}: {said}"  # an input, or a file of the program


def write_lines(lines: Iterable[str], path: Path) -> None:
    """Write a text file of these lines, each with its line end."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def write_json(value: Any, path: Path) -> None:
    """Write JSON that people can read: sorted keys, two blanks, a line end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def json_line(value: Any) -> str:
    """One line of JSON, keys in the order given, with its line end."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def read_json(path: Path) -> Any:
    """What ``write_json`` wrote."""
    return json.loads(path.read_text(encoding="utf-8"))
