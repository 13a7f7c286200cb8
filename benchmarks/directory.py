"""Imports of the directory: the 128 courts of Liaoning, and the nation of 3,500 courts and 50,000 people."""

import asyncio
import json
import sys
from pathlib import Path

from benchmarks import nation, report, stage
from benchmarks.report import spread
from directory import demo_data

ROUNDS = 3


async def measure() -> None:
    """Both directories into empty databases of both engines, then again, then with 1 % changed."""
    async with stage.opened(0) as ground:
        whole = nation.generate(1)
        liaoning = demo_data.paths()[:1]
        of_nation = _written(ground.folder, "nation.csv", whole)
        workbook = _written(ground.folder, "nation.xlsx", whole)
        rows = []
        for name, paths, rounds in (
            ("Liaoning's courts", (liaoning, liaoning), ROUNDS),
            ("nation, CSV", of_nation, ROUNDS),
            ("nation, XLSX", workbook, 1),
        ):
            for engine in stage.ENGINES:
                report.say(f"directory: {name}, {engine}")
                rounds_ = [await _round(ground, engine, *paths) for _ in range(rounds)]
                rows.append(_row(name, engine, rounds_))
    report.table(
        f"directory import: {len(whole.courts):,} courts, {whole.people:,} people "
        f"in {len(whole.officers):,} rows; all columns but chat accounts",
        (
            "",
            "engine",
            "added",
            "reading",
            "import",
            "processor",
            "again",
            "1 % changed",
            "peak MB",
        ),
        rows,
        (
            f"seconds, median of {ROUNDS} rounds [lowest–highest], XLSX of one; each round is a fresh process",
            "processor: seconds of it for reading and the first import, without PostgreSQL's own",
            "an import is planned and written in one transaction; peak, reading included: after the first / after all three",
            f"before an import the process holds {rounds_[0]['idle']:.0f} MB",
        ),
    )


def _written(folder: Path, name: str, whole: nation.Nation) -> tuple[list[Path], list[Path]]:
    """The nation's files, and those of it with 1 % changed."""
    later = folder / f"later-{name}"
    return nation.write(folder / name, whole), nation.write(later, nation.altered(whole))


async def _round(
    ground: stage.Stage, engine: str, paths: list[Path], changed: list[Path]
) -> dict[str, float]:
    async with ground.fresh(engine) as url:
        words = [url, *map(str, paths), "--", *map(str, changed)]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "benchmarks.directory_import",
            *words,
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, "the import failed"
        return dict(json.loads(said))


def _row(name: str, engine: str, rounds: list[dict[str, float]]) -> tuple[object, ...]:
    def shown(figure: str, digits: int = 2) -> str:
        return spread([each[figure] for each in rounds], digits)

    added = f"{rounds[0]['added']:,}"
    seconds = (shown(figure) for figure in ("read", "first", "processor", "again", "changed"))
    peaks = " / ".join(
        f"{max(each[figure] for each in rounds):.0f}" for figure in ("peak", "peak_changed")
    )
    return name, engine, added, *seconds, peaks
