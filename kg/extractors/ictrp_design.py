"""Design, phase, sex, conditions, interventions and outcomes of a row of the WHO portal.

Each register fills these columns in its own way; what is read and what stays text:
docs/sources.md, "WHO ICTRP".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.fields import Cell, Fields
from kg.model import Condition, Intervention, OutcomeMeasure
from kg.said import Blank, Codes, Said, Texts
from kg.values import is_placeholder, one_line
from kg.who import lines, parts_of, word

# -- design ----------------------------------------------------------------------------------------

# Labels inside the design text, by the code list whose words follow them.
_LABELS = {
    "allocation": "allocation",
    "randomization": "allocation",
    "intervention model": "design-model",
    "observational model": "design-model",
    "assignment": "design-model",
    "primary purpose": "primary-purpose",
    "purpose": "primary-purpose",
    "masking": "masking",
    "blinding": "masking",
    "blinding/masking": "masking",
    "blinding and masking": "masking",
    "blinding target": "masked-party",
    "time perspective": "time-perspective",
    "method of generating randomization sequence": "randomization method",
    "randomization description": "randomization method",
    "blinding description": "masking description",
    # labels whose values stay in the text
    "method of allocation concealment": "",
    "placebo": "",
    "endpoint classification": "",
    "type of endpoint": "",
    "control": "",
}
_LABEL = re.compile(
    r"(?:(?<=^)|(?<=[\s.,;]))(" + "|".join(sorted(map(re.escape, _LABELS), key=len, reverse=True))
    + r")\s*:\s*",
    re.IGNORECASE,
)  # fmt: skip
_TAIL = re.compile(r"(.*?)\s*\(([^()]*)\)")
_YES_NO = re.compile(r"([A-Z][A-Za-z ]{1,60}?)\s{0,9}:\s{0,9}(yes|no)\b", re.IGNORECASE)
# What a line of the EU register that says yes means; other lines stay in the text.
_EU = {
    "randomised": ("allocation", "randomized"),
    "open": ("masking", "none"),
    "single blind": ("masking", "single"),
    "double blind": ("masking", "double"),
    "parallel group": ("design-model", "parallel"),
    "cross over": ("design-model", "cross-over"),
}


class Design(NamedTuple):
    """What the design text says in the words of the code lists, and the whole of it."""

    codes: dict[str, Said[Codes]]
    description: Texts | None = None
    randomization: Texts | None = None
    masking_description: Texts | None = None


def design(f: Fields, label: str, issuer: str) -> Design:
    """The design of a row; words are looked up where a label or the register's form holds one."""
    cell = f.cell(label)
    if cell is None:
        return Design({})
    text = lines(cell.text)
    if not text or is_placeholder(text):
        return Design({}, Texts(en=cell.says(None)))
    description = Texts(en=cell.says(text))
    if issuer == "euctr":
        return Design(_eu(cell, text), description)
    if issuer == "chictr":
        model = word(f, "design-model", cell, one_line(text), issuer)
        found = {"design-model": model}
        allocation = word(f, "allocation", cell, one_line(text), issuer, report=False)
        if allocation.value:
            found["allocation"] = allocation
        return Design(found)
    return _labelled(f, cell, one_line(text), issuer, description)


def _labelled(f: Fields, cell: Cell, text: str, issuer: str, description: Texts) -> Design:
    codes: dict[str, Said[Codes]] = {}
    methods: dict[str, Texts] = {}
    starts = list(_LABEL.finditer(text))
    if issuer == "ctri":
        head = text[: starts[0].start()] if starts else text
        _add(codes, "design-model", word(f, "design-model", cell, head.strip(" .,;"), issuer))
        allocated = word(f, "allocation", cell, head.strip(" .,;"), report=False)
        if allocated.value:
            codes["allocation"] = allocated
    ends = [found.start() for found in starts[1:]] + [len(text)]
    for found, end in zip(starts, ends, strict=False):
        scheme = _LABELS[found[1].casefold()]
        value = text[found.end() : end].strip(" .,;")
        if scheme in ("randomization method", "masking description"):
            blank = is_placeholder(value) or value.casefold() == "not applicable"
            methods[scheme] = Texts(en=cell.says(None if blank else value, value))
        elif scheme == "masked-party":
            _add(codes, scheme, _parties(f, cell, value, issuer))
        elif scheme == "masking":
            _masking(f, cell, value, issuer, codes)
        elif scheme and value:
            _add(codes, scheme, word(f, scheme, cell, value, issuer, "ctgov"))
    return Design(
        codes, description, methods.get("randomization method"), methods.get("masking description")
    )


