"""Names of hospitals: slots, what makes two names one, what keeps them apart. Names are invented
or, where a table of facts is asked, public ones of well-known hospitals."""

from __future__ import annotations

from itertools import combinations

import pytest
from resolve_corpus import Corpus

from kg.resolve import organization_rules as rules
from kg.resolve.labelled.organizations import grouped
from kg.resolve.names import chinese_names, english_names, english_spelling, known
from kg.resolve.names.hospitals import parsed


def slots(name: str):
    found = parsed(name).slots
    assert found is not None, name
    return found


# -- English ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("The First Affiliated Hospital, College of Medicine, Zhejiang University",
         "First Affiliated Hospital of Zhejiang University School of Medicine",
         "Zhejiang University 1st Afflicated Hosptial, Hangzhou, China"),
        ("The First Hospital of Kemingli Medical University",
         "Kemingli Medical University First Teaching Hospital"),
        ("Wuhan Invented Hospital of TCM",
         "Wuhan Invented Hospital of Traditional Chinese Medicine",
         "Wuhan Invented Chinese Medicine Hospital"),
        ("Hubei Provincial Hospital of Traditional Chinese Medicine", "Hubei Hospital of TCM"),
        ("People's Hospital of Zhengzhou", "Zhengzhou People’s Hospital"),
        ("Shanghai Jiao Tong University Affiliated Twelfth People's Hospital",
         "Shanghai 12th People's Hospital"),
        ("Ke Ming Li Hospital, Fudan University", "Kemingli Hospital of Fudan University"),
        ("He'nan Keming Hospital", "Henan Keming Hospital"),
        ("Invented Hospital, HUST",
         "Invented Hospital of Huazhong University of Science & Technology"),
        ("The Third Affiliated Hospital of the Third Military Medical University",
         "Third Affiliated Hospital, Army Medical University"),
        ("Affiliated Wuxi Children's Hospital of Jiangnan University", "Wuxi Children's Hospital"),
    ],
)  # fmt: skip
def test_spellings_of_one_hospital_are_one(names):
    assert len(set(grouped(names))) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Shaanxi Provincial People's Hospital", "Shanxi Provincial People's Hospital"),
        ("Shaanxi Kemingli Hospital", "Shanxi Kemingli Hospital"),
        ("Henan Cancer Hospital", "Hunan Cancer Hospital"),
        ("Xiangyang Central Hospital", "Xinyang Central Hospital"),
        ("Wuxi People's Hospital", "Wuxi First People's Hospital", "Wuxi Fifth People's Hospital"),
        ("Zhengzhou People's Hospital", "People's Hospital of Zhengzhou University"),
        ("The First Affiliated Hospital of Zhejiang University",
         "The First Affiliated Hospital of Zhejiang Chinese Medical University"),
        ("Chengdu University of TCM", "Affiliated Hospital of Chengdu University of TCM"),
        ("First Affiliated Hospital of Second Military Medical University",
         "Second Affiliated Hospital of First Military Medical University"),
        ("Tongji Hospital of Tongji University",
         "Tongji Hospital, Tongji Medical College, Huazhong University of Science and Technology"),
        ("Keming Hospital of West China Hospital, Sichuan University",
         "West China Hospital, Sichuan University"),
        ("Kemingli Hospital", "Kemingli Hospital East Campus", "Kemingli Hospital, Xinqu Branch"),
        ("Wuhan Kemingli Hospital", "Wuhan Kemingli Hospital, Xinqu Branch",
         "Wuhan Kemingli Hospital Hekou Branch"),
        ("Shenzhen Hospital of Southern Medical University", "Southern Medical University",
         "Beijing Hospital of Southern Medical University"),
        ("The Fifth Medical Center, Chinese PLA General Hospital", "Chinese PLA General Hospital",
         "The Sixth Medical Center of PLA General Hospital"),
        ("Suzhou Hospital of Anhui Medical University",
         "Suzhou Hospital of Nanjing Medical University"),
        ("Zhejiang Hospital", "Zhejiang Provincial Hospital"),
        ("Shanghai Children's Medical Center", "Shanghai Children's Hospital",
         "Children's Hospital of Fudan University"),
        ("Wuhan Maternal and Child Health Hospital", "Wuhan Children's Hospital"),
        ("Kemingli Hospital, Fudan University; Second Hospital of Nanjing",
         "Kemingli Hospital, Fudan University", "Second Hospital of Nanjing"),
    ],
)  # fmt: skip
def test_hospitals_that_differ_in_one_slot_stay_apart(names):
    ids = grouped(names)
    assert [(a, b) for a, b in combinations(range(len(names)), 2) if ids[a] == ids[b]] == []


