"""Rules that read text: ages, list markers, damage, names. A line of a table is a printed form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kg.check.parameters import Parameters
from kg.check.rulebook import rulebook
from kg.check.rules.age_limits import Bound, Limits, age_limits
from kg.check.rules.ages import disagrees
from kg.check.rules.names import is_name, is_titled_person, names_person
from kg.check.rules.text import RULES, damage, difference, items_of, markers
from kg.check.texts import HOLDERS, MENTIONS, NAMED, clipped, plain, texts, without_addresses
from kg.check.view import RecordView
from kg.namespaces import expand

PARAMETERS = Parameters(as_of="2026-11-22")

# X12: text | limits read from it as an inclusion criterion.
INCLUDED = """
年龄≥18岁 | ≥18
18-75岁 | 18–75
年龄18~75周岁，性别不限 | 18–75
年龄在18岁至75岁之间（含18和75岁） | 18–75
患者年龄介于３岁～１８岁 | 3–18
18≤年龄≤75岁 | 18–75
18岁<年龄<75岁 | >18 <75
年满18周岁，且不超过70周岁 | 18–70
18岁以上 | ≥18
年龄18岁及以上,75岁及以下 | 18–75
年龄：18岁（含）-65岁（含） | 18–65
年龄≥18岁，≤75岁 | 18–75
年龄≥18且≤80岁 | 18–80
6个月-14岁 | 0.5–14
计数≥80×10^3/L，年龄18-75岁 | 18–75
1.年龄≥18岁；2.≥2个可测量病灶；3.预计生存期≥8周 | ≥18
Age >=18 years when enrolled | ≥18
age\\>=18 | ≥18
Age > / = 18 years | ≥18
20 years old ≤ age ≤ 70 years old | 20–70
Aged between 18 and 75 years | 18–75
Ages 18 to 75 | 18–75
Age between ≥13 to ≤ 65 years | 13–65
18 to 75 years of age, inclusive | 18–75
Male or female, 18 years of age or older | ≥18
Age ≥ 18 years and ≤ 75 years | 18–75
older than 18 years | >18
no older than 65 years | ≤65
aged 6 months to 14 years | 0.5–14
Subjects ≥18 years of age; weight ≥ 45 kg | ≥18
Children (6-17 years old) and adults aged 18-75 years | 18–75
Age greather than or equal to 18 years and less than 65 years old | ≥18 <65
must be &gt; 19 years of age; post-menopausal defined as aged more than 50 years | >19
must be < 22 years of age. Age: <6 months; maximum serum creatinine 0.4 | <22
发病年龄≤16岁 | –
供者年龄18-60岁 | –
孕周≥37周 | –
gestational age >= 37 weeks | –
患病时间1-3年 | –
ECOG 0-2; survival over 12 weeks; disease for 5 years or more | –
age-related macular degeneration for 3 to 6 months | –
stage 2 to 3; in the management of 20 to 30 patients | –
Lansky score >= 50 for patients <= 16 years old | –
18 years of age at the time of first diagnosis | –
sudden death under 40 years of age in first degree relatives | –
Donor inclusion criteria: * Healthy; * Age ≥ 18 and ≤ 75 years | –
Donor inclusion criteria: healthy. Patient inclusion criteria: Age ≥ 18 and ≤ 65 years | 18–65
Adult arm: aged at least 18 years. Pediatric arm: aged 1 to 17 years | ≥1
Cohort A: age ≤ 17 years; cohort B: age ≥ 18 years | –
Cohort A: age ≤ 17 years; cohort B: age ≥ 18 years; cohort C: age ≥ 65 years | –
Part 1: aged 20 to under 45 years old. Part 2: aged 18 years or older | ≥18
Age 18-70 years. Patients older than 65 years need a second opinion | 18–70
Aged 65 to 79 years old, or 20 to 64 years old who refused | 20–79
Adults ≥ 18 years of age; family members currently age 4 or older | ≥4
family members age 4 or older | ≥4
Age over 19 years. Women under 50 years old would be postmenopausal if | >19
gestational age of 35 weeks; infants aged >= 38 weeks and fit | –
gestational age of 35 weeks; infants aged 28 to 36 weeks | –
born at 37 weeks of gestation; infants aged 6 to 12 weeks | 0.115–0.23
infants aged ≥ 6 weeks | ≥0.115
Age =18 years, < 75 years | –
Age 28 days to 365 days | 0.0767–0.999
age >= 6 months | ≥0.5
age >= 1 to < 21 years | ≥1 <21
"""

# The same inside exclusion criteria: what is excluded is turned round.
EXCLUDED = """
年龄<20或>80岁 | 20–80
1)年龄<16岁或年龄>80岁者;2)哺乳 | 16–80
Age < 20 or > 80 years | 20–80
未满18周岁 | ≥18
< 18 years old or = 80 years old | –
小于18岁 | ≥18
Under 18 years of age | ≥18
Patients <18 years or >75 years of age | 18–75
younger than 18 years or older than 75 years | 18–75
年龄≤17岁 | >17
75岁以上 | <75
年龄不在18-75岁之间 | 18–75
18-75岁以外 | 18–75
孕妇18-45岁 | –
预计生存期<8周 | –
吸烟史超过20年 | –
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [
        (text, expected)
        for line in table.strip().splitlines()
        for text, _, expected in (line.rpartition(" | "),)
    ]


