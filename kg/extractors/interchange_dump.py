"""The data dump that the WHO platform gave until about 2010, under the names of the interchange.

Its trials have a ``main`` too, but other elements below it, in capitals and small letters:
``Primary_sponsor``, ``Health_condition.Condition_FreeText``. Paths are those of the interchange.
One dump of a single trial was at hand.
"""

from __future__ import annotations

from typing import Any

from kg.sources.trees import Tree

# What no other file of the interchange has in ``main``.
_MARKS = frozenset({"Public_Title", "Primary_sponsor"})
# In small letters: an element of the dump, and where the interchange has it.
_MOVED = {
    "main.date_enrolement": "main.date_enrolment",
    "health_condition.condition_freetext": "main.hc_freetext",
    "intervention.intervention_freetext": "main.i_freetext",
    "countries.country": "countries.country2",
    "eligibility_criteria.inclusion_criteria": "criteria.inclusion_criteria",
    "eligibility_criteria.exclusion_criteria": "criteria.exclusion_criteria",
    "eligibility_criteria.inclusion_agemin": "criteria.agemin",
    "eligibility_criteria.inclusion_agemax": "criteria.agemax",
    "eligibility_criteria.inclusion_sex": "criteria.gender",
    "primary_outcome.outcome_name": "primary_outcome.prim_outcome",
    "secondary_outcome.outcome_name": "secondary_outcome.sec_outcome",
    "secondary_sponsors.secondary_sponsor": "secondary_sponsor.sponsor_name",
}


def renamed(tree: Tree) -> Tree:
    """A trial of the dump under the names of the interchange; any other as it is."""
    main = tree.get("main")
    if not isinstance(main, dict) or not _MARKS & main.keys():
        return tree
    made: dict[str, Any] = {}
    for section, node in tree.items():
        nodes = node if isinstance(node, list) else [node]
        name = section.casefold()
        if name == "contacts":
            made["contacts"] = {"contact": [_in_small_letters(one) for one in nodes]}
            continue
        for one in nodes:
            if not isinstance(one, dict):
                made.setdefault(section, one)
                continue
            for label, value in one.items():
                _put(made, f"{name}.{label.casefold()}", value)
    return made


def _in_small_letters(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {label.casefold(): value for label, value in node.items()}


def _put(made: dict[str, Any], path: str, value: Any) -> None:
    """Add one value, or a list of them, where the interchange has it."""
    values = value if isinstance(value, list) else [value]
    if path == "secondary_ids.secondaryid":
        path, values = "secondary_ids.secondary_id", [{"sec_id": one} for one in values]
    outer, _, inner = _MOVED.get(path, path).partition(".")
    section = made.setdefault(outer, {})
    if not isinstance(section, dict):
        section = made[outer] = {"#text": section}
    known = section.get(inner, [])
    values = [*(known if isinstance(known, list) else [known]), *values]
    section[inner] = values[0] if len(values) == 1 else values
