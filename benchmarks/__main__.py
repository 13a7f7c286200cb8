"""`python -m benchmarks [NAME…]`: the measurements named, or all of them, one after the other.

`python -m benchmarks nation FILE.xlsx` (or .csv) writes the test data of the nation and measures nothing.
"""

import asyncio
import importlib
import os
import sys
import time

from benchmarks import report

#: By name, with about how many seconds each takes.
MEASUREMENTS = {
    "start": 30,
    "directory": 150,
    "search": 60,
    "questions": 15,
    "exports": 210,
    "intake": 120,
    "latency": 120,
    "burst": 180,
    "bulletin": 300,
    "lossy": 120,
    "notice": 200,
    "profile": 40,
    "season": 180,
    "statistics": 500,
}


def main(names: list[str]) -> int:
    """Run them; 2 for a name that is none. `nation` is a command of its own."""
    if names[:1] == ["nation"]:
        return importlib.import_module("benchmarks.nation.command").main(names[1:])
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        print(
            f"unknown: {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}", file=sys.stderr
        )
        return 2
    for name in names or MEASUREMENTS:
        began = time.monotonic()
        report.say(f"{name}: about {MEASUREMENTS[name]} s")
        asyncio.run(importlib.import_module(f"benchmarks.{name}").measure())
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        report.say(
            f"{name} took {time.monotonic() - began:.0f} s; load of the machine {load} "
            f"on {os.cpu_count()} processors (above them, others worked too and times are too long)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
