"""A forked process of the product under a test's orders: started, armed, stopped over a socket. Decides nothing."""

import asyncio
import json
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import app as product
from bot import logs
from bot.chat import application as chat
from bot.settings import Settings
from tests.faults.shared_clock import SharedClock
from tests.faults.tripwire import Recorder, Spot, Tripwire


def main(order: dict[str, Any], control: socket.socket) -> int:
    """Run the product as `order` says until told to stop; 0 when it ended in order."""
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    logs.configure("console")
    if plant := order.get("plant"):
        from tests.faults import plants  # noqa: PLC0415 - a sound child never sees a plant

        plants.PLANTS[plant]()
    if "at_start" not in order:
        # Of a start that nobody looks at, six calls for menus that were set long ago are the longest part.
        chat.set_menus = _leave_menus
    return asyncio.run(_serve(order, control))


async def _leave_menus(*_words: object) -> None:
    """Set no menu."""


@dataclass(slots=True)
class Orders:
    """What a test may say while the product runs, one line each."""

    control: socket.socket
    recorder: Recorder = field(default_factory=Recorder)
    tripwire: Tripwire | None = None
    app: product.App | None = None

    def obey(self, word: str, *rest: str) -> None:
        """`arm PATH LINE HIT`, `disarm`, `record`, `recorded` and `leads`."""
        match word:
            case "arm":
                path, line, hit = rest
                self.tripwire = Tripwire(Spot(path, int(line), int(hit)))
                self.tripwire.arm()
            case "disarm":
                if self.tripwire is not None:
                    self.tripwire.disarm()
            case "record":
                self.recorder = Recorder()
                self.recorder.start()
            case "leads":
                leading = self.app is not None and self.app.chat is not None
                self.say(f"leads {leading and self.app.chat.updates.leadership.holds}")
                return
            case "recorded":
                self.recorder.stop()
                found = [[path, line, n] for (path, line), n in self.recorder.hits.items()]
                self.say(f"hits {json.dumps(found)}")
                return
        self.say("done")

    def say(self, line: str) -> None:
        """Tell the test; it always reads."""
        self.control.setblocking(True)
        self.control.sendall(line.encode() + b"\n")
        self.control.setblocking(False)


async def _serve(order: dict[str, Any], control: socket.socket) -> int:
    orders = Orders(control)
    if words := order.get("at_start"):
        orders.obey(*words)
    started = product.build(settings(order), SharedClock(Path(order["clock"])))
    await started.start()
    orders.app = started
    orders.say(f"ready {os.getpid()} {started.http_address}")
    loop = asyncio.get_running_loop()
    control.setblocking(False)
    heard = b""
    while True:
        received = await loop.sock_recv(control, 4096)
        if not received:
            break
        heard += received
        *lines, heard = heard.split(b"\n")
        words = [line.decode().split() for line in lines]
        if ["stop"] in words:
            break
        for line in words:
            orders.obey(*line)
    if orders.tripwire is not None:
        orders.tripwire.disarm()
    await started.stop()
    return 0


def settings(order: dict[str, Any]) -> Settings:
    """Every limit lifted: a test of what is lost need not wait."""
    return Settings(
        database_url=order["database"],
        telegram_token=SecretStr(order["token"]),
        telegram_api_url=order["telegram"],
        http_port=0,
        rate_global=0,
        rate_group=0,
        rate_chat=0,
    )
