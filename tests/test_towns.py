"""Towns beside names of organizations: which are one town, and which only share its name."""

from __future__ import annotations

import json

import pytest
from conftest import called
from ctgov_studies import study

from kg.outputs.graph import Graph
from kg.resolve.names.places import city_key

ENTITIES = """SELECT DISTINCT ?e WHERE {
  ?m tkg:refersTo ?e ; tkg:nameAsGiven ?name . FILTER(STR(?name) = "%s") }"""


@pytest.fixture
def entities(tmp_path):
    """Of how many organizations a build of one site in each of some places speaks."""

    def count(name, *places):
        records = tmp_path / "records"
        records.mkdir()
        for n, (city, state, country) in enumerate(places):
            site = {"facility": name, "city": city, "country": country}
            if state:
                site["state"] = state
            made = study(
                identificationModule={"nctId": f"NCT0999{n:04}"},
                contactsLocationsModule={"locations": [site]},
            )
            (records / f"{n}.json").write_text(json.dumps(made), encoding="utf-8")
        out = tmp_path / "out"
        done = called("build", records, "-o", out, "--no-check", "--as-of", "2026-09-30")
        assert done.returncode == 0, done.stderr
        return len(list(Graph(out).query(ENTITIES % name)))

    return count


@pytest.mark.parametrize("name", ["St. Mary's Hospital", "Exa Cancer Center"])
def test_towns_of_one_name_in_two_american_states_are_two(entities, name):
    """Springfield, Illinois and Springfield, Massachusetts had one St. Mary's Hospital."""
    states = ["Illinois", "Massachusetts", "Massachusetts"]
    assert entities(name, *(("Springfield", state, "United States") for state in states)) == 2


def test_a_town_is_one_in_all_its_languages_and_spellings(entities):
    assert (
        entities(
            "St. Josef-Krankenhaus",
            ("Köln", None, "Germany"),
            ("Cologne", None, "Germany"),
            ("Koeln", "North Rhine-Westphalia", "Germany"),
            ("Koln", "NRW", "Germany"),
        )
        == 1
    )


@pytest.mark.parametrize(
    "names",
    [
        "Munich|München|Muenchen|Munchen",
        "Rome|Roma",
        "Lyon|Lyon Cedex|Lyon Cedex 08|LYON CEDEX 8",
        "Seongnam|Seongnam-si",
        "Tel Aviv|Tel-Aviv",
        "Kraków|Krakow|Cracow",
        "Mexico City|Ciudad de México",
    ],
)
def test_names_of_one_town(names):
    assert len(set(map(city_key, names.split("|")))) == 1


def test_towns_that_are_two_stay_two():
    towns = ["Frankfurt (Oder)", "Frankfurt am Main", "Villejuif", "Assisi", "Pisa", "Lodi", "Brno"]
    assert len(set(map(city_key, towns))) == len(towns)