def _add(codes: dict[str, Said[Codes]], scheme: str, said: Said[Codes]) -> None:
    if said.value or scheme not in codes:
        codes[scheme] = said


def _masking(f: Fields, cell: Cell, value: str, issuer: str, codes: dict[str, Said[Codes]]) -> None:
    """``Double (Participant, Investigator)``: a word, and in brackets who is masked."""
    found = _TAIL.fullmatch(value)
    whole = word(f, "masking", cell, value, issuer, "ctgov", report=not found)
    if whole.value or not found:
        _add(codes, "masking", whole)
        told = word(f, "masked-party", cell, value, report=False)
        if told.value:
            _add(codes, "masked-party", told)
        return
    _add(codes, "masking", word(f, "masking", cell, found[1], issuer, "ctgov"))
    _add(codes, "masked-party", _parties(f, cell, found[2], issuer))


def _parties(f: Fields, cell: Cell, text: str, issuer: str) -> Said[Codes]:
    said = [
        word(f, "masked-party", cell, part, issuer, "ctgov")
        for part in map(one_line, text.split(","))
        if part
    ]
    codes = dict.fromkeys(code for one in said for code in one.value or ())
    return cell.says(tuple(codes) or None, text, refused=not codes and bool(said))


def _eu(cell: Cell, text: str) -> dict[str, Said[Codes]]:
    found: dict[str, Said[Codes]] = {}
    for name, answer in _YES_NO.findall(text.partition("If controlled")[0]):
        meant = _EU.get(one_line(name).casefold())
        if meant and answer.casefold() == "yes" and meant[0] not in found:
            found[meant[0]] = cell.says((meant[1],), f"{one_line(name)}: {answer}")
    return found


_EU_PHASE = re.compile(r"\(Phase (I{1,3}|IV)\)\s*:\s*(yes|no)", re.IGNORECASE)
_ROMAN = {"I": "phase-1", "II": "phase-2", "III": "phase-3", "IV": "phase-4"}


def phase(f: Fields, label: str, issuer: str) -> Said[Codes] | None:
    """The phase; the EU register prints four lines that say yes or no."""
    cell = f.cell(label)
    if cell is None:
        return None
    text = one_line(lines(cell.text))
    if marked := _EU_PHASE.findall(text):
        codes = [_ROMAN[roman.upper()] for roman, answer in marked if answer.casefold() == "yes"]
        return cell.says(tuple(dict.fromkeys(codes)) or None, text)
    return word(f, "phase", cell, text, issuer) if text else cell.says(None)


def sex(f: Fields, label: str) -> Said[Codes] | None:
    """Which sexes take part; the EU register prints a line for each."""
    cell = f.cell(label)
    if cell is None:
        return None
    text = one_line(lines(cell.text))
    marked = {name.casefold(): answer.casefold() == "yes" for name, answer in _YES_NO.findall(text)}
    if marked.keys() & {"female", "male"}:
        female, male = marked.get("female"), marked.get("male")
        code = "all" if female and male else "female" if female else "male" if male else None
        return cell.says((code,) if code else None, text)
    return word(f, "sex", cell, text) if text else cell.says(None)


# -- conditions ------------------------------------------------------------------------------------

