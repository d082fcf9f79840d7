"""What one printed field says: value, blank or refused, language, line."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Said(NamedTuple, Generic[T]):
    """One printed field: its value, its 1-based line, the text as printed.

    Without a value the field was printed blank, or what it holds was ``refused`` and is an issue.
    """

    value: T | None
    line: int
    printed: str = ""
    refused: bool = False

    @property
    def blank(self) -> bool:
        """Whether the label stands there without saying anything."""
        return self.value is None and not self.refused


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


Codes = tuple[str, ...]


class Place(NamedTuple):
    """A place: ``code`` is an ISO 3166 code (CN-ZJ), else None and ``name`` is as printed."""

    code: str | None
    name: Texts = Texts()
    within: Place | None = None
