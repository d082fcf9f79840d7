"""One form for each word of a name outside China: cut short or written out, British or American.

German names print their umlauts as letters or with an e behind (Universitaetsklinikum). Adjectives
of other languages stay what they are: a translation is another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kg.resolve.names import legal_forms

_SPELT = {
    "st": "saint", "ste": "saint", "sainte": "saint", "mt": "mount", "centre": "center",
    "centres": "centers", "ctr": "center", "cntr": "center", "hosp": "hospital",
    "tumour": "tumor", "paediatric": "pediatric", "paediatrics": "pediatrics",
    "haematology": "hematology", "haematological": "hematological", "gynaecology": "gynecology",
    "orthopaedic": "orthopedic", "orthopaedics": "orthopedics", "anaesthesia": "anesthesia",
    "anaesthesiology": "anesthesiology", "organisation": "organization", "programme": "program",
    "dept": "department", "inst": "institute", "natl": "national",
    # Gender and number say nothing of whose hospital it is.
    "universitaria": "universitario", "universitari": "universitario",
    **legal_forms.SPELT,
}  # fmt: skip
_BEFORE = {"med": ("center", "school", "college"), "gen": ("hospital",)}  # in these names only
_WRITTEN_OUT = {"med": "medical", "gen": "general"}
_ROMANCE = frozenset(["hospital", "hosp", "complejo", "clinica"])  # opens Hospital Universitario
_GERMAN = re.compile(
    r"klinik|krankenhaus|(?<!o)spital$|universit(?:ae|a)t|hochschule|zentrum|praxis|stiftung|medizin"
)
_UMLAUT = re.compile(r"(?<![aeiouq])([aou])e(?![aeiou])")


def one_form(words: tuple[str, ...]) -> tuple[str, ...]:
    """Folded words of a name, each in one form.

    >>> one_form(("exo", "univ", "med", "ctr")), one_form(("hosp", "univ", "exo"))
    (('exo', 'university', 'medical', 'center'), ('hospital', 'universitario', 'exo'))
    >>> one_form(("universitaetsklinikum", "wuerzburg")), one_form(("hospital", "miguel"))
    (('universitatsklinikum', 'wurzburg'), ('hospital', 'miguel'))
    >>> one_form(("exo", "hospital", "nhs", "foundation", "trust"))
    ('exo', 'hospital', 'nhs', 'trust')
    """
    if any(map(_GERMAN.search, words)):
        words = tuple(_UMLAUT.sub(r"\1", word) for word in words)
    univ = "universitario" if words and words[0] in _ROMANCE else "university"
    spelt = tuple(univ if word == "univ" else _SPELT.get(word, word) for word in words)
    return tuple(_in_place(spelt))


def _in_place(words: tuple[str, ...]) -> Iterator[str]:
    """Words that are cut short, or said, beside certain others only."""
    for n, (word, following) in enumerate(pairwise((*words, ""))):
        if following in _BEFORE.get(word, ()):
            yield _WRITTEN_OUT[word]
        elif not (word == "foundation" and following == "trust" and words[n - 1 : n] == ("nhs",)):
            yield word  # an NHS trust is the same as foundation trust
