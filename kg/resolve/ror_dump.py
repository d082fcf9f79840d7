"""A dump of ROR that the user downloads, read: its organizations with their names.

ROR's JSON (version 1 or 2), its zip, JSON lines, or the small table that ``write`` makes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import ToolError

NAMESPACE = "https://ror.org/"
_HEADER = ("ror", "country", "city", "related", "names")
_ACTIVE = "active"


class Organization(NamedTuple):
    """An organization of ROR: ``names`` without acronyms, the one shown first;
    ``related`` ids of its relations."""

    ror: str
    country: str
    city: str
    related: tuple[str, ...]
    names: tuple[str, ...]


def imported(path: Path) -> tuple[Organization, ...]:
    """The active organizations of a dump, by id: ROR's JSON (version 1 or 2), its zip, JSON lines,
    or the table that ``write`` makes.

    Raises ToolError, with what would be right, for any other file.
    """
    if not path.is_file():
        raise ToolError(f"{path}: no such file; download a dump from https://ror.org/data")
    try:
        found = {organization.ror: organization for organization in _organizations(path)}
    except (UnicodeDecodeError, zipfile.BadZipFile, ValueError, RecursionError) as error:
        raise ToolError(
            f"{path}: not a dump of ROR (JSON, JSON lines or its zip): {error}"
        ) from None
    if not found:
        raise ToolError(f"{path}: holds no active organization; a dump of ROR was expected")
    return tuple(sorted(found.values()))


def write(organizations: Iterable[Organization], path: Path) -> None:
    """Write the organizations as a compact table that ``imported`` reads again."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(_HEADER) + "\n")
        for row in sorted(organizations):
            cells = (row.ror, row.country, row.city, "|".join(row.related), "|".join(row.names))
            file.write("\t".join(" ".join(cell.split()) for cell in cells) + "\n")


def _organizations(path: Path) -> Iterator[Organization]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(
                n for n in archive.namelist()
                if n.endswith(".json") and not n.rpartition("/")[2].startswith("._")
            )  # fmt: skip
            if not names:
                raise ToolError(f"{path}: the zip holds no .json file; a dump of ROR was expected")
            # Dumps of 2024 hold both versions; the second says the language of every name.
            chosen = next((n for n in names if "schema_v2" in n), names[0])
            with archive.open(chosen) as file:
                yield from _records(json.load(file), path)
        return
    text = path.read_text(encoding="utf-8-sig")
    if text.startswith("\t".join(_HEADER)):
        for n, line in enumerate(text.split("\n")[1:], start=2):
            if not line:
                continue
            cells = line.split("\t")
            if len(cells) != len(_HEADER) or not cells[0].startswith(NAMESPACE):
                raise ToolError(f"{path}:{n}: expected {len(_HEADER)} cells: {' '.join(_HEADER)}")
            ror, country, city, related, names_ = cells
            yield Organization(
                ror,
                country,
                city,
                tuple(filter(None, related.split("|"))),
                tuple(names_.split("|")),
            )
        return
    if text.lstrip().startswith("["):
        yield from _records(json.loads(text), path)
    else:
        yield from _records((json.loads(line) for line in text.split("\n") if line.strip()), path)


def _records(records: Iterable[Any], path: Path) -> Iterator[Organization]:
    for record in records:
        if not isinstance(record, dict) or not str(record.get("id", "")).startswith(NAMESPACE):
            raise ToolError(f"{path}: a record without an id of {NAMESPACE}; not a dump of ROR")
        if record.get("status", _ACTIVE) == _ACTIVE:
            try:
                yield _record(record)
            except (KeyError, TypeError, AttributeError) as error:
                told = f"{record['id']} is not as ROR's schema has it: {error!r}"
                raise ToolError(f"{path}: {told}") from None


def _record(record: Mapping[str, Any]) -> Organization:
    """One record, whichever version of ROR's schema it follows."""
    if "names" in record:
        # The name that ROR shows comes first: by it the others are judged.
        ordered = sorted(record["names"], key=lambda n: "ror_display" not in n.get("types", ()))
        names = [n["value"] for n in ordered if "acronym" not in n.get("types", ())]
    else:
        names = [record.get("name", ""), *record.get("aliases", ())]
        names += [label["label"] for label in record.get("labels", ())]
    country, city = record.get("country", ""), record.get("city", "")
    if isinstance(country, dict):
        country = country.get("country_code", "")
    for place in record.get("locations", ())[:1]:  # the first is the seat
        details = place.get("geonames_details", {})
        country, city = details.get("country_code", ""), details.get("name", "")
    for address in record.get("addresses", ()):
        city = city or address.get("city", "")
    related = sorted({r["id"] for r in record.get("relationships", ()) if r.get("id")})
    clean = dict.fromkeys(" ".join(n.replace("|", " ").split()) for n in names if n)
    return Organization(
        ror=str(record["id"]),
        country=str(country or ""),
        city=str(city or ""),
        related=tuple(related),
        names=tuple(name for name in clean if name),
    )
