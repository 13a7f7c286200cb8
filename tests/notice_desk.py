"""Notices over the channel in memory: a province of many people, the dispatcher, the timekeeper. No assertion lives here."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from sqlalchemy import insert

from bot.texts import load_texts
from directory.models import Court, Officer, OfficerPost
from notifications import notice_reminders, notices
from notifications.channels.port import Never
from notifications.desk import DeskRules
from notifications.dispatch import Dispatcher
from notifications.fallback_failures import FollowUp
from notifications.ladder import LadderBook
from notifications.notice_audience import Audience
from notifications.notice_models import Notice
from notifications.notice_text import to_html
from notifications.notices import Wish
from notifications.outbox_rules import Rates
from notifications.rendering import Renderer
from notifications.timekeeper import Timed, Timekeeper
from tests.outbox_desk import LIFTED, Desk

RULES = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")

#: The chat account of person number `n` (from 1) is `n` above this.
ACCOUNTS = 500_000

PROVINCE = Audience("province", "辽宁省")


class NoticeDesk(Desk):
    """As `Desk`, with messages as they are written in earnest and the timekeeper's part of notices."""

    def dispatcher(self, rates: Rates = LIFTED) -> Dispatcher:
        render = Renderer(load_texts(), RULES).render
        failed = FollowUp(RULES).after_failure
        channels = {"telegram": self.channel}
        return Dispatcher(
            self.database, channels, render, rates, self.clock, failed, spread=lambda: 0.0
        )

    @asynccontextmanager
    async def at_work(self, rates: Rates = LIFTED) -> AsyncIterator[Timekeeper]:
        """Dispatcher and timekeeper until the end of the block."""

        async def write(session, now):
            await notices.write_due(session, now, RULES)

        async def remind(session, now):
            await notice_reminders.remind_due(session, now, RULES)

        works = (
            Timed("notices", notices.earliest_writing, write),
            Timed("reminders", notice_reminders.earliest, remind),
        )
        keeper = Timekeeper(self.database, self.clock, works)
        async with self.running(rates):
            task = asyncio.create_task(keeper.run(), name="timekeeper")
            try:
                await self.clock.loops(2)
                yield keeper
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def people(
        self, count: int, courts: int, *, unlinked: Collection[int] = (), start: int = 1
    ) -> None:
        """So many people of 辽宁省, spread over courts 辽0001 and on; some without a chat account."""
        now = self.clock.now()
        stamps = {"created_at": now, "updated_at": now}
        async with self.database.transaction() as session:
            await session.execute(
                insert(Court),
                [
                    {"code": f"辽{n:04}", "name": f"第{n}法院", "level": "basic", "kind": "general",
                     "province": "辽宁省", "city": "沈阳市", "aliases": [], **stamps}
                    for n in range(1, courts + 1)
                ],
            )  # fmt: skip
            numbers = range(start, start + count)
            await session.execute(
                insert(Officer),
                [
                    {"id": n, "court_code": f"辽{n % courts + 1:04}", "name": f"张{n}", **stamps,
                     "telegram_id": None if n in unlinked else ACCOUNTS + n}
                    for n in numbers
                ],
            )  # fmt: skip
            # Everybody holds two posts: nobody may be written to twice for it.
            posts = [
                {"officer_id": n, "post": post} for n in numbers for post in ("A", "technician")
            ]
            await session.execute(insert(OfficerPost), posts)

    def block(self, numbers: Collection[int]) -> None:
        """These people have shut the bot out, which shows when they are written to."""
        for number in numbers:
            self.channel.script(ACCOUNTS + number, Never("blocked", "bot was blocked by the user"))

    async def send(self, text: str, audience: Audience = PROVINCE, **wish) -> Notice:
        """Send a notice and let it arrive."""
        now = self.clock.now()
        asked = Wish(to_html(text), audience, now, "周琳（省级协调员）", **wish)
        async with self.database.transaction() as session:
            notice = await notices.send(session, asked, RULES, now=now)
        await self.clock.settle()
        return notice

    def shown(self) -> dict[int, list[str]]:
        """What every person's chat shows now, by their number."""
        return {
            chat - ACCOUNTS: self.channel.texts(chat) for chat in self.channel.chats if chat > 0
        }
