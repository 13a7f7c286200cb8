"""The composition of the product: `build` puts the parts together, `App` starts and stops them in order.

The tests build the product by the same function, with another clock and settings.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web
from telegram import Bot

from bot import migrations, schedule, ways_out
from bot.chat.application import Chat, ChatParts
from bot.chat.application import build as build_chat
from bot.cli.ladder import read
from bot.heartbeat import Pulse, fresh
from bot.instance import InstanceLock
from bot.settings import Settings, notify_socket
from bot.texts import load_texts
from bot.watchdog import Watchdog
from bot.web.application import build as build_web
from bot.web.application import runner
from bot.web.health import LOOP_SECONDS, DeskHealth
from bot.web.metrics import METRICS
from bot.web.parts import WebParts
from directory.calendars import missing_years
from directory.clock import Clock
from directory.database import Database
from directory.errors import LiaisonError
from directory.search import Searcher
from directory.texts import Texts
from notifications import ladder_names
from notifications.auditor import Auditor
from notifications.calendar_watch import CalendarWatch
from notifications.channels.port import Channel
from notifications.channels.telegram import hang_up, make_bot
from notifications.desk import DeskRules
from notifications.dispatch import Dispatcher
from notifications.fallback_failures import FollowUp
from notifications.intake import IntakeQueue
from notifications.ladder import LadderBook
from notifications.outbox_rules import Rates
from notifications.stepper import Stepper
from notifications.timekeeper import Timekeeper

log = structlog.get_logger(__name__)


class AddressTaken(LiaisonError):
    """不能在 {address} 提供 HTTP 服务（{why}）。请停掉占用它的程序，或改用另一个 LIAISON_HTTP_PORT。"""


#: How long (seconds) sends under way may take to end when the process is asked to stop: with what
#: requests (2) and answers to presses (3) may take, all is over within 15.
STOP_SECONDS = 8.0
#: The pause (seconds) before a loop that broke is started again.
RESTART_PAUSE = 1.0
#: A poll of the chat is open for half a minute; one that was not answered for so long (seconds) hangs.
POLL_SECONDS = 120.0


@dataclass(slots=True)
class App:
    """The running product. `start` returns once it listens; `stop` once nothing is half done."""

    settings: Settings
    clock: Clock
    texts: Texts
    desk: DeskRules
    database: Database
    intake: IntakeQueue
    stepper: Stepper
    dispatcher: Dispatcher
    schedule: schedule.Schedule
    timekeeper: Timekeeper
    channels: Mapping[str, Channel]
    follow_up: FollowUp
    searcher: Searcher
    calendars: CalendarWatch
    bot: Bot | None
    chat: Chat | None
    site: web.Application = field(default_factory=web.Application)
    #: `http://host:port` once it listens.
    http_address: str = ""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _lock: InstanceLock | None = None
    _runner: web.AppRunner | None = None
    auditor: Auditor = field(init=False)
    pulse: Pulse = field(init=False)

    def __post_init__(self) -> None:
        """Make what watches over the other parts."""
        self.auditor = Auditor(self.database, self.desk, self.clock)
        url = self.settings.heartbeat_url
        self.pulse = Pulse(
            self.database,
            self.clock,
            self.desk,
            self.loops_work,
            self.chat_works,
            str(url) if url is not None else None,
            Watchdog(notify_socket()),
        )

    def last_cycle_at(self) -> datetime | None:
        """When the slower of the two loops last got through its work; None before both have."""
        cycles = (self.dispatcher.last_cycle_at, self.stepper.last_cycle_at)
        known = [cycle for cycle in cycles if cycle is not None]
        return min(known) if len(known) == len(cycles) else None

    def loops_work(self) -> bool:
        """Whether both loops got through their work lately."""
        return fresh(self.last_cycle_at(), self.clock.now(), LOOP_SECONDS)

    def chat_works(self) -> bool:
        """Whether the chat answered this instance lately: its poll, or by webhook its last call."""
        if self.chat is None or not self.chat.connected:
            return False
        polling = self.settings.telegram_mode == "polling" and self.chat.updates.leadership.holds
        return not polling or fresh(self.chat.last_poll_at, self.clock.now(), POLL_SECONDS)

    def chat_state(self) -> Literal["connected", "unreachable", "off"]:
        """Whether the chat was reached at the last try."""
        if self.chat is None:
            return "off"
        return "connected" if self.chat.connected else "unreachable"

    async def start(self) -> None:
        """Take the lock, check the schema, start the loops, then listen: intake opens last."""
        lock = InstanceLock(self.settings.database_url)
        lock.acquire()
        self._lock = lock
        try:
            await migrations.check(self.database)
            await self.calendars.load()
            await self._compare_ladder()
            # Before anything is paged: what an outage delayed is told apart from what is due now.
            await self.pulse.begin()
            await self._start_loops()
            await self._listen()
            self.pulse.watchdog.ready()
        except BaseException:
            await self.stop()
            raise

    async def _compare_ladder(self) -> None:
        """Warn of tables that hold for nobody: no reason to page no one, for a court may follow by import.

        The tables of the built-in ladder are empty examples, and nobody's to put right.
        """
        if self.settings.ladder is None:
            return
        async with self.database.reading() as session:
            for fault in await ladder_names.unknown(session, self.desk.ladder):
                log.warning("ladder_names_unknown", line=fault.line, key=fault.key, value=fault.value,
                            remedy="ladder check FILE")  # fmt: skip

    async def _start_loops(self) -> None:
        if self.database.dialect == "sqlite":
            # Nobody else can be sending: what a dead process had claimed is free at once.
            await self.dispatcher.release_leases()
        await self.database.wakeups.start()
        await self.intake.start()
        self._keep("dispatcher", self.dispatcher.run)
        self._keep("stepper", self.stepper.run)
        self._keep("schedule", self.schedule.run)
        self._keep("timekeeper", self.timekeeper.run)
        self._keep("auditor", self.auditor.run)
        self._keep("pulse", self.pulse.run)
        if self.settings.heartbeat_url is not None:
            self._keep("heartbeat", self.pulse.run_heartbeat)
        self._keep("calendars", self.calendars.run)
        self._keep("search", self.searcher.run)
        if self.chat is not None:
            self._keep("chat", self.chat.run)
            self._keep("faq", self.chat.faq.run)

    async def _listen(self) -> None:
        self._runner = runner(self.site)
        await self._runner.setup()
        listener = web.TCPSite(self._runner, self.settings.http_host, self.settings.http_port)
        try:
            await listener.start()
        except OSError as error:
            address = f"{self.settings.http_host}:{self.settings.http_port}"
            raise AddressTaken(address=address, why=error.strerror) from error
        host, port = self._runner.addresses[0][:2]
        self.http_address = f"http://{host}:{port}"
        if self.chat is not None:
            self.chat.pages_are_at(self.http_address)
        log.info("serving", address=self.http_address, database=self.database.dialect)

    def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run a loop; one that breaks is logged and started again, for silence is never the end."""

        async def keep() -> None:
            while True:
                try:
                    await run()
                except Exception:
                    log.exception("loop_broke", loop=name)
                    await asyncio.sleep(RESTART_PAUSE)
                else:
                    return

        self._tasks.append(asyncio.create_task(keep(), name=name))

    async def stop(self) -> None:
        """Close intake, let what is under way end and be recorded, then close everything."""
        self.pulse.watchdog.stopping()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.intake.stop()
        if self.chat is not None:
            await self.chat.stop()
        await self.dispatcher.stop(STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pulse.end()
        await ways_out.close(self.channels)
        if self.bot is not None:
            await hang_up(self.bot)
        await self.database.close()
        if self._lock is not None:
            self._lock.release()
        log.info("stopped")


def build(settings: Settings, clock: Clock, channels: Mapping[str, Channel] | None = None) -> App:
    """Put the product together; nothing runs or connects before `start`.

    Raises:
        LadderFaults: the ladder file has faults; all are named.
        LadderUnreadable: it cannot be read.
        FallbackRefused: a fallback address cannot be used.
    """
    texts = load_texts()
    ladder = read(settings.ladder) if settings.ladder else LadderBook.built_in()
    bot = _bot(settings)
    if channels is None:
        channels = ways_out.channels_of(settings, bot, clock)
    ways = ways_out.fallback_ways(channels)
    desk = DeskRules(
        ladder, settings.timezone, settings.locale, bool(ways), ways, settings.chat_phones
    )
    database = Database.connect(settings.database_url)
    follow_up, searcher = FollowUp(desk), Searcher(database)

    def address() -> str:
        return settings.public_url or app.http_address

    dispatcher = Dispatcher(
        database,
        channels,
        ways_out.writers(channels, texts, desk, database, clock, address).write,
        Rates(settings.rate_global, settings.rate_group, settings.rate_chat),
        clock,
        follow_up.after_failure,
    )
    app = App(
        settings=settings,
        clock=clock,
        texts=texts,
        desk=desk,
        database=database,
        intake=IntakeQueue(database, desk, clock),
        stepper=Stepper(database, desk, clock),
        dispatcher=dispatcher,
        schedule=schedule.Schedule(database, clock, schedule.jobs(desk)),
        timekeeper=Timekeeper(database, clock, schedule.timed(desk)),
        channels=channels,
        follow_up=follow_up,
        searcher=searcher,
        calendars=CalendarWatch(database, clock),
        bot=bot,
        chat=None,
    )
    return _connected(app)


def _connected(app: App) -> App:
    """The same with what faces people: the chat, the pages and the figures of failures."""
    if app.bot is not None:
        parts = ChatParts(
            app.database, app.desk, app.texts, app.settings, app.clock, app.bot, app.searcher
        )
        app.chat = build_chat(parts)
    app.site = build_web(_web_parts(app))
    _show_failures(app)
    return app


def _show_failures(app: App) -> None:
    """What was given up or failed without anybody waiting for an answer is at least a figure."""
    metrics, chat = app.site[METRICS], app.chat
    metrics.watch(
        "jobs_failed", "Recurring and timed jobs that failed; they are tried again.",
        lambda: app.schedule.failures + app.timekeeper.failures,
    )  # fmt: skip
    metrics.gauge(
        "calendar_years_missing", "Years whose holidays should have been brought in by now.",
        lambda: len(missing_years(app.clock.now().astimezone(ZoneInfo(app.desk.timezone)).date())),
    )  # fmt: skip
    metrics.watch(
        "audit_repairs", "What no loop would have taken up again, set going by the audit.",
        lambda: app.auditor.repairs,
    )  # fmt: skip
    metrics.watch(
        "heartbeat_failures", "Pings of the heartbeat address that were not taken.",
        lambda: app.pulse.failed_pings,
    )  # fmt: skip
    metrics.watch(
        "reports_given_up", "Reports of events that the receiver did not take in three days, or refused.",
        lambda: app.follow_up.reports_given_up,
    )  # fmt: skip
    if chat is not None:
        metrics.watch(
            "updates_given_up", "Updates of the chat that failed three times and were passed by.",
            lambda: chat.updates.given_up,
        )  # fmt: skip


def _web_parts(app: App) -> WebParts:
    chat = app.chat
    return WebParts(
        app.database,
        app.desk,
        app.texts,
        app.clock,
        app.intake,
        app.settings,
        DeskHealth(
            app.database,
            app.clock,
            app.last_cycle_at,
            app.chat_state,
            lambda: app.pulse.lag_seconds,
        ),
        app.searcher,
        chat.handle if chat and app.settings.telegram_mode == "webhook" else None,
    )


def _bot(settings: Settings) -> Bot | None:
    if settings.telegram_token is None:
        return None
    return make_bot(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api_url,
        settings.telegram_proxy,
    )
