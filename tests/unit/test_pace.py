"""The pace of a process, counted where messages arrive: on a line whose calls take longer one way than the other."""

import asyncio
from datetime import timedelta
from heapq import heappop, heappush

from notifications.outbox_rules import Rates
from notifications.rates import Pace
from tests.clock import MONDAY_MORNING as START

RATES = Rates(29, 0, 0)
#: What Telegram takes in any second.
LIMIT = 30


class Line:
    """Time that goes on when somebody waits, and the calls under way meanwhile."""

    def __init__(self):
        self.pace = Pace(RATES, self)
        self.arrivals = []
        self._now = START
        self._answers = []

    def now(self):
        return self._now

    async def wait(self, until, _wake):
        while self._answers and self._answers[0][0] <= until:
            self._now, began = heappop(self._answers)
            self.pace.answered(1, began, self._now)
        self._now = max(self._now, until)

    async def calls(self, count, there, back):
        """So many calls at the even pace, each so many milliseconds there and back."""
        for _ in range(count):
            slot = START + len(self.arrivals) * RATES.interval
            await self.pace.turn(1, slot, asyncio.Event(), lambda: False)
            self.arrivals.append(self._now + timedelta(milliseconds=there))
            answer = self._now + timedelta(milliseconds=there + back)
            heappush(self._answers, (answer, self._now))

    def most_in_a_second(self):
        every = sorted(self.arrivals)
        return max(
            sum(start <= at < start + timedelta(seconds=1) for at in every) for start in every
        )


async def test_calls_that_were_all_slow_lately_do_not_make_the_next_ones_too_many():
    line = Line()
    await line.calls(5, there=1, back=2)
    await line.calls(100, there=45, back=15)
    await line.calls(40, there=0, back=60)
    assert line.most_in_a_second() <= LIMIT


async def test_a_line_that_is_always_slow_costs_no_pace():
    line = Line()
    await line.calls(200, there=60, back=60)
    assert line.most_in_a_second() <= LIMIT
    assert line.arrivals[-1] - line.arrivals[0] < 199 * RATES.interval * 1.01
