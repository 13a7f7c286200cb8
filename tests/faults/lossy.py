"""Any number of pages through a Telegram that loses, garbles and refuses answers. Counts; the callers judge.

Benchmarks run it with ten times as many pages as the tests do.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.sandbox import LocalTelegram
from bot.sandbox.faults import Fault, FaultPlan
from bot.sandbox.limits import Limits
from bot.texts import load_texts
from directory.database import Database
from notifications.channels.port import Later, Outcome
from notifications.channels.telegram import TelegramChannel
from notifications.desk import DeskRules
from notifications.dispatch import Dispatcher
from notifications.filings import Submission
from notifications.intake import IntakeQueue
from notifications.ladder import LadderBook
from notifications.messages import Message
from notifications.models import OutgoingMessage
from notifications.outbox_rules import Rates
from notifications.rendering import Renderer
from tests.builders import Builders
from tests.clock import FrozenClock

#: How long (real seconds) a call may take before the client gives up, and how long a lost one is held open.
READ_SECONDS, HOLD_SECONDS = 0.3, 0.5

#: How long (frozen seconds) a message may take at the most: ten tries of half a minute.
LONGEST = 600

#: Chats share the pages, because a chat takes one message at a time.
PAGES_OF_A_CHAT = 10

#: Everything that can happen to a call, one call in five.
TROUBLE = {
    Fault.TIMEOUT_BEFORE: 0.02,
    Fault.TIMEOUT_AFTER: 0.02,
    Fault.INTERNAL_ERROR: 0.04,
    Fault.BAD_GATEWAY: 0.03,
    Fault.CUT: 0.04,
    Fault.JUNK: 0.03,
    Fault.JUNK_JSON: 0.02,
}


@dataclass(slots=True)
class Report:
    """What came of the pages."""

    pages: int
    lost: list[str]
    arrived: int
    #: Answers that left open whether the message arrived.
    ambiguous: int
    #: Answers that asked to wait.
    limited: int
    calls: Counter[str]
    #: How long (frozen seconds) until everything had been recorded.
    seconds: float

    @property
    def repeats(self) -> int:
        """How many messages came more than once."""
        return self.arrived - (self.pages - len(self.lost))

    def __str__(self) -> str:
        return (
            f"{self.pages} pages in {self.seconds:g} s of frozen time: {len(self.lost)} lost, "
            f"{self.repeats} repeated, {self.ambiguous} ambiguous answers, {self.limited} limited; "
            f"{dict(self.calls)}"
        )


@dataclass(slots=True)
class Watched:
    """A channel that counts what it could not be sure of."""

    inner: TelegramChannel
    ambiguous: int = 0

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Send by the real channel."""
        return self._seen(await self.inner.send(chat_id, message, silent=silent, reply_to=reply_to))

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Edit by the real channel."""
        return self._seen(await self.inner.edit(chat_id, message_id, message))

    def _seen(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Later) and outcome.ambiguous:
            self.ambiguous += 1
        return outcome


@dataclass(slots=True)
class Lossy:
    """The parts between a filing and a phone, without the rest of the product."""

    database: Database
    clock: FrozenClock
    telegram: LocalTelegram
    intake: IntakeQueue
    dispatcher: Dispatcher
    channel: Watched
    courts: list[tuple[str, int, int]] = field(default_factory=list)
    references: list[tuple[str, int, int]] = field(default_factory=list)

    async def build_courts(self, count: int) -> None:
        """So many courts, each with a group and a linked officer on duty."""
        builders = Builders(self.database, self.clock)
        async with self.database.transaction() as session:
            # The collaborating court has neither group nor officer: two pages a filing, no more.
            await builders.court("浙", session=session)
            await builders.court("浙72", session=session)
            await builders.court("辽", session=session)
            for number in range(count):
                code, group, person = f"辽{1000 + number}", -2001 - number, 5001 + number
                await builders.court(code, parent_code="辽", group_chat_id=group, session=session)
                await builders.officer(code, f"王{number}", "A", person, session=session)
                phone = self.telegram.add_phone(f"王{number}", person)
                self.telegram.world.private_chat(phone.user)
                self.telegram.add_group(
                    code, [phone], supergroup=True, announced=False, group_id=group
                )
                self.courts.append((code, group, person))

    async def file(self, count: int) -> None:
        """So many filings, spread over the courts."""
        courts = itertools.islice(itertools.cycle(self.courts), count)
        waiting = []
        for number, (code, group, person) in enumerate(courts):
            reference = f"KY-2019-{number:06d}"
            self.references.append((reference, group, person))
            submission = Submission(
                reference,
                "浙72",
                code,
                "civil_first_instance",
                None,
                drill=False,
                filed_by="立案平台",
            )
            waiting.append(self.intake.submit(submission))
        receipts = await asyncio.gather(*waiting)
        assert {receipt.outcome for receipt in receipts} == {"new"}

    async def let_it_rest(self) -> float:
        """Move the clock until nothing is left to be sent; the frozen seconds it took."""
        start = self.clock.now()
        while await self.pending() and self.clock.now() < start + timedelta(seconds=LONGEST):
            await self.clock.advance(seconds=1)
        return (self.clock.now() - start).total_seconds()

    async def pending(self) -> int:
        """How many messages are not at rest."""
        waiting = select(func.count()).where(OutgoingMessage.not_before.is_not(None))
        async with self.database.reading() as session:
            return int(await session.scalar(waiting) or 0)

    def report(self, seconds: float) -> Report:
        """What the phones show, and what the calls were."""
        chats = self.telegram.world.chats
        texts = {
            chat_id: [message.text for message in chat.messages.values()]
            for chat_id, chat in chats.items()
        }
        pages = [
            (reference, sum(reference in text for text in texts[chat_id]))
            for reference, *places in self.references
            for chat_id in places
        ]
        calls = self.telegram.calls_of("sendMessage", "editMessageText")
        return Report(
            pages=len(pages),
            lost=[reference for reference, times in pages if not times],
            arrived=sum(times for _, times in pages),
            ambiguous=self.channel.ambiguous,
            limited=sum(call.outcome == "limited" for call in calls),
            calls=Counter(call.outcome for call in calls),
            seconds=seconds,
        )


@asynccontextmanager
async def lossy(database: Database, seed: int, trouble: dict[Fault, float]) -> AsyncIterator[Lossy]:
    """The parts running against a Telegram in trouble that also refuses what is more than 250 a second."""
    clock = FrozenClock()
    telegram = LocalTelegram(
        limits=Limits(per_second=250, chat_burst=None, group_per_minute=None),
        faults=FaultPlan(seed, calls=trouble, hold=HOLD_SECONDS).only(
            "sendMessage", "editMessageText"
        ),
        clock=clock.now,
        monotonic=lambda: clock.now().timestamp(),
    )
    desk = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")
    request = HTTPXRequest(connection_pool_size=64, read_timeout=READ_SECONDS, pool_timeout=30)
    async with telegram:
        bot = Bot(telegram.api.token, base_url=f"{telegram.api_url}/bot", request=request)
        await bot.initialize()
        channel = Watched(TelegramChannel(bot))
        dispatcher = Dispatcher(
            database, {"telegram": channel}, Renderer(load_texts(), desk).render,
            Rates(0, 0, 0), clock, _no_final_failure,
        )  # fmt: skip
        intake = IntakeQueue(database, desk, clock)
        sending = asyncio.create_task(dispatcher.run(), name="dispatcher")
        await intake.start()
        clock.settled_when("outbox", lambda: dispatcher.idle)
        try:
            await clock.loops(1)
            yield Lossy(database, clock, telegram, intake, dispatcher, channel)
        finally:
            await intake.stop()
            await dispatcher.stop(10)
            await sending
            await bot.shutdown()


async def _no_final_failure(*_: object, **__: object) -> None:
    raise AssertionError("nothing here fails for good")


async def send_pages(
    database: Database,
    pages: int,
    *,
    seed: int = 0,
    trouble: dict[Fault, float] = TROUBLE,
) -> Report:
    """Send `pages` pages (an even number) through a Telegram in trouble, on a frozen clock.

    `database` is empty but for its tables.
    """
    async with lossy(database, seed, trouble) as parts:
        await parts.build_courts(max(1, pages // (2 * PAGES_OF_A_CHAT)))
        await parts.file(pages // 2)
        return parts.report(await parts.let_it_rest())
