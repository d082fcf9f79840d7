"""Shapes and profiles over the graph: findings, counts, scores."""

from __future__ import annotations

from kg.check.engine import check
from kg.check.rulebook import rules

__all__ = ["check", "rules"]
