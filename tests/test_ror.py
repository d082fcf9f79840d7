"""ROR: dumps read, and which entry a name or an affiliation means. Hospitals are invented; their
universities and cities are public ones."""

from __future__ import annotations

import json
import zipfile

import pytest
from conftest import called
from resolve_corpus import Corpus

from kg.errors import ToolError
from kg.resolve import ror, ror_dump
from kg.resolve.names import english_names


def record(n: int, name: str, city: str, *, country: str = "CN", **more):
    return {
        "id": f"https://ror.org/0000000{n:02d}",
        "status": "active",
        "locations": [{"geonames_details": {"name": city, "country_code": country}}],
        "names": [{"value": name, "types": ["label"], "lang": "en"}],
        "relationships": [],
        **more,
    }


TWO = [
    record(1, "Zhongshan Hospital", "Shanghai"),
    record(2, "Zhongshan Hospital", "Guangzhou"),
    record(3, "Wuxi Second Hospital", "Wuxi"),
    record(4, "Old Hospital", "Wuxi", status="withdrawn"),
    record(5, "Princess Example Hospital", "Hong Kong", country="HK"),
]


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "ror.json"
    path.write_text(json.dumps(TWO), encoding="utf-8")
    return path


def test_all_forms_of_a_dump_are_read_alike(dump, tmp_path):
    expected = ror_dump.imported(dump)
    assert [o.ror[-2:] for o in expected] == ["01", "02", "03", "05"]
    lines = tmp_path / "ror.jsonl"
    lines.write_text("\n".join(map(json.dumps, TWO)), encoding="utf-8")
    packed = tmp_path / "v1-ror-data.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(dump, "v1-ror-data_schema_v2.json")
        archive.writestr("v1-ror-data.json", "[]")
    old = tmp_path / "v1.json"
    first = [
        {"id": r["id"], "name": r["names"][0]["value"], "status": r["status"],
         "country": {"country_code": r["locations"][0]["geonames_details"]["country_code"]},
         "addresses": [{"city": r["locations"][0]["geonames_details"]["name"]}]}
        for r in TWO
    ]  # fmt: skip
    old.write_text(json.dumps(first), encoding="utf-8")
    table = tmp_path / "ror.tsv"
    ror_dump.write(expected, table)
    for path in (lines, packed, old, table):
        assert ror_dump.imported(path) == expected, path


def test_a_dump_as_ror_packs_it_today_is_read(tmp_path):
    """One JSON beside a CSV, schema 2.1; the seat is the first of several places."""
    made = record(7, "Sample Hospital", "Wuhan")
    made["locations"].append({"geonames_details": {"name": "Wuxi", "country_code": "CN"}})
    made["names"] += [
        {"value": "示例医院", "types": ["label", "ror_display"], "lang": "zh"},
        {"value": "SH", "types": ["acronym"], "lang": None},
        {"value": "Sample | Hospital\n", "types": ["alias"], "lang": None},
    ]
    packed = tmp_path / "v2.1-2026-09-15-ror-data.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__MACOSX/._v2.1-ror-data.json", "\x00")
        archive.writestr("v2.1-2026-09-15-ror-data.json", json.dumps([made, made]))
        archive.writestr("v2.1-2026-09-15-ror-data.csv", "id,name")
    (found,) = ror_dump.imported(packed)
    assert (found.country, found.city) == ("CN", "Wuhan")
    assert found.names == ("示例医院", "Sample Hospital")


NO_DUMPS = [
    "", "not json", "[]", '[{"id": "x"}]', '{"a": 1}', "[1]", "[" * 100_000,
    "ror\tcountry\tcity\trelated\tnames\nx\ty\n",
    json.dumps([record(1, "X", "Y") | {"names": [{"types": []}]}]),
    json.dumps([record(1, "X", "Y") | {"names": None}]),
    json.dumps([record(1, "X", "Y") | {"names": [{"value": 5, "types": []}]}]),
    json.dumps([record(1, "X", "Y") | {"locations": [{"geonames_details": None}]}]),
]  # fmt: skip


def test_a_table_that_cannot_be_written_is_told(dump):
    done = called("resolve", "import-ror", dump, "-o", dump / "ror.tsv")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(dump / "ror.tsv") in done.stderr


@pytest.mark.parametrize("text", NO_DUMPS)
def test_what_is_no_dump_is_told_in_one_line(tmp_path, text):
    path = tmp_path / "ror.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ToolError, match=r"ror\.json"):
        ror_dump.imported(path)
    with pytest.raises(ToolError, match="no such file"):
        ror_dump.imported(tmp_path / "missing.json")


