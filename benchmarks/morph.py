"""morph-kgc on an RML mapping of some fields of the invented studies.

It needs an environment of its own, for it pins an older pyoxigraph:

    python3 -m venv /tmp/morph && /tmp/morph/bin/pip install morph-kgc
    python -m benchmarks.extract --morph-kgc /tmp/morph/bin/python

or ``MORPH_KGC=/tmp/morph/bin/python``. The mapping takes fields that a study has once: below a list
RML's iterators lose the study. It reads flat records that are made for it before its clock starts.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

# Name of the property, and where it stands below protocolSection.
FIELDS = {
    "briefTitle": "identificationModule.briefTitle",
    "officialTitle": "identificationModule.officialTitle",
    "status": "statusModule.overallStatus",
    "start": "statusModule.startDateStruct.date",
    "firstSubmitted": "statusModule.studyFirstSubmitDate",
    "sponsor": "sponsorCollaboratorsModule.leadSponsor.name",
    "sponsorClass": "sponsorCollaboratorsModule.leadSponsor.class",
    "summary": "descriptionModule.briefSummary",
    "description": "descriptionModule.detailedDescription",
    "studyType": "designModule.studyType",
    "enrolment": "designModule.enrollmentInfo.count",
    "enrolmentType": "designModule.enrollmentInfo.type",
    "criteria": "eligibilityModule.eligibilityCriteria",
    "sex": "eligibilityModule.sex",
    "minimumAge": "eligibilityModule.minimumAge",
    "maximumAge": "eligibilityModule.maximumAge",
    "sharing": "ipdSharingStatementModule.ipdSharing",
}
_SUBJECT = "http://example.org/{nctId}"
_PROGRAM = """
import importlib.metadata, json, logging, sys, time
import morph_kgc
logging.disable(logging.CRITICAL)
start = time.process_time()
found = morph_kgc.materialize_set(sys.argv[1])
with open(sys.argv[2], "w") as out:
    out.writelines(line + " .\\n" for line in found)
took = time.process_time() - start
print(json.dumps([took, len(found), importlib.metadata.version("morph-kgc")]))
"""


class Took(NamedTuple):
    """Processor seconds, how many statements it made, and its version."""

    seconds: float
    statements: int
    version: str


def mapping(source: Path) -> str:
    """The RML mapping of ``FIELDS`` over flat records."""
    maps = "".join(
        f" ;\n  rr:predicateObjectMap [ rr:predicate ex:{name} ; "
        f'rr:objectMap [ rml:reference "{name}" ] ]'
        for name in FIELDS
    )
    return f"""@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix ex: <http://example.org/> .
<#study> a rr:TriplesMap ;
  rml:logicalSource [ rml:source "{source}" ; rml:referenceFormulation ql:JSONPath ;
    rml:iterator "$.studies[*]" ] ;
  rr:subjectMap [ rr:template "{_SUBJECT}" ]{maps} .
"""


def _flat(study: dict[str, Any]) -> dict[str, str | None]:
    """The fields of a study in one row."""
    found: dict[str, str | None] = {"nctId": _value(study, "identificationModule.nctId")}
    return found | {name: _value(study, where) for name, where in FIELDS.items()}


def _value(study: dict[str, Any], where: str) -> str | None:
    at: Any = study["protocolSection"]
    for part in where.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    return None if at is None else str(at)


def took(python: str, source: Path, work: Path) -> Took:
    """One run over a page of studies, in an environment that has morph-kgc.

    Raises RuntimeError with its last line where it fails.
    """
    rml, ini, records = work / "mapping.ttl", work / "morph.ini", work / "flat.json"
    flat = [_flat(one) for one in json.loads(source.read_text())["studies"]]
    records.write_text(json.dumps({"studies": flat}))
    rml.write_text(mapping(records))
    ini.write_text(
        "[CONFIGURATION]\nlogging_level: CRITICAL\nnumber_of_processes: 1\n"
        f"[studies]\nmappings: {rml}\n"
    )
    done = subprocess.run(
        [python, "-c", _PROGRAM, str(ini), str(work / "morph.nt")],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return Took(*json.loads(done.stdout.splitlines()[-1]))
