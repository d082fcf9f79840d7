"""Authors with names and affiliations only: namesakes told by where else a name is seen."""

from __future__ import annotations

import pytest
from conftest import called
from resolve_corpus import Corpus

from kg.resolve import wordings
from kg.resolve.labelled.people import author_columns
from kg.resolve.names.latin_names import latin, person_name
from kg.resolve.spread import Spread, Thin, Told, Workplaces, is_short

ELSEWHERE = [f"{start}{end}" for start in ("Bal", "Cor", "Dun", "Fal") for end in "aeiou"]


def seen(names: int) -> list[tuple[str, list[str]]]:
    """Names, each at one university of its own."""
    return [(f"name {n}", [f"Nova{n} University"]) for n in range(names)]


def is_thin(spread: Spread, text: str, a: str, b: str) -> bool:
    """Whether hardly two people have a name at the place of two wordings."""
    name = person_name((text,))
    return Thin({name.key: spread.telling(name.key, (a, b))}, spread.small).at(name, name, a, b)


def test_a_name_at_one_of_many_places_has_hardly_a_namesake_there():
    ada = latin("Ada Alder")
    spread = Spread([*seen(400), (ada.key, ["Invented University", "Nova1 University"])])
    assert spread.expected(ada.key, ["invented"]) == pytest.approx(2 * 1 / 402)
    assert spread.expected(ada.key, ["university"]) is None
    assert is_thin(spread, ada.text, "Invented University", "Invented Univ.")
    assert not is_thin(spread, ada.text, "Invented University", "Nova1 University")


def test_a_name_at_many_places_has_namesakes_at_a_large_one():
    ada, large = latin("Ada Alder"), "Invented University"
    others = [(key, [*texts, large]) for key, texts in seen(100)]
    places = [f"{place} University" for place in ELSEWHERE]
    spread = Spread([*others, (ada.key, [large, *places])])
    found = spread.expected(ada.key, ["invented"])
    assert found is not None
    assert found > 1
    assert not is_thin(spread, ada.text, large, large)


@pytest.mark.parametrize(
    ("places", "names", "expected", "one", "two"),
    [(1, 8, 0.04, True, True), (5, 16, 0.24, True, False), (5, 24, 0.35, False, False)],
)
def test_two_departments_make_namesakes_likelier(places, names, expected, one, two):
    ada, at = latin("Ada Alder"), "Invented University"
    xs, ys = f"Dept. of Xs, {at}", f"Department of Ys, {at}"
    elsewhere = [f"{place} University" for place in ELSEWHERE[:places]]
    there = [(f"other {n}", [at]) for n in range(names - 1)]
    for printed, thin in (((xs, at), one), ((xs, ys), two), ((xs, ys, at), two)):
        spread = Spread([*seen(390), *there, (ada.key, [*printed, *elsewhere])])
        assert spread.expected(ada.key, ["invented"]) == pytest.approx(expected, abs=0.01)
        assert is_thin(spread, ada.text, xs, at) == thin


def test_short_and_common_chinese_names_need_a_large_corpus():
    short, long = latin("Qu Shi"), latin("Qu Shili")
    common = [latin("Wei Zhang"), latin("Xiuying Wang")]
    at = "Invented University"
    for names, tells in ((100, False), (400, True)):
        spread = Spread([*seen(names), *((of.key, [at]) for of in (short, *common, long))])
        for of in (short, *common):
            assert is_thin(spread, of.text, at, at) == tells
        assert is_thin(spread, long.text, at, at)
    assert is_short(short)
    assert not is_short(long)


def test_two_departments_of_a_common_name_are_two_people():
    xs, ys, at = "Dept. of Xs, Nova University", "Dept. of Ys, Nova University", "Nova University"
    for text, thin in (("Wei Zhang", False), ("Ada Alder", True)):
        spread = Spread([*seen(400), (latin(text).key, [xs, ys, at])])
        assert is_thin(spread, text, xs, at) == thin
        assert is_thin(Spread([*seen(400), (latin(text).key, [xs, at])]), text, xs, at)


def test_a_town_tells_a_campus_of_a_large_university():
    ada = latin("Ada Alder")
    there = [(f"other {n}", ["Univ. of Invented, Birkenfurt"]) for n in range(60)]
    places = [f"{place} University" for place in ELSEWHERE]
    here = ["Invented Univ., Alderfurt", "University of Invented, 12 Fir Road, Alderfurt"]
    spread = Spread([*seen(400), *there, (ada.key, [*here, "Univ. of Invented", *places])])
    assert is_thin(spread, ada.text, *here)
    assert not is_thin(spread, ada.text, here[0], "Univ. of Invented")
    assert not is_thin(spread, ada.text, here[0], "Birken University, Alderfurt")  # a town alone


