"""Trees of a file, one at a time: JSON in all its forms, XML, tables; damage costs what it must."""

from __future__ import annotations

import contextlib
import io
import json
import re
import tracemalloc
import zipfile
from typing import Any

import openpyxl
import pytest
from conftest import ending, later
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.sources import json_items, table_items, xml_items
from kg.sources.files import Unreadable
from kg.sources.items import Broken, Item
from kg.sources.trees import Cell

OBJECTS = st.lists(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
            max_leaves=6,
        ),
        max_size=4,
    ),
    max_size=6,
)


def consumed(told: Any) -> None:
    for _ in told:
        pass


def trees(text: str) -> list[Any]:
    return [
        i.tree if isinstance(i, Item) else i for i in json_items.items(io.BytesIO(text.encode()))
    ]


def places(text: str) -> list[str]:
    found = json_items.items(io.BytesIO(text.encode()))
    return [i.where for i in found if isinstance(i, Item)]


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that every record is cut by their edges."""
    monkeypatch.setattr("kg.sources.texts._BLOCK", 7)


@settings(max_examples=60, deadline=None)
@given(OBJECTS, st.sampled_from([None, 2]))
def test_a_list_gives_its_objects_whatever_its_layout(objects, indent):
    assert trees(json.dumps(objects, indent=indent)) == objects


@settings(max_examples=100, deadline=None)
@given(OBJECTS, st.sampled_from([None, 2]), st.booleans())
def test_the_members_of_an_object_come_one_by_one(objects, indent, taken):
    whole = {str(n): one for n, one in enumerate(objects)} | {"list": objects}
    text = json.dumps(whole, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.sources.texts._BLOCK", 7)
        told = json_items.members(io.BytesIO(text.encode()))
        found = [(name, list(values) if taken else None) for name, values in told]
    assert [name for name, _ in found] == list(whole)
    if taken:
        assert found == [(k, v if isinstance(v, list) else [v]) for k, v in whole.items()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ends in the middle"),
        ("[1]", r"expected {, found '\['"),
        ('{"a": [1, 2', "ends in the middle"),
        ('{"a": [1 2]}', "expected , or ], found '2'"),
        ("{1: 2}", "expected a name"),
        ('{"a" 1}', "expected :, found '1'"),
        ('{"a": nope}', "Expecting value"),
        ('{"a": 1,}', "expected a name|Expecting value"),
        ('{"a": [1,]}', "Expecting value"),
        ('{"a": 1} 2', "expected nothing more, found '2'"),
        ("{}{", "expected nothing more"),
    ],
)
def test_what_is_no_whole_object_is_said_where_it_stops(text, said):
    told = json_items.members(io.BytesIO(text.encode()))
    with pytest.raises(Broken, match=said):
        consumed((name, list(values)) for name, values in told)


@settings(max_examples=40, deadline=None)
@given(OBJECTS.filter(bool))
def test_the_edges_of_blocks_never_show(objects):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.sources.texts._BLOCK", 5)
        text = json.dumps({"totalCount": 12345678, "studies": objects, "nextPageToken": "x"})
        assert trees(text) == objects
        lines = "\n".join(json.dumps(o) for o in objects)
        kept = [o for o in objects if "studies" not in o]
        if kept == objects:
            assert trees(lines) == objects


def test_records_know_their_place_in_the_file():
    assert places('{"a": 1}') == [""]
    assert places('[{"a": 1}, {"a": 2}]') == ["[0]", "[1]"]
    assert places('{"studies": [{"a": 1}, {"a": 2}]}') == ["studies[0]", "studies[1]"]
    inner = '{"FullStudiesResponse": {"NStudies": 1, "FullStudies": [{"Study": {}}]}}'
    assert places(inner) == ["FullStudiesResponse.FullStudies[0]"]
    assert places('{"a": 1}\n{"a": 2}') == ["", "line 2"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            '[{"FullStudiesResponse": {"FullStudies": [{"Study": {}}]}}]',
            "[0].FullStudiesResponse.FullStudies[0]",
        ),
        ('{"FullStudies": {"Rank": 1, "Study": {}}}', "FullStudies"),
        ('{"FullStudy": {"Rank": 1, "Study": {}}}', "FullStudy"),
        (
            '{"FullStudiesResponse": [{"FullStudies": [{"FullStudy": {"Study": {}}}]}]}',
            "FullStudiesResponse[0].FullStudies[0].FullStudy",
        ),
        ('[{"studies": [{"a": 1}]}]', "[0].studies[0]"),
        ('[[{"a": 1}]]', "[0][0]"),
    ],
)  # fmt: skip
def test_an_answer_is_unpacked_in_whatever_it_is_wrapped(text, place):
    assert places(text) == [place]


def test_a_null_in_a_list_hides_no_record_behind_it():
    text = '{"studies": [null, {"a": 1}, null, {"b": 2}, null]}'
    assert trees(text) == [{"a": 1}, {"b": 2}]
    assert places('[null, {"a": 1}]') == ["[1]"]


def test_an_object_beside_a_list_is_not_lost():
    assert trees('{"studies": [{"a": 1}], "protocolSection": {"b": 2}}') == [
        {"a": 1},
        {"protocolSection": {"b": 2}},
    ]


def notes(text: str) -> list[tuple[str, str, int, str]]:
    (item,) = json_items.items(io.BytesIO(text.encode()))
    assert isinstance(item, Item)
    return [(n.kind, n.label, n.line, n.value) for n in item.notes]


@pytest.mark.parametrize(
    "text", ['[{"a": {"b": [1, {"k": 1, "k": 2}]}}]', '{"a": {"b": [1, {"k": 1, "k": 2}]}}']
)
def test_a_name_that_stands_twice_is_said(text):
    assert trees(text) == [{"a": {"b": [1, {"k": 2}]}}]
    assert notes(text) == [("bad value", "a.b[1]", 1, "k")]


def test_a_name_that_stands_twice_in_a_record_is_said():
    assert notes('{"a": 1,\n "b": 1,\n "a": 2}') == [("bad value", "", 3, "a")]


def test_half_of_a_character_is_left_out_and_said():
    text = '{"title": "an \\ud83d\\ude00 \\ud800 end", "k\\udfff": {"\\uD800n": ["\\udc00"]}}'
    (tree,) = trees(text)
    assert tree == {"title": "an \U0001f600  end", "k": {"n": [""]}}
    assert json.dumps(tree, ensure_ascii=False).encode()
    assert notes(text) == [
        ("characters removed", "title", 1, "1"),
        ("characters removed", "", 1, "k"),
        ("characters removed", "k", 1, "n"),
        ("characters removed", "k.n[0]", 1, "1"),
    ]


@pytest.mark.slow
def test_a_record_of_millions_of_empty_lists_is_refused_before_it_is_made():
    tracemalloc.start()
    (broken,) = trees('{"a": [' + "[]," * 12_000_000 + "[]]}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "objects and lists" in str(broken)
    assert peak < 400 * 1024**2  # of which 180 MB are the text; the lists would be a gigabyte


def test_a_record_of_many_values_has_a_most_of_characters(monkeypatch):
    monkeypatch.setattr(json_items, "LARGEST_RECORD", 10_000)
    (broken,) = trees("{" + ",".join(f'"a{n}": "{n}"' for n in range(2000)) + "}")
    assert "million characters" in str(broken)


def test_many_small_objects_are_counted_in_a_moment():
    with ending():  # counting lines anew each time takes minutes
        assert len(trees("[" + "{},\n" * 400_000 + "{}]")) == 400_001


def test_thousands_of_broken_lines_are_not_thousands_of_issues():
    found = trees('{"a": 1}\n{' + "x\n" * 10_000)
    assert len(found) == 102
    assert "the rest is not read" in str(found[-1])
    (broken,) = trees('{"a": tru,\n' + "x\n" * 10_000)  # without any object one line is enough
    assert str(broken).endswith("broken lines; the rest is not read")
    assert not broken.foreign


def test_a_broken_line_costs_that_line_only():
    found = trees('{"a": 1}\n{"a": oops}\n{"a": 3}')
    assert [f for f in found if not isinstance(f, Broken)] == [{"a": 1}, {"a": 3}]
    (broken,) = [f for f in found if isinstance(f, Broken)]
    assert broken.line == 2


def test_marks_of_files_that_were_put_together_are_no_damage():
    text = '\ufeff{"a": 1}\n\ufeff{"a": 2}\ufeff [{"a": 3},\n\ufeff{"a": 4}]'
    found = list(json_items.items(io.BytesIO(text.encode())))
    assert [one.tree for one in found if isinstance(one, Item)] == [{"a": n} for n in (1, 2, 3, 4)]
    assert len(found) == 4


def test_a_cut_list_gives_what_stands_before_the_cut():
    text = json.dumps({"studies": [{"a": n} for n in range(50)]})
    *whole, broken = trees(text[: len(text) // 2])
    assert whole == [{"a": n} for n in range(len(whole))]
    assert len(whole) > 10
    assert broken.cut


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "deep|ends"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "deep"),
        ("[" * 100 + "{}" + "]" * 100, "list of objects|deep"),
        ('{"a": ' + "9" * 5000 + "}", "digits|integer"),
        ('{"a": NotANumber}', "Expecting value"),
        ("[1, 2]", "list of objects"),
        ('{"a" 1}', "expected :"),
    ],
)
def test_hostile_json_is_refused_in_words(text, words):
    *_, broken = trees(text)
    assert isinstance(broken, Broken)
    assert re.search(words, str(broken)), str(broken)


@pytest.mark.slow
def test_a_long_list_is_never_held_in_memory():
    class Endless(io.RawIOBase):
        """One list of 40,000 objects, made as it is read."""

        def __init__(self) -> None:
            self.left, self.rest = 40_000, b'{"studies": [{"a": 0}'

        def seek(self, *_: int) -> int:
            self.__init__()  # type: ignore[misc]
            return 0

        def read(self, size: int = -1) -> bytes:
            while self.left and len(self.rest) < size:
                self.left -= 1
                self.rest += b',{"a": "' + b"x" * 1000 + b'"}'
                if not self.left:
                    self.rest += b"]}"
            block, self.rest = self.rest[:size], self.rest[size:]
            return block

    tracemalloc.start()
    count = sum(1 for _ in json_items.items(Endless()))  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 40_001
    assert peak < 16 * 1024**2  # of 40 MB


# -- XML ------------------------------------------------------------------------------------------


def elements(data: str | bytes) -> list[Item | Broken]:
    return list(xml_items.items(io.BytesIO(data.encode() if isinstance(data, str) else data)))


def test_elements_become_trees_with_lines():
    (item,) = elements('<study rank="1">\n <id>x</id>\n <c>1</c><c>2</c><d k="v">t</d>\n</study>')
    assert item.tree == {
        "@rank": Cell("1", 1),
        "id": Cell("x", 2),
        "c": [Cell("1", 3), Cell("2", 3)],
        "d": {"@k": Cell("v", 3), "#text": Cell("t", 3)},
    }


def test_each_child_of_a_container_is_a_record():
    found = elements("<trials><trial><main>1</main></trial><trial/></trials>")
    assert [i.where for i in found] == ["trial[1]", "trial[2]"]
    assert [i.name for i in found] == ["trial", "trial"]


def test_a_root_around_a_container_is_no_record():
    found = elements("<root>\n<trials><trial><main>1</main></trial></trials></root>")
    assert [(i.where, i.name, i.root, i.line) for i in found] == [
        ("trial[1]", "trial", "trials", 2)
    ]
    (item, stray) = elements("<root><trials><trial><a/></trial></trials> more </root>")
    assert isinstance(item, Item)
    assert isinstance(stray, Broken)
    two = "<trials><trial>1</trial></trials>" * 2
    assert [i.where for i in elements(f"<root>{two}</root>")] == ["trial[1]", "trial[2]"]
    # A record may hold what elsewhere is a container.
    (record,) = elements("<study><id>1</id><trials><trial/></trials></study>")
    assert record.root == "study"


def test_the_declared_encoding_is_the_encoding():
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>São Paulo</b></a>'
    (item,) = elements(text.encode("iso-8859-1"))
    assert item.tree["b"].text == "São Paulo"


@pytest.mark.parametrize("label", ["GBK", "gb2312", "GB18030", "Big5", "EUC-KR", "windows-1252"])
def test_many_encodings_are_read_as_declared(label):
    word = {"EUC-KR": "임상시험", "windows-1252": "São"}.get(
        label, "試驗" if label == "Big5" else "试验"
    )
    text = f'<?xml version="1.0" encoding="{label}"?><a><b>{word}</b></a>'
    (item,) = elements(text.encode(label))
    assert item.tree["b"].text == word


@pytest.mark.parametrize(
    "label", ["utf-7", "idna", "unicode_escape", "rot13", "undefined", "x-nothing", "utf-16", "hz"]
)
def test_other_encodings_are_refused_in_one_line(label):
    found = elements(f'<?xml version="1.0" encoding="{label}"?><a><b>1</b></a>')
    assert len(found) == 1
    assert f"the encoding {label}" in str(found[0])


def test_records_before_a_byte_that_does_not_fit_are_kept():
    head = b"<?xml version='1.0' encoding='gbk'?><trials><trial><a>1</a></trial><trial>"
    item, broken = elements(head + b"\xff\xff</trial></trials>")
    assert item.tree["a"].text == "1"
    assert "gb18030" in str(broken)


@pytest.mark.parametrize("form", ["utf-16", "utf-16-le", "utf-16-be"])
def test_wide_characters_are_told_without_a_mark(form):
    (item,) = elements("<?xml version='1.0' encoding='utf-16'?><a><b>试验</b></a>".encode(form))
    assert item.tree["b"].text == "试验"


def test_an_entity_from_outside_stays_as_printed_and_is_said():
    doctype = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'
    (item,) = elements(f'{doctype}\n<a><b t="x&quot;y &nbsp;z">Caf&eacute; &amp; bar</b></a>')
    assert item.tree["b"]["#text"].text == "Caf&eacute; & bar"
    assert [(n.kind, n.label, n.line, n.value) for n in item.notes] == [
        ("bad value", "b", 2, "&nbsp;"),
        ("bad value", "b", 2, "&eacute;"),
    ]


def test_text_between_records_is_said():
    *items, broken = elements("<trials>\n<trial/>\nlost<trial/></trials>")
    assert len(items) == 2
    assert ("between" in str(broken), broken.line) == (True, 3)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("<a b='" + "x" * 20_000_000 + "'/>", "16 million"),
        *later(
            ("<a/>" * 2_000_000, "100000 elements"),
            ("<a b='' c=''/>" * 600_000, "100000 elements"),
            ("".join(f"<an-invented-name-number-{n}/>" for n in range(90_000)), "names"),
            ("<!--" + "x" * 20_000_000 + "-->", "16 million"),
        ),
    ],
    ids=["attribute", "elements", "attributes", "names", "comment"],
)
def test_a_record_of_too_much_is_refused_before_it_fills_the_memory(record, words, monkeypatch):
    monkeypatch.setattr(xml_items, "MOST_ELEMENTS", 100_000)  # the limit is ten times as high
    data = f"<trials><trial><id>1</id></trial><trial>{record}</trial></trials>".encode()
    del record
    tracemalloc.start()
    item, broken = elements(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert item.tree["id"].text == "1"
    assert words in str(broken)
    assert peak < 100 * 1024**2


def test_default_attributes_cannot_multiply_a_record():
    word = "x" * 1_000_000
    text = f'<!DOCTYPE a [<!ATTLIST b c CDATA "{word}">]><a>{"<b/>" * 1000}</a>'
    (broken,) = elements(text)
    assert "64 million" in str(broken)


def test_equal_attributes_of_two_namespaces_are_both_kept():
    (item,) = elements('<a xmlns:p="p:" xmlns:q="q:"><b p:k="1" q:k="2"/></a>')
    assert [cell.text for cell in item.tree["b"]["@k"]] == ["1", "2"]


def test_whole_records_before_a_cut_are_kept():
    *items, broken = elements("<trials><trial><id>1</id></trial><trial><id>2</i")
    assert len(items) == 1
    assert broken.cut
    *items, broken = elements("<trials><trial><id>1</id></trial>")
    assert len(items) == 1
    assert broken.cut


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
    ],
)
def test_entities_are_refused(text):
    (broken,) = elements(text)
    assert isinstance(broken, Broken)
    assert "entities" in str(broken)


def test_forbidden_characters_cost_neither_their_record_nor_those_behind_it(monkeypatch):
    text = (
        "<trials><trial><a>one \x0btwo &#x1F;&#0;three &#955;</a></trial>\n"
        '<trial x="1\x0c"><a>four &#xD800;</a></trial><trial><a>five</a></trial></trials>'
    )
    for size in (1024, 1, 2, 3, 5, 7):
        monkeypatch.setattr("kg.sources.texts._BLOCK", size)
        found = list(xml_items.items(io.BytesIO(text.encode())))
        assert [type(one) for one in found] == [Item, Item, Item]
        assert [one.tree["a"].text for one in found] == ["one two three λ", "four", "five"]
        assert found[1].tree["@x"].text == "1"
        told = [(n.kind, n.label, n.line) for one in found for n in one.notes]
        assert set(told) == {
            ("characters removed", "a", 1),
            ("characters removed", "a", 2),
            ("characters removed", "", 2),
        }


def test_blanks_before_the_declaration_cost_nothing():
    text = (
        '\n\n <?xml version="1.0" encoding="iso-8859-1"?>\n<trials><trial><a>é</a></trial></trials>'
    )
    (one,) = xml_items.items(io.BytesIO(text.encode("iso-8859-1")))
    assert isinstance(one, Item)
    assert one.tree["a"] == Cell("é", 4)


def test_a_document_type_outside_the_file_is_not_read():
    (item,) = elements('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a><b>1</b></a>')
    assert item.tree["b"] == Cell("1", 1)


def test_deep_elements_are_refused():
    (broken,) = elements("<a>" * 10_000)
    assert "deep" in str(broken)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_give_items_or_reasons(data):
    for found in (*elements(b"<trials>" + data), *json_items.items(io.BytesIO(b"{}\n"))):
        assert isinstance(found, Item | Broken)
    with contextlib.suppress(Unreadable):  # not UTF-8
        for found in json_items.items(io.BytesIO(b"[" + data)):
            assert isinstance(found, Item | Broken)


# -- tables ---------------------------------------------------------------------------------------


def rows(text: str, *, heading: bool = True) -> list[Item | Broken]:
    return list(table_items.csv_items(io.BytesIO(text.encode()), ",", heading=heading))


def test_rows_know_their_first_line_also_behind_line_breaks_in_fields():
    found = rows('TrialID,Text\nA,"one\ntwo"\nB,three\n')
    assert [(i.tree["TrialID"].text, i.line, i.where) for i in found] == [
        ("A", 2, "row 1"),
        ("B", 4, "row 2"),
    ]
    assert found[0].tree["Text"].text == "one\ntwo"


def test_a_field_of_twenty_megabytes_ends_the_reading_in_words():
    first, broken = rows("TrialID,Text\nA,x\nB," + "y" * 20_000_000 + "\nC,z\n")
    assert first.tree["TrialID"].text == "A"
    assert "larger than" in str(broken)


def test_a_row_with_too_many_fields_is_said():
    (item,) = rows("TrialID,Text\nA,x,surplus\n")
    assert [note.kind for note in item.notes] == ["bad value"]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file_silently():
    first, broken = rows('TrialID,Text\nA,x\nB,"open\nC,y\nD,z\n')
    assert first.tree["TrialID"].text == "A"
    assert (broken.line, broken.cut) == (3, True)
    assert "never closed" in str(broken)


def test_a_mark_that_is_not_doubled_is_said_and_its_neighbours_are_read():
    found = rows('TrialID,Text\nA,"say "no" now"\nB,"y\nz"\n')
    assert [i.tree["TrialID"].text for i in found] == ["A", "B"]
    assert [len(i.notes) for i in found] == [1, 0]
    assert (found[0].notes[0].line, found[1].line) == (2, 3)


def test_a_mark_that_is_not_doubled_hides_no_other_that_is_never_closed():
    first, broken = rows('TrialID,Text,More\nA,x,y\nB,"say "no" now","open\nC,y,z\n')
    assert first.tree["TrialID"].text == "A"
    assert (broken.line, "never closed" in str(broken)) == (3, True)


def test_a_row_of_too_few_fields_is_said():
    (item,) = rows("TrialID,Text,More\nA,x\n")
    assert [note.expected for note in item.notes] == ["the row has 2 of 3 columns"]


def test_columns_of_one_heading_are_all_kept():
    (item,) = rows("TrialID,Text,Text,,\nA,x,y,z,\n")
    assert {label: cell.text for label, cell in item.tree.items()} == {
        "TrialID": "A", "Text": "x", "Text (2)": "y", "column 4": "z", "column 5": ""
    }  # fmt: skip
    assert item.columns == ("TrialID", "Text", "Text", "", "")


def test_a_row_of_millions_of_empty_fields_costs_that_row_only():
    first, broken, last = rows("TrialID,Text\nA,x\n" + "," * 5_000_000 + "\nB,y\n")
    assert [i.tree["TrialID"].text for i in (first, last)] == ["A", "B"]
    assert "columns" in str(broken)


def test_blank_lines_before_the_heading_are_none():
    (item,) = rows("  \n\nTrialID,Text\nA,x\n")
    assert item.tree["TrialID"].text == "A"


def workbook(*rows_of: list[object]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows_of:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file


def test_a_formula_is_an_issue_and_no_value():
    file = workbook(
        ["TrialID", "Title"], ["A", '=HYPERLINK("http://127.0.0.1","x")'], ["B", "fine"]
    )
    found = list(table_items.workbook_items(file))
    assert [i.tree["TrialID"].text for i in found] == ["A", "B"]
    assert found[0].tree["Title"].text == ""
    assert [(n.label, n.expected) for n in found[0].notes] == [
        ("Title", "a formula; write its value")
    ]


def test_numbers_and_dates_of_a_workbook_are_what_a_person_sees():
    from datetime import datetime

    file = workbook(["TrialID", "n", "d"], ["A", 120.0, datetime(2026, 3, 1)])
    (item,) = table_items.workbook_items(file)
    assert (item.tree["n"].text, item.tree["d"].text) == ("120", "2026-03-01")


def altered(file: io.BytesIO, part: str, old: str, new: str) -> io.BytesIO:
    """A workbook with other text in one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name).decode()
            if name == part:
                assert old in text, text
                text = text.replace(old, new)
            after.writestr(name, text)
    return made


