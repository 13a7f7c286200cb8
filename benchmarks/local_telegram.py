"""The local Telegram in a process of its own, with everybody's phone, and what a measurement asks of it.

As a program it reads lines: first `{"places": [[group, officer], …], "limited": bool}`, then questions.
"""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.children import Talker, cpu_seconds, module, talking
from benchmarks.stage import Place
from bot.sandbox import Limits, LocalTelegram

_REFERENCE = re.compile(r"[A-Z0-9]+-\d{6}")
_SENDING = ("sendMessage", "editMessageText")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call to send or edit: `at` in monotonic seconds; `outcome` is `ok`, `limited` or a fault."""

    reference: str
    chat: int
    at: float
    outcome: str
    method: str


@dataclass(slots=True)
class Telegram:
    """The way to it."""

    talker: Talker
    address: str
    token: str

    def settings(self) -> dict[str, str]:
        """What a bot must be told."""
        return {"LIAISON_TELEGRAM_API_URL": self.address, "LIAISON_TELEGRAM_TOKEN": self.token}

    async def count(self) -> int:
        """How many calls have arrived so far."""
        return int((await self.talker.ask("count"))["calls"])

    async def arrivals(self) -> list[Arrival]:
        """Every call so far, in order."""
        return [Arrival(*item) for item in await self.talker.ask("arrivals")]

    def cpu(self) -> float:
        """Seconds it has spent on a processor so far."""
        return cpu_seconds(self.talker.process.pid)

    async def rest(self, *, quiet: float, longest: float, at_least: int = 0) -> None:
        """Return when nothing has come for `quiet` seconds, not before `at_least` calls, if ever."""
        loop = asyncio.get_running_loop()
        limit, since, seen = loop.time() + longest, loop.time(), -1
        while loop.time() < limit:
            now = await self.count()
            if now != seen:
                seen, since = now, loop.time()
            elif now >= at_least and loop.time() - since >= quiet:
                return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def running(places: list[Place], *, limited: bool) -> AsyncIterator[Telegram]:
    """A local Telegram where every officer has opened the bot's chat and every group holds the bot."""
    async with talking(module("local_telegram")) as talker:
        listed = [[place.group, place.officer] for place in places]
        hello = await talker.ask({"places": listed, "limited": limited})
        yield Telegram(talker, hello["address"], hello["token"])


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    spec = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    limits = Limits.real() if spec["limited"] else Limits.lifted()
    telegram = LocalTelegram(limits=limits)
    _hand_out(telegram, spec["places"])
    async with telegram:
        _answer({"address": telegram.api_url, "token": telegram.api.token})
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            calls = telegram.calls_of(*_SENDING)
            if json.loads(line) == "count":
                _answer({"calls": len(calls)})
            else:
                # The body of the latest may still be on its way.
                _answer([_arrival(call) for call in calls if "chat_id" in call.params])


def _hand_out(telegram: LocalTelegram, places: list[list[int]]) -> None:
    coordinator = telegram.add_phone("周琳", 400_001)
    telegram.world.private_chat(coordinator.user)
    for group, officer in places:
        people = []
        for offset in (0, 100_000, 200_000):
            phone = telegram.add_phone(f"王{officer + offset}", officer + offset)
            telegram.world.private_chat(phone.user)
            people.append(phone)
        telegram.add_group(f"群{group}", people, supergroup=True, announced=False, group_id=group)


def _arrival(call: Any) -> list[Any]:
    found = _REFERENCE.search(str(call.params.get("text", "")))
    reference = found.group() if found else ""
    return [reference, int(call.params["chat_id"]), call.arrived, call.outcome, call.method]


def _answer(value: Any) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
