"""JSON, one record at a time: an object, a list, an API answer, JSON lines. Memory: one record.

Only the window that holds the record at hand is decoded; the rest of the file stays on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from kg.items import Broken, Item
from kg.texts import streamed

LARGEST_RECORD = 64 * 1024 * 1024  # characters of one record
DEEPEST = 64  # objects and lists inside each other; registries stay below 15
# Answers of registries keep their records in a list under one of these names.
_LISTS = frozenset({"studies", "FullStudies", "StudyFields", "trials"})
_ENVELOPES = frozenset({"FullStudiesResponse", "StudyFieldsResponse"})
_ENDS = "the file ends in the middle of its JSON"
_SPACE = " \t\n\r"


class _Window:
    """The part of a text that is being decoded."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._blocks = streamed(stream)
        self._decoder = json.JSONDecoder()
        self.text = ""
        self.at = 0
        self._lines = 1  # line number of the start of the window
        self.ended = False

    @property
    def line(self) -> int:
        return self._lines + self.text.count("\n", 0, self.at)

    def more(self) -> bool:
        """Read on, at least as much as is waiting; False at the end of the file."""
        self._lines += self.text.count("\n", 0, self.at)
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

    def value(self) -> Any:
        """The next JSON value, whole."""
        self.peek()
        while True:
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
                    self.at = end
                    if too_deep(found):
                        raise Broken(f"nested more than {DEEPEST} deep", self.line)
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
    level = [node] if isinstance(node, dict | list) else []
    for _ in range(most):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every object of a JSON file that may be a record, in order.

    A broken object ends the list that it stands in, with a ``Broken``; a broken line of JSON lines
    costs that line only.
    """
    window = _Window(stream)
    several = False
    while window.peek():
        line = window.line
        try:
            yield from _value(window, f"line {line}" if several else "", line)
        except Broken as broken:
            yield broken
            if broken.cut or not window.next_line():
                return
        several = True


def _value(window: _Window, where: str, line: int) -> Iterator[Item]:
    opening = window.peek()
    if opening == "[":
        yield from _list(window, where)
    elif opening == "{":
        yield from _object(window, where, line)
    else:
        window.value()
        raise Broken("expected an object or a list of objects", line)


def _list(window: _Window, where: str) -> Iterator[Item]:
    """The items of a list, numbered from 0."""
    window.take("[")
    n = 0
    if window.peek() == "]":
        window.take("]")
        return
    while True:
        line = window.line
        found = window.value()
        if isinstance(found, dict):
            yield Item("json", found, f"{where}[{n}]", line, layout="json")
        else:
            raise Broken("expected a list of objects", line)
        n += 1
        if window.take(",]") == "]":
            return


def _object(window: _Window, where: str, line: int) -> Iterator[Item]:
    """The records of an answer, or the object itself as one record."""
    window.take("{")
    held: dict[str, Any] = {}
    listed = False
    if window.peek() == "}":
        window.take("}")
        yield Item("json", held, where, line, layout="json")
        return
    while True:
        key = window.value()
        if not isinstance(key, str):
            raise Broken("expected a name in quotes", window.line)
        window.take(":")
        opening = window.peek()
        inner = f"{where}.{key}" if where else key
        if key in _LISTS and opening == "[":
            listed = True
            yield from _list(window, inner)
        elif key in _ENVELOPES and opening == "{":
            listed = True
            yield from _object(window, inner, window.line)
        else:
            held[key] = window.value()
        if window.take(",}") == "}":
            break
    if not listed:
        yield Item("json", held, where, line, layout="json")
