"""How well predicted groups agree with labelled ones: pairs, B-cubed, false merges, intervals.

Written out here because they are short and must be certain; hand-worked examples: tests.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

DRAWS = 200  # of gold groups with replacement, for intervals
SEED = 20261122


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean, 0 to 1. Nothing said is no error: 1."""

    precision: float
    recall: float
    f1: float


def scores(precision: float, recall: float) -> Scores:
    """The two with their harmonic mean."""
    both = precision + recall
    return Scores(precision, recall, 2 * precision * recall / both if both else 0.0)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes)


def pairwise(gold: Sequence[str], predicted: Sequence[str]) -> Scores:
    """Of pairs in one group: how many predicted ones are right, how many right ones predicted.

    >>> pairwise(["a", "a", "a", "b"], ["1", "1", "2", "2"])
    Scores(precision=0.5, recall=0.3333333333333333, f1=0.4)
    """
    both = _pairs(Counter(zip(gold, predicted, strict=True)).values())
    said, true = _pairs(Counter(predicted).values()), _pairs(Counter(gold).values())
    return scores(both / said if said else 1.0, both / true if true else 1.0)


def b_cubed(gold: Sequence[str], predicted: Sequence[str]) -> Scores:
    """The mean over mentions of how pure and how whole the group of each is.

    >>> b_cubed(["a", "a", "a", "b"], ["1", "1", "2", "2"])
    Scores(precision=0.75, recall=0.6666666666666666, f1=0.7058823529411765)
    """
    if not gold:
        return Scores(1.0, 1.0, 1.0)
    both = Counter(zip(gold, predicted, strict=True))
    true, said = Counter(gold), Counter(predicted)
    pure = sum(n * n / said[p] for (_, p), n in both.items()) / len(gold)
    whole = sum(n * n / true[g] for (g, _), n in both.items()) / len(gold)
    return scores(pure, whole)


def false_merges(gold: Sequence[str], predicted: Sequence[str]) -> float:
    """Predicted groups that hold mentions of several gold groups, per 1,000 predicted groups.

    >>> false_merges(["a", "a", "a", "b"], ["1", "1", "2", "2"])
    500.0
    """
    held: dict[str, set[str]] = defaultdict(set)
    for g, p in zip(gold, predicted, strict=True):
        held[p].add(g)
    wrong = sum(len(of) > 1 for of in held.values())
    return 1000 * wrong / len(held) if held else 0.0


def largest(predicted: Sequence[str]) -> int:
    """How many mentions the largest group holds."""
    return max(Counter(predicted).values(), default=0)


def interval(
    gold: Sequence[str], predicted: Sequence[str], measure: Callable[..., Scores]
) -> dict[str, tuple[float, float]]:
    """The middle 95 % of ``pairwise`` or ``b_cubed`` over gold groups drawn with replacement.

    Seeded. A group drawn twice weighs two: as often as it is drawn each of its mentions meets
    those of every other group, and never its own copy.
    """
    weigh = {pairwise: _weighed_pairs, b_cubed: _weighed_b_cubed}[measure]
    cells: dict[str, dict[str, int]] = defaultdict(dict)
    for (g, p), n in sorted(Counter(zip(gold, predicted, strict=True)).items()):
        cells[p][g] = n
    sizes = Counter(gold)
    names, rng = sorted(sizes), random.Random(SEED)
    drawn = [
        weigh(cells, sizes, Counter(rng.choices(names, k=len(names))))
        for _ in range(DRAWS if names else 0)
    ]
    found = {}
    for field in Scores._fields:
        values = sorted(getattr(one, field) for one in drawn)
        low, high = int(0.025 * len(values)), int(0.975 * len(values))
        found[field] = (values[low], values[min(high, len(values) - 1)]) if values else (1.0, 1.0)
    return found


_Cells = dict[str, dict[str, int]]  # predicted group, gold group, mentions


def _weighed_pairs(cells: _Cells, sizes: Counter[str], weights: Counter[str]) -> Scores:
    both = said = 0.0
    for held in cells.values():
        right = sum(weights[g] * n * (n - 1) / 2 for g, n in held.items())
        all_of_them = sum(weights[g] * n for g, n in held.items())
        wrong = (all_of_them**2 - sum((weights[g] * n) ** 2 for g, n in held.items())) / 2
        both, said = both + right, said + right + wrong
    true = sum(weights[g] * n * (n - 1) / 2 for g, n in sizes.items())
    return scores(both / said if said else 1.0, both / true if true else 1.0)


def _weighed_b_cubed(cells: _Cells, sizes: Counter[str], weights: Counter[str]) -> Scores:
    pure = whole = mentions = 0.0
    for held in cells.values():
        all_of_them = sum(weights[g] * n for g, n in held.items())
        for g, n in held.items():
            others = all_of_them - weights[g] * n
            pure += weights[g] * n * n / (n + others)
            whole += weights[g] * n * n / sizes[g]
            mentions += weights[g] * n
    return scores(pure / mentions, whole / mentions)
