"""The folder of raw answers of one registry: each as it came, never changed once written."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from kg.errors import ToolError
from kg.fetch.manifest import NAME, Entry, Manifest

_PART = ".part-"  # a file that is being written


class Kept:
    """``out/raw/<registry>/`` and its manifest.

    Raises ToolError where the disk refuses, or a link leads out of ``out``.
    """

    def __init__(self, out: Path, registry: str) -> None:
        self.folder = out / "raw" / registry
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self.folder.resolve().is_relative_to(out.resolve()):
                raise ToolError(f"{self.folder} leads out of {out}")
        except OSError as error:
            raise ToolError(f"{self.folder}: {error.strerror or error}") from None
        self.manifest = Manifest(self.folder / NAME)  # locks the folder
        try:
            # Nobody else writes here now: what a killed fetch left half written may go.
            for part in self.folder.glob(f"{_PART}*"):
                part.unlink()
        except OSError as error:
            self.manifest.close()
            raise ToolError(f"{self.folder}: {error.strerror or error}") from None
        self._whole: dict[str, str] = {}  # file -> sha256, once looked at

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        self.manifest.close()

    def holds(self, entry: Entry) -> bool:
        """Whether the file of an answer is there with the bytes that came."""
        if entry.file not in self._whole:
            path = self.folder / entry.file
            try:
                plain = path.is_file() and not path.is_symlink()
                self._whole[entry.file] = _sha256(path) if plain else ""
            except OSError as error:
                raise ToolError(f"{path}: {error.strerror or error}") from None
        return bool(entry.file) and self._whole[entry.file] == entry.sha256

    def write(self, name: str, body: bytes) -> None:
        """Put the bytes of an answer under a name, whole or not at all."""
        path, part = self.folder / name, self.folder / f"{_PART}{os.getpid()}"
        try:
            with part.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ToolError(f"{path}: {error.strerror or error}") from None
        self._whole[name] = hashlib.sha256(body).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def page_name(stem: str, ending: str, *, record: bool = True) -> str:
    """The file name of one page of a list.

    An answer that holds no record gets a hidden name: it is kept, and kg build does not read it.

    >>> page_name("../a b", "json"), page_name("search 1", "json", record=False)
    ('a-b.json', '.search-1.json')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:80] or "answer"
    return f"{'' if record else '.'}{plain}.{ending}"


def record_name(stem: str, body: bytes, ending: str) -> str:
    """The file name of one record, by the bytes that came: a later state gets another name.

    >>> record_name("ISRCTN99999901", b"<x/>", "xml")
    'ISRCTN99999901-2a31f44da4bd.xml'
    """
    return page_name(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}", ending)