@pytest.mark.parametrize(("text", "expected"), rows(INCLUDED))
def test_ages_are_read_from_inclusion_criteria(text, expected):
    assert str(age_limits(text)) == expected


@pytest.mark.parametrize(("text", "expected"), rows(EXCLUDED))
def test_ages_are_turned_round_in_exclusion_criteria(text, expected):
    assert str(age_limits(text, exclusion=True)) == expected


@given(st.integers(0, 60), st.integers(1, 50))
def test_a_range_means_the_same_in_every_form(low, years):
    high = low + years
    forms = (
        f"年龄{low}-{high}岁",
        f"{low}岁≤年龄≤{high}岁",
        f"年龄≥{low}岁且≤{high}岁",
        f"Age {low} to {high} years",
        f"{low} to {high} years of age",
    )
    for form in forms:
        assert age_limits(form) == Limits(Bound(low), Bound(high)), form
    assert age_limits(f"年龄<{low}岁或>{high}岁", exclusion=True) == Limits(Bound(low), Bound(high))


@given(st.text())
def test_any_text_can_be_read(text):
    age_limits(text)
    damage(text, name=True)
    difference(text, text[::-1], PARAMETERS)
    assert names_person(text, "王示例") == ("王示例" in text)


@pytest.mark.parametrize(
    ("limits", "low", "high", "expected"),
    [
        (Limits(Bound(18), Bound(75)), 18.0, 75.0, False),
        (Limits(Bound(18), None), 18.0, 75.0, True),  # one limit for two
        (Limits(Bound(18), None), 18.0, None, False),
        (Limits(Bound(18), None), 18.0, 120.0, False),  # 120 excludes nobody
        (Limits(None, Bound(14)), 0.0, 14.0, False),
        (Limits(Bound(17, open=True), None), 18.0, None, False),  # above 17
        (Limits(Bound(18, open=True), None), 18.0, None, False),
        (Limits(None, Bound(81, open=True)), None, 80.0, False),
        (Limits(Bound(19, open=True), None), 18.0, None, True),
        (Limits(Bound(18), Bound(75)), 18.0, None, True),
        (Limits(Bound(0.5), Bound(14)), 0.5, 14.0, False),
    ],
)
def test_the_age_field_agrees_or_not(limits, low, high, expected):
    assert disagrees(limits, low, high) is expected


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("(1)甲；（2）乙", (2, 0, 0)),
        ("1)甲;2)乙。3)丙, 4) 丁", (0, 4, 0)),
        ("分级:1)甲;2)乙", (0, 2, 0)),
        ("1.甲；2、乙；3.丙。 4.丁", (0, 0, 4)),
        ("1. A; 2. B\n3. C", (0, 0, 3)),
        ("３．０T扫描，层厚1.5mm，评分 2.5", (0, 0, 0)),
        ("(2031年版)；IL(12345)", (0, 0, 0)),
        ("1.回顾：(1)甲；(2)乙。2.前瞻：(1)丙", (3, 0, 2)),
        ("A1) B2) x3.", (0, 0, 0)),
    ],
)
def test_list_markers_are_counted_by_style(text, counts):
    assert tuple(markers(text).values()) == counts
    assert items_of(text) == max(counts)


