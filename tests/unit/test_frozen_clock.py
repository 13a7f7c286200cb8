"""The tests' own clock: no loop loses its instant, however unluckily it is woken."""

import asyncio
from datetime import datetime, timedelta

from tests.clock import LOOKS, FrozenClock


async def test_a_loop_woken_right_after_the_last_look_still_gets_its_instant():
    """The watch for other processes' commits wakes every loop once a second of real time."""
    clock = FrozenClock()
    due = clock.now() + timedelta(seconds=10)
    wake = asyncio.Event()
    reached: list[datetime] = []

    async def loop() -> None:
        while clock.now() < due:
            await clock.wait(due, wake)
            await asyncio.sleep(0.002)  # It looks at the database, whoever woke it.
        reached.append(clock.now())

    looks = 0

    def nothing_else() -> bool:
        nonlocal looks
        looks += 1
        if looks == LOOKS:
            asyncio.get_running_loop().call_soon(wake.set)
        return True

    task = asyncio.create_task(loop())
    await clock.loops(1)
    clock.settled_when("the watch", nothing_else)
    await clock.advance(minutes=1)
    await task
    assert reached == [due]
