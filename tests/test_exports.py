"""The committed example is what a build of the samples writes today."""

from __future__ import annotations

import refresh


def test_the_committed_example_is_current(built):
    for name in refresh.COMMITTED:
        committed = (refresh.ROOT / "exports" / "samples" / name).read_bytes()
        assert committed == (built / name).read_bytes(), f"{name}: python -m tests.refresh"
