"""The files of a build: every one from the same graph, several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pyoxigraph import Store

from kg import resolve
from kg.building import output, quality
from kg.building.assembly import Graph
from kg.check import report as reports
from kg.exporters import GraphSource
from kg.exporters.bodies import NOTHING_KNOWN, Block, Earlier, Memory
from kg.exporters.formats import Format, formats_named
from kg.issues import Issue
from kg.running.cache import Cache, Shelf
from kg.running.stages import Stages
from kg.sources import lines

STAGE = "writing"
_REPORT = "report"  # a folder
KEEP_GRAPHS = ("nquads", "trig", "jsonld")
_Task = Callable[[Stages], list[str]]
_T = TypeVar("_T")


class Remembered(Memory):
    """What the cache knows of the files of the output ``before``.

    What is new for it goes to files of its own below ``work``: each process may write one.
    """

    def __init__(self, cache: Cache, before: Path, work: Path) -> None:
        self._cache = cache
        self._before = before
        self._folder = work / "written"
        self._folder.mkdir()

    def earlier(self, name: str) -> Earlier | None:
        """The file of that name, as an earlier build left it."""
        path = self._before / name
        if not path.is_file():
            return None
        with closing(Shelf(self._cache, self._folder / name)) as shelf:
            found = shelf.find(self._key(path))
        return None if found is None else Earlier(path, found)

    def keep(self, path: Path, blocks: Mapping[bytes, Block]) -> None:
        """Remember where the blocks of a new file stand."""
        with closing(Shelf(self._cache, self._folder / path.name)) as shelf:
            shelf.put(self._key(path), dict(blocks))

    def once(self, name: str, given: object, make: Callable[[], _T]) -> _T:
        """What ``make`` returns, or did when it was last asked for this ``given``."""
        key = self._cache.key(name.encode(), repr(given).encode())
        with closing(Shelf(self._cache, self._folder / name)) as shelf:
            found = shelf.find(key)
            made: _T = make() if found is None else found
            shelf.put(key, made)  # also what was found: else it would be forgotten
        return made

    def new(self) -> list[Path]:
        """The files with what is new."""
        return sorted(self._folder.iterdir())

    def _key(self, path: Path) -> bytes:
        status = path.stat()
        told = (path.name, status.st_size, status.st_mtime_ns)
        return self._cache.key(b"blocks", repr(told).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is written of a graph, and where.

    ``memory`` knows the files of the output that stands there now.
    """

    graph: Graph
    view: reports.Overview | None
    issues: list[Issue]
    folder: Path
    memory: Memory = NOTHING_KNOWN

    def write(self, formats: Iterable[str], stages: Stages, jobs: int = 1) -> list[str]:
        """Write every file and the store; what comes back says what a limit of a format left out.

        Up to ``jobs`` files are written at once.
        """
        chosen = dict.fromkeys(f for name in formats for f in formats_named(name))
        drawn = [f for f in chosen if f.takes_view]
        texts = [f for f in chosen if not f.takes_view and f.name != "nquads"]
        # What needs the store first, which only this process may open; then the longest: nobody
        # waits in the end.
        tasks: list[_Task] = [partial(self._drawn_and_stored, drawn)]
        tasks += [partial(self._told, one) for one in reversed(texts)]
        tasks += [partial(self._told, one) for one in formats_named("nq")]
        tasks += [self._reported, self._tabled, self._listed]
        return [note for told in stages.side_by_side(STAGE, jobs, tasks) for note in told]

    def _findings(self) -> Iterable[str]:
        return reports.quads(self.view.report) if self.view else ()

    def _drawn_and_stored(self, formats: Sequence[Format], stages: Stages) -> list[str]:
        """Pictures and tables of the graph, and then its store with the findings in it."""
        self._drawn(formats, stages)
        with stages.stage("writing the store"):
            self.graph.filling.finish(self._findings())
        return []

    def _drawn(self, formats: Sequence[Format], stages: Stages) -> None:
        known = None
        if self.view and formats:
            known = quality.of_report(self.view.report, self.view.rollups)
        source = GraphSource(store=self.graph.store, quality=known, memory=self.memory)
        for made in formats:
            self._exported(made, source, stages)

    def _told(self, made: Format, stages: Stages) -> list[str]:
        """The statements in one form."""
        # Contacts go where graph names are kept, so that they can be told and dropped.
        texts = self.graph.texts(contacts=made.name in KEEP_GRAPHS)
        beside = self.graph.filling.laid_out
        source = GraphSource(store=Store(), texts=texts, beside=beside, memory=self.memory)
        self._exported(made, source, stages)
        return []

    def _exported(self, made: Format, source: GraphSource, stages: Stages) -> None:
        with stages.stage(f"writing {made.file}{made.suffix}"):
            made.write(source, self.folder / f"{made.file}{made.suffix}")

    def _reported(self, stages: Stages) -> list[str]:
        if self.view is None:
            return []
        with stages.stage("writing the report"):
            return reports.write_texts(self.view, self.folder / _REPORT)

    def _tabled(self, stages: Stages) -> list[str]:
        """The tables of the report, which take as long as the rest of it."""
        if self.view is None:
            return []
        with stages.stage("writing its tables"):
            return reports.write_tables(self.view, self.folder / _REPORT)

    def _listed(self, stages: Stages) -> list[str]:
        """The tables beside the graph."""
        with stages.stage("writing lines and links"):
            graph, folder = self.graph, self.folder
            resolve.write_links(graph.resolution, folder / "links.tsv")
            resolve.write_aliases(graph.resolution, folder / "aliases.tsv")
            lines.write((v.lines.text() for v in graph.versions), folder / "lines.tsv")
            output.write_lines(
                (output.json_line(issue._asdict()) for issue in self.issues),
                folder / "issues.jsonl",
            )
        return []
