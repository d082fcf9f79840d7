"""The store of a build: made from nothing or from the one before, it says the same."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from conftest import SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import store
from kg.building import filling
from kg.building.assembly import assembled
from kg.building.filling import Earlier, Filling, held
from kg.namespaces import FINDINGS
from kg.reading import intake
from kg.reading.shards import Block

DERIVED = "https://example.org/derived"
RECORDS = [f"https://example.org/record/{n}" for n in range(6)]
VALUES = st.sampled_from(['"one"', '"two"@en', "<https://example.org/three>", '"1"'])
LINES = st.lists(st.tuples(st.sampled_from("abc"), VALUES), min_size=1, max_size=6)


def text(graph: str, said: list[tuple[str, str]]) -> str:
    return "".join(
        f"<https://example.org/{s}> <https://example.org/p> {v} <{graph}> .\n" for s, v in said
    )


class Said:
    """What a build says: record versions as text on disk, and two graphs beside them."""

    def __init__(self, folder: Path, records: dict[str, list], derived: list, last: list) -> None:
        self.texts = {}
        folder.mkdir()
        for n, (graph, said) in enumerate(records.items()):
            stamp = f"{folder.name} {n // 2}"  # of a file with two records
            data = text(graph, [*said, ("file", f'"{stamp}"')]).encode()
            (folder / str(n)).write_bytes(data)
            digest = repr(sorted(set(said))).encode()
            self.texts[graph] = Block(str(folder / str(n)), 0, len(data), stamp.encode(), digest)
        self.derived, self.last = text(DERIVED, derived), text(FINDINGS, last)

    def made(self, path: Path | None, earlier: Earlier | None = None) -> Filling:
        work = path and path.with_name(f"{path.name}-work")
        if work:
            work.mkdir()
        made = Filling(path, self.texts, earlier, work)
        made.fill(DERIVED, [self.derived])
        made.finish([self.last])
        return made

    def left(self, path: Path) -> Earlier:
        """What a build leaves that said this."""
        texts = [block.text() for block in self.texts.values()]
        nquads = path.with_name(f"{path.name}.nq")
        nquads.write_text("".join(sorted("".join((*texts, self.derived)).splitlines(True))))
        findings = self.last.replace(f" <{FINDINGS}> .\n", " .\n").encode()
        return Earlier(path, held(self.texts), nquads, [findings])


SAID = st.tuples(st.dictionaries(st.sampled_from(RECORDS), LINES, min_size=1), LINES, LINES)


@pytest.mark.slow
@given(SAID, SAID)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_store_that_is_changed_says_what_a_new_one_says(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("filling")
    one, other = Said(folder / "one", *before), Said(folder / "other", *after)
    first = one.made(folder / "first")
    del first
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "MANY", 0)  # however much changed
        earlier = one.left(folder / "first")
        changed = other.made(folder / "changed", earlier)
    assert changed.changes
    said = set(changed.store)
    assert said == set(other.made(None).store)
    assert set(store.opened(folder / "first")) == set(one.made(None).store), "the old one stays"
    del changed
    assert set(store.opened(folder / "changed")) == said


def test_a_store_of_which_much_changed_is_made_anew(tmp_path):
    records = {f"https://example.org/record/{n}": [("a", '"one"')] for n in range(20)}
    before = Said(tmp_path / "before", records, [("a", '"one"')], [("a", '"one"')])
    before.made(tmp_path / "first")
    earlier = before.left(tmp_path / "first")
    for n, changes in ((2, True), (3, False)):
        some = {graph: [("b", '"two"@en')] for graph in list(records)[:n]}
        after = Said(tmp_path / f"after-{n}", {**records, **some}, [], [("b", '"one"')])
        made = after.made(tmp_path / f"second-{n}", earlier)
        assert made.changes == changes, "another file alone is no change that counts"
        assert set(made.store) == set(after.made(None).store)


def test_of_a_record_that_is_gone_no_text_stays(tmp_path):
    records = {f"https://example.org/record/{n}/1": [("a", f'"Person {n}"')] for n in range(40)}
    before = Said(tmp_path / "before", records, [], [])
    before.made(tmp_path / "first")
    earlier = before.left(tmp_path / "first")
    version, *others = records
    newer = {version.replace("/1", "/2"): [("a", '"one"')], **{v: records[v] for v in others}}
    assert Said(tmp_path / "newer", newer, [], []).made(tmp_path / "second", earlier).changes
    left = Said(tmp_path / "left", {v: records[v] for v in others}, [], [])
    made = left.made(tmp_path / "third", earlier)
    assert not made.changes, "the files of a changed store keep what was taken out of it"
    assert set(made.store) == set(left.made(None).store)


def test_a_graph_that_says_nothing_any_more_is_none(tmp_path):
    records = {RECORDS[0]: [("a", '"one"')]}
    before = Said(tmp_path / "before", records, [("a", '"one"')], [(s, '"one"') for s in "abcde"])
    before.made(tmp_path / "first")
    after = Said(tmp_path / "after", records, [("a", '"one"')], [])
    earlier = before.left(tmp_path / "first")
    changed = after.made(tmp_path / "changed", earlier)
    assert changed.changes
    assert set(changed.store) == set(after.made(None).store)
    assert pyoxigraph.NamedNode(FINDINGS) not in set(changed.store.named_graphs())


def test_without_all_findings_of_before_a_store_is_made_anew(tmp_path):
    said = Said(tmp_path / "said", {RECORDS[0]: [("a", '"one"')]}, [], [("a", '"one"')])
    said.made(tmp_path / "first")
    earlier = said.left(tmp_path / "first")
    made = said.made(tmp_path / "second", earlier._replace(findings=[*earlier.findings, None]))
    assert not made.changes
    assert set(made.store) == set(said.made(None).store)


def test_what_is_laid_out_is_what_the_store_says(tmp_path):
    read = intake.read([SAMPLES])
    versions, _ = intake.kept(read, history=True)
    work = tmp_path / "work"
    work.mkdir()
    graph = assembled(versions, path=tmp_path / "store", work=work)
    laid_out = graph.filling.laid_out
    assert laid_out.keys() == {g.value for g in graph.store.named_graphs()} - graph.texts().keys()
    for name, file in laid_out.items():
        form, named = pyoxigraph.RdfFormat.N_TRIPLES, pyoxigraph.NamedNode(name)
        dumped = graph.store.dump(format=form, from_graph=named).splitlines(keepends=True)
        assert file.read_bytes() == b"".join(sorted(dumped)), "as Oxigraph writes it, in order"
