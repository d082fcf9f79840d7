"""XML, one record at a time, with the line of each element. Memory: one record.

Nothing outside the file is ever read: external entities and document types are not loaded, and a
file that declares entities of its own is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from kg.items import Broken, Item
from kg.trees import Cell
from kg.values import paragraphs

LARGEST_RECORD = 64 * 1024 * 1024  # characters of one record
DEEPEST = 64  # elements inside each other; registries stay below 12
_BLOCK = 256 * 1024
# Roots that hold one record per child; any other root is one record.
_CONTAINERS = frozenset(
    {"Trials_downloaded_from_ICTRP", "trials", "allTrials", "studies", "clinical_studies"}
)
_BLANKS = re.compile(r"\s+")


class _Element:
    """One element while it is being read."""

    __slots__ = ("children", "line", "name", "text")

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.children: dict[str, list[Any]] = {}
        self.text: list[str] = []

    def node(self) -> Any:
        """A cell, or a mapping of child names to nodes or lists of nodes."""
        text = "".join(self.text)
        cell = Cell(paragraphs(text), self.line)
        if not self.children:
            return cell
        tree = {n: found[0] if len(found) == 1 else found for n, found in self.children.items()}
        if cell.text:
            tree["#text"] = cell
        return tree


class _Reader:
    """Turns the events of one file into items."""

    def __init__(self) -> None:
        self.done: list[Item] = []
        self.root = ""
        self.namespace = ""
        self._stack: list[_Element] = []
        self._count: dict[str, int] = {}
        self._size = 0
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def _broken(self, why: str) -> Broken:
        return Broken(why, self.parser.CurrentLineNumber)

    def _entity(self, *_: object) -> None:
        raise self._broken("declares entities, which no registry does: refused")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not self._stack:
            self.root, self.namespace = name, namespace
        if len(self._stack) >= DEEPEST:
            raise self._broken(f"elements nested more than {DEEPEST} deep")
        element = _Element(name, self.parser.CurrentLineNumber)
        for attribute, value in attributes.items():
            local = attribute.rpartition(" ")[2]
            element.children[f"@{local}"] = [Cell(" ".join(value.split()), element.line)]
        self._stack.append(element)

    def _text(self, text: str) -> None:
        self._size += len(text)
        if self._size > LARGEST_RECORD:
            raise self._broken(f"a record of more than {LARGEST_RECORD >> 20} million characters")
        if self._stack:
            self._stack[-1].text.append(text)

    def _end(self, _tag: str) -> None:
        element = self._stack.pop()
        inside = len(self._stack)
        if inside == 1 and self.root in _CONTAINERS:
            self._count[element.name] = n = self._count.get(element.name, 0) + 1
            self._give(element, f"{element.name}[{n}]")
        elif inside == 0:
            if self.root not in _CONTAINERS:
                self._give(element, "")
        else:
            self._stack[-1].children.setdefault(element.name, []).append(element.node())

    def _give(self, element: _Element, where: str) -> None:
        node = element.node()
        tree = {"#text": node} if isinstance(node, Cell) else node
        self._size = 0
        self.done.append(
            Item(
                "xml",
                tree,
                where,
                element.line,
                name=element.name,
                root=self.root,
                namespace=self.namespace,
                layout="xml",
            )
        )


def items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every record of an XML file, in order; a ``Broken`` at the end where it could not be read on.

    The encoding is the one that the file declares.
    """
    stream.seek(0)
    reader = _Reader()
    try:
        while True:
            block = stream.read(_BLOCK)
            reader.parser.Parse(block, not block)
            yield from reader.done
            reader.done.clear()
            if not block:
                return
    except expat.ExpatError as error:
        yield from reader.done
        cut = error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
            expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
        )
        yield Broken(expat.ErrorString(error.code) or "malformed", error.lineno, cut=cut)
    except (Broken, LookupError) as error:
        yield from reader.done
        yield error if isinstance(error, Broken) else Broken(str(error))
