"""`python -m benchmarks nation FILE`: the test data of the nation as files. Opens no database."""

import argparse
from pathlib import Path

from benchmarks.nation.files import write
from benchmarks.nation.generator import generate


def main(words: list[str]) -> int:
    """Write the files and name them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks nation", description=__doc__)
    parser.add_argument(
        "file", type=Path, help="nation.xlsx, or nation.csv and beside it the courts"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--courts", type=int, help="3,500 unless given")
    parser.add_argument("--officers", type=int, help="50,000 unless given")
    asked = parser.parse_args(words)
    nation = generate(asked.seed, courts=asked.courts, officers=asked.officers)
    for path in write(asked.file, nation):
        print(path)
    print(f"{len(nation.courts)} courts, {nation.people} people: test data, all of them invented")
    return 0
