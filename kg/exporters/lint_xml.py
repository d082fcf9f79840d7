"""Reading XML as a stream with line numbers, for the checks of GEXF and GraphML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from kg.exporters.lint_tally import Tally, opened

_PART = 1 << 16
# also written as &#1; or &#x1b;: XML 1.0 allows neither
_ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]);"
)


class Handler(Protocol):
    """What a check does with the elements of a file. Names come without their namespace."""

    def start(self, name: str, namespace: str, attributes: dict[str, str], place: str) -> None: ...
    def end(self, name: str, text: str, place: str) -> None: ...
    def finish(self) -> None: ...


class _DeclaresEntitiesError(Exception):
    pass


def read(path: Path, handler: Handler, tally: Tally) -> None:
    """Give every element of the file to ``handler``; stop where the file is no XML."""
    _find_illegal(path, tally)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        namespace, _, local = name.rpartition(" ")
        handler.start(local, namespace, attributes, f"line {parser.CurrentLineNumber}")

    def end(name: str) -> None:
        local = name.rpartition(" ")[2]
        handler.end(local, "".join(text), f"line {parser.CurrentLineNumber}")
        text.clear()

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is None:
            tally.add('no encoding="UTF-8" in the XML declaration')

    def entity(*_: object) -> None:
        raise _DeclaresEntitiesError

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.XmlDeclHandler = declaration
    parser.EntityDeclHandler = entity
    try:
        with opened(path) as file:
            while part := file.read(_PART):
                parser.Parse(part, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        tally.add(f"not XML, line {error.lineno}: {expat.ErrorString(error.code)}")
        return
    except _DeclaresEntitiesError:
        tally.add("declares entities, which no graph file needs: not read further")
        return
    handler.finish()


def _find_illegal(path: Path, tally: Tally) -> None:
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            if found := _ILLEGAL.search(line):
                tally.add(
                    "control character, which ends Gephi's import",
                    f"line {number}, {found.group()!r}",
                )