def test_one_mistyped_word_is_repaired_only_in_the_closed_vocabulary():
    assert english_spelling.repaired("hopsital") == "hospital"
    assert english_spelling.repaired("uinvercity") == "university"
    for place in ("shanxi", "shaanxi", "hunan", "henan", "xiangyang", "xinyang", "jinzhou"):
        assert english_spelling.repaired(place) == place
    assert grouped(["Hunan Hospital", "Henan Hosptial"]) == ["Hunan Hospital", "Henan Hosptial"]


def test_a_department_counts_as_its_hospital_and_is_a_part_of_it():
    c = Corpus()
    whole = c.organization(c.record("A1"), None, "First Affiliated Hospital of Nanjing University")
    ward = c.organization(
        c.record("A2"), None, "Department of Care, First Affiliated Hospital of Nanjing University"
    )
    resolution = c.resolved()
    (found,) = (e for e in resolution.of_kind("organization") if ward in e.members)
    assert found.relations == {"departmentOf": resolution.refers[whole]}


def test_a_branch_is_a_part_of_its_hospital():
    c = Corpus()
    whole = c.organization(c.record("A1"), None, "Kemingli Hospital of Fudan University")
    branch = c.organization(
        c.record("A2"), None, "West Campus of Kemingli Hospital of Fudan University"
    )
    resolution = c.resolved()
    (found,) = (e for e in resolution.of_kind("organization") if branch in e.members)
    assert found.relations == {"isPartOf": resolution.refers[whole]}


def test_a_second_english_name_leads_to_its_hospital():
    both = "Wuhan Hospital of Chinese Medicine (Wuhan 7th Hospital)"
    assert len(set(grouped([both, "Wuhan Seventh Hospital"]))) == 1
    claimed = grouped(
        [both, "Wuhan Seventh Hospital", "Wuhan Keming Hospital (Wuhan 7th Hospital)"]
    )
    assert len(set(claimed)) == 3


def test_two_hospitals_in_one_field_are_joint_and_neither_of_them():
    joint = "Hebei Keming Hospital, Kemingli Hospital of Wuhan University"
    ids = grouped([joint, "Hebei Keming Hospital", "Kemingli Hospital of Wuhan University"])
    assert len(set(ids)) == 3
    glued = "Wuxi Kang Hospital, The Affiliated Wuxi Children's Hospital of Nanjing University"
    assert len(set(grouped([glued, "Wuxi Children's Hospital"]))) == 1


def test_a_name_of_two_cities_needs_its_province():
    assert parsed("Taizhou People's Hospital").level == "common"
    ids = grouped(
        [
            "Taizhou People's Hospital, Jiangsu",
            "Taizhou People's Hospital, Zhejiang",
            "People's Hospital of Taizhou, Jiangsu Province",
        ]
    )
    assert ids[0] == ids[2] != ids[1]


def test_hospitals_abroad_keep_every_word():
    a, b = "St. Mary's Hospital, London", "St. Mary's Hospital, Manchester"
    assert english_names.read(a).key != english_names.read(b).key