@given(st.text("1234567890().、；;。 甲A"))
def test_markers_do_not_depend_on_the_width_of_characters(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert markers(wide) == markers(text)


@pytest.mark.parametrize(
    ("zh", "en", "expected"),
    [
        ("甲" * 39, "A", ""),
        ("甲" * 40, "A" * 60, ""),
        ("甲" * 40, "A" * 59, "length 1.48"),
        ("甲" * 40, "A" * 320, ""),
        ("甲" * 40, "A" * 321, "length 8.03"),
        ("(1)甲(2)乙", "(1) A", "items 2/1"),
        ("1.甲", "A", ""),  # one item is no list
        ("1.甲；2.乙", "(1) A; (2) B", ""),  # another style, as many items
        ("(1)" + "甲" * 40 + "(2)", "A", "length 0.02, items 2/0"),
        ("1 甲 2 乙 3 丙", "1. A 2. B 3. C", ""),  # bare numbers, told by their order
        ("13 甲 14 乙 15 丙", "1. A 2. B 3. C", ""),
        ("1 甲 2 乙", "1. A 2. B 3. C", "items 2/3"),
        ("甲" + " " * 80, "A", ""),  # blanks count once
    ],
)
def test_translations_are_compared_by_length_and_items(zh, en, expected):
    assert difference(zh, en, PARAMETERS) == expected


def test_thresholds_of_length_are_parameters():
    loose = Parameters(as_of="2026-11-22", ratio_min_length=10, ratio_low=1.0, ratio_high=2.0)
    assert difference("甲" * 10, "A" * 12, loose) == ""
    assert difference("甲" * 10, "A" * 9, loose) == "length 0.90"
    assert difference("甲" * 10, "A" * 21, loose) == "length 2.10"


@pytest.mark.parametrize(
    "text", ["X\\<50", "10\\^3", "a\\*b", "\\[x\\]", "a &lt; b", "a&#8804;b", "a&#xA0;b", "&amp;"]
)
def test_an_escape_is_damage(text):
    assert damage(text)


@pytest.mark.parametrize(
    "text", ["a\\b", "C:\\temp", "R&D; more", "A & B", "&unknownname;", "1.甲；2.乙", "50 < 60"]
)
def test_what_only_looks_like_an_escape_is_none(text):
    assert damage(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "CTCAE version 5.0.", "from week 1 to week 15.", "before Day\n1.", "number of arms 2.",
        "1. adults. 2. ECOG performance status 0 to 2.", "aged 20 to 40.",
    ],
)  # fmt: skip
def test_a_sentence_may_end_with_a_number(text):
    assert damage(text) is None


@pytest.mark.parametrize(
    "text", ["示例。2.", "1. a 2. b 3.", "a; 3)", "甲；１２、", "b.\n4.", "a. 2. "]
)
def test_a_bare_list_number_at_the_end_is_damage(text):
    assert damage(text)


@pytest.mark.parametrize(
    "text", ["2.", "3.0", "scale 1.1", "day 123.", "甲2.", "(2)", "below 3.4."]
)
def test_a_number_that_ends_a_text_otherwise_is_none(text):
    assert damage(text) is None


@pytest.mark.parametrize("name", ["The FIrst Hospital", "CHina University", "LIang Shili"])
def test_two_capitals_and_small_letters_are_damage_in_names_only(name):
    assert damage(name, name=True)
    assert damage(name) is None


@pytest.mark.parametrize(
    "name", ["PLA Hospital", "UMass", "McExample", "IIT", "MDs of UK", "LIu", "王A"]
)
def test_ordinary_capitals_are_none(name):
    assert damage(name, name=True) is None


