"""The stored rules derive the edges they name, and the named queries answer from them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import Dataset

from kg import queries
from kg.namespaces import BASE, DERIVED, IDENTITY, REFERENCE, TKG
from kg.resources import folder
from kg.store import derive

# rdflib 7.6 warns of its own use of names it has deprecated
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

DATA = Path(__file__).parent / "data"
EXAMPLE = DATA / "example.trig"
MORE = DATA / "second-and-third-record.trig"
RULES = sorted((folder("ontology") / "derive").glob("*.rq"))
NAMED = queries.named()

VERSION = "id/record/chictr/ChiCTR2699990001/20260210T101500"
FIRST = "id/trial/chictr-ChiCTR2699990001"
OTHER = "id/trial/chictr-ChiCTR2699990002"
UNIVERSITY_HOSPITAL = "id/organization/a0b1c2d3e4f5"
COMPANY = "id/organization/000000000001"
SECOND_HOSPITAL = "id/organization/000000000002"
THIRD_HOSPITAL = "id/organization/000000000003"
WANG = "id/person/b1c2d3e4f506"
LI = "id/person/000000000004"
ZHAO = "id/person/000000000005"
COMMITTEE = "id/committee/0f1e2d3c4b5a"
THIRD_COMMITTEE = "id/committee/000000000006"
ZH_TITLE = "示例药物治疗慢性示例病"
EN_TITLE = "Example drug for chronic example disease"
HOSPITAL_ZH = "示例大学附属第一医院"
COMMITTEE_ZH = "示例大学附属第一医院伦理委员会"


def loaded(*files: Path) -> Store:
    """A store with these files, the reference graph and what the rules derive."""
    store = Store()
    for path in files:
        store.load(path=str(path), format=RdfFormat.TRIG, base_iri=BASE)
    for name in ("places", "registries"):
        store.load(
            path=str(folder("ontology") / f"{name}.ttl"),
            format=RdfFormat.TURTLE,
            to_graph=NamedNode(REFERENCE),
        )
    derive(store)
    return store


@pytest.fixture(scope="module")
def example() -> Store:
    return loaded(EXAMPLE)


@pytest.fixture(scope="module")
def three() -> Store:
    return loaded(EXAMPLE, MORE)


@pytest.fixture(scope="module")
def doubled() -> Store:
    """The same, with every triple of every record graph a second time in a graph of its own."""
    store = loaded(EXAMPLE, MORE)
    copy = NamedNode(f"{BASE}graph/copy")
    kept = [q for q in store if q.graph_name != NamedNode(f"{BASE}graph/findings")]
    store.extend(Quad(q.subject, q.predicate, q.object, copy) for q in kept)
    return store


def plain(term: Any) -> str:
    """A term as a test reads it: our names without their base, text with its language."""
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    return str(term.value).removeprefix(TKG).removeprefix(BASE)


def derived(store: Store, *names: str) -> set[tuple[str, str, str]]:
    """What the derived graph says, with these properties (all, if none is named)."""
    found = {
        (plain(q.subject), plain(q.predicate), plain(q.object))
        for q in store.quads_for_pattern(None, None, None, NamedNode(DERIVED))
    }
    return {row for row in found if not names or row[1] in names}


def answer(store: Store, name: str, **parameters: str) -> list[dict[str, Any]]:
    """The rows of a named query; our names without their base."""
    text = queries.text_of(name, parameters)
    return [
        {k: v.removeprefix(BASE) if isinstance(v, str) else v for k, v in row.items()}
        for row in queries.rows(store, text)
    ]


def columns(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


# -- rules ----------------------------------------------------------------------------------------


def test_the_example_gives_exactly_these_edges(example: Store) -> None:
    assert derived(example) == {
        (FIRST, "record", "id/record/chictr/ChiCTR2699990001"),
        (FIRST, "site", UNIVERSITY_HOSPITAL),
        (FIRST, "principalInvestigator", WANG),
        (FIRST, "approvedBy", COMMITTEE),
        (WANG, "affiliatedWith", UNIVERSITY_HOSPITAL),
        (FIRST, "registrationDate", "2026-02-10"),
        (FIRST, "recruitmentStart", "2025-12-01"),
        (FIRST, "computedTiming", "code/registration-timing/retrospective"),
        (FIRST, "publicTitle", f"{ZH_TITLE}@zh"),
        (FIRST, "publicTitle", f"{EN_TITLE}@en"),
        (FIRST, "studyType", "code/study-type/interventional"),
        (FIRST, "phase", "code/phase/phase-2"),
        (FIRST, "phase", "code/phase/phase-3"),
        (FIRST, "recruitmentStatus", "code/recruitment-status/recruiting"),
    }


def test_every_best_known_value_comes_from_the_leading_record_that_has_one(three: Store) -> None:
    values = derived(three, "publicTitle", "registrationDate", "recruitmentStart", "completionDate")
    assert {row for row in values if row[0] == FIRST} == {
        (FIRST, "publicTitle", f"{ZH_TITLE}@zh"),
        (FIRST, "publicTitle", f"{EN_TITLE}@en"),
        (FIRST, "registrationDate", "2026-02-10"),
        (FIRST, "recruitmentStart", "2025-12-01"),
        (FIRST, "completionDate", "2028-03"),
    }


def test_the_end_of_the_study_stands_for_a_completion_date_that_is_not_stated(three: Store) -> None:
    assert (OTHER, "completionDate", "2027-12-31") in derived(three)


def test_a_stated_sample_size_comes_before_the_sum_over_arms(three: Store) -> None:
    assert derived(three, "targetSampleSize") == {
        (FIRST, "targetSampleSize", "130"),
        (OTHER, "targetSampleSize", "75"),
    }


def test_arms_are_not_added_up_when_one_has_no_size(example: Store) -> None:
    assert derived(example, "targetSampleSize") == set()


def test_sponsors_sites_and_funders_come_from_every_record_of_a_trial(three: Store) -> None:
    names = ("primarySponsor", "secondarySponsor", "collaborator", "site", "funder")
    assert derived(three, *names) == {
        (FIRST, "primarySponsor", COMPANY),
        (FIRST, "secondarySponsor", SECOND_HOSPITAL),
        (FIRST, "collaborator", SECOND_HOSPITAL),
        (FIRST, "funder", COMPANY),
        (FIRST, "site", UNIVERSITY_HOSPITAL),
        (FIRST, "site", SECOND_HOSPITAL),
        (OTHER, "site", UNIVERSITY_HOSPITAL),
        (OTHER, "site", SECOND_HOSPITAL),
    }


def test_people_are_linked_by_their_role_and_where_they_hold_it(three: Store) -> None:
    names = ("principalInvestigator", "siteInvestigator", "publicContact", "scientificContact")
    assert derived(three, *names, "contactPerson", "affiliatedWith") == {
        (FIRST, "principalInvestigator", WANG),
        (FIRST, "siteInvestigator", LI),
        (FIRST, "publicContact", LI),
        (FIRST, "scientificContact", LI),
        (OTHER, "principalInvestigator", LI),
        (THIRD_COMMITTEE, "contactPerson", ZHAO),
        (WANG, "affiliatedWith", UNIVERSITY_HOSPITAL),
        (LI, "affiliatedWith", SECOND_HOSPITAL),
    }


def test_a_committee_that_did_not_approve_is_no_approver(three: Store) -> None:
    approvers = {(s, o) for s, _, o in derived(three, "approvedBy")}
    assert approvers == {(FIRST, COMMITTEE), (OTHER, THIRD_COMMITTEE)}


def test_outcomes_come_from_the_leading_record_that_has_some(three: Store) -> None:
    record = "id/record/ctgov/NCT09999999"
    assert derived(three, "primaryOutcome", "secondaryOutcome") == {
        (FIRST, "primaryOutcome", f"{record}/outcome-1"),
        (FIRST, "secondaryOutcome", f"{record}/outcome-2"),
    }


def test_nothing_is_derived_from_an_older_version(three: Store) -> None:
    assert (OTHER, "site", COMPANY) not in derived(three)
    assert (OTHER, "publicTitle", "另一项试验@zh") in derived(three)
    assert not [row for row in derived(three) if "旧题目" in row[2]]


@pytest.mark.parametrize(
    ("registered", "start", "timing"),
    [
        ("2026-02-10", "2025-12-01", "retrospective"),
        ("2026-02-10", "2026-02-11", "prospective"),
        ("2026-02-10", "2026-02-10", "prospective"),
        ("2026-02-10", "2026-01", "retrospective"),
        ("2026-02-10", "2026-03", "prospective"),
        ("2026-02-10", "2026-02", None),
        ("2026-02-10", "2026", None),
        ("2026-02", "2026-02", None),
        ("2026", "2025", "retrospective"),
        ("2026-02", "2027", "prospective"),
    ],
)
def test_the_timing_is_computed_only_where_the_dates_decide(
    registered: str, start: str, timing: str | None
) -> None:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    dates = "".join(
        f'tkg:{name} "{date}"^^<http://www.w3.org/2001/XMLSchema#{kinds[len(date)]}> ;'
        for name, date in (("registrationDate", registered), ("recruitmentStart", start))
    )
    store = Store()
    store.load(
        f"""@prefix tkg: <{TKG}> . @prefix e: <https://example.org/> .
        e:version {{ e:record {dates} a tkg:Record . }}
        <{IDENTITY}> {{
          e:record tkg:refersTo e:trial ; tkg:currentVersion e:version ; tkg:recordRank 1 . }}
        """.encode(),
        format=RdfFormat.TRIG,
    )
    derive(store)
    found = {o.rpartition("/")[2] for _, _, o in derived(store, "computedTiming")}
    assert found == ({timing} if timing else set())


def test_the_derived_graph_speaks_of_trials_and_entities_only(three: Store) -> None:
    kinds = ("id/trial/", "id/person/", "id/organization/", "id/committee/")
    assert all(subject.startswith(kinds) for subject, _, _ in derived(three))


def test_deriving_again_changes_nothing() -> None:
    store = loaded(EXAMPLE, MORE)
    before = set(store)
    derive(store)
    assert set(store) == before


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_a_rule_opens_with_its_property_and_a_sentence(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(rf"# {path.stem}: .{{20,}}", first)


def test_rdflib_derives_the_same(three: Store) -> None:
    dataset = in_rdflib()
    found = set()
    for path in RULES:
        for s, p, o in dataset.query(path.read_text(encoding="utf-8")):
            language = getattr(o, "language", None)
            text = f"{o}@{language}" if language else str(o)
            found.add(tuple(x.removeprefix(TKG).removeprefix(BASE) for x in (str(s), str(p), text)))
    assert found == derived(three)


def in_rdflib() -> Dataset:
    dataset = Dataset(default_union=True)
    for path in (EXAMPLE, MORE):
        dataset.parse(path, format="trig")
    return dataset


# -- queries --------------------------------------------------------------------------------------


def test_the_stored_queries_are_these() -> None:
    assert sorted(NAMED) == [
        "approvals-per-committee",
        "committee-without-part",
        "completeness-per-hospital",
        "condition-across-registries",
        "days-from-approval-to-enrolment",
        "findings-per-sponsor-and-committee",
        "hospitals-together",
        "left-blank",
        "organization-names",
        "people-in-several-roles",
        "registered-late",
        "registered-late-per-sponsor-and-year",
        "trial-leaders",
        "trials-by-country-and-year",
        "trials-by-province-and-year",
        "trials-per-hospital",
        "version-difference",
        "why-the-same",
    ]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_query_describes_itself_in_both_languages(name: str) -> None:
    query = NAMED[name]
    assert query.en.endswith(".")
    assert query.zh.endswith("。")
    asked = set(re.findall(r"\$([A-Z]\w*)", query.text.partition("SELECT")[2]))
    assert set(query.parameters) == asked
    assert "ORDER BY" in query.text


def test_hospitals_with_their_part_in_trials(three: Store) -> None:
    rows = answer(three, "trials-per-hospital")
    assert columns(rows, "hospital", "hospital_zh", "hospital_en", "part", "trials") == [
        (SECOND_HOSPITAL, "示例第二医院", "Second Example Hospital", "site", 2),
        (UNIVERSITY_HOSPITAL, HOSPITAL_ZH, None, "site", 2),
    ]


def test_what_a_committee_approved(example: Store) -> None:
    (row,) = answer(example, "approvals-per-committee")
    assert row == {
        "committee": COMMITTEE,
        "committee_zh": COMMITTEE_ZH,
        "committee_en": None,
        "trial": FIRST,
        "title_zh": ZH_TITLE,
        "title_en": EN_TITLE,
        "number": "示伦审2025研第001号",
        "approved": "2025-11-20",
        "start": "2025-12-01",
    }


def test_an_approval_without_number_or_date_is_listed_all_the_same(three: Store) -> None:
    rows = answer(three, "approvals-per-committee")
    assert columns(rows, "committee", "trial", "number", "approved") == [
        (THIRD_COMMITTEE, OTHER, None, None),
        (COMMITTEE, FIRST, "示伦审2025研第001号", "2025-11-20"),
    ]


def test_hospitals_that_run_trials_together(three: Store) -> None:
    (row,) = answer(three, "hospitals-together")
    assert row == {
        "hospital_a": SECOND_HOSPITAL,
        "hospital_a_zh": "示例第二医院",
        "hospital_a_en": "Second Example Hospital",
        "hospital_b": UNIVERSITY_HOSPITAL,
        "hospital_b_zh": HOSPITAL_ZH,
        "hospital_b_en": None,
        "trials": 2,
    }


def test_who_leads_trials_and_where_they_work(three: Store) -> None:
    rows = answer(three, "trial-leaders")
    assert columns(rows, "person", "person_zh", "person_en", "trials", "organizations") == [
        (LI, "李假设", "Li Jiashe", 1, "示例第二医院"),
        (WANG, "王示例", "Wang Shili", 1, HOSPITAL_ZH),
    ]


def test_every_printed_name_of_an_organization(example: Store) -> None:
    rows = answer(example, "organization-names")
    assert columns(rows, "organization", "name", "language", "number", "version") == [
        (
            UNIVERSITY_HOSPITAL,
            "First Affiliated Hospital of Example University",
            "en",
            "ChiCTR2699990001",
            VERSION,
        ),
        (UNIVERSITY_HOSPITAL, HOSPITAL_ZH, "zh", "ChiCTR2699990001", VERSION),
    ]


def test_why_two_mentions_are_the_same(example: Store) -> None:
    (row,) = answer(example, "why-the-same")
    mention = "id/mention/chictr/ChiCTR2699990001"
    assert row["left"] == f"{mention}/principal-investigator-affiliation-e40d0fae"
    assert row["right"] == f"{mention}/site-e40d0fae"
    assert row["left_name"] == row["right_name"] == HOSPITAL_ZH
    assert (row["decision"], row["rule"], row["evidence"]) == ("same", "O-B1", "equal Chinese name")
    assert row["score"] == 1


def test_trials_registered_after_recruitment_began(three: Store) -> None:
    rows = answer(three, "registered-late")
    assert columns(rows, "trial", "title_zh", "number", "start", "registered") == [
        (FIRST, ZH_TITLE, "ChiCTR2699990001", "2025-12-01", "2026-02-10")
    ]


def test_committees_whose_host_takes_no_other_part(three: Store) -> None:
    rows = answer(three, "committee-without-part")
    assert columns(rows, "trial", "committee", "host", "host_zh") == [
        (OTHER, THIRD_COMMITTEE, THIRD_HOSPITAL, "示例第三医院")
    ]


def test_fields_left_blank_in_current_versions(three: Store) -> None:
    rows = answer(three, "left-blank")
    assert columns(rows, "number", "field", "name") == [
        ("ChiCTR2699990001", "armSize", "对照组"),
        ("ChiCTR2699990001", "city@en", HOSPITAL_ZH),
        ("ChiCTR2699990001", "city@zh", HOSPITAL_ZH),
        ("ChiCTR2699990001", "inclusionCriteria@en", ZH_TITLE),
        ("ChiCTR2699990001", "inclusionCriteria@zh", ZH_TITLE),
        ("ChiCTR2699990001", "secondaryIdentifier", ZH_TITLE),
    ]


def test_what_a_later_version_says_and_the_earlier_did_not(three: Store) -> None:
    record = f"{BASE}id/record/chictr/ChiCTR2699990002"
    older, newer = f"{record}/20260101T000000", f"{record}/20260401T000000"
    added = answer(three, "version-difference", A=older, B=newer)
    titles = [row["value"] for row in added if row["property"] == "ns#publicTitle"]
    assert titles == ["Another trial", "另一项试验"]
    about = {row["name"] for row in added if row["node"] == "id/record/chictr/ChiCTR2699990002"}
    assert about == {"另一项试验"}
    removed = answer(three, "version-difference", A=newer, B=older)
    assert {"旧题目", "objective@zh"} <= {row["value"] for row in removed}
    assert answer(three, "version-difference", A=newer, B=newer) == []


def test_one_condition_in_every_registry(three: Store) -> None:
    rows = answer(three, "condition-across-registries", A="Example Disease")
    assert columns(rows, "condition_en", "registry_en", "number", "trial") == [
        ("Example Disease", "ClinicalTrials.gov", "NCT09999999", FIRST),
        ("example disease, chronic", "Chinese Clinical Trial Registry", "ChiCTR2699990002", OTHER),
    ]
    assert len(answer(three, "condition-across-registries", A="示例病")) == 1
    assert answer(three, "condition-across-registries", A="influenza") == []


PORTAL = """
@base <https://w3id.org/trialkg/> . @prefix tkg: <ns#> . @prefix r: <id/record/ictrp/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<id/record/ictrp/NCT09999998/1> {
  r:NCT09999998 tkg:publishedBy <id/registry/ictrp> ; tkg:registry <id/registry/ctgov> ;
    tkg:registrationNumber "NCT09999998" ; tkg:registrationDate "2026-03"^^xsd:gYearMonth ;
    tkg:hasCondition r:fever ; tkg:countryOfRecruitment <id/place/FR>, <id/place/US> .
  r:fever rdfs:label "example fever"@en . }