# -- Chinese ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("南京医科大学附属无锡儿童医院", "无锡市儿童医院"),
        ("浙江大学医学院附属第九医院", "浙江大学附属第九医院"),
        ("第三军医大学第九附属医院", "陆军军医大学附属第九医院"),
        ("首都医科大学附属北京柯明医院", "北京柯明医院"),
    ],
)
def test_chinese_names_that_fill_the_slots_alike_are_one(a, b):
    assert len(set(grouped([a, b]))) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("郑州大学人民医院", "郑州市人民医院"),
        ("南京医科大学附属无锡儿童医院", "南京医科大学附属儿童医院"),
        ("浙江大学医学院附属第九医院", "浙江中医药大学附属第九医院"),
        ("上海柯明医院", "北京柯明医院"),
        ("北京儿童医院郑州医院", "北京儿童医院"),
        ("无锡市人民医院", "无锡市第五人民医院"),
        ("上海市儿童医院", "上海儿童医学中心"),
    ],
)
def test_chinese_names_that_differ_in_a_slot_stay_apart(a, b):
    assert len(set(grouped([a, b]))) == 2


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("示例市第二医院示例市儿童医院", ["示例市第二医院", "示例市儿童医院"]),
        ("示例市第二医院〓示例市儿童医院(民营)", ["示例市第二医院", "示例市儿童医院"]),
        ("示例市第二医院/示例市儿童医院", ["示例市第二医院", "示例市儿童医院"]),
        ("示例市儿童医院(原:示例市第二医院、示例市工人医院)",
         ["示例市儿童医院", "示例市第二医院", "示例市工人医院"]),
        ("示例(集团)公司总医院〓示例市第七医院", ["示例公司总医院", "示例市第七医院"]),
    ],
)  # fmt: skip
def test_second_and_former_names_are_read_however_they_are_printed(line, names):
    found = chinese_names.read(line)
    assert {found.key, *found.second, *found.former} == {
        chinese_names.comparable(name) for name in names
    }
    assert len(set(grouped([line, *names]))) == 1


def test_a_branch_glued_to_its_hospital_is_no_second_name():
    found = chinese_names.read("示例大学附属第三医院柯明医院")
    assert found.second == ()


def test_a_chinese_and_an_english_name_of_the_same_slots_are_one():
    c = Corpus()
    zh = c.organization(c.record("A1"), "浙江大学医学院附属第九医院")
    en = c.organization(c.record("A2"), None, "Ninth Affiliated Hospital of Zhejiang University")
    other = c.organization(c.record("A3"), None, "Ninth People's Hospital of Hangzhou")
    assert c.one(zh, en)
    assert c.apart(zh, other)
    assert ("same", "O-C4") in c.links()


def test_a_chinese_proper_name_is_not_translated():
    c = Corpus()
    zh = c.organization(c.record("A1"), "杭州市柯明医院")
    assert c.apart(zh, c.organization(c.record("A2"), None, "Hangzhou Keming Hospital"))
    assert c.apart(zh, c.organization(c.record("A3"), None, "Hangzhou Hospital"))


def test_a_university_and_its_city_are_asked_about():
    c = Corpus()
    ours = c.organization(c.record("A1"), None, "Children's Hospital of Zhengzhou University")
    theirs = c.organization(c.record("A2"), None, "Zhengzhou Children's Hospital")
    assert c.apart(ours, theirs)
    assert ("possible", "O-D1") in c.links()


@pytest.mark.parametrize(
    "name",
    [
        "ang" * 3000 + " Hospital",
        "Hospital of " * 3000,
        "University " * 3000 + "Hospital",
        "示例市第二医院" * 300,
        "市" * 3000 + "医院",
        "(" * 3000 + "医院",
        "Hospital, (((" * 100,
        "=cmd|' /C calc'!A0 Hospital",
        "<script>Wuhan Hospital</script>",
        "Wuhan\x00\u202eHospital",
    ],
)
def test_a_hostile_name_is_read_and_names_nobody_else(name):
    assert isinstance(parsed(name).lines(), list)
    assert len(set(grouped([name, "Wuhan Children's Hospital", "示例市第二医院"]))) == 3


# -- tables -------------------------------------------------------------------------------------


def test_every_alias_is_claimed_by_one_row_and_has_a_source():
    seen: dict[str, int] = {}
    for number, hospital in enumerate(known.hospitals()):
        assert hospital.source
        for name in (*hospital.zh, *hospital.en):
            key = parsed(name).key
            assert seen.setdefault(key, number) == number, name
    assert len(known.hospitals()) > 50


def test_every_city_of_a_table_is_a_city():
    cities = {*known.latin_cities(), "beijing", "shanghai", "tianjin", "chongqing", "hongkong", ""}
    assert {u.city for u in known.universities()} | {h.city for h in known.hospitals()} <= cities