def shared(file: io.BytesIO) -> io.BytesIO:
    """A workbook whose cells share their texts, as Excel writes it."""
    texts: list[str] = []

    def taken(found: re.Match[str]) -> str:
        texts.append(found[1])
        return f't="s"><v>{len(texts) - 1}</v>'

    made = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name).decode()
            if name == SHEET:
                text = re.sub(r't="inlineStr"><is><t>(.*?)</t></is>', taken, text)
            if name.endswith("workbook.xml.rels"):
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                own = (
                    f'<Relationship Id="t" Type="{kind}/sharedStrings" Target="sharedStrings.xml"/>'
                )
                text = text.replace("</Relationships>", own + "</Relationships>")
            after.writestr(name, text)
        items = "".join(f"<si><t>{t}</t><rPh><t>hint</t></rPh></si>" for t in texts)
        after.writestr("xl/sharedStrings.xml", f"<sst>{items}</sst>")
    return made


SHEET = "xl/worksheets/sheet1.xml"
TABLE = (["TrialID", "Title"], ["A", "one"], ["B", "two"], ["C", "three"])


def read(file: io.BytesIO) -> tuple[list[str], list[str], list[str]]:
    """The numbers of the rows, the notes on them, and why the reading stopped."""
    found = list(table_items.workbook_items(file))
    items = [i for i in found if isinstance(i, Item)]
    return (
        [i.tree["TrialID"].text for i in items],
        [note.expected for i in items for note in i.notes],
        [str(b) for b in found if isinstance(b, Broken)],
    )