def test_a_bare_name_of_several_hospitals_needs_the_city(dump):
    index = ror.index(dump)

    def found(text):
        match = ror.affiliation(text, index)
        return match and match.ror[-2:]

    assert found("Zhongshan Hospital, China") is None
    assert (
        found("Department of Care, Zhongshan Hospital, Fudan University, Shanghai, China") == "01"
    )
    assert found("Zhongshan Hospital, Guangzhou, China") == "02"
    assert found("Zhongshan Hospital, Xiamen, China") is None
    assert found("Wuxi No. 2 Hospital, China") == "03"
    assert found("Wuxi Third Hospital, China") is None
    assert found("Princess Example Hospital, Toronto, Canada") is None
    assert found("Princess Example Hospital, Hong Kong") == "05"


def found_in(*organizations: tuple[str, ...]):
    """A look-up in a dump of these (city, university or "", name, other names …), by number."""
    dump = [
        ror_dump.Organization(f"{ror_dump.NAMESPACE}{n}", "CN", city, (), names)
        for n, (city, *names) in enumerate(organizations, start=1)
    ]
    index = ror.Index(dump)

    def found(text: str) -> str | None:
        match = ror.affiliation(text, index)
        return match and match.ror.removeprefix(ror_dump.NAMESPACE)

    return found


def test_a_hospital_of_another_city_is_another_hospital():
    found = found_in(
        ("Beijing", "Keming Hospital"),
        ("Shanghai", "Boyuan Hospital", "复旦大学附属博远医院"),
        ("Taiyuan", "Shanxi Provincial People's Hospital"),
        ("Jinan", "Licheng Hospital of Shandong University"),
    )
    assert found("Department of Care, Keming Hospital, Beijing, China") == "1"
    # A capital contradicts as any other city does, in the name and behind it.
    assert found("Keming Hospital, Shenzhen, China") is None
    assert found("Keming Hospital, Chinese Academy of Medical Sciences, Shenzhen, China") is None
    assert found("Keming Yunnan Hospital, Kunming, China") is None
    assert found("Keming Hospital Suzhou Hospital, Suzhou, China") is None
    assert found("Keming Hospital (Anhui), Hefei, China") is None
    assert found("Boyuan Hospital (Xiamen), Fudan University, Xiamen, China") is None
    # The address of Shaanxi's hospital, the name mistyped as Shanxi's.
    assert found("Shanxi Provincial People's Hospital, Xi'an, China") is None
    assert found("Shanxi Provincial People's Hospital, Taiyuan, China") == "3"
    # A name that says its university is found where that has a branch.
    assert found("Licheng Hospital of Shandong University, Qingdao, Shandong, China") == "4"
    assert found("Licheng Hospital, Qingdao, China") is None
    assert found("Licheng Hospital of Shandong University, Taichung, Taiwan") is None


def test_a_university_that_no_name_of_the_entry_says_contradicts_unless_the_city_agrees():
    found = found_in(("Hangzhou", "Lady Example Hospital", "浙江大学医学院附属示例夫人医院"))
    assert found("Lady Example Hospital, Zhejiang University School of Medicine, China") == "1"
    assert found("Lady Example Hospital, Nanjing Medical University, Nanjing, China") is None
    assert found("Lady Example Hospital, Nanjing Medical University, China") is None
    assert found("Lady Example Hospital, Hangzhou Medical College, Hangzhou, China") == "1"


def test_an_alias_that_only_counts_anew_is_another_hospitals():
    found = found_in(
        (
            "Chongqing",
            "The Affiliated Mingquan Hospital of Chongqing Medical University",
            "First Affiliated Hospital of Chongqing Medical University",
            "重庆医科大学附属第一医院",
        ),
        ("Lanzhou", "Gansu Provincial People's Hospital", "Second People's Hospital of Gansu"),
        ("Harbin", "Harbin Medical University Cancer Hospital",
         "Third Affiliated Hospital of Harbin Medical University"),
        ("Weihai", "Weihai Children's Hospital", "Weihai Fifth Hospital"),
        ("Lanzhou", "Lanzhou University", "Lanzhou University Eye Hospital"),
    )  # fmt: skip
    assert found("Mingquan Hospital, Chongqing Medical University, Chongqing, China") == "1"
    assert found("The First Affiliated Hospital of Chongqing Medical University, China") is None
    assert found("Gansu Provincial People's Hospital, Lanzhou, China") == "2"
    assert found("Second People's Hospital of Gansu Province, Lanzhou, China") is None
    # A specialty is told by the one name and a number by the other.
    assert found("The Third Affiliated Hospital of Harbin Medical University, China") == "3"
    assert found("Weihai Fifth Hospital, Weihai, China") == "4"
    # A hospital is not its university.
    assert found("Institute of Care, Lanzhou University, Lanzhou, China") == "5"
    assert found("Eye Hospital of Lanzhou University, Lanzhou, China") is None


