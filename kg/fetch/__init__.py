"""Records from the registries: asked for politely, kept as they came, never twice.

    from kg.fetch import fetch

    outcome = fetch("ctgov", "mine", "AREA[LocationCountry]China AND cancer")
    outcome.complete, outcome.arrived, outcome.problems

Nothing heavy is imported until it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.counted import counted
from kg.errors import ToolError

if TYPE_CHECKING:
    from kg.fetch.asking import Outcome
    from kg.fetch.http import Clock

LONGEST_LIST = 64 * 1024 * 1024  # bytes
FASTEST = 1_000_000  # requests a minute
__all__ = ["fetch", "listed", "numbers_of"]


def fetch(
    registry: str,
    out: str | PathLike[str],
    expression: str = "",
    *,
    ids: Iterable[str] = (),
    everything: bool = False,
    lines: Iterable[str] = (),
    base_url: str | None = None,
    rate: float | None = None,
    most: int | None = None,
    page_size: int | None = None,
    timeout: float = 60.0,
    restart: bool = False,
    clock: Clock | None = None,
    talk: Callable[[str], None] = lambda line: None,
    progress: Callable[[str, int], None] | None = None,
) -> Outcome:
    """Fetch records of a registry into ``out/raw/<registry>`` and say what it came to.

    One of ``expression`` (a search), ``ids`` (trial numbers) and ``everything``; for chictr,
    ``ids`` or ``lines`` with addresses or numbers. ``rate`` is in requests a minute, ``timeout`` in
    seconds, ``most`` in studies. An interrupted fetch goes on when it is called with equal words.

    Raises ToolError for a wrong call and where the disk refuses. What could not be fetched is no
    error but a line in ``Outcome.problems``.
    """
    from kg.fetch.asking import Asking, Outcome, Wanted
    from kg.fetch.hosts import ForbiddenHost, origin
    from kg.fetch.http import Client, SystemClock
    from kg.fetch.kept import Kept
    from kg.fetch.registries import known

    asked = known(registry)
    given = tuple(lines)
    numbers = tuple(dict.fromkeys(number.strip().upper() for number in ids))
    if asked.number is None:
        given, numbers = (*given, *numbers), ()
    asked.check(expression.strip(), numbers, everything, given)
    try:
        expression.encode()
    except UnicodeEncodeError:
        raise ToolError("the search expression is no text in the terminal's encoding") from None
    try:
        named_host = origin(base_url)[1] if base_url else ""
    except ForbiddenHost as error:
        raise ToolError(f"{base_url}: {error}") from None
    if rate is not None and not 0 < rate <= FASTEST:
        raise ToolError(f"a rate is more than 0 and at most {FASTEST:,} requests a minute")
    wanted = Wanted(
        base_url or asked.base, expression.strip(), numbers, given, most, page_size or 0, restart
    )
    with (
        Kept(Path(out), registry) as kept,
        Client(clock or SystemClock(), rate or asked.rate, timeout, named_host, talk) as client,
    ):
        outcome = Outcome(registry, kept.folder)
        if kept.manifest.damaged:
            outcome.remarks.append(
                f"{counted(kept.manifest.damaged, 'unreadable line')} in {kept.manifest.path}: "
                "what they said is asked for again"
            )
        asked.fetch(Asking(wanted, kept, client, outcome, asked.licence, progress))
        outcome.requests, outcome.bytes = client.requests, client.bytes
    return outcome


def numbers_of(text: str) -> list[str]:
    """Trial numbers as a command line gives them: with commas or blanks, or ``@`` and a file.

    Raises ToolError where the file cannot be read.

    >>> numbers_of("NCT09999901, NCT09999902")
    ['NCT09999901', 'NCT09999902']
    """
    lines = listed(text[1:]) if text.startswith("@") else [text]
    told = (line.split("#", 1)[0].replace(",", " ") for line in lines)
    return [number for line in told for number in line.split()]


def listed(path: str, stdin: BinaryIO | None = None) -> list[str]:
    """The lines of a list; ``-`` is standard input. Raises ToolError where it cannot be read."""
    try:
        if path == "-" and stdin is not None:
            data = stdin.read(LONGEST_LIST + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(LONGEST_LIST + 1)
        if len(data) > LONGEST_LIST:
            raise ToolError(f"{path}: a list of more than {LONGEST_LIST >> 20} MiB")
        return data.decode("utf-8-sig").splitlines()
    except OSError as error:
        raise ToolError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ToolError(
            f"{path}: not UTF-8 text; a list has one address or number a line"
        ) from None
