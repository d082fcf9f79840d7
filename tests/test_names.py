"""Names of organizations, committees and people, read and compared. All names are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.resolve import committees, wordings
from kg.resolve.names import chinese_names, english_names, latin_names, pinyin, places
from kg.resolve.names.kinds import organization_kind
from kg.resolve.readings import ordinals_agree
from kg.resolve.trials import title_key

SAME_ORGANIZATION = [
    ("示例市第一人民医院", "示例市第1人民医院"),
    ("示例市第一人民医院", "示例市第１人民医院　"),
    ("示例市第一人民醫院", "示例市第一人民医院"),
    ("示例大学附属第一医院", "示例大学第一附属医院"),
    ("中国人民解放军第九〇七医院", "解放军第九零七医院"),
    ("中国人民解放军第九0七医院", "解放军907医院"),
    ("江苏省示例医院", "江苏示例医院"),
    ("苏州市示例医院", "苏州示例医院"),
    ("江苏省苏州市示例医院", "苏州市示例医院"),
    ("广西壮族自治区示例医院", "广西示例医院"),
    ("示例市人民医院（民营）", "示例市人民医院"),
    ("示例市人民医院(三级甲等)", "示例市人民医院"),
    ("示例市人民医院（筹）", "示例市人民医院"),
    ("示例市人民医院(组长单位)", "示例市人民医院"),
    ("示例市人民医院(SLRMYY)", "示例市人民医院"),
    ("示例市人民医院(原示例市第二医院)", "示例市人民医院"),
    ("示例市人民医院(示例医科大学附属示例医院)", "示例市人民医院"),
    ("苏州市示例医院(苏州)", "苏州市示例医院"),
    ("示例市人民医院(东院区)", "示例市人民医院东院区"),
    ("示例市人民医院〓示例市示范医院", "示例市人民医院"),
    ("示例市人民医院(本部)", "示例市人民医院"),
]
APART = [
    ("示例市第一人民医院", "示例市第二人民医院"),
    ("示例市人民医院", "示例市第一人民医院"),
    ("示例大学附属第一医院", "示例中医药大学附属第一医院"),
    ("示例大学附属第一医院", "示例大学第一医院"),
    ("示例市中医院", "示例市人民医院"),
    ("吉林省示例医院", "吉林市示例医院"),
    ("长沙县示例医院", "长沙市示例医院"),
    ("示例市人民医院", "示例县人民医院"),
    ("解放军第九〇七医院", "示例集团九〇七医院"),
    ("示例市人民医院", "示例市人民医院东院区"),
    ("示例市人民医院", "示例市人民医院心内科"),
    ("示例市人民医院(心内科)", "示例市人民医院"),
    ("示例大学", "示例大学附属医院"),
    ("示例大学附属示例医院", "示例大学附属示例医院(厦门)"),
    ("同济医院(武汉)", "同济医院(上海)"),
    ("陕西省示例医院", "山西省示例医院"),
    ("示例儿童医学中心", "示例市儿童医院"),
]


@pytest.mark.parametrize(("a", "b"), SAME_ORGANIZATION)
def test_spellings_of_one_chinese_name_have_one_key(a, b):
    assert chinese_names.read(a).key == chinese_names.read(b).key


@pytest.mark.parametrize(("a", "b"), APART)
def test_names_of_different_organizations_have_different_keys(a, b):
    ours, theirs = chinese_names.read(a), chinese_names.read(b)
    assert {ours.key, *ours.second}.isdisjoint({theirs.key, *theirs.second})


@pytest.mark.parametrize(
    "name",
    ["人民医院", "第一人民医院", "市中医院", "妇幼保健院", "附属医院", "医科大学第一附属医院"],
)
def test_a_kind_of_hospital_is_no_name(name):
    assert chinese_names.read(name).level == "generic"


@pytest.mark.parametrize("name", ["同济医院", "协和医院", "中山医院", "鼓楼区人民医院"])
def test_a_name_that_several_cities_have_needs_its_place(name):
    assert chinese_names.read(name).level == "common"


@pytest.mark.parametrize(
    "name", ["示例市人民医院", "示例大学附属医院", "中山大学附属第一医院", "河北示例医院"]
)
def test_a_name_with_its_place_or_university_says_enough(name):
    assert chinese_names.read(name).level == "full"


@pytest.mark.parametrize(
    ("content", "second"),
    [
        ("示例医科大学附属示例医院", ("示例医科大学附属示例医院",)),
        ("又名示例市示范医院", ("示例市示范医院",)),
        ("示例大学附属医院示范分院", ("示例大学附属医院示范分院",)),
        ("示例市示范医院、原示例市第二医院", ("示例市示范医院",)),
        ("原示例市第二医院", ()),
        ("曾用名:示例市第二医院", ()),
        ("东院区", ()),
        ("民营", ()),
        ("筹", ()),
        ("杭州", ()),
        ("心血管内科", ()),
        ("人民医院", ()),
        ("牵头单位", ()),
        ("lead unit", ()),
    ],
)
def test_only_a_full_name_in_brackets_is_a_second_name(content, second):
    assert chinese_names.read(f"示例市人民医院({content})").second == second


def test_former_names_are_kept_aside():
    assert chinese_names.read("示例市人民医院(原:示例市第二医院)").former == ("示例市第2医院",)


def test_parts_know_their_whole():
    assert chinese_names.read("示例市人民医院东院区").campus_of == "示例市人民医院"
    assert chinese_names.read("示例市人民医院 心血管内科").department_of == "示例市人民医院"
    assert chinese_names.read("示例市医疗中心示例医院").department_of is None


@given(st.text(max_size=40))
def test_reading_a_name_never_raises_and_keys_are_stable(text):
    key = chinese_names.read(text).key
    assert chinese_names.comparable(key) == chinese_names.comparable(chinese_names.comparable(key))
    english_names.read(text)
    committees.read(text, text)
    latin_names.han_name(text)
    latin_names.latin_agreement(text, text[::-1])
    title_key(text)
    places.city_key(text)


# -- English --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The First Affiliated Hospital of Example University",
         "first affiliated hospital, Example University"),
        ("Example 1st People's Hospital", "Example No.1 People’s Hospital"),
        ("Example First People's Hospital", "EXAMPLE FIRST PEOPLES HOSPITAL"),
        ("Example Hospital, P.R. China", "The Example Hospital"),
        ("Xi'an Example Hospital", "Xian Example Hospital"),
    ],
)  # fmt: skip
def test_spellings_of_one_english_name_have_one_key(a, b):
    assert english_names.read(a).key == english_names.read(b).key


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Shaanxi First Hospital", "Shanxi First Hospital"),
        ("First Hospital of Second Example University",
         "Second Hospital of First Example University"),
        ("Example People's Hospital", "Example First People's Hospital"),
        ("Alpha Hospital of Beta University", "Beta Hospital of Alpha University"),
        ("Example University", "Affiliated Hospital of Example University"),
        ("Example Hospital", "Example Hospital East Campus"),
    ],
)  # fmt: skip
def test_english_names_of_different_organizations_have_different_keys(a, b):
    assert english_names.read(a).key != english_names.read(b).key


@pytest.mark.parametrize(
    "name",
    ["First People's Hospital", "The Affiliated Hospital", "University Hospital", "Cancer Center"],
)
def test_an_english_kind_of_hospital_is_no_name(name):
    assert english_names.read(name).level == "generic"


@pytest.mark.parametrize(
    "name",
    ["Tongji Hospital", "Union Hospital", "Taizhou People's Hospital", "St. Mary's Hospital"],
)
def test_an_english_name_that_several_cities_have_needs_its_place(name):
    assert english_names.read(name).level == "common"


@pytest.mark.parametrize(
    "name",
    ["Research Site, Leeds", "Investigational Site 001", "Local Institution - 0012", "Study Site"],
)
def test_a_masked_site_is_recognized(name):
    assert english_names.read(name).masked


@pytest.mark.parametrize("name", ["Example Clinical Research Center", "Example Research Institute"])
def test_a_research_centre_is_no_masked_site(name):
    assert not english_names.read(name).masked


def test_a_missing_ordinal_is_not_the_first():
    zh = chinese_names.read("示例市人民医院")
    assert not ordinals_agree(zh, english_names.read("Example First People's Hospital"))
    assert ordinals_agree(zh, english_names.read("Example People's Hospital"))


# -- committees -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parent", "kind"),
    [
        ("示例市人民医院伦理委员会", "示例市人民医院", ""),
        ("示例市人民医院医学伦理委员会（IRB）", "示例市人民医院", ""),
        ("示例市人民医院伦理委员会办公室", "示例市人民医院", ""),
        ("示例市人民医院药物临床试验伦理委员会", "示例市人民医院", "drug-trials"),
        ("示例市人民医院临床研究伦理委员会", "示例市人民医院", "clinical-research"),
        ("示例市人民医院IIT伦理审查委员会", "示例市人民医院", "clinical-research"),
        ("示例市人民医院科研伦理委员会", "示例市人民医院", "research"),
        ("示例大学医学院伦理委员会", "示例大学医学院", ""),
        ("示例市人民医院", "示例市人民医院", ""),
    ],
)
def test_a_chinese_committee_is_its_parent_and_its_kind(name, parent, kind):
    read = committees.read(name, None)
    assert (read.zh.key, read.kind) == (parent, kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("IRB of Example People's Hospital", ""),
        ("Ethics Committee of the Example People's Hospital (IRB)", ""),
        ("Example People's Hospital Medical Ethics Committee", ""),
        ("Institutional Review Board (IRB) of Example People's Hospital", ""),
        ("Clinical Research Ethics Committee of Example People's Hospital", "clinical-research"),
        ("Drug Clinical Trial Ethics Committee of Example People's Hospital", "drug-trials"),
        ("The Ethics Committee for Clinical Trials of Example People's Hospital", "drug-trials"),
        ("Research Ethics Committee, Example People's Hospital", "research"),
        ("Example People's Hospital", ""),
    ],
)
def test_an_english_committee_is_its_parent_and_its_kind(name, kind):
    read = committees.read(None, name)
    assert read.en.key == english_names.read("Example People's Hospital").key
    assert read.kind == kind


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("伦理委员会", "Ethics Committee"),
        ("医学伦理委员会", None),
        (None, "Institutional Review Board"),
        ("人民医院伦理委员会", None),
        ("上海市临床研究伦理委员会", None),
    ],
)
def test_a_committee_without_a_parent_identifies_nothing(zh, en):
    assert committees.read(zh, en).parent == ""


# -- people ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "agreement"),
    [
        ("Chen Shili", "Shili Chen", "agree"),
        ("Chen Shi-li", "CHEN SHILI", "agree"),
        ("Chen Shi Li", "Shili Chen", "agree"),
        ("ChenYi", "Yi Chen", "agree"),
        ("Chen, Yi", "Yi Chen", "agree"),
        ("Lyu Yi", "Lv Yi", "agree"),
        ("LÜ Yi", "Lu Yi", "agree"),
        ("Chen Shili, PhD", "Shili Chen", "agree"),
        ("Chen SL", "Chen Shili", "unclear"),
        ("S. Chen", "Shili Chen", "unclear"),
        ("Chen Shili", "Chen Shilli", "unclear"),
        ("Chen Yi", "Wang Yi", "differ"),
        ("Chen Shili", "Chen Fanli", "differ"),
    ],
)
def test_order_and_joining_of_latin_names_do_not_count(a, b, agreement):
    assert latin_names.latin_agreement(a, b) == agreement
    assert latin_names.latin_agreement(b, a) == agreement


# No v and y: lyu and lv are one letter of ü.
_WORD = st.text("abcdefghijklmnopqrstuwxz", min_size=5, max_size=8)


@given(_WORD, _WORD, st.integers(0, 7), st.sampled_from("abcxz"), st.sampled_from("odit"))
def test_one_mistyped_letter_never_tells_two_names_apart(word, other, at, letter, how):
    at %= len(word) - 1
    typed = {
        "other": word[:at] + letter + word[at + 1 :],
        "dropped": word[:at] + word[at + 1 :],
        "inserted": word[:at] + letter + word[at:],
        "turned": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    }
    (wrong,) = (text for kind, text in typed.items() if kind[0] == how)
    assert latin_names.latin_agreement(f"{word} {other}", f"{other} {wrong}") != "differ"
    assert latin_names.latin_agreement(f"{other} {wrong}", f"{word} {other}") != "differ"


@given(
    st.lists(st.sampled_from(["chen", "shi", "li", "yi", "lyu", "wang"]), min_size=1, max_size=3)
)
def test_a_name_turned_round_has_the_same_block(tokens):
    assert latin_names.latin_key(" ".join(tokens)) == latin_names.latin_key(
        " ".join(tokens[1:] + tokens[:1])
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("示例市妇幼保健院", "hospital"),
        ("示例儿童医学中心", "hospital"),
        ("示例大学医学院", "university"),
        ("示例医学科学院", "research-institute"),
        ("示例大学附属医院", "hospital"),
        ("示例医药有限公司", "company"),
        ("示例省疾病预防控制中心", "government"),
        ("示例市科学技术局", "government"),
        ("示例慈善基金会", "foundation"),
        ("示例协作组", "network"),
        ("示例", "unknown"),
    ],
)
def test_the_last_word_of_a_chinese_name_tells_the_kind(name, kind):
    assert organization_kind(name, None) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("First Hospital of Example University", "hospital"),
        ("Example Medical Center", "hospital"),
        ("Example University School of Medicine", "university"),
        ("National Institute of Examples", "research-institute"),
        ("Example Pharmaceutical Co., Ltd.", "company"),
        ("Example Center for Disease Control and Prevention", "government"),
        ("Example Foundation", "foundation"),
        ("Example Oncology Group", "network"),
        ("Example", "unknown"),
    ],
)
def test_words_of_an_english_name_tell_the_kind(name, kind):
    assert organization_kind(None, name) == kind


# -- Chinese people in Latin letters --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("单示例", "Shan Shili"),
        ("曾示例", "Shili ZENG"),
        ("解示例", "Xie, Shi-Li"),
        ("翟示例", "zhaishili"),
        ("尉迟示例", "Yuchi Shili"),
        ("单于示例", "Shili Chanyu"),
        ("吕示例", "Lv Shili"),
        ("吕示例", "LYU Shili"),
        ("吕示例", "Shili Lü"),
        ("吕示例", "Lui Shili"),
        ("陈绿", "Chen Lyu"),
        ("陈女", "CHEN NYU"),
        ("陈重", "Chong Chen"),
        ("陈重", "Chen Zhong"),
        ("陳示例", "Chen Shili"),
    ],
)
def test_every_legal_spelling_of_a_chinese_name_is_accepted(name, latin):
    plain = latin_names.han_name(name)
    assert latin_names.han_agreement(plain, latin) == "agree"
    assert latin_names.latin_key(latin) in latin_names.han_keys(plain)


@pytest.mark.parametrize(
    ("name", "latin", "agreement"),
    [
        ("单示例", "Dan Shili", "differ"),
        ("曾示例", "Ceng Shili", "unclear"),
        ("陈示例", "Chen SL", "unclear"),
        ("陈示例", "Wang Shili", "differ"),
    ],
)
def test_a_wrong_reading_or_initials_are_no_agreement(name, latin, agreement):
    assert latin_names.han_agreement(name, latin) == agreement


def test_the_table_of_surnames_holds_each_once_and_legal_syllables_only():
    table = pinyin.surname_table()
    assert len(table) > 150
    for readings in table.values():
        for reading in readings:
            assert pinyin.syllables(latin_names.plain_u(reading)), reading


@pytest.mark.parametrize(
    ("a", "b", "staff"),
    [
        ("Example Hospital", "Exemplary Hospital", 0),
        ("First Hospital of Exampleton", "Second Hospital of Exampleton", 0),
        ("Department of Surgery", "Department of Surgery", 0),
        ("Example University", "School of Medicine, Example University", 5000),
        (
            "Dept. of Xs, Example Univ., Exampleton, PR China",
            "Department of Xs, Example University",
            100,
        ),
        ("Department of Xs, Example University", "Department of Ys, Example University", 5000),
        ("Department of Xs, Example University", "Department of Xs, Sample University", 0),
        ("Invented Research Asia", "Invented Research", 20000),
    ],
)
def test_wordings_of_affiliations_name_one_place_or_may_name_two(a, b, staff):
    assert wordings.staff(a, b) == wordings.staff(b, a) == staff
