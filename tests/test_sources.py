"""Files in: hostile, broken and strange ones are named, and the others go on."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest
from conftest import called, ending, files_up_to

from kg.errors import ToolError
from kg.issues import Issue
from kg.sources import files as module
from kg.sources.files import IN_MEMORY, Source, Unreadable, sources
from kg.sources.strangers import stranger
from kg.sources.texts import decoded, removed_characters


def names(found):
    return [item.file for item in found if isinstance(item, Source)]


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_folders_are_read_to_the_bottom_and_hidden_files_left_alone(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "deep.txt").write_bytes(b"x")
    (tmp_path / "top.txt").write_bytes(b"y")
    (tmp_path / ".hidden").write_bytes(b"z")
    assert names(sources([tmp_path])) == ["deep.txt", "top.txt"]


def test_archives_are_told_by_their_bytes_and_opened_inside_each_other(tmp_path: Path):
    inner = zipped({"folder/page.txt": b"one"})
    (tmp_path / "no-ending").write_bytes(zipped({"in.zip": inner, "two.gz": gzip.compress(b"two")}))
    found = [(s.file, s.data(99)) for s in sources([tmp_path / "no-ending"])]
    assert found == [
        ("no-ending!in.zip!page.txt", b"one"),
        ("no-ending!two.gz", b"two"),
    ]


def test_standard_input_is_a_source():
    assert names(sources([Path("-")], io.BytesIO(b"x"))) == ["standard input"]


def test_a_missing_path_is_an_error_of_the_call():
    with pytest.raises(ToolError, match="no such file"):
        list(sources([Path("does-not-exist")]))


def test_a_bomb_is_stopped_at_the_cap_and_said(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(module, "UNSUSPICIOUS", 1000)
    monkeypatch.setattr(module, "MOST_UNPACKED", 10)
    (tmp_path / "bomb.zip").write_bytes(zipped({"a.txt": b"0" * 100_000}))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"0" * 100_000))
    (tmp_path / "small.txt").write_bytes(b"fine")
    found = list(sources([tmp_path]))
    assert names(found) == ["small.txt"]
    assert {i.file for i in found if isinstance(i, Issue)} == {"bomb.zip", "bomb.gz"}


def test_archives_inside_archives_end(tmp_path: Path):
    data = b"x"
    for n in range(6):
        data = zipped({f"{n}.zip": data})
    (tmp_path / "nested.zip").write_bytes(data)
    (issue,) = sources([tmp_path])
    assert "inside each other" in issue.expected


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04broken", b"\x1f\x8bbroken", gzip.compress(bytes(range(256)), mtime=0)[:40]],
    ids=["zip", "gzip", "cut gzip"],
)
def test_a_broken_archive_is_an_issue(tmp_path: Path, data):
    (tmp_path / "x").write_bytes(data)
    (issue,) = sources([tmp_path])
    assert issue.kind == "unreadable"
    assert issue.expected


def test_a_damaged_member_of_an_archive_hides_no_other(tmp_path: Path):
    data = zipped({"a.txt": b"first", "b.txt": b"0123456789" * 9, "c.txt": b"last"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        damaged = archive.getinfo("b.txt").header_offset + 37  # in its packed bytes
    (tmp_path / "x.zip").write_bytes(data[:damaged] + b"!!" + data[damaged + 2 :])
    first, issue, last = sources([tmp_path])
    assert [first.file, issue.file, last.file] == ["x.zip!a.txt", "x.zip!b.txt", "x.zip!c.txt"]
    assert issue.kind == "unreadable"


def test_what_follows_a_bomb_is_counted(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(module, "UNSUSPICIOUS", 1000)
    monkeypatch.setattr(module, "MOST_UNPACKED", 1)
    members = {"a.txt": b"fine", "b.txt": b"0" * 100_000, "c.txt": b"x", "d.txt": b"y"}
    (tmp_path / "x.zip").write_bytes(zipped(members))
    found, issue = sources([tmp_path])
    assert found.file == "x.zip!a.txt"
    assert "2 files behind it are not read" in issue.expected


@pytest.mark.parametrize("at", [4, 0])
def test_an_archive_of_a_version_to_come_is_an_issue(tmp_path: Path, at):
    data = bytearray(zipped({"a.txt": b"x", "xl/workbook.xml": b"y"}))
    data[data.index(b"PK\x01\x02") + 6] = 99  # "version needed" in the directory
    data[4] = 99 if at else data[4]
    (tmp_path / "x").write_bytes(bytes(data))
    (issue,) = sources([tmp_path])
    assert "version" in issue.expected


def test_links_are_followed_only_to_files_of_the_same_folder(tmp_path: Path):
    (tmp_path / "outside.txt").write_bytes(b"secret")
    (tmp_path / "elsewhere").mkdir()
    inside = tmp_path / "in"
    (inside / "sub").mkdir(parents=True)
    (inside / "a.txt").write_bytes(b"a")
    (inside / "sub" / "same").symlink_to(inside / "a.txt")
    (inside / "sub" / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "itself").symlink_to(inside / "itself")
    (inside / "out").symlink_to(tmp_path / "outside.txt")
    (inside / "away").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    found = list(sources([inside]))
    assert names(found) == ["a.txt", "same"]
    assert {i.file: i.expected for i in found if isinstance(i, Issue)} == {
        "loop": "a link to a folder, which is not followed",
        "itself": "a link that leads to no file",
        "out": "a link out of the folder; give its target itself",
        "away": "a link out of the folder; give its target itself",
    }
    assert names(sources([inside / "out"])) == ["out"]  # named by the person who calls


def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    (tmp_path / "fine.txt").write_bytes(b"x")
    found = list(sources([tmp_path, tmp_path / "pipe", Path("/dev/zero")]))
    assert names(found) == ["fine.txt"]
    said = [(i.file, i.expected.split(",")[0]) for i in found if isinstance(i, Issue)]
    assert said == [
        ("pipe", "a pipe or device"),
        ("zeros", "a link out of the folder; give its target itself"),
        ("pipe", "a pipe or device"),
        ("zero", "a pipe or device"),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_permission_is_an_issue(tmp_path: Path):
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    (issue,) = sources([tmp_path])
    (tmp_path / "closed").chmod(0o700)
    assert (issue.file, "ermission" in issue.expected) == ("closed", True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_an_issue(tmp_path: Path):
    (tmp_path / "x").write_bytes(b"y")
    (tmp_path / "x").chmod(0)
    (issue,) = sources([tmp_path])
    assert "ermission" in issue.expected


def test_contacts_in_file_names_are_masked(tmp_path: Path):
    (tmp_path / "someone@example.cn.txt").write_bytes(b"x")
    (name,) = names(sources([tmp_path]))
    assert name.startswith("[contact removed]")
    assert "someone" not in name


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("\ufeff注册号".encode(), "注册号"),
        ("\ufeff注册号".encode("utf-16-le"), "注册号"),
        (b"a\r\nb\rc", "a\nb\nc"),
        ("注册号:\n甲".encode("gb18030"), "注册号:\n甲"),
    ],
)
def test_text_is_decoded_strictly(data, text):
    assert decoded(data)[0] == text


@pytest.mark.parametrize(
    "data", [b"caf\xe9 au lait", b"\x00\x01\x02", b"%PDF-1.7", b"\xff\xfe\x00\xd8"]
)
def test_other_bytes_are_refused_with_a_reason(data):
    with pytest.raises(Unreadable, match=r".{5,}"):
        decoded(data)


@pytest.mark.parametrize("charset", ["undefined", "x-unknown", "utf-16", "UTF-8"])
def test_a_charset_that_says_nothing_is_utf8(charset):
    page = f'<meta charset="{charset}">注册号'
    assert decoded(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize("charset", ["utf-7", "idna", "unicode_escape", "hex", "punycode"])
def test_a_charset_that_hides_the_text_is_refused(charset):
    with pytest.raises(Unreadable, match=f"encoding {charset}, which is not read"):
        decoded(f'<meta charset="{charset}">x'.encode())


def test_a_page_that_says_gb2312_may_hold_characters_of_gbk():
    page = '<meta charset="gb2312">注册号 镕'
    assert decoded(page.encode("gbk")) == (page, "gb18030")


def test_removed_characters_are_said_with_their_first_line():
    issue = removed_characters("f", "fine\nbell\u0007\n\u202eoverride")
    assert issue is not None
    assert (issue.line, issue.value) == (2, "2")
    assert removed_characters("f", "fine\n中文\u00a0") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("<html><head><title>登录</title></head></html>", "登录"),
        ('<script>var arg1="acw_sc__v2"</script>', "check for robots"),
        ('<form><input type="password"></form>', "login page"),
        ('<title>检索</title><span id="data-total">10</span>', "search results"),
        ("<!DOCTYPE html><body>502 Bad Gateway", "login, error or search"),
        ("注册号: Registration number: |\n |", "without its registration number"),
        ("x" * 2_000_000, "one line"),
        ("just some words", "without a registration number"),
    ],
)
def test_strangers_are_described(text, words):
    assert words in stranger(text)


@pytest.mark.parametrize("part", ["<title", "<title>", "<title></titl", "<input type ", "id ="])
def test_a_hostile_page_is_described_in_a_moment(part):
    with ending():
        assert "web page" in stranger("<p>" + part * (2_000_000 // len(part)))


def test_a_disk_without_room_to_unpack_stops_the_build_and_blames_no_archive(tmp_path: Path):
    """It was an unreadable archive once, and the build went on without its records."""
    archive, out = tmp_path / "large.json.gz", tmp_path / "out"
    archive.write_bytes(gzip.compress(b'{"studies": [' + b" " * (IN_MEMORY + 1024**2) + b"]}"))
    with files_up_to(1 << 20):
        done = called("build", archive, "-o", out)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "archives are unpacked there" in line
    assert not out.exists()


def test_a_file_that_changes_while_it_is_read_is_an_issue(tmp_path: Path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"first")
    found = []
    for one in sources([path]):
        found.append(one)
        if isinstance(one, Source):
            with path.open("ab") as file:
                file.write(b", and more")
    assert [type(one) for one in found] == [Source, Issue]
    assert "changed while it was read" in found[1].expected
    assert [type(one) for one in sources([path])] == [Source]


def test_so_is_one_that_changes_while_its_checksum_is_taken(tmp_path: Path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"first")
    os.utime(path, (1, 1))

    class Meanwhile:
        """A checksum during which somebody writes as many bytes."""

        def update(self, block: bytes) -> None:
            path.write_bytes(b"other")

        def hexdigest(self) -> str:
            return "0" * 64

    monkeypatch.setattr("kg.sources.files.hashlib.sha256", Meanwhile)
    found = list(sources([path]))
    assert [type(one) for one in found] == [Source, Issue]
    assert "changed while it was read" in found[1].expected
