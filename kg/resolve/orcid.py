"""ORCID iDs as records print them."""

from __future__ import annotations

import re

from kg.resolve.mentions import Mention

_ORCID = re.compile(r"orcid:((?:\d{4}-){3}\d{3}[\dX])")


def orcid_of(mention: Mention) -> str | None:
    """The ORCID iD of a mention, if its check digit is right and it is no row of zeros."""
    for external in mention.external:
        found = _ORCID.fullmatch(external)
        if found and not found[1].startswith("0000-0000-0000") and _checked(found[1]):
            return found[1]
    return None


def _checked(orcid: str) -> bool:
    """ISO 7064 MOD 11-2, as ORCID defines it."""
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]
