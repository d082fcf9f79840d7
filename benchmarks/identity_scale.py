"""Who is who among many: a million mentions of people and half a million of their hospitals.

    python -m benchmarks.identity_scale [--sites 50000] [--splink_sites 50000] [--keep]

Every site is beside two people (``benchmarks/crowd.py``), so 500,000 sites are the whole. It is
asked in a process of its own, of parts as the processes of a build send them. Memory: the highest
that the process held, mentions and answer included. Splink gets the people of ``--splink-sites`` as
rows of a table, in an environment and a process of its own; 0 leaves it out.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import crowd
from benchmarks.kept import ROOT
from kg import slices
from kg.resolve import metrics

# Parts in, seconds, memory and groups out; nothing of what invented them is loaded.
RESOLVES = """
import json, pickle, resource, sys, time
from collections import Counter
from kg import resolve, slices
def parts(file):
    while True:
        try:
            yield pickle.load(file)
        except EOFError:
            return
def peak():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)
with open(sys.argv[1], "rb") as file:
    mentions, contacts, _ = slices.together(parts(file))
told, before = len(mentions), peak()
began, busy = time.perf_counter(), time.process_time()
found = resolve.resolve(mentions, contacts)
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


def asked(sites: int, folder: Path) -> tuple[dict[str, Any], list[dict[str, str]], list[str]]:
    """What it took to say who is who, the rows of the same people, and who they are."""
    rows: list[dict[str, str]] = []
    person: dict[str, int] = {}
    with Path(folder, "parts").open("wb") as file:
        for some in crowd.slices(sites, size=slices.SIZE):
            pickle.dump(slices.Part(some.told, some.contacts), file)
            rows += some.rows
            person |= some.person
    done = subprocess.run(
        [sys.executable, "-c", RESOLVES, Path(folder, "parts")],
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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asked(int(sys.argv[1]), Path(name))[0], indent=1))
