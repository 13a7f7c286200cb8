"""Sheets: the same bytes for the same filings however they came, and every line told back."""

import random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import statistics_sheets
from notifications.performance import Contribution, Tally, tally
from notifications.statistics_sheets import Sheet, bins_of, stored

#: Answered in time (and some withdrawn), with seconds beyond a byte, two bytes, a day.
FILINGS = st.builds(
    lambda line, seconds, withdrawn: (
        line, Contribution(1, (None,) * 4) if withdrawn else Contribution(18, seconds)
    ),
    st.sampled_from(("辽72", "辽0211", "浙72")),
    st.tuples(*[st.one_of(st.none(), st.sampled_from((0, 7, 300, 70_000, 2**29)))] * 4),
    st.booleans(),
)  # fmt: skip


def sheet_of(filings):
    made = Sheet()
    for line, one in filings:
        made.add(line, one)
    return made.content()


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.lists(st.lists(FILINGS, max_size=7), max_size=4), st.lists(FILINGS, max_size=4))
def test_filings_that_came_in_parts_and_others_that_went_leave_the_same_bytes(parts, gone):
    with patch.multiple(statistics_sheets, FEW=3, EXACT_UP_TO=10_000):
        whole = Sheet()
        for part in [*parts, gone]:
            if (content := sheet_of(part)) is not None:
                whole.add_sheet(content)
        for line, one in gone:
            whole.remove(line, one)
        content = whole.content()
        plain = [filing for part in parts for filing in part]
        assert content == sheet_of(plain)
        if not plain:
            assert content is None
            return
        agrees(content, plain)


def agrees(content, plain):
    sheet = stored(content)
    assert set(sheet.lines) == {line for line, _ in plain}
    for line in sheet.lines:
        told = Tally()
        sheet.add_line_to(told, line)
        assert told.figures() == tally(one for of, one in plain if of == line).figures()
    told = Tally()
    sheet.add_whole_to(told)
    assert told.figures() == tally(one for _, one in plain).figures()
    assert told.answered_up_to() == tally(one for _, one in plain).answered_up_to()


def test_of_many_only_bins_are_kept_and_of_few_no_whole():
    dice = random.Random(5)
    many = [
        (f"辽{number % 3}", Contribution(18, (dice.randrange(9000),) * 4)) for number in range(60)
    ]
    with patch.multiple(statistics_sheets, FEW=15, EXACT_UP_TO=30):
        content = sheet_of(many)
        assert stored(content).whole is not None
        few = stored(sheet_of(many[:15]))
    assert few.whole is None
    for lanes, exact, bins in stored(content).lines.values():
        assert lanes
        assert exact is not None
        assert bins == bins_of((lanes, exact, None))
    with patch.multiple(statistics_sheets, FEW=3, EXACT_UP_TO=10):
        (first, *_) = stored(sheet_of(many)).lines.values()
    assert first[1] is None
    assert first[2]


@pytest.mark.parametrize("count", [1, 255, 256, 70_000])
def test_a_day_with_one_filing_takes_few_bytes_and_none_loses_a_count(count):
    content = sheet_of([("辽72", Contribution(18, (900, 600, None, None)))] * count)
    sheet = stored(content)
    told = Tally()
    sheet.add_whole_to(told)
    assert told.filings == count
    assert told.figures().mean_answer_wall_seconds == 900
    assert len(content) < (60 if count == 1 else 20_000)
