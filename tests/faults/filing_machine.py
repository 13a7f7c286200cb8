"""A filing's whole world as a state machine: any order of arrivals, presses, crashes, imports and swaps must hold.

The rules are the product's own functions on a real database; only the clock and the channel are moved by
hand. What must hold is said once, in the invariants. How it is run is in `test_state_machine`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from bot.texts import load_texts
from directory import imports, officers
from directory.database import Database
from directory.import_files import read_files
from directory.models import Court, Officer
from notifications import (
    acknowledgements,
    collaboration,
    filings,
    paging,
    rerouting,
    results,
    swapping,
)
from notifications.channels.memory import MemoryChannel
from notifications.channels.port import Never
from notifications.desk import DeskRules
from notifications.dispatch import Dispatcher
from notifications.escalation import WakeAt
from notifications.filings import Submission
from notifications.ladder import LadderBook
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.outbox_rules import Rates
from notifications.outcomes import Done
from notifications.permissions import Actor
from notifications.rendering import Renderer
from notifications.season_clock import SeasonClock
from notifications.season_figures import plain_working_seconds
from notifications.stepper import Stepper
from notifications.told import Voice
from tests.builders import Builders
from tests.clock import MONDAY_MORNING

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")
RENDER = Renderer(load_texts(), DESK).render

#: Who may press; the last is of the other court and is refused where the jurisdiction court decides.
PEOPLE = ("a", "b", "leader", "coordinator", "filing_officer")
POSTS = {
    "a": "A",
    "b": "B",
    "leader": "leader",
    "coordinator": "coordinator",
    "filing_officer": "A",
}

#: The directory's file as others may have changed it: terms that ended, a newcomer, a post given on.
CHANGES = (
    "辽72,李敏,B,2019-08-18",
    "辽72,李敏,B,",
    "辽72,王建国,A,2019-08-19",
    "辽72,王建国,A,",
    "辽72,孙悦,B,",
)

person = st.sampled_from(PEOPLE)
number = st.integers(0, 2)


class Stalled(MemoryChannel):
    """A network on which messages arrive and the answers never come."""

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        await super().send(*args, **kwargs)
        await asyncio.Event().wait()

    async def edit(self, *args: Any, **kwargs: Any) -> Any:
        await super().edit(*args, **kwargs)
        await asyncio.Event().wait()


class FilingMachine(RuleBasedStateMachine):
    """Up to three filings between two courts. `world` gives a fresh database for each example."""

    world: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.ids: list[int] = []
        #: How much had been sent about each filing when it was withdrawn.
        self.withdrawn: dict[int, int] = {}
        self.sends: Counter[int] = Counter()
        self.taken: dict[int, list[str]] = {}

    def does(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run `work` on this example's own loop."""
        return self.runner.run(work)

    def teardown(self) -> None:
        self.does(self.stack.aclose())
        self.runner.close()

    @initialize()
    def opens(self) -> None:
        self.does(self._open())

    async def _open(self) -> None:
        url = await self.stack.enter_async_context(type(self).world())
        self.database = Database.connect(url)
        self.stack.push_async_callback(self.database.close)
        self.clock = SeasonClock(MONDAY_MORNING)
        self.people = await Builders(self.database, self.clock).liaoning()
        self.folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.channel = MemoryChannel()
        self.stepper = Stepper(self.database, DESK, self.clock)
        await self._receive(0, drill=False)

    # What happens

    @rule(which=number, drill=st.booleans())
    def receive(self, which: int, drill: bool) -> None:
        """A filing comes in, or comes in again."""
        self.does(self._receive(which, drill=drill and which == 2))

    async def _receive(self, which: int, *, drill: bool) -> None:
        clerk = self.people.filing_officer.id if which else None
        item = Submission(
            f"KY-2019-{which:06}", "浙72", "辽72", "enforcement", None, drill, "立案平台", clerk
        )
        async with self.database.transaction() as session:
            (receipt,) = await filings.receive(session, [item], DESK, now=self.clock.now())
        if receipt.filing is not None and receipt.filing.id not in self.ids:
            self.ids.append(receipt.filing.id)

    @precondition(lambda self: self.ids)
    @rule(which=number, who=person)
    def acknowledge(self, which: int, who: str) -> None:
        self.does(self._press(which, who, acknowledgements.accept))

    @precondition(lambda self: self.ids)
    @rule(which=number, who=person, result=st.sampled_from(results.RESULTS))
    def result(self, which: int, who: str, result: results.Result) -> None:
        note = "请补交" if result == "correction" else None
        self.does(self._press(which, who, results.give, result, note))

    @precondition(lambda self: self.ids)
    @rule(which=number, who=st.sampled_from(("author", "author", "author", *PEOPLE)))
    def undo(self, which: int, who: str) -> None:
        """Mostly by whoever did it: nobody else may."""
        self.does(self._press(which, who, acknowledgements.undo))

    @precondition(lambda self: self.ids)
    @rule(which=number, who=person)
    def slip(self, which: int, who: str) -> None:
        """A finger slips, and half a minute later it is taken back."""
        self.does(self._press(which, who, acknowledgements.accept))
        self.clock.move(self.clock.now() + timedelta(seconds=30))
        self.does(self._press(which, who, acknowledgements.undo))

    @precondition(lambda self: self.ids)
    @rule(which=number, who=person)
    def snooze(self, which: int, who: str) -> None:
        self.does(self._press(which, who, rerouting.snooze))

    @precondition(lambda self: self.ids)
    @rule(which=number, who=person)
    def hand_over(self, which: int, who: str) -> None:
        self.does(self._press(which, who, rerouting.hand_over))

    @precondition(lambda self: self.ids)
    @rule(which=number)
    def supplement(self, which: int) -> None:
        self.does(self._press(which, "filing_officer", results.supplement))

    @precondition(lambda self: self.ids)
    @rule(which=number)
    def nudge(self, which: int) -> None:
        self.does(self._press(which, "filing_officer", collaboration.nudge))

    @precondition(lambda self: self.ids)
    @rule(which=number)
    def withdraw(self, which: int) -> None:
        outcome = self.does(
            self._press(which, "filing_officer", collaboration.withdraw, "当事人撤回")
        )
        if isinstance(outcome, Done):
            self.does(self._dispatch())
            self.withdrawn.setdefault(outcome.filing.id, self.sends[outcome.filing.id])

    @rule()
    def dispatch(self) -> None:
        """Everything due leaves and is recorded."""
        self.does(self._dispatch())

    @rule()
    def crash(self) -> None:
        """The process dies after messages left and before that was recorded; its leases stay."""
        self.does(self._crash())

    @rule(minutes=st.sampled_from((0.5, 2, 5, 11, 40, 300, 1500)))
    def advance(self, minutes: float) -> None:
        """Time passes and each step is taken when it is due."""
        self.does(self._advance(timedelta(minutes=minutes)))

    @rule(minutes=st.sampled_from((7, 45, 1200)))
    def outage(self, minutes: float) -> None:
        """Time passes while nobody takes a step."""
        self.clock.move(self.clock.now() + timedelta(minutes=minutes))

    @rule(row=st.sampled_from(CHANGES))
    def bring_in(self, row: str) -> None:
        """An administrator imports a changed directory."""
        self.does(self._import(row))

    @rule(blocked=st.booleans(), who=st.sampled_from(("a", "b", "leader")))
    def block(self, blocked: bool, who: str) -> None:
        """Somebody shuts the bot out: the next message to them fails for good."""
        account = getattr(self.people, who).telegram_id
        if blocked:
            self.channel.script(account, Never("blocked"))

    @rule(step=st.sampled_from(("ask", "accept", "approve", "refuse", "cancel")))
    def swap(self, step: str) -> None:
        """Duty changes hands by a swap, a step at a time."""
        self.does(self._swap(step))

    # How it happens

    async def _press(self, which: int, who: str, press: Any, *words: Any) -> Any:
        filing_id = self.ids[which % len(self.ids)]
        async with self.database.transaction() as session:
            if who == "author":
                filing = await session.get_one(Filing, filing_id)
                ids = {getattr(self.people, name).id: name for name in PEOPLE}
                who = ids.get((filing.undo or {}).get("officer_id"), "a")
            return await press(
                session, filing_id, self._actor(who), *words, DESK, now=self.clock.now()
            )

    def _actor(self, who: str) -> Actor:
        officer: Officer = getattr(self.people, who)
        post, province = POSTS[who], "浙江省" if who == "filing_officer" else "辽宁省"
        shown = officers.display(officer, post)
        return Actor(
            shown, officer.name, "officer", officer.id, officer.court_code, province, post,
            frozenset({post}),
        )  # fmt: skip

    def _dispatcher(self, channel: MemoryChannel) -> Dispatcher:
        failed = partial(rerouting.after_failure, desk=DESK)
        return Dispatcher(
            self.database, {"telegram": channel}, RENDER, Rates(0, 0, 0), self.clock, failed
        )

    async def _dispatch(self) -> None:
        sending = self._dispatcher(self.channel)
        task = asyncio.create_task(sending.run())
        waiting = self.clock.waited_for
        while not (waiting.is_set() and sending.idle and not sending.under_way):
            assert not task.done(), task.result()
            await asyncio.sleep(0.0005)
        await sending.stop(1.0)
        await task
        await self._count_sends()

    async def _crash(self) -> None:
        stalled = Stalled()
        dying = asyncio.create_task(self._dispatcher(stalled).run())
        for _ in range(200):
            if stalled.calls or self.clock.waited_for.is_set():
                break
            await asyncio.sleep(0.0005)
        await asyncio.sleep(0.002)
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)

    async def _count_sends(self) -> None:
        """How many messages about each filing have arrived at the court that decides.

        The card of the court that filed, lost in a crash, still comes: it shows where the filing
        stands. So does the news of a withdrawal itself.
        """
        sent = OutgoingMessage.message_id.is_not(None) & OutgoingMessage.filing_id.is_not(None)
        columns = OutgoingMessage.filing_id, OutgoingMessage.kind, OutgoingMessage.payload
        async with self.database.reading() as session:
            rows = (await session.execute(select(*columns).where(sent))).all()
        self.sends = Counter(
            filing_id
            for filing_id, kind, payload in rows
            if kind != "withdrawn" and payload.get("view") != "collaborating"
        )

    async def _advance(self, by: timedelta) -> None:
        until = self.clock.now() + by
        while (due := await self.stepper._earliest()) is not None and due <= until:
            self.clock.move(due)
            await self.stepper.step_what_is_due()
        self.clock.move(until)

    async def _import(self, row: str) -> None:
        path = self.folder / "officers.csv"
        path.write_text(f"court_code,name,post,valid_to\n{row}\n", encoding="utf-8")
        tables, faults = read_files([path])
        assert not faults, faults
        async with self.database.transaction() as session:
            now = self.clock.now()
            await imports.bring_in(session, tables, who="admin", today=now.date(), now=now)

    async def _swap(self, step: str) -> None:
        voice, now = Voice(load_texts(), DESK), self.clock.now()
        today = (now + timedelta(hours=8)).date()
        async with self.database.transaction() as session:
            if step == "ask":
                court = await session.get_one(Court, "辽72")
                days = swapping.Period(today, today + timedelta(days=1))
                wish = swapping.Wish(court, "A", days, self.people.b.id)
                row = OutgoingMessage(
                    kind="reply", priority=1, chat_id=101, created_at=now, payload={"text": "…"}
                )
                session.add(row)
                await session.flush()
                await swapping.ask(session, wish, self._actor("a"), row.id, voice, now=now)
                return
            latest = select(swapping.Swap.id).order_by(swapping.Swap.id.desc()).limit(1)
            if (swap_id := await session.scalar(latest)) is not None:
                who = "b" if step in ("accept", "refuse") else "leader"
                await swapping.act(session, swap_id, step, self._actor(who), voice, now=now)

    # What must hold

    @invariant()
    def everything_holds(self) -> None:
        if self.ids:
            wrong = self.does(self._wrong())
            assert not wrong, wrong

    async def _wrong(self) -> list[str]:
        async with self.database.reading() as session:
            found = list(await session.scalars(select(Filing).order_by(Filing.id)))
            rows = await session.execute(select(FilingEvent.filing_id, FilingEvent.kind))
            happened: dict[int, Counter[str]] = {}
            for filing_id, kind in rows:
                happened.setdefault(filing_id, Counter())[kind] += 1
            ground = await paging.load_ground(
                session, {"辽72"}, {"浙72"}, DESK, now=self.clock.now(),
                people={(f.acknowledged_by or {}).get("officer_id") for f in found} - {None},
            )  # fmt: skip
        await self._count_sends()
        wrong = []
        for filing in found:
            faults = [*_faults(filing, happened[filing.id])]
            if filing.next_step_at is None and filing.state in ("waiting", "acknowledged"):
                ahead = paging.decide(filing, ground, DESK, now=self.clock.now())
                if any(not isinstance(act, WakeAt) or act.at is not None for act in ahead):
                    faults.append(f"no next step, but there is something to do: {ahead}")
            before = set(self.taken.get(filing.id, ()))
            if before - set(filing.steps_taken):
                faults.append(f"steps were forgotten: {before - set(filing.steps_taken)}")
            self.taken[filing.id] = filing.steps_taken
            if filing.id in self.withdrawn and self.sends[filing.id] > self.withdrawn[filing.id]:
                faults.append("a message left after the withdrawal")
            wrong += [f"{filing.reference} ({filing.state}): {fault}" for fault in faults]
        return wrong


def _faults(filing: Filing, happened: Counter[str]) -> list[str]:
    wrong = []
    if happened["received"] != 1:
        wrong.append(f"received {happened['received']} times")
    standing = happened["acknowledged"] - (filing.acknowledged_at is not None)
    if not 0 <= standing <= happened["undone"]:
        wrong.append(f"acknowledged {happened['acknowledged']} times, undone {happened['undone']}")
    if len(set(filing.steps_taken)) != len(filing.steps_taken):
        wrong.append(f"a step was taken twice: {filing.steps_taken}")
    for name, start, end in (
        ("answer", filing.received_at, filing.acknowledged_at),
        ("result", filing.result_clock_from, filing.result_at),
    ):
        stored = getattr(filing, f"{name}_wall_seconds"), getattr(filing, f"{name}_working_seconds")
        if end is None or start is None:
            plain: tuple[Any, Any] = (None, None)
        else:
            plain = int((end - start).total_seconds()), plain_working_seconds(start, end)
        if stored != plain or min(second or 0 for second in stored) < 0:
            wrong.append(f"{name}: {stored} seconds, on paper {plain}")
    return wrong
