"""The score of freshness: a table of cases."""

import pytest

from directory.freshness import score

_ALL_RIGHT = {
    "courts": 10, "officers": 100, "verified": 100, "bounced": 0,
    "without_b": 0, "unlinked_courts": 0, "open_corrections": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "points"),
    [
        ({}, 100),
        ({"verified": 0}, 50),
        ({"verified": 50}, 75),
        ({"bounced": 100}, 90),
        ({"without_b": 10}, 85),
        ({"unlinked_courts": 10}, 85),
        ({"open_corrections": 10}, 90),
        ({"open_corrections": 5}, 95),
        ({"open_corrections": 500}, 90),
        ({"officers": 3, "verified": 1}, 66),
        ({"officers": 0, "verified": 0}, 0),
        ({"courts": 0, "officers": 0, "verified": 0}, 0),
        (
            {"verified": 0, "bounced": 100, "without_b": 10, "unlinked_courts": 10,
             "open_corrections": 10},
            0,
        ),
    ],
)  # fmt: skip
def test_each_lack_costs_its_share(but, points):
    assert score(**_ALL_RIGHT | but) == points
