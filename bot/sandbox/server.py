"""The local Telegram as one thing: start, stop, people, groups, waiting. The parts do the work."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.sandbox.bot_api import BotApi
from bot.sandbox.calls import ApiCall
from bot.sandbox.changes import Changes
from bot.sandbox.chats import User
from bot.sandbox.faults import DeliveryFault, FaultPlan
from bot.sandbox.groups import Group, make_group
from bot.sandbox.limits import Limits, Meter
from bot.sandbox.page import page_routes
from bot.sandbox.phones import Phone
from bot.sandbox.phones_api import PhonesApi
from bot.sandbox.webhooks import Webhook
from bot.sandbox.world import World, utc_now

LARGEST_BODY = 55 * 1024 * 1024
#: Seconds that open connections get when the server stops.
GRACE = 0.05


class LocalTelegram:
    """A strict Bot API server for one bot on a local address, with the phones of those who talk to it.

    `token`: `<bot id>:<secret>`; `clock`: the time of messages (aware, UTC); `monotonic`: seconds for the limits.
    Stopping and starting again keeps the world and, unless told otherwise, the port: an outage.
    """

    def __init__(
        self,
        token: str = "123456:TEST",  # noqa: S107 - a name for a server that exists only here
        bot_username: str = "liaison_bot",
        *,
        bot_name: str = "跨域立案值班台",
        limits: Limits | None = None,
        faults: FaultPlan | None = None,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        privacy_mode: bool = True,
    ) -> None:
        """Make the world; nothing listens before `start`. The limits are real unless lifted."""
        bot_id = int(token.partition(":")[0])
        bot = User(bot_id, bot_name, is_bot=True, username=bot_username)
        self.world = World(bot, clock, privacy_mode)
        self.api = BotApi(
            self.world,
            token,
            Meter(limits or Limits.real()),
            Webhook(self.world),
            faults or FaultPlan.none(),
            monotonic,
        )
        self.world.updates.fault_for = self._fault_of_update
        self.phones: dict[int, Phone] = {}
        #: What the page's top strip shows: `{"links": [{"label", "url"}], "note": …}`, set with `set_banner`;
        #: what is to be another in a language of the page is under `"zh-CN"` or `"en"` in it.
        self.banner: dict[str, Any] = {}
        self._host, self._port = "127.0.0.1", 0
        self._runner: web.AppRunner | None = None
        self._delivery: asyncio.Task[None] | None = None

    # --- running

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> Self:
        """Listen; port 0 means a free one, or the same as before after a stop."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes(self.api.routes())
        application.add_routes(PhonesApi(self).routes())
        application.add_routes(page_routes())
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=GRACE
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port or self._port, reuse_address=True)
        await site.start()
        self._host, self._port = host, self._runner.addresses[0][1]
        self._delivery = asyncio.create_task(self.api.webhook.run())
        return self

    async def stop(self) -> None:
        """Hang up on everyone and stop listening. The world stays."""
        if self._delivery is not None:
            self._delivery.cancel()
            with suppress(asyncio.CancelledError):
                await self._delivery
        if self._runner is not None:
            await self._runner.cleanup()
        self._delivery = self._runner = None

    async def __aenter__(self) -> Self:
        """Start on a free port."""
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    @contextmanager
    def run_in_thread(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[Self]:
        """Run the server in a thread of its own; phones may be used from this one."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="local-telegram", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.start(host, port), loop).result(10)
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self.stop(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()

    @property
    def address(self) -> str:
        """`http://host:port`; raises `RuntimeError` before the first start."""
        if not self._port:
            raise RuntimeError("the local Telegram has not been started")
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """Where a client adds `/bot<token>/<method>`."""
        return self.address

    @property
    def page_url(self) -> str:
        """The page with the phones."""
        return f"{self.address}/"

    # --- what happened

    @property
    def calls(self) -> Sequence[ApiCall]:
        """Every call the bot made, oldest first; grows while one looks."""
        return self.api.calls.all()

    def calls_of(self, *methods: str) -> list[ApiCall]:
        """The calls of these methods, oldest first."""
        return self.api.calls.of(*methods)

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong from now on; may be set."""
        return self.api.faults

    @faults.setter
    def faults(self, plan: FaultPlan) -> None:
        self.api.faults = plan

    @property
    def limits(self) -> Limits:
        """The limits from now on; may be set."""
        return self.api.meter.limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self.api.meter.limits = limits

    def _fault_of_update(self, number: int) -> DeliveryFault | None:
        """Asks the plan of today, not the one of the start."""
        return self.api.faults.for_update(number)

    # --- people

    def add_phone(
        self,
        name: str,
        user_id: int | None = None,
        language_code: str | None = "zh-hans",
        *,
        label: str | Mapping[str, str] = "",
    ) -> Phone:
        """A person with a phone who has not met the bot yet; the page writes `label` over the phone.

        It may be one for each of the page's languages: `{"zh-CN": …, "en": …}`.
        """
        user = self.world.add_user(name, user_id, language_code)
        self.phones[user.id] = Phone(self.world, user, label)
        return self.phones[user.id]

    def add_group(self, title: str, members: Sequence[Phone] = (), **how: Any) -> Group:
        """A group of these people with the bot in it; `how` as in `groups.make_group`."""
        return make_group(self.world, title, members, **how)

    def group(self, chat_id: int) -> Group:
        """The group with this id; raises `KeyError`."""
        return Group(self.world, self.world.chats[chat_id])

    def set_banner(self, banner: dict[str, Any]) -> None:
        """Show something else in the strip above the phones."""
        self.banner = banner
        self.world.changes.announce()

    # --- waiting

    @property
    def on_change(self) -> Changes:
        """Counts every change: `await telegram.on_change.past(version, timeout)`."""
        return self.world.changes

    async def until(self, predicate: Callable[[], Any], timeout: float = 5.0) -> Any:
        """Return the first truthy value of `predicate`; `AssertionError` with all screens after `timeout` s."""
        value = await self.world.changes.until(predicate, timeout)
        if not value:
            raise AssertionError(
                f"it did not come within {timeout} s; the phones show:\n{self.screens()}"
            )
        return value

    async def idle(self, timeout: float = 5.0) -> None:
        """Return when the bot has confirmed every update."""
        if not await self.world.changes.until(lambda: not len(self.world.updates), timeout):
            kinds = [update.kind for update in self.world.updates.waiting]
            raise AssertionError(f"updates not confirmed within {timeout} s: {kinds}")

    def screens(self) -> str:
        """What every chat shows, for a person who reads a failed test."""
        with self.world.lock:
            lines: list[str] = []
            for chat in self.world.chats.values():
                lines.append(f"== {chat.title or (chat.user and chat.user.first_name)} ({chat.id})")
                for message in chat.messages.values():
                    mark = "x" if message.deleted else " "
                    who = message.sender.first_name if message.sender else "?"
                    lines.append(f"{mark} {who}: {message.text!r} {list(message.content)}")
            return "\n".join(lines)
