"""A build again: only what changed is done, and nobody can tell from the output."""

from __future__ import annotations

import errno
import gc
import json
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph
import pytest
from conftest import AS_OF, SAMPLES, later

from kg import pipeline, store
from kg.building import left
from kg.pipeline import Options
from kg.running import cache
from kg.running.cache import Cache, Shelf, keep

FORMATS = ("nq", "ttl", "gexf", "csv")


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder of records of several kinds: pages, lists of JSON, XML, tables."""
    return laid(tmp_path / "records")


LEFT_OUT = ("*pipe.txt", "*glued.txt", "*html.html", "*-en.txt", "portal-2020*", "*.xlsx")


def laid(folder: Path) -> Path:
    left_out = shutil.ignore_patterns(*LEFT_OUT)
    for name in ("chictr", "ctgov", "ictrp", "isrctn"):
        shutil.copytree(SAMPLES / name, folder / name, ignore=left_out)
    return folder


@pytest.fixture(scope="module")
def first_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records, and the output and the cache of a build of them."""
    folder = tmp_path_factory.mktemp("first")
    known = build(laid(folder / "records"), folder / "out")
    assert known == {"records_read_before": 0, "records_checked_before": 0}
    return folder


@pytest.fixture
def out(first_build: Path, records: Path, tmp_path: Path) -> Path:
    """A copy of that output, beside ``records`` and a copy of its cache."""
    shutil.copytree(first_build / "out", tmp_path / "out")
    shutil.copy(first_build / ".out.cache.sqlite", tmp_path)
    return tmp_path / "out"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a build from nothing makes of the records as they are laid."""
    folder = tmp_path_factory.mktemp("unchanged")
    return from_nothing(laid(folder / "records"), folder / "out")


def build(records: Path, out: Path, **options: object) -> dict[str, int]:
    """Build, and what of it was known before."""
    chosen = {"as_of": AS_OF, "formats": FORMATS, "jobs": 1, **options}
    pipeline.build([records], out, Options(**chosen))  # type: ignore[arg-type]
    run = json.loads((out / "run.json").read_text())
    return run.get("cache", {})  # type: ignore[no-any-return]


def content(out: Path) -> dict[str, bytes]:
    """Every file of an output that is the same for the same input, and the store's statements."""
    files = {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "run.json" and "store" not in path.parts
    }
    held = store.opened(out / "store").dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    return files | {"store": b"".join(sorted(held.splitlines(keepends=True)))}


def from_nothing(records: Path, out: Path, **options: object) -> dict[str, bytes]:
    assert build(records, out, cache=False, **options) == {}
    return content(out)


def test_a_build_again_reads_and_checks_nothing(
    records: Path, out: Path, unchanged: dict[str, bytes]
) -> None:
    before = content(out)
    again = build(records, out)
    manifest = json.loads((out / "manifest.json").read_text())
    assert again["records_checked_before"] == manifest["counts"]["records"]
    assert again["records_read_before"] >= manifest["counts"]["records"]
    assert content(out) == before == unchanged


def changed_in_a_page(records: Path) -> None:
    page = records / "chictr" / "clean-single-centre-web-cn.txt"
    text = page.read_text(encoding="utf-8")
    assert "2026" in text
    page.write_text(text.replace("2026-0", "2026-1", 1), encoding="utf-8")


def changed_in_a_list(records: Path) -> None:
    file = records / "ctgov" / "v1-full-studies-answer.json"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r'("OverallStatus": ")[^"]*', r"\1Terminated", text, count=1)
    assert changed != text
    file.write_text(changed, encoding="utf-8")


def added(records: Path) -> None:
    shutil.copytree(SAMPLES / "cris", records / "cris")


def removed(records: Path) -> None:
    (records / "chictr" / "shared-hospital-and-committee-web-cn.txt").unlink()


def renamed(records: Path) -> None:
    for path in sorted((records / "chictr").iterdir()):
        path.rename(path.with_name(f"other {path.name}"))


def another_version(records: Path) -> None:
    (records / "chictr" / "history-v1.1-hv-cn.txt").unlink()


CHANGES = [changed_in_a_page, changed_in_a_list, added, removed, renamed, another_version]


@pytest.mark.parametrize(
    "change", [CHANGES[0], *later(*CHANGES[1:])], ids=lambda change: change.__name__
)
def test_after_a_change_the_output_is_that_of_a_build_from_nothing(
    change: Callable[[Path], None], records: Path, out: Path, tmp_path: Path
) -> None:
    change(records)
    known = build(records, out)
    assert known["records_read_before"] > 15  # of 27: most did not change
    assert content(out) == from_nothing(records, tmp_path / "new")


