"""What an exporter is given, and how a file appears: whole, or not at all."""

from __future__ import annotations

import glob
import gzip
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Literal, cast

from pyoxigraph import Store

from kg.errors import ToolError
from kg.exporters.bodies import NOTHING_KNOWN, Body, Memory
from kg.exporters.part import WHOLE, Part
from kg.exporters.parts import View
from kg.exporters.statements import Statements, Text
from kg.exporters.view import Quality, view
from kg.running.locks import lock

_TOGETHER = 256  # parts written at a time: lines, or paragraphs of about a kilobyte


@dataclass(frozen=True, kw_only=True)
class GraphSource:
    """The graph to export: RDF formats write its statements, pictures and tables one view of it.

    ``texts`` and ``beside`` are statements that stand on disk (kg/exporters/statements.py);
    ``memory`` knows what was written before.
    """

    store: Store
    texts: Mapping[str, Text] = field(default_factory=dict, repr=False)
    beside: Mapping[str, Path] = field(default_factory=dict, repr=False)
    memory: Memory = field(default=NOTHING_KNOWN, repr=False)
    view: str = "full"
    part: Part = WHOLE  # of the view
    quality: Mapping[str, Quality] | None = field(default=None, repr=False)  # by IRI of the node
    # CSV opens with a byte order mark, which Excel on Chinese Windows needs; edges name their ends
    excel: bool = False
    flavour: Literal["plain", "yed"] = "plain"  # GraphML only: boxes and lines that yEd draws

    @property
    def statements(self) -> Statements:
        """All of them."""
        return Statements(self.store, self.texts, self.beside)

    @cached_property
    def drawing(self) -> View:
        """The view, laid out once for all formats that show it."""
        return view(self.store, self.view, self.quality, self.memory, self.part)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears under ``path`` only when it is complete; ``.gz`` is compressed.

    A run that is killed, or a full disk, leaves what stood there before. What a killed run had
    begun, the next one removes.
    """
    try:
        handle, name = _begun(path)
    except OSError as error:
        raise ToolError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            if path.suffix.lower() == ".gz":
                # no name and no time inside: the same graph gives the same bytes
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    yield cast(IO[bytes], packed)
            else:
                yield file
            file.flush()
            os.fchmod(file.fileno(), 0o666 & ~_umask())  # mkstemp gives 0600: nobody else reads it
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise ToolError(f"{path}: cannot be written: {error.strerror}") from error
        raise


def _begun(path: Path) -> tuple[int, str]:
    """A new file beside ``path``, locked while it is written, after those of dead runs are gone."""
    for part in path.parent.glob(f".{glob.escape(path.name)}.????????.part"):
        if part.is_symlink() or not part.is_file():
            continue
        with suppress(OSError):
            held = os.open(part, os.O_RDWR)
            try:
                if lock(held) == "ours":  # nobody writes it
                    part.unlink()
            finally:
                os.close(held)
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        if lock(handle) != "theirs" and os.fstat(handle).st_nlink:
            return handle, name
        # Another run took it for a dead one before it was locked.
        os.close(handle)


def write_text(parts: Iterable[str], path: Path) -> None:
    """Write ``parts`` one after the other as UTF-8, without holding the whole."""
    with replacing(path) as file:
        left = iter(parts)
        while some := list(islice(left, _TOGETHER)):
            file.write("".join(some).encode())


def write_body(
    form: Callable[[Statements, Body], Iterator[bytes]], source: GraphSource, path: Path
) -> None:
    """Write what ``form`` makes of all statements, with what is known of the file before."""
    with Body(source.memory.earlier(path.name)) as body:
        write_bytes(form(source.statements, body), path)
        source.memory.keep(path, body.blocks)


def write_bytes(parts: Iterable[bytes], path: Path) -> None:
    """Write ``parts`` one after the other, without holding the whole."""
    with replacing(path) as file:
        file.writelines(parts)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