_MEDDRA = re.compile(
    r"MedDRA version:\s*[\d.]+\s*Level:\s*(\w+?)\s*Classification code\s*(\d*)\s*Term:\s*(.*?)\s*"
    r"(?:System Organ Class:[^;]*)?(?=;|$|MedDRA version)",
    re.IGNORECASE,
)
_CTRI = re.compile(r"Health Condition \d+:\s*", re.IGNORECASE)
_ICD = re.compile(r"([A-Z]\d{2}(?:\.?\d{1,2}|\d)?)-?\s+(?=\S)|([A-Z]\d{2,4})-\s*")
_IRCT = re.compile(r"Condition \d+:\s*")
# Registers that write one condition as one text, in which a semicolon divides nothing.
_ONE = frozenset({"chictr", "itmctr"})


def conditions(
    f: Fields, label: str, issuer: str
) -> tuple[tuple[Condition, ...], tuple[Blank, ...]]:
    """The conditions, each once, and the label if it is printed without one."""
    cell = f.cell(label)
    if cell is None:
        return (), ()
    found: dict[str, Condition] = {}
    for name, code in _conditions(lines(cell.text), issuer):
        if name and not is_placeholder(name):
            said = cell.says(code, code) if code else None
            found.setdefault(
                name.casefold(), Condition(name=Texts(en=cell.says(name, name)), code=said)
            )
    if not found:
        return (), (Blank("hasCondition@en", cell.line, cell.path),)
    return tuple(found.values()), ()


def _conditions(text: str, issuer: str) -> Iterator[tuple[str, str]]:
    if issuer in _ONE:
        yield one_line(text), ""
    elif issuer == "ctri" and _CTRI.search(text):
        for part in _CTRI.split(one_line(text)):
            coded = re.fullmatch(r"([A-Z]\d{2,5})-\s*(.+)", part.strip())
            yield (coded[2], coded[1]) if coded else (part.strip(), "")
    elif issuer == "euctr":
        plain = one_line(text)
        coded_terms = [(term, code) for _, code, term in _MEDDRA.findall(plain)]
        first = re.split(r"MedDRA version:|;?\s*Therapeutic area:", plain, maxsplit=1)[0]
        yield first.strip(" ;"), ""
        yield from ((term.strip(" ;"), code) for term, code in coded_terms)
        for area in re.findall(r"Therapeutic area:\s*([^;]+)", plain):
            yield area.strip(), ""
    else:
        for row in text.splitlines():
            for part in parts_of(_IRCT.sub(";", row)):
                code = re.fullmatch(r"[A-Z]\d{2}(?:\.\d{1,3})?", part)
                if not code:
                    yield part.strip(" .") if issuer == "irct" else part, ""


# -- interventions ---------------------------------------------------------------------------------

_TYPED = re.compile(
    r"(Drug|Biological|Device|Procedure|Radiation|Behavioral|Genetic|Dietary Supplement|"
    r"Combination Product|Diagnostic Test|Other)\s*:\s*(.+)",
    re.IGNORECASE | re.DOTALL,
)
# Registers that write the type of an intervention before it.
_TYPES = frozenset({"ctgov", "cris"})
_ORDINAL = re.compile(r"(?:^|(?<=\s))(?:Control )?Intervention ?\d{1,2} ?: *", re.IGNORECASE)
_NAMED = re.compile(
    r"^(?:Control )?Intervention name {0,9}: {0,9}(.+)$", re.IGNORECASE | re.MULTILINE
)


def _numbered_interventions(text: str) -> list[tuple[str, str]]:
    """``Intervention1: name: description``; of ``Intervention 1: group: …`` all is the name."""
    if not _ORDINAL.match(text):
        return []
    found = []
    for part in _ORDINAL.split(text)[1:]:
        name, _, more = part.strip(" ;\n").partition(": ")
        if not more or len(name) > 120 or "group" in name.casefold():
            name, more = part.strip(" ;\n"), ""
        found.append((name, "" if is_placeholder(more) else more.strip()))
    return found


