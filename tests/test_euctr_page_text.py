"""The text of the EU register's page, as browsers and crawlers copy it: rows without blanks."""

from __future__ import annotations

from accounted import faults
from conftest import extracted

TEXT = """Flag of the European Union EU Clinical Trials Register Help

The EU Clinical Trials Register currently displays   43851   clinical trials with a EudraCT protocol
    How to search [pdf]
    < Back to search results
    Print Download

    Summary
    EudraCT Number:2026-099901-19
    Sponsor's Protocol Code Number:EXA-0004
    National Competent Authority:Germany - BfArM
    Clinical Trial Type:EEA CTA
    Trial Status:Completed
    Date on which this record was first entered in the EudraCT database:2026-01-22
    Trial results View results
    Index
    A. PROTOCOL INFORMATION
    P. END OF TRIAL
    Expand All   Collapse All
    A. Protocol Information
    A.1Member State ConcernedGermany - BfArM
    A.2EudraCT number2026-099901-19
    A.3Full title of the trial
    A randomised trial of yawning
    Eine randomisierte Studie des Gähnens(de)
    A.4.1Sponsor's protocol code numberEXA-0004
    B. Sponsor Information
    B.Sponsor: 1
    B.1.1Name of SponsorInvented Pharma GmbH
    B.1.3.4CountryGermany
    B.3.1 and B.3.2Status of the sponsorCommercial
    B.5.1Name of organisationInvented Pharma GmbH
    B.5.2Functional name of contact pointClinical Operations
    B.5.3 Address:
    B.5.3.1Street AddressBeispielstr. 5
    B.5.4Telephone number+49 30 0000001
    B.5.6E-mailtrials@example.de
    B.Sponsor: 2
    B.1.1Name of SponsorExample University
    B.1.3.4CountryGermany
    D. IMP Identification
    D.IMP: 1
    D.1.2 and D.1.3IMP RoleTest
    D.3.1Product nameYawnol
    D.3.11.2Active substance of biological/ biotechnological origin (other than Advanced Therapy IMP (ATIMP) No
    The IMP is a:
    D.3.11.3Advanced Therapy IMP (ATIMP) No
    E. General Information on the Trial
    E.1.1Medical condition(s) being investigated
    Yawning
    E.3Principal inclusion criteria
    1. Yawns
    2. Adults
    E.7.2Therapeutic exploratory (Phase II) No
    E.7.3Therapeutic confirmatory (Phase III) Yes
    E.8.5The trial involves multiple Member States No
    E.8.8 Definition of the end of the trial and justification where it is not the last visit of the last subject undergoing the trial
    LVLS
    F.1.2Adults (18-64 years) Yes
    F.1.2.1Number of subjects for this age range: 300
    F.4.1In the member state300
    F.5 Plans for treatment or care after the subject has ended the participation in the trial (if it is different from the expected normal treatment of that condition)
    None
    N. Review by the Competent Authority or Ethics Committee in the country concerned
    N.Competent Authority Decision Authorised
    N.Date of Competent Authority Decision2026-03-01
    N.Ethics Committee Opinion of the trial application Favourable
    N.Ethics Committee Opinion: Reason(s) for unfavourable opinion
    N.Date of Ethics Committee Opinion2026-02-20
    P. End of Trial
    P.End of Trial StatusCompleted
    P.Date of the global end of the trial2026-05-01
    As of 1 February 2020, the UK is no longer an EU Member State.
    EU Clinical Trials Register Service Desk: https://example.org
    European Medicines Agency | Beispielplein 6, 1083 Amsterdam
"""  # noqa: E501


def read(text=TEXT):
    (found,) = extracted(text)
    assert found.record is not None
    return found


def test_the_text_of_a_page_is_the_record_of_its_member_state():
    made = read().record
    assert made.local_id == "2026-099901-19-DE"
    assert made.version.layout == "page-text"
    assert made.registration_date.value.text == "2026-01-22"
    assert made.study_subject_ids[0].value == "EXA-0004"


def test_no_line_is_left_and_none_of_the_frame_of_the_page_is_read():
    found = read()
    assert not found.issues
    assert faults(found) == {}
    assert "Beispielplein" not in str(found.record)


def test_an_old_page_has_no_heading_above_its_summary():
    assert read(TEXT.replace("    Summary\n", "")).record.local_id == "2026-099901-19-DE"


def test_a_title_in_another_language_is_no_part_of_the_title():
    assert read().record.scientific_title.label == "A randomised trial of yawning"


def test_sponsors_opinion_and_sizes_stand_where_their_labels_end():
    made = read().record
    sponsors = [(r.role, r.agent.name.label) for r in made.roles if "sponsor" in r.role]
    assert sponsors == [
        ("lead-sponsor", "Invented Pharma GmbH"),
        ("sponsor", "Example University"),
    ]
    (opinion,) = made.approvals
    assert opinion.date.value.text == "2026-02-20"
    assert made.phase.value == ("phase-3",)
    assert made.target_sample_size.value == 300
    assert made.completion_date.value.text == "2026-05-01"
    assert "results-posted" in made.features.value


def test_criteria_keep_their_lines():
    assert read().record.inclusion_criteria.label == "1. Yawns\n2. Adults"


def test_a_text_that_is_cut_says_so():
    found = read(TEXT[: TEXT.index("    E.7.2")])
    assert [issue.kind for issue in found.issues] == ["page cut"]


def test_a_trial_outside_the_union_names_no_authority_and_is_the_record_of_its_text():
    """Else page and full text of one record have two names."""
    text = TEXT.replace("    A.1Member State ConcernedGermany - BfArM\n", "")
    text = text.replace("    National Competent Authority:Germany - BfArM\n", "")
    found = read(text.replace("Clinical Trial Type:EEA CTA", "Clinical Trial Type:Outside EU/EEA"))
    assert found.record.local_id == "2026-099901-19-3rd"
    assert not found.issues
