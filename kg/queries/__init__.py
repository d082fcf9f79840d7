"""Named queries and SPARQL: texts, parameters, rows.

A named query is a file ``kg/queries/<name>.rq`` whose first comments describe it: ``# en: …``,
``# zh: …`` and ``# param A: …`` for each ``$A`` it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NamedTuple

import pyoxigraph

from kg.errors import ToolError
from kg.namespaces import ID, PREFIXES, expand
from kg.near import meant
from kg.resources import queries as folder

_COMMENT = re.compile(r"^#\s*(en|zh|param (\w+)):\s*(.*)$", re.MULTILINE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):", re.IGNORECASE | re.MULTILINE)
# What stands between the words of SPARQL (comments, IRIs, texts, variables and names with a colon),
# so that a word in them is none of the language.
_WORD = re.compile(
    r"""\#.* | <[^<>"{}|^`\\\s]*> | ["]{3}(?:\\.|[^\\])*?["]{3} | '{3}(?:\\.|[^\\])*?'{3}
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | [?$@]\w+ | [\w.-]*:[\w.:%\\-]* | (?P<word>\w+)
    """,
    re.VERBOSE,
)
# An id as queries print it, and kg with them: what follows ID.
_PRINTED_ID = re.compile(
    r"(?:committee|finding|link|mention|organization|person|place|record|registry|run|trial)/\S+"
)
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
# In a parser's list of tokens: what it has to say in words.
_REASON = re.compile(r"(?:one of |expected |, )([A-Z]\w+(?: \w+){2,})")
_MADE: Mapping[str, Callable[[str], Any]] = {
    expand("xsd:integer"): int,
    expand("xsd:decimal"): Decimal,
    expand("xsd:double"): float,
    expand("xsd:boolean"): ("true", "1").__contains__,
}


class NamedQuery(NamedTuple):
    """A query that comes with the package."""

    name: str
    text: str
    en: str
    zh: str
    parameters: Mapping[str, str]  # name -> what it means


def named() -> dict[str, NamedQuery]:
    """Every named query, by name, sorted."""
    found = {}
    for path in sorted(folder().glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        comments = _COMMENT.findall(text)
        said = {what: words for what, parameter, words in comments if not parameter}
        found[path.stem] = NamedQuery(
            path.stem,
            text,
            said.get("en", ""),
            said.get("zh", ""),
            {parameter: words for _, parameter, words in comments if parameter},
        )
    return found


def query_of(name: str) -> NamedQuery:
    """The named query of a name. Raises ToolError where there is none, with what may be meant."""
    known = named()
    if name not in known:
        near = meant(name, known)
        raise ToolError(f"no query named {name!r}.{near} kg query --list shows all")
    return known[name]


def text_of(query: str, parameters: Mapping[str, str]) -> str:
    """The SPARQL text of a named query or of SPARQL itself, with its parameters put in.

    A parameter becomes an IRI where its value starts with ``http`` or is an id as queries print it
    (``person/0a1b2c3d4e5f``), else a plain literal; it never becomes part of the syntax. Raises
    ToolError for an unknown name, a missing parameter, one that the query does not have, and text
    where a named query wants an IRI.
    """
    query = query.removeprefix("\ufeff")  # of a file that an editor began with a mark
    if not query.strip():
        raise ToolError("the query is empty")
    if not re.search(r"[\s{]", query.strip()):
        found = query_of(query)
        missing = sorted(set(found.parameters) - set(parameters))
        if missing:
            words = "; ".join(f"{p}=… ({found.parameters[p]})" for p in missing)
            raise ToolError(f"{query} needs {words}; on the command line by --set")
        for name, meaning in found.parameters.items():
            if "an IRI" in meaning and not _iri(parameters[name]):
                raise ToolError(f"{name}={parameters[name]}: not {meaning}")
        query = found.text
    for name, value in parameters.items():
        term = _term(name, value)
        query, times = re.subn(rf"[$?]{re.escape(name)}\b", lambda _: term, query)  # noqa: B023
        if not times:
            raise ToolError(f"{name}: the query has no ${name} that could be set")
    return query


def _term(name: str, value: str) -> str:
    iri = _iri(value)
    if iri is None:
        return str(pyoxigraph.Literal(value))
    try:
        return str(pyoxigraph.NamedNode(iri))
    except ValueError as error:
        raise ToolError(f"{name}={value}: no IRI: {error}") from None


def _iri(value: str) -> str | None:
    if value.startswith(("http://", "https://")):
        return value
    return ID + value if _PRINTED_ID.fullmatch(value) else None


def run(
    store: pyoxigraph.Store, query: str
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean:
    """The answer to a query over the union of all graphs, or over those that its FROM names.

    Prefixes of ours need no declaration. Raises ToolError where it does not parse, and where it
    asks another endpoint: a graph is read with the network off.
    """
    words = _words(query)
    if "SERVICE" in words:
        raise ToolError("SERVICE would ask another endpoint; kg asks the graph alone")
    declared = set(_PREFIX.findall(query))
    known = "".join(
        f"PREFIX {prefix}: <{name}>\n"
        for prefix, name in PREFIXES.items()
        if prefix not in declared
    )
    try:
        with answering():  # the union would take the place of what FROM names
            return store.query(known + query, use_default_graph_as_union="FROM" not in words)
    except SyntaxError as error:
        if _UPDATES.intersection(words[:1]):
            raise ToolError("a query reads: SELECT, ASK, CONSTRUCT or DESCRIBE") from None
        raise ToolError(_friendly(str(error), known.count("\n"))) from None


@contextmanager
def answering() -> Iterator[None]:
    """Raises ToolError for what stops an engine in the midst of an answer."""
    try:
        yield
    except (RuntimeError, OSError) as error:  # a function that it lacks; a disk that refuses
        raise ToolError(f"the query cannot be answered: {' '.join(str(error).split())}") from None


def _words(query: str) -> list[str]:
    """The words of the language in a query, in capitals, from SELECT or the like on."""
    found = [m["word"].upper() for m in _WORD.finditer(query) if m["word"]]
    return [word for word in found if word not in ("PREFIX", "BASE")]


def _friendly(message: str, lines_before: int) -> str:
    """A parser's message without its list of tokens, with the line of the user's own text."""
    found = re.search(r"(\d+):(\d+)", message)
    where = ""
    if found:
        where = f" at line {max(int(found[1]) - lines_before, 1)}, column {found[2]}"
    reason = _REASON.search(" ".join(message.split()))
    return f"the query does not parse{where}" + (f": {reason[1]}" if reason else "")


def rows(store: pyoxigraph.Store, query: str) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT as dictionaries of Python values (None: unbound).

    Raises ToolError at once where the query does not parse or gives no rows.
    """
    answer = run(store, query)
    if isinstance(answer, pyoxigraph.QueryBoolean):
        raise ToolError("an ASK query gives no rows but yes or no: Graph.ask(query)")
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        how = "kg.queries.run(graph.store, query)"
        raise ToolError(f"a CONSTRUCT or DESCRIBE query gives no rows but statements: {how}")
    return _dictionaries(answer)


def _dictionaries(answer: pyoxigraph.QuerySolutions) -> Iterator[dict[str, Any]]:
    names = [variable.value for variable in answer.variables]
    with answering():
        for solution in answer:
            yield {name: python_value(solution[name]) for name in names}


def answered(store: pyoxigraph.Store, query: str) -> bool:
    """The answer to an ASK. Raises ToolError for any other query."""
    answer = run(store, query)
    if not isinstance(answer, pyoxigraph.QueryBoolean):
        raise ToolError("only an ASK query gives yes or no")
    return bool(answer)


def python_value(term: Any) -> Any:
    """A term as a Python value: numbers and truth values as such, all else as strings."""
    if term is None:
        return None
    if isinstance(term, pyoxigraph.Literal):
        made = _MADE.get(term.datatype.value)
        return made(term.value) if made else term.value
    return term.value
