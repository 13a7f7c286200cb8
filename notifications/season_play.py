"""A made-up season played through the real code: intake, stepper, dispatcher, answers and results, hour by hour.

Only three things are not the product's own: the clock, which is moved from one event to the next; the
channel, which keeps messages in memory; and the people, who do what `season_manners` drew for them once
the page that concerns them has arrived. What came of it is counted in `notifications.season_figures`.
"""

import heapq
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import cast

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from directory import courts, officers, worktime
from directory.database import Database
from directory.models import Court, Officer
from directory.worktime import WorkCalendar
from notifications import acknowledgements, collaboration, rerouting, results
from notifications.desk import DeskRules
from notifications.dispatch import Render
from notifications.filings import Submission
from notifications.intake import IntakeQueue
from notifications.models import Filing, OutgoingMessage
from notifications.outcomes import Done, Outcome
from notifications.permissions import Actor
from notifications.season import Season, SeasonFiling
from notifications.season_desk import SeasonDesk
from notifications.season_manners import NOTES, Deed
from notifications.stepper import Stepper

#: So often in a row may time pass without anybody doing, receiving or seeing anything.
MOST_ROUNDS = 1000

#: Who hands in what no officer types: the courts' own filing platform, by its token.
PLATFORM = "立案平台"

_POSTS = ("A", "B", "leader", "coordinator")


class SeasonStuck(RuntimeError):
    """The season does not end: at the instant named something is due still, however often it is tried."""


@dataclass(slots=True)
class Cast:
    """Who acts: by court and post, coordinators by province."""

    actors: dict[tuple[str, str], Actor]
    provinces: dict[str, str]
    calendars: dict[str, WorkCalendar]

    def of(self, court: str, post: str) -> Actor:
        """The holder of a post of this court's ladder."""
        return self.actors[self.provinces[court] if post == "coordinator" else court, post]


@dataclass(slots=True)
class _Life:
    """A filing on its way: what is still to come of it."""

    story: SeasonFiling
    filing_id: int
    paged: bool = False
    answering: bool = False


@dataclass(slots=True)
class Played:
    """What a season came to: sent and edited messages, what people did, and how often it was possible."""

    sent: int = 0
    edited: int = 0
    failed: int = 0
    steps: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


async def load_cast(database: Database, desk: DeskRules) -> Cast:
    """Everybody in the directory who may be asked to act."""
    cast = Cast({}, {}, {})
    async with database.reading() as session:
        for court in await session.scalars(select(Court)):
            cast.provinces[court.code] = court.province
            cast.calendars[court.code] = courts.calendar_of(court, desk.timezone)
        people = select(Officer).options(selectinload(Officer.posts)).order_by(Officer.id)
        for officer in await session.scalars(people):
            held = frozenset(post.post for post in officer.posts)
            for post in held & set(_POSTS):
                actor = Actor(
                    officers.display(officer, post), officer.name, "officer", officer.id,
                    officer.court_code, cast.provinces[officer.court_code], post, held,
                )  # fmt: skip
                place = actor.province if post == "coordinator" else actor.court
                cast.actors.setdefault((place or "", post), actor)
    return cast


