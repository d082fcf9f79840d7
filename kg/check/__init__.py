"""Shapes and profiles over the graph: findings, counts, scores."""
