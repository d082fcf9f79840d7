"""JSON, one record at a time: an object, a list, an API answer, JSON lines. Memory: one record.

Only the window that holds the record at hand is decoded; the rest of the file stays on disk. What
its format lets a program read in several ways is noted: half of a character (``\\ud800`` alone) is
left out, and of equal names in one object the last one rules, as with every reader of JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from kg.sources.items import Broken, Item
from kg.sources.texts import streamed
from kg.sources.trees import Note

LARGEST_RECORD = 64 * 1024 * 1024  # characters of one record
DEEPEST = 64  # objects and lists inside each other; registries stay below 15
# Answers of registries keep their records in a list under one of these names.
_ENVELOPES = frozenset(
    {"FullStudiesResponse", "StudyFieldsResponse", "FullStudies", "FullStudy", "StudyFields"}
)  # an object or a list of them
_LISTS = _ENVELOPES | {"studies", "trials", "items"}
MOST_NESTED = (
    1_000_000  # objects and lists in one record; empty ones take most memory for their size
)
_NESTS = (dict, list)
_LARGE = 8 * 1024 * 1024  # characters that need no counting
_MOST_BROKEN = 100  # broken lines behind each other, after which a file is no JSON lines
_HALVES = re.compile("[\ud800-\udfff]+")
_HALF_ESCAPED = re.compile(r"\\u[dD][89a-fA-F]")
_TWICE = "this name stands twice in its object; the last value is read, the ones before it are not"
_ENDS = "the file ends in the middle of its JSON"
# Files that were put together keep the mark each of them began with.
_SPACE = " \t\n\r\ufeff"


class _Window:
    """The part of a text that is being decoded."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._blocks = streamed(stream)
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object)
        self._twice: list[tuple[dict[str, Any], str]] = []
        self.text = ""
        self.at = 0
        self._lines = 1  # line number of the place up to which lines are counted
        self._counted = 0  # that place
        self._gone = 0  # characters before the window
        self.values = 0  # that were decoded, names of members among them
        self.ended = False

    @property
    def line(self) -> int:
        self._lines += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._lines

    @property
    def read(self) -> int:
        """How many characters of the file are taken."""
        return self._gone + self.at

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            for name, _ in pairs:
                if name in seen:
                    self._twice.append((made, name))
                seen.add(name)
        return made

    def more(self) -> bool:
        """Read on, at least as much as is waiting; False at the end of the file."""
        self._lines = self.line
        self._counted = 0
        self._gone += self.at
        waiting = [self.text[self.at :]]
        size, wanted = len(waiting[0]), 2 * len(waiting[0])
        self.at = 0
        while not self.ended and size <= wanted:
            block = next(self._blocks, "")
            self.ended = not block
            waiting.append(block)
            size += len(block)
            if block and wanted == 0:
                break
        grown = size > len(waiting[0])
        self.text = "".join(waiting)
        return grown

    def peek(self) -> str:
        """The next character that is no blank, without taking it; "" at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, expected: str) -> str:
        """The next character, which has to be one of ``expected``."""
        found = self.peek()
        if not found:
            raise Broken(_ENDS, self.line, cut=True)
        if found not in expected:
            raise Broken(f"expected {' or '.join(expected)}, found {found!r}", self.line)
        self.at += 1
        return found

    def value(self, notes: list[Note], where: str = "") -> Any:
        """The next JSON value, whole; what is amiss in it is added to ``notes``."""
        self.peek()
        while True:
            self._twice.clear()
            if len(self.text) - self.at > _LARGE:
                nested = self.text.count("{", self.at) + self.text.count("[", self.at)
                if nested > MOST_NESTED:
                    why = f"a record of more than {MOST_NESTED} objects and lists"
                    raise Broken(why, self.line)
            try:
                found, end = self._decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                inside = error.pos < len(self.text) - 16
                if inside and not error.msg.startswith("Unterminated string"):
                    raise Broken(error.msg, self.line) from None
                if len(self.text) - self.at > LARGEST_RECORD:
                    most = LARGEST_RECORD >> 20
                    why = f"a record of more than {most} million characters"
                    raise Broken(why, self.line) from None
                if not self.more():
                    if self._is_damage(error):
                        raise Broken(error.msg, self.line) from None
                    raise Broken(_ENDS, self.line, cut=True) from None
            except RecursionError:
                raise Broken(f"nested more than {DEEPEST} deep", self.line) from None
            except ValueError as error:  # a number of thousands of digits
                raise Broken(str(error).partition(";")[0], self.line) from None
            else:
                if end < len(self.text) or not self.more():
                    self.values += 1
                    begin, line, self.at = self.at, self.line, end
                    if too_deep(found):
                        raise Broken(f"nested more than {DEEPEST} deep", self.line)
                    if self._twice:
                        notes += _twice(found, self._twice, where, line)
                    if _HALF_ESCAPED.search(self.text, begin, end):
                        found = _whole(found, where, line, notes)
                    return found

    @staticmethod
    def _is_damage(error: json.JSONDecodeError) -> bool:
        """Whether an error at the end of the file is not simply its end."""
        rest = error.doc[error.pos :].strip()
        return not error.msg.startswith("Unterminated string") and not any(
            word.startswith(rest) for word in ("true", "false", "null")
        )

    def next_line(self) -> bool:
        """Go to the start of the next line; False at the end."""
        while True:
            found = self.text.find("\n", self.at)
            if found >= 0:
                self.at = found + 1
                return True
            self.at = len(self.text)
            if not self.more():
                return False


def too_deep(node: Any, most: int = DEEPEST) -> bool:
    """Whether objects and lists stand more than ``most`` deep inside each other."""
    level = [node] if isinstance(node, _NESTS) else []
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if isinstance(inner, _NESTS)
        ]
        if not level:
            return False
    return True


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _twice(
    found: Any, twice: list[tuple[dict[str, Any], str]], where: str, line: int
) -> Iterator[Note]:
    """The notes on names that stand several times in an object, by the object's path."""
    names: dict[int, list[str]] = {}
    for held, name in twice:
        names.setdefault(id(held), []).append(name)
    waiting = [(found, where)]
    while waiting:
        node, path = waiting.pop()
        if isinstance(node, dict):
            for name in names.get(id(node), ()):
                yield Note("bad value", _HALVES.sub("", path), line, name, _TWICE)
            waiting += [(inner, _below(path, name)) for name, inner in reversed(node.items())]
        elif isinstance(node, list):
            waiting += [(inner, f"{path}[{n}]") for n, inner in enumerate(node)]


