"""Imports point down, also those inside functions; extractors never meet RDF or each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "kg").rglob("*.py"))

# From the top down; a module may import from its own layer and from those below.
LAYERS = (
    ("cli", "__main__"),
    ("commands",),
    ("inspection", "pipeline", "push"),
    ("outputs",),
    ("building",),
    ("queries",),
    ("exporters", "resolve", "check", "fetch", "store"),
    ("reading", "runs"),
    ("statements",),
    ("plans",),
    ("crossing",),
    ("extractors",),
    ("words",),
    ("fields",),
    ("cursor",),
    ("model",),
    ("names",),
    ("parts",),
    ("sources",),
    ("codes", "contacts", "identifiers", "issues", "nquads", "properties", "said"),
    ("counted", "errors", "namespaces", "near", "resources", "running", "values"),
)
RANK = {name: len(LAYERS) - n for n, names in enumerate(LAYERS) for name in names}
SIBLINGS = {"exporters", "resolve", "check", "fetch"}
RDF = {"rdflib", "pyoxigraph", "pyshacl", "networkx"}
BELOW_RDF = {name for names in LAYERS[LAYERS.index(("statements",)) :] for name in names}


def part(path: Path) -> str:
    """The name of a module or folder right below kg."""
    return path.relative_to(ROOT / "kg").parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


@cache
def used(path: Path) -> set[str]:
    """Modules and folders right below kg that a module imports."""
    names = {name.split(".")[1] for name in imports(path) if name.startswith("kg.")}
    return names & RANK.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path: Path):
    mine = part(path)
    if mine == "__init__":
        return
    assert mine in RANK, f"give {mine} a place in LAYERS"
    upward = sorted(name for name in used(path) if RANK[name] > RANK[mine])
    assert not upward, f"{mine} imports {upward}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_siblings_never_import_each_other(path: Path):
    mine = part(path)
    if mine in SIBLINGS:
        assert not (used(path) & SIBLINGS) - {mine}
        assert "model" not in used(path)
        assert "extractors" not in used(path)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_stands_below_the_crossing_knows_no_rdf_library(path: Path):
    if part(path) in BELOW_RDF:
        assert not {name.split(".")[0] for name in imports(path)} & RDF


def test_no_modules_import_each_other_in_a_circle():
    names = {_name(path): path for path in MODULES}
    below = {name: _nearest(names.keys() & set(imports(path))) for name, path in names.items()}
    order = tuple(TopologicalSorter(below).static_order())  # raises CycleError, with the circle
    assert len(order) == len(names)


def _nearest(found: set[str]) -> set[str]:
    """Imports without the folders that stand there only because a module in them is imported."""
    return {name for name in found if not any(other.startswith(f"{name}.") for other in found)}


def _name(path: Path) -> str:
    """The name of a module as others import it."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_extractors_never_import_each_other():
    for path in (ROOT / "kg" / "extractors").glob("*.py"):
        if path.stem == "__init__":
            continue
        family = path.stem.split("_")[0]
        others = {
            name.split(".")[2]
            for name in imports(path)
            if name.startswith("kg.extractors.") and name.count(".") >= 2
        }
        assert all(other.split("_")[0] == family for other in others), path


def test_every_extractor_is_registered():
    from kg.extractors import PAGES, TREES

    for mark, registered in (("def recognises(", PAGES), ("def knows(", TREES)):
        modules = {
            path.stem
            for path in (ROOT / "kg" / "extractors").glob("*.py")
            if path.stem != "__init__" and mark in path.read_text(encoding="utf-8")
        }
        where = "kg/extractors/__init__.py"
        assert set(registered) == modules, f"{where} names the modules with {mark}…)"
