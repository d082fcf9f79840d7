"""Web pages cut into tags, texts and rows of tables, whatever their damage."""

from __future__ import annotations

import pytest
from conftest import SAMPLES, ending, extracted

from kg.sources.markup import events, table_rows
from kg.statements import crossed


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


def test_what_stands_in_a_text_area_is_text():
    source = "<table><tr><td>\n<textarea\nname=x>\n1 <td>2</td> &lt; 3</TEXTAREA><td>4</table>"
    assert cells(source) == [["1 <td>2</td> < 3", "4"]]
    (text,) = [event for event in events(source) if "2" in event.text]
    assert (text.sort, text.line) == ("text", 3)
    assert cells("<tr><td><textarea>a<td>") == [["a<td>"]]


def test_what_is_never_closed_ends_with_the_page():
    assert cells("<table><tr><td>a<td>b<tr><td>c<") == [["a", "b"], ["c<"]]
    assert cells("<tr><td>a") == [["a"]]
    assert list(events("a <!-- b")) == list(events("a "))


def test_a_line_number_is_that_of_the_tag():
    (row,) = table_rows("\n<table>\n<tr>\n<td>\na</td></tr></table>")
    assert (row.line, row.cells[0].line) == (3, 4)


class Searched(str):
    """A text that counts how many of its characters were looked at, how often so ever."""

    characters = 0

    def find(self, wanted, start=0, end=None):
        end = len(self) if end is None else min(end, len(self))
        found = super().find(wanted, start, end)
        self.characters += (found if found >= 0 else end) - start
        return found

    def count(self, wanted, start=0, end=None):
        end = len(self) if end is None else end
        self.characters += end - start
        return super().count(wanted, start, end)


@pytest.mark.parametrize(
    "piece", ["<table><tr><td>", "<!-- ", "<td ", "<script>", "<textarea>", "<tr><td>x", "<"]
)
def test_no_part_of_a_page_is_searched_again_and_again(piece):
    page = Searched(piece * 50_000)
    with ending():
        list(table_rows(page))
    assert page.characters < 8 * len(page)


def test_a_page_saved_in_ascii_says_what_the_page_says():
    data = (SAMPLES / "chictr" / "repeated-sites-html.html").read_bytes()
    saved = data.decode().encode("ascii", "xmlcharrefreplace")
    assert saved != data
    (page,), (copy,) = extracted(data, "x.html"), extracted(saved, "x.html")
    told = [set(crossed(found.record).quads) for found in (page, copy)]
    assert all("sourceSha256" in line for line in told[0] ^ told[1])
