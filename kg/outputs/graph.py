"""A built graph, opened: queries, checks, NetworkX and rdflib objects, exports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack
from weakref import finalize

from kg import queries, store
from kg.building import output
from kg.counted import counted
from kg.errors import ToolError
from kg.namespaces import ID
from kg.outputs import bearers
from kg.outputs.confirmed import with_confirmed
from kg.outputs.naming import entity_named
from kg.running.processes import cores
from kg.sources import lines

if TYPE_CHECKING:
    import networkx
    import pyoxigraph
    import rdflib

    from kg.check.findings import Report
    from kg.check.runner import Engine
    from kg.exporters import GraphSource
    from kg.exporters.part import Part, Shown
    from kg.exporters.parts import View

_PLURALS = {"person": "people"}


class Graph:
    """One build's output folder. Opening costs nothing; its store is asked where it lies."""

    def __init__(self, folder: Path) -> None:
        if not (folder / output.MANIFEST).is_file():
            raise ToolError(f"{folder}: no graph here (no {output.MANIFEST}); run kg build first")
        self.folder = folder
        self._last: tuple[tuple[str, Part, bool], GraphSource] | None = None

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What was built from what."""
        path = self.folder / output.MANIFEST
        try:
            found: Mapping[str, Any] = output.read_json(path)
        except ValueError:  # no JSON, or no UTF-8
            raise ToolError(f"{path}: damaged; run kg build again") from None
        return found

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """The store on disk, read only; it holds the findings too.

        It stays what it is, whatever is built in this folder, as long as this object is there.
        """
        reader = store.Reader(self.folder / store.STORE)
        finalize(self, reader.close)
        return reader.store

    def nquads(self) -> Iterator[str]:
        """The statements as lines of N-Quads, without those of contacts and findings."""
        with (self.folder / store.NQUADS).open(encoding="utf-8") as file:
            yield from (line for line in file if "/contacts> .\n" not in line)

    def query(self, query: str, **parameters: str) -> Iterator[dict[str, Any]]:
        """The rows of a SPARQL query or of a named one, as dictionaries of Python values.

        An unbound variable is None. Raises ToolError for a query that does not parse, or that gives
        no rows.
        """
        return self._held(queries.rows(self.store, queries.text_of(query, parameters)))

    def _held(self, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        yield from rows  # and hold on to the store meanwhile

    def ask(self, query: str, **parameters: str) -> bool:
        """The answer to an ASK query. Raises ToolError for one that does not parse, or no ASK."""
        return queries.answered(self.store, queries.text_of(query, parameters))

    def entity(self, name: str) -> str:
        """The IRI of what a name stands for: an id as kg prints it, a registration number, or a
        printed name, which is compared without case, accents, blanks and punctuation.

        Raises ToolError for a name that nobody has, and for one that several have.
        """
        return entity_named(self.store, name) or bearers.bearer(self.store, name, self.folder)

    def check(
        self,
        *,
        as_of: str | None = None,
        profile: str | None = None,
        waivers: Path | None = None,
        engine: Engine = "oxigraph",
        shapes: Iterable[Path] = (),
        jobs: int = 1,
        progress: Callable[[int, int], None] | None = None,
    ) -> Report:
        """What the shapes say about the records; ``as_of`` is the build's unless given, which has
        none where no record tells a day: then ToolError.

        ``shapes`` are files with SHACL shapes of the user's own, run beside ours. ``jobs``
        processes share the records; 0: one for each core. ``progress`` hears how many of how many
        are checked.
        """
        from kg.check import check
        from kg.check.parameters import NO_DAY, Parameters, assessment_day
        from kg.check.pieces import Stored
        from kg.check.waivers import read
        from kg.reading.shards import Block

        day = assessment_day(as_of) if as_of else self.manifest["as_of"]
        if day is None:
            raise ToolError(NO_DAY)
        table = self.folder / "lines.tsv"
        rows = {v: Block(str(table), *at) for v, at in lines.places(table).items()}
        return check(
            self.store,
            pieces=Stored(self.store, rows),
            parameters=Parameters(as_of=day),
            profile=profile,
            waivers=read(Path(waivers)) if waivers else None,
            engine=engine,
            shapes=shapes,
            jobs=jobs or cores(),
            progress=progress,
        )

    @cached_property
    def quality(self) -> Mapping[str, Any] | None:
        """Completeness and findings of trials, hospitals, committees and sponsors: the report's."""
        from kg.building.quality import of_file

        return of_file(self.folder / "report" / "findings.json")

    def networkx(self, view: str = "full", **shown: Unpack[Shown]) -> networkx.MultiDiGraph[str]:
        """One view as a clean NetworkX graph, which its own writers accept.

        ``shown``: which part of it (``kg.exporters.part.Shown``): ``around`` some names, each as
        ``entity`` takes it, up to ``depth`` edges away; ``where`` columns say something; from a
        ``min_weight`` or ``min_degree``; the largest ``component``; the ``top`` nodes. Raises
        ToolError as ``entity`` does, for what the view does not show, and for what cannot be asked.
        """
        from kg.exporters.formats import refuse_idle_depth
        from kg.exporters.networkx_ import multidigraph

        refuse_idle_depth(shown, "a network")
        part, _ = self._part(shown)
        return multidigraph(self._source(view, part).drawing)

    def rdflib(self, record: str | None = None) -> rdflib.Dataset:
        """The graph, or the versions of one record (``ChiCTR2699990001``), as an rdflib Dataset.

        The number may be in capitals or not. Raises ToolError where no record has it.
        """
        import rdflib

        path = self.folder / "graph.nq"
        if record is None:
            text = path.read_text(encoding="utf-8")
        else:
            mark = f"/{record}/".lower()
            with path.open(encoding="utf-8") as file:
                text = "".join(line for line in file if mark in line.rsplit(" <", 1)[1].lower())
            if not text:
                raise ToolError(f"{record}: no such record in {self.folder}")
        return rdflib.Dataset(default_union=True).parse(data=text, format="nquads")

    def _part(self, shown: Shown) -> tuple[Part, list[str]]:
        """What is asked for, and who is meant by those names that are no ids."""
        from kg.exporters.part import listed, part

        centres: dict[str, None] = {}
        meant = []
        for name in listed(shown.get("around", ())):
            iri = entity_named(self.store, name)
            if iri is None:
                iri = bearers.bearer(self.store, name, self.folder)
                meant.append(f"around {bearers.shown(self.store, iri)}")
            centres[iri] = None
        return part(centres, shown), meant

    def _source(self, view: str, part: Part, excel: bool = False) -> GraphSource:
        """What exporters are given; files of one view that follow each other share its drawing."""
        from kg.exporters import GraphSource

        key = view, part, excel
        if self._last is None or self._last[0] != key:
            source = GraphSource(
                store=self.store, view=view, part=part, quality=self.quality, excel=excel
            )
            self._last = key, source
        return self._last[1]

    def export(
        self,
        path: Path | str,
        *,
        view: str | None = None,
        excel: bool = False,
        same_as: bool = False,
        **shown: Unpack[Shown],
    ) -> list[str]:
        """Write one file; its ending says in which format.

        ``view``: "full" unless given; ``shown``: which part of it, as for ``networkx``. ``excel``:
        tables with a byte-order mark, edges with the names of both ends. ``same_as``: with
        ``owl:sameAs`` between what a person said is one, and nothing else. Raises ToolError for an
        option that changes nothing in this format.

        What comes back says what it holds: who is meant by a name in ``around``, nodes and edges of
        a view, nodes that have no edge in it, and what conditions or a cap left out.
        """
        ((_, remarks),) = self.exports([path], view=view, excel=excel, same_as=same_as, **shown)
        return remarks

    def exports(
        self,
        paths: Iterable[Path | str],
        *,
        view: str | None = None,
        excel: bool = False,
        same_as: bool = False,
        **shown: Unpack[Shown],
    ) -> Iterator[tuple[Path, list[str]]]:
        """Write files as ``export`` does one; what it says of each comes when it is written.

        An option has to change something in one of them.
        """
        from kg.exporters.formats import refuse_idle

        files = [Path(path) for path in paths]
        refuse_idle(files, view=view is not None, shown=shown, excel=excel, same_as=same_as)
        part, meant = self._part(shown)
        for file in files:
            source = self._source("full" if view is None else view, part, excel)
            yield file, self._written(source, file, meant, same_as)

    def _written(
        self, source: GraphSource, path: Path, meant: Iterable[str], same_as: bool
    ) -> list[str]:
        from kg.exporters.formats import format_of

        chosen = format_of(path)
        more: AbstractContextManager[Mapping[str, Path]] = nullcontext({})
        if same_as and not chosen.takes_view:
            more = with_confirmed(self.store)
        with more as beside:
            chosen.write(replace(source, beside=beside) if beside else source, path)
        if not chosen.takes_view:
            return []
        drawn = source.drawing
        held = f"{counted(len(drawn.nodes), 'node')}, {counted(len(drawn.edges), 'edge')}"
        told = f"view {source.view}{_of(source.part)}: {held}{_alone(drawn)}"
        return [*meant, told, *drawn.notes]


def _of(part: Part) -> str:
    """Which part of a view it is, in words; nothing where it is all of it."""
    said = []
    if part.centres:
        names = ", ".join(iri.removeprefix(ID) for iri in part.centres)
        said.append(f"up to {counted(part.steps, 'edge')} from {names}")
    if strongest := str(part.strongest):
        said.append(strongest)
    return "".join(f", {one}" for one in said)


def _alone(drawn: View) -> str:
    """How many nodes of each type have no edge in a view, in words; nothing where all have one."""
    counts = Counter(node.node_type for node in drawn.nodes if not node.columns["degree"])
    if not counts:
        return ""
    told = (counted(n, kind, _PLURALS.get(kind, "")) for kind, n in counts.most_common())
    return f"; without an edge: {', '.join(told)}"
