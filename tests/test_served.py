"""The store of an output behind Oxigraph's own server: an endpoint that shares no code with kg."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from conftest import called

from kg.queries import named

SERVER = Path(sys.executable).with_name("oxigraph")

pytestmark = pytest.mark.skipif(
    not SERVER.is_file(), reason="needs Oxigraph's server: pip install oxigraph"
)


@contextlib.contextmanager
def served(store: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    command = [SERVER, "serve-read-only", "--location", store, "--bind", bind]
    with subprocess.Popen(
        [*map(str, command), "--union-default-graph"], stderr=subprocess.DEVNULL
    ) as server:
        try:
            _until_it_answers(server, f"http://{bind}/")
            yield f"http://{bind}"
        finally:
            server.terminate()


def _until_it_answers(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(requests.ConnectionError):
            requests.get(url, timeout=60)
            return
        assert server.poll() is None, "the server ended"
        time.sleep(0.1)
    pytest.fail("the server did not begin to answer")


def checksums(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_every_named_query_has_the_same_rows_there_and_the_output_stays_as_it_is(built: Path):
    before = checksums(built)
    with served(built / "store") as address:
        for name, query in named().items():
            if query.parameters:
                continue
            asked = requests.post(
                f"{address}/query",
                data={"query": query.text},
                headers={"Accept": "text/csv"},
                timeout=60,
            )
            assert asked.status_code == 200, (name, asked.text)
            here = called("query", built, "--named", name, "--format", "csv")
            assert sorted(asked.content.decode().splitlines()) == sorted(
                here.stdout.splitlines()
            ), name
        refused = requests.post(f"{address}/update", data={"update": "CLEAR ALL"}, timeout=60)
        assert refused.status_code >= 400
    assert checksums(built) == before
