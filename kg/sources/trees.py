"""Raw trees: what a page, a JSON object, an XML element or a table row amounts to.

A tree is a mapping of labels to nodes; a node is a leaf, a tree or a list of nodes. A leaf is a
``Cell``, where the source has lines, or a JSON scalar.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard, TypeVar

from kg.issues import Kind
from kg.said import Said, new_said

T = TypeVar("T")


class Cell(NamedTuple):
    """What stands under one label: cleaned text ("" for a blank) and the label's 1-based line.

    ``path`` is filled in when a cursor gives the cell out.
    """

    text: str
    line: int
    path: str = ""

    def says(
        self, value: T | None, printed: str | None = None, *, refused: bool = False
    ) -> Said[T]:
        """The cell read as ``value``."""
        text, line, path = self
        return new_said(value, line, text if printed is None else printed, refused, path)


Tree = Mapping[str, Any]


class Note(NamedTuple):
    """What the making of a tree already found amiss."""

    kind: Kind
    label: str
    line: int
    value: str
    expected: str


class Raw(NamedTuple):
    """One record as its source prints it: the tree, whose words it uses, and notes on it.

    ``line`` is where the record begins (0: unknown), ``where`` its place in the file
    (``studies[17]``, ``row 3``; empty where the file is the record), ``layout`` how it is printed.
    ``first`` is the number of the first item of a list in paths: 0 in JSON, 1 elsewhere.
    """

    tree: Tree
    registry: str
    notes: Sequence[Note] = ()
    line: int = 0
    where: str = ""
    layout: str = ""
    first: int = 1


_LISTS = (list, tuple)
# What most nodes are that hold no labels: asking the abstract class takes ten times as long.
_NO_TREES = frozenset({str, list, tuple, Cell, bool, int, float, type(None)})


def text_of(leaf: Any) -> str:
    """A leaf as text: JSON's true, false and null are ``true``, ``false`` and blank."""
    if isinstance(leaf, str):
        return leaf.strip()
    if isinstance(leaf, Cell):
        return leaf.text
    if leaf is True or leaf is False:
        return "true" if leaf else "false"
    return "" if leaf is None else str(leaf)


# What HTML calls a blank. Other references stay as printed: rule F01 reports them.
_BLANK_BY_NAME = re.compile(r"(?:\s|&(?:nbsp|#160|#32|#[xX]0*(?:[aA]0|20));)+")


def is_blank_by_name(text: str) -> bool:
    """Whether a text is nothing but references to blanks.

    >>> is_blank_by_name("&nbsp; &#32;"), is_blank_by_name("a&nbsp;"), is_blank_by_name("")
    (True, False, False)
    """
    return "&" in text and _BLANK_BY_NAME.fullmatch(text) is not None


def is_blank(node: Any) -> bool:
    """Whether a node holds no text at all: an empty leaf, object or list."""
    if isinstance(node, str):
        return not node or node.isspace() or is_blank_by_name(node)
    if isinstance(node, Cell):
        return not node.text or is_blank_by_name(node.text)
    if isinstance(node, _LISTS) or is_tree(node):
        return not node
    return node is None


def is_tree(node: Any) -> TypeGuard[Tree]:
    """Whether a node holds labels."""
    kind = type(node)
    return kind is dict or (kind not in _NO_TREES and isinstance(node, Mapping))


def without_indices(path: str) -> str:
    """A path as it stands for all records: ``arms[3].label`` is ``arms[].label``.

    >>> without_indices("studies[17].arms[3].label")
    'studies[].arms[].label'
    """
    if "[" not in path:
        return path
    parts = path.split("[")
    return parts[0] + "".join("[]" + part.partition("]")[2] for part in parts[1:])


def topmost(node: Any, which: Callable[[str], bool], path: str = "") -> Iterator[tuple[str, Any]]:
    """What ``which`` holds for among all labels below a node, but for those below another one.

    With each path, as it stands for all records: ``arms[].label``.
    """
    if is_tree(node):
        for label, inner in node.items():
            here = f"{path}.{label}" if path else label
            if which(label):
                yield f"{here}[]" if _is_list(inner) else here, inner
            else:
                yield from topmost(inner, which, here)
    elif _is_list(node):
        for inner in node:
            yield from topmost(inner, which, f"{path}[]")


def _is_list(node: Any) -> bool:
    return isinstance(node, _LISTS) and not isinstance(node, Cell)


def leaves(node: Any, path: str = "", first: int = 1) -> Iterator[tuple[str, Any]]:
    """Path and leaf of every leaf below a node, in order."""
    if isinstance(node, str | Cell):
        yield path, node
    elif is_tree(node):
        for label, inner in node.items():
            yield from leaves(inner, f"{path}.{label}" if path else label, first)
    elif isinstance(node, list | tuple):
        for n, inner in enumerate(node, start=first):
            yield from leaves(inner, f"{path}[{n}]", first)
    else:
        yield path, node
