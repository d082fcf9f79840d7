"""The design of an ISRCTN trial and its status: words of the newer form, or one older sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.codes import Words
from kg.extractors.isrctn_text import line
from kg.fields import Fields
from kg.said import Codes, Said, Texts, joined


class Design(NamedTuple):
    """What a record says of the design; ``told_by`` is a word that none of the rest tells."""

    allocation: Said[Codes] | None
    model: Said[Codes] | None
    masking: Said[Codes] | None
    masking_description: Texts | None
    purpose: Said[Codes] | None
    description: Texts | None
    told_by: tuple[Said[str], ...]


def design(f: Fields) -> Design:
    """The design: the newer form in words, the older one in a sentence."""
    newer = f.inside("interventionalTrialDesign")
    control, masking = line(newer, "control"), line(newer, "masking")
    masked = newer.concepts("masking", en="masking", report=False)
    sentence = line(f, "studyDesign")
    older = (
        f.concepts("allocation", en="secondaryStudyDesign", report=False),
        f.concepts("design-model", en="secondaryStudyDesign", report=False),
    )
    allocation = _one_of(newer.concepts("allocation", en="allocation"), older[0])
    model = _one_of(newer.concepts("design-model", en="assignment"), older[1])
    purposes = [
        *(f.concept_of("primary-purpose", c) for c in newer.inside("purposes").cells("purpose")),
        *(f.concept_of("primary-purpose", c) for c in f.inside("trialTypes").cells("trialType")),
    ]
    if model is None or not model.value:
        model = _inside(f, "design-model", sentence) or model
    if newer and masked is not None:
        masking_code = masked if masked.value else None
    else:
        masking_code = _inside(f, "masking", sentence)
    return Design(
        allocation=allocation,
        model=model,
        masking=masking_code,
        masking_description=Texts(en=masking) if masking and masking.value else None,
        purpose=joined_codes([said for said in purposes if said.printed]),
        description=_described(sentence, control),
        told_by=_second_word(f, older, _paths(allocation, model)),
    )


def _second_word(
    f: Fields, older: tuple[Said[Codes] | None, ...], told: set[str]
) -> tuple[Said[str], ...]:
    """The secondary study design where neither allocation nor model is told by it."""
    second = f.string("secondaryStudyDesign")
    if second is None or second.path in told:
        return ()
    if second.value and not any(said and said.value for said in older):
        why = "add a row to ontology/codes/design-model.tsv"
        f.report("unknown word", "secondaryStudyDesign", why)
    return (second,)


def _inside(f: Fields, scheme: str, sentence: Said[str] | None) -> Said[Codes] | None:
    """What the words of the sentence say, if all that a table knows mean the same.

    The registry prints its older design as one sentence of set phrases, "Multicentre randomised
    double-blind parallel group trial"; the rows end in ``…``.
    """
    words = re.findall(r"[a-z]+", (sentence.value or "").casefold()) if sentence else []
    known = {
        codes
        for size in (1, 2)
        for at in range(len(words) - size + 1)
        if (phrase := " ".join(words[at : at + size]))
        and (codes := Words.load().concepts(scheme, f.registry, f"{phrase} …"))
    }
    return sentence.but(known.pop()) if sentence and len(known) == 1 else None


def _described(sentence: Said[str] | None, control: Said[str] | None) -> Texts | None:
    """The sentence on the design and the kind of control."""
    parts = [said for said in (sentence, control) if said and said.value]
    if not parts:
        return Texts(en=sentence) if sentence else None
    words = (f"Control: {said.value}" if said is control else said.value or "" for said in parts)
    return Texts(en=joined("; ".join(words), tuple(parts)))


def _one_of(*answers: Said[Codes] | None) -> Said[Codes] | None:
    """The first answer that has a value; equal answers are told by all their fields."""
    found = [said for said in answers if said is not None and said.value]
    if not found:
        return next((said for said in answers if said is not None and not said.refused), None)
    return joined(found[0].value, tuple(said for said in found if said.value == found[0].value))


def _paths(*said: Said[Codes] | None) -> set[str]:
    return {path for one in said if one for path in one.path.split(" + ")}


def status(form: Fields, participants: Fields) -> Said[Codes] | None:
    """The status as far as the source prints one: it derives the rest from the dates of the day."""
    overall = form.concepts("recruitment-status", en="overallStatusOverride")
    recruiting = participants.concepts("recruitment-status", en="recruitmentStatusOverride")
    start = participants.concepts("recruitment-status", en="recruitmentStartStatusOverride")
    answers = [said for said in (recruiting, start, overall) if said is not None and said.value]
    for said in answers[1:]:
        if said.value != answers[0].value:
            why = f"{answers[0].path} says {answers[0].printed}; that is kept"
            form.log.report("words disagree", said.path, said.line, said.printed, why)
    same = tuple(said for said in answers if said.value == answers[0].value)
    return joined(answers[0].value, same) if answers else None


def joined_codes(found: list[Said[Codes]]) -> Said[Codes] | None:
    """Several answers as one."""
    if not found:
        return None
    codes = dict.fromkeys(code for one in found for code in one.value or ())
    made: Said[Codes] = joined(tuple(codes) or None, tuple(found))
    return made._replace(refused=not codes and any(one.refused for one in found))
