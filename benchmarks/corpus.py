"""An invented corpus of any size: ClinicalTrials.gov studies that look like real ones and are none.

    python -m benchmarks.corpus FOLDER 10000            ten thousand studies in pages of 1,000
    python -m benchmarks.corpus FOLDER 10000 --changed 0.01   the same, 1 % of them refreshed

About 8.6 KB of API-v2 JSON a study. Sites, sponsors and people are drawn from shared pools whose
members are used as unevenly as in real registers; 4.5 % of the studies carry a defect that a
rule reports. Study ``n`` depends on the seed and ``n`` alone, so a corpus of 10,000 is the
beginning of one of 200,000. Numbers start at NCT90000000, above every real one.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FIRST_NUMBER = 90_000_000
PER_FILE = 1_000
DEFECTS = 0.045

_FAMILY = [
    "Alder",
    "Birch",
    "Cedar",
    "Dorn",
    "Eibe",
    "Fichte",
    "Ginster",
    "Hasel",
    "Iris",
    "Juniper",
    "Kiefer",
    "Linde",
    "Mohn",
    "Nelke",
    "Olive",
    "Pinie",
    "Quitte",
    "Raute",
    "Salbei",
    "Tanne",
    "Ulme",
    "Vetch",
    "Weide",
    "Yarrow",
    "Zeder",
    "Ahorn",
    "Buche",
    "Distel",
    "Efeu",
    "Farn",
]
_GIVEN = [
    "Ada",
    "Bruno",
    "Clara",
    "Davit",
    "Elin",
    "Farid",
    "Greta",
    "Hana",
    "Ivo",
    "Jana",
    "Kofi",
    "Lena",
    "Milo",
    "Nora",
    "Omar",
    "Petra",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
    "Uma",
    "Viktor",
    "Wanda",
    "Xenia",
    "Yara",
    "Zeno",
    "Anouk",
    "Bela",
    "Cato",
    "Dunja",
]
_TOWNS = (
    ("Birkenfurt", "", "Germany"), ("Erlental", "", "Germany"), ("Vaux-Inventé", "", "France"),
    ("Springfield", "Illinois", "United States"), ("Springfield", "Missouri", "United States"),
    ("Salem", "Oregon", "United States"), ("Exampleton", "Ontario", "Canada"),
    ("Hangzhou", "Zhejiang", "China"), ("Wuhan", "Hubei", "China"), ("Chengdu", "Sichuan", "China"),
    ("Kobe", "Hyogo", "Japan"), ("Daejeon", "", "South Korea"), ("Pune", "Maharashtra", "India"),
    ("Recife", "Pernambuco", "Brazil"), ("Porto", "", "Portugal"), ("Utrecht", "", "Netherlands"),
    ("Leeds", "", "United Kingdom"), ("Cork", "", "Ireland"), ("Turku", "", "Finland"),
    ("Perth", "Western Australia", "Australia"),
)  # fmt: skip
_DISEASES = [
    "Anemia",
    "Asthma",
    "Chronic Pain",
    "Colorectal Neoplasms",
    "Depression",
    "Diabetes Mellitus, Type 2",
    "Epilepsy",
    "Heart Failure",
    "Hepatitis B",
    "Hypertension",
    "Influenza",
    "Lung Neoplasms",
    "Lupus Nephritis",
    "Melanoma",
    "Migraine",
    "Multiple Sclerosis",
    "Obesity",
    "Osteoporosis",
    "Parkinson Disease",
    "Pneumonia",
    "Psoriasis",
    "Sepsis",
    "Stroke",
    "Tuberculosis",
]
_WORDS = [
    "participants",
    "treatment",
    "weeks",
    "measured",
    "baseline",
    "change",
    "score",
    "dose",
    "daily",
    "group",
    "safety",
    "efficacy",
    "response",
    "clinical",
    "assessed",
    "visit",
    "screening",
    "randomized",
    "placebo",
    "tolerated",
    "laboratory",
    "events",
    "disease",
    "activity",
    "patients",
    "symptoms",
    "improvement",
    "duration",
    "follow-up",
    "quality",
    "life",
    "index",
    "scale",
]
_STATUSES = ("RECRUITING", "COMPLETED", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "TERMINATED")
_PHASES = (["PHASE1"], ["PHASE2"], ["PHASE2", "PHASE3"], ["PHASE3"], ["PHASE4"], ["NA"])

Study = dict[str, Any]


def studies(count: int, *, seed: int = 1, first: int = 0) -> Iterator[Study]:
    """``count`` studies as the API's version 2 gives them, from number ``first`` on."""
    for n in range(first, first + count):
        yield study(n, seed)


