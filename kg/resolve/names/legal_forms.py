"""Legal forms of companies behind their names, and the seat that some print behind these.

Pfizer and Pfizer Inc. are one unless there is a Pfizer Ltd, too: then they are asked about.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.codes import Words

# As ``names.english_words`` folds them, initials joined: S.p.A., Sp. z o.o., S.A. de C.V.
_WORDS = """
    inc incorporated corp corporation company co limited ltd llc llp lp plc ulc private pvt pty pte
    pllc pc gmbh ggmbh mbh ag kg kgaa se sa sas sasu sarl sprl bvba srl spa bv nv ab as asa aps
    oy oyj kk kft zrt nyrt sro doo jsc ojsc pjsc ooo oao zao sdn bhd lda ltda sl slu sau sapi rl
    cv zoo sp tbk eireli
"""
FORMS = frozenset(_WORDS.split())
# The same form, written out and cut short.
SPELT = {
    "corp": "corporation", "incorporated": "inc", "ltd": "limited", "co": "company",
    "pvt": "private",
}  # fmt: skip
_HOUSES = frozenset(["hospital", "hospitals", "infirmary"])
_OF_TWO_HOUSES = {("merck",)}  # of Darmstadt and of Rahway
_SEAT = re.compile(
    r"(?P<name>.*\b(?:inc|corp|ltd|limited|llc|gmbh|ag|kgaa|plc|s\.?a|b\.?v|n\.?v|a/s|ab)\b\.?)"
    r",(?P<seat>[^()]{1,80})$",
    re.I,
)


def without_forms(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The words of a company's name without its legal form, the longest first.

    >>> without_forms(("exa", "pharma", "company", "limited"))
    [('exa', 'pharma', 'company'), ('exa', 'pharma')]
    >>> without_forms(("exa", "sa", "de", "cv"))
    [('exa', 'sa'), ('exa',)]
    >>> without_forms(("exo", "hospital", "nhs", "trust")), without_forms(("exo", "nhs", "trust"))
    ([('exo', 'hospital')], [])
    """
    found = []
    end = len(words)
    if words[-2:] == ("nhs", "trust") and not _HOUSES.isdisjoint(words):
        return [words[:-2]]  # a trust of other names runs hospitals of theirs
    while end > 1 and words[end - 1] in FORMS:
        end -= 1
        end -= words[end - 1] == "de"
        found.append(words[:end])
    return [bare for bare in found if bare and bare not in _OF_TWO_HOUSES]


def without_seat(name: str) -> str:
    """A company's name without the town and country behind its legal form.

    >>> without_seat("Exo KGaA, Alderfurt, Germany"), without_seat("Exo Ltd, a company of Exa")
    ('Exo KGaA', 'Exo Ltd, a company of Exa')
    """
    found = _SEAT.match(name)
    if found and _is_country(found["seat"].rpartition(",")[2].strip(" .")):
        return found["name"]
    return name


@lru_cache(maxsize=1024)
def _is_country(text: str) -> bool:
    codes = Words.load().concepts("place", "ctgov", text) or ()
    return any("-" not in code for code in codes)
