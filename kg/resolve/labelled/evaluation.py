"""What a labelled file says about the resolver, as numbers: for people, for CI, for ``--json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kg.counted import counted
from kg.resolve.labelled import metrics
from kg.resolve.labelled.forms import Labelled
from kg.resolve.labelled.metrics import Scores

SHOWN = 20  # errors printed; the count is always whole


def measured(found: Labelled) -> dict[str, Any]:
    """All measures of labelled data; fractions rounded to four places, intervals of 95 %."""
    gold, predicted = found.gold, found.predicted
    return {
        "what": found.what,
        "mentions": len(gold),
        "gold_groups": len(set(gold)),
        "predicted_groups": len(set(predicted)),
        "pairwise": _told(metrics.pairwise(gold, predicted)),
        "b3": _told(metrics.b_cubed(gold, predicted)),
        "false_merges_per_1000": round(metrics.false_merges(gold, predicted), 3),
        "largest_cluster": metrics.largest(predicted),
        "wrong": len(found.wrong),
        "not_judged": found.unjudged,
        "by_language": {
            language: _of_language(found, language) for language in sorted(set(found.languages))
        },
        "by_rule": _by_rule(found),
        **(
            {"readings": {n: _told(of) for n, of in found.readings.items()}}
            if found.readings
            else {}
        ),
        "intervals": {
            "pairwise": _rounded(metrics.interval(gold, predicted, metrics.pairwise)),
            "b3": _rounded(metrics.interval(gold, predicted, metrics.b_cubed)),
        },
    }


def _of_language(found: Labelled, language: str) -> dict[str, Any]:
    chosen = [n for n, of in enumerate(found.languages) if of == language]
    gold, predicted = _at(found.gold, chosen), _at(found.predicted, chosen)
    return {
        "mentions": len(chosen),
        "pairwise": _told(metrics.pairwise(gold, predicted)),
        "b3": _told(metrics.b_cubed(gold, predicted)),
    }


def _by_rule(found: Labelled) -> dict[str, Any]:
    """Links of each rule and how many join what a person has joined."""
    links: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for rule, a, b in found.links:
        links[rule] += 1
        right[rule] += found.gold[a] == found.gold[b]
    return {
        rule: {"links": n, "right": right[rule], "precision": round(right[rule] / n, 4)}
        for rule, n in sorted(links.items())
    }


def _at(values: Sequence[str], places: Iterable[int]) -> list[str]:
    return [values[n] for n in places]


def _told(found: Scores) -> dict[str, float]:
    return {name: round(value, 4) for name, value in found._asdict().items()}


def _rounded(found: dict[str, tuple[float, float]]) -> dict[str, list[float]]:
    return {name: [round(low, 4), round(high, 4)] for name, (low, high) in found.items()}


def table(found: Labelled, shown: int | None = SHOWN) -> list[str]:
    """The measures on one screen, with the first ``shown`` errors (None: all)."""
    numbers = measured(found)
    lines = [
        f"{found.what}: {counted(numbers['mentions'], 'mention')}, "
        f"{counted(numbers['gold_groups'], 'labelled group')}, "
        f"{numbers['predicted_groups']:,} found; the largest holds {numbers['largest_cluster']}",
        f"{'':<22}{'precision':>20}{'recall':>20}{'F1':>9}",
    ]
    for name, label in (("pairwise", "pairs"), ("b3", "B-cubed")):
        of, between = numbers[name], numbers["intervals"][name]
        cells = (f"{of[m]:.3f} ({between[m][0]:.3f}–{between[m][1]:.3f})" for m in of if m != "f1")
        lines.append(
            f"{label:<22}" + "".join(f"{cell:>20}" for cell in cells) + f"{of['f1']:>9.3f}"
        )
    if len(numbers["by_language"]) > 1:
        for language, of in numbers["by_language"].items():
            pairs = of["pairwise"]
            lines.append(
                f"  pairs in {language:<11}{pairs['precision']:>20.3f}{pairs['recall']:>20.3f}"
                f"{pairs['f1']:>9.3f}"
            )
    for rule, of in numbers["by_rule"].items():
        lines.append(f"  {rule:<8}{of['right']:>6} of {of['links']} links right")
    lines.append(f"false merges per 1,000 groups: {numbers['false_merges_per_1000']:g}")
    for name, scored in found.readings.items():
        told = f"precision {scored.precision:.3f}, recall {scored.recall:.3f}"
        lines.append(f"counted {name.replace('_', ' ')}: {told}")
    if found.unjudged:
        lines.append(
            f"not judged: {counted(found.unjudged, 'row')} that no decision can be asked for"
        )
    lines += [f"not judged: {answer}" for answer in (found.open_ if shown is None else ())]
    errors = found.wrong[:shown]
    lines += [f"wrong: {error}" for error in errors]
    if len(found.wrong) > len(errors):
        lines.append(f"… and {len(found.wrong) - len(errors)} more; --list shows them")
    return lines
