"""From files to statements: every source read, every record crossed, one version of each kept."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, Literal, NamedTuple

from kg.counted import counted
from kg.errors import ToolError
from kg.issues import Issue
from kg.reading.accounts import Accounts, merged
from kg.reading.far import AllShards, Note, Told
from kg.reading.shards import (
    FilePart,
    How,
    Shard,
    Unknown,
    Version,
    held_once,
    read_shard,
    refused,
)
from kg.running.cache import Cache
from kg.running.processes import Workers, cores, processes
from kg.running.stages import Progress
from kg.sources.cutting import WORTH_IT, File, Task, size_of, tasks
from kg.sources.files import CHANGED, files_below, unreadable

STAGE = "reading records"
LOOK = 0.5  # seconds between two looks at how far the processes are

State = Literal["built", "partly built", "refused"]


class FileRead(NamedTuple):
    """One file of the input: what it gave, and why not more."""

    file: str
    sha256: str
    records: tuple[str, ...]  # "chictr:ChiCTR2699990001"
    values: int  # values that the source prints
    left_out: int  # values left out on purpose
    unread: int  # values that no extractor reads
    state: State
    reasons: tuple[str, ...]  # why it is refused or built in part


@dataclass(slots=True)
class Reading:
    """All that was read. The statements lie in ``work``, which lives as long as this does."""

    versions: list[Version] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[FileRead] = field(default_factory=list)
    accounts: Accounts = field(default_factory=dict)
    used: list[bytes] = field(default_factory=list)  # keys of entries of the cache
    new: list[Path] = field(default_factory=list)  # files of entries for it
    recalled: int = 0  # records that an earlier build read
    work: tempfile.TemporaryDirectory[str] | None = None


def read(
    paths: Iterable[Path | File | Issue],
    stdin: BinaryIO | None = None,
    progress: Progress | None = None,
    *,
    work: Path | None = None,
    apart: Path | None = None,
    jobs: int = 1,
    workers: Workers | None = None,
    contacts: bool = False,
    cache: Cache | None = None,
) -> Reading:
    """Every record of every file, with issues. One bad file or record does not stop the others.

    Statements are written below ``work`` (else a temporary folder), by ``jobs`` processes (0: one
    for each core) where there is enough to read, or by ``workers`` elsewhere. What ``cache`` knows
    is not read again; it knows no contacts, so that ``contacts`` has to be False then. A folder
    ``apart`` below a path, the output of an earlier build, is not read. Raises ToolError for a path
    that does not exist, for a full disk and for a process that was killed.
    """
    assert not (contacts and cache)
    reading = Reading()
    if work is None:
        reading.work = tempfile.TemporaryDirectory(prefix="kg-")
        work = Path(reading.work.name)
    # Outputs do not depend on the key: of contacts only equality is asked.
    how = How(cache.secret if cache else secrets.token_bytes(32), contacts, cache)
    files: list[tuple[int, File]] = []
    for n, found in enumerate(files_below(paths, apart)):
        if isinstance(found, Issue):
            reading.issues.append(found)
            reading.files.append(
                _file([FilePart((n, 0), found.file, "", reasons=((0, found.expected),))])
            )
        else:
            # Whoever reads it may stand in another folder.
            from_stdin = str(found.path) == "-"
            at = found if from_stdin else found._replace(path=found.path.absolute())
            files.append((n, at))
    size = sum(size_of(file) for _, file in files)
    shared = workers or processes(jobs or cores())
    little = size < WORTH_IT or shared.count == 1
    if any(str(file.path) == "-" for _, file in files) or (little and not shared.far):
        shards = list(_here(list(tasks(files, 1)), work, how, stdin, progress))
    else:
        shards = _shared(list(tasks(files, shared.count)), work.absolute(), how, shared, progress)
    _gather(reading, shards)
    return reading


def _here(
    cut: Sequence[Task],
    work: Path,
    how: How,
    stdin: BinaryIO | None,
    progress: Progress | None,
) -> Iterator[Shard]:
    far = _far(cut, progress)
    for n, task in enumerate(cut):
        tell = partial(far.inside, n) if progress else None
        made = read_shard(task, _shard_file(work, n), how, stdin=stdin, progress=tell)
        far.past(n, len(made.versions), len(made.issues))
        yield made


def _far(cut: Sequence[Task], progress: Progress | None) -> AllShards:
    sizes = [sum(size_of(file) for _, file in task.files) // task.stripes for task in cut]
    return AllShards(STAGE, sizes, progress)


def _shared(
    cut: Sequence[Task], work: Path, how: How, workers: Workers, progress: Progress | None
) -> list[Shard]:
    """The shards in their order, whichever is done first."""
    made: dict[int, Shard] = {}
    far = _far(cut, progress)
    over: SimpleQueue[int] = SimpleQueue()
    with workers.pool() as pool:
        waiting: dict[int, tuple[Future[Shard], Note]] = {}
        try:
            for n, task in enumerate(cut):
                note = Note(work / f"told-{n:06d}")
                tell: Callable[[Told], None] | None = note if progress else None
                future = pool.submit(read_shard, task, _shard_file(work, n), how, progress=tell)
                future.add_done_callback(lambda _, n=n: over.put(n))  # type: ignore[misc]
                waiting[n] = future, note
            while waiting:
                try:
                    n = over.get(timeout=LOOK if progress else None)
                except Empty:
                    for n, (future, note) in waiting.items():
                        # Of a cluster nobody knows which are at work.
                        if (future.running() or workers.far) and (told := note.read()):
                            far.inside(n, told)
                    continue
                future, _ = waiting.pop(n)
                made[n] = future.result()
                far.past(n, len(made[n].versions), len(made[n].issues))
        except (ToolError, KeyboardInterrupt) as why:
            # What has not begun is not wanted now, and who stops does not want to wait.
            pool.shutdown(wait=isinstance(why, ToolError), cancel_futures=True)
            raise
    return [made[n] for n in sorted(made)]


def _shard_file(work: Path, number: int) -> Path:
    return work / f"shard-{number:06d}"


def _gather(reading: Reading, shards: Iterable[Shard]) -> None:
    """Put shards together; the order of shards does not matter."""
    parts: dict[tuple[int, int], list[FilePart]] = defaultdict(list)
    unknown: dict[tuple[str, str], Unknown] = {}
    for shard in shards:
        reading.versions += (v._replace(places=held_once(v.places)) for v in shard.versions)
        reading.issues += shard.issues
        merged(reading.accounts, shard.accounts)
        reading.used += shard.used
        reading.recalled += shard.recalled
        if shard.new is not None and shard.new.is_file():
            reading.new.append(shard.new)
        for part in shard.files:
            parts[part.order].append(part)
        for key, one in shard.unknown.items():
            known = unknown.get(key)
            unknown[key] = one if known is None else known.and_also(one)
    for order in sorted(parts):
        if _changed(parts[order]):
            reading.issues.append(issue := unreadable(parts[order][0].file, CHANGED))
            parts[order].append(refused(order, issue))
        reading.files.append(_file(parts[order]))
    reading.issues += _unknown_fields(unknown)


def _changed(parts: Sequence[FilePart]) -> bool:
    """Whether the shards that shared a file read different ones: of each some records are lost."""
    read_here = [part for part in parts if part.sha256]
    if not read_here:
        return False
    return len(read_here) < read_here[0].of or len({part.sha256 for part in read_here}) > 1


def _file(parts: Sequence[FilePart]) -> FileRead:
    """A file as the shards that shared it saw it."""
    read_here = sorted((r for part in parts for r in part.records), key=lambda r: r[0])
    names = [name for _, name in read_here]
    told = sorted((r for part in parts for r in part.reasons), key=lambda r: r[0])
    reasons = tuple(dict.fromkeys(why for _, why in told))
    state: State = "refused" if not names else "partly built" if reasons else "built"
    return FileRead(
        file=parts[0].file,
        sha256=parts[0].sha256,
        records=tuple(names),
        values=sum(part.values for part in parts),
        left_out=sum(part.left_out for part in parts),
        unread=sum(part.unread for part in parts),
        state=state,
        reasons=reasons,
    )


def _unknown_fields(unknown: dict[tuple[str, str], Unknown]) -> list[Issue]:
    """One issue for each field of a JSON, XML or table source that nobody reads, with its count."""
    return [
        Issue(
            first.file, first.line, first.record, "unknown label", path,
            counted(first.times, "time"),
            f"no extractor reads this field of {source} yet",
        )
        for (source, path), first in sorted(unknown.items())
    ]  # fmt: skip


def kept(reading: Reading, *, history: bool) -> tuple[list[Version], list[Issue]]:
    """One reading of each record version, and with ``history`` all versions, else the newest.

    Of several files with the same version the one that says most is kept (then the smallest
    checksum): a cut copy never replaces a whole one, and the order of files does not matter.
    """
    issues = []
    best: dict[str, Version] = {}
    for version in sorted(
        reading.versions, key=lambda v: (-v.statements, v.sha256, v.place, v.file)
    ):
        first = best.setdefault(version.version, version)
        if first is not version:
            issues.append(
                Issue(
                    version.file, 0, version.name, "second copy", "", "", _beside(first, version)
                )
            )  # fmt: skip
    newest: dict[str, Version] = {}
    for version in sorted(best.values(), key=lambda v: v.version):
        newest[version.record] = version
    if history:
        return sorted(best.values(), key=lambda v: v.version), issues
    for version in best.values():
        latest = newest[version.record]
        if latest is not version:
            issues.append(
                Issue(
                    version.file, 0, version.name, "older version", "", "",
                    f"{latest.file} holds a newer one; --history keeps both",
                )
            )  # fmt: skip
    return sorted(newest.values(), key=lambda v: v.version), issues


def _beside(first: Version, copy: Version) -> str:
    """What a second copy of a version says beside the one that is kept."""
    known = set(first.quads.text().split("\n"))
    about_the_file = f"<{copy.version}> "
    more = {
        line.split(" ", 2)[1].strip("<>")
        for line in copy.quads.text().split("\n")
        if line and line not in known and not line.startswith(about_the_file)
    }
    if not more:
        return f"{first.file} gives the same record version and says at least as much"
    names = sorted({re.split("[#/]", iri)[-1] for iri in more})
    differ = ", ".join(names)
    return f"{first.file} gives the same record version and is kept; the two differ in {differ}"


def sorted_issues(issues: Sequence[Issue]) -> list[Issue]:
    """Issues by record, line and field: an order that does not hang on file names."""
    return sorted(set(issues), key=lambda i: (i.record, i.line, i.field, *i[3:], i.file))


def by_kind(issues: Iterable[Issue]) -> dict[str, int]:
    """How many issues of each kind, sorted by kind."""
    return dict(sorted(Counter(issue.kind for issue in issues).items()))
