"""Registration numbers that a record names in its free text: a hint, never proof of sameness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg import identifiers
from kg.model import Record
from kg.said import Texts


def with_mentioned_numbers(record: Record) -> Record:
    """The record with the numbers of *other* registrations that its free text names, sorted.

    Its own number and those it states in fields of their own are left out.
    """
    stated = {record.registration_number.value if record.registration_number else None}
    stated |= {identifier.notation.value for identifier in record.secondary_identifiers}
    found = {
        identifier.number
        for text in _texts(record)
        for identifier in identifiers.find(text)
        if identifier.number not in stated
    }
    return replace(record, mentioned_numbers=tuple(sorted(found))) if found else record


def _texts(record: Record) -> Iterator[str]:
    fields: tuple[Texts | None, ...] = (
        record.public_title,
        record.scientific_title,
        record.objective,
        record.brief_summary,
        record.detailed_description,
        record.design_description,
        record.treatment_description,
        record.inclusion_criteria,
        record.exclusion_criteria,
        record.criteria_text,
        record.study_population,
        record.ipd_sharing_plan,
        *(reference.name for reference in record.references),
    )
    for texts in fields:
        for said in texts or ():
            if said and said.value:
                yield said.value
