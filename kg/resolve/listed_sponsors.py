"""Sponsors as ClinicalTrials.gov lists them: one name of its list is one organization.

A lead sponsor is named by the account that it registers with, and an account is one
organization's; of other sponsors the registry knows those that it gives a class. So the National
Cancer Institute, whose name holds no word of its own, is one in all records without a city.
"""

from __future__ import annotations

import re

from kg.resolve.mentions import Mention
from kg.resolve.names.comparable import folded
from kg.resolve.names.kinds import organization_kind
from kg.resolve.names.slots import Level

_RECORD = re.compile(r"/NCT\d{8}$")  # the registry's own record, or a portal's row of it
_BY_ACCOUNT = frozenset({"lead-sponsor", "registrant", "responsible-party"})
_CLASSES = frozenset({"company", "network", "government"})
# Such a name is borne by one in every town or country.
_OF_MANY = frozenset({"hospital", "university", "government"})


def listed_name(mention: Mention, level: Level) -> str | None:
    """The name under which the registry lists a sponsor, for comparison; None if it does not.

    ``level`` is what the name says: "University Hospital" and "Ministry of Health" prove nothing.
    """
    _, name = mention.by_script
    if not name or not _RECORD.search(mention.record):
        return None
    if mention.slot not in _BY_ACCOUNT and not (
        mention.slot == "collaborator" and mention.stated_kind in _CLASSES
    ):
        return None
    if level != "full" and organization_kind(None, name) in _OF_MANY:
        return None
    return " ".join(folded(name).split())
