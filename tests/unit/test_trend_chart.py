"""How filings and a rate over time are drawn: heights, patterns, and which figures find room."""

from fractions import Fraction

import pytest

from notifications.trend_chart import Frame, Step, chart

FRAME = Frame(10, 20, 400, 200)


def test_bars_keep_to_the_lower_half_and_stack_their_parts_from_below():
    drawn = chart([Step("08-19", (6, 3, 1), None), Step("08-20", (0, 0, 5), None)], FRAME, 90)
    first, second = drawn.bars
    assert [(p.kind, p.y, p.height) for p in first.pieces] == [(0, 160, 60), (1, 130, 30), (2, 120, 10)]  # fmt: skip
    assert [(p.kind, p.y, p.height) for p in second.pieces] == [(2, 170, 50)]
    assert (first.x, first.width, first.middle, first.y, drawn.base) == (50, 120, 110, 120, 220)
    assert (first.count, second.count, first.label) == (10, 5, "08-19")
    assert (drawn.points, drawn.line, drawn.target) == ((), "", 40)


def test_a_point_is_full_where_the_target_was_reached_and_the_line_passes_over_steps_without_a_rate():
    rates = [Fraction(9, 10), None, Fraction(1, 2)]
    drawn = chart([Step("", (1,), rate) for rate in rates], FRAME, 90)
    assert [(round(p.x, 1), p.y, p.reached, p.rate) for p in drawn.points] == [
        (76.7, 40, True, Fraction(9, 10)), (343.3, 120, False, Fraction(1, 2)),
    ]  # fmt: skip
    assert drawn.line == "M76.7 40.0 L343.3 120.0"


@pytest.mark.parametrize(
    ("count", "labels", "counts", "rates"),
    [(0, [], [], []), (1, [0], [0], [0]), (8, list(range(8)), list(range(8)), list(range(8))),
     (20, list(range(1, 20, 3)), [4], [19, 3]), (500, list(range(35, 500, 58)), [4], [499, 3])],
)  # fmt: skip
def test_figures_stand_where_they_have_room(count, labels, counts, rates):
    steps = [
        Step(str(n), (9 if n == 4 else 1,), Fraction(1, 3) if n == 3 else Fraction(1))
        for n in range(count)
    ]
    drawn = chart(steps, FRAME, 90)
    told = [n for n, p in enumerate(drawn.points) if p.rate is not None]
    assert (told, [n for n, b in enumerate(drawn.bars) if b.count is not None]) == (
        sorted(rates), counts,
    )  # fmt: skip
    assert [int(b.label) for b in drawn.bars if b.label] == labels


def test_nothing_received_is_drawn_as_nothing():
    (bar,) = chart([Step("08-19", (0, 0, 0), None)], FRAME, 90).bars
    assert (bar.pieces, bar.y, bar.count) == ((), 220, 0)