def _of_parts(cell: Cell, name: str, description: str = "") -> Intervention:
    more = Texts(en=cell.says(description, description)) if description else None
    return Intervention(name=Texts(en=cell.says(name, name)), description=more)


def interventions(f: Fields, label: str, issuer: str) -> tuple[Intervention, ...]:
    """The interventions of a register that does not print them arm by arm."""
    cell = f.cell(label)
    if cell is None:
        return ()
    text = lines(cell.text)
    if not text.strip(" ;\n") or is_placeholder(text.strip(" ;\n")):
        return ()
    if issuer in _TYPES:
        return tuple(_typed(f, cell, text))
    if numbered := _numbered_interventions(text):
        return tuple(_of_parts(cell, name, more) for name, more in numbered if _says(name))
    if named := _NAMED.findall(text):
        whole = Texts(en=cell.says(text))
        return tuple(
            Intervention(name=Texts(en=cell.says(name, name)), description=None if n else whole)
            for n, name in enumerate(dict.fromkeys(filter(_says, map(one_line, named))))
        )
    if issuer == "pactr":
        return tuple(_of_parts(cell, name) for name in dict.fromkeys(parts_of(one_line(text))))
    if issuer == "euctr" and (names := _products(text)):
        return tuple(Intervention(name=Texts(en=cell.says(name, name))) for name in names)
    return (Intervention(name=Texts(en=cell.says(text.strip(" ;\n")))),)


def _typed(f: Fields, cell: Cell, text: str) -> Iterator[Intervention]:
    """``Drug: a;Device: b``; a part without a type belongs to the one before it."""
    parts: list[str] = []
    for part in parts_of(one_line(text)):
        if _TYPED.fullmatch(part) or not parts:
            parts.append(part)
        else:
            parts[-1] += f"; {part}"
    for part in dict.fromkeys(parts):
        found = _TYPED.fullmatch(part)
        if found is None:
            yield Intervention(name=Texts(en=cell.says(part, part)))
        else:
            sort = word(f, "intervention-type", cell, found[1], "ctgov")
            yield Intervention(name=Texts(en=cell.says(found[2], found[2])), sort=sort)


def _products(text: str) -> list[str]:
    """The first name of each product; the EU register prints one block for each."""
    found: list[str] = []
    blocks: list[list[tuple[str, str]]] = [[]]
    for row in text.splitlines():
        label, _, value = row.partition(":")
        label = label.strip().casefold()
        if any(label == known for known, _ in blocks[-1]):
            blocks.append([])
        blocks[-1].append((label, value.strip()))
    for block in blocks:
        told = dict(block)
        name = next((told[k] for k in ("product name", "trade name", "inn or proposed inn",
                                       "product code") if told.get(k)), "")  # fmt: skip
        if name and not is_placeholder(name):
            found.append(name)
    return list(dict.fromkeys(found))


# -- outcomes --------------------------------------------------------------------------------------

# Registers whose outcomes the portal joins with semicolons; those of others are one text.
_LISTED = frozenset({"chictr", "itmctr", "ctgov", "irct"})
_TIME = re.compile(r"\bTime\s?(?:point|frame)s?\s{0,9}:|(?<=[a-z])Timepoint\s{0,9}:", re.IGNORECASE)
_METHOD = re.compile(r"\bMethod of measurement\s{0,9}:", re.IGNORECASE)
_BRACKETED = frozenset({"anzctr", "tctr"})


class Outcomes(NamedTuple):
    """The outcomes, the objective printed among them, and labels printed without one."""

    outcomes: tuple[OutcomeMeasure, ...] = ()
    objective: Texts | None = None
    blanks: tuple[Blank, ...] = ()


