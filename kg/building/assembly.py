"""Record versions become one graph: who is who, derived edges, reference; in memory or on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import pyoxigraph

from kg import resolve
from kg.building import reference, slices
from kg.building.filling import Earlier, Filling
from kg.check.pieces import Pieces
from kg.namespaces import DERIVED, FINDINGS, IDENTITY, REFERENCE, expand
from kg.reading import shards
from kg.running.cache import Shelf
from kg.running.processes import Workers
from kg.running.slicing import Progress
from kg.running.stages import Stages, Step
from kg.sources import lines


@dataclass(slots=True)
class Graph:
    """The whole graph while it is built, with what lies beside it."""

    filling: Filling  # the store, which lacks findings yet
    resolution: resolve.Resolution
    versions: list[shards.Version]

    @property
    def store(self) -> pyoxigraph.Store:
        """All statements but the findings; only the process that made it may ask one on disk."""
        return self.filling.store

    def lines(self) -> Iterator[lines.Line]:
        """Where each value stands in its source."""
        for version in self.versions:
            yield from lines.parsed(version.lines.text().split("\n")[:-1])

    def pieces(self) -> dict[str, Pieces]:
        """Where the statements and lines of each record version lie, by its graph."""
        return {v.version: Pieces(v.quads, v.lines) for v in self.versions}

    def texts(self, *, contacts: bool = False) -> dict[str, shards.Block]:
        """The statements of each record version as text, by its graph.

        ``contacts``: those of the contact graphs too, where the reading kept them.
        """
        found = texts_of(self.versions)
        if contacts:
            found |= {f"{v.version}/contacts": v.contacts for v in self.versions if v.contacts.size}
        return found


def assembled(
    versions: list[shards.Version],
    stages: Stages | None = None,
    path: Path | None = None,
    work: Path | None = None,
    ror: resolve.RorIndex | None = None,
    *,
    known: resolve.Ledger | None = None,
    overrides: Sequence[resolve.Override] = (),
    workers: Workers | None = None,
    shelf: Shelf | None = None,
    earlier: Earlier | None = None,
) -> Graph:
    """The graph of these record versions: records, identity, derived edges, reference.

    It lies in the folder ``path``, or else in memory; what is needed for a while lies below
    ``work``. Of an ``earlier`` store what still holds is kept, and what ``shelf`` knows is not
    worked out again.
    """
    stages = stages or Stages()
    with stages.stage("resolving"), ThreadPoolExecutor(1) as beside:
        # Oxigraph loads without the lock of Python.
        loading = beside.submit(Filling, path, texts_of(versions), earlier, work)
        named = stages.far("reading who is named")
        mentions, contacts, used = slices.told(versions, workers, shelf=shelf, progress=named)
        readings = _readings(mentions, workers, shelf, stages.far("reading names of organizations"))
        stages.step(Step("resolving"))
        asked = partial(slices.answers, shelf=shelf)
        resolution = resolve.resolve(mentions, contacts, known, overrides, ror, readings, asked)
        made = loading.result()
        del mentions, contacts, readings
    with stages.stage("deriving"):  # loaded while the rest is worked out
        far = stages.far("deriving")
        edges = slices.derived(versions, resolution, workers, shelf=shelf, progress=far)
        made.fill(DERIVED, slices.noted(edges, used))
    with stages.stage("loading"):
        made.fill(IDENTITY, slices.noted(resolve.quads(resolution), used))
        places = sorted({line for version in versions for line in version.places})
        known_ones = slices.noted(places, used)
        made.fill(REFERENCE, chain(known_ones, reference.lines(used)))
    return Graph(filling=made, resolution=resolution, versions=versions)


def _readings(
    mentions: resolve.Mentions,
    workers: Workers | None,
    shelf: Shelf | None,
    progress: Progress,
) -> dict[resolve.Printed, resolve.Reading]:
    """What the names of organizations say; an earlier build may have read them."""
    key = shelf.cache.key(b"names") if shelf else b""
    known = (shelf.find(key) if shelf else None) or {}
    found = slices.readings(mentions, known, workers, progress)
    if shelf and found.keys() != known.keys():
        shelf.put(key, found)
    return found


def texts_of(versions: Iterable[shards.Version]) -> dict[str, shards.Block]:
    """The statements of each record version as text, by its graph."""
    return {version.version: version.quads for version in versions}


def counts(graph: pyoxigraph.Store) -> dict[str, int]:
    """How many things of each kind a graph holds."""
    kinds = {
        "trials": "tkg:Trial",
        "records": "tkg:Record",
        "people": "foaf:Person",
        "organizations": "org:Organization",
        "ethics committees": "tkg:EthicsCommittee",
        "ethics approvals": "tkg:EthicsApproval",
        "sites": "tkg:SiteParticipation",
        "arms": "tkg:Arm",
        "outcomes": "tkg:OutcomeMeasure",
        "specimens": "tkg:Specimen",
        "person mentions": "tkg:PersonMention",
        "organization mentions": "tkg:OrganizationMention",
        "committee mentions": "tkg:CommitteeMention",
        "links": "tkg:Link",
    }
    found: dict[str, int] = {}
    for name, kind in kinds.items():
        found[name] = _counted(graph, "COUNT(DISTINCT ?x)", f"?x a <{expand(kind)}>")
    # A store that is changed holds until the end what the build before found.
    before = _counted(graph, "COUNT(*)", f"GRAPH <{FINDINGS}> {{ ?s ?p ?o }}")
    found["statements"] = len(graph) - before
    return found


def _counted(graph: pyoxigraph.Store, what: str, where: str) -> int:
    query = f"SELECT ({what} AS ?n) {{ {where} }}"
    rows = graph.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    return int(next(iter(rows))["n"].value)