def test_chinese_characters_say_more_than_how_far_a_name_is_spread():
    at = "Invented University"
    spread = Spread([*seen(400), (latin("Qu Shili").key, [at])])
    assert is_thin(spread, "Qu Shili", at, at)
    name = person_name(("曲示例", "Qu Shili"))
    assert not Thin({name.key: Told(frozenset({"invented"}))}).at(name, name, at, at)


@pytest.mark.parametrize("at", ["Children's Hospital", "Klinikum", "Union Hospital", "St. Mary's"])
def test_what_hospitals_of_many_cities_are_called_tells_nobody(at):
    ada = latin("Ada Alder")
    spread = Spread([*seen(400), (ada.key, [at])])
    assert not any(spread.telling(ada.key, [at]))
    assert not is_thin(spread, ada.text, at, at)


def test_wordings_are_one_place_for_people_of_one_name_only():
    places = Workplaces()
    places.join("alder", (1, 2))
    places.join("alder", (4, 3))
    places.join("alder", (2, 3))
    assert places.of("alder", (1, 2, 3, 4, 5)) == {1, 5}
    assert places.of("birch", (1, 2)) == {1, 2}


@pytest.mark.parametrize(
    ("a", "b", "staff"),
    [
        ("Nova State University", "University of Nova", 0),
        ("Nova University of Technology", "Nova University", 0),
        ("University of Nova, Alderfurt", "University of Nova, Birkenfurt", 0),
        ("University of Nova, Alderfurt", "University of Nova at Alderfurt, Alderfurt", 5000),
        ("Dept. of Xs, University of Nova", "Department of Xs University of Nova", 100),
        ("Inst. of Science, Nova Univ.", "College of Computer Science, Nova University", 5000),
        ("Nova U., Alderfurt", "University of Nova", 5000),
        ("Nova Univ., 12 Alder Road, Alderfurt", "Nova University, Alderfurt", 5000),
        ("Nova, Inc., Alderfurt", "Nova Inc.", 5000),
        ("Nova Labs. Invented", "Nova Laboratories Invented, Alderfurt", 5000),
        ("Laboratory of Xs", "Laboratory of Xs", 0),
        ("Nova Labs Research", "Nova Research Labs, Alderfurt", 5000),
        ("Trinity of Nova College, Alderfurt", "Dept. of Xs, Trinity of Nova College", 5000),
        ("Xs Department", "Xs Department", 0),
        ("Dept. of Xs, Alderfurt", "Dept. of Ys, Alderfurt", 0),
        ("Nova, Dept. of Xs", "Nova", 5000),
        ("University of Science and Technology", "Univ. of Sci. & Technol., Alderfurt", 5000),
        ("University of Science and Technology", "Medical University", 0),
        ("Medical University", "Medical University", 0),
        ("XLAB, Nova Univ., Alderfurt", "Nova Univeristy, Birkenfurt", 0),
        ("XLAB, Nova Univ.", "Nova Univeristy, Birkenfurt", 5000),
        ("XLAB, Nova Univ., Alderfurt", "YLAB, Nova Univ., Alderfurt", 5000),
        ("Hefei, Nova U.", "Nova U., Birkenfurt", 0),
        ("Nova Int. Univ.", "Nova International University", 5000),
        ("Nova Technol. Univ.", "Nova Technological University", 5000),
        ("Universiteit Nova, Alderfurt", "Nova Universität, Alderfurt", 5000),
        ("University of Nova, Canada", "University of Nova, Alderfurt", 5000),
        ("University of Nova, Canada", "University of Nova, New Zealand", 0),
        ("Novaton Univ., Novaton", "Novaton Ada Alder Univ., Novaton", 20000),
    ],
)
def test_wordings_of_universities(a, b, staff):
    assert wordings.staff(a, b) == wordings.staff(b, a) == staff


def crowded(c: Corpus) -> None:
    """Three hundred and twenty other people, each at a university of his own."""
    for n in range(320):
        record = c.record(f"C{n:03}")
        there = c.organization(record, en=f"Nova{n} University", slot="site")
        c.person(record, en=f"Ada{n} Alder{n}", at=[there])