def test_the_name_of_a_group_of_hospitals_is_none_of_its_hospitals():
    dump = [
        ror_dump.Organization("a", "TW", "Taipei", ("b",), ("Anbo Memorial Hospital",)),
        ror_dump.Organization(
            "b", "TW", "Taoyuan", ("a",), ("Lukou Anbo Memorial Hospital", "Anbo Memorial Hospital")
        ),
    ]
    index = ror.Index(dump)
    assert ror.affiliation("Anbo Memorial Hospital, Taoyuan City, Taiwan", index) is None
    for city, name, of in (("Taipei", "", "a"), ("Taoyuan", "Lukou ", "b")):
        text = f"Department of Care, {name}Anbo Memorial Hospital, {city}, Taiwan"
        match = ror.affiliation(text, index)
        assert match is not None, text
        assert match.ror == of


def test_a_branch_before_its_hospital_is_not_the_hospital():
    found = found_in(
        ("Shanghai", "Boyuan Hospital"),
        ("Taipei", "Taipei Example General Hospital"),
        ("Zunyi", "Affiliated Hospital of Zunyi Medical University"),
    )
    assert found("Huinan Branch, Boyuan Hospital, Fudan University, Shanghai, China") is None
    assert found("Wuxi Branch of Boyuan Hospital, Wuxi, China") is None
    assert found("Taoyuan Branch, Taipei Example General Hospital, Taoyuan, Taiwan") is None
    # Brackets inside a name are part of it.
    zunyi = "Affiliated {}Hospital of Zunyi Medical University, Zhuhai, China"
    assert found(f"The Fifth {zunyi.format('(Zhuhai) ')}") is None
    assert found(zunyi.format("").replace("Zhuhai", "Zunyi")) == "3"


def test_the_university_behind_a_hospital_is_its_university():
    found = found_in(("Chengdu", "Qingyang Hospital of Sichuan University"))
    text = "Research Units, Chinese Academy of Medical Sciences, {}, Chengdu, China"
    assert found(text.format("Qingyang Hospital, Sichuan University")) == "1"
    assert found(text.format("Qingyang Hospital, Wuhan University")) is None


def test_a_hospital_is_found_by_what_stands_around_its_name():
    found = found_in(
        ("Beijing", "Beijing Keming Hospital"),
        ("Taipei", "Anbo General Hospital"),
        ("Wenzhou", "Affiliated Eye Hospital of Wenzhou Medical University"),
        ("Chongqing", "Jinyun Hospital of Third Military Medical University"),
        ("Chiayi City", "Chia-Yi Hopeful Hospital"),
        ("Taipei", "Lin Foundation Keming Cancer Center"),
        ("Taoyuan", "Lukou Anbo Memorial Hospital"),
    )
    # A centre of a hospital's own name is a part of it; a medical centre may be a university.
    assert found("Beijing Keming Eye Center, Beijing Keming Hospital, Beijing, China") == "1"
    text = "Anbo General Hospital, National Defense Medical Center, Taipei, Taiwan"
    assert found(text) == "2"
    text = "School of Ophthalmology and Optometry and Eye Hospital, Wenzhou Medical University"
    assert found(f"{text}, Wenzhou, China") == "3"
    text = "Jinyun Hospital of Third Millitary Medical University, Chongqing, China"
    assert found(text) == "4"
    # The foundation that runs it, a hyphen inside a city, a branch that has an entry of its own.
    text = "Department of Care, Example Medical Foundation Chiayi Hopeful Hospital, {}, Taiwan"
    assert found(text.format("Chia-Yi City")) == found(text.format("Chiayi")) == "5"
    assert found("Koo Foundation Keming Cancer Center, Taipei, Taiwan") == "6"
    assert found("Example Foundation, Taipei, Taiwan") is None
    assert found("Anbo Memorial Hospital, Lukou Branch, Taoyuan, Taiwan") == "7"
    assert found("Anbo Memorial Hospital, Other Branch, Taoyuan, Taiwan") is None


