"""Two instances on one PostgreSQL, a burst of filings, and one of the two killed every half second."""

import concurrent.futures
import http.client
import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases
from tests.faults import invariants, world
from tests.faults.ledger import Ledger, open_ledger
from tests.faults.processes import Child, Launcher, ready
from tests.faults.shared_clock import SharedClock
from tests.faults.world import Promise, World

FILINGS = 300
#: Every so many-th filing is acknowledged as soon as its page is there.
PRESSED = 10
#: Chats take one message at a time, and wait for a dead instance's lease: several courts share the burst.
COURTS = 24
KILLS = 14
KILL_EVERY = 0.5
#: When nothing has moved for so many real seconds, what is left waits for a dead instance's lease to end.
STILL_SECONDS = 4.0
#: So many seconds the clock then goes on; a lease lasts 40.
MOVED_ON = 41.0
#: Another instance polls within so many real seconds.
TAKEOVER_SECONDS = 10.0
#: How long (real seconds) the rest may take after the last kill.
REST_SECONDS = 120.0

CLIENTS = 6
LOST = (OSError, http.client.HTTPException)


@dataclass(slots=True)
class Cluster:
    """Two instances, one of which may be dead for a moment."""

    launcher: Launcher
    world: World
    ledger: Ledger
    folder: Path
    url: str
    draw: random.Random
    instances: list[Child] = field(default_factory=list)
    kills: int = 0
    retries: int = 0
    still: str = ""
    still_since: float = field(default_factory=time.monotonic)

    def start(self) -> Child:
        """One more instance, listening."""
        order = {
            "database": self.url,
            "token": self.world.telegram.api.token,
            "telegram": self.world.telegram.api_url,
            "clock": str(self.world.clock.path),
            "log": str(self.folder / "instances.log"),
        }
        return ready(self.launcher.start(order))

    def kill(self, index: int) -> None:
        """Kill an instance and start another in its place."""
        self.instances[index].kill()
        self.kills += 1
        self.instances[index] = self.start()

    def kill_now_and_then(self) -> None:
        """Kill either every half second, so many times and no more: an instance needs a while to get on."""
        for _ in range(KILLS):
            time.sleep(KILL_EVERY)
            self.kill(self.draw.randrange(len(self.instances)))

    def file(self, promise: Promise, first: int) -> None:
        """Hand a filing in, to either instance, again and again until it is answered."""
        for turn in itertools.count(first):
            try:
                self.world.file(self.instances[turn % len(self.instances)].address, promise)
            except LOST:
                self.retries += 1
                time.sleep(0.01)
            else:
                return

    def unrest(self) -> str:
        """What is under way; the clock goes on when nothing else does, however slow the machine is."""
        now = time.monotonic()
        found = invariants.unrest(self.world, self.ledger)
        if found != self.still:
            self.still, self.still_since = found, now
        elif found and now > self.still_since + STILL_SECONDS:
            self.world.clock.advance(seconds=MOVED_ON)
            self.still_since = now
        return found

    def leader(self) -> int | None:
        """Which instance polls Telegram."""
        for index, child in enumerate(self.instances):
            if child.order("leads") == "leads True":
                return index
        return None


@contextmanager
def cluster(launcher: Launcher, folder: Path, url: str) -> Iterator[Cluster]:
    clock = SharedClock.create(folder / "clock")
    staffed: list[world.Liaoning | str] = []

    async def staff() -> None:
        staffed.extend(await world.staff(url, more_courts=COURTS))

    databases.in_a_loop_of_its_own(staff())
    people, secret = staffed
    assert isinstance(people, world.Liaoning)
    with world.around(clock, people, str(secret), more_courts=COURTS) as around:
        ledger = open_ledger(url)
        both = Cluster(launcher, around, ledger, folder, url, random.Random(19))
        try:
            both.instances += [both.start(), both.start()]
            yield both
        finally:
            for child in both.instances:
                child.kill()
            ledger.close()


def press(both: Cluster, promise: Promise) -> bool:
    """签收 by the A post, once its page is there."""
    return both.world.press(promise, "ack", promise.desk.court, "签收", None)


def come_to_rest(both: Cluster) -> None:
    limit = time.monotonic() + REST_SECONDS
    while still := both.unrest():
        assert time.monotonic() < limit, f"{still} after {REST_SECONDS:g} s"
        time.sleep(0.02)


def test_a_burst_on_two_instances_of_which_one_dies_every_half_second(
    launcher, tmp_path, postgresql_url, record_property
):
    start = time.monotonic()
    with cluster(launcher, tmp_path, postgresql_url) as both:
        desks = world.other_desks(COURTS)
        promises = [both.world.promise(desks[n % COURTS]) for n in range(FILINGS)]
        with concurrent.futures.ThreadPoolExecutor(CLIENTS + 1) as pool:
            killing = pool.submit(both.kill_now_and_then)
            filing = [pool.submit(both.file, promise, n) for n, promise in enumerate(promises)]
            to_press = promises[::PRESSED]
            limit = time.monotonic() + REST_SECONDS
            while to_press or not all(one.done() for one in filing):
                assert time.monotonic() < limit, f"{len(to_press)} pages have not come"
                to_press = [promise for promise in to_press if not press(both, promise)]
                both.unrest()
                time.sleep(0.01)
            killing.result()
            for one in filing:
                one.result()
        filed = time.monotonic() - start
        come_to_rest(both)
        assert invariants.broken(both.world, both.ledger) == []
        assert all(promise.status in {200, 201} for promise in promises)
        assert sum("ack" in promise.presses for promise in promises) == FILINGS // PRESSED
        record_property(
            "two instances",
            f"{FILINGS} filings, {both.kills} kills, {both.retries} requests repeated, "
            f"{invariants.repeats(both.world, both.ledger)} messages repeated; "
            f"filed after {filed:.1f} s, at rest after {time.monotonic() - start:.1f} s",
        )


def test_when_the_instance_that_polls_dies_the_other_takes_over_within_ten_seconds(
    launcher, tmp_path, postgresql_url, record_property
):
    with cluster(launcher, tmp_path, postgresql_url) as both:
        promise = both.world.promise(world.other_desks(1)[0])
        both.file(promise, 0)
        limit = time.monotonic() + TAKEOVER_SECONDS
        while not press(both, promise) or (leader := both.leader()) is None:
            assert time.monotonic() < limit
            time.sleep(0.01)
        # A press that comes while nobody polls is answered by the next one who does.
        both.instances[leader].kill()
        survivor = both.instances[1 - leader]
        _, pressed = promise.presses["ack"]
        died = time.monotonic()
        survivor.until(lambda: survivor.order("leads") == "leads True", TAKEOVER_SECONDS)
        both.instances = [survivor]
        survivor.until(lambda: not len(both.world.telegram.world.updates), TAKEOVER_SECONDS)
        took = time.monotonic() - died
        assert took < TAKEOVER_SECONDS
        come_to_rest(both)
        assert invariants.broken(both.world, both.ledger) == []
        assert pressed.id
        record_property("another instance polls after", f"{took:.1f} s")
