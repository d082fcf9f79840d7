"""``kg resolve``: what a curator sees and does, on the packaged samples."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES, called
from ctgov_studies import study
from test_privacy import channel_values, held

from kg.namespaces import ID
from kg.outputs.differences import difference
from kg.outputs.graph import Graph
from kg.outputs.judgements import SHOWN, Judgements


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("resolve") / "out"
    done = called("build", SAMPLES, "-o", out, "--formats", "nq", "--no-check", "-q")
    assert (out / "links.tsv").is_file(), done.stderr
    return out


@pytest.fixture(scope="module")
def judged(built: Path) -> Judgements:
    return Judgements(Graph(built))


def again(out: Path, overrides: Path) -> Path:
    """The samples built anew with overrides."""
    called(
        "build", SAMPLES, "-o", out, "--formats", "nq", "--no-check", "-q", "--overrides", overrides
    )
    return out


def test_the_summary_counts_mentions_entities_rules_and_the_queue(built, judged):
    text = called("resolve", "--graph", built).stdout
    people = len({e for e in judged.refers.values() if "/person/" in e})
    mentions = sum("/person/" in e for e in judged.refers.values())
    assert f"{mentions} mentions → {people} people" in text
    assert re.search(r"joined: \d+", text)
    assert "P-B1" in text
    assert f"to decide: {sum(row.decision == 'possible' for row in judged.links)}" in text


def test_every_link_is_explained_on_one_screen_with_both_lines(built, judged):
    for row in judged.links:
        lines = list(judged.compared(row.left, row.right))
        assert len(lines) < 60
        text = "\n".join(lines)
        for end in (row.left, row.right):
            assert end.removeprefix(ID) in text
            assert re.search(rf"{re.escape(end.removeprefix(ID))}  .*\(\S.*\)", text)
        assert row.rule in text or row.decision != "same"
    shown = called("resolve", "-g", built, "explain", "link/" + judged.links[0].iri.split("/")[-1])
    assert shown.returncode == 0
    assert judged.links[0].evidence in shown.stdout


def test_every_entity_is_explained_with_its_spellings_and_what_would_undo_it(judged):
    several = [entity for entity, members in judged.members.items() if len(members) > 1]
    assert len(several) > 5
    for entity in several[:40]:
        text = "\n".join(judged.explained(entity))
        assert "held together by:" in text
        assert "skos:exactMatch\tNot" in text
        assert text.count("\n") < 100
        for at in filter(None, map(judged.works_at, judged.members[entity][:SHOWN])):
            assert at in text


def test_nothing_that_is_shown_is_a_contact(built, judged):
    text = "\n".join(line for entity in judged.members for line in judged.explained(entity))
    text += called("resolve", "-g", built, "queue", "--top", "999", "--format", "tsv").stdout
    assert held(text, channel_values()) == set()


def test_two_that_no_rule_brings_together_are_said_to_be_two(built, judged):
    ours, theirs = [entity for entity in judged.members if "/committee/" in entity][:2]
    done = called("resolve", "-g", built, "explain", ours.removeprefix(ID), theirs.removeprefix(ID))
    assert done.stdout.startswith("two: ")
    assert "to join them" in done.stdout


def test_a_question_is_explained_with_the_rows_that_answer_it(built, judged):
    asked = [row for row, _ in judged.queue() if row.decision == "possible"]
    assert asked
    for row in asked:
        told = list(judged.compared(row.left, row.right))
        meant = [
            r.iri.removeprefix(ID)
            for r in judged.links
            if {r.left, r.right} == {row.left, row.right}
        ]
        assert any(f" accept {link} or kg" in line for link in meant for line in told)
        assert told[-2].split("\t")[1:3] == ["skos:exactMatch", ""]
        assert told[-1].split("\t")[1:3] == ["skos:exactMatch", "Not"]


@pytest.mark.slow
def test_a_successor_of_the_table_is_one_accept_away_and_never_merged(tmp_path):
    """302 Hospital: the queue proposes it, one row makes it so, taking it out undoes it."""
    names = ("Beijing 302 Hospital", "The Fifth Medical Center, Chinese PLA General Hospital",
             "Guizhou Aviation Group 302 Hospital")  # fmt: skip
    for n, name in enumerate(names, start=1):
        made = study(
            identificationModule={"nctId": f"NCT0999990{n}", "briefTitle": f"Invented study {n}"},
            sponsorCollaboratorsModule={"leadSponsor": {"name": name, "class": "OTHER"}},
        )
        (tmp_path / f"{n}.json").write_text(json.dumps(made), "utf-8")
    rows = tmp_path / "overrides.tsv"

    def build(name: str) -> Path:
        out = tmp_path / name
        given = sorted(tmp_path.glob("*.json"))
        told = ("--overrides", rows) if rows.exists() else ()
        done = called("build", *given, "-o", out, "--formats", "nq", "-q", *told)
        assert done.returncode == 0, done.stderr
        return out

    first = build("first")
    found = Judgements(Graph(first))
    ((row, _),) = found.queue()
    assert (row.rule, row.decision) == ("O-D2", "possible")
    assert {row.left_label, row.right_label} == set(names[:2])
    told = list(found.compared(row.left, row.right))
    assert told[-2].split("\t")[1:3] == ["tkg:successorOf", ""]
    assert not any("skos:exactMatch\t\t" in line for line in told)
    called(
        "resolve", "-g", first, "accept", row.iri.removeprefix(ID), "--author", "curator",
        "--reason", "renamed", "--overrides", rows,
    )  # fmt: skip
    second = build("second")
    judged = Judgements(Graph(second))
    assert judged.queue() == []
    assert len({e for e in judged.members if "/organization/" in e}) == 3
    nq = (second / "graph.nq").read_text("utf-8")
    later, earlier = judged.named(row.right), judged.named(row.left)
    if row.left_label == names[1]:
        later, earlier = earlier, later
    assert f"<{later}> <https://w3id.org/trialkg/ns#successorOf> <{earlier}>" in nq
    told = list(judged.compared(row.left, row.right))
    assert told[-1].startswith("a person says so: to undo it, take the row out")
    rows.write_text(rows.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    assert (build("third") / "graph.nq").read_bytes() == (first / "graph.nq").read_bytes()


def test_questions_come_before_links_to_look_at_and_each_pair_is_asked_once(judged):
    rows = [row for row, _ in judged.queue()]
    decisions = [row.decision for row in rows]
    assert decisions == sorted(decisions)  # possible, then same
    asked = [
        (frozenset((row.left_entity, row.right_entity)), row.rule)
        for row in rows
        if row.decision == "possible"
    ]
    assert len(asked) == len(set(asked))


def test_no_name_of_a_record_runs_in_a_spreadsheet(tmp_path):
    for n in (1, 2):
        made = study(
            identificationModule={"nctId": f"NCT0999990{n}", "briefTitle": f"Invented study {n}"},
            sponsorCollaboratorsModule={
                "leadSponsor": {"name": "=Wrexby Hospital", "class": "OTHER"}
            },
        )
        (tmp_path / f"{n}.json").write_text(json.dumps(made), "utf-8")
    out = tmp_path / "out"
    done = called("build", tmp_path, "-o", out, "--formats", "nq", "--no-check", "-q")
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in (out / "links.tsv").read_text("utf-8").splitlines()[1:]]
    assert [row[4] for row in rows] == ["\u200b=Wrexby Hospital"]
    assert not [cell for row in rows for cell in row if cell.startswith(tuple("=+-@"))]


def test_a_day_that_is_none_is_refused(built, judged, tmp_path):
    link = judged.queue()[0][0].iri.removeprefix(ID)
    rows = tmp_path / "overrides.tsv"
    given = ("--author", "c", "--reason", "r", "--overrides", rows, "--date")
    done = called("resolve", "-g", built, "accept", link, *given, "yesterday")
    assert (done.returncode, rows.exists()) == (2, False)
    called("resolve", "-g", built, "accept", link, *given, "2026-09-15")
    assert "\tc\t2026-09-15\t" in rows.read_text("utf-8")


def test_an_id_of_nobody_is_told_on_one_line(built):
    done = called("resolve", "-g", built, "explain", "person/000000000000")
    assert done.returncode == 2
    assert "nobody in" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_queue_is_sorted_and_its_rows_are_overrides(built, judged, tmp_path):
    done = called("resolve", "-g", built, "queue", "--top", "3", "--format", "tsv")
    head, *rows = (line.split("\t") for line in done.stdout.splitlines())
    assert head[-9:][0] == "subject_id"
    assert len(rows) == 3
    scores = [float(row[2]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert all(
        row[head.index("predicate_id")] in ("skos:exactMatch", "tkg:successorOf") for row in rows
    )
    assert len(judged.queue()) > 3
    sources = head.index("left_source"), head.index("right_source")
    assert all(re.search(r"\.\w+", row[n]) for row in rows for n in sources)
    shown = called("resolve", "-g", built, "queue", "--top", "999").stdout
    for row, _ in judged.queue():
        for end in row.ends:
            assert re.search(rf"\(\S.*\.\w+\S*, {re.escape(end.removeprefix(ID))}\)", shown)


def test_accept_and_reject_count_in_the_next_build_and_are_undone_by_taking_them_out(
    built, judged, tmp_path
):
    asked = next(row for row, _ in judged.queue() if row.decision == "possible")
    joined = next(row for row in judged.links if row.rule == "P-B1")
    file = tmp_path / "overrides.tsv"
    given = ("--author", "curator", "--reason", "seen, ask x@example.org", "--overrides", file)
    for verb, row in (("accept", asked), ("reject", joined)):
        done = called("resolve", "-g", built, verb, row.iri.removeprefix(ID), *given)
        assert done.returncode == 0, done.stderr
    assert "example.org" not in file.read_text("utf-8")
    twice = called("resolve", "-g", built, "accept", asked.iri.removeprefix(ID), *given)
    assert "says so already" in twice.stdout
    assert len(file.read_text("utf-8").splitlines()) == 3
    after = Judgements(Graph(again(tmp_path / "out", file)))
    assert after.refers[asked.left] == after.refers[asked.right]
    assert after.refers[joined.left] != after.refers[joined.right]
    changed = {member for member, entity in judged.refers.items() if after.refers[member] != entity}
    ours = {*judged.members[asked.left_entity], *judged.members[asked.right_entity]}
    assert changed <= ours | set(judged.members[joined.left_entity])
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    undone = again(tmp_path / "out", file)
    assert (undone / "graph.nq").read_bytes() == (built / "graph.nq").read_bytes()


@pytest.mark.slow
def test_what_a_decision_says_makes_it_count_does(judged, tmp_path):
    """Without a ledger a build reads no overrides, wherever they lie, unless it is told to."""
    asked = next(row for row, _ in judged.queue() if row.decision == "possible")
    link = asked.iri.removeprefix(ID)
    build = ("build", SAMPLES, "-o", "mine", "--formats", "nq", "--no-check", "-q")
    accept = ("resolve", "-g", "mine", "accept", link, "--author", "me", "--reason", "seen")
    called(*build, cwd=tmp_path)
    for place, kept in ((), "identity/"), (("--overrides", "my own/overrides.tsv"), "my own/"):
        told = called(*accept, *place, cwd=tmp_path).stderr
        with_file, with_ledger = told.partition("it counts in kg build … ")[2].split(" or a ", 1)
        assert with_ledger == f"--ledger beside it ({kept}ids.tsv)\n"
        for given in (shlex.split(with_file), ["--ledger", f"{kept}ids.tsv"]):
            called(*build, *given, cwd=tmp_path)
            after = Judgements(Graph(tmp_path / "mine"))
            assert after.refers[asked.left] == after.refers[asked.right], given
        called(*build, cwd=tmp_path)
    told = called(*accept, "--overrides", "o.tsv", cwd=tmp_path).stderr
    assert told == "added to o.tsv; it counts in kg build … --overrides o.tsv\n"
    again = called(*accept, "--overrides", "o.tsv", cwd=tmp_path).stdout
    assert again == "o.tsv says so already; it counts in kg build … --overrides o.tsv\n"


def test_commands_that_are_told_name_their_graph(tmp_path, built):
    out = tmp_path / "my graph"
    shutil.copytree(built, out)
    told = called("resolve", "-g", out, "queue", "--top", "1").stderr
    command = shlex.split(told.strip().partition("; ")[2])
    assert command[:4] == ["kg", "resolve", "-g", str(out)]
    assert "more" not in called(*command[1:]).stderr
    none = called("resolve", "-g", out, "accept", "link/0", "--author", "c", "--reason", "r").stderr
    assert shlex.split(none)[-5:] == ["kg", "resolve", "-g", str(out), "queue"]
    link = next(
        row.iri.removeprefix(ID)
        for row, _ in Judgements(Graph(out)).queue()
        if row.decision == "possible"
    )
    shown = called("resolve", "-g", out, "explain", link).stdout
    assert f"kg resolve -g '{out}' accept link/" in shown


def test_a_decision_that_contradicts_another_is_refused_with_both_rows(built, judged, tmp_path):
    asked = next(row for row, _ in judged.queue() if row.decision == "possible")
    file = tmp_path / "overrides.tsv"
    given = (
        asked.iri.removeprefix(ID),
        "--author", "curator", "--reason", "seen", "--overrides", file,
    )  # fmt: skip
    assert called("resolve", "-g", built, "accept", *given).returncode == 0
    text = file.read_bytes()
    done = called("resolve", "-g", built, "reject", *given)
    assert done.returncode == 2
    assert "overrides.tsv:2" in done.stderr
    assert "overrides.tsv:3" in done.stderr
    assert file.read_bytes() == text
    assert [path.name for path in tmp_path.iterdir()] == ["overrides.tsv"]


def test_a_contradiction_stops_a_build_and_leaves_the_output(built, tmp_path, judged):
    row = judged.links[0]
    ends = (row.left.removeprefix(ID), row.right.removeprefix(ID))
    file = tmp_path / "o.tsv"
    file.write_text(
        "subject_id\tpredicate_id\tpredicate_modifier\tobject_id\n"
        f"{ends[0]}\tskos:exactMatch\t\t{ends[1]}\n{ends[1]}\tskos:exactMatch\tNot\t{ends[0]}\n",
        "utf-8",
    )
    before = (built / "graph.nq").read_bytes()
    done = called("build", SAMPLES, "-o", built, "-q", "--overrides", file)
    assert done.returncode == 2
    assert "o.tsv:3 keeps apart what o.tsv:2 says is one" in done.stderr
    assert (built / "graph.nq").read_bytes() == before


def test_same_as_is_written_for_confirmed_pairs_and_only_on_request(tmp_path, built, judged):
    asked = next(row for row, _ in judged.queue() if row.decision == "possible")
    file, out = tmp_path / "overrides.tsv", tmp_path / "out"
    called(
        "resolve", "-g", built, "accept", asked.iri.removeprefix(ID), "--author", "c", "--reason",
        "seen", "--overrides", file,
    )  # fmt: skip
    again(out, file)
    assert "sameAs" not in (out / "graph.nq").read_text("utf-8")
    called("export", out, tmp_path / "plain.nq")
    called("export", out, tmp_path / "same.nq", "--same-as")
    assert (tmp_path / "plain.nq").read_bytes() == (out / "graph.nq").read_bytes()
    same = [
        line for line in (tmp_path / "same.nq").read_text("utf-8").splitlines() if "sameAs" in line
    ]
    assert len(same) == 1
    assert asked.left in same[0]
    assert asked.right in same[0]


def test_diff_says_what_joined_and_how_many_ids_stayed():
    before = {"a": "1", "b": "2", "c": "3", "d": "3", "e": "5"}
    after = {"a": "1", "b": "1", "c": "3", "d": "4", "f": "6"}
    found = difference(before, after)
    assert found.merged == [("1", ["1", "2"])]
    assert found.split == [("3", ["3", "4"])]
    assert (found.new, found.gone) == (["6"], ["5"])
    assert (found.kept, found.both) == (2, 4)


def test_diff_of_a_build_with_itself_keeps_every_id(built):
    done = called("resolve", "diff", built, built)
    assert "merged: 0" in done.stdout
    assert "ids kept: 100.00 %" in done.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("尉迟示例", "surname: 尉迟 (yuchi)"),
        ("单示例", "Shan Shili"),
        ("Chen SL", "initials"),
        (
            "示例市人民医院(示例医科大学附属示例市人民医院)",
            "second names: 示例医科大学附属示例市人民医院",
        ),
        ("第一人民医院", "only with its city"),
        ("The First Affiliated Hospital of Example University", "ordinal: 1"),
        ("示例市人民医院药物临床试验伦理委员会", "kind: drug-trials"),
        ("Ethics Committee", "host: none found"),
    ],
)
def test_parse_shows_what_a_name_is_read_as(name, told):
    assert told in called("resolve", "parse", name).stdout


def test_evaluate_knows_a_file_by_its_columns_and_prints_json(tmp_path):
    gold = tmp_path / "authors.tsv"
    rows = ["mention\tname\taffiliation\tperson"]
    rows += [f"m{n}\tShili Chen\tDepartment of Xs, Example University\tp1" for n in range(3)]
    rows += [f"o{n}\tChen {g}\tOther {n} Hospital\tq{n}" for n, g in enumerate(["Yi", "Er", "San"])]
    surnames = ("Zhao", "Qian", "Sun", "Zhou", "Wu", "Zheng", "Feng", "Shen", "Han", "Yang")
    given = ("dingmo", "weiyou", "xinren", "genmo", "dingyou", "weiren", "xinmo")
    others = [f"{a} {b}" for a in surnames for b in given]
    rows += [f"f{n}\t{name}\tPlace {n}\tf{n}" for n, name in enumerate(others)]
    gold.write_text("\n".join(rows) + "\n", "utf-8")
    done = called("resolve", "evaluate", gold, "--json")
    found = json.loads(done.stdout)
    assert set(found) >= {
        "pairwise", "b3", "false_merges_per_1000", "largest_cluster", "by_language", "by_rule",
        "intervals",
    }  # fmt: skip
    assert found["pairwise"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert found["b3"]["f1"] == 1.0
    assert found["largest_cluster"] == 3
    assert found["by_rule"]["P-C2"]["precision"] == 1.0
    table = called("resolve", "evaluate", gold).stdout
    assert "B-cubed" in table


def test_evaluate_of_pairs_counts_what_is_joined(tmp_path):
    gold = tmp_path / "pairs.tsv"
    gold.write_text(
        "kind\tleft\tright\nneg_ordinal\t示例市第一人民医院\t示例市第二人民医院\n", "utf-8"
    )
    found = json.loads(called("resolve", "evaluate", gold, "--json").stdout)
    assert found["pairwise"]["precision"] == 1.0
    assert found["wrong"] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\tb\n1\t2\n", "no format of labelled data has the columns a, b"),
        ("", "no rows"),
        ("[1, 2", "neither a table nor JSON"),
        ('[{"affiliation": "x", "ror_ids": []}]', "give --ror FILE"),
    ],
)
def test_a_file_that_is_no_labelled_data_is_refused_on_one_line(tmp_path, text, told):
    gold = tmp_path / "gold"
    gold.write_text(text, "utf-8")
    done = called("resolve", "evaluate", gold)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
