"""What one raw tree gives, whole in itself: statements, rows, issues and counts, without contacts.

A plain value. It hangs on the tree and on the code alone, but for the name and the checksum of its
file, which ``restamped`` exchanges: so it can be kept from build to build.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.contacts import digests
from kg.contacts.masking import Mask, masked
from kg.issues import Issue
from kg.namespaces import expand
from kg.nquads import literal
from kg.reading.accounts import Accounts, account, merged
from kg.reading.extraction import Extraction
from kg.said import JOINED
from kg.sources.files import Source
from kg.sources.trees import without_indices
from kg.statements import Crossed, crossed

_FILE = expand("tkg:sourceFile")
_SHA256 = expand("tkg:sourceSha256")


class Stated(NamedTuple):
    """The statements of a record version; texts are whole lines."""

    record: str  # IRI
    version: str  # IRI, the name of its graph
    newest_day: str
    statements: int
    place: str  # in the file
    quads: str
    lines: str  # rows of lines.tsv
    contacts: str  # quads of the contact graph; empty unless asked for
    keys: str  # keyed digests of contacts, as ``contact_keys.rows`` writes them
    places: frozenset[str]  # quads of places that no table of ours holds


class Given(NamedTuple):
    """What a raw tree of a file gave. ``stated`` is None where it is no record."""

    file: str
    sha256: str  # of the file
    name: str  # "chictr:ChiCTR2699990001"; empty where it is no record
    issuer: str | None
    number: str | None
    issues: tuple[Issue, ...]
    values: int
    left_out: int
    unread: int
    accounts: Accounts
    unknown: tuple[tuple[str, str, int], ...]  # source, path and line of fields nobody reads
    stated: Stated | None


def given(found: Extraction, source: Source, secret: bytes, *, with_contacts: bool) -> Given:
    """What an extraction gives; ``secret`` is the key of the contact digests."""
    accounts: Accounts = {}
    mask = Mask()
    removed: tuple[Issue, ...] = ()
    stated: Stated | None = None
    if found.record is not None:
        made = crossed(found.record)
        mask = made.mask
        removed = tuple(_removed(made, found.name, source.file))
        place = found.record.version.source_place or ""
        stated = _stated(made, place, secret, with_contacts=with_contacts)
        account(
            found.source,
            found.leaves,
            read=found.log.read,
            contacts=found.log.contacts,
            refused={path for issue in found.issues for path in issue.field.split(JOINED)},
            lines=made.lines,
            into=accounts,
        )
    unknown = found.unread if stated is not None and not found.is_page else ()
    return Given(
        file=source.file,
        sha256=source.sha256,
        name=found.name,
        issuer=found.issuer,
        number=found.number,
        issues=(*(issue.without_contacts(mask) for issue in found.issues), *removed),
        values=len(found.leaves),
        left_out=len(found.left_out),
        unread=len(found.unread),
        accounts=_without_contacts(accounts),
        unknown=tuple(
            (found.source, masked(without_indices(path)), line or found.log.line)
            for path, line in unknown
        ),
        stated=stated,
    )


def _without_contacts(accounts: Accounts) -> Accounts:
    """The accounts by paths without contacts: in some files a mail address is a label."""
    shown = {path: masked(path) for _, path in accounts}
    if all(path == plain for path, plain in shown.items()):
        return accounts
    found: Accounts = {}
    for (source, path), row in accounts.items():
        merged(found, {(source, shown[path]): row})
    return found


def _stated(made: Crossed, place: str, secret: bytes, *, with_contacts: bool) -> Stated:
    return Stated(
        record=made.record,
        version=made.version,
        newest_day=made.newest_day,
        statements=len(made.quads),
        place=place,
        quads="".join(made.quads),
        lines="".join([line.row() for line in made.lines]),
        contacts="".join(made.contacts) if with_contacts else "",
        keys="".join(
            digests.rows(mention, digests.keys(channels, secret))
            for mention, channels in made.channels.items()
        ),
        places=made.places,
    )


def _removed(made: Crossed, name: str, file: str) -> Iterator[Issue]:
    if not made.masked:
        return
    lines = {line.field: line.line for line in reversed(made.lines)}
    for field in sorted(set(made.masked)):
        yield Issue(
            file, lines.get(field, 0), name, "contact removed", field, "",
            "an e-mail address, telephone number or address inside text; it is not published",
        )  # fmt: skip


def restamped(one: Given, source: Source) -> Given | None:
    """What was read of another file, as if of this one. None where its statements do not tell."""
    if (one.file, one.sha256) == (source.file, source.sha256):
        return one
    stated = one.stated
    if stated is not None:
        quads = stated.quads
        for prop, old, new in (
            (_FILE, one.file, source.file),
            (_SHA256, one.sha256, source.sha256),
        ):
            about = f"<{stated.version}> <{prop}> "
            before, after = about + literal(old) + " ", about + literal(new) + " "
            if quads.count(before) != 1:
                return None
            quads = quads.replace(before, after)
        stated = stated._replace(quads=quads)
    return one._replace(
        file=source.file,
        sha256=source.sha256,
        issues=tuple(issue._replace(file=source.file) for issue in one.issues),
        stated=stated,
    )