@pytest.mark.slow
def test_changes_upon_changes_and_back(records: Path, out: Path, tmp_path: Path) -> None:
    first = content(out)
    kept = tmp_path / "kept"
    shutil.copytree(records, kept)
    for change in CHANGES[:4]:
        change(records)
        build(records, out)
    assert content(out) == from_nothing(records, tmp_path / "new")
    build(kept, out)
    assert content(out) == first


# What hangs on the day is checked again: of a day later nothing, of years later much.
DAYS = later(("2026-11-23", 1, 1), ("2027-03-01", 0.5, 1), ("2001-01-01", 0, 0.9))


@pytest.mark.parametrize(("day", "least", "most"), DAYS)
def test_on_another_day_is_checked_again_what_hangs_on_it(
    day: str, least: float, most: float, records: Path, out: Path, tmp_path: Path
) -> None:
    again = build(records, out, as_of=day)["records_checked_before"]
    assert content(out) == from_nothing(records, tmp_path / "new", as_of=day)
    count = json.loads((out / "manifest.json").read_text())["counts"]["records"]
    assert least <= again / count <= most


OTHERS = ({"profile": "fdaaa"}, {"jobs": 2})


@pytest.mark.parametrize("options", later({"history": True}, *OTHERS))
def test_other_options_are_no_stale_answers(
    options: dict[str, object], records: Path, out: Path, tmp_path: Path
) -> None:
    build(records, out, **options)
    assert content(out) == from_nothing(records, tmp_path / "new", **options)


def test_other_code_knows_nothing(
    records: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "code", lambda: b"another")
    assert build(records, out)["records_read_before"] == 0


def test_a_store_that_somebody_changed_is_not_trusted(
    records: Path, out: Path, unchanged: dict[str, bytes]
) -> None:
    held = pyoxigraph.Store(str(out / "store"))
    held.add(
        pyoxigraph.Quad(
            pyoxigraph.NamedNode("https://example.org/a"),
            pyoxigraph.NamedNode("https://example.org/b"),
            pyoxigraph.Literal("not ours"),
            pyoxigraph.DefaultGraph(),
        )
    )
    held.flush()
    del held
    build(records, out)
    assert content(out) == unchanged


@pytest.mark.parametrize("damage", later(b"no database at all" * 1000, b""))
def test_a_damaged_cache_costs_time_and_nothing_else(
    damage: bytes, records: Path, out: Path, tmp_path: Path, unchanged: dict[str, bytes]
) -> None:
    (tmp_path / ".out.cache.sqlite").write_bytes(damage)
    assert build(records, out)["records_read_before"] == 0
    assert content(out) == unchanged
    assert build(records, out)["records_read_before"] > 0  # made anew


