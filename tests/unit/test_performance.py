"""What a filing contributes, how contributions add up, and how far quantiles of many may be off."""

import random
import statistics
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.distributions import (
    BIN_ERROR,
    LARGEST,
    LOWER,
    MARKS,
    STAND_IN,
    Distributions,
    lanes,
    tagged,
)
from notifications.performance import (
    EXACT_UP_TO,
    Contribution,
    Standing,
    Tally,
    contribution,
    recount,
    tally,
)

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
        exact = stored.distributions.exact_content()
        bins = stored.distributions.bins_content()
        again = Tally()
        again.add_part(stored.lanes, (exact,), bins)
        assert content(again) == content(tally(part))
        whole.add_part(again.lanes, (exact,), None)
    plain = tally(one for part in parts for one in part)
    assert whole.figures() == plain.figures()
    assert content(whole) == content(plain)
    in_bins = Tally()
    in_bins.add_part(plain.lanes, None, plain.distributions.bins_content())
    assert in_bins.distributions.bins_content() == plain.distributions.bins_content()
    assert not in_bins.distributions.is_exact


def content(one):
    return one.lanes, one.distributions.exact_content(), one.distributions.bins_content()


def test_every_second_lies_in_a_bin_whose_stand_in_is_at_most_one_percent_away():
    for number, stand_in in enumerate(STAND_IN):
        for value in (LOWER[number], LOWER[number + 1] - 1):
            assert abs(stand_in - value) <= BIN_ERROR * value, value
    assert STAND_IN[:100] == tuple(range(100))
    assert LOWER[-1] > LARGEST


@pytest.mark.parametrize("count", [65, 1000, 20_001])
def test_quantiles_from_bins_and_single_values_are_within_one_percent(count):
    dice = random.Random(count)
    values = [int(dice.lognormvariate(7, 2)) for _ in range(count)]
    others = [int(dice.lognormvariate(9, 1)) for _ in range(count // 2)]
    exact, binned, coarse = Distributions(), Distributions(), Distributions()
    for value, other in zip_longest(values, others):
        exact.add(tagged((None, value, None, other)))
    binned.add([*tagged([None, 7]), *(v for one in values[5:] for v in tagged((None, one)))])
    binned.add([v for one in others for v in tagged((None, None, None, one))])
    # Some known by their bins, some one by one, one that comes and goes, one that goes from the bins.
    coarse.add_part(None, binned.bins_content())
    for value in values[:5]:
        coarse.add(tagged((None, value)))
    coarse.add(tagged((9,)))
    coarse.remove(tagged((9, 7)))
    counts = (0, count, 0, count // 2)
    found = coarse.quantiles(counts, exact=False)
    right = exact.quantiles(counts, exact=True)
    assert (found[0], found[2]) == (right[0], right[2]) == (None, None)
    for told, these, true in ((found[1], values, right[1]), (found[3], others, right[3])):
        assert true.median == statistics.median(these)
        assert true.p90 == sorted(these)[-(-9 * len(these) // 10) - 1]
        assert told.median == pytest.approx(true.median, rel=BIN_ERROR)
        assert told.p90 == pytest.approx(true.p90, rel=BIN_ERROR)
    assert (exact.is_exact, coarse.is_exact) == (True, False)
    assert coarse.bins_content() == exact.bins_content()


def test_few_and_many_values_come_into_the_same_bins():
    values = [0, 1, 99, 100, 101, 102, 1800, 86_399, 86_400, 90_000, LARGEST]
    every = [v for value in values for v in tagged((value, None, value, value))] * 5
    assert lanes(every) == sum(lanes([value]) for value in every)


def test_how_many_took_no_longer_than_a_mark_is_exact_at_any_size():
    values = [*(v for mark in MARKS for v in (mark - 1, mark, mark + 1)), 0, 299, 86_400]
    exact, coarse, short = Distributions(), Distributions(), Distributions()
    for value in values:
        exact.add(tagged((5, value, 5)))
    coarse.add_part(None, exact.bins_content())
    coarse.add(tagged((None, 900)))
    coarse.remove(tagged((None, 900)))
    counts = (15, 15, 15, 0)
    for told in (
        exact.up_to_marks(1, counts, exact=True),
        coarse.up_to_marks(1, counts, exact=False),
    ):
        assert told == (4, 7, 10, 13, 15)
    short.add_part(None, lanes(tagged((7,))).to_bytes(512, "little"))
    assert short.up_to_marks(0, (1, 0, 0, 0), exact=False) == (1, 1, 1, 1, 1)
    assert Distributions().up_to_marks(0, (0,) * 4, exact=True) == (0, 0, 0, 0, 0)


def test_many_filings_are_told_from_bins_and_few_exactly():
    dice = random.Random(3)
    one = tally(made(int(dice.lognormvariate(6, 1))) for _ in range(EXACT_UP_TO))
    exact = one.figures()
    one.add(made(400))
    coarse = one.figures()
    assert (exact.quantile_error, coarse.quantile_error) == (0, BIN_ERROR)
    assert coarse.median_answer_wall_seconds == pytest.approx(
        exact.median_answer_wall_seconds, rel=2 * BIN_ERROR
    )
    assert sum(one.answered_up_to()["wall"][-1:]) == EXACT_UP_TO + 1


def made(seconds):
    return contribution(standing("completed", in_time=True, seconds=(seconds,) * 4), DUE)


def test_what_never_came_cannot_go():
    one = Distributions()
    one.add(tagged((5,)))
    one.remove(tagged((6,)))
    with pytest.raises(ValueError, match="6 was never added"):
        one.values()