@given(st.text(max_size=300), st.data())
def test_an_excerpt_is_short_and_holds_the_place(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    excerpt = clipped(text, start, end)
    assert len(excerpt) <= 60
    assert "".join(text[start:end].split()) in "".join(excerpt.split())


def view(*statements: tuple[str, str, str, str]) -> RecordView:
    """A view of node, class, property and text (``text@zh``)."""
    found = []
    for node, kind, prop, value in statements:
        text, _, language = value.rpartition("@")
        subject = NamedNode("https://example.org/" + node)
        found += [
            Triple(subject, NamedNode(expand("rdf:type")), NamedNode(expand(kind))),
            Triple(subject, NamedNode(expand(prop)), Literal(text, language=language)),
        ]
    return RecordView(found)


def test_damage_is_reported_once_per_text_and_without_contacts():
    found = view(
        ("a", "tkg:OrganizationMention", "tkg:nameAsGiven", "The FIrst Hospital@en"),
        ("b", "tkg:OrganizationMention", "tkg:nameAsGiven", "The FIrst Hospital@en"),
        ("b", "tkg:OrganizationMention", "rdfs:label", "The FIrst Hospital@en"),
        ("c", "tkg:Record", "tkg:objective", "write to someone@example.cn &amp; wait@en"),
        ("c", "tkg:Record", "tkg:publicTitle", "The FIrst trial@en"),
    )
    hits = list(RULES["F01"](found, PARAMETERS))
    assert [(h.focus[-1], h.field) for h in hits] == [
        ("a", "nameAsGiven@en"),
        ("c", "objective@en"),
    ]
    assert "example.cn" not in hits[1].values["value"]
    assert "&amp;" in hits[1].values["value"]


def test_the_label_of_a_part_is_a_text_and_that_of_a_mention_is_not():
    found = view(
        ("arm", "tkg:Arm", "rdfs:label", "试验组@zh"),
        ("unnamed", "tkg:Arm", "rdfs:label", "unnamed arm@en"),
        ("person", "tkg:PersonMention", "rdfs:label", "王示例@zh"),
        ("person", "tkg:PersonMention", "tkg:nameAsGiven", "王示例@zh"),
        ("place", "dcterms:Location", "rdfs:label", "示例省@zh"),
    )
    assert [(t.node.rsplit("/", 1)[1], t.field) for t in texts(found)] == [
        ("arm", "label"),
        ("person", "nameAsGiven"),
    ]


def test_shapes_and_functions_read_the_same_texts():
    local = {name.partition(":")[2] for name in NAMED}
    for rule in ("L01", "L03"):
        for shape in rulebook().shapes[rule]:
            for query in (shape.select or "", shape.applies or ""):
                assert set(re.findall(r"tkg:(\w+)", re.split(r"\?kind IN", query)[1])) == local
    for rule in ("L01", "L02", "L03", "F01"):
        (shape,) = rulebook().shapes[rule]
        assert set(shape.targets) == set(map(expand, HOLDERS))
    (shape,) = rulebook().shapes["L04"]
    assert set(shape.targets) == set(map(expand, set(HOLDERS) - set(MENTIONS)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例计划-王示例-2024", "王示例"),
        ("负责人高新自筹", "高新"),
        ("高新 个人出资", "高新"),
        ("Example plan – Wang Shili (2025)", "Shili Wang"),
        ("grant of Dr. Shi-Li Wang", "Wang Shili"),
        ("WANG SHI LI", "Shili Wang"),
        ("José Müller's own funds", "Jose Muller"),
        ("王示例", "王 示例"),
    ],
)
def test_a_text_names_a_person(text, name):
    assert names_person(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("自选课题(自筹)", "王示例"),
        ("示例高新技术专项", "高新"),
        ("Self funding", "Wang Shili"),
        ("Wang Foundation for the study of Shili", "Wang Shili"),
        ("the new angle", "An Le"),  # letters of other words
        ("Wang", "Wang"),
        ("王氏基金", "王"),
    ],
)
def test_a_text_names_nobody(text, name):
    assert not names_person(text, name)


@pytest.mark.parametrize(
    "name", ["王示例", "欧阳示例", "Wang Shili", "J.-P. O'Example", "Van der Example"]
)
def test_names_of_people(name):
    assert is_name(name)
    assert not is_titled_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "00000001",
        "示例路1号",
        "Example Call Center",
        "示例医院",
        "Clinical Trials Office",
        "-",
        "N/A 5",
    ],
)
def test_what_is_no_name_of_a_person(name):
    assert not is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Prof. Shili Wang",
        "Dr Erika Example",
        "Erika Example, MD, PhD",
        "王示例教授",
        "王示例 主任医师",
    ],
)
def test_people_who_stand_where_an_organization_belongs(name):
    assert is_titled_person(name)


@pytest.mark.parametrize(
    "name",
    [
        "示例医院", "Dr. Example's Laboratories", "Dr. Example Pharma GmbH", "Drexample University",
        "Professor Example Hospital", "Msheireb Clinic", "医师协会", "博士公司",
        "Dr. Example and Partners in the Research of Everything",
    ],
)  # fmt: skip
def test_organizations_that_bear_a_title(name):
    assert not is_titled_person(name)


def test_plain_text_keeps_case_and_drops_width():
    assert plain("（１）ＣＡＲ－Ｔ \n 细胞") == "(1)CAR-T 细胞"
    assert without_addresses("见 https://example.org/a。然后") == "见 。然后"
