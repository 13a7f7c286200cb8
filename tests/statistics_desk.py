"""A desk whose filings live through stories told in steps, and its statistics counted plainly from the events."""

import statistics
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from directory import courts
from directory.database import Database
from directory.models import Court, Officer
from notifications import (
    acknowledgements,
    answer_clock,
    answer_corrections,
    collaboration,
    filings,
    outages_told,
    results,
    statistics_cells,
)
from notifications.changes import clock_of
from notifications.desk import DeskRules
from notifications.event_course import replay
from notifications.filings import Submission
from notifications.ladder import LadderBook
from notifications.models import Filing, FilingEvent, Outage
from notifications.permissions import Actor
from notifications.season_clock import SeasonClock
from notifications.statistics import StatisticsQuery, read
from tests.builders import Builders

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")

#: Courts of three provinces; the last keeps the hours of a zone of its own.
CODES = ("辽72", "辽0211", "浙72", "新01")
TYPES = ("enforcement", "civil_first_instance")
PROVINCES = {"辽": "辽宁省", "浙": "浙江省", "新": "新疆维吾尔自治区"}

Step = tuple[Any, ...]


@dataclass
class StatisticsDesk:
    """Runs steps on a database. Each filing is filed by, and answered by, one officer of its court."""

    database: Database
    clock: SeasonClock
    officers: dict[str, Officer]
    desk: DeskRules = DESK

    @classmethod
    async def opened(cls, database: Database, clock: SeasonClock) -> "StatisticsDesk":
        builders, officers = Builders(database, clock), {}
        async with database.transaction() as session:
            for code in CODES:
                zone = "Asia/Urumqi" if code.startswith("新") else None
                court = await builders.court(code, timezone=zone, session=session)
                officers[code] = await builders.officer(court, f"张{code}", session=session)
        return cls(database, clock, officers)

    def now(self) -> datetime:
        return self.clock.now()

    async def tell(self, steps: Iterable[Step]) -> None:
        """Live through a story: each step is a method's name and its arguments."""
        for name, *words in steps:
            await getattr(self, name)(*words)

    async def file(self, collaborating: str, jurisdiction: str, type_: str, drill: bool) -> None:
        async with self.database.transaction() as session:
            number = await session.scalar(select(Filing.id).order_by(Filing.id.desc()).limit(1))
            item = Submission(
                f"KY-{(number or 0) + 1}", collaborating, jurisdiction, type_, None, drill, "平台"
            )
            await filings.receive(session, [item], self.desk, now=self.now())

    async def ack(self, which: int) -> None:
        await self._press(which, "jurisdiction", acknowledgements.accept)

    async def result(self, which: int, result: results.Result) -> None:
        await self._press(which, "jurisdiction", results.give, result, None)

    async def undo(self, which: int) -> None:
        await self._press(which, "jurisdiction", acknowledgements.undo)

    async def supplement(self, which: int) -> None:
        await self._press(which, "collaborating", results.supplement)

    async def withdraw(self, which: int) -> None:
        await self._press(which, "collaborating", collaboration.withdraw, "误报")

    async def correct(self, which: int, counts_as: answer_corrections.CountsAs) -> None:
        """A coordinator decides about a contested answer."""
        async with self.database.transaction() as session:
            ids = list(await session.scalars(select(Filing.id).order_by(Filing.id)))
            if ids:
                await answer_corrections.correct(
                    session, ids[which % len(ids)], counts_as, "周琳", now=self.now()
                )

    async def wait(self, seconds: int) -> None:
        self.clock.move(self.now() + timedelta(seconds=seconds))

    async def until(self, month: int, day: int) -> None:
        """To shortly before the midnight (of the desk) in which a day begins."""
        here = self.now().astimezone(ZoneInfo(self.desk.timezone))
        then = here.replace(month=month, day=day, hour=0, minute=0, second=0, microsecond=0)
        if then <= here:
            then = then.replace(year=here.year + 1)
        self.clock.move(max(self.now(), then - timedelta(seconds=40)))

    async def count(self, most: int = 500) -> int | None:
        async with self.database.transaction() as session:
            return await statistics_cells.count(
                session, self.desk.timezone, now=self.now(), most=most
            )

    async def move(self, code: str, province: str) -> None:
        async with self.database.transaction() as session:
            await session.execute(update(Court).where(Court.code == code).values(province=province))

    async def outage(self, seconds: int) -> None:
        began = self.now()
        await self.wait(seconds)
        async with self.database.transaction() as session:
            await outages_told.note(session, began, self.now(), self.desk)

    async def _press(self, which: int, side: str, press: Callable[..., Any], *words: Any) -> None:
        # Nobody presses twice at the same instant: histories tell presses apart by their instants.
        await self.wait(1)
        async with self.database.transaction() as session:
            ids = list(await session.scalars(select(Filing.id).order_by(Filing.id)))
            if not ids:
                return
            filing = await session.get_one(Filing, ids[which % len(ids)])
            officer = self.officers[getattr(filing, f"{side}_court")]
            actor = Actor(
                f"A {officer.name}", officer.name, "officer", officer.id, officer.court_code,
                PROVINCES[officer.court_code[0]], "A", frozenset({"A"}),
            )  # fmt: skip
            with suppress(LookupError):
                await press(session, filing.id, actor, *words, self.desk, now=self.now())

    async def read(self, **asked: Any) -> dict[str, dict[str, Any]]:
        """What the product says, by key; the total under `total`."""
        query = StatisticsQuery(**asked)
        async with self.database.reading() as session:
            found = await read(session, query, self.desk, now=self.now())
        told = {group.key: plain_fields(group.figures) for group in found.groups}
        return told | {"total": plain_fields(found.total)}

    async def plainly(self, **asked: Any) -> dict[str, dict[str, Any]]:
        """The same from the events, one filing after the other."""
        query = StatisticsQuery(**asked)
        facts = await self._facts()
        groups: dict[str, list[dict[str, Any]]] = {"total": []}
        for fact in facts:
            if not query.since <= fact["received_at"] < query.until:
                continue
            if fact["drill"] not in {"exclude": (False,), "only": (True,)}.get(
                query.drills, (False, True)
            ):
                continue
            court, province = fact[f"{query.role}_court"], fact[f"{query.role}_province"]
            if query.court not in (None, court) or query.province not in (None, province):
                continue
            key = {
                "province": province,
                "court": court,
                "case_type": fact["case_type"],
                "day": fact["day"],
            }[query.by]
            groups["total"].append(fact)
            groups.setdefault(key, []).append(fact)
        return {key: plain_figures(of_group) for key, of_group in groups.items()}

    async def _facts(self) -> list[dict[str, Any]]:
        async with self.database.reading() as session:
            found = list(await session.scalars(select(Filing).order_by(Filing.id)))
            events = (
                await session.scalars(select(FilingEvent).order_by(FilingEvent.at, FilingEvent.id))
            ).all()
            places = {court.code: court for court in await session.scalars(select(Court))}
            outages = {one.id: one for one in await session.scalars(select(Outage))}
        return [
            self._fact(filing, [e for e in events if e.filing_id == filing.id], places, outages)
            for filing in found
        ]

    def _fact(
        self,
        filing: Filing,
        events: list[FilingEvent],
        places: dict[str, Court],
        outages: dict[int, Outage],
    ) -> dict[str, Any]:
        calendar = courts.calendar_of(places[filing.jurisdiction_court], self.desk.timezone)
        course = replay(events)
        fact: dict[str, Any] = {
            "state": course.state,
            "drill": filing.drill,
            "case_type": filing.case_type,
            "received_at": filing.received_at,
            "day": filing.received_at.astimezone(ZoneInfo(self.desk.timezone)).date().isoformat(),
        }
        for role in ("jurisdiction", "collaborating"):
            code = getattr(filing, f"{role}_court")
            fact |= {f"{role}_court": code, f"{role}_province": places[code].province}
        if course.acknowledged_at is not None:
            took = answer_clock.elapsed(calendar, filing.received_at, course.acknowledged_at)
            fact["answer_wall"], fact["answer_working"] = took.wall_seconds, took.working_seconds
            late = took.by(clock_of(filing)) > filing.answer_target_seconds
        else:
            late = self.now() > filing.answer_due_at
        if course.result_at is not None and course.result_from is not None:
            took = answer_clock.elapsed(calendar, course.result_from, course.result_at)
            fact["result_wall"], fact["result_working"] = took.wall_seconds, took.working_seconds
        decided = [e.detail for e in events if e.kind == answer_corrections.CORRECTED]
        fact["counts_as"] = decided[-1] if decided else None
        late = late and fact["counts_as"] != "in_time"
        outage = outages.get(filing.outage_id or 0)
        fact["late"] = late
        fact["outage"] = fact["counts_as"] == "apart" or (
            outage is not None
            and outage.began_at < filing.answer_due_at
            and outage.ended_at > filing.received_at
        )
        return fact


