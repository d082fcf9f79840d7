"""Web pages cut into tags, texts and rows of tables, whatever their damage."""

from __future__ import annotations

import time

import pytest

from kg.markup import events, table_rows


def cells(source):
    return [[cell.text for cell in row.cells] for row in table_rows(source)]


def test_a_row_holds_its_cells_with_entities_as_characters():
    assert cells("<table><tr><th>A &amp; B<td>1&nbsp;<br>2</table>") == [["A & B", "1\n2"]]


def test_rows_inside_a_cell_come_first_and_stay_in_the_cell():
    inner, outer = table_rows("<table><tr><td>x<table><tr><td>y</table></table>")
    assert (inner.cells[0].text, outer.cells[0].text) == ("y", "x")
    assert outer.cells[0].rows == [inner]


def test_scripts_comments_and_attributes_say_nothing():
    source = "<script>'<tr><td>no'</script><!-- <td>no --><table><tr><td a=\"x>y\">yes</table>"
    assert cells(source) == [["yes"]]


def test_what_is_never_closed_ends_with_the_page():
    assert cells("<table><tr><td>a<td>b<tr><td>c<") == [["a", "b"], ["c<"]]
    assert cells("<tr><td>a") == [["a"]]
    assert list(events("a <!-- b")) == list(events("a "))


def test_a_line_number_is_that_of_the_tag():
    (row,) = table_rows("\n<table>\n<tr>\n<td>\na</td></tr></table>")
    assert (row.line, row.cells[0].line) == (3, 4)


@pytest.mark.parametrize(
    "piece", ["<table><tr><td>", "<!-- ", "<td ", "<script>", "<tr><td>x", "<"]
)
def test_time_grows_with_the_length_only(piece):
    start = time.perf_counter()
    list(table_rows(piece * 50_000))
    assert time.perf_counter() - start < 5
