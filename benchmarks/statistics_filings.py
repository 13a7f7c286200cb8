"""Filings of 5.5 years put straight into the tables, invented from one seed. Measures nothing, checks no rule."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from benchmarks.nation.generator import Nation
from notifications.filings import CASE_TYPES
from notifications.models import Filing

#: The first filing was made on 18 August 2019; the last of these arrive 5.5 years later.
BEGIN = datetime(2019, 8, 18, tzinfo=UTC)
DAYS = 2009
END = BEGIN + timedelta(days=DAYS)

#: So many of a hundred filings stay within their province.
WITHIN = 80

COLUMNS = tuple(column.name for column in Filing.__table__.columns)
_AT_ONCE = 20_000


def rows(nation: Nation, count: int, seed: int = 1) -> Iterator[tuple[Any, ...]]:
    """So many filings in the order of their arrival, as tuples by `COLUMNS`."""
    dice = random.Random(seed)
    by_province: dict[str, list[str]] = {}
    for court in nation.courts:
        by_province.setdefault(court["province"], []).append(court["code"])
    codes = [court["code"] for court in nation.courts]
    province = {court["code"]: court["province"] for court in nation.courts}
    # A few courts decide much, most little.
    weights = list(accumulate(dice.paretovariate(1.3) for _ in codes))
    moments = sorted(_moment(dice) for _ in range(count))
    types = list(CASE_TYPES)
    for number, received_at in enumerate(moments, 1):
        (jurisdiction,) = dice.choices(codes, cum_weights=weights)
        near = dice.randrange(100) < WITHIN
        others = by_province[province[jurisdiction]] if near else codes
        collaborating = dice.choice(others)
        if collaborating == jurisdiction:
            collaborating = codes[codes.index(jurisdiction) - 1]
        yield _row(dice, number, received_at, collaborating, jurisdiction, dice.choice(types))


def _moment(dice: random.Random) -> datetime:
    """Mostly in the office hours of a day, ever more filings from year to year."""
    day = BEGIN + timedelta(days=int(DAYS * dice.random() ** 0.7))
    hour = dice.choice((0.5, 1, 1.5, 2, 2.5, 3, 5.5, 6, 6.5, 7, 8, 8.5, 13))
    return min(day + timedelta(seconds=hour * 3600 + dice.randrange(1800)), END)


def _row(
    dice: random.Random,
    number: int,
    received_at: datetime,
    collaborating: str,
    jurisdiction: str,
    case_type: str,
) -> tuple[Any, ...]:
    answer = int(dice.lognormvariate(6.2, 1.1)) + 5
    wall = answer if dice.random() < 0.85 else answer + dice.choice((5400, 55_800, 142_200))
    fate, open_ = dice.random(), received_at > END - timedelta(hours=6) or dice.random() < 0.0005
    state = "withdrawn" if fate < 0.02 else "acknowledged" if fate < 0.03 else "completed"
    state = "waiting" if open_ and state != "withdrawn" else state
    acknowledged = state in ("acknowledged", "completed")
    took = int(dice.lognormvariate(7.4, 0.9)) + 10
    values: dict[str, Any] = {
        "id": number,
        "reference": f"KY-{number}",
        "reference_key": f"KY-{number}",
        "state": state,
        "collaborating_court": collaborating,
        "jurisdiction_court": jurisdiction,
        "case_type": case_type,
        "drill": dice.random() < 0.02,
        "filed_at_given": False,
        "filed_at": received_at,
        "received_at": received_at,
        "filed_by": "立案平台",
        "clock": "working",
        "answer_target_seconds": 1800,
        "result_target_seconds": 3600,
        "answer_due_at": received_at + timedelta(minutes=30),
        "steps_taken": "[]",
        "supplements": 0,
        "snoozes": "[]",
        "version": 3,
        "uncounted": True,
    }
    if acknowledged:
        values |= {
            "acknowledged_at": received_at + timedelta(seconds=wall),
            "answer_wall_seconds": wall,
            "answer_working_seconds": answer,
            "answered_in_time": answer <= 1800,
        }
    if state == "completed":
        values |= {
            "result": "registered",
            "result_at": received_at + timedelta(seconds=wall + took),
            "result_wall_seconds": took + (0 if took < 7200 else 54_000),
            "result_working_seconds": took,
        }
    return tuple(values.get(name) for name in COLUMNS)


async def load(url: str, nation: Nation, count: int) -> None:
    """Put them into a database that holds the courts; what the planner knows of them is renewed."""
    if url.startswith("sqlite"):
        _load_sqlite(str(make_url(url).database), rows(nation, count))
    else:
        await _load_postgresql(url, rows(nation, count))


def _batches(found: Iterator[tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    while batch := list(islice(found, _AT_ONCE)):
        yield batch


def _load_sqlite(path: str, found: Iterator[tuple[Any, ...]]) -> None:
    connection = sqlite3.connect(path)
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO filings ({', '.join(COLUMNS)}) VALUES ({marks})"
    for batch in _batches(found):
        connection.executemany(statement, [tuple(map(plain, row)) for row in batch])
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def plain(value: Any) -> Any:
    """A value as the product's types write it into SQLite."""
    return value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value


async def _load_postgresql(url: str, found: Iterator[tuple[Any, ...]]) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    for batch in _batches(found):
        await connection.copy_records_to_table("filings", records=batch, columns=COLUMNS)
    await connection.execute("VACUUM ANALYZE filings")
    await connection.close()
