"""The nation put straight into a database, for measurements and tests. Checks no rule of an import."""

from datetime import date, datetime
from itertools import count, groupby
from typing import Any

from sqlalchemy import insert, select

from benchmarks.nation.courts import MARK
from benchmarks.nation.generator import Nation
from directory.database import Database
from directory.models import Court, Officer, OfficerPost


class HoldsOtherCourts(Exception):
    """The database holds courts that are no test data; these must never stand beside them."""


async def load(database: Database, nation: Nation, now: datetime) -> None:
    """Put the courts and people into an empty database, or one that holds only test data of other courts.

    Far quicker than an import, and nothing is recorded or woken: start what reads them afterwards.

    Raises:
        HoldsOtherCourts: a court is there whose `code_status` is not 测试数据.
    """
    stamps = {"created_at": now, "updated_at": now}
    people, posts = _people(nation, stamps)
    async with database.transaction() as session:
        strangers = select(Court.code).where(Court.code_status.is_distinct_from(MARK)).limit(1)
        if await session.scalar(strangers) is not None:
            raise HoldsOtherCourts
        await session.execute(insert(Court), [_court(row) | stamps for row in nation.courts])
        given = await session.scalars(
            insert(Officer).returning(Officer.id, sort_by_parameter_order=True), people
        )
        ids = list(given)
        await session.execute(
            insert(OfficerPost), [post | {"officer_id": ids[at]} for at, post in posts]
        )


def _court(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {field: value or None for field, value in row.items()}
    return values | {"aliases": [alias for alias in row["aliases"].split("|") if alias]}


def _people(
    nation: Nation, stamps: dict[str, datetime]
) -> tuple[list[dict[str, Any]], list[tuple[int, dict[str, Any]]]]:
    """People without their posts, and posts with the place of their holder among the people."""
    people: list[dict[str, Any]] = []
    posts: list[tuple[int, dict[str, Any]]] = []
    numbers = count()
    for _, rows in groupby(nation.officers, lambda row: (row["court_code"], row["name"])):
        number = next(numbers)
        for row in rows:
            if len(people) == number:
                fields = ("court_code", "name", "title", "department", "desk_phone", "mobile")
                people.append({field: row[field] for field in fields} | stamps)
            term = {field: _day(row[field]) for field in ("valid_from", "valid_to")}
            posts.append((number, {"post": row["post"], **term}))
    return people, posts


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
