"""Who is who among many: a million mentions of people and half a million of their hospitals.

    python -m benchmarks.identity_scale [--sites 50000] [--splink-sites 50000] [--ledger 1] [--keep]

Every site is beside two people (``benchmarks/crowd.py``), so 500,000 sites are the whole. It is
asked in a process of its own, of parts as the processes of a build send them. Memory: the highest
that the process held, mentions and answer included. Splink gets the people of ``--splink-sites`` as
rows of a table, in an environment and a process of its own; without it Splink is left out. With
``--ledger`` all is asked again by somebody who keeps the ids.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import crowd, identity
from benchmarks.kept import ROOT, Measured, run
from kg.building import slices
from kg.resolve.labelled import metrics
from kg.running import slicing

# Parts in, seconds, memory and groups out; nothing of what invented them is loaded.
RESOLVES = """
import json, pickle, sys, time
from collections import Counter
from kg import resolve
from kg.building import slices
from kg.running.stages import peak_memory
def parts(file):
    while True:
        try:
            yield pickle.load(file)
        except EOFError:
            return
def peak():
    return round(peak_memory() * 1024**2 / 1e6)
with open(sys.argv[1], "rb") as file:
    mentions, contacts, _ = slices.together(parts(file))
told, before = len(mentions), peak()
began, busy = time.perf_counter(), time.process_time()
found = resolve.resolve(mentions, contacts, resolve.Ledger() if sys.argv[2] == "ledger" else None)
seconds, busy = time.perf_counter() - began, time.process_time() - busy
answer = {
    "mentions": told, "seconds": round(seconds, 1), "processor_seconds": round(busy, 1),
    "mb": peak(), "mb_of_mentions": before,
    "entities": Counter(entity.kind for entity in found.entities),
    "links": Counter(link.decision for link in found.links), "blocks_cut": len(found.cut),
}
groups = {iri: found.refers[iri] for iri in map(str.strip, sys.stdin)}
json.dump((answer, list(groups.values())), sys.stdout)
"""


def asked(
    sites: int, folder: Path, ids: str = "no ledger"
) -> tuple[dict[str, Any], list[dict[str, str]], list[str]]:
    """What it took to say who is who, the rows of the same people, and who they are."""
    rows: list[dict[str, str]] = []
    person: dict[str, int] = {}
    with Path(folder, "parts").open("wb") as file:
        for some in crowd.slices(sites, size=slicing.SIZE):
            pickle.dump(slices.Part(some.told, some.contacts), file)
            rows += some.rows
            person |= some.person
    done = subprocess.run(
        [sys.executable, "-c", RESOLVES, Path(folder, "parts"), ids],
        input="\n".join(person), check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    answer, groups = json.loads(done.stdout)
    truth = [str(number) for number in person.values()]
    return answer | {"people": scores(truth, groups)}, rows, truth


def scores(truth: list[str], groups: list[str]) -> dict[str, float]:
    """Precision and recall of pairs, and F of B-cubed."""
    pairs, b3 = metrics.pairwise(truth, groups), metrics.b_cubed(truth, groups)
    found = {"pair_precision": pairs.precision, "pair_recall": pairs.recall, "b3_f": b3.f1}
    return {name: round(value, 4) for name, value in found.items()}


def measure(*, sites: int = 50_000, splink_sites: int = 0, ledger: int = 0) -> Measured:
    """Ask once, or once more with a ledger; of as many sites Splink, too, or of fewer."""
    settings = {"sites": sites, "people": 2 * sites, "mentions": 3 * sites}
    made = Measured("identity_scale", settings | {"splink_sites": splink_sites, "ledger": ledger})
    kept = ""
    with tempfile.TemporaryDirectory() as folder:
        ours, rows, truth = asked(sites, Path(folder))
        made.details["kg"] = ours
        if ledger:
            again = made.details["kg_with_a_ledger"] = asked(sites, Path(folder), "ledger")[0]
            kept = f"; with a ledger {again['seconds']:.0f} s, {again['mb']:,} MB"
        beside = ""
        if splink_sites:
            if splink_sites != sites:
                ours, rows, truth = asked(splink_sites, Path(folder))
                made.details["kg_of_splinks_sites"] = ours
            beside = splinks(made, ours, rows, truth)
    whole = made.details["kg"]
    told = f"{2 * sites:,} people, {sites:,} hospitals"
    spent = f"{whole['processor_seconds']:.0f} s of processor"
    made.found("identity_scale.time", [whole["seconds"]], f"{told}; {spent}{beside}")
    note = f"{told}; the mentions alone {whole['mb_of_mentions']} MB{kept}"
    made.found("identity_scale.memory", [whole["mb"]], note)
    return made


def splinks(
    made: Measured, ours: dict[str, Any], rows: list[dict[str, str]], truth: list[str]
) -> str:
    """What Splink made of the people, in details and in words."""
    try:
        found = identity.answer("splink", rows)
    except identity.NoAnswer as error:
        return f"; Splink {error}"
    its = {"seconds": round(found.seconds, 1), "mb": found.mb}
    made.details["splink"] = its | {"people": scores(truth, list(found.groups))}
    times = ours["seconds"] / found.seconds
    b3 = [made.details["splink"]["people"]["b3_f"], ours["people"]["b3_f"]]
    return (
        f"; Splink {found.seconds:.0f} s and {found.mb:,} MB for {len(rows):,} of these people "
        f"alone, kg {times:.2g} times as long with their hospitals; B-cubed F {b3[0]} and {b3[1]}"
    )


if __name__ == "__main__":
    run(__doc__, measure, sites=50_000, splink_sites=0, ledger=0)
