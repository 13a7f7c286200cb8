"""Delivery of updates to the bot's own address: order per chat, the secret header, trying again until 2xx."""

import asyncio
import ipaddress
import logging
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.sandbox.errors import bad_request
from bot.sandbox.faults import DeliveryFault
from bot.sandbox.updates import QueuedUpdate
from bot.sandbox.world import World

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
PORTS = (443, 80, 88, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
#: Seconds the bot may take for one update.
ANSWER_WITHIN = 60.0


@dataclass(slots=True)
class Webhook:
    """The bot's address and how delivery to it goes. `retry_pause`: seconds after a failed delivery."""

    world: World
    retry_pause: float = 0.5
    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    last_error: tuple[int, str] | None = None
    attempts: int = 0
    _busy: set[int] = field(default_factory=set)
    _not_before: dict[int, float] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def set(self, args: dict[str, Any]) -> bool:
        """SetWebhook: an empty address takes the webhook away."""
        url, secret = args["url"], args.get("secret_token")
        if url and not _acceptable(url):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret is not None and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        with self.world.lock:
            self.url, self.secret = url, secret
            self.max_connections = min(max(args.get("max_connections", 40), 1), 100)
            self.last_error = None
            self._not_before.clear()
            self.world.updates.allow(args.get("allowed_updates"))
            if args.get("drop_pending_updates"):
                self.world.updates.clear()
            self.world.changes.announce()
        return True

    def info(self) -> dict[str, Any]:
        """GetWebhookInfo."""
        facts: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates),
        }
        if self.url:
            facts["max_connections"] = self.max_connections
        if self.last_error:
            facts["last_error_date"], facts["last_error_message"] = self.last_error
        if self.world.updates.allowed:
            facts["allowed_updates"] = sorted(self.world.updates.allowed)
        return facts

    async def run(self) -> None:
        """Deliver for as long as the server lives."""
        timeout = ClientTimeout(total=ANSWER_WITHIN)
        try:
            async with ClientSession(timeout=timeout, trust_env=False) as session:
                while True:
                    version = self.world.changes.version
                    for update in self._due():
                        task = asyncio.create_task(self._deliver(session, update))
                        self._tasks.add(task)
                        task.add_done_callback(self._tasks.discard)
                    await self.world.changes.past(version, self._pause())
        finally:
            for task in self._tasks:
                task.cancel()
            self._busy.clear()

    def _due(self) -> list[QueuedUpdate]:
        """Updates that may leave now: one at a time per chat, at most `max_connections` together."""
        now = time.monotonic()
        due: list[QueuedUpdate] = []
        if not self.url:
            return due
        with self.world.lock:
            seen: set[int] = set(self._busy)
            for update in self.world.updates.waiting:
                chat = update.chat_id
                if len(self._busy) >= self.max_connections:
                    break
                if chat not in seen and self._not_before.get(chat, 0) <= now:
                    due.append(update)
                    self._busy.add(chat)
                seen.add(chat)
        return due

    def _pause(self) -> float:
        now = time.monotonic()
        waits = [moment - now for moment in self._not_before.values() if moment > now]
        return min([*waits, 1.0])

    async def _deliver(self, session: ClientSession, update: QueuedUpdate) -> None:
        url = self.url
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        problem = await self._post(session, url, update, headers)
        if problem is None and update.fault is DeliveryFault.DUPLICATE:
            update.fault = None
            await self._post(session, url, update, headers)
        with self.world.lock:
            self._busy.discard(update.chat_id)
            if problem is None:
                self.world.updates.drop(update)
            else:
                self.last_error = (int(self.world.clock().timestamp()), problem)
                self._not_before[update.chat_id] = time.monotonic() + self.retry_pause
            self.world.changes.announce()

    async def _post(
        self, session: ClientSession, url: str, update: QueuedUpdate, headers: dict[str, str]
    ) -> str | None:
        """Return `None` when the bot took it, else what went wrong."""
        self.attempts += 1
        try:
            async with session.post(url, json=update.to_api(), headers=headers) as answer:
                await answer.read()
        except (ClientError, TimeoutError) as error:
            logger.debug("webhook delivery failed: %s", type(error).__name__)
            return "Connection failed"
        if 200 <= answer.status < 300:
            return None
        return f"Wrong response from the webhook: {answer.status} {answer.reason}"


def _acceptable(url: str) -> bool:
    """HTTPS on one of Telegram's four ports; plain HTTP to this machine alone, for tests."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if parts.scheme == "https":
        return bool(host) and (port or 443) in PORTS
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return parts.scheme == "http" and here
