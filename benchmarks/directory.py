"""Imports of the directory: the 128 courts of Liaoning, and a nation of 3,500 courts and 50,000 posts."""

import csv
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import report, stage
from benchmarks.report import spread
from directory import demo_data, imports
from directory.clock import SystemClock
from directory.database import Database
from directory.import_files import read_files
from directory.import_plan import Refusal

ROUNDS = 3
COURTS, OFFICERS = 3500, 50_000
_POSTS = ("A", "B", "leader", "technician")
_PROVINCES = (
    ("辽", "辽宁省"),
    ("吉", "吉林省"),
    ("浙", "浙江省"),
    ("苏", "江苏省"),
    ("湘", "湖南省"),
)


async def measure() -> None:
    """Both directories into empty databases of both engines, then the same files once more."""
    async with stage.opened(0) as ground:
        files = {"Liaoning": demo_data.paths()[:1], "nation": _nation(ground.folder)}
        rows = []
        for name, paths in files.items():
            for engine in stage.ENGINES:
                report.say(f"directory: {name}, {engine}")
                rows += await _rounds(ground, engine, name, paths)
    report.table(
        f"directory import: Liaoning's courts, and {COURTS:,} courts with {OFFICERS:,} rows of officers",
        ("", "engine", "added", "reading", "first import", "rows/s", "the same again"),
        rows,
        (
            f"median of {ROUNDS} rounds [lowest–highest]; an import is planned and written in one transaction",
        ),
    )


async def _rounds(
    ground: stage.Stage, engine: str, name: str, paths: list[Path]
) -> list[tuple[object, ...]]:
    reading: list[float] = []
    first: list[float] = []
    again: list[float] = []
    added = 0
    for _ in range(ROUNDS):
        async with ground.fresh(engine) as url:
            began = time.monotonic()
            tables, faults = read_files(paths)
            reading.append(time.monotonic() - began)
            assert not faults, faults
            database = Database.connect(url)
            for into in (first, again):
                began = time.monotonic()
                async with database.transaction() as session:
                    now = SystemClock().now()
                    plan = await imports.bring_in(
                        session, tables, who="measurement", today=now.date(), now=now
                    )
                into.append(time.monotonic() - began)
                assert not isinstance(plan, Refusal), plan
                added = max(added, len(plan.added))
            await database.close()
    shown: Callable[[list[float]], str] = lambda values: spread(values, 2, " s")  # noqa: E731
    rate = spread([added / value for value in first])
    return [(name, engine, added, shown(reading), shown(first), rate, shown(again))]


def _nation(folder: Path) -> list[Path]:
    """Five high courts and as many intermediate and basic ones as make a nation; invented people."""
    courts, officers = folder / "courts.csv", folder / "officers.csv"
    codes = []
    with courts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("code", "name", "level", "province", "parent_code"))
        for sign, province in _PROVINCES:
            writer.writerow((sign, f"{province}高级人民法院", "high", province, ""))
        for number in range(COURTS - len(_PROVINCES)):
            sign, province = _PROVINCES[number % len(_PROVINCES)]
            code = f"{sign}{number // len(_PROVINCES) + 1000:04}"
            codes.append(code)
            writer.writerow((code, f"{province}第{number}人民法院", "basic", province, sign))
    with officers.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("court_code", "name", "post", "department", "desk_phone", "mobile"))
        for number in range(OFFICERS):
            code = codes[number % len(codes)]
            post = _POSTS[number // len(codes) % len(_POSTS)]
            phone = f"024-0{number:07}"
            writer.writerow((code, f"人员{number}", post, "立案庭", phone, f"190{number:08}"))
    return [courts, officers]
