"""The state of one crossing from record to quads: where it writes, what it names and masks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kg.contacts.masking import Channel, Mask
from kg.namespaces import expand
from kg.said import Said
from kg.sources.lines import Line, new_line

LABEL = f" <{expand('rdfs:label')}> "
TYPE = f" <{expand('rdf:type')}> "
BLANK = f" <{expand('tkg:blankField')}> "


@dataclass(slots=True)
class Crossing:
    """The state of one crossing."""

    record: str
    mention: str  # start of mention IRIs
    version: str
    mask: Mask
    graph: str = ""  # end of every line
    out: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    named: dict[int, str] = field(default_factory=dict)  # id of a part -> its IRI
    used: set[str] = field(default_factory=set)
    channels: dict[str, tuple[Channel, ...]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)  # mentions whose channels are the field's
    places: set[str] = field(default_factory=set)
    masked: list[str] = field(default_factory=list)

    def clean(self, text: str, name: str) -> str:
        """``text`` without contacts; where one was removed is remembered."""
        cleaned = self.mask[text]
        if cleaned != text:
            self.masked.append(name)
        return cleaned

    def at(self, node: str, name: str, said: Said[Any]) -> None:
        """Remember where a printed field stands."""
        value, line, printed, refused, path = said
        if printed:
            printed = self.mask[printed]
            if "\n" in printed or "\t" in printed:
                printed = " ".join(printed.split())
        state = "value" if value is not None else "refused" if refused else "blank"
        self.lines.append(new_line((self.version, node, name, line, printed, path, state)))

    def fresh(self, node: str) -> str:
        """``node``, or ``node-2`` … when another part of the record has this IRI."""
        candidate, n = node, 1
        while candidate in self.used:
            n += 1
            candidate = f"{node}-{n}"
        self.used.add(candidate)
        return candidate