<id/record/ictrp/x/1> {
  r:x tkg:publishedBy <id/registry/ictrp> ; tkg:hasCondition r:x-fever ;
    tkg:countryOfRecruitment <id/place/FR> .
  r:x-fever rdfs:label "another fever"@en . }
<graph/identity> {
  r:NCT09999998 tkg:refersTo <id/trial/a> ; tkg:recordRank 1 ;
    tkg:currentVersion <id/record/ictrp/NCT09999998/1> .
  r:x tkg:refersTo <id/trial/b> ; tkg:recordRank 1 ; tkg:currentVersion <id/record/ictrp/x/1> . }
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two records of a portal beside the example; only one has a number of a registry."""
    file = tmp_path_factory.mktemp("portal") / "portal.trig"
    file.write_text(PORTAL, encoding="utf-8")
    return loaded(EXAMPLE, file)


def test_a_condition_in_a_portal_belongs_to_the_registry_that_gave_the_number(
    portal: Store,
) -> None:
    rows = answer(portal, "condition-across-registries", A="FEVER")
    assert columns(rows, "condition_en", "registry", "number") == [
        ("another fever", "id/registry/ictrp", None),
        ("example fever", "id/registry/ctgov", "NCT09999998"),
    ]


def test_trials_by_province_and_year(three: Store) -> None:
    rows = answer(three, "trials-by-province-and-year")
    assert columns(rows, "place", "place_zh", "place_en", "year", "trials") == [
        ("id/place/CN-SH", "上海市", "Shanghai", "2026", 1),
        ("id/place/CN-ZJ", "浙江省", "Zhejiang", "2026", 2),
    ]


def test_trials_by_country_and_year(portal: Store) -> None:
    """By countries of recruitment, which portals state, and of sites; none without a date."""
    rows = answer(portal, "trials-by-country-and-year")
    assert columns(rows, "country", "country_zh", "country_en", "year", "trials") == [
        ("id/place/CN", "中国", "China", "2026", 1),
        ("id/place/FR", "法国", "France", "2026", 1),
        ("id/place/US", "美国", "United States", "2026", 1),
    ]


def test_people_in_several_roles(three: Store) -> None:
    rows = answer(three, "people-in-several-roles")
    assert columns(rows, "person", "person_zh", "roles", "held", "trials") == [
        (LI, "李假设", 3, "principal-investigator | public-contact | scientific-contact", 2),
        (ZHAO, "赵虚构", 2, "ethics-contact | site-contact", 2),
    ]


def test_findings_per_sponsor_and_committee(three: Store) -> None:
    rows = answer(three, "findings-per-sponsor-and-committee")
    assert columns(
        rows, "sponsor", "sponsor_zh", "committee", "committee_zh", "severity", "findings", "trials"
    ) == [
        (None, None, THIRD_COMMITTEE, "示例第三医院伦理委员会", "warning", 1, 1),
        (COMPANY, "示例药业", COMMITTEE, COMMITTEE_ZH, "violation", 1, 1),
        (COMPANY, "示例药业", COMMITTEE, COMMITTEE_ZH, "info", 2, 1),
    ]


def test_completeness_per_hospital(three: Store) -> None:
    rows = answer(three, "completeness-per-hospital")
    assert columns(rows, "hospital", "records", "percent", "least_percent") == [
        (SECOND_HOSPITAL, 2, 83, 76),
        (UNIVERSITY_HOSPITAL, 2, 83, 76),
    ]


def test_days_from_approval_to_enrolment(three: Store) -> None:
    rows = answer(three, "days-from-approval-to-enrolment")  # 20 November to 1 December
    assert columns(rows, "committee", "trials", "fewest", "mean", "most") == [
        (COMMITTEE, 1, 11, 11, 11)
    ]


def test_trials_registered_late_per_sponsor_and_year(three: Store) -> None:
    rows = answer(three, "registered-late-per-sponsor-and-year")
    assert columns(rows, "sponsor", "year", "late", "trials") == [(COMPANY, "2026", 1, 1)]


def parameters(name: str) -> dict[str, str]:
    record = f"{BASE}id/record/chictr/ChiCTR2699990002"
    given = {
        "version-difference": {"A": f"{record}/20260101T000000", "B": f"{record}/20260401T000000"}
    }
    return given.get(name, dict.fromkeys(NAMED[name].parameters, "disease"))


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_query_has_rows_and_a_second_copy_of_every_triple_changes_none(
    three: Store, doubled: Store, name: str
) -> None:
    rows = answer(three, name, **parameters(name))
    assert rows
    assert len({tuple(row.items()) for row in rows}) == len(rows)
    assert answer(doubled, name, **parameters(name)) == rows


def rdflib_rows(dataset: Dataset, text: str) -> Iterator[tuple[str | None, ...]]:
    for row in dataset.query(text):
        yield tuple(None if term is None else str(term) for term in row)


@pytest.mark.parametrize("name", sorted(NAMED))
def test_rdflib_answers_the_same(three: Store, name: str) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(data=three.dump(format=RdfFormat.TRIG).decode(), format="trig")
    text = queries.text_of(name, parameters(name))
    ours = [
        tuple(None if term is None else term.value for term in solution)
        for solution in queries.run(three, text)
    ]
    assert sorted(rdflib_rows(dataset, text), key=str) == sorted(ours, key=str)


MANY_NAMES = """
import sys
from kg import queries, store
from kg.namespaces import ID, IDENTITY, expand

def said(graph, s, p, o):
    return f"<{s}> <{expand(p)}> {o} <{graph}> .\\n"

def lines(records=6_000, mentions=8):
    for n in range(records):
        record = f"{ID}record/x/{n}"
        version = f"{record}/20260101"
        yield said(version, version, "tkg:versionOf", f"<{record}>")
        yield said(version, record, "tkg:registrationNumber", f'"{n}"')
        for m in range(mentions):
            mention, whose = f"{ID}mention/x/{n}/site-{m}", f"{ID}organization/{(n + m) % 50}"
            yield said(version, mention, "tkg:nameAsGiven", f'"Hospital {(n + m) % 50}"@en')
            yield said(IDENTITY, mention, "tkg:refersTo", f"<{whose}>")
            yield said(IDENTITY, whose, "rdf:type", f"<{expand('org:Organization')}>")

graph = store.in_memory(lines())
print(sum(1 for _ in queries.rows(graph, queries.text_of("organization-names", {}))))
"""


@pytest.mark.slow
def test_the_names_of_thousands_of_records_come_to_an_end() -> None:
    """Each name was once compared with the number of every record: the query never ended."""
    found = subprocess.run(
        [sys.executable, "-c", MANY_NAMES], capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout == "48000\n"
