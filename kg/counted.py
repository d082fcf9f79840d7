"""How many of what, as people say it."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun; ``many`` where that is not ``one`` with an s.

    >>> counted(1, "trial"), counted(1200, "trial"), counted(0, "person", "people")
    ('1 trial', '1,200 trials', '0 people')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