def test_names_of_one_row_are_one_hospital_and_say_why():
    c = Corpus()
    a = c.organization(c.record("A1"), None, "Jiangsu Province Hospital")
    b = c.organization(
        c.record("A2"), None, "First Affiliated Hospital of Nanjing Medical University"
    )
    assert c.one(a, b)
    (link,) = (k for k in c.resolved().links if k.rule == "O-B3")
    assert "jsph.org.cn" in link.evidence


def test_a_successor_of_the_table_is_asked_and_never_joined():
    c = Corpus()
    earlier = c.organization(c.record("A1"), None, "Beijing 302 Hospital")
    later = c.organization(
        c.record("A2"), None, "The Fifth Medical Center of Chinese PLA General Hospital"
    )
    elsewhere = c.organization(c.record("A3"), "贵航集团三0二医院")
    zh = c.organization(c.record("A4"), "中国人民解放军第三0二医院")
    assert c.one(earlier, zh)
    assert c.apart(earlier, later, elsewhere)
    links = [k for k in c.resolved().links if k.rule == "O-D2"]
    assert {k.decision for k in links} == {"possible"}
    assert all(elsewhere not in (k.left, k.right) for k in links)
    assert links


# -- learning -----------------------------------------------------------------------------------

ZH, EN = "示例市柯明医院", "Invented Keming Hospital of Wuhan"


def paired(*zh: str, registrants: int = 3):
    c = Corpus()
    for n, name in enumerate(zh):
        record = c.record(f"A{n}")
        c.organization(record, name, EN)
        c.person(record, f"李示例{'甲乙丙丁'[n % registrants]}", role="public-contact")
    return c, c.organization(c.record("B1"), None, EN)


def test_a_pair_that_two_registrants_print_is_learned():
    c, alone = paired(ZH, ZH)
    resolution = c.resolved()
    assert [(a.zh, a.en, a.records, a.registrants) for a in resolution.aliases] == [(ZH, EN, 2, 2)]
    assert "O-B3" in [k.rule for k in resolution.links if alone in (k.left, k.right)]


def test_a_pair_of_one_registrant_or_of_conflicts_is_not_learned():
    assert paired(ZH, ZH, registrants=1)[0].resolved().aliases == ()
    c, alone = paired(ZH, ZH, "示例市另外医院")
    resolution = c.resolved()
    assert resolution.aliases == ()
    assert not [k for k in resolution.links if alone in (k.left, k.right)]


def test_learning_needs_as_much_as_the_documentation_says():
    assert (rules.LEAST_RECORDS, rules.LEAST_REGISTRANTS, rules.LEAST_SHARE) == (2, 2, 0.9)


# -- committees -----------------------------------------------------------------------------------


def test_approval_numbers_that_open_alike_tell_which_committee_of_a_hospital_it_is():
    c = Corpus()
    a, b, d = c.record("A1"), c.record("A2"), c.record("A3")
    for record in (a, b, d):
        c.organization(record, "示例市第一人民医院")
    research = c.committee(a, "示例市第一人民医院科研伦理委员会", None, "示例一院科伦2026第7号")
    drugs = c.committee(
        b, "示例市第一人民医院药物临床试验伦理委员会", None, "示例一院药伦2026第8号"
    )
    plain = c.committee(d, "示例市第一人民医院伦理委员会", None, "示例一院科伦2026第9号")
    assert c.one(research, plain)
    assert c.apart(drugs, plain)
    assert ("same", "C-C1") in c.links()


def test_a_prefix_that_two_committees_use_tells_nothing():
    c = Corpus()
    a, b, d = c.record("A1"), c.record("A2"), c.record("A3")
    for record in (a, b, d):
        c.organization(record, "示例市第一人民医院")
    ours = c.committee(a, "示例市第一人民医院科研伦理委员会", None, "示例一院伦2026第7号")
    theirs = c.committee(b, "示例市第一人民医院药物临床试验伦理委员会", None, "示例一院伦2026第8号")
    plain = c.committee(d, "示例市第一人民医院伦理委员会", None, "示例一院伦2026第9号")
    assert c.apart(ours, theirs, plain)
    assert ("possible", "C-D1") in c.links()
