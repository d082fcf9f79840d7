"""What somebody may have meant who typed a name that nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that are nearest to one, case apart, nearest first.

    >>> nearest("who-14a", ["X04", "WHO-14a", "WHO-14b"])
    ['WHO-14a']
    """
    spelled = {one.lower(): one for one in known}
    if name.lower() in spelled:
        return [spelled[name.lower()]]
    near = difflib.get_close_matches(name.lower(), spelled, n=most, cutoff=0.5)
    return [spelled[one] for one in near]


def meant(name: str, known: Iterable[str]) -> str:
    """A question to be added to "no such name.", with its blank; "" where nothing is near.

    >>> meant("X4", ["X14", "X04", "F01"])
    ' Did you mean X14 or X04?'
    """
    near = nearest(name, known)
    return f" Did you mean {' or '.join(near)}?" if near else ""
