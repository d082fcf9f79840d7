"""Who is who among people, measured beside Splink and nomenklatura on the same rows.

    python -m benchmarks.identity GOLD.tsv            labelled contact people
    python -m benchmarks.identity --invented 20000    invented people, as many mentions

Each peer runs in an environment of its own, made once below the folder for temporary files; no peer
is a dependency of kg. Printed: precision, recall and F1 of pairs and B-cubed, seconds, and how many
times as long each peer takes as kg. Nothing is compiled: what nomenklatura needs of PyICU is taken
from Debian's python3-icu, for a Python of the same version.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import NamedTuple

from kg.resolve.labelled import gold, metrics
from kg.resolve.names import pinyin

# What each peer installs; the programs below run inside.
PEERS = {"splink": ("splink>=5,<6", "pandas"), "nomenklatura": ("nomenklatura>=4,<5",)}
DEBIAN = Path("/usr/lib/python3/dist-packages")  # what the system's own packages bring

# Rows in, a group id for each row out. Settings as the tool's own guide has them, thresholds given.
SPLINK = """
import json, sys
import pandas as pd
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
import splink.comparison_library as cl
rows = json.load(sys.stdin)
frame = pd.DataFrame(rows).replace("", None)
frame["unique_id"] = range(len(frame))
scripts = [column for column in ("han",) if column in frame]
settings = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("name").configure(term_frequency_adjustments=True),
        cl.ExactMatch("email"), cl.ExactMatch("tel"), cl.JaroWinklerAtThresholds("affiliation"),
        *[cl.ExactMatch(script).configure(term_frequency_adjustments=True) for script in scripts],
    ],
    blocking_rules_to_generate_predictions=[
        block_on(column) for column in ("name", "email", "tel", *scripts)
    ],
)
linker = Linker(DuckDBAPI().register(frame), settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("name", "email")], recall=0.6
)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("email"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("name"))
found = linker.inference.predict(threshold_match_probability=0.9999)
groups = linker.clustering.cluster_pairwise_predictions_at_threshold(found, 0.9999)
by_row = groups.as_pandas_dataframe().set_index("unique_id")["cluster_id"]
json.dump([str(by_row[n]) for n in range(len(rows))], sys.stdout)
"""

NOMENKLATURA = """
import json, sys
from collections import defaultdict
from followthemoney import model
from nomenklatura.matching import get_algorithm
algorithm = get_algorithm("logic-v2")
config = algorithm.default_config()
rows = json.load(sys.stdin)
entities, blocks = [], defaultdict(list)
for n, row in enumerate(rows):
    entity = model.make_entity("Person")
    entity.id = str(n)
    for prop, column in (("name", "name"), ("email", "email"), ("phone", "tel")):
        if row[column]:
            entity.add(prop, row[column])
    entities.append(entity)
    for key in (" ".join(sorted(row["name"].split())), row["email"], row["tel"]):
        if key:
            blocks[key].append(n)
root = list(range(len(rows)))
def top(n):
    while root[n] != n:
        n = root[n]
    return n
seen = set()
for members in blocks.values():
    for i, a in enumerate(members[:50]):
        for b in members[i + 1:50]:
            if (a, b) in seen:
                continue
            seen.add((a, b))
            if algorithm.compare(entities[a], entities[b], config).score >= 0.95:
                root[top(b)] = top(a)
