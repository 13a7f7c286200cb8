"""A notice to 12,000 people and its correction, sent without limits into nothing: processor time and memory of all of it.

Reads `{"people", "courts", "url"}` (an empty database with every table), prints JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from directory.clock import SystemClock
from directory.database import Database
from notifications import notice_facts, notices
from notifications.channels.port import Outcome, Sent
from notifications.messages import Message
from notifications.notice_facts import Scope
from tests.notice_desk import PROVINCE, RULES, NoticeDesk, Wish


class Nowhere:
    """A channel that keeps nothing."""

    sent = 0
    edited = 0

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Count it."""
        del chat_id, message, silent, reply_to
        self.sent += 1
        await asyncio.sleep(0)
        return Sent(self.sent)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Count it."""
        del chat_id, message
        self.edited += 1
        await asyncio.sleep(0)
        return Sent(message_id)


def memory() -> float:
    """Megabytes resident now."""
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in row)
    return int(line.split()[1]) / 1024


async def main(spec: dict[str, Any]) -> None:
    """Write, send and correct; print what it took."""
    clock, channel = SystemClock(), Nowhere()
    # Nothing leaves while all is written.
    people = spec["people"]
    notices.MOST_WAITING = people + 1
    database = Database.connect(spec["url"])
    desk = NoticeDesk(database, clock)  # type: ignore[arg-type]
    desk.channel = channel  # type: ignore[assignment]
    await desk.people(people, spec["courts"])
    now = clock.now()
    async with database.transaction() as session:
        wish = Wish("系统今晚 20:00 维护。", PROVINCE, now, "测量")
        notice = await notices.send(session, wish, RULES, now=now)
    seen: dict[str, Any] = {"before": memory(), "writing": [], "memory": []}
    while True:
        began = time.perf_counter()
        async with database.transaction() as session:
            if await notices.earliest_writing(session, now) is None:
                break
            await notices.write_due(session, now, RULES)
        seen["writing"].append(time.perf_counter() - began)
    dispatcher = desk.dispatcher()
    running = asyncio.create_task(dispatcher.run())
    began = time.process_time()
    await _until(lambda: channel.sent >= people, seen)
    seen["send"] = (time.process_time() - began) / people
    async with database.transaction() as session:
        held = await notices.hold(session, notice.id)
        assert held is not None
        since = time.perf_counter()
        await notices.edit(session, held, "改为 21:00。", now=clock.now())
    seen["correcting"] = time.perf_counter() - since
    await _until(lambda: channel.edited >= people, seen)
    since = time.perf_counter()
    async with database.reading() as session:
        counted = await notice_facts.sums(session, [notice.id], Scope())
    assert counted[notice.id].delivered == people
    seen["counting"] = time.perf_counter() - since
    await dispatcher.stop(5)
    await running
    await database.close()
    print(json.dumps(seen))


async def _until(done: Any, seen: dict[str, Any]) -> None:
    while not done():
        await asyncio.sleep(0.5)
        seen["memory"].append(memory())


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