def test_a_city_of_a_name_that_two_have_is_told_by_the_chinese_name():
    found = found_in(
        ("Taizhou", "Taizhou Central Hospital", "台州市中心医院"),
        ("Suzhou", "Suzhou Third Hospital"),
        ("Shanxi", "Shangluo Central Hospital", "商洛市中心医院"),  # a province in place of a city
    )
    assert found("Shangluo Central Hospital, Shangluo, China") == "3"
    text = "Taizhou Central Hospital, Taizhou{}, China"
    assert found(text.format(", Zhejiang Province")) == "1"
    assert found(text.format(", Jiangsu")) is None
    assert found(text.format("")) is None
    assert found("Suzhou Third Hospital, Suzhou, Anhui, China") is None


def test_an_academy_of_the_whole_country_beside_a_citys_hospital_says_nothing_of_it():
    found = found_in(("Shanghai", "Shanghai Hospital"), ("Xiamen", "Xiamen University Hospital"))
    text = "Shanghai Hospital, National Center of Care, {}, Shanghai, China"
    assert found(text.format("Chinese Academy of Medical Sciences")) == "1"
    for university in ("Fudan University", "University of Chinese Academy of Sciences"):
        assert found(text.format(university)) is None
    text = "Affiliated Hospital, Chinese Academy of Medical Sciences, Shanghai, China"
    assert found(text) is None


def test_of_two_names_of_one_hospital_the_one_that_the_dump_has_is_found():
    found = found_in(
        ("Lanzhou", "Gansu Cancer Hospital"),
        ("Zhuzhou", "Zhuzhou First People's Hospital"),
        ("Wuhan", "Wuhan Keming Hospital"),
    )
    text = "{}, Gansu Cancer Hospital, Lanzhou, China"
    assert found(text.format("Cancer Hospital of Lanzhou University")) == "1"
    # Not where the university lies elsewhere: then they are two.
    assert found(text.format("Cancer Hospital of Wuhan University")) is None
    text = "{} and the Third Affiliated Hospital of Hunan Normal University, Zhuzhou, China"
    assert found(text.format("The First People's Hospital of Zhuzhou")) == "2"
    # Neither of them is a university's: two hospitals.
    assert found("Wuhan Keming Hospital and Wuhan Boyuan Hospital, Wuhan, China") is None


def test_names_that_nobody_prints_are_not_read_and_change_nothing():
    names = ("Hôpital d'Exemple de Genève", "Example General Hospital, Springfield", "Keming")
    dump = [
        ror_dump.Organization(f"https://ror.org/{n}", country, "Geneva", (), (name,))
        for n, (name, country) in enumerate(zip(names, ("CH", "US", "CN"), strict=True))
    ]
    printed = ["Hopital d’Exemple de Geneve", "Example General Hospital Springfield"]
    whole, small = ror.Index(dump), ror.Index(dump).narrowed(printed)
    for name in (*printed, "Example Hospital"):
        en = english_names.read(name)
        assert whole.matched(None, en) == small.matched(None, en)
    assert whole.matched(None, english_names.read(printed[0])) is not None


def test_an_id_becomes_a_match_of_the_organization_and_a_veto(dump):
    c = Corpus()
    a = c.organization(c.record("A1"), None, "Wuxi Second Hospital")
    from kg.resolve import quads, resolve

    resolution = resolve(c.all(), {}, ror=ror.index(dump))
    iri = resolution.refers[a]
    lines = [line for line in quads(resolution) if line.startswith(f"<{iri}>")]
    assert any("core#exactMatch> <https://ror.org/000000003>" in line for line in lines)
    assert not any("core#exactMatch" in line for line in quads(c.resolved()))


def test_a_build_takes_a_dump_and_writes_what_it_learned(dump, tmp_path):
    from kg import resources

    sample = resources.samples() / "chictr"
    out = tmp_path / "out"
    command = ["build", sample, "-o", out, "--no-check", "--formats", "nq", "-q"]
    done = called(*command, "--as-of", "2026-11-22", "--ror", dump)
    assert done.returncode == 0, done.stderr
    assert (out / "aliases.tsv").read_text().startswith("zh\ten\trecords\tregistrants\tshare\n")
    done = called(*command, "--as-of", "2026-11-22", "--ror", tmp_path / "no.json")
    assert done.returncode == 2
    assert "no.json: no such file" in done.stderr
    assert "Traceback" not in done.stderr