json.dump([str(top(n)) for n in range(len(rows))], sys.stdout)
"""
# The highest memory of this program in KiB; what getrusage says counts the one that started it too.
PEAK = """
import pathlib, resource
status = pathlib.Path("/proc/self/status")
told = status.read_text().split() if status.is_file() else []
print(
    told[told.index("VmHWM:") + 1] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    file=sys.stderr,
)
"""
PROGRAMS = {"splink": SPLINK + PEAK, "nomenklatura": NOMENKLATURA + PEAK}
COLUMNS = ("mention", "trial", "name", "n_in_field", "email", "tel", "affiliation", "person")


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", nargs="?", type=Path)
    parser.add_argument("--invented", type=int, metavar="N")
    parser.add_argument("--peers", default="splink,nomenklatura")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.gold or Path(folder, "people.tsv")
        if given.gold is None:
            write(path, invented(given.invented or 10_000))
        began = time.perf_counter()
        ours = gold.labelled(path)
        seconds = time.perf_counter() - began
        print(f"{len(ours.gold):,} mentions of {len(set(ours.gold)):,} people")
        head = "".join(f"{name:>8}" for name in ("pair P", "pair R", "B3 P", "B3 R", "B3 F"))
        print(f"{'':<14}{head}{'s':>9}{'× kg':>8}")
        line("kg", ours.gold, ours.predicted, seconds, seconds)
        rows = [{c: row.get(c, "") for c in COLUMNS} for row in gold.read(path)[1]]
        for peer in filter(None, given.peers.split(",")):
            run(peer, rows, ours.gold, seconds)


def line(
    name: str, truth: tuple[str, ...], predicted: tuple[str, ...], seconds: float, ours: float
) -> None:
    """Print one row of the table."""
    pairs, b3 = metrics.pairwise(truth, predicted), metrics.b_cubed(truth, predicted)
    cells = (pairs.precision, pairs.recall, *b3)
    numbers = "".join(f"{cell:>8.3f}" for cell in cells)
    print(f"{name:<14}{numbers}{seconds:>9.1f}{seconds / ours:>8.1f}")


def run(peer: str, rows: list[dict[str, str]], truth: tuple[str, ...], ours: float) -> None:
    """Run a peer on the rows in its own environment, and print its row or why there is none."""
    try:
        found = answer(peer, rows)
    except NoAnswer as error:
        print(f"{peer:<14}{error}")
        return
    line(peer, truth, found.groups, found.seconds, ours)


class NoAnswer(Exception):
    """Why a peer says nothing."""


class Answer(NamedTuple):
    """The group of each row; seconds by the clock, starting and reading rows included; MB."""

    groups: tuple[str, ...]
    seconds: float
    mb: int


def answer(peer: str, rows: list[dict[str, str]]) -> Answer:
    """What a peer makes of the rows, in its own environment. Raises NoAnswer."""
    home = Path(tempfile.gettempdir(), f"kg-peer-{peer}")
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        for site in home.glob("lib/python*/site-packages"):
            for found in (*DEBIAN.glob("icu"), *DEBIAN.glob("PyICU-*.egg-info")):
                (site / found.name).symlink_to(found)  # these alone: a peer's packages are its own
        # Wheels only: a peer that must be compiled here is left out, and said.
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *PEERS[peer]],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            told = done.stderr.strip().splitlines()
            raise NoAnswer(f"not installed from wheels: {told[-1] if told else 'pip failed'}")
        (home / "ready").touch()
    began = time.perf_counter()
    done = subprocess.run(
        [python, "-c", PROGRAMS[peer]],
        input=json.dumps(rows), check=False, capture_output=True, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        raise NoAnswer(f"failed: {done.stderr.strip().splitlines()[-1]}")
    kib = int(done.stderr.split()[-1])
    return Answer(tuple(json.loads(done.stdout)), seconds, round(kib * 1024 / 1e6))


def invented(mentions: int, seed: int = 1) -> list[dict[str, str]]:
    """Invented people with namesakes, changing spellings and shared office telephones."""
    rng = random.Random(seed)
    surnames, given = (
        "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平",
    )
    rows = []
    for n in range(mentions // 3):
        name = rng.choice(surnames) + "".join(
            rng.choice(given) for _ in range(rng.choice((1, 2, 2)))
        )
        place = rng.randrange(1 + mentions // 60)
        first, last = pinyin.readings(name)[0]
        for k in range(3):
            spelt = f"{first} {last}" if rng.random() < 0.5 else f"{last} {first}"
            number = f"0000{n:07}" if rng.random() < 0.6 else f"8600{place:05}{rng.randrange(9)}"
            rows.append(
                {
                    "mention": f"M{n}-{k}#0",
                    "trial": f"M{n}-{k}",
                    "name": spelt,
                    "n_in_field": "1",
                    "email": f"p{n}@people.example" if rng.random() < 0.6 else "",
                    "tel": number,
                    "affiliation": f"Example Hospital {place}",
                    "person": f"P{n}",
                }
            )
    return rows


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """The rows as a table that ``kg resolve evaluate`` reads too."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    sys.exit(main())
