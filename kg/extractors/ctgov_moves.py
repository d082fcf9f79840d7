"""Moving the elements of a tree to other places without losing any of them."""

from __future__ import annotations

from typing import Any


def deep(tree: Any, steps: list[str]) -> Any:
    """The node at the end of the steps, left where it stands; None where there is none."""
    for step in steps:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def taken(tree: Any, steps: list[str]) -> Any:
    """The node at the end of the steps, taken out of the tree; None where there is none."""
    for step in steps[:-1]:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree.pop(steps[-1], None) if isinstance(tree, dict) else None


def put(tree: dict[str, Any], steps: list[str], node: Any) -> bool:
    """Put a node at the end of the steps; False where another element stands there already."""
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    if steps[-1] in tree:
        return False
    tree[steps[-1]] = node
    return True


def give_back(tree: Any, steps: list[str], node: Any) -> None:
    """Put a node back to where ``taken`` found it."""
    for step in steps[:-1]:
        tree = tree[step]
    tree[steps[-1]] = node


def many(node: Any) -> list[Any]:
    return node if isinstance(node, list) else [node]


def renamed(node: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A node with other names; an element whose new name is taken keeps its own."""
    made: dict[str, Any] = {}
    for name, inner in node.items():
        new = names.get(name, name)
        made[name if new in node or new in made else new] = inner
    return made


def beside(made: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """``made`` with more elements; one whose name is taken gets a name that nobody reads."""
    for name, node in more.items():
        free = name
        while free in made:
            free += "_again"
        made[free] = node
    return made


def with_type(node: Any, name: str) -> Any:
    """An element with a type: its text under ``name`` and its type beside it."""
    if not isinstance(node, dict):
        return {name: node}
    rest = dict(node)
    text = "#text" if "#text" in node else "text"
    made = {}
    # A copy may have the text under another name: that is read nowhere, and no blank.
    if text in node or not node.keys() - {"@type", "type"}:
        made[name] = rest.pop(text, "")
    kind = "@type" if "@type" in node else "type"
    if kind in rest:
        made["type"] = rest.pop(kind)
    return beside(made, rest)
