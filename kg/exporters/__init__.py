"""The graph written in other forms: RDF, pictures, tables. Start at ``formats``."""

from __future__ import annotations

from kg.exporters.source import GraphSource

__all__ = ["GraphSource"]
