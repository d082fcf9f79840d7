"""Who is who among many: a million mentions of people and half a million of their hospitals.

    python -m benchmarks.identity_scale [--sites 50000] [--splink 1] [--keep]

Every site is beside two people (``benchmarks/crowd.py``), so 500,000 sites are the whole. It is
asked in a process of its own, of mentions as the processes of a build send them. Memory: the
highest that the process held, the mentions included. With ``--splink 1`` Splink gets the same
people as rows of a table, in an environment and a process of its own.
"""

from __future__ import annotations

import json
import pickle
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from benchmarks import crowd, identity
from benchmarks.kept import ROOT, Measured, run
from kg.processes import cores, processes
from kg.resolve import Mentions, Resolution, metrics, resolve
from kg.resolve.mentions import joined
from kg.slices import SIZE

WHOLE = 500_000


def told(sites: int) -> tuple[Mentions, dict[str, Any]]:
    """The mentions, each slice as it comes out of another process, and their contacts."""
    found: dict[str, Any] = {}

    def sent() -> Iterator[Mentions]:
        for some in crowd.slices(sites, size=SIZE):
            mentions, keys = pickle.loads(pickle.dumps((some.told, some.contacts)))
            found.update(keys)
            yield mentions

    return joined(sent()), found


def resolved(sites: int) -> dict[str, Any]:
    """Seconds, memory and groups; to be called in a process of its own."""
    mentions, keys = told(sites)
    before = peak()
    began, busy = time.perf_counter(), processor()
    found = resolve(mentions, keys)
    seconds, busy = time.perf_counter() - began, processor() - busy
    return {
        "seconds": seconds,
        "processor_seconds": busy,
        "mb": peak(),
        "mb_of_mentions": before,
        "entities": dict(Counter(entity.kind for entity in found.entities)),
        "links": dict(Counter(link.decision for link in found.links)),
        "cut": len(found.cut),
        "people": quality(sites, found),
    }


def quality(sites: int, found: Resolution) -> dict[str, float]:
    """How right the groups of people are."""
    truth = {iri: n for some in crowd.slices(sites, size=SIZE) for iri, n in some.person.items()}
    return scores([str(n) for n in truth.values()], [found.refers[iri] for iri in truth])


def scores(truth: list[str], groups: list[str]) -> dict[str, float]:
    """Precision and recall of pairs, and F of B-cubed."""
    pairs, b3 = metrics.pairwise(truth, groups), metrics.b_cubed(truth, groups)
    return {"pair_p": pairs.precision, "pair_r": pairs.recall, "b3_f": b3.f1}


def peak() -> int:
    """MB that this process held at most."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


def processor() -> float:
    """Processor seconds of this process and of those it waited for."""
    of = [resource.getrusage(r) for r in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in of)


if __name__ == "__main__":
    print(json.dumps(resolved(int(sys.argv[1])), indent=1))
