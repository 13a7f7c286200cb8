"""One filing between two courts, put straight into the tables, for tests of what is written about it."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.texts import load_texts
from directory.database import Database
from directory.models import Officer
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.messages import Message
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.rendering import Renderer
from tests.builders import Builders, Liaoning

BEIJING = timedelta(hours=8)


def at(clock: str, day: int = 19, month: int = 8, year: int = 2019) -> datetime:
    """A Beijing time, Monday 19 August 2019 unless said otherwise."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - BEIJING


def renderer(locale: str = "zh-CN") -> Renderer:
    return Renderer(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", locale))


def drawn(message: Message | None) -> str:
    """A message as it stands on the screen, HTML left as it is."""
    if message is None:
        return "(dropped)"
    rows = (" ".join(f"[{button.text}]" for button in row) for row in message.buttons)
    return "\n".join([message.text, *rows])


@dataclass
class Desk:
    """One filing from Ningbo to Dalian, at 09:30, and whatever is written about it."""

    session: AsyncSession
    people: Liaoning
    filing: Filing
    ids: "itertools.count[int]"

    async def row(self, kind: str = "card", view: str = "group", **columns: Any) -> OutgoingMessage:
        heading = columns.pop("heading", "page")
        payload = {"view": view, "heading": heading} | columns.pop("payload", {})
        values = {"created_at": at("09:30"), "filing_id": self.filing.id} | columns
        chat_id = -1001
        if (officer_id := values.get("officer_id")) is not None:
            chat_id = (await self.session.get_one(Officer, officer_id)).telegram_id or 0
        row = OutgoingMessage(
            id=next(self.ids), kind=kind, priority=0, chat_id=chat_id, nonce="n0nce",
            payload=payload, **values,
        )  # fmt: skip
        self.session.add(row)
        await self.session.flush()
        return row

    async def page(
        self, who: str, step: str, sent: str | None = None, **facts: Any
    ) -> OutgoingMessage:
        """A page to one of `people`, with what the ladder wrote down about it."""
        heading = facts.pop("heading", "page")
        posts = {"a": "A", "b": "B", "leader": "leader", "coordinator": "coordinator"}
        return await self.row(
            view="officer", heading=heading, step=step, sent_at=at(sent) if sent else None,
            officer_id=getattr(self.people, who).id, payload={"post": posts[who], **facts},
        )  # fmt: skip

    async def update(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self.filing, name, value)
        await self.session.flush()

    async def acknowledge(self, clock: str = "09:34", **more: Any) -> None:
        by = {"name": "李敏", "court": "辽72", "post": "B", "officer_id": self.people.b.id}
        values = {
            "state": "acknowledged", "acknowledged_at": at(clock), "acknowledged_by": by,
            "answer_wall_seconds": 272, "answer_working_seconds": 272, "answered_in_time": True,
            "result_clock_from": at(clock),
        }  # fmt: skip
        await self.update(**values | more)

    async def decide(self, result: str, note: str | None = None, **more: Any) -> None:
        await self.acknowledge()
        values = {
            "state": "correcting" if result == "correction" else "completed", "result": result,
            "result_at": at("10:02"), "result_by": self.filing.acknowledged_by,
            "result_note": note, "result_wall_seconds": 1700, "result_working_seconds": 1700,
        }  # fmt: skip
        await self.update(**values | more)

    async def happened(self, kind: str, who: str, clock: str, detail: str = "") -> None:
        event = FilingEvent(
            filing_id=self.filing.id, at=at(clock), kind=kind, who=who, detail=detail
        )
        self.session.add(event)
        await self.session.flush()

    async def undo_until(self, clock: str) -> None:
        undo = {"until": at(clock).isoformat(), "officer_id": self.people.b.id, "fields": {}}
        await self.update(undo=undo)


@asynccontextmanager
async def filing_desk(database: Database, builders: Builders) -> AsyncIterator[Desk]:
    """A desk inside one transaction."""
    async with database.transaction() as session:
        people = await builders.liaoning(session)
        filing = Filing(
            reference="KY-2019-000123", reference_key="KY-2019-000123", state="waiting",
            collaborating_court="浙72", jurisdiction_court="辽72",
            case_type="civil_first_instance", filed_at=at("09:30"), received_at=at("09:30"),
            filed_by="陈洁（A岗）", filed_by_officer_id=people.filing_officer.id, clock="working",
            answer_target_seconds=1800, result_target_seconds=3600, answer_due_at=at("10:00"),
        )  # fmt: skip
        session.add(filing)
        await session.flush()
        yield Desk(session, people, filing, itertools.count(1))
