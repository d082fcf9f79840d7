"""What the rules written in Python say of a record: the value, the field, one finding for each.

Which records they reject stands in ``tests/shapes``; here is what the case files cannot show.
"""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse

from kg.check.parameters import Parameters
from kg.check.rules import who
from kg.check.view import Hit, RecordView
from kg.namespaces import PREFIXES

EX = "https://example.org/test/"
PARAMETERS = Parameters(as_of="2026-11-22")
NO_PHASE = (
    "ex:r a tkg:Record , tkg:InterventionalRecord ; tkg:phase phase:not-applicable ;"
    " tkg:hasIntervention "
)


def view(turtle: str) -> RecordView:
    declared = "".join(f"@prefix {p}: <{iri}> .\n" for p, iri in PREFIXES.items())
    return RecordView(
        parse(input=f"{declared}@prefix ex: <{EX}> .\n{turtle}", format=RdfFormat.TURTLE)
    )


def hits(rule: str, turtle: str) -> list[Hit]:
    return list(who.RULES[rule](view(turtle), PARAMETERS))


def applies(rule: str, turtle: str) -> list[str]:
    return list(who.APPLIES[rule](view(turtle)))


def intervention(name: str) -> str:
    return f'{NO_PHASE} ex:i . ex:i a tkg:Intervention ; rdfs:label "{name}"@en .'


def plan(*texts: str) -> str:
    return f"ex:r a tkg:Record ; tkg:ipdSharingPlan {' , '.join(texts)} ."


def contact(affiliation: str, sponsor: str, more: str = "") -> str:
    return f"""
        ex:r a tkg:Record ; tkg:hasRoleAssignment ex:lead , ex:contact {more} .
        ex:lead a tkg:RoleAssignment ; tkg:role role:lead-sponsor ; tkg:agent ex:sponsor .
        ex:sponsor a tkg:OrganizationMention ; tkg:nameAsGiven {sponsor} .
        ex:contact a tkg:RoleAssignment ; tkg:role role:public-contact ; tkg:agent ex:person .
        ex:person a tkg:PersonMention ; tkg:nameAsGiven "A. Sample"@en ;
            tkg:affiliation ex:employer .
        ex:employer a tkg:OrganizationMention ; tkg:nameAsGiven {affiliation} ."""


def test_a_number_of_another_form_is_named_with_the_registry_that_issued_it():
    record = """ex:r a tkg:Record ; tkg:publishedBy registry:ictrp ; tkg:registry registry:chictr ;
        tkg:registrationNumber "ChiCTR26" ."""
    assert hits("WHO-01b", record) == [
        Hit(
            focus=EX + "r",
            field="registrationNumber",
            values={"registry": PREFIXES["registry"] + "chictr", "value": "ChiCTR26"},
        )
    ]


def test_several_products_are_one_finding_that_names_each_in_both_languages():
    [hit] = hits(
        "WHO-15f",
        f"""{NO_PHASE} ex:a , ex:b , ex:c .
        ex:a a tkg:Intervention ; rdfs:label "示例疫苗"@zh , "Example vaccine"@en .
        ex:b a tkg:Intervention ; rdfs:label "Example capsules"@en .
        ex:c a tkg:Intervention ; rdfs:label "Physiotherapy"@en .""",
    )
    assert hit.values["value"] == "Example capsules | 示例疫苗 / Example vaccine"


def test_an_intervention_that_only_an_arm_names_is_looked_at():
    record = """ex:r a tkg:Record , tkg:InterventionalRecord ; tkg:phase phase:not-applicable ;
        tkg:hasArm ex:arm . ex:arm a tkg:Arm ; tkg:usesIntervention ex:i .
        ex:i a tkg:Intervention ; rdfs:label "CAR-T细胞"@zh ."""
    assert [h.values["value"] for h in hits("WHO-15f", record)] == ["CAR-T细胞"]


@pytest.mark.parametrize(
    "name",
    ["examplizumab", "EXAMPLIMAB 5 mg", "stem cell transplantation", "ＣＡＲ－Ｔ",
     "Two tablets daily", "注射用示例素", "示例胶囊", "自体NK细胞"],
)  # fmt: skip
def test_a_product_is_known_by_its_words(name):
    assert len(hits("WHO-15f", intervention(name))) == 1


