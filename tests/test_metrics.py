"""Measures of groups, against examples worked by hand."""

from __future__ import annotations

import pytest

from kg.resolve.labelled import metrics

GOLD = ["a", "a", "a", "b", "b", "c"]


@pytest.mark.parametrize(
    ("predicted", "pairs", "b3"),
    [
        # all right: 4 pairs of 4
        (["1", "1", "1", "2", "2", "3"], (1.0, 1.0), (1.0, 1.0)),
        # everybody alone: nothing said is no error; 1/3, 1/3, 1/3, 1/2, 1/2, 1
        (["1", "2", "3", "4", "5", "6"], (1.0, 0.0), (1.0, 0.5)),
        # all one: 4 of 15 pairs; 3/6, 3/6, 3/6, 2/6, 2/6, 1/6
        (["1", "1", "1", "1", "1", "1"], (4 / 15, 1.0), (14 / 36, 1.0)),
        # a a | a b | b c: 1 of 3 pairs right, 1 of 4 found;
        # purity 1, 1, 1/2, 1/2, 1/2, 1/2; wholeness 2/3, 2/3, 1/3, 1/2, 1/2, 1
        (["1", "1", "2", "2", "3", "3"], (1 / 3, 1 / 4), (4 / 6, 22 / 36)),
    ],
)
def test_hand_worked_groups(predicted, pairs, b3):
    assert metrics.pairwise(GOLD, predicted)[:2] == pytest.approx(pairs)
    assert metrics.b_cubed(GOLD, predicted)[:2] == pytest.approx(b3)


def test_false_merges_are_groups_of_several_per_thousand():
    assert metrics.false_merges(GOLD, ["1", "1", "2", "2", "3", "3"]) == pytest.approx(2000 / 3)
    assert metrics.largest(["1", "1", "2"]) == 2
    assert metrics.largest([]) == 0


def test_intervals_are_the_same_every_time_and_hold_the_measure():
    predicted = ["1", "1", "2", "2", "3", "3"]
    found = metrics.interval(GOLD, predicted, metrics.b_cubed)
    assert found == metrics.interval(GOLD, predicted, metrics.b_cubed)
    low, high = found["recall"]
    assert low <= 22 / 36 <= high
    assert metrics.interval(GOLD, GOLD, metrics.pairwise)["precision"] == (1.0, 1.0)


def test_an_interval_lies_around_the_measure_where_groups_were_joined_wrongly():
    gold = [f"g{n}" for n in range(40) for _ in range(3)]
    predicted = [f"p{n // 2 if n < 20 else n}" for n in range(40) for _ in range(3)]
    for measure in (metrics.pairwise, metrics.b_cubed):
        low, high = metrics.interval(gold, predicted, measure)["precision"]
        assert low < measure(gold, predicted).precision < high < 1.0