class SeasonPlay:
    """One season on one database. Everybody in it is linked; the directory is there already."""

    def __init__(
        self, database: Database, season: Season, desk: DeskRules, render: Render, cast: Cast
    ) -> None:
        self._database = database
        self._season = season
        self._desk = desk
        self._cast = cast
        self._running = SeasonDesk(
            database, desk, render, season.filings[0].at - timedelta(minutes=1)
        )
        self.clock, self._dispatcher = self._running.clock, self._running.dispatcher
        self._intake = IntakeQueue(database, desk, self.clock)
        self._stepper = Stepper(database, desk, self.clock)
        self._lives: dict[int, _Life] = {}
        self._agenda: list[tuple[datetime, int, SeasonFiling | tuple[_Life, tuple[Deed, ...]]]] = []
        self._numbers = count()
        #: The newest message looked at, and how many had been sent by then.
        self._seen = self._sent = 0
        self._still = 0
        self._progress = (0, 0, 0)
        self._played = Played()

    async def run(self) -> Played:
        """Play it to its end: until nobody has anything to do and no filing has a next step.

        Raises:
            SeasonStuck: a filing stays due however often it is stepped.
        """
        for story in self._season.filings:
            self._put(story.at, story)
        await self._intake.start()
        try:
            async with self._running.sending():
                await self._play()
        finally:
            await self._intake.stop()
        self._played.sent = self._dispatcher.sent
        self._played.edited = self._dispatcher.edited
        self._played.failed = self._dispatcher.failed_for_good + self._dispatcher.failed_for_now
        return self._played

    async def _play(self) -> None:
        while (instant := await self._next()) is not None:
            self._hold_still(instant)
            self.clock.move(instant)
            await self._act()
            # What is left beyond one batch is due still, and so the next instant is the same.
            self._played.steps += await self._stepper.step_what_is_due()
            await self._running.rest()
            await self._look_for_pages()

    def _put(self, at: datetime, what: SeasonFiling | tuple[_Life, tuple[Deed, ...]]) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), what))

    async def _next(self) -> datetime | None:
        """The earliest instant at which anything happens; None at the end."""
        # Past the session: asked before everything that happens.
        async with self._database.engine.connect() as plain:
            reading = await plain.execution_options(liaison_reading=True)
            step: datetime | None = (await reading.execute(_EARLIEST_STEP)).scalar()
        instants = [step, self.clock.until, self._agenda[0][0] if self._agenda else None]
        return min((instant for instant in instants if instant is not None), default=None)

    def _hold_still(self, instant: datetime) -> None:
        """Count how often in a row an instant comes at which nothing can be got on with."""
        done = self._played.deeds.total() + self._played.refused.total() + self._dispatcher.sent
        progress = done, self._dispatcher.edited, len(self._lives)
        self._still = self._still + 1 if progress == self._progress else 0
        self._progress = progress
        if self._still > MOST_ROUNDS:
            raise SeasonStuck(instant)

    async def _act(self) -> None:
        """Whatever people do at this instant."""
        while self._agenda and self._agenda[0][0] <= self.clock.now():
            _, _, what = heapq.heappop(self._agenda)
            if isinstance(what, SeasonFiling):
                await self._file(what)
            else:
                await self._do(*what)

    async def _file(self, story: SeasonFiling) -> None:
        clerk = None if story.by_platform else self._cast.of(story.collaborating, "A")
        receipt = await self._intake.submit(
            Submission(
                story.reference, story.collaborating, story.jurisdiction, story.case_type,
                story.at, False, clerk.who if clerk else PLATFORM, clerk.officer_id if clerk else None,
            )
        )  # fmt: skip
        if receipt.filing is None:
            message = f"{story.reference} was not taken: {receipt.outcome}"
            raise ValueError(message)
        life = self._lives[receipt.filing.id] = _Life(story, receipt.filing.id)
        if story.course.from_home:
            life.answering = True
            at = story.at + timedelta(seconds=story.course.answer.seconds)
            self._put(at, (life, (story.course.answer, *story.course.later)))

    async def _do(self, life: _Life, deeds: tuple[Deed, ...]) -> None:
        """The first of `deeds`, now; the next is put down for later."""
        deed, *rest = deeds
        at_home = deed.by == "collaborating"
        court = life.story.collaborating if at_home else life.story.jurisdiction
        actor = self._cast.of(court, "A" if at_home else deed.by)
        async with self._database.transaction() as session:
            outcome = await self._deed(session, life.filing_id, deed.kind, actor)
        (self._played.deeds if isinstance(outcome, Done) else self._played.refused)[deed.kind] += 1
        if rest:
            self._put(self._after(life, rest[0], self.clock.now()), (life, tuple(rest)))

    def _after(self, life: _Life, deed: Deed, start: datetime) -> datetime:
        if deed.kind == "undo":  # Two minutes are two minutes, also over lunch.
            return start + timedelta(seconds=deed.seconds)
        calendar = self._cast.calendars[life.story.jurisdiction]
        return worktime.add_working(calendar, start, deed.seconds)

    async def _deed(
        self, session: AsyncSession, filing_id: int, kind: str, actor: Actor
    ) -> Outcome:
        desk, now = self._desk, self.clock.now()
        if (plain := _PLAIN.get(kind)) is not None:
            return await plain(session, filing_id, actor, desk, now=now)
        if kind == "withdraw":
            reason = "当事人撤回"
            return await collaboration.withdraw(session, filing_id, actor, reason, desk, now=now)
        result = cast("results.Result", kind)
        note = NOTES.get(kind)
        return await results.give(session, filing_id, actor, result, note, desk, now=now)

    async def _look_for_pages(self) -> None:
        """Whoever was paged directly makes up their mind."""
        if self._dispatcher.sent == self._sent:
            return
        self._sent = self._dispatcher.sent
        async with self._database.reading() as session:
            pages = (await session.execute(_PAGES, {"seen": self._seen})).all()
        for number, filing_id, payload in pages:
            self._seen = number
            life = self._lives[filing_id]
            plan = life.story.course
            now = self.clock.now()
            if not life.paged and not plan.from_home:
                life.paged = True
                for deed in plan.early:
                    self._put(self._after(life, deed, now), (life, (deed,)))
            if not life.answering and payload["post"] == plan.answer.by:
                life.answering = True
                at = self._after(life, plan.answer, now)
                self._put(at, (life, (plan.answer, *plan.later)))


#: Deeds that need no word of explanation.
_PLAIN: dict[str, Callable[..., Awaitable[Outcome]]] = {
    "acknowledge": acknowledgements.accept,
    "undo": acknowledgements.undo,
    "hand_over": rerouting.hand_over,
    "snooze": rerouting.snooze,
    "nudge": collaboration.nudge,
    "supplement": results.supplement,
}

_EARLIEST_STEP = select(func.min(Filing.next_step_at)).where(Filing.next_step_at.is_not(None))
_PAGES = (
    select(OutgoingMessage.id, OutgoingMessage.filing_id, OutgoingMessage.payload)
    .where(
        OutgoingMessage.id > bindparam("seen"),
        OutgoingMessage.officer_id.is_not(None),
        OutgoingMessage.step.is_not(None),
        OutgoingMessage.outcome == "sent",
    )
    .order_by(OutgoingMessage.id)
)
