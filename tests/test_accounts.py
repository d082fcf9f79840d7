"""Counts that cannot lie: every leaf in one column, decided by what is there afterwards."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from kg.cursor import Log
from kg.fields import Fields
from kg.reading.accounts import Account, Accounts, Leaf, account, merged, rows
from kg.reading.extraction import printed_leaves
from kg.sources.lines import Line
from kg.sources.trees import Cell, Raw, is_blank, leaves, topmost, without_indices

PATHS = st.sampled_from([f"{a}[{n}].{b}" for a in "xy" for n in range(3) for b in "pq"])
STATES = st.sampled_from(["value", "blank", "refused"])


def lines_of(*found: tuple[str, str]) -> list[Line]:
    return [Line("v", "n", "title@en", 0, "t", path, state) for path, state in found]


@given(
    st.lists(
        st.tuples(PATHS, st.sampled_from([None, "no place for it"])), unique_by=lambda t: t[0]
    ),
    st.sets(PATHS),
    st.sets(PATHS),
    st.sets(PATHS),
    st.lists(st.tuples(PATHS, STATES)),
)
def test_the_columns_always_add_up(printed, read, contacts, refused, stated):
    found = account(
        "ctgov",
        [Leaf(path, without_indices(path), why) for path, why in printed],
        read=read,
        contacts=contacts,
        refused=refused,
        lines=lines_of(*stated),
        into={},
    )
    assert sum(row.values for row in found.values()) == len(printed)
    for row in found.values():
        columns = row.in_graph + row.blank + row.issue + row.contact + row.left_out + row.unread
        assert row.values == columns + row.lost


def test_a_value_that_was_read_and_forgotten_is_lost_and_not_in_the_graph():
    log = Log("f")
    f = Fields({"a": "1", "b": "2", "c": "3"}, registry="ctgov", log=log)
    kept = f.string("a")
    f.string("b")  # read, and nothing is made of it
    assert kept is not None
    found = account(
        "ctgov",
        [Leaf(path, path, None) for path in ("a", "b", "c")],
        read=log.read,
        contacts=set(),
        refused=set(),
        lines=lines_of((kept.path, "value")),
        into={},
    )
    assert found["ctgov", "a"].in_graph == 1
    assert found["ctgov", "b"].lost == 1
    assert found["ctgov", "c"].unread == 1


def test_a_value_that_several_leaves_make_up_accounts_for_each():
    found = account(
        "ictrp",
        [Leaf("first", "first", None), Leaf("last", "last", None)],
        read=set(),
        contacts=set(),
        refused=set(),
        lines=lines_of(("first + last", "value")),
        into={},
    )
    assert all(row.in_graph == 1 for row in found.values())


def test_accounts_of_records_add_up_and_are_written_sorted():
    total: Accounts = {}
    one = {("isrctn", "b"): Account(values=2, in_graph=2), ("ctgov", "a[].x"): Account(values=1)}
    merged(total, one)
    merged(total, one)
    assert total["isrctn", "b"].values == 4
    heading, *body = rows(total)
    assert heading.split("\t")[2:4] == ["values", "in_graph"]
    assert [line.split("\t")[0] for line in body] == ["ctgov", "isrctn"]
    assert len(heading.split("\t")) == 2 + len(fields(Account))


@given(
    st.recursive(
        st.text(max_size=3) | st.integers() | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_each_leaf_has_a_path_of_its_own(tree):
    paths = [path for path, _ in leaves({"root": tree}, first=0)]
    assert len(paths) == len(set(paths))


TREES = st.recursive(
    st.sampled_from(["", " ", "x", 7, None, Cell("y", 3), Cell("", 3)]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)
LEFT_OUT = st.dictionaries(
    st.sampled_from(["", "a", "a[0]", "b", "a.b", "b[1]", "a[0].c"]),
    st.dictionaries(
        st.sampled_from(["a", "b", "a.b", "a[]", "b[].c", "a.b.c", "c", "a[].b[].c"]),
        st.sampled_from(["one", "two"]),
        max_size=3,
    ),
    max_size=3,
)


def why_left_out(path, skipped):
    """The plain definition: of the outermost cursor with a reason, that nearest to the leaf."""
    ends = [*(n for n, sign in enumerate(path) if sign in ".["), len(path)]
    for start in [0, *(n + 1 for n in ends)]:
        labels = skipped.get(path[: max(start - 1, 0)], {})
        below = [without_indices(path[start:end]) for end in ends if end > start]
        reasons = [labels[label] for label in below if label in labels]
        if reasons:
            return reasons[-1]
    return None


@given(st.dictionaries(st.sampled_from("abc"), TREES, max_size=3), LEFT_OUT)
def test_what_is_left_out_is_told_with_its_reason_and_nothing_else(tree, skipped):
    log = Log("x.json", skipped=skipped)
    found = [(leaf, line) for leaf, line in printed_leaves(Raw(tree, "x", first=0), log)]
    expected = [
        (Leaf(path, without_indices(path), why_left_out(path, skipped)), getattr(node, "line", 0))
        for path, node in leaves(tree, first=0)
        if not is_blank(node)
    ]
    assert found == expected


def test_paths_without_indices_are_those_of_all_records():
    assert without_indices("a[3].b[0]") == "a[].b[]"
    assert without_indices("注册题目") == "注册题目"


def test_a_list_of_cells_is_a_list_and_a_cell_is_not():
    log = Log("f")
    f = Fields({"one": Cell("x", 3), "two": [Cell("y", 4), Cell("z", 5)]}, registry="x", log=log)
    assert [c.text for c in f.cells("one")] == ["x"]
    assert [(c.text, c.path) for c in f.cells("two")] == [("y", "two[1]"), ("z", "two[2]")]
    assert f.cell("two") is None
    assert [i.expected for i in log.issues] == ["expected one value, found a list"]


def test_what_iswhy_left_out_below_a_cursor_says_nothing_of_what_stands_beside_it():
    tree = {"outer": {"products": [{"outer": "1", "name": "2"}], "title": "3"}, "name": "4"}
    log = Log("x.json")
    f = Fields(tree, registry="ctis", log=log, first=0)
    (product,) = f.each("outer.products")
    product.skip_below(lambda label: label in ("outer", "products"), why="no place for it")
    assert log.skipped == {"outer.products[0]": {"outer": "no place for it"}}


TREES = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.just("1") | st.just(Cell("1", 1)), max_size=2),
    lambda inner: st.dictionaries(
        st.sampled_from("abc"), inner | st.lists(inner | st.just("2"), max_size=3), max_size=3
    ),
    max_leaves=8,
)


@given(TREES, st.sets(st.sampled_from("abc")))
def test_the_topmost_labels_are_those_that_the_paths_of_leaves_meet_first(tree, wanted):
    met = set()
    for path, _ in leaves(tree, first=0):
        steps = without_indices(path).split(".")
        hits = [n for n, step in enumerate(steps, start=1) if step.removesuffix("[]") in wanted]
        met.update(".".join(steps[:n]) for n in hits[:1])
    found = topmost(tree, wanted.__contains__)
    assert {path for path, node in found if next(leaves(node), None) is not None} == met


def test_what_iswhy_left_out_of_one_row_says_nothing_of_the_next():
    """A row whose value nobody reads was once excused by its neighbour."""
    rows = {"sites": [{"a": Cell("1", 1), "b": [Cell("2", 2)]}, {"a": Cell("3", 3)}]}
    log = Log("x.txt")
    first, _ = Fields(rows, registry="chictr", log=log).each("sites")
    first.skip("a", "b", why="no place for it")
    leaves_of_rows = printed_leaves(Raw(rows, "chictr"), log)
    found = {leaf.path: leaf.left_out for leaf, _ in leaves_of_rows}
    assert found == {
        "sites[1].a": "no place for it",
        "sites[1].b[1]": "no place for it",
        "sites[2].a": None,
    }
