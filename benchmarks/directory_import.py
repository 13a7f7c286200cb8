"""One round of imports in a process of its own, which says its times and its peak of memory as JSON.

`python -m benchmarks.directory_import URL FILES… -- CHANGED…`: the files into the empty database, the
same once more, then those in which some rows differ. Times are seconds, memory is in MB.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from directory import imports
from directory.clock import SystemClock
from directory.database import Database
from directory.import_files import read_files
from directory.import_plan import Plan


async def main(url: str, files: Sequence[str], changed: Sequence[str]) -> dict[str, float]:
    """The figures: `idle`, `peak` and `peak_changed` in MB, the rest in seconds.

    `processor` is what reading and the first import took of it in this process; a machine that does
    other things too makes it hardly longer.
    """
    database = Database.connect(url)
    figures = {"idle": _peak()}
    began = time.process_time()
    figures["read"], figures["first"], figures["added"] = await _import(database, files)
    figures["processor"] = time.process_time() - began
    figures["peak"] = _peak()
    _, figures["again"], nothing = await _import(database, files)
    assert nothing == 0
    _, figures["changed"], figures["differing"] = await _import(database, changed)
    figures["peak_changed"] = _peak()
    await database.close()
    return figures


async def _import(database: Database, files: Sequence[str]) -> tuple[float, float, int]:
    """Seconds of reading, seconds of planning and writing, and how much was written."""
    began = time.monotonic()
    tables, faults = read_files([Path(file) for file in files])
    assert not faults, faults[:3]
    read = time.monotonic()
    now = SystemClock().now()
    async with database.transaction() as session:
        done = await imports.bring_in(session, tables, who="测量", today=now.date(), now=now)
    assert isinstance(done, Plan), done.faults[:3]
    return read - began, time.monotonic() - read, len(done.added) + len(done.changed)


def _peak() -> float:
    """The most memory this process held at any time so far, MB.

    Not what getrusage says: that begins with the peak of whoever started the process.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmHWM in /proc/self/status")


if __name__ == "__main__":
    at = sys.argv.index("--")
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2:at], sys.argv[at + 1 :]))))
