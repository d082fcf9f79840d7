"""Findings that an earlier build made of records that say the same now.

What single-record rules say of a version hangs on its statements and lines (told by the key under
which it was read), on the parameters, profile, waivers and engine, on what other graphs say of the
registries, places and codes that it names, and on the day. All but the last two are in the key of
an entry; these are noted in the entry and compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.check.batch import Batch, Checked, Entry, Read, Version, told
from kg.check.compose import recounted
from kg.check.dated import answers, counts_days
from kg.check.parameters import Parameters
from kg.check.plan import Plan
from kg.check.scan import MODULUS, digest_of
from kg.namespaces import expand
from kg.nquads import literal
from kg.running.cache import Cache, Kept, Shelf

_SHA256 = expand("tkg:sourceSha256")


class Recall:
    """What a build says of the cache to its checks, and hears of them.

    ``read`` says of each graph how it was read.
    """

    def __init__(self, shelf: Shelf, read: Mapping[str, Read]) -> None:
        self._shelf = shelf
        self.read = read
        self.found = 0  # records that need not be checked again

    @property
    def cache(self) -> Cache:
        """Where the entries lie."""
        return self._shelf.cache

    def take(self, part: Checked) -> None:
        """Keep what was found now and what was known, and take it out of ``part``."""
        for key, entry in part.entries:
            self._shelf.put_sealed(key, entry)
        self._shelf.used += part.known
        self.found += len(part.known)
        part.entries, part.known = [], []


class Earlier:
    """What earlier builds found in the records of a batch; without a cache nothing."""

    def __init__(self, batch: Batch, plan: Plan) -> None:
        self._batch = batch
        self._plan = plan
        self._kept = Kept(batch.cache) if batch.cache else None
        # A waiver may end, and a rule of the user's own may ask for anything.
        whatever_day = not batch.waivers.waivers and not batch.extra
        parameters = replace(batch.parameters, as_of="") if whatever_day else batch.parameters
        self._counting = {shape.rule: shape for shape in plan.dated if counts_days(shape)}
        asked = (parameters, batch.profile, batch.waivers, batch.engine, batch.extra)
        self._asked = repr(asked).encode()

    def key(self, version: Version) -> bytes:
        """The key of an entry of one record version; empty where it cannot have one."""
        if self._kept is None or version.read is None or not version.read.key:
            return b""
        trial = (version.trial or "").encode()
        return self._kept.cache.key(b"check", version.read.key, self._asked, trial)

    def found(self) -> list[Checked | None]:
        """What was found in each record version that says the same now."""
        entries = [self._entry(version) for version in self._batch.versions]
        day = self._batch.parameters.as_of
        moved = [entry for entry in entries if entry and entry.dated.as_of != day]
        as_then = self._as_then(moved)
        changed = {id(e) for e in moved if id(e) not in as_then or not self._recounted(e.checked)}
        found: list[Checked | None] = []
        for version, entry in zip(self._batch.versions, entries, strict=True):
            if entry is None or version.read is None or id(entry) in changed:
                found.append(None)
            else:
                checked = _of_file(entry, version.read, version.graph)
                checked.known = [self.key(version)]
                found.append(checked)
        return found

    def _recounted(self, checked: Checked) -> bool:
        """Tell days and months up to that of the check anew; False where that cannot be done."""
        day = self._batch.parameters.as_of
        findings = []
        for finding in checked.findings:
            shape = self._counting.get(finding.rule)
            again = recounted(finding, shape, day) if shape else finding
            if again is None:
                return False
            findings.append(again)
        checked.findings = findings
        return True

    def _entry(self, version: Version) -> Entry | None:
        """What is kept of a version, if other graphs tell of its nodes what they told then."""
        key = self.key(version)
        entry = self._kept.find(key) if self._kept and key else None
        if not isinstance(entry, Entry):
            return None
        same = entry.told == told(entry.nodes, self._batch.reference, self._batch.labels)
        return entry if same else None

    def _as_then(self, entries: Iterable[Entry]) -> set[int]:
        """Of which entries, by id, the rules that ask for the day answer today what they did."""
        asked: dict[Parameters, dict[str, Entry]] = defaultdict(dict)
        for entry in entries:
            ((record, about),) = entry.checked.abouts.items()
            parameters = self._batch.parameters.with_defaults_from(dict(about.profile.thresholds))
            asked[parameters][record] = entry
        found = set()
        for parameters, of in asked.items():
            said = {record: entry.dated.lines for record, entry in of.items()}
            now = answers(self._plan.dated, said, parameters)
            found |= {id(e) for record, e in of.items() if now.get(record) == e.dated.answers}
        return found

    def close(self) -> None:
        """Let go of the cache."""
        if self._kept is not None:
            self._kept.close()


def _of_file(entry: Entry, read: Read, graph: str) -> Checked:
    """What was found, as if in the file that holds the record now."""
    found, (about,) = entry.checked, entry.checked.abouts.values()
    if about.file != read.file:
        old, new = about.file, read.file
        found.findings = [replace(f, file=new) if f.file == old else f for f in found.findings]
        found.records = [replace(record, file=new) for record in found.records]
        found.abouts = {about.record: replace(about, file=new)}
    if entry.sha256 != read.sha256:
        before, after = (
            digest_of(f"<{graph}> <{_SHA256}> {literal(sha256)} .", graph)
            for sha256 in (entry.sha256, read.sha256)
        )
        found.seen.total = (found.seen.total - before + after) % MODULUS
    return found