def worked(c: Corpus, number: str, name: str, at: str, **facts: str) -> str:
    record = c.record(number)
    there = c.organization(record, en=at, slot="principal-investigator-affiliation", **facts)
    return c.person(record, en=name, at=[there])


WORDED = (
    "Invented Univ., Alderfurt",
    "University of Invented",
    "Dept. of Xs, Invented University, Alderfurt",
    "Dept. of Ys, Invented Univ., Alderfurt, Nowhere",
    "The University of Invented, Alderfurt, Nowhere",
    "Invented University, 12 Birch Road, Alderfurt",
)


def test_many_wordings_of_one_university_are_one_place_of_work():
    c = Corpus()
    crowded(c)
    people = [worked(c, f"A{n}", "Qu Shi", text) for n, text in enumerate(WORDED)]
    assert c.one(*people)
    assert ("same", "P-C5") in c.links()
    why = {link.evidence.rpartition("; ")[2] for link in c.resolved().links}
    assert "hardly a namesake among those named there" in why


def test_who_prints_two_wordings_is_not_joined_with_himself():
    c = Corpus()
    record = c.record("A1")
    at = [
        c.organization(record, en=text, slot="principal-investigator-affiliation")
        for text in ("Dept. of Xs, Invented University", "Department of Xs, Univ. of Invented")
    ]
    one = c.person(record, en="Ada Alder", at=at)
    assert not [link for link in c.resolved().links if link.left == link.right]
    assert c.one(one, worked(c, "A2", "Ada Alder", "Department of Xs, Invented University"))


def test_a_common_name_is_told_by_its_department_where_there_are_two():
    c = Corpus()
    crowded(c)
    university = [worked(c, f"A{n}", "Wei Zhang", "Invented University") for n in range(2)]
    texts = [f"Department of {of}, Invented University" for of in ("Xs", "Ys")]
    xs, ys = ([worked(c, f"{text[14]}{n}", "Zhang Wei", text) for n in range(2)] for text in texts)
    assert c.apart(*university, xs[0], ys[0])
    assert c.one(*xs)
    assert c.one(*ys)


def test_a_common_name_of_a_small_corpus_is_told_by_its_department_only():
    c = Corpus()
    university = [worked(c, f"A{n}", "Wei Zhang", "Invented University") for n in range(2)]
    text = "Department of Xs, Invented University"
    department = [worked(c, f"B{n}", "Zhang Wei", text) for n in range(2)]
    assert c.apart(university[0], university[1], department[0])
    assert c.one(*department)
    told = {link.evidence for link in c.resolved().links if link.rule == "P-C5"}
    assert told == {"Latin names agree; affiliations in equal words; one department"}


def test_a_name_of_two_hospitals_in_two_towns_is_no_one_place():
    c = Corpus()
    crowded(c)
    one = worked(c, "A1", "Qu Shi", "Invented Hospital", city="alderfurt", country="DE")
    two = worked(c, "A2", "Qu Shi", "Invented Hospital", city="birkenfurt", country="DE")
    assert c.apart(one, two)


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (("Name", "Affiliation", "Person"), (("Name",), "Affiliation", "Person")),
        (
            ("First Name", "Last-Name", "Author Affiliations", "cluster id"),
            (("First Name", "Last-Name"), "Author Affiliations", "cluster id"),
        ),
        (
            ("given", "middle", "family", "organisation", "label"),
            (("given", "middle", "family"), "organisation", "label"),
        ),
        (("name", "affiliation"), None),
        (("author", "affiliation"), None),
        (("given", "affiliation", "person"), None),
    ],
)
def test_columns_of_authors_are_known_by_many_names(columns, found):
    told = author_columns(columns)
    assert (told and told[:3]) == found


def test_a_row_that_does_not_say_who_it_is_is_not_judged(tmp_path):
    gold = tmp_path / "authors.csv"
    gold.write_text(
        "First,Last,Paper ID,Affiliation,Cluster\n"
        "Ada,Alder,1,Invented University,a\n"
        "Ada,Alder,2,Invented University,\n"
        "Bo,Birch,2,Invented University,\n"
    )
    done = called("resolve", "evaluate", gold)
    assert done.returncode == 0, done.stderr
    assert "authors: 1 mention, 1 labelled group, " in done.stdout
    assert "not judged: 2 rows" in done.stdout
    gold.write_text("name\taffiliation\nAda Alder\tInvented University\n")
    done = called("resolve", "evaluate", gold)
    assert done.returncode == 2
    assert "no column says who it is" in done.stderr
