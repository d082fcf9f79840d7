"""Numbers that a sponsor gave a site, in or behind the name of the place: no part of the name."""

from __future__ import annotations

import re

# Without brackets or a word for "number" a short one may be a campus ("Hospital Site 2"): it stays.
# What is repeated is never given back, or a long row of blanks would be tried in all its lengths.
_CODE = r"[A-Z]{0,4}-?\d[\w-]*+"
_BEHIND = re.compile(
    r"(?<![\s,/;-])[\s,/;-]*+(?:"
    rf"\(\s*+site\s*+(?:(?:no|number|id)\b\.?)?+[\s:#-]*+{_CODE}\s*+\)"
    rf"|\bsite\s*+(?:no\b\.?|number|id\b)[\s:#-]*+{_CODE}"
    rf"|\bsite\s*+[:#]\s*+{_CODE}"
    r"|\bsite\s++(?:0\d++|\d{3,}+)"
    r"|(?<=/)\s*+ID\s*+#\s*+\d++"
    rf"|\(\s*+site[\s:#-]*+(?:{_CODE})?+"  # cut off where the registry's field ends
    r")\s*+$",
    re.I,
)
_BEFORE = re.compile(
    rf"^\s*+site\s*+(?:no\b\.?|number|id\b)?+[\s:#]*+{_CODE}\s*+[-:,]\s++(?=\D)", re.I
)
_KEPT_BY = re.compile(r"(?<!\s)\s++-\s++PPDS\s*+$")  # whose list of sites it stands in


def without_site_number(name: str) -> str:
    """The name of a place without the number of a site; a name that is only a number stays.

    >>> without_site_number("Exo Clinic ( Site 0805)"), without_site_number("Exo Clinic /ID# 15772")
    ('Exo Clinic', 'Exo Clinic')
    >>> without_site_number("Site US12 - Exo Clinic"), without_site_number("Exo Clinic Site 2")
    ('Exo Clinic', 'Exo Clinic Site 2')
    >>> without_site_number("Site 0012")
    'Site 0012'
    """
    bare = _BEFORE.sub("", _BEHIND.sub("", _KEPT_BY.sub("", name))).strip()
    return bare or name