def plain_fields(figures: Any) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in figures.__slots__ if name != "quantile_error"}


def plain_figures(facts: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract's figures by the plainest means there are."""
    counted = [fact for fact in facts if fact["state"] != "withdrawn"]
    answered = [f for f in counted if f["state"] != "waiting" or f["counts_as"] == "in_time"]
    waiting = [f for f in counted if f not in answered]
    within = [f for f in counted if f["jurisdiction_province"] == f["collaborating_province"]]
    told: dict[str, Any] = {
        "filings": len(counted),
        "within_province": len(within),
        "cross_province": len(counted) - len(within),
        "withdrawn": len(facts) - len(counted),
        "acknowledged": len(answered),
        "completed": sum(fact["state"] == "completed" for fact in counted),
        "answered_in_time": sum(not fact["late"] for fact in answered),
        "answered_late": sum(fact["late"] for fact in answered),
        "waiting_in_time": sum(not fact["late"] for fact in waiting),
        "waiting_overdue": sum(fact["late"] for fact in waiting),
        "outage_late": sum(fact["late"] and fact["outage"] for fact in counted),
    }
    for measure in ("answer_wall", "answer_working", "result_wall", "result_working"):
        values = sorted(fact[measure] for fact in counted if measure in fact)
        told[f"mean_{measure}_seconds"] = statistics.fmean(values) if values else None
        told[f"median_{measure}_seconds"] = statistics.median(values) if values else None
        told[f"p90_{measure}_seconds"] = next(
            (v for v in values if sum(w <= v for w in values) >= 0.9 * len(values)), None
        )
    return told
