"""What a check is told from outside: the date it stands for and its thresholds.

Rules never read a clock. SHACL rules see these values as statements about ``ASSESSMENT``, which the
engine adds to each graph it checks; rules in Python get the ``Parameters`` themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import ToolError
from kg.namespaces import ID, expand

ASSESSMENT = ID + "assessment"
NO_DAY = "no record says when it was refreshed or registered: give --as-of DATE"
_DECIMAL = NamedNode(expand("xsd:decimal"))


def assessment_day(text: str) -> str:
    """A day that somebody named, as YYYY-MM-DD. Raises ToolError for what is no day.

    >>> assessment_day("20261122")
    '2026-11-22'
    """
    try:
        return date.fromisoformat(str(text)).isoformat()  # a date from Python is one, too
    except ValueError:
        raise ToolError(f"{str(text)!r} is no date; write YYYY-MM-DD") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """The as-of date and the thresholds of the rule book, section 5."""

    as_of: str  # YYYY-MM-DD
    grace_days: int = 0  # X01
    stale_days: int = 365  # X09
    max_primary: int = 3  # X20
    results_due_months: int = 12  # WHO-23
    size_change: float = 0.2  # H03
    ratio_min_length: int = 40  # L04: characters of Chinese text
    ratio_low: float = 1.5
    ratio_high: float = 8.0
    optional_rules: tuple[str, ...] = ()  # rules that are off by default: I04

    def with_defaults_from(self, profile: Mapping[str, float]) -> Parameters:
        """These parameters, where a profile's value replaces a default but no value set by hand.

        >>> Parameters(as_of="2026-01-01").with_defaults_from({"grace_days": 21}).grace_days
        21
        >>> Parameters(as_of="2026-01-01", grace_days=5).with_defaults_from({"grace_days": 21})
        ... # doctest: +ELLIPSIS
        Parameters(as_of='2026-01-01', grace_days=5, ...)
        """
        defaults = {f.name: f.default for f in fields(self) if f.default is not MISSING}
        changed = {
            name: type(defaults[name])(value)
            for name, value in profile.items()
            if getattr(self, name) == defaults[name]
        }
        return replace(self, **changed)

    def printed(self) -> dict[str, str]:
        """Name and value of each parameter, for the report."""
        return {
            f.name: ", ".join(value) if isinstance(value, tuple) else str(value)
            for f in fields(self)
            for value in (getattr(self, f.name),)
            if f.name != "as_of"
        }

    def statements(self) -> Iterator[Triple]:
        """What rules in SHACL and SPARQL may ask of the assessment."""
        about = NamedNode(ASSESSMENT)
        for name, value in (
            ("assessmentDate", Literal(self.as_of, datatype=NamedNode(expand("xsd:date")))),
            ("graceDays", Literal(self.grace_days)),
            ("staleDays", Literal(self.stale_days)),
            ("maxPrimary", Literal(self.max_primary)),
            ("resultsDueMonths", Literal(self.results_due_months)),
            ("sizeChange", Literal(str(self.size_change), datatype=_DECIMAL)),
        ):
            yield Triple(about, NamedNode(expand(f"tkg:{name}")), value)