def outcomes(f: Fields, labels: Iterable[tuple[str, str]], issuer: str) -> Outcomes:
    """The outcomes of some columns; ``labels`` are pairs of a column and its outcome-type."""
    made: list[OutcomeMeasure] = []
    blanks = []
    objective: Texts | None = None
    for label, sort in labels:
        cell = f.cell(label)
        if cell is None:
            continue
        text = lines(cell.text)
        if issuer == "euctr" and _EU_LABEL.search(text):
            aim, found = _eu_outcomes(cell, text, sort)
            objective = objective or aim
            if not found:
                blanks.append(Blank("hasOutcome@en", cell.line, cell.path))
            made += [_numbered(one, n) for n, one in enumerate(found, start=len(made) + 1)]
            continue
        parts = parts_of(one_line(text)) if issuer in _LISTED else [text]
        here = [_outcome(cell, p, sort, issuer) for p in dict.fromkeys(parts) if _says(p)]
        if not here:
            blanks.append(Blank("hasOutcome@en", cell.line, cell.path))
        made += [_numbered(one, n) for n, one in enumerate(here, start=len(made) + 1)]
    return Outcomes(tuple(made), objective, tuple(blanks))


_EU_LABEL = re.compile(
    r"(Main Objective|Secondary Objective|(?:Primary|Secondary) end point\(s\)"
    r"|Timepoint\(s\) of evaluation of this end point)\s{0,9}:",
    re.IGNORECASE,
)


def _eu_outcomes(cell: Cell, text: str, sort: str) -> tuple[Texts | None, list[OutcomeMeasure]]:
    """The objectives and end points that the EU register prints in one field."""
    parts = _EU_LABEL.split(text)
    told = {
        label.casefold(): value.strip(" ;\n")
        for label, value in zip(parts[1::2], parts[2::2], strict=True)
    }
    aims = [told[name] for name in ("main objective", "secondary objective") if told.get(name)]
    objective = Texts(en=cell.says("\n".join(aims))) if any(map(_says, aims)) else None
    name = told.get(f"{sort} end point(s)", "")
    if not _says(name):
        return objective, []
    time = told.get("timepoint(s) of evaluation of this end point", "")
    kind: Said[Codes] = cell.says((sort,), "")
    when = Texts(en=cell.says(time, time)) if _says(time) else None
    return objective, [
        OutcomeMeasure(name=Texts(en=cell.says(name, name)), sort=kind, time_point=when)
    ]


def _says(text: str) -> bool:
    plain = re.sub(r"\[[^\]]*\]|time\s?point\s*:", " ", text, flags=re.IGNORECASE)
    words = [w for w in re.split(r"[\s;.]+", plain) if w]
    return any(not is_placeholder(w) for w in words)


def _outcome(cell: Cell, text: str, sort: str, issuer: str) -> OutcomeMeasure:
    kind: Said[Codes] = cell.says((sort,), "")
    name, time, method = _timed(text, bracketed=issuer in _BRACKETED)
    return OutcomeMeasure(
        name=Texts(en=cell.says(name, name)),
        sort=kind,
        time_point=Texts(en=cell.says(time, time)) if time else None,
        method=Texts(en=cell.says(method, method)) if method else None,
    )


def _timed(text: str, *, bracketed: bool) -> tuple[str, str, str]:
    """Name, time point and method of an outcome; the last two empty where the text is undivided."""
    times = list(_TIME.finditer(text))
    if len(times) == 1:
        name = text[: times[0].start()].strip(" .;,\n")
        rest = one_line(text[times[0].end() :])
        how = _METHOD.search(rest)
        time = rest[: how.start()] if how else rest
        if name:
            return name, time.strip(" .;,"), rest[how.end() :].strip(" .") if how else ""
    if bracketed and text.endswith("]") and text.count("[") == 1:
        name, _, time = text[:-1].partition("[")
        time = re.sub(r"time\s?frame\s*:?\s*", "", one_line(time), count=1, flags=re.IGNORECASE)
        if name.strip():
            return name.strip(), time, ""
    return text, "", ""


def _numbered(outcome: OutcomeMeasure, n: int) -> OutcomeMeasure:
    return OutcomeMeasure(
        name=outcome.name,
        sort=outcome.sort,
        time_point=outcome.time_point,
        method=outcome.method,
        list_position=n,
    )
