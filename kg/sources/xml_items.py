"""XML, one record at a time, with the line of each element. Memory: one record.

Nothing outside the file is ever read: external entities and document types are not loaded, and a
file that declares entities of its own is refused. An entity of a document type outside the file
stays as it is printed (``&eacute;``) and is an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from kg.sources.files import Unreadable
from kg.sources.items import Broken, Item
from kg.sources.texts import readable, streamed
from kg.sources.trees import Cell, Note
from kg.values import paragraphs, unwrapped

LARGEST_RECORD = 64 * 1024 * 1024  # characters of one record
DEEPEST = 64  # elements inside each other; registries stay below 12
MOST_ELEMENTS = 1_000_000  # elements and attributes of one record
MOST_NAMES = 50_000  # different names in one file: the parser keeps them all
LONGEST_TAG = 16 * 1024 * 1024  # characters of one tag or comment, which the parser holds whole
# Roots that hold one record per child; any other root is one record.
_CONTAINERS = frozenset(
    {"Trials_downloaded_from_ICTRP", "trials", "allTrials", "studies", "clinical_studies"}
)
_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})")
_WIDE = ((b"\x00<\x00?", "utf-16-be"), (b"<\x00?\x00", "utf-16-le"))
_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*")
_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);|#)[^;\s]{1,80};")
# Characters that XML forbids, and references to characters: of a large file one of them would hide
# all records behind it. In their place stands one that XML allows and no text has.
_FORBIDDEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:[0-9]{1,9}|x[0-9A-Fa-f]{1,8});"
)
_STAND_IN = "\ufdd0"
_REFERENCE_BEGINS = re.compile(r"&(?:#(?:[0-9]{0,9}|x[0-9A-Fa-f]{0,8}))?\Z")
_DECLARATION = re.compile(r"(\s+)<\?xml\s[^>]{0,200}>")
_REMOVED = "control characters, which XML forbids; the text is read without them"
_OUTSIDE = "an entity of a document type outside the file, which is not read"


class _Element:
    """One element while it is being read."""

    __slots__ = ("children", "line", "name", "text")

    def __init__(self, name: str, line: int) -> None:
        self.name = name
        self.line = line
        self.children: dict[str, list[Any]] = {}
        self.text: list[str] = []

    def add(self, name: str, node: Any) -> None:
        """Add a child, or an attribute."""
        self.children.setdefault(name, []).append(node)

    def node(self) -> Any:
        """A cell, or a mapping of child names to nodes or lists of nodes."""
        text = "".join(self.text)
        # The registry's own block of text, which it breaks at 100 characters.
        clean = unwrapped if self.name == "textblock" else paragraphs
        cell = Cell(clean(text), self.line)
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
        self.events = 0
        self.names: dict[str, str] = {}
        self.stray = 0  # the line of text between the records of a container; 0: there is none
        self._stack: list[_Element] = []
        self._count: dict[str, int] = {}
        self._size = 0
        self._elements = 0
        self._notes: list[Note] = []
        self._outside = False
        self.parser = parser = expat.ParserCreate(namespace_separator=" ", intern=self.names)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.StartDoctypeDeclHandler = self._doctype
        parser.SkippedEntityHandler = self._skipped
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def parse(self, text: str, *, ended: bool) -> None:
        """Read on. Raises Broken, or ExpatError."""
        self.parser.Parse(text, ended)
        if len(self.names) > MOST_NAMES:
            raise self._broken(f"more than {MOST_NAMES} names of elements and attributes")

    def _broken(self, why: str) -> Broken:
        return Broken(why, self.parser.CurrentLineNumber)

    def _entity(self, *_: object) -> None:
        raise self._broken("declares entities, which no registry does: refused")

    def _doctype(self, _name: str, system: str | None, public: str | None, _inner: bool) -> None:
        self._outside = bool(system or public)

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(f"&{name};")
            self._note(f"&{name};")

    def _note(self, entity: str) -> None:
        self._notes.append(Note("bad value", *self._here(), entity, _OUTSIDE))

    def _here(self) -> tuple[str, int]:
        """The path of the element at hand inside its record, and the line."""
        record = 2 if self.root in _CONTAINERS else 1
        path = ".".join(element.name for element in self._stack[record:])
        return path, self.parser.CurrentLineNumber

    def _printable(self, text: str) -> str:
        """``text`` without what stands for forbidden characters; that it did is noted."""
        if _STAND_IN not in text:
            return text
        removed = str(text.count(_STAND_IN))
        self._notes.append(Note("characters removed", *self._here(), removed, _REMOVED))
        return text.replace(_STAND_IN, "")

    def _held(self, size: int, elements: int) -> None:
        """Count what the record at hand holds. Raises Broken for more than one may hold."""
        self._size += size
        self._elements += elements
        if self._size > LARGEST_RECORD:
            raise self._broken(f"a record of more than {LARGEST_RECORD >> 20} million characters")
        if self._elements > MOST_ELEMENTS:
            raise self._broken(f"a record of more than {MOST_ELEMENTS} elements and attributes")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.events += 1
        namespace, _, name = tag.rpartition(" ")
        if len(self._stack) == 1 and self._is_wrapper(name):
            self._stack.clear()
        if not self._stack:
            self.root, self.namespace = name, namespace
        if len(self._stack) >= DEEPEST:
            raise self._broken(f"elements nested more than {DEEPEST} deep")
        self._held(sum(map(len, attributes.values())), 1 + len(attributes))
        element = _Element(name, self.parser.CurrentLineNumber)
        self._stack.append(element)
        for attribute, printed in attributes.items():
            local, value = attribute.rpartition(" ")[2], self._printable(printed)
            element.add(f"@{local}", Cell(" ".join(value.split()), element.line))
        if self._outside and attributes:
            self._skipped_in_attributes()

    def _is_wrapper(self, name: str) -> bool:
        """Whether the root only stands around a container of records, as ReBEC's ``root`` does."""
        root = self._stack[0]
        inside = root.children or "".join(root.text).strip()
        return name in _CONTAINERS and self.root not in _CONTAINERS and not inside

    def _skipped_in_attributes(self) -> None:
        """Note the entities that the parser leaves out of attributes without a word."""
        tag = _TAG.match(self.parser.GetInputContext() or b"")
        for found in _ENTITY.finditer(tag[0] if tag else b""):
            self._note(found[0].decode("utf-8", "replace"))

    def _text(self, text: str) -> None:
        self.events += 1
        if not self._stack or (len(self._stack) == 1 and self.root in _CONTAINERS):
            if not self.stray and text.strip():
                self.stray = self.parser.CurrentLineNumber
        else:
            self._held(len(text), 0)
            self._stack[-1].text.append(self._printable(text))

    def _end(self, _tag: str) -> None:
        self.events += 1
        if not self._stack:  # a wrapper, which was left at its container
            return
        element = self._stack.pop()
        inside = len(self._stack)
        if inside == 1 and self.root in _CONTAINERS:
            self._count[element.name] = n = self._count.get(element.name, 0) + 1
            self._give(element, f"{element.name}[{n}]")
        elif inside == 0:
            if self.root not in _CONTAINERS:
                self._give(element, "")
        else:
            self._stack[-1].add(element.name, element.node())

    def _give(self, element: _Element, where: str) -> None:
        node = element.node()
        tree = {"#text": node} if isinstance(node, Cell) else node
        notes, self._notes = self._notes, []
        self._size = self._elements = 0
        self.done.append(
            Item(
                "xml",
                tree,
                where,
                element.line,
                name=element.name,
                root=self.root,
                namespace=self.namespace,
                notes=notes,
                layout="xml",
            )
        )


