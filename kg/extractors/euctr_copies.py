"""Third-party copies of EU register records as JSON: keys made of the printed codes and labels.

``a31_title_of_the_trial…`` is ``A.3.1 Title of the trial…``, ``…_fr`` its French text. The copies
lost accented letters and brackets, and the last label before a heading swallowed it. Posted results
stand beside the form as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.extractors.euctr_form import ITEMS, squeezed
from kg.sources.trees import Tree

LAYOUT = "json"

_NUMBER = "a2_eudract_number"
_GROUPS = {
    "b1_sponsor": "sponsors",
    "b4_sources_of_monetary_or_material_support": "support",
    "dimp": "products",
    "d38_imp_identification_details": "substances",
    "d8_information_on_placebo": "placebos",
    "e12_meddra_classification": "terms",
    "g4_investigator_networks": "networks",
}
_TRANSLATED = re.compile(r"(.+)_([a-z]{2})")
_SWALLOWED = re.compile(r"\s*B\.\s+Sponsor\s+Information\s*$")
_RARE = "E.1.3"
_RESULTS = "trialInformation"
_NOT_OF_THE_FORM = ("sponsor",)  # of the posted results


def is_copy(tree: Tree) -> bool:
    """Whether an object has the key of the form's number."""
    return _NUMBER in tree


def form(tree: Tree) -> dict[str, Any]:
    """The tree of a copy by the codes of the form; keys that the form does not have stay."""
    made = _renamed(tree)
    for term in made.get("terms") or ():
        # The rare disease ends the list of terms, inside its last item.
        if isinstance(term, dict) and _RARE in term:
            made.setdefault(_RARE, term.pop(_RARE))
    if isinstance(text := made.get("A.8"), str):
        made["A.8"] = _SWALLOWED.sub("", text)
    if isinstance(results := made.get(_RESULTS), Mapping):
        # What the results leave open is an object without members.
        made[_RESULTS] = {key: value for key, value in results.items() if value != {}}
    return made


def _renamed(tree: Tree) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in tree.items():
        if (group := _GROUPS.get(key)) and not _is_leaf(value):
            rows = [value] if isinstance(value, Mapping) else value
            made[group] = [_renamed(row) if isinstance(row, Mapping) else row for row in rows]
        else:
            made.setdefault(_label(key), value)
    return made


def _label(key: str) -> str:
    if key in _NOT_OF_THE_FORM:
        return key
    item = ITEMS.get(squeezed(key))
    if item is not None and item.key and key[:1] != "_":
        return item.key
    if key in ("_dimp", "_b1_sponsor"):
        return ITEMS[squeezed(key)].key
    if found := _TRANSLATED.fullmatch(key):
        item = ITEMS.get(squeezed(found[1]))
        if item is not None and item.key:
            return f"{item.key} ({found[2]})"
    return key


def _is_leaf(value: object) -> bool:
    return not isinstance(value, Mapping | list | tuple)