def _whole(node: Any, where: str, line: int, notes: list[Note]) -> Any:
    """A value without halves of characters, which no encoding can write, and the notes on them."""
    if isinstance(node, str):
        text, halves = _HALVES.subn("", node)
        if halves:
            why = "half of a character; the text is read without it"
            notes.append(Note("characters removed", where, line, str(halves), why))
        return text
    if isinstance(node, list):
        return [_whole(inner, f"{where}[{n}]", line, notes) for n, inner in enumerate(node)]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for name, inner in node.items():
        plain = _HALVES.sub("", name)
        if plain != name:
            why = "half of a character in a name; it is read without it"
            notes.append(Note("characters removed", where, line, plain, why))
        if plain in made:
            notes.append(Note("bad value", where, line, plain, _TWICE))
        made[plain] = _whole(inner, _below(where, plain), line, notes)
    return made


def items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every object of a JSON file that may be a record, in order.

    A broken object ends the list that it stands in, with a ``Broken``; a broken line of JSON lines
    costs that line only. A file without any object is no JSON lines: one ``Broken`` tells of it.
    """
    window = _Window(stream)
    waiting: list[Broken] = []  # until it is known that the file holds an object
    found = False
    for one in _lines(window):
        if isinstance(one, Broken) and not found:
            waiting.append(one)
            continue
        if not found:
            found = True
            yield from waiting
        yield one
    if waiting and not found:
        yield _none(waiting, window)


def _none(waiting: list[Broken], window: _Window) -> Broken:
    """What stopped the reading of a file in which no object was found."""
    first = waiting[0]
    if not (first.cut or first.foreign or window.values):
        why = f"text that begins as JSON does and is none ({first})"
        return Broken(why, first.line, foreign=True)
    if len(waiting) > _MOST_BROKEN:
        why = f"{first}, and behind it {_MOST_BROKEN} broken lines; the rest is not read"
        return Broken(why, first.line, foreign=first.foreign)
    return first


def _lines(window: _Window) -> Iterator[Item | Broken]:
    """What stands behind each other in a file, read on at the next line where it is broken."""
    several = False
    broken_before = 0
    while window.peek():
        line = window.line
        try:
            yield from _value(window, f"line {line}" if several else "", line)
            broken_before = 0
        except Broken as broken:
            broken_before += 1
            if broken_before > _MOST_BROKEN:
                yield Broken(f"more than {_MOST_BROKEN} broken lines; the rest is not read", line)
                return
            yield broken
            if broken.cut or not window.next_line():
                return
        several = True


def members(stream: IO[bytes]) -> Iterator[tuple[str, Iterator[Any]]]:
    """The members of one JSON object by name: of a list each item, else the one value.

    Memory: one of them; what nobody takes is passed over when the next is asked for. Raises Broken
    where it is no JSON or no object, or anything follows it, and Unreadable where it is no UTF-8.
    """
    window = _Window(stream)
    window.take("{")
    ended = window.peek() == "}" and window.take("}") == "}"
    while not ended:
        name = window.value([])
        if not isinstance(name, str):
            raise Broken("expected a name in quotes", window.line)
        window.take(":")
        values = _values(window)
        yield name, values
        for _ in values:
            pass
        ended = window.take(",}") == "}"
    if more := window.peek():
        raise Broken(f"expected nothing more, found {more!r}", window.line)


def _values(window: _Window) -> Iterator[Any]:
    if window.peek() != "[":
        yield window.value([])
        return
    window.take("[")
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        yield window.value([])
        if window.take(",]") == "]":
            return


def _value(window: _Window, where: str, line: int, depth: int = 0) -> Iterator[Item]:
    """The records of a list or an object, in whatever they are wrapped."""
    if depth > DEEPEST:
        raise Broken(f"nested more than {DEEPEST} deep", line)
    opening = window.peek()
    if opening == "[":
        yield from _list(window, where, depth)
    elif opening == "{":
        yield from _object(window, where, line, depth)
    else:
        window.value([])
        what = "an object or a list of objects" if depth == 0 else "a list of objects"
        raise Broken(f"expected {what}", line, foreign=True)


def _list(window: _Window, where: str, depth: int) -> Iterator[Item]:
    """The items of a list, numbered from 0; a null among them says nothing."""
    window.take("[")
    n = 0
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        if window.peek() == "n":
            window.value([])
        else:
            yield from _value(window, f"{where}[{n}]", window.line, depth + 1)
        n += 1
        if window.take(",]") == "]":
            return


def _object(window: _Window, where: str, line: int, depth: int) -> Iterator[Item]:
    """The records of an answer, or the object itself as one record."""
    window.take("{")
    held: dict[str, Any] = {}
    notes: list[Note] = []
    size = 0
    listed = False
    if window.peek() == "}":
        window.take("}")
        yield Item("json", held, where, line, layout="json")
        return
    while True:
        before = len(notes)
        key = window.value(notes)
        if not isinstance(key, str):
            raise Broken("expected a name in quotes", window.line)
        if len(notes) > before:  # half of a character
            notes[before:] = [notes[before]._replace(label="", value=key)]
        window.take(":")
        opening = window.peek()
        if (key in _LISTS and opening == "[") or (key in _ENVELOPES and opening == "{"):
            listed = True
            yield from _value(window, _below(where, key), window.line, depth + 1)
        else:
            if key in held:
                notes.append(Note("bad value", "", window.line, key, _TWICE))
            begin = window.read
            held[key] = window.value(notes, key)
            size += len(key) + window.read - begin
            if size > LARGEST_RECORD:
                most = LARGEST_RECORD >> 20
                raise Broken(f"a record of more than {most} million characters", line)
        if window.take(",}") == "}":
            break
    # What an answer says of itself are single values; an object beside its list may be a record.
    if not listed or any(isinstance(inner, dict) for inner in held.values()):
        yield Item("json", held, where, line, notes=notes, layout="json")
