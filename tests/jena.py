"""Apache Jena, asked for SHACL results and rows of queries: it shares no code with ours.

Debian packages it as ``libapache-jena-java``; with ``java`` on the path and those jars it can run.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize
from rdflib import Graph

JARS = Path("/usr/share/java")
PROGRAM = Path(__file__).parent / "jena" / "Validate.java"
# Where Debian's jar holds the messages of a library that it has renamed, and where that looks.
_MISPLACED = "org/apache/jena/ext/xerces/"
_EXPECTED = "xerces/"

Term = NamedNode | BlankNode | Literal


def missing() -> str | None:
    """Why Jena cannot be run here; None where it can."""
    if not shutil.which("java"):
        return "no java here"
    if not (JARS / "jena-shacl.jar").is_file():
        return "Jena is not installed: apt-get install libapache-jena-java"
    return None


class Result(NamedTuple):
    """One result of a validation."""

    focus: Term
    path: Term | None
    source: Term
    component: Term
    severity: Term
    value: Term | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What Jena says of one graph."""

    results: frozenset[Result]
    rows: Mapping[str, list[dict[str, Term]]]  # by name of the query


@dataclass(slots=True)
class Jena:
    """Graphs and queries for one run; the folder holds what Jena reads."""

    folder: Path
    jobs: dict[str, list[str]] = field(default_factory=dict)

    def shapes(self, shapes: Graph) -> None:
        """The shapes; their blank nodes must have been named."""
        shapes.serialize(self.folder / "shapes.nt", format="nt", encoding="utf-8")

    def queries(self, queries: Mapping[str, str]) -> None:
        """The queries by name."""
        (self.folder / "queries").mkdir()
        for name, text in queries.items():
            (self.folder / "queries" / f"{name}.rq").write_text(text, encoding="utf-8")

    def triples(self, name: str, statements: Iterable[Triple], queries: Iterable[str]) -> None:
        """A graph to validate and to ask."""
        self._add(f"{name}.nt", serialize(statements, format=RdfFormat.N_TRIPLES), queries)

    def quads(self, name: str, statements: Iterable[Quad], queries: Iterable[str]) -> None:
        """Named graphs to ask; queries see them and their union."""
        self._add(f"{name}.nq", serialize(statements, format=RdfFormat.N_QUADS), queries)

    def _add(self, file: str, data: bytes | None, queries: Iterable[str]) -> None:
        (self.folder / file).write_bytes(data or b"")
        self.jobs[file] = list(queries)

    def run(self) -> dict[str, Answer]:
        """The answers, by name of the graph."""
        rows = [f"{file}\t{' '.join(queries)}\n" for file, queries in self.jobs.items()]
        (self.folder / "jobs.tsv").write_text("".join(rows), encoding="utf-8")
        messages = self.folder / "messages"
        with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
            for name in jar.namelist():
                if name.startswith(_MISPLACED) and name.endswith(".properties"):
                    target = messages / _EXPECTED / name.removeprefix(_MISPLACED)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(jar.read(name))
        done = subprocess.run(
            ["java", "-cp", f"{messages}:{JARS}/*", "-Dfile.encoding=UTF-8",
             "-Dstdout.encoding=UTF-8", str(PROGRAM), str(self.folder)],
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
        return {
            file.rsplit(".", 1)[0]: Answer(
                frozenset(_result(r) for r in answer.get("results", ())),
                {
                    query: [{name: _term(t) for name, t in row.items()} for row in of]
                    for query, of in answer["rows"].items()
                },
            )
            for file, answer in json.loads(done.stdout).items()
        }


def _result(told: Mapping[str, list[str]]) -> Result:
    terms = {name: _term(parts) for name, parts in told.items()}
    return Result(
        focus=terms["focus"],
        path=terms.get("path"),
        source=terms["source"],
        component=terms["component"],
        severity=terms["severity"],
        value=terms.get("value"),
    )


def _term(parts: list[str]) -> Term:
    match parts:
        case [text, _, language]:
            return Literal(text, language=language)
        case [text, datatype]:
            return Literal(text, datatype=NamedNode(datatype))
        case [text]:
            return BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text)
        case _:
            raise ValueError(f"not a term: {parts}")