@pytest.mark.parametrize(
    "name",
    ["cell-phone messages", "white blood cell count", "cell saver", "tablet-based training",
     "capsule endoscopy", "胶囊胃镜", "白细胞计数", "细胞因子检测", "excellent care"],
)  # fmt: skip
def test_words_that_look_like_a_product_are_none(name):
    record = intervention(name)
    assert applies("WHO-15f", record) == [EX + "r"]
    assert hits("WHO-15f", record) == []


def test_a_plan_is_shown_in_the_language_that_names_the_platform():
    both = plan('"通过示例平台"@zh', '"Through the example platform"@en')
    english = plan('"联系研究者"@zh', '"In an example repository"@en')
    assert [h.field for h in hits("WHO-24c", both)] == ["ipdSharingPlan@zh"]
    assert [h.field for h in hits("WHO-24c", english)] == ["ipdSharingPlan@en"]


@pytest.mark.parametrize(
    "text",
    ["数据库锁定后一年", "锁定数据库之后", "after database lock", "once databases are locked"],
)
def test_a_locked_database_is_a_time_and_no_place(text):
    assert hits("WHO-24c", plan(f'"{text}"')) == []


def test_a_database_to_share_in_is_a_place_also_after_another_is_locked():
    text = plan('"数据库锁定后上传至示例数据库"@zh')
    assert len(hits("WHO-24c", text)) == 1


def test_a_contact_from_elsewhere_is_shown_with_the_institution_as_printed():
    record = contact('"Department 4, Faraway Institute"@en', '"Exampleton General Hospital"@en')
    [hit] = hits("AG-02", record)
    assert hit.values == {"node": EX + "employer", "value": "Department 4, Faraway Institute"}


@pytest.mark.parametrize(
    ("affiliation", "sponsor"),
    [
        ('"EXAMPLETON clinic"@en', '"General Hospital of Exampleton"@en'),
        ('"Hôpital de Samplé"@en', '"University of Sample"@en'),
        ('"Prince’s Clinic"@en', '"Prince\'s Foundation"@en'),
        ('"Unit 302 of a clinic"@en', '"Hospital 302"@en'),
        ('"TIRE"@en', '"Testland Institute of Rare Events, Research Unit"@en'),
        ('"Testland Institute of Rare Events"@en', '"TIRE (public body)"@en'),
        ('"示例医院科研处"@zh', '"示例大学附属医院"@zh'),
        ('"示例医院"@zh , "Shili Clinic"@en', '"Shili University"@en'),
    ],
)
def test_one_telling_word_relates_a_contact_to_the_sponsor(affiliation, sponsor):
    record = contact(affiliation, sponsor)
    assert applies("AG-02", record) == [EX + "r"]
    assert hits("AG-02", record) == []


@pytest.mark.parametrize(
    ("affiliation", "sponsor"),
    [
        ('"First People\'s Hospital of Faraway"@en', '"Exampleton First People\'s Hospital"@en'),
        ('"National Center for Medical Research, Faraway"@en', '"National Health Institute"@en'),
        ('"远方大学附属第一医院"@zh', '"示例大学附属第一医院"@zh'),
    ],
)  # fmt: skip
def test_words_of_any_institution_relate_nobody(affiliation, sponsor):
    assert len(hits("AG-02", contact(affiliation, sponsor))) == 1


def test_the_label_of_a_place_relates_a_contact():
    site = """; tkg:hasSiteParticipation ex:site .
        ex:site a tkg:SiteParticipation ; dcterms:spatial ex:place .
        ex:place rdfs:label "Faraway"@en"""
    affiliation, sponsor = '"Clinic of Faraway"@en', '"Exampleton General Hospital"@en'
    assert hits("AG-02", contact(affiliation, sponsor, site)) == []
    assert len(hits("AG-02", contact(affiliation, sponsor))) == 1


def test_an_institution_of_generic_words_only_says_nothing():
    assert hits("AG-02", contact('"Medical Center"@en', '"Exampleton Hospital"@en')) == []
