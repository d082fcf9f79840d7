"""What one printed field says: value, blank or refused, language, and where it stands."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
JOINED = " + "  # between the paths of a value that several leaves make up


class Said(NamedTuple, Generic[T]):
    """One printed field: its value, its 1-based line (0: the source has none), text as printed.

    ``path`` leads to it inside its record (``identificationModule.briefTitle``, ``注册题目``); the
    paths of a value that several leaves make up are joined by `` + ``. Without a value the field
    was printed blank, or what it holds was ``refused`` and is an issue.
    """

    value: T | None
    line: int
    printed: str = ""
    refused: bool = False
    path: str = ""

    @property
    def blank(self) -> bool:
        """Whether the label stands there without saying anything."""
        return self.value is None and not self.refused

    def but(self, value: Any, printed: str | None = None, *, refused: bool = False) -> Said[Any]:
        """The same field, read as ``value``."""
        shown = self.printed if printed is None else printed
        return new_said(value, self.line, shown, refused, self.path)


def new_said(value: T | None, line: int, printed: str, refused: bool, path: str) -> Said[T]:
    """``Said(…)`` at a third of its cost: every leaf of every record is read through here."""
    return tuple.__new__(Said, (value, line, printed, refused, path))


def joined(value: T | None, parts: tuple[Said[Any] | None, ...]) -> Said[T]:
    """One value that several printed fields make up, such as a first and a last name."""
    found = [part for part in parts if part is not None]
    return Said(
        value,
        next((part.line for part in found if part.line), 0),
        " ".join(part.printed for part in found if part.printed),
        path=JOINED.join(dict.fromkeys(part.path for part in found if part.path)),
    )


class Texts(NamedTuple):
    """One text in the languages its source prints it in; the language comes from the field."""

    zh: Said[str] | None = None
    en: Said[str] | None = None

    @property
    def label(self) -> str:
        """The text that names the node: Chinese if printed, else English, else empty."""
        zh = self.zh.value if self.zh else None
        return zh or (self.en.value if self.en else None) or ""

    def __bool__(self) -> bool:
        return bool(self.label)


class Blank(NamedTuple):
    """A label printed without a value whose node therefore does not exist: ``hasFunding@zh``."""

    field: str
    line: int
    path: str = ""


Codes = tuple[str, ...]


class Place(NamedTuple):
    """A place: ``code`` is an ISO 3166 code (CN-ZJ), else None and ``name`` is as printed."""

    code: str | None
    name: Texts = Texts()
    within: Place | None = None
