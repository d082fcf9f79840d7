"""Links that alone hold a group together: which of them a person should look at."""

from __future__ import annotations

from kg.outputs.bridges import Row, bridges


def link(
    rule: str, left: tuple[str, str], right: tuple[str, str], kind: str = "organization"
) -> Row:
    """A judgement on two mentions, each with its printed name."""
    ends = (end if "/" in end else f"{end}/pi" for end in (left[0], right[0]))
    return Row("same", rule, "0.95", kind, left[1], right[1], *ends, "e", "e", "")


def names(found: list[Row]) -> list[tuple[str, str]]:
    return [(row.left, row.right) for row in found]


def test_spellings_of_one_name_are_no_question_however_a_block_was_joined():
    """One mention stands for the block, so every link of it is alone; none says more than another.

    Each record prints the name twice, so that on every link two mentions hang.
    """
    middle = ("m0", "Example Institute")
    links = []
    for n in range(1, 9):
        spelt = (f"m{n}", "The EXAMPLE institute" if n % 2 else "Example Institute")
        links += [link("O-C1", middle, spelt), link("O-C1", spelt, (f"n{n}", spelt[1]))]
    assert bridges(links) == []


def test_a_second_name_that_alone_joins_two_names_is_one():
    one = [("a1", "Example Institute"), ("a2", "Example Institute")]
    other = [("b1", "Sample House"), ("b2", "Sample House")]
    held = [link("O-C1", *one), link("O-C1", *other)]
    between = link("O-C2", one[0], other[0])
    assert bridges([*held, between]) == [between]
    assert bridges([*held, between, link("O-C2", one[1], other[1])]) == []
    assert bridges([*held, link("O-B3", one[0], other[0])]) == []


def test_one_mention_alone_is_no_half():
    one = [("a1", "Example Institute"), ("a2", "Example Institute"), ("a3", "Example Institute")]
    links = [link("O-C1", one[0], end) for end in one[1:]]
    assert bridges([*links, link("O-C2", one[0], ("b1", "Sample House"))]) == []


def test_a_name_of_a_person_is_no_proof():
    first = [("a1", "Ann Example"), ("a2", "Ann Example")]
    second = [("b1", "Ann Example"), ("b2", "Ann Example")]
    held = [link("P-B1", *first, kind="person"), link("P-B1", *second, kind="person")]
    between = link("P-C2", first[0], second[0], kind="person")
    assert names(bridges([*held, between])) == [("a1/pi", "b1/pi")]


def test_two_roles_in_one_record_are_no_question():
    first = [("r1/pi", "Ann Example"), ("r2/pi", "Ann Example")]
    second = [("r1/contact", "Ann Example"), ("r3/contact", "Ann Example")]
    held = [link("P-B1", *first, kind="person"), link("P-B1", *second, kind="person")]
    assert bridges([*held, link("P-C1", first[0], second[0], kind="person")]) == []