def items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every record of an XML file, in order; a ``Broken`` at the end where it could not be read on.

    The encoding is the one that the file declares.
    """
    reader = _Reader()
    held = events = 0
    try:
        for block in _sound(streamed(stream, _encoding(stream))):
            reader.parse(block, ended=False)
            yield from reader.done
            reader.done.clear()
            held = held + len(block) if reader.events == events else 0
            events = reader.events
            if held > LONGEST_TAG:
                most = LONGEST_TAG >> 20
                raise Broken(f"a tag or comment of more than {most} million characters")
        reader.parse("", ended=True)
        yield from reader.done
    except expat.ExpatError as error:
        yield from reader.done
        cut = error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
            expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
        )
        yield Broken(expat.ErrorString(error.code) or "malformed", error.lineno, cut=cut)
    except Broken as broken:
        yield from reader.done
        yield broken
    except Unreadable as error:
        yield from reader.done
        yield Broken(str(error))
    if reader.stray:
        yield Broken("text between the records, which is not read", reader.stray)


def _sound(blocks: Iterator[str]) -> Iterator[str]:
    """The blocks of a text as the parser takes them.

    Forbidden characters have a stand-in, and a declaration behind blanks, where none may stand, is
    left out: the encoding is known.
    """
    rest = ""
    for number, block in enumerate(blocks):
        text = rest + (
            _DECLARATION.sub(r"\1", block, count=1) if _is_late(number, block) else block
        )
        begins = _REFERENCE_BEGINS.search(text, max(0, len(text) - 12))
        rest = text[begins.start() :] if begins else ""
        yield _FORBIDDEN.sub(_stand_in, text[: begins.start()] if begins else text)
    if rest:
        yield rest


def _is_late(number: int, block: str) -> bool:
    return number == 0 and _DECLARATION.match(block) is not None


def _stand_in(found: re.Match[str]) -> str:
    """What stands for a forbidden character; a reference to another one stays."""
    printed = found[0]
    if printed[0] != "&":
        return _STAND_IN
    code = int(printed[3:-1], 16) if printed[2] == "x" else int(printed[2:-1])
    allowed = (
        code in (9, 10, 13)
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
    return printed if allowed else _STAND_IN


def _encoding(stream: IO[bytes]) -> str:
    """The encoding of a file without a byte-order mark. Raises Broken for one that is not read."""
    stream.seek(0)
    head = stream.read(512)
    wide = next((name for start, name in _WIDE if head.startswith(start)), "")
    declared = _ENCODING.match(head)
    if wide or not declared:
        return wide or "utf-8"
    label = declared[1].decode("ascii")
    name = readable(label)
    if not name:
        raise Broken(f"declares the encoding {label}, which is not known; save it as UTF-8", 1)
    if name.startswith("utf-16"):
        raise Broken(f"declares the encoding {label} and is in another; save it as UTF-8", 1)
    return name