def test_texts_that_cells_share_are_read_without_their_hints():
    found = list(table_items.workbook_items(shared(workbook(*TABLE))))
    assert [i.tree["Title"].text for i in found] == ["one", "two", "three"]


def test_a_workbook_gives_all_rows_whatever_size_it_states():
    file = altered(workbook(*TABLE), SHEET, '<dimension ref="A1:B4"', '<dimension ref="A1:A2"')
    assert read(file) == (["A", "B", "C"], [], [])


def test_a_sheet_that_is_cut_gives_the_rows_before_the_cut():
    text = zipfile.ZipFile(workbook(*TABLE)).read(SHEET).decode()
    rest = text[text.index('<row r="4"') + 20 :]
    numbers, _, why = read(altered(workbook(*TABLE), SHEET, rest, ""))
    assert numbers == ["A", "B"]
    assert "damaged" in why[0]


@pytest.mark.parametrize("place", ["B99", "!!", "B0", "XFDXFD1", "b3"])
def test_a_bad_reference_costs_that_cell_only(place):
    numbers, said, why = read(altered(workbook(*TABLE), SHEET, 'r="B3"', f'r="{place}"'))
    assert (numbers, why) == (["A", "B", "C"], [])
    assert said == ["a cell whose reference names no place in its row"]


