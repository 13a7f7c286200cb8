"""The harness can fail: with a fault planted into the product, a short sweep reports the loss that it causes."""

from pathlib import Path

import pytest

from tests.faults.processes import Launcher
from tests.faults.sweep import Passed, Point, Sweep
from tests.faults.world import Staffed

#: Where each fault opens a gap: the stage and the files whose lines are passed inside it; what is then found.
GAPS = {
    "sent_before_sending": (
        "file", ["notifications/channels/telegram.py"], "it never arrived",
    ),
    "confirmed_before_commit": (
        "acknowledge", ["notifications/acknowledgements.py"], "ack pressed (answer None), 0 times so",
    ),
    "answered_before_commit": (
        "file", ["directory/database.py"], "answered 201, but nothing is stored",
    ),
}  # fmt: skip

#: How many points are tried in a planted product, at most, and in the sound one.
PLANTED, SOUND = 30, 6


def points_in_the_gap(passed: Passed, plant: str, count: int) -> list[Point]:
    stage, files, _ = GAPS[plant]
    points = [
        point
        for point in [*passed.all_stages(), *passed.later_hits()]
        if point.stage == stage and point.spot.path in files
    ]
    return points[:: max(1, len(points) // count)]


@pytest.fixture
def ground(tmp_path: Path, launcher: Launcher, staffed: Staffed) -> tuple[Path, Launcher, Staffed]:
    return tmp_path, launcher, staffed


@pytest.mark.parametrize("plant", sorted(GAPS))
def test_a_planted_fault_is_found_by_the_sweep(ground, passed, plant, record_property):
    outcome = Sweep(*ground, plant=plant).run(points_in_the_gap(passed, plant, PLANTED), enough=1)
    _, _, words = GAPS[plant]
    assert any(words in found for found in outcome.found), outcome
    record_property(f"planted {plant}", f"{len(outcome.killed)} points: {outcome.found[0]}")


def test_the_same_points_find_nothing_in_the_product_itself(ground, passed):
    points = [point for plant in sorted(GAPS) for point in points_in_the_gap(passed, plant, SOUND)]
    outcome = Sweep(*ground).run(points)
    assert len(outcome.killed) > SOUND
    assert outcome.found == []
