"""What a filing contributes, how contributions add up, and how far quantiles of many may be off."""

import random
import statistics
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.distributions import (
    BIN_ERROR,
    LARGEST,
    LOWER,
    MARKS,
    STAND_IN,
    Distribution,
    lanes,
)
from notifications.performance import Contribution, Standing, Tally, contribution, recount, tally

DUE = datetime(2019, 8, 19, 2, 0, tzinfo=UTC)
SECONDS = (600, 540, 60, 50)


def standing(state, *, within=True, in_time=None, by_outage=False, seconds=(None,) * 4):
    return Standing(state, within, DUE, in_time, by_outage, seconds)


@pytest.mark.parametrize(
    ("filing", "late", "counted"),
    [
        (standing("waiting"), 0, {"filings", "within_province", "waiting_in_time"}),
        (standing("waiting"), 1, {"filings", "within_province", "waiting_overdue"}),
        (standing("waiting", within=False, by_outage=True), 0,
         {"filings", "cross_province", "waiting_in_time"}),
        (standing("waiting", within=False, by_outage=True), 1,
         {"filings", "cross_province", "waiting_overdue", "outage_late"}),
        (standing("acknowledged", in_time=True, by_outage=True), 1,
         {"filings", "within_province", "acknowledged", "answered_in_time"}),
        (standing("correcting", in_time=False), 0,
         {"filings", "within_province", "acknowledged", "answered_late"}),
        (standing("completed", in_time=False, by_outage=True), 0,
         {"filings", "within_province", "acknowledged", "completed", "answered_late",
          "outage_late"}),
        (standing("withdrawn", in_time=False, by_outage=True, seconds=SECONDS), 1, {"withdrawn"}),
    ],
)  # fmt: skip
def test_a_filing_counts_once_in_every_figure_it_belongs_to(filing, late, counted):
    figures = recount([contribution(filing, DUE + timedelta(seconds=late))])
    counts = {
        name
        for name in figures.__slots__
        if not name.endswith("_seconds") and getattr(figures, name)
    }
    assert counts == counted
    assert figures.mean_answer_wall_seconds is None


def test_seconds_are_told_as_mean_median_and_ninetieth_percentile():
    seconds = [(s, None, 2 * s if s > 3 else None, None) for s in (1, 2, 3, 4, 5, 6, 7, 8, 9, 95)]
    filings = [standing("completed", in_time=True, seconds=four) for four in seconds]
    figures = recount(contribution(filing, DUE) for filing in filings)
    assert figures.mean_answer_wall_seconds == 14
    assert figures.median_answer_wall_seconds == 5.5
    assert figures.p90_answer_wall_seconds == 9
    assert figures.median_result_wall_seconds == 14
    assert figures.p90_result_wall_seconds == 190
    assert figures.median_answer_working_seconds is None
    assert figures.in_time_share == 1
    assert figures.quantile_error == 0


def test_what_a_filing_was_counted_as_is_kept_whole():
    one = contribution(standing("completed", in_time=True, seconds=(0, None, LARGEST, 5)), DUE)
    assert Contribution.from_bytes(one.to_bytes()) == one
    assert len(one.to_bytes()) < 20


contributions = st.builds(
    lambda state, within, late, seconds: contribution(
        standing(state, within=within, in_time=not late, seconds=seconds), DUE
    ),
    st.sampled_from(("waiting", "acknowledged", "completed", "withdrawn")),
    st.booleans(),
    st.booleans(),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 3000))] * 4),
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.lists(contributions, max_size=8), max_size=6), st.lists(contributions))
def test_parts_add_up_to_the_whole_and_what_went_is_as_if_it_never_came(parts, gone):
    whole = Tally()
    for part in parts:
        stored = tally([*part, *gone])
        for one in gone:
            stored.remove(one)
        again = Tally()
        again.add_part(stored.summary(), stored.exact(), stored.bins())
        assert again.summary() == tally(part).summary()
        whole.add_part(again.summary(), again.exact(), None)
    plain = tally(one for part in parts for one in part)
    assert whole.figures() == plain.figures()
    assert (whole.summary(), whole.exact(), whole.bins()) == (
        plain.summary(),
        plain.exact(),
        plain.bins(),
    )
    in_bins = Tally()
    in_bins.add_part(plain.summary(), None, plain.bins())
    assert in_bins.bins() == plain.bins()
    assert in_bins.exact() is None


def test_every_second_lies_in_a_bin_whose_stand_in_is_at_most_one_percent_away():
    for number, stand_in in enumerate(STAND_IN):
        for value in (LOWER[number], LOWER[number + 1] - 1):
            assert abs(stand_in - value) <= BIN_ERROR * value, value
    assert STAND_IN[:100] == tuple(range(100))
    assert LOWER[-1] > LARGEST


@pytest.mark.parametrize("count", [65, 1000, 20_001])
def test_quantiles_from_bins_are_within_one_percent(count):
    dice = random.Random(count)
    values = [int(dice.lognormvariate(7, 2)) for _ in range(count)]
    exact, coarse = Distribution(), Distribution()
    for value in values:
        exact.add(value)
    coarse.add_part(None, exact.bins_content())
    coarse.add(7)
    coarse.remove(7)
    found, right = coarse.quantiles(), exact.quantiles()
    assert right.median == statistics.median(values)
    assert right.p90 == sorted(values)[-(-9 * count // 10) - 1]
    assert found.median == pytest.approx(right.median, rel=BIN_ERROR)
    assert found.p90 == pytest.approx(right.p90, rel=BIN_ERROR)
    assert (exact.is_exact, coarse.is_exact) == (True, False)


def test_few_and_many_values_come_into_the_same_bins():
    values = [0, 1, 99, 100, 101, 102, 1800, 86_400, LARGEST] * 5
    assert lanes(values) == sum(lanes([value]) for value in values)


def test_how_many_took_no_longer_than_a_mark_is_exact_at_any_size():
    values = [*(v for mark in MARKS for v in (mark - 1, mark, mark + 1)), 0, 299, 86_400]
    exact, coarse, short = Distribution(), Distribution(), Distribution()
    for value in values:
        exact.add(value)
    coarse.add_part(None, exact.bins_content())
    assert exact.up_to_marks() == coarse.up_to_marks() == (4, 7, 10, 13, 15)
    short.add_part(None, lanes([7]).to_bytes(64, "little"))
    assert short.up_to_marks() == (1, 1, 1, 1, 1)
    assert Distribution().up_to_marks() == (0, 0, 0, 0, 0)


def test_what_never_came_cannot_go():
    one = Distribution()
    one.add(5)
    one.remove(6)
    with pytest.raises(ValueError, match="6 was never added"):
        one.values()
