"""The story of a made-up season played on its filings: act by act at its instant, with what falls due in between.

Nothing is the story's own but the clock, the channel in memory and the people: notices are written in batches,
sent, reminded of and taken back, questions climb, by the same works that `serve` runs.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from sqlalchemy import update

from directory.database import Database
from directory.models import Officer
from notifications import season_deeds
from notifications.channels.port import Never
from notifications.dispatch import Render
from notifications.season_desk import SeasonDesk
from notifications.season_memory import Memory, seats
from notifications.season_play import MOST_ROUNDS, SeasonStuck
from notifications.season_story import Seat, Story
from notifications.timekeeper import TOPIC, Timed
from notifications.told import Voice

#: So many messages do not reach whoever closed the chat: more than are tried before the desk knows it.
_SHUT = 9


class StoryPlay:
    """One story on one database that holds the directory and the filings. Everybody in it is linked."""

    def __init__(
        self,
        database: Database,
        story: Story,
        voice: Voice,
        render: Render,
        works: Sequence[Timed],
    ) -> None:
        self._database = database
        self._story = story
        self._voice = voice
        self._works = works
        self._running = SeasonDesk(
            database, voice.desk, render, story.acts[0].at - timedelta(minutes=1)
        )
        self._wake = database.wakeups.event(TOPIC)
        self._due: dict[str, datetime | None] = {}

    async def run(self) -> None:
        """Play it to its last act, and what that leaves due within its minute.

        Raises:
            DeedFailed: the product refused something.
            SeasonStuck: something stays due however often it is done.
        """
        async with self._database.reading() as session:
            people = await seats(session)
        await self._leave_out(people)
        memory = Memory(self._voice, people)
        async with self._running.sending():
            for instant, acts in groupby(self._story.acts, attrgetter("at")):
                await self._until(instant)
                for act in acts:
                    async with self._database.transaction() as session:
                        await season_deeds.do(memory, session, act)
                await self._settle()
            await self._until(self._story.acts[-1].at + timedelta(minutes=1))

    async def _leave_out(self, people: dict[Seat, int]) -> None:
        """Take the accounts of whoever never linked; shut the chat of whoever closed it."""
        unlinked = [people[seat] for seat in self._story.unlinked]
        async with self._database.transaction() as session:
            await session.execute(
                update(Officer)
                .where(Officer.id.in_(unlinked))
                .values(telegram_id=None, linked_at=None)
            )
            for seat in sorted(self._story.blocked):
                officer = await session.get_one(Officer, people[seat])
                self._running.channel.script(officer.telegram_id or 0, *[Never("blocked")] * _SHUT)

    async def _until(self, instant: datetime) -> None:
        """Whatever falls due before `instant`, each at its time; then the clock shows `instant`."""
        clock = self._running.clock
        while (due := self._next_due()) is not None and due < instant:
            clock.move(due)
            await self._settle()
        clock.move(instant)

    def _next_due(self) -> datetime | None:
        instants = [*self._due.values(), self._running.clock.until]
        return min((at for at in instants if at is not None), default=None)

    async def _settle(self) -> None:
        """All that is due now, and all that it sends."""
        for _round in range(MOST_ROUNDS):
            worked = await self._work()
            await self._running.rest()
            if not worked:
                return
        raise SeasonStuck(self._running.clock.now())

    async def _work(self) -> bool:
        """One batch of each work that is due; whether there was any."""
        now = self._running.clock.now()
        anew, worked = self._wake.is_set() or not self._due, False
        self._wake.clear()
        for work in self._works:
            due = self._due.get(work.name)
            if anew or (due is not None and due <= now):
                due = await self._earliest(work, now)
            if due is not None and due <= now:
                worked = True
                async with self._database.transaction() as session:
                    await work.work(session, now)
                due = await self._earliest(work, now)
            self._due[work.name] = due
        return worked

    async def _earliest(self, work: Timed, now: datetime) -> datetime | None:
        async with self._database.reading() as session:
            return await work.earliest(session, now)
