"""Words of the registries become codes; a word that no table knows becomes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.codes import Words

WORDS = Words.load()


@pytest.mark.parametrize(
    ("scheme", "registry", "word", "codes"),
    [
        ("study-type", "chictr", "干预性研究", "interventional"),
        ("study-type", "chictr", "Epidemilogical research", "epidemiological"),
        ("study-type", "chictr", "Health services reaserch", "health-services"),
        ("study-type", "ctgov", "EXPANDED_ACCESS", "expanded-access"),
        (
            "study-type",
            "ictrp",
            "Interventional clinical trial of medicinal product",
            "interventional",
        ),
        ("phase", "chictr", "上市后药物", "phase-4"),
        ("phase", "chictr", "探索性研究/预试验", "exploratory"),
        ("phase", "chictr", "0", "exploratory"),
        ("phase", "chictr", "1-2", "phase-1 phase-2"),
        ("phase", "chictr", "其它", "not-applicable"),
        ("phase", "chictr", "N/A", "not-applicable"),
        ("phase", "chictr", "Retrospective study", "not-applicable"),
        ("time-perspective", "chictr", "Retrospective study", "retrospective"),
        ("phase", "ctgov", "EARLY_PHASE1", "early-phase-1"),
        ("phase", "ictrp", "Phase 2/Phase 3", "phase-2 phase-3"),
        ("phase", "isrctn", "Phase III", "phase-3"),
        ("phase", "ctis", "Therapeutic exploratory (Phase II)", "phase-2"),
        ("design-model", "chictr", "随机平行对照", "parallel"),
        ("allocation", "chictr", "随机平行对照", "randomized"),
        ("allocation", "chictr", "单臂", "not-applicable"),
        ("allocation", "chictr", "Non randomized control", "non-randomized"),
        ("allocation", "cris", "RCT", "randomized"),
        ("masking", "chictr", "开放标签", "none"),
        ("masking", "chictr", "Double blinded", "double"),
        ("recruitment-status", "chictr", "正在进行", "recruiting"),
        ("recruitment-status", "ictrp", "Not Recruiting", "not-recruiting"),
        ("recruitment-status", "ctgov", "WITHHELD", "other"),
        ("recruitment-status", "isrctn", "Stopped", "terminated"),
        ("recruitment-status", "rebec", "data analysis completed", "completed"),
        ("recruitment-status", "ctis", "Authorised, not started", "not-yet-recruiting"),
        ("recruitment-status", "clinconnect", "Recruiting", "recruiting"),
        ("registration-timing", "amctr", "1008001 Prospective registration", "prospective"),
        ("registration-timing", "chictr", "补注册", "retrospective"),
        ("ethics-decision", "chictr", "Yes", "approved"),
        ("ethics-decision", "euctr", "Favourable", "approved"),
        ("ethics-decision", "ictrp", "Submitted, not yet approved", "pending"),
        ("ethics-decision", "ictrp", "Not approved", "not-approved"),
        ("design-model", "ictrp", "Case series", "case-series"),
        ("allocation", "ictrp", "Randomized controlled trial", "randomized"),
        ("primary-purpose", "ictrp", "Prognosis", "other"),
        ("outcome-type", "chictr", "附加指标", "additional"),
        ("sex", "clinconnect", "ALL", "all"),
        ("sex", "rebec", "-", "all"),
        ("institution-level", "chictr", "三甲", "tertiary-a"),
        ("specimen-fate", "chictr", "Preservation after use", "kept"),
        ("answer", "chictr", "暂未确定/Not yet", "undecided"),
        ("answer", "chictr", "有/Yes", "yes"),
        ("results-public", "chictr", "不公开/Private", "private"),
        ("audit-state", "chictr", "通过审核", "passed"),
        ("primary-purpose", "ctgov", "ECT", "education"),
        ("role", "ctgov", "STUDY_CHAIR", "study-chair"),
        ("organization-kind", "ctgov", "INDUSTRY", "company"),
    ],
)
def test_a_word_stands_for_its_codes(scheme: str, registry: str, word: str, codes: str) -> None:
    assert WORDS.concepts(scheme, registry, word) == tuple(codes.split())


@pytest.mark.parametrize(
    ("scheme", "word", "codes"),
    [
        ("answer", "是/Yes", "yes"),
        ("answer", "是Yes", "yes"),
        ("answer", "是 / Yes", "yes"),
        ("recruitment-status", "正在进行 Recruiting", "recruiting"),
        ("recruitment-status", "Recruiting正在进行", "recruiting"),
        ("phase", "其它/N/A", "not-applicable"),
        ("phase", "探索性研究/预试验/0", "exploratory"),
        ("phase", "上市后药物4", "phase-4"),
        ("study-type", "诊断试验/Diagnostic test", "diagnostic"),
        ("institution-level", "三甲Tertiary A", "tertiary-a"),
        ("design-model", "析因分组(即根据危险因素或暴露因素分组)Factorial", "exposure-groups"),
    ],
)
def test_a_word_in_two_languages_is_known_when_both_halves_agree(
    scheme: str, word: str, codes: str
) -> None:
    assert WORDS.concepts(scheme, "chictr", word) == tuple(codes.split())


@pytest.mark.parametrize(
    ("scheme", "word"),
    [
        ("answer", "是/No"),
        ("answer", "否Yes"),
        ("recruitment-status", "正在进行/Completed"),
        ("recruitment-status", "正在进行/"),
        ("recruitment-status", "正在进行 nonsense"),
        ("phase", "Phase 5"),
        ("phase", ""),
        ("answer", "是是"),
    ],
)
def test_what_no_table_knows_or_what_contradicts_itself_has_no_code(scheme: str, word: str) -> None:
    assert WORDS.concepts(scheme, "chictr", word) is None


@pytest.mark.parametrize(
    "word",
    ["Ⅲ期临床试验", "III期临床试验", "ＩＩＩ期临床试验", " iii期临床试验\u00a0", "III期临床试验\n"],
)
def test_width_case_and_blanks_make_no_difference(word: str) -> None:
    assert WORDS.concepts("phase", "chictr", word) == ("phase-3",)


def test_the_same_english_word_means_what_its_registry_means() -> None:
    assert WORDS.concepts("design-model", "chictr", "Sequential") == ("consecutive",)
    assert WORDS.concepts("design-model", "ctgov", "SEQUENTIAL") == ("sequential",)
    assert WORDS.concepts("design-model", "chictr", "Factorial") == ("exposure-groups",)
    assert WORDS.concepts("design-model", "ctgov", "FACTORIAL") == ("factorial",)
    assert WORDS.concepts("design-model", "chictr", "析因设计/Factorial") == ("factorial",)


def test_a_chictr_design_is_random_only_when_it_says_so() -> None:
    for word in ("非随机对照", "半随机对照", "单臂", "队列研究", "Parallel"):
        assert WORDS.concepts("allocation", "chictr", word) != ("randomized",), word


def test_sister_registries_use_the_words_of_the_form_they_share() -> None:
    for registry in ("itmctr", "amctr"):
        assert WORDS.concepts("sex", registry, "男女均可") == ("all",)
    assert (
        WORDS.concepts("registration-timing", "itmctr", "1008001 Prospective registration") is None
    )
    assert WORDS.concepts("sex", "ctgov", "男女均可") is None


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("浙江", "CN-ZJ"),
        ("浙江省", "CN-ZJ"),
        ("Zhejiang", "CN-ZJ"),
        ("Zhejiang Province", "CN-ZJ"),
        ("内蒙古", "CN-NM"),
        ("Inner Mongolia", "CN-NM"),
        ("广西壮族自治区", "CN-GX"),
        ("Guangxi Zhuang Autonomous Region", "CN-GX"),
        ("北京市", "CN-BJ"),
        ("Beijing", "CN-BJ"),
        ("Shaanxi", "CN-SN"),
        ("Shanxi", "CN-SX"),
        ("陕西省", "CN-SN"),
        ("山西省", "CN-SX"),
        ("Tibet", "CN-XZ"),
        ("Xizang", "CN-XZ"),
        ("香港", "CN-HK"),
        ("中国", "CN"),
        ("China", "CN"),
        ("P.R. China", "CN"),
        ("中国/China", "CN"),
        ("USA", "US"),
        ("美国", "US"),
        ("Korea, Republic of", "KR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Czech Republic", "CZ"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Côte D'Ivoire", "CI"),
        ("Georgia", "GE"),
    ],
)
def test_a_place_is_known_in_its_usual_spellings(word: str, code: str) -> None:
    for registry in ("chictr", "ctgov", "ictrp"):
        assert WORDS.concepts("place", registry, word) == (code,)


def test_hong_kong_is_a_province_on_a_chinese_form_and_a_country_in_a_list_of_countries() -> None:
    assert WORDS.concepts("place", "chictr", "Hong Kong") == ("CN-HK",)
    assert WORDS.concepts("place", "itmctr", "Taiwan") == ("CN-TW",)
    assert WORDS.concepts("place", "ictrp", "Hong Kong") == ("HK",)
    assert WORDS.concepts("place", "ctgov", "Taiwan") == ("TW",)


def test_a_registry_s_own_row_beats_the_row_for_all(tmp_path: Path) -> None:
    (tmp_path / "sex.tsv").write_text(
        "registry\tword\tconcept\tnote\n*\tBoth\tall\t\nx\tBoth\tmale\tfor the test\n"
        'chictr\t"quoted\tfemale\ta cell that begins with a quotation mark\n*\tM\tmale\t\n',
        encoding="utf-8",
    )
    words = Words.of(tmp_path)
    assert words.concepts("sex", "x", "both") == ("male",)
    assert words.concepts("sex", "y", "both") == ("all",)
    assert words.concepts("sex", "chictr", '"quoted') == ("female",)
    assert words.concepts("sex", "chictr", "M") == ("male",)


def test_a_code_list_without_a_table_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        WORDS.concepts("sexx", "chictr", "Both")


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    WORDS.concepts("phase", "chictr", text)
