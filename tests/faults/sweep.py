"""The kill sweep: record which lines the product passes on a filing's path, then kill it at them, one by one.

Each point kills the product once, at one line of one stage. It is restarted on the same database, comes to
rest, and is judged by `invariants`; the story then goes on in the restarted process, towards the next point.
"""

import itertools
import json
import random
import shutil
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import databases
from tests.faults import invariants
from tests.faults.ledger import Ledger, open_ledger
from tests.faults.processes import Child, Died, Launcher, ready
from tests.faults.shared_clock import SharedClock
from tests.faults.story import PATH, PATH_WITH_RESTART, Story, rest
from tests.faults.tripwire import Spot
from tests.faults.world import Staffed, World, around

#: How many stories share a world: what is looked at after each death grows with them.
STORIES_OF_A_WORLD = 12

#: Of a story with a restart and one without: how many of each stage they tell together.
SHARES = Counter((*PATH, *PATH_WITH_RESTART))

#: How often each stage is recorded.
TIMES = 3

#: After so many findings nothing new is learnt.
ENOUGH = 5


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Where the product is to die: a spot, counted from the beginning of a stage."""

    stage: str
    spot: Spot

    def __str__(self) -> str:
        return f"{self.stage} {self.spot}"


@dataclass(slots=True)
class Passed:
    """How often each line is passed in each stage of stories that nothing disturbs, at least."""

    hits: dict[tuple[str, str, int], int] = field(default_factory=dict)
    _times: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def note(self, stage: str, recorded: str) -> None:
        """Add one recording of a stage, as the product told it."""
        for path, line, count in json.loads(recorded.removeprefix("hits ")):
            key = (stage, path, line)
            self._times[key] += 1
            self.hits[key] = min(self.hits.get(key, count), count)

    def steady(self) -> "Passed":
        """What was passed each time: threads and the calendar move the others from stage to stage."""
        return Passed({key: n for key, n in self.hits.items() if self._times[key] == TIMES})

    def written(self) -> str:
        """All of it, for `read`."""
        return json.dumps([[*key, n, self._times[key]] for key, n in self.hits.items()])

    @classmethod
    def read(cls, text: str) -> "Passed":
        """What was `written`, perhaps by another process."""
        passed = cls()
        for stage, path, line, count, times in json.loads(text):
            passed.hits[stage, path, line] = count
            passed._times[stage, path, line] = times
        return passed

    def first_hits(self) -> list[Point]:
        """Every line once, in the stage in which it is passed first."""
        seen: set[tuple[str, int]] = set()
        points = []
        for stage, path, line in self.hits:
            if (path, line) not in seen:
                seen.add((path, line))
                points.append(Point(stage, Spot(path, line)))
        return points

    def all_stages(self) -> list[Point]:
        """Every line in each stage in which it is passed."""
        return [Point(stage, Spot(path, line)) for stage, path, line in self.hits]

    def later_hits(self) -> list[Point]:
        """Every line again: where it is passed anew in a later stage, or for the n-th time in one."""
        first = set(self.first_hits())
        again = [point for point in self.all_stages() if point not in first]
        # Half of the times: a line that is passed fewer times than in the recording is a miss.
        nth = [
            Point(stage, Spot(path, line, 1 + count // 2))
            for (stage, path, line), count in self.hits.items()
            if count > 1
        ]
        return again + nth


@dataclass(slots=True)
class Outcome:
    """What a sweep came to."""

    killed: list[Point] = field(default_factory=list)
    missed: list[Point] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    repeats: int = 0

    def __str__(self) -> str:
        return (
            f"{len(self.killed)} points, {len(self.missed)} not reached, "
            f"{self.repeats} messages repeated, {len(self.found)} promises broken"
        )


class Sweep:
    """Kills at points, on copies of one staffed database."""

    def __init__(
        self, folder: Path, launcher: Launcher, staffed: Staffed, *, plant: str | None = None
    ) -> None:
        self._folder = folder
        self._launcher = launcher
        self._staffed = staffed
        self._plant = plant
        self._numbers = itertools.count(1)

    def record(self) -> Passed:
        """Tell stories to a product that lives, and note what it passes in each stage, time after time."""
        passed = Passed()
        with self._stage() as stage:
            child = stage.start(at_start="record")
            child.order("recorded")
            # What follows the first filing after a start by itself belongs to no stage: it is told unrecorded.
            first = stage.story(in_group=False)
            for name in PATH:
                first.tell(child, name)
            for time in range(TIMES):
                story = stage.story(in_group=bool(time % 2))
                for name in PATH:
                    child.order("record")
                    story.tell(child, name)
                    passed.note(name, child.order("recorded"))
            for time in range(TIMES):
                story = stage.story(in_group=bool(time % 2))
                story.tell(child, "file")
                child.kill()
                story.press_while_down()
                child = stage.start(at_start="record")
                story.tell(child, "restart")
                passed.note("restart", child.order("recorded"))
                story.tell(child, "register")
            child.stop()
            assert invariants.broken(stage.world, stage.ledger) == []
        return passed

    def run(self, points: Iterable[Point], *, enough: int = ENOUGH) -> Outcome:
        """Kill at each point once; judge after each, until `enough` promises were found broken."""
        waiting: dict[str, deque[Point]] = defaultdict(deque)
        for point in points:
            waiting[point.stage].append(point)
        outcome = Outcome()
        while any(waiting.values()) and len(outcome.found) < enough:
            with self._stage() as stage:
                stage.child = stage.start()
                for number in range(STORIES_OF_A_WORLD):
                    if not any(waiting.values()) or len(outcome.found) >= enough:
                        break
                    path = PATH_WITH_RESTART if waiting["restart"] and number % 2 else PATH
                    if not any(waiting[name] for name in path):
                        path = PATH_WITH_RESTART if path is PATH else PATH
                    told = {name: waiting[name].popleft() for name in path if waiting[name]}
                    stage.tell(path, told, outcome, in_group=number % 3 == 0)
                stage.child.stop()
                outcome.found += invariants.broken(stage.world, stage.ledger)
                outcome.repeats += invariants.repeats(stage.world, stage.ledger)
        return outcome

    @contextmanager
    def _stage(self) -> Iterator["_Stage"]:
        number = next(self._numbers)
        database = self._folder / f"world-{number}.db"
        shutil.copyfile(self._staffed.path, database)
        clock = SharedClock.create(self._folder / f"world-{number}.clock")
        with around(clock, self._staffed.people, self._staffed.secret) as world:
            ledger = open_ledger(databases.sqlite_url(database))
            order = {
                "database": databases.sqlite_url(database),
                "token": world.telegram.api.token,
                "telegram": world.telegram.api_url,
                "clock": str(clock.path),
                "log": str(self._folder / f"world-{number}.log"),
                "plant": self._plant,
            }
            stage = _Stage(self._launcher, order, world, ledger)
            try:
                yield stage
            finally:
                for child in stage.children:
                    child.close()
                ledger.close()
        for path in self._folder.glob(f"world-{number}.db*"):
            path.unlink()


@dataclass(slots=True)
class _Stage:
    """A world and the product in it, one process after the other."""

    launcher: Launcher
    order: dict[str, Any]
    world: World
    ledger: Ledger
    children: list[Child] = field(default_factory=list)
    child: Child = field(init=False)

    def start(self, *, at_start: Spot | str | None = None) -> Child:
        """A new process that listens."""
        self.children.append(self.launcher.start(self.order, at_start=at_start))
        return ready(self.children[-1])

    def story(self, *, in_group: bool) -> Story:
        """A new filing."""
        return Story(self.world, self.ledger, in_group=in_group)

    def tell(
        self, path: Sequence[str], points: dict[str, Point], outcome: Outcome, *, in_group: bool
    ) -> None:
        """Tell a whole story, dying at its points."""
        story = self.story(in_group=in_group)
        for name in path:
            point = points.get(name)
            try:
                if name == "restart":
                    self._restart(story, point, outcome)
                elif point is not None:
                    self._die_at(story, point, outcome)
                else:
                    story.tell(self.child, name)
            except AssertionError as error:
                outcome.found.append(f"{point or name}: {error}")
                self.child.kill()
                self.child = self.start()
                return

    def _die_at(self, story: Story, point: Point, outcome: Outcome) -> None:
        spot = point.spot
        self.child.order("arm", spot.path, spot.line, spot.hit)
        try:
            story.tell(self.child, point.stage)
            self.child.order("disarm")
        except Died:
            self._recover(story, point, outcome)
        else:
            outcome.missed.append(point)

    def _restart(self, story: Story, point: Point | None, outcome: Outcome) -> None:
        """Kill it, press while it is down, and start it; at a point it dies of starting."""
        self.child.kill()
        story.press_while_down()
        try:
            self.child = self.start(at_start=point.spot if point else None)
            story.tell(self.child, "restart")
            if point is not None:
                self.child.order("disarm")
        except Died:
            assert point is not None, "it died without having been told to"
            self._recover(story, point, outcome)
        else:
            if point is not None:
                outcome.missed.append(point)

    def _recover(self, story: Story, point: Point, outcome: Outcome) -> None:
        """Start it again, let it rest, judge, and finish the stage that it died in."""
        outcome.killed.append(point)
        self.child = self.start()
        rest(self.child, self.world, self.ledger)
        if found := invariants.broken(self.world, self.ledger, only=story.promise):
            raise AssertionError("; ".join(found))
        story.tell(self.child, point.stage)


def sample(passed: Passed, count: int, first: int, seed: int) -> list[Point]:
    """About `count` points: about `first` of them lines at their first passing, the others at later ones.

    The same seed chooses the same of the same lines. Stages get the share that makes stories full of
    points: most lines are passed first when a filing comes in, and no story is told for one point alone.
    """
    draw = random.Random(seed)
    once, again = _by_stage(passed.first_hits()), _by_stage(passed.later_hits())
    chosen: list[Point] = []
    for stage in sorted(SHARES):
        share = count * SHARES[stage] // sum(SHARES.values())
        at_first = min(first * SHARES[stage] // sum(SHARES.values()), len(once[stage]))
        chosen += draw.sample(once[stage], at_first)
        chosen += draw.sample(again[stage], min(share - at_first, len(again[stage])))
    return chosen


def _by_stage(points: Iterable[Point]) -> dict[str, list[Point]]:
    stages: dict[str, list[Point]] = {stage: [] for stage in SHARES}
    for point in sorted(points):
        stages[point.stage].append(point)
    return stages
