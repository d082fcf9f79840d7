"""Printed fields that say nothing, for extractors that make one value of several fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from kg.fields import Fields
from kg.said import Said
from kg.values import is_placeholder


def unsaid(
    f: Fields,
    labels: Collection[str],
    groups: Collection[str] = (),
    is_nothing: Callable[[str], bool] = is_placeholder,
) -> Iterator[Said[str]]:
    """The fields among ``labels``, also those inside ``groups``, that hold a placeholder.

    A text made of several fields leaves them out; here they are kept as blanks, for a blank field
    and one that is not there are different answers. Not for questions of yes or no, whose "No" is
    an answer.
    """
    for label in f.labels:
        if label in groups:
            for row in f.each(label):
                yield from unsaid(row, labels, groups, is_nothing)
        elif label in labels:
            for cell in f.cells(label):
                if cell.text and is_nothing(cell.text):
                    yield cell.says(None)