def test_cells_that_a_workbook_does_not_hold_are_never_made():
    far = '<row r="1048576"><c r="A1048576" t="s"><v>4</v></c><c r="XFD1048576"><v>1</v></c></row>'
    file = altered(shared(workbook(*TABLE)), SHEET, "</sheetData>", far + "</sheetData>")
    tracemalloc.start()
    numbers, said, _ = read(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024**2  # a list of as many rows alone
    assert len(numbers) == 4
    assert said == ["a value behind column 1000, which is not read"]


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("doctype", ['<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "b">'])
def test_a_document_type_in_any_part_is_refused(part, doctype):
    text = zipfile.ZipFile(shared(workbook(*TABLE))).read(part).decode()
    root = text.index("<", 2) if text.startswith("<?") else 0
    filling = "<!--" + "x" * 70_000 + "-->"
    file = altered(
        shared(workbook(*TABLE)), part, text, text[:root] + filling + doctype + text[root:]
    )
    numbers, _, why = read(file)
    assert numbers == []
    assert "declares" in why[0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('t="s"><v>3<', 't="s"><v>99999<', "points to a text"),
        ('t="s"><v>3<', 't="s"><v>-1<', "points to a text"),
        ('t="s"><v>3<', 't="n"><v>1e999<', "expected a number"),
        ('t="s"><v>3<', 't="n"><v>NaN<', "expected a number"),
        ('t="s"><v>3<', 't="b"><v>7<', "expected 0 or 1"),
        ('t="s"><v>3<', 't="e"><v>#N/A<', "an error of the workbook"),
        ('t="s"><v>3<', 't="d"><v>2026-13-01<', "expected a date"),
    ],
)
def test_a_bad_value_of_a_workbook_is_an_issue(old, new, words):
    said = [
        note.expected
        for item in table_items.workbook_items(altered(shared(workbook(*TABLE)), SHEET, old, new))
        for note in item.notes
    ]
    assert len(said) == 1
    assert words in said[0]


WHOLE = shared(workbook(*TABLE)).getvalue()  # once: openpyxl writes the time into it


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_damage_of_a_workbook_gives_rows_or_reasons(data):
    packed = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    for found in table_items.workbook_items(io.BytesIO(bytes(packed))):
        assert isinstance(found, Item | Broken)
