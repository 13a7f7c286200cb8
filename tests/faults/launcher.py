"""`python -m tests.faults.launcher FD TEMPLATE`: imports the product once, then forks a fresh process of it for every order.

A process costs a fork instead of a second of imports. No loop and no thread exists here at the fork.
"""

import asyncio
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from bot import app as product
from tests import databases, once
from tests.faults import child, world
from tests.faults.ledger import open_ledger
from tests.faults.processes import Child
from tests.faults.shared_clock import SharedClock
from tests.faults.story import PATH, PATH_WITH_RESTART, Story

LONGEST_ORDER = 1 << 16


def main() -> None:
    """Serve orders until the test hangs up."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    warm_up(Path(sys.argv[2]))
    gc.collect()
    gc.freeze()
    assert threading.active_count() == 1, "a thread would not survive the fork"
    orders.sendall(b"ready\n")
    while True:
        words, descriptors, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 1)
        if not words:
            return
        if os.fork() == 0:
            orders.close()
            live(words, descriptors[0])
        os.close(descriptors[0])
        reap()


def reap() -> None:
    """Take leave of who died meanwhile: what they took counts as taken by the tests."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def warm_up(template: Path) -> None:
    """Import every module of the product and do once what each process would otherwise do again.

    `template`: a SQLite file with every table.
    """
    for package in ("directory", "notifications", "bot"):
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if ".migrations." not in found.name:
                importlib.import_module(found.name)
    once.share()
    with tempfile.TemporaryDirectory(prefix="liaison-rehearsal-") as folder:
        url = databases.sqlite_copy(template, Path(folder))
        asyncio.run(rehearse(url, Path(folder)))


async def rehearse(url: str, folder: Path) -> None:
    """Have filings walk both paths: what is loaded late or compiled once is there for every process."""
    people, secret = await world.staff(url)
    clock = SharedClock.create(folder / "clock")
    ledger = open_ledger(url)
    with world.around(clock, people, secret) as scene:
        order = {
            "database": url, "token": scene.telegram.api.token,
            "telegram": scene.telegram.api_url, "clock": str(clock.path),
        }  # fmt: skip
        story = Story(scene, ledger, in_group=True)
        await perform(order, clock, story, PATH_WITH_RESTART[:1])
        story.press_while_down()
        await perform(order, clock, story, PATH_WITH_RESTART[1:])
        await perform(order, clock, Story(scene, ledger, in_group=False), PATH)
    ledger.close()


async def perform(
    order: dict[str, Any], clock: SharedClock, story: Story, stages: Sequence[str]
) -> None:
    """Start the product in this process, tell it some stages, stop it."""
    app = product.build(child.settings(order), clock)
    await app.start()
    mine, theirs = socket.socketpair()
    with mine, theirs:
        itself = Child(mine, Path(os.devnull), app.http_address)
        for stage in stages:
            await asyncio.to_thread(story.tell, itself, stage)
    await app.stop()


def live(words: bytes, descriptor: int) -> NoReturn:
    """The life of a forked process."""
    control = socket.socket(fileno=descriptor)
    status = 1
    try:
        status = child.main(json.loads(words), control)
    except BaseException:  # noqa: BLE001 - whatever it is, the test must hear of it
        control.sendall(b"failed " + json.dumps(traceback.format_exc()).encode() + b"\n")
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
