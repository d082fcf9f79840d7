"""Names that a record publishes: institutions, committees, funders. None of them is an address."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from kg.parts import CommitteeMention, Funding, OrganizationMention, Part, RoleContact


def public_names(part: Part) -> Iterator[str]:
    """The names of all institutions, offices and sources of money in a part, in each language."""
    if isinstance(part, OrganizationMention | CommitteeMention | RoleContact):
        yield from (said.value for said in part.name if said and said.value)
    elif isinstance(part, Funding):
        yield from (said.value for said in part.as_given if said and said.value)
    for f in dataclasses.fields(part):
        if f.metadata.get("how") in ("part", "parts"):
            found = getattr(part, f.name) or ()
            for inner in found if isinstance(found, tuple) else (found,):
                yield from public_names(inner)