def study(n: int, seed: int = 1, *, refreshed: bool = False) -> Study:
    """Study ``n``; ``refreshed`` is the same study as its register shows it some months later."""
    draw = random.Random(f"{seed} {n}")
    disease = _DISEASES[_uneven(draw, len(_DISEASES))]
    other = draw.choice(_DISEASES)
    drug = f"Inventine-{draw.randrange(4_000)}"
    observational = draw.random() < 0.25
    registered = date(2005, 1, 1) + timedelta(days=draw.randrange(7_300))
    start = registered + timedelta(days=draw.randrange(-200, 200))
    completion = start + timedelta(days=draw.randrange(200, 1_500))
    status = draw.choice(_STATUSES)
    sponsor = f"Invented {_FAMILY[n % 30]} Therapeutics {_uneven(draw, 600)}"
    leader = _person(_uneven(draw, 60_000))
    clinics = [_uneven(draw, 40_000) for _ in range(_site_count(draw))]
    defect = draw.random() < DEFECTS
    which = draw.randrange(5) if defect else -1
    arms = [f"Arm {chr(65 + k)}" for k in range(draw.choice((1, 2, 2, 2, 3, 4)))]
    protocol: Study = {
        "identificationModule": {
            "nctId": f"NCT{FIRST_NUMBER + n:08d}",
            "orgStudyIdInfo": {"id": f"INV-{seed}-{n:07d}"},
            "organization": {"fullName": sponsor, "class": "INDUSTRY"},
            "briefTitle": f"{drug} in Adults With {disease}, Study {n}",
            "officialTitle": "" if which == 0 else
                f"A Randomised Trial of {drug} in Adults With {disease} and {other}, Study {n}",
        },
        "statusModule": {
            "statusVerifiedDate": f"{registered + timedelta(days=90):%Y-%m}",
            "overallStatus": "COMPLETED" if refreshed else status,
            "startDateStruct": {"date": f"{start:%Y-%m-%d}", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": f"{completion:%Y-%m}", "type": "ESTIMATED"},
            "completionDateStruct": {
                "date": f"{completion + timedelta(days=60 if which != 1 else -900):%Y-%m-%d}",
                "type": "ESTIMATED",
            },
            "studyFirstSubmitDate": f"{registered:%Y-%m-%d}",
            "studyFirstSubmitQcDate": f"{registered + timedelta(days=3):%Y-%m-%d}",
            "studyFirstPostDateStruct": {
                "date": f"{registered + timedelta(days=5):%Y-%m-%d}", "type": "ACTUAL"},
            "lastUpdateSubmitDate": f"{registered + timedelta(days=90 + 200 * refreshed):%Y-%m-%d}",
            "lastUpdatePostDateStruct": {
                "date": f"{registered + timedelta(days=92 + 200 * refreshed):%Y-%m-%d}",
                "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {"type": "SPONSOR"},
            "leadSponsor": {"name": sponsor, "class": "INDUSTRY"},
        },
        "oversightModule": {
            "oversightHasDmc": draw.random() < 0.5,
            "isFdaRegulatedDrug": True, "isFdaRegulatedDevice": False,
        },
        "descriptionModule": {
            "briefSummary": _text(draw, 70),
            "detailedDescription": "\n\n".join(_text(draw, 60) for _ in range(3)),
        },
        "conditionsModule": {
            "conditions": [] if which == 2 else [disease, other],
            "keywords": draw.sample(_WORDS, 3),
        },
        "designModule": {
            "studyType": "OBSERVATIONAL" if observational else "INTERVENTIONAL",
            **({} if observational else {"phases": draw.choice(_PHASES)}),
            "designInfo": {"observationalModel": "COHORT", "timePerspective": "PROSPECTIVE"}
            if observational else {
                "allocation": "RANDOMIZED" if len(arms) > 1 else "NA",
                "interventionModel": "PARALLEL" if len(arms) > 1 else "SINGLE_GROUP",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "INVESTIGATOR"]},
            },
            "enrollmentInfo": {"count": 0 if which == 3 else draw.randrange(10, 900),
                               "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": arm, "type": "EXPERIMENTAL" if k == 0 else "PLACEBO_COMPARATOR",
                 "description": _text(draw, 14), "interventionNames": [f"Drug: {drug}"]}
                for k, arm in enumerate(arms)
            ],
            "interventions": [
                {"type": "DRUG", "name": drug, "description": _text(draw, 12),
                 "armGroupLabels": arms, "otherNames": [f"INV{draw.randrange(9_000)}"]}
            ],
        },
        "outcomesModule": {
            **({} if which == 4 else {"primaryOutcomes": [_outcome(draw)]}),
            "secondaryOutcomes": [_outcome(draw) for _ in range(draw.randrange(1, 6))],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n"
            + "\n".join(f"* {_text(draw, 10)}" for _ in range(5))
            + "\n\nExclusion Criteria:\n\n"
            + "\n".join(f"* {_text(draw, 9)}" for _ in range(5)),
            "healthyVolunteers": draw.random() < 0.2,
            "sex": draw.choice(("ALL", "ALL", "ALL", "FEMALE", "MALE")),
            "minimumAge": "18 Years", "maximumAge": f"{draw.randrange(60, 90)} Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [
                {"name": leader, "role": "CONTACT", "phone": f"000-{n % 10_000:04d}",
                 "email": f"contact{n}@example.org"}
            ],
            "overallOfficials": [
                {
                    "name": leader,
                    "affiliation": _clinic(clinics[0]),
                    "role": "PRINCIPAL_INVESTIGATOR",
                }
            ],
            "locations": [_location(draw, clinic) for clinic in clinics],
        },
        "ipdSharingStatementModule": {"ipdSharing": draw.choice(("YES", "NO", "UNDECIDED")),
                                      "description": _text(draw, 12)},
    }  # fmt: skip
    return {
        "protocolSection": protocol,
        "derivedSection": {
            "miscInfoModule": {"versionHolder": "2026-09-15"},
            "conditionBrowseModule": {
                "meshes": [{"id": f"D{_DISEASES.index(disease) + 1:06d}", "term": disease}]
            },
        },
        "hasResults": False,
    }


