"""A printed name stands for who bears it; several are told apart, for nobody others are named."""

from __future__ import annotations

import networkx as nx
import pytest
from conftest import called
from exporters_samples import say, text
from pyoxigraph import NamedNode, Store

import kg
from kg.errors import ToolError
from kg.namespaces import DERIVED, ID, IDENTITY, REFERENCE, expand
from kg.outputs.bearers import bearer

HOSPITAL = "organization/f6bdaa87a38b"


@pytest.mark.parametrize(
    "name",
    [
        "the first affiliated hospital of  Yunxi University School-of-Medicine",
        "THE FIRST AFFILIATED HOSPITAL, COLLEGE OF MEDICINE, YUNXI UNIVERSITY",  # in one record
        "云溪大學醫學院附屬第一醫院",  # traditional characters
    ],
)
def test_a_part_of_a_view_is_drawn_around_who_bears_a_name(built, tmp_path, name):
    done = called("export", built, tmp_path / "name.gexf", "--around", name)
    assert done.returncode == 0, done.stderr
    said, *_ = done.stderr.splitlines()
    assert said.startswith(f"around {HOSPITAL} 云溪大学医学院附属第一医院 / The First Affiliated ")
    drawn = nx.read_gexf(tmp_path / "name.gexf")
    assert set(drawn) == set(kg.open(built).networkx(around=HOSPITAL))


def test_python_takes_names_of_people_and_titles_of_trials(built, tmp_path):
    graph = kg.open(built)
    assert graph.entity("jose inventado") == graph.entity("José Inventado")
    trial = graph.entity("NCT09999901")
    (row,) = graph.query(f"SELECT ?title {{ <{trial}> tkg:publicTitle ?title }}")
    assert graph.entity(row["title"].upper()) == trial
    said = graph.export(tmp_path / "a.gexf", around=["jose inventado", "NCT09999901"])
    assert [line for line in said if line.startswith("around ")] == [
        f"around {graph.entity('José Inventado').removeprefix(ID)} José Inventado"
    ]


def test_a_trace_leads_back_from_a_name_too(built):
    by_name, by_id = (called("trace", built, n) for n in ("jose inventado", "José Inventado"))
    assert (by_name.returncode, by_name.stdout) == (0, by_id.stdout)
    iri = kg.open(built).entity("jose inventado").removeprefix(ID)
    assert called("trace", built, iri).stdout == by_name.stdout != ""
    done = called("trace", built, "Jonas Muster")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "2 have this name" in done.stderr


def test_a_name_of_several_is_an_error_that_tells_them_apart(built, tmp_path):
    done = called("export", built, tmp_path / "a.gexf", "--around", "jonas muster")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "jonas muster: 2 have this name, write the id: person/" in done.stderr
    assert " Jonas Muster (Invented City Hospital, Invented City)" in done.stderr
    assert not list(tmp_path.iterdir())
    with pytest.raises(ToolError, match="2 have this name"):
        kg.open(built).networkx(around="Jonas Muster")


def test_a_name_of_many_shows_some_and_counts_the_others():
    store = Store()
    for n in range(7):
        hospital, mention = f"{ID}organization/{n}", f"{ID}mention/x/{n}"
        say(store, IDENTITY, hospital, "rdfs:label", text("General Hospital", "en"))
        say(store, IDENTITY, hospital, "skos:prefLabel", text("General Hospital", "en"))
        say(store, IDENTITY, mention, "tkg:refersTo", NamedNode(hospital))
        for place, name in ((f"x-{n}", f"Town {n}"), ("CN-ZJ", "Province")):
            say(store, f"{ID}record/x", mention, "dcterms:spatial", NamedNode(f"{ID}place/{place}"))
            say(store, REFERENCE, f"{ID}place/{place}", "rdfs:label", text(name, "en"))
    with pytest.raises(ToolError) as error:
        bearer(store, "general hospital", "out")
    assert error.value.message == (
        "general hospital: 7 have this name, write the id: "
        + "; ".join(f"organization/{n} General Hospital (Town {n})" for n in range(5))
        + "; and 2 more"
    )


def test_a_name_of_nobody_is_told_the_names_that_hold_it_or_else_the_nearest(built, tmp_path):
    for name, told in (
        (
            "Exmaple County Hosptial",
            f": nobody in {built} has this id or name. Did you mean Example Cou",
        ),
        ("yunxi university school of medicine", "Did you mean The First Affiliated Hospital of Yu"),
        (
            "***",
            f": nobody in {built} has this id or name; write an id as kg prints it, such as ",
        ),
    ):
        done = called("export", built, tmp_path / "a.gexf", "--around", name)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert done.stderr.startswith(f"Error: {name}")
        assert told in done.stderr
    assert (
        "(2 more hold this)"
        in called(
            "export", built, tmp_path / "a.gexf", "--around", "Yunxi University School of Medicine"
        ).stderr
    )


def test_a_trial_without_a_title_has_its_label_and_who_was_replaced_has_no_name():
    store = Store()
    for n, kind in (("1", "tkg:Trial"), ("2", None)):
        trial = f"{ID}trial/{n}"
        say(store, IDENTITY, trial, "rdfs:label", text("replaced trial", "en"))
        if kind:
            say(store, IDENTITY, trial, "rdf:type", NamedNode(expand(kind)))
    assert bearer(store, "Replaced Trial", "out") == f"{ID}trial/1"
    say(store, DERIVED, f"{ID}trial/1", "tkg:publicTitle", text("A title", "en"))
    assert bearer(store, "a title", "out") == f"{ID}trial/1"
