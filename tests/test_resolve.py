"""Who is who in small invented corpora: what merges, what never does, and why."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
from ctgov_studies import study
from resolve_corpus import Corpus

from kg import store
from kg.namespaces import IDENTITY, digest, expand
from kg.reading import intake
from kg.resolve import mentions, quads, resolve, write_links
from kg.resolve.tables import COLUMNS

MAIL, OTHER_MAIL = ("e-mail", "a1"), ("e-mail", "b2")
MOBILE, LANDLINE = ("mobile", "c3"), ("phone", "d4")
HOSPITAL = "示例市人民医院"
ANOTHER = "示范市中心医院"


@pytest.fixture
def two() -> tuple[Corpus, str, str]:
    """Two records of one registry."""
    corpus = Corpus()
    return corpus, corpus.record("A1", "2025-01-01"), corpus.record("A2", "2026-01-01")


# -- people ---------------------------------------------------------------------------------------


def test_a_name_alone_never_merges(two):
    c, a, b = two
    assert c.apart(c.person(a, "陈示例", "Chen Shili"), c.person(b, "陈示例", "Chen Shili"))


@pytest.mark.parametrize("contact", [MAIL, MOBILE, LANDLINE])
def test_a_contact_alone_never_merges(two, contact):
    c, a, b = two
    ours = c.person(a, "陈示例", contacts=[contact])
    assert c.apart(ours, c.person(b, "王示范", contacts=[contact]))


@pytest.mark.parametrize(("contact", "rule"), [(MAIL, "P-B1"), (MOBILE, "P-B2")])
def test_a_name_and_a_personal_contact_merge(two, contact, rule):
    c, a, b = two
    ours = c.person(a, "陈示例", "Chen Shili", contacts=[contact])
    assert c.one(ours, c.person(b, "陈示例", "Shili Chen", contacts=[contact]))
    assert c.links() == {("same", rule)}


def test_a_landline_gives_no_power_to_a_name(two):
    c, a, b = two
    ours = c.person(a, "陈示例", contacts=[LANDLINE])
    assert c.apart(ours, c.person(b, "陈示例", contacts=[LANDLINE]))


def test_a_mailbox_of_two_names_loses_its_power_for_both(two):
    c, a, b = two
    same = [c.person(r, "陈示例", contacts=[MAIL]) for r in (a, b)]
    other = c.person(c.record("A3"), "王示范", contacts=[MAIL])
    assert c.apart(*same, other)


def test_traditional_and_simplified_names_are_equal(two):
    c, a, b = two
    ours = c.person(a, "陳示例", contacts=[MAIL])
    assert c.one(ours, c.person(b, "陈示例", contacts=[MAIL]))


def test_latin_names_that_agree_need_the_mailbox(two):
    c, a, b = two
    ours = c.person(a, None, "Lyu Yi", contacts=[MAIL])
    assert c.one(ours, c.person(b, None, "Yi Lv", contacts=[MAIL]))


def test_initials_and_a_mistyped_letter_only_ask(two):
    c, a, b = two
    ours = c.person(a, None, "Chen SL", contacts=[MAIL])
    assert c.apart(ours, c.person(b, None, "Chen Shili", contacts=[MAIL]))
    assert c.links() == {("possible", "P-D3")}


def test_one_person_in_two_roles_of_one_record_is_one(two):
    c, a, _ = two
    applicant = c.person(a, "陈示例", "Chen Shili", role="public-contact")
    assert c.one(applicant, c.person(a, "陈示例", "Shili Chen"))
    assert c.links() == {("same", "P-C1")}


def test_a_name_without_a_word_is_of_the_kind_that_its_records_state(tmp_path):
    sponsor = {"leadSponsor": {"name": "Exampla", "class": "INDUSTRY"}}
    other = {"leadSponsor": {"name": "Exampla", "class": "OTHER"}}
    for n, module in enumerate((sponsor, other), start=1):
        made = study(
            identificationModule={"nctId": f"NCT0999990{n}"}, sponsorCollaboratorsModule=module
        )
        (tmp_path / f"{n}.json").write_text(json.dumps(made), "utf-8")
    versions, _ = intake.kept(intake.read([tmp_path], work=tmp_path), history=False)
    graph = store.in_memory(version.quads.text() for version in versions)
    (exampla,) = resolve(mentions(graph), {}).of_kind("organization")
    assert exampla.organization_kind == "company"


def test_who_sponsors_in_person_is_who_the_record_names_so(two):
    c, a, b = two
    sponsor = c.person(a, None, "Muster Hana", role="lead-sponsor")
    contact = c.person(a, None, "Hana Muster", role="public-contact")
    elsewhere = c.person(b, None, "Hana Muster", role="lead-sponsor")
    assert c.one(sponsor, contact)
    assert c.apart(sponsor, elsewhere)
    assert c.links() == {("same", "P-C1")}


def test_a_sponsor_is_nobody_of_two_at_two_places(two):
    c, a, _ = two
    sponsor = c.person(a, None, "Hana Muster", role="lead-sponsor")
    for role, place in (("public-contact", "Exampla Hospital"), ("study-chair", "Other Hospital")):
        at = c.organization(a, None, place)
        c.person(a, None, "Hana Muster", role=role, at=[at])
    assert all(sponsor not in (link.left, link.right) for link in c.resolved().links)


def test_contacts_without_a_place_are_one_unless_they_stand_in_one_role(two):
    c, a, b = two
    public = c.person(a, None, "Hana Muster", role="public-contact")
    assert c.one(public, c.person(a, None, "Hana Muster", role="scientific-contact"))
    c.person(b, None, "Ada Muster", role="public-contact")
    c.person(b, None, "Ada Muster", role="public-contact")
    assert len(c.resolved().links) == 1


def test_applicant_and_leader_with_one_landline_are_two(two):
    c, a, _ = two
    applicant = c.person(a, "陈示例", role="public-contact", contacts=[LANDLINE, MAIL])
    assert c.apart(applicant, c.person(a, "王示范", contacts=[LANDLINE, OTHER_MAIL]))


def test_two_people_of_one_field_are_never_one(two):
    c, a, b = two
    first, second = c.person(a, "陈示例"), c.person(a, "王示范")
    c.field(first, second)
    applicant = c.person(a, "陈示例", role="public-contact", contacts=[MAIL])
    elsewhere = c.person(b, "陈示例", contacts=[MAIL])
    assert c.one(first, applicant, elsewhere)
    assert c.apart(first, second)


def test_a_contact_of_a_field_with_two_people_is_nobodys(two):
    c, a, b = two
    first = c.person(a, "陈示例", contacts=[MAIL])
    c.field(first, c.person(a, "王示范"))
    assert c.apart(first, c.person(b, "陈示例", contacts=[MAIL]))


def test_equal_names_of_one_field_stay_apart_even_through_a_third(two):
    c, a, b = two
    first = c.person(a, None, "Chen Shili")
    second = c.person(a, None, "Shili Chen")
    c.field(first, second)
    between = c.person(b, None, "Chen Shili", contacts=[MAIL])
    assert c.apart(first, second, between)


def test_one_name_at_one_organization_is_one_person_where_namesakes_are_rare(two):
    c, a, b = two
    c.crowd()
    places = [c.organization(r, HOSPITAL) for r in (a, b)]
    people = [c.person(r, "陈示例", at=[p]) for r, p in zip((a, b), places, strict=True)]
    assert c.one(*people)
    assert ("same", "P-C2") in c.links()


def test_a_small_corpus_does_not_tell_whether_there_are_namesakes(two):
    c, a, b = two
    people = [c.person(r, "陈示例", at=[c.organization(r, HOSPITAL)]) for r in (a, b)]
    assert c.apart(*people)
    assert ("possible", "P-D1") in c.links()


def test_latin_names_at_one_organization_are_one_person_where_namesakes_are_rare(two):
    c, a, b = two
    c.crowd()
    places = [c.organization(r, HOSPITAL) for r in (a, b)]
    ours = c.person(a, None, "Chen Shili", at=[places[0]])
    assert c.one(ours, c.person(b, None, "Shi-li Chen", at=[places[1]]))
    assert ("same", "P-C2") in c.links()


def test_a_shared_colleague_joins_where_a_name_at_a_hospital_does_not(two):
    c, a, b = two
    at = [c.organization(r, HOSPITAL) for r in (a, b)]
    leaders = [c.person(r, "陈示例", at=[p]) for r, p in zip((a, b), at, strict=True)]
    others = [
        c.person(r, "王示范", role="public-contact", at=[p])
        for r, p in zip((a, b), at, strict=True)
    ]
    assert c.one(*leaders)
    assert c.one(*others)
    assert c.apart(leaders[0], others[0])
    assert ("same", "P-C3") in c.links()


def test_one_office_telephone_and_a_rare_name_are_one_person(two):
    c, a, b = two
    c.crowd()
    ours = c.person(a, "陈示例", contacts=[LANDLINE])
    other = c.person(a, "王示范", role="public-contact", contacts=[LANDLINE])
    theirs = c.person(b, "陈示例", contacts=[LANDLINE])
    assert c.one(ours, theirs)
    assert c.apart(ours, other)
    assert ("same", "P-C4") in c.links()


def test_affiliations_in_nearly_the_same_words_join_a_rare_name(two):
    c, a, b = two
    c.crowd()
    at = [
        "Dept. of Examples, Example Univ., Exampleton",
        "Department of Examples, Example University",
    ]
    ours = c.person(a, None, "Chen Shili", at=[c.organization(a, None, at[0])])
    assert c.one(ours, c.person(b, None, "Shili Chen", at=[c.organization(b, None, at[1])]))
    other = c.person(
        d := c.record("A3"),
        None,
        "Chen Shili",
        at=[c.organization(d, None, "Department of Xs")],
    )
    assert c.apart(ours, other)


ORCID, ANOTHER_ORCID = "orcid:0000-0002-1825-0097", "orcid:0000-0001-5109-3700"


def test_one_orcid_is_one_person_and_two_are_two(two):
    c, a, b = two
    ours = c.person(a, None, "Josiah Carberry", external=(ORCID,))
    assert c.one(ours, c.person(b, None, "J. S. Carberry", external=(ORCID,)))
    other = c.person(b, None, "Josiah Carberry", external=(ANOTHER_ORCID,), contacts=[MAIL])
    again = c.person(a, None, "Josiah Carberry", role="x", external=(ORCID,), contacts=[MAIL])
    assert c.apart(other, again)


@pytest.mark.parametrize("wrong", ["orcid:0000-0000-0000-0000", "orcid:0000-0002-1825-0098"])
def test_an_orcid_that_cannot_be_one_joins_nobody(two, wrong):
    c, a, b = two
    ours = c.person(a, None, "Chen Shili", external=(wrong,))
    assert c.apart(ours, c.person(b, None, "Chen Shili", external=(wrong,)))


def test_a_latin_name_agrees_with_the_readings_of_a_chinese_one(two):
    c, a, b = two
    ours = c.person(a, "曾示例", contacts=[MAIL])
    assert c.one(ours, c.person(b, None, "Shili Zeng", contacts=[MAIL]))
    assert c.apart(ours, c.person(b, None, "Wang Shili", role="x", contacts=[OTHER_MAIL]))


def test_one_name_at_two_organizations_is_two_people(two):
    c, a, b = two
    ours = c.person(a, "陈示例", at=[c.organization(a, HOSPITAL)])
    assert c.apart(ours, c.person(b, "陈示例", at=[c.organization(b, ANOTHER)]))


def test_namesakes_with_different_mailboxes_only_ask(two):
    c, a, b = two
    people = [
        c.person(r, "陈示例", at=[c.organization(r, HOSPITAL)], contacts=[mail])
        for r, mail in ((a, MAIL), (b, OTHER_MAIL))
    ]
    unreached = c.person(d := c.record("A3"), "陈示例", at=[c.organization(d, HOSPITAL)])
    assert c.apart(*people, unreached)
    assert ("possible", "P-D1") in c.links()


def test_a_very_common_name_needs_more_than_a_hospital(two):
    c, a, b = two
    people = [c.person(r, "张伟", at=[c.organization(r, HOSPITAL)]) for r in (a, b)]
    assert c.apart(*people)
    assert ("possible", "P-D1") in c.links()


def test_latin_names_at_one_organization_only_ask(two):
    c, a, b = two
    latin = c.person(a, None, "Chen Shili", at=[c.organization(a, HOSPITAL)])
    again = c.person(b, None, "Shili Chen", at=[c.organization(b, HOSPITAL)])
    han = c.person(d := c.record("A3"), "陈示例", "Chen Shili", at=[c.organization(d, HOSPITAL)])
    assert c.apart(latin, again, han)
    assert {("possible", "P-D1"), ("possible", "P-D2")} <= c.links()


def test_a_committees_contact_is_one_person_by_name(two):
    c, a, b = two
    people = [
        c.person(
            r, "陈示例", role="ethics-contact", committee=c.committee(r, HOSPITAL + "伦理委员会")
        )
        for r in (a, b)
    ]
    assert c.one(*people)


def test_a_committees_contact_is_not_the_doctor_of_its_hospital(two):
    c, a, b = two
    contact = c.person(
        a, "陈示例", role="ethics-contact", committee=c.committee(a, HOSPITAL + "伦理委员会")
    )
    assert c.apart(contact, c.person(b, "陈示例", at=[c.organization(b, HOSPITAL)]))


def test_a_committees_telephone_is_no_personal_one(two):
    c, a, b = two
    people = [c.person(r, "陈示例", role="ethics-contact", contacts=[MOBILE]) for r in (a, b)]
    assert c.apart(*people)


# -- organizations --------------------------------------------------------------------------------


def test_equal_chinese_names_are_one_hospital_whatever_the_english_says(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL, "Example People's Hospital")
    assert c.one(ours, c.organization(b, HOSPITAL + "\u3000", "The Peoples Hospital of Exampel"))


def test_equal_english_names_do_not_join_different_chinese_ones(two):
    c, a, b = two
    ours = c.organization(a, "示例大学附属第一医院", "The First Hospital of Example University")
    theirs = c.organization(b, "示例大学附属第二医院", "The First Hospital of Example University")
    assert c.apart(ours, theirs)


def test_a_second_name_in_brackets_is_an_alias_of_the_first(two):
    c, a, _ = two
    plain = c.organization(a, HOSPITAL)
    long = c.organization(a, HOSPITAL + "(示例医科大学附属示例市医院)", slot="site")
    assert c.one(plain, long)
    entity = c.resolved().of_kind("organization")[0]
    assert entity.labels == ((HOSPITAL, "zh"),)
    assert entity.alternatives == ((HOSPITAL + "(示例医科大学附属示例市医院)", "zh"),)


def test_a_second_name_joins_the_mention_that_has_it_for_its_own(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(示例医科大学附属示例市医院)")
    assert c.one(ours, c.organization(b, "示例医科大学附属示例市医院"))
    assert c.links() == {("same", "O-C2")}


def test_a_second_name_that_two_hospitals_claim_proves_nothing(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(示例医科大学附属医院)")
    theirs = c.organization(b, ANOTHER + "(示例医科大学附属医院)")
    alone = c.organization(b, "示例医科大学附属医院")
    assert c.apart(ours, theirs, alone)
    assert c.links() == {("possible", "O-D1")}


def test_two_sites_of_one_record_never_merge_through_a_second_name(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(示例医科大学附属示例市医院)", slot="site")
    theirs = c.organization(a, "示例医科大学附属示例市医院", slot="site")
    assert c.apart(ours, theirs)
    elsewhere = c.organization(b, "示例医科大学附属示例市医院")
    assert c.one(theirs, elsewhere)
    refused = c.resolved().refused
    assert [r.reason for r in refused] == ["one record lists both as different sites"]
    assert ("different", "O-C2") in c.links()


def test_a_former_name_that_one_hospital_states_leads_to_it(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(原:示例市第二医院)")
    earlier = c.organization(b, "示例市第二医院")
    assert c.one(ours, earlier)
    assert ("same", "O-C3") in c.links()


def test_a_former_name_that_two_hospitals_state_joins_nothing(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(原:示例市第二医院)")
    theirs = c.organization(b, "示例市儿童医院(原:示例市第二医院)")
    given_again = c.organization(c.record("A3"), "示例市第二医院")
    assert c.apart(ours, theirs, given_again)
    assert ("possible", "O-D1") in c.links()


def test_a_former_name_that_another_has_today_was_given_again():
    for today in ("示例市西苑医院〓示例市第二医院", "示例市第二医院(原:示例市华侨医院)"):
        c = Corpus()
        a, b, d = (c.record(f"A{n}") for n in range(3))
        ours = c.organization(a, HOSPITAL + "(原:示例市第二医院)")
        theirs = c.organization(b, today)
        alone = c.organization(d, "示例市第二医院")
        assert c.one(theirs, alone), today
        assert c.apart(ours, alone), today
        assert ("possible", "O-D1") in c.links(), today
    # The same hospital may print both, once as its former name.
    c = Corpus()
    a, b, d = (c.record(f"A{n}") for n in range(3))
    ours = c.organization(a, HOSPITAL + "(原:示例市第二医院)")
    c.organization(b, HOSPITAL + "〓示例市第二医院")
    assert c.one(ours, c.organization(d, "示例市第二医院"))


def test_a_hospital_is_not_the_university_in_its_brackets(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL + "(示例医科大学)")
    assert c.apart(ours, c.organization(b, "示例医科大学"))


def test_campus_and_department_are_parts_and_not_the_whole(two):
    c, a, b = two
    whole = c.organization(a, HOSPITAL)
    campus = c.organization(b, HOSPITAL + "(东院区)")
    ward = c.organization(b, HOSPITAL + "心血管内科")
    assert c.apart(whole, campus, ward)
    resolution = c.resolved()
    relations = {e.members[0]: dict(e.relations) for e in resolution.of_kind("organization")}
    assert relations[campus] == {"isPartOf": resolution.refers[whole]}
    assert relations[ward] == {"departmentOf": resolution.refers[whole]}
    assert relations[whole] == {}


@pytest.mark.parametrize("name", ["第一人民医院", "人民医院", "中医院", "妇幼保健院", "附属医院"])
def test_a_generic_name_stays_in_its_record_without_a_city(two, name):
    c, a, b = two
    ours = c.organization(a, name, place="CN-ZJ")
    assert c.apart(ours, c.organization(b, name, place="CN-ZJ"))
    assert c.links() == {("possible", "O-D1")}


def test_a_generic_name_is_one_hospital_in_one_city_and_in_one_record(two):
    c, a, b = two
    ours = c.organization(a, "第一人民医院", place="CN-ZJ", city="示例")
    leader = c.organization(a, "第一人民医院", slot="principal-investigator-affiliation")
    theirs = c.organization(b, "第1人民医院", place="CN-ZJ", city="示例")
    assert c.one(ours, leader, theirs)


def test_two_rows_of_one_site_list_with_a_generic_name_are_two_hospitals(two):
    c, a, _ = two
    rows = [c.organization(a, "人民医院", slot="site", place="CN-ZJ") for _ in range(2)]
    assert c.apart(*rows)


def test_a_shared_proper_name_goes_by_city(two):
    c, a, b = two
    shanghai = c.organization(a, "同济医院", place="CN-SH")
    assert c.apart(shanghai, c.organization(b, "同济医院", place="CN-HB", city="武汉"))
    assert c.one(shanghai, c.organization(c.record("A3"), "同济医院", place="CN-SH"))


def test_an_english_name_beside_one_chinese_name_is_that_hospital(two):
    c, a, b = two
    chinese = c.organization(a, HOSPITAL, "Example People's Hospital")
    assert c.one(chinese, c.organization(b, None, "The Example People’s Hospital"))
    assert c.links() == {("same", "O-C1")}


def test_an_english_name_beside_two_chinese_names_is_neither(two):
    c, a, b = two
    first = c.organization(a, HOSPITAL, "Example Hospital")
    second = c.organization(b, ANOTHER, "Example Hospital")
    assert c.apart(first, second, c.organization(c.record("A3"), None, "Example Hospital"))


def test_a_pasted_english_name_with_another_ordinal_joins_nothing(two):
    c, a, b = two
    wrong = c.organization(a, "示例市第二人民医院", "Example First People's Hospital")
    assert c.apart(wrong, c.organization(b, None, "Example First People's Hospital"))


def test_an_english_name_in_another_province_joins_nothing(two):
    c, a, b = two
    chinese = c.organization(a, "陕西省示例医院", "Shanxi Example Hospital")
    assert c.apart(chinese, c.organization(b, None, "Shanxi Example Hospital"))


@pytest.mark.parametrize(
    "name",
    ["First People's Hospital", "Affiliated Hospital", "Research Site, Leeds", "Study Site 12"],
)
def test_an_english_name_that_names_nobody_joins_nothing(two, name):
    c, a, b = two
    assert c.apart(c.organization(a, None, name), c.organization(b, None, name))


@pytest.mark.parametrize(
    "numbered",
    [
        "Example Clinic ( Site 2706)",
        "Example Clinic-Site Number:8400006",
        "Example Clinic (Site No. 12)",
        "Example Clinic - site id 7",
        "Example Clinic /ID# 157723",
        "Example Clinic ( Site",
        "Example Clinic - Site 0012",
        "Example Clinic Site: US001",
        "Site US12 - Example Clinic",
        "Example Clinic - PPDS",
    ],
)
def test_a_hospital_is_the_same_whatever_number_a_sponsor_gave_its_site(two, numbered):
    """The number once hid the hospital: it was shared by no two trials."""
    c, a, b = two
    first = c.organization(a, None, numbered)
    assert c.one(first, c.organization(b, None, "Example Clinic"))


def test_a_short_number_may_be_a_campus(two):
    c, a, b = two
    assert c.apart(
        c.organization(a, None, "Example Clinic Site 2"), c.organization(b, None, "Example Clinic")
    )


def names(c, iri):
    """The label of the entity of a mention, and its other names."""
    found = c.resolved()
    (entity,) = [one for one in found.entities if one.iri == found.refers[iri]]
    return [text for text, _ in entity.labels], [text for text, _ in entity.alternatives]


def test_the_label_of_a_hospital_leaves_out_the_number_of_its_site(two):
    c, a, b = two
    first = c.organization(a, None, "Example Clinic ( Site 2706)")
    assert names(c, first) == (["Example Clinic"], ["Example Clinic ( Site 2706)"])
    c.organization(b, None, "The Example Clinic")
    assert names(c, first)[0] == ["Example Clinic"]
    escaped = c.organization(b, None, "Exo&#39;s Clinic")
    assert names(c, escaped) == (["Exo's Clinic"], ["Exo&#39;s Clinic"])


@pytest.mark.parametrize(
    ("bare", "careful"),
    [
        ("Childrens Clinic of Exo", "Children's Clinic of Exo"),
        ("Hopital Exemple", "Hôpital Exemple"),
        ("St Exo Clinic", "St. Exo Clinic"),
    ],
)
def test_of_equally_frequent_spellings_the_careful_one_is_the_label(two, bare, careful):
    c, a, b = two
    first = c.organization(a, None, bare)
    c.organization(b, None, careful)
    assert names(c, first)[0] == [bare if "St " in bare else careful]


@pytest.mark.parametrize("shouted", ["EXAMPLE CLINIC OF EXO", "example clinic of exo"])
def test_a_name_in_one_case_is_the_label_only_where_no_other_is_printed(two, shouted):
    c, a, b = two
    first = c.organization(a, None, shouted)
    c.organization(b, None, shouted)
    assert names(c, first)[0] == [shouted]
    c.organization(c.record("C1"), None, "Example Clinic of Exo")
    assert names(c, first)[0] == ["Example Clinic of Exo"]


@pytest.mark.parametrize("name", ["Research Site ( Site 12)", "Site 2706", "[contact removed]"])
def test_a_number_makes_no_hospital_of_a_masked_site(two, name):
    c, a, b = two
    assert c.apart(c.organization(a, None, name), c.organization(b, None, name))


def test_two_masked_sites_of_one_record_are_two(two):
    c, a, _ = two
    assert c.apart(*(c.organization(a, None, "Research Site, Leeds", slot="site") for _ in "ab"))


def test_one_english_name_in_two_cities_is_two_organizations(two):
    c, a, b = two
    names = [
        c.organization(r, None, "Example Clinic", country="US", city=city)
        for r, city in ((a, "springfield"), (b, "shelbyville"))
    ]
    placeless = c.organization(c.record("A3"), None, "Example Clinic")
    assert c.apart(*names, placeless)


def test_kinds_come_from_words(two):
    c, a, _ = two
    c.organization(a, HOSPITAL)
    c.organization(a, "示例大学", slot="site")
    kinds = {e.labels[0][0]: e.organization_kind for e in c.resolved().of_kind("organization")}
    assert kinds == {HOSPITAL: "hospital", "示例大学": "university"}


# -- committees -----------------------------------------------------------------------------------


def test_a_committee_is_of_its_parent_and_its_kind(two):
    c, a, b = two
    hospital = c.organization(a, HOSPITAL, "Example People's Hospital")
    ours = c.committee(a, HOSPITAL + "伦理委员会", "IRB of Example People's Hospital")
    theirs = c.committee(b, HOSPITAL + "医学伦理委员会(IRB)")
    english = c.committee(c.record("A3"), None, "Ethics Committee of the Example People’s Hospital")
    trials = c.committee(c.record("A4"), HOSPITAL + "药物临床试验伦理委员会")
    assert c.one(ours, theirs, english)
    assert c.apart(ours, trials, hospital)
    resolution = c.resolved()
    assert {e.relations["committeeOf"] for e in resolution.of_kind("committee")} == {
        resolution.refers[hospital]
    }
    assert ("possible", "C-D1") in c.links()


def test_a_committee_named_as_its_hospital_is_not_the_hospital(two):
    c, a, _ = two
    hospital, committee = c.organization(a, HOSPITAL), c.committee(a, HOSPITAL)
    assert c.apart(hospital, committee)
    resolution = c.resolved()
    entity = resolution.of_kind("committee")[0]
    assert entity.relations == {"committeeOf": resolution.refers[hospital]}


@pytest.mark.parametrize(
    ("zh", "en"), [("伦理委员会", None), (None, "Ethics Committee"), ("医学伦理委员会", "IRB")]
)
def test_a_committee_without_a_parent_is_its_records_own(two, zh, en):
    c, a, b = two
    c.organization(a, HOSPITAL)
    assert c.apart(c.committee(a, zh, en), c.committee(b, zh, en))
    assert all(not e.relations for e in c.resolved().of_kind("committee"))


def test_a_committee_of_a_generic_hospital_belongs_to_its_records(two):
    c, a, b = two
    hospitals = [c.organization(r, "人民医院") for r in (a, b)]
    committees = [c.committee(r, "人民医院伦理委员会") for r in (a, b)]
    assert c.apart(*committees)
    resolution = c.resolved()
    of = {e.members[0]: e.relations["committeeOf"] for e in resolution.of_kind("committee")}
    assert [of[m] for m in committees] == [resolution.refers[h] for h in hospitals]


def test_committees_of_one_unmentioned_parent_are_one_without_a_parent(two):
    c, a, b = two
    assert c.one(*(c.committee(r, HOSPITAL + "伦理委员会") for r in (a, b)))
    assert [dict(e.relations) for e in c.resolved().of_kind("committee")] == [{}]


# -- trials ---------------------------------------------------------------------------------------

LONG = "示例药物治疗慢性示例疾病的多中心研究"


def test_a_portals_record_and_the_registrys_are_one_trial(two):
    c, a, _ = two
    portal = c.record("A1", "2024-01-01", registry="ictrp", issuer="chictr", registration="A1")
    assert c.one(a, portal)
    resolution = c.resolved()
    assert (resolution.ranks[a], resolution.ranks[portal]) == (1, 2)
    assert resolution.refers[a].endswith("/id/trial/chictr-A1")


def test_equal_titles_in_two_registries_only_ask():
    c = Corpus()
    ours = c.record("A1", titles=[("publicTitle", "zh", LONG)])
    theirs = c.record("N1", registry="ctgov", titles=[("scientificTitle", "", LONG)])
    assert c.apart(ours, theirs)
    link = c.resolved().links[0]
    assert (link.decision, link.rule) == ("possible", "T-D1")
    assert link.evidence == "publicTitle@zh equals scientificTitle"


def test_equal_titles_within_one_registry_say_nothing(two):
    c = Corpus()
    for number in ("A1", "A2"):
        c.record(number, titles=[("publicTitle", "zh", LONG)])
    c.record("N1", registry="ctgov", titles=[("publicTitle", "en", LONG)])
    assert c.links() == set()


@pytest.mark.parametrize("title", ["示例研究", "A randomized controlled trial", "A clinical study"])
def test_a_title_that_says_little_asks_nothing(title):
    c = Corpus()
    c.record("A1", titles=[("publicTitle", "en", title)])
    c.record("N1", registry="ctgov", titles=[("publicTitle", "en", title)])
    assert c.links() == set()


# -- ids ------------------------------------------------------------------------------------------


def test_an_id_comes_from_the_founding_mention_and_holds_no_name(two):
    c, a, b = two
    theirs = c.person(b, "陈示例", contacts=[MAIL])
    ours = c.person(a, "陈示例", contacts=[MAIL])
    person = c.resolved().refers[theirs]
    assert person == f"https://w3id.org/trialkg/id/person/{digest(ours)}"


def test_earlier_ids_are_kept_when_an_older_record_arrives(two):
    c, _, b = two
    late = c.person(b, "陈示例", contacts=[MAIL])
    before = c.resolved()
    early = c.person(c.record("A0", "2020-01-01"), "陈示例", contacts=[MAIL])
    assert c.resolved(before.ledger).refers[early] == before.refers[late]


def test_a_group_that_splits_leaves_the_id_with_the_founding_mention(two):
    c, a, b = two
    ours, theirs = (c.person(r, "陈示例", contacts=[MAIL]) for r in (a, b))
    before = c.resolved()
    c.contacts = {}
    after = c.resolved(before.ledger)
    assert after.refers[ours] == before.refers[ours]
    assert after.refers[theirs] != before.refers[theirs]
    assert after.derived == {after.refers[theirs]: before.refers[theirs]}


def test_groups_that_join_keep_the_older_id_and_say_what_became_of_the_other(two):
    c, a, b = two
    ours, theirs = c.person(a, "陈示例"), c.person(b, "陈示例")
    before = c.resolved()
    c = _with_mail(c)
    resolution = c.resolved(before.ledger)
    assert resolution.refers[theirs] == before.refers[ours]
    assert resolution.replaced == {before.refers[theirs]: before.refers[ours]}


def test_a_replaced_id_comes_back_with_its_founding_mention(two):
    c, a, b = two
    ours, _ = c.person(a, "陈示例"), c.person(b, "陈示例")
    before = c.resolved()
    joined = _with_mail(c).resolved(before.ledger)
    c.contacts = {}
    again = c.resolved(joined.ledger)
    assert again.refers == before.refers
    assert list(quads(again)) == list(quads(before))
    assert list(again.ledger.text()) == list(before.ledger.text())
    assert ours in again.refers


def _with_mail(corpus: Corpus) -> Corpus:
    from kg.resolve import Contact

    corpus.contacts = {iri: frozenset({Contact("e-mail", "a1")}) for iri in corpus.mentions}
    return corpus


# -- what is written ------------------------------------------------------------------------------


def test_quads_are_read_back_by_oxigraph_and_stand_in_the_identity_graph(two):
    c, a, b = two
    c.organization(a, '示例"市\\人民医院\n')
    c.person(a, "陈示例", "Chen Shili", contacts=[MAIL])
    c.person(b, "陈示例", "Shili Chen", contacts=[MAIL])
    lines = list(quads(c.resolved()))
    assert len(lines) == len(set(lines))
    read = list(pyoxigraph.parse("".join(lines).encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    assert {q.graph_name.value for q in read} == {IDENTITY}
    scores = [q.object for q in read if q.predicate.value == expand("tkg:score")]
    assert [(s.value, s.datatype.value) for s in scores] == [("0.99", expand("xsd:decimal"))]


def test_no_key_of_a_contact_is_written(two, tmp_path: Path):
    c, a, b = two
    secret = ("e-mail", "5ec2e7c0ffee")
    c.person(a, "陈示例", contacts=[secret])
    c.person(b, "陈示例", contacts=[secret])
    write_links(c.resolved(), tmp_path / "links.tsv")
    written = "".join(quads(c.resolved())) + (tmp_path / "links.tsv").read_text("utf-8")
    assert "P-B1" in written
    assert secret[1] not in written


def test_links_are_a_table_with_a_head_line(two, tmp_path: Path):
    c, a, _ = two
    c.person(a, "陈示例", role="public-contact")
    c.person(a, "陈示例")
    write_links(c.resolved(), tmp_path / "links.tsv")
    head, row = (tmp_path / "links.tsv").read_text("utf-8").splitlines()
    assert tuple(head.split("\t")) == COLUMNS
    assert row.split("\t")[:6] == ["same", "P-C1", "0.98", "person", "陈示例", "陈示例"]


SAMPLE = """
@base <https://w3id.org/trialkg/> .
@prefix tkg: <ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix p: <id/record/chictr/A1/> .
@prefix m: <id/mention/chictr/A1/> .
p:20260101 {
  p:20260101 tkg:versionOf <id/record/chictr/A1> .
  <id/record/chictr/A1> tkg:publishedBy <id/registry/chictr> ; tkg:registry <id/registry/chictr> ;
    tkg:registrationNumber "A1" ; tkg:registrationDate "2026-01"^^xsd:gYearMonth ;
    tkg:publicTitle "旧题目"@zh ; tkg:hasRoleAssignment p:r1, p:r2 ; tkg:hasEthicsApproval p:e .
  p:r1 tkg:role <code/role/principal-investigator> ; tkg:agent m:principal-investigator-00000001 ;
    tkg:listPosition 1 .
  p:r2 tkg:role <code/role/principal-investigator> ; tkg:agent m:principal-investigator-00000002 ;
    tkg:listPosition 2 .
  p:e tkg:committee m:committee-00000003 ; tkg:hasRoleAssignment p:r3 .
  p:r3 tkg:role <code/role/ethics-contact> ; tkg:agent m:ethics-contact-00000004 .
  m:principal-investigator-00000001 a tkg:PersonMention ; tkg:nameAsGiven "陈示例"@zh ;
    tkg:affiliation m:principal-investigator-affiliation-00000005 .
  m:principal-investigator-00000002 a tkg:PersonMention ; tkg:nameAsGiven "王示范"@zh .
  m:ethics-contact-00000004 a tkg:PersonMention ; tkg:nameAsGiven "李示意"@zh .
  m:committee-00000003 a tkg:CommitteeMention ; tkg:nameAsGiven "示例医院伦理委员会"@zh .
  m:principal-investigator-affiliation-00000005 a tkg:OrganizationMention ;
    tkg:nameAsGiven "示例医院"@zh, "Example Hospital"@en ;
    dcterms:spatial <id/place/CN-ZJ>, <id/place/x-00000006> .
}
p:20260201 {
  p:20260201 tkg:versionOf <id/record/chictr/A1> .
  <id/record/chictr/A1> tkg:publicTitle "新题目"@zh .
  m:principal-investigator-00000001 a tkg:PersonMention ;
    tkg:nameAsGiven "陈示例"@zh, "Chen Shili"@en .
}
<graph/reference> { <id/place/x-00000006> rdfs:label "示例市"@zh . }
<graph/identity> { m:stranger-00000007 a tkg:PersonMention ; tkg:nameAsGiven "外人"@zh . }
"""


def test_mentions_are_read_from_the_graphs_of_record_versions():
    store = pyoxigraph.Store()
    store.load(SAMPLE.encode(), format=pyoxigraph.RdfFormat.TRIG)
    found = mentions(store)
    start = "https://w3id.org/trialkg/id/mention/chictr/A1/"
    leader = found.by_iri[f"{start}principal-investigator-00000001"]
    assert (leader.kind, leader.zh, leader.en) == ("person", "陈示例", "Chen Shili")
    assert leader.in_field == (f"{start}principal-investigator-00000002",)
    assert leader.affiliation == (f"{start}principal-investigator-affiliation-00000005",)
    hospital = found.by_iri[leader.affiliation[0]]
    assert (hospital.slot, hospital.role) == (
        "principal-investigator-affiliation", "principal-investigator",
    )  # fmt: skip
    assert (hospital.country, hospital.place, hospital.city) == ("CN", "CN-ZJ", "示例")
    contact = found.by_iri[f"{start}ethics-contact-00000004"]
    assert contact.committee == f"{start}committee-00000003"
    assert contact.in_field == ()
    record = found.records["https://w3id.org/trialkg/id/record/chictr/A1"]
    assert record.current.endswith("/20260201")
    assert (record.issuer, record.number, record.date) == ("chictr", "A1", "2026-01")
    assert [title.text for title in record.titles] == ["新题目"]
    assert f"{start}stranger-00000007" not in found.by_iri
    assert resolve(found, {}).versions[record.iri] == record.current


@pytest.mark.parametrize("key", ["ctis:ORG-100000001", "ror:05abcde00", "grid:grid.999999.9"])
def test_a_printed_id_of_another_register_joins_names_that_no_rule_reads(two, key):
    c, a, b = two
    ours = c.organization(a, None, "Invented Tablets", external=(key,))
    theirs = c.organization(b, None, "Tabletas Inventadas", external=(key, "ctis:LOC-100000001"))
    assert c.one(ours, theirs)
    assert c.links() == {("same", "O-A1")}
    exact = [e.exact for e in c.resolved().of_kind("organization")]
    assert exact == [("https://ror.org/05abcde00",) if key.startswith("ror") else ()]


def test_two_keys_of_one_register_are_two_organizations_whatever_the_names(two):
    c, a, b = two
    ours = c.organization(a, HOSPITAL, external=("ctis:ORG-100000001",))
    assert c.apart(ours, c.organization(b, HOSPITAL, external=("ctis:ORG-100000002",)))
    assert c.links() == {("different", "O-B1")}


def test_one_address_key_is_no_organization(two):
    c, a, b = two
    ours = c.organization(a, None, "Invented Tablets", external=("ctis:LOC-100000001",))
    theirs = c.organization(b, None, "Tabletas Inventadas", external=("ctis:LOC-100000001",))
    assert c.apart(ours, theirs)
