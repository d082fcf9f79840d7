"""Names that a record publishes: institutions, committees, funders. None of them is an address."""

from __future__ import annotations

from collections.abc import Iterator

from kg.parts import CommitteeMention, Funding, OrganizationMention, Part, RoleContact
from kg.properties import held


def public_names(part: Part) -> Iterator[str]:
    """The names of all institutions, offices and sources of money in a part, in each language."""
    if isinstance(part, OrganizationMention | CommitteeMention | RoleContact):
        yield from (said.value for said in part.name if said and said.value)
    elif isinstance(part, Funding):
        yield from (said.value for said in part.as_given if said and said.value)
    for name, several in held(type(part)):
        found = getattr(part, name)
        if found:
            for inner in found if several else (found,):
                yield from public_names(inner)