def _uneven(draw: random.Random, size: int) -> int:
    """A member of a pool, the first ones much more often than the last."""
    return int(size * draw.random() ** 3)


def _site_count(draw: random.Random) -> int:
    return draw.choice((1, 1, 1, 1, 2, 2, 3, 4, 6, 9))


def _person(k: int) -> str:
    family = f"{_FAMILY[k // 30 % 30]}-{_FAMILY[k // 7 % 30]}"
    return f"{_GIVEN[k % 30]} {chr(65 + k // 900 % 26)}. {family}, MD"


def _clinic(k: int) -> str:
    sort = ("General Hospital", "University Hospital", "Medical Center", "Clinic")[k % 4]
    return f"{_FAMILY[k // 4 % 30]} {_GIVEN[k // 120 % 30]} {sort} {k // 3_600 or ''}".rstrip()


def _location(draw: random.Random, k: int) -> Study:
    city, state, country = _TOWNS[k * 7 % len(_TOWNS)]
    found: Study = {"facility": _clinic(k), "status": draw.choice(("RECRUITING", "COMPLETED"))}
    found |= {"city": city, **({"state": state} if state else {}), "zip": f"{k % 100_000:05d}"}
    found |= {"country": country, "geoPoint": {"lat": k % 90 + 0.5, "lon": k % 180 + 0.25}}
    if draw.random() < 0.3:
        found["contacts"] = [
            {"name": _person(_uneven(draw, 60_000)), "role": "PRINCIPAL_INVESTIGATOR"}
        ]
    return found


def _outcome(draw: random.Random) -> Study:
    return {
        "measure": _text(draw, 7),
        "description": _text(draw, 16),
        "timeFrame": f"{draw.randrange(2, 104)} weeks",
    }


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words)).capitalize() + "."


def write(
    folder: Path, count: int, *, seed: int = 1, per_file: int = PER_FILE, changed: float = 0.0
) -> list[Path]:
    """Write the corpus as the API's pages, ``{"studies": […]}``; the files, in order.

    ``changed`` is the share of studies that are refreshed, spread evenly.
    """
    folder.mkdir(parents=True, exist_ok=True)
    step = round(1 / changed) if changed else 0
    made = []
    for start in range(0, count, per_file):
        found = [
            study(n, seed, refreshed=bool(step) and n % step == 0)
            for n in range(start, min(start + per_file, count))
        ]
        path = folder / f"studies-{start:07d}.json"
        path.write_text(json.dumps({"studies": found}, ensure_ascii=False), encoding="utf-8")
        made.append(path)
    return made


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-file", type=int, default=PER_FILE)
    parser.add_argument("--changed", type=float, default=0.0)
    given = parser.parse_args()
    made = write(
        given.folder,
        given.count,
        seed=given.seed,
        per_file=given.per_file,
        changed=given.changed,
    )
    size = sum(path.stat().st_size for path in made)
    print(f"{given.count} studies, {len(made)} files, {size / given.count:.0f} bytes a study")


if __name__ == "__main__":
    main()
