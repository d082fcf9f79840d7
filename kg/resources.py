"""Where the files that travel with the package lie: ontology, shapes, queries, samples."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """The folder ``ontology`` or ``shapes``: inside an installed wheel, else in the checkout."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def queries() -> Path:
    """The folder of the named queries."""
    return _PACKAGE / "queries"


def samples() -> Path:
    """The folder of invented sample records, one folder per registry."""
    return _PACKAGE / "samples"