@pytest.mark.slow
def test_a_disk_that_refuses_what_is_left_for_the_next_build_costs_this_one_nothing(
    records: Path, out: Path, unchanged: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(left, "leave", refused)
        assert "No space left on device" in build(records, out)["not_kept"]  # type: ignore[operator]
    assert content(out) == unchanged
    assert build(records, out)["records_checked_before"] > 0, "the cache is what it was"
    assert content(out) == unchanged


@pytest.mark.slow
def test_a_cache_with_tables_of_others_is_made_anew(records: Path, out: Path) -> None:
    file = out.with_name(".out.cache.sqlite")
    cache.forget(file)
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE entries (theirs)")
        db.execute(f"PRAGMA user_version = {cache.FORMAT}")
    build(records, out)
    assert build(records, out)["records_read_before"] > 0


def test_an_entry_that_another_key_signed_is_not_read(tmp_path: Path) -> None:
    ours = Cache(tmp_path / "c.sqlite", b"o" * 32)
    theirs = Cache(tmp_path / "c.sqlite", b"t" * 32)
    key = ours.key(b"read", b"a record")
    shelf = Shelf(theirs, tmp_path / "new")
    shelf.put(key, "forged")
    shelf.close()
    keep(theirs, [tmp_path / "new"], shelf.used)
    assert Shelf(theirs, tmp_path / "x").find(key) == "forged"
    assert Shelf(ours, tmp_path / "y").find(key) is None


def no_text(file: Path) -> None:
    """What SQLite says of such a file is no UTF-8."""
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE", b"CREA\xd4E TABLE"))


def no_bytes(value: object) -> Callable[[Path], None]:
    """What a flipped bit in the head of a row makes of its entry."""

    def damage(file: Path) -> None:
        with sqlite3.connect(file) as db:
            schema = "CREATE TABLE entries (key BLOB PRIMARY KEY, entry)"
            db.execute("PRAGMA writable_schema = ON")
            db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'entries'", (schema,))
        with sqlite3.connect(file) as db:
            db.execute("UPDATE entries SET entry = ?", (value,))

    return damage


@pytest.mark.parametrize("damage", [no_text, *map(no_bytes, (0, None, "a text", "größer"))])
def test_a_cache_with_a_flipped_bit_is_as_good_as_none(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    place = Cache(tmp_path / "c.sqlite", b"o" * 32)
    key = place.key(b"read", b"a record")
    for n in range(2):
        shelf = Shelf(place, tmp_path / f"new{n}")
        assert shelf.find(key) is None
        shelf.put(key, "what it gives")
        shelf.close()
        keep(place, [tmp_path / f"new{n}"], shelf.used)
        assert Shelf(place, tmp_path / "none").find(key) == "what it gives"
        damage(place.file)


def test_findings_of_which_a_piece_is_lost_are_let_go_in_any_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is filled in a thread of its own, which ends before what it read is let go."""
    place = Cache(tmp_path / "c.sqlite", b"o" * 32)
    (tmp_path / "findings.nt").write_bytes(b"<x:a> <x:p> <x:b> .\n" * 3)
    monkeypatch.setattr(left, "_PIECE", 1)  # a line each
    shelf = Shelf(place, tmp_path / "new")
    left.leave(shelf, tmp_path, {}, tmp_path / "findings.nt")
    shelf.close()
    lost = shelf.used[1]
    keep(place, [tmp_path / "new"], shelf.used)
    with sqlite3.connect(place.file) as db:
        db.execute("DELETE FROM entries WHERE key = ?", (lost,))
    known = left.earlier(place, tmp_path)
    assert known is not None
    with ThreadPoolExecutor(1) as beside:
        pieces = iter(known.findings)
        assert beside.submit(next, pieces).result()
        assert beside.submit(next, pieces).result() is None
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    del known, pieces
    gc.collect()
    assert not told


def test_what_is_used_no_more_is_forgotten(records: Path, out: Path, tmp_path: Path) -> None:
    count = "SELECT COUNT(*) FROM entries"
    with sqlite3.connect(tmp_path / ".out.cache.sqlite") as db:
        (before,) = db.execute(count).fetchone()
    shutil.rmtree(records / "ctgov")
    build(records, out)
    with sqlite3.connect(tmp_path / ".out.cache.sqlite") as db:
        (after,) = db.execute(count).fetchone()
    assert 0 < after <= before - 9
    assert sorted(p.name for p in tmp_path.iterdir()) == [".out.cache.sqlite", "out", "records"]


def test_a_cache_holds_no_contact(records: Path, out: Path, tmp_path: Path) -> None:
    printed = set()
    for path in records.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            printed |= set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.-]+\w", text))
    assert len(printed) > 20
    secret = cache.contact_key()
    assert secret is not None
    place = Cache(tmp_path / ".out.cache.sqlite", secret)
    with sqlite3.connect(place.file) as db:
        entries = db.execute("SELECT key, entry FROM entries").fetchall()
    held = "\n".join(repr(place.unsealed(key, entry)) for key, entry in entries)
    assert "ethics-contact" in held  # it can be read
    assert not [address for address in printed if address in held]


@pytest.mark.slow
def test_with_contacts_nothing_is_remembered(records: Path, tmp_path: Path) -> None:
    assert build(records, tmp_path / "out", contacts=True) == {}
    assert not (tmp_path / ".out.cache.sqlite").exists()


def test_the_key_is_the_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    made = cache.contact_key()
    assert made == cache.contact_key()
    assert made is not None
    assert len(made) == 32
    (file,) = (tmp_path / "trialkg").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a file in the place of a folder")
def test_without_a_place_for_the_key_nothing_is_remembered(
    records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert build(records, tmp_path / "out") == {}


@pytest.mark.slow
def test_lines_of_an_unchanged_record_follow_its_file(
    records: Path, out: Path, tmp_path: Path
) -> None:
    """A study that moves down in its file is read anew: its lines are others."""
    file = records / "ctgov" / "v1-full-studies-answer.json"
    file.write_text("\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    build(records, out)
    assert content(out) == from_nothing(records, tmp_path / "new")
