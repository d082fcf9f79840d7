"""Named queries and SPARQL: texts, parameters, rows.

A named query is a file ``kg/queries/<name>.rq`` whose first comments describe it: ``# en: …``,
``# zh: …`` and ``# param A: …`` for each ``$A`` it asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pyoxigraph

from kg.errors import ToolError
from kg.namespaces import PREFIXES, expand
from kg.resources import queries as folder

_COMMENT = re.compile(r"^#\s*(en|zh|param (\w+)):\s*(.*)$", re.MULTILINE)
_PREFIX = re.compile(r"^\s*PREFIX\s+([\w-]*):", re.IGNORECASE | re.MULTILINE)
_NUMBERS = {expand("xsd:integer"): int, expand("xsd:decimal"): Decimal, expand("xsd:double"): float}


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


def text_of(query: str, parameters: Mapping[str, str]) -> str:
    """The SPARQL text of a named query or of SPARQL itself, with its parameters put in.

    A parameter becomes an IRI where its value starts with ``http``, else a plain literal; it never
    becomes part of the syntax. Raises ToolError for an unknown name or a missing parameter.
    """
    if not re.search(r"[\s{]", query.strip()):
        known = named()
        if query not in known:
            raise ToolError(f"no query named {query!r}; kg query --list shows all")
        missing = sorted(set(known[query].parameters) - set(parameters))
        if missing:
            words = "; ".join(f"--set {p}=… ({known[query].parameters[p]})" for p in missing)
            raise ToolError(f"{query} needs {words}")
        query = known[query].text
    for name, value in parameters.items():
        term = (
            str(pyoxigraph.NamedNode(value))
            if value.startswith(("http://", "https://"))
            else str(pyoxigraph.Literal(value))
        )
        query = re.sub(rf"[$?]{re.escape(name)}\b", lambda _: term, query)  # noqa: B023
    return query


def run(
    store: pyoxigraph.Store, query: str
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean:
    """The answer to a query over the union of all graphs.

    Prefixes of ours need no declaration. Raises ToolError where it does not parse.
    """
    declared = set(_PREFIX.findall(query))
    known = "".join(
        f"PREFIX {prefix}: <{name}>\n"
        for prefix, name in PREFIXES.items()
        if prefix not in declared
    )
    try:
        return store.query(known + query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise ToolError(_friendly(str(error), known.count("\n"))) from None


def _friendly(message: str, lines_before: int) -> str:
    """A parser's message without its list of tokens, with the line of the user's own text."""
    found = re.search(r"(\d+):(\d+)", message)
    where = ""
    if found:
        where = f" at line {max(int(found[1]) - lines_before, 1)}, column {found[2]}"
    return f"the query does not parse{where}"


def rows(store: pyoxigraph.Store, query: str) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT as dictionaries of Python values (None: unbound)."""
    answer = run(store, query)
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        raise ToolError("a SELECT query gives rows; use --format ttl for CONSTRUCT")
    names = [variable.value for variable in answer.variables]
    for solution in answer:
        yield {name: python_value(solution[name]) for name in names}


def python_value(term: Any) -> Any:
    """A term as a Python value: IRIs and text as strings, numbers as numbers."""
    if term is None:
        return None
    if isinstance(term, pyoxigraph.Literal):
        made = _NUMBERS.get(term.datatype.value)
        return made(term.value) if made else term.value
    return term.value
